//! From a press to paper: issue to durable, and to the first byte at a printer, against the floor of the same disk; and what a
//! ticket weighs.
//!
//! `cargo bench --no-default-features --bench hub -- paper`; `BENCH_DIR` puts the files on another disk.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use nowserving::branch::{Branch, Options, apply_seed};
use nowserving::clock::Clock;
use nowserving::devices::{PaperOptions, Upkeep, print_jobs};
use nowserving::ledger;
use nowserving::paper::{PaperStyle, PaperWords, TicketPaper, Typesetter};
use nowserving::phrase::Words;
use nowserving_hardware::escpos::{Command, Decoder, Reply, ticket};
use nowserving_hardware::{Bitmap, Patience, Profile, ReceiptPrinter, TcpPort};

use crate::{durable, kit};

const ROUNDS: u64 = 40;
const A_ROUND: u64 = 20;
/// Between tickets: customers do not come in one another's milliseconds, and the row of the last one is written.
const PAUSE: Duration = Duration::from_millis(12);

/// A printer that is well, prints at once, and tells when each ticket's first byte came in.
fn printer(mut stream: TcpStream, begun: &mpsc::Sender<Instant>) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut decoder = Decoder::default();
    let mut bytes = [0; 4_096];
    loop {
        let count = stream.read(&mut bytes)?;
        let at = kit::now();
        if count == 0 {
            return Ok(());
        }
        let mut answers = Vec::new();
        for command in decoder.read(&bytes[..count]) {
            match command {
                // a ticket begins with it, and the bytes are looked at as soon as they are there
                Command::Init => drop(begun.send(at)),
                Command::Status(_) => answers.extend(Reply::Status(0x12).bytes()),
                Command::AskPaper => answers.extend(Reply::Paper(0).bytes()),
                _ => {}
            }
        }
        stream.write_all(&answers)?;
    }
}

fn options() -> PaperOptions {
    let words = Words::of("en").unwrap();
    PaperOptions { store: "bench".into(), public_url: "http://192.168.1.5:8080".into(), words, style: PaperStyle::MM80 }
}

/// Durable and first byte, microseconds since the command was asked for.
async fn tickets(branch: &Branch, from: u64, begun: &mpsc::Receiver<Instant>) -> (kit::Times, kit::Times) {
    let (mut durable, mut first) = (kit::Times::default(), kit::Times::default());
    for n in from..from + A_ROUND {
        let asked = kit::now();
        let mut issue = kit::issue(n, "R");
        if let nowserving::queue::Command::Issue { origin, .. } = &mut issue {
            // what a button gives comes out on paper
            *origin = nowserving::queue::Origin::Button;
        }
        branch.ask(kit::ask(issue)).await.unwrap();
        durable.add(asked.elapsed());
        let at = tokio::task::block_in_place(|| begun.recv_timeout(Duration::from_secs(30))).unwrap();
        first.add(at.duration_since(asked));
        tokio::time::sleep(PAUSE).await;
    }
    (durable, first)
}

async fn press_to_first_byte(folder: &std::path::Path) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let (tell, begun) = mpsc::channel();
    std::thread::spawn(move || listener.incoming().flatten().try_for_each(|stream| printer(stream, &tell)));
    let path = ledger::path_in(folder);
    let (jobs, received) = tokio::sync::mpsc::unbounded_channel();
    let open = Options { store: "bench".into(), erase_after_days: 7, printer: Some(jobs) };
    let (branch, writer) = Branch::open(&path, Clock::System { vouched: true }, open).unwrap();
    apply_seed(&branch, &path, &kit::seed()).await.unwrap();
    branch.tick().await;
    assert!(branch.ping().await);
    let (stop, stopping) = tokio::sync::watch::channel(false);
    let (of_worker, runtime) = (branch.clone(), tokio::runtime::Handle::current());
    let worker = std::thread::spawn(move || {
        let port = Box::new(TcpPort::new(&address));
        let device = Box::new(ReceiptPrinter::new(port, Profile::find("generic").unwrap(), Patience::default()));
        print_jobs(received, device, (&of_worker, &path), &options(), Upkeep::new(&runtime, stopping)).unwrap();
    });
    // the first look at a printer takes a while
    tickets(&branch, 1_000_000, &begun).await;
    let (mut durable, mut first, mut floor) = (kit::Times::default(), kit::Times::default(), kit::Times::default());
    for round in 0..ROUNDS {
        let (one, other) = tickets(&branch, round * A_ROUND, &begun).await;
        durable.join(one);
        first.join(other);
        floor.join(durable::bare(&folder.join("bare"), 5_000, A_ROUND, false));
    }
    println!("press to durable:                 {}", durable.line());
    println!("press to first byte at a printer: {}", first.line());
    println!("bare append + fdatasync:          {}", floor.line());
    let syncs = first.us(0.5) / floor.us(0.5);
    println!("     first byte ÷ bare append: p50 {syncs:.2}, p99 {:.2}", first.us(0.99) / floor.us(0.99));
    stop.send_replace(true);
    branch.stop().await;
    drop(branch);
    worker.join().unwrap();
    writer.join().unwrap();
}

fn example(style: PaperStyle) -> Bitmap {
    let paper = TicketPaper {
        store: "Nordlund Hardware".into(),
        service: "Return or exchange".into(),
        number: "R043".into(),
        promise: Some("about 14–27 min".into()),
        made_at: "14:07".into(),
        have_ready: vec!["the item, the receipt or the card you paid with".into()],
        url: "http://192.168.1.5:8080/t/5j7k2m9qxw3r8v4t6y1p0n2b7c".into(),
        ..TicketPaper::default()
    };
    let words = PaperWords::of(Words::of("en").unwrap());
    Typesetter::new().unwrap().ticket(&paper, &words, style).unwrap().bitmap
}

fn weights() {
    let end = Profile::find("generic").unwrap().end();
    for (name, style) in [("58 mm", PaperStyle::MM58), ("80 mm", PaperStyle::MM80)] {
        let bitmap = example(style);
        let bytes = ticket(&bitmap, &end, Some(&Command::AskPaper)).len();
        let mut times = kit::Times::default();
        for _ in 0..500 {
            let begun = kit::now();
            std::hint::black_box(ticket(std::hint::black_box(&bitmap), &end, Some(&Command::AskPaper)));
            times.add(begun.elapsed());
        }
        let (wide, high) = (bitmap.width(), bitmap.height());
        let whole = bitmap.bytes().len();
        println!("{name}: {wide} × {high} dots, {bytes} bytes sent ({whole} of dots); encoded in {}", times.line());
    }
}

/// Measures and prints.
pub(crate) fn run() {
    let base = std::env::var_os("BENCH_DIR").map_or_else(std::env::temp_dir, Into::into);
    let folder = tempfile::tempdir_in(base).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(press_to_first_byte(folder.path()));
    weights();
}
