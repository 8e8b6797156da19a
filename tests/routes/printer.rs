//! Paper that may not have come out: the desk is told, and prints it again with one key.

use nowserving::config::PrinterKind;
use nowserving::queue::{Number, Paper};
use serde_json::{Value, json};

use crate::hub::{Kit, Who, phone};

async fn reprints(kit: &Kit, desk: &Who) -> Value {
    kit.get(desk, "/api/desks/1").await.is(200)["reprints"].clone()
}

#[tokio::test]
async fn a_paper_in_doubt_is_offered_at_the_desks_until_it_is_printed_again() {
    let kit = Kit::with(|settings| settings.printer.kind = PrinterKind::Picture).await;
    let (_, desk) = kit.staffed().await;
    kit.press(&desk, "1", "open", json!({})).await;
    let (number, _) = kit.take("R").await;
    assert_eq!(reprints(&kit, &desk).await, json!([]));
    let parsed = Number::from(number.as_str());
    let id = kit.hub.branch.live().queue.by_number(&parsed).unwrap().id;
    kit.hub.branch.doubt_paper(id, "the paper is out").await;

    let offered = reprints(&kit, &desk).await;
    let message = format!("{number}'s paper may not have come out (the paper is out). Look at the printer first.");
    assert_eq!(offered, json!([{"number": number, "message": message}]));
    assert!(kit.get(&desk, "/api/desks/1").await.is(200)["can"].as_array().unwrap().contains(&json!("reprint")));
    // everybody hears that something is to be done, nobody but staff what
    assert!(kit.hub.branch.ping().await);
    let view = kit.get(&phone(), "/api/view").await;
    assert_eq!(view.json()["devices"]["troubles"], json!(1));
    assert!(!view.text.contains("may not have"));

    let body = json!({"number": number});
    kit.post(&phone(), "/api/desks/1/reprint", body.clone()).await.refused(401, "log-in");
    let answer = kit.press(&desk, "1", "reprint", body).await;
    assert_eq!(answer["message"], json!(format!("{number} is printed again, marked as a copy.")));
    assert_eq!((&answer["desk"]["reprints"], reprints(&kit, &desk).await), (&json!([]), json!([])));
    let ledger = rusqlite::Connection::open(nowserving::ledger::path_in(kit.folder.path())).unwrap();
    let copies: u32 = ledger.query_row("select count(*) from prints where copy = 1", [], |row| row.get(0)).unwrap();
    assert_eq!(copies, 1);
    // nobody is sent to a printer that prints nothing yet
    kit.hub.branch.report_paper(Paper::Stopped).await;
    let answer = kit.press(&desk, "1", "reprint", json!({"number": number})).await;
    let later = format!("{number} will be printed again, marked as a copy, as soon as the printer is mended.");
    assert_eq!(answer["message"], json!(later));
    kit.post(&desk, "/api/desks/1/reprint", json!({"number": "R999"})).await.refused(404, "unknown-ticket");
    kit.post(&desk, "/api/desks/1/reprint", json!({})).await.refused(400, "number-missing");
}

#[tokio::test]
async fn what_has_ended_is_not_printed_and_without_a_printer_nothing_is() {
    let kit = Kit::with(|settings| settings.printer.kind = PrinterKind::Picture).await;
    let (_, desk) = kit.staffed().await;
    kit.press(&desk, "1", "open", json!({})).await;
    let (number, key) = kit.take("R").await;
    let parsed = Number::from(number.as_str());
    let id = kit.hub.branch.live().queue.by_number(&parsed).unwrap().id;
    kit.hub.branch.doubt_paper(id, "it did not say").await;
    kit.post(&phone(), &format!("/api/tickets/{key}/leave"), json!({"reason": "answered"})).await.is(200);
    assert_eq!(reprints(&kit, &desk).await, json!([]), "nobody needs it any more");
    kit.post(&desk, "/api/desks/1/reprint", json!({"number": number})).await.refused(409, "ticket-over");

    let kit = Kit::open().await;
    let (_, desk) = kit.staffed().await;
    let (number, _) = kit.take("R").await;
    kit.post(&desk, "/api/desks/1/reprint", json!({"number": number})).await.refused(409, "no-printer");
    assert!(!kit.get(&desk, "/api/desks/1").await.is(200)["can"].as_array().unwrap().contains(&json!("reprint")));
}
