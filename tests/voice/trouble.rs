//! Engines and players that are missing, fail or hang: the branch does not notice, staff are told, and it comes back by itself.

use nowserving::branch::Trouble;
use nowserving::queue::Command;

use crate::hall::{Hall, Played, engine, player};

fn words(words: &[&str]) -> Vec<String> {
    words.iter().copied().map(String::from).collect()
}

fn told(hall: &Hall) -> Option<Trouble> {
    let troubles = hall.kit.branch.around().troubles();
    troubles.into_iter().find(|reported| reported.device == "voice").map(|reported| reported.trouble)
}

/// The promise is in what is waited for: each call below is answered while engine and player hang.
#[tokio::test(flavor = "multi_thread")]
async fn a_call_never_waits_for_a_voice_that_hangs() {
    let hall = Hall::with(|settings, _| {
        settings.engine = words(&["sleep", "600"]);
        settings.player = words(&["sleep", "600"]);
    })
    .await;
    for _ in 0..30 {
        hall.kit.issue("R").await;
    }
    for round in 0..10 {
        for desk in ["1", "2", "3"] {
            hall.call(desk).await;
            assert!(hall.kit.branch.ping().await, "{round}");
        }
    }
    let view = hall.kit.branch.feed().with_view(|view| view.desk(&"3".into()).unwrap().number.clone());
    assert_eq!(view.unwrap().as_str(), "R030");
    // nor does the hub's end wait for it
    hall.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_an_engine_a_call_is_the_chime_and_staff_read_what_to_do() {
    let hall = Hall::with(|settings, _| settings.engine = words(&["/no/such/engine"])).await;
    hall.until("it is told", |hall| told(hall).is_some()).await;
    let trouble = told(&hall).unwrap();
    assert!(trouble.what.starts_with("Numbers are not spoken: /no/such/engine cannot be started"), "{trouble}");
    assert!(trouble.mend.starts_with("Install espeak-ng") && !trouble.urgent);
    hall.kit.issue("R").await;
    hall.call("1").await;
    hall.until("the chime", |hall| hall.count() >= 1).await;
    assert_eq!(hall.played(), [Played::Chime]);
    hall.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_engine_that_speaks_nonsense_is_told() {
    let hall = Hall::with(|settings, _| settings.engine = words(&["echo", "hello"])).await;
    hall.until("it is told", |hall| told(hall).is_some()).await;
    assert!(told(&hall).unwrap().what.contains("echo made no sound"), "{:?}", told(&hall));
    hall.stop().await;
}

/// The player is a file that is not there at first.
#[tokio::test(flavor = "multi_thread")]
async fn no_sound_device_is_told_and_it_comes_back_by_itself() {
    use std::os::unix::fs::PermissionsExt;
    let hall = Hall::with(|settings, folder| settings.player = words(&[folder.join("player").to_str().unwrap()])).await;
    hall.until("it is told", |hall| told(hall).is_some()).await;
    let trouble = told(&hall).unwrap();
    assert!(trouble.what.starts_with("Calls cannot be heard: ") && trouble.what.contains("cannot be started"), "{trouble}");
    hall.kit.issue("R").await;
    hall.kit.issue("R").await;
    hall.call("1").await;

    let script = player(hall.folder.path())[2].clone();
    std::fs::write(hall.path("player"), format!("#!/bin/sh\n{script}\n")).unwrap();
    std::fs::set_permissions(hall.path("player"), std::fs::Permissions::from_mode(0o755)).unwrap();
    hall.call("2").await;
    hall.until("it is well", |hall| told(hall).is_none()).await;
    hall.stop().await;
}

/// An engine that fails once the branch is open: what was made before is still said.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_prepared_outlives_its_engine() {
    let hall = Hall::with(|settings, folder| {
        let script = engine(folder)[2].clone();
        let dir = folder.display();
        settings.engine[2] = format!("[ ! -e {dir}/broken ] || exit 7; {script}");
        settings.drawn = false;
    })
    .await;
    hall.kit.issue("R").await;
    hall.kit.issue("R").await;
    hall.until("all is prepared", |hall| {
        ["Number R 2.", "Please go to desk 3."].iter().all(|said| hall.asked().contains(said))
    })
    .await;
    // whatever was asked for has been answered when the next call is looked at
    hall.call("1").await;
    hall.until("one call", |hall| !hall.said().is_empty()).await;
    std::fs::write(hall.path("broken"), "").unwrap();
    hall.call("3").await;
    hall.until("another", |hall| hall.said().len() >= 2).await;
    assert_eq!(hall.said()[1], Played::Call { number: 2, desk: 3 });
    hall.kit.ask(Command::Recall { desk: "3".into() }).await;
    hall.until("and again", |hall| hall.said().len() >= 3).await;
    assert!(hall.never_two_at_once());
    hall.stop().await;
}
