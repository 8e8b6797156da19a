use std::collections::BTreeMap;

use super::*;
use crate::fake_lines::FakeWires;
use proptest::prelude::*;

const PIN: u8 = 17;

fn us(us: u64) -> Duration {
    Duration::from_micros(us)
}

fn ms(ms: u64) -> Duration {
    us(ms * 1000)
}

/// A trace of one wire: at so many microseconds it is pressed (low) or not.
#[derive(Clone, Debug, Default)]
struct Wire(BTreeMap<u64, bool>);

impl Wire {
    /// From `at` on, switched `bounces` times until it has come to rest.
    fn change(&mut self, at: u64, pressed: bool, bounces: &[u64]) -> u64 {
        let mut now = at;
        for pause in bounces {
            self.0.insert(now, pressed);
            self.0.insert(now + pause / 2 + 1, !pressed);
            now += pause + 2;
        }
        self.0.insert(now, pressed);
        now
    }

    /// For `width` the wire is not what it was.
    fn spike(&mut self, at: u64, width: u64) {
        let was = self.0.range(..=at).next_back().is_some_and(|(_, pressed)| *pressed);
        // one that meets a change is part of it
        if self.0.range(at..=at + width).next().is_none() {
            self.0.insert(at, !was);
            self.0.insert(at + width, was);
        }
    }

    fn play(&self, wires: &FakeWires, pin: u8, active: Active) {
        for (at, pressed) in &self.0 {
            wires.set(pin, us(*at), *pressed == (active == Active::High));
        }
    }
}

fn wiring(name: &str, pin: u8, active: Active) -> Wiring {
    Wiring { active, most_per_minute: 1000, ..Wiring::new(name, pin) }
}

/// Everything told up to the time `until`, with its time.
fn all(source: &mut GpioButtons<crate::FakeLines>, until: Duration) -> Vec<(Duration, Polled)> {
    let mut told = Vec::new();
    while source.lines.now() < until {
        let left = until - source.lines.now();
        match source.next_press(left).unwrap() {
            Polled::Quiet => break,
            polled => told.push((source.lines.now(), polled)),
        }
    }
    told
}

fn presses(told: &[(Duration, Polled)], name: &str) -> usize {
    told.iter().filter(|(_, one)| *one == Polled::Press(Press::of(name))).count()
}

fn bounces() -> impl Strategy<Value = Vec<u64>> {
    // up to a dozen of up to 5 ms each, as measured switches bounce; ringing on a long cable is of the same kind, but faster
    prop_oneof![prop::collection::vec(20u64..5_000, 0..12), prop::collection::vec(1u64..60, 0..40)]
}

/// One push: how it bounces, how long it is held after that, how it bounces when let go, how long it rests. Microseconds.
fn push() -> impl Strategy<Value = (Vec<u64>, u64, Vec<u64>, u64)> {
    (bounces(), 120_000u64..2_500_000, bounces(), 200_000u64..3_000_000)
}

fn active() -> impl Strategy<Value = Active> {
    prop_oneof![Just(Active::Low), Just(Active::High)]
}

/// Pushes with all their bounces, and the time at which each began.
fn pushes(pushes: &[(Vec<u64>, u64, Vec<u64>, u64)]) -> (Wire, Vec<u64>, u64) {
    let mut wire = Wire::default();
    let mut now = 300_000;
    let mut begun = Vec::new();
    for (down, held, up, rest) in pushes {
        begun.push(now);
        now = wire.change(now, true, down) + held;
        now = wire.change(now, false, up) + rest;
    }
    (wire, begun, now)
}

/// Spikes shorter than the debouncing, each by itself.
fn with_spikes(wire: &mut Wire, spikes: &[(u64, u64)], end: u64) {
    let mut now = 0;
    for (pause, width) in spikes {
        now += pause;
        if now + width >= end {
            return;
        }
        wire.spike(now, *width);
    }
}

proptest! {
    /// One push of a finger is one press, however it bounces and whatever is picked up on the way; it counts as soon as the
    /// kernel believes it.
    #[test]
    fn one_push_is_one_press(
        fingers in prop::collection::vec(push(), 1..12),
        spikes in prop::collection::vec((75_000u64..900_000, 1u64..25_000), 0..60),
        active in active(),
    ) {
        let (mut wire, begun, end) = pushes(&fingers);
        with_spikes(&mut wire, &spikes, end);
        let wires = FakeWires::new();
        wires.set(PIN, Duration::ZERO, active == Active::Low);
        wire.play(&wires, PIN, active);
        let mut source = GpioButtons::new(wires.lines(), [wiring("Returns", PIN, active)]);
        let told = all(&mut source, us(end + 100_000));
        prop_assert_eq!(presses(&told, "Returns"), fingers.len(), "{:?}", told);
        prop_assert_eq!(told.len(), fingers.len(), "nothing else is told: {:?}", told);
        for (begun, (at, _)) in begun.iter().zip(&told) {
            // bounces of at most 60 ms, a spike in between, and the debouncing itself
            prop_assert!(*at >= us(*begun) && *at - us(*begun) < ms(60 + 25 + 30 + 40), "{:?} after {:?}", at, us(*begun));
        }
    }

    /// Interference alone is nobody.
    #[test]
    fn noise_is_no_press(
        spikes in prop::collection::vec((26_000u64..400_000, 1u64..25_000), 0..300),
        storm in prop::collection::vec(1u64..29_000, 0..200),
    ) {
        let mut wire = Wire::default();
        // a motor starts: one change after the other, none of which lasts
        let mut now = wire.change(100_000, false, &storm) + 100_000;
        for (pause, width) in spikes {
            now += pause + 30_000;
            wire.spike(now, width);
        }
        let wires = FakeWires::new();
        wire.play(&wires, PIN, Active::Low);
        let mut source = GpioButtons::new(wires.lines(), [wiring("Returns", PIN, Active::Low)]);
        prop_assert_eq!(all(&mut source, us(now + 200_000)), []);
    }

    /// Two buttons in one cable: what one does is felt on the other's wire.
    #[test]
    fn neighbours_in_a_cable_keep_apart(
        one in prop::collection::vec(push(), 1..6),
        other in prop::collection::vec(push(), 1..6),
    ) {
        let ((mut a, _, end_a), (mut b, _, end_b)) = (pushes(&one), pushes(&other));
        let (from_a, from_b): (Vec<u64>, Vec<u64>) = (a.0.keys().copied().collect(), b.0.keys().copied().collect());
        from_a.iter().for_each(|at| b.spike(*at, 800));
        from_b.iter().for_each(|at| a.spike(*at, 800));
        let wires = FakeWires::new();
        a.play(&wires, 17, Active::Low);
        b.play(&wires, 27, Active::Low);
        let buttons = [wiring("a", 17, Active::Low), wiring("b", 27, Active::Low)];
        let told = all(&mut GpioButtons::new(wires.lines(), buttons), us(end_a.max(end_b) + 100_000));
        prop_assert_eq!((presses(&told, "a"), presses(&told, "b")), (one.len(), other.len()), "{:?}", told);
    }

    /// However long it is stuck, and however it chatters then: one press, one alarm, and it mends itself.
    #[test]
    fn stuck_is_one_press_and_mends_itself(
        down in bounces(),
        held in 10_200u64..200_000,
        spikes in prop::collection::vec((75_000u64..900_000, 1u64..25_000), 0..200),
        up in bounces(),
    ) {
        let mut wire = Wire::default();
        let at = wire.change(500_000, true, &down);
        let end = wire.change(at + held * 1000, false, &up);
        with_spikes(&mut wire, &spikes, end - 200_000);
        let again = wire.change(end + 500_000, true, &[]);
        let end = wire.change(again + 200_000, false, &[]);
        let wires = FakeWires::new();
        wire.play(&wires, PIN, Active::Low);
        let mut source = GpioButtons::new(wires.lines(), [wiring("R", PIN, Active::Low)]);
        let told: Vec<Polled> = all(&mut source, us(end + 100_000)).into_iter().map(|(_, one)| one).collect();
        let (press, name) = (|| Polled::Press(Press::of("R")), String::from("R"));
        let stuck = Polled::Trouble(name.clone(), ButtonTrouble::Stuck);
        prop_assert_eq!(told, [press(), Polled::Held(Press::of("R")), stuck, Polled::Well(name), press()]);
    }
}

#[test]
fn without_debouncing_bounces_come_through_and_are_still_one_press() {
    let mut wire = Wire::default();
    let at = wire.change(100_000, true, &[2000, 500, 3000]);
    wire.change(at + 200_000, false, &[1000, 1000]);
    let wires = FakeWires::new();
    wire.play(&wires, PIN, Active::Low);
    let bare = Wiring { debounce: Duration::ZERO, ..wiring("R", PIN, Active::Low) };
    let told = all(&mut GpioButtons::new(wires.lines(), [bare]), ms(1000));
    assert_eq!(told, [(ms(100), Polled::Press(Press::of("R")))]);
}

#[test]
fn a_line_that_cannot_be_had_is_told_once_and_had_when_it_is_free() {
    let wires = FakeWires::new();
    wires.break_line(27, Some(LineError::Busy { pin: 27 }));
    let buttons = [wiring("a", 17, Active::Low), wiring("b", 27, Active::Low)];
    let mut source = GpioButtons::new(wires.lines(), buttons);
    let busy = Polled::Trouble("b".into(), ButtonTrouble::Line(LineError::Busy { pin: 27 }));
    // the other one works all the while
    wires.set(17, ms(500), false);
    wires.set(17, ms(700), true);
    assert_eq!(all(&mut source, ms(25_000)), [(ms(0), busy), (ms(530), Polled::Press(Press::of("a")))]);
    wires.break_line(27, None);
    assert_eq!(all(&mut source, ms(31_000)), [(ms(30_000), Polled::Well("b".into()))]);
    wires.set(27, ms(31_000), false);
    assert_eq!(all(&mut source, ms(31_500)), [(ms(31_030), Polled::Press(Press::of("b")))]);
}

#[test]
fn a_button_that_is_down_when_its_line_comes_back_is_still_in_trouble() {
    let wires = FakeWires::new();
    wires.break_line(PIN, Some(LineError::NotAPi));
    let mut source = GpioButtons::new(wires.lines(), [wiring("R", PIN, Active::Low)]);
    let told = |source: &mut GpioButtons<crate::FakeLines>, until| {
        all(source, ms(until)).into_iter().map(|(_, one)| one).collect::<Vec<_>>()
    };
    let trouble = |trouble| Polled::Trouble("R".into(), trouble);
    assert_eq!(told(&mut source, 5_000), [trouble(ButtonTrouble::Line(LineError::NotAPi))]);
    wires.break_line(PIN, None);
    wires.set(PIN, ms(5_000), false);
    assert_eq!(told(&mut source, 12_000), [trouble(ButtonTrouble::HeldAtStart)]);
    wires.set(PIN, ms(13_000), true);
    assert_eq!(told(&mut source, 14_000), [Polled::Well("R".into())]);
}

#[test]
fn lines_that_break_off_are_told_and_taken_anew() {
    let wires = FakeWires::new();
    let mut source = GpioButtons::new(wires.lines(), [wiring("R", PIN, Active::Low)]);
    assert_eq!(all(&mut source, ms(100)), []);
    let gone = LineError::Other { pin: PIN, why: "unplugged".into() };
    wires.unplug(gone.clone());
    assert_eq!(all(&mut source, ms(200)), [(ms(100), Polled::Trouble("R".into(), ButtonTrouble::Line(gone)))]);
    assert!(wires.taken().is_empty());
    assert_eq!(all(&mut source, ms(11_000)), [(ms(10_100), Polled::Well("R".into()))]);
    assert_eq!(wires.taken().into_iter().collect::<Vec<_>>(), [PIN]);
}
