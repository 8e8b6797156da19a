//! Lamps beside buttons: ready, dark, or somebody should look.

use std::time::Duration;

use nowserving_hardware::{Lamp, LampState, LineError, PiLamp};
use tokio::sync::{mpsc, watch};
use tokio::time::MissedTickBehavior;

use super::button::{Button, device, mend_line};
use crate::branch::{Branch, Trouble};
use crate::config::ButtonAction;
use crate::queue::{Command, Paper};
use crate::supervise::stopped;

/// Beside what is published, the clock alone can change what a lamp shows. A lamp that could not be had is tried again then.
const LOOK: Duration = Duration::from_secs(1);

/// A lamp and the button it stands beside.
pub struct ButtonLamp {
    button: Button,
    open: Box<dyn FnMut() -> Result<Box<dyn Lamp>, LineError> + Send>,
    lamp: Option<Box<dyn Lamp>>,
    shows: LampState,
    /// Why it does not work, as was told.
    broken: Option<LineError>,
}

impl std::fmt::Debug for ButtonLamp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ButtonLamp").field("button", &self.button).field("shows", &self.shows).finish_non_exhaustive()
    }
}

impl ButtonLamp {
    /// A lamp at a line of this board.
    #[must_use]
    pub fn at(button: Button, line: u8) -> Self {
        Self::new(button, move || PiLamp::open(line).map(|lamp| Box::new(lamp) as Box<dyn Lamp>))
    }

    /// A lamp that `open` opens, again if it fails.
    pub fn new(button: Button, open: impl FnMut() -> Result<Box<dyn Lamp>, LineError> + Send + 'static) -> Self {
        Self { button, open: Box::new(open), lamp: None, shows: LampState::Off, broken: None }
    }

    /// Shows what the branch is ready for; opens the lamp if that is due.
    async fn look(&mut self, branch: &Branch, tick: bool) {
        if self.lamp.is_none() && (tick || self.broken.is_none()) {
            self.try_open(branch).await;
        }
        let state = state(branch, &self.button);
        if self.shows != state && self.tell(branch, |lamp| lamp.set(state)).await {
            self.shows = state;
        }
    }

    async fn try_open(&mut self, branch: &Branch) {
        match (self.open)() {
            Ok(lamp) => {
                (self.lamp, self.shows, self.broken) = (Some(lamp), LampState::Off, None);
                branch.report(&self.device(), None).await;
            }
            Err(error) => self.tell_broken(branch, error).await,
        }
    }

    /// Tells the lamp something; false: there is none that obeys.
    async fn tell(
        &mut self,
        branch: &Branch,
        what: impl FnOnce(&mut dyn Lamp) -> Result<(), nowserving_hardware::LampError>,
    ) -> bool {
        let Some(lamp) = &mut self.lamp else { return false };
        match what(lamp.as_mut()) {
            Ok(()) => true,
            Err(error) => {
                self.lamp = None;
                self.tell_broken(branch, error.0).await;
                false
            }
        }
    }

    async fn tell_broken(&mut self, branch: &Branch, error: LineError) {
        if self.broken.as_ref() == Some(&error) {
            return;
        }
        let what = format!("Lamp of button {}: {error}", self.button.name);
        let told = Trouble { what, mend: mend_line(&error), urgent: false };
        tracing::warn!("{told}");
        branch.report(&self.device(), Some(told)).await;
        self.broken = Some(error);
    }

    fn device(&self) -> String {
        format!("lamp of {}", device(&self.button.name))
    }
}

/// What a button's lamp shows now.
fn state(branch: &Branch, button: &Button) -> LampState {
    let now = branch.now();
    let queue_says = |command: &Command| branch.live().queue.decide(command, &now).is_ok();
    let ready = match &button.action {
        ButtonAction::Issue { service, class } => {
            // what the public is told, and what the rules would say
            let stopped = branch.feed().with_view(|view| view.waits.get(service).is_some_and(|row| row.stopped.is_some()));
            !stopped && branch.live().queue.may_issue(service, class.as_ref(), None, &now).is_ok()
        }
        ButtonAction::Call { desk } => queue_says(&Command::CallNext { desk: desk.clone() }),
        ButtonAction::Again { .. } => branch.live().queue.open_day().is_some(),
    };
    let around = branch.around();
    let gives = matches!(button.action, ButtonAction::Issue { .. });
    let name = device(&button.name);
    let wants_somebody =
        (gives && around.row().paper == Paper::Stopped) || around.troubles().iter().any(|reported| reported.device == name);
    match (ready, wants_somebody) {
        (false, _) => LampState::Off,
        (true, true) => LampState::Attention,
        (true, false) => LampState::Ready,
    }
}

/// Keeps lamps true until the hub stops; then they are dark. `refused` names buttons whose press was refused.
///
/// # Errors
/// None: a lamp that does not work is reported and tried again.
pub async fn keep_lamps(
    mut lamps: Vec<ButtonLamp>,
    branch: Branch,
    mut refused: mpsc::UnboundedReceiver<String>,
    mut stopping: watch::Receiver<bool>,
) -> anyhow::Result<()> {
    if lamps.is_empty() {
        stopped(&mut stopping).await;
        return Ok(());
    }
    let mut news = branch.feed().watch();
    let mut clock = tokio::time::interval(LOOK);
    clock.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let mut tick = false;
        tokio::select! {
            _ = clock.tick() => tick = true,
            // an error means that the branch is gone, and so is the hub
            changed = news.changed() => if changed.is_err() { return Ok(()) },
            Some(name) = refused.recv() => {
                for lamp in lamps.iter_mut().filter(|lamp| lamp.button.name == name) {
                    lamp.tell(&branch, |lamp| lamp.refuse()).await;
                }
            }
            () = stopped(&mut stopping) => return Ok(()),
        }
        for lamp in &mut lamps {
            lamp.look(&branch, tick).await;
        }
    }
}
