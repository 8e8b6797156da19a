//! Commands that change what the branch is: its services, desks, hours and rules.

use super::command::Command;
use super::desk::{DeskPhase, Profile};
use super::event::Event;
use super::refusal::Refusal;
use super::service::Service;
use super::state::Queue;
use super::ticket::Phase;

/// The longest reason the public reads, characters.
const REASON_CHARS: usize = 120;

pub(super) fn decide(queue: &Queue, command: &Command) -> Result<Vec<Event>, Refusal> {
    let event = match command {
        Command::StopIssuing { service, reason } => {
            let state = queue.known_service(service)?;
            let reason = reason.trim();
            if reason.is_empty() || reason.chars().count() > REASON_CHARS {
                return Err(Refusal::BadSetting(format!("Say why in 1 to {REASON_CHARS} characters: customers read it.")));
            }
            if state.stopped.as_deref() == Some(reason) {
                return Err(Refusal::IssuingIsAlready { name: state.service.name.clone(), state: "is stopped" });
            }
            Event::IssuingStopped { service: service.clone(), reason: reason.to_owned() }
        }
        Command::ResumeIssuing { service } => {
            let state = queue.known_service(service)?;
            if state.stopped.is_none() {
                return Err(Refusal::IssuingIsAlready { name: state.service.name.clone(), state: "gives numbers" });
            }
            Event::IssuingResumed { service: service.clone() }
        }
        Command::PutService(service) => {
            may_put(queue, service)?;
            Event::ServicePut { service: service.clone() }
        }
        Command::RemoveService(id) => {
            let state = queue.known_service(id)?;
            let open = queue.index.open.get(id).copied().unwrap_or(0);
            if open > 0 {
                return Err(Refusal::ServiceInUse { name: state.service.name.clone(), open });
            }
            Event::ServiceRemoved { service: id.clone() }
        }
        Command::PutDesk(desk) => {
            bad(desk.problem())?;
            let named: Vec<_> = match &desk.profile {
                Profile::LongestWait(services) => services.iter().collect(),
                Profile::Ratio(weights) => weights.keys().collect(),
            };
            for service in named {
                queue.known_service(service)?;
            }
            Event::DeskPut { desk: desk.clone() }
        }
        Command::RemoveDesk(id) => {
            let desk = queue.known_desk(id)?;
            if desk.phase != DeskPhase::Closed {
                return Err(Refusal::BadSetting(format!("{} is in use. Close it first.", desk.desk.name)));
            }
            let parked = queue.parked().find(|t| matches!(&t.phase, Phase::Parked { desk } if desk == id));
            if let Some(ticket) = parked {
                return Err(Refusal::DeskBusy { desk: desk.desk.name.clone(), number: ticket.number.clone() });
            }
            Event::DeskRemoved { desk: id.clone() }
        }
        Command::PutHours(hours) => {
            bad(hours.problem())?;
            Event::HoursPut { hours: hours.clone() }
        }
        Command::PutRules(rules) => {
            bad(rules.problem())?;
            Event::RulesPut { rules: rules.clone() }
        }
        _ => return Err(Refusal::NothingDue),
    };
    Ok(vec![event])
}

/// Whether a service as typed makes sense beside what it has given out today.
fn may_put(queue: &Queue, service: &Service) -> Result<(), Refusal> {
    bad(service.problem())?;
    if let Some(open) = queue.services.get(&service.id)
        && (service.digits, service.first) != (open.service.digits, open.service.first)
        && (open.next > open.service.first || queue.retired.contains_key(&service.id))
    {
        // R042 and R0042 side by side would be two numbers that people read as one
        let why = "The first number and the digits can change only on a day before the first ticket.";
        return Err(Refusal::BadSetting(why.into()));
    }
    Ok(())
}

fn bad(problem: Option<String>) -> Result<(), Refusal> {
    problem.map_or(Ok(()), |why| Err(Refusal::BadSetting(why)))
}
