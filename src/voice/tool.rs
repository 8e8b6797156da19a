//! Other programs: the speech engine and the player. Each gets its words from the settings, has its time and no more, and can
//! never hold anything up.
//!
//! Programs rather than libraries: no sound library is linked, which keeps the build for the Pi simple; one that hangs or
//! crashes is ended and started anew; and whoever wants another engine writes another command.

use std::process::Stdio;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, Command};

/// No engine says anything longer, bytes.
const MOST: u64 = 16 * 1024 * 1024;
/// So much of a complaint is kept.
const COMPLAINT: u64 = 4096;

/// Why a program did not do what it should.
#[derive(Debug, thiserror::Error)]
pub enum ToolError {
    /// It is not there, or cannot be started.
    #[error("{program} cannot be started: {source}")]
    Missing {
        /// Its name.
        program: String,
        /// Why.
        source: std::io::Error,
    },
    /// It did not end in time and was ended.
    #[error("{program} did not end within {} s", .limit.as_secs_f32())]
    Slow {
        /// Its name.
        program: String,
        /// How long it had.
        limit: Duration,
    },
    /// It ended with an error.
    #[error("{program} failed: {said}")]
    Failed {
        /// Its name.
        program: String,
        /// What it said of it.
        said: String,
    },
    /// What it wrote is no sound.
    #[error("{program} made no sound: {why}")]
    NoSound {
        /// Its name.
        program: String,
        /// Why.
        why: String,
    },
}

/// A running program and all it has started, ended when this is dropped.
struct Group {
    child: Child,
    leader: Option<Pid>,
}

impl Drop for Group {
    fn drop(&mut self) {
        // as long as it was not waited for, its number cannot be another's
        if let (Some(leader), Ok(None)) = (self.leader, self.child.try_wait()) {
            // an error means that it has just ended
            let _ = kill_process_group(leader, Signal::KILL);
        }
    }
}

/// Runs a program: `fills` replace places such as `{voice}` in its words, `input` is what it reads. Gives back what it wrote.
///
/// # Errors
/// A [`ToolError`]. When this returns, for whatever reason, or is dropped, the program has ended or was ended.
pub(super) async fn run(
    words: &[String],
    fills: &[(&str, &str)],
    input: &[u8],
    limit: Duration,
) -> Result<Vec<u8>, ToolError> {
    let filled: Vec<String> = words.iter().map(|word| fill(word, fills)).collect();
    let Some((program, rest)) = filled.split_first() else {
        let source = std::io::Error::new(std::io::ErrorKind::NotFound, "no program is named");
        return Err(ToolError::Missing { program: "the command".into(), source });
    };
    let mut command = Command::new(program);
    command.args(rest).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.process_group(0).kill_on_drop(true);
    let child = command.spawn().map_err(|source| ToolError::Missing { program: program.clone(), source })?;
    let leader = child.id().and_then(|id| Pid::from_raw(i32::try_from(id).ok()?));
    let mut group = Group { child, leader };
    match tokio::time::timeout(limit, talk(&mut group.child, input)).await {
        Ok(Ok(Talk { wrote, ended: true, .. })) => Ok(wrote),
        Ok(Ok(Talk { said, .. })) => Err(ToolError::Failed { program: program.clone(), said }),
        Ok(Err(error)) => Err(ToolError::Failed { program: program.clone(), said: error.to_string() }),
        Err(_) => Err(ToolError::Slow { program: program.clone(), limit }),
    }
}

fn fill(word: &str, fills: &[(&str, &str)]) -> String {
    fills.iter().fold(word.to_owned(), |word, (place, with)| word.replace(place, with))
}

/// What came of a program.
struct Talk {
    wrote: Vec<u8>,
    said: String,
    ended: bool,
}

/// Writes to a program, reads what it writes and waits for its end, all at once, so that no full pipe stops either side.
async fn talk(child: &mut Child, input: &[u8]) -> std::io::Result<Talk> {
    let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    let feed = async move {
        if let Some(mut stdin) = stdin {
            // who does not want to read it says so by its exit code
            let _ = stdin.write_all(input).await;
        }
    };
    let read = async move {
        let mut wrote = Vec::new();
        if let Some(stdout) = stdout {
            stdout.take(MOST).read_to_end(&mut wrote).await?;
        }
        std::io::Result::Ok(wrote)
    };
    let hear = async move {
        let mut said = Vec::new();
        if let Some(stderr) = stderr {
            stderr.take(COMPLAINT).read_to_end(&mut said).await?;
        }
        std::io::Result::Ok(said)
    };
    let ((), wrote, said) = tokio::join!(feed, read, hear);
    let status = child.wait().await?;
    let said = String::from_utf8_lossy(&said?).trim().lines().next_back().unwrap_or_default().to_owned();
    let said = if said.is_empty() { status.to_string() } else { said };
    Ok(Talk { wrote: wrote?, said, ended: status.success() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Vec<String> {
        ["sh", "-c", script].map(String::from).to_vec()
    }

    const LONG: Duration = Duration::from_secs(20);

    #[tokio::test]
    async fn a_program_gets_its_words_and_its_input() {
        let wrote = run(&shell("printf '%s ' {voice}; cat"), &[("{voice}", "de")], b"hello", LONG).await.unwrap();
        assert_eq!(wrote, b"de hello");
        // more than a pipe holds goes both ways
        let much = vec![7; 1_000_000];
        assert_eq!(run(&shell("cat"), &[], &much, LONG).await.unwrap(), much);
    }

    #[tokio::test]
    async fn what_goes_wrong_is_told_by_name() {
        let missing = run(&["/no/such/program".into()], &[], b"", LONG).await.unwrap_err();
        assert!(missing.to_string().starts_with("/no/such/program cannot be started: "), "{missing}");
        let failed = run(&shell("echo no sound card >&2; exit 3"), &[], b"", LONG).await.unwrap_err();
        assert_eq!(failed.to_string(), "sh failed: no sound card");
        assert!(matches!(run(&[], &[], b"", LONG).await, Err(ToolError::Missing { .. })));
    }

    /// Whatever it started is ended with it: two players would sound at once.
    #[tokio::test]
    async fn a_program_that_hangs_is_ended_with_its_children() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("pid");
        let script = format!("sleep 600 & echo $! > {}; wait", file.display());
        let slow = run(&shell(&script), &[], b"", Duration::from_millis(1500)).await.unwrap_err();
        assert_eq!(slow.to_string(), "sh did not end within 1.5 s");
        let pid = std::fs::read_to_string(&file).unwrap().trim().to_owned();
        let state = || std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        // it is gone, or dead and not yet collected by whoever inherits it
        let gone = || state().is_empty() || state().contains(") Z ");
        for _ in 0..500 {
            if gone() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("the child lives: {}", state());
    }
}
