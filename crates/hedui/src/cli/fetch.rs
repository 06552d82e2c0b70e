//! `hedui fetch`: one page as the pipeline sees it, without keeping it.

use anyhow::Result;
use clap::Args;
use hedui_fetch::crawl::{RobotsRules, robots_of};
use hedui_fetch::{Client, FetchError, Request};
use hedui_model::{Article, Claim, Exchange, Fetched, Region, SourceId};
use hedui_page::block::Block;
use hedui_page::charset::{self, Form};
use hedui_page::html::{Origin, Origins};
use hedui_store::archive::Context;
use serde::Serialize;
use url::Url;

use super::{Format, Global};
use crate::config::{Config, bare_host};
use crate::exit::{Exit, Failure};
use crate::io::{Color, Io, Safe, table};
use crate::list::ListWriter;
use crate::pipeline::document::PageRead;
use crate::pipeline::given::GivenError;
use crate::pipeline::{Engine, Timings, document};
use crate::wire::{self, CharOffsets, ClaimJson};

/// Fetch one page and show what is read of it: redirects, charset, fields, text, figures
#[derive(Debug, Args)]
#[command(after_help = "\
The page goes the way of one that is crawled, robots.txt, limits and refused addresses included, but is not kept. Each
field comes with the place where it was found. Exit code 1 where there is no article: gone, forbidden by robots.txt, a
captcha in its place, no text; 3 where it cannot be fetched.

Examples:
  hedui fetch https://paper.example/2025/03/04/chips.html
  hedui fetch --region TW --json https://paper.example/story/1 | jq .title")]
pub(crate) struct Fetch {
    /// The address of the page
    url: String,
    /// The region whose usage decides 元, $ and 兆: CN, TW, HK, US…; that of the configured source on this host if left out
    #[arg(long, value_name = "CODE")]
    region: Option<Region>,
    /// The same as `--format json`
    #[arg(long)]
    json: bool,
}

/// What `hedui fetch --format json` prints.
#[derive(Debug, Serialize)]
struct FetchJson {
    url: String,
    /// What was answered before, oldest first.
    redirects: Vec<StepJson>,
    robots: &'static str,
    /// What the answer is: `article`, `blocked`, `gone`, `robots`, `empty` or `other`.
    result: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    response: Option<ResponseJson>,
    #[serde(skip_serializing_if = "Option::is_none")]
    blocked: Option<BlockedJson>,
    #[serde(skip_serializing_if = "Option::is_none")]
    page: Option<PageJson>,
    claims: Vec<ClaimJson>,
}

#[derive(Debug, Serialize)]
struct StepJson {
    url: String,
    status: u16,
}

#[derive(Debug, Serialize)]
struct ResponseJson {
    url: String,
    status: u16,
    content_type: Option<String>,
    content_encoding: Option<String>,
    /// On the wire, and with the encoding undone.
    bytes: usize,
    decoded_bytes: usize,
    etag: Option<String>,
    last_modified: Option<String>,
    charset: &'static str,
    characters_replaced: usize,
}

#[derive(Debug, Serialize)]
struct BlockedJson {
    kind: &'static str,
    sign: String,
}

/// A value and where on the page it was found.
#[derive(Debug, Serialize)]
struct FieldJson {
    value: Option<String>,
    from: Option<&'static str>,
}

#[derive(Debug, Serialize)]
struct PageJson {
    article: String,
    source: String,
    title: FieldJson,
    published: FieldJson,
    modified: FieldJson,
    author: FieldJson,
    canonical: FieldJson,
    site: FieldJson,
    declared_lang: FieldJson,
    lang: &'static str,
    region: Option<String>,
    /// The notice of correction in the body.
    #[serde(skip_serializing_if = "Option::is_none")]
    correction: Option<String>,
    body: FieldJson,
    diagnostics: Vec<String>,
}

/// What was fetched, and what may be said of it.
enum Outcome {
    Robots(RobotsRules),
    Fetched(Box<Fetched>),
}

impl Fetch {
    /// Fetches, and shows.
    pub(crate) fn run(&self, config: &Config, global: &Global, io: &mut Io<'_>) -> Result<Exit> {
        super::crawl::check_contact(config)?;
        let wrong = || Failure::usage(format!("not an http or https address: `{}`", self.url));
        let url = Url::parse(&self.url).map_err(|_| wrong())?;
        if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
            return Err(wrong().into());
        }
        let settings = crate::outside::fetch_settings(&config.fetch)?;
        let product = settings.product().to_owned();
        let client = Client::new(settings).map_err(|error| Failure::usage(error.to_string()))?;
        let outcome = match ask(&client, &product, &url) {
            Ok(outcome) => outcome,
            Err(error) => {
                writeln!(io.err, "hedui: {}", Safe(&chain(&error)))?;
                return Ok(Exit::Partial);
            }
        };
        let shown = self.read(config, &url, outcome)?;
        let exit = if shown.result == "article" {
            Exit::Done
        } else {
            Exit::No
        };
        match global.format.or(self.json.then_some(Format::Json)) {
            None | Some(Format::Table) => print(&shown, io)?,
            // One page is one object, not a list of one.
            Some(Format::Json) => writeln!(io.out, "{}", serde_json::to_string_pretty(&shown)?)?,
            Some(format) => {
                let mut list = ListWriter::new(format);
                list.item(io, &shown)?;
                list.finish(io)?;
            }
        }
        Ok(exit)
    }

    fn read(&self, config: &Config, asked: &Url, outcome: Outcome) -> Result<FetchJson> {
        let mut shown = FetchJson {
            url: asked.to_string(),
            redirects: Vec::new(),
            robots: "allowed",
            result: "other",
            response: None,
            blocked: None,
            page: None,
            claims: Vec::new(),
        };
        let fetched = match outcome {
            Outcome::Robots(rules) => {
                shown.result = "robots";
                shown.robots = match rules {
                    RobotsRules::Unreachable => "unreachable",
                    _ => "forbidden",
                };
                return Ok(shown);
            }
            Outcome::Fetched(fetched) => fetched,
        };
        let (exchange, redirects, decoded) = match *fetched {
            Fetched::Content {
                exchange,
                redirects,
                decoded,
            } => (exchange, redirects, decoded),
            Fetched::Gone(exchange) => {
                shown.result = "gone";
                (exchange, Vec::new(), Vec::new())
            }
            Fetched::NotModified(exchange) => (exchange, Vec::new(), Vec::new()),
        };
        shown.redirects = redirects.iter().map(step).collect();
        let media = exchange.header("content-type");
        let text = charset::decode(&decoded, media.as_deref(), Form::Html);
        shown.response = Some(response(&exchange, &decoded, &text));
        if shown.result == "gone" {
            return Ok(shown);
        }
        let read = match document::read(&exchange, &decoded) {
            Ok(read) => read,
            Err(GivenError::Blocked(Block { kind, sign })) => {
                shown.result = "blocked";
                shown.blocked = Some(BlockedJson {
                    kind: kind.as_str(),
                    sign,
                });
                return Ok(shown);
            }
            Err(_) => {
                shown.result = "empty";
                return Ok(shown);
            }
        };
        self.read_article(config, &exchange, read, &mut shown)?;
        Ok(shown)
    }

    fn read_article(
        &self,
        config: &Config,
        exchange: &Exchange,
        read: PageRead,
        shown: &mut FetchJson,
    ) -> Result<()> {
        let context = self.context(config, &exchange.url)?;
        let (page, origins) = (read.page.clone(), read.origins);
        let Ok(document) = document::of_read(read, exchange, &context) else {
            shown.result = "empty";
            return Ok(());
        };
        let diagnostics = document.diagnostics;
        let engine = Engine::load(config)?;
        let (article, claims) = engine.read(document.input, 1, &Timings::start());
        shown.result = if article.body.text.trim().is_empty() {
            "empty"
        } else {
            "article"
        };
        shown.claims = claim_lines(&article, &claims);
        shown.page = Some(page_json(page, origins, &article, &diagnostics));
        Ok(())
    }

    /// What a crawl would know of the page before it is read: that of the source that is configured for its host.
    fn context(&self, config: &Config, url: &str) -> Result<Context> {
        let host = Url::parse(url)
            .ok()
            .and_then(|url| url.host_str().map(str::to_owned));
        let host = host.unwrap_or_default();
        let bare = bare_host(&host);
        let mut sources = config.sources.iter();
        let source = sources.find(|source| source.hosts().any(|own| own == bare));
        let id = match source {
            Some(source) => source.id.clone(),
            None => host
                .parse::<SourceId>()
                .map_err(|error| Failure::usage(error.to_string()))?,
        };
        let mut context = Context {
            source: Some(id),
            region: self.region.or(source.and_then(|source| source.region)),
            ..Context::default()
        };
        if let Some(lang) = source.and_then(|source| source.lang.clone()) {
            context.more.insert("lang".to_owned(), lang);
        }
        Ok(context)
    }
}

/// Asks robots.txt of each host on the way, then for the page.
fn ask(client: &Client, product: &str, url: &Url) -> Result<Outcome, FetchError> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| FetchError::Settings(error.to_string()))?;
    runtime.block_on(async {
        let rules = robots_of(client, url).await?;
        if !rules.allows(product, url) {
            return Ok(Outcome::Robots(rules));
        }
        let fetched = client.fetch(Request::new(url.clone())).await?;
        Ok(Outcome::Fetched(Box::new(fetched)))
    })
}

/// Says an error with its causes.
fn chain(error: &FetchError) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        cause = inner.source();
    }
    text
}

fn step(exchange: &Exchange) -> StepJson {
    StepJson {
        url: exchange.url.clone(),
        status: exchange.status,
    }
}

fn response(exchange: &Exchange, decoded: &[u8], text: &charset::Decoded) -> ResponseJson {
    ResponseJson {
        url: exchange.url.clone(),
        status: exchange.status,
        content_type: exchange.header("content-type"),
        content_encoding: exchange.header("content-encoding"),
        bytes: exchange.body.len(),
        decoded_bytes: decoded.len(),
        etag: exchange.header("etag"),
        last_modified: exchange.header("last-modified"),
        charset: text.encoding,
        characters_replaced: text.replaced,
    }
}

fn claim_lines(article: &Article, claims: &[Claim]) -> Vec<ClaimJson> {
    let mut title = CharOffsets::new(&article.title.text);
    let mut body = CharOffsets::new(&article.body.text);
    let line = |claim: &Claim| {
        let offsets = match claim.place {
            hedui_model::Place::Title => &mut title,
            hedui_model::Place::Body => &mut body,
        };
        ClaimJson::new(claim, &article.meta, offsets)
    };
    claims.iter().map(line).collect()
}

fn page_json(
    page: hedui_model::Page,
    origins: Origins,
    article: &Article,
    diagnostics: &[hedui_model::Diagnostic],
) -> PageJson {
    let field = |value: Option<String>, from: Option<Origin>| FieldJson {
        from: from.filter(|_| value.is_some()).map(Origin::as_str),
        value,
    };
    let full = |text: String| (!text.is_empty()).then_some(text);
    PageJson {
        article: article.meta.key.to_string(),
        source: article.meta.source.to_string(),
        title: field(full(page.title), origins.title),
        published: field(page.published.map(|at| at.to_string()), origins.published),
        modified: field(page.modified.map(|at| at.to_string()), origins.modified),
        author: field(page.author, origins.author),
        canonical: field(page.canonical, origins.canonical),
        site: field(page.site, origins.site),
        declared_lang: field(page.declared_lang, origins.declared_lang),
        lang: article.meta.lang_tag(),
        region: article.meta.region.map(|region| region.to_string()),
        correction: hedui_page::notice::correction(&page.body).map(str::to_owned),
        body: field(full(page.body), origins.body),
        diagnostics: diagnostics
            .iter()
            .map(|diagnostic| format!("{}: {}", diagnostic.code, diagnostic.message))
            .collect(),
    }
}

/// Shows it to a person.
fn print(shown: &FetchJson, io: &mut Io<'_>) -> Result<()> {
    for step in &shown.redirects {
        writeln!(io.out, "{} {}", step.status, Safe(&step.url))?;
    }
    if let Some(response) = &shown.response {
        print_response(response, io)?;
    }
    match shown.result {
        "robots" => writeln!(
            io.out,
            "robots.txt: {}, so it was not asked for",
            shown.robots
        )?,
        "gone" => writeln!(io.out, "the page is gone")?,
        "empty" => writeln!(io.out, "no article is found in it")?,
        _ => {}
    }
    if let Some(blocked) = &shown.blocked {
        writeln!(
            io.out,
            "{}: not the page that was asked for, known by `{}`",
            io.paint(Color::Warn, blocked.kind),
            Safe(&blocked.sign)
        )?;
    }
    if let Some(page) = &shown.page {
        print_page(page, io)?;
        print_claims(&shown.claims, io)?;
    }
    Ok(())
}

fn print_response(response: &ResponseJson, io: &mut Io<'_>) -> Result<()> {
    writeln!(io.out, "{} {}", response.status, Safe(&response.url))?;
    let mut said = vec![
        response.content_type.clone().unwrap_or_default(),
        response.content_encoding.clone().unwrap_or_default(),
        format!(
            "{} bytes",
            wire::grouped(&response.decoded_bytes.to_string())
        ),
        format!("read as {}", response.charset),
    ];
    if response.characters_replaced > 0 {
        said.push(format!(
            "{} characters replaced",
            response.characters_replaced
        ));
    }
    said.retain(|part| !part.is_empty());
    writeln!(io.out, "    {}\n", Safe(&said.join(", ")))?;
    Ok(())
}

fn print_page(page: &PageJson, io: &mut Io<'_>) -> Result<()> {
    let fields = [
        ("title", &page.title),
        ("published", &page.published),
        ("modified", &page.modified),
        ("author", &page.author),
        ("canonical", &page.canonical),
        ("site", &page.site),
        ("language", &page.declared_lang),
    ];
    for (name, field) in fields {
        let from = field.from.map(|from| format!("  ({from})"));
        writeln!(
            io.out,
            "{name:<10} {}{}",
            Safe(field.value.as_deref().unwrap_or("-")),
            io.paint(Color::Dim, &from.unwrap_or_default())
        )?;
    }
    writeln!(io.out, "{:<10} {}", "read as", page.lang)?;
    writeln!(io.out, "{:<10} {}", "article", Safe(&page.article))?;
    if let Some(correction) = &page.correction {
        writeln!(io.out, "{:<10} {}", "corrected", Safe(correction))?;
    }
    for diagnostic in &page.diagnostics {
        writeln!(io.out, "{:<10} {}", "note", Safe(diagnostic))?;
    }
    writeln!(io.out)?;
    for line in page.body.value.as_deref().unwrap_or_default().lines() {
        writeln!(io.out, "{}", Safe(line))?;
    }
    writeln!(io.out)?;
    Ok(())
}

fn print_claims(claims: &[ClaimJson], io: &mut Io<'_>) -> Result<()> {
    if claims.is_empty() {
        writeln!(io.out, "no figures")?;
        return Ok(());
    }
    let row = |claim: &ClaimJson| {
        let value = match (&claim.low, &claim.high) {
            (Some(low), Some(high)) if low == high => wire::grouped(low),
            (low, high) => {
                let end = |end: &Option<String>| end.as_deref().map(wire::grouped);
                format!(
                    "{} … {}",
                    end(low).unwrap_or_default(),
                    end(high).unwrap_or_default()
                )
            }
        };
        vec![
            claim.mention.clone(),
            value.trim().to_owned(),
            claim.unit.clone(),
            claim.metric.clone().unwrap_or_default(),
            claim.entities.first().cloned().unwrap_or_default(),
            claim.sentence.clone(),
        ]
    };
    let rows: Vec<Vec<String>> = claims.iter().map(row).collect();
    let header = ["figure", "value", "unit", "metric", "entity", "sentence"];
    write!(io.out, "{}", table(io.style, &header, &rows))?;
    Ok(())
}
