//! What a crawl tells while it runs.

use std::collections::BTreeMap;
use std::fmt;

use hedui_model::{Fetched, SourceId};
use url::Url;

use super::plan::Hint;
use crate::error::FetchError;
use crate::memory::Held;
use crate::pacing::Skip;

/// Something that happened.
#[derive(Debug)]
#[non_exhaustive]
pub enum CrawlEvent {
    /// A URL was fetched: content, unchanged, or gone.
    Fetched {
        /// For which source.
        source: SourceId,
        /// What it was fetched as.
        purpose: Purpose,
        /// The URL that was asked for first; redirects may have led elsewhere.
        asked: Url,
        /// The exchanges.
        fetched: Box<Fetched>,
        /// What the list that named it says; empty where none did.
        hint: Hint,
        /// The share of memory that a large response takes until the event is dropped: while the receiver holds on to
        /// large ones, no further ones are read.
        held: Held,
    },
    /// A URL was not fetched, because something forbids it.
    Refused {
        /// For which source.
        source: SourceId,
        /// What it was to be fetched as.
        purpose: Purpose,
        /// The URL that was asked for first.
        asked: Url,
        /// What forbids it.
        reason: Reason,
    },
    /// A URL could not be fetched, also when tried again.
    Failed {
        /// For which source.
        source: SourceId,
        /// What it was to be fetched as.
        purpose: Purpose,
        /// The URL that was asked for first.
        asked: Url,
        /// Why, the last time.
        error: FetchError,
    },
    /// Nothing more will be said of this source in this run.
    SourceDone {
        /// The source.
        source: SourceId,
        /// What was done.
        counts: Counts,
        /// Whether everything that was wanted was fetched or refused for good; not so when a budget, a fault, a host
        /// that is left alone or an interruption left something for the next run.
        complete: bool,
    },
}

/// What a URL is fetched as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Purpose {
    /// robots.txt.
    Robots,
    /// A feed.
    Feed,
    /// A sitemap or an index of them.
    Sitemap,
    /// A page whose links lead to articles.
    Section,
    /// An article.
    Article,
}

/// Why something was not fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Reason {
    /// robots.txt forbids it.
    Robots,
    /// robots.txt cannot be had, which forbids everything (RFC 9309, 2.3.1.4).
    RobotsUnreachable,
    /// It is, or redirects to, an address that is not public.
    Address,
    /// It is no `http` or `https` URL.
    Url,
    /// The host's crawl delay is beyond the limit.
    CrawlDelay,
    /// The host asks to be left alone for longer than the limit.
    RetryAfter,
    /// The host failed too often.
    Faults,
    /// The host showed walls, captchas or questions of consent too often in place of pages.
    Blocked,
    /// It is, or redirects to, what this run has met already.
    Duplicate,
    /// It is older than the settings ask for. Only counted.
    TooOld,
    /// It is known and not due. Only counted.
    Known,
    /// It is a feed that is to be left alone for now. Only counted.
    Resting,
    /// The source's budget of pages is spent. Only counted.
    SourceBudget,
    /// The run's budget of pages is spent. Only counted.
    RunBudget,
    /// There are too many feeds, sitemaps or URLs. Only counted.
    TooMany,
    /// The run was interrupted. Only counted.
    Interrupted,
}

/// What was done for a source, or in a whole run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Feeds, sitemaps and robots.txt that were read.
    pub lists: u64,
    /// Sections and articles that were read.
    pub pages: u64,
    /// What was unchanged (304).
    pub unchanged: u64,
    /// What was gone (404, 410).
    pub gone: u64,
    /// Redirects that were followed.
    pub redirects: u64,
    /// Requests that were sent again after a fault.
    pub retries: u64,
    /// Bytes of bodies, as on the wire.
    pub bytes: u64,
    /// What was not fetched, by reason.
    pub refused: BTreeMap<Reason, u64>,
    /// What failed, by [`FetchError::reason`].
    pub failed: BTreeMap<&'static str, u64>,
}

/// How far a run is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Hosts that have work.
    pub hosts: usize,
    /// URLs that wait.
    pub queued: usize,
    /// Sources that are not done.
    pub sources_left: usize,
    /// Sections and articles that were asked for and answered, unchanged ones included.
    pub pages: u64,
    /// What failed.
    pub failed: u64,
}

impl Counts {
    /// Adds what another source did.
    pub fn add(&mut self, other: &Counts) {
        self.lists += other.lists;
        self.pages += other.pages;
        self.unchanged += other.unchanged;
        self.gone += other.gone;
        self.redirects += other.redirects;
        self.retries += other.retries;
        self.bytes += other.bytes;
        for (&reason, count) in &other.refused {
            *self.refused.entry(reason).or_default() += count;
        }
        for (&reason, count) in &other.failed {
            *self.failed.entry(reason).or_default() += count;
        }
    }

    /// Counts a response.
    pub(crate) fn fetched(&mut self, purpose: Purpose, fetched: &Fetched) {
        match fetched {
            Fetched::Content { exchange, .. } => {
                self.bytes += exchange.body.len() as u64;
                match purpose {
                    Purpose::Section | Purpose::Article => self.pages += 1,
                    Purpose::Robots | Purpose::Feed | Purpose::Sitemap => self.lists += 1,
                }
            }
            Fetched::NotModified(_) => self.unchanged += 1,
            Fetched::Gone(_) => self.gone += 1,
        }
    }
}

impl Purpose {
    /// Returns its name, fit for counting.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Purpose::Robots => "robots",
            Purpose::Feed => "feed",
            Purpose::Sitemap => "sitemap",
            Purpose::Section => "section",
            Purpose::Article => "article",
        }
    }
}

impl Reason {
    /// Returns its name, fit for counting.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Reason::Robots => "robots",
            Reason::RobotsUnreachable => "robots_unreachable",
            Reason::Address => "address",
            Reason::Url => "url",
            Reason::CrawlDelay => "crawl_delay",
            Reason::RetryAfter => "retry_after",
            Reason::Faults => "faults",
            Reason::Blocked => "blocked",
            Reason::Duplicate => "duplicate",
            Reason::TooOld => "too_old",
            Reason::Known => "known",
            Reason::Resting => "resting",
            Reason::SourceBudget => "source_budget",
            Reason::RunBudget => "run_budget",
            Reason::TooMany => "too_many",
            Reason::Interrupted => "interrupted",
        }
    }

    /// Tells whether the next run may well fetch what this one did not.
    pub(crate) fn leaves_work(self) -> bool {
        match self {
            Reason::RobotsUnreachable
            | Reason::RetryAfter
            | Reason::Faults
            | Reason::Blocked
            | Reason::SourceBudget
            | Reason::RunBudget
            | Reason::TooMany
            | Reason::Interrupted => true,
            Reason::Robots
            | Reason::Address
            | Reason::Url
            | Reason::CrawlDelay
            | Reason::Duplicate
            | Reason::TooOld
            | Reason::Known
            | Reason::Resting => false,
        }
    }
}

impl From<Skip> for Reason {
    fn from(skip: Skip) -> Reason {
        match skip {
            Skip::CrawlDelay => Reason::CrawlDelay,
            Skip::RetryAfter => Reason::RetryAfter,
            Skip::Faults => Reason::Faults,
        }
    }
}

impl fmt::Display for Purpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
