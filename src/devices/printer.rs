//! Tickets on paper: what stands on one (here), the printer of the settings (`open.rs`), what its troubles are called
//! (`trouble.rs`), and the spool's worker (`spool.rs`).

mod open;
mod spool;
mod trouble;

use nowserving_hardware::JobName;

pub use open::{PrinterReport, look_at_printer, open_printer};
pub use spool::{Upkeep, print_jobs};

use crate::branch::Branch;
use crate::ledger::{PrintRow, Slip};
use crate::paper::{PaperStyle, Stationery, TicketPaper, VoucherPaper};
use crate::phrase::Words;
use crate::signage::on_paper;

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

/// What is to be printed.
enum Paper {
    Ticket(Box<TicketPaper>, Words),
    Voucher(VoucherPaper),
}

/// What stands on the paper of a job, and the job's name. `None`: its day is over, or a ticket has ended before its paper came.
fn describe(branch: &Branch, row: PrintRow, language: Words, stationery: &Stationery) -> Option<(JobName, Paper)> {
    let live = branch.live();
    let ticket = live.queue.ticket(row.ticket)?;
    if row.slip == Slip::Ticket && ticket.is_over() {
        return None;
    }
    let words = ticket.language.as_ref().and_then(|lang| Words::of(lang.as_str())).unwrap_or(language);
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
        return Some((name, Paper::Voucher(paper)));
    }
    let answer = || {
        let local = branch.now().local();
        on_paper(&branch.content(), (&ticket.service, ticket.promise.as_ref()), [&words.lang(), &language.lang()], local)
    };
    let paper = TicketPaper {
        copy: row.slip == Slip::Copy,
        answer: stationery.parts.answer.then(answer).flatten(),
        ..stationery.ticket(&live.queue, ticket, words, ticket.large)
    };
    Some((name, Paper::Ticket(Box::new(paper), words)))
}
