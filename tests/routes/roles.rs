//! Every route as every kind of caller: who may, and who may not.

use nowserving::queue::Moment;
use serde_json::{Value, json};

use crate::hub::{Kit, Who, local, phone};

/// The least a caller must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Least {
    Anyone,
    Local,
    /// An enrolled device and nobody else.
    Device,
    Desk,
    Editor,
    Manager,
}

fn service() -> Value {
    json!({"id": "R", "name": "Returns", "accent": "rust", "first": 1, "last": 999, "digits": 3, "typical_min": 4.0})
}

fn desk() -> Value {
    json!({"id": "1", "name": "Desk 1", "profile": {"longest_wait": []}, "default_outcome": "served"})
}

/// Every JSON route with a body that it can read. What it does must leave later rows their sense.
fn table() -> Vec<(&'static str, &'static str, Value, Least)> {
    use Least::{Anyone, Desk, Device, Editor, Local, Manager};
    let none = || json!({});
    vec![
        ("GET", "/api/view", none(), Anyone),
        ("GET", "/api/waits", none(), Anyone),
        ("GET", "/api/record", none(), Anyone),
        ("GET", "/api/openapi.json", none(), Anyone),
        ("GET", "/health", none(), Anyone),
        ("GET", "/metrics", none(), Anyone),
        ("GET", "/feed", none(), Anyone),
        ("GET", "/api/wall", none(), Anyone),
        ("GET", "/api/wall/pictures/0123456789abcdef0123456789abcdef", none(), Anyone),
        ("GET", "/api/screen/events", none(), Device),
        ("GET", "/api/code", none(), Local),
        ("GET", "/api/devices", none(), Local),
        ("POST", "/api/tickets", json!({"service": "R"}), Local),
        ("GET", "/api/tickets/KEY", none(), Anyone),
        ("POST", "/api/tickets/KEY/delay", none(), Anyone),
        ("POST", "/api/tickets/KEY/requeue", none(), Anyone),
        ("POST", "/api/tickets/KEY/reprint", none(), Local),
        ("POST", "/api/tickets/KEY/note", none(), Anyone),
        ("POST", "/api/tickets/KEY/leave", json!({"reason": "answered"}), Anyone),
        ("POST", "/api/tickets/KEY/take-back", none(), Anyone),
        ("GET", "/api/answers", none(), Anyone),
        ("GET", "/api/answers/gone", none(), Anyone),
        ("POST", "/api/answers/gone", json!({"what": "helped"}), Local),
        ("POST", "/api/searches", json!({"words": "keys", "found": false}), Local),
        ("POST", "/api/desks/1/hand", json!({"entry": "gone"}), Desk),
        ("GET", "/api/desks/1", none(), Desk),
        ("PUT", "/api/desks/1", desk(), Manager),
        ("DELETE", "/api/desks/99", none(), Manager),
        ("POST", "/api/desks/1/open", none(), Desk),
        ("POST", "/api/desks/1/call-next", none(), Desk),
        ("POST", "/api/desks/1/close", none(), Desk),
        ("GET", "/api/branch", none(), Manager),
        ("PUT", "/api/services/R", service(), Manager),
        ("DELETE", "/api/services/Z", none(), Manager),
        ("POST", "/api/services/R/stop", json!({"reason": "Break"}), Desk),
        ("POST", "/api/services/R/resume", none(), Desk),
        ("PUT", "/api/hours", json!({"week": [[], [], [], [], [], [], []], "exceptions": {}}), Manager),
        ("PUT", "/api/rules", none(), Manager),
        ("PUT", "/api/courtesy", json!({"give": "voucher", "text": "A coffee on us."}), Manager),
        ("GET", "/api/courtesies", none(), Desk),
        ("POST", "/api/courtesies/redeem", json!({"code": "K7QF-3M2X"}), Desk),
        ("GET", "/api/entries", none(), Editor),
        ("GET", "/api/entries/no-such-entry", none(), Editor),
        ("GET", "/api/reports/answers", none(), Editor),
        ("GET", "/api/notices", none(), Editor),
        ("POST", "/api/notices", json!({"text": "Cards do not work.", "minutes": 30}), Editor),
        ("DELETE", "/api/notices/77", none(), Editor),
        ("POST", "/api/day/open", none(), Manager),
        ("POST", "/api/day/open-earlier", none(), Manager),
        ("POST", "/api/day/closing", none(), Manager),
        ("POST", "/api/day/close", none(), Manager),
        ("GET", "/api/staff", none(), Manager),
        ("POST", "/api/staff", json!({"name": "x", "role": "desk", "secret": "1"}), Manager),
        ("DELETE", "/api/staff/nobody", none(), Manager),
    ]
}

#[tokio::test]
async fn every_route_asks_who_calls() {
    let kit = Kit::with(|settings| settings.phone.take = nowserving::config::PhoneTake::Off).await;
    let (manager, desk) = kit.staffed().await;
    let editor = json!({"name": "Edda", "role": "editor", "secret": "long enough"});
    kit.post(&manager, "/api/staff", editor).await.is(201);
    let editor = kit.login("Edda", "long+enough").await;
    let callers: [(&str, Who, &[Least]); 6] = [
        ("nobody", phone(), &[Least::Anyone]),
        ("local", local(), &[Least::Anyone, Least::Local]),
        ("device", kit.device(), &[Least::Anyone, Least::Local, Least::Device, Least::Desk]),
        ("desk", desk, &[Least::Anyone, Least::Local, Least::Desk]),
        ("editor", editor, &[Least::Anyone, Least::Local, Least::Desk, Least::Editor]),
        ("manager", manager.clone(), &[Least::Anyone, Least::Local, Least::Desk, Least::Editor, Least::Manager]),
    ];
    let mut documented = crate::document::operations();
    for (name, who, may) in callers {
        let _ = kit.post(&manager, "/api/day/open", json!({})).await;
        let (_, key) = kit.take("R").await;
        for (method, path, body, least) in table() {
            let route = path.replace("KEY", &key);
            // what streams has no end to wait for
            if matches!(path, "/feed" | "/api/wall") || (least == Least::Device && may.contains(&least)) {
                let request = axum::http::Request::get(path).body(axum::body::Body::empty()).unwrap();
                assert_eq!(kit.raw(&who, request).await.status().as_u16(), 200);
            } else {
                let answer = match method {
                    "GET" => kit.get(&who, &route).await,
                    _ => kit.json(&who, method, &route, body).await,
                };
                let status = answer.status.as_u16();
                let refused = matches!(status, 401 | 403);
                assert_eq!(refused, !may.contains(&least), "{method} {path} as {name}: {status} {}", answer.text);
                assert!(status < 500 && status != 405 && status != 400, "{method} {path} as {name}: {}", answer.text);
                if refused && path != "/api/tickets" {
                    // logged in but too little, or not logged in at all
                    let expected = if matches!(name, "nobody" | "local") { 401 } else { 403 };
                    assert_eq!(status, expected, "{method} {path} as {name}");
                }
            }
            documented.retain(|(of, template)| !(of == method && crate::document::fits(template, path)));
        }
    }
    assert_eq!(documented, [], "these routes are in no row of the table");
}

#[tokio::test]
async fn pages_lead_to_the_login() {
    let kit = Kit::open().await;
    let first = kit.get(&phone(), "/login").await;
    first.redirects("/first");
    let (manager, desk) = kit.staffed().await;
    for who in [phone(), local(), kit.device()] {
        kit.get(&who, "/desk").await.redirects("/login?next=/desk");
        kit.get(&who, "/desk/2").await.redirects("/login?next=/desk/2");
        kit.get(&who, "/manage").await.redirects("/login?next=/manage");
        kit.get(&who, "/manage/plan").await.redirects("/login?next=/manage/plan");
        kit.get(&who, "/manage/paper").await.redirects("/login?next=/manage/paper");
        kit.get(&who, "/manage/plan?day=all&from=1&to=2").await.redirects("/login?next=/manage/plan");
    }
    assert_eq!(kit.get(&desk, "/manage/plan").await.status.as_u16(), 403);
    assert_eq!(kit.get(&manager, "/manage/plan").await.status.as_u16(), 200);
    assert_eq!(kit.get(&desk, "/manage").await.status.as_u16(), 403);
    assert_eq!(kit.get(&manager, "/desk/2").await.status.as_u16(), 200);
    assert_eq!(kit.get(&desk, "/desk/99").await.status.as_u16(), 404);
    // what stands in an address never becomes another place or a broken answer
    for odd in ["/desk/%0D%0Ax", "/desk/%22%3E", "/desk/%2F%2Fevil.example", "/desk/a%3Fb", "/desk/%C3%A4"] {
        let answer = kit.get(&phone(), odd).await;
        assert_eq!(answer.status.as_u16(), 303, "{odd}: {}", answer.text);
        assert!(answer.header("location").starts_with("/login?next=/desk"), "{odd}: {}", answer.header("location"));
    }
    for away in ["//evil.example", "https://evil.example", "/desk//evil.example", "/desk%5C%5Cevil", "/manage%0Ax", "/"] {
        let answer = kit.form(&phone(), "/login", &format!("name=desk&pin=4711&next={away}")).await;
        answer.redirects("/desk");
    }
}

#[tokio::test]
async fn the_first_login_works_once_and_with_its_code_only() {
    let kit = Kit::open().await;
    let form = |code: &str, name: &str| format!("code={code}&name={name}&password=correct+horse&desk_name=desk&pin=4711");
    let wrong = kit.form(&phone(), "/first", &form("ABCDEFGHJK", "Mona")).await;
    assert_eq!((wrong.status.as_u16(), wrong.header("set-cookie").as_str()), (403, ""));
    let code = kit.hub.first_code.clone().unwrap();
    assert_eq!(kit.form(&phone(), "/first", &form(&code, "desk")).await.status.as_u16(), 422);
    let short = form(&code, "Mona").replace("4711", "1");
    assert_eq!(kit.form(&phone(), "/first", &short).await.status.as_u16(), 422);
    kit.first().await;
    assert_eq!(kit.form(&phone(), "/first", &form(&code, "Eve")).await.status.as_u16(), 403);
    kit.get(&phone(), "/first").await.redirects("/login");
    let kit = kit.restart().await;
    assert_eq!(kit.hub.first_code, None);
    kit.login("Mona", "correct+horse").await;
}

#[tokio::test]
async fn guessing_is_slowed_even_when_it_is_done_all_at_once() {
    let kit = Kit::open().await;
    kit.first().await;
    let guess = |pin: u32| {
        let kit = &kit;
        async move { kit.form(&phone(), "/login", &format!("name=desk&pin={pin}")).await.status.as_u16() }
    };
    let all = futures_util::future::join_all((1000..1030).map(guess)).await;
    assert!(all.iter().filter(|status| **status == 401).count() <= 5, "{all:?}");
    assert!(all.iter().all(|status| matches!(status, 401 | 429)), "{all:?}");
    // the right one has to wait too, and hears for how long
    let locked = kit.form(&phone(), "/login", "name=desk&pin=4711").await;
    assert_eq!(locked.status.as_u16(), 429);
    // others are not kept out
    kit.login("Mona", "correct+horse").await;
}

#[tokio::test]
async fn a_name_that_is_a_book_is_not_kept() {
    let kit = Kit::open().await;
    kit.first().await;
    let name = "x".repeat(60_000);
    for _ in 0..3 {
        assert_eq!(kit.form(&phone(), "/login", &format!("name={name}&pin=1")).await.status.as_u16(), 401);
    }
    let answer = kit.form(&phone(), "/login", &format!("name={name}&pin=1")).await;
    assert!(answer.text.len() < 20_000, "{} bytes come back", answer.text.len());
}

#[tokio::test]
async fn a_session_ends_with_logging_out_removal_and_a_new_secret() {
    let kit = Kit::open().await;
    let (manager, desk) = kit.staffed().await;
    let other = kit.login("desk", "4711").await;
    let out = kit.form(&desk, "/logout", "").await;
    out.redirects("/login");
    assert!(out.header("set-cookie").contains("Max-Age=0"));
    kit.get(&desk, "/api/desks/1").await.refused(401, "log-in");
    kit.get(&other, "/api/desks/1").await.is(200);
    kit.post(&manager, "/api/staff", json!({"name": "desk", "role": "desk", "secret": "0815"})).await.is(201);
    kit.get(&other, "/api/desks/1").await.refused(401, "log-in");
    let new = kit.login("desk", "0815").await;
    kit.send(&manager, "DELETE", "/api/staff/desk", "", "").await.is(200);
    kit.get(&new, "/api/desks/1").await.refused(401, "log-in");
    assert_eq!(kit.form(&phone(), "/login", "name=desk&pin=0815").await.status.as_u16(), 401);
    kit.send(&manager, "DELETE", "/api/staff/desk", "", "").await.refused(404, "unknown-staff");
    // and by itself, after a working day
    kit.clock.advance(14 * 3_600_000);
    kit.get(&manager, "/api/staff").await.refused(401, "log-in");
}

#[tokio::test]
async fn somebody_can_always_log_in() {
    let kit = Kit::open().await;
    let manager = kit.first().await;
    kit.send(&manager, "DELETE", "/api/staff/Mona", "", "").await.refused(409, "last-manager");
    let demoted = json!({"name": "Mona", "role": "desk", "secret": "4711"});
    kit.post(&manager, "/api/staff", demoted.clone()).await.refused(409, "last-manager");
    kit.get(&manager, "/api/staff").await.is(200);
    kit.post(&manager, "/api/staff", json!({"name": "Max", "role": "manager", "secret": "12345678"})).await.is(201);
    kit.post(&manager, "/api/staff", demoted).await.is(201);
}

#[tokio::test]
async fn only_a_program_of_this_machine_is_local() {
    let kit = Kit::with(|settings| settings.phone.take = nowserving::config::PhoneTake::Off).await;
    let take = |who: Who| {
        let kit = &kit;
        async move { kit.post(&who, "/api/tickets", json!({"service": "R"})).await.status.as_u16() }
    };
    assert_eq!(take(local()).await, 201);
    assert_eq!(take(phone()).await, 403);
    for (name, value) in [
        ("origin", "http://192.168.1.5:8080"),
        ("sec-fetch-site", "same-origin"),
        ("x-forwarded-for", "203.0.113.7"),
        ("forwarded", "for=203.0.113.7"),
        ("x-real-ip", "203.0.113.7"),
        ("via", "1.1 proxy"),
    ] {
        assert_eq!(take(local().with(name, value)).await, 403, "{name}");
    }
    for token in ["Bearer x", "Bearer ", "Basic bW9uYTp4", "x"] {
        let answer = kit.post(&local().with("authorization", token), "/api/tickets", json!({"service": "R"})).await;
        answer.refused(401, "bad-token");
    }
    let kit = Kit::with(|settings| {
        settings.phone.take = nowserving::config::PhoneTake::Off;
        settings.web.trust_loopback = false;
    })
    .await;
    kit.post(&local(), "/api/tickets", json!({"service": "R"})).await.refused(403, "phone-off");
    kit.get(&local(), "/api/code").await.refused(401, "log-in");
}

#[tokio::test]
async fn a_login_lasts_a_working_day_and_no_longer_where_the_clock_was_wrong() {
    let kit = Kit::open().await;
    let manager = kit.first().await;
    let truth = kit.hub.branch.now();
    let at = |minutes: i64| kit.clock.set(Moment { wall_ms: truth.wall_ms + minutes * 60_000, ..truth });
    at(13 * 60);
    kit.get(&manager, "/api/branch").await.is(200);
    at(15 * 60);
    kit.get(&manager, "/api/branch").await.refused(401, "log-in");
    // a clock that is put back a little logs nobody out
    let manager = kit.login("Mona", "correct+horse").await;
    at(15 * 60 - 5);
    kit.get(&manager, "/api/branch").await.is(200);
    at(400 * 24 * 60);
    let manager = kit.login("Mona", "correct+horse").await;
    kit.get(&manager, "/api/branch").await.is(200);
    at(16 * 60);
    kit.get(&manager, "/api/branch").await.refused(401, "log-in");
}

/// Pictures of the wall cost a process: nobody draws them who may not write.
#[tokio::test]
async fn only_who_writes_has_the_wall_drawn() {
    let kit = Kit::open().await;
    let (manager, desk) = kit.staffed().await;
    kit.post(&manager, "/api/staff", json!({"name": "Edda", "role": "editor", "secret": "long enough"})).await.is(201);
    let editor = kit.login("Edda", "long+enough").await;
    let refused = [(phone(), 401), (local(), 401), (kit.device(), 403), (desk, 403)];
    for (who, status) in refused {
        assert_eq!(kit.form(&who, "/manage/preview/board.png", "question=A").await.status.as_u16(), status);
        assert_eq!(kit.get(&who, "/manage/entries/a/board.png").await.status.as_u16(), status);
    }
    for who in [editor, manager] {
        // whoever may is told what is wrong with the question instead
        kit.form(&who, "/manage/preview/board.png", "question=A&size=9999x1").await.refused(400, "bad-size");
        let long = format!("question={}", "a".repeat(601));
        kit.form(&who, "/manage/preview/board.png", &long).await.refused(422, "too-long");
        kit.get(&who, "/manage/entries/a/board.png").await.refused(404, "not-found");
    }
}
