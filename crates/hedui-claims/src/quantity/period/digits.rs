//! Dates that are digits alone: 5/1, 2023/24年度, 12/08/2025.

use hedui_text::lexicon::quantities::{Role, Roles};
use jiff::civil::Date;

use super::super::ReadContext;
use super::super::reading::Grain;
use super::super::token::{TokenKind, Tokens};
use super::calendar;
use super::point::Point;

/// 5/1: month and day, only where a word of dates stands before it; the scan cannot tell it from a fraction.
pub(super) fn slash(tokens: &Tokens<'_>, at: usize, context: &ReadContext) -> Option<Point> {
    let TokenKind::Slash(first, second) = tokens.get(at)?.kind else {
        return None;
    };
    if (1990..2100).contains(&first) && second == (first + 1) % 100 {
        return year_pair(tokens, at, first, context);
    }
    let before = at.checked_sub(1).is_some_and(|before| {
        tokens.joined(at)
            && tokens.any(
                before,
                Roles::of(&[
                    Role::DateFiller,
                    Role::Since,
                    Role::Until,
                    Role::Before,
                    Role::After,
                    Role::Weekday,
                ]),
            )
            && !tokens.any(before, Roles::of(&[Role::Filler, Role::DateLink]))
    });
    let behind = tokens.joined(at + 1)
        && !tokens.is_ascii(at + 1)
        && tokens.any(
            at + 1,
            Roles::of(&[Role::Before, Role::Since, Role::After, Role::RangeLink]),
        );
    let alone = super::super::figure::alone(tokens, tokens.start(at), tokens.end(at))
        && context.reference.is_some()
        && (second > 12 || first > second);
    if !(before || behind || alone)
        || !(1..=12).contains(&first)
        || !(1..=31).contains(&second)
        || (first == 1 && second <= 4 && !behind)
    {
        return None;
    }
    Some(Point {
        month: i8::try_from(first).ok(),
        day: i8::try_from(second).ok(),
        grain: Grain::Day,
        ..Point::new(at + 1)
    })
}

/// 2023/24年度: two calendar years in one fiscal or school year.
fn year_pair(tokens: &Tokens<'_>, at: usize, first: u32, context: &ReadContext) -> Option<Point> {
    let marked =
        tokens.any(at + 1, Roles::of(&[Role::YearMark, Role::Fiscal])) && tokens.joined(at + 1);
    let year = i16::try_from(first).ok()?;
    let april = context
        .region
        .is_some_and(|region| ["JP", "HK", "GB", "IN"].contains(&region.as_str()));
    let low = if april {
        calendar::month(year, 4)?.0
    } else {
        calendar::year(year)?.0
    };
    let high = if april {
        calendar::month(year + 1, 3)?.1
    } else {
        calendar::year(year + 1)?.1
    };
    Some(Point {
        fiscal: true,
        ..Point::fixed((low, high), Grain::Year, at + 1 + usize::from(marked))
    })
}

/// Day and month in the order of the region: 12/08/2025 is in August in London.
pub(super) fn ordered(form: &str, date: Date, context: &ReadContext) -> Date {
    let day_first = context
        .region
        .is_some_and(|region| !["US", "CN", "TW", "JP", "KR", "PH"].contains(&region.as_str()));
    let shape = form.find(['/', '-']).is_some_and(|at| at <= 2);
    if !day_first || !shape || date.day() > 12 {
        return date;
    }
    Date::new(date.year(), date.day(), date.month()).unwrap_or(date)
}
