//! The planner against what really happened: days that the demo made through the whole branch, and the command line on them.

#![expect(clippy::unwrap_used, reason = "a test's helpers fail as its body does")]

use std::path::Path;
use std::process::Command;
use std::sync::OnceLock;

use chrono::NaiveTime;
use nowserving::branch::{Branch, Options, apply_seed};
use nowserving::demo::{self, Pace, Plan, ScenarioOptions};
use nowserving::ledger;
use nowserving::plan::{BranchRule, DayChoice, History, Question, Recorder, Report, Schedule, plan};
use nowserving::queue::Queue;

const PROGRAM: &str = env!("CARGO_BIN_EXE_nowserving");

/// A week of busy mornings, made once for all tests here.
fn week() -> &'static Path {
    static FOLDER: OnceLock<tempfile::TempDir> = OnceLock::new();
    let make = || {
        let folder = tempfile::tempdir().unwrap();
        let close = NaiveTime::from_hms_opt(14, 0, 0).unwrap();
        let options = ScenarioOptions { close, busy: 1.2, ..ScenarioOptions::default() };
        let plan =
            Plan { seed: 3, pace: Pace::AsFastAsPossible, days: Some(7), from: None, without_desks: Vec::new(), options };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        runtime.block_on(async {
            let path = ledger::path_in(folder.path());
            let clock = demo::clock(&path, &plan.options).unwrap();
            let (branch, writer) = Branch::open(&path, clock.clone(), Options::default()).unwrap();
            assert_eq!(apply_seed(&branch, &path, &demo::store(&plan.options)).await.unwrap(), Vec::<String>::new());
            demo::drive(&branch, &clock, &plan, std::future::pending()).await.unwrap();
            branch.stop().await;
            writer.join().unwrap();
        });
        folder
    };
    FOLDER.get_or_init(make).path()
}

fn past() -> (History, Queue) {
    let mut recorder = Recorder::default();
    let queue = ledger::past(&ledger::path_in(week()), 12, |recorded| recorder.take(recorded)).unwrap();
    (recorder.history(), queue)
}

fn planned(question: &Question) -> Report {
    let (history, queue) = past();
    plan(&history, &BranchRule::of(&queue), queue.hours(), question, &mut |_| true).unwrap()
}

fn run(args: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(PROGRAM);
    let output = command.args(args).env("NOWSERVING_DATA", week()).env_remove("NOWSERVING_CONFIG").output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// What the events say of the past is what the ledger's own table of visits says.
#[test]
fn history_read_from_events_agrees_with_the_table_of_visits() {
    let (history, _) = past();
    let mut out = Vec::new();
    ledger::export(&ledger::path_in(week()), ledger::ExportFormat::Jsonl, &mut out).unwrap();
    let rows: Vec<serde_json::Value> =
        String::from_utf8(out).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let visits: Vec<_> = history.days.iter().flat_map(|day| &day.visits).collect();
    let busy: Vec<_> = history.days.iter().filter(|day| !day.visits.is_empty()).collect();
    assert_eq!((busy.len(), visits.len()), (7, rows.len()));
    let mut compared = 0;
    for (visit, row) in visits.iter().zip(&rows) {
        let left = row["end"] == "left" && row["called_at"].is_null();
        assert_eq!(visit.left.is_some(), left, "{row}");
        assert_eq!(visit.called.is_none(), row["called_at"].is_null(), "{row}");
        let once = row["transfers"] == 0 && row["requeues"] == 0 && row["called_at"].is_string();
        if let (true, Some(called), Some(waited)) = (once, visit.called, row["waiting_s"].as_u64()) {
            assert!((called - visit.issued).abs_diff(waited * 1000) < 2000, "{visit:?} {row}");
            compared += 1;
        }
        let started = once && row["detail"] == "served" && row["started_at"].is_string();
        if let (true, Some(at_desk), Some(transaction)) =
            (started && visit.walk.is_some(), visit.desk_time, row["transaction_s"].as_u64())
        {
            // less where it was set aside meanwhile; who was set aside before a start was at the desk before it, too
            assert!(at_desk <= (transaction + 1) * 1000, "{visit:?} {row}");
        }
    }
    assert!(compared > 200, "{compared}");
    // desks called in every day's rush, and a break is not open time
    assert!(busy.iter().all(|day| day.desks.len() > 3), "{:?}", busy[0].desks);
}

/// The heart of it: the same days with the desks that were open come out as they did.
#[test]
fn days_as_they_were_come_out_as_they_did() {
    let report = planned(&Question { suggest: false, ..Question::new(DayChoice::All) });
    let check = report.check.expect("the desks of those days are known");
    assert!(check.real_median > 3.0, "a test without waits would say nothing: {check:?}");
    assert!((check.median / check.real_median - 1.0).abs() < 0.25, "{check:?}");
    assert!((check.p90 / check.real_p90 - 1.0).abs() < 0.25, "{check:?}");
    assert!((check.leave - check.real_leave).abs() < 0.3 * check.real_leave + 1.0, "{check:?}");
}

/// A wait that the schedule decides must follow the schedule: the check is not passed by a constant.
#[test]
fn other_desks_make_other_waits() {
    let schedules = vec![Schedule::constant(2), Schedule::constant(4)];
    let report = planned(&Question { schedules, suggest: false, ..Question::new(DayChoice::All) });
    let [as_it_was, two, four] = &report.schedules[..] else { unreachable!() };
    assert!(two.median.low > as_it_was.median.value && four.median.value < as_it_was.median.value, "{report:?}");
    assert!(two.leave.value > four.leave.value && two.desk_hours.value < four.desk_hours.value);
}

#[test]
fn the_command_says_it_as_a_table_as_json_and_as_a_picture() {
    let picture = tempfile::tempdir().unwrap().keep().join("plan.svg");
    let args = ["plan", "--desks", "2..3", "--schedule", "lunch = 2 + 1 11-13", "--visits", "1500"];
    let (code, out, err) = run(&[&args[..], &["--picture", picture.to_str().unwrap()]].concat());
    assert_eq!(code, 0, "{err}");
    assert!(out.lines().all(|line| line.chars().count() <= 80), "{out}");
    for said in
        ["7 days, 2026-03-02 to 2026-03-08", "as it was", "2 desks", "3 desks", "lunch", "A third desk from", "Check"]
    {
        assert!(out.contains(said), "{said}: {out}");
    }
    let svg = std::fs::read_to_string(&picture).unwrap();
    std::fs::remove_dir_all(picture.parent().unwrap()).unwrap();
    assert!(svg.starts_with("<svg") && svg.contains("lunch") && !svg.contains("style="), "{svg}");
    let (code, json, _) = run(&[&args[..], &["--json"]].concat());
    let report: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!((code, report["schedules"].as_array().unwrap().len()), (0, 5));
    assert!(report["schedules"][1]["median"]["low"].is_f64() && report["suggestion"]["from"].is_u64(), "{json}");
    // the same, byte for byte, and another one with another seed
    assert_eq!(run(&[&args[..], &["--json"]].concat()).1, json);
    assert_ne!(run(&[&args[..], &["--json", "--seed", "2"]].concat()).1, json);
}

#[test]
fn what_cannot_be_planned_is_said_and_counts_as_failed() {
    for (args, says) in [
        (
            &["--day", "2020-01-01"][..],
            "There is no past day for \"2020-01-01\" in the last 12 weeks. There are: 1 × Monday,",
        ),
        (&["--service", "Z"], "There is no service \"Z\". There are: P (Pick up an order),"),
    ] {
        let (code, out, err) = run(&[&["plan"][..], args].concat());
        assert_eq!((code, out.as_str()), (1, ""), "{args:?}");
        assert!(err.contains(says), "{args:?}: {err}");
    }
    for (args, says) in [
        (&["--day", "someday"][..], "a weekday such as saturday"),
        (&["--desks", "5..2"], "a range such as 2..5"),
        (&["--schedule", "2 + 1 11:00"], "character 7: from and to are needed"),
        (&["--picture", "plan.png"], "ends in .svg"),
        (&["--weeks", "0"], "--weeks"),
    ] {
        let (code, out, err) = run(&[&["plan"][..], args].concat());
        assert_eq!((code, out.as_str()), (2, ""), "{args:?}");
        assert!(err.contains(says), "{args:?}: {err}");
    }
}

#[test]
fn schedules_may_stand_in_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("schedules.txt");
    std::fs::write(&file, "# what we do now\nnow = 2\n\nlong lunch = 2 + 1 11:00-14:00\n").unwrap();
    let args = ["plan", "--visits", "500", "--no-suggestion", "--schedule", file.to_str().unwrap()];
    let (code, out, err) = run(&args);
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("now ") && out.contains("long lunch") && !out.contains("desk from"), "{out}");
    std::fs::write(&file, "now = 2\nnow = two\n").unwrap();
    let (code, _, err) = run(&args);
    assert_eq!(code, 2);
    assert!(err.contains("line 2: ") && err.contains("character 7"), "{err}");
}
