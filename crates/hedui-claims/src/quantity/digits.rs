//! Numerals in ASCII digits: grouping, decimals, powers of ten, and the shapes that are dates, times or addresses.
//!
//! Reads bytes, never goes back, and looks ahead a bounded way. What a numeral means is left to the grammar.

use hedui_model::Decimal;
use jiff::civil::Date;

use super::token::{Numeral, TokenKind};

/// Digits beyond these are no figure of any news.
const DIGITS_MAX: usize = 36;

/// What stands at a digit.
#[derive(Clone, Copy, Debug)]
pub(super) enum Digits {
    /// A numeral and the byte after it.
    Numeral(Numeral, usize),
    /// A date, a month or a fraction, and the byte after it.
    Shape(TokenKind, usize),
    /// A clock time, an address, a version, an id: skip it.
    Name(usize),
}

/// Reads what stands at `start`, which is a digit, or a point before a digit.
pub(super) fn read(bytes: &[u8], start: usize) -> Digits {
    let whole_end = run(bytes, start);
    let length = whole_end - start;
    if length > DIGITS_MAX {
        return Digits::Name(whole_end);
    }
    if let Some(shape) = shape(bytes, start, whole_end) {
        return shape;
    }
    let mut digits = Mantissa::default();
    digits.take(bytes, start, whole_end);
    let mut at = whole_end;
    let grouped_end = groups(bytes, start, whole_end);
    let grouped = grouped_end > whole_end;
    if grouped {
        digits.take(bytes, whole_end, grouped_end);
        at = grouped_end;
    }
    let whole_digits = u8::try_from(digits.count).unwrap_or(u8::MAX);
    let mut fractional = false;
    if is(bytes, at, b'.') && digit(bytes, at + 1) {
        let end = run(bytes, at + 1);
        if is(bytes, end, b'.') && digit(bytes, end + 1) {
            return Digits::Name(dotted(bytes, start));
        }
        digits.take(bytes, at + 1, end);
        digits.exponent = -i32::try_from(end - at - 1).unwrap_or(0);
        at = end;
        fractional = true;
    }
    let (power, end) = power(bytes, at, digits.value == Some(10) && !fractional);
    if let Some(power) = power {
        fractional = true;
        if power.of_ten_alone {
            digits.value = Some(1);
            digits.exponent = power.exponent;
        } else {
            digits.exponent = digits.exponent.saturating_add(power.exponent);
        }
        at = end;
    }
    let Some(value) = digits
        .value
        .and_then(|value| Decimal::new(value, digits.exponent).ok())
    else {
        return Digits::Name(at);
    };
    Digits::Numeral(
        Numeral {
            value,
            grouped,
            fractional,
            padded: length > 1 && is(bytes, start, b'0'),
            whole_digits,
        },
        at,
    )
}

#[derive(Debug)]
struct Mantissa {
    value: Option<i128>,
    count: usize,
    exponent: i32,
}

impl Default for Mantissa {
    fn default() -> Self {
        Mantissa {
            value: Some(0),
            count: 0,
            exponent: 0,
        }
    }
}

impl Mantissa {
    /// Takes the digits of a range, whatever else stands in it.
    fn take(&mut self, bytes: &[u8], from: usize, to: usize) {
        for byte in bytes.get(from..to).unwrap_or_default() {
            if byte.is_ascii_digit() {
                self.count += 1;
                self.value = self
                    .value
                    .and_then(|value| value.checked_mul(10))
                    .and_then(|value| value.checked_add(i128::from(byte - b'0')));
            }
        }
    }
}

#[inline]
fn is(bytes: &[u8], at: usize, wanted: u8) -> bool {
    bytes.get(at) == Some(&wanted)
}

#[inline]
pub(super) fn digit(bytes: &[u8], at: usize) -> bool {
    bytes.get(at).is_some_and(u8::is_ascii_digit)
}

/// The byte after the digits at `at`.
#[inline]
pub(super) fn run(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    at + rest
        .iter()
        .position(|byte| !byte.is_ascii_digit())
        .unwrap_or(rest.len())
}

/// The byte after digits and points.
fn dotted(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    at + rest
        .iter()
        .position(|byte| !byte.is_ascii_digit() && *byte != b'.')
        .unwrap_or(rest.len())
}

/// The byte after groups of three digits (of two, as in India, before the last) behind the first `start..end`.
fn groups(bytes: &[u8], start: usize, end: usize) -> usize {
    if end - start > 3 {
        return end;
    }
    match bytes.get(end) {
        Some(b',') => same_groups(bytes, end, b','),
        Some(b'\'') => same_groups(bytes, end, b'\''),
        Some(b' ') if !is(bytes, start, b'0') => same_groups(bytes, end, b' '),
        Some(b'.') => {
            // Points group only where there are two of them: 1.234 is a decimal.
            let grouped = same_groups(bytes, end, b'.');
            if grouped >= end + 8 { grouped } else { end }
        }
        _ => end,
    }
}

fn same_groups(bytes: &[u8], mut end: usize, separator: u8) -> usize {
    let first = end;
    let mut pending = end;
    while is(bytes, pending, separator) && digit(bytes, pending + 1) {
        let next = run(bytes, pending + 1);
        match next - pending - 1 {
            3 => {
                pending = next;
                end = next;
            }
            2 if separator == b',' => pending = next,
            _ if separator == b' ' => break,
            _ => return first,
        }
    }
    // A space before a longer number: 1 234 5678 is no grouping.
    if separator == b' ' && is(bytes, end, b' ') && digit(bytes, end + 1) {
        return first;
    }
    end
}

#[derive(Clone, Copy, Debug)]
struct Power {
    exponent: i32,
    of_ten_alone: bool,
}

/// Reads a power of ten behind a mantissa: `e25`, `²⁵` and `^25` behind a ten, ` × 10²⁵`.
fn power(bytes: &[u8], at: usize, is_ten: bool) -> (Option<Power>, usize) {
    if matches!(bytes.get(at), Some(b'e' | b'E')) {
        let (exponent, end) = signed(bytes, at + 1);
        if let Some(exponent) = exponent
            && !bytes.get(end).is_some_and(u8::is_ascii_alphanumeric)
        {
            return (
                Some(Power {
                    exponent,
                    of_ten_alone: false,
                }),
                end,
            );
        }
    }
    if is_ten {
        let (exponent, end) = raised(bytes, at, false);
        return (
            exponent.map(|exponent| Power {
                exponent,
                of_ten_alone: true,
            }),
            end,
        );
    }
    let Some(ten) = times_ten(bytes, at) else {
        return (None, at);
    };
    let (exponent, end) = raised(bytes, ten, true);
    (
        exponent.map(|exponent| Power {
            exponent,
            of_ten_alone: false,
        }),
        end,
    )
}

/// The byte after `×10` and its like.
fn times_ten(bytes: &[u8], at: usize) -> Option<usize> {
    let spaces = |at: usize| at + usize::from(is(bytes, at, b' '));
    let sign = spaces(at);
    let rest = bytes.get(sign..)?;
    let length = ["×", "·", "x", "*"]
        .iter()
        .find(|sign| rest.starts_with(sign.as_bytes()))?
        .len();
    let ten = spaces(sign + length);
    (bytes.get(ten..ten + 2)? == b"10").then_some(ten + 2)
}

/// Reads an exponent: superscripts, `^25`, `**25`; behind `×10` also `-3`.
fn raised(bytes: &[u8], at: usize, bare_minus: bool) -> (Option<i32>, usize) {
    let (value, end) = superscript(bytes, at);
    if value.is_some() {
        return (value, end);
    }
    if is(bytes, at, b'^') {
        return signed(bytes, at + 1);
    }
    if bytes.get(at..at + 2) == Some(b"**") {
        return signed(bytes, at + 2);
    }
    if bare_minus && is(bytes, at, b'-') {
        return signed(bytes, at);
    }
    (None, at)
}

fn signed(bytes: &[u8], at: usize) -> (Option<i32>, usize) {
    let negative = is(bytes, at, b'-');
    let start = at + usize::from(negative || is(bytes, at, b'+'));
    let end = run(bytes, start);
    if end == start || end - start > 2 {
        return (None, at);
    }
    let value = bytes
        .get(start..end)
        .unwrap_or_default()
        .iter()
        .fold(0, |value, byte| value * 10 + i32::from(byte - b'0'));
    (Some(if negative { -value } else { value }), end)
}

fn superscript(bytes: &[u8], at: usize) -> (Option<i32>, usize) {
    let mut end = at;
    let mut negative = false;
    let mut value: Option<i32> = None;
    loop {
        let (digit, length) = match bytes.get(end..).unwrap_or_default() {
            [0xC2, 0xB9, ..] => (1, 2),
            [0xC2, 0xB2, ..] => (2, 2),
            [0xC2, 0xB3, ..] => (3, 2),
            [0xE2, 0x81, 0xB0, ..] => (0, 3),
            [0xE2, 0x81, last @ 0xB4..=0xB9, ..] => (i32::from(last - 0xB0), 3),
            [0xE2, 0x81, 0xBB, ..] if end == at => {
                negative = true;
                end += 3;
                continue;
            }
            _ => break,
        };
        end += length;
        if end - at > 9 {
            return (None, at);
        }
        value = Some(value.unwrap_or(0) * 10 + digit);
    }
    match value {
        Some(value) => (Some(if negative { -value } else { value }), end),
        None => (None, at),
    }
}

fn number(bytes: &[u8], from: usize, to: usize) -> Option<u32> {
    let digits = bytes.get(from..to)?;
    (!digits.is_empty() && digits.len() <= 9).then(|| {
        digits
            .iter()
            .fold(0, |value, byte| value * 10 + u32::from(byte - b'0'))
    })
}

/// Reads what is more than one number: dates, fractions, times, addresses, versions.
fn shape(bytes: &[u8], start: usize, end: usize) -> Option<Digits> {
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
        return Some(Digits::Name(clock_end(bytes, second_end)));
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
    let is_month = length == 4 && (1900..2100).contains(&first) && (1..=12).contains(&second);
    match separator {
        b'-' | b'/' if is_month && second_end - end - 1 == 2 && ends => Some(Digits::Shape(
            TokenKind::Month(i16::try_from(first).ok()?, i8::try_from(second).ok()?),
            second_end,
        )),
        b'/' => Some(Digits::Shape(TokenKind::Slash(first, second), second_end)),
        _ => None,
    }
}

/// Tells whether colons part an address of hexadecimal digits: 2001:db8::1, 12::1.
fn hex_address(bytes: &[u8], at: usize) -> bool {
    let end = address_end(bytes, at);
    let run = bytes.get(at..end).unwrap_or_default();
    let colons = run.iter().filter(|byte| **byte == b':').count();
    colons >= 2 && (run.windows(2).any(|pair| pair == b"::") || colons >= 4)
}

fn address_end(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    at + rest
        .iter()
        .take(48)
        .position(|byte| !(byte.is_ascii_hexdigit() || *byte == b':'))
        .unwrap_or(rest.len().min(48))
}

/// The byte after a clock time or a ratio.
fn clock_end(bytes: &[u8], mut end: usize) -> usize {
    while matches!(bytes.get(end), Some(b':' | b'.')) && digit(bytes, end + 1) {
        end = run(bytes, end + 1);
    }
    end
}

/// 20240307.
fn compact_date(bytes: &[u8], start: usize, end: usize) -> Option<Digits> {
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
struct Parts {
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
fn three_parts(bytes: &[u8], parts: Parts) -> Option<Digits> {
    let Parts {
        separator,
        first,
        second,
        third,
        ..
    } = parts;
    let goes_on = (is(bytes, parts.end, separator) && digit(bytes, parts.end + 1))
        || bytes.get(parts.end).is_some_and(u8::is_ascii_alphabetic);
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
pub(super) fn date(year: u32, month: u32, day: u32) -> Option<Date> {
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
