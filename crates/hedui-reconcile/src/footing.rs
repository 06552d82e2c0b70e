//! Brings two quantities to one unit, or says why that cannot be.

use hedui_model::{Appearance, Kind, Quantity};
use jiff::tz::Offset;

use crate::Reconciler;
use crate::compat::{Figure, are_within};
use crate::rates::Rate;

/// On what footing two quantities can be compared.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Footing {
    /// Both in one unit.
    One {
        a: Figure,
        b: Figure,
        /// One names a denominator, the other leaves it open.
        is_loose: bool,
    },
    /// Money in two currencies.
    Currencies {
        a: Figure,
        b: Figure,
        /// Units of `b`'s currency to one of `a`'s, where the table has it.
        rate: Option<Rate>,
    },
    /// Per cent and percentage points.
    Points { a: Figure, b: Figure },
    /// Two dates.
    Dates { is_shared: bool },
    /// Nothing that could be compared.
    Apart,
}

impl Reconciler {
    pub(crate) fn footing(&self, a: &Appearance, b: &Appearance) -> Footing {
        let (x, y) = (&a.claim.quantity, &b.claim.quantity);
        if let (Some(days), Some(other)) = (x.interval().days(), y.interval().days()) {
            return Footing::Dates {
                is_shared: days_meet(days, other),
            };
        }
        let (Some(mut first), Some(mut second)) = (Figure::of(x), Figure::of(y)) else {
            return Footing::Apart;
        };
        let denominators = (self.denominator(a), self.denominator(b));
        if let (Some(per), Some(other)) = denominators
            && per != other
        {
            return Footing::Apart;
        }
        if x.kind == Kind::Money && y.kind == Kind::Money && !units_meet(x, y) {
            return self.currencies(a, b, first, second);
        }
        if units_meet(x, y) {
            let is_loose = denominators.0.is_some() != denominators.1.is_some();
            return Footing::One {
                a: first,
                b: second,
                is_loose,
            };
        }
        // A classifier often stands without its noun, and what it counts is guessed: the metric has to tell.
        if is_count(x) && is_count(y) {
            let are_kin =
                x.unit
                    .count_noun()
                    .zip(y.unit.count_noun())
                    .is_some_and(|(noun, other)| {
                        self.lexicon.quantities.wider_noun(noun)
                            == self.lexicon.quantities.wider_noun(other)
                            || self.verdicts().are_nouns_kin(noun, other)
                    });
            return Footing::One {
                a: first,
                b: second,
                is_loose: !are_kin,
            };
        }
        if x.kind == Kind::Percent && y.kind == Kind::Percent {
            return self.percents(x, y, first, second);
        }
        let mut units = (x.unit.id.as_str(), y.unit.id.as_str());
        for (unit, figure) in [(&mut units.0, &mut first), (&mut units.1, &mut second)] {
            if let Some((to, factor)) = self.verdicts().conversion(unit)
                && let Some(converted) = figure.times(factor)
            {
                (*unit, *figure) = (to, converted);
            }
        }
        if units.0 == units.1 {
            return Footing::One {
                a: first,
                b: second,
                is_loose: false,
            };
        }
        Footing::Apart
    }

    /// Two amounts whose currencies differ, as far as they are known: of the readings that a shared sign leaves, the one that
    /// suits the other best.
    fn currencies(&self, a: &Appearance, b: &Appearance, first: Figure, second: Figure) -> Footing {
        let readings = |appearance: &Appearance| -> Vec<String> {
            let quantity = &appearance.claim.quantity;
            let shared = self.verdicts().shared_sign(appearance.claim.mention());
            let all = std::iter::once(quantity.unit.id.as_str())
                .chain(quantity.candidates.iter().map(String::as_str))
                .chain(shared);
            all.map(str::to_owned).collect()
        };
        let (of_a, of_b) = (readings(a), readings(b));
        if of_a.iter().any(|currency| of_b.contains(currency)) {
            return Footing::One {
                a: first,
                b: second,
                is_loose: false,
            };
        }
        let day = day_of(a, b);
        let rates: Vec<Rate> = of_a
            .iter()
            .flat_map(|from| {
                of_b.iter()
                    .filter_map(move |to| self.rates.rate(from, to, day))
            })
            .collect();
        let best = rates
            .iter()
            .find(|rate| self.converts(&first, &second, **rate))
            .or_else(|| {
                rates
                    .iter()
                    .find(|rate| !self.misconverts(&first, &second, **rate))
            })
            .or_else(|| rates.last());
        Footing::Currencies {
            a: first,
            b: second,
            rate: best.copied(),
        }
    }

    fn percents(&self, x: &Quantity, y: &Quantity, a: Figure, b: Figure) -> Footing {
        let to_points = |quantity: &Quantity, figure: Figure| match self
            .verdicts()
            .conversion(&quantity.unit.id)
        {
            Some((to, factor)) => (to.to_owned(), figure.times(factor).unwrap_or(figure)),
            None => (quantity.unit.id.clone(), figure),
        };
        let ((unit, a), (other, b)) = (to_points(x, a), to_points(y, b));
        if unit == other {
            Footing::One {
                a,
                b,
                is_loose: false,
            }
        } else {
            Footing::Points { a, b }
        }
    }

    fn denominator<'a>(&self, appearance: &'a Appearance) -> Option<&'a str> {
        let claim = &appearance.claim;
        let per = claim
            .quantity
            .unit
            .per
            .as_deref()
            .or(claim.scope.per.as_deref());
        // Per what time is another question than per what.
        per.filter(|per| !self.verdicts().is_time_base(per))
    }

    /// Tells whether `b` is what `a` converts to at a rate, as well as such rates are known.
    pub(crate) fn converts(&self, a: &Figure, b: &Figure, rate: Rate) -> bool {
        self.is_off_by_less(
            a,
            b,
            rate,
            i64::from(self.verdicts().tolerance(rate.granularity)),
        )
    }

    /// Tells whether `b` is far from what `a` converts to: beyond twice the tolerance, so that no rate of the time explains it.
    pub(crate) fn misconverts(&self, a: &Figure, b: &Figure, rate: Rate) -> bool {
        !self.is_off_by_less(
            a,
            b,
            rate,
            2 * i64::from(self.verdicts().tolerance(rate.granularity)),
        )
    }

    fn is_off_by_less(&self, a: &Figure, b: &Figure, rate: Rate, thousandths: i64) -> bool {
        let ends = |figure: &Figure| [figure.low.or(figure.high), figure.high.or(figure.low)];
        let Some(converted) = a.times(rate.value) else {
            return false;
        };
        ends(&converted)
            .into_iter()
            .zip(ends(b))
            .all(|(x, y)| x.zip(y).is_some_and(|(x, y)| are_within(x, y, thousandths)))
    }
}

/// Returns the day whose rate converts a pair: that of the earlier article.
pub(crate) fn day_of(a: &Appearance, b: &Appearance) -> jiff::civil::Date {
    Offset::UTC.to_datetime(a.instant().min(b.instant())).date()
}

fn units_meet(x: &Quantity, y: &Quantity) -> bool {
    if x.unit.id == y.unit.id {
        return true;
    }
    let may_be = |ambiguous: &Quantity, unit: &str| {
        ambiguous
            .candidates
            .iter()
            .any(|candidate| candidate == unit)
    };
    may_be(x, &y.unit.id) || may_be(y, &x.unit.id)
}

fn is_count(quantity: &Quantity) -> bool {
    quantity.unit.id.is_empty() || quantity.unit.count_noun().is_some()
}

/// First and last day; an open end is none.
type Days = (Option<jiff::civil::Date>, Option<jiff::civil::Date>);

fn days_meet((low, high): Days, (other_low, other_high): Days) -> bool {
    let begins_by_end =
        |low: Option<jiff::civil::Date>, high: Option<jiff::civil::Date>| match (low, high) {
            (Some(low), Some(high)) => low <= high,
            _ => true,
        };
    begins_by_end(low, other_high) && begins_by_end(other_low, high)
}
