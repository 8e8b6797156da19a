//! `nowserving snapshot`: a screen as a picture, without a display.

use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use clap::{Args, ValueEnum};
use nowserving_ui::Pointing;
use nowserving_ui::offscreen::{self, MOST_PIXELS_A_SIDE};
use nowserving_ui::slint::{ComponentHandle as _, PhysicalSize};

use super::Outcome;
use super::screen::TokenArg;
use crate::clock::Clock;
use crate::config::BoardPreview;
use crate::queue::{BootId, Moment, View};
use crate::screen::{
    Board, DeskSign, Facts, HubAddress, Kiosk, LinkState, News, Order, Screen, draw, example_facts, example_moment,
    example_ticket, example_view, fetch,
};

/// Draw a screen into a PNG file, to the pixel as a display would show it.
///
/// With --hub it is the screen of that branch as it stands now, otherwise that of an example. Needs no display.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples: nowserving snapshot board --hub http://127.0.0.1:8080 --out board.png\n          nowserving snapshot kiosk --size 800x480 --out kiosk.png"
)]
pub struct SnapshotArgs {
    /// Which screen
    #[arg(value_enum)]
    name: Picture,
    /// Its size in pixels
    #[arg(long, value_name = "WxH", default_value = "1920x1080", value_parser = size)]
    size: (u32, u32),
    /// Where to write the picture
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// The branch to draw; an example otherwise
    #[arg(long, value_name = "URL")]
    hub: Option<String>,
    /// Which desk's sign
    #[arg(long, value_name = "ID", required_if_eq("name", "desk-sign"))]
    desk: Option<String>,
    /// Draw this entry on the board, as a hub describes it for the manager's preview (JSON)
    #[arg(long, value_name = "FILE", conflicts_with = "hub")]
    entry_file: Option<PathBuf>,
    #[command(flatten)]
    token: TokenArg,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Picture {
    /// The kiosk's first page
    Kiosk,
    /// The kiosk with a new ticket, of the example
    KioskTicket,
    /// The hall's screen
    Board,
    /// The sign over one desk
    DeskSign,
}

fn size(text: &str) -> Result<(u32, u32), String> {
    let told = text.split_once(['x', 'X', '×']).and_then(|(w, h)| Some((w.parse().ok()?, h.parse().ok()?)));
    let fits = |side: &u32| (1..=MOST_PIXELS_A_SIDE).contains(side);
    told.filter(|(width, height)| fits(width) && fits(height))
        .ok_or_else(|| format!("give width and height in pixels, such as 1920x1080; each from 1 to {MOST_PIXELS_A_SIDE}"))
}

/// What is drawn.
struct Scene {
    view: View,
    facts: Facts,
    at: Moment,
    entry: Option<BoardPreview>,
}

impl SnapshotArgs {
    fn scene(&self) -> anyhow::Result<Scene> {
        if let Some(file) = &self.entry_file {
            anyhow::ensure!(
                self.name == Picture::Board,
                "An entry is drawn on the board: nowserving snapshot board --entry-file"
            );
            return entry_scene(file);
        }
        let Some(hub) = &self.hub else {
            return Ok(Scene { view: example_view(), facts: example_facts(), at: example_moment(), entry: None });
        };
        anyhow::ensure!(
            self.name != Picture::KioskTicket,
            "kiosk-ticket draws an example: no number is taken for a picture. Leave out --hub."
        );
        let hub = HubAddress::new(hub, self.token.token()?)?;
        let (view, mut facts) = fetch(&hub)?;
        facts.public_url = facts.public_url.or_else(|| hub.public());
        Ok(Scene { view, facts, at: Clock::System { vouched: false }.now(BootId(0)), entry: None })
    }
}

/// The branch that an entry's file describes.
fn entry_scene(file: &Path) -> anyhow::Result<Scene> {
    let text = std::fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let entry: BoardPreview =
        serde_json::from_slice(&text).with_context(|| format!("{} describes no entry on a board", file.display()))?;
    let facts = Facts {
        public_url: Some(entry.public_url.clone()).filter(|url| !url.is_empty()),
        screens: entry.screens.clone(),
        languages: vec![entry.language.clone()],
        ..Facts::default()
    };
    let at = Clock::System { vouched: false }.now(BootId(0));
    Ok(Scene { view: entry.view.clone(), facts, at, entry: Some(entry) })
}

/// Draws the picture.
///
/// # Errors
/// The hub does not answer, or the file cannot be written.
pub fn run(args: &SnapshotArgs) -> Outcome {
    let scene = args.scene()?;
    let pixels = match args.name {
        Picture::Kiosk => picture(Kiosk::default(), &scene, args.size),
        Picture::KioskTicket => picture(with_ticket(&scene), &scene, args.size),
        Picture::Board => {
            let mut board = Board::default();
            board.preview.clone_from(&scene.entry);
            picture(board, &scene, args.size)
        }
        Picture::DeskSign => {
            let desk = args.desk.as_deref().unwrap_or_default().into();
            anyhow::ensure!(scene.view.desk(&desk).is_some(), "The branch has no desk {desk}.");
            picture(DeskSign::new(desk, Pointing::Down), &scene, args.size)
        }
    }?;
    write_png(&args.out, args.size, &pixels)
        .with_context(|| format!("The picture {} cannot be written", args.out.display()))?;
    Ok(ExitCode::SUCCESS)
}

fn told(scene: &Scene) -> [News; 3] {
    [News::Facts(scene.facts.clone()), News::Link(LinkState::Live), News::View(Arc::new(scene.view.clone()))]
}

/// A kiosk whose customer has just got a number.
fn with_ticket(scene: &Scene) -> Kiosk {
    let mut kiosk = Kiosk::default();
    for news in told(scene) {
        kiosk.hear(news, &scene.at);
    }
    let ticket = example_ticket();
    if let Some(Order::Issue { touch, .. }) = kiosk.choose(&ticket.service, &scene.at) {
        kiosk.hear(News::Answer { touch, result: Ok(ticket) }, &scene.at);
    }
    kiosk
}

fn picture<S: Screen>(mut screen: S, scene: &Scene, (width, height): (u32, u32)) -> anyhow::Result<Vec<u8>> {
    for news in told(scene) {
        screen.hear(news, &scene.at);
    }
    let offscreen = offscreen::install()?;
    let window = S::open()?;
    window.window().set_size(PhysicalSize::new(width, height));
    draw(&screen, &window, &scene.at);
    Ok(offscreen.render(&window, width, height)?)
}

fn write_png(path: &Path, (width, height): (u32, u32), pixels: &[u8]) -> anyhow::Result<()> {
    let mut encoder = png::Encoder::new(BufWriter::new(File::create(path)?), width, height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(pixels)?;
    Ok(writer.finish()?)
}
