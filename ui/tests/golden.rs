//! Pictures that a person has looked at: a screen that looks different from them is looked at again.
//!
//! `GOLDEN=write cargo test -p nowserving-ui --test golden` makes them anew; then look at what `git diff` shows.
#![expect(clippy::unwrap_used, reason = "in a test, what fails may panic")]

mod common;

use std::fs::File;
use std::io::{BufReader, BufWriter};
use std::path::{Path, PathBuf};

use common::{Picture, states};
use nowserving_ui::offscreen;
use states::{DRESSES, STATES};

/// What is kept: small, one of each kind.
const KEPT: [(&str, &str, (u32, u32)); 15] = [
    ("kiosk-start", "", (800, 500)),
    ("kiosk-ticket", "", (800, 500)),
    ("kiosk-ticket-no-paper", "-dark", (800, 500)),
    ("kiosk-easier", "-contrast", (800, 500)),
    ("kiosk-start-rtl", "", (800, 500)),
    ("kiosk-languages", "", (480, 860)),
    ("kiosk-answers", "", (800, 480)),
    ("kiosk-answer", "-dark", (480, 860)),
    ("board", "", (960, 540)),
    ("board-wifi", "-dark", (540, 960)),
    ("board-rtl", "-contrast", (960, 540)),
    ("board-picture", "", (540, 960)),
    ("board-picture-rtl", "", (960, 540)),
    ("board-picture-whole", "-dark", (960, 540)),
    ("sign", "", (640, 400)),
];

/// Squares of so many pixels are compared by their mean colour: what no eye sees at arm's length does not count.
const SQUARE: usize = 4;
/// How far apart two colours may be (CIE 1976 L*a*b*; 2.3 is just noticeable): in the mean of all squares, and in the worst of them.
const MEAN: f64 = 0.25;
const WORST: f64 = 12.0;

fn lab([r, g, b]: [f64; 3]) -> [f64; 3] {
    let linear = |part: f64| {
        let part = part / 255.0;
        if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    };
    let [r, g, b] = [linear(r), linear(g), linear(b)];
    // sRGB to XYZ relative to D65
    let x = (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505;
    let y = 0.2126 * r + 0.7152 * g + 0.0722 * b;
    let z = (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089;
    let [x, y, z] = [x, y, z].map(|v| if v > 0.008856 { v.cbrt() } else { 7.787 * v + 16.0 / 116.0 });
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}

/// The distance of two pictures: mean and worst.
fn distance(one: &Picture, other: &Picture) -> (f64, f64) {
    assert_eq!((one.width, one.height), (other.width, other.height));
    let mean = |picture: &Picture, left: usize, top: usize| {
        let mut sum = [0.0; 3];
        let mut count = 0.0;
        for y in top..(top + SQUARE).min(picture.height) {
            for x in left..(left + SQUARE).min(picture.width) {
                let pixel = picture.at(x, y);
                (0..3).for_each(|part| sum[part] += f64::from(pixel[part]));
                count += 1.0;
            }
        }
        lab(sum.map(|part| part / count))
    };
    let (mut sum, mut worst, mut count) = (0.0, 0.0_f64, 0.0);
    for top in (0..one.height).step_by(SQUARE) {
        for left in (0..one.width).step_by(SQUARE) {
            let (a, b) = (mean(one, left, top), mean(other, left, top));
            let far = (0..3).map(|part| (a[part] - b[part]).powi(2)).sum::<f64>().sqrt();
            (sum, worst, count) = (sum + far, worst.max(far), count + 1.0);
        }
    }
    (sum / count, worst)
}

fn write(path: &Path, picture: &Picture) {
    let (width, height) = (picture.width as u32, picture.height as u32);
    let mut encoder = png::Encoder::new(BufWriter::new(File::create(path).unwrap()), width, height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::High);
    encoder.write_header().unwrap().write_image_data(&picture.pixels).unwrap();
}

fn read(path: &Path) -> Picture {
    let file = File::open(path).unwrap_or_else(|_| panic_for(path));
    let mut reader = png::Decoder::new(BufReader::new(file)).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut pixels).unwrap();
    Picture::new(pixels, (info.width, info.height))
}

#[expect(clippy::panic, reason = "a missing picture is a failed test")]
fn panic_for(path: &Path) -> File {
    panic!("{} is missing: GOLDEN=write makes it", path.display())
}

#[test]
fn the_screens_look_as_a_person_has_seen_them() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let anew = std::env::var_os("GOLDEN").is_some();
    let offscreen = offscreen::install().unwrap();
    let mut different = Vec::new();
    for (name, look, size) in KEPT {
        let state = STATES.iter().find(|state| state.name == name).unwrap();
        let dress = DRESSES.iter().find(|(suffix, _)| *suffix == look).unwrap().1;
        let drawn = Picture::new(state.render(&offscreen, dress, size, 1.0).unwrap(), size);
        let path = folder.join(format!("{name}{look}.png"));
        if anew {
            write(&path, &drawn);
            continue;
        }
        let (mean, worst) = distance(&drawn, &read(&path));
        if mean > MEAN || worst > WORST {
            let beside = std::env::temp_dir().join(format!("nowserving-{name}{look}.png"));
            write(&beside, &drawn);
            different.push(format!("{name}{look}: mean {mean:.2}, worst {worst:.1}; as it is now: {}", beside.display()));
        }
    }
    assert!(different.is_empty(), "{different:#?}");
}

#[test]
fn a_picture_that_differs_is_seen_to() {
    let white = |shift: u8| Picture::new(vec![255 - shift; 64 * 64 * 3], (64, 64));
    assert_eq!(distance(&white(0), &white(0)), (0.0, 0.0));
    assert!(distance(&white(0), &white(4)).0 > MEAN);
    // a letter that moved by its own width
    let mut moved = white(0);
    for y in 20..40 {
        for x in 20..26 {
            (0..3).for_each(|part| moved.pixels[(y * 64 + x) * 3 + part] = 0);
        }
    }
    assert!(distance(&white(0), &moved).1 > WORST);
}
