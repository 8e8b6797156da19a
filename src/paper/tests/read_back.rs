//! The paper read back by programs that nobody here wrote: `zbarimg` for the code, `tesseract` for the words.
//!
//! Letters that are not shaped, or stand in the wrong order, do not read as what they were. Where a program or a language of it is
//! not installed, the test says so and looks at nothing.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use image::imageops::{self, FilterType};

use super::samples::{Sample, samples};
use super::*;

/// What a program says, or none where it is not installed.
fn said(program: &str, arguments: &[&str]) -> Option<String> {
    // one thread: other tests run beside this one
    let output = Command::new(program)
        .args(arguments)
        .env("OMP_THREAD_LIMIT", "1")
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn skipped(test: &str, why: &str) {
    // past the harness, which keeps what passing tests print
    let _ = writeln!(std::io::stderr(), "SKIPPED {test}: {why}");
}

/// Three times as large, with soft edges, as a camera sees it.
fn photograph(bitmap: &Bitmap, to: &Path) {
    let dots = image::GrayImage::from_fn(bitmap.width(), bitmap.height(), |x, y| {
        image::Luma([if bitmap.is_black(x, y) { 0 } else { 255 }])
    });
    let (width, height) = (bitmap.width() * 3, bitmap.height() * 3);
    imageops::resize(&dots, width, height, FilterType::CatmullRom).save(to).unwrap();
}

#[test]
fn zbar_reads_the_code_of_every_style() {
    if said("zbarimg", &["--version"]).is_none() {
        return skipped("zbar_reads_the_code_of_every_style", "zbarimg is not installed (package zbar-tools)");
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("paper.png");
    for style in styles() {
        for (large, copy) in [(false, false), (false, true), (true, false)] {
            let made = set(&TicketPaper { large, copy, ..example() }, style);
            std::fs::write(&file, made.bitmap.to_png().unwrap()).unwrap();
            let read = said("zbarimg", &["--quiet", "--raw", file.to_str().unwrap()]).unwrap();
            assert_eq!(read.trim(), URL, "{style:?}, large: {large}, copy: {copy}");
        }
    }
}

/// Only letters and digits: an eye for text, not for spaces and marks.
fn letters(text: &str) -> Vec<char> {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// How much of `wanted` was read, in order: 1 is all of it. (The longest common subsequence.)
fn share(wanted: &[char], read: &[char]) -> f64 {
    let mut row = vec![0_usize; read.len() + 1];
    for w in wanted {
        let mut corner = 0;
        for (at, r) in read.iter().enumerate() {
            let above = row[at + 1];
            row[at + 1] = if w == r { corner + 1 } else { above.max(row[at]) };
            corner = above;
        }
    }
    row[read.len()] as f64 / wanted.len() as f64
}

/// The words of a sample as they stand under each other, without number and code, which have other fonts and other readers.
fn words_only(sample: &Sample) -> (TicketPaper, Vec<char>) {
    let paper = TicketPaper { number: String::new(), url: String::new(), ..sample.paper.clone() };
    let some = [&paper.promise, &paper.doubt, &paper.desk_hint].map(|text| text.clone().unwrap_or_default());
    let mut all = vec![paper.store.clone(), paper.service.clone(), some[0].clone(), sample.words.made_at(&paper.made_at)];
    all.extend([some[1].clone(), some[2].clone(), sample.words.have_ready.clone()]);
    all.extend(paper.have_ready.clone());
    all.extend(paper.line.clone());
    (paper, letters(&all.join("\n")))
}

#[test]
fn tesseract_reads_the_words_of_every_script() {
    let Some(installed) = said("tesseract", &["--list-langs"]) else {
        return skipped("tesseract_reads_the_words_of_every_script", "tesseract is not installed (package tesseract-ocr)");
    };
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("paper.png");
    let mut typesetter = Typesetter::new().unwrap();
    // language of the paper, of the reader, and the part that it must read
    let readers = [
        ("en", "eng", 0.95),
        ("ar", "ara", 0.8),
        ("he", "heb", 0.85),
        ("zh-Hans", "chi_sim", 0.85),
        ("hi", "hin", 0.85),
        ("uk", "ukr", 0.9),
    ];
    for (lang, reader, least) in readers {
        if !installed.lines().any(|line| line.trim() == reader) {
            skipped("tesseract_reads_the_words_of_every_script", &format!("tesseract cannot read {reader}"));
            continue;
        }
        let all = samples();
        let sample = all.iter().find(|sample| sample.lang == lang).unwrap();
        let (paper, wanted) = words_only(sample);
        let made = typesetter.ticket(&paper, &sample.words, PaperStyle::MM80).unwrap();
        photograph(&made.bitmap, &file);
        let arguments = [file.to_str().unwrap(), "-", "-l", reader, "--psm", "6"];
        let read = letters(&said("tesseract", &arguments).unwrap());
        let (right, text) = (share(&wanted, &read), read.iter().collect::<String>());
        assert!(right >= least, "{lang}: {right:.2} of {}\n{text}", wanted.iter().collect::<String>());
        // the same letters the other way round are not taken for it
        let backwards: Vec<char> = wanted.iter().rev().copied().collect();
        assert!(share(&backwards, &read) < 0.7, "{lang}\n{text}");
    }
}
