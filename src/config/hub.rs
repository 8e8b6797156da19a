//! The sections that tell the hub how to run. They are read at each start and are not kept in the ledger.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use nowserving_hardware::{Flow, Profile, ProfileError};
use serde::{Deserialize, Deserializer, de};

use super::words::expecting;
use crate::clock::Clock;
use crate::paper::PaperStyle;
use crate::phrase::Words;

/// `[branch]`: what the branch is to the public.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BranchSettings {
    /// Its name on the board, phone and paper: 1 to 60 characters.
    #[serde(deserialize_with = "name")]
    pub name: String,
    /// The address that QR codes carry, without a slash at the end. `None`: the hub derives it from where it listens.
    #[serde(deserialize_with = "public_url")]
    pub public_url: Option<String>,
    /// When the wall clock is believed.
    pub clock: ClockTrust,
    /// What it speaks to customers, the first first: at least one, none twice.
    #[serde(deserialize_with = "languages")]
    pub languages: Vec<Words>,
    /// The store's logo for the screens, a PNG file; a relative path starts at the data folder.
    pub logo: Option<PathBuf>,
    /// The store's own colour, `#rrggbb`: legible under white letters and on the screens' ground.
    #[serde(deserialize_with = "super::screens::accent")]
    pub accent: Option<String>,
}

impl Default for BranchSettings {
    fn default() -> Self {
        Self {
            name: "Service desk".into(),
            public_url: None,
            clock: ClockTrust::Network,
            languages: vec![Words::english()],
            logo: None,
            accent: None,
        }
    }
}

/// When the machine's wall clock is believed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ClockTrust {
    /// When the system says that it was set from the network.
    #[default]
    Network,
    /// Always: the machine has a battery clock, or staff set it.
    Vouched,
}

impl ClockTrust {
    /// The machine's clock, believed accordingly.
    #[must_use]
    pub fn clock(self) -> Clock {
        Clock::System { vouched: self == Self::Vouched }
    }
}

/// `[phone]`: what phones may do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PhoneSettings {
    /// Whether a phone can take a number.
    pub take: PhoneTake,
}

/// Whether a phone can take a number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum PhoneTake {
    /// No: phones only follow a ticket that was taken on site.
    #[default]
    Off,
    /// With the code of the day that the board shows: only on site.
    Code,
    /// Without a code, from wherever the page can be reached.
    Open,
}

/// `[web]`: where and for whom the hub answers.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WebSettings {
    /// Where it answers HTTP.
    #[serde(deserialize_with = "address")]
    pub listen: SocketAddr,
    /// Where it answers HTTPS too, if anywhere.
    #[serde(deserialize_with = "some_address")]
    pub listen_tls: Option<SocketAddr>,
    /// Host names it answers to besides its addresses, its own host name and `localhost`: lower case, without a port.
    #[serde(deserialize_with = "hosts")]
    pub allowed_hosts: Vec<String>,
    /// Whether programs on the same machine may issue tickets without a token. Not behind a reverse proxy on this machine:
    /// there every customer looks local.
    pub trust_loopback: bool,
    /// How many connections are open at once; more wait. 16 to 65535.
    #[serde(deserialize_with = "connections")]
    pub max_connections: u32,
    /// How many connections one address may have open at once; more are turned away. 16 to 65535.
    #[serde(deserialize_with = "connections")]
    pub max_connections_per_address: u32,
    /// Addresses without that limit, besides this machine's own: screens on other machines, a proxy.
    #[serde(deserialize_with = "addresses")]
    pub unlimited_addresses: Vec<IpAddr>,
}

impl Default for WebSettings {
    fn default() -> Self {
        Self {
            listen: (Ipv4Addr::UNSPECIFIED, 8080).into(),
            listen_tls: None,
            allowed_hosts: Vec::new(),
            trust_loopback: true,
            max_connections: 2048,
            max_connections_per_address: 1024,
            unlimited_addresses: Vec::new(),
        }
    }
}

/// `[personal]`: how long what customers told the desk is kept.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PersonalSettings {
    /// After how many days names and questions are erased; 0 erases within the hour.
    pub erase_after_days: u32,
    /// After how many days backups in the data folder are removed: they hold what the ledger has erased since. At least 1.
    #[serde(deserialize_with = "days")]
    pub backups_days: u32,
}

impl Default for PersonalSettings {
    fn default() -> Self {
        Self { erase_after_days: 7, backups_days: 7 }
    }
}

/// `[printer]`: where paper tickets come out.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PrinterSettings {
    /// What prints.
    pub kind: PrinterKind,
    /// The paper in it.
    pub width: PaperWidth,
    /// The model: a profile's name, or a file of one's own that ends in `.toml`.
    pub profile: String,
    /// The device of a serial printer, or of a USB printer where there are several.
    pub device: Option<PathBuf>,
    /// The address of a network printer; port 9100 unless it says another.
    #[serde(deserialize_with = "printer_address")]
    pub address: Option<String>,
    /// Bits a second of a serial printer.
    pub baud: Baud,
    /// How a serial printer holds us back.
    pub flow: FlowControl,
    /// Dots in a row, where the profile's are not right: a multiple of 8.
    pub dots: Option<u32>,
    /// Dots to the inch, where the profile's are not right.
    pub dpi: Option<u32>,
}

impl Default for PrinterSettings {
    fn default() -> Self {
        Self {
            kind: PrinterKind::default(),
            width: PaperWidth::default(),
            profile: "generic".into(),
            device: None,
            address: None,
            baud: Baud::default(),
            flow: FlowControl::default(),
            dots: None,
            dpi: None,
        }
    }
}

impl PrinterSettings {
    /// What tickets are typeset for. What settings cannot say (they are checked when they are read) is as the usual head of that
    /// width.
    #[must_use]
    pub fn style(&self) -> PaperStyle {
        self.try_style().unwrap_or(match self.width {
            PaperWidth::Mm58 => PaperStyle::MM58,
            PaperWidth::Mm80 => PaperStyle::MM80,
        })
    }

    fn try_style(&self) -> Result<PaperStyle, String> {
        let profile = Profile::find(&self.profile).map_err(|error| sentence(&told(&error)))?;
        let (dots, word) = match self.width {
            PaperWidth::Mm58 => (profile.dots_58mm, "58mm"),
            PaperWidth::Mm80 => (profile.dots_80mm, "80mm"),
        };
        let none = || {
            format!("A printer of the profile {:?} takes no paper of {word}. Choose another width or profile.", self.profile)
        };
        let dots = self.dots.or(dots).ok_or_else(none)?;
        PaperStyle::new(dots, self.dpi.unwrap_or(profile.dpi)).map_err(|error| sentence(&error.to_string()))
    }

    /// What does not go together, with the key that it is about.
    pub(super) fn problems(&self) -> Vec<(&'static str, String)> {
        let mut found = Vec::new();
        let kind = self.kind;
        if kind == PrinterKind::Serial && self.device.is_none() {
            found.push(("kind", "A serial printer needs `device` too, such as \"/dev/ttyUSB0\".".to_owned()));
        }
        if kind == PrinterKind::Tcp && self.address.is_none() {
            found.push(("kind", "A network printer needs `address` too, such as \"192.168.1.40\".".to_owned()));
        }
        // with "picture" and "none" they may stay, for the day when the printer is back
        if self.device.is_some() && kind == PrinterKind::Tcp {
            found.push(("device", "`device` goes with kind = \"usb\" or \"serial\".".to_owned()));
        }
        if self.address.is_some() && matches!(kind, PrinterKind::Serial | PrinterKind::Usb) {
            found.push(("address", "`address` goes with kind = \"tcp\".".to_owned()));
        }
        if let Err(problem) = self.try_style() {
            let key = match () {
                () if Profile::find(&self.profile).is_err() => "profile",
                () if self.dots.is_some() => "dots",
                () if self.dpi.is_some() => "dpi",
                () => "width",
            };
            found.push((key, problem));
        }
        found
    }
}

/// An error's words as a sentence.
/// What is wrong with a profile; of a file that cannot be read also why, and where one is looked for.
fn told(error: &ProfileError) -> String {
    let ProfileError::Unreadable { path, source } = error else { return error.to_string() };
    let whole = if path.is_relative() { ". Name it from the root: \"/etc/nowserving/my-printer.toml\"" } else { "" };
    format!("{error}: {source}{whole}")
}

fn sentence(error: &str) -> String {
    let error = error.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ");
    let mut letters = error.trim_end_matches('.').chars();
    let first = letters.next().map(|letter| letter.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}

/// What prints tickets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PrinterKind {
    /// Pictures (PNG) in the folder `prints` of the data folder.
    #[default]
    Picture,
    /// Nothing.
    None,
    /// A receipt printer at this machine's USB.
    Usb,
    /// A receipt printer at a serial line.
    Serial,
    /// A receipt printer in the network.
    Tcp,
}

/// Bits a second of a serial line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Baud(pub u32);

impl Default for Baud {
    fn default() -> Self {
        Self(19_200)
    }
}

impl<'de> Deserialize<'de> for Baud {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match u32::deserialize(deserializer)? {
            baud @ (2_400 | 4_800 | 9_600 | 19_200 | 38_400 | 57_600 | 115_200) => Ok(Self(baud)),
            _ => Err(expecting("2400, 4800, 9600, 19200, 38400, 57600 or 115200")),
        }
    }
}

/// How a serial printer holds the sender back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FlowControl {
    /// By its wires: RTS/CTS, or DTR of the printer.
    #[default]
    Hardware,
    /// By XON/XOFF.
    Software,
    /// Not at all.
    None,
}

impl From<FlowControl> for Flow {
    fn from(flow: FlowControl) -> Self {
        match flow {
            FlowControl::Hardware => Self::Hardware,
            FlowControl::Software => Self::Software,
            FlowControl::None => Self::None,
        }
    }
}

/// The width of the paper.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub enum PaperWidth {
    /// 58 mm, 384 dots.
    #[serde(rename = "58mm")]
    Mm58,
    /// 80 mm, 576 dots.
    #[default]
    #[serde(rename = "80mm")]
    Mm80,
}

fn name<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let name = String::deserialize(deserializer)?;
    match name.trim().chars().count() {
        1..=60 => Ok(name.trim().to_owned()),
        _ => Err(expecting("a name of 1 to 60 characters")),
    }
}

fn public_url<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let text = String::deserialize(deserializer)?;
    let uri = text.parse::<axum::http::Uri>().ok();
    let fits = uri
        .is_some_and(|uri| matches!(uri.scheme_str(), Some("http" | "https")) && uri.path() == "/" && uri.query().is_none());
    if !fits {
        return Err(expecting("an address such as \"http://desk.example.com\": http or https, a host, no path"));
    }
    Ok(Some(text.trim_end_matches('/').to_owned()))
}

fn printer_address<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let text = String::deserialize(deserializer)?;
    match is_printer(&text) {
        true => Ok(Some(text)),
        false => Err(expecting(
            "a printer's address such as \"192.168.1.40\", \"printer.local:9100\" or \"[fe80::1]:9100\", \
             with a port from 1 to 65535 or none",
        )),
    }
}

/// Whether `text` is a host, with or without a port.
fn is_printer(text: &str) -> bool {
    let port = |port: &str| port.bytes().all(|b| b.is_ascii_digit()) && port.parse::<u16>().is_ok_and(|port| port != 0);
    // a link-local address may name its interface
    let six = |host: &str| host.split_once('%').map_or(host, |(host, _)| host).parse::<std::net::Ipv6Addr>().is_ok();
    if let Some(rest) = text.strip_prefix('[') {
        return rest
            .split_once(']')
            .is_some_and(|(host, end)| six(host) && (end.is_empty() || end.strip_prefix(':').is_some_and(port)));
    }
    if six(text) {
        return true;
    }
    let (host, ends) = text.split_once(':').map_or((text, true), |(host, end)| (host, port(end)));
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    // four numbers are an address, and nothing but an address ends in a number
    let number = host.rsplit('.').next().is_some_and(|last| last.bytes().all(|b| b.is_ascii_digit()));
    let four = host.parse::<Ipv4Addr>().is_ok();
    ends && host.len() <= 253 && (four || !number && host.trim_end_matches('.').split('.').all(label))
}

fn address<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SocketAddr, D::Error> {
    let expected = "an address and a port, such as \"0.0.0.0:8080\" or \"[::]:8080\"";
    String::deserialize(deserializer)?.parse().map_err(|_| expecting(expected))
}

fn some_address<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<SocketAddr>, D::Error> {
    address(deserializer).map(Some)
}

fn languages<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Words>, D::Error> {
    let mut spoken: Vec<Words> = Vec::new();
    for code in Vec::<String>::deserialize(deserializer)? {
        let Some(words) = Words::of(&code) else {
            let known: Vec<_> = Words::all().map(|words| format!("{:?} ({})", words.code(), words.own_name())).collect();
            return Err(de::Error::custom(format_args!("there is no language {code:?}. Languages: {}", known.join(", "))));
        };
        if spoken.contains(&words) {
            return Err(de::Error::custom(format_args!("{code:?} is there twice")));
        }
        spoken.push(words);
    }
    if spoken.is_empty() { Err(expecting("at least one language, such as [\"en\"]")) } else { Ok(spoken) }
}

fn hosts<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let hosts = Vec::<String>::deserialize(deserializer)?;
    let plain =
        |host: &String| !host.is_empty() && host.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'.');
    match hosts.iter().find(|host| !plain(host)) {
        Some(host) => Err(de::Error::custom(format_args!(
            "{host:?} is not a host name. Allowed: letters, digits, hyphens and dots, no scheme and no port"
        ))),
        None => Ok(hosts.iter().map(|host| host.to_ascii_lowercase()).collect()),
    }
}

fn addresses<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<IpAddr>, D::Error> {
    let expected = "a list of addresses such as [\"192.168.1.20\"]";
    let read = |text: String| text.parse::<IpAddr>().map(|ip| ip.to_canonical()).map_err(|_| expecting(expected));
    Vec::<String>::deserialize(deserializer)?.into_iter().map(read).collect()
}

fn connections<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    match u32::deserialize(deserializer)? {
        count @ 16..=65535 => Ok(count),
        _ => Err(expecting("a whole number from 16 to 65535")),
    }
}

fn days<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    match u32::deserialize(deserializer)? {
        0 => Err(expecting("at least 1 day")),
        days => Ok(days),
    }
}
