//! Turns the plain files of `ui/` that every surface shares into what this crate reads: `tokens.toml`, the look, into the custom
//! properties of the pages' style sheet; `lang/*.po`, the words, into tables of each language.

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use rspolib::{POEntry, pofile};
use toml::Table;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=ui/tokens.toml");
    println!("cargo::rerun-if-changed=ui/lang");
    let tokens: Table = fs::read_to_string("ui/tokens.toml")?.parse()?;
    let out = PathBuf::from(env::var("OUT_DIR")?);
    fs::write(out.join("tokens.css"), css(&tokens)?)?;
    fs::write(out.join("shares.rs"), shares(&tokens)?)?;
    fs::write(out.join("catalogues.rs"), catalogues(Path::new("ui/lang"))?)?;
    Ok(())
}

/// `--ground` and the other colours on the root, and a class for each accent: `.accent-rust` sets `--accent`. Sizes are not
/// taken over: those of the tokens are design pixels of screens on a wall, and a page is sized by its reader's own type size.
fn css(tokens: &Table) -> Result<String, Box<dyn Error>> {
    let family = string("text", table(tokens, "family")?.get("text").ok_or("ui/tokens.toml: [family] has no text")?)?;
    let mut text = format!(":root{{--family:\"{family}\";{}}}\n", properties(tokens, "colour")?);
    // as a reader's own device asks for it
    for (section, wish) in [("dark", "(prefers-color-scheme:dark)"), ("contrast", "(prefers-contrast:more)")] {
        // high contrast is dark on light: whoever asked for both has it
        let scheme = if section == "contrast" { "color-scheme:light;" } else { "" };
        writeln!(text, "@media {wish}{{:root{{{scheme}{}}}}}", properties(tokens, section)?)?;
    }
    for (name, value) in table(tokens, "accent")? {
        writeln!(text, ".accent-{name}{{--accent:{}}}", string(name, value)?)?;
    }
    Ok(text)
}

/// How much of an accent is left on a dark ground and in high contrast: what the screens do, for the pages.
fn shares(tokens: &Table) -> Result<String, Box<dyn Error>> {
    let opacity = table(tokens, "opacity")?;
    let mut text = String::new();
    for (token, name) in [("text-dark", "TEXT_DARK"), ("fill-contrast", "FILL_CONTRAST")] {
        let share = opacity.get(token).and_then(toml::Value::as_float);
        let share = share.ok_or_else(|| format!("ui/tokens.toml: [opacity] has no {token}"))?;
        writeln!(text, "pub(super) const {name}: f32 = {share:?};")?;
    }
    Ok(text)
}

/// The colours of a section as custom properties.
fn properties(tokens: &Table, section: &str) -> Result<String, Box<dyn Error>> {
    let mut text = String::new();
    for (name, value) in table(tokens, section)? {
        write!(text, "--{name}:{};", string(name, value)?)?;
    }
    Ok(text)
}

fn table<'a>(tokens: &'a Table, section: &str) -> Result<&'a Table, String> {
    let found = tokens.get(section).and_then(toml::Value::as_table);
    found.ok_or_else(|| format!("ui/tokens.toml: the section [{section}] is missing"))
}

fn string<'a>(name: &str, value: &'a toml::Value) -> Result<&'a str, String> {
    value.as_str().ok_or_else(|| format!("ui/tokens.toml: {name} must be a text such as \"#15213B\""))
}

/// Every language's sentences as `("de", &[("phone", "one", &["forms", …]), …])`. A sentence that nobody has translated yet,
/// or that has changed since, is left out: it is said in English, and a test refuses it.
fn catalogues(folder: &Path) -> Result<String, Box<dyn Error>> {
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
    files.retain(|file| file.extension().is_some_and(|ending| ending == "po"));
    files.sort();
    let mut text = String::from("&[\n");
    for file in files {
        let code = file.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        let read = pofile(file.to_string_lossy().as_ref()).map_err(|error| format!("{}: {error}", file.display()))?;
        writeln!(text, "({code:?}, &[")?;
        for entry in read.entries.iter().filter(|entry| !entry.obsolete && !entry.fuzzy()) {
            let forms = forms(entry);
            if forms.iter().all(|form| !form.is_empty()) {
                writeln!(text, "({:?}, {:?}, &{forms:?}),", entry.msgctxt.as_deref().unwrap_or_default(), entry.msgid)?;
            }
        }
        text.push_str("]),\n");
    }
    text.push_str("]\n");
    Ok(text)
}

fn forms(entry: &POEntry) -> Vec<String> {
    if entry.msgid_plural.is_some() { entry.msgstr_plural.clone() } else { vec![entry.msgstr.clone().unwrap_or_default()] }
}
