//! The page `/manage/paper`: a manager edits the ticket, sees the paper, prints it, and takes it back.

use std::io::Cursor;

use axum::body::Body;
use nowserving::config::{PaperWidth, PrinterKind};
use serde_json::json;

use crate::hub::{Answer, Kit, Who, local, phone};

const PARTS: [(&str, &str); 8] = [
    ("store", "on"),
    ("service", "on"),
    ("promise", "on"),
    ("have_ready", "on"),
    ("code", "on"),
    ("logo", "on"),
    ("desk_hint", "desks"),
    ("do", "look"),
];

/// Sends the form with these fields, and perhaps a file for the logo.
async fn send(kit: &Kit, who: &Who, fields: &[(&str, &str)], file: Option<&[u8]>) -> Answer {
    let mut body = Vec::new();
    for (name, value) in fields {
        body.extend(format!("--XX\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes());
    }
    let head =
        "--XX\r\nContent-Disposition: form-data; name=\"logo_file\"; filename=\"l.png\"\r\nContent-Type: image/png\r\n\r\n";
    body.extend(head.bytes());
    body.extend(file.unwrap_or_default());
    body.extend(b"\r\n--XX--\r\n");
    kit.send(who, "POST", "/manage/paper", "multipart/form-data; boundary=XX", Body::from(body)).await
}

fn with<'a>(changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let kept = PARTS.iter().filter(|(name, _)| changes.iter().all(|(changed, _)| changed != name));
    kept.chain(changes).filter(|(_, value)| *value != "off").copied().collect()
}

/// The mark of the draft that the page shows.
fn mark(page: &str) -> &str {
    page.split("name=\"mark\" value=\"").nth(1).expect("a draft").split('"').next().unwrap()
}

/// A picture's width, height and dots, black ones true.
fn dots(file: &[u8]) -> (u32, u32, Vec<bool>) {
    let picture = image::load_from_memory_with_format(file, image::ImageFormat::Png).unwrap().into_luma8();
    assert!(picture.pixels().all(|pixel| matches!(pixel.0[0], 0 | 255)), "black and white alone");
    (picture.width(), picture.height(), picture.pixels().map(|pixel| pixel.0[0] == 0).collect())
}

async fn bytes(kit: &Kit, who: &Who, path: &str) -> Vec<u8> {
    let cookie = who.clone();
    let request = axum::http::Request::get(path).body(Body::empty()).unwrap();
    let response = kit.raw(&cookie, request).await;
    assert_eq!(response.status().as_u16(), 200, "{path}");
    assert_eq!(response.headers()["content-type"], "image/png");
    axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec()
}

/// A ring, as a logo.
fn logo() -> Vec<u8> {
    let ring = image::GrayImage::from_fn(200, 200, |x, y| {
        let r = (f64::from(x) - 100.0).hypot(f64::from(y) - 100.0);
        image::Luma([if (60.0..90.0).contains(&r) { 0 } else { 255 }])
    });
    let mut file = Cursor::new(Vec::new());
    ring.write_to(&mut file, image::ImageFormat::Png).unwrap();
    file.into_inner()
}

/// The only picture that came out of the printer whose name has this in it.
async fn printed(kit: &Kit, name: &str) -> Vec<u8> {
    for _ in 0..2_000 {
        let folder = std::fs::read_dir(kit.folder.path().join("prints"));
        let files = folder.into_iter().flatten().map(|entry| entry.unwrap().path());
        let found = files
            .filter(|path| path.extension().is_some_and(|e| e == "png"))
            .find(|path| path.to_string_lossy().contains(name));
        if let Some(path) = found {
            return std::fs::read(path).unwrap();
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("{name} did not come out");
}

/// A number that comes with paper.
async fn press(kit: &Kit, service: &str) -> String {
    let asked = json!({"service": service, "origin": "kiosk"});
    let ticket = kit.post(&kit.device(), "/api/tickets", asked).await.is(201);
    ticket["number"].as_str().unwrap().to_owned()
}

async fn printing() -> Kit {
    Kit::with(|settings| {
        settings.printer.kind = PrinterKind::Picture;
        settings.printer.width = PaperWidth::Mm58;
    })
    .await
}

#[tokio::test]
async fn what_is_seen_is_what_is_printed_dot_for_dot() {
    let kit = printing().await;
    let (manager, _) = kit.staffed().await;
    // the promise and the code are each ticket's own: without them a sample and the next ticket are the same
    let fields = with(&[
        ("promise", "off"),
        ("code", "off"),
        ("line", "  Open until 20:00 — 24 °C  "),
        ("desk_hint", "words"),
        ("hint", "Behind the lifts."),
    ]);
    send(&kit, &manager, &fields, Some(&logo())).await.redirects("/manage/paper#look");
    let draft = bytes(&kit, &manager, "/manage/paper/ticket.png?of=draft&service=P&width=384").await;
    let live = bytes(&kit, &manager, "/manage/paper/ticket.png?of=live&service=P").await;
    assert_ne!(dots(&draft), dots(&live));

    // a draft prints nothing
    let number = press(&kit, "R").await;
    let before = dots(&printed(&kit, &number).await);
    let page = kit.get(&manager, "/manage/paper").await.text;
    send(&kit, &manager, &[("do", "live"), ("mark", mark(&page))], None).await.redirects("/manage/paper?done=live");
    let number = press(&kit, "P").await;
    assert_eq!(dots(&printed(&kit, &number).await), dots(&draft), "the paper is not what was seen");
    assert_ne!(before, dots(&draft));

    // the other width is there too, and nothing else is
    let wide = dots(&bytes(&kit, &manager, "/manage/paper/ticket.png?width=576").await);
    assert_eq!((wide.0, dots(&draft).0), (576, 384));
    assert_eq!(dots(&bytes(&kit, &manager, "/manage/paper/ticket.png?width=999999").await).0, 384);
}

#[tokio::test]
async fn whoever_asks_for_large_print_has_it_on_the_paper_and_on_its_copy() {
    let kit = printing().await;
    let (manager, _) = kit.staffed().await;
    // the same for every ticket, but for its number
    let bare = [("promise", "off"), ("code", "off"), ("have_ready", "off")];
    send(&kit, &manager, &with(&bare), None).await;
    let mark_of = mark(&kit.get(&manager, "/manage/paper").await.text).to_owned();
    send(&kit, &manager, &[("do", "live"), ("mark", &mark_of)], None).await.redirects("/manage/paper?done=live");
    send(&kit, &manager, &with(&[bare[0], bare[1], bare[2], ("large", "on")]), None).await;

    let number = press(&kit, "P").await;
    let usual = dots(&printed(&kit, &number).await);
    // a sample has the number that the next ticket will have
    let large = dots(&bytes(&kit, &manager, "/manage/paper/ticket.png?of=draft&service=P").await);
    let asked = json!({"service": "P", "origin": "kiosk", "large": true});
    let ticket = kit.post(&kit.device(), "/api/tickets", asked).await.is(201);
    let number = ticket["number"].as_str().unwrap();
    let paper = dots(&printed(&kit, number).await);
    assert_eq!(paper, large, "it is not the large print that was seen");
    let key = ticket["key"].as_str().unwrap();
    kit.post(&kit.device(), &format!("/api/tickets/{key}/reprint"), json!({})).await.is(200);
    let copy = dots(&printed(&kit, &format!("{number}-copy")).await);
    assert!(copy.1 > paper.1, "a copy in large print says besides that it is one");
    // it is one ticket's alone
    let number = press(&kit, "P").await;
    assert!(dots(&printed(&kit, &number).await).1 < paper.1, "the next is printed as ever");
    assert_ne!(usual, paper);
}

#[tokio::test]
async fn a_manager_goes_back_to_what_was_and_nothing_is_forgotten() {
    let kit = printing().await;
    let (manager, _) = kit.staffed().await;
    let fresh = dots(&bytes(&kit, &manager, "/manage/paper/ticket.png?of=live").await);
    for line in ["One", "Two"] {
        kit.clock.advance(60_000);
        send(&kit, &manager, &with(&[("line", line), ("large", if line == "Two" { "on" } else { "off" })]), None).await;
        let page = kit.get(&manager, "/manage/paper").await;
        assert!(page.text.contains("not printed yet"), "{}", page.text);
        send(&kit, &manager, &[("do", "live"), ("mark", mark(&page.text))], None).await.redirects("/manage/paper?done=live");
    }
    let page = kit.get(&manager, "/manage/paper?done=live").await.text;
    assert!(page.contains("What is printed now") && page.contains("The next ticket is printed like this."), "{page}");
    let one = page.split("name=\"version\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let look = kit.get(&manager, &format!("/manage/paper?of={one}")).await;
    assert!(look.text.contains("As it was from 16 May 2026, 10:01"), "{}", look.text);
    send(&kit, &manager, &[("do", "back"), ("version", &one)], None).await.redirects("/manage/paper?of=live&done=back");
    let page = kit.get(&manager, "/manage/paper").await.text;
    assert!(page.contains("value=\"One\""), "{page}");
    assert_eq!(page.matches("Back to this").count(), 3, "both that were, and the program's own");
    // it survives a restart
    let kit = kit.restart().await;
    assert!(kit.get(&manager, "/manage/paper").await.text.contains("value=\"One\""));
    send(&kit, &manager, &[("do", "fresh")], None).await;
    let now = dots(&bytes(&kit, &manager, "/manage/paper/ticket.png?of=live").await);
    assert_eq!((now.0, now.1), (fresh.0, fresh.1));
}

#[tokio::test]
async fn only_the_draft_that_was_looked_at_is_made_live() {
    let kit = printing().await;
    let (manager, _) = kit.staffed().await;
    send(&kit, &manager, &with(&[("line", "mine")]), None).await;
    let seen = kit.get(&manager, "/manage/paper").await.text;
    send(&kit, &manager, &with(&[("line", "theirs")]), None).await;
    let stale = send(&kit, &manager, &[("do", "live"), ("mark", mark(&seen))], None).await;
    assert_eq!(stale.status.as_u16(), 409);
    assert!(stale.text.contains("changed or made live meanwhile"), "{}", stale.text);
    send(&kit, &manager, &[("do", "drop")], None).await.redirects("/manage/paper?done=drop");
    assert!(kit.get(&manager, "/manage/paper").await.text.contains("What is printed now"));
}

#[tokio::test]
async fn what_cannot_be_printed_is_refused_with_a_sentence_and_the_form_keeps_what_was_typed() {
    let kit = printing().await;
    let (manager, desk) = kit.staffed().await;
    let long = "x".repeat(121);
    let svg = b"<svg xmlns='http://www.w3.org/2000/svg'/>".as_slice();
    let huge = vec![0; 1024 * 1024 + 1];
    type Case<'a> = (&'a [(&'a str, &'a str)], Option<&'a [u8]>, u16, &'a str);
    let cases: [Case<'_>; 5] = [
        (&[("line", &long)], None, 422, "at most 120 characters"),
        (&[("line", "kept"), ("desk_hint", "words"), ("hint", " ")], None, 422, "Say where to go"),
        (&[("line", "kept")], Some(svg), 422, "PNG, JPEG or WebP"),
        (&[("line", "kept")], Some(&huge), 422, "larger than 1 MB"),
        (&[("line", "kept")], Some(&logo()[..200]), 422, "damaged"),
    ];
    for (changes, file, status, sentence) in cases {
        let answer = send(&kit, &manager, &with(changes), file).await;
        assert_eq!(answer.status.as_u16(), status, "{}", answer.text);
        assert!(answer.text.contains(sentence), "{sentence}: {}", answer.text);
        assert!(answer.text.contains("value=\"kept\"") || changes[0].1 == long, "what was typed is gone");
    }
    assert!(!kit.get(&manager, "/manage/paper").await.text.contains("not printed yet"), "nothing was kept");
    // a body beyond every limit, and one that is no form
    let flood = vec![0; 3 * 1024 * 1024];
    assert_eq!(send(&kit, &manager, &with(&[]), Some(&flood)).await.status.as_u16(), 413);
    assert_eq!(kit.form(&manager, "/manage/paper", "do=look").await.status.as_u16(), 400);
    assert_eq!(kit.get(&manager, "/manage/paper?of=77").await.status.as_u16(), 404);
    for (who, status) in [(&desk, 403), (&phone(), 401), (&local(), 401)] {
        assert_eq!(kit.get(who, "/manage/paper/ticket.png").await.status.as_u16(), status);
    }
    assert_eq!(send(&kit, &desk, &with(&[]), None).await.status.as_u16(), 403);
    send(&kit, &phone(), &with(&[]), None).await.redirects("/login?next=/manage/paper");
    // characters that no font has are told before anything is printed
    send(&kit, &manager, &with(&[("line", "☃")]), None).await;
    assert!(kit.get(&manager, "/manage/paper").await.text.contains("no bundled font has: ☃"));
}
