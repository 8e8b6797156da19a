//! Puts what a model says into a window, and what is touched into the model.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use anyhow::Context;
use nowserving_ui::slint::{ComponentHandle, Image, Model, ModelRc, SharedString, Timer, TimerMode, VecModel, Weak};
use nowserving_ui::{
    BoardView, BoardWindow, Brand, DeskSignView, DeskSignWindow, Hall, KeyRow, KioskTicket, KioskView, KioskWindow, Theme,
    face, model, qr_image,
};
use qrcode::{Color, EcLevel, QrCode};

use super::board::{Board, BoardShown};
use super::captions;
use super::desk_sign::{DeskSign, DeskSignShown};
use super::dress::{millimetre, pixels};
use super::hub_address::HubAddress;
use super::kiosk::{Kiosk, KioskShown};
use super::kiosk_answers::AnswersShown;
use super::link::Link;
use super::news::{News, Order};
use super::wall::Picture;
use crate::clock::Clock;
use crate::phrase::Words;
use crate::queue::{BootId, Moment};

/// How often a screen looks at the clock.
const TICK: Duration = Duration::from_millis(500);

/// A model with its window.
pub trait Screen: Send + Sized + 'static {
    /// The window.
    type Window: ComponentHandle + 'static;
    /// What stands in it.
    type Shown: PartialEq + Send;

    /// The name of the wall it hangs what is to be read on; `None`: it shows none.
    fn wall(&self) -> Option<String> {
        None
    }

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
    /// Puts it into the window, where `before` stands.
    fn put(window: &Self::Window, shown: &Self::Shown, before: Option<&Self::Shown>);
    /// Makes it as large as the window asks for: windows change their size, and a display's is known late.
    fn fit(_window: &Self::Window, _shown: &Self::Shown) {}
    /// What is to be asked of the hub, since this was asked last.
    fn orders(&mut self) -> Vec<Order> {
        Vec::new()
    }
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
    /// Where the model's own orders go.
    link: OnceLock<Link>,
}

impl<S: Screen> Clone for Shared<S> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<S: Screen> Shared<S> {
    fn new(screen: S, clock: Clock) -> Self {
        Self(Arc::new(Inner {
            state: Mutex::new((screen, None)),
            clock,
            asked: AtomicBool::new(false),
            link: OnceLock::new(),
        }))
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
        if let Some(link) = self.0.link.get() {
            state.0.orders().into_iter().for_each(|order| link.order(order));
        }
        let shown = state.0.shown(&now);
        S::fit(window, &shown);
        if state.1.as_ref() != Some(&shown) {
            S::put(window, &shown, state.1.as_ref());
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
        let wall = screen.wall();
        let shared = Shared::new(screen, clock.clone());
        let (heard, weak) = (shared.clone(), window.as_weak());
        let link =
            Link::start(hub, clock, wall, move |news| heard.hear(news, &weak)).context("No thread for the connection")?;
        S::wire(&window, &shared, &link);
        // the first and only time
        let _ = shared.0.link.set(link.clone());
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
    let shown = screen.shown(at);
    S::fit(window, &shown);
    S::put(window, &shown, None);
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

    fn orders(&mut self) -> Vec<Order> {
        Self::orders(self)
    }

    fn put(window: &KioskWindow, shown: &KioskShown, before: Option<&KioskShown>) {
        shown.dress.put(before.map(|before| &before.dress), &window.global::<Theme<'_>>(), &window.global::<Brand<'_>>());
        let view = window.global::<KioskView<'_>>();
        let words = shown.dress.words.unwrap_or_else(Words::english);
        if before.is_none_or(|before| before.dress.words != shown.dress.words) {
            view.set_words(captions::kiosk(words));
            view.set_rtl(words.rtl());
            view.set_language(words.own_name().into());
        }
        view.set_store_name(text(&shown.store));
        view.set_opening(text(&shown.opening));
        view.set_notice(text(&shown.notice));
        view.set_easier(shown.easier);
        if let Some(services) = renewed(&view.get_services(), &shown.services) {
            view.set_services(services);
        }
        if let Some(languages) = renewed(&view.get_languages(), &shown.languages) {
            view.set_languages(languages);
        }
        if let Some(ticket) = &shown.ticket {
            // the code is drawn once, not with every second of the countdown
            let known = view.get_ticket();
            let same = before.and_then(|before| before.ticket.as_ref()).is_some_and(|before| before.url == ticket.url);
            view.set_ticket(KioskTicket {
                number: text(&ticket.number),
                service: text(&ticket.service),
                accent: ticket.accent,
                promise: text(&ticket.promise),
                ahead: text(&ticket.ahead),
                r#where: words.where_to_wait().into(),
                paper: ticket.paper.into(),
                on_paper: ticket.on_paper,
                reprint: ticket.reprint,
                qr: if same { known.qr } else { qr(&ticket.url) },
            });
        }
        view.set_countdown(text(&shown.countdown));
        view.set_left(f32::from(shown.left) / 100.0);
        view.set_headline(text(&shown.headline));
        view.set_message(text(&shown.message));
        if let Some(board) = &shown.board {
            put_board(&window.global::<BoardView<'_>>(), board, before.and_then(|before| before.board.as_ref()));
        }
        view.set_answering(shown.answering);
        if let Some(answers) = &shown.answers {
            put_answers(&view, answers);
        }
        view.set_page(shown.page);
    }

    fn fit(window: &KioskWindow, shown: &KioskShown) {
        window.global::<Brand<'_>>().set_millimetre(millimetre(window, shown.inches));
        if let Some(board) = &shown.board {
            enlarge(window, &window.global::<BoardView<'_>>(), board);
        }
    }

    fn wire(window: &KioskWindow, shared: &Shared<Self>, link: &Link) {
        let view = window.global::<KioskView<'_>>();
        let (choosing, weak, orders) = (shared.clone(), window.as_weak(), link.clone());
        view.on_choose(move |service| {
            let Some(window) = weak.upgrade() else { return };
            if let Some(order) = choosing.change(&window, |kiosk, now| kiosk.choose(&service, now)) {
                orders.order(order);
            }
        });
        let (printing, weak, orders) = (shared.clone(), window.as_weak(), link.clone());
        view.on_reprint(move || {
            let Some(window) = weak.upgrade() else { return };
            if let Some(order) = printing.change(&window, Kiosk::reprint) {
                orders.order(order);
            }
        });
        view.on_done(touch(window, shared, Kiosk::done));
        view.on_next(touch(window, shared, Kiosk::next));
        view.on_touched(touch(window, shared, Kiosk::touched));
        view.on_open(touch(window, shared, Kiosk::touched));
        view.on_ease(touch(window, shared, Kiosk::ease));
        wire_answers(&view, window, shared);
        view.on_choose_language(touch(window, shared, Kiosk::choose_language));
        let (speaking, weak) = (shared.clone(), window.as_weak());
        view.on_speak(move |code| {
            if let Some(window) = weak.upgrade() {
                speaking.change(&window, |kiosk, now| kiosk.speak(&code, now));
            }
        });
    }
}

fn put_answers(view: &KioskView<'_>, answers: &AnswersShown) {
    view.set_query(text(&answers.query));
    if let Some(rows) = renewed(&view.get_answers(), &answers.rows) {
        view.set_answers(rows);
    }
    view.set_answer(answers.reading.clone());
    let letters = |row: &&str| KeyRow { keys: model(row.chars().map(|letter| letter.to_string().into()).collect()) };
    if view.get_keys().row_count() != answers.keys.len() || !same_keys(view, &answers.keys) {
        view.set_keys(model(answers.keys.iter().map(letters).collect()));
    }
}

/// Whether these keys are there already: a keyboard made anew would lose the finger that is on it.
fn same_keys(view: &KioskView<'_>, keys: &[&str]) -> bool {
    let there = view.get_keys();
    there
        .iter()
        .map(|row| row.keys.iter().map(String::from).collect::<String>())
        .eq(keys.iter().map(|row| (*row).to_owned()))
}

/// Connects the keyboard and the answers.
fn wire_answers(view: &KioskView<'_>, window: &KioskWindow, shared: &Shared<Kiosk>) {
    let with = |what: fn(&mut Kiosk, &str, &Moment)| {
        let (shared, weak) = (shared.clone(), window.as_weak());
        move |text: SharedString| {
            if let Some(window) = weak.upgrade() {
                shared.change(&window, |kiosk, now| what(kiosk, &text, now));
            }
        }
    };
    view.on_look(touch(window, shared, Kiosk::look));
    view.on_erased(touch(window, shared, |kiosk, now| kiosk.typed(None, now)));
    view.on_typed(with(|kiosk, letter, now| kiosk.typed(Some(letter), now)));
    view.on_read(with(|kiosk, id, now| kiosk.read(id, now)));
    view.on_helped(touch(window, shared, |kiosk, now| kiosk.helped(true, now)));
    view.on_not_helped(touch(window, shared, |kiosk, now| kiosk.helped(false, now)));
    view.on_none(touch(window, shared, Kiosk::none));
}

/// What a touch does to the kiosk, as a callback.
fn touch(window: &KioskWindow, shared: &Shared<Kiosk>, what: fn(&mut Kiosk, &Moment)) -> impl Fn() + 'static {
    let (shared, weak) = (shared.clone(), window.as_weak());
    move || {
        if let Some(window) = weak.upgrade() {
            shared.change(&window, what);
        }
    }
}

impl Screen for Board {
    type Window = BoardWindow;
    type Shown = BoardShown;

    fn wall(&self) -> Option<String> {
        Some(self.name.clone().unwrap_or_else(|| "board".into()))
    }

    fn open() -> Result<BoardWindow, nowserving_ui::slint::PlatformError> {
        BoardWindow::new()
    }

    fn hear(&mut self, news: News, at: &Moment) {
        Self::hear(self, &news, at);
    }

    fn shown(&self, at: &Moment) -> BoardShown {
        Self::shown(self, at)
    }

    fn tick(&mut self, at: &Moment) {
        Self::tick(self, at);
    }

    fn put(window: &BoardWindow, shown: &BoardShown, before: Option<&BoardShown>) {
        shown.dress.put(before.map(|before| &before.dress), &window.global::<Theme<'_>>(), &window.global::<Brand<'_>>());
        put_board(&window.global::<BoardView<'_>>(), shown, before);
    }

    fn fit(window: &BoardWindow, shown: &BoardShown) {
        enlarge(window, &window.global::<BoardView<'_>>(), shown);
    }
}

/// Makes a board as large as its hall asks for, and says what the far end cannot read all the same.
fn enlarge(window: &impl ComponentHandle, view: &BoardView<'_>, shown: &BoardShown) {
    let (diagonal_inch, distance_m) = shown.measures;
    let Some(pixels) = pixels(window) else { return };
    let letters = Hall { pixels, diagonal_inch, distance_m }.letters();
    let enlarge = letters.enlarge as f32;
    if (view.get_enlarge() - enlarge).abs() > f32::EPSILON {
        view.set_enlarge(enlarge);
        for short in letters.short {
            tracing::warn!("{short}");
        }
    }
}

fn put_board(view: &BoardView<'_>, shown: &BoardShown, before: Option<&BoardShown>) {
    let words = shown.dress.words.unwrap_or_else(Words::english);
    if before.is_none_or(|before| before.dress.words != shown.dress.words) {
        view.set_words(captions::board(words));
        view.set_rtl(words.rtl());
        view.set_wifi_caption(words.wifi().into());
        view.set_qr_caption(words.wait_on_phone().into());
    }
    view.set_store_name(text(&shown.store));
    view.set_clock(text(&shown.clock));
    view.set_footer(text(&shown.footer));
    view.set_heading(shown.heading.into());
    view.set_nobody(shown.nobody.into());
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
    view.set_answer(shown.answer.clone());
    view.set_answer_progress(shown.answer_progress);
    view.set_answer_rtl(shown.answer_rtl);
    view.set_answer_family(face(&shown.answer_language).into());
    view.set_answer_whole(shown.whole);
    if before.is_none_or(|before| before.picture != shown.picture) {
        let picture = shown.picture.as_deref();
        view.set_answer_picture(picture.map(Picture::image).unwrap_or_default());
        view.set_answer_alt(text(picture.map_or("", |picture| &picture.alt)));
    }
    // a code is drawn when it changes, not with every second of the reading line
    if before.is_none_or(|before| before.url != shown.url) {
        view.set_qr(shown.url.as_deref().map(qr).unwrap_or_default());
    }
    if before.is_none_or(|before| before.wifi != shown.wifi) {
        view.set_wifi(shown.wifi.as_deref().map(qr).unwrap_or_default());
    }
    view.set_wifi_name(text(&shown.wifi_name));
    view.set_address(text(&shown.address));
    view.set_code(text(&shown.code));
    view.set_notice(text(&shown.notice));
    view.set_notice_level(i32::from(shown.notice_level));
    view.set_lost(text(&shown.lost));
    view.set_closed_headline(text(&shown.closed_headline));
    view.set_closed_message(text(&shown.closed_message));
    view.set_night(shown.night);
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

    fn put(window: &DeskSignWindow, shown: &DeskSignShown, before: Option<&DeskSignShown>) {
        shown.dress.put(before.map(|before| &before.dress), &window.global::<Theme<'_>>(), &window.global::<Brand<'_>>());
        let view = window.global::<DeskSignView<'_>>();
        view.set_desk(text(&shown.desk));
        view.set_number(text(&shown.number));
        view.set_accent(shown.accent);
        view.set_text(text(&shown.text));
        view.set_arrow(shown.arrow);
        view.set_fresh(shown.fresh);
        view.set_rtl(shown.dress.words.is_some_and(Words::rtl));
        view.set_lost(text(&shown.lost));
        view.set_notice(text(&shown.notice.0));
        view.set_notice_level(i32::from(shown.notice.1));
    }
}

fn text(words: &str) -> SharedString {
    words.into()
}
