//! What a paper promises, read off its dots wherever dots can tell.

mod languages;
mod read_back;
mod samples;

use super::qr::{Code, QUIET};
use super::text::{Aligned, Fonts, Setting};
use super::*;

const URL: &str = "http://192.168.1.20:8080/t/k7q2m9x4c5v3b5n3w6z7j2h4gd";

fn styles() -> [PaperStyle; 4] {
    let epson = |width| PaperStyle::new(width, 180).unwrap();
    [PaperStyle::MM58, PaperStyle::MM80, epson(360), epson(512)]
}

fn example() -> TicketPaper {
    TicketPaper {
        store: "Nordlund Hardware".into(),
        service: "Return or exchange".into(),
        number: "R043".into(),
        promise: Some("about 14–27 min".into()),
        made_at: "14:07".into(),
        ahead: Some("7 before you".into()),
        have_ready: vec!["the item".into(), "receipt, or your payment card".into()],
        url: URL.into(),
        line: Some("Open until 20:00 today.".into()),
        ..TicketPaper::default()
    }
}

fn set(paper: &TicketPaper, style: PaperStyle) -> Typeset {
    Typesetter::new().unwrap().ticket(paper, &PaperWords::default(), style).unwrap()
}

fn row_ink(bitmap: &Bitmap, y: u32) -> Option<(u32, u32)> {
    let mut black = (0..bitmap.width()).filter(|&x| bitmap.is_black(x, y));
    let first = black.next()?;
    Some((first, black.next_back().unwrap_or(first)))
}

/// Runs of rows with ink, as first and last row.
fn bands(bitmap: &Bitmap) -> Vec<(u32, u32)> {
    let mut found: Vec<(u32, u32)> = Vec::new();
    for y in (0..bitmap.height()).filter(|&y| row_ink(bitmap, y).is_some()) {
        match found.last_mut() {
            Some((_, last)) if *last + 1 == y => *last = y,
            _ => found.push((y, y)),
        }
    }
    found
}

/// The number is the first thing on the paper that is taller than any line of text: a ninth of the width in usual print.
fn number_band(bitmap: &Bitmap) -> (u32, u32) {
    first_taller(bitmap, 9)
}

fn first_taller(bitmap: &Bitmap, part: u32) -> (u32, u32) {
    bands(bitmap).into_iter().find(|(first, last)| last - first >= bitmap.width() / part).expect("a number")
}

fn number_width(bitmap: &Bitmap) -> u32 {
    width_of(bitmap, number_band(bitmap))
}

fn width_of(bitmap: &Bitmap, (first, last): (u32, u32)) -> u32 {
    let rows: Vec<_> = (first..=last).filter_map(|y| row_ink(bitmap, y)).collect();
    let left = rows.iter().map(|r| r.0).min().unwrap();
    let right = rows.iter().map(|r| r.1).max().unwrap();
    right - left + 1
}

/// What the codes say. Each is looked at alone with some white around it, as by a phone that is held over it.
fn decoded(bitmap: &Bitmap) -> Vec<String> {
    let tall = bands(bitmap).into_iter().filter(|(first, last)| last - first > bitmap.width() / 5);
    tall.flat_map(|(first, last)| {
        let top = first.saturating_sub(16);
        let height = (last + 17).min(bitmap.height()) - top;
        let grey = |x: usize, y: usize| if bitmap.is_black(x as u32, y as u32 + top) { 0 } else { 255 };
        let mut image = rqrr::PreparedImage::prepare_from_greyscale(bitmap.width() as usize, height as usize, grey);
        image.detect_grids().iter().map(|grid| grid.decode().unwrap().1).collect::<Vec<_>>()
    })
    .collect()
}

#[test]
fn the_code_leads_to_the_ticket_on_every_paper() {
    for style in styles() {
        let made = set(&example(), style);
        assert_eq!(made.warnings, []);
        assert_eq!(made.bitmap.width(), style.width_dots());
        assert_eq!(decoded(&made.bitmap), [URL]);
    }
}

#[test]
fn the_code_keeps_its_quiet_zone() {
    for style in styles() {
        let code = Code::fitting(URL, style, style.width_dots(), 62).unwrap();
        let (side, quiet) = (code.size() - 2 * QUIET * code.dots, QUIET * code.dots);
        let bitmap = set(&example(), style).bitmap;
        let all = bands(&bitmap);
        let at = all.iter().position(|(a, b)| b - a + 1 == side).expect("a code");
        assert!(all[at].0 - all[at - 1].1 > quiet, "above, {style:?}");
        assert!(all[at + 1].0 - all[at].1 > quiet, "below, {style:?}");
    }
}

#[test]
fn the_number_is_as_wide_as_the_paper_allows() {
    for style in styles() {
        for number in ["R043", "A1", "W9", "B12", "W8888", "R123456"] {
            let paper = TicketPaper { number: number.into(), ..example() };
            let width = number_width(&set(&paper, style).bitmap) * 100;
            let all = style.width_dots();
            assert!(width <= all * 88, "{number} {style:?}: {}", width / all);
            assert!(width >= all * 60, "{number} {style:?}: {}", width / all);
        }
    }
}

#[test]
fn nothing_is_inked_in_the_margins() {
    let long = TicketPaper {
        store: "Ångström & Ñandú — WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW".into(),
        have_ready: vec!["jjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjj".into()],
        promise: Some("about an hour and a quarter to an hour and three quarters".into()),
        copy: true,
        ..example()
    };
    for style in styles() {
        for paper in [&example(), &long] {
            let made = set(paper, style);
            assert_eq!(made.warnings, []);
            margins_are_free(&made.bitmap, &format!("{style:?}"));
        }
    }
}

/// Half the margin at least is white: a letter such as j may lean out of its box by a dot or two.
fn margins_are_free(bitmap: &Bitmap, what: &str) {
    let free = bitmap.width() / 96;
    for y in 0..bitmap.height() {
        let Some((left, right)) = row_ink(bitmap, y) else { continue };
        assert!(left >= free && right < bitmap.width() - free, "row {y}, {what}");
        assert!(y >= free && y < bitmap.height() - free, "row {y}, {what}");
    }
}

/// With the longest text that a manager may set, on every head: nothing is lost, cut or over the edge.
#[test]
fn a_voucher_with_the_longest_text_fits_every_paper() {
    let paper = VoucherPaper {
        store: "Nordlund & Söhne".into(),
        why: crate::phrase::Words::english().sorry_number("WW999999"),
        text: "W".repeat(60) + " " + &"g".repeat(59),
        code: "WWWW-MMMM".into(),
        valid: crate::phrase::Words::english().voucher_valid().into(),
    };
    for style in styles() {
        let made = Typesetter::new().unwrap().voucher(&paper, style).unwrap();
        assert_eq!(made.warnings, []);
        assert_eq!(made.bitmap.width(), style.width_dots());
    }
}

#[test]
fn the_same_ticket_gives_the_same_dots_whatever_came_before() {
    let fresh = set(&example(), PaperStyle::MM58);
    let words = PaperWords::default();
    let mut used = Typesetter::new().unwrap();
    for number in ["A1", "B22", "C333 中"] {
        let other = TicketPaper { number: number.into(), ..example() };
        used.ticket(&other, &words, PaperStyle::MM80).unwrap();
    }
    assert_eq!(used.ticket(&example(), &words, PaperStyle::MM58).unwrap(), fresh);
    let other = TicketPaper { number: "R044".into(), ..example() };
    assert_ne!(set(&other, PaperStyle::MM58).bitmap, fresh.bitmap);
}

#[test]
fn characters_no_font_has_are_reported_and_the_rest_is_printed() {
    let paper = TicketPaper {
        service: "คืน ☃ Returns".into(), have_ready: vec!["☃".into(), "반품".into()], ..example()
    };
    let made = set(&paper, PaperStyle::MM58);
    assert_eq!(made.warnings, [PaperWarning::MissingCharacters(vec!['ค', 'น', 'ื', '☃', '반', '품'])]);
    assert!(made.warnings[0].to_string().contains("☃ (U+2603), 반 (U+BC18)"), "{}", made.warnings[0]);
    assert_eq!(decoded(&made.bitmap), [URL]);
    assert_eq!(number_width(&made.bitmap), number_width(&set(&example(), PaperStyle::MM58).bitmap));
}

#[test]
fn the_words_of_the_paper_itself_are_all_in_the_fonts() {
    let paper = TicketPaper { copy: true, ..example() };
    assert_eq!(set(&paper, PaperStyle::MM58).warnings, []);
}

#[test]
fn long_texts_wrap_and_lose_no_letter() {
    let mut fonts = Fonts::bundled().unwrap();
    let mut one = |text: &str, width| {
        let how = Setting { size: 25.0, width, aligned: Aligned::Centre, ..Setting::default() };
        fonts.set(text, how)
    };
    for text in [
        "Return or exchange of very large things that were bought a long time ago",
        "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
    ] {
        let (wrapped, whole) = (one(text, Some(368)), one(text, None));
        assert!(wrapped.lines > 1 && whole.lines == 1);
        // every letter is the same mask wherever it stands, so dots count letters
        assert_eq!(wrapped.dots.len(), whole.dots.len());
        let ink = wrapped.ink().unwrap();
        assert!(ink.left >= -1 && ink.right <= 368 && ink.bottom < wrapped.height);
    }
    let long = TicketPaper { service: "Return or exchange ".repeat(9), ..example() };
    let (tall, usual) = (set(&long, PaperStyle::MM58), set(&example(), PaperStyle::MM58));
    assert_eq!(tall.warnings, []);
    assert!(number_band(&tall.bitmap).0 > number_band(&usual.bitmap).0 + 4 * 25);
}

#[test]
fn a_copy_says_so_above_the_same_ticket() {
    for style in styles() {
        let first = set(&example(), style).bitmap;
        let copy = set(&TicketPaper { copy: true, ..example() }, style).bitmap;
        let (from, to) = bands(&copy)[0];
        let mark = (from..=to).flat_map(|y| (0..copy.width()).map(move |x| (x, y)));
        let black = mark.filter(|&(x, y)| copy.is_black(x, y)).count() as u32;
        assert!(black * 10 > (to - from + 1) * copy.width() * 6, "a black band");
        assert!(to - from > style.width_dots() / 6, "a tall one");
        let below = |bitmap: &Bitmap| {
            let (number, _) = number_band(bitmap);
            bitmap.rows().skip(number as usize).flatten().copied().collect::<Vec<u8>>()
        };
        // the band is tall too, so the number is looked for under it
        let rows = (copy.height() - to - 1) as usize;
        let tail = copy.bytes()[copy.bytes().len() - rows * copy.width() as usize / 8..].to_vec();
        let tail = Bitmap::from_bytes(copy.width(), rows as u32, tail).unwrap();
        assert_eq!(below(&tail), below(&first), "{style:?}");
    }
}

#[test]
fn what_is_not_there_takes_no_room() {
    let bare = TicketPaper { number: "R043".into(), made_at: "14:07".into(), ..TicketPaper::default() };
    let made = set(&bare, PaperStyle::MM58);
    assert_eq!(made.warnings, []);
    assert_eq!(bands(&made.bitmap).len(), 2, "number and time");
    assert!(decoded(&made.bitmap).is_empty());
}

#[test]
fn an_address_too_long_for_a_code_costs_the_code_only() {
    let url = format!("https://example.org/{}", "x".repeat(2_000));
    let made = set(&TicketPaper { url: url.clone(), ..example() }, PaperStyle::MM58);
    assert_eq!(made.warnings, [PaperWarning::NoQr(url.len())]);
    assert!(decoded(&made.bitmap).is_empty());
    assert!(number_width(&made.bitmap) > 0);
    // long, but readable still
    let url = format!("https://example.org/{}", "x".repeat(300));
    let made = set(&TicketPaper { url: url.clone(), ..example() }, PaperStyle::MM58);
    assert_eq!(decoded(&made.bitmap), [url]);
}

#[test]
fn a_novel_is_cut_at_its_foot_and_says_so() {
    let paper = TicketPaper { have_ready: vec!["a thing".into(); 600], ..example() };
    let made = set(&paper, PaperStyle::MM58);
    assert!(matches!(made.warnings[..], [PaperWarning::Cut(rows)] if rows > 0));
    assert_eq!(made.bitmap.height(), nowserving_hardware::MAX_HEIGHT);
    assert!(number_band(&made.bitmap).0 < 200);
}

#[test]
fn control_characters_are_no_words() {
    let plain = set(&example(), PaperStyle::MM58);
    let dirty = TicketPaper { service: "Return\tor\u{7}exchange\r\n".into(), ..example() };
    assert_eq!(set(&dirty, PaperStyle::MM58), plain);
}

#[test]
fn impossible_heads_are_refused() {
    for (width, dpi) in [(383, 203), (0, 203), (384, 0), (384, 600), (2_048, 203), (80, 203)] {
        let refused = PaperError::Style { width_dots: width, dpi };
        assert_eq!(PaperStyle::new(width, dpi), Err(refused));
    }
    assert_eq!(PaperStyle::new(384, 203), Ok(PaperStyle::MM58));
    assert_eq!(PaperStyle::new(576, 203), Ok(PaperStyle::MM80));
    assert!(PaperStyle::new(424, 203).is_ok());
}

#[test]
fn a_thread_may_own_a_typesetter() {
    fn sendable<T: Send>() {}
    sendable::<Typesetter>();
}

#[test]
fn the_longest_answer_makes_the_ticket_at_most_a_third_longer() {
    let question = "Can I return something without a receipt?";
    let short = "Often, yes. Bring the card you paid with: we find the purchase by it";
    // as long as `signage::on_paper` lets through
    assert!((109..=110).contains(&(question.len() + short.len())));
    for (style, large) in styles().into_iter().flat_map(|style| [(style, false), (style, true)]) {
        let without = TicketPaper { large, ..example() };
        let with = TicketPaper { answer: Some((question.into(), short.into())), ..without.clone() };
        let (without, with) = (set(&without, style), set(&with, style));
        assert_eq!(with.warnings, []);
        let (before, more) = (without.bitmap.height(), with.bitmap.height() - without.bitmap.height());
        let mm = |dots: u32| dots * 254 / style.dpi() / 10;
        println!("{style:?}, large {large}: {} mm and {} mm more", mm(before), mm(more));
        assert!(more > 0 && more * 3 <= before, "{style:?}, large {large}: {before} and {more} dots");
    }
}
