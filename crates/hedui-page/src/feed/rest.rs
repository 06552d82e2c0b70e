//! When to ask for a feed again: what the feed asks for, and what its rhythm tells.
//!
//! A feed that names its entries' times shows how often something comes: it is asked twice in the usual time between two
//! entries, and more and more seldom while it is silent. What it asks for itself (`ttl`, `sy:updatePeriod`) is kept to
//! where that is longer; hours and days in which it wants to be left alone (`skipHours`, `skipDays`) are passed over.
//! Nothing of this is trusted far: no feed is left alone for longer than [`REST_MAX`], or what it skips.

use jiff::{SignedDuration, Timestamp, tz::Offset};

use super::Feed;

/// The longest time that a feed is left alone for its `ttl` or its silence.
pub const REST_MAX: SignedDuration = SignedDuration::from_hours(12);
/// The shortest rest that a rhythm teaches.
const REST_MIN: SignedDuration = SignedDuration::from_mins(10);
/// How many of the newest entries tell the rhythm, and how few are too few.
const ENTRIES: std::ops::RangeInclusive<usize> = 4..=20;
/// How many hours of `skipHours` and `skipDays` are passed over at most: a long weekend.
const SKIPPED_HOURS_MAX: u32 = 72;
/// Entries of later than this are of a clock that is wrong.
const FUTURE_MAX: SignedDuration = SignedDuration::from_hours(1);

impl Feed {
    /// Returns when to ask again for a feed that was read at `at`; `None` where it tells nothing about that.
    ///
    /// ```
    /// # use hedui_page::feed::read_feed;
    /// let (feed, _) = read_feed(b"<rss><channel><ttl>90</ttl></channel></rss>", None, None, None);
    /// let at = "2025-09-24T08:00:00Z".parse()?;
    /// assert_eq!(feed.next_visit(at), Some("2025-09-24T09:30:00Z".parse()?));
    /// # Ok::<(), jiff::Error>(())
    /// ```
    #[must_use]
    pub fn next_visit(&self, at: Timestamp) -> Option<Timestamp> {
        let asked = self
            .ttl_minutes
            .map(|minutes| SignedDuration::from_mins(i64::from(minutes)));
        let rest = asked.max(self.learned(at));
        let skips = !(self.skip_hours.is_empty() && self.skip_days.is_empty());
        if rest.is_none() && !skips {
            return None;
        }
        let rest = rest.unwrap_or(SignedDuration::ZERO).min(REST_MAX);
        Some(self.behind_skipped(at.checked_add(rest).ok()?))
    }

    /// Half the usual time between two entries, or an eighth of the silence since the newest.
    fn learned(&self, at: Timestamp) -> Option<SignedDuration> {
        let latest = at.checked_add(FUTURE_MAX).ok()?;
        let times = self
            .entries
            .iter()
            .filter_map(|entry| entry.published.or(entry.updated));
        let mut times: Vec<Timestamp> = times.filter(|time| *time <= latest).collect();
        times.sort_unstable();
        times.dedup();
        times.reverse();
        times.truncate(*ENTRIES.end());
        if times.len() < *ENTRIES.start() {
            return None;
        }
        let pairs = times.iter().zip(times.iter().skip(1));
        let mut gaps: Vec<SignedDuration> = pairs
            .map(|(newer, older)| newer.duration_since(*older))
            .collect();
        gaps.sort_unstable();
        let usual = gaps.get(gaps.len() / 2)?;
        let silence = at.duration_since(*times.first()?);
        let rest = (*usual / 2).max(silence / 8);
        Some(rest.clamp(REST_MIN, REST_MAX))
    }

    /// Goes on to the first hour in which the feed does not want to be left alone.
    fn behind_skipped(&self, at: Timestamp) -> Timestamp {
        let mut time = at;
        for _ in 0..SKIPPED_HOURS_MAX {
            let civil = Offset::UTC.to_datetime(time);
            let day = civil.weekday().to_monday_zero_offset();
            let is_skipped =
                self.skip_days.contains(&day) || self.skip_hours.contains(&civil.hour());
            if !is_skipped {
                return time;
            }
            let next = time.as_second().div_euclid(3600).saturating_add(1) * 3600;
            let Ok(next) = Timestamp::from_second(next) else {
                return time;
            };
            time = next;
        }
        time
    }
}

/// Returns when to ask again for a feed that has not changed since a visit after which it was left alone for `rest`.
///
/// ```
/// # use hedui_page::feed::next_visit_unchanged;
/// let at = "2025-09-24T08:00:00Z".parse()?;
/// let hour = jiff::SignedDuration::from_hours(1);
/// assert_eq!(next_visit_unchanged(at, hour), Some("2025-09-24T09:30:00Z".parse()?));
/// # Ok::<(), jiff::Error>(())
/// ```
#[must_use]
pub fn next_visit_unchanged(at: Timestamp, rest: SignedDuration) -> Option<Timestamp> {
    let rest = rest.clamp(REST_MIN, REST_MAX);
    at.checked_add((rest + rest / 2).min(REST_MAX)).ok()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::{Entry, read_feed};
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn feed(times: &[&str]) -> Feed {
        let entries = times.iter().map(|time| Entry {
            published: Some(at(time)),
            ..Entry::default()
        });
        Feed {
            entries: entries.collect(),
            ..Feed::default()
        }
    }

    const HOURLY: [&str; 5] = [
        "2025-09-24T08:00:00Z",
        "2025-09-24T07:00:00Z",
        "2025-09-24T06:00:00Z",
        "2025-09-24T05:00:00Z",
        "2025-09-20T05:00:00Z",
    ];

    #[test]
    fn a_rhythm_is_learned_and_silence_makes_it_longer() {
        let now = at("2025-09-24T08:10:00Z");
        assert_eq!(
            feed(&HOURLY).next_visit(now),
            Some(at("2025-09-24T08:40:00Z"))
        );
        let later = at("2025-09-26T08:00:00Z");
        assert_eq!(
            feed(&HOURLY).next_visit(later),
            Some(at("2025-09-26T14:00:00Z"))
        );
        let much_later = at("2026-09-26T08:00:00Z");
        assert_eq!(
            feed(&HOURLY).next_visit(much_later),
            Some(at("2026-09-26T20:00:00Z"))
        );
        assert_eq!(feed(&HOURLY[..3]).next_visit(now), None, "too few to tell");
    }

    #[test]
    fn times_of_the_future_teach_nothing() {
        let now = at("2020-01-01T00:00:00Z");
        assert_eq!(feed(&HOURLY).next_visit(now), None);
    }

    #[test]
    fn a_ttl_is_kept_to_but_not_for_ever() {
        let now = at("2025-09-24T08:10:00Z");
        let with = |ttl| Feed {
            ttl_minutes: Some(ttl),
            ..feed(&HOURLY)
        };
        assert_eq!(with(120).next_visit(now), Some(at("2025-09-24T10:10:00Z")));
        assert_eq!(with(5).next_visit(now), Some(at("2025-09-24T08:40:00Z")));
        assert_eq!(
            with(u32::MAX).next_visit(now),
            Some(at("2025-09-24T20:10:00Z"))
        );
    }

    #[test]
    fn hours_and_days_that_a_feed_skips_are_passed_over() {
        let text = "<rss><channel><ttl>60</ttl><skipHours><hour>9</hour><hour>10</hour><hour>24</hour></skipHours>\
                    <skipDays><day>Saturday</day><day>sunday</day></skipDays></channel></rss>";
        let (feed, _) = read_feed(text.as_bytes(), None, None, None);
        assert_eq!(feed.skip_hours, [0, 9, 10]);
        assert_eq!(feed.skip_days, [5, 6]);
        let next = |now: &str| feed.next_visit(at(now)).map(|at| at.to_string());
        assert_eq!(
            next("2025-09-24T08:10:00Z").as_deref(),
            Some("2025-09-24T11:00:00Z")
        );
        // From Friday evening to Monday.
        assert_eq!(
            next("2025-09-26T23:10:00Z").as_deref(),
            Some("2025-09-29T01:00:00Z")
        );
    }

    #[test]
    fn a_feed_that_skips_always_is_asked_all_the_same() {
        let feed = Feed {
            skip_hours: (0..24).collect(),
            ..Feed::default()
        };
        let now = at("2025-09-24T08:10:00Z");
        assert_eq!(feed.next_visit(now), Some(at("2025-09-27T08:00:00Z")));
    }
}
