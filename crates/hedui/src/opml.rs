//! OPML lists: outlines with feed and site addresses, as other readers export them.

use std::collections::HashMap;

use hedui_model::{Region, SourceId};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use url::Url;

use crate::config::Source;

/// The element that every entry of a list is.
const OUTLINE: &str = "outline";

/// The deepest nesting of outlines that is read.
const DEPTH_MAX: usize = 32;

/// One outline that has an address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Outline {
    /// The names of the outlines around it, outermost first.
    pub(crate) path: Vec<String>,
    /// Its name.
    pub(crate) text: String,
    /// `rss` for a feed, `link` for a section page.
    pub(crate) kind: String,
    /// The feed.
    pub(crate) xml_url: Option<String>,
    /// The site or section page.
    pub(crate) html_url: Option<String>,
    /// The language, as written.
    pub(crate) language: Option<String>,
    /// Categories, as OPML 2.0 has them: `/region/TW,/desk/technology`.
    pub(crate) category: Option<String>,
}

/// Why a list cannot be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OpmlError {
    /// It is no well-formed XML.
    #[error("no well-formed OPML at byte {at}: {source}")]
    Syntax {
        /// Where the reader stopped.
        at: u64,
        /// What it said.
        source: quick_xml::Error,
    },
    /// It has no outline with an address.
    #[error("no outline with `xmlUrl` or `htmlUrl`")]
    Empty,
    /// An address is not http or https.
    #[error("outline `{text}`: not an http or https address: `{url}`")]
    Address {
        /// The outline.
        text: String,
        /// The address.
        url: String,
    },
    /// The outlines are nested too deeply.
    #[error("outlines nested more than {DEPTH_MAX} deep")]
    Depth,
}

/// Reads all outlines that have an address, in order.
///
/// # Errors
/// Where the list is not well formed, or an address is not http or https.
pub(crate) fn read(bytes: &[u8]) -> Result<Vec<Outline>, OpmlError> {
    let mut reader = Reader::from_reader(bytes);
    let mut around: Vec<String> = Vec::new();
    let mut outlines = Vec::new();
    loop {
        let at = reader.buffer_position();
        let event = reader
            .read_event()
            .map_err(|source| OpmlError::Syntax { at, source })?;
        match event {
            Event::Eof => break,
            Event::Start(tag) if tag.name().as_ref() == OUTLINE => {
                let outline = outline(&tag, &around);
                around.push(outline.text.clone());
                if around.len() > DEPTH_MAX {
                    return Err(OpmlError::Depth);
                }
                outlines.push(outline);
            }
            Event::Empty(tag) if tag.name().as_ref() == OUTLINE => {
                outlines.push(outline(&tag, &around))
            }
            Event::End(tag) if tag.name().as_ref() == OUTLINE => {
                around.pop();
            }
            _ => {}
        }
    }
    outlines.retain(|outline| outline.xml_url.is_some() || outline.html_url.is_some());
    if outlines.is_empty() {
        return Err(OpmlError::Empty);
    }
    for outline in &outlines {
        for url in outline.xml_url.iter().chain(&outline.html_url) {
            if address(url).is_none() {
                return Err(OpmlError::Address {
                    text: outline.text.clone(),
                    url: url.clone(),
                });
            }
        }
    }
    Ok(outlines)
}

fn outline(tag: &BytesStart<'_>, around: &[String]) -> Outline {
    let mut outline = Outline {
        path: around.to_vec(),
        ..Outline::default()
    };
    for attribute in tag.attributes().flatten() {
        let raw = attribute.value.into_owned();
        let value = quick_xml::escape::unescape(&raw)
            .map_or_else(|_| raw.clone(), |value| value.into_owned());
        let value = value.trim().to_owned();
        match attribute.key.as_ref() {
            "text" => outline.text = value,
            "type" => outline.kind = value.to_ascii_lowercase(),
            "xmlUrl" => outline.xml_url = Some(value),
            "htmlUrl" => outline.html_url = Some(value),
            "language" => outline.language = Some(value),
            "category" => outline.category = Some(value),
            _ => {}
        }
    }
    outline
}

fn address(url: &str) -> Option<Url> {
    Url::parse(url)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}

/// Finds the region among slash-delimited categories.
fn region(categories: &str) -> Option<Region> {
    categories
        .split(',')
        .find_map(|category| category.trim().strip_prefix("/region/")?.parse().ok())
}

/// Makes sources of outlines: one for each, named by its host and, where a host has several, by a number.
pub(crate) fn sources(outlines: &[Outline]) -> Vec<Source> {
    let mut taken: HashMap<String, u32> = HashMap::new();
    let mut sources = Vec::new();
    for outline in outlines {
        let feed = outline.xml_url.as_deref().and_then(address);
        let page = outline.html_url.as_deref().and_then(address);
        let Some(host) = feed.as_ref().or(page.as_ref()).and_then(Url::host_str) else {
            continue;
        };
        let host = page.as_ref().and_then(Url::host_str).unwrap_or(host);
        let host = host.trim_start_matches("www.").to_owned();
        let count = taken.entry(host.clone()).or_default();
        *count += 1;
        let id = if *count == 1 {
            host
        } else {
            format!("{host}-{count}")
        };
        let Ok(id) = id.parse::<SourceId>() else {
            continue;
        };
        let name = if outline.text.is_empty() {
            id.to_string()
        } else {
            outline.text.clone()
        };
        let mut source = crate::config::plain_source(id, name);
        source.group = outline.path.last().cloned();
        source.lang = outline.language.clone();
        source.region = outline.category.as_deref().and_then(region);
        match feed {
            Some(feed) if outline.kind != "link" => source.feeds = vec![feed],
            _ => source.sections = page.into_iter().collect(),
        }
        sources.push(source);
    }
    sources
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn nested_outlines_become_sources_of_their_group() {
        let list = br#"<opml version="2.0"><body><outline text="Taiwan">
            <outline text="A &amp; B" type="rss" xmlUrl="https://a.example/rss?x=1&amp;y=2" htmlUrl="https://www.a.example/" language="zh-TW" category="/desk/x, /region/TW"/>
            <outline text="C" type="link" htmlUrl="https://a.example/tech"/></outline></body></opml>"#;
        let sources = sources(&read(list).unwrap());
        let [first, second] = sources.as_slice() else {
            panic!("{sources:?}")
        };
        assert_eq!(
            (first.id.as_str(), first.name.as_str()),
            ("a.example", "A & B")
        );
        assert_eq!(
            first.feeds.first().unwrap().as_str(),
            "https://a.example/rss?x=1&y=2"
        );
        assert_eq!(first.group.as_deref(), Some("Taiwan"));
        assert_eq!(first.region, Some(Region::TW));
        assert_eq!(second.id.as_str(), "a.example-2");
        assert_eq!(second.sections.len(), 1);
    }

    #[test]
    fn the_lists_that_come_along_are_valid() {
        let lists: Vec<Vec<Source>> = crate::cli::init::LISTS
            .iter()
            .map(|(name, list)| sources(&read(list.as_bytes()).expect(name)))
            .collect();
        assert!(lists.iter().map(Vec::len).sum::<usize>() >= 40);
        for source in lists.iter().flatten() {
            assert!(
                source.lang.is_some() && source.region.is_some() && source.group.is_some(),
                "{source:?}"
            );
        }
    }

    #[test]
    fn what_is_no_list_is_refused_with_a_reason() {
        assert!(matches!(
            read(b"<opml><body><outline text='x'"),
            Err(OpmlError::Syntax { .. })
        ));
        assert!(matches!(
            read(b"<opml><body/></opml>"),
            Err(OpmlError::Empty)
        ));
        let bad = br#"<opml><body><outline text="x" xmlUrl="file:///etc/passwd"/></body></opml>"#;
        assert!(matches!(read(bad), Err(OpmlError::Address { .. })));
        let deep = "<outline text='x'>".repeat(100);
        assert!(matches!(read(deep.as_bytes()), Err(OpmlError::Depth)));
    }
}
