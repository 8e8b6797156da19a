//! Chime and voice: a sound card, the player, the speech engine.

use super::Wishes;
use super::finding::Finding;
use super::gpio::{closed, opens};
use super::place::{Place, name};

/// The player and the speech engine.
const PROGRAMS: [(&str, &str, &str); 2] =
    [("aplay", "plays chime and voice", "alsa-utils"), ("espeak-ng", "speaks", "espeak-ng")];

/// Looks at the sound.
pub(super) fn examine(place: &Place, _: Wishes) -> Vec<Finding> {
    let mut found = vec![card(place)];
    for (program, what, package) in PROGRAMS {
        if place.program(program).is_none() {
            let mend = format!("Install it: sudo apt-get install {package}");
            found.push(Finding::warn("sound", format!("{program}, which {what}, is not here."), mend));
        }
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
        let mend = "Plug in a USB loudspeaker or use a screen with one over HDMI (a Pi 5 has no socket for headphones); then: aplay -l";
        Finding::warn("sound", "There is no sound card: calls are shown and not heard.", mend)
    } else if let Some(device) = closed(&devices) {
        Finding::warn("sound", format!("This user may not open /dev/snd/{}.", name(device)), opens("audio"))
    } else {
        Finding::ok("sound", format!("Sound cards: {}.", cards.join(", ")))
    };
    finding.fact("cards", cards)
}
