//! The spool's rows are true: queued, sending, sent, confirmed or unknown.

use nowserving::branch::Saying;
use nowserving::queue::{Command, LeaveReason};
use nowserving_hardware::Mood;

use crate::bench::Bench;

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_is_confirmed_and_each_trouble_is_told_and_forgotten() {
    let mut bench = Bench::open("epson-tm-t88v", 4_096).await;
    let ticket = bench.issue().await;
    assert_eq!(bench.at_rest(ticket).await, "confirmed");
    let mut sayings = bench.branch.around().sayings();
    let mut heard = std::collections::BTreeSet::new();
    for mood in [
        Mood::PaperOut,
        Mood::CoverOpen,
        Mood::Cutter,
        Mood::Overheated,
        Mood::Unrecoverable,
        Mood::Offline,
        Mood::Silent,
        Mood::Unplugged,
        Mood::Refused,
    ] {
        bench.printer.set(mood);
        let ticket = bench.issue().await;
        assert_eq!(bench.at_rest(ticket).await, "queued", "{mood:?}: nothing was sent");
        assert_eq!(sayings.recv().await.unwrap(), Saying::NoPaper { ticket }, "{mood:?}");
        bench.until("a trouble", |bench| !bench.branch.around().troubles().is_empty()).await;
        let told = bench.branch.around().troubles().remove(0);
        assert_eq!(told.device, "printer");
        assert!(heard.insert(told.trouble.to_string()), "{mood:?} sounds like another: {}", told.trouble);
        bench.heal(false).await;
        bench.until("paper", |bench| bench.states(ticket) == ["confirmed"]).await;
    }
    assert_eq!(bench.printer.papers().len(), 10);
    assert!(sayings.try_recv().is_err(), "each is told once");
    bench.printer.set(Mood::NearEnd);
    bench.until("near its end", |bench| !bench.branch.around().troubles().is_empty()).await;
    let ticket = bench.issue().await;
    assert_eq!(bench.at_rest(ticket).await, "confirmed", "it prints on");
    bench.stop().await;
}

/// Cut off after any byte, in any manner: at most one paper a ticket, and none confirmed that is not there.
#[tokio::test(flavor = "multi_thread")]
async fn cut_off_anywhere_there_is_never_a_second_paper_nor_one_confirmed_that_is_not_there() {
    for (profile, room) in [("epson-tm-t88v", 4_096), ("epson-tm-t88", 256), ("generic", 4_096)] {
        let mut bench = Bench::open(profile, room).await;
        let first = bench.issue().await;
        assert_eq!(bench.at_rest(first).await, "confirmed");
        let whole = bench.printer.papers()[0].len();
        let bytes = bench.printer.taken().len();
        let mut all = vec![first];
        let moods = [Mood::Unplugged, Mood::Silent, Mood::PaperOut, Mood::CoverOpen, Mood::Cutter];
        // every manner, at bytes all over a ticket, and at each of the first and of the last
        let steps = [0, 1, 2, 3, 5, 8, 9, 12, 15, 40, 41, 900].into_iter().chain((1..12).map(|n| bytes / 12 * n));
        for (n, at) in steps.enumerate() {
            bench.printer.set_after(at, moods[n % moods.len()]);
            let ticket = bench.issue().await;
            let state = bench.at_rest(ticket).await;
            bench.heal(n % 3 == 0).await;
            if state == "queued" {
                bench.until("paper", |bench| bench.states(ticket) == ["confirmed"]).await;
            }
            all.push(ticket);
        }
        let last = bench.issue().await;
        assert_eq!(bench.at_rest(last).await, "confirmed");
        all.push(last);
        let confirmed = all.iter().filter(|ticket| bench.states(**ticket) == ["confirmed"]).count();
        let unknown = all.iter().filter(|ticket| bench.states(**ticket) == ["unknown"]).count();
        let papers = bench.printer.papers();
        // a promise can be a line more or less
        let out = papers.iter().filter(|paper| paper.len() + 60 > whole).count();
        assert_eq!(confirmed + unknown, all.len(), "{profile}: one row a ticket, each at its end");
        assert!(
            unknown > 0 && confirmed <= out && out <= all.len(),
            "{profile}: {confirmed} of {} confirmed, {out} out",
            all.len()
        );
        // what was cut off above the number looks like any other ticket's head
        let numbered: Vec<_> = papers.iter().filter(|paper| paper.len() * 2 > whole).collect();
        let unique: std::collections::HashSet<_> = numbered.iter().collect();
        assert_eq!(unique.len(), numbered.len(), "{profile}: one came out twice");
        bench.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paper_in_doubt_is_offered_again_until_it_is_printed_or_the_ticket_ends() {
    let mut bench = Bench::open("epson-tm-t88", 65_536).await;
    let first = bench.issue().await;
    bench.at_rest(first).await;
    let mut sayings = bench.branch.around().sayings();
    bench.printer.set_after(500, Mood::PaperOut);
    let ticket = bench.issue().await;
    assert_eq!(bench.at_rest(ticket).await, "unknown");
    bench.until("doubt", |bench| bench.branch.around().doubts().len() == 1).await;
    // the roll has ended in this very ticket, and who stands there has half of one
    assert_eq!(sayings.recv().await.unwrap(), Saying::NoPaper { ticket });
    // a roll is put in, and what the printer held comes out: no doubt is left
    bench.heal(false).await;
    bench.until("late", |bench| bench.states(ticket) == ["confirmed"]).await;
    assert_eq!(bench.branch.around().doubts(), []);

    // it is switched off instead, and nothing comes
    bench.printer.set_after(500, Mood::PaperOut);
    let ticket = bench.issue().await;
    assert_eq!(bench.at_rest(ticket).await, "unknown");
    bench.heal(true).await;
    assert_eq!(bench.states(ticket), ["unknown"], "never again by itself");
    assert_eq!(bench.branch.around().doubts().len(), 1);
    let papers = bench.printer.papers().len();
    bench.branch.print_copy(ticket).await.unwrap();
    assert_eq!(bench.branch.around().doubts(), []);
    bench.until("a copy", |bench| bench.states(ticket) == ["unknown", "confirmed"]).await;
    assert_eq!(bench.printer.papers().len(), papers + 1);

    // the ticket ends, and nobody needs the paper
    bench.printer.set_after(500, Mood::Unplugged);
    let ticket = bench.issue().await;
    assert_eq!(bench.at_rest(ticket).await, "unknown");
    let command = Command::Leave { ticket, reason: LeaveReason::Answered };
    let ask = nowserving::branch::Ask { command, actor: "customer".into(), request: None };
    bench.branch.ask(ask).await.unwrap();
    bench.until("no doubt", |bench| bench.branch.around().doubts().is_empty()).await;
    bench.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_ends_in_a_ticket_finds_it_in_doubt_and_prints_what_was_queued() {
    let mut bench = Bench::open("epson-tm-t88", 64).await;
    let first = bench.issue().await;
    bench.at_rest(first).await;
    bench.printer.set_after(500, Mood::PaperOut);
    let ticket = bench.issue().await;
    assert_eq!(bench.at_rest(ticket).await, "unknown");
    let queued = bench.issue().await;
    assert_eq!(bench.at_rest(queued).await, "queued");
    let gone = bench.issue().await;
    let command = Command::Leave { ticket: gone, reason: LeaveReason::TooLong };
    let ask = nowserving::branch::Ask { command, actor: "customer".into(), request: None };
    bench.branch.ask(ask).await.unwrap();

    let bench = bench.restart().await;
    bench.until("paper", |bench| bench.states(queued) == ["confirmed"]).await;
    bench.until("an end", |bench| bench.states(gone) == ["unknown"]).await;
    assert_eq!(bench.states(ticket), ["unknown"]);
    let doubts = bench.branch.around().doubts();
    assert_eq!(doubts.iter().map(|(ticket, _)| *ticket).collect::<Vec<_>>(), [ticket], "what was never sent is in no doubt");
    assert_eq!(bench.printer.papers().len(), 1, "the one queued; nobody needs that of the one who left");
    bench.stop().await;
}
