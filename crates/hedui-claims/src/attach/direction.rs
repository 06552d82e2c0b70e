//! Which way a change goes: a fall, a cut or a discount is below zero.

use hedui_model::{Bound, Decimal, Interval, Quantity};
use hedui_text::Lexicon;
use hedui_text::lexicon::{Cue, MetricRow, Role};

use crate::scene::{Figure, Scene, width};

/// How far before its figure a word of direction may stand.
const BEFORE: usize = 10;
/// How far after it.
const AFTER: usize = 6;

/// Tells whether a metric is the change of another one, or growth of whatever is meant.
pub(crate) fn is_change(lexicon: &Lexicon, row: &MetricRow) -> bool {
    row.signed
        || lexicon
            .metrics
            .iter()
            .any(|level| level.change.as_deref() == Some(row.id.as_str()))
}

/// Tells whether the nearest word of direction says that the value went down.
pub(crate) fn falls(scene: &Scene<'_>, figure: &Figure) -> bool {
    let Some(clause) = scene.clause_of(figure) else {
        return false;
    };
    let mut best: Option<(usize, Role)> = None;
    for hit in scene.cues_in(&clause.range) {
        let Cue::Discourse(role @ (Role::Up | Role::Down | Role::Reach)) = hit.cue else {
            continue;
        };
        let (start, end) = (hit.span.start(), hit.span.end());
        let cost = if end <= figure.start {
            let gap = width(scene.between(end, figure.hedged.start));
            (gap <= BEFORE).then_some(gap)
        } else if start >= figure.end {
            let gap = width(scene.between(figure.end, start));
            (gap <= AFTER).then_some(gap * 2 + 4)
        } else {
            Some(0)
        };
        let barred = scene.figures_beside(figure).iter().any(|other| {
            other.start >= end && other.end <= figure.start
                || other.start >= figure.end && other.end <= start
        });
        if let Some(cost) = cost
            && !barred
            && best.is_none_or(|(least, _)| cost < least)
        {
            best = Some((cost, *role));
        }
    }
    best.is_some_and(|(_, role)| role == Role::Down)
}

/// Turns the figure's sign, ends and bound.
pub(crate) fn negate(quantity: &mut Quantity) {
    let turn = |interval: Interval| match interval {
        Interval::Number { low, high } => Interval::Number {
            low: high.map(Decimal::negated),
            high: low.map(Decimal::negated),
        },
        Interval::Date { .. } | Interval::Time { .. } => interval,
    };
    let positive = quantity
        .low()
        .or(quantity.high())
        .is_some_and(|value| !value.is_negative());
    if positive
        && quantity
            .restate(turn(quantity.interval()), turn(quantity.written()))
            .is_ok()
    {
        quantity.bound = match quantity.bound {
            Bound::MoreThan => Bound::LessThan,
            Bound::LessThan => Bound::MoreThan,
            Bound::AtLeast => Bound::AtMost,
            Bound::AtMost | Bound::UpTo => Bound::AtLeast,
            other => other,
        };
    }
}
