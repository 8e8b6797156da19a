//! When one more desk helps most.
//!
//! Every window of whole hours is tried on top of the first schedule. What counts is the hours of waiting it saves all people
//! together, less the desk hours it costs: an hour at a desk must save at least an hour of waiting. That one rule decides both
//! when and how long, and is said with the result.

use super::compare::{figure_of, median, run, waited_hours};
use super::figures::{DayResult, Figure, Results, difference};
use super::history::{HOUR, Ms};
use super::question::NoPlan;
use super::report::Suggestion;
use super::stage::{Staffing, Stage};

/// The longest window, hours: about a shift.
const LONGEST: Ms = 6;
/// On how many days windows are compared before the best is played on all.
const SEARCHED_DAYS: usize = 8;

#[derive(Default)]
pub(super) struct Found {
    pub(super) suggestion: Suggestion,
    /// The first schedule with the desk added, and its results.
    pub(super) added: Option<(Staffing, Results)>,
}

const ORDINALS: [&str; 9] = ["second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"];

pub(super) fn suggest(stage: &Stage<'_>, base: &Results, progress: &mut dyn FnMut(f32) -> bool) -> Result<Found, NoPlan> {
    let Some(schedule) = stage.asked.schedules.first() else { return Ok(Found::default()) };
    let opens = stage.days.iter().filter_map(|day| Some(day.openings.first()?.0)).min().unwrap_or(0) / HOUR;
    let closes = stage.days.iter().filter_map(|day| Some(day.openings.last()?.1)).max().unwrap_or(0).div_ceil(HOUR);
    let windows: Vec<_> = (opens..closes)
        .flat_map(|from| (1..=LONGEST).map(move |long| (from, from + long)))
        .filter(|(_, to)| *to <= closes)
        .collect();
    let customers = stage.customers(0);
    let days: Vec<_> = (0..stage.days.len()).take(SEARCHED_DAYS).collect();
    // what a schedule costs people and desks, hours
    let cost = |staffing: &Staffing| -> Result<f64, NoPlan> {
        let mut cost = 0.0;
        for day in &days {
            let played = stage.play(staffing, *day, customers.get(*day).map_or(&[], Vec::as_slice))?;
            cost += hours_spent(&played);
        }
        Ok(cost / days.len().max(1) as f64)
    };
    let without = cost(&Staffing::By(schedule.clone()))?;
    let mut best: Option<(f64, (Ms, Ms))> = None;
    for (n, (from, to)) in windows.iter().enumerate() {
        let with = cost(&Staffing::By(schedule.and_one(from * HOUR, to * HOUR)))?;
        if with < best.map_or(without, |(least, _)| least) {
            best = Some((with, (*from, *to)));
        }
        if !progress(0.8 * (n + 1) as f32 / windows.len() as f32) {
            return Err(NoPlan::Stopped);
        }
    }
    let nothing = Found {
        suggestion: Suggestion {
            sentence: format!(
                "No hours of one more desk beside \"{schedule}\" would save people more time than they cost at the desk."
            ),
            ..Suggestion::default()
        },
        added: None,
    };
    let Some((_, (from, to))) = best else { return Ok(nothing) };
    let staffing = Staffing::By(schedule.and_one(from * HOUR, to * HOUR));
    let results =
        run(stage, std::slice::from_ref(&staffing), &mut |done| progress(0.8 + 0.2 * done))?.pop().unwrap_or_default();
    // what won on few days must hold on all
    let mean = |results: &Results, of: fn(&DayResult) -> f64| results.days().map(of).sum::<f64>() / results.count();
    if mean(&results, hours_spent) >= mean(base, hours_spent) {
        return Ok(nothing);
    }
    let suggestion = told(stage, (from, to), base, &results);
    Ok(Found { suggestion, added: Some((staffing, results)) })
}

/// What a day costs, hours: everybody's waiting and the desks' time.
fn hours_spent(day: &DayResult) -> f64 {
    waited_hours(day) + day.staffed as f64 / HOUR as f64
}

fn told(stage: &Stage<'_>, (from, to): (Ms, Ms), base: &Results, added: &Results) -> Suggestion {
    let seed = stage.asked.seed;
    let hour = |hour: Ms| u8::try_from(hour).unwrap_or(u8::MAX);
    // the hour of the window whose people wait longest without the desk
    let people = |hour| base.days().flat_map(|day| &day.visits).filter(|visit| visit.hour == hour).count() as f64;
    let busy = (hour(from)..hour(to)).filter(|hour| people(*hour) / base.count() >= 1.0);
    let wait = |hour: &u8| median(&base.days().collect::<Vec<_>>(), Some(*hour));
    let worst = busy.max_by(|a, b| wait(a).total_cmp(&wait(b))).unwrap_or(hour(from));
    let (before, after) = (figure_of(base, seed, worst), figure_of(added, seed, worst));
    let saved = paired(base, added, seed, waited_hours);
    let costs = paired(added, base, seed, |day| day.staffed as f64 / HOUR as f64);
    let open = stage.asked.schedules.first().map_or(0, |schedule| {
        let desks: Vec<_> = stage.branch.desks.iter().map(|desk| desk.id.clone()).collect();
        let openings = stage.days.first().map_or(&[][..], |day| &day.openings);
        let spans = schedule.spans(openings, &desks);
        let at = |time: Ms| spans.iter().filter(|span| span.from <= time && time < span.to).count();
        let counts: Vec<_> = (from..to).map(|hour| at(hour * HOUR)).collect();
        if counts.windows(2).all(|pair| pair[0] == pair[1]) { counts.first().copied().unwrap_or(0) } else { 0 }
    });
    let desk = match open.checked_sub(1).and_then(|n| ORDINALS.get(n)) {
        Some(ordinal) => format!("A {ordinal} desk"),
        None => "One more desk".to_owned(),
    };
    let sentence = format!(
        "{desk} from {from} to {to} takes the typical (median) wait of those who come from {worst} to {} from {:.0} to {:.0} \
         minutes.",
        worst + 1,
        before.value,
        after.value,
    );
    let price = format!(
        "Nine times in ten it is {:.0}–{:.0} before and {:.0}–{:.0} after. It costs {:.1} desk hours a day and saves {:.0} hours \
         of waiting a day, all people together ({:.0}–{:.0}).",
        before.low, before.high, after.low, after.high, costs.value, saved.value, saved.low, saved.high
    );
    Suggestion {
        sentence,
        price,
        from: Some(hour(from)),
        to: Some(hour(to)),
        hour: Some(worst),
        before: Some(before),
        after: Some(after),
    }
}

/// By how much a mean over days is larger in `more` than in `less`, on the same days with the same customers.
fn paired(more: &Results, less: &Results, seed: u64, of: fn(&DayResult) -> f64) -> Figure {
    let both = more.0.iter().zip(&less.0).map(|(more, less)| {
        let day = |(more, less): (&DayResult, &DayResult)| of(more) - of(less);
        more.iter().zip(less).map(day).collect::<Vec<f64>>()
    });
    difference(&both.collect::<Vec<_>>(), seed)
}
