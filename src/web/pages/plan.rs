//! The page `/manage/plan`: how many desks, when. A form, and below it the plan as sentences, tables and a picture. No script.

use std::sync::Arc;

use askama::Template;

use super::Site;
use crate::plan::{Frame, Report, ScheduleReport, Trust, days_line, short};

/// What stands in the form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Form {
    /// `monday` to `sunday`, `all`, or a date.
    pub day: String,
    /// The fewest desks.
    pub from: String,
    /// The most desks.
    pub to: String,
    /// More schedules, one in a line.
    pub schedule: String,
    /// Weeks to look back.
    pub weeks: String,
    /// The service that is counted, or empty.
    pub service: String,
}

/// What stands below the form.
#[derive(Clone, Debug)]
pub enum Shown {
    /// Nothing was asked for yet.
    Nothing,
    /// It is being worked out, or something else is.
    Working,
    /// Why there is no plan.
    Problem(String),
    /// The plan. An error has become a problem before.
    Plan(Arc<Result<Report, String>>),
}

/// The page.
#[derive(Clone, Copy, Debug)]
pub struct PlanPage<'a> {
    /// What all pages share.
    pub site: Site<'a>,
    /// Who is logged in.
    pub staff: &'a str,
    /// What stands in the form.
    pub form: &'a Form,
    /// The services: prefix and name.
    pub services: &'a [(String, String)],
    /// What stands below it.
    pub shown: &'a Shown,
}

#[derive(Template)]
#[template(path = "plan.html")]
struct PlanHtml<'a> {
    p: &'a PlanPage<'a>,
    site: Site<'a>,
    days: [(&'static str, &'static str); 8],
    weeks: [(&'static str, &'static str); 4],
    working: bool,
    problem: Option<&'a str>,
    plan: Option<Told<'a>>,
}

struct Told<'a> {
    report: &'a Report,
    days: String,
    picture: String,
    trust: &'static str,
    rows: Vec<Row<'a>>,
    people: Vec<String>,
}

struct Row<'a> {
    schedule: &'a ScheduleReport,
    over: String,
    desk_hours: String,
    hours: Vec<String>,
}

const DAYS: [(&str, &str); 8] = [
    ("monday", "Mondays"),
    ("tuesday", "Tuesdays"),
    ("wednesday", "Wednesdays"),
    ("thursday", "Thursdays"),
    ("friday", "Fridays"),
    ("saturday", "Saturdays"),
    ("sunday", "Sundays"),
    ("all", "All days"),
];
const WEEKS: [(&str, &str); 4] = [("4", "4 weeks"), ("12", "12 weeks"), ("26", "half a year"), ("52", "a year")];

/// Renders `/manage/plan`.
///
/// # Errors
/// Only if formatting fails.
pub fn plan_page(page: &PlanPage<'_>) -> Result<String, askama::Error> {
    let (problem, plan) = match page.shown {
        Shown::Problem(why) => (Some(why.as_str()), None),
        Shown::Plan(made) => match &**made {
            Ok(report) => (None, Some(told(report))),
            Err(why) => (Some(why.as_str()), None),
        },
        Shown::Nothing | Shown::Working => (None, None),
    };
    let working = matches!(page.shown, Shown::Working);
    PlanHtml { p: page, site: page.site, days: DAYS, weeks: WEEKS, working, problem, plan }.render()
}

fn row(schedule: &ScheduleReport) -> Row<'_> {
    Row {
        over: format!("{:.0} %", schedule.over_15.value * 100.0),
        desk_hours: format!("{:.1}", schedule.desk_hours.value),
        hours: schedule.by_hour.iter().map(|hour| short(hour.median)).collect(),
        schedule,
    }
}

fn told(report: &Report) -> Told<'_> {
    let people = report.schedules.first().map_or(&[][..], |first| &first.by_hour);
    Told {
        report,
        days: days_line(report),
        picture: report.picture(Frame::Page),
        trust: match report.trust {
            Trust::Thin => "a rough guide",
            Trust::Fair => "fair",
            Trust::Good => "good",
        },
        rows: report.schedules.iter().map(row).collect(),
        people: people.iter().map(|hour| format!("{:.0}", hour.people)).collect(),
    }
}
