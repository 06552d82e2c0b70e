//! What is particular to single hosts: headers, cookies, and the proxy that leads there.
//!
//! What always holds: what a rule sends goes to its own hosts and no others, a redirect included; what is secret goes
//! over TLS only, unless the rule says otherwise, is not kept with the exchange, and is not shown by `Debug`.

use std::fmt;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use url::Url;

use crate::error::FetchError;
use crate::settings::FetchSettings;

/// What stands in a kept request for a value that is secret.
const HIDDEN: &str = "[left out]";
/// Headers that the crawler sets itself, or that would change what a response is.
const OWN_HEADERS: &[&str] = &[
    "host",
    "connection",
    "content-length",
    "transfer-encoding",
    "te",
    "upgrade",
    "range",
    "accept-encoding",
    "if-none-match",
    "if-modified-since",
    "user-agent",
    "proxy-authorization",
];
/// Headers that are secret whatever their rule says.
const SECRET_HEADERS: &[&str] = &["authorization"];

/// A text that is not shown.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secret(String);

/// Where requests are sent through.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Route {
    /// What is set for all hosts.
    #[default]
    AsUsual,
    /// Straight to the host.
    Direct,
    /// Through this proxy: `http`, `https` or `socks5h`, with user and password where it wants them.
    Through(Secret),
}

/// A header that is sent besides the usual ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExtraHeader {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: Secret,
    /// Whether the value is to be kept from archive and logs, and from connections without TLS. That of `Authorization`
    /// always is.
    pub is_secret: bool,
}

/// What is particular to one host, or to a host and those below it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HostRule {
    /// `news.example` means that host alone; `.news.example` also every host below it.
    pub host: String,
    /// Where requests to it are sent through.
    pub route: Route,
    /// What is sent besides the usual headers; `Accept` and `Accept-Language` replace them.
    pub headers: Vec<ExtraHeader>,
    /// Whether secrets may be sent without TLS.
    pub over_http: bool,
}

impl Secret {
    /// Hides a text.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Secret {
        Secret(text.into())
    }

    fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

impl HostRule {
    /// Tells whether the rule goes for `host`, in any case and with or without a final dot.
    #[must_use]
    pub fn matches(&self, host: &str) -> bool {
        let host = host.trim_end_matches('.').to_ascii_lowercase();
        let rule = self.host.trim_end_matches('.').to_ascii_lowercase();
        match rule.strip_prefix('.') {
            Some(bare) => host == bare || host.ends_with(&rule),
            None => !rule.is_empty() && host == rule,
        }
    }

    /// Checks that the headers can be sent.
    fn check(&self) -> Result<(), FetchError> {
        let fail = |what: &str| {
            Err(FetchError::Settings(format!(
                "host `{}`: {what}",
                self.host
            )))
        };
        for header in &self.headers {
            let name = header.name.to_ascii_lowercase();
            if HeaderName::from_bytes(name.as_bytes()).is_err() {
                return fail(&format!("`{}` is no name of a header", header.name));
            }
            if OWN_HEADERS.contains(&name.as_str()) {
                return fail(&format!("the header `{name}` is the crawler's own"));
            }
            if HeaderValue::from_str(header.value.expose()).is_err() {
                // The value may be a secret.
                return fail(&format!("the value of `{name}` cannot be sent"));
            }
        }
        Ok(())
    }
}

/// The clients of the library below: one that goes straight, and one for each proxy.
#[derive(Clone, Debug)]
pub(crate) struct Routes {
    direct: reqwest::Client,
    proxied: Vec<(Secret, reqwest::Client)>,
}

/// A way to a host.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Way<'r> {
    pub(crate) http: &'r reqwest::Client,
    /// Whether the other end of the connection is a proxy, so that its address says nothing of the host's.
    pub(crate) is_proxied: bool,
}

impl Routes {
    /// Makes the clients; `build` makes one, through a proxy where there is one.
    pub(crate) fn new(
        settings: &FetchSettings,
        build: impl Fn(Option<reqwest::Proxy>) -> Result<reqwest::Client, FetchError>,
    ) -> Result<Routes, FetchError> {
        let mut routes = Routes {
            direct: build(None)?,
            proxied: Vec::new(),
        };
        let rules = settings.hosts.iter().map(|rule| &rule.route);
        for route in rules.chain([&settings.route]) {
            let Route::Through(proxy) = route else {
                continue;
            };
            if routes.proxied.iter().all(|(known, _)| known != proxy) {
                let client = build(Some(proxy_of(proxy)?))?;
                routes.proxied.push((proxy.clone(), client));
            }
        }
        settings.hosts.iter().try_for_each(HostRule::check)?;
        Ok(routes)
    }

    /// Returns the way to a host.
    pub(crate) fn way(&self, settings: &FetchSettings, host: &str) -> Way<'_> {
        let own = settings.rule_of(host).map(|rule| &rule.route);
        let route = own.filter(|route| **route != Route::AsUsual);
        let through = match route.unwrap_or(&settings.route) {
            Route::Through(proxy) => self.proxied.iter().find(|(known, _)| known == proxy),
            Route::AsUsual | Route::Direct => None,
        };
        Way {
            http: through.map_or(&self.direct, |(_, client)| client),
            is_proxied: through.is_some(),
        }
    }
}

/// Reads a proxy's address. What is wrong is told without the address, which may hold a password.
fn proxy_of(proxy: &Secret) -> Result<reqwest::Proxy, FetchError> {
    let fail = |what: &str| FetchError::Settings(format!("a proxy {what}"));
    let url = Url::parse(proxy.expose()).map_err(|_| fail("whose address is none"))?;
    // With `socks5` the name would be resolved here, past the guard.
    if !matches!(url.scheme(), "http" | "https" | "socks5h") || !url.has_host() {
        return Err(fail("that is not `http://`, `https://` or `socks5h://`"));
    }
    reqwest::Proxy::all(url).map_err(|_| fail("that cannot be used"))
}

/// Adds what the host's rule sends, and returns the names of what is secret of it.
pub(crate) fn add_headers(
    settings: &FetchSettings,
    url: &Url,
    headers: &mut HeaderMap,
) -> Vec<HeaderName> {
    let mut secret = Vec::new();
    let rule = url.host_str().and_then(|host| settings.rule_of(host));
    let is_safe = url.scheme() == "https" || rule.is_some_and(|rule| rule.over_http);
    for header in rule.map_or(&[][..], |rule| &rule.headers) {
        let name = HeaderName::from_bytes(header.name.to_ascii_lowercase().as_bytes());
        let value = HeaderValue::from_str(header.value.expose());
        let (Ok(name), Ok(mut value)) = (name, value) else {
            continue;
        };
        let is_secret = header.is_secret || SECRET_HEADERS.contains(&name.as_str());
        if is_secret && !is_safe {
            continue;
        }
        value.set_sensitive(is_secret);
        if is_secret {
            secret.push(name.clone());
        }
        headers.insert(name, value);
    }
    secret
}

/// Returns a header's value as it is kept with the exchange.
pub(crate) fn shown<'h>(
    name: &HeaderName,
    value: &'h HeaderValue,
    secret: &[HeaderName],
) -> &'h [u8] {
    if secret.contains(name) {
        HIDDEN.as_bytes()
    } else {
        value.as_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(host: &str) -> HostRule {
        HostRule {
            host: host.to_owned(),
            ..HostRule::default()
        }
    }

    #[test]
    fn a_rule_goes_for_its_own_hosts_only() {
        assert!(rule("news.example").matches("News.Example."));
        assert!(!rule("news.example").matches("m.news.example"));
        assert!(!rule("news.example").matches("badnews.example"));
        assert!(rule(".news.example").matches("m.news.example"));
        assert!(rule(".news.example").matches("news.example"));
        assert!(!rule(".news.example").matches("badnews.example"));
        for none in ["", "."] {
            assert!(!rule(none).matches("news.example"), "{none}");
            assert!(!rule(none).matches(""), "{none}");
        }
    }

    #[test]
    fn secrets_are_not_shown() {
        let header = ExtraHeader {
            name: "cookie".to_owned(),
            value: Secret::new("session=7"),
            is_secret: true,
        };
        let rule = HostRule {
            headers: vec![header],
            route: Route::Through(Secret::new("http://me:password@proxy.example")),
            ..rule("a.example")
        };
        let shown = format!("{rule:?}");
        assert!(
            !shown.contains("session=7") && !shown.contains("password"),
            "{shown}"
        );
    }
}
