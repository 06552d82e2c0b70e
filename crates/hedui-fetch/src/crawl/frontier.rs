//! What is still to be fetched, by host, and how far each source is.
//!
//! A source is first discovered (its feeds, sitemaps and sections are read, and the best candidates are kept), then
//! read. Everything here is bounded: candidates by the source's budget, jobs and URLs seen by constants. No I/O.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, HashMap, HashSet, hash_map};
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;

use hedui_model::{Fetched, SourceId};
use hedui_page::address;
use url::Url;

use super::event::{Counts, Progress, Purpose, Reason};
use super::job::{ByRank, Candidate, Class, HostKey, Job, Rank};
use super::plan::{Known, SourcePlan};

/// How many jobs wait at most, over all hosts.
const JOBS_MAX: usize = 100_000;
/// How many URLs are remembered as seen.
const SEEN_MAX: usize = 1_000_000;
/// How many feeds, sitemaps and sections of one source a run reads at most.
const LISTS_PER_SOURCE_MAX: u32 = 100;

/// What follows when a job of a source is over.
#[derive(Debug)]
pub(crate) enum Settled {
    /// Others are still open.
    Open,
    /// All lists are read; [`Frontier::promote`] comes next.
    Discovered { id: SourceId, known: Arc<dyn Known> },
    /// All is done.
    Done {
        id: SourceId,
        counts: Box<Counts>,
        complete: bool,
    },
}

/// The frontier of one run.
#[derive(Debug)]
pub(crate) struct Frontier {
    hosts: HashMap<HostKey, Queue>,
    jobs: usize,
    sources: Vec<Source>,
    seen: HashSet<u64>,
    hasher: RandomState,
    pages_left: u64,
    order: u64,
    sources_left: usize,
    pages: u64,
    failed: u64,
}

#[derive(Debug, Default)]
struct Queue {
    jobs: BinaryHeap<Reverse<ByRank<Job>>>,
    /// Whether a task serves the host.
    served: bool,
}

#[derive(Debug)]
struct Source {
    id: SourceId,
    known: Arc<dyn Known>,
    phase: Phase,
    /// Jobs that are not over, and one more while the plan is taken in.
    open: usize,
    lists_left: u32,
    pages_left: u64,
    /// The worst on top, to be thrown out first.
    candidates: BinaryHeap<ByRank<(Rank, Candidate)>>,
    counts: Counts,
    complete: bool,
    /// Whether the sitemaps that robots.txt names are still to be taken.
    robots_sitemaps: bool,
    has_feeds: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Discovering,
    Reading,
    Done,
}

impl Frontier {
    pub(crate) fn new(plan: &[SourcePlan], pages_max: u64, pages_per_source_max: u64) -> Frontier {
        let sources = plan.iter().map(|plan| Source {
            id: plan.id.clone(),
            known: Arc::clone(&plan.known),
            phase: Phase::Discovering,
            open: 1,
            lists_left: LISTS_PER_SOURCE_MAX,
            pages_left: plan.pages_max.unwrap_or(pages_per_source_max),
            candidates: BinaryHeap::new(),
            counts: Counts::default(),
            complete: true,
            robots_sitemaps: plan.feeds.is_empty() && plan.sitemaps.is_empty(),
            has_feeds: !(plan.feeds.is_empty() && plan.sitemaps.is_empty()),
        });
        Frontier {
            hosts: HashMap::new(),
            jobs: 0,
            sources: sources.collect(),
            seen: HashSet::new(),
            hasher: RandomState::new(),
            pages_left: pages_max,
            order: 0,
            sources_left: plan.len(),
            pages: 0,
            failed: 0,
        }
    }

    /// Returns the source's id and what is known of it.
    pub(crate) fn source(&self, source: usize) -> Option<(&SourceId, &Arc<dyn Known>)> {
        self.sources
            .get(source)
            .map(|source| (&source.id, &source.known))
    }

    /// Changes a source's counts.
    pub(crate) fn count(&mut self, source: usize, change: impl FnOnce(&mut Counts)) {
        if let Some(source) = self.sources.get_mut(source) {
            change(&mut source.counts);
        }
    }

    /// Counts a response.
    pub(crate) fn fetched(&mut self, source: usize, purpose: Purpose, fetched: &Fetched) {
        if matches!(purpose, Purpose::Section | Purpose::Article) {
            self.pages += 1;
        }
        self.count(source, |counts| counts.fetched(purpose, fetched));
    }

    /// Counts what was not fetched, and remembers whether it is left for the next run.
    pub(crate) fn refuse(&mut self, source: usize, reason: Reason, times: u64) {
        if let Some(source) = self.sources.get_mut(source).filter(|_| times > 0) {
            *source.counts.refused.entry(reason).or_default() += times;
            source.complete &= !reason.leaves_work();
        }
    }

    /// Counts what failed; unless it did for good, it is left for the next run.
    pub(crate) fn fail(&mut self, source: usize, reason: &'static str, for_good: bool) {
        if let Some(source) = self.sources.get_mut(source) {
            *source.counts.failed.entry(reason).or_default() += 1;
            source.complete &= for_good;
            self.failed += 1;
        }
    }

    /// Adds a feed, sitemap or section; returns its host where no task serves it yet.
    pub(crate) fn add_list(
        &mut self,
        source: usize,
        purpose: Purpose,
        url: &Url,
        depth: u32,
    ) -> Option<HostKey> {
        let Some(url) = normalised(url) else {
            self.refuse(source, Reason::Url, 1);
            return None;
        };
        // A page may be both a section and an article: the purpose is part of what was seen.
        if !self.see(&format!("{purpose} {url}"), source) {
            return None;
        }
        let state = self.sources.get_mut(source)?;
        if state.lists_left == 0 {
            self.refuse(source, Reason::TooMany, 1);
            return None;
        }
        state.lists_left -= 1;
        let rank = self.rank(Class::List, 0);
        self.add(Job::new(source, purpose, url, rank).at_depth(depth))
    }

    /// Takes the sitemaps of robots.txt, once for a source that has neither feeds nor sitemaps.
    pub(crate) fn take_robots_sitemaps(&mut self, source: usize) -> bool {
        self.sources
            .get_mut(source)
            .is_some_and(|source| std::mem::take(&mut source.robots_sitemaps))
    }

    /// Tells whether the source has feeds or sitemaps of its own.
    pub(crate) fn has_feeds(&self, source: usize) -> bool {
        self.sources
            .get(source)
            .is_some_and(|source| source.has_feeds)
    }

    /// Adds articles that lists name; the best are kept, as many as the budget allows.
    pub(crate) fn add_candidates(
        &mut self,
        source: usize,
        candidates: impl IntoIterator<Item = Candidate>,
    ) {
        for candidate in candidates {
            let Some(url) = normalised(&candidate.url) else {
                self.refuse(source, Reason::Url, 1);
                continue;
            };
            if !self.see(&twin_key(&url), source) {
                continue;
            }
            let rank = self.rank(candidate.class, candidate.newest);
            let Some(state) = self.sources.get_mut(source) else {
                return;
            };
            state
                .candidates
                .push(ByRank((rank, Candidate { url, ..candidate })));
            if state.candidates.len() as u64 > state.pages_left {
                state.candidates.pop();
                self.refuse(source, Reason::SourceBudget, 1);
            }
        }
    }

    /// Adds articles that are due; that a list named them already is no news.
    pub(crate) fn add_due(&mut self, source: usize, due: impl IntoIterator<Item = Candidate>) {
        let unseen = due.into_iter().filter(|candidate| {
            let url = normalised(&candidate.url);
            url.is_none_or(|url| !self.seen.contains(&self.hasher.hash_one(twin_key(&url))))
        });
        let unseen: Vec<Candidate> = unseen.collect();
        self.add_candidates(source, unseen);
    }

    /// Goes from discovering to reading: candidates become jobs. Returns hosts that no task serves yet.
    pub(crate) fn promote(&mut self, source: usize) -> Vec<HostKey> {
        let Some(state) = self.sources.get_mut(source) else {
            return Vec::new();
        };
        state.phase = Phase::Reading;
        let candidates = std::mem::take(&mut state.candidates).into_sorted_vec();
        let mut hosts = Vec::new();
        for ByRank((rank, Candidate { url, hint, .. })) in candidates {
            let job = Job::new(source, Purpose::Article, url, rank).with_hint(hint);
            hosts.extend(self.add(job));
        }
        hosts
    }

    /// Puts a job back whose work goes on: it stays open. Returns its host where no task serves it yet.
    pub(crate) fn put_back(&mut self, mut job: Job) -> Option<HostKey> {
        job.rank = self.rank(Class::Begun, 0);
        self.queue(job)
    }

    /// Tells whether the budgets have room for another page.
    ///
    /// # Errors
    /// Names the budget that is spent.
    pub(crate) fn check_budget(&self, source: usize) -> Result<(), Reason> {
        let source = self.sources.get(source).ok_or(Reason::SourceBudget)?;
        match (source.pages_left, self.pages_left) {
            (0, _) => Err(Reason::SourceBudget),
            (_, 0) => Err(Reason::RunBudget),
            _ => Ok(()),
        }
    }

    /// Takes a page off the budgets.
    ///
    /// # Errors
    /// Names the budget that is spent.
    pub(crate) fn pay(&mut self, source: usize) -> Result<(), Reason> {
        self.check_budget(source)?;
        self.pages_left = self.pages_left.saturating_sub(1);
        if let Some(source) = self.sources.get_mut(source) {
            source.pages_left = source.pages_left.saturating_sub(1);
        }
        Ok(())
    }

    /// Notes that a redirect leads to `url`; `false` where this run has met it already by another way.
    pub(crate) fn see_redirect(&mut self, from: &Url, to: &Url) -> bool {
        let (from, to) = (twin_key(from), twin_key(to));
        from == to
            || self.seen.len() >= SEEN_MAX
            || self.seen.insert(self.hasher.hash_one(to.as_str()))
    }

    /// Takes the next job of a host.
    pub(crate) fn next(&mut self, host: &HostKey) -> Option<Job> {
        let Reverse(ByRank(job)) = self.hosts.get_mut(host)?.jobs.pop()?;
        self.jobs = self.jobs.saturating_sub(1);
        Some(job)
    }

    /// Lets the task of a host end; `false` where there is work again.
    pub(crate) fn retire(&mut self, host: &HostKey) -> bool {
        match self.hosts.entry(host.clone()) {
            hash_map::Entry::Occupied(queue) if !queue.get().jobs.is_empty() => false,
            hash_map::Entry::Occupied(queue) => {
                queue.remove();
                true
            }
            hash_map::Entry::Vacant(_) => true,
        }
    }

    /// Notes that a job of the source, or the taking in of its plan, is over.
    pub(crate) fn settle(&mut self, source: usize) -> Settled {
        let Some(state) = self.sources.get_mut(source) else {
            return Settled::Open;
        };
        state.open = state.open.saturating_sub(1);
        match state.phase {
            _ if state.open > 0 => Settled::Open,
            Phase::Discovering => {
                // Open again until its candidates are jobs.
                state.open = 1;
                Settled::Discovered {
                    id: state.id.clone(),
                    known: Arc::clone(&state.known),
                }
            }
            Phase::Reading => {
                state.phase = Phase::Done;
                self.sources_left = self.sources_left.saturating_sub(1);
                Settled::Done {
                    id: state.id.clone(),
                    counts: Box::new(state.counts.clone()),
                    complete: state.complete,
                }
            }
            Phase::Done => Settled::Open,
        }
    }

    /// Returns the sources that are not done, and counts all that waits as interrupted.
    pub(crate) fn give_up(&mut self) -> Vec<(SourceId, Counts)> {
        let mut waiting: BTreeMap<usize, u64> = BTreeMap::new();
        for Reverse(ByRank(job)) in self.hosts.drain().flat_map(|(_, queue)| queue.jobs) {
            *waiting.entry(job.source).or_default() += 1;
        }
        for (source, times) in waiting {
            self.refuse(source, Reason::Interrupted, times);
        }
        let open = self
            .sources
            .iter_mut()
            .filter(|source| source.phase != Phase::Done);
        open.map(|source| {
            source.phase = Phase::Done;
            (source.id.clone(), source.counts.clone())
        })
        .collect()
    }

    /// Returns how far the run is.
    pub(crate) fn progress(&self) -> Progress {
        Progress {
            hosts: self.hosts.len(),
            queued: self.jobs,
            sources_left: self.sources_left,
            pages: self.pages,
            failed: self.failed,
        }
    }

    /// Returns what was done in all.
    pub(crate) fn total(&self) -> Counts {
        let mut total = Counts::default();
        self.sources
            .iter()
            .for_each(|source| total.add(&source.counts));
        total
    }

    fn add(&mut self, job: Job) -> Option<HostKey> {
        let source = job.source;
        if self.jobs >= JOBS_MAX {
            self.refuse(source, Reason::TooMany, 1);
            return None;
        }
        self.sources.get_mut(source)?.open += 1;
        self.queue(job)
    }

    fn queue(&mut self, job: Job) -> Option<HostKey> {
        let host = HostKey::of(&job.url);
        let queue = self.hosts.entry(host.clone()).or_default();
        queue.jobs.push(Reverse(ByRank(job)));
        self.jobs += 1;
        (!std::mem::replace(&mut queue.served, true)).then_some(host)
    }

    /// Notes a URL; `false`, and counted, where it was met before or there are too many.
    fn see(&mut self, key: &str, source: usize) -> bool {
        let hash = self.hasher.hash_one(key);
        if self.seen.contains(&hash) {
            self.refuse(source, Reason::Duplicate, 1);
            return false;
        }
        if self.seen.len() >= SEEN_MAX {
            self.refuse(source, Reason::TooMany, 1);
            return false;
        }
        self.seen.insert(hash)
    }

    fn rank(&mut self, class: Class, newest: i64) -> Rank {
        self.order += 1;
        Rank {
            class,
            newest: Reverse(newest),
            order: self.order,
        }
    }
}

fn normalised(url: &Url) -> Option<Url> {
    Url::parse(&address::normalise(url.as_str())?).ok()
}

fn twin_key(url: &Url) -> String {
    address::twin_key(url.as_str()).unwrap_or_else(|| url.as_str().to_owned())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::crawl::plan::KnowsNothing;

    fn frontier(sources: usize, pages_max: u64, per_source: u64) -> Frontier {
        let plan = (0..sources).map(|n| SourcePlan {
            id: format!("s{n}").parse().unwrap(),
            feeds: Vec::new(),
            sitemaps: Vec::new(),
            sections: Vec::new(),
            pages_max: None,
            known: Arc::new(KnowsNothing),
        });
        Frontier::new(&plan.collect::<Vec<_>>(), pages_max, per_source)
    }

    fn candidate(url: &str, class: Class, newest: i64) -> Candidate {
        Candidate {
            url: Url::parse(url).unwrap(),
            hint: Default::default(),
            class,
            newest,
        }
    }

    fn paths(frontier: &mut Frontier, host: &str) -> Vec<String> {
        let host = HostKey::of(&Url::parse(host).unwrap());
        std::iter::from_fn(|| frontier.next(&host))
            .map(|job| job.url.path().to_owned())
            .collect()
    }

    #[test]
    fn the_best_candidates_are_kept_and_come_in_order() {
        let mut frontier = frontier(1, 100, 3);
        let all = [
            candidate("http://a.example/old", Class::New, 1),
            candidate("http://a.example/known", Class::Revisit, 9),
            candidate("http://a.example/newest", Class::New, 9),
            candidate("http://a.example/newer", Class::New, 5),
            candidate("http://a.example/older", Class::New, 0),
        ];
        frontier.add_candidates(0, all);
        assert_eq!(frontier.promote(0).len(), 1);
        assert_eq!(
            paths(&mut frontier, "http://a.example"),
            ["/newest", "/newer", "/old"]
        );
        assert_eq!(
            frontier.total().refused,
            BTreeMap::from([(Reason::SourceBudget, 2)])
        );
    }

    #[test]
    fn what_was_begun_goes_first_then_lists() {
        let mut frontier = frontier(1, 100, 100);
        let at = |path: &str| Url::parse(&format!("http://a.example{path}")).unwrap();
        frontier.add_candidates(0, [candidate("http://a.example/page", Class::New, 1)]);
        assert!(
            frontier.promote(0).len() == 1
                && frontier
                    .add_list(0, Purpose::Feed, &at("/rss"), 0)
                    .is_none()
        );
        let host = HostKey::of(&at("/"));
        let feed = frontier.next(&host).unwrap();
        assert_eq!(feed.purpose, Purpose::Feed);
        frontier.add_list(0, Purpose::Feed, &at("/rss2"), 0);
        frontier.put_back(feed);
        assert_eq!(
            paths(&mut frontier, "http://a.example"),
            ["/rss", "/rss2", "/page"]
        );
    }

    #[test]
    fn a_host_is_started_once_and_again_after_it_retired() {
        let mut frontier = frontier(1, 100, 100);
        let at = |path: &str| Url::parse(&format!("http://a.example{path}")).unwrap();
        let host = frontier.add_list(0, Purpose::Feed, &at("/1"), 0).unwrap();
        assert_eq!(frontier.add_list(0, Purpose::Feed, &at("/2"), 0), None);
        assert!(!frontier.retire(&host));
        assert_eq!(paths(&mut frontier, "http://a.example").len(), 2);
        assert!(frontier.retire(&host));
        assert_eq!(
            frontier.add_list(0, Purpose::Feed, &at("/3"), 0),
            Some(host)
        );
    }

    #[test]
    fn lists_without_end_are_bounded() {
        let mut frontier = frontier(1, 100, 100);
        for n in 0..LISTS_PER_SOURCE_MAX + 10 {
            frontier.add_list(
                0,
                Purpose::Sitemap,
                &Url::parse(&format!("http://a.example/{n}")).unwrap(),
                0,
            );
        }
        assert_eq!(
            frontier.total().refused,
            BTreeMap::from([(Reason::TooMany, 10)])
        );
        assert_eq!(frontier.progress().queued, LISTS_PER_SOURCE_MAX as usize);
    }

    #[test]
    fn budgets_are_of_the_source_and_of_the_run() {
        let mut frontier = frontier(2, 3, 2);
        assert_eq!(
            [(); 3].map(|()| frontier.pay(0)),
            [Ok(()), Ok(()), Err(Reason::SourceBudget)]
        );
        assert_eq!(
            [(); 2].map(|()| frontier.pay(1)),
            [Ok(()), Err(Reason::RunBudget)]
        );
    }

    #[test]
    fn a_source_is_discovered_then_read_then_done() {
        let mut frontier = frontier(1, 10, 10);
        assert!(matches!(frontier.settle(0), Settled::Discovered { .. }));
        frontier.add_candidates(0, [candidate("http://a.example/1", Class::New, 1)]);
        frontier.promote(0);
        assert!(matches!(frontier.settle(0), Settled::Open));
        assert_eq!(paths(&mut frontier, "http://a.example").len(), 1);
        assert!(matches!(
            frontier.settle(0),
            Settled::Done { complete: true, .. }
        ));
        assert_eq!(frontier.progress().sources_left, 0);
        assert!(frontier.give_up().is_empty());
    }
}
