//! Feeds: RSS 0.9 to 2.0, RSS 1.0 (RDF), Atom 0.3 and 1.0, CDF, and JSON Feed.
//!
//! Bytes are decoded before they are parsed, and parsed as leniently as broken markup needs; a feed is recognised by
//! its elements, not by what it is served as. Reading never fails: what is not there is `None`, and what was wrong is a
//! diagnostic. Links are absolute where a base is known.

mod json;
mod markup;
mod read;
mod rest;

use hedui_model::Diagnostic;
use jiff::Timestamp;
use serde::Serialize;
use url::Url;

use crate::charset::{self, Form};
use crate::xml::Document;

pub use markup::plain_text;
pub use rest::{REST_MAX, next_visit_unchanged};

/// The most entries that are read of one feed.
const ENTRIES_MAX: usize = 10_000;
/// The most bytes of a feed that are read.
const BYTES_MAX: usize = 32 * 1024 * 1024;

/// A feed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Feed {
    /// The title as the feed means it; may hold markup, see [`plain_text`].
    pub title: Option<String>,
    /// The site that the feed belongs to.
    pub link: Option<String>,
    /// The language, as written.
    pub language: Option<String>,
    /// The encoding that the bytes were read with.
    pub encoding: String,
    /// How long the feed asks to be left alone, in minutes (RSS `ttl`, or `sy:updatePeriod` and `sy:updateFrequency`).
    pub ttl_minutes: Option<u32>,
    /// Hours of the day, in UTC, in which it asks not to be asked (RSS `skipHours`), in order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub skip_hours: Vec<i8>,
    /// Days on which it asks not to be asked (RSS `skipDays`): 0 for Monday, in order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub skip_days: Vec<i8>,
    /// When the feed was published.
    pub published: Option<Timestamp>,
    /// When the feed was last changed.
    pub updated: Option<Timestamp>,
    /// The next page of the feed (RFC 5005).
    pub next: Option<String>,
    /// What the feed has to read, in its order.
    pub entries: Vec<Entry>,
}

/// One entry of a feed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// The id, as written, or a relative one resolved.
    pub id: Option<String>,
    /// The title as the feed means it; may hold markup, see [`plain_text`].
    pub title: Option<String>,
    /// Where the entry leads.
    pub link: Option<String>,
    /// Who wrote it.
    pub author: Option<String>,
    /// When it was published.
    pub published: Option<Timestamp>,
    /// When it was last changed.
    pub updated: Option<Timestamp>,
    /// A summary, as markup.
    pub summary: Option<String>,
    /// The whole content, as markup.
    pub content: Option<String>,
}

/// Reads a feed.
///
/// `content_type` and `content_location` are HTTP headers, `url` is where the feed was fetched from. Relative links are
/// resolved against `xml:base`, else `content_location`, else `url`.
///
/// ```
/// # use hedui_page::feed::read_feed;
/// let (feed, _) = read_feed(b"<rss><channel><item><title>A &amp; B</title><link>/1</link>", None, None, Some("https://example.com/rss"));
/// assert_eq!(feed.entries[0].link.as_deref(), Some("https://example.com/1"));
/// ```
pub fn read_feed(
    bytes: &[u8],
    content_type: Option<&str>,
    content_location: Option<&str>,
    url: Option<&str>,
) -> (Feed, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let bytes = match bytes.get(..BYTES_MAX) {
        Some(start) => {
            diagnostics.push(Diagnostic::new(
                "size",
                format!("feed of {} bytes cut", bytes.len()),
            ));
            start
        }
        None => bytes,
    };
    let decoded = charset::decode(bytes, content_type, Form::Xml);
    if decoded.replaced > 0 {
        let found = format!(
            "{} characters replaced, read as {}",
            decoded.replaced, decoded.encoding
        );
        diagnostics.push(Diagnostic::new("charset", found));
    }
    let base = base_of(content_location, url);
    let mut feed = if decoded.text.trim_start().starts_with('{') {
        json::read(&decoded.text, base.as_ref(), &mut diagnostics)
    } else {
        let document = Document::read(&decoded.text);
        if !document.sound {
            diagnostics.push(Diagnostic::new("markup", "not well-formed"));
        }
        if document.cut {
            diagnostics.push(Diagnostic::new("nodes", "elements left out"));
        }
        read::read(document.root(), base.as_ref(), &mut diagnostics)
    };
    feed.encoding = decoded.encoding.to_owned();
    (feed, diagnostics)
}

fn base_of(content_location: Option<&str>, url: Option<&str>) -> Option<Url> {
    let url = url.and_then(|url| Url::parse(url).ok());
    let location = content_location.and_then(|location| match &url {
        Some(url) => url.join(location).ok(),
        None => Url::parse(location).ok(),
    });
    location.or(url)
}

/// Resolves a link against a base, and leaves it as it is where there is none.
fn resolve(base: Option<&Url>, link: &str) -> String {
    let link = link.trim();
    if link.is_empty() {
        return String::new();
    }
    match Url::parse(link) {
        Ok(_) => link.to_owned(),
        Err(_) => base
            .and_then(|base| base.join(link).ok())
            .map_or_else(|| link.to_owned(), String::from),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde::Deserialize;

    #[derive(Deserialize)]
    struct Corpus {
        case: Vec<Case>,
    }

    #[derive(Deserialize)]
    struct Case {
        name: String,
        feed: String,
        expect: toml::Table,
    }

    /// What a feed says, in the names of the corpus.
    fn facts(feed: &Feed) -> toml::Table {
        let mut facts = toml::Table::new();
        let mut put = |key: &str, value: Option<String>| {
            if let Some(value) = value {
                facts.insert(key.to_owned(), value.into());
            }
        };
        let first = feed.entries.first();
        put("title", feed.title.clone());
        put("link", feed.link.clone());
        put("language", feed.language.clone());
        put("entries", Some(feed.entries.len().to_string()));
        put("ttl_minutes", feed.ttl_minutes.map(|ttl| ttl.to_string()));
        put("entry_id", first.and_then(|entry| entry.id.clone()));
        put("entry_title", first.and_then(|entry| entry.title.clone()));
        put("entry_link", first.and_then(|entry| entry.link.clone()));
        put("entry_author", first.and_then(|entry| entry.author.clone()));
        put(
            "entry_published",
            first
                .and_then(|entry| entry.published)
                .map(|at| at.to_string()),
        );
        put(
            "entry_updated",
            first
                .and_then(|entry| entry.updated)
                .map(|at| at.to_string()),
        );
        put(
            "entry_summary",
            first.and_then(|entry| entry.summary.clone()),
        );
        facts
    }

    #[test]
    fn feeds_of_the_corpus() {
        let corpus: Corpus =
            toml::from_str(include_str!("../../../../tests/corpus/feeds/feeds.toml")).unwrap();
        for case in corpus.case {
            let (feed, _) = read_feed(
                case.feed.as_bytes(),
                None,
                None,
                Some("https://example.com/rss"),
            );
            let facts = facts(&feed);
            for (key, value) in case.expect {
                assert_eq!(facts.get(&key), Some(&value), "{}: {key}", case.name);
            }
        }
    }

    #[test]
    fn big5_is_decoded_before_it_is_parsed() {
        let text = "<?xml version='1.0' encoding='big5'?><rss><channel><title>許功蓋的新聞</title></channel></rss>";
        let (bytes, _, _) = encoding_rs::BIG5.encode(text);
        let (feed, _) = read_feed(&bytes, None, None, None);
        assert_eq!(feed.title.as_deref(), Some("許功蓋的新聞"));
        assert_eq!(feed.encoding, "Big5");
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            read_feed(&bytes, None, None, None);
        }

        #[test]
        fn no_markup_panics(text in "(<(/)?(rss|feed|channel|item|entry|title|link|id|updated)( href='x'| type='html'| xml:base=':')?(/)?>|[a-z&;]{0,4}|2025-01-01|中){0,40}") {
            read_feed(text.as_bytes(), None, Some("/x"), Some("http://h/"));
        }

        #[test]
        fn no_json_panics(text in "\\{(\"(version|items|title|url|id|x)\":(\"a\"|1|null|\\[\\]|\\{\\}),?){0,6}\\}") {
            read_feed(text.as_bytes(), None, None, None);
        }
    }
}
