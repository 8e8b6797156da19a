//! Names for things: services, desks, tickets and the two ways people meet a ticket, its number and its key.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use data_encoding::{Encoding, Specification};
use serde::{Deserialize, Serialize};

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Arc<str>);

        impl $name {
            /// The text of the name.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.into())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.0)
            }
        }
    };
}

text_id! {
    /// A service, named by the prefix letters of its numbers: `R`.
    ServiceId
}
text_id! {
    /// A desk, named as people say it: `3`.
    DeskId
}
text_id! {
    /// A priority class such as `mobility`. Staff see it; the public never does.
    ClassId
}
text_id! {
    /// A language, as in BCP 47: `de`. Which ones there are is the catalogue's to know, not the line's: a ledger reads back
    /// whatever a later or an earlier version of it had.
    Lang
}
text_id! {
    /// What people read on paper and board: prefix and digits, `R042`. Unique within a business day.
    Number
}

/// The ledger's name for a ticket: counts up for ever, shown to nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TicketId(pub u64);

/// The only thing that opens a ticket's own page: 128 random bits, written as 26 base-32 characters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TicketKey([u8; 16]);

/// Lower-case RFC 4648 base 32 without padding: no character needs escaping in an address.
fn base32() -> Encoding {
    let mut spec = Specification::new();
    spec.symbols.push_str("abcdefghijklmnopqrstuvwxyz234567");
    // the specification is a constant; were it wrong, every test would say so
    spec.encoding().unwrap_or(data_encoding::BASE32_NOPAD)
}

impl TicketKey {
    /// Makes a key of 16 random bytes.
    #[must_use]
    pub fn new(random: [u8; 16]) -> Self {
        Self(random)
    }

    /// The bytes of the key.
    #[must_use]
    pub fn bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl fmt::Display for TicketKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&base32().encode(&self.0))
    }
}

/// Keys open pages, so they stay out of logs.
impl fmt::Debug for TicketKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TicketKey(…)")
    }
}

/// A text is not a ticket key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a ticket key: 26 characters of a–z and 2–7 are needed")]
pub struct BadKey;

impl FromStr for TicketKey {
    type Err = BadKey;

    fn from_str(text: &str) -> Result<Self, BadKey> {
        let bytes = base32().decode(text.as_bytes()).map_err(|_| BadKey)?;
        bytes.try_into().map(Self).map_err(|_| BadKey)
    }
}

impl Serialize for TicketKey {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for TicketKey {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_26_characters_and_reads_back() {
        for bytes in [[0; 16], [255; 16], *b"0123456789abcdef"] {
            let text = TicketKey::new(bytes).to_string();
            assert_eq!(text.len(), 26);
            assert_eq!(text.parse(), Ok(TicketKey::new(bytes)));
            assert_eq!(text[..25].parse::<TicketKey>(), Err(BadKey));
            assert_eq!(text.to_uppercase().parse::<TicketKey>().is_ok(), text.to_uppercase() == text);
        }
    }
}
