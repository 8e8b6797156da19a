//! Over HTTP with 16 clients: tickets issued and board pages served a second, and how issue time grows with the ledger.
//!
//! `cargo bench --no-default-features --bench hub -- http`
//!
//! To compare a peer that is running on this machine, name its address and its requests:
//! `PEER=127.0.0.1:5000 PEER_ISSUE="POST /api/issue" PEER_PAGE="/display" cargo bench --no-default-features --bench hub -- http`

use std::collections::HashSet;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::kit::{self, Times};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const CLIENTS: usize = 16;

/// One keep-alive connection that sends the same request over and over and reads whole answers.
struct Client {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Client {
    async fn connect(address: &str) -> Self {
        let stream = TcpStream::connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Self { stream, buffer: Vec::new() }
    }

    /// Sends `request` and returns the status and the body.
    async fn ask(&mut self, request: &[u8]) -> (u16, String) {
        self.stream.write_all(request).await.unwrap();
        self.buffer.clear();
        loop {
            let read = self.stream.read_buf(&mut self.buffer).await.unwrap();
            let text = String::from_utf8_lossy(&self.buffer);
            if let Some((head, body)) = text.split_once("\r\n\r\n") {
                let header = |name: &str| {
                    let lines = head.lines().filter_map(|line| line.split_once(':'));
                    lines.filter(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim().to_owned()).next()
                };
                let length: Option<usize> = header("content-length").and_then(|length| length.parse().ok());
                let whole = length.map_or(read == 0 || body.ends_with("0\r\n\r\n"), |length| body.len() >= length);
                if whole {
                    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
                    return (status, body.to_owned());
                }
            }
            assert!(read > 0, "the server closed the connection");
        }
    }
}

fn request(address: &str, what: &str, body: &str) -> Vec<u8> {
    let length = if body.is_empty() {
        String::new()
    } else {
        format!("Content-Type: application/json\r\nContent-Length: {}\r\n", body.len())
    };
    format!("{what} HTTP/1.1\r\nHost: {address}\r\n{length}\r\n{body}").into_bytes()
}

/// Sixteen clients send one request as fast as answers come, for `time`.
async fn load(address: &str, request: Vec<u8>, time: Duration, numbers: bool) -> (Times, f64, HashSet<String>, usize) {
    let begun = kit::now();
    let clients = (0..CLIENTS).map(|_| {
        let (address, request) = (address.to_owned(), request.clone());
        tokio::spawn(async move {
            let mut client = Client::connect(&address).await;
            let (mut times, mut given) = (Times::default(), Vec::new());
            while begun.elapsed() < time {
                let sent = kit::now();
                let (status, body) = client.ask(&request).await;
                times.add(sent.elapsed());
                assert!((200..400).contains(&status), "{status} {body}");
                if numbers {
                    let number = body.split("\"number\":\"").nth(1).and_then(|rest| rest.split('"').next());
                    given.extend(number.map(str::to_owned));
                }
            }
            (times, given)
        })
    });
    let tasks: Vec<_> = clients.collect();
    let (mut times, mut all, mut count) = (Times::default(), HashSet::new(), 0);
    for task in tasks {
        let (more, given) = task.await.unwrap();
        times.join(more);
        count += given.len();
        all.extend(given);
    }
    let rate = times.len() as f64 / begun.elapsed().as_secs_f64();
    (times, rate, all, count)
}

/// A hub of our own, on a free port.
fn hub(folder: &std::path::Path) -> (Child, String, Duration) {
    std::fs::write(folder.join("nowserving.toml"), WIDE).unwrap();
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let address = format!("127.0.0.1:{port}");
    let begun = kit::now();
    let child = Command::new(env!("CARGO_BIN_EXE_nowserving"))
        .args(["run", "--headless", "--silent", "--listen", &address, "--data"])
        .arg(folder)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .stdin(Stdio::null())
        .spawn()
        .unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        while TcpStream::connect(&address).await.is_err() {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        let health = request(&address, "GET /api/waits", "");
        assert_eq!(Client::connect(&address).await.ask(&health).await.0, 200);
    });
    (child, address, begun.elapsed())
}

const WIDE: &str = r#"
[[service]]
id = "R"
name = "Return or exchange"
numbers = "1-999999"
digits = 6

[[desk]]
id = "1"
"#;

/// Measures and prints.
pub(crate) fn run() {
    let seconds = Duration::from_secs(kit::number("SECONDS", 5));
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    if let Ok(peer) = std::env::var("PEER") {
        let what = |name: &str, default: &str| std::env::var(name).unwrap_or_else(|_| default.into());
        let issue = request(&peer, &what("PEER_ISSUE", "POST /api/tickets"), &what("PEER_BODY", ""));
        let page = request(&peer, &format!("GET {}", what("PEER_PAGE", "/")), "");
        runtime.block_on(report("peer", &peer, issue, page, seconds));
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let (mut child, address, start) = hub(folder.path());
    kit::promise("start to first answer, s", start.as_secs_f64(), start.as_secs_f64() <= 0.3, "at most 0.3");
    runtime.block_on(async {
        let issue = request(&address, "POST /api/tickets", r#"{"service":"R"}"#);
        let page = request(&address, "GET /", "");
        let first = alone(&address, &issue, 2_000).await;
        report("ours", &address, issue.clone(), page, seconds).await;
        let mut issued = 0;
        while issued < 100_000 {
            let (times, ..) = load(&address, issue.clone(), Duration::from_secs(1), false).await;
            issued += times.len();
        }
        let grown = alone(&address, &issue, 2_000).await;
        println!("one client: {first:.0} µs a ticket when empty, {grown:.0} µs with more than 100,000 waiting");
        kit::promise("growth", grown / first, grown / first <= 1.1, "at most 1.1");
    });
    println!("resident memory then: {:.1} MiB", kit::resident_kib(child.id()) as f64 / 1024.0);
    child.kill().unwrap();
    child.wait().unwrap();
}

/// The median of one client alone, microseconds.
async fn alone(address: &str, issue: &[u8], count: usize) -> f64 {
    let mut client = Client::connect(address).await;
    let mut times = Times::default();
    for _ in 0..count {
        let sent = kit::now();
        client.ask(issue).await;
        times.add(sent.elapsed());
    }
    times.us(0.5)
}

async fn report(who: &str, address: &str, issue: Vec<u8>, page: Vec<u8>, seconds: Duration) {
    let (mut times, rate, numbers, given) = load(address, issue, seconds, true).await;
    println!("{who}: {rate:.0} tickets/s with {CLIENTS} clients: {}", times.line());
    println!("{who}: {} numbers given, {} of them twice", given, given - numbers.len());
    let (mut times, rate, ..) = load(address, page, seconds, false).await;
    println!("{who}: {rate:.0} board pages/s with {CLIENTS} clients: {}", times.line());
}
