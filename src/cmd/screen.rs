//! `nowserving screen`: one screen of a branch, in a process of its own.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::{Args, ValueEnum};
use nowserving_ui::{Pointing, window};

use super::Outcome;
use crate::clock::Clock;
use crate::screen::{Board, DeskSign, HubAddress, Kiosk, Screen, Showing};

/// Show a screen of a running branch on this machine's display.
///
/// The screen follows the hub wherever it runs. If the hub goes away, the screen says so, keeps what it knows and comes back by
/// itself. On another machine than the hub's, a kiosk needs the token of an enrolled device (`nowserving token`).
#[derive(Debug, Args)]
#[command(
    after_help = "Examples: nowserving screen kiosk --fullscreen\n          nowserving screen board --hub http://192.168.1.20:8080\n          nowserving screen board --name garden --inches 55 --metres 8\n          nowserving screen desk-sign --desk 3 --arrow left"
)]
pub struct ScreenArgs {
    /// Which screen
    #[arg(value_enum)]
    name: ScreenName,
    /// Where the hub is
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8080")]
    hub: String,
    /// Which desk the sign hangs over
    #[arg(long, value_name = "ID", required_if_eq("name", "desk-sign"))]
    desk: Option<String>,
    /// Where the desk is, seen from its sign
    #[arg(long, value_enum, default_value_t = Arrow::Down)]
    arrow: Arrow,
    /// This screen from corner to corner, inches; the settings' otherwise
    #[arg(long, value_name = "INCHES")]
    inches: Option<f64>,
    /// From the board to the farthest who must read it, metres; the settings' otherwise
    #[arg(long, value_name = "METRES")]
    metres: Option<f64>,
    /// What this board is called in entries that are meant for some boards alone
    #[arg(long = "name", value_name = "NAME", default_value = "board")]
    board: String,
    /// Cover the whole display
    #[arg(long)]
    fullscreen: bool,
    #[command(flatten)]
    token: TokenArg,
}

/// A screen by its name on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ScreenName {
    /// At which customers take a number
    Kiosk,
    /// The hall's screen
    Board,
    /// The sign over one desk
    DeskSign,
}

impl ScreenName {
    /// The name of its window to a Wayland compositor.
    fn app_id(self) -> &'static str {
        match self {
            Self::Kiosk => "nowserving-kiosk",
            Self::Board => "nowserving-board",
            Self::DeskSign => "nowserving-desk-sign",
        }
    }
}

/// Where a sign's arrow points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Arrow {
    /// To the left
    Left,
    /// To the right
    Right,
    /// Up
    Up,
    /// Down: the sign hangs over its desk
    Down,
}

impl From<Arrow> for Pointing {
    fn from(arrow: Arrow) -> Self {
        match arrow {
            Arrow::Left => Self::Left,
            Arrow::Right => Self::Right,
            Arrow::Up => Self::Up,
            Arrow::Down => Self::Down,
        }
    }
}

/// `--token-file FILE`.
#[derive(Debug, Args)]
pub struct TokenArg {
    /// A file with the bearer token of this device; the variable NOWSERVING_TOKEN otherwise
    #[arg(long, value_name = "FILE")]
    token_file: Option<PathBuf>,
}

impl TokenArg {
    /// The token, if there is one.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn token(&self) -> anyhow::Result<Option<String>> {
        match &self.token_file {
            Some(file) => {
                let text = std::fs::read_to_string(file);
                text.map(Some).with_context(|| format!("The token file {} cannot be read", file.display()))
            }
            None => Ok(std::env::var("NOWSERVING_TOKEN").ok()),
        }
    }
}

/// Shows the screen until its window is closed.
///
/// # Errors
/// There is no display or no font here, or the arguments are wrong. A hub that does not answer is no error: the screen says so.
pub fn run(args: &ScreenArgs) -> Outcome {
    super::start_log();
    let hub = HubAddress::new(&args.hub, args.token.token()?)?;
    let display = window::display().context(
        "There is no display here. Start this in a desktop session (or set DISPLAY or WAYLAND_DISPLAY); \
         `nowserving snapshot` draws a screen into a file instead",
    )?;
    anyhow::ensure!(
        window::has_system_font(),
        "There is no font on this machine, and without one no window opens. Install one: apt install fonts-noto-core"
    );
    window::take(display).context("The display cannot be used")?;
    window::name(args.name.app_id()).context("The display cannot be used")?;
    match args.name {
        ScreenName::Kiosk => {
            let mut kiosk = Kiosk::default();
            kiosk.inches = args.inches;
            show(kiosk, hub, args.fullscreen)
        }
        ScreenName::Board => {
            let mut board = Board::default();
            board.name = Some(args.board.clone());
            board.measures = args.inches.zip(args.metres);
            show(board, hub, args.fullscreen)
        }
        ScreenName::DeskSign => {
            let desk = args.desk.as_deref().unwrap_or_default().into();
            show(DeskSign::new(desk, args.arrow.into()), hub, args.fullscreen)
        }
    }
}

fn show<S: Screen>(screen: S, hub: HubAddress, fullscreen: bool) -> Outcome {
    let showing = Showing::start(screen, hub, Clock::System { vouched: false })?;
    window::run(&showing.window, fullscreen).context("The display went away")?;
    Ok(ExitCode::SUCCESS)
}
