//! The chime before a call: two soft notes, made here.
//!
//! A falling third is what public places use all over the world. Its notes lie where old ears hear best (500 to 700 Hz), each
//! begins softly, so that nobody is startled, and rings out.

use std::f64::consts::TAU;

use super::sound::{RATE, Sound};

/// When each note begins (seconds) and its pitch (Hz): E5 and C5.
const NOTES: [(f64, f64); 2] = [(0.0, 659.26), (0.32, 523.25)];
/// The strength of a note's first, second and third part.
const PARTS: [f64; 3] = [1.0, 0.28, 0.08];
/// How long a note takes to reach its full strength, seconds.
const ATTACK: f64 = 0.012;
/// After so long a note has fallen to 37 %, seconds.
const DECAY: f64 = 0.28;
/// The whole chime, seconds.
const LENGTH: f64 = 1.0;
/// The fade to nothing at its end, seconds.
const FADE: f64 = 0.08;

/// The chime, levelled like speech.
#[must_use]
pub fn chime() -> Sound {
    let rate = f64::from(RATE);
    let samples = (0..(LENGTH * rate) as usize).map(|n| {
        let at = n as f64 / rate;
        let end = ((LENGTH - at) / FADE).min(1.0);
        (NOTES.iter().map(|(begins, pitch)| note(at - begins, *pitch)).sum::<f64>() * end * 0.3) as f32
    });
    Sound::new(samples.collect()).levelled()
}

/// One note, so long after its beginning.
fn note(at: f64, pitch: f64) -> f64 {
    if at < 0.0 {
        return 0.0;
    }
    // half a wave of a cosine: no edge where it begins and none where it has come up
    let rise = if at < ATTACK { 0.5 - 0.5 * (std::f64::consts::PI * at / ATTACK).cos() } else { 1.0 };
    let tone = |(part, strength): (usize, &f64)| (TAU * pitch * (part + 1) as f64 * at).sin() * strength;
    PARTS.iter().enumerate().map(tone).sum::<f64>() * rise * (-at / DECAY).exp()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::voice::sound::{LOUDNESS, PEAK};

    #[test]
    fn it_is_heard_soft_at_both_ends_and_not_clipped() {
        let chime = chime();
        assert_eq!(chime.ms(), 1000);
        assert!((chime.loudness().unwrap() - LOUDNESS).abs() < 0.5, "{:?}", chime.loudness());
        assert!(chime.peak() <= PEAK);
        let samples = chime.samples();
        assert!(samples[0].abs() < 0.001 && samples[samples.len() - 1].abs() < 0.005);
        // no step between two samples is an edge
        let step = samples.windows(2).map(|pair| (pair[1] - pair[0]).abs()).fold(0.0, f32::max);
        assert!(step < 0.35, "{step}");
    }

    #[test]
    fn it_is_two_notes_the_second_lower() {
        let chime = chime();
        let samples = chime.samples();
        let strength = |from: f64, pitch: f64| {
            let (start, count) = ((from * f64::from(RATE)) as usize, RATE as usize / 10);
            let (mut re, mut im) = (0.0, 0.0);
            for (n, sample) in samples[start..start + count].iter().enumerate() {
                let angle = TAU * pitch * n as f64 / f64::from(RATE);
                re += f64::from(*sample) * angle.cos();
                im += f64::from(*sample) * angle.sin();
            }
            re.hypot(im)
        };
        let [(first, high), (second, low)] = NOTES;
        assert!(strength(first + 0.05, high) > 3.0 * strength(first + 0.05, low));
        assert!(strength(second + 0.25, low) > 1.5 * strength(second + 0.25, high));
    }
}
