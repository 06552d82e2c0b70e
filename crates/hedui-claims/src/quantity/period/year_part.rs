//! What stands behind a year: its month, quarter, half or end, or its first or last months.

use hedui_text::lexicon::quantities::Role;

use super::super::ReadContext;
use super::super::reading::Grain;
use super::super::token::Tokens;
use super::calendar::{self, Days};
use super::month::{after_month, month_number, month_range_start};
use super::part::part_behind;
use super::point::Point;
use super::quarter::quarter_at;
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
    if let Some((days, next, grain)) = leading(tokens, at, &point, context) {
        return Point {
            relative: point.relative,
            ..Point::fixed(days, grain, next)
        };
    }
    part_behind(tokens, point)
}

/// 前三季度, 前五个月 of this year, or of the last where this one has not come so far.
pub(super) fn leading_alone(
    tokens: &Tokens<'_>,
    at: usize,
    context: &ReadContext,
) -> Option<Point> {
    if !tokens.is(at, Role::Leading) || tokens.is_ascii(at) || tokens.is(at + 1, Role::Unit) {
        return None;
    }
    let year = context.reference?.year();
    let point = Point {
        year: Some(year),
        ..Point::new(at)
    };
    let (days, next, grain) = leading(tokens, at, &point, context)?;
    Some(Point {
        relative: true,
        ..Point::fixed(days, grain, next)
    })
}

/// 前五个月, 最后4个月, 前两个季度 of a year.
fn leading(
    tokens: &Tokens<'_>,
    at: usize,
    point: &Point,
    _context: &ReadContext,
) -> Option<(Days, usize, Grain)> {
    let edge = tokens.value(at, Role::Leading)?;
    if let Some(quarters) = tokens
        .value(at + 1, Role::Quarter)
        .filter(|_| tokens.joined(at + 1) && edge > 0 && !tokens.is_ascii(at))
    {
        let last = i8::try_from(quarters * 3).ok()?;
        return Some((
            calendar::months(point.year?, 1, last)?,
            at + 2,
            Grain::Quarter,
        ));
    }
    let (count, next) = small_number(tokens, at + 1, 12)?;
    if !tokens.joined(at + 1) || !tokens.joined(next) {
        return None;
    }
    let (per, end) = if tokens.is(next, Role::MonthMark) {
        (1, next + 1)
    } else {
        let unit = tokens
            .value(next, Role::Unit)
            .and_then(|unit| tokens.lexicon.unit(unit))?;
        match unit.period? {
            3 => (1, next + 1),
            4 => (3, next + 1),
            _ => return None,
        }
    };
    let months = i8::try_from(count * per)
        .ok()
        .filter(|months| (1..=12).contains(months))?;
    let year = point.year?;
    let days = if edge > 0 {
        calendar::months(year, 1, months)
    } else {
        calendar::months(year, 13 - months, 12)
    }?;
    Some((days, end, Grain::Month))
}
