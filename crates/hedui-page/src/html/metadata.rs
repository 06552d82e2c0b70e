//! What stands in the head of a page: `meta`, `title`, `link`, and JSON-LD.

use std::collections::HashMap;

use super::dom::{Dom, Kind, Tag};
use super::structured::{self, Structured};
use crate::words::{NameRole, Words};

/// The head of a page.
#[derive(Clone, Debug, Default)]
pub(super) struct Head {
    /// Names in lower case, contents in order.
    metas: HashMap<String, Vec<String>>,
    /// The text of `<title>`.
    pub(super) title: String,
    /// `link` elements: relation in lower case, address.
    pub(super) links: Vec<Link>,
    /// `lang` of the root element.
    pub(super) lang: Option<String>,
    /// `base`.
    pub(super) base: Option<String>,
    pub(super) structured: Structured,
    /// How many blocks of JSON-LD were broken beyond mending.
    pub(super) broken_blocks: usize,
}

/// A `link` element.
#[derive(Clone, Debug)]
pub(super) struct Link {
    pub(super) relation: String,
    pub(super) href: String,
}

impl Head {
    pub(super) fn read(dom: &Dom<'_>, words: &Words) -> Head {
        let mut head = Head::default();
        let mut blocks = Vec::new();
        let mut in_svg_to = 0;
        for (at, node) in dom.iter() {
            let Kind::Element(element, tag) = node.kind else {
                continue;
            };
            match tag {
                _ if at < in_svg_to => {}
                Tag::Meta => head.add_meta(element),
                Tag::Title if head.title.is_empty() => head.title = raw_text(dom, at),
                Tag::LinkElement => head.add_link(element),
                Tag::Script
                    if element
                        .attr("type")
                        .is_some_and(|kind| kind.to_ascii_lowercase().contains("ld+json")) =>
                {
                    let texts = dom
                        .range(at)
                        .filter_map(|inner| match dom.get(inner)?.kind {
                            Kind::Text(text) => Some(text),
                            Kind::Element(..) => None,
                        });
                    blocks.extend(texts);
                }
                Tag::Skip if element.name() == "svg" => in_svg_to = node.end,
                Tag::Inline if element.name() == "base" => {
                    head.base = head
                        .base
                        .take()
                        .or_else(|| element.attr("href").map(str::to_owned));
                }
                _ if element.name() == "html" => {
                    let lang = element.attr("lang").or_else(|| element.attr("xml:lang"));
                    head.lang = lang
                        .map(str::trim)
                        .filter(|lang| !lang.is_empty())
                        .map(str::to_owned);
                }
                _ => {}
            }
        }
        (head.structured, head.broken_blocks) = structured::read(&blocks, words);
        head
    }

    fn add_meta(&mut self, element: &scraper::node::Element) {
        let Some(content) = element.attr("content").or_else(|| element.attr("value")) else {
            return;
        };
        let content = content.trim();
        if content.is_empty() || content.len() > 4096 {
            return;
        }
        for key in ["property", "name", "itemprop", "http-equiv"] {
            if let Some(name) = element.attr(key) {
                let list = self.metas.entry(name.trim().to_lowercase()).or_default();
                list.push(unescape(content));
            }
        }
    }

    fn add_link(&mut self, element: &scraper::node::Element) {
        let attribute = |name: &str| element.attr(name).unwrap_or("").trim().to_owned();
        if self.links.len() < 1000 {
            self.links.push(Link {
                relation: attribute("rel").to_lowercase(),
                href: attribute("href"),
            });
        }
    }

    /// The contents of `meta` elements with this role, best first.
    pub(super) fn metas<'a>(
        &'a self,
        role: NameRole,
        words: &'a Words,
    ) -> impl Iterator<Item = &'a str> {
        let names = words.names(role).iter();
        names
            .filter_map(|name| self.metas.get(name))
            .flatten()
            .map(String::as_str)
    }

    /// The content of the `meta` element with this name.
    pub(super) fn meta(&self, name: &str) -> Option<&str> {
        self.metas.get(name)?.first().map(String::as_str)
    }

    /// Where the `link` with this relation leads.
    pub(super) fn link(&self, relation: &str) -> Option<&str> {
        let mut links = self.links.iter();
        let found = links.find(|link| {
            link.relation
                .split_ascii_whitespace()
                .any(|rel| rel == relation)
        });
        found
            .map(|link| link.href.as_str())
            .filter(|href| !href.is_empty())
    }
}

fn raw_text(dom: &Dom<'_>, at: usize) -> String {
    let mut text = String::new();
    for inner in dom.range(at) {
        if let Some(Kind::Text(piece)) = dom.get(inner).map(|node| node.kind) {
            text.push_str(piece);
        }
    }
    unescape(&text)
}

/// Collapses white space and resolves references that were escaped twice.
pub(super) fn unescape(text: &str) -> String {
    let joined = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if joined.contains('&') && joined.contains(';') {
        crate::xml::resolve_references(&joined)
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
    } else {
        joined
    }
}

/// Does the same line by line.
pub(super) fn unescape_lines(text: &str) -> String {
    let lines = text.lines().map(unescape).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join("\n")
}
