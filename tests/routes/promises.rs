//! A promise from issue to record: what is said, what comes of it, what is given for a broken one.

use nowserving::config::PrinterKind;
use serde_json::{Value, json};

use crate::hub::{Kit, Who, local, phone};

const MINUTE: u64 = 60_000;
const DAY: u64 = 86_400_000;

async fn record(kit: &Kit) -> Value {
    kit.get(&phone(), "/api/record").await.is(200)
}

async fn ticket(kit: &Kit, key: &str) -> Value {
    kit.get(&phone(), &format!("/api/tickets/{key}")).await.is(200)
}

/// Lets the branch do what is due.
async fn settle(kit: &Kit) {
    kit.hub.branch.tick().await;
    assert!(kit.hub.branch.ping().await);
}

/// A branch that has learned enough to keep its word, with somebody at desk 1.
async fn learned(kit: &Kit) -> (Who, Who) {
    let (manager, desk) = kit.staffed().await;
    kit.press(&desk, "1", "open", json!({})).await;
    for _ in 0..200 {
        let waits = kit.get(&phone(), "/api/waits").await.is(200);
        if waits["services"][0]["wait"]["learning"] == json!(false) {
            return (manager, desk);
        }
        // only who waits teaches about waits
        kit.take("R").await;
        kit.clock.advance(2 * MINUTE);
        kit.press(&desk, "1", "call-next", json!({})).await;
        kit.press(&desk, "1", "start", json!({})).await;
        kit.clock.advance(MINUTE);
        kit.press(&desk, "1", "finish", json!({})).await;
    }
    panic!("still learning after 200 visits");
}

/// From the machine's own kiosk: number, key, and the upper end of what was promised.
async fn at_kiosk(kit: &Kit) -> (String, String, u64) {
    let issued = kit.post(&local(), "/api/tickets", json!({"service": "R", "origin": "kiosk"})).await.is(201);
    let promise = issued["promise"].as_object().unwrap();
    // what the range was made of is nobody's business
    assert_eq!(promise.keys().collect::<Vec<_>>(), ["from_min", "learning", "to_min"]);
    assert_eq!(promise["learning"], json!(false));
    let text = |name: &str| issued[name].as_str().unwrap().to_owned();
    (text("number"), text("key"), promise["to_min"].as_u64().unwrap())
}

#[tokio::test]
async fn a_late_call_counts_in_the_record_and_earns_the_courtesy() {
    let kit = Kit::with(|settings| settings.printer.kind = PrinterKind::Picture).await;
    let (manager, desk) = learned(&kit).await;
    let rule = json!({"give": "voucher", "text": "Please have a coffee on us.", "per_day": 1, "after_min": 0});
    kit.json(&manager, "PUT", "/api/courtesy", rule).await.is(200);
    let before = record(&kit).await;
    let (number, key, to_min) = at_kiosk(&kit).await;

    // at its upper end the promise is not broken yet
    kit.clock.advance(to_min * MINUTE);
    settle(&kit).await;
    assert_eq!(ticket(&kit, &key).await["courtesy"], Value::Null);
    assert_eq!(record(&kit).await["apart"]["open"], json!(1));
    // a millisecond later it is, whether called or not
    kit.clock.advance(1);
    settle(&kit).await;
    let mine = ticket(&kit, &key).await;
    assert_eq!((&mine["phase"], &mine["courtesy"]["text"]), (&json!("waiting"), &json!("Please have a coffee on us.")));
    let code = mine["courtesy"]["code"].as_str().unwrap().to_owned();
    let page = kit.get(&phone(), &format!("/t/{key}")).await.text;
    assert!(page.contains(&code) && page.contains("You waited longer than we said."));

    let called = kit.press(&desk, "1", "call-next", json!({})).await;
    assert_eq!(
        (&called["desk"]["ticket"]["number"], &called["desk"]["ticket"]["courtesy"]["code"]),
        (&json!(number), &json!(code))
    );
    let after = record(&kit).await;
    assert_eq!(after["all"]["later"].as_u64(), before["all"]["later"].as_u64().map(|later| later + 1));
    assert_eq!(after["services"]["R"]["later"], json!(1));
    assert_eq!(after["apart"]["open"], json!(0));
    assert!(kit.get(&phone(), "/record").await.text.contains("1 was called later than we said"));

    // taking the call back takes nothing back that the customer has read
    kit.press(&desk, "1", "undo", json!({})).await;
    assert_eq!(ticket(&kit, &key).await["courtesy"]["code"], json!(code));

    // the day's only one: the next gets none
    let (_, other, to_min) = at_kiosk(&kit).await;
    kit.clock.advance(to_min * MINUTE + 1);
    settle(&kit).await;
    assert_eq!(ticket(&kit, &other).await["courtesy"], Value::Null);
    let list = kit.get(&desk, "/api/courtesies").await.is(200);
    assert_eq!((list["given"].as_array().unwrap().len(), &list["given"][0]["code"]), (1, &json!(code)));

    // nobody but staff may try a code, and each works once
    let typed = json!({"code": code.to_lowercase().replace('-', " ")});
    kit.post(&phone(), "/api/courtesies/redeem", typed.clone()).await.refused(401, "log-in");
    let taken = kit.post(&desk, "/api/courtesies/redeem", typed.clone()).await.is(200);
    assert_eq!(taken["message"], json!(format!("Taken: the voucher of {number}. Please have a coffee on us.")));
    kit.post(&desk, "/api/courtesies/redeem", typed.clone()).await.refused(409, "voucher-used");
    kit.post(&desk, "/api/courtesies/redeem", json!({"code": "AAAA-AAAA"})).await.refused(404, "unknown-voucher");
    kit.post(&desk, "/api/courtesies/redeem", json!({"code": "0"})).await.refused(400, "bad-code");

    // nothing of it is in what everybody reads
    let view = kit.get(&phone(), "/api/view").await;
    assert_eq!(view.json()["courtesy"], json!({"given": 1, "text": ""}));
    assert!(!view.text.contains(&code) && !view.text.contains("coffee") && !view.text.contains("mid_s"));

    // it all survives a restart
    let kit = kit.restart().await;
    let mine = ticket(&kit, &key).await;
    assert_eq!((&mine["courtesy"]["code"], mine["courtesy"]["redeemed_at"].is_string()), (&json!(code), true));
    assert_eq!(record(&kit).await["all"]["later"], after["all"]["later"].as_u64().map(|l| json!(l - 1)).unwrap());
    let ledger = rusqlite::Connection::open(nowserving::ledger::path_in(kit.folder.path())).unwrap();
    let slips: u32 = ledger.query_row("select count(*) from prints where voucher = 1", [], |row| row.get(0)).unwrap();
    assert_eq!(slips, 1, "a paper ticket's voucher comes out on paper, once");
}

/// Yesterday counts from the history what it counted live.
#[tokio::test]
async fn a_closed_day_counts_as_it_did_while_it_was_open() {
    let kit = Kit::open().await;
    let (manager, desk) = learned(&kit).await;
    for extra in [0, 30, 0] {
        kit.take("R").await;
        kit.clock.advance(extra * MINUTE);
        kit.press(&desk, "1", "call-next", json!({})).await;
        kit.clock.advance(2 * MINUTE);
    }
    kit.press(&desk, "1", "finish", json!({})).await;
    let (_, gone) = kit.take("R").await;
    kit.clock.advance(40 * MINUTE);
    kit.post(&phone(), &format!("/api/tickets/{gone}/leave"), json!({"reason": "too_long"})).await.is(200);
    let today = record(&kit).await;
    assert_eq!(today["all"]["later"], json!(2), "called too late, and left after the upper end");
    kit.post(&manager, "/api/day/close", json!({})).await.is(200);
    assert_eq!(record(&kit).await["all"], today["all"]);
    kit.clock.advance(DAY);
    settle(&kit).await;
    let next = record(&kit).await;
    for part in ["all", "apart", "services", "lengths", "by_day", "groups", "figures"] {
        assert_eq!(next[part], today[part], "{part}");
    }
}

/// A text for all stands on the board as long as one of them is here; no number is named.
#[tokio::test]
async fn a_text_for_all_names_nobody() {
    let kit = Kit::open().await;
    let (manager, desk) = learned(&kit).await;
    kit.json(&manager, "PUT", "/api/courtesy", json!({"give": "text", "text": "Coffee is on us today."})).await.is(200);
    let (_, key, to_min) = at_kiosk(&kit).await;
    kit.clock.advance(to_min * MINUTE + 1);
    settle(&kit).await;
    let view = async || kit.get(&phone(), "/api/view").await.is(200)["courtesy"].clone();
    assert_eq!(view().await, json!({"given": 1, "text": "Coffee is on us today."}));
    assert_eq!(ticket(&kit, &key).await["courtesy"]["code"], Value::Null);
    kit.press(&desk, "1", "call-next", json!({})).await;
    kit.press(&desk, "1", "finish", json!({})).await;
    assert_eq!(view().await, json!({"given": 1, "text": ""}));
    // who has been moved was promised nothing there
    kit.press(&desk, "2", "open", json!({})).await;
    let (number, key, to_min) = at_kiosk(&kit).await;
    kit.press(&desk, "2", "transfer", json!({"number": number, "to": "P"})).await;
    kit.clock.advance((to_min + 60) * MINUTE);
    settle(&kit).await;
    assert_eq!(ticket(&kit, &key).await["courtesy"], Value::Null);
    assert_eq!(record(&kit).await["apart"]["void"], json!(1));
}
