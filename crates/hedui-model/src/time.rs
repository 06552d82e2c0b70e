//! When an article says that it was published.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A day, or an instant with the offset in which it was written.
///
/// The day is the one on the source's own calendar: `2025-03-04T01:00:00+08:00` is the fourth of March.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Published {
    /// Only the day is known.
    Day(Date),
    /// The instant, and the offset it was written with.
    Instant(Timestamp, Offset),
}

/// The text is neither a date nor a time with a zone.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a date (`2025-03-04`) or a time with zone (`2025-03-04T08:00:00+08:00`): `{0}`")]
pub struct PublishedError(String);

impl Published {
    /// Returns the day on the source's own calendar.
    #[must_use]
    pub fn day(self) -> Date {
        match self {
            Published::Day(day) => day,
            Published::Instant(at, offset) => offset.to_datetime(at).date(),
        }
    }

    /// Returns an instant to sort by: that of the article, or the middle of its day in UTC.
    #[must_use]
    pub fn instant(self) -> Timestamp {
        match self {
            Published::Instant(at, _) => at,
            Published::Day(day) => Offset::UTC
                .to_timestamp(day.at(12, 0, 0, 0))
                .unwrap_or(Timestamp::UNIX_EPOCH),
        }
    }
}

impl fmt::Display for Published {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Published::Day(day) => write!(f, "{day}"),
            Published::Instant(at, offset) => write!(f, "{}", at.display_with_offset(*offset)),
        }
    }
}

impl FromStr for Published {
    type Err = PublishedError;

    fn from_str(text: &str) -> Result<Self, PublishedError> {
        let error = || PublishedError(text.chars().take(40).collect());
        let text = text.trim();
        if text.len() <= 10 {
            return text.parse().map(Published::Day).map_err(|_| error());
        }
        let at: Timestamp = text.parse().map_err(|_| error())?;
        Ok(Published::Instant(
            at,
            written_offset(text).unwrap_or(Offset::UTC),
        ))
    }
}

/// Reads the offset that stands at the end of an RFC 3339 time.
fn written_offset(text: &str) -> Option<Offset> {
    let sign_at = text.rfind(['+', '-']).filter(|&at| at > 10)?;
    let (sign, digits) = text.get(sign_at..)?.split_at_checked(1)?;
    let digits: String = digits.chars().filter(char::is_ascii_digit).collect();
    let hours: i32 = digits.get(..2)?.parse().ok()?;
    let minutes: i32 = digits.get(2..4).unwrap_or("0").parse().ok()?;
    let seconds = hours * 3600 + minutes * 60;
    Offset::from_seconds(if sign == "-" { -seconds } else { seconds }).ok()
}

impl Serialize for Published {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Published {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_day_is_that_of_the_source() {
        let published: Published = "2025-03-04T01:00:00+08:00".parse().unwrap();
        assert_eq!(published.day().to_string(), "2025-03-04");
        assert_eq!(published.to_string(), "2025-03-04T01:00:00+08:00");
        assert_eq!(published.instant().to_string(), "2025-03-03T17:00:00Z");
    }

    #[test]
    fn a_plain_date_stays_one() {
        assert_eq!(
            "2025-03-04".parse::<Published>().unwrap().to_string(),
            "2025-03-04"
        );
    }

    #[test]
    fn a_time_without_zone_is_refused() {
        assert!("2025-03-04T01:00:00".parse::<Published>().is_err());
        assert!("yesterday".parse::<Published>().is_err());
    }
}
