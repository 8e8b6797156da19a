//! The hub: ledger, branch, web and devices of one branch in one process. `run` and `demo` start it.

use std::net::{IpAddr, SocketAddr, UdpSocket};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::Context;
use nowserving_hardware::Printer;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, watch};

use crate::branch::{Branch, Options, apply_seed};
use crate::clock::Clock;
use crate::config::{PrinterKind, ScreenFacts, Settings, read_logo};
use crate::devices::{PaperOptions, Upkeep, keep_lamps, lamps, open_printer, print_jobs, start_buttons};
use crate::ledger::{self, Accounts, FolderLock, Journal};
use crate::queue::Paper;
use crate::supervise::{self, Tasks};
use crate::voice;
use crate::web::{self, App, Limits, Shared, WebOptions};

/// How long tasks may take to end.
const GRACE: Duration = Duration::from_secs(5);

/// What starts a hub.
#[derive(Debug)]
pub struct HubOptions {
    /// The data folder.
    pub folder: PathBuf,
    /// Settings, with what the command line overrides already in them.
    pub settings: Settings,
    /// Where time comes from.
    pub clock: Clock,
    /// Whether letters typed at the terminal press buttons.
    pub keys: bool,
}

/// A running hub.
pub struct Hub {
    /// The branch.
    pub branch: Branch,
    /// Shared state of the web side.
    pub app: Shared,
    /// Where this machine reaches it: `http://127.0.0.1:8080`.
    pub local_url: String,
    /// Where phones reach it.
    pub public_url: String,
    /// Where staff reach it over TLS, if that is on.
    pub tls_url: Option<String>,
    /// The one-time code of the first login, while nobody can log in.
    pub first_code: Option<String>,
    /// A bearer token for screens this process starts.
    pub screen_token: String,
    /// What could not be taken from the settings, a sentence each.
    pub problems: Vec<String>,
    tasks: Tasks,
    stop: watch::Sender<bool>,
    stop_threads: Arc<AtomicBool>,
    writer: std::thread::JoinHandle<()>,
    _lock: FolderLock,
}

impl std::fmt::Debug for Hub {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Hub").field("local_url", &self.local_url).finish_non_exhaustive()
    }
}

/// The address under which other machines reach this one, if it has any. No packet is sent.
fn lan_address() -> Option<IpAddr> {
    let socket = UdpSocket::bind("0.0.0.0:0").ok()?;
    // 192.0.2.1 is for documentation (RFC 5737): the system only says which way it would go
    socket.connect("192.0.2.1:9").ok()?;
    Some(socket.local_addr().ok()?.ip()).filter(|ip| !ip.is_unspecified())
}

/// An address as people and programs can use it.
fn reachable(bound: SocketAddr, from_outside: bool) -> SocketAddr {
    if !bound.ip().is_unspecified() {
        return bound;
    }
    let loopback = IpAddr::from([127, 0, 0, 1]);
    let ip = if from_outside { lan_address().unwrap_or(loopback) } else { loopback };
    SocketAddr::new(ip, bound.port())
}

async fn listen(address: SocketAddr) -> anyhow::Result<TcpListener> {
    use std::io::ErrorKind;
    TcpListener::bind(address).await.map_err(|error| {
        let mend = match error.kind() {
            ErrorKind::AddrInUse => "If another program uses the port, stop it or choose another with --listen ADDR:PORT",
            ErrorKind::PermissionDenied => "Ports below 1024 need rights. Choose another with --listen ADDR:PORT",
            _ => "Choose another address with --listen ADDR:PORT",
        };
        anyhow::Error::new(error).context(format!("Cannot listen on {address}. {mend}"))
    })
}

/// Where this machine and others reach a hub.
fn urls(settings: &Settings, bound: SocketAddr) -> (String, String) {
    let local = format!("http://{}", reachable(bound, false));
    let public = settings.branch.public_url.clone();
    (local, public.unwrap_or_else(|| format!("http://{}", reachable(bound, true))))
}

/// The address that QR codes carry if a hub starts with these settings now.
#[must_use]
pub fn public_url(settings: &Settings) -> String {
    urls(settings, settings.web.listen).1.trim_end_matches('/').to_owned()
}

fn web_options(settings: &Settings, screens: ScreenFacts, public_url: &str, code_seed: String) -> WebOptions {
    WebOptions {
        screens,
        public_url: public_url.trim_end_matches('/').to_owned(),
        take: settings.phone.take,
        trust_loopback: settings.web.trust_loopback,
        allowed_hosts: settings.web.allowed_hosts.clone(),
        erase_after_days: settings.personal.erase_after_days,
        backups_days: settings.personal.backups_days,
        paper: settings.printer.kind != PrinterKind::None,
        languages: settings.branch.languages.clone(),
        paper_style: settings.printer.style(),
        code_seed,
    }
}

/// How screens look; a logo that cannot be used is told and left out.
fn screen_facts(settings: &Settings, folder: &Path, problems: &mut Vec<String>) -> ScreenFacts {
    let logo = settings
        .branch
        .logo
        .as_ref()
        .and_then(|file| read_logo(&folder.join(file)).inspect_err(|problem| problems.push(problem.clone())).ok());
    ScreenFacts::new(&settings.screens, &settings.wifi, settings.branch.accent.clone(), logo.as_deref())
}

fn limits(settings: &Settings) -> Limits {
    Limits {
        connections: settings.web.max_connections as usize,
        per_address: settings.web.max_connections_per_address as usize,
        spared: settings.web.unlimited_addresses.clone(),
        ..Limits::default()
    }
}

impl Hub {
    /// Starts a hub: when this returns, it listens and the day is as the clock says.
    ///
    /// # Errors
    /// What stands in the way, with what to do: the folder is held, the ledger is damaged or newer, the port is in use.
    pub async fn start(options: HubOptions) -> anyhow::Result<Self> {
        let HubOptions { folder, settings, clock, keys } = options;
        let mut lock = FolderLock::take(&folder)?;
        let listener = listen(settings.web.listen).await?;
        let tls_listener = match settings.web.listen_tls {
            Some(address) => Some(listen(address).await?),
            None => None,
        };
        let (local_url, public_url) = urls(&settings, listener.local_addr()?);
        lock.announce(&local_url)?;

        let ledger = ledger::path_in(&folder);
        let printer = open_printer(&settings.printer, &folder)?;
        let (print_sender, print_receiver) = printer.is_some().then(mpsc::unbounded_channel).unzip();
        let branch_options = Options {
            store: settings.branch.name.clone(),
            erase_after_days: settings.personal.erase_after_days,
            printer: print_sender,
        };
        let (branch, writer) = Branch::open(&ledger, clock, branch_options)?;
        let fresh = branch.live().queue.services().next().is_none();
        let mut problems = apply_seed(&branch, &ledger, &settings.seed(fresh)).await?;
        branch.tick().await;

        let accounts = ledger::open(&ledger)?;
        let first_code = first_code(&accounts)?;
        let screen_token = screen_token(&accounts, &folder)?;
        let screens = screen_facts(&settings, &folder, &mut problems);
        let web_options = web_options(&settings, screens, &public_url, code_seed(&accounts)?);
        let (stop, stopping) = watch::channel(false);
        let kept = (accounts, Journal::open(&folder)?);
        let app = App::new(branch.clone(), kept, web_options, stopping.clone());
        app.reload_content().await?;
        let mut tasks = housekeeping(&app, &folder, settings.personal.backups_days);
        let limits = limits(&settings);
        let tls_url = match tls_listener {
            Some(listener) => Some(serve_tls(&mut tasks, listener, &folder, &app, limits.clone(), &stopping)?),
            None => None,
        };
        let router = web::router(app.clone());
        let serving = web::serve(listener, None, router, app.clone(), limits, stopping.clone());
        tasks.start("web", async { Ok(serving.await?) });
        let stop_threads = Arc::new(AtomicBool::new(false));
        let refused = start_buttons(&settings.button, keys, &branch, &stop_threads).await?;
        tasks.start("lamps", keep_lamps(lamps(&settings.button), branch.clone(), refused, stopping.clone()));
        if let Some((printer, jobs)) = printer.zip(print_receiver) {
            let paper = paper_options(&settings, &public_url);
            branch.report_paper(Paper::Ready).await;
            start_printer(&mut tasks, printer, jobs, (&branch, &folder), paper, &stopping)?;
        }
        start_voice(&mut tasks, &settings, &app);
        // the first look at the clock has been taken
        branch.ping().await;
        Ok(Self {
            branch,
            app,
            local_url,
            public_url,
            tls_url,
            first_code,
            screen_token,
            problems,
            tasks,
            stop,
            stop_threads,
            writer,
            _lock: lock,
        })
    }

    /// Waits until a task ends that should not.
    ///
    /// # Errors
    /// Always: which task, and why.
    pub async fn failed(&mut self) -> anyhow::Result<()> {
        self.tasks.first_end().await
    }

    /// Stops: answers what was asked, stores the state, ends every task.
    pub async fn stop(mut self) {
        // receivers that are gone have stopped already
        let _ = self.stop.send(true);
        self.stop_threads.store(true, Ordering::Relaxed);
        self.tasks.all_end(GRACE).await;
        self.branch.stop().await;
        if self.writer.join().is_err() {
            tracing::error!("the ledger's thread broke off");
        }
    }
}

fn paper_options(settings: &Settings, public_url: &str) -> PaperOptions {
    PaperOptions {
        store: settings.branch.name.clone(),
        public_url: public_url.to_owned(),
        words: settings.branch.languages.first().copied().unwrap_or_default(),
        style: settings.printer.style(),
    }
}

/// The tasks that no request asks for.
fn housekeeping(app: &Shared, folder: &Path, backups_days: u32) -> Tasks {
    let (branch, stopping) = (&app.branch, &app.stopping);
    let mut tasks = Tasks::default();
    tasks.start("content", web::keep_content(app.clone()));
    tasks.start("clock", supervise::tick(branch.clone(), stopping.clone()));
    tasks.start("ledger", supervise::writer(branch.clone(), stopping.clone()));
    tasks.start("watchdog", supervise::watchdog(branch.clone(), stopping.clone()));
    let age = Duration::from_secs(u64::from(backups_days) * 86_400);
    tasks.start("backups", supervise::expire_backups(folder.join("backups"), age, stopping.clone()));
    tasks
}

/// The voice hears every call from now on.
fn start_voice(tasks: &mut Tasks, settings: &Settings, app: &Shared) {
    let languages = &settings.branch.languages;
    tasks.start("voice", voice::speak(app.branch.clone(), settings.voice.clone(), languages, app.stopping.clone()));
}

fn serve_tls(
    tasks: &mut Tasks,
    listener: TcpListener,
    folder: &Path,
    app: &Shared,
    limits: Limits,
    stopping: &watch::Receiver<bool>,
) -> anyhow::Result<String> {
    let address = reachable(listener.local_addr()?, true);
    let names = vec![address.ip().to_string(), "localhost".into(), "127.0.0.1".into(), "nowserving.local".into()];
    let (certificate, key) = web::own_certificate(folder, names)?;
    let acceptor = web::acceptor(&certificate, &key)?;
    let serving = web::serve(listener, Some(acceptor), web::router(app.clone()), app.clone(), limits, stopping.clone());
    tasks.start("web over TLS", async { Ok(serving.await?) });
    Ok(format!("https://{address}"))
}

/// A thread owns the printer. Its end is waited for at a stop, so that its last word is written; by itself it ends only if there
/// can be no paper at all, and then the hub goes on without.
fn start_printer(
    tasks: &mut Tasks,
    printer: Box<dyn Printer>,
    jobs: mpsc::UnboundedReceiver<ledger::PrintRow>,
    (branch, folder): (&Branch, &Path),
    paper: PaperOptions,
    stopping: &watch::Receiver<bool>,
) -> anyhow::Result<()> {
    let (ledger, branch, mut stop) = (ledger::path_in(folder), branch.clone(), stopping.clone());
    let (runtime, stopping) = (tokio::runtime::Handle::current(), stopping.clone());
    let (ended, end) = tokio::sync::oneshot::channel::<()>();
    let run = move || {
        let _ended = ended;
        if let Err(error) = print_jobs(jobs, printer, (&branch, &ledger), &paper, Upkeep::new(&runtime, stopping)) {
            tracing::error!(%error, "no paper tickets until the next start");
        }
    };
    std::thread::Builder::new().name("printer".into()).spawn(run)?;
    tasks.start("printer", async move {
        supervise::stopped(&mut stop).await;
        // an error is the end
        let _ = end.await;
        Ok(())
    });
    Ok(())
}

/// While nobody can log in: a fresh one-time code, kept as a hash.
fn first_code(connection: &rusqlite::Connection) -> anyhow::Result<Option<String>> {
    if !Accounts(connection).staff()?.is_empty() {
        ledger::put_setting(connection, web::FIRST_CODE, None)?;
        return Ok(None);
    }
    let (token, _) = ledger::new_token()?;
    // ten characters that nobody mistakes for others
    let code: String = token
        .bytes()
        .filter(u8::is_ascii_alphanumeric)
        .map(|byte| byte.to_ascii_uppercase())
        .map(char::from)
        .filter(|letter| !"01OILU8B5S2Z".contains(*letter))
        .take(10)
        .collect();
    ledger::put_setting(connection, web::FIRST_CODE, Some(&web::code_hash(&code)))?;
    Ok(Some(code))
}

/// The bearer token of this machine's screens, kept in a file that only this user reads: a screen that outlives its hub finds
/// the next one, and a screen that systemd starts can be given the file.
fn screen_token(connection: &rusqlite::Connection, folder: &Path) -> anyhow::Result<String> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    let path = folder.join("screens.token");
    if let Ok(token) = std::fs::read_to_string(&path)
        && Accounts(connection).device(token.trim())?.is_some()
    {
        return Ok(token.trim().to_owned());
    }
    let token = Accounts(connection).enrol("screens of this machine")?;
    let open = std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&path);
    open.and_then(|mut file| file.write_all(token.as_bytes()))
        .with_context(|| format!("Cannot write {}", path.display()))?;
    Ok(token)
}

/// The seed of the code of the day: drawn once.
fn code_seed(connection: &rusqlite::Connection) -> anyhow::Result<String> {
    const NAME: &str = "code_seed";
    if let Some(seed) = ledger::setting(connection, NAME)? {
        return Ok(seed);
    }
    let (seed, _) = ledger::new_token()?;
    ledger::put_setting(connection, NAME, Some(&seed))?;
    Ok(seed)
}
