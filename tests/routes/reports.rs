//! What a manager reads and takes back: reports, changes, the look, all content as one file.

use axum::body::Body;
use serde_json::json;

use crate::hub::{Answer, Kit, Who, local, phone};

async fn multipart(kit: &Kit, who: &Who, path: &str, fields: &[(&str, &[u8])]) -> Answer {
    let mut body = Vec::new();
    for (name, value) in fields {
        let file = if name.contains("file") { "; filename=\"f\"\r\nContent-Type: application/octet-stream" } else { "" };
        body.extend(format!("--XX\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n").bytes());
        body.extend(*value);
        body.extend(b"\r\n");
    }
    body.extend(b"--XX--\r\n");
    kit.send(who, "POST", path, "multipart/form-data; boundary=XX", Body::from(body)).await
}

#[tokio::test]
async fn a_visit_that_an_answer_made_needless_is_counted() {
    let kit = Kit::open().await;
    let (manager, desk) = kit.staffed().await;
    let (_, key) = kit.take("R").await;
    kit.post(&phone(), &format!("/api/tickets/{key}/leave"), json!({"reason": "answered"})).await.is(200);
    let report = kit.get(&manager, "/api/reports/answers?days=7").await.is(200);
    assert_eq!((&report["days"], &report["visits"], &report["answered"]["visits"]), (&json!(7), &json!(1), &json!(1)));
    let page = kit.get(&manager, "/manage/reports").await;
    assert!(page.text.contains("id=\"visits-answered\">1<"), "{}", page.text);
    kit.get(&desk, "/api/reports/answers").await.refused(403, "not-allowed");
    kit.get(&local(), "/api/reports/answers").await.refused(401, "log-in");
    let table = kit.get(&manager, "/manage/reports.csv").await;
    assert!(table.header("content-type").starts_with("text/csv"));
}

#[tokio::test]
async fn content_goes_out_and_comes_in_and_twice_is_once() {
    let kit = Kit::open().await;
    let (manager, _) = kit.staffed().await;
    let began = kit.form(&manager, "/manage/content/example", "").await;
    assert!(began.text.contains("30 new entries"), "{}", began.text);
    assert_eq!(kit.hub.branch.content().entries.len(), 30, "live at once");
    let file = kit.get(&manager, "/manage/content/file.json").await;
    let again = multipart(&kit, &manager, "/manage/content", &[("file", file.text.as_bytes()), ("do", b"take")]).await;
    assert!(again.text.contains("0 new entries, 0 changed, 30 the same"), "{}", again.text);
    let newer = file.text.replacen("\"format\"", "\"videos\": [], \"format\"", 1);
    let refused = multipart(&kit, &manager, "/manage/content", &[("file", newer.as_bytes()), ("do", b"take")]).await;
    assert_eq!(refused.status.as_u16(), 422);
    assert!(refused.text.contains("videos"), "{}", refused.text);
}

#[tokio::test]
async fn the_look_reaches_screens_at_once_and_goes_back_and_cannot_be_illegible() {
    let kit = Kit::open().await;
    let (manager, _) = kit.staffed().await;
    let light = multipart(&kit, &manager, "/manage/look", &[("accent", b"#ffee00"), ("mark", b"0")]).await;
    assert_eq!(light.status.as_u16(), 422);
    assert!(light.text.contains("4.5:1"), "{}", light.text);
    multipart(&kit, &manager, "/manage/look", &[("accent", b"#14716B"), ("mark", b"0")])
        .await
        .redirects("/manage/look?done=saved");
    // pages follow at once, also those that are kept ready
    for path in ["/", "/login", "/record"] {
        let page = kit.get(&phone(), path).await;
        let (_, rest) = page.text.split_once("/assets/brand.").expect(path);
        let style = kit.get(&phone(), &format!("/assets/brand.{}", rest.split('"').next().unwrap())).await;
        assert!(style.text.contains("--brand:#14716b"), "{path}: {}", style.text);
    }
    let code = kit.get(&local(), "/api/code").await.is(200);
    assert_eq!(code["screens"]["accent"], "#14716B");
    // whoever has not seen that does not overwrite it
    let late = multipart(&kit, &manager, "/manage/look", &[("accent", b"#000000"), ("mark", b"0")]).await;
    assert_eq!(late.status.as_u16(), 409);
    let no_logo = multipart(&kit, &manager, "/manage/look", &[("mark", b"1"), ("logo_file", b"<svg/>")]).await;
    assert_eq!(no_logo.status.as_u16(), 422);
    multipart(&kit, &manager, "/manage/look", &[("version", b"0")]).await.redirects("/manage/look?done=back");
    assert!(!kit.get(&phone(), "/").await.text.contains("/assets/brand."), "the settings name no colour");
    assert!(kit.get(&local(), "/api/code").await.is(200)["screens"]["accent"].is_null());
}

#[tokio::test]
async fn a_change_is_listed_and_put_back_and_logins_are_listed() {
    let kit = Kit::open().await;
    let (manager, _) = kit.staffed().await;
    let branch = kit.get(&manager, "/api/branch").await.is(200);
    let mut rules = branch["rules"].clone();
    rules["max_delays"] = json!(7);
    kit.json(&manager, "PUT", "/api/rules", rules).await.is(200);
    let page = kit.get(&manager, "/manage/changes").await;
    assert!(page.text.contains("max delays: 2 → 7"), "{}", page.text);
    let seq = page.text.split("name=\"seq\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    kit.form(&manager, "/manage/changes/back", &format!("seq={seq}")).await.redirects("/manage/changes?done=back");
    assert_eq!(kit.get(&manager, "/api/branch").await.is(200)["rules"]["max_delays"], 2);
    kit.form(&phone(), "/login", "name=Anna&pin=wrong-one&next=").await;
    let page = kit.get(&manager, "/manage/changes").await;
    assert!(page.text.contains("login failed") && page.text.contains("first login"), "{}", page.text);
}
