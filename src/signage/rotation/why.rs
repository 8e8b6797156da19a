//! Why something was chosen, as data and as a sentence for staff.

use serde::Serialize;

use super::need::Counted;
use crate::queue::ServiceId;
use crate::signage::Kind;

/// Why something was chosen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "because", rename_all = "snake_case")]
pub enum Why {
    /// It is pinned, and no pinned one has been gone for longer.
    Pinned,
    /// It is owed some of its least share.
    Share {
        /// The share, per cent.
        per_cent: u8,
    },
    /// Its playlist is owed some of its share, and it is its turn there.
    Playlist {
        /// Which.
        name: String,
        /// The share, per cent.
        per_cent: u8,
    },
    /// Nothing does more for those who wait.
    Line(Counted),
    /// One choice in ten is left to chance.
    Explored,
    /// Nobody waits; it has been gone for longest.
    NobodyWaits,
    /// Those who wait have read twice what is for them; it has been gone for longest.
    AllSeen,
    /// Everything was there within the last minute; it has been gone for longest.
    NothingElse,
}

impl Why {
    /// The word in tables.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Pinned => "pinned",
            Self::Share { .. } => "share",
            Self::Playlist { .. } => "playlist",
            Self::Line(_) => "line",
            Self::Explored => "explored",
            Self::NobodyWaits => "nobody_waits",
            Self::AllSeen => "all_seen",
            Self::NothingElse => "nothing_else",
        }
    }

    /// A sentence without its full stop; `name` says what a service is called.
    #[must_use]
    pub fn sentence(&self, name: impl Fn(&ServiceId) -> String) -> String {
        match self {
            Self::Pinned => "Shown because it is pinned".into(),
            Self::Share { per_cent } => {
                format!("Shown because {per_cent} % of the board's time is kept for it and it had less")
            }
            Self::Playlist { name, per_cent } => format!(
                "Shown because it is next in the playlist “{name}”, which has {per_cent} % of the board's time now and had less"
            ),
            Self::Line(counted) => format!("Shown because {}", line(counted, name)),
            Self::Explored => "Shown by chance, as one in ten is, to learn whether it helps".into(),
            Self::NobodyWaits => "Shown because nobody waits and it has been gone for longest".into(),
            Self::AllSeen => {
                "Shown because those who wait have seen what is for them and it has been gone for longest".into()
            }
            Self::NothingElse => "Shown because there is nothing else that was not there within the last minute".into(),
        }
    }
}

/// "nine people wait for Returns and none has seen it".
fn line(counted: &Counted, name: impl Fn(&ServiceId) -> String) -> String {
    let services: Vec<String> = counted.services.iter().map(name).collect();
    let services = match services.as_slice() {
        [only] => only.clone(),
        [first, second] => format!("{first} and {second}"),
        many => format!("{} services", number(many.len() as u32)),
    };
    let seen = counted.waiting - counted.unseen.min(counted.waiting);
    let who = match counted.waiting {
        1 => format!("one person waits for {services} and has {} it", if seen == 0 { "not seen" } else { "only once seen" }),
        waiting => {
            let eyes = match (seen, counted.unseen) {
                (0, _) => "none has seen it".into(),
                (_, 0) => "all have seen it only once".into(),
                (_, 1) => "one of them has not seen it".into(),
                (_, unseen) => format!("{} of them have not seen it", number(unseen)),
            };
            format!("{} people wait for {services} and {eyes}", number(waiting))
        }
    };
    let (has, have) = match counted.kind {
        Kind::Prepares => ("is called within five minutes", "are called within five minutes"),
        _ => ("has ten minutes or more to wait", "have ten minutes or more to wait"),
    };
    match (counted.doubled, counted.waiting) {
        (0, _) => who,
        (1, 1) => format!("{who}; this one {has}"),
        (1, _) => format!("{who}; one of them {has}"),
        (doubled, _) => format!("{who}; {} of them {have}", number(doubled)),
    }
}

/// Small numbers as words.
fn number(number: u32) -> String {
    const WORDS: [&str; 13] =
        ["none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];
    WORDS.get(number as usize).map_or_else(|| number.to_string(), |word| (*word).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sentence_says_who_waits_and_who_has_seen_it() {
        let name = |id: &ServiceId| format!("<{id}>");
        let counted = |waiting, unseen, doubled, services: &[&str]| Counted {
            waiting,
            unseen,
            doubled,
            kind: Kind::Answers,
            services: services.iter().map(|id| ServiceId::from(*id)).collect(),
        };
        for (counted, sentence) in [
            (counted(9, 9, 0, &["R"]), "Shown because nine people wait for <R> and none has seen it"),
            (counted(1, 1, 0, &["R"]), "Shown because one person waits for <R> and has not seen it"),
            (counted(1, 0, 0, &["R"]), "Shown because one person waits for <R> and has only once seen it"),
            (counted(13, 1, 0, &["R", "P"]), "Shown because 13 people wait for <R> and <P> and one of them has not seen it"),
            (
                counted(4, 0, 0, &["A", "B", "C"]),
                "Shown because four people wait for three services and all have seen it only once",
            ),
            (
                counted(3, 2, 2, &["R"]),
                "Shown because three people wait for <R> and two of them have not seen it; two of them have ten minutes or more to wait",
            ),
        ] {
            assert_eq!(Why::Line(counted).sentence(name), sentence);
        }
        let prepares = Counted { kind: Kind::Prepares, ..counted(1, 1, 1, &["R"]) };
        let sentence = Why::Line(prepares).sentence(name);
        assert_eq!(
            sentence,
            "Shown because one person waits for <R> and has not seen it; this one is called within five minutes"
        );
    }
}
