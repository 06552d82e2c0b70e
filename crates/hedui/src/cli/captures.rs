//! Pages of WARC files as they are taken in, and how far a file was taken in when it was interrupted.

use std::collections::HashMap;
use std::path::Path;

use hedui_model::SourceId;
use hedui_store::archive::{Context, Ingested, Media};
use jiff::Timestamp;
use url::Url;

use crate::config::{Config, Source, bare_host};
use crate::pipeline::document::CONTENT_TYPE;
use crate::pipeline::given::{DOCUMENT_BYTES_MAX, Said};
use crate::warc::Capture;

/// Makes records of captured pages.
pub(crate) struct Captures<'c> {
    /// The configured sources by host, without `www.`.
    sources: HashMap<String, &'c Source>,
    said: Said,
}

impl<'c> Captures<'c> {
    /// Prepares for pages of the configured sources; what was said goes before what is configured.
    pub(crate) fn new(config: &'c Config, said: Said) -> Captures<'c> {
        let mut sources = HashMap::new();
        for source in &config.sources {
            for host in source.hosts() {
                sources.entry(host).or_insert(source);
            }
        }
        Captures { sources, said }
    }

    /// Makes the record of a page that may be an article; `None` for pictures, errors, redirects and front pages.
    pub(crate) fn record(&self, capture: &Capture, now: Timestamp) -> Option<Ingested> {
        let exchange = &capture.exchange;
        let url = Url::parse(&exchange.url).ok()?;
        let is_front = url.path().trim_matches('/').is_empty() && url.query().is_none();
        if exchange.status != 200 || is_front {
            return None;
        }
        let content_type = exchange.header("content-type").unwrap_or_default();
        let body = capture.body();
        let media = media_of(&content_type, &body)?;
        if body.is_empty() || body.len() > DOCUMENT_BYTES_MAX {
            return None;
        }
        let host = bare_host(url.host_str()?);
        let source = self.sources.get(&host);
        let id = self.said.source.clone();
        let id = id.or_else(|| source.map(|source| source.id.clone()));
        let id = id.or_else(|| host.parse::<SourceId>().ok())?;
        let mut context = Context {
            source: Some(id),
            region: self.said.region.or(source.and_then(|source| source.region)),
            seen: Some(exchange.at),
            ..Context::default()
        };
        let lang = source.and_then(|source| source.lang.clone());
        let mut keep = |name: &str, value: Option<String>| {
            value.map(|value| context.more.insert(name.to_owned(), value))
        };
        keep("lang", self.said.lang.clone().or(lang));
        keep(
            "published",
            self.said.published.map(|published| published.to_string()),
        );
        keep(CONTENT_TYPE, Some(content_type));
        Some(Ingested {
            at: now,
            url: Some(exchange.url.clone()),
            media,
            given: body,
            context,
        })
    }
}

/// Tells what may hold an article.
fn media_of(content_type: &str, body: &[u8]) -> Option<Media> {
    let kind = content_type.split(';').next().unwrap_or_default().trim();
    match kind.to_ascii_lowercase().as_str() {
        "text/html" | "application/xhtml+xml" => Some(Media::Html),
        "application/pdf" => crate::pdf::is_pdf(body).then_some(Media::Pdf),
        "" => body
            .trim_ascii_start()
            .starts_with(b"<")
            .then_some(Media::Html),
        _ => None,
    }
}

/// Tells whether a file is a WARC file, by its name.
pub(crate) fn is_warc(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let name = name.to_ascii_lowercase();
    name.ends_with(".warc") || name.ends_with(".warc.gz")
}

/// The name under which the state keeps how far a file was taken in. A file that has grown or shrunk is another.
pub(crate) fn mark(path: &Path, bytes: u64) -> String {
    let full = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    format!("warc:{bytes}:{}", full.display())
}
