//! Who is calling, and what they may do: the one place that checks.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};

use super::{App, Problem, Shared};
use crate::clock::stopwatch;
use crate::ledger::{Accounts, Role, hash_secret, secret_fits};

/// The session cookie's name.
pub(super) const COOKIE: &str = "nowserving";
/// Wrong secrets in a row before a name has to wait.
const FREE_TRIES: u32 = 5;
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
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == COOKIE).map(|(_, value)| value)
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

/// Wrong secrets, by name: they slow whoever guesses, and only for that name.
#[derive(Debug, Default)]
pub struct Attempts(Mutex<HashMap<String, (u32, Instant)>>);

impl Attempts {
    /// How long this name has to wait before the next try; zero: not at all.
    #[must_use]
    pub fn wait(&self, name: &str) -> Duration {
        let attempts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some((wrong, last)) = attempts.get(name) else { return Duration::ZERO };
        let Some(over) = wrong.checked_sub(FREE_TRIES) else { return Duration::ZERO };
        let wait = FIRST_WAIT.saturating_mul(1 << over.min(8)).min(LONGEST_WAIT);
        wait.saturating_sub(stopwatch().saturating_duration_since(*last))
    }

    /// Counts a wrong secret. To be called before a slow check, so that tries that come all at once are counted all at once;
    /// [`Attempts::right`] takes it back.
    pub fn wrong(&self, name: &str) {
        let mut attempts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if attempts.len() >= REMEMBERED && !attempts.contains_key(name) {
            let least = attempts.iter().min_by_key(|(_, (wrong, last))| (*wrong, *last)).map(|(name, _)| name.clone());
            attempts.remove(&least.unwrap_or_default());
        }
        let now = stopwatch();
        let entry = attempts.entry(name.to_owned()).or_insert((0, now));
        let long_ago = now.saturating_duration_since(entry.1) > LONGEST_WAIT;
        *entry = (if long_ago { 1 } else { entry.0.saturating_add(1) }, now);
    }

    /// Forgets the wrong secrets of a name, after a right one.
    pub fn right(&self, name: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(name);
    }
}

/// Logs a person in: the cookie's value.
///
/// # Errors
/// 401 for a wrong name or secret, without saying which; 429 with the seconds to wait after too many.
pub(super) async fn log_in(app: &App, name: &str, secret: &str) -> Result<String, Problem> {
    let wait = app.attempts.wait(name).as_secs_f32().ceil() as u64;
    if wait > 0 {
        let detail = format!("Too many wrong tries for this name. Try again in {wait} seconds.");
        let mut problem = Problem::new(StatusCode::TOO_MANY_REQUESTS, "too-many-tries", detail);
        problem.retry_after_s = Some(wait);
        return Err(problem);
    }
    app.attempts.wrong(name);
    let known = Accounts(&app.accounts()).secret(name)?;
    let hash = known.map(|(_, hash)| hash);
    let fits = blocking(app, secret, move |secret| match hash {
        Some(hash) => secret_fits(secret, &hash),
        // as slow as for a known name
        None => hash_secret(secret).is_err(),
    })
    .await?;
    if !fits {
        return Err(Problem::new(
            StatusCode::UNAUTHORIZED,
            "wrong-secret",
            "That name and PIN do not belong together. Try again.",
        ));
    }
    app.attempts.right(name);
    let now_ms = app.branch.now().wall_ms;
    Ok(Accounts(&app.accounts()).begin_session(name, now_ms)?)
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

    #[test]
    fn a_name_waits_after_five_wrong_secrets_and_no_other_does() {
        let attempts = Attempts::default();
        for _ in 0..4 {
            attempts.wrong("anna");
        }
        assert_eq!(attempts.wait("anna"), Duration::ZERO);
        attempts.wrong("anna");
        let first = attempts.wait("anna");
        assert!(first > Duration::from_secs(10) && first <= FIRST_WAIT, "{first:?}");
        attempts.wrong("anna");
        assert!(attempts.wait("anna") > FIRST_WAIT);
        assert_eq!(attempts.wait("ben"), Duration::ZERO);
        attempts.right("anna");
        assert_eq!(attempts.wait("anna"), Duration::ZERO);
    }
}
