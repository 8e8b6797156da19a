//! Opens a screen on a display.

use std::path::{Path, PathBuf};
use std::{env, fs};

use slint::{BackendSelector, ComponentHandle, PlatformError};

/// Where a screen can be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Display {
    /// A window under X11 or Wayland (feature `desktop`).
    Desktop,
    /// The whole of a screen, straight through the kernel (feature `kms`).
    Kms,
}

/// The display this process could use, if any: a desktop session's before the bare screen.
/// Only what this build can drive is looked for.
pub fn display() -> Option<Display> {
    let set = |name: &str| env::var_os(name).is_some_and(|value| !value.is_empty());
    if cfg!(feature = "desktop") && (set("WAYLAND_DISPLAY") || set("WAYLAND_SOCKET") || set("DISPLAY")) {
        return Some(Display::Desktop);
    }
    let has_card = |entry: fs::DirEntry| entry.file_name().to_string_lossy().starts_with("card");
    if cfg!(feature = "kms") && fs::read_dir("/dev/dri").is_ok_and(|mut cards| cards.any(|card| card.is_ok_and(has_card))) {
        return Some(Display::Kms);
    }
    None
}

/// Takes this display for every window made from now on. `SLINT_BACKEND` wins where it is set, for whoever
/// installs a branch on unusual hardware.
///
/// On a desktop the software renderer draws: it is as quick as needed for screens that stand still, and takes
/// a quarter of the memory. On a bare screen Slint chooses, as a graphics chip saves the processor there.
///
/// # Errors
/// The backend is not part of this build, or the display refuses it.
pub fn take(display: Display) -> Result<(), PlatformError> {
    if env::var_os("SLINT_BACKEND").is_none_or(|value| value.is_empty()) {
        let selector = BackendSelector::new();
        match display {
            Display::Desktop => selector.backend_name("winit".into()).renderer_name("software".into()),
            Display::Kms => selector.backend_name("linuxkms".into()),
        }
        .select()?;
    }
    crate::fonts::install();
    Ok(())
}

/// The name by which a Wayland compositor knows this process's window, to put it on an output: `nowserving-board`. To be called
/// after [`take`] and before the first window.
///
/// # Errors
/// There is no display.
pub fn name(app_id: &str) -> Result<(), PlatformError> {
    slint::set_xdg_app_id(app_id)
}

/// Shows the screen, over the whole display if so wished, and runs until it is closed.
///
/// # Errors
/// The display went away or never was.
pub fn run(screen: &impl ComponentHandle, fullscreen: bool) -> Result<(), PlatformError> {
    // set_fullscreen(false) would override SLINT_FULLSCREEN, so it is called only when asked for.
    if fullscreen {
        screen.window().set_fullscreen(true);
    }
    screen.run()
}

/// Whether the machine has any font in the usual folders.
///
/// Every face we use is embedded, but Slint 1.18 ends the process at start where fontconfig knows no font at all, whichever
/// (slint-ui/slint issue 12671); so look before the first window and say what is missing: `fonts-noto-core`.
/// Fonts in folders that only a fontconfig file names are not seen here: treat `false` as a warning.
pub fn has_system_font() -> bool {
    let home = env::var_os("HOME").map(PathBuf::from);
    let data =
        env::var_os("XDG_DATA_HOME").map(PathBuf::from).or_else(|| home.as_ref().map(|home| home.join(".local/share")));
    let own = [home.map(|home| home.join(".fonts")), data.map(|data| data.join("fonts"))];
    ["/usr/share/fonts", "/usr/local/share/fonts", "/usr/share/texmf/fonts"]
        .into_iter()
        .map(PathBuf::from)
        .chain(own.into_iter().flatten())
        .any(|folder| holds_font(&folder, 6))
}

fn holds_font(folder: &Path, depth: usize) -> bool {
    let Ok(entries) = fs::read_dir(folder) else {
        return false;
    };
    entries.flatten().any(|entry| {
        let path = entry.path();
        let extension = path.extension().map(|extension| extension.to_string_lossy().to_ascii_lowercase());
        match extension.as_deref() {
            Some("ttf" | "otf" | "ttc" | "otc" | "pfb") => true,
            _ => depth > 0 && path.is_dir() && holds_font(&path, depth - 1),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_font_is_found_below_a_folder_and_nothing_else_counts_as_one() {
        let fonts = Path::new(env!("CARGO_MANIFEST_DIR"));
        assert!(holds_font(fonts, 2));
        assert!(!holds_font(fonts, 0));
        assert!(!holds_font(&fonts.join("src"), 6));
        assert!(!holds_font(&fonts.join("no such folder"), 6));
    }
}
