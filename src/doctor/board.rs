//! The machine: board, memory, temperature, supply.

use super::finding::Finding;
use super::place::{Place, name, number, read};

/// The firmware's word on the supply (`vcgencmd get_throttled`), bit by bit: now, and since the start.
const UNDER_VOLTAGE: (u32, u32) = (1, 1 << 16);
const THROTTLED: (u32, u32) = (1 << 1 | 1 << 2 | 1 << 3, 1 << 17 | 1 << 18 | 1 << 19);

/// Below this a start of a screen may fail, in MiB.
const MEMORY_LOW: u64 = 100;
/// The chip slows itself down from 80 °C (soft limit) and 85 °C on; in thousandths of a degree.
const WARM: i64 = 75_000;
const HOT: i64 = 82_000;

/// Looks at board, memory, temperature and supply.
pub(super) fn examine(place: &Place) -> Vec<Finding> {
    let mut found = vec![board(place)];
    found.extend(memory(place));
    found.extend(temperature(place));
    found.extend(supply(place));
    found
}

fn board(place: &Place) -> Finding {
    let bits = if cfg!(target_pointer_width = "64") { "64-bit" } else { "32-bit" };
    let kernel = place.read("/proc/sys/kernel/osrelease").unwrap_or_default();
    let system = place.read("/etc/os-release").and_then(|text| {
        let line = text.lines().find_map(|line| line.strip_prefix("PRETTY_NAME="))?;
        Some(line.trim_matches('"').to_owned())
    });
    let system = system.unwrap_or_else(|| "an unknown system".into());
    let (what, model) = match place.model() {
        Some(model) => (format!("{model}, {system}, {bits}."), model),
        None => {
            (format!("Not a Raspberry Pi: {system}, {bits}. Buttons and lamps on GPIO need one; all else works."), "".into())
        }
    };
    Finding::ok("board", what).fact("model", model).fact("system", system).fact("kernel", kernel)
}

fn memory(place: &Place) -> Option<Finding> {
    let text = place.read("/proc/meminfo")?;
    let field = |wanted: &str| -> Option<u64> {
        let line = text.lines().find_map(|line| line.strip_prefix(wanted)?.strip_prefix(':'))?;
        line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok().map(|kib| kib / 1024)
    };
    let (total, free) = (field("MemTotal")?, field("MemAvailable")?);
    let what = format!("{free} MiB of {total} MiB of memory are available.");
    let finding = if free < MEMORY_LOW {
        let mend = "End what else runs on this machine (free -m, top), or use a board with more memory: hub and one screen want 300 MiB.";
        Finding::warn("memory", what, mend)
    } else {
        Finding::ok("memory", what)
    };
    Some(finding.fact("total_mib", total).fact("available_mib", free))
}

fn temperature(place: &Place) -> Option<Finding> {
    let zones = place.named("/sys/class/thermal", "thermal_zone");
    let hottest = zones.iter().filter_map(|zone| number::<i64>(&zone.join("temp"))).max()?;
    // some zones of PCs say nonsense while they sleep
    let degrees = Some(hottest / 1000).filter(|degrees| (-30..130).contains(degrees))?;
    let what = format!("The processor has {degrees} °C.");
    let mend = "Give it air or a cooler (the case must have slots, the Pi 5 wants its fan), and keep it out of the sun.";
    Some(
        match hottest {
            HOT.. => Finding::fail("temperature", format!("{what} It slows itself down at 80 to 85 °C."), mend),
            WARM.. => Finding::warn("temperature", format!("{what} It slows itself down at 80 to 85 °C."), mend),
            _ => Finding::ok("temperature", what),
        }
        .fact("celsius", degrees),
    )
}

/// What the Pi's firmware says of its supply: in `soc/soc:firmware` on a Pi 4, in `soc@107c000000/soc@107c000000:firmware` on a Pi 5.
fn throttled(place: &Place) -> Option<u32> {
    let socs = place.named("/sys/devices/platform", "soc");
    let inside =
        socs.iter().flat_map(|soc| std::fs::read_dir(soc).into_iter().flatten().flatten()).map(|entry| entry.path());
    let text = inside.filter(|path| name(path).ends_with("firmware")).find_map(|path| read(&path.join("get_throttled")))?;
    u32::from_str_radix(text.trim_start_matches("0x"), 16).ok()
}

fn supply(place: &Place) -> Option<Finding> {
    if !place.is_pi() {
        return None;
    }
    let Some(bits) = throttled(place) else {
        return Some(Finding::ok(
            "supply",
            "What the firmware knows of the supply cannot be read here; nothing else points to it.",
        ));
    };
    let mend = "Use the maker's own supply (5.1 V; 3 A for a Pi 4, 5 A for a Pi 5) and its cable, and give printer and lamps their own.";
    let finding = if bits & UNDER_VOLTAGE.0 != 0 {
        Finding::fail("supply", "The supply is too weak right now: the card can be damaged by it.", mend)
    } else if bits & UNDER_VOLTAGE.1 != 0 {
        Finding::warn("supply", "The supply was too weak at some moment since the start.", mend)
    } else if bits & (THROTTLED.0 | THROTTLED.1) != 0 {
        let cool = "Give it air or a cooler; if it stays cool, use the maker's own supply.";
        Finding::warn("supply", "The processor had to slow down since the start.", cool)
    } else {
        Finding::ok("supply", "The supply has been strong enough since the start.")
    };
    Some(finding.fact("throttled", format!("{bits:#x}")))
}

/// Whether a Pi's clock chip is expected on board.
pub(super) fn has_own_clock(place: &Place) -> bool {
    place
        .model()
        .is_some_and(|model| model.starts_with("Raspberry Pi 5") || model.starts_with("Raspberry Pi Compute Module 5"))
}
