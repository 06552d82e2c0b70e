//! Where a page's fields were found: for whoever asks why a page was read as it was.

use std::fmt;

/// The kind of place in which a value was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Origin {
    /// Where the rule of the site points ([`crate::site`]).
    Rule,
    /// JSON-LD.
    JsonLd,
    /// A `meta` element.
    Meta,
    /// Microdata, or a `time` that says that it is about publication.
    Microdata,
    /// A first or second heading.
    Heading,
    /// The `title` element.
    TitleElement,
    /// An element that its class, id or relation names for it.
    Marked,
    /// A `time` element.
    TimeElement,
    /// A `link` element.
    Link,
    /// The `lang` of the root element.
    Root,
    /// The address of the page.
    Address,
    /// Lines that a reader sees, by what they say and where they stand.
    Text,
}

/// Where each field of a page was found; `None` for a field that is empty.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Origins {
    /// Of the headline.
    pub title: Option<Origin>,
    /// Of the main content.
    pub body: Option<Origin>,
    /// Of the day of publication.
    pub published: Option<Origin>,
    /// Of the day of the last change.
    pub modified: Option<Origin>,
    /// Of the authors.
    pub author: Option<Origin>,
    /// Of the canonical URL.
    pub canonical: Option<Origin>,
    /// Of the declared language.
    pub declared_lang: Option<Origin>,
    /// Of the site's name.
    pub site: Option<Origin>,
}

/// A value with the place in which it was found.
pub(super) type Found<T> = (T, Origin);

impl Origin {
    /// Returns its name, fit for output that programs read.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Origin::Rule => "rule",
            Origin::JsonLd => "json_ld",
            Origin::Meta => "meta",
            Origin::Microdata => "microdata",
            Origin::Heading => "heading",
            Origin::TitleElement => "title_element",
            Origin::Marked => "marked",
            Origin::TimeElement => "time_element",
            Origin::Link => "link",
            Origin::Root => "root",
            Origin::Address => "address",
            Origin::Text => "text",
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
