use std::time::Duration;

use super::*;
use crate::{Bitmap, Mood, SimulatedPrinter, SimulatorHandle};

/// A picture with ink, a gap and a real-time command in its dots, and what a reader sees of it.
fn picture(seed: u8) -> Bitmap {
    let mut bytes = vec![0; 8 * 44];
    for (at, byte) in bytes.iter_mut().enumerate().filter(|(at, _)| *at < 64 || *at > 320) {
        *byte = seed.wrapping_mul(31).wrapping_add(u8::try_from(at % 251).unwrap()) | 1;
    }
    bytes[8..11].copy_from_slice(&[0x10, 0x04, 0x01]);
    Bitmap::from_bytes(64, 44, bytes).unwrap()
}

fn job(name: &str, seed: u8) -> Job {
    Job { name: JobName::new(name).unwrap(), bitmap: picture(seed) }
}

fn seen(job: &Job) -> Vec<Vec<u8>> {
    let mut alone = printer("GS r", 4_096);
    assert_eq!(alone.print(job), Outcome::Confirmed);
    alone.papers().pop().unwrap()
}

struct Bench {
    printer: ReceiptPrinter,
    handle: SimulatorHandle,
    stages: Vec<Stage>,
}

impl std::ops::Deref for Bench {
    type Target = SimulatorHandle;
    fn deref(&self) -> &SimulatorHandle {
        &self.handle
    }
}

fn printer(done: &str, room: usize) -> Bench {
    let (port, handle) = SimulatedPrinter::new(room, true);
    static GENERIC: std::sync::LazyLock<Profile> = std::sync::LazyLock::new(|| Profile::find("generic").unwrap());
    let generic = GENERIC.clone();
    let done = match done {
        "GS r" => Done::InLine,
        "GS ( H" => Done::Named,
        "ask" => Done::Ask,
        _ => Done::Never,
    };
    let printer = ReceiptPrinter::new(Box::new(port), Profile { done, ..generic }, Patience::default());
    Bench { printer, handle, stages: Vec::new() }
}

impl Bench {
    fn try_print(&mut self, job: &Job) -> Result<Outcome, PrinterError> {
        self.stages.clear();
        self.printer.print(job, &mut |stage| {
            self.stages.push(stage);
            ControlFlow::Continue(())
        })
    }

    #[track_caller]
    fn print(&mut self, job: &Job) -> Outcome {
        self.try_print(job).unwrap()
    }

    /// Looks until it is ready again; the names of tickets that came out late.
    #[track_caller]
    fn recover(&mut self) -> Vec<JobName> {
        let mut late = Vec::new();
        for _ in 0..60 {
            let ready = self.printer.status().can_print();
            late.extend(self.printer.came_late());
            if ready {
                return late;
            }
        }
        panic!("it does not come back: {:?}", self.printer.status());
    }

    fn told(&self) -> Vec<Stage> {
        self.stages.iter().copied().filter(|stage| *stage != Stage::Waiting).collect()
    }
}

#[test]
fn a_ticket_is_sent_then_confirmed_whatever_way_the_printer_says_so() {
    for done in ["GS r", "GS ( H", "ask"] {
        let mut bench = printer(done, 4_096);
        assert_eq!(bench.printer.status(), PrinterStatus::Ready, "{done}");
        for n in 1..4 {
            assert_eq!(bench.print(&job("a", n)), Outcome::Confirmed, "{done}");
            assert_eq!(bench.told(), [Stage::Sending, Stage::Sent]);
        }
        assert_eq!(bench.papers().len(), 3);
    }
}

#[test]
fn a_clone_that_cannot_say_so_is_found_out_and_its_tickets_are_sent_not_confirmed() {
    let mut bench = printer("ask", 4_096);
    bench.answers_no_questions();
    assert_eq!(bench.print(&job("a", 1)), Outcome::Sent);
    bench.recover();
    assert_eq!(bench.print(&job("b", 2)), Outcome::Sent);
    assert_eq!(bench.papers().len(), 2);
    bench.set_after(150, Mood::PaperOut);
    assert!(matches!(bench.print(&job("c", 3)), Outcome::Unknown { .. }), "it was sent to a printer that then said no");
}

#[test]
fn each_trouble_has_its_name_and_nothing_is_sent() {
    let troubles = [
        (Mood::PaperOut, PrinterStatus::PaperOut),
        (Mood::CoverOpen, PrinterStatus::CoverOpen),
        (Mood::Cutter, PrinterStatus::Cutter),
        (Mood::Overheated, PrinterStatus::Overheated),
        (Mood::Unrecoverable, PrinterStatus::Unrecoverable),
        (Mood::Offline, PrinterStatus::Offline),
        (Mood::Silent, PrinterStatus::Silent),
        (Mood::Unplugged, PrinterStatus::Unplugged),
    ];
    for (mood, status) in troubles {
        let mut bench = printer("GS r", 4_096);
        bench.recover();
        let before = bench.papers().len();
        bench.set(mood);
        assert_eq!(bench.printer.status(), status);
        assert!(matches!(bench.try_print(&job("a", 1)), Err(PrinterError::NotReady(told)) if told == status));
        assert_eq!(bench.told(), [], "{mood:?}: nothing is written down as sending");
        bench.set(Mood::Well);
        assert_eq!(bench.recover(), []);
        assert_eq!(bench.print(&job("a", 1)), Outcome::Confirmed, "{mood:?}");
        assert_eq!(bench.papers().len(), before + 1);
    }
    let mut bench = printer("GS r", 4_096);
    bench.set(Mood::Refused);
    assert!(matches!(bench.printer.status(), PrinterStatus::Refused(_)));
    bench.set(Mood::NearEnd);
    bench.recover();
    assert_eq!(bench.printer.status(), PrinterStatus::PaperNearEnd);
    assert_eq!(bench.print(&job("a", 1)), Outcome::Confirmed);
}

#[test]
fn paper_that_ends_in_the_middle_is_unknown_and_confirmed_late_when_it_comes_out() {
    for done in ["GS r", "GS ( H"] {
        let mut bench = printer(done, 4_096);
        bench.recover();
        bench.set_after(150, Mood::PaperOut);
        let a = job("a", 1);
        let Outcome::Unknown { why } = bench.print(&a) else { panic!("{done}") };
        assert!(why.contains("paper is out"), "{why}");
        assert!(matches!(bench.try_print(&job("b", 2)), Err(PrinterError::NotReady(PrinterStatus::PaperOut))));
        bench.set(Mood::Well);
        assert_eq!(bench.recover(), std::slice::from_ref(&a.name), "{done}");
        assert_eq!(bench.print(&job("b", 2)), Outcome::Confirmed);
        assert_eq!(bench.papers(), [seen(&a), seen(&job("b", 2))]);
    }
}

#[test]
fn an_answer_of_the_ticket_before_never_confirms_the_next() {
    // the printer answers only after we have given up on the first, and the second is cut off before its end
    for done in ["GS r", "GS ( H"] {
        for late in [1, 20, 80, 90, 120, 200, 400] {
            let mut bench = printer(done, 8_192);
            bench.recover();
            bench.answers_late(late);
            let first = bench.print(&job("a", 1));
            let mut confirmed = usize::from(first == Outcome::Confirmed);
            for n in 2..5 {
                for _ in 0..100 {
                    if bench.printer.status().can_print() {
                        break;
                    }
                }
                confirmed += std::iter::from_fn(|| bench.printer.came_late()).count();
                let whole = bench.papers().len();
                assert!(confirmed <= whole, "{done} {late}: {confirmed} confirmed, {whole} out");
                bench.set_after(120, Mood::PaperOut);
                match bench.try_print(&job("b", n)) {
                    Ok(Outcome::Confirmed) => panic!("{done} {late}: confirmed without paper"),
                    Ok(_) | Err(_) => bench.set(Mood::Well),
                }
            }
        }
    }
}

/// Cuts the way after every byte, in every manner, and looks at what is on paper and what is said of it.
#[test]
fn cut_off_after_every_byte_there_is_never_a_second_ticket_nor_one_confirmed_that_is_not_there() {
    let (a, b) = (job("a", 7), job("b", 8));
    let (seen_a, seen_b) = (seen(&a), seen(&b));
    let moods = [Mood::Unplugged, Mood::Silent, Mood::PaperOut, Mood::CoverOpen, Mood::Cutter, Mood::Overheated];
    let (mut late, mut unknown, mut cut) = (0, 0, 0);
    let length = escpos::ticket(&a.bitmap, &Profile::find("generic").unwrap().end(), None).len() + 16;
    for (done, rooms) in [("GS r", &[0, 64, 4_096][..]), ("GS ( H", &[64, 4_096]), ("ask", &[64]), ("none", &[64])] {
        for room in rooms.iter().copied() {
            for (mood, off) in moods.iter().flat_map(|mood| [(*mood, false), (*mood, true)]) {
                for at in 0..length {
                    let mut bench = printer(done, room);
                    bench.recover();
                    bench.set_after(9 + at, mood);
                    let first = bench.try_print(&a);
                    let unsent = matches!(&first, Err(PrinterError::NotReady(_)));
                    let mut said = usize::from(matches!(first, Ok(Outcome::Confirmed)));
                    if off {
                        bench.switch_off_and_on();
                    } else {
                        bench.set(Mood::Well);
                    }
                    let came = bench.recover();
                    late += came.len();
                    said += came.len();
                    let is_a = |paper: &&Vec<Vec<u8>>| **paper == seen_a;
                    let out = bench.papers().iter().filter(is_a).count();
                    assert!(said <= out && out <= 1, "{done} {room} {mood:?} {off} {at}: said {said}, out {out}");
                    if unsent {
                        assert_eq!(out, 0, "{done} {room} {mood:?} {off} {at}: it is to be tried again");
                    } else if said == 0 {
                        unknown += 1;
                    }
                    let second = bench.print(&b);
                    let where_to = format!("{done} {room} {mood:?} {off} {at}: {second:?}");
                    assert!(!matches!(second, Outcome::Unknown { .. }), "{where_to}");
                    assert_eq!(bench.papers().last(), Some(&seen_b), "{where_to}");
                    cut += 1;
                }
            }
        }
    }
    assert!(late > 500 && unknown > 2_000 && cut > 10_000, "a run must have met all: {late} {unknown} {cut}");
}

#[test]
fn a_stop_before_the_first_byte_sends_nothing_and_one_after_it_is_unknown() {
    let mut bench = printer("GS r", 4_096);
    bench.recover();
    let before = bench.taken().len();
    let stop = bench.printer.print(&job("a", 1), &mut |_| ControlFlow::Break(()));
    assert!(matches!(stop, Err(PrinterError::Stopped)));
    let asked = bench.taken().len() - before;
    assert!(asked < 30, "{asked} bytes: more than questions");
    bench.set_after(100, Mood::PaperOut);
    let mut waits = 0;
    let outcome = bench.printer.print(&job("a", 1), &mut |stage| {
        waits += usize::from(stage == Stage::Waiting);
        if stage == Stage::Waiting { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    assert_eq!((matches!(outcome, Ok(Outcome::Unknown { .. })), waits), (true, 1));
}

#[test]
fn a_stop_is_seen_while_a_printer_is_asked_how_it_is() {
    // one that says nothing, so that the question would be waited for in full
    let mut bench = printer("none", 4_096);
    bench.recover();
    bench.set(Mood::Silent);
    let mut waits = 0;
    let outcome = bench.printer.print(&job("a", 1), &mut |_| {
        waits += 1;
        ControlFlow::Break(())
    });
    assert!(matches!(outcome, Err(PrinterError::Stopped)), "{outcome:?}");
    assert_eq!(waits, 1);
    // and after the last byte, of one that has fallen silent
    let mut bench = printer("GS ( H", 4_096);
    bench.recover();
    bench.answers_late(1_000);
    let (mut sent, mut waits) = (false, 0);
    let handle = bench.handle.clone();
    let outcome = bench.printer.print(&job("a", 1), &mut |stage| {
        if stage == Stage::Sent {
            sent = true;
            handle.set(Mood::Silent);
        }
        waits += usize::from(sent && stage == Stage::Waiting);
        // five slices of a second, then the first of the question
        if waits == 6 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    assert!(matches!(&outcome, Ok(Outcome::Unknown { why }) if why.contains("stopped")), "{outcome:?}");
    assert_eq!(waits, 6);
}

#[test]
fn chatter_is_dropped() {
    let mut bench = printer("GS r", 4_096);
    bench.recover();
    // paper sensor, flow control, automatic status, another's name, rubbish
    bench.babbles(&[0x00, 0x11, 0x13, 0x14, 0x00, 0x00, 0x0f, 0x37, 0x22, b'a', b'b', b'c', b'd', 0x00, 0xff, 0x37]);
    bench.set_after(60, Mood::Silent);
    assert!(!matches!(bench.try_print(&job("a", 1)), Ok(Outcome::Confirmed)));
}

#[test]
fn names_are_told_apart() {
    let names: std::collections::BTreeSet<_> = (0..20_000).map(|n| four_letters(&format!("2026-11-24-1-R{n:03}"))).collect();
    assert!(names.len() >= 19_995, "{}", names.len());
    assert!(names.iter().flatten().all(|letter| (0x21..=0x7a).contains(letter)));
}

#[test]
fn an_answer_in_line_that_says_no_paper_confirms_nothing_now_or_later() {
    for done in ["GS r", "ask"] {
        let mut bench = printer(done, 4_096);
        bench.recover();
        bench.denies_paper_in_line();
        let Outcome::Unknown { why } = bench.print(&job("a", 1)) else { panic!("{done}") };
        assert!(why.contains("no paper"), "{why}");
        assert_eq!(bench.recover(), [], "{done}");
    }
    // nor does one that comes after it was given up
    let mut bench = printer("GS r", 4_096);
    bench.recover();
    bench.denies_paper_in_line();
    bench.set_after(150, Mood::PaperOut);
    assert!(matches!(bench.print(&job("a", 1)), Outcome::Unknown { .. }));
    bench.set(Mood::Well);
    assert_eq!(bench.recover(), []);
}

#[test]
fn a_profile_that_names_gs_r_is_believed_only_once_the_printer_has_answered_it() {
    // it says its paper sensor by itself now and then, and ignores every question in line
    for byte in [0x00, 0x03] {
        for every in 4..60 {
            let mut bench = printer("GS r", 4_096);
            bench.answers_no_questions();
            bench.drips(byte, every);
            for n in 1..8 {
                let outcome = bench.try_print(&job("a", n));
                assert!(!matches!(outcome, Ok(Outcome::Confirmed)), "{byte:#x} every {every}: {n}");
                assert_eq!(bench.printer.came_late(), None, "{byte:#x} every {every}: {n}");
            }
        }
    }
    // another printer may be at the end of a new connection
    let mut bench = printer("GS r", 4_096);
    assert_eq!(bench.print(&job("a", 1)), Outcome::Confirmed);
    bench.answers_no_questions();
    bench.set(Mood::Unplugged);
    bench.printer.status();
    bench.set(Mood::Well);
    bench.drips(0x00, 11);
    bench.recover();
    assert_eq!(bench.print(&job("b", 2)), Outcome::Sent);
}

#[test]
fn chatter_of_any_rhythm_is_no_confirmation() {
    for done in ["GS r", "ask"] {
        for byte in [0x00, 0x03, 0x0c, 0x0f, 0x05, 0x20, 0x61] {
            for every in 1..4 {
                let mut bench = printer(done, 4_096);
                bench.answers_no_questions();
                bench.drips(byte, every);
                for n in 1..8 {
                    let outcome = bench.try_print(&job("a", n));
                    assert!(!matches!(outcome, Ok(Outcome::Confirmed)), "{done} {byte:#x} {every} {n}");
                    assert_eq!(bench.printer.came_late(), None, "{done} {byte:#x} {every} {n}");
                }
            }
        }
    }
    // and only what has the form of an answer is one
    assert!((0..=255).filter(|byte| answers(&Reply::Paper(*byte), &Command::AskPaper)).eq([0x00, 0x03, 0x0c, 0x0f]));
}

/// A printer behind a way that counts how often it was waited for.
struct Counted(SimulatedPrinter, std::sync::Arc<std::sync::atomic::AtomicUsize>);

impl Transport for Counted {
    fn connect(&mut self, timeout: Duration) -> Result<(), PortError> {
        self.0.connect(timeout)
    }
    fn write(&mut self, bytes: &[u8], timeout: Duration) -> Result<usize, PortError> {
        self.1.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        self.0.write(bytes, timeout)
    }
    fn read(&mut self, into: &mut [u8], timeout: Duration) -> Result<usize, PortError> {
        self.1.fetch_add(usize::from(!timeout.is_zero()), std::sync::atomic::Ordering::Relaxed);
        self.0.read(into, timeout)
    }
    fn disconnect(&mut self) {
        self.0.disconnect();
    }
    fn place(&self) -> String {
        self.0.place()
    }
}

#[test]
fn a_printer_that_drips_holds_nobody_and_is_silent() {
    let (port, handle) = SimulatedPrinter::new(4_096, true);
    handle.answers_no_questions();
    handle.drips(0x00, 1);
    let waits = std::sync::Arc::default();
    let port = Counted(port, std::sync::Arc::clone(&waits));
    let profile = Profile { done: Done::InLine, ..Profile::find("generic").unwrap() };
    let mut printer = ReceiptPrinter::new(Box::new(port), profile, Patience::default());
    let waited = || waits.swap(0, std::sync::atomic::Ordering::Relaxed);
    for _ in 0..10 {
        printer.status();
        // at 200 ms each
        let count = waited();
        assert!(count < 150, "{count} waits in one look");
    }
    // one that says nothing to the point
    handle.set(Mood::Well);
    let (port, handle) = SimulatedPrinter::new(0, false);
    handle.set(Mood::Offline);
    handle.drips(0x20, 1);
    let mut printer = ReceiptPrinter::new(Box::new(port), Profile::find("generic").unwrap(), Patience::default());
    assert_eq!(printer.status(), PrinterStatus::Silent);
}

#[test]
fn a_printer_that_sips_ends_as_unknown_and_a_stop_is_seen_at_every_round() {
    let mut bench = printer("GS r", 4_096);
    bench.recover();
    bench.sips(1);
    let Outcome::Unknown { why } = bench.print(&job("a", 1)) else { panic!("it takes 352 bytes one by one") };
    assert!(why.contains("bytes in all the time"), "{why}");
    assert!(bench.stages.len() < 100, "{} rounds", bench.stages.len());
    let mut bench = printer("GS r", 4_096);
    bench.recover();
    bench.sips(16);
    let mut waits = 0;
    let outcome = bench.printer.print(&job("a", 1), &mut |stage| {
        waits += usize::from(stage == Stage::Waiting);
        if waits == 2 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    assert!(matches!(outcome, Ok(Outcome::Unknown { why }) if why.contains("stopped")));
    assert_eq!(waits, 2);
}
