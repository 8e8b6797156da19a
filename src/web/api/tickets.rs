//! Tickets: issue one, follow it, give it up.

use std::net::IpAddr;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use serde::{Deserialize, Serialize};

use super::Body;
use super::notes::Note;
use crate::branch::RequestKey;
use crate::config::PhoneTake;
use crate::ledger::Role;
use crate::phrase::Words;
use crate::queue::{
    ClassId, Command, End, Lang, LeaveReason, Moment, Number, Origin, Phase, PromiseRow, ServiceId, Ticket, TicketId,
    TicketKey,
};
use crate::web::access::Caller;
use crate::web::extract::Path;
use crate::web::pages::phone::{CourtesyBody, DeskName, TicketBody, TicketCan, TicketEnd, TicketPhase};
use crate::web::{App, Peer, Problem, Shared};

/// The shortest Idempotency-Key from whoever is not logged in: whoever repeats a key gets what it gave.
const LONG_KEY: usize = 16;

/// What is asked for.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::web) struct IssueRequest {
    pub(in crate::web) service: ServiceId,
    /// The code of the day, from a phone.
    #[serde(default)]
    pub(in crate::web) code: Option<String>,
    /// A priority class, from staff and devices only.
    #[serde(default)]
    pub(in crate::web) class: Option<ClassId>,
    /// `kiosk` or `button`, from devices.
    #[serde(default)]
    pub(in crate::web) origin: Option<Origin>,
    /// The language its customer chose.
    #[serde(default)]
    pub(in crate::web) language: Option<Lang>,
    /// Whether its paper is to be in large print.
    #[serde(default)]
    pub(in crate::web) large: bool,
}

/// A new ticket.
#[derive(Clone, Debug, Serialize)]
pub(in crate::web) struct Issued {
    pub(in crate::web) number: Number,
    pub(in crate::web) key: TicketKey,
    pub(in crate::web) url: String,
    pub(in crate::web) service: ServiceId,
    pub(in crate::web) ahead: usize,
    pub(in crate::web) promise: Option<PromiseRow>,
    /// The language its customer chose.
    pub(in crate::web) language: Option<Lang>,
}

impl App {
    /// The codes of what the branch speaks, the first first.
    pub(in crate::web) fn languages(&self) -> Vec<&'static str> {
        let spoken = &self.options.languages;
        if spoken.is_empty() { vec![self.first_words().code()] } else { spoken.iter().map(|words| words.code()).collect() }
    }

    /// The language that is asked for with a ticket.
    fn language(&self, asked: Option<&Lang>) -> Result<Words, Problem> {
        let Some(asked) = asked else { return Ok(self.first_words()) };
        let spoken = self.languages();
        let known = spoken.iter().any(|code| *code == asked.as_str());
        known.then(|| Words::of(asked.as_str())).flatten().ok_or_else(|| {
            let detail = format!("This branch does not speak {asked}. Choose one of {}.", spoken.join(", "));
            Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "unknown-language", detail)
        })
    }

    /// The page of a ticket.
    pub(in crate::web) fn ticket_url(&self, key: &TicketKey) -> String {
        format!("{}/t/{key}", self.options.public_url)
    }

    /// Where a ticket asked for by `caller` comes from, if it may be asked for at all.
    pub(in crate::web) fn may_take(&self, caller: &Caller, from: IpAddr, request: &IssueRequest) -> Result<Origin, Problem> {
        let words = self.language(request.language.as_ref())?;
        let forbidden = |code, detail: &str| Err(Problem::new(StatusCode::FORBIDDEN, code, detail));
        match caller {
            Caller::Staff(..) => Ok(Origin::Desk),
            Caller::Device(_) => Ok(request.origin.unwrap_or(Origin::Api)),
            Caller::Local => Ok(request.origin.unwrap_or(Origin::Api)),
            Caller::Anyone if request.class.is_some() => {
                forbidden("priority-at-desk", "Priority is given at the desk or the kiosk. Please ask there.")
            }
            Caller::Anyone => match self.options.take {
                PhoneTake::Open => Ok(Origin::Phone),
                PhoneTake::Off => forbidden("phone-off", words.phone_off()),
                PhoneTake::Code => self.check_code(from, request.code.as_deref(), words),
            },
        }
    }

    fn check_code(&self, from: IpAddr, code: Option<&str>, words: Words) -> Result<Origin, Problem> {
        // one name for all phones: a guesser slows guessers, the kiosk goes on
        const NAME: &str = "\0code of the day";
        self.attempts.check(NAME, from, "codes", ", or take a number at the kiosk")?;
        let right = self.code_of_the_day();
        let given = code.unwrap_or_default().trim();
        if bool::from(subtle::ConstantTimeEq::ct_eq(given.as_bytes(), right.as_bytes())) {
            self.attempts.right(NAME, from);
            return Ok(Origin::Phone);
        }
        if !given.is_empty() {
            self.attempts.wrong(NAME, from);
        }
        Err(Problem::new(StatusCode::FORBIDDEN, "wrong-code", words.wrong_code()))
    }

    /// The code of the day: five digits from a seed only this branch knows, and the business day.
    pub(in crate::web) fn code_of_the_day(&self) -> String {
        use sha2::{Digest, Sha256};
        let day = self.branch.live().queue.day().map(|day| (day.date, day.number));
        let (date, number) = day.map_or((None, 0), |(date, number)| (Some(date), number));
        let digest = Sha256::digest(format!("{}|{date:?}|{number}", self.options.code_seed));
        let bytes: [u8; 4] = digest.first_chunk().copied().unwrap_or_default();
        format!("{:05}", u32::from_be_bytes(bytes) % 100_000)
    }

    /// Issues a ticket for `caller` at the address `from`; `name` makes a repetition safe.
    pub(in crate::web) async fn issue(
        &self,
        caller: &Caller,
        from: IpAddr,
        request: &IssueRequest,
        name: Option<RequestKey>,
    ) -> Result<Issued, Problem> {
        let origin = self.may_take(caller, from, request)?;
        let ask = crate::branch::Ask {
            command: Command::Issue {
                service: request.service.clone(),
                key: draw_key()?,
                class: request.class.clone(),
                origin,
                promise: None,
                language: request.language.clone(),
                large: request.large,
            },
            actor: caller.actor(),
            request: name,
        };
        let words = self.language(request.language.as_ref())?;
        let done = self.branch.ask(ask).await.map_err(|failure| Problem::said(failure, words))?;
        let detail = "That number was given on an earlier day. Please take a new one.";
        let issued = done.ticket.and_then(|id| self.issued(id));
        issued.ok_or_else(|| Problem::new(StatusCode::CONFLICT, "day-over", detail))
    }

    /// A ticket as whoever took it is answered; `None`: it is of an earlier day.
    pub(in crate::web) fn issued(&self, id: TicketId) -> Option<Issued> {
        let live = self.branch.live();
        let ticket = live.queue.ticket(id)?;
        Some(Issued {
            number: ticket.number.clone(),
            key: ticket.key,
            url: self.ticket_url(&ticket.key),
            service: ticket.service.clone(),
            ahead: live.queue.ahead(ticket).unwrap_or(0),
            promise: ticket.promise.map(PromiseRow::from),
            language: ticket.language.clone(),
        })
    }
}

/// Draws a ticket key.
pub(in crate::web) fn draw_key() -> Result<TicketKey, Problem> {
    let mut random = [0; 16];
    let detail = "That could not be done just now. Please press again.";
    getrandom::fill(&mut random).map_err(|_| Problem::new(StatusCode::SERVICE_UNAVAILABLE, "no-randomness", detail))?;
    Ok(TicketKey::new(random))
}

/// Gives a number.
pub(super) async fn issue(
    State(app): State<Shared>,
    Extension(peer): Extension<Peer>,
    caller: Caller,
    body: Body<IssueRequest>,
) -> Result<Response, Problem> {
    let name = body.request_key(&caller);
    // all phones are one caller here: only a name that nobody guesses keeps their tickets apart
    if caller == Caller::Anyone && body.key_length().is_some_and(|length| length < LONG_KEY) {
        let detail = format!("Without a login an Idempotency-Key has at least {LONG_KEY} characters, as a UUID has.");
        return Err(Problem::bad("bad-idempotency-key", detail));
    }
    let issued = app.issue(&caller, peer.address.ip(), &body.value, name).await?;
    let location = issued.url.clone();
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], Json(issued)).into_response())
}

impl App {
    /// A ticket as its owner sees it.
    pub(in crate::web) fn shown(&self, id: TicketId) -> Result<TicketBody, Problem> {
        let now = self.branch.now();
        let live = self.branch.live();
        let queue = &live.queue;
        let ticket = queue.ticket(id).ok_or_else(Problem::missing)?;
        let service = queue.service(&ticket.service).map(|state| &state.service);
        let ahead = queue.ahead(ticket);
        let row = self.branch.feed().with_view(|view| view.waits.get(&ticket.service).cloned());
        let wait = row.zip(ahead).and_then(|(row, ahead)| {
            let [from_min, to_min] = row.range(ahead)?;
            Some(PromiseRow { from_min, to_min, learning: row.learning })
        });
        let may = |command: Command| queue.decide(&command, &now).is_ok();
        let at_desk = matches!(
            ticket.phase,
            Phase::Called { .. } | Phase::Serving { .. } | Phase::Parked { .. } | Phase::Missed { .. }
        );
        let desk = ticket.desk.as_ref().filter(|_| at_desk).and_then(|id| queue.desk(id));
        let note = live.personal.get(&id).cloned().unwrap_or_default();
        Ok(TicketBody {
            number: ticket.number.clone(),
            service: ticket.service.clone(),
            service_name: service.map_or_else(String::new, |service| service.name.clone()),
            accent: service.map_or_else(String::new, |service| service.accent.clone()),
            phase: owner_phase(&ticket.phase),
            end: owner_end(&ticket.phase),
            ahead: ahead.map(|ahead| u32::try_from(ahead).unwrap_or(u32::MAX)),
            wait,
            promise: ticket.promise.map(PromiseRow::from),
            issued_at: ticket.issued.date_time(),
            desk: desk.map(|state| DeskName { id: state.desk.id.clone(), name: state.desk.name.clone() }),
            invitations: ticket.invitations,
            keep_until: keep_until(ticket, queue.rules().take_back_ms),
            can: TicketCan {
                leave: may(Command::Leave { ticket: id, reason: LeaveReason::ChangedMind }),
                delay: may(Command::Delay { ticket: id }),
                requeue: may(Command::Requeue { ticket: id, desk: None }),
                take_back: may(Command::TakeBack { ticket: id }),
                note: !ticket.is_over(),
            },
            language: ticket.language.clone(),
            delay_passes: queue.rules().delay_passes,
            name: note.name,
            question: note.question,
            courtesy: queue.courtesy(id).map(CourtesyBody::of),
            why: queue.why(id).map(|why| why.to_string()).unwrap_or_default(),
        })
    }

    /// The ticket of a key in an address. A wrong key, a cut-off key and a key of another day look the same.
    pub(in crate::web) fn keyed(&self, key: &str) -> Result<TicketId, Problem> {
        let key: TicketKey = key.parse().map_err(|_| Problem::missing())?;
        self.branch.live().queue.by_key(&key).map(|ticket| ticket.id).ok_or_else(Problem::missing)
    }
}

fn owner_phase(phase: &Phase) -> TicketPhase {
    match phase {
        Phase::Waiting => TicketPhase::Waiting,
        Phase::Called { .. } => TicketPhase::Called,
        Phase::Serving { .. } => TicketPhase::Serving,
        Phase::Parked { .. } => TicketPhase::Parked,
        Phase::Missed { .. } => TicketPhase::Missed,
        Phase::Ended(_) => TicketPhase::Ended,
    }
}

fn owner_end(phase: &Phase) -> Option<TicketEnd> {
    let Phase::Ended(end) = phase else { return None };
    Some(match end {
        End::Finished { .. } => TicketEnd::Finished,
        End::Left { .. } => TicketEnd::Left,
        End::NoShow => TicketEnd::NoShow,
        End::DayClosed => TicketEnd::DayClosed,
    })
}

/// Until when the place is kept of somebody who did not come, or gave it up.
fn keep_until(ticket: &Ticket, take_back_ms: u64) -> Option<chrono::DateTime<chrono::FixedOffset>> {
    let (since, keep_ms) = match &ticket.phase {
        Phase::Missed { since, keep_ms, .. } => (*since, *keep_ms),
        Phase::Ended(End::Left { .. }) => (ticket.ended?, take_back_ms),
        _ => return None,
    };
    let until = Moment { wall_ms: since.wall_ms + i64::try_from(keep_ms).unwrap_or(0), ..since };
    Some(until.date_time())
}

/// Follows a ticket.
pub(super) async fn show(State(app): State<Shared>, Path(key): Path<String>) -> Result<Response, Problem> {
    let shown = app.shown(app.keyed(&key)?)?;
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(shown)).into_response())
}

/// Why the place is given up.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::web) struct LeaveRequest {
    pub(in crate::web) reason: LeaveReason,
}

/// A request that says nothing but itself.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::web) struct Nothing {}

/// The owner of a key acts on the ticket.
async fn act<T>(
    app: &Shared,
    key: &str,
    body: &Body<T>,
    command: impl FnOnce(TicketId) -> Command,
) -> Result<Response, Problem> {
    let id = app.keyed(key)?;
    // keys of different tickets are different clients
    let caller = Caller::Anyone;
    let request = body.request_key(&caller).map(|mut request| {
        request.key = format!("{}:{}", id.0, request.key);
        request
    });
    app.branch.ask(crate::branch::Ask { command: command(id), actor: caller.actor(), request }).await?;
    Ok(Json(app.shown(id)?).into_response())
}

/// Gives up the place.
pub(super) async fn leave(
    State(app): State<Shared>,
    Path(key): Path<String>,
    body: Body<LeaveRequest>,
) -> Result<Response, Problem> {
    let reason = body.value.reason;
    act(&app, &key, &body, |ticket| Command::Leave { ticket, reason }).await
}

/// Lets others pass.
pub(super) async fn delay(
    State(app): State<Shared>,
    Path(key): Path<String>,
    body: Body<Nothing>,
) -> Result<Response, Problem> {
    act(&app, &key, &body, |ticket| Command::Delay { ticket }).await
}

/// Prints it again: for the kiosk it was drawn at, once more paper is the branch's own to give.
pub(super) async fn reprint(
    State(app): State<Shared>,
    caller: Caller,
    Path(key): Path<String>,
    _: Body<Nothing>,
) -> Result<Response, Problem> {
    if caller != Caller::Local {
        caller.require(Role::Desk)?;
    }
    let message = app.print_again(app.keyed(&key)?).await?;
    Ok(super::said(message))
}

/// Takes back that the place was given up.
pub(super) async fn take_back(
    State(app): State<Shared>,
    Path(key): Path<String>,
    body: Body<Nothing>,
) -> Result<Response, Problem> {
    act(&app, &key, &body, |ticket| Command::TakeBack { ticket }).await
}

/// Is here after all.
pub(super) async fn requeue(
    State(app): State<Shared>,
    Path(key): Path<String>,
    body: Body<Nothing>,
) -> Result<Response, Problem> {
    act(&app, &key, &body, |ticket| Command::Requeue { ticket, desk: None }).await
}

/// Tells the desk something.
pub(super) async fn note(State(app): State<Shared>, Path(key): Path<String>, body: Body<Note>) -> Result<Response, Problem> {
    let id = app.keyed(&key)?;
    app.keep_note(id, body.value).await?;
    Ok(Json(app.shown(id)?).into_response())
}

impl App {
    /// Keeps what a customer wants to tell the desk.
    pub(in crate::web) async fn keep_note(&self, id: TicketId, note: Note) -> Result<(), Problem> {
        let note = note.cleaned()?;
        let over = self.branch.live().queue.ticket(id).is_none_or(Ticket::is_over);
        if over {
            let detail = "This visit is over; there is no desk to tell.";
            return Err(Problem::new(StatusCode::CONFLICT, "ticket-over", detail));
        }
        Ok(self.branch.note(id, note).await?)
    }
}

/// Refuses whoever may not serve at a desk.
pub(in crate::web) fn desk_role(caller: &Caller) -> Result<(), Problem> {
    caller.require(Role::Desk)
}
