//! Figures in two units, the smaller behind: 50元6角, 5 hours 30 minutes, 12 ft 2 in.

use hedui_model::Decimal;
use hedui_text::lexicon::quantities::{Role, UnitKind};

use super::super::number::{self, Found};
use super::super::rules::Rule;
use super::super::token::Tokens;
use super::money::money_part;
use super::{Figure, FigureUnit};

/// Adds what stands behind in the next smaller unit: 50元6角, 5 hours 30 minutes, 12 ft 2 in.
pub(super) fn composite(tokens: &Tokens<'_>, figure: &mut Figure) {
    for _ in 0..3 {
        let added = match figure.unit {
            FigureUnit::Currency(_) => money_part(tokens, figure),
            FigureUnit::Unit(_) => unit_part(tokens, figure),
            _ => None,
        };
        if added.is_none() {
            return;
        }
        figure.rules.add(Rule::Composite);
    }
}

pub(super) fn part_start(tokens: &Tokens<'_>, at: usize) -> Option<usize> {
    let linked =
        tokens.is(at, Role::MixedLink) || (tokens.is(at, Role::ListLink) && tokens.form(at) == ",");
    let index = at + usize::from(linked && tokens.joined(at));
    tokens.joined(index).then_some(index)
}

pub(super) fn unit_part(tokens: &Tokens<'_>, figure: &mut Figure) -> Option<()> {
    let FigureUnit::Unit(index) = figure.unit else {
        return None;
    };
    let (small, count) = tokens.lexicon.unit(index)?.parts.clone()?;
    figure.value()?;
    let at = part_start(tokens, figure.next)?;
    let Found::Number(number) = number::read(tokens, at)? else {
        return None;
    };
    let unit_at = number.next + usize::from(tokens.is_hyphen(number.next));
    let minutes = || {
        let part = tokens.value(unit_at, Role::Currency)?;
        let fen = tokens.lexicon.currency(part)?.id == "fen";
        (fen && small == "minute").then(|| tokens.lexicon.unit_index("minute"))?
    };
    let unit = tokens
        .value(unit_at, Role::Unit)
        .or_else(minutes)
        .filter(|_| tokens.joined(unit_at))?;
    if tokens.lexicon.unit(unit)?.id != small || !number.is_point() {
        return None;
    }
    if figure.value()?.exponent() < 0 && figure.value()?.normalized().exponent() < 0 {
        return None;
    }
    let is_length = tokens.lexicon.unit(unit)?.kind != UnitKind::Duration;
    if is_length {
        let part = number.low.checked_div(Decimal::from(count)).ok()?;
        figure.map(|value| value.checked_add(part).ok())?;
    } else {
        figure.map(|value| {
            value
                .checked_mul(Decimal::from(count))
                .ok()?
                .checked_add(number.low)
                .ok()
        })?;
        figure.unit = FigureUnit::Unit(unit);
    }
    figure.digits = figure.digits.saturating_add(number.digits);
    figure.next = unit_at + 1;
    Some(())
}
