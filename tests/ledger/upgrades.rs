//! Every version there ever was leads to today's schema, and what is not ours stays as it is.
//!
//! `tests/ledgers/N.sql` is a ledger of schema version N with two business days in it. The file of today's version is written
//! by `NOWSERVING_WRITE_LEDGER=1 cargo test --test ledger`; once a version is released its file never changes again.

use std::path::{Path, PathBuf};

use nowserving::ledger::{self, Fault, SCHEMA_VERSION, check};
use rusqlite::Connection;

use crate::kit::{two_days, vandal};

fn sample(version: i32) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/ledgers/{version}.sql"))
}

/// The schema as SQLite holds it, without the accidents of white space and comments.
fn schema(connection: &Connection) -> Vec<(String, String)> {
    let mut statement =
        connection.prepare("select name, sql from sqlite_schema where sql is not null order by name").unwrap();
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get::<_, String>(1)?))).unwrap();
    let plain = |sql: &str| {
        let lines = sql.lines().map(|line| line.split("--").next().unwrap_or_default());
        let text = lines.collect::<Vec<_>>().join(" ").replace('(', " ( ").replace(')', " ) ").replace(',', " , ");
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    rows.map(|row| row.map(|(name, sql)| (name, plain(&sql))).unwrap()).collect()
}

/// A ledger as statements that make it again.
fn dump(connection: &Connection) -> String {
    let mut text = String::new();
    let strings = |sql: &str| -> Vec<String> {
        let mut statement = connection.prepare(sql).unwrap();
        let rows = statement.query_map([], |row| row.get(0)).unwrap();
        rows.map(Result::unwrap).collect()
    };
    for sql in strings("select sql from sqlite_schema where sql is not null order by rowid") {
        text.push_str(&sql);
        text.push_str(";\n");
    }
    for table in strings("select name from sqlite_schema where type = 'table' order by rowid") {
        let columns = strings(&format!("select 'quote(' || name || ')' from pragma_table_info('{table}')"));
        for row in strings(&format!("select concat_ws(', ', {}) from {table}", columns.join(", "))) {
            text.push_str(&format!("insert into {table} values ({row});\n"));
        }
    }
    text
}

#[tokio::test]
async fn every_version_leads_to_todays_schema() {
    let fresh = tempfile::tempdir().unwrap();
    let fresh = ledger::open(&ledger::path_in(fresh.path())).unwrap();
    if std::env::var_os("NOWSERVING_WRITE_LEDGER").is_some() {
        let folder = two_days().await;
        let text = dump(&Connection::open(ledger::path_in(folder.path())).unwrap());
        std::fs::write(sample(SCHEMA_VERSION), text).unwrap();
    }
    for version in 1..=SCHEMA_VERSION {
        let statements = std::fs::read_to_string(sample(version)).unwrap_or_else(|error| {
            panic!("tests/ledgers/{version}.sql: {error}. Write it with NOWSERVING_WRITE_LEDGER=1 cargo test --test ledger")
        });
        let folder = tempfile::tempdir().unwrap();
        let path = ledger::path_in(folder.path());
        let old = vandal(&path);
        old.execute_batch(&statements).unwrap();
        old.pragma_update(None, "application_id", 0x4e6f_7753).unwrap();
        old.pragma_update(None, "user_version", version).unwrap();
        drop(old);
        let upgraded = ledger::open(&path).unwrap();
        assert_eq!(schema(&upgraded), schema(&fresh), "version {version} leads elsewhere");
        drop(upgraded);
        let report = check(&path, |_| {}).unwrap();
        assert_eq!((report.problems, report.tickets, report.days), (vec![], 18, 2), "version {version}");
    }
}

/// An older ledger's history learns what came of its promises; they were made before there were forecasts.
/// Writes the ledger of version 1.
fn first_version(path: &Path) {
    let old = vandal(path);
    old.execute_batch(&std::fs::read_to_string(sample(1)).unwrap()).unwrap();
    old.pragma_update(None, "application_id", 0x4e6f_7753).unwrap();
    old.pragma_update(None, "user_version", 1).unwrap();
}

/// Who only reads does not upgrade, and says who does.
#[test]
fn an_older_ledger_is_not_read_before_it_is_upgraded() {
    let folder = tempfile::tempdir().unwrap();
    let path = ledger::path_in(folder.path());
    first_version(&path);
    let faults = [
        check(&path, |_| {}).err(),
        ledger::export(&path, ledger::ExportFormat::Csv, std::io::sink()).err(),
        ledger::open_read(&path).err(),
    ];
    for fault in faults {
        assert!(matches!(fault, Some(Fault::Older { found: 1 })), "{fault:?}");
    }
    // before an upgrade a copy is wanted most
    ledger::backup(&path, &folder.path().join("copy.db")).unwrap();
    drop(ledger::open(&path).unwrap());
    assert!(check(&path, |_| {}).unwrap().problems.is_empty());
}

#[test]
fn an_older_history_is_told_what_came_of_its_promises() {
    let folder = tempfile::tempdir().unwrap();
    let path = ledger::path_in(folder.path());
    first_version(&path);
    let upgraded = ledger::open(&path).unwrap();
    let mut statement = upgraded
        .prepare("select first_wait_ms, uncalled_ms, learning, void, forecast_mid_s from visits order by ticket")
        .unwrap();
    type Row = (Option<i64>, Option<i64>, Option<bool>, Option<String>, Option<i64>);
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?))).unwrap();
    let rows: Vec<Row> = rows.map(Result::unwrap).collect();
    assert_eq!(rows[0], (Some(360_000), None, Some(true), None, None));
    // waited until the day closed, and gave up
    assert_eq!(rows[6], (None, Some(670_000), Some(true), None, None));
    assert_eq!(rows[8], (None, Some(40_000), Some(true), None, None));
}

/// What is known of waits is stored with the state. One that this program cannot read is learned again from the history.
#[tokio::test]
async fn an_estimators_state_of_another_version_is_no_fault() {
    let folder = two_days().await;
    let path = ledger::path_in(folder.path());
    let learned = |path: &Path| {
        let loaded = ledger::Writer::open(path).unwrap().load().unwrap();
        serde_json::to_value(&loaded.estimator).unwrap()
    };
    let known = learned(&path);
    for state in ["null", "'{\"made_by\":\"another version\"}'"] {
        vandal(&path).execute(&format!("update snapshots set estimator = {state}"), []).unwrap();
        assert!(check(&path, |_| {}).unwrap().problems.is_empty());
        let again = learned(&path);
        assert_ne!(again, serde_json::to_value(nowserving::estimate::Estimator::default()).unwrap());
        assert_eq!(again.as_object().map(|o| o.len()), known.as_object().map(|o| o.len()));
    }
}

/// Opens a file in every way there is; all must refuse it alike and leave its bytes alone.
fn refused(path: &Path, expected: fn(&Fault) -> bool) {
    let before = std::fs::read(path).unwrap();
    let ways: [(&str, Option<Fault>); 5] = [
        ("open", ledger::open(path).err()),
        ("open_read", ledger::open_read(path).err()),
        ("check", check(path, |_| {}).err()),
        ("backup", ledger::backup(path, &path.with_extension("copy")).err()),
        ("export", ledger::export(path, ledger::ExportFormat::Csv, std::io::sink()).err()),
    ];
    for (way, fault) in ways {
        let fault = fault.unwrap_or_else(|| panic!("{way} took {}", path.display()));
        assert!(expected(&fault), "{way}: {fault}");
        assert_eq!(std::fs::read(path).unwrap(), before, "{way} changed the file");
    }
    assert!(!path.with_extension("copy").exists());
    for extension in ["db-wal", "db-shm", "db-journal"] {
        assert!(!path.with_extension(extension).exists(), "{extension} was left behind");
    }
}

#[tokio::test]
async fn a_ledger_of_a_newer_program_is_refused_untouched() {
    let folder = two_days().await;
    let path = ledger::path_in(folder.path());
    vandal(&path).pragma_update(None, "user_version", SCHEMA_VERSION + 1).unwrap();
    refused(&path, |fault| matches!(fault, Fault::Newer { found } if *found == SCHEMA_VERSION + 1));
}

#[test]
fn a_foreign_database_is_refused_untouched() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("other.db");
    let other = Connection::open(&path).unwrap();
    other.execute_batch("create table songs (title text); insert into songs values ('Finlandia')").unwrap();
    drop(other);
    refused(&path, |fault| matches!(fault, Fault::NotALedger(_)));
    // one that calls itself something else, too
    Connection::open(&path).unwrap().pragma_update(None, "application_id", 0x1234).unwrap();
    refused(&path, |fault| matches!(fault, Fault::NotALedger(_)));
}

#[test]
fn a_text_file_is_refused_untouched() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notes.db");
    std::fs::write(&path, "Dear diary, today the queue was long. ".repeat(200)).unwrap();
    refused(&path, |fault| matches!(fault, Fault::NotALedger(_)));
    std::fs::write(&path, "short").unwrap();
    refused(&path, |fault| matches!(fault, Fault::NotALedger(_)));
}

/// An empty file is what a program that was killed at its first breath leaves: a writer makes a ledger of it, a reader does not.
/// Whatever folder it is in: it holds what customers told the desk.
#[test]
fn a_new_ledger_is_for_its_user_only() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = ledger::path_in(folder.path());
    let open = ledger::open(&path).unwrap();
    for path in [path.clone(), path.with_extension("db-wal")] {
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600, "{}", path.display());
    }
    drop(open);
}

#[test]
fn an_empty_file_becomes_a_ledger_only_by_a_writer() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    std::fs::write(&path, "").unwrap();
    assert!(matches!(check(&path, |_| {}), Err(Fault::NotALedger(_))));
    assert_eq!(std::fs::metadata(&path).unwrap().len(), 0);
    drop(ledger::open(&path).unwrap());
    assert_eq!(check(&path, |_| {}).unwrap(), ledger::Report::default());
}
