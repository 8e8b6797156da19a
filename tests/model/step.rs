//! Random operations. A step names services, desks and tickets by their place in a list, so that a shorter list of steps still
//! makes sense: that is what lets proptest shrink a failure.

use nowserving::queue::By;
use proptest::prelude::*;

use crate::clock::{self, MINUTE, Tick};

pub(crate) const SERVICES: [&str; 4] = ["R", "P", "Q", "Z"];
pub(crate) const DESKS: [&str; 4] = ["1", "2", "3", "9"];

/// Which tickets to choose from.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Among {
    Line,
    Missed,
    Parked,
    Called,
    Left,
    All,
}

/// Which one of them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pick(pub Among, pub usize);

/// What is asked of the branch.
#[derive(Clone, Debug)]
pub(crate) enum Ask {
    Issue { service: usize, class: usize, wait: Option<u32>, old_key: bool, language: usize },
    CallNext(usize),
    Call(usize, Pick),
    Recall(usize),
    Start(usize),
    Finish(usize, bool),
    NoShow(usize),
    Requeue(Pick),
    Park(usize),
    Resume(usize, Pick),
    TransferOwn(usize, usize),
    TransferNamed(usize, Pick, usize),
    Leave(Pick),
    TakeBack(Pick),
    Delay(Pick),
    OpenDesk(usize),
    PauseDesk(usize),
    CloseDesk(usize),
    Undo(usize),
    StopIssuing(usize, u8),
    ResumeIssuing(usize),
    OpenDay(By),
    OpenEarlierDay,
    BeginClosing(By),
    CloseDay(By),
    Expire(Pick),
    NoteClock,
    PutService { service: usize, first: u32, count: u32, digits: u8, max: Option<u32> },
    RemoveService(usize),
    PutDesk(usize, u8),
    RemoveDesk(usize),
    PutHours(u8),
    PutRules { ratio: u32, keep: i64, after: u32, passes: u32, requeues: u32, turns: u32, courtesy: u8 },
    GiveCourtesy(Pick),
    Redeem(usize),
}

/// One step of a run.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    Tick(Tick),
    /// After so many milliseconds, this; `early`: before the branch looked what it should do by itself.
    Ask {
        ms: i64,
        early: bool,
        ask: Ask,
    },
    /// This, and so many milliseconds later it is taken back.
    Slip(Ask, i64),
    /// What seldom happens in a row by chance.
    Row(Vec<Step>),
}

fn pick(among: Among) -> impl Strategy<Value = Pick> {
    let anywhere = (0usize..64).prop_map(|nth| Pick(Among::All, nth));
    prop_oneof![9 => (0usize..64).prop_map(move |nth| Pick(among, nth)), 1 => anywhere]
}

fn service() -> impl Strategy<Value = usize> {
    prop_oneof![40 => 0usize..3, 1 => Just(3usize)]
}

fn desk() -> impl Strategy<Value = usize> {
    prop_oneof![60 => 0usize..3, 1 => Just(3usize)]
}

fn by() -> impl Strategy<Value = By> {
    prop_oneof![Just(By::Rule), Just(By::Staff)]
}

fn at_desks() -> impl Strategy<Value = Ask> {
    prop_oneof![
        26 => desk().prop_map(Ask::CallNext),
        4 => (desk(), pick(Among::Line)).prop_map(|(desk, pick)| Ask::Call(desk, pick)),
        3 => desk().prop_map(Ask::Recall),
        8 => desk().prop_map(Ask::Start),
        8 => (desk(), any::<bool>()).prop_map(|(desk, said)| Ask::Finish(desk, said)),
        9 => desk().prop_map(Ask::NoShow),
        4 => desk().prop_map(Ask::Park),
        4 => (desk(), pick(Among::Parked)).prop_map(|(desk, pick)| Ask::Resume(desk, pick)),
        3 => (desk(), service()).prop_map(|(desk, to)| Ask::TransferOwn(desk, to)),
        4 => (desk(), pick(Among::Line), service()).prop_map(|(desk, pick, to)| Ask::TransferNamed(desk, pick, to)),
        9 => desk().prop_map(Ask::OpenDesk),
        1 => desk().prop_map(Ask::PauseDesk),
        1 => desk().prop_map(Ask::CloseDesk),
        6 => desk().prop_map(Ask::Undo),
    ]
}

fn by_customers() -> impl Strategy<Value = Ask> {
    let issue =
        (service(), 0usize..14, proptest::option::weighted(0.3, 0u32..200), proptest::bool::weighted(0.03), 0usize..4);
    let issue =
        issue.prop_map(|(service, class, wait, old_key, language)| Ask::Issue { service, class, wait, old_key, language });
    prop_oneof![
        40 => issue,
        8 => pick(Among::Missed).prop_map(Ask::Requeue),
        3 => pick(Among::All).prop_map(Ask::Leave),
        2 => pick(Among::Left).prop_map(Ask::TakeBack),
        9 => pick(Among::Line).prop_map(Ask::Delay),
    ]
}

fn by_managers() -> impl Strategy<Value = Ask> {
    let put_service = (service(), 1u32..4, 0u32..40, 1u8..4, proptest::option::weighted(0.4, 1u32..6));
    let keep = prop_oneof![3 => Just(10 * MINUTE), 1 => Just(0)];
    let rules = (1u32..4, keep, 1u32..4, 1u32..5, 0u32..3, 0u32..6, 0u8..6);
    prop_oneof![
        1 => (service(), 0u8..4).prop_map(|(service, why)| Ask::StopIssuing(service, why)),
        3 => service().prop_map(Ask::ResumeIssuing),
        4 => by().prop_map(Ask::OpenDay),
        1 => Just(Ask::OpenEarlierDay),
        1 => by().prop_map(Ask::BeginClosing),
        1 => by().prop_map(Ask::CloseDay),
        1 => pick(Among::Missed).prop_map(Ask::Expire),
        1 => Just(Ask::NoteClock),
        2 => put_service
            .prop_map(|(service, first, count, digits, max)| Ask::PutService { service, first, count, digits, max }),
        2 => service().prop_map(Ask::RemoveService),
        2 => (desk(), 0u8..8).prop_map(|(desk, profile)| Ask::PutDesk(desk, profile)),
        1 => desk().prop_map(Ask::RemoveDesk),
        2 => (0u8..6).prop_map(Ask::PutHours),
        5 => rules.prop_map(|(ratio, keep, after, passes, requeues, turns, courtesy)| Ask::PutRules {
            ratio, keep, after, passes, requeues, turns, courtesy
        }),
        1 => pick(Among::All).prop_map(Ask::GiveCourtesy),
        3 => (0usize..9).prop_map(Ask::Redeem),
    ]
}

/// Short stories that a branch knows well and chance does not.
fn row() -> impl Strategy<Value = Step> {
    let ask = |ask| Step::Ask { ms: 1000, early: false, ask };
    let strict = Ask::PutRules { ratio: 2, keep: 10 * MINUTE, after: 2, passes: 3, requeues: 0, turns: 4, courtesy: 0 };
    let reboot = (1000i64..20 * MINUTE, any::<bool>())
        .prop_map(|(off, trusted)| Step::Tick(Tick::Reboot { off, wall: clock::AfterBoot::RanOn, trusted }));
    let mine = Pick(Among::Missed, 0);
    prop_oneof![
        // the rules change while a place is kept
        1 => desk().prop_map(move |n| {
            vec![ask(Ask::CallNext(n)), ask(Ask::NoShow(n)), ask(strict.clone()), ask(Ask::Requeue(mine))]
        }),
        // the power goes while a place is kept
        2 => (desk(), reboot).prop_map(move |(n, reboot)| {
            vec![ask(Ask::CallNext(n)), ask(Ask::NoShow(n)), reboot, ask(Ask::Requeue(mine))]
        }),
        // the place is gone, and the customer is quicker than the branch
        1 => desk().prop_map(move |n| {
            let late = Step::Ask { ms: 11 * MINUTE, early: true, ask: Ask::Requeue(mine) };
            vec![ask(Ask::CallNext(n)), ask(Ask::NoShow(n)), late]
        }),
        // a customer goes before the desk takes the call back
        1 => desk().prop_map(move |n| {
            vec![ask(Ask::CallNext(n)), ask(Ask::Leave(Pick(Among::Called, n))), ask(Ask::Undo(n))]
        }),
        // the customer takes back that they left: at once, later, after another left or let pass
        3 => (0usize..64, 0i64..8, any::<bool>()).prop_map(move |(nth, minutes, after_day)| {
            let back = Step::Ask { ms: minutes * MINUTE, early: false, ask: Ask::TakeBack(Pick(Among::Left, 63)) };
            let day = after_day && minutes == 0;
            let closed = day.then(|| [Ask::CloseDay(By::Staff), Ask::OpenDay(By::Staff)].map(ask));
            let between = [Ask::Delay(Pick(Among::Line, nth)), Ask::Delay(Pick(Among::Line, 0))].map(ask);
            let steps = std::iter::once(ask(Ask::Leave(Pick(Among::Line, nth))));
            steps.chain(between).chain(closed.into_iter().flatten()).chain([back]).collect()
        }),
        // nobody but the staff knows the time
        2 => (4 * clock::HOUR..300 * clock::HOUR).prop_map(move |by| {
            let asks = [Ask::CloseDay(By::Staff), Ask::OpenDay(By::Rule), Ask::OpenDay(By::Staff)];
            let ticks = [Step::Tick(Tick::Trust(false)), Step::Tick(Tick::Jump(by))];
            ticks.into_iter().chain(asks.map(ask)).collect()
        }),
        // the day got a date ahead of the truth, and the clock is put right
        2 => (4 * clock::HOUR..300 * clock::HOUR).prop_map(move |by| {
            let close = || ask(Ask::CloseDay(By::Staff));
            let wrong = [Step::Tick(Tick::Jump(by)), close(), ask(Ask::OpenDay(By::Staff)), close()];
            let right = [Step::Tick(Tick::Truth), ask(Ask::OpenEarlierDay)];
            wrong.into_iter().chain(right).collect()
        }),
        // the clock starts at its beginning, and staff take it for right
        1 => Just(()).prop_map(move |()| {
            let reboot = Tick::Reboot { off: MINUTE, wall: clock::AfterBoot::Epoch, trusted: false };
            vec![ask(Ask::CloseDay(By::Staff)), Step::Tick(reboot), ask(Ask::OpenEarlierDay)]
        }),
        // a service goes when nobody needs it any more, and comes back
        3 => (0usize..3, 1u32..9).prop_map(move |(service, first)| {
            let put = Ask::PutService { service, first, count: 900, digits: 3, max: None };
            [Ask::RemoveService(service), put].map(ask).to_vec()
        }),
        // set aside, then moved or gone on with
        2 => (desk(), desk(), service()).prop_map(move |(n, other, to)| {
            let parked = Pick(Among::Parked, 0);
            let on = if to == 0 { Ask::Resume(other, parked) } else { Ask::TransferNamed(other, parked, to) };
            vec![ask(Ask::CallNext(n)), ask(Ask::Park(n)), ask(Ask::Finish(other, true)), Step::Slip(on, 9000)]
        }),
    ]
    .prop_map(Step::Row)
}

/// Waits longer than promised, with a rule that gives something for it.
fn late() -> impl Strategy<Value = Step> {
    let ask = |ask| Step::Ask { ms: 1000, early: false, ask };
    let rules = move |courtesy| {
        ask(Ask::PutRules { ratio: 2, keep: 10 * MINUTE, after: 2, passes: 3, requeues: 1, turns: 4, courtesy })
    };
    let reboot = any::<bool>()
        .prop_map(|trusted| Step::Tick(Tick::Reboot { off: 2 * MINUTE, wall: clock::AfterBoot::RanOn, trusted }));
    (1u8..6, 0usize..3, 0u32..20, desk(), 0u8..6, reboot).prop_map(move |(rule, service, wait, n, what, reboot)| {
        let issue = || ask(Ask::Issue { service, class: 9, wait: Some(wait), old_key: false, language: 0 });
        let pass = |minutes: u32| Step::Tick(Tick::Pass(i64::from(minutes) * MINUTE + 1));
        let newest = Pick(Among::Line, 63);
        let more = match what {
            // called late, taken back, and called again
            0 => vec![pass(wait), ask(Ask::CallNext(n)), ask(Ask::Undo(n)), ask(Ask::CallNext(n)), ask(Ask::Redeem(0))],
            1 => vec![pass(wait), reboot, pass(6), ask(Ask::Redeem(0)), ask(Ask::Redeem(0))],
            2 => vec![issue(), issue(), ask(Ask::Delay(newest)), pass(wait + 5)],
            3 => vec![ask(Ask::TransferNamed(n, newest, (service + 1) % 3)), pass(wait + 5)],
            4 => vec![pass(wait), ask(Ask::GiveCourtesy(newest)), ask(Ask::Leave(newest))],
            _ => vec![Step::Tick(Tick::Pass(i64::from(wait) * MINUTE - 1000)), ask(Ask::CallNext(n)), pass(30)],
        };
        Step::Row([rules(rule), issue()].into_iter().chain(more).collect())
    })
}

/// Any step; customers and desks do most.
pub(crate) fn step() -> impl Strategy<Value = Step> {
    let early = || proptest::bool::weighted(0.15);
    let ask =
        |ask: BoxedStrategy<Ask>| (clock::passing(), early(), ask).prop_map(|(ms, early, ask)| Step::Ask { ms, early, ask });
    prop_oneof![
        6 => (at_desks(), 0i64..40_000).prop_map(|(ask, ms)| Step::Slip(ask, ms)),
        60 => ask(at_desks().boxed()),
        60 => ask(by_customers().boxed()),
        5 => ask(by_managers().boxed()),
        5 => clock::tick().prop_map(Step::Tick),
        2 => row(),
        2 => late(),
    ]
}
