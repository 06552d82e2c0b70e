//! The command line: what can be typed, and which command answers.
//!
//! One file per command holds its flags, its help and what it does. Commands
//! that only read take a [`crate::store::View`], so that they run as well in
//! the process that holds the archive, on behalf of the one that was asked.

pub(crate) mod alert;
pub(crate) mod captures;
pub(crate) mod check;
pub(crate) mod claims;
pub(crate) mod completions;
pub(crate) mod conflicts;
pub(crate) mod crawl;
pub(crate) mod decide;
pub(crate) mod demo;
pub(crate) mod doctor;
pub(crate) mod explain;
pub(crate) mod export;
pub(crate) mod facts;
pub(crate) mod fetch;
pub(crate) mod filters;
pub(crate) mod ids;
pub(crate) mod ingest;
pub(crate) mod init;
pub(crate) mod lexicon;
pub(crate) mod reindex;
pub(crate) mod relations;
pub(crate) mod revisions;
pub(crate) mod search;
pub(crate) mod select;
pub(crate) mod show;
pub(crate) mod stats;
pub(crate) mod timeline;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::exit::Failure;

/// Watches Chinese and English technology-policy news, takes the figures out of it, and tells where sources do not
/// agree.
#[derive(Debug, Parser)]
#[command(name = "hedui", version, max_term_width = 100, after_help = AFTER_HELP)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

const AFTER_HELP: &str = "\
Begin with `hedui demo`: it needs no network and no configuration.
Then `hedui init`, name a contact and some sources in hedui.toml, and `hedui crawl`.

Exit codes: 0 done; 1 the answer is no; 2 wrong usage or configuration; 3 some of the work failed;
4 the archive is held by another writer or damaged; 130 interrupted.";

/// Flags of every command.
#[derive(Clone, Debug, Args)]
pub(crate) struct Global {
    /// The configuration; `hedui.toml` of the working folder if left out
    #[arg(long, global = true, value_name = "FILE", help_heading = "Everywhere")]
    pub(crate) config: Option<PathBuf>,
    /// The folder of the archive; `dir` under `[archive]` of the configuration if left out
    #[arg(
        long,
        global = true,
        value_name = "DIR",
        env = "HEDUI_ARCHIVE",
        help_heading = "Everywhere"
    )]
    pub(crate) archive: Option<PathBuf>,
    /// How results are printed: for people, or for programs
    #[arg(long, global = true, value_enum, help_heading = "Everywhere")]
    pub(crate) format: Option<Format>,
    /// Say nothing but errors
    #[arg(long, short, global = true, help_heading = "Everywhere")]
    pub(crate) quiet: bool,
    /// Say more; `crawl`, `ingest` and `reindex` add the time per stage
    #[arg(
        long,
        short,
        global = true,
        conflicts_with = "quiet",
        help_heading = "Everywhere"
    )]
    pub(crate) verbose: bool,
    /// How the log on standard error is written
    #[arg(long, global = true, value_enum, default_value_t = LogFormat::Text, help_heading = "Everywhere")]
    pub(crate) log_format: LogFormat,
}

/// How results are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people: tables in the terminal's width
    Table,
    /// One JSON array
    Json,
    /// JSON Lines: one object a line
    Jsonl,
    /// Comma-separated values with a header
    Csv,
    /// SARIF 2.1.0, for editors and CI: `check` alone
    Sarif,
}

/// How the log is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    /// For people
    Text,
    /// One JSON object a line
    Json,
}

/// What can be asked for.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Demo(demo::Demo),
    Init(init::Init),
    Crawl(crawl::Crawl),
    Ingest(ingest::Ingest),
    Fetch(fetch::Fetch),
    Search(search::Search),
    Claims(claims::Claims),
    Facts(facts::Facts),
    Conflicts(conflicts::Conflicts),
    Show(show::Show),
    Ack(decide::Ack),
    Snooze(decide::Snooze),
    Mute(decide::Mute),
    Resolve(decide::Resolve),
    Reopen(decide::Reopen),
    Separate(decide::Separate),
    Join(decide::Join),
    Decisions(decide::Decisions),
    Explain(explain::Explain),
    Relations(relations::Relations),
    Check(check::Check),
    Lexicon(lexicon::LexiconCommand),
    Export(export::Export),
    Alert(alert::Alert),
    Stats(stats::Stats),
    Doctor(doctor::Doctor),
    Reindex(reindex::Reindex),
    Quantities(filters::Quantities),
    Page(filters::Page),
    Feed(filters::Feed),
    Robots(filters::Robots),
    Completions(completions::Completions),
    Man(completions::Man),
    /// Read a PDF document from standard input: how the program runs itself
    #[command(hide = true, name = crate::pdf::COMMAND)]
    PdfText,
}

impl Cli {
    /// Refuses a format that the command does not have.
    pub(crate) fn check_format(&self) -> Result<(), Failure> {
        let is_sarif = self.global.format == Some(Format::Sarif);
        if is_sarif && !matches!(self.command, Command::Check(_)) {
            return Err(Failure::usage("only `hedui check` has the format `sarif`"));
        }
        Ok(())
    }
}
