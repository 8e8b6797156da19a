//! `/manage/entries` and what belongs to it, as editors and managers use it: forms alone.

use std::io::Cursor;

use axum::body::Body;
use serde_json::json;

use crate::hub::{Answer, Kit, Who, local, phone};

type Fields<'a> = [(&'a str, &'a str)];

/// Sends a form with these fields, and perhaps a picture.
async fn send(kit: &Kit, who: &Who, path: &str, fields: &Fields<'_>, picture: Option<&[u8]>) -> Answer {
    let mut body = Vec::new();
    for (name, value) in fields {
        body.extend(format!("--XX\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes());
    }
    body.extend(b"--XX\r\nContent-Disposition: form-data; name=\"picture\"; filename=\"p\"\r\n\r\n");
    body.extend(picture.unwrap_or_default());
    body.extend(b"\r\n--XX--\r\n");
    kit.send(who, "POST", path, "multipart/form-data; boundary=XX", Body::from(body)).await
}

const SAID: [(&str, &str); 4] =
    [("question", "How long can I return?"), ("short", "Thirty days."), ("kind", "answers"), ("language", "en")];
const NAME: &str = "/manage/entries/how-long-can-i-return";

/// The form of an entry made from version `base`, with some fields changed.
async fn put(kit: &Kit, who: &Who, base: u32, todo: &str, changes: &Fields<'_>) -> Answer {
    let base = base.to_string();
    let mut fields: Vec<_> = SAID.iter().filter(|(name, _)| changes.iter().all(|(new, _)| new != name)).copied().collect();
    fields.extend(changes);
    fields.extend([("base", base.as_str()), ("do", todo)]);
    let path = if base == "0" { "/manage/entries/new" } else { NAME };
    send(kit, who, path, &fields, None).await
}

fn shown(kit: &Kit) -> Vec<String> {
    let content = kit.hub.app.branch.content();
    content.entries.iter().map(|live| live.entry.original.short.clone()).collect()
}

async fn editor(kit: &Kit, manager: &Who, name: &str) -> Who {
    let new = json!({"name": name, "role": "editor", "secret": "long enough"});
    kit.post(manager, "/api/staff", new).await.is(201);
    kit.login(name, "long+enough").await
}

#[tokio::test]
async fn an_answer_is_written_looked_at_published_and_taken_back() {
    let kit = Kit::open().await;
    let (manager, _) = kit.staffed().await;
    let edda = editor(&kit, &manager, "Edda").await;
    put(&kit, &edda, 0, "save", &[]).await.redirects(&format!("{NAME}?done=save"));
    put(&kit, &edda, 1, "review", &[]).await.redirects(&format!("{NAME}?done=review"));
    assert_eq!(shown(&kit), Vec::<String>::new());
    let list = kit.get(&manager, "/manage/entries?state=review").await.text;
    assert!(list.contains("How long can I return?") && list.contains("In review"), "{list}");
    assert!(kit.get(&manager, NAME).await.text.contains("Edda asks for somebody to look at it"));
    put(&kit, &manager, 2, "publish", &[]).await.redirects(&format!("{NAME}?done=publish"));
    assert_eq!(shown(&kit), ["Thirty days."]);
    // a draft of what is live leaves it live
    put(&kit, &edda, 3, "save", &[("short", "Sixty days.")]).await.redirects(&format!("{NAME}?done=save"));
    assert_eq!(shown(&kit), ["Thirty days."]);
    put(&kit, &edda, 4, "publish", &[("short", "Sixty days.")]).await;
    assert_eq!(shown(&kit), ["Sixty days."]);
    // what changed is shown word by word, and undo publishes what was
    let page = kit.get(&edda, &format!("{NAME}?version=3")).await.text;
    assert!(page.contains("<del>Thirty</del>") && page.contains("<ins>Sixty</ins>"), "{page}");
    send(&kit, &edda, NAME, &[("base", "5"), ("version", "3"), ("do", "back")], None)
        .await
        .redirects(&format!("{NAME}?done=back"));
    assert_eq!(shown(&kit), ["Thirty days."]);
    put(&kit, &edda, 6, "retire", &[]).await.redirects(&format!("{NAME}?done=retire"));
    assert_eq!(shown(&kit), Vec::<String>::new());
    let all = kit.get(&manager, "/api/entries/how-long-can-i-return").await.is(200);
    assert_eq!(
        (&all["version"], &all["state"], &all["versions"][1]["note"]),
        (&json!(7), &json!("retired"), &json!("as in version 3"))
    );
    // everything is written down with who did it
    let list = kit.get(&manager, "/manage/entries").await.text;
    for done in ["review asked for", "entry published", "older version published", "entry retired"] {
        assert!(list.contains(done), "{done}: {list}");
    }
}

#[tokio::test]
async fn whoever_comes_second_is_told_and_keeps_what_they_typed() {
    let kit = Kit::open().await;
    let (manager, _) = kit.staffed().await;
    put(&kit, &manager, 0, "publish", &[]).await;
    put(&kit, &manager, 1, "publish", &[("short", "Theirs: forty days.")]).await;
    let second = put(&kit, &manager, 1, "publish", &[("short", "Mine: fifty days.")]).await;
    assert_eq!(second.status.as_u16(), 409, "{}", second.text);
    for kept in ["Mona has changed this entry", "<del>forty</del>", "<ins>fifty</ins>", ">Mine: fifty days.</textarea>"] {
        assert!(second.text.contains(kept), "{kept}: {}", second.text);
    }
    assert_eq!(shown(&kit), ["Theirs: forty days."]);
    assert!(second.text.contains("name=\"base\" value=\"2\""), "the form now follows theirs");
    put(&kit, &manager, 2, "publish", &[("short", "Mine: fifty days.")]).await.redirects(&format!("{NAME}?done=publish"));
    assert_eq!(shown(&kit), ["Mine: fifty days."]);
}

#[tokio::test]
async fn what_stands_in_the_way_keeps_it_from_being_published_and_not_from_being_kept() {
    let kit = Kit::open().await;
    let (manager, _) = kit.staffed().await;
    let long = "word ".repeat(31);
    for (changes, why) in [
        (&[("short", long.as_str())][..], "31 words"),
        (&[("short", "{days} days")], "{days} stands for nothing"),
        (&[("question", "")], "There is no question"),
        (&[("until", "2020-01-01T00:00")], "Its time is over"),
    ] {
        let refused = put(&kit, &manager, 0, "publish", changes).await;
        assert_eq!(refused.status.as_u16(), 422, "{}", refused.text);
        assert!(
            refused.text.contains(why) && refused.text.contains("something stands in the way"),
            "{why}: {}",
            refused.text
        );
    }
    assert_eq!(kit.get(&manager, "/api/entries").await.is(200)["entries"], json!([]));
    put(&kit, &manager, 0, "save", &[("short", &long)]).await.redirects(&format!("{NAME}?done=save"));
    // looking keeps nothing
    let looked = put(&kit, &manager, 1, "check", &[("short", "Forty.")]).await;
    assert!(looked.status.is_success() && looked.text.contains("Forty."), "{}", looked.text);
    assert_eq!(kit.get(&manager, "/api/entries").await.is(200)["entries"][0]["version"], json!(1));
    // and nothing is kept that has no end
    let huge = put(&kit, &manager, 1, "save", &[("full", &"x".repeat(20_001))]).await;
    assert_eq!(huge.status.as_u16(), 422, "{}", huge.text);
}

#[tokio::test]
async fn it_is_published_by_itself_when_its_time_comes() {
    let kit = Kit::open().await;
    let (manager, _) = kit.staffed().await;
    let past = put(&kit, &manager, 0, "publish_at", &[("at", "2026-05-16T09:59")]).await;
    assert_eq!(past.status.as_u16(), 422);
    // 10:00 in Helsinki
    put(&kit, &manager, 0, "publish_at", &[("at", "2026-05-16T10:30")]).await.redirects(&format!("{NAME}?done=publish_at"));
    let list = kit.get(&manager, "/manage/entries?state=scheduled").await.text;
    assert!(list.contains("Scheduled: 16 May 2026, 10:30"), "{list}");
    kit.clock.advance(29 * 60_000);
    assert!(!kit.hub.app.branch.content_due());
    kit.clock.advance(61_000);
    assert!(kit.hub.app.branch.content_due());
    kit.hub.app.reload_content().await.unwrap();
    assert_eq!(shown(&kit), ["Thirty days."]);
}

#[tokio::test]
async fn a_language_that_did_not_follow_is_stale_until_somebody_says_that_it_is_right() {
    let kit = Kit::open().await;
    let (manager, _) = kit.staffed().await;
    let german = [("de-question", "Wie lange?"), ("de-short", "Dreißig Tage.")];
    let later = [german[0], german[1], ("short", "30 days.")];
    put(&kit, &manager, 0, "publish", &german).await;
    put(&kit, &manager, 1, "publish", &later).await;
    assert!(kit.get(&manager, "/manage/entries?state=stale").await.text.contains("stale: de"));
    assert!(kit.get(&manager, NAME).await.text.contains("stale: the original changed in version 2"));
    put(&kit, &manager, 2, "still-de", &later).await.redirects(&format!("{NAME}?done=still"));
    let content = kit.hub.app.branch.content();
    assert_eq!(content.entries[0].version, 3, "nothing else changed: it is shown at once");
    assert!(content.entries[0].entry.translations.values().all(|one| one.stale_since.is_none()));
}

#[tokio::test]
async fn the_order_is_the_managers_and_the_second_is_told() {
    let kit = Kit::open().await;
    let (manager, _) = kit.staffed().await;
    for question in ["A", "B", "C"] {
        put(&kit, &manager, 0, "publish", &[("question", question)]).await;
    }
    let order = || kit.hub.app.branch.content().entries.iter().map(|live| live.id.to_string()).collect::<Vec<_>>();
    assert_eq!(order(), ["a", "b", "c"]);
    kit.form(&manager, "/manage/entries/order", "base=0&down=a").await.redirects("/manage/entries?done=order&moved=a#e-a");
    assert_eq!(order(), ["b", "a", "c"]);
    let stale = kit.form(&manager, "/manage/entries/order", "base=0&up=c").await;
    assert_eq!(stale.status.as_u16(), 409, "{}", stale.text);
    let page = kit.get(&manager, "/manage/entries").await.text;
    let base = page.split("name=\"base\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let dragged = format!("base={base}&order=c,b,a&dragged=c");
    kit.form(&manager, "/manage/entries/order", &dragged).await.redirects("/manage/entries?done=order&moved=c#e-c");
    assert_eq!(order(), ["c", "b", "a"]);
    kit.form(&manager, "/manage/entries/duplicate", "id=c").await.redirects("/manage/entries/c-2?done=copy");
    assert_eq!(order(), ["c", "b", "a"], "a copy is a draft");
    // the week, with what has a time of its own
    put(
        &kit,
        &manager,
        0,
        "publish",
        &[("question", "Monday"), ("day", "0"), ("hours_from", "09:00"), ("hours_until", "12:00")],
    )
    .await;
    let week = kit.get(&manager, "/manage/entries/calendar?day=2026-05-20").await.text;
    assert_eq!((week.matches("09:00–12:00").count(), week.matches(">–</span>").count()), (1, 6), "{week}");
}

fn photo(format: image::ImageFormat) -> Vec<u8> {
    let picture =
        image::RgbImage::from_fn(64, 48, |x, y| image::Rgb([(x * 97 + y * 31) as u8, (x * 13) as u8, (y * 57) as u8]));
    let mut file = Cursor::new(Vec::new());
    picture.write_to(&mut file, format).unwrap();
    file.into_inner()
}

#[tokio::test]
async fn pictures_are_made_anew_and_others_are_refused() {
    let kit = Kit::open().await;
    let (manager, desk) = kit.staffed().await;
    let mut fields = SAID.to_vec();
    fields.extend([("base", "0"), ("do", "publish"), ("alt", "A receipt")]);
    let new = "/manage/entries/new";
    let svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>".as_slice();
    let cut = photo(image::ImageFormat::Jpeg);
    let large = vec![0; 10 * 1024 * 1024 + 1];
    for (file, status, sentence) in [
        (svg, 422, "SVG and others are not taken"),
        (&cut[..cut.len() / 2], 422, "damaged or cut off"),
        (&large, 413, "larger than 10 MB"),
    ] {
        let refused = send(&kit, &manager, new, &fields, Some(file)).await;
        assert_eq!(refused.status.as_u16(), status);
        assert!(refused.text.contains(sentence), "{}", refused.text);
        assert!(refused.text.contains("Thirty days."), "what was typed is gone");
    }
    send(&kit, &manager, new, &fields, Some(&photo(image::ImageFormat::WebP)))
        .await
        .redirects(&format!("{NAME}?done=publish"));
    let image = kit.hub.app.branch.content().entries[0].entry.image.clone().unwrap();
    let address = format!("/pictures/{}", image.id);
    let answer = kit.get(&phone(), &address).await;
    assert_eq!(answer.status.as_u16(), 200);
    assert!(answer.header("content-type").starts_with("image/"));
    assert_eq!(answer.header("cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    // it stays with the entry until it is taken away
    let kept = image.id.to_string();
    put(&kit, &manager, 1, "publish", &[("image", &kept)]).await;
    assert_eq!(kit.hub.app.branch.content().entries[0].entry.image.as_ref(), Some(&image));
    put(&kit, &manager, 2, "publish", &[("image", &kept), ("forget_picture", "on")]).await;
    assert_eq!(kit.hub.app.branch.content().entries[0].entry.image, None);
    assert_eq!(kit.get(&phone(), "/pictures/00").await.status.as_u16(), 404);
    for path in ["/manage/entries", NAME, "/manage/notices", "/manage/fields", "/manage/playlists"] {
        assert_eq!(kit.get(&desk, path).await.status.as_u16(), 403, "{path}");
        kit.get(&local(), path).await.redirects(&format!("/login?next={path}"));
    }
    assert_eq!(send(&kit, &desk, new, &fields, None).await.status.as_u16(), 403);
}

#[tokio::test]
async fn words_in_braces_and_playlists_are_set_used_and_taken_back() {
    let kit = Kit::open().await;
    let (manager, _) = kit.staffed().await;
    put(&kit, &manager, 0, "save", &[("short", "{return_days} days.")]).await;
    let page = kit.get(&manager, "/manage/fields").await.text;
    assert!(page.contains("value=\"return_days\"") && page.contains("Stands for nothing yet."), "{page}");
    let path = "/manage/fields";
    kit.form(&manager, path, "base=0&name=return_days&words=30").await.redirects("/manage/fields?done=saved");
    put(&kit, &manager, 1, "publish", &[("short", "{return_days} days.")]).await.redirects(&format!("{NAME}?done=publish"));
    let base = |page: &str| page.split("name=\"base\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let first = base(&kit.get(&manager, path).await.text);
    kit.form(&manager, path, &format!("base={first}&name=return_days&words=60"))
        .await
        .redirects("/manage/fields?done=saved");
    assert_eq!(kit.hub.app.branch.content().fields["return_days"], "60");
    let second = kit.form(&manager, path, &format!("base={first}&name=return_days&words=90")).await;
    assert_eq!(second.status.as_u16(), 409);
    assert!(second.text.contains("value=\"90\"") && second.text.contains("Mona changed this"), "{}", second.text);
    let now = base(&kit.get(&manager, path).await.text);
    let used = kit.form(&manager, path, &format!("base={now}&name=return_days&words=")).await;
    assert_eq!(used.status.as_u16(), 409);
    assert!(used.text.contains("which is shown"), "{}", used.text);
    kit.form(&manager, path, &format!("base={now}&back={first}")).await.redirects("/manage/fields?done=back");
    assert_eq!(kit.hub.app.branch.content().fields["return_days"], "30");

    let path = "/manage/playlists";
    let bad = kit.form(&manager, path, "base=0&edit=new&name=Morning&share=50").await;
    assert_eq!(bad.status.as_u16(), 422, "{}", bad.text);
    let list = "base=0&edit=new&name=Morning&share=50&hours_from=08:00&hours_until=10:00&place-how-long-can-i-return=1";
    kit.form(&manager, path, list).await.redirects("/manage/playlists?done=saved");
    assert_eq!(kit.hub.app.branch.content().playlists[0].entries.len(), 1);
    let page = kit.get(&manager, "/manage/playlists?edit=0").await.text;
    assert!(page.contains("value=\"Morning\"") && page.contains("value=\"08:00\""), "{page}");
    let made = base(&page);
    kit.form(&manager, path, &format!("base={made}&edit=0&do=remove")).await.redirects("/manage/playlists?done=saved");
    assert!(kit.hub.app.branch.content().playlists.is_empty());
    let now = base(&kit.get(&manager, path).await.text);
    kit.form(&manager, path, &format!("base={now}&back={made}")).await.redirects("/manage/playlists?done=back");
    assert_eq!(kit.hub.app.branch.content().playlists[0].name, "Morning");
}

#[tokio::test]
async fn a_notice_is_everywhere_at_once_until_its_end() {
    let kit = Kit::open().await;
    let (manager, _) = kit.staffed().await;
    let (_, returns) = kit.take("R").await;
    let (_, pickup) = kit.take("P").await;
    // the first click begins with a usual one, the second sends it
    let begun = kit.get(&manager, "/manage/notices?use=cards").await.text;
    assert!(begun.contains("Card payments do not work right now.") && begun.contains("value=\"60\" checked"), "{begun}");
    let text = "Card payments do not work right now. Please have cash ready.";
    let sent = format!("level=warning&end=60&service=&text={}", text.replace(' ', "+"));
    kit.form(&manager, "/manage/notices", &sent).await.redirects("/manage/notices?done=sent");
    for path in ["/", "/board", &format!("/t/{returns}"), &format!("/t/{pickup}")] {
        assert!(kit.get(&phone(), path).await.text.contains(text), "{path}");
    }
    assert_eq!(kit.get(&phone(), "/api/view").await.is(200)["notices"][0]["level"], json!(1));
    kit.clock.advance(60 * 60_000);
    kit.hub.app.reload_content().await.unwrap();
    assert!(!kit.get(&phone(), "/").await.text.contains(text));
    // one for a service is for those who wait for it
    let note = json!({"text": "Have the receipt ready.", "service": "R", "minutes": 5});
    let id = kit.post(&manager, "/api/notices", note).await.is(201)["id"].clone();
    for (path, has) in [("/", false), ("/board", false), (&*format!("/t/{returns}"), true), (&format!("/t/{pickup}"), false)]
    {
        assert_eq!(kit.get(&phone(), path).await.text.contains("Have the receipt ready."), has, "{path}");
    }
    kit.json(&manager, "DELETE", &format!("/api/notices/{id}"), json!({})).await.is(200);
    assert!(!kit.get(&phone(), &format!("/t/{returns}")).await.text.contains("Have the receipt ready."));
    kit.json(&manager, "DELETE", &format!("/api/notices/{id}"), json!({})).await.refused(404, "unknown-notice");
    let log = kit.get(&manager, "/api/notices").await.is(200);
    assert_eq!((&log["notices"][0]["ended_by"], &log["notices"][0]["out"]), (&json!("staff:Mona"), &json!(false)));
    assert!(kit.get(&manager, "/manage/notices").await.text.contains("taken back by Mona"));
    // it must have an end and a text
    for (body, code) in [
        (json!({"text": "x"}), "needs-end"),
        (json!({"text": "x", "minutes": 0}), "bad-end"),
        (json!({"text": "x", "minutes": 100_000}), "bad-end"),
        (json!({"text": " ", "minutes": 5}), "needs-text"),
        (json!({"text": "x".repeat(161), "minutes": 5}), "long-text"),
        (json!({"text": "x", "minutes": 5, "service": "Z"}), "unknown-service"),
    ] {
        kit.post(&manager, "/api/notices", body).await.refused(422, code);
    }
    let endless = kit.form(&manager, "/manage/notices", "text=kept&end=").await;
    assert_eq!(endless.status.as_u16(), 422);
    assert!(endless.text.contains(">kept</textarea>"), "{}", endless.text);
}
