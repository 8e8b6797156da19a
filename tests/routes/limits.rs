//! What every request passes: Host, origin, headers of the answer.

use serde_json::json;

use crate::hub::{Kit, local, phone};

#[tokio::test]
async fn another_host_is_not_answered() {
    let kit = Kit::with(|settings| settings.web.allowed_hosts = vec!["desk.example.org".into()]).await;
    for host in ["evil.example.com", "192.168.1.5.evil.example", "", "a b", "example.org", "desk.example.org.evil"] {
        for path in ["/", "/api/view", "/feed", "/assets/site.css", "/health"] {
            kit.get(&phone().with("host", host), path).await.refused(421, "wrong-host");
        }
        kit.post(&local().with("host", host), "/api/tickets", json!({"service": "R"})).await.refused(421, "wrong-host");
    }
    for host in ["desk.example.org", "DESK.example.org:8080", "[::1]:8080", "10.0.0.9", "nowserving.local", "localhost:1"] {
        kit.get(&phone().with("host", host), "/api/view").await.is(200);
    }
}

#[tokio::test]
async fn another_sites_page_changes_nothing() {
    let kit = Kit::open().await;
    let (manager, _) = kit.staffed().await;
    for (name, value) in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "http://evil.example.com"),
        ("origin", "http://192.168.1.5:9999"),
        ("origin", "null"),
    ] {
        let who = manager.with(name, value);
        kit.post(&who, "/api/day/close", json!({})).await.refused(403, "cross-site");
        kit.form(&who, "/take", "service=R").await.refused(403, "cross-site");
        kit.send(&who, "DELETE", "/api/staff/desk", "", "").await.refused(403, "cross-site");
        // to look is allowed; browsers keep the answer from the other page
        kit.get(&who, "/api/view").await.is(200);
    }
    for (name, value) in
        [("sec-fetch-site", "same-origin"), ("sec-fetch-site", "none"), ("origin", "http://192.168.1.5:8080")]
    {
        kit.post(&manager.with(name, value), "/api/day/open", json!({})).await.refused(409, "day-open");
    }
}

#[tokio::test]
async fn every_answer_is_guarded() {
    let kit = Kit::open().await;
    let (manager, _) = kit.staffed().await;
    let (_, key) = kit.take("R").await;
    let css = nowserving::web::assets::href("site.css");
    let ticket = format!("/t/{key}");
    let body = format!("/api/tickets/{key}");
    let private =
        ["/", &ticket, &body, "/desk", "/desk/1", "/manage", "/api/branch", "/api/staff", "/api/desks/1", "/api/view"];
    for path in
        private.into_iter().chain([css.as_str(), "/nowhere", "/login", "/first", "/health", "/metrics", "/favicon.ico"])
    {
        let answer = kit.get(&manager, path).await;
        let policy = answer.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; script-src 'self';"), "{path}: {policy}");
        assert!(policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe"), "{path}: {policy}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("referrer-policy"), "no-referrer", "{path}");
        if private.contains(&path) {
            assert_eq!((answer.status.as_u16(), answer.header("cache-control").as_str()), (200, "no-store"), "{path}");
        }
        if answer.header("content-type").starts_with("text/html") {
            let text = &answer.text;
            assert!(!text.contains("style=\"") && !text.contains("onclick") && !text.contains("<script>"), "{path}");
        }
    }
    for wrong in ["/t/x", "/api/tickets/x", "/nowhere"] {
        let cache = kit.get(&phone(), wrong).await.header("cache-control");
        assert!(matches!(cache.as_str(), "" | "no-store"), "{wrong}: {cache}");
    }
}

#[tokio::test]
async fn assets_are_kept_by_their_content() {
    let kit = Kit::open().await;
    for asset in nowserving::web::assets::all() {
        let answer = kit.get(&phone(), &asset.href).await;
        assert_eq!((answer.status.as_u16(), answer.header("content-type").as_str()), (200, asset.content_type));
        assert_eq!(answer.header("cache-control"), "public, max-age=31536000, immutable");
        let plain = kit.get(&phone(), &format!("/assets/{}", asset.name)).await;
        assert_eq!(plain.header("cache-control"), "no-cache");
        let known = kit.get(&phone().with("if-none-match", &asset.etag), &format!("/assets/{}", asset.name)).await;
        assert_eq!((known.status.as_u16(), known.text.as_str()), (304, ""));
    }
    kit.get(&phone(), "/assets/..%2F..%2Fledger.db").await.refused(404, "not-found");
}

/// A black square in a white frame.
const LOGO: &str =
    "iVBORw0KGgoAAAANSUhEUgAAABgAAAAYCAAAAADFHGIkAAAAGUlEQVR42mP4jwMwUFmCAQ2MSgysBI3jHAChMz7QT0LS+wAAAABJRU5ErkJggg==";

#[tokio::test]
async fn the_stores_logo_and_colour_are_on_every_page_and_kept_by_browsers() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("logo.png");
    std::fs::write(&file, data_encoding::BASE64.decode(LOGO.as_bytes()).unwrap()).unwrap();
    let kit = Kit::with(|settings| {
        settings.branch.logo = Some(file);
        settings.branch.accent = Some("#14716B".into());
    })
    .await;
    let store = kit.get(&phone(), "/api/view").await.is(200)["store"].as_str().unwrap().to_owned();
    let (key, _) = kit.take("R").await;
    let (manager, desk) = kit.staffed().await;
    let anyone = phone().with("accept", "text/html");
    let mut addresses = std::collections::BTreeSet::new();
    for (who, path) in [
        (&anyone, "/"),
        (&anyone, &format!("/t/{key}")),
        (&anyone, "/board"),
        (&anyone, "/record"),
        (&anyone, "/login"),
        (&anyone, "/no/such/page"),
        (&desk, "/desk"),
        (&desk, "/desk/1"),
        (&manager, "/manage"),
        (&manager, "/manage/paper"),
        (&manager, "/manage/plan"),
    ] {
        let page = kit.get(who, path).await.text;
        let logo = page.split("<img class=\"logo\" src=\"").nth(1).unwrap_or_else(|| panic!("{path} has no logo: {page}"));
        assert!(logo.contains(&format!("alt=\"{store}\"")), "{path}");
        addresses.insert(logo.split('"').next().unwrap().to_owned());
        let style =
            page.split("href=\"").find(|part| part.starts_with("/assets/brand.")).unwrap_or_else(|| panic!("{path}"));
        addresses.insert(style.split('"').next().unwrap().to_owned());
    }
    assert_eq!(addresses.len(), 2, "one address each: {addresses:?}");
    for (address, kind) in addresses.iter().zip(["text/css; charset=utf-8", "image/png"]) {
        let answer = kit.get(&phone(), address).await;
        assert_eq!((answer.status.as_u16(), answer.header("content-type").as_str()), (200, kind));
        assert_eq!(answer.header("cache-control"), "public, max-age=31536000, immutable");
    }
    let plain = Kit::open().await;
    let page = plain.get(&phone(), "/").await.text;
    assert!(!page.contains("class=\"logo\"") && !page.contains("/assets/brand."));
}

#[tokio::test]
async fn metrics_count_and_name_nobody() {
    let kit = Kit::open().await;
    kit.take("R").await;
    let before = kit.get(&phone(), "/metrics").await.text;
    for line in ["nowserving_tickets_today 1", "nowserving_waiting{service=\"R\"} 1", "nowserving_desks_open 0"] {
        assert!(before.lines().any(|one| one == line), "{line} is missing: {before}");
    }
    let count = |text: &str, name: &str| -> u64 {
        text.lines().find_map(|line| line.strip_prefix(name)).unwrap().trim().parse().unwrap()
    };
    let refused = "nowserving_http_answers_total{status=\"4xx\"}";
    kit.get(&phone(), "/nowhere").await;
    assert_eq!(count(&kit.get(&phone(), "/metrics").await.text, refused), count(&before, refused) + 1);
}

#[tokio::test]
async fn a_question_about_an_address_is_answered_without_a_body() {
    let kit = Kit::open().await;
    for path in ["/", "/api/view", "/assets/site.css"] {
        let answer = kit.send(&phone(), "HEAD", path, "", "").await;
        assert_eq!((answer.status.as_u16(), answer.text.as_str()), (200, ""), "{path}");
    }
}
