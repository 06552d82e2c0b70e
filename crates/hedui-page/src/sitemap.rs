//! Sitemaps (sitemaps.org): sets of URLs with Google's news extension, indexes, and plain lists.
//!
//! Compressed ones are unpacked here, with a limit on size and on ratio. Broken markup is survived as in feeds.

use std::io::Read;

use hedui_model::Diagnostic;
use jiff::Timestamp;
use url::Url;

use crate::charset::{self, Form};
use crate::date::read_feed_date;
use crate::xml::{Document, Node};

/// The most bytes of a sitemap, unpacked: the protocol allows 50 MB.
const BYTES_MAX: usize = 52_428_800;
/// The most URLs that are read: the protocol allows 50,000.
const ENTRIES_MAX: usize = 50_000;
/// How many times larger unpacked content may be than packed, from the first megabyte on.
const RATIO_MAX: usize = 200;

/// A page that a sitemap names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SitemapEntry {
    /// The URL, absolute.
    pub url: String,
    /// When it was last changed.
    pub modified: Option<Timestamp>,
    /// The title, from the news extension.
    pub title: Option<String>,
    /// When it was published, from the news extension.
    pub published: Option<Timestamp>,
    /// The language, from the news extension.
    pub language: Option<String>,
}

/// What a sitemap says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sitemap {
    /// Pages.
    pub entries: Vec<SitemapEntry>,
    /// Other sitemaps, with the time of their last change.
    pub sitemaps: Vec<(String, Option<Timestamp>)>,
}

/// Reads a sitemap, packed with gzip or not.
///
/// ```
/// # use hedui_page::sitemap::read_sitemap;
/// let (map, _) = read_sitemap(b"https://example.com/1\nhttps://example.com/2\n", None, None);
/// assert_eq!(map.entries.len(), 2);
/// ```
pub fn read_sitemap(
    bytes: &[u8],
    content_type: Option<&str>,
    url: Option<&str>,
) -> (Sitemap, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let unpacked;
    let bytes = if bytes.starts_with(&[0x1F, 0x8B]) {
        unpacked = gunzip(bytes, BYTES_MAX, &mut diagnostics);
        unpacked.as_slice()
    } else {
        bytes.get(..BYTES_MAX).unwrap_or(bytes)
    };
    let text = charset::decode(
        bytes,
        content_type.filter(|kind| kind.contains("charset")),
        Form::Xml,
    )
    .text;
    let base = url.and_then(|url| Url::parse(url).ok());
    let sitemap = if text.trim_start().starts_with('<') {
        let document = Document::read(&text);
        if !document.sound {
            diagnostics.push(Diagnostic::new("markup", "not well-formed"));
        }
        read_xml(document.root(), base.as_ref())
    } else {
        read_list(&text, base.as_ref())
    };
    (sitemap, diagnostics)
}

/// Unpacks gzip, of several members too, and stops where it grows beyond `bytes_max` or 200 times its size.
///
/// What was unpacked before an error or a limit is returned.
pub fn gunzip(bytes: &[u8], bytes_max: usize, diagnostics: &mut Vec<Diagnostic>) -> Vec<u8> {
    let limit = bytes
        .len()
        .saturating_mul(RATIO_MAX)
        .max(1 << 20)
        .min(bytes_max);
    let mut unpacked = Vec::new();
    let limit_plus_one = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    let mut reader = flate2::read::MultiGzDecoder::new(bytes).take(limit_plus_one);
    if let Err(error) = reader.read_to_end(&mut unpacked) {
        diagnostics.push(Diagnostic::new("gzip", error.to_string()));
    }
    if unpacked.len() > limit {
        diagnostics.push(Diagnostic::new(
            "size",
            format!("more than {limit} bytes unpacked"),
        ));
        unpacked.truncate(limit);
    }
    unpacked
}

fn read_xml(root: Node<'_>, base: Option<&Url>) -> Sitemap {
    let mut sitemap = Sitemap::default();
    for node in root.descendants() {
        match node.name() {
            "url" if sitemap.entries.len() < ENTRIES_MAX => {
                sitemap.entries.extend(entry(node, base))
            }
            "sitemap" if sitemap.sitemaps.len() < ENTRIES_MAX => {
                let found = location(node, base).map(|url| (url, date(node, "lastmod")));
                sitemap.sitemaps.extend(found);
            }
            _ => {}
        }
    }
    sitemap
}

fn entry(node: Node<'_>, base: Option<&Url>) -> Option<SitemapEntry> {
    let news = node.child("news:news");
    let text = |name: &str| {
        let found = news.and_then(|news| {
            news.child(name)
                .or_else(|| news.descendants().find(|n| n.name() == name))
        });
        found
            .map(|node| node.text().trim().to_owned())
            .filter(|text| !text.is_empty())
    };
    Some(SitemapEntry {
        url: location(node, base)?,
        modified: date(node, "lastmod"),
        title: text("news:title"),
        published: text("news:publication_date").and_then(|date| read_feed_date(&date)),
        language: text("news:language"),
    })
}

fn location(node: Node<'_>, base: Option<&Url>) -> Option<String> {
    absolute(node.child("loc")?.text().trim(), base)
}

fn date(node: Node<'_>, name: &str) -> Option<Timestamp> {
    read_feed_date(node.child(name)?.text().trim())
}

fn read_list(text: &str, base: Option<&Url>) -> Sitemap {
    let lines = text
        .lines()
        .map(str::trim)
        .filter(|line| line.starts_with("http"));
    let urls = lines
        .filter_map(|line| absolute(line, base))
        .take(ENTRIES_MAX);
    Sitemap {
        entries: urls
            .map(|url| SitemapEntry {
                url,
                ..SitemapEntry::default()
            })
            .collect(),
        sitemaps: Vec::new(),
    }
}

fn absolute(link: &str, base: Option<&Url>) -> Option<String> {
    let url = match base {
        Some(base) => base.join(link).ok()?,
        None => Url::parse(link).ok()?,
    };
    matches!(url.scheme(), "http" | "https").then(|| url.into())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::io::Write;

    use super::*;
    use proptest::prelude::*;

    const NEWS: &str = r#"<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:n="http://www.google.com/schemas/sitemap-news/0.9">
<url><loc> https://example.com/1?a=1&amp;b=2 </loc><lastmod>2025-09-24</lastmod><n:news><n:publication><n:name>X</n:name><n:language>zh-tw</n:language></n:publication><n:publication_date>2025-09-24T08:30+08:00</n:publication_date><n:title>台積電</n:title></n:news></url></urlset>"#;

    #[test]
    fn the_news_extension_is_read() {
        let (map, _) = read_sitemap(NEWS.as_bytes(), None, None);
        let entry = map.entries.first().unwrap();
        assert_eq!(entry.url, "https://example.com/1?a=1&b=2");
        assert_eq!(entry.title.as_deref(), Some("台積電"));
        assert_eq!(entry.language.as_deref(), Some("zh-tw"));
        assert_eq!(entry.published.unwrap().to_string(), "2025-09-24T00:30:00Z");
        assert_eq!(entry.modified.unwrap().to_string(), "2025-09-24T00:00:00Z");
    }

    #[test]
    fn an_index_is_read() {
        let index = "<sitemapindex><sitemap><loc>/a.xml.gz</loc><lastmod>2025-09-24T00:00:00Z</lastmod></sitemap></sitemapindex>";
        let (map, _) = read_sitemap(
            index.as_bytes(),
            None,
            Some("https://example.com/sitemap.xml"),
        );
        assert_eq!(
            map.sitemaps.first().unwrap().0,
            "https://example.com/a.xml.gz"
        );
        assert!(map.entries.is_empty());
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        writer.write_all(bytes).unwrap();
        writer.finish().unwrap()
    }

    #[test]
    fn gzip_is_unpacked_and_bombs_are_not() {
        let (map, diagnostics) = read_sitemap(&gzip(NEWS.as_bytes()), None, None);
        assert_eq!((map.entries.len(), diagnostics.len()), (1, 0));
        let bomb = gzip(&vec![b' '; 30 << 20]);
        let mut diagnostics = Vec::new();
        let unpacked = gunzip(&bomb, BYTES_MAX, &mut diagnostics);
        assert!(unpacked.len() < 8 << 20);
        assert_eq!(diagnostics.first().unwrap().code, "size");
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            read_sitemap(&bytes, None, None);
            gunzip(&bytes, 1000, &mut Vec::new());
        }
    }
}
