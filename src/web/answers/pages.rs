//! The pages: all questions, one answer, with a ticket and without. Everything works without script; `answers.js` makes the
//! search find while typing, and opens answers over the ticket's page, so that this stays live.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use serde::Deserialize;

use super::asked::{Wanted, Who};
use super::{Answer, held};
use crate::branch::{Ask, Deed, ToldLine};
use crate::ledger::{Became, Line, Place as JournalPlace};
use crate::phrase::Words;
use crate::queue::{Command, LeaveReason, ServiceId, TicketId};
use crate::signage::{EntryId, browse};
use crate::web::access::Caller;
use crate::web::extract::{Path, Query};
use crate::web::pages::answers::{Done, Group, Item, OneAnswer, Page as Shown, Questions, render};
use crate::web::reader::Reader;
use crate::web::site::{Page, Typed};
use crate::web::{App, Problem, Shared};

#[derive(Default, Deserialize)]
pub(super) struct Searching {
    /// What is looked for.
    #[serde(default)]
    q: String,
    /// The last word is not finished: nothing is noted.
    #[serde(default)]
    typing: Option<String>,
    /// What the page drew, where there is no ticket: one search is one however often it is asked.
    #[serde(default)]
    by: String,
    /// What became of the answer read before.
    #[serde(default)]
    done: String,
}

/// Whoever reads: with a ticket or without.
struct Asking<'a> {
    app: &'a Shared,
    reader: Reader,
    ticket: Option<(TicketId, &'a str)>,
    words: Words,
}

impl<'a> Asking<'a> {
    fn new(app: &'a Shared, reader: Reader) -> Self {
        Self { app, reader, ticket: None, words: reader.words(None) }
    }

    fn with(app: &'a Shared, reader: Reader, key: &'a str) -> Result<Self, Problem> {
        let id = app.keyed(key)?;
        let language = app.branch.live().queue.ticket(id).and_then(|ticket| ticket.language.clone());
        Ok(Self { app, reader, ticket: Some((id, key)), words: reader.words(language.as_ref()) })
    }

    fn id(&self) -> Option<TicketId> {
        self.ticket.map(|(id, _)| id)
    }

    /// Where the pages of this reader are.
    fn base(&self) -> String {
        self.ticket.map_or_else(String::new, |(_, key)| format!("/t/{key}"))
    }

    fn entry_path(&self, id: &EntryId) -> String {
        if self.ticket.is_some() { format!("{}/a/{id}", self.base()) } else { format!("/answers/{id}") }
    }

    fn who(&self, by: &str) -> Option<Who> {
        match self.ticket {
            Some((id, _)) => Some(Who::Ticket(id)),
            // what a page draws is 26 characters
            None => (20..=32).contains(&by.len()).then(|| Who::Page(by.to_owned())),
        }
    }

    /// Keeps in mind what is looked for, and tells the desk.
    fn ask(&self, query: &str, by: &str, fits: bool) {
        let at_ms = self.app.branch.now().wall_ms;
        let wanted = Wanted { words: query, language: self.words.lang(), place: JournalPlace::Phone, fits, at_ms };
        let Some(search) = wanted.search(false) else { return };
        if let Some(id) = self.id() {
            self.app.branch.told().tell(id, ToldLine { at_ms, deed: Deed::Searched, text: search.words.clone() });
        }
        let other = match self.who(by) {
            Some(who) => held(&self.app.answers.asked).ask(who, &wanted),
            None => Some(search),
        };
        other.into_iter().for_each(|search| self.app.journal.note(Line::Search(search)));
    }

    fn ends(&self, by: &str, found: bool) {
        let ended = self.who(by).and_then(|who| held(&self.app.answers.asked).ends(&who, found));
        ended.into_iter().for_each(|search| self.app.journal.note(Line::Search(search)));
    }

    fn page<R>(&self, make: impl FnOnce(&Shown<'_>) -> R) -> R {
        let store = self.app.store();
        let site = self.reader.site(self.app, &store, self.language().as_ref());
        let number =
            self.id().and_then(|id| self.app.branch.live().queue.ticket(id).map(|ticket| ticket.number.to_string()));
        make(&Shown { site, base: &self.base(), number: number.as_deref() })
    }

    fn language(&self) -> Option<crate::queue::Lang> {
        self.ticket.map(|_| self.words.lang())
    }

    async fn questions(self, query: &Searching) -> Page {
        let question = query.q.trim();
        let mut fits = false;
        let (mut found, mut groups) = (Vec::new(), Vec::new());
        if question.is_empty() {
            groups = self.groups();
        } else {
            let hits = self.app.find(self.words, question, query.typing.is_some()).await;
            fits = hits.fits;
            found = self.items(&hits.entries);
            if query.typing.is_none() {
                self.ask(question, &query.by, fits);
            }
        }
        let by = if query.by.is_empty() { crate::web::site::draw_once() } else { query.by.clone() };
        let done = Done::of(&query.done);
        let html = self.page(|page| {
            render(&Questions {
                site: page.site,
                page,
                query: question,
                found: &found,
                fits,
                groups: &groups,
                by: &by,
                done,
            })
        });
        Ok(self.reader.keep(self.app.html(StatusCode::OK, html)?))
    }

    fn items(&self, ids: &[EntryId]) -> Vec<Item> {
        let item = |answer: &Answer| Item::of(answer.said.clone(), self.entry_path(&answer.live.id));
        self.app.answers_of(ids, self.words).iter().map(item).collect()
    }

    /// All questions, by what they are for; with a ticket its own service first.
    fn groups(&self) -> Vec<Group> {
        let (content, local) = (self.app.branch.content(), self.app.local());
        let mut services: Vec<(ServiceId, String)> = self
            .app
            .branch
            .feed()
            .with_view(|view| view.services.iter().map(|row| (row.id.clone(), row.name.clone())).collect());
        let own = self.id().and_then(|id| self.app.service_of(id)).map(|(service, _)| service);
        services.sort_by_key(|(service, _)| Some(service) != own.as_ref());
        let everyone = browse(&content, None, local)
            .into_iter()
            .filter(|id| content.get(id).is_some_and(|live| live.entry.services.is_empty()));
        let mut groups: Vec<Group> = services
            .into_iter()
            .map(|(service, name)| {
                let mine = |id: &EntryId| content.get(id).is_some_and(|live| live.entry.services.contains(&service));
                let ids: Vec<_> = browse(&content, Some(&service), local).into_iter().filter(mine).collect();
                Group { name, items: self.items(&ids) }
            })
            .collect();
        groups.push(Group { name: self.words.for_everyone().to_owned(), items: self.items(&everyone.collect::<Vec<_>>()) });
        groups.retain(|group| !group.items.is_empty());
        groups
    }

    fn known(&self, entry: &str) -> Result<Answer, Problem> {
        let id = EntryId::try_from(entry.to_owned()).map_err(|_| Problem::missing())?;
        self.app.answer(&id, self.words).ok_or_else(Problem::missing)
    }

    /// One answer; opening it is noted.
    fn one(self, entry: &str, query: &Searching) -> Page {
        let answer = match self.known(entry) {
            Ok(answer) => answer,
            Err(problem) => return Err(self.app.said(problem, self.words)),
        };
        let may = |reason| Command::Leave { ticket: self.id().unwrap_or(TicketId(0)), reason };
        let (leaves, open) = {
            let (live, now) = (self.app.branch.live(), self.app.branch.now());
            let open = self.id().and_then(|id| live.queue.ticket(id)).is_some_and(|ticket| !ticket.is_over());
            (open && live.queue.decide(&may(LeaveReason::Answered), &now).is_ok(), open)
        };
        let ticket = self.id().filter(|_| open);
        self.app.note_read(&answer, JournalPlace::Phone, ticket, Became::Opened);
        self.ends(&query.by, true);
        let image = answer.live.entry.image.as_ref();
        let html = self.page(|page| {
            render(&OneAnswer {
                site: page.site,
                page,
                path: &self.entry_path(&answer.live.id),
                said: &answer.said,
                html: crate::web::markdown::html(answer.full()),
                image,
                leaves,
            })
        });
        Ok(self.reader.keep(self.app.html(StatusCode::OK, html)?))
    }

    /// "None of these."
    fn none(self, by: &str) -> Page {
        self.ends(by, false);
        let to =
            if self.ticket.is_some() { format!("{}/answers?done=none", self.base()) } else { "/answers?done=none".into() };
        Ok(Redirect::to(&to).into_response())
    }

    /// What the reader says of an answer, and where to go then.
    async fn did(self, entry: &str, did: Did) -> Page {
        let answer = match self.known(entry) {
            Ok(answer) => answer,
            Err(problem) => return Err(self.app.said(problem, self.words)),
        };
        let over = self.id().is_some_and(|id| self.app.branch.live().queue.ticket(id).is_none_or(|ticket| ticket.is_over()));
        let ticket = self.id().filter(|_| !over);
        let note = |became| self.app.note_read(&answer, JournalPlace::Phone, ticket, became);
        if did == Did::Answered
            && let Some(id) = ticket
        {
            let command = Command::Leave { ticket: id, reason: LeaveReason::Answered };
            let ask = Ask { command, actor: Caller::Anyone.actor(), request: None };
            // noted before the visit is over and forgotten, and only if the place was given back
            if let Err(failure) = self.app.branch.ask(ask).await {
                return Err(self.app.said(Problem::said(failure, self.words), self.words));
            }
            note(Became::Helped);
            note(Became::Answered);
            return Ok(Redirect::to(&self.base()).into_response());
        }
        match did {
            Did::NotHelped => note(Became::NotHelped),
            Did::Helped | Did::Answered => note(Became::Helped),
            Did::Stayed => {
                note(Became::Helped);
                note(Became::Stayed);
            }
        }
        let done = if did == Did::NotHelped { "no" } else { "yes" };
        Ok(Redirect::to(&format!("{}/answers?done={done}", self.base())).into_response())
    }
}

/// What a reader says of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Did {
    Helped,
    NotHelped,
    /// It helped, and the place is given back.
    Answered,
    /// It helped, and the place is kept.
    Stayed,
}

#[derive(Deserialize)]
pub(super) struct DidForm {
    did: Did,
}

#[derive(Deserialize)]
pub(super) struct NoneForm {
    #[serde(default)]
    by: String,
}

fn asking<'a>(app: &'a Shared, reader: Reader, key: &'a str) -> Result<Asking<'a>, crate::web::site::PageProblem> {
    Asking::with(app, reader, key).map_err(|problem| app.said(problem, reader.words(None)))
}

pub(super) async fn all(State(app): State<Shared>, reader: Reader, Query(query): Query<Searching>) -> Page {
    Asking::new(&app, reader).questions(&query).await
}

pub(super) async fn all_of_ticket(
    State(app): State<Shared>,
    reader: Reader,
    Path(key): Path<String>,
    Query(query): Query<Searching>,
) -> Page {
    asking(&app, reader, &key)?.questions(&query).await
}

pub(super) async fn none(State(app): State<Shared>, reader: Reader, Typed(form): Typed<NoneForm>) -> Page {
    Asking::new(&app, reader).none(&form.by)
}

pub(super) async fn none_of_ticket(
    State(app): State<Shared>,
    reader: Reader,
    Path(key): Path<String>,
    Typed(form): Typed<NoneForm>,
) -> Page {
    asking(&app, reader, &key)?.none(&form.by)
}

pub(super) async fn one(
    State(app): State<Shared>,
    reader: Reader,
    Path(entry): Path<String>,
    Query(query): Query<Searching>,
) -> Page {
    Asking::new(&app, reader).one(&entry, &query)
}

pub(super) async fn one_of_ticket(
    State(app): State<Shared>,
    reader: Reader,
    Path((key, entry)): Path<(String, String)>,
    Query(query): Query<Searching>,
) -> Page {
    asking(&app, reader, &key)?.one(&entry, &query)
}

pub(super) async fn did(
    State(app): State<Shared>,
    reader: Reader,
    Path(entry): Path<String>,
    Typed(form): Typed<DidForm>,
) -> Page {
    Asking::new(&app, reader).did(&entry, form.did).await
}

pub(super) async fn did_of_ticket(
    State(app): State<Shared>,
    reader: Reader,
    Path((key, entry)): Path<(String, String)>,
    Typed(form): Typed<DidForm>,
) -> Page {
    asking(&app, reader, &key)?.did(&entry, form.did).await
}

impl App {
    /// Up to three questions for a ticket, and what a desk handed it, for its page.
    pub(in crate::web) fn ticket_answers(
        &self,
        id: TicketId,
        key: &str,
        words: Words,
    ) -> crate::web::pages::answers::ForTicket {
        let read = self.read_by(id);
        let item = |answer: Answer| {
            let mut item = Item::of(answer.said, format!("/t/{key}/a/{}", answer.live.id));
            item.read = read.contains(&answer.live.id);
            item
        };
        let items = |ids: &[EntryId]| self.answers_of(ids, words).into_iter().map(item).collect();
        crate::web::pages::answers::ForTicket {
            any: self.has_answers(),
            offered: items(&self.offered(id)),
            handed: items(&self.branch.told().handed(id)),
        }
    }
}
