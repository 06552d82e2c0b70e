//! What a figure borrows that has no word of its own: from the figure before it, from the sentence before an
//! elliptic one, from the same figure elsewhere.

use hedui_model::{Decimal, Kind, Quantity};
use hedui_text::Lexicon;
use hedui_text::lexicon::{Cue, MetricRow, Role};

use super::fit::{Bearing, bearing, is_moved, measures};
use crate::attach::direction::is_change;
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
        // Per what each is told need not be the same: `59 billion, 240 million a day`.
        if other.quantity.unit.id == figure.quantity.unit.id && other.quantity.gloss_of.is_none() {
            let row = earlier.get(before).copied().flatten()?;
            // A part of something is no movement: `up 38.6%, and 28% of the total`.
            let is_share =
                figure.quantity.kind == Kind::Percent && bearing(scene, figure) == Bearing::Share;
            return Some(turned(lexicon, scene, figure, row)).filter(|row| {
                measures(lexicon, row, &figure.quantity) && !(is_share && is_change(lexicon, row))
            });
        }
    }
    None
}

/// Returns what a percentage says of the nearest level before it in the sentence: by how much that moved (`exports of $61
/// billion, up 8%`), or, where `is_part` of something that is named, at which rate it is (`spent 179.7 billion on research,
/// 20.8% of revenue`).
pub(super) fn of_level<'a>(
    lexicon: &'a Lexicon,
    scene: &Scene<'_>,
    index: usize,
    earlier: &[Option<&'a MetricRow>],
    is_part: bool,
) -> Option<&'a MetricRow> {
    let figure = scene.figures.get(index)?;
    if figure.quantity.kind != Kind::Percent {
        return None;
    }
    let of: fn(&'a MetricRow) -> Option<&'a str> = match bearing(scene, figure) {
        Bearing::Change { .. } if !is_part => |row| row.change.as_deref(),
        Bearing::Share if is_part => |row| row.rate.as_deref(),
        _ => return None,
    };
    let unit = scene.unit_of(figure)?;
    let from = (0..=figure.clause)
        .rev()
        .find(|clause| unit.clauses.get(*clause).is_some_and(|own| own.restarts))
        .unwrap_or(0);
    (0..index)
        .rev()
        .map_while(|before| Some((scene.figures.get(before)?, earlier.get(before)?)))
        .take_while(|(other, _)| other.sentence == figure.sentence && other.clause >= from)
        .filter(|(other, _)| other.quantity.kind != Kind::Percent)
        .find_map(|(_, row)| *row)
        .and_then(|row| lexicon.metrics.by_id(of(row)?))
        .filter(|row| measures(lexicon, row, &figure.quantity))
}

/// Gives a figure without a metric that of the next one in its sentence, where that is what it adds up to: `gave another
/// 802 billion, taking the aid to 1.72 trillion`.
pub(super) fn from_sum(lexicon: &Lexicon, scene: &Scene<'_>, metrics: &mut [Option<&MetricRow>]) {
    for index in 0..metrics.len() {
        if metrics.get(index).copied().flatten().is_some() {
            continue;
        }
        let Some((figure, next)) = scene.figures.get(index).zip(scene.figures.get(index + 1))
        else {
            continue;
        };
        let sums_up = figure.sentence == next.sentence
            && figure.quantity.unit == next.quantity.unit
            && figure.quantity.kind == Kind::Money
            && figure.clause < next.clause
            && arrives(scene, next);
        let row = metrics.get(index + 1).copied().flatten();
        let row =
            row.filter(|row| sums_up && !row.generic && measures(lexicon, row, &figure.quantity));
        if let Some(place) = metrics.get_mut(index) {
            *place = row;
        }
    }
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
                    .all(|other| other.start >= figure.start || other.end <= hit.span.start())
        });
    let takes_up = opening.or(behind).is_some() || moves_at_once || is_part;
    if !takes_up && !scene.goes_on(figure) {
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
    let turned = if is_moved(scene, figure) {
        row.change
            .as_deref()
            .and_then(|id| lexicon.metrics.by_id(id))
    } else if arrives(scene, figure) {
        level_of(lexicon, figure, row)
    } else {
        None
    };
    turned.unwrap_or(row)
}

/// Returns the metric that another is the change of, where the figure can state it.
pub(super) fn level_of<'a>(
    lexicon: &'a Lexicon,
    figure: &Figure,
    change: &MetricRow,
) -> Option<&'a MetricRow> {
    lexicon
        .metrics
        .iter()
        .find(|row| row.change.as_deref() == Some(&change.id))
        .filter(|row| measures(lexicon, row, &figure.quantity))
}

/// Tells whether the figure says where something arrived.
pub(super) fn arrives(scene: &Scene<'_>, figure: &Figure) -> bool {
    let Some(clause) = scene.clause_of(figure) else {
        return false;
    };
    let before = clause.range.start..figure.hedged.start.max(clause.range.start);
    scene.cues_in(&before).iter().rev().any(|hit| {
        *hit.cue == Cue::Discourse(Role::Reach)
            && width(scene.between(hit.span.end(), figure.hedged.start)) <= 2
    })
}
