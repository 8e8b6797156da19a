//! Sound in memory: one channel, one rate, samples from -1 to 1. WAV comes from the engine and goes to the player.
//!
//! Everything is brought to one loudness (EBU R 128), so that the chime, every language and every engine are equally loud, and
//! no sample is ever clipped.

use std::io::Cursor;

use ebur128::{EbuR128, Mode};
use hound::{SampleFormat, WavReader, WavSpec, WavWriter};

/// Samples a second of everything that is played: what espeak-ng and the usual piper voices speak at.
pub const RATE: u32 = 22_050;
/// How loud speech and chime are at full volume, LUFS. Announcements are this loud so that a cheap speaker fills a hall.
pub const LOUDNESS: f64 = -20.0;
/// No sample is larger, so that no converter clips what lies between two samples: -1 dB.
pub const PEAK: f32 = 0.891;
/// What is quieter counts as silence at the ends of a phrase: -50 dB.
const SILENCE: f32 = 0.003;
/// Loudness is measured in blocks of 400 ms: what is shorter is measured repeated until it fills some.
const MEASURED: usize = RATE as usize;

/// A piece of sound at [`RATE`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sound {
    samples: Vec<f32>,
}

/// Why bytes are no sound.
#[derive(Debug, thiserror::Error)]
pub enum NoSound {
    /// They are not a WAV file that can be read.
    #[error("it is not a WAV file: {0}")]
    Unreadable(#[from] hound::Error),
    /// There is nothing in it.
    #[error("it is silent")]
    Silent,
}

impl Sound {
    /// A sound of these samples, from -1 to 1, at [`RATE`].
    #[must_use]
    pub fn new(samples: Vec<f32>) -> Self {
        Self { samples }
    }

    /// Nothing, for so long.
    #[must_use]
    pub fn silence(ms: u32) -> Self {
        Self { samples: vec![0.0; (u64::from(RATE) * u64::from(ms) / 1000) as usize] }
    }

    /// Reads a WAV file: any number of channels, any rate, whole or floating-point numbers. What an engine wrote into a pipe
    /// states no true length and is read to its end.
    ///
    /// # Errors
    /// [`NoSound`]: it is something else, or nothing can be heard in it.
    pub fn from_wav(bytes: &[u8]) -> Result<Self, NoSound> {
        let mut reader = WavReader::new(Cursor::new(bytes))?;
        let spec = reader.spec();
        let all: Vec<f32> = match spec.sample_format {
            SampleFormat::Float => reader.samples::<f32>().map_while(Result::ok).collect(),
            SampleFormat::Int => {
                let full = (1_i64 << (spec.bits_per_sample.clamp(1, 32) - 1)) as f32;
                reader.samples::<i32>().map_while(Result::ok).map(|sample| sample as f32 / full).collect()
            }
        };
        let channels = usize::from(spec.channels.max(1));
        let mono = all.chunks(channels).map(|frame| frame.iter().sum::<f32>() / channels as f32).collect();
        let sound = Self { samples: resampled(mono, spec.sample_rate) }.trimmed();
        if sound.samples.is_empty() { Err(NoSound::Silent) } else { Ok(sound) }
    }

    /// As a WAV file, 16 bit.
    #[must_use]
    pub fn to_wav(&self) -> Vec<u8> {
        let spec = WavSpec { channels: 1, sample_rate: RATE, bits_per_sample: 16, sample_format: SampleFormat::Int };
        let mut bytes = Cursor::new(Vec::with_capacity(self.samples.len() * 2 + 64));
        // memory takes whatever is written: it cannot fail
        if let Ok(mut writer) = WavWriter::new(&mut bytes, spec) {
            for sample in &self.samples {
                let _ = writer.write_sample((sample.clamp(-1.0, 1.0) * f32::from(i16::MAX)) as i16);
            }
            let _ = writer.finalize();
        }
        bytes.into_inner()
    }

    /// Without the silence at both ends.
    fn trimmed(mut self) -> Self {
        let loud = |sample: &f32| sample.abs() > SILENCE;
        let end = self.samples.iter().rposition(loud).map_or(0, |at| at + 1);
        self.samples.truncate(end);
        let start = self.samples.iter().position(loud).unwrap_or(end);
        self.samples.drain(..start);
        self
    }

    /// At the loudness that everything has, [`LOUDNESS`], or as near to it as [`PEAK`] allows.
    #[must_use]
    pub fn levelled(self) -> Self {
        let Some(loudness) = self.loudness() else { return self };
        let wanted = 10_f64.powf((LOUDNESS - loudness) / 20.0) as f32;
        let peak = self.peak();
        let gain = if peak > 0.0 { wanted.min(PEAK / peak) } else { wanted };
        self.at_gain(gain)
    }

    /// Louder or quieter by a factor.
    #[must_use]
    pub fn at_gain(mut self, gain: f32) -> Self {
        self.samples.iter_mut().for_each(|sample| *sample = (*sample * gain).clamp(-PEAK, PEAK));
        self
    }

    /// How loud it is, LUFS; `None` if nothing can be heard.
    #[must_use]
    pub fn loudness(&self) -> Option<f64> {
        if self.samples.is_empty() {
            return None;
        }
        let mut meter = EbuR128::new(1, RATE, Mode::I).ok()?;
        for _ in 0..MEASURED.div_ceil(self.samples.len()) {
            meter.add_frames_f32(&self.samples).ok()?;
        }
        meter.loudness_global().ok().filter(|loudness| loudness.is_finite())
    }

    /// The largest sample, 0 to 1.
    #[must_use]
    pub fn peak(&self) -> f32 {
        self.samples.iter().fold(0.0, |peak, sample| sample.abs().max(peak))
    }

    /// How long it is, milliseconds.
    #[must_use]
    pub fn ms(&self) -> u64 {
        self.samples.len() as u64 * 1000 / u64::from(RATE)
    }

    /// What it takes of memory, bytes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.samples.len() * size_of::<f32>()
    }

    /// The samples, -1 to 1, at [`RATE`].
    #[must_use]
    pub fn samples(&self) -> &[f32] {
        &self.samples
    }

    /// Goes on with another sound after a pause.
    pub fn then(&mut self, pause_ms: u32, next: &Self) {
        self.samples.extend(Self::silence(pause_ms).samples);
        self.samples.extend_from_slice(&next.samples);
    }
}

/// At [`RATE`]: straight lines between the samples, which speech does not mind.
fn resampled(samples: Vec<f32>, rate: u32) -> Vec<f32> {
    if rate == RATE || rate == 0 || samples.is_empty() {
        return samples;
    }
    let step = f64::from(rate) / f64::from(RATE);
    let count = (samples.len() as f64 / step) as usize;
    let at = |n: usize| {
        let place = n as f64 * step;
        let (first, share) = (place as usize, (place.fract()) as f32);
        let a = samples.get(first).copied().unwrap_or(0.0);
        let b = samples.get(first + 1).copied().unwrap_or(a);
        a + (b - a) * share
    };
    (0..count).map(at).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tone(ms: u32, amplitude: f32) -> Sound {
        let step = 440.0 * std::f32::consts::TAU / RATE as f32;
        Sound::new((0..Sound::silence(ms).samples.len()).map(|n| (n as f32 * step).sin() * amplitude).collect())
    }

    #[test]
    fn what_is_written_is_read_again() {
        let sound = tone(500, 0.5);
        let again = Sound::from_wav(&sound.to_wav()).unwrap();
        assert!(sound.ms().abs_diff(again.ms()) <= 1);
        assert!((sound.peak() - again.peak()).abs() < 0.001);
    }

    #[test]
    fn a_pipe_that_states_no_length_is_read_to_its_end() {
        let mut wav = tone(300, 0.5).to_wav();
        wav[4..8].copy_from_slice(&0x7fff_f024_u32.to_le_bytes());
        let data = wav.windows(4).position(|four| four == b"data").unwrap();
        wav[data + 4..data + 8].copy_from_slice(&0x7fff_f000_u32.to_le_bytes());
        assert!(Sound::from_wav(&wav).unwrap().ms().abs_diff(300) <= 2);
    }

    #[test]
    fn silence_and_noise_that_is_no_file_are_refused() {
        assert!(matches!(Sound::from_wav(&Sound::silence(200).to_wav()), Err(NoSound::Silent)));
        assert!(matches!(Sound::from_wav(b"espeak-ng: no such voice"), Err(NoSound::Unreadable(_))));
        assert!(matches!(Sound::from_wav(b""), Err(NoSound::Unreadable(_))));
    }

    #[test]
    fn stereo_of_another_rate_comes_out_as_long_as_it_was() {
        let spec = WavSpec { channels: 2, sample_rate: 48_000, bits_per_sample: 16, sample_format: SampleFormat::Int };
        let mut bytes = Cursor::new(Vec::new());
        let mut writer = WavWriter::new(&mut bytes, spec).unwrap();
        for n in 0..48_000 {
            let sample = ((n as f32 * 0.05).sin() * 9000.0) as i16;
            writer.write_sample(sample).unwrap();
            writer.write_sample(sample).unwrap();
        }
        writer.finalize().unwrap();
        let sound = Sound::from_wav(&bytes.into_inner()).unwrap();
        assert!(sound.ms().abs_diff(1000) <= 2, "{}", sound.ms());
    }

    #[test]
    fn loud_and_quiet_come_out_alike_and_nothing_clips() {
        for (ms, amplitude) in [(1500, 0.9), (1500, 0.01), (250, 0.05), (90, 1.0)] {
            let levelled = tone(ms, amplitude).levelled();
            let loudness = levelled.loudness().unwrap();
            assert!((loudness - LOUDNESS).abs() < 0.5, "{ms} ms at {amplitude}: {loudness}");
            assert!(levelled.peak() <= PEAK);
        }
        // a click among silence cannot be made as loud without clipping: then it is as loud as can be
        let mut click = Sound::silence(1000);
        click.samples[500] = 1.0;
        assert!(click.levelled().peak() <= PEAK);
    }
}
