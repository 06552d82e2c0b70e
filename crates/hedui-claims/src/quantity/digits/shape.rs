//! What is more than one number: dates, fractions, times, addresses, versions.

use jiff::civil::Date;

use super::super::token::TokenKind;
use super::{Digits, digit, dotted, is, run};

pub(super) fn number(bytes: &[u8], from: usize, to: usize) -> Option<u32> {
    let digits = bytes.get(from..to)?;
    (!digits.is_empty() && digits.len() <= 9).then(|| {
        digits
            .iter()
            .fold(0, |value, byte| value * 10 + u32::from(byte - b'0'))
    })
}

/// Reads what is more than one number: dates, fractions, times, addresses, versions.
pub(super) fn shape(bytes: &[u8], start: usize, end: usize) -> Option<Digits> {
    let length = end - start;
    if length > 4 {
        return compact_date(bytes, start, end);
    }
    let separator = *bytes.get(end)?;
    if separator == b':'
        && bytes
            .get(end + 1)
            .is_some_and(|byte| byte.is_ascii_hexdigit() || *byte == b':')
        && hex_address(bytes, end)
    {
        return Some(Digits::Name(address_end(bytes, end)));
    }
    if !matches!(separator, b'/' | b'-' | b'.' | b':') || !digit(bytes, end + 1) {
        return None;
    }
    let second_end = run(bytes, end + 1);
    let first = number(bytes, start, end)?;
    if separator == b':' {
        return Some(
            clock(bytes, start, end).unwrap_or_else(|| Digits::Name(clock_end(bytes, second_end))),
        );
    }
    let second = number(bytes, end + 1, second_end)?;
    if is(bytes, second_end, separator) && digit(bytes, second_end + 1) {
        let third_end = run(bytes, second_end + 1);
        return three_parts(
            bytes,
            Parts {
                start,
                separator,
                first,
                second,
                first_length: length,
                second_length: second_end - end - 1,
                third: number(bytes, second_end + 1, third_end).unwrap_or(u32::MAX),
                third_length: third_end - second_end - 1,
                end: third_end,
            },
        );
    }
    let ends = !bytes.get(second_end).is_some_and(u8::is_ascii_alphanumeric);
    let second_length = second_end - end - 1;
    let is_month = length == 4 && (1900..2100).contains(&first) && (1..=12).contains(&second);
    let is_month_of_year =
        second_length == 4 && (1900..2100).contains(&second) && (1..=12).contains(&first);
    match separator {
        b'-' | b'/' if is_month && second_length == 2 && ends => Some(Digits::Shape(
            TokenKind::Month(i16::try_from(first).ok()?, i8::try_from(second).ok()?),
            second_end,
        )),
        b'-' if (is_month && second_length == 1 || is_month_of_year && length == 2) && ends => {
            let (year, month) = if is_month {
                (first, second)
            } else {
                (second, first)
            };
            Some(Digits::Shape(
                TokenKind::MonthYear(i16::try_from(year).ok()?, i8::try_from(month).ok()?),
                second_end,
            ))
        }
        b'.' if is_month && second_length == 2 && ends => month_in_range(bytes, start, second_end),
        b'/' => Some(Digits::Shape(TokenKind::Slash(first, second), second_end)),
        _ => None,
    }
}

/// 1999.08-2002.02, 2008.03-2009, 1994.01-19: a point is one of a date only inside a range of such.
fn month_in_range(bytes: &[u8], start: usize, end: usize) -> Option<Digits> {
    let year = number(bytes, start, start + 4)?;
    let month = number(bytes, start + 5, end)?;
    let behind = is(bytes, end, b'-').then(|| run(bytes, end + 1));
    let length = behind.map_or(0, |behind| behind - end - 1);
    let closes = behind.is_some_and(|behind| {
        !bytes
            .get(behind)
            .is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'%')
    });
    if let Some(behind) = behind.filter(|_| length == 2 && closes && !is_point(bytes, end + 3)) {
        let date = date(year, month, number(bytes, end + 1, behind)?)?;
        return Some(Digits::Shape(TokenKind::Day(date), behind));
    }
    let opens =
        length == 4 && closes && matches!(number(bytes, end + 1, end + 5), Some(1900..=2099));
    let second = start
        .checked_sub(3)
        .is_some_and(|before| is(bytes, start - 1, b'-') && digit(bytes, before));
    (opens || second).then(|| {
        Some(Digits::Shape(
            TokenKind::Month(i16::try_from(year).ok()?, i8::try_from(month).ok()?),
            end,
        ))
    })?
}

fn is_point(bytes: &[u8], at: usize) -> bool {
    is(bytes, at, b'.') && digit(bytes, at + 1)
}

/// Tells whether colons part an address of hexadecimal digits: 2001:db8::1, 12::1.
pub(super) fn hex_address(bytes: &[u8], at: usize) -> bool {
    let end = address_end(bytes, at);
    let run = bytes.get(at..end).unwrap_or_default();
    let colons = run.iter().filter(|byte| **byte == b':').count();
    colons >= 2 && (run.windows(2).any(|pair| pair == b"::") || colons >= 4)
}

pub(super) fn address_end(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    at + rest
        .iter()
        .take(48)
        .position(|byte| !(byte.is_ascii_hexdigit() || *byte == b':'))
        .unwrap_or(rest.len().min(48))
}

/// 9:30, 17:49:19, 08:00:00.000; `end` is behind the hours.
fn clock(bytes: &[u8], start: usize, end: usize) -> Option<Digits> {
    let pair = |at: usize| {
        (is(bytes, at, b':') && run(bytes, at + 1) == at + 3)
            .then(|| number(bytes, at + 1, at + 3))
            .flatten()
            .and_then(|value| u8::try_from(value).ok())
            .filter(|value| *value < 60)
    };
    let hours = u8::try_from(number(bytes, start, end)?).ok()?;
    let minutes = pair(end)?;
    let mut after = end + 3;
    let mut seconds = 0;
    if is(bytes, after, b':') {
        seconds = pair(after)?;
        after += 3;
        if is(bytes, after, b'.') && digit(bytes, after + 1) {
            after = run(bytes, after + 1);
        }
    }
    let goes_on = matches!(bytes.get(after), Some(b':' | b'.')) && digit(bytes, after + 1)
        || is(bytes, after, b'-') && bytes.get(after + 1).is_some_and(u8::is_ascii_alphabetic);
    let there_is = end - start <= 2 && (hours < 24 || hours == 24 && minutes == 0 && seconds == 0);
    (there_is && !goes_on).then_some(Digits::Shape(
        TokenKind::Clock(hours, minutes, seconds),
        after,
    ))
}

/// The byte after a clock time or a ratio.
pub(super) fn clock_end(bytes: &[u8], mut end: usize) -> usize {
    while matches!(bytes.get(end), Some(b':' | b'.')) && digit(bytes, end + 1) {
        end = run(bytes, end + 1);
    }
    end
}

/// 20240307.
pub(super) fn compact_date(bytes: &[u8], start: usize, end: usize) -> Option<Digits> {
    if end - start != 8
        || bytes
            .get(end)
            .is_some_and(|byte| matches!(byte, b'.' | b',' | b'%'))
    {
        return None;
    }
    let year = number(bytes, start, start + 4)?;
    if !(1950..2100).contains(&year) {
        return None;
    }
    let date = date(
        year,
        number(bytes, start + 4, start + 6)?,
        number(bytes, start + 6, end)?,
    )?;
    Some(Digits::Shape(TokenKind::Day(date), end))
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Parts {
    start: usize,
    separator: u8,
    first: u32,
    second: u32,
    third: u32,
    first_length: usize,
    second_length: usize,
    third_length: usize,
    end: usize,
}

/// Three numbers with one separator: a date, or a name.
pub(super) fn three_parts(bytes: &[u8], parts: Parts) -> Option<Digits> {
    let Parts {
        separator,
        first,
        second,
        third,
        ..
    } = parts;
    let timed = is(bytes, parts.end, b'T') && digit(bytes, parts.end + 1);
    let goes_on = (is(bytes, parts.end, separator) && digit(bytes, parts.end + 1))
        || bytes.get(parts.end).is_some_and(u8::is_ascii_alphabetic) && !timed;
    if !goes_on {
        let found =
            if parts.first_length == 4 && parts.second_length <= 2 && parts.third_length <= 2 {
                date(first, second, third)
            } else if parts.third_length == 4 || (parts.third_length == 2 && separator != b'.') {
                let year = if parts.third_length == 2 {
                    2000 + third
                } else {
                    third
                };
                let month_first = separator != b'.';
                let (month, day) = if month_first {
                    (first, second)
                } else {
                    (second, first)
                };
                date(year, month, day).or_else(|| date(year, day, month))
            } else {
                None
            };
        if let Some(found) = found {
            return Some(Digits::Shape(TokenKind::Day(found), parts.end));
        }
    }
    if !goes_on
        && parts.first_length == 3
        && (90..=150).contains(&first)
        && let Some(found) = date(1911 + first, second, third)
    {
        return Some(Digits::Shape(TokenKind::RocDay(found), parts.end));
    }
    if separator == b'.'
        && parts.second_length == 3
        && parts.third_length == 3
        && parts.first_length <= 3
    {
        // 1.234.567 may be a grouped number; an address has four parts.
        return goes_on.then(|| Digits::Name(dotted(bytes, parts.start)));
    }
    if separator == b'.' {
        return Some(Digits::Name(dotted(bytes, parts.start)));
    }
    let mut end = parts.end;
    while is(bytes, end, separator) && digit(bytes, end + 1) {
        end = run(bytes, end + 1);
    }
    Some(Digits::Name(end))
}

/// Makes a date where there is such a day.
pub(in super::super) fn date(year: u32, month: u32, day: u32) -> Option<Date> {
    if !(1000..=2999).contains(&year) {
        return None;
    }
    Date::new(
        i16::try_from(year).ok()?,
        i8::try_from(month).ok()?,
        i8::try_from(day).ok()?,
    )
    .ok()
}
