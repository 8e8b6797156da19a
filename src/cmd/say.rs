//! `nowserving say`: hear a call, or have it as a file.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use clap::Args;
use serde_json::json;

use super::{ConfigArg, DataArg, Outcome, say};
use crate::config::{SPOKEN, Settings};
use crate::voice::{Language, Phrase, Sound, Tools, usual_languages};

/// Says a call as the branch would, with the settings' engine and player.
///
/// To try the speaker, another engine or a language. Nothing is called: no ledger is read. With --out the sound goes into a
/// file, at full volume, and nothing is played.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  nowserving say --number R042 --desk 3 --language de --out call.wav")]
pub struct SayArgs {
    /// The number, as tickets have it
    #[arg(long, value_name = "NUMBER", default_value = "A001")]
    pub number: String,
    /// The desk: its short name, or with a name of its own "Workshop"
    #[arg(long, value_name = "DESK", default_value = "1")]
    pub desk: String,
    /// A language, as a code such as de; several are said one after another. Without it: those of the settings
    #[arg(long, value_name = "CODE", value_parser = SPOKEN)]
    pub language: Vec<String>,
    /// Write a WAV file and play nothing
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Leave the chime out
    #[arg(long)]
    pub no_chime: bool,
    /// Say it as JSON: {"said", "languages", "ms", "loudness", "file"}
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    config: ConfigArg,
    #[command(flatten)]
    data: DataArg,
}

/// Runs the command.
///
/// # Errors
/// If the engine or the player does not do it, or the file cannot be written.
pub fn run(args: &SayArgs) -> Outcome {
    let (settings, _) = Settings::find(args.config.config.as_deref(), &args.data.folder())?;
    let named: Vec<Language> = args.language.iter().filter_map(|code| Language::of(code)).collect();
    let languages = if named.is_empty() { usual_languages(&settings.voice, &settings.branch.languages) } else { named };
    let percent = settings.voice.volume;
    let tools = Tools::new(settings.voice);
    let (sound, said) = super::runtime()?.block_on(async {
        let mut parts = Vec::new();
        let mut said = Vec::new();
        for language in &languages {
            for phrase in phrases(args) {
                said.push(language.script(&phrase).text);
                let line = (*language, phrase);
                let made =
                    tools.make(&line).await.context("The words could not be made into sound. Look at engine in [voice]")?;
                parts.push((line, Arc::new(made)));
            }
        }
        let sound = tools.composed(!args.no_chime, &parts);
        if args.out.is_none() {
            tools.play(&sound, percent).await.context("The sound could not be played. Look at player in [voice]")?;
        }
        Ok::<_, anyhow::Error>((sound, said.join(" ")))
    })?;
    if let Some(file) = &args.out {
        std::fs::write(file, sound.to_wav()).with_context(|| format!("Cannot write {}", file.display()))?;
    }
    tell(args, &languages, &sound, &said)
}

/// The two halves of a call.
fn phrases(args: &SayArgs) -> [Phrase; 2] {
    let short = args.desk.len() <= 8 && args.desk.bytes().any(|byte| byte.is_ascii_digit());
    let name = if short { format!("Desk {}", args.desk) } else { args.desk.clone() };
    [Phrase::Number(args.number.clone()), Phrase::Desk(args.desk.clone(), name)]
}

fn tell(args: &SayArgs, languages: &[Language], sound: &Sound, said: &str) -> Outcome {
    if args.json {
        let codes: Vec<_> = languages.iter().map(|language| language.code()).collect();
        let told = json!({
            "said": said, "languages": codes, "ms": sound.ms(), "loudness": sound.loudness(), "file": args.out,
        });
        say(&told.to_string())?;
    } else {
        let how = args.out.as_ref().map_or_else(|| "played".to_owned(), |file| format!("in {}", file.display()));
        say(&format!("{said} ({:.1} s, {how})", sound.ms() as f64 / 1000.0))?;
    }
    Ok(ExitCode::SUCCESS)
}
