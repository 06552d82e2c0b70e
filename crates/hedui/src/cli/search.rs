//! `hedui search`: full text, names and figures.

use anyhow::Result;
use clap::{Args, ValueEnum};
use hedui_store::index::{self, Facet, Hit, SearchAnswer, SearchError, SearchRequest, Snippet};
use serde::Serialize;

use super::Format;
use super::select::TimeFilter;
use crate::exit::{Exit, Failure};
use crate::io::{Color, Io, Safe};
use crate::list::ListWriter;
use crate::store::View;

/// Search the archive: words, phrases, names, figures, in either script or language
#[derive(Debug, Args)]
#[command(after_help = "\
Words must all occur; \"…\" is an exact phrase, in either script; a name finds all of its names.
AND OR NOT ( ) combine. Fields: title: body: entity: metric: source: lang: name: date: value: unit:

Examples:
  hedui search 輝達                            the same articles as 英伟达 and Nvidia
  hedui search '\"首批投资\" OR \"first phase\"'
  hedui search 'entity:TSMC date:[2025-01-01 TO 2025-03-31] NOT lang:en'
  hedui search 'value:1650亿 unit:USD'           also finds $165 billion and 1,650億美元
  hedui search 台積電 --since 7d --format jsonl")]
pub(crate) struct Search {
    /// The query
    query: String,
    /// Only articles in this language: en, zh, zh-Hans, zh-Hant
    #[arg(long, value_name = "TAG")]
    lang: Option<String>,
    /// Only this source
    #[arg(long, value_name = "ID")]
    source: Option<String>,
    #[command(flatten)]
    time: TimeFilter,
    /// The order
    #[arg(long, value_enum, default_value_t = Sort::Relevance)]
    sort: Sort,
    /// Count the matches by source, language, month and entity
    #[arg(long)]
    facets: bool,
    /// How many at most
    #[arg(long, default_value_t = 10, value_name = "N")]
    limit: u32,
    /// How many to pass over first
    #[arg(long, default_value_t = 0, value_name = "N")]
    offset: u32,
}

/// The order of the matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Sort {
    /// The best first
    Relevance,
    /// The latest first
    Newest,
    /// The earliest first
    Oldest,
}

#[derive(Serialize)]
struct HitLine<'h> {
    article: &'h str,
    url: Option<&'h str>,
    source: &'h str,
    lang: &'h str,
    published: Option<String>,
    title: &'h str,
    score: f32,
    snippets: Vec<SnippetLine<'h>>,
    copies: u32,
}

#[derive(Serialize)]
struct SnippetLine<'h> {
    #[serde(rename = "in")]
    place: hedui_model::Place,
    start: usize,
    text: &'h str,
    highlights: Vec<[usize; 2]>,
}

impl<'h> From<&'h Hit> for HitLine<'h> {
    fn from(hit: &'h Hit) -> Self {
        let snippet = |snippet: &'h Snippet| SnippetLine {
            place: snippet.place,
            start: snippet.start,
            text: &snippet.text,
            highlights: snippet
                .highlights
                .iter()
                .map(|range| [range.start, range.end])
                .collect(),
        };
        HitLine {
            article: hit.article.as_str(),
            url: hit.url.as_deref(),
            source: hit.source.as_str(),
            lang: &hit.lang,
            published: hit.published.map(|published| published.to_string()),
            title: &hit.title,
            score: hit.score,
            snippets: hit.snippets.iter().map(snippet).collect(),
            copies: hit.copies,
        }
    }
}

impl Search {
    /// Answers the query.
    pub(crate) fn run(&self, view: &View, format: Option<Format>, io: &mut Io<'_>) -> Result<Exit> {
        let day = |at: jiff::Timestamp| jiff::tz::Offset::UTC.to_datetime(at).date();
        let mut request = SearchRequest::new(&self.query);
        request.lang.clone_from(&self.lang);
        request.sources = self.source.iter().cloned().collect();
        request.since = self.time.since.map(|since| day(since.start(view.now)));
        request.until = self.time.until.map(|until| day(until.start(view.now)));
        request.sort = match self.sort {
            Sort::Relevance => index::Sort::Relevance,
            Sort::Newest => index::Sort::Newest,
            Sort::Oldest => index::Sort::Oldest,
        };
        request.limit = self.limit as usize;
        request.offset = self.offset as usize;
        request.now = Some(view.now);
        if self.facets {
            request.facets = vec![Facet::Source, Facet::Lang, Facet::Month, Facet::Entity];
        }
        let answer = match view.search()?.search(&request) {
            Ok(answer) => answer,
            Err(SearchError::Query(error)) => {
                return Err(Failure::usage(error.to_string())
                    .hint("`hedui search --help` shows the language of queries")
                    .into());
            }
            Err(error) => return Err(error.into()),
        };
        match format {
            None | Some(Format::Table) => print(&answer, io)?,
            Some(format) => {
                let mut list = ListWriter::new(format);
                for hit in &answer.hits {
                    list.item(io, &HitLine::from(hit))?;
                }
                list.finish(io)?;
            }
        }
        if answer.hits.is_empty() {
            writeln!(io.err, "no article matches")?;
            return Ok(Exit::No);
        }
        if format.is_none() && answer.stories > answer.hits.len() as u64 {
            writeln!(
                io.err,
                "{} of {} stories; `--limit` and `--offset` show more",
                answer.hits.len(),
                answer.stories
            )?;
        }
        if self.facets && format.is_some_and(|format| format != Format::Table) {
            writeln!(io.err, "{}", serde_json::to_string(&answer.facets)?)?;
        }
        Ok(Exit::Done)
    }
}

fn print(answer: &SearchAnswer, io: &mut Io<'_>) -> Result<()> {
    for hit in &answer.hits {
        writeln!(
            io.out,
            "{}",
            marked(io, &hit.title, &hit.title_highlights, Color::Bold)
        )?;
        let published = hit
            .published
            .map(|published| published.day().to_string())
            .unwrap_or_default();
        let copies = match hit.copies {
            0 => String::new(),
            1 => "  1 copy".to_owned(),
            copies => format!("  {copies} copies"),
        };
        let origin = format!(
            "{} {published} {}{copies}",
            hit.source,
            hit.url.as_deref().unwrap_or(hit.article.as_str())
        );
        writeln!(
            io.out,
            "  {}",
            io.paint(Color::Dim, &Safe(&origin).to_string())
        )?;
        for snippet in hit
            .snippets
            .iter()
            .filter(|snippet| snippet.place == hedui_model::Place::Body)
        {
            let before = if snippet.is_cut_before { "…" } else { "" };
            let after = if snippet.is_cut_after { "…" } else { "" };
            writeln!(
                io.out,
                "  {before}{}{after}",
                marked(io, &snippet.text, &snippet.highlights, Color::Mark)
            )?;
        }
        writeln!(io.out)?;
    }
    for counts in &answer.facets {
        let name = serde_json::to_value(counts.facet)?;
        let values: Vec<String> = counts
            .counts
            .iter()
            .take(12)
            .map(|count| format!("{} {}", count.value, count.articles))
            .collect();
        writeln!(
            io.out,
            "{}: {}",
            name.as_str().unwrap_or_default(),
            Safe(&values.join(", "))
        )?;
    }
    Ok(())
}

/// Marks ranges of characters: by colour, or without it by square brackets around them.
fn marked(io: &Io<'_>, text: &str, ranges: &[std::ops::Range<usize>], color: Color) -> String {
    let mut out = String::new();
    let mut at = 0;
    let chars: Vec<char> = text.chars().collect();
    let piece = |from: usize, to: usize| -> String {
        chars
            .get(from..to.max(from))
            .unwrap_or_default()
            .iter()
            .collect()
    };
    for range in ranges {
        out.push_str(&Safe(&piece(at, range.start)).to_string());
        let inside = Safe(&piece(range.start, range.end)).to_string();
        if io.style.color {
            out.push_str(&io.paint(color, &inside))
        } else {
            out.push_str(&format!("[{inside}]"))
        }
        at = range.end;
    }
    out.push_str(&Safe(&piece(at, chars.len())).to_string());
    out
}
