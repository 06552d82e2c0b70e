//! From a record of the archive to what the text stage reads: the same for a new record and for a replay.

use hedui_model::{ArticleKey, ContentHash, Diagnostic, Exchange, Page, Published, SourceId};
use hedui_page::block;
use hedui_page::charset::{self, Form};
use hedui_page::html::{Origins, read_page, read_page_explained};
use hedui_store::archive::{Context, Ingested, Media};
use hedui_text::ArticleInput;
use jiff::Timestamp;

use super::given::{self, Checked, Content, GivenError};

/// What a record says, read as an article.
#[derive(Clone, Debug)]
pub(crate) struct Document {
    /// What the text stage reads. The key is final but for a collision of ids between two sources.
    pub(crate) input: ArticleInput,
    /// What could not be read.
    pub(crate) diagnostics: Vec<Diagnostic>,
}

impl Document {
    /// Returns the hash that tells a revision from an unchanged article.
    pub(crate) fn hash(&self) -> ContentHash {
        ContentHash::of(&self.input.title, &self.input.body)
    }
}

/// Reads an ingested record.
///
/// # Errors
/// Where it holds nothing to read; what passed the checks at ingestion never does.
pub(crate) fn of_ingested(ingested: &Ingested) -> Result<Document, GivenError> {
    let content_type = ingested.media.as_str();
    match ingested.media {
        Media::Json => {
            let line = std::str::from_utf8(&ingested.given)
                .map_err(|error| GivenError::Json(error.to_string()))?;
            of_line(&given::check_line(line)?, &ingested.context, ingested.at)
        }
        Media::Html => {
            let served_as = ingested.context.more.get(CONTENT_TYPE).map(String::as_str);
            let read = read_html(
                &ingested.given,
                served_as,
                ingested.url.as_deref(),
                served_as.is_some(),
            )?;
            let known = Known::of_file(ingested)?;
            of_page(
                read.page,
                read.diagnostics,
                &known,
                ingested.context.region,
                ingested.context.seen.unwrap_or(ingested.at),
            )
        }
        Media::Text => {
            let decoded = charset::decode(&ingested.given, Some(content_type), Form::Text);
            let known = Known::of_file(ingested)?;
            let page = Page {
                body: decoded.text,
                ..Page::default()
            };
            of_page(
                page,
                Vec::new(),
                &known,
                ingested.context.region,
                ingested.at,
            )
        }
        Media::Pdf => {
            let known = Known::of_file(ingested)?;
            let read = read_pdf(&ingested.given, known.url.as_deref())?;
            of_page(
                read.page,
                read.diagnostics,
                &known,
                ingested.context.region,
                ingested.context.seen.unwrap_or(ingested.at),
            )
        }
    }
}

/// The name under which a record keeps the `Content-Type` with which a captured page was served.
pub(crate) const CONTENT_TYPE: &str = "content_type";

/// A page as it was read, and where each of its fields was found.
#[derive(Clone, Debug)]
pub(crate) struct PageRead {
    pub(crate) page: Page,
    pub(crate) origins: Origins,
    diagnostics: Vec<Diagnostic>,
}

/// Reads a page; with `may_be_wall`, it may be what a site shows in its place.
fn read_html(
    bytes: &[u8],
    content_type: Option<&str>,
    url: Option<&str>,
    may_be_wall: bool,
) -> Result<PageRead, GivenError> {
    let text = charset::decode(bytes, content_type, Form::Html).text;
    if let Some(block) = may_be_wall.then(|| block::recognise(&text, url)).flatten() {
        return Err(GivenError::Blocked(block));
    }
    let (page, origins, diagnostics) = read_page_explained(&text, url);
    Ok(PageRead {
        page,
        origins,
        diagnostics,
    })
}

fn read_pdf(bytes: &[u8], url: Option<&str>) -> Result<PageRead, GivenError> {
    let page = Page {
        body: crate::pdf::text(bytes).ok_or(GivenError::Pdf)?,
        canonical: url.and_then(hedui_page::address::normalise),
        ..Page::default()
    };
    Ok(PageRead {
        page,
        origins: Origins::default(),
        diagnostics: Vec::new(),
    })
}

/// Reads a fetched page whose content encoding was undone.
///
/// # Errors
/// Where there is a wall in its place, or a document that cannot be read.
pub(crate) fn read(exchange: &Exchange, decoded: &[u8]) -> Result<PageRead, GivenError> {
    let url = Some(exchange.url.as_str());
    if crate::pdf::is_pdf(decoded) {
        return read_pdf(decoded, url);
    }
    read_html(
        decoded,
        exchange.header("content-type").as_deref(),
        url,
        true,
    )
}

/// Reads a fetched page as an article.
///
/// # Errors
/// Where nothing is left of it as an article: no source, no text, or a wall in its place.
pub(crate) fn of_exchange(
    exchange: &Exchange,
    decoded: &[u8],
    context: &Context,
) -> Result<Document, GivenError> {
    of_read(read(exchange, decoded)?, exchange, context)
}

/// Makes an article of a page that was read.
///
/// # Errors
/// Where nothing is left of it as an article: no source, or no text.
pub(crate) fn of_read(
    read: PageRead,
    exchange: &Exchange,
    context: &Context,
) -> Result<Document, GivenError> {
    let known = Known {
        source: context
            .source
            .clone()
            .ok_or(GivenError::Missing("source"))?,
        url: Some(exchange.url.clone()),
        lang: context.more.get("lang").cloned(),
        // The feed's word is second to the page's own.
        published_else: context
            .more
            .get("published")
            .and_then(|text| text.parse().ok()),
        title_else: context.more.get("title").cloned(),
        published: None,
    };
    of_page(
        read.page,
        read.diagnostics,
        &known,
        context.region,
        context.seen.unwrap_or(exchange.at),
    )
}

/// What is known besides the document itself.
struct Known {
    source: SourceId,
    url: Option<String>,
    lang: Option<String>,
    /// Goes before the page's own.
    published: Option<Published>,
    /// Goes after the page's own.
    published_else: Option<Published>,
    title_else: Option<String>,
}

impl Known {
    fn of_file(ingested: &Ingested) -> Result<Known, GivenError> {
        let more = &ingested.context.more;
        Ok(Known {
            source: ingested
                .context
                .source
                .clone()
                .ok_or(GivenError::Missing("--source"))?,
            url: ingested.url.clone(),
            lang: more.get("lang").cloned(),
            published: more.get("published").and_then(|text| text.parse().ok()),
            published_else: None,
            title_else: more.get("name").cloned(),
        })
    }
}

fn of_line(checked: &Checked, context: &Context, at: Timestamp) -> Result<Document, GivenError> {
    let region = context.region.or(checked.region);
    let seen = context.seen.unwrap_or(at);
    match &checked.content {
        Content::Text(text) => {
            let hash = ContentHash::of(&checked.title, text);
            Ok(Document {
                input: ArticleInput {
                    key: key(checked.id.as_ref(), checked.url.as_deref(), &hash)?,
                    source: checked.source.clone(),
                    url: checked.url.clone(),
                    lang: checked.lang.clone(),
                    region,
                    published: checked.published,
                    seen,
                    title: checked.title.clone(),
                    body: text.clone(),
                    author: checked.author.clone(),
                },
                diagnostics: Vec::new(),
            })
        }
        Content::Html(html) => {
            let (mut page, diagnostics) = read_page(html, checked.url.as_deref());
            if !checked.title.is_empty() {
                page.title.clone_from(&checked.title);
            }
            page.author = checked.author.clone().or(page.author);
            let known = Known {
                source: checked.source.clone(),
                url: checked.url.clone(),
                lang: checked.lang.clone(),
                published: checked.published,
                published_else: None,
                title_else: None,
            };
            let mut document = of_page(page, diagnostics, &known, region, seen)?;
            if let Some(id) = &checked.id {
                document.input.key = id.clone();
            }
            Ok(document)
        }
    }
}

fn of_page(
    page: Page,
    diagnostics: Vec<Diagnostic>,
    known: &Known,
    region: Option<hedui_model::Region>,
    seen: Timestamp,
) -> Result<Document, GivenError> {
    if page.body.trim().is_empty() && page.title.trim().is_empty() {
        return Err(GivenError::Empty);
    }
    let title = if page.title.trim().is_empty() {
        known.title_else.clone().unwrap_or_default()
    } else {
        page.title
    };
    let url = page.canonical.or_else(|| known.url.clone());
    let hash = ContentHash::of(&title, &page.body);
    Ok(Document {
        input: ArticleInput {
            key: key(None, url.as_deref(), &hash)?,
            source: known.source.clone(),
            url,
            lang: known.lang.clone().or(page.declared_lang),
            region,
            published: known.published.or(page.published).or(known.published_else),
            seen,
            title,
            body: page.body,
            author: page.author,
        },
        diagnostics,
    })
}

/// Decides what an article is known by: its id, else its URL, else the hash of its content.
fn key(
    id: Option<&ArticleKey>,
    url: Option<&str>,
    hash: &ContentHash,
) -> Result<ArticleKey, GivenError> {
    if let Some(id) = id {
        return Ok(id.clone());
    }
    let normal =
        url.and_then(|url| hedui_page::address::normalise(url).or_else(|| Some(url.to_owned())));
    let text = normal
        .filter(|url| url.len() <= 2_000)
        .unwrap_or_else(|| hash.to_string());
    text.parse().map_err(|error| GivenError::Field {
        field: "url",
        reason: format!("{error}"),
    })
}
