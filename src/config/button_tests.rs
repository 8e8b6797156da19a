use super::super::{ConfigError, Problem, Settings};
use super::*;
use std::path::Path;

fn read(text: &str) -> Settings {
    Settings::parse(text, Path::new("test.toml")).unwrap_or_else(|error| panic!("{error}"))
}

fn problems(text: &str) -> Vec<Problem> {
    match Settings::parse(text, Path::new("test.toml")) {
        Err(ConfigError::Invalid { problems, .. }) => problems,
        other => panic!("{other:?}"),
    }
}

#[track_caller]
fn only(text: &str, line: usize, key: &str, part: &str) {
    let problems = problems(text);
    let [problem] = &problems[..] else { panic!("{text}: {problems:?}") };
    assert_eq!((problem.line, problem.key.as_str()), (line, key), "{problem}");
    assert!(problem.message.contains(part), "{problem}");
}

#[test]
fn a_button_is_wired_as_most_are_unless_it_says_otherwise() {
    let settings = read(
        "[[button]]\nname = 'Returns'\nservice = 'R'\npin = 17\nlamp = 18\n\
         [[button]]\nname = 'Far'\naction = 'priority'\nservice = 'P'\nclass = 'mobility'\npin = 27\npull = 'off'\nactive = 'high'\n\
         debounce = '50 ms'\nlockout = '2 s'\nmost_per_minute = 6\n\
         [[button]]\nname = 'Again'\naction = 'again'\nkey = 'Ä'\n\
         [[button]]\nname = 'Next'\naction = 'call'\ndesk = '1'\npin = 22\nkey = 'n'",
    );
    let [returns, far, again, next] = &settings.button[..] else { panic!("{settings:?}") };
    assert_eq!(returns.wiring(), Some(Wiring::new("Returns", 17)));
    assert_eq!((returns.lockout.as_millis(), returns.lamp), (1500, Some(18)));
    assert_eq!(returns.action, ButtonAction::Issue { service: "R".into(), class: None });
    let wired = far.wiring().unwrap();
    assert_eq!((wired.pull, wired.active), (hardware::Pull::Off, hardware::Active::High));
    assert_eq!((wired.debounce.as_millis(), wired.most_per_minute, far.lockout.as_millis()), (50, 6, 2000));
    assert_eq!(far.action, ButtonAction::Issue { service: "P".into(), class: Some("mobility".into()) });
    assert_eq!((again.wiring(), again.key, &again.action), (None, Some('ä'), &ButtonAction::Again { service: None }));
    assert_eq!(next.action, ButtonAction::Call { desk: "1".into() });
    assert!(read("").button.is_empty() && read("").buttons.keys);
}

#[test]
fn the_section_of_old_is_sent_to_its_new_name() {
    let old = problems("[button]\nkeys = false\n[web]\nlisen = 1");
    let told: Vec<_> = old.iter().map(|problem| (problem.line, problem.message.as_str())).collect();
    assert_eq!(told[0].0, 1);
    assert!(told[0].1.contains("[button] is called [buttons] now"), "{told:?}");
    assert_eq!(told[1].0, 4, "the rest is told too");
    assert!(!read("[buttons]\nkeys = false").buttons.keys);
    only("[buttons]\npin = 17", 2, "buttons.pin", "belongs in [[button]]");
}

#[test]
fn what_a_button_cannot_be_is_told_with_what_it_can() {
    let button = |rest: &str| format!("[[button]]\nname = 'x'\n{rest}");
    only(&button("pin = 17"), 2, "button[0].name", "The key `service` is missing: a button with the action \"issue\"");
    only(&button("pin = 17\naction = 'priority'\nservice = 'R'"), 2, "button[0].name", "which priority it gives");
    only(&button("pin = 17\naction = 'call'"), 2, "button[0].name", "where it calls to");
    only(&button("service = 'R'"), 2, "button[0].name", "Nothing presses this button");
    only(&button("pin = 'GPIO5'\nservice = 'R'"), 3, "button[0].pin", "expected a whole number.");
    for wrong in ["40", "300", "-1"] {
        only(&button(&format!("pin = {wrong}\nservice = 'R'")), 3, "button[0].pin", "a GPIO number from 0 to 27");
    }
    only(&button("pin = 17\nservice = 'R'\nclass = 'mobility'"), 5, "button[0].class", "\"issue\" has no class");
    only(&button("pin = 17\naction = 'call'\ndesk = '1'\nservice = 'R'"), 6, "button[0].service", "has no service");
    only(&button("pin = 17\nservice = 'R'\nkey = 'no'"), 5, "button[0].key", "one letter or digit");
    only(&button("pin = 17\nservice = 'R'\ndebounce = '2 s'"), 5, "button[0].debounce", "would miss presses");
    only(&button("pin = 17\nservice = 'R'\nlockout = '2 h'"), 5, "button[0].lockout", "turn the next customer away");
    only(&button("pin = 17\nservice = 'R'\nmost_per_minute = 0"), 5, "button[0].most_per_minute", "from 1 to 600");
    only(&button("pin = 17\nservice = 'R'\naction = 'isue'"), 5, "button[0].action", "Did you mean \"issue\"?");
    only(&button("pin = 17\nservice = 'R'\npul = 'up'"), 5, "button[0].pul", "Did you mean `pull`?");
    only("[[button]]\npin = 17\nservice = 'R'", 1, "button[0]", "The key `name` is missing in [[button]]");
    only(&button("pin = 17\nlamp = 17\nservice = 'R'"), 4, "button[0].lamp", "GPIO 17 is given to two");
    let two = format!("{}\n{}", button("pin = 17\nservice = 'R'"), button("pin = 27\nservice = 'R'"));
    only(&two, 6, "button[1].name", "Two buttons have the name \"x\"");
}

#[test]
fn a_button_names_what_the_file_has_or_whatever_the_ledger_may_have() {
    let own = "[[service]]\nid = 'B'\nname = 'Bikes'\n[[desk]]\nid = '7'\n[rules]\npriority_classes = ['mobility']\n";
    let button = |rest: &str| format!("{own}[[button]]\nname = 'x'\npin = 17\n{rest}");
    only(&button("service = 'R'"), 11, "button[0].service", "There is no service \"R\". Services: B.");
    only(&button("action = 'call'\ndesk = '1'"), 12, "button[0].desk", "There is no desk \"1\". Desks: 7.");
    only(&button("action = 'priority'\nservice = 'B'\nclass = 'vip'"), 13, "button[0].class", "Classes: mobility.");
    let usual = "[[button]]\nname = 'x'\npin = 17\naction = 'priority'\nservice = 'R'\n";
    only(&format!("{usual}class = 'nope'"), 6, "button[0].class", "Classes: mobility, appointment.");
    assert_eq!(read(&format!("{usual}class = 'appointment'")).button.len(), 1);
    // managers may have made others; the branch tells at the start
    assert_eq!(read("[[button]]\nname = 'x'\npin = 17\nservice = 'Z'").button.len(), 1);
}
