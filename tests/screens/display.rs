//! A real window on a real (virtual) display, touched by a real pointer: once for each flow. Skipped, and said so, where the tools are
//! missing (`apt install xvfb xdotool imagemagick zbar-tools`).

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use nowserving::clock::stopwatch;

use super::live::{ask, hub, runtime};
use nowserving::queue::{Command as Ask, TicketKey};

const PATIENCE: Duration = Duration::from_secs(60);

/// A process that ends with its test.
struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn missing(name: &str) -> bool {
    for tool in ["Xvfb", "xdotool", "import", "zbarimg"] {
        if Command::new("sh")
            .args(["-c", &format!("command -v {tool}")])
            .stdout(Stdio::null())
            .status()
            .map_or(true, |s| !s.success())
        {
            println!("SKIPPED {name}: {tool} is not installed");
            return true;
        }
    }
    false
}

/// A display of its own, and its name.
fn display(size: &str) -> (Ended, String) {
    let mut server = Command::new("Xvfb")
        .args(["-displayfd", "1", "-screen", "0", &format!("{size}x24"), "-nolisten", "tcp"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut number = String::new();
    let told = server.stdout.take().unwrap();
    std::io::BufRead::read_line(&mut std::io::BufReader::new(told), &mut number).unwrap();
    (Ended(server), format!(":{}", number.trim()))
}

fn screen(display: &str, args: &[&str], hub: &str, token: &str) -> Ended {
    let mut command = Command::new(env!("CARGO_BIN_EXE_nowserving"));
    command.arg("screen").args(args).args(["--hub", hub]).env("DISPLAY", display).env("NOWSERVING_TOKEN", token);
    command.env_remove("WAYLAND_DISPLAY").env_remove("WAYLAND_SOCKET").stdout(Stdio::null()).stderr(Stdio::null());
    Ended(command.spawn().unwrap())
}

/// What the codes on the display say, once there is one that begins like this.
fn read_code(display: &str, folder: &Path, begins: &str) -> String {
    let picture = folder.join("screen.png");
    let deadline = stopwatch() + PATIENCE;
    loop {
        let taken = Command::new("import").args(["-window", "root"]).arg(&picture).env("DISPLAY", display).status().unwrap();
        let read = Command::new("zbarimg").args(["-q", "--raw"]).arg(&picture).output().unwrap();
        let text = String::from_utf8_lossy(&read.stdout).into_owned();
        if let Some(code) = text.lines().find(|line| taken.success() && line.starts_with(begins)) {
            return code.to_owned();
        }
        assert!(stopwatch() < deadline, "no code that begins with {begins}: {text:?}");
        std::thread::sleep(Duration::from_millis(200));
    }
}

fn click(display: &str, x: u32, y: u32) {
    let (x, y) = (x.to_string(), y.to_string());
    let status = Command::new("xdotool").args(["mousemove", &x, &y, "click", "1"]).env("DISPLAY", display).status().unwrap();
    assert!(status.success());
}

#[test]
fn a_finger_on_a_real_window_gets_a_ticket_whose_code_scans() {
    if missing("a_finger_on_a_real_window_gets_a_ticket_whose_code_scans") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let runtime = runtime();
    let hub = hub(&runtime, folder.path(), "127.0.0.1:0".parse().unwrap());
    let (_server, display) = display("1280x800");
    let _kiosk = screen(&display, &["kiosk"], &hub.local_url, &hub.screen_token);
    // the first service's row: clicked until a ticket's code stands there, so that no time has to be known
    let deadline = stopwatch() + PATIENCE;
    while hub.branch.live().queue.tickets().next().is_none() {
        click(&display, 400, 250);
        assert!(stopwatch() < deadline, "no touch became a ticket");
        std::thread::sleep(Duration::from_millis(300));
    }
    let code = read_code(&display, folder.path(), "http");
    assert!(code.contains("/t/"), "{code}");
    runtime.block_on(hub.stop());
}

#[test]
fn a_board_of_its_own_follows_its_hub_and_its_code_scans() {
    if missing("a_board_of_its_own_follows_its_hub_and_its_code_scans") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let runtime = runtime();
    let hub = hub(&runtime, folder.path(), "127.0.0.1:0".parse().unwrap());
    let (_server, display) = display("1920x1080");
    let _board = screen(&display, &["board"], &hub.local_url, &hub.screen_token);
    let code = read_code(&display, folder.path(), "http");
    assert_eq!(code.trim_end_matches('/'), hub.public_url.trim_end_matches('/'));
    let origin = nowserving::queue::Origin::Api;
    let key = TicketKey::new([9; 16]);
    let issue = Ask::Issue { service: "R".into(), key, class: None, origin, promise: None, language: None, large: false };
    assert!(ask(&runtime, &hub, issue) && ask(&runtime, &hub, Ask::CallNext { desk: "2".into() }));
    runtime.block_on(hub.stop());
}
