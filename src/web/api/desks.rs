//! What a desk sees and does.

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};

use super::Body;
use super::tickets::desk_role;
use crate::branch::Live;
use crate::queue::{
    CallReason, Command, DeskId, DeskPhase, DeskState, Event, Moment, Number, Outcome, Paper, Phase, Queue, ServiceId,
    Ticket, TicketId,
};
use crate::web::access::Caller;
use crate::web::answers::ToldRow;
use crate::web::extract::Path;
use crate::web::pages::phone::CourtesyBody;
use crate::web::{App, Problem, Shared};

/// How much of a line a desk is sent: nobody scrolls further.
const SHOWN: usize = 60;

/// What a phase is called in interfaces.
fn phase_word(phase: &Phase) -> &'static str {
    match phase {
        Phase::Waiting => "waiting",
        Phase::Called { .. } => "called",
        Phase::Serving { .. } => "serving",
        Phase::Parked { .. } => "parked",
        Phase::Missed { .. } => "missed",
        Phase::Ended(_) => "ended",
    }
}

/// A ticket as staff see it.
#[derive(Clone, Debug, Serialize)]
pub(in crate::web) struct StaffTicket {
    pub(in crate::web) number: Number,
    pub(in crate::web) service: ServiceId,
    pub(in crate::web) service_name: String,
    pub(in crate::web) accent: String,
    pub(in crate::web) class: Option<String>,
    pub(in crate::web) phase: &'static str,
    pub(in crate::web) waiting_min: Option<u64>,
    pub(in crate::web) since_min: Option<u64>,
    pub(in crate::web) name: Option<String>,
    pub(in crate::web) question: Option<String>,
    pub(in crate::web) invitations: u32,
    pub(in crate::web) transfers: u32,
    pub(in crate::web) delays: u32,
    /// What it got for a promise that was broken late.
    pub(in crate::web) courtesy: Option<CourtesyBody>,
}

/// How long undo still works.
#[derive(Clone, Copy, Debug, Serialize)]
pub(in crate::web) struct Undo {
    pub(in crate::web) seconds_left: u64,
}

/// A service, to transfer to.
#[derive(Clone, Debug, Serialize)]
pub(in crate::web) struct ServiceLine {
    pub(in crate::web) id: ServiceId,
    pub(in crate::web) name: String,
    pub(in crate::web) accent: String,
    pub(in crate::web) waiting: usize,
    pub(in crate::web) stopped: Option<String>,
}

/// A desk, in a list.
#[derive(Clone, Debug, Serialize)]
pub(in crate::web) struct DeskLine {
    pub(in crate::web) id: DeskId,
    pub(in crate::web) name: String,
    pub(in crate::web) phase: DeskPhase,
    pub(in crate::web) number: Option<Number>,
}

/// Everything a desk's page shows.
#[derive(Clone, Debug, Serialize)]
pub(in crate::web) struct DeskPage {
    pub(in crate::web) desk: DeskLine,
    pub(in crate::web) ticket: Option<StaffTicket>,
    /// What its customer read, searched and was handed while waiting; the newest first. Forgotten when the visit ends.
    pub(in crate::web) told: Vec<ToldRow>,
    pub(in crate::web) line: Vec<StaffTicket>,
    pub(in crate::web) waiting: usize,
    pub(in crate::web) parked: Vec<StaffTicket>,
    pub(in crate::web) missed: Vec<StaffTicket>,
    pub(in crate::web) can: Vec<&'static str>,
    pub(in crate::web) undo: Option<Undo>,
    pub(in crate::web) services: Vec<ServiceLine>,
    pub(in crate::web) desks: Vec<DeskLine>,
    pub(in crate::web) next: Option<Number>,
    pub(in crate::web) alerts: Vec<String>,
    /// Tickets whose paper may not have come out.
    pub(in crate::web) reprints: Vec<Reprint>,
}

/// A ticket whose paper may not have come out: staff look, and may print it again.
#[derive(Clone, Debug, Serialize)]
pub(in crate::web) struct Reprint {
    pub(in crate::web) number: Number,
    /// What is known, a sentence or two.
    pub(in crate::web) message: String,
}

/// A desk as a row of a list.
pub(in crate::web) fn desk_line(queue: &Queue, state: &DeskState) -> DeskLine {
    DeskLine {
        id: state.desk.id.clone(),
        name: state.desk.name.clone(),
        phase: state.phase,
        number: state.ticket.and_then(|id| queue.ticket(id)).map(|ticket| ticket.number.clone()),
    }
}

impl App {
    fn staff_ticket(live: &Live, ticket: &Ticket, now: &Moment) -> StaffTicket {
        let service = live.queue.service(&ticket.service).map(|state| &state.service);
        let minutes = |ms: u64| ms / 60_000;
        let since = match &ticket.phase {
            Phase::Called { .. } => ticket.called,
            Phase::Serving { .. } | Phase::Parked { .. } => ticket.started.or(ticket.called),
            Phase::Missed { since, .. } => Some(*since),
            Phase::Waiting | Phase::Ended(_) => None,
        };
        let waiting = match ticket.phase {
            Phase::Waiting => ticket.issued.until(now),
            _ => ticket.waiting_ms(),
        };
        let note = live.personal.get(&ticket.id).cloned().unwrap_or_default();
        StaffTicket {
            number: ticket.number.clone(),
            service: ticket.service.clone(),
            service_name: service.map_or_else(String::new, |service| service.name.clone()),
            accent: service.map_or_else(String::new, |service| service.accent.clone()),
            class: ticket.class.as_ref().map(ToString::to_string),
            phase: phase_word(&ticket.phase),
            waiting_min: waiting.map(minutes),
            since_min: since.and_then(|since| since.until(now)).map(minutes),
            name: note.name,
            question: note.question,
            invitations: ticket.invitations,
            transfers: ticket.transfers,
            delays: ticket.delays,
            courtesy: live.queue.courtesy(ticket.id).map(CourtesyBody::of),
        }
    }

    /// Everything a desk's page shows.
    pub(in crate::web) fn desk_page(&self, id: &DeskId) -> Result<DeskPage, Problem> {
        let now = self.branch.now();
        let live = self.branch.live();
        let queue = &live.queue;
        let unknown = || Problem::from(crate::queue::Refusal::UnknownDesk(id.clone()));
        let state = queue.desk(id).ok_or_else(unknown)?;
        let shown = |ticket: &Ticket| Self::staff_ticket(&live, ticket, &now);
        let takes = |service: &ServiceId| state.desk.profile.takes(service);
        let services = || queue.services().map(|state| &state.service.id).filter(|id| takes(id));
        let mut line: Vec<&Ticket> = services().flat_map(|service| queue.line(service)).collect();
        let waiting = line.len();
        line.sort_by_key(|ticket| ticket.place);
        let next = next_number(queue, id, &now);
        // whoever is next by the rule stands first, whatever the time of issue
        if let Some(at) = line.iter().position(|ticket| Some(&ticket.number) == next.as_ref()) {
            let first = line.remove(at);
            line.insert(0, first);
        }
        let undo = state.undo.as_ref().filter(|_| may(queue, id, "undo", &now)).and_then(|record| record.at.until(&now));
        Ok(DeskPage {
            desk: desk_line(queue, state),
            ticket: state.ticket.and_then(|id| queue.ticket(id)).map(shown),
            told: state.ticket.map(|id| self.told_rows(id)).unwrap_or_default(),
            line: line.into_iter().take(SHOWN).map(shown).collect(),
            waiting,
            parked: queue.parked().map(shown).collect(),
            missed: queue.missed().map(shown).collect(),
            can: self.can(queue, id, &now),
            undo: undo.map(|ms| Undo { seconds_left: queue.rules().undo_ms.saturating_sub(ms).div_ceil(1000) }),
            services: queue.ranked_services().into_iter().map(|state| service_line(queue, state)).collect(),
            desks: queue.desks().map(|state| desk_line(queue, state)).collect(),
            next,
            alerts: self.alerts(queue),
            reprints: self.reprints(queue),
        })
    }

    /// What would be accepted of a desk now.
    fn can(&self, queue: &Queue, desk: &DeskId, now: &Moment) -> Vec<&'static str> {
        let commands = COMMANDS.into_iter().filter(|command| may(queue, desk, command, now));
        commands.chain(self.options.paper.then_some("reprint")).collect()
    }

    /// Tickets whose paper may not have come out, and that are not over.
    fn reprints(&self, queue: &Queue) -> Vec<Reprint> {
        let reprint = |(id, why): (TicketId, String)| {
            let ticket = queue.ticket(id).filter(|ticket| !ticket.is_over())?;
            let message = format!("{}'s paper may not have come out ({why}). Look at the printer first.", ticket.number);
            Some(Reprint { number: ticket.number.clone(), message })
        };
        self.branch.around().doubts().into_iter().filter_map(reprint).collect()
    }

    /// Prints a ticket again, marked as a copy.
    async fn reprint(&self, number: Option<&Number>) -> Result<String, Problem> {
        let id = self.numbered(number)?;
        self.print_again(id).await
    }

    /// The same of a ticket that is known.
    pub(super) async fn print_again(&self, id: TicketId) -> Result<String, Problem> {
        let conflict = |code, detail: String| Err(Problem::new(axum::http::StatusCode::CONFLICT, code, detail));
        if !self.options.paper {
            return conflict("no-printer", "There is no printer. Write the number on a slip of paper.".into());
        }
        let (number, over) = match self.branch.live().queue.ticket(id) {
            Some(ticket) => (ticket.number.clone(), ticket.is_over()),
            None => return Err(Problem::missing()),
        };
        if over {
            return conflict("ticket-over", format!("{number} is over: nobody needs its paper any more."));
        }
        self.branch.print_copy(id).await?;
        Ok(if self.branch.around().row().paper == Paper::Stopped {
            format!("{number} will be printed again, marked as a copy, as soon as the printer is mended.")
        } else {
            format!("{number} is printed again, marked as a copy.")
        })
    }

    fn alerts(&self, queue: &Queue) -> Vec<String> {
        // urgent ones first: customers feel them now
        let mut troubles = self.branch.around().troubles();
        troubles.sort_by_key(|reported| !reported.trouble.urgent);
        let mut alerts: Vec<String> = troubles.iter().map(|reported| reported.trouble.to_string()).collect();
        let now = self.branch.now();
        if queue.doubts(&now) {
            alerts.push("The clock is not known to be right. No day opens or closes by itself until it is.".into());
        }
        if let Some((day, today)) = queue.day().zip(queue.earlier_date(&now)) {
            alerts.push(format!(
                "The business day is dated {}, the clock says {today}. If the clock is right, a manager ends the day and opens \
                 one dated {today}; until then no day opens by itself.",
                day.date
            ));
        }
        if queue.open_day().is_none() {
            alerts.push("The branch is closed: no numbers are given.".into());
        }
        alerts
    }
}

fn service_line(queue: &Queue, state: &crate::queue::ServiceState) -> ServiceLine {
    ServiceLine {
        id: state.service.id.clone(),
        name: state.service.name.clone(),
        accent: state.service.accent.clone(),
        waiting: queue.waiting(&state.service.id),
        stopped: state.stopped.clone(),
    }
}

/// Whom the rule would call next at a desk.
fn next_number(queue: &Queue, desk: &DeskId, now: &Moment) -> Option<Number> {
    let events = queue.decide(&Command::CallNext { desk: desk.clone() }, now).ok()?;
    let called = events.iter().find_map(|event| match event {
        Event::Called { ticket, .. } => Some(*ticket),
        _ => None,
    });
    Some(queue.ticket(called?)?.number.clone())
}

const COMMANDS: [&str; 14] = [
    "open",
    "pause",
    "close",
    "call-next",
    "call",
    "recall",
    "start",
    "finish",
    "no-show",
    "park",
    "resume",
    "transfer",
    "requeue",
    "undo",
];

/// Whether the core would accept some such command of this desk now.
fn may(queue: &Queue, desk: &DeskId, command: &str, now: &Moment) -> bool {
    let desk = desk.clone();
    let accepts = |command: Command| queue.decide(&command, now).is_ok();
    let first_waiting = || queue.services().find_map(|state| queue.line(&state.service.id).first().map(|ticket| ticket.id));
    match command {
        "call" => first_waiting().is_some_and(|ticket| accepts(Command::Call { desk, ticket, reason: CallReason::Other })),
        "resume" => queue.parked().next().is_some_and(|ticket| accepts(Command::Resume { desk, ticket: ticket.id })),
        "requeue" => queue.missed().any(|ticket| accepts(Command::Requeue { ticket: ticket.id, desk: Some(desk.clone()) })),
        "transfer" => {
            let ticket = queue.desk(&desk).and_then(|state| state.ticket).or_else(first_waiting);
            let to = |to: ServiceId| accepts(Command::Transfer { desk: desk.clone(), ticket, to });
            queue.services().any(|state| to(state.service.id.clone()))
        }
        plain => simple(plain, desk).is_some_and(accepts),
    }
}

/// The command of a desk that needs nothing but the desk.
fn simple(name: &str, desk: DeskId) -> Option<Command> {
    Some(match name {
        "open" => Command::OpenDesk { desk },
        "pause" => Command::PauseDesk { desk },
        "close" => Command::CloseDesk { desk },
        "call-next" => Command::CallNext { desk },
        "recall" => Command::Recall { desk },
        "start" => Command::Start { desk },
        "finish" => Command::Finish { desk, outcome: None },
        "no-show" => Command::NoShow { desk },
        "park" => Command::Park { desk },
        "undo" => Command::Undo { desk },
        _ => return None,
    })
}

/// What a desk command may say besides its name.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Details {
    #[serde(default)]
    number: Option<Number>,
    #[serde(default)]
    reason: Option<CallReason>,
    #[serde(default)]
    outcome: Option<Outcome>,
    #[serde(default)]
    to: Option<ServiceId>,
}

impl App {
    fn numbered(&self, number: Option<&Number>) -> Result<TicketId, Problem> {
        let number = number.ok_or_else(|| Problem::bad("number-missing", "Say which ticket: {\"number\":\"R042\"}."))?;
        let found = self.branch.live().queue.by_number(number).map(|ticket| ticket.id);
        let detail = format!("There is no {number} today. Check the number.");
        found.ok_or_else(|| Problem::new(axum::http::StatusCode::NOT_FOUND, "unknown-ticket", detail))
    }

    fn desk_command(&self, desk: DeskId, name: &str, details: &Details) -> Result<Command, Problem> {
        let number = details.number.as_ref();
        Ok(match name {
            "finish" => Command::Finish { desk, outcome: details.outcome },
            "call" => {
                let reason = details.reason.ok_or_else(|| {
                    let detail = "Say why this ticket is called out of turn: returning, appointment, needs_help, wrong_service or other.";
                    Problem::bad("reason-missing", detail)
                })?;
                Command::Call { desk, ticket: self.numbered(number)?, reason }
            }
            "resume" => Command::Resume { desk, ticket: self.numbered(number)? },
            "requeue" => Command::Requeue { ticket: self.numbered(number)?, desk: Some(desk) },
            "transfer" => {
                let ticket = number.map(|number| self.numbered(Some(number))).transpose()?;
                let to = details.to.clone();
                let to = to.ok_or_else(|| Problem::bad("service-missing", "Say where to: {\"to\":\"P\"}."))?;
                Command::Transfer { desk, ticket, to }
            }
            name => simple(name, desk).ok_or_else(Problem::missing)?,
        })
    }
}

/// What a desk's command brought about, in a sentence.
fn sentence(queue: &Queue, events: &[crate::queue::Recorded]) -> String {
    let number = |id: &TicketId| queue.ticket(*id).map_or_else(String::new, |ticket| ticket.number.to_string());
    let desk = |id: &DeskId| queue.desk(id).map_or_else(|| id.to_string(), |state| state.desk.name.clone());
    let one = |event: &Event| match event {
        Event::Called { ticket, desk: at, .. } => format!("{} to {}.", number(ticket), desk(at)),
        Event::Recalled { ticket, desk: at } => format!("{} to {}, called again.", number(ticket), desk(at)),
        Event::Started { ticket, .. } => format!("{} is being served.", number(ticket)),
        Event::Finished { ticket, .. } => format!("{} is finished.", number(ticket)),
        Event::NoShow { ticket, keep_ms: 0, .. } => format!("{} did not come.", number(ticket)),
        Event::NoShow { ticket, keep_ms, .. } => {
            format!("{} did not come. The place is kept for {} minutes.", number(ticket), keep_ms.div_ceil(60_000))
        }
        Event::Requeued { ticket, .. } => format!("{} waits again.", number(ticket)),
        Event::Parked { ticket, .. } => format!("{} is set aside.", number(ticket)),
        Event::Resumed { ticket, .. } => format!("{} goes on.", number(ticket)),
        Event::Transferred { ticket, to, .. } => {
            let name = queue.service(to).map(|state| state.service.name.clone());
            format!("{} waits for {}.", number(ticket), name.unwrap_or_else(|| to.to_string()))
        }
        Event::DeskChanged { desk: at, phase } => match phase {
            DeskPhase::Open => format!("{} is open.", desk(at)),
            DeskPhase::Paused => format!("{} is paused.", desk(at)),
            DeskPhase::Closed => format!("{} is closed.", desk(at)),
        },
        Event::Undone { .. } => "Undone.".into(),
        _ => String::new(),
    };
    let mut sentences: Vec<String> =
        events.iter().map(|recorded| one(&recorded.event)).filter(|text| !text.is_empty()).collect();
    let finished = matches!(events, [only] if matches!(&only.event, Event::Finished { inferred: true, .. }));
    if finished {
        sentences.push("Nobody is waiting.".into());
    }
    sentences.join(" ")
}

#[derive(Serialize)]
struct Answer {
    message: String,
    desk: DeskPage,
}

/// What a desk sees.
pub(super) async fn show(State(app): State<Shared>, caller: Caller, Path(desk): Path<String>) -> Result<Response, Problem> {
    desk_role(&caller)?;
    let page = app.desk_page(&desk.as_str().into())?;
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(page)).into_response())
}

/// A desk's key was pressed.
pub(super) async fn command(
    State(app): State<Shared>,
    caller: Caller,
    Path((desk, name)): Path<(String, String)>,
    body: Body<Details>,
) -> Result<Response, Problem> {
    desk_role(&caller)?;
    let desk = DeskId::from(desk.as_str());
    if name == "reprint" {
        let page = app.desk_page(&desk)?;
        let message = app.reprint(body.value.number.as_ref()).await?;
        let reprints = page.reprints.into_iter().filter(|one| Some(&one.number) != body.value.number.as_ref()).collect();
        return Ok(Json(Answer { message, desk: DeskPage { reprints, ..page } }).into_response());
    }
    let command = app.desk_command(desk.clone(), &name, &body.value)?;
    let done = body.ask(&app, &caller, command).await?;
    let message = match done.repeated {
        true => "That was done already.".to_owned(),
        false => sentence(&app.branch.live().queue, &done.events),
    };
    Ok(Json(Answer { message, desk: app.desk_page(&desk)? }).into_response())
}
