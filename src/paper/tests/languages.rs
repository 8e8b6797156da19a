//! Every language on every head, in usual and in large print.
//!
//! `NOWSERVING_PAPERS=FOLDER cargo test --lib paper::` also writes each of them there as a picture, to look at.

use super::samples::{Sample, samples};
use super::*;

fn set_sample(typesetter: &mut Typesetter, sample: &Sample, large: bool, style: PaperStyle) -> Typeset {
    let paper = TicketPaper { large, ..sample.paper.clone() };
    let made = typesetter.ticket(&paper, &sample.words, style).unwrap();
    if let Some(folder) = std::env::var_os("NOWSERVING_PAPERS") {
        let kind = if large { "-large" } else { "" };
        let name = format!("{}-{}-{}dpi{kind}.png", sample.lang, style.width_dots(), style.dpi());
        std::fs::write(std::path::Path::new(&folder).join(name), made.bitmap.to_png().unwrap()).unwrap();
    }
    made
}

#[test]
fn every_language_stands_whole_on_every_paper() {
    let mut typesetter = Typesetter::new().unwrap();
    for sample in samples() {
        for style in styles() {
            for large in [false, true] {
                let what = format!("{} {style:?} large: {large}", sample.lang);
                let made = set_sample(&mut typesetter, &sample, large, style);
                assert_eq!(made.warnings, [], "{what}");
                assert_eq!(decoded(&made.bitmap), [URL], "{what}");
                let number = width_of(&made.bitmap, first_taller(&made.bitmap, 6)) * 100;
                assert!((60 * style.width_dots()..=88 * style.width_dots()).contains(&number), "{what}");
                margins_are_free(&made.bitmap, &what);
            }
        }
    }
}
