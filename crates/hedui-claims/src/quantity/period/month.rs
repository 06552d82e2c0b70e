//! Months, and the day and year beside them: March 4, 2025; 3月4日; 3月底.

use hedui_text::lexicon::quantities::{Role, Roles};

use super::super::reading::Grain;
use super::super::token::{Gap, Tokens};
use super::day::day_number;
use super::part::part_of;
use super::point::Point;
use super::small_number::small_number;
use super::weekday::weekday_behind;

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
        if marked || bare {
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

/// March 4, 2025; March 2025; March 4th; March.
pub(super) fn month_first(tokens: &Tokens<'_>, at: usize) -> Option<Point> {
    let month = i8::try_from(tokens.value(at, Role::Month)?).ok()?;
    let mut point = Point {
        month: Some(month),
        grain: Grain::Month,
        ..Point::new(at + 1)
    };
    let mut next = at + 1;
    if tokens.is(next, Role::DateFiller) && tokens.joined(next) && tokens.is(next, Role::Filler) {
        next += 1;
    }
    if tokens.is_hyphen(next) && tokens.gap(next) == Gap::None {
        next += 1;
    }
    if tokens.joined(next)
        && let Some((day, after)) = day_number(tokens, next)
    {
        let unit = tokens.joined(after)
            && tokens.any(after, Roles::of(&[Role::Unit, Role::Scale, Role::Currency]));
        if !unit {
            point.day = Some(day);
            point.grain = Grain::Day;
            point.next = after;
        }
    }
    Some(with_year(tokens, point))
}

/// Adds a year that stands behind: `, 2025`, `of 2025`, `2025`, `this year`.
pub(super) fn with_year(tokens: &Tokens<'_>, mut point: Point) -> Point {
    let mut at = point.next;
    if tokens.is(at, Role::DateLink) && tokens.joined(at) {
        at += 1;
        if tokens.is(at, Role::DateLink) && tokens.joined(at) {
            at += 1;
        }
    }
    if !tokens.joined(at) {
        return point;
    }
    if let Some(year) = tokens.plain_integer(at) {
        let digits = tokens.end(at) - tokens.start(at);
        let behind = tokens.joined(at + 1)
            && tokens.any(
                at + 1,
                Roles::of(&[Role::Unit, Role::Scale, Role::Currency, Role::Noun]),
            );
        if digits == 4 && (1900..=2199).contains(&year) && !behind {
            point.year = i16::try_from(year).ok();
            point.next = at + 1;
        }
    }
    point
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
