//! `hedui export`: everything of one kind, for other programs.

use anyhow::Result;
use clap::{Args, ValueEnum};

use super::Format;
use crate::exit::{Exit, Failure};
use crate::io::Io;
use crate::list::ListWriter;
use crate::store::View;
use crate::wire::{self, ArticleJson, ConflictJson, FactJson};

/// Export claims, facts, conflicts or articles as CSV or JSON Lines
#[derive(Debug, Args)]
#[command(after_help = "\
Without --format, JSON Lines are written. In CSV, a cell that a spreadsheet would take for a formula gets an
apostrophe before it.

Examples:
  hedui export claims --format csv > claims.csv
  hedui export conflicts | jq .why")]
pub(crate) struct Export {
    /// What is written
    #[arg(value_enum)]
    what: What,
}

/// What can be exported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum What {
    /// Figures with all that is known of them
    Claims,
    /// What several claims are about
    Facts,
    /// Facts whose claims cannot all be true, in every state
    Conflicts,
    /// What was read, without the texts
    Articles,
}

impl Export {
    /// Writes everything, in the order of the archive's keys.
    pub(crate) fn run(&self, view: &View, format: Option<Format>, io: &mut Io<'_>) -> Result<Exit> {
        let format = match format {
            None => Format::Jsonl,
            Some(Format::Table) => {
                return Err(Failure::usage("`export` writes json, jsonl or csv")
                    .hint("for reading, `hedui claims` prints tables")
                    .into());
            }
            Some(format) => format,
        };
        let mut list = ListWriter::new(format);
        match self.what {
            What::Claims => {
                for article in view.articles() {
                    for line in wire::claims_of(&article?) {
                        list.item(io, &line)?;
                    }
                }
            }
            What::Facts => {
                for fact in view.facts() {
                    list.item(io, &FactJson::from(&fact?))?;
                }
            }
            What::Conflicts => {
                for conflict in view.conflicts()? {
                    list.item(io, &ConflictJson::from(&conflict?))?;
                }
            }
            What::Articles => {
                for article in view.articles() {
                    let article = article?;
                    list.item(io, &ArticleJson::new(article.meta(), article.title()))?;
                }
            }
        }
        list.finish(io)?;
        Ok(Exit::Done)
    }
}
