//! Draws every state of every screen in every look at every size:
//! `cargo run -p nowserving-ui --example gallery -- OUTDIR [PREFIX [PART-OF-NAME [LARGER]]]`.

mod states;

use std::error::Error;
use std::fs::{self, File};
use std::path::PathBuf;

use nowserving_ui::offscreen;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args_os().skip(1);
    let folder = arguments.next().map(PathBuf::from).ok_or("where to? gallery OUTDIR [PREFIX [PART [LARGER]]]")?;
    let prefix = arguments.next().map(|prefix| prefix.to_string_lossy().into_owned()).unwrap_or_default();
    let only = arguments.next().map(|only| only.to_string_lossy().into_owned()).unwrap_or_default();
    let larger = arguments.next().map_or(Ok(1.0), |larger| larger.to_string_lossy().parse())?;
    fs::create_dir_all(&folder)?;
    let offscreen = offscreen::install()?;
    for state in states::STATES.iter().filter(|state| state.name.starts_with(&prefix)) {
        for ((look, dress), (width, height)) in
            states::DRESSES.into_iter().flat_map(|look| states::SIZES.map(|size| (look, size)))
        {
            let name = format!("{}{look}-{width}x{height}.png", state.name);
            if !only.is_empty() && !name.contains(&only) {
                continue;
            }
            let pixels = state.render(&offscreen, dress, (width, height), larger)?;
            let path = folder.join(name);
            let mut encoder = png::Encoder::new(File::create(path)?, width, height);
            encoder.set_color(png::ColorType::Rgb);
            encoder.set_depth(png::BitDepth::Eight);
            encoder.write_header()?.write_image_data(&pixels)?;
        }
    }
    Ok(())
}
