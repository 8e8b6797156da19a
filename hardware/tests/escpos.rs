//! What is sent to a printer, read back by a reader of its own; and what a printer may answer.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use nowserving_hardware::Bitmap;
use nowserving_hardware::escpos::{Command, Decoder, RealTimeScan, Replies, Reply, defuse, real_time_at, ticket};
use proptest::prelude::*;

/// Pictures as hostile as they can be: full of the bytes that begin real-time commands.
fn hostile() -> impl Strategy<Value = Bitmap> {
    let byte = prop_oneof![Just(0x10), Just(0x04), Just(0x05), Just(0x14), Just(0), Just(1), any::<u8>()];
    let row = prop_oneof![3 => Just(false), 1 => Just(true)];
    (1_u32..=12, 1_u32..=70).prop_flat_map(move |(stride, height)| {
        let dots = proptest::collection::vec(byte.clone(), (stride * height) as usize);
        let white = proptest::collection::vec(row.clone(), height as usize);
        (Just(stride), Just(height), dots, white).prop_map(|(stride, height, mut dots, white)| {
            for (row, _) in dots.chunks_mut(stride as usize).zip(white).filter(|(_, white)| *white) {
                row.fill(0);
            }
            Bitmap::from_bytes(stride * 8, height, dots).unwrap()
        })
    })
}

/// The dots that a printer puts on paper.
fn printed(commands: &[Command], stride: usize) -> Vec<u8> {
    let mut rows = Vec::new();
    for command in commands {
        if let Command::Raster { width, dots } = command {
            assert!(usize::from(*width) <= stride && dots.len() <= 3_840 && dots.len() / usize::from(*width) < 256);
            for row in dots.chunks(usize::from(*width)) {
                rows.extend(row);
                rows.resize(rows.len().next_multiple_of(stride), 0);
            }
        }
    }
    rows
}

fn end() -> Vec<Command> {
    vec![Command::Feed(3), Command::Cut { full: false }]
}

fn question() -> impl Strategy<Value = Command> {
    prop_oneof![Just(Command::AskPaper), proptest::array::uniform4(0x21_u8..0x7b).prop_map(Command::AskDone)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn a_ticket_reads_back_as_the_picture_and_nothing_in_it_is_obeyed_at_once(bitmap in hostile(), question in question()) {
        let bytes = ticket(&bitmap, &end(), Some(&question));
        prop_assert_eq!(real_time_at(&bytes), None);
        let mut scan = RealTimeScan::default();
        prop_assert!(bytes.iter().all(|byte| scan.push(*byte).is_none()));

        let mut decoder = Decoder::default();
        let commands = decoder.read(&bytes);
        prop_assert!(decoder.is_between());
        prop_assert_eq!(&commands[0], &Command::Init);
        prop_assert_eq!(&commands[commands.len() - 3..], &[&end()[..], &[question]].concat()[..]);
        let others = commands.iter().filter(|command| !matches!(command, Command::Raster { .. })).count();
        prop_assert_eq!(others, 4);

        // dot for dot the same, but for single dots that have got one neighbour
        let stride = bitmap.width() as usize / 8;
        let seen = printed(&commands, stride);
        prop_assert_eq!(seen.len(), bitmap.bytes().len());
        for (at, (was, is)) in bitmap.bytes().iter().zip(&seen).enumerate() {
            if was != is {
                let beside = bitmap.bytes().get(at + 1).or(Some(&0));
                prop_assert!(*was == 0x10 && matches!(is, 0x18 | 0x30), "{was:02x} became {is:02x} before {beside:02x?}");
            }
        }
    }

    #[test]
    fn no_dot_is_changed_that_need_not_be(mut dots in proptest::collection::vec(any::<u8>(), 0..400), width in 1_usize..20) {
        let before = dots.clone();
        let dangers = before.windows(2).filter(|pair| pair[0] == 0x10 && [4, 5, 0x14].contains(&pair[1])).count();
        prop_assert_eq!(defuse(&mut dots, width), dangers);
        let changed: u32 = before.iter().zip(&dots).map(|(was, is)| (was ^ is).count_ones()).sum();
        prop_assert_eq!(changed as usize, dangers);
        prop_assert_eq!(real_time_at(&dots), None);
    }

    #[test]
    fn any_bytes_in_any_portions_read_back_as_themselves(bytes in proptest::collection::vec(any::<u8>(), 0..600), at in any::<prop::sample::Index>()) {
        let mut whole = Decoder::default();
        let commands = whole.read(&bytes);
        let (one, other) = bytes.split_at(at.index(bytes.len() + 1));
        let mut parts = Decoder::default();
        let mut again = parts.read(one);
        again.extend(parts.read(other));
        prop_assert_eq!(&commands, &again);
    }

    #[test]
    fn answers_of_any_kind_and_order_are_told_apart(kinds in proptest::collection::vec(any::<(u8, u8, [u8; 4])>(), 0..40)) {
        let replies: Vec<Reply> = kinds.iter().map(|(kind, byte, four)| match kind % 4 {
            0 => Reply::Status(byte & 0x6c | 0x12),
            1 => Reply::Paper(byte & 0x6f),
            2 => Reply::Done(four.map(|byte| byte % 90 + 0x21)),
            _ => Reply::Automatic([byte & 0x6c | 0x10, four[0] & 0x6f, four[1] & 0x6f, four[2] & 0x6f]),
        }).collect();
        let bytes: Vec<u8> = replies.iter().flat_map(Reply::bytes).collect();
        prop_assert_eq!(Replies::default().read(&bytes), replies);
    }

    #[test]
    fn no_bytes_from_a_printer_are_too_much(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        let mut replies = Replies::default();
        let told = replies.read(&bytes);
        prop_assert!(told.len() <= bytes.len());
        replies.reset();
        prop_assert_eq!(replies.read(&[0x12]), [Reply::Status(0x12)]);
    }
}

#[test]
fn an_answer_that_was_broken_off_is_not_taken_for_another() {
    // the tail of an automatic status would look like an answer to GS r
    assert_eq!(Replies::default().read(&[0x10, 0x00, 0x00, 0x12]), [Reply::Status(0x12)]);
    assert_eq!(Replies::default().read(&[0x37, 0x22, b'a', 0x00, 0x16]), [Reply::Status(0x16)]);
    assert_eq!(Replies::default().read(&[0x11, 0x13, 0xff, 0x00]), [Reply::Paper(0)]);
}

#[test]
fn gaps_cost_little() {
    let mut bitmap = Bitmap::new(576, 900).unwrap();
    for x in 0..100 {
        bitmap.set(x, 10, true);
        bitmap.set(x, 880, true);
    }
    let bytes = ticket(&bitmap, &end(), None);
    assert!(bytes.len() < 2_000, "{} bytes for two lines far apart", bytes.len());
}
