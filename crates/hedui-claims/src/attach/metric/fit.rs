//! What a word stands for beside a figure: the metric itself, its change, a part of it, a rate on it, or nothing.

use hedui_model::{Kind, Quantity};
use hedui_text::Lexicon;
use hedui_text::lexicon::quantities::UnitKind;
use hedui_text::lexicon::{Cue, MetricHit, MetricRow, Role};

use super::lend::{arrives, level_of};
use crate::attach::direction::is_change;
use crate::scene::{Figure, Scene, width};

/// How far before its figure a word may stand that says what sort of percentage it is.
const BEFORE: usize = 14;
/// How far after it.
const AFTER: usize = 12;
/// How near a word must stand whose change a percentage is, where nothing says that it is one.
const BESIDE: usize = 4;
/// How far before its figure a word may stand that makes it a share: the whole stands between them.
const WHOLE: usize = 48;

/// What sort of percentage a figure is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bearing {
    /// By how much something moved; `after` where the word that tells stands behind the figure.
    Change { after: bool },
    /// Which part of a whole.
    Share,
    /// Nothing tells.
    Open,
}

/// Tells whether a metric is stated in what the quantity is stated in.
pub(super) fn measures(lexicon: &Lexicon, row: &MetricRow, quantity: &Quantity) -> bool {
    row.takes.iter().any(|unit| match unit.as_str() {
        "money" => quantity.kind == Kind::Money,
        "sum" => quantity.kind == Kind::Money && size(quantity) >= 5,
        "unit_price" => {
            quantity.kind == Kind::Money && (size(quantity) < 7 || is_quotient(lexicon, quantity))
        }
        "duration" => quantity.kind == Kind::Duration,
        "date" => matches!(quantity.kind, Kind::Date | Kind::DateRange),
        "number" => matches!(quantity.kind, Kind::Number | Kind::NumberRange),
        "count" => is_count(quantity),
        unit if unit.starts_with("count:") => {
            counts_like(lexicon, quantity, unit)
                || !row.generic && lexicon.metrics.counts_anything(&quantity.unit.id)
                || quantity.unit.id.is_empty() && is_count(quantity)
        }
        unit => quantity.unit.id == unit,
    })
}

/// Tells whether a quantity counts what a unit names, or something that is told for it.
pub(super) fn counts_like(lexicon: &Lexicon, quantity: &Quantity, unit: &str) -> bool {
    let wider = unit.strip_prefix("count:");
    let noun = quantity.unit.count_noun().zip(wider);
    noun.is_some_and(|(noun, wider)| noun == wider || lexicon.quantities.wider_noun(noun) == wider)
}

/// Tells whether a quantity is told per something that is no time: what one of it costs.
fn is_quotient(lexicon: &Lexicon, quantity: &Quantity) -> bool {
    let is_time = |unit: &str| {
        let row = lexicon.quantities.unit_index(unit);
        let row = row.and_then(|index| lexicon.quantities.unit(index));
        row.is_some_and(|row| row.kind == UnitKind::Duration)
    };
    quantity
        .unit
        .per
        .as_deref()
        .is_some_and(|per| !is_time(per))
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

/// Returns the metric that a word of `row` stands for beside this figure.
pub(super) fn fitting<'a>(
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
    let precedes = hit.span.end() <= figure.start;
    if measures(lexicon, row, &figure.quantity) {
        // Whose level stands behind a movement is told of the next figure: `grew 9.2%, its share fell to 7.3%`.
        let is_level = figure.quantity.kind == Kind::Percent && !is_change(lexicon, row);
        if is_level
            && hit.span.start() >= figure.end
            && bearing(scene, figure) == (Bearing::Change { after: false })
        {
            return None;
        }
        // `市值缩水至5836亿元`: where what the word says has brought it.
        if precedes && figure.quantity.kind != Kind::Percent && arrives(scene, figure) {
            let level = level_of(lexicon, figure, row);
            return level.or(Some(row));
        }
        let moved = precedes && change.is_some() && is_moved(scene, figure);
        return if moved { change } else { Some(row) };
    }
    if hit.weak {
        return None;
    }
    let part = other(&row.part);
    if part.is_some() && is_part_of(scene, figure, hit) {
        return part;
    }
    if let Some(rate) = other(&row.rate) {
        let moved = matches!(bearing(scene, figure), Bearing::Change { .. });
        if !moved || change.is_none() {
            return Some(rate).filter(|_| precedes && !moved && in_clause(scene, figure, hit));
        }
    }
    if part.is_none() && change.is_none() {
        return None;
    }
    match bearing(scene, figure) {
        Bearing::Share => part.filter(|_| in_clause(scene, figure, hit)),
        Bearing::Change { after } => change.filter(|_| precedes || after),
        Bearing::Open => change.filter(|_| {
            precedes && width(scene.between(hit.span.end(), figure.hedged.start)) <= BESIDE
        }),
    }
}

fn in_clause(scene: &Scene<'_>, figure: &Figure, hit: &MetricHit) -> bool {
    scene.clause_of(figure).is_some_and(|clause| {
        clause.range.start <= hit.span.start() && hit.span.end() <= clause.range.end
    })
}

/// Tells what sort of percentage a figure is, by the nearest word in its clause that says so.
pub(super) fn bearing(scene: &Scene<'_>, figure: &Figure) -> Bearing {
    let Some(clause) = scene.clause_of(figure) else {
        return Bearing::Open;
    };
    let mut best: Option<(usize, Bearing)> = None;
    for hit in scene.cues_in(&clause.range) {
        let (start, end) = (hit.span.start(), hit.span.end());
        let after = start >= figure.end;
        let way = if after {
            figure.end..start
        } else if end <= figure.hedged.start {
            end..figure.hedged.start
        } else {
            // Inside of the figure and its hedges: `more than`.
            continue;
        };
        let found = match hit.cue {
            Cue::Discourse(Role::Up | Role::Down | Role::By) | Cue::GrowthBase(_) => {
                Bearing::Change { after }
            }
            Cue::Discourse(Role::Share) => Bearing::Share,
            Cue::Discourse(Role::Reach | Role::Baseline) if !after => Bearing::Open,
            _ => continue,
        };
        let gap = width(scene.between(way.start, way.end));
        let limit = match (after, hit.cue) {
            (_, Cue::GrowthBase(_)) => BEFORE + AFTER,
            (false, Cue::Discourse(Role::Reach | Role::Baseline)) => 2,
            (false, Cue::Discourse(Role::Share)) => WHOLE,
            (false, _) => BEFORE,
            (true, _) => AFTER,
        };
        let barred = scene
            .figures_beside(figure)
            .iter()
            .any(|other| way.start <= other.start && other.end <= way.end);
        if gap <= limit && !barred && best.is_none_or(|(least, _)| gap < least) {
            best = Some((gap, found));
        }
    }
    best.map_or(Bearing::Open, |(_, bearing)| bearing)
}

/// Tells whether a word beside the figure says that it is a movement.
pub(super) fn is_moving(scene: &Scene<'_>, figure: &Figure) -> bool {
    matches!(bearing(scene, figure), Bearing::Change { .. })
}

/// Tells whether the figure is told as a part of something: `70% of the chips`, 芯片的70%.
pub(super) fn is_part(scene: &Scene<'_>, figure: &Figure) -> bool {
    let Some(unit) = scene.unit_of(figure) else {
        return false;
    };
    let touches = scene.cues_in(&unit.range).iter().any(|hit| {
        let (start, end) = (hit.span.start(), hit.span.end());
        let gap = if start >= figure.end {
            width(scene.between(figure.end, start))
        } else if end <= figure.hedged.start {
            width(scene.between(end, figure.hedged.start))
        } else {
            return false;
        };
        *hit.cue == Cue::Discourse(Role::PartOf) && gap == 0
    });
    touches || bearing(scene, figure) == Bearing::Share
}

/// Tells whether the figure says by how much something moved: the last word before it that tells is one of direction.
pub(super) fn is_moved(scene: &Scene<'_>, figure: &Figure) -> bool {
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
