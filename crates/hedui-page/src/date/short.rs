//! The shapes that are read digit by digit: the short forms of ISO 8601, and dates in paths.

use jiff::civil::Date;

use super::Stamp;

/// Reads `2003`, `2003-12`, `031231`, `03-12-31`, `-0312`, `-03-12`, `03335`, `20031231`, `20031231T101455Z`.
///
/// Years of two digits are of this century, but for those from 69 on (POSIX `strptime`). A day of the year stands for
/// the first of its month, as feedparser has it.
pub(super) fn read(text: &str) -> Option<Stamp> {
    if !text.bytes().all(|b| b.is_ascii_digit() || b == b'-') {
        return None;
    }
    let number = |range: std::ops::Range<usize>| -> Option<i16> { text.get(range)?.parse().ok() };
    let all_digits = text.bytes().all(|b| b.is_ascii_digit());
    let date = match (text.len(), all_digits) {
        (4, true) => Date::new(number(0..4)?, 1, 1),
        (5, true) => return short_ordinal(number(0..2)?, number(2..5)?),
        (6, true) => Date::new(
            century(number(0..2)?),
            small(number(2..4)?)?,
            small(number(4..6)?)?,
        ),
        (7, true) => return short_ordinal(number(0..4)?, number(4..7)?),
        (8, true) => Date::new(number(0..4)?, small(number(4..6)?)?, small(number(6..8)?)?),
        (5, false) if text.starts_with('-') => {
            Date::new(century(number(1..3)?), small(number(3..5)?)?, 1)
        }
        (6, false) if text.starts_with('-') && text.get(3..4) == Some("-") => {
            Date::new(century(number(1..3)?), small(number(4..6)?)?, 1)
        }
        (7, false) if text.get(4..5) == Some("-") => {
            Date::new(number(0..4)?, small(number(5..7)?)?, 1)
        }
        (8, false) if text.get(2..3) == Some("-") && text.get(5..6) == Some("-") => Date::new(
            century(number(0..2)?),
            small(number(3..5)?)?,
            small(number(6..8)?)?,
        ),
        _ => return None,
    };
    day(date.ok()?)
}

fn short_ordinal(year: i16, ordinal: i16) -> Option<Stamp> {
    if !(1..=366).contains(&ordinal) {
        return None;
    }
    let first = Date::new(century(year), 1, 1).ok()?;
    let date = first
        .checked_add(jiff::Span::new().days(ordinal - 1))
        .ok()?;
    day(date.first_of_month())
}

/// Gives a year of two digits its century.
pub(super) fn century(year: i16) -> i16 {
    match year {
        0..=68 => 2000 + year,
        69..=99 => 1900 + year,
        _ => year,
    }
}

fn small(number: i16) -> Option<i8> {
    number.try_into().ok()
}

fn day(date: Date) -> Option<Stamp> {
    Some(Stamp {
        date,
        time: None,
        offset: None,
        ambiguous: false,
    })
}

/// Finds the first plausible date in a path (see [`super::date_in_path`]).
pub(super) fn date_in_path(path: &str) -> Option<Date> {
    let runs = digit_runs(path);
    let plausible = |year: i64, month: i64, day: i64| -> Option<Date> {
        let is_recent = (1995..=2100).contains(&year);
        let date = Date::new(
            year.try_into().ok()?,
            month.try_into().ok()?,
            day.try_into().ok()?,
        );
        date.ok().filter(|_| is_recent)
    };
    for (index, run) in runs.iter().enumerate() {
        let next = |step: usize| runs.get(index + step);
        let joined = |left: &Run, right: &Run| {
            path.get(left.end..right.start)
                .is_some_and(|between| matches!(between, "/" | "-" | "_"))
        };
        let found = match run.digits {
            // Longer numbers are identifiers, of which many start with a date.
            8 | 12 | 14 => {
                let day_number = run.value / 10i64.pow(run.digits as u32 - 8);
                plausible(
                    day_number / 10_000,
                    day_number / 100 % 100,
                    day_number % 100,
                )
            }
            6 => next(1)
                .filter(|day| day.digits == 2 && joined(run, day))
                .and_then(|day| plausible(run.value / 100, run.value % 100, day.value)),
            4 => match (next(1), next(2)) {
                (Some(month), Some(day))
                    if month.digits <= 2
                        && day.digits <= 2
                        && joined(run, month)
                        && joined(month, day) =>
                {
                    plausible(run.value, month.value, day.value)
                }
                (Some(month_day), _) if month_day.digits == 4 && joined(run, month_day) => {
                    plausible(run.value, month_day.value / 100, month_day.value % 100)
                }
                _ => None,
            },
            _ => None,
        };
        if found.is_some() {
            return found;
        }
    }
    month_by_name(path)
}

/// Reads `/2025/sep/24/`, with the month in three letters.
fn month_by_name(path: &str) -> Option<Date> {
    let words = crate::words::Words::builtin();
    let parts: Vec<&str> = path.split('/').collect();
    parts.windows(3).find_map(|window| {
        let [year, month, day] = window else {
            return None;
        };
        let year: i16 = year
            .parse()
            .ok()
            .filter(|year| (1995..=2100).contains(year))?;
        let Some(crate::words::DateWord::Month(month)) =
            words.date_word(&crate::words::lower(month))
        else {
            return None;
        };
        Date::new(year, month, day.parse().ok()?).ok()
    })
}

struct Run {
    start: usize,
    end: usize,
    digits: usize,
    value: i64,
}

fn digit_runs(path: &str) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for (at, byte) in path.bytes().enumerate() {
        if !byte.is_ascii_digit() {
            continue;
        }
        let digit = i64::from(byte - b'0');
        match runs.last_mut().filter(|run| run.end == at) {
            Some(run) => {
                run.end = at + 1;
                run.digits += 1;
                run.value = run.value.saturating_mul(10).saturating_add(digit);
            }
            None => runs.push(Run {
                start: at,
                end: at + 1,
                digits: 1,
                value: digit,
            }),
        }
    }
    runs
}
