//! One call to the last of 1,000 phones on loopback.
//!
//! `cargo bench --no-default-features --bench hub -- feed`; `PHONES` sets how many, `CALLS` how often.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::kit::{self, Times};
use nowserving::branch::Seed;
use nowserving::clock::Clock;
use nowserving::config::Settings;
use nowserving::hub::{Hub, HubOptions};
use nowserving::queue::Command;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc;

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

/// Measures and prints.
pub(crate) fn run() {
    let (phones, calls) = (kit::number("PHONES", 1_000), kit::number("CALLS", 200));
    let folder = tempfile::tempdir().unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut settings = Settings::default();
        settings.web.listen = "127.0.0.1:0".parse().unwrap();
        let Seed { services, desks, .. } = kit::seed();
        (settings.services, settings.desks) = (services, desks);
        let clock = Clock::System { vouched: true };
        let hub = Hub::start(HubOptions { folder: folder.path().into(), settings, clock, keys: false }).await.unwrap();
        let branch = hub.branch.clone();
        branch.ask(kit::ask(Command::OpenDesk { desk: kit::desk_id(1) })).await.unwrap();
        for n in 0..calls + 50 {
            branch.ask(kit::ask(kit::issue(n, "R"))).await.unwrap();
        }
        let before = kit::resident_kib(std::process::id());
        let (target, bytes) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
        let (seen, mut arrivals) = mpsc::unbounded_channel();
        let address = hub.local_url.trim_start_matches("http://").to_owned();
        for _ in 0..phones {
            tokio::spawn(phone(address.clone(), target.clone(), seen.clone(), bytes.clone()));
        }
        while hub.app.counters.feed_clients.load(Ordering::Relaxed) < phones {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
        let joined = kit::resident_kib(std::process::id());
        bytes.store(0, Ordering::Relaxed);
        let mut times = Times::default();
        for _ in 0..calls {
            // the first call brings one event, later ones finish the one before
            let next = branch.live().queue.seq() + if branch.live().queue.calls().next().is_some() { 2 } else { 1 };
            target.store(next, Ordering::Release);
            let begun = kit::now();
            branch.ask(kit::ask(Command::CallNext { desk: kit::desk_id(1) })).await.unwrap();
            for _ in 0..phones {
                arrivals.recv().await.unwrap();
            }
            times.add(begun.elapsed());
        }
        println!("call to the last of {phones} phones: {}", times.line());
        println!("bytes a phone and call: {}", bytes.load(Ordering::Relaxed) / phones / calls);
        println!("memory a phone, both ends in this process: {:.1} KiB", (joined - before) as f64 / phones as f64);
        hub.stop().await;
    });
}
