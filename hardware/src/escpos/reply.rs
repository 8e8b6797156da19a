//! What a printer answers.
//!
//! Answers have no length and no address; they are told apart by the bits that are fixed in each kind (Epson, page "identifying
//! status"). What fits none of them is dropped: flow control, the chatter of clones, the rest of an answer whose beginning was
//! lost.

/// One answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reply {
    /// To `DLE EOT`: `0xx1xx10`. It does not say to which of the four.
    Status(u8),
    /// To `GS r`: `0xx0xxxx`.
    Paper(u8),
    /// To `GS ( H`: everything before the question of this name is on paper.
    Done([u8; 4]),
    /// Automatic status back, which nobody asked for: four bytes, the first `0xx1xx00`.
    Automatic([u8; 4]),
}

/// Reads answers from bytes in any portions. Never fails on any bytes.
#[derive(Clone, Debug, Default)]
pub struct Replies {
    begun: Vec<u8>,
}

/// The head of the answer to `GS ( H`.
const DONE: [u8; 2] = [0x37, 0x22];

impl Replies {
    /// Takes one byte in; gives the answer that it completes.
    pub fn push(&mut self, byte: u8) -> Option<Reply> {
        self.begun.push(byte);
        loop {
            match self.begun.as_slice() {
                [] | [0x37] | [0x37, 0x22] => return None,
                [0x37, 0x22, a, b, c, d, 0] => {
                    let name = [*a, *b, *c, *d];
                    self.begun.clear();
                    return Some(Reply::Done(name));
                }
                [0x37, 0x22, name @ ..] => {
                    // no name has a zero in it: this one was broken off, and what there is of it must not look like another
                    if name.len() >= 5 || name.contains(&0) {
                        self.begun.clear();
                    }
                    return None;
                }
                [0x37, ..] => drop(self.begun.remove(0)),
                [first, rest @ ..] if first & 0x93 == 0x10 => match rest {
                    [.., last] if last & 0x90 != 0 => self.begun = vec![*last],
                    [b, c, d] => {
                        let status = [*first, *b, *c, *d];
                        self.begun.clear();
                        return Some(Reply::Automatic(status));
                    }
                    _ => return None,
                },
                [first, ..] => {
                    let first = *first;
                    self.begun.clear();
                    return single(first);
                }
            }
        }
    }

    /// Takes bytes in; gives the answers that they complete.
    pub fn read(&mut self, bytes: &[u8]) -> Vec<Reply> {
        bytes.iter().filter_map(|byte| self.push(*byte)).collect()
    }

    /// Forgets an answer that has begun: the connection is a new one, or nothing came any more.
    pub fn reset(&mut self) {
        self.begun.clear();
    }
}

/// An answer of one byte. Flow control (0x11, 0x13) looks like neither.
fn single(byte: u8) -> Option<Reply> {
    match byte {
        byte if byte & 0x93 == 0x12 => Some(Reply::Status(byte)),
        byte if byte & 0x90 == 0 => Some(Reply::Paper(byte)),
        _ => None,
    }
}

impl Reply {
    /// The bytes a printer sends for it.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        match self {
            Self::Status(byte) | Self::Paper(byte) => vec![*byte],
            Self::Done(name) => [&DONE[..], name, &[0]].concat(),
            Self::Automatic(bytes) => bytes.to_vec(),
        }
    }
}
