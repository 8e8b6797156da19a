//! What every request passes: the Host it names, and where it comes from.

use std::net::IpAddr;
use std::sync::PoisonError;

use axum::extract::{Request, State};
use axum::http::uri::Authority;
use axum::http::{StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tower_http::csrf::ProtectionError;

use super::{App, Peer, Problem, Shared};

/// Refuses a request whose `Host` is not one of ours, so that a page of another name cannot be pointed at this address (DNS
/// rebinding). Addresses are ours by being reached; `localhost`, `*.local` and names without a dot cannot be registered.
pub(super) async fn host(State(app): State<Shared>, request: Request, next: Next) -> Response {
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    if let Some(host) = host
        && is_ours(host, &app.options.allowed_hosts, &app.options.public_url)
    {
        if let Some(peer) = request.extensions().get::<Peer>() {
            let relayed = ["forwarded", "x-forwarded-for"].iter().any(|name| request.headers().contains_key(*name));
            app.heard(peer.address.ip(), relayed, host);
        }
        return next.run(request).await;
    }
    let detail = "This branch does not answer to that name. Add it to allowed_hosts in the settings, or use its address.";
    Problem::new(StatusCode::MISDIRECTED_REQUEST, "wrong-host", detail).into_response()
}

/// How often it is written down that another machine asked, milliseconds: for each request would be for nothing.
const HEARD_AGAIN: i64 = 10_000;

impl App {
    /// Remembers that another machine asked for something, itself or through a proxy on this one. Whoever asks the address that
    /// it has itself is this machine.
    fn heard(&self, peer: IpAddr, relayed: bool, host: &str) {
        let peer = peer.to_canonical();
        let name = host.parse::<Authority>().ok();
        let same = name.is_some_and(|name| name.host().trim_matches(['[', ']']).parse() == Ok(peer));
        if (peer.is_loopback() && !relayed) || same {
            return;
        }
        let now = self.branch.now().wall_ms;
        let mut heard = self.counters.outside.lock().unwrap_or_else(PoisonError::into_inner);
        if heard.as_ref().is_none_or(|(at, _)| now.abs_diff(*at) > HEARD_AGAIN.unsigned_abs()) {
            *heard = Some((now, host.to_owned()));
        }
    }
}

fn is_ours(host: &str, allowed: &[String], public_url: &str) -> bool {
    let Ok(uri) = format!("http://{host}/").parse::<Uri>() else { return false };
    let Some(name) = uri.host().map(|name| name.trim_end_matches('.').to_ascii_lowercase()) else { return false };
    let bare = name.trim_start_matches('[').trim_end_matches(']');
    let public = public_url.parse::<Uri>().ok().and_then(|uri| uri.host().map(str::to_ascii_lowercase));
    bare.parse::<IpAddr>().is_ok()
        || !name.contains('.')
        || name.ends_with(".local")
        || public.as_ref() == Some(&name)
        || allowed.iter().any(|ours| ours.eq_ignore_ascii_case(&name))
}

/// Answers a request that another site's page sent.
pub(super) fn cross_site(_: ProtectionError) -> Response {
    let detail = "This request came from another site's page. Open this branch's own page.";
    Problem::new(StatusCode::FORBIDDEN, "cross-site", detail).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_names_are_answered() {
        let ours = |host| is_ours(host, &["desk.example.org".into()], "http://queue.example.org:8080");
        for host in [
            "192.168.1.5:8080",
            "[::1]:8080",
            "localhost",
            "nowserving.local:80",
            "nowserving",
            "DESK.example.org",
            "queue.example.org",
        ] {
            assert!(ours(host), "{host}");
        }
        for host in ["evil.example.com", "example.org", "", "a b", "192.168.1.5.evil.com"] {
            assert!(!ours(host), "{host}");
        }
    }
}
