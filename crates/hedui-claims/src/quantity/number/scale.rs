//! English scales behind a number: *million*, *bn*, *dozen*; and what they start: *a million*, *half a million*.

use hedui_model::Decimal;
use hedui_text::lexicon::quantities::{Role, Roles, UnitKind};

use super::super::figure::{alone, is_near};
use super::super::token::{Gap, Tokens};
use super::english::{Start, smaller_parts, words};
use super::fraction::of_a_scale;
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
            tokens
                .value(at, Role::ShortScale)
                .filter(|_| short_scale_holds(tokens, &number, at))
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

/// Tells whether a letter behind digits is a scale. One that is a unit as well (m, t, B), and one that stands apart
/// ($3.5 B), is a scale where money or a unit stands beside it; without money nobody writes thousands of millions.
fn short_scale_holds(tokens: &Tokens<'_>, number: &Number, at: usize) -> bool {
    if number.scale != 0 {
        return false;
    }
    let start = at.saturating_sub(1);
    let before = at
        .checked_sub(2)
        .is_some_and(|before| tokens.is(before, Role::Currency) && tokens.joined(start));
    let follows = |roles: &[Role]| tokens.any(at + 1, Roles::of(roles)) && tokens.joined(at + 1);
    let money = before || follows(&[Role::Currency]);
    let is_unit = tokens
        .value(at, Role::Unit)
        .and_then(|unit| tokens.lexicon.unit(unit))
        .is_some_and(|unit| is_near(tokens, at, &unit.near));
    if tokens.gap(at) != Gap::None {
        let nothing_else = alone(tokens, tokens.start(start), tokens.end(at)) && !is_unit;
        return money || nothing_else;
    }
    let small = number.low < Decimal::from(1000) || tokens.value(at, Role::ShortScale) == Some(3);
    money || small && (!is_unit || follows(&[Role::Unit, Role::Noun]))
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
        let more = smaller_parts(tokens, number, number.scale, Start::Words);
        return Some(Found::Number(parts_of(tokens, more).unwrap_or(more)));
    }
    if tokens.is(next, Role::Counted) {
        return words(tokens, next);
    }
    // In *a half-point cut* the article is the cut's.
    let hyphen = next + 1;
    if tokens.is_hyphen(hyphen)
        && tokens.gap(hyphen) == Gap::None
        && tokens.is(hyphen + 1, Role::Unit)
        && !tokens.is(hyphen + 1, Role::Scale)
    {
        return None;
    }
    if tokens.is(next, Role::Half) {
        return half(tokens, next).map(Found::Number);
    }
    if let Some(number) = quarter(tokens, next) {
        return Some(Found::Number(number));
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
        let number = Number {
            fraction: true,
            digits: 2,
            ..Number::point(value, next + 1)
        };
        return Some(Found::Number(of_a_scale(tokens, number)));
    }
    None
}

/// `a hundred trillionths`.
fn parts_of(tokens: &Tokens<'_>, number: Number) -> Option<Number> {
    let at = number.next + usize::from(tokens.is_hyphen(number.next));
    let denominator = tokens
        .value(at, Role::Fraction)
        .filter(|_| tokens.joined(at))?;
    Some(Number {
        fraction: true,
        digits: 2,
        ..Number::point(
            number.low.checked_div(Decimal::from(denominator)).ok()?,
            at + 1,
        )
    })
}

/// `quarter million`, `quarter-billion`: no quarter of a year, which has its number or its year in front.
pub(super) fn quarter(tokens: &Tokens<'_>, at: usize) -> Option<Number> {
    let scale = at + 1 + usize::from(tokens.is_hyphen(at + 1));
    let numbered = at.checked_sub(1).is_some_and(|before| {
        tokens.joined(at)
            && (tokens.numeral(before).is_some()
                || tokens.any(
                    before,
                    Roles::of(&[Role::Ordinal, Role::Pointer, Role::Digit, Role::Leading]),
                ))
    });
    let quarter = tokens.is(at, Role::QuarterMark) && tokens.value(at, Role::Ordinal) == Some(4);
    let hyphen = scale > at + 1 && tokens.gap(at + 1) == Gap::None;
    let points = hyphen
        && tokens
            .value(scale, Role::Unit)
            .and_then(|unit| tokens.lexicon.unit(unit))
            .is_some_and(|unit| unit.kind == UnitKind::Percent || tokens.is(scale, Role::Point));
    if numbered || !quarter || !tokens.joined(scale) || !(tokens.is(scale, Role::Scale) || points) {
        return None;
    }
    let number = Number {
        digits: 1,
        ..Number::point(Decimal::new(25, -2).ok()?, scale)
    };
    Some(scales(tokens, number))
}
