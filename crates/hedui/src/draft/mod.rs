//! Drafts: texts that are checked before they are published, with the place of every character.
//!
//! A reader for each kind of file takes out what a reader of the finished text would see, and leaves out the rest: code,
//! addresses of links, markup, front matter, deleted text. What always holds: every character of the text knows where in
//! the file it stands, so that what is found can be told by line and column. Nothing here touches the disk; nothing
//! panics, whatever the bytes; what is read is bounded.

mod docx;
mod html;
mod ignore;
mod markdown;
mod placed;

use clap::ValueEnum;
use hedui_page::charset::{self, Form};
use serde::{Deserialize, Serialize};

use placed::{Builder, Cursor};
pub(crate) use placed::{Placed, Region};

/// The largest file that is read, and the largest part of one that is unpacked. Bytes.
pub(crate) const DRAFT_BYTES_MAX: usize = 32 << 20;

/// What kind of file a draft is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    /// Markdown: code, addresses of links, HTML, struck text and front matter are left out
    #[value(alias = "md")]
    Markdown,
    /// Plain text
    #[value(alias = "txt")]
    Text,
    /// HTML: scripts, navigation, code and deleted text are left out
    #[value(alias = "htm")]
    Html,
    /// A Word document: its main text, tracked changes accepted
    Docx,
}

impl Kind {
    /// Returns the kind that a file's name tells of.
    pub(crate) fn of_name(name: &str) -> Option<Kind> {
        let (_, ending) = name.rsplit_once('.')?;
        match ending.to_ascii_lowercase().as_str() {
            "md" | "markdown" | "mdown" | "mkd" | "mdx" => Some(Kind::Markdown),
            "txt" | "text" => Some(Kind::Text),
            "html" | "htm" | "xhtml" => Some(Kind::Html),
            "docx" | "docm" => Some(Kind::Docx),
            _ => None,
        }
    }

    /// Guesses the kind of a file whose name does not tell.
    fn of_bytes(bytes: &[u8]) -> Kind {
        if bytes.starts_with(b"PK\x03\x04") {
            return Kind::Docx;
        }
        let start: Vec<u8> = bytes
            .iter()
            .skip_while(|byte| byte.is_ascii_whitespace())
            .take(9)
            .map(u8::to_ascii_lowercase)
            .collect();
        if start.starts_with(b"<!doctype") || start.starts_with(b"<html") {
            return Kind::Html;
        }
        Kind::Text
    }
}

/// Why a draft cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum DraftError {
    /// The file is too long.
    #[error("longer than {DRAFT_BYTES_MAX} bytes")]
    Length,
    /// The bytes are no text.
    #[error("not text: a zero byte at {0}")]
    Binary(usize),
    /// It is the format that Word wrote before docx, or an encrypted document.
    #[error(
        "not a docx: an encrypted document or an old Word file; save it as docx without a password"
    )]
    Compound,
    /// The zip archive of a docx cannot be read.
    #[error("not a docx: {0}")]
    Zip(String),
    /// A part of a docx is missing.
    #[error("not a docx: there is no `{0}` in it")]
    NoPart(String),
    /// A part of a docx is larger than what is read.
    #[error("`{0}` unpacks to more than {DRAFT_BYTES_MAX} bytes")]
    Bomb(String),
    /// The XML of a docx is broken.
    #[error("`{part}`, byte {at}: {reason}")]
    Xml {
        /// The part.
        part: String,
        /// Where in it, unpacked.
        at: u64,
        /// What is wrong.
        reason: String,
    },
}

/// A draft as it is checked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Draft {
    /// The name that its findings are told under.
    pub(crate) name: String,
    /// What kind of file it is.
    pub(crate) kind: Kind,
    /// Its title, if one is marked as such.
    pub(crate) title: Placed,
    /// Everything else.
    pub(crate) body: Placed,
}

impl Draft {
    /// Reads a draft; without a kind the name tells it, else the bytes.
    ///
    /// # Errors
    /// [`DraftError`] where the file is too long, or not what it is said to be.
    pub(crate) fn read(name: &str, bytes: &[u8], kind: Option<Kind>) -> Result<Draft, DraftError> {
        if bytes.len() > DRAFT_BYTES_MAX {
            return Err(DraftError::Length);
        }
        let kind = kind
            .or_else(|| Kind::of_name(name))
            .unwrap_or_else(|| Kind::of_bytes(bytes));
        let passages = match kind {
            Kind::Markdown => markdown::read(&decoded(bytes, Form::Text)?),
            Kind::Text => text(&decoded(bytes, Form::Text)?),
            Kind::Html => html::read(&decoded(bytes, Form::Html)?),
            Kind::Docx => docx::read(bytes)?,
        };
        Ok(Draft {
            name: name.to_owned(),
            kind,
            title: passages.title,
            body: passages.body,
        })
    }
}

/// What a reader takes out of a file.
#[derive(Clone, Debug, Default)]
struct Passages {
    title: Placed,
    body: Placed,
}

/// Decodes bytes as pages are decoded; zero bytes in something that is not UTF-16 are no text.
fn decoded(bytes: &[u8], form: Form) -> Result<String, DraftError> {
    let text = charset::decode(bytes, None, form).text;
    match text.find('\0') {
        Some(_) => {
            let at = bytes.iter().position(|byte| *byte == 0).unwrap_or(0);
            Err(DraftError::Binary(at))
        }
        None => Ok(text),
    }
}

fn text(source: &str) -> Passages {
    let mut body = Builder::default();
    body.verbatim(&mut Cursor::new(source), 0..source.len());
    Passages {
        title: Placed::default(),
        body: body.finish(),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
