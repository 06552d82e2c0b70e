//! Days of a month: 15 July 2025, the 15th, 15日.

use hedui_text::lexicon::quantities::{Role, Roles};

use super::super::ReadContext;
use super::super::reading::Grain;
use super::super::token::{Gap, Tokens};
use super::calendar;
use super::listed::month_of_list;
use super::month::{after_month, month_number, month_range_start};
use super::point::Point;
use super::pointed::pointed;
use super::small_number::small_number;
use super::weekday::weekday_behind;
use super::year_behind::{ends_clause, with_year};

/// 15 July 2025, 15th of July, 15日, 7月15日, 九月.
pub(super) fn day_first(
    tokens: &Tokens<'_>,
    at: usize,
    context: &ReadContext,
    bare: bool,
) -> Option<Point> {
    if let Some((month, next)) = month_number(tokens, at) {
        let point = Point {
            month: Some(month),
            grain: Grain::Month,
            ..Point::new(next)
        };
        return Some(after_month(tokens, point));
    }
    if let Some(point) = month_range_start(tokens, at) {
        return Some(point);
    }
    if let Some((day, next)) = day_number(tokens, at) {
        let mut after = next;
        while after < next + 2 && tokens.is(after, Role::DateLink) && tokens.joined(after) {
            after += 1;
        }
        if let Some(month) = tokens
            .value(after, Role::Month)
            .filter(|_| tokens.joined(after))
        {
            let point = Point {
                day: Some(day),
                month: i8::try_from(month).ok(),
                grain: Grain::Day,
                ..Point::new(after + 1)
            };
            return Some(with_year(tokens, point, context));
        }
        let suffixed = tokens.any(next - 1, Roles::of(&[Role::Ordinal, Role::OrdinalSuffix]));
        if after > next
            && tokens.value(after, Role::Pointer).is_some()
            && let Some(reference) = context.reference
            && let Some(month) = pointed(
                tokens,
                after,
                tokens.value(after, Role::Pointer)?,
                reference,
            )
            && month.grain == Grain::Month
            && let Some((first, _)) = month.fixed
        {
            return Some(Point {
                relative: true,
                ..Point::fixed(
                    calendar::day(first.year(), first.month(), day)?,
                    Grain::Day,
                    month.next,
                )
            });
        }
        let range_to_month = tokens.joined(next)
            && (tokens.is(next, Role::RangeLink) || bare && tokens.is(next, Role::RangeOpenLink))
            && ranges_to_day(tokens, next + 1);
        // From the 4th, but not *from first sale*.
        let digits = tokens.is(next - 1, Role::OrdinalSuffix);
        if digits && bare || suffixed && on_the_day(tokens, at, next) || range_to_month {
            return Some(Point {
                day: Some(day),
                grain: Grain::Day,
                ..Point::new(next)
            });
        }
    }
    let (day, next) = small_number(tokens, at, 31)?;
    let marked = day > 0
        && tokens.is(next, Role::DayMark)
        && tokens.joined(next)
        && !after_day_is_name(tokens, next + 1);
    if marked && day_not_duration(tokens, at, next) {
        let shared = month_of_list(tokens, at);
        let point = Point {
            day: i8::try_from(day).ok(),
            month: shared.map(|(month, _)| month),
            year: shared.and_then(|(_, year)| year),
            grain: Grain::Day,
            ..Point::new(next + 1)
        };
        return Some(weekday_behind(tokens, point));
    }
    None
}

/// A day: 4, 4th, the third.
pub(super) fn day_number(tokens: &Tokens<'_>, at: usize) -> Option<(i8, usize)> {
    if let Some(day) = tokens
        .value(at, Role::Ordinal)
        .filter(|_| tokens.is_ascii(at))
    {
        return ((1..=31).contains(&day) && !tokens.is(at, Role::QuarterMark))
            .then(|| Some((i8::try_from(day).ok()?, at + 1)))?;
    }
    if let Some(tens) = tokens.value(at, Role::Tens).filter(|_| tokens.is_ascii(at)) {
        let next = at + 1 + usize::from(tokens.is_hyphen(at + 1));
        let ones = tokens
            .value(next, Role::Ordinal)
            .or_else(|| tokens.value(next, Role::Digit))
            .filter(|_| tokens.joined(next) && tokens.is_ascii(next));
        let (day, end) = match ones {
            Some(ones) if tens >= 20 && ones < 10 => (tens + ones, next + 1),
            _ => (tens, at + 1),
        };
        return (day <= 31).then(|| Some((i8::try_from(day).ok()?, end)))?;
    }
    let day = tokens
        .plain_integer(at)
        .filter(|day| (1..=31).contains(day))?;
    let suffixed = tokens.is(at + 1, Role::OrdinalSuffix) && tokens.gap(at + 1) == Gap::None;
    Some((i8::try_from(day).ok()?, at + 1 + usize::from(suffixed)))
}

/// On the 18th, by the 3rd: an ordinal alone is a day where such words stand before it and nothing behind it.
fn on_the_day(tokens: &Tokens<'_>, at: usize, next: usize) -> bool {
    let (Some(article), Some(before)) = (at.checked_sub(1), at.checked_sub(2)) else {
        return false;
    };
    let announces = Roles::of(&[
        Role::DateFiller,
        Role::Since,
        Role::Until,
        Role::Before,
        Role::After,
    ]);
    tokens.is(article, Role::DateFiller)
        && tokens.is(article, Role::Filler)
        && tokens.joined(at)
        && tokens.joined(article)
        && tokens.any(before, announces)
        && !tokens.any(before, Roles::of(&[Role::DateLink, Role::RangeLink]))
        && ends_clause(tokens, next - 1)
}

/// Tells whether a day with its month or mark stands at the far end of a range of days: 13 to 15 July, 9至15日.
fn ranges_to_day(tokens: &Tokens<'_>, mut at: usize) -> bool {
    while tokens.is(at, Role::DateFiller) && tokens.joined(at) {
        at += 1;
    }
    if !tokens.joined(at) {
        return false;
    }
    let Some((_, mut next)) = day_number(tokens, at) else {
        return false;
    };
    if tokens.is(next, Role::DayMark) && tokens.joined(next) && !tokens.is(next, Role::NameAfter) {
        return true;
    }
    while tokens.is(next, Role::DateLink) && tokens.joined(next) {
        next += 1;
    }
    tokens.is(next, Role::Month) && tokens.joined(next)
}

/// 5号楼 and 5号线 are addresses; 五号 alone is a day.
fn after_day_is_name(tokens: &Tokens<'_>, at: usize) -> bool {
    tokens.gap(at) == Gap::None && tokens.is(at, Role::NameAfter)
}

/// 两日 is two days; 90日 cannot be a day of a month and never comes here.
fn day_not_duration(tokens: &Tokens<'_>, at: usize, next: usize) -> bool {
    if tokens.is(at, Role::Pair)
        || tokens.is(next, Role::NameAfter) && tokens.is(at.wrapping_sub(1), Role::NameBefore)
    {
        return false;
    }
    let behind = next + 1;
    let length = tokens.joined(behind)
        && tokens.any(behind, Roles::of(&[Role::Within]))
        && !tokens.is_ascii(behind);
    !length
}
