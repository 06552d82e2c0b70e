//! Fractions, alone and behind a whole: 三分之二, 五又三分之一, 2 1/2, 3½, *two out of five*, *one and a half*.

use hedui_model::Decimal;
use hedui_text::lexicon::quantities::{Role, Roles, UnitKind};

use super::super::token::{Gap, TokenKind, Tokens};
use super::Number;
use super::chinese::han;
use super::english::{below_hundred, cardinal};
use super::scale::scales;

pub(super) fn slash(numerator: u32, denominator: u32, next: usize) -> Option<Number> {
    // Regulation 2/2013 has a number and a year.
    if (1900..2100).contains(&denominator) && numerator < denominator {
        return None;
    }
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

/// 半 in front: 半年, 半成; only where a unit follows, which the caller sees to. 一半 is a part of what stands there.
pub(super) fn han_half(tokens: &Tokens<'_>, at: usize) -> Option<Number> {
    Some(Number {
        digits: 1,
        fraction: tokens.form(at).chars().count() > 1,
        ..Number::point(Decimal::new(5, -1).ok()?, at + 1)
    })
}

/// Looks for what makes the number a part of a fraction: 三分之二, 五又三分之一, 2 1/2, 3½.
pub(super) fn fractions(tokens: &Tokens<'_>, number: Number) -> Number {
    let at = number.next;
    if !tokens.joined(at) || !number.is_point() {
        return number;
    }
    if let Some(value) = simple(tokens, number) {
        return value;
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
    // The Federal Reserve's 4-1/4 percent.
    if tokens.is_hyphen(at)
        && tokens.gap(at) == Gap::None
        && tokens.gap(at + 1) == Gap::None
        && let Some(TokenKind::Slash(numerator, denominator)) =
            tokens.get(at + 1).map(|token| token.kind)
        && numerator < denominator
        && matches!(denominator, 2 | 4 | 8 | 16 | 32 | 64)
        && !number.worded
    {
        return slash(numerator, denominator, at + 2)
            .and_then(|part| number.low.checked_add(part.low).ok())
            .map_or(number, |value| Number::point(value, at + 2));
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

/// A number that is the denominator of what stands behind it: 三分之二, 五百分之一, 三分二.
fn simple(tokens: &Tokens<'_>, number: Number) -> Option<Number> {
    let at = number.next;
    if !tokens.joined(at) || !number.is_point() {
        return None;
    }
    if tokens.value(at, Role::Denominator) == Some(1) {
        return short_fraction(tokens, &number, at + 1);
    }
    if tokens.is(at, Role::Denominator) {
        return denominated(tokens, number, number.low, at + 1);
    }
    // 五百分之一: the link swallowed the denominator's last place.
    let power = tokens
        .value(at, Role::Parts)
        .filter(|_| !tokens.is_ascii(at))?;
    let denominator = number.low.scaled(i32::try_from(power).ok()?).ok()?;
    denominated(tokens, number, denominator, at + 1)
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

/// 三分二, 十分一: two digits with 分 alone between them, the part smaller than the whole. What follows must not make
/// minutes or coins of it (三分二十秒, 三分二厘).
fn short_fraction(tokens: &Tokens<'_>, number: &Number, at: usize) -> Option<Number> {
    let goes_on = Roles::of(&[
        Role::Digit,
        Role::Place,
        Role::Myriad,
        Role::Point,
        Role::Currency,
        Role::Denominator,
        Role::ClockMark,
        Role::TimeOfDay,
        Role::Tenths,
    ]);
    let part = tokens
        .value(at, Role::Digit)
        .filter(|part| *part > 0 && tokens.gap(at) == Gap::None && !tokens.is_ascii(at))?;
    let whole = number.low;
    let digits = tokens.numeral(number.next.checked_sub(1)?).is_none();
    let small = whole <= Decimal::from(10) && Decimal::from(part) < whole;
    let timed = tokens.joined(at + 1) && {
        let seconds = tokens
            .value(at + 1, Role::Unit)
            .and_then(|unit| tokens.lexicon.unit(unit))
            .is_some_and(|unit| unit.kind == UnitKind::Duration);
        seconds || tokens.any(at + 1, goes_on)
    };
    if !small || !digits || timed {
        return None;
    }
    let mut value = Number::point(Decimal::from(part).checked_div(whole).ok()?, at + 1);
    value.fraction = true;
    value.digits = 2;
    Some(value)
}

pub(super) fn mixed(tokens: &Tokens<'_>, number: Number, at: usize) -> Option<Number> {
    let part = part_of_one(tokens, at)?;
    let value = number.low.checked_add(part.low).ok()?;
    Some(Number::point(value, part.next))
}

/// The fraction behind a whole; it has no whole of its own, so that a row of them ends after one.
fn part_of_one(tokens: &Tokens<'_>, at: usize) -> Option<Number> {
    if let Some(TokenKind::Slash(numerator, denominator)) = tokens.get(at).map(|token| token.kind) {
        return slash(numerator, denominator, at + 1);
    }
    if tokens.is(at, Role::Vulgar) {
        return vulgar(tokens, at);
    }
    let denominator = han(tokens, at)?;
    simple(tokens, denominator).filter(|part| part.fraction)
}

/// `two out of five hundred`, `one over one hundred and twenty five`; `one in five`.
pub(super) fn out_of(tokens: &Tokens<'_>, number: Number, at: usize) -> Option<Number> {
    let value = quotient(tokens, number, at + 1)?;
    let whole = Decimal::ONE;
    (value.low < whole && !value.low.is_negative()).then_some(value)
}

/// A number by the one that starts at a token, which counts nothing.
pub(super) fn quotient(tokens: &Tokens<'_>, number: Number, at: usize) -> Option<Number> {
    if !tokens.joined(at) || number.scale > 2 {
        return None;
    }
    let denominator = cardinal(tokens, at)?;
    let counts = tokens.any(denominator.next, Roles::of(&[Role::Unit, Role::Currency]))
        && tokens.joined(denominator.next);
    if denominator.fraction || counts || !denominator.is_point() {
        return None;
    }
    Some(Number {
        fraction: true,
        digits: 2,
        ..Number::point(
            number.low.checked_div(denominator.low).ok()?,
            denominator.next,
        )
    })
}

/// A denominator of two words: *twenty twenty-fifths*, *three ten-thousandths*, one hundred *thirty fifths*.
pub(super) fn compound_denominator(
    tokens: &Tokens<'_>,
    number: Number,
    at: usize,
) -> Option<Number> {
    let last = number.next.checked_sub(1)?;
    let ends = |index: usize| {
        let one = number.low == Decimal::ONE;
        tokens
            .value(index, Role::Fraction)
            .or_else(|| tokens.value(index, Role::Ordinal).filter(|_| one))
            .filter(|_| tokens.joined(index))
    };
    let (numerator, denominator, next) = if let Some(tens) = tokens
        .value(at, Role::Tens)
        .filter(|_| tokens.is_ascii(at) && tokens.joined(at))
    {
        let end = at + 1 + usize::from(tokens.is_hyphen(at + 1) && tokens.joined(at + 1));
        let last = ends(end)?;
        let denominator = match last {
            1..=9 if tens >= 20 => tens + last,
            100.. => tens.checked_mul(last)?,
            _ => return None,
        };
        (number.low, denominator, end + 1)
    } else {
        let ones = ends(at).filter(|ones| *ones < 10)?;
        let tens = tokens.value(last, Role::Tens).filter(|tens| *tens >= 20)?;
        if tokens.is(last.checked_sub(1)?, Role::MixedLink) {
            return None;
        }
        let numerator = number.low.checked_sub(Decimal::from(tens)).ok()?;
        if numerator.is_zero() || numerator.is_negative() {
            return None;
        }
        (numerator, tens + ones, at + 1)
    };
    Some(Number {
        fraction: true,
        digits: 2,
        ..Number::point(
            numerator.checked_div(Decimal::from(denominator)).ok()?,
            next,
        )
    })
}

/// Two thirds *of a million*.
pub(super) fn of_a_scale(tokens: &Tokens<'_>, number: Number) -> Number {
    let at = number.next;
    let linked = tokens.is(at, Role::DateLink)
        && tokens.is_ascii(at)
        && tokens.is(at + 1, Role::Article)
        && tokens.is(at + 2, Role::Scale)
        && (at..at + 3).all(|index| tokens.joined(index));
    if !linked {
        return number;
    }
    scales(
        tokens,
        Number {
            next: at + 2,
            fraction: false,
            ..number
        },
    )
}

/// `one and a half`, `twenty and three fifths`, `one and three quarters`.
pub(super) fn english_mixed(tokens: &Tokens<'_>, number: Number, at: usize) -> Option<Number> {
    let (part, next) = part(tokens, at)?;
    Some(Number::point(number.low.checked_add(part).ok()?, next))
}

/// A part of one in words, and the token after it: *a half*, *half*, *a third*, *three quarters*.
pub(super) fn part(tokens: &Tokens<'_>, at: usize) -> Option<(Decimal, usize)> {
    if !tokens.joined(at) {
        return None;
    }
    let at = at + usize::from(tokens.is_hyphen(at) && tokens.gap(at) == Gap::None);
    let (mut numerator, mut next) = (Decimal::ONE, at);
    if tokens.is(at, Role::Article) && tokens.joined(at + 1) {
        next = at + 1 + usize::from(tokens.is_hyphen(at + 1));
    } else if !tokens.any(at, Roles::of(&[Role::Ordinal, Role::Half])) {
        let number = below_hundred(tokens, at)?;
        (numerator, next) = (number.low, number.next);
        if tokens.is_hyphen(next) && tokens.joined(next) {
            next += 1;
        }
        if !tokens.joined(next) {
            return None;
        }
    }
    if !tokens.is_ascii(next) {
        return None;
    }
    let denominator = if tokens.is(next, Role::Half) {
        2
    } else {
        tokens
            .value(next, Role::Fraction)
            .or_else(|| tokens.value(next, Role::Ordinal))?
    };
    let value = numerator.checked_div(Decimal::from(denominator)).ok()?;
    Some((value, next + 1))
}
