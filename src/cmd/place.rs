//! Where things are: the data folder and the settings file, found alike by every command.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::config::{ConfigError, Settings};
use crate::ledger;

/// Where a service keeps its data, if it was installed as one.
const SYSTEM_DATA: &str = "/var/lib/nowserving";

/// `--data DIR`.
#[derive(Clone, Debug, Default, Args)]
pub struct DataArg {
    /// The data folder, which holds the ledger, backups and printed pictures.
    ///
    /// Without it: /var/lib/nowserving if this user may write there, else $XDG_DATA_HOME/nowserving, else
    /// ~/.local/share/nowserving.
    #[arg(long, value_name = "DIR", env = "NOWSERVING_DATA")]
    pub data: Option<PathBuf>,
}

impl DataArg {
    /// The data folder. It may not exist yet.
    #[must_use]
    pub fn folder(&self) -> PathBuf {
        self.data.clone().unwrap_or_else(default_data)
    }

    /// The ledger in the data folder.
    ///
    /// # Errors
    /// A sentence that says what to do if there is none.
    pub fn ledger(&self) -> Result<PathBuf, anyhow::Error> {
        let folder = self.folder();
        let path = ledger::path_in(&folder);
        match path.try_exists() {
            Ok(true) => Ok(path),
            Ok(false) if folder.is_dir() => anyhow::bail!(
                "There is no ledger in {}. `nowserving run` makes one; choose another data folder with --data.",
                folder.display()
            ),
            Ok(false) => {
                anyhow::bail!("There is no data folder {}. Choose another with --data.", folder.display())
            }
            Err(error) => {
                Err(anyhow::Error::new(error).context(format!("The data folder {} cannot be read.", folder.display())))
            }
        }
    }
}

/// The data folder of this user on this machine, where none is named.
#[must_use]
pub fn default_data() -> PathBuf {
    let system = Path::new(SYSTEM_DATA);
    if system.is_dir() && rustix::fs::access(system, rustix::fs::Access::WRITE_OK).is_ok() {
        return system.to_owned();
    }
    let absolute = |name| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let share = absolute("XDG_DATA_HOME").or_else(|| absolute("HOME").map(|home| home.join(".local/share")));
    share.map_or_else(|| "nowserving-data".into(), |share| share.join("nowserving"))
}

/// `--config FILE`.
#[derive(Clone, Debug, Default, Args)]
pub struct ConfigArg {
    /// The settings file.
    ///
    /// Without it: nowserving.toml in the data folder, else /etc/nowserving/nowserving.toml, else every setting has its
    /// default.
    #[arg(long, value_name = "FILE", env = "NOWSERVING_CONFIG")]
    pub config: Option<PathBuf>,
}

impl ConfigArg {
    /// Reads the settings, and says from which file.
    ///
    /// # Errors
    /// A [`ConfigError`] with everything that is wrong in the file.
    pub fn settings(&self, data: &Path) -> Result<(Settings, Option<PathBuf>), ConfigError> {
        Settings::find(self.config.as_deref(), data)
    }
}
