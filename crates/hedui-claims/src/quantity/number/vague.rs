//! Vague magnitudes in English: *tens of billions*, *several hundred million*.

use hedui_model::{Bound, Decimal};
use hedui_text::lexicon::quantities::Role;

use super::super::token::Tokens;
use super::Number;
use super::scale::scales;

/// `tens of billions`, `hundreds of thousands`, `thousands`: one decade.
pub(super) fn plural_scale(tokens: &Tokens<'_>, at: usize) -> Option<Number> {
    let mut power = i32::try_from(tokens.value(at, Role::PluralScale)?).ok()?;
    let mut next = at + 1;
    while power < 24 {
        let linked =
            tokens.is(next, Role::DateLink) && tokens.joined(next) && tokens.is_ascii(next);
        let after = next + usize::from(linked);
        match tokens
            .value(after, Role::PluralScale)
            .filter(|_| linked && tokens.joined(after))
        {
            Some(more) => {
                power += i32::try_from(more).ok()?;
                next = after + 1;
            }
            None => break,
        }
    }
    let mut number = Number::point(Decimal::new(1, power).ok()?, next);
    number.high = Decimal::new(1, power + 1).ok()?;
    number.bound = Some(Bound::Range);
    number.digits = 1;
    Some(number)
}

/// `several hundred million`, `a few thousand`.
pub(super) fn vague_scale(tokens: &Tokens<'_>, at: usize) -> Option<Number> {
    if !tokens.is(at + 1, Role::Scale) || !tokens.joined(at + 1) {
        return None;
    }
    let number = Number {
        high: Decimal::from(10),
        bound: Some(Bound::Range),
        digits: 1,
        ..Number::point(Decimal::from(2), at + 1)
    };
    Some(scales(tokens, number))
}
