//! Periods that are told by a length of time: the past five years, 未来四年, three weeks ago, 两天后.

use hedui_model::Bound;
use hedui_text::lexicon::quantities::{Role, Roles};

use super::super::ReadContext;
use super::super::figure::FoundFigure;
use super::super::join;
use super::super::reading::{Grain, PeriodReading, What};
use super::super::rules::{Rule, Rules};
use super::super::token::Tokens;
use super::Found;
use super::calendar::{self, Days};

/// Reads such a period where one starts at a token; the length of time itself is a reading of its own.
pub(super) fn span(tokens: &Tokens<'_>, at: usize, context: &ReadContext) -> Option<Found> {
    let reference = context.reference?;
    let direction = tokens
        .value(at, Role::Span)
        .or_else(|| tokens.is(at, Role::In).then_some(2));
    let start = match direction {
        Some(_) => {
            let mut start = at + 1;
            if tokens.is(start, Role::DateLink) && !tokens.is_ascii(start) && tokens.joined(start) {
                start += 1;
            }
            if tokens.is(start, Role::Filler)
                && tokens.joined(start)
                && tokens.is_ascii(start)
                && !tokens.is(start, Role::Article)
            {
                start += 1;
            }
            start
        }
        None => at,
    };
    if direction.is_none()
        && let Some(found) = pointer_inside(tokens, at, reference)
    {
        return Some(found);
    }
    if start > at && !tokens.joined(start) || !starts_number(tokens, start) {
        return None;
    }
    let FoundFigure::Figure(length) = join::read(tokens, start)? else {
        return None;
    };
    let super::super::figure::FigureUnit::Unit(unit) = length.unit else {
        return None;
    };
    let unit = tokens.lexicon.unit(unit)?;
    let kind = unit.period?;
    let whole = whole(&length)?;
    let mut next = length.next;
    let (low, high, grain) = match direction {
        Some(2) => {
            // `in three years` is then; a bound or another unit says how long something takes.
            if length.hedge_start < length.start || kind < 1 || length.per.is_some() {
                return None;
            }
            let day = shift(reference, kind, whole)?;
            (day, day, Grain::Day)
        }
        Some(direction) => past_or_next(reference, kind, whole, direction)?,
        None => {
            let behind = next;
            if !tokens.joined(behind) {
                return None;
            }
            let word = tokens.word(behind)?;
            let (ago, hence) = (word.is(Role::Ago), word.is(Role::Hence));
            let padded = tokens.numeral(at).is_some_and(|numeral| numeral.padded)
                || tokens.value(at, Role::Digit) == Some(0);
            if !ago && !hence || padded || whole > 50 && kind >= 5 {
                return None;
            }
            next = behind + 1;
            let day = shift(reference, kind, if ago { -whole } else { whole })?;
            let days = around(day, kind);
            (days.0, days.1, grain_of(kind))
        }
    };
    let mut rules = Rules::default();
    rules.add(Rule::Relative);
    let period = PeriodReading {
        start: tokens.start(at),
        end: tokens.end(next.saturating_sub(1)),
        hedge_start: tokens.start(at),
        hedge_end: tokens.end(next.saturating_sub(1)),
        next,
        low: Some(low),
        high: Some(high),
        bound: if length.bound == Bound::Exact {
            Bound::Exact
        } else {
            Bound::About
        },
        grain,
        fiscal: false,
        rules,
    };
    Some(Found {
        next,
        readings: [Some(What::Period(period)), Some(What::Figure(length))],
    })
}

/// `5 past years`, `two upcoming months`: the pointer stands behind the number.
fn pointer_inside(tokens: &Tokens<'_>, at: usize, reference: jiff::civil::Date) -> Option<Found> {
    if !tokens.is_ascii(at) {
        return None;
    }
    let number = tokens
        .plain_integer(at)
        .or_else(|| tokens.value(at, Role::Digit))
        .filter(|number| (1..=1000).contains(number))?;
    let direction = tokens
        .value(at + 1, Role::Pointer)
        .filter(|pointer| *pointer != 0)?;
    let unit = tokens
        .value(at + 2, Role::Unit)
        .and_then(|unit| tokens.lexicon.unit(unit))?;
    if !tokens.joined(at + 1) || !tokens.joined(at + 2) || !tokens.is_ascii(at + 2) {
        return None;
    }
    let (low, high, grain) = past_or_next(reference, unit.period?, number, direction)?;
    let mut rules = Rules::default();
    rules.add(Rule::Relative);
    let (start, end) = (tokens.start(at), tokens.end(at + 2));
    let period = PeriodReading {
        start,
        end,
        hedge_start: start,
        hedge_end: end,
        next: at + 3,
        low: Some(low),
        high: Some(high),
        bound: Bound::Exact,
        grain,
        fiscal: false,
        rules,
    };
    Some(Found {
        next: at + 3,
        readings: [Some(What::Period(period)), None],
    })
}

fn starts_number(tokens: &Tokens<'_>, at: usize) -> bool {
    tokens.numeral(at).is_some()
        || tokens.any(
            at,
            Roles::of(&[
                Role::Digit,
                Role::Place,
                Role::Tens,
                Role::Half,
                Role::Article,
                Role::VagueDigit,
            ]),
        )
}

fn whole(length: &super::super::figure::Figure) -> Option<i64> {
    let value = length.low.or(length.high)?.normalized();
    if value.exponent() < 0 {
        return None;
    }
    let power = u32::try_from(value.exponent()).ok()?;
    i64::try_from(value.mantissa().checked_mul(10_i128.checked_pow(power)?)?)
        .ok()
        .filter(|whole| (1..=100_000).contains(whole))
}

fn shift(day: jiff::civil::Date, kind: i64, count: i64) -> Option<jiff::civil::Date> {
    match kind {
        1 => calendar::shift(day, count),
        2 => calendar::shift(day, count.checked_mul(7)?),
        3 => calendar::shift_months(day, count),
        4 => calendar::shift_months(day, count.checked_mul(3)?),
        5 => calendar::shift_months(day, count.checked_mul(12)?),
        6 => calendar::shift_months(day, count.checked_mul(120)?),
        9 => calendar::shift_months(day, count.checked_mul(1200)?),
        _ => None,
    }
}

fn grain_of(kind: i64) -> Grain {
    match kind {
        1 | 2 => Grain::Day,
        3 | 4 => Grain::Month,
        _ => Grain::Year,
    }
}

/// The time around a day that *so many … ago* can mean: the day for days and weeks, else the day too.
fn around(day: jiff::civil::Date, _kind: i64) -> Days {
    (day, day)
}

/// The last or next so many, counted from the reference day.
fn past_or_next(
    reference: jiff::civil::Date,
    kind: i64,
    whole: i64,
    direction: i64,
) -> Option<(jiff::civil::Date, jiff::civil::Date, Grain)> {
    let other = shift(reference, kind, if direction < 0 { -whole } else { whole })?;
    if direction < 0 {
        return Some((other, reference.yesterday().ok()?, grain_of(kind)));
    }
    Some((reference.tomorrow().ok()?, other, grain_of(kind)))
}
