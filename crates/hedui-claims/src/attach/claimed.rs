//! Which figures are claims, and which only place or count something on the way.
//!
//! Sums, shares and measures are asserted wherever they stand. A date is a claim
//! where it is what is asserted: beside a word of an event, and not past, unless
//! the event is of the kind that is asserted afterwards. A duration is one where
//! it runs ahead or is what a metric of time measures, not where it looks back.
//! A bare number is one only beside a word that wants it.

use hedui_model::{Bound, Decimal, Interval, Kind};
use hedui_text::lexicon::{Cue, MetricRow, Role};
use jiff::ToSpan;
use jiff::civil::Date;

use crate::scene::{Figure, Scene, width};

/// How far a word of an event may stand from its date.
const EVENT: usize = 16;
/// How far a word that looks back or ahead may stand from its duration.
const BESIDE: usize = 5;

/// How many figures on the price of a unit may stand.
const PRICE_AFTER_MAX: usize = 4;

/// Tells whether the figure at `index` is asserted.
pub(crate) fn is_claim(
    scene: &Scene<'_>,
    index: usize,
    metric: Option<&MetricRow>,
    published: Option<Date>,
) -> bool {
    let Some(figure) = scene.figures.get(index) else {
        return false;
    };
    if figure.named
        || metric.is_some_and(|row| row.names)
        || touches(scene, figure, Role::Enumeration)
    {
        return false;
    }
    match figure.quantity.kind {
        Kind::Money => !is_article(scene, figure),
        Kind::Percent => true,
        Kind::Dimension => {
            !is_article(scene, figure)
                && !counts_parts(scene, figure, metric)
                && !repeats_unit(scene, index)
                && !restates_change(scene, figure)
                && !is_denominator(scene, index)
        }
        Kind::Date | Kind::DateRange => is_asserted_date(scene, figure, published),
        Kind::Duration => is_asserted_duration(scene, figure, metric),
        Kind::Number | Kind::NumberRange => {
            metric.is_some_and(|row| row.takes.iter().any(is_count))
        }
    }
}

/// Tells whether a unit of a metric is a count.
fn is_count(unit: &String) -> bool {
    unit == "count" || unit.starts_with("count:")
}

/// Tells whether a single thing is only introduced, not counted: one written as a word.
fn is_article(scene: &Scene<'_>, figure: &Figure) -> bool {
    let one = figure.quantity.interval() == Interval::point(Decimal::ONE)
        || figure.quantity.low() == Some(Decimal::ONE) && figure.quantity.high().is_none();
    one && !has_digit(scene, figure)
}

/// Tells whether a small number in words only counts the parts of what is told: `three kinds`, `two dimensions`.
///
/// It is asserted where its noun is one that the metric counts.
fn counts_parts(scene: &Scene<'_>, figure: &Figure, metric: Option<&MetricRow>) -> bool {
    let quantity = &figure.quantity;
    let small = quantity.unit.count_noun().is_some()
        && quantity
            .interval()
            .stated()
            .is_some_and(|value| value <= Decimal::from(10));
    let counted = metric.is_some_and(|row| row.takes.contains(&quantity.unit.id));
    small && !counted && !has_digit(scene, figure)
}

/// Tells whether a bracket only names the unit of the figure before it in other words: `10 GW (百萬瓩)`.
fn repeats_unit(scene: &Scene<'_>, index: usize) -> bool {
    let Some((figure, before)) = scene.figures.get(index).zip(
        index
            .checked_sub(1)
            .and_then(|before| scene.figures.get(before)),
    ) else {
        return false;
    };
    let opens = scene.between(before.end, figure.start).trim() == "(";
    let closes = scene
        .text
        .get(figure.end..)
        .is_some_and(|rest| rest.trim_start().starts_with(')'));
    opens
        && closes
        && before.quantity.unit == figure.quantity.unit
        && !has_digit(scene, figure)
        && has_digit(scene, before)
}

/// Tells whether a multiple only restates what two sums beside it say: `double its fund from 5 to 10 billion`.
fn restates_change(scene: &Scene<'_>, figure: &Figure) -> bool {
    if !matches!(figure.quantity.unit.id.as_str(), "ratio" | "") || has_digit(scene, figure) {
        return false;
    }
    let others = scene.figures_beside(figure).iter().filter(|other| {
        other.sentence == figure.sentence
            && other.clause.abs_diff(figure.clause) <= 1
            && matches!(other.quantity.kind, Kind::Money | Kind::Dimension)
            && other.quantity.unit != figure.quantity.unit
            && other.quantity.gloss_of.is_none()
    });
    others.count() >= 2
}

/// Tells whether the figure is one of a unit of which the next sum tells the price: `1 GW costs $50 billion`.
pub(crate) fn is_denominator(scene: &Scene<'_>, index: usize) -> bool {
    let Some((figure, next)) = scene.figures.get(index).zip(
        scene
            .figures
            .iter()
            .skip(index + 1)
            .take(PRICE_AFTER_MAX)
            .find(|next| next.quantity.kind == Kind::Money),
    ) else {
        return false;
    };
    let one = figure.quantity.written() == Interval::point(Decimal::ONE);
    let between = figure.end..next.start;
    one && figure.quantity.unit.count_noun().is_none()
        && next.sentence == figure.sentence
        && scene
            .cues_in(&between)
            .iter()
            .any(|hit| *hit.cue == Cue::Discourse(Role::Costs))
}

fn has_digit(scene: &Scene<'_>, figure: &Figure) -> bool {
    scene
        .between(figure.start, figure.end)
        .bytes()
        .any(|byte| byte.is_ascii_digit())
}

fn is_asserted_date(scene: &Scene<'_>, figure: &Figure, published: Option<Date>) -> bool {
    let Some((low, high)) = figure.quantity.interval().days() else {
        return false;
    };
    let long = low
        .zip(high)
        .is_some_and(|(first, last)| last > first.saturating_add(400.days()));
    // A day of the week, `next year`: too loose to be held against another article.
    if !has_digit(scene, figure) && scene.between(figure.start, figure.end).is_ascii() {
        return false;
    }
    let settled = beside(scene, figure, Role::Settled, EVENT);
    if long || (figure.quantity.kind == Kind::DateRange && !settled && has_object(scene, figure)) {
        return false;
    }
    let past = published
        .zip(high.or(low))
        .is_some_and(|(published, day)| day < published);
    settled || (!past && beside(scene, figure, Role::Event, EVENT))
}

/// Tells whether a figure follows in the clause, so that the date says when that is so; not where the date is a start.
fn has_object(scene: &Scene<'_>, figure: &Figure) -> bool {
    if touches(scene, figure, Role::Onset) {
        return false;
    }
    scene.figures_beside(figure).iter().any(|other| {
        other.sentence == figure.sentence
            && other.clause == figure.clause
            && other.start >= figure.end
            && !matches!(
                other.quantity.kind,
                Kind::Date | Kind::DateRange | Kind::Duration
            )
    })
}

fn is_asserted_duration(scene: &Scene<'_>, figure: &Figure, metric: Option<&MetricRow>) -> bool {
    let vague = figure.quantity.bound == Bound::Range && !has_digit(scene, figure);
    if vague || beside(scene, figure, Role::Lookback, BESIDE) {
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
            .figures_beside(figure)
            .iter()
            .any(|other| way.start <= other.start && other.end <= way.end);
        // A word in Latin script governs the figure behind it rather than the one before.
        let taken = start >= figure.end
            && scene.between(start, end).is_ascii()
            && scene.figures_beside(figure).iter().any(|other| {
                other.start >= end
                    && other.quantity.kind == figure.quantity.kind
                    && width(scene.between(end, other.start)) <= reach
            });
        !barred && !taken && width(scene.between(way.start, way.end)) <= reach
    })
}

/// Tells whether a word of `role` overlaps the figure or touches it, with at most white space between.
fn touches(scene: &Scene<'_>, figure: &Figure, role: Role) -> bool {
    let Some(clause) = scene.clause_of(figure) else {
        return false;
    };
    scene.cues_in(&clause.range).iter().any(|hit| {
        let (start, end) = (hit.span.start(), hit.span.end());
        let apart = if end <= figure.start {
            width(scene.between(end, figure.start))
        } else if figure.end <= start {
            width(scene.between(figure.end, start))
        } else {
            0
        };
        *hit.cue == Cue::Discourse(role) && apart == 0
    })
}
