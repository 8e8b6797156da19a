//! Phrases that were made already, in memory, bounded.

use std::collections::HashMap;
use std::sync::Arc;

use super::script::Line;
use super::sound::Sound;

/// What all phrases together may take: about two minutes of speech, 80 to 100 phrases.
pub const STORE_BYTES: usize = 12 * 1024 * 1024;

/// See the module's text.
#[derive(Debug, Default)]
pub(super) struct Store {
    sounds: HashMap<Line, (Arc<Sound>, u64)>,
    bytes: usize,
    uses: u64,
}

impl Store {
    /// A phrase, if it was made.
    pub(super) fn get(&mut self, line: &Line) -> Option<Arc<Sound>> {
        self.uses += 1;
        let (sound, used) = self.sounds.get_mut(line)?;
        *used = self.uses;
        Some(sound.clone())
    }

    /// Keeps a phrase. What was not used for the longest makes room.
    pub(super) fn put(&mut self, line: Line, sound: Arc<Sound>) {
        self.uses += 1;
        self.bytes += sound.bytes();
        if let Some((old, _)) = self.sounds.insert(line, (sound, self.uses)) {
            self.bytes -= old.bytes();
        }
        while self.bytes > STORE_BYTES {
            let oldest = self.sounds.iter().min_by_key(|(_, (_, used))| *used).map(|(line, _)| line.clone());
            let Some((gone, _)) = oldest.and_then(|line| self.sounds.remove(&line)) else { break };
            self.bytes -= gone.bytes();
        }
    }

    /// The first of these that is missing and that there is room for beside those before it.
    pub(super) fn first_missing(&mut self, wanted: Vec<Line>) -> Option<Line> {
        let mut bytes = 0;
        for line in wanted {
            match self.get(&line) {
                Some(sound) => bytes += sound.bytes(),
                None => return Some(line),
            }
            if bytes >= STORE_BYTES * 9 / 10 {
                return None;
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::voice::words::{Language, Phrase};

    fn line(n: usize) -> Line {
        (Language::of("en").unwrap(), Phrase::Number(format!("A{n}")))
    }

    #[test]
    fn it_never_grows_over_its_bound_and_keeps_what_is_used() {
        let mut store = Store::default();
        let sound = Arc::new(Sound::silence(3_000));
        let fit = STORE_BYTES / sound.bytes();
        for n in 0..2 * fit {
            store.put(line(n), sound.clone());
            assert!(store.get(&line(0)).is_some(), "what is used all the time stays");
            assert!(store.bytes <= STORE_BYTES && store.bytes == store.sounds.len() * sound.bytes());
        }
        assert!(store.get(&line(1)).is_none());
        // again the same: nothing is counted twice
        store.put(line(0), sound.clone());
        assert_eq!(store.bytes, store.sounds.len() * sound.bytes());
    }

    #[test]
    fn more_is_not_asked_for_than_there_is_room() {
        let mut store = Store::default();
        let wanted: Vec<Line> = (0..1000).map(line).collect();
        let mut made = 0;
        while let Some(missing) = store.first_missing(wanted.clone()) {
            store.put(missing, Arc::new(Sound::silence(4_000)));
            made += 1;
            assert!(made < 1000);
        }
        assert!(store.get(&line(0)).is_some(), "the most probable is not put out by the less probable");
    }
}
