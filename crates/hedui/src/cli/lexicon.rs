//! `hedui lexicon`: rows that the archive proposes for the user's own lexicon.

use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::{Args, Subcommand};
use hedui_model::{Appearance, ClaimId};
use hedui_reconcile::learn::{self, Demands, Suggestion};
use hedui_text::Lexicon;
use serde::Serialize;

use super::Format;
use crate::exit::{Exit, Failure};
use crate::io::{Color, Io, Safe};
use crate::list::ListWriter;
use crate::store::View;

/// Propose rows for your own lexicon from figures that sources of two languages share
#[derive(Debug, Args)]
#[command(after_help = "\
Sentences of two languages that state the same exact figure about the same company tell the same thing; words that stand on both
sides again and again may mean the same. Nothing is taken over by itself: read the evidence, then accept.

Examples:
  hedui lexicon suggest                          what may be missing, with sentences
  hedui lexicon suggest --format jsonl           the same for programs
  hedui lexicon accept w-0123456789ab --into own.toml
                                                 adds the row to a file; name it under [lexicon] files in hedui.toml")]
pub(crate) struct LexiconCommand {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List rows that agreement across languages proposes
    Suggest(Suggest),
    /// Add proposed rows to a file of your lexicon
    Accept(Accept),
}

#[derive(Debug, Args)]
struct Suggest {
    /// About how many figures two words have to meet; a figure counts once, however many outlets tell it
    #[arg(long, value_name = "N", default_value_t = 3)]
    events: usize,
    /// List at most so many
    #[arg(long, value_name = "N", default_value_t = 50)]
    limit: usize,
}

#[derive(Debug, Args)]
struct Accept {
    /// Ids of suggestions
    #[arg(required = true)]
    ids: Vec<String>,
    /// The lexicon file that the rows are added to; made where it does not exist
    #[arg(long, value_name = "FILE")]
    into: PathBuf,
}

#[derive(Serialize)]
struct SuggestionJson {
    id: String,
    row: String,
    events: usize,
    ratio: f64,
    evidence: Vec<EvidenceJson>,
}

#[derive(Serialize)]
struct EvidenceJson {
    zh: SentenceJson,
    other: SentenceJson,
}

#[derive(Serialize)]
struct SentenceJson {
    claim: String,
    source: String,
    text: String,
}

impl LexiconCommand {
    /// Lists suggestions, or adds some to a file.
    pub(crate) fn run(&self, view: &View, format: Option<Format>, io: &mut Io<'_>) -> Result<Exit> {
        match &self.action {
            Action::Suggest(command) => command.run(view, format, io),
            Action::Accept(command) => command.run(view, io),
        }
    }
}

impl Suggest {
    fn run(&self, view: &View, format: Option<Format>, io: &mut Io<'_>) -> Result<Exit> {
        let found = suggestions(view, self.events)?;
        let shown = found.iter().take(self.limit);
        let format = format.unwrap_or(Format::Table);
        if format == Format::Table {
            for suggestion in shown {
                print(view, suggestion, io)?;
            }
            if found.len() > self.limit {
                writeln!(
                    io.err,
                    "{} more; --limit shows them",
                    found.len() - self.limit
                )?;
            }
        } else {
            let mut list = ListWriter::new(format);
            for suggestion in shown {
                list.item(io, &json(view, suggestion)?)?;
            }
            list.finish(io)?;
        }
        Ok(if found.is_empty() {
            if format == Format::Table {
                writeln!(
                    io.err,
                    "nothing is proposed: too few figures are told in two languages"
                )?;
            }
            Exit::No
        } else {
            Exit::Done
        })
    }
}

impl Accept {
    fn run(&self, view: &View, io: &mut Io<'_>) -> Result<Exit> {
        let found = suggestions(view, 2)?;
        let path = view.path(&self.into);
        let mut text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(error) => {
                return Err(
                    Failure::usage(format!("cannot read `{}`: {error}", path.display())).into(),
                );
            }
        };
        for id in &self.ids {
            let suggestion = found
                .iter()
                .find(|found| id_of(found) == *id)
                .ok_or_else(|| {
                    Failure::usage(format!("there is no suggestion `{id}`")).hint(
                        "`hedui lexicon suggest` lists them; what was accepted is proposed no more",
                    )
                })?;
            if !text.is_empty() && !text.ends_with("\n\n") {
                text.push('\n');
            }
            text.push_str(&suggestion.proposal.row());
        }
        let name = path.display().to_string();
        Lexicon::with_user(&[(name, text.clone())])
            .map_err(|error| Failure::usage(format!("the rows do not fit the file: {error}")))?;
        write_whole(&path, &text)?;
        let is_named = view
            .config()
            .lexicon
            .iter()
            .any(|(name, _)| std::path::Path::new(name).file_name() == path.file_name());
        if !is_named {
            writeln!(
                io.err,
                "now name it in hedui.toml: [lexicon] files = [{:?}], then `hedui reindex`",
                self.into.display().to_string()
            )?;
        }
        Ok(Exit::Done)
    }
}

/// Puts a file in the place of another only when it is whole.
fn write_whole(path: &std::path::Path, text: &str) -> Result<()> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let beside = path.with_extension("toml.new");
    let write = || -> std::io::Result<()> {
        if let Some(folder) = folder {
            std::fs::create_dir_all(folder)?;
        }
        let mut file = std::fs::File::create(&beside)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        std::fs::rename(&beside, path)
    };
    write().with_context(|| format!("cannot write `{}`", path.display()))
}

fn suggestions(view: &View, events_min: usize) -> Result<Vec<Suggestion>> {
    let mut claims: Vec<Appearance> = Vec::new();
    for article in view.articles() {
        let article = article?;
        // A copy says nothing that its origin does not.
        if article.origin().is_none() {
            claims.extend(article.appearances());
        }
    }
    let engine = view.engine()?;
    let words = |text: &str| engine.analyzer.words(text);
    let demands = Demands {
        events_min,
        ..Demands::default()
    };
    Ok(learn::suggest(&engine.lexicon, &words, &claims, demands))
}

/// A name that a suggestion keeps while the archive grows: what is proposed, not how sure it is.
fn id_of(suggestion: &Suggestion) -> String {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in suggestion.proposal.row().bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    format!("w-{:012x}", hash >> 16)
}

fn sentence(view: &View, id: &ClaimId) -> Result<SentenceJson> {
    let found = view.appearance(id)?;
    Ok(SentenceJson {
        claim: id.to_string(),
        source: found
            .as_ref()
            .map(|found| found.article.meta.source.to_string())
            .unwrap_or_default(),
        text: found
            .map(|found| found.claim.sentence_text.clone())
            .unwrap_or_default(),
    })
}

fn json(view: &View, suggestion: &Suggestion) -> Result<SuggestionJson> {
    let mut evidence = Vec::new();
    for (zh, other) in &suggestion.evidence {
        evidence.push(EvidenceJson {
            zh: sentence(view, zh)?,
            other: sentence(view, other)?,
        });
    }
    Ok(SuggestionJson {
        id: id_of(suggestion),
        row: suggestion.proposal.row(),
        events: suggestion.events,
        ratio: (suggestion.ratio * 10.0).round() / 10.0,
        evidence,
    })
}

fn print(view: &View, suggestion: &Suggestion, io: &mut Io<'_>) -> Result<()> {
    let id = io.paint(Color::Mark, &id_of(suggestion));
    writeln!(
        io.out,
        "{id}  at {} figures, ratio {:.1}",
        suggestion.events, suggestion.ratio
    )?;
    for line in suggestion.proposal.row().lines() {
        writeln!(io.out, "    {}", Safe(line))?;
    }
    for (zh, other) in &suggestion.evidence {
        for id in [zh, other] {
            let sentence = sentence(view, id)?;
            writeln!(
                io.out,
                "  {}: {}",
                Safe(&sentence.source),
                Safe(&sentence.text)
            )?;
        }
    }
    writeln!(io.out)?;
    Ok(())
}
