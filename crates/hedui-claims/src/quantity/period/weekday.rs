//! Weekdays: 周五, 上周三, Tuesday, March 4.

use hedui_text::lexicon::quantities::{Role, Roles};
use jiff::civil::Date;

use super::super::ReadContext;
use super::super::reading::Grain;
use super::super::token::Tokens;
use super::calendar;
use super::clock::part_at;
use super::day::day_first;
use super::month::month_first;
use super::point::Point;
use super::pointed::pointed;
use super::timed::AT;
use super::year_behind::ends_clause;

/// A weekday alone: the last one, as in a report; in a text that is nothing else, the next one.
pub(super) fn weekday(tokens: &Tokens<'_>, at: usize, context: &ReadContext) -> Option<Point> {
    let number = tokens.value(at, Role::Weekday)?;
    let reference = context.reference?;
    if let Some(point) = bracketed_day(tokens, at, true) {
        return Some(on_weekday(point, number, reference).unwrap_or(point));
    }
    let mut next = at + 1;
    // Tuesday, March 4; Tuesday the 19th; 禮拜天, 二月十號: the date says it all.
    let mut dated = next;
    while dated < next + 2
        && tokens.any(dated, Roles::of(&[Role::DateLink, Role::DateFiller]))
        && tokens.joined(dated)
    {
        dated += 1;
    }
    if tokens.joined(dated) && dated <= next + 2 {
        let month = tokens
            .is(dated, Role::Month)
            .then(|| month_first(tokens, dated, context))
            .flatten();
        let date = month.or_else(|| {
            day_first(tokens, dated, context, true)
                .filter(|point| point.month.is_some() || point.day.is_some())
        });
        if let Some(point) = date.filter(|point| point.day.is_some() || point.fixed.is_some()) {
            return Some(on_weekday(point, number, reference).unwrap_or(point));
        }
        if let Some(point) = day_of_month(tokens, next, dated, number, reference) {
            return Some(point);
        }
    }
    if let Some(point) = after_next(tokens, at, number, reference) {
        return Some(point);
    }
    // Wednesday of next week, Wednesday evening next week.
    let part_of_day = part_at(tokens, next).filter(|_| {
        tokens.is_ascii(next) && tokens.joined(next) && tokens.is(next, Role::PartOfDay)
    });
    let after = next + usize::from(part_of_day.is_some());
    let of = after
        + usize::from(
            tokens.is(after, Role::DateLink) && tokens.is_ascii(after) && tokens.joined(after),
        );
    if tokens.joined(of)
        && let Some(distance) = tokens
            .value(of, Role::Pointer)
            .filter(|_| tokens.is_ascii(of))
        && let Some(week) = pointed(tokens, of, distance, reference)
        && week.grain == Grain::Week
        && week.next == of + 2
        && let Some((monday, _)) = week.fixed
    {
        let day = calendar::shift(monday, number - 1)?;
        return Some(Point {
            relative: true,
            part_of_day,
            ..Point::fixed((day, day), Grain::Day, week.next)
        });
    }
    let wanted = calendar::weekday(number)?.to_monday_one_offset();
    let today = reference.weekday().to_monday_one_offset();
    let back = i64::from((today - wanted).rem_euclid(7));
    if tokens.is(next, Role::RelativeWeek) {
        next = at + 1;
    }
    let alone = tokens.trimmed <= tokens.end(next.saturating_sub(1)) - tokens.start(at) + 3;
    let distance = if alone { 7 - back } else { -back };
    let day = calendar::shift(reference, distance)?;
    Some(Point {
        relative: true,
        is_weekday: true,
        ..Point::fixed((day, day), Grain::Day, next)
    })
}

/// 3月4日星期二, 3月4日(周二): the weekday adds nothing.
pub(super) fn weekday_behind(tokens: &Tokens<'_>, mut point: Point) -> Point {
    let at = point.next;
    if !tokens.is(at, Role::Weekday) || tokens.is_ascii(at) {
        return point;
    }
    let gap = tokens
        .text
        .get(tokens.end(at.saturating_sub(1))..tokens.start(at))
        .unwrap_or_default();
    let bracketed = gap.trim() == "(" && tokens.byte_at(tokens.end(at)) == b')';
    if tokens.joined(at) || bracketed {
        point.next = at + 1;
        point.tail = usize::from(bracketed);
    }
    point
}

/// Friday 31: a bare number is a day of the month where nothing follows it and both agree.
fn day_of_month(
    tokens: &Tokens<'_>,
    next: usize,
    at: usize,
    weekday: i64,
    reference: Date,
) -> Option<Point> {
    let day = tokens
        .plain_integer(at)
        .filter(|day| (1..=31).contains(day))?;
    let linked = tokens.any(next, Roles::of(&[Role::Article, Role::DateFiller]))
        && tokens.value(next, Role::DateFiller) != Some(AT);
    if at > next && !linked || !ends_clause(tokens, at) {
        return None;
    }
    let point = Point {
        day: i8::try_from(day).ok(),
        grain: Grain::Day,
        ..Point::new(at + 1)
    };
    on_weekday(point, weekday, reference)
}

/// `Friday after next`: the second one to come.
fn after_next(tokens: &Tokens<'_>, at: usize, weekday: i64, reference: Date) -> Option<Point> {
    let pointer = at + 2;
    if !tokens.is(at + 1, Role::After)
        || tokens.value(pointer, Role::Pointer) != Some(1)
        || !tokens.is_ascii(pointer)
        || !tokens.joined(at + 1)
        || !tokens.joined(pointer)
        || tokens.joined(pointer + 1) && tokens.period_kind(pointer + 1).is_some()
    {
        return None;
    }
    let day = calendar::shift(upcoming(reference, weekday)?, 7)?;
    Some(Point {
        relative: true,
        ..Point::fixed((day, day), Grain::Day, pointer + 1)
    })
}

/// The first such weekday after a day.
pub(super) fn upcoming(day: Date, weekday: i64) -> Option<Date> {
    let wanted = i64::from(calendar::weekday(weekday)?.to_monday_zero_offset());
    let today = i64::from(day.weekday().to_monday_zero_offset());
    let ahead = (wanted - today).rem_euclid(7);
    calendar::shift(day, if ahead == 0 { 7 } else { ahead })
}

/// The weekday as *last* or *this past* points at it. The working week that a weekend closes counts as the last one.
pub(super) fn last(day: Date, weekday: i64, nearest: bool) -> Option<Date> {
    let recent = calendar::shift(upcoming(day, weekday)?, -7)?;
    let recent = if recent == day {
        calendar::shift(recent, -7)?
    } else {
        recent
    };
    let weekend = day.weekday().to_monday_one_offset() > 5;
    let monday = calendar::week(day, 0)?.0;
    if nearest || weekend || recent < monday {
        return Some(recent);
    }
    calendar::shift(recent, -7)
}

/// A day with its weekday: the nearest such day on which both are right, where the year or the month is not said.
fn on_weekday(point: Point, weekday: i64, reference: Date) -> Option<Point> {
    let day = point
        .day
        .filter(|_| point.fixed.is_none() && point.year.is_none())?;
    let wanted = calendar::weekday(weekday)?;
    if let Some(month) = point.month {
        let mut years = [0, -1, 1, -2, 2, -3, 3].into_iter();
        return years.find_map(|distance| {
            let year = reference.year().checked_add(distance)?;
            let (date, _) = calendar::day(year, month, day)?;
            (date.weekday() == wanted).then(|| Point {
                tail: point.tail,
                ..Point::fixed((date, date), Grain::Day, point.next)
            })
        });
    }
    [0, 1, -1, 2, -2, 3, -3].into_iter().find_map(|distance| {
        let (year, month) = calendar::month_from(reference, distance)?;
        let (date, _) = calendar::day(year, month, day)?;
        (date.weekday() == wanted).then(|| Point {
            tail: point.tail,
            ..Point::fixed((date, date), Grain::Day, point.next)
        })
    })
}

/// 今（16）日, 週三（10日）: the day in brackets says it.
pub(super) fn bracketed_day(tokens: &Tokens<'_>, at: usize, mark_inside: bool) -> Option<Point> {
    let gap = |left: usize| tokens.text.get(tokens.end(left)..tokens.start(left + 1));
    let day = tokens
        .plain_integer(at + 1)
        .filter(|day| (1..=31).contains(day))?;
    let (opening, closing) = (gap(at)?, gap(at + 1)?);
    if opening.trim() != "(" || !tokens.is(at + 2, Role::DayMark) {
        return None;
    }
    let inside = mark_inside && closing.is_empty() && tokens.byte_at(tokens.end(at + 2)) == b')';
    if !inside && closing.trim() != ")" {
        return None;
    }
    Some(Point {
        day: i8::try_from(day).ok(),
        grain: Grain::Day,
        relative: true,
        tail: usize::from(inside),
        ..Point::new(at + 3)
    })
}

/// The digit of a weekday behind 上周: 一 to 六, 日, 天.
pub(super) fn week_digit(tokens: &Tokens<'_>, at: usize) -> Option<i64> {
    if tokens.is_ascii(at) {
        return None;
    }
    if let Some(digit) = tokens.value(at, Role::Digit) {
        return (1..=6).contains(&digit).then_some(digit);
    }
    (tokens.is(at, Role::DayMark) && !tokens.is(at, Role::NameAfter)
        || tokens
            .value(at, Role::Unit)
            .and_then(|unit| tokens.lexicon.unit(unit))
            .is_some_and(|unit| unit.period == Some(1) && tokens.form(at).chars().count() == 1))
    .then_some(7)
}
