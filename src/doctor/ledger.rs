//! The ledger, its backups, and who can log in.

use std::path::Path;

use super::finding::Finding;
use super::place::Place;
use crate::ledger::{self, Accounts, Fault, Role};
use crate::web::FIRST_CODE;

/// Days after which a backup is old.
const OLD_BACKUP: i64 = 7;

/// Looks at the ledger.
pub(super) fn examine(place: &Place, now_ms: i64) -> Vec<Finding> {
    let path = ledger::path_in(&place.folder);
    if let Err(error) = path.try_exists() {
        let mend = "Run it as the hub's user: sudo -u nowserving nowserving doctor";
        return vec![Finding::fail("ledger", format!("{} cannot be looked at: {error}.", path.display()), mend)];
    }
    if !path.exists() {
        let what = format!("There is no ledger in {} yet.", place.folder.display());
        let mend = "Start the branch once (nowserving run), which makes one; or name its folder with --data.";
        return vec![Finding::warn("ledger", what, mend)];
    }
    let mut found = vec![sound(&path)];
    found.extend(log_ins(&path));
    found.push(backups(&place.folder, now_ms));
    found
}

fn sound(path: &Path) -> Finding {
    match ledger::check(path, |_| {}) {
        Ok(report) => {
            let counts = format!("{} events, {} tickets, {} business days", report.events, report.tickets, report.days);
            let finding = match report.problems.first() {
                None => Finding::ok("ledger", format!("The ledger is sound: {counts}.")),
                Some(first) => {
                    let what = format!("The ledger has {} problems ({counts}). The first: {first}", report.problems.len());
                    let mend = "Keep a copy of the file, see them all with `nowserving check`, and restore a backup (docs/reference/ledger.md).";
                    Finding::fail("ledger", what, mend)
                }
            };
            finding.fact("events", report.events).fact("tickets", report.tickets).fact("problems", report.problems)
        }
        Err(fault) => unread(path, &fault),
    }
}

fn unread(path: &Path, fault: &Fault) -> Finding {
    let what = format!("{} cannot be read: {fault}", path.display());
    match fault {
        Fault::Older { .. } => {
            Finding::warn("ledger", what, "Start the branch once with this program; it leads the ledger up.")
        }
        Fault::Newer { .. } => Finding::fail("ledger", what, "Install the newer nowserving that wrote it."),
        Fault::NotALedger(_) => Finding::fail(
            "ledger",
            format!("{} is not a nowserving ledger.", path.display()),
            "Choose the right data folder with --data.",
        ),
        _ => Finding::fail(
            "ledger",
            what,
            "Run it as the hub's user (sudo -u nowserving nowserving doctor); if that does not help, restore a backup.",
        ),
    }
}

/// Who can log in.
fn log_ins(path: &Path) -> Option<Finding> {
    let connection = ledger::open_read(path).ok()?;
    let staff = Accounts(&connection).staff().ok()?;
    let managers = staff.iter().filter(|row| row.role == Role::Manager).count();
    let pending = ledger::setting(&connection, FIRST_CODE).ok()?.is_some();
    let finding = if managers > 0 {
        Finding::ok("log-in", format!("{} people can log in, {managers} of them as manager.", staff.len()))
    } else if pending {
        let mend = "Open /first on the branch's address and enter the code that the hub printed at its start (journalctl -u nowserving). A restart draws a new one.";
        Finding::warn("log-in", "Nobody can log in yet: the one-time code of the first login waits.", mend)
    } else {
        Finding::warn(
            "log-in",
            "No manager can log in.",
            "Restart the hub: while nobody can log in, it prints a one-time code.",
        )
    };
    Some(finding.fact("staff", staff.len()).fact("managers", managers))
}

fn backups(folder: &Path, now_ms: i64) -> Finding {
    let entries = std::fs::read_dir(folder.join("backups")).into_iter().flatten().flatten();
    let times = entries.filter_map(|entry| {
        let modified = entry.metadata().ok()?.modified().ok()?;
        i64::try_from(modified.duration_since(std::time::UNIX_EPOCH).ok()?.as_millis()).ok()
    });
    match times.max() {
        Some(newest) => {
            let days = (now_ms - newest).max(0) / 86_400_000;
            let what = format!("The newest backup in the data folder is {days} days old.");
            let mend =
                "nowserving backup /media/usb/desk.db, and once a week by a timer: one on another disk survives this one.";
            let old = days > OLD_BACKUP;
            if old { Finding::warn("backup", what, mend) } else { Finding::ok("backup", what) }.fact("days", days)
        }
        None => {
            let what = "There is no backup in the data folder; whether one is elsewhere is not known.";
            Finding::ok("backup", what)
        }
    }
}
