//! What people do from the press to the end, through the routes they use.

use nowserving::queue::Moment;
use serde_json::{Value, json};

use crate::hub::{Kit, local, phone};

const MINUTE: u64 = 60_000;

fn numbers(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|row| row["number"].as_str().unwrap()).collect()
}

fn can(page: &Value) -> Vec<&str> {
    page["can"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_press_becomes_a_visit_and_ends() {
    let kit = Kit::open().await;
    let ticket = kit.post(&local(), "/api/tickets", json!({"service": "R"})).await;
    let issued = ticket.is(201);
    let key = issued["key"].as_str().unwrap();
    assert_eq!((issued["number"].as_str(), issued["ahead"].as_u64()), (Some("R001"), Some(0)));
    assert_eq!(issued["url"], json!(format!("http://192.168.1.5:8080/t/{key}")));
    assert_eq!(ticket.header("location"), issued["url"].as_str().unwrap());

    let page = kit.get(&phone(), &format!("/t/{key}")).await;
    assert_eq!((page.status.as_u16(), page.text.contains("R001")), (200, true));

    let manager = kit.first().await;
    assert_eq!(kit.get(&manager, "/manage").await.status.as_u16(), 200);
    let desk = kit.login("desk", "4711").await;
    assert!(kit.get(&desk, "/desk").await.text.contains("/desk/2"));
    assert_eq!(kit.get(&desk, "/desk/2").await.status.as_u16(), 200);

    let closed = kit.get(&desk, "/api/desks/2").await.is(200);
    assert_eq!((closed["desk"]["phase"].as_str(), numbers(&closed["line"])), (Some("closed"), vec!["R001"]));
    let opened = kit.press(&desk, "2", "open", json!({})).await;
    assert_eq!(opened["message"], json!("Desk 2 is open."));
    let called = kit.press(&desk, "2", "call-next", json!({})).await;
    assert_eq!((&called["message"], &called["desk"]["desk"]["number"]), (&json!("R001 to Desk 2."), &json!("R001")));
    assert_eq!(kit.phase(key).await, "called");
    let again = kit.press(&desk, "2", "recall", json!({})).await;
    assert_eq!(again["desk"]["ticket"]["invitations"], json!(2));
    kit.press(&desk, "2", "start", json!({})).await;
    assert_eq!(kit.phase(key).await, "serving");
    let done = kit.press(&desk, "2", "finish", json!({"outcome": "not_possible"})).await;
    assert_eq!((&done["message"], &done["desk"]["ticket"]), (&json!("R001 is finished."), &Value::Null));
    let ended = kit.get(&phone(), &format!("/api/tickets/{key}")).await.is(200);
    assert_eq!((&ended["phase"], &ended["end"]), (&json!("ended"), &json!("finished")));
}

#[tokio::test]
async fn whoever_did_not_come_may_come_back_once() {
    let kit = Kit::open().await;
    let (_, desk) = kit.staffed().await;
    kit.press(&desk, "1", "open", json!({})).await;
    let (number, key) = kit.take("R").await;
    kit.press(&desk, "1", "call-next", json!({})).await;
    let missed = kit.press(&desk, "1", "no-show", json!({})).await;
    assert_eq!(missed["message"], json!("R001 did not come. The place is kept for 10 minutes."));
    assert_eq!(numbers(&missed["desk"]["missed"]), [number.as_str()]);
    let shown = kit.get(&phone(), &format!("/api/tickets/{key}")).await.is(200);
    assert_eq!((&shown["phase"], &shown["can"]["requeue"]), (&json!("missed"), &json!(true)));
    assert_eq!(shown["keep_until"], json!("2026-05-16T10:10:00+03:00"));
    let back = kit.post(&phone(), &format!("/api/tickets/{key}/requeue"), json!({})).await.is(200);
    assert_eq!(back["phase"], json!("waiting"));
    kit.press(&desk, "1", "call-next", json!({})).await;
    kit.press(&desk, "1", "no-show", json!({})).await;
    let again = kit.post(&phone(), &format!("/api/tickets/{key}/requeue"), json!({})).await;
    assert_ne!(again.status.as_u16(), 200);
    assert_ne!(kit.phase(&key).await, "waiting");
}

#[tokio::test]
async fn a_kept_place_ends_with_its_time() {
    let kit = Kit::open().await;
    let (_, desk) = kit.staffed().await;
    kit.press(&desk, "1", "open", json!({})).await;
    let (_, key) = kit.take("R").await;
    kit.press(&desk, "1", "call-next", json!({})).await;
    kit.press(&desk, "1", "no-show", json!({})).await;
    kit.clock.advance(10 * MINUTE);
    let late = kit.post(&phone(), &format!("/api/tickets/{key}/requeue"), json!({})).await;
    assert_eq!(late.status.as_u16(), 409, "{}", late.text);
    let shown = kit.get(&phone(), &format!("/api/tickets/{key}")).await.is(200);
    assert_eq!((&shown["phase"], &shown["end"]), (&json!("ended"), &json!("no_show")));
}

#[tokio::test]
async fn a_visit_is_set_aside_and_goes_on_at_another_desk() {
    let kit = Kit::open().await;
    let (_, desk) = kit.staffed().await;
    for id in ["1", "2"] {
        kit.press(&desk, id, "open", json!({})).await;
    }
    let (number, key) = kit.take("R").await;
    kit.press(&desk, "1", "call-next", json!({})).await;
    kit.press(&desk, "1", "start", json!({})).await;
    kit.press(&desk, "1", "park", json!({})).await;
    assert_eq!(kit.phase(&key).await, "parked");
    let resumed = kit.press(&desk, "2", "resume", json!({"number": number})).await;
    assert_eq!(resumed["desk"]["desk"]["number"], json!(number));
    assert_eq!(kit.phase(&key).await, "serving");
}

#[tokio::test]
async fn a_visit_moves_to_another_service_with_its_number() {
    let kit = Kit::open().await;
    let (_, desk) = kit.staffed().await;
    kit.press(&desk, "1", "open", json!({})).await;
    let (number, key) = kit.take("R").await;
    let (waiting, _) = kit.take("R").await;
    kit.press(&desk, "1", "call-next", json!({})).await;
    let moved = kit.press(&desk, "1", "transfer", json!({"to": "P"})).await;
    assert_eq!(moved["message"], json!("R001 waits for Pick up an order."));
    let shown = kit.get(&phone(), &format!("/api/tickets/{key}")).await.is(200);
    assert_eq!((&shown["number"], &shown["service"], &shown["phase"]), (&json!(number), &json!("P"), &json!("waiting")));
    // one that waits, by name
    kit.press(&desk, "1", "transfer", json!({"to": "Q", "number": waiting})).await;
    let same = kit.post(&desk, "/api/desks/1/transfer", json!({"to": "Q", "number": waiting})).await;
    same.refused(409, "same-service");
    kit.post(&desk, "/api/desks/1/transfer", json!({})).await.refused(400, "service-missing");
}

#[tokio::test]
async fn a_customer_lets_others_pass_and_gives_up() {
    let kit = Kit::open().await;
    let (first, key) = kit.take("R").await;
    let (second, _) = kit.take("R").await;
    let delayed = kit.post(&phone(), &format!("/api/tickets/{key}/delay"), json!({})).await.is(200);
    assert_eq!(delayed["ahead"], json!(1));
    let view = kit.get(&phone(), "/api/view").await.is(200);
    assert!(view["line"][&second]["place"].as_array().unwrap()[0].as_u64() <= view["line"][&first]["place"][0].as_u64());
    // the page's form does the same as the API
    kit.form(&phone(), &format!("/t/{key}/leave"), "reason=answered").await.redirects(&format!("/t/{key}"));
    let left = kit.get(&phone(), &format!("/api/tickets/{key}")).await.is(200);
    assert_eq!((&left["phase"], &left["end"]), (&json!("ended"), &json!("left")));
    kit.post(&phone(), &format!("/api/tickets/{key}/leave"), json!({"reason": "answered"}))
        .await
        .refused(409, "ticket-over");
    let page = kit.form(&phone(), &format!("/t/{key}/delay"), "").await;
    assert_eq!((page.status.as_u16(), page.header("content-type").as_str()), (409, "text/html; charset=utf-8"));
}

#[tokio::test]
async fn a_desk_takes_its_last_key_back() {
    let kit = Kit::open().await;
    let (_, desk) = kit.staffed().await;
    kit.press(&desk, "1", "open", json!({})).await;
    let (number, key) = kit.take("R").await;
    let called = kit.press(&desk, "1", "call-next", json!({})).await;
    assert_eq!(called["desk"]["undo"], json!({"seconds_left": 30}));
    kit.clock.advance(29_000);
    let page = kit.get(&desk, "/api/desks/1").await.is(200);
    assert_eq!((&page["undo"], can(&page).contains(&"undo")), (&json!({"seconds_left": 1}), true));
    let undone = kit.press(&desk, "1", "undo", json!({})).await;
    assert_eq!((&undone["message"], &undone["desk"]["next"]), (&json!("Undone."), &json!(number)));
    assert_eq!(kit.phase(&key).await, "waiting");
    kit.press(&desk, "1", "call-next", json!({})).await;
    kit.clock.advance(31_000);
    let page = kit.get(&desk, "/api/desks/1").await.is(200);
    assert_eq!((&page["undo"], can(&page).contains(&"undo")), (&Value::Null, false));
    kit.post(&desk, "/api/desks/1/undo", json!({})).await.refused(409, "undo-too-late");
}

#[tokio::test]
async fn calling_by_name_needs_a_reason_and_takes_only_who_waits() {
    let kit = Kit::open().await;
    let (_, desk) = kit.staffed().await;
    kit.press(&desk, "1", "open", json!({})).await;
    kit.take("R").await;
    let (second, key) = kit.take("R").await;
    kit.post(&desk, "/api/desks/1/call", json!({"number": second})).await.refused(400, "reason-missing");
    kit.post(&desk, "/api/desks/1/call", json!({"number": second, "reason": "friend"})).await.refused(400, "bad-json");
    kit.post(&desk, "/api/desks/1/call", json!({"reason": "other"})).await.refused(400, "number-missing");
    kit.post(&desk, "/api/desks/1/call", json!({"number": "R777", "reason": "other"})).await.refused(404, "unknown-ticket");
    kit.press(&desk, "1", "call", json!({"number": second, "reason": "needs_help"})).await;
    assert_eq!(kit.phase(&key).await, "called");
}

#[tokio::test]
async fn what_a_desk_may_do_is_what_it_is_told() {
    let kit = Kit::open().await;
    let (_, desk) = kit.staffed().await;
    let (number, _) = kit.take("R").await;
    kit.take("P").await;
    let simple = ["open", "pause", "close", "call-next", "recall", "start", "finish", "no-show", "park", "undo"];
    for step in ["open", "call-next", "recall", "start", "park", "call-next", "no-show", "pause", "open", "close"] {
        kit.clock.advance(1000);
        let page = kit.get(&desk, "/api/desks/1").await.is(200);
        assert!(can(&page).contains(&step), "{step} is not offered: {page}");
        for other in simple.iter().filter(|name| !can(&page).contains(name)) {
            let answer = kit.post(&desk, &format!("/api/desks/1/{other}"), json!({})).await;
            assert_eq!(answer.status.as_u16(), 409, "{other} was not offered before {step}: {}", answer.text);
        }
        kit.press(&desk, "1", step, json!({})).await;
    }
    let page = kit.get(&desk, "/api/desks/1").await.is(200);
    assert_eq!(numbers(&page["parked"]), [number.as_str()]);
}

#[tokio::test]
async fn a_phone_takes_a_number_where_that_is_on() {
    let kit = Kit::open().await;
    let taken = kit.form(&phone(), "/take", "service=Q").await;
    assert_eq!(taken.status.as_u16(), 303);
    let page = kit.get(&phone(), &taken.header("location")).await;
    assert!(page.text.contains("Q001"));
    let wrong = kit.form(&phone(), "/take", "service=Z").await;
    assert_eq!((wrong.status.as_u16(), wrong.text.contains("There is no service Z")), (404, true));
}

#[tokio::test]
async fn a_phone_needs_the_code_of_the_day() {
    let kit = Kit::with(|settings| settings.phone.take = nowserving::config::PhoneTake::Code).await;
    let code = kit.get(&local(), "/api/code").await.is(200)["code"].as_str().unwrap().to_owned();
    let take = |code: &str| json!({"service": "R", "code": code});
    kit.post(&phone(), "/api/tickets", json!({"service": "R"})).await.refused(403, "wrong-code");
    kit.post(&phone(), "/api/tickets", take("12x45")).await.refused(403, "wrong-code");
    kit.post(&phone(), "/api/tickets", take(&code)).await.is(201);
    kit.form(&phone(), "/take", &format!("service=R&code=+{code}")).await;
    // a right code forgives: typing errors of a whole day never lock the phones out
    for _ in 0..8 {
        for _ in 0..4 {
            kit.post(&phone(), "/api/tickets", take("00000x")).await.refused(403, "wrong-code");
        }
        kit.post(&phone(), "/api/tickets", take(&code)).await.is(201);
    }
    for _ in 0..5 {
        kit.post(&phone(), "/api/tickets", take("00000x")).await.refused(403, "wrong-code");
    }
    let locked = kit.post(&phone(), "/api/tickets", take(&code)).await;
    locked.refused(429, "too-many-tries");
    assert!((1..=15).contains(&locked.header("retry-after").parse::<u32>().unwrap()));
    // the kiosk goes on
    kit.take("R").await;
    // another day, another code
    let (manager, _) = kit.staffed().await;
    kit.post(&manager, "/api/day/close", json!({})).await.is(200);
    kit.post(&manager, "/api/day/open", json!({})).await.is(200);
    let next = kit.get(&local(), "/api/code").await.is(200)["code"].as_str().unwrap().to_owned();
    assert_ne!(next, code);
}

#[tokio::test]
async fn a_phone_takes_no_number_where_that_is_off() {
    let kit = Kit::with(|settings| settings.phone.take = nowserving::config::PhoneTake::Off).await;
    kit.post(&phone(), "/api/tickets", json!({"service": "R"})).await.refused(403, "phone-off");
    kit.take("R").await;
    let facts = kit.get(&local(), "/api/code").await.is(200);
    assert_eq!((&facts["code"], &facts["paper"]), (&json!(null), &json!(false)), "{facts}");
}

#[tokio::test]
async fn priority_comes_from_staff_and_devices_only() {
    let kit = Kit::open().await;
    let (_, desk) = kit.staffed().await;
    let wish = json!({"service": "R", "class": "mobility"});
    kit.post(&phone(), "/api/tickets", wish.clone()).await.refused(403, "priority-at-desk");
    kit.take("R").await;
    let first = kit.post(&desk, "/api/tickets", wish.clone()).await.is(201);
    kit.post(&kit.device(), "/api/tickets", wish).await.is(201);
    assert_eq!(first["ahead"], json!(0));
    kit.post(&desk, "/api/tickets", json!({"service": "R", "class": "friend"})).await.refused(404, "unknown-class");
    let line = kit.get(&desk, "/api/desks/1").await.is(200)["line"].clone();
    assert_eq!(line[1]["class"], json!("mobility"));
    // the public sees that, but never why
    assert!(!kit.get(&phone(), "/api/view").await.text.contains("mobility"));
}

#[tokio::test]
async fn a_manager_changes_the_branch() {
    let kit = Kit::open().await;
    let (manager, desk) = kit.staffed().await;
    let put = |path: &'static str, body: Value| kit.json(&manager, "PUT", path, body);
    let service =
        json!({"id": "W", "name": "Warranty", "accent": "plum", "first": 1, "last": 99, "digits": 2, "typical_min": 6.0});
    put("/api/services/W", service.clone()).await.is(200);
    put("/api/services/X", service.clone()).await.refused(400, "two-names");
    let counter = json!({"id": "4", "name": "Desk 4", "profile": {"longest_wait": ["W"]}, "default_outcome": "served"});
    put("/api/desks/4", counter).await.is(200);
    let (number, _) = kit.take("W").await;
    assert_eq!(number, "W01");
    kit.press(&desk, "4", "open", json!({})).await;
    kit.press(&desk, "4", "call-next", json!({})).await;
    kit.send(&manager, "DELETE", "/api/services/W", "", "").await.refused(409, "service-in-use");
    kit.press(&desk, "4", "finish", json!({})).await;
    kit.send(&manager, "DELETE", "/api/desks/4", "", "").await.refused(422, "bad-setting");
    kit.press(&desk, "4", "close", json!({})).await;
    kit.send(&manager, "DELETE", "/api/desks/4", "", "").await.is(200);
    kit.send(&manager, "DELETE", "/api/services/W", "", "").await.is(200);

    kit.post(&desk, "/api/services/R/stop", json!({"reason": "Till is down"})).await.is(200);
    let stopped = kit.post(&local(), "/api/tickets", json!({"service": "R"})).await.refused(409, "issuing-stopped");
    assert!(stopped.contains("Till is down"));
    let waits = kit.get(&phone(), "/api/waits").await.is(200);
    assert_eq!(waits["services"][0]["stopped"], json!("Till is down"), "{waits}");
    kit.post(&desk, "/api/services/R/resume", json!({})).await.is(200);
    kit.take("R").await;

    let mut branch = kit.get(&manager, "/api/branch").await.is(200);
    branch["rules"]["max_delays"] = json!(5);
    put("/api/rules", branch["rules"].clone()).await.is(200);
    let mut week = vec![json!([]); 7];
    week[5] = json!([{"open": "09:00:00", "close": "18:00:00"}]);
    put("/api/hours", json!({"week": week, "exceptions": {}})).await.is(200);
    let changed = kit.get(&manager, "/api/branch").await.is(200);
    assert_eq!(changed["rules"]["max_delays"], json!(5));
    assert_eq!(changed["hours"]["week"][5][0]["close"], json!("18:00:00"));
    assert_eq!(kit.get(&phone(), "/api/view").await.is(200)["open"]["until"], json!("18:00"));
}

#[tokio::test]
async fn a_setting_that_makes_no_sense_is_refused_and_changes_nothing() {
    let kit = Kit::open().await;
    let (manager, desk) = kit.staffed().await;
    let before = kit.get(&manager, "/api/branch").await.is(200);
    for (name, value) in [
        ("priority_ratio", json!(0)),
        ("priority_ratio", json!(4_000_000_000_u32)),
        ("keep_place_ms", json!(u64::MAX)),
        ("keep_place_ms", json!(i64::MAX)),
        ("serve_after_closing_ms", json!(u64::MAX)),
        ("closing_tolerance_min", json!(u32::MAX)),
        ("undo_ms", json!(u64::MAX)),
        ("clock_doubt_ms", json!(i64::MIN)),
        ("classes", json!(["\n"])),
    ] {
        let mut rules = before["rules"].clone();
        rules[name] = value;
        kit.json(&manager, "PUT", "/api/rules", rules).await.refused(422, "bad-setting");
    }
    let mut typo = before["rules"].clone();
    typo["undo"] = json!(5);
    kit.json(&manager, "PUT", "/api/rules", typo).await.refused(400, "bad-json");
    for (name, value) in [
        ("name", json!("")),
        ("have_ready", json!("x".repeat(300))),
        ("accent", json!("\" onclick=")),
        ("last", json!(0)),
        ("digits", json!(9)),
    ] {
        let mut service = json!({"id": "W", "name": "Warranty", "have_ready": "", "accent": "plum", "first": 1, "last": 99, "digits": 2, "typical_min": 6.0});
        service[name] = value;
        kit.json(&manager, "PUT", "/api/services/W", service).await.refused(422, "bad-setting");
    }
    assert_eq!(kit.get(&manager, "/api/branch").await.is(200), before);
    // and the branch goes on
    kit.press(&desk, "1", "open", json!({})).await;
    kit.take("R").await;
    kit.press(&desk, "1", "call-next", json!({})).await;
    kit.press(&desk, "1", "no-show", json!({})).await;
}

#[tokio::test]
async fn a_day_closes_and_opens_by_hand() {
    let kit = Kit::open().await;
    let (manager, _) = kit.staffed().await;
    let (_, key) = kit.take("R").await;
    kit.post(&manager, "/api/day/open", json!({})).await.refused(409, "day-open");
    kit.post(&manager, "/api/day/closing", json!({})).await.is(200);
    kit.post(&local(), "/api/tickets", json!({"service": "R"})).await.refused(409, "closing");
    assert_eq!(kit.phase(&key).await, "waiting");
    kit.post(&manager, "/api/day/close", json!({})).await.is(200);
    kit.post(&local(), "/api/tickets", json!({"service": "R"})).await.refused(409, "closed");
    let page = format!("/api/tickets/{key}");
    assert_eq!(kit.get(&phone(), &page).await.is(200)["end"], json!("day_closed"));
    kit.post(&manager, "/api/day/open", json!({})).await.is(200);
    // the same date: no number is given twice on it, and no page goes
    assert_eq!(kit.take("R").await.0, "R002");
    assert_eq!(kit.get(&phone(), &page).await.is(200)["end"], json!("day_closed"));
    assert_eq!(kit.get(&phone(), &format!("/t/{key}")).await.status.as_u16(), 200);
}

#[tokio::test]
async fn a_day_dated_ahead_of_the_truth_is_put_right_by_staff() {
    let kit = Kit::open().await;
    let (manager, _) = kit.staffed().await;
    kit.post(&manager, "/api/day/close", json!({})).await.is(200);
    let truth = kit.hub.branch.now();
    let ahead = Moment { wall_ms: truth.wall_ms + 400 * 86_400_000, ..truth };
    kit.clock.set(ahead);
    // a new date by a clock that is said to be right: the day opens by itself
    kit.hub.branch.tick().await;
    assert!(kit.hub.branch.ping().await);
    let (number, key) = kit.take("R").await;
    kit.clock.set(Moment { mono_ms: ahead.mono_ms + 60_000, wall_ms: truth.wall_ms + 60_000, ..truth });
    // who logged in before has been logged out by the wrong clock
    let (manager, desk) = (kit.login("Mona", "correct+horse").await, kit.login("desk", "4711").await);
    let alerts = kit.get(&desk, "/api/desks/1").await.is(200)["alerts"].to_string();
    assert!(alerts.contains("dated 2027-06-20, the clock says 2026-05-16"), "{alerts}");
    kit.post(&manager, "/api/day/open-earlier", json!({})).await.refused(409, "day-open");
    assert!(kit.get(&manager, "/manage").await.text.contains("end the day, then open one dated 2026-05-16"));
    kit.post(&manager, "/api/day/close", json!({})).await.is(200);
    assert!(kit.get(&manager, "/manage").await.text.contains("POST /api/day/open-earlier"));
    kit.post(&manager, "/api/day/open-earlier", json!({})).await.is(200);
    let day = &kit.get(&manager, "/api/branch").await.is(200)["day"];
    assert_eq!((&day["date"], &day["number"]), (&json!("2026-05-16"), &json!(3)));
    // whoever still holds a number of the wrong date meets it only once, on a page of their own
    assert_ne!(kit.take("R").await.0, number);
    assert_eq!(kit.get(&phone(), &format!("/api/tickets/{key}")).await.is(200)["number"], json!(number));
    kit.post(&manager, "/api/day/close", json!({})).await.is(200);
    kit.post(&manager, "/api/day/open-earlier", json!({})).await.refused(409, "date-not-ahead");
    assert!(!kit.get(&manager, "/manage").await.text.contains("open-earlier"));
}

#[tokio::test]
async fn what_a_customer_tells_the_desk_reaches_the_desk_and_nobody_else() {
    let kit = Kit::open().await;
    let (_, desk) = kit.staffed().await;
    let (_, key) = kit.take("R").await;
    let (_, other) = kit.take("R").await;
    let (name, question) = ("Xanthippe Quizzelbaum", "zweiundzwanzig Fahrradklingeln");
    let note = json!({"name": name, "question": question});
    let told = kit.post(&phone(), &format!("/api/tickets/{key}/note"), note).await.is(200);
    assert_eq!((&told["name"], &told["question"]), (&json!(name), &json!(question)));
    let at_desk = kit.get(&desk, "/api/desks/1").await.is(200);
    assert_eq!((&at_desk["line"][0]["name"], &at_desk["line"][0]["question"]), (&json!(name), &json!(question)));
    let feed = crate::feed::joined(&kit).await;
    let mut public = vec![feed];
    let other_page = format!("/t/{other}");
    let other_ticket = format!("/api/tickets/{other}");
    for path in ["/", "/api/view", "/api/waits", "/metrics", "/health", &other_page, &other_ticket] {
        let answer = kit.get(&phone(), path).await;
        assert_eq!(answer.status.as_u16(), 200, "{path}");
        public.push(answer.text);
    }
    for text in public {
        assert!(!text.contains("Quizzelbaum") && !text.contains("Fahrrad") && !text.contains(&key), "{text}");
    }
    let long = json!({"question": "x".repeat(301)});
    kit.post(&phone(), &format!("/api/tickets/{key}/note"), long).await.refused(422, "too-long");
    let erased = kit.post(&phone(), &format!("/api/tickets/{key}/note"), json!({})).await.is(200);
    assert_eq!((&erased["name"], &erased["question"]), (&Value::Null, &Value::Null));
    let form = kit.form(&phone(), &format!("/t/{key}/note"), "name=Ann&question=%3Cem%3E").await;
    form.redirects(&format!("/t/{key}"));
    assert!(!kit.get(&phone(), &format!("/t/{key}")).await.text.contains("<em>"));
}

/// What a copy of the overview sends along with the chosen service.
async fn drawn(kit: &Kit) -> String {
    let page = kit.get(&phone(), "/").await.text;
    let once = page.split("name=\"once\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    assert_eq!(once.len(), 26, "{once}");
    once.to_owned()
}

#[tokio::test]
async fn two_taps_on_a_page_without_script_are_one_number() {
    let kit = Kit::open().await;
    let tap = async |service: &str, once: &str| {
        let answer = kit.form(&phone(), "/take", &format!("service={service}&once={once}")).await;
        assert_eq!(answer.status.as_u16(), 303, "{}", answer.text);
        answer.header("location")
    };
    let once = drawn(&kit).await;
    let (mine, again) = tokio::join!(tap("R", &once), tap("R", &once));
    assert_eq!(mine, again);
    // going back and tapping again leads to the same number
    assert_eq!(tap("R", &once).await, mine);
    // another service, another tab or another phone is another number
    let others = [tap("P", &once).await, tap("R", &drawn(&kit).await).await, tap("R", &drawn(&kit).await).await];
    assert!(!others.contains(&mine) && others[1] != others[2], "{others:?}");
    assert_eq!(kit.get(&phone(), "/api/view").await.is(200)["waits"]["R"]["waiting"], json!(3));
    // when the visit is over, the same page gives a new number, and again only one
    kit.form(&phone(), &format!("{mine}/leave"), "reason=changed_mind").await.redirects(&mine);
    let (second, again) = tokio::join!(tap("R", &once), tap("R", &once));
    assert_eq!(second, again);
    assert_ne!(second, mine);
    // what no page has drawn guards nothing and hinders nothing
    assert_ne!(tap("R", "").await, tap("R", "").await);
    assert_ne!(tap("R", "short").await, tap("R", "short").await);
}

#[tokio::test]
async fn a_stranger_does_not_lock_the_desk_out() {
    let kit = Kit::open().await;
    kit.staffed().await;
    let form = |pin: &str| format!("name=desk&pin={pin}&next=/desk");
    for _ in 0..5 {
        assert_eq!(kit.form(&phone(), "/login", &form("0000")).await.status.as_u16(), 401);
    }
    assert_eq!(kit.form(&phone(), "/login", &form("4711")).await.status.as_u16(), 429);
    kit.form(&local(), "/login", &form("4711")).await.redirects("/desk");
}
