//! The screens: is one connected, can this build show something on it, may this user?

use std::path::Path;

use super::finding::Finding;
use super::gpio::{closed, opens};
use super::place::{Place, name, read};

/// Looks at the connectors of the display.
pub(super) fn examine(place: &Place) -> Vec<Finding> {
    let connectors: Vec<_> = place.list("/sys/class/drm").into_iter().filter_map(|path| connector(&path)).collect();
    let connected: Vec<_> = connectors.iter().filter(|connector| connector.connected).collect();
    let names: Vec<String> = connected.iter().map(|connector| connector.shown()).collect();
    let cards = place.named("/dev/dri", "card");
    let (kms, desktop) = (cfg!(feature = "kms"), cfg!(feature = "desktop"));
    let session = place.root == Path::new("/")
        && ["WAYLAND_DISPLAY", "DISPLAY"].iter().any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()));
    let listed = names.join(", ");
    let finding = if !kms && !desktop {
        Finding::ok(
            "screens",
            format!("This build has no screens; others follow the hub over the network. {}", seen(&listed)),
        )
    } else if session && desktop {
        Finding::ok(
            "screens",
            format!("A desktop session is here, and this build can open windows in it. {}", seen(&listed)),
        )
    } else if connectors.is_empty() {
        Finding::ok("screens", "This machine has no display connector. Screens on other machines can follow the hub.")
    } else if connected.is_empty() {
        let mend = "Switch the screen on and look at its cable; on a Pi use the HDMI port next to the USB-C socket. A screen that is switched on later is not seen: put video=HDMI-A-1:1920x1080@60D at the end of the line in /boot/firmware/cmdline.txt.";
        Finding::warn("screens", "No screen is connected.", mend)
    } else if !kms {
        let mend = "Start a desktop session, or build with --no-default-features --features kms for the bare screen (docs/guide/install.md).";
        Finding::warn(
            "screens",
            format!(
                "{}. This build shows screens in a desktop session only, and none is here.",
                seen(&listed).trim_end_matches('.')
            ),
            mend,
        )
    } else if let Some(card) = closed(&cards) {
        let what = format!("{} This user may not open /dev/dri/{}.", seen(&listed), name(card));
        Finding::warn(
            "screens",
            what,
            format!("If the screen runs as root (nowserving-screen@.service), it is well. {}", opens("video")),
        )
    } else {
        Finding::ok("screens", format!("{} This build can show on it.", seen(&listed)))
    };
    vec![finding.fact("connected", names)]
}

fn seen(listed: &str) -> String {
    if listed.is_empty() { "No screen is connected.".into() } else { format!("Connected: {listed}.") }
}

struct Connector {
    name: String,
    connected: bool,
    mode: Option<String>,
}

impl Connector {
    fn shown(&self) -> String {
        match &self.mode {
            Some(mode) => format!("{} ({mode})", self.name),
            None => self.name.clone(),
        }
    }
}

/// A connector: `card1-HDMI-A-1`, with its state and its first mode, which is the preferred one. Write-back is none.
fn connector(path: &Path) -> Option<Connector> {
    let label = name(path);
    let (_, label) = label.strip_prefix("card")?.split_once('-')?;
    if label.starts_with("Writeback") {
        return None;
    }
    let connected = read(&path.join("status"))? == "connected";
    let mode = read(&path.join("modes")).and_then(|modes| modes.lines().next().map(str::to_owned));
    Some(Connector { name: label.to_owned(), connected, mode })
}
