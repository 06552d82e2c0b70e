//! Quarters and halves: Q3, 第三季度, the second half of this year, 3Q25.

use hedui_text::lexicon::quantities::{Role, Roles};

use super::super::ReadContext;
use super::super::reading::Grain;
use super::super::token::{Gap, Tokens};
use super::beside::ending;
use super::day::day_number;
use super::part::part_behind;
use super::point::Point;
use super::small_number::small_number;
use super::year::{whole_year, year_first};
use super::year_behind::{pointed_year, year_digits};

/// A quarter or half with the year behind it, or alone.
pub(super) fn quarter_first(
    tokens: &Tokens<'_>,
    at: usize,
    context: &ReadContext,
    depth: u8,
) -> Option<Point> {
    let fiscal_first = tokens.is(at, Role::Fiscal) && tokens.is_ascii(at) && tokens.joined(at + 1);
    let start = at + usize::from(fiscal_first);
    let mut point = if let Some((quarter, next, fiscal)) = quarter_at(tokens, start) {
        let fiscal = fiscal || fiscal_first;
        let point = Point {
            quarter: i8::try_from(quarter).ok(),
            grain: Grain::Quarter,
            fiscal,
            ..Point::new(next)
        };
        // The quarter ended June 30: the day tells it, whatever its number.
        if tokens.is(next, Role::Ended)
            && let Some(ended) = ending(tokens, next, (4, 1), context, depth)
        {
            return Some(Point { fiscal, ..ended });
        }
        point
    } else if let Some(half) = tokens.value(at, Role::HalfYear) {
        Point {
            half: i8::try_from(half).ok(),
            grain: Grain::Half,
            ..Point::new(at + 1)
        }
    } else {
        return None;
    };
    if tokens.is_ascii(at) {
        point = year_behind(tokens, point, context);
    }
    Some(part_behind(tokens, point))
}

/// Q3, 第三季度, third quarter: number, next token, whether fiscal.
pub(super) fn quarter_at(tokens: &Tokens<'_>, at: usize) -> Option<(i64, usize, bool)> {
    let fiscal_form =
        |index: usize| tokens.is(index, Role::FiscalMark) || tokens.is(index, Role::Fiscal);
    if let Some(quarter) = tokens.value(at, Role::Quarter) {
        // 《…》第一季 is the first season of a show.
        if tokens
            .text
            .get(..tokens.start(at))
            .is_some_and(|before| before.ends_with('\u{300B}'))
        {
            return None;
        }
        let mut next = at + 1;
        if tokens.is(next, Role::QuarterMark) && tokens.gap(next) == Gap::None {
            next += 1;
        }
        return Some((quarter, next, fiscal_form(at)));
    }
    let prefixed = tokens.is(at, Role::OrdinalPrefix);
    let start = at + usize::from(prefixed);
    let (number, mut next) = if let Some(number) = tokens
        .value(start, Role::Ordinal)
        .or_else(|| first(tokens, start))
        .filter(|_| !tokens.is(start, Role::QuarterMark))
    {
        (number, start + 1)
    } else if prefixed || tokens.numeral(start).is_some() {
        day_number(tokens, start)
            .map(|(number, next)| (i64::from(number), next))
            .or_else(|| small_number(tokens, start, 4))?
    } else {
        return None;
    };
    if tokens.is_hyphen(next) && tokens.gap(next) == Gap::None {
        next += 1;
    }
    let fiscal = tokens.is(next, Role::Fiscal) && tokens.is_ascii(next);
    if fiscal && tokens.joined(next) {
        next += 1;
    }
    if !(1..=4).contains(&number) || !tokens.joined(next) || !tokens.is(next, Role::QuarterMark) {
        return None;
    }
    // *4 quarters* and 4季 without an ordinal are counts.
    if tokens.numeral(start).is_some() && !prefixed && next == start + 1 && tokens.is_ascii(next) {
        return None;
    }
    Some((number, next + 1, fiscal || fiscal_form(next)))
}

/// *The first* and *opening* are words of their own.
fn first(tokens: &Tokens<'_>, at: usize) -> Option<i64> {
    tokens
        .value(at, Role::Leading)
        .filter(|edge| *edge == 1 && tokens.is_ascii(at))
}

/// The year behind a quarter, half or part: `of 2025`, `of fiscal 2026`, `2025`, `this year`, `of the year`.
fn year_behind(tokens: &Tokens<'_>, mut point: Point, context: &ReadContext) -> Point {
    let mut at = point.next;
    for _ in 0..3 {
        if tokens.is(at, Role::DateLink)
            && tokens.joined(at)
            && (tokens.period_kind(at).is_none() || tokens.numeral(at + 1).is_some())
        {
            at += 1;
        }
    }
    if tokens.is_hyphen(at) && tokens.gap(at) == Gap::None {
        at += 1;
    }
    if !tokens.joined(at) {
        return point;
    }
    if let Some(year) = year_first(tokens, at, context) {
        point.year = year.year;
        point.fiscal |= year.fiscal;
        point.relative |= year.relative;
        point.next = year.next;
        return point;
    }
    // The first quarter of 2025 sales: a noun behind counts nothing here.
    if let Some((year, next)) = year_digits(tokens, at, 4).filter(|(_, next)| {
        let measured = Roles::of(&[Role::Unit, Role::Currency, Role::Scale, Role::Myriad]);
        at > point.next && !(tokens.joined(*next) && tokens.any(*next, measured))
    }) {
        point.year = Some(year);
        point.next = next;
        return point;
    }
    // 3Q25
    if tokens.gap(at) == Gap::None
        && let Some(year) = tokens.plain_integer(at)
        && let Some(year) = whole_year(year, tokens.end(at) - tokens.start(at))
    {
        point.year = Some(year);
        point.next = at + 1;
        return point;
    }
    if let Some((days, next)) = pointed_year(tokens, at, context) {
        point.year = Some(days.0.year());
        point.relative = true;
        point.next = next;
    }
    point
}
