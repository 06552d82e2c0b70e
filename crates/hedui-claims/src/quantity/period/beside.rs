//! Periods that a day tells which lies in them or ends them: the week of April 10th, the quarter ended June 30, the year to
//! March; and those that lie two away: the week after next.

use hedui_text::lexicon::quantities::{Role, Roles};
use jiff::civil::Date;

use super::super::ReadContext;
use super::super::reading::Grain;
use super::super::token::Tokens;
use super::calendar::{self, Days};
use super::date;
use super::point::{Mode, Point};
use super::pointed::period_from;

/// A unit of time can start such a period where one of these is behind it.
const BESIDE: Roles = Roles::of(&[
    Role::DateLink,
    Role::DateFiller,
    Role::Since,
    Role::Ended,
    Role::RangeLink,
    Role::After,
    Role::Before,
]);

/// Tells whether a unit of time may start a period that a day tells.
pub(super) fn starts(tokens: &Tokens<'_>, at: usize) -> bool {
    tokens.any(at, Roles::of(&[Role::Unit, Role::Period]))
        && (tokens.any(at + 1, BESIDE) || tokens.numeral(at + 1).is_some())
        && tokens.is_ascii(at)
        && tokens.joined(at + 1)
}

/// `the week of April 10th`, `week 27 of last year`, `the weekend of Halloween`, `the quarter ended June 30`, `the year to
/// March`, `the week after next`.
pub(super) fn beside_day(
    tokens: &Tokens<'_>,
    at: usize,
    context: &ReadContext,
    depth: u8,
) -> Option<Point> {
    if !starts(tokens, at) || tokens.form(at).ends_with('s') {
        return None;
    }
    let kind = tokens
        .value(at, Role::Period)
        .or_else(|| tokens.period_kind(at))?;
    let next = at + 1;
    if tokens.any(next, Roles::of(&[Role::After, Role::Before])) {
        return two_away(tokens, at, kind, context);
    }
    if kind == 2 && tokens.numeral(next).is_some() {
        return numbered_week(tokens, next, context, depth);
    }
    if let Some(point) = ending(tokens, next, (kind, 1), context, depth) {
        return Some(point);
    }
    if kind != 2 && kind != 7 {
        return None;
    }
    let opens = tokens.is(next, Role::Since);
    let day_at = fillers(tokens, next, opens)?;
    let point = date::inner_bare(tokens, day_at, context, depth)?;
    let (day, end) = point.days(tokens, context)?;
    if day != end || point.grain != Grain::Day {
        return None;
    }
    let days = match (kind, opens) {
        (7, _) => weekend_near(day)?,
        (_, true) => (day, calendar::shift(day, 6)?),
        _ => week_named_by(day)?,
    };
    Some(Point {
        relative: point.relative,
        ..Point::fixed(days, Grain::Week, point.next)
    })
}

/// The token behind *of the*, *of* or *beginning on*.
fn fillers(tokens: &Tokens<'_>, from: usize, opens: bool) -> Option<usize> {
    let mut next = from + usize::from(opens);
    while next < from + 3
        && tokens.any(next, Roles::of(&[Role::DateLink, Role::DateFiller]))
        && tokens.joined(next)
        && !tokens.any(next, Roles::of(&[Role::ListLink, Role::Pointer]))
    {
        next += 1;
    }
    (next > from && tokens.joined(next)).then_some(next)
}

/// The week that a day names. A Sunday opens the week that it names, so most of that one lies behind it.
fn week_named_by(day: Date) -> Option<Days> {
    let sunday = day.weekday().to_monday_one_offset() == 7;
    calendar::week(day, i64::from(sunday))
}

/// The weekend that is nearest to a day.
fn weekend_near(day: Date) -> Option<Days> {
    let early = day.weekday().to_monday_one_offset() <= 2;
    let (monday, sunday) = calendar::week(day, -i64::from(early))?;
    Some((calendar::shift(monday, 5)?, sunday))
}

/// `week 27 of last year`, by ISO 8601.
fn numbered_week(
    tokens: &Tokens<'_>,
    at: usize,
    context: &ReadContext,
    depth: u8,
) -> Option<Point> {
    let number = tokens
        .plain_integer(at)
        .filter(|number| (1..=53).contains(number))?;
    let year_at = fillers(tokens, at + 1, false)?;
    let year = date::inner(tokens, year_at, context, depth)?;
    if year.grain != Grain::Year || year.part.is_some() {
        return None;
    }
    let (low, _) = year.days(tokens, context)?;
    let first = calendar::week(calendar::shift(low, 3)?, 0)?;
    let move_on = |day: Date| calendar::shift(day, 7 * (number - 1));
    Some(Point {
        relative: year.relative,
        ..Point::fixed(
            (move_on(first.0)?, move_on(first.1)?),
            Grain::Week,
            year.next,
        )
    })
}

/// `the week after next`, `the year before last`.
fn two_away(tokens: &Tokens<'_>, at: usize, kind: i64, context: &ReadContext) -> Option<Point> {
    let pointer = at + 2;
    let wanted = if tokens.is(at + 1, Role::After) {
        1
    } else {
        -1
    };
    if tokens.value(pointer, Role::Pointer) != Some(wanted)
        || !tokens.is_ascii(pointer)
        || !tokens.joined(pointer)
        || tokens.joined(pointer + 1)
            && tokens.any(
                pointer + 1,
                Roles::of(&[Role::Unit, Role::Period, Role::Weekday, Role::Month]),
            )
    {
        return None;
    }
    let (days, grain) = period_from(context.reference?, kind, 2 * wanted)?;
    Some(Point {
        relative: true,
        ..Point::fixed(days, grain, pointer + 1)
    })
}

/// So many of a unit up to a day or month: `ended June 30, 2025`, `to March`. `length` is the kind of unit and how many.
pub(super) fn ending(
    tokens: &Tokens<'_>,
    at: usize,
    length: (i64, i64),
    context: &ReadContext,
    depth: u8,
) -> Option<Point> {
    let ended = tokens.is(at, Role::Ended);
    if !ended && !tokens.is(at, Role::RangeLink)
        || !tokens.is_ascii(at)
        || !tokens.joined(at)
        || !tokens
            .form(at)
            .starts_with(|first: char| first.is_ascii_alphabetic())
    {
        return None;
    }
    let mut next = at + 1;
    while next < at + 3 && tokens.is(next, Role::DateFiller) && tokens.joined(next) {
        next += 1;
    }
    if !tokens.joined(next) {
        return None;
    }
    let point = Point {
        mode: Mode::Past,
        ..date::inner(tokens, next, context, depth)?
    };
    let absolute = point.month.is_some() && !point.relative && point.part.is_none();
    if !matches!(point.grain, Grain::Day | Grain::Month) || !ended && !absolute {
        return None;
    }
    let (_, end) = point.days(tokens, context)?;
    let behind = end.tomorrow().ok()?;
    let (kind, count) = length;
    let back = |months: i64| calendar::shift_months(behind, -months.checked_mul(count)?);
    let (low, grain) = match kind {
        1 => (calendar::shift(behind, -count)?, Grain::Day),
        2 => (
            calendar::shift(behind, -count.checked_mul(7)?)?,
            Grain::Week,
        ),
        3 => (back(1)?, Grain::Month),
        4 => (back(3)?, Grain::Quarter),
        5 => (back(12)?, Grain::Year),
        _ => return None,
    };
    let grain = match (grain, count) {
        (Grain::Month, 3) => Grain::Quarter,
        (Grain::Month, 6) => Grain::Half,
        (Grain::Month, 12) => Grain::Year,
        _ => grain,
    };
    Some(Point {
        relative: point.relative,
        ..Point::fixed((low, end), grain, point.next)
    })
}
