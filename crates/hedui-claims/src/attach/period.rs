//! What time a figure is about.
//!
//! A date in its clause, else one before it in its sentence, else, for what is
//! published period by period, the period that the sentences before speak of. A
//! span that runs ahead (`over the next four years`) counts from publication. The
//! value that another one is set against is that of the period before.

use std::ops::Range;

use hedui_model::{Basis, Kind, Period};
use hedui_text::lexicon::{Cue, CueHit, EntityKind, MetricKind, MetricRow, Role};
use jiff::civil::Date;
use jiff::{Span as Time, ToSpan};

use super::metric::is_baseline;
use super::scope::growth_base;
use crate::scene::{Figure, Scene, width};

/// The period that the sentences before speak of.
#[derive(Clone, Debug, Default)]
pub(crate) struct Times {
    last: Option<Period>,
}

impl Times {
    /// Takes note of the first span of time in a sentence that has been read, a quarter or a year, that is not to come
    /// and that nothing is only set against. A year does not take the place of a quarter.
    pub(crate) fn pass(
        &mut self,
        scene: &Scene<'_>,
        sentence: usize,
        asserted: &[bool],
        published: Option<Date>,
    ) {
        let (first, figures) = scene.figures_of(sentence);
        let period = (first..)
            .zip(figures)
            .filter(|(index, figure)| {
                figure.quantity.kind == Kind::DateRange
                    && !asserted.get(*index).copied().unwrap_or(false)
                    && !is_reference(scene, figure)
                    && !is_of_law(scene, figure)
            })
            .filter_map(|(_, figure)| period_of_date(scene, figure))
            .find(|period| {
                let days = days(period);
                (28..=370).contains(&days)
                    && period
                        .from
                        .zip(published)
                        .is_none_or(|(from, published)| from <= published)
            });
        if let Some(period) = period {
            let coarser = self
                .last
                .as_ref()
                .is_some_and(|last| days(last) < 100 && days(&period) > 300);
            if !coarser {
                self.last = Some(period);
            }
        }
    }
}

/// How many years back the period of a value before may lie.
const YEARS_BACK_MAX: usize = 5;

/// Counts the days of a period that has both ends; none has 0.
fn days(period: &Period) -> i64 {
    period
        .from
        .zip(period.to)
        .and_then(|(from, to)| from.until(to).ok())
        .map_or(0, |span| i64::from(span.get_days()) + 1)
}

/// Tells whether a date only says of when the value is that another one is set against: `above the 67.6% of the first
/// quarter`.
fn is_reference(scene: &Scene<'_>, date: &Figure) -> bool {
    let Some(clause) = scene.clause_of(date) else {
        return false;
    };
    let before = clause.range.start..date.start;
    scene.cues_in(&before).iter().rev().any(|hit| {
        *hit.cue == Cue::Discourse(Role::Baseline)
            && width(scene.between(hit.span.end(), date.start)) <= 6
    })
}

/// How long the title of a law may be that stands between its year and its last word.
const TITLE: usize = 40;
/// How long one in Chinese that has no title marks.
const TITLE_HAN: usize = 14;
/// The mark that opens a title.
const TITLE_MARK: char = '《';

/// Tells whether a year is the one in which a law was made: `the Communications Act of 1934`, `1974年貿易法`.
fn is_of_law(scene: &Scene<'_>, date: &Figure) -> bool {
    let Some(unit) = scene.unit_of(date) else {
        return false;
    };
    let named = scene
        .names_in(&unit.range)
        .iter()
        .filter(|name| name.entity.kind == EntityKind::Law)
        .map(|name| (name.start..name.end, true));
    let called = scene
        .cues_in(&unit.range)
        .iter()
        .filter(|hit| *hit.cue == Cue::Discourse(Role::Law))
        .map(|hit| (hit.span.range(), false));
    named.chain(called).any(|(law, is_whole)| {
        if law.end <= date.start {
            follows_law(scene, &(law.end..date.start))
        } else {
            date.end <= law.start && opens_law(scene, &(date.end..law.start), is_whole)
        }
    })
}

/// Tells whether nothing but a link stands between a law and the year behind it.
fn follows_law(scene: &Scene<'_>, way: &Range<usize>) -> bool {
    let between = scene.between(way.start, way.end).trim();
    between.is_ascii()
        && scene.cues_in(way).iter().any(|hit| {
            *hit.cue == Cue::Discourse(Role::Link)
                && scene.between(hit.span.start(), hit.span.end()) == between
        })
}

/// Tells whether nothing but its title stands between a year and a law, or its last word where the whole is not known.
fn opens_law(scene: &Scene<'_>, way: &Range<usize>, is_whole: bool) -> bool {
    let between = scene.between(way.start, way.end);
    let title = between.strip_prefix(TITLE_MARK);
    if is_whole && title.unwrap_or(between).trim().is_empty() {
        return true;
    }
    let cues = scene.cues_in(way);
    let is_foreign = |hit: &CueHit<'_>| match hit.cue {
        // A single character may be a part of the title, but not in front of it or behind.
        Cue::Function => {
            between.is_ascii() || hit.span.start() == way.start || hit.span.end() == way.end
        }
        Cue::Status { .. } | Cue::Speech(_) | Cue::Discourse(Role::Break) => true,
        _ => false,
    };
    let limit = if between.is_ascii() || title.is_some() {
        TITLE
    } else {
        TITLE_HAN
    };
    width(between) <= limit
        && title
            .unwrap_or(between)
            .chars()
            .all(|letter| letter.is_alphabetic() || letter == ' ')
        && scene.names_in(way).is_empty()
        && !cues.iter().any(is_foreign)
}

/// Tells whether a date can be what a figure of this metric is about, and does not just place the report of it.
fn dates(metric: Option<&MetricRow>, period: &Period) -> bool {
    let days = days(period);
    match metric {
        Some(row) if row.daily => days <= 31,
        Some(row) if row.series || row.kind == MetricKind::Ratio => days == 0 || days >= 28,
        _ => days == 0 && period.from.is_some() != period.to.is_some() || days >= 85,
    }
}

/// Returns the period of a figure, and whether a date beside the figure says it; `asserted` tells which figures are
/// claims themselves.
pub(crate) fn period_of(
    scene: &Scene<'_>,
    index: usize,
    metric: Option<&MetricRow>,
    times: &Times,
    asserted: &[bool],
    published: Option<Date>,
) -> (Option<Period>, bool) {
    let Some(figure) = scene.figures.get(index) else {
        return (None, false);
    };
    if matches!(
        figure.quantity.kind,
        Kind::Date | Kind::DateRange | Kind::Duration
    ) {
        return (None, false);
    }
    let growth = growth_base(scene, figure);
    let baseline = is_baseline(scene, figure);
    let found = date_near(scene, index, metric, asserted, baseline);
    // A stock is told as it stands, not as it stood at the end of the term that was spoken of before.
    let series =
        metric.is_some_and(|row| row.series && !row.daily && row.kind != MetricKind::Stock);
    let (period, own) = match found {
        Some((period, own)) => (Some(period), own),
        None => match ahead(scene, figure, metric, published) {
            Some(period) => (Some(period), true),
            None if series => (times.last.clone(), false),
            None if scene.goes_on(figure) => {
                let last = times.last.clone().filter(|last| dates(metric, last));
                (last, false)
            }
            None => (None, false),
        },
    };
    let period = match period {
        Some(period) if baseline && !own => before(&period, growth),
        other => other,
    };
    let period = match (period, growth) {
        (Some(period), Some(basis)) => Some(Period {
            basis: Some(basis),
            ..period
        }),
        (None, Some(basis)) => Some(Period {
            from: None,
            to: None,
            basis: Some(basis),
        }),
        (period, None) => period,
    };
    (period, own)
}

/// Returns the date that says when the figure was so, and whether it is the figure's own: in its clause, with no other
/// figure nearer to it.
fn date_near(
    scene: &Scene<'_>,
    index: usize,
    metric: Option<&MetricRow>,
    asserted: &[bool],
    baseline: bool,
) -> Option<(Period, bool)> {
    let figure = scene.figures.get(index)?;
    let mut best: Option<(usize, bool, Period)> = None;
    let (first, others) = scene.figures_of(figure.sentence);
    for (other_index, other) in (first..).zip(others) {
        let dated = matches!(other.quantity.kind, Kind::Date | Kind::DateRange);
        if other.sentence != figure.sentence
            || !dated
            || asserted.get(other_index).copied().unwrap_or(false)
            || is_of_law(scene, other)
        {
            continue;
        }
        let Some(period) = period_of_date(scene, other).filter(|period| dates(metric, period))
        else {
            continue;
        };
        let in_clause = other.clause == figure.clause;
        let before = other.end <= figure.start;
        let (from, to) = if before {
            (other.end, figure.start)
        } else {
            (figure.end, other.start)
        };
        let barred = others.iter().any(|third| {
            from <= third.start
                && third.end <= to
                && third.quantity.kind == figure.quantity.kind
                && third.quantity.gloss_of.is_none()
        });
        if !before && (!in_clause || barred) {
            continue;
        }
        if before && is_reference(scene, other) && (!in_clause || barred) {
            continue;
        }
        let own = in_clause && !barred;
        let cost = width(scene.between(from, to))
            + if before { 0 } else { 4 }
            + if in_clause { 0 } else { 60 }
            + if barred { 40 } else { 0 }
            + if baseline && before { 20 } else { 0 };
        if best.as_ref().is_none_or(|(least, _, _)| cost < *least) {
            best = Some((cost, own && !(baseline && before), period));
        }
    }
    let (_, own, period) = best?;
    let period = if baseline && own {
        before_main(scene, figure, period)
    } else {
        period
    };
    Some((period, own))
}

/// Moves a period back by years until it is before the one that the sentence is about: the third quarter that the fourth
/// quarter of 2024 is set against is that of 2024, whenever the text was printed.
fn before_main(scene: &Scene<'_>, figure: &Figure, period: Period) -> Period {
    let main = scene
        .figures_beside(figure)
        .iter()
        .filter(|other| {
            other.sentence == figure.sentence
                && other.end <= figure.start
                && other.quantity.kind == Kind::DateRange
                && !is_reference(scene, other)
        })
        .filter_map(|other| period_of_date(scene, other))
        .find(|main| (28..=100).contains(&days(main)));
    let mut moved = period;
    let Some(start) = main.and_then(|main| main.from) else {
        return moved;
    };
    for _ in 0..YEARS_BACK_MAX {
        let (Some(from), Some(to)) = (moved.from, moved.to) else {
            return moved;
        };
        if from < start || days(&moved) > 100 {
            return moved;
        }
        let Some((from, to)) = from
            .checked_sub(1.year())
            .ok()
            .zip(to.checked_sub(1.year()).ok())
        else {
            return moved;
        };
        moved = Period {
            from: Some(from),
            to: Some(to),
            basis: moved.basis,
        };
    }
    moved
}

/// Returns the days of a date, with the way it is counted.
fn period_of_date(scene: &Scene<'_>, figure: &Figure) -> Option<Period> {
    let (low, high) = figure.quantity.interval().days()?;
    let clause = scene.clause_of(figure)?;
    let anaphoric = scene.cues_in(&clause.range).iter().any(|hit| {
        *hit.cue == Cue::Discourse(Role::SamePeriod)
            && hit.span.start() < figure.end
            && figure.start < hit.span.end()
    });
    if anaphoric {
        return None;
    }
    let fiscal = scene.cues_in(&clause.range).iter().any(|hit| {
        *hit.cue == Cue::Discourse(Role::Fiscal)
            && (hit.span.start() < figure.end && figure.start < hit.span.end()
                || width(scene.between(hit.span.end(), figure.start)) <= 8
                    && hit.span.end() <= figure.start
                || width(scene.between(figure.end, hit.span.start())) <= 8
                    && figure.end <= hit.span.start())
    });
    let spans = figure.quantity.kind == Kind::DateRange;
    Some(Period {
        from: low,
        to: high,
        basis: match (fiscal, spans) {
            (true, _) => Some(Basis::Fiscal),
            (false, true) => Some(Basis::Calendar),
            (false, false) => None,
        },
    })
}

/// Returns the span that runs ahead from publication, for what accrues over a span.
fn ahead(
    scene: &Scene<'_>,
    figure: &Figure,
    metric: Option<&MetricRow>,
    published: Option<Date>,
) -> Option<Period> {
    let published = published?;
    if metric.is_some_and(|row| !matches!(row.kind, MetricKind::Stock | MetricKind::Flow)) {
        return None;
    }
    let span = scene.figures_beside(figure).iter().find(|other| {
        other.sentence == figure.sentence
            && other.quantity.kind == Kind::Duration
            && other.clause.abs_diff(figure.clause) <= 1
            && runs_ahead(scene, other)
    })?;
    let amount = span.quantity.interval().stated()?;
    let whole = i64::try_from(amount.rounded_to_exponent(0).mantissa()).ok()?;
    let whole = if amount.exponent() > 0 {
        return None;
    } else {
        whole
    };
    if !(1..=100).contains(&whole) {
        return None;
    }
    let time: Time = match span.quantity.unit.id.as_str() {
        "year" => whole.years(),
        "month" => whole.months(),
        _ => return None,
    };
    Some(Period {
        from: Some(published),
        to: published.checked_add(time).ok(),
        basis: None,
    })
}

fn runs_ahead(scene: &Scene<'_>, figure: &Figure) -> bool {
    let Some(clause) = scene.clause_of(figure) else {
        return false;
    };
    scene.cues_in(&clause.range).iter().any(|hit| {
        let (start, end) = (hit.span.start(), hit.span.end());
        *hit.cue == Cue::Discourse(Role::Ahead)
            && (end <= figure.start && width(scene.between(end, figure.start)) <= 4
                || start >= figure.end && width(scene.between(figure.end, start)) <= 2)
    })
}

/// Returns the period before: a year earlier where the growth says so or the period is a year, else a quarter.
fn before(period: &Period, growth: Option<Basis>) -> Option<Period> {
    let (from, to) = period.from.zip(period.to)?;
    let is_quarter = (from + 85.days()..from + 95.days()).contains(&to);
    let back: Time = match growth {
        Some(Basis::YearOnYear) => 1.year(),
        Some(Basis::MonthOnMonth) => 1.month(),
        _ if is_quarter => 3.months(),
        _ if to > from + 300.days() => 1.year(),
        _ => return None,
    };
    let start = from.checked_sub(back).ok()?;
    // The last day of the period before is the day before the first day of the one after it.
    let next = to.tomorrow().ok()?.checked_sub(back).ok()?;
    Some(Period {
        from: Some(start),
        to: next.yesterday().ok(),
        basis: period.basis,
    })
}
