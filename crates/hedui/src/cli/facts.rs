//! `hedui facts`: what several claims are about, with the values over time.

use anyhow::Result;
use clap::Args;

use super::Format;
use super::select::TimeFilter;
use crate::exit::Exit;
use crate::io::{Io, table};
use crate::list::ListWriter;
use crate::store::View;
use crate::wire::FactJson;

/// List facts: figures that several claims are about
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  hedui facts --entity TSMC
  hedui facts --metric total_investment --min-claims 3 --format jsonl
  hedui show f-0123456789abcdef          one fact with its claims over time")]
pub(crate) struct Facts {
    /// Only facts about this entity, by any of its names
    #[arg(long, value_name = "NAME")]
    entity: Option<String>,
    /// Only facts about this metric, by its id
    #[arg(long, value_name = "ID")]
    metric: Option<String>,
    /// Only facts with at least so many claims
    #[arg(long, default_value_t = 2, value_name = "N")]
    min_claims: usize,
    #[command(flatten)]
    time: TimeFilter,
}

impl Facts {
    /// Lists the facts.
    pub(crate) fn run(&self, view: &View, format: Option<Format>, io: &mut Io<'_>) -> Result<Exit> {
        let entity = self
            .entity
            .as_deref()
            .map(|name| view.canonical_name(name))
            .transpose()?;
        let mut list = ListWriter::new(format.unwrap_or(Format::Table));
        let mut rows = Vec::new();
        let mut count = 0;
        for fact in view.facts() {
            let fact = fact?;
            let admitted = fact.claims.len() >= self.min_claims
                && entity.as_deref().is_none_or(|name| {
                    fact.entities
                        .iter()
                        .any(|entity| entity.eq_ignore_ascii_case(name))
                })
                && self.metric.as_deref().is_none_or(|id| {
                    fact.metric
                        .as_ref()
                        .is_some_and(|metric| metric.id == id || metric.family == id)
                })
                && self.time.admits(fact.last_seen, view.now);
            if !admitted {
                continue;
            }
            count += 1;
            if format.is_some_and(|format| format != Format::Table) {
                list.item(io, &FactJson::from(&fact))?;
                continue;
            }
            let figures: Vec<String> = fact
                .claims
                .iter()
                .filter_map(|id| view.appearance(id).ok().flatten())
                .map(|appearance| appearance.claim.mention().to_owned())
                .collect();
            rows.push(vec![
                fact.id.to_string(),
                fact.entities.join(", "),
                fact.metric
                    .as_ref()
                    .map(|metric| metric.id.clone())
                    .unwrap_or_default(),
                figures.join("; "),
                fact.last_seen
                    .to_string()
                    .get(..10)
                    .unwrap_or_default()
                    .to_owned(),
            ]);
        }
        if format.is_none_or(|format| format == Format::Table) {
            if !rows.is_empty() {
                write!(
                    io.out,
                    "{}",
                    table(
                        io.style,
                        &["fact", "entities", "metric", "figures", "last"],
                        &rows
                    )
                )?;
            }
        } else {
            list.finish(io)?;
        }
        if count == 0 {
            writeln!(io.err, "no fact matches")?;
            return Ok(Exit::No);
        }
        Ok(Exit::Done)
    }
}
