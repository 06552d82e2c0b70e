//! XML as it is found: a small tree, from markup that need not be well-formed.
//!
//! End tags that fit nothing are skipped, elements that are never ended end where their parent does, unknown entities
//! stay as they were written, entities that a document defines are not expanded, and whatever stands in a broken tag is
//! skipped up to the next one. Nodes, depth and attributes are limited. Names are in lower case; prefixes are replaced
//! by those in [`PREFIXES`] where the namespace is known. This leaves meaning to the readers of feeds and sitemaps.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// The most elements that are kept.
const NODES_MAX: usize = 500_000;
/// The deepest element that is kept as its own; deeper ones become children of their ancestor at this depth.
const DEPTH_MAX: usize = 128;
/// The most attributes of an element that are read.
const ATTRIBUTES_MAX: usize = 64;

/// Namespaces and the prefixes they have here; an empty prefix stands for the names of feeds themselves.
const PREFIXES: [(&str, &str); 26] = [
    ("http://www.w3.org/2005/atom", ""),
    ("http://purl.org/atom/", ""),
    ("http://purl.org/rss/1.0/modules/content", "content"),
    ("http://purl.org/rss/1.0/modules/", "module"),
    ("http://purl.org/rss/1.0", ""),
    ("http://my.netscape.com/rdf/simple/0.9", ""),
    ("http://channel.netscape.com/rdf/simple/0.9", ""),
    ("http://my.netscape.com/publish/formats/rss", ""),
    ("http://backend.userland.com/rss", ""),
    ("http://blogs.law.harvard.edu/tech/rss", ""),
    ("http://www.sitemaps.org/schemas/sitemap/", ""),
    ("http://www.google.com/schemas/sitemap-news/", "news"),
    ("http://www.google.com/schemas/sitemap/", ""),
    ("http://purl.org/dc/elements/", "dc"),
    ("http://purl.org/dc/terms", "dcterms"),
    ("http://www.w3.org/1999/02/22-rdf-syntax-ns", "rdf"),
    ("http://www.w3.org/1999/xhtml", "xhtml"),
    ("http://www.itunes.com/dtds/podcast-1.0", "itunes"),
    ("http://search.yahoo.com/mrss", "media"),
    ("http://www.w3.org/xml/1998/namespace", "xml"),
    ("http://www.w3.org/1999/xlink", "xlink"),
    ("http://rssnamespace.org/feedburner/ext/", "feedburner"),
    ("http://www.georss.org/georss", "georss"),
    ("http://purl.org/syndication/thread/", "thr"),
    ("http://wellformedweb.org/commentapi/", "wfw"),
    ("http://www.google.com/schemas/sitemap-image/", "image"),
];

/// An element: its name, attributes and content.
#[derive(Clone, Debug, Default)]
pub(crate) struct Element {
    /// In lower case; with its prefix where it has one that counts: `title`, `dc:date`.
    pub(crate) name: String,
    /// Names in lower case, values with references resolved.
    pub(crate) attributes: Vec<(String, String)>,
    pub(crate) content: Vec<Content>,
}

/// What stands in an element, in order.
#[derive(Clone, Debug)]
pub(crate) enum Content {
    Text(String),
    /// The index of the child among all elements.
    Child(usize),
}

/// A document: its elements, of which the first is the root that holds all others.
#[derive(Clone, Debug)]
pub(crate) struct Document {
    elements: Vec<Element>,
    /// Whether the markup was sound, as far as this reader looks.
    pub(crate) sound: bool,
    /// Whether elements were left out because there are too many.
    pub(crate) cut: bool,
}

impl Document {
    /// Reads a document; there is always one, if only an empty one.
    pub(crate) fn read(text: &str) -> Document {
        let mut builder = Builder::new();
        let mut rest = text;
        loop {
            let read = builder.read(rest);
            let Err(stopped_at) = read else { break };
            builder.document.sound = false;
            // Go on at the next tag; what could not be read is lost.
            let at = floor_boundary(rest, stopped_at.max(1));
            let Some(next) = rest.get(at..).and_then(|tail| tail.find('<')) else {
                break;
            };
            rest = rest.get(at + next..).unwrap_or("");
        }
        builder.document
    }

    /// Returns the element that holds the document.
    pub(crate) fn root(&self) -> Node<'_> {
        Node {
            document: self,
            index: 0,
        }
    }
}

fn floor_boundary(text: &str, mut at: usize) -> usize {
    at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at += 1;
    }
    at
}

/// An element in its document.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Node<'a> {
    document: &'a Document,
    index: usize,
}

impl<'a> Node<'a> {
    fn element(self) -> Option<&'a Element> {
        self.document.elements.get(self.index)
    }

    pub(crate) fn name(self) -> &'a str {
        self.element().map_or("", |element| element.name.as_str())
    }

    pub(crate) fn attribute(self, name: &str) -> Option<&'a str> {
        let attributes = &self.element()?.attributes;
        attributes
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    pub(crate) fn children(self) -> impl Iterator<Item = Node<'a>> {
        let content = self
            .element()
            .map_or(&[][..], |element| element.content.as_slice());
        content.iter().filter_map(move |content| match content {
            Content::Child(index) => Some(Node {
                document: self.document,
                index: *index,
            }),
            Content::Text(_) => None,
        })
    }

    pub(crate) fn child(self, name: &str) -> Option<Node<'a>> {
        self.children().find(|child| child.name() == name)
    }

    /// All elements below, in document order.
    pub(crate) fn descendants(self) -> impl Iterator<Item = Node<'a>> {
        let mut stack: Vec<Node<'a>> = self.children().collect();
        stack.reverse();
        std::iter::from_fn(move || {
            let next = stack.pop()?;
            let before = stack.len();
            stack.extend(next.children());
            if let Some(added) = stack.get_mut(before..) {
                added.reverse();
            }
            Some(next)
        })
    }

    /// All text below, in order.
    pub(crate) fn text(self) -> String {
        let mut text = String::new();
        self.walk(&mut |step| {
            if let Step::Text(piece) = step {
                text.push_str(piece);
            }
        });
        text
    }

    /// Writes what is in the element as markup, without declarations of namespaces; links go through `resolve`.
    pub(crate) fn inner_markup(self, resolve: &dyn Fn(&str) -> String) -> String {
        let mut markup = String::new();
        self.walk(&mut |step| match step {
            Step::Text(text) => markup.push_str(&quick_xml::escape::partial_escape(text)),
            Step::Open(node) => {
                markup.push('<');
                markup.push_str(plain_name(node.name()));
                let attributes = node.element().map_or(&[][..], |e| e.attributes.as_slice());
                for (name, value) in attributes
                    .iter()
                    .filter(|(name, _)| !name.starts_with("xmlns"))
                {
                    let is_link = name == "href" || name == "src";
                    let value = if is_link {
                        resolve(value)
                    } else {
                        value.clone()
                    };
                    markup.push_str(&format!(
                        " {name}=\"{}\"",
                        quick_xml::escape::escape(&value)
                    ));
                }
                markup.push('>');
            }
            Step::Close(node) => {
                markup.push_str("</");
                markup.push_str(plain_name(node.name()));
                markup.push('>');
            }
        });
        markup
    }

    fn walk(self, visit: &mut dyn FnMut(Step<'a, '_>)) {
        let mut stack: Vec<(Node<'a>, usize)> = vec![(self, 0)];
        while let Some((node, at)) = stack.last_mut() {
            let node = *node;
            let content = node.element().and_then(|element| element.content.get(*at));
            *at += 1;
            match content {
                Some(Content::Text(text)) => visit(Step::Text(text)),
                Some(Content::Child(index)) => {
                    let child = Node {
                        document: node.document,
                        index: *index,
                    };
                    visit(Step::Open(child));
                    stack.push((child, 0));
                }
                None => {
                    stack.pop();
                    if !stack.is_empty() {
                        visit(Step::Close(node));
                    }
                }
            }
        }
    }
}

enum Step<'a, 'b> {
    Text(&'b str),
    Open(Node<'a>),
    Close(Node<'a>),
}

fn plain_name(name: &str) -> &str {
    name.strip_prefix("xhtml:").unwrap_or(name)
}

/// Namespaces that an element declares: prefix as written, prefix as it is known here.
type Declared = Vec<(String, String)>;

struct Builder {
    document: Document,
    /// Open elements: index, name as written, and where its declarations begin.
    open: Vec<(usize, String, usize)>,
    declared: Declared,
    /// Elements that are open beyond the depth limit, by name, and were not kept.
    too_deep: usize,
}

impl Builder {
    fn new() -> Builder {
        Builder {
            document: Document {
                elements: vec![Element::default()],
                sound: true,
                cut: false,
            },
            open: vec![(0, String::new(), 0)],
            declared: Vec::new(),
            too_deep: 0,
        }
    }

    /// Reads until the end, or returns where an error stopped it.
    fn read(&mut self, text: &str) -> Result<(), usize> {
        let mut reader = Reader::from_str(text);
        let config = reader.config_mut();
        config.check_end_names = false;
        config.allow_unmatched_ends = true;
        config.allow_dangling_amp = true;
        loop {
            let event = reader.read_event();
            match event {
                Ok(Event::Start(tag)) => self.start(&tag, false),
                Ok(Event::Empty(tag)) => self.start(&tag, true),
                Ok(Event::End(tag)) => self.end(tag.name().as_ref()),
                Ok(Event::Text(text)) => self.text(&text),
                Ok(Event::CData(data)) => self.text(&data),
                Ok(Event::GeneralRef(reference)) => self.reference(&reference),
                Ok(Event::Eof) => return Ok(()),
                Ok(_) => {}
                Err(_) => {
                    return Err(usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX));
                }
            }
        }
    }

    fn start(&mut self, tag: &BytesStart<'_>, empty: bool) {
        if self.document.elements.len() >= NODES_MAX {
            self.document.cut = true;
            return;
        }
        if self.open.len() >= DEPTH_MAX {
            self.document.cut = true;
            self.too_deep += usize::from(!empty);
            return;
        }
        let declarations_before = self.declared.len();
        let attributes = self.attributes(tag);
        let raw_name = tag.name().as_ref().to_ascii_lowercase();
        let element = Element {
            name: self.resolve(&raw_name, true),
            attributes,
            content: Vec::new(),
        };
        let index = self.document.elements.len();
        self.document.elements.push(element);
        self.put(Content::Child(index));
        if empty {
            self.declared.truncate(declarations_before);
        } else {
            self.open.push((index, raw_name, declarations_before));
        }
    }

    fn attributes(&mut self, tag: &BytesStart<'_>) -> Vec<(String, String)> {
        let mut read = Vec::new();
        for attribute in tag
            .html_attributes()
            .with_checks(false)
            .take(ATTRIBUTES_MAX)
        {
            let Ok(attribute) = attribute else {
                self.document.sound = false;
                continue;
            };
            let name = attribute.key.as_ref().to_ascii_lowercase();
            let value = resolve_references(&attribute.value);
            if let Some(prefix) = name.strip_prefix("xmlns") {
                let prefix = prefix.trim_start_matches(':').to_owned();
                let known = known_prefix(&value).unwrap_or(&prefix).to_owned();
                self.declared.push((prefix, known));
            }
            read.push((name, value));
        }
        for (name, _) in &mut read {
            if name.contains(':') && !name.starts_with("xmlns") {
                *name = self.resolve(name, false);
            }
        }
        read
    }

    /// Replaces the prefix of a name by the one that its namespace has here.
    fn resolve(&self, name: &str, is_element: bool) -> String {
        let (prefix, local) = name.split_once(':').unwrap_or(("", name));
        if prefix.is_empty() && !is_element {
            return local.to_owned();
        }
        let declared = self
            .declared
            .iter()
            .rev()
            .find(|(known, _)| known == prefix);
        let prefix = declared.map_or(prefix, |(_, known)| known.as_str());
        // An unknown default namespace does not hide the names of a feed.
        if prefix.is_empty() {
            local.to_owned()
        } else {
            format!("{prefix}:{local}")
        }
    }

    fn end(&mut self, name: &str) {
        let name = name.trim().to_ascii_lowercase();
        let found = self
            .open
            .iter()
            .rposition(|(index, open, _)| *index > 0 && *open == name);
        if self.too_deep > 0 && found.is_none_or(|at| at + 1 < self.open.len()) {
            self.too_deep -= 1;
            return;
        }
        let Some(at) = found else {
            self.document.sound = false;
            return;
        };
        self.document.sound &= at + 1 == self.open.len();
        if let Some((_, _, declarations)) = self.open.get(at) {
            self.declared.truncate(*declarations);
        }
        self.open.truncate(at);
    }

    fn text(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        self.put(Content::Text(text.to_owned()));
    }

    fn reference(&mut self, reference: &str) {
        let resolved = resolve_reference(reference);
        match resolved {
            Some(text) => self.text(&text),
            None => self.text(&format!("&{reference};")),
        }
    }

    fn put(&mut self, content: Content) {
        let Some((parent, ..)) = self.open.last() else {
            return;
        };
        if let Some(parent) = self.document.elements.get_mut(*parent) {
            parent.content.push(content);
        }
    }
}

/// Returns the prefix that a namespace has here; one that is not known keeps the prefix it is written with.
fn known_prefix(namespace: &str) -> Option<&'static str> {
    let namespace = namespace.trim().to_ascii_lowercase();
    let known = PREFIXES
        .iter()
        .find(|(start, _)| namespace.starts_with(start));
    known.map(|(_, prefix)| *prefix)
}

/// Resolves `&name;` and `&#…;` in a value, leaving unknown ones as they are.
pub(crate) fn resolve_references(value: &str) -> String {
    let mut resolved = String::with_capacity(value.len());
    let mut rest = value;
    while let Some(at) = rest.find('&') {
        let (before, tail) = rest.split_at(at);
        resolved.push_str(before);
        let end = tail.find(';').filter(|&end| end <= 34);
        let found = end.and_then(|end| Some((resolve_reference(tail.get(1..end)?)?, end)));
        match found {
            Some((text, end)) => {
                resolved.push_str(&text);
                rest = tail.get(end + 1..).unwrap_or("");
            }
            None => {
                resolved.push('&');
                rest = tail.get(1..).unwrap_or("");
            }
        }
    }
    resolved.push_str(rest);
    resolved
}

/// Resolves what stands between `&` and `;`: a number, or a name of HTML.
fn resolve_reference(reference: &str) -> Option<String> {
    let Some(number) = reference.strip_prefix('#') else {
        // Not quick-xml's table: its characters beyond one byte are cut.
        let (first, second) = *markup5ever::data::NAMED_ENTITIES.get(&format!("{reference};"))?;
        let characters = [first, second]
            .into_iter()
            .filter(|&point| point != 0)
            .filter_map(char::from_u32);
        return Some(characters.collect());
    };
    let point = match number.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok()?,
        None => number.parse().ok()?,
    };
    // Windows characters written as numbers: HTML Standard, *numeric character reference end state*.
    let point = match u8::try_from(point) {
        Ok(byte @ 0x80..=0x9F) => {
            let (text, _) =
                encoding_rs::WINDOWS_1252.decode_without_bom_handling(std::slice::from_ref(&byte));
            return Some(text.into_owned());
        }
        _ => point,
    };
    char::from_u32(point)
        .filter(|&c| c != '\0')
        .map(String::from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn text_of(markup: &str) -> String {
        Document::read(markup).root().text()
    }

    #[test]
    fn broken_markup_is_survived() {
        for (markup, text) in [
            ("<a><b>x</a>y", "xy"),
            ("<a>x</c>y</a>", "xy"),
            (
                "<a>x & y &nbsp;&hearts;&unknown; &#20013;&#x6587;</a>",
                "x & y \u{a0}♥&unknown; 中文",
            ),
            ("<a><![CDATA[x < y]]></a>", "x < y"),
            ("<a>&Scaron;&CounterClockwiseContourIntegral;</a>", "Š∳"),
            ("<a b=c d>x", "x"),
        ] {
            assert_eq!(text_of(markup), text, "{markup}");
        }
    }

    #[test]
    fn entity_bombs_are_not_expanded() {
        let bomb = "<!DOCTYPE r [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]><r>&b;</r>";
        assert_eq!(text_of(bomb), "&b;");
    }

    #[test]
    fn deep_nesting_is_bounded() {
        let deep = format!("{}x{}", "<a>".repeat(100_000), "</a>".repeat(100_000));
        let document = Document::read(&deep);
        assert!(document.cut);
        assert_eq!(document.root().text(), "x");
    }

    #[test]
    fn namespaces_are_known_by_address() {
        let document = Document::read(
            "<x:feed xmlns:x='http://www.w3.org/2005/Atom' xmlns:d='http://purl.org/dc/elements/1.1/'><d:date>1</d:date></x:feed>",
        );
        let feed = document.root().child("feed");
        assert_eq!(
            feed.and_then(|feed| feed.child("dc:date"))
                .map(Node::text)
                .as_deref(),
            Some("1")
        );
    }

    proptest! {
        #[test]
        fn no_markup_panics(text in "([<>/&;!\\[\\]a-c\"'= \\-?]|CDATA|中){0,60}") {
            let document = Document::read(&text);
            document.root().text();
            document.root().inner_markup(&|link| link.to_owned());
        }
    }
}
