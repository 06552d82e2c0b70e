//! Restatements: a figure that says again, in another unit, what the one before it said.

use hedui_model::Decimal;
use hedui_text::lexicon::quantities::{Role, Roles, UnitKind};

use super::super::figure::{Figure, FigureUnit};
use super::super::reading::Reading;
use super::super::token::Tokens;

/// How far a restatement may stand behind its figure, in bytes.
pub(super) const GLOSS_REACH: usize = 40;

/// Marks the figures that restate the one before them.
pub(super) fn glosses(tokens: &Tokens<'_>, readings: &mut [Reading]) {
    for index in 1..readings.len() {
        let (head, tail) = readings.split_at_mut(index);
        let (Some(before), Some(reading)) = (head.last(), tail.first_mut()) else {
            continue;
        };
        let (Some(first), Some(second)) = (before.figure(), reading.figure()) else {
            continue;
        };
        let again = before.gloss_of.is_some() && continues(tokens, first, second);
        if again || restates(tokens, first, second) {
            let target = before.gloss_of.unwrap_or(index - 1);
            reading.gloss_of = Some(target);
        }
    }
}

/// A second restatement behind the first, in the same bracket: (30.6億美元，台幣956億元).
pub(super) fn continues(tokens: &Tokens<'_>, first: &Figure, second: &Figure) -> bool {
    let between = tokens
        .text
        .get(first.hedge_end..second.hedge_start)
        .unwrap_or("-");
    let parted = between.trim_matches(' ');
    matches!(parted, "," | ";" | "/" | "\u{3001}" | "")
        && comparable(tokens, first, second) == Some(false)
}

pub(super) fn restates(tokens: &Tokens<'_>, first: &Figure, second: &Figure) -> bool {
    let Some(between) = tokens.text.get(first.hedge_end..second.hedge_start) else {
        return false;
    };
    let Some(same_unit) =
        comparable(tokens, first, second).filter(|_| between.len() <= GLOSS_REACH)
    else {
        return false;
    };
    let trimmed = between.trim_start();
    let bracketed = trimmed.starts_with('(') || trimmed.starts_with('[');
    let appositive =
        trimmed.starts_with(',') || trimmed.starts_with('\u{2014}') || trimmed.starts_with("--");
    if !bracketed && !appositive {
        return false;
    }
    let mut linked = false;
    let mut at = first.hedge_end;
    let mut covered = 0;
    let start = tokens
        .tokens
        .partition_point(|token| (token.start as usize) < first.hedge_end);
    for index in start..second.first {
        let Some(token) = tokens.get(index) else {
            break;
        };
        if token.start as usize >= second.hedge_start {
            break;
        }
        linked |= tokens.is(index, Role::GlossLink);
        let harmless = tokens.any(
            index,
            Roles::of(&[
                Role::GlossLink,
                Role::BoundBefore,
                Role::Filler,
                Role::Article,
                Role::ListLink,
                Role::BoundAfter,
                Role::Currency,
                Role::Each,
                Role::Noun,
            ]),
        );
        if !harmless {
            return false;
        }
        covered += tokens.end(index) - tokens.start(index);
        at = tokens.end(index);
    }
    let _ = at;
    let plain = between
        .bytes()
        .filter(|byte| !matches!(byte, b' ' | b'(' | b'[' | b','))
        .count();
    // Unknown words between the two are allowed only where a link word says what is meant.
    let uncovered = plain.saturating_sub(covered);
    let hedge_links = tokens
        .text
        .get(second.hedge_start..second.start)
        .is_some_and(|hedge| !hedge.is_empty());
    if bracketed {
        // In the same unit it restates only where the bracket holds nothing else.
        let closes = matches!(tokens.byte_at(second.hedge_end), b')' | b']');
        return uncovered <= 30
            && !trimmed.contains(')')
            && (!same_unit || (closes && uncovered == 0));
    }
    // 2億澳門元，即2億葡幣: one sum under two names.
    if same_unit {
        return linked && uncovered == 0 && first.value() == second.value();
    }
    if linked && uncovered == 0 && is_alternative(tokens, first, second) {
        return false;
    }
    linked && uncovered == 0
        || (hedge_links
            && uncovered == 0
            && tokens.is(second.first.wrapping_sub(1), Role::GlossLink))
}

/// Tells whether *or* names another amount rather than the same one again: the two have one base, and are neither near
/// nor a power of ten apart.
fn is_alternative(tokens: &Tokens<'_>, first: &Figure, second: &Figure) -> bool {
    let weak = (first.next..second.first)
        .all(|index| !tokens.is(index, Role::GlossLink) || tokens.is(index, Role::RangeOpenLink));
    let base = |figure: &Figure| match figure.unit {
        FigureUnit::Unit(unit) => {
            let row = tokens.lexicon.unit(unit)?;
            let value = figure.value()?.checked_mul(row.factor).ok()?;
            Some((&row.base, value.normalized()))
        }
        _ => None,
    };
    let (Some((one_base, one)), Some((other_base, other))) = (base(first), base(second)) else {
        return false;
    };
    let near = one.checked_div(other).is_ok_and(|ratio| {
        let half = Decimal::new(5, -1).unwrap_or(Decimal::ONE);
        ratio > half && ratio < Decimal::from(2)
    });
    weak && one_base == other_base && !near && one.mantissa() != other.mantissa()
}

/// Tells whether the figures could say the same thing; inside, whether they have one and the same unit.
pub(super) fn comparable(tokens: &Tokens<'_>, first: &Figure, second: &Figure) -> Option<bool> {
    match (first.unit, second.unit) {
        (FigureUnit::Currency(one), FigureUnit::Currency(other)) => Some(one == other),
        (FigureUnit::Unit(one), FigureUnit::Unit(other)) => {
            let (one, other) = (tokens.lexicon.unit(one)?, tokens.lexicon.unit(other)?);
            if one.kind == UnitKind::Percent || one.kind != other.kind {
                return None;
            }
            let kin = one.base == other.base
                || one.kind == UnitKind::Duration
                || one.measures.is_some() && one.measures == other.measures;
            kin.then_some(one.id == other.id)
        }
        _ => None,
    }
}
