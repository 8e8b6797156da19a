//! What a printer that others wrote has put on paper, read by programs that others wrote.

use std::path::Path;
use std::process::Command;

use nowserving::branch::Ask;
use nowserving::clock::Clock;
use nowserving::config::Settings;
use nowserving::hub::{Hub, HubOptions};
use nowserving::queue::{Command as Asked, Origin, TicketKey};

use crate::simulator::{Emupos, skipped};

/// What a program says of a picture; `None`, after saying so, where it is not installed.
fn read_by(test: &str, program: &str, arguments: &[&str], picture: &Path) -> Option<String> {
    let mut command = Command::new(program);
    for argument in arguments {
        match *argument {
            "PICTURE" => command.arg(picture),
            other => command.arg(other),
        };
    }
    match command.output() {
        Ok(output) => Some(String::from_utf8_lossy(&output.stdout).into_owned()),
        Err(_) => {
            skipped(&format!("part of {test}: {program} is not installed"));
            None
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_printed_ticket_leads_to_its_page_and_can_be_read() {
    let test = "a_printed_ticket_leads_to_its_page_and_can_be_read";
    let Some(simulator) = Emupos::start(test, 576) else { return };
    let folder = tempfile::tempdir().unwrap();
    let text = format!(
        "[branch]\nname = 'Nordlund Hardware'\npublic_url = 'http://192.168.1.5:8080'\nclock = 'vouched'\n[web]\nlisten = '127.0.0.1:0'\n\
         [printer]\nkind = 'tcp'\naddress = '127.0.0.1:{}'\n",
        simulator.tcp
    );
    let settings = Settings::parse(&text, Path::new("settings")).unwrap();
    let clock = Clock::System { vouched: true };
    let hub = Hub::start(HubOptions { folder: folder.path().to_owned(), settings, clock, keys: false }).await.unwrap();
    let key = TicketKey::new([7; 16]);
    let command = Asked::Issue {
        service: "R".into(),
        key,
        class: None,
        origin: Origin::Kiosk,
        language: None,
        large: false,
        promise: None,
    };
    let done = hub.branch.ask(Ask { command, actor: "device:kiosk".into(), request: None }).await.unwrap();
    assert!(done.ticket.is_some());
    let ledger = rusqlite::Connection::open(nowserving::ledger::path_in(folder.path())).unwrap();
    let state = || ledger.query_row("select state from prints", [], |row| row.get::<_, String>(0)).unwrap();
    for _ in 0..1_200 {
        if state() == "confirmed" && !simulator.papers().is_empty() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert_eq!(state(), "confirmed", "{:?}", hub.branch.around().troubles());
    hub.stop().await;
    let paper = simulator.papers().pop().unwrap();
    if let Some(code) = read_by(test, "zbarimg", &["-q", "--raw", "PICTURE"], &paper) {
        assert_eq!(code.trim(), format!("http://192.168.1.5:8080/t/{key}"));
    }
    if let Some(words) = read_by(test, "tesseract", &["PICTURE", "stdout", "--psm", "6"], &paper) {
        // letters and digits alone: how lines fall is the reader's affair
        let plain = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
        for word in ["Nordlund Hardware", "Return or exchange"] {
            assert!(plain(&words).contains(&plain(word)), "{word} is not to be read in: {words}");
        }
    }
}
