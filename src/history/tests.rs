use std::io::{Cursor, Write};

use super::*;

pub(super) const HEADER: &str = "branch,service,priority,issued_at,called_at,left_at,finished_at,desk,open_desks\n";

pub(super) fn open(text: &str) -> History {
    History::read(Cursor::new(text.as_bytes().to_vec()), Options::default()).unwrap()
}

fn all(history: &mut History) -> Vec<Happening> {
    history.map(Result::unwrap).collect()
}

/// What happened, as line and word.
fn told(text: &str) -> Vec<(u64, What)> {
    all(&mut open(text)).iter().map(|happening| (happening.visit.line, happening.what)).collect()
}

fn refusals(history: &History) -> Vec<(u64, Reason)> {
    history.report().first.iter().map(|refusal| (refusal.line, refusal.reason)).collect()
}

#[test]
fn rows_become_happenings_in_the_order_of_time() {
    let text = format!(
        "{HEADER}b,R,0,2020-01-02 09:00:00,2020-01-02 09:05:00,,2020-01-02 09:09:00,1,2\n\
         b,P,1,2020-01-02 09:01:00,,2020-01-02 09:05:00,,,2\n\
         b,R,,2020-01-02 09:05:00,2020-01-02 09:05:00,,2020-01-02 09:05:00,2,\n\
         b,R,,2020-01-02 09:05:00,2020-01-02 09:09:00,,,1,\n"
    );
    use What::{Called, Finished, Issued, Left};
    let expected = [
        (2, Issued),
        (3, Issued),
        (3, Left),
        (2, Called),
        (4, Issued),
        (4, Called),
        (4, Finished),
        (5, Issued),
        (2, Finished),
        (5, Called),
    ];
    assert_eq!(told(&text), expected);
    let mut history = open(&text);
    let happenings = all(&mut history);
    assert_eq!(happenings[0].visit.date(), "2020-01-02");
    assert_eq!((happenings[0].visit.wait_s(), happenings[0].visit.open_desks), (Some(300.0), Some(2)));
    let names = history.names();
    assert_eq!((names.branches(), names.desks(0)), (&["b".to_owned()][..], &["1".to_owned(), "2".to_owned()][..]));
    assert_eq!((names.service_label(1), history.kept()), ("P".to_owned(), 0));
    let Report { rows, used, refused, with_open_desks, with_finish, open_ended, .. } = history.report().clone();
    assert_eq!((rows, used, refused, with_open_desks, with_finish, open_ended), (4, 4, 0, 2, 2, 0));
}

#[test]
fn branches_are_separate_even_one_after_the_other() {
    let text = format!(
        "{HEADER}a,R,,2020-01-02 09:00,2020-01-02 09:10,,,1,\na,R,,2020-01-03 09:00,,,,,\nb,R,,2020-01-02 09:00,2020-01-02 09:01,,,1,\n"
    );
    let mut history = open(&text);
    let happenings = all(&mut history);
    assert_eq!((happenings.len(), history.report().refused, history.report().open_ended), (5, 0, 1));
    assert_eq!(history.names().service_label(1), "b/R");
    for branch in 0..2 {
        let times: Vec<i64> = happenings.iter().filter(|h| h.visit.branch == branch).map(|h| h.at_ms).collect();
        assert!(times.is_sorted(), "{times:?}");
    }
}

/// A file as it comes, with what is wrong in each line.
#[test]
fn a_messy_file_is_refused_line_by_line() {
    let mut text = HEADER.to_owned();
    let mut expected = Vec::new();
    let mut line = 1;
    let mut row = |text: &mut String, row: &str, reason: Option<Reason>| {
        line += 1;
        text.push_str(row);
        text.push('\n');
        expected.extend(reason.map(|reason| (line, reason)));
    };
    for (fields, reason) in [
        ("b,R,0,2020-01-02 09:00:00,2020-01-02 09:05:00,,,1,2", None),
        ("b,R,0,2020-01-02 09:06:00,2020-01-02 09:05:00,,,1,2", Some(Reason::CalledBeforeIssued)),
        ("b,R,0,2020-01-02 09:06:00,,2020-01-02 09:05:00,,1,2", Some(Reason::LeftBeforeIssued)),
        ("b,R,0,2020-01-02 09:06:00,2020-01-02 09:08:00,,2020-01-02 09:07:00,1,2", Some(Reason::FinishedBeforeCalled)),
        ("b,R,0,2020-01-02 09:06:00,2020-01-02 09:08:00,2020-01-02 09:08:00,,1,2", Some(Reason::CalledAndLeft)),
        ("b,R,0,2020-01-02 09:06:00,,,2020-01-02 09:08:00,1,2", Some(Reason::FinishedWithoutCall)),
        ("b,R,0,2020-01-02 09:06:00,2020-02-02 09:08:00,,,1,2", Some(Reason::StayTooLong)),
        ("b,R,0,02/01/2020 09:06:00,,,,1,2", Some(Reason::TimeSlashed)),
        ("b,R,0,2020-01-02,,,,1,2", Some(Reason::TimeOfDayMissing)),
        ("b,R,0,soon,,,,1,2", Some(Reason::TimeUnreadable)),
        ("b,R,0,2020-01-02T09:06:00Z,,,,1,2", Some(Reason::ZoneUnknown)),
        ("b,R,0,,,,,1,2", Some(Reason::IssueMissing)),
        ("b,,0,2020-01-02 09:06:00,,,,1,2", Some(Reason::ServiceMissing)),
        ("b,R,0,2020-01-02 09:06:00", Some(Reason::Fields)),
        ("b,R,0,2020-01-02 09:06:00,,,,1,2,3", Some(Reason::Fields)),
        ("b,R,VIP,2020-01-02 09:06:00,,,,1,2", Some(Reason::PriorityUnreadable)),
        ("b,R,0,2020-01-02 09:06:00,,,,1,-2", Some(Reason::OpenDesksUnreadable)),
        ("b,\"R,0,2020-01-02 09:06:00,,,,1,2", Some(Reason::OpenQuote)),
        ("b,R,0,2020-01-02 08:50:00,,,,1,2", Some(Reason::IssueGoesBack)),
        // two minutes are put right, and a wrong year of one row does not cost the rows after it
        ("b,R,0,2020-01-02 08:58:30,2020-01-02 09:00:00,,,1,2", None),
        ("b,R,0,2021-01-02 09:07:00,,,,1,2", Some(Reason::IssueFarAhead)),
        ("b,R,0,2020-01-02 09:07:00,2020-01-02 09:09:00,,,1,2,", None),
        ("b,\"R\",0,02.01.2020 09:08,,,,1,2", None),
    ] {
        row(&mut text, fields, reason);
    }
    let mut history = open(&text);
    let happenings = all(&mut history);
    assert!(happenings.iter().map(|h| h.at_ms).is_sorted());
    let mut first: Vec<_> = refusals(&history);
    first.sort_unstable();
    assert_eq!(first, expected);
    let report = history.report();
    assert_eq!((report.rows, report.used, report.refused), (23, 4, 19));
    let shown = report.to_string();
    assert!(shown.starts_with("23 rows read, 4 used, 19 refused.\n"), "{shown}");
    assert!(
        shown.contains(
            "line 3: it is called before it is issued (issued_at 2020-01-02 09:06:00, called_at 2020-01-02 09:05:00)."
        ),
        "{shown}"
    );
}

#[test]
fn only_the_first_refused_rows_are_named() {
    let text = format!("{HEADER}{}", "b,R,0,nonsense,,,,,\n".repeat(50));
    let mut history = open(&text);
    assert_eq!(all(&mut history), []);
    let report = history.report();
    assert_eq!((report.refused, report.first.len(), report.by_reason[&Reason::TimeUnreadable]), (50, NAMED, 50));
    assert!(report.to_string().ends_with("  and 30 more.\n"));
}

#[test]
fn other_delimiters_marks_ends_of_lines_and_packing_are_read_alike() {
    let plain = "service,issued_at,called_at\nR,2020-01-02 09:00,2020-01-02 09:01\n\nP,2020-01-02 09:02,\n";
    let expected = told(plain);
    assert_eq!(expected.len(), 3);
    for other in [
        plain.replace(',', ";"),
        plain.replace(',', "\t"),
        plain.replace('\n', "\r\n"),
        format!("\u{feff}{plain}"),
        format!("\n{plain}"),
        plain.replace("service,issued_at", "\" Service \",ISSUED_AT"),
        plain.trim_end().to_owned(),
    ] {
        // a line that is empty counts as a line
        let shift = u64::from(other.starts_with('\n'));
        let moved: Vec<_> = expected.iter().map(|(line, what)| (line + shift, *what)).collect();
        assert_eq!(told(&other), moved, "{other:?}");
    }
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(plain.as_bytes()).unwrap();
    let packed = packed.finish().unwrap();
    let mut history = History::read(Cursor::new(packed.clone()), Options::default()).unwrap();
    assert_eq!(all(&mut history).len(), 3);
    let cut = packed[..packed.len() - 12].to_vec();
    let failed = match History::read(Cursor::new(cut), Options::default()) {
        Ok(history) => history.into_iter().any(|happening| matches!(happening, Err(HistoryError::Read(_)))),
        Err(error) => matches!(error, HistoryError::Read(_)),
    };
    assert!(failed);
}

#[test]
fn an_export_of_our_own_is_read() {
    let text = "date,number,service,priority,origin,issued_at,called_at,started_at,left_at,finished_at,desk,end,detail,inferred\n\
        2026-05-16,R001,R,,kiosk,2026-05-16T07:00:00.000Z,2026-05-16T07:05:00.000Z,2026-05-16T07:05:20.000Z,,2026-05-16T07:09:00.000Z,1,finished,served,false\n\
        2026-05-16,R002,R,hard,kiosk,2026-05-16T07:01:00.000Z,2026-05-16T07:05:00.000Z,,2026-05-16T07:15:00.000Z,,2,left,too_long,false\n\
        2026-05-16,R003,R,,kiosk,2026-05-16T22:30:00.000Z,,,,,,day_closed,,false\n";
    let options = Options { timezone: Some(Tz::Europe__Helsinki) };
    let mut history = History::read(Cursor::new(text.as_bytes()), options).unwrap();
    let happenings = all(&mut history);
    let visit = |line| happenings.iter().find(|h| h.visit.line == line).unwrap().visit;
    assert_eq!(happenings.len(), 6);
    assert_eq!((visit(3).priority, visit(3).called_ms.is_some(), visit(3).left_ms), (1, true, None));
    assert_eq!((visit(2).offset_s, visit(2).date(), visit(4).date()), (10_800, "2026-05-16".into(), "2026-05-17".into()));
    assert!(history.report().in_utc);
}

#[test]
fn hours_that_were_never_or_twice() {
    let text = "service,issued_at\nR,2020-03-29 01:59\nR,2020-03-29 02:30\nR,2020-03-29 03:00\nR,2020-10-25 02:50\nR,2020-10-25 02:10\n";
    let options = Options { timezone: Some(Tz::Europe__Warsaw) };
    let mut history = History::read(Cursor::new(text.as_bytes()), options).unwrap();
    let times: Vec<i64> = all(&mut history).iter().map(|happening| happening.at_ms).collect();
    assert_eq!(refusals(&history), [(3, Reason::TimeInGap)]);
    assert_eq!(times[1] - times[0], 60_000);
    assert_eq!(times[3] - times[2], 20 * 60_000);
}

#[test]
fn a_file_that_is_no_history_says_what_is_missing() {
    let read =
        |bytes: &[u8]| History::read(Cursor::new(bytes.to_vec()), Options::default()).map(|_| ()).unwrap_err().to_string();
    assert_eq!(
        read(b"Service,issue_time,called_at\n"),
        "The column `issued_at` is missing; is it `issue_time`? Rename that to `issued_at`. The first line has: service, issue_time, called_at."
    );
    assert!(read(b"1999-01-01 00:00:08,PS\n").starts_with("The column `service` is missing. "));
    assert!(read(b"service,issued_at,service\n").contains("occurs twice"));
    assert!(read(b"\xff\xfes\0e\0").contains("UTF-16"));
    assert!(read(b"").contains("empty"));
    assert!(read(b"\xe9,\n").contains("first line"));
    assert!(read(&b"x".repeat(100_000)).contains("first line"));
    let missing = History::open(Path::new("/nowhere/at/all.csv"), Options::default()).unwrap_err();
    assert!(missing.to_string().contains("all.csv cannot be opened"));
}

/// A long file takes no more memory than a short one: what is kept is looked at all the way.
#[test]
fn a_long_file_is_streamed() {
    struct Endless {
        rows: u64,
        rest: Vec<u8>,
    }
    impl Read for Endless {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            if self.rest.is_empty() && self.rows > 0 {
                self.rows -= 1;
                let at =
                    |s: i64| chrono::DateTime::from_timestamp(1_577_955_600 + s, 0).unwrap().format("%Y-%m-%d %H:%M:%S");
                let now = 600_000 - self.rows as i64 * 10;
                self.rest = format!("b,R,0,{},{},,{},1,2\n", at(now), at(now + 600), at(now + 900)).into_bytes();
            }
            let count = self.rest.len().min(buffer.len());
            buffer[..count].copy_from_slice(&self.rest[..count]);
            self.rest.drain(..count);
            Ok(count)
        }
    }
    let source = Endless { rows: 60_000, rest: HEADER.as_bytes().to_vec() };
    let mut seen = 0;
    let (sender, receiver) = std::sync::mpsc::channel();
    let mut history =
        History::read(source, Options::default()).unwrap().watched(move |progress| sender.send(progress).unwrap());
    while history.next().is_some() {
        seen += 1;
        assert!(history.kept() <= 13 + 91, "{}", history.kept());
    }
    assert_eq!((seen, history.report().used), (180_000, 60_000));
    let told: Vec<Progress> = receiver.try_iter().collect();
    assert_eq!((told.len(), told[0].rows, told[0].of), (1, 50_000, None));
    assert!(told[0].bytes > 1_000_000);
}
