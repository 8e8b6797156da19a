//! The courtesy: what a branch gives whose promise was broken on the late side. The wait was ours; the coffee is too.
//!
//! It is due by the clock, not by a call: somebody who still waits past the upper end gets it then and there, in the order in
//! which the ends passed. Every one is an event, so the day's limit, a restart and a replay all count the same. Void promises
//! and those labelled "learning" earn nothing.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use data_encoding::{Encoding, Specification};
use serde::{Deserialize, Serialize};

use super::command::Command;
use super::event::Event;
use super::ids::TicketId;
use super::moment::{BootId, Moment};
use super::refusal::Refusal;
use super::state::Queue;
use super::ticket::Ticket;

const MINUTE_MS: u64 = 60_000;
/// The longest sentence that goes with a courtesy, characters: it has to fit on a phone and a slip.
const TEXT_CHARS: usize = 120;
/// The most courtesies of one business day.
const MOST_PER_DAY: u32 = 1000;

/// What is given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Give {
    /// Nothing.
    #[default]
    Nothing,
    /// A sentence.
    Text,
    /// A sentence, and a code that staff can check.
    Voucher,
}

/// What the branch gives, when, and how often.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CourtesyRule {
    /// What.
    pub give: Give,
    /// The sentence, for the customer: "Please have a coffee on us."
    pub text: String,
    /// How many at the most in one business day.
    pub per_day: u32,
    /// How long after the upper end of the promise, minutes.
    pub after_min: u32,
}

impl Default for CourtesyRule {
    fn default() -> Self {
        Self { give: Give::Nothing, text: String::new(), per_day: 20, after_min: 0 }
    }
}

/// Whether a character has no place in one line of text: it ends the line, or turns what follows the other way round.
fn unfit(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

impl CourtesyRule {
    /// Whether nobody set it. Rules that say nothing of it are stored as they were before there were courtesies.
    #[must_use]
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }

    /// What is wrong with this rule as typed, in a sentence; `None` if nothing is.
    #[must_use]
    pub fn problem(&self) -> Option<String> {
        let chars = self.text.chars().count();
        if chars > TEXT_CHARS || self.text.chars().any(unfit) {
            return Some(format!("The courtesy's text must be one line of at most {TEXT_CHARS} characters."));
        }
        if self.give != Give::Nothing && self.text.trim().is_empty() {
            return Some("The courtesy's text is missing: say what the customer gets.".into());
        }
        if self.per_day > MOST_PER_DAY {
            return Some(format!("The courtesy's per_day must be at most {MOST_PER_DAY}."));
        }
        (self.after_min > 1440).then(|| "The courtesy's after must be at most a day.".into())
    }
}

/// The code of a voucher: 40 random bits, written as two groups of four characters, `K7QF-3M2X`. A day has at most a thousand
/// of them, and only staff may try one.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VoucherCode([u8; 5]);

/// Capital letters and digits that nobody mistakes for each other: no I, O, 0 or 1.
fn base32() -> Encoding {
    let mut spec = Specification::new();
    spec.symbols.push_str("ABCDEFGHJKLMNPQRSTUVWXYZ23456789");
    // the specification is a constant; were it wrong, every test would say so
    spec.encoding().unwrap_or(data_encoding::BASE32_NOPAD)
}

impl VoucherCode {
    /// Makes a code of 5 random bytes.
    #[must_use]
    pub fn new(random: [u8; 5]) -> Self {
        Self(random)
    }
}

impl fmt::Display for VoucherCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = base32().encode(&self.0);
        let (first, second) = text.split_at_checked(4).unwrap_or((&text, ""));
        write!(f, "{first}-{second}")
    }
}

/// A code is worth a coffee, so it stays out of logs.
impl fmt::Debug for VoucherCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("VoucherCode(…)")
    }
}

/// A text is not a voucher's code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("A voucher's code has eight letters and digits, such as K7QF-3M2X.")]
pub struct BadCode;

impl FromStr for VoucherCode {
    type Err = BadCode;

    /// Reads a code as people type it: small letters, spaces and hyphens do not matter.
    fn from_str(text: &str) -> Result<Self, BadCode> {
        let plain: String = text.chars().filter(|c| *c != '-' && !c.is_whitespace()).collect();
        let bytes = base32().decode(plain.to_ascii_uppercase().as_bytes()).map_err(|_| BadCode)?;
        bytes.try_into().map(Self).map_err(|_| BadCode)
    }
}

impl Serialize for VoucherCode {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for VoucherCode {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// What one customer got.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Courtesy {
    /// The sentence, as it was set then.
    pub text: String,
    /// The voucher's code, if it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<VoucherCode>,
}

/// A courtesy of today.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GivenCourtesy {
    /// What.
    pub courtesy: Courtesy,
    /// When.
    pub given: Moment,
    /// When staff took the voucher.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redeemed: Option<Moment>,
}

/// The ends of the promises that may be or become broken on the late side: boot and monotonic time, then whose.
pub(super) type Ends = BTreeSet<(BootId, u64, TicketId)>;

/// When a ticket's promise ends, if it can still be broken or was broken at the call. Only these are ever looked at.
pub(super) fn end_of(ticket: &Ticket) -> Option<(BootId, u64, TicketId)> {
    let promise = ticket.promise.filter(|promise| !promise.learning)?;
    if ticket.promise_void.is_some() || ticket.is_over() {
        return None;
    }
    let to_ms = u64::from(promise.to_min) * MINUTE_MS;
    if ticket.first_called.is_some() && ticket.first_wait_ms().is_none_or(|wait| wait <= to_ms) {
        return None;
    }
    Some((ticket.issued.boot, ticket.issued.mono_ms.saturating_add(to_ms), ticket.id))
}

impl Queue {
    /// What a ticket of today got, if anything.
    #[must_use]
    pub fn courtesy(&self, ticket: TicketId) -> Option<&GivenCourtesy> {
        self.courtesies.get(&ticket)
    }

    /// All courtesies of the newest business day, by ticket.
    pub fn courtesies(&self) -> impl Iterator<Item = (&Ticket, &GivenCourtesy)> {
        self.courtesies.iter().filter_map(|(id, given)| Some((self.ticket(*id)?, given)))
    }

    /// Whether a ticket's promise was broken so late that the rule gives something.
    fn deserves(&self, ticket: &Ticket, at: &Moment) -> bool {
        let Some(promise) = ticket.promise else { return false };
        let late_ms = (u64::from(promise.to_min) + u64::from(self.rules.courtesy.after_min)) * MINUTE_MS;
        let waited = ticket.issued.until(ticket.first_called.as_ref().unwrap_or(at));
        end_of(ticket).is_some() && waited.is_some_and(|waited| waited > late_ms)
    }

    fn may_give(&self) -> bool {
        let rule = &self.rules.courtesy;
        rule.give != Give::Nothing && self.courtesies.len() < rule.per_day as usize
    }

    /// The courtesy that is due at `at`. Costs what is late, not how many wait.
    pub(super) fn courtesy_due(&self, at: &Moment) -> Option<Command> {
        if !self.may_give() {
            return None;
        }
        let after_ms = u64::from(self.rules.courtesy.after_min) * MINUTE_MS;
        let first = (at.boot, 0, TicketId(0));
        let last = (at.boot, at.mono_ms.saturating_sub(after_ms), TicketId(u64::MAX));
        // of an earlier boot only the wall clock can tell, ticket by ticket
        let earlier = self.index.ends.range(..first);
        let mut late = earlier.chain(self.index.ends.range(first..=last)).filter_map(|(.., id)| self.ticket(*id));
        let ticket = late.find(|ticket| !self.courtesies.contains_key(&ticket.id) && self.deserves(ticket, at))?.id;
        Some(Command::GiveCourtesy { ticket, code: VoucherCode::default() })
    }

    pub(super) fn give_courtesy(&self, id: TicketId, code: VoucherCode, at: &Moment) -> Result<Vec<Event>, Refusal> {
        let due = self.ticket(id).is_some_and(|ticket| self.deserves(ticket, at));
        if !self.may_give() || !due || self.courtesies.contains_key(&id) {
            return Err(Refusal::NothingDue);
        }
        let rule = &self.rules.courtesy;
        let code = (rule.give == Give::Voucher).then_some(code);
        if code.is_some() && self.courtesies.values().any(|given| given.courtesy.code == code) {
            return Err(Refusal::KeyTaken);
        }
        Ok(vec![Event::CourtesyGiven { ticket: id, courtesy: Courtesy { text: rule.text.trim().to_owned(), code } }])
    }

    pub(super) fn redeem(&self, code: VoucherCode) -> Result<Vec<Event>, Refusal> {
        let mut all = self.courtesies.iter();
        let (id, given) = all.find(|(_, given)| given.courtesy.code == Some(code)).ok_or(Refusal::UnknownVoucher)?;
        if let Some(at) = given.redeemed {
            return Err(Refusal::VoucherUsed { at: at.local() });
        }
        Ok(vec![Event::CourtesyRedeemed { ticket: *id }])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_reads_back_however_it_is_typed() {
        for bytes in [[0; 5], [255; 5], *b"nowse"] {
            let code = VoucherCode::new(bytes);
            let text = code.to_string();
            assert_eq!((text.len(), text.as_bytes()[4]), (9, b'-'));
            assert!(!text.contains(['I', 'O', '0', '1']));
            assert_eq!(text.parse(), Ok(code));
            assert_eq!(text.to_lowercase().replace('-', " ").parse(), Ok(code));
            assert_eq!(text[1..].parse::<VoucherCode>(), Err(BadCode));
        }
    }

    #[test]
    fn a_rule_that_gives_says_what() {
        let rule = CourtesyRule { give: Give::Text, ..CourtesyRule::default() };
        assert!(rule.problem().is_some());
        assert_eq!(CourtesyRule { text: "A coffee on us.".into(), ..rule }.problem(), None);
        assert_eq!(CourtesyRule::default().problem(), None);
    }
}
