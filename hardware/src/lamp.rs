//! The light in or beside a button.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::line::LineError;

/// What the lamp tells who stands before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LampState {
    /// Press me: breathing light.
    Ready,
    /// No tickets now: dark.
    Off,
    /// Somebody of the staff should look (no paper, a stuck button): how it shows is the lamp's business, usually a
    /// slow blink.
    Attention,
}

/// The lamp does not obey. It may be told again.
#[derive(Debug, thiserror::Error)]
#[error("The lamp cannot be switched.")]
pub struct LampError(#[source] pub LineError);

/// A lamp that shows one state until told another.
pub trait Lamp: Send {
    /// Shows `state`; showing what is shown already is allowed and changes nothing.
    ///
    /// # Errors
    /// [`LampError`] when the output is out of order.
    fn set(&mut self, state: LampState) -> Result<(), LampError>;

    /// Says no to whoever has just pressed: a short flicker, then what was shown before.
    ///
    /// # Errors
    /// [`LampError`] when the output is out of order.
    fn refuse(&mut self) -> Result<(), LampError>;
}

/// A lamp that remembers what it was told; clones share the memory.
#[derive(Clone, Debug, Default)]
pub struct FakeLamp {
    shown: Arc<Mutex<Memory>>,
}

#[derive(Debug, Default)]
struct Memory {
    states: Vec<LampState>,
    refusals: usize,
}

impl FakeLamp {
    /// A lamp that has shown nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// All it was told, oldest first.
    pub fn history(&self) -> Vec<LampState> {
        self.lock().states.clone()
    }

    /// What it shows; none before it was told anything.
    pub fn shows(&self) -> Option<LampState> {
        self.lock().states.last().copied()
    }

    /// How often it said no.
    pub fn refusals(&self) -> usize {
        self.lock().refusals
    }

    fn lock(&self) -> MutexGuard<'_, Memory> {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Lamp for FakeLamp {
    fn set(&mut self, state: LampState) -> Result<(), LampError> {
        self.lock().states.push(state);
        Ok(())
    }

    fn refuse(&mut self) -> Result<(), LampError> {
        self.lock().refusals += 1;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clone_sees_what_the_lamp_was_told() {
        let lamp = FakeLamp::new();
        let mut device: Box<dyn Lamp> = Box::new(lamp.clone());
        assert_eq!(lamp.shows(), None);
        device.set(LampState::Ready).unwrap();
        device.set(LampState::Attention).unwrap();
        assert_eq!(lamp.shows(), Some(LampState::Attention));
        assert_eq!(lamp.history(), [LampState::Ready, LampState::Attention]);
        device.refuse().unwrap();
        assert_eq!((lamp.refusals(), lamp.shows()), (1, Some(LampState::Attention)));
    }
}
