//! English numbers: words, and digits with words behind them.

use hedui_model::Decimal;
use hedui_text::lexicon::quantities::Role;

use super::super::token::{Gap, Tokens};
use super::fraction::{english_mixed, out_of};
use super::scale::{article, half, scales, scales_below};
use super::vague::{plural_scale, vague_scale};
use super::{ENGLISH, Found, Number};

/// A number that starts in ASCII digits with English behind it.
pub(super) fn english(tokens: &Tokens<'_>, at: usize) -> Option<Number> {
    let numeral = tokens.numeral(at)?;
    let mut number = Number::point(numeral.value, at + 1);
    number.worded = false;
    let mut point = at + 1;
    if tokens.is_hyphen(point) && tokens.gap(point) == Gap::None {
        point += 1;
    }
    if tokens.is(point, Role::Point) && tokens.is_ascii(point) && tokens.joined(point) {
        let digit = point + 1 + usize::from(tokens.is_hyphen(point + 1));
        if tokens.joined(digit)
            && let Some(value) = word_decimal(tokens, number, digit)
        {
            number = value;
        }
    }
    let number = scales(tokens, number);
    Some(and_more(tokens, number))
}

/// `one million and a half`, `five billion and three quarters`, `4 thousand 3 hundred`.
pub(super) fn and_more(tokens: &Tokens<'_>, number: Number) -> Number {
    if number.scale < 2 || !number.is_point() {
        return number;
    }
    let mut at = number.next;
    let linked = tokens.is(at, Role::MixedLink) && tokens.joined(at);
    if linked {
        at += 1;
    }
    if !tokens.joined(at) {
        return number;
    }
    if linked
        && tokens.is(at, Role::Article)
        && tokens.is(at + 1, Role::Half)
        && tokens.joined(at + 1)
    {
        let half = Decimal::new(5, -1)
            .ok()
            .and_then(|half| half.scaled(number.scale).ok());
        return half
            .and_then(|half| number.low.checked_add(half).ok())
            .map_or(number, |value| Number {
                scale: number.scale,
                ..Number::point(value, at + 2)
            });
    }
    let Some(more) = small(tokens, at, number.scale) else {
        return number;
    };
    let Ok(value) = number.low.checked_add(more.low) else {
        return number;
    };
    Number {
        scale: 0,
        ..Number::point(value, more.next)
    }
}

/// A number below 10^limit, as the next part of a larger one.
pub(super) fn small(tokens: &Tokens<'_>, at: usize, limit: i32) -> Option<Number> {
    let number = if tokens.numeral(at).is_some() {
        let numeral = tokens.numeral(at)?;
        if numeral.grouped {
            return None;
        }
        scales(
            tokens,
            Number {
                worded: false,
                ..Number::point(numeral.value, at + 1)
            },
        )
    } else {
        scales_below(tokens, below_hundred(tokens, at)?, limit)
    };
    // A numeral without its own scale behind a scale word is another figure: `$5 million 2024`.
    let linked = at
        .checked_sub(1)
        .is_some_and(|before| tokens.is(before, Role::MixedLink));
    if tokens.numeral(at).is_some() && number.scale == 0 && !(linked && limit == 2) {
        return None;
    }
    let size = number.low.magnitude()?;
    let denominator = tokens
        .value(number.next, Role::Fraction)
        .filter(|_| tokens.joined(number.next));
    let mixed = denominator.is_some_and(|denominator| number.low < Decimal::from(denominator));
    (size < limit && !mixed).then_some(number)
}

/// `twenty-one`, `seven`, `fifteen`.
pub(super) fn below_hundred(tokens: &Tokens<'_>, at: usize) -> Option<Number> {
    if !tokens.any(at, ENGLISH) || !tokens.is_ascii(at) {
        return None;
    }
    if let Some(tens) = tokens.value(at, Role::Tens) {
        let mut next = at + 1;
        if tokens.is_hyphen(next) && tokens.joined(next) {
            next += 1;
        }
        if tens >= 20
            && tokens.joined(next)
            && tokens.is_ascii(next)
            && let Some(ones) = tokens.value(next, Role::Digit).filter(|ones| *ones > 0)
        {
            return Some(Number::point(Decimal::from(tens + ones), next + 1));
        }
        return Some(Number::point(Decimal::from(tens), at + 1));
    }
    let digit = tokens.value(at, Role::Digit)?;
    Some(Number::point(Decimal::from(digit), at + 1))
}

/// A number in English words, or an article, half or plural scale that starts one.
pub(super) fn words(tokens: &Tokens<'_>, at: usize) -> Option<Found> {
    if tokens.is(at, Role::PluralScale) {
        return plural_scale(tokens, at).map(Found::Number);
    }
    if tokens.is(at, Role::VagueDigit) {
        return vague_scale(tokens, at).map(Found::Number);
    }
    if tokens.is(at, Role::Half) {
        return half(tokens, at).map(Found::Number);
    }
    if tokens.is(at, Role::Article) {
        return article(tokens, at);
    }
    if tokens.is(at, Role::Counted) {
        return Some(Found::Number(Number::point(
            Decimal::from(tokens.value(at, Role::Counted)?),
            at + 1,
        )));
    }
    if tokens.is(at, Role::Ordinal) && !tokens.any(at, ENGLISH) {
        return None;
    }
    let mut number = scales(tokens, below_hundred(tokens, at)?);
    let mut parts = 0;
    while parts < 8 {
        let more = and_more(tokens, number);
        if more.next == number.next {
            break;
        }
        // 255 thousand: a scale multiplies all that stands before it and is smaller.
        let scaled = scales(tokens, Number { scale: 0, ..more });
        number = Number {
            scale: if scaled.next == more.next {
                number.scale.min(2)
            } else {
                scaled.scale
            },
            ..scaled
        };
        if more.scale == 0 && number.scale == 0 {
            number.scale = 2;
        }
        parts += 1;
    }
    Some(english_end(tokens, number))
}

/// What may stand behind a number in words: a fraction, an ordinal, a decimal.
pub(super) fn english_end(tokens: &Tokens<'_>, number: Number) -> Found {
    let mut at = number.next;
    if tokens.is_hyphen(at) && tokens.joined(at) && tokens.joined(at + 1) {
        at += 1;
    }
    if !tokens.joined(at) {
        return Found::Number(number);
    }
    let fraction = |denominator: i64, next: usize| {
        number
            .low
            .checked_div(Decimal::from(denominator))
            .map(|value| Number {
                fraction: true,
                digits: 2,
                ..Number::point(value, next)
            })
    };
    if let Some(denominator) = tokens.value(at, Role::Fraction)
        && let Ok(value) = fraction(denominator, at + 1)
    {
        return Found::Number(scales(tokens, value));
    }
    if let Some(denominator) = tokens.value(at, Role::Ordinal) {
        if number.low == Decimal::ONE
            && denominator > 2
            && let Ok(value) = fraction(denominator, at + 1)
        {
            return Found::Number(value);
        }
        let counted_seconds = tokens.is(at, Role::Unit)
            && tokens
                .value(number.next.saturating_sub(1), Role::Tens)
                .is_none();
        if tokens.is_ascii(at) && !counted_seconds {
            return Found::Skip(at + 1);
        }
    }
    if tokens.is(at, Role::Half)
        && tokens.is_ascii(at)
        && number.low == Decimal::ONE
        && let Ok(value) = fraction(2, at + 1)
    {
        return Found::Number(scales(tokens, value));
    }
    if tokens.is(at, Role::Point)
        && let Some(value) = word_decimal(tokens, number, at + 1)
    {
        return Found::Number(scales(tokens, value));
    }
    if tokens.is(at, Role::MixedLink)
        && tokens.is_ascii(at)
        && number.scale <= 2
        && let Some(value) = english_mixed(tokens, number, at + 1)
    {
        return Found::Number(scales(tokens, value));
    }
    if tokens.is(at, Role::OutOf)
        && let Some(value) = out_of(tokens, number, at)
    {
        return Found::Number(value);
    }
    Found::Number(number)
}

pub(super) fn word_decimal(tokens: &Tokens<'_>, number: Number, mut at: usize) -> Option<Number> {
    let mut value = number.low;
    let mut power = 0;
    while let Some(digit) = tokens
        .value(at, Role::Digit)
        .filter(|_| tokens.joined(at) && tokens.is_ascii(at))
    {
        power -= 1;
        value = value
            .checked_add(Decimal::new(i128::from(digit), power).ok()?)
            .ok()?;
        at += 1;
        if power < -20 {
            break;
        }
    }
    (power < 0).then(|| Number::point(value, at))
}
