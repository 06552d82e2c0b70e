//! Parts of a period: early 2026, the end of April, 年底, 3月底.

use hedui_text::lexicon::quantities::{Role, Roles};

use super::super::ReadContext;
use super::super::reading::Grain;
use super::super::token::{Gap, Tokens};
use super::calendar;
use super::date;
use super::hours::Hours;
use super::nth::this_one;
use super::point::Point;
use super::pointed::period_from;
use super::timed::is_day;

/// The last second of a day.
const LAST_SECOND: i32 = 86_399;

/// `early 2026`, `the end of April`, `mid-2027`, `by the end of the year`.
pub(super) fn part_before(
    tokens: &Tokens<'_>,
    at: usize,
    context: &ReadContext,
    depth: u8,
) -> Option<Point> {
    let part = tokens.value(at, Role::Part)?;
    if !tokens.is_ascii(at) {
        // 年底, 年初, 月底 alone belong to this year or month.
        return part_alone(tokens, at, part, context);
    }
    let mut next = at + 1;
    if tokens.is_hyphen(next) && tokens.gap(next) == Gap::None {
        next += 1;
    }
    while next < at + 4
        && tokens.any(next, Roles::of(&[Role::DateFiller, Role::DateLink]))
        && tokens.joined(next)
        && !tokens.any(next, Roles::of(&[Role::Pointer, Role::ListLink]))
        && tokens.period_kind(next).is_none()
    {
        next += 1;
    }
    if !tokens.joined(next) {
        return None;
    }
    let linked = next > at + 1;
    let mut point = match date::inner(tokens, next, context, depth) {
        Some(day) if is_day(&day) && context.hours => {
            // *End Saturday deliveries* has a verb.
            let noun = tokens.form(at).contains(' ') || day.part_of_day.is_some();
            return noun.then(|| part_of_a_day(day, part))?;
        }
        Some(point) => point,
        None if linked || part <= 3 => this_one(tokens, next, context)?,
        None => return None,
    };
    if point.grain == Grain::Decade && point.relative {
        point = calendar_decade(&point, context).unwrap_or(point);
    }
    if point.part.is_some() || point.grain == Grain::Day {
        return None;
    }
    point.part = Some(part);
    Some(point)
}

/// The end of tomorrow is its last second; early this evening is its first half.
fn part_of_a_day(mut point: Point, part: i64) -> Option<Point> {
    point.hours = match (point.part_of_day.map(Hours::of), part) {
        (None, 3) => Some(Hours::instant(LAST_SECOND)),
        (Some(Hours { from, to }), 1 | 4) => Some(Hours {
            from,
            to: from.midpoint(to),
        }),
        (Some(Hours { from, to }), 3 | 5) => Some(Hours {
            from: from.midpoint(to),
            to,
        }),
        _ => None,
    };
    point.hours.map(|_| point)
}

/// The start of *the next decade* is that of one of the calendar.
fn calendar_decade(point: &Point, context: &ReadContext) -> Option<Point> {
    let (low, high) = point.fixed?;
    let reference = context.reference?;
    let distance = match (low > reference, high < reference) {
        (true, _) => 1,
        (_, true) => -1,
        _ => 0,
    };
    let (days, grain) = period_from(reference, 6, distance)?;
    Some(Point {
        relative: true,
        ..Point::fixed(days, grain, point.next)
    })
}

fn part_alone(tokens: &Tokens<'_>, at: usize, part: i64, context: &ReadContext) -> Option<Point> {
    let mut characters = tokens.form(at).chars();
    let (first, second) = (characters.next()?, characters.next());
    second?;
    let reference = context.reference?;
    // The character before 初, 底 or 末 is itself a mark: it tells the period.
    let head = tokens
        .lexicon
        .trie()
        .longest(tokens.form(at), 0, |found| found.end == first.len_utf8())?;
    let mark = tokens.lexicon.word(head.word)?;
    let (days, grain) = if mark.is(Role::YearMark) {
        (calendar::year(reference.year())?, Grain::Year)
    } else if mark.is(Role::MonthMark) {
        (
            calendar::month(reference.year(), reference.month())?,
            Grain::Month,
        )
    } else {
        return None;
    };
    Some(Point {
        part: Some(part),
        relative: true,
        ..Point::fixed(days, grain, at + 1)
    })
}

pub(super) fn part_behind(tokens: &Tokens<'_>, mut point: Point) -> Point {
    let at = point.next;
    if let Some(part) = tokens
        .value(at, Role::Part)
        .filter(|_| tokens.joined(at) && !tokens.is_ascii(at))
    {
        point.part = Some(part);
        point.next = at + 1;
        return point;
    }
    let to_date = tokens.is(at, Role::ToDate) && !tokens.is(at, Role::Since);
    let whole = tokens.is(at, Role::Whole) && !tokens.is_ascii(at);
    if (to_date || whole) && tokens.gap(at) == Gap::None {
        point.next = at + 1;
    }
    point
}

/// Tells whether a word such as 年底 or 月末 is a part, and its first character the mark of such a period.
pub(super) fn part_of(tokens: &Tokens<'_>, at: usize, mark: Role) -> bool {
    let form = tokens.form(at);
    let Some(first) = form.chars().next() else {
        return false;
    };
    let head = tokens
        .lexicon
        .trie()
        .longest(form, 0, |found| found.end == first.len_utf8());
    tokens.is(at, Role::Part)
        && form.len() > first.len_utf8()
        && head
            .and_then(|head| tokens.lexicon.word(head.word))
            .is_some_and(|word| word.is(mark))
}
