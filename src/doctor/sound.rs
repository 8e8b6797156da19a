//! Chime and voice.

use super::Wishes;
use super::finding::Finding;
use super::place::Place;

/// Looks at the sound.
pub(super) fn examine(place: &Place, wishes: Wishes) -> Vec<Finding> {
    let _ = (place, wishes);
    Vec::new()
}
