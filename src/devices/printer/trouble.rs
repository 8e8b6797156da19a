//! What a printer's troubles are called at the desk, and what to do about them.

use nowserving_hardware::PrinterStatus;

use crate::branch::Trouble;

/// What staff are told of a printer; `None`: it is well.
pub(super) fn trouble(status: &PrinterStatus) -> Option<Trouble> {
    let (what, mend, urgent): (&str, &str, bool) = match status {
        PrinterStatus::Ready => return None,
        PrinterStatus::PaperNearEnd => (
            "The printer's paper roll ends soon.",
            "Have a new roll at hand, and put it in when nobody waits for a ticket.",
            false,
        ),
        PrinterStatus::Busy => {
            ("The printer is still at what it was sent before.", "If no paper moves, switch it off and on.", true)
        }
        PrinterStatus::PaperOut => (
            "The printer has no paper.",
            "Open the cover, put in a new roll so that the paper comes from below towards you, and close the cover.",
            true,
        ),
        PrinterStatus::CoverOpen => ("The printer's cover is open.", "Close it until it clicks.", true),
        PrinterStatus::Cutter => (
            "The printer's cutter is jammed.",
            "Switch the printer off, open the cover, take out torn paper, close it and switch it on. If the cover does not open, \
             turn the little wheel of the cutter first.",
            true,
        ),
        PrinterStatus::Overheated => (
            "The printer's head is too hot.",
            "Let it cool for some minutes with its cover closed; it goes on by itself.",
            true,
        ),
        PrinterStatus::Unrecoverable => (
            "The printer reports an error that it cannot mend by itself.",
            "Switch it off, wait ten seconds and switch it on. If the error comes back, it needs service.",
            true,
        ),
        PrinterStatus::Offline => (
            "The printer is off line.",
            "Look whether its feed button is held down or its light blinks; switch it off and on if it stays so.",
            true,
        ),
        PrinterStatus::Unplugged => {
            ("The printer is not connected.", "Look at its cable at both ends and whether it is switched on.", true)
        }
        PrinterStatus::Unreachable(why) => {
            let what = format!("The printer is not connected: {why}.");
            let mend = "Is the printer on, is its network cable in at both ends, is its address right? If so and it stays so, call \
                        whoever looks after this program.";
            return Some(Trouble { what, mend: mend.into(), urgent: true });
        }
        PrinterStatus::Silent => (
            "The printer does not answer.",
            "Look whether it is switched on and its light is steady. If it stays so, switch it off and on; then call whoever \
             looks after this program.",
            true,
        ),
        PrinterStatus::Refused(why) => {
            let mend = format!("Switch it off and on. If it stays so, call whoever looks after this program ({why}).");
            return Some(Trouble { what: "The printer does not let this program in.".into(), mend, urgent: true });
        }
        PrinterStatus::Fault(why) => {
            let what = format!("Tickets cannot be printed: {why}.");
            return Some(Trouble { what, mend: "Please tell whoever looks after this program.".into(), urgent: true });
        }
    };
    Some(Trouble { what: what.into(), mend: mend.into(), urgent })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_trouble_is_said_in_its_own_words_with_what_to_do() {
        use PrinterStatus::*;
        let all = [PaperNearEnd, Busy, PaperOut, CoverOpen, Cutter, Overheated, Unrecoverable, Offline, Unplugged, Silent];
        let mut said: Vec<Trouble> = all.iter().filter_map(trouble).collect();
        said.extend(trouble(&Refused("/dev/usb/lp0: Permission denied".into())));
        said.extend(trouble(&Unreachable("nothing answers at 192.168.1.40 port 9100".into())));
        said.extend(trouble(&Fault("prints is no folder".into())));
        assert_eq!(said.len(), 13);
        for (at, one) in said.iter().enumerate() {
            for sentence in [&one.what, &one.mend] {
                assert!(sentence.ends_with('.') && sentence.split(' ').count() > 3, "{sentence}");
            }
            assert!(said[at + 1..].iter().all(|other| other.what != one.what && other.mend != one.mend), "{}", one.what);
        }
        assert!(said.iter().all(|one| !one.mend.contains("profile")), "settings are not the desk's");
        assert_eq!(trouble(&Ready), None);
        // what a customer does not feel can wait for a quiet moment
        assert!(said.iter().filter(|one| !one.urgent).eq([&trouble(&PaperNearEnd).unwrap()]));
    }
}
