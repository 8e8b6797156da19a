//! A ticket's bytes on their way, and the wait for its paper.

use std::time::Duration;

use super::{PORTION, ReceiptPrinter, answers, denies, unknown};
use crate::escpos::Command;
use crate::printer::{Outcome, PrinterStatus, Stage, Watch};
use crate::transport::PortError;

const STOPPED: &str = "the program was stopped before the printer said that the ticket is out";

/// Why the rest of a ticket was not sent.
pub(super) enum Broken {
    Lost(PortError),
    Stalled,
    Slow,
    Stopped,
}

impl ReceiptPrinter {
    /// Sends a ticket; the count of bytes that were taken, and why not all.
    pub(super) fn send(&mut self, bytes: &[u8], watch: &mut Watch<'_>) -> (usize, Option<Broken>) {
        let (mut sent, mut left) = (0, self.talk.patience.stall);
        let mut rounds = self.rounds(bytes.len());
        while let Some(rest) = bytes.get(sent..).filter(|rest| !rest.is_empty()) {
            let slice = self.talk.patience.slice.min(left);
            match self.talk.port.write(rest, slice) {
                Err(error) => return (sent, Some(Broken::Lost(error))),
                Ok(0) => {
                    left = left.saturating_sub(slice);
                    if left.is_zero() {
                        return (sent, Some(Broken::Stalled));
                    }
                }
                Ok(count) => (sent, left) = (sent + count, self.talk.patience.stall),
            }
            if sent == bytes.len() {
                break;
            }
            if watch(Stage::Waiting).is_break() {
                return (sent, Some(Broken::Stopped));
            }
            rounds = rounds.saturating_sub(1);
            if rounds == 0 {
                return (sent, Some(Broken::Slow));
            }
        }
        (sent, None)
    }

    /// How many slices so many bytes may take: twice their time on the wire, one for each portion, and one stall.
    pub(super) fn rounds(&self, bytes: usize) -> u128 {
        let slice = self.talk.patience.slice.as_millis().max(1);
        let count = u128::try_from(bytes).unwrap_or(u128::MAX);
        let wire = count.saturating_mul(2_000) / u128::from(self.talk.port.pace().max(1));
        let portions = u128::try_from(bytes.div_ceil(PORTION)).unwrap_or(u128::MAX);
        ((wire + self.talk.patience.stall.as_millis()) / slice).saturating_add(portions).max(2)
    }

    /// After the last byte: waits until the printer says that it is done, has a trouble, or says nothing.
    pub(super) fn finish(&mut self, question: &Command, watch: &mut Watch<'_>) -> Result<Outcome, PortError> {
        let mut left = self.talk.patience.finish;
        let look_every = Duration::from_secs(1).max(self.talk.patience.slice);
        let mut unlooked = Duration::ZERO;
        loop {
            let slice = self.talk.patience.slice.min(left);
            // one read a round: whoever drips uses up the time too
            let _ = self.talk.listen(slice)?;
            if let Some(reply) = self.talk.heard.iter().find(|reply| answers(reply, question)) {
                if denies(reply) {
                    return Ok(unknown("the printer answered behind it that it has no paper"));
                }
                return Ok(Outcome::Confirmed);
            }
            (left, unlooked) = (left.saturating_sub(slice), unlooked + slice);
            if left.is_zero() {
                return Ok(unknown("it did not say that the ticket is out"));
            }
            if watch(Stage::Waiting).is_break() {
                return Ok(unknown(STOPPED));
            }
            if unlooked >= look_every {
                unlooked = Duration::ZERO;
                let Some(status) = self.talk.status(&self.profile, watch)? else { return Ok(unknown(STOPPED)) };
                // silence while it prints is no trouble yet
                if !status.can_print() && !matches!(status, PrinterStatus::Silent | PrinterStatus::Overheated) {
                    return Ok(unknown(&format!("while it was printed: {status}")));
                }
            }
        }
    }

    /// After the last byte, of a printer that cannot say that it is done.
    pub(super) fn take_leave(&mut self, watch: &mut Watch<'_>) -> Result<Outcome, PortError> {
        let Some(status) = self.talk.status(&self.profile, watch)? else { return Ok(unknown(STOPPED)) };
        let well = status.can_print();
        Ok(if well { Outcome::Sent } else { unknown(&format!("after it was sent: {status}")) })
    }
}
