//! Of which part, per what time, in which session: the nearest word of each class around the figure.

use std::ops::Range;

use hedui_model::{Basis, Scope};
use hedui_text::lexicon::{Cue, CueHit, MetricRow};

use super::metric::is_baseline;
use crate::scene::{Figure, Scene, width};

/// How far before its figure a word of scope may stand.
const BEFORE: usize = 36;
/// How far after it.
const AFTER: usize = 14;
/// How far a word of growth may reach beyond one inside of it, in bytes.
const GROWTH_WORD_MAX: usize = 40;
/// The part of a value that another one replaces or is set against.
const PREVIOUS: &str = "previous";

/// Returns the scope of a figure; what the metric means by itself stands in where the text says nothing.
///
/// A value that is set against another one is the previous one, unless the text says of when it is.
pub(crate) fn scope_of(
    scene: &Scene<'_>,
    figure: &Figure,
    metric: Option<&MetricRow>,
    dated: bool,
) -> Scope {
    let part = nearest(scene, figure, |cue| match cue {
        Cue::Scope(id) => Some(id.as_str()),
        _ => None,
    });
    let time_base =
        nearest(scene, figure, time_base_id).or_else(|| time_base_beyond(scene, figure));
    let previous = (!dated && is_baseline(scene, figure)).then_some(PREVIOUS);
    let own = |id: Option<&str>| id.map(str::to_owned);
    Scope {
        part: own(previous.or(part)).or_else(|| metric.and_then(|row| row.scope.clone())),
        time_base: own(time_base).or_else(|| metric.and_then(|row| row.time_base.clone())),
        session: own(session(scene, figure)),
        per: figure.quantity.unit.per.clone(),
    }
}

fn time_base_id(cue: &Cue) -> Option<&str> {
    match cue {
        Cue::TimeBase(id) => Some(id.as_str()),
        _ => None,
    }
}

/// Returns a time base further on, as long as no other figure follows: `The $100,000 fee for visas is a one-time payment`.
fn time_base_beyond<'s>(scene: &'s Scene<'_>, figure: &Figure) -> Option<&'s str> {
    let unit = scene.unit_of(figure)?;
    let own = unit.clauses.get(figure.clause)?;
    let next = unit.clauses.get(figure.clause + 1);
    let end = next
        .filter(|clause| !clause.restarts)
        .map_or(own.range.end, |clause| clause.range.end);
    let end = scene
        .figures_beside(figure)
        .iter()
        .find(|other| other.start >= figure.end && other.start < end)
        .map_or(end, |other| other.start);
    scene
        .cues_in(&(figure.end..end))
        .iter()
        .filter(|hit| !is_half_of_growth(scene, hit))
        .find_map(|hit| time_base_id(hit.cue))
}

/// Returns what a growth in the figure's clause compares with.
pub(crate) fn growth_base(scene: &Scene<'_>, figure: &Figure) -> Option<Basis> {
    let id = nearest(scene, figure, |cue| match cue {
        Cue::GrowthBase(id) => Some(id.as_str()),
        _ => None,
    })?;
    match id {
        "year_on_year" => Some(Basis::YearOnYear),
        "quarter_on_quarter" => Some(Basis::QuarterOnQuarter),
        "month_on_month" => Some(Basis::MonthOnMonth),
        _ => None,
    }
}

/// Returns the session that the clause, or the clause before it, names.
fn session<'s>(scene: &'s Scene<'_>, figure: &Figure) -> Option<&'s str> {
    let unit = scene.unit_of(figure)?;
    let clauses = unit.clauses.get(..=figure.clause)?;
    clauses.iter().rev().take(3).find_map(|clause| {
        let range = clause.range.start..clause.range.end;
        scene
            .cues_in(&range)
            .iter()
            .filter_map(|hit| match hit.cue {
                Cue::Session(id) => Some((hit.span.start().abs_diff(figure.start), id.as_str())),
                _ => None,
            })
            .min()
            .map(|(_, id)| id)
    })
}

/// Returns the id of the nearest cue that `pick` takes, with no other figure of the same kind on the way.
fn nearest<'s>(
    scene: &'s Scene<'_>,
    figure: &Figure,
    pick: impl Fn(&'s Cue) -> Option<&'s str>,
) -> Option<&'s str> {
    let clause = scene.clause_of(figure)?;
    let mut best: Option<(usize, &str)> = None;
    for hit in scene.cues_in(&clause.range) {
        let Some(id) = pick(hit.cue) else { continue };
        if is_half_of_growth(scene, hit) {
            continue;
        }
        let (start, end) = (hit.span.start(), hit.span.end());
        let (way, limit) = if start < figure.hedged.end && figure.hedged.start < end {
            (0..0, BEFORE)
        } else if end <= figure.start {
            (end..figure.start, BEFORE)
        } else {
            (figure.end..start, AFTER)
        };
        let gap = width(scene.between(way.start, way.end));
        if gap > limit || barred(scene, figure, &way) {
            continue;
        }
        let cost = if start >= figure.end { gap * 2 } else { gap };
        if best.is_none_or(|(least, _)| cost < least) {
            best = Some((cost, id));
        }
    }
    best.map(|(_, id)| id)
}

/// Tells whether a word stands inside one of growth: a year in *from a year earlier* is no time base.
fn is_half_of_growth(scene: &Scene<'_>, hit: &CueHit<'_>) -> bool {
    scene
        .cues_in(
            &(hit.span.start().saturating_sub(GROWTH_WORD_MAX)..hit.span.end() + GROWTH_WORD_MAX),
        )
        .iter()
        .any(|other| {
            matches!(other.cue, Cue::GrowthBase(_))
                && other.span != hit.span
                && other.span.contains(hit.span)
        })
}

/// Tells whether another figure of the same unit stands on the way.
fn barred(scene: &Scene<'_>, figure: &Figure, way: &Range<usize>) -> bool {
    scene.figures_beside(figure).iter().any(|other| {
        way.start <= other.start
            && other.end <= way.end
            && other.quantity.kind == figure.quantity.kind
            && other.quantity.gloss_of.is_none()
    })
}
