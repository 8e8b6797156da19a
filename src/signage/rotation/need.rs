//! What a text does for those who wait.

use std::collections::BTreeMap;

use super::{Choice, Hall, Waiting, reads};
use crate::queue::{Lang, ServiceId, TicketId};
use crate::signage::{EntryId, Kind, LiveEntry};

/// Who has longer than this until the call has a long wait: an answer that lets them go saves them most. Seconds.
pub const LONG_S: u32 = 600;
/// Who is called sooner than this must have ready what is needed now. Seconds.
pub const SOON_S: u32 = 300;

/// What somebody has read this often is not for them any more.
const OFTEN: u8 = 2;
/// What somebody has read once is worth this much to them: a second look helps few.
const AGAIN: f64 = 0.25;
/// What is for everyone fits a ticket less well than what is for its service.
const FOR_ALL: f64 = 0.5;

/// How often each ticket has had each version of an entry before its eyes.
#[derive(Clone, Debug, Default)]
pub(super) struct Seen(BTreeMap<TicketId, BTreeMap<(EntryId, u32), u8>>);

impl Seen {
    /// It was there long enough to be read.
    pub(super) fn note(&mut self, choice: &Choice) {
        for ticket in &choice.exposed {
            let seen = self.0.entry(*ticket).or_default().entry((choice.id.clone(), choice.version)).or_default();
            *seen = seen.saturating_add(1);
        }
    }

    /// Forgets who does not wait any more.
    pub(super) fn forget_but(&mut self, waiting: &[Waiting]) {
        let here: std::collections::BTreeSet<TicketId> = waiting.iter().map(|waiting| waiting.ticket).collect();
        self.0.retain(|ticket, _| here.contains(ticket));
    }

    fn times(&self, ticket: TicketId, live: &LiveEntry) -> u8 {
        // no clone of the name for the many who have seen nothing
        let Some(seen) = self.0.get(&ticket) else { return 0 };
        seen.iter().find(|((id, version), _)| *id == live.id && *version == live.version).map_or(0, |(_, times)| *times)
    }
}

/// Whom a text is counted for: what the explanation of a choice says.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Counted {
    /// How many wait whom it helps and who have not read it twice.
    pub waiting: u32,
    /// How many of them have not seen it.
    pub unseen: u32,
    /// How many of them it helps twice as much: they wait for long and it may let them go, or they are called soon and it says
    /// what to have ready.
    pub doubled: u32,
    /// What the entry does.
    pub kind: Kind,
    /// What those who are counted wait for, most first.
    pub services: Vec<ServiceId>,
}

/// What a text does for those who wait.
#[derive(Clone, Debug, Default)]
pub(super) struct Need {
    /// How much, in people for each second of the board's time.
    pub(super) value: f64,
    /// For whom it is.
    pub(super) exposed: Vec<TicketId>,
    /// Who was counted.
    pub(super) counted: Counted,
}

impl Need {
    /// What a text of `live` in `language`, read in `reading_s` seconds, does in this hall.
    pub(super) fn of(hall: &Hall, live: &LiveEntry, language: Option<&Lang>, reading_s: u32, seen: &Seen) -> Self {
        let kind = live.entry.kind;
        let mut need = Self { counted: Counted { kind, ..Counted::default() }, ..Self::default() };
        let (mut sum, mut services) = (0.0, BTreeMap::<&ServiceId, u32>::new());
        for waiting in hall.waiting {
            let stays = waiting.call_in_s.is_none_or(|call_in_s| call_in_s > reading_s);
            if !stays || !live.entry.is_for(&waiting.service) || reads(hall, waiting, live) != language {
                continue;
            }
            need.exposed.push(waiting.ticket);
            let times = seen.times(waiting.ticket, live);
            if times >= OFTEN {
                continue;
            }
            let doubled = counts_twice(kind, waiting);
            sum += if times == 0 { 1.0 } else { AGAIN } * if doubled { 2.0 } else { 1.0 };
            need.counted.waiting += 1;
            need.counted.unseen += u32::from(times == 0);
            need.counted.doubled += u32::from(doubled);
            *services.entry(&waiting.service).or_default() += 1;
        }
        let fit = if live.entry.services.is_empty() { FOR_ALL } else { 1.0 };
        let proved = hall.proved.get(&live.id).copied().unwrap_or_default();
        // a quarter help until it is known better; twenty that were opened outweigh the guess
        let useful = f64::from(proved.helped + 1) / f64::from(proved.opened + 4);
        need.value = sum * fit * weight(kind) * useful / f64::from(reading_s);
        let mut services: Vec<_> = services.into_iter().collect();
        services.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        need.counted.services = services.into_iter().map(|(service, _)| service.clone()).collect();
        need
    }
}

/// Saving a visit is worth most, then shortening one. What answers no question fills the time that is left.
fn weight(kind: Kind) -> f64 {
    match kind {
        Kind::Answers => 1.0,
        Kind::Routes => 0.9,
        Kind::Prepares => 0.8,
        Kind::Hours => 0.15,
        Kind::Picture | Kind::Page => 0.1,
    }
}

fn counts_twice(kind: Kind, waiting: &Waiting) -> bool {
    match kind {
        Kind::Answers => waiting.call_in_s.unwrap_or(waiting.waited_s) >= LONG_S,
        Kind::Prepares => waiting.call_in_s.is_some_and(|call_in_s| call_in_s < SOON_S),
        _ => false,
    }
}
