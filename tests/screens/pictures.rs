//! `nowserving snapshot` and `nowserving screen` as a person or a script meets them.

use std::path::Path;
use std::process::Command;

/// Exit code and standard error.
fn run(args: &[&str]) -> (i32, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_nowserving"));
    for name in ["DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET", "NOWSERVING_TOKEN"] {
        command.env_remove(name);
    }
    let output = command.args(args).output().unwrap();
    (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
}

/// Width, height, and what the QR codes in the picture say.
fn read(path: &Path) -> (u32, u32, Vec<String>) {
    let mut reader = png::Decoder::new(std::io::BufReader::new(std::fs::File::open(path).unwrap())).read_info().unwrap();
    let mut bytes = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut bytes).unwrap();
    let (width, height) = (info.width as usize, info.height as usize);
    let mut image = rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| bytes[(y * width + x) * 3 + 1]);
    let texts = image.detect_grids().into_iter().map(|grid| grid.decode().unwrap().1).collect();
    (info.width, info.height, texts)
}

#[test]
fn every_screen_is_drawn_at_the_size_asked_for_and_its_code_scans() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("picture.png");
    for (name, wanted) in [
        ("kiosk", None),
        ("kiosk-ticket", Some("http://nordlund.example:8080/t/4jq2kxw7m3c5t2v3n6d2r5y7pa")),
        ("board", Some("http://nordlund.example:8080/")),
    ] {
        for (size, sides) in [("1920x1080", (1920, 1080)), ("800x480", (800, 480)), ("1080x1920", (1080, 1920))] {
            let (code, told) = run(&["snapshot", name, "--size", size, "--out", out.to_str().unwrap()]);
            assert_eq!((code, told.as_str()), (0, ""), "{name} {size}");
            let (width, height, texts) = read(&out);
            assert_eq!((width, height), sides, "{name}");
            assert_eq!(texts, wanted.map(str::to_owned).into_iter().collect::<Vec<_>>(), "{name} {size}");
        }
    }
    let (code, told) = run(&["snapshot", "desk-sign", "--desk", "3", "--size", "640x480", "--out", out.to_str().unwrap()]);
    assert_eq!((code, told.as_str()), (0, ""));
    assert_eq!(read(&out), (640, 480, vec![]));
}

#[test]
fn a_picture_that_cannot_be_made_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("picture.png");
    let out = out.to_str().unwrap();
    for size in ["1920", "0x10", "10x9000", "axb", "-1x5"] {
        let size = format!("--size={size}");
        let (code, told) = run(&["snapshot", "board", &size, "--out", out]);
        assert!(code == 2 && told.contains("such as 1920x1080"), "{size}: {told}");
    }
    // a port that was free a moment ago and that nobody listens on
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let nobody = format!("http://{nobody}");
    for (args, part) in [
        (&["snapshot", "board", "--hub", &nobody, "--out", out][..], "No hub answers at"),
        (&["snapshot", "board", "--hub", "shop", "--out", out], "is not a hub's address"),
        (&["snapshot", "kiosk-ticket", "--hub", &nobody, "--out", out], "Leave out --hub"),
        (&["snapshot", "desk-sign", "--desk", "9", "--out", out], "no desk 9"),
        (&["snapshot", "board", "--out", "/no/such/folder/x.png"], "cannot be written"),
        (&["screen", "kiosk"], "There is no display here"),
        (&["screen", "kiosk", "--hub", "https://x"], "is not a hub's address"),
        (&["screen", "kiosk", "--token-file", "/no/such/file"], "cannot be read"),
    ] {
        let (code, told) = run(args);
        assert!(code == 1 && told.contains(part) && !told.contains("panicked"), "{args:?}: {told}");
    }
    for args in [&["screen", "desk-sign"][..], &["snapshot", "desk-sign", "--out", out], &["screen", "wall"]] {
        assert_eq!(run(args).0, 2, "{args:?}");
    }
    assert!(!Path::new(out).exists());
}
