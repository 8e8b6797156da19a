//! The address that QR codes carry: does it lead here, and does the hub answer there?
//!
//! From this machine a request to its own address never leaves it, so no answer here proves that a phone gets through. What does is that
//! one has: the hub remembers when another machine last asked for something.

use std::net::{IpAddr, SocketAddr, TcpListener};

use axum::http::Uri;
use chrono::DateTime;

use super::finding::Finding;
use super::hub::{PATIENCE, cause, health};
use super::place::Place;
use crate::hub::public_url;

/// A machine that has not been heard for so long proves nothing of today, milliseconds.
const LONG_AGO: i64 = 24 * 3_600_000;

/// Looks at the address.
pub(super) async fn examine(place: &Place, now_ms: i64) -> Vec<Finding> {
    let told = place.hub.as_ref().and_then(|hub| hub.devices.as_ref().ok());
    let url = told.map_or_else(|| public_url(&place.settings), |devices| devices.public_url.clone());
    let mut found = vec![leads_here(place, &url).await];
    if place.hub.as_ref().is_some_and(|hub| hub.health.is_ok()) {
        found.push(answers(place, &url).await);
    }
    if let Some(devices) = told {
        let heard = devices.outside.as_ref().map(|outside| (outside.at.as_str(), outside.host.as_str()));
        found.push(heard_from_outside(heard, now_ms));
    }
    found
}

fn split(url: &str) -> Option<(bool, String, u16)> {
    let uri: Uri = url.parse().ok()?;
    let tls = uri.scheme_str() == Some("https");
    let port = uri.port_u16().unwrap_or(if tls { 443 } else { 80 });
    Some((tls, uri.host()?.trim_matches(['[', ']']).to_owned(), port))
}

/// Whether this machine has the address: only then can a socket be bound to it.
fn is_here(ip: IpAddr) -> bool {
    TcpListener::bind((ip, 0)).is_ok()
}

async fn addresses(host: &str, port: u16) -> Result<Vec<IpAddr>, String> {
    if let Ok(ip) = host.parse() {
        return Ok(vec![ip]);
    }
    let looked = tokio::time::timeout(PATIENCE, tokio::net::lookup_host((host, port))).await;
    let found = looked.map_err(|_| "the name server does not answer".to_owned())?.map_err(|error| cause(&error))?;
    Ok(found.map(|address: SocketAddr| address.ip().to_canonical()).collect())
}

async fn leads_here(place: &Place, url: &str) -> Finding {
    let set = place.settings.branch.public_url.is_some();
    let change = if set { "Change public_url in [branch]" } else { "Set public_url in [branch]" };
    let Some((_, host, port)) = split(url) else {
        return Finding::fail(
            "address",
            format!("QR codes carry {url}, which is no address."),
            format!("{change}: http://, a host, a port."),
        );
    };
    let finding = match addresses(&host, port).await {
        Err(why) => Finding::fail(
            "address",
            format!("QR codes carry {url}, but the name {host} is not found here: {why}."),
            format!(
                "Enter {host} in the router's or the company's name server, or take public_url out of [branch] so that codes carry the address itself."
            ),
        ),
        Ok(ips) => judge(url, &host, &ips, is_here, change),
    };
    finding.fact("url", url)
}

/// What the addresses of a host are worth to a phone.
fn judge(url: &str, host: &str, ips: &[IpAddr], is_here: impl Fn(IpAddr) -> bool, change: &str) -> Finding {
    let carry = format!("QR codes carry {url}");
    if ips.is_empty() || ips.iter().all(|ip| ip.is_loopback() || ip.is_unspecified()) {
        let mend =
            format!("Connect the network (ip address shows this machine's addresses) and restart the hub, or: {change}.");
        return Finding::fail("address", format!("{carry}, which every phone takes for itself."), mend);
    }
    let link_local = |ip: &IpAddr| matches!(ip, IpAddr::V4(ip) if ip.is_link_local());
    if ips.iter().all(link_local) {
        let mend = "Look at the cable or Wi-Fi and the router's DHCP: the machine has given itself an address that phones do not reach.";
        return Finding::fail("address", format!("{carry}, an address that no router gave."), mend);
    }
    if !ips.iter().any(|ip| is_here(*ip)) {
        let to = ips.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        let mend = format!(
            "Right if a proxy or router there passes it on to this machine. Else: {change}, or give this machine that address."
        );
        return Finding::warn("address", format!("{carry}, which leads to {to}: not to this machine."), mend);
    }
    if host.ends_with(".local") {
        let mend = format!("{change} to the machine's address (fixed in the router) or to a name of the router's.");
        return Finding::warn("address", format!("{carry}. Names in .local are unknown to many phones."), mend);
    }
    let fixed = host.parse::<IpAddr>().is_ok();
    let note = if fixed { " It must not change: fix it in the router (DHCP reservation)." } else { "" };
    Finding::ok("address", format!("{carry}, which leads to this machine.{note}"))
}

async fn answers(place: &Place, url: &str) -> Finding {
    let mend = "Look whether [web] listen is 0.0.0.0 or this address, whether the port is right, and whether a firewall is in the way (sudo nft list ruleset).";
    let Some((true, host, port)) = split(url) else {
        let own = place.hub.as_ref().and_then(|hub| hub.health.as_ref().ok());
        return match health(url).await {
            // another branch's hub would be at another place in its ledger
            Ok(there) if own.is_some_and(|own| there.version == own.version && there.seq.abs_diff(own.seq) < 1000) => {
                Finding::ok("answer", format!("The hub answers at {url}, asked from this machine."))
            }
            Ok(_) => Finding::fail(
                "answer",
                format!("Another hub answers at {url}."),
                "Give each branch its own address: public_url in [branch].",
            ),
            Err(why) => Finding::fail("answer", format!("The hub does not answer at {url}. {why}"), mend),
        };
    };
    let reached = tokio::time::timeout(PATIENCE, tokio::net::TcpStream::connect((host.as_str(), port))).await;
    match reached {
        Ok(Ok(_)) => Finding::ok(
            "answer",
            format!(
                "{host} takes connections on port {port}. What it does with them, and its certificate, were not looked at."
            ),
        ),
        Ok(Err(error)) => Finding::fail("answer", format!("{host} takes no connection on port {port}: {error}."), mend),
        Err(_) => Finding::fail("answer", format!("{host} does not answer on port {port}."), mend),
    }
}

fn heard_from_outside(heard: Option<(&str, &str)>, now_ms: i64) -> Finding {
    let mend = "Open the QR code of a ticket with a phone in the hall's network. If nothing comes: is it the same network, does it keep guests apart (client isolation), is the port open?";
    let Some((at, host)) = heard else {
        let what =
            "No other machine has reached the hub since its start. From here nobody can tell whether phones get through.";
        return Finding::warn("outside", what, mend).fact("heard", false);
    };
    let ago = DateTime::parse_from_rfc3339(at).map_or(0, |at| now_ms - at.timestamp_millis());
    if ago > LONG_AGO {
        let what = format!(
            "Another machine last reached the hub at {at}. From here nobody can tell whether phones get through today."
        );
        return Finding::warn("outside", what, mend).fact("heard", at);
    }
    Finding::ok("outside", format!("Another machine reached the hub at {at}, as {host}.")).fact("heard", at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::Verdict::{Fail, Ok as Well, Warn};

    fn verdict(host: &str, ips: &[&str], here: bool) -> crate::doctor::Verdict {
        let ips: Vec<IpAddr> = ips.iter().map(|ip| ip.parse().unwrap()).collect();
        judge(&format!("http://{host}:8080"), host, &ips, |_| here, "Set public_url").verdict
    }

    #[test]
    fn an_address_is_judged_by_what_a_phone_makes_of_it() {
        assert_eq!(verdict("192.168.1.5", &["192.168.1.5"], true), Well);
        assert_eq!(verdict("desk.example.org", &["203.0.113.9"], false), Warn);
        assert_eq!(verdict("nowserving.local", &["192.168.1.5"], true), Warn);
        for (host, ip) in
            [("127.0.0.1", "127.0.0.1"), ("localhost", "::1"), ("0.0.0.0", "0.0.0.0"), ("169.254.7.7", "169.254.7.7")]
        {
            assert_eq!(verdict(host, &[ip], true), Fail, "{host}");
        }
    }

    #[test]
    fn what_other_machines_did_long_ago_proves_nothing() {
        let now = 1_800_000_000_000;
        let at = |hours: i64| DateTime::from_timestamp_millis(now - hours * 3_600_000).unwrap().to_rfc3339();
        assert_eq!(heard_from_outside(None, now).verdict, Warn);
        assert_eq!(heard_from_outside(Some((&at(2), "192.168.1.5:8080")), now).verdict, Well);
        assert_eq!(heard_from_outside(Some((&at(30), "192.168.1.5:8080")), now).verdict, Warn);
    }
}
