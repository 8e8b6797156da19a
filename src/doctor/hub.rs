//! The running hub, asked over its own API.

use std::path::Path;
use std::time::Duration;

use serde::Deserialize;

use super::finding::Finding;
use super::place::Place;
use crate::ledger::{FolderLock, Holder};

/// How long the hub or an address may take to answer.
pub(super) const PATIENCE: Duration = Duration::from_secs(4);

/// A hub that holds the data folder.
#[derive(Debug)]
pub struct Running {
    /// Who it is.
    pub holder: Holder,
    /// What it says of itself; a sentence if it does not answer.
    pub health: Result<Health, String>,
    /// What it says of its devices; a sentence if it does not tell.
    pub devices: Result<Devices, String>,
}

/// What `/health` says.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Health {
    /// The hub's version.
    pub version: String,
    /// Events so far.
    pub seq: u64,
}

/// What `/api/devices` says.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Devices {
    /// `none`, `ready` or `stopped`.
    pub paper: String,
    /// Devices that need a person.
    pub troubles: Vec<Trouble>,
    /// The address that QR codes carry.
    pub public_url: String,
    /// When another machine last asked for something, and under which host.
    pub outside: Option<Outside>,
}

/// A device that needs a person.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Trouble {
    /// Which.
    pub device: String,
    /// What is the matter.
    pub what: String,
    /// What to do.
    pub mend: String,
    /// Whether customers feel it now.
    pub urgent: bool,
}

/// Another machine has been heard.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Outside {
    /// When, RFC 3339.
    pub at: String,
    /// What it called the hub.
    pub host: String,
}

/// A client that waits no longer than [`PATIENCE`] and follows no proxy's settings: what is asked is near.
pub(super) fn client() -> Result<reqwest::Client, String> {
    let agent = concat!("nowserving-doctor/", env!("CARGO_PKG_VERSION"));
    let client = reqwest::Client::builder().timeout(PATIENCE).no_proxy().user_agent(agent).build();
    client.map_err(|error| format!("No request can be made: {error}."))
}

/// The innermost cause of an error, which says what happened.
pub(super) fn cause(error: &(dyn std::error::Error + 'static)) -> String {
    let mut cause = error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    cause.to_string()
}

async fn ask<T: for<'de> Deserialize<'de>>(request: reqwest::RequestBuilder) -> Result<T, String> {
    let answer = request.send().await.map_err(|error| format!("It does not answer: {}.", cause(&error)))?;
    let status = answer.status();
    if !status.is_success() {
        return Err(format!("It answers {}.", status.as_u16()));
    }
    let body = answer.bytes().await.map_err(|error| format!("It broke off: {}.", cause(&error)))?;
    serde_json::from_slice(&body).map_err(|_| "Its answer is not one of this version's.".into())
}

/// What answers at an address.
pub(super) async fn health(url: &str) -> Result<Health, String> {
    ask(client()?.get(format!("{url}/health"))).await
}

impl Running {
    /// Whether it has told of a trouble of this device, which is then a finding already.
    pub(super) fn has_told_of(&self, device: &str) -> bool {
        self.devices.as_ref().is_ok_and(|devices| devices.troubles.iter().any(|trouble| trouble.device == device))
    }

    /// Asks the hub that holds `folder`, if one does.
    pub async fn ask(folder: &Path) -> Option<Self> {
        let holder = FolderLock::holder(folder)?;
        let health = health(&holder.address).await;
        let devices = match client() {
            Ok(client) => {
                let request = client.get(format!("{}/api/devices", holder.address));
                // where programs on this machine are not trusted without one, the screens' own token is
                let token = std::fs::read_to_string(folder.join("screens.token")).ok();
                ask(match token {
                    Some(token) => request.bearer_auth(token.trim()),
                    None => request,
                })
                .await
            }
            Err(error) => Err(error),
        };
        Some(Self { holder, health, devices })
    }
}

/// Looks at the hub, and hands on what it says of its devices.
pub(super) fn examine(place: &Place) -> Vec<Finding> {
    let Some(hub) = &place.hub else {
        let what = "No hub runs on this data folder. What it would say of its devices is looked at directly.";
        return vec![Finding::ok("hub", what).fact("running", false)];
    };
    let (pid, address) = (hub.holder.pid, &hub.holder.address);
    let mut found = vec![
        match &hub.health {
            Ok(health) if health.version == env!("CARGO_PKG_VERSION") => {
                Finding::ok("hub", format!("A hub runs as process {pid} and answers at {address}."))
            }
            Ok(health) => {
                let what = format!(
                    "The hub that runs is version {}, this program is {}.",
                    health.version,
                    env!("CARGO_PKG_VERSION")
                );
                Finding::warn("hub", what, "Restart the hub at a quiet moment: sudo systemctl restart nowserving")
            }
            Err(why) => {
                let what = format!("Process {pid} holds the data folder and should answer at {address}. {why}");
                Finding::fail(
                    "hub",
                    what,
                    "Look at its log (journalctl -u nowserving -n 50), then restart it: sudo systemctl restart nowserving",
                )
            }
        }
        .fact("running", true),
    ];
    match &hub.devices {
        Ok(devices) => found.extend(devices.troubles.iter().map(|trouble| {
            // a printer from which no paper is expected is felt, however small its trouble
            let stopped = trouble.device == "printer" && devices.paper == "stopped";
            let make = if trouble.urgent || stopped { Finding::fail } else { Finding::warn };
            // a lamp has the same name as where it is looked at without a hub
            let part = trouble.device.replacen("lamp of button ", "lamp ", 1);
            make(part, trouble.what.clone(), trouble.mend.clone()).fact("from", "hub")
        })),
        Err(why) if hub.health.is_ok() => {
            let mend = "Run it as the hub's user, who may read its token: sudo -u nowserving nowserving doctor";
            found.push(Finding::warn("devices", format!("The hub does not tell how its devices are. {why}"), mend));
        }
        Err(_) => {}
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{PrinterKind, Settings};
    use crate::doctor::Verdict::{Fail, Ok as Well, Warn};

    fn place(health: Result<Health, String>, devices: Result<Devices, String>) -> Place {
        let holder = Holder { pid: 7, address: "http://127.0.0.1:8080".into(), folder: "/data".into() };
        let hub = Some(Running { holder, health, devices });
        Place { root: "/".into(), folder: "/data".into(), settings: Settings::default(), file: None, hub }
    }

    fn health(version: &str) -> Result<Health, String> {
        Ok(Health { version: version.into(), seq: 1 })
    }

    #[test]
    fn what_the_hub_says_of_its_devices_is_handed_on() {
        let trouble =
            |device: &str, urgent| Trouble { device: device.into(), what: "It is.".into(), mend: "Do it.".into(), urgent };
        let troubles = vec![trouble("printer", true), trouble("lamp of button A", false)];
        let devices = Devices { paper: "stopped".into(), troubles, public_url: "http://192.168.1.5".into(), outside: None };
        let found = examine(&place(health(env!("CARGO_PKG_VERSION")), Ok(devices)));
        let told: Vec<_> = found.iter().map(|finding| (finding.part.as_str(), finding.verdict)).collect();
        assert_eq!(told, [("hub", Well), ("printer", Fail), ("lamp A", Warn)]);
        assert_eq!(found[1].mend.as_deref(), Some("Do it."));
    }

    #[tokio::test]
    async fn the_trouble_of_a_device_that_a_hub_holds_is_told_once() {
        let trouble =
            |device: &str| Trouble { device: device.into(), what: "It is so.".into(), mend: "Do it.".into(), urgent: true };
        for kind in [PrinterKind::Usb, PrinterKind::None] {
            let devices = Devices {
                paper: "stopped".into(),
                troubles: vec![trouble("printer"), trouble("voice")],
                public_url: "http://127.0.0.1:1".into(),
                outside: None,
            };
            let mut place = place(health(env!("CARGO_PKG_VERSION")), Ok(devices));
            let root = tempfile::tempdir().unwrap();
            place.root = root.path().into();
            place.folder = root.path().into();
            place.settings.printer.kind = kind;
            let report = crate::doctor::examine(&place, crate::doctor::Wishes::default(), 0, &mut |_| ()).await;
            let mut parts: Vec<_> = report.findings.iter().map(|finding| finding.part.as_str()).collect();
            assert_eq!(parts.iter().filter(|part| **part == "printer").count(), 1, "{parts:?}");
            parts.sort_unstable();
            let all = parts.len();
            parts.dedup();
            assert_eq!(parts.len(), all, "a part has two findings: {report:#?}");
        }
    }

    #[test]
    fn a_hub_that_is_silent_old_or_tells_nothing_is_told() {
        let told =
            |health, devices| examine(&place(health, devices)).iter().map(|finding| finding.verdict).collect::<Vec<_>>();
        let silent = "It does not answer.".to_owned();
        assert_eq!(told(Err(silent.clone()), Err(silent)), [Fail]);
        assert_eq!(told(health("0.0.1"), Err("It answers 401.".into())), [Warn, Warn]);
    }
}
