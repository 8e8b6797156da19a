//! Answers on phones, kiosks and desks: found, read, handed over, and what became of it.
//!
//! What is searched is made anew when what is live changes, off the request's thread; a search itself takes microseconds. What
//! people looked for is kept as words alone, once, when they have opened something or turned away: [`asked`].

mod asked;
mod desk;
mod json;
mod pages;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::routing::{get, post};
use chrono::NaiveDateTime;

pub(super) use self::asked::Asked;
pub(super) use self::desk::{ToldRow, hand};
pub(super) use self::json::{became, list, searched, show};
use super::{App, Shared};
use crate::branch::{Deed, ToldLine};
use crate::ledger::{Became, Line, Place as JournalPlace, Read, proved};
use crate::phrase::Words;
use crate::queue::{ServiceId, TicketId};
use crate::signage::{Asker, Content, EntryId, Finder, Found, LiveEntry, Proved, SHOWN, Said, offer};

/// How long what entries proved is taken as known, milliseconds.
const PROVED_MS: i64 = 60_000;
/// Over how many days what they proved is counted.
const PROVED_DAYS: i64 = 90;

/// A finder, with what it was made of.
type Ready = (Arc<Content>, Arc<Finder>);

/// What is kept ready.
#[derive(Debug, Default)]
pub(super) struct Answers {
    /// For each language.
    finders: Mutex<HashMap<&'static str, Ready>>,
    proved: Mutex<(i64, Arc<BTreeMap<EntryId, Proved>>)>,
    asked: Mutex<Asked>,
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// An entry for a reader.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    pub(super) live: LiveEntry,
    pub(super) said: Said,
}

impl Answer {
    /// The whole answer, Markdown; the short one where there is no other.
    pub(super) fn full(&self) -> &str {
        let text = &self.said.text;
        if text.full.trim().is_empty() { &text.short } else { &text.full }
    }
}

pub(super) fn routes() -> Router<Shared> {
    Router::new()
        .route("/answers", get(pages::all))
        .route("/answers/none", post(pages::none))
        .route("/answers/{entry}", get(pages::one).post(pages::did))
        .route("/t/{key}/answers", get(pages::all_of_ticket))
        .route("/t/{key}/answers/none", post(pages::none_of_ticket))
        .route("/t/{key}/a/{entry}", get(pages::one_of_ticket).post(pages::did_of_ticket))
        .route("/t/{key}/handed", get(desk::handed))
}

impl App {
    pub(super) fn local(&self) -> NaiveDateTime {
        self.branch.now().local()
    }

    /// What finds entries in a language: made anew where what is live has changed since.
    async fn finder(self: &Arc<Self>, words: Words) -> Ready {
        let content = self.branch.content();
        if let Some((of, finder)) = held(&self.answers.finders).get(words.code())
            && Arc::ptr_eq(of, &content)
        {
            return (content, finder.clone());
        }
        let (app, of) = (self.clone(), content.clone());
        let made = tokio::task::spawn_blocking(move || {
            let finder = Arc::new(Finder::new(&of, &words.lang()));
            held(&app.answers.finders).insert(words.code(), (of, finder.clone()));
            finder
        });
        (content, made.await.unwrap_or_default())
    }

    /// Makes ready what is searched, so that the first reader after a change waits for nothing; writes searches that came to
    /// nothing; forgets visits that are over. Called once a second.
    pub(super) async fn keep_answers(self: &Arc<Self>) {
        for words in
            if self.options.languages.is_empty() { vec![self.first_words()] } else { self.options.languages.clone() }
        {
            let _ready = self.finder(words).await;
        }
        self.branch.forget_told();
        let given_up = held(&self.answers.asked).given_up(self.branch.now().wall_ms);
        given_up.into_iter().for_each(|search| self.journal.note(Line::Search(search)));
        let app = self.clone();
        // a journal that cannot be read costs only the order of what is offered
        let _ = tokio::task::spawn_blocking(move || app.look_what_proved()).await;
    }

    fn look_what_proved(&self) {
        let now_ms = self.branch.now().wall_ms;
        let (at_ms, _) = *held(&self.answers.proved);
        if at_ms != 0 && (at_ms..at_ms + PROVED_MS).contains(&now_ms) {
            return;
        }
        let counted = proved(&self.journal.file(), now_ms - PROVED_DAYS * 86_400_000);
        let known = counted.unwrap_or_else(|error| {
            tracing::warn!(%error, "how useful answers proved could not be read");
            BTreeMap::new()
        });
        *held(&self.answers.proved) = (now_ms, Arc::new(known));
    }

    /// What answers a question, for a reader of `words`.
    pub(super) async fn find(self: &Arc<Self>, words: Words, question: &str, typing: bool) -> Found {
        let (content, finder) = self.finder(words).await;
        finder.find(&content, question, typing, self.local())
    }

    /// A live question, for a reader of `words`.
    pub(super) fn answer(&self, id: &EntryId, words: Words) -> Option<Answer> {
        let content = self.branch.content();
        let live = content.questions(self.local()).find(|live| live.id == *id)?;
        Some(Answer { said: content.say(&live.entry, &words.lang()), live: live.clone() })
    }

    pub(super) fn answers_of(&self, ids: &[EntryId], words: Words) -> Vec<Answer> {
        ids.iter().filter_map(|id| self.answer(id, words)).collect()
    }

    /// Whether there is anything to ask.
    pub(super) fn has_answers(&self) -> bool {
        self.branch.content().questions(self.local()).next().is_some()
    }

    /// What is offered to a ticket unasked.
    pub(super) fn offered(&self, id: TicketId) -> Vec<EntryId> {
        let Some((service, ahead)) = self.service_of(id) else { return Vec::new() };
        let row = self.branch.feed().with_view(|view| view.waits.get(&service).cloned());
        let range = row.zip(ahead).and_then(|(row, ahead)| row.range(ahead));
        let (read, proved) = (self.branch.told().read(id), held(&self.answers.proved).1.clone());
        let asker = Asker { service: &service, to_call_min: range.map(|[from, to]| from.midpoint(to)), read: &read };
        let content = self.branch.content();
        offer(&content, &asker, &proved, self.local()).into_iter().take(SHOWN).map(|live| live.id.clone()).collect()
    }

    fn service_of(&self, id: TicketId) -> Option<(ServiceId, Option<usize>)> {
        let live = self.branch.live();
        let ticket = live.queue.ticket(id)?;
        Some((ticket.service.clone(), live.queue.ahead(ticket)))
    }

    /// Keeps what became of an entry. Of one ticket each counts once.
    pub(super) fn note_read(&self, answer: &Answer, place: JournalPlace, ticket: Option<TicketId>, became: Became) {
        let (told, at_ms) = (self.branch.told(), self.branch.now().wall_ms);
        if let Some(ticket) = ticket {
            if became == Became::Opened {
                let deed = Deed::Read(answer.live.id.clone());
                told.tell(ticket, ToldLine { at_ms, deed, text: answer.said.text.question.clone() });
            }
            if !told.is_first(ticket, &answer.live.id, became.word()) {
                return;
            }
        }
        self.journal.note(Line::Read(Read {
            at_ms,
            entry: answer.live.id.clone(),
            version: answer.live.version,
            title: answer.said.text.question.clone(),
            place,
            became,
            ticket,
            service: ticket.and_then(|id| self.service_of(id)).map(|(service, _)| service),
        }));
    }

    /// The entries that a ticket's customer has read.
    pub(super) fn read_by(&self, id: TicketId) -> BTreeSet<EntryId> {
        self.branch.told().read(id)
    }
}
