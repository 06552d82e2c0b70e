//! What stands behind a year: its month, quarter, half or end, or its first or last months.

use hedui_text::lexicon::quantities::Role;

use super::super::ReadContext;
use super::super::reading::Grain;
use super::super::token::Tokens;
use super::calendar::{self, Days};
use super::listed::pair_in;
use super::lunar;
use super::month::{after_month, month_number, month_range_start};
use super::part::part_behind;
use super::point::Point;
use super::quarter::quarter_at;
use super::season::{self, season_behind};
use super::small_number::small_number;

/// What may stand behind a year: month and day, quarter, half, part.
pub(super) fn after_year(tokens: &Tokens<'_>, mut point: Point, context: &ReadContext) -> Point {
    let mut at = point.next;
    if tokens.is(at, Role::Fiscal) && tokens.joined(at) {
        point.fiscal = true;
        point.next = at + 1;
        at += 1;
    }
    if tokens.is(at, Role::DateLink) && tokens.joined(at) && !tokens.is_ascii(at) {
        at += 1;
    }
    if !tokens.joined(at) || point.grain == Grain::Decade {
        return point;
    }
    if let Some(holiday) = tokens
        .value(at, Role::Holiday)
        .filter(|_| !tokens.is_ascii(at))
    {
        point.holiday = Some(holiday);
        point.grain = Grain::Day;
        point.next = at + 1;
        return point;
    }
    if let Some(named) = named_behind(tokens, at, &point) {
        return named;
    }
    if let Some(quarter) = quarter_at(tokens, at) {
        point.quarter = i8::try_from(quarter.0).ok();
        point.grain = Grain::Quarter;
        point.next = quarter.1;
        point.fiscal |= quarter.2;
        return part_behind(tokens, point);
    }
    if let Some(half) = tokens.value(at, Role::HalfYear) {
        point.half = i8::try_from(half).ok();
        point.grain = Grain::Half;
        point.next = at + 1;
        return point;
    }
    if let Some((month, next)) = month_number(tokens, at) {
        point.month = Some(month);
        point.grain = Grain::Month;
        point.next = next;
        return after_month(tokens, point);
    }
    if let Some(start) = month_range_start(tokens, at) {
        point.month = start.month;
        point.grain = Grain::Month;
        point.next = start.next;
        return point;
    }
    if let Some((days, next, grain)) = point
        .year
        .and_then(|year| leading(tokens, at, Some(year), context))
    {
        return Point {
            relative: point.relative,
            ..Point::fixed(days, grain, next)
        };
    }
    part_behind(tokens, point)
}

/// A season, a date of the Chinese calendar or two months or quarters behind a year: 2025年夏季, 去年八月十五, 今年一、二月.
fn named_behind(tokens: &Tokens<'_>, at: usize, point: &Point) -> Option<Point> {
    let year = point.year?;
    let named = match season_behind(tokens, at) {
        Some(season) => season::in_year(tokens, season, year, at + 1)?,
        None => pair_in(tokens, at, year).or_else(|| lunar::in_year(tokens, at, year, false))?,
    };
    Some(Point {
        relative: point.relative,
        ..named
    })
}

/// 前三季度, 前五个月 where no year is said.
pub(super) fn leading_alone(
    tokens: &Tokens<'_>,
    at: usize,
    context: &ReadContext,
) -> Option<Point> {
    if !tokens.is(at, Role::Leading) || tokens.is_ascii(at) || tokens.is(at + 1, Role::Unit) {
        return None;
    }
    let (days, next, grain) = leading(tokens, at, None, context)?;
    Some(Point {
        relative: true,
        ..Point::fixed(days, grain, next)
    })
}

/// 前五个月, 最后4个月, 前两个季度 of a year.
pub(super) fn leading(
    tokens: &Tokens<'_>,
    at: usize,
    year: Option<i16>,
    context: &ReadContext,
) -> Option<(Days, usize, Grain)> {
    let edge = tokens.value(at, Role::Leading)?;
    if let Some(quarters) = tokens
        .value(at + 1, Role::Quarter)
        .filter(|_| tokens.joined(at + 1) && edge > 0 && !tokens.is_ascii(at))
    {
        let days = first_months(quarters * 3, year, context)?;
        return Some((days, at + 2, Grain::Quarter));
    }
    let (count, next) = small_number(tokens, at + 1, 12)?;
    if !tokens.joined(at + 1) || !tokens.joined(next) {
        return None;
    }
    let kind = if tokens.is(next, Role::MonthMark) {
        3
    } else {
        tokens.period_kind(next)?
    };
    let months = match kind {
        3 => count,
        4 => count * 3,
        _ => return None,
    };
    if edge > 0 {
        return Some((first_months(months, year, context)?, next + 1, Grain::Month));
    }
    let months = month_count(months)?;
    let days = calendar::months(year?, 13 - months, 12)?;
    Some((days, next + 1, Grain::Month))
}

fn month_count(months: i64) -> Option<i8> {
    i8::try_from(months)
        .ok()
        .filter(|months| (1..=12).contains(months))
}

/// The first months of a year. Where it is not said: of this year as far as they have begun; else of the last, or, if they
/// are one or two, the ones before this month.
pub(super) fn first_months(months: i64, year: Option<i16>, context: &ReadContext) -> Option<Days> {
    let count = month_count(months)?;
    if let Some(year) = year {
        return calendar::months(year, 1, count);
    }
    let reference = context.reference?;
    let month = reference.month();
    if count <= 2 && count >= month {
        let (first_year, first) = calendar::month_from(reference, -months)?;
        let (last_year, last) = calendar::month_from(reference, -1)?;
        return Some((
            calendar::month(first_year, first)?.0,
            calendar::month(last_year, last)?.1,
        ));
    }
    calendar::months(reference.year() - i16::from(count > month), 1, count)
}
