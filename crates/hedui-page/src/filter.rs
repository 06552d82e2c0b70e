//! The stages of this crate as filters: what one line of JSON asks, and what one line answers.
//!
//! Everything here is pure. Reading the file that a line names, and writing answers, is the program's.

use hedui_model::Diagnostic;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::charset::{self, Form};
use crate::feed::{Feed, read_feed};
use crate::html::PageReader;
use crate::robots::Robots;

/// A line for `hedui page`.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct PageQuestion {
    /// Comes back in the answer.
    #[serde(default)]
    pub id: Value,
    /// Where the page was found.
    pub url: Option<String>,
    /// The path of a file, packed with gzip or not.
    pub html: Option<String>,
    /// The page itself, in place of a file.
    pub html_text: Option<String>,
    /// The charset, as an HTTP header would give it.
    pub charset: Option<String>,
}

/// The answer of `hedui page`.
#[derive(Clone, Debug, Default, Serialize)]
pub struct PageAnswer {
    /// As asked.
    pub id: Value,
    /// The headline.
    pub title: String,
    /// The main content.
    pub body: String,
    /// The day of publication, ISO.
    pub date: Option<String>,
    /// Names parted by `; `.
    pub author: Option<String>,
    /// The language that the page declares.
    pub lang: Option<String>,
    /// The canonical URL.
    pub canonical: Option<String>,
    /// The site's name.
    pub site: Option<String>,
    /// The encoding that the bytes were read with.
    pub charset: Option<String>,
}

/// Answers a line with the content of its file; `bytes` is `None` where the line holds the page itself.
pub fn answer_page(
    reader: &PageReader,
    question: &PageQuestion,
    bytes: Option<&[u8]>,
) -> (PageAnswer, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let unpacked;
    let bytes = match bytes {
        Some(packed) if packed.starts_with(&[0x1F, 0x8B]) => {
            unpacked = crate::sitemap::gunzip(packed, 64 << 20, &mut diagnostics);
            Some(unpacked.as_slice())
        }
        other => other,
    };
    let decoded =
        bytes.map(|bytes| charset::decode(bytes, question.charset.as_deref(), Form::Html));
    let text = decoded
        .as_ref()
        .map(|decoded| decoded.text.as_str())
        .or(question.html_text.as_deref())
        .unwrap_or("");
    let (page, more) = reader.read(text, question.url.as_deref());
    diagnostics.extend(more);
    let answer = PageAnswer {
        id: question.id.clone(),
        title: page.title,
        body: page.body,
        date: page.published.map(|at| at.day().to_string()),
        author: page.author,
        lang: page.declared_lang,
        canonical: page.canonical,
        site: page.site,
        charset: decoded.map(|decoded| decoded.encoding.to_owned()),
    };
    (answer, diagnostics)
}

/// A line for `hedui feed`.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct FeedQuestion {
    /// Comes back in the answer.
    #[serde(default)]
    pub id: Value,
    /// The path of a file.
    pub file: Option<String>,
    /// The feed itself, in place of a file.
    pub text: Option<String>,
    /// The HTTP header.
    pub content_type: Option<String>,
    /// The HTTP header.
    pub content_location: Option<String>,
    /// Where the feed was fetched from.
    pub url: Option<String>,
}

/// The answer of `hedui feed`.
#[derive(Clone, Debug, Serialize)]
pub struct FeedAnswer {
    /// As asked.
    pub id: Value,
    /// What the feed says.
    #[serde(flatten)]
    pub feed: Feed,
}

/// Answers a line with the content of its file; `bytes` is `None` where the line holds the feed itself.
pub fn answer_feed(question: &FeedQuestion, bytes: Option<&[u8]>) -> (FeedAnswer, Vec<Diagnostic>) {
    let bytes = bytes
        .or(question.text.as_deref().map(str::as_bytes))
        .unwrap_or(&[]);
    let (mut feed, diagnostics) = read_feed(
        bytes,
        question.content_type.as_deref(),
        question.content_location.as_deref(),
        question.url.as_deref(),
    );
    // Whole seconds: an answer has the shape `YYYY-MM-DDTHH:MM:SSZ`.
    let whole = |at: &mut Option<jiff::Timestamp>| {
        *at = at.and_then(|at| jiff::Timestamp::from_second(at.as_second()).ok());
    };
    whole(&mut feed.published);
    whole(&mut feed.updated);
    for entry in &mut feed.entries {
        whole(&mut entry.published);
        whole(&mut entry.updated);
    }
    let answer = FeedAnswer {
        id: question.id.clone(),
        feed,
    };
    (answer, diagnostics)
}

/// A line for `hedui robots`. Its texts may be bytes that are no text, written as lone surrogates (U+DC80 to U+DCFF).
#[derive(Clone, Debug, Default, Deserialize)]
pub struct RobotsQuestion {
    /// Comes back in the answer.
    #[serde(default)]
    pub id: Value,
    /// The text of robots.txt.
    #[serde(default)]
    pub robots: RawText,
    /// The agent that asks.
    #[serde(default)]
    pub user_agent: RawText,
    /// What it asks for.
    #[serde(default)]
    pub url: RawText,
}

/// The answer of `hedui robots`.
#[derive(Clone, Debug, Serialize)]
pub struct RobotsAnswer {
    /// As asked.
    pub id: Value,
    /// Whether the agent may fetch the URL.
    pub allowed: bool,
}

/// Answers a line.
pub fn answer_robots(question: RobotsQuestion) -> RobotsAnswer {
    let robots = Robots::parse(&question.robots.0);
    RobotsAnswer {
        allowed: robots.allowed_bytes(&question.user_agent.0, &question.url.0),
        id: question.id,
    }
}

/// Bytes that came as a JSON string.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RawText(pub Vec<u8>);

impl<'de> Deserialize<'de> for RawText {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl serde::de::Visitor<'_> for Visitor {
            type Value = RawText;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a string")
            }

            fn visit_str<E>(self, text: &str) -> Result<RawText, E> {
                Ok(RawText(text.as_bytes().to_vec()))
            }

            fn visit_bytes<E>(self, bytes: &[u8]) -> Result<RawText, E> {
                Ok(RawText(without_surrogates(bytes)))
            }
        }
        // As bytes, because lone surrogates are no text; `serde_json` writes them as WTF-8.
        deserializer.deserialize_bytes(Visitor)
    }
}

/// Turns U+DC80 to U+DCFF back into the bytes that they stand for (PEP 383).
fn without_surrogates(bytes: &[u8]) -> Vec<u8> {
    let mut raw = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((&first, tail)) = rest.split_first() {
        match rest {
            [0xED, high @ 0xB2..=0xB3, low, ..] => {
                raw.push(0x80 | (high - 0xB2) << 6 | low & 0x3F);
                rest = rest.get(3..).unwrap_or(&[]);
            }
            _ => {
                raw.push(first);
                rest = tail;
            }
        }
    }
    raw
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn lone_surrogates_are_bytes() {
        let line = "{\"id\":1,\"robots\":\"a\\udc80\\udcff中\",\"user_agent\":\"x\",\"url\":\"/\"}";
        let question: RobotsQuestion = serde_json::from_slice(line.as_bytes()).unwrap();
        let mut expected = b"a\x80\xff".to_vec();
        expected.extend("中".bytes());
        assert_eq!(question.robots.0, expected);
    }

    #[test]
    fn a_page_is_answered() {
        let question: PageQuestion =
            serde_json::from_str(r#"{"id":"p","html_text":"<h1>T</h1><p>x","more":1}"#).unwrap();
        let (answer, _) = answer_page(&PageReader::default(), &question, None);
        assert_eq!(
            (answer.id, answer.title),
            (Value::from("p"), "T".to_owned())
        );
    }
}
