//! The settings file: one TOML file, strict, everything optional.
//!
//! [`Settings::parse`] reads the whole file and reports every problem it finds with line, column and the nearest known key, so
//! that a typo is mended in one round. What the file says of services, desks, hours and rules goes into the ledger as a
//! [`Seed`]; the rest is used by whoever starts the hub. `docs/reference/config.md` documents every key; a test holds the two
//! together.

mod branch;
mod button;
mod hub;
mod preview;
mod problem;
mod read;
mod screens;
mod voice;
mod words;

use std::path::{Path, PathBuf};

pub use button::{Active, ButtonAction, ButtonSettings, ButtonsSettings, Pull};
pub use hub::{
    BranchSettings, ClockTrust, PaperWidth, PersonalSettings, PhoneSettings, PhoneTake, PrinterKind, PrinterSettings,
    WebSettings,
};
pub use preview::BoardPreview;
pub use problem::{ConfigError, Problem};
pub use read::keys;
pub use screens::{
    LOGO_MOST, ScreenFacts, ScreenLook, ScreenSettings, WifiSecurity, WifiSettings, accent_problem, read_logo,
};
pub use voice::{SPOKEN, SPOKEN_OF_BRANCH, VoiceSettings};

use crate::branch::Seed;
use crate::queue::{Desk, Hours, Rules, Service};

/// The file's name in a data folder.
pub const FILE_NAME: &str = "nowserving.toml";
/// Where the file is looked for when the data folder has none.
pub const SYSTEM_FILE: &str = "/etc/nowserving/nowserving.toml";

/// Everything the settings file can say, with defaults where it is silent.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Settings {
    /// `[branch]`.
    pub branch: BranchSettings,
    /// `[phone]`.
    pub phone: PhoneSettings,
    /// `[web]`.
    pub web: WebSettings,
    /// `[personal]`.
    pub personal: PersonalSettings,
    /// `[printer]`.
    pub printer: PrinterSettings,
    /// `[buttons]`.
    pub buttons: ButtonsSettings,
    /// `[[button]]`, in the order of the file.
    pub button: Vec<ButtonSettings>,
    /// `[voice]`.
    pub voice: VoiceSettings,
    /// `[screens]`.
    pub screens: ScreenSettings,
    /// `[wifi]`.
    pub wifi: WifiSettings,
    /// `[[service]]`, in the order of the file. `None`: the file names none.
    pub services: Option<Vec<Service>>,
    /// `[[desk]]`, in the order of the file. `None`: the file names none.
    pub desks: Option<Vec<Desk>>,
    /// `[hours]`. `None`: the file says nothing of them.
    pub hours: Option<Hours>,
    /// `[rules]`. `None`: the file says nothing of them.
    pub rules: Option<Rules>,
}

impl Settings {
    /// Reads the text of a settings file; `file` is its name in messages.
    ///
    /// # Errors
    /// [`ConfigError::Invalid`] with every problem that was found.
    pub fn parse(text: &str, file: &Path) -> Result<Self, ConfigError> {
        read::settings(text).map_err(|problems| ConfigError::Invalid { file: file.to_owned(), problems })
    }

    /// Reads a settings file.
    ///
    /// # Errors
    /// [`ConfigError::Unreadable`] if it cannot be read, [`ConfigError::Invalid`] if it cannot be used.
    pub fn load(file: &Path) -> Result<Self, ConfigError> {
        let unreadable = |source| ConfigError::Unreadable { file: file.to_owned(), source };
        Self::parse(&std::fs::read_to_string(file).map_err(unreadable)?, file)
    }

    /// Finds and reads the settings file: `given`, or `nowserving.toml` in the data folder, or [`SYSTEM_FILE`]. Without any of
    /// them everything has its default. Says which file was read.
    ///
    /// # Errors
    /// As [`Settings::load`]. A file that was `given` must exist.
    pub fn find(given: Option<&Path>, data: &Path) -> Result<(Self, Option<PathBuf>), ConfigError> {
        if let Some(file) = given {
            return Ok((Self::load(file)?, Some(file.to_owned())));
        }
        for file in [data.join(FILE_NAME), SYSTEM_FILE.into()] {
            if file.exists() {
                return Ok((Self::load(&file)?, Some(file)));
            }
        }
        Ok((Self::default(), None))
    }

    /// What the file says of services, desks, hours and rules, for [`crate::branch::apply_seed`].
    ///
    /// In a `fresh` branch, one whose ledger knows no service yet, the example store stands in for services and desks the file
    /// does not name. Later it does not, so that taking `[[service]]` out of the file leaves the branch as it is.
    #[must_use]
    pub fn seed(&self, fresh: bool) -> Seed {
        let mut seed = Seed {
            services: self.services.clone(),
            desks: self.desks.clone(),
            hours: self.hours.clone(),
            rules: self.rules.clone(),
        };
        if fresh {
            let example = Seed::example();
            seed.services = seed.services.or(example.services);
            seed.desks = seed.desks.or(example.desks);
        }
        seed
    }
}

#[cfg(test)]
mod tests;
