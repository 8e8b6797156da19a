//! The page `/manage/plan`: a manager asks, waits if need be, and reads a plan of this branch's own past.

use serde_json::json;

use crate::hub::{Answer, Kit, Who};

/// A closed business day with forty visits and two desks.
async fn a_day(kit: &Kit, desk: &Who, manager: &Who) {
    for id in ["1", "2"] {
        kit.press(desk, id, "open", json!({})).await;
    }
    for n in 0..40 {
        let service = ["R", "P", "Q"][n % 3];
        kit.take(service).await;
        if n % 3 > 0 {
            let id = ["1", "2"][n % 2];
            kit.press(desk, id, "call-next", json!({})).await;
            kit.clock.advance(20_000);
            kit.press(desk, id, "start", json!({})).await;
        }
        kit.clock.advance(100_000);
    }
    kit.post(manager, "/api/day/close", json!({})).await.is(200);
}

/// The page once the plan is made: it reloads itself until then.
async fn asked(kit: &Kit, who: &Who, path: &str) -> Answer {
    loop {
        let answer = kit.get(who, path).await;
        if !answer.text.contains("http-equiv=\"refresh\"") {
            return answer;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn a_manager_compares_desks_on_past_days() {
    let kit = Kit::open().await;
    let (manager, desk) = kit.staffed().await;
    let form = kit.get(&manager, "/manage/plan").await;
    assert_eq!(form.status.as_u16(), 200);
    assert!(form.text.contains("name=\"day\"") && !form.text.contains("<svg"), "{}", form.text);
    // nothing has been yet
    let none = asked(&kit, &manager, "/manage/plan?day=all&from=1&to=2&weeks=12").await;
    assert_eq!(none.status.as_u16(), 422);
    assert!(none.text.contains("There is no closed business day with a visit yet"), "{}", none.text);

    a_day(&kit, &desk, &manager).await;
    let path = "/manage/plan?day=all&from=1&to=2&weeks=12&schedule=early+%3D+1+%2B+1+10-11&service=";
    let plan = asked(&kit, &manager, path).await;
    assert_eq!(plan.status.as_u16(), 200);
    for said in ["as it was", "1 desk", "2 desks", "early", "Check against those days", "a rough guide", "<svg", "<desc id="]
    {
        assert!(plan.text.contains(said), "{said}: {}", plan.text);
    }
    assert!(!plan.text.contains("style="), "the policy forbids it");
    // the same question is answered from what is kept, word for word
    assert_eq!(kit.get(&manager, path).await.text, plan.text);
    assert_eq!(kit.get(&desk, path).await.status.as_u16(), 403);
}

#[tokio::test]
async fn a_form_that_makes_no_sense_is_told_where() {
    let kit = Kit::open().await;
    let manager = kit.first().await;
    for (query, says) in [
        ("day=someday&from=1&to=2", "give a weekday such as saturday"),
        ("day=all&from=3&to=2", "two numbers from 1 to 20"),
        ("day=all&from=1&to=x", "two numbers from 1 to 20"),
        ("day=all&from=1&to=20", "At most 8 schedules"),
        ("day=all&from=1&to=2&weeks=999", "from 1 to 104"),
        ("day=all&from=1&to=2&schedule=2+%2B+%3Cb%3E", "character 5"),
        ("day=all&from=1&to=2&service=Z", "closed business day"),
    ] {
        let answer = asked(&kit, &manager, &format!("/manage/plan?{query}")).await;
        assert_eq!(answer.status.as_u16(), 422, "{query}");
        assert!(answer.text.contains(says), "{query}: {}", answer.text);
        assert!(!answer.text.contains("<b>\""), "{}", answer.text);
    }
}
