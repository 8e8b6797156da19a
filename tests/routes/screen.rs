//! What screens hear of buttons: whose ticket has just come, and that only screens hear it.

use std::pin::Pin;

use axum::body::Body;
use axum::http::Request;
use eventsource_stream::Eventsource;
use futures_util::{FutureExt, Stream, StreamExt};
use nowserving::branch::Pressed;
use nowserving::queue::TicketKey;
use serde_json::{Value, json};

use crate::hub::{Kit, local, phone};

/// A kiosk that listens.
pub(crate) struct Kiosk(Pin<Box<dyn Stream<Item = eventsource_stream::Event>>>);

impl Kiosk {
    pub(crate) async fn join(kit: &Kit) -> Self {
        let request = Request::get("/api/screen/events").body(Body::empty()).unwrap();
        let response = kit.raw(&kit.device(), request).await;
        assert_eq!(response.status().as_u16(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        assert_eq!(response.headers()["cache-control"], "no-store");
        Self(Box::pin(response.into_body().into_data_stream().eventsource().map(Result::unwrap)))
    }

    /// What was sent so far.
    pub(crate) fn heard(&mut self) -> Vec<Value> {
        let mut heard = Vec::new();
        while let Some(event) = self.0.next().now_or_never() {
            let event = event.expect("the stream goes on");
            assert_eq!(event.event, "pressed");
            heard.push(serde_json::from_str(&event.data).unwrap());
        }
        heard
    }
}

#[tokio::test]
async fn a_kiosk_hears_of_a_press_what_the_taker_of_a_ticket_is_answered() {
    let kit = Kit::open().await;
    let mut kiosk = Kiosk::join(&kit).await;
    assert_eq!(kiosk.heard(), Vec::<Value>::new());
    let answer = kit.post(&local(), "/api/tickets", json!({"service": "R", "origin": "button"})).await.is(201);
    let key: TicketKey = answer["key"].as_str().unwrap().parse().unwrap();
    let ticket = kit.hub.branch.live().queue.by_key(&key).unwrap().id;
    for again in [false, true] {
        kit.hub.branch.around().pressed(Pressed { button: "Returns".into(), ticket, again });
        let mut expected = answer.clone();
        expected["again"] = json!(again);
        expected["button"] = json!("Returns");
        assert_eq!(kiosk.heard(), [expected]);
    }
    // whoever joins later hears of what comes then
    let mut late = Kiosk::join(&kit).await;
    assert_eq!(late.heard(), Vec::<Value>::new());
    kit.hub.stop().await;
    assert!(kiosk.0.next().await.is_none() && late.0.next().await.is_none(), "a hub that stops lets its screens go");
}

#[tokio::test]
async fn nobody_but_a_device_hears_of_presses() {
    let kit = Kit::open().await;
    let (manager, desk) = kit.staffed().await;
    for who in [phone(), local()] {
        kit.get(&who, "/api/screen/events").await.refused(401, "log-in");
    }
    for who in [manager, desk] {
        kit.get(&who, "/api/screen/events").await.refused(403, "device-only");
    }
    let stranger = phone().with("authorization", "Bearer not-a-token");
    kit.get(&stranger, "/api/screen/events").await.refused(401, "bad-token");
}
