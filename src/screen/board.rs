//! The board: who is called where, who is served, and how long it takes.

use nowserving_ui::{BoardCall, CallRow, DeskRow, WaitRow, split_desk};

use super::known::{Known, accent_of, opening, wait_text};
use super::link::News;
use crate::phrase;
use crate::queue::{DeskId, DeskPhase, Moment, Number, ServiceId, View};

/// How long a call counts as fresh: longer than its pulse, shorter than the time to the next recall.
const FRESH_MS: u64 = 3_000;

/// What the board knows.
#[derive(Clone, Debug, Default)]
pub struct Board {
    /// What it heard.
    pub known: Known,
    newest: Option<Newest>,
    fresh_until: u64,
}

/// The call in the large block.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Newest {
    number: Number,
    service: ServiceId,
    desk: DeskId,
    /// How often; more than once is a recall.
    invitations: u32,
    /// The newest call's place in the ledger when this got the block.
    call: u64,
}

/// What stands on the board.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BoardShown {
    /// The branch's name.
    pub store: String,
    /// The time of day.
    pub clock: String,
    /// Below everything.
    pub footer: String,
    /// Over the newest call.
    pub heading: &'static str,
    /// The newest call.
    pub newest: BoardCall,
    /// The calls before it.
    pub calls: Vec<CallRow>,
    /// Who is served where.
    pub desks: Vec<DeskRow>,
    /// How long each service takes.
    pub waits: Vec<WaitRow>,
    /// What the QR code carries; `None`: no code.
    pub url: Option<String>,
    /// The same, short enough to type.
    pub address: String,
    /// The code of the day.
    pub code: String,
    /// What concerns everyone now.
    pub notice: String,
    /// Since when the connection is lost.
    pub lost: String,
    /// In the place of everything.
    pub closed_headline: String,
    /// What to do then.
    pub closed_message: String,
}

impl Board {
    /// Takes in what was heard.
    pub fn hear(&mut self, news: &News, at: &Moment) {
        let before = self.known.view.clone();
        self.known.hear(news, at);
        let News::View(view) = news else { return };
        // what was called before the board was switched on is not called now
        let joined = before.is_none();
        let newest = next_newest(before.as_deref(), view, self.newest.as_ref());
        if !joined && newest.is_some() && newest != self.newest && !is_older(newest.as_ref(), self.newest.as_ref()) {
            self.fresh_until = at.mono_ms + FRESH_MS;
        }
        self.newest = newest;
    }

    /// What stands on the board.
    #[must_use]
    pub fn shown(&self, at: &Moment) -> BoardShown {
        let local = self.known.local(at);
        let mut shown = BoardShown { clock: local.format("%H:%M").to_string(), ..BoardShown::default() };
        let lost = self.known.lost_since(at).map(|since| phrase::lost_since(&since));
        let Some(view) = self.known.view.as_deref() else {
            shown.closed_headline = phrase::STARTING.into();
            shown.closed_message = lost.unwrap_or_else(|| phrase::STARTING_MORE.into());
            return shown;
        };
        shown.store.clone_from(&view.store);
        shown.footer = opening(view);
        shown.lost = lost.map(|lost| format!("{lost}. {}", phrase::LISTEN)).unwrap_or_default();
        match self.known.not_open(view, at) {
            Some((headline, message)) if !view.open.open => {
                (shown.closed_headline, shown.closed_message) = (headline, message);
                return shown;
            }
            Some((headline, message)) => shown.notice = format!("{headline}. {message}"),
            None if !view.courtesy.text.is_empty() => shown.notice = phrase::courtesy_for_all(&view.courtesy.text),
            None => {}
        }
        shown.newest = self.newest.as_ref().map(|newest| self.call(view, newest, at)).unwrap_or_default();
        let there =
            |newest: &Newest| view.desk(&newest.desk).is_some_and(|desk| desk.number.as_ref() == Some(&newest.number));
        let gone = self.newest.as_ref().is_some_and(|newest| !there(newest));
        shown.heading = if gone { phrase::LAST_CALLED } else { phrase::NOW_SERVING };
        shown.calls = self.calls(view);
        shown.desks = desk_rows(view);
        shown.waits = view.services.iter().map(|row| wait_row(view, row)).collect();
        self.put_phone(&mut shown);
        shown
    }

    fn put_phone(&self, shown: &mut BoardShown) {
        let url = self.known.facts.public_url.clone();
        shown.address = url.as_deref().map(|url| url.trim_start_matches("http://").to_owned()).unwrap_or_default();
        shown.url = url.map(|url| format!("{url}/"));
        shown.code = self.known.facts.code.as_deref().map(phrase::code_today).unwrap_or_default();
    }
}

impl Board {
    fn call(&self, view: &View, newest: &Newest, at: &Moment) -> BoardCall {
        let desk = desk_name(view, &newest.desk);
        let (word, mark) = split_desk(&desk);
        BoardCall {
            number: newest.number.as_str().into(),
            desk_word: word.into(),
            desk_mark: mark.into(),
            desk: desk.as_str().into(),
            accent: accent_of(view, &newest.service),
            again: newest.invitations > 1,
            fresh: at.mono_ms < self.fresh_until,
        }
    }

    /// The calls before the newest, each number once.
    fn calls(&self, view: &View) -> Vec<CallRow> {
        let mut told: Vec<&Number> = self.newest.iter().map(|newest| &newest.number).collect();
        let mut rows = Vec::new();
        for call in &view.calls {
            if told.contains(&&call.number) {
                continue;
            }
            told.push(&call.number);
            rows.push(CallRow {
                number: call.number.as_str().into(),
                desk: desk_name(view, &call.desk).into(),
                accent: accent_of(view, &call.service),
            });
        }
        rows
    }
}

/// Whom the large block is for: a new call, or somebody called again, or whoever has it.
fn next_newest(before: Option<&View>, view: &View, shown: Option<&Newest>) -> Option<Newest> {
    let first = view.calls.first()?;
    let Some(shown) = shown.filter(|shown| shown.call == first.seq) else {
        let at_desk = view.desk(&first.desk).filter(|row| row.number.as_ref() == Some(&first.number));
        return Some(Newest {
            number: first.number.clone(),
            service: first.service.clone(),
            desk: first.desk.clone(),
            invitations: at_desk.map_or(1, |row| row.invitations),
            call: first.seq,
        });
    };
    let again = view.desks.iter().find_map(|row| {
        let old = before?.desk(&row.id)?;
        let more = row.invitations > 1 && row.invitations > old.invitations && row.number == old.number;
        let (number, service) = (row.number.clone()?, row.service.clone()?);
        more.then(|| Newest { number, service, desk: row.id.clone(), invitations: row.invitations, call: first.seq })
    });
    Some(again.unwrap_or_else(|| shown.clone()))
}

/// Whether a call was taken back, so that an older one has the block again.
fn is_older(newest: Option<&Newest>, shown: Option<&Newest>) -> bool {
    newest.zip(shown).is_some_and(|(newest, shown)| newest.call < shown.call)
}

fn desk_name(view: &View, id: &DeskId) -> String {
    view.desk(id).map_or_else(|| id.to_string(), |row| row.name.clone())
}

/// The desks that are staffed; all of them where none is.
fn desk_rows(view: &View) -> Vec<DeskRow> {
    let staffed = |row: &&crate::queue::DeskRow| row.phase != DeskPhase::Closed || row.number.is_some();
    let any = view.desks.iter().any(|row| staffed(&row));
    let rows = view.desks.iter().filter(|row| !any || staffed(row));
    rows.map(|row| DeskRow {
        desk: row.name.as_str().into(),
        number: row.number.as_ref().map_or_else(String::new, ToString::to_string).into(),
        state: phrase::desk_phase(row.phase).into(),
    })
    .collect()
}

fn wait_row(view: &View, row: &crate::queue::ServiceRow) -> WaitRow {
    let wait = view.waits.get(&row.id);
    let stopped = wait.is_some_and(|wait| wait.stopped.is_some());
    WaitRow {
        service: row.name.as_str().into(),
        text: if stopped { phrase::stopped("") } else { wait_text(view, &row.id) }.into(),
        waiting: phrase::waiting(wait.map_or(0, |wait| wait.waiting)).into(),
        accent: nowserving_ui::accent(&row.accent),
    }
}
