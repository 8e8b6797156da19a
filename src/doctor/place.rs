//! What the checks look at: a machine's files under one root, the data folder, the settings, and the hub if one is running.

use std::path::{Path, PathBuf};

use super::hub::Running;
use crate::config::{ConfigError, Settings};

/// The machine and the branch under examination.
#[derive(Debug)]
pub struct Place {
    /// Where the machine's `/proc`, `/sys`, `/dev`, `/etc` and `/run` are: `/`, or a made-up machine of a test.
    pub root: PathBuf,
    /// The data folder.
    pub folder: PathBuf,
    /// The settings; the defaults, which are nobody's, if the file cannot be used ([`Place::is_unset`]).
    pub settings: Settings,
    /// The file they are from, or what is wrong with it; `None`: there is none.
    pub file: Option<Result<PathBuf, ConfigError>>,
    /// The hub that holds the data folder now.
    pub hub: Option<Running>,
}

impl Place {
    /// Whether there is a settings file that cannot be used: [`Place::settings`] are then the defaults, and say nothing of this branch.
    #[must_use]
    pub fn is_unset(&self) -> bool {
        matches!(self.file, Some(Err(_)))
    }

    /// A file of the machine, named as it is on a real one: `/proc/meminfo`.
    #[must_use]
    pub fn at(&self, path: &str) -> PathBuf {
        self.root.join(path.trim_start_matches('/'))
    }

    /// What a small file of the machine says, without white space and zero bytes around it; `None` if it cannot be read.
    #[must_use]
    pub fn read(&self, path: &str) -> Option<String> {
        read(&self.at(path))
    }

    /// The entries of a folder of the machine, by name; empty if there is none.
    #[must_use]
    pub fn list(&self, path: &str) -> Vec<PathBuf> {
        let mut found: Vec<_> =
            std::fs::read_dir(self.at(path)).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
        found.sort();
        found
    }

    /// Those whose names begin so.
    #[must_use]
    pub fn named(&self, path: &str, prefix: &str) -> Vec<PathBuf> {
        let fits = |path: &PathBuf| name(path).starts_with(prefix);
        self.list(path).into_iter().filter(fits).collect()
    }

    /// The name of the machine's board; `None` on what has no device tree, which a PC has not.
    #[must_use]
    pub fn model(&self) -> Option<String> {
        self.read("/proc/device-tree/model").filter(|model| !model.is_empty())
    }

    /// Whether it is a Raspberry Pi.
    #[must_use]
    pub fn is_pi(&self) -> bool {
        self.model().is_some_and(|model| model.starts_with("Raspberry Pi"))
    }

    /// A program of the machine, as `PATH` finds it. On a made-up machine only its own `/usr/bin` counts.
    #[must_use]
    pub fn program(&self, name: &str) -> Option<PathBuf> {
        if self.root != Path::new("/") {
            return Some(self.at("/usr/bin").join(name)).filter(|path| path.is_file());
        }
        let folders = std::env::var_os("PATH").unwrap_or_default();
        let mut candidates = std::env::split_paths(&folders).map(|folder| folder.join(name));
        candidates.find(|path| path.is_file() && rustix::fs::access(path, rustix::fs::Access::EXEC_OK).is_ok())
    }
}

/// What a small file says, without white space and zero bytes around it.
pub(super) fn read(path: &Path) -> Option<String> {
    let bytes = std::fs::read(path).ok()?;
    let text = String::from_utf8_lossy(&bytes);
    Some(text.trim_matches(|c: char| c == '\0' || c.is_whitespace()).to_owned())
}

/// A number in a small file.
pub(super) fn number<T: std::str::FromStr>(path: &Path) -> Option<T> {
    read(path)?.parse().ok()
}

/// A path's last part.
pub(super) fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
