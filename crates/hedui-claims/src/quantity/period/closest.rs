//! Weekdays by the date that they are nearest to: the Saturday closest to January 31, the second closest Monday to Oct 5.

use hedui_text::lexicon::quantities::{Role, Roles};
use jiff::civil::Date;

use super::super::ReadContext;
use super::super::reading::Grain;
use super::super::token::Tokens;
use super::calendar;
use super::date;
use super::point::Point;

/// How many words may stand between *closest* and the date.
const LINKS_MAX: usize = 2;
/// Beyond the third nearest nobody counts.
const RANK_MAX: i64 = 3;

/// `closest Monday to Oct 5th`, `second closest Monday to Oct 5th`, `Saturday nearest January 31`.
pub(super) fn closest_weekday(
    tokens: &Tokens<'_>,
    at: usize,
    context: &ReadContext,
    depth: u8,
) -> Option<Point> {
    let (rank, weekday_at, link) = front(tokens, at)?;
    let weekday = tokens.value(weekday_at, Role::Weekday)?;
    let mut day_at = link;
    while day_at < link + LINKS_MAX
        && tokens.any(
            day_at,
            Roles::of(&[Role::RangeLink, Role::DateLink, Role::DateFiller]),
        )
        && tokens.joined(day_at)
    {
        day_at += 1;
    }
    if !(at + 1..=day_at).all(|index| tokens.joined(index) && tokens.is_ascii(index)) {
        return None;
    }
    let point = date::inner(tokens, day_at, context, depth)?;
    let (day, last) = point.days(tokens, context)?;
    if day != last || point.grain != Grain::Day {
        return None;
    }
    let found = nearest(day, weekday, rank)?;
    Some(Point {
        relative: point.relative,
        ..Point::fixed((found, found), Grain::Day, point.next)
    })
}

/// The rank, the token of the weekday and the one behind the words.
fn front(tokens: &Tokens<'_>, at: usize) -> Option<(i64, usize, usize)> {
    if tokens.is(at, Role::Weekday) {
        return tokens.is(at + 1, Role::Closest).then_some((1, at, at + 2));
    }
    let ordinal = tokens
        .value(at, Role::Ordinal)
        .filter(|rank| (2..=RANK_MAX).contains(rank));
    let closest = at + usize::from(ordinal.is_some());
    tokens
        .is(closest, Role::Closest)
        .then_some((ordinal.unwrap_or(1), closest + 1, closest + 2))
}

/// The weekday that is the nearest to a day, the second nearest and so on; of two as near, the one to come.
fn nearest(day: Date, weekday: i64, rank: i64) -> Option<Date> {
    let wanted = i64::from(calendar::weekday(weekday)?.to_monday_zero_offset());
    let ahead = (wanted - i64::from(day.weekday().to_monday_zero_offset())).rem_euclid(7);
    let mut distances: Vec<i64> = (-RANK_MAX..=RANK_MAX)
        .map(|week| ahead + 7 * week)
        .collect();
    distances.sort_by_key(|distance| (distance.abs(), -distance));
    let distance = distances.get(usize::try_from(rank - 1).ok()?)?;
    calendar::shift(day, *distance)
}
