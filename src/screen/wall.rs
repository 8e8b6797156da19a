//! What hangs beside the numbers, by the hub's word: followed as server-sent events, with its pictures.

use std::sync::Arc;
use std::time::Duration;

use eventsource_stream::Eventsource;
use futures_util::StreamExt;
use nowserving_ui::slint::{Image, Rgba8Pixel, SharedPixelBuffer};
use reqwest::{Client, Url};
use serde::Deserialize;

use super::hub_address::HubAddress;
use super::news::News;
use crate::clock::Clock;
use crate::queue::BootId;

/// The pause before the wall is asked for again.
const PAUSE: Duration = Duration::from_secs(2);
/// How long a picture may take.
const FETCH: Duration = Duration::from_secs(5);
/// The largest picture that is taken, bytes; the hub keeps smaller ones.
const MOST_BYTES: u64 = 16 * 1024 * 1024;
/// No screen needs more pixels a side.
const MOST_SIDE: u32 = 4096;
/// How many pictures are kept ready.
const KEPT: usize = 8;

/// One thing that hangs there (`GET /api/wall`).
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Hung {
    /// Its name.
    pub entry: String,
    /// Which of its versions.
    pub version: u32,
    /// What it is.
    pub kind: String,
    /// Its language, as a code; `None`: the house's.
    pub language: Option<String>,
    /// Whether it is written from right to left.
    pub rtl: bool,
    /// Over it: for whom it is.
    pub kicker: String,
    /// The question, or the title.
    pub question: String,
    /// What stands under it.
    pub answer: String,
    /// Its picture.
    pub picture: Option<PictureRow>,
    /// The colour of its service, by name.
    pub accent: String,
    /// How long it stands there, seconds.
    pub seconds: u32,
}

impl Hung {
    /// Whether its picture is all there is.
    #[must_use]
    pub fn whole(&self) -> bool {
        self.kind == "picture"
    }
}

/// Where a picture is.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct PictureRow {
    /// On the hub.
    pub url: String,
    /// What it shows, in words.
    pub alt: String,
}

/// A picture, ready to be drawn. Two of the same address are the same: it is made of the bytes.
#[derive(Clone)]
pub struct Picture {
    url: String,
    /// What it shows, in words.
    pub alt: String,
    pixels: SharedPixelBuffer<Rgba8Pixel>,
}

impl PartialEq for Picture {
    fn eq(&self, other: &Self) -> bool {
        self.url == other.url && self.alt == other.alt
    }
}

impl std::fmt::Debug for Picture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Picture").field("url", &self.url).finish_non_exhaustive()
    }
}

impl Picture {
    /// Reads a PNG, JPEG or WebP; `None`: it is none, or larger than any screen.
    #[must_use]
    pub fn read(row: &PictureRow, bytes: &[u8]) -> Option<Self> {
        let mut reader = image::ImageReader::new(std::io::Cursor::new(bytes)).with_guessed_format().ok()?;
        let mut limits = image::Limits::default();
        limits.max_image_width = Some(MOST_SIDE);
        limits.max_image_height = Some(MOST_SIDE);
        reader.limits(limits);
        let rgba = reader.decode().ok()?.into_rgba8();
        let pixels = SharedPixelBuffer::clone_from_slice(rgba.as_raw(), rgba.width(), rgba.height());
        Some(Self { url: row.url.clone(), alt: row.alt.clone(), pixels })
    }

    /// As the window draws it.
    #[must_use]
    pub fn image(&self) -> Image {
        Image::from_rgba8(self.pixels.clone())
    }
}

/// What hangs there, and until when.
#[derive(Clone, Debug, PartialEq)]
pub struct Hangs {
    /// What.
    pub hung: Arc<Hung>,
    /// When its time is over, on the machine's monotonic clock, milliseconds.
    pub until_ms: u64,
    /// Its picture, once it is here.
    pub picture: Option<Arc<Picture>>,
}

impl Hangs {
    /// How much of its time has passed, 0 to 1, in whole seconds: nothing moves in between.
    #[must_use]
    pub fn passed(&self, mono_ms: u64) -> f32 {
        let left = self.until_ms.saturating_sub(mono_ms).div_ceil(1000) as f32;
        (1.0 - left / self.hung.seconds.max(1) as f32).clamp(0.0, 1.0)
    }
}

/// The event `wall`.
#[derive(Deserialize)]
struct Told {
    hangs: Option<Hung>,
    left_ms: u64,
}

/// Follows a wall for ever; without a name, waits.
pub(super) async fn follow_wall(
    name: Option<String>,
    hub: &HubAddress,
    client: &Client,
    clock: &Clock,
    deliver: &impl Fn(News),
) {
    let Some(name) = name else { return std::future::pending().await };
    let asked = Url::parse_with_params("http://hub/api/wall", [("screen", name)]);
    let path = asked.map_or_else(|_| "/api/wall".into(), |asked| format!("/api/wall?{}", asked.query().unwrap_or_default()));
    let mut kept: Vec<Arc<Picture>> = Vec::new();
    loop {
        if let Ok(response) = hub.get(client, &path).send().await.and_then(reqwest::Response::error_for_status) {
            let mut events = std::pin::pin!(response.bytes_stream().eventsource());
            while let Some(Ok(event)) = events.next().await {
                if event.event != "wall" {
                    continue;
                }
                match serde_json::from_str::<Told>(&event.data) {
                    Ok(told) => hang(told, &mut kept, hub, client, clock, deliver).await,
                    Err(error) => tracing::warn!(%error, "what hangs on the wall cannot be read"),
                }
            }
            deliver(News::Wall(None));
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// Hangs up what was told: at once, and again with its picture when that is here.
async fn hang(
    told: Told,
    kept: &mut Vec<Arc<Picture>>,
    hub: &HubAddress,
    client: &Client,
    clock: &Clock,
    deliver: &impl Fn(News),
) {
    let Some(hung) = told.hangs else { return deliver(News::Wall(None)) };
    let until_ms = clock.now(BootId(0)).mono_ms + told.left_ms;
    let row = hung.picture.clone();
    let mut hangs = Hangs { hung: Arc::new(hung), until_ms, picture: None };
    let known = |row: &PictureRow| kept.iter().find(|picture| picture.url == row.url && picture.alt == row.alt).cloned();
    hangs.picture = row.as_ref().and_then(known);
    deliver(News::Wall(Some(hangs.clone())));
    let Some(row) = row.filter(|_| hangs.picture.is_none()) else { return };
    match fetch(&row, hub, client).await {
        Some(picture) => {
            let picture = Arc::new(picture);
            kept.insert(0, picture.clone());
            kept.truncate(KEPT);
            hangs.picture = Some(picture);
            deliver(News::Wall(Some(hangs)));
        }
        None => tracing::warn!(picture = row.url, "a picture cannot be had; its text stands alone"),
    }
}

async fn fetch(row: &PictureRow, hub: &HubAddress, client: &Client) -> Option<Picture> {
    let answer = hub.get(client, &row.url).timeout(FETCH).send().await.ok()?.error_for_status().ok()?;
    if answer.content_length().is_none_or(|length| length > MOST_BYTES) {
        return None;
    }
    Picture::read(row, &answer.bytes().await.ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_passes_by_the_second() {
        let hung = Arc::new(Hung { seconds: 10, ..Hung::default() });
        let hangs = Hangs { hung, until_ms: 20_000, picture: None };
        for (at, passed) in [(10_000, 0.0), (10_999, 0.0), (11_000, 0.1), (19_999, 0.9), (20_000, 1.0), (99_000, 1.0)] {
            assert!((hangs.passed(at) - passed).abs() < 1e-6, "{at}");
        }
    }

    #[test]
    fn what_is_no_picture_is_none() {
        assert!(Picture::read(&PictureRow::default(), b"<svg/>").is_none());
    }
}
