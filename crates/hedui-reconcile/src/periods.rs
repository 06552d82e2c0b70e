//! How the periods of two figures stand to each other: the whole periods, not their years.

use hedui_model::Period;
use jiff::civil::Date;

use crate::evidence::sorted;

/// How the periods stand to each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PeriodTie {
    Same(String),
    NoneKnown,
    OneKnown,
    /// They overlap; `nested` where one is much longer, a year and its quarter for instance.
    Overlap {
        nested: bool,
    },
    /// Both last for years, and begin in different ones: two plans, each for the years to come.
    Shifted {
        a: String,
        b: String,
    },
    /// They do not meet.
    Disjoint {
        a: String,
        b: String,
        apart: Apart,
    },
}

/// How far two periods that do not meet are from each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Apart {
    /// Days of what may be one event.
    Days,
    /// Weeks, or a month that may have been guessed.
    Weeks,
    /// Two quarters, years and the like.
    Terms,
}

pub(crate) fn period_tie(a: Option<&Period>, b: Option<&Period>) -> PeriodTie {
    let dated = |period: &&Period| period.from.is_some() || period.to.is_some();
    match (a.filter(dated), b.filter(dated)) {
        (None, None) => PeriodTie::NoneKnown,
        (Some(_), None) | (None, Some(_)) => PeriodTie::OneKnown,
        (Some(a), Some(b)) if (a.from, a.to) == (b.from, b.to) => PeriodTie::Same(name_of(a)),
        (Some(a), Some(b)) => {
            let is_before = |end: Option<Date>, begin: Option<Date>| {
                end.zip(begin).is_some_and(|(end, begin)| end < begin)
            };
            if is_before(a.to, b.from) || is_before(b.to, a.from) {
                let apart = apart(a, b);
                let (a, b) = sorted(name_of(a), name_of(b));
                PeriodTie::Disjoint { a, b, apart }
            } else if are_shifted(a, b) {
                let (a, b) = sorted(name_of(a), name_of(b));
                PeriodTie::Shifted { a, b }
            } else {
                PeriodTie::Overlap {
                    nested: are_nested(a, b),
                }
            }
        }
    }
}

/// From so many days on a period is a reporting period, not the day of some event.
const LONG_DAYS: i64 = 27;
/// From so many days on it is a quarter or more.
const TERM_DAYS: i64 = 80;
/// Days of events that are further apart are days of two events.
const FAR_DAYS: i64 = 7;

fn length(period: &Period) -> Option<i64> {
    days_from(period.from?, period.to?)
}

fn days_from(from: Date, to: Date) -> Option<i64> {
    from.until(to).ok().map(|span| i64::from(span.get_days()))
}

fn apart(a: &Period, b: &Period) -> Apart {
    let are_from = |shortest: i64| {
        [a, b]
            .iter()
            .all(|period| length(period).is_none_or(|days| days >= shortest))
    };
    let gap = |end: Option<Date>, begin: Option<Date>| {
        end.zip(begin)
            .and_then(|(end, begin)| days_from(end, begin))
            .is_some_and(|days| days > FAR_DAYS)
    };
    if are_from(TERM_DAYS) {
        Apart::Terms
    } else if are_from(LONG_DAYS) || gap(a.to, b.from) || gap(b.to, a.from) {
        Apart::Weeks
    } else {
        Apart::Days
    }
}

/// From so many days on a period is one of several years.
const YEARS_DAYS: i64 = 700;
/// Beginnings that are further apart are of two plans.
const SHIFT_DAYS: i64 = 300;

fn are_shifted(a: &Period, b: &Period) -> bool {
    let last = [a, b]
        .iter()
        .all(|period| length(period).is_some_and(|days| days >= YEARS_DAYS));
    let begin = a
        .from
        .zip(b.from)
        .and_then(|(a, b)| days_from(a.min(b), a.max(b)));
    last && begin.is_some_and(|days| days > SHIFT_DAYS)
}

fn are_nested(a: &Period, b: &Period) -> bool {
    length(a)
        .zip(length(b))
        .is_some_and(|(a, b)| 2 * a.max(b) > 3 * a.min(b).max(LONG_DAYS))
}

fn name_of(period: &Period) -> String {
    let end =
        |date: Option<jiff::civil::Date>| date.map(|date| date.to_string()).unwrap_or_default();
    if period.from == period.to {
        return end(period.from);
    }
    format!("{}..{}", end(period.from), end(period.to))
}
