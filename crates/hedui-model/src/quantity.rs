//! Figures as they were read: an interval in a base unit, with bound and precision as written.

use jiff::civil::{Date, DateTime, Time};
use serde::{Deserialize, Serialize};

use crate::{Basis, Decimal, Original, Span};

/// What kind of expression a quantity is, as `hedui quantities` names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A bare number.
    Number,
    /// Per cent, percentage points, basis points.
    Percent,
    /// An amount of money.
    Money,
    /// A number with any other unit, counts and multiples included.
    Dimension,
    /// A range or one-sided bound of bare numbers.
    NumberRange,
    /// A day, or an instant of one.
    Date,
    /// A span of days or hours: a month, a quarter, a year, an evening, from … to.
    DateRange,
    /// A length of time.
    Duration,
}

/// How the stated figure bounds the true one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Bound {
    /// The figure itself.
    Exact,
    /// The figure, roughly.
    About,
    /// Above the figure.
    MoreThan,
    /// The figure or above.
    AtLeast,
    /// Below the figure.
    LessThan,
    /// The figure or below.
    AtMost,
    /// The figure or below, told as a reach (*as much as*).
    UpTo,
    /// Between two ends, vague magnitudes (tens of billions) included.
    Range,
}

/// What is stated, in one unit. Ends are inclusive, but for times; `None` is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Interval {
    /// Numbers; both ends are equal for a plain figure and for *about*.
    Number {
        /// The lower end.
        low: Option<Decimal>,
        /// The upper end.
        high: Option<Decimal>,
    },
    /// Days.
    Date {
        /// The first day.
        low: Option<Date>,
        /// The last day.
        high: Option<Date>,
    },
    /// Times on the clock of the place that the text speaks of; equal ends are an instant.
    Time {
        /// The first instant.
        low: Option<DateTime>,
        /// The first instant that is no longer meant.
        high: Option<DateTime>,
    },
}

impl Interval {
    /// Makes the interval of a plain figure.
    #[must_use]
    pub fn point(value: Decimal) -> Self {
        Interval::Number {
            low: Some(value),
            high: Some(value),
        }
    }

    /// Returns the lower end, where it is a number.
    #[must_use]
    pub fn low(self) -> Option<Decimal> {
        match self {
            Interval::Number { low, .. } => low,
            Interval::Date { .. } | Interval::Time { .. } => None,
        }
    }

    /// Returns the upper end, where it is a number.
    #[must_use]
    pub fn high(self) -> Option<Decimal> {
        match self {
            Interval::Number { high, .. } => high,
            Interval::Date { .. } | Interval::Time { .. } => None,
        }
    }

    /// Returns the single figure that is stated: both ends where they are equal, else the only one that there is.
    #[must_use]
    pub fn stated(self) -> Option<Decimal> {
        match (self.low(), self.high()) {
            (Some(low), Some(high)) => (low == high).then_some(low),
            (low, high) => low.or(high),
        }
    }

    /// Returns the first and the last day that dates or times touch; `None` for numbers.
    ///
    /// ```
    /// use hedui_model::Interval;
    /// use jiff::civil::date;
    ///
    /// let night = Interval::Time {
    ///     low: Some(date(2025, 3, 4).at(20, 0, 0, 0)),
    ///     high: Some(date(2025, 3, 5).at(0, 0, 0, 0)),
    /// };
    /// assert_eq!(night.days(), Some((Some(date(2025, 3, 4)), Some(date(2025, 3, 4)))));
    /// ```
    #[must_use]
    pub fn days(self) -> Option<(Option<Date>, Option<Date>)> {
        match self {
            Interval::Number { .. } => None,
            Interval::Date { low, high } => Some((low, high)),
            Interval::Time { low, high } => {
                let last = high.map(|end| {
                    let midnight = end.time() == Time::midnight() && low != Some(end);
                    let before = end.date().yesterday().ok().filter(|_| midnight);
                    before.unwrap_or(end.date())
                });
                Some((low.map(DateTime::date), last))
            }
        }
    }

    fn is_ordered(self) -> bool {
        match self {
            Interval::Number {
                low: Some(low),
                high: Some(high),
            } => low <= high,
            Interval::Date {
                low: Some(low),
                high: Some(high),
            } => low <= high,
            Interval::Time {
                low: Some(low),
                high: Some(high),
            } => low <= high,
            _ => true,
        }
    }
}

/// A unit by its id in the lexicon, and what the figure is for each of, if any.
///
/// `USD` per `share`, `percent`, `W`, `count:job`. An ambiguous unit has an id of its own (`dollar`,
/// `yuan_or_yen`); what it may be stands in [`Quantity::candidates`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Unit {
    /// The id; empty for a bare number.
    pub id: String,
    /// The denominator of a quotient: `share`, `kWh`, `year`.
    pub per: Option<String>,
}

impl Unit {
    /// Makes a unit that is no quotient.
    #[must_use]
    pub fn new(id: &str) -> Self {
        Unit {
            id: id.to_owned(),
            per: None,
        }
    }

    /// Makes a quotient.
    #[must_use]
    pub fn quotient(id: &str, per: &str) -> Self {
        Unit {
            id: id.to_owned(),
            per: Some(per.to_owned()),
        }
    }

    /// Returns the noun of a count: `job` for `count:job`.
    #[must_use]
    pub fn count_noun(&self) -> Option<&str> {
        self.id.strip_prefix("count:")
    }
}

/// The interval is upside down.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the lower end of the quantity is above the upper")]
pub struct QuantityError;

/// A figure in a text. `low <= high` always holds, in base units and as written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quantity {
    /// Number, magnitude word and unit, without hedges, in the original text.
    pub span: Span<Original>,
    /// The span with the hedges that belong to it (*more than*, 以上); equal to `span` where there are none.
    pub hedged_span: Span<Original>,
    /// What kind of expression it is.
    pub kind: Kind,
    /// How the figure bounds the truth.
    pub bound: Bound,
    /// How many digits are meant: 3 for 165亿, 4 for 16.50.
    pub precision: u8,
    /// The unit as written: `kilometer`, `gigawatt`, an ISO code; empty for a bare number.
    pub written_unit: String,
    /// The base unit.
    pub unit: Unit,
    /// What an ambiguous unit may be, the likelier first; empty where it is certain.
    pub candidates: Vec<String>,
    /// The index, in the same list, of the figure that this one restates in brackets or apposition.
    pub gloss_of: Option<u32>,
    /// What a growth is said to compare with, or how a period is counted, where the words beside it tell.
    pub basis: Option<Basis>,
    interval: Interval,
    written: Interval,
}

impl Quantity {
    /// Makes a quantity from its interval in base units and the one in the unit as written.
    ///
    /// Bound, precision and the rest start as those of a plain exact figure, to be set by the reader.
    ///
    /// # Errors
    /// [`QuantityError`] where an interval's lower end is above its upper.
    pub fn new(
        span: Span<Original>,
        kind: Kind,
        unit: Unit,
        interval: Interval,
        written: Interval,
    ) -> Result<Self, QuantityError> {
        if !interval.is_ordered() || !written.is_ordered() {
            return Err(QuantityError);
        }
        Ok(Quantity {
            span,
            hedged_span: span,
            kind,
            bound: Bound::Exact,
            precision: interval
                .stated()
                .map_or(0, |value| u8::try_from(value.digits()).unwrap_or(u8::MAX)),
            written_unit: String::new(),
            unit,
            candidates: Vec::new(),
            gloss_of: None,
            basis: None,
            interval,
            written,
        })
    }

    /// Returns what is stated, in base units.
    #[must_use]
    pub fn interval(&self) -> Interval {
        self.interval
    }

    /// Returns what is stated, in the unit as written.
    #[must_use]
    pub fn written(&self) -> Interval {
        self.written
    }

    /// Returns the lower end in base units, where it is a number.
    #[must_use]
    pub fn low(&self) -> Option<Decimal> {
        self.interval.low()
    }

    /// Returns the upper end in base units, where it is a number.
    #[must_use]
    pub fn high(&self) -> Option<Decimal> {
        self.interval.high()
    }

    /// Replaces what is stated.
    ///
    /// # Errors
    /// [`QuantityError`] where an interval's lower end is above its upper; nothing is changed then.
    pub fn restate(&mut self, interval: Interval, written: Interval) -> Result<(), QuantityError> {
        if !interval.is_ordered() || !written.is_ordered() {
            return Err(QuantityError);
        }
        self.interval = interval;
        self.written = written;
        Ok(())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn an_interval_upside_down_is_refused() {
        let (one, two) = (Decimal::ONE, Decimal::from(2));
        let down = Interval::Number {
            low: Some(two),
            high: Some(one),
        };
        let make = |interval| {
            Quantity::new(
                Span::new(0, 1),
                Kind::Number,
                Unit::default(),
                interval,
                Interval::point(one),
            )
        };
        assert_eq!(make(down), Err(QuantityError));
        assert!(
            make(Interval::Number {
                low: Some(one),
                high: Some(two)
            })
            .is_ok()
        );
    }

    #[test]
    fn the_stated_figure_of_a_bound_is_its_only_end() {
        let five = Decimal::from(5);
        assert_eq!(
            Interval::Number {
                low: Some(five),
                high: None
            }
            .stated(),
            Some(five)
        );
        assert_eq!(
            Interval::Number {
                low: Some(five),
                high: Some(Decimal::from(6))
            }
            .stated(),
            None
        );
    }
}
