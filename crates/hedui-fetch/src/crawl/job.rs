//! One URL on its way, and the order in which URLs are taken.

use std::cmp::{Ordering, Reverse};

use hedui_model::Exchange;
use url::Url;

use super::event::Purpose;
use super::plan::Hint;

/// A host, with its port where that is not the scheme's own.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct HostKey(String);

impl HostKey {
    pub(crate) fn of(url: &Url) -> HostKey {
        let host = url.host_str().unwrap_or_default();
        HostKey(match url.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        })
    }
}

/// The order of work: the least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Rank {
    pub(crate) class: Class,
    /// Seconds since 1970; the newest first.
    pub(crate) newest: Reverse<i64>,
    pub(crate) order: u64,
}

/// What goes before what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Class {
    /// What was begun: after a redirect or a fault.
    Begun,
    /// Feeds, sitemaps, sections.
    List,
    /// New articles.
    New,
    /// Known articles.
    Revisit,
}

/// One URL to be fetched.
#[derive(Debug)]
pub(crate) struct Job {
    /// The place of its source in the plan.
    pub(crate) source: usize,
    pub(crate) purpose: Purpose,
    /// What was asked for first.
    pub(crate) asked: Url,
    /// What is asked for now, after `redirects`.
    pub(crate) url: Url,
    pub(crate) hint: Hint,
    /// How many lists were followed to get here.
    pub(crate) depth: u32,
    pub(crate) redirects: Vec<Exchange>,
    pub(crate) attempts: u32,
    /// Whether it was taken off the budgets.
    pub(crate) paid: bool,
    pub(crate) rank: Rank,
}

impl Job {
    pub(crate) fn new(source: usize, purpose: Purpose, url: Url, rank: Rank) -> Job {
        Job {
            source,
            purpose,
            asked: url.clone(),
            url,
            hint: Hint::default(),
            depth: 0,
            redirects: Vec::new(),
            attempts: 0,
            paid: false,
            rank,
        }
    }

    pub(crate) fn at_depth(self, depth: u32) -> Job {
        Job { depth, ..self }
    }

    pub(crate) fn with_hint(self, hint: Hint) -> Job {
        Job { hint, ..self }
    }
}

/// An article that a list names.
#[derive(Debug)]
pub(crate) struct Candidate {
    pub(crate) url: Url,
    pub(crate) hint: Hint,
    pub(crate) class: Class,
    pub(crate) newest: i64,
}

/// Orders by rank alone; ranks are unique.
#[derive(Debug)]
pub(crate) struct ByRank<T>(pub(crate) T);

pub(crate) trait Ranked {
    fn rank(&self) -> Rank;
}

impl Ranked for Job {
    fn rank(&self) -> Rank {
        self.rank
    }
}

impl Ranked for (Rank, Candidate) {
    fn rank(&self) -> Rank {
        self.0
    }
}

impl<T: Ranked> PartialEq for ByRank<T> {
    fn eq(&self, other: &Self) -> bool {
        self.0.rank() == other.0.rank()
    }
}

impl<T: Ranked> Eq for ByRank<T> {}

impl<T: Ranked> PartialOrd for ByRank<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T: Ranked> Ord for ByRank<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.rank().cmp(&other.0.rank())
    }
}
