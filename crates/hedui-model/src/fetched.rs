//! The bytes of one HTTP exchange, as they were on the wire.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A request and its response, in the form that goes into the archive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exchange {
    /// The absolute URL that was asked for.
    pub url: String,
    /// The address that answered, `ip:port`.
    pub peer: Option<String>,
    /// When the request was sent.
    pub at: Timestamp,
    /// Request line and headers as sent, ended by an empty line.
    pub request: Vec<u8>,
    /// The status code.
    pub status: u16,
    /// The reason phrase, or empty.
    pub reason: String,
    /// Response headers, in order, as received.
    pub headers: Vec<(String, Vec<u8>)>,
    /// The body as received: still compressed where `Content-Encoding` says so.
    pub body: Vec<u8>,
    /// Whether the body was cut at a limit.
    pub truncated: bool,
}

impl Exchange {
    /// Returns the first header of this name (any case) as text, where it is printable ASCII or Latin-1.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<String> {
        self.headers
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.iter().map(|&byte| char::from(byte)).collect())
    }
}

/// What fetching one URL yields.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fetched {
    /// A response with content, and the URLs redirected through on the way (the first is the one asked for).
    Content {
        /// The last exchange.
        exchange: Exchange,
        /// The exchanges that redirected to it, in order.
        redirects: Vec<Exchange>,
        /// The body with its content encoding undone, within the limits.
        decoded: Vec<u8>,
    },
    /// The server says that nothing has changed (304).
    NotModified(Exchange),
    /// The server says that the page is gone (404, 410).
    Gone(Exchange),
}
