//! What is given for a promise that was broken late, and how it is taken.

use nowserving::queue::{Give, Moment, TicketId, VoucherCode};

use super::{Code, Model, Visit};

/// A courtesy as the model remembers it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Gift {
    pub(crate) text: String,
    pub(crate) code: Option<VoucherCode>,
    pub(crate) taken: Option<Moment>,
}

impl Model {
    /// Whether somebody was told a wait that is over since long enough, and nothing has changed that since.
    fn too_late(&self, visit: &Visit, at: &Moment) -> bool {
        let Some(promise) = visit.promise.filter(|promise| !promise.learning) else { return false };
        if visit.void.is_some() || visit.is_over() {
            return false;
        }
        let minutes = u64::from(promise.to_min + self.rules.courtesy.after_min);
        let until = visit.first_called.unwrap_or(*at);
        Self::between(&visit.issued, &until).is_some_and(|waited| waited > minutes * 60_000)
    }

    /// Who should get something now.
    pub(crate) fn wronged(&self, at: &Moment) -> Vec<TicketId> {
        let rule = &self.rules.courtesy;
        if rule.give == Give::Nothing || self.gifts.len() >= rule.per_day as usize {
            return Vec::new();
        }
        let wronged = |visit: &&Visit| self.too_late(visit, at) && !self.gifts.contains_key(&visit.id);
        self.tickets.values().filter(wronged).map(|visit| visit.id).collect()
    }

    pub(super) fn give(&mut self, id: TicketId, code: VoucherCode, at: &Moment) -> Result<(), Code> {
        if !self.wronged(at).contains(&id) {
            return Err("nothing-due");
        }
        let code = (self.rules.courtesy.give == Give::Voucher).then_some(code);
        if code.is_some() && self.gifts.values().any(|gift| gift.code == code) {
            return Err("key-taken");
        }
        let text = self.rules.courtesy.text.trim().to_owned();
        self.gifts.insert(id, Gift { text, code, taken: None });
        Ok(())
    }

    pub(super) fn take(&mut self, code: VoucherCode, at: &Moment) -> Result<(), Code> {
        let gift = self.gifts.values_mut().find(|gift| gift.code == Some(code)).ok_or("unknown-voucher")?;
        if gift.taken.replace(*at).is_some() { Err("voucher-used") } else { Ok(()) }
    }
}
