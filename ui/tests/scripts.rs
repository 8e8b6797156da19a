//! Every script is drawn from the fonts that are built in, on a machine that has none for them.
#![expect(clippy::unwrap_used, reason = "in a test, what fails may panic")]

mod common;

use std::process::Command;

use nowserving_ui::offscreen;
use nowserving_ui::slint::ComponentHandle as _;
use nowserving_ui::{BoardView, BoardWindow, Theme, face};

/// A word in each script, by language.
const WORDS: [(&str, &str); 7] = [
    ("ar", "يرجى الانتظار"),
    ("he", "נא להמתין"),
    ("hi", "कृपया प्रतीक्षा करें"),
    ("zh", "请稍候叫号"),
    ("uk", "Зачекайте, будь ласка"),
    ("vi", "Vui lòng chờ đến lượt"),
    ("pl", "Proszę czekać, źdźbło"),
];

/// What stands in the place of the newest call, as pixels.
fn drawn(text: &str, language: &str) -> Vec<u8> {
    thread_local! { static OFFSCREEN: offscreen::Offscreen = offscreen::install().unwrap(); }
    OFFSCREEN.with(|offscreen| {
        let board = BoardWindow::new().unwrap();
        board.global::<Theme>().set_family_text(face(language).into());
        let view = board.global::<BoardView>();
        view.set_closed_headline(text.into());
        view.set_closed_message("".into());
        view.set_store_name("".into());
        view.set_footer("".into());
        view.set_clock("".into());
        offscreen.render(&board, 960, 540).unwrap()
    })
}

/// Run by the test below, where fontconfig knows one font, of Latin letters.
#[test]
#[ignore = "started by every_script_is_drawn_without_the_machines_fonts"]
fn draws_every_script() {
    let blank = drawn("", "en");
    let unlike = |one: &[u8], other: &[u8]| one.chunks_exact(3).zip(other.chunks_exact(3)).filter(|(a, b)| a != b).count();
    for (language, text) in WORDS {
        let picture = drawn(text, language);
        assert!(unlike(&picture, &blank) > 1_500, "{language}: nothing is drawn");
        // letters that no font has look alike, whatever they are
        let unknown: String = text.chars().map(|c| if c == ' ' { c } else { '\u{f0000}' }).collect();
        assert!(unlike(&picture, &drawn(&unknown, language)) > 1_500, "{language}: only boxes are drawn");
    }
    println!("drawn: {}", WORDS.len());
}

#[test]
fn every_script_is_drawn_without_the_machines_fonts() {
    let folder = std::env::temp_dir().join(format!("nowserving-no-fonts-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let config = folder.join("fonts.conf");
    // Slint wants one, whichever: it has Latin letters alone
    std::fs::create_dir_all(folder.join("fonts")).unwrap();
    let dummy = include_bytes!("../fonts/AtkinsonHyperlegibleNext-Regular.ttf");
    std::fs::write(folder.join("fonts/dummy.ttf"), dummy).unwrap();
    let text = format!(
        "<?xml version=\"1.0\"?><fontconfig><dir>{0}/fonts</dir><cachedir>{0}/cache</cachedir></fontconfig>",
        folder.display()
    );
    std::fs::write(&config, text).unwrap();
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "draws_every_script", "--ignored", "--nocapture"])
        .env("FONTCONFIG_FILE", &config)
        .output()
        .unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
    let told = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && told.contains("drawn: 7"), "{told}");
}
