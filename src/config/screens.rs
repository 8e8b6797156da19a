//! The sections that screens need: `[screens]` and `[wifi]`, and the store's own accent. The hub hands them on to every screen.

use serde::{Deserialize, Deserializer, Serialize, de};

use super::words::expecting;

/// `[screens]`: how kiosk, board and desk signs look.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ScreenSettings {
    /// The colours.
    pub look: ScreenLook,
    /// How large texts are wished for, percent: 100 to 200.
    #[serde(deserialize_with = "percent")]
    pub type_percent: u32,
    /// Whether a new call moves once; nothing else moves anyway.
    pub motion: bool,
    /// Whether the board is dark while the branch is closed.
    pub dark_at_night: bool,
    /// One screen for everything: the kiosk is the board while nobody uses it.
    pub one_screen: bool,
    /// The kiosk's size from corner to corner, inches, so that buttons are never smaller than 15 mm. 0: not told.
    #[serde(deserialize_with = "inches")]
    pub kiosk_inches: f64,
    /// The board's size from corner to corner, inches. 0: not told.
    #[serde(deserialize_with = "inches")]
    pub board_inches: f64,
    /// From the board to the farthest who must read it, metres. 0: not told.
    #[serde(deserialize_with = "metres")]
    pub board_metres: f64,
}

impl Default for ScreenSettings {
    fn default() -> Self {
        Self {
            look: ScreenLook::Light,
            type_percent: 100,
            motion: true,
            dark_at_night: true,
            one_screen: false,
            kiosk_inches: 0.0,
            board_inches: 0.0,
            board_metres: 0.0,
        }
    }
}

/// The colours of the screens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ScreenLook {
    /// Dark on light: the most legible in a lit hall.
    #[default]
    Light,
    /// Light on dark: where the hall is dark, or the screen would blind.
    Dark,
    /// Black on white, every text at least 7:1.
    Contrast,
}

/// What the hub tells its screens of all this (`GET /api/code`, in `screens`).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ScreenFacts {
    /// The colours.
    pub look: ScreenLook,
    /// How large texts are wished for, percent; 0: as they are.
    #[serde(default)]
    pub type_percent: u32,
    /// Nothing moves.
    pub still: bool,
    /// Whether the board is dark while the branch is closed.
    pub dark_at_night: bool,
    /// The kiosk is the board while nobody uses it.
    pub one_screen: bool,
    /// The kiosk from corner to corner, inches; 0: not known.
    pub kiosk_inches: f64,
    /// The board from corner to corner, inches; 0: not known.
    pub board_inches: f64,
    /// From the board to the farthest who must read it, metres; 0: not known.
    pub board_metres: f64,
    /// The store's colour, `#rrggbb`.
    pub accent: Option<String>,
    /// The store's logo: a PNG file in base 64.
    pub logo: Option<String>,
    /// What the code that joins the store's Wi-Fi carries.
    pub wifi_code: Option<String>,
    /// That network's name.
    pub wifi_name: Option<String>,
}

impl ScreenFacts {
    /// What the settings say; `logo` is the logo's file, read.
    #[must_use]
    pub fn new(screens: &ScreenSettings, wifi: &WifiSettings, accent: Option<String>, logo: Option<&[u8]>) -> Self {
        let wifi_code = wifi.code();
        Self {
            look: screens.look,
            type_percent: screens.type_percent,
            still: !screens.motion,
            dark_at_night: screens.dark_at_night,
            one_screen: screens.one_screen,
            kiosk_inches: screens.kiosk_inches,
            board_inches: screens.board_inches,
            board_metres: screens.board_metres,
            accent,
            logo: logo.map(|bytes| data_encoding::BASE64.encode(bytes)),
            wifi_name: wifi_code.as_ref().map(|_| wifi.ssid.clone()),
            wifi_code,
        }
    }
}

/// The largest logo, bytes: each screen asks for it anew every few seconds.
pub const LOGO_MOST: usize = 100 * 1024;
/// How every PNG file begins.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

/// Reads a logo's file.
///
/// # Errors
/// A sentence that says what is wrong with it and what would be right.
pub fn read_logo(file: &std::path::Path) -> Result<Vec<u8>, String> {
    let shown = file.display();
    let bytes = std::fs::read(file).map_err(|error| format!("The logo {shown} cannot be read: {error}."))?;
    if !bytes.starts_with(PNG) {
        return Err(format!("The logo {shown} is no PNG file. Save it as PNG."));
    }
    if bytes.len() > LOGO_MOST {
        return Err(format!("The logo {shown} is larger than 100 KiB. A logo 200 pixels high is sharp enough."));
    }
    Ok(bytes)
}

/// `[wifi]`: the store's Wi-Fi, for the code on the board that joins it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WifiSettings {
    /// The network's name, 1 to 32 bytes; empty: the board shows no code.
    #[serde(deserialize_with = "ssid")]
    pub ssid: String,
    /// Its password.
    pub password: String,
    /// How it is secured.
    pub security: WifiSecurity,
}

/// How a Wi-Fi is secured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum WifiSecurity {
    /// WPA to WPA3, with a password.
    #[default]
    Wpa,
    /// WEP, with a password.
    Wep,
    /// Open to everyone.
    None,
}

impl WifiSettings {
    /// What the QR code carries: <https://github.com/zxing/zxing/wiki/Barcode-Contents#wi-fi-network-config-android-ios-11>.
    #[must_use]
    pub fn code(&self) -> Option<String> {
        if self.ssid.is_empty() {
            return None;
        }
        let ssid = escaped(&self.ssid);
        Some(match self.security {
            WifiSecurity::None => format!("WIFI:T:nopass;S:{ssid};;"),
            WifiSecurity::Wpa => format!("WIFI:T:WPA;S:{ssid};P:{};;", escaped(&self.password)),
            WifiSecurity::Wep => format!("WIFI:T:WEP;S:{ssid};P:{};;", escaped(&self.password)),
        })
    }

    /// What is missing or too much, and in which key.
    pub(super) fn problem(&self) -> Option<(&'static str, &'static str)> {
        let length = self.password.chars().count();
        match self.security {
            _ if self.ssid.is_empty() && !self.password.is_empty() => {
                Some(("ssid", "A password without a network joins none: give the network's name, ssid."))
            }
            _ if self.ssid.is_empty() => None,
            WifiSecurity::None if length > 0 => {
                Some(("password", "A network with security = \"none\" has no password: take it out."))
            }
            WifiSecurity::Wpa if !(8..=63).contains(&length) => {
                Some(("password", "A WPA password has 8 to 63 characters. An open network has security = \"none\"."))
            }
            WifiSecurity::Wep if length == 0 => Some(("password", "A network with security = \"wep\" has a password.")),
            _ => None,
        }
    }
}

fn escaped(text: &str) -> String {
    text.chars().fold(String::new(), |mut all, c| {
        if matches!(c, '\\' | ';' | ',' | ':' | '"') {
            all.push('\\');
        }
        all.push(c);
        all
    })
}

fn ssid<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let name = String::deserialize(deserializer)?;
    if name.len() <= 32 { Ok(name) } else { Err(expecting("a network's name of at most 32 bytes")) }
}

fn inches<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    let inches = f64::deserialize(deserializer)?;
    if inches == 0.0 || (3.0..=200.0).contains(&inches) { Ok(inches) } else { Err(expecting("inches, from 3 to 200")) }
}

fn percent<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    let percent = u32::deserialize(deserializer)?;
    if (100..=200).contains(&percent) { Ok(percent) } else { Err(expecting("percent, from 100 to 200")) }
}

fn metres<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    let metres = f64::deserialize(deserializer)?;
    if (0.0..=100.0).contains(&metres) { Ok(metres) } else { Err(expecting("metres, from 0 to 100")) }
}

/// The grounds of the tokens, light and white, that a store's accent stands on or carries.
const GROUNDS: [(&str, [u8; 3]); 2] = [("white", [0xFF, 0xFF, 0xFF]), ("the screens' ground", [0xFA, 0xF8, 0xF3])];
/// The least contrast of text with its ground: WCAG 2.2, AA.
const LEAST_CONTRAST: f64 = 4.5;

/// A store's own accent: `#rrggbb`, legible on the screens' grounds and under white letters.
pub(super) fn accent<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let text = String::deserialize(deserializer)?;
    let colour = rgb(&text).ok_or_else(|| expecting("a colour such as \"#14716B\""))?;
    match too_light(&text, colour) {
        Some(problem) => Err(de::Error::custom(problem)),
        None => Ok(Some(text)),
    }
}

fn too_light(text: &str, colour: [u8; 3]) -> Option<String> {
    GROUNDS.into_iter().map(|(name, ground)| (name, contrast(colour, ground))).find(|(_, ratio)| *ratio < LEAST_CONTRAST).map(
        |(name, ratio)| {
            format!(
                "{text:?} is too light to be read: its contrast with {name} is {ratio:.1}:1, and 4.5:1 is needed. Take a darker tone"
            )
        },
    )
}

/// What is wrong with a store's own accent, in a sentence.
#[must_use]
pub fn accent_problem(text: &str) -> Option<String> {
    let Some(colour) = rgb(text) else {
        return Some(format!("{text:?} is no colour: write # and six digits, such as #14716B."));
    };
    too_light(text, colour).map(|problem| format!("{problem}."))
}

fn rgb(hex: &str) -> Option<[u8; 3]> {
    let digits = hex.strip_prefix('#').filter(|digits| digits.len() == 6 && digits.is_ascii())?;
    let part = |at: usize| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok();
    Some([part(0)?, part(2)?, part(4)?])
}

/// Contrast after WCAG 2.2, from 1 to 21.
fn contrast(one: [u8; 3], other: [u8; 3]) -> f64 {
    let luminance = |colour: [u8; 3]| {
        let [r, g, b] = colour.map(|part| {
            let part = f64::from(part) / 255.0;
            if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        });
        0.2126 * r + 0.7152 * g + 0.0722 * b
    };
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wifi(ssid: &str, password: &str, security: WifiSecurity) -> WifiSettings {
        WifiSettings { ssid: ssid.into(), password: password.into(), security }
    }

    #[test]
    fn a_wifi_code_escapes_what_would_end_a_field() {
        let code = |ssid, password, security| wifi(ssid, password, security).code();
        assert_eq!(
            code("Café; \"guests\"", "a:b,c\\d;e", WifiSecurity::Wpa).as_deref(),
            Some(r#"WIFI:T:WPA;S:Café\; \"guests\";P:a\:b\,c\\d\;e;;"#)
        );
        assert_eq!(code("Open", "", WifiSecurity::None).as_deref(), Some("WIFI:T:nopass;S:Open;;"));
        assert_eq!(code("", "", WifiSecurity::Wpa), None);
    }

    #[test]
    fn a_wifi_that_nobody_could_join_is_noticed() {
        for (ssid, password, security, key) in [
            ("", "password1", WifiSecurity::Wpa, Some("ssid")),
            ("a", "short", WifiSecurity::Wpa, Some("password")),
            ("a", "", WifiSecurity::Wep, Some("password")),
            ("a", "password1", WifiSecurity::None, Some("password")),
            ("a", "password1", WifiSecurity::Wpa, None),
            ("a", "", WifiSecurity::None, None),
            ("", "", WifiSecurity::Wpa, None),
        ] {
            assert_eq!(wifi(ssid, password, security).problem().map(|(key, _)| key), key, "{ssid:?} {password:?}");
        }
    }

    #[test]
    fn contrast_is_computed_as_wcag_does_and_the_grounds_are_the_tokens() {
        assert!((contrast([0; 3], [255; 3]) - 21.0).abs() < 1e-9);
        assert!((contrast([0x76; 3], [255; 3]) - 4.54).abs() < 0.01);
        let tokens: toml::Table = include_str!("../../ui/tokens.toml").parse().unwrap();
        let [_, (_, ground)] = GROUNDS;
        assert_eq!(rgb(tokens["colour"]["ground"].as_str().unwrap()), Some(ground));
    }
}
