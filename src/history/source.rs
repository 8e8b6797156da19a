//! The bytes of a history as lines: packed or not, with or without a byte order mark, with a bound on every line.

use std::io::{self, BufRead, BufReader, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::HistoryError;

/// No line of a history is longer; what is longer is refused without being kept.
const LONGEST: usize = 64 * 1024;
/// How much is read at once.
const CHUNK: usize = 128 * 1024;

/// Counts the bytes that were read of the file as it lies on the disk.
struct Counted<R> {
    inner: R,
    read: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.read.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

/// What a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// It is in the buffer, without its end.
    Whole,
    /// It was longer than any line of a history; its end was skipped over.
    TooLong,
}

/// Lines of a history.
pub(super) struct Lines {
    source: Box<dyn BufRead + Send>,
    read: Arc<AtomicU64>,
    number: u64,
}

impl Lines {
    /// Looks at the first bytes: a gzip file is unpacked, a byte order mark is passed over.
    pub(super) fn open(source: impl Read + Send + 'static) -> Result<Self, HistoryError> {
        let read = Arc::new(AtomicU64::new(0));
        let mut raw = BufReader::with_capacity(CHUNK, Counted { inner: source, read: read.clone() });
        let mut source: Box<dyn BufRead + Send> = match raw.fill_buf()? {
            [0x1f, 0x8b, ..] => Box::new(BufReader::with_capacity(CHUNK, flate2::bufread::MultiGzDecoder::new(raw))),
            _ => Box::new(raw),
        };
        match source.fill_buf()? {
            [0xef, 0xbb, 0xbf, ..] => source.consume(3),
            [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => return Err(HistoryError::Utf16),
            _ => {}
        }
        Ok(Self { source, read, number: 0 })
    }

    /// The number of the line that was read last; the first is 1.
    pub(super) fn number(&self) -> u64 {
        self.number
    }

    /// Bytes read so far of the file as it lies on the disk.
    pub(super) fn bytes(&self) -> u64 {
        self.read.load(Ordering::Relaxed)
    }

    /// Reads the next line into `line`; `None` at the end.
    pub(super) fn next(&mut self, line: &mut Vec<u8>) -> io::Result<Option<Line>> {
        line.clear();
        let limit = LONGEST as u64 + 1;
        if (&mut self.source).take(limit).read_until(b'\n', line)? == 0 {
            return Ok(None);
        }
        self.number += 1;
        let ended = line.last() == Some(&b'\n');
        if !ended && line.len() > LONGEST {
            line.clear();
            self.skip_line()?;
            return Ok(Some(Line::TooLong));
        }
        while matches!(line.last(), Some(b'\n' | b'\r')) {
            line.pop();
        }
        Ok(Some(Line::Whole))
    }

    fn skip_line(&mut self) -> io::Result<()> {
        loop {
            let chunk = self.source.fill_buf()?;
            if chunk.is_empty() {
                return Ok(());
            }
            match chunk.iter().position(|byte| *byte == b'\n') {
                Some(at) => {
                    self.source.consume(at + 1);
                    return Ok(());
                }
                None => {
                    let all = chunk.len();
                    self.source.consume(all);
                }
            }
        }
    }
}
