//! What a run must have reached. A property that never met a full line says nothing of full lines.

use std::collections::BTreeMap;

use nowserving::queue::Command;

/// Every behaviour that a run of the default length must have met.
const REQUIRED: &[&str] = &[
    "accepted Issue",
    "accepted CallNext",
    "accepted Call",
    "accepted Recall",
    "accepted Start",
    "accepted Finish",
    "accepted NoShow",
    "accepted Requeue",
    "accepted Park",
    "accepted Resume",
    "accepted Transfer",
    "accepted Leave",
    "accepted TakeBack",
    "accepted Delay",
    "accepted OpenDesk",
    "accepted PauseDesk",
    "accepted CloseDesk",
    "accepted Undo",
    "accepted StopIssuing",
    "accepted ResumeIssuing",
    "accepted OpenDay",
    "accepted OpenEarlierDay",
    "accepted BeginClosing",
    "accepted CloseDay",
    "accepted Expire",
    "accepted NoteClock",
    "accepted PutService",
    "accepted RemoveService",
    "accepted PutDesk",
    "accepted RemoveDesk",
    "accepted PutHours",
    "accepted PutRules",
    "refused unknown-service",
    "refused unknown-desk",
    "refused unknown-ticket",
    "refused unknown-class",
    "refused closed",
    "refused closing",
    "refused too-late",
    "refused issuing-stopped",
    "refused line-full",
    "refused numbers-used-up",
    "refused key-taken",
    "refused desk-closed",
    "refused desk-paused",
    "refused desk-is-already",
    "refused desk-busy",
    "refused desk-idle",
    "refused nobody-waiting",
    "refused already-started",
    "refused ticket-over",
    "refused not-waiting",
    "refused not-parked",
    "refused not-missed",
    "refused not-given-up",
    "taken back too late",
    "taken back after a call",
    "taken back after its day",
    "taken back before others",
    "refused requeued-before",
    "refused delayed-enough",
    "refused nobody-behind",
    "refused at-desk",
    "refused same-service",
    "refused nothing-to-undo",
    "refused undo-too-late",
    "refused undo-overtaken",
    "refused issuing-is-already",
    "refused day-open",
    "refused date-not-ahead",
    "refused clock-unset",
    "refused no-day",
    "refused day-closing",
    "refused clock-doubtful",
    "refused service-in-use",
    "refused bad-setting",
    "refused nothing-due",
    "refused place-gone",
    "undo of CallNext",
    "undo of Call",
    "undo of Recall",
    "undo of Start",
    "undo of Finish",
    "undo of NoShow",
    "undo of Park",
    "undo of Resume",
    "undo of Transfer",
    "undo of OpenDesk",
    "undo of PauseDesk",
    "undo of CloseDesk",
    "called next while serving",
    "finished with nobody to call",
    "priority limit hit",
    "priority call",
    "ratio call",
    "three lines at a ratio desk",
    "came back to a line",
    "came back to nobody",
    "no-show without a kept place",
    "let fewer pass than asked",
    "stands between two that were moved",
    "transfer of a waiting ticket",
    "transfer of a parked ticket",
    "transfer back into the same line",
    "new date",
    "same date goes on",
    "an ended ticket of the day goes on",
    "day closed with people waiting",
    "day closed by itself with people waiting",
    "day opened by itself",
    "closing by itself",
    "doubted clock",
    "doubted clock with people waiting",
    "vouched for by staff",
    "wait across a trusted boot",
    "wait across an untrusted boot",
    "wall clock ran backwards in a wait",
    "daylight saving in a day",
    "service removed and added again",
    "priority ahead of others",
    "issued after hours by staff",
    "place kept after a boot",
    "why another went first",
    "accepted GiveCourtesy",
    "accepted Redeem",
    "refused unknown-voucher",
    "refused voucher-used",
    "promise void by a delay",
    "promise void by a transfer",
    "courtesy while waiting",
    "courtesy after the call",
    "courtesy across a boot",
    "courtesies of the day used up",
    "undone call of somebody with a courtesy",
];

/// What was reached, and how often.
#[derive(Debug, Default)]
pub(crate) struct Coverage(BTreeMap<String, u64>);

impl Coverage {
    pub(crate) fn reach(&mut self, behaviour: &str) {
        if let Some(times) = self.0.get_mut(behaviour) {
            *times += 1;
        } else {
            self.0.insert(behaviour.to_owned(), 1);
        }
    }

    pub(crate) fn reach_if(&mut self, reached: bool, behaviour: &str) {
        if reached {
            self.reach(behaviour);
        }
    }

    /// Fails with a list of what was not reached.
    pub(crate) fn assert_complete(&self) {
        let missing: Vec<_> = REQUIRED.iter().filter(|behaviour| !self.0.contains_key(**behaviour)).collect();
        assert!(missing.is_empty(), "not reached: {missing:#?}\nreached: {:#?}", self.0);
        let mut required: Vec<_> = self.0.iter().filter(|(behaviour, _)| REQUIRED.contains(&behaviour.as_str())).collect();
        required.sort_by_key(|(_, times)| **times);
        println!("rarest: {:?}", &required[..8]);
    }
}

/// A command's name: the first word of how it is written.
pub(crate) fn name(command: &Command) -> String {
    let text = format!("{command:?}");
    text.split([' ', '(', '{']).next().unwrap_or_default().to_owned()
}
