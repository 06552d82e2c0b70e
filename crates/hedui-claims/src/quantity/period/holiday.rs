//! Holidays: Christmas, Thanksgiving 2024, 去年国庆, the day of one in a year.

use hedui_text::lexicon::quantities::{HolidayRow, HolidayRule, Role, Roles};
use jiff::civil::Date;

use super::super::ReadContext;
use super::super::reading::Grain;
use super::super::token::{Gap, Tokens};
use super::calendar;
use super::lunar;
use super::point::{Mode, Point};
use super::pointed::capital;
use super::year_behind::with_year;

/// A holiday with the year behind it, or alone.
pub(super) fn holiday_first(
    tokens: &Tokens<'_>,
    at: usize,
    context: &ReadContext,
) -> Option<Point> {
    let holiday = tokens.value(at, Role::Holiday)?;
    if tokens.is_ascii(at) && !written(tokens, at) {
        return None;
    }
    if tokens.is(at, Role::Doubtful) && !sure(tokens, at) {
        return None;
    }
    let point = Point {
        holiday: Some(holiday),
        grain: Grain::Day,
        ..Point::new(at + 1)
    };
    if tokens.is_ascii(at) {
        return Some(with_year(tokens, point, context));
    }
    Some(point)
}

/// Tells whether an English name is written as a feast is: with a capital letter, in a text without any, in more than one
/// word, or behind a word of dates. *An easter bonnet* is none.
fn written(tokens: &Tokens<'_>, at: usize) -> bool {
    let announces = Roles::of(&[
        Role::Before,
        Role::After,
        Role::Since,
        Role::Until,
        Role::DateFiller,
    ]);
    capital(tokens, at)
        || tokens.form(at).contains(' ')
        || at
            .checked_sub(1)
            .is_some_and(|before| tokens.joined(at) && tokens.any(before, announces))
        || !tokens.text.bytes().any(|byte| byte.is_ascii_uppercase())
}

/// Tells whether a word of dates stands beside a name that is another word as well: 五一前, 双十一期间.
fn sure(tokens: &Tokens<'_>, at: usize) -> bool {
    let behind = Roles::of(&[Role::Before, Role::After, Role::Within, Role::Until]);
    let before = Roles::of(&[Role::Since, Role::Until, Role::RangeLink, Role::DateFiller]);
    tokens.gap(at + 1) == Gap::None && tokens.any(at + 1, behind)
        || at
            .checked_sub(1)
            .is_some_and(|index| tokens.gap(at) == Gap::None && tokens.any(index, before))
}

/// The day of a holiday in a year.
pub(super) fn day_in(
    tokens: &Tokens<'_>,
    index: i64,
    year: i16,
    context: &ReadContext,
) -> Option<Date> {
    let row = tokens.lexicon.calendar().holiday(index)?;
    calendar::shift(day_of(tokens, row, year, context)?, row.later)
}

fn day_of(tokens: &Tokens<'_>, row: &HolidayRow, year: i16, context: &ReadContext) -> Option<Date> {
    let regional = context.region.and_then(|region| row.by_region.get(&region));
    if let Some((month, day)) = regional {
        return Date::new(year, *month, *day).ok();
    }
    match row.rule {
        HolidayRule::Day { month, day } => Date::new(year, month, day).ok(),
        HolidayRule::Weekday {
            month,
            weekday,
            nth,
        } => Date::new(year, month, 1)
            .ok()?
            .nth_weekday_of_month(nth, calendar::weekday(i64::from(weekday))?)
            .ok(),
        HolidayRule::Easter(days) => calendar::shift(easter(year)?, i64::from(days)),
        HolidayRule::Lunar { month, day } => lunar::day(tokens, year, month, day),
        HolidayRule::Term { month, base } => term(year, month, base),
    }
}

/// Easter Sunday by the Gregorian rule. Source: the anonymous algorithm of Nature, 20 April 1876.
fn easter(year: i16) -> Option<Date> {
    let number = i32::from(year);
    let (a, b, c) = (number % 19, number / 100, number % 100);
    let (d, e) = (b / 4, b % 4);
    let g = (8 * b + 13) / 25;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 19 * l) / 433;
    let month = (h + l - 7 * m + 90) / 25;
    let day = (h + l - 7 * m + 33 * month + 19) % 32;
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// The day of a solar term, by the usual approximation, which holds for the terms of the tables from 1900 to 2099.
fn term(year: i16, month: i8, base: [i32; 2]) -> Option<Date> {
    let number = i32::from(year);
    let base = match number {
        1900..=1999 => base[0],
        2000..=2099 => base[1],
        _ => return None,
    };
    let within = number % 100;
    let day = (within * 2_422 + base * 100) / 10_000 - within / 4;
    Date::new(year, month, i8::try_from(day).ok()?).ok()
}

/// The day that is meant where no year is said: the nearest, or where words point ahead the next.
pub(super) fn nearest(
    reference: Date,
    mode: Mode,
    day: impl Fn(i16) -> Option<Date>,
) -> Option<Date> {
    let year = reference.year();
    let days = [year.checked_sub(1)?, year, year.checked_add(1)?];
    let mut days = days.into_iter().filter_map(day);
    if mode == Mode::Ahead {
        return days.find(|day| *day >= reference);
    }
    days.min_by_key(|day| (*day - reference).get_days().abs())
}

/// `last Christmas`, `next Thanksgiving`, `this Easter`.
pub(super) fn pointed_holiday(
    tokens: &Tokens<'_>,
    at: usize,
    distance: i64,
    reference: Date,
    context: &ReadContext,
) -> Option<Point> {
    let holiday = tokens.value(at, Role::Holiday)?;
    let year = reference.year();
    let day = |year: i16| day_in(tokens, holiday, year, context);
    let found = match distance {
        0 => day(year)?,
        1.. => [year, year.checked_add(1)?]
            .into_iter()
            .filter_map(day)
            .find(|day| *day > reference)?,
        _ => [year, year.checked_sub(1)?]
            .into_iter()
            .filter_map(day)
            .find(|day| *day < reference)?,
    };
    Some(Point {
        relative: true,
        ..Point::fixed((found, found), Grain::Day, at + 1)
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn easter_of_some_years() {
        let cases = [
            (1900, 4, 15),
            (1943, 4, 25),
            (1954, 4, 18),
            (2008, 3, 23),
            (2024, 3, 31),
            (2025, 4, 20),
            (2038, 4, 25),
        ];
        for (year, month, day) in cases {
            assert_eq!(easter(year), Date::new(year, month, day).ok(), "{year}");
        }
    }

    #[test]
    fn qingming_of_some_years() {
        for (year, day) in [
            (1949, 5),
            (1999, 5),
            (2008, 4),
            (2023, 5),
            (2024, 4),
            (2025, 4),
        ] {
            assert_eq!(
                term(year, 4, [559, 481]),
                Date::new(year, 4, day).ok(),
                "{year}"
            );
        }
        assert_eq!(term(2150, 4, [559, 481]), None);
    }
}
