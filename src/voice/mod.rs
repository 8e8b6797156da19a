//! The voice: a chime and "Number R 42. Please go to desk 3." in each language, one after another; at the kiosk and the
//! button the number that was drawn and the number now served.
//!
//! A call never waits for it. The voice looks at the published state like any screen (`hear`), decides in a pure core what
//! sounds next (`agenda`), and speaks by programs of their own (`tools`): a speech engine and a player, each with a time
//! limit. What will probably be said is made ahead (`script`, `store`), so that a call sounds at once; where it was not,
//! the chime does, and the words are made meanwhile.
//!
//! What is spoken is not kept in the ledger: a restart speaks nothing again, and staff recall whoever did not hear.

mod agenda;
mod chime;
mod hear;
mod hebrew;
mod script;
mod sound;
mod store;
mod tool;
mod tools;
mod words;

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::broadcast::error::RecvError;
use tokio::sync::watch;
use tokio::task::JoinSet;

pub use agenda::{Agenda, CALL_STALE_MS, Call, Invitation, Utterance, WISH_STALE_MS, WISHES, Wish};
pub use chime::chime;
pub use script::Line;
pub use sound::{LOUDNESS, NoSound, PEAK, RATE, Sound};
pub use store::STORE_BYTES;
pub use tool::ToolError;
pub use tools::{Tools, Uttered};
pub use words::{Language, Phrase, Script};

use crate::branch::{Branch, Trouble};
use crate::clock::stopwatch;
use crate::config::{SPOKEN_OF_BRANCH, VoiceSettings};
use crate::phrase::Words;
use crate::queue::OpenState;
use crate::supervise;

/// The device's name in what staff read.
const DEVICE: &str = "voice";
/// How often engine and player are tried again while something is the matter with them.
const AGAIN: Duration = Duration::from_secs(30);

/// What sounded, or was tried.
enum Sounded {
    Uttered(Uttered),
    Probed(Option<ToolError>),
}

/// The voice of a running branch.
struct Speaker {
    branch: Branch,
    tools: Arc<Tools>,
    usual: Vec<Language>,
    hearing: hear::Hearing,
    agenda: Agenda,
    store: store::Store,
    /// What sounds: never more than one.
    sounding: JoinSet<Sounded>,
    /// What is made ahead: never more than one.
    making: JoinSet<(Line, Result<Sound, ToolError>)>,
    /// The newest notice there was: those up to it are said, or were out before this began.
    noticed: i64,
    engine: Option<String>,
    player: Option<String>,
    begun: Instant,
    /// When engine and player are tried again.
    again: Instant,
    /// Whether something was published since all was ready.
    unprepared: bool,
}

/// The languages of a call whose customer chose none: those of the settings, otherwise the first of the branch's.
#[must_use]
pub fn usual_languages(settings: &VoiceSettings, of_branch: &[Words]) -> Vec<Language> {
    let own = settings.languages.iter().filter_map(|code| Language::of(code)).collect::<Vec<_>>();
    if !own.is_empty() {
        return own;
    }
    let first: Vec<Language> =
        of_branch.iter().filter_map(|words| Language::of(words.code())).take(SPOKEN_OF_BRANCH).collect();
    if first.is_empty() { Language::of("en").into_iter().collect() } else { first }
}

/// Speaks what happens in a branch from now on, until the hub stops. `of_branch` are the branch's languages, the first first.
///
/// # Errors
/// None: whatever is the matter with engine or player is reported to the desks and tried again.
pub fn speak(
    branch: Branch,
    settings: VoiceSettings,
    of_branch: &[Words],
    mut stopping: watch::Receiver<bool>,
) -> impl Future<Output = anyhow::Result<()>> + Send + use<> {
    let mut published = branch.feed().watch();
    let mut sayings = branch.around().sayings();
    let mut speaker = Speaker::new(branch, settings, of_branch);
    async move {
        if !speaker.tools.settings().on {
            supervise::stopped(&mut stopping).await;
            return Ok(());
        }
        speaker.probe();
        loop {
            speaker.go_on();
            let again = speaker.again.saturating_duration_since(stopwatch());
            tokio::select! {
                // an error means that the branch is gone; then the hub stops too
                changed = published.changed() => match changed {
                    Ok(()) => speaker.look(),
                    Err(_) => supervise::stopped(&mut stopping).await,
                },
                saying = sayings.recv() => match saying {
                    Ok(saying) => speaker.agenda.wish(Wish::Saying(saying), speaker.now_ms()),
                    // the oldest are lost to us, and stale by now
                    Err(RecvError::Lagged(_)) => {}
                    Err(RecvError::Closed) => supervise::stopped(&mut stopping).await,
                },
                Some(sounded) = speaker.sounding.join_next() => speaker.sounded(sounded.ok()).await,
                Some(made) = speaker.making.join_next() => speaker.made(made.ok()).await,
                () = tokio::time::sleep(again), if speaker.troubled() => speaker.try_again(),
                () = supervise::stopped(&mut stopping) => {}
            }
            if *stopping.borrow() {
                // what sounds or is made is dropped here, and its programs end with it
                return Ok(());
            }
        }
    }
}

impl Speaker {
    fn new(branch: Branch, settings: VoiceSettings, of_branch: &[Words]) -> Self {
        let usual = usual_languages(&settings, of_branch);
        let hearing = hear::Hearing::new(&branch.live().queue);
        let noticed = branch.feed().with_view(|view| view.notices.iter().map(|row| row.id).max()).unwrap_or_default();
        let now = stopwatch();
        Self {
            branch,
            tools: Arc::new(Tools::new(settings)),
            usual,
            hearing,
            agenda: Agenda::default(),
            store: store::Store::default(),
            sounding: JoinSet::new(),
            making: JoinSet::new(),
            noticed,
            engine: None,
            player: None,
            begun: now,
            again: now,
            unprepared: true,
        }
    }

    fn now_ms(&self) -> u64 {
        u64::try_from(stopwatch().saturating_duration_since(self.begun).as_millis()).unwrap_or(u64::MAX)
    }

    /// Looks at the branch: what was called, taken back and drawn.
    fn look(&mut self) {
        let now = self.now_ms();
        let heard = {
            let live = self.branch.live();
            self.agenda.retain(|call| hear::stands(&live.queue, call));
            self.hearing.look(&live.queue, now)
        };
        for call in heard.calls {
            let left = self.agenda.call(call);
            if !left.is_empty() {
                tracing::info!(calls = left.len(), "so many calls at once: the board's list alone has these");
            }
        }
        if self.tools.settings().drawn {
            heard.drawn.into_iter().for_each(|ticket| self.agenda.wish(Wish::Number(ticket), now));
        }
        self.look_at_notices(now);
        self.unprepared = true;
    }

    /// What people may come to harm by is said, once.
    fn look_at_notices(&mut self, now: u64) {
        let notices = self.branch.feed().with_view(|view| view.notices.clone());
        let new = notices.iter().filter(|row| row.id > self.noticed && row.level >= 2 && row.service.is_none());
        new.for_each(|row| self.agenda.wish(Wish::Notice(row.id), now));
        self.noticed = notices.iter().map(|row| row.id).fold(self.noticed, i64::max);
    }

    /// Lets sound what is due, and has what comes next made meanwhile.
    fn go_on(&mut self) {
        if self.sounding.is_empty() {
            self.sound_next();
        }
        if self.making.is_empty() && self.unprepared && self.engine.is_none() {
            let ahead = script::ahead(&self.branch.live().queue, &self.usual, self.tools.settings().drawn);
            match self.store.first_missing(ahead) {
                Some(line) => self.make(line),
                None => self.unprepared = false,
            }
        }
    }

    fn make(&mut self, line: Line) {
        let tools = self.tools.clone();
        self.making.spawn(async move {
            let made = tools.make(&line).await;
            (line, made)
        });
    }

    fn sound_next(&mut self) {
        let now = self.now_ms();
        let notices = self.branch.feed().with_view(|view| view.notices.clone());
        let (utterance, lines, percent) = {
            let live = self.branch.live();
            self.agenda.retain(|call| hear::stands(&live.queue, call));
            let Some(utterance) = self.agenda.next(now) else { return };
            let lines = script::lines(&live.queue, &notices, &utterance, &self.usual);
            (utterance, lines, self.volume(&live.queue))
        };
        let parts = lines.into_iter().map(|line| (line.clone(), self.store.get(&line))).collect();
        let (tools, chime) = (self.tools.clone(), matches!(utterance, Utterance::Call(_)));
        self.sounding.spawn(async move { Sounded::Uttered(tools.utter(chime, parts, percent).await) });
    }

    /// How loud it may be now: quieter out of hours.
    fn volume(&self, queue: &crate::queue::Queue) -> u8 {
        let settings = self.tools.settings();
        let local = self.branch.now().local();
        let closed = matches!(queue.hours().state(local), OpenState::Closed { .. });
        if closed || settings.is_quiet(local.time()) { settings.quiet_volume } else { settings.volume }
    }

    fn probe(&mut self) {
        let tools = self.tools.clone();
        self.sounding.spawn(async move { Sounded::Probed(tools.probe().await.err()) });
    }

    /// `None`: the task broke off, which the log tells.
    async fn sounded(&mut self, sounded: Option<Sounded>) {
        let now = self.now_ms();
        match sounded {
            Some(Sounded::Probed(error)) => self.player = error.map(|error| error.to_string()),
            Some(Sounded::Uttered(uttered)) => {
                self.agenda.ended(now);
                self.player = uttered.player.map(|error| error.to_string());
                if uttered.engine.is_some() || !uttered.made.is_empty() {
                    self.engine = uttered.engine.map(|error| error.to_string());
                }
                uttered.made.into_iter().for_each(|(line, sound)| self.store.put(line, sound));
            }
            None => self.agenda.ended(now),
        }
        self.report().await;
    }

    async fn made(&mut self, made: Option<(Line, Result<Sound, ToolError>)>) {
        let Some((line, made)) = made else { return };
        self.engine = match made {
            Ok(sound) => {
                self.store.put(line, Arc::new(sound));
                None
            }
            Err(error) => Some(error.to_string()),
        };
        self.report().await;
    }

    fn troubled(&self) -> bool {
        (self.engine.is_some() || self.player.is_some()) && self.sounding.is_empty() && self.making.is_empty()
    }

    fn try_again(&mut self) {
        self.again = stopwatch() + AGAIN;
        if self.player.is_some() {
            self.probe();
        }
        if self.engine.is_some() {
            let ahead = script::ahead(&self.branch.live().queue, &self.usual, self.tools.settings().drawn);
            let line = self.store.first_missing(ahead).or_else(|| Some((*self.usual.first()?, Phrase::Nobody)));
            line.into_iter().for_each(|line| self.make(line));
        }
    }

    /// Tells the desks what is the matter, or that nothing is any more.
    async fn report(&mut self) {
        let trouble = trouble(self.engine.as_deref(), self.player.as_deref());
        if let Some(trouble) = &trouble {
            tracing::debug!(%trouble, "voice");
            if self.again < stopwatch() {
                self.again = stopwatch() + AGAIN;
            }
        }
        self.branch.report(DEVICE, trouble).await;
    }
}

/// What staff read. Customers see the board: it can wait for a quiet moment.
fn trouble(engine: Option<&str>, player: Option<&str>) -> Option<Trouble> {
    if let Some(why) = player {
        let mend = "Connect the speaker, or set player in [voice]; a branch without sound says on = false there.";
        return Some(Trouble { what: format!("Calls cannot be heard: {why}."), mend: mend.into(), urgent: false });
    }
    let mend = "Install espeak-ng, or set engine in [voice]; until then a call is the chime alone.";
    engine.map(|why| Trouble { what: format!("Numbers are not spoken: {why}."), mend: mend.into(), urgent: false })
}
