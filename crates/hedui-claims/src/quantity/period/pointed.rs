//! Days and periods that are pointed at from the reference day: 昨天, 下个月20号, last year, next quarter.

use hedui_text::lexicon::quantities::{Role, Roles};
use jiff::civil::Date;

use super::super::ReadContext;
use super::super::reading::Grain;
use super::super::token::{Gap, Tokens};
use super::calendar::{self, Days};
use super::clock::part_at;
use super::holiday::pointed_holiday;
use super::length::Length;
use super::month::after_month;
use super::part::part_behind;
use super::point::Point;
use super::relative::past_or_next;
use super::season::{pointed_season, season_behind};
use super::weekday::{bracketed_day, last, upcoming, week_digit, weekday};

/// 昨天, 上周三, 下个月20号, last Friday, next quarter, 周五.
pub(super) fn relative_point(
    tokens: &Tokens<'_>,
    at: usize,
    context: &ReadContext,
) -> Option<Point> {
    let word = tokens.word(at)?;
    let reference = context.reference?;
    if opens_title(tokens, at) {
        return None;
    }
    let relative = |days: Days, grain: Grain, next: usize| Point {
        relative: true,
        ..Point::fixed(days, grain, next)
    };
    if let Some(distance) = word.value(Role::RelativeDay) {
        let day = calendar::shift(reference, distance)?;
        if let Some(count) = word.value(Role::InARow) {
            let last = calendar::shift(day, count - 1)?;
            return Some(relative((day, last), Grain::Day, at + 1));
        }
        let whole = word.form.chars().count() > 1;
        if let Some(point) = bracketed_day(tokens, at, whole) {
            return Some(same_day(point, day).unwrap_or(point));
        }
        if distance == 0 && season_behind(tokens, at + 1).is_some() {
            return pointed_season(tokens, at + 1, 0, context);
        }
        if word.form.chars().count() == 1
            && !word.form.is_ascii()
            && !tokens.any(at + 1, Roles::of(&[Role::TimeOfDay]))
        {
            return None;
        }
        return Some(Point {
            part_of_day: part_at(tokens, at),
            ..relative((day, day), Grain::Day, at + 1)
        });
    }
    if let Some(distance) = word.value(Role::RelativeWeek) {
        let week = calendar::week(reference, distance)?;
        let next = at + 1;
        let weekday = tokens
            .value(next, Role::Weekday)
            .or_else(|| week_digit(tokens, next))
            .filter(|_| tokens.gap(next) == Gap::None);
        if let Some(weekday) = weekday {
            let day = calendar::shift(week.0, weekday - 1)?;
            if let Some(point) = bracketed_day(tokens, next, true) {
                return Some(same_day(point, day).unwrap_or(point));
            }
            return Some(relative((day, day), Grain::Day, next + 1));
        }
        if tokens.value(next, Role::Part) == Some(3) && tokens.gap(next) == Gap::None {
            return Some(relative(
                (calendar::shift(week.0, 5)?, week.1),
                Grain::Day,
                next + 1,
            ));
        }
        return Some(relative(week, Grain::Week, next));
    }
    if let Some(distance) = word.value(Role::RelativeMonth) {
        let (year, month) = calendar::month_from(reference, distance)?;
        let point = Point {
            year: Some(year),
            month: Some(month),
            grain: Grain::Month,
            relative: true,
            ..Point::new(at + 1)
        };
        return Some(after_month(tokens, point));
    }
    if let Some(distance) = word.value(Role::RelativeQuarter) {
        let (year, quarter) = calendar::quarter_from(reference, distance)?;
        let point = Point {
            year: Some(year),
            quarter: Some(quarter),
            grain: Grain::Quarter,
            relative: true,
            ..Point::new(at + 1)
        };
        return Some(part_behind(tokens, point));
    }
    if word.is(Role::Weekday) {
        return weekday(tokens, at, context);
    }
    if let Some(distance) = word.value(Role::Pointer) {
        // 上 and 下 alone end other words: 换上冬季的长毛.
        let whole = word.form.is_ascii() || word.form.chars().count() > 1;
        let named = (whole && tokens.joined(at + 1)).then(|| {
            pointed_holiday(tokens, at + 1, distance, reference, context)
                .or_else(|| pointed_season(tokens, at + 1, distance, context))
        });
        return named
            .flatten()
            .or_else(|| pointed(tokens, at, distance, reference));
    }
    None
}

/// Tells whether a word is the first of a title: 《明日之后》 is no tomorrow.
fn opens_title(tokens: &Tokens<'_>, at: usize) -> bool {
    let before = tokens.text.get(..tokens.start(at)).unwrap_or_default();
    before.ends_with(['\u{300A}', '\u{3008}'])
}

/// 本周五（21日）: the day that the words say, where the one in brackets is the same.
fn same_day(point: Point, day: Date) -> Option<Point> {
    (point.day == Some(day.day()) && point.month.is_none()).then_some(Point {
        tail: point.tail,
        relative: true,
        ..Point::fixed((day, day), Grain::Day, point.next)
    })
}

/// `last year`, `next Monday`, `this quarter`, `the previous week`, `last March`.
pub(super) fn pointed(
    tokens: &Tokens<'_>,
    at: usize,
    distance: i64,
    reference: Date,
) -> Option<Point> {
    let next = at + 1;
    if !tokens.joined(next) {
        return None;
    }
    let relative = |days: Days, grain: Grain, next: usize| Point {
        relative: true,
        ..Point::fixed(days, grain, next)
    };
    if let Some(number) = tokens
        .value(next, Role::Weekday)
        .filter(|_| tokens.is_ascii(next))
    {
        let day = pointed_weekday(reference, distance, number, tokens.is(at, Role::Nearest))?;
        return Some(relative((day, day), Grain::Day, next + 1));
    }
    if let Some(month) = tokens
        .value(next, Role::Month)
        .filter(|_| !tokens.is(next, Role::Doubtful) || capital(tokens, next))
    {
        let month = i8::try_from(month).ok()?;
        let year = match distance {
            0 => reference.year(),
            1.. => reference.year() + i16::from(month <= reference.month()),
            _ => reference.year() - i16::from(month >= reference.month()),
        };
        return Some(relative(
            calendar::month(year, month)?,
            Grain::Month,
            next + 1,
        ));
    }
    let kind = tokens.value(next, Role::Period).or_else(|| {
        tokens.period_kind(next).filter(|_| {
            tokens.is_ascii(next) && !tokens.form(next).ends_with('s')
                || !tokens.is_ascii(next) && tokens.is_ascii(at) == tokens.is_ascii(next)
        })
    });
    let kind =
        kind.or_else(|| (tokens.is(next, Role::QuarterMark) && tokens.is_ascii(next)).then_some(4));
    let fiscal = tokens.is(next, Role::Fiscal) && tokens.is_ascii(at) == tokens.is_ascii(next);
    if fiscal {
        let (days, grain) = period_from(reference, 5, distance)?;
        let year = tokens.value(next + 1, Role::Unit).is_some() && tokens.joined(next + 1);
        return Some(Point {
            fiscal: true,
            ..relative(days, grain, next + 1 + usize::from(year))
        });
    }
    let kind = kind?;
    // *The past year* ends today, *last year* with December; decades always count from today.
    let counts = tokens.is(at, Role::Nearest) && matches!(kind, 3 | 5 | 9) || kind == 6;
    if counts
        && distance.abs() == 1
        && let Some((days, _)) = past_or_next(reference, &Length::plain(kind, 1), distance)
        && let Some((_, grain)) = period_from(reference, kind, 0)
    {
        return Some(relative(days, grain, next + 1));
    }
    let (days, grain) = period_from(reference, kind, distance)?;
    if grain == Grain::Week
        && let Some((number, behind)) = weekday_of_week(tokens, next + 1)
    {
        let day = calendar::shift(days.0, number - 1)?;
        return Some(relative((day, day), Grain::Day, behind));
    }
    Some(relative(days, grain, next + 1))
}

/// The weekday that *last*, *this*, *next*, *upcoming* point at.
fn pointed_weekday(reference: Date, distance: i64, weekday: i64, nearest: bool) -> Option<Date> {
    if distance < 0 {
        return last(reference, weekday, nearest);
    }
    if nearest {
        return upcoming(reference, weekday);
    }
    let monday = calendar::week(reference, distance)?.0;
    let day = calendar::shift(monday, weekday - 1)?;
    if distance == 0 && day < reference {
        return calendar::shift(day, 7);
    }
    Some(day)
}

/// `next week Monday`, `last week - Monday`: the weekday, and the token after it.
fn weekday_of_week(tokens: &Tokens<'_>, at: usize) -> Option<(i64, usize)> {
    let at = at + usize::from(tokens.is_hyphen(at) && tokens.joined(at));
    let weekday = tokens
        .value(at, Role::Weekday)
        .filter(|_| tokens.joined(at) && tokens.is_ascii(at))?;
    // A weekday with a word of its own behind it is another day: last week Monday's.
    (!tokens.apostrophe_at(tokens.end(at))).then_some((weekday, at + 1))
}

/// Tells whether a word starts with a capital letter.
pub(super) fn capital(tokens: &Tokens<'_>, at: usize) -> bool {
    tokens.byte_at(tokens.start(at)).is_ascii_uppercase()
}

/// The period of a kind that is so many of its kind from a day: see `Role::Period`.
pub(super) fn period_from(day: Date, kind: i64, distance: i64) -> Option<(Days, Grain)> {
    Some(match kind {
        1 => {
            let day = calendar::shift(day, distance)?;
            ((day, day), Grain::Day)
        }
        2 => (calendar::week(day, distance)?, Grain::Week),
        3 => {
            let (year, month) = calendar::month_from(day, distance)?;
            (calendar::month(year, month)?, Grain::Month)
        }
        4 => {
            let (year, quarter) = calendar::quarter_from(day, distance)?;
            (calendar::quarter(year, quarter)?, Grain::Quarter)
        }
        5 => (
            calendar::year(day.year().checked_add(i16::try_from(distance).ok()?)?)?,
            Grain::Year,
        ),
        6 => {
            let decade = day.year() - day.year().rem_euclid(10);
            (
                calendar::decade(decade.checked_add(i16::try_from(distance * 10).ok()?)?)?,
                Grain::Decade,
            )
        }
        7 => {
            let (monday, sunday) = calendar::week(day, distance)?;
            ((calendar::shift(monday, 5)?, sunday), Grain::Day)
        }
        9 if distance <= 0 => (
            calendar::century(
                century(day.year()).checked_add(i16::try_from(distance * 100).ok()?)?,
            )?,
            Grain::Century,
        ),
        10 => {
            let (monday, _) = calendar::week(day, distance)?;
            ((monday, calendar::shift(monday, 4)?), Grain::Week)
        }
        _ => return None,
    })
}

/// The first year of the century of a year.
fn century(year: i16) -> i16 {
    year - year.rem_euclid(100)
}
