//! The arrows of docs/architecture.md, held against the source: who imports whom.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// What each part may import of this crate.
const MAY: &[(&str, &[&str])] = &[
    ("queue", &[]),
    ("phrase", &["queue"]),
    ("clock", &["queue"]),
    ("estimate", &["queue"]),
    ("plan", &["queue"]),
    ("signage", &["queue"]),
    ("history", &[]),
    ("backtest", &["history", "estimate", "queue"]),
    ("ledger", &["queue", "estimate", "history", "backtest", "signage"]),
    ("branch", &["queue", "estimate", "signage", "ledger", "clock"]),
    ("picture", &[]),
    ("paper", &["queue", "phrase", "picture"]),
    ("config", &["queue", "branch", "clock", "paper", "phrase"]),
    ("supervise", &["branch", "ledger"]),
    ("voice", &["queue", "branch", "clock", "phrase", "config", "supervise"]),
    ("devices", &["queue", "branch", "ledger", "signage", "clock", "paper", "phrase", "config", "supervise"]),
    (
        "web",
        &[
            "queue",
            "estimate",
            "plan",
            "signage",
            "branch",
            "ledger",
            "clock",
            "config",
            "paper",
            "phrase",
            "picture",
            "supervise",
        ],
    ),
    ("screen", &["queue", "phrase", "config", "clock"]),
    ("demo", &["queue", "branch", "clock", "config", "ledger"]),
    ("doctor", &["queue", "clock", "config", "devices", "hub", "ledger", "paper", "phrase", "voice", "web"]),
    ("hub", &["queue", "branch", "clock", "config", "devices", "ledger", "supervise", "voice", "web"]),
];

/// Parts at the top, which may import everything.
const FREE: &[&str] = &["cmd", "lib", "main"];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
}

/// The text without comments and without the tests at its end.
fn code(text: &str) -> String {
    let body = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    body.lines().filter(|line| !line.trim_start().starts_with("//")).fold(String::new(), |all, line| all + line + "\n")
}

/// The names after every `prefix` in the text: one, or those of a group in braces.
fn named_after(text: &str, prefix: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let word = |text: &str| -> String { text.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect() };
    for (at, _) in text.match_indices(prefix) {
        let before = text[..at].chars().next_back();
        let rest = &text[at + prefix.len()..];
        if before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':') {
            continue;
        }
        match rest.strip_prefix('{') {
            None => names.extend([word(rest)]),
            Some(group) => {
                // the names at the first level of the group
                let (mut depth, mut start, mut parts) = (0, 0, Vec::new());
                for (at, c) in group.char_indices() {
                    match c {
                        '{' => depth += 1,
                        '}' if depth == 0 => {
                            parts.push(&group[start..at]);
                            break;
                        }
                        '}' => depth -= 1,
                        ',' if depth == 0 => {
                            parts.push(&group[start..at]);
                            start = at + 1;
                        }
                        _ => {}
                    }
                }
                names.extend(parts.into_iter().map(word).filter(|name| !name.is_empty()));
            }
        }
    }
    names
}

/// Each part with what it imports of this crate, and where.
fn imports() -> BTreeMap<String, BTreeMap<String, PathBuf>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    let mut imports = BTreeMap::<String, BTreeMap<String, PathBuf>>::new();
    for file in files {
        let relative = file.strip_prefix(&root).unwrap().to_owned();
        let part = relative.iter().next().unwrap().to_str().unwrap().trim_end_matches(".rs").to_owned();
        let of_part = imports.entry(part.clone()).or_default();
        for name in named_after(&code(&std::fs::read_to_string(&file).unwrap()), "crate::") {
            if name != part {
                of_part.entry(name).or_insert_with(|| relative.clone());
            }
        }
    }
    imports
}

#[test]
fn every_part_imports_only_what_is_below_it() {
    for (part, names) in imports() {
        if FREE.contains(&part.as_str()) {
            continue;
        }
        let rule = MAY.iter().find(|(name, _)| *name == part);
        let (_, may) = rule.unwrap_or_else(|| panic!("{part} is new: say in this test what it may import"));
        for (name, file) in names {
            assert!(may.contains(&name.as_str()), "{part} must not import {name}, but {} does", file.display());
        }
    }
}

#[test]
fn the_surfaces_never_import_one_another() {
    let surfaces = ["web", "voice", "devices", "screen"];
    for (part, may) in MAY.iter().filter(|(part, _)| surfaces.contains(part)) {
        assert!(!may.iter().any(|name| surfaces.contains(name)), "{part}");
    }
}

#[test]
fn the_rules_have_no_circle() {
    // taking away what imports nothing that is left must take away everything
    let mut left: BTreeMap<&str, &[&str]> = MAY.iter().copied().collect();
    while !left.is_empty() {
        let free = left.iter().find(|(_, may)| !may.iter().any(|name| left.contains_key(name))).map(|(part, _)| *part);
        let free = free.unwrap_or_else(|| panic!("these import one another: {:?}", left.keys()));
        left.remove(free);
    }
}

#[test]
fn the_core_knows_no_clock_no_disk_and_no_chance() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    for pure in ["queue", "estimate", "plan"] {
        sources(&root.join(pure), &mut files);
    }
    assert!(files.len() > 10);
    for file in files {
        let text = code(&std::fs::read_to_string(&file).unwrap());
        let foreign = ["tokio", "rusqlite", "slint", "getrandom", "std::fs", "std::net", "std::thread", "std::time"];
        for name in foreign {
            assert!(named_after(&text, &format!("{name}::")).is_empty(), "{} uses {name}", file.display());
        }
        // the planner draws, from a seed that it is given; the others draw nothing
        let drawn = named_after(&text, "rand::");
        let seeded = drawn.iter().all(|name| matches!(name.as_str(), "RngExt" | "SeedableRng"));
        let may = file.starts_with(root.join("plan")) && seeded;
        assert!(may || drawn.is_empty(), "{} uses rand::{drawn:?}", file.display());
    }
}

#[test]
fn the_leaf_crates_import_nothing_of_ours() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for leaf in ["ui", "hardware"] {
        let manifest = std::fs::read_to_string(root.join(leaf).join("Cargo.toml")).unwrap();
        let ours = manifest.lines().filter(|line| line.starts_with("nowserving") || line.contains("path = \".."));
        assert_eq!(ours.collect::<Vec<_>>(), Vec::<&str>::new(), "{leaf}");
    }
    let mut files = Vec::new();
    sources(&root.join("src/paper"), &mut files);
    for file in files.into_iter().filter(|file| !file.ends_with("tests.rs")) {
        let names = named_after(&code(&std::fs::read_to_string(&file).unwrap()), "nowserving_hardware::");
        assert!(
            names.iter().all(|name| matches!(name.as_str(), "Bitmap" | "BitmapError" | "MAX_HEIGHT")),
            "{} uses {names:?}",
            file.display()
        );
    }
}

#[test]
fn imports_are_found_in_every_form() {
    let names = |text| named_after(&code(text), "crate::").into_iter().collect::<Vec<_>>();
    assert_eq!(names("use crate::queue::{A, B};"), ["queue"]);
    assert_eq!(names("use crate::{clock::Clock, queue::{self, C}, ledger};"), ["clock", "ledger", "queue"]);
    assert_eq!(names("let x = crate::web::y(); // crate::web"), ["web"]);
    assert_eq!(names("// use crate::web;\n"), Vec::<&str>::new());
    assert_eq!(names("$crate::web; other_crate::web;"), ["web"]);
}
