//! Whole numbers as dates have them.

use hedui_text::lexicon::quantities::{Role, Roles};

use super::super::token::{Gap, Tokens};

/// A whole number up to a limit, in ASCII digits or Chinese, and the token after it.
pub(super) fn small_number(tokens: &Tokens<'_>, at: usize, limit: i64) -> Option<(i64, usize)> {
    if let Some(value) = tokens.plain_integer(at) {
        return (0..=limit).contains(&value).then_some((value, at + 1));
    }
    let (value, next) = han_number(tokens, at)?;
    let goes_on = tokens.joined(next)
        && (tokens.any(
            next,
            Roles::of(&[Role::Myriad, Role::Denominator, Role::Digit, Role::Place]),
        ) || tokens.is(next, Role::Point) && tokens.is(next + 1, Role::Digit));
    (!goes_on && (0..=limit).contains(&value)).then_some((value, next))
}

/// A whole number in Chinese, as far as it goes, and the token after it.
pub(super) fn han_number(tokens: &Tokens<'_>, at: usize) -> Option<(i64, usize)> {
    if tokens.is_ascii(at) || !tokens.any(at, HAN_NUMERALS) {
        return None;
    }
    // One to five words: 五, 十, 十五, 廿五, 三十一, 一百一十四.
    let mut value = 0;
    let mut digit = None;
    let mut next = at;
    while next < at + 6
        && (next == at || tokens.joined(next))
        && tokens.any(next, HAN_NUMERALS)
        && !tokens.is_ascii(next)
    {
        if let Some(found) = tokens.value(next, Role::Digit) {
            match digit {
                None | Some(0) => digit = Some(found),
                Some(_) => return None,
            }
        } else if let Some(tens) = tokens.value(next, Role::Tens) {
            value += tens;
        } else {
            let power = u32::try_from(tokens.value(next, Role::Place)?).ok()?;
            value += digit.take().unwrap_or(1) * 10_i64.checked_pow(power)?;
        }
        next += 1;
    }
    Some((value + digit.unwrap_or(0), next))
}

const HAN_NUMERALS: Roles = Roles::of(&[Role::Digit, Role::Place, Role::Tens]);

/// A whole number in ASCII digits or English words, *three*, *ten*, *twenty-one*, and the token after it.
pub(super) fn english_number(tokens: &Tokens<'_>, at: usize, limit: i64) -> Option<(i64, usize)> {
    if let Some(value) = tokens.plain_integer(at) {
        return (0..=limit).contains(&value).then_some((value, at + 1));
    }
    if !tokens.is_ascii(at) {
        return None;
    }
    if let Some(digit) = tokens.value(at, Role::Digit) {
        return Some((digit, at + 1));
    }
    let tens = tokens.value(at, Role::Tens)?;
    let next = at + 1 + usize::from(tokens.is_hyphen(at + 1) && tokens.gap(at + 1) == Gap::None);
    let ones = tokens
        .value(next, Role::Digit)
        .filter(|ones| tens >= 20 && (1..10).contains(ones) && tokens.is_ascii(next))
        .filter(|_| tokens.joined(next));
    let (value, end) = match ones {
        Some(ones) => (tens + ones, next + 1),
        None => (tens, at + 1),
    };
    (value <= limit).then_some((value, end))
}
