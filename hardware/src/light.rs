//! What a lamp's states look like. Pure.

use std::time::Duration;

use crate::lamp::LampState;

/// A change of a breathing lamp's brightness.
const STEP: Duration = Duration::from_millis(40);
/// Steps of one breath: four seconds.
const BREATH: u32 = 100;
/// A breathing lamp is never darker: dark means that there are no numbers.
const DIMMEST: f32 = 0.06;
/// On and off of a lamp that needs somebody.
const BLINK: Duration = Duration::from_millis(500);
/// On and off of a lamp that says no.
const FLICKER: Duration = Duration::from_millis(100);
/// How many times it does.
const FLICKERS: u32 = 5;

/// A lamp that shows a state: how bright it is now, from 0 to 1, and for how long.
#[derive(Clone, Copy, Debug)]
pub struct Light {
    state: LampState,
    step: u32,
    /// Steps of flicker that are still to come.
    no: u32,
}

impl Light {
    /// A dark lamp.
    #[must_use]
    pub fn new() -> Self {
        Self { state: LampState::Off, step: 0, no: 0 }
    }

    /// Shows a state from now on.
    pub fn set(&mut self, state: LampState) {
        if self.state != state {
            *self = Self { state, step: 0, no: self.no };
        }
    }

    /// Says no: flickers for a second, whatever it shows.
    pub fn refuse(&mut self) {
        self.no = FLICKERS * 2;
    }

    /// The brightness now and how long it lasts; `None`: until the state changes.
    pub fn show(&mut self) -> (f32, Option<Duration>) {
        if self.no > 0 {
            self.no -= 1;
            // odd ones are on, so that it ends dark before it goes on
            return (if self.no % 2 == 1 { 1.0 } else { 0.0 }, Some(FLICKER));
        }
        let step = self.step;
        self.step = (step + 1) % BREATH;
        match self.state {
            LampState::Off => (0.0, None),
            LampState::Ready => (breath(step), Some(STEP)),
            LampState::Attention => (if step.is_multiple_of(2) { 1.0 } else { 0.0 }, Some(BLINK)),
        }
    }
}

impl Default for Light {
    fn default() -> Self {
        Self::new()
    }
}

/// Bright at the beginning, so that a lamp that becomes ready is seen at once. Squared, for eyes see the dark half better.
fn breath(step: u32) -> f32 {
    let phase = step as f32 / BREATH as f32 * std::f32::consts::TAU;
    let wave = (phase.cos() + 1.0) / 2.0;
    DIMMEST + (1.0 - DIMMEST) * wave * wave
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(light: &mut Light, steps: usize) -> Vec<f32> {
        (0..steps).map(|_| light.show().0).collect()
    }

    #[test]
    fn ready_breathes_and_is_never_dark() {
        let mut light = Light::new();
        light.set(LampState::Ready);
        let breath = shown(&mut light, BREATH as usize);
        assert!(breath.iter().all(|level| (DIMMEST..=1.0).contains(level)), "{breath:?}");
        assert!(breath[0] > 0.99 && breath[BREATH as usize / 2] < DIMMEST + 0.01);
        let jump = |pair: &[f32]| (pair[0] - pair[1]).abs();
        assert!(breath.windows(2).map(jump).fold(0.0, f32::max) < 0.06, "it breathes, it does not jump");
        assert_eq!(shown(&mut light, 3), breath[..3], "the next breath is like the first");
        // told the same again, it goes on where it was
        light.set(LampState::Ready);
        assert_eq!(shown(&mut light, 1), breath[3..4]);
    }

    #[test]
    fn attention_blinks_and_off_is_dark_without_waking() {
        let mut light = Light::new();
        assert_eq!(light.show(), (0.0, None));
        light.set(LampState::Attention);
        assert_eq!(shown(&mut light, 4), [1.0, 0.0, 1.0, 0.0]);
        assert_eq!(light.show().1, Some(BLINK));
        light.set(LampState::Off);
        assert_eq!(light.show(), (0.0, None));
    }

    #[test]
    fn a_no_flickers_even_on_a_dark_lamp_and_is_over() {
        let mut light = Light::new();
        light.refuse();
        let no = shown(&mut light, FLICKERS as usize * 2);
        assert_eq!(no.iter().filter(|level| **level > 0.5).count(), FLICKERS as usize);
        assert_eq!(light.show(), (0.0, None));
    }
}
