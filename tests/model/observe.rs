//! Looks on while a run goes: which behaviours it reached, and what must hold of each call.

use nowserving::queue::{By, Command, Event, OpenState, Profile, Queue, Refusal, Ticket, Why};

use crate::clock::Tick;
use crate::reference::{At, Model, Visit};
use crate::runner::{Outcome, Runner};

type Decision = Result<Vec<Event>, Refusal>;

pub(crate) fn tick(run: &mut Runner<'_>, tick: &Tick) {
    let dst = matches!(tick, Tick::Offset(hours) if hours * 3600 != run.clock.now.offset_s);
    run.coverage.reach_if(dst && run.model.open_day().is_some(), "daylight saving in a day");
}

pub(crate) fn by_itself(run: &mut Runner<'_>, command: &Command) {
    match command {
        Command::OpenDay { .. } => run.coverage.reach("day opened by itself"),
        Command::BeginClosing { .. } => run.coverage.reach("closing by itself"),
        Command::GiveCourtesy { ticket, .. } => {
            let visit = &run.model.tickets[ticket];
            run.coverage.reach_if(visit.first_called.is_none(), "courtesy while waiting");
            run.coverage.reach_if(visit.first_called.is_some(), "courtesy after the call");
            run.coverage.reach_if(visit.issued.boot != run.clock.now.boot, "courtesy across a boot");
            let last = run.model.gifts.len() + 1 == run.model.rules.courtesy.per_day as usize;
            run.coverage.reach_if(last, "courtesies of the day used up");
        }
        Command::CloseDay { .. } if !run.model.nobody_left() => {
            run.coverage.reach("day closed by itself with people waiting");
        }
        _ => {}
    }
}

pub(crate) fn at_rest(run: &mut Runner<'_>) {
    let doubts = run.model.doubts(&run.clock.now);
    run.coverage.reach_if(doubts, "doubted clock");
    run.coverage.reach_if(doubts && !run.model.nobody_left(), "doubted clock with people waiting");
}

/// Before the model follows.
pub(crate) fn before(run: &mut Runner<'_>, command: &Command, decision: &Decision) {
    if let (Command::TakeBack { ticket }, Err(Refusal::PlaceGone(_))) = (command, decision) {
        let visit = &run.model.tickets[ticket];
        run.coverage.reach_if(visit.called.is_some(), "taken back after a call");
        run.coverage.reach_if(visit.called.is_none() && visit.left.is_some(), "taken back too late");
        run.coverage.reach_if(visit.called.is_none() && visit.left.is_none(), "taken back after its day");
    }
    let Ok(events) = decision else { return };
    let (model, coverage, at) = (&run.model, &mut *run.coverage, &run.clock.now);
    match command {
        Command::Undo { desk } => {
            let what = model.posts[desk].last.as_ref().map_or("nothing", |memory| &memory.what);
            coverage.reach(&format!("undo of {what}"));
        }
        Command::CallNext { desk } => {
            let called = events.iter().any(|event| matches!(event, Event::Called { .. }));
            let finished = events.iter().any(|event| matches!(event, Event::Finished { inferred: true, .. }));
            coverage.reach_if(called && finished, "called next while serving");
            coverage.reach_if(!called && finished, "finished with nobody to call");
            let post = &model.posts[desk];
            let lanes = |priority| {
                let mine =
                    model.lines.iter().filter(move |(lane, _)| lane.1 == priority && post.desk.profile.takes(&lane.0));
                mine.filter(|(_, line)| !line.is_empty()).count()
            };
            let both = lanes(true) > 0 && lanes(false) > 0;
            coverage.reach_if(both && post.owes.run >= model.rules.priority_ratio, "priority limit hit");
            let ratio = matches!(post.desk.profile, Profile::Ratio(_));
            coverage.reach_if(called && ratio, "ratio call");
            coverage.reach_if(called && ratio && lanes(false) == 3, "three lines at a ratio desk");
        }
        Command::OpenDay { by: By::Staff } => {
            coverage.reach_if(model.doubts(at), "vouched for by staff");
        }
        Command::Requeue { ticket, .. } => {
            let visit = &model.tickets[ticket];
            let empty = model.line(&(visit.service.clone(), visit.class.is_some())).is_empty();
            coverage.reach(if empty { "came back to nobody" } else { "came back to a line" });
            let booted = matches!(&visit.at, At::Missed { since, .. } if since.boot != at.boot);
            coverage.reach_if(booted, "place kept after a boot");
        }
        Command::Transfer { desk, ticket, to } => {
            let visit = &model.tickets[&ticket.or(model.posts[desk].has).unwrap()];
            coverage.reach_if(visit.at == At::Waiting, "transfer of a waiting ticket");
            coverage.reach_if(matches!(visit.at, At::Parked(_)), "transfer of a parked ticket");
            coverage.reach_if(visit.service == *to, "transfer back into the same line");
        }
        Command::PutService(service) => {
            let back = !model.services.contains_key(&service.id) && model.highest.contains_key(&service.id);
            coverage.reach_if(back, "service removed and added again");
        }
        Command::Issue { service, class, .. } => {
            let shut = matches!(model.hours.state(at.local()), OpenState::Closed { .. }) && !model.doubts(at);
            coverage.reach_if(shut, "issued after hours by staff");
            let passes = class.is_some() && !model.line(&(service.clone(), false)).is_empty();
            coverage.reach_if(passes, "priority ahead of others");
        }
        _ => {}
    }
}

/// After both have done it.
pub(crate) fn after(run: &mut Runner<'_>, before: &Queue, decision: &Decision) -> Outcome {
    let Ok(events) = decision else { return Ok(()) };
    for event in events {
        let (model, coverage) = (&run.model, &mut *run.coverage);
        match event {
            Event::Called { ticket, .. } => called(run, &run.queue.ticket(*ticket).cloned().ok_or("called nobody")?),
            Event::NoShow { keep_ms: 0, .. } => coverage.reach("no-show without a kept place"),
            Event::Delayed { ticket, passed, .. } => {
                coverage.reach_if(*passed < model.rules.delay_passes, "let fewer pass than asked");
                coverage.reach_if(model.tickets[ticket].void.is_some(), "promise void by a delay");
                coverage.reach_if(between(model, &model.tickets[ticket]), "stands between two that were moved");
                let now = run.queue.ticket(*ticket).ok_or("who let others pass is gone")?;
                let then = before.ticket(*ticket).ok_or("who let others pass was not there")?;
                let count = in_front(&run.queue, now) - in_front(before, then);
                if count != *passed as usize {
                    return Err(format!("{count} passed {}, {passed} were announced", now.number));
                }
            }
            Event::TakenBack { ticket, .. } => {
                let place = |queue: &Queue| queue.ticket(*ticket).map(|ticket| ticket.place);
                if place(before) != place(&run.queue) {
                    return Err(format!("{ticket:?} was taken back to another place"));
                }
                let line = model.line(&model.tickets[ticket].lane());
                coverage.reach_if(line.last() != Some(ticket), "taken back before others");
            }
            Event::Transferred { ticket, .. } => {
                coverage.reach_if(model.tickets[ticket].void.is_some(), "promise void by a transfer");
            }
            Event::Undone { desk, .. } => {
                let had = before.desk(desk).and_then(|desk| desk.ticket);
                let gift = had.is_some_and(|ticket| model.gifts.contains_key(&ticket));
                coverage.reach_if(gift, "undone call of somebody with a courtesy");
            }
            Event::DayOpened { continues, .. } => {
                coverage.reach(if *continues { "same date goes on" } else { "new date" });
                let kept = before.tickets().all(|ticket| run.queue.by_key(&ticket.key) == Some(ticket));
                if *continues && !kept {
                    return Err("a ticket of the same date lost its page".into());
                }
                coverage.reach_if(*continues && before.tickets().next().is_some(), "an ended ticket of the day goes on");
            }
            Event::DayClosed { ended, .. } => coverage.reach_if(!ended.is_empty(), "day closed with people waiting"),
            _ => {}
        }
    }
    why(run)
}

/// How many of its lane stand before a ticket.
fn in_front(queue: &Queue, ticket: &Ticket) -> usize {
    let line = queue.line(&ticket.service);
    line.iter().filter(|other| other.class.is_some() == ticket.class.is_some() && other.place < ticket.place).count()
}

fn between(model: &Model, visit: &Visit) -> bool {
    let line = model.line(&(visit.service.clone(), visit.class.is_some()));
    let next = line.iter().skip_while(|id| **id != visit.id).nth(1);
    next.is_some_and(|id| model.tickets[id].stands == visit.stands)
}

fn called(run: &mut Runner<'_>, ticket: &Ticket) {
    let (coverage, at) = (&mut *run.coverage, &run.clock.now);
    coverage.reach_if(ticket.class.is_some(), "priority call");
    let booted = ticket.issued.boot != at.boot;
    coverage.reach_if(booted && ticket.waiting_ms().is_some(), "wait across a trusted boot");
    coverage.reach_if(booted && ticket.waiting_ms().is_none(), "wait across an untrusted boot");
    coverage.reach_if(!booted && at.wall_ms < ticket.issued.wall_ms, "wall clock ran backwards in a wait");
}

/// Everybody who waits is told the truth, and nobody's reason.
fn why(run: &mut Runner<'_>) -> Outcome {
    let queue = &run.queue;
    for mine in queue.tickets().filter(|ticket| ticket.phase == nowserving::queue::Phase::Waiting) {
        let why = queue.why(mine.id).ok_or("a waiting ticket has no why")?;
        let later = |other: &Ticket| other.issue_seq > mine.issue_seq;
        let passed = queue.calls().any(|call| call.seq > mine.issue_seq && queue.ticket(call.ticket).is_some_and(later));
        if passed == (why == Why::InTurn) {
            return Err(format!("{} is told {why}, but passed is {passed}", mine.number));
        }
        run.coverage.reach_if(passed, "why another went first");
        let said = why.to_string().to_lowercase();
        let secret = ["mobility", "appointment", "needs help", "needs_help", "needshelp", "class"];
        if let Some(word) = secret.iter().find(|word| said.contains(**word)) {
            return Err(format!("{} is told {word}: {said}", mine.number));
        }
    }
    Ok(())
}
