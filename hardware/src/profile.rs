//! What is to be known of a model before it can be printed on. Data, in `profiles.toml`; a file of one's own will do too.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::escpos::Command;

/// The profiles that come with the program.
const BUNDLED: &str = include_str!("../profiles.toml");

/// One model.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Its name, as settings have it.
    #[serde(skip)]
    pub name: String,
    /// Whom it is for, a line.
    pub about: String,
    /// Dots in a row on 58 mm paper, a multiple of 8; `None`: it takes no such paper.
    #[serde(default)]
    pub dots_58mm: Option<u32>,
    /// Dots in a row on 80 mm paper, a multiple of 8; `None`: it takes no such paper.
    #[serde(default)]
    pub dots_80mm: Option<u32>,
    /// Dots to the inch, across and along.
    pub dpi: u32,
    /// How it cuts.
    pub cut: Cut,
    /// Lines fed at the end.
    pub feed: u8,
    /// Whether it answers `DLE EOT`.
    pub status: bool,
    /// Bits of the answer to `DLE EOT 4` that mean that there is no paper.
    pub paper_out: u8,
    /// Bits of it that mean that the roll ends soon; 0: not to be believed.
    pub near_end: u8,
    /// How it says that a ticket is out.
    pub done: Done,
}

/// How a printer cuts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Cut {
    /// Leaving a bridge, so that the paper does not fall.
    Partial,
    /// Through.
    Full,
    /// Not at all: paper is torn off.
    None,
}

/// How a printer says that a ticket is out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum Done {
    /// By name, when printing has ended: the best there is.
    #[serde(rename = "GS ( H")]
    Named,
    /// By answering a question that stands in line behind the ticket, as its maker says; believed once it has answered such a
    /// question at rest, on each connection anew, else [`Done::Never`].
    #[serde(rename = "GS r")]
    InLine,
    /// As [`Done::InLine`], of a model of which nobody knows.
    #[serde(rename = "ask")]
    Ask,
    /// Never.
    #[serde(rename = "none")]
    Never,
}

/// There is no such profile.
#[derive(Debug, thiserror::Error)]
pub enum ProfileError {
    /// No profile of that name comes with the program.
    #[error("there is no printer profile {name:?}. Known are: {known}; or name a file that ends in .toml")]
    Unknown {
        /// What was asked for.
        name: String,
        /// What there is.
        known: String,
    },
    /// The file cannot be read.
    #[error("the printer profile {} cannot be read", path.display())]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file says something wrong.
    #[error("the printer profile {} is not right: {message}", path.display())]
    Wrong {
        /// Which.
        path: PathBuf,
        /// What, with its place.
        message: String,
    },
}

impl Profile {
    /// The profiles that come with the program, by name.
    #[must_use]
    pub fn bundled() -> Vec<Self> {
        // a test reads the table, so none is missing; without it there would be no printer but also no crash
        let table: BTreeMap<String, Self> = toml::from_str(BUNDLED).unwrap_or_default();
        table.into_iter().map(|(name, profile)| Self { name, ..profile }).collect()
    }

    /// The profile of that name, or in that file if it ends in `.toml`.
    ///
    /// # Errors
    /// [`ProfileError`], with what there is.
    pub fn find(name: &str) -> Result<Self, ProfileError> {
        if Path::new(name).extension().is_some_and(|ending| ending == "toml") {
            return Self::read(Path::new(name));
        }
        let all = Self::bundled();
        let known = || all.iter().map(|profile| profile.name.as_str()).collect::<Vec<_>>().join(", ");
        let unknown = || ProfileError::Unknown { name: name.to_owned(), known: known() };
        all.iter().find(|profile| profile.name == name).cloned().ok_or_else(unknown)
    }

    fn read(path: &Path) -> Result<Self, ProfileError> {
        let text = std::fs::read_to_string(path);
        let text = text.map_err(|source| ProfileError::Unreadable { path: path.to_owned(), source })?;
        let wrong = |message: String| ProfileError::Wrong { path: path.to_owned(), message };
        let profile: Self = toml::from_str(&text).map_err(|error| wrong(told(&text, &error)))?;
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let profile = Self { name, ..profile };
        profile.problem().map_or(Ok(profile), |problem| Err(wrong(problem)))
    }

    /// What makes it unusable, if anything.
    #[must_use]
    pub fn problem(&self) -> Option<String> {
        let widths: Vec<u32> = [self.dots_58mm, self.dots_80mm].into_iter().flatten().collect();
        let odd = widths.iter().find(|dots| !dots.is_multiple_of(8) || !(64..=2048).contains(*dots));
        match odd {
            _ if widths.is_empty() => Some("it names neither dots_58mm nor dots_80mm".into()),
            Some(dots) => Some(format!("{dots} dots in a row: it must be a multiple of 8, from 64 to 2048")),
            None if !(100..=600).contains(&self.dpi) => Some(format!("{} dpi: it must be 100 to 600", self.dpi)),
            None if !self.status && self.done != Done::Never => {
                Some("a printer with status = false cannot say when it is done: done = \"none\"".into())
            }
            None => None,
        }
    }

    /// The feed and cut at a ticket's end.
    #[must_use]
    pub fn end(&self) -> Vec<Command> {
        let feed = (self.feed > 0).then_some(Command::Feed(self.feed));
        let cut = (self.cut != Cut::None).then_some(Command::Cut { full: self.cut == Cut::Full });
        feed.into_iter().chain(cut).collect()
    }
}

/// What a parser found, in one line: where, and what may stand there if the key is known.
fn told(text: &str, error: &toml::de::Error) -> String {
    let message = error.message().trim().trim_end_matches('.').replace('\n', ", ");
    // without a place, it is something that is not in the file at all
    let Some(before) = error.span().and_then(|span| text.get(..span.start)) else { return message };
    let line = before.matches('\n').count();
    let key = text.lines().nth(line).and_then(|line| line.split_once('=')).map_or("", |(key, _)| key.trim());
    let must = match key {
        "dots_58mm" | "dots_80mm" => "a multiple of 8, from 64 to 2048",
        "dpi" => "a whole number from 100 to 600",
        "feed" | "paper_out" | "near_end" => "a whole number from 0 to 255",
        "status" => "true or false",
        "cut" => "\"partial\", \"full\" or \"none\"",
        "done" => "\"GS ( H\", \"GS r\", \"ask\" or \"none\"",
        "about" => "a text in quotation marks",
        _ => "",
    };
    match () {
        () if message.starts_with("missing field") => message,
        () if must.is_empty() => format!("line {}: {message}", line + 1),
        () => format!("line {}: {key} must be {must}", line + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bundled_profile_is_sound() {
        let all = Profile::bundled();
        assert!(all.len() >= 8, "{}", all.len());
        for profile in &all {
            assert_eq!(profile.problem(), None, "{}", profile.name);
            assert_eq!(Profile::find(&profile.name).unwrap(), *profile);
        }
        // what nobody has told us about must be safe on what nobody has tried
        let generic = Profile::find("generic").unwrap();
        assert_eq!((generic.dots_58mm, generic.dots_80mm, generic.done), (Some(384), Some(576), Done::Ask));
    }

    #[test]
    fn a_profile_that_is_not_there_is_told_with_those_that_are() {
        let error = Profile::find("epson").unwrap_err().to_string();
        assert!(error.contains("epson-tm-t88") && error.contains("generic"), "{error}");
    }

    #[test]
    fn a_file_of_ones_own_is_a_profile() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("mine.toml");
        let block = BUNDLED.split("[generic]").nth(1).unwrap().split("\n[").next().unwrap();
        std::fs::write(&path, block).unwrap();
        let mine = Profile::find(path.to_str().unwrap()).unwrap();
        assert_eq!(mine, Profile { name: "mine".into(), ..Profile::find("generic").unwrap() });
        for (from, to, says) in [
            ("feed", "feed = 300 #", "feed must be a whole number from 0 to 255"),
            ("dpi", "#", "missing field `dpi`"),
            ("cut", "cut = 7 #", "cut must be \"partial\", \"full\" or \"none\""),
            ("dpi", "dpi = = #", "line "),
            ("576", "575", "multiple of 8"),
            ("feed", "fed", "unknown field"),
            ("203", "20", "dpi"),
        ] {
            std::fs::write(&path, block.replace(from, to)).unwrap();
            let error = Profile::find(path.to_str().unwrap()).unwrap_err().to_string();
            assert!(error.contains(says), "{error}");
            assert!(!error.contains('\n') && !error.ends_with(['.', ' ']), "not one line: {error:?}");
        }
    }
}
