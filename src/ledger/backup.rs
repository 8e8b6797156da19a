//! Backups: a consistent copy of the ledger while it is in use, and their end.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::{Fault, open_any};

/// Copies the ledger at `from` to the new file `to`: consistent, compact, durable when this returns.
///
/// # Errors
/// A [`Fault`]: the target exists or cannot be written. Nothing is left half written under its name.
pub fn backup(from: &Path, to: &Path) -> Result<(), Fault> {
    if to.exists() {
        let exists = std::io::Error::new(std::io::ErrorKind::AlreadyExists, "the file exists; choose a new name");
        return Err(Fault::io(to, exists));
    }
    // of an older version too: before an upgrade a copy is wanted most
    let connection = open_any(from)?;
    // "vacuum into" counts as a write, though it only reads here
    connection.pragma_update(None, "query_only", false)?;
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
        // it holds what customers told the desk: for this user only
        let private = std::fs::Permissions::from_mode(0o600);
        let synced = std::fs::set_permissions(&part, private).and_then(|()| std::fs::File::open(&part)?.sync_all());
        synced.and_then(|()| std::fs::rename(&part, to)).map_err(|source| Fault::io(to, source))?;
        let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        std::fs::File::open(folder).and_then(|folder| folder.sync_all()).map_err(|source| Fault::io(folder, source))
    });
    if copied.is_err() {
        remove()?;
    }
    copied
}

/// Removes backups in `folder` (`ledger-….db`, and `.part` where one was cut short) that are older than `age`, because they hold
/// personal data that the ledger has erased since. Says which went.
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
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let ours = name.starts_with("ledger-") && (name.ends_with(".db") || name.ends_with(".db.part"));
        let old = entry.metadata().and_then(|data| data.modified()).is_ok_and(|at| at.elapsed().is_ok_and(|e| e > age));
        if ours && old {
            std::fs::remove_file(&path).map_err(|source| Fault::io(&path, source))?;
            gone.push(path);
        }
    }
    Ok(gone)
}
