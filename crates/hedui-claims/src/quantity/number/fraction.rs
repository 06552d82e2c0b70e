//! Fractions, alone and behind a whole: 三分之二, 五又三分之一, 2 1/2, 3½, *two out of five*, *one and a half*.

use hedui_model::Decimal;
use hedui_text::lexicon::quantities::{Role, Roles};

use super::super::token::{Gap, TokenKind, Tokens};
use super::chinese::han;
use super::english::{below_hundred, words};
use super::scale::scales;
use super::{Found, Number, read};

pub(super) fn slash(numerator: u32, denominator: u32, next: usize) -> Option<Number> {
    let (numerator, denominator) = (
        Decimal::from(i64::from(numerator)),
        Decimal::from(i64::from(denominator)),
    );
    let mut number = Number::point(numerator.checked_div(denominator).ok()?, next);
    number.fraction = true;
    number.digits = 2;
    Some(number)
}

pub(super) fn vulgar_value(tokens: &Tokens<'_>, at: usize) -> Option<Decimal> {
    let value = tokens.value(at, Role::Vulgar)?;
    Decimal::from(value / 1000)
        .checked_div(Decimal::from(value % 1000))
        .ok()
}

pub(super) fn vulgar(tokens: &Tokens<'_>, at: usize) -> Option<Number> {
    let mut number = Number::point(vulgar_value(tokens, at)?, at + 1);
    number.fraction = true;
    Some(scales(tokens, number))
}

/// 半 in front: 半年, 半成; only where a unit follows, which the caller sees to.
pub(super) fn han_half(at: usize) -> Option<Number> {
    let mut number = Number::point(Decimal::new(5, -1).ok()?, at + 1);
    number.digits = 1;
    Some(number)
}

/// Looks for what makes the number a part of a fraction: 三分之二, 五又三分之一, 2 1/2, 3½.
pub(super) fn fractions(tokens: &Tokens<'_>, number: Number) -> Number {
    let at = number.next;
    if !tokens.joined(at) || !number.is_point() {
        return number;
    }
    if tokens.is(at, Role::Denominator) {
        return denominated(tokens, number, number.low, at + 1).unwrap_or(number);
    }
    if let Some(power) = tokens
        .value(at, Role::Parts)
        .filter(|_| !tokens.is_ascii(at))
    {
        // 五百分之一: the link swallowed the denominator's last place.
        let denominator = i32::try_from(power)
            .ok()
            .and_then(|power| number.low.scaled(power).ok());
        return denominator
            .and_then(|denominator| denominated(tokens, number, denominator, at + 1))
            .unwrap_or(number);
    }
    if tokens.is(at, Role::MixedLink) && !tokens.is_ascii(at) && tokens.joined(at + 1) {
        return mixed(tokens, number, at + 1).unwrap_or(number);
    }
    if tokens.is(at, Role::Vulgar) {
        return vulgar_value(tokens, at)
            .and_then(|part| number.low.checked_add(part).ok())
            .map_or(number, |value| {
                scales(
                    tokens,
                    Number {
                        scale: number.scale,
                        ..Number::point(value, at + 1)
                    },
                )
            });
    }
    if let Some(TokenKind::Slash(numerator, denominator)) = tokens.get(at).map(|token| token.kind)
        && numerator < denominator
        && number.scale == 0
        && !number.worded
        && tokens.gap(at) == Gap::Space
    {
        return slash(numerator, denominator, at + 1)
            .and_then(|part| number.low.checked_add(part.low).ok())
            .map_or(number, |value| scales(tokens, Number::point(value, at + 1)));
    }
    number
}

pub(super) fn denominated(
    tokens: &Tokens<'_>,
    number: Number,
    denominator: Decimal,
    at: usize,
) -> Option<Number> {
    if !tokens.joined(at) {
        return None;
    }
    let numerator = han(tokens, at)?;
    let mut value = numerator.map(|value| value.checked_div(denominator).ok())?;
    value.fraction = true;
    value.scale = 0;
    value.digits = number.digits.max(numerator.digits).max(2);
    Some(value)
}

pub(super) fn mixed(tokens: &Tokens<'_>, number: Number, at: usize) -> Option<Number> {
    let Found::Number(part) = read(tokens, at)? else {
        return None;
    };
    if !part.fraction {
        return None;
    }
    let value = number.low.checked_add(part.low).ok()?;
    Some(Number::point(value, part.next))
}

/// `two out of five hundred`, `one over one hundred and twenty five`; `one in five`.
pub(super) fn out_of(tokens: &Tokens<'_>, number: Number, at: usize) -> Option<Number> {
    if !tokens.joined(at + 1) || number.scale > 2 {
        return None;
    }
    let Found::Number(denominator) = words(tokens, at + 1)? else {
        return None;
    };
    if denominator.low <= number.low
        || denominator.fraction
        || tokens.any(denominator.next, Roles::of(&[Role::Unit, Role::Currency]))
            && tokens.joined(denominator.next)
    {
        return None;
    }
    let mut value = Number::point(
        number.low.checked_div(denominator.low).ok()?,
        denominator.next,
    );
    value.fraction = true;
    value.digits = 2;
    Some(value)
}

/// `one and a half`, `twenty and three fifths`, `one and three quarters`.
pub(super) fn english_mixed(tokens: &Tokens<'_>, number: Number, at: usize) -> Option<Number> {
    if !tokens.joined(at) {
        return None;
    }
    let part = if tokens.is(at, Role::Article) {
        if tokens.is(at + 1, Role::Half) && tokens.joined(at + 1) {
            Number::point(Decimal::new(5, -1).ok()?, at + 2)
        } else {
            let denominator = tokens
                .value(at + 1, Role::Ordinal)
                .filter(|_| tokens.joined(at + 1))?;
            Number::point(
                Decimal::ONE.checked_div(Decimal::from(denominator)).ok()?,
                at + 2,
            )
        }
    } else if let Some(denominator) = tokens.value(at, Role::Ordinal) {
        Number::point(
            Decimal::ONE.checked_div(Decimal::from(denominator)).ok()?,
            at + 1,
        )
    } else {
        let numerator = below_hundred(tokens, at)?;
        let denominator = tokens
            .value(numerator.next, Role::Fraction)
            .or_else(|| tokens.value(numerator.next, Role::Ordinal))
            .filter(|_| tokens.joined(numerator.next))?;
        Number::point(
            numerator.low.checked_div(Decimal::from(denominator)).ok()?,
            numerator.next + 1,
        )
    };
    Some(Number::point(
        number.low.checked_add(part.low).ok()?,
        part.next,
    ))
}
