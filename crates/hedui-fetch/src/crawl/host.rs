//! The task that serves one host: one request at a time, at the host's pace.

use std::sync::Arc;

use hedui_model::Fetched;
use tokio::time::Instant;
use tracing::debug;
use url::Url;

use super::blocks;
use super::event::{CrawlEvent, Purpose, Reason};
use super::job::{HostKey, Job};
use super::lanes::{SLOW_AFTER, Slot};
use super::plan::Hint;
use super::read::{Found, Reader};
use super::{Run, Web, lock};
use crate::answer::Answer;
use crate::client::{Accept, Request};
use crate::error::{FetchError, Retry};
use crate::memory::{FREE_BYTES, Held};
use crate::pacing::{Outcome, Pace, Turn};

/// Works off what waits for `host`, until nothing does.
pub(super) async fn serve<W: Web>(run: Arc<Run<W>>, host: HostKey) {
    let mut task = HostTask {
        pace: lock(&run.shared.memory).take_pace(&host, run.web.client().settings()),
        run: &run,
        blocks: 0,
    };
    loop {
        let job = run.frontier().next(&host);
        match job {
            Some(job) => task.work(job).await,
            None => {
                // The pace goes back before another task may begin on this host.
                lock(&run.shared.memory)
                    .paces
                    .insert(host.clone(), task.pace.clone());
                if run.frontier().retire(&host) {
                    return;
                }
            }
        }
    }
}

/// One host's task.
pub(super) struct HostTask<'r, W> {
    pub(super) run: &'r Run<W>,
    pub(super) pace: Pace,
    /// How many walls in a row it showed in place of pages.
    blocks: u32,
}

impl<'r, W: Web> HostTask<'r, W> {
    /// Takes one job as far as it goes.
    async fn work(&mut self, mut job: Job) {
        if self.blocks >= blocks::BLOCKS_MAX {
            return self.refuse(job, Reason::Blocked).await;
        }
        if let Err(reason) = self.admit(&mut job).await {
            return self.refuse(job, reason).await;
        }
        let mut slot = match self.turn().await {
            Ok(slot) => slot,
            Err(reason) => return self.refuse(job, reason).await,
        };
        let request = Request::new(job.url.clone())
            .accept(accept(job.purpose))
            .unless(self.run.known(job.source).validators(job.url.as_str()));
        let Some(result) = self.ask(&request, &mut slot).await else {
            return self.refuse(job, Reason::Interrupted).await;
        };
        match result.and_then(|answer| self.take_answer(&mut job, answer)) {
            Ok(Next::Fetched(fetched, held)) => self.deliver(job, fetched, held).await,
            Ok(Next::Redirected) => self.put_back(job),
            Ok(Next::Refused(reason)) => self.refuse(job, reason).await,
            Err(error) => self.fail(job, error).await,
        }
        drop(slot);
    }

    /// Waits until the host may be asked and there is a slot.
    pub(super) async fn turn(&mut self) -> Result<Slot<'r>, Reason> {
        loop {
            let now = Instant::now();
            match self.pace.turn(now.into_std()) {
                Turn::Never(skip) => return Err(skip.into()),
                Turn::At(at) if at <= now.into_std() => break,
                Turn::At(at) => tokio::select! {
                    () = tokio::time::sleep_until(Instant::from_std(at)) => {}
                    () = self.run.cancel.cancelled() => return Err(Reason::Interrupted),
                },
            }
        }
        let is_slow = self.pace.is_slow(SLOW_AFTER);
        let slot = self.run.lanes.enter(is_slow, &self.run.cancel).await;
        slot.ok_or(Reason::Interrupted)
    }

    /// Sends a request, and notes what it says about pace; `None` where the run ends meanwhile.
    async fn ask(
        &mut self,
        request: &Request,
        slot: &mut Slot<'r>,
    ) -> Option<Result<Answer, FetchError>> {
        self.pace.begin(Instant::now().into_std());
        let exchange = self.run.web.exchange(request);
        let result = self
            .run
            .lanes
            .watch(exchange, slot, &self.run.cancel)
            .await?;
        let outcome = match &result {
            Ok(answer) => self.outcome_of(answer),
            Err(error) => outcome_of_error(error),
        };
        self.pace.end(Instant::now().into_std(), outcome);
        Some(result)
    }

    fn outcome_of(&self, answer: &Answer) -> Outcome {
        match answer.status_error(self.run.web.client().now()) {
            Some(error) => outcome_of_error(&error),
            None => Outcome::Answered,
        }
    }

    /// Finds out what an answer means for its job.
    fn take_answer(&self, job: &mut Job, mut answer: Answer) -> Result<Next, FetchError> {
        let client = self.run.web.client();
        let Some(target) = answer.redirect()? else {
            if let Some(error) = answer.status_error(client.now()) {
                return Err(error);
            }
            let held = std::mem::take(&mut answer.held);
            let redirects = std::mem::take(&mut job.redirects);
            let fetched = answer.into_fetched(redirects, client.now())?;
            return Ok(Next::Fetched(Box::new(fetched), held));
        };
        match client.check_redirect(&job.url, &target, &job.redirects) {
            Ok(()) => {}
            Err(FetchError::Address { .. }) => return Ok(Next::Refused(Reason::Address)),
            Err(FetchError::Url(_)) => return Ok(Next::Refused(Reason::Url)),
            Err(error) => return Err(error),
        }
        let mut frontier = self.run.frontier();
        if job.purpose == Purpose::Article && !frontier.see_redirect(&job.url, &target) {
            return Ok(Next::Refused(Reason::Duplicate));
        }
        frontier.count(job.source, |counts| counts.redirects += 1);
        job.redirects.push(answer.exchange);
        job.url = target;
        Ok(Next::Redirected)
    }

    /// Reads a list, hands the exchange over, and puts what it named into the frontier.
    async fn deliver(&mut self, job: Job, fetched: Box<Fetched>, held: Held) {
        let (fetched, block) = blocks::find(job.purpose, fetched).await;
        if let Some(block) = block {
            self.blocks += 1;
            debug!(url = %job.url, sign = block.sign, "blocked");
            let error = FetchError::Blocked {
                host: job.url.host_str().unwrap_or_default().to_owned(),
                kind: block.kind,
            };
            return self.fail(job, error).await;
        }
        if matches!(job.purpose, Purpose::Section | Purpose::Article) {
            self.blocks = 0;
        }
        let (fetched, found) = self.read(&job, fetched).await;
        let got = Got {
            purpose: job.purpose,
            asked: job.asked,
            fetched,
            hint: job.hint,
            held,
        };
        self.hand_over(job.source, got).await;
        {
            let mut frontier = self.run.frontier();
            for (reason, times) in found.dropped {
                frontier.refuse(job.source, reason, times);
            }
            frontier.add_candidates(job.source, found.candidates);
        }
        for (purpose, url) in found.lists {
            // The further pages of a feed go with its first one.
            let is_own = purpose == Purpose::Feed && job.purpose != Purpose::Feed;
            if is_own && self.run.rests(job.source, &url) {
                let mut frontier = self.run.frontier();
                frontier.refuse(job.source, Reason::Resting, 1);
                continue;
            }
            let host = self
                .run
                .frontier()
                .add_list(job.source, purpose, &url, job.depth + 1);
            self.run.start(host);
        }
        self.run.settle(job.source).await;
    }

    async fn read(&self, job: &Job, fetched: Box<Fetched>) -> (Box<Fetched>, Found) {
        if matches!(job.purpose, Purpose::Article | Purpose::Robots) {
            return (fetched, Found::default());
        }
        // Each lock is given back before the next is taken.
        let has_feeds = self.run.frontier().has_feeds(job.source);
        let known = self.run.known(job.source);
        let oldest = self.run.oldest;
        let reader = Reader {
            purpose: job.purpose,
            depth: job.depth,
            has_feeds,
            oldest,
            known,
        };
        // Large ones, and packed ones, which may become so, are read one at a time: their trees are larger still.
        let _turn = if may_be_large(&fetched) {
            self.run.large_lists.acquire().await.ok()
        } else {
            None
        };
        let shared = Arc::new(fetched);
        let read = Arc::clone(&shared);
        let found = tokio::task::spawn_blocking(move || reader.read(&read)).await;
        // A reader that panics has read nothing; the page is still handed over.
        (Arc::unwrap_or_clone(shared), found.unwrap_or_default())
    }

    /// Counts an exchange and sends it.
    pub(super) async fn hand_over(&self, source: usize, got: Got) {
        let Got {
            purpose,
            asked,
            fetched,
            hint,
            held,
        } = got;
        self.run.frontier().fetched(source, purpose, &fetched);
        if let Some(source) = self.run.source_id(source) {
            self.run
                .send(CrawlEvent::Fetched {
                    source,
                    purpose,
                    asked,
                    fetched,
                    hint,
                    held,
                })
                .await;
        }
    }

    fn put_back(&self, job: Job) {
        let host = self.run.frontier().put_back(job);
        self.run.start(host);
    }

    async fn refuse(&self, job: Job, reason: Reason) {
        self.run.frontier().refuse(job.source, reason, 1);
        let only_counted = matches!(
            reason,
            Reason::SourceBudget | Reason::RunBudget | Reason::Interrupted
        );
        if let Some(source) = self.run.source_id(job.source).filter(|_| !only_counted) {
            debug!(%source, url = %job.url, %reason, "refused");
            self.run
                .send(CrawlEvent::Refused {
                    source,
                    purpose: job.purpose,
                    asked: job.asked,
                    reason,
                })
                .await;
        }
        self.run.settle(job.source).await;
    }

    /// Tries again, or gives up.
    async fn fail(&self, mut job: Job, error: FetchError) {
        let may_retry = matches!(error.retry(), Retry::Later(_));
        if may_retry && job.attempts < self.run.web.client().settings().retries_max {
            job.attempts += 1;
            self.run
                .frontier()
                .count(job.source, |counts| counts.retries += 1);
            return self.put_back(job);
        }
        if let FetchError::Address { .. } = error {
            return self.refuse(job, Reason::Address).await;
        }
        self.give_up(job.source, job.purpose, job.asked, error)
            .await;
        self.run.settle(job.source).await;
    }

    pub(super) async fn give_up(
        &self,
        source: usize,
        purpose: Purpose,
        asked: Url,
        error: FetchError,
    ) {
        let for_good = !error.leaves_work();
        self.run.frontier().fail(source, error.reason(), for_good);
        if let Some(source) = self.run.source_id(source) {
            debug!(%source, url = %asked, reason = error.reason(), "failed");
            self.run
                .send(CrawlEvent::Failed {
                    source,
                    purpose,
                    asked,
                    error,
                })
                .await;
        }
    }
}

/// A response to be handed over.
pub(super) struct Got {
    pub(super) purpose: Purpose,
    pub(super) asked: Url,
    pub(super) fetched: Box<Fetched>,
    pub(super) hint: Hint,
    pub(super) held: Held,
}

/// What an answer means for its job.
enum Next {
    Fetched(Box<Fetched>, Held),
    Redirected,
    Refused(Reason),
}

fn may_be_large(fetched: &Fetched) -> bool {
    matches!(fetched, Fetched::Content { decoded, .. } if decoded.len() > FREE_BYTES || decoded.starts_with(&[0x1f, 0x8b]))
}

fn accept(purpose: Purpose) -> Accept {
    match purpose {
        Purpose::Robots => Accept::Robots,
        Purpose::Feed => Accept::Feed,
        Purpose::Sitemap => Accept::Sitemap,
        Purpose::Section | Purpose::Article => Accept::Page,
    }
}

/// A refusal is an answer; only what may end otherwise next time slows the host down.
pub(super) fn outcome_of_error(error: &FetchError) -> Outcome {
    match (error, error.retry()) {
        (FetchError::Status { .. }, Retry::Later(retry_after)) => Outcome::Busy { retry_after },
        (_, Retry::Later(_)) | (FetchError::Tls { .. } | FetchError::Protocol { .. }, _) => {
            Outcome::Fault
        }
        _ => Outcome::Answered,
    }
}
