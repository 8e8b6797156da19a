//! What goes wrong, and what whoever asked is told.

use serde_json::json;

use crate::hub::{Kit, local, phone};

#[tokio::test]
async fn a_wrong_key_looks_like_any_address_that_leads_nowhere() {
    let kit = Kit::open().await;
    let (_, key) = kit.take("R").await;
    let nowhere = kit.get(&phone(), "/api/nowhere").await;
    nowhere.refused(404, "not-found");
    let other = format!("{}{}", if key.starts_with('a') { 'b' } else { 'a' }, &key[1..]);
    let keys = [&key[..25], &other, &key.to_uppercase(), "x", "%00", &format!("{key}a"), "R001", "%F0%9F%8E%AB"];
    for wrong in keys {
        let answer = kit.get(&phone(), &format!("/api/tickets/{wrong}")).await;
        assert_eq!((answer.status, &answer.text), (nowhere.status, &nowhere.text), "{wrong}");
        for act in ["leave", "delay", "requeue", "note"] {
            let body = if act == "leave" { json!({"reason": "answered"}) } else { json!({}) };
            let answer = kit.post(&phone(), &format!("/api/tickets/{wrong}/{act}"), body).await;
            assert_eq!((answer.status, &answer.text), (nowhere.status, &nowhere.text), "{wrong} {act}");
        }
    }
    // a person meets a page, the same one everywhere
    let browser = phone().with("accept", "text/html,*/*;q=0.8");
    let nowhere = kit.get(&browser, "/nowhere").await;
    assert_eq!((nowhere.status.as_u16(), nowhere.header("content-type").as_str()), (404, "text/html; charset=utf-8"));
    for wrong in keys {
        let page = kit.get(&browser, &format!("/t/{wrong}")).await;
        assert_eq!((page.status, &page.text), (nowhere.status, &nowhere.text), "{wrong}");
    }
}

#[tokio::test]
async fn refusals_say_what_to_do() {
    let kit = Kit::with(|settings| {
        let mut services = nowserving::branch::Seed::example().services.unwrap();
        services[0].max_waiting = Some(2);
        settings.services = Some(services);
    })
    .await;
    let (_, desk) = kit.staffed().await;
    let unknown = kit.post(&local(), "/api/tickets", json!({"service": "Z"})).await.refused(404, "unknown-service");
    assert!(unknown.contains("P, Q, R"), "{unknown}");
    kit.take("R").await;
    let (_, second) = kit.take("R").await;
    kit.post(&local(), "/api/tickets", json!({"service": "R"})).await.refused(409, "line-full");
    kit.post(&phone(), &format!("/api/tickets/{second}/delay"), json!({})).await.refused(409, "nobody-behind");
    let press = async |command: &str| kit.post(&desk, &format!("/api/desks/1/{command}"), json!({})).await;
    press("call-next").await.refused(409, "desk-closed");
    press("open").await.is(200);
    press("open").await.refused(409, "desk-is-already");
    press("recall").await.refused(409, "desk-idle");
    press("pause").await.is(200);
    press("call-next").await.refused(409, "desk-paused");
    press("open").await.is(200);
    press("call-next").await.is(200);
    press("start").await.is(200);
    press("recall").await.refused(409, "already-started");
    press("close").await.refused(409, "desk-busy");
    press("finish").await.is(200);
    press("recall").await.refused(409, "desk-idle");
    press("dance").await.refused(404, "not-found");
    press("call-next").await.is(200);
    press("finish").await.is(200);
    press("call-next").await.refused(409, "nobody-waiting");
    kit.post(&desk, "/api/desks/77/open", json!({})).await.refused(404, "unknown-desk");
    kit.get(&desk, "/api/desks/77").await.refused(404, "unknown-desk");
}

#[tokio::test]
async fn a_body_that_cannot_be_read_is_answered_with_where() {
    let kit = Kit::open().await;
    let send = |kind: &'static str, body: String| kit.send(&LOCAL, "POST", "/api/tickets", kind, body);
    static LOCAL: std::sync::LazyLock<crate::hub::Who> = std::sync::LazyLock::new(local);
    let detail = send("application/json", "{\"service\":\n \"R\",,}".into()).await.refused(400, "bad-json");
    assert!(detail.contains("line 2") && detail.contains("column 6"), "{detail}");
    let detail = send("application/json", "{\"service\":\"R\",\"colour\":1}".into()).await.refused(400, "bad-json");
    assert!(detail.contains("colour") && detail.contains("line 1"), "{detail}");
    send("application/json", "{}".into()).await.refused(400, "bad-json");
    send("application/json", String::new()).await.refused(400, "bad-json");
    send("application/json", "[".repeat(60_000)).await.refused(400, "bad-json");
    send("application/json", "{\"service\":\"\u{1}\"}".into()).await.refused(400, "bad-json");
    for kind in ["text/plain", "", "application/x-www-form-urlencoded", "application/jsonp"] {
        send(kind, "{\"service\":\"R\"}".into()).await.refused(415, "not-json");
    }
    send("application/json; charset=utf-8", "{\"service\":\"R\"}".into()).await.is(201);
    send("application/json", "x".repeat(10_000_000)).await.refused(413, "body");
    let form = kit.form(&phone(), "/take", &"x".repeat(10_000_000)).await;
    assert_eq!((form.status.as_u16(), form.header("content-type").as_str()), (413, "text/html; charset=utf-8"));
    let form = kit.send(&phone(), "POST", "/take", "application/json", "{}").await;
    assert_eq!(form.status.as_u16(), 415);
    let form = kit.form(&phone(), "/take", "serv=R").await;
    assert_eq!(form.status.as_u16(), 422);
}

#[tokio::test]
async fn addresses_that_are_no_text_are_answered_in_the_one_form() {
    let kit = Kit::open().await;
    let (manager, _) = kit.staffed().await;
    for path in ["/api/tickets/%FF", "/api/desks/%FF", "/assets/%FF", "/t/%FF"] {
        let answer = kit.get(&manager, path).await;
        assert_eq!(answer.status.as_u16(), 404, "{path}: {}", answer.text);
        assert!(answer.header("content-type").contains("json") || answer.header("content-type").contains("html"), "{path}");
    }
    for path in ["/t/x?write=1&write=2", "/login?next=a&next=b", "/first?code=1&code=2"] {
        let answer = kit.get(&phone(), path).await;
        assert!(answer.status.as_u16() != 400, "{path}: {}", answer.text);
    }
    kit.send(&manager, "DELETE", "/api/staff/%FF", "", "").await.refused(404, "not-found");
}

#[tokio::test]
async fn a_request_that_is_repeated_is_done_once() {
    let kit = Kit::open().await;
    let (_, desk) = kit.staffed().await;
    let name = "2c6c2e5e-6b0f-4d5e-9d39-1f1b8e0f7a11";
    let take = json!({"service": "R"});
    let first = kit.post(&local().named(name), "/api/tickets", take.clone()).await.is(201);
    let again = kit.post(&local().named(name), "/api/tickets", take.clone()).await.is(201);
    assert_eq!((&first["key"], &first["number"]), (&again["key"], &again["number"]));
    let other = json!({"service": "P"});
    kit.post(&local().named(name), "/api/tickets", other.clone()).await.refused(422, "idempotency-key-reused");
    kit.press(&desk, "1", "open", json!({})).await;
    let called = kit.press(&desk.named("a"), "1", "call-next", json!({})).await;
    let seq = kit.get(&phone(), "/health").await.is(200)["seq"].clone();
    let again = kit.press(&desk.named("a"), "1", "call-next", json!({})).await;
    assert_eq!((&again["desk"]["desk"], &again["message"]), (&called["desk"]["desk"], &json!("That was done already.")));
    assert_eq!(kit.get(&phone(), "/health").await.is(200)["seq"], seq);

    let kit = kit.restart().await;
    let later = kit.post(&local().named(name), "/api/tickets", take).await.is(201);
    assert_eq!((&first["key"], &first["number"]), (&later["key"], &later["number"]));
    kit.post(&local().named(name), "/api/tickets", other).await.refused(422, "idempotency-key-reused");
    let again = kit.press(&desk.named("a"), "1", "call-next", json!({})).await;
    assert_eq!(again["desk"]["desk"], called["desk"]["desk"]);
    assert_eq!(kit.take("R").await.0, "R002");
    for bad in ["", "with space", &"x".repeat(129), "tab\t"] {
        kit.post(&local().named(bad), "/api/tickets", json!({"service": "R"})).await.refused(400, "bad-idempotency-key");
    }
}

#[tokio::test]
async fn a_hub_without_its_ledger_ends() {
    let mut kit = Kit::open().await;
    kit.hub.branch.stop().await;
    kit.get(&phone(), "/health").await.refused(503, "ledger-silent");
    kit.post(&local(), "/api/tickets", json!({"service": "R"})).await.refused(503, "stopping");
    let why = kit.hub.failed().await.unwrap_err();
    assert!(format!("{why:#}").contains("ledger"), "{why:#}");
}

#[tokio::test]
async fn a_refused_request_may_be_repeated_later() {
    let kit = Kit::open().await;
    let (_, desk) = kit.staffed().await;
    kit.post(&desk.named("k"), "/api/desks/1/call-next", json!({})).await.refused(409, "desk-closed");
    kit.press(&desk, "1", "open", json!({})).await;
    kit.take("R").await;
    assert_eq!(kit.press(&desk.named("k"), "1", "call-next", json!({})).await["desk"]["desk"]["number"], json!("R001"));
}

#[tokio::test]
async fn nobody_gets_the_ticket_of_another_by_naming_a_request_alike() {
    let kit = Kit::open().await;
    let take = json!({"service": "R"});
    // names that two phones might choose alike are not taken from phones
    kit.post(&phone().named("1"), "/api/tickets", take.clone()).await.refused(400, "bad-idempotency-key");
    let name = "2c6c2e5e-6b0f-4d5e-9d39-1f1b8e0f7a11";
    let mine = kit.post(&phone().named(name), "/api/tickets", take.clone()).await.is(201);
    for who in [local(), kit.device()] {
        let other = kit.post(&who.named(name), "/api/tickets", take.clone()).await.is(201);
        assert_ne!(mine["key"], other["key"]);
    }
}
