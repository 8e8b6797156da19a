//! The kiosk: choose a service, get a number. One flow at a time.

use nowserving_ui::{KioskPage, LanguageRow, ServiceRow, accent};

use super::board::{Board, BoardShown};
use super::captions;
use super::dress::Dress;
use super::kiosk_answers::{AnswersShown, Asking};
use super::known::{Known, accent_of, opening, wait_text};
use super::news::{Issued, News, NoNumber, Order};
use crate::config::ScreenLook;
use crate::phrase::{Wait, Words};
use crate::queue::{Moment, Paper, View};

/// How long a ticket stands there after the last touch, where it is on paper too.
const TICKET_MS: u64 = 20_000;
/// The same where the screen is all there is: time to take out a phone.
const TICKET_ALONE_MS: u64 = 45_000;
/// The same for whoever wished for it to be easier.
const TICKET_EASY_MS: u64 = 60_000;
/// How long a refusal stands there: it is to be read, and then in nobody's way.
const REFUSAL_MS: u64 = 20_000;
/// After so long without a touch the language and the size are the next person's again.
const PERSON_MS: u64 = 60_000;
/// After so long without a touch the one screen for everything is the board again.
const OPEN_MS: u64 = 30_000;
/// So long before that it is said.
const WARNING_MS: u64 = 15_000;
/// After so long an answer does not come any more. The link gives up earlier and says so.
const BUSY_MS: u64 = 15_000;
/// A branch that closes within so many minutes says so before anybody chooses.
const CLOSING_SOON_MIN: i64 = 30;

#[derive(Clone, Debug, Default)]
enum Flow {
    #[default]
    Start,
    Busy {
        touch: u64,
        until: u64,
    },
    Ticket {
        issued: Issued,
        /// It is being printed again.
        again: bool,
    },
    Refused {
        headline: String,
        message: String,
    },
    Answers(Box<Asking>),
}

/// What one person wished for; the next begins anew.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Person {
    easier: bool,
    language: Option<Words>,
}

/// How long the page stays without a touch: from when, until when.
#[derive(Clone, Copy, Debug)]
struct Stay {
    since: u64,
    until: u64,
}

/// What the kiosk knows and where its customer is.
#[derive(Clone, Debug, Default)]
pub struct Kiosk {
    /// What it heard.
    pub known: Known,
    flow: Flow,
    touches: u64,
    /// How often the hub was asked for answers.
    asked: u64,
    /// What is to be asked and told without being waited for.
    orders: Vec<Order>,
    person: Person,
    stay: Option<Stay>,
    /// The languages stand over the page.
    choosing: bool,
    /// One screen for everything: somebody is at it.
    open: bool,
    /// What it is while nobody is.
    board: Board,
    /// This screen's own size, where it is not the branch's: inches from corner to corner.
    pub inches: Option<f64>,
}

/// The ticket page.
#[derive(Clone, Debug, PartialEq)]
pub struct TicketShown {
    /// The number.
    pub number: String,
    /// The service, in the customer's words.
    pub service: String,
    /// Its colour.
    pub accent: nowserving_ui::slint::Color,
    /// When it will be called.
    pub promise: String,
    /// How many are before it.
    pub ahead: String,
    /// What the QR code carries.
    pub url: String,
    /// What to do with it.
    pub paper: &'static str,
    /// Whether it comes out on paper.
    pub on_paper: bool,
    /// Whether it can be printed again from here.
    pub reprint: bool,
}

/// What stands on the kiosk.
#[derive(Clone, Debug, PartialEq)]
pub struct KioskShown {
    /// What it wears.
    pub dress: Dress,
    /// The screen from corner to corner, inches; 0: not known.
    pub inches: f64,
    /// The branch's name.
    pub store: String,
    /// Until when it is open.
    pub opening: String,
    /// Which page.
    pub page: KioskPage,
    /// The services to choose from.
    pub services: Vec<ServiceRow>,
    /// The languages to choose from.
    pub languages: Vec<LanguageRow>,
    /// Everything within reach and larger.
    pub easier: bool,
    /// What everybody should know before choosing.
    pub notice: String,
    /// The ticket, on its page.
    pub ticket: Option<TicketShown>,
    /// How long the page stays; empty: it stays.
    pub countdown: String,
    /// How much of that time is left, in hundredths.
    pub left: u8,
    /// What is the matter, on every other page.
    pub headline: String,
    /// What to do about it.
    pub message: String,
    /// While it is the board.
    pub board: Option<BoardShown>,
    /// Whether there are answers to look for.
    pub answering: bool,
    /// While somebody looks for one.
    pub answers: Option<AnswersShown>,
}

impl Kiosk {
    /// Takes in what was heard.
    pub fn hear(&mut self, news: News, at: &Moment) {
        let had_paper = self.on_paper();
        self.known.hear(&news, at);
        self.board.hear(&news, at);
        // a roll ends in the middle of somebody's ticket: from then on the screen is all there is
        if had_paper && !self.on_paper() && matches!(self.flow, Flow::Ticket { .. }) {
            self.stays(at);
        }
        match news {
            News::Answer { touch: answered, result } => {
                if !matches!(self.flow, Flow::Busy { touch, .. } if touch == answered) {
                    return;
                }
                let words = self.words();
                self.flow = match result {
                    Ok(issued) => Flow::Ticket { issued, again: false },
                    Err(NoNumber::Refused(message)) => refused(words.no_number(), message),
                    Err(NoNumber::NotEnrolled) => refused(words.no_number(), words.kiosk_unknown().into()),
                    Err(NoNumber::NoAnswer) => refused(words.no_answer(), words.no_answer_more().into()),
                };
                self.stays(at);
            }
            News::Found { ask, answers } => {
                if let Flow::Answers(asking) = &mut self.flow {
                    asking.found(ask, answers);
                }
            }
            News::Whole { ask, answer } => {
                if let Flow::Answers(asking) = &mut self.flow {
                    asking.whole(ask, answer);
                }
            }
            News::Pressed { issued, .. } => self.pressed(issued, at),
            _ => {}
        }
    }

    /// A ticket came from a physical button: it is shown, unless somebody waits for an answer to a touch. The same ticket again,
    /// from a second press within the lockout, stands there as long anew.
    fn pressed(&mut self, issued: Issued, at: &Moment) {
        if matches!(self.flow, Flow::Busy { .. }) {
            return;
        }
        if !matches!(&self.flow, Flow::Ticket { issued: shown, .. } if shown.number == issued.number) {
            self.give_up();
            self.choosing = false;
            self.person = Person::default();
            self.flow = Flow::Ticket { issued, again: false };
        }
        self.stays(at);
    }

    /// From now on the page stays its time.
    fn stays(&mut self, at: &Moment) {
        let easy = self.person.easier;
        let length = match &self.flow {
            Flow::Busy { .. } => None,
            Flow::Ticket { .. } if easy => Some(TICKET_EASY_MS),
            Flow::Ticket { .. } if self.on_paper() => Some(TICKET_MS),
            Flow::Ticket { .. } => Some(TICKET_ALONE_MS),
            Flow::Refused { .. } if !easy => Some(REFUSAL_MS),
            Flow::Answers(_) => Some(PERSON_MS),
            _ if self.person != Person::default() => Some(PERSON_MS),
            Flow::Start if !self.is_one_screen() && !self.choosing => None,
            _ => Some(OPEN_MS),
        };
        self.stay = length.map(|length| Stay { since: at.mono_ms, until: at.mono_ms + length });
    }

    fn on_paper(&self) -> bool {
        self.known.view.as_ref().is_some_and(|view| view.devices.paper == Paper::Ready)
    }

    fn is_one_screen(&self) -> bool {
        self.known.facts.screens.one_screen
    }

    /// What was looked for and not found is told.
    fn give_up(&mut self) {
        if let Flow::Answers(asking) = &self.flow {
            self.orders.extend(asking.given_up());
        }
    }

    /// Nobody is here any more.
    fn leave(&mut self) {
        self.give_up();
        (self.flow, self.person, self.stay) = (Flow::Start, Person::default(), None);
        (self.open, self.choosing) = (false, false);
    }

    /// A service was touched. What is to be ordered, if that began something: a second touch begins nothing.
    pub fn choose(&mut self, service: &str, at: &Moment) -> Option<Order> {
        let shown = self.shown(at);
        let offered = shown.services.iter().any(|row| row.id == service && row.enabled);
        if shown.page != KioskPage::Start || !offered {
            return None;
        }
        self.touches += 1;
        self.flow = Flow::Busy { touch: self.touches, until: at.mono_ms + BUSY_MS };
        self.stay = None;
        let language = self.person.language.map(|words| words.code().to_owned());
        Some(Order::Issue { touch: self.touches, service: service.to_owned(), language, large: self.person.easier })
    }

    /// "Done", or "back to start".
    pub fn done(&mut self, at: &Moment) {
        match self.flow {
            Flow::Busy { .. } => {}
            _ if self.choosing => {
                self.choosing = false;
                self.stays(at);
            }
            Flow::Ticket { .. } => self.leave(),
            _ => {
                if self.step_back() {
                    self.stays(at);
                    return;
                }
                self.give_up();
                self.flow = Flow::Start;
                self.stays(at);
            }
        }
    }

    /// From an answer to the list, from a service to all of them; `false`: there is no step but to the start.
    fn step_back(&mut self) -> bool {
        let Flow::Answers(asking) = &mut self.flow else { return false };
        let back = asking.back();
        self.asked = asking.asked();
        back.map(|orders| self.orders.extend(orders)).is_some()
    }

    /// "Questions and answers", please.
    pub fn look(&mut self, at: &Moment) {
        if self.shown(at).page == KioskPage::Start && self.known.facts.answers {
            let (asking, order) = Asking::begin(self.words(), self.asked);
            self.orders.push(order);
            self.flow = Flow::Answers(Box::new(asking));
        }
        self.touched(at);
    }

    /// A letter was typed; `None`: one was taken back.
    pub fn typed(&mut self, letter: Option<&str>, at: &Moment) {
        if let Flow::Answers(asking) = &mut self.flow {
            let order = match letter {
                Some(letter) => asking.typed(letter),
                None => asking.erased(),
            };
            self.asked = asking.asked();
            self.orders.extend(order);
        }
        self.touched(at);
    }

    /// A row among the answers was touched.
    pub fn read(&mut self, id: &str, at: &Moment) {
        if let Flow::Answers(asking) = &mut self.flow {
            let orders = asking.read(id);
            self.asked = asking.asked();
            self.orders.extend(orders);
        }
        self.touched(at);
    }

    /// "Did this answer it?" If it did, the next person may come; if not, a number is the next thing, at once where it is plain
    /// what for.
    pub fn helped(&mut self, yes: bool, at: &Moment) {
        let Flow::Answers(asking) = &self.flow else { return };
        let Some((order, service)) = asking.helped(yes) else { return };
        self.orders.push(order);
        if yes {
            self.leave();
            return;
        }
        self.flow = Flow::Start;
        self.open = true;
        self.stays(at);
        let order = service.and_then(|service| self.choose(&service, at));
        self.orders.extend(order);
    }

    /// "None of these": what was typed is told as looked for in vain, unless it led to an answer before, and the services stand
    /// there: a number is the next thing.
    pub fn none(&mut self, at: &Moment) {
        if let Flow::Answers(_) = self.flow {
            self.give_up();
            self.flow = Flow::Start;
        }
        self.touched(at);
    }

    /// What is to be asked of the hub, since this was asked last.
    pub fn orders(&mut self) -> Vec<Order> {
        std::mem::take(&mut self.orders)
    }

    /// "Next person": the services at once, as everybody finds them.
    pub fn next(&mut self, at: &Moment) {
        if !matches!(self.flow, Flow::Busy { .. }) {
            self.leave();
            self.open = true;
            self.stays(at);
        }
    }

    /// Somebody touched the board, or is still reading.
    pub fn touched(&mut self, at: &Moment) {
        self.open = true;
        self.stays(at);
    }

    /// "Easier to use", or the way back from it.
    pub fn ease(&mut self, at: &Moment) {
        self.person.easier = !self.person.easier;
        self.touched(at);
    }

    /// The languages, please.
    pub fn choose_language(&mut self, at: &Moment) {
        self.choosing = !matches!(self.flow, Flow::Busy { .. });
        self.touched(at);
    }

    /// A language was chosen.
    pub fn speak(&mut self, code: &str, at: &Moment) {
        if let Some(words) = self.known.languages().into_iter().find(|words| words.code() == code) {
            self.person.language = (words != self.known.house()).then_some(words);
            self.choosing = false;
            if let Flow::Answers(_) = self.flow {
                let (asking, order) = Asking::begin(words, self.asked);
                self.orders.push(order);
                self.flow = Flow::Answers(Box::new(asking));
            }
        }
        self.touched(at);
    }

    /// "Print again": once for each ticket, and only while its page stands there.
    pub fn reprint(&mut self, at: &Moment) -> Option<Order> {
        let on_paper = self.on_paper();
        let Flow::Ticket { issued, again } = &mut self.flow else { return None };
        if *again || !on_paper {
            return None;
        }
        *again = true;
        let key = issued.key()?.to_owned();
        self.stays(at);
        Some(Order::Reprint { key })
    }

    /// The language of who stands there.
    fn words(&self) -> Words {
        self.person.language.unwrap_or_else(|| self.known.house())
    }

    /// Lets time pass.
    pub fn tick(&mut self, at: &Moment) {
        self.board.tick(at);
        if let Flow::Busy { until, .. } = self.flow
            && until <= at.mono_ms
        {
            let words = self.words();
            self.flow = refused(words.no_answer(), words.no_answer_more().into());
            self.stays(at);
        }
        if self.stay.is_some_and(|stay| stay.until <= at.mono_ms) {
            self.leave();
        }
    }

    /// What stands on the screen.
    #[must_use]
    pub fn shown(&self, at: &Moment) -> KioskShown {
        let none = View::default();
        let view = self.known.view.as_deref().unwrap_or(&none);
        let words = self.words();
        let mut dress = Dress::of(&self.known, words);
        if self.person.easier {
            dress.look = ScreenLook::Contrast;
        }
        let mut shown = KioskShown {
            dress,
            inches: self.inches.unwrap_or(self.known.facts.screens.kiosk_inches),
            store: view.store.clone(),
            opening: opening(words, view),
            page: KioskPage::Start,
            services: view.services.iter().map(|row| service_row(words, view, row)).collect(),
            languages: self.known.languages().into_iter().map(captions::row).collect(),
            easier: self.person.easier,
            notice: {
                let closing = self.known.closes_within(view, at, CLOSING_SOON_MIN);
                let own = closing.map(|clock| words.closes_at(words.time_of(clock))).unwrap_or_default();
                self.known.notice(words, view, own, at).0
            },
            ticket: None,
            countdown: String::new(),
            left: 0,
            headline: String::new(),
            message: String::new(),
            board: None,
            answering: self.known.facts.answers,
            answers: None,
        };
        (shown.page, shown.headline, shown.message) = match &self.flow {
            _ if self.choosing => (KioskPage::Languages, String::new(), String::new()),
            Flow::Start if self.is_one_screen() && !self.open => {
                shown.board = Some(self.board.shown(at));
                (KioskPage::Board, String::new(), String::new())
            }
            Flow::Start => self.resting(view, at),
            Flow::Busy { .. } => (KioskPage::Busy, words.starting().into(), words.busy_more().into()),
            Flow::Refused { headline, message } => (KioskPage::Refused, headline.clone(), message.clone()),
            Flow::Answers(asking) => {
                shown.answers = Some(asking.shown(view, words));
                (KioskPage::Answers, String::new(), String::new())
            }
            Flow::Ticket { issued, again } => {
                shown.ticket = Some(ticket(words, view, issued, self.on_paper(), *again));
                (KioskPage::Ticket, String::new(), String::new())
            }
        };
        self.count_down(&mut shown, at);
        shown
    }

    /// Says how long the page stays: all the time where it is a ticket, near the end elsewhere.
    fn count_down(&self, shown: &mut KioskShown, at: &Moment) {
        let Some(Stay { since, until }) = self.stay.filter(|_| shown.page != KioskPage::Board) else { return };
        let left = until.saturating_sub(at.mono_ms);
        let always = matches!(self.flow, Flow::Ticket { .. } | Flow::Refused { .. });
        if !always && left > WARNING_MS {
            return;
        }
        let (words, seconds) = (self.words(), left.div_ceil(1000));
        shown.countdown = if always { words.back_in(seconds) } else { words.still_there(seconds) };
        let whole = if always { until - since } else { WARNING_MS };
        shown.left = u8::try_from(seconds * 100_000 / whole.max(1)).unwrap_or(100);
    }

    /// The page while nobody is in the middle of something.
    fn resting(&self, view: &View, at: &Moment) -> (KioskPage, String, String) {
        let words = self.words();
        if self.known.lost_since(words, at).is_some() {
            return (KioskPage::Lost, words.kiosk_lost().into(), words.kiosk_lost_more().into());
        }
        if self.known.view.is_none() {
            return (KioskPage::Starting, words.starting().into(), words.starting_more().into());
        }
        if let Some((headline, message)) = self.known.not_open(words, view, at) {
            let page = if view.open.open { KioskPage::Closing } else { KioskPage::Closed };
            return (page, headline, message);
        }
        if view.services.is_empty() {
            return (KioskPage::Closed, words.nothing().into(), words.nothing_more().into());
        }
        let stopped = |row: &crate::queue::ServiceRow| view.waits.get(&row.id).and_then(|wait| wait.stopped.as_deref());
        if let Some(reasons) = view.services.iter().map(stopped).collect::<Option<Vec<_>>>() {
            // one reason is worth telling if all have it
            let reason = reasons.first().copied().filter(|first| reasons.iter().all(|reason| reason == first));
            let reason = words.why_stopped(reason.unwrap_or_default());
            let message = format!("{}. {}", reason.trim_end_matches('.'), words.all_stopped_more());
            return (KioskPage::Full, words.all_stopped().into(), message);
        }
        (KioskPage::Start, String::new(), String::new())
    }
}

fn refused(headline: &str, message: String) -> Flow {
    Flow::Refused { headline: headline.to_owned(), message }
}

fn service_row(words: Words, view: &View, row: &crate::queue::ServiceRow) -> ServiceRow {
    let wait = view.waits.get(&row.id);
    let stopped = wait.and_then(|wait| wait.stopped.as_deref());
    ServiceRow {
        id: row.id.as_str().into(),
        letter: row.id.as_str().into(),
        name: row.name.as_str().into(),
        hint: words.to_have_ready(&row.have_ready).into(),
        wait: wait_text(words, view, &row.id).into(),
        waiting: words.how_many_wait(wait.map_or(0, |wait| wait.waiting)).into(),
        accent: accent(&row.accent),
        enabled: stopped.is_none(),
        reason: stopped.map(|reason| words.why_stopped(reason)).unwrap_or_default().into(),
    }
}

fn ticket(words: Words, view: &View, issued: &Issued, on_paper: bool, again: bool) -> TicketShown {
    let service = issued.service.as_str().into();
    let promise = issued.promise.map(|told| words.promise(Wait::of([told.from_min, told.to_min]), told.learning));
    TicketShown {
        number: issued.number.clone(),
        service: view.service(&service).map_or_else(String::new, |row| row.name.clone()),
        accent: accent_of(view, &service),
        promise: promise.unwrap_or_else(|| words.no_promise().into()),
        ahead: format!("{}.", words.before_you(issued.ahead)),
        url: issued.url.clone(),
        paper: match (on_paper, again) {
            (false, _) => words.scan(),
            (true, false) => words.take_paper(),
            (true, true) => words.printing_again(),
        },
        on_paper,
        reprint: on_paper && !again && issued.key().is_some(),
    }
}
