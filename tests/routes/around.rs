//! Devices that need a person: desks are told what and what to do, everybody else only that it is so.

use nowserving::branch::Trouble;
use nowserving::queue::Paper;
use serde_json::{Value, json};

use crate::hub::{Kit, Who, local, phone};

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

#[tokio::test]
async fn a_program_on_the_machine_hears_how_the_devices_are_and_whether_phones_come_through() {
    let kit = Kit::open().await;
    let before = kit.get(&local(), "/api/devices").await.is(200);
    assert_eq!(before["outside"], Value::Null, "nobody but this machine has asked");
    assert_eq!((&before["paper"], &before["public_url"]), (&json!("none"), &json!("http://192.168.1.5:8080")));

    kit.hub.branch.report("printer", Some(no_paper())).await;
    // the phone of the kit is at 192.168.1.77
    let itself = phone().with("host", "192.168.1.77:8080");
    kit.get(&itself, "/api/view").await.is(200);
    assert_eq!(
        kit.get(&local(), "/api/devices").await.is(200)["outside"],
        Value::Null,
        "a machine that asks its own address"
    );
    kit.get(&phone().with("host", "192.168.1.5:8080"), "/api/view").await.is(200);
    kit.get(&phone().with("host", "evil.example.com"), "/api/view").await.refused(421, "wrong-host");
    let after = kit.get(&local(), "/api/devices").await.is(200);
    assert_eq!(after["outside"], json!({"at": "2026-05-16T07:00:00+00:00", "host": "192.168.1.5:8080"}));
    let told = &after["troubles"][0];
    assert_eq!((&told["device"], &told["urgent"]), (&json!("printer"), &json!(true)));
    assert!(kit.get(&phone(), "/api/devices").await.refused(401, "log-in").contains("Log in"));
}
