//! Drives the queue and the model together, as the branch drives the queue, and compares after every operation.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use nowserving::queue::{
    Command, Event, Frame, Moment, Number, Queue, Recorded, Refusal, ServiceId, TicketId, View, VoucherCode, WaitRow,
};

use crate::clock::{Clock, Tick};
use crate::coverage::{self, Coverage};
use crate::reference::Model;
use crate::step::Step;
use crate::{asked, observe, undo};

pub(crate) type Outcome = Result<(), String>;

/// How often the branch may have something to do by itself after one step of the clock.
const MOST_DUE: usize = 1000;

pub(crate) struct Runner<'c> {
    pub(crate) queue: Queue,
    pub(crate) model: Model,
    pub(crate) clock: Clock,
    pub(crate) coverage: &'c mut Coverage,
    pub(crate) recorded: Vec<Recorded>,
    /// A client that got one whole view and then frames.
    client: View,
    /// A stored state, and how many events were in it.
    snapshot: Option<(usize, String)>,
    snapshot_after: usize,
    /// Every number ever given, by business date.
    given: BTreeMap<NaiveDate, BTreeSet<Number>>,
    newest_date: Option<NaiveDate>,
    pub(crate) operations: u64,
}

impl<'c> Runner<'c> {
    pub(crate) fn new(coverage: &'c mut Coverage, snapshot_after: usize) -> Self {
        Self {
            queue: Queue::default(),
            model: Model::default(),
            clock: Clock::new(),
            coverage,
            recorded: Vec::new(),
            client: View::default(),
            snapshot: None,
            snapshot_after,
            given: BTreeMap::new(),
            newest_date: None,
            operations: 0,
        }
    }

    /// Sets the branch up.
    pub(crate) fn found(&mut self) -> Outcome {
        for command in asked::founding() {
            self.command(&command)?.map_err(|refusal| format!("founding refused: {refusal}"))?;
        }
        self.go_on()
    }

    pub(crate) fn step(&mut self, step: &Step) -> Outcome {
        match step {
            Step::Tick(tick) => {
                observe::tick(self, tick);
                self.clock.tick(tick);
                self.go_on()
            }
            Step::Row(steps) => steps.iter().try_for_each(|step| self.step(step)),
            Step::Slip(ask, ms) => {
                let command = asked::command(ask, &self.model, &self.clock.now);
                let _: Result<_, Refusal> = self.command(&command)?;
                self.clock.tick(&Tick::Pass(*ms));
                self.go_on()?;
                let Some(desk) = command.desk().cloned() else { return Ok(()) };
                let _: Result<_, Refusal> = self.command(&Command::Undo { desk })?;
                Ok(())
            }
            Step::Ask { ms, early, ask } => {
                self.clock.tick(&Tick::Pass(*ms));
                if !early {
                    self.go_on()?;
                }
                let command = asked::command(ask, &self.model, &self.clock.now);
                let _: Result<_, Refusal> = self.command(&command)?;
                self.go_on()
            }
        }
    }

    /// What the branch does by itself.
    pub(crate) fn go_on(&mut self) -> Outcome {
        let now = self.clock.now;
        let mut done = 0;
        while let Some(command) = self.queue.due(&now).map(|command| self.drawn(command)) {
            done += 1;
            if done > MOST_DUE {
                return Err(format!("the branch never comes to rest: {command:?}"));
            }
            self.model.may_by_itself(&command, &now)?;
            observe::by_itself(self, &command);
            self.command(&command)?.map_err(|refusal| format!("due but refused: {command:?}: {refusal}"))?;
        }
        observe::at_rest(self);
        self.model.must_be_done(&now)
    }

    /// A command that is due, with what the branch draws for it.
    fn drawn(&self, command: Command) -> Command {
        match command {
            Command::GiveCourtesy { ticket, .. } => {
                let n = self.operations.to_be_bytes();
                Command::GiveCourtesy { ticket, code: VoucherCode::new([n[3], n[4], n[5], n[6], n[7]]) }
            }
            command => command,
        }
    }

    /// One command: the queue and the model must agree on everything.
    pub(crate) fn command(&mut self, command: &Command) -> Result<Result<Vec<Event>, Refusal>, String> {
        self.operations += 1;
        let at = self.clock.now;
        let before = self.queue.clone();
        let decision = self.queue.decide(command, &at);
        if self.queue.decide(command, &at) != decision || self.queue != before {
            return Err(format!("decide is not pure: {command:?}"));
        }
        observe::before(self, command, &decision);
        let events = decision.as_deref().unwrap_or_default();
        let model = self.model.act(command, &at, events);
        let code = decision.as_ref().map(|_| ()).map_err(Refusal::code);
        if code != model {
            return Err(format!("{command:?} at {at:?}: the queue says {decision:?}, the model {model:?}"));
        }
        self.coverage.reach(&match code {
            Ok(()) => format!("accepted {}", coverage::name(command)),
            Err(code) => format!("refused {code}"),
        });
        if events.is_empty() {
            // the state is what it was, as compared above
            return Ok(decision);
        }
        let touched = self.record(command, &at, events);
        self.model.check(&self.queue).map_err(|why| format!("after {command:?}: {why}"))?;
        self.queue.verify_invariants()?;
        self.numbers(events)?;
        self.view(events, touched)?;
        if matches!(command, Command::Undo { .. }) && decision.is_ok() {
            undo::restored(&self.recorded, &before, &self.queue, command)?;
        }
        observe::after(self, &before, &decision)?;
        Ok(decision)
    }

    /// Puts events in their envelopes as the branch does, and applies them. Returns the tickets they are about.
    fn record(&mut self, command: &Command, at: &Moment, events: &[Event]) -> Vec<TicketId> {
        let first = self.queue.seq() + 1;
        for event in events {
            let seq = self.queue.seq() + 1;
            let recorded = Recorded { seq, first, at: *at, desk: command.desk().cloned(), event: event.clone() };
            self.queue.apply(&recorded);
            self.recorded.push(recorded);
            assert_eq!(self.queue.seq(), seq);
        }
        if self.snapshot.is_none() && self.recorded.len() >= self.snapshot_after {
            self.snapshot = Some((self.recorded.len(), serde_json::to_string(&self.queue).unwrap()));
        }
        events.iter().filter_map(Event::ticket).collect()
    }

    /// No number is given twice in a business day, and the date never goes back but where staff put it right: then the numbers
    /// go on, as if they had been given under the earlier date.
    fn numbers(&mut self, events: &[Event]) -> Outcome {
        let date = self.queue.day().map(|day| day.date);
        if let (Some(wrong), Some(date), [Event::DayOpened { continues: true, .. }]) = (self.newest_date, date, events)
            && date < wrong
        {
            let goes_on = self.given.remove(&wrong).unwrap_or_default();
            self.given = BTreeMap::from([(date, goes_on)]);
            self.newest_date = Some(date);
        }
        if date < self.newest_date {
            return Err(format!("the business date went back from {:?} to {date:?}", self.newest_date));
        }
        self.newest_date = date;
        for event in events {
            let Event::Issued { number, .. } = event else { continue };
            let date = date.ok_or("a number without a day")?;
            if !self.given.entry(date).or_default().insert(number.clone()) {
                return Err(format!("{number} was given twice on {date}"));
            }
        }
        Ok(())
    }

    /// What a client makes of its frames is the view.
    fn view(&mut self, events: &[Event], touched: Vec<TicketId>) -> Outcome {
        let at = self.clock.now;
        let waits = waits(&self.queue);
        let now = View::of(&self.queue, "The shop", waits.clone(), &at);
        let frame = if events.iter().any(Event::changes_whole_view) {
            Frame::whole(now.clone())
        } else {
            self.client.frame_to(&self.queue, waits, &at, touched)
        };
        let sent = serde_json::to_string(&frame).map_err(|error| error.to_string())?;
        let got: Frame = serde_json::from_str(&sent).map_err(|error| format!("{error} in {sent}"))?;
        if got != frame {
            return Err(format!("a frame does not survive JSON: {sent}"));
        }
        self.client.apply(got);
        if self.client != now {
            return Err(format!("the client sees {:?}\nthe view is {now:?}", self.client));
        }
        for number in now.line.keys() {
            let ahead = self.queue.by_number(number).and_then(|ticket| self.queue.ahead(ticket));
            if now.ahead(number) != ahead {
                return Err(format!("{number}: {:?} ahead in the view, {ahead:?} in the queue", now.ahead(number)));
            }
        }
        Ok(())
    }

    /// At the end of a run: replay from nothing and from a stored state gives the same state.
    pub(crate) fn replay(&self) -> Outcome {
        let mut again = Queue::default();
        for (i, recorded) in self.recorded.iter().enumerate() {
            let stored = serde_json::to_string(recorded).map_err(|error| error.to_string())?;
            let read: Recorded = serde_json::from_str(&stored).map_err(|error| format!("{error} in {stored}"))?;
            if read != *recorded || read.seq != i as u64 + 1 {
                return Err(format!("an event does not survive the ledger: {stored}"));
            }
            again.apply(&read);
        }
        if again != self.queue {
            return Err("replay from nothing gives another state".into());
        }
        let Some((events, stored)) = &self.snapshot else { return Ok(()) };
        let mut again = serde_json::from_str::<Queue>(stored).map_err(|error| error.to_string())?.indexed();
        for recorded in &self.recorded[*events..] {
            again.apply(recorded);
        }
        if again != self.queue { Err("replay from a snapshot gives another state".into()) } else { Ok(()) }
    }
}

/// Rows as an estimator might give them.
fn waits(queue: &Queue) -> BTreeMap<ServiceId, WaitRow> {
    let row = |id: &ServiceId| WaitRow { waiting: u32::try_from(queue.waiting(id)).unwrap(), ..WaitRow::default() };
    queue.services().map(|state| (state.service.id.clone(), row(&state.service.id))).collect()
}
