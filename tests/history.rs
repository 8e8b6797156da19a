//! Histories through the real program: what `backtest` scores, what `import` takes over, and what both refuse.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

#[expect(dead_code, reason = "the ledger's tests use all of it")]
mod kit;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use chrono::{Duration, NaiveDate, NaiveDateTime};
use kit::two_days;
use nowserving::estimate::Estimator;
use nowserving::history::{History, Options, Tz};
use nowserving::ledger::{self, FolderLock};
use serde_json::Value;

const HEADER: &str = "branch,service,priority,issued_at,called_at,left_at,finished_at,desk,open_desks\n";
const SETTINGS: &str = "[[service]]\nid = 'R'\nname = 'Returns'\n[[service]]\nid = 'P'\nname = 'Pick-up'\n";

/// Exit code, standard output, standard error.
fn run(args: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_nowserving"));
    command.args(args).env_remove("NOWSERVING_DATA").env_remove("NOWSERVING_CONFIG");
    let output = command.output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let err = text(&output.stderr);
    assert!(!err.contains("panicked") && !err.contains("Error {"), "{err}");
    (output.status.code().unwrap(), text(&output.stdout), err)
}

fn json(args: &[&str]) -> Value {
    let (code, out, err) = run(args);
    assert_eq!(code, 0, "{err}");
    serde_json::from_str(&out).unwrap()
}

/// A data folder with settings, and a file beside it.
struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("data")).unwrap();
        std::fs::write(folder.path().join("data/nowserving.toml"), SETTINGS).unwrap();
        Self { folder }
    }

    fn data(&self) -> String {
        self.folder.path().join("data").to_str().unwrap().to_owned()
    }

    fn file(&self, name: &str, text: &str) -> String {
        let path: PathBuf = self.folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }

    /// `import` in Warsaw.
    fn import(&self, file: &str, more: &[&str]) -> Value {
        json(&[&["import", file, "--json", "--timezone", "Europe/Warsaw", "--data", &self.data()], more].concat())
    }

    fn imported(&self) -> u64 {
        let connection = ledger::open_read(&ledger::path_in(Path::new(&self.data()))).unwrap();
        connection.query_row("select count(*) from imported", [], |row| row.get(0)).unwrap()
    }
}

fn at(day: u64, second: i64) -> NaiveDateTime {
    let nine = NaiveDate::from_ymd_opt(2025, 5, 5).unwrap().and_hms_opt(9, 0, 0).unwrap();
    nine + Duration::days(day.try_into().unwrap()) + Duration::seconds(second)
}

/// Days of a line with one desk, services of two to five minutes: first come, first served.
fn days(branch: &str, services: &[&str], count: u64) -> String {
    let mut text = String::new();
    for day in 0..count {
        let mut free = 0;
        for n in 0..60_i64 {
            let issued = n * 170 + n * n % 100;
            let called = free.max(issued);
            free = called + 120 + n * 37 % 180;
            let service = services[usize::try_from(n).unwrap() % services.len()];
            let times = [issued, called, free].map(|second| at(day, second).format("%Y-%m-%d %H:%M:%S").to_string());
            writeln!(text, "{branch},{service},0,{},{},,{},1,1", times[0], times[1], times[2]).unwrap();
        }
    }
    text
}

/// Rows that are wrong, with what the report must say of them, for the day after `days`.
const WRONG: [(&str, &str); 8] = [
    ("A,R,0,2025-05-09 09:00:00,2025-05-09 08:59:00,,,1,1", "called_before_issued"),
    ("A,R,0,2025-05-09 09:00:00,2025-05-09 09:01:00,,2025-05-09 09:00:30,1,1", "finished_before_called"),
    ("A,R,0,2025-05-09 09:00:00,2025-05-09 09:01:00,2025-05-09 09:02:00,,1,1", "called_and_left"),
    ("A,R,0,05/09/2025 09:00,,,,1,1", "time_slashed"),
    ("A,R,0,nine o'clock,,,,1,1", "time_unreadable"),
    ("A,R,0,2025-05-08 08:00:00,,,,1,1", "issue_goes_back"),
    ("A,R", "fields"),
    ("A,\"R,0,2025-05-09 09:00:00,,,,1,1", "open_quote"),
];

/// Four days of branch A, then every kind of wrong row.
fn messy() -> (String, u64) {
    let mut text = format!("{HEADER}{}", days("A", &["Returns", "P"], 4));
    let first = u64::try_from(text.lines().count()).unwrap() + 1;
    // what is wrong with one row must not show in the rows around it
    text.push_str("A,R,0,2025-05-09 09:00:00,2025-05-09 09:01:00,,,1,1\n");
    for (row, _) in WRONG {
        writeln!(text, "{row}").unwrap();
    }
    text.push_str("A,R,0,2025-05-09 09:03:00,2025-05-09 09:05:00,,,1,1\n");
    (text, first)
}

fn expect_wrong(report: &Value, first: u64) {
    for (line, (row, reason)) in (first + 1..).zip(WRONG) {
        assert_eq!(report["by_reason"][reason], 1, "{row}");
        let named = report["first"].as_array().unwrap();
        let named = named.iter().find(|refusal| refusal["reason"] == reason).unwrap();
        assert_eq!(named["line"], line, "{row}");
    }
    assert_eq!((&report["rows"], &report["used"], &report["refused"]), (&250.into(), &242.into(), &8.into()));
}

#[test]
fn backtest_scores_what_waited_and_names_what_is_refused() {
    let place = Place::new();
    let (text, first) = messy();
    let file = place.file("messy.csv", &(text + &days("B", &["Returns"], 3)));
    let (code, out, err) = run(&["backtest", &file, "--json"]);
    assert_eq!((code, err.as_str()), (0, ""));
    let again = run(&["backtest", &file, "--json"]);
    assert_eq!(again.1, out, "the same file gives the same report");
    let mut report: Value = serde_json::from_str(&out).unwrap();
    for count in ["rows", "used"] {
        report[count] = (report[count].as_u64().unwrap() - 180).into();
    }
    expect_wrong(&report, first);
    let sets = report["sets"].as_array().unwrap();
    let names: Vec<&str> = sets.iter().map(|set| set["set"].as_str().unwrap()).collect();
    assert_eq!(names[..5], ["all", "bucket:short", "bucket:medium", "bucket:long", "first_days"]);
    assert!(names.contains(&"service:A/Returns") && names.contains(&"service:B/Returns"), "{names:?}");
    assert!(names.contains(&"day:2025-05-05"), "{names:?}");
    let n = |name: &str| sets.iter().find(|set| set["set"] == name).unwrap()["n"].as_u64().unwrap();
    assert_eq!(n("all"), n("bucket:short") + n("bucket:medium") + n("bucket:long"));
    let of = |kind: &str| names.iter().filter(|name| name.starts_with(kind)).map(|name| n(name)).sum::<u64>();
    assert_eq!((n("all"), n("all") + n("first_days")), (of("service:"), of("day:")));
    assert!(sets[0]["methods"]["naive"]["mae_min"].as_f64().unwrap() > 0.0);
    let (code, out, _) = run(&["backtest", &file]);
    assert_eq!(code, 0);
    assert!(out.starts_with("430 rows read, 422 used, 8 refused.\n") && out.contains("naive"), "{out}");
    let (_, tables) = out.split_once("\nall: ").unwrap();
    assert!(tables.lines().all(|line| line.chars().count() <= 100 && !line.ends_with(' ')), "{tables}");
}

#[test]
fn backtest_of_one_service_scores_it_within_the_whole_line() {
    let place = Place::new();
    let file = place.file("two.csv", &format!("{HEADER}{}", days("A", &["Returns", "P"], 4)));
    let sets = |args: &[&str]| json(&[&["backtest", &file, "--json"], args].concat())["sets"].clone();
    let find = |sets: &Value, name: &str| sets.as_array().unwrap().iter().find(|set| set["set"] == name).cloned().unwrap();
    let (all, one) = (sets(&[]), sets(&["--service", "returns"]));
    assert_eq!(find(&one, "all")["n"], find(&all, "service:Returns")["n"]);
    assert_eq!(find(&one, "all")["methods"]["naive"], find(&all, "service:Returns")["methods"]["naive"]);
    assert_eq!(find(&sets(&["--skip-days", "4"]), "all")["n"], 0);
    let (code, _, err) = run(&["backtest", &file, "--service", "Retruns"]);
    assert_eq!(code, 1);
    assert!(err.contains("No ticket of the service Retruns"), "{err}");
}

#[test]
fn a_file_that_is_no_history_is_exit_code_1_with_a_sentence() {
    let place = Place::new();
    for (text, parts) in [
        ("service,issue_at,called_at\n", &["`issued_at` is missing", "is it `issue_at`?"][..]),
        ("", &["empty"]),
        ("service,issued_at\nR,soon\n", &["No row of", "line 2: a time is in no form that is read"]),
    ] {
        let file = place.file("no.csv", text);
        let (code, out, err) = run(&["backtest", &file]);
        assert_eq!((code, out.as_str()), (1, ""), "{text}");
        assert!(parts.iter().all(|part| err.contains(part)), "{err}");
    }
    let (code, _, err) = run(&["backtest", "/nowhere/none.csv"]);
    assert_eq!(code, 1);
    assert!(err.contains("none.csv cannot be opened\n  because: No such file"), "{err}");
    let (code, _, err) = run(&["backtest", &place.data()]);
    assert!(code == 1 && err.contains("cannot be opened\n  because: is a directory"), "{err}");
    for args in [&["backtest"][..], &["backtest", "x.csv", "--timezone", "Warsaw"], &["import", "x.csv", "--map", "R"]] {
        assert_eq!(run(args).0, 2, "{args:?}");
    }
}

#[test]
fn a_new_branch_learns_from_its_former_system() {
    let place = Place::new();
    let (text, first) = messy();
    let file = place.file("former.csv", &text);
    let dry = place.import(&file, &["--dry-run"]);
    assert_eq!((&dry["imported"], &dry["dry_run"]), (&242.into(), &true.into()));
    assert!(!ledger::path_in(Path::new(&place.data())).exists(), "a dry run makes nothing");

    let report = place.import(&file, &[]);
    expect_wrong(&report, first);
    assert_eq!((&report["imported"], &report["known"]), (&242.into(), &0.into()));
    assert_eq!(report["services"]["R"], serde_json::json!({ "Returns": 120, "R": 2 }));
    assert_eq!((&report["from"], &report["to"]), (&"2025-05-05".into(), &"2025-05-09".into()));
    assert_eq!(place.imported(), 242);
    let (code, out, _) = run(&["check", "--data", &place.data()]);
    assert_eq!(code, 0, "{out}");
    let loaded = ledger::Writer::open(&ledger::path_in(Path::new(&place.data()))).unwrap().load().unwrap();
    assert_ne!(loaded.estimator, Estimator::default());
    let mut first_wait = Vec::new();
    let connection = ledger::open_read(&ledger::path_in(Path::new(&place.data()))).unwrap();
    ledger::imported(&connection, 1000, |visit| first_wait.push(visit)).unwrap();
    assert_eq!((first_wait.len(), first_wait[0].offset_s), (242, 7200));
    assert!(first_wait.is_sorted_by_key(|visit| visit.issued_ms));
    let mut newest = Vec::new();
    ledger::imported(&connection, 5, |visit| newest.push(visit)).unwrap();
    assert_eq!(newest, first_wait[237..]);

    // what is learned from is what a history of them would tell
    let mut told = Vec::new();
    ledger::imported_in_order(&connection, 1000, |at, what, visit| told.push((at, what, visit.clone()))).unwrap();
    let options = Options { timezone: Some(Tz::Europe__Warsaw) };
    let history = History::read(std::io::Cursor::new(text.clone()), options).unwrap();
    let expected = history.map(|happening| happening.unwrap()).map(|h| (h.at_ms, h.what, h.visit.called_ms));
    assert_eq!(
        told.iter().map(|(at, what, visit)| (*at, *what, visit.called_ms)).collect::<Vec<_>>(),
        expected.collect::<Vec<_>>()
    );

    // the same file again brings nothing new, a longer one what is new in it
    let report = place.import(&file, &[]);
    assert_eq!((&report["imported"], &report["known"], place.imported()), (&0.into(), &242.into(), 242));
    let longer = place.file("longer.csv", &(text + "A,P,0,2025-05-10 09:00:00,,,,,\nA,P,0,2025-05-10 09:00:00,,,,,\n"));
    let report = place.import(&longer, &[]);
    assert_eq!((&report["imported"], &report["known"], place.imported()), (&2.into(), &242.into(), 244));
    let report = place.import(&longer, &["--map", "Returns=P,R=", "--replace"]);
    assert_eq!((&report["imported"], &report["left_out"], place.imported()), (&242.into(), &2.into(), 242));
}

#[test]
fn services_and_branches_that_are_not_known_are_told() {
    let place = Place::new();
    let text = format!("{HEADER}{}{}", days("A", &["Returns", "Cash desk"], 1), days("B", &["Returns"], 1));
    let file = place.file("former.csv", &text);
    let args = ["import", &file, "--data", &place.data()];
    let (code, out, err) = run(&args);
    assert_eq!((code, out.as_str()), (1, ""));
    assert!(err.contains("has several branches: A, B. Choose one with --branch; nothing was imported."), "{err}");
    let (code, _, err) = run(&[&args[..], &["--branch", "C"]].concat());
    assert!(code == 1 && err.contains("has no branch C. It has: A, B."), "{err}");
    let (code, _, err) = run(&[&args[..], &["--branch", "A", "--map", "Cash desk=X"]].concat());
    assert!(code == 1 && err.contains("This branch has no service X") && err.contains("R (Returns)"), "{err}");
    assert_eq!(place.imported(), 0);
    let (code, out, err) = run(&[&args[..], &["--branch", "a", "--timezone", "UTC"]].concat());
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(out.contains("30 tickets imported, of 2025-05-05 to 2025-05-05"), "{out}");
    assert!(out.contains("  30 of Cash desk\n") && out.contains("--map"), "{out}");
    let report = place.import(&file, &["--branch", "A", "--map", "Cash desk=P"]);
    assert_eq!(report["other_branches"], 60);
    let (code, _, err) = run(&[&args[..], &["--branch", "A", "--map", "Returns=,Cash desk="]].concat());
    assert!(code == 1 && err.contains("No row of"), "{err}");
}

#[test]
fn columns_and_reasons_are_documented() {
    let page = include_str!("../docs/reference/history.md");
    let reasons = WRONG.iter().map(|(_, reason)| *reason);
    for name in HEADER.trim().split(',').chain(reasons) {
        assert!(page.contains(&format!("`{name}`")), "{name}");
    }
}

#[tokio::test]
async fn a_branch_with_days_of_its_own_keeps_them_and_a_running_one_is_left_alone() {
    let folder = two_days().await;
    let data = folder.path().to_str().unwrap();
    let file = folder.path().join("export.csv");
    let file = file.to_str().unwrap();
    assert_eq!(run(&["export", "--data", data, "--out", file]).0, 0);
    // what it exported itself is a history
    let report = json(&["backtest", file, "--json", "--timezone", "Europe/Helsinki"]);
    assert_eq!((&report["rows"], &report["refused"]), (&18.into(), &0.into()));
    let (code, out, err) = run(&["import", file, "--data", data, "--timezone", "Europe/Helsinki"]);
    assert_eq!(code, 1);
    assert!(out.contains("18 rows are of 2026-05-16 or later, which this branch has records of its own for"), "{out}");
    assert!(err.contains("nothing was changed"), "{err}");
    // for a branch that is new it is a former system's
    let place = Place::new();
    std::fs::write(Path::new(&place.data()).join("nowserving.toml"), "").unwrap();
    let report = place.import(file, &[]);
    assert_eq!((&report["imported"], place.imported()), (&18.into(), 18));

    let earlier = folder.path().join("earlier.csv");
    std::fs::write(&earlier, format!("{HEADER}{}", days("A", &["R"], 1))).unwrap();
    let earlier = earlier.to_str().unwrap();
    let lock = FolderLock::take(folder.path()).unwrap();
    let (code, out, err) = run(&["import", earlier, "--data", data]);
    assert_eq!((code, out.as_str()), (1, ""));
    assert!(err.contains("Nothing was imported") && err.contains("in use by"), "{err}");
    assert_eq!(run(&["import", earlier, "--data", data, "--dry-run"]).0, 0);
    drop(lock);
    assert_eq!(run(&["import", earlier, "--data", data]).0, 0);
    let (code, out, _) = run(&["check", "--data", data]);
    assert!(code == 0 && out.contains("18 tickets, 2 business days"), "{out}");
    let loaded = ledger::Writer::open(&ledger::path_in(folder.path())).unwrap().load().unwrap();
    assert_ne!(loaded.estimator, Estimator::default());
}
