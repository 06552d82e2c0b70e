//! What a figure is in the unit of another: for those who have to write one in the place of the other.

use hedui_model::{Appearance, Decimal};

use crate::Reconciler;
use crate::compat::Figure;
use crate::footing::Footing;

/// A figure in another unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Restated {
    /// The value, in the base unit of the other figure.
    pub value: Decimal,
    /// Whether it is only as good as an exchange rate.
    pub is_rough: bool,
}

impl Reconciler {
    /// Returns what `figure` states, in the unit of `other`; nothing where they cannot be compared.
    ///
    /// Amounts in two currencies are converted at the rate of the earlier article's day; of a range the lower end is taken.
    #[must_use]
    pub fn restated(&self, figure: &Appearance, other: &Appearance) -> Option<Restated> {
        match self.footing(figure, other) {
            Footing::One { a, b, .. } => {
                let (own, common) = (Figure::of(&other.claim.quantity)?.main()?, b.main()?);
                let value = if own == common {
                    a.main()?
                } else {
                    a.main()?.checked_mul(own).ok()?.checked_div(common).ok()?
                };
                Some(Restated {
                    value,
                    is_rough: false,
                })
            }
            Footing::Currencies { a, rate, .. } => Some(Restated {
                value: a.times(rate?.value)?.main()?,
                is_rough: true,
            }),
            Footing::Points { .. } | Footing::Dates { .. } | Footing::Apart => None,
        }
    }
}
