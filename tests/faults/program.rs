//! The real program in a data folder of its own, started as an administrator would.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

use crate::limit::Started;

pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_nowserving");

/// Enough numbers for a long test, a clock that is believed, no printer.
const SETTINGS: &str = "
[branch]
clock = 'vouched'
[printer]
kind = 'none'
[[service]]
id = 'R'
name = 'Returns'
numbers = '1-99999'
[[service]]
id = 'P'
name = 'Pick-up'
numbers = '1-99999'
[[desk]]
id = '1'
[[desk]]
id = '2'
";

/// The program with `args`, without what the caller's environment says of it.
pub(crate) fn command(args: &[&str]) -> Command {
    let mut command = Command::new(PROGRAM);
    command.args(args).env_remove("NOWSERVING_DATA").env_remove("NOWSERVING_CONFIG").env_remove("RUST_LOG");
    command.env("NOWSERVING_SILENT", "true");
    command
}

pub(crate) fn write_settings(folder: &Path) {
    std::fs::write(folder.join("nowserving.toml"), SETTINGS).unwrap();
}

/// A folder with settings for a test.
pub(crate) fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    write_settings(folder.path());
    folder
}

/// `run` in a folder, on a port that is free.
pub(crate) fn run(folder: &Path) -> Command {
    let mut command = command(&["run", "--headless", "--listen", "127.0.0.1:0", "--data", folder.to_str().unwrap()]);
    command.stdin(Stdio::null());
    command
}

/// Runs a program that must end by itself: exit code and standard error.
pub(crate) fn ended(mut command: Command) -> (Option<i32>, String) {
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let _started = Started::new(child.id());
    let output = child.wait_with_output().unwrap();
    let err = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!err.contains("panicked") && !err.contains("Error {"), "{err}");
    (output.status.code(), err)
}

/// A hub that runs.
pub(crate) struct Program {
    pub(crate) child: Child,
    pub(crate) url: String,
    token: String,
    client: reqwest::Client,
    _started: Started,
}

impl Program {
    pub(crate) fn start(folder: &Path) -> Self {
        Self::spawn(folder, run(folder))
    }

    /// Starts what must become a hub in `folder`, and waits until it says that it is ready.
    pub(crate) fn spawn(folder: &Path, mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let started = Started::new(child.id());
        let mut url = String::new();
        for line in BufReader::new(child.stdout.take().unwrap()).lines() {
            let line = line.unwrap();
            if let Some(at) = line.strip_prefix("Phones") {
                at.trim().trim_end_matches('/').clone_into(&mut url);
            }
            if line.starts_with("Ready.") {
                break;
            }
        }
        if !url.starts_with("http://127.0.0.1:") {
            // one that is up under another address would go on for ever
            let _ = child.kill();
            panic!("the hub did not come up: {url:?}, {:?}", child.wait());
        }
        let token = self::command(&["token", "--device", "test", "--data", folder.to_str().unwrap()]).output().unwrap();
        let token = String::from_utf8(token.stdout).unwrap().trim().to_owned();
        assert!(!token.is_empty());
        let client = reqwest::Client::builder().timeout(Duration::from_secs(30)).build().unwrap();
        Self { child, url, token, client, _started: started }
    }

    /// Pulls the plug.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    pub(crate) fn caller(&self) -> Caller {
        Caller { url: self.url.clone(), token: self.token.clone(), client: self.client.clone() }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // it may have ended already
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Somebody who asks a hub.
#[derive(Clone)]
pub(crate) struct Caller {
    url: String,
    token: String,
    client: reqwest::Client,
}

impl Caller {
    /// Status and JSON; `None`: no whole answer came.
    pub(crate) async fn post(&self, path: &str, name: Option<&str>, body: Value) -> Option<(u16, Value)> {
        let mut request = self.client.post(format!("{}{path}", self.url)).bearer_auth(&self.token).json(&body);
        if let Some(name) = name {
            request = request.header("idempotency-key", name);
        }
        let answer = request.send().await.ok()?;
        Some((answer.status().as_u16(), answer.json().await.ok()?))
    }

    pub(crate) async fn get(&self, path: &str) -> Option<(u16, Value)> {
        let answer = self.client.get(format!("{}{path}", self.url)).bearer_auth(&self.token).send().await.ok()?;
        Some((answer.status().as_u16(), answer.json().await.ok()?))
    }

    pub(crate) async fn issue(&self, service: &str) -> Option<(u16, Value)> {
        self.post("/api/tickets", None, json!({ "service": service })).await
    }

    pub(crate) async fn press(&self, desk: &str, key: &str) -> Option<(u16, Value)> {
        self.post(&format!("/api/desks/{desk}/{key}"), None, json!({})).await
    }
}
