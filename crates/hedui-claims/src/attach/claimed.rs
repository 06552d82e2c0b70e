//! Which figures are claims, and which only place or count something on the way.
//!
//! Sums, shares and measures are asserted wherever they stand. A date is a claim
//! where it is what is asserted: beside a word of an event, and not past, unless
//! the event is of the kind that is asserted afterwards. A duration is one where
//! it runs ahead or is what a metric of time measures, not where it looks back.
//! A bare number is one only beside a word that wants it.

use hedui_model::{Interval, Kind};
use hedui_text::lexicon::{Cue, MetricRow, Role};
use jiff::civil::Date;

use crate::scene::{Figure, Scene, width};

/// How far a word of an event may stand from its date.
const EVENT: usize = 16;
/// How far a word that looks back or ahead may stand from its duration.
const BESIDE: usize = 5;

/// Tells whether the figure is asserted.
pub(crate) fn is_claim(
    scene: &Scene<'_>,
    figure: &Figure,
    metric: Option<&MetricRow>,
    published: Option<Date>,
) -> bool {
    if metric.is_some_and(|row| row.names) {
        return false;
    }
    if touches(scene, figure, Role::Enumeration) {
        return false;
    }
    match figure.quantity.kind {
        Kind::Money | Kind::Percent => true,
        Kind::Dimension => true,
        Kind::Date | Kind::DateRange => is_asserted_date(scene, figure, published),
        Kind::Duration => is_asserted_duration(scene, figure, metric),
        Kind::Number | Kind::NumberRange => metric.is_some(),
    }
}

fn is_asserted_date(scene: &Scene<'_>, figure: &Figure, published: Option<Date>) -> bool {
    let Interval::Date { low, high } = figure.quantity.interval() else {
        return false;
    };
    let past = published
        .zip(high.or(low))
        .is_some_and(|(published, day)| day < published);
    let wanted = if past { Role::Settled } else { Role::Event };
    beside(scene, figure, wanted, EVENT) || (!past && beside(scene, figure, Role::Settled, EVENT))
}

fn is_asserted_duration(scene: &Scene<'_>, figure: &Figure, metric: Option<&MetricRow>) -> bool {
    if beside(scene, figure, Role::Lookback, BESIDE) {
        return false;
    }
    beside(scene, figure, Role::Ahead, BESIDE) || metric.is_some()
}

/// Tells whether a word of `role` stands in the figure's clause within `reach`, with no other figure on the way.
fn beside(scene: &Scene<'_>, figure: &Figure, role: Role, reach: usize) -> bool {
    let Some(clause) = scene.clause_of(figure) else {
        return false;
    };
    scene.cues_in(&clause.range).iter().any(|hit| {
        if *hit.cue != Cue::Discourse(role) {
            return false;
        }
        let (start, end) = (hit.span.start(), hit.span.end());
        let way = if end <= figure.start {
            end..figure.start
        } else if start >= figure.end {
            figure.end..start
        } else {
            return start >= figure.hedged.start && end <= figure.hedged.end;
        };
        let barred = scene
            .figures
            .iter()
            .any(|other| way.start <= other.start && other.end <= way.end);
        !barred && width(scene.between(way.start, way.end)) <= reach
    })
}

/// Tells whether a word of `role` overlaps the figure or touches it.
fn touches(scene: &Scene<'_>, figure: &Figure, role: Role) -> bool {
    let Some(clause) = scene.clause_of(figure) else {
        return false;
    };
    scene.cues_in(&clause.range).iter().any(|hit| {
        *hit.cue == Cue::Discourse(role)
            && hit.span.start() <= figure.end
            && figure.start <= hit.span.end()
            && width(scene.between(hit.span.end(), figure.start)) == 0
            && width(scene.between(figure.end, hit.span.start())) == 0
    })
}
