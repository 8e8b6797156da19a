//! Any content, any hall: what is shown may be shown, rests, has its share, and was chosen for the reason that is given.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDateTime, TimeDelta};
use proptest::prelude::*;
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;

use super::*;
use crate::signage::{Entry, Playlist, Schedule, Translation};

const SERVICES: [&str; 3] = ["A", "B", "C"];
const LANGUAGES: [&str; 3] = ["en", "de", "ar"];

fn start() -> NaiveDateTime {
    NaiveDateTime::parse_from_str("2026-11-24 08:00", "%Y-%m-%d %H:%M").unwrap()
}

fn id(number: usize) -> EntryId {
    EntryId::of("entry").numbered(number as u32)
}

fn text(words: usize) -> Text {
    Text { question: "word ".repeat(words % 12), short: "word ".repeat(words), ..Text::default() }
}

/// An entry: kind, words, services, languages it is translated into, when, pinned, share, board.
type Made = (usize, usize, BTreeSet<usize>, BTreeSet<usize>, Option<(i64, i64)>, bool, u8, bool);

fn entry(made: Made) -> Entry {
    let (kind, words, services, translations, minutes, pin, least_share, elsewhere) = made;
    let time = |minute| start() + TimeDelta::minutes(minute);
    let translated = |at: usize| (LANGUAGES[at].into(), Translation { text: text(words + at), stale_since: None });
    Entry {
        kind: Kind::ALL[kind],
        language: Some("en".into()),
        original: text(words),
        translations: translations.into_iter().map(translated).collect(),
        services: services.into_iter().map(|at| SERVICES[at].into()).collect(),
        schedule: Schedule {
            from: minutes.map(|(from, _)| time(from)),
            until: minutes.map(|(from, length)| time(from + length)),
            ..Schedule::default()
        },
        screens: elsewhere.then(|| "elsewhere".to_owned()).into_iter().collect(),
        pin,
        least_share,
        ..Entry::default()
    }
}

prop_compose! {
    fn content(pins: bool)(
        made in prop::collection::vec((
            0..Kind::ALL.len(), 0..40_usize,
            prop::collection::btree_set(0..3_usize, 0..2), prop::collection::btree_set(1..3_usize, 0..3),
            prop::option::weighted(0.3, (-30..60_i64, 1..60_i64)),
            prop::bool::weighted(if pins { 0.15 } else { 0.0 }),
            prop_oneof![3 => Just(0_u8), 1 => 1..60_u8],
            prop::bool::weighted(0.1),
        ), 0..12),
        lists in prop::collection::vec((1..=100_u8, prop::collection::vec(0..12_usize, 1..4)), 0..2),
    ) -> Content {
        let entries = made.into_iter().enumerate();
        let list = |(at, (share, entries)): (usize, (u8, Vec<usize>))| Playlist {
            name: format!("list {at}"), schedule: Schedule::default(), entries: entries.into_iter().map(id).collect(), share,
        };
        Content {
            entries: entries.map(|(at, made)| LiveEntry { id: id(at), version: 1, entry: entry(made) }).collect(),
            playlists: lists.into_iter().enumerate().map(list).collect(),
            ..Content::default()
        }
    }
}

/// People come and go.
struct People {
    chance: Pcg64Mcg,
    waiting: Vec<Waiting>,
    next: u64,
}

impl People {
    fn new(seed: u64) -> Self {
        Self { chance: Pcg64Mcg::seed_from_u64(seed), waiting: Vec::new(), next: 0 }
    }

    fn pass(&mut self) {
        let chance = &mut self.chance;
        self.waiting.retain(|_| chance.random_bool(0.93));
        for _ in 0..chance.random_range(0..3) {
            self.next += 1;
            let language = chance.random_bool(0.4).then(|| LANGUAGES[chance.random_range(0..3)].into());
            self.waiting.push(Waiting {
                ticket: TicketId(self.next),
                service: SERVICES[chance.random_range(0..3)].into(),
                language,
                waited_s: chance.random_range(0..1500),
                call_in_s: chance.random_bool(0.8).then(|| chance.random_range(0..1200)),
            });
        }
    }
}

/// What was shown and what had been before, kept apart from the rotation.
#[derive(Default)]
struct Model {
    ended: BTreeMap<EntryId, u64>,
    seen: BTreeMap<(TicketId, EntryId), u32>,
}

impl Model {
    fn note(&mut self, choice: &Choice, now_ms: u64) {
        self.ended.insert(choice.id.clone(), now_ms);
        for ticket in &choice.exposed {
            *self.seen.entry((*ticket, choice.id.clone())).or_default() += 1;
        }
    }

    fn rested(&self, id: &EntryId, now_ms: u64) -> bool {
        self.ended.get(id).is_none_or(|ended| now_ms - ended >= 60_000)
    }

    /// What a text does, and for how many who have not seen it: the rule of the documentation, written down a second time.
    fn worth(&self, hall: &Hall, live: &LiveEntry, language: &Lang, reading_s: u32) -> (f64, u32, u32) {
        let (mut worth, mut counted, mut unseen) = (0.0, 0, 0);
        for who in hall.waiting {
            let theirs = who.language.clone().unwrap_or_else(|| "en".into());
            let read = if live.entry.translations.contains_key(&theirs) { theirs } else { "en".into() };
            let times = self.seen.get(&(who.ticket, live.id.clone())).copied().unwrap_or_default();
            let for_them = live.entry.services.is_empty() || live.entry.services.contains(&who.service);
            if !for_them || read != *language || who.call_in_s.unwrap_or(u32::MAX) <= reading_s || times > 1 {
                continue;
            }
            let twice = match live.entry.kind {
                Kind::Answers => who.call_in_s.unwrap_or(who.waited_s) >= 600,
                Kind::Prepares => who.call_in_s.is_some_and(|s| s < 300),
                _ => false,
            };
            worth += [1.0, 0.25][times as usize] * if twice { 2.0 } else { 1.0 };
            counted += 1;
            unseen += u32::from(times == 0);
        }
        let kind = [1.0, 0.8, 0.9, 0.1, 0.1, 0.15][Kind::ALL.iter().position(|kind| *kind == live.entry.kind).unwrap()];
        let proved = hall.proved.get(&live.id).copied().unwrap_or_default();
        let useful = f64::from(proved.helped + 1) / f64::from(proved.opened + 4);
        let fit = if live.entry.services.is_empty() { 0.5 } else { 1.0 };
        (worth * kind * fit * useful / f64::from(reading_s), counted, unseen)
    }

    /// The most that anything does.
    fn most(&self, hall: &Hall, entries: &[&LiveEntry]) -> f64 {
        let worth = |live: &LiveEntry| {
            let said = texts(hall, live)
                .map(|(language, text)| self.worth(hall, live, &language.unwrap(), reading_s(live.entry.kind, &text)).0);
            said.fold(0.0, f64::max)
        };
        entries.iter().map(|live| worth(live)).fold(0.0, f64::max)
    }

    fn explains(&self, hall: &Hall, choice: &Choice, now_ms: u64) {
        let showable: Vec<&LiveEntry> = hall.content.showable(hall.local, hall.screen).collect();
        let live = *showable.iter().find(|live| live.id == choice.id).expect("only what may be shown is");
        let fresh: Vec<&LiveEntry> = showable.iter().copied().filter(|live| self.rested(&live.id, now_ms)).collect();
        let pinned = |live: &LiveEntry| live.entry.pin && self.rested(&live.id, now_ms);
        assert_eq!(choice.why == Why::Pinned, fresh.iter().any(|live| pinned(live)), "{:?}", choice.why);
        assert!(fresh.is_empty() || self.rested(&choice.id, now_ms), "again within a minute: {choice:?}");
        match &choice.why {
            Why::Pinned => assert!(pinned(live)),
            Why::Share { per_cent } => assert_eq!(*per_cent, live.entry.least_share),
            Why::Playlist { name, per_cent } => {
                let list = hall.content.playlists.iter().find(|list| list.name == *name).unwrap();
                assert!(list.entries.contains(&choice.id) && list.share == *per_cent);
            }
            Why::Line(counted) => {
                let language = choice.language.clone().unwrap();
                let (worth, waiting, unseen) = self.worth(hall, live, &language, choice.reading_s);
                assert_eq!((counted.waiting, counted.unseen), (waiting, unseen));
                assert!(worth > 0.0 && worth >= self.most(hall, &fresh) * (1.0 - 1e-9), "{choice:?}");
            }
            Why::Explored => {}
            Why::NobodyWaits => assert!(hall.waiting.is_empty()),
            Why::AllSeen => assert!(!hall.waiting.is_empty() && self.most(hall, &fresh) == 0.0),
            Why::NothingElse => assert!(fresh.is_empty()),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    /// What is shown may be shown, does not come again within a minute, is there for as long as it takes to read, and was chosen
    /// for the reason that is given.
    #[test]
    fn what_is_shown_may_be_shown_and_is_explained(content in content(true), seed: u64, off: bool) {
        let (mut rotation, mut twin) = (Rotation::new(seed), Rotation::new(seed));
        let (mut people, mut model, mut now_ms) = (People::new(seed), Model::default(), 0);
        let proved = content.entries.iter().step_by(2).map(|live| (live.id.clone(), Proved { opened: 9, helped: 7 })).collect();
        let house = Lang::from("en");
        let mut before: Option<Choice> = None;
        for _ in 0..120 {
            people.pass();
            let local = start() + TimeDelta::milliseconds(now_ms as i64);
            let hall = Hall {
                content: &content, local, screen: "hall", house: &house,
                waiting: &people.waiting, proved: &proved, answers_off: false,
            };
            if let Some(before) = &before {
                model.note(before, now_ms);
            }
            let Some(choice) = rotation.next(&hall, now_ms) else {
                prop_assert_eq!(content.showable(local, "hall").count(), 0);
                twin.next(&hall, now_ms);
                before = None;
                now_ms += 5_000;
                continue;
            };
            let same = twin.next(&hall, now_ms);
            prop_assert_eq!(same.as_ref(), Some(&choice));
            prop_assert!(Rotation::still_right(&choice, &hall));
            if off {
                let muted = Hall { answers_off: true, ..hall };
                prop_assert_eq!(Rotation::still_right(&choice, &muted), !choice.kind.is_question());
                let quiet = rotation.clone().next(&muted, now_ms);
                prop_assert!(quiet.is_none_or(|choice| !choice.kind.is_question()));
            }
            model.explains(&hall, &choice, now_ms);
            prop_assert!((8..=30).contains(&choice.reading_s) && choice.seconds >= choice.reading_s);
            let held = matches!(choice.why, Why::Share { .. } | Why::Playlist { .. });
            prop_assert!(held || choice.seconds == choice.reading_s);
            prop_assert!(!choice.why.sentence(ToString::to_string).is_empty());
            now_ms += u64::from(choice.seconds) * 1000;
            before = Some(choice);
        }
    }

    /// Least shares and playlists have their time, as far as they add up to no more than the whole, in a full hall and over
    /// any four hours.
    #[test]
    fn shares_are_met(words in prop::collection::vec(0..40_usize, 2..14), shares in prop::collection::vec(1..60_u8, 1..6), list in 0..40_u8, seed: u64) {
        let mut left = 100;
        let mut content = Content::default();
        for (at, words) in words.iter().enumerate() {
            let share = shares.get(at).copied().unwrap_or_default().min(left);
            left -= share;
            let made = (at % 3, *words, BTreeSet::new(), BTreeSet::new(), None, false, share, false);
            content.entries.push(LiveEntry { id: id(at), version: 1, entry: entry(made) });
        }
        let listed: Vec<EntryId> = (shares.len()..words.len()).map(id).collect();
        let list = list.min(left);
        content.playlists.push(Playlist { name: "list".into(), schedule: Schedule::default(), entries: listed.clone(), share: list });
        let house = Lang::from("en");
        let (mut rotation, mut people, mut now_ms) = (Rotation::new(seed), People::new(seed), 0_u64);
        let mut shown: BTreeMap<EntryId, u64> = BTreeMap::new();
        let begin = 1_800_000;
        while now_ms < begin + 4 * 3_600_000 {
            people.pass();
            let local = start() + TimeDelta::milliseconds(now_ms as i64);
            let hall = Hall {
                content: &content, local, screen: "hall", house: &house,
                waiting: &people.waiting, proved: &BTreeMap::new(), answers_off: false,
            };
            let choice = rotation.next(&hall, now_ms).unwrap();
            let ms = u64::from(choice.seconds) * 1000;
            if now_ms >= begin {
                *shown.entry(choice.id).or_default() += ms;
            }
            now_ms += ms;
        }
        let per_cent = |id: &EntryId| shown.get(id).copied().unwrap_or_default() as f64 / (now_ms - begin) as f64 * 100.0;
        // what is shown for seconds at a time has, at the end of any window, one showing that is still to come
        let one = 30_000.0 / (now_ms - begin) as f64 * 100.0;
        for live in &content.entries {
            let (had, share) = (per_cent(&live.id), f64::from(live.entry.least_share));
            prop_assert!(had >= share - 5.0 && had >= share * 0.85 - one, "{} had {had:.1} of {share}", live.id);
        }
        if !listed.is_empty() {
            let had: f64 = listed.iter().map(per_cent).sum();
            prop_assert!(had >= f64::from(list) - 5.0, "the list had {had:.1} of {list}");
        }
    }
}
