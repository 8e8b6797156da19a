//! Where presses come from.

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

use crate::line::LineError;

/// One press of one button. When it happened is for the receiver to say: this crate has no clock.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Press {
    /// The button's name as the settings give it.
    pub button: String,
}

impl Press {
    /// A press of the button of that name.
    pub fn of(button: impl Into<String>) -> Self {
        Self { button: button.into() }
    }
}

/// What a source had when it was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Polled {
    /// A button was pressed.
    Press(Press),
    /// It has been held since: whoever pressed asks for more. Comes at most once after its press.
    Held(Press),
    /// The button of that name needs a person.
    Trouble(String, ButtonTrouble),
    /// Whatever was the matter with the button of that name is over.
    Well(String),
    /// Nothing happened within the time given.
    Quiet,
    /// No press will ever come again; the thread that asks may end. Not an error.
    Ended,
}

/// What is the matter with a button. The source looks by itself whether it is over, and tells.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ButtonTrouble {
    /// Down for longer than a finger stays. Its press counted once, when it began.
    #[error("The button is held down or stuck.")]
    Stuck,
    /// Down when it was first looked at. It does not count until it has been let go.
    #[error("The button was down when it was first looked at.")]
    HeldAtStart,
    /// More presses than a hall of people makes.
    #[error("The button tells of more presses than people make.")]
    TooMany,
    /// Its line.
    #[error(transparent)]
    Line(#[from] LineError),
}

/// Why presses cannot be read. The source may be asked again.
#[derive(Debug, thiserror::Error)]
pub enum ButtonError {
    /// The input broke.
    #[error("cannot read presses from {from}")]
    Read {
        /// What is read, in words for the log.
        from: String,
        /// The system's reason.
        #[source]
        source: std::io::Error,
    },
}

/// A source of presses, owned by one thread that asks it again and again.
///
/// A press is reported once; presses between two questions wait, in order. Bounce is the source's business: one push
/// of a finger is one [`Polled::Press`].
pub trait ButtonSource: Send {
    /// Waits at most `timeout` for the next press. [`Duration::ZERO`] only looks.
    ///
    /// # Errors
    /// [`ButtonError`] when the input broke.
    fn next_press(&mut self, timeout: Duration) -> Result<Polled, ButtonError>;
}

/// What a channel has, as [`Polled`].
pub(crate) fn poll_channel<T>(from: &Receiver<T>, timeout: Duration) -> Option<Result<T, Polled>> {
    match from.recv_timeout(timeout) {
        Ok(item) => Some(Ok(item)),
        Err(RecvTimeoutError::Timeout) => Some(Err(Polled::Quiet)),
        Err(RecvTimeoutError::Disconnected) => None,
    }
}

/// Buttons that a test presses through a [`FakeButtonHandle`].
#[derive(Debug)]
pub struct FakeButton {
    presses: Receiver<Polled>,
}

/// Presses the buttons of a [`FakeButton`]. When the last handle is dropped, the source has ended.
#[derive(Clone, Debug)]
pub struct FakeButtonHandle {
    presses: Sender<Polled>,
}

impl FakeButton {
    /// A source and the handle that presses its buttons.
    pub fn new() -> (Self, FakeButtonHandle) {
        let (sender, presses) = channel();
        (Self { presses }, FakeButtonHandle { presses: sender })
    }
}

impl FakeButtonHandle {
    /// Presses the button of that name; false if nobody listens any more.
    pub fn press(&self, button: &str) -> bool {
        self.tell(Polled::Press(Press::of(button)))
    }

    /// Holds on to the button of that name, after a press; false if nobody listens any more.
    pub fn hold(&self, button: &str) -> bool {
        self.tell(Polled::Held(Press::of(button)))
    }

    /// The source tells `polled` next; false if nobody listens any more.
    pub fn tell(&self, polled: Polled) -> bool {
        self.presses.send(polled).is_ok()
    }
}

impl ButtonSource for FakeButton {
    fn next_press(&mut self, timeout: Duration) -> Result<Polled, ButtonError> {
        Ok(match poll_channel(&self.presses, timeout) {
            Some(Ok(polled) | Err(polled)) => polled,
            None => Polled::Ended,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn presses_come_once_in_order_then_quiet_then_the_end() {
        let (mut source, handle) = FakeButton::new();
        let other = handle.clone();
        assert!(handle.press("returns") && other.press("pickup"));
        let mut next = || source.next_press(Duration::ZERO).unwrap();
        assert_eq!(next(), Polled::Press(Press::of("returns")));
        assert_eq!(next(), Polled::Press(Press::of("pickup")));
        assert_eq!(next(), Polled::Quiet);
        drop((handle, other));
        assert_eq!(next(), Polled::Ended);
    }

    #[test]
    fn a_press_into_the_void_is_told() {
        let (source, handle) = FakeButton::new();
        drop(source);
        assert!(!handle.press("returns"));
    }
}
