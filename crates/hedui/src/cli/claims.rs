//! `hedui claims`: the figures of the archive, one by one.

use anyhow::Result;
use clap::Args;

use super::Format;
use super::select::ClaimFilter;
use crate::exit::Exit;
use crate::io::{Io, table};
use crate::list::ListWriter;
use crate::store::View;
use crate::wire;

/// List claims: figures with their entity, metric, period and sentence
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  hedui claims --entity 台積電 --unit USD --min 1e11
  hedui claims --metric market_share --since 2025-01-01 --format csv > shares.csv
  hedui claims --format jsonl | jq -r '[.source, .mention, .low] | @tsv'")]
pub(crate) struct Claims {
    #[command(flatten)]
    filter: ClaimFilter,
    /// How many at most
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
}

impl Claims {
    /// Lists the claims of all articles, article by article.
    pub(crate) fn run(&self, view: &View, format: Option<Format>, io: &mut Io<'_>) -> Result<Exit> {
        let entity = self
            .filter
            .entity
            .as_deref()
            .map(|name| view.canonical_name(name))
            .transpose()?;
        let limit = self.limit.unwrap_or(usize::MAX);
        let mut list = ListWriter::new(format.unwrap_or(Format::Table));
        let mut rows = Vec::new();
        let mut count = 0;
        for article in view.articles() {
            if count >= limit {
                break;
            }
            let article = article?;
            let lines = wire::claims_of(&article);
            for (appearance, line) in article.appearances().zip(lines) {
                if count >= limit || !self.filter.admits(&appearance, entity.as_deref(), view.now) {
                    continue;
                }
                count += 1;
                if format.is_some_and(|format| format != Format::Table) {
                    list.item(io, &line)?;
                } else {
                    rows.push(vec![
                        line.published
                            .as_deref()
                            .and_then(|day| day.get(..10))
                            .unwrap_or_default()
                            .to_owned(),
                        line.source.clone(),
                        // Room is for one name; `hedui show` and the other formats have all.
                        line.entities.first().cloned().unwrap_or_default(),
                        line.metric.clone().unwrap_or_default(),
                        line.mention.clone(),
                        wire::value_text(&appearance.claim.quantity),
                        line.id.clone(),
                    ]);
                }
            }
        }
        if format.is_none_or(|format| format == Format::Table) {
            if !rows.is_empty() {
                let header = [
                    "published",
                    "source",
                    "entity",
                    "metric",
                    "figure",
                    "value",
                    "claim",
                ];
                write!(io.out, "{}", table(io.style, &header, &rows))?;
            }
        } else {
            list.finish(io)?;
        }
        if count == 0 {
            writeln!(io.err, "no claim matches")?;
            return Ok(Exit::No);
        }
        Ok(Exit::Done)
    }
}
