//! The demonstration: the bundled site is served on loopback, crawled twice, and its conflicts are printed.

mod server;
mod site;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result};
use hedui_fetch::{FetchSettings, Override};
use hedui_model::{Cause, Conflict, ConflictState, Ending};
use hedui_store::State;
use jiff::Timestamp;
use url::Url;

use crate::cli::{Format, Global};
use crate::config::{Config, CrawlSettings, Source, plain_source};
use crate::crawl::{self, Plan};
use crate::exit::{Exit, Failure};
use crate::interrupt::Interrupt;
use crate::io::{Color, Io, Style};
use crate::list::ListWriter;
use crate::store::{self, Held, Purpose};
use crate::wire::ConflictJson;
use server::{Hit, Server};
use site::{Host, Site};

/// The sample's articles are from the past; this admits them all. Days.
const AGE_DAYS_MAX: u32 = 36_500;

/// Runs the demonstration in `keep`, or in a temporary folder.
pub(crate) fn run(keep: Option<&Path>, global: &Global, io: &mut Io<'_>) -> Result<Exit> {
    let temporary = match keep {
        Some(dir) if dir.join("warc").exists() => {
            return Err(
                Failure::usage(format!("there is an archive in `{}`", dir.display()))
                    .hint("name another folder")
                    .into(),
            );
        }
        Some(_) => None,
        None => Some(tempfile::tempdir().context("cannot make a temporary folder")?),
    };
    let dir = keep
        .or(temporary.as_ref().map(tempfile::TempDir::path))
        .context("a folder")?;
    let interrupt = Interrupt::listen()?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    let site = Site::builtin()?;
    let sources: Vec<Source> = site.hosts.iter().map(source_of).collect::<Result<_>>()?;
    let server = runtime.block_on(Server::start(site))?;
    let style = if global.quiet {
        Style::silent()
    } else {
        io.style
    };
    let config = Arc::new(Config::defaults()?);
    let mut held = store::open(dir, config, Purpose::Write, Timestamp::now(), style)?;

    let say = |io: &mut Io<'_>, text: &str| {
        if global.quiet {
            Ok(())
        } else {
            writeln!(io.err, "{text}")
        }
    };
    say(
        io,
        &format!(
            "serving {} sample outlets on http://{}",
            sources.len(),
            server.address()
        ),
    )?;
    let plan = || plan(&sources, &server);
    let first = crawl::run(plan(), held.writer()?, &interrupt, style)?;
    held.writer()?.end_first_run(Timestamp::now())?;
    say(
        io,
        &format!("first pass:  {}", summary(&first, &server.take_hits())),
    )?;
    server.publish_edits();
    let second = crawl::run(plan(), held.writer()?, &interrupt, style)?;
    held.writer()?.commit_index()?;
    say(
        io,
        &format!("second pass: {}", summary(&second, &server.take_hits())),
    )?;
    if interrupt.is_set() {
        return Ok(Exit::Interrupted);
    }
    show(&held, global, io)?;
    let timings = held.close()?;
    if let Some(timings) = timings.filter(|_| global.verbose) {
        write!(io.err, "{timings}")?;
    }
    if !global.quiet {
        next_steps(keep, io)?;
    }
    Ok(Exit::Done)
}

fn plan(sources: &[Source], server: &Server) -> Plan {
    Plan {
        sources: sources.to_vec(),
        fetch: FetchSettings {
            contact: "https://demo.example/".to_owned(),
            delay_ms_min: 0,
            overrides: vec![Override {
                suffix: ".example".to_owned(),
                address: server.address(),
            }],
            ..FetchSettings::default()
        },
        crawl: CrawlSettings {
            age_days_max: AGE_DAYS_MAX,
            revisit_days_max: AGE_DAYS_MAX,
            ..CrawlSettings::default()
        },
        is_forced: true,
        since: None,
        now: Timestamp::now(),
    }
}

fn source_of(host: &Host) -> Result<Source> {
    let label = host.name.split('.').next().unwrap_or(&host.name);
    let mut source = plain_source(label.parse()?, host.title.clone());
    let urls = |paths: &[String]| -> Result<Vec<Url>> {
        paths
            .iter()
            .map(|path| Ok(Url::parse(&format!("http://{}{path}", host.name))?))
            .collect()
    };
    source.feeds = urls(&host.feeds)?;
    source.sitemaps = urls(&host.sitemaps)?;
    source.sections = urls(&host.sections)?;
    source.region = host.region.parse().ok();
    source.lang = Some(host.lang.clone());
    Ok(source)
}

fn summary(report: &crawl::Report, hits: &[Hit]) -> String {
    let conditional = hits.iter().filter(|hit| hit.conditional).count();
    let not_modified = hits.iter().filter(|hit| hit.status == 304).count();
    format!(
        "{} requests, {conditional} of them conditional, {not_modified} answered with 304; {} new articles, {} revised, {} unchanged; {} refused by robots.txt",
        hits.len(),
        report.total().new,
        report.total().revised,
        report.total().unchanged,
        report.total().robots,
    )
}

fn show(held: &Held, global: &Global, io: &mut Io<'_>) -> Result<()> {
    let view = &held.view;
    let mut conflicts: Vec<Conflict> = view.conflicts()?.collect::<Result<_>>()?;
    // What a source corrected between the two passes is shown too: that it was noticed is the point.
    let corrected = ConflictState::Closed {
        by: Ending::Correction,
    };
    conflicts.retain(|conflict| [&ConflictState::Open, &corrected].contains(&&conflict.state));
    conflicts.sort_by_key(|conflict| std::cmp::Reverse((conflict.severity, conflict.confidence)));
    if let Some(format) = global.format.filter(|format| *format != Format::Table) {
        let mut list = ListWriter::new(format);
        for conflict in &conflicts {
            list.item(io, &ConflictJson::from(conflict))?;
        }
        list.finish(io)?;
        return Ok(());
    }
    let counts = view.state().counts()?;
    let mut causes: BTreeMap<&str, u32> = BTreeMap::new();
    for conflict in &conflicts {
        *causes.entry(cause_group(conflict.cause)).or_default() += 1;
    }
    writeln!(io.out)?;
    let lookup = |id: &_| view.appearance(id).ok().flatten();
    for conflict in &conflicts {
        crate::card::print(io, conflict, &lookup)?;
    }
    let list: Vec<String> = causes
        .iter()
        .map(|(cause, count)| format!("{count} {cause}"))
        .collect();
    let total = format!(
        "{} conflicts among {} claims of {} articles",
        conflicts.len(),
        counts.claims,
        counts.articles
    );
    writeln!(
        io.out,
        "{}: {}",
        io.paint(Color::Bold, &total),
        list.join(", ")
    )?;
    Ok(())
}

fn cause_group(cause: Cause) -> &'static str {
    crate::card::cause_words(cause)
}

fn next_steps(keep: Option<&Path>, io: &mut Io<'_>) -> Result<()> {
    match keep {
        Some(dir) => writeln!(
            io.err,
            "\nthe archive is kept; try\n  hedui --archive {0} search Nvidia\n  hedui --archive {0} show ID\n  hedui --archive {0} claims --entity TSMC",
            dir.display()
        )?,
        None => writeln!(
            io.err,
            "\nnext: `hedui demo --keep DIR` keeps this archive to search in; `hedui init` begins with real sources"
        )?,
    }
    Ok(())
}
