//! The documentation says what the program does: every example parses, every key is there with its default.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use nowserving::config::{Settings, keys};
use nowserving::queue::Rules;

const PAGE: &str = include_str!("../docs/reference/config.md");

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every file under `docs` with this extension, and the README.
fn pages(extension: &str) -> Vec<PathBuf> {
    let mut folders = vec![root().join("docs")];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|one| one == extension) {
                found.push(path);
            }
        }
    }
    found.extend(Some(root().join("README.md")).filter(|path| extension == "md" && path.exists()));
    found
}

fn parse(text: &str, name: &Path) -> Settings {
    Settings::parse(text, name).unwrap_or_else(|error| panic!("{error}"))
}

/// Line and text of each block of TOML in a page.
fn blocks(page: &str) -> Vec<(usize, String)> {
    let mut found: Vec<(usize, String)> = Vec::new();
    let mut inside = false;
    for (number, line) in page.lines().enumerate() {
        match (inside, line.trim()) {
            (false, "```toml") => {
                inside = true;
                found.push((number + 1, String::new()));
            }
            (true, "```") => inside = false,
            (true, _) => {
                let (_, text) = found.last_mut().unwrap();
                text.push_str(line);
                text.push('\n');
            }
            _ => {}
        }
    }
    found
}

#[test]
fn every_example_in_the_documentation_is_a_sound_settings_file() {
    for path in pages("md") {
        for (line, text) in blocks(&std::fs::read_to_string(&path).unwrap()) {
            parse(&text, Path::new(&format!("{} (block at line {line})", path.display())));
        }
    }
    for path in pages("toml") {
        parse(&std::fs::read_to_string(&path).unwrap(), &path);
    }
    let sections: BTreeSet<_> = keys().iter().map(|key| key.split('.').next().unwrap().to_owned()).collect();
    for section in sections {
        let shown = blocks(PAGE).iter().any(|(_, text)| text.contains(&format!("[{section}]")));
        assert!(shown, "config.md has no example of [{section}]");
    }
}

/// Each documented key, as `section.key`, with its default as written in the table.
fn documented() -> BTreeMap<String, String> {
    let mut section = None;
    let mut found = BTreeMap::new();
    for line in PAGE.lines() {
        if let Some(heading) = line.strip_prefix("## ") {
            let name = heading.strip_prefix("`[").and_then(|rest| rest.strip_suffix("]`"));
            section = name.map(|name| name.trim_matches(['[', ']']).to_owned());
        }
        if let (Some(section), Some(row)) = (&section, line.strip_prefix("| `")) {
            let (key, rest) = row.split_once("` | ").unwrap();
            let (default, what) = rest.split_once(" | ").unwrap();
            assert!(what.len() > 10, "{key} is not explained");
            assert_eq!(found.insert(format!("{section}.{key}"), default.to_owned()), None, "{key} is explained twice");
        }
    }
    found
}

#[test]
fn every_key_is_documented_and_every_documented_key_exists() {
    let documented: BTreeSet<_> = documented().into_keys().collect();
    let known: BTreeSet<_> = keys().into_iter().collect();
    assert!(known.len() > 40, "{known:?}");
    assert_eq!(documented, known);
}

#[test]
fn the_complete_example_has_every_key() {
    let text = std::fs::read_to_string(root().join("docs/reference/nowserving.toml")).unwrap();
    let table: toml::Table = text.parse().unwrap();
    for key in keys() {
        let (section, name) = key.split_once('.').unwrap();
        let has = |value: &toml::Value| value.get(name).is_some();
        let there = match &table[section] {
            toml::Value::Array(blocks) => blocks.iter().any(has),
            section => has(section),
        };
        assert!(there, "nowserving.toml does not show {key}");
    }
}

/// Writes every documented default into a file: it must change nothing.
#[test]
fn the_documented_defaults_are_the_defaults() {
    let documented = documented();
    let literal = |section: &str| -> String {
        let keys = documented.iter().filter_map(|(key, default)| {
            let name = key.strip_prefix(section)?.strip_prefix('.')?;
            let value = default.strip_prefix('`')?.strip_suffix('`')?;
            (!value.contains('`')).then(|| format!("{name} = {value}\n"))
        });
        keys.collect()
    };
    let mut text = String::new();
    for section in ["branch", "phone", "web", "personal", "printer", "buttons", "voice", "rules"] {
        let lines = literal(section);
        assert!(!lines.is_empty(), "{section}");
        text.push_str(&format!("[{section}]\n{lines}"));
    }
    let settings = parse(&text, Path::new("defaults"));
    let expected = Settings { rules: Some(Rules::default()), ..Settings::default() };
    assert_eq!(settings, expected);

    let with = |section: &str, required: &str, lines: &str| {
        parse(&format!("[[{section}]]\n{required}\n{lines}"), Path::new("defaults"))
    };
    let required = [
        ("service", "id = 'R'\nname = 'Returns'"),
        ("desk", "id = '1'"),
        ("button", "name = 'Returns'\nservice = 'R'\npin = 17"),
    ];
    for (section, required) in required {
        let lines = literal(section);
        assert!(!lines.is_empty(), "{section}");
        assert_eq!(with(section, required, &lines), with(section, required, ""), "{section}");
    }
    let week = parse(
        &format!("[hours]\n{}", literal("hours").replacen("monday = \"closed\"", "monday = '09:00-10:00'", 1)),
        Path::new("h"),
    );
    assert_eq!(week, parse("[hours]\nmonday = '09:00-10:00'", Path::new("h")));
}

/// A file that is linked to is there.
#[test]
fn links_lead_somewhere() {
    for path in pages("md") {
        let text = std::fs::read_to_string(&path).unwrap();
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let target = link.split('#').next().unwrap_or_default();
            if target.is_empty() || target.contains("://") || target.starts_with("mailto:") || target.contains(' ') {
                continue;
            }
            let target = path.parent().unwrap().join(target);
            assert!(target.exists(), "{}: {link} leads nowhere", path.display());
        }
    }
}

/// Every crate that a Cargo.toml names stands in the page that says why.
#[test]
fn every_dependency_is_explained() {
    let page = std::fs::read_to_string(root().join("docs/reference/dependencies.md")).unwrap();
    let explained: BTreeSet<_> =
        page.lines().filter(|line| line.starts_with("| `")).filter_map(|line| line.split('|').nth(1)).collect();
    let explained: BTreeSet<_> = explained.iter().flat_map(|cell| cell.split('`')).collect();
    let mut named = 0;
    for manifest in ["Cargo.toml", "ui/Cargo.toml", "hardware/Cargo.toml"] {
        let manifest: toml::Table = std::fs::read_to_string(root().join(manifest)).unwrap().parse().unwrap();
        for section in ["dependencies", "build-dependencies", "dev-dependencies"] {
            let crates = manifest.get(section).and_then(toml::Value::as_table).into_iter().flatten();
            for (name, _) in crates.filter(|(name, _)| !name.starts_with("nowserving")) {
                named += 1;
                assert!(explained.contains(name.as_str()), "dependencies.md does not say why there is {name}");
            }
        }
    }
    assert!(named > 50, "{named}");
}
