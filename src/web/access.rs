//! Who is calling, and what they may do: the one place that checks.

use std::collections::{HashMap, HashSet};
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};

use super::{App, Problem, Shared};
use crate::clock::stopwatch;
use crate::ledger::{Accounts, Audit, By, Fault, Role, hash_secret, secret_fits};

/// The session cookie's name.
pub(super) const COOKIE: &str = "nowserving";
/// Wrong secrets in a row from one place before a name has to wait there.
const FREE_TRIES: u32 = 5;
/// Wrong secrets in a row from all places together before a name has to wait wherever it has not come in before.
const FREE_TRIES_IN_ALL: u32 = 50;
/// The first wait; it doubles with every further wrong secret, up to an hour.
const FIRST_WAIT: Duration = Duration::from_secs(15);
/// After so long without another one, wrong secrets are forgotten.
const LONGEST_WAIT: Duration = Duration::from_secs(3600);
/// How many names are remembered; beyond it the one with the fewest wrong secrets is forgotten, the oldest of these.
const REMEMBERED: usize = 1000;

/// The other end of a connection, put into every request by the server.
#[derive(Clone, Copy, Debug)]
pub struct Peer {
    /// Its address.
    pub address: SocketAddr,
    /// Whether the connection is encrypted.
    pub tls: bool,
}

/// Who sent a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Caller {
    /// Anybody: a customer's phone.
    Anyone,
    /// A program on this machine.
    Local,
    /// An enrolled device.
    Device(String),
    /// A person who is logged in.
    Staff(String, Role),
}

impl Caller {
    /// What the ledger writes down.
    #[must_use]
    pub fn actor(&self) -> String {
        match self {
            Self::Anyone => "customer".into(),
            Self::Local => "local".into(),
            Self::Device(name) => format!("device:{name}"),
            Self::Staff(name, _) => format!("staff:{name}"),
        }
    }

    /// Whether this may do what needs `role`. A device may do what a desk may.
    #[must_use]
    pub fn may(&self, role: Role) -> bool {
        match self {
            Self::Anyone | Self::Local => false,
            Self::Device(_) => role <= Role::Desk,
            Self::Staff(_, own) => role <= *own,
        }
    }

    /// Refuses whoever may not do what needs `role`.
    ///
    /// # Errors
    /// 401 for somebody who is not logged in, 403 for a lesser role.
    pub fn require(&self, role: Role) -> Result<(), Problem> {
        if self.may(role) { Ok(()) } else { Err(self.refusal(role)) }
    }

    /// What whoever may not do what needs `role` is told.
    pub(super) fn refusal(&self, role: Role) -> Problem {
        match self {
            Self::Anyone | Self::Local => {
                let detail = "Log in first, or send the bearer token of an enrolled device.";
                Problem::new(StatusCode::UNAUTHORIZED, "log-in", detail)
            }
            Self::Device(_) | Self::Staff(..) => {
                let detail = format!("This needs the role {}. Ask a manager.", role.word());
                Problem::new(StatusCode::FORBIDDEN, "not-allowed", detail)
            }
        }
    }
}

/// The value of the session cookie.
pub(super) fn cookie(headers: &HeaderMap) -> Option<&str> {
    named_cookie(headers, COOKIE)
}

/// The value of a cookie.
pub(super) fn named_cookie<'a>(headers: &'a HeaderMap, wanted: &str) -> Option<&'a str> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == wanted).map(|(_, value)| value)
}

/// The cookie that begins a session, or (empty value) ends it.
pub(super) fn set_cookie(value: &str, tls: bool) -> String {
    let age = if value.is_empty() { "; Max-Age=0" } else { "" };
    let secure = if tls { "; Secure" } else { "" };
    format!("{COOKIE}={value}; Path=/; HttpOnly; SameSite=Strict{secure}{age}")
}

impl FromRequestParts<Shared> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Self, Problem> {
        let headers = &parts.headers;
        if let Some(value) = headers.get(header::AUTHORIZATION) {
            let token = value.to_str().ok().and_then(|value| value.strip_prefix("Bearer ")).map(str::trim);
            let device = match token {
                Some(token) => Accounts(&app.accounts()).device(token)?,
                None => None,
            };
            let detail = "This bearer token is not known. Print one with: nowserving token --device NAME";
            return device.map(Self::Device).ok_or_else(|| Problem::new(StatusCode::UNAUTHORIZED, "bad-token", detail));
        }
        if let Some(token) = cookie(headers)
            && let Some(session) = Accounts(&app.accounts()).session(token, app.branch.now().wall_ms)?
        {
            return Ok(Self::Staff(session.name, session.role));
        }
        let peer = parts.extensions.get::<Peer>().map(|peer| peer.address.ip().to_canonical());
        // a browser names its page, a proxy names whom it speaks for: neither is a program of this machine
        let relayed = ["origin", "sec-fetch-site", "forwarded", "x-forwarded-for", "x-real-ip", "via"];
        let local = app.options.trust_loopback && peer.is_some_and(|ip| ip.is_loopback());
        Ok(if local && relayed.iter().all(|name| !headers.contains_key(*name)) { Self::Local } else { Self::Anyone })
    }
}

/// Wrong secrets, by name and by where they came from: whoever guesses is slowed, and whoever has the name goes on elsewhere.
///
/// Guesses at one name from many addresses are counted together too. They slow every address from which that name has not
/// come in yet since the start; a desk's own device is not among these.
#[derive(Debug, Default)]
pub struct Attempts(Mutex<Book>);

#[derive(Debug, Default)]
struct Book {
    /// By name and network; without one: from everywhere.
    wrong: HashMap<(String, Option<IpAddr>), (u32, Instant)>,
    /// From where a name has come in.
    known: HashSet<(String, IpAddr)>,
}

impl Book {
    fn wait(&self, name: &str, from: Option<IpAddr>, free: u32) -> Duration {
        let Some((wrong, last)) = self.wrong.get(&(name.to_owned(), from)) else { return Duration::ZERO };
        let Some(over) = wrong.checked_sub(free) else { return Duration::ZERO };
        let wait = FIRST_WAIT.saturating_mul(1 << over.min(8)).min(LONGEST_WAIT);
        wait.saturating_sub(stopwatch().saturating_duration_since(*last))
    }

    fn count(&mut self, name: &str, from: Option<IpAddr>) {
        let key = (name.to_owned(), from);
        if self.wrong.len() >= REMEMBERED && !self.wrong.contains_key(&key) {
            let least = self.wrong.iter().min_by_key(|(_, (wrong, last))| (*wrong, *last)).map(|(key, _)| key.clone());
            least.and_then(|key| self.wrong.remove(&key));
        }
        let now = stopwatch();
        let entry = self.wrong.entry(key).or_insert((0, now));
        let long_ago = now.saturating_duration_since(entry.1) > LONGEST_WAIT;
        *entry = (if long_ago { 1 } else { entry.0.saturating_add(1) }, now);
    }
}

/// What counts as one place: an address, or the part of an IPv6 address that a provider gives to one customer.
#[must_use]
pub(super) fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => address.into(),
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).into(),
    }
}

impl Attempts {
    fn book(&self) -> MutexGuard<'_, Book> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How long this name has to wait before the next try from there; zero: not at all.
    #[must_use]
    pub fn wait(&self, name: &str, from: IpAddr) -> Duration {
        let (book, from) = (self.book(), network(from));
        let here = book.wait(name, Some(from), FREE_TRIES);
        let known = book.known.contains(&(name.to_owned(), from));
        if known { here } else { here.max(book.wait(name, None, FREE_TRIES_IN_ALL)) }
    }

    /// Counts a wrong secret. To be called before a slow check, so that tries that come all at once are counted all at once;
    /// [`Attempts::right`] takes it back.
    pub fn wrong(&self, name: &str, from: IpAddr) {
        let mut book = self.book();
        book.count(name, Some(network(from)));
        book.count(name, None);
    }

    /// Forgets the wrong secrets of a name, after a right one.
    pub fn right(&self, name: &str, from: IpAddr) {
        let (mut book, from) = (self.book(), network(from));
        book.wrong.remove(&(name.to_owned(), Some(from)));
        book.wrong.remove(&(name.to_owned(), None));
        if book.known.len() >= REMEMBERED {
            book.known.clear();
        }
        book.known.insert((name.to_owned(), from));
    }

    /// Refuses a try that comes too early: `what` was tried too often.
    ///
    /// # Errors
    /// 429 with the seconds to wait.
    pub(super) fn check(&self, name: &str, from: IpAddr, what: &str, else_: &str) -> Result<(), Problem> {
        let wait = self.wait(name, from).as_secs_f32().ceil() as u64;
        if wait == 0 {
            return Ok(());
        }
        let detail = format!("Too many wrong {what}. Try again in {wait} seconds{else_}.");
        let mut problem = Problem::new(StatusCode::TOO_MANY_REQUESTS, "too-many-tries", detail);
        problem.retry_after_s = Some(wait);
        Err(problem)
    }
}

/// Logs a person in: the cookie's value.
///
/// # Errors
/// 401 for a wrong name or secret, without saying which; 429 with the seconds to wait after too many.
pub(super) async fn log_in(app: &App, from: IpAddr, name: &str, secret: &str) -> Result<String, Problem> {
    app.attempts.check(name, from, "tries for this name", "")?;
    app.attempts.wrong(name, from);
    let known = Accounts(&app.accounts()).secret(name)?;
    let hash = known.map(|(_, hash)| hash);
    let fits = blocking(app, secret, move |secret| match hash {
        Some(hash) => secret_fits(secret, &hash),
        // as slow as for a known name
        None => hash_secret(secret).is_err(),
    })
    .await?;
    let now_ms = app.branch.now().wall_ms;
    if !fits {
        Audit(&app.accounts()).note_failed_login(By { actor: name, wall_ms: now_ms }, &network(from).to_string())?;
        return Err(Problem::new(
            StatusCode::UNAUTHORIZED,
            "wrong-secret",
            "That name and PIN do not belong together. Try again.",
        ));
    }
    app.attempts.right(name, from);
    app.noted(&format!("staff:{name}"), "logged in", &network(from).to_string())?;
    Ok(Accounts(&app.accounts()).begin_session(name, now_ms)?)
}

impl App {
    /// Keeps in mind who did something that no event knows of.
    pub(super) fn noted(&self, actor: &str, action: &str, subject: &str) -> Result<(), Fault> {
        Audit(&self.accounts()).note(By { actor, wall_ms: self.branch.now().wall_ms }, action, subject)
    }
}

/// Does slow work with a secret off the request threads, at most two at once.
pub(super) async fn blocking<T: Send + 'static>(
    app: &App,
    secret: &str,
    work: impl FnOnce(&str) -> T + Send + 'static,
) -> Result<T, Problem> {
    let busy = |_| Problem::new(StatusCode::SERVICE_UNAVAILABLE, "stopping", "The branch is stopping.");
    let _permit = app.hashing.acquire().await.map_err(|_| busy(()))?;
    let secret = secret.to_owned();
    tokio::task::spawn_blocking(move || work(&secret)).await.map_err(|_| busy(()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const DESK: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 168, 1, 20));

    fn stranger(n: u8) -> IpAddr {
        [192, 168, 1, 100 + n].into()
    }

    #[test]
    fn a_name_waits_after_five_wrong_secrets_and_no_other_does() {
        let attempts = Attempts::default();
        for _ in 0..4 {
            attempts.wrong("anna", DESK);
        }
        assert_eq!(attempts.wait("anna", DESK), Duration::ZERO);
        attempts.wrong("anna", DESK);
        let first = attempts.wait("anna", DESK);
        assert!(first > Duration::from_secs(10) && first <= FIRST_WAIT, "{first:?}");
        attempts.wrong("anna", DESK);
        assert!(attempts.wait("anna", DESK) > FIRST_WAIT);
        assert_eq!(attempts.wait("ben", DESK), Duration::ZERO);
        attempts.right("anna", DESK);
        assert_eq!(attempts.wait("anna", DESK), Duration::ZERO);
    }

    #[test]
    fn a_stranger_locks_a_name_out_where_they_are_and_not_at_its_desk() {
        let attempts = Attempts::default();
        attempts.right("anna", DESK);
        for _ in 0..20 {
            attempts.wrong("anna", stranger(0));
        }
        assert!(attempts.wait("anna", stranger(0)) > Duration::ZERO);
        assert_eq!(attempts.wait("anna", DESK), Duration::ZERO);
        assert_eq!(attempts.wait("anna", stranger(1)), Duration::ZERO);
        // many strangers are slowed together, the desk still is not
        for n in 1..40 {
            attempts.wrong("anna", stranger(n));
        }
        assert!(attempts.wait("anna", stranger(99)) > Duration::ZERO);
        assert_eq!(attempts.wait("anna", DESK), Duration::ZERO);
        // a phone that changes its IPv6 address stays where it is
        let v6 = |last| IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 1, 2, 0, 0, 0, last));
        (0..5).for_each(|last| attempts.wrong("ben", v6(last)));
        assert!(attempts.wait("ben", v6(77)) > Duration::ZERO);
    }
}
