//! Shares of the board's time that were promised: to entries at least so much, to playlists while their time is.
//!
//! Each has an account in seconds of the board: its share of all that is shown is put in, what it is shown for is taken out.
//! Whoever is owed anything goes before the line, so shares are met as far as they add up to no more than the whole.

use std::collections::BTreeMap;

use super::{APART_MS, Choice, Hall, Why};
use crate::signage::{EntryId, LiveEntry, Playlist};

/// No more than this is owed, seconds: shares that add up to more than the whole cannot be met, and a day of debt must not
/// drown what comes after it.
const MOST_S: f64 = 600.0;
/// No more than this is had in advance, seconds: who was shown much in a full hour still gets the share of a quiet one.
const AHEAD_S: f64 = 60.0;

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Holder {
    Entry(EntryId),
    Playlist(String),
}

/// What each is owed, seconds.
#[derive(Clone, Debug, Default)]
pub(super) struct Shares {
    owed_s: BTreeMap<Holder, f64>,
    /// Where each playlist stands.
    last: BTreeMap<String, EntryId>,
}

/// An entry that is owed time.
pub(super) struct Owed {
    /// How long it must stay so that the share can be met although nothing comes again within a minute, seconds.
    pub(super) hold_s: u32,
    pub(super) why: Why,
}

impl Shares {
    /// Something was shown for so long.
    pub(super) fn settle(&mut self, hall: &Hall, shown: &Choice, shown_ms: u64) {
        if let Why::Playlist { name, .. } = &shown.why {
            self.last.insert(name.clone(), shown.id.clone());
        }
        let elapsed = shown_ms as f64 / 1000.0;
        let mut now = BTreeMap::new();
        for (holder, share, entries) in holders(hall) {
            let taken = if entries.contains(&&shown.id) { elapsed } else { 0.0 };
            let owed = self.owed_s.get(&holder).copied().unwrap_or_default();
            now.insert(holder, (owed + share * elapsed - taken).clamp(-AHEAD_S, MOST_S));
        }
        // who may not be shown now is owed nothing
        self.owed_s = now;
    }

    /// What lags most behind its share, of the entries in `pool`.
    pub(super) fn due<'a>(&self, hall: &Hall, pool: &[&'a LiveEntry]) -> Option<(&'a LiveEntry, Owed)> {
        let mut due: Option<(f64, &LiveEntry, Owed)> = None;
        for (holder, share, entries) in holders(hall) {
            let owed = self.owed_s.get(&holder).copied().unwrap_or_default();
            // who lags most, not who is owed most: small shares would never come before large ones
            let lag = owed / share;
            if lag <= due.as_ref().map_or(0.0, |(most, ..)| *most) {
                continue;
            }
            let may = |id: &EntryId| pool.iter().copied().find(|live| live.id == *id);
            let per_cent = (share * 100.0).round() as u8;
            let (live, why) = match &holder {
                Holder::Entry(id) => (may(id), Why::Share { per_cent }),
                Holder::Playlist(name) => (self.turn(name, &entries, may), Why::Playlist { name: name.clone(), per_cent }),
            };
            if let Some(live) = live {
                due = Some((lag, live, Owed { hold_s: hold_s(owed, share, entries.len()), why }));
            }
        }
        due.map(|(_, live, owed)| (live, owed))
    }

    /// The next of a playlist, in its order. What was there a moment ago is left out.
    fn turn<'a>(
        &self,
        name: &str,
        entries: &[&EntryId],
        may: impl Fn(&EntryId) -> Option<&'a LiveEntry>,
    ) -> Option<&'a LiveEntry> {
        let last = self.last.get(name);
        let at = entries.iter().position(|id| Some(*id) == last).map_or(0, |at| at + 1);
        let (before, after) = entries.split_at_checked(at)?;
        after.iter().chain(before).find_map(|id| may(id))
    }
}

/// Who has a share now, how much of the whole, and of which entries that may be shown.
fn holders<'a>(hall: &Hall<'a>) -> impl Iterator<Item = (Holder, f64, Vec<&'a EntryId>)> + use<'a> {
    let hall = *hall;
    let share = |per_cent: u8| f64::from(per_cent.min(100)) / 100.0;
    let entries = hall.showable().filter(|live| live.entry.least_share > 0);
    let entries = entries.map(move |live| (Holder::Entry(live.id.clone()), share(live.entry.least_share), vec![&live.id]));
    let playlists = hall.content.playlists.iter().filter(move |list| list.share > 0 && list.schedule.allows(hall.local));
    let playlists = playlists.filter_map(move |list: &'a Playlist| {
        let may = |id: &&EntryId| hall.showable().any(|live| live.id == **id);
        let entries: Vec<&EntryId> = list.entries.iter().filter(may).collect();
        (!entries.is_empty()).then(|| (Holder::Playlist(list.name.clone()), share(list.share), entries))
    });
    entries.chain(playlists)
}

/// How long one of `entries` must stay: as long as they are owed and will be owed for that time, in bounds. Alone, something
/// that is shown for `s` seconds and rests for a minute has `s ÷ (s + 60)` of the time, so a large share takes a long stay.
fn hold_s(owed_s: f64, share: f64, entries: usize) -> u32 {
    let rest_s = APART_MS as f64 / 1000.0;
    let enough = rest_s * share / (entries as f64 - share).max(0.05);
    let owed = owed_s / (1.0 - share).max(0.05);
    // half as much again, since others do not end on the second
    owed.clamp(0.0, (enough * 1.5).clamp(rest_s, MOST_S)).ceil() as u32
}
