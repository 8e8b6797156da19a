//! What holds for every file, sound or damaged.

use std::collections::BTreeMap;
use std::io::Cursor;

use proptest::prelude::*;

use super::tests::{HEADER, open};
use super::*;

/// Real-looking rows of two branches, in order, as minutes: gap to the row before, wait, how it ends, service time.
fn rows() -> impl Strategy<Value = Vec<(u32, u32, u8, u32, bool)>> {
    prop::collection::vec((0..5_u32, 0..40_u32, 0..4_u8, 0..10_u32, any::<bool>()), 1..120)
}

fn written(rows: &[(u32, u32, u8, u32, bool)]) -> String {
    let mut text = HEADER.to_owned();
    let mut now = chrono::DateTime::from_timestamp(1_577_955_600, 0).unwrap();
    let minutes = |count: u32| chrono::Duration::minutes(count.into());
    for (gap, wait, end, service, second) in rows {
        now += minutes(*gap);
        let at = |time: chrono::DateTime<chrono::Utc>| time.format("%Y-%m-%d %H:%M:%S").to_string();
        let ended = at(now + minutes(*wait));
        let (called, left, finished) = match end {
            0 => (String::new(), ended, String::new()),
            1 => (String::new(), String::new(), String::new()),
            2 => (ended, String::new(), String::new()),
            _ => (ended, String::new(), at(now + minutes(*wait + *service))),
        };
        let branch = if *second { "b" } else { "a" };
        text.push_str(&format!("{branch},R,0,{},{called},{left},{finished},1,2\n", at(now)));
    }
    text
}

proptest! {
    /// Whatever the bytes: no panic, every row is counted once, and memory is bounded.
    #[test]
    fn any_bytes_are_counted_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..2000), headed in any::<bool>()) {
        let mut all = if headed { HEADER.as_bytes().to_vec() } else { Vec::new() };
        all.extend(bytes);
        if let Ok(mut history) = History::read(Cursor::new(all), Options { timezone: Some(Tz::Europe__Warsaw) }) {
            for _ in history.by_ref() {}
            let report = history.report();
            prop_assert_eq!(report.rows, report.used + report.refused);
            prop_assert_eq!(report.refused, report.by_reason.values().sum::<u64>());
        }
    }

    /// Real-looking rows with some bytes changed: what is told stays in order, and each ticket's story is whole.
    #[test]
    fn damaged_rows_cost_only_themselves(
        rows in rows(),
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..12),
    ) {
        let mut bytes = written(&rows).into_bytes();
        for (at, byte) in damage {
            let at = HEADER.len() + at.index(bytes.len() - HEADER.len());
            bytes[at] = byte;
        }
        let mut history = History::read(Cursor::new(bytes), Options::default()).unwrap();
        let mut newest = BTreeMap::new();
        let mut told = BTreeMap::<u64, Vec<What>>::new();
        for happening in history.by_ref() {
            let Happening { at_ms, what, visit } = happening.unwrap();
            let newest = newest.entry(visit.branch).or_insert(at_ms);
            prop_assert!(at_ms >= *newest);
            *newest = at_ms;
            told.entry(visit.line).or_default().push(what);
        }
        let report = history.report();
        prop_assert_eq!(report.rows, report.used + report.refused);
        prop_assert_eq!(told.len() as u64, report.used);
        for story in told.values() {
            use What::{Called, Finished, Issued, Left};
            let whole: [&[What]; 4] = [&[Issued], &[Issued, Left], &[Issued, Called], &[Issued, Called, Finished]];
            prop_assert!(whole.contains(&story.as_slice()), "{:?}", story);
        }
    }

    /// No row of a sound file is refused, and what is kept is at most the tickets that are open or just came.
    #[test]
    fn memory_is_bounded_by_open_tickets(rows in rows()) {
        let mut history = open(&written(&rows));
        let mut open_tickets = 0_usize;
        let mut came: Vec<i64> = Vec::new();
        while let Some(happening) = history.next() {
            let Happening { at_ms, what, visit } = happening.unwrap();
            match what {
                What::Issued => {
                    came.push(at_ms);
                    open_tickets += usize::from(visit.called_ms.is_some() || visit.left_ms.is_some());
                }
                What::Called => open_tickets -= usize::from(visit.finished_ms.is_none()),
                What::Left | What::Finished => open_tickets -= 1,
            }
            // rows that were read and are held back were all issued within two minutes of their branch's newest
            let read = history.report().used as usize - came.len();
            prop_assert!(history.kept() <= open_tickets + history.ready.len() + read, "{} {open_tickets} {read}", history.kept());
        }
        prop_assert_eq!((history.report().refused, history.kept(), open_tickets), (0, 0, 0));
    }
}
