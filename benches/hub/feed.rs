//! One call to the last of 1,000 phones on loopback. The phones are a process of their own, so that this one's memory is the
//! hub's.
//!
//! `cargo bench --no-default-features --bench hub -- feed`; `PHONES` sets how many, `CALLS` how often.

use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::kit::{self, Times};
use nowserving::branch::Seed;
use nowserving::clock::Clock;
use nowserving::config::Settings;
use nowserving::hub::{Hub, HubOptions};
use nowserving::queue::Command;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::net::TcpStream;
use tokio::process::{Child, ChildStdin, ChildStdout};
use tokio::sync::mpsc;

/// Names the hub to a process that is to be its phones, and how many: `ADDRESS COUNT`.
const BE_PHONES: &str = "NOWSERVING_BENCH_PHONES";

/// A phone: says when it has read a frame that brings `called` to a desk.
async fn phone(address: String, target: Arc<AtomicU64>, seen: mpsc::UnboundedSender<()>, bytes: Arc<AtomicU64>) {
    let mut stream = TcpStream::connect(&address).await.unwrap();
    stream.write_all(format!("GET /feed HTTP/1.1\r\nHost: {address}\r\n\r\n").as_bytes()).await.unwrap();
    let mut buffer = vec![0; 64 * 1024];
    let mut told = 0;
    loop {
        let read = stream.read(&mut buffer).await.unwrap();
        if read == 0 {
            return;
        }
        bytes.fetch_add(read as u64, Ordering::Relaxed);
        let goal = target.load(Ordering::Acquire);
        // the frame of the call names the event it leads to
        let mark = format!("\"seq\":{goal}");
        if goal > told && buffer[..read].windows(mark.len()).any(|window| window == mark.as_bytes()) {
            told = goal;
            let _ = seen.send(());
        }
    }
}

/// The phones, if this process is to be them: for each event named on standard input says `ready`, then `seen` when every phone
/// has it, and at the end how many bytes came since the first.
pub(crate) fn be_phones() -> bool {
    let Ok(what) = std::env::var(BE_PHONES) else { return false };
    let (address, count) = what.split_once(' ').unwrap();
    let count: u64 = count.parse().unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let (target, bytes) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
        let (seen, mut arrivals) = mpsc::unbounded_channel();
        for _ in 0..count {
            tokio::spawn(phone(address.to_owned(), target.clone(), seen.clone(), bytes.clone()));
        }
        let mut events = std::io::stdin().lines();
        let mut first = true;
        while let Some(event) = tokio::task::block_in_place(|| events.next()).transpose().unwrap() {
            if std::mem::take(&mut first) {
                bytes.store(0, Ordering::Relaxed);
            }
            target.store(event.parse().unwrap(), Ordering::Release);
            println!("ready");
            for _ in 0..count {
                arrivals.recv().await.unwrap();
            }
            println!("seen");
        }
        println!("{}", bytes.load(Ordering::Relaxed));
    });
    true
}

/// The process that is the phones.
struct Phones {
    child: Child,
    tell: Option<ChildStdin>,
    hear: Lines<BufReader<ChildStdout>>,
}

impl Phones {
    fn start(address: &str, count: u64) -> Self {
        let mut child = tokio::process::Command::new(std::env::current_exe().unwrap())
            .env(BE_PHONES, format!("{address} {count}"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let hear = BufReader::new(child.stdout.take().unwrap()).lines();
        Self { tell: child.stdin.take(), child, hear }
    }

    async fn hear(&mut self) -> String {
        self.hear.next_line().await.unwrap().unwrap()
    }

    async fn look_for(&mut self, seq: u64) {
        self.tell.as_mut().unwrap().write_all(format!("{seq}\n").as_bytes()).await.unwrap();
        assert_eq!(self.hear().await, "ready");
    }

    async fn end(mut self) -> u64 {
        self.tell = None;
        let bytes = self.hear().await.parse().unwrap();
        self.child.wait().await.unwrap();
        bytes
    }
}

/// Measures and prints.
pub(crate) fn run() {
    let (phones, calls) = (kit::number("PHONES", 1_000), kit::number("CALLS", 200));
    let folder = tempfile::tempdir().unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut settings = Settings::default();
        settings.web.listen = "127.0.0.1:0".parse().unwrap();
        settings.voice.on = false;
        let Seed { services, desks, .. } = kit::seed();
        (settings.services, settings.desks) = (services, desks);
        let clock = Clock::System { vouched: true };
        let hub = Hub::start(HubOptions { folder: folder.path().into(), settings, clock, keys: false }).await.unwrap();
        let branch = hub.branch.clone();
        branch.ask(kit::ask(Command::OpenDesk { desk: kit::desk_id(1) })).await.unwrap();
        for n in 0..calls + 50 {
            branch.ask(kit::ask(kit::issue(n, "R"))).await.unwrap();
        }
        let address = hub.local_url.trim_start_matches("http://").to_owned();
        let before = kit::resident_kib(std::process::id());
        let mut others = Phones::start(&address, phones);
        while hub.app.counters.feed_clients.load(Ordering::Relaxed) < phones {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
        let joined = kit::resident_kib(std::process::id());
        let mut times = Times::default();
        for _ in 0..calls {
            // the first call brings one event, later ones finish the one before
            let next = branch.live().queue.seq() + if branch.live().queue.calls().next().is_some() { 2 } else { 1 };
            others.look_for(next).await;
            let begun = kit::now();
            branch.ask(kit::ask(Command::CallNext { desk: kit::desk_id(1) })).await.unwrap();
            assert_eq!(others.hear().await, "seen");
            times.add(begun.elapsed());
        }
        let after = kit::resident_kib(std::process::id());
        println!("call to the last of {phones} phones: {}", times.line());
        println!("bytes a phone and call: {}", others.end().await / phones / calls);
        let each = |now: u64| now.saturating_sub(before) as f64 / phones as f64;
        println!("memory a phone, the hub alone: {:.1} KiB joined, {:.1} KiB after the calls", each(joined), each(after));
        hub.stop().await;
    });
}
