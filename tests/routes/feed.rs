//! The feed: whoever follows it has the public view, from wherever they come.

use std::collections::BTreeSet;
use std::pin::Pin;

use axum::body::Body;
use axum::http::Request;
use eventsource_stream::Eventsource;
use futures_util::{FutureExt, Stream, StreamExt};
use nowserving::queue::{Frame, View};
use rand::RngExt;
use serde_json::{Value, json};

use crate::hub::{Kit, Who, phone};

type Event = eventsource_stream::Event;

/// A client of the feed.
struct Client {
    stream: Pin<Box<dyn Stream<Item = Event>>>,
    view: View,
    last: String,
    kinds: Vec<String>,
    clocks: Vec<Value>,
}

async fn stream(kit: &Kit, last: Option<&str>) -> Pin<Box<dyn Stream<Item = Event>>> {
    let mut request = Request::get("/feed");
    if let Some(last) = last {
        request = request.header("last-event-id", last);
    }
    let response = kit.raw(&phone(), request.body(Body::empty()).unwrap()).await;
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    assert_eq!(response.headers()["cache-control"], "no-store");
    Box::pin(response.into_body().into_data_stream().eventsource().map(Result::unwrap))
}

/// What somebody who joins is sent first.
pub(crate) async fn joined(kit: &Kit) -> String {
    let first = stream(kit, None).await.next().await.unwrap();
    assert_eq!(first.event, "view");
    first.data
}

impl Client {
    async fn join(kit: &Kit) -> Self {
        Self {
            stream: stream(kit, None).await,
            view: View::default(),
            last: String::new(),
            kinds: Vec::new(),
            clocks: Vec::new(),
        }
    }

    /// Comes back with what it had.
    async fn back(self, kit: &Kit, last: &str) -> Self {
        Self { stream: stream(kit, Some(last)).await, kinds: Vec::new(), ..self }
    }

    /// Takes in everything that has been sent.
    fn read(&mut self) {
        while let Some(event) = self.stream.next().now_or_never() {
            let event = event.expect("the feed goes on");
            match event.event.as_str() {
                "view" => self.view = serde_json::from_str(&event.data).unwrap(),
                "frame" => self.view.apply(serde_json::from_str::<Frame>(&event.data).unwrap()),
                "clock" => {
                    self.clocks.push(serde_json::from_str(&event.data).unwrap());
                    continue;
                }
                other => panic!("an event {other:?}"),
            }
            self.last = event.id;
            self.kinds.push(event.event);
        }
    }

    /// Checks what it has against the branch's own state: what is published is itself put together from frames.
    fn is_true(&self, kit: &Kit) {
        let now = kit.hub.branch.now();
        let live = kit.hub.branch.live();
        if live.queue.seq() != self.view.seq {
            // the branch has looked at the clock since
            return;
        }
        let fresh = View::of(&live.queue, &self.view.store, self.view.waits.clone(), &now);
        let fresh = View { devices: kit.hub.branch.around().row(), ..fresh };
        assert_eq!(View { open: fresh.open.clone(), ..self.view.clone() }, fresh);
    }

    /// Checks that what it has is what the branch publishes. The branch looks at the clock by itself, so it gets a few tries.
    async fn agrees(&mut self, kit: &Kit) {
        for _ in 0..20 {
            self.read();
            let published: Value = kit.get(&phone(), "/api/view").await.is(200);
            if serde_json::to_value(&self.view).unwrap() == published {
                return self.is_true(kit);
            }
        }
        let published: Value = kit.get(&phone(), "/api/view").await.is(200);
        assert_eq!(serde_json::to_value(&self.view).unwrap(), published);
    }
}

/// Something that somebody might do, accepted or not. What was done is noted in `done`.
async fn step(kit: &Kit, rng: &mut impl rand::Rng, manager: &Who, keys: &mut Vec<String>, done: &mut BTreeSet<&str>) {
    let desk = rng.random_range(1..=3);
    let service = ["R", "P", "Q"][rng.random_range(0..3)];
    let commands = ["open", "call-next", "recall", "start", "finish", "no-show", "park", "undo", "pause"];
    match rng.random_range(0..20) {
        0..6 => {
            let issued = kit.post(manager, "/api/tickets", json!({"service": service})).await;
            if issued.status.as_u16() == 201 {
                keys.push(issued.json()["key"].as_str().unwrap().to_owned());
            }
        }
        6..8 if !keys.is_empty() => {
            let key = &keys[rng.random_range(0..keys.len())];
            let (what, body) = [("leave", json!({"reason": "too_long"})), ("delay", json!({})), ("requeue", json!({}))]
                [rng.random_range(0..3)]
            .clone();
            let answer = kit.post(&phone(), &format!("/api/tickets/{key}/{what}"), body).await;
            done.extend((answer.status.as_u16() == 200).then_some(what));
        }
        8 => {
            kit.post(manager, &format!("/api/desks/{desk}/transfer"), json!({"to": service})).await;
        }
        9 => {
            let stop = if rng.random() { "stop" } else { "resume" };
            let body = if stop == "stop" { json!({"reason": "Break"}) } else { json!({}) };
            kit.post(manager, &format!("/api/services/{service}/{stop}"), body).await;
        }
        10 if rng.random_range(0..4) == 0 => {
            let service = json!({"id": "W", "name": format!("W{desk}"), "accent": "plum", "first": 1, "last": 99, "digits": 2, "typical_min": 6.0});
            kit.json(manager, "PUT", "/api/services/W", service).await;
        }
        11 if rng.random_range(0..6) == 0 => {
            kit.post(manager, "/api/day/close", json!({})).await;
            kit.post(manager, "/api/day/open", json!({})).await;
        }
        12 => kit.clock.advance(rng.random_range(0..200_000)),
        _ => {
            // mostly what the desk may do now, and at times what it may not
            let page = kit.get(manager, &format!("/api/desks/{desk}")).await.json();
            let may = commands.into_iter().filter(|name| page["can"].as_array().unwrap().contains(&json!(name)));
            let may: Vec<_> = may.collect();
            let choice = if may.is_empty() || rng.random_range(0..8) == 0 { commands.as_slice() } else { may.as_slice() };
            let command = choice[rng.random_range(0..choice.len())];
            for command in [command, "undo"].into_iter().take(if rng.random_range(0..6) == 0 { 2 } else { 1 }) {
                let answer = kit.post(manager, &format!("/api/desks/{desk}/{command}"), json!({})).await;
                done.extend((answer.status.as_u16() == 200).then_some(command));
            }
        }
    }
}

#[tokio::test]
async fn what_is_sent_rebuilds_what_is_published() {
    let mut done = BTreeSet::new();
    for seed in 0..2 {
        let mut rng = rand_pcg::Pcg64::new(seed, 1);
        let kit = Kit::open().await;
        let manager = kit.first().await;
        let mut keys = Vec::new();
        let mut always = Client::join(&kit).await;
        let mut seldom = Client::join(&kit).await;
        seldom.read();
        for n in 0..150 {
            step(&kit, &mut rng, &manager, &mut keys, &mut done).await;
            always.agrees(&kit).await;
            if n % 40 == 39 {
                // the connection is lost and comes back: only what was missed is sent
                let last = seldom.last.clone();
                seldom = seldom.back(&kit, &last).await;
                seldom.agrees(&kit).await;
                assert!(seldom.kinds.iter().all(|kind| kind == "frame"), "{:?}", seldom.kinds);
            }
        }
        assert_eq!(always.kinds[0], "view");
        assert!(always.kinds.len() > 30 && always.kinds[1..].iter().all(|kind| kind == "frame"), "{:?}", always.kinds);
    }
    for needed in ["leave", "delay", "call-next", "recall", "start", "finish", "no-show", "park", "undo", "pause"] {
        assert!(done.contains(needed), "{needed} was never done: {done:?}");
    }
}

#[tokio::test]
async fn whoever_was_away_too_long_or_comes_from_another_run_gets_the_view() {
    let kit = Kit::open().await;
    let (_, desk) = kit.staffed().await;
    let mut client = Client::join(&kit).await;
    client.read();
    let old = client.last.clone();
    for n in 0..260 {
        let command = if n % 2 == 0 { "open" } else { "close" };
        for at in ["1", "2"] {
            kit.press(&desk, at, command, json!({})).await;
            // whoever reads the view waits for it, so that each press is a frame of its own
            kit.get(&phone(), "/api/view").await.is(200);
        }
    }
    for last in [old.as_str(), "1-1", "nonsense", "", "18446744073709551616-0", "0-18446744073709551615"] {
        client = client.back(&kit, last).await;
        client.agrees(&kit).await;
        assert_eq!(client.kinds, ["view"], "{last}");
    }
    let last = client.last.clone();
    let kit = kit.restart().await;
    client = client.back(&kit, &last).await;
    client.agrees(&kit).await;
    assert_eq!(client.kinds, ["view"]);
}

#[tokio::test]
async fn a_frame_costs_what_changed() {
    let kit = Kit::open().await;
    for _ in 0..300 {
        kit.take("R").await;
    }
    let mut client = stream(&kit, None).await;
    let whole = client.next().await.unwrap().data.len();
    kit.take("P").await;
    let frame = client.next().await.unwrap();
    assert_eq!(frame.event, "frame");
    assert!(frame.data.len() * 10 < whole, "{} of {whole}", frame.data.len());
}

#[tokio::test]
async fn the_feed_ends_when_the_hub_stops() {
    let kit = Kit::open().await;
    let mut client = stream(&kit, None).await;
    assert_eq!(client.next().await.unwrap().event, "view");
    kit.hub.stop().await;
    while client.next().await.is_some() {}
}

#[tokio::test]
async fn the_feed_tells_the_branchs_time() {
    let kit = Kit::open().await;
    let mut client = Client::join(&kit).await;
    let now = kit.hub.branch.now();
    // at once, right after the view
    client.read();
    assert_eq!(client.clocks, [json!({"now_ms": now.wall_ms, "offset_s": 10_800})]);
    // it has no place in the feed
    assert!(!client.last.is_empty());
}

/// Whoever has an answer finds in the view what was answered, as long as nobody else asks.
#[tokio::test]
async fn the_view_holds_what_was_answered() {
    let kit = Kit::open().await;
    for n in 1..=200 {
        kit.take("R").await;
        let view = kit.get(&phone(), "/api/view").await.is(200);
        assert_eq!(view["waits"]["R"]["waiting"], json!(n));
    }
}

/// Within the second, and without a clock: whoever has been told that a notice is out finds it already sent to all who follow, before
/// anything that happens afterwards; and so its end.
#[tokio::test]
async fn a_notice_is_sent_before_its_sender_is_told_that_it_is_out() {
    let kit = Kit::open().await;
    let (manager, _) = kit.staffed().await;
    let mut client = Client::join(&kit).await;
    client.read();
    assert!(client.view.notices.is_empty());
    let note = json!({"text": "Cards do not work.", "minutes": 30});
    let id = kit.post(&manager, "/api/notices", note).await.is(201)["id"].clone();
    client.read();
    let told: Vec<_> = client.view.notices.iter().map(|row| row.text.as_str()).collect();
    assert_eq!(told, ["Cards do not work."]);
    kit.json(&manager, "DELETE", &format!("/api/notices/{id}"), json!({})).await.is(200);
    client.read();
    assert!(client.view.notices.is_empty());
}
