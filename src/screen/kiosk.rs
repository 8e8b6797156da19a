//! The kiosk: choose a service, get a number. One flow at a time.

use nowserving_ui::{KioskPage, ServiceRow, accent};

use super::known::{Known, accent_of, opening, wait_text};
use super::link::{Issued, News, NoNumber, Order};
use crate::phrase;
use crate::queue::{Moment, View};

/// How long a ticket stands there after the last touch.
const TICKET_MS: u64 = 20_000;
/// How long a refusal stands there: it is to be read, and then in nobody's way.
const REFUSAL_MS: u64 = 20_000;
/// After so long an answer does not come any more. The link gives up earlier and says so.
const BUSY_MS: u64 = 15_000;

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
        until: u64,
    },
    Refused {
        headline: String,
        message: String,
        until: u64,
    },
}

/// What the kiosk knows and where its customer is.
#[derive(Clone, Debug, Default)]
pub struct Kiosk {
    /// What it heard.
    pub known: Known,
    flow: Flow,
    touches: u64,
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
}

/// What stands on the kiosk.
#[derive(Clone, Debug, PartialEq)]
pub struct KioskShown {
    /// The branch's name.
    pub store: String,
    /// Until when it is open.
    pub opening: String,
    /// Which page.
    pub page: KioskPage,
    /// The services to choose from.
    pub services: Vec<ServiceRow>,
    /// The ticket, on its page.
    pub ticket: Option<TicketShown>,
    /// Seconds until the page goes back to start; below zero: it does not.
    pub seconds_left: i32,
    /// What is the matter, on every other page.
    pub headline: String,
    /// What to do about it.
    pub message: String,
}

impl Kiosk {
    /// Takes in what was heard.
    pub fn hear(&mut self, news: News, at: &Moment) {
        self.known.hear(&news, at);
        let News::Answer { touch: answered, result } = news else { return };
        if !matches!(self.flow, Flow::Busy { touch, .. } if touch == answered) {
            return;
        }
        self.flow = match result {
            Ok(issued) => Flow::Ticket { issued, until: at.mono_ms + TICKET_MS },
            Err(NoNumber::Refused(message)) => refused(phrase::NO_NUMBER, message, at),
            Err(NoNumber::NoAnswer) => refused(phrase::NO_ANSWER, phrase::NO_ANSWER_MORE.into(), at),
        };
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
        Some(Order::Issue { touch: self.touches, service: service.to_owned() })
    }

    /// "Done" was touched.
    pub fn done(&mut self) {
        if !matches!(self.flow, Flow::Busy { .. }) {
            self.flow = Flow::Start;
        }
    }

    /// Somebody is still reading.
    pub fn touched(&mut self, at: &Moment) {
        if let Flow::Ticket { until, .. } = &mut self.flow {
            *until = at.mono_ms + TICKET_MS;
        }
    }

    /// Lets time pass.
    pub fn tick(&mut self, at: &Moment) {
        match &self.flow {
            Flow::Ticket { until, .. } | Flow::Refused { until, .. } if *until <= at.mono_ms => self.flow = Flow::Start,
            Flow::Busy { until, .. } if *until <= at.mono_ms => {
                self.flow = refused(phrase::NO_ANSWER, phrase::NO_ANSWER_MORE.into(), at);
            }
            _ => {}
        }
    }

    /// What stands on the screen.
    #[must_use]
    pub fn shown(&self, at: &Moment) -> KioskShown {
        let none = View::default();
        let view = self.known.view.as_deref().unwrap_or(&none);
        let mut shown = KioskShown {
            store: view.store.clone(),
            opening: opening(view),
            page: KioskPage::Start,
            services: view.services.iter().map(|row| service_row(view, row)).collect(),
            ticket: None,
            seconds_left: -1,
            headline: String::new(),
            message: String::new(),
        };
        let (page, headline, message) = match &self.flow {
            Flow::Start => self.resting(view, at),
            Flow::Busy { .. } => (KioskPage::Busy, phrase::STARTING.into(), phrase::BUSY_MORE.into()),
            Flow::Refused { headline, message, .. } => (KioskPage::Refused, headline.clone(), message.clone()),
            Flow::Ticket { issued, until } => {
                shown.ticket = Some(ticket(view, issued, self.known.facts.paper != Some(false)));
                shown.seconds_left = i32::try_from(until.saturating_sub(at.mono_ms).div_ceil(1000)).unwrap_or(-1);
                (KioskPage::Ticket, String::new(), String::new())
            }
        };
        KioskShown { page, headline, message, ..shown }
    }

    /// The page while nobody is in the middle of something.
    fn resting(&self, view: &View, at: &Moment) -> (KioskPage, String, String) {
        if self.known.lost_since(at).is_some() {
            return (KioskPage::Lost, phrase::KIOSK_LOST.into(), phrase::KIOSK_LOST_MORE.into());
        }
        if self.known.view.is_none() {
            return (KioskPage::Starting, phrase::STARTING.into(), phrase::STARTING_MORE.into());
        }
        if let Some((headline, message)) = self.known.not_open(view, at) {
            return (KioskPage::Closed, headline, message);
        }
        if view.services.is_empty() {
            return (KioskPage::Closed, phrase::NOTHING.into(), phrase::NOTHING_MORE.into());
        }
        (KioskPage::Start, String::new(), String::new())
    }
}

fn refused(headline: &str, message: String, at: &Moment) -> Flow {
    Flow::Refused { headline: headline.to_owned(), message, until: at.mono_ms + REFUSAL_MS }
}

fn service_row(view: &View, row: &crate::queue::ServiceRow) -> ServiceRow {
    let wait = view.waits.get(&row.id);
    let stopped = wait.and_then(|wait| wait.stopped.as_deref());
    ServiceRow {
        id: row.id.as_str().into(),
        letter: row.id.as_str().into(),
        name: row.name.as_str().into(),
        hint: phrase::have_ready(&row.have_ready).into(),
        wait: wait_text(view, &row.id).into(),
        waiting: phrase::waiting(wait.map_or(0, |wait| wait.waiting)).into(),
        accent: accent(&row.accent),
        enabled: stopped.is_none(),
        reason: stopped.map(phrase::stopped).unwrap_or_default().into(),
    }
}

fn ticket(view: &View, issued: &Issued, on_paper: bool) -> TicketShown {
    let service = issued.service.as_str().into();
    let promise =
        issued.promise.map(|promise| phrase::Wait::of([promise.from_min, promise.to_min]).promise(promise.learning));
    TicketShown {
        number: issued.number.clone(),
        service: view.service(&service).map_or_else(String::new, |row| row.name.clone()),
        accent: accent_of(view, &service),
        promise: promise.unwrap_or_else(|| phrase::NO_PROMISE.into()),
        ahead: format!("{}.", phrase::before_you(issued.ahead)),
        url: issued.url.clone(),
        paper: if on_paper { phrase::TAKE_PAPER } else { phrase::SCAN },
    }
}
