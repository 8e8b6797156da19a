//! The kiosk's answers: looked for with the keyboard on the screen, browsed by service, read, and told whether they helped.

use nowserving_ui::{AnswerRow, keyboard};

use super::news::{Found, Order};
use crate::phrase::Words;
use crate::queue::View;

/// The longest question that can be typed, in letters.
const LONGEST: usize = 80;
/// The first row of every keyboard.
const DIGITS: &str = "1234567890";
/// What a service's name in the list is known by; no entry has such a name.
const SERVICE: &str = "service:";

/// Where somebody is among the answers.
#[derive(Clone, Debug, Default)]
pub(super) struct Asking {
    query: String,
    /// The service that is browsed; with none the list begins with the services.
    service: Option<String>,
    /// Counts what was asked of the hub: an answer to an older question is not shown any more.
    asked: u64,
    rows: Vec<Found>,
    reading: Option<Found>,
    /// Whether something was opened for what is typed now.
    opened: bool,
    language: &'static str,
}

/// What stands there.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AnswersShown {
    /// What was typed.
    pub query: String,
    /// What is found, or there is to choose from.
    pub rows: Vec<AnswerRow>,
    /// What is read; with an empty question nothing is.
    pub reading: AnswerRow,
    /// The keyboard's rows; none while a service is browsed or an answer read.
    pub keys: Vec<&'static str>,
}

impl Asking {
    /// Somebody wishes to look; `asked` counts on from those before them.
    pub(super) fn begin(words: Words, asked: u64) -> (Self, Order) {
        let mut asking = Self { asked, language: words.code(), ..Self::default() };
        let order = asking.look();
        (asking, order)
    }

    pub(super) fn asked(&self) -> u64 {
        self.asked
    }

    fn look(&mut self) -> Order {
        self.asked += 1;
        let (words, service) = (self.query.trim().to_owned(), self.service.clone());
        Order::Look { ask: self.asked, words, service, language: self.language.to_owned() }
    }

    pub(super) fn typed(&mut self, letter: &str) -> Option<Order> {
        if self.query.chars().count() >= LONGEST || (letter == " " && (self.query.is_empty() || self.query.ends_with(' '))) {
            return None;
        }
        self.query.push_str(letter);
        (self.service, self.opened) = (None, false);
        Some(self.look())
    }

    pub(super) fn erased(&mut self) -> Option<Order> {
        self.query.pop()?;
        Some(self.look())
    }

    /// A row was touched: a service to browse, or an answer to read.
    pub(super) fn read(&mut self, id: &str) -> Vec<Order> {
        if let Some(service) = id.strip_prefix(SERVICE) {
            self.service = Some(service.to_owned());
            return vec![self.look()];
        }
        let Some(found) = self.rows.iter().find(|row| row.id == id).cloned() else { return Vec::new() };
        self.asked += 1;
        let mut orders = vec![
            Order::Read { ask: self.asked, id: id.to_owned(), language: self.language.to_owned() },
            self.tell(id, "opened"),
        ];
        if !self.opened {
            orders.extend(self.searched(true));
        }
        (self.reading, self.opened) = (Some(found), true);
        orders
    }

    fn tell(&self, id: &str, what: &'static str) -> Order {
        Order::Tell { id: id.to_owned(), what, language: self.language.to_owned() }
    }

    fn searched(&self, found: bool) -> Option<Order> {
        let words = self.query.trim();
        let order = || Order::Searched { words: words.to_owned(), language: self.language.to_owned(), found };
        (!words.is_empty()).then(order)
    }

    /// "Did this answer it?" What to tell, and the service to take a number for if it did not and there is just one.
    pub(super) fn helped(&self, yes: bool) -> Option<(Order, Option<String>)> {
        let reading = self.reading.as_ref()?;
        let order = self.tell(&reading.id, if yes { "helped" } else { "not_helped" });
        let service = reading.services.first().filter(|_| !yes && reading.services.len() == 1);
        Some((order, service.cloned()))
    }

    /// One step back: from the answer to the list, from a service to all. `None`: from there to the start.
    pub(super) fn back(&mut self) -> Option<Vec<Order>> {
        if self.reading.take().is_some() {
            return Some(Vec::new());
        }
        self.service.take()?;
        Some(vec![self.look()])
    }

    /// Nobody is here any more: what was looked for in vain.
    pub(super) fn given_up(&self) -> Option<Order> {
        self.searched(false).filter(|_| !self.opened)
    }

    pub(super) fn found(&mut self, ask: u64, rows: Vec<Found>) {
        if ask == self.asked {
            self.rows = rows;
        }
    }

    pub(super) fn whole(&mut self, ask: u64, answer: Found) {
        if let Some(reading) = self.reading.as_mut().filter(|reading| ask == self.asked && reading.id == answer.id) {
            *reading = answer;
        }
    }

    pub(super) fn shown(&self, view: &View, words: Words) -> AnswersShown {
        let browsing = self.query.trim().is_empty() && self.service.is_none();
        let services = view.services.iter().filter(|_| browsing).map(|row| AnswerRow {
            id: format!("{SERVICE}{}", row.id).into(),
            question: row.name.as_str().into(),
            answer: Default::default(),
        });
        let general = self.rows.iter().filter(|row| !browsing || row.services.is_empty());
        let (reading, typing) = (self.reading.as_ref().map(answer_row), self.service.is_none() && self.reading.is_none());
        AnswersShown {
            query: self.query.clone(),
            rows: services.chain(general.map(answer_row)).collect(),
            reading: reading.unwrap_or_default(),
            keys: if typing {
                [DIGITS].into_iter().chain(keyboard(words.code()).iter().copied()).collect()
            } else {
                Vec::new()
            },
        }
    }
}

fn answer_row(found: &Found) -> AnswerRow {
    let answer = if found.plain.is_empty() { &found.short } else { &found.plain };
    AnswerRow { id: found.id.as_str().into(), question: found.question.as_str().into(), answer: answer.as_str().into() }
}
