//! The look is told in one place, and is legible: contrast, figures of one width, letters of the neighbours' languages.
#![expect(clippy::unwrap_used, reason = "in a test, what fails may panic")]

use std::fs;
use std::path::{Path, PathBuf};

use toml::Table;

fn tokens() -> Table {
    include_str!("../tokens.toml").parse().unwrap()
}

fn colour(tokens: &Table, section: &str, name: &str) -> [f64; 3] {
    let hex = tokens[section][name].as_str().unwrap();
    let part = |at: usize| f64::from(u8::from_str_radix(&hex[at..at + 2], 16).unwrap()) / 255.0;
    [part(1), part(3), part(5)]
}

/// WCAG 2.2, contrast ratio of two colours.
fn contrast(one: [f64; 3], other: [f64; 3]) -> f64 {
    let luminance = |colour: [f64; 3]| {
        let [r, g, b] = colour.map(|part| if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) });
        0.2126 * r + 0.7152 * g + 0.0722 * b
    };
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[test]
fn contrast_is_computed_as_wcag_does() {
    assert!((contrast([0.0; 3], [1.0; 3]) - 21.0).abs() < 1e-9);
    let grey = f64::from(0x76) / 255.0;
    assert!((contrast([grey; 3], [1.0; 3]) - 4.54).abs() < 0.01);
}

#[test]
fn every_text_stands_out_from_its_ground() {
    let tokens = tokens();
    for (text, ground) in [
        ("ink", "ground"),
        ("ink", "surface"),
        ("ink", "pressed"),
        ("muted", "ground"),
        ("muted", "surface"),
        ("muted", "pressed"),
        ("on-accent", "ink"),
        ("on-accent", "alarm"),
        ("on-accent", "notice"),
        ("on-accent", "off"),
    ] {
        let ratio = contrast(colour(&tokens, "colour", text), colour(&tokens, "colour", ground));
        assert!(ratio >= 4.5, "{text} on {ground} is {ratio:.2}:1");
    }
}

#[test]
fn every_accent_carries_white_text_and_is_legible_as_text() {
    let tokens = tokens();
    let accents = tokens["accent"].as_table().unwrap();
    assert!(accents.len() >= 6);
    for name in accents.keys() {
        for ground in ["on-accent", "ground", "surface"] {
            let ratio = contrast(colour(&tokens, "accent", name), colour(&tokens, "colour", ground));
            assert!(ratio >= 4.5, "{name} and {ground}: {ratio:.2}:1");
        }
    }
}

#[test]
fn what_is_greyed_stays_legible_in_large_type() {
    let tokens = tokens();
    let veil = tokens["colour"]["veil"].as_str().unwrap();
    let opacity = f64::from(u8::from_str_radix(&veil[7..9], 16).unwrap()) / 255.0;
    let (over, ink, ground) =
        (colour(&tokens, "colour", "veil"), colour(&tokens, "colour", "ink"), colour(&tokens, "colour", "ground"));
    let veiled = |below: [f64; 3]| std::array::from_fn(|at| over[at] * opacity + below[at] * (1.0 - opacity));
    assert!(contrast(veiled(ink), veiled(ground)) >= 3.0);
}

#[test]
fn nothing_moves_for_two_seconds() {
    for (name, duration) in tokens()["duration"].as_table().unwrap() {
        assert!(duration.as_integer().unwrap() < 2000, "{name}");
    }
}

fn slint_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            slint_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "slint") {
            found.push(path);
        }
    }
}

/// The first colour, size or duration written out in a line of Slint. A pixel or none is no size.
fn literal(line: &str) -> Option<&str> {
    let code = line.split("//").next().unwrap_or_default();
    let words = code.split(|c: char| !(c.is_ascii_alphanumeric() || c == '.' || c == '#' || c == '-' || c == '_'));
    words.into_iter().find(|word| {
        let number = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        let unit = &word[number.len()..];
        let is_number = !number.is_empty() && number.chars().all(|c| c.is_ascii_digit() || c == '.');
        word.starts_with('#')
            || (is_number
                && matches!(unit, "px" | "phx" | "pt" | "cm" | "mm" | "ms" | "s")
                && !matches!(*word, "0px" | "1px"))
    })
}

#[test]
fn colours_sizes_and_durations_come_from_the_tokens() {
    assert_eq!(literal("background: #fff;"), Some("#fff"));
    assert_eq!(literal("width: max(1px, 12px);"), Some("12px"));
    assert_eq!(literal("animate x { duration: 200ms; }"), Some("200ms"));
    assert_eq!(literal("x: 0px; // not 12px"), None);

    let mut files = Vec::new();
    for folder in ["views", "widgets"] {
        slint_files(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut files);
    }
    assert!(files.len() >= 8);
    for file in files {
        for (at, line) in fs::read_to_string(&file).unwrap().lines().enumerate() {
            // Preview data speaks of hours and minutes.
            let told = if line.contains('"') { None } else { literal(line) };
            assert_eq!(told, None, "{}:{}", file.display(), at + 1);
        }
    }
}

#[test]
fn figures_have_one_width_and_the_neighbours_letters_are_there() {
    for (weight, file) in [
        ("Regular", &include_bytes!("../fonts/AtkinsonHyperlegibleNext-Regular.ttf")[..]),
        ("Bold", &include_bytes!("../fonts/AtkinsonHyperlegibleNext-Bold.ttf")[..]),
    ] {
        let face = ttf_parser::Face::parse(file, 0).unwrap();
        let advance = |c: char| face.glyph_index(c).and_then(|glyph| face.glyph_hor_advance(glyph));
        for digit in '0'..='9' {
            assert_eq!(advance(digit), advance('0'), "{weight} {digit}");
        }
        for letter in "ABCDEFGHJKLMNPQRSTUVWXYZåäöæøßéèêçñąćęłńśźżčďěňřšťůžăâîșțőűğışāēģīķļņūėįų€–…“”„·×?¿¡".chars()
        {
            assert!(face.glyph_index(letter).is_some(), "{weight} lacks {letter}");
        }
    }
}
