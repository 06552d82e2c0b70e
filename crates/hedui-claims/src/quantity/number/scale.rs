//! English scales behind a number: *million*, *bn*, *dozen*; and what they start: *a million*, *half a million*.

use hedui_model::Decimal;
use hedui_text::lexicon::quantities::{Role, Roles};

use super::super::token::{Gap, Tokens};
use super::english::{and_more, words};
use super::{Found, Number};

/// Applies scale words behind a number: million, bn, dozen.
pub(super) fn scales(tokens: &Tokens<'_>, mut number: Number) -> Number {
    loop {
        let mut at = number.next;
        if tokens.is_hyphen(at) && tokens.gap(at) == Gap::None && tokens.gap(at + 1) == Gap::None {
            at += 1;
        }
        if !tokens.joined(at) {
            return number;
        }
        let plural = || {
            tokens
                .value(at, Role::PluralScale)
                .filter(|power| *power >= 2)
        };
        let power = tokens.value(at, Role::Scale).or_else(plural).or_else(|| {
            tokens.value(at, Role::ShortScale).filter(|_| {
                tokens.gap(at) == Gap::None && number.scale == 0 && short_scale_holds(tokens, at)
            })
        });
        if let Some(power) = power.and_then(|power| i32::try_from(power).ok()) {
            let Some(scaled) = number.scaled(power) else {
                return number;
            };
            number = Number {
                scale: number.scale + power,
                next: at + 1,
                worded: true,
                ..scaled
            };
            continue;
        }
        if let Some(count) = tokens.value(at, Role::Counted) {
            let Some(counted) = number.map(|value| value.checked_mul(Decimal::from(count)).ok())
            else {
                return number;
            };
            return Number {
                next: at + 1,
                worded: true,
                ..counted
            };
        }
        return number;
    }
}

/// Applies scale words smaller than a limit.
pub(super) fn scales_below(tokens: &Tokens<'_>, number: Number, limit: i32) -> Number {
    let at = number.next;
    match tokens.value(at, Role::Scale).filter(|_| tokens.joined(at)) {
        Some(power) if power < i64::from(limit) => scales(tokens, number),
        Some(_) => number,
        None => scales(tokens, number),
    }
}

/// A letter that is a unit as well (m, t, B) is a scale where money or a unit stands beside it.
pub(super) fn short_scale_holds(tokens: &Tokens<'_>, at: usize) -> bool {
    if !tokens.is(at, Role::Unit) {
        return true;
    }
    let before = at
        .checked_sub(2)
        .is_some_and(|before| tokens.is(before, Role::Currency) && tokens.joined(at - 1));
    let after = tokens.any(at + 1, Roles::of(&[Role::Currency, Role::Unit, Role::Noun]))
        && tokens.joined(at + 1);
    before || after
}

/// `half a million`, `half million`; a bare half only where a unit follows, which the caller sees to.
pub(super) fn half(tokens: &Tokens<'_>, at: usize) -> Option<Number> {
    let mut next = at + 1;
    if tokens.is_hyphen(next) && tokens.joined(next) {
        next += 1;
    }
    if tokens.is(next, Role::Article) && tokens.joined(next) {
        next += 1;
    }
    let number = Number {
        digits: 1,
        ..Number::point(Decimal::new(5, -1).ok()?, next)
    };
    if !tokens.joined(next) {
        return Some(Number {
            next: at + 1,
            fraction: true,
            ..number
        });
    }
    let scaled = scales(tokens, number);
    if scaled.next > next || tokens.any(next, Roles::of(&[Role::Unit, Role::Currency])) {
        return Some(scaled);
    }
    Some(Number {
        next: at + 1,
        fraction: true,
        ..number
    })
}

/// `a million`, `a dozen`, `a third`, `a half`, `a few hundred`.
pub(super) fn article(tokens: &Tokens<'_>, at: usize) -> Option<Found> {
    let next = at + 1;
    if !tokens.joined(next) || !tokens.is_ascii(next) {
        return None;
    }
    if tokens.is(next, Role::Scale) {
        let one = Number {
            digits: 1,
            ..Number::point(Decimal::ONE, next)
        };
        let number = scales(tokens, one);
        return Some(Found::Number(and_more(tokens, number)));
    }
    if tokens.is(next, Role::Counted) {
        return words(tokens, next);
    }
    if tokens.is(next, Role::Half) {
        return half(tokens, next).map(Found::Number);
    }
    if let Some(denominator) = tokens
        .value(next, Role::Ordinal)
        .filter(|denominator| *denominator > 2)
    {
        let of = tokens.is(next + 1, Role::DateLink)
            && tokens.joined(next + 1)
            && tokens.is_ascii(next + 1)
            || tokens.byte_at(tokens.end(next)) != b' ' && tokens.byte_at(tokens.end(next)) != b'-';
        if !of {
            return None;
        }
        let value = Decimal::ONE.checked_div(Decimal::from(denominator)).ok()?;
        return Some(Found::Number(Number {
            fraction: true,
            digits: 2,
            ..Number::point(value, next + 1)
        }));
    }
    None
}
