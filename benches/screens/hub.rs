//! A hub of our own, with a desk that calls.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use tokio::runtime::Runtime;

use crate::kit;
use crate::processes::Running;

/// Three services as a shop has them, with numbers for eight hours of calls.
const SETTINGS: &str = r#"
[branch]
name = "Nordlund Hardware"

[[service]]
id = "R"
name = "Return or exchange"
accent = "rust"
numbers = "1-99999"

[[service]]
id = "P"
name = "Pick up an order"
accent = "teal"

[[service]]
id = "Q"
name = "Ask a question"
accent = "blue"

[[desk]]
id = "1"
name = "Desk 1"

[[desk]]
id = "2"
name = "Desk 2"

[[desk]]
id = "3"
name = "Desk 3"
"#;

pub(crate) struct Hub {
    pub(crate) url: String,
    /// The bearer token of a screen.
    pub(crate) token: String,
    runtime: Runtime,
    client: reqwest::Client,
    process: Running,
    _folder: tempfile::TempDir,
}

impl Hub {
    pub(crate) fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("nowserving.toml"), SETTINGS).unwrap();
        // a file of its own, so that no page of a screen counts as half because the hub has it too
        let program = folder.path().join("hub");
        std::fs::copy(kit::program(), &program).unwrap();
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let address = format!("127.0.0.1:{port}");
        let mut process = Command::new(program)
            .args(["run", "--headless", "--listen", &address, "--data"])
            .arg(folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        lines.find(|line| line.as_ref().unwrap().starts_with("Ready")).unwrap().unwrap();
        let token = std::fs::read_to_string(folder.path().join("screens.token")).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        // the hub ends connections that rest for longer
        let client = reqwest::Client::builder().no_proxy().pool_idle_timeout(Duration::from_secs(2)).build().unwrap();
        let url = format!("http://{address}");
        let hub = Self { url, token: token.trim().into(), runtime, client, process: Running(process), _folder: folder };
        for desk in ["1", "2", "3"] {
            hub.post(&format!("/api/desks/{desk}/open"), "");
        }
        hub
    }

    /// Asks as the device, and tells when the answer came.
    fn post(&self, path: &str, body: &'static str) -> Instant {
        self.runtime.block_on(async {
            let mut request = self.client.post(format!("{}{path}", self.url)).bearer_auth(&self.token);
            if !body.is_empty() {
                request = request.header("content-type", "application/json").body(body);
            }
            let answer = request.send().await.unwrap();
            let came = kit::now();
            let status = answer.status();
            let text = answer.text().await.unwrap();
            assert!(status.is_success(), "{path}: {status} {text}");
            came
        })
    }

    /// Customers come.
    pub(crate) fn issue(&self, count: u64) {
        for _ in 0..count {
            self.post("/api/tickets", r#"{"service":"R"}"#);
        }
    }

    /// Desk 1 calls next: when that was durable, as the desk learns it.
    pub(crate) fn call(&self) -> Instant {
        self.post("/api/desks/1/call-next", "")
    }

    pub(crate) fn pss(&self) -> f64 {
        self.process.pss()
    }
}
