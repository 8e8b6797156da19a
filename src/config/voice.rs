//! `[voice]`: spoken calls.

use std::collections::BTreeMap;

use chrono::NaiveTime;
use serde::{Deserialize, Deserializer};

use super::words::{Stretch, expecting};

/// The languages that can be spoken, by their codes.
pub const SPOKEN: [&str; 12] = ["en", "de", "es", "fr", "pl", "tr", "ar", "he", "hi", "zh", "uk", "vi"];
/// So many languages of the branch are spoken where none are named.
pub const SPOKEN_OF_BRANCH: usize = 2;
/// A call in more languages lasts too long.
const MOST: usize = 4;

/// `[voice]`: how calls sound.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct VoiceSettings {
    /// Whether anything sounds at all.
    pub on: bool,
    /// The languages of a call whose customer chose none, in this order: at most four. Empty: the branch's first two.
    #[serde(deserialize_with = "languages")]
    pub languages: Vec<String>,
    /// Whether a number is said as it is drawn at a button or the kiosk.
    pub drawn: bool,
    /// The speech engine: a program and its words, with `{voice}`, `{language}`, `{pace}`, `{text}` and `{ssml}` replaced. It
    /// writes a WAV file to its standard output; without `{text}` and `{ssml}` it reads the text from its standard input.
    #[serde(deserialize_with = "command")]
    pub engine: Vec<String>,
    /// What `{voice}` is, by language, where it is not espeak-ng's.
    #[serde(deserialize_with = "voices")]
    pub voices: BTreeMap<String, String>,
    /// The player: a program and its words. It reads a WAV file from its standard input and ends when it has been heard.
    #[serde(deserialize_with = "command")]
    pub player: Vec<String>,
    /// How loud, percent.
    #[serde(deserialize_with = "percent")]
    pub volume: u8,
    /// How loud out of hours, percent.
    #[serde(deserialize_with = "percent")]
    pub quiet_volume: u8,
    /// When it is quieter besides out of the opening hours, local time; a stretch may run over midnight.
    #[serde(deserialize_with = "stretches")]
    pub quiet_hours: Vec<(NaiveTime, NaiveTime)>,
    /// How fast, words a minute: 80 to 300.
    #[serde(deserialize_with = "pace")]
    pub pace: u32,
}

impl Default for VoiceSettings {
    fn default() -> Self {
        let words = |words: &[&str]| words.iter().copied().map(String::from).collect();
        Self {
            on: true,
            languages: Vec::new(),
            drawn: true,
            engine: words(&["espeak-ng", "-m", "-v", "{voice}+f2", "-s", "{pace}", "--stdout", "{ssml}"]),
            voices: BTreeMap::new(),
            player: words(&["aplay", "-q", "-"]),
            volume: 100,
            quiet_volume: 50,
            quiet_hours: Vec::new(),
            pace: 140,
        }
    }
}

impl VoiceSettings {
    /// Whether it is quiet at a local time by the settings alone.
    #[must_use]
    pub fn is_quiet(&self, time: NaiveTime) -> bool {
        let inside = |(from, to): &(NaiveTime, NaiveTime)| {
            if from <= to { (*from..*to).contains(&time) } else { time >= *from || time < *to }
        };
        self.quiet_hours.iter().any(inside)
    }
}

fn language(code: &str) -> Option<String> {
    SPOKEN.contains(&code).then(|| code.to_owned())
}

fn languages<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let codes = Vec::<String>::deserialize(deserializer)?;
    let known: Option<Vec<String>> = codes.iter().map(|code| language(code)).collect();
    match known {
        Some(known) if known.len() <= MOST => Ok(known),
        _ => Err(expecting(&format!("a list of at most {MOST} of {}", SPOKEN.join(", ")))),
    }
}

fn voices<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<String, String>, D::Error> {
    let voices = BTreeMap::<String, String>::deserialize(deserializer)?;
    match voices.keys().find(|code| language(code).is_none()) {
        Some(_) => Err(expecting(&format!("a voice for each of {}", SPOKEN.join(", ")))),
        None => Ok(voices),
    }
}

fn command<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let words = Vec::<String>::deserialize(deserializer)?;
    match words.first() {
        Some(program) if !program.trim().is_empty() => Ok(words),
        _ => Err(expecting("a program and its words, such as [\"aplay\", \"-q\", \"-\"]")),
    }
}

fn percent<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u8, D::Error> {
    match u32::deserialize(deserializer)? {
        percent @ 0..=100 => Ok(u8::try_from(percent).unwrap_or(100)),
        _ => Err(expecting("a whole number from 0 to 100")),
    }
}

fn pace<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    match u32::deserialize(deserializer)? {
        pace @ 80..=300 => Ok(pace),
        _ => Err(expecting("a whole number from 80 to 300")),
    }
}

fn stretches<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<(NaiveTime, NaiveTime)>, D::Error> {
    Ok(Vec::<Stretch>::deserialize(deserializer)?.into_iter().map(|stretch| (stretch.0.open, stretch.0.close)).collect())
}
