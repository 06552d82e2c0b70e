//! What a slip looks like: the same digits at another power of ten.

use hedui_model::Decimal;

use super::{Figure, Fit, Written, points};

/// The largest power of ten that a slip may be: a trillion for a unit.
const POWER_MAX: i32 = 12;

/// The same digits at another power of ten.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slip {
    /// By which power of ten the first figure is larger; never 0.
    pub power: i32,
    /// How many digits say so, final zeros apart: one digit is weak evidence, three are strong.
    pub digits: u32,
}

/// Finds out whether two figures of one unit have the same digits at different powers of ten.
#[must_use]
pub fn slip(a: &Figure, b: &Figure) -> Option<Slip> {
    if !a.is_single() || !b.is_single() {
        return None;
    }
    let (x, y) = (a.main()?, b.main()?);
    let base = x.magnitude()?.checked_sub(y.magnitude()?)?;
    // 0.6 rounds to 1, which says nothing: digits that are equal only after rounding have to be two at least.
    let is_shown = |scaled: Decimal| {
        x == scaled || (shared_digits(x, y) >= 2 && a.precision.min(b.precision) >= 2)
    };
    [base, base + 1, base - 1]
        .into_iter()
        .filter(|power| *power != 0 && power.abs() <= POWER_MAX)
        .find(|power| {
            y.scaled(*power)
                .is_ok_and(|scaled| is_shown(scaled) && same(x, a.precision, scaled, b.precision))
        })
        .map(|power| Slip {
            power,
            digits: shared_digits(x, y),
        })
}

/// Tells whether two figures have the same digits at the same power of ten.
#[must_use]
pub fn have_same_digits(a: &Figure, b: &Figure) -> bool {
    a.main()
        .zip(b.main())
        .is_some_and(|(x, y)| same(x, a.precision, y, b.precision))
}

/// Tells whether two figures of one unit differ only by two neighbouring digits that are changed about: 1,650 and 1,560.
///
/// Three digits at least: of two, as in 26 and 62, too many figures are made.
#[must_use]
pub fn are_swapped(a: &Figure, b: &Figure) -> bool {
    let (Some((magnitude, mut own)), Some((other_magnitude, mut other))) =
        (digits_of(a), digits_of(b))
    else {
        return false;
    };
    // A final zero may have come to stand at the end, and gone.
    let length = own.len().max(other.len());
    own.resize(length, b'0');
    other.resize(length, b'0');
    let apart: Vec<usize> = (0..length)
        .filter(|place| own.get(*place) != other.get(*place))
        .collect();
    let &[first, second] = apart.as_slice() else {
        return false;
    };
    magnitude == other_magnitude
        && length >= 3
        && second == first + 1
        && own.get(first) == other.get(second)
        && own.get(second) == other.get(first)
}

/// Tells whether two figures of one unit have the same digits in another order, at one power of ten: 1,650 and 1,560, 26
/// and 62.
#[must_use]
pub fn are_transposed(a: &Figure, b: &Figure) -> bool {
    let (Some((magnitude, mut own)), Some((other_magnitude, mut other))) =
        (digits_of(a), digits_of(b))
    else {
        return false;
    };
    if magnitude != other_magnitude || own == other {
        return false;
    }
    own.sort_unstable();
    other.sort_unstable();
    own == other
}

/// Returns the power of ten of a single figure's first digit, and its digits without final zeros.
fn digits_of(figure: &Figure) -> Option<(i32, Vec<u8>)> {
    let value = figure.main().filter(|_| figure.is_single())?.normalized();
    Some((
        value.magnitude()?,
        value.mantissa().to_string().into_bytes(),
    ))
}

fn same(x: Decimal, x_precision: u8, y: Decimal, y_precision: u8) -> bool {
    let fit = points(
        Written::new(x, x_precision),
        Written::new(y, y_precision),
        false,
    );
    matches!(fit, Fit::Equal | Fit::Rounded)
}

fn shared_digits(x: Decimal, y: Decimal) -> u32 {
    x.normalized().digits().min(y.normalized().digits())
}
