//! From phrases to sound in the hall: the engine and the player, as the settings name them.

use std::sync::Arc;
use std::time::Duration;

use super::chime::chime;
use super::script::Line;
use super::sound::Sound;
use super::tool::{self, ToolError};
use crate::config::VoiceSettings;

/// How long the engine may take for a phrase that is prepared ahead.
const ENGINE_LIMIT: Duration = Duration::from_secs(10);
/// How long it may take for all phrases of a call whose chime has begun.
const HURRY: Duration = Duration::from_secs(4);
/// How much longer than its sound a player may take.
const PLAYER_GRACE: Duration = Duration::from_secs(5);
/// Between the chime and the number, milliseconds.
const AFTER_CHIME: u32 = 120;
/// Between two phrases of one language, milliseconds.
const BETWEEN: u32 = 160;
/// Between two languages, milliseconds.
const NEXT_LANGUAGE: u32 = 450;
/// After everything, so that two calls can be told apart, milliseconds.
const AFTER: u32 = 350;

/// The engine, the player and the chime.
#[derive(Debug)]
pub struct Tools {
    settings: VoiceSettings,
    chime: Sound,
}

/// What came of an utterance.
#[derive(Debug, Default)]
pub struct Uttered {
    /// Phrases that had to be made for it.
    pub made: Vec<(Line, Arc<Sound>)>,
    /// What the engine failed with. `None`: it did not, or was not needed.
    pub engine: Option<ToolError>,
    /// What the player failed with. `None`: it was heard.
    pub player: Option<ToolError>,
}

impl Tools {
    /// Those of the settings.
    #[must_use]
    pub fn new(settings: VoiceSettings) -> Self {
        Self { settings, chime: chime() }
    }

    /// What they were set to.
    #[must_use]
    pub fn settings(&self) -> &VoiceSettings {
        &self.settings
    }

    /// Makes a phrase, as loud as all others.
    ///
    /// # Errors
    /// A [`ToolError`] of the engine.
    pub async fn make(&self, line: &Line) -> Result<Sound, ToolError> {
        let (language, phrase) = line;
        let script = language.script(phrase);
        let voice = self.settings.voices.get(language.code()).map_or(language.voice(), String::as_str);
        let pace = self.settings.pace.to_string();
        let fills = [
            ("{voice}", voice),
            ("{language}", language.code()),
            ("{pace}", &pace),
            ("{ssml}", &script.ssml),
            ("{text}", &script.text),
        ];
        let words = &self.settings.engine;
        let wav = tool::run(words, &fills, format!("{}\n", script.text).as_bytes(), ENGINE_LIMIT).await?;
        let sound = Sound::from_wav(&wav).map_err(|error| {
            let program = words.first().cloned().unwrap_or_default();
            ToolError::NoSound { program, why: format!("{} ({language:?}): {error}", script.text) }
        })?;
        Ok(sound.levelled())
    }

    /// Plays a sound to its end, `percent` as loud as it can be.
    ///
    /// # Errors
    /// A [`ToolError`] of the player.
    pub async fn play(&self, sound: &Sound, percent: u8) -> Result<(), ToolError> {
        // ears hear half of that as half
        let gain = (f32::from(percent) / 100.0).powi(2);
        let wav = sound.clone().at_gain(gain).to_wav();
        let limit = Duration::from_millis(sound.ms()) + PLAYER_GRACE;
        tool::run(&self.settings.player, &[], &wav, limit).await.map(drop)
    }

    /// Plays a moment of silence: whether there is a player and something to play on.
    ///
    /// # Errors
    /// A [`ToolError`] of the player.
    pub async fn probe(&self) -> Result<(), ToolError> {
        self.play(&Sound::silence(50), 0).await
    }

    /// One sound of the chime and phrases that were made.
    #[must_use]
    pub fn composed(&self, chime: bool, parts: &[(Line, Arc<Sound>)]) -> Sound {
        let mut whole = if chime { self.chime.clone() } else { Sound::default() };
        let mut before = None;
        for ((language, _), sound) in parts {
            let pause = match before {
                None if chime => AFTER_CHIME,
                None => 0,
                Some(before) if before == language => BETWEEN,
                Some(_) => NEXT_LANGUAGE,
            };
            whole.then(pause, sound);
            before = Some(language);
        }
        whole.then(AFTER, &Sound::default());
        whole
    }

    /// Says an utterance: at once where all of it was prepared. Where not, the chime sounds at once and the rest is made
    /// meanwhile.
    pub async fn utter(&self, chime: bool, parts: Vec<(Line, Option<Arc<Sound>>)>, percent: u8) -> Uttered {
        let ready: Option<Vec<_>> = parts.iter().map(|(line, sound)| Some((line.clone(), sound.clone()?))).collect();
        let mut uttered = Uttered::default();
        if let Some(ready) = ready {
            uttered.player = self.play(&self.composed(chime, &ready), percent).await.err();
            return uttered;
        }
        let ring = async { if chime { self.play(&self.chime, percent).await } else { Ok(()) } };
        let making = tokio::time::timeout(HURRY, self.make_missing(&parts));
        let (rung, made) = tokio::join!(ring, making);
        let (made, error) = made.unwrap_or_else(|_| (had(&parts), Some(self.slow())));
        uttered.engine = error;
        uttered.player = rung.err();
        let said = whole(&parts, &made);
        if uttered.player.is_none() && !said.is_empty() {
            uttered.player = self.play(&self.composed(false, &said), percent).await.err();
        }
        uttered.made = made;
        uttered
    }

    /// Makes what is missing, until something fails.
    async fn make_missing(&self, parts: &[(Line, Option<Arc<Sound>>)]) -> (Vec<(Line, Arc<Sound>)>, Option<ToolError>) {
        let (mut made, mut error) = (Vec::new(), None);
        for (line, sound) in parts {
            match sound {
                Some(sound) => made.push((line.clone(), sound.clone())),
                None if error.is_some() => {}
                None => match self.make(line).await {
                    Ok(sound) => made.push((line.clone(), Arc::new(sound))),
                    Err(failed) => error = Some(failed),
                },
            }
        }
        (made, error)
    }

    fn slow(&self) -> ToolError {
        ToolError::Slow { program: self.settings.engine.first().cloned().unwrap_or_default(), limit: HURRY }
    }
}

/// What of an utterance had been made before.
fn had(parts: &[(Line, Option<Arc<Sound>>)]) -> Vec<(Line, Arc<Sound>)> {
    parts.iter().filter_map(|(line, sound)| Some((line.clone(), sound.clone()?))).collect()
}

/// What of an utterance can be said: half a call leads nobody anywhere, so a language is said whole or not at all.
fn whole(parts: &[(Line, Option<Arc<Sound>>)], made: &[(Line, Arc<Sound>)]) -> Vec<(Line, Arc<Sound>)> {
    let is_made = |line: &Line| made.iter().any(|(other, _)| other == line);
    let lacking: Vec<_> = parts.iter().filter(|(line, _)| !is_made(line)).map(|((language, _), _)| *language).collect();
    made.iter().filter(|((language, _), _)| !lacking.contains(language)).cloned().collect()
}
