//! A crawl: discovery, politeness and budgets around the [`Client`].
//!
//! Each source is first discovered (feeds, sitemaps, sections), then read: what is new before what is revisited, the
//! newest first. Each host is served by one task, one request at a time, at its pace; many hosts are read at once.
//! Everything that is fetched is handed over as an event, and so is everything that is refused or fails. The channel's
//! bound holds back the crawl: a request is not sent before there is room for what the last one of its kind brought.

mod admit;
mod blocks;
mod event;
mod frontier;
mod host;
mod job;
mod lanes;
mod plan;
mod read;
mod robots;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use hedui_model::SourceId;
use jiff::Timestamp;
use tokio::sync::{Semaphore, mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tracing::{debug, error, info};

use self::frontier::{Frontier, Settled};
use self::job::{Candidate, Class, HostKey};
use self::lanes::Lanes;
use crate::answer::Answer;
use crate::client::{Client, Request};
use crate::error::FetchError;
use crate::pacing::{Pace, PaceSettings};
use crate::settings::{CrawlSettings, FetchSettings};

pub use event::{Counts, CrawlEvent, Progress, Purpose, Reason};
pub use plan::{Hint, Known, KnowsNothing, SourcePlan, Want};
pub use robots::{RobotsRules, robots_of};

/// How many hosts are remembered from run to run.
const HOSTS_KEPT_MAX: usize = 20_000;

/// Crawls sources, run by run; remembers robots.txt and pace of hosts in between.
#[derive(Debug)]
pub struct Crawler {
    client: Client,
    settings: CrawlSettings,
    shared: Shared,
}

/// What outlives a run.
#[derive(Clone, Debug, Default)]
struct Shared {
    /// Only looked up; never held across an await.
    memory: Arc<Mutex<Memory>>,
    progress: Arc<watch::Sender<Progress>>,
}

/// How a run ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CrawlReport {
    /// What was done in all.
    pub counts: Counts,
    /// Whether the run was cancelled, or nobody took its events any more.
    pub interrupted: bool,
}

/// What is known of hosts.
#[derive(Debug, Default)]
struct Memory {
    paces: HashMap<HostKey, Pace>,
    robots: HashMap<String, (Arc<RobotsRules>, Instant)>,
}

/// What a crawl needs of the outside; tests stand a sample web in its place.
trait Web: Send + Sync + 'static {
    fn client(&self) -> &Client;

    fn exchange(
        &self,
        request: &Request,
    ) -> impl Future<Output = Result<Answer, FetchError>> + Send;
}

impl Web for Client {
    fn client(&self) -> &Client {
        self
    }

    fn exchange(
        &self,
        request: &Request,
    ) -> impl Future<Output = Result<Answer, FetchError>> + Send {
        Client::exchange(self, request)
    }
}

/// What the tasks of one run share.
struct Run<W> {
    web: W,
    frontier: Mutex<Frontier>,
    shared: Shared,
    sink: mpsc::Sender<CrawlEvent>,
    /// Hosts that need a task.
    starts: mpsc::UnboundedSender<HostKey>,
    lanes: Lanes,
    /// Lets one large list be read at a time.
    large_lists: Semaphore,
    cancel: CancellationToken,
    oldest: Timestamp,
}

impl Crawler {
    /// Makes a crawler.
    #[must_use]
    pub fn new(client: Client, settings: CrawlSettings) -> Crawler {
        Crawler {
            client,
            settings,
            shared: Shared::default(),
        }
    }

    /// Returns how far the run is, from now on: a receiver that can be asked at any time, or waited on.
    #[must_use]
    pub fn progress(&self) -> watch::Receiver<Progress> {
        self.shared.progress.subscribe()
    }

    /// Reads the sources once, and sends what happens into `sink`, which has to be drained meanwhile.
    ///
    /// Ends early when `cancel` is cancelled or the receiver is dropped: requests under way are broken off, what was
    /// fetched is still handed over, and every source gets its [`CrawlEvent::SourceDone`] as long as there is a receiver.
    pub async fn run(
        &mut self,
        plan: Vec<SourcePlan>,
        sink: mpsc::Sender<CrawlEvent>,
        cancel: CancellationToken,
    ) -> CrawlReport {
        crawl(
            self.client.clone(),
            &self.settings,
            self.shared.clone(),
            plan,
            sink,
            cancel,
        )
        .await
    }
}

async fn crawl<W: Web>(
    web: W,
    settings: &CrawlSettings,
    shared: Shared,
    plan: Vec<SourcePlan>,
    sink: mpsc::Sender<CrawlEvent>,
    cancel: CancellationToken,
) -> CrawlReport {
    let (starts, started) = mpsc::unbounded_channel();
    lock(&shared.memory).begin_run();
    let run = Arc::new(Run {
        frontier: Mutex::new(Frontier::new(
            &plan,
            settings.pages_max,
            settings.pages_per_source_max,
        )),
        shared,
        sink,
        starts,
        lanes: Lanes::new(web.client().settings().hosts_at_once),
        large_lists: Semaphore::new(1),
        // A dropped receiver ends this run, not what else the caller's token may stop.
        cancel: cancel.child_token(),
        oldest: read::oldest(web.client().now(), settings.age_days_max),
        web,
    });
    info!(sources = plan.len(), "crawl started");
    run.take_in(&plan).await;
    run.serve_hosts(started).await;
    run.finish().await
}

impl<W: Web> Run<W> {
    /// Puts the plan's lists into the frontier.
    async fn take_in(&self, plan: &[SourcePlan]) {
        for (source, plan) in plan.iter().enumerate() {
            let feeds = plan.feeds.iter().map(|url| (Purpose::Feed, url));
            let sitemaps = plan.sitemaps.iter().map(|url| (Purpose::Sitemap, url));
            let sections = plan.sections.iter().map(|url| (Purpose::Section, url));
            for (purpose, url) in feeds.chain(sitemaps).chain(sections) {
                if purpose == Purpose::Feed && self.rests(source, url) {
                    self.frontier().refuse(source, Reason::Resting, 1);
                    continue;
                }
                let host = self.frontier().add_list(source, purpose, url, 0);
                self.start(host);
            }
            self.settle(source).await;
        }
    }

    /// Keeps a task for every host that has work, until none has.
    async fn serve_hosts(self: &Arc<Self>, mut started: mpsc::UnboundedReceiver<HostKey>) {
        let mut tasks = JoinSet::new();
        loop {
            while let Ok(host) = started.try_recv() {
                tasks.spawn(host::serve(Arc::clone(self), host));
            }
            if tasks.is_empty() {
                return;
            }
            tokio::select! {
                Some(host) = started.recv() => {
                    tasks.spawn(host::serve(Arc::clone(self), host));
                }
                Some(ended) = tasks.join_next() => {
                    if let Err(error) = ended {
                        error!(%error, "the task of a host died, its work is left for the next run");
                    }
                }
            }
        }
    }

    async fn finish(&self) -> CrawlReport {
        let left = self.frontier().give_up();
        for (source, counts) in left {
            self.send(CrawlEvent::SourceDone {
                source,
                counts,
                complete: false,
            })
            .await;
        }
        let counts = self.frontier().total();
        let interrupted = self.cancel.is_cancelled();
        info!(
            pages = counts.pages,
            unchanged = counts.unchanged,
            interrupted,
            "crawl finished"
        );
        CrawlReport {
            counts,
            interrupted,
        }
    }

    /// Notes that one job of a source is over, and takes the source further where it was the last.
    async fn settle(&self, source: usize) {
        loop {
            let settled = self.step(source);
            match settled {
                Settled::Open => return,
                Settled::Discovered { id, known } => {
                    if !self.cancel.is_cancelled() {
                        let due = known.due(&id).into_iter().filter_map(|url| {
                            let url = url::Url::parse(&url).ok()?;
                            Some(Candidate {
                                url,
                                hint: Hint::default(),
                                class: Class::Revisit,
                                newest: 0,
                            })
                        });
                        self.frontier().add_due(source, due);
                    }
                    let hosts = self.frontier().promote(source);
                    hosts.into_iter().for_each(|host| self.start(Some(host)));
                }
                Settled::Done {
                    id,
                    counts,
                    complete,
                } => {
                    debug!(source = %id, pages = counts.pages, complete, "source done");
                    self.send(CrawlEvent::SourceDone {
                        source: id,
                        counts: *counts,
                        complete,
                    })
                    .await;
                    return;
                }
            }
        }
    }

    fn step(&self, source: usize) -> Settled {
        let mut frontier = self.frontier();
        let settled = frontier.settle(source);
        self.shared.progress.send_replace(frontier.progress());
        settled
    }

    /// Hands an event over; where nobody takes it, the run ends.
    async fn send(&self, event: CrawlEvent) {
        if self.sink.send(event).await.is_err() {
            self.cancel.cancel();
        }
    }

    fn start(&self, host: Option<HostKey>) {
        if let Some(host) = host {
            // The receiver lives as long as the run.
            let _ = self.starts.send(host);
        }
    }

    fn frontier(&self) -> MutexGuard<'_, Frontier> {
        lock(&self.frontier)
    }

    /// Tells whether a feed is to be left alone for now.
    fn rests(&self, source: usize, feed: &url::Url) -> bool {
        let known = self.known(source);
        hedui_page::address::normalise(feed.as_str()).is_some_and(|feed| known.rests(&feed))
    }

    fn source_id(&self, source: usize) -> Option<SourceId> {
        self.frontier().source(source).map(|(id, _)| id.clone())
    }

    fn known(&self, source: usize) -> Arc<dyn Known> {
        let frontier = self.frontier();
        frontier.source(source).map_or_else(
            || Arc::new(KnowsNothing) as Arc<dyn Known>,
            |(_, known)| Arc::clone(known),
        )
    }
}

impl Memory {
    fn begin_run(&mut self) {
        let now = Instant::now();
        self.robots.retain(|_, (_, until)| *until > now);
        if self.robots.len() > HOSTS_KEPT_MAX {
            self.robots.clear();
        }
        if self.paces.len() > HOSTS_KEPT_MAX {
            self.paces.clear();
        }
        self.paces.values_mut().for_each(Pace::begin_run);
    }

    fn take_pace(&mut self, host: &HostKey, settings: &FetchSettings) -> Pace {
        self.paces.remove(host).unwrap_or_else(|| {
            let settings = PaceSettings {
                delay_min: Duration::from_millis(settings.delay_ms_min),
                delay_max: Duration::from_millis(settings.delay_ms_max),
            };
            Pace::new(settings, fastrand::u64(..))
        })
    }
}

/// Locks; what a task that panicked left behind is plain data and still sound.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
