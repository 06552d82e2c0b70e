//! Flags that several listing commands share: which claims, which time.

use clap::Args;
use hedui_model::{Appearance, Decimal};
use jiff::Timestamp;
use jiff::civil::Date;

/// Which claims are meant.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct ClaimFilter {
    /// Only figures about this entity, by any of its names
    #[arg(long, value_name = "NAME")]
    pub(crate) entity: Option<String>,
    /// Only figures of this metric, by its id: total_investment
    #[arg(long, value_name = "ID")]
    pub(crate) metric: Option<String>,
    /// Only figures in this base unit: USD, percent, W, count:job
    #[arg(long, value_name = "UNIT")]
    pub(crate) unit: Option<String>,
    /// Only figures of at least this, in the base unit: 1.5e9
    #[arg(long, value_name = "VALUE", allow_negative_numbers = true)]
    pub(crate) min: Option<Decimal>,
    /// Only figures of at most this, in the base unit
    #[arg(long, value_name = "VALUE", allow_negative_numbers = true)]
    pub(crate) max: Option<Decimal>,
    /// Only this source
    #[arg(long, value_name = "ID")]
    pub(crate) source: Option<String>,
    /// Only articles in this language: en, zh, zh-Hans, zh-Hant
    #[arg(long, value_name = "TAG")]
    pub(crate) lang: Option<String>,
    /// Only figures of this status: actual, planned, forecast, reported, conditional, denied
    #[arg(long, value_name = "STATUS")]
    pub(crate) status: Option<String>,
    #[command(flatten)]
    pub(crate) time: TimeFilter,
}

/// Which time is meant.
#[derive(Clone, Copy, Debug, Default, Args)]
pub(crate) struct TimeFilter {
    /// Not before this day or time: 2025-03-01, or 7d for the last seven days
    #[arg(long, value_name = "TIME", value_parser = parse_when)]
    pub(crate) since: Option<When>,
    /// Not after this day or time
    #[arg(long, value_name = "TIME", value_parser = parse_when)]
    pub(crate) until: Option<When>,
}

/// A time on the command line, not yet fixed to the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum When {
    /// A whole day of UTC.
    Day(Date),
    /// An instant.
    Instant(Timestamp),
    /// So many seconds before now.
    Ago(i64),
}

impl When {
    /// Returns the first instant that is meant.
    pub(crate) fn start(self, now: Timestamp) -> Timestamp {
        match self {
            When::Day(day) => start_of(day),
            When::Instant(at) => at,
            When::Ago(seconds) => now.saturating_sub_seconds(seconds),
        }
    }

    /// Returns the last instant that is meant.
    pub(crate) fn end(self, now: Timestamp) -> Timestamp {
        match self {
            When::Day(day) => day.tomorrow().map_or(Timestamp::MAX, start_of),
            other => other.start(now),
        }
    }
}

fn start_of(day: Date) -> Timestamp {
    jiff::tz::Offset::UTC
        .to_timestamp(day.at(0, 0, 0, 0))
        .unwrap_or(Timestamp::MIN)
}

trait SaturatingSeconds {
    fn saturating_sub_seconds(self, seconds: i64) -> Self;
}

impl SaturatingSeconds for Timestamp {
    fn saturating_sub_seconds(self, seconds: i64) -> Self {
        Timestamp::from_second(self.as_second().saturating_sub(seconds)).unwrap_or(Timestamp::MIN)
    }
}

/// Reads `2025-03-01`, `2025-03-01T08:00:00Z`, `36h`, `7d` or `2w`.
pub(crate) fn parse_when(text: &str) -> Result<When, String> {
    if let Ok(day) = text.parse::<Date>() {
        return Ok(When::Day(day));
    }
    if let Ok(at) = text.parse::<Timestamp>() {
        return Ok(When::Instant(at));
    }
    let unit = text.chars().last().and_then(|unit| match unit {
        'm' => Some(60),
        'h' => Some(3_600),
        'd' => Some(86_400),
        'w' => Some(604_800),
        _ => None,
    });
    let count = text
        .get(..text.len().saturating_sub(1))
        .and_then(|count| count.parse::<u32>().ok());
    match (count, unit) {
        (Some(count), Some(unit)) => Ok(When::Ago(i64::from(count) * unit)),
        _ => Err("a day (2025-03-01), a time with zone (2025-03-01T08:00:00Z) or a span until now (36h, 7d, 2w)".into()),
    }
}

impl TimeFilter {
    /// Tells whether `at` lies in the time meant.
    pub(crate) fn admits(&self, at: Timestamp, now: Timestamp) -> bool {
        self.since.is_none_or(|since| at >= since.start(now))
            && self.until.is_none_or(|until| {
                at < until
                    .end(now)
                    .max(until.start(now).saturating_sub_seconds(-1))
            })
    }
}

impl ClaimFilter {
    /// Tells whether a claim is meant; `entity` is the canonical name asked for.
    pub(crate) fn admits(
        &self,
        appearance: &Appearance,
        entity: Option<&str>,
        now: Timestamp,
    ) -> bool {
        let (claim, meta) = (&appearance.claim, &appearance.article.meta);
        let quantity = &claim.quantity;
        let equal = |wanted: &Option<String>, found: &str| {
            wanted
                .as_deref()
                .is_none_or(|wanted| wanted.eq_ignore_ascii_case(found))
        };
        entity.is_none_or(|name| {
            claim
                .entities
                .iter()
                .any(|entity| entity.name.eq_ignore_ascii_case(name))
        }) && self.metric.as_deref().is_none_or(|id| {
            claim
                .metric
                .as_ref()
                .is_some_and(|metric| metric.id == id || metric.family == id)
        }) && equal(&self.unit, &quantity.unit.id)
            && self.min.is_none_or(|min| {
                quantity
                    .high()
                    .or(quantity.low())
                    .is_some_and(|high| high >= min)
            })
            && self.max.is_none_or(|max| {
                quantity
                    .low()
                    .or(quantity.high())
                    .is_some_and(|low| low <= max)
            })
            && equal(&self.source, meta.source.as_str())
            && self
                .lang
                .as_deref()
                .is_none_or(|lang| lang_matches(lang, meta.lang_tag()))
            && self
                .status
                .as_deref()
                .is_none_or(|status| status_word(claim.status) == status)
            && self.time.admits(appearance.instant(), now)
    }
}

/// Tells whether a tag asked for (`zh`) covers the tag of an article (`zh-Hant`).
pub(crate) fn lang_matches(wanted: &str, tag: &str) -> bool {
    tag.eq_ignore_ascii_case(wanted)
        || tag
            .get(..wanted.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(wanted))
            && tag
                .get(wanted.len()..)
                .is_some_and(|rest| rest.starts_with('-'))
}

/// Returns the word for a status, as outside.
pub(crate) fn status_word(status: hedui_model::Status) -> &'static str {
    use hedui_model::Status;
    match status {
        Status::Actual => "actual",
        Status::Planned => "planned",
        Status::Forecast => "forecast",
        Status::Reported => "reported",
        Status::Conditional => "conditional",
        Status::Denied => "denied",
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_meant_whole() {
        let filter = TimeFilter {
            since: Some(parse_when("2025-03-01").unwrap()),
            until: Some(parse_when("2025-03-01").unwrap()),
        };
        let now = Timestamp::UNIX_EPOCH;
        assert!(filter.admits("2025-03-01T23:59:59Z".parse().unwrap(), now));
        assert!(!filter.admits("2025-03-02T00:00:00Z".parse().unwrap(), now));
        assert!(!filter.admits("2025-02-28T23:59:59Z".parse().unwrap(), now));
    }

    #[test]
    fn a_span_counts_back_from_now() {
        let filter = TimeFilter {
            since: Some(parse_when("2d").unwrap()),
            until: None,
        };
        let now = "2025-03-03T00:00:00Z".parse().unwrap();
        assert!(filter.admits("2025-03-01T00:00:00Z".parse().unwrap(), now));
        assert!(!filter.admits("2025-02-28T23:59:59Z".parse().unwrap(), now));
        assert!(parse_when("soon").is_err());
        assert!(parse_when("万").is_err());
    }

    #[test]
    fn a_language_covers_its_scripts() {
        assert!(lang_matches("zh", "zh-Hant"));
        assert!(lang_matches("zh-hant", "zh-Hant"));
        assert!(!lang_matches("z", "zh-Hant"));
    }
}
