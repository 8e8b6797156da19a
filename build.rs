//! Turns `ui/tokens.toml`, the look that every surface shares, into the custom properties of the pages' style sheet.

use std::error::Error;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::{env, fs};

use toml::Table;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=ui/tokens.toml");
    let tokens: Table = fs::read_to_string("ui/tokens.toml")?.parse()?;
    let out = PathBuf::from(env::var("OUT_DIR")?);
    fs::write(out.join("tokens.css"), css(&tokens)?)?;
    Ok(())
}

/// `--ground` and the other colours on the root, and a class for each accent: `.accent-rust` sets `--accent`. Sizes are not
/// taken over: those of the tokens are design pixels of screens on a wall, and a page is sized by its reader's own type size.
fn css(tokens: &Table) -> Result<String, Box<dyn Error>> {
    let mut text = String::from(":root{");
    for (name, value) in table(tokens, "colour")? {
        write!(text, "--{name}:{};", string(name, value)?)?;
    }
    text.push_str("}\n");
    for (name, value) in table(tokens, "accent")? {
        writeln!(text, ".accent-{name}{{--accent:{}}}", string(name, value)?)?;
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
