//! `hedui crawl`: one pass over the sources.

use anyhow::Result;
use clap::Args;
use hedui_store::State;

use super::Global;
use super::select::{When, parse_when};
use crate::config::{Config, Source, suggestion};
use crate::crawl;
use crate::exit::{Exit, Failure};
use crate::interrupt::Interrupt;
use crate::io::Io;
use crate::pipeline::Writer;

/// Read the configured sources once: fit for cron
#[derive(Debug, Args)]
#[command(after_help = "\
Feeds, sitemaps and section pages are read, then the articles that are new or may have changed; robots.txt and
crawl delays are respected, and what has not changed is not sent again. A feed is left alone for as long as it asks for
(ttl, skipHours) or its rhythm makes sensible, unless its source is named. Ctrl-C ends at a safe place.

Examples:
  hedui crawl
  hedui crawl --source cna --source wsj --max-pages 50
  hedui crawl && hedui conflicts --since 1d --fail || hedui alert send")]
pub(crate) struct Crawl {
    /// Only this source, by its id; may be given several times
    #[arg(long, value_name = "ID")]
    source: Vec<String>,
    /// No article that says it was published before: 2025-03-01, or 3d
    #[arg(long, value_name = "TIME", value_parser = parse_when)]
    since: Option<When>,
    /// No more than so many pages
    #[arg(long, value_name = "N")]
    max_pages: Option<u64>,
}

impl Crawl {
    /// Checks what has to be set before a site is asked for anything.
    pub(crate) fn check(&self, config: &Config) -> Result<(), Failure> {
        check_contact(config)?;
        self.sources(config).map(drop)
    }

    fn sources(&self, config: &Config) -> Result<Vec<Source>, Failure> {
        if config.sources.is_empty() {
            return Err(Failure::usage("no source is configured").hint("add `[[source]]` rows or `[feeds] opml` to hedui.toml; `hedui init` writes an example"));
        }
        if self.source.is_empty() {
            return Ok(config.sources.clone());
        }
        let find = |id: &String| {
            config.sources.iter().find(|source| source.id.as_str() == id).cloned().ok_or_else(|| {
                let failure = Failure::usage(format!("there is no source `{id}`"));
                match suggestion(id, config.sources.iter().map(|source| source.id.as_str())) {
                    Some(near) => failure.hint(format!("did you mean `{near}`?")),
                    None => failure.hint("`hedui doctor` counts the sources; hedui.toml and its OPML lists name them"),
                }
            })
        };
        self.source.iter().map(find).collect()
    }

    /// Returns the sources to be read now: those named, else all but those that were read a short time ago.
    fn due(&self, writer: &Writer, config: &Config, now: jiff::Timestamp) -> Result<Vec<Source>> {
        let mut due = Vec::new();
        for source in self.sources(config)? {
            let last = writer
                .state
                .source(&source.id)?
                .and_then(|state| state.last_success);
            let rested = last.map(|last| now.as_second().saturating_sub(last.as_second()));
            let interval = i64::from(source.interval_minutes) * 60;
            if !self.source.is_empty() || rested.is_none_or(|rested| rested >= interval) {
                due.push(source);
            }
        }
        Ok(due)
    }

    /// Crawls, and says what became of each source.
    pub(crate) fn run(
        &self,
        writer: &mut Writer,
        config: &Config,
        global: &Global,
        interrupt: &Interrupt,
        io: &mut Io<'_>,
    ) -> Result<Exit> {
        let now = jiff::Timestamp::now();
        let mut settings = config.crawl.clone();
        if let Some(pages) = self.max_pages {
            settings.pages_max = pages;
        }
        let plan = crawl::Plan {
            sources: self.due(writer, config, now)?,
            fetch: crate::outside::fetch_settings(&config.fetch)?,
            crawl: settings,
            is_forced: !self.source.is_empty(),
            since: self.since.map(|since| since.start(now)),
            now,
        };
        let report = crawl::run(
            plan,
            writer,
            interrupt,
            if global.quiet {
                crate::io::Style::silent()
            } else {
                io.style
            },
        )?;
        writer.end_first_run(jiff::Timestamp::now())?;
        if !global.quiet {
            report.print(io)?;
        }
        if interrupt.is_set() {
            writeln!(
                io.err,
                "interrupted: what was read is kept; the same command goes on"
            )?;
            return Ok(Exit::Interrupted);
        }
        Ok(if report.has_failures() {
            Exit::Partial
        } else {
            Exit::Done
        })
    }
}

/// Refuses to ask sites for anything before it is said whom they can write to.
pub(crate) fn check_contact(config: &Config) -> Result<(), Failure> {
    if !config.fetch.contact.trim().is_empty() {
        return Ok(());
    }
    Err(
        Failure::usage("no contact address is set: a crawler says whom to write to").hint(
            "set `contact` under `[fetch]` of hedui.toml; `hedui init --contact you@example.org` writes one",
        ),
    )
}
