//! The customers of a simulated day: what each will do, drawn before they come.

use rand::RngExt;
use rand_distr::{Distribution, LogNormal};
use rand_pcg::Pcg64;

use super::{MINUTE, Ms, SECOND};
use crate::ledger::Personal;
use crate::queue::{CallReason, ClassId, LeaveReason, Origin, Outcome, ServiceId, TicketKey};

/// What kind of customer somebody is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Presses the button, waits, is served.
    Ordinary,
    /// Gives up when it takes too long.
    Tired,
    /// Has no time: comes at once or goes.
    Hurried,
    /// With a pram or a stick: has priority and walks slowly.
    Pram,
    /// Follows on the phone, from outside: lets others pass, writes a question, may miss the call.
    Phone,
    /// Reads the answers on the wall, and may need no desk any more.
    Reader,
    /// Comes at an agreed time and is called by name.
    Appointment,
    /// Joined in from outside the simulation.
    Stranger,
}

/// What a waiting customer does by themselves.
#[derive(Clone, Debug, PartialEq)]
pub enum Wish {
    /// Gives up the place.
    Leave(LeaveReason),
    /// Lets others pass.
    LetPass,
    /// Tells the desk something.
    Tell(Personal),
    /// Gets a clerk to call them by name.
    ByName(CallReason),
    /// Stands in the wrong line, and a clerk notices.
    Redirect(ServiceId),
}

/// Whether a called customer comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comes {
    /// At the first call.
    AtCall,
    /// Only when called again.
    AtRecall,
    /// Just after the clerk has pressed "no-show".
    JustTooLate,
    /// That long after the no-show, milliseconds.
    Back(Ms),
    /// Never.
    Never,
    /// Says on the phone that it is not needed any more.
    Declines,
}

/// How the first part of a visit ends.
#[derive(Clone, Debug, PartialEq)]
pub enum Ending {
    /// The clerk says so, with an outcome or the desk's default.
    Finish(Option<Outcome>),
    /// The clerk just calls the next.
    NextKey,
    /// The customer fetches something meanwhile.
    Park {
        /// Back after this, milliseconds.
        away: Ms,
        /// And then this long at the desk, milliseconds.
        rest: Ms,
    },
    /// It goes on at another service.
    Transfer {
        /// Which.
        to: ServiceId,
        /// How long there, milliseconds.
        rest: Ms,
    },
}

/// One customer, as drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Customer {
    /// When, since midnight.
    pub arrives: Ms,
    /// What kind.
    pub kind: Kind,
    /// What for.
    pub service: ServiceId,
    /// The key of the ticket.
    pub key: TicketKey,
    /// The key of a second ticket, for who comes back after the place is gone and tries again.
    pub spare: Option<TicketKey>,
    /// The priority class.
    pub class: Option<ClassId>,
    /// Where the number is taken.
    pub origin: Origin,
    /// What is done while waiting, each so long after issue.
    pub wishes: Vec<(Ms, Wish)>,
    /// Whether a call is heard.
    pub comes: Comes,
    /// From call to desk, milliseconds.
    pub walk: Ms,
    /// Whether the clerk forgets to press "start".
    pub unstarted: bool,
    /// At the desk, milliseconds.
    pub visit: Ms,
    /// How that ends.
    pub ending: Ending,
}

/// A log-normal duration by its median in minutes and the spread of its logarithm.
pub(super) fn minutes(rng: &mut Pcg64, median: f64, sigma: f64) -> Ms {
    let drawn = LogNormal::new(median.ln(), sigma).map_or(median, |distribution| distribution.sample(rng));
    // nobody stays at a desk all day
    (drawn.clamp(0.1, 240.0) * MINUTE as f64) as Ms
}

pub(super) fn seconds(rng: &mut Pcg64, from: u64, to: u64) -> Ms {
    rng.random_range(from * SECOND..=to * SECOND)
}

/// The outcome of the first true chance of a list, by weight.
fn pick<T: Clone>(rng: &mut Pcg64, choices: &[(u32, T)], otherwise: T) -> T {
    let total: u32 = choices.iter().map(|(weight, _)| weight).sum();
    let mut left = rng.random_range(0..total.max(1));
    for (weight, choice) in choices {
        if left < *weight {
            return choice.clone();
        }
        left -= weight;
    }
    otherwise
}

const NAMES: [&str; 6] = ["Noor", "Ilse", "Mateo", "Aino", "Tomas", "Wei"];
const QUESTIONS: [&str; 5] = [
    "The zip broke after a week. I have the receipt.",
    "Can I change the size? It was a present.",
    "Two parcels, one is large. Is there a trolley?",
    "I paid by card, but the card is my sister's.",
    "Does the warranty cover the battery?",
];

fn note(rng: &mut Pcg64) -> Personal {
    let name = NAMES.get(rng.random_range(0..NAMES.len())).map(|name| (*name).to_owned());
    let question = QUESTIONS.get(rng.random_range(0..QUESTIONS.len())).map(|question| (*question).to_owned());
    Personal { name: name.filter(|_| rng.random_bool(0.8)), question: question.filter(|_| rng.random_bool(0.8)) }
}

/// How long one visit takes, by service: minutes in the median.
fn typical(service: &ServiceId) -> f64 {
    match service.as_str() {
        "R" => 5.0,
        "P" => 2.8,
        "G" => 5.0,
        _ => 3.6,
    }
}

impl Customer {
    /// Somebody who comes at `arrives`, for one of the three services of the example store.
    pub(super) fn draw(rng: &mut Pcg64, arrives: Ms) -> Self {
        let service = pick(rng, &[(36, "R"), (36, "P"), (28, "Q")], "Q");
        let kinds = [
            (45, Kind::Ordinary),
            (13, Kind::Tired),
            (10, Kind::Hurried),
            (7, Kind::Pram),
            (15, Kind::Phone),
            (10, Kind::Reader),
        ];
        let kind = pick(rng, &kinds, Kind::Ordinary);
        Self::of(rng, kind, service.into(), arrives)
    }

    pub(super) fn of(rng: &mut Pcg64, kind: Kind, service: ServiceId, arrives: Ms) -> Self {
        let origins = [(60, Origin::Button), (35, Origin::Kiosk), (5, Origin::Api)];
        let mut customer = Self {
            arrives,
            kind,
            key: TicketKey::new(rng.random()),
            spare: rng.random_bool(0.6).then(|| TicketKey::new(rng.random())),
            class: None,
            origin: pick(rng, &origins, Origin::Button),
            wishes: Vec::new(),
            comes: pick(rng, &[(90, Comes::AtCall), (6, Comes::AtRecall), (1, Comes::JustTooLate)], Comes::Never),
            walk: seconds(rng, 6, 35),
            unstarted: rng.random_bool(0.12),
            visit: minutes(rng, typical(&service), 0.55),
            ending: Ending::Finish(None),
            service,
        };
        if rng.random_bool(0.03) {
            customer.comes = Comes::Never;
        }
        customer.ending = customer.draw_ending(rng);
        customer.become_kind(rng);
        if rng.random_bool(0.015) {
            customer.wishes.push((seconds(rng, 60, 240), Wish::ByName(CallReason::NeedsHelp)));
        } else if rng.random_bool(0.02) {
            let to = if customer.service.as_str() == "Q" { "R" } else { "Q" };
            customer.wishes.push((seconds(rng, 60, 300), Wish::Redirect(to.into())));
        }
        customer
    }

    fn draw_ending(&self, rng: &mut Pcg64) -> Ending {
        let to = if self.service.as_str() == "R" { "Q" } else { "R" };
        let choices = [
            (44, Ending::NextKey),
            (38, Ending::Finish(None)),
            (4, Ending::Finish(Some(Outcome::NotPossible))),
            (5, Ending::Finish(Some(Outcome::Answered))),
            (5, Ending::Park { away: seconds(rng, 120, 600), rest: minutes(rng, 1.5, 0.4) }),
            (4, Ending::Transfer { to: to.into(), rest: minutes(rng, 2.5, 0.5) }),
        ];
        pick(rng, &choices, Ending::NextKey)
    }

    /// What sets a kind apart.
    fn become_kind(&mut self, rng: &mut Pcg64) {
        let gives_up = |rng: &mut Pcg64, median| (minutes(rng, median, 0.4), Wish::Leave(LeaveReason::TooLong));
        match self.kind {
            Kind::Ordinary | Kind::Stranger => self.wishes.push(gives_up(rng, 60.0)),
            Kind::Tired => self.wishes.push(gives_up(rng, 16.0)),
            Kind::Hurried => {
                self.wishes.push(gives_up(rng, 10.0));
                if rng.random_bool(0.2) {
                    self.wishes.push((seconds(rng, 30, 400), Wish::Leave(LeaveReason::ChangedMind)));
                }
                self.walk = seconds(rng, 3, 10);
                self.visit = self.visit * 7 / 10;
            }
            Kind::Pram => {
                self.class = Some("mobility".into());
                self.origin = pick(rng, &[(1, Origin::Kiosk), (1, Origin::Desk)], Origin::Desk);
                self.walk = seconds(rng, 40, 90);
            }
            Kind::Phone => self.become_phone(rng),
            Kind::Reader => {
                self.origin = Origin::Kiosk;
                if rng.random_bool(0.6) {
                    self.wishes.push((seconds(rng, 90, 360), Wish::Leave(LeaveReason::Answered)));
                }
            }
            Kind::Appointment => {
                self.class = Some("appointment".into());
                self.origin = Origin::Kiosk;
                self.wishes.push((seconds(rng, 120, 480), Wish::ByName(CallReason::Appointment)));
            }
        }
    }

    fn become_phone(&mut self, rng: &mut Pcg64) {
        self.origin = Origin::Phone;
        self.walk = seconds(rng, 20, 60);
        for chance in [0.45, 0.25] {
            if rng.random_bool(chance) {
                self.wishes.push((seconds(rng, 60, 600), Wish::LetPass));
            }
        }
        if rng.random_bool(0.5) {
            self.wishes.push((seconds(rng, 15, 90), Wish::Tell(note(rng))));
        }
        // the branch keeps the place for ten minutes: most come back in time
        let back = Comes::Back(seconds(rng, 60, 780));
        let choices = [(70, self.comes), (18, back), (5, Comes::JustTooLate), (7, Comes::Declines)];
        self.comes = pick(rng, &choices, Comes::AtCall);
    }

    /// Somebody who joined in from outside: comes soon and is served in a few minutes.
    pub(super) fn stranger(service: &ServiceId) -> Self {
        Self {
            arrives: 0,
            kind: Kind::Stranger,
            service: service.clone(),
            key: TicketKey::new([0; 16]),
            spare: None,
            class: None,
            origin: Origin::Phone,
            wishes: Vec::new(),
            comes: Comes::AtCall,
            walk: 30 * SECOND,
            unstarted: false,
            visit: 3 * MINUTE,
            ending: Ending::Finish(None),
        }
    }

    /// The same customer with a new number: this time they stay near.
    pub(super) fn again(&self, arrives: Ms) -> Option<Self> {
        let key = self.spare?;
        Some(Self { arrives, key, spare: None, comes: Comes::AtCall, wishes: Vec::new(), ..self.clone() })
    }
}
