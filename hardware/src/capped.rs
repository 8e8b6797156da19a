//! The limit that wires have, for presses that come without edges.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use crate::button::{ButtonError, ButtonSource, ButtonTrouble, Polled, Press};
use crate::edge::{EdgeRules, Edges, Told};

/// Presses of another source, of each button no more in a minute than people make: what is too much counts for nothing until there
/// was no press for a minute, and is told as [`ButtonTrouble::TooMany`].
pub struct Capped {
    source: Box<dyn ButtonSource>,
    now: Box<dyn Fn() -> Duration + Send>,
    buttons: BTreeMap<String, Edges>,
    told: VecDeque<Polled>,
}

impl Capped {
    /// `most` is how many presses in a minute each button may have, by its name; others have no limit. `now` is a steady clock.
    pub fn new(
        source: impl ButtonSource + 'static,
        now: impl Fn() -> Duration + Send + 'static,
        most: impl IntoIterator<Item = (String, u32)>,
    ) -> Self {
        let at = now();
        let edges = |most_per_minute| {
            // a key is let go the moment it is pressed
            let rules = EdgeRules { rearm: Duration::ZERO, most_per_minute, ..EdgeRules::default() };
            Edges::start(rules, at, false).0
        };
        let buttons = most.into_iter().map(|(name, most)| (name, edges(most))).collect();
        Self { source: Box::new(source), now: Box::new(now), buttons, told: VecDeque::new() }
    }

    /// What a button's edges told, as the source tells it.
    fn note(&mut self, name: &str, told: Vec<Told>) {
        let polled = told.into_iter().filter_map(|one| match one {
            Told::Press => Some(Polled::Press(Press::of(name))),
            Told::TooMany => Some(Polled::Trouble(name.to_owned(), ButtonTrouble::TooMany)),
            Told::Well => Some(Polled::Well(name.to_owned())),
            Told::Held | Told::Stuck | Told::HeldAtStart => None,
        });
        self.told.extend(polled);
    }

    /// Whether trouble was told whose end is still to come.
    fn in_trouble(&self) -> bool {
        self.buttons.values().any(|edges| edges.deadline().is_some())
    }
}

impl ButtonSource for Capped {
    fn next_press(&mut self, timeout: Duration) -> Result<Polled, ButtonError> {
        if let Some(polled) = self.told.pop_front() {
            return Ok(polled);
        }
        let polled = self.source.next_press(timeout)?;
        let at = (self.now)();
        let names: Vec<String> = self.buttons.keys().cloned().collect();
        for name in names {
            let told = self.buttons.get_mut(&name).map(|edges| edges.time(at)).unwrap_or_default();
            self.note(&name, told);
        }
        match polled {
            Polled::Press(press) => match self.buttons.get_mut(&press.button) {
                Some(edges) => {
                    let told = edges.edge(at, true).into_iter().chain(edges.edge(at, false)).collect();
                    self.note(&press.button, told);
                }
                None => self.told.push_back(Polled::Press(press)),
            },
            Polled::Quiet => {}
            // the end of trouble is told even if no press can come any more
            Polled::Ended if self.in_trouble() => std::thread::sleep(timeout),
            other => self.told.push_back(other),
        }
        Ok(self.told.pop_front().unwrap_or(Polled::Quiet))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::*;
    use crate::button::FakeButton;

    #[test]
    fn keys_have_the_limit_that_wires_have() {
        let (source, keys) = FakeButton::new();
        let clock = Arc::new(AtomicU64::new(1000));
        let now = clock.clone();
        let now = move || Duration::from_secs(now.load(Ordering::Relaxed));
        let mut capped = Capped::new(source, now, [("a".to_owned(), 20)]);
        let mut all = || -> Vec<Polled> {
            let next = || Some(capped.next_press(Duration::ZERO).unwrap());
            std::iter::from_fn(next).take_while(|one| !matches!(one, Polled::Quiet | Polled::Ended)).collect()
        };
        let press = Polled::Press(Press::of("a"));
        // ten minutes of a press every other second: as many as one minute may have, told once
        let mut told = Vec::new();
        for _ in 0..300 {
            clock.fetch_add(2, Ordering::Relaxed);
            assert!(keys.press("a"));
            told.extend(all());
        }
        let mut expected = vec![press.clone(); 20];
        expected.push(Polled::Trouble("a".into(), ButtonTrouble::TooMany));
        assert_eq!(told, expected);
        // another button has nothing to do with it
        assert!(keys.press("b"));
        assert_eq!(all(), [Polled::Press(Press::of("b"))]);
        // a minute of quiet mends it
        clock.fetch_add(59, Ordering::Relaxed);
        assert_eq!(all(), []);
        clock.fetch_add(1, Ordering::Relaxed);
        assert_eq!(all(), [Polled::Well("a".into())]);
        assert!(keys.press("a"));
        assert_eq!(all(), [press]);
    }

    #[test]
    fn trouble_ends_after_the_last_key_too() {
        let (source, keys) = FakeButton::new();
        let clock = Arc::new(AtomicU64::new(0));
        let now = clock.clone();
        let mut capped =
            Capped::new(source, move || Duration::from_secs(now.load(Ordering::Relaxed)), [("a".to_owned(), 1)]);
        assert!(keys.press("a") && keys.press("a"));
        drop(keys);
        let mut next = || capped.next_press(Duration::ZERO).unwrap();
        assert_eq!(next(), Polled::Press(Press::of("a")));
        assert_eq!(next(), Polled::Trouble("a".into(), ButtonTrouble::TooMany));
        assert_eq!(next(), Polled::Quiet);
        clock.store(60, Ordering::Relaxed);
        assert_eq!(next(), Polled::Well("a".into()));
        assert_eq!(next(), Polled::Ended);
    }
}
