//! A date or period as far as it is said, and the days that it means.
//!
//! What is not said comes from the reference day, or from the other end of a range.

use jiff::civil::Date;

use super::super::ReadContext;
use super::super::reading::Grain;
use super::super::token::Tokens;
use super::calendar::{self, Days};
use super::clock::Part;
use super::holiday;
use super::hours::Hours;

/// The part of a period that is still to come: see `Role::Part`.
const REST: i64 = 6;

/// The part of a period that is over.
const SO_FAR: i64 = 7;

/// Which way a date lies whose year or month is not said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// The last one that is not after the reference day: a report.
    Past,
    /// The next one: words point ahead.
    Ahead,
    /// The nearest one: nothing else is said.
    Near,
}

/// A date or period as far as it is said.
#[derive(Clone, Copy, Debug)]
pub(super) struct Point {
    pub(super) year: Option<i16>,
    pub(super) month: Option<i8>,
    pub(super) day: Option<i8>,
    pub(super) quarter: Option<i8>,
    pub(super) half: Option<i8>,
    pub(super) third: Option<i64>,
    pub(super) part: Option<i64>,
    /// A holiday: index of its row.
    pub(super) holiday: Option<i64>,
    /// Days that are known as they are.
    pub(super) fixed: Option<Days>,
    pub(super) grain: Grain,
    pub(super) fiscal: bool,
    pub(super) relative: bool,
    /// Whether it is a weekday without a date.
    pub(super) is_weekday: bool,
    pub(super) mode: Mode,
    /// The part of the day that the word for a day says: *tonight*, 今晚.
    pub(super) part_of_day: Option<Part>,
    /// The hours of the day, and whether two of them make a range.
    pub(super) hours: Option<Hours>,
    pub(super) has_range: bool,
    /// The word between day and hours that opens the period to one side: Monday *after* 3 pm.
    pub(super) opener: Option<Opener>,
    /// Bytes behind the last token that belong to it: a closing bracket.
    pub(super) tail: usize,
    pub(super) next: usize,
}

/// A word that opens hours to one side.
#[derive(Clone, Copy, Debug)]
pub(super) struct Opener {
    /// The token.
    pub(super) at: usize,
    /// Whether it stands behind them: *3 pm or later*.
    pub(super) is_behind: bool,
}

impl Opener {
    pub(super) fn before(at: usize) -> Self {
        Opener {
            at,
            is_behind: false,
        }
    }

    pub(super) fn behind(at: usize) -> Self {
        Opener {
            at,
            is_behind: true,
        }
    }
}

impl Point {
    pub(super) fn new(next: usize) -> Self {
        Point {
            year: None,
            month: None,
            day: None,
            quarter: None,
            half: None,
            third: None,
            part: None,
            holiday: None,
            fixed: None,
            grain: Grain::Year,
            fiscal: false,
            relative: false,
            is_weekday: false,
            mode: Mode::Near,
            part_of_day: None,
            hours: None,
            has_range: false,
            opener: None,
            tail: 0,
            next,
        }
    }

    pub(super) fn fixed(days: Days, grain: Grain, next: usize) -> Self {
        Point {
            fixed: Some(days),
            grain,
            ..Point::new(next)
        }
    }

    /// Tells whether today cuts it: *later this year*.
    pub(super) fn is_told_from_today(&self) -> bool {
        matches!(self.part, Some(REST | SO_FAR))
    }

    /// Its first and last day; none where the year is not known.
    pub(super) fn days(&self, tokens: &Tokens<'_>, context: &ReadContext) -> Option<Days> {
        let days = match self.fixed {
            Some(days) => days,
            None => self.said(tokens, context)?,
        };
        let days = self.fiscal_days(days, tokens, context)?;
        match self.part {
            Some(REST) => rest(days, context),
            Some(SO_FAR) => so_far(days, context),
            Some(part) => calendar::part(days, part),
            None => Some(days),
        }
    }

    /// A fiscal year by the custom of the region, where a row of `date_custom` has one.
    fn fiscal_days(&self, days: Days, tokens: &Tokens<'_>, context: &ReadContext) -> Option<Days> {
        let plain = !self.fiscal || self.grain != Grain::Year || self.fixed.is_some();
        let start = context
            .region
            .and_then(|region| tokens.lexicon.calendar().fiscal_start(region));
        let Some(start) = start.filter(|_| !plain) else {
            return Some(days);
        };
        let shift = i64::from(start.month) - if start.named_by_end { 13 } else { 1 };
        let low = calendar::shift_months(days.0, shift)?;
        let high = calendar::shift_months(days.1, shift)?.last_of_month();
        Some((low, high))
    }

    fn said(&self, tokens: &Tokens<'_>, context: &ReadContext) -> Option<Days> {
        if let Some(holiday) = self.holiday {
            let day_in = |year| holiday::day_in(tokens, holiday, year, context);
            let day = match self.year {
                Some(year) => day_in(year)?,
                None => holiday::nearest(context.reference?, self.mode, day_in)?,
            };
            return Some((day, day));
        }
        if let Some(month) = self.month {
            let year = match self.year {
                Some(year) => year,
                None => year_of(context.reference?, month, self.day, self.mode),
            };
            if let Some(day) = self.day {
                return calendar::day(year, month, day);
            }
            let days = calendar::month(year, month)?;
            return match self.third {
                Some(third) => calendar::third(days, third),
                None => Some(days),
            };
        }
        if let Some(day) = self.day {
            return day_alone(context.reference?, day, self.mode);
        }
        let year = match self.year {
            Some(year) => year,
            None => context.reference?.year(),
        };
        if let Some(quarter) = self.quarter {
            let year = self.said_year(year, calendar::quarter(year, quarter)?.0, context);
            return calendar::quarter(year, quarter);
        }
        if let Some(half) = self.half {
            let year = self.said_year(year, calendar::half(year, half)?.0, context);
            return calendar::half(year, half);
        }
        if self.grain == Grain::Decade {
            return calendar::decade(year);
        }
        if self.grain == Grain::Century {
            return calendar::century(year);
        }
        self.year.and_then(calendar::year)
    }
}

impl Point {
    /// The year of a quarter or half that is said alone: the last one that has begun, unless words point ahead.
    fn said_year(&self, year: i16, begin: Date, context: &ReadContext) -> i16 {
        let future = context.reference.is_some_and(|reference| begin > reference);
        let back = self.year.is_none() && self.mode == Mode::Past && future;
        if back { year - 1 } else { year }
    }
}

/// *Later this year*: from the reference day on, where it lies inside.
fn rest((low, high): Days, context: &ReadContext) -> Option<Days> {
    let today = context
        .reference
        .filter(|today| low < *today && *today <= high);
    Some((today.unwrap_or(low), high))
}

/// *Earlier this year*: up to the day before the reference day, where that lies inside.
fn so_far((low, high): Days, context: &ReadContext) -> Option<Days> {
    let today = context
        .reference
        .filter(|today| low < *today && *today <= high);
    let before = today.and_then(|today| today.yesterday().ok());
    Some((low, before.unwrap_or(high)))
}

/// How many days ahead a date may lie that no word says to be ahead: nobody leaves the year out of one that far back.
const SOON_DAYS: i64 = 14;

/// The same for a day of the month, which is said of last month's as well.
const SOON_DAYS_ALONE: i64 = 1;

/// The year in which a day lies within reach ahead.
fn soon(reference: Date, month: i8, day: i8) -> Option<i16> {
    let last = calendar::shift(reference, SOON_DAYS)?;
    let is_soon = |year: &i16| {
        calendar::day(*year, month, day).is_some_and(|(date, _)| reference < date && date <= last)
    };
    [reference.year(), last.year()].into_iter().find(is_soon)
}

/// The year of a month that is said without one.
fn year_of(reference: Date, month: i8, day: Option<i8>, mode: Mode) -> i16 {
    let year = reference.year();
    if mode == Mode::Past
        && let Some(year) = day.and_then(|day| soon(reference, month, day))
    {
        return year;
    }
    let begin = (month, day.unwrap_or(1));
    let today = (reference.month(), reference.day());
    match mode {
        Mode::Near => near_year(reference, month, day),
        Mode::Past if begin > today => year - 1,
        Mode::Ahead if month < reference.month() || (day.is_some() && begin < today) => year + 1,
        _ => year,
    }
}

/// The year of a month that is said alone: this year, but December in January was last year's.
fn near_year(reference: Date, month: i8, _day: Option<i8>) -> i16 {
    let distance = month - reference.month();
    if distance > 8 {
        reference.year() - 1
    } else if distance < -9 {
        reference.year() + 1
    } else {
        reference.year()
    }
}

/// A day that is said alone: this month's, or last month's where this month's is still to come.
fn day_alone(reference: Date, day: i8, mode: Mode) -> Option<Days> {
    let this = calendar::day(reference.year(), reference.month(), day);
    let latest = calendar::shift(reference, SOON_DAYS_ALONE)?;
    let (near, distance) = match mode {
        Mode::Ahead => (day >= reference.day(), 1),
        _ => (this.is_none_or(|(this, _)| this <= latest), -1),
    };
    if near && this.is_some() {
        return this;
    }
    let (year, month) = calendar::month_from(reference, distance)?;
    calendar::day(year, month, day).or(this)
}

/// Takes from the other end what one end of a range leaves unsaid.
pub(super) fn complete(mut left: Point, mut right: Point) -> Option<(Point, Point)> {
    if let (None, Some((day, _))) = (left.fixed, right.fixed) {
        // 5/1-5/7/2020
        if let (Some(month), None, false) = (left.month, left.year, right.relative) {
            left.year = day.year().checked_sub(i16::from(month > day.month()));
        }
        return Some((left, right));
    }
    if left.fixed.is_some() || right.fixed.is_some() {
        return Some((left, right));
    }
    let said_behind = left.year.is_none();
    if right.year.is_none() {
        right.year = left.year;
    }
    if left.year.is_none() {
        left.year = right.year;
    }
    if right.day.is_some() && right.month.is_none() {
        right.month = left.month;
        // From April 27th to the 3rd.
        if let (Some(month), true) = (left.month, right.day < left.day) {
            right.month = Some(month % 12 + 1);
        }
    }
    if left.day.is_some() && left.month.is_none() {
        left.month = right.month;
    }
    // 11月到3月 crosses the year.
    if let (Some(first), Some(last)) = (left.month, right.month)
        && left.year == right.year
        && first > last
        && let Some(year) = right.year
    {
        if said_behind {
            left.year = year.checked_sub(1);
        } else {
            right.year = year.checked_add(1);
        }
    }
    right.fiscal |= left.fiscal;
    left.fiscal |= right.fiscal;
    Some((left, right))
}

/// Gives both ends of a range of months the year that the first one has.
pub(super) fn same_year(left: &mut Point, right: &mut Point, context: &ReadContext) {
    let unsaid = |point: &Point| point.year.is_none() && point.fixed.is_none();
    if !unsaid(left) || !unsaid(right) {
        return;
    }
    if let (Some(first), Some(last), Some(reference)) = (left.month, right.month, context.reference)
    {
        let year = match left.mode {
            Mode::Ahead => year_that_goes_on(reference, first, last),
            _ => year_of(reference, first, left.day, left.mode),
        };
        left.year = Some(year);
        right.year = year.checked_add(i16::from(first > last));
    }
}

/// The year of the first of some months that lie ahead or still go on.
fn year_that_goes_on(reference: Date, first: i8, last: i8) -> i16 {
    let year = reference.year();
    let wraps = first > last;
    if wraps && reference.month() <= last {
        return year - 1;
    }
    if wraps || reference.month() <= last {
        year
    } else {
        year + 1
    }
}

/// 2026至2027財政年度: two years in a row are one fiscal year where that is how the region counts.
pub(super) fn one_fiscal_year(
    tokens: &Tokens<'_>,
    left: &Point,
    right: &mut Point,
    context: &ReadContext,
) {
    let plain = |point: &Point| {
        point.fiscal && point.grain == Grain::Year && point.fixed.is_none() && point.part.is_none()
    };
    let start = context
        .region
        .and_then(|region| tokens.lexicon.calendar().fiscal_start(region));
    if !plain(left) || !plain(right) || start.is_none_or(|start| start.named_by_end) {
        return;
    }
    if let (Some(first), Some(last)) = (left.year, right.year)
        && last == first + 1
    {
        right.year = left.year;
    }
}
