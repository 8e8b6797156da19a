//! What sounds next. Pure: calls, wishes and time come in, one utterance at a time comes out.
//!
//! Calls have their turns as on the board ([`Emphasis`]): one after another, the newest last, and in a burst the board's list
//! alone has the older ones. Beside them there are wishes: somebody stands at the button or the kiosk and listens. A wish goes
//! before waiting calls, because it is worth nothing later, but never two wishes while a call waits.
//!
//! One after another is held here and nowhere else: after an utterance was given out, there is none until it has ended.

use std::collections::VecDeque;

use crate::branch::Saying;
use crate::queue::{DeskId, Emphasis, TicketId};

/// How long a call may wait for its turn, milliseconds, unless it is the newest: later its customer has read the board.
pub const CALL_STALE_MS: u64 = 20_000;
/// How long a wish may wait: later whoever asked has gone.
pub const WISH_STALE_MS: u64 = 8_000;
/// How many wishes may wait.
pub const WISHES: usize = 3;

/// One invitation of a ticket.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Invitation {
    /// When it was called, milliseconds of the boot's monotonic clock.
    pub called_ms: u64,
    /// How often since, that call included.
    pub count: u32,
}

/// An invitation to be spoken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// Whom.
    pub ticket: TicketId,
    /// Where to.
    pub desk: DeskId,
    /// The event that made it: newer calls have larger ones.
    pub seq: u64,
    /// Which of the ticket's invitations it is.
    pub invitation: Invitation,
    /// When, milliseconds of a monotonic clock.
    pub at_ms: u64,
}

/// What is asked for besides calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    /// A new number, as it is drawn.
    Number(TicketId),
    /// Something that a device asks for.
    Saying(Saying),
    /// A notice about harm, by its name. It concerns everyone and is not stale until its end.
    Notice(i64),
}

impl Wish {
    /// Whose number it says.
    #[must_use]
    pub fn ticket(self) -> Option<TicketId> {
        match self {
            Self::Number(ticket) | Self::Saying(Saying::Drawn { ticket } | Saying::NoPaper { ticket }) => Some(ticket),
            Self::Saying(Saying::NowServing { .. }) | Self::Notice(_) => None,
        }
    }

    /// Which notice it says.
    fn notice(self) -> Option<i64> {
        match self {
            Self::Notice(id) => Some(id),
            Self::Number(_) | Self::Saying(_) => None,
        }
    }
}

/// What is to sound now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Utterance {
    /// A call, with its chime.
    Call(Call),
    /// A wish.
    Wish(Wish),
}

/// See the module's text.
#[derive(Debug, Default)]
pub struct Agenda {
    calls: Emphasis<Call>,
    /// The last call that was given out: whatever else has the emphasis, has not been.
    given: Option<u64>,
    /// The newest call there was.
    newest: u64,
    wishes: VecDeque<(Wish, u64)>,
    sounding: bool,
    /// A wish was the last to sound: a call that waits goes first now.
    wished: bool,
}

impl Agenda {
    /// A call was made. Gives back those that are left to the board's list.
    pub fn call(&mut self, call: Call) -> Vec<Call> {
        let at_ms = call.at_ms;
        self.newest = self.newest.max(call.seq);
        if self.sounding || self.pending().is_some() {
            self.calls.hold(u64::MAX);
        }
        let left = self.calls.call(call, at_ms);
        if self.sounding {
            self.calls.hold(u64::MAX);
        }
        left
    }

    /// Something else is to be said. What the same person is told already is replaced; a device's fuller sentence stays.
    pub fn wish(&mut self, wish: Wish, at_ms: u64) {
        let same = |(other, _): &&mut (Wish, u64)| (other.ticket(), other.notice()) == (wish.ticket(), wish.notice());
        if let Some(known) = self.wishes.iter_mut().find(same) {
            if !matches!(wish, Wish::Number(_)) {
                *known = (wish, at_ms);
            }
            return;
        }
        if wish.notice().is_some() {
            self.wishes.push_front((wish, at_ms));
            return;
        }
        if self.wishes.len() >= WISHES
            && let Some(oldest) = self.wishes.iter().position(|(wish, _)| wish.notice().is_none())
        {
            self.wishes.remove(oldest);
        }
        self.wishes.push_back((wish, at_ms));
    }

    /// Forgets calls that do not stand any more and were not spoken yet.
    pub fn retain(&mut self, stands: impl Fn(&Call) -> bool) {
        let given = self.given;
        self.calls.retain(|call| given == Some(call.seq) || stands(call));
    }

    /// What sounds now; `None`: nothing, or something does already. Whoever asks must say when it [ended](Self::ended).
    pub fn next(&mut self, at_ms: u64) -> Option<Utterance> {
        if self.sounding {
            return None;
        }
        self.wishes.retain(|(wish, asked)| wish.notice().is_some() || at_ms.saturating_sub(*asked) <= WISH_STALE_MS);
        let call = self.next_call(at_ms);
        if let Some(wish) = self.wishes.front().filter(|_| !(self.wished && call.is_some())) {
            let wish = Utterance::Wish(wish.0);
            self.wishes.pop_front();
            (self.sounding, self.wished) = (true, true);
            self.calls.hold(u64::MAX);
            return Some(wish);
        }
        let call = call?;
        (self.sounding, self.wished, self.given) = (true, false, Some(call.seq));
        self.calls.hold(u64::MAX);
        Some(Utterance::Call(call))
    }

    /// The call whose turn it is. It keeps its turn until it is given out.
    fn next_call(&mut self, at_ms: u64) -> Option<Call> {
        let (given, newest) = (self.given, self.newest);
        let fresh = |call: &Call| call.seq == newest || at_ms.saturating_sub(call.at_ms) <= CALL_STALE_MS;
        self.calls.retain(|call| given == Some(call.seq) || fresh(call));
        if self.pending().is_none() {
            self.calls.turn(at_ms);
        }
        self.pending().cloned()
    }

    /// The call that has its turn and was not given out yet.
    fn pending(&self) -> Option<&Call> {
        self.calls.now().filter(|call| self.given != Some(call.seq))
    }

    /// What was given out last has ended, well or not.
    pub fn ended(&mut self, at_ms: u64) {
        self.sounding = false;
        self.calls.release(at_ms);
    }

    /// Whether something sounds.
    #[must_use]
    pub fn is_sounding(&self) -> bool {
        self.sounding
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;
    use crate::queue::EMPHASIS_WAITING;

    fn call(seq: u64, at_ms: u64) -> Call {
        Call { ticket: TicketId(seq), desk: "1".into(), seq, invitation: Invitation::default(), at_ms }
    }

    fn said(utterance: Option<Utterance>) -> Option<u64> {
        match utterance {
            Some(Utterance::Call(call)) => Some(call.seq),
            Some(Utterance::Wish(wish)) => wish.ticket().map(|ticket| ticket.0),
            None => None,
        }
    }

    #[test]
    fn a_notice_about_harm_goes_first_and_is_not_stale_before_it_was_said() {
        let mut agenda = Agenda::default();
        agenda.call(call(1, 0));
        assert_eq!(said(agenda.next(0)), Some(1));
        (2..6).for_each(|ticket| agenda.wish(Wish::Number(TicketId(ticket)), 1));
        agenda.wish(Wish::Notice(7), 2);
        (6..9).for_each(|ticket| agenda.wish(Wish::Number(TicketId(ticket)), 3));
        agenda.ended(60_000);
        assert_eq!(agenda.next(60_000), Some(Utterance::Wish(Wish::Notice(7))));
        agenda.ended(70_000);
        assert_eq!(agenda.next(70_000), None);
    }

    #[test]
    fn a_call_sounds_at_once_and_the_next_when_it_has_ended() {
        let mut agenda = Agenda::default();
        agenda.call(call(1, 0));
        agenda.call(call(2, 0));
        assert_eq!(said(agenda.next(0)), Some(1));
        assert_eq!(agenda.next(9_000), None);
        agenda.ended(9_000);
        assert_eq!(said(agenda.next(9_000)), Some(2));
        agenda.ended(12_000);
        assert_eq!(agenda.next(30_000), None);
    }

    #[test]
    fn in_a_burst_the_newest_alone_is_spoken() {
        let mut agenda = Agenda::default();
        let left: Vec<u64> = (1..=6).flat_map(|seq| agenda.call(call(seq, 0))).map(|call| call.seq).collect();
        assert_eq!(left, [2, 3, 4, 5]);
        assert_eq!(said(agenda.next(0)), Some(1));
        agenda.ended(4_000);
        assert_eq!(said(agenda.next(4_000)), Some(6));
    }

    #[test]
    fn a_call_that_was_taken_back_is_not_spoken_and_a_recall_is() {
        let mut agenda = Agenda::default();
        agenda.call(call(1, 0));
        agenda.call(call(2, 0));
        assert_eq!(said(agenda.next(0)), Some(1));
        agenda.retain(|call| call.seq != 2);
        agenda.ended(4_000);
        assert_eq!(agenda.next(4_000), None);
        agenda.call(Call { seq: 3, ..call(1, 5_000) });
        assert_eq!(said(agenda.next(5_000)), Some(3));
    }

    #[test]
    fn whoever_stands_at_the_button_goes_before_calls_but_never_twice_in_a_row() {
        let mut agenda = Agenda::default();
        agenda.call(call(1, 0));
        assert_eq!(said(agenda.next(0)), Some(1));
        agenda.call(call(2, 10));
        agenda.call(call(3, 20));
        agenda.wish(Wish::Number(TicketId(70)), 100);
        agenda.wish(Wish::Saying(Saying::NoPaper { ticket: TicketId(70) }), 200);
        agenda.wish(Wish::Number(TicketId(71)), 300);
        let mut heard = Vec::new();
        for at in (1..=5).map(|turn| turn * 1_500) {
            agenda.ended(at);
            heard.extend(said(agenda.next(at)));
        }
        // 70 once, with the fuller sentence; then a call, before the next wish
        assert_eq!(heard, [70, 2, 71, 3]);
    }

    #[test]
    fn what_is_stale_is_not_said_but_the_newest_call_is() {
        let mut agenda = Agenda::default();
        agenda.call(call(1, 0));
        assert_eq!(said(agenda.next(0)), Some(1));
        agenda.call(call(2, 100));
        agenda.call(call(3, 200));
        agenda.wish(Wish::Number(TicketId(70)), 300);
        agenda.ended(60_000);
        assert_eq!(said(agenda.next(60_000)), Some(3));
    }

    #[derive(Clone, Debug)]
    enum Step {
        Call,
        Undo(prop::sample::Index),
        Wish(u8),
        End,
        Pass(u64),
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            4 => Just(Step::Call),
            1 => any::<prop::sample::Index>().prop_map(Step::Undo),
            2 => (0..6_u8).prop_map(Step::Wish),
            4 => Just(Step::End),
            3 => (0..9_000_u64).prop_map(Step::Pass),
        ]
    }

    proptest! {
        #[test]
        fn one_at_a_time_each_once_in_order_and_nothing_of_what_was_taken_back(steps in prop::collection::vec(step(), 1..120)) {
            let mut agenda = Agenda::default();
            let (mut now, mut made, mut sounding) = (0_u64, 0_u64, false);
            let (mut spoken, mut undone, mut left) = (Vec::new(), BTreeSet::new(), BTreeSet::new());
            let mut wishes_in_a_row = 0;
            // at the end everything is let out
            let steps = steps.into_iter().chain(std::iter::repeat_n(Step::End, 40));
            for step in steps {
                match step {
                    Step::Call => {
                        made += 1;
                        left.extend(agenda.call(call(made, now)).into_iter().map(|call| call.seq));
                    }
                    Step::Undo(which) if made > 0 => {
                        let gone = which.index(made as usize) as u64 + 1;
                        if !spoken.contains(&gone) {
                            undone.insert(gone);
                            agenda.retain(|call| call.seq != gone);
                        }
                    }
                    Step::Undo(_) => {}
                    Step::Wish(who) => agenda.wish(Wish::Number(TicketId(u64::from(who) + 1_000)), now),
                    Step::Pass(ms) => now += ms,
                    Step::End => {
                        agenda.ended(now);
                        sounding = false;
                    }
                }
                let waits = agenda.pending().is_some();
                match agenda.next(now) {
                    Some(_) if sounding => prop_assert!(false, "two at once"),
                    Some(Utterance::Call(call)) => {
                        (sounding, wishes_in_a_row) = (true, 0);
                        prop_assert!(!undone.contains(&call.seq) && !left.contains(&call.seq));
                        prop_assert!(spoken.last().is_none_or(|last| *last < call.seq), "the newest last, each once");
                        prop_assert!(call.seq == made || now - call.at_ms <= CALL_STALE_MS);
                        spoken.push(call.seq);
                    }
                    Some(Utterance::Wish(_)) => {
                        wishes_in_a_row = if waits { wishes_in_a_row + 1 } else { 0 };
                        prop_assert!(wishes_in_a_row <= 1, "a call waits");
                        sounding = true;
                    }
                    None => {}
                }
                prop_assert!(agenda.wishes.len() <= WISHES);
            }
            // nothing is swallowed: the newest call that stands was spoken
            if made > 0 && !undone.contains(&made) {
                prop_assert_eq!(spoken.last(), Some(&made));
            }
            prop_assert!(left.len() % EMPHASIS_WAITING == 0);
        }
    }
}
