//! Can both figures be true? Two figures in one unit, their bounds and the precision they were written with.
//!
//! Equal; equal after rounding the more precise one to the digits that the other
//! shows; one said to be rough and not more than 5 % away; on the permitted side
//! of a bound and within a factor of 1.5; inside a range. Signs are left aside:
//! whether a fall is told as a negative figure is a matter of style.

mod digits;
mod figure;

use hedui_model::{Bound, Decimal};

pub use digits::{Slip, are_swapped, are_transposed, have_same_digits, slip};
pub use figure::Figure;

/// How far apart, in thousandths of the larger, a rough figure may be.
const ABOUT_THOUSANDTHS: i64 = 50;
/// How far above or below a bound, in thousandths of it, a figure still keeps to it.
const BOUND_THOUSANDTHS: i64 = 1_500;
/// So far, in thousandths, a figure may be on the wrong side of a bound that was rounded.
const AT_BOUND_THOUSANDTHS: i64 = 10;
/// Up to here, in thousandths of the larger, exact figures are close, if not equal.
const LOOSE_THOUSANDTHS: i64 = 5;

/// How two figures fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Fit {
    /// They are equal.
    Equal,
    /// They are equal after rounding to the coarser.
    Rounded,
    /// One is rough, and they are within 5 %.
    About,
    /// One keeps to the bound of the other.
    Bound,
    /// One lies in the other.
    Range,
    /// Close, or equal if final zeros are no digits; not equal as they were written.
    Loose,
    /// They cannot both be true.
    Apart,
}

impl Fit {
    /// Tells whether both figures can be true.
    #[must_use]
    pub fn is_compatible(self) -> bool {
        self < Fit::Loose
    }
}

/// Says how two figures of one unit fit.
///
/// ```
/// use hedui_model::Decimal;
/// use hedui_reconcile::compat::{Figure, Fit, fit};
/// let short: Decimal = "67".parse()?;
/// let long: Decimal = "67.1".parse()?;
/// assert_eq!(fit(&Figure::point(short), &Figure::point(long)), Fit::Rounded);
/// # Ok::<(), hedui_model::DecimalError>(())
/// ```
#[must_use]
pub fn fit(a: &Figure, b: &Figure) -> Fit {
    match (Shape::of(a), Shape::of(b)) {
        (Some(Shape::Point(x)), Some(Shape::Point(y))) => {
            let is_rough = a.bound == Bound::About || b.bound == Bound::About;
            points(
                Written::new(x, a.precision),
                Written::new(y, b.precision),
                is_rough,
            )
        }
        (Some(shape), Some(other)) => open(shape, other, a, b),
        _ => Fit::Apart,
    }
}

/// What a figure states, without its sign.
#[derive(Clone, Copy, Debug)]
enum Shape {
    Point(Decimal),
    Above(Decimal),
    Below(Decimal),
    Between(Decimal, Decimal),
}

impl Shape {
    fn of(figure: &Figure) -> Option<Shape> {
        let (low, high) = match (figure.low, figure.high) {
            (Some(low), Some(high)) => {
                let (low, high) = (low.abs(), high.abs());
                (Some(low.min(high)), Some(low.max(high)))
            }
            (low, high) => (low.map(Decimal::abs), high.map(Decimal::abs)),
        };
        let stated = low.or(high)?;
        Some(match figure.bound {
            Bound::Exact | Bound::About if low == high => Shape::Point(stated),
            Bound::MoreThan | Bound::AtLeast => Shape::Above(stated),
            Bound::LessThan | Bound::AtMost | Bound::UpTo => Shape::Below(high.unwrap_or(stated)),
            _ => match (low, high) {
                (Some(low), Some(high)) if low == high => Shape::Point(low),
                (Some(low), Some(high)) => Shape::Between(low, high),
                (Some(low), None) => Shape::Above(low),
                (None, _) => Shape::Below(stated),
            },
        })
    }
}

/// A value and the power of ten of the last digit that is meant.
#[derive(Clone, Copy, Debug)]
struct Written {
    value: Decimal,
    last_digit: i32,
}

impl Written {
    fn new(value: Decimal, precision: u8) -> Self {
        let last_digit = value.magnitude().map_or_else(
            || value.exponent(),
            |first| first.saturating_sub(i32::from(precision.max(1)) - 1),
        );
        Written { value, last_digit }
    }
}

fn points(a: Written, b: Written, is_rough: bool) -> Fit {
    if a.value == b.value {
        return Fit::Equal;
    }
    let coarse = a.last_digit.max(b.last_digit);
    let rounds = |written: Written, exponent: i32| written.value.rounded_to_exponent(exponent);
    if a.last_digit != b.last_digit && rounds(a, coarse) == rounds(b, coarse) {
        return Fit::Rounded;
    }
    if is_rough && are_within(a.value, b.value, ABOUT_THOUSANDTHS) {
        return Fit::About;
    }
    if are_within(a.value, b.value, LOOSE_THOUSANDTHS)
        || equal_without_final_zeros(a.value, b.value)
    {
        return Fit::Loose;
    }
    Fit::Apart
}

/// Tells whether one value, its final zeros taken for rounding, is what the other rounds to; 300 for 302, not for 310.
fn equal_without_final_zeros(a: Decimal, b: Decimal) -> bool {
    let rounds_to = |round: Decimal, fine: Decimal| {
        let exponent = round.normalized().exponent();
        round.normalized().digits() >= 2 && fine.rounded_to_exponent(exponent) == round
    };
    rounds_to(a, b) || rounds_to(b, a)
}

fn open(a: Shape, b: Shape, a_figure: &Figure, b_figure: &Figure) -> Fit {
    use Shape::{Above, Below, Between, Point};
    // Rounding leaves a little room at a bound: *more than 40 billion* and 39.96 billion go together.
    let about = |x: Decimal, y: Decimal| are_within(x, y, AT_BOUND_THOUSANDTHS);
    let fits = match (a, b) {
        (Above(bound), Point(value)) => {
            (value >= bound || about(bound, value)) && reaches(bound, value)
        }
        (Point(value), Above(bound)) => {
            (value >= bound || about(value, bound)) && reaches(bound, value)
        }
        (Below(bound), Point(value)) => {
            (value <= bound || about(bound, value)) && reaches(value, bound)
        }
        (Point(value), Below(bound)) => {
            (value <= bound || about(value, bound)) && reaches(value, bound)
        }
        (Above(x), Above(y)) | (Below(x), Below(y)) => reaches(x.min(y), x.max(y)),
        (Above(low), Below(high)) | (Below(high), Above(low)) => {
            (low <= high || about(low, high)) && reaches(low, high)
        }
        (Between(low, high), Point(value)) | (Point(value), Between(low, high)) => {
            let is_rough = a_figure.bound == Bound::About || b_figure.bound == Bound::About;
            let near = |end| is_rough && are_within(value, end, ABOUT_THOUSANDTHS);
            return when(
                (low <= value && value <= high) || near(low) || near(high),
                Fit::Range,
            );
        }
        (Between(low, high), Above(bound)) | (Above(bound), Between(low, high)) => {
            return when(bound <= high && reaches(bound, low.max(bound)), Fit::Range);
        }
        (Between(low, high), Below(bound)) | (Below(bound), Between(low, high)) => {
            return when(low <= bound && reaches(high.min(bound), bound), Fit::Range);
        }
        (Between(low, high), Between(other_low, other_high)) => {
            return when(low <= other_high && other_low <= high, Fit::Range);
        }
        (Point(_), Point(_)) => false,
    };
    when(fits, Fit::Bound)
}

fn when(holds: bool, fit: Fit) -> Fit {
    if holds { fit } else { Fit::Apart }
}

/// Tells whether `large` is not more than one and a half times `small`.
fn reaches(small: Decimal, large: Decimal) -> bool {
    times(large, 1_000)
        .zip(times(small, BOUND_THOUSANDTHS))
        .is_some_and(|(large, limit)| large <= limit)
}

/// Tells whether two values differ by so many thousandths of the larger, at most.
#[must_use]
pub fn are_within(a: Decimal, b: Decimal, thousandths: i64) -> bool {
    let (a, b) = (a.abs(), b.abs());
    let Ok(difference) = a.checked_sub(b) else {
        return false;
    };
    times(difference.abs(), 1_000)
        .zip(times(a.max(b), thousandths))
        .is_some_and(|(difference, limit)| difference <= limit)
}

fn times(value: Decimal, factor: i64) -> Option<Decimal> {
    value
        .checked_mul(Decimal::new(i128::from(factor), 0).ok()?)
        .ok()
}

#[cfg(test)]
mod tests;
