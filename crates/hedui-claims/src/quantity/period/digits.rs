//! Dates that are digits alone: 5/1, 2/2013, 2023/24年度, 12/08/2025, 2022 11 23.

use hedui_model::Lang;
use hedui_text::lexicon::quantities::{Role, Roles};
use jiff::civil::Date;

use super::super::ReadContext;
use super::super::figure::{alone, capital_before};
use super::super::reading::Grain;
use super::super::token::{Gap, TokenKind, Tokens};
use super::calendar;
use super::day::day_number;
use super::point::Point;

/// The dot in the middle, as folding leaves it.
const DOT: &str = "\u{B7}";

/// How many members of a list of dates are looked back over.
const LIST_MAX: usize = 8;

/// A year of two digits lies at most this many years ahead of the reference day.
const AHEAD_MAX: i16 = 20;

/// 5/1: month and day, only where a word of dates stands before it; the scan cannot tell it from a fraction.
pub(super) fn slash(tokens: &Tokens<'_>, at: usize, context: &ReadContext) -> Option<Point> {
    let (first, second) = tokens.slash(at)?;
    if (1990..2100).contains(&first) && (second == (first + 1) % 100 || second == first + 1) {
        return year_pair(tokens, at, first, context);
    }
    if (1..=12).contains(&first) && (1900..2100).contains(&second) {
        return month_of_year(
            tokens,
            at,
            i16::try_from(second).ok()?,
            i8::try_from(first).ok()?,
        );
    }
    let swapped = (day_first(tokens, context) || first > 12) && second <= 12;
    let (month, day) = if swapped {
        (second, first)
    } else {
        (first, second)
    };
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let behind = tokens.joined(at + 1)
        && !tokens.is_ascii(at + 1)
        && tokens.any(
            at + 1,
            Roles::of(&[Role::Before, Role::Since, Role::After, Role::RangeLink]),
        );
    let is_alone = alone(tokens, tokens.start(at), tokens.end(at))
        && context.reference.is_some()
        && (second > 12 || first > second);
    let likely = !(first == 1 && second <= 4) || behind;
    let dated = dated_before(tokens, at)
        || dated_range(tokens, at)
        || dated_behind(tokens, at)
        || context.lang == Lang::Zh && is_day_in_han(tokens, at, (first, second));
    if !likely || !(behind || is_alone || dated) {
        return None;
    }
    Some(Point {
        month: i8::try_from(month).ok(),
        day: i8::try_from(day).ok(),
        grain: Grain::Day,
        ..Point::new(at + 1)
    })
}

/// Tells whether a word of dates stands before the first member of the list in which a slash stands: on 11/20, 11/22.
fn dated_before(tokens: &Tokens<'_>, at: usize) -> bool {
    let mut at = at;
    for _ in 0..LIST_MAX {
        let Some(before) = at.checked_sub(1).filter(|_| tokens.joined(at)) else {
            return false;
        };
        let listed = tokens.is(before, Role::ListLink)
            && before
                .checked_sub(1)
                .is_some_and(|member| tokens.slash(member).is_some())
            && tokens.joined(before);
        if listed {
            at = before - 1;
            continue;
        }
        if tokens.value(before, Role::Pointer) == Some(0) {
            return true;
        }
        let words = Roles::of(&[
            Role::DateFiller,
            Role::Since,
            Role::Until,
            Role::Before,
            Role::After,
            Role::Weekday,
        ]);
        return tokens.any(before, words)
            && !tokens.any(before, Roles::of(&[Role::Filler, Role::DateLink]));
    }
    false
}

/// Tells whether a day with the name of its month stands next in a list: 11/20, 12 of November.
fn dated_behind(tokens: &Tokens<'_>, at: usize) -> bool {
    let next = at + 2;
    let listed = tokens.is(at + 1, Role::ListLink) && tokens.joined(at + 1) && tokens.joined(next);
    if !listed {
        return false;
    }
    if tokens.is(next, Role::Month) {
        return tokens.numeral(next + 1).is_some() && tokens.joined(next + 1);
    }
    let Some((_, mut month)) = day_number(tokens, next) else {
        return false;
    };
    while month < next + 4 && tokens.is(month, Role::DateLink) && tokens.joined(month) {
        month += 1;
    }
    tokens.is(month, Role::Month) && tokens.joined(month)
}

/// 11/20公布财报: no common part of one, with Han characters behind that it does not count and no word in front that it is a
/// part of.
fn is_day_in_han(tokens: &Tokens<'_>, at: usize, (first, second): (u32, u32)) -> bool {
    let counts = Roles::of(&[
        Role::Unit,
        Role::Classifier,
        Role::Noun,
        Role::Currency,
        Role::DateLink,
        Role::BoundAfter,
        Role::NameAfter,
    ]);
    let measures = Roles::of(&[
        Role::BoundBefore,
        Role::Filler,
        Role::DateLink,
        Role::RangeLink,
    ]);
    let behind = tokens
        .text
        .get(tokens.end(at)..)
        .and_then(|text| text.chars().next());
    let measured = at.checked_sub(1).is_some_and(|before| {
        let part = tokens.any(before, measures) && !tokens.is_ascii(before);
        tokens.joined(at) && (part || tokens.numeral(before).is_some())
    });
    (2..=12).contains(&first)
        && (13..=31).contains(&second)
        && second != 16
        && behind.is_some_and(|next| matches!(next, '\u{4E00}'..='\u{9FFF}'))
        && !(tokens.joined(at + 1) && tokens.any(at + 1, counts))
        && !measured
}

/// Tells whether two slashes make a range of days that cannot be one of fractions: 2/29-3/1.
fn dated_range(tokens: &Tokens<'_>, at: usize) -> bool {
    let Some((first, second)) = tokens.slash(at) else {
        return false;
    };
    let other = tokens.slash(at + 2);
    let linked = tokens.is(at + 1, Role::RangeLink)
        && tokens.gap(at + 1) == Gap::None
        && tokens.gap(at + 2) == Gap::None;
    // Inches are halved: 16ths, 32nds.
    let is_day = |number: u32| number > 12 && number <= 31 && number != 16;
    let whole = matches!(
        tokens.get(at + 2).map(|token| token.kind),
        Some(TokenKind::Day(_))
    );
    linked
        && first <= 12
        && (whole
            || other.is_some_and(|(month, day)| {
                (1..=12).contains(&month)
                    && (1..=31).contains(&day)
                    && (is_day(day) || is_day(second))
            }))
}

/// 12-2015, 2/2013: a month with its year behind it, unless a name stands before.
pub(super) fn month_of_year(tokens: &Tokens<'_>, at: usize, year: i16, month: i8) -> Option<Point> {
    let named = at.checked_sub(1).is_some_and(|before| {
        tokens.joined(at) && tokens.any(before, Roles::of(&[Role::NameBefore, Role::OrdinalPrefix]))
    });
    // Decree 12-2015: a word with a capital letter names it, at the start of a sentence too.
    if named || capital_before(tokens, tokens.start(at)) || capital_word(tokens, at) {
        return None;
    }
    Some(Point {
        year: Some(year),
        month: Some(month),
        grain: Grain::Month,
        ..Point::new(at + 1)
    })
}

/// Tells whether a word with a capital letter that is none of dates stands right before.
fn capital_word(tokens: &Tokens<'_>, at: usize) -> bool {
    let before = tokens
        .text
        .get(..tokens.start(at))
        .and_then(|text| text.strip_suffix(' '))
        .unwrap_or_default();
    let word = before
        .rfind(|character: char| !character.is_ascii_alphabetic())
        .map_or(before, |sign| before.get(sign + 1..).unwrap_or_default());
    let of_dates = Roles::of(&[
        Role::DateFiller,
        Role::DateLink,
        Role::ListLink,
        Role::Since,
        Role::Until,
        Role::Before,
        Role::After,
        Role::RangeOpen,
        Role::RangeLink,
        Role::Part,
        Role::Weekday,
    ]);
    let known = at
        .checked_sub(1)
        .is_some_and(|token| tokens.end(token) == before.len() && tokens.any(token, of_dates));
    !known && word.starts_with(|first: char| first.is_ascii_uppercase())
}

/// 2022 11 23 and 6·30, where the text is nothing else.
pub(super) fn spaced(tokens: &Tokens<'_>, at: usize) -> Option<Point> {
    if let Some(point) = dotted(tokens, at) {
        return Some(point);
    }
    let year = tokens
        .plain_integer(at)
        .filter(|year| (1900..2200).contains(year))?;
    if !alone(tokens, tokens.start(at), tokens.end(at + 2)) {
        return None;
    }
    let day = calendar::day(
        i16::try_from(year).ok()?,
        i8::try_from(tokens.plain_integer(at + 1)?).ok()?,
        i8::try_from(tokens.plain_integer(at + 2)?).ok()?,
    )?;
    let joined = tokens.gap(at + 1) == Gap::Space && tokens.gap(at + 2) == Gap::Space;
    joined.then(|| Point::fixed(day, Grain::Day, at + 3))
}

/// 6·30: month and day with a dot in the middle.
fn dotted(tokens: &Tokens<'_>, at: usize) -> Option<Point> {
    // The dot may be a word of its own.
    let last = at + 1 + usize::from(tokens.form(at + 1) == DOT);
    let between = tokens.text.get(tokens.end(at)..tokens.start(last))?;
    if between != DOT || !alone(tokens, tokens.start(at), tokens.end(last)) {
        return None;
    }
    let number = |index: usize| i8::try_from(tokens.plain_integer(index)?).ok();
    let (month, day) = (number(at)?, number(last)?);
    calendar::day(2000, month, day)?;
    Some(Point {
        month: Some(month),
        day: Some(day),
        grain: Grain::Day,
        ..Point::new(last + 1)
    })
}

/// 2023/24年度: two calendar years in one fiscal or school year.
fn year_pair(tokens: &Tokens<'_>, at: usize, first: u32, context: &ReadContext) -> Option<Point> {
    let marked =
        tokens.any(at + 1, Roles::of(&[Role::YearMark, Role::Fiscal])) && tokens.joined(at + 1);
    let year = i16::try_from(first).ok()?;
    let start = context
        .region
        .and_then(|region| tokens.lexicon.calendar().fiscal_start(region));
    let days = match start {
        Some(start) => {
            let low = calendar::month(year, start.month)?.0;
            (low, calendar::shift_months(low, 12)?.yesterday().ok()?)
        }
        None => (calendar::year(year)?.0, calendar::year(year + 1)?.1),
    };
    Some(Point {
        fiscal: true,
        ..Point::fixed(days, Grain::Year, at + 1 + usize::from(marked))
    })
}

fn day_first(tokens: &Tokens<'_>, context: &ReadContext) -> bool {
    context
        .region
        .is_some_and(|region| tokens.lexicon.calendar().is_day_first(region))
}

/// A day in the order of the region: 12/08/2025 is in August in London; and a year of two digits in its century.
pub(super) fn ordered(tokens: &Tokens<'_>, at: usize, date: Date, context: &ReadContext) -> Date {
    let form = tokens.form(at);
    let shape = form.find(['/', '-']).is_some_and(|at| at <= 2);
    if !shape {
        return date;
    }
    let short = form
        .rfind(['/', '-'])
        .is_some_and(|at| form.len() - at == 3);
    let date = if short {
        in_century(date, context)
    } else {
        date
    };
    if short && context.lang == Lang::Zh && !day_first(tokens, context) {
        return year_first(form, date, context).unwrap_or(date);
    }
    if !day_first(tokens, context) || date.day() > 12 {
        return date;
    }
    Date::new(date.year(), date.day(), date.month()).unwrap_or(date)
}

/// The same day a century earlier, where it would lie far ahead.
fn in_century(date: Date, context: &ReadContext) -> Date {
    let far = context
        .reference
        .map_or(2050, |reference| reference.year().saturating_add(AHEAD_MAX));
    if date.year() <= far {
        return date;
    }
    Date::new(date.year() - 100, date.month(), date.day()).unwrap_or(date)
}

/// 12-11-10 in Chinese has its year in front, if that is not further from the reference day.
fn year_first(form: &str, other: Date, context: &ReadContext) -> Option<Date> {
    let mut numbers = form
        .split(['/', '-'])
        .map(|number| number.parse::<i16>().ok());
    let (year, month, day) = (numbers.next()??, numbers.next()??, numbers.next()??);
    let date = Date::new(
        2000 + year,
        i8::try_from(month).ok()?,
        i8::try_from(day).ok()?,
    )
    .ok()?;
    let date = in_century(date, context);
    let reference = context.reference.unwrap_or(date);
    let distance = |date: Date| date.year().abs_diff(reference.year());
    (distance(date) <= distance(other)).then_some(date)
}
