//! Buttons and lamps of a running hub: pressed as wires press them, seen as customers, kiosks and desks see it.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use nowserving::branch::{Branch, Saying};
use nowserving::config::{ButtonAction, Settings};
use nowserving::devices::{Button, ButtonLamp, Panel, keep_lamps, press_buttons};
use nowserving::queue::{Command, Origin, Paper, Phase};
use nowserving_hardware::{ButtonTrouble, FakeButton, FakeButtonHandle, FakeLamp, Lamp, LampState, LineError, Polled};
use serde_json::{Value, json};
use tokio::sync::{broadcast, mpsc, watch};

use crate::hub::Kit;
use crate::screen::Kiosk;

/// Buttons as a settings file has them.
const FILE: &str = "
[[button]]
name = 'Returns'
service = 'R'
pin = 17
[[button]]
name = 'Step-free'
action = 'priority'
service = 'R'
class = 'mobility'
pin = 27
[[button]]
name = 'Again'
action = 'again'
pin = 22
[[button]]
name = 'Desk 1 next'
action = 'call'
desk = '1'
pin = 23
[[button]]
name = 'Wrong'
service = 'Z'
pin = 24
";

fn buttons() -> Vec<Button> {
    let settings = Settings::parse(FILE, std::path::Path::new("test.toml")).unwrap();
    settings.button.iter().map(Button::from).collect()
}

/// The panel of a hub's branch, with a thread that presses its buttons.
struct Hall {
    kit: Kit,
    wires: Option<FakeButtonHandle>,
    thread: Option<std::thread::JoinHandle<()>>,
    sayings: broadcast::Receiver<Saying>,
    refused: mpsc::UnboundedReceiver<String>,
}

impl Hall {
    async fn open() -> Self {
        let kit = Kit::open().await;
        let (panel, refused) = Panel::new(kit.hub.branch.clone(), buttons());
        let (source, wires) = FakeButton::new();
        let runtime = tokio::runtime::Handle::current();
        let stop = Arc::new(AtomicBool::new(false));
        let thread = std::thread::spawn(move || press_buttons(Box::new(source), &panel, &runtime, &stop));
        let sayings = kit.hub.branch.around().sayings();
        Self { kit, wires: Some(wires), thread: Some(thread), sayings, refused }
    }

    fn branch(&self) -> &Branch {
        &self.kit.hub.branch
    }

    /// Tells what wires tell, and waits until all of it has been done.
    async fn wires(&mut self, told: impl IntoIterator<Item = Polled>) {
        let wires = self.wires.take().unwrap();
        for polled in told {
            assert!(wires.tell(polled));
        }
        drop(wires);
        let thread = self.thread.take().unwrap();
        tokio::task::spawn_blocking(move || thread.join().unwrap()).await.unwrap();
    }

    fn numbers(&self) -> Vec<String> {
        let live = self.branch().live();
        live.queue.tickets().map(|ticket| ticket.number.to_string()).collect()
    }
}

fn press(name: &str) -> Polled {
    Polled::Press(nowserving_hardware::Press::of(name))
}

fn held(name: &str) -> Polled {
    Polled::Held(nowserving_hardware::Press::of(name))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_press_is_a_ticket_on_disk_and_a_kiosk_shows_it() {
    let mut hall = Hall::open().await;
    let mut kiosk = Kiosk::join(&hall.kit).await;
    hall.wires([press("Returns"), press("Step-free"), press("nobody's")]).await;
    assert_eq!(hall.numbers(), ["R001", "R002"]);
    let heard = kiosk.heard();
    let shown: Vec<_> = heard.iter().map(|event| (&event["number"], &event["button"], &event["again"])).collect();
    let (no, numbers) = (json!(false), [json!("R001"), json!("R002")]);
    assert_eq!(shown, [(&numbers[0], &json!("Returns"), &no), (&numbers[1], &json!("Step-free"), &no)]);
    {
        let live = hall.branch().live();
        let tickets: Vec<_> = live.queue.tickets().collect();
        assert!(tickets.iter().all(|ticket| ticket.origin == Origin::Button));
        assert_eq!(tickets[1].class, Some("mobility".into()));
    }
    // the hub's own ledger has them, from a device of that name
    let Hall { kit, .. } = hall;
    let kit = kit.restart().await;
    let actors: Vec<String> = {
        let ledger = rusqlite::Connection::open(nowserving::ledger::path_in(kit.folder.path())).unwrap();
        let mut rows = ledger.prepare("select actor from events where actor like 'device:%' order by seq").unwrap();
        rows.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    };
    assert_eq!(actors, ["device:button Returns", "device:button Step-free"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_press_within_the_lockout_is_the_same_ticket() {
    // the branch's clock stands still, so every press of one button is within the lockout of the one before
    let mut hall = Hall::open().await;
    let mut kiosk = Kiosk::join(&hall.kit).await;
    hall.wires([press("Returns"), press("Returns"), press("Returns"), press("Step-free")]).await;
    assert_eq!(hall.numbers(), ["R001", "R002"], "another button has a lockout of its own");
    let again: Vec<_> = kiosk.heard().iter().map(|event| (event["number"].clone(), event["again"].clone())).collect();
    let is = |number: &str, again: bool| (json!(number), json!(again));
    assert_eq!(again, [is("R001", false), is("R001", true), is("R001", true), is("R002", false)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn after_the_lockout_the_next_press_is_the_next_customer() {
    let kit = Kit::open().await;
    let (panel, _refused) = Panel::new(kit.hub.branch.clone(), buttons());
    panel.press("Returns").await;
    // a hand that goes on pressing stays one customer
    for _ in 0..5 {
        kit.clock.advance(1_400);
        panel.press("Returns").await;
    }
    let count = || kit.hub.branch.live().queue.tickets().count();
    assert_eq!(count(), 1);
    kit.clock.advance(1_500);
    panel.press("Returns").await;
    assert_eq!(count(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn holding_on_says_number_and_wait_and_gives_no_other() {
    let mut hall = Hall::open().await;
    hall.wires([held("Returns"), press("Returns"), held("Returns"), press("Again"), held("Again")]).await;
    assert_eq!(hall.numbers(), ["R001"]);
    let ticket = hall.branch().live().queue.tickets().next().unwrap().id;
    assert_eq!(hall.sayings.try_recv(), Ok(Saying::Drawn { ticket }));
    assert_eq!(hall.sayings.try_recv(), Ok(Saying::NowServing { last: Some(ticket) }));
    assert!(hall.sayings.try_recv().is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn say_it_again_names_the_last_number_for_two_minutes() {
    let kit = Kit::open().await;
    let mut sayings = kit.hub.branch.around().sayings();
    let of_pick_up = ButtonAction::Again { service: Some("P".into()) };
    let mut all = buttons();
    all.push(Button { name: "Pick-up again".into(), action: of_pick_up, lockout: Duration::ZERO });
    let (panel, _refused) = Panel::new(kit.hub.branch.clone(), all);
    let mut said = || match sayings.try_recv().unwrap() {
        Saying::NowServing { last } => last,
        other => panic!("{other:?}"),
    };
    panel.press("Again").await;
    assert_eq!(said(), None, "nobody has pressed yet");
    panel.press("Returns").await;
    let ticket = kit.hub.branch.live().queue.tickets().next().unwrap().id;
    kit.clock.advance(119_000);
    panel.press("Again").await;
    assert_eq!(said(), Some(ticket));
    panel.press("Pick-up again").await;
    assert_eq!(said(), None, "that one is of another line");
    kit.clock.advance(2_000);
    panel.press("Again").await;
    assert_eq!(said(), None, "whoever took it has gone on");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desks_button_calls_by_the_desks_own_rules() {
    let mut hall = Hall::open().await;
    let branch = hall.branch().clone();
    let desk = |command| nowserving::branch::Ask { command, actor: "test".into(), request: None };
    branch.ask(desk(Command::OpenDesk { desk: "1".into() })).await.unwrap();
    for _ in 0..2 {
        hall.kit.take("R").await;
    }
    // two taps are one call
    hall.wires([press("Desk 1 next"), press("Desk 1 next")]).await;
    let phases: Vec<bool> = {
        let live = branch.live();
        live.queue.tickets().map(|ticket| matches!(ticket.phase, Phase::Called { .. })).collect()
    };
    assert_eq!(phases, [true, false]);
    // later it goes on as the key of the desk's page does: whom the desk has is finished, the next called
    hall.kit.clock.advance(2_000);
    let (panel, _refused) = Panel::new(branch.clone(), buttons());
    panel.press("Desk 1 next").await;
    let live = branch.live();
    let tickets: Vec<_> = live.queue.tickets().collect();
    assert!(tickets[0].is_over() && matches!(tickets[1].phase, Phase::Called { .. }));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_press_flickers_and_only_what_staff_can_mend_is_told_them() {
    let mut hall = Hall::open().await;
    let (manager, _) = hall.kit.staffed().await;
    hall.kit.post(&manager, "/api/day/close", json!({})).await.is(200);
    hall.wires([press("Returns"), press("Wrong"), press("Desk 1 next")]).await;
    let mut refused = Vec::new();
    while let Ok(name) = hall.refused.try_recv() {
        refused.push(name);
    }
    assert_eq!(refused, ["Returns", "Wrong", "Desk 1 next"]);
    assert_eq!(hall.numbers(), Vec::<String>::new());
    let troubles = hall.branch().around().troubles();
    let told: Vec<_> = troubles.iter().map(|one| (one.device.as_str(), one.trouble.to_string())).collect();
    let [(device, sentence)] = &told[..] else { panic!("{told:?}") };
    assert_eq!(*device, "presses of button Wrong");
    assert!(sentence.contains("There is no service Z") && sentence.contains("settings file"), "{sentence}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_press_locks_nobody_out_and_the_number_before_it_is_still_the_last() {
    let kit = Kit::open().await;
    let (manager, _) = kit.staffed().await;
    let mut sayings = kit.hub.branch.around().sayings();
    let (panel, mut refused) = Panel::new(kit.hub.branch.clone(), buttons());
    panel.press("Returns").await;
    let first = kit.hub.branch.live().queue.tickets().next().unwrap().id;
    kit.clock.advance(2_000);
    kit.post(&manager, "/api/services/R/stop", json!({"reason": "Break"})).await.is(200);
    panel.press("Returns").await;
    panel.press("Returns").await;
    assert!(refused.try_recv().is_ok() && refused.try_recv().is_ok(), "each is tried, and each flickers");
    panel.held("Returns");
    assert!(sayings.try_recv().is_err(), "who was refused is told no other's number");
    panel.press("Again").await;
    assert_eq!(sayings.try_recv(), Ok(Saying::NowServing { last: Some(first) }));
    // a moment later it is let on again, and the hand that goes on pressing has its number
    kit.post(&manager, "/api/services/R/resume", json!({})).await.is(200);
    panel.press("Returns").await;
    assert_eq!(kit.hub.branch.live().queue.tickets().count(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn desks_read_what_is_the_matter_with_a_button_until_it_is_over() {
    let mut hall = Hall::open().await;
    let (_, desk) = hall.kit.staffed().await;
    let trouble = |what| Polled::Trouble("Returns".into(), what);
    let told = [
        trouble(ButtonTrouble::Line(LineError::Busy { pin: 17 })),
        Polled::Trouble("Again".into(), ButtonTrouble::Stuck),
        Polled::Trouble("Step-free".into(), ButtonTrouble::TooMany),
        Polled::Well("Step-free".into()),
    ];
    hall.wires(told).await;
    let page: Value = hall.kit.get(&desk, "/api/desks/1").await.is(200);
    let alerts: Vec<_> = page["alerts"].as_array().unwrap().iter().map(|alert| alert.as_str().unwrap()).collect();
    let busy = "The button Returns does not work. Customers can use the kiosk. \
                Tell whoever looks after this program: GPIO 17 is busy: another program or a kernel driver uses it. \
                Stop the other program (gpioinfo names it), or wire and set another pin.";
    // that one gives no numbers
    let stuck = "Button Again: The button is held down or stuck. Look whether something leans on it or it has got stuck.";
    assert_eq!(alerts, [stuck, busy]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_button_that_names_what_is_not_there_is_told_at_the_start() {
    let kit = Kit::open().await;
    let settings = Settings::parse(FILE, std::path::Path::new("test.toml")).unwrap();
    nowserving::devices::tell_unknown(&settings.button, &kit.hub.branch).await;
    let troubles = kit.hub.branch.around().troubles();
    let [one] = &troubles[..] else { panic!("{troubles:?}") };
    assert_eq!(one.device, "presses of button Wrong");
    assert!(one.trouble.to_string().contains("There is no service Z."), "{}", one.trouble);
}

/// A lamp beside a button of the hub, kept by the hub's own task.
struct Lit {
    lamp: FakeLamp,
    refused: mpsc::UnboundedSender<String>,
    stop: watch::Sender<bool>,
    task: tokio::task::JoinHandle<anyhow::Result<()>>,
}

impl Lit {
    fn beside(kit: &Kit, name: &str) -> Self {
        let lamp = FakeLamp::new();
        let button = buttons().into_iter().find(|button| button.name == name).unwrap();
        let its = lamp.clone();
        let beside = ButtonLamp::new(button, move || Ok(Box::new(its.clone()) as Box<dyn Lamp>));
        let (refused, heard) = mpsc::unbounded_channel();
        let (stop, stopping) = watch::channel(false);
        let task = tokio::spawn(keep_lamps(vec![beside], kit.hub.branch.clone(), heard, stopping));
        Self { lamp, refused, stop, task }
    }

    /// Waits until the lamp shows this; a test that waits for ever fails by its time limit.
    async fn shows(&self, state: LampState) {
        while self.lamp.shows() != Some(state) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lamp_says_whether_a_press_gives_a_number() {
    let kit = Kit::open().await;
    let (manager, _) = kit.staffed().await;
    let lit = Lit::beside(&kit, "Returns");
    lit.shows(LampState::Ready).await;
    kit.post(&manager, "/api/services/R/stop", json!({"reason": "Break"})).await.is(200);
    lit.shows(LampState::Off).await;
    kit.post(&manager, "/api/services/R/resume", json!({})).await.is(200);
    lit.shows(LampState::Ready).await;
    kit.hub.branch.report_paper(Paper::Stopped).await;
    lit.shows(LampState::Attention).await;
    kit.post(&manager, "/api/day/close", json!({})).await.is(200);
    lit.shows(LampState::Off).await;
    assert!(lit.refused.send("Returns".into()).is_ok());
    while lit.lamp.refusals() == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    kit.post(&manager, "/api/day/open", json!({})).await.is(200);
    lit.shows(LampState::Attention).await;
    kit.hub.branch.report_paper(Paper::Ready).await;
    lit.shows(LampState::Ready).await;
    lit.stop.send(true).unwrap();
    lit.task.await.unwrap().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desks_lamp_says_whether_somebody_can_be_called() {
    let kit = Kit::open().await;
    let (_, desk) = kit.staffed().await;
    let lit = Lit::beside(&kit, "Desk 1 next");
    kit.press(&desk, "1", "open", json!({})).await;
    kit.take("R").await;
    lit.shows(LampState::Ready).await;
    kit.press(&desk, "1", "close", json!({})).await;
    lit.shows(LampState::Off).await;
    // a desk's button gives no paper
    kit.hub.branch.report_paper(Paper::Stopped).await;
    kit.press(&desk, "1", "open", json!({})).await;
    lit.shows(LampState::Ready).await;
    lit.stop.send(true).unwrap();
    lit.task.await.unwrap().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lamp_that_cannot_be_had_is_told_and_tried_again() {
    let kit = Kit::open().await;
    let lamp = FakeLamp::new();
    let its = lamp.clone();
    let mut tries = 0;
    let button = buttons().swap_remove(0);
    let beside = ButtonLamp::new(button, move || {
        tries += 1;
        if tries == 1 { Err(LineError::Busy { pin: 18 }) } else { Ok(Box::new(its.clone()) as Box<dyn Lamp>) }
    });
    let (_refused, heard) = mpsc::unbounded_channel();
    let (stop, stopping) = watch::channel(false);
    let task = tokio::spawn(keep_lamps(vec![beside], kit.hub.branch.clone(), heard, stopping));
    let told = || kit.hub.branch.around().troubles().first().map(|one| one.trouble.to_string());
    while told().is_none() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert!(told().unwrap().starts_with("Lamp of button Returns: GPIO 18 is busy"), "{:?}", told());
    while lamp.shows() != Some(LampState::Ready) {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(told(), None);
    stop.send(true).unwrap();
    task.await.unwrap().unwrap();
}
