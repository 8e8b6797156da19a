//! The plug is pulled under load: nothing that was acknowledged is lost, nothing happens twice.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rand::RngExt;
use serde_json::{Value, json};

use crate::limit::{limit, usual};
use crate::program::{Caller, Program, command, folder};

/// What a hub has acknowledged.
#[derive(Default)]
struct Book {
    /// The key of each number that was given.
    keys: BTreeMap<String, String>,
    /// How far each number is known to have come, see [`rank`].
    ranks: BTreeMap<String, u8>,
    /// Names of requests that were never answered.
    open: Vec<String>,
}

/// Phases in the order in which this test's desks reach them.
fn rank(phase: &str) -> u8 {
    match phase {
        "waiting" => 0,
        "called" => 1,
        "serving" => 2,
        "ended" => 3,
        other => panic!("a phase {other}"),
    }
}

impl Book {
    fn issued(&mut self, ticket: &Value) {
        let text = |name: &str| ticket[name].as_str().unwrap().to_owned();
        let (number, key) = (text("number"), text("key"));
        let twice = self.keys.insert(number.clone(), key.clone());
        assert!(twice.is_none_or(|before| before == key), "{number} was given twice");
    }

    fn reached(&mut self, number: &str, at: u8) {
        let known = self.ranks.entry(number.to_owned()).or_default();
        *known = at.max(*known);
    }
}

type Shared = Arc<Mutex<Book>>;

/// Takes numbers until no answer comes.
async fn customer(caller: Caller, book: Shared, name: String) {
    for n in 0.. {
        let name = format!("{name}-{n}-and-some-more");
        let service = if n % 3 == 0 { "P" } else { "R" };
        match caller.post("/api/tickets", Some(&name), json!({"service": service})).await {
            Some((201, ticket)) => book.lock().unwrap().issued(&ticket),
            Some((status, other)) => panic!("{status} {other}"),
            None => return book.lock().unwrap().open.push(name),
        }
    }
}

/// Serves until no answer comes.
async fn clerk(caller: Caller, book: Shared, desk: &'static str) {
    // open already after the first round
    let _ = caller.press(desk, "open").await;
    loop {
        let before = caller.get(&format!("/api/desks/{desk}")).await;
        let Some((200, before)) = before else { return };
        let at = before["desk"]["number"].as_str().map(str::to_owned);
        let key = match (before["ticket"]["phase"].as_str(), before["next"].as_str()) {
            (Some("called"), _) => "start",
            (Some("serving"), _) => "finish",
            _ => "call-next",
        };
        let Some((status, after)) = caller.press(desk, key).await else { return };
        if status != 200 {
            assert_eq!(after["code"], json!("nobody-waiting"), "{key}: {after}");
            continue;
        }
        let mut book = book.lock().unwrap();
        match key {
            "call-next" => book.reached(after["desk"]["desk"]["number"].as_str().unwrap(), 1),
            "start" => book.reached(&at.unwrap(), 2),
            _ => book.reached(&at.unwrap(), 3),
        }
    }
}

/// Everything acknowledged is there, and at least as far as was acknowledged.
async fn audit(caller: &Caller, book: &Book, numbers: impl Iterator<Item = &String>) {
    for number in numbers {
        let Some(key) = book.keys.get(number) else { continue };
        let (status, ticket) = caller.get(&format!("/api/tickets/{key}")).await.unwrap();
        assert_eq!((status, &ticket["number"]), (200, &json!(number)), "{ticket}");
        let (is, known) = (rank(ticket["phase"].as_str().unwrap()), book.ranks.get(number).copied().unwrap_or(0));
        assert!(is >= known, "{number} was acknowledged at {known} and is at {is}");
    }
}

fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().map_or(default, |text| text.parse().unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_plug_that_is_pulled_loses_and_repeats_nothing() {
    let (seed, kills) = (setting("NOWSERVING_TEST_SEED", 7), setting("NOWSERVING_TEST_KILLS", 10));
    let _limit = limit(Duration::from_secs(180 + 10 * kills));
    println!("NOWSERVING_TEST_SEED={seed} NOWSERVING_TEST_KILLS={kills}");
    let mut rng = rand_pcg::Pcg64::new(u128::from(seed), 1);
    let folder = folder();
    let book = Shared::default();
    let mut known = BTreeSet::new();
    for round in 0..kills {
        let mut program = Program::start(folder.path());
        let caller = program.caller();
        // whoever got no answer asks again, by the same name
        let open = std::mem::take(&mut book.lock().unwrap().open);
        for name in open {
            let n: u32 = name.split('-').nth(2).unwrap().parse().unwrap();
            let service = if n.is_multiple_of(3) { "P" } else { "R" };
            let (status, ticket) = caller.post("/api/tickets", Some(&name), json!({"service": service})).await.unwrap();
            assert_eq!(status, 201, "{ticket}");
            book.lock().unwrap().issued(&ticket);
        }
        let (fresh, so_far) = {
            let book = book.lock().unwrap();
            let fresh = book.keys.keys().filter(|number| known.insert((*number).clone())).cloned();
            (fresh.collect::<Vec<_>>(), Book { keys: book.keys.clone(), ranks: book.ranks.clone(), open: Vec::new() })
        };
        audit(&caller, &so_far, fresh.iter()).await;
        let mut tasks = tokio::task::JoinSet::new();
        for n in 0..8 {
            tasks.spawn(customer(caller.clone(), book.clone(), format!("{round}-{n}")));
        }
        for desk in ["1", "2"] {
            tasks.spawn(clerk(caller.clone(), book.clone(), desk));
        }
        tokio::time::sleep(Duration::from_millis(rng.random_range(50..900))).await;
        program.kill();
        while let Some(ended) = tasks.join_next().await {
            ended.unwrap();
        }
    }
    let mut program = Program::start(folder.path());
    let book = Arc::into_inner(book).unwrap().into_inner().unwrap();
    assert!(book.keys.len() > 50 && book.ranks.len() > 5, "{} tickets, {} called", book.keys.len(), book.ranks.len());
    audit(&program.caller(), &book, book.keys.keys()).await;
    program.kill();
    let checked = command(&["check", "--data", folder.path().to_str().unwrap()]).output().unwrap();
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_desks_call_everybody_once() {
    let _limit = usual();
    const EACH: usize = 250;
    let folder = folder();
    let program = Program::start(folder.path());
    let caller = program.caller();
    for desk in ["1", "2"] {
        assert_eq!(caller.press(desk, "open").await.unwrap().0, 200);
    }
    let mut customers = tokio::task::JoinSet::new();
    for n in 0..8 {
        let caller = caller.clone();
        customers.spawn(async move {
            for _ in 0..EACH {
                let (status, ticket) = caller.issue(if n % 2 == 0 { "R" } else { "P" }).await.unwrap();
                assert_eq!(status, 201, "{ticket}");
            }
        });
    }
    let issuing = Arc::new(std::sync::atomic::AtomicBool::new(true));
    let mut clerks = tokio::task::JoinSet::new();
    for desk in ["1", "2"] {
        let (caller, issuing) = (caller.clone(), issuing.clone());
        clerks.spawn(async move {
            let mut called = Vec::new();
            loop {
                let more = issuing.load(std::sync::atomic::Ordering::Acquire);
                let (status, answer) = caller.press(desk, "call-next").await.unwrap();
                // the desks may be faster than the customers
                assert!(status == 200 || answer["code"] == json!("nobody-waiting"), "{status} {answer}");
                match answer["desk"]["desk"]["number"].as_str() {
                    Some(number) => called.push(number.to_owned()),
                    None if more => {}
                    None => return called,
                }
            }
        });
    }
    while let Some(ended) = customers.join_next().await {
        ended.unwrap();
    }
    issuing.store(false, std::sync::atomic::Ordering::Release);
    let mut called = Vec::new();
    while let Some(one) = clerks.join_next().await {
        called.extend(one.unwrap());
    }
    let distinct: BTreeSet<_> = called.iter().collect();
    assert_eq!((called.len(), distinct.len()), (8 * EACH, 8 * EACH));
}
