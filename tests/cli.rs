//! The command line as a person or a script meets it: what goes where, which exit code, and that nothing is lost.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

#[expect(dead_code, reason = "the ledger's tests use all of it")]
mod kit;

use std::io::{BufRead, BufReader, Read};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use kit::{Kit, two_days, vandal};
use nowserving::ledger::{self, Accounts, FolderLock};

const PROGRAM: &str = env!("CARGO_BIN_EXE_nowserving");

/// The program without what the caller's environment says of it.
fn program(args: &[&str]) -> Command {
    let mut command = Command::new(PROGRAM);
    command.args(args).env_remove("NOWSERVING_DATA").env_remove("NOWSERVING_CONFIG");
    command
}

/// Exit code, standard output, standard error.
fn told(output: &Output) -> (i32, String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code().unwrap(), text(&output.stdout), text(&output.stderr))
}

fn run(args: &[&str]) -> (i32, String, String) {
    told(&program(args).output().unwrap())
}

/// As [`run`], in a data folder.
fn run_in(folder: &Path, args: &[&str]) -> (i32, String, String) {
    told(&program(args).env("NOWSERVING_DATA", folder).output().unwrap())
}

/// Every command that works on a ledger.
const ON_A_LEDGER: [&[&str]; 5] = [&["check"], &["export"], &["backup"], &["token", "--device", "d"], &["plan"]];

/// Each command refuses the folder with exit code 1, a sentence with each of `parts`, and nothing on standard output.
fn refused(folder: &Path, parts: &[&str]) {
    for args in ON_A_LEDGER {
        let (code, out, err) = run_in(folder, args);
        assert_eq!((code, out.as_str()), (1, ""), "{args:?}: {err}");
        assert!(parts.iter().all(|part| err.contains(part)), "{args:?}: {err}");
        assert!(!err.contains("Error {") && !err.contains("panicked"), "{args:?}: {err}");
    }
}

#[test]
fn a_wrong_command_line_is_exit_code_2_and_no_command_shows_help() {
    for args in
        [&["chek"][..], &["check", "--jsn"], &["validate"], &["token", "--device", ""], &["export", "--format", "xls"]]
    {
        let (code, out, err) = run(args);
        assert_eq!((code, out.as_str()), (2, ""), "{args:?}");
        assert!(err.contains("--help"), "{args:?}: {err}");
    }
    let (code, _, err) = run(&[]);
    assert_eq!(code, 2);
    assert!(err.contains("nowserving <COMMAND>"), "{err}");
    let (code, out, _) = run(&["--version"]);
    assert_eq!((code, out.trim()), (0, concat!("nowserving ", env!("CARGO_PKG_VERSION"))));
}

#[test]
fn validate_names_file_line_column_and_the_nearest_key() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("s.toml");
    let name = file.to_str().unwrap();
    std::fs::write(&file, "[web]\nlisten = '127.0.0.1:80'\nalowed_hosts = []\n[phone]\ntake = 'sometimes'\n").unwrap();
    let (code, out, err) = run(&["validate", name]);
    assert_eq!((code, out.as_str()), (1, ""));
    assert!(
        err.contains(&format!("{name}:3:1: Unknown key `alowed_hosts` in [web]. Did you mean `allowed_hosts`?")),
        "{err}"
    );
    assert!(err.contains(&format!("{name}:5:8: `take` in [phone] cannot be \"sometimes\"")), "{err}");
    assert!(err.contains("Allowed: \"off\", \"code\", \"open\"."), "{err}");
    let (code, out, err) = run(&["validate", name, "--json"]);
    let answer: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, err.as_str(), &answer["sound"]), (1, "", &false.into()));
    assert_eq!((&answer["problems"][0]["line"], &answer["problems"][0]["nearest"]), (&3.into(), &"allowed_hosts".into()));
    std::fs::write(&file, "").unwrap();
    assert_eq!(run(&["validate", name]), (0, format!("{name} is sound.\n"), String::new()));
    let (code, out, _) = run(&["validate", name, "--json"]);
    assert_eq!((code, serde_json::from_str::<serde_json::Value>(&out).unwrap()["sound"] == true), (0, true));
}

#[test]
fn a_settings_file_that_cannot_be_read_is_told_with_its_cause() {
    let folder = tempfile::tempdir().unwrap();
    let (code, _, err) = run(&["validate", folder.path().join("none.toml").to_str().unwrap()]);
    assert_eq!(code, 1);
    assert!(err.contains("none.toml cannot be read\n  because: No such file"), "{err}");
    std::fs::write(folder.path().join("latin1.toml"), b"[branch]\nname = 'Caf\xe9'").unwrap();
    let (code, _, err) = run(&["validate", folder.path().join("latin1.toml").to_str().unwrap()]);
    assert_eq!(code, 1);
    assert!(err.contains("because: stream did not contain valid UTF-8"), "{err}");
}

#[tokio::test]
async fn check_tells_a_sound_ledger_from_a_damaged_one() {
    let folder = two_days().await;
    let (code, out, err) = run_in(folder.path(), &["check"]);
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    assert!(out.contains("is sound: ") && out.contains("18 tickets, 2 business days"), "{out}");
    vandal(&ledger::path_in(folder.path())).execute("delete from events where seq = 20", []).unwrap();
    let (code, out, _) = run_in(folder.path(), &["check"]);
    assert_eq!(code, 1);
    assert!(out.contains("event 20 is missing") && out.contains("has 1 problem."), "{out}");
    let (code, out, _) = run_in(folder.path(), &["check", "--json"]);
    let report: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, report["events"].as_u64(), report["problems"].as_array().unwrap().len()), (1, Some(19), 1));
}

#[tokio::test]
async fn what_is_not_a_ledger_is_refused_in_a_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("nowhere");
    refused(&missing, &["There is no data folder", "nowhere", "--data"]);
    assert!(!missing.exists());
    refused(folder.path(), &["There is no ledger in", "nowserving run"]);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    let path = ledger::path_in(folder.path());
    std::fs::write(&path, "not a ledger at all").unwrap();
    refused(folder.path(), &["is not a nowserving ledger"]);
    assert_eq!(std::fs::read(&path).unwrap(), b"not a ledger at all");
}

#[tokio::test]
async fn a_ledger_of_a_newer_program_is_refused_untouched() {
    let folder = two_days().await;
    let path = ledger::path_in(folder.path());
    vandal(&path).pragma_update(None, "user_version", 99).unwrap();
    let before = std::fs::read(&path).unwrap();
    refused(folder.path(), &["version 99", "Install the newer nowserving", "nothing was changed"]);
    assert_eq!(std::fs::read(&path).unwrap(), before);
}

/// The program as somebody who may not write there. Root may write everywhere, so root becomes nobody.
#[tokio::test]
async fn a_read_only_folder_is_told_as_such_and_stays_as_it_is() {
    let folder = two_days().await;
    let data = folder.path().join("data");
    std::fs::create_dir(&data).unwrap();
    let path = ledger::path_in(&data);
    std::fs::rename(ledger::path_in(folder.path()), &path).unwrap();
    let before = std::fs::read(&path).unwrap();
    let mode = |path: &Path, mode| std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    mode(folder.path(), 0o755);
    mode(&path, 0o444);
    let copy = folder.path().join("nowserving");
    std::fs::copy(PROGRAM, &copy).unwrap();
    mode(&copy, 0o755);
    mode(&data, 0o555);
    let root = std::fs::metadata("/proc/self").unwrap().uid() == 0;
    for args in [&["token", "--device", "d"][..], &["backup"]] {
        let mut command = Command::new(&copy);
        command.args(args).env("NOWSERVING_DATA", &data).env_remove("NOWSERVING_CONFIG").current_dir("/");
        if root {
            command.uid(65534).gid(65534);
        }
        let (code, out, err) = told(&command.output().unwrap());
        assert_eq!((code, out.as_str()), (1, ""), "{args:?}: {err}");
        let why = ["read-only", "writable", "Permission denied", "cannot be made"];
        assert!(why.iter().any(|why| err.contains(why)), "{args:?}: {err}");
    }
    assert_eq!(std::fs::read(&path).unwrap(), before);
    mode(&data, 0o755);
}

#[tokio::test]
async fn export_writes_to_a_file_only_when_it_is_whole() {
    let folder = two_days().await;
    let (code, out, err) = run_in(folder.path(), &["export"]);
    assert_eq!((code, err.as_str(), out.lines().count()), (0, "", 19));
    assert!(out.starts_with("date,number,service,"), "{out}");
    let file = folder.path().join("visits.jsonl");
    std::fs::write(&file, "an earlier export").unwrap();
    let args = ["export", "--format", "jsonl", "--out", file.to_str().unwrap()];
    let (code, out, err) = run_in(folder.path(), &args);
    assert_eq!((code, out.as_str()), (0, ""));
    assert!(err.contains("18 tickets written to"), "{err}");
    let whole = std::fs::read_to_string(&file).unwrap();
    assert_eq!(whole.lines().count(), 18);
    // a link stays one
    let link = folder.path().join("link.jsonl");
    std::os::unix::fs::symlink(folder.path().join("target.jsonl"), &link).unwrap();
    assert_eq!(run_in(folder.path(), &["export", "--format", "jsonl", "--out", link.to_str().unwrap()]).0, 0);
    assert!(link.symlink_metadata().unwrap().is_symlink());
    assert_eq!(std::fs::read_to_string(folder.path().join("target.jsonl")).unwrap(), whole);
    vandal(&ledger::path_in(folder.path())).execute("update snapshots set body = '{}'", []).unwrap();
    let (code, _, err) = run_in(folder.path(), &args);
    assert_eq!(code, 1, "{err}");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), whole);
    assert!(!folder.path().join("visits.jsonl.part").exists());
}

/// `nowserving export | head -1`, with more to say than a pipe holds.
#[tokio::test]
async fn a_reader_that_stops_reading_is_no_error() {
    let kit = Kit::open().await;
    for _ in 0..999 {
        kit.issue("R").await;
    }
    let folder = kit.stop().await;
    let mut command = program(&["export", "--format", "jsonl"]);
    command.env("NOWSERVING_DATA", folder.path()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut reader = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    reader.read_line(&mut line).unwrap();
    assert!(line.contains("\"R001\""), "{line}");
    drop(reader);
    let mut err = String::new();
    child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
    assert_eq!((child.wait().unwrap().code(), err.as_str()), (Some(0), ""));
}

#[tokio::test]
async fn backup_copies_while_the_branch_is_open_and_ends_old_ones() {
    let kit = Kit::open().await;
    kit.some_visits().await;
    let folder = kit.folder.path();
    std::fs::write(folder.join("nowserving.toml"), "[personal]\nbackups_days = 3\n").unwrap();
    let backups = folder.join("backups");
    std::fs::create_dir(&backups).unwrap();
    let old = std::fs::File::create(backups.join("ledger-20200101-000000.db")).unwrap();
    let now = std::fs::metadata(folder.join("nowserving.toml")).unwrap().modified().unwrap();
    old.set_modified(now - std::time::Duration::from_secs(4 * 86_400)).unwrap();
    let (code, out, err) = run_in(folder, &["backup"]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(out.contains("Backed up to ") && out.contains("ledger-20200101-000000.db: older than 3 days."), "{out}");
    let kept: Vec<_> = std::fs::read_dir(&backups).unwrap().map(|entry| entry.unwrap().path()).collect();
    let [copy] = &kept[..] else { panic!("{kept:?}") };
    let name = copy.file_name().unwrap().to_str().unwrap();
    assert!(name.starts_with("ledger-2") && name.len() == "ledger-YYYYMMDD-HHMMSS.db".len(), "{name}");
    assert_eq!(ledger::check(copy, |_| {}).unwrap().tickets, 9);
    let (code, _, err) = run_in(folder, &["backup", copy.to_str().unwrap()]);
    assert_eq!(code, 1);
    assert!(err.contains("No backup was made") && err.contains("the file exists"), "{err}");
    kit.stop().await;
}

#[tokio::test]
async fn backup_with_a_typo_in_the_settings_does_nothing() {
    let folder = two_days().await;
    std::fs::write(folder.path().join("nowserving.toml"), "[personal]\nbackup_days = 3\n").unwrap();
    let (code, out, err) = run_in(folder.path(), &["backup"]);
    assert_eq!((code, out.as_str()), (1, ""));
    assert!(err.contains("nowserving.toml:2:1: ") && err.contains("Did you mean `backups_days`?"), "{err}");
    assert!(!folder.path().join("backups").exists());
}

#[tokio::test]
async fn a_token_is_given_while_the_branch_runs_and_ends_the_one_before() {
    let kit = Kit::open().await;
    let lock = FolderLock::take(kit.folder.path()).unwrap();
    let (code, first, err) = run_in(kit.folder.path(), &["token", "--device", "entrance"]);
    assert_eq!(code, 0, "{err}");
    assert!(first.ends_with('\n') && first.lines().count() == 1 && !err.contains(first.trim()), "{first}{err}");
    let connection = ledger::open(&kit.ledger()).unwrap();
    let device = |token: &str| Accounts(&connection).device(token).unwrap();
    assert_eq!(device(first.trim()).as_deref(), Some("entrance"));
    let (code, out, _) = run_in(kit.folder.path(), &["token", "--device", "entrance", "--json"]);
    let answer: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, device(answer["token"].as_str().unwrap()).as_deref()), (0, Some("entrance")));
    assert_eq!(device(first.trim()), None);
    // the branch goes on writing
    kit.issue("R").await;
    drop((connection, lock));
    kit.stop().await;
}
