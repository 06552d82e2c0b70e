//! Which metric a figure states: that of the cheapest word, by the way from the word to the figure.
//!
//! A word's reach ends at the next figure that it could belong to. Words before
//! the figure are cheaper than words after it, unless these follow at once
//! (`10% stake`); every clause on the way costs, and so does a weak word.

use std::ops::Range;

use hedui_model::{Kind, Quantity};
use hedui_text::Lexicon;
use hedui_text::lexicon::{Cue, MetricHit, MetricRow, Role};

use crate::scene::{Figure, Scene, width};

/// What one more clause on the way costs.
const CLAUSE: usize = 30;
/// What a word costs that stands after the figure, though not at once.
const AFTER: usize = 8;
/// How far a word after the figure may stand to follow at once.
const AT_ONCE: usize = 2;
/// What a weak word costs.
const WEAK: usize = 50;
/// What it costs to take the metric of the figure before.
const INHERIT: usize = 34;
/// What it costs to take the metric that follows the last figure of a list.
const SHARED: usize = 10;
/// How far apart two figures of such a list may stand.
const LIST: usize = 16;
/// What another figure on the way costs, which the word cannot belong to.
const OTHER_FIGURE: usize = 12;
/// What a date on the way costs.
const DATE: usize = 4;
/// How far a word of one character reaches: such words stand inside others everywhere.
const SHORT_REACH: usize = 6;
/// Above this, a word has nothing to do with the figure.
const TOO_FAR: usize = 160;
/// How much of a word's length counts in its favour.
const LENGTH_BONUS: usize = 12;

/// Returns the metric of the figure at `index`, given those of the figures before it.
pub(crate) fn metric_of<'a>(
    lexicon: &'a Lexicon,
    scene: &Scene<'_>,
    index: usize,
    earlier: &[Option<&'a MetricRow>],
) -> Option<&'a MetricRow> {
    let figure = scene.figures.get(index)?;
    let lent =
        |across: bool| inherited(lexicon, scene, index, earlier, across).filter(|row| !row.generic);
    let shared = shared_after(lexicon, scene, index).map(|row| (SHARED, row));
    let own = cheapest(lexicon, scene, index, false);
    let specific = [shared, own, lent(false).map(|row| (INHERIT, row))]
        .into_iter()
        .flatten()
        .min_by_key(|(cost, _)| *cost)
        .map(|(_, row)| row);
    specific
        .or_else(|| lent(true))
        .or_else(|| cheapest(lexicon, scene, index, true).map(|(_, row)| row))
        .or_else(|| lexicon.metrics.by_id(default_of(&figure.quantity)?))
}

/// Returns the metric that follows the last figure of a list at once: `A 25%, B 65%, C 40% of revenue`.
fn shared_after<'a>(
    lexicon: &'a Lexicon,
    scene: &Scene<'_>,
    index: usize,
) -> Option<&'a MetricRow> {
    let mut last = index;
    while let (Some(figure), Some(next)) = (scene.figures.get(last), scene.figures.get(last + 1)) {
        let joined = figure.sentence == next.sentence
            && figure.quantity.unit == next.quantity.unit
            && width(scene.between(figure.end, next.hedged.start)) <= LIST;
        if !joined {
            break;
        }
        last += 1;
    }
    let figure = scene.figures.get(last).filter(|_| last > index)?;
    let at = scene
        .triggers
        .partition_point(|hit| hit.span.start() < figure.end);
    scene
        .triggers
        .get(at..)
        .unwrap_or_default()
        .iter()
        .take_while(|hit| width(scene.between(figure.end, hit.span.start())) <= AT_ONCE)
        .filter(|hit| !hit.weak)
        .filter_map(|hit| {
            let row = lexicon.metrics.get(hit.metric)?;
            fitting(lexicon, scene, figure, hit, row)
        })
        .find(|row| !row.generic)
}

/// Returns the metric of the cheapest word in the figure's sentence, with its cost.
fn cheapest<'a>(
    lexicon: &'a Lexicon,
    scene: &Scene<'_>,
    index: usize,
    generic: bool,
) -> Option<(usize, &'a MetricRow)> {
    let figure = scene.figures.get(index)?;
    let unit = scene.unit_of(figure)?;
    let from = scene
        .triggers
        .partition_point(|hit| hit.span.start() < unit.range.start);
    let mut words: Vec<(&MetricHit, &MetricRow)> = Vec::new();
    for hit in scene.triggers.get(from..).unwrap_or_default() {
        if hit.span.start() >= unit.range.end {
            break;
        }
        let found = lexicon
            .metrics
            .get(hit.metric)
            .and_then(|row| fitting(lexicon, scene, figure, hit, row))
            .filter(|row| row.generic == generic);
        words.extend(found.map(|row| (hit, row)));
    }
    let inside_longer = |hit: &MetricHit| {
        words
            .iter()
            .any(|(other, _)| other.span != hit.span && other.span.contains(hit.span))
    };
    words
        .iter()
        .filter(|(hit, _)| !inside_longer(hit))
        .filter_map(|(hit, row)| Some((cost(lexicon, scene, index, hit, row)?, *row)))
        .filter(|(cost, _)| *cost <= TOO_FAR)
        .min_by_key(|(cost, _)| *cost)
}

/// Tells whether a metric is stated in what the quantity is stated in.
pub(crate) fn measures(lexicon: &Lexicon, row: &MetricRow, quantity: &Quantity) -> bool {
    row.takes.iter().any(|unit| match unit.as_str() {
        "money" => quantity.kind == Kind::Money,
        "sum" => quantity.kind == Kind::Money && size(quantity) >= 5,
        "unit_price" => {
            quantity.kind == Kind::Money && (quantity.unit.per.is_some() || size(quantity) < 7)
        }
        "duration" => quantity.kind == Kind::Duration,
        "date" => matches!(quantity.kind, Kind::Date | Kind::DateRange),
        "number" => matches!(quantity.kind, Kind::Number | Kind::NumberRange),
        "count" => is_count(quantity),
        unit if unit.starts_with("count:") => {
            quantity.unit.id == unit
                || lexicon.metrics.counts_anything(&quantity.unit.id)
                || quantity.unit.id.is_empty() && is_count(quantity)
        }
        unit => quantity.unit.id == unit,
    })
}

/// Tells whether a quantity counts things, named or not; a bare number does where it is no fraction.
fn is_count(quantity: &Quantity) -> bool {
    quantity.unit.count_noun().is_some()
        || matches!(quantity.kind, Kind::Number | Kind::NumberRange) && size(quantity) >= 1
}

/// Returns the power of ten of a quantity's first digit.
fn size(quantity: &Quantity) -> i32 {
    let end = quantity.high().or(quantity.low());
    end.and_then(hedui_model::Decimal::magnitude).unwrap_or(0)
}

/// Returns the metric that a word of `row` stands for beside this figure: itself, its change, or a part of it.
fn fitting<'a>(
    lexicon: &'a Lexicon,
    scene: &Scene<'_>,
    figure: &Figure,
    hit: &MetricHit,
    row: &'a MetricRow,
) -> Option<&'a MetricRow> {
    let other = |id: &Option<String>| {
        id.as_deref()
            .and_then(|id| lexicon.metrics.by_id(id))
            .filter(|row| measures(lexicon, row, &figure.quantity))
    };
    let change = other(&row.change);
    if measures(lexicon, row, &figure.quantity) {
        return match change {
            Some(change) if hit.span.end() <= figure.start && is_moved(scene, figure) => {
                Some(change)
            }
            _ => Some(row),
        };
    }
    if hit.weak {
        return None;
    }
    let part = other(&row.part);
    if part.is_some() && is_part_of(scene, figure, hit) {
        return part;
    }
    // A change stands after its level: `revenue rose 5%`; `5% of revenue` is no change.
    if hit.span.end() <= figure.start {
        change
    } else {
        None
    }
}

/// Tells whether the figure says by how much something moved: the last word before it that tells is one of direction.
fn is_moved(scene: &Scene<'_>, figure: &Figure) -> bool {
    let Some(clause) = scene.clause_of(figure) else {
        return false;
    };
    let before = clause.range.start..figure.hedged.start.max(clause.range.start);
    scene
        .cues_in(&before)
        .iter()
        .rev()
        .take_while(|hit| width(scene.between(hit.span.end(), figure.hedged.start)) <= 4)
        .find_map(|hit| match hit.cue {
            Cue::Discourse(Role::Up | Role::Down | Role::By) => Some(true),
            Cue::Discourse(Role::Reach | Role::Baseline) => Some(false),
            _ => None,
        })
        .unwrap_or(false)
}

/// Tells whether the figure is a percentage of what the word names: `15% of revenue`.
fn is_part_of(scene: &Scene<'_>, figure: &Figure, hit: &MetricHit) -> bool {
    let (start, end) = (hit.span.start(), hit.span.end());
    let way = if end <= figure.hedged.start {
        end..figure.hedged.start
    } else if start >= figure.end {
        figure.end..start
    } else {
        return false;
    };
    let follows = start >= figure.end;
    let gap = width(scene.between(way.start, way.end));
    let tied = scene
        .cues_in(&way)
        .iter()
        .any(|cue| *cue.cue == Cue::Discourse(Role::PartOf));
    (tied && gap <= 24 && (follows || gap <= 2)) || (follows && gap == 0)
}

/// Returns what the way from a word to the figure costs; nothing where another figure bars it.
fn cost(
    lexicon: &Lexicon,
    scene: &Scene<'_>,
    index: usize,
    hit: &MetricHit,
    row: &MetricRow,
) -> Option<usize> {
    let figure = scene.figures.get(index)?;
    let (start, end) = (hit.span.start(), hit.span.end());
    let weak = if hit.weak { WEAK } else { 0 };
    let word = scene.between(start, end);
    let short = word.chars().count() == 1;
    let way = if start < figure.end && figure.start < end {
        0
    } else if end <= figure.start {
        let crossed = crossed(lexicon, scene, index, end..figure.start, row)?;
        width(scene.between(end, figure.start)) + crossed
    } else {
        let crossed = crossed(lexicon, scene, index, figure.end..start, row)?;
        let gap = width(scene.between(figure.end, start));
        if gap <= AT_ONCE && crossed == 0 {
            gap.saturating_sub(AT_ONCE)
        } else if figure.quantity.unit.id.is_empty() && crossed == 0 {
            // A bare number waits for its noun: `thousands of well-paid jobs`.
            gap / 2
        } else {
            AFTER + gap + gap / 2 + crossed * 2
        }
    };
    if short && way > SHORT_REACH {
        return None;
    }
    Some((way + weak + LENGTH_BONUS).saturating_sub(width(word).min(LENGTH_BONUS)))
}

/// Returns what clauses and other figures between two places cost; nothing where one bars the way.
fn crossed(
    lexicon: &Lexicon,
    scene: &Scene<'_>,
    index: usize,
    way: Range<usize>,
    row: &MetricRow,
) -> Option<usize> {
    let (from, to) = (way.start, way.end);
    let figure = scene.figures.get(index)?;
    let unit = scene.unit_of(figure)?;
    let mut cost = 0;
    for clause in &unit.clauses {
        if from < clause.range.start && clause.range.start <= to {
            if clause.restarts {
                return None;
            }
            cost += CLAUSE;
        }
    }
    let (first, others) = scene.figures_of(figure.sentence);
    for (other_index, other) in (first..).zip(others) {
        if other_index == index || other.named || other.end <= from || to <= other.start {
            continue;
        }
        if is_restatement(scene, index, other_index) {
            continue;
        }
        if measures(lexicon, row, &other.quantity)
            && other.quantity.unit.id == figure.quantity.unit.id
        {
            return None;
        }
        cost += match other.quantity.kind {
            Kind::Date | Kind::DateRange => DATE,
            _ => OTHER_FIGURE,
        };
    }
    Some(cost)
}

/// Tells whether one of two figures restates the other in another unit.
fn is_restatement(scene: &Scene<'_>, a: usize, b: usize) -> bool {
    let gloss_of = |index: usize| scene.figures.get(index).and_then(|f| f.quantity.gloss_of);
    gloss_of(a).is_some_and(|of| of as usize == b) || gloss_of(b).is_some_and(|of| of as usize == a)
}

/// Returns the metric of the nearest figure before in the same sentence with the same unit; `across` a semicolon only
/// where no word of the figure's own stands against it.
fn inherited<'a>(
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

/// Returns what a unit means where no word says more.
fn default_of(quantity: &Quantity) -> Option<&'static str> {
    match quantity.unit.id.as_str() {
        "W" => Some("power_capacity"),
        "count:job" => Some("jobs"),
        "count:share" => Some("share_count"),
        "m2" | "acre" | "ping" | "hectare" => Some("floor_area"),
        _ => None,
    }
}

/// Tells whether the figure is set against another one: the earlier value, or that of somebody else.
pub(crate) fn is_baseline(scene: &Scene<'_>, figure: &Figure) -> bool {
    let Some(clause) = scene.clause_of(figure) else {
        return false;
    };
    let range = clause.range.start..figure.start.max(clause.range.start);
    let last = scene.cues_in(&range).iter().rev().find_map(|hit| {
        // A hedge may begin with the word (`from 5 to 10`); inside of one it is another (`more than`).
        let near = hit.span.start() == figure.hedged.start
            || hit.span.end() <= figure.hedged.start
                && width(scene.between(hit.span.end(), figure.hedged.start)) <= 3;
        match hit.cue {
            Cue::Discourse(role @ (Role::Baseline | Role::Reach)) if near => Some(*role),
            _ => None,
        }
    });
    last == Some(Role::Baseline)
}
