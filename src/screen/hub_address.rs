//! Where a screen's hub is, and who the screen is to it.

use reqwest::{Client, RequestBuilder, Url};

/// Where a screen's hub is.
#[derive(Clone)]
pub struct HubAddress {
    /// Without a slash at the end.
    pub(super) url: String,
    pub(super) token: Option<String>,
}

/// Tokens stay out of logs.
impl std::fmt::Debug for HubAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("HubAddress").field("url", &self.url).finish_non_exhaustive()
    }
}

/// A text that is no hub's address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a hub's address. Give one like http://192.168.1.20:8080; screens reach their hub over http.")]
pub struct BadHub(String);

impl HubAddress {
    /// Reads an address; `token` is the bearer token of an enrolled device, which a screen on another machine needs.
    ///
    /// # Errors
    /// [`BadHub`] if it is no `http` address.
    pub fn new(url: &str, token: Option<String>) -> Result<Self, BadHub> {
        let bad = || BadHub(url.to_owned());
        let parsed = Url::parse(url).map_err(|_| bad())?;
        if parsed.scheme() != "http" || !parsed.has_host() || parsed.query().is_some() {
            return Err(bad());
        }
        let token = token.map(|token| token.trim().to_owned()).filter(|token| !token.is_empty());
        Ok(Self { url: parsed.as_str().trim_end_matches('/').to_owned(), token })
    }

    /// The address, if other machines can use it too.
    #[must_use]
    pub fn public(&self) -> Option<String> {
        let parsed = Url::parse(&self.url).ok()?;
        let host = parsed.host_str()?.trim_matches(['[', ']']);
        let ip = host.parse::<std::net::IpAddr>().ok();
        let own = host == "localhost" || ip.is_some_and(|ip| ip.is_loopback() || ip.is_unspecified());
        (!own).then(|| self.url.clone())
    }

    pub(super) fn signed(&self, request: RequestBuilder) -> RequestBuilder {
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    pub(super) fn get(&self, client: &Client, path: &str) -> RequestBuilder {
        self.signed(client.get(format!("{}{path}", self.url)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_and_a_wrong_one_says_what_is_right() {
        for good in ["http://192.168.1.20:8080", "http://shop.local/", "http://[::1]:8080/"] {
            assert!(!HubAddress::new(good, None).unwrap().url.ends_with('/'), "{good}");
        }
        for bad in ["", "shop.local", "https://shop.local", "http://", "ftp://shop.local", "http://shop.local?x"] {
            let error = HubAddress::new(bad, None).unwrap_err().to_string();
            assert!(error.contains("http://192.168.1.20:8080"), "{error}");
        }
    }

    #[test]
    fn only_an_address_that_phones_can_use_is_public() {
        let public = |url: &str| HubAddress::new(url, None).unwrap().public();
        assert_eq!(public("http://shop.local:8080/").as_deref(), Some("http://shop.local:8080"));
        for own in ["http://127.0.0.1:8080", "http://localhost", "http://[::1]:1", "http://0.0.0.0:80"] {
            assert_eq!(public(own), None, "{own}");
        }
    }

    #[test]
    fn a_token_is_not_shown() {
        let hub = HubAddress::new("http://a", Some(" secret\n".into())).unwrap();
        assert_eq!(hub.token.as_deref(), Some("secret"));
        assert!(!format!("{hub:?}").contains("secret"));
    }
}
