//! Edges of a line → presses of a button. Pure: every time comes in, as a point on one steady clock.
//!
//! A press counts the moment it begins. After that the button has to be let go, and stay so for [`EdgeRules::rearm`], before it
//! can count again: whatever bounces in between belongs to the same finger. A button that is down when it is first looked at
//! was not pressed, it is stuck or wired the wrong way round; it counts once it has been let go.

use std::collections::VecDeque;
use std::time::Duration;

/// What counts as what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EdgeRules {
    /// How long a button must have been let go before a press counts again.
    pub rearm: Duration,
    /// Held so long, a press asks for more.
    pub hold: Duration,
    /// Held so long, the button is stuck.
    pub stuck: Duration,
    /// More presses than so many in a minute are nobody's.
    pub most_per_minute: u32,
}

impl Default for EdgeRules {
    fn default() -> Self {
        Self {
            rearm: Duration::from_millis(50),
            hold: Duration::from_secs(3),
            stuck: Duration::from_secs(10),
            most_per_minute: 20,
        }
    }
}

const MINUTE: Duration = Duration::from_secs(60);

/// What the edges of a line mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// Somebody pressed.
    Press,
    /// And holds on: [`EdgeRules::hold`] is over.
    Held,
    /// Down for longer than a finger stays: [`EdgeRules::stuck`] is over. The press counted when it began.
    Stuck,
    /// Down when it was first looked at. Does not count.
    HeldAtStart,
    /// More than [`EdgeRules::most_per_minute`]; nothing counts until there was no press for a minute.
    TooMany,
    /// Whatever was the matter is over.
    Well,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Finger {
    /// Let go since then; the last time it was down, if it may still be bouncing.
    Up {
        since: Duration,
        before: Option<Down>,
    },
    Down(Down),
}

/// From the press on, over all bounces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Down {
    since: Duration,
    /// Whether it was a press that counted.
    counts: bool,
    held: bool,
    /// Whether its being down has been told as trouble.
    told: bool,
}

/// One button's edges. See the module's text.
#[derive(Clone, Debug)]
pub struct Edges {
    rules: EdgeRules,
    finger: Finger,
    /// When presses counted, in the last minute.
    counted: VecDeque<Duration>,
    /// Too many presses until then; longer if more come.
    flood_until: Option<Duration>,
    /// Whether trouble was told and its end was not.
    troubled: bool,
}

impl Edges {
    /// Looks at a button for the first time: is it down?
    pub fn start(rules: EdgeRules, at: Duration, down: bool) -> (Self, Vec<Told>) {
        let (finger, told) = if down {
            (Finger::Down(Down { since: at, counts: false, held: true, told: true }), vec![Told::HeldAtStart])
        } else {
            // as if it had been let go long ago
            (Finger::Up { since: at.saturating_sub(rules.rearm), before: None }, Vec::new())
        };
        (Self { rules, finger, counted: VecDeque::new(), flood_until: None, troubled: down }, told)
    }

    /// An edge at the time `at`: is the button down now? Times never go back.
    pub fn edge(&mut self, at: Duration, down: bool) -> Vec<Told> {
        let mut told = self.time(at);
        match (self.finger, down) {
            (Finger::Up { since, before }, true) => {
                if at.saturating_sub(since) >= self.rules.rearm {
                    let counts = self.count(at, &mut told);
                    self.finger = Finger::Down(Down { since: at, counts, held: !counts, told: false });
                } else {
                    // still the same finger
                    let bounced = Down { since: at, counts: false, held: true, told: false };
                    self.finger = Finger::Down(before.unwrap_or(bounced));
                }
            }
            (Finger::Down(before), false) => self.finger = Finger::Up { since: at, before: Some(before) },
            // an edge between them was lost: the same finger, or nobody's
            (Finger::Up { since: _, before }, false) => self.finger = Finger::Up { since: at, before },
            (Finger::Down(_), true) => {}
        }
        told
    }

    /// Nothing happened up to the time `at`.
    pub fn time(&mut self, at: Duration) -> Vec<Told> {
        let mut told = Vec::new();
        match &mut self.finger {
            Finger::Down(down) => {
                let long = at.saturating_sub(down.since);
                if !down.held && long >= self.rules.hold {
                    down.held = true;
                    told.push(Told::Held);
                }
                if !down.told && long >= self.rules.stuck {
                    down.told = true;
                    told.push(Told::Stuck);
                }
            }
            Finger::Up { since, before } if at.saturating_sub(*since) >= self.rules.rearm => *before = None,
            Finger::Up { .. } => {}
        }
        self.flood_until = self.flood_until.filter(|until| at < *until);
        self.troubled |= told.contains(&Told::Stuck);
        if self.troubled && self.flood_until.is_none() && !self.finger_in_trouble() {
            self.troubled = false;
            told.push(Told::Well);
        }
        told
    }

    /// Down for too long, or let go of so lately that it may only have bounced.
    fn finger_in_trouble(&self) -> bool {
        let (Finger::Down(down) | Finger::Up { before: Some(down), .. }) = self.finger else { return false };
        down.told
    }

    /// When [`Edges::time`] has something to tell, if no edge comes before. `None`: never.
    pub fn deadline(&self) -> Option<Duration> {
        let finger = match self.finger {
            Finger::Down(Down { since, held: false, .. }) => Some(since + self.rules.hold),
            Finger::Down(Down { since, told: false, .. }) => Some(since + self.rules.stuck),
            Finger::Up { since, before: Some(Down { told: true, .. }) } => Some(since + self.rules.rearm),
            Finger::Down(_) | Finger::Up { .. } => None,
        };
        finger.into_iter().chain(self.flood_until).min()
    }

    /// Whether one more press is believed.
    fn count(&mut self, at: Duration, told: &mut Vec<Told>) -> bool {
        while self.counted.front().is_some_and(|first| at.saturating_sub(*first) >= MINUTE) {
            self.counted.pop_front();
        }
        // once it is too much, no place in the minute is free before the quiet
        if self.flood_until.is_none() && self.counted.len() < self.rules.most_per_minute as usize {
            self.counted.push_back(at);
            told.push(Told::Press);
            return true;
        }
        if self.flood_until.replace(at + MINUTE).is_none() {
            self.troubled = true;
            told.push(Told::TooMany);
        }
        false
    }
}

#[cfg(test)]
#[path = "edge_tests.rs"]
mod tests;
