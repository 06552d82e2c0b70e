//! From a record of the archive to what the text stage reads: the same for a new record and for a replay.

use hedui_model::{ArticleKey, ContentHash, Diagnostic, Exchange, Page, Published, SourceId};
use hedui_page::block;
use hedui_page::charset::{self, Form};
use hedui_page::html::read_page;
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
            let media = ingested.context.more.get(CONTENT_TYPE);
            let decoded = charset::decode(&ingested.given, media.map(String::as_str), Form::Html);
            let block =
                media.and_then(|_| block::recognise(&decoded.text, ingested.url.as_deref()));
            if let Some(block) = block {
                return Err(GivenError::Blocked(block.kind));
            }
            let (page, diagnostics) = read_page(&decoded.text, ingested.url.as_deref());
            let known = Known::of_file(ingested)?;
            of_page(
                page,
                diagnostics,
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
            let body = crate::pdf::text(&ingested.given).ok_or(GivenError::Pdf)?;
            let known = Known::of_file(ingested)?;
            of_page(
                page_of_pdf(body, known.url.as_deref()),
                Vec::new(),
                &known,
                ingested.context.region,
                ingested.context.seen.unwrap_or(ingested.at),
            )
        }
    }
}

/// The name under which a record keeps the `Content-Type` with which a captured page was served.
pub(crate) const CONTENT_TYPE: &str = "content_type";

fn page_of_pdf(body: String, url: Option<&str>) -> Page {
    Page {
        body,
        canonical: url.and_then(hedui_page::address::normalise),
        ..Page::default()
    }
}

/// Reads a fetched page whose content encoding was undone.
///
/// # Errors
/// Where nothing is left of it as an article: no source, no text, or a wall in its place.
pub(crate) fn of_exchange(
    exchange: &Exchange,
    decoded: &[u8],
    context: &Context,
) -> Result<Document, GivenError> {
    let content_type = exchange.header("content-type");
    let (page, diagnostics) = if crate::pdf::is_pdf(decoded) {
        let body = crate::pdf::text(decoded).ok_or(GivenError::Pdf)?;
        (page_of_pdf(body, Some(&exchange.url)), Vec::new())
    } else {
        let text = charset::decode(decoded, content_type.as_deref(), Form::Html);
        if let Some(block) = block::recognise(&text.text, Some(&exchange.url)) {
            return Err(GivenError::Blocked(block.kind));
        }
        read_page(&text.text, Some(&exchange.url))
    };
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
        page,
        diagnostics,
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
