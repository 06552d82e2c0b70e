//! Months, and the day beside them: March 4, 2025; Dec/2018; 05-Aug-2016; 3月4日; 3月底.

use hedui_text::lexicon::quantities::{Role, Roles};

use super::super::ReadContext;
use super::super::reading::Grain;
use super::super::token::{Gap, Tokens};
use super::day::day_number;
use super::listed::year_of_list;
use super::part::part_of;
use super::point::Point;
use super::small_number::small_number;
use super::weekday::weekday_behind;
use super::year_behind::{spelled_year, with_year, year_digits};

/// A month by number and mark; 3月底 is 3 and 月底.
pub(super) fn month_number(tokens: &Tokens<'_>, at: usize) -> Option<(i8, usize)> {
    if let Some(month) = tokens.value(at, Role::Month) {
        return Some((i8::try_from(month).ok()?, at + 1));
    }
    if tokens.value(at, Role::Ordinal) == Some(1)
        && !tokens.is_ascii(at)
        && tokens.is(at + 1, Role::MonthMark)
        && tokens.gap(at + 1) == Gap::None
    {
        return Some((1, at + 2));
    }
    let (month, next) = small_number(tokens, at, 12)?;
    if month < 1 || !tokens.joined(next) {
        return None;
    }
    if tokens.is(next, Role::MonthMark) {
        return Some((i8::try_from(month).ok()?, next + 1));
    }
    let month_part = tokens.gap(next) == Gap::None && part_of(tokens, next, Role::MonthMark);
    month_part.then(|| Some((i8::try_from(month).ok()?, next)))?
}

pub(super) fn after_month(tokens: &Tokens<'_>, mut point: Point) -> Point {
    let at = point.next;
    if !tokens.joined(at) {
        return point;
    }
    if let Some(third) = tokens.value(at, Role::MonthThird) {
        point.third = Some(third);
        point.next = at + 1;
        point.grain = Grain::Week;
        return point;
    }
    if let Some((day, next)) = small_number(tokens, at, 31).filter(|(day, _)| *day > 0) {
        let marked = tokens.is(next, Role::DayMark) && tokens.joined(next);
        let bare = !tokens.joined(next) && tokens.gap(at) == Gap::None && next <= at + 2;
        if marked || bare || shares_mark(tokens, day, next) {
            point.day = i8::try_from(day).ok();
            point.grain = Grain::Day;
            point.next = next + usize::from(marked);
            return weekday_behind(tokens, point);
        }
        return point;
    }
    if let Some(part) = tokens
        .value(at, Role::Part)
        .filter(|_| !tokens.is_ascii(at))
    {
        point.part = Some(part);
        point.next = at + 1;
    }
    point
}

/// Tells whether a day shares the mark of a later one, in 11月10-12日 or 11月10、12日.
fn shares_mark(tokens: &Tokens<'_>, day: i64, link: usize) -> bool {
    tokens.any(link, Roles::of(&[Role::RangeLink, Role::ListLink]))
        && tokens.joined(link)
        && tokens.joined(link + 1)
        && small_number(tokens, link + 1, 31).is_some_and(|(later, mark)| {
            later > day && tokens.is(mark, Role::DayMark) && tokens.joined(mark)
        })
}

/// March 4, 2025; March 2025; March 4th; March; Jan/3.
pub(super) fn month_first(tokens: &Tokens<'_>, at: usize, context: &ReadContext) -> Option<Point> {
    let month = i8::try_from(tokens.value(at, Role::Month)?).ok()?;
    let mut point = Point {
        month: Some(month),
        grain: Grain::Month,
        ..Point::new(at + 1)
    };
    if separated(tokens, at + 1) {
        if let Some((year, next)) = year_digits(tokens, at + 2, 4) {
            point.year = Some(year);
            point.next = next;
            return Some(point);
        }
        if let Some(day) = whole_day(tokens, at + 2) {
            point.day = Some(day);
            point.grain = Grain::Day;
            point.next = at + 3;
            return Some(year_separated(tokens, point, context));
        }
    }
    let mut next = at + 1;
    if tokens.is(next, Role::DateFiller) && tokens.joined(next) && tokens.is(next, Role::Filler) {
        next += 1;
    }
    if tokens.is_hyphen(next) && tokens.gap(next) == Gap::None {
        next += 1;
    }
    if tokens.joined(next)
        && !(tokens.is(next, Role::Tens) && spelled_year(tokens, next).is_some())
        && let Some((day, after)) = day_number(tokens, next)
    {
        let unit = tokens.joined(after)
            && tokens.any(after, Roles::of(&[Role::Unit, Role::Scale, Role::Currency]));
        if !unit {
            point.day = Some(day);
            point.grain = Grain::Day;
            point.next = after;
            // The first of a list has the year of the last: June 3 and 4, 2025.
            point.year = year_of_list(tokens, after)
                .filter(|(_, next)| *next > after + 2)
                .map(|(year, _)| year);
            if point.year.is_some() {
                return Some(point);
            }
        }
    }
    Some(with_year(tokens, point, context))
}

/// 05-Aug-2016, 22/Jan/2019, 2019/aug/01, 2020/23/Sep: a month by name between numbers, joined by one sign.
pub(super) fn month_between(
    tokens: &Tokens<'_>,
    at: usize,
    context: &ReadContext,
) -> Option<Point> {
    if !separated(tokens, at + 1) {
        return None;
    }
    let month = i8::try_from(tokens.value(at + 2, Role::Month)?).ok()?;
    let point = Point {
        month: Some(month),
        grain: Grain::Month,
        ..Point::new(at + 3)
    };
    if let Some((year, day)) = tokens.slash(at) {
        return Some(Point {
            year: Some(i16::try_from(year).ok().filter(|year| *year >= 1000)?),
            day: Some(i8::try_from(day).ok().filter(|day| *day <= 31)?),
            grain: Grain::Day,
            ..point
        });
    }
    if let Some((year, _)) = year_digits(tokens, at, 4) {
        let mut point = Point {
            year: Some(year),
            ..point
        };
        if separated(tokens, point.next)
            && let Some(day) = whole_day(tokens, point.next + 1)
        {
            point.day = Some(day);
            point.grain = Grain::Day;
            point.next += 2;
        }
        return Some(point);
    }
    let point = Point {
        day: Some(whole_day(tokens, at)?),
        grain: Grain::Day,
        ..point
    };
    Some(year_separated(tokens, point, context))
}

/// Adds a year behind one more sign: 22/Jan/2019; without one, a year as it stands behind any date.
fn year_separated(tokens: &Tokens<'_>, mut point: Point, context: &ReadContext) -> Point {
    if !separated(tokens, point.next) {
        return with_year(tokens, point, context);
    }
    let year =
        year_digits(tokens, point.next + 1, 4).or_else(|| year_digits(tokens, point.next + 1, 2));
    if let Some((year, next)) = year {
        point.year = Some(year);
        point.next = next;
    }
    point
}

/// One or two digits that are a day.
fn whole_day(tokens: &Tokens<'_>, at: usize) -> Option<i8> {
    let day = tokens
        .plain_integer(at)
        .filter(|day| (1..=31).contains(day))?;
    (tokens.end(at) - tokens.start(at) <= 2)
        .then(|| i8::try_from(day).ok())
        .flatten()
}

/// Tells whether a slash or hyphen joins what stands before and behind it.
fn separated(tokens: &Tokens<'_>, at: usize) -> bool {
    matches!(tokens.form(at), "/" | "-")
        && tokens.gap(at) == Gap::None
        && tokens.gap(at + 1) == Gap::None
}

/// The first month of 1—10月: its mark stands at the far end.
pub(super) fn month_range_start(tokens: &Tokens<'_>, at: usize) -> Option<Point> {
    let (month, link) = small_number(tokens, at, 12)?;
    if month < 1
        || !tokens.is(link, Role::RangeLink)
        || !tokens.joined(link)
        || !tokens.joined(link + 1)
    {
        return None;
    }
    let (last, mark) = small_number(tokens, link + 1, 12)?;
    if last <= month || !tokens.is(mark, Role::MonthMark) || !tokens.joined(mark) {
        return None;
    }
    Some(Point {
        month: i8::try_from(month).ok(),
        grain: Grain::Month,
        ..Point::new(link)
    })
}
