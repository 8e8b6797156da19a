//! What can hang on a display: our board, our kiosk, a browser with our web board.

use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::display::Display;
use crate::hub::Hub;
use crate::kit;
use crate::processes::Running;

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Show {
    Board,
    Kiosk,
    Chromium,
}

impl Show {
    /// All that this machine can show, in the order in which they are measured.
    pub(crate) fn all() -> Vec<Self> {
        let mut all = vec![Self::Board, Self::Kiosk];
        if kit::on_path("chromium") {
            all.push(Self::Chromium);
        } else {
            println!("SKIPPED chromium: it is not on this machine (Debian: apt install chromium)");
        }
        all
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Board => "board",
            Self::Kiosk => "kiosk",
            Self::Chromium => "chromium",
        }
    }

    /// Opens it over the whole display. `profile` is the browser's folder.
    pub(crate) fn open(self, hub: &Hub, display: &Display, profile: &Path) -> Running {
        let mut command = match self {
            Self::Board | Self::Kiosk => {
                let mut command = Command::new(kit::program());
                command.args(["screen", self.name(), "--fullscreen", "--hub", &hub.url]).env("NOWSERVING_TOKEN", &hub.token);
                command
            }
            Self::Chromium => chromium(&hub.url, profile),
        };
        command.env("DISPLAY", &display.name).env_remove("WAYLAND_DISPLAY");
        Running(command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap())
    }
}

fn chromium(url: &str, profile: &Path) -> Command {
    let mut command = Command::new("chromium");
    command.args(["--kiosk", "--no-first-run", "--noerrdialogs", "--disable-session-crashed-bubble"]);
    command.arg(format!("--app={url}/board")).arg(format!("--user-data-dir={}", profile.display()));
    // as root Chromium runs without its sandbox or not at all, and says so across the page unless it believes in a test
    if std::fs::metadata("/proc/self").unwrap().uid() == 0 {
        command.args(["--no-sandbox", "--test-type"]);
    }
    command
}
