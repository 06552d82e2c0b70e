//! Powers of ten behind a mantissa.

use super::{is, run};

#[derive(Clone, Copy, Debug)]
pub(super) struct Power {
    pub(super) exponent: i32,
    pub(super) of_ten_alone: bool,
}

/// Reads a power of ten behind a mantissa: `e25`, `²⁵` and `^25` behind a ten, ` × 10²⁵`.
pub(super) fn power(bytes: &[u8], at: usize, is_ten: bool) -> (Option<Power>, usize) {
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
pub(super) fn times_ten(bytes: &[u8], at: usize) -> Option<usize> {
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
pub(super) fn raised(bytes: &[u8], at: usize, bare_minus: bool) -> (Option<i32>, usize) {
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

pub(super) fn signed(bytes: &[u8], at: usize) -> (Option<i32>, usize) {
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

pub(super) fn superscript(bytes: &[u8], at: usize) -> (Option<i32>, usize) {
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
