//! The parsed page as one flat list, so that every walk over it is a loop.
//!
//! Nodes stand in document order; the descendants of a node are the range behind it up to its end. The tree itself is
//! `scraper`'s, parsed once; site rules select in it.

use std::ops::Range;

use scraper::{Html, Node, node::Element};

/// What kind of element it is, as far as reading needs to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tag {
    /// Flows within a line.
    Inline,
    /// Begins a line of its own.
    Block,
    Paragraph,
    Heading(u8),
    Break,
    Link,
    ListItem,
    List,
    Table,
    Row,
    Cell,
    Preformatted,
    Superscript,
    Subscript,
    Image,
    Caption,
    Article,
    Main,
    Header,
    Body,
    Time,
    /// Never read: scripts, styles, controls.
    Skip,
    /// Read by structure as not belonging: navigation, asides, footers.
    Aside,
    Form,
    Title,
    Meta,
    LinkElement,
    Script,
    Quote,
}

impl Tag {
    fn of(name: &str) -> Tag {
        match name {
            "p" => Tag::Paragraph,
            "h1" => Tag::Heading(1),
            "h2" => Tag::Heading(2),
            "h3" => Tag::Heading(3),
            "h4" => Tag::Heading(4),
            "h5" => Tag::Heading(5),
            "h6" => Tag::Heading(6),
            "br" | "hr" => Tag::Break,
            "a" => Tag::Link,
            "li" | "dt" | "dd" => Tag::ListItem,
            "ul" | "ol" | "dl" => Tag::List,
            "table" => Tag::Table,
            "tr" => Tag::Row,
            "td" | "th" => Tag::Cell,
            "pre" => Tag::Preformatted,
            "sup" => Tag::Superscript,
            "sub" => Tag::Subscript,
            "img" | "picture" => Tag::Image,
            "figcaption" => Tag::Caption,
            "article" => Tag::Article,
            "main" => Tag::Main,
            "header" => Tag::Header,
            "body" => Tag::Body,
            "time" => Tag::Time,
            "title" => Tag::Title,
            "meta" => Tag::Meta,
            "link" => Tag::LinkElement,
            "script" => Tag::Script,
            "blockquote" => Tag::Quote,
            "form" => Tag::Form,
            "nav" | "aside" | "footer" | "menu" | "dialog" => Tag::Aside,
            "style" | "noscript" | "template" | "iframe" | "svg" | "math" | "button" | "select"
            | "option" | "input" | "textarea" | "object" | "embed" | "canvas" | "audio"
            | "video" | "head" | "map" | "frameset" | "applet" | "progress" | "meter"
            | "amp-ad" | "rt" | "rp" => Tag::Skip,
            "div" | "section" | "center" | "fieldset" | "address" | "figure" | "details"
            | "summary" | "tbody" | "thead" | "tfoot" | "caption" | "html" | "legend"
            | "hgroup" | "dir" | "noindex" => Tag::Block,
            _ => Tag::Inline,
        }
    }

    /// Tells whether the element begins a line.
    pub(super) fn is_block(self) -> bool {
        !matches!(
            self,
            Tag::Inline | Tag::Link | Tag::Superscript | Tag::Subscript | Tag::Image | Tag::Time
        )
    }
}

/// What a node is.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind<'a> {
    Element(&'a Element, Tag),
    Text(&'a str),
}

/// A node in the list.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry<'a> {
    pub(super) kind: Kind<'a>,
    /// The index of the parent; the root is its own.
    pub(super) parent: usize,
    /// The index behind the last descendant.
    pub(super) end: usize,
    pub(super) id: ego_tree::NodeId,
}

/// All elements and texts of a page.
#[derive(Debug)]
pub(super) struct Dom<'a> {
    nodes: Vec<Entry<'a>>,
}

impl<'a> Dom<'a> {
    /// Lists the nodes of a page.
    pub(super) fn new(html: &'a Html) -> Dom<'a> {
        let mut nodes: Vec<Entry<'a>> = Vec::with_capacity(4096);
        let mut open: Vec<usize> = Vec::new();
        for edge in html.tree.root().traverse() {
            match edge {
                ego_tree::iter::Edge::Open(node) => {
                    let kind = match node.value() {
                        Node::Element(element) => Kind::Element(element, Tag::of(element.name())),
                        Node::Text(text) => Kind::Text(text),
                        _ => continue,
                    };
                    let index = nodes.len();
                    nodes.push(Entry {
                        kind,
                        parent: open.last().copied().unwrap_or(0),
                        end: index + 1,
                        id: node.id(),
                    });
                    if matches!(kind, Kind::Element(..)) {
                        open.push(index);
                    }
                }
                ego_tree::iter::Edge::Close(node) => {
                    if !node.value().is_element() {
                        continue;
                    }
                    let end = nodes.len();
                    if let Some(closed) = open.pop().and_then(|index| nodes.get_mut(index)) {
                        closed.end = end;
                    }
                }
            }
        }
        Dom { nodes }
    }

    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }

    pub(super) fn get(&self, index: usize) -> Option<&Entry<'a>> {
        self.nodes.get(index)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (usize, &Entry<'a>)> {
        self.nodes.iter().enumerate()
    }

    pub(super) fn tag(&self, index: usize) -> Option<Tag> {
        match self.nodes.get(index)?.kind {
            Kind::Element(_, tag) => Some(tag),
            Kind::Text(_) => None,
        }
    }

    pub(super) fn element(&self, index: usize) -> Option<&'a Element> {
        match self.nodes.get(index)?.kind {
            Kind::Element(element, _) => Some(element),
            Kind::Text(_) => None,
        }
    }

    pub(super) fn parent(&self, index: usize) -> Option<usize> {
        let parent = self.nodes.get(index)?.parent;
        (parent != index).then_some(parent)
    }

    /// The range of a node with all its descendants.
    pub(super) fn range(&self, index: usize) -> Range<usize> {
        index..self.nodes.get(index).map_or(index, |node| node.end)
    }

    /// The children of a node.
    pub(super) fn children(&self, index: usize) -> impl Iterator<Item = usize> + '_ {
        self.children_from(index, index + 1)
    }

    /// The children of a node from one on.
    pub(super) fn children_from(
        &self,
        index: usize,
        first: usize,
    ) -> impl Iterator<Item = usize> + '_ {
        let end = self.range(index).end;
        let mut next = first;
        std::iter::from_fn(move || {
            if next >= end {
                return None;
            }
            let child = next;
            next = self.range(child).end.max(child + 1);
            Some(child)
        })
    }

    /// From the parent upwards.
    pub(super) fn ancestors(&self, index: usize) -> impl Iterator<Item = usize> + '_ {
        let mut at = index;
        std::iter::from_fn(move || {
            at = self.parent(at)?;
            Some(at)
        })
    }

    /// All text below, white space collapsed, up to `chars_max` characters.
    pub(super) fn text(&self, index: usize, chars_max: usize) -> String {
        self.text_with(index, chars_max, false)
    }

    /// The same, with a space between any two elements.
    pub(super) fn spaced_text(&self, index: usize, chars_max: usize) -> String {
        self.text_with(index, chars_max, true)
    }

    fn text_with(&self, index: usize, chars_max: usize, is_spaced: bool) -> String {
        let mut text = String::new();
        let mut skip_to = 0;
        let mut chars = 0;
        for (at, node) in self
            .nodes
            .iter()
            .enumerate()
            .take(self.range(index).end)
            .skip(index)
        {
            if at < skip_to {
                continue;
            }
            match node.kind {
                Kind::Element(_, Tag::Skip | Tag::Script) => skip_to = node.end,
                Kind::Element(_, tag) if is_spaced || tag.is_block() => text.push(' '),
                Kind::Element(..) => {}
                Kind::Text(piece) => {
                    chars += piece.len();
                    text.push_str(piece);
                }
            }
            if chars > chars_max.saturating_mul(4) {
                break;
            }
        }
        let joined = text.split_whitespace().collect::<Vec<_>>().join(" ");
        match joined.char_indices().nth(chars_max) {
            Some((end, _)) => joined.get(..end).unwrap_or("").to_owned(),
            None => joined,
        }
    }
}
