//! What a customer told the desk is gone when it is erased: from the file, from the log, from backups.

use std::path::Path;

use nowserving::ledger::{self, Personal};

use crate::kit::{Kit, NAME, QUESTION};

/// The files of the folder that hold the name, the question, or a piece of them.
fn holders(folder: &Path) -> Vec<String> {
    let needles = [NAME, QUESTION, "Quizzelbaum", "Fahrradklingeln"];
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(holders(&path));
            continue;
        }
        let bytes = std::fs::read(&path).unwrap();
        let holds = |needle: &&str| bytes.windows(needle.len()).any(|window| window == needle.as_bytes());
        if needles.iter().any(holds) {
            found.push(path.file_name().unwrap().to_string_lossy().into_owned());
        }
    }
    found.sort();
    found
}

#[tokio::test]
async fn the_bytes_are_gone_after_the_time_is_over() {
    let kit = Kit::open().await;
    let tickets = kit.some_visits().await;
    kit.note(tickets[5]).await;
    let folder = kit.folder.path().to_owned();
    ledger::backup(&kit.ledger(), &folder.join("ledger-before.db")).unwrap();
    // in the file too, not only in the log
    assert!(ledger::checkpoint(&ledger::open(&kit.ledger()).unwrap(), false).unwrap().is_some());
    assert_eq!(holders(&folder), ["ledger-before.db", "ledger.db", "ledger.db-wal"]);

    for _ in 0..6 {
        kit.next_day().await;
    }
    assert_eq!(kit.branch.live().personal.len(), 1, "erased too early");
    kit.next_day().await;
    assert_eq!(kit.branch.live().personal.len(), 0);
    ledger::backup(&kit.ledger(), &folder.join("ledger-after.db")).unwrap();
    assert_eq!(holders(&folder), ["ledger-before.db"], "only the backup of before may hold it");
    let folder = kit.stop().await;
    assert_eq!(holders(folder.path()), ["ledger-before.db"]);
}

#[tokio::test]
async fn a_customer_who_takes_a_note_back_is_forgotten_within_the_hour() {
    let kit = Kit::open().await;
    let tickets = kit.some_visits().await;
    kit.note(tickets[5]).await;
    kit.branch.note(tickets[5], Personal::default()).await.unwrap();
    assert_eq!(kit.branch.live().personal.len(), 0);
    kit.clock.advance(3_600_000);
    kit.settle().await;
    assert_eq!(holders(kit.folder.path()), Vec::<String>::new());
}

#[tokio::test]
async fn nothing_personal_enters_events_history_or_snapshots() {
    let kit = Kit::open().await;
    let tickets = kit.some_visits().await;
    kit.note(tickets[5]).await;
    kit.close_day().await;
    kit.next_day().await;
    let connection = ledger::open_read(&kit.ledger()).unwrap();
    let holds = |sql: &str| connection.query_row(sql, [NAME], |row| row.get::<_, bool>(0)).unwrap();
    assert!(holds("select exists (select 1 from personal where instr(name, ?1))"));
    assert!(!holds("select exists (select 1 from events where instr(body || actor || coalesce(request, ''), ?1))"));
    assert!(!holds("select exists (select 1 from snapshots where instr(body, ?1))"));
    assert!(!holds("select exists (select 1 from visits where instr(number || coalesce(detail, ''), ?1))"));
}
