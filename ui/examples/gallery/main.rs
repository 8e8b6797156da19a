//! Draws every state of every screen at every size: `cargo run -p nowserving-ui --example gallery -- OUTDIR [PREFIX]`.

mod states;

use std::error::Error;
use std::fs::{self, File};
use std::path::PathBuf;

use nowserving_ui::offscreen;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args_os().skip(1);
    let folder = arguments.next().map(PathBuf::from).ok_or("where to? gallery OUTDIR [PREFIX]")?;
    let prefix = arguments.next().map(|prefix| prefix.to_string_lossy().into_owned()).unwrap_or_default();
    fs::create_dir_all(&folder)?;
    let offscreen = offscreen::install()?;
    for state in states::STATES.iter().filter(|state| state.name.starts_with(&prefix)) {
        for (width, height) in states::SIZES {
            let pixels = state.render(&offscreen, width, height)?;
            let path = folder.join(format!("{}-{width}x{height}.png", state.name));
            let mut encoder = png::Encoder::new(File::create(path)?, width, height);
            encoder.set_color(png::ColorType::Rgb);
            encoder.set_depth(png::BitDepth::Eight);
            encoder.write_header()?.write_image_data(&pixels)?;
        }
    }
    Ok(())
}
