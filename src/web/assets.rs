//! The files that pages load: one style sheet, a few small scripts, a font for numbers, an icon. All are part of the program.
//!
//! A page names a file by its content ([`href`]), so a browser may keep it for ever; the plain name is served too, with a tag
//! to ask again by.

use std::sync::LazyLock;

use sha2::{Digest, Sha256};

/// One file as it is served.
#[derive(Debug)]
pub struct Asset {
    /// Its plain name: `site.css`.
    pub name: &'static str,
    /// Its address, with a part of its content's hash in it: `/assets/site.0a1b2c3d4e.css`.
    pub href: String,
    /// For the `ETag` header, quotes included.
    pub etag: String,
    /// For the `Content-Type` header.
    pub content_type: &'static str,
    /// What it holds.
    pub bytes: &'static [u8],
}

/// How long a browser may keep what it got under a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// For ever: the name changes with the content.
    Immutable,
    /// Only after asking again with the tag.
    AskAgain,
}

impl Keep {
    /// The `Cache-Control` header.
    #[must_use]
    pub fn cache_control(self) -> &'static str {
        match self {
            Self::Immutable => "public, max-age=31536000, immutable",
            Self::AskAgain => "no-cache",
        }
    }
}

const CSS: &str = "text/css; charset=utf-8";
const JS: &str = "text/javascript; charset=utf-8";
const STYLE: &str = concat!(include_str!(concat!(env!("OUT_DIR"), "/tokens.css")), include_str!("assets/site.css"));

static ASSETS: LazyLock<Vec<Asset>> = LazyLock::new(|| {
    vec![
        asset("site.css", CSS, STYLE.as_bytes()),
        asset("feed.js", JS, include_bytes!("assets/feed.js")),
        asset("board.js", JS, include_bytes!("assets/board.js")),
        asset("answers.js", JS, include_bytes!("assets/answers.js")),
        asset("phone.js", JS, include_bytes!("assets/phone.js")),
        asset("desk.js", JS, include_bytes!("assets/desk.js")),
        asset("manage.js", JS, include_bytes!("assets/manage.js")),
        asset("preview.js", JS, include_bytes!("assets/preview.js")),
        asset("number.woff2", "font/woff2", include_bytes!("assets/number.woff2")),
        asset("icon.svg", "image/svg+xml", include_bytes!("assets/icon.svg")),
    ]
});

fn asset(name: &'static str, content_type: &'static str, bytes: &'static [u8]) -> Asset {
    let digest = Sha256::digest(bytes);
    let hash: String = digest.iter().take(5).map(|byte| format!("{byte:02x}")).collect();
    let (stem, ending) = name.split_once('.').unwrap_or((name, ""));
    Asset { name, href: format!("/assets/{stem}.{hash}.{ending}"), etag: format!("\"{hash}\""), content_type, bytes }
}

/// Every file.
#[must_use]
pub fn all() -> &'static [Asset] {
    &ASSETS
}

/// The address of a file, for a page; the plain one if there is no such file.
#[must_use]
pub fn href(name: &str) -> String {
    let found = ASSETS.iter().find(|asset| asset.name == name);
    found.map_or_else(|| format!("/assets/{name}"), |asset| asset.href.clone())
}

/// The file behind `/assets/NAME`, by its hashed or its plain name. `None`: there is none, also where the hash is of an older
/// version.
#[must_use]
pub fn find(name: &str) -> Option<(&'static Asset, Keep)> {
    let hashed = |asset: &Asset| asset.href.strip_prefix("/assets/") == Some(name);
    ASSETS.iter().find_map(|asset| match asset {
        asset if hashed(asset) => Some((asset, Keep::Immutable)),
        asset if asset.name == name => Some((asset, Keep::AskAgain)),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_found_by_both_names_and_by_no_other() {
        for asset in all() {
            let hashed = asset.href.strip_prefix("/assets/").unwrap();
            assert_ne!(hashed, asset.name);
            assert_eq!(find(hashed).unwrap().1, Keep::Immutable);
            assert_eq!(find(asset.name).unwrap().1, Keep::AskAgain);
            assert_eq!(find(asset.name).unwrap().0.bytes, asset.bytes);
        }
        assert!(find("site.0000000000.css").is_none());
        assert!(find("../assets.rs").is_none());
    }

    #[test]
    fn the_style_sheet_has_the_tokens_and_nothing_comes_from_elsewhere() {
        let css = std::str::from_utf8(find("site.css").unwrap().0.bytes).unwrap();
        for needed in ["--family:", ".accent-rust{--accent:", ".accent-green{--accent:"] {
            assert!(css.contains(needed), "{needed} is missing");
        }
        // in any order: which one a table of the tokens has depends on what else is built
        for place in [":root{", "@media (prefers-color-scheme:dark){:root{", "@media (prefers-contrast:more){:root{"] {
            let colours = css.lines().find(|line| line.starts_with(place)).unwrap_or_default();
            for needed in ["--ground:", "--ink:", "--muted:"] {
                assert!(colours.contains(needed), "{needed} is missing in {place}");
            }
        }
        for asset in all().iter().filter(|asset| asset.content_type != "image/svg+xml") {
            let text = String::from_utf8_lossy(asset.bytes);
            assert!(!text.contains("http://") && !text.contains("https://"), "{} names another host", asset.name);
        }
    }
}
