//! `hedui facts`: what several claims are about, with the values over time.

use anyhow::Result;
use clap::Args;
use hedui_model::{Appearance, Conflict, ConflictId, Fact};
use serde::Serialize;

use super::Format;
use super::conflicts::ConflictFilter;
use super::select::TimeFilter;
use super::timeline::{self, StretchJson};
use crate::exit::Exit;
use crate::io::{Color, Io, Safe, table};
use crate::list::ListWriter;
use crate::store::View;
use crate::wire::FactJson;

/// List facts: figures that several claims are about
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  hedui facts --entity TSMC
  hedui facts --entity TSMC --timeline   who said what, from when to when
  hedui facts --metric total_investment --min-claims 3 --format jsonl
  hedui facts --state open,closed        only those with a conflict that is open, or was ended
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
    filter: ConflictFilter,
    /// Show each fact over time: a row for each value that a source stood by
    #[arg(long)]
    timeline: bool,
    #[command(flatten)]
    time: TimeFilter,
}

/// A fact with its claims, its conflict, and its course.
pub(crate) struct Whole {
    pub(crate) fact: Fact,
    pub(crate) claims: Vec<Appearance>,
    conflict: Option<Conflict>,
}

#[derive(Serialize)]
struct WholeJson {
    #[serde(flatten)]
    fact: FactJson,
    conflict: Option<String>,
    state: Option<&'static str>,
    timeline: Vec<StretchJson>,
}

impl Whole {
    /// Loads what belongs to a fact.
    pub(crate) fn of(view: &View, fact: Fact) -> Result<Whole> {
        // An old id may lead to the conflict of another fact.
        let conflict = view.conflict(&ConflictId::of_fact(&fact.id))?;
        let conflict = conflict.filter(|conflict| conflict.fact == fact.id);
        let claims: Vec<Appearance> = fact
            .claims
            .iter()
            .filter_map(|id| view.appearance(id).ok().flatten())
            .collect();
        Ok(Whole {
            fact,
            claims,
            conflict,
        })
    }

    /// Prints what the fact is about, and where its conflict stands.
    pub(crate) fn print_head(&self, io: &mut Io<'_>) -> Result<()> {
        let metric = self.fact.metric.as_ref();
        let metric = metric
            .map_or("figure", |metric| &metric.id)
            .replace('_', " ");
        let names = self.fact.entities.join(", ");
        let head = format!("{}  {} · {metric}", self.fact.id, Safe(&names));
        let conflict = self.conflict.as_ref().map_or_else(String::new, |conflict| {
            format!("  {} {}", conflict.id, conflict.state.as_str())
        });
        let (head, conflict) = (
            io.paint(Color::Bold, &head),
            io.paint(Color::Dim, &conflict),
        );
        Ok(writeln!(io.out, "{head}{conflict}")?)
    }

    /// Returns the line for programs.
    pub(crate) fn to_json(&self, view: &View) -> Result<impl Serialize + use<>> {
        let conflict = self.conflict.as_ref();
        Ok(WholeJson {
            fact: FactJson::from(&self.fact),
            conflict: conflict.map(|conflict| conflict.id.to_string()),
            state: conflict.map(|conflict| conflict.state.as_str()),
            timeline: timeline::of_fact(view, &self.claims)?,
        })
    }
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
            let whole = Whole::of(view, fact)?;
            let conflict = whole.conflict.as_ref();
            let is_meant = conflict.is_some_and(|conflict| self.filter.admits(conflict, None));
            if !self.filter.is_empty() && !is_meant {
                continue;
            }
            count += 1;
            if format.is_some_and(|format| format != Format::Table) {
                list.item(io, &whole.to_json(view)?)?;
                continue;
            }
            if self.timeline {
                whole.print_head(io)?;
                timeline::print(io, &timeline::of_fact(view, &whole.claims)?)?;
                writeln!(io.out)?;
                continue;
            }
            let fact = &whole.fact;
            let figures: Vec<String> = whole
                .claims
                .iter()
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
