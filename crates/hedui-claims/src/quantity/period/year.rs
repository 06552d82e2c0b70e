//! Years: 2025年, 民國114年, 去年, FY2026, 二〇二五年. One without a mark is read by `bare_year`.

use hedui_text::lexicon::quantities::{Role, Roles};

use super::super::ReadContext;
use super::super::reading::Grain;
use super::super::token::{Gap, Tokens};
use super::bare_year::bare_year;
use super::beside::ending;
use super::calendar;
use super::decade::{han_decade, short_decade};
use super::part::part_of;
use super::point::Point;
use super::small_number::small_number;

/// The digits of a year as they are written.
#[derive(Clone, Copy, Debug)]
struct Digits {
    value: i64,
    count: usize,
    /// Whether they are Chinese.
    han: bool,
    /// The token behind them.
    next: usize,
}

/// A year and what marks it.
pub(super) fn year_first(tokens: &Tokens<'_>, at: usize, context: &ReadContext) -> Option<Point> {
    if let Some(first) = tokens.value(at, Role::Era) {
        return era(tokens, at, first);
    }
    if let Some(distance) = tokens.value(at, Role::RelativeYear) {
        return relative_year(tokens, at, distance, context);
    }
    if tokens.any(at, Roles::of(&[Role::Fiscal, Role::CalendarYear])) {
        return announced_year(tokens, at, context);
    }
    digits_year(tokens, at, context)
}

/// 去年, 今年度, 今明两年.
fn relative_year(
    tokens: &Tokens<'_>,
    at: usize,
    distance: i64,
    context: &ReadContext,
) -> Option<Point> {
    let year = context
        .reference?
        .year()
        .checked_add(i16::try_from(distance).ok()?)?;
    if let Some(count) = tokens.value(at, Role::InARow) {
        let last = year.checked_add(i16::try_from(count - 1).ok()?)?;
        let days = (calendar::year(year)?.0, calendar::year(last)?.1);
        return Some(Point {
            relative: true,
            ..Point::fixed(days, Grain::Year, at + 1)
        });
    }
    let marked = tokens.is(at + 1, Role::YearMark) && tokens.gap(at + 1) == Gap::None;
    Some(Point {
        relative: true,
        ..year_point(year, at + 1 + usize::from(marked))
    })
}

/// FY2026, fiscal 2026, CY25, the fiscal year ended January 26, 2025.
fn announced_year(tokens: &Tokens<'_>, at: usize, context: &ReadContext) -> Option<Point> {
    let mut next = at + 1;
    if tokens.is(next, Role::DateLink) && tokens.joined(next) {
        next += 1;
    }
    if let Some(ended) = ending(tokens, next, (5, 1), context, 1) {
        return Some(Point {
            fiscal: true,
            ..ended
        });
    }
    let year = tokens.plain_integer(next).filter(|_| tokens.joined(next))?;
    let year = whole_year(year, tokens.end(next) - tokens.start(next))?;
    Some(Point {
        fiscal: tokens.is(at, Role::Fiscal),
        ..year_point(year, next + 1)
    })
}

/// 民国114年, 康熙三年, 令和元年, 公元2014年: `before` is the year before the first of the era.
fn era(tokens: &Tokens<'_>, at: usize, before: i64) -> Option<Point> {
    let marks = Roles::of(&[Role::YearMark, Role::Fiscal]);
    if !tokens.joined(at + 1) {
        return None;
    }
    // A mark with a value holds the number: 元年.
    let (number, next) = match tokens.value(at + 1, Role::YearMark).filter(|one| *one > 0) {
        Some(number) => (number, at + 1),
        None if before == 0 => digits(tokens, at + 1)
            .filter(|digits| digits.count == 4)
            .map(|digits| (digits.value, digits.next))?,
        None => small_number(tokens, at + 1, 999)?,
    };
    let marked = tokens.any(next, marks) && tokens.joined(next);
    let year = i16::try_from(before + number).ok()?;
    Some(year_point(year, next + usize::from(marked)))
}

pub(super) fn whole_year(year: i64, digits: usize) -> Option<i16> {
    match (year, digits) {
        (1900..=2199, 4) => i16::try_from(year).ok(),
        (0..=99, 2) => i16::try_from(if year < 70 { 2000 + year } else { 1900 + year }).ok(),
        _ => None,
    }
}

/// A year that is told by its digits, with what stands behind them.
fn digits_year(tokens: &Tokens<'_>, at: usize, context: &ReadContext) -> Option<Point> {
    if let Some(point) = han_decade(tokens, at) {
        return Some(point);
    }
    let digits = digits(tokens, at)?;
    let next = digits.next;
    let joined = tokens.gap(next) != Gap::Other;
    if joined && tokens.is(next, Role::YearMark) {
        return marked_year(tokens, at, &digits, context);
    }
    if joined && tokens.is(next, Role::DecadeMark) {
        return in_tens(tokens, at, &digits);
    }
    if let Some(year) = roc_year(tokens, &digits, context) {
        return Some(year_point(year, next));
    }
    // 14 AD
    if joined && !digits.han && tokens.value(next, Role::Era) == Some(0) && tokens.is_ascii(next) {
        let year = i16::try_from(digits.value).ok().filter(|year| *year > 0)?;
        return Some(year_point(year, next + 1));
    }
    let year = whole_year(digits.value, digits.count)?;
    if joined && tokens.is(next, Role::Fiscal) {
        return Some(Point {
            fiscal: true,
            ..year_point(year, next + 1)
        });
    }
    if digits.count != 4 || digits.han {
        return None;
    }
    bare_year(tokens, at, year)
}

/// A year without anything more.
pub(super) fn year_point(year: i16, next: usize) -> Point {
    Point {
        year: Some(year),
        ..Point::new(next)
    }
}

/// 2025年, 二〇二五年, 25年3月, 114年度.
fn marked_year(
    tokens: &Tokens<'_>,
    at: usize,
    digits: &Digits,
    context: &ReadContext,
) -> Option<Point> {
    let year = match digits.count {
        4 => i16::try_from(digits.value).ok()?,
        2 => short_year(tokens, at, digits, context)?,
        // 民國 left out: 114年度, 114年3月.
        3 if !digits.han => of_the_republic(digits.value, context)?,
        _ => return None,
    };
    Some(year_point(year, digits.next + 1))
}

/// The 2020s, 90年代, the 90s.
fn in_tens(tokens: &Tokens<'_>, at: usize, digits: &Digits) -> Option<Point> {
    let value = digits.value;
    let year = match digits.count {
        4 => i16::try_from(value).ok()?,
        2 if tokens.is_ascii(digits.next) => short_decade(tokens, at, value)?,
        2 => i16::try_from(if value < 30 {
            2000 + value
        } else {
            1900 + value
        })
        .ok()?,
        _ => return None,
    };
    (year % 10 == 0).then(|| Point {
        grain: Grain::Decade,
        ..year_point(year, digits.next + 1)
    })
}

/// 114年底: the mark is part of the word behind.
fn roc_year(tokens: &Tokens<'_>, digits: &Digits, context: &ReadContext) -> Option<i16> {
    let part = digits.count == 3
        && tokens.gap(digits.next) == Gap::None
        && part_of(tokens, digits.next, Role::YearMark);
    part.then(|| of_the_republic(digits.value, context))?
}

/// The year of our count that a year of the Republic of China is, where a text may leave the era out.
fn of_the_republic(value: i64, context: &ReadContext) -> Option<i16> {
    let taiwan = context.region == Some(hedui_model::Region::TW);
    (taiwan && (90..=150).contains(&value)).then(|| i16::try_from(1911 + value).ok())?
}

/// Two digits before 年: a length of time unless what follows or how it is written makes it a year.
fn short_year(
    tokens: &Tokens<'_>,
    at: usize,
    digits: &Digits,
    context: &ReadContext,
) -> Option<i16> {
    let (value, after) = (digits.value, digits.next + 1);
    let month = small_number(tokens, after, 12)
        .is_some_and(|(_, next)| tokens.is(next, Role::MonthMark) && tokens.joined(next));
    let parts = Roles::of(&[
        Role::Quarter,
        Role::HalfYear,
        Role::Season,
        Role::OrdinalPrefix,
    ]);
    let dated = tokens.joined(after) && (month || tokens.any(after, parts));
    let padded =
        tokens.byte_at(tokens.start(at)) == b'0' || tokens.value(at, Role::Digit) == Some(0);
    // 九八年 is a year: as a length of time it would be 九十八年. 七八年 is seven or eight of them.
    let told = digits.han && value / 10 + 1 != value % 10 && value >= 10;
    if !dated && !padded && !told {
        return None;
    }
    let year = whole_year(value, 2)?;
    let far = context
        .reference
        .is_some_and(|reference| year > reference.year().saturating_add(10));
    Some(if told && !dated && far {
        year - 100
    } else {
        year
    })
}

/// The digits of a year: ASCII, or two or four Chinese ones in a row.
fn digits(tokens: &Tokens<'_>, at: usize) -> Option<Digits> {
    if let Some(value) = tokens.plain_integer(at) {
        return Some(Digits {
            value,
            count: tokens.end(at) - tokens.start(at),
            han: false,
            next: at + 1,
        });
    }
    let mut found = Digits {
        value: 0,
        count: 0,
        han: true,
        next: at,
    };
    while let Some(digit) = tokens.value(found.next, Role::Digit).filter(|_| {
        !tokens.is_ascii(found.next) && (found.count == 0 || tokens.gap(found.next) == Gap::None)
    }) {
        found.value = found.value.checked_mul(10)?.checked_add(digit)?;
        found.count += 1;
        found.next += 1;
        if found.count > 4 {
            return None;
        }
    }
    matches!(found.count, 2 | 4).then_some(found)
}
