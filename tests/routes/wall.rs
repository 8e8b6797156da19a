//! What hangs on the boards: chosen by the line, taken down at once, and in the journal only if it hung.

use std::pin::Pin;
use std::time::Duration;

use axum::body::Body;
use axum::http::Request;
use eventsource_stream::Eventsource;
use futures_util::{Stream, StreamExt};
use nowserving::ledger::{By, Entries, EntryState, NewVersion};
use nowserving::signage::{Entry, EntryId, Kind, Text};
use serde_json::{Value, json};

use crate::hub::{Kit, Who, phone};

/// A board that listens.
struct Wall(Pin<Box<dyn Stream<Item = eventsource_stream::Event>>>);

impl Wall {
    async fn join(kit: &Kit, name: &str) -> Self {
        Self::of(kit, &phone(), name).await
    }

    async fn of(kit: &Kit, who: &Who, name: &str) -> Self {
        let request = Request::get(format!("/api/wall?screen={name}")).body(Body::empty()).unwrap();
        let response = kit.raw(who, request).await;
        assert_eq!(response.status().as_u16(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self(Box::pin(response.into_body().into_data_stream().eventsource().map(Result::unwrap)))
    }

    /// What hangs next, once it is something that `fits`.
    async fn until(&mut self, fits: impl Fn(&Value) -> bool) -> Value {
        let next = async {
            loop {
                let event = self.0.next().await.expect("the stream goes on");
                assert_eq!(event.event, "wall");
                let told: Value = serde_json::from_str(&event.data).unwrap();
                if fits(&told["hangs"]) {
                    return told;
                }
            }
        };
        tokio::time::timeout(Duration::from_secs(20), next).await.expect("it comes within moments")
    }
}

async fn put(kit: &Kit, id: &str, base: u32, state: EntryState, entry: &Entry) {
    {
        let (id, connection) = (EntryId::of(id), kit.hub.app.accounts());
        let new = NewVersion { id: &id, base, state, due_ms: None, note: "", entry };
        let by = By { actor: "staff:Anna", wall_ms: kit.hub.branch.now().wall_ms };
        Entries(&connection).put(&new, by).unwrap().unwrap();
    }
    kit.hub.app.reload_content().await.unwrap();
}

fn entry(question: &str, kind: Kind) -> Entry {
    let original = Text { question: question.into(), short: "Bring {what}.".into(), ..Text::default() };
    Entry { kind, language: Some("en".into()), original, ..Entry::default() }
}

#[tokio::test]
async fn what_helps_who_waits_hangs_there_comes_down_at_once_and_is_in_the_journal() {
    let kit = Kit::open().await;
    kit.take("R").await;
    let returns = Entry { services: ["R".into()].into(), ..entry("No receipt?", Kind::Prepares) };
    put(&kit, "receipt", 0, EntryState::Live, &returns).await;
    let elsewhere = Entry { screens: ["garden".to_owned()].into(), ..entry("Where is the garden?", Kind::Routes) };
    put(&kit, "garden", 0, EntryState::Live, &elsewhere).await;
    let mut wall = Wall::join(&kit, "board").await;
    let told = wall.until(Value::is_object).await;
    let hangs = &told["hangs"];
    assert_eq!((&hangs["entry"], &hangs["question"]), (&json!("receipt"), &json!("No receipt?")));
    assert_eq!((&hangs["answer"], &hangs["seconds"]), (&json!("Bring {what}."), &json!(8)));
    assert_eq!((&hangs["service"], &hangs["version"]), (&json!("R"), &json!(1)));
    assert!(told["left_ms"].as_u64().unwrap() <= 8000, "{told}");
    assert!(hangs["reason"].as_str().unwrap().starts_with("Shown "), "{hangs}");
    // changed: the new version; retired: nothing, for the other is not for this board
    let changed =
        Entry { original: Text { short: "Bring the card.".into(), ..returns.original.clone() }, ..returns.clone() };
    put(&kit, "receipt", 1, EntryState::Live, &changed).await;
    let told = wall.until(|hangs| hangs["version"] == 2).await;
    assert_eq!(told["hangs"]["answer"], "Bring the card.");
    put(&kit, "receipt", 2, EntryState::Retired, &changed).await;
    assert_eq!(wall.until(Value::is_null).await, json!({"hangs": null, "left_ms": 0}));
    let mut garden = Wall::join(&kit, "garden").await;
    assert_eq!(garden.until(Value::is_object).await["hangs"]["entry"], "garden");
    drop((wall, garden));
    // the keeper takes down what hung when nobody looks any more
    let plays = played(&kit, 3).await;
    let told: Vec<_> =
        plays.iter().map(|(screen, entry, version, ..)| (screen.as_str(), entry.as_str(), *version)).collect();
    assert_eq!(told, [("board", "receipt", 1), ("board", "receipt", 2), ("garden", "garden", 1)]);
    assert!(plays.iter().all(|(_, _, _, waiting, why)| *waiting == 1 && why.starts_with("Shown ")), "{plays:?}");
}

/// The journal, once so many things have hung.
async fn played(kit: &Kit, count: usize) -> Vec<Played> {
    let plays = async {
        loop {
            kit.hub.app.journal.flush().unwrap();
            let plays = plays(kit);
            if plays.len() >= count {
                return plays;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), plays).await.expect("so many things hung")
}

/// In each hour one half is drawn: the same entry hangs there in one and not in the other, and the journal knows which.
#[tokio::test]
async fn the_experiment_takes_answers_down_for_half_of_each_hour() {
    let kit = Kit::open().await;
    let (manager, _) = kit.staffed().await;
    kit.take("R").await;
    put(&kit, "receipt", 0, EntryState::Live, &entry("No receipt?", Kind::Prepares)).await;
    kit.form(&manager, "/manage/reports/experiment", "on=on").await.redirects("/manage/reports#experiment");
    let mut wall = Wall::join(&kit, "board").await;
    let mut on = Vec::new();
    for _ in 0..2 {
        let begin_ms = kit.hub.branch.now().wall_ms / HALF_MS * HALF_MS;
        let answers = drawn(&kit, begin_ms).await;
        wall.until(|hangs| hangs.is_object() == answers).await;
        on.extend(answers.then_some(begin_ms));
        kit.clock.advance(1_800_000);
    }
    drop(wall);
    let [begin_ms] = on[..] else { panic!("of each hour one half: {on:?}") };
    played(&kit, 1).await;
    let at: Vec<i64> = {
        let file = kit.hub.app.journal.file();
        let mut statement = file.prepare("select at_ms from plays").unwrap();
        let rows = statement.query_map([], |row| row.get(0)).unwrap();
        rows.map(Result::unwrap).collect()
    };
    assert!(at.iter().all(|at| at / HALF_MS * HALF_MS == begin_ms), "{at:?} of {begin_ms}");
}

const HALF_MS: i64 = 1_800_000;

/// What is drawn for a half-hour, once a board has told the journal.
async fn drawn(kit: &Kit, begin_ms: i64) -> bool {
    let told = async {
        loop {
            kit.hub.app.journal.flush().unwrap();
            let row = {
                let file = kit.hub.app.journal.file();
                file.query_row("select answers from halves where begin_ms = ?1", [begin_ms], |row| row.get(0))
            };
            if let Ok(answers) = row {
                return answers;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), told).await.expect("a board tells what is drawn")
}

/// Somebody's phone that listens under a name of its own is no board: a manager would read figures of nobody.
#[tokio::test]
async fn a_board_that_nobody_knows_shows_and_does_not_count() {
    let kit = Kit::open().await;
    kit.take("R").await;
    put(&kit, "receipt", 0, EntryState::Live, &entry("No receipt?", Kind::Prepares)).await;
    let mut invented = Wall::join(&kit, "invented").await;
    let mut hall = Wall::of(&kit, &kit.device(), "hall").await;
    for wall in [&mut invented, &mut hall] {
        assert_eq!(wall.until(Value::is_object).await["hangs"]["entry"], "receipt");
    }
    // taken down on both, the invented one first or last; then something else hangs on the hall's alone
    put(&kit, "receipt", 1, EntryState::Retired, &entry("No receipt?", Kind::Prepares)).await;
    for wall in [&mut invented, &mut hall] {
        wall.until(Value::is_null).await;
    }
    drop(invented);
    put(&kit, "keys", 0, EntryState::Live, &entry("Lost keys?", Kind::Answers)).await;
    hall.until(Value::is_object).await;
    drop(hall);
    let told: Vec<_> = played(&kit, 2).await.into_iter().map(|(screen, entry, ..)| (screen, entry)).collect();
    assert_eq!(told, [("hall".to_owned(), "receipt".to_owned()), ("hall".into(), "keys".into())]);
}

type Played = (String, String, u32, u32, String);

fn plays(kit: &Kit) -> Vec<Played> {
    let file = kit.hub.app.journal.file();
    let mut statement =
        file.prepare("select screen, entry, version, waiting, why from plays order by at_ms, rowid").unwrap();
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?))).unwrap();
    rows.map(Result::unwrap).collect()
}

#[tokio::test]
async fn a_board_has_a_name_that_can_be_said() {
    let kit = Kit::open().await;
    for name in ["", "a%2Fb", "%F0%9F%98%80", &"a".repeat(41)] {
        kit.get(&phone(), &format!("/api/wall?screen={name}")).await.refused(400, "bad-screen");
    }
    kit.get(&phone(), "/api/wall/pictures/none").await.refused(404, "no-picture");
}

#[tokio::test]
async fn with_nothing_written_nothing_hangs() {
    let kit = Kit::open().await;
    let mut wall = Wall::join(&kit, "board").await;
    assert_eq!(wall.until(|_| true).await["hangs"], Value::Null);
}
