//! Dates of the Chinese calendar: 农历六月, 正月初五, 腊月二十三, 八月十五, from the table of its months.

use hedui_text::lexicon::quantities::{Role, Roles};
use jiff::civil::Date;

use super::super::ReadContext;
use super::super::reading::Grain;
use super::super::token::{Gap, Tokens};
use super::calendar::Days;
use super::point::Point;
use super::small_number::small_number;

/// A month and day of the Chinese calendar as far as they are said.
#[derive(Clone, Copy, Debug)]
struct Said {
    month: i8,
    leap: bool,
    day: Option<i8>,
    next: usize,
}

/// A lunar date that starts at a token, of the year nearest to the reference day; 农历二〇二一年六月 says its year.
pub(super) fn lunar_first(
    tokens: &Tokens<'_>,
    at: usize,
    context: &ReadContext,
    year: impl Fn(usize) -> Option<(i16, usize)>,
) -> Option<Point> {
    let marked = tokens.value(at, Role::Lunar) == Some(0);
    let start = at + usize::from(marked);
    if marked && !tokens.joined(start) {
        return None;
    }
    if marked && let Some((year, next)) = year(start) {
        return in_year(tokens, next, year, true);
    }
    let said = said(tokens, start, marked)?;
    let reference = context.reference?;
    let years = [
        reference.year().checked_sub(1)?,
        reference.year(),
        reference.year().checked_add(1)?,
    ];
    let days = years
        .into_iter()
        .filter_map(|year| days(tokens, year, &said))
        .min_by_key(|days| (days.0 - reference).get_days().abs())?;
    Some(Point {
        relative: true,
        ..point(days, &said)
    })
}

/// A lunar month and day behind a year: 去年八月十五, 2025年腊月二十三.
pub(super) fn in_year(tokens: &Tokens<'_>, at: usize, year: i16, marked: bool) -> Option<Point> {
    let also_marked = tokens.value(at, Role::Lunar) == Some(0);
    let start = at + usize::from(also_marked);
    if !tokens.joined(start) {
        return None;
    }
    let said = said(tokens, start, marked || also_marked)?;
    Some(point(days(tokens, year, &said)?, &said))
}

fn point(days: Days, said: &Said) -> Point {
    let grain = if said.day.is_some() {
        Grain::Day
    } else {
        Grain::Month
    };
    Point::fixed(days, grain, said.next)
}

/// A month with or without its day, where something says that it is one of the Chinese calendar: a mark, the name of the
/// month or of the day, or both in Chinese numerals without 日.
fn said(tokens: &Tokens<'_>, at: usize, marked: bool) -> Option<Said> {
    let leap = tokens.value(at, Role::Lunar) == Some(1) && tokens.gap(at + 1) == Gap::None;
    let at = at + usize::from(leap);
    let named = tokens.value(at, Role::LunarMonth);
    let (month, next) = match named {
        Some(month) => (month, at + 1),
        None => {
            let (month, mark) = small_number(tokens, at, 12)?;
            if !tokens.is(mark, Role::MonthMark) || !tokens.joined(mark) {
                return None;
            }
            (month, mark + 1)
        }
    };
    let numeral = tokens.numeral(at).is_none() && named.is_none();
    let sure = marked || leap || named.is_some();
    let day = day_behind(tokens, next, numeral, sure);
    if !sure && day.is_none() {
        return None;
    }
    Some(Said {
        month: i8::try_from(month).ok()?,
        leap,
        day: day.map(|(day, _)| day),
        next: day.map_or(next, |(_, next)| next),
    })
}

/// 初五, 二十三, 三十 behind a month. Where nothing else marks the date, numerals in Chinese from ten on without 日.
fn day_behind(tokens: &Tokens<'_>, at: usize, numeral: bool, sure: bool) -> Option<(i8, usize)> {
    if !tokens.joined(at) {
        return None;
    }
    if let Some(day) = tokens.value(at, Role::LunarDay) {
        return Some((i8::try_from(day).ok()?, at + 1));
    }
    let han = !tokens.is_ascii(at) && tokens.numeral(at).is_none();
    let (day, next) = small_number(tokens, at, 30).filter(|(day, _)| *day >= 10 && han)?;
    let marks = Roles::of(&[
        Role::DayMark,
        Role::Unit,
        Role::Classifier,
        Role::Noun,
        Role::Currency,
        Role::NameAfter,
        Role::VagueMore,
    ]);
    let goes_on = tokens.gap(next) == Gap::None && tokens.any(next, marks);
    let dated = sure || numeral && tokens.gap(at) == Gap::None && next > at + 1;
    (dated && !goes_on).then(|| Some((i8::try_from(day).ok()?, next)))?
}

fn days(tokens: &Tokens<'_>, year: i16, said: &Said) -> Option<Days> {
    let table = tokens.lexicon.calendar();
    let (first, last) = table.lunar_month(year, said.month, said.leap)?;
    let Some(day) = said.day else {
        return Some((first, last));
    };
    let day = nth(first, last, day)?;
    Some((day, day))
}

/// The day of a lunar month of a year; the thirtieth is the last.
pub(super) fn day(tokens: &Tokens<'_>, year: i16, month: i8, day: i8) -> Option<Date> {
    let (first, last) = tokens.lexicon.calendar().lunar_month(year, month, false)?;
    nth(first, last, day)
}

fn nth(first: Date, last: Date, day: i8) -> Option<Date> {
    let found = super::calendar::shift(first, i64::from(day) - 1)?;
    Some(if day == 30 { last } else { found }).filter(|day| *day <= last)
}
