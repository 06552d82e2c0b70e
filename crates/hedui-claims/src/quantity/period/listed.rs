//! Days, months and quarters of a list that share what is said once: June 3 and 4, 4月3日、5日, 三、四季度, 1、2月份.

use hedui_text::lexicon::quantities::{Role, Roles};

use super::super::ReadContext;
use super::super::reading::Grain;
use super::super::token::{Gap, Tokens};
use super::calendar::{self, Days};
use super::month::month_number;
use super::point::Point;
use super::quarter::quarter_at;
use super::small_number::small_number;
use super::year_behind::{ends_clause, year_digits};

/// How many members of a list are looked over.
const MEMBERS_MAX: usize = 8;

/// A day of a list whose first member has the month: the 4 of June 3 and 4.
pub(super) fn day_of_list(tokens: &Tokens<'_>, at: usize) -> Option<Point> {
    let link = at.checked_sub(1)?;
    if !tokens.is(link, Role::ListLink) {
        return None;
    }
    let day = member(tokens, at)?;
    if !goes_with_dates(tokens, at) {
        return None;
    }
    let mut at_first = at;
    let mut later = day;
    for _ in 0..MEMBERS_MAX {
        let link = at_first.checked_sub(1)?;
        if !tokens.is(link, Role::ListLink)
            || !tokens.is_ascii(link)
            || !tokens.joined(at_first)
            || !tokens.joined(link)
        {
            return None;
        }
        at_first = link.checked_sub(1)?;
        let earlier = member(tokens, at_first).filter(|earlier| *earlier < later)?;
        later = earlier;
        let before = at_first.checked_sub(1)?;
        if let Some(month) = tokens.value(before, Role::Month) {
            return Some(Point {
                day: Some(day),
                month: i8::try_from(month).ok(),
                year: year_of_list(tokens, at + 1).map(|(year, _)| year),
                grain: Grain::Day,
                ..Point::new(end_of(tokens, at))
            });
        }
    }
    None
}

/// The year behind the last day of a list: June 3 and 4, 2025.
pub(super) fn year_of_list(tokens: &Tokens<'_>, from: usize) -> Option<(i16, usize)> {
    let mut at = from;
    for _ in 0..MEMBERS_MAX {
        if !tokens.is(at, Role::ListLink) || !tokens.joined(at) || !tokens.is_ascii(at) {
            return None;
        }
        if let Some(year) = year_digits(tokens, at + 1, 4).filter(|_| tokens.joined(at + 1)) {
            return (tokens.form(at) == ",").then_some(year);
        }
        member(tokens, at + 1).filter(|_| tokens.joined(at + 1))?;
        at += 2;
    }
    None
}

/// The token behind a day, with its year where it is the last of the list.
fn end_of(tokens: &Tokens<'_>, at: usize) -> usize {
    let year = (tokens.form(at + 1) == "," && tokens.joined(at + 1))
        .then(|| year_digits(tokens, at + 2, 4))
        .flatten();
    year.filter(|_| tokens.joined(at + 2))
        .map_or(at + 1, |(_, next)| next)
}

/// One or two digits that can be a day.
fn member(tokens: &Tokens<'_>, at: usize) -> Option<i8> {
    let day = tokens
        .plain_integer(at)
        .filter(|day| (1..=31).contains(day))?;
    (tokens.end(at) - tokens.start(at) <= 2)
        .then(|| i8::try_from(day).ok())
        .flatten()
}

/// Tells whether what stands behind a number leaves it a day: the end, a year, or one more day behind *and*. *March 4, 5
/// people* counts, and so may any word that no row knows.
fn goes_with_dates(tokens: &Tokens<'_>, at: usize) -> bool {
    let closes = at
        .checked_sub(1)
        .is_some_and(|link| tokens.form(link) != ",");
    if closes {
        return ends_clause(tokens, at);
    }
    let next = at + 1;
    tokens.is(next, Role::ListLink)
        && tokens.joined(next)
        && tokens.form(next) != ","
        && member(tokens, next + 1).is_some()
        && goes_with_dates(tokens, next + 1)
}

/// The month that the days of a Chinese list share, and its year where it is said in digits: 4月3日、5日.
pub(super) fn month_of_list(tokens: &Tokens<'_>, at: usize) -> Option<(i8, Option<i16>)> {
    let mut at = at;
    for _ in 0..MEMBERS_MAX {
        let link = at.checked_sub(1)?;
        // 6月12、13日: the first of them may go without its mark.
        let before = link.checked_sub(1)?;
        let mark = if tokens.is(before, Role::DayMark) {
            before
        } else {
            link
        };
        let listed = tokens.is(link, Role::ListLink)
            && !tokens.is_ascii(link)
            && tokens.gap(at) == Gap::None
            && tokens.gap(link) == Gap::None;
        if !listed {
            return None;
        }
        let number = number_before(tokens, mark)?;
        let before = number.checked_sub(1)?;
        if tokens.is(before, Role::MonthMark) && tokens.gap(number) == Gap::None {
            let month_at = number_before(tokens, before)?;
            let (month, _) = month_number(tokens, month_at)?;
            let year = month_at
                .checked_sub(2)
                .filter(|_| tokens.is(month_at - 1, Role::YearMark))
                .and_then(|year| year_digits(tokens, year, 4));
            return Some((month, year.map(|(year, _)| year)));
        }
        at = number;
    }
    None
}

/// The first token of the small number that ends before a token.
fn number_before(tokens: &Tokens<'_>, end: usize) -> Option<usize> {
    let last = end
        .checked_sub(1)
        .filter(|_| tokens.gap(end) == Gap::None)?;
    if tokens.numeral(last).is_some() {
        return Some(last);
    }
    let numerals = Roles::of(&[Role::Digit, Role::Place, Role::Tens]);
    let mut first = end;
    while let Some(before) = first.checked_sub(1)
        && end - before <= 3
        && tokens.any(before, numerals)
        && (first == end || tokens.gap(first) == Gap::None)
    {
        first = before;
    }
    (first < end).then_some(first)
}

/// Two months or quarters in a row, 1、2月份 and 三、四季度: the months from the first to the last, and the token after them.
pub(super) fn pair(tokens: &Tokens<'_>, at: usize) -> Option<(i8, i8, usize)> {
    let listed = (at + 1..at + 4).any(|index| tokens.is(index, Role::ListLink));
    if !listed || tokens.is_ascii(at) && tokens.numeral(at).is_none() {
        return None;
    }
    let (first, link) = match tokens.value(at, Role::Ordinal) {
        Some(first) => (first, at + 1),
        None => {
            let start = at + usize::from(tokens.is(at, Role::OrdinalPrefix));
            small_number(tokens, start, 11).filter(|(first, _)| *first > 0)?
        }
    };
    if !tokens.is(link, Role::ListLink)
        || tokens.is_ascii(link)
        || tokens.gap(link) != Gap::None
        || tokens.gap(link + 1) != Gap::None
    {
        return None;
    }
    let first = i8::try_from(first).ok()?;
    if let Some((last, next)) = month_number(tokens, link + 1) {
        return (last == first + 1 && !tokens.is_ascii(next - 1)).then_some((first, last, next));
    }
    let (last, next, _) = quarter_at(tokens, link + 1)?;
    let last = i8::try_from(last).ok()?;
    (last == first + 1).then_some((first * 3 - 2, last * 3, next))
}

/// The same with the year that it lies in: that of the last such months that have begun.
pub(super) fn pair_alone(tokens: &Tokens<'_>, at: usize, context: &ReadContext) -> Option<Point> {
    let (first, last, next) = pair(tokens, at)?;
    let reference = context.reference?;
    let year = reference.year() - i16::from(first > reference.month());
    Some(Point {
        relative: true,
        ..Point::fixed(months(year, first, last)?, grain(first, last), next)
    })
}

/// The months of a pair in a year.
pub(super) fn pair_in(tokens: &Tokens<'_>, at: usize, year: i16) -> Option<Point> {
    let (first, last, next) = pair(tokens, at)?;
    Some(Point::fixed(
        months(year, first, last)?,
        grain(first, last),
        next,
    ))
}

fn months(year: i16, first: i8, last: i8) -> Option<Days> {
    calendar::months(year, first, last)
}

fn grain(first: i8, last: i8) -> Grain {
    if last - first > 2 {
        Grain::Quarter
    } else {
        Grain::Month
    }
}
