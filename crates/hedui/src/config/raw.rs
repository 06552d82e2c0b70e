//! The shape of `hedui.toml`, with every default.

use std::collections::BTreeMap;
use std::path::PathBuf;

use hedui_model::Confidence;
use serde::Deserialize;
use toml::Spanned;

use super::locate::{Place, suggestion};
use crate::exit::Failure;

/// Every setting that stands in a table of its own name, for the test that looks for them in the commented file.
#[cfg(test)]
pub(crate) const FIELDS: &[&str] = &[
    "dir",
    "segment_bytes_max",
    "state_cache_bytes",
    "contact",
    "user_agent",
    "hosts_at_once",
    "delay_ms_min",
    "delay_ms_max",
    "retries_max",
    "connect_timeout_ms",
    "first_byte_timeout_ms",
    "stall_timeout_ms",
    "total_timeout_ms",
    "body_bytes_max",
    "decoded_bytes_max",
    "redirects_max",
    "allow_networks",
    "proxy",
    "proxy_env",
    "host",
    "headers",
    "headers_env",
    "cookies",
    "cookies_env",
    "over_http",
    "pages_max",
    "pages_per_source_max",
    "age_days_max",
    "revisit_days_max",
    "feed_rest_minutes_max",
    "confidence_min",
    "severity_min",
    "attempts_max",
    "user",
    "files",
    "opml",
    "id",
    "kind",
    "url",
    "secret_env",
    "command",
    "region",
    "lang",
    "weight",
    "interval_minutes",
    "name",
    "group",
    "feeds",
    "sitemaps",
    "sections",
];

/// The whole file.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Raw {
    pub(crate) archive: ArchiveSettings,
    pub(crate) fetch: FetchSettings,
    pub(crate) crawl: CrawlSettings,
    pub(crate) alert: RawAlert,
    pub(crate) decisions: DecisionSettings,
    pub(crate) lexicon: RawLexicon,
    pub(crate) feeds: RawFeeds,
    pub(crate) group: Vec<RawGroup>,
    pub(crate) source: Vec<RawSource>,
}

/// `[archive]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ArchiveSettings {
    pub(crate) dir: PathBuf,
    pub(crate) segment_bytes_max: u64,
    pub(crate) state_cache_bytes: u64,
}

impl Default for ArchiveSettings {
    fn default() -> Self {
        ArchiveSettings {
            dir: "index".into(),
            segment_bytes_max: 1 << 30,
            state_cache_bytes: 64 << 20,
        }
    }
}

/// `[fetch]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct FetchSettings {
    pub(crate) contact: String,
    pub(crate) user_agent: String,
    pub(crate) hosts_at_once: u32,
    pub(crate) delay_ms_min: u64,
    pub(crate) delay_ms_max: u64,
    pub(crate) retries_max: u32,
    pub(crate) connect_timeout_ms: u64,
    pub(crate) first_byte_timeout_ms: u64,
    pub(crate) stall_timeout_ms: u64,
    pub(crate) total_timeout_ms: u64,
    pub(crate) body_bytes_max: u64,
    pub(crate) decoded_bytes_max: u64,
    pub(crate) redirects_max: u32,
    pub(crate) allow_networks: Vec<Spanned<String>>,
    pub(crate) proxy: String,
    pub(crate) proxy_env: String,
    pub(crate) host: Vec<HostRow>,
}

/// A row of `[[fetch.host]]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct HostRow {
    pub(crate) host: Spanned<String>,
    #[serde(default)]
    pub(crate) proxy: String,
    #[serde(default)]
    pub(crate) proxy_env: String,
    #[serde(default)]
    pub(crate) headers: BTreeMap<String, String>,
    #[serde(default)]
    pub(crate) headers_env: BTreeMap<String, String>,
    #[serde(default)]
    pub(crate) cookies: BTreeMap<String, String>,
    #[serde(default)]
    pub(crate) cookies_env: BTreeMap<String, String>,
    #[serde(default)]
    pub(crate) over_http: bool,
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
            proxy: String::new(),
            proxy_env: String::new(),
            host: Vec::new(),
        }
    }
}

/// `[crawl]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct CrawlSettings {
    pub(crate) pages_max: u64,
    pub(crate) pages_per_source_max: u64,
    pub(crate) age_days_max: u32,
    pub(crate) revisit_days_max: u32,
    pub(crate) feed_rest_minutes_max: u32,
}

impl Default for CrawlSettings {
    fn default() -> Self {
        CrawlSettings {
            pages_max: 2_000,
            pages_per_source_max: 200,
            age_days_max: 30,
            revisit_days_max: 7,
            feed_rest_minutes_max: 720,
        }
    }
}

/// `[alert]`.
#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct RawAlert {
    confidence_min: Option<Spanned<String>>,
    pub(crate) severity_min: u8,
    pub(crate) attempts_max: u32,
    pub(crate) sink: Vec<Sink>,
}

impl Default for RawAlert {
    fn default() -> Self {
        let confidence_min = Some(Spanned::new(0..0, "0.90".to_owned()));
        RawAlert {
            confidence_min,
            severity_min: 0,
            attempts_max: 20,
            sink: Vec::new(),
        }
    }
}

impl RawAlert {
    /// Reads the threshold, `0.90`, exactly.
    pub(crate) fn confidence(&self, place: &Place<'_>) -> Result<Confidence, Failure> {
        let Some(written) = &self.confidence_min else {
            return Ok(Confidence::from_thousandths(900));
        };
        parse_confidence(written.get_ref()).ok_or_else(|| {
            let message = format!(
                "`confidence_min` is between \"0\" and \"1\", not `{}`",
                written.get_ref()
            );
            place.failure(written.span(), &message)
        })
    }
}

/// Reads a confidence between 0 and 1.
pub(crate) fn parse_confidence(text: &str) -> Option<Confidence> {
    let value: hedui_model::Decimal = text.trim().parse().ok()?;
    let thousandths: u16 = value
        .scaled(3)
        .ok()?
        .rounded_to_exponent(0)
        .to_string()
        .parse()
        .ok()?;
    (thousandths <= 1_000).then(|| Confidence::from_thousandths(thousandths))
}

/// A row of `[[alert.sink]]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Sink {
    pub(crate) id: Spanned<String>,
    pub(crate) kind: SinkKind,
    pub(crate) url: Option<Spanned<String>>,
    pub(crate) secret_env: Option<String>,
    #[serde(default)]
    pub(crate) command: Vec<String>,
}

/// What kind of sink it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum SinkKind {
    Webhook,
    Command,
}

/// `[decisions]`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct DecisionSettings {
    pub(crate) user: String,
}

/// `[lexicon]`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct RawLexicon {
    pub(crate) files: Vec<Spanned<PathBuf>>,
}

/// `[feeds]`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct RawFeeds {
    pub(crate) opml: Vec<Spanned<PathBuf>>,
}

/// A row of `[[group]]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawGroup {
    pub(crate) id: Spanned<String>,
    pub(crate) region: Option<Spanned<String>>,
    pub(crate) lang: Option<String>,
    pub(crate) weight: Option<u8>,
    pub(crate) interval_minutes: Option<u32>,
}

/// A row of `[[source]]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawSource {
    pub(crate) id: Spanned<String>,
    pub(crate) name: Option<String>,
    pub(crate) group: Option<Spanned<String>>,
    #[serde(default)]
    pub(crate) feeds: Vec<Spanned<String>>,
    #[serde(default)]
    pub(crate) sitemaps: Vec<Spanned<String>>,
    #[serde(default)]
    pub(crate) sections: Vec<Spanned<String>>,
    pub(crate) region: Option<Spanned<String>>,
    pub(crate) lang: Option<String>,
    pub(crate) weight: Option<u8>,
    pub(crate) interval_minutes: Option<u32>,
}

/// Reads the file's shape.
///
/// # Errors
/// Names the line, and for an unknown name the one that was probably meant.
pub(crate) fn read(place: &Place<'_>) -> Result<Raw, Failure> {
    toml::from_str(place.text).map_err(|error| {
        let message = error.message().to_owned();
        let failure = place.failure(error.span().unwrap_or(0..0), &message);
        match meant(&message) {
            Some(name) => failure.hint(format!("did you mean `{name}`?")),
            None => failure.hint("config/hedui.toml, or `hedui init`, shows every setting"),
        }
    })
}

/// Guesses the name meant from the parser's message: ``unknown field `x`, expected one of `y`, `z` ``.
fn meant(message: &str) -> Option<String> {
    let mut quoted = message.split('`').skip(1).step_by(2);
    let unknown = quoted.next().filter(|_| message.starts_with("unknown"))?;
    suggestion(unknown, quoted).map(str::to_owned)
}

impl Raw {
    /// Checks what needs no other file.
    pub(crate) fn check(&self, place: &Place<'_>) -> Result<(), Failure> {
        for network in &self.fetch.allow_networks {
            if !is_network(network.get_ref()) {
                let message = format!(
                    "not a network in CIDR notation, such as \"10.1.0.0/16\": `{}`",
                    network.get_ref()
                );
                return Err(place.failure(network.span(), &message));
            }
        }
        for row in &self.fetch.host {
            let host = row.host.get_ref().trim_start_matches('.');
            if host.is_empty()
                || url::Url::parse(&format!("http://{host}/")).is_err()
                || host.contains(['/', ':', '@'])
            {
                let message = format!(
                    "not the name of a host, such as `news.example`, or `.news.example` for all below it: `{}`",
                    row.host.get_ref()
                );
                return Err(place.failure(row.host.span(), &message));
            }
        }
        for (index, sink) in self.alert.sink.iter().enumerate() {
            let fail = |message: &str| {
                Err(place.failure(
                    sink.id.span(),
                    &format!("sink `{}` {message}", sink.id.get_ref()),
                ))
            };
            if self
                .alert
                .sink
                .iter()
                .take(index)
                .any(|other| other.id.get_ref() == sink.id.get_ref())
            {
                return fail("stands here a second time");
            }
            match sink.kind {
                SinkKind::Webhook if sink.url.is_none() => return fail("needs a `url`"),
                SinkKind::Command if sink.command.is_empty() => return fail("needs a `command`"),
                _ => {}
            }
            if let Some(url) = &sink.url {
                super::source::check_url(place, url)?;
            }
        }
        Ok(())
    }
}

fn is_network(text: &str) -> bool {
    let (address, bits) = text.split_once('/').unwrap_or((text, ""));
    let Ok(address) = address.parse::<std::net::IpAddr>() else {
        return false;
    };
    let most = if address.is_ipv4() { 32 } else { 128 };
    bits.is_empty() || bits.parse::<u8>().is_ok_and(|bits| bits <= most)
}
