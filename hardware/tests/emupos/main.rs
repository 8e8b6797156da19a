//! Against a printer that nobody here wrote: every fault `emupos` knows, at rest and in the middle of a ticket, over TCP and over
//! a serial line.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

mod simulator;

use std::ops::ControlFlow;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::Duration;

use nowserving_hardware::{
    Bitmap, Flow, Job, JobName, Outcome, Patience, PortError, Printer, PrinterError, PrinterStatus, Profile, ReceiptPrinter,
    SerialPort, Stage, TcpPort, Transport,
};
use simulator::Emupos;

/// A picture that is not its own mirror image, with everything that a printer could take for a command in it.
fn job(name: &str) -> Job {
    let dots = (0..48 * 300_usize).map(|at| match at / 48 % 60 {
        0..20 => 0,
        row if row % 7 == 0 => [0x10, 0x04, 0x01, 0x10, 0x14, 0x01, 0x00, 0x01][at % 8],
        _ => u8::try_from((at * 7 + name.len()) % 251).unwrap(),
    });
    Job { name: JobName::new(name).unwrap(), bitmap: Bitmap::from_bytes(384, 300, dots.collect()).unwrap() }
}

fn patience() -> Patience {
    // a simulator on a busy machine may be slow to answer, and never says that a blocked ticket is out
    Patience { answer: Duration::from_millis(1_500), finish: Duration::from_secs(20), ..Patience::default() }
}

fn printer(simulator: &Emupos, serial: bool) -> ReceiptPrinter {
    let port: Box<dyn Transport> = match serial {
        true => Box::new(SerialPort::new(simulator.serial(), 38_400, Flow::None)),
        false => Box::new(TcpPort::new(&format!("127.0.0.1:{}", simulator.tcp))),
    };
    ReceiptPrinter::new(port, Profile::find("generic").unwrap(), patience())
}

fn printer_at(address: &str, patience: Patience) -> ReceiptPrinter {
    ReceiptPrinter::new(Box::new(TcpPort::new(address)), Profile::find("generic").unwrap(), patience)
}

fn recover(printer: &mut ReceiptPrinter) -> Vec<JobName> {
    let mut late = Vec::new();
    for _ in 0..60 {
        let status = printer.status();
        late.extend(printer.came_late());
        if status.can_print() {
            return late;
        }
    }
    panic!("it does not come back: {:?}", printer.status());
}

fn go(_: Stage) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

/// Waits until that many papers are out: the simulator draws after it has answered.
fn wait_for_papers(simulator: &Emupos, count: usize) {
    for _ in 0..300 {
        if simulator.papers().len() >= count {
            break;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    assert_eq!(simulator.papers().len(), count);
}

const FAULTS: [(&str, PrinterStatus); 3] =
    [("paper-out", PrinterStatus::PaperOut), ("cover-open", PrinterStatus::CoverOpen), ("offline", PrinterStatus::Offline)];

fn every_fault(test: &str, serial: bool) {
    let Some(simulator) = Emupos::start(test, 384) else { return };
    let simulator = Rc::new(simulator);
    let mut printer = printer(&simulator, serial);
    recover(&mut printer);
    assert_eq!(printer.print(&job("first"), &mut go).unwrap(), Outcome::Confirmed);
    let mut papers = 1;
    wait_for_papers(&simulator, papers);

    // near its end, it prints
    simulator.fault("paper-near-end", true);
    assert_eq!(printer.status(), PrinterStatus::PaperNearEnd);
    assert_eq!(printer.print(&job("near"), &mut go).unwrap(), Outcome::Confirmed);
    simulator.fault("paper-near-end", false);
    papers += 1;
    wait_for_papers(&simulator, papers);

    for (fault, status) in FAULTS {
        // at rest: nothing is sent
        simulator.fault(fault, true);
        assert_eq!(printer.status(), status);
        let mut stages = Vec::new();
        let refused = printer.print(&job("rest"), &mut |stage| {
            stages.push(stage);
            go(stage)
        });
        assert!(matches!(&refused, Err(PrinterError::NotReady(told)) if *told == status), "{refused:?}");
        assert_eq!(stages, []);
        simulator.fault(fault, false);
        assert_eq!(recover(&mut printer), []);

        // in the middle: unknown, sent once, and confirmed when it has come out after all
        let name = JobName::new(fault).unwrap();
        let meddler = Rc::clone(&simulator);
        let outcome = printer.print(&Job { name: name.clone(), ..job("middle") }, &mut |stage| {
            if stage == Stage::Sending {
                meddler.fault(fault, true);
            }
            go(stage)
        });
        let Ok(Outcome::Unknown { why }) = outcome else { panic!("{fault}: {outcome:?}") };
        assert!(why.contains(&status.to_string()), "{why}");
        assert_eq!(simulator.papers().len(), papers, "{fault}: held, not printed");
        assert!(matches!(printer.print(&job("next"), &mut go), Err(PrinterError::NotReady(_))));
        simulator.fault(fault, false);
        assert_eq!(recover(&mut printer), [name], "{fault}");
        papers += 1;
        wait_for_papers(&simulator, papers);
        assert_eq!(printer.print(&job("after"), &mut go).unwrap(), Outcome::Confirmed);
        papers += 1;
        wait_for_papers(&simulator, papers);
    }

    // the dots on paper are the dots that were sent
    let dots = |path: &std::path::Path| {
        let mut reader = png::Decoder::new(std::io::BufReader::new(std::fs::File::open(path).unwrap()));
        reader.set_transformations(png::Transformations::EXPAND | png::Transformations::STRIP_16);
        let mut reader = reader.read_info().unwrap();
        let mut seen = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut seen).unwrap();
        let step = info.buffer_size() / (info.width * info.height) as usize;
        (info.width, seen.chunks(step).map(|dot| dot[0] < 128).collect::<Vec<_>>())
    };
    let (width, seen) = dots(&simulator.papers()[0]);
    let job = job("first");
    assert_eq!(width, 384);
    let differ = (0..300 * 384).filter(|at| {
        let (x, y) = (at % 384, at / 384);
        seen.get(*at as usize).copied().unwrap_or(false) != job.bitmap.is_black(x, y)
    });
    let (differ, dangers) =
        (differ.count(), job.bitmap.bytes().windows(2).filter(|p| p[0] == 16 && [4, 20].contains(&p[1])).count());
    assert_eq!(differ, dangers, "only what would have been a command differs, by a dot each");
}

#[test]
fn every_fault_over_tcp() {
    every_fault("every_fault_over_tcp", false);
}

#[test]
fn every_fault_over_a_serial_line() {
    every_fault("every_fault_over_a_serial_line", true);
}

/// A way that breaks after so many bytes.
struct Breaks {
    port: TcpPort,
    left: Arc<AtomicUsize>,
}

impl Transport for Breaks {
    fn connect(&mut self, timeout: Duration) -> Result<(), PortError> {
        self.port.connect(timeout)
    }

    fn write(&mut self, bytes: &[u8], timeout: Duration) -> Result<usize, PortError> {
        let left = self.left.load(Relaxed);
        if left == 0 {
            let source = std::io::ErrorKind::BrokenPipe.into();
            return Err(PortError::Unplugged { place: self.place(), source });
        }
        let count = self.port.write(&bytes[..left.min(bytes.len())], timeout)?;
        self.left.fetch_sub(count, Relaxed);
        Ok(count)
    }

    fn read(&mut self, into: &mut [u8], timeout: Duration) -> Result<usize, PortError> {
        self.port.read(into, timeout)
    }

    fn disconnect(&mut self) {
        self.port.disconnect();
        self.left.store(usize::MAX, Relaxed);
    }

    fn place(&self) -> String {
        self.port.place()
    }
}

#[test]
fn a_connection_that_breaks_in_a_ticket_leaves_it_unknown_and_the_next_one_whole() {
    let Some(simulator) = Emupos::start("a_connection_that_breaks_in_a_ticket", 384) else { return };
    let left = Arc::new(AtomicUsize::new(usize::MAX));
    let port = Breaks { port: TcpPort::new(&format!("127.0.0.1:{}", simulator.tcp)), left: Arc::clone(&left) };
    let mut printer = ReceiptPrinter::new(Box::new(port), Profile::find("generic").unwrap(), patience());
    recover(&mut printer);
    for at in [1, 3, 5, 9, 700, 3_000, 5_000] {
        let outcome = printer.print(&job("torn"), &mut |stage| {
            if stage == Stage::Sending {
                left.store(at, Relaxed);
            }
            go(stage)
        });
        assert!(matches!(&outcome, Ok(Outcome::Unknown { why }) if why.contains(&format!("after {at} of"))), "{outcome:?}");
        assert_eq!(recover(&mut printer), []);
        let before = simulator.papers().len();
        assert_eq!(printer.print(&job("whole"), &mut go).unwrap(), Outcome::Confirmed, "{at}");
        wait_for_papers(&simulator, before + 1);
    }
}

#[test]
fn nobody_there_and_nobody_listening_are_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let mut missing = SerialPort::new(folder.path().join("ttyNone"), 9_600, Flow::None);
    assert!(matches!(missing.connect(Duration::from_secs(1)), Err(PortError::Unplugged { .. })));
    let mut file = SerialPort::new(folder.path(), 9_600, Flow::None);
    assert!(file.connect(Duration::from_secs(1)).is_err());
    // a port that was free a moment ago
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let mut refused = TcpPort::new(&format!("127.0.0.1:{port}"));
    let nobody = refused.connect(Duration::from_secs(1));
    assert!(
        matches!(&nobody, Err(PortError::Nobody { why }) if why.contains(&format!("127.0.0.1 port {port}"))),
        "{nobody:?}"
    );
    // one that accepts and hangs up, as a printer that serves another computer
    let busy = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = busy.local_addr().unwrap();
    let doorman = std::thread::spawn(move || (0..2).for_each(|_| drop(busy.accept().unwrap())));
    let mut printer = printer_at(&address.to_string(), Patience::default());
    let status = printer.status();
    let says = format!("127.0.0.1 port {} hangs up at once", address.port());
    assert!(matches!(&status, PrinterStatus::Unreachable(why) if why.starts_with(&says)), "{status:?}");
    doorman.join().unwrap();
    // one that accepts and says nothing
    let mute = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let quick = Patience { answer: Duration::from_millis(50), ..Patience::default() };
    let mut printer = printer_at(&mute.local_addr().unwrap().to_string(), quick);
    assert_eq!(printer.status(), PrinterStatus::Silent);
    drop(mute);
}
