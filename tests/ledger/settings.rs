//! The settings file and the staff both change the branch: whoever changed last wins.

use std::path::Path;

use nowserving::branch::apply_seed;
use nowserving::config::Settings;
use nowserving::queue::{Command, Service};

use crate::kit::Kit;

const TWO: &str = "[[service]]\nid = 'R'\nname = 'Returns'\n[[service]]\nid = 'B'\nname = 'Bikes'\n";

/// What a start with this file does; the problems it tells.
async fn start(kit: &Kit, text: &str) -> Vec<String> {
    let settings = Settings::parse(text, Path::new("test.toml")).unwrap();
    let fresh = kit.branch.live().queue.services().next().is_none();
    apply_seed(&kit.branch, &kit.ledger(), &settings.seed(fresh)).await.unwrap()
}

fn names(kit: &Kit) -> Vec<String> {
    kit.branch.live().queue.services().map(|state| state.service.name.clone()).collect()
}

#[tokio::test]
async fn a_file_that_did_not_change_undoes_nothing_staff_changed() {
    let kit = Kit::open().await;
    assert_eq!(start(&kit, TWO).await, Vec::<String>::new());
    assert_eq!(names(&kit), ["Bikes", "Returns"]);
    kit.ask(Command::PutService(Service::new("R", "Returns and exchanges", "", "plum"))).await;
    start(&kit, TWO).await;
    assert_eq!(names(&kit), ["Bikes", "Returns and exchanges"]);
    // another section changes: services still stay
    start(&kit, &format!("{TWO}[rules]\nmax_delays = 1\n")).await;
    assert_eq!(names(&kit), ["Bikes", "Returns and exchanges"]);
    assert_eq!(kit.branch.live().queue.rules().max_delays, 1);
}

#[tokio::test]
async fn a_file_that_changed_replaces_its_section_and_a_silent_one_nothing() {
    let kit = Kit::open().await;
    start(&kit, TWO).await;
    start(&kit, &TWO.replace("Bikes", "Bicycles")).await;
    assert_eq!(names(&kit), ["Bicycles", "Returns"]);
    start(&kit, "").await;
    assert_eq!(names(&kit), ["Bicycles", "Returns"]);
}

#[tokio::test]
async fn a_service_that_people_wait_for_stays_and_the_start_says_so() {
    let kit = Kit::open().await;
    kit.issue("Q").await;
    let problems = start(&kit, TWO).await;
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert!(problems[0].starts_with("[services] ") && problems[0].contains("Ask a question"), "{problems:?}");
    assert_eq!(names(&kit), ["Bikes", "Ask a question", "Returns"]);
}
