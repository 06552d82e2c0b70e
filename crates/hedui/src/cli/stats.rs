//! `hedui stats`: how much there is of everything.

use anyhow::Result;
use clap::Args;
use hedui_store::State;
use serde::Serialize;

use super::Format;
use crate::exit::Exit;
use crate::io::{Io, table};
use crate::list::ListWriter;
use crate::store::View;
use crate::wire::grouped;

/// Count what is in the archive, or what each source brought
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  hedui stats
  hedui stats --sources
  hedui stats --format json")]
pub(crate) struct Stats {
    /// One row per source
    #[arg(long)]
    sources: bool,
}

#[derive(Serialize)]
struct Totals {
    articles: u64,
    revisions: u64,
    claims: u64,
    facts: u64,
    conflicts: u64,
    open_conflicts: u64,
    judged_pairs: u64,
    outbox: u64,
    first_published: Option<String>,
    last_published: Option<String>,
    archive_bytes: u64,
}

#[derive(Serialize)]
struct SourceRow {
    source: String,
    name: Option<String>,
    articles: u64,
    copies: u64,
    claims: u64,
    fetched: u64,
    last_success: Option<String>,
    last_error: Option<String>,
}

impl Stats {
    /// Prints the counts.
    pub(crate) fn run(&self, view: &View, format: Option<Format>, io: &mut Io<'_>) -> Result<Exit> {
        if self.sources {
            self.by_source(view, format, io)
        } else {
            self.totals(view, format, io)
        }
    }

    fn totals(&self, view: &View, format: Option<Format>, io: &mut Io<'_>) -> Result<Exit> {
        let state = view.state();
        let counts = state.counts()?;
        let mut open_conflicts = 0;
        for conflict in view.conflicts()? {
            open_conflicts += u64::from(conflict?.state == hedui_model::ConflictState::Open);
        }
        let end = |newest| -> Result<Option<String>> {
            let first = state
                .articles_by_time(None, None, newest)
                .next()
                .transpose()?;
            Ok(first.map(|(at, _)| at.to_string()))
        };
        let totals = Totals {
            articles: counts.articles,
            revisions: counts.revisions,
            claims: counts.claims,
            facts: counts.facts,
            conflicts: counts.conflicts,
            open_conflicts,
            judged_pairs: counts.judged,
            outbox: counts.outbox,
            first_published: end(false)?,
            last_published: end(true)?,
            archive_bytes: folder_bytes(&view.dir),
        };
        match format {
            None | Some(Format::Table) => {
                let rows = [
                    ("articles", totals.articles),
                    ("revisions", totals.revisions),
                    ("claims", totals.claims),
                    ("facts", totals.facts),
                    ("conflicts", totals.conflicts),
                    ("of them open", totals.open_conflicts),
                    ("judged pairs", totals.judged_pairs),
                    ("alerts to deliver", totals.outbox),
                    ("bytes on disk", totals.archive_bytes),
                ];
                for (name, count) in rows {
                    writeln!(io.out, "{name:<18} {:>15}", grouped(&count.to_string()))?;
                }
                if let Some((first, last)) = totals.first_published.zip(totals.last_published) {
                    writeln!(io.out, "{:<18} {first} to {last}", "published")?;
                }
            }
            Some(format) => {
                let mut list = ListWriter::new(if format == Format::Json {
                    Format::Jsonl
                } else {
                    format
                });
                list.item(io, &totals)?;
                list.finish(io)?;
            }
        }
        Ok(Exit::Done)
    }

    fn by_source(&self, view: &View, format: Option<Format>, io: &mut Io<'_>) -> Result<Exit> {
        let mut rows = Vec::new();
        for source in view.state().sources() {
            let (id, state) = source?;
            rows.push(SourceRow {
                source: id.to_string(),
                name: view
                    .config()
                    .sources
                    .iter()
                    .find(|source| source.id == id)
                    .map(|source| source.name.clone()),
                articles: state.articles,
                copies: state.copies,
                claims: state.claims,
                fetched: state.fetched,
                last_success: state.last_success.map(|at| at.to_string()),
                last_error: state.last_error,
            });
        }
        match format {
            None | Some(Format::Table) => {
                let cells: Vec<Vec<String>> = rows
                    .iter()
                    .map(|row| {
                        let last = row
                            .last_success
                            .as_deref()
                            .and_then(|at| at.get(..16))
                            .unwrap_or_default();
                        vec![
                            row.source.clone(),
                            row.name.clone().unwrap_or_default(),
                            row.articles.to_string(),
                            row.copies.to_string(),
                            row.claims.to_string(),
                            row.fetched.to_string(),
                            last.to_owned(),
                            row.last_error.clone().unwrap_or_default(),
                        ]
                    })
                    .collect();
                if !cells.is_empty() {
                    let header = [
                        "source", "articles", "copies", "claims", "fetched", "last", "error",
                    ];
                    write!(io.out, "{}", table(io.style, &header, &cells))?;
                }
            }
            Some(format) => {
                let mut list = ListWriter::new(format);
                for row in &rows {
                    list.item(io, row)?;
                }
                list.finish(io)?;
            }
        }
        Ok(Exit::Done)
    }
}

fn folder_bytes(dir: &std::path::Path) -> u64 {
    let Ok(entries) = std::fs::read_dir(dir) else {
        return 0;
    };
    entries
        .flatten()
        .map(|entry| match entry.metadata() {
            Ok(meta) if meta.is_dir() => folder_bytes(&entry.path()),
            Ok(meta) => meta.len(),
            Err(_) => 0,
        })
        .sum()
}
