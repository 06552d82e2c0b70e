//! Figures of claims as terms, so that a number, its unit and its metric are looked for in one and the same claim.
//!
//! A claim gives a term `unit 0 metric 0 figure` for each end that it states,
//! where unit and metric are each given or left empty. A query for figures
//! between two ends is then a range of terms, exact to the last digit. A range
//! with both ends gives `unit 0 metric 0 low high` too, in a field of its own:
//! a figure inside it finds it, unless the range is so wide that it says no more
//! than an order of magnitude.

use std::ops::Bound;

use hedui_model::{Claim, Decimal, Metric, Unit};

use super::order;

/// A range whose upper end is more than so many times its lower is not found by what lies inside.
const RANGE_FACTOR_MAX: i64 = 4;

/// Bounds of figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FigureRange {
    pub(super) low: Bound<Decimal>,
    pub(super) high: Bound<Decimal>,
}

impl FigureRange {
    /// Tells whether the figure lies inside.
    pub(super) fn contains(&self, value: Decimal) -> bool {
        !self.is_above(value) && !self.is_below(value)
    }

    /// Tells whether nothing can lie inside.
    pub(super) fn is_empty(&self) -> bool {
        match (self.low, self.high) {
            (Bound::Included(low), Bound::Included(high)) => low > high,
            (Bound::Unbounded, _) | (_, Bound::Unbounded) => false,
            (
                Bound::Included(low) | Bound::Excluded(low),
                Bound::Included(high) | Bound::Excluded(high),
            ) => low >= high,
        }
    }

    /// Tells whether a claim that states these ends answers the range.
    pub(super) fn answers(&self, low: Option<Decimal>, high: Option<Decimal>) -> bool {
        let states_end = [low, high]
            .into_iter()
            .flatten()
            .any(|end| self.contains(end));
        states_end
            || matches!((low, high), (Some(low), Some(high)) if is_narrow(low, high) && self.is_inside(low, high))
    }

    /// Tells whether all of it lies between the two figures.
    fn is_inside(&self, low: Decimal, high: Decimal) -> bool {
        self.is_above(low) && self.is_below(high)
    }

    fn is_above(&self, value: Decimal) -> bool {
        match self.low {
            Bound::Included(low) => value < low,
            Bound::Excluded(low) => value <= low,
            Bound::Unbounded => false,
        }
    }

    fn is_below(&self, value: Decimal) -> bool {
        match self.high {
            Bound::Included(high) => value > high,
            Bound::Excluded(high) => value >= high,
            Bound::Unbounded => false,
        }
    }

    /// Returns the range times a positive factor; nothing where that cannot be exact.
    pub(super) fn scaled(&self, factor: Decimal) -> Option<Self> {
        let scale = |bound: Bound<Decimal>| {
            Some(match bound {
                Bound::Included(value) => Bound::Included(value.checked_mul(factor).ok()?),
                Bound::Excluded(value) => Bound::Excluded(value.checked_mul(factor).ok()?),
                Bound::Unbounded => Bound::Unbounded,
            })
        };
        Some(FigureRange {
            low: scale(self.low)?,
            high: scale(self.high)?,
        })
    }
}

fn is_narrow(low: Decimal, high: Decimal) -> bool {
    low < high
        && !low.is_negative()
        && low
            .checked_mul(Decimal::from(RANGE_FACTOR_MAX))
            .is_ok_and(|most| high <= most)
}

/// Returns the unit as text: `USD`, `USD/share`.
pub(super) fn unit_key(unit: &Unit) -> String {
    match &unit.per {
        Some(per) => format!("{}/{per}", unit.id),
        None => unit.id.clone(),
    }
}

/// Returns every unit that the figure may have: its own, and what an ambiguous one stands for.
pub(super) fn unit_keys(claim: &Claim) -> Vec<String> {
    let per = claim.quantity.unit.per.as_ref();
    let candidates = claim.quantity.candidates.iter().map(|id| Unit {
        id: id.clone(),
        per: per.cloned(),
    });
    let mut keys: Vec<String> = std::iter::once(claim.quantity.unit.clone())
        .chain(candidates)
        .map(|unit| unit_key(&unit))
        .filter(|key| !key.is_empty())
        .collect();
    keys.sort();
    keys.dedup();
    keys
}

/// Returns the names by which a metric is found: its own and its family's.
pub(super) fn metric_keys(metric: Option<&Metric>) -> Vec<String> {
    let mut keys: Vec<String> = metric
        .into_iter()
        .flat_map(|metric| [&metric.id, &metric.family])
        .filter(|key| !key.is_empty())
        .map(|key| key.to_lowercase())
        .collect();
    keys.sort();
    keys.dedup();
    keys
}

/// The terms of one claim.
#[derive(Debug, Default)]
pub(super) struct ClaimTerms {
    pub(super) values: Vec<Vec<u8>>,
    pub(super) ranges: Vec<Vec<u8>>,
}

impl ClaimTerms {
    pub(super) fn add(&mut self, claim: &Claim) {
        let (low, high) = (claim.quantity.low(), claim.quantity.high());
        let units = with_any(unit_keys(claim));
        let metrics = with_any(metric_keys(claim.metric.as_ref()));
        for prefix in units
            .iter()
            .flat_map(|unit| metrics.iter().map(|metric| prefix(unit, metric)))
        {
            for end in [low, high.filter(|&high| low != Some(high))]
                .into_iter()
                .flatten()
            {
                let mut term = prefix.clone();
                order::encode(end, &mut term);
                self.values.push(term);
            }
            if let (Some(low), Some(high)) = (low, high)
                && is_narrow(low, high)
            {
                let mut term = prefix;
                order::encode(low, &mut term);
                order::encode(high, &mut term);
                self.ranges.push(term);
            }
        }
    }

    /// Drops terms that are there twice.
    pub(super) fn distinct(mut self) -> Self {
        for terms in [&mut self.values, &mut self.ranges] {
            terms.sort();
            terms.dedup();
        }
        self
    }
}

fn with_any(mut keys: Vec<String>) -> Vec<String> {
    keys.push(String::new());
    keys
}

/// Returns the beginning of the terms of a unit and a metric; empty ones stand for any.
pub(super) fn prefix(unit: &str, metric: &str) -> Vec<u8> {
    let mut term = Vec::with_capacity(unit.len() + metric.len() + 16);
    term.extend(unit.bytes().filter(|&byte| byte != 0));
    term.push(0);
    term.extend(metric.bytes().filter(|&byte| byte != 0));
    term.push(0);
    term
}

/// Returns the range of terms of the figures that lie in `range`.
pub(super) fn term_bounds(
    unit: &str,
    metric: &str,
    range: &FigureRange,
) -> (Bound<Vec<u8>>, Bound<Vec<u8>>) {
    let prefix = prefix(unit, metric);
    let term = |value: Decimal| {
        let mut term = prefix.clone();
        order::encode(value, &mut term);
        term
    };
    let low = match range.low {
        Bound::Included(low) => Bound::Included(term(low)),
        Bound::Excluded(low) => Bound::Excluded(term(low)),
        Bound::Unbounded => Bound::Included(prefix.clone()),
    };
    let high = match range.high {
        Bound::Included(high) => Bound::Included(term(high)),
        Bound::Excluded(high) => Bound::Excluded(term(high)),
        Bound::Unbounded => Bound::Excluded([prefix.as_slice(), &[order::ABOVE_ALL]].concat()),
    };
    (low, high)
}

/// Tells whether a term of [`ClaimTerms::ranges`] has `range` wholly inside.
pub(super) fn encloses(prefix_len: usize, term: &[u8], range: &FigureRange) -> bool {
    let Some((low, high)) = term
        .get(prefix_len..)
        .and_then(|ends| order::encoded_len(ends).and_then(|length| ends.split_at_checked(length)))
    else {
        return false;
    };
    let encoded = |value: Decimal| {
        let mut bytes = Vec::new();
        order::encode(value, &mut bytes);
        bytes
    };
    let starts_before = match range.low {
        Bound::Included(value) => low < encoded(value).as_slice(),
        Bound::Excluded(value) => low <= encoded(value).as_slice(),
        Bound::Unbounded => false,
    };
    let ends_behind = match range.high {
        Bound::Included(value) => high > encoded(value).as_slice(),
        Bound::Excluded(value) => high >= encoded(value).as_slice(),
        Bound::Unbounded => false,
    };
    starts_before && ends_behind
}
