//! Chime and voice: a sound card, the player, the speech engine in each language of a call.

use std::path::Path;
use std::sync::Arc;

use super::Wishes;
use super::finding::Finding;
use super::gpio::{closed, opens};
use super::place::{Place, name};
use crate::voice::{Language, Line, Phrase, Sound, Tools, usual_languages};

/// Looks at the sound.
pub(super) async fn examine(place: &Place, wishes: Wishes) -> Vec<Finding> {
    if !place.settings.voice.on {
        return vec![Finding::ok("sound", "Chime and voice are switched off (on = false in [voice]).")];
    }
    let mut found = vec![card(place)];
    let programs = programs(place);
    let whole = programs.is_empty();
    found.extend(programs);
    if place.hub.is_some() {
        found.extend(held(place, wishes));
    } else if place.root == Path::new("/") && whole {
        found.extend(tried(place, wishes).await);
    }
    found
}

/// The sound cards that the kernel knows: a number, an id in brackets, a name.
fn cards(place: &Place) -> Vec<String> {
    let text = place.read("/proc/asound/cards").unwrap_or_default();
    let names = text.lines().filter_map(|line| Some(line.split_once("]: ")?.1.trim().to_owned()));
    names.collect()
}

fn card(place: &Place) -> Finding {
    let cards = cards(place);
    let devices = place.named("/dev/snd", "pcm");
    let finding = if cards.is_empty() {
        let mend = "Plug in a USB loudspeaker or use a screen with one over HDMI (a Pi 5 has no socket for headphones); then: aplay -l. If nothing is to be heard: on = false in [voice].";
        Finding::warn("sound", "There is no sound card: calls are shown and not heard.", mend)
    } else if let Some(device) = closed(&devices) {
        Finding::warn("sound", format!("This user may not open /dev/snd/{}.", name(device)), opens("audio"))
    } else {
        Finding::ok("sound", format!("Sound cards: {}.", cards.join(", ")))
    };
    finding.fact("cards", cards)
}

/// The programs of the settings that are not here.
fn programs(place: &Place) -> Vec<Finding> {
    let voice = &place.settings.voice;
    let mut found = Vec::new();
    for (command, what, key) in [(&voice.player, "plays chime and voice", "player"), (&voice.engine, "speaks", "engine")] {
        let Some(program) = command.first() else { continue };
        let there = if program.contains('/') { place.at(program).is_file() } else { place.program(program).is_some() };
        if !there {
            let package = match program.as_str() {
                "aplay" => "alsa-utils",
                other => other,
            };
            let mend = format!("Install it (sudo apt-get install {package}), or name another as {key} in [voice].");
            found.push(Finding::warn("sound", format!("{program}, which {what}, is not here."), mend));
        }
    }
    found
}

/// A running hub speaks; two at once would talk into each other. What is the matter with its voice, it has said.
fn held(place: &Place, wishes: Wishes) -> Option<Finding> {
    let devices = place.hub.as_ref()?.devices.as_ref().ok()?;
    if wishes.sound {
        let mend = "Call somebody at a desk and listen; or stop the hub for a minute (sudo systemctl stop nowserving) and run it again.";
        return Some(Finding::warn(
            "sound test",
            "Nothing was played: the running hub speaks, and would be talked over.",
            mend,
        ));
    }
    let troubled = devices.troubles.iter().any(|trouble| trouble.device == "voice");
    (!troubled).then(|| Finding::ok("voice", "The running hub speaks and knows of no trouble."))
}

/// Makes a number in each language of a call; plays a moment of silence, or if so wished the whole.
async fn tried(place: &Place, wishes: Wishes) -> Vec<Finding> {
    let settings = &place.settings;
    let languages = usual_languages(&settings.voice, &settings.branch.languages);
    let tools = Tools::new(settings.voice.clone());
    let mut found = Vec::new();
    let mut parts: Vec<(Line, Arc<Sound>)> = Vec::new();
    for language in &languages {
        let line = (*language, Phrase::Number("A042".into()));
        match tools.make(&line).await {
            Ok(sound) => parts.push((line, Arc::new(sound))),
            Err(error) => {
                let mend = "Try it at the terminal (nowserving say), and look at engine and voices in [voice].";
                found.push(Finding::warn("voice", format!("{} cannot be spoken: {error}.", language.code()), mend));
            }
        }
    }
    if found.is_empty() {
        let listed = languages.iter().map(|language| Language::code(*language)).collect::<Vec<_>>().join(", ");
        found.push(Finding::ok("voice", format!("The engine speaks every language of a call: {listed}.")));
    }
    let played = if wishes.sound {
        tools.play(&tools.composed(true, &parts), settings.voice.volume).await
    } else {
        tools.probe().await
    };
    found.push(match (played, wishes.sound) {
        (Ok(()), true) => Finding::ok("sound test", "The chime and a number were played. Whether they could be heard, only you know."),
        (Ok(()), false) => Finding::ok("sound", "The player takes sound (silence was played; --sound-test plays the chime)."),
        (Err(error), _) => {
            let mend = "Choose the loudspeaker (aplay -l; player = [\"aplay\", \"-q\", \"-D\", \"plughw:1\", \"-\"] in [voice]), and see that nothing else uses it.";
            Finding::warn("sound", format!("The player does not play: {error}."), mend)
        }
    });
    found
}
