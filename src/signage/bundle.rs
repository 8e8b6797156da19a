//! All content as one file: JSON, with the pictures inside in base 64. Head office writes it once and sends it to every branch.
//!
//! JSON rather than an archive: nothing in it unpacks to more than it is, a person can read and compare it, and no other format
//! has to be trusted. What the program does not know is refused and not dropped: a file of a newer program says more than this
//! one would keep.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{Entry, EntryId, ImageId, Playlist};

/// What [`Bundle::format`] says.
pub const FORMAT: &str = "nowserving content 1";
/// The largest file, bytes: all pictures that a branch has room for, in base 64, and text.
pub const MOST_BYTES: u64 = 192 * 1024 * 1024;
/// The most entries of a file.
pub const MOST_ENTRIES: usize = 2_000;
/// The longest text of an entry, characters.
const LONGEST_TEXT: usize = 20_000;
/// The largest picture, pixels a side.
const MOST_PIXELS: u32 = 4_096;

/// How an entry of a file stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Somebody works on it.
    Draft,
    /// Somebody is to look at it.
    Review,
    /// It is shown.
    #[default]
    Live,
    /// It is not shown any more.
    Retired,
}

/// An entry of a file. One of which more than one version counts is in it for each, the
/// oldest first: what is shown, what will be shown at a time, and a newer draft.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileEntry {
    /// Its name, by which a branch knows it again.
    pub id: EntryId,
    /// How it stands.
    #[serde(default)]
    pub state: Standing,
    /// When a live one is shown by itself, milliseconds since 1970 (UTC); none, or past: it is shown already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub live_from_ms: Option<i64>,
    /// What it says.
    pub entry: Entry,
}

/// A picture of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileImage {
    /// Its name.
    pub id: ImageId,
    /// `image/png` or `image/jpeg`.
    pub media: String,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// Its bytes, in base 64.
    pub base64: String,
}

/// A file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bundle {
    /// [`FORMAT`].
    pub format: String,
    /// The entries, in the manager's order.
    pub entries: Vec<FileEntry>,
    /// What `{name}` stands for.
    #[serde(default)]
    pub fields: BTreeMap<String, String>,
    /// The playlists.
    #[serde(default)]
    pub playlists: Vec<Playlist>,
    /// The pictures that the entries have.
    #[serde(default)]
    pub images: Vec<FileImage>,
}

impl Bundle {
    /// Our own example content, for a branch that has none: for a store with returns (R), pick-up (P) and questions (Q).
    #[must_use]
    pub fn example() -> Self {
        // a test reads it
        Self::read(include_bytes!("example.json")).unwrap_or_default()
    }

    /// Reads a file.
    ///
    /// # Errors
    /// A sentence that says what is wrong and where.
    pub fn read(bytes: &[u8]) -> Result<Self, String> {
        if bytes.len() as u64 > MOST_BYTES {
            return Err(format!("The file is larger than {} MiB, which no branch has room for.", MOST_BYTES >> 20));
        }
        let mut unknown = None;
        let mut reader = serde_json::Deserializer::from_slice(bytes);
        let read: Result<Self, _> = serde_ignored::deserialize(&mut reader, |path| {
            unknown.get_or_insert_with(|| path.to_string());
        });
        let bundle = read.and_then(|bundle| reader.end().map(|()| bundle));
        let bundle = bundle.map_err(|error| format!("This is no content file of nowserving: {error}."))?;
        if bundle.format != FORMAT {
            return Err(format!(
                "The file says that it is {:?}; this program reads {FORMAT:?}. A newer nowserving may have written it.",
                bundle.format
            ));
        }
        if let Some(path) = unknown.or_else(|| unknown_in_translations(bytes)) {
            return Err(format!(
                "The file has a member {path} that means nothing to this program. Nothing was changed; a newer nowserving may \
                 have written it."
            ));
        }
        bundle.checked()
    }

    /// Refuses what no branch could use.
    fn checked(self) -> Result<Self, String> {
        if self.entries.len() > MOST_ENTRIES {
            return Err(format!("The file has {} entries; at most {MOST_ENTRIES} fit a branch.", self.entries.len()));
        }
        for FileEntry { id, entry, .. } in &self.entries {
            let texts = std::iter::once(&entry.original).chain(entry.translations.values().map(|other| &other.text));
            let long = |text: &str| text.chars().count() > LONGEST_TEXT;
            if texts.into_iter().any(|text| long(&text.question) || long(&text.short) || long(&text.full) || long(&text.alt))
            {
                return Err(format!("A text of entry {id} is longer than {LONGEST_TEXT} characters. Shorten it."));
            }
            if let Some(image) = &entry.image
                && !self.images.iter().any(|there| there.id == image.id)
            {
                return Err(format!("Entry {id} has the picture {}, which is not in the file.", image.id));
            }
        }
        Ok(self)
    }

    /// The services that entries are for, by id.
    #[must_use]
    pub fn services(&self) -> BTreeSet<String> {
        self.entries.iter().flat_map(|row| &row.entry.services).map(ToString::to_string).collect()
    }
}

/// `serde_ignored` cannot look into a translation, whose text is flattened into it.
fn unknown_in_translations(bytes: &[u8]) -> Option<String> {
    #[derive(Deserialize)]
    struct Entries {
        entries: Vec<One>,
    }
    #[derive(Deserialize)]
    struct One {
        id: String,
        entry: Languages,
    }
    #[derive(Deserialize)]
    struct Languages {
        #[serde(default)]
        translations: BTreeMap<String, BTreeMap<String, serde::de::IgnoredAny>>,
    }
    const KNOWN: [&str; 6] = ["question", "short", "full", "also", "alt", "stale_since"];
    let read: Entries = serde_json::from_slice(bytes).ok()?;
    read.entries.into_iter().find_map(|one| {
        let (code, text) =
            one.entry.translations.into_iter().find(|(_, text)| text.keys().any(|key| !KNOWN.contains(&key.as_str())))?;
        let key = text.into_keys().find(|key| !KNOWN.contains(&key.as_str()))?;
        Some(format!("{key} in the translation {code} of {}", one.id))
    })
}

impl FileImage {
    /// The picture's bytes, if they are what the file says: the name is that of the bytes, and they decode as a picture of that
    /// size. Decodes one picture of at most 4,096 pixels a side, whatever it claims to be.
    ///
    /// # Errors
    /// A sentence that says what is wrong.
    pub fn bytes(&self) -> Result<Vec<u8>, String> {
        let wrong = |what: &str| format!("The picture {} {what}. Export the file again.", self.id);
        let bytes = data_encoding::BASE64.decode(self.base64.as_bytes()).map_err(|_| wrong("is no base 64"))?;
        let digest = Sha256::digest(&bytes);
        let name = data_encoding::HEXLOWER.encode(digest.get(..16).unwrap_or_default());
        if name != self.id.as_str() {
            return Err(wrong("is not the one that its name says"));
        }
        let format = match self.media.as_str() {
            "image/png" => image::ImageFormat::Png,
            "image/jpeg" => image::ImageFormat::Jpeg,
            _ => return Err(wrong("is neither PNG nor JPEG")),
        };
        let mut limits = image::Limits::default();
        limits.max_image_width = Some(MOST_PIXELS);
        limits.max_image_height = Some(MOST_PIXELS);
        limits.max_alloc = Some(128 * 1024 * 1024);
        let mut reader = image::ImageReader::with_format(std::io::Cursor::new(&bytes), format);
        reader.limits(limits);
        let decoded = reader.decode().map_err(|_| wrong("cannot be read, or has more than 4,096 pixels a side"))?;
        if (decoded.width(), decoded.height()) != (self.width, self.height) {
            return Err(wrong("has another size than the file says"));
        }
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> String {
        Bundle::read(text.as_bytes()).unwrap_err()
    }

    #[test]
    fn what_is_not_known_is_refused_with_its_place() {
        let file = |entry: &str, more: &str| {
            format!(r#"{{"format": "nowserving content 1", "entries": [{{"id": "a", "entry": {entry}}}]{more}}}"#)
        };
        let good = r#"{"kind": "answers", "language": "en", "original": {"question": "A?", "short": "a"}}"#;
        assert_eq!(Bundle::read(file(good, "").as_bytes()).unwrap().entries[0].state, Standing::Live);
        assert!(refused(&file(good, r#", "vidoes": []"#)).contains("vidoes"));
        let entry = good.replace("\"kind\"", "\"colour\": 1, \"kind\"");
        assert!(refused(&file(&entry, "")).contains("entries.0.entry.colour"), "{}", refused(&file(&entry, "")));
        let entry = good.replace("\"kind\"", r#""translations": {"de": {"question": "A?", "shrt": "a"}}, "kind""#);
        assert!(refused(&file(&entry, "")).contains("shrt in the translation de of a"), "{}", refused(&file(&entry, "")));
        assert!(refused(&file(good, "").replace("content 1", "content 9")).contains("newer"));
        assert!(refused("PK\u{3}\u{4}").contains("no content file"));
        let entry = good
            .replace("\"kind\"", r#""image": {"id": "00112233445566778899aabbccddeeff", "width": 1, "height": 1}, "kind""#);
        assert!(refused(&file(&entry, "")).contains("not in the file"));
        let entry = good.replace("\"a\"", &format!("\"{}\"", "long ".repeat(5_000)));
        assert!(refused(&file(&entry, "")).contains("longer than"));
    }

    #[test]
    fn a_picture_is_what_its_name_and_size_say() {
        let mut png = std::io::Cursor::new(Vec::new());
        image::RgbImage::new(3, 2).write_to(&mut png, image::ImageFormat::Png).unwrap();
        let png = png.into_inner();
        let name = data_encoding::HEXLOWER.encode(&Sha256::digest(&png)[..16]);
        let good = FileImage {
            id: ImageId::try_from(name).unwrap(),
            media: "image/png".into(),
            width: 3,
            height: 2,
            base64: data_encoding::BASE64.encode(&png),
        };
        assert_eq!(good.bytes().unwrap(), png);
        for (bad, said) in [
            (FileImage { width: 4, ..good.clone() }, "another size"),
            (FileImage { media: "image/svg+xml".into(), ..good.clone() }, "neither"),
            (FileImage { media: "image/jpeg".into(), ..good.clone() }, "cannot be read"),
            (FileImage { base64: "AAAA".into(), ..good.clone() }, "not the one"),
            (FileImage { base64: "%".into(), ..good }, "no base 64"),
        ] {
            assert!(bad.bytes().unwrap_err().contains(said), "{said}: {:?}", bad.bytes());
        }
    }

    #[test]
    fn the_example_says_enough_and_fits_the_wall() {
        let example = Bundle::example();
        assert!(example.entries.len() >= 25, "{}", example.entries.len());
        for code in ["de", "es"] {
            let translated = example.entries.iter().filter(|row| row.entry.translations.keys().any(|l| l.as_str() == code));
            assert!(translated.count() >= 10, "{code}");
        }
        let services: Vec<_> = example.services().into_iter().collect();
        assert_eq!(services, ["P", "Q", "R"]);
        for FileEntry { id, entry, state, .. } in &example.entries {
            assert_eq!(*state, Standing::Live);
            let texts = std::iter::once(&entry.original).chain(entry.translations.values().map(|other| &other.text));
            for text in texts {
                let words = (super::super::word_count(&text.question), super::super::word_count(&text.short));
                assert!(words.0 <= Entry::QUESTION_WORDS && words.1 <= Entry::SHORT_WORDS, "{id}: {words:?}");
                assert!(!text.question.is_empty() && !text.short.is_empty(), "{id}");
                for name in super::super::braces(&text.short).chain(super::super::braces(&text.question)) {
                    assert!(example.fields.contains_key(name), "{id}: {{{name}}} stands for nothing");
                }
            }
        }
    }
}
