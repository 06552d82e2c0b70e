//! Where the time goes: one counter per stage, shared by all threads.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

/// A stage of the pipeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// Bytes to page.
    Page,
    /// Page to article.
    Text,
    /// Article to claims.
    Claims,
    /// Claims to facts and conflicts, with looking up the candidates.
    Reconcile,
    /// Writing and syncing the archive.
    Archive,
    /// Writing the state.
    State,
    /// Writing the index.
    Index,
}

const NAMES: [&str; 7] = [
    "page",
    "text",
    "claims",
    "reconcile",
    "archive",
    "state",
    "index",
];

/// Time spent per stage, in all threads together.
#[derive(Debug)]
pub(crate) struct Timings {
    start: Instant,
    nanos: [AtomicU64; 7],
    articles: AtomicU64,
}

impl Timings {
    /// Starts counting.
    pub(crate) fn start() -> Timings {
        Timings {
            start: Instant::now(),
            nanos: Default::default(),
            articles: AtomicU64::new(0),
        }
    }

    /// Runs `work` on the account of a stage.
    pub(crate) fn time<T>(&self, stage: Stage, work: impl FnOnce() -> T) -> T {
        let start = Instant::now();
        let result = work();
        if let Some(nanos) = self.nanos.get(stage as usize) {
            nanos.fetch_add(
                u64::try_from(start.elapsed().as_nanos()).unwrap_or(u64::MAX),
                Ordering::Relaxed,
            );
        }
        result
    }

    /// Counts an article that went all the way.
    pub(crate) fn count_article(&self) {
        self.articles.fetch_add(1, Ordering::Relaxed);
    }
}

impl fmt::Display for Timings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let articles = self.articles.load(Ordering::Relaxed);
        let wall = self.start.elapsed().as_secs_f64();
        writeln!(
            f,
            "{articles} articles in {wall:.2} s; time per stage, all threads together:"
        )?;
        for (name, nanos) in NAMES.iter().zip(&self.nanos) {
            let seconds =
                std::time::Duration::from_nanos(nanos.load(Ordering::Relaxed)).as_secs_f64();
            let each = seconds * 1e3 / (articles.max(1) as f64);
            writeln!(
                f,
                "  {name:<10} {seconds:>8.3} s  {each:>8.3} ms an article"
            )?;
        }
        Ok(())
    }
}
