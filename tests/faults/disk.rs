//! Disks and folders that do not do what they should.

use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::limit::usual;
use crate::program::{Caller, PROGRAM, Program, command, ended, folder, run, write_settings};

/// A small disk of its own; `None` where this user may not mount one.
struct Disk(tempfile::TempDir);

impl Disk {
    fn mount(size: &str) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path().to_str().unwrap();
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", &format!("size={size}"), "tmpfs", at]).output();
        if !mounted.is_ok_and(|output| output.status.success()) {
            eprintln!("no disk can be mounted here: this part of the test is left out");
            return None;
        }
        Some(Self(folder))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.0.path()).status();
    }
}

/// Takes numbers until one is refused: the keys that were given, and the refusal.
async fn until_refused(caller: &Caller) -> (Vec<String>, (u16, Value)) {
    let mut keys = Vec::new();
    loop {
        assert!(keys.len() < 20_000, "there is always room");
        match caller.issue("R").await.unwrap() {
            (201, ticket) => keys.push(ticket["key"].as_str().unwrap().to_owned()),
            refused => return (keys, refused),
        }
    }
}

async fn all_there(caller: &Caller, keys: &[String]) {
    for key in keys {
        let (status, ticket) = caller.get(&format!("/api/tickets/{key}")).await.unwrap();
        assert_eq!(status, 200, "{ticket}");
    }
}

/// After there is room again everything goes on, and what was acknowledged is there, now and after a start.
async fn goes_on(mut program: Program, folder: &Path, mut keys: Vec<String>) {
    let caller = program.caller();
    let (status, ticket) = caller.issue("R").await.unwrap();
    assert_eq!(status, 201, "{ticket}");
    keys.push(ticket["key"].as_str().unwrap().to_owned());
    assert_eq!(ticket["number"], json!(format!("R{:05}", keys.len())), "a number was left out or given twice");
    assert_eq!(caller.press("1", "open").await.unwrap().0, 200);
    let (status, called) = caller.press("1", "call-next").await.unwrap();
    assert_eq!((status, &called["desk"]["desk"]["number"]), (200, &json!("R00001")));
    all_there(&caller, &keys).await;
    program.kill();
    let program = Program::start(folder);
    all_there(&program.caller(), &keys).await;
}

#[tokio::test]
async fn a_full_disk_is_said_and_nothing_is_lost() {
    let _limit = usual();
    let Some(disk) = Disk::mount("4m") else { return };
    write_settings(disk.path());
    let program = Program::start(disk.path());
    let caller = program.caller();
    let (_, first) = caller.issue("R").await.unwrap();
    let ballast = disk.path().join("ballast");
    // fails where the disk is full, which is the aim
    let _ = std::fs::write(&ballast, vec![0; 8 << 20]);
    let (mut keys, (status, refused)) = until_refused(&caller).await;
    keys.insert(0, first["key"].as_str().unwrap().to_owned());
    assert_eq!((status, &refused["code"]), (507, &json!("disk-full")), "{refused}");
    let sentence = refused["detail"].as_str().unwrap();
    assert!(sentence.contains("disk is full") && sentence.contains("Make room"), "{sentence}");
    // to look is possible all the time
    all_there(&caller, &keys).await;
    assert_eq!(caller.get("/api/view").await.unwrap().1["waits"]["R"]["waiting"], json!(keys.len()));
    std::fs::remove_file(&ballast).unwrap();
    goes_on(program, disk.path(), keys).await;
}

#[tokio::test]
async fn a_disk_that_fails_is_said_and_nothing_is_lost() {
    let _limit = usual();
    let folder = folder();
    // no file may grow beyond 400 KiB: writing the log fails at some point
    let script = "trap '' XFSZ; ulimit -S -f 800; exec \"$@\"";
    let mut limited = Command::new("sh");
    limited.args(["-c", script, "sh", PROGRAM, "run", "--headless", "--listen", "127.0.0.1:0", "--data"]);
    limited.arg(folder.path()).stdin(Stdio::null()).env_remove("NOWSERVING_CONFIG");
    let program = Program::spawn(folder.path(), limited);
    let (keys, (status, refused)) = until_refused(&program.caller()).await;
    assert!(keys.len() > 10);
    assert!(matches!(status, 503 | 507), "{refused}");
    assert!(refused["detail"].as_str().unwrap().contains("Nothing was changed."), "{refused}");
    let pid = program.child.id().to_string();
    let freed = Command::new("prlimit").args(["--pid", &pid, "--fsize=unlimited"]).status().unwrap();
    assert!(freed.success());
    goes_on(program, folder.path(), keys).await;
}

#[test]
fn a_folder_that_cannot_be_written_is_said() {
    let _limit = usual();
    let run_there = |folder: &Path| {
        let (code, err) = ended(run(folder));
        assert_eq!(code, Some(1), "{err}");
        assert!(err.contains(folder.to_str().unwrap()) || err.contains("read-only"), "{err}");
    };
    if let Some(disk) = Disk::mount("4m") {
        write_settings(disk.path());
        drop(Program::start(disk.path()));
        let at = disk.path().to_str().unwrap();
        assert!(Command::new("mount").args(["-o", "remount,ro", at]).status().unwrap().success());
        run_there(disk.path());
    }
    let folder = folder();
    std::fs::write(folder.path().join("file"), "").unwrap();
    run_there(&folder.path().join("file"));
}

#[test]
fn only_one_hub_holds_a_folder() {
    let _limit = usual();
    let folder = folder();
    let program = Program::start(folder.path());
    let (code, err) = ended(run(folder.path()));
    assert_eq!(code, Some(1), "{err}");
    let pid = format!("process {}", program.child.id());
    for part in [pid.as_str(), &program.url, "--data", folder.path().to_str().unwrap()] {
        assert!(err.contains(part), "{part} is missing: {err}");
    }
}

#[test]
fn a_port_that_is_taken_is_said() {
    let _limit = usual();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let folder = folder();
    let data = folder.path().to_str().unwrap();
    let (code, err) = ended(command(&["run", "--headless", "--listen", &address, "--data", data]));
    assert_eq!(code, Some(1), "{err}");
    assert!(err.contains(&address) && err.contains("--listen"), "{err}");
    // and the folder is free again
    drop(Program::start(folder.path()));
}
