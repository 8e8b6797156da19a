//! What is spoken, and in which order.

use nowserving::branch::Saying;
use nowserving::queue::Command;

use crate::hall::{Hall, Played};

fn call(number: u32, desk: u32) -> Played {
    Played::Call { number, desk }
}

/// The scripts know few phrases: the numbers of one service, and no numbers as they are drawn.
async fn line(hall: &Hall, count: usize) {
    for _ in 0..count {
        hall.kit.issue("R").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_that_come_together_sound_one_after_another_number_and_desk_together() {
    let hall = Hall::open().await;
    line(&hall, 3).await;
    for desk in ["2", "1", "3"] {
        hall.call(desk).await;
    }
    hall.until("three calls", |hall| hall.said().len() >= 3).await;
    assert_eq!(hall.said(), [call(1, 2), call(2, 1), call(3, 3)]);
    assert!(hall.never_two_at_once(), "{:?}", hall.diary());
    hall.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_taken_back_before_it_is_spoken_is_not_spoken_and_a_recall_is() {
    let hall = Hall::open().await;
    line(&hall, 3).await;
    hall.hold(true);
    hall.call("1").await;
    hall.until("the first sounds", |hall| hall.diary().len() == 3).await;
    hall.call("2").await;
    hall.kit.ask(Command::Undo { desk: "2".into() }).await;
    // the same customer, by another desk
    hall.call("3").await;
    hall.hold(false);
    hall.until("two calls", |hall| hall.said().len() >= 2).await;
    hall.kit.ask(Command::Recall { desk: "3".into() }).await;
    hall.until("the recall", |hall| hall.said().len() >= 3).await;
    assert_eq!(hall.said(), [call(1, 1), call(2, 3), call(2, 3)]);
    // a recall that is taken back calls nobody; nor does it when the customer has come
    hall.kit.ask(Command::Undo { desk: "3".into() }).await;
    hall.kit.ask(Command::Start { desk: "3".into() }).await;
    hall.call("2").await;
    hall.until("the last call", |hall| hall.said().len() >= 4).await;
    assert_eq!(hall.said()[3..], [call(3, 2)]);
    assert!(hall.never_two_at_once(), "{:?}", hall.diary());
    hall.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_is_said_as_it_is_drawn_at_a_button_and_again_when_asked() {
    let hall = Hall::open().await;
    let ticket = hall.press(1, None).await;
    hall.until("the number", |hall| hall.count() >= 1).await;
    assert_eq!(hall.played(), [Played::Phrase(1)]);
    assert!(hall.asked().contains("Your number is R 1."), "{}", hall.asked());

    let around = hall.kit.branch.around();
    around.say(Saying::NowServing { last: Some(ticket) });
    let nobody = ["Nobody has been called yet.", "The last number given here is R 1."];
    hall.until("nobody yet", |hall| nobody.iter().all(|said| hall.asked().contains(said))).await;

    hall.call("2").await;
    hall.until("a call", |hall| hall.asked().contains("Number R 1.")).await;
    around.say(Saying::NowServing { last: None });
    hall.until("now serving", |hall| ["Now serving: R 1.", "\nDesk 2."].iter().all(|said| hall.asked().contains(said)))
        .await;

    around.say(Saying::NoPaper { ticket });
    let remember = "There is no paper. Please remember your number: R 1.";
    hall.until("no paper", |hall| hall.asked().contains(remember)).await;
    assert!(hall.never_two_at_once(), "{:?}", hall.diary());
    hall.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn number_and_wait_are_said_to_whoever_holds_the_button() {
    let hall = Hall::with(|settings, _| settings.drawn = false).await;
    let ticket = hall.press(1, None).await;
    let promise = hall.kit.branch.live().queue.ticket(ticket).unwrap().promise.unwrap();
    hall.kit.branch.around().say(Saying::Drawn { ticket });
    hall.until("number and wait", |hall| hall.count() >= 1).await;
    let wait = if promise.to_min <= 5 {
        "You will be called in a few minutes.".into()
    } else {
        match promise.from_min {
            0 => format!("within {} minutes.", promise.to_min),
            from => format!("in {from} to {} minutes.", promise.to_min),
        }
    };
    assert!(hall.asked().contains("Your number is R 1.") && hall.asked().contains(&wait), "{}", hall.asked());
    hall.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_language_of_a_call_is_said_whole_before_the_next() {
    let hall = Hall::with(|settings, _| {
        settings.languages = vec!["en".into(), "de".into()];
        // the engine is asked when it is needed, in the order of what is said
        settings.drawn = false;
    })
    .await;
    line(&hall, 1).await;
    hall.call("2").await;
    let whole = ["Number R 1.", "Please go to desk 2.", "Nummer R 1.", "Bitte zu Schalter 2."];
    hall.until("every sentence", |hall| whole.iter().all(|said| hall.asked().contains(said))).await;
    hall.until("the call", |hall| hall.count() >= 1).await;
    hall.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_is_in_the_language_its_customer_chose() {
    let hall = Hall::with(|settings, _| {
        settings.languages = vec!["en".into(), "de".into()];
        settings.drawn = false;
    })
    .await;
    hall.press(1, Some("de-AT".into())).await;
    hall.press(2, Some("fr".into())).await;
    hall.call("2").await;
    hall.call("3").await;
    hall.until("both calls", |hall| hall.said().len() >= 2).await;
    assert_eq!(hall.said(), [call(1, 2), call(2, 3)], "in one language each");
    for said in ["Nummer R 1.", "Bitte zu Schalter 2.", "Numéro R 2."] {
        assert!(hall.asked().contains(said), "{said} is not in {}", hall.asked());
    }
    assert!(!hall.asked().contains("Number R"), "{}", hall.asked());
    hall.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn out_of_hours_it_is_quieter_and_off_it_is_silent() {
    let mut peaks = Vec::new();
    for quiet in [false, true] {
        let hall = Hall::with(|settings, _| {
            if quiet {
                let time = |text: &str| text.parse().unwrap();
                // over midnight; it is ten in the morning
                settings.quiet_hours = vec![(time("22:00:00"), time("10:30:00"))];
            }
        })
        .await;
        line(&hall, 1).await;
        hall.call("1").await;
        hall.until("the call", |hall| hall.count() >= 1).await;
        // the chime, with or without its words, is as loud as all
        peaks.push(hall.sound(0).peak());
        hall.stop().await;
    }
    assert!((peaks[1] / peaks[0] - 0.25).abs() < 0.01, "half as loud to the ear is a quarter: {peaks:?}");

    let hall = Hall::with(|settings, _| settings.on = false).await;
    line(&hall, 1).await;
    hall.call("1").await;
    assert!(hall.kit.branch.ping().await);
    hall.kit.branch.around().say(Saying::NowServing { last: None });
    assert_eq!((hall.diary(), hall.asked()), (Vec::new(), String::new()));
    hall.stop().await;
}
