//! Numerals in ASCII digits: grouping, decimals, powers of ten, and the shapes that are dates, times or addresses.
//!
//! Reads bytes, never goes back, and looks ahead a bounded way. What a numeral means is left to the grammar.

mod power;
mod shape;

use hedui_model::Decimal;

use super::token::{Numeral, TokenKind};
use power::power;
use shape::shape;

/// Digits beyond these are no figure of any news.
const DIGITS_MAX: usize = 36;

/// What stands at a digit.
#[derive(Clone, Copy, Debug)]
pub(super) enum Digits {
    /// A numeral and the byte after it.
    Numeral(Numeral, usize),
    /// A date, a month, a clock time or a fraction, and the byte after it.
    Shape(TokenKind, usize),
    /// An address, a version, an id: skip it.
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
        // Runs of up to so many digits fit a machine word.
        const WORD_DIGITS: usize = 18;
        for run in bytes.get(from..to).unwrap_or_default().chunks(WORD_DIGITS) {
            let (mut value, mut power) = (0_i64, 1_i64);
            for byte in run.iter().filter(|byte| byte.is_ascii_digit()) {
                self.count += 1;
                (value, power) = (value * 10 + i64::from(byte - b'0'), power * 10);
            }
            self.value = match self.value {
                Some(0) => Some(i128::from(value)),
                before => before
                    .and_then(|before| before.checked_mul(i128::from(power)))
                    .and_then(|before| before.checked_add(i128::from(value))),
            };
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
