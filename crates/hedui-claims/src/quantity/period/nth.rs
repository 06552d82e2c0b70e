//! The nth day, weekday, week or month of a period: the first Monday of March 2014, 十月的第一周.

use hedui_text::lexicon::quantities::{Role, Roles};

use super::super::ReadContext;
use super::super::reading::Grain;
use super::super::token::{Gap, Tokens};
use super::calendar::{self, Days};
use super::date::read;
use super::point::Point;
use super::small_number::small_number;

/// `the first Monday of March 2014`, 十月第一个星期一, `third day of October`.
pub(super) fn nth_weekday(tokens: &Tokens<'_>, at: usize, context: &ReadContext) -> Option<Point> {
    let count = match tokens
        .value(at, Role::Ordinal)
        .filter(|_| tokens.is_ascii(at))
    {
        Some(ordinal) => ordinal,
        None if tokens.value(at, Role::Pointer) == Some(-1) && tokens.is_ascii(at) => -1,
        None => return None,
    };
    let weekday = tokens
        .value(at + 1, Role::Weekday)
        .filter(|_| tokens.joined(at + 1));
    let unit = tokens
        .value(at + 1, Role::Unit)
        .and_then(|unit| tokens.lexicon.unit(unit))
        .filter(|_| tokens.joined(at + 1));
    let is_day = unit.is_some_and(|unit| unit.period == Some(1));
    let is_week = unit.is_some_and(|unit| unit.period == Some(2));
    if weekday.is_none() && !is_day && !is_week {
        return None;
    }
    let mut next = at + 2;
    let linked = next;
    while next < linked + 2
        && tokens.any(next, Roles::of(&[Role::DateLink, Role::DateFiller]))
        && tokens.joined(next)
    {
        next += 1;
    }
    if next == linked || !tokens.joined(next) {
        return None;
    }
    let month = read(tokens, next, context, false)?;
    if month.grain != Grain::Month && !(is_week && month.grain == Grain::Year) {
        return None;
    }
    let (low, high) = month.days(context)?;
    let found = |days: Days, grain: Grain| {
        Some(Point {
            relative: month.relative,
            ..Point::fixed(days, grain, month.next)
        })
    };
    if is_day {
        let day = if count < 0 {
            high
        } else {
            calendar::shift(low, count - 1)?
        };
        return found((day, day), Grain::Day);
    }
    if is_week {
        let first = calendar::week(calendar::shift(low, 3)?, 0)?;
        let days = if count < 0 {
            calendar::week(calendar::shift(high, -3)?, 0)?
        } else {
            (
                calendar::shift(first.0, 7 * (count - 1))?,
                calendar::shift(first.1, 7 * (count - 1))?,
            )
        };
        return found(days, Grain::Week);
    }
    let weekday = calendar::weekday(weekday?)?;
    let nth = i8::try_from(count).ok()?;
    let day = low.nth_weekday_of_month(nth, weekday).ok()?;
    found((day, day), Grain::Day)
}

/// 十月的第一周, 2月份第二周, 十月第一个星期一, 2021年的第三个月: the nth week, weekday or month of a period.
pub(super) fn nth_inside(tokens: &Tokens<'_>, point: Point, context: &ReadContext) -> Point {
    nth_of(tokens, &point, context).unwrap_or(point)
}

fn nth_of(tokens: &Tokens<'_>, point: &Point, context: &ReadContext) -> Option<Point> {
    if !matches!(point.grain, Grain::Month | Grain::Year) || point.part.is_some() {
        return None;
    }
    let mut at = point.next
        + usize::from(tokens.is(point.next, Role::DateLink) && !tokens.is_ascii(point.next));
    if tokens.is_ascii(at) || !tokens.joined(at) {
        return None;
    }
    let count = if let Some(ordinal) = tokens.value(at, Role::Ordinal) {
        at += 1;
        ordinal
    } else if tokens.is(at, Role::OrdinalPrefix) {
        let (count, next) = small_number(tokens, at + 1, 53)?;
        at = next;
        count
    } else if tokens.value(at, Role::Leading) == Some(-1) {
        at += 1 + usize::from(tokens.value(at + 1, Role::Digit) == Some(1));
        -1
    } else {
        return None;
    };
    if tokens.is(at, Role::Classifier) && tokens.gap(at) == Gap::None {
        at += 1;
    }
    if tokens.gap(at) != Gap::None {
        return None;
    }
    let (low, high) = point.days(context)?;
    let found = |days: Days, grain: Grain, next: usize| {
        Some(Point {
            relative: point.relative,
            ..Point::fixed(days, grain, next)
        })
    };
    if let Some(weekday) = tokens.value(at, Role::Weekday) {
        let day = low
            .nth_weekday_of_month(i8::try_from(count).ok()?, calendar::weekday(weekday)?)
            .ok()?;
        return found((day, day), Grain::Day, at + 1);
    }
    if point.grain == Grain::Year && tokens.any(at, Roles::of(&[Role::MonthMark])) && count > 0 {
        return found(
            calendar::month(low.year(), i8::try_from(count).ok()?)?,
            Grain::Month,
            at + 1,
        );
    }
    let unit = tokens
        .value(at, Role::Unit)
        .and_then(|unit| tokens.lexicon.unit(unit))?;
    if unit.period == Some(3) && point.grain == Grain::Year && count > 0 {
        return found(
            calendar::month(low.year(), i8::try_from(count).ok()?)?,
            Grain::Month,
            at + 1,
        );
    }
    if unit.period != Some(2) {
        return None;
    }
    // The first week is that of the first Monday.
    let late = i64::from(low.weekday().to_monday_zero_offset());
    let first = calendar::shift(low, (7 - late) % 7)?;
    let monday = if count < 0 {
        calendar::week(high, 0)?.0
    } else {
        calendar::shift(first, 7 * (count - 1))?
    };
    found((monday, calendar::shift(monday, 6)?), Grain::Week, at + 1)
}
