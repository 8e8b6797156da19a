//! A branch with a voice whose engine and player are scripts: every phrase is as long as no other, so the length of what was
//! played tells what was said, and a diary tells when a player began and ended.

use std::path::{Path, PathBuf};
use std::time::Duration;

use nowserving::config::VoiceSettings;
use nowserving::queue::{Command, Lang, Origin, TicketId, TicketKey};
use nowserving::voice::{RATE, Sound, speak};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::kit::Kit;

/// How long a test waits for what must come.
const PATIENCE: Duration = Duration::from_secs(60);
/// Before the words of a call: the chime and a pause, milliseconds.
const CHIME: u64 = 1_000 + 120;
/// Between the two phrases of a call.
const BETWEEN: u64 = 160;
/// What follows everything.
const AFTER: u64 = 350;

pub(crate) struct Hall {
    pub(crate) kit: Kit,
    pub(crate) folder: tempfile::TempDir,
    stop: watch::Sender<bool>,
    task: JoinHandle<anyhow::Result<()>>,
}

/// What a player played.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Played {
    /// Chime and words in one sound, or one after the other.
    Call { number: u32, desk: u32 },
    /// The chime alone.
    Chime,
    /// Words without a chime.
    Words { number: u32, desk: u32 },
    /// A number by itself.
    Phrase(u32),
}

fn script(text: &str) -> Vec<String> {
    ["sh", "-c", text, "script", "{text}"].map(String::from).to_vec()
}

/// The sound of a phrase by its last number: 300 ms and 20 ms for each up to 9 for numbers; 700 ms and 200 ms for each desk.
fn tone(ms: u32) -> Vec<u8> {
    let half = RATE as usize / 400;
    let samples = Sound::silence(ms).samples().len();
    Sound::new((0..samples).map(|n| if (n / half).is_multiple_of(2) { 0.5 } else { -0.5 }).collect()).to_wav()
}

/// An engine that knows the numbers 1 to 9 and the desks 1 to 3, and writes down what it was asked.
pub(crate) fn engine(folder: &Path) -> Vec<String> {
    for n in 1..=9_u32 {
        std::fs::write(folder.join(format!("number{n}")), tone(300 + 20 * n)).unwrap();
        std::fs::write(folder.join(format!("desk{n}")), tone(700 + 200 * n)).unwrap();
    }
    let dir = folder.display();
    script(&format!(
        "echo \"$1\" >> {dir}/asked; n=$(printf %s \"$1\" | tr -cd 0-9); \
         case \"$1\" in *[Dd]esk*|*Schalter*|*Guichet*) cat {dir}/desk$n;; *) [ -e {dir}/number$n ] && cat {dir}/number$n || cat {dir}/number9;; esac"
    ))
}

/// A player that keeps what it plays and its diary. While there is a file `hold` it does not end.
pub(crate) fn player(folder: &Path) -> Vec<String> {
    let dir = folder.display();
    script(&format!(
        "cat > {dir}/coming.$$; echo begin >> {dir}/diary; \
         while [ -e {dir}/hold ]; do sleep 0.01; done; \
         mv {dir}/coming.$$ {dir}/played.$(ls {dir} | grep -c '^played'); echo end >> {dir}/diary"
    ))
}

impl Hall {
    /// Opens a branch with a voice; `change` has the last word on its settings.
    pub(crate) async fn with(change: impl FnOnce(&mut VoiceSettings, &Path)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut settings =
            VoiceSettings { engine: engine(folder.path()), player: player(folder.path()), ..VoiceSettings::default() };
        change(&mut settings, folder.path());
        let kit = Kit::open().await;
        let (stop, stopping) = watch::channel(false);
        let task = tokio::spawn(speak(kit.branch.clone(), settings, &[], stopping));
        Self { kit, folder, stop, task }
    }

    pub(crate) async fn open() -> Self {
        let hall = Self::with(|_, _| {}).await;
        // the first is the moment of silence that tries the player
        hall.until("the player was tried", |hall| hall.diary().len() == 2).await;
        hall
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn hold(&self, on: bool) {
        if on {
            std::fs::write(self.path("hold"), "").unwrap();
        } else {
            std::fs::remove_file(self.path("hold")).unwrap();
        }
    }

    pub(crate) fn diary(&self) -> Vec<String> {
        let text = std::fs::read_to_string(self.path("diary")).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }

    /// What the engine was asked to say.
    pub(crate) fn asked(&self) -> String {
        std::fs::read_to_string(self.path("asked")).unwrap_or_default()
    }

    /// How many sounds have been played to their end, besides the moment of silence.
    pub(crate) fn count(&self) -> usize {
        self.diary().iter().filter(|line| *line == "end").count().saturating_sub(1)
    }

    pub(crate) fn sound(&self, n: usize) -> Sound {
        // 0 is the moment of silence
        Sound::from_wav(&std::fs::read(self.path(&format!("played.{}", n + 1))).unwrap()).unwrap()
    }

    /// Milliseconds of the n-th sound, with what is silent at its end.
    fn ms(&self, n: usize) -> u64 {
        let bytes = std::fs::metadata(self.path(&format!("played.{}", n + 1))).unwrap().len() - 44;
        bytes / 2 * 1000 / u64::from(RATE)
    }

    /// What was played, in order.
    pub(crate) fn played(&self) -> Vec<Played> {
        (0..self.count()).map(|n| understood(self.ms(n))).collect()
    }

    /// What was said in full: where the words were not made before the call, the chime went before them by itself.
    pub(crate) fn said(&self) -> Vec<Played> {
        let mut said = Vec::new();
        for played in self.played() {
            match (said.last().copied(), played) {
                (Some(Played::Chime), Played::Words { number, desk }) => {
                    said.pop();
                    said.push(Played::Call { number, desk });
                }
                (_, played) => said.push(played),
            }
        }
        said.retain(|played| *played != Played::Chime);
        said
    }

    /// Waits until something is so, looking again and again.
    pub(crate) async fn until(&self, what: &str, so: impl Fn(&Self) -> bool) {
        let wait = async {
            while !so(self) {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        if tokio::time::timeout(PATIENCE, wait).await.is_err() {
            panic!("{what}: never; diary {:?}, asked {:?}", self.diary(), self.asked());
        }
    }

    pub(crate) async fn call(&self, desk: &str) {
        // each call has a time of its own
        self.kit.clock.advance(10);
        self.kit.ask(Command::CallNext { desk: desk.into() }).await;
    }

    pub(crate) async fn press(&self, n: u8, language: Option<Lang>) -> TicketId {
        let command = Command::Issue {
            service: "R".into(),
            key: TicketKey::new([n; 16]),
            class: None,
            origin: Origin::Button,
            promise: None,
            language,
            large: false,
        };
        self.kit.ask(command).await.ticket.unwrap()
    }

    /// Whether every line of the diary that begins is followed by its end before another begins.
    pub(crate) fn never_two_at_once(&self) -> bool {
        let begins = |n: usize| if n.is_multiple_of(2) { "begin" } else { "end" };
        self.diary().iter().enumerate().all(|(n, line)| line == begins(n))
    }

    pub(crate) async fn stop(self) {
        self.stop.send_replace(true);
        self.task.await.unwrap().unwrap();
        drop(self.kit.stop().await);
    }
}

fn understood(ms: u64) -> Played {
    let near = |wanted: u64| ms.abs_diff(wanted) <= 4;
    if near(1_000) || near(1_000 + AFTER) {
        return Played::Chime;
    }
    for number in 1..=9_u32 {
        let of_number = u64::from(300 + 20 * number);
        if near(of_number + AFTER) {
            return Played::Phrase(number);
        }
        for desk in 1..=3_u32 {
            let words = of_number + BETWEEN + u64::from(700 + 200 * desk) + AFTER;
            if near(words) {
                return Played::Words { number, desk };
            }
            if near(CHIME + words) {
                return Played::Call { number, desk };
            }
        }
    }
    panic!("{ms} ms is nothing that this engine says")
}
