//! Lengths of time as periods are counted by them: three weeks, 七年半, 2 years 1 month 21 days.

use hedui_model::Bound;
use hedui_text::lexicon::quantities::{Role, UnitRow};
use jiff::civil::Date;

use super::super::figure::{Figure, FigureUnit, FoundFigure};
use super::super::join;
use super::super::reading::Grain;
use super::super::token::Tokens;
use super::calendar::{self, Days};
use super::relative::NUMBERS;
use super::small_number::{english_number, small_number};

/// How many units one length may name: years, months, weeks, days.
const PARTS_MAX: usize = 4;

/// A unit of time lies within so many tokens of the start of its number.
const REACH: usize = 10;

/// Nobody counts time in more of a unit than this.
const COUNT_MAX: i64 = 100_000;

/// The id of the unit that customary ones are counted in.
const WEEK: &str = "week";

/// A length of time in units of the calendar: see `Role::Period` for their kinds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Length {
    parts: [(i64, i64); PARTS_MAX],
    /// The figure that the first part was read as.
    pub(super) figure: Option<Figure>,
    pub(super) bound: Bound,
    /// Whether half a unit is in it, so that it points at no day.
    pub(super) rough: bool,
    /// The token after it.
    pub(super) next: usize,
}

/// Reads a length of time of whole or half days, weeks, months, quarters, years or decades.
pub(super) fn read(tokens: &Tokens<'_>, at: usize) -> Option<Length> {
    if let Some(length) = told_apart(tokens, at) {
        return Some(length);
    }
    let mut length = part(tokens, at)?;
    for index in 1..PARTS_MAX {
        let and = tokens.is(length.next, Role::ListLink) && tokens.joined(length.next);
        let start = length.next + usize::from(and);
        let Some(more) = tokens.joined(start).then(|| part(tokens, start)).flatten() else {
            break;
        };
        if more.kind() >= length.last_kind() || more.rough || length.rough {
            break;
        }
        let Some(slot) = length.parts.get_mut(index) else {
            break;
        };
        *slot = more.parts[0];
        length.next = more.next;
    }
    Some(length)
}

/// 2 years 1 month 21 days: a figure tells this in its smallest unit, but a month has no fixed number of days.
fn told_apart(tokens: &Tokens<'_>, at: usize) -> Option<Length> {
    let (first, mut next) = plain_part(tokens, at)?;
    let mut length = Length::plain(first.0, first.1);
    for index in 1..PARTS_MAX {
        let linked = tokens.is(next, Role::ListLink) && tokens.joined(next);
        let start = next + usize::from(linked);
        let Some((part, end)) = plain_part(tokens, start)
            .filter(|(part, _)| part.0 < length.last_kind() && tokens.joined(start))
        else {
            break;
        };
        *length.parts.get_mut(index)? = part;
        next = end;
    }
    let (kind, last) = (length.kind(), length.last_kind());
    if last == kind || last > 2 || kind < 3 {
        return None;
    }
    length.next = next;
    length.figure = match join::read(tokens, at)? {
        FoundFigure::Figure(figure) if figure.next == next => Some(figure),
        _ => None,
    };
    Some(length)
}

/// A whole number with its unit of time, and the token after it.
fn plain_part(tokens: &Tokens<'_>, at: usize) -> Option<((i64, i64), usize)> {
    let (count, unit) = english_number(tokens, at, 10_000)
        .or_else(|| small_number(tokens, at, 10_000))
        .filter(|(count, unit)| *count > 0 && tokens.joined(*unit))?;
    let kind = tokens.period_kind(unit)?;
    Some(((kind, count), unit + 1))
}

/// Tells whether a unit of time stands near behind a number. Most numbers are spared the reading by it.
fn unit_ahead(tokens: &Tokens<'_>, at: usize) -> bool {
    (at + 1..at + REACH)
        .take_while(|index| tokens.joined(*index))
        .any(|index| kind_of(tokens, index).is_some() || tokens.is(index, Role::MonthMark))
}

/// Reads one figure that is a length of time.
fn part(tokens: &Tokens<'_>, at: usize) -> Option<Length> {
    if tokens.numeral(at).is_none() && !tokens.any(at, NUMBERS) || !unit_ahead(tokens, at) {
        return None;
    }
    let FoundFigure::Figure(figure) = join::read(tokens, at)? else {
        return None;
    };
    let FigureUnit::Unit(unit) = figure.unit else {
        return None;
    };
    let (kind, times) = kind_of_unit(tokens.lexicon.unit(unit)?)?;
    let (count, half) = whole_and_half(&figure)?;
    let count = count.checked_mul(times)?;
    let mut length = Length {
        figure: Some(figure),
        bound: figure.bound,
        next: figure.next,
        ..Length::plain(kind, count)
    };
    if half {
        let parts = match kind {
            3 => [(3, count), (1, 15)],
            5 => [(3, count.checked_mul(12)?.checked_add(6)?), (0, 0)],
            6 => [(5, count.checked_mul(10)?.checked_add(5)?), (0, 0)],
            _ => return None,
        };
        length.parts[0] = parts[0];
        length.parts[1] = parts[1];
        length.rough = true;
    }
    Some(length)
}

/// The kind of calendar period that a unit of time is, and how many of it: a fortnight is two weeks.
pub(super) fn kind_of(tokens: &Tokens<'_>, at: usize) -> Option<(i64, i64)> {
    kind_of_unit(tokens.lexicon.unit(tokens.value(at, Role::Unit)?)?)
}

fn kind_of_unit(unit: &UnitRow) -> Option<(i64, i64)> {
    if let Some(kind) = unit.period {
        return Some((kind, 1));
    }
    let factor = unit.factor.normalized();
    let whole = factor.exponent() == 0 && unit.base == WEEK;
    whole.then(|| Some((2, i64::try_from(factor.mantissa()).ok()?)))?
}

/// A count of whole units, and whether half a one comes on top.
fn whole_and_half(figure: &Figure) -> Option<(i64, bool)> {
    let value = figure.low.or(figure.high)?.normalized();
    let half = value.exponent() == -1 && value.mantissa() % 10 == 5;
    let count = match value.exponent() {
        -1 if half => value.mantissa().checked_div(10)?,
        0.. => {
            let power = u32::try_from(value.exponent()).ok()?;
            value.mantissa().checked_mul(10_i128.checked_pow(power)?)?
        }
        _ => return None,
    };
    let count = i64::try_from(count).ok()?;
    ((1..=COUNT_MAX).contains(&count) || half && count == 0).then_some((count, half))
}

impl Length {
    /// So many of a unit.
    pub(super) fn plain(kind: i64, count: i64) -> Self {
        let mut parts = [(0, 0); PARTS_MAX];
        parts[0] = (kind, count);
        Length {
            parts,
            figure: None,
            bound: Bound::Exact,
            rough: false,
            next: 0,
        }
    }

    /// About so many of a unit.
    pub(super) fn rough(kind: i64, count: i64) -> Self {
        Length {
            bound: Bound::About,
            rough: true,
            ..Length::plain(kind, count)
        }
    }

    /// The kind of its first unit, and how many.
    pub(super) fn first(&self) -> (i64, i64) {
        self.parts[0]
    }

    /// The kind of its largest unit.
    pub(super) fn kind(&self) -> i64 {
        self.parts[0].0
    }

    fn last_kind(&self) -> i64 {
        self.parts
            .iter()
            .rev()
            .find(|part| part.0 != 0)
            .map_or(0, |part| part.0)
    }

    /// Whether a word before it bounds it.
    pub(super) fn hedged(&self) -> bool {
        self.figure
            .is_some_and(|figure| figure.hedge_start < figure.start)
    }

    /// The same where the word that points at it was taken for a bound: the *past* 12 months.
    pub(super) fn without_hedge(mut self, tokens: &Tokens<'_>, pointer: usize) -> Self {
        let end = tokens.end(pointer);
        if let Some(figure) = &mut self.figure
            && figure.hedge_start < end
            && figure.hedge_start < figure.start
        {
            let value = figure.low.or(figure.high);
            figure.hedge_start = figure.start;
            figure.bound = Bound::Exact;
            (figure.low, figure.high) = (value, value);
            self.bound = Bound::Exact;
        }
        self
    }

    /// Whether it is for each of something.
    pub(super) fn per(&self) -> bool {
        self.figure.is_some_and(|figure| figure.per.is_some())
    }

    /// Two digits before 年 are a year more often than a length of time.
    pub(super) fn is_a_year_number(&self) -> bool {
        self.kind() >= 5 && self.parts[0].1 > 50
    }

    /// The day that lies so far after a day, or with `sign` -1 before it.
    pub(super) fn from(&self, day: Date, sign: i64) -> Option<Date> {
        self.parts
            .iter()
            .filter(|part| part.0 != 0)
            .try_fold(day, |day, (kind, count)| {
                shift(day, *kind, count.checked_mul(sign)?)
            })
    }

    /// The days around a day that lies so far away: the month, where the length itself is told by halves.
    pub(super) fn around(&self, day: Date) -> Option<(Days, Grain)> {
        if self.rough {
            return Some((calendar::month(day.year(), day.month())?, Grain::Month));
        }
        Some(((day, day), self.grain()))
    }

    /// How finely it tells a period.
    pub(super) fn grain(&self) -> Grain {
        match self.last_kind() {
            1 | 2 => Grain::Day,
            3 | 4 => Grain::Month,
            _ => Grain::Year,
        }
    }
}

/// The day that lies so many of a unit after a day.
fn shift(day: Date, kind: i64, count: i64) -> Option<Date> {
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
