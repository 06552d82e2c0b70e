//! How much a conflict matters, from 0 to 100.
//!
//! The sum of four parts: up to 40 for how far the sides are apart, on a log
//! scale, in units of what rounding explains (4 for each doubling of half a unit
//! of the last digit that the coarser side shows, 4 for each doubling of a day
//! between dates, 20 between two units); 10, 18 or 25 for one, two or more
//! independent sources on the second best supported side; up to 20 for how central the metric is
//! (`metric_weight` in `verdicts.toml`); 15, 10, 5 or nothing for a last claim
//! from within 7, 30 or 90 days of the newest article of the archive, or older.

use hedui_model::{Decimal, Side};
use jiff::Timestamp;

/// Points for each doubling of the distance.
const POINTS_PER_DOUBLING: u32 = 4;
const DISTANCE_MAX: u32 = 40;
const RECENCY_MAX: u32 = 15;

/// What severity looks at.
pub(super) struct Weighed<'a> {
    pub(super) sides: &'a [Side],
    /// How many digits the coarser of two sides shows.
    pub(super) precision: u32,
    /// Where the figures are dates: how many days there are between those that are farthest apart.
    pub(super) days_apart: u32,
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

/// The largest distance between two sides, in doublings of half a unit of the last digit; of days, in doublings of a day.
fn distance(weighed: &Weighed<'_>) -> u32 {
    let values: Vec<Decimal> = weighed
        .sides
        .iter()
        .filter_map(|side| side.low.or(side.high))
        .collect();
    if values.is_empty() {
        return points(u128::from(weighed.days_apart));
    }
    let units: Vec<&hedui_model::Unit> = weighed.sides.iter().map(|side| &side.unit).collect();
    // Figures in two units that say one number are apart by the units' whole difference.
    if units.windows(2).any(|pair| pair.first() != pair.last()) {
        return DISTANCE_MAX / 2;
    }
    let (Some(low), Some(high)) = (values.iter().min(), values.iter().max()) else {
        return 0;
    };
    let largest = low.abs().max(high.abs()).magnitude().unwrap_or(0);
    let digits = i32::try_from(weighed.precision.clamp(1, 6)).unwrap_or(1);
    let step = Decimal::new(5, largest.saturating_sub(digits));
    let steps = step
        .ok()
        .and_then(|step| high.checked_sub(*low).ok()?.checked_div(step).ok())
        .map_or(0, |steps| whole(steps.rounded_to_exponent(0)));
    points(steps)
}

fn points(steps: u128) -> u32 {
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

/// Lets the recency of a conflict fade: `fresh` is its severity as if its last claim were the newest of the archive.
#[must_use]
pub fn faded_severity(fresh: u8, last_seen: Timestamp, newest: Option<Timestamp>) -> u8 {
    let fade = RECENCY_MAX - recency(last_seen, newest);
    fresh.saturating_sub(u8::try_from(fade).unwrap_or(0))
}

fn recency(last_seen: Timestamp, newest: Option<Timestamp>) -> u32 {
    let Some(newest) = newest else {
        return RECENCY_MAX;
    };
    let days = (newest.as_second() - last_seen.as_second()) / 86_400;
    match days {
        ..=7 => RECENCY_MAX,
        8..=30 => 10,
        31..=90 => 5,
        _ => 0,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn side(value: &str, unit: &str, independent_sources: u32) -> Side {
        let value: Decimal = value.parse().unwrap();
        Side {
            low: Some(value),
            high: Some(value),
            unit: hedui_model::Unit::new(unit),
            text: String::new(),
            independent_sources,
            sources: Vec::new(),
            claims: Vec::new(),
            cause: None,
        }
    }

    fn of(sides: &[Side], precision: u32, metric_weight: u8, days_ago: i64) -> u8 {
        let newest = Timestamp::from_second(1_000_000_000).unwrap();
        severity(&Weighed {
            sides,
            precision,
            days_apart: 0,
            metric_weight,
            last_seen: Timestamp::from_second(1_000_000_000 - days_ago * 86_400).unwrap(),
            newest: Some(newest),
        })
    }

    #[test]
    fn each_doubling_of_what_rounding_explains_adds_four_points() {
        // With three digits, 165 stands for anything from 164.5 to 165.5: half a unit is 0.5.
        let distance =
            |other: &str| of(&[side("165", "USD", 1), side(other, "USD", 1)], 3, 0, 365) - 10;
        assert_eq!(distance("165"), 0);
        assert_eq!(distance("164.5"), 4);
        assert_eq!(distance("164"), 8);
        assert_eq!(distance("163"), 12);
        assert_eq!(distance("16.5"), 36);
        assert_eq!(distance("0.001"), 36, "the larger is the measure");
        let coarse = of(&[side("160", "USD", 1), side("16", "USD", 1)], 2, 0, 365) - 10;
        assert!(coarse < distance("16.5"), "two digits explain more");
    }

    #[test]
    fn signs_count_and_so_do_days() {
        let sides = [side("5", "percent", 1), side("-5", "percent", 1)];
        assert_eq!(of(&sides, 1, 0, 365), 5 * 4 + 10, "20 halves apart");
        let mut dates = [side("1", "date", 1), side("1", "date", 1)];
        for side in &mut dates {
            (side.low, side.high) = (None, None);
        }
        let weighed = Weighed {
            sides: &dates,
            precision: 1,
            days_apart: 31,
            metric_weight: 0,
            last_seen: Timestamp::UNIX_EPOCH,
            newest: None,
        };
        assert_eq!(severity(&weighed), 5 * 4 + 10 + 15);
    }

    #[test]
    fn two_units_are_half_the_way_apart() {
        let sides = [side("165", "USD", 1), side("165", "CNY", 1)];
        assert_eq!(of(&sides, 3, 0, 365), 20 + 10);
    }

    #[test]
    fn the_weaker_side_counts() {
        let with = |strong, weak| {
            of(
                &[side("1", "USD", strong), side("1", "USD", weak)],
                1,
                0,
                365,
            )
        };
        assert_eq!(with(9, 1), 10);
        assert_eq!(with(2, 2), 18);
        assert_eq!(with(3, 3), 25);
        assert_eq!(with(9, 9), 25);
    }

    #[test]
    fn a_central_metric_and_a_recent_claim_add_to_it() {
        let sides = [side("1", "USD", 1), side("1", "USD", 1)];
        assert_eq!(of(&sides, 1, 20, 365), 30);
        let aged = [(0, 15), (7, 15), (8, 10), (31, 5), (91, 0)];
        for (days, points) in aged {
            assert_eq!(of(&sides, 1, 0, days), 10 + points, "{days} days");
        }
    }

    #[test]
    fn severity_fades_to_what_it_would_be_if_it_were_made_anew() {
        let sides = [side("165", "USD", 2), side("16.5", "USD", 2)];
        let newest = Timestamp::from_second(1_000_000_000).unwrap();
        let fresh = of(&sides, 3, 20, 0);
        for days in [0, 7, 8, 30, 31, 90, 91, 4_000] {
            let last_seen = Timestamp::from_second(1_000_000_000 - days * 86_400).unwrap();
            assert_eq!(
                faded_severity(fresh, last_seen, Some(newest)),
                of(&sides, 3, 20, days)
            );
        }
        assert_eq!(faded_severity(fresh, newest, None), fresh);
    }
}
