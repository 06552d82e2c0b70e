//! Which metric a figure states: that of the cheapest word, by the way from the word to the figure.
//!
//! A word's reach ends at the next figure that it could belong to. What a word
//! stands for beside a figure is told in `fit`, what its way costs in `way`, what a
//! figure borrows from others in `lend`. Where no word tells, the metric is unknown.

mod fit;
mod lend;
mod way;

use std::ops::Range;

use hedui_model::Kind;
use hedui_text::Lexicon;
use hedui_text::lexicon::{Cue, MetricHit, MetricRow, Role};

use crate::scene::{Figure, Scene, width};

/// What it costs to take the metric of the figure before.
const INHERIT: usize = 34;
/// What it costs to take the metric that follows the last figure of a list.
const SHARED: usize = 10;
/// How far apart two figures of such a list may stand.
const LIST: usize = 16;
/// How far behind the last figure of a list its word may stand.
const AT_ONCE: usize = 2;
/// How much may stand between a noun and the one that completes it.
const COMPLEMENT: usize = 8;
/// What a metric costs more that counts only where no other does.
const GENERIC: usize = 110;
/// Above this, a word has nothing to do with the figure.
const TOO_FAR: usize = 160;

/// Returns the metrics of a passage's figures.
///
/// A figure without a word of its own takes the metric of the same figure elsewhere in the passage: what is told
/// again is the same thing.
pub(crate) fn metrics_of<'a>(
    lexicon: &'a Lexicon,
    scene: &Scene<'_>,
) -> Vec<Option<&'a MetricRow>> {
    let mut metrics: Vec<Option<&MetricRow>> = Vec::with_capacity(scene.figures.len());
    for (index, figure) in scene.figures.iter().enumerate() {
        let lent = figure
            .quantity
            .gloss_of
            .and_then(|main| metrics.get(main as usize).copied().flatten());
        let metric = lent.or_else(|| metric_of(lexicon, scene, index, &metrics));
        metrics.push(metric);
    }
    lend::from_sum(lexicon, scene, &mut metrics);
    lend::repeat(lexicon, scene, &mut metrics);
    for (metric, figure) in metrics.iter_mut().zip(&scene.figures) {
        if metric.is_none() {
            *metric = default_of(lexicon, scene, figure);
        }
    }
    metrics
}

/// What stands for a unit in `default` where a percentage is a part of something, or a movement.
const PART: &str = "part";
const CHANGE: &str = "change";

/// Returns what a figure means by its unit alone.
fn default_of<'a>(
    lexicon: &'a Lexicon,
    scene: &Scene<'_>,
    figure: &Figure,
) -> Option<&'a MetricRow> {
    let unit = match figure.quantity.kind {
        Kind::Percent if fit::is_moving(scene, figure) => CHANGE,
        Kind::Percent if fit::is_part(scene, figure) => PART,
        _ => &figure.quantity.unit.id,
    };
    lexicon.metrics.default_of(unit)
}

/// Returns the metric of the figure at `index`, given those of the figures before it.
fn metric_of<'a>(
    lexicon: &'a Lexicon,
    scene: &Scene<'_>,
    index: usize,
    earlier: &[Option<&'a MetricRow>],
) -> Option<&'a MetricRow> {
    let lent = |across: bool| {
        lend::inherited(lexicon, scene, index, earlier, across).filter(|row| !row.generic)
    };
    let shared = shared_after(lexicon, scene, index).map(|row| (SHARED, row));
    let own = cheapest(lexicon, scene, index, false);
    // A word between the figure and the one before is the figure's own: `revenue fell 44%, profit was 1.5 billion, up 265%`.
    let inherit = own
        .filter(|found| found.at > lend::before(scene, index) && !found.weak)
        .map_or(INHERIT, |found| INHERIT.max(found.cost + 1));
    let specific = [
        shared,
        own.map(|found| (found.cost, found.row)),
        lent(false).map(|row| (inherit, row)),
    ]
    .into_iter()
    .flatten()
    .min_by_key(|(cost, _)| *cost);
    let generic = cheapest(lexicon, scene, index, true)
        .map(|found| (found.cost.saturating_add(GENERIC), found.row));
    match (specific, generic) {
        (Some(own), Some(any)) if any.0 < own.0 => {
            lend::of_level(lexicon, scene, index, earlier, false).or(Some(any.1))
        }
        (Some(own), _) if is_part_metric(lexicon, own.1) => {
            lend::of_level(lexicon, scene, index, earlier, true).or(Some(own.1))
        }
        (Some(own), _) => Some(own.1),
        (None, generic) => lent(true)
            .or_else(|| lend::of_level(lexicon, scene, index, earlier, false))
            .or_else(|| lend::resumed(lexicon, scene, index, earlier))
            .or(generic.map(|(_, row)| row)),
    }
}

/// Tells whether a metric is the part that something has in another one.
fn is_part_metric(lexicon: &Lexicon, row: &MetricRow) -> bool {
    lexicon
        .metrics
        .iter()
        .any(|whole| whole.part.as_deref() == Some(row.id.as_str()))
}

/// Returns the metric that follows the last figure of a list at once: `A 25%, B 65%, C 40% of revenue`.
fn shared_after<'a>(
    lexicon: &'a Lexicon,
    scene: &Scene<'_>,
    index: usize,
) -> Option<&'a MetricRow> {
    let mut last = index;
    while let (Some(figure), Some(next)) = (scene.figures.get(last), scene.figures.get(last + 1)) {
        let way = figure.end..next.hedged.start;
        let joined = figure.sentence == next.sentence
            && figure.quantity.unit == next.quantity.unit
            && width(scene.between(way.start, way.end)) <= LIST
            && !scene.cues_in(&way).iter().any(|hit| parts(hit.cue));
        if !joined {
            break;
        }
        last += 1;
    }
    let own = scene.figures.get(index)?;
    let figure = scene.figures.get(last).filter(|_| last > index)?;
    if fit::bearing(scene, own) != fit::bearing(scene, figure) {
        return None;
    }
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
            fit::fitting(lexicon, scene, figure, hit, row)
        })
        .find(|row| !row.generic)
}

/// Tells whether a word is a part of another figure: the points of `2.4 percentage points`.
fn in_other_figure(scene: &Scene<'_>, index: usize, hit: &MetricHit) -> bool {
    let Some(figure) = scene.figures.get(index) else {
        return false;
    };
    let (first, figures) = scene.figures_of(figure.sentence);
    (first..).zip(figures).any(|(other_index, other)| {
        other_index != index
            && !matches!(other.quantity.kind, Kind::Date | Kind::DateRange)
            && other.start <= hit.span.start()
            && hit.span.end() <= other.end
            && other.quantity.gloss_of != u32::try_from(index).ok()
    })
}

/// Tells whether a word between two figures sets them apart: they are no list.
fn parts(cue: &Cue) -> bool {
    matches!(
        cue,
        Cue::Scope(_) | Cue::Discourse(Role::Reach | Role::Baseline)
    )
}

/// A word of a metric, seen from a figure.
#[derive(Clone, Copy, Debug)]
struct Found<'a> {
    /// What its way costs.
    cost: usize,
    /// Where it stands.
    at: usize,
    weak: bool,
    row: &'a MetricRow,
}

/// Returns the metric of the cheapest word in the figure's sentence.
fn cheapest<'a>(
    lexicon: &'a Lexicon,
    scene: &Scene<'_>,
    index: usize,
    generic: bool,
) -> Option<Found<'a>> {
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
        if in_other_figure(scene, index, hit) {
            continue;
        }
        let found = lexicon
            .metrics
            .get(hit.metric)
            .and_then(|row| fit::fitting(lexicon, scene, figure, hit, row));
        words.extend(found.map(|row| (hit, row)));
    }
    let inside_longer = |hit: &MetricHit| {
        words
            .iter()
            .any(|(other, _)| other.span != hit.span && other.span.contains(hit.span))
    };
    words
        .iter()
        .filter(|(hit, row)| row.generic == generic && !inside_longer(hit))
        .filter(|(hit, _)| !is_complement(scene, figure, hit, &words))
        .filter_map(|(hit, row)| {
            Some(Found {
                cost: way::cost(lexicon, scene, index, hit, row)?,
                at: hit.span.start(),
                weak: hit.weak,
                row,
            })
        })
        .filter(|found| found.cost <= TOO_FAR)
        .min_by_key(|found| found.cost)
}

/// Tells whether a word before the figure only completes another one: the market in `revenue in the market grew 19%`.
///
/// In Latin script alone: a Chinese noun stands behind what completes it.
fn is_complement(
    scene: &Scene<'_>,
    figure: &Figure,
    hit: &MetricHit,
    words: &[(&MetricHit, &MetricRow)],
) -> bool {
    let start = hit.span.start();
    if hit.span.end() > figure.start {
        return false;
    }
    words.iter().any(|(head, _)| {
        let way = head.span.end()..start;
        let between = scene.between(way.start, way.end).trim();
        !head.weak
            && way.start < way.end
            && between.is_ascii()
            && (1..=COMPLEMENT).contains(&width(between))
            && opens_with_link(scene, &way)
            && is_small(scene, &way)
    })
}

fn opens_with_link(scene: &Scene<'_>, way: &Range<usize>) -> bool {
    scene.cues_in(way).iter().any(|hit| {
        matches!(hit.cue, Cue::Discourse(Role::Link | Role::PartOf))
            && width(scene.between(way.start, hit.span.start())) == 0
    })
}

/// Tells whether a piece of text is nothing but small words.
fn is_small(scene: &Scene<'_>, way: &Range<usize>) -> bool {
    let cues = scene.cues_in(way);
    scene
        .between(way.start, way.end)
        .split_whitespace()
        .all(|word| {
            cues.iter().any(|hit| {
                *hit.cue == Cue::Function && scene.between(hit.span.start(), hit.span.end()) == word
            })
        })
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
