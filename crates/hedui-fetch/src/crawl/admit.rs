//! Whether a job may be asked for: robots.txt, which is fetched where it is not known, and budgets.

use std::sync::Arc;

use tokio::time::Instant;
use url::Url;

use super::event::{Purpose, Reason};
use super::host::{Got, HostTask, outcome_of_error};
use super::job::Job;
use super::lanes::Slot;
use super::plan::Hint;
use super::robots::{self, Asked, RobotsRules};
use super::{Run, Web, lock};
use crate::error::{FetchError, Retry};
use crate::memory::Held;
use crate::pacing::Outcome;

impl<'r, W: Web> HostTask<'r, W> {
    /// Checks robots.txt and budgets.
    pub(super) async fn admit(&mut self, job: &mut Job) -> Result<(), Reason> {
        if self.run.cancel.is_cancelled() {
            return Err(Reason::Interrupted);
        }
        let costs = matches!(job.purpose, Purpose::Section | Purpose::Article) && !job.paid;
        if costs {
            // Before robots.txt, which would be fetched for nothing.
            self.run.frontier().check_budget(job.source)?;
        }
        let rules = self.rules(job).await?;
        let product = self.run.web.client().settings().product();
        if !rules.allows(product, &job.url) {
            return Err(match *rules {
                RobotsRules::Unreachable => Reason::RobotsUnreachable,
                RobotsRules::Read(_) | RobotsRules::Unavailable => Reason::Robots,
            });
        }
        if costs {
            self.run.frontier().pay(job.source)?;
            job.paid = true;
        }
        if job.purpose == Purpose::Section && self.run.frontier().take_robots_sitemaps(job.source) {
            for sitemap in rules.sitemaps() {
                let host = self
                    .run
                    .frontier()
                    .add_list(job.source, Purpose::Sitemap, &sitemap, 0);
                self.run.start(host);
            }
        }
        Ok(())
    }

    /// Returns what robots.txt says for a job's origin; asks for it where that is not known.
    async fn rules(&mut self, job: &Job) -> Result<Arc<RobotsRules>, Reason> {
        let Some(url) = robots::robots_url(&job.url) else {
            return Err(Reason::Url);
        };
        if let Some(rules) = self.run.kept_rules(&url) {
            return Ok(rules);
        }
        let mut attempts = 0;
        let rules = loop {
            let mut slot = self.turn().await?;
            let Some(asked) = self.ask_robots(&url, &mut slot).await else {
                return Err(Reason::Interrupted);
            };
            match asked {
                Asked::Rules(rules, fetched) => {
                    if let Some(fetched) = fetched {
                        let (asked, hint, held) = (url.clone(), Hint::default(), Held::default());
                        let got = Got {
                            purpose: Purpose::Robots,
                            asked,
                            fetched,
                            hint,
                            held,
                        };
                        self.hand_over(job.source, got).await;
                    }
                    break rules;
                }
                Asked::Failed(FetchError::Address { .. }) => return Err(Reason::Address),
                Asked::Failed(error) => {
                    let again = matches!(error.retry(), Retry::Later(_));
                    if again && attempts < self.run.web.client().settings().retries_max {
                        attempts += 1;
                        self.run
                            .frontier()
                            .count(job.source, |counts| counts.retries += 1);
                        continue;
                    }
                    self.give_up(job.source, Purpose::Robots, url.clone(), error)
                        .await;
                    break RobotsRules::Unreachable;
                }
            }
        };
        let delay = rules.crawl_delay(self.run.web.client().settings().product());
        self.pace.set_crawl_delay(delay);
        Ok(self.run.keep_rules(&url, rules))
    }

    async fn ask_robots(&mut self, url: &Url, slot: &mut Slot<'r>) -> Option<Asked> {
        self.pace.begin(Instant::now().into_std());
        let asked = robots::ask(&self.run.web, url);
        let asked = self.run.lanes.watch(asked, slot, &self.run.cancel).await?;
        let outcome = match &asked {
            Asked::Rules(..) => Outcome::Answered,
            Asked::Failed(error) => outcome_of_error(error),
        };
        self.pace.end(Instant::now().into_std(), outcome);
        Some(asked)
    }
}

impl<W: Web> Run<W> {
    fn kept_rules(&self, url: &Url) -> Option<Arc<RobotsRules>> {
        let memory = lock(&self.shared.memory);
        let (rules, until) = memory.robots.get(url.as_str())?;
        (*until > Instant::now()).then(|| Arc::clone(rules))
    }

    fn keep_rules(&self, url: &Url, rules: RobotsRules) -> Arc<RobotsRules> {
        let until = Instant::now() + rules.kept_for();
        let rules = Arc::new(rules);
        lock(&self.shared.memory)
            .robots
            .insert(url.as_str().to_owned(), (Arc::clone(&rules), until));
        rules
    }
}
