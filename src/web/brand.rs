//! The store's own on every page: its logo, and its colour as a style sheet of one custom property. Both are files that a browser keeps
//! for ever, as their names change with what they hold.

use std::sync::{Arc, PoisonError, RwLock};

use bytes::Bytes;
use data_encoding::BASE64;
use sha2::{Digest, Sha256};

use super::pages::OwnHref;
use crate::config::ScreenFacts;

mod shares {
    include!(concat!(env!("OUT_DIR"), "/shares.rs"));
}

/// A file of this branch alone.
#[derive(Debug)]
pub(super) struct Own {
    /// Its address, with a part of its content's hash in it.
    pub(super) href: OwnHref,
    pub(super) content_type: &'static str,
    pub(super) bytes: Bytes,
}

/// The brand of the moment: pages that are made from now on follow what a manager sets.
#[derive(Debug)]
pub(super) struct Now(RwLock<Arc<Brand>>);

impl Now {
    pub(super) fn of(facts: &ScreenFacts) -> Self {
        Self(RwLock::new(Arc::new(Brand::of(facts))))
    }

    pub(super) fn get(&self) -> Arc<Brand> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn set(&self, facts: &ScreenFacts) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(Brand::of(facts));
    }
}

/// What the settings and the managers say of the store; nothing where they say nothing.
#[derive(Debug, Default)]
pub(super) struct Brand {
    pub(super) logo: Option<Own>,
    pub(super) style: Option<Own>,
}

impl Brand {
    pub(super) fn of(facts: &ScreenFacts) -> Self {
        let logo = facts.logo.as_deref().and_then(|text| BASE64.decode(text.as_bytes()).ok());
        let style = facts.accent.as_deref().and_then(style);
        Self {
            logo: logo.map(|bytes| own("logo", "png", "image/png", bytes)),
            style: style.map(|text| own("brand", "css", "text/css; charset=utf-8", text.into_bytes())),
        }
    }

    /// The file behind `/assets/NAME`.
    pub(super) fn find(&self, name: &str) -> Option<&Own> {
        let found = |own: &&Own| own.href.to_string().strip_prefix("/assets/") == Some(name);
        [&self.logo, &self.style].into_iter().flatten().find(found)
    }
}

fn own(stem: &'static str, ending: &'static str, content_type: &'static str, bytes: Vec<u8>) -> Own {
    let mut hash = [0; 5];
    hash.iter_mut().zip(Sha256::digest(&bytes)).for_each(|(to, byte)| *to = byte);
    Own { href: OwnHref { stem, hash, ending }, content_type, bytes: bytes.into() }
}

/// `--brand` in each look, as the screens make it: as it is, lighter on a dark ground, darker in high contrast.
fn style(accent: &str) -> Option<String> {
    let rgb = u32::from_str_radix(accent.strip_prefix('#')?, 16).ok()?;
    let mixed = |share: f32, with: f32| {
        let part = |shift: u32| (((rgb >> shift) & 0xff) as f32 * share + with * (1.0 - share)).round() as u32;
        format!("#{:02x}{:02x}{:02x}", part(16), part(8), part(0))
    };
    let (dark, contrast) = (mixed(shares::TEXT_DARK, 255.0), mixed(shares::FILL_CONTRAST, 0.0));
    Some(format!(
        ":root{{--brand:{}}}\n@media (prefers-color-scheme:dark){{:root{{--brand:{dark}}}}}\n\
         @media (prefers-contrast:more){{:root{{--brand:{contrast}}}}}\n",
        mixed(1.0, 0.0)
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_store_has_a_file_for_each_thing_of_its_own() {
        let facts = ScreenFacts {
            accent: Some("#14716B".into()),
            logo: Some(BASE64.encode(b"\x89PNG\r\n\x1a\nand so on")),
            ..ScreenFacts::default()
        };
        let brand = Brand::of(&facts);
        let (logo, style) = (brand.logo.as_ref().unwrap(), brand.style.as_ref().unwrap());
        let href = logo.href.to_string();
        assert!(href.starts_with("/assets/logo.") && href.ends_with(".png"), "{href}");
        assert_eq!(brand.find(href.trim_start_matches("/assets/")).unwrap().content_type, "image/png");
        let css = std::str::from_utf8(&style.bytes).unwrap();
        assert!(css.starts_with(":root{--brand:#14716b}"), "{css}");
        // half of it is white where the ground is dark
        assert!(css.contains("dark){:root{--brand:#8ab8b5}"), "{css}");
        assert!(brand.find("logo.png").is_none());
    }

    #[test]
    fn a_store_without_has_none() {
        let brand = Brand::of(&ScreenFacts::default());
        assert!(brand.logo.is_none() && brand.style.is_none());
    }
}
