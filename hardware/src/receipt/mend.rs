//! What must be done before the next ticket: a broken one is filled up and cut off, answers of before are heard out, and whether it
//! answers at all is found out.

use super::{FILLER, HEAD, PORTION, ReceiptPrinter, answers, denies};
use crate::escpos::{Command, Reply};
use crate::profile::Done;
use crate::transport::PortError;

/// How often a printer is asked in vain whether it answers questions in line before it is believed that it does not.
const ASKED: u8 = 3;
/// How many times of asking the printer may be at what it was sent before until the question is taken for lost.
const BUSY: u8 = 20;
/// Questions of one learning, each of which must have its own answer.
const LESSON: usize = 3;

impl ReceiptPrinter {
    /// The answer to the ticket in doubt may have come by itself.
    pub(super) fn hear_late(&mut self) {
        let Some(doubt) = &self.doubt else { return };
        // after the fence is out, only what comes before its answer is the ticket's
        if self.fence.is_none()
            && let Some(question) = &doubt.question
            && let Some(reply) = self.talk.heard.iter().find(|reply| answers(reply, question))
        {
            self.settle(!denies(reply));
        }
    }

    pub(super) fn settle(&mut self, came: bool) {
        if let Some(doubt) = self.doubt.take() {
            match came {
                true => self.late.push(doubt.name),
                false => self.hanging = true,
            }
        }
        (self.fence, self.stale) = (None, false);
        self.talk.heard.clear();
    }

    /// A ticket was broken off, or may have been.
    pub(super) fn tear(&mut self) {
        (self.torn, self.hanging) = (FILLER, true);
    }

    /// White dots for a raster that was broken off; to a printer that has been switched off meanwhile they are nothing. This
    /// comes before any question, since a question would be taken for part of a broken command, and could make it a
    /// gigantic one. False: so few were taken that it is too early to ask.
    pub(super) fn fill_up(&mut self) -> Result<bool, PortError> {
        let zeros = [0; 512];
        for _ in 0..FILLER.div_ceil(PORTION) + HEAD {
            if self.torn == 0 {
                break;
            }
            let part = zeros.get(..self.torn.min(zeros.len())).unwrap_or_default();
            match self.talk.port.write(part, self.talk.patience.answer)? {
                0 => return Ok(self.torn + HEAD < FILLER),
                count => self.torn = self.torn.saturating_sub(count),
            }
        }
        Ok(self.torn == 0)
    }

    /// Cuts off what hangs out of a ticket that nobody will confirm, so that the next does not hang on to it.
    pub(super) fn cut_off(&mut self) -> Result<bool, PortError> {
        if self.hanging {
            let mut bytes = Command::Init.bytes();
            self.profile.end().iter().for_each(|command| command.encode(&mut bytes));
            self.hanging = !self.talk.send(&bytes)?;
        }
        Ok(!self.hanging)
    }

    /// Makes sure that nothing of before is under way. True when that is so; false: it is at it.
    pub(super) fn mend(&mut self) -> Result<bool, PortError> {
        Ok(self.clear_up()? && self.cut_off()?)
    }

    pub(super) fn clear_up(&mut self) -> Result<bool, PortError> {
        if self.doubt.is_none() && !self.stale {
            return self.learn().map(|()| !self.stale);
        }
        self.learn()?;
        if matches!(self.done, Done::Never | Done::Ask) {
            // no answers are taken for anything, so none can be taken for another's
            self.settle(false);
            self.stale = true;
            return Ok(true);
        }
        if self.fence.is_none() {
            self.fences = self.fences.wrapping_add(1);
            let question = self.question(&format!("fence {}", self.fences));
            if !self.talk.send(&question.bytes())? {
                return Ok(false);
            }
            self.fence = Some((question, 0));
        }
        self.await_fence()
    }

    /// Waits a while for the fence's answer and looks at what came before it.
    pub(super) fn await_fence(&mut self) -> Result<bool, PortError> {
        let Some((fence, looked)) = self.fence.clone() else { return Ok(true) };
        let question = self.doubt.as_ref().and_then(|doubt| doubt.question.clone());
        let answer = self.talk.patience.answer;
        self.talk.hear(answer, |heard| match &fence {
            Command::AskDone(_) => heard.iter().any(|reply| answers(reply, &fence)),
            // answers without names: only silence tells that none is left
            _ => false,
        })?;
        let count = |to: &Command| self.talk.heard.iter().filter(|reply| answers(reply, to)).count();
        let came = match (&fence, &question) {
            (_, None) => false,
            (Command::AskDone(_), Some(question)) => count(question) > 0,
            // its own and the fence's
            (_, Some(_)) => {
                let first = self.talk.heard.iter().find(|reply| answers(reply, &fence));
                count(&fence) >= 2 && first.is_some_and(|reply| !denies(reply))
            }
        };
        if fence == Command::AskPaper && count(&fence) > 1 + usize::from(question.is_some()) {
            // more answers than questions: which is whose?
            self.noise();
            self.fence = None;
            self.talk.heard.clear();
            if let Some(doubt) = &mut self.doubt {
                doubt.question = None;
            }
            return Ok(false);
        }
        if came || count(&fence) > 0 {
            self.settle(came);
            return Ok(true);
        }
        if looked < BUSY {
            self.fence = Some((fence, looked + 1));
        } else {
            // it was switched off and on, and knows nothing of our question
            self.fence = None;
        }
        Ok(false)
    }

    /// Finds out whether a printer that is at rest answers questions in line.
    pub(super) fn learn(&mut self) -> Result<(), PortError> {
        if self.done != Done::Ask {
            return Ok(());
        }
        self.talk.drain()?;
        self.talk.heard.clear();
        // what a printer says unasked must not be taken for an answer: it must be silent first, and then answer exactly as often
        // as it is asked
        let answer = self.talk.patience.answer;
        let paper = |heard: &[Reply]| heard.iter().filter(|reply| matches!(reply, Reply::Paper(_))).count();
        self.talk.hear(answer, |heard| paper(heard) > 0)?;
        let silent = paper(&self.talk.heard) == 0;
        if silent {
            if !self.talk.send(&Command::AskPaper.bytes().repeat(LESSON))? {
                return Ok(());
            }
            self.talk.hear(answer, |_| false)?;
        }
        self.asked += 1;
        let well = |reply: &Reply| answers(reply, &Command::AskPaper) && !denies(reply);
        let heard = &self.talk.heard;
        if silent && paper(heard) == LESSON && heard.iter().filter(|reply| well(reply)).count() == LESSON {
            self.done = Done::InLine;
            // which of the questions was that the answer to?
            self.stale |= self.asked > 1;
        } else if self.asked >= ASKED {
            self.done = Done::Never;
        }
        self.talk.heard.clear();
        Ok(())
    }

    /// An answer came that nobody had asked for. From a printer that does so again and again none is believed.
    pub(super) fn noise(&mut self) {
        (self.noisy, self.stale) = (self.noisy.saturating_add(1), true);
        if self.noisy >= ASKED {
            self.done = Done::Never;
        }
    }

    /// Whether an answer to be heard now can only be the next question's.
    pub(super) fn is_quiet(&mut self) -> bool {
        let chatters = self.talk.heard.iter().any(|reply| answers(reply, &Command::AskPaper));
        if chatters && self.done == Done::InLine {
            self.noise();
            return false;
        }
        true
    }
}
