//! `hedui show`: one article, claim, fact or conflict with all its evidence.

use anyhow::Result;
use clap::Args;
use hedui_model::{Appearance, ArticleKey, ClaimId, ConflictId, FactId};
use serde::Serialize;

use super::Format;
use super::facts::Whole;
use super::ids::{self, Named};
use super::revisions::Course;
use super::timeline::{self, HappeningJson};
use crate::exit::{Exit, Failure};
use crate::io::{Color, Io, Safe};
use crate::list::ListWriter;
use crate::store::{ArticleView, View};
use crate::wire::{self, ArticleJson, ClaimJson, ConflictJson};

/// Show an article, claim, fact or conflict with all its evidence
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  hedui show k-0123456789abcdef                       a conflict, with what happened to it
  hedui show k-0123                                   the same, while no other id begins so
  hedui show f-0123456789abcdef                       a fact over time, source by source
  hedui show c-0123456789abcdef                       a claim
  hedui show https://harbour-ledger.example/story     an article with its figures, revisions and corrections")]
pub(crate) struct Show {
    /// The id of a conflict (k-…), fact (f-…) or claim (c-…), or an article's id or URL
    id: String,
}

#[derive(Serialize)]
struct WithClaims<T: Serialize> {
    #[serde(flatten)]
    item: T,
    evidence: Vec<ClaimJson>,
    /// What happened to it, and what people decided.
    history: Vec<HappeningJson>,
}

#[derive(Serialize)]
struct WholeArticle {
    #[serde(flatten)]
    article: ArticleJson,
    revision: u32,
    body: String,
    origin: Option<String>,
    #[serde(flatten)]
    course: Course,
    evidence: Vec<ClaimJson>,
}

impl Show {
    /// Shows it.
    pub(crate) fn run(&self, view: &View, format: Option<Format>, io: &mut Io<'_>) -> Result<Exit> {
        let format = format.unwrap_or(Format::Table);
        if ids::kind_of(&self.id).is_some() {
            return match ids::find(view, &self.id)? {
                Named::Conflict(id) => self.conflict(&id, view, format, io),
                Named::Fact(id) => self.fact(&id, view, format, io),
                Named::Claim(id) => self.claim(&id, view, format, io),
            };
        }
        let key = self
            .id
            .parse::<ArticleKey>()
            .map_err(|error| Failure::usage(error.to_string()))?;
        let found = match view.article(&key)? {
            None => hedui_page::address::normalise(&self.id)
                .and_then(|url| url.parse().ok())
                .map(|key| view.article(&key))
                .transpose()?
                .flatten(),
            found => found,
        };
        match found {
            Some(article) => show_article(view, &article, format, io),
            None => self.missing("article", io),
        }
    }

    fn missing(&self, what: &str, io: &mut Io<'_>) -> Result<Exit> {
        writeln!(io.err, "there is no {what} `{}`", Safe(&self.id))?;
        Ok(Exit::No)
    }

    fn conflict(
        &self,
        id: &ConflictId,
        view: &View,
        format: Format,
        io: &mut Io<'_>,
    ) -> Result<Exit> {
        let Some(conflict) = view.conflict(id)? else {
            return self.missing("conflict", io);
        };
        let ids = conflict.sides.iter().flat_map(|side| &side.claims);
        let claims: Vec<Appearance> = ids
            .filter_map(|id| view.appearance(id).ok().flatten())
            .collect();
        let history = timeline::of_conflict(view, &conflict)?;
        if format == Format::Table {
            crate::card::print(io, &conflict, &|id| view.appearance(id).ok().flatten())?;
            timeline::print_happenings(io, &history)?;
            writeln!(io.out)?;
            for appearance in &claims {
                print_claim(io, appearance)?;
            }
            return Ok(Exit::Done);
        }
        print_json(
            io,
            format,
            &WithClaims {
                item: ConflictJson::from(&conflict),
                evidence: lines(view, &claims)?,
                history,
            },
        )
    }

    fn fact(&self, id: &FactId, view: &View, format: Format, io: &mut Io<'_>) -> Result<Exit> {
        let Some(fact) = view.fact(id)? else {
            return self.missing("fact", io);
        };
        let whole = Whole::of(view, fact)?;
        let history = timeline::decided_about(view, &whole.fact)?;
        if format == Format::Table {
            whole.print_head(io)?;
            timeline::print(io, &timeline::of_fact(view, &whole.claims)?)?;
            timeline::print_happenings(io, &history)?;
            writeln!(io.out)?;
            for appearance in &whole.claims {
                print_claim(io, appearance)?;
            }
            return Ok(Exit::Done);
        }
        print_json(
            io,
            format,
            &WithClaims {
                evidence: lines(view, &whole.claims)?,
                item: whole.to_json(view)?,
                history,
            },
        )
    }

    fn claim(&self, id: &ClaimId, view: &View, format: Format, io: &mut Io<'_>) -> Result<Exit> {
        let Some(appearance) = view.appearance(id)? else {
            return self.missing("claim", io);
        };
        if format == Format::Table {
            print_claim(io, &appearance)?;
            return Ok(Exit::Done);
        }
        for line in lines(view, &[appearance])? {
            print_json(io, format, &line)?;
        }
        Ok(Exit::Done)
    }
}

fn lines(view: &View, claims: &[Appearance]) -> Result<Vec<ClaimJson>> {
    claims
        .iter()
        .map(|appearance| view.claim_line(appearance))
        .collect()
}

fn print_json(io: &mut Io<'_>, format: Format, item: &impl Serialize) -> Result<Exit> {
    match format {
        Format::Json => writeln!(io.out, "{}", serde_json::to_string_pretty(item)?)?,
        format => {
            let mut list = ListWriter::new(format);
            list.item(io, item)?;
            list.finish(io)?;
        }
    }
    Ok(Exit::Done)
}

fn print_claim(io: &mut Io<'_>, appearance: &Appearance) -> Result<()> {
    let (claim, meta) = (&appearance.claim, &appearance.article.meta);
    let names: Vec<&str> = claim
        .entities
        .iter()
        .map(|entity| entity.name.as_str())
        .collect();
    let figure = io.paint(Color::Mark, &Safe(claim.mention()).to_string());
    writeln!(
        io.out,
        "  {}  {figure} = {}",
        claim.id,
        Safe(&wire::value_text(&claim.quantity))
    )?;
    let mut facts = vec![
        format!("entities: {}", names.join(", ")),
        format!(
            "metric: {}",
            claim.metric.as_ref().map_or("unknown", |metric| &metric.id)
        ),
        format!("status: {}", super::select::status_word(claim.status)),
    ];
    facts.extend(
        claim
            .scope
            .part
            .as_ref()
            .map(|part| format!("scope: {part}")),
    );
    facts.extend(
        claim
            .scope
            .time_base
            .as_ref()
            .map(|base| format!("time base: {base}")),
    );
    facts.extend(claim.period.as_ref().map(|period| {
        let end = |day: Option<jiff::civil::Date>| {
            day.map_or_else(|| "…".to_owned(), |day| day.to_string())
        };
        format!("period: {} to {}", end(period.from), end(period.to))
    }));
    facts.extend(
        claim
            .attribution
            .as_ref()
            .map(|attribution| format!("said by: {}", attribution.speaker)),
    );
    writeln!(io.out, "    {}", Safe(&facts.join("  ")))?;
    writeln!(io.out, "    {}", Safe(&claim.sentence_text))?;
    let published = meta
        .published
        .map(|published| published.to_string())
        .unwrap_or_default();
    let origin = format!(
        "{} {published} {}",
        meta.source,
        meta.url.as_deref().unwrap_or(meta.key.as_str())
    );
    writeln!(
        io.out,
        "    {}",
        io.paint(Color::Dim, &Safe(&origin).to_string())
    )?;
    Ok(())
}

fn show_article(
    view: &View,
    article: &ArticleView,
    format: Format,
    io: &mut Io<'_>,
) -> Result<Exit> {
    let meta = article.meta();
    let course = Course::of(view, article)?;
    if format != Format::Table {
        let whole = WholeArticle {
            article: ArticleJson::new(meta, article.title()),
            revision: article.revision(),
            body: article.body().to_owned(),
            origin: article.origin().map(ToString::to_string),
            course,
            evidence: wire::claims_of(article),
        };
        return print_json(io, format, &whole);
    }
    writeln!(
        io.out,
        "{}",
        io.paint(Color::Bold, &Safe(article.title()).to_string())
    )?;
    let published = meta
        .published
        .map(|published| published.to_string())
        .unwrap_or_default();
    let origin = format!(
        "{} {published} {} revision {} {}",
        meta.source,
        meta.lang_tag(),
        article.revision(),
        meta.url.as_deref().unwrap_or(meta.key.as_str())
    );
    writeln!(
        io.out,
        "{}",
        io.paint(Color::Dim, &Safe(&origin).to_string())
    )?;
    if let Some(origin) = article.origin() {
        writeln!(
            io.out,
            "{}",
            io.paint(Color::Dim, &format!("a copy of {}", Safe(origin.as_str())))
        )?;
    }
    course.print(io)?;
    writeln!(io.out)?;
    for line in article.body().lines() {
        writeln!(io.out, "{}", Safe(line))?;
    }
    writeln!(io.out)?;
    for appearance in article.appearances() {
        print_claim(io, &appearance)?;
    }
    Ok(Exit::Done)
}
