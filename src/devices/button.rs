//! Presses become commands.
//!
//! A press asks at once and counts when it is on disk; what else a finger says (holding on, pressing again) only adds to it. All
//! buttons share one [`Panel`], whichever thread their presses come from.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use nowserving_hardware::{ButtonSource, ButtonTrouble, LineError, Polled};
use tokio::sync::mpsc;

use crate::branch::{Ask, Branch, Done, Failure, Pressed, Saying, Trouble};
use crate::config::{ButtonAction, ButtonSettings};
use crate::queue::{ClassId, Command, DeskId, Moment, Origin, Refusal, ServiceId, TicketId, TicketKey};

/// How often the thread looks whether it should end.
const LOOK: Duration = Duration::from_millis(200);
/// A number that was given longer ago is not said again: whoever took it has gone on.
const FRESH_MS: u64 = 120_000;

/// One button, as far as the branch is concerned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Button {
    /// What staff call it.
    pub name: String,
    /// What a press does.
    pub action: ButtonAction,
    /// Within this after a press, another one is the same customer's.
    pub lockout: Duration,
}

impl From<&ButtonSettings> for Button {
    fn from(settings: &ButtonSettings) -> Self {
        Self { name: settings.name.clone(), action: settings.action.clone(), lockout: settings.lockout }
    }
}

impl Button {
    /// The button of a service that nothing but its letters at the terminal press.
    #[must_use]
    pub fn of_service(service: &ServiceId) -> Self {
        let action = ButtonAction::Issue { service: service.clone(), class: None };
        Self { name: service.to_string(), action, lockout: Duration::from_millis(1500) }
    }
}

/// What a button's last press came to.
#[derive(Clone, Copy, Debug)]
struct Last {
    at: Moment,
    /// Whether it did what was asked. One that was refused turns nobody away: the next press is tried at once.
    done: bool,
    /// The ticket it gave.
    ticket: Option<TicketId>,
    /// The last ticket that the button gave at all, and when.
    given: Option<(Moment, TicketId)>,
}

/// All buttons of the branch and what they last did.
#[derive(Debug)]
pub struct Panel {
    branch: Branch,
    buttons: BTreeMap<String, Button>,
    last: Mutex<BTreeMap<String, Last>>,
    /// Buttons whose press was refused, for their lamps.
    refused: mpsc::UnboundedSender<String>,
}

impl Panel {
    /// A panel of these buttons. The other end hears the name of each button whose press was refused.
    #[must_use]
    pub fn new(branch: Branch, buttons: impl IntoIterator<Item = Button>) -> (Arc<Self>, mpsc::UnboundedReceiver<String>) {
        let (refused, heard) = mpsc::unbounded_channel();
        let buttons = buttons.into_iter().map(|button| (button.name.clone(), button)).collect();
        (Arc::new(Self { branch, buttons, last: Mutex::default(), refused }), heard)
    }

    fn last(&self) -> MutexGuard<'_, BTreeMap<String, Last>> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A button was pressed: done, durably, when this returns.
    pub async fn press(&self, name: &str) {
        let Some(button) = self.buttons.get(name) else { return };
        let now = self.branch.now();
        if let Some(last) = self.locked(button, &now) {
            if let Some(ticket) = last.ticket {
                self.branch.around().pressed(Pressed { button: name.to_owned(), ticket, again: true });
            }
            return;
        }
        let (done, ticket) = match &button.action {
            ButtonAction::Issue { service, class } => {
                let ticket = self.issue(button, service, class.as_ref()).await;
                (ticket.is_some(), ticket)
            }
            ButtonAction::Call { desk } => (self.call(button, desk).await, None),
            ButtonAction::Again { service } => {
                self.say_again(service.as_ref(), &now);
                (true, None)
            }
        };
        let mut presses = self.last();
        let before = presses.get(name).and_then(|last| last.given);
        let given = ticket.map(|ticket| (now, ticket)).or(before);
        presses.insert(name.to_owned(), Last { at: now, done, ticket, given });
    }

    /// The last press, if this one is still the same customer's. A hand that goes on pressing stays one customer.
    fn locked(&self, button: &Button, now: &Moment) -> Option<Last> {
        let mut presses = self.last();
        let last = presses.get_mut(&button.name)?;
        let within = last.at.until(now).is_some_and(|ms| u128::from(ms) < button.lockout.as_millis());
        (last.done && within).then(|| {
            last.at = *now;
            *last
        })
    }

    /// A button is held on to after its press: says the number and the wait.
    pub fn held(&self, name: &str) {
        let ticket = self.last().get(name).and_then(|last| last.ticket);
        if let Some(ticket) = ticket {
            self.branch.around().say(Saying::Drawn { ticket });
        }
    }

    async fn issue(&self, button: &Button, service: &ServiceId, class: Option<&ClassId>) -> Option<TicketId> {
        let mut random = [0; 16];
        if let Err(error) = getrandom::fill(&mut random) {
            tracing::error!(%error, button = button.name, "no ticket: the system gives no randomness");
            return None;
        }
        let key = TicketKey::new(random);
        let (service, class) = (service.clone(), class.cloned());
        let command =
            Command::Issue { service, key, class, origin: Origin::Button, promise: None, language: None, large: false };
        let ticket = self.ask(button, command).await?.ticket?;
        let number = self.branch.live().queue.ticket(ticket).map(|ticket| ticket.number.to_string());
        tracing::info!(button = button.name, number, "a ticket by button");
        self.branch.around().pressed(Pressed { button: button.name.clone(), ticket, again: false });
        Some(ticket)
    }

    async fn call(&self, button: &Button, desk: &DeskId) -> bool {
        let called = self.ask(button, Command::CallNext { desk: desk.clone() }).await.is_some();
        if called {
            tracing::info!(button = button.name, %desk, "called the next by button");
        }
        called
    }

    fn say_again(&self, service: Option<&ServiceId>, now: &Moment) {
        let ours = |name: &String| match (&self.buttons.get(name)?.action, service) {
            (ButtonAction::Issue { .. }, None) => Some(()),
            (ButtonAction::Issue { service: of, .. }, Some(service)) => (of == service).then_some(()),
            _ => None,
        };
        let presses = self.last();
        let fresh = presses.iter().filter_map(|(name, last)| {
            ours(name)?;
            let (at, ticket) = last.given?;
            let ms = at.until(now).filter(|ms| *ms < FRESH_MS)?;
            Some((ms, ticket))
        });
        let last = fresh.min_by_key(|(ms, _)| *ms).map(|(_, ticket)| ticket);
        self.branch.around().say(Saying::NowServing { last });
    }

    /// Asks the branch; a refusal shows at the lamp, a fault or a wrong setting at the desks.
    async fn ask(&self, button: &Button, command: Command) -> Option<Done> {
        let ask = Ask { command, actor: format!("device:{}", device(&button.name)), request: None };
        let failure = match self.branch.ask(ask).await {
            Ok(done) => {
                self.report_failing(button, None).await;
                return Some(done);
            }
            Err(failure) => failure,
        };
        tracing::warn!(button = button.name, %failure, "a press did nothing");
        // a lamp that is not there sees nothing
        let _ = self.refused.send(button.name.clone());
        self.report_failing(button, failing(&failure)).await;
        None
    }

    /// Whether presses come to nothing; apart from what the button itself has.
    async fn report_failing(&self, button: &Button, trouble: Option<Trouble>) {
        self.branch.report(&format!("presses of {}", device(&button.name)), trouble).await;
    }
}

/// What a failure asks of staff; `None`: it is an everyday refusal, which whoever pressed is shown.
fn failing(failure: &Failure) -> Option<Trouble> {
    let what = format!("A press of a button did nothing: {failure}");
    let mend = match failure {
        Failure::Refused(Refusal::UnknownService(..) | Refusal::UnknownDesk(_) | Refusal::UnknownClass(_)) => {
            "Put it right in the settings file under [[button]], then start the program anew."
        }
        Failure::Fault(_) => "Give numbers by hand until it works again, and see the log.",
        Failure::Refused(_) | Failure::KeyReused | Failure::Stopping => return None,
    };
    Some(Trouble { what, mend: mend.into(), urgent: true })
}

/// A button's name as a device.
pub(super) fn device(name: &str) -> String {
    format!("button {name}")
}

/// What people can do where the button that does this does not.
pub(super) fn instead(action: &ButtonAction) -> &'static str {
    match action {
        ButtonAction::Issue { .. } => "Customers can use the kiosk.",
        ButtonAction::Again { .. } => "Customers can read the board.",
        ButtonAction::Call { .. } => "Call from the desk's page.",
    }
}

/// What staff read of a button's trouble.
fn trouble(name: &str, action: &ButtonAction, trouble: &ButtonTrouble) -> Trouble {
    let mend = match trouble {
        ButtonTrouble::Stuck => {
            let given = if matches!(action, ButtonAction::Issue { .. }) { " Its one number was given." } else { "" };
            format!("Look whether something leans on it or it has got stuck.{given}")
        }
        ButtonTrouble::HeldAtStart => {
            "Look whether something leans on it. If not, its wire or the settings `pull` and `active` are wrong.".into()
        }
        ButtonTrouble::TooMany => {
            "Look for somebody playing with it. If nobody is, its wire picks something up: see the wiring guide. \
             It works again after a minute of quiet; `most_per_minute` in the settings sets the limit."
                .into()
        }
        ButtonTrouble::Line(error) => mend_line(error),
    };
    let (what, mend) = match trouble {
        ButtonTrouble::Line(_) => (
            format!("The button {name} does not work. {}", instead(action)),
            format!("Tell whoever looks after this program: {trouble} {mend}"),
        ),
        _ => (format!("Button {name}: {trouble}"), mend),
    };
    Trouble { what, mend, urgent: true }
}

/// What to do about a line.
#[must_use]
pub fn mend_line(error: &LineError) -> String {
    match error {
        LineError::NotAPi => "Run it on a Raspberry Pi, or take `pin` and `lamp` out of the settings.".into(),
        LineError::NoPermission { .. } => {
            "Add the user that the program runs as to the group gpio, and see that the udev rule is installed.".into()
        }
        LineError::Missing { .. } => "Start the Pi anew. If it stays so, its kernel lacks the GPIO driver.".into(),
        LineError::Busy { .. } => "Stop the other program (gpioinfo names it), or wire and set another pin.".into(),
        LineError::OtherUse { .. } => "Wire and set another pin, or switch that function off in config.txt.".into(),
        LineError::NoSuchPin { .. } => "Set the number after \"GPIO\", from 0 to 27.".into(),
        LineError::Other { .. } => "Look at the wire. If it stays so, start the Pi anew.".into(),
    }
}

/// Does what the presses of a source ask for, until `stop` is set or the source ends. Runs on a thread of its own.
pub fn press_buttons(
    mut source: Box<dyn ButtonSource>,
    panel: &Panel,
    runtime: &tokio::runtime::Handle,
    stop: &Arc<AtomicBool>,
) {
    while !stop.load(Ordering::Relaxed) {
        match source.next_press(LOOK) {
            Ok(Polled::Press(press)) => runtime.block_on(panel.press(&press.button)),
            Ok(Polled::Held(press)) => panel.held(&press.button),
            Ok(Polled::Trouble(name, what)) => {
                let Some(button) = panel.buttons.get(&name) else { continue };
                let told = trouble(&name, &button.action, &what);
                tracing::error!(button = name, "{told}");
                runtime.block_on(panel.branch.report(&device(&name), Some(told)));
            }
            Ok(Polled::Well(name)) => {
                tracing::info!(button = name, "the button works again");
                runtime.block_on(panel.branch.report(&device(&name), None));
            }
            Ok(Polled::Quiet) => {}
            Ok(Polled::Ended) => return,
            Err(error) => return tracing::error!(%error, "the button does not work; kiosk, desks and phones go on"),
        }
    }
}
