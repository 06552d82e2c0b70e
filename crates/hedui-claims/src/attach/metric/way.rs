//! What the way from a word to a figure costs.
//!
//! Words before the figure are cheaper than words after it, unless these follow at
//! once (`10% stake`) or stand in one phrase with it (`$5 billion in federal
//! grants`); every clause on the way costs, and so does a weak word. A figure on
//! the way that the word could belong to bars it.

use std::ops::Range;

use hedui_model::Kind;
use hedui_text::Lexicon;
use hedui_text::lexicon::{Cue, MetricHit, MetricRow, Role};

use super::fit::measures;
use crate::scene::{Scene, width};

/// What one more clause on the way costs.
const CLAUSE: usize = 30;
/// What a word costs that stands after the figure, though not at once.
const AFTER: usize = 8;
/// How far a word after the figure may stand to follow at once.
const AT_ONCE: usize = 2;
/// How far the noun may stand that a figure in Latin script belongs to.
const PHRASE: usize = 24;
/// How far in Chinese, where words of two characters stand between.
const PHRASE_HAN: usize = 4;
/// What a weak word costs.
const WEAK: usize = 50;
/// What another figure on the way costs, which the word cannot belong to.
const OTHER_FIGURE: usize = 12;
/// What a date on the way costs.
const DATE: usize = 4;
/// How far a word of one character reaches: such words stand inside others everywhere.
const SHORT_REACH: usize = 6;
/// How much of a word's length counts in its favour.
const LENGTH_BONUS: usize = 12;

/// Returns what the way from a word to a figure costs; nothing where another figure bars it.
pub(super) fn cost(
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
    let in_phrase = start >= figure.end && in_phrase(scene, figure.end..start);
    if hit.behind && !in_phrase {
        return None;
    }
    let way = if start < figure.end && figure.start < end {
        0
    } else if end <= figure.start {
        let crossed = crossed(lexicon, scene, index, end..figure.start, row)?;
        // What hedges the figure is no distance.
        width(scene.between(end, figure.hedged.start.max(end))) + crossed
    } else {
        let crossed = crossed(lexicon, scene, index, figure.end..start, row)?;
        let gap = width(scene.between(figure.end, start));
        if gap <= AT_ONCE && crossed == 0 {
            gap.saturating_sub(AT_ONCE)
        } else if crossed == 0 && in_phrase {
            gap / 2
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

/// Tells whether what stands between a figure and a noun behind it keeps them in one phrase: at most a link at its
/// beginning, and no other small word.
fn in_phrase(scene: &Scene<'_>, way: Range<usize>) -> bool {
    let between = scene.between(way.start, way.end);
    let cues = scene.cues_in(&way);
    let is_link = |role: &Role| matches!(role, Role::Link | Role::PartOf);
    let link = cues
        .iter()
        .filter(|hit| matches!(hit.cue, Cue::Discourse(role) if is_link(role)))
        .filter(|hit| width(scene.between(way.start, hit.span.start())) == 0)
        .map(|hit| hit.span.end())
        .max();
    let rest = link.unwrap_or(way.start);
    let small = cues
        .iter()
        .any(|hit| hit.span.start() >= rest && *hit.cue == Cue::Function);
    let limit = if between.is_ascii() {
        PHRASE
    } else {
        PHRASE_HAN
    };
    !small && width(scene.between(rest, way.end)) <= limit
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
