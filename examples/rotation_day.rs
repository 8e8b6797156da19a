//! A simulated day before one board: whom the line-aware rotation shows what they need, and whom a plain loop does.
//!
//! ```sh
//! cargo run --release --example rotation_day -- --json
//! ```
//!
//! People come for five services with a morning and an evening peak, wait in the order they came and each need one entry: mostly
//! one of their service, sometimes a general one. Who had it before them, whole, while waiting, was reached. Both boards have the
//! same entries, the same hall and stay as long as it takes to read; the loop goes through its entries in their order. The
//! rotation is told what a branch knows: who waits for what and about how long, but not what anyone needs.

#![expect(clippy::print_stdout, reason = "a program that prints its findings")]

use std::collections::BTreeMap;

use chrono::NaiveDateTime;
use clap::Parser;
use nowserving::queue::{Lang, ServiceId, TicketId};
use nowserving::signage::rotation::{Hall, Rotation, Waiting};
use nowserving::signage::{Content, Entry, EntryId, Kind, LiveEntry, Text, reading_seconds};
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;
use serde::Serialize;

/// Services with their share of the morning's and the evening's people, and seconds at a desk.
const SERVICES: [(&str, f64, f64, f64); 5] = [
    ("R", 0.15, 0.45, 240.0),
    ("P", 0.45, 0.20, 120.0),
    ("W", 0.20, 0.10, 420.0),
    ("K", 0.10, 0.10, 180.0),
    ("G", 0.10, 0.15, 150.0),
];
/// Entries of each service, and general ones.
const OF_SERVICE: usize = 5;
const GENERAL: usize = 5;
/// The day, seconds.
const DAY_S: u64 = 12 * 3600;

/// Measure whom a board reaches on a simulated day.
#[derive(Parser)]
#[command(after_help = "Example: rotation_day --seeds 20 --json")]
struct Args {
    /// So many days
    #[arg(long, default_value_t = 10)]
    seeds: u64,
    /// One JSON object instead of lines
    #[arg(long)]
    json: bool,
}

/// What came of it.
#[derive(Clone, Copy, Debug, Default, Serialize)]
struct Reached {
    /// People who came.
    people: usize,
    /// Who had what they needed before them, with the rotation.
    rotation: usize,
    /// The same, with the plain loop.
    plain: usize,
}

/// Somebody who comes.
struct Person {
    ticket: TicketId,
    service: ServiceId,
    needs: EntryId,
    /// Waits from then, until then; seconds of the day.
    comes_s: u64,
    called_s: u64,
}

fn entries() -> Content {
    let mut entries = Vec::new();
    // the manager wrote them in turn for each service, so that the plain loop is mixed well
    for at in 0..OF_SERVICE {
        entries.extend(SERVICES.iter().map(|(service, ..)| entry(Some(service), at)));
        entries.push(entry(None, at));
    }
    debug_assert_eq!(entries.len(), SERVICES.len() * OF_SERVICE + GENERAL);
    Content { entries, ..Content::default() }
}

fn entry(service: Option<&str>, at: usize) -> LiveEntry {
    let words = 12 + (at * 5) % 18;
    let text = Text { question: "word ".repeat(7), short: "word ".repeat(words), ..Text::default() };
    let kind = [Kind::Answers, Kind::Prepares, Kind::Answers, Kind::Routes, Kind::Prepares][at % 5];
    let services = service.map(ServiceId::from).into_iter().collect();
    LiveEntry { id: name(service, at), version: 1, entry: Entry { kind, original: text, services, ..Entry::default() } }
}

fn name(service: Option<&str>, at: usize) -> EntryId {
    EntryId::of(service.unwrap_or("all")).numbered(at as u32)
}

/// The people of a day: two peaks, first come first served at four desks, five in the peaks.
fn people(seed: u64) -> Vec<Person> {
    let mut chance = Pcg64Mcg::seed_from_u64(seed);
    let mut free_s = [0_f64; 5];
    let (mut people, mut now_s) = (Vec::new(), 0.0);
    loop {
        let hour = now_s / 3600.0;
        let peak = |at: f64| (-(hour - at) * (hour - at) / 1.5).exp();
        let an_hour = 32.0 + 55.0 * peak(2.0) + 50.0 * peak(9.5);
        now_s += -(1.0 - chance.random::<f64>()).ln() * 3600.0 / an_hour;
        if now_s >= DAY_S as f64 {
            return people;
        }
        let mut pick = chance.random::<f64>();
        let shares = SERVICES
            .iter()
            .map(|(service, morning, evening, desk_s)| (*service, if hour < 6.0 { *morning } else { *evening }, *desk_s));
        let (service, _, mean_s) = shares
            .into_iter()
            .find(|(_, share, _)| {
                pick -= share;
                pick < 0.0
            })
            .unwrap_or((SERVICES[0].0, 0.0, SERVICES[0].3));
        let desks = if peak(2.0) + peak(9.5) > 0.4 { 5 } else { 4 };
        let desk = free_s.iter_mut().take(desks).min_by(|a, b| a.total_cmp(b));
        let Some(desk) = desk else { return people };
        let called_s = desk.max(now_s);
        *desk = called_s + mean_s * (0.4 + 1.2 * chance.random::<f64>());
        // one in five needs something general; some questions are asked more often than others
        let often = (chance.random::<f64>() * chance.random::<f64>() * OF_SERVICE as f64) as usize;
        let needs = name((!chance.random_bool(0.2)).then_some(service), often);
        let ticket = TicketId(people.len() as u64);
        people.push(Person { ticket, service: service.into(), needs, comes_s: now_s as u64, called_s: called_s as u64 });
    }
}

/// Who had what they needed before them: `next` says what is shown from a second on, and for how long.
fn reached(people: &[Person], mut next: impl FnMut(u64) -> (EntryId, u32)) -> usize {
    let mut had = vec![false; people.len()];
    let mut now_s = 0;
    while now_s < DAY_S + 3600 {
        let (shown, seconds) = next(now_s);
        let end_s = now_s + u64::from(seconds);
        for (person, had) in people.iter().zip(&mut had) {
            *had |= person.needs == shown && person.comes_s <= now_s && end_s <= person.called_s;
        }
        now_s = end_s;
    }
    had.into_iter().filter(|had| *had).count()
}

fn day(seed: u64) -> Reached {
    let (content, people) = (entries(), people(seed));
    let begin = NaiveDateTime::default();
    let (house, proved) = (Lang::from("en"), BTreeMap::new());
    let mut rotation = Rotation::new(seed);
    let by_line = reached(&people, |now_s| {
        let here = people.iter().filter(|person| person.comes_s <= now_s && now_s < person.called_s);
        let wait = |person: &Person| Waiting {
            ticket: person.ticket,
            service: person.service.clone(),
            language: None,
            waited_s: (now_s - person.comes_s) as u32,
            // a branch knows it within a third or so
            call_in_s: Some(((person.called_s - now_s) as f64 * [0.7, 1.0, 1.3][(person.ticket.0 % 3) as usize]) as u32),
        };
        let waiting: Vec<Waiting> = here.map(wait).collect();
        let local = begin + chrono::TimeDelta::seconds(now_s as i64);
        let hall = Hall {
            content: &content,
            local,
            screen: "board",
            house: &house,
            waiting: &waiting,
            proved: &proved,
            answers_off: false,
        };
        rotation.next(&hall, now_s * 1000).map_or((name(None, 0), 8), |choice| (choice.id, choice.seconds))
    });
    let mut round = content.entries.iter().cycle();
    let plain = reached(&people, |_| {
        round.next().map_or((name(None, 0), 8), |live| {
            let words = |text: &str| text.split_whitespace().count();
            let text = &live.entry.original;
            (live.id.clone(), reading_seconds(words(&text.question) + words(&text.short)))
        })
    });
    Reached { people: people.len(), rotation: by_line, plain }
}

fn sum(days: impl IntoIterator<Item = Reached>) -> Reached {
    days.into_iter().fold(Reached::default(), |all, day| Reached {
        people: all.people + day.people,
        rotation: all.rotation + day.rotation,
        plain: all.plain + day.plain,
    })
}

fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    let all = sum((1..=args.seeds).map(day));
    if args.json {
        println!("{}", serde_json::to_string(&all)?);
        return Ok(());
    }
    let per_cent = |reached: usize| reached as f64 * 100.0 / all.people.max(1) as f64;
    println!("{} days, {} people who each need one of {} entries", args.seeds, all.people, entries().entries.len());
    println!("rotation by the line: {:.1} % had it before them while they waited", per_cent(all.rotation));
    println!("plain loop:           {:.1} %", per_cent(all.plain));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// On each of several days the line-aware rotation reaches a fifth more people than the loop at least, and a quarter more
    /// in all.
    #[test]
    fn the_line_puts_the_right_entry_before_more_people_than_a_loop() {
        let days: Vec<Reached> = (1..=6).map(day).collect();
        for (seed, day) in days.iter().enumerate() {
            assert!(day.people > 300, "{day:?}");
            assert!(day.rotation as f64 >= 1.2 * day.plain as f64, "seed {}: {day:?}", seed + 1);
        }
        let all = sum(days);
        assert!(all.rotation as f64 >= 1.25 * all.plain as f64, "{all:?}");
    }
}
