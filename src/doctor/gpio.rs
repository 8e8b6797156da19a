//! The lines of the header: are they there, and may this user open them?

use std::path::{Path, PathBuf};

use rustix::fs::{Access, access};

use super::finding::Finding;
use super::place::{Place, name};

/// What lets a user in.
const GROUP: &str = "gpio";

/// Looks at the lines of the header.
pub(super) fn examine(place: &Place) -> Vec<Finding> {
    let chips = place.named("/dev", "gpiochip");
    let registers = place.named("/dev", "gpiomem");
    if !place.is_pi() {
        return vec![Finding::ok("gpio", "Not a Raspberry Pi: no lines for buttons and lamps.").fact("chips", chips.len())];
    }
    let finding = if chips.is_empty() {
        Finding::fail(
            "gpio",
            "There is no /dev/gpiochip0: the kernel offers no lines.",
            "Use Raspberry Pi OS's own kernel, and run it on the machine itself, not in a container.",
        )
    } else if registers.is_empty() {
        Finding::fail(
            "gpio",
            "There is no /dev/gpiomem: pull resistors cannot be set.",
            "Use Raspberry Pi OS's own kernel (dtoverlay and config.txt as delivered).",
        )
    } else if let Some(closed) = chips.iter().chain(&registers).find(|path| !may(path)) {
        Finding::fail("gpio", format!("This user may not open /dev/{}.", name(closed)), opens(GROUP))
    } else {
        Finding::ok("gpio", "The lines of the header are there, and this user may open them.")
    };
    vec![finding.fact("chips", chips.len())]
}

/// Whether this user may read and write there.
pub(super) fn may(path: &Path) -> bool {
    access(path, Access::READ_OK | Access::WRITE_OK).is_ok()
}

/// What opens the devices of a group.
pub(super) fn opens(group: &str) -> String {
    format!(
        "Run it as the hub's user (sudo -u nowserving nowserving doctor). If it is so there too: sudo usermod -aG {group} nowserving, install hardware/udev/70-nowserving.rules, restart the hub."
    )
}

/// The first of these that this user may not open.
pub(super) fn closed(paths: &[PathBuf]) -> Option<&PathBuf> {
    paths.iter().find(|path| !may(path))
}
