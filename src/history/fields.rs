//! One line as fields. Quoting is `csv-core`'s, the parser under the crate `csv`; a record ends with its line.
//!
//! The crate `csv` itself lets a quoted field run over lines. In a history that is never meant: one stray quotation mark would
//! swallow the rest of a file of ten million rows, and its memory.

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

use super::Reason;

/// More columns than any history has.
const MOST: usize = 256;

/// Splits lines; its buffers are used again.
pub(super) struct Splitter {
    reader: Reader,
    text: Vec<u8>,
    ends: Vec<usize>,
}

/// The fields of a line.
#[derive(Clone, Copy)]
pub(super) struct Fields<'a> {
    text: &'a str,
    ends: &'a [usize],
}

impl<'a> Fields<'a> {
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// A field without white space around it; empty if there is none.
    pub(super) fn get(&self, index: usize) -> &'a str {
        let start = if index == 0 { Some(0) } else { self.ends.get(index - 1).copied() };
        let range = start.zip(self.ends.get(index).copied());
        range.and_then(|(start, end)| self.text.get(start..end)).unwrap_or_default().trim()
    }

    pub(super) fn iter(self) -> impl Iterator<Item = &'a str> {
        (0..self.len()).map(move |index| self.get(index))
    }
}

impl Splitter {
    pub(super) fn new(delimiter: u8) -> Self {
        Self { reader: ReaderBuilder::new().delimiter(delimiter).build(), text: Vec::new(), ends: vec![0; MOST] }
    }

    pub(super) fn split(&mut self, line: &str) -> Result<Fields<'_>, Reason> {
        self.reader.reset();
        self.text.resize(line.len() + 1, 0);
        let (mut written, mut ended) = (0, 0);
        // the line's end is told apart, so that a quotation mark which is still open shows
        for part in [line.as_bytes(), b"\n"] {
            let (result, read, wrote, ends) =
                self.reader.read_record(part, &mut self.text[written..], &mut self.ends[ended..]);
            written += wrote;
            ended += ends;
            match result {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::Record if read == part.len() && part == b"\n" => {
                    let text = self.text.get(..written).and_then(|text| std::str::from_utf8(text).ok());
                    return Ok(Fields { text: text.ok_or(Reason::NotUtf8)?, ends: &self.ends[..ended] });
                }
                _ => return Err(Reason::Fields),
            }
        }
        Err(Reason::OpenQuote)
    }
}
