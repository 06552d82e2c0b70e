//! What may stand behind an English number: a fraction, an ordinal, a decimal, another number that it is part of.

use hedui_model::Decimal;
use hedui_text::lexicon::quantities::{Role, Roles};

use super::super::figure::alone;
use super::super::token::{Gap, Tokens};
use super::english::below_hundred;
use super::fraction::{compound_denominator, english_mixed, of_a_scale, out_of, quotient};
use super::scale::scales;
use super::{Found, Number};

/// Reads on behind a number in words.
pub(super) fn ending(tokens: &Tokens<'_>, number: Number) -> Found {
    let mut at = number.next;
    if tokens.is_hyphen(at) && tokens.joined(at) && tokens.joined(at + 1) {
        at += 1;
    } else if dash(tokens, at) && tokens.is(at + 1, Role::Ordinal) {
        return Found::Skip(at + 2);
    }
    if !tokens.joined(at) {
        return Found::Number(number);
    }
    if let Some(value) = compound_denominator(tokens, number, at) {
        return Found::Number(of_a_scale(tokens, value));
    }
    if let Some(denominator) = tokens.value(at, Role::Fraction)
        && let Some(value) = over_ordinal(number, denominator, at + 1)
    {
        return Found::Number(of_a_scale(tokens, scales(tokens, value)));
    }
    if let Some(denominator) = tokens.value(at, Role::Ordinal) {
        if number.low == Decimal::ONE
            && denominator > 2
            && let Some(value) = over_ordinal(number, denominator, at + 1)
        {
            return Found::Number(of_a_scale(tokens, value));
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
        && let Some(value) = over_ordinal(number, 2, at + 1)
    {
        return Found::Number(scales(tokens, value));
    }
    if tokens.is(at, Role::Point)
        && let Some(value) = word_decimal(tokens, number, at + 1)
    {
        return Found::Number(scales(tokens, value));
    }
    if tokens.is(at, Role::MixedLink) && tokens.is_ascii(at) && number.scale <= 2 {
        if is_ordinal_end(tokens, &number, at + 1) {
            return Found::Skip(at + 2);
        }
        if let Some(value) = english_mixed(tokens, number, at + 1) {
            return Found::Number(scales(tokens, value));
        }
    }
    if tokens.is(at, Role::OutOf)
        && let Some(value) = out_of(tokens, number, at)
    {
        return Found::Number(value);
    }
    Found::Number(number)
}

fn over_ordinal(number: Number, denominator: i64, next: usize) -> Option<Number> {
    let value = number.low.checked_div(Decimal::from(denominator)).ok()?;
    Some(Number {
        fraction: true,
        digits: 2,
        ..Number::point(value, next)
    })
}

/// A dash that joins the words on its sides, whatever its length.
fn dash(tokens: &Tokens<'_>, at: usize) -> bool {
    tokens.is(at, Role::RangeLink)
        && !tokens.form(at).contains(char::is_alphanumeric)
        && tokens.gap(at) == Gap::None
        && tokens.gap(at + 1) == Gap::None
}

/// The one hundred *and fifth*.
fn is_ordinal_end(tokens: &Tokens<'_>, number: &Number, at: usize) -> bool {
    number.scale >= 2
        && tokens.is(at, Role::Ordinal)
        && !tokens.is(at, Role::QuarterMark)
        && tokens.joined(at)
}

/// The digits behind a point that is said: *point two five*, *point eleven*, *1 point 1*.
pub(super) fn word_decimal(tokens: &Tokens<'_>, number: Number, mut at: usize) -> Option<Number> {
    if !tokens.joined(at) {
        return None;
    }
    if let Some(digits) = tokens.numeral(at) {
        let whole = number.low.exponent() >= 0 && !digits.fractional && !digits.grouped;
        let counted = tokens.joined(at + 1)
            && tokens.any(at + 1, Roles::of(&[Role::Unit, Role::Noun, Role::Scale]));
        if !whole || counted || digits.whole_digits > 4 {
            return None;
        }
        let part = digits.value.scaled(-i32::from(digits.whole_digits)).ok()?;
        return Some(Number::point(number.low.checked_add(part).ok()?, at + 1));
    }
    if tokens.is(at, Role::Tens) && tokens.is_ascii(at) {
        let tens = below_hundred(tokens, at)?;
        let value = number.low.checked_add(tens.low.scaled(-2).ok()?).ok()?;
        return Some(Number::point(value, tens.next));
    }
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

/// `1 over 20`, where nothing else is said.
pub(super) fn over(tokens: &Tokens<'_>, number: Number, start: usize) -> Option<Number> {
    let at = number.next;
    if !tokens.is(at, Role::OutOf) || !tokens.is(at, Role::BoundBefore) || !tokens.joined(at) {
        return None;
    }
    let value = quotient(tokens, number, at + 1)?;
    alone(tokens, tokens.start(start), tokens.end(value.next - 1)).then_some(value)
}
