//! English numbers: words, and digits with words behind them. Fractions and decimals behind them are told in `ending`.

use hedui_model::{Bound, Decimal};
use hedui_text::lexicon::quantities::{Role, Roles};

use super::super::token::{Gap, Tokens};
use super::ending::{ending, over, word_decimal};
use super::fraction::part;
use super::scale::{article, half, quarter, scales, scales_below};
use super::vague::{plural_scale, vague_scale};
use super::{ENGLISH, Found, Number};

/// More parts than these (*one million two thousand …*) no number has.
const PARTS_MAX: usize = 8;

/// How a number starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Start {
    Digits,
    Words,
}

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
    let scaled = scales(tokens, number);
    let number = smaller_parts(tokens, scaled, scaled.scale, Start::Digits);
    Some(over(tokens, number, at).unwrap_or(number))
}

/// A number by itself, without the fraction, decimal or quotient behind it: `five hundred`, `20`, `a million`.
pub(super) fn cardinal(tokens: &Tokens<'_>, at: usize) -> Option<Number> {
    if let Some(numeral) = tokens.numeral(at) {
        let number = Number {
            worded: false,
            ..Number::point(numeral.value, at + 1)
        };
        return Some(scales(tokens, number));
    }
    if tokens.is(at, Role::Article) {
        let Found::Number(number) = article(tokens, at)? else {
            return None;
        };
        return Some(number);
    }
    let group = below_thousand(tokens, at)?;
    let scaled = scales(tokens, group);
    let limit = match scaled.scale - group.scale {
        0 => group.scale,
        last => last,
    };
    let mut number = smaller_parts(tokens, scaled, limit, Start::Words);
    number.digits = u8::try_from(number.low.normalized().digits()).unwrap_or(u8::MAX);
    Some(number)
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
        let count = Decimal::from(tokens.value(at, Role::Counted)?);
        let mut number = scales(tokens, Number::point(count, at + 1));
        // A couple is about two.
        number.bound = (count == Decimal::from(2)).then_some(Bound::About);
        return Some(Found::Number(number));
    }
    if tokens.is(at, Role::Ordinal) && !tokens.any(at, ENGLISH) {
        return quarter(tokens, at).map(Found::Number);
    }
    Some(ending(tokens, cardinal(tokens, at)?))
}

/// Adds the smaller parts behind a number whose last scale is `limit`: `one million two thousand`, `4 thousand 3
/// hundred and 21`, `one million and a half`.
pub(super) fn smaller_parts(
    tokens: &Tokens<'_>,
    mut number: Number,
    mut limit: i32,
    start: Start,
) -> Number {
    for _ in 0..PARTS_MAX {
        if limit < 2 || !number.is_point() {
            return number;
        }
        let mut at = number.next;
        let linked = tokens.is(at, Role::MixedLink) && tokens.joined(at);
        at += usize::from(linked);
        if !tokens.joined(at) {
            return number;
        }
        if linked && let Some(value) = part_of_scale(tokens, number, limit, at) {
            return value;
        }
        let Some((part, part_limit)) = smaller(tokens, at, limit, linked) else {
            return number;
        };
        if limit > 2 && is_another(tokens, &part, start, linked) {
            return number;
        }
        let Ok(value) = number.low.checked_add(part.low) else {
            return number;
        };
        number = Number {
            scale: part.scale,
            ..Number::point(value, part.next)
        };
        limit = part_limit;
    }
    number
}

/// Tells whether words below a hundred are another number: $4.12bn *four* years ago, three million *two* years ago.
fn is_another(tokens: &Tokens<'_>, part: &Number, start: Start, linked: bool) -> bool {
    let is_time = || tokens.joined(part.next) && tokens.period_kind(part.next).is_some();
    part.low < Decimal::from(100) && (start == Start::Digits || !linked && is_time())
}

/// A number below 10^`limit`, as the next part of a larger one, and its own last scale.
fn smaller(tokens: &Tokens<'_>, at: usize, limit: i32, linked: bool) -> Option<(Number, i32)> {
    let (number, last) = match tokens.numeral(at) {
        Some(numeral) if numeral.grouped => return None,
        Some(numeral) => {
            let number = scales(
                tokens,
                Number {
                    worded: false,
                    ..Number::point(numeral.value, at + 1)
                },
            );
            // A numeral without a scale of its own is another figure (`$5 million 2024`), but for 3 hundred *and 21*.
            if number.scale == 0 && !(linked && limit == 2 && !numeral.fractional) {
                return None;
            }
            (number, number.scale)
        }
        None => {
            let group = below_thousand(tokens, at)?;
            let counts = tokens.is(group.next, Role::Counted) && tokens.joined(group.next);
            if limit == 2 && !counts {
                return None;
            }
            let number = scales_below(tokens, group, limit);
            (number, number.scale - group.scale)
        }
    };
    // Two thousand *and* three fifths is a mixed number; two thousand three fifths are so many fifths.
    let mixed = linked && is_mixed(tokens, &number);
    (number.low.magnitude()? < limit && !mixed).then_some((number, last))
}

/// A part of the scale said before, or of one of its own: a million and *a half*, a billion and *three quarters million*.
fn part_of_scale(tokens: &Tokens<'_>, number: Number, limit: i32, at: usize) -> Option<Number> {
    let (part, next) = part(tokens, at)?;
    let scaled = scales(tokens, Number::point(part, next));
    let (value, next, scale) = if scaled.next > next {
        (scaled.low, scaled.next, 0)
    } else {
        let is_half = tokens.is(next - 1, Role::Half);
        let goes_on = tokens.is(next, Role::Counted) && tokens.joined(next)
            || tokens.byte_at(tokens.end(next - 1)) == b'-';
        if limit < 6 || goes_on || !(is_half || ends_figure(tokens, next)) {
            return None;
        }
        (part.scaled(limit).ok()?, next, limit)
    };
    let value = number.low.checked_add(value).ok()?;
    Some(Number {
        scale,
        ..Number::point(value, next)
    })
}

/// Tells whether a figure could end before a token: punctuation, a unit, or what is counted follows.
fn ends_figure(tokens: &Tokens<'_>, at: usize) -> bool {
    let byte = tokens.byte_at(tokens.end(at.saturating_sub(1)));
    matches!(byte, 0 | b'.' | b',' | b';' | b'?' | b'!' | b')' | b'\n')
        || tokens.joined(at)
            && tokens.any(at, Roles::of(&[Role::Unit, Role::Currency, Role::Noun]))
            && !tokens.is(at, Role::DateLink)
}

/// `seven`, `two hundred`, `one hundred and twenty-one`; the scale is that of a *hundred* at its end.
fn below_thousand(tokens: &Tokens<'_>, at: usize) -> Option<Number> {
    let first = below_hundred(tokens, at)?;
    let mut hundred = first.next;
    if tokens.is_hyphen(hundred) && tokens.joined(hundred) {
        hundred += 1;
    }
    if tokens.value(hundred, Role::Scale) != Some(2) || !tokens.joined(hundred) {
        return Some(first);
    }
    let hundreds = Number {
        scale: 2,
        ..Number::point(first.low.scaled(2).ok()?, hundred + 1)
    };
    let mut at = hundred + 1;
    let linked = tokens.is(at, Role::MixedLink) && tokens.joined(at);
    at += usize::from(linked);
    let rest = tokens
        .joined(at)
        .then(|| below_hundred(tokens, at))
        .flatten();
    let Some(rest) = rest.filter(|rest| !linked || !is_mixed(tokens, rest)) else {
        return Some(hundreds);
    };
    // One hundred *five hundred* are two numbers; three hundred and *two dozens* are a number and a part.
    let apart = tokens.value(rest.next, Role::Scale) == Some(2)
        || linked && tokens.is(rest.next, Role::Counted);
    if apart && tokens.joined(rest.next) {
        return Some(hundreds);
    }
    let sum = hundreds.low.checked_add(rest.low).ok()?;
    Some(Number::point(sum, rest.next))
}

/// Tells whether a number is the numerator of a part of one: *three* fifths.
fn is_mixed(tokens: &Tokens<'_>, number: &Number) -> bool {
    tokens
        .value(number.next, Role::Fraction)
        .filter(|_| tokens.joined(number.next))
        .is_some_and(|denominator| number.low < Decimal::from(denominator))
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
