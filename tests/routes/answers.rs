//! Answers while people wait: found, read, handed over, and a place given back that others move up to.

use nowserving::ledger::{By, Entries, EntryState, NewVersion};
use nowserving::signage::{Entry, EntryId, Kind, Text};
use serde_json::{Value, json};

use crate::hub::{Kit, local, phone};

/// Publishes a question for a service.
pub(crate) async fn publish(kit: &Kit, id: &str, question: &str, also: &[&str], service: Option<&str>) {
    let original = Text {
        question: question.into(),
        short: "A short answer.".into(),
        full: "A **whole** answer.<script>x</script>".into(),
        also: also.iter().map(|text| (*text).to_owned()).collect(),
        ..Text::default()
    };
    let services = service.into_iter().map(Into::into).collect();
    let entry = Entry { kind: Kind::Answers, language: Some("en".into()), original, services, ..Entry::default() };
    let id: EntryId = id.to_owned().try_into().unwrap();
    let new = NewVersion { id: &id, base: 0, state: EntryState::Live, due_ms: None, note: "", entry: &entry };
    let by = By { actor: "staff:Anna", wall_ms: kit.hub.branch.now().wall_ms };
    Entries(&kit.hub.app.accounts()).put(&new, by).unwrap().unwrap();
    kit.hub.app.reload_content().await.unwrap();
}

async fn stocked() -> Kit {
    let kit = Kit::open().await;
    publish(&kit, "no-receipt", "Can I return without a receipt?", &["lost my receipt"], Some("R")).await;
    publish(&kit, "opening", "When are you open?", &["opening hours"], None).await;
    publish(&kit, "pick-up-id", "What do I bring to pick up?", &[], Some("P")).await;
    kit
}

/// What the journal holds: what became of entries, with the ticket's presence and service.
fn reads(kit: &Kit) -> Vec<String> {
    kit.hub.app.journal.flush().unwrap();
    let file = kit.hub.app.journal.file();
    let mut rows = file
        .prepare("select entry || ' ' || place || ' ' || what || ' ' || coalesce(service, '-') from reads order by rowid")
        .unwrap();
    rows.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

fn searches(kit: &Kit) -> Vec<(String, bool, bool)> {
    kit.hub.app.journal.flush().unwrap();
    let file = kit.hub.app.journal.file();
    let mut rows = file.prepare("select words, found, fits from searches order by rowid").unwrap();
    rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap().map(Result::unwrap).collect()
}

async fn ahead(kit: &Kit, key: &str) -> Value {
    kit.get(&phone(), &format!("/api/tickets/{key}")).await.is(200)["ahead"].clone()
}

#[tokio::test]
async fn who_has_the_answer_gives_the_place_back_and_others_move_up() {
    let kit = stocked().await;
    let (manager, desk) = kit.staffed().await;
    let (_, key) = kit.take("R").await;
    let (_, behind) = kit.take("R").await;
    let page = kit.get(&phone(), &format!("/t/{key}")).await;
    assert!(page.text.contains("Can I return without a receipt?") && page.text.contains("When are you open?"));
    assert!(!page.text.contains("pick up"), "another service's");

    let answer = kit.get(&phone(), &format!("/t/{key}/a/no-receipt")).await;
    assert_eq!(answer.status.as_u16(), 200);
    assert!(answer.text.contains("<strong>whole</strong>") && !answer.text.contains("<script>x"));
    kit.get(&phone(), &format!("/t/{key}/a/no-receipt")).await;
    assert_eq!(ahead(&kit, &behind).await, json!(1));

    kit.form(&phone(), &format!("/t/{key}/a/no-receipt"), "did=answered").await.redirects(&format!("/t/{key}"));
    assert_eq!(ahead(&kit, &behind).await, json!(0), "the next one moves up");
    let left = kit.get(&phone(), &format!("/api/tickets/{key}")).await.is(200);
    assert_eq!((&left["end"], &left["can"]["take_back"]), (&json!("left"), &json!(true)));
    assert_eq!(
        reads(&kit),
        ["no-receipt phone opened R", "no-receipt phone helped R", "no-receipt phone answered R"],
        "opened twice is read once"
    );
    // the reason stands in the history too
    kit.press(&desk, "1", "open", json!({})).await;
    kit.post(&manager, "/api/day/close", json!({})).await.is(200);
    let detail: String =
        kit.hub.app.accounts().query_row("select detail from visits where number = 'R001'", [], |row| row.get(0)).unwrap();
    assert_eq!(detail, "answered");
}

#[tokio::test]
async fn a_place_given_up_can_be_taken_back_for_a_while() {
    let kit = stocked().await;
    let (_, key) = kit.take("R").await;
    let (_, behind) = kit.take("R").await;
    kit.post(&phone(), &format!("/api/tickets/{key}/take-back"), json!({})).await.refused(409, "not-given-up");
    let (path, who) = (format!("/t/{key}/a/no-receipt"), phone());
    kit.form(&who, &path, "did=answered").await.redirects(&format!("/t/{key}"));
    assert!(kit.get(&phone(), &format!("/t/{key}")).await.text.contains("/take-back\""));
    kit.form(&phone(), &format!("/t/{key}/take-back"), "").await.redirects(&format!("/t/{key}"));
    assert_eq!((ahead(&kit, &key).await, ahead(&kit, &behind).await), (json!(0), json!(1)), "the place it had");

    kit.form(&who, &path, "did=answered").await.redirects(&format!("/t/{key}"));
    kit.clock.advance(5 * 60_000 + 1);
    assert!(!kit.get(&phone(), &format!("/t/{key}")).await.text.contains("/take-back\""));
    kit.post(&phone(), &format!("/api/tickets/{key}/take-back"), json!({})).await.refused(409, "place-gone");
}

#[tokio::test]
async fn a_search_finds_with_typos_and_in_vain_leaves_its_words_alone() {
    let kit = stocked().await;
    let (_, key) = kit.take("R").await;
    let base = format!("/t/{key}/answers");
    let found = kit.get(&phone(), &format!("{base}?q=lost+my+reciept")).await.text;
    assert!(found.contains("Can I return without a receipt?") && found.contains("None of these"), "{found}");
    let half = kit.get(&phone(), &format!("{base}?q=open&typing")).await.text;
    assert!(half.contains("When are you open?"));
    kit.get(&phone(), &format!("{base}?q=bicycles")).await;
    kit.form(&phone(), &format!("{base}/none"), "").await.redirects(&format!("{base}?done=none"));
    kit.get(&phone(), &format!("{base}?q=opening+hours")).await;
    kit.get(&phone(), &format!("/t/{key}/a/opening")).await;
    assert_eq!(
        searches(&kit),
        [("lost my reciept".into(), false, true), ("bicycles".into(), false, false), ("opening hours".into(), true, true)]
    );
    // without a ticket the page's own mark makes a search one; given up, it is noted by itself
    let page = kit.get(&phone(), "/answers").await.text;
    let by = page.split("name=\"by\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    for words in ["gift", "gift card"] {
        kit.get(&phone(), &format!("/answers?q={}&by={by}", words.replace(' ', "+"))).await;
    }
    assert_eq!(searches(&kit).len(), 3);
    kit.get(&phone(), &format!("/answers/opening?by={by}")).await;
    assert_eq!(searches(&kit)[3], ("gift card".into(), true, false));
}

#[tokio::test]
async fn a_desk_sees_what_its_customer_read_and_hands_over_an_answer_until_the_visit_ends() {
    let kit = stocked().await;
    let (_, desk) = kit.staffed().await;
    let (number, key) = kit.take("R").await;
    kit.get(&phone(), &format!("/t/{key}/answers?q=broken+drill")).await;
    kit.get(&phone(), &format!("/t/{key}/a/no-receipt")).await;
    kit.press(&desk, "1", "open", json!({})).await;
    kit.post(&desk, "/api/desks/1/hand", json!({"entry": "opening"})).await.refused(409, "desk-idle");
    let page = kit.press(&desk, "1", "call-next", json!({})).await["desk"].clone();
    let told = |page: &Value| {
        let rows = page["told"].as_array().unwrap().iter();
        rows.map(|row| format!("{}: {}", row["what"].as_str().unwrap(), row["text"].as_str().unwrap())).collect::<Vec<_>>()
    };
    assert_eq!(told(&page), ["read: Can I return without a receipt?", "searched: broken drill"]);

    kit.post(&phone(), "/api/desks/1/hand", json!({"entry": "opening"})).await.refused(401, "log-in");
    kit.post(&desk, "/api/desks/1/hand", json!({"entry": "gone"})).await.refused(404, "unknown-entry");
    let before = kit.get(&phone(), "/api/view").await.text;
    let page = kit.post(&desk, "/api/desks/1/hand", json!({"entry": "opening"})).await.is(200);
    assert!(page["message"].as_str().unwrap().contains(&number));
    assert_eq!(told(&page["desk"])[0], "handed: When are you open?");
    assert_eq!(kit.get(&phone(), "/api/view").await.text, before, "the public hears nothing of it");
    assert_eq!(kit.get(&phone(), &format!("/t/{key}/handed?known=0")).await.is(200), json!({"handed": 1}));
    assert!(kit.get(&phone(), &format!("/t/{key}")).await.text.contains(&format!("/t/{key}/a/opening")));

    kit.press(&desk, "1", "finish", json!({})).await;
    kit.hub.branch.forget_told();
    let id = kit.hub.branch.live().queue.by_number(&number.as_str().into()).unwrap().id;
    assert_eq!(kit.hub.branch.told().of(id), [], "forgotten with the visit");
}

#[tokio::test]
async fn a_kiosk_finds_reads_and_tells() {
    let kit = stocked().await;
    let all = kit.get(&local(), "/api/answers").await.is(200);
    assert_eq!(all["answers"].as_array().unwrap().len(), 3);
    let found = kit.get(&local(), "/api/answers?q=recei&typing&lang=xx").await.is(200);
    assert_eq!(found["answers"][0]["id"], json!("no-receipt"));
    let whole = kit.get(&local(), "/api/answers/no-receipt").await.is(200);
    assert_eq!(whole["plain"], json!("A whole answer.x"));
    kit.post(&local(), "/api/answers/no-receipt", json!({"what": "opened"})).await.is(200);
    kit.post(&local(), "/api/answers/no-receipt", json!({"what": "not_helped"})).await.is(200);
    kit.post(&local(), "/api/searches", json!({"words": " two  keys ", "found": false})).await.is(200);
    assert_eq!(reads(&kit), ["no-receipt kiosk opened -", "no-receipt kiosk not_helped -"]);
    assert_eq!(searches(&kit), [("two keys".into(), false, false)]);
    kit.get(&phone(), "/api/answers/gone").await.refused(404, "not-found");
}
