//! `/manage/plan`: the manager compares desk schedules on past days.
//!
//! A plan takes seconds, on a small machine half a minute. So it is worked out on a thread for blocking work, never on the
//! request's and never on the writer's; one at a time; from a ledger connection of its own; and only as many visits are played
//! as [`VISITS`] says. Who asks waits a moment for it, and is then given a page that reloads itself until the plan is there.
//! The last few are kept until another business day ends.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use serde::Deserialize;

use super::access::Caller;
use super::extract::Query;
use super::pages::plan::{Form, PlanPage, Shown, plan_page};
use super::site::Page;
use super::staff::staff;
use super::{Problem, Shared};
use crate::ledger::{self, Role};
use crate::plan::{BranchRule, DayChoice, Question, Recorder, Report, Schedule, plan};

/// How many visits are played for each schedule.
const VISITS: usize = 15_000;
/// How many plans are kept.
const KEPT: usize = 8;
/// How long a request waits before it shows that the plan is being worked out.
const PATIENCE: Duration = Duration::from_secs(3);
/// The most desks and the most schedules of one plan.
const MOST: u32 = 20;
const MOST_SCHEDULES: usize = 8;

pub(super) fn routes() -> Router<Shared> {
    Router::new().route("/manage/plan", get(page))
}

type Made = Result<Report, String>;

/// What was planned and what is being planned.
#[derive(Debug, Default)]
pub(super) struct Plans(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    running: Option<String>,
    made: VecDeque<(String, Arc<Made>)>,
}

impl Plans {
    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Lets the next plan begin when this one is over, however it ends.
struct Turn(Shared);

impl Drop for Turn {
    fn drop(&mut self) {
        self.0.plans.lock().running = None;
    }
}

/// The form as it was sent. Nothing of it: no plan is asked for yet.
#[derive(Clone, Debug, Default, Deserialize)]
struct Asked {
    #[serde(default)]
    day: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
    #[serde(default)]
    schedule: String,
    #[serde(default)]
    weeks: String,
    #[serde(default)]
    service: String,
}

impl Asked {
    fn form(&self) -> Form {
        let or = |text: &str, otherwise: &str| if text.is_empty() { otherwise.to_owned() } else { text.to_owned() };
        Form {
            day: or(&self.day, "saturday"),
            from: or(&self.from, "1"),
            to: or(&self.to, "4"),
            schedule: self.schedule.clone(),
            weeks: or(&self.weeks, "12"),
            service: self.service.clone(),
        }
    }

    /// The question, or what is wrong with the form.
    fn question(&self) -> Result<Question, String> {
        let form = self.form();
        let day: DayChoice = form.day.parse().map_err(|bad| format!("The day: {bad}."))?;
        let number = |text: &str| text.trim().parse::<u32>().ok();
        let desks = number(&form.from).zip(number(&form.to)).filter(|(from, to)| (1..=*to).contains(from) && *to <= MOST);
        let (from, to) =
            desks.ok_or_else(|| format!("The desks: two numbers from 1 to {MOST} are needed, the smaller first."))?;
        let mut schedules: Vec<_> = (from..=to).map(Schedule::constant).collect();
        for line in form.schedule.lines().filter(|line| !line.trim().is_empty()) {
            schedules.push(Schedule::parse(line.trim()).map_err(|bad| bad.to_string())?);
        }
        if schedules.len() > MOST_SCHEDULES {
            return Err(format!("At most {MOST_SCHEDULES} schedules can be compared at once."));
        }
        let weeks = number(&form.weeks).filter(|weeks| (1..=104).contains(weeks));
        let weeks = weeks.ok_or("The weeks: a number from 1 to 104 is needed.")?;
        let service = Some(form.service.trim()).filter(|service| !service.is_empty()).map(Into::into);
        Ok(Question { weeks, schedules, service, visits: VISITS, ..Question::new(day) })
    }
}

/// The page with its form, and with a plan if one is asked for.
async fn page(State(app): State<Shared>, caller: Caller, Query(asked): Query<Asked>) -> Page {
    let staff = match staff(&app, &caller, Role::Manager, "/manage/plan") {
        Ok(staff) => staff,
        Err(page) => return *page,
    };
    let (status, shown) = if asked.day.is_empty() {
        (StatusCode::OK, Shown::Nothing)
    } else {
        match asked.question() {
            Ok(question) => shown(&app, question).await.map_err(|problem| app.problem(problem))?,
            Err(why) => (StatusCode::UNPROCESSABLE_ENTITY, Shown::Problem(why)),
        }
    };
    let services: Vec<_> = {
        let live = app.branch.live();
        live.queue.ranked_services().iter().map(|s| (s.service.id.to_string(), s.service.name.clone())).collect()
    };
    let store = app.store();
    let form = asked.form();
    let page = PlanPage { site: app.site(&store), staff: &staff, form: &form, services: &services, shown: &shown };
    app.html(status, plan_page(&page))
}

async fn shown(app: &Shared, question: Question) -> Result<(StatusCode, Shown), Problem> {
    let day = app.branch.live().queue.day().map(|day| (day.number, day.closed.is_some()));
    let key = format!("{question:?} {day:?}");
    let begin = {
        let mut kept = app.plans.lock();
        if let Some((_, made)) = kept.made.iter().find(|(of, _)| *of == key) {
            return Ok(answer(made.clone()));
        }
        let free = kept.running.is_none();
        if free {
            kept.running = Some(key.clone());
        }
        free
    };
    if !begin {
        return Ok((StatusCode::OK, Shown::Working));
    }
    let turn = Turn(app.clone());
    let path = app.accounts().path().map(PathBuf::from);
    let work = tokio::task::spawn_blocking(move || {
        let made = Arc::new(make(&turn.0, path, &question));
        let mut kept = turn.0.plans.lock();
        kept.made.push_front((key, made.clone()));
        kept.made.truncate(KEPT);
        drop(kept);
        made
    });
    match tokio::time::timeout(PATIENCE, work).await {
        Ok(Ok(made)) => Ok(answer(made)),
        Ok(Err(error)) => {
            tracing::error!(%error, "a plan could not be made");
            let detail = "Something went wrong here. Please try again.";
            Err(Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "defect", detail))
        }
        Err(_) => Ok((StatusCode::OK, Shown::Working)),
    }
}

fn answer(made: Arc<Made>) -> (StatusCode, Shown) {
    match &*made {
        Ok(_) => (StatusCode::OK, Shown::Plan(made)),
        Err(why) => (StatusCode::UNPROCESSABLE_ENTITY, Shown::Problem(why.clone())),
    }
}

/// Reads the past and makes the plan, unless the hub stops meanwhile.
fn make(app: &Shared, path: Option<PathBuf>, question: &Question) -> Made {
    let path = path.ok_or("There is no ledger to read.")?;
    let mut recorder = Recorder::default();
    let queue =
        ledger::past(&path, question.weeks, |recorded| recorder.take(recorded)).map_err(|fault| fault.to_string())?;
    let goes_on = |_| !*app.stopping.borrow();
    plan(&recorder.history(), &BranchRule::of(&queue), queue.hours(), question, &mut { goes_on })
        .map_err(|no| no.to_string())
}
