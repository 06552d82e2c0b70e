//! `hedui check`: the figures of a draft against the archive and against each other, before it is published.
//!
//! Files and standard input are read here, in the process that was asked, and handed to whichever process holds the
//! archive: that one may not be able to see them, and must never wait for somebody's standard input.

use std::collections::BTreeSet;
use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::{Args, ValueEnum};
use hedui_model::{Confidence, Published, Region, SourceId};
use hedui_store::State;
use hedui_store::state::MemoryState;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::conflicts::parse_confidence;
use super::{Format, Global};
use crate::check::{self, About, Checked, FigureJson, Level, Tally, Told};
use crate::config::Config;
use crate::draft::{DRAFT_BYTES_MAX, Draft, Kind};
use crate::exit::{Exit, Failure};
use crate::io::{Io, Safe};
use crate::list::ListWriter;
use crate::pipeline::Engine;
use crate::store::View;

/// The name of what comes over standard input.
const STDIN: &str = "-";

/// Check the figures of drafts against the archive and against each other
#[derive(Debug, Args)]
#[command(after_help = "\
Reads Markdown, plain text, HTML and docx; the kind follows from the name, or --as. Each figure gets a verdict:
conflict, update (the archive has a later or only an earlier figure), agree, or unknown (nothing to compare with).
Listed are conflicts and updates; conflicts that are less sure than --confidence are listed as possible.
Lines and columns count from 1, columns in characters; in a docx the line is the paragraph.

In Markdown and HTML, <!-- hedui-ignore --> passes over the figures of a line, or of the next one if it stands alone;
<!-- hedui-off --> and <!-- hedui-on --> over those between them.

Exit codes: 0 nothing found; 1 some conflict (see --fail-on); 2 wrong usage; 3 some file could not be read.

Examples:
  hedui check draft.md
  hedui check --published 2025-09-24 --region TW --source our-paper draft.docx
  pbpaste | hedui check --as text -
  hedui check --format sarif drafts/ > check.sarif
  hedui check --format jsonl --all draft.md > old.jsonl; hedui check --baseline old.jsonl draft.md")]
pub(crate) struct Check {
    /// Files, or folders with files; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// What the files are, whatever their names say
    #[arg(long = "as", value_name = "KIND", value_enum)]
    kind: Option<Kind>,
    /// The name that standard input is told under, and whose ending says what it is
    #[arg(long, value_name = "NAME")]
    stdin_filename: Option<String>,
    /// When the draft will be published: what `today` and `last quarter` mean in it; today if left out
    #[arg(long, value_name = "DATE")]
    published: Option<Published>,
    /// Whose usage decides ambiguous figures: CN, TW, HK, US …; told from the text if left out
    #[arg(long, value_name = "REGION")]
    region: Option<Region>,
    /// The language of the draft: en, zh-Hans, zh-Hant; told from the text if left out
    #[arg(long, value_name = "TAG")]
    lang: Option<String>,
    /// A source of the archive to leave aside: your own outlet
    #[arg(long, value_name = "NAME")]
    source: Vec<SourceId>,
    /// Show every figure, those that agree and those that nothing is known of too
    #[arg(long)]
    all: bool,
    /// How sure a conflict has to be, 0 to 1; less sure ones are listed as possible. As for alerts if left out
    #[arg(long, value_name = "P", value_parser = parse_confidence)]
    confidence: Option<Confidence>,
    /// What makes the exit code 1
    #[arg(long, value_name = "WHAT", value_enum, default_value_t = FailOn::Conflict)]
    fail_on: FailOn,
    /// Pass over what an earlier run found: its output in the format jsonl, json or sarif
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Look at no archive: check each draft against itself alone
    #[arg(long)]
    no_archive: bool,
}

/// What makes the exit code 1; each includes those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
enum FailOn {
    /// Nothing
    Never,
    /// Conflicts that are sure enough
    Conflict,
    /// Possible conflicts too
    Possible,
    /// Updates too
    Update,
}

/// What the process that was asked has read for the one that answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Given {
    today: Date,
    drafts: Vec<Draft>,
    unread: Vec<Unread>,
    /// Fingerprints of what an earlier run found.
    known: BTreeSet<String>,
}

/// A file that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Unread {
    /// The file.
    pub(crate) name: String,
    /// What is wrong with it.
    pub(crate) reason: String,
}

impl Check {
    /// Reads the drafts.
    ///
    /// # Errors
    /// A [`Failure`] of usage for a file that is not there.
    pub(crate) fn given(&self) -> Result<Given> {
        let mut files: Vec<PathBuf> = Vec::new();
        for path in &self.files {
            if path.as_os_str() == STDIN {
                files.push(path.clone());
                continue;
            }
            let kind = std::fs::metadata(path).map_err(|error| {
                Failure::usage(format!("cannot read `{}`: {error}", path.display()))
            })?;
            if kind.is_dir() {
                files_of(path, &mut files)?;
            } else {
                files.push(path.clone());
            }
        }
        let mut given = Given {
            today: TimeZone::system().to_datetime(Timestamp::now()).date(),
            drafts: Vec::new(),
            unread: Vec::new(),
            known: match &self.baseline {
                Some(file) => fingerprints(file)?,
                None => BTreeSet::new(),
            },
        };
        for file in files {
            let name = match &self.stdin_filename {
                Some(name) if file.as_os_str() == STDIN => name.clone(),
                _ => file.to_string_lossy().into_owned(),
            };
            match self.draft(&file, &name) {
                Ok(draft) => given.drafts.push(draft),
                Err(error) => given.unread.push(Unread {
                    name,
                    reason: format!("{error:#}"),
                }),
            }
        }
        Ok(given)
    }

    fn draft(&self, file: &Path, name: &str) -> Result<Draft> {
        let limit = u64::try_from(DRAFT_BYTES_MAX).unwrap_or(u64::MAX) + 1;
        let mut bytes = Vec::new();
        if file.as_os_str() == STDIN {
            std::io::stdin().take(limit).read_to_end(&mut bytes)?;
        } else {
            std::fs::File::open(file)?
                .take(limit)
                .read_to_end(&mut bytes)?;
        }
        Ok(Draft::read(name, &bytes, self.kind)?)
    }

    /// Tells whether there is no archive to look at: none is wanted, or the folder that may hold one is empty of it.
    pub(crate) fn is_alone(&self, dir: &Path, is_named: bool) -> bool {
        let is_archive = dir.join("warc").is_dir() || dir.join("journal").is_dir();
        self.no_archive || (!is_archive && (dir.is_dir() || !is_named))
    }

    /// Checks drafts against themselves alone.
    pub(crate) fn run_alone(
        &self,
        config: &Config,
        global: &Global,
        io: &mut Io<'_>,
    ) -> Result<Exit> {
        let given = self.given()?;
        let engine = Engine::load(config)?;
        if !self.no_archive {
            let hint = "only figures of one draft are set against each other; `hedui crawl` or `hedui ingest` fills one";
            writeln!(io.err, "there is no archive: {hint}")?;
        }
        let desk = Desk {
            check: self,
            given: &given,
            config,
            engine: &engine,
            state: &MemoryState::new(),
            now: Timestamp::now(),
        };
        desk.run(global.format, io)
    }

    /// Checks drafts that were read before against the archive.
    pub(crate) fn run(
        &self,
        view: &View,
        given: Option<&Given>,
        format: Option<Format>,
        io: &mut Io<'_>,
    ) -> Result<Exit> {
        let given = given.ok_or_else(|| Failure::usage("no drafts were handed over"))?;
        if view.state().counts()?.articles == 0 {
            writeln!(
                io.err,
                "the archive is empty: only figures of one draft are set against each other"
            )?;
        }
        let desk = Desk {
            check: self,
            given,
            config: view.config(),
            engine: view.engine()?,
            state: view.state(),
            now: view.now,
        };
        desk.run(format, io)
    }
}

/// Everything that checking needs.
struct Desk<'a> {
    check: &'a Check,
    given: &'a Given,
    config: &'a Config,
    engine: &'a Engine,
    state: &'a dyn State,
    now: Timestamp,
}

impl Desk<'_> {
    fn run(&self, format: Option<Format>, io: &mut Io<'_>) -> Result<Exit> {
        let about = About {
            published: self
                .check
                .published
                .unwrap_or(Published::Day(self.given.today)),
            now: self.now,
            region: self.check.region,
            lang: self.check.lang.clone(),
            left_out: self.check.source.iter().cloned().collect(),
            known: self.given.known.clone(),
        };
        let drafts = self.given.drafts.iter().cloned();
        let files: Vec<Checked> = drafts
            .map(|draft| check::check(draft, &about, self.engine, self.state))
            .collect::<Result<_>>()?;
        let sure = self
            .check
            .confidence
            .unwrap_or(self.config.alert.confidence_min);
        let mut tally = Tally {
            files: files.len(),
            ..Tally::default()
        };
        let mut told: Vec<Told<'_>> = Vec::new();
        for checked in &files {
            for figure in &checked.figures {
                let level = Level::of(figure, sure);
                tally.add(figure, level);
                if self.check.all || level > Level::None {
                    told.push((checked, figure, level));
                }
            }
        }
        self.print(&files, &told, &tally, format.unwrap_or(Format::Table), io)?;
        for unread in &self.given.unread {
            writeln!(io.err, "{}: {}", Safe(&unread.name), Safe(&unread.reason))?;
        }
        Ok(match () {
            () if !self.given.unread.is_empty() => Exit::Partial,
            () if told
                .iter()
                .any(|(.., level)| self.check.fail_on.includes(*level)) =>
            {
                Exit::No
            }
            () => Exit::Done,
        })
    }

    fn print(
        &self,
        files: &[Checked],
        told: &[Told<'_>],
        tally: &Tally,
        format: Format,
        io: &mut Io<'_>,
    ) -> Result<()> {
        match format {
            Format::Table => {
                for (checked, figure, level) in told {
                    check::print(io, checked, figure, *level)?;
                }
                writeln!(io.out, "{}", tally.line())?;
                return Ok(());
            }
            Format::Sarif => {
                let files: Vec<&Checked> = files.iter().collect();
                let unread = self.given.unread.iter();
                let unread: Vec<(&str, &str)> = unread
                    .map(|unread| (unread.name.as_str(), unread.reason.as_str()))
                    .collect();
                let log = check::sarif_log(&files, told, &unread);
                writeln!(io.out, "{}", serde_json::to_string_pretty(&log)?)?;
            }
            format => {
                let mut list = ListWriter::new(format);
                for (checked, figure, level) in told {
                    list.item(io, &FigureJson::new(checked, figure, *level))?;
                }
                list.finish(io)?;
            }
        }
        writeln!(io.err, "{}", tally.line())?;
        Ok(())
    }
}

impl FailOn {
    /// Tells whether a finding of this level makes the exit code 1.
    fn includes(self, level: Level) -> bool {
        match self {
            FailOn::Never => false,
            FailOn::Conflict => level >= Level::Error,
            FailOn::Possible => level >= Level::Warning,
            FailOn::Update => level >= Level::Note,
        }
    }
}

/// Adds the drafts of a folder, in the order of their names; hidden ones and links are left aside.
fn files_of(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    let mut folders = vec![folder.to_path_buf()];
    let mut found: Vec<PathBuf> = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let kind = entry.file_type()?;
            if name.starts_with('.') {
                continue;
            }
            if kind.is_dir() {
                folders.push(entry.path());
            } else if kind.is_file() && Kind::of_name(&name).is_some() {
                found.push(entry.path());
            }
        }
    }
    found.sort();
    files.extend(found);
    Ok(())
}

/// Reads the fingerprints out of what an earlier run printed.
fn fingerprints(file: &Path) -> Result<BTreeSet<String>> {
    let text = std::fs::read_to_string(file)
        .map_err(|error| Failure::usage(format!("cannot read `{}`: {error}", file.display())))?;
    Ok(check::fingerprints_of(&text).map_err(|reason| {
        Failure::usage(format!("`{}`: {reason}", file.display()))
            .hint("a baseline is what `hedui check --format jsonl`, `json` or `sarif` printed")
    })?)
}
