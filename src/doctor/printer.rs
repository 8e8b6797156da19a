//! The printer: found, of a known model, ready, with paper; and if so wished a ticket that says that it is a test.

use std::ops::ControlFlow;
use std::path::Path;

use nowserving_hardware::{Job, JobName, Outcome, PrinterStatus};
use rustix::fs::{Access, access};

use super::Wishes;
use super::finding::{Finding, Verdict};
use super::place::Place;
use crate::config::PrinterKind;
use crate::devices::{look_at_printer, open_printer};
use crate::paper::{PaperWords, TicketPaper, Typesetter};

/// Looks at the printer of the settings.
pub(super) fn examine(place: &Place, wishes: Wishes) -> Vec<Finding> {
    let settings = &place.settings.printer;
    let told = place.hub.as_ref().is_some_and(|hub| hub.has_told_of("printer"));
    if settings.kind == PrinterKind::None && !told {
        return vec![Finding::ok("printer", "The settings name no printer: numbers are shown, not printed.")];
    }
    if place.hub.is_some() {
        return held(place, wishes);
    }
    // one at the network is the same from everywhere; the others are this machine's
    if matches!(settings.kind, PrinterKind::Usb | PrinterKind::Serial) && place.root != Path::new("/") {
        return vec![Finding::ok("printer", "This is not the machine itself: its printer was not tried.")];
    }
    if settings.kind == PrinterKind::Picture {
        let mut found = vec![pictures(&place.folder)];
        // only who asks for a test has a folder made, and never the data folder itself
        if wishes.print && found.iter().all(|finding| finding.verdict == Verdict::Ok) && place.folder.is_dir() {
            found.push(test_ticket(place));
        } else if wishes.print {
            found.push(not_printed("No test was printed: there is no folder to print into yet."));
        }
        return found;
    }
    let report = match look_at_printer(settings, &place.folder) {
        Ok(Some(report)) => report,
        Ok(None) => return Vec::new(),
        Err(error) => {
            return vec![Finding::fail("printer", format!("{error:#}."), "Put it right under [printer] in the settings.")];
        }
    };
    let usb: Vec<String> = report.usb.iter().map(|path| path.display().to_string()).collect();
    let finding = match &report.trouble {
        Some(trouble) if trouble.urgent => {
            Finding::fail("printer", format!("{} ({})", trouble.what, report.printer), trouble.mend.clone())
        }
        Some(trouble) => Finding::warn("printer", format!("{} ({})", trouble.what, report.printer), trouble.mend.clone()),
        None => Finding::ok("printer", format!("{}: {}.", report.printer, report.status)),
    };
    let ready = matches!(report.status, PrinterStatus::Ready | PrinterStatus::PaperNearEnd);
    let mut found = vec![finding.fact("printer", report.printer).fact("usb", usb)];
    if wishes.print && ready {
        found.push(test_ticket(place));
    } else if wishes.print {
        found.push(not_printed("No test was printed: the printer is not ready."));
    }
    found
}

fn not_printed(what: &str) -> Finding {
    Finding::fail("test ticket", what, "Mend what is said of the printer or the data folder, then run it again.")
}

/// Looks where pictures go, and makes nothing: a folder made by another user than the hub's would shut the hub out.
fn pictures(data: &Path) -> Finding {
    let folder = data.join("prints");
    let own = "Run it as the hub's user (sudo -u nowserving nowserving doctor); if it is so there too, give the folder to that user.";
    let shown = folder.display();
    let finding = match folder.metadata() {
        Ok(there) if !there.is_dir() => Finding::fail(
            "printer",
            format!("Tickets become pictures in {shown}, which is no folder."),
            "Move that file away; the hub makes the folder at its start.",
        ),
        Ok(_) if access(&folder, Access::WRITE_OK | Access::EXEC_OK).is_err() => {
            Finding::fail("printer", format!("Tickets become pictures in {shown}, where this user may not write."), own)
        }
        Ok(_) => {
            Finding::ok("printer", format!("Tickets become pictures in {shown}; a real printer is named under [printer]."))
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let what = format!(
                "Tickets become pictures in {shown}, which will be made at the start; a real printer is named under [printer]."
            );
            Finding::ok("printer", what)
        }
        Err(error) => Finding::fail("printer", format!("{shown} cannot be looked at: {error}."), own),
    };
    finding.fact("printer", format!("pictures in {shown}")).fact("usb", Vec::<String>::new())
}

/// A running hub holds it and has told of its troubles.
fn held(place: &Place, wishes: Wishes) -> Vec<Finding> {
    let devices = place.hub.as_ref().and_then(|hub| hub.devices.as_ref().ok());
    let mut found = Vec::new();
    let told = place.hub.as_ref().is_some_and(|hub| hub.has_told_of("printer"));
    // a trouble that the hub has told is the finding
    match devices.filter(|_| !told).map(|devices| devices.paper.as_str()) {
        Some("ready") => found.push(Finding::ok("printer", "The running hub holds it and expects paper to come out.")),
        Some("stopped") => {
            let mend = "Look at what is said of it; if nothing is, restart the hub: sudo systemctl restart nowserving";
            found.push(Finding::fail("printer", "The running hub holds it and expects no paper from it.", mend));
        }
        Some(_) => found.push(Finding::warn(
            "printer",
            "The settings name a printer, and the running hub has none.",
            "Restart the hub, which reads the settings at its start: sudo systemctl restart nowserving",
        )),
        None => {}
    }
    if wishes.print {
        let mend = "Reprint a ticket at a desk, which is a test too; or stop the hub for a minute (sudo systemctl stop nowserving) and run it again.";
        found.push(Finding::warn("test ticket", "No test was printed: the running hub holds the printer.", mend));
    }
    found
}

fn test_ticket(place: &Place) -> Finding {
    match print_test(place) {
        Ok(Outcome::Confirmed) => Finding::ok("test ticket", "A test was printed, and the printer says that it is out."),
        Ok(Outcome::Sent) => {
            Finding::ok("test ticket", "A test was sent whole. This printer cannot say whether it is out: look.")
        }
        Ok(Outcome::Unknown { why }) => {
            let mend = "Look whether it is out. If it is, the printer cannot say so: choose its own profile under [printer], or live with it.";
            Finding::warn("test ticket", format!("A test was sent, and whether it is out is not known: {why}."), mend)
        }
        Err(error) => Finding::fail(
            "test ticket",
            format!("No test was printed: {error:#}."),
            "Mend what is said of the printer, then run it again.",
        ),
    }
}

fn print_test(place: &Place) -> anyhow::Result<Outcome> {
    let settings = &place.settings;
    let mut printer =
        open_printer(&settings.printer, &place.folder)?.ok_or_else(|| anyhow::anyhow!("there is no printer"))?;
    let paper = TicketPaper {
        store: settings.branch.name.clone(),
        service: "This is a test.".into(),
        number: "TEST".into(),
        have_ready: vec![
            "The number must be sharp and in the middle,".into(),
            "the code readable by a phone,".into(),
            "the paper cut below this.".into(),
        ],
        url: "https://example.com/test".into(),
        line: Some("nowserving doctor".into()),
        ..TicketPaper::default()
    };
    let typeset = Typesetter::new()?.ticket(&paper, &PaperWords::default(), settings.printer.style())?;
    let job = Job { name: JobName::new("doctor-test")?, bitmap: typeset.bitmap };
    Ok(printer.print(&job, &mut |_| ControlFlow::Continue(()))?)
}
