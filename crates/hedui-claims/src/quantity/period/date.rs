//! One date or period: 2025年3月4日, March 4, 2025, 去年第三季度, FY2026, the second half of this year.
//!
//! This file asks the readers of the kinds of dates in order; each kind is a file of its own. `timed` adds the hours.

use hedui_text::lexicon::quantities::{Role, Roles};

use super::super::ReadContext;
use super::super::reading::Grain;
use super::super::token::{Gap, TokenKind, Tokens};
use super::beside::beside_day;
use super::closest::closest_weekday;
use super::day::{day_first, day_number};
use super::decade::century;
use super::digits::{month_of_year, ordered, slash, spaced};
use super::holiday::holiday_first;
use super::hours::stretch;
use super::listed::{day_of_list, pair_alone};
use super::lunar::lunar_first;
use super::month::{month_between, month_first};
use super::nth::{nth_front, nth_inside};
use super::part::part_before;
use super::point::Point;
use super::pointed::{capital, relative_point};
use super::quarter::quarter_first;
use super::season::season_first;
use super::timed;
use super::year::year_first;
use super::year_behind::with_year;
use super::year_part::{after_year, leading_alone};

/// Words that a date can start with, numbers apart.
pub(super) const NAMED: Roles = Roles::of(&[
    Role::Month,
    Role::Weekday,
    Role::Closest,
    Role::RelativeDay,
    Role::RelativeYear,
    Role::RelativeQuarter,
    Role::RelativeMonth,
    Role::RelativeWeek,
    Role::Pointer,
    Role::Quarter,
    Role::HalfYear,
    Role::Part,
    Role::Fiscal,
    Role::CalendarYear,
    Role::Era,
    Role::Ordinal,
    Role::OrdinalPrefix,
    Role::Leading,
    Role::Century,
    Role::Holiday,
    Role::Season,
    Role::Lunar,
    Role::LunarMonth,
]);

/// What a date can start with.
pub(super) const STARTS: Roles = NAMED.or(Roles::of(&[Role::Digit, Role::Place, Role::Tens]));

/// How deep a date may hold another one: the end of the first week of last month.
const DEPTH: u8 = 2;

/// Reads one date or period, with the hours that stand before a day or behind it.
///
/// `bare` says that a day or year may stand without its mark, as inside *from … to*.
pub(super) fn read(
    tokens: &Tokens<'_>,
    at: usize,
    context: &ReadContext,
    bare: bool,
) -> Option<Point> {
    if !context.hours {
        return plain(tokens, at, context, bare);
    }
    if let Some(point) = timed::first(tokens, at, context, bare) {
        return Some(point);
    }
    plain(tokens, at, context, bare).map(|point| timed::behind(tokens, point))
}

/// Reads one date or period without hours.
pub(super) fn plain(
    tokens: &Tokens<'_>,
    at: usize,
    context: &ReadContext,
    bare: bool,
) -> Option<Point> {
    read_in(tokens, at, context, bare, DEPTH)
}

/// Reads what is counted from the end of another period: the last 3 weeks of this year.
pub(super) fn counted_inside(
    tokens: &Tokens<'_>,
    at: usize,
    context: &ReadContext,
) -> Option<Point> {
    if !tokens.is(at, Role::Leading) || !tokens.is(at, Role::Span) || !tokens.is_ascii(at) {
        return None;
    }
    nth_front(tokens, at, context, DEPTH)
}

/// Reads a date that another one holds, which may itself hold one less than that.
pub(super) fn inner(
    tokens: &Tokens<'_>,
    at: usize,
    context: &ReadContext,
    depth: u8,
) -> Option<Point> {
    read_in(tokens, at, context, false, depth.checked_sub(1)?)
}

/// The same where a day may stand without its mark: the week of the 18th.
pub(super) fn inner_bare(
    tokens: &Tokens<'_>,
    at: usize,
    context: &ReadContext,
    depth: u8,
) -> Option<Point> {
    read_in(tokens, at, context, true, depth.checked_sub(1)?)
}

fn read_in(
    tokens: &Tokens<'_>,
    at: usize,
    context: &ReadContext,
    bare: bool,
    depth: u8,
) -> Option<Point> {
    match tokens.get(at)?.kind {
        TokenKind::Word(_) if !tokens.any(at, STARTS) => {
            return beside_day(tokens, at, context, depth);
        }
        TokenKind::Day(date) => {
            let date = ordered(tokens, at, date, context);
            return Some(Point::fixed((date, date), Grain::Day, at + 1));
        }
        TokenKind::RocDay(date) => {
            let taiwan = context.region == Some(hedui_model::Region::TW);
            return taiwan.then(|| Point::fixed((date, date), Grain::Day, at + 1));
        }
        TokenKind::Month(year, month) => {
            return Some(Point {
                year: Some(year),
                month: Some(month),
                grain: Grain::Month,
                ..Point::new(at + 1)
            });
        }
        TokenKind::MonthYear(year, month) => return month_of_year(tokens, at, year, month),
        TokenKind::Slash(..) => {
            return month_between(tokens, at, context).or_else(|| slash(tokens, at, context));
        }
        TokenKind::Number(_) => {
            if let Some(point) = month_between(tokens, at, context).or_else(|| spaced(tokens, at)) {
                return Some(point);
            }
        }
        TokenKind::Clock(..) => return None,
        TokenKind::Word(_) => {}
    }
    if let Some(point) = century(tokens, at) {
        return Some(point);
    }
    if let Some(point) = leading_alone(tokens, at, context) {
        return Some(point);
    }
    if let Some(point) = named(tokens, at, context) {
        return Some(point);
    }
    if let Some(point) = pair_alone(tokens, at, context).or_else(|| day_of_list(tokens, at)) {
        return Some(point);
    }
    if let Some(point) = closest_weekday(tokens, at, context, depth)
        .or_else(|| nth_front(tokens, at, context, depth))
    {
        return Some(point);
    }
    if let Some(point) = beside_day(tokens, at, context, depth) {
        return Some(point);
    }
    if let Some(point) = relative_point(tokens, at, context) {
        return Some(nth_inside(tokens, point, context));
    }
    if let Some(point) = part_before(tokens, at, context, depth) {
        return Some(point);
    }
    if tokens.is(at, Role::Month) {
        let point = month_first(tokens, at, context)?;
        let sure = point.year.is_some() || point.day.is_some() && !is_verb(tokens, at);
        let doubtful = tokens.is(at, Role::Doubtful) && !sure;
        return (!doubtful || bare || dated_before(tokens, at)).then_some(point);
    }
    if let Some(point) = quarter_first(tokens, at, context, depth) {
        return Some(point);
    }
    if let Some(point) = year_first(tokens, at, context) {
        return Some(nth_inside(
            tokens,
            after_year(tokens, point, context),
            context,
        ));
    }
    day_first(tokens, at, context, bare).map(|point| nth_inside(tokens, point, context))
}

/// Holidays, seasons and dates of the Chinese calendar.
fn named(tokens: &Tokens<'_>, at: usize, context: &ReadContext) -> Option<Point> {
    if tokens.is(at, Role::Holiday) {
        return holiday_first(tokens, at, context);
    }
    if tokens.is(at, Role::Season) {
        return season_first(tokens, at, context);
    }
    let lunar = Roles::of(&[
        Role::Lunar,
        Role::LunarMonth,
        Role::Digit,
        Role::Place,
        Role::Tens,
    ]);
    if !tokens.any(at, lunar) || tokens.is_ascii(at) {
        return None;
    }
    lunar_first(tokens, at, context, |start| {
        let year = year_first(tokens, start, context)?;
        Some((year.year?, year.next))
    })
}

/// Reads the second end of a range: what the first end has said may be left out.
pub(super) fn read_end(
    tokens: &Tokens<'_>,
    at: usize,
    left: &Point,
    context: &ReadContext,
) -> Option<Point> {
    if let Some(point) = read(tokens, at, context, true) {
        let same = point.fixed.is_some()
            || left.fixed.is_some()
            || point.grain <= left.grain
            || left.year.is_some();
        return same.then_some(point);
    }
    if left.hours.is_some()
        && let Some(end) = stretch(tokens, at, false)
        && end.is_shown()
    {
        // between 2:00 tomorrow and 4:00
        return Some(Point {
            hours: end.place(left.part_of_day),
            next: end.next,
            ..*left
        });
    }
    if left.day.is_some() && left.month.is_some() {
        let (day, next) = day_number(tokens, at)?;
        let ends = !tokens.joined(next)
            || !tokens.any(
                next,
                Roles::of(&[Role::Unit, Role::Currency, Role::Noun, Role::Classifier]),
            );
        if !ends {
            return None;
        }
        let mut point = Point::new(next);
        point.day = Some(day);
        point.grain = Grain::Day;
        return Some(with_year(tokens, point, context));
    }
    if left.grain == Grain::Year && left.year.is_some() && left.month.is_none() && !left.relative {
        let year = tokens.plain_integer(at)?;
        let base = left.year?;
        let year = if year >= 1000 {
            i16::try_from(year).ok()?
        } else if (10..100).contains(&year) {
            base - base % 100 + i16::try_from(year).ok()?
        } else {
            return None;
        };
        return (year > base).then(|| Point {
            year: Some(year),
            ..Point::new(at + 1)
        });
    }
    None
}

/// Tells whether a doubtful month without a capital letter stands before a number that is no ordinal: *may 4 of them*.
fn is_verb(tokens: &Tokens<'_>, at: usize) -> bool {
    !capital(tokens, at)
        && tokens.gap(at + 1) == Gap::Space
        && tokens.numeral(at + 1).is_some()
        && !(tokens.is(at + 2, Role::OrdinalSuffix) && tokens.gap(at + 2) == Gap::None)
        && !super::super::figure::alone(tokens, tokens.start(at), tokens.end(at + 1))
}

/// Tells whether a word of dates stands before a doubtful month: in May, last March.
fn dated_before(tokens: &Tokens<'_>, at: usize) -> bool {
    let sure = capital(tokens, at);
    at.checked_sub(1).is_some_and(|before| {
        tokens.joined(at)
            && tokens.any(
                before,
                Roles::of(&[
                    Role::DateFiller,
                    Role::Since,
                    Role::Until,
                    Role::Before,
                    Role::After,
                    Role::Pointer,
                    Role::Part,
                    Role::RangeLink,
                    Role::RangeOpen,
                    Role::DateLink,
                    Role::RangeOpenLink,
                ]),
            )
            && (sure || tokens.is(before, Role::DateFiller))
    }) || sure && tokens.joined(at + 1) && tokens.is(at + 1, Role::RangeLink)
}
