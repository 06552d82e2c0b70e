//! Periods that are so long from a date on or so far from it: 3 days after January 12th, 3 days starting next Monday, three
//! months ended June 30, 18 December for 10 days.

use hedui_model::Bound;
use hedui_text::lexicon::quantities::{Role, Roles};
use jiff::civil::Date;

use super::super::ReadContext;
use super::super::reading::{Grain, PeriodReading, What};
use super::super::token::{Gap, Tokens};
use super::Found;
use super::beside::ending;
use super::calendar::{self, Days};
use super::date;
use super::length::{self, Length};
use super::point::Point;
use super::relative::found;
use super::weekday::upcoming;

/// How a length lies to the date behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    /// It ends so far before it.
    Before,
    /// It ends so far after it.
    After,
    /// It lasts so long from it on, itself included.
    From,
    /// It lasts so long up to it: *the* two weeks before a day.
    UpTo,
    /// It lasts so long behind it: *for* ten years after 2030.
    Behind,
}

/// A length with a date behind it that it is counted from.
pub(super) fn from_date(
    tokens: &Tokens<'_>,
    at: usize,
    length: &Length,
    context: &ReadContext,
) -> Option<Found> {
    let link = length.next;
    if !tokens.is_ascii(link) || length.per() {
        return None;
    }
    if let Some(point) = ending(tokens, link, length.first(), context, 1) {
        let told = (point.days(tokens, context)?, point.grain, point.next);
        let mut found = found(tokens, at, told, Bound::Exact, Some(*length));
        if !point.relative {
            absolute(&mut found);
        }
        return Some(found);
    }
    let lasting = says_how_long(tokens, at) || definite(tokens, at);
    let (side, mut next) = side(tokens, link, lasting)?;
    while next < link + 4
        && tokens.is(next, Role::DateFiller)
        && tokens.joined(next)
        && !tokens.is(next, Role::Pointer)
    {
        next += 1;
    }
    if !tokens.joined(next) {
        return None;
    }
    let point = date::inner(tokens, next, context, 1)?;
    let base = match upcoming_weekday(tokens, link, next, context) {
        Some(day) => (day, day),
        None => point.days(tokens, context)?,
    };
    let (days, grain) = counted(&point, base, length, side)?;
    let mut found = found(
        tokens,
        at,
        (days, grain, point.next),
        length.bound,
        Some(*length),
    );
    bound(&mut found, side, length.bound, base);
    Some(found)
}

/// Tells whether a word such as *for* stands before a length.
pub(super) fn says_how_long(tokens: &Tokens<'_>, at: usize) -> bool {
    at.checked_sub(1).is_some_and(|before| {
        tokens.joined(at) && tokens.value(before, Role::DateFiller) == Some(1)
    })
}

/// Tells whether an article makes a length one of its own: in *the* ten years after 2005.
fn definite(tokens: &Tokens<'_>, at: usize) -> bool {
    at.checked_sub(1).is_some_and(|before| {
        tokens.joined(at)
            && tokens.is_ascii(before)
            && tokens.any(before, Roles::of(&[Role::DateLink, Role::DateFiller]))
            && !tokens.any(before, Roles::of(&[Role::In, Role::ListLink]))
    })
}

/// 3 days *from Tuesday* count from the one to come.
fn upcoming_weekday(
    tokens: &Tokens<'_>,
    link: usize,
    at: usize,
    context: &ReadContext,
) -> Option<Date> {
    let from = tokens.is(link, Role::Since) && tokens.is(link, Role::RangeOpen);
    let weekday = tokens.value(at, Role::Weekday).filter(|_| from)?;
    upcoming(context.reference?, weekday)
}

/// Which way the word behind a length points, and the token after that word.
fn side(tokens: &Tokens<'_>, link: usize, lasting: bool) -> Option<(Side, usize)> {
    let mut next = link;
    // For 1 week, from 20 December.
    if lasting && tokens.form(next) == "," {
        next += 1;
    }
    if !tokens.joined(next) {
        return None;
    }
    let is = |role| tokens.is(next, role);
    let side = match lasting {
        _ if is(Role::Since) && is(Role::Commencing) => Side::From,
        true if is(Role::Since) && is(Role::RangeOpen) => Side::From,
        true if is(Role::Before) => Side::UpTo,
        true if is(Role::After) => Side::Behind,
        false if is(Role::Since) && is(Role::RangeOpen) => Side::After,
        false if is(Role::Before) => Side::Before,
        false if is(Role::After) => Side::After,
        _ => return None,
    };
    Some((side, next + 1))
}

fn counted(point: &Point, (low, high): Days, length: &Length, side: Side) -> Option<(Days, Grain)> {
    let fits = match point.grain {
        Grain::Day => true,
        Grain::Month => (3..=6).contains(&length.kind()),
        Grain::Year => (5..=6).contains(&length.kind()),
        _ => false,
    };
    if !fits {
        return None;
    }
    let behind = high.tomorrow().ok()?;
    let lasts = match side {
        Side::From => Some((low, length.from(low, 1)?.yesterday().ok()?)),
        Side::UpTo => Some((length.from(low, -1)?, low.yesterday().ok()?)),
        Side::Behind => Some((behind, length.from(behind, 1)?.yesterday().ok()?)),
        Side::Before | Side::After => None,
    };
    if let Some(days) = lasts {
        return Some((days, length.grain()));
    }
    let sign = if side == Side::Before { -1 } else { 1 };
    let first = length.from(low, sign)?;
    if point.grain == Grain::Day {
        return Some(((first, first), Grain::Day));
    }
    let last = length.from(behind, sign)?.yesterday().ok()?;
    Some(((first, last), point.grain))
}

/// More than two weeks before a day is open; less than three days after it lies between.
fn bound(found: &mut Found, side: Side, bound: Bound, base: Days) {
    let Some(What::Period(period)) = &mut found.readings[0] else {
        return;
    };
    match (bound, side) {
        (Bound::MoreThan | Bound::AtLeast, Side::Before) => {
            period.high = period.low.and_then(|low| low.yesterday().ok());
            period.low = None;
            period.bound = Bound::LessThan;
        }
        (Bound::MoreThan | Bound::AtLeast, Side::After) => {
            period.high = None;
            period.bound = Bound::AtLeast;
        }
        (Bound::LessThan | Bound::AtMost, Side::Before) => {
            period.high = base.0.yesterday().ok();
            period.bound = Bound::Exact;
        }
        (Bound::LessThan | Bound::AtMost, Side::After) => {
            period.high = period.high.and_then(|high| high.yesterday().ok());
            period.low = Some(base.0);
            period.bound = Bound::Exact;
        }
        _ => {}
    }
}

/// `in two years since 2011`: so long after the date began.
pub(super) fn since(
    tokens: &Tokens<'_>,
    at: usize,
    length: &Length,
    context: &ReadContext,
) -> Option<Found> {
    let link = length.next;
    let word = tokens.is(link, Role::Since) && !tokens.is(link, Role::RangeOpen);
    if !word || !tokens.is_ascii(link) || !tokens.joined(link) || !tokens.joined(link + 1) {
        return None;
    }
    let point = date::inner(tokens, link + 1, context, 1)?;
    let (low, _) = point.days(tokens, context)?;
    let day = length.from(low, 1)?;
    let told = ((day, day), Grain::Day, point.next);
    Some(found(tokens, at, told, length.bound, Some(*length)))
}

/// `for 10 days` behind a day, 起三年 behind a date: the last of the days, and the length with the token after it.
pub(super) fn lasting(tokens: &Tokens<'_>, at: usize, days: Days) -> Option<(Date, Length)> {
    let day = days.0;
    let english = tokens.value(at, Role::DateFiller) == Some(1) && days.0 == days.1;
    let from = tokens.is(at, Role::Since)
        && !tokens.is(at, Role::RangeOpen)
        && !tokens.is_ascii(at)
        && tokens.gap(at + 1) == Gap::None;
    if !(english || from) || !tokens.joined(at) {
        return None;
    }
    let length = tokens
        .joined(at + 1)
        .then(|| length::read(tokens, at + 1))
        .flatten()?;
    let plain = length.bound == Bound::Exact && !length.rough && !length.per();
    if !plain || !(1..=5).contains(&length.kind()) {
        return None;
    }
    let last = length.from(day, 1)?.yesterday().ok()?;
    (calendar::shift(day, 0)? <= last).then_some((last, length))
}

/// 截至6月30日止三个月, 截至6月底的六个月, 截至3月31日止年度: what ends with a period that 截至 opens.
pub(super) fn up_to(tokens: &Tokens<'_>, period: &mut PeriodReading) -> Option<Length> {
    let end = period.high?.tomorrow().ok()?;
    let mut at = period.next;
    for role in [Role::Until, Role::DateLink] {
        if tokens.is(at, role) && tokens.gap(at) == Gap::None && !tokens.is_ascii(at) {
            at += 1;
        }
    }
    if at == period.next || tokens.gap(at) != Gap::None {
        return None;
    }
    let length = if tokens.is(at, Role::YearMark) && tokens.value(at, Role::YearMark) == Some(0) {
        let mut year = Length::plain(5, 1);
        year.next = at + 1;
        year
    } else {
        length::read(tokens, at).filter(|length| (3..=5).contains(&length.kind()))?
    };
    if length.rough || length.bound != Bound::Exact {
        return None;
    }
    period.low = Some(length.from(end, -1)?);
    period.grain = length.grain();
    period.next = length.next;
    period.end = tokens.end(length.next.saturating_sub(1));
    period.hedge_end = period.end;
    Some(length)
}

fn absolute(found: &mut Found) {
    if let Some(What::Period(period)) = &mut found.readings[0] {
        period.rules = Default::default();
        period.rules.add(super::super::rules::Rule::Absolute);
    }
}
