//! One pass over sources: the crawler on its own threads, the pipeline on this one.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::{Context as _, Result};
use hedui_fetch::crawl::{Counts, Hint, Purpose, Reason, Want};
use hedui_fetch::{Client, CrawlEvent, Crawler, FetchSettings, Known, SourcePlan, Validators};
use hedui_model::{Exchange, Fetched, SourceId};
use hedui_store::archive::{Appended, Context, StoredExchange};
use hedui_store::{SledState, State};
use jiff::{SignedDuration, Timestamp};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::config::{CrawlSettings, Source};
use crate::interrupt::Interrupt;
use crate::io::{Io, Safe, Style, table};
use crate::pipeline::{ASKED, Answer, Writer, purpose};
use crate::progress::Progress;

/// How many events may wait for the pipeline; when it is full, the crawler waits.
const EVENTS_MAX: usize = 32;

/// How many exchanges are made safe together.
const BATCH: usize = 32;

/// What is to be crawled, and how.
#[derive(Debug)]
pub(crate) struct Plan {
    /// The sources.
    pub(crate) sources: Vec<Source>,
    /// How sites are talked to.
    pub(crate) fetch: FetchSettings,
    /// How much is read.
    pub(crate) crawl: CrawlSettings,
    /// Whether feeds are read also while they are to be left alone.
    pub(crate) is_forced: bool,
    /// No article from before this.
    pub(crate) since: Option<Timestamp>,
    /// When the run began.
    pub(crate) now: Timestamp,
}

/// What became of one source.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) new: u64,
    pub(crate) revised: u64,
    pub(crate) unchanged: u64,
    pub(crate) copies: u64,
    /// Pages without an article in them.
    pub(crate) empty: u64,
    /// Refused by robots.txt.
    pub(crate) robots: u64,
    pub(crate) failed: u64,
    pub(crate) last_error: Option<String>,
}

/// What became of all sources.
#[derive(Debug, Default)]
pub(crate) struct Report {
    sources: BTreeMap<SourceId, Tally>,
    counts: Counts,
}

impl Report {
    /// Returns the sum over all sources.
    pub(crate) fn total(&self) -> Tally {
        let mut total = Tally::default();
        for tally in self.sources.values() {
            total.new += tally.new;
            total.revised += tally.revised;
            total.unchanged += tally.unchanged;
            total.copies += tally.copies;
            total.empty += tally.empty;
            total.robots += tally.robots;
            total.failed += tally.failed;
        }
        total
    }

    /// Tells whether something could not be fetched.
    pub(crate) fn has_failures(&self) -> bool {
        self.sources.values().any(|tally| tally.failed > 0)
    }

    /// Prints a row for each source.
    pub(crate) fn print(&self, io: &mut Io<'_>) -> std::io::Result<()> {
        let row = |(id, tally): (&SourceId, &Tally)| {
            let counts = [
                tally.new,
                tally.revised,
                tally.unchanged,
                tally.copies,
                tally.empty,
                tally.robots,
                tally.failed,
            ];
            let mut cells = vec![id.to_string()];
            cells.extend(counts.map(|count| count.to_string()));
            cells.push(tally.last_error.clone().unwrap_or_default());
            cells
        };
        let rows: Vec<Vec<String>> = self.sources.iter().map(row).collect();
        let header = [
            "source",
            "new",
            "revised",
            "unchanged",
            "copies",
            "empty",
            "robots",
            "failed",
            "last error",
        ];
        write!(io.out, "{}", table(io.style, &header, &rows))?;
        let refused = self.counts.refused.iter();
        let refused = refused.map(|(reason, count)| format!("{reason} {count}"));
        let failed = self.counts.failed.iter();
        let failed = failed.map(|(reason, count)| format!("{reason} {count}"));
        writeln!(
            io.err,
            "{} bytes; not fetched: {}; failed: {}",
            crate::wire::grouped(&self.counts.bytes.to_string()),
            Safe(&listed(refused)),
            Safe(&listed(failed))
        )
    }

    fn of(&mut self, source: &SourceId) -> &mut Tally {
        self.sources.entry(source.clone()).or_default()
    }
}

fn listed(counts: impl Iterator<Item = String>) -> String {
    let counts: Vec<String> = counts.collect();
    if counts.is_empty() {
        "nothing".to_owned()
    } else {
        counts.join(", ")
    }
}

/// Crawls the sources of a plan, and takes in what they have.
///
/// # Errors
/// Where the archive or the state cannot be written. What sites do wrong is in the report.
pub(crate) fn run(
    plan: Plan,
    writer: &mut Writer,
    interrupt: &Interrupt,
    style: Style,
) -> Result<Report> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    let by_id: BTreeMap<SourceId, Source> = plan
        .sources
        .iter()
        .map(|source| (source.id.clone(), source.clone()))
        .collect();
    let revisit_seconds = i64::from(plan.crawl.revisit_days_max) * 86_400;
    let mut sources = Vec::new();
    let due = Arc::new(Mutex::new(due_by_source(
        &writer.state,
        plan.now,
        revisit_seconds,
    )));
    for source in &plan.sources {
        let known = StateKnown {
            state: Arc::clone(&writer.state),
            now: plan.now,
            revisit_seconds,
            due: Arc::clone(&due),
            complete: writer.crawl_was_complete(&source.id)?,
            feeds_rest: !plan.is_forced,
            rest_max: SignedDuration::from_mins(i64::from(plan.crawl.feed_rest_minutes_max)),
        };
        writer.begin_crawl(&source.id)?;
        sources.push(SourcePlan {
            id: source.id.clone(),
            feeds: source.feeds.clone(),
            sitemaps: source.sitemaps.clone(),
            sections: source.sections.clone(),
            pages_max: None,
            known: Arc::new(known),
        });
    }
    let settings = hedui_fetch::CrawlSettings {
        pages_max: plan.crawl.pages_max,
        pages_per_source_max: plan.crawl.pages_per_source_max,
        age_days_max: plan.since.map_or(plan.crawl.age_days_max, |since| {
            days_between(since, plan.now)
        }),
    };
    let client = Client::new(plan.fetch).context("cannot make the HTTP client")?;
    let mut crawler = Crawler::new(client, settings);
    let (sender, mut events) = mpsc::channel(EVENTS_MAX);
    let cancel = CancellationToken::new();
    let cancelled = cancel.clone();
    let watched = crawler.progress();
    let crawling = runtime.spawn(async move { crawler.run(sources, sender, cancelled).await });
    let watch = interrupt.clone();
    runtime.spawn(async move {
        while !watch.is_set() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        cancel.cancel();
    });

    let progress = Progress::count("crawling", style);
    let mut report = Report::default();
    for source in by_id.keys() {
        report.of(source);
    }
    let mut batch = Vec::new();
    while let Some(event) = events.blocking_recv() {
        batch.push(event);
        while batch.len() < BATCH {
            match events.try_recv() {
                Ok(event) => batch.push(event),
                Err(_) => break,
            }
        }
        progress.add(batch.len() as u64);
        let state = *watched.borrow();
        progress.message(&format!(
            "crawling: {} hosts, {} queued, {} sources left, {} failed;",
            state.hosts, state.queued, state.sources_left, state.failed
        ));
        take(std::mem::take(&mut batch), &by_id, writer, &mut report)?;
    }
    runtime
        .block_on(crawling)
        .context("the crawler ended badly")?;
    writer.commit_index()?;
    Ok(report)
}

/// Counts the days between two times, a begun one as a whole.
fn days_between(since: Timestamp, now: Timestamp) -> u32 {
    let seconds = now.as_second().saturating_sub(since.as_second()).max(0);
    u32::try_from(seconds.unsigned_abs().div_ceil(86_400)).unwrap_or(u32::MAX)
}

/// Keeps, acknowledges and applies a batch of events.
fn take(
    events: Vec<CrawlEvent>,
    sources: &BTreeMap<SourceId, Source>,
    writer: &mut Writer,
    report: &mut Report,
) -> Result<()> {
    let mut appended: Vec<(SourceId, Appended, StoredExchange)> = Vec::new();
    let desk = Arc::clone(&writer.desk);
    let _turn = desk.turn();
    for event in events {
        match event {
            CrawlEvent::Fetched {
                source,
                purpose,
                asked,
                fetched,
                hint,
                ..
            } => {
                let mut context = context_of(&source, purpose, &hint, sources);
                context.more.insert(ASKED.to_owned(), asked.to_string());
                for exchange in exchanges(*fetched) {
                    let (place, stored) = writer.append_exchange(exchange, context.clone())?;
                    appended.push((source.clone(), place, stored));
                }
            }
            CrawlEvent::Refused {
                source,
                reason,
                asked,
                ..
            } => {
                tracing::info!(url = %asked, %reason, "refused");
                if reason == Reason::Robots {
                    report.of(&source).robots += 1;
                }
            }
            CrawlEvent::Failed {
                source,
                asked,
                error,
                ..
            } => {
                tracing::info!(url = %asked, %error, "failed");
                let tally = report.of(&source);
                tally.failed += 1;
                tally.last_error = Some(error.to_string());
            }
            CrawlEvent::SourceDone {
                source,
                counts,
                complete,
            } => {
                report.counts.add(&counts);
                writer.note_source(&source, complete, report.of(&source).last_error.clone())?;
            }
            _ => {}
        }
    }
    if !appended.is_empty() {
        writer.sync()?;
    }
    for (source, place, stored) in appended {
        let answer = writer.apply_exchange(place.mark, place.at, &stored)?;
        let is_article = stored.context.purpose.as_deref() == Some(purpose::ARTICLE)
            && stored.exchange.status == 200;
        let tally = report.of(&source);
        match answer {
            Some(Answer::New) => tally.new += 1,
            Some(Answer::DuplicateOf(_)) => {
                tally.new += 1;
                tally.copies += 1;
            }
            Some(Answer::Revision) => tally.revised += 1,
            Some(Answer::Unchanged) => tally.unchanged += 1,
            None if is_article => tally.empty += 1,
            None => {}
        }
    }
    Ok(())
}

/// Returns what went over the wire for one URL, redirects first.
fn exchanges(fetched: Fetched) -> Vec<Exchange> {
    match fetched {
        Fetched::Content {
            exchange,
            mut redirects,
            ..
        } => {
            redirects.push(exchange);
            redirects
        }
        Fetched::NotModified(exchange) | Fetched::Gone(exchange) => vec![exchange],
    }
}

fn context_of(
    source: &SourceId,
    purpose: Purpose,
    hint: &Hint,
    sources: &BTreeMap<SourceId, Source>,
) -> Context {
    let mut more = BTreeMap::new();
    let settings = sources.get(source);
    let mut keep =
        |name: &str, value: Option<String>| value.map(|value| more.insert(name.to_owned(), value));
    if purpose == Purpose::Article {
        keep("title", hint.title.clone());
        keep("author", hint.author.clone());
        keep("published", hint.published.map(|at| at.to_string()));
        keep("lang", settings.and_then(|source| source.lang.clone()));
    }
    Context {
        source: Some(source.clone()),
        region: settings.and_then(|source| source.region),
        purpose: Some(purpose.as_str().to_owned()),
        seen: None,
        more,
    }
}

/// Tells whether an article that was last asked for at `at` is due: the older it is, the longer it is left alone.
fn is_due(now: Timestamp, revisit_seconds: i64, seen: Timestamp, at: Timestamp) -> bool {
    let age = now.as_second().saturating_sub(seen.as_second());
    let rested = now.as_second().saturating_sub(at.as_second());
    age <= revisit_seconds && rested >= age / 8
}

/// Finds the articles that are due for another visit, by source.
fn due_by_source(
    state: &SledState,
    now: Timestamp,
    revisit_seconds: i64,
) -> BTreeMap<SourceId, Vec<String>> {
    let mut due: BTreeMap<SourceId, Vec<String>> = BTreeMap::new();
    for fetch in state.fetches().flatten() {
        let Some(key) = &fetch.article else { continue };
        let Some(article) = state.article(key).ok().flatten() else {
            continue;
        };
        let meta = &article.digest.meta;
        if is_due(now, revisit_seconds, meta.seen, fetch.at) {
            due.entry(meta.source.clone()).or_default().push(fetch.url);
        }
    }
    due
}

/// What the state knows of earlier runs.
#[derive(Debug)]
struct StateKnown {
    state: Arc<SledState>,
    now: Timestamp,
    revisit_seconds: i64,
    /// Whether the last run read all that its lists named.
    complete: bool,
    /// Whether feeds are left alone for as long as they ask for, or their rhythm says.
    feeds_rest: bool,
    /// The longest time for that.
    rest_max: SignedDuration,
    /// What is due, by source, found once for the whole run. Locked only to take a source's part out.
    due: Arc<Mutex<BTreeMap<SourceId, Vec<String>>>>,
}

impl StateKnown {
    fn is_due(&self, seen: Timestamp, at: Timestamp) -> bool {
        is_due(self.now, self.revisit_seconds, seen, at)
    }

    fn article_is_due(&self, url: &str) -> Option<bool> {
        let fetch = self.state.fetch(url).ok().flatten()?;
        let article = self.state.article(fetch.article.as_ref()?).ok().flatten()?;
        Some(self.is_due(article.digest.meta.seen, fetch.at))
    }
}

impl Known for StateKnown {
    fn validators(&self, url: &str) -> Option<Validators> {
        let fetch = self
            .state
            .fetch(url)
            .ok()
            .flatten()
            .filter(|fetch| fetch.status == 200)?;
        if fetch.article.is_none() && !self.complete {
            return None;
        }
        let validators = Validators {
            etag: fetch.etag,
            last_modified: fetch.last_modified,
        };
        (validators.etag.is_some() || validators.last_modified.is_some()).then_some(validators)
    }

    fn rests(&self, url: &str) -> bool {
        // What the last run left is found by reading the feed again.
        let fetch = self.state.fetch(url).ok().flatten();
        let Some(fetch) = fetch.filter(|_| self.complete && self.feeds_rest) else {
            return false;
        };
        let rest = self.now.duration_since(fetch.at);
        rest < self.rest_max && fetch.not_before.is_some_and(|until| self.now < until)
    }

    fn wants(&self, url: &str, _hint: &Hint) -> Want {
        match self.article_is_due(url) {
            None => Want::Fetch,
            Some(true) => Want::Revisit,
            Some(false) => Want::Skip,
        }
    }

    fn due(&self, source: &SourceId) -> Vec<String> {
        // Asked once per source and run.
        let due = self.due.lock().ok().and_then(|mut due| due.remove(source));
        due.unwrap_or_default()
    }
}
