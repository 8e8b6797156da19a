use super::*;
use crate::queue::{Outcome, Profile};

fn read(text: &str) -> Settings {
    Settings::parse(text, Path::new("test.toml")).unwrap_or_else(|error| panic!("{error}"))
}

fn problems(text: &str) -> Vec<Problem> {
    match Settings::parse(text, Path::new("test.toml")) {
        Err(ConfigError::Invalid { problems, .. }) => problems,
        other => panic!("{other:?}"),
    }
}

/// Line, column, key and a part of the message of the only problem.
fn only(text: &str, line: usize, column: usize, key: &str, part: &str) {
    let problems = problems(text);
    let [problem] = &problems[..] else { panic!("{text}: {problems:?}") };
    assert_eq!((problem.line, problem.column, problem.key.as_str()), (line, column, key), "{problem}");
    assert!(problem.message.contains(part), "{problem}");
}

#[test]
fn an_empty_file_is_all_defaults_and_the_example_store_fills_a_fresh_branch() {
    let settings = read("");
    assert_eq!(settings, Settings::default());
    assert_eq!(settings.seed(true), Seed::example());
    assert_eq!(settings.seed(false), Seed::default());
    assert_eq!(settings.web.listen.to_string(), "0.0.0.0:8080");
}

#[test]
fn services_and_desks_come_out_as_the_core_knows_them() {
    let settings = read(
        "[[service]]\nid = 'R'\nname = 'Returns'\n[[service]]\nid = 'B'\nname = 'Bikes'\nnumbers = '1 – 60'\n\
         accent = 'plum'\nmax_waiting = 20\ntypical_minutes = 12\n\
         [[desk]]\nid = '1'\n[[desk]]\nid = '2'\nname = 'Workshop'\nratio = { R = 2, B = 1 }\n\
         default_outcome = 'not_possible'\n[[desk]]\nid = '3'\nservices = ['B']",
    );
    let services = settings.services.clone().unwrap();
    assert_eq!(services[0], Service::new("R", "Returns", "", "rust"));
    let bikes = &services[1];
    assert_eq!((bikes.first, bikes.last, bikes.digits, bikes.max_waiting), (1, 60, 2, Some(20)));
    assert_eq!((bikes.accent.as_str(), bikes.typical_min), ("plum", 12.0));
    let desks = settings.desks.clone().unwrap();
    assert_eq!(desks[0], Desk::new("1", "Desk 1"));
    assert_eq!((desks[1].name.as_str(), desks[1].default_outcome), ("Workshop", Outcome::NotPossible));
    assert_eq!(desks[1].profile, Profile::Ratio([("B".into(), 1), ("R".into(), 2)].into()));
    assert_eq!(desks[2].profile, Profile::LongestWait(vec!["B".into()]));
    let seed = settings.seed(false);
    assert_eq!((seed.services, seed.desks, seed.hours, seed.rules), (settings.services, settings.desks, None, None));
}

#[test]
fn hours_and_rules_are_written_as_people_say_them() {
    let settings = read(
        "[hours]\nmonday = '09:00-18:00'\ntuesday = ['09:00-12:30', '13:30-18:00']\nsunday = 'closed'\n\
         [hours.exceptions]\n2026-12-24 = '09:00-13:00'\n2026-12-25 = 'closed'\n\
         [rules]\nkeep_place = '1 h 30 min'\nundo = '45s'\nclosing_tolerance = '5 min'\nday_turns_at = '03:30'\n\
         priority_classes = ['mobility']\nmax_delays = 0",
    );
    let hours = settings.hours.unwrap();
    assert_eq!(hours.week.iter().map(Vec::len).collect::<Vec<_>>(), [1, 2, 0, 0, 0, 0, 0]);
    assert_eq!(hours.exceptions.values().map(Vec::len).collect::<Vec<_>>(), [1, 0]);
    let rules = settings.rules.unwrap();
    assert_eq!((rules.keep_place_ms, rules.undo_ms, rules.closing_tolerance_min), (5_400_000, 45_000, 5));
    assert_eq!((rules.day_turns_at.to_string().as_str(), rules.max_delays), ("03:30:00", 0));
    assert_eq!(rules.clock_doubt_ms, Rules::default().clock_doubt_ms);
}

#[test]
fn every_problem_is_told_at_once_and_in_order() {
    let text = "[web]\nlisen = 1\nlisten = 'x'\n[phone]\ntake = 'cod'\ntkae = 1\n[[service]]\nname = 5\n";
    let found: Vec<_> = problems(text).into_iter().map(|p| (p.line, p.column, p.key, p.nearest)).collect();
    let near = |word: &str| Some(word.to_owned());
    assert_eq!(
        found,
        [
            (2, 1, "web.lisen".into(), near("listen")),
            (3, 10, "web.listen".into(), None),
            (5, 8, "phone.take".into(), near("code")),
            (6, 1, "phone.tkae".into(), near("take")),
            (7, 1, "service[0]".into(), None),
            (8, 8, "service[0].name".into(), None),
        ]
    );
    let two = problems("[web\nlisten = '0.0.0.0:80'\n[web]\nx =\n");
    assert_eq!(
        two.iter().map(|p| (p.line, p.message.starts_with("This is not TOML"))).collect::<Vec<_>>(),
        [(1, true), (4, true)]
    );
}

#[test]
fn a_key_in_the_wrong_place_is_sent_to_the_right_one() {
    only("listen_tls = '0.0.0.0:8443'", 1, 1, "listen_tls", "`listen_tls` belongs in [web].");
    only("[hours]\n[web]\nhave_ready = ''", 3, 1, "web.have_ready", "belongs in [[service]].");
    only("[printer]\nspeed = 1", 2, 1, "printer.speed", "Known keys here: ");
}

#[test]
fn a_wrong_value_says_what_is_allowed() {
    only("[branch]\nname = 5", 2, 8, "branch.name", "`name` in [branch] cannot be integer `5`: expected a string.");
    only("[branch]\nname = ''", 2, 8, "branch.name", "1 to 60 characters");
    only("[branch]\npublic_url = 'desk.example'", 2, 14, "branch.public_url", "http or https");
    only("[branch]\npublic_url = 'http://a/b'", 2, 14, "branch.public_url", "no path");
    only("[web]\nmax_connections = 3", 2, 19, "web.max_connections", "from 16 to 65535");
    only("[web]\nallowed_hosts = ['a:1']", 2, 17, "web.allowed_hosts", "\"a:1\" is not a host name");
    only("[web]\nallowed_hosts = [1]", 2, 18, "web.allowed_hosts[0]", "`allowed_hosts` in [web] cannot be");
    only("[printer]\nkind = 'lpt'", 2, 8, "printer.kind", "tcp");
    only("[printer]\nkind = 'tcp'", 2, 8, "printer.kind", "needs `address`");
    only("[printer]\nkind = 'serial'", 2, 8, "printer.kind", "needs `device`");
    only("[printer]\nkind = 'tcp'\naddress = 'http://x/'", 3, 11, "printer.address", "printer.local:9100");
    for wrong in
        ["127.0.0.1:99999", ":::::", "", "a:0", "a:", ":9100", "[::1", "[a]:9100", "::1:x", "300.1.1.1", "a..b", "-a", "a b"]
    {
        let text = format!("[printer]\nkind = 'tcp'\naddress = '{wrong}'");
        only(&text, 3, 11, "printer.address", "a port from 1 to 65535");
    }
    for right in [
        "192.168.1.40",
        "192.168.1.40:9101",
        "printer.local",
        "printer:1",
        "fe80::1",
        "fe80::1%eth0",
        "[fe80::1]",
        "[::1]:9100",
    ] {
        read(&format!("[printer]\nkind = 'tcp'\naddress = '{right}'"));
    }
    only("[printer]\nkind = 'usb'\naddress = '192.168.1.40'", 3, 11, "printer.address", "goes with kind = \"tcp\"");
    let both = "[printer]\nkind = 'tcp'\naddress = 'a'\ndevice = '/dev/usb/lp0'";
    only(both, 4, 10, "printer.device", "goes with kind");
    only("[printer]\naddress = '192.168.1.40'", 2, 11, "printer.address", "needs kind = \"tcp\" beside it");
    only("[printer]\ndevice = '/dev/ttyUSB0'", 2, 10, "printer.device", "needs kind = \"usb\" or \"serial\"");
    for meanwhile in ["picture", "none"] {
        read(&format!("[printer]\nkind = '{meanwhile}'\naddress = '192.168.1.40'"));
    }
    only("[printer]\nprofile = 'epson'", 2, 11, "printer.profile", "epson-tm-t88");
    only(
        "[printer]\nprofile = 'mine.toml'",
        2,
        11,
        "printer.profile",
        "No such file or directory (os error 2). Name it from the root",
    );
    only("[printer]\nprofile = 'xprinter-xp80'\nwidth = '58mm'", 3, 9, "printer.width", "takes no paper of 58mm");
    only("[printer]\ndots = 380", 2, 8, "printer.dots", "multiple of 8");
    only("[printer]\nbaud = 9601", 2, 8, "printer.baud", "19200");
    only("[personal]\nbackups_days = 0", 2, 16, "personal.backups_days", "at least 1 day");
    only("[personal]\nerase_after_days = -1", 2, 20, "personal.erase_after_days", "whole number from 0");
    only("[rules]\nkeep_place = 10", 2, 14, "rules.keep_place", "with its unit");
    only("[rules]\nkeep_place = '10'", 2, 14, "rules.keep_place", "with its unit");
    only("[rules]\nclock_doubt = '1 s'", 2, 15, "rules.clock_doubt", "at least a minute");
    only("[rules]\ndelay_passes = 0", 2, 16, "rules.delay_passes", "at least 1");
    only("[rules]\nclosing_tolerance = '90 s'", 2, 21, "rules.closing_tolerance", "whole minutes");
    only("[rules]\npriority_classes = ['a', 'B b']", 2, 26, "rules.priority_classes[1]", "small letters");
    only("[hours]\nmonday = '9-18'", 2, 10, "hours.monday", "09:00-18:00");
    only("[hours]\nmonday = '18:00-09:00'", 2, 10, "hours.monday", "closes before it opens");
    only(
        "[hours]\nmonday = '09:00-18:00'\n[hours.exceptions]\n2026-02-30 = 'closed'",
        4,
        1,
        "hours.exceptions.2026-02-30",
        "a date",
    );
    only("[hours.exceptions]\n2026-12-24 = 'closed'", 1, 2, "hours", "Every day of the week is closed");
    only("[[service]]\nid = 'i'\nname = 'x'", 2, 6, "service[0].id", "capital letters");
    only("[[service]]\nid = 'R'\nname = 'x'\nnumbers = '9-1'", 4, 11, "service[0].numbers", "run upwards");
    only("[[service]]\nid = 'R'\nname = 'x'\naccent = 'rsut'", 4, 10, "service[0].accent", "Did you mean \"rust\"?");
    only("service = []", 1, 11, "service", "at least one");
}

#[test]
fn a_desk_names_services_that_there_are() {
    only("[[desk]]\nid = '1'\nservices = ['R', 'X']", 3, 18, "desk[0].services[1]", "no service \"X\". Services: R, P, Q.");
    let own = "[[service]]\nid = 'B'\nname = 'Bikes'\n";
    only(&format!("{own}[[desk]]\nid = '1'\nratio = {{ R = 1 }}"), 6, 15, "desk[0].ratio.R", "Services: B.");
    only("[[desk]]\nid = '1'\nservices = ['R']\nratio = { R = 1 }", 4, 1, "desk[0].ratio", "not both");
    only("[[desk]]\nid = '1'\n[[desk]]\nid = '1'", 4, 6, "desk[1].id", "Two desks");
    only("[[desk]]\nid = '1'\nratio = { R = 0 }", 3, 1, "desk[0].ratio", "weight of 1 to 100");
}

#[test]
fn the_mark_stands_under_the_word() {
    let text = problems("# Grüße\n\t[web]\n\tlisén = 1").iter().map(ToString::to_string).collect::<String>();
    assert!(text.starts_with("3:"), "{text}");
    let shown = problems("[web]\n\tlisen = 1")[0].to_string();
    assert_eq!(shown, "2:2: Unknown key `lisen` in [web]. Did you mean `listen`?\n 2 | \tlisen = 1\n   | \t^^^^^");
}

#[test]
fn the_file_is_found_where_it_is_said_to_be() {
    let data = tempfile::tempdir().unwrap();
    assert!(matches!(Settings::find(Some(&data.path().join("no.toml")), data.path()), Err(ConfigError::Unreadable { .. })));
    std::fs::write(data.path().join(FILE_NAME), "[branch]\nname = 'Harbour'").unwrap();
    let (settings, file) = Settings::find(None, data.path()).unwrap();
    assert_eq!((settings.branch.name.as_str(), file), ("Harbour", Some(data.path().join(FILE_NAME))));
}
