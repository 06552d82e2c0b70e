//! How often one host is asked: a state machine on time that is passed in, without a clock of its own.
//!
//! The time between the starts of two requests is the longest of what the settings, the host's `Crawl-delay` and its
//! response times ask for: a slow host is busy with us for a third of the time at most. After a fault it is doubled
//! each time, with jitter, and `Retry-After` goes before it. A host that fails many times in a row is left alone for a
//! while, then asked once; if that fails too, it is given up for the run.

use std::time::{Duration, Instant};

/// How many times its response time a host is left alone, from start to start.
const SLOWNESS: u32 = 3;
/// The longest delay that a slow host earns by its slowness alone.
const ADAPTIVE_MAX: Duration = Duration::from_secs(30);
/// The first delay after a fault, where the delay is not longer anyway.
const BACK_OFF_MIN: Duration = Duration::from_secs(1);
/// Faults in a row after which a host is left alone.
const FAULTS_MAX: u32 = 5;
/// For how long it is left alone, as a multiple of the delay after a fault.
const OPEN_FACTOR: u32 = 4;

/// What the user allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PaceSettings {
    /// The least time between two requests.
    pub delay_min: Duration,
    /// A host that asks for more than this is skipped; back-off never exceeds it.
    pub delay_max: Duration,
}

/// When the next request may be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// Not before this.
    At(Instant),
    /// Not in this run.
    Never(Skip),
}

/// Why a host is not asked any more in this run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Skip {
    /// Its `Crawl-delay` is longer than the settings allow.
    CrawlDelay,
    /// Its `Retry-After` is longer than the settings allow.
    RetryAfter,
    /// It failed too often.
    Faults,
}

/// How a request ended, as far as pace is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The host answered, be it with a refusal.
    Answered,
    /// The host asks to be left alone, or cannot answer now (429, 5xx).
    Busy {
        /// For how long.
        retry_after: Option<Duration>,
    },
    /// No answer came.
    Fault,
}

/// The pace of one host.
#[derive(Clone, Debug)]
pub struct Pace {
    settings: PaceSettings,
    crawl_delay: Duration,
    /// A moving average of response times.
    response: Duration,
    started: Option<Instant>,
    not_before: Option<Instant>,
    faults: u32,
    /// Whether the host was left alone, and the next request decides.
    probing: bool,
    skip: Option<Skip>,
    jitter: fastrand::Rng,
}

impl Pace {
    /// Makes the pace of a host that was never asked; `seed` is for the jitter.
    #[must_use]
    pub fn new(settings: PaceSettings, seed: u64) -> Pace {
        Pace {
            settings,
            crawl_delay: Duration::ZERO,
            response: Duration::ZERO,
            started: None,
            not_before: None,
            faults: 0,
            probing: false,
            skip: None,
            jitter: fastrand::Rng::with_seed(seed),
        }
    }

    /// Starts another run: a host that was given up gets another chance, at its pace.
    pub fn begin_run(&mut self) {
        self.skip = None;
        self.faults = 0;
        self.probing = false;
        self.set_crawl_delay(Some(self.crawl_delay));
    }

    /// Takes the `Crawl-delay` of robots.txt.
    pub fn set_crawl_delay(&mut self, delay: Option<Duration>) {
        self.crawl_delay = delay.unwrap_or_default();
        if self.crawl_delay > self.settings.delay_max {
            self.skip = Some(Skip::CrawlDelay);
        }
    }

    /// Returns the time from one request's start to the next one's, as things stand.
    #[must_use]
    pub fn delay(&self) -> Duration {
        let slowness = self.response.saturating_mul(SLOWNESS).min(ADAPTIVE_MAX);
        self.settings.delay_min.max(self.crawl_delay).max(slowness)
    }

    /// Tells whether the host failed the last time, or takes longer than `limit` to answer.
    #[must_use]
    pub fn is_slow(&self, limit: Duration) -> bool {
        self.faults > 0 || self.response > limit
    }

    /// Returns when the next request may be sent.
    #[must_use]
    pub fn turn(&self, now: Instant) -> Turn {
        if let Some(skip) = self.skip {
            return Turn::Never(skip);
        }
        let asked = self
            .not_before
            .map(|at| at.saturating_duration_since(now))
            .unwrap_or_default();
        if asked > self.settings.delay_max {
            return Turn::Never(Skip::RetryAfter);
        }
        let by_pace = self
            .started
            .map_or(now, |started| later(started, self.delay()));
        Turn::At(by_pace.max(self.not_before.unwrap_or(by_pace)))
    }

    /// Notes that a request is sent now.
    pub fn begin(&mut self, now: Instant) {
        self.started = Some(now);
    }

    /// Notes that the request ended now.
    pub fn end(&mut self, now: Instant, outcome: Outcome) {
        let took = self.started.map_or(Duration::ZERO, |started| {
            now.saturating_duration_since(started)
        });
        // Three parts of what was known, one of what is new.
        self.response = if self.response.is_zero() {
            took
        } else {
            (self.response * 3 + took) / 4
        };
        let retry_after = match outcome {
            Outcome::Answered => {
                self.faults = 0;
                self.probing = false;
                return;
            }
            Outcome::Busy { retry_after } => retry_after,
            Outcome::Fault => None,
        };
        self.faults = self.faults.saturating_add(1);
        if let Some(asked) = retry_after.filter(|&asked| asked > self.settings.delay_max) {
            self.not_before = Some(later(now, asked));
            return;
        }
        if self.probing {
            self.skip = Some(Skip::Faults);
            return;
        }
        let back_off = self.back_off();
        self.probing = self.faults >= FAULTS_MAX;
        let factor = if self.probing { OPEN_FACTOR } else { 1 };
        let wait = back_off.saturating_mul(factor).min(self.settings.delay_max);
        self.not_before = Some(later(now, wait.max(retry_after.unwrap_or_default())));
    }

    /// Doubles the delay for each fault, and takes between half and all of that.
    fn back_off(&mut self) -> Duration {
        let base = self.delay().max(BACK_OFF_MIN.min(self.settings.delay_max));
        let doublings = self.faults.saturating_sub(1).min(16);
        let full = base
            .saturating_mul(1 << doublings)
            .min(self.settings.delay_max)
            .max(self.delay());
        let half = full / 2;
        half + half.mul_f64(self.jitter.f64())
    }
}

/// Adds without overflow: what is too far away is a year away.
fn later(from: Instant, by: Duration) -> Instant {
    const YEAR: Duration = Duration::from_secs(365 * 24 * 3600);
    from.checked_add(by.min(YEAR)).unwrap_or(from)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn pace() -> (Pace, Instant) {
        let settings = PaceSettings {
            delay_min: SECOND,
            delay_max: SECOND * 120,
        };
        (Pace::new(settings, 7), Instant::now())
    }

    fn wait(pace: &Pace, now: Instant) -> Duration {
        match pace.turn(now) {
            Turn::At(at) => at.saturating_duration_since(now),
            Turn::Never(skip) => panic!("skipped: {skip:?}"),
        }
    }

    /// Sends one request that takes `took`, and returns when it ended.
    fn ask(pace: &mut Pace, now: Instant, took: Duration, outcome: Outcome) -> Instant {
        pace.begin(now);
        pace.end(now + took, outcome);
        now + took
    }

    #[test]
    fn the_first_request_goes_at_once_and_the_next_after_the_delay() {
        let (mut pace, now) = pace();
        assert_eq!(wait(&pace, now), Duration::ZERO);
        let ended = ask(&mut pace, now, SECOND / 10, Outcome::Answered);
        assert_eq!(wait(&pace, ended), SECOND - SECOND / 10);
    }

    #[test]
    fn the_longest_of_the_delays_goes() {
        let (mut pace, now) = pace();
        pace.set_crawl_delay(Some(SECOND * 5));
        let ended = ask(&mut pace, now, SECOND, Outcome::Answered);
        assert_eq!(wait(&pace, ended), SECOND * 4);
        pace.set_crawl_delay(None);
        assert_eq!(pace.delay(), SECOND * 3);
        ask(
            &mut pace,
            now + SECOND * 10,
            SECOND * 100,
            Outcome::Answered,
        );
        assert_eq!(pace.delay(), ADAPTIVE_MAX);
    }

    #[test]
    fn a_crawl_delay_beyond_the_limit_skips_the_host_in_every_run() {
        let (mut pace, now) = pace();
        pace.set_crawl_delay(Some(SECOND * 121));
        assert_eq!(pace.turn(now), Turn::Never(Skip::CrawlDelay));
        pace.begin_run();
        assert_eq!(pace.turn(now), Turn::Never(Skip::CrawlDelay));
    }

    #[test]
    fn back_off_doubles_with_jitter_and_an_answer_ends_it() {
        let (mut pace, mut now) = pace();
        for doublings in 0..4 {
            now = ask(&mut pace, now, Duration::ZERO, Outcome::Fault);
            let full = SECOND * (1 << doublings);
            let waits = wait(&pace, now);
            assert!(waits >= full / 2 && waits <= full, "{waits:?} of {full:?}");
            now += waits;
        }
        now = ask(&mut pace, now, Duration::ZERO, Outcome::Answered);
        assert_eq!(wait(&pace, now), SECOND);
    }

    #[test]
    fn hosts_do_not_back_off_in_step() {
        let waits: Vec<Duration> = (0..20)
            .map(|seed| {
                let (pace, now) = pace();
                let mut pace = Pace::new(pace.settings, seed);
                pace.begin(now);
                pace.end(now, Outcome::Fault);
                pace.end(now, Outcome::Fault);
                wait(&pace, now)
            })
            .collect();
        let distinct: std::collections::BTreeSet<_> = waits.iter().collect();
        assert!(distinct.len() > 15, "{waits:?}");
    }

    #[test]
    fn retry_after_is_kept_and_skips_the_host_beyond_the_limit() {
        let (mut pace, now) = pace();
        pace.begin(now);
        pace.end(
            now,
            Outcome::Busy {
                retry_after: Some(SECOND * 60),
            },
        );
        assert_eq!(wait(&pace, now), SECOND * 60);
        pace.end(
            now,
            Outcome::Busy {
                retry_after: Some(SECOND * 3600),
            },
        );
        assert_eq!(pace.turn(now), Turn::Never(Skip::RetryAfter));
        pace.begin_run();
        assert_eq!(
            pace.turn(now + SECOND * 3000),
            Turn::Never(Skip::RetryAfter)
        );
        assert_eq!(wait(&pace, now + SECOND * 3590), SECOND * 10);
    }

    #[test]
    fn a_host_that_keeps_failing_is_left_alone_then_probed_then_given_up() {
        let (mut pace, mut now) = pace();
        for _ in 0..FAULTS_MAX {
            now = ask(&mut pace, now, Duration::ZERO, Outcome::Fault);
            now += wait(&pace, now);
        }
        let mut recovers = pace.clone();
        ask(&mut recovers, now, Duration::ZERO, Outcome::Answered);
        assert_eq!(wait(&recovers, now), SECOND);
        ask(&mut pace, now, Duration::ZERO, Outcome::Fault);
        assert_eq!(pace.turn(now), Turn::Never(Skip::Faults));
    }

    #[test]
    fn no_delay_overflows() {
        let now = Instant::now();
        let settings = PaceSettings {
            delay_min: Duration::MAX,
            delay_max: Duration::MAX,
        };
        let mut pace = Pace::new(settings, 1);
        pace.set_crawl_delay(Some(Duration::MAX));
        for _ in 0..3 {
            ask(
                &mut pace,
                now,
                Duration::ZERO,
                Outcome::Busy {
                    retry_after: Some(Duration::MAX),
                },
            );
        }
        assert!(matches!(pace.turn(now), Turn::At(_)));
    }
}
