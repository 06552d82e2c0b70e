//! Articles as they are handed to `hedui ingest`: JSON lines, pages, texts; checked before they are kept.

use std::collections::BTreeMap;

use hedui_model::{ArticleKey, Published, Region, SourceId};
use hedui_page::block::Block;
use hedui_store::archive::{Context, Ingested, Media};
use jiff::Timestamp;
use serde::Deserialize;

/// The longest document that is taken in. Bytes.
pub(crate) const DOCUMENT_BYTES_MAX: usize = 32 << 20;

/// A JSON line as `hedui ingest` takes it; unknown fields are passed over.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Line {
    pub(crate) id: Option<String>,
    pub(crate) url: Option<String>,
    pub(crate) source: Option<String>,
    pub(crate) lang: Option<String>,
    pub(crate) region: Option<String>,
    pub(crate) published: Option<String>,
    pub(crate) title: Option<String>,
    pub(crate) text: Option<String>,
    pub(crate) html: Option<String>,
    pub(crate) author: Option<String>,
}

/// Why a line or document is not taken in.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum GivenError {
    /// The line is no JSON object of this shape.
    #[error("not a JSON object as `hedui ingest --help` describes: {0}")]
    Json(String),
    /// A field is missing.
    #[error("`{0}` is missing")]
    Missing(&'static str),
    /// Both `text` and `html`.
    #[error("both `text` and `html`: give one")]
    Both,
    /// A field has a value that does not do.
    #[error("`{field}`: {reason}")]
    Field {
        /// The field.
        field: &'static str,
        /// What is wrong.
        reason: String,
    },
    /// It is too long.
    #[error("longer than {DOCUMENT_BYTES_MAX} bytes")]
    Length,
    /// There is nothing to read in it.
    #[error("no text in it")]
    Empty,
    /// It is not the page but what a site shows in its place.
    #[error("{} in place of a page", .0.kind)]
    Blocked(Block),
    /// It is a PDF document without text, or one that cannot be read.
    #[error("no text can be read from this PDF document")]
    Pdf,
    /// It is not text.
    #[error("not text: binary data")]
    Binary,
}

impl GivenError {
    /// Tells whether there is nothing wrong with what was given but that it holds no article.
    pub(crate) fn is_no_article(&self) -> bool {
        matches!(
            self,
            GivenError::Empty | GivenError::Blocked(_) | GivenError::Pdf
        )
    }
}

/// A line whose fields were checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Checked {
    pub(crate) id: Option<ArticleKey>,
    pub(crate) url: Option<String>,
    pub(crate) source: SourceId,
    pub(crate) lang: Option<String>,
    pub(crate) region: Option<Region>,
    pub(crate) published: Option<Published>,
    pub(crate) title: String,
    pub(crate) content: Content,
    pub(crate) author: Option<String>,
}

/// What was given to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    /// Text, kept to the letter.
    Text(String),
    /// A page, to be extracted from.
    Html(String),
}

/// Reads and checks one JSON line.
pub(crate) fn check_line(line: &str) -> Result<Checked, GivenError> {
    if line.len() > DOCUMENT_BYTES_MAX {
        return Err(GivenError::Length);
    }
    let line: Line =
        serde_json::from_str(line).map_err(|error| GivenError::Json(error.to_string()))?;
    let field = |field: &'static str| move |reason: String| GivenError::Field { field, reason };
    let content = match (line.text, line.html) {
        (Some(text), None) => Content::Text(text),
        (None, Some(html)) => Content::Html(html),
        (Some(_), Some(_)) => return Err(GivenError::Both),
        (None, None) => return Err(GivenError::Missing("text")),
    };
    let url = line.url.filter(|url| !url.is_empty());
    if let Some(url) = &url {
        let parsed = url::Url::parse(url)
            .map_err(|error| field("url")(format!("{error}: `{}`", clipped(url))))?;
        if !matches!(parsed.scheme(), "http" | "https") {
            return Err(field("url")(format!(
                "not http or https: `{}`",
                clipped(url)
            )));
        }
    }
    let source = line.source.ok_or(GivenError::Missing("source"))?;
    Ok(Checked {
        id: line
            .id
            .filter(|id| !id.is_empty())
            .map(|id| id.parse().map_err(|error| field("id")(format!("{error}"))))
            .transpose()?,
        url,
        source: source
            .parse()
            .map_err(|error| field("source")(format!("{error}")))?,
        lang: line.lang.filter(|lang| lang.len() <= 35),
        region: line
            .region
            .map(|region| region.parse().map_err(field("region")))
            .transpose()?,
        published: line
            .published
            .filter(|published| !published.is_empty())
            .map(|published| {
                published
                    .parse()
                    .map_err(|error| field("published")(format!("{error}")))
            })
            .transpose()?,
        title: line.title.unwrap_or_default(),
        content,
        author: line.author,
    })
}

fn clipped(text: &str) -> String {
    text.chars().take(80).collect()
}

/// What is said about documents that cannot say it themselves.
#[derive(Clone, Debug, Default)]
pub(crate) struct Said {
    pub(crate) source: Option<SourceId>,
    pub(crate) published: Option<Published>,
    pub(crate) lang: Option<String>,
    pub(crate) region: Option<Region>,
    pub(crate) url: Option<String>,
}

/// Makes the record of a JSON line that passed [`check_line`].
pub(crate) fn record_of_line(
    line: &str,
    checked: &Checked,
    region: Option<Region>,
    at: Timestamp,
) -> Ingested {
    Ingested {
        at,
        url: checked.url.clone(),
        media: Media::Json,
        given: line.as_bytes().to_vec(),
        context: Context {
            source: Some(checked.source.clone()),
            region,
            seen: Some(at),
            ..Context::default()
        },
    }
}

/// Makes the record of a page or text file.
///
/// `name` becomes the title of a text that has none; it is the file's name, never a path.
pub(crate) fn record_of_file(
    bytes: Vec<u8>,
    media: Media,
    name: &str,
    said: &Said,
    at: Timestamp,
) -> Result<Ingested, GivenError> {
    if bytes.len() > DOCUMENT_BYTES_MAX {
        return Err(GivenError::Length);
    }
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(GivenError::Empty);
    }
    if media != Media::Pdf && looks_binary(&bytes) {
        return Err(GivenError::Binary);
    }
    let source = said.source.clone().ok_or(GivenError::Missing("--source"))?;
    let mut more = BTreeMap::new();
    let mut keep =
        |name: &str, value: Option<String>| value.map(|value| more.insert(name.to_owned(), value));
    keep(
        "published",
        said.published.map(|published| published.to_string()),
    );
    keep("lang", said.lang.clone());
    keep(
        "name",
        Some(name.chars().filter(|c| !c.is_control()).take(300).collect()),
    );
    Ok(Ingested {
        at,
        url: said.url.clone(),
        media,
        given: bytes,
        context: Context {
            source: Some(source),
            region: said.region,
            seen: Some(at),
            more,
            ..Context::default()
        },
    })
}

/// Tells whether bytes are no text: zero bytes without a sign of UTF-16 or UTF-32, or the start of a known format.
fn looks_binary(bytes: &[u8]) -> bool {
    let start = bytes.get(..bytes.len().min(1_024)).unwrap_or_default();
    let wide = start.starts_with(&[0xff, 0xfe])
        || start.starts_with(&[0xfe, 0xff])
        || start.starts_with(&[0, 0, 0xfe, 0xff]);
    !wide && start.contains(&0)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_checked_field_by_field() {
        let error = |line: &str| check_line(line).unwrap_err().to_string();
        assert!(error("{").starts_with("not a JSON object"));
        assert_eq!(error(r#"{"source":"a"}"#), "`text` is missing");
        assert_eq!(error(r#"{"text":"x"}"#), "`source` is missing");
        assert_eq!(
            error(r#"{"source":"a","text":"x","html":"y"}"#),
            "both `text` and `html`: give one"
        );
        assert!(error(r#"{"source":"a","text":"x","published":"soon"}"#).contains("`published`"));
        assert!(error(r#"{"source":"a","text":"x","region":"Taiwan"}"#).contains("`region`"));
        assert!(
            error(r#"{"source":"a","text":"x","url":"javascript:alert(1)"}"#)
                .contains("not http or https")
        );
    }

    #[test]
    fn unknown_fields_are_passed_over_and_text_stays_to_the_letter() {
        let checked =
            check_line(r#"{"source":"a","text":" x\r\n y ","event":"e","synthetic":true}"#)
                .unwrap();
        assert_eq!(checked.content, Content::Text(" x\r\n y ".to_owned()));
    }

    #[test]
    fn what_is_no_text_is_refused() {
        let said = Said {
            source: Some("a".parse().unwrap()),
            ..Said::default()
        };
        let record = |bytes: &[u8]| {
            record_of_file(
                bytes.to_vec(),
                Media::Text,
                "x",
                &said,
                Timestamp::UNIX_EPOCH,
            )
        };
        assert_eq!(
            record(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR").unwrap_err(),
            GivenError::Binary
        );
        assert_eq!(record(b" \n").unwrap_err(), GivenError::Empty);
        assert!(record(b"\xff\xfea\0").is_ok(), "UTF-16 has zero bytes");
        let nameless = record_of_file(
            b"x".to_vec(),
            Media::Text,
            "x",
            &Said::default(),
            Timestamp::UNIX_EPOCH,
        );
        assert_eq!(nameless.unwrap_err(), GivenError::Missing("--source"));
    }
}
