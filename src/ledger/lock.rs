//! Only one hub holds a data folder. The lock is the kernel's (`flock`), so a killed holder leaves nothing behind; the file's
//! text names the holder for whoever comes second.

use std::fmt;
use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::Fault;

const FILE_NAME: &str = "hub.lock";

/// Who holds a data folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// Its process.
    pub pid: u32,
    /// Where it answers, `http://ADDR:PORT`.
    pub address: String,
    /// The data folder.
    pub folder: PathBuf,
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let folder = self.folder.display();
        if self.pid == 0 {
            return write!(
                f,
                "The data folder {folder} is in use by another nowserving. Stop it, or choose another with --data."
            );
        }
        write!(
            f,
            "The data folder {folder} is in use by process {} ({}). Stop that one, or choose another folder with --data.",
            self.pid, self.address
        )
    }
}

/// Holds a data folder until it is dropped or the process ends.
#[derive(Debug)]
pub struct FolderLock {
    file: File,
    folder: PathBuf,
}

impl FolderLock {
    /// Takes the folder, and makes it if it does not exist.
    ///
    /// # Errors
    /// [`Fault::Held`] names who has it; [`Fault::Io`] if the folder cannot be used.
    pub fn take(folder: &Path) -> Result<Self, Fault> {
        // what it holds is for this user alone: keys, names, hashed PINs
        let make = DirBuilder::new().recursive(true).mode(0o700).create(folder);
        make.map_err(|source| Fault::io(folder, source))?;
        let path = folder.join(FILE_NAME);
        let open = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path);
        let file = open.map_err(|source| Fault::io(&path, source))?;
        match file.try_lock() {
            Ok(()) => Ok(Self { file, folder: folder.to_owned() }),
            Err(TryLockError::WouldBlock) => {
                let unknown = Holder { pid: 0, address: String::new(), folder: folder.to_owned() };
                Err(Fault::Held(read_holder(&path).unwrap_or(unknown)))
            }
            Err(TryLockError::Error(source)) => Err(Fault::io(&path, source)),
        }
    }

    /// Writes down where the holder answers.
    ///
    /// # Errors
    /// [`Fault::Io`] if the lock file cannot be written.
    pub fn announce(&mut self, address: &str) -> Result<(), Fault> {
        let holder = Holder { pid: std::process::id(), address: address.to_owned(), folder: self.folder.clone() };
        let write = |file: &mut File| -> std::io::Result<()> {
            file.seek(SeekFrom::Start(0))?;
            file.set_len(0)?;
            file.write_all(serde_json::to_string(&holder)?.as_bytes())
        };
        write(&mut self.file).map_err(|source| Fault::io(&self.folder.join(FILE_NAME), source))
    }

    /// Who holds `folder` now, if anybody does.
    #[must_use]
    pub fn holder(folder: &Path) -> Option<Holder> {
        let path = folder.join(FILE_NAME);
        let file = File::open(&path).ok()?;
        matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock)).then(|| read_holder(&path)).flatten()
    }
}

fn read_holder(path: &Path) -> Option<Holder> {
    let mut text = String::new();
    File::open(path).ok()?.read_to_string(&mut text).ok()?;
    serde_json::from_str(&text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_taker_is_told_who_holds_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        let mut lock = FolderLock::take(folder.path()).unwrap();
        lock.announce("http://127.0.0.1:8080").unwrap();
        let Err(Fault::Held(holder)) = FolderLock::take(folder.path()) else { panic!("taken twice") };
        assert_eq!((holder.pid, holder.address.as_str()), (std::process::id(), "http://127.0.0.1:8080"));
        assert_eq!(FolderLock::holder(folder.path()), Some(holder));
        drop(lock);
        assert_eq!(FolderLock::holder(folder.path()), None);
        FolderLock::take(folder.path()).unwrap();
    }
}
