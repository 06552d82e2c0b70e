//! What can be set, with the defaults that `config/hedui.toml` writes out.
//!
//! These are the library's own structs: the program reads its file and fills them. Limits that no user has asked to
//! turn are constants beside the code that holds them.

use std::net::SocketAddr;
use std::time::Duration;

use crate::network::Network;
use crate::route::{HostRule, Route};

/// How pages are fetched: `[fetch]`, and what tests and intranets need besides.
#[derive(Clone, Debug)]
pub struct FetchSettings {
    /// An address at which a site's owner reaches the crawler's: mail or web page.
    pub contact: String,
    /// How the crawler names itself; `{version}` and `{contact}` are filled in.
    pub user_agent: String,
    /// How many hosts are read from at the same moment. Each has one connection.
    pub hosts_at_once: u32,
    /// The least time between two requests to one host, in milliseconds.
    pub delay_ms_min: u64,
    /// A longer crawl delay, or `Retry-After`, than this skips the host for the run. Milliseconds.
    pub delay_ms_max: u64,
    /// How often a request is tried again.
    pub retries_max: u32,
    /// Time for name resolution, connection and TLS together, in milliseconds.
    pub connect_timeout_ms: u64,
    /// Time from the start to the end of the response's headers, connecting included, in milliseconds.
    pub first_byte_timeout_ms: u64,
    /// Time without any byte of the body, in milliseconds.
    pub stall_timeout_ms: u64,
    /// Time for one exchange as a whole, in milliseconds.
    pub total_timeout_ms: u64,
    /// The largest body on the wire, in bytes.
    pub body_bytes_max: u64,
    /// The largest body when its content encoding is undone, in bytes.
    pub decoded_bytes_max: u64,
    /// How many redirects are followed.
    pub redirects_max: u32,
    /// Networks that may be fetched from although they are not public.
    pub allow_networks: Vec<Network>,
    /// Hosts that are not looked up but connected to at a given address; it may be private.
    pub overrides: Vec<Override>,
    /// Further certificate authorities that are trusted, as DER.
    pub extra_roots: Vec<Vec<u8>>,
    /// Where all requests are sent through. A proxy resolves names itself: behind it, only addresses that are written
    /// as numbers are checked.
    pub route: Route,
    /// What is particular to single hosts.
    pub hosts: Vec<HostRule>,
}

/// Sends the hosts of one suffix to one address, as a sample site or a test needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Override {
    /// `.example` means every host below it, `news.example` that host and every host below it.
    pub suffix: String,
    /// Where to connect. The port goes for URLs without an explicit one, unless it is 0.
    pub address: SocketAddr,
}

impl Default for FetchSettings {
    fn default() -> Self {
        FetchSettings {
            contact: String::new(),
            user_agent: "hedui/{version} (+{contact})".to_owned(),
            hosts_at_once: 16,
            delay_ms_min: 1_000,
            delay_ms_max: 120_000,
            retries_max: 2,
            connect_timeout_ms: 10_000,
            first_byte_timeout_ms: 20_000,
            stall_timeout_ms: 15_000,
            total_timeout_ms: 60_000,
            body_bytes_max: 10 << 20,
            decoded_bytes_max: 30 << 20,
            redirects_max: 5,
            allow_networks: Vec::new(),
            overrides: Vec::new(),
            extra_roots: Vec::new(),
            route: Route::Direct,
            hosts: Vec::new(),
        }
    }
}

impl FetchSettings {
    /// Returns the User-Agent with version and contact filled in.
    ///
    /// ```
    /// # use hedui_fetch::FetchSettings;
    /// let settings = FetchSettings { contact: "desk@example.org".into(), ..FetchSettings::default() };
    /// assert!(settings.full_user_agent().ends_with(" (+desk@example.org)"));
    /// ```
    #[must_use]
    pub fn full_user_agent(&self) -> String {
        self.user_agent
            .replace("{version}", env!("CARGO_PKG_VERSION"))
            .replace("{contact}", &self.contact)
    }

    /// Returns the product token by which robots.txt is asked: the User-Agent up to the first `/` or white space.
    #[must_use]
    pub fn product(&self) -> &str {
        self.user_agent
            .split(|c: char| c == '/' || c.is_whitespace())
            .next()
            .unwrap_or_default()
    }

    pub(crate) fn connect_timeout(&self) -> Duration {
        Duration::from_millis(self.connect_timeout_ms)
    }

    pub(crate) fn first_byte_timeout(&self) -> Duration {
        Duration::from_millis(self.first_byte_timeout_ms)
    }

    pub(crate) fn stall_timeout(&self) -> Duration {
        Duration::from_millis(self.stall_timeout_ms)
    }

    pub(crate) fn total_timeout(&self) -> Duration {
        Duration::from_millis(self.total_timeout_ms)
    }

    /// Returns the rule for a host: the one that names it most closely.
    pub(crate) fn rule_of(&self, host: &str) -> Option<&HostRule> {
        let matching = self.hosts.iter().filter(|rule| rule.matches(host));
        matching.max_by_key(|rule| (!rule.host.starts_with('.'), rule.host.len()))
    }

    /// Returns the override for a host, the longest suffix first.
    pub(crate) fn override_of(&self, host: &str) -> Option<SocketAddr> {
        let matching = self.overrides.iter().filter(|rule| rule.matches(host));
        matching
            .max_by_key(|rule| rule.suffix.len())
            .map(|rule| rule.address)
    }
}

impl Override {
    /// Tells whether the rule goes for `host`, in any case and with or without a final dot.
    #[must_use]
    pub fn matches(&self, host: &str) -> bool {
        let host = host.trim_end_matches('.').to_ascii_lowercase();
        let suffix = self.suffix.to_ascii_lowercase();
        let bare = suffix.trim_start_matches('.');
        let below = host
            .strip_suffix(bare)
            .is_some_and(|rest| rest.ends_with('.'));
        !bare.is_empty() && (below || (host == bare && !suffix.starts_with('.')))
    }
}

/// What a crawl takes on: `[crawl]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CrawlSettings {
    /// How many pages one run fetches at most; feeds, sitemaps and robots.txt are not counted.
    pub pages_max: u64,
    /// The same for one source, where its plan does not say otherwise.
    pub pages_per_source_max: u64,
    /// Articles of feeds and sitemaps that are older are not fetched. Days.
    pub age_days_max: u32,
}

impl Default for CrawlSettings {
    fn default() -> Self {
        CrawlSettings {
            pages_max: 2_000,
            pages_per_source_max: 200,
            age_days_max: 30,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_override_goes_for_whole_labels() {
        let rule = |suffix: &str| Override {
            suffix: suffix.to_owned(),
            address: ([127, 0, 0, 1], 80).into(),
        };
        assert!(rule(".example").matches("News.Example."));
        assert!(!rule(".example").matches("example"));
        assert!(!rule(".example").matches("notexample"));
        assert!(rule("a.example").matches("a.example"));
        assert!(rule("a.example").matches("b.a.example"));
        assert!(!rule("a.example").matches("ba.example"));
        assert!(!rule("").matches("a.example"));
        assert!(!rule(".").matches("a.example"));
    }

    #[test]
    fn robots_are_asked_for_the_first_word() {
        assert_eq!(FetchSettings::default().product(), "hedui");
        let own = FetchSettings {
            user_agent: "Deskbot (desk)".to_owned(),
            ..FetchSettings::default()
        };
        assert_eq!(own.product(), "Deskbot");
    }
}
