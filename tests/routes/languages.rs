//! Who is spoken to in which language.

use nowserving::config::PhoneTake;
use nowserving::phrase::Words;
use serde_json::json;

use crate::hub::{Kit, local, phone};

async fn spoken(codes: &[&str]) -> Kit {
    let languages = codes.iter().map(|code| Words::of(code).unwrap()).collect();
    Kit::with(|settings| settings.branch.languages = languages).await
}

fn page_in(page: &str, code: &str) -> bool {
    page.contains(&format!("<html lang=\"{code}\""))
}

#[tokio::test]
async fn a_ticket_keeps_its_customers_language_and_the_hall_knows_which_wait() {
    let kit = spoken(&["en", "de", "ar"]).await;
    let ask = |language: &str| json!({"service": "R", "language": language});
    let issued = kit.post(&local(), "/api/tickets", ask("ar")).await.is(201);
    assert_eq!(issued["language"], json!("ar"));
    kit.post(&local(), "/api/tickets", ask("de")).await.is(201);
    kit.post(&local(), "/api/tickets", ask("de")).await.is(201);
    kit.take("R").await;
    let view = kit.get(&phone(), "/api/view").await.is(200);
    assert_eq!(view["languages"], json!({"ar": 1, "de": 2}), "who chose nothing is not counted");

    let (key, page) = (issued["key"].as_str().unwrap(), "/t/");
    let path = format!("{page}{key}");
    assert!(page_in(&kit.get(&phone(), &path).await.text, "ar"), "the ticket's own page is in its language");
    let kit = kit.restart().await;
    assert_eq!(kit.get(&phone(), &format!("/api/tickets/{key}")).await.is(200)["language"], json!("ar"));

    let (_, desk) = kit.staffed().await;
    kit.press(&desk, "1", "open", json!({})).await;
    kit.press(&desk, "1", "call-next", json!({})).await;
    let view = kit.get(&phone(), "/api/view").await.is(200);
    assert_eq!(view["languages"], json!({"de": 2}), "whoever is called does not wait any more");
}

#[tokio::test]
async fn a_phone_gets_what_was_chosen_else_what_it_asks_for_else_the_first() {
    let kit = spoken(&["de", "en", "fr"]).await;
    let french = phone().with("accept-language", "fr-CA, en;q=0.5");
    assert!(page_in(&kit.get(&phone(), "/").await.text, "de"));
    assert!(page_in(&kit.get(&french, "/").await.text, "fr"));
    assert!(page_in(&kit.get(&phone().with("accept-language", "sv"), "/").await.text, "de"));

    let chosen = kit.get(&french, "/?lang=en").await;
    assert!(page_in(&chosen.text, "en"));
    let cookie = chosen.header("set-cookie");
    assert!(cookie.starts_with("lang=en;"), "{cookie}");
    let keeps = french.with("cookie", "lang=en");
    for path in ["/", "/record", "/board", "/nowhere"] {
        let answer = kit.get(&keeps.with("accept", "text/html"), path).await;
        assert!(page_in(&answer.text, "en"), "{path}");
        assert_eq!(answer.header("set-cookie"), "", "nothing was chosen anew");
    }
    // what the branch does not speak, nobody gets
    assert!(page_in(&kit.get(&phone(), "/?lang=ar").await.text, "de"));
    assert!(page_in(&kit.get(&phone().with("cookie", "lang=xx"), "/").await.text, "de"));

    // what was chosen on the phone goes before what the ticket says
    let issued = kit.post(&local(), "/api/tickets", json!({"service": "R", "language": "fr"})).await.is(201);
    let path = format!("/t/{}", issued["key"].as_str().unwrap());
    assert!(page_in(&kit.get(&phone(), &path).await.text, "fr"));
    assert!(page_in(&kit.get(&keeps, &path).await.text, "en"));
}

#[tokio::test]
async fn the_board_in_a_browser_speaks_the_languages_of_who_waits_in_turn() {
    let kit = spoken(&["en", "de", "ar"]).await;
    // a hall's browser asks for whatever it came with
    let hall = phone().with("accept-language", "de");
    let mut seen = Vec::new();
    for waits in [None, Some("ar")] {
        if let Some(language) = waits {
            kit.post(&local(), "/api/tickets", json!({"service": "R", "language": language})).await.is(201);
        }
        for _ in 0..4 {
            let page = kit.get(&hall, "/board").await;
            assert_eq!(page.header("set-cookie"), "");
            let code = ["en", "de", "ar"].into_iter().find(|code| page_in(&page.text, code)).unwrap();
            assert_eq!(page.text.contains("dir=\"rtl\""), code == "ar");
            assert!(page.text.contains(&format!("data-turns=\"{}\"", if waits.is_some() { 2 } else { 1 })));
            seen.push(code);
            kit.clock.advance(15_000);
        }
    }
    let (alone, shared) = seen.split_at(4);
    assert_eq!(alone, ["en"; 4]);
    assert!(shared == ["en", "ar", "en", "ar"] || shared == ["ar", "en", "ar", "en"], "{shared:?}");
    for _ in 0..2 {
        assert!(page_in(&kit.get(&hall, "/board?lang=de").await.text, "de"), "an address may name one language");
        kit.clock.advance(15_000);
    }
}

#[tokio::test]
async fn a_number_taken_on_a_phone_is_in_the_language_of_its_page() {
    let kit = spoken(&["en", "de"]).await;
    let german = phone().with("cookie", "lang=de");
    let answer = kit.form(&german, "/take", "service=R").await;
    let path = answer.header("location");
    assert!(page_in(&kit.get(&phone(), &path).await.text, "de"));
}

#[tokio::test]
async fn a_refusal_is_in_the_language_that_was_asked_for() {
    let kit = spoken(&["en", "de"]).await;
    let (_, desk) = kit.staffed().await;
    let stop = kit.post(&desk, "/api/services/R/stop", json!({"reason": "Pause"})).await;
    assert!(stop.status.is_success(), "{}", stop.text);
    let ask = kit.post(&local(), "/api/tickets", json!({"service": "R", "language": "de"})).await;
    let sentence = ask.refused(409, "issuing-stopped");
    assert!(sentence.starts_with("Zurzeit keine Nummern für"), "{sentence}");
    let page = kit.form(&phone().with("cookie", "lang=de"), "/take", "service=R").await;
    assert!(page.text.contains("Zurzeit keine Nummern für"), "{}", page.text);

    let unknown = kit.post(&local(), "/api/tickets", json!({"service": "R", "language": "ar"})).await;
    assert!(unknown.refused(422, "unknown-language").contains("en, de"));
}

#[tokio::test]
async fn screens_are_told_what_the_branch_speaks() {
    let kit = spoken(&["he", "en"]).await;
    let facts = kit.get(&kit.device(), "/api/code").await.is(200);
    assert_eq!(facts["languages"], json!(["he", "en"]));
    let silent = Kit::with(|settings| settings.phone.take = PhoneTake::Off).await;
    assert_eq!(silent.get(&silent.device(), "/api/code").await.is(200)["languages"], json!(["en"]));
}
