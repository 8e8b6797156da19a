//! Which language a reader of the phone's pages gets.
//!
//! What they chose on a page goes first, then what they chose with the ticket, then what their browser asks for, then the
//! branch's first language. The choice is kept in a cookie that holds the language's code and nothing else; where cookies are
//! off it holds for that page.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::extract::Query;
use super::pages::Site;
use super::{App, Made, Shared, access};
use crate::phrase::Words;
use crate::queue::Lang;

/// The cookie's name.
const COOKIE: &str = "lang";
/// How long it is kept: a year.
const KEPT_S: u32 = 31_536_000;

/// What is known of a reader's languages; only such that the branch speaks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reader {
    /// Chosen with this request.
    asked: Option<Words>,
    /// Chosen before.
    kept: Option<Words>,
    /// What the browser would like best.
    accepted: Option<Words>,
    first: Words,
}

#[derive(Default, Deserialize)]
struct Asked {
    #[serde(default)]
    lang: Option<String>,
}

impl FromRequestParts<Shared> for Reader {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Self, Self::Rejection> {
        let Query(asked) = Query::<Asked>::from_request_parts(parts, app).await?;
        let spoken = &app.options.languages;
        let known = |code: &str| spoken.iter().copied().find(|words| words.code().eq_ignore_ascii_case(code));
        Ok(Self {
            asked: asked.lang.as_deref().and_then(known),
            kept: access::named_cookie(&parts.headers, COOKIE).and_then(known),
            accepted: accepted(&parts.headers, spoken),
            first: app.first_words(),
        })
    }
}

/// The branch's language that an `Accept-Language` header likes best (RFC 9110, 12.5.4). `de-AT` is content with `de`, and
/// `zh-CN` with `zh-Hans`: what comes after the language itself is not compared.
fn accepted(headers: &HeaderMap, spoken: &[Words]) -> Option<Words> {
    let wishes = headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?;
    let language = |tag: &str| tag.split('-').next().unwrap_or_default().to_ascii_lowercase();
    let mut best: Option<(f32, Words)> = None;
    for wish in wishes.split(',').take(32) {
        let mut parts = wish.split(';');
        let tag = language(parts.next().unwrap_or_default().trim());
        let weight = parts.find_map(|part| part.trim().strip_prefix("q=")?.parse::<f32>().ok()).unwrap_or(1.0);
        let Some(words) = spoken.iter().copied().find(|words| language(words.code()) == tag) else { continue };
        if weight > best.map_or(0.0, |(weight, _)| weight) {
            best = Some((weight, words));
        }
    }
    best.map(|(_, words)| words)
}

impl Reader {
    /// The language of a page, where it is about a ticket that of its customer.
    pub(super) fn words(&self, ticket: Option<&Lang>) -> Words {
        let ticket = ticket.and_then(|lang| Words::of(lang.as_str()));
        self.asked.or(self.kept).or(ticket).or(self.accepted).unwrap_or(self.first)
    }

    /// The language that was chosen: with this address, or before.
    pub(super) fn chosen(&self) -> Option<Words> {
        self.asked.or(self.kept)
    }

    /// What the page shares with all others.
    pub(super) fn site<'a>(&self, app: &'a App, store: &'a str, ticket: Option<&Lang>) -> Site<'a> {
        let words = self.words(ticket);
        Site { words, languages: &app.options.languages, asked: self.asked.is_some(), ..app.site(store) }
    }

    /// What a page that is made once for all its readers is known by. One whose address names the language leads on to such.
    pub(super) fn made(&self, [plain, asked]: [&'static str; 2]) -> Made {
        (if self.asked.is_some() { asked } else { plain }, self.words(None).code())
    }

    /// An answer that also keeps the choice, if this request made one.
    pub(super) fn keep(&self, answer: impl IntoResponse) -> Response {
        let mut answer = answer.into_response();
        if let Some(words) = self.asked {
            let cookie = format!("{COOKIE}={}; Path=/; Max-Age={KEPT_S}; SameSite=Lax; HttpOnly", words.code());
            if let Ok(cookie) = HeaderValue::from_str(&cookie) {
                answer.headers_mut().append(header::SET_COOKIE, cookie);
            }
        }
        answer
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_browsers_wish_is_heard_as_far_as_the_branch_speaks_it() {
        let spoken: Vec<_> = ["en", "de", "zh-Hans"].into_iter().filter_map(Words::of).collect();
        let best = |wish: &'static str| {
            let headers = HeaderMap::from_iter([(header::ACCEPT_LANGUAGE, HeaderValue::from_static(wish))]);
            accepted(&headers, &spoken).map(Words::code)
        };
        assert_eq!(best("de-AT,de;q=0.9,en;q=0.8"), Some("de"));
        assert_eq!(best("sv, en;q=0.5, de;q=0.7"), Some("de"));
        assert_eq!(best("en;q=0, de;q=0.1"), Some("de"));
        assert_eq!(best("zh-CN,zh;q=0.9"), Some("zh-Hans"));
        assert_eq!(best("sv,fi"), None);
        assert_eq!(best("*"), None);
        assert_eq!(best(";;q=,,"), None);
    }
}
