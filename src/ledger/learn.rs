//! What the tickets of the past teach, where nothing is stored of what had been learned: after an import, and after an upgrade
//! from a program that learned differently.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, Row};

use super::Fault;
use super::import::{ImportedVisit, imported, in_order};
use crate::backtest::Learner;
use crate::estimate::Estimator;
use crate::history::{Happening, Visit};

/// The newest tickets that are learned from: a few weeks of a branch. More would hold up the start that follows.
const NEWEST: u32 = 5000;

/// Learns from the newest tickets of closed days, this branch's own and those of a former system, in the order in which things
/// happened, as if each had been promised something.
///
/// # Errors
/// A [`Fault`] of the disk.
pub(super) fn learn_again(connection: &Connection) -> Result<Estimator, Fault> {
    let mut visits = Vec::new();
    imported(connection, NEWEST, |visit| visits.push(visit))?;
    visits.extend(own(connection)?);
    visits.sort_by_key(|visit| visit.issued_ms);
    visits.drain(..visits.len().saturating_sub(NEWEST as usize));
    let mut learner = Learner::default();
    let mut names = Names::default();
    in_order(&visits, |at_ms, what, line, visit| {
        let visit = names.numbered(line, visit);
        let service = &visits[line].service;
        learner.take(&Happening { at_ms, what, visit }, service);
    });
    Ok(Estimator::from_model(learner.model()))
}

/// Numbers for names, as histories have them.
#[derive(Default)]
struct Names {
    services: BTreeMap<String, u32>,
    desks: BTreeMap<String, u32>,
}

fn number(names: &mut BTreeMap<String, u32>, name: &str) -> u32 {
    // at most NEWEST of them
    let next = u32::try_from(names.len()).unwrap_or(u32::MAX);
    *names.entry(name.to_owned()).or_insert(next)
}

impl Names {
    fn numbered(&mut self, line: usize, visit: &ImportedVisit) -> Visit {
        Visit {
            line: line as u64,
            branch: 0,
            service: number(&mut self.services, visit.service.as_str()),
            priority: visit.priority,
            issued_ms: visit.issued_ms,
            offset_s: visit.offset_s,
            called_ms: visit.called_ms,
            left_ms: visit.left_ms,
            finished_ms: visit.finished_ms,
            desk: visit.desk.as_deref().map(|desk| number(&mut self.desks, desk)),
            open_desks: visit.open_desks,
        }
    }
}

/// The branch's own tickets of closed days whose waits the clocks could tell, and those that left.
fn own(connection: &Connection) -> Result<Vec<ImportedVisit>, Fault> {
    let offset: Option<i32> =
        connection.query_row("select offset_s from events order by seq desc limit 1", [], |row| row.get(0)).optional()?;
    let offset_s = offset.unwrap_or(0);
    let mut statement = connection.prepare(
        "select service, class, issued_ms, called_ms, ended_ms, desk, end from visits
         where ticket > (select coalesce(max(ticket), 0) - ?1 from visits)
           and (waiting_ms is not null or end = 'left') and ended_ms >= coalesce(called_ms, issued_ms)
           and coalesce(called_ms, ended_ms) >= issued_ms
         order by ticket",
    )?;
    let visit = |row: &Row<'_>| {
        let (service, end): (String, String) = (row.get("service")?, row.get("end")?);
        let class: Option<String> = row.get("class")?;
        let (called_ms, ended_ms): (Option<i64>, i64) = (row.get("called_ms")?, row.get("ended_ms")?);
        Ok(ImportedVisit {
            service: service.as_str().into(),
            priority: u8::from(class.is_some()),
            issued_ms: row.get("issued_ms")?,
            offset_s,
            called_ms,
            left_ms: (called_ms.is_none() && end == "left").then_some(ended_ms),
            finished_ms: (called_ms.is_some() && end == "finished").then_some(ended_ms),
            desk: row.get("desk")?,
            open_desks: None,
        })
    };
    let rows = statement.query_map([NEWEST], visit)?;
    Ok(rows.collect::<Result<_, _>>()?)
}
