//! `export` holds every ticket once, and nothing that opens a page or names a person.

use nowserving::branch::{Branch, Options};
use nowserving::ledger::{ExportFormat, Fault, VisitRow, check, export, path_in};
use nowserving::queue::{By, Command};

use crate::kit::{Kit, NAME, QUESTION, two_days};

fn written(folder: &std::path::Path, format: ExportFormat) -> (u64, String) {
    let mut out = Vec::new();
    let count = export(&path_in(folder), format, &mut out).unwrap();
    (count, String::from_utf8(out).unwrap())
}

#[tokio::test]
async fn both_formats_hold_every_ticket_once_and_say_the_same() {
    let folder = two_days().await;
    let (count, text) = written(folder.path(), ExportFormat::Csv);
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().unwrap().clone();
    let csv: Vec<_> = reader.records().map(Result::unwrap).collect();
    let (json_count, text) = written(folder.path(), ExportFormat::Jsonl);
    let jsonl: Vec<serde_json::Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((count, json_count, csv.len(), jsonl.len()), (18, 18, 18, 18));
    for (record, object) in csv.iter().zip(&jsonl) {
        for (column, value) in header.iter().zip(record) {
            let other = match &object[column] {
                serde_json::Value::Null => String::new(),
                serde_json::Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            assert_eq!(value, other, "{column} of {object}");
        }
    }
    let ends = |end: &str| jsonl.iter().filter(|object| object["end"] == end).count();
    // day 1: what waited, was at a desk or was missed at closing ended with the day; day 2 is still open
    assert_eq!((ends("finished"), ends("left"), ends("day_closed"), ends("open")), (6, 2, 5, 5));
    let days: Vec<_> = jsonl.iter().filter_map(|object| object["date"].as_str()).collect();
    assert_eq!((days[0], days[17]), ("2026-05-16", "2026-05-17"));
}

#[tokio::test]
async fn no_key_name_or_question_is_exported() {
    let kit = Kit::open().await;
    let tickets = kit.some_visits().await;
    kit.note(tickets[5]).await;
    let keys: Vec<String> = kit.branch.live().queue.tickets().map(|ticket| ticket.key.to_string()).collect();
    kit.close_day().await;
    let folder = kit.stop().await;
    for format in [ExportFormat::Csv, ExportFormat::Jsonl] {
        let (count, text) = written(folder.path(), format);
        assert_eq!((count, keys.len()), (9, 9));
        let secrets = keys.iter().map(String::as_str).chain([NAME, QUESTION, "Xanthippe", "Anna", "5a5a"]);
        for secret in secrets {
            assert!(!text.contains(secret), "{secret} is in {text}");
        }
    }
}

/// A reader that has gone away can be told from a full disk.
#[tokio::test]
async fn a_broken_output_keeps_its_kind() {
    struct Gone;
    impl std::io::Write for Gone {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::BrokenPipe.into())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Err(std::io::ErrorKind::BrokenPipe.into())
        }
    }
    let folder = two_days().await;
    for format in [ExportFormat::Csv, ExportFormat::Jsonl] {
        let fault = export(&path_in(folder.path()), format, Gone).unwrap_err();
        let Fault::Io { source, .. } = fault else { panic!("{fault}") };
        assert_eq!(source.kind(), std::io::ErrorKind::BrokenPipe);
    }
}

/// The columns are an interface: they are documented, and new ones go to the end.
#[test]
fn the_columns_are_documented() {
    let row = VisitRow {
        date: String::new(),
        number: String::new(),
        service: String::new(),
        priority: None,
        origin: String::new(),
        issued_at: None,
        called_at: None,
        started_at: None,
        left_at: None,
        finished_at: None,
        desk: None,
        end: String::new(),
        detail: None,
        inferred: false,
        waiting_s: None,
        transaction_s: None,
        promise_from_min: None,
        promise_to_min: None,
        delays: 0,
        requeues: 0,
        transfers: 0,
        first_wait_s: None,
        uncalled_s: None,
        promise_learning: None,
        promise_void: None,
        forecast_low_s: None,
        forecast_mid_s: None,
        forecast_high_s: None,
        forecast_naive_s: None,
        forecast_ahead: None,
        forecast_desks: None,
        forecast_model: None,
        courtesy: None,
        courtesy_redeemed: None,
    };
    let page = include_str!("../../docs/reference/ledger.md");
    let columns = serde_json::to_value(row).unwrap();
    for column in columns.as_object().unwrap().keys() {
        assert!(page.contains(&format!("| `{column}` |")), "docs/reference/ledger.md does not explain {column}");
    }
}

/// A day that was closed and opened again has its earlier tickets still; the ledger has them once.
#[tokio::test]
async fn a_day_opened_again_is_filed_once_and_exported_once() {
    let kit = Kit::open().await;
    let before = kit.some_visits().await;
    kit.close_day().await;
    kit.ask(Command::OpenDay { by: By::Staff }).await;
    kit.open_desks().await;
    let after = kit.some_visits().await;
    {
        let live = kit.branch.live();
        assert!(before.iter().chain(&after).all(|ticket| live.queue.ticket(*ticket).is_some()), "a page is gone");
        let mut numbers: Vec<_> = live.queue.tickets().map(|ticket| ticket.number.clone()).collect();
        numbers.sort();
        numbers.dedup();
        assert_eq!(numbers.len(), 18, "a number was given twice");
    }
    assert_eq!(written(kit.folder.path(), ExportFormat::Csv).0, 18);
    assert_eq!(check(&kit.ledger(), |_| {}).unwrap().problems, Vec::<String>::new());
    kit.close_day().await;
    // a third time, then a start from what is stored
    kit.ask(Command::OpenDay { by: By::Staff }).await;
    let (clock, folder) = (kit.clock.clone(), kit.stop().await);
    assert_eq!(check(&path_in(folder.path()), |_| {}).unwrap().problems, Vec::<String>::new());
    assert_eq!(written(folder.path(), ExportFormat::Jsonl).0, 18);
    let options = Options { store: "Test".into(), erase_after_days: 7, printer: None };
    let (branch, thread) = Branch::open(&path_in(folder.path()), clock, options).unwrap();
    assert!(before.iter().chain(&after).all(|ticket| branch.live().queue.ticket(*ticket).is_some()));
    branch.stop().await;
    drop(branch);
    thread.join().unwrap();
}
