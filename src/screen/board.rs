//! The board: who is called where, who is served, and how long it takes.

use std::sync::Arc;

use nowserving_ui::{BoardAnswer, BoardCall, CallRow, DeskRow, WaitRow, split_desk};

use super::cards;
use super::dress::Dress;
use super::known::{Known, accent_of, opening, wait_text};
use super::news::{LinkState, News};
use super::wall::{Hangs, Picture};
use crate::config::BoardPreview;
use crate::phrase::{Words, turn, turns};
use crate::queue::{DeskId, DeskPhase, Emphasis, Moment, Number, ServiceId, View};

/// What the board knows.
#[derive(Clone, Debug, Default)]
pub struct Board {
    /// What it heard.
    pub known: Known,
    /// Whose turn it is in the large block. The list beside it has every call at once.
    emphasis: Emphasis<Newest>,
    /// What hangs beside the numbers; nothing: the branch's own cards do.
    hangs: Option<Hangs>,
    /// Its name, by which entries are meant for it; `None`: `board`.
    pub name: Option<String>,
    /// This screen's own measures, where they are not the branch's: inches from corner to corner, metres to the farthest.
    pub measures: Option<(f64, f64)>,
    /// An entry that is shown whatever the line is like: for the manager's preview.
    pub preview: Option<BoardPreview>,
}

/// A call in the large block.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Newest {
    number: Number,
    service: ServiceId,
    desk: DeskId,
    /// How often; more than once is a recall.
    invitations: u32,
}

/// What stands on the board.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BoardShown {
    /// What it wears.
    pub dress: Dress,
    /// From corner to corner, inches; to the farthest who must read it, metres. 0: not known.
    pub measures: (f64, f64),
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
    /// In its place while there is none.
    pub nobody: &'static str,
    /// The other calls.
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
    /// What the code that joins the store's Wi-Fi carries; `None`: no code.
    pub wifi: Option<String>,
    /// That network's name.
    pub wifi_name: String,
    /// What is worth knowing while waiting.
    pub answer: BoardAnswer,
    /// How much of its time has passed, 0 to 1.
    pub answer_progress: f32,
    /// The picture beside the answer.
    pub picture: Option<Arc<Picture>>,
    /// Whether the picture is all there is.
    pub whole: bool,
    /// The answer's language, as a code.
    pub answer_language: String,
    /// Whether the answer is written from right to left.
    pub answer_rtl: bool,
    /// Dark, with the clock alone.
    pub night: bool,
    /// What concerns everyone now.
    pub notice: String,
    /// How loud that is: 0 to 2.
    pub notice_level: u8,
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
        match news {
            News::Wall(hangs) => self.hangs.clone_from(hangs),
            News::Link(LinkState::Lost { .. }) => self.hangs = None,
            _ => {}
        }
        let News::View(view) = news else { return };
        // what was called before the board was switched on is not called now
        let Some(before) = before else { return };
        self.emphasis.retain(|shown| view.calls.iter().any(|call| call.number == shown.number && call.desk == shown.desk));
        for call in new_calls(&before, view) {
            // a number called again needs no turn after itself
            self.emphasis.retain(|shown| shown.number != call.number);
            // what a burst leaves to the list is in the list
            self.emphasis.call(call, at.mono_ms);
        }
    }

    /// Lets time pass.
    pub fn tick(&mut self, at: &Moment) {
        self.emphasis.turn(at.mono_ms);
    }

    /// What stands on the board.
    #[must_use]
    pub fn shown(&self, at: &Moment) -> BoardShown {
        let local = self.known.local(at);
        let screens = &self.known.facts.screens;
        let words = self.words(at);
        let mut shown = BoardShown {
            dress: Dress::of(&self.known, words),
            measures: self.measures.unwrap_or((screens.board_inches, screens.board_metres)),
            clock: words.time(local.time()),
            ..BoardShown::default()
        };
        let lost = self.known.lost_since(words, at).map(|since| words.lost_since(&since));
        let Some(view) = self.known.view.as_deref() else {
            shown.closed_headline = words.starting().into();
            shown.closed_message = lost.unwrap_or_else(|| words.starting_more().into());
            return shown;
        };
        shown.store.clone_from(&view.store);
        shown.footer = opening(words, view);
        shown.lost = lost.map(|lost| format!("{lost}. {}", words.listen())).unwrap_or_default();
        match self.known.not_open(words, view, at) {
            Some((headline, message)) if !view.open.open => {
                (shown.closed_headline, shown.closed_message) = (headline, message);
                // a board without its hub says so, even at night
                shown.night = screens.dark_at_night && shown.lost.is_empty();
                return shown;
            }
            Some((headline, message)) => shown.notice = format!("{headline}. {message}"),
            None if view.line.is_empty() || any_desk(view) => {
                if !view.courtesy.text.is_empty() {
                    shown.notice = words.courtesy_for_all(&view.courtesy.text);
                }
            }
            None => shown.notice = words.no_desk_more().into(),
        }
        let newest = self.newest(view);
        let there =
            |newest: &Newest| view.desk(&newest.desk).is_some_and(|desk| desk.number.as_ref() == Some(&newest.number));
        let gone = newest.as_ref().is_some_and(|newest| !there(newest));
        shown.heading = if gone { words.last_called() } else { words.now_serving() };
        shown.nobody = if any_desk(view) { words.called_here() } else { words.no_desk_yet() };
        shown.calls = calls(view, newest.as_ref());
        shown.newest = newest.map(|newest| self.call(view, &newest, at)).unwrap_or_default();
        shown.desks = desk_rows(words, view);
        shown.waits = view.services.iter().map(|row| wait_row(words, view, row)).collect();
        self.put_phone(words, &mut shown);
        (shown.notice, shown.notice_level) = self.known.notice(words, view, std::mem::take(&mut shown.notice), at);
        self.put_answer(words, view, &mut shown, at);
        shown
    }

    /// The language of a moment: the house's and those of who waits have the board in turn.
    fn words(&self, at: &Moment) -> Words {
        let waiting = self.known.view.as_ref().map(|view| view.languages.clone()).unwrap_or_default();
        turn(&turns(&self.known.languages(), &waiting), at.mono_ms)
    }

    /// What hangs there by the hub's word, or else a card of what the board knows by itself.
    fn put_answer(&self, words: Words, view: &View, shown: &mut BoardShown, at: &Moment) {
        if let Some(entry) = &self.preview {
            shown.answer = previewed(words, entry);
            shown.answer_rtl = words.rtl();
            shown.answer_language = words.code().into();
            return;
        }
        let Some(hangs) = &self.hangs else {
            (shown.answer, shown.answer_progress) = cards::card(words, view, shown.url.is_some(), at.mono_ms);
            shown.answer_rtl = words.rtl();
            shown.answer_language = words.code().into();
            return;
        };
        let hung = &hangs.hung;
        shown.answer = BoardAnswer {
            kicker: hung.kicker.as_str().into(),
            question: hung.question.as_str().into(),
            answer: hung.answer.as_str().into(),
            accent: nowserving_ui::accent(&hung.accent),
        };
        shown.answer_progress = hangs.passed(at.mono_ms);
        shown.answer_rtl = hung.rtl;
        shown.answer_language = hung.language.clone().unwrap_or_else(|| self.known.house().code().into());
        shown.whole = hung.whole();
        shown.picture.clone_from(&hangs.picture);
    }

    /// Who has the large block: whose turn it is, or else who was called last.
    fn newest(&self, view: &View) -> Option<Newest> {
        self.emphasis.now().cloned().or_else(|| view.calls.first().map(|call| newest_of(view, call)))
    }

    fn put_phone(&self, words: Words, shown: &mut BoardShown) {
        let url = self.known.facts.public_url.clone();
        shown.address = url.as_deref().map(|url| url.trim_start_matches("http://").to_owned()).unwrap_or_default();
        shown.url = url.map(|url| format!("{url}/"));
        shown.code = self.known.facts.code.as_deref().map(|code| words.code_today(code)).unwrap_or_default();
        shown.wifi.clone_from(&self.known.facts.screens.wifi_code);
        shown.wifi_name = self.known.facts.screens.wifi_name.clone().unwrap_or_default();
    }

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
            fresh: self.emphasis.is_fresh(at.mono_ms),
        }
    }
}

/// The answer that the manager's preview shows.
fn previewed(words: Words, entry: &BoardPreview) -> BoardAnswer {
    let kicker = if entry.service.is_empty() { String::new() } else { words.waiting_for(&entry.service) };
    BoardAnswer {
        kicker: kicker.into(),
        question: entry.question.as_str().into(),
        answer: entry.short.as_str().into(),
        accent: nowserving_ui::accent(&entry.accent),
    }
}

/// The last calls but the one in the large block, each number once.
fn calls(view: &View, newest: Option<&Newest>) -> Vec<CallRow> {
    let mut told: Vec<&Number> = newest.iter().map(|newest| &newest.number).collect();
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

fn newest_of(view: &View, call: &crate::queue::CallRow) -> Newest {
    let at_desk = view.desk(&call.desk).filter(|row| row.number.as_ref() == Some(&call.number));
    Newest {
        number: call.number.clone(),
        service: call.service.clone(),
        desk: call.desk.clone(),
        invitations: at_desk.map_or(1, |row| row.invitations),
    }
}

/// What was called between two views, oldest first: new calls, and numbers called again.
fn new_calls(before: &View, view: &View) -> Vec<Newest> {
    let last = before.calls.first().map_or(0, |call| call.seq);
    let again = view.desks.iter().filter_map(|row| {
        let old = before.desk(&row.id)?;
        let more = row.invitations > 1 && row.invitations > old.invitations && row.number == old.number;
        let (number, service) = (row.number.clone()?, row.service.clone()?);
        more.then(|| Newest { number, service, desk: row.id.clone(), invitations: row.invitations })
    });
    let fresh = view.calls.iter().rev().filter(|call| call.seq > last).map(|call| newest_of(view, call));
    again.chain(fresh).collect()
}

/// Whether any desk works.
fn any_desk(view: &View) -> bool {
    view.desks.iter().any(|row| row.phase == DeskPhase::Open || row.number.is_some())
}

fn desk_name(view: &View, id: &DeskId) -> String {
    view.desk(id).map_or_else(|| id.to_string(), |row| row.name.clone())
}

/// The desks that are staffed; all of them where none is.
fn desk_rows(words: Words, view: &View) -> Vec<DeskRow> {
    let staffed = |row: &&crate::queue::DeskRow| row.phase != DeskPhase::Closed || row.number.is_some();
    let any = view.desks.iter().any(|row| staffed(&row));
    let rows = view.desks.iter().filter(|row| !any || staffed(row));
    rows.map(|row| DeskRow {
        desk: row.name.as_str().into(),
        number: row.number.as_ref().map_or_else(String::new, ToString::to_string).into(),
        state: words.desk_phase(row.phase).into(),
    })
    .collect()
}

fn wait_row(words: Words, view: &View, row: &crate::queue::ServiceRow) -> WaitRow {
    let wait = view.waits.get(&row.id);
    let stopped = wait.is_some_and(|wait| wait.stopped.is_some());
    WaitRow {
        service: row.name.as_str().into(),
        text: if stopped { words.why_stopped("") } else { wait_text(words, view, &row.id) }.into(),
        waiting: words.how_many_wait(wait.map_or(0, |wait| wait.waiting)).into(),
        accent: nowserving_ui::accent(&row.accent),
    }
}
