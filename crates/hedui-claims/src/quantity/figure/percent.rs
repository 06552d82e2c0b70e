//! Shares in Chinese words: 百分之七十, 三成, 六成五, 七五折.

use hedui_model::{Bound, Decimal};
use hedui_text::lexicon::quantities::{Role, Roles};

use super::super::number::{self, Found, Number};
use super::super::rules::Rule;
use super::super::token::Tokens;
use super::front::is_sign;
use super::special::plain;
use super::{Figure, FigureUnit, FoundFigure};

/// 百分之七十: a share; 十分之三: a fraction.
pub(super) fn parts(tokens: &Tokens<'_>, at: usize, power: i32) -> Option<FoundFigure> {
    let mut index = at + 1;
    let negative = is_sign(tokens, index);
    index += usize::from(negative);
    if !tokens.joined(index) {
        return None;
    }
    // 百分之百 is all of it.
    let number = match number::read(tokens, index) {
        Some(Found::Number(number)) => number,
        _ if tokens.value(index, Role::Place) == Some(2) => hundred(index)?,
        _ => return None,
    };
    let mut figure = plain(tokens, at, number.next, number.low, number.high);
    figure.bound = number.bound.unwrap_or(Bound::Exact);
    figure.digits = number.digits;
    figure.rules.add(Rule::Parts);
    let short = tokens
        .value(figure.next, Role::ShortScale)
        .is_some_and(|scale| scale == 3);
    if short && tokens.joined(figure.next) {
        figure.map(|value| value.scaled(3).ok())?;
        figure.next += 1;
    }
    if power == 1 {
        figure.map(|value| value.scaled(-1).ok())?;
        figure.fraction = true;
    } else {
        let unit = if power == 3 { "permille" } else { "percent" };
        let shift = if power == 3 { 0 } else { 2 - power };
        figure.map(|value| value.scaled(shift).ok())?;
        figure.unit = FigureUnit::Unit(tokens.lexicon.unit_index(unit)?);
    }
    if negative {
        figure.map(|value| Some(value.negated()))?;
    }
    figure.end = tokens.end(figure.next.saturating_sub(1));
    figure.hedge_end = figure.end;
    Some(FoundFigure::Figure(figure))
}

pub(super) fn hundred(at: usize) -> Option<Number> {
    Some(Number {
        low: Decimal::from(100),
        high: Decimal::from(100),
        bound: None,
        scale: 0,
        place: 2,
        digits: 1,
        fraction: false,
        worded: true,
        next: at + 1,
    })
}

/// 三成, 六成五, 七五折.
pub(super) fn tenths(tokens: &Tokens<'_>, figure: &mut Figure, at: usize, _power: i64) -> bool {
    let (Some(low), Some(percent)) = (figure.low, tokens.lexicon.unit_index("percent")) else {
        return false;
    };
    if low.is_negative() || low > Decimal::from(100) || figure.scale >= 4 {
        return false;
    }
    let whole = low >= Decimal::from(11) && low.exponent() == 0;
    if !whole && figure.map(|value| value.scaled(1).ok()).is_none() {
        return false;
    }
    figure.unit = FigureUnit::Unit(percent);
    figure.next = at + 1;
    figure.digits = figure.digits.max(1);
    figure.rules.add(Rule::Tenths);
    figure.fraction = false;
    let next = figure.next;
    if whole || !tokens.joined(next) {
        return true;
    }
    if let Some(digit) = tokens.value(next, Role::Digit).filter(|digit| *digit > 0)
        && !tokens.is_ascii(next)
        && !tokens.any(
            next + 1,
            Roles::of(&[Role::Place, Role::Myriad, Role::Classifier, Role::Unit]),
        )
    {
        let _ = figure.map(|value| value.checked_add(Decimal::from(digit)).ok());
        figure.digits = 2;
        figure.next += 1;
    } else if tokens.is(next, Role::Half)
        && !tokens.is_ascii(next)
        && !tokens.any(next + 1, Roles::of(&[Role::Unit]))
    {
        let _ = figure.map(|value| value.checked_add(Decimal::from(5)).ok());
        figure.digits = 2;
        figure.next += 1;
    }
    true
}
