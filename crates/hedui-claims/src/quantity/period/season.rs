//! Seasons: this summer, winter 2024, 2025年夏季, 今夏, as whole months by the table of seasons.

use hedui_text::lexicon::quantities::{Role, Roles};

use super::super::ReadContext;
use super::super::reading::Grain;
use super::super::token::{Gap, Tokens};
use super::calendar::{self, Days};
use super::point::Point;
use super::year_behind::with_year;

/// `summer 2025`, `the summer of 2025`: with its year behind it.
pub(super) fn season_first(tokens: &Tokens<'_>, at: usize, context: &ReadContext) -> Option<Point> {
    let season = tokens
        .value(at, Role::Season)
        .filter(|_| tokens.is_ascii(at))?;
    let announced = at.checked_sub(1).is_some_and(|before| {
        tokens.joined(at) && tokens.any(before, Roles::of(&[Role::DateFiller, Role::DateLink]))
    });
    if tokens.is(at, Role::Doubtful) && !announced {
        return None;
    }
    let point = with_year(tokens, Point::new(at + 1), context);
    Some(Point {
        relative: point.relative,
        ..in_year(tokens, season, point.year?, point.next)?
    })
}

/// A season of a year.
pub(super) fn in_year(tokens: &Tokens<'_>, season: i64, year: i16, next: usize) -> Option<Point> {
    Some(Point::fixed(
        days(tokens, season, year)?,
        Grain::Quarter,
        next,
    ))
}

/// `this summer`, `last winter`, `next spring`, 今夏: by the year of their first month. The winter that goes on is this one.
pub(super) fn pointed_season(
    tokens: &Tokens<'_>,
    at: usize,
    distance: i64,
    context: &ReadContext,
) -> Option<Point> {
    let season = tokens.value(at, Role::Season)?;
    let reference = context.reference?;
    let (_, last) = days(tokens, season, reference.year().checked_sub(1)?)?;
    let current = reference.year() - i16::from(reference <= last);
    let year = current.checked_add(i16::try_from(distance).ok()?)?;
    let point = in_year(tokens, season, year, at + 1)?;
    let ahead =
        distance > 0 && days(tokens, season, current).is_some_and(|(first, _)| first > reference);
    let point = if ahead {
        in_year(tokens, season, current, at + 1)?
    } else {
        point
    };
    Some(Point {
        relative: true,
        ..point
    })
}

/// A season behind a year or behind 今: 今年夏天, 今夏.
pub(super) fn season_behind(tokens: &Tokens<'_>, at: usize) -> Option<i64> {
    tokens
        .value(at, Role::Season)
        .filter(|_| tokens.gap(at) != Gap::Other && !tokens.is_ascii(at))
}

fn days(tokens: &Tokens<'_>, season: i64, year: i16) -> Option<Days> {
    let row = tokens.lexicon.calendar().season(season)?;
    let first = calendar::month(year, row.month)?.0;
    let last = calendar::shift_months(first, i64::from(row.months))?;
    Some((first, last.yesterday().ok()?))
}
