//! The print spool's worker: queued → sending → sent → confirmed | unknown.

use std::path::Path;
use std::time::Duration;

use nowserving_hardware::{Job, JobName, Outcome, Printer};
use rusqlite::Connection;
use tokio::sync::mpsc::UnboundedReceiver;

use super::stationery::Drawer;
use crate::branch::Branch;
use crate::ledger::{self, Fault, PrintRow, PrintState, Slip, Spool};
use crate::paper::{PaperStyle, PaperWords, Stationery, TicketPaper, Typesetter, VoucherPaper};
use crate::phrase::Words;

/// How long a job waits for a printer that was not ready.
const AGAIN: Duration = Duration::from_secs(5);

/// What stands on every ticket.
#[derive(Clone, Debug)]
pub struct PaperOptions {
    /// The branch's name.
    pub store: String,
    /// Where ticket pages are, without a slash at the end.
    pub public_url: String,
    /// What the branch speaks to whoever chose nothing.
    pub words: Words,
    /// Paper and printer.
    pub style: PaperStyle,
}

/// Prints every job that comes, one after another, until the sender is gone. Runs on a thread of its own.
///
/// # Errors
/// A [`Fault`] if the ledger cannot be opened. What goes wrong with one job is logged and kept in its row.
pub fn print_jobs(
    mut jobs: UnboundedReceiver<PrintRow>,
    printer: &mut dyn Printer,
    branch: &Branch,
    ledger: &Path,
    options: &PaperOptions,
) -> Result<(), Fault> {
    let connection = ledger::open(ledger)?;
    let mut typesetter = match Typesetter::new() {
        Ok(typesetter) => typesetter,
        Err(error) => {
            tracing::error!(%error, "no paper tickets: they cannot be laid out");
            return Ok(());
        }
    };
    let mut drawer = Drawer::new(options);
    while let Some(row) = jobs.blocking_recv() {
        let stationery = drawer.live(&connection);
        let Some((name, paper)) = describe(branch, row, stationery) else {
            // a ticket of an earlier day: nobody waits for that paper any more
            set(&connection, branch, row, PrintState::Unknown, Some("the ticket's day was over before it was printed"));
            continue;
        };
        let typeset = match &paper {
            Paper::Ticket(paper, words) => typesetter.ticket(paper, &PaperWords::of(*words), options.style),
            Paper::Voucher(paper, words) => typesetter.voucher(paper, &PaperWords::of(*words), options.style),
        };
        let typeset = match typeset {
            Ok(typeset) => typeset,
            Err(error) => {
                tracing::error!(%error, job = name.as_str(), "a paper could not be laid out");
                set(&connection, branch, row, PrintState::Unknown, Some("it could not be laid out"));
                continue;
            }
        };
        for warning in &typeset.warnings {
            tracing::warn!(%warning, job = name.as_str(), "on paper");
        }
        send(printer, &connection, branch, row, &Job { name, bitmap: typeset.bitmap });
    }
    Ok(())
}

/// Sends a job until the printer takes it. Nothing is sent again once a byte may be out.
fn send(printer: &mut dyn Printer, connection: &Connection, branch: &Branch, row: PrintRow, job: &Job) {
    let mut told = false;
    loop {
        set(connection, branch, row, PrintState::Sending, None);
        match printer.print(job) {
            Ok(Outcome::Confirmed) => return set(connection, branch, row, PrintState::Confirmed, None),
            Ok(Outcome::Unknown { why }) => {
                tracing::warn!(job = job.name.as_str(), why, "nobody knows whether this ticket is on paper");
                return set(connection, branch, row, PrintState::Unknown, Some(&why));
            }
            Err(error) => {
                if !told {
                    tracing::warn!(job = job.name.as_str(), %error, "the printer is not ready; the ticket waits for it");
                    told = true;
                }
                set(connection, branch, row, PrintState::Queued, None);
                std::thread::sleep(AGAIN);
            }
        }
    }
}

fn set(connection: &Connection, branch: &Branch, row: PrintRow, state: PrintState, detail: Option<&str>) {
    if let Err(error) = Spool::set(connection, row.id, state, detail, branch.now().wall_ms) {
        tracing::error!(%error, job = row.id, "how far a print job came could not be written down");
    }
}

/// What is to be printed.
enum Paper {
    Ticket(TicketPaper, Words),
    Voucher(VoucherPaper, Words),
}

/// What stands on the paper of a job, and the job's name.
fn describe(branch: &Branch, row: PrintRow, stationery: &Stationery) -> Option<(JobName, Paper)> {
    let live = branch.live();
    let ticket = live.queue.ticket(row.ticket)?;
    let words = ticket.language.as_ref().and_then(|lang| Words::of(lang.as_str())).unwrap_or(stationery.words);
    let day = live.queue.day()?;
    let what = match row.slip {
        Slip::Ticket => String::new(),
        Slip::Copy => format!("-copy{}", row.id),
        Slip::Voucher => "-voucher".into(),
    };
    let name = JobName::new(format!("{}-{}-{}{what}", day.date, day.number, ticket.number)).ok()?;
    if row.slip == Slip::Voucher {
        let given = live.queue.courtesy(row.ticket)?;
        let paper = VoucherPaper {
            store: stationery.store.clone(),
            why: words.sorry_number(&ticket.number),
            text: given.courtesy.text.clone(),
            code: given.courtesy.code?.to_string(),
            valid: words.voucher_valid().into(),
        };
        return Some((name, Paper::Voucher(paper, words)));
    }
    let stationery = stationery.spoken(words);
    let paper = TicketPaper { copy: row.slip == Slip::Copy, ..stationery.ticket(&live.queue, ticket, false) };
    Some((name, Paper::Ticket(paper, words)))
}
