//! Every page, in every state: well formed, safe under the policy, readable by a machine that reads aloud, and saying what is so.

use std::collections::{BTreeMap, HashSet};

use scraper::{ElementRef, Html, Selector};

use super::desk::{DeskPage, Desks};
use super::manage::{Courtesies, CourtesyLine, Manage, StaffRow};
use super::paper::{PaperPage, Preview, Showing, Version, paper};
use super::phone::{CourtesyBody, Overview, Taking, TicketEnd, TicketPage, TicketPhase};
use super::plan::{Form, PlanPage, Shown, plan_page};
use super::record::RecordPage;
use super::staff::{First, Login};
use super::words::{self, Stretch};
use super::{Message, Site, answers, board, desk, manage, phone, sample, staff};
use crate::estimate::{Record, Tally};
use crate::paper::PaperParts;
use crate::phrase::Words;
use crate::queue::{
    CourtesyRule, Desk, Give, Hours, OpenRow, Profile, Rules, Service, ServiceId, ServiceState, Span, View, VoucherCode,
};
use crate::web::assets;

const KEY: &str = "abcdefghijklmnopqrstuvwxyz";
const STORE: &str = "Nordlund <b>&</b> Sons";

fn all<'a>(page: &'a Html, selector: &str) -> Vec<ElementRef<'a>> {
    page.select(&Selector::parse(selector).unwrap()).collect()
}

/// The text of the one element, white space joined.
fn text(page: &Html, selector: &str) -> String {
    let found = all(page, selector);
    assert_eq!(found.len(), 1, "{selector} is there {} times", found.len());
    found[0].text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Parses a page and holds against it what all pages promise.
fn check(html: &str) -> Html {
    let page = Html::parse_document(html);
    assert!(page.errors.is_empty(), "{:?}\n{html}", page.errors);
    assert_eq!(all(&page, "html[lang][dir]").len(), 1);
    assert_eq!(all(&page, "h1").len(), 1, "one heading of the first order");
    assert!(!text(&page, "head > title").is_empty());
    assert!(all(&page, "[style], style, [onclick], script:not([src]), iframe").is_empty(), "the policy forbids it");
    for element in all(&page, "[src], link[href], form[action], a[href]") {
        let value = element.value();
        let address = value.attr("src").or(value.attr("href")).or(value.attr("action")).unwrap();
        assert!(address.starts_with('/') && !address.starts_with("//") || address.starts_with('#'), "{address} leads away");
        if let Some(name) = address.strip_prefix("/assets/") {
            assert!(assets::find(name).is_some(), "{address} is not served");
        }
    }
    let mut ids = HashSet::new();
    for element in all(&page, "[id]") {
        assert!(ids.insert(element.value().id().unwrap()), "the id {:?} is there twice", element.value().id());
    }
    for element in all(&page, "[aria-labelledby], [aria-describedby]") {
        let value = element.value();
        let named = value.attr("aria-labelledby").or(value.attr("aria-describedby")).unwrap();
        assert!(ids.contains(named), "nothing has the id {named}");
    }
    let labelled: HashSet<_> = all(&page, "label[for]").iter().map(|label| label.value().attr("for").unwrap()).collect();
    for input in all(&page, "input:not([type=hidden]), select, textarea") {
        let within = input.ancestors().filter_map(ElementRef::wrap).any(|parent| parent.value().name() == "label");
        let value = input.value();
        let named = value.id().is_some_and(|id| labelled.contains(id)) || value.attr("aria-label").is_some() || within;
        assert!(named, "{} has no label", input.html());
    }
    page
}

fn overview(view: &View, taking: Taking) -> Html {
    let page = Overview {
        site: Site::new(STORE),
        view,
        now: sample::now(),
        taking,
        once: "drawn",
        answers: true,
        problem: None,
        chosen: None,
    };
    check(&phone::overview(&page).unwrap())
}

fn ticket(phase: TicketPhase, change: impl FnOnce(&mut phone::TicketBody)) -> Html {
    let mut ticket = sample::ticket(phase);
    change(&mut ticket);
    let page = TicketPage {
        site: Site::new(STORE),
        view: &sample::view(),
        ticket: &ticket,
        answers: &sample::answers(),
        key: KEY,
        now: sample::now(),
        erase_days: 7,
        backups_days: 7,
        writing: false,
        problem: None,
    };
    check(&phone::ticket(&page).unwrap())
}

#[test]
fn questions_and_answers_are_pages_like_all_others() {
    let said = crate::signage::Said {
        text: crate::signage::Text {
            question: "Is <this> a question?".into(),
            alt: "A \"picture\"".into(),
            ..crate::signage::Text::default()
        },
        language: Some("ar".into()),
    };
    let image =
        crate::signage::Image { id: "0123456789abcdef0123456789abcdef".to_owned().try_into().unwrap(), width: 8, height: 6 };
    for number in [None, Some("R051")] {
        let base = number.map_or_else(String::new, |_| format!("/t/{KEY}"));
        let page = answers::Page { site: Site::new(STORE), base: &base, number };
        let found = sample::answers().offered;
        let groups = [answers::Group { name: "R & D".into(), items: found.clone() }];
        for (query, fits, done) in [("", false, answers::Done::Helped), ("<q>", false, answers::Done::Nothing)] {
            let groups = if query.is_empty() { &groups[..] } else { &[] };
            let found = if query.is_empty() { &[][..] } else { &found };
            let all = answers::Questions { site: page.site, page: &page, query, found, fits, groups, by: "x", done };
            let html = check(&answers::render(&all).unwrap());
            assert_eq!(text(&html, ".questions a"), "How long can I return it?");
            let words = Words::english();
            let says = html.root_element().text().collect::<String>();
            assert_eq!(says.contains(words.nothing_quite_fits()), !query.is_empty());
            assert_eq!(says.contains(words.none_of_these()), !query.is_empty());
        }
        let html = crate::web::markdown::html("Within **30** days.");
        let leaves = number.is_some();
        let one = answers::OneAnswer {
            site: page.site,
            page: &page,
            path: "/answers/x",
            said: &said,
            html,
            image: Some(&image),
            leaves,
        };
        let html = check(&answers::render(&one).unwrap());
        assert_eq!(text(&html, ".answer strong"), "30");
        assert_eq!(
            all_values(&html),
            if leaves { vec!["answered", "stayed", "not_helped"] } else { vec!["helped", "not_helped"] }
        );
    }
}

fn all_values(page: &Html) -> Vec<&str> {
    all(page, "button[name=did]").iter().filter_map(|button| button.value().attr("value")).collect()
}

#[test]
fn a_ticket_offers_questions_until_it_is_called_and_a_way_back_after_it_is_given_up() {
    let offered = |page: &Html| all(page, "#help:not([hidden]) #offered a").len();
    assert_eq!(offered(&ticket(TicketPhase::Waiting, |_| {})), 1);
    assert_eq!(offered(&ticket(TicketPhase::Called, |_| {})), 0);
    let back = |can| {
        let page = ticket(TicketPhase::Ended, |t| (t.end, t.can.take_back) = (Some(TicketEnd::Left), can));
        all(&page, "form[action$=take-back]").len()
    };
    assert_eq!([back(true), back(false)], [1, 0]);
}

#[test]
fn the_overview_says_each_wait_and_offers_no_number_unless_allowed() {
    let page = overview(&sample::view(), Taking::Off);
    assert_eq!(text(&page, "[data-service=R] .wait"), "about 14–27 min");
    assert_eq!(text(&page, "[data-service=R] [data-say=waiting]"), "9 people wait");
    assert_eq!(text(&page, "[data-service=R] [data-say=until]"), "Numbers until 17:40");
    assert_eq!(text(&page, "[data-service=P] .wait"), "a few minutes");
    assert_eq!(
        text(&page, "[data-service=P] [data-say=learning]:not([hidden])"),
        "We are still learning how long this takes."
    );
    assert_eq!(text(&page, "[data-service=Q] .wait"), "No numbers now: back at 15:00");
    assert_eq!(text(&page, "#calls li:first-child"), "R043Desk 2");
    assert!(all(&page, "input, form button").is_empty());
    assert_eq!(text(&page, "header b"), STORE);
}

#[test]
fn numbers_are_taken_with_the_code_and_only_where_they_are_given() {
    let page = overview(&sample::view(), Taking::Code);
    let radios: Vec<_> = all(&page, "input[name=service]").iter().map(|i| i.value().attr("value").unwrap()).collect();
    assert_eq!(radios, ["R", "P"], "Q is stopped");
    assert_eq!(all(&page, "form[action='/take'][method=post] input[name=code][required]").len(), 1);
    let page = overview(&sample::view(), Taking::Open);
    assert!(all(&page, "input[name=code]").is_empty());
    assert_eq!(all(&page, "form button").len(), 1);
}

#[test]
fn a_closed_and_a_closing_branch_say_so_and_give_nothing() {
    let mut view = sample::view();
    view.open.closing = true;
    let page = overview(&view, Taking::Open);
    assert_eq!(text(&page, "h1"), "We are closing");
    assert!(all(&page, "input, form button").is_empty());
    view.open.open = false;
    view.open.opens = Some("2027-06-16T09:00".into());
    let page = overview(&view, Taking::Open);
    assert_eq!(text(&page, "#open"), "We are closed We open again tomorrow at 09:00.");
    assert!(all(&page, "input, form button").is_empty());
    assert_eq!(text(&page, "[data-service=R] .wait"), "closed");
}

#[test]
fn a_service_without_a_desk_says_so() {
    let mut view = sample::view();
    let row = view.waits.get_mut(&ServiceId::from("R")).unwrap();
    (row.now, row.by_place) = (None, Vec::new());
    assert_eq!(text(&overview(&view, Taking::Off), "[data-service=R] .wait"), "No desk is open");
    let page = ticket(TicketPhase::Waiting, |ticket| ticket.wait = None);
    assert_eq!(text(&page, "#card [data-say=wait]"), "No desk is open");
    assert!(all(&page, "svg").is_empty());
}

#[test]
fn a_waiting_ticket_says_place_wait_and_promise_and_what_can_be_done() {
    let page = ticket(TicketPhase::Waiting, |_| {});
    assert_eq!(text(&page, "h1"), "R051");
    assert_eq!(text(&page, "head > title"), "R051: 7 people before you");
    assert_eq!(text(&page, "#card [data-say=wait]"), "about 14–27 min");
    assert_eq!(text(&page, "#card [data-say=ahead]"), "7 people before you");
    assert_eq!(text(&page, "#card [data-say=between]"), "Probably called between 14:21 and 14:34.");
    assert_eq!(text(&page, "#card [data-say=nowcalled]"), "Last called: R043, Desk 2");
    let labels: Vec<String> = all(&page, "svg text").iter().map(|label| label.text().collect()).collect();
    assert_eq!(labels, ["now", "14:21", "14:34"]);
    let reasons: Vec<_> = all(&page, "[name=reason]").iter().map(|b| b.value().attr("value").unwrap()).collect();
    assert_eq!(reasons, ["answered", "changed_mind", "too_long"]);
    for action in ["leave", "delay", "note"] {
        assert_eq!(all(&page, &format!("form[action='/t/{KEY}/{action}'][method=post]")).len(), 1, "{action}");
    }
    assert_eq!(text(&page, "textarea"), "</textarea><script>alert(1)</script>");
    let note = text(&page, "#note");
    assert!(note.contains("erased after 7 days. A backup of this branch may hold it 7 days longer"), "{note}");
    // ours alone: what the customer wrote is text
    assert_eq!(all(&page, "script").len(), all(&page, "script[src^='/assets/']").len());
    assert_eq!(text(&page, "[role=alert] .called, #alert"), "", "nobody is called");
}

#[test]
fn one_ahead_and_none_ahead_are_said_as_people_do() {
    let ahead = |n| text(&ticket(TicketPhase::Waiting, |ticket| ticket.ahead = Some(n)), "#card [data-say=ahead]");
    assert_eq!(ahead(0), "You are next");
    assert_eq!(ahead(1), "1 person before you");
}

#[test]
fn a_called_ticket_says_where_in_the_title_and_aloud_and_again_on_a_recall() {
    let page = ticket(TicketPhase::Called, |_| {});
    assert_eq!(text(&page, "head > title"), "You are called: Desk 2 – R051");
    assert_eq!(text(&page, "#alert[role=alert]"), "You are called: Desk 2");
    let page = ticket(TicketPhase::Called, |ticket| ticket.invitations = 2);
    assert_eq!(text(&page, "#alert[role=alert]"), "Called again You are called: Desk 2");
}

#[test]
fn a_missed_ticket_says_until_when_and_offers_to_come_back_only_if_allowed() {
    let page = ticket(TicketPhase::Missed, |_| {});
    assert!(text(&page, "#card").contains("Your place is kept until 14:16."));
    assert_eq!(all(&page, &format!("form[action='/t/{KEY}/requeue'] button")).len(), 1);
    let page = ticket(TicketPhase::Missed, |ticket| ticket.can.requeue = false);
    assert!(all(&page, "form[action$='/requeue']").is_empty());
}

#[test]
fn the_board_tells_numbers_desks_and_waits_and_nobody_else() {
    let board = |view: &View| {
        let page = board::Board {
            site: Site::new(&view.store),
            view,
            now: sample::now(),
            url: "http://192.168.1.5:8080",
            turns: 1,
        };
        check(&board::board(&page).unwrap())
    };
    let page = board(&sample::view());
    assert_eq!(text(&page, "#newest"), "Now serving R043 Desk 2");
    assert_eq!(text(&page, "#earlier"), "P011 Desk 1");
    assert!(text(&page, "#waits").contains("about 14–27 min"));
    assert!(text(&page, "footer").ends_with("192.168.1.5:8080"));
    let everything = text(&page, "main");
    assert!(!everything.contains("R044") && !everything.contains("P009"), "who waits is nobody's business: {everything}");
    let view = View { desks: Vec::new(), open: OpenRow::default(), ..sample::view() };
    let page = board(&view);
    assert!(text(&page, "#newest").starts_with("Last called R043"), "a desk that is gone serves nobody");
    assert!(text(&page, "#closed").starts_with("We are closed"));
}

#[test]
fn every_end_has_its_sentence_and_refreshes_no_more() {
    let mut said = HashSet::new();
    for end in [TicketEnd::Finished, TicketEnd::Left, TicketEnd::NoShow, TicketEnd::DayClosed] {
        let page = ticket(TicketPhase::Ended, |ticket| ticket.end = Some(end));
        said.insert(text(&page, "#card"));
        assert!(!page.html().contains("http-equiv"));
        assert!(all(&page, "#ways-out form").is_empty());
    }
    assert_eq!(said.len(), 4);
}

#[test]
fn without_script_a_live_page_refreshes_itself_except_while_somebody_writes() {
    let (body, view) = (sample::ticket(TicketPhase::Waiting), sample::view());
    let page = |writing| {
        let site = Site::new(STORE);
        let now = sample::now();
        let page = TicketPage {
            site,
            view: &view,
            ticket: &body,
            answers: &sample::answers(),
            key: KEY,
            now,
            erase_days: 1,
            backups_days: 1,
            writing,
            problem: Some("No."),
        };
        phone::ticket(&page).unwrap()
    };
    let (reading, writing) = (page(false), page(true));
    assert!(reading.contains("<noscript><meta http-equiv=\"refresh\"") && !writing.contains("http-equiv"));
    assert!(reading.contains("?write#note"));
    // what only a script can do is hidden without one; the form is not, while writing
    assert_eq!(all(&check(&reading), "form[action$='/note'][data-js]").len(), 1);
    assert_eq!(all(&check(&writing), "form[action$='/note']:not([data-js])").len(), 1);
    assert_eq!(text(&check(&writing), "#problem[role=alert]"), "No.");
}

#[test]
fn every_other_state_of_a_ticket_is_well_formed() {
    for phase in [TicketPhase::Serving, TicketPhase::Parked] {
        assert!(text(&ticket(phase, |_| {}), "#card").contains("Desk 2"));
    }
}

#[test]
fn staff_pages_have_the_fields_the_handlers_read() {
    let site = Site::new(STORE);
    let page = Login { site, next: "/desk/2?a=\"b", name: "mia", problem: Some("That did not match.") };
    let page = check(&staff::login(&page).unwrap());
    assert_eq!(all(&page, "form[action='/login'] [name=next]")[0].value().attr("value"), Some("/desk/2?a=\"b"));
    assert_eq!(all(&page, "form[action='/login'] [name=name], form[action='/login'] [name=pin]").len(), 2);
    assert_eq!(text(&page, "[role=alert]"), "That did not match.");
    let first = First { site, code: "k7", name: "", desk_name: "", least_password: 10, least_pin: 4, problem: None };
    let page = check(&staff::first(&first).unwrap());
    for name in ["code", "name", "password", "desk_name", "pin"] {
        assert_eq!(all(&page, &format!("form[action='/first'][method=post] [name={name}][required]")).len(), 1, "{name}");
    }
    let message =
        Message { site, title: "There is no such page", sentence: "Look at /.", link: Some(("/", "The lines now")) };
    assert_eq!(text(&check(&super::message(&message).unwrap()), "h1"), "There is no such page");
}

#[test]
fn desk_pages_offer_each_desk_and_one_key_for_each_command() {
    let (site, view) = (Site::new(STORE), sample::view());
    let page = desk::desks(&Desks { site, staff: "mia", manager: true, desks: &view.desks }).unwrap();
    let page = check(&page);
    assert_eq!(all(&page, ".choices a").len(), 3);
    assert_eq!(text(&page, "a[href='/desk/2']"), "Desk 2 open · R043");
    let page = check(&desk::desk(&DeskPage { site, staff: "mia", manager: false, id: "2", name: "Desk 2" }).unwrap());
    let mut keys = HashSet::new();
    for button in all(&page, "[data-do]") {
        assert!(keys.insert(button.value().attr("data-key").unwrap()), "a key that does two things");
    }
    for command in
        ["open", "pause", "close", "call-next", "call", "recall", "start", "finish", "no-show", "park", "transfer", "undo"]
    {
        assert!(!all(&page, &format!("[data-do='{command}']")).is_empty(), "{command} has no button");
    }
    assert!(all(&page, "a[href='/manage']").is_empty());
}

#[test]
fn the_managers_page_shows_what_is_set() {
    let mut hours = Hours::default();
    let time = |h| chrono::NaiveTime::from_hms_opt(h, 30, 0).unwrap();
    hours.week[0] = vec![Span { open: time(8), close: time(12) }, Span { open: time(13), close: time(18) }];
    hours.exceptions.insert(chrono::NaiveDate::from_ymd_opt(2027, 12, 24).unwrap(), Vec::new());
    let service = |id, name: &str| ServiceState { service: Service::new(id, name, "", "teal"), next: 7, stopped: None };
    let mut services = [service("R", "Returns"), service("P", "Pick <up>")];
    services[1].stopped = Some("no van today".into());
    let mut desks = [Desk::new("1", "Desk 1"), Desk::new("2", "Desk 2")];
    desks[1].profile = Profile::Ratio(BTreeMap::from([("R".into(), 3)]));
    let everybody = ["mia", "o'neil & co"].map(|name| StaffRow { name: name.into(), role: "desk".into() });
    let view = sample::view();
    let line = |number: &str, used: bool| CourtesyLine {
        number: number.into(),
        text: "Coffee <on> us.".into(),
        code: Some(VoucherCode::new([7; 5])),
        given_at: sample::now(),
        redeemed_at: used.then(sample::now),
    };
    let rule = CourtesyRule { give: Give::Voucher, text: "Coffee <on> us.".into(), per_day: 9, after_min: 0 };
    let courtesies = Courtesies { rule, given: vec![line("R041", true), line("R042", false)] };
    let page = Manage {
        site: Site::new(STORE),
        staff: "mia",
        services: &services,
        waiting: &BTreeMap::from([("R".into(), 4)]),
        desks: &desks,
        hours: &hours,
        rules: &Rules::default(),
        open: &view.open,
        date: view.date,
        ahead: Some((view.date.unwrap().succ_opt().unwrap(), view.date.unwrap())),
        taking: Taking::Code,
        code: Some("7K2M"),
        everybody: &everybody,
        record: &sample::record(),
        names: &view.services,
        courtesies: &courtesies,
        paper: true,
    };
    let page = check(&manage::manage(&page).unwrap());
    assert_eq!(all(&page, "[data-api='POST /api/services/P/resume']").len(), 1);
    assert_eq!(all(&page, "[data-api='POST /api/services/R/stop']").len(), 1);
    assert_eq!(all(&page, "[data-api='POST /api/day/closing'], [data-api='POST /api/day/close']").len(), 2);
    let value = |selector: &str| all(&page, selector)[0].value().attr("value").unwrap().to_owned();
    assert_eq!(value("tr[data-day='0'] [name=day-open1]"), "13:30");
    assert_eq!(value("tr[data-day='1'] [name=day-open0]"), "");
    assert_eq!(value("tr[data-exception] [name=date]"), "2027-12-24");
    assert_eq!(value("[data-api='PUT /api/desks/2'] [name=weight-R]"), "3");
    assert_eq!(all(&page, "[data-api='PUT /api/desks/2'] [name=takes][checked]").len(), 1);
    assert_eq!(all(&page, "[data-api='DELETE /api/staff/o%27neil%20%26%20co']").len(), 1);
    assert!(all(&page, "[data-api='DELETE /api/staff/mia']").is_empty(), "nobody removes themselves");
    assert_eq!(text(&page, ".code"), "7K2M");
    assert_eq!(value("[data-api='PUT /api/courtesy'] [name=per_day]"), "9");
    assert_eq!(all(&page, "#courtesy option[value=voucher][selected]").len(), 1);
    assert_eq!(all(&page, "[data-api='POST /api/courtesies/redeem']").len(), 1, "one was used already");
    assert_eq!(text(&page, "#record .lead"), "81 % of our promises held; 80 % are meant to.");
}

fn record(record: &Record) -> Html {
    check(&super::record::record(&RecordPage { site: Site::new(STORE), view: &sample::view(), record }).unwrap())
}

#[test]
fn the_record_says_first_how_often_the_word_was_kept() {
    let page = record(&sample::record());
    assert_eq!(text(&page, ".share"), "81 % of what we said held");
    assert_eq!(
        text(&page, "main > section:first-child .lead"),
        "Since 1 November we kept our word 1,021 of 1,250 times. 125 were called later than we said. 104 were called sooner."
    );
    assert_eq!(all(&page, "svg[role=img][aria-labelledby]").len(), 2);
    // each picture has its figures in a table too
    assert_eq!(all(&page, "details table").len(), 2);
    assert_eq!(all(&page, "table caption").len(), all(&page, "table").len());
    assert!(all(&page, ".problem").is_empty());
    assert!(text(&page, "[aria-labelledby=how-title]").contains("5 wait now"));
    assert!(text(&page, "[aria-labelledby=how-title]").contains("Pick-up: the time comes from a simple sum"));
}

#[test]
fn a_record_that_got_worse_says_so_and_a_young_one_claims_nothing() {
    let mut worse = sample::record();
    worse.trend.dropped = true;
    assert!(text(&record(&worse), ".problem").starts_with("It has got worse."));
    let nothing = record(&Record::default());
    assert!(text(&nothing, ".lead").starts_with("Nothing to show yet."));
    assert!(all(&nothing, "svg, table").is_empty());
    let few = Record { all: Tally { kept: 8, earlier: 1, later: 2 }, ..Record::default() };
    let few = record(&few);
    assert!(all(&few, ".share").is_empty());
    assert!(
        text(&few, ".lead")
            .ends_with("we kept our word 8 of 11 times. 2 were called later than we said. 1 was called sooner.")
    );
    let mut learning = Record::default();
    learning.apart.learning = Tally { kept: 30, earlier: 5, later: 5 };
    assert!(text(&record(&learning), ".lead").starts_with("We are still learning how long this takes. So far 30 of the 40"));
}

#[test]
fn a_courtesy_shows_on_its_ticket_whatever_comes_of_the_visit() {
    let gift = |used: bool| CourtesyBody {
        text: "Please have a <coffee> on us.".into(),
        code: Some(VoucherCode::new([7; 5])),
        redeemed_at: used.then(sample::now),
    };
    for phase in [TicketPhase::Waiting, TicketPhase::Called, TicketPhase::Serving, TicketPhase::Ended] {
        let page = ticket(phase, |ticket| ticket.courtesy = Some(gift(false)));
        assert_eq!(text(&page, "#courtesy .lead"), "Please have a <coffee> on us.");
        assert_eq!(text(&page, "#courtesy .voucher"), VoucherCode::new([7; 5]).to_string());
        assert!(text(&page, "#courtesy .small").starts_with("Valid today."));
    }
    let used = ticket(TicketPhase::Ended, |ticket| ticket.courtesy = Some(gift(true)));
    assert!(text(&used, "#courtesy .small").starts_with("Used at "));
    assert_eq!(text(&ticket(TicketPhase::Waiting, |_| {}), "#courtesy"), "");
}

#[test]
fn a_page_is_in_its_language_and_offers_the_others() {
    let (view, spoken) = (sample::view(), Words::all().collect::<Vec<_>>());
    for words in &spoken {
        let site = Site { words: *words, languages: &spoken, ..Site::new(STORE) };
        let page = Overview {
            site,
            view: &view,
            now: sample::now(),
            taking: Taking::Off,
            once: "",
            answers: false,
            problem: None,
            chosen: None,
        };
        let page = check(&phone::overview(&page).unwrap());
        let html = format!("html[lang={}][dir={}]", words.code(), words.direction());
        assert_eq!(all(&page, &html).len(), 1, "{html}");
        assert_eq!(text(&page, "h1"), words.if_you_came_now());
        assert_eq!(all(&page, ".languages a[hreflang][lang]").len(), spoken.len());
        assert_eq!(text(&page, ".languages [aria-current]"), words.own_name());
    }
}

#[test]
fn the_stretch_stays_on_its_bar_and_its_labels_apart() {
    let now = sample::now().time();
    for from in 0..90 {
        for to in from..120 {
            for whole in [0, 10, 60, 120] {
                let stretch = Stretch::of(Words::english(), [from, to], whole, now);
                assert!(stretch.width > 0 && stretch.from + stretch.width <= 100, "{from}–{to} of {whole}: {stretch:?}");
                assert!(
                    stretch.labels.iter().all(|label| (16..=88).contains(&label.0)),
                    "{from}–{to} of {whole}: {stretch:?}"
                );
                let apart = stretch.labels.windows(2).all(|pair| pair[1].0 - pair[0].0 >= 16);
                assert!(apart, "{from}–{to} of {whole}: {stretch:?}");
            }
        }
    }
}

#[test]
fn the_next_opening_is_said_as_far_as_needed() {
    let now = sample::now().naive_local();
    let opens = |at: Option<&str>| {
        let mut open = sample::view().open;
        open.opens = at.map(str::to_owned);
        words::opens(Words::english(), &open, now)
    };
    assert_eq!(opens(Some("2027-06-15T15:00")), "We open today at 15:00.");
    assert_eq!(opens(Some("2027-06-18T09:00")), "We open again on Friday at 09:00.");
    assert_eq!(opens(Some("2027-06-28T09:00")), "We open again on 28 June at 09:00.");
    assert_eq!(opens(None), "Please ask the staff when we open.");
}

#[test]
fn a_phone_page_with_all_it_loads_is_small() {
    let files: usize = ["site.css", "feed.js", "phone.js", "number.woff2", "icon.svg"]
        .iter()
        .map(|name| assets::find(name).unwrap().0.bytes.len())
        .sum();
    // uncompressed; text shrinks to a third, so this holds well below 30 kB on the wire
    assert!(files < 60_000, "{files} bytes");
}

/// A plan of one day with three visits, for a service whose name tries to break out of the page.
fn small_plan() -> Shown {
    use crate::plan::{BranchRule, History, OpenSpan, PastDay, PastVisit, Question, Schedule};
    let visit = |at: u64| PastVisit { called: Some(at + 60_000), ..PastVisit::new("R".into(), at) };
    let hour = 3_600_000;
    let history = History {
        days: vec![PastDay {
            date: chrono::NaiveDate::from_ymd_opt(2026, 3, 7).unwrap(),
            visits: (10..13).map(|at| visit(at * hour)).collect(),
            desks: vec![OpenSpan { desk: "1".into(), from: 9 * hour, to: 14 * hour }],
        }],
        ..History::default()
    };
    let branch = BranchRule {
        services: vec![Service::new("R", "Returns <b>&</b>", "", "rust")],
        desks: vec![Desk::new("1", "Desk 1")],
        rules: Rules::default(),
    };
    let schedules = vec![Schedule::parse("<i>now</i> = 1").unwrap()];
    let question = Question { schedules, visits: 10, service: Some("R".into()), ..Question::new("all".parse().unwrap()) };
    let report = crate::plan::plan(&history, &branch, &Hours::default(), &question, &mut |_| true).unwrap();
    Shown::Plan(std::sync::Arc::new(Ok(report)))
}

#[test]
fn the_plan_is_a_page_like_the_others_in_every_state() {
    let form = Form { day: "all".into(), from: "1".into(), schedule: "</textarea><b>".into(), ..Form::default() };
    let services = [("R".to_owned(), "Returns <b>".to_owned())];
    let states = [Shown::Nothing, Shown::Working, Shown::Problem("no <b>".into()), small_plan()];
    for shown in &states {
        let page = PlanPage { site: Site::new(STORE), staff: "Mona", form: &form, services: &services, shown };
        let html = plan_page(&page).unwrap();
        let html = check(&html);
        assert!(all(&html, "main b b, main i, textarea b, option b").is_empty());
        assert_eq!(all(&html, "meta[http-equiv=refresh]").len(), usize::from(matches!(shown, Shown::Working)));
        assert_eq!(all(&html, "svg[role=img] > title").len(), usize::from(matches!(shown, Shown::Plan(_))));
        assert_eq!(all(&html, "#plan-day option[selected]").len(), 1);
    }
}

/// The page of the paper in each of its states.
#[test]
fn the_paper_page_says_what_is_shown_and_offers_what_can_be_done() {
    let version = |id| Version { id, by: "Mona <b>".into(), at: sample::now() };
    let preview = Preview {
        address: "/manage/paper/ticket.png?of=draft&width=384".into(),
        alt: "The ticket: R001".into(),
        caption: "58 mm paper".into(),
        size: (384, 900),
    };
    let parts = PaperParts { line: "\"quoted\" & <b>".into(), ..PaperParts::default() };
    let page = |showing: &Showing, versions: &[Version], problem| {
        let page = PaperPage {
            site: Site::new(STORE),
            staff: "Mona",
            parts: &parts,
            has_logo: true,
            showing,
            previews: std::slice::from_ref(&preview),
            warnings: &["On 58 mm paper: no bundled font has: ☃ (U+2603).".to_owned()],
            services: &[("R".to_owned(), "Returns".to_owned())],
            service: "R",
            languages: &[("en", "English"), ("ar", "العربية")],
            language: "ar",
            versions,
            printer: true,
            said: None,
            problem,
        };
        check(&paper(&page).unwrap())
    };
    let draft = page(&Showing::Draft { by: "Mona".into(), mark: 77 }, &[], Some("Too long."));
    assert_eq!(text(&draft, "[role=alert]"), "Too long.");
    assert_eq!(all(&draft, "input[name=mark][value='77'] + button[value=live]").len(), 1);
    assert_eq!(all(&draft, "img[alt='The ticket: R001'][width='384'][height='900']").len(), 1);
    assert_eq!(all(&draft, "input[name=line]")[0].value().attr("value"), Some("\"quoted\" & <b>"));
    assert_eq!(text(&draft, "#paper-lang option[selected]"), "العربية");
    let live = page(&Showing::Live, &[version(2), version(1)], None);
    assert!(all(&live, "button[value=live], [role=alert]").is_empty());
    assert_eq!(all(&live, "#versions button[value=back]").len(), 1, "not back to what is printed now");
    let old = page(&Showing::Old(version(1)), &[version(2), version(1)], None);
    assert_eq!(all(&old, "#look input[name=version][value='1'] + button[value=back]").len(), 1);
}
