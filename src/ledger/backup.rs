//! Backups: a consistent copy of the ledger while it is in use, and their end.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::{Fault, open_read};

/// Copies the ledger at `from` to the new file `to`: consistent, compact, durable when this returns.
///
/// # Errors
/// A [`Fault`]: the target exists or cannot be written. Nothing is left half written under its name.
pub fn backup(from: &Path, to: &Path) -> Result<(), Fault> {
    if to.exists() {
        let exists = std::io::Error::new(std::io::ErrorKind::AlreadyExists, "the file exists. Choose a new name.");
        return Err(Fault::io(to, exists));
    }
    let connection = open_read(from)?;
    let mut part = to.as_os_str().to_owned();
    part.push(".part");
    let part = PathBuf::from(part);
    let remove = || {
        std::fs::remove_file(&part).or_else(|error| match error.kind() {
            std::io::ErrorKind::NotFound => Ok(()),
            _ => Err(Fault::io(&part, error)),
        })
    };
    remove()?;
    let copied = connection.execute("vacuum into ?1", [part.to_string_lossy()]).map_err(Fault::from).and_then(|_| {
        let synced = std::fs::File::open(&part).and_then(|file| file.sync_all());
        synced.and_then(|()| std::fs::rename(&part, to)).map_err(|source| Fault::io(to, source))?;
        let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        std::fs::File::open(folder).and_then(|folder| folder.sync_all()).map_err(|source| Fault::io(folder, source))
    });
    if copied.is_err() {
        remove()?;
    }
    copied
}

/// Removes backups in `folder` that are older than `age`, because they hold personal data that the ledger has erased since.
/// Says which went.
///
/// # Errors
/// A [`Fault`] if the folder cannot be read. A folder that does not exist has no backups.
pub fn expire_backups(folder: &Path, age: Duration) -> Result<Vec<PathBuf>, Fault> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(source) => return Err(Fault::io(folder, source)),
    };
    let mut gone = Vec::new();
    for entry in entries.flatten() {
        let path = entry.path();
        let ours = path.extension().is_some_and(|extension| extension == "db");
        let old = entry.metadata().and_then(|data| data.modified()).is_ok_and(|at| at.elapsed().is_ok_and(|e| e > age));
        if ours && old {
            std::fs::remove_file(&path).map_err(|source| Fault::io(&path, source))?;
            gone.push(path);
        }
    }
    Ok(gone)
}
