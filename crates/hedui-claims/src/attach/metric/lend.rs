//! What a figure borrows that has no word of its own: from the figure before it, from the sentence before an
//! elliptic one, from the same figure elsewhere.

use hedui_model::{Decimal, Kind, Quantity};
use hedui_text::Lexicon;
use hedui_text::lexicon::{Cue, MetricRow, Role};

use super::fit::{Bearing, bearing, is_moved, measures};
use crate::scene::{Figure, Scene, width};

/// How far from the start of its sentence the word may stand that takes the sentence before up.
const OPENING: usize = 24;

/// Returns the metric of the nearest figure before in the same sentence with the same unit; `across` a semicolon only
/// where no word of the figure's own stands against it.
pub(super) fn inherited<'a>(
    lexicon: &'a Lexicon,
    scene: &Scene<'_>,
    index: usize,
    earlier: &[Option<&'a MetricRow>],
    across: bool,
) -> Option<&'a MetricRow> {
    let figure = scene.figures.get(index)?;
    let unit = scene.unit_of(figure)?;
    let own = unit.clauses.get(figure.clause)?;
    for before in (0..index).rev() {
        let other = scene.figures.get(before)?;
        if other.sentence != figure.sentence {
            return None;
        }
        if other.clause < figure.clause && own.restarts && !across {
            return None;
        }
        if other.quantity.unit == figure.quantity.unit && other.quantity.gloss_of.is_none() {
            let row = earlier.get(before).copied().flatten()?;
            return Some(turned(lexicon, scene, figure, row))
                .filter(|row| measures(lexicon, row, &figure.quantity));
        }
    }
    None
}

/// Returns where the nearest figure before in the same sentence with the same unit ends; beyond all, without one.
pub(super) fn before(scene: &Scene<'_>, index: usize) -> usize {
    let Some(figure) = scene.figures.get(index) else {
        return 0;
    };
    (0..index)
        .rev()
        .map_while(|before| scene.figures.get(before))
        .take_while(|other| other.sentence == figure.sentence)
        .find(|other| other.quantity.unit == figure.quantity.unit)
        .map_or(usize::MAX, |other| other.end)
}

/// Returns the metric of the sentence before, where a word takes it up: `That is up from 4% a year ago`.
pub(super) fn resumed<'a>(
    lexicon: &'a Lexicon,
    scene: &Scene<'_>,
    index: usize,
    earlier: &[Option<&'a MetricRow>],
) -> Option<&'a MetricRow> {
    let figure = scene.figures.get(index)?;
    let unit = scene.unit_of(figure)?;
    let opening = scene
        .cues_in(&(unit.range.start..figure.start))
        .iter()
        .find(|hit| {
            width(scene.between(unit.range.start, hit.span.start())) <= OPENING
                && *hit.cue == Cue::Discourse(Role::Resume)
        });
    let behind = scene
        .cues_in(&(figure.end..unit.range.end))
        .iter()
        .find(|hit| *hit.cue == Cue::Discourse(Role::Resume))
        .filter(|hit| width(scene.between(figure.end, hit.span.start())) <= 2);
    // A Chinese sentence that opens with the movement has dropped its subject.
    let moves_at_once = scene
        .cues_in(&(unit.range.start..figure.start))
        .iter()
        .any(|hit| {
            width(scene.between(unit.range.start, hit.span.start())) <= 2
                && matches!(
                    hit.cue,
                    Cue::GrowthBase(_) | Cue::Discourse(Role::Up | Role::Down)
                )
        });
    // What is left of a sum, or is part of it: `The remaining $150 billion goes to ships`.
    let is_part = scene
        .cues_in(&(unit.range.start..figure.start))
        .iter()
        .any(|hit| {
            width(scene.between(unit.range.start, hit.span.start())) <= OPENING
                && matches!(hit.cue, Cue::Scope(_))
                && scene
                    .figures_beside(figure)
                    .iter()
                    .all(|other| other.start >= figure.start || other.end < hit.span.start())
        });
    if opening.or(behind).is_none() && !moves_at_once && !is_part {
        return None;
    }
    let moved = matches!(bearing(scene, figure), Bearing::Change { .. });
    for before in (0..index).rev() {
        let other = scene.figures.get(before)?;
        if other.sentence == figure.sentence {
            continue;
        }
        if other.sentence + 1 < figure.sentence {
            return None;
        }
        let Some(row) = earlier.get(before).copied().flatten() else {
            continue;
        };
        let change = row
            .change
            .as_deref()
            .and_then(|id| lexicon.metrics.by_id(id))
            .filter(|_| moved);
        let fits = |row: &&MetricRow| !row.generic && measures(lexicon, row, &figure.quantity);
        if let Some(row) = change.filter(fits).or_else(|| Some(row).filter(fits)) {
            return Some(row);
        }
    }
    None
}

/// Gives each figure without a metric that of the same figure elsewhere in the passage, the nearest before it first.
pub(super) fn repeat<'a>(
    lexicon: &Lexicon,
    scene: &Scene<'_>,
    metrics: &mut [Option<&'a MetricRow>],
) {
    let known: Vec<(usize, &'a MetricRow)> = metrics
        .iter()
        .enumerate()
        .filter_map(|(index, row)| Some((index, (*row)?)))
        .filter(|(index, row)| {
            !row.generic
                && scene
                    .figures
                    .get(*index)
                    .is_some_and(|figure| is_telling(&figure.quantity))
        })
        .collect();
    for (index, metric) in metrics.iter_mut().enumerate() {
        let Some(figure) = scene.figures.get(index).filter(|_| metric.is_none()) else {
            continue;
        };
        if !is_telling(&figure.quantity) {
            continue;
        }
        let same = known
            .iter()
            .filter(|(other, row)| {
                scene.figures.get(*other).is_some_and(|other| {
                    other.quantity.unit == figure.quantity.unit
                        && other.quantity.interval() == figure.quantity.interval()
                        && measures(lexicon, row, &figure.quantity)
                })
            })
            .min_by_key(|(other, _)| (*other > index, other.abs_diff(index)));
        *metric = same.map(|(_, row)| *row);
    }
}

/// Tells whether a quantity says so much that it is hardly met twice by chance.
fn is_telling(quantity: &Quantity) -> bool {
    let stated = quantity.high().or(quantity.low()).map(Decimal::abs);
    match quantity.kind {
        Kind::Money => true,
        Kind::Dimension => stated.is_some_and(|value| value > Decimal::from(10)),
        _ => false,
    }
}

/// Returns the level where a change arrives, and the change where a level moves: `added 48 billion, to 520 billion`.
fn turned<'a>(
    lexicon: &'a Lexicon,
    scene: &Scene<'_>,
    figure: &Figure,
    row: &'a MetricRow,
) -> &'a MetricRow {
    let level = |change: &str| {
        lexicon
            .metrics
            .iter()
            .find(|row| row.change.as_deref() == Some(change))
            .filter(|row| measures(lexicon, row, &figure.quantity))
    };
    let turned = if is_moved(scene, figure) {
        row.change
            .as_deref()
            .and_then(|id| lexicon.metrics.by_id(id))
    } else if arrives(scene, figure) {
        level(&row.id)
    } else {
        None
    };
    turned.unwrap_or(row)
}

/// Tells whether the figure says where something arrived.
fn arrives(scene: &Scene<'_>, figure: &Figure) -> bool {
    let Some(clause) = scene.clause_of(figure) else {
        return false;
    };
    let before = clause.range.start..figure.hedged.start.max(clause.range.start);
    scene.cues_in(&before).iter().rev().any(|hit| {
        *hit.cue == Cue::Discourse(Role::Reach)
            && width(scene.between(hit.span.end(), figure.hedged.start)) <= 2
    })
}
