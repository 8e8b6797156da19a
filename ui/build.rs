//! Turns `tokens.toml` into a Slint global and Rust constants, then compiles the screens.

use std::error::Error;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::{env, fs};

use slint_build::{CompilerConfiguration, EmbedResourcesKind};
use toml::Table;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=tokens.toml");
    let tokens: Table = fs::read_to_string("tokens.toml")?.parse()?;
    let out = PathBuf::from(env::var("OUT_DIR")?);
    fs::write(out.join("tokens.slint"), slint_global(&tokens)?)?;
    fs::write(out.join("tokens.rs"), rust_constants(&tokens)?)?;
    fs::write(out.join("fonts.rs"), fonts()?)?;

    // Element ids and types, by which tests find elements, are kept in debug builds only.
    let debug = env::var("PROFILE").is_ok_and(|profile| profile == "debug");
    let config = CompilerConfiguration::new()
        .with_include_paths(vec![out])
        .with_style("fluent".into())
        .embed_resources(EmbedResourcesKind::EmbedFiles)
        .with_debug_info(debug);
    slint_build::compile_with_config("app.slint", config)?;
    Ok(())
}

/// One property a token: `accent-rust`, `type-body`, `space-large`, `duration-call`.
/// Type and space come out as plain numbers of design pixels; the screens multiply them by `1rem`, which a window
/// sets to the size of a design pixel. A colour is the one of the look that is set.
fn slint_global(tokens: &Table) -> Result<String, Box<dyn Error>> {
    let mut text = String::from("export enum Look { light, dark, contrast }\n\nexport global Tokens {\n");
    text.push_str("    in property <Look> look: Look.light;\n    in property <bool> still;\n");
    let (dark, contrast) = (table(tokens, "dark")?, table(tokens, "contrast")?);
    for section in tokens.keys().filter(|section| !["dark", "contrast"].contains(&section.as_str())) {
        let entries = table(tokens, section)?;
        for (name, value) in entries {
            // the face may be another one where a language needs it
            let way = if section == "family" { "in" } else { "out" };
            let (kind, value) = match section.as_str() {
                "family" => ("string", value.to_string()),
                "colour" => {
                    let (light, dark, contrast) = (string(entries, name)?, string(dark, name)?, string(contrast, name)?);
                    ("color", format!("root.look == Look.dark ? {dark} : root.look == Look.contrast ? {contrast} : {light}"))
                }
                "accent" => ("color", string(entries, name)?.to_owned()),
                // nothing moves where motion is not wished for
                "duration" => ("duration", format!("root.still ? 0ms : {value}ms")),
                "type" | "space" | "scale" | "opacity" | "reach" => ("float", value.to_string()),
                "design" => ("length", format!("{value}px")),
                other => return Err(format!("tokens.toml: unknown section [{other}]").into()),
            };
            writeln!(text, "    {way} property <{kind}> {section}-{name}: {value};")?;
        }
    }
    text.push_str("}\n");
    Ok(text)
}

/// The accents by name, for `accent()`; what letters need.
fn rust_constants(tokens: &Table) -> Result<String, Box<dyn Error>> {
    let accents = table(tokens, "accent")?;
    let mut text = format!("pub(crate) const ACCENTS: [(&str, &str); {}] = [\n", accents.len());
    for name in accents.keys() {
        writeln!(text, "    ({name:?}, {:?}),", string(accents, name)?)?;
    }
    text.push_str("];\n");
    let colours = table(tokens, "colour")?;
    writeln!(text, "pub(crate) const INK: &str = {:?};", string(colours, "ink")?)?;
    for (section, names) in [
        ("reach", &["number", "words", "cap"][..]),
        ("type", &["row", "lead"]),
        ("scale", &["board-most"]),
        ("design", &["board-long", "board-short"]),
    ] {
        for name in names {
            let value = table(tokens, section)?.get(*name).and_then(number);
            let value = value.ok_or_else(|| format!("tokens.toml: [{section}] {name} is no number"))?;
            writeln!(text, "pub(crate) const {}_{}: f64 = {value:?};", constant(section), constant(name))?;
        }
    }
    Ok(text)
}

/// Every font file, as bytes in the program; the house's face first.
fn fonts() -> Result<String, Box<dyn Error>> {
    println!("cargo::rerun-if-changed=fonts");
    let folder = fs::canonicalize("fonts")?;
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
    files.retain(|file| file.extension().is_some_and(|ending| ending == "ttf" || ending == "otf"));
    files.sort_by_key(|file| (!file.ends_with("AtkinsonHyperlegibleNext-Regular.ttf"), file.clone()));
    let mut text = format!("static FONTS: [&[u8]; {}] = [\n", files.len());
    for file in files {
        writeln!(text, "    include_bytes!({file:?}),")?;
    }
    text.push_str("];\n");
    Ok(text)
}

fn constant(name: &str) -> String {
    name.to_uppercase().replace('-', "_")
}

fn number(value: &toml::Value) -> Option<f64> {
    value.as_float().or_else(|| value.as_integer().map(|value| value as f64))
}

fn table<'a>(tokens: &'a Table, section: &str) -> Result<&'a Table, String> {
    tokens.get(section).and_then(toml::Value::as_table).ok_or_else(|| format!("tokens.toml: no section [{section}]"))
}

fn string<'a>(section: &'a Table, name: &str) -> Result<&'a str, String> {
    section.get(name).and_then(toml::Value::as_str).ok_or_else(|| format!("tokens.toml: {name} is no string"))
}
