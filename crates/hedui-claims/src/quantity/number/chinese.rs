//! Chinese numbers: the walk over their tokens. What the digits and places make together is told in `places`.

use hedui_model::{Bound, Decimal};
use hedui_text::lexicon::quantities::{Role, Roles};

use super::super::token::{Gap, Tokens};
use super::places::{Current, Han};
use super::{Number, TOKENS_MAX};

pub(super) fn han(tokens: &Tokens<'_>, start: usize) -> Option<Number> {
    let mut state = Han::default();
    let mut at = start;
    let mut digits = 0_u32;
    while at < start + TOKENS_MAX {
        if at > start && !tokens.joined(at) {
            if let Some(next) = dotted(tokens, &mut state, at) {
                at = next;
                digits += 1;
                continue;
            }
            break;
        }
        if at > start && tokens.is_ascii(at) && tokens.numeral(at).is_none() {
            break;
        }
        let Some(next) = han_step(tokens, &mut state, start, at) else {
            break;
        };
        digits += 1;
        at = next;
    }
    if at == start {
        return None;
    }
    let neighbours = state.neighbours().filter(|_| {
        tokens.joined(at)
            && tokens.any(
                at,
                Roles::of(&[Role::Unit, Role::Classifier, Role::Noun, Role::Tenths]),
            )
            && !tokens.is_ascii(at)
    });
    let (low, high) = match neighbours {
        Some(ends) => ends,
        None => state.total()?,
    };
    let mut number = Number::point(low, at);
    number.high = high;
    number.digits = number
        .digits
        .min(u8::try_from(low.normalized().digits().max(1)).unwrap_or(u8::MAX))
        .max(written_digits(tokens, start, at));
    number.scale = state.scale;
    number.place = state.place;
    number.worded = !(digits == 1 && tokens.numeral(start).is_some());
    number.bound = (low != high).then_some(Bound::Range);
    Some(dozens(tokens, number))
}

/// 八打: dozens, where nothing goes on behind.
fn dozens(tokens: &Tokens<'_>, number: Number) -> Number {
    let at = number.next;
    let counted = tokens
        .value(at, Role::Counted)
        .filter(|_| tokens.gap(at) == Gap::None && !tokens.is_ascii(at))
        .filter(|_| tokens.byte_at(tokens.end(at)) < 0x80);
    counted
        .and_then(|count| number.map(|value| value.checked_mul(Decimal::from(count)).ok()))
        .map_or(number, |counted| Number {
            next: at + 1,
            worded: true,
            ..counted
        })
}

/// A point between Chinese digits that is written as a sign: 二十七．七.
pub(super) fn dotted(tokens: &Tokens<'_>, state: &mut Han, at: usize) -> Option<usize> {
    let between = tokens.text.get(tokens.end(at - 1)..tokens.start(at))?;
    let digit_before =
        tokens.any(at - 1, Roles::of(&[Role::Digit, Role::Place])) && !tokens.is_ascii(at - 1);
    let is_digit = tokens.is(at, Role::Digit) && !tokens.is_ascii(at);
    if between != "." || !digit_before || !is_digit {
        return None;
    }
    state.point(tokens, at - 1)
}

/// The digits as written of the first numeral: 16.50亿 has four.
pub(super) fn written_digits(tokens: &Tokens<'_>, start: usize, end: usize) -> u8 {
    let mut most = 0;
    for at in start..end.min(start + TOKENS_MAX) {
        if let Some(numeral) = tokens.numeral(at) {
            most = most.max(u8::try_from(numeral.value.digits()).unwrap_or(u8::MAX));
        }
    }
    most
}

pub(super) fn han_step(
    tokens: &Tokens<'_>,
    state: &mut Han,
    start: usize,
    at: usize,
) -> Option<usize> {
    if let Some(numeral) = tokens.numeral(at) {
        // Digits behind a digit word are another number, unless a zero stands between (1百01).
        if state.current.is_some() || (at > start && state.last == 0) {
            return None;
        }
        let placed = places_follow(tokens, at + 1);
        if at > start && tokens.gap(at) != Gap::None && !placed {
            return None;
        }
        let digits = u32::from(numeral.whole_digits);
        state.current = Some(Current {
            low: numeral.value,
            high: numeral.value,
            words: 0,
            ascii_digits: if numeral.padded || numeral.fractional {
                9
            } else {
                digits
            },
            vague: false,
        });
        return Some(at + 1);
    }
    let word = tokens.word(at)?;
    if word.is(Role::Capital)
        && at == start
        && !(tokens.any(
            at + 1,
            Roles::of(&[Role::Place, Role::Myriad, Role::Point, Role::Digit]),
        ) && tokens.joined(at + 1))
        && !super::super::figure::alone(tokens, tokens.start(at), tokens.end(at))
    {
        return None;
    }
    if let Some(digit) = word.value(Role::Digit) {
        if word.is(Role::Pair) && at > start && !places_follow(tokens, at + 1) {
            // 三两天 are two or three; 三十两 and 九两 are weights: at the end of a number two is 二.
            return state
                .two_or_three(is_counted(tokens, at + 1))
                .then_some(at + 1);
        }
        return state.digit(digit).then_some(at + 1);
    }
    if let Some(tens) = word.value(Role::Tens) {
        if state.current.is_some() {
            return None;
        }
        state.sum = Some(
            state
                .sum
                .unwrap_or(Decimal::ZERO)
                .checked_add(Decimal::from(tens))
                .ok()?,
        );
        state.last = 1;
        state.zero = false;
        return Some(at + 1);
    }
    if let Some(power) = word.value(Role::Place) {
        let power = i32::try_from(power).ok()?;
        return state
            .place(power, at == start && !bare_place_allowed(tokens, at))
            .then_some(at + 1);
    }
    if let Some(power) = word.value(Role::Myriad) {
        let power = i32::try_from(power).ok()?;
        if at == start {
            if !bound_before(tokens, at) {
                return None;
            }
            state.sum = Some(Decimal::ONE);
        }
        return state.myriad(power).then_some(at + 1);
    }
    if word.is(Role::VagueDigit) && !word.is(Role::VagueMore)
        || (word.is(Role::VagueDigit)
            && (at == start
                || state.zero
                || places_follow(tokens, at + 1) && state.current.is_none() && state.last <= 1
                || state.last == 1))
    {
        return state.vague_digit(tokens, at);
    }
    if word.is(Role::VagueMore) && at > start && (state.last > 0 || state.current.is_some()) {
        // 三千多, 500多亿; a digit before it counts wholes (三年多 has the unit first).
        if state
            .current
            .is_some_and(|current| current.words == 1 && state.last == 0)
            && !places_follow(tokens, at + 1)
        {
            return None;
        }
        state.step()?;
        return Some(at + 1);
    }
    if word.is(Role::VagueAbout)
        && at > start
        && state.last > 0
        && state.current.is_none()
        && (places_follow(tokens, at + 1) || is_counted(tokens, at + 1))
    {
        state.step()?;
        return Some(at + 1);
    }
    if word.is(Role::Classifier)
        && tokens.is(at + 1, Role::Myriad)
        && tokens.gap(at + 1) == Gap::None
    {
        // 两个亿
        return state.current.is_some().then_some(at + 1);
    }
    if word.is(Role::Point) && at > start {
        return state.point(tokens, at);
    }
    if word.is(Role::Half) && at > start && state.current.is_none() && state.scale > 0 {
        // 一万半 is not said; 两个半 has its classifier first. A half behind a scale is half of it.
        return None;
    }
    None
}

pub(super) fn places_follow(tokens: &Tokens<'_>, at: usize) -> bool {
    tokens.any(at, Roles::of(&[Role::Place, Role::Myriad])) && tokens.joined(at)
}

/// 百 and 千 start a number only before 万, 亿 (百万, 千亿) or behind a word that asks for a magnitude (上百).
pub(super) fn bare_place_allowed(tokens: &Tokens<'_>, at: usize) -> bool {
    if tokens.value(at, Role::Place) == Some(1) {
        return true;
    }
    let myriad = tokens.is(at + 1, Role::Myriad) && tokens.joined(at + 1);
    // 百余, 百人上下
    let noun = usize::from(
        tokens.any(at + 1, Roles::of(&[Role::Classifier, Role::Noun]))
            && tokens.gap(at + 1) == Gap::None,
    );
    let counted = tokens.value(at, Role::Place) == Some(2)
        && tokens.is(at + 1 + noun, Role::BoundAfter)
        && (noun == 0 || tokens.value(at + 2, Role::BoundAfter) == Some(1));
    bound_before(tokens, at) || myriad || counted
}

/// 上百, 近千, 破兆元: a bound that a bare magnitude may follow.
pub(super) fn bound_before(tokens: &Tokens<'_>, at: usize) -> bool {
    at.checked_sub(1).is_some_and(|before| {
        tokens.any(before, Roles::of(&[Role::OnOrder, Role::BoundBefore])) && tokens.joined(at)
    })
}

pub(super) fn is_counted(tokens: &Tokens<'_>, at: usize) -> bool {
    tokens.joined(at)
        && tokens.any(
            at,
            Roles::of(&[Role::Classifier, Role::Unit, Role::Noun, Role::Currency]),
        )
        && !tokens.is_ascii(at)
}
