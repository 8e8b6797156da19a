//! Screens and a real hub, on a display in memory.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use i_slint_backend_testing::{AccessibleRole, ElementHandle, ElementQuery};
use nowserving::branch::Ask;
use nowserving::clock::{Clock, stopwatch};
use nowserving::config::Settings;
use nowserving::hub::{Hub, HubOptions};
use nowserving::ledger;
use nowserving::queue::{Command, Moment};
use nowserving::screen::{Board, HubAddress, Kiosk, Screen, Showing, example_moment};
use nowserving_ui::offscreen;
use nowserving_ui::slint::ComponentHandle as _;
use nowserving_ui::{BoardView, KioskPage, KioskView, KioskWindow};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;

/// Far longer than anything here takes.
const PATIENCE: Duration = Duration::from_secs(60);

pub(super) fn runtime() -> Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

pub(super) fn hub(runtime: &Runtime, folder: &Path, listen: SocketAddr) -> Hub {
    let mut settings = Settings::default();
    settings.web.listen = listen;
    settings.branch.name = "Nordlund".into();
    settings.voice.on = false;
    let clock = Clock::manual(Moment { mono_ms: 60_000, ..example_moment() });
    let hub = runtime.block_on(Hub::start(HubOptions { folder: folder.to_owned(), settings, clock, keys: false })).unwrap();
    for desk in ["1", "2", "3"] {
        // at a second start they are open already
        let _ = ask(runtime, &hub, Command::OpenDesk { desk: desk.into() });
    }
    hub
}

pub(super) fn ask(runtime: &Runtime, hub: &Hub, command: Command) -> bool {
    runtime.block_on(hub.branch.ask(Ask { command, actor: "staff:Anna".into(), request: None })).is_ok()
}

/// The hub's address for a device that was enrolled in its ledger.
fn address(hub: &Hub, folder: &Path) -> HubAddress {
    let ledger = ledger::open(&ledger::path_in(folder)).unwrap();
    let token = ledger::Accounts(&ledger).enrol("the hall").unwrap();
    HubAddress::new(&hub.local_url, Some(token)).unwrap()
}

/// Looks again and again until it is so.
fn until<S: Screen>(screen: &Showing<S>, what: &str, is: impl Fn(&S::Window) -> bool) {
    let deadline = stopwatch() + PATIENCE;
    loop {
        screen.refresh();
        if is(&screen.window) {
            return;
        }
        assert!(stopwatch() < deadline, "{what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn page(window: &KioskWindow) -> KioskPage {
    window.global::<KioskView<'_>>().get_page()
}

fn button(window: &KioskWindow, label: &str) -> ElementHandle {
    let mut found = ElementQuery::from_root(window).match_accessible_role(AccessibleRole::Button).find_all();
    found.retain(|button| button.accessible_label().as_deref() == Some(label));
    assert_eq!(found.len(), 1, "buttons called {label:?}");
    found.remove(0)
}

fn issued(folder: &Path) -> Vec<(String, String)> {
    let ledger = ledger::open_read(&ledger::path_in(folder)).unwrap();
    let issued = "select body ->> 'number', body ->> 'origin' from events where body ->> 'event' = 'issued' order by seq";
    let mut query = ledger.prepare(issued).unwrap();
    let rows = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    rows.collect::<Result<_, _>>().unwrap()
}

#[test]
fn a_touch_is_one_ticket_and_the_kiosk_outlives_its_hub() {
    let folder = tempfile::tempdir().unwrap();
    let runtime = runtime();
    let first = hub(&runtime, folder.path(), "127.0.0.1:0".parse().unwrap());
    let listen: SocketAddr = first.local_url.trim_start_matches("http://").parse().unwrap();
    let offscreen = offscreen::install().unwrap();
    let clock = Clock::manual(example_moment());
    let kiosk = Showing::start(Kiosk::default(), address(&first, folder.path()), clock.clone()).unwrap();
    until(&kiosk, "the services come", |window| page(window) == KioskPage::Start);

    // a finger that comes down twice
    offscreen.render(&kiosk.window, 1280, 800).unwrap();
    let row = button(&kiosk.window, "Pick up an order");
    let (at, size) = (row.absolute_position(), row.size());
    for _ in 0..2 {
        offscreen.tap(&kiosk.window, at.x + size.width / 2.0, at.y + size.height / 2.0);
    }
    until(&kiosk, "a ticket comes", |window| page(window) == KioskPage::Ticket);
    let ticket = kiosk.window.global::<KioskView<'_>>().get_ticket();
    assert_eq!((ticket.number.as_str(), ticket.service.as_str()), ("P001", "Pick up an order"));
    assert!(ticket.qr.size().width > 0);
    assert_eq!(issued(folder.path()), [("P001".to_owned(), "kiosk".to_owned())]);

    button(&kiosk.window, "Done").invoke_accessible_default_action();
    assert_eq!(page(&kiosk.window), KioskPage::Start);

    runtime.block_on(first.stop());
    clock.advance(1);
    until(&kiosk, "the loss is noticed", |window| {
        clock.advance(100);
        page(window) == KioskPage::Lost
    });
    let second = hub(&runtime, folder.path(), listen);
    until(&kiosk, "the hub is found again", |window| page(window) == KioskPage::Start);
    button(&kiosk.window, "Return or exchange").invoke_accessible_default_action();
    until(&kiosk, "a second ticket comes", |window| page(window) != KioskPage::Busy);
    let ticket = kiosk.window.global::<KioskView<'_>>().get_ticket();
    assert_eq!((page(&kiosk.window), ticket.number.as_str()), (KioskPage::Ticket, "R001"));
    assert_eq!(issued(folder.path()).len(), 2);
    runtime.block_on(second.stop());
}

/// Between a kiosk and its hub: loses the first answer to a touch, after the hub has written the ticket down.
async fn lossy(listener: TcpListener, hub: SocketAddr, lost: Arc<AtomicBool>) {
    while let Ok((mut kiosk, _)) = listener.accept().await {
        let lost = Arc::clone(&lost);
        tokio::spawn(async move {
            let mut hub = TcpStream::connect(hub).await.unwrap();
            let (mut asked, mut answered) = ([0; 4096], [0; 4096]);
            let mut swallow = false;
            loop {
                tokio::select! {
                    read = kiosk.read(&mut asked) => match read {
                        Ok(count @ 1..) => {
                            let touch = String::from_utf8_lossy(&asked[..count]).contains("POST /api/tickets");
                            swallow |= touch && !lost.swap(true, Ordering::SeqCst);
                            hub.write_all(&asked[..count]).await.unwrap();
                        }
                        _ => return,
                    },
                    read = hub.read(&mut answered) => match read {
                        Ok(count @ 1..) if !swallow => kiosk.write_all(&answered[..count]).await.unwrap(),
                        _ => return,
                    },
                }
            }
        });
    }
}

#[test]
fn a_touch_whose_answer_is_lost_is_still_one_ticket() {
    let folder = tempfile::tempdir().unwrap();
    let runtime = runtime();
    let hub = hub(&runtime, folder.path(), "127.0.0.1:0".parse().unwrap());
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
    let between = format!("http://{}", listener.local_addr().unwrap());
    let lost = Arc::new(AtomicBool::new(false));
    let listen = hub.local_url.trim_start_matches("http://").parse().unwrap();
    runtime.spawn(lossy(listener, listen, Arc::clone(&lost)));

    let offscreen = offscreen::install().unwrap();
    let address = HubAddress::new(&between, Some(hub.screen_token.clone())).unwrap();
    let kiosk = Showing::start(Kiosk::default(), address, Clock::manual(example_moment())).unwrap();
    until(&kiosk, "the services come", |window| page(window) == KioskPage::Start);
    offscreen.render(&kiosk.window, 1280, 800).unwrap();
    button(&kiosk.window, "Ask a question").invoke_accessible_default_action();
    until(&kiosk, "a ticket comes", |window| page(window) == KioskPage::Ticket);
    assert!(lost.load(Ordering::SeqCst));
    assert_eq!(issued(folder.path()), [("Q001".to_owned(), "kiosk".to_owned())]);
    runtime.block_on(hub.stop());
}

#[test]
fn the_board_shows_what_a_desk_calls() {
    let folder = tempfile::tempdir().unwrap();
    let runtime = runtime();
    let hub = hub(&runtime, folder.path(), "127.0.0.1:0".parse().unwrap());
    let _offscreen = offscreen::install().unwrap();
    let board = Showing::start(Board::default(), address(&hub, folder.path()), Clock::manual(example_moment())).unwrap();
    until(&board, "the board knows the branch", |window| {
        let view = window.global::<BoardView<'_>>();
        view.get_store_name() == "Nordlund" && view.get_qr().size().width > 0
    });
    assert_eq!(board.window.global::<BoardView<'_>>().get_newest().number, "");

    let key = nowserving::queue::TicketKey::new([7; 16]);
    let origin = nowserving::queue::Origin::Api;
    assert!(ask(
        &runtime,
        &hub,
        Command::Issue { service: "R".into(), key, class: None, origin, promise: None, language: None, large: false }
    ));
    assert!(ask(&runtime, &hub, Command::CallNext { desk: "2".into() }));
    until(&board, "the call is shown", |window| {
        let newest = window.global::<BoardView<'_>>().get_newest();
        newest.number == "R001" && newest.desk == "Desk 2" && newest.fresh
    });
    assert!(ask(&runtime, &hub, Command::Recall { desk: "2".into() }));
    until(&board, "the second call is shown", |window| window.global::<BoardView<'_>>().get_newest().again);
    runtime.block_on(hub.stop());
}
