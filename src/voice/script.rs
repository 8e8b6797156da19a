//! What an utterance says, phrase by phrase, and what should be ready before it is asked for.

use super::agenda::{Utterance, Wish};
use super::words::{Language, Phrase};
use crate::branch::Saying;
use crate::queue::{DeskId, DeskPhase, NoticeRow, Number, Phase, Queue, ServiceId, Ticket, TicketId};

/// So many phrases are prepared ahead: with every desk's and the heads of every line first, that is the next quarter of an hour.
pub(super) const AHEAD: usize = 80;
/// So many of each line, from its head, are prepared ahead.
const HEADS: usize = 24;

/// A phrase in a language.
pub type Line = (Language, Phrase);

/// Says what an utterance says: each language whole, one after another. Empty if there is nothing to say any more.
#[must_use]
pub(super) fn lines(queue: &Queue, notices: &[NoticeRow], utterance: &Utterance, usual: &[Language]) -> Vec<Line> {
    let ticket = |id: TicketId| queue.ticket(id);
    let number = |ticket: &Ticket| ticket.number.as_str().to_owned();
    match utterance {
        Utterance::Call(call) => {
            let Some(ticket) = ticket(call.ticket) else { return Vec::new() };
            let phrases = [Phrase::Number(number(ticket)), desk(queue, &call.desk, Phrase::Desk)];
            each(&languages(ticket, usual), &phrases)
        }
        Utterance::Wish(Wish::Notice(id)) => {
            notices.iter().find(|row| row.id == *id).map_or_else(Vec::new, |row| notice(row, usual))
        }
        Utterance::Wish(Wish::Number(id)) => {
            ticket(*id).map_or_else(Vec::new, |ticket| each(&languages(ticket, usual), &[Phrase::Yours(number(ticket))]))
        }
        Utterance::Wish(Wish::Saying(Saying::Drawn { ticket: id })) => {
            let Some(ticket) = ticket(*id) else { return Vec::new() };
            let wait = ticket.promise.map(|promise| Phrase::Wait(promise.said_from_min(), promise.to_min));
            let phrases: Vec<Phrase> = [Phrase::Yours(number(ticket))].into_iter().chain(wait).collect();
            each(&languages(ticket, usual), &phrases)
        }
        Utterance::Wish(Wish::Saying(Saying::NoPaper { ticket: id })) => {
            ticket(*id).map_or_else(Vec::new, |ticket| each(&languages(ticket, usual), &[Phrase::Remember(number(ticket))]))
        }
        Utterance::Wish(Wish::Saying(Saying::NowServing { last })) => {
            let last = last.and_then(ticket);
            let mut phrases = match queue.calls().next_back() {
                Some(call) => {
                    vec![Phrase::Serving(call.number.as_str().to_owned()), desk(queue, &call.desk, Phrase::At)]
                }
                None => vec![Phrase::Nobody],
            };
            phrases.extend(last.map(|ticket| Phrase::Last(number(ticket))));
            each(&last.map_or_else(|| usual.to_vec(), |ticket| languages(ticket, usual)), &phrases)
        }
    }
}

/// A notice in the first usual language as it was written, unless it is translated; in the others if it is.
fn notice(row: &NoticeRow, usual: &[Language]) -> Vec<Line> {
    let said = |(at, language): (usize, &Language)| {
        let translated = row.translations.iter().find(|(code, _)| Language::of(code.as_str()) == Some(*language));
        let text = translated.map(|(_, text)| text).or_else(|| (at == 0).then_some(&row.text))?;
        Some((*language, Phrase::Notice(text.clone())))
    };
    usual.iter().enumerate().filter_map(said).collect()
}

/// The languages a ticket is called in: the one its customer chose, otherwise the branch's usual ones.
fn languages(ticket: &Ticket, usual: &[Language]) -> Vec<Language> {
    let chosen = ticket.language.as_ref().and_then(|language| Language::of(language.as_str()));
    chosen.map_or_else(|| usual.to_vec(), |chosen| vec![chosen])
}

fn each(languages: &[Language], phrases: &[Phrase]) -> Vec<Line> {
    languages.iter().flat_map(|language| phrases.iter().map(|phrase| (*language, phrase.clone()))).collect()
}

fn desk(queue: &Queue, id: &DeskId, phrase: impl Fn(String, String) -> Phrase) -> Phrase {
    let name = queue.desk(id).map_or_else(|| id.to_string(), |state| state.desk.name.clone());
    phrase(id.as_str().to_owned(), name)
}

/// What will probably be said next, the most probable first, at most [`AHEAD`]: whoever is called now, the desks that are not
/// closed, the heads of the lines in turns, and the numbers that are drawn next.
///
/// Numbers and desks are phrases of their own: so each of a hundred people at each of ten desks needs a hundred and ten of them
/// and not a thousand, and a desk may call whomever it wants.
#[must_use]
pub(super) fn ahead(queue: &Queue, usual: &[Language], drawn: bool) -> Vec<Line> {
    let mut lines = Vec::new();
    for state in queue.desks().filter(|state| state.phase != DeskPhase::Closed) {
        lines.extend(each(usual, &[desk(queue, &state.desk.id, Phrase::Desk)]));
    }
    let numbers = |ticket: &Ticket| each(&languages(ticket, usual), &[Phrase::Number(ticket.number.as_str().to_owned())]);
    let called = queue.desks().filter_map(|state| queue.ticket(state.ticket?));
    lines.extend(called.filter(|ticket| matches!(ticket.phase, Phase::Called { .. })).flat_map(numbers));
    let services: Vec<&ServiceId> = queue.services().map(|state| &state.service.id).collect();
    let waiting: Vec<Vec<&Ticket>> = services.iter().map(|id| queue.first_in_line(id, HEADS)).collect();
    let heads = |from: usize, to: usize| {
        (from..to).flat_map(|rank| waiting.iter().filter_map(move |line| line.get(rank)).copied()).flat_map(numbers)
    };
    lines.extend(heads(0, 3));
    if drawn {
        let next = queue.services().map(|state| state.service.number(state.next));
        lines.extend(next.flat_map(|number: Number| each(usual, &[Phrase::Yours(number.as_str().to_owned())])));
    }
    lines.extend(heads(3, HEADS));
    lines.truncate(AHEAD);
    lines
}
