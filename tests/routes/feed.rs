//! The feed: whoever follows it has the public view, from wherever they come.

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
        Self { stream: stream(kit, None).await, view: View::default(), last: String::new(), kinds: Vec::new() }
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
                other => panic!("an event {other:?}"),
            }
            self.last = event.id;
            self.kinds.push(event.event);
        }
    }

    /// Checks that what it has is what the branch publishes. The branch looks at the clock by itself, so it gets a few tries.
    async fn agrees(&mut self, kit: &Kit) {
        for _ in 0..20 {
            self.read();
            let published: Value = kit.get(&phone(), "/api/view").await.is(200);
            if serde_json::to_value(&self.view).unwrap() == published {
                return;
            }
        }
        let published: Value = kit.get(&phone(), "/api/view").await.is(200);
        assert_eq!(serde_json::to_value(&self.view).unwrap(), published);
    }
}

/// Something that somebody might do, accepted or not.
async fn step(kit: &Kit, rng: &mut impl rand::Rng, manager: &Who, keys: &mut Vec<String>) {
    let desk = rng.random_range(1..=3);
    let service = ["R", "P", "Q"][rng.random_range(0..3)];
    let commands =
        ["open", "call-next", "recall", "start", "finish", "no-show", "park", "undo", "pause", "call-next", "open"];
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
            kit.post(&phone(), &format!("/api/tickets/{key}/{what}"), body).await;
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
            let command = commands[rng.random_range(0..commands.len())];
            kit.post(manager, &format!("/api/desks/{desk}/{command}"), json!({})).await;
        }
    }
}

#[tokio::test]
async fn what_is_sent_rebuilds_what_is_published() {
    for seed in 0..2 {
        let mut rng = rand_pcg::Pcg64::new(seed, 1);
        let kit = Kit::open().await;
        let manager = kit.first().await;
        let mut keys = Vec::new();
        let mut always = Client::join(&kit).await;
        let mut seldom = Client::join(&kit).await;
        seldom.read();
        for n in 0..150 {
            step(&kit, &mut rng, &manager, &mut keys).await;
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
        kit.press(&desk, "1", command, json!({})).await;
        kit.press(&desk, "2", command, json!({})).await;
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
