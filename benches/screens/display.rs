//! A display in memory, 1920 × 1080, with a window manager so that a screen can cover it, and a look at its pixels.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::kit;
use crate::processes::Running;

const WIDTH: usize = 1920;
const HEIGHT: usize = 1080;
/// The side of a cell, pixels: small enough to be inside a digit that is read from eight metres.
const CELL: usize = 32;
const COLUMNS: usize = WIDTH / CELL;
const ROWS: usize = HEIGHT / CELL;

/// Bytes of a pixel: blue, green, red, nothing.
const PIXEL: usize = 4;
/// How many calls [`Display::telling_calls`] makes.
pub(crate) const LEARNED: u64 = 8;
/// How often pixels are looked at.
const LOOK: Duration = Duration::from_millis(1);

/// A square of the display.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cell {
    x: usize,
    y: usize,
}

/// A picture that was looked at for a second.
pub(crate) struct Rest {
    picture: Vec<u8>,
    /// Of each cell, whether it changed meanwhile.
    moving: Vec<bool>,
}

pub(crate) struct Display {
    pub(crate) name: String,
    /// What the server shows, as a file: looking costs the server nothing.
    pixels: File,
    /// Where the first pixel is in it.
    start: u64,
    /// Ended before the display is.
    _manager: Running,
    _server: Running,
    _folder: tempfile::TempDir,
}

impl Display {
    pub(crate) fn start() -> Self {
        let memory = Path::new("/dev/shm");
        let folder = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }.unwrap();
        let mut server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", &format!("{WIDTH}x{HEIGHT}x24"), "-nolisten", "tcp", "-noreset"])
            .arg("-fbdir")
            .arg(folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut number = String::new();
        BufReader::new(server.stdout.take().unwrap()).read_line(&mut number).unwrap();
        let server = Running(server);
        let name = format!(":{}", number.trim());
        let manager = Command::new("openbox")
            .env("DISPLAY", &name)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // the window manager is there
        kit::pause(1_000);
        let pixels = File::open(folder.path().join("Xvfb_screen0")).unwrap();
        let start = first_pixel(&pixels);
        Self { name, pixels, start, _manager: Running(manager), _server: server, _folder: folder }
    }

    fn pixels(&self, x: usize, y: usize, width: usize, height: usize) -> Vec<u8> {
        let mut pixels = vec![0; width * height * PIXEL];
        for (row, line) in pixels.chunks_exact_mut(width * PIXEL).enumerate() {
            let at = ((y + row) * WIDTH + x) * PIXEL;
            self.pixels.read_exact_at(line, self.start + at as u64).unwrap();
        }
        pixels
    }

    pub(crate) fn cell(&self, cell: Cell) -> Vec<u8> {
        self.pixels(cell.x, cell.y, CELL, CELL)
    }

    fn whole(&self) -> Vec<u8> {
        self.pixels(0, 0, WIDTH, HEIGHT)
    }

    /// Looks again and again until it is so; `None` if it does not become so in time.
    fn when(&self, patience: Duration, is: impl Fn(&Self) -> bool) -> Option<Instant> {
        let begun = kit::now();
        while begun.elapsed() < patience {
            if is(self) {
                return Some(kit::now());
            }
            std::thread::sleep(LOOK);
        }
        None
    }

    /// When a cell no longer looks as it did.
    pub(crate) fn changed(&self, cell: Cell, before: &[u8], patience: Duration) -> Option<Instant> {
        self.when(patience, |display| display.cell(cell) != before)
    }

    /// When a cell looks so.
    pub(crate) fn shows(&self, cell: Cell, picture: &[u8], patience: Duration) -> Option<Instant> {
        self.when(patience, |display| display.cell(cell) == picture)
    }

    /// When something is drawn. A window that has only been filled has one colour, text has many.
    pub(crate) fn drawn(&self, patience: Duration) -> Option<Instant> {
        let lines = (0..HEIGHT).step_by(HEIGHT / 24);
        self.when(patience, |display| {
            let colours: std::collections::HashSet<[u8; 4]> =
                lines.clone().flat_map(|y| display.pixels(0, y, WIDTH, 1).as_chunks().0.to_vec()).collect();
            colours.len() > 8
        })
    }

    /// The whole picture, and where something in it still moves.
    pub(crate) fn at_rest(&self) -> Rest {
        let first = self.whole();
        kit::pause(500);
        let second = self.whole();
        kit::pause(500);
        let last = self.whole();
        let moving = changes(&first, &second).into_iter().zip(changes(&second, &last)).map(|(one, two)| one + two > 0);
        Rest { moving: moving.collect(), picture: last }
    }

    /// Learns where each of so many happenings (fewer than there are digits) changes the picture and then leaves it at rest,
    /// unlike all before, as a number's last digit does. Elsewhere only some show, or something moves long after. `None` if there
    /// is no such place.
    pub(crate) fn telling(&self, happenings: u64, mut happen: impl FnMut(&Self) -> Rest) -> Option<Cell> {
        let mut least = vec![usize::MAX; COLUMNS * ROWS];
        let mut seen = vec![self.whole()];
        for _ in 0..happenings {
            let Rest { picture, moving } = happen(self);
            for earlier in &seen {
                least.iter_mut().zip(changes(earlier, &picture)).for_each(|(least, changed)| *least = changed.min(*least));
            }
            least.iter_mut().zip(moving).filter(|(_, moving)| *moving).for_each(|(least, _)| *least = 0);
            seen.push(picture);
        }
        let (at, most) = least.into_iter().enumerate().max_by_key(|(_, pixels)| *pixels)?;
        (most > 0).then(|| Cell { x: at % COLUMNS * CELL, y: at / COLUMNS * CELL })
    }

    /// Where every call shows.
    pub(crate) fn telling_calls<T>(&self, call: impl Fn() -> T) -> Option<Cell> {
        self.telling(LEARNED, |display| {
            call();
            kit::pause(1_500);
            display.at_rest()
        })
    }

    /// Writes what the display shows into the folder that PICTURES names, for a person to look at.
    pub(crate) fn keep_picture(&self, name: &str) {
        let Some(folder) = std::env::var_os("PICTURES") else { return };
        let file = File::create(Path::new(&folder).join(format!("{name}.png"))).unwrap();
        let mut encoder = png::Encoder::new(file, WIDTH as u32, HEIGHT as u32);
        encoder.set_color(png::ColorType::Rgb);
        let pixels: Vec<u8> =
            self.whole().as_chunks().0.iter().flat_map(|&[blue, green, red, _]| [red, green, blue]).collect();
        encoder.write_header().unwrap().write_image_data(&pixels).unwrap();
    }
}

/// Reads the header of an X window dump (`XWDFile.h`), as Xvfb keeps one of its screen: big-endian words, of which the first is the
/// header's size; then a table of colours, twelve bytes each.
fn first_pixel(file: &File) -> u64 {
    let mut header = [0; 100];
    file.read_exact_at(&mut header, 0).unwrap();
    let word = |at: usize| u32::from_be_bytes(header.as_chunks().0[at]);
    let (size, width, height, bits, line, colours) = (word(0), word(4), word(5), word(11), word(12), word(19));
    assert_eq!((width, height), (WIDTH as u32, HEIGHT as u32));
    assert_eq!((bits, line), (8 * PIXEL as u32, (WIDTH * PIXEL) as u32));
    u64::from(size) + 12 * u64::from(colours)
}

/// How many pixels of each cell differ.
fn changes(one: &[u8], other: &[u8]) -> Vec<usize> {
    let mut cells = vec![0; COLUMNS * ROWS];
    let pixels = one.as_chunks::<4>().0.iter().zip(other.as_chunks::<4>().0).enumerate();
    for (at, _) in pixels.filter(|(_, (one, other))| one != other) {
        let (column, row) = (at % WIDTH / CELL, at / WIDTH / CELL);
        if column < COLUMNS && row < ROWS {
            cells[row * COLUMNS + column] += 1;
        }
    }
    cells
}
