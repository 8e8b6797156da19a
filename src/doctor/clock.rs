//! The clock: set from the network, kept by a battery, plausible, in the right zone.

use std::path::Path;

use chrono::{DateTime, Utc};

use super::board;
use super::finding::Finding;
use super::place::{Place, name, number};
use crate::config::ClockTrust;
use crate::ledger;

/// What systemd-timesyncd leaves when it has set the clock; the hub goes by it too.
const SYNCHRONIZED: &str = "/run/systemd/timesync/synchronized";
/// How far the battery clock may be from the system's, seconds.
const APART: i64 = 60;

/// Looks at the clock. `now_ms` is the wall clock, milliseconds since 1970.
pub(super) fn examine(place: &Place, now_ms: i64) -> Vec<Finding> {
    let mut found = Vec::from_iter(plausible(place, now_ms));
    let battery = battery(place, now_ms / 1000);
    found.push(network(place, battery.is_some()));
    found.push(battery.unwrap_or_else(|| no_battery(place)));
    found.push(zone(place));
    found
}

fn shown(ms: i64) -> String {
    DateTime::<Utc>::from_timestamp_millis(ms).unwrap_or_default().format("%Y-%m-%d %H:%M UTC").to_string()
}

/// Time does not run backwards: it is not before the ledger's newest event, nor before this program was built.
fn plausible(place: &Place, now_ms: i64) -> Option<Finding> {
    let newest = ledger::newest_moment(&ledger::path_in(&place.folder)).ok().flatten();
    let mend =
        "Set the time (connect the network, or: sudo timedatectl set-time \"2026-11-24 10:30:00\"), then restart the hub.";
    if let Some(newest) = newest.filter(|newest| newest.trusted && newest.wall_ms > now_ms + APART * 1000) {
        let what =
            format!("The clock says {}, but the ledger's newest entry is of {}.", shown(now_ms), shown(newest.wall_ms));
        return Some(Finding::fail("clock", what, mend));
    }
    let built = std::env::current_exe().and_then(std::fs::metadata).and_then(|file| file.modified()).ok()?;
    let built_ms = i64::try_from(built.duration_since(std::time::UNIX_EPOCH).ok()?.as_millis()).ok()?;
    (built_ms > now_ms + 86_400_000).then(|| {
        let what =
            format!("The clock says {}, which is before this program was installed ({}).", shown(now_ms), shown(built_ms));
        Finding::fail("clock", what, mend)
    })
}

fn network(place: &Place, battery: bool) -> Finding {
    let vouched = place.settings.branch.clock == ClockTrust::Vouched;
    if place.at(SYNCHRONIZED).exists() {
        return Finding::ok("clock", "The time was set from the network.").fact("synchronised", true);
    }
    let finding = if place.is_unset() {
        let what = "The time has not been set from the network. Not looked at: whether the settings vouch for it; they cannot be used.";
        Finding::warn("clock", what, "Mend the settings file, then run it again.")
    } else if vouched && battery {
        Finding::ok(
            "clock",
            "Not set from the network; the settings vouch for it (clock = \"vouched\"), and it has a battery.",
        )
    } else if vouched {
        let mend = "Fit a clock with a battery (hardware/wiring.md), or connect the network and take clock = \"vouched\" out of [branch].";
        let what = "The settings vouch for the clock (clock = \"vouched\"), but no battery clock is here: after a power cut it is wrong.";
        Finding::warn("clock", what, mend)
    } else if ["chronyd", "ntpd"].iter().any(|name| place.at("/usr/sbin").join(name).exists()) {
        let mend =
            "If `timedatectl` says that it is synchronised, say clock = \"vouched\" in [branch]; or use systemd-timesyncd.";
        Finding::warn("clock", "chrony or ntpd keeps the time here, and the hub cannot see whether it has been set.", mend)
    } else {
        let mend = "Connect the network (systemd-timesyncd sets the time by itself: timedatectl), or fit a clock with a battery and say clock = \"vouched\" in [branch].";
        let what = "The time has not been set from the network since the start. The branch goes on, and opens no new day after a jump.";
        Finding::warn("clock", what, mend)
    };
    finding.fact("synchronised", false)
}

/// The clock chip that keeps time without power.
fn battery(place: &Place, now: i64) -> Option<Finding> {
    let chip =
        place.named("/sys/class/rtc", "rtc").into_iter().find(|chip| number::<i64>(&chip.join("since_epoch")).is_some())?;
    let says = number::<i64>(&chip.join("since_epoch"))?;
    let label = super::place::read(&chip.join("name")).unwrap_or_else(|| name(&chip));
    let apart = says.abs_diff(now);
    let finding = if apart > APART.unsigned_abs() {
        let what = format!("The battery clock ({label}) says {}, {apart} seconds from the system's.", shown(says * 1000));
        let mend = "When the system's time is right: sudo hwclock --systohc. If it is wrong again after a power cut, replace the battery.";
        Finding::warn("battery clock", what, mend)
    } else {
        let own = board::has_own_clock(place);
        let note = if own { " Only a power cut shows whether a battery is at J5." } else { "" };
        Finding::ok("battery clock", format!("{label} is within {APART} seconds of the system's time.{note}"))
    };
    Some(finding.fact("chip", label).fact("apart_s", apart))
}

fn no_battery(place: &Place) -> Finding {
    let mend = "Without a network, fit one: a DS3231 for a Pi 4, a battery at J5 for a Pi 5 (hardware/wiring.md). With a network it can wait.";
    let what = "No battery clock: after a power cut the time is wrong until the network sets it.";
    if !place.is_pi() || place.at(SYNCHRONIZED).exists() {
        let what = if place.at(SYNCHRONIZED).exists() {
            format!("{what} It does here.")
        } else {
            "No battery clock can be seen here.".into()
        };
        return Finding::ok("battery clock", what);
    }
    Finding::warn("battery clock", what, mend)
}

/// The name of the time zone: what `/etc/localtime` leads to, or what `/etc/timezone` says.
fn zone_name(place: &Place) -> Option<String> {
    let link = std::fs::read_link(place.at("/etc/localtime")).ok();
    let from_link = link.and_then(|target| Some(target.to_str()?.split_once("zoneinfo/")?.1.to_owned()));
    from_link.or_else(|| place.read("/etc/timezone").filter(|name| !name.is_empty()))
}

fn zone(place: &Place) -> Finding {
    let zone = zone_name(place);
    let known = zone.as_deref().is_some_and(|zone| zone.parse::<chrono_tz::Tz>().is_ok());
    let zone = zone.filter(|_| known).unwrap_or_else(|| "UTC".into());
    let universal = matches!(zone.trim_start_matches("Etc/"), "UTC" | "UCT" | "GMT" | "Zulu" | "Universal");
    let mend = "Set the branch's own: sudo timedatectl set-timezone Europe/Helsinki, then restart the hub.";
    if universal && place.settings.hours.is_some() {
        let what = format!("The time zone is {zone}, and there are opening hours, which are read in it.");
        return Finding::warn("time zone", what, mend).fact("zone", zone);
    }
    if universal && place.is_unset() {
        let what = format!(
            "{zone}. Not looked at: whether there are opening hours, which are read in it; the settings cannot be used."
        );
        return Finding::warn("time zone", what, "Mend the settings file, then run it again.").fact("zone", zone);
    }
    if universal {
        return Finding::ok("time zone", format!("{zone}. Times on paper and screens are in it.")).fact("zone", zone);
    }
    let made_up = place.root != Path::new("/");
    let there = made_up || place.at("/usr/share/zoneinfo").join(&zone).exists();
    if there {
        Finding::ok("time zone", format!("{zone}.")).fact("zone", zone)
    } else {
        Finding::warn(
            "time zone",
            format!("{zone} is set, but the system has no time zones."),
            "Install them: sudo apt-get install tzdata",
        )
        .fact("zone", zone)
    }
}
