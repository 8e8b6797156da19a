//! Dots that cannot be mistaken for commands.
//!
//! A printer obeys `DLE EOT n`, `DLE ENQ n` and `DLE DC4 …` the moment they come in, and many do so inside raster data too (Epson
//! warns of it on the page of each of them). `DLE DC4` can open a drawer or switch the printer off; `DLE EOT` makes it answer what
//! nobody asked, and an answer to nobody can be taken for the answer to somebody.
//!
//! The byte `DLE` is 0x10: a single black dot with white to both sides. It is dangerous only before 0x04, 0x05 and 0x14. There the
//! dot gets a black neighbour: an eighth of a millimetre more ink on a hairline, which nobody sees, and the byte is another one.
//! Splitting the picture elsewhere cannot do that (the two bytes may stand in the middle of a row), and taking the dot away
//! could open a hairline.

use super::{DC4, DLE, ENQ, EOT};

/// Where a real-time command begins in these bytes, if anywhere.
#[must_use]
pub fn real_time_at(bytes: &[u8]) -> Option<usize> {
    bytes.windows(2).position(|pair| matches!(pair, [DLE, EOT | ENQ | DC4]))
}

/// Takes every real-time command out of raster data, rows of `width` bytes that will be sent as one run, by blackening one dot
/// beside each single dot that would begin one. Returns how many dots that are.
///
/// `DLE` at the very end of the run is harmless: a command's first byte follows it, never one of the three.
pub fn defuse(dots: &mut [u8], width: usize) -> usize {
    let mut changed = 0;
    let mut from = 0;
    while let Some(at) = dots.get(from..).and_then(real_time_at).map(|at| from + at) {
        // to the side where the row above or below is black already, so that an edge is moved rather than a spur made
        let beside = |at: Option<usize>| at.and_then(|at| dots.get(at)).copied().unwrap_or(0);
        let near = beside(at.checked_sub(width)) | beside(at.checked_add(width));
        let with = if near & 0x20 != 0 && near & 0x08 == 0 { 0x20 } else { 0x08 };
        if let Some(byte) = dots.get_mut(at) {
            *byte |= with;
        }
        changed += 1;
        from = at + 1;
    }
    changed
}
