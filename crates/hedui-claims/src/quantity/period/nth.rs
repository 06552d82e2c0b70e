//! The nth day, weekday, week or month of a period, counted from either end: the first Monday of March 2014, the last
//! three weeks of this year, the second last week of October, 十月的第一周, 上月最后五天.

use hedui_text::lexicon::quantities::{Role, Roles};

use super::super::ReadContext;
use super::super::reading::Grain;
use super::super::token::{Gap, Tokens};
use super::calendar::{self, Days};
use super::date;
use super::day::day_number;
use super::point::Point;
use super::pointed::period_from;
use super::small_number::{english_number, small_number};
use super::year_behind::ends_clause;
use super::year_part::first_months;

/// What is counted inside a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Counted {
    /// A day of the week, from 1 for Monday.
    Weekday(i64),
    /// A period of a kind: see `Role::Period`.
    Kind(i64),
}

/// Which of them: the first is 1, the last -1; and how many from there on.
#[derive(Clone, Copy, Debug)]
struct Which {
    count: i64,
    number: i64,
}

/// `the first Monday of March 2014`, `20th day of next month`, `the last 3 weeks of this year`.
pub(super) fn nth_front(
    tokens: &Tokens<'_>,
    at: usize,
    context: &ReadContext,
    depth: u8,
) -> Option<Point> {
    let (count, after) = which(tokens, at)?;
    let (number, counted_at) = match english_number(tokens, after, 366) {
        Some((number, next)) if count.abs() == 1 && number > 1 && tokens.joined(after) => {
            (number, next)
        }
        _ => (1, after),
    };
    if !tokens.joined(counted_at) || !tokens.is_ascii(counted_at) {
        return None;
    }
    let counted = counted(tokens, counted_at)?;
    if counted == Counted::Kind(4) && count > 0 && number == 1 {
        // A quarter by number may be fiscal and is read as such.
        return None;
    }
    let Some(whole) = holder(tokens, counted_at + 1, context, depth) else {
        return first_of_this_year(
            tokens,
            counted,
            Which { count, number },
            counted_at,
            context,
        );
    };
    let days = whole.days(tokens, context)?;
    let (days, grain) = pick(days, whole.grain, counted, Which { count, number })?;
    Some(Point {
        relative: whole.relative,
        fiscal: whole.fiscal,
        ..Point::fixed(days, grain, whole.next)
    })
}

/// *In the first nine months* of a report are those of the year; nothing may follow that they could be the first of.
fn first_of_this_year(
    tokens: &Tokens<'_>,
    counted: Counted,
    which: Which,
    at: usize,
    context: &ReadContext,
) -> Option<Point> {
    let each = match counted {
        Counted::Kind(3) => 1,
        Counted::Kind(4) => 3,
        _ => return None,
    };
    let several = which.count == 1 && which.number > 1;
    if !several || !tokens.form(at).ends_with('s') || !ends_clause(tokens, at) {
        return None;
    }
    let days = first_months(which.number.checked_mul(each)?, None, context)?;
    Some(Point {
        relative: true,
        ..Point::fixed(days, Grain::Month, at + 1)
    })
}

/// First, 20th, twenty-third, last, second last, third to last; the token after it.
fn which(tokens: &Tokens<'_>, at: usize) -> Option<(i64, usize)> {
    if !tokens.is_ascii(at) {
        return None;
    }
    if tokens.is(at, Role::Leading) {
        return Some((tokens.value(at, Role::Leading)?, at + 1));
    }
    let (number, next) = day_number(tokens, at).filter(|(_, next)| {
        let last = next.saturating_sub(1);
        tokens.any(last, Roles::of(&[Role::Ordinal, Role::OrdinalSuffix]))
            && !tokens.is(last, Role::QuarterMark)
    })?;
    let mut behind = next;
    if tokens.is(behind, Role::RangeLink) && tokens.joined(behind) && tokens.is_ascii(behind) {
        behind += 1;
    }
    let from_the_end = tokens.is_ascii(behind)
        && tokens.joined(behind)
        && tokens.value(behind, Role::Leading) == Some(-1);
    if from_the_end && number > 1 {
        return Some((-i64::from(number), behind + 1));
    }
    Some((i64::from(number), next))
}

fn counted(tokens: &Tokens<'_>, at: usize) -> Option<Counted> {
    if let Some(weekday) = tokens.value(at, Role::Weekday) {
        return Some(Counted::Weekday(weekday));
    }
    let kind = tokens
        .value(at, Role::Period)
        .or_else(|| tokens.period_kind(at))?;
    (1..=7).contains(&kind).then_some(Counted::Kind(kind))
}

/// `of March 2014`, `of next month`, `in the month`: the period inside which is counted.
fn holder(tokens: &Tokens<'_>, linked: usize, context: &ReadContext, depth: u8) -> Option<Point> {
    let mut next = linked;
    while next < linked + 3
        && tokens.any(next, Roles::of(&[Role::DateLink, Role::DateFiller]))
        && tokens.joined(next)
        && !tokens.any(next, Roles::of(&[Role::Pointer, Role::ListLink]))
        && tokens.period_kind(next).is_none()
    {
        next += 1;
    }
    if next == linked || !tokens.joined(next) {
        return None;
    }
    if let Some(point) = date::inner(tokens, next, context, depth) {
        return Some(point);
    }
    this_one(tokens, next, context)
}

/// `the month`, `the year` behind *of*: the one that is.
pub(super) fn this_one(tokens: &Tokens<'_>, at: usize, context: &ReadContext) -> Option<Point> {
    // *Mid-century* is a style; *the end of the century* is read with its article.
    let linked = at
        .checked_sub(1)
        .is_some_and(|before| tokens.any(before, Roles::of(&[Role::DateLink, Role::DateFiller])));
    let kind = tokens.period_kind(at).filter(|kind| *kind < 9 || linked)?;
    if tokens.form(at).ends_with('s') || !tokens.is_ascii(at) {
        return None;
    }
    let (days, grain) = period_from(context.reference?, kind, 0)?;
    Some(Point {
        relative: true,
        ..Point::fixed(days, grain, at + 1)
    })
}

/// Finds in a period the ones that are meant.
fn pick(days: Days, grain: Grain, counted: Counted, which: Which) -> Option<(Days, Grain)> {
    let (low, high) = days;
    let inside = |found: Days| (low <= found.0 && found.1 <= high).then_some(found);
    let skipped = which.count.abs() - 1;
    let more = which.number - 1;
    match counted {
        Counted::Kind(1) if grain >= Grain::Week => {
            let first = if which.count > 0 {
                calendar::shift(low, skipped)?
            } else {
                calendar::shift(high, -skipped - more)?
            };
            let found = inside((first, calendar::shift(first, more)?))?;
            Some((found, if more == 0 { Grain::Day } else { Grain::Week }))
        }
        Counted::Weekday(weekday) if grain >= Grain::Month => {
            let day = nth_day(days, weekday, which.count)?;
            Some((inside((day, day))?, Grain::Day))
        }
        Counted::Kind(7) if grain >= Grain::Month => {
            let saturday = nth_day(days, 6, which.count)?;
            Some(((saturday, calendar::shift(saturday, 1)?), Grain::Day))
        }
        Counted::Kind(2) if grain >= Grain::Month => {
            // A week is of the period in which most of it lies.
            let first = if which.count > 0 {
                calendar::shift(calendar::week(calendar::shift(low, 3)?, 0)?.0, 7 * skipped)?
            } else {
                calendar::shift(
                    calendar::week(calendar::shift(high, -3)?, 0)?.0,
                    -7 * (skipped + more),
                )?
            };
            Some(((first, calendar::shift(first, 7 * more + 6)?), Grain::Week))
        }
        Counted::Kind(3) if grain >= Grain::Quarter => {
            Some((inside(months(days, which, 1)?)?, Grain::Month))
        }
        Counted::Kind(4) if grain >= Grain::Half => {
            Some((inside(months(days, which, 3)?)?, Grain::Quarter))
        }
        Counted::Kind(5) if grain >= Grain::Decade => {
            Some((inside(months(days, which, 12)?)?, Grain::Year))
        }
        _ => None,
    }
}

/// The months from the nth group of so many months on.
fn months((low, high): Days, which: Which, each: i64) -> Option<Days> {
    let skipped = (which.count.abs() - 1) * each;
    let length = which.number * each;
    if which.count > 0 {
        let first = calendar::shift_months(low, skipped)?;
        return Some((
            first,
            calendar::shift_months(first, length)?.yesterday().ok()?,
        ));
    }
    let end = calendar::shift_months(high.tomorrow().ok()?, -skipped)?;
    Some((calendar::shift_months(end, -length)?, end.yesterday().ok()?))
}

/// The nth such weekday of a period, from its end where the number is negative.
fn nth_day((low, high): Days, weekday: i64, count: i64) -> Option<jiff::civil::Date> {
    let wanted = i64::from(calendar::weekday(weekday)?.to_monday_zero_offset());
    let offset = |day: jiff::civil::Date| i64::from(day.weekday().to_monday_zero_offset());
    if count > 0 {
        let first = calendar::shift(low, (wanted - offset(low)).rem_euclid(7))?;
        return calendar::shift(first, 7 * (count - 1));
    }
    let last = calendar::shift(high, -(offset(high) - wanted).rem_euclid(7))?;
    calendar::shift(last, 7 * (count + 1))
}

/// 十月的第一周, 2月份第二周, 十月第一个星期一, 2021年的第三个月, 上月最后五天: behind the period.
pub(super) fn nth_inside(tokens: &Tokens<'_>, point: Point, context: &ReadContext) -> Point {
    nth_of(tokens, &point, context).unwrap_or(point)
}

fn nth_of(tokens: &Tokens<'_>, point: &Point, context: &ReadContext) -> Option<Point> {
    if point.grain < Grain::Month || point.part.is_some() || point.third.is_some() {
        return None;
    }
    let mut at = point.next
        + usize::from(tokens.is(point.next, Role::DateLink) && !tokens.is_ascii(point.next));
    if !tokens.joined(at) || tokens.is_ascii(at) {
        return None;
    }
    let mut which = Which {
        count: 1,
        number: 1,
    };
    if let Some(ordinal) = tokens.value(at, Role::Ordinal) {
        which.count = ordinal;
        at += 1;
    } else if tokens.is(at, Role::OrdinalPrefix) {
        (which.count, at) = small_number(tokens, at + 1, 366)?;
    } else if let Some(edge) = tokens
        .value(at, Role::Leading)
        .filter(|edge| *edge > 0 || !tokens.is(at, Role::After))
    {
        which.count = edge;
        (which.number, at) = small_number(tokens, at + 1, 366)?;
    } else {
        return None;
    }
    if which.number < 1 || which.count == 0 {
        return None;
    }
    if tokens.is(at, Role::Classifier) && tokens.joined(at) && !tokens.is(at, Role::Unit) {
        at += 1;
    }
    if !tokens.joined(at) {
        return None;
    }
    let days = point.days(tokens, context)?;
    let (counted, next) = counted_behind(tokens, at)?;
    let (days, grain) = if counted == Counted::Kind(2) && point.grain != Grain::Year {
        (mondays(days, which)?, Grain::Week)
    } else {
        pick(days, point.grain, counted, which)?
    };
    Some(Point {
        relative: point.relative,
        fiscal: point.fiscal,
        ..Point::fixed(days, grain, next)
    })
}

/// 星期一, 周, 个月, 天: what is counted, and the token after it. 个星期 with a digit behind is a weekday.
fn counted_behind(tokens: &Tokens<'_>, at: usize) -> Option<(Counted, usize)> {
    if let Some(weekday) = tokens.value(at, Role::Weekday) {
        return Some((Counted::Weekday(weekday), at + 1));
    }
    if tokens.is(at, Role::MonthMark) {
        return Some((Counted::Kind(3), at + 1));
    }
    let kind = tokens.period_kind(at)?;
    if kind == 2
        && let Some(weekday) = super::weekday::week_digit(tokens, at + 1)
        && tokens.gap(at + 1) == Gap::None
    {
        return Some((Counted::Weekday(weekday), at + 2));
    }
    (1..=5)
        .contains(&kind)
        .then_some((Counted::Kind(kind), at + 1))
}

/// Weeks of a period as Chinese counts them: the first is that of the first Monday.
fn mondays((low, high): Days, which: Which) -> Option<Days> {
    let more = which.number - 1;
    let first = if which.count > 0 {
        nth_day((low, high), 1, which.count)?
    } else {
        calendar::shift(calendar::week(high, 0)?.0, 7 * (which.count + 1 - more))?
    };
    Some((first, calendar::shift(first, 7 * more + 6)?))
}
