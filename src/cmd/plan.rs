//! `nowserving plan`: how many desks, when.

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context;
use clap::Args;

use super::{DataArg, Outcome, say};
use crate::clock::stopwatch;
use crate::ledger;
use crate::plan::{Arrivals, BranchRule, DayChoice, Frame, MOST_WEEKS, Question, Recorder, Schedule, plan, usual_desks};

/// How long a plan may take before it says how far it is.
const QUIET: Duration = Duration::from_secs(2);

/// Plays past days again with other numbers of desks, and says how long people would wait.
///
/// For each schedule: the median wait, the wait that nine in ten stay below, how many people would give up, and the desk hours
/// it costs; then the hours in which one more desk helps most. Reads the ledger only, and may run while the branch is open.
/// How it is worked out, and how far to trust it, is in docs/reference/plan.md.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  nowserving plan --day saturday --desks 2..5\n  nowserving plan --day all --schedule 2 --schedule \"lunch = 2 + 1 11:00-14:00\"\n\nA schedule is a number of desks, with hours if it is not for the whole day, and more of them after a plus:\n  2                            two desks as long as the branch is open\n  2 09:00-18:00 + 1 11-14      and a third from 11 to 14\n  lunch = 2 + 1 11:00-14:00    the same with a name"
)]
pub struct PlanArgs {
    /// Which data folder.
    #[command(flatten)]
    pub data: DataArg,
    /// Which past days: monday to sunday, a date such as 2026-03-07, or all.
    #[arg(long, value_name = "DAY", default_value = "all", value_parser = |text: &str| text.parse::<DayChoice>().map_err(|bad| bad.to_string()))]
    pub day: DayChoice,
    /// Compare so many desks all day: 3, or 2..5 for two, three, four and five.
    ///
    /// Without this and --schedule: one fewer than usual to two more.
    #[arg(long, value_name = "FROM..TO", value_parser = desks)]
    pub desks: Option<Range>,
    /// Compare this schedule too (may be given more than once); or a file with one in each line.
    #[arg(long, value_name = "SCHEDULE|FILE", value_parser = schedules)]
    pub schedule: Vec<Given>,
    /// Count the waits of this service only; all services are played.
    #[arg(long, value_name = "PREFIX")]
    pub service: Option<String>,
    /// How many weeks to look back from the newest day.
    #[arg(long, value_name = "N", default_value_t = 12, value_parser = clap::value_parser!(u32).range(1..=i64::from(MOST_WEEKS)))]
    pub weeks: u32,
    /// Where people come from: the past days as they were (replay), drawn from their profile (resample), or the first if there
    /// are at least four days (auto).
    #[arg(long, value_enum, default_value = "auto")]
    pub arrivals: ArrivalsArg,
    /// The same seed gives the same plan.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// How many visits to play for each schedule, about. More take longer and make steadier figures.
    #[arg(long, value_name = "N", default_value_t = 40_000, value_parser = clap::value_parser!(u32).range(1..=10_000_000))]
    pub visits: u32,
    /// Do not look for the hours in which one more desk helps most.
    #[arg(long)]
    pub no_suggestion: bool,
    /// Write a picture of it too, as SVG.
    #[arg(long, value_name = "FILE.svg", value_parser = svg)]
    pub picture: Option<PathBuf>,
    /// Say it as JSON, as docs/reference/plan.md describes.
    #[arg(long)]
    pub json: bool,
}

/// How arrivals are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum ArrivalsArg {
    /// By the number of days.
    Auto,
    /// As they were.
    Replay,
    /// Drawn.
    Resample,
}

/// From so many desks to so many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range(u32, u32);

/// The schedules of one `--schedule`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given(Vec<Schedule>);

fn desks(text: &str) -> Result<Range, String> {
    let (from, to) = text.split_once("..").or_else(|| text.split_once('-')).unwrap_or((text, text));
    let number = |text: &str| text.trim_start_matches('=').trim().parse::<u32>().ok().filter(|n| (1..=50).contains(n));
    match (number(from), number(to)) {
        (Some(from), Some(to)) if from <= to && to - from < 12 => Ok(Range(from, to)),
        _ => Err("give a number of desks such as 3, or a range such as 2..5: from 1 to 50, at most 12 at once".into()),
    }
}

fn schedules(text: &str) -> Result<Given, String> {
    let path = Path::new(text);
    if !path.is_file() {
        return Schedule::parse(text).map(|schedule| Given(vec![schedule])).map_err(|bad| bad.to_string());
    }
    let file = std::fs::read_to_string(path).map_err(|error| format!("the file cannot be read: {error}"))?;
    let lines = file.lines().enumerate().filter(|(_, line)| !line.trim().is_empty() && !line.trim().starts_with('#'));
    let parse = |(n, line): (usize, &str)| Schedule::parse(line).map_err(|bad| format!("line {}: {bad}", n + 1));
    lines.map(parse).collect::<Result<_, _>>().map(Given)
}

fn svg(text: &str) -> Result<PathBuf, String> {
    let path = PathBuf::from(text);
    let fits = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("svg"));
    fits.then_some(path).ok_or_else(|| "the picture is an SVG: give a name that ends in .svg".into())
}

impl PlanArgs {
    fn question(&self, usual: u32) -> Question {
        let given = self.schedule.iter().flat_map(|given| given.0.iter().cloned());
        let range = match self.desks {
            None if self.schedule.is_empty() => Some(Range(usual.saturating_sub(1).max(1), usual + 2)),
            range => range,
        };
        let constant = range.into_iter().flat_map(|Range(from, to)| (from..=to).map(Schedule::constant));
        Question {
            day: self.day,
            weeks: self.weeks,
            schedules: constant.chain(given).collect(),
            service: self.service.as_deref().map(Into::into),
            arrivals: match self.arrivals {
                ArrivalsArg::Auto => Arrivals::Auto,
                ArrivalsArg::Replay => Arrivals::Replay,
                ArrivalsArg::Resample => Arrivals::Resample,
            },
            seed: self.seed,
            visits: self.visits as usize,
            suggest: !self.no_suggestion,
        }
    }
}

/// Says on standard error how far a long run is: in place on a terminal, a line now and then elsewhere.
fn progress() -> impl FnMut(f32) -> bool {
    let terminal = std::io::stderr().is_terminal();
    let began = stopwatch();
    let mut told = None;
    move |done| {
        let now = stopwatch();
        let pause = if terminal { QUIET / 10 } else { 5 * QUIET };
        let mut err = std::io::stderr().lock();
        // what cannot be told is no reason to stop
        let _ = match (terminal, told) {
            (true, Some(_)) if done >= 1.0 => write!(err, "\r{:25}\r", ""),
            _ if done >= 1.0 || now - began < QUIET || told.is_some_and(|told| now - told < pause) => Ok(()),
            (true, _) => write!(err, "\rPlaying days: {:3.0} % ", done * 100.0),
            (false, _) => writeln!(err, "Playing days: {:.0} %", done * 100.0),
        };
        if told.is_none_or(|told| now - told >= pause) && now - began >= QUIET {
            told = Some(now);
        }
        true
    }
}

/// Runs the command.
///
/// # Errors
/// If there is no ledger, no past day of that kind, no such service, or the picture cannot be written.
pub fn run(args: &PlanArgs) -> Outcome {
    let path = args.data.ledger()?;
    let mut recorder = Recorder::default();
    let queue = ledger::past(&path, args.weeks, |recorded| recorder.take(recorded))?;
    let history = recorder.history();
    let branch = BranchRule::of(&queue);
    let report = plan(&history, &branch, queue.hours(), &args.question(usual_desks(&history)), &mut progress())?;
    if let Some(picture) = &args.picture {
        std::fs::write(picture, report.picture(Frame::File))
            .with_context(|| format!("The picture {} cannot be written.", picture.display()))?;
    }
    if args.json {
        say(&serde_json::to_string(&report)?)?;
    } else {
        say(report.text().trim_end())?;
    }
    Ok(ExitCode::SUCCESS)
}
