//! How much a conflict matters, from 0 to 100.
//!
//! The sum of four parts: up to 40 for how far the sides are apart, on a log
//! scale, in units of what rounding explains; up to 25 for independent sources
//! on the weaker side; up to 20 for how central the metric is
//! (`metric_weight` in `verdicts.toml`); up to 15 for how recent it is, against
//! the newest claim of the archive.

use hedui_model::{Decimal, Side};
use jiff::Timestamp;

/// Points for each doubling of the distance.
const POINTS_PER_DOUBLING: u32 = 4;
const DISTANCE_MAX: u32 = 40;

/// What severity looks at.
pub(super) struct Weighed<'a> {
    pub(super) sides: &'a [Side],
    /// How many digits the coarser of two sides shows.
    pub(super) precision: u32,
    pub(super) metric_weight: u8,
    pub(super) last_seen: Timestamp,
    pub(super) newest: Option<Timestamp>,
}

pub(super) fn severity(weighed: &Weighed<'_>) -> u8 {
    let total = distance(weighed)
        + support(weighed.sides)
        + u32::from(weighed.metric_weight.min(20))
        + recency(weighed.last_seen, weighed.newest);
    u8::try_from(total.min(100)).unwrap_or(100)
}

/// The largest distance between two sides, in doublings of half a unit of the last digit.
fn distance(weighed: &Weighed<'_>) -> u32 {
    let values: Vec<Decimal> = weighed
        .sides
        .iter()
        .filter_map(|side| side.low.or(side.high))
        .map(Decimal::abs)
        .collect();
    let units: Vec<&hedui_model::Unit> = weighed.sides.iter().map(|side| &side.unit).collect();
    // Figures in two units that say one number are apart by the units' whole difference.
    if units.windows(2).any(|pair| pair.first() != pair.last()) {
        return DISTANCE_MAX / 2;
    }
    let (Some(low), Some(high)) = (values.iter().min(), values.iter().max()) else {
        return 0;
    };
    let step = Decimal::new(
        5,
        high.magnitude().unwrap_or(0) - i32::try_from(weighed.precision.clamp(1, 6)).unwrap_or(1),
    );
    let steps = step
        .ok()
        .and_then(|step| high.checked_sub(*low).ok()?.checked_div(step).ok())
        .map_or(0, |steps| whole(steps.rounded_to_exponent(0)));
    let doublings = steps.checked_ilog2().map_or(0, |log| log + 1);
    (doublings * POINTS_PER_DOUBLING).min(DISTANCE_MAX)
}

fn whole(value: Decimal) -> u128 {
    let value = value.normalized();
    u32::try_from(value.exponent().max(0))
        .ok()
        .and_then(|exponent| 10_u128.checked_pow(exponent))
        .and_then(|power| power.checked_mul(value.mantissa().unsigned_abs()))
        .unwrap_or(u128::MAX)
}

fn support(sides: &[Side]) -> u32 {
    let mut sources: Vec<u32> = sides.iter().map(|side| side.independent_sources).collect();
    sources.sort_unstable_by(|a, b| b.cmp(a));
    match sources.get(1).copied().unwrap_or(0) {
        0 => 0,
        1 => 10,
        2 => 18,
        _ => 25,
    }
}

fn recency(last_seen: Timestamp, newest: Option<Timestamp>) -> u32 {
    let Some(newest) = newest else {
        return 15;
    };
    let days = (newest.as_second() - last_seen.as_second()) / 86_400;
    match days {
        ..=7 => 15,
        8..=30 => 10,
        31..=90 => 5,
        _ => 0,
    }
}
