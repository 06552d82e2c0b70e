//! Days of periods: a year, a quarter, a week, a part of a month. All ends are inclusive.

use jiff::civil::{Date, Weekday};
use jiff::{Span, ToSpan};

/// First and last day.
pub(super) type Days = (Date, Date);

pub(super) fn day(year: i16, month: i8, day: i8) -> Option<Days> {
    let date = Date::new(year, month, day).ok()?;
    Some((date, date))
}

pub(super) fn month(year: i16, month: i8) -> Option<Days> {
    let first = Date::new(year, month, 1).ok()?;
    Some((first, first.last_of_month()))
}

pub(super) fn months(year: i16, first: i8, last: i8) -> Option<Days> {
    Some((month(year, first)?.0, month(year, last)?.1))
}

pub(super) fn quarter(year: i16, quarter: i8) -> Option<Days> {
    let first = quarter.checked_sub(1)?.checked_mul(3)?.checked_add(1)?;
    months(year, first, first.checked_add(2)?)
}

pub(super) fn half(year: i16, half: i8) -> Option<Days> {
    if half == 1 {
        months(year, 1, 6)
    } else {
        months(year, 7, 12)
    }
}

pub(super) fn year(year: i16) -> Option<Days> {
    months(year, 1, 12)
}

pub(super) fn decade(year: i16) -> Option<Days> {
    Some((
        months(year, 1, 12)?.0,
        months(year.checked_add(9)?, 1, 12)?.1,
    ))
}

/// The hundred years from a year on, as people count them: the 21st century from 2000.
pub(super) fn century(year: i16) -> Option<Days> {
    Some((
        months(year, 1, 12)?.0,
        months(year.checked_add(99)?, 1, 12)?.1,
    ))
}

/// The week, from Monday, that is so many weeks from that of a day.
pub(super) fn week(day: Date, distance: i64) -> Option<Days> {
    let back = i64::from(day.weekday().to_monday_zero_offset());
    let monday = shift(day, 7_i64.checked_mul(distance)?.checked_sub(back)?)?;
    Some((monday, shift(monday, 6)?))
}

/// The month that is so many months from that of a day, as year and month.
pub(super) fn month_from(day: Date, distance: i64) -> Option<(i16, i8)> {
    let index = i64::from(day.year()) * 12 + i64::from(day.month()) - 1 + distance;
    Some((
        i16::try_from(index.div_euclid(12)).ok()?,
        i8::try_from(index.rem_euclid(12) + 1).ok()?,
    ))
}

/// The quarter that is so many quarters from that of a day, as year and quarter.
pub(super) fn quarter_from(day: Date, distance: i64) -> Option<(i16, i8)> {
    let index = i64::from(day.year()) * 4 + i64::from((day.month() - 1) / 3) + distance;
    Some((
        i16::try_from(index.div_euclid(4)).ok()?,
        i8::try_from(index.rem_euclid(4) + 1).ok()?,
    ))
}

pub(super) fn shift(day: Date, days: i64) -> Option<Date> {
    if days.abs() > 400_000 {
        return None;
    }
    day.checked_add(days.days()).ok()
}

pub(super) fn shift_months(day: Date, months: i64) -> Option<Date> {
    if months.abs() > 20_000 {
        return None;
    }
    let span: Span = months.months();
    day.checked_add(span).ok()
}

/// A weekday from 1 for Monday.
pub(super) fn weekday(number: i64) -> Option<Weekday> {
    Weekday::from_monday_one_offset(i8::try_from(number).ok()?).ok()
}

/// The first, second or third ten days of a month.
pub(super) fn third(days: Days, third: i64) -> Option<Days> {
    let (low, high) = days;
    let at = |day: i8| Date::new(low.year(), low.month(), day).ok();
    match third {
        1 => Some((low, at(10)?)),
        2 => Some((at(11)?, at(20)?)),
        _ => Some((at(21)?, high)),
    }
}

/// A part of a period: the first or last month of a year or quarter, the first ten days or the last day of a month.
pub(super) fn part(days: Days, part: i64) -> Option<Days> {
    let (low, high) = days;
    let length = (high - low).get_days();
    if length > 3_000 {
        return years_part(days, part, if length > 30_000 { 10 } else { 1 });
    }
    let from = |skipped: i64, count: i64| {
        let first = shift_months(low, skipped)?;
        Some((first, shift_months(first, count)?.yesterday().ok()?))
    };
    if length > 300 {
        return match part {
            1 => from(0, 1),
            2 => from(5, 2),
            4 => from(0, 3),
            5 => from(9, 3),
            _ => from(11, 1),
        };
    }
    if length > 80 {
        return match part {
            1 | 4 => from(0, 1),
            2 => from(1, 1),
            _ => Some((Date::new(high.year(), high.month(), 1).ok()?, high)),
        };
    }
    if length > 20 {
        let at = |day: i8| Date::new(low.year(), low.month(), day).ok();
        return match part {
            1 | 4 => Some((low, at(10)?)),
            2 => Some((at(11)?, at(20)?)),
            5 => Some((at(21)?, high)),
            _ => Some((high, high)),
        };
    }
    if length == 6 {
        return match part {
            1 | 4 => Some((low, shift(low, 2)?)),
            2 => Some((shift(low, 2)?, shift(low, 3)?)),
            _ => Some((shift(low, 4)?, high)),
        };
    }
    None
}

/// A part of a decade, or with `scale` 10 of a century: its first four years, the middle, the last three.
fn years_part((low, high): Days, part: i64, scale: i16) -> Option<Days> {
    let (first, last) = match part {
        1 | 4 if scale == 1 => (0, 3),
        1 | 4 => (0, 1),
        2 => (4, 6),
        _ if scale == 1 => (7, 9),
        _ => (9, 9),
    };
    let year = |index: i16| low.year().checked_add(index.checked_mul(scale)?);
    let end = months(year(last)?.checked_add(scale - 1)?, 1, 12)?.1;
    Some((months(year(first)?, 1, 12)?.0, end.min(high)))
}
