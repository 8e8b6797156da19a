//! Puts what a model says into a window, and what is touched into the model.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::Context;
use nowserving_ui::slint::{ComponentHandle, Image, Model, ModelRc, SharedString, Timer, TimerMode, VecModel, Weak};
use nowserving_ui::{
    BoardAnswer, BoardView, BoardWindow, DeskSignView, DeskSignWindow, KioskTicket, KioskView, KioskWindow, model, qr_image,
};
use qrcode::{Color, EcLevel, QrCode};

use super::board::{Board, BoardShown};
use super::desk_sign::{DeskSign, DeskSignShown};
use super::kiosk::{Kiosk, KioskShown};
use super::link::{HubAddress, Link, News};
use crate::clock::Clock;
use crate::phrase;
use crate::queue::{BootId, Moment};

/// How often a screen looks at the clock.
const TICK: Duration = Duration::from_millis(500);

/// A model with its window.
pub trait Screen: Send + Sized + 'static {
    /// The window.
    type Window: ComponentHandle + 'static;
    /// What stands in it.
    type Shown: PartialEq + Send;

    /// Makes the window.
    ///
    /// # Errors
    /// The display refuses it.
    fn open() -> Result<Self::Window, nowserving_ui::slint::PlatformError>;
    /// Takes in what the link heard.
    fn hear(&mut self, news: News, at: &Moment);
    /// Lets time pass.
    fn tick(&mut self, _at: &Moment) {}
    /// What stands there at a moment.
    fn shown(&self, at: &Moment) -> Self::Shown;
    /// Puts it into the window.
    fn put(window: &Self::Window, shown: &Self::Shown);
    /// Connects what can be touched.
    fn wire(_window: &Self::Window, _shared: &Shared<Self>, _link: &Link) {}
}

/// A model that the link's thread and the window's share.
pub struct Shared<S: Screen>(Arc<Inner<S>>);

struct Inner<S: Screen> {
    state: Mutex<(S, Option<S::Shown>)>,
    clock: Clock,
    /// The window's thread has been asked to draw and has not yet.
    asked: AtomicBool,
}

impl<S: Screen> Clone for Shared<S> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<S: Screen> Shared<S> {
    fn new(screen: S, clock: Clock) -> Self {
        Self(Arc::new(Inner { state: Mutex::new((screen, None)), clock, asked: AtomicBool::new(false) }))
    }

    fn lock(&self) -> MutexGuard<'_, (S, Option<S::Shown>)> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> Moment {
        self.0.clock.now(BootId(0))
    }

    /// Changes the model and draws it.
    fn change<T>(&self, window: &S::Window, what: impl FnOnce(&mut S, &Moment) -> T) -> T {
        let done = what(&mut self.lock().0, &self.now());
        self.refresh(window);
        done
    }

    /// Draws what changed. Where nothing did, nothing is touched, and an idle screen costs nothing.
    fn refresh(&self, window: &S::Window) {
        self.0.asked.store(false, Ordering::Release);
        let now = self.now();
        let mut state = self.lock();
        state.0.tick(&now);
        let shown = state.0.shown(&now);
        if state.1.as_ref() != Some(&shown) {
            S::put(window, &shown);
            state.1 = Some(shown);
        }
    }

    /// Hears on the link's thread; asks the window's thread once for however much was heard.
    fn hear(&self, news: News, window: &Weak<S::Window>) {
        let now = self.now();
        self.lock().0.hear(news, &now);
        if self.0.asked.swap(true, Ordering::AcqRel) {
            return;
        }
        let shared = self.clone();
        // without an event loop (tests) whoever shows the window refreshes it
        let _ = window.upgrade_in_event_loop(move |window| shared.refresh(&window));
    }
}

/// A screen that follows a hub, until it is dropped.
pub struct Showing<S: Screen> {
    /// The window, for whoever runs or draws it.
    pub window: S::Window,
    shared: Shared<S>,
    /// The hub is followed as long as this is held, even by a screen that orders nothing.
    _link: Link,
    _timer: Timer,
}

impl<S: Screen> Showing<S> {
    /// Opens the window on this thread's display and follows the hub.
    ///
    /// # Errors
    /// The display refuses a window, or the connection's thread cannot be started.
    pub fn start(screen: S, hub: HubAddress, clock: Clock) -> anyhow::Result<Self> {
        let window = S::open().context("The window cannot be opened on this display")?;
        let shared = Shared::new(screen, clock.clone());
        let (heard, weak) = (shared.clone(), window.as_weak());
        let link = Link::start(hub, clock, move |news| heard.hear(news, &weak)).context("No thread for the connection")?;
        S::wire(&window, &shared, &link);
        let timer = Timer::default();
        let (ticking, weak) = (shared.clone(), window.as_weak());
        timer.start(TimerMode::Repeated, TICK, move || {
            if let Some(window) = weak.upgrade() {
                ticking.refresh(&window);
            }
        });
        shared.refresh(&window);
        Ok(Self { window, shared, _link: link, _timer: timer })
    }

    /// Brings the window up to date now, without waiting for the event loop.
    pub fn refresh(&self) {
        self.shared.refresh(&self.window);
    }
}

/// Puts a model's state at a moment into a window once.
pub fn draw<S: Screen>(screen: &S, window: &S::Window, at: &Moment) {
    S::put(window, &screen.shown(at));
}

/// Brings a list up to date row by row: a row that stays is not made anew under the finger that is on it.
fn renewed<T: Clone + PartialEq + 'static>(current: &ModelRc<T>, rows: &[T]) -> Option<ModelRc<T>> {
    let known = current.as_any().downcast_ref::<VecModel<T>>().filter(|known| known.row_count() == rows.len());
    let Some(known) = known else { return Some(model(rows.to_vec())) };
    for (at, row) in rows.iter().enumerate() {
        if known.row_data(at).as_ref() != Some(row) {
            known.set_row_data(at, row.clone());
        }
    }
    None
}

/// A QR code, or an empty image for a text that is too long for one.
fn qr(text: &str) -> Image {
    let Ok(code) = QrCode::with_error_correction_level(text, EcLevel::M) else { return Image::default() };
    let width = code.width();
    let modules: Vec<bool> = code.into_colors().into_iter().map(|colour| colour == Color::Dark).collect();
    qr_image(&modules, width)
}

impl Screen for Kiosk {
    type Window = KioskWindow;
    type Shown = KioskShown;

    fn open() -> Result<KioskWindow, nowserving_ui::slint::PlatformError> {
        KioskWindow::new()
    }

    fn hear(&mut self, news: News, at: &Moment) {
        Self::hear(self, news, at);
    }

    fn tick(&mut self, at: &Moment) {
        Self::tick(self, at);
    }

    fn shown(&self, at: &Moment) -> KioskShown {
        Self::shown(self, at)
    }

    fn put(window: &KioskWindow, shown: &KioskShown) {
        let view = window.global::<KioskView<'_>>();
        view.set_store_name(text(&shown.store));
        view.set_opening(text(&shown.opening));
        if let Some(services) = renewed(&view.get_services(), &shown.services) {
            view.set_services(services);
        }
        if let Some(ticket) = &shown.ticket {
            // the code is drawn once, not with every second of the countdown
            let known = view.get_ticket();
            let same = known.number == ticket.number && view.get_page() == shown.page;
            view.set_ticket(KioskTicket {
                number: text(&ticket.number),
                service: text(&ticket.service),
                accent: ticket.accent,
                promise: text(&ticket.promise),
                ahead: text(&ticket.ahead),
                r#where: phrase::WHERE.into(),
                paper: ticket.paper.into(),
                qr: if same { known.qr } else { qr(&ticket.url) },
            });
        }
        view.set_seconds_left(shown.seconds_left);
        view.set_headline(text(&shown.headline));
        view.set_message(text(&shown.message));
        view.set_page(shown.page);
    }

    fn wire(window: &KioskWindow, shared: &Shared<Self>, link: &Link) {
        let view = window.global::<KioskView<'_>>();
        let (choosing, weak, link) = (shared.clone(), window.as_weak(), link.clone());
        view.on_choose(move |service| {
            let Some(window) = weak.upgrade() else { return };
            if let Some(order) = choosing.change(&window, |kiosk, now| kiosk.choose(&service, now)) {
                link.order(order);
            }
        });
        let (ending, weak) = (shared.clone(), window.as_weak());
        view.on_done(move || {
            if let Some(window) = weak.upgrade() {
                ending.change(&window, |kiosk, _| kiosk.done());
            }
        });
        let (touching, weak) = (shared.clone(), window.as_weak());
        view.on_touched(move || {
            if let Some(window) = weak.upgrade() {
                touching.change(&window, |kiosk, now| kiosk.touched(now));
            }
        });
    }
}

impl Screen for Board {
    type Window = BoardWindow;
    type Shown = BoardShown;

    fn open() -> Result<BoardWindow, nowserving_ui::slint::PlatformError> {
        BoardWindow::new()
    }

    fn hear(&mut self, news: News, at: &Moment) {
        Self::hear(self, &news, at);
    }

    fn shown(&self, at: &Moment) -> BoardShown {
        Self::shown(self, at)
    }

    fn put(window: &BoardWindow, shown: &BoardShown) {
        let view = window.global::<BoardView<'_>>();
        view.set_store_name(text(&shown.store));
        view.set_clock(text(&shown.clock));
        view.set_footer(text(&shown.footer));
        view.set_heading(shown.heading.into());
        view.set_newest(shown.newest.clone());
        if let Some(calls) = renewed(&view.get_calls(), &shown.calls) {
            view.set_calls(calls);
        }
        if let Some(desks) = renewed(&view.get_desks(), &shown.desks) {
            view.set_desks(desks);
        }
        if let Some(waits) = renewed(&view.get_waits(), &shown.waits) {
            view.set_waits(waits);
        }
        view.set_answer(BoardAnswer::default());
        let drawn = view.get_qr().size().width > 0 && view.get_address() == shown.address.as_str();
        if !drawn || shown.url.is_none() {
            view.set_qr(shown.url.as_deref().map(qr).unwrap_or_default());
        }
        view.set_qr_caption(phrase::WAIT_ON_PHONE.into());
        view.set_address(text(&shown.address));
        view.set_code(text(&shown.code));
        view.set_notice(text(&shown.notice));
        view.set_lost(text(&shown.lost));
        view.set_closed_headline(text(&shown.closed_headline));
        view.set_closed_message(text(&shown.closed_message));
    }
}

impl Screen for DeskSign {
    type Window = DeskSignWindow;
    type Shown = DeskSignShown;

    fn open() -> Result<DeskSignWindow, nowserving_ui::slint::PlatformError> {
        DeskSignWindow::new()
    }

    fn hear(&mut self, news: News, at: &Moment) {
        Self::hear(self, &news, at);
    }

    fn shown(&self, at: &Moment) -> DeskSignShown {
        Self::shown(self, at)
    }

    fn put(window: &DeskSignWindow, shown: &DeskSignShown) {
        let view = window.global::<DeskSignView<'_>>();
        view.set_desk(text(&shown.desk));
        view.set_number(text(&shown.number));
        view.set_accent(shown.accent);
        view.set_text(text(&shown.text));
        view.set_lost(text(&shown.lost));
    }
}

fn text(words: &str) -> SharedString {
    words.into()
}
