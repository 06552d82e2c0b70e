//! Dates and times as feeds and pages write them.
//!
//! One grammar reads them all: RFC 822 with its oddities, W3C-DTF and ISO 8601, `asctime`, dates with month names in a
//! dozen languages, 2025年9月24日, 民國114年9月24日, 114/09/24 in Taiwan, 二〇二五年九月二十四日. Names of months, zones
//! and calendars are rows of `config/lexicon/pages.toml`. [`read_feed_date`] wants the whole string to be a date;
//! [`find_dates`] looks for dates in running text. An impossible date is none. No clock is asked: whether a date lies in
//! the future is for the caller to judge.

mod grammar;
mod short;
mod token;

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::Offset;

use hedui_model::Published;

use crate::words::Words;

/// A date that was found, with what was written beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// The day.
    pub date: Date,
    /// The time of day, where one is written.
    pub time: Option<Time>,
    /// The offset from UTC, where one is written or implied by the language.
    pub offset: Option<Offset>,
    /// Whether day and month were only guessed apart (`03/04/2025`).
    pub ambiguous: bool,
}

impl Stamp {
    /// Returns the instant; without an offset in UTC, without a time at midnight.
    pub fn timestamp(self) -> Option<Timestamp> {
        let at = self.date.to_datetime(self.time.unwrap_or(Time::midnight()));
        self.offset.unwrap_or(Offset::UTC).to_timestamp(at).ok()
    }

    /// Returns an instant where time and offset are known, else the day.
    pub fn published(self) -> Published {
        match (self.time, self.offset) {
            (Some(_), Some(offset)) => self.timestamp().map_or(Published::Day(self.date), |at| {
                Published::Instant(at, offset)
            }),
            _ => Published::Day(self.date),
        }
    }
}

/// A date in a text, and where it stands (a byte range).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    /// What it says.
    pub stamp: Stamp,
    /// Where it begins.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
}

/// Reads the date of a feed: all of `text` has to be one.
///
/// Without an offset it is taken as UTC, as feeds are required to mean it, or as the zone that the language implies.
///
/// ```
/// # use hedui_page::date::read_feed_date;
/// let read = |text| read_feed_date(text).map(|at| at.to_string());
/// assert_eq!(read("Thu, 01 Jan 04 19:48:21 EST").as_deref(), Some("2004-01-02T00:48:21Z"));
/// assert_eq!(read("2025年9月24日 08:30").as_deref(), Some("2025-09-24T08:30:00Z"));
/// assert_eq!(read("soon"), None);
/// ```
pub fn read_feed_date(text: &str) -> Option<Timestamp> {
    read_date(text, Words::builtin()).and_then(Stamp::timestamp)
}

/// Reads a date that is all of `text`, as metadata holds it.
pub fn read_date(text: &str, words: &Words) -> Option<Stamp> {
    let text = text.trim();
    if text.len() > 120 {
        return None;
    }
    short::read(text).or_else(|| grammar::read_whole(text, words))
}

/// Reads the date of metadata, also where words stand around it, and numbers of seconds or milliseconds since 1970.
pub fn read_loose(text: &str, words: &Words) -> Option<Stamp> {
    let text = text.trim();
    let epoch = || {
        let is_number = matches!(text.len(), 10 | 13) && text.bytes().all(|b| b.is_ascii_digit());
        let number: i64 = text.parse().ok().filter(|_| is_number)?;
        let seconds = if text.len() == 13 {
            number / 1000
        } else {
            number
        };
        let at = Timestamp::from_second(seconds).ok()?;
        let local = Offset::UTC.to_datetime(at);
        Some(Stamp {
            date: local.date(),
            time: Some(local.time()),
            offset: Some(Offset::UTC),
            ambiguous: false,
        })
    };
    epoch()
        .or_else(|| read_date(text, words).filter(|stamp| stamp.date.year() >= 1900))
        .or_else(|| {
            let head: String = text.chars().take(200).collect();
            find_dates(&head, words).first().map(|found| found.stamp)
        })
}

/// Finds all dates in running text, in order, none overlapping.
///
/// A year alone, a month alone or a day without a year is none.
pub fn find_dates(text: &str, words: &Words) -> Vec<Found> {
    grammar::find_all(text, words)
}

/// Finds a date in the path of a URL: `/2025/09/24/`, `/20250924/`, `/2025-09/24/`, `t20250924_`.
pub fn date_in_path(path: &str) -> Option<Date> {
    short::date_in_path(path)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde::Deserialize;

    #[derive(Deserialize)]
    struct Corpus {
        #[serde(default)]
        feed: Vec<FeedCase>,
        #[serde(default)]
        text: Vec<TextCase>,
        #[serde(default)]
        path: Vec<PathCase>,
    }

    #[derive(Deserialize)]
    struct FeedCase {
        input: String,
        expect: Option<String>,
    }

    #[derive(Deserialize)]
    struct TextCase {
        text: String,
        expect: Vec<String>,
    }

    #[derive(Deserialize)]
    struct PathCase {
        path: String,
        expect: Option<String>,
    }

    fn corpus() -> Corpus {
        toml::from_str(include_str!("../../../../tests/corpus/dates/dates.toml")).unwrap()
    }

    #[test]
    fn feed_dates_are_read() {
        for case in corpus().feed {
            let read = read_feed_date(&case.input).map(|at| at.to_string());
            assert_eq!(read, case.expect, "{}", case.input);
        }
    }

    #[test]
    fn dates_in_text_are_found() {
        for case in corpus().text {
            let found: Vec<String> = find_dates(&case.text, Words::builtin())
                .iter()
                .map(|found| found.stamp.published().to_string())
                .collect();
            assert_eq!(found, case.expect, "{}", case.text);
        }
    }

    #[test]
    fn dates_in_paths_are_found() {
        for case in corpus().path {
            let read = date_in_path(&case.path).map(|date| date.to_string());
            assert_eq!(read, case.expect, "{}", case.path);
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,80}") {
            read_feed_date(&text);
            read_loose(&text, Words::builtin());
            for found in find_dates(&text, Words::builtin()) {
                prop_assert!(text.get(found.start..found.end).is_some());
            }
            date_in_path(&text);
        }

        #[test]
        fn no_date_like_text_panics(text in "([0-9]{1,9}|[-/:.,T+ Z年月日]|Jan|pm|民國|十){0,14}") {
            read_feed_date(&text);
            find_dates(&text, Words::builtin());
            date_in_path(&text);
        }
    }
}
