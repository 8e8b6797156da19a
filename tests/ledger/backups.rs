//! Backups are whole while the branch writes, never replace anything, and end in time.

use std::fs::File;
use std::os::unix::fs::PermissionsExt;
use std::time::{Duration, SystemTime};

use nowserving::ledger::{self, Fault, backup, check, expire_backups};

use crate::kit::Kit;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_is_consistent_while_the_branch_writes() {
    let kit = Kit::open().await;
    let (path, folder) = (kit.ledger(), kit.folder.path().to_owned());
    let copies = std::thread::spawn(move || {
        let mut tickets = Vec::new();
        for n in 0..5 {
            let copy = folder.join(format!("ledger-{n}.db"));
            backup(&path, &copy).unwrap();
            let report = check(&copy, |_| {}).unwrap();
            assert_eq!(report.problems, Vec::<String>::new());
            tickets.push(report.tickets);
        }
        tickets
    });
    let mut issued = 0;
    while !copies.is_finished() || issued < 10 {
        // the example's returns have 999 numbers
        if issued < 999 {
            kit.issue("R").await;
            issued += 1;
        }
        tokio::task::yield_now().await;
    }
    let tickets = copies.join().unwrap();
    assert!(tickets.is_sorted() && tickets.iter().all(|count| *count <= issued), "{tickets:?} of {issued}");
    let last = kit.folder.path().join("ledger-last.db");
    backup(&kit.ledger(), &last).unwrap();
    assert_eq!(check(&last, |_| {}).unwrap().tickets, issued);
}

#[tokio::test]
async fn a_backup_opens_as_a_ledger_for_this_user_only_and_replaces_nothing() {
    let kit = Kit::open().await;
    kit.some_visits().await;
    let copy = kit.folder.path().join("ledger-1.db");
    backup(&kit.ledger(), &copy).unwrap();
    assert_eq!(std::fs::metadata(&copy).unwrap().permissions().mode() & 0o777, 0o600);
    let before = std::fs::read(&copy).unwrap();
    assert!(matches!(backup(&kit.ledger(), &copy), Err(Fault::Io { .. })));
    assert_eq!(std::fs::read(&copy).unwrap(), before);
    assert!(!kit.folder.path().join("ledger-1.db.part").exists());
    let restored = ledger::Writer::open(&copy).unwrap().load().unwrap().queue;
    assert_eq!(restored, kit.branch.live().queue);
}

#[test]
fn old_backups_end_and_nothing_else_does() {
    let folder = tempfile::tempdir().unwrap();
    let day = Duration::from_secs(86_400);
    #[expect(clippy::disallowed_methods, reason = "files have wall times")]
    let now = SystemTime::now();
    let files = [("ledger-1.db", 8), ("ledger-2.db", 6), ("ledger-3.db.part", 8), ("ledger-4.txt", 8), ("photos.db", 8)];
    for (name, days) in files {
        let file = File::create(folder.path().join(name)).unwrap();
        file.set_modified(now - days * day).unwrap();
    }
    let mut gone = expire_backups(folder.path(), 7 * day).unwrap();
    gone.sort();
    assert_eq!(gone, ["ledger-1.db", "ledger-3.db.part"].map(|name| folder.path().join(name)));
    assert!(gone.iter().all(|path| !path.exists()));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 3);
    assert_eq!(expire_backups(&folder.path().join("none"), day).unwrap(), Vec::<std::path::PathBuf>::new());
}
