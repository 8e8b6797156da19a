//! Devices that need a person: desks are told what and what to do, everybody else only that it is so.

use nowserving::branch::Trouble;
use nowserving::queue::Paper;
use serde_json::{Value, json};

use crate::hub::{Kit, Who, phone};

fn no_paper() -> Trouble {
    Trouble { what: "The printer has no paper.".into(), mend: "Put in a new roll.".into(), urgent: true }
}

async fn alerts(kit: &Kit, desk: &Who) -> Vec<Value> {
    let page = kit.get(desk, "/api/desks/1").await.is(200);
    page["alerts"].as_array().unwrap().clone()
}

async fn devices(kit: &Kit) -> Value {
    assert!(kit.hub.branch.ping().await);
    kit.get(&phone(), "/api/view").await.is(200)["devices"].clone()
}

#[tokio::test]
async fn a_desk_reads_what_is_the_matter_until_it_is_mended() {
    let kit = Kit::open().await;
    let (_, desk) = kit.staffed().await;
    kit.press(&desk, "1", "open", json!({})).await;
    let before = alerts(&kit, &desk).await;
    let branch = &kit.hub.branch;
    assert_eq!(devices(&kit).await, json!({"paper": "none", "troubles": 0}));

    let stuck = Trouble { what: "The button is held down.".into(), mend: "Look whether it is stuck.".into(), urgent: false };
    branch.report("button Returns", Some(stuck)).await;
    branch.report("printer", Some(no_paper())).await;
    branch.report_paper(Paper::Stopped).await;
    assert_eq!(devices(&kit).await, json!({"paper": "stopped", "troubles": 2}));
    let told = alerts(&kit, &desk).await;
    assert_eq!(told[0], json!("The printer has no paper. Put in a new roll."), "what customers feel comes first");
    assert_eq!(told.len(), before.len() + 2);
    let public = kit.get(&phone(), "/api/view").await;
    assert!(!public.text.contains("new roll"), "the public reads what only staff can mend");

    branch.report("printer", None).await;
    branch.report("button Returns", None).await;
    branch.report_paper(Paper::Ready).await;
    assert_eq!(devices(&kit).await, json!({"paper": "ready", "troubles": 0}));
    assert_eq!(alerts(&kit, &desk).await, before);
}

#[tokio::test]
async fn the_same_trouble_told_again_is_one_and_keeps_its_time() {
    let kit = Kit::open().await;
    let branch = &kit.hub.branch;
    branch.report("printer", Some(no_paper())).await;
    assert!(branch.ping().await);
    let (frames, since) = (branch.feed().version(), branch.around().troubles()[0].since);
    kit.clock.advance(60_000);
    branch.report("printer", Some(no_paper())).await;
    branch.report_paper(branch.around().row().paper).await;
    assert!(branch.ping().await);
    assert_eq!((branch.feed().version(), branch.around().troubles()[0].since), (frames, since));
}
