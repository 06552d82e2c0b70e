//! A figure without unit and place: what is compared.

use hedui_model::{Bound, Decimal, Quantity};

/// Ends, bound and precision of a figure, in a unit that both sides of a comparison share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figure {
    /// The lower end that is stated.
    pub low: Option<Decimal>,
    /// The upper end that is stated.
    pub high: Option<Decimal>,
    /// How the figure bounds the truth.
    pub bound: Bound,
    /// How many digits are meant.
    pub precision: u8,
}

impl Figure {
    /// Makes a plain exact figure of the digits that `value` shows.
    #[must_use]
    pub fn point(value: Decimal) -> Self {
        Figure {
            low: Some(value),
            high: Some(value),
            bound: Bound::Exact,
            precision: u8::try_from(value.digits()).unwrap_or(u8::MAX),
        }
    }

    /// Takes a quantity's figure in base units; nothing for a date.
    #[must_use]
    pub fn of(quantity: &Quantity) -> Option<Self> {
        let (low, high) = (quantity.low(), quantity.high());
        (low.is_some() || high.is_some()).then_some(Figure {
            low,
            high,
            bound: quantity.bound,
            precision: quantity.precision,
        })
    }

    /// Multiplies both ends; nothing where the product has too many digits.
    #[must_use]
    pub fn times(&self, factor: Decimal) -> Option<Self> {
        let end = |end: Option<Decimal>| match end {
            None => Some(None),
            // Products of rates and figures are rounded far beyond what anyone states, so that they stay comparable.
            Some(value) => value
                .checked_mul(factor)
                .ok()
                .map(|value| Some(value.rounded(20))),
        };
        Some(Figure {
            low: end(self.low)?,
            high: end(self.high)?,
            ..*self
        })
    }

    /// Returns the one value that stands for the figure: what is stated, the lower end of a range.
    #[must_use]
    pub fn main(&self) -> Option<Decimal> {
        self.low.or(self.high).map(Decimal::abs)
    }

    /// Tells whether the figure is a vague magnitude, *tens of billions*: a range whose upper end is five times the lower or more.
    #[must_use]
    pub fn is_vague(&self) -> bool {
        let (Some(low), Some(high)) = (self.low, self.high) else {
            return false;
        };
        let (low, high) = (low.abs().min(high.abs()), low.abs().max(high.abs()));
        low != high
            && Decimal::from(5)
                .checked_mul(low)
                .is_ok_and(|limit| high >= limit)
    }

    /// Tells whether the figure states a single value, bounded or not.
    #[must_use]
    pub fn is_single(&self) -> bool {
        self.low.is_none() || self.high.is_none() || self.low == self.high
    }
}
