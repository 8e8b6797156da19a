//! A printer whose paper is a folder of PNG files.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::printer::{Job, Outcome, Printer, PrinterError, PrinterStatus, Stage, Watch};

/// Writes every job as `NAME.png` into a folder: what runs where no printer is, and what a preview looks at.
///
/// A file appears whole or not at all (written beside, synced, renamed), and [`Outcome::Confirmed`] means it is on
/// disk. A job printed again under the same name replaces its own file, so there is never a second one.
#[derive(Debug)]
pub struct PicturePrinter {
    dir: PathBuf,
}

impl PicturePrinter {
    /// A printer into `dir`, which is made if it is not there.
    ///
    /// # Errors
    /// [`PrinterError::Write`] with the path, when the folder cannot be made.
    pub fn new(dir: impl Into<PathBuf>) -> Result<Self, PrinterError> {
        let dir = dir.into();
        fs::create_dir_all(&dir).map_err(|source| failed(&dir, source))?;
        Ok(Self { dir })
    }

    /// The file a job of that name becomes.
    pub fn path_of(&self, name: &crate::JobName) -> PathBuf {
        self.dir.join(format!("{name}.png"))
    }
}

impl Printer for PicturePrinter {
    fn print(&mut self, job: &Job, watch: &mut Watch<'_>) -> Result<Outcome, PrinterError> {
        if watch(Stage::Sending).is_break() {
            return Err(PrinterError::Stopped);
        }
        let picture = job.bitmap.to_png().map_err(|source| PrinterError::Encode { name: job.name.clone(), source })?;
        // one fixed name beside it, and not .png: what a crash leaves is overwritten by the next try, and no one who
        // lists the pictures meets half of one
        let part = self.dir.join(format!(".{}.part", job.name));
        let path = self.path_of(&job.name);
        if let Err(source) = write_synced(&part, &picture) {
            // best effort: the write's own reason is what matters
            let _ = fs::remove_file(&part);
            return Err(failed(&path, source));
        }
        if let Err(source) = fs::rename(&part, &path) {
            let _ = fs::remove_file(&part);
            return Err(failed(&path, source));
        }
        Ok(match File::open(&self.dir).and_then(|dir| dir.sync_all()) {
            Ok(()) => Outcome::Confirmed,
            Err(error) => {
                Outcome::Unknown { why: format!("{} is written but may not outlast a power cut: {error}", path.display()) }
            }
        })
    }

    fn status(&mut self) -> PrinterStatus {
        if self.dir.is_dir() {
            PrinterStatus::Ready
        } else {
            PrinterStatus::Fault(format!("{} is no folder", self.dir.display()))
        }
    }

    fn describe(&self) -> String {
        format!("pictures in {}", self.dir.display())
    }
}

fn failed(path: &Path, source: std::io::Error) -> PrinterError {
    PrinterError::Write { path: path.to_owned(), source }
}

fn write_synced(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Bitmap, JobName};

    fn job(name: &str, black: (u32, u32)) -> Job {
        let mut bitmap = Bitmap::new(384, 20).unwrap();
        bitmap.set(black.0, black.1, true);
        Job { name: JobName::new(name).unwrap(), bitmap }
    }

    fn print(printer: &mut PicturePrinter, job: &Job) -> Result<Outcome, PrinterError> {
        printer.print(job, &mut |_| std::ops::ControlFlow::Continue(()))
    }

    fn files(dir: &Path) -> Vec<String> {
        let mut names: Vec<String> =
            fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    fn decode(path: &Path) -> Bitmap {
        let file = std::io::BufReader::new(File::open(path).unwrap());
        let mut reader = png::Decoder::new(file).read_info().unwrap();
        let mut seen = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut seen).unwrap();
        let dots = seen.iter().map(|byte| !byte).collect();
        Bitmap::from_bytes(info.width, info.height, dots).unwrap()
    }

    #[test]
    fn a_confirmed_job_is_a_file_with_the_same_dots_and_nothing_else() {
        let dir = tempfile::tempdir().unwrap();
        let out = dir.path().join("printed/today");
        let mut printer = PicturePrinter::new(&out).unwrap();
        assert_eq!(printer.status(), PrinterStatus::Ready);
        let job = job("R043", (383, 19));
        assert_eq!(print(&mut printer, &job).unwrap(), Outcome::Confirmed);
        assert_eq!(files(&out), ["R043.png"]);
        assert_eq!(decode(&printer.path_of(&job.name)), job.bitmap);
    }

    #[test]
    fn the_same_job_twice_is_one_file() {
        let dir = tempfile::tempdir().unwrap();
        // what a crash in the middle of writing leaves
        fs::write(dir.path().join(".R043.part"), b"half").unwrap();
        let mut printer = PicturePrinter::new(dir.path()).unwrap();
        let again = job("R043", (5, 5));
        print(&mut printer, &job("R043", (0, 0))).unwrap();
        assert_eq!(print(&mut printer, &again).unwrap(), Outcome::Confirmed);
        print(&mut printer, &job("R044", (0, 0))).unwrap();
        assert_eq!(files(dir.path()), ["R043.png", "R044.png"]);
        assert_eq!(decode(&printer.path_of(&again.name)), again.bitmap);
    }

    #[test]
    fn a_failure_names_the_path_and_leaves_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let mut printer = PicturePrinter::new(dir.path().join("out")).unwrap();
        let blocked = printer.path_of(&JobName::new("R043").unwrap());
        // a folder in the file's place: the rename fails, for root too
        fs::create_dir(&blocked).unwrap();
        let error = print(&mut printer, &job("R043", (0, 0))).unwrap_err();
        assert!(matches!(&error, PrinterError::Write { path, .. } if *path == blocked));
        assert!(error.to_string().contains(blocked.to_str().unwrap()));
        assert_eq!(files(&dir.path().join("out")), ["R043.png"]);
    }

    #[test]
    fn a_folder_that_went_away_is_a_fault_and_nothing_is_sent() {
        let dir = tempfile::tempdir().unwrap();
        let out = dir.path().join("out");
        let mut printer = PicturePrinter::new(&out).unwrap();
        fs::remove_dir(&out).unwrap();
        assert!(!printer.status().can_print());
        let error = print(&mut printer, &job("R043", (0, 0))).unwrap_err();
        assert!(error.to_string().contains("R043.png"));
        let file = dir.path().join("file");
        fs::write(&file, b"").unwrap();
        let error = PicturePrinter::new(&file).unwrap_err();
        assert!(error.to_string().contains(file.to_str().unwrap()));
    }
}
