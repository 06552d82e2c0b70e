//! What goes into the archive, and what comes back.

use std::collections::BTreeMap;

use hedui_model::{Exchange, Region, SourceId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::digest::{PayloadDigest, RecordId};
use super::mark::RecordRef;

/// Something to append.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Record {
    /// A page was asked for and answered.
    Exchange {
        /// Request and response.
        exchange: Exchange,
        /// What was decided when it was read.
        context: Context,
        /// An earlier record of the same page: where the answer is 304, or the body is the same, only a reference to
        /// it is written.
        prior: Option<RecordRef>,
    },
    /// An article was handed in.
    Ingested(Ingested),
}

/// An article as it was handed in, to the byte.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ingested {
    /// When.
    pub at: Timestamp,
    /// Its address, where it has one.
    pub url: Option<String>,
    /// What kind of content it is.
    pub media: Media,
    /// The JSON line, page or text as given.
    pub given: Vec<u8>,
    /// What was decided when it was handed in.
    pub context: Context,
}

/// What kind of content was handed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Media {
    /// One JSON object with text or HTML in it.
    Json,
    /// An HTML page.
    Html,
    /// Plain text.
    Text,
    /// A PDF document.
    Pdf,
}

impl Media {
    /// Returns the media type.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Media::Json => "application/json",
            Media::Html => "text/html",
            Media::Text => "text/plain",
            Media::Pdf => "application/pdf",
        }
    }

    pub(super) fn parse(text: &str) -> Option<Self> {
        [Media::Json, Media::Html, Media::Text, Media::Pdf]
            .into_iter()
            .find(|media| media.as_str() == text)
    }
}

/// What was decided when a record was made, and cannot be told from its content: kept with it, so that a replay
/// decides the same. This is a stored shape: fields may be added, none renamed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Context {
    /// Whose it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<SourceId>,
    /// The region whose usage decides ambiguous figures.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<Region>,
    /// What it was read as: a page, a feed, a sitemap, robots.txt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<String>,
    /// When the article was first seen, where that was before the record was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen: Option<Timestamp>,
    /// Anything else, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub more: BTreeMap<String, String>,
}

/// A record as it was read from the archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoredRecord {
    /// A page was asked for and answered.
    Exchange(StoredExchange),
    /// An article was handed in.
    Ingested {
        /// What was handed in.
        ingested: Ingested,
        /// Its WARC record id.
        id: RecordId,
        /// The digest of what was handed in.
        payload: PayloadDigest,
    },
}

/// An exchange as it was read from the archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredExchange {
    /// Request and response. In a revisit the body is empty.
    pub exchange: Exchange,
    /// What was decided when it was read.
    pub context: Context,
    /// Its WARC record id.
    pub id: RecordId,
    /// The digest of the body; in a revisit, of the earlier record's.
    pub payload: PayloadDigest,
    /// Which earlier record has the body, where this one only refers to it.
    pub revisit: Option<Revisit>,
}

/// A reference to an earlier record of the same content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revisit {
    /// How it is known that nothing had changed.
    pub profile: Profile,
    /// The earlier record, never itself a revisit; none where a server said 304 to a page that the archive lacks.
    pub origin: Option<RecordRef>,
}

/// How it is known that nothing has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    /// The server said so (304).
    NotModified,
    /// The body is the same, to the byte.
    IdenticalPayload,
}

impl Profile {
    /// Returns the URI by which WARC 1.1 names it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Profile::NotModified => "http://netpreserve.org/warc/1.1/revisit/server-not-modified",
            Profile::IdenticalPayload => {
                "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
            }
        }
    }

    pub(super) fn parse(text: &str) -> Option<Self> {
        [Profile::NotModified, Profile::IdenticalPayload]
            .into_iter()
            .find(|profile| profile.as_str() == text)
    }
}
