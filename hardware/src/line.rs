//! Lines of the header: what a button's wire is asked of, and a simulated one.

use std::time::Duration;

/// The resistor inside the chip that holds a line while nothing drives it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Pull {
    /// To 3.3 V, about 50 kΩ: for a button to ground.
    #[default]
    Up,
    /// To ground, about 50 kΩ: for a button to 3.3 V.
    Down,
    /// None: there is a resistor outside.
    Off,
}

/// The level of a line while its button is pressed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Active {
    /// 0 V: a button to ground.
    #[default]
    Low,
    /// 3.3 V: a button to 3.3 V.
    High,
}

/// How a button is wired, and how its line is to be read.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Wiring {
    /// The button's name.
    pub button: String,
    /// Its line: the number after "GPIO" (BCM), not the pin's place in the header.
    pub pin: u8,
    /// The resistor inside the chip.
    pub pull: Pull,
    /// The level that means pressed.
    pub active: Active,
    /// How long a level must stay before the kernel believes it. Zero: every edge counts.
    pub debounce: Duration,
    /// More presses than so many in a minute are nobody's.
    pub most_per_minute: u32,
}

impl Wiring {
    /// A button to ground at `pin`, as most are wired.
    #[must_use]
    pub fn new(button: impl Into<String>, pin: u8) -> Self {
        Self {
            button: button.into(),
            pin,
            pull: Pull::Up,
            active: Active::Low,
            debounce: Duration::from_millis(30),
            most_per_minute: 20,
        }
    }
}

/// Why a line cannot be used. Each says what is the matter; what to do about it is for whoever knows the installation.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LineError {
    /// There are no GPIO lines here that we know.
    #[error("This machine is not a Raspberry Pi that is known here: it has no GPIO lines for buttons and lamps.")]
    NotAPi,
    /// This user may not.
    #[error("This program may not use the GPIO lines: {path} is closed to it.")]
    NoPermission {
        /// What could not be opened.
        path: String,
    },
    /// A Pi, but its kernel shows no lines.
    #[error("The GPIO lines are missing: {what} is not there.")]
    Missing {
        /// What is not there.
        what: String,
    },
    /// Another program, or the kernel for another purpose, has it.
    #[error("GPIO {pin} is busy: another program or a kernel driver uses it.")]
    Busy {
        /// Which.
        pin: u8,
    },
    /// It is switched to another function.
    #[error("GPIO {pin} serves another purpose ({mode}): a serial, I2C, SPI or audio function of the board, or a lamp.")]
    OtherUse {
        /// Which.
        pin: u8,
        /// The function it is switched to, as the chip's documentation calls it.
        mode: String,
    },
    /// The board does not have it.
    #[error("This board has no GPIO {pin}.")]
    NoSuchPin {
        /// Which.
        pin: u8,
    },
    /// Anything else.
    #[error("GPIO {pin} does not work: {why}.")]
    Other {
        /// Which.
        pin: u8,
        /// The system's reason.
        why: String,
    },
}

/// A level changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edge {
    /// Which line.
    pub pin: u8,
    /// When, on the clock of [`Lines::now`].
    pub at: Duration,
    /// The level after it.
    pub high: bool,
}

/// The lines of a board, as buttons need them.
pub trait Lines: Send {
    /// Now, on the clock of the edges: steady, from any beginning.
    fn now(&self) -> Duration;

    /// Takes a line for its edges and tells whether it is high. A line that was taken before is taken anew.
    ///
    /// # Errors
    /// [`LineError`]; the line is then free.
    fn take(&mut self, wiring: &Wiring) -> Result<bool, LineError>;

    /// Lets go of every line.
    fn release(&mut self);

    /// Waits at most `timeout` for the next edge of a line that is taken. Edges between two questions wait, in order.
    ///
    /// # Errors
    /// [`LineError`] when the lines cannot be read any more: they are then to be released and taken anew.
    fn poll(&mut self, timeout: Duration) -> Result<Option<Edge>, LineError>;
}
