//! Undo restores exactly what the command changed.

use std::collections::BTreeMap;

use nowserving::queue::{Command, Event, Queue, Recorded, Ticket, TicketId};

use crate::runner::Outcome;

/// Everything undo promises to restore; not the event count, the time of the last event, and the marks that undo itself leaves.
fn visits(queue: &Queue) -> BTreeMap<TicketId, Ticket> {
    queue.tickets().map(|ticket| (ticket.id, Ticket { touched: 0, ..ticket.clone() })).collect()
}

/// Builds the state before the undone command from the record, and compares: what the command touched is as it was then, and
/// everything else is as it was before the undo.
pub(crate) fn restored(recorded: &[Recorded], before_undo: &Queue, now: &Queue, command: &Command) -> Outcome {
    let Some(desk) = command.desk() else { return Ok(()) };
    let Some(Event::Undone { first, .. }) = recorded.last().map(|last| &last.event) else {
        return Err("undo recorded something else".into());
    };
    let mut then = Queue::default();
    let until = usize::try_from(*first - 1).unwrap();
    recorded[..until].iter().for_each(|recorded| then.apply(recorded));
    let undone: Vec<_> = recorded[until..].iter().filter(|recorded| recorded.first == *first).collect();
    let touched: Vec<_> = undone.iter().filter_map(|recorded| recorded.event.ticket()).collect();
    let (was, mid, is) = (visits(&then), visits(before_undo), visits(now));
    for (id, ticket) in &is {
        let expected = if touched.contains(id) { was.get(id) } else { mid.get(id) };
        if expected != Some(ticket) {
            return Err(format!("undo made {ticket:?} of {expected:?}"));
        }
    }
    let state = |queue: &Queue| queue.desk(desk).map(|desk| (desk.phase, desk.ticket, desk.turn.clone()));
    if state(&then) != state(now) {
        return Err(format!("undo left the desk {:?} instead of {:?}", state(now), state(&then)));
    }
    if now.calls().any(|call| undone.iter().any(|recorded| recorded.seq == call.seq)) {
        return Err("an undone call is still remembered".into());
    }
    // when nothing else happened since, the lines are exactly as they were
    if undone.len() + until + 1 == recorded.len() {
        for state in then.services() {
            let ids = |queue: &Queue| queue.line(&state.service.id).iter().map(|ticket| ticket.id).collect::<Vec<_>>();
            if ids(&then) != ids(now) {
                return Err(format!("undo left another line of {}", state.service.id));
            }
        }
    }
    Ok(())
}
