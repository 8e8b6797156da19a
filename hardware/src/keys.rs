//! Buttons for a machine that has none: letters typed in the terminal.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, IsTerminal, Read};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Duration;

use crate::button::{ButtonError, ButtonSource, Polled, Press, poll_channel};

/// Presses that may wait; a pipe that writes faster is held back, not stored.
const WAITING: usize = 16;

/// A letter and Enter is a press of the button bound to that letter, in either case; any other line is none.
///
/// The end of the input is the end of the presses, not an error: a service without a terminal runs on without keys.
#[derive(Debug)]
pub struct KeyButtons {
    presses: Option<Receiver<Result<Press, ButtonError>>>,
}

impl KeyButtons {
    /// Reads lines from `reader` in a thread of its own, which ends with the input or, at the next press, with `self`.
    /// `keys` binds letters to the names of buttons.
    pub fn new(reader: impl Read + Send + 'static, keys: impl IntoIterator<Item = (char, String)>) -> Self {
        let keys: BTreeMap<char, String> = keys.into_iter().map(|(key, button)| (fold(key), button)).collect();
        let (sender, presses) = sync_channel(WAITING);
        let started = std::thread::Builder::new()
            .name("key-buttons".into())
            .spawn(move || read_presses(BufReader::new(reader), &keys, &sender));
        Self {
            // without a thread there are no presses, which is what an absent terminal means too
            presses: started.ok().map(|_| presses),
        }
    }

    /// Reads the standard input, be it a terminal or a pipe. In the background of a terminal there are no presses:
    /// reading there would stop the whole process (SIGTTIN).
    pub fn from_stdin(keys: impl IntoIterator<Item = (char, String)>) -> Self {
        if stdin_would_stop_us() {
            return Self { presses: None };
        }
        Self::new(std::io::stdin(), keys)
    }
}

impl ButtonSource for KeyButtons {
    fn next_press(&mut self, timeout: Duration) -> Result<Polled, ButtonError> {
        let Some(presses) = &self.presses else {
            return Ok(Polled::Ended);
        };
        match poll_channel(presses, timeout) {
            Some(Ok(item)) => item.map(Polled::Press),
            Some(Err(quiet)) => Ok(quiet),
            None => Ok(Polled::Ended),
        }
    }
}

fn stdin_would_stop_us() -> bool {
    let stdin = std::io::stdin();
    stdin.is_terminal() && rustix::termios::tcgetpgrp(&stdin).ok() != Some(rustix::process::getpgrp())
}

fn fold(key: char) -> char {
    key.to_lowercase().next().unwrap_or(key)
}

fn read_presses(mut input: impl BufRead, keys: &BTreeMap<char, String>, to: &SyncSender<Result<Press, ButtonError>>) {
    loop {
        let item = match next_key(&mut input) {
            Ok(None) => return,
            Ok(Some(Line::Key(key))) => match keys.get(&fold(key)) {
                Some(button) => Ok(Press::of(button)),
                None => continue,
            },
            Ok(Some(Line::Other)) => continue,
            Err(source) => Err(source),
        };
        let broken = item.is_err();
        let item = item.map_err(|source| ButtonError::Read { from: "the keys of the terminal".into(), source });
        if to.send(item).is_err() || broken {
            return;
        }
    }
}

#[derive(Debug, PartialEq)]
enum Line {
    Key(char),
    Other,
}

/// The next line, of which no more than a letter is ever kept, however long it is. A letter without its Enter at the
/// end of the input counts: `printf r` is a press.
fn next_key(input: &mut impl BufRead) -> std::io::Result<Option<Line>> {
    const KEPT: usize = 16;
    let mut line = Vec::new();
    let mut seen_any = false;
    loop {
        let chunk = match input.fill_buf() {
            Ok(chunk) => chunk,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        if chunk.is_empty() {
            return Ok(seen_any.then(|| key_of(&line)));
        }
        seen_any = true;
        let end = chunk.iter().position(|&byte| byte == b'\n');
        let part = chunk.get(..end.unwrap_or(chunk.len())).unwrap_or(chunk);
        line.extend(part.iter().take(KEPT.saturating_sub(line.len())));
        let used = part.len() + usize::from(end.is_some());
        input.consume(used);
        if end.is_some() {
            return Ok(Some(key_of(&line)));
        }
    }
}

fn key_of(line: &[u8]) -> Line {
    let text = String::from_utf8_lossy(line);
    let mut letters = text.trim().chars();
    match (letters.next(), letters.next()) {
        (Some(key), None) => Line::Key(key),
        _ => Line::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // no test waits this long: an input that ends wakes the source at once
    const LONG: Duration = Duration::from_secs(60);

    fn keys() -> [(char, String); 2] {
        [('R', "returns".into()), ('p', "pickup".into())]
    }

    fn all(mut source: KeyButtons) -> Vec<String> {
        std::iter::from_fn(|| match source.next_press(LONG).unwrap() {
            Polled::Press(press) => Some(press.button),
            Polled::Ended => None,
            other => panic!("the input ended, yet the source tells {other:?}"),
        })
        .collect()
    }

    #[test]
    fn a_letter_and_enter_is_a_press_in_either_case() {
        let source = KeyButtons::new(&b"r\nR\r\n P \np"[..], keys());
        assert_eq!(all(source), ["returns", "returns", "pickup", "pickup"]);
    }

    #[test]
    fn other_lines_are_no_presses() {
        let input = "x\n\nrr\nreturns\n\u{0}\r\nr\n".as_bytes();
        assert_eq!(all(KeyButtons::new(input, keys())), ["returns"]);
        assert!(all(KeyButtons::new(&[0xff, b'\n'][..], keys())).is_empty());
    }

    #[test]
    fn a_line_without_end_is_neither_kept_nor_a_press() {
        let input = std::io::repeat(b'r').take(1_000_000).chain(&b"\np\n"[..]);
        assert_eq!(all(KeyButtons::new(input, keys())), ["pickup"]);
    }

    #[test]
    fn no_input_ends_without_error() {
        assert!(all(KeyButtons::new(std::io::empty(), keys())).is_empty());
    }

    #[test]
    fn more_presses_than_may_wait_all_come() {
        let input = std::io::Cursor::new("r\n".repeat(WAITING * 4));
        assert_eq!(all(KeyButtons::new(input, keys())).len(), WAITING * 4);
    }

    #[test]
    fn a_broken_input_is_told_once_then_ends() {
        struct Broken;
        impl Read for Broken {
            fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
                Err(std::io::Error::other("unplugged"))
            }
        }
        let mut source = KeyButtons::new(Broken, keys());
        let error = source.next_press(LONG).unwrap_err();
        assert_eq!(error.to_string(), "cannot read presses from the keys of the terminal");
        assert_eq!(source.next_press(LONG).unwrap(), Polled::Ended);
    }
}
