//! The rules of the grammar by name, so that a reading can say how it came about.

/// A rule that took part in a reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Rule {
    Number,
    NumberInWords,
    Negative,
    CurrencyBefore,
    CurrencyBehind,
    Unit,
    Count,
    Classifier,
    Parts,
    Tenths,
    Vague,
    Multiple,
    Doubling,
    HalfMore,
    Composite,
    PerBehind,
    PerBefore,
    BoundBefore,
    BoundBehind,
    Range,
    SharedUnit,
    List,
    Gloss,
    JoinedBounds,
    Region,
    CoMention,
    Absolute,
    Relative,
    Fiscal,
    Basis,
    Clock,
}

/// A set of rules.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Rules(u64);

const NAMES: &[(Rule, &str)] = &[
    (Rule::Number, "number"),
    (Rule::NumberInWords, "number in words"),
    (Rule::Negative, "minus before the number"),
    (Rule::CurrencyBefore, "currency before the number"),
    (Rule::CurrencyBehind, "currency behind the number"),
    (Rule::Unit, "unit behind the number"),
    (Rule::Count, "counted noun behind the number"),
    (Rule::Classifier, "classifier behind the number"),
    (Rule::Parts, "parts of a hundred"),
    (Rule::Tenths, "tenths"),
    (Rule::Vague, "vague magnitude"),
    (Rule::Multiple, "multiple in one word"),
    (Rule::Doubling, "doublings"),
    (Rule::HalfMore, "half a unit more"),
    (Rule::Composite, "smaller unit behind"),
    (Rule::PerBehind, "denominator behind"),
    (Rule::PerBefore, "denominator before"),
    (Rule::BoundBefore, "bound before"),
    (Rule::BoundBehind, "bound behind"),
    (Rule::Range, "range"),
    (Rule::SharedUnit, "unit or scale taken from the other end"),
    (Rule::List, "unit or scale taken from the end of the list"),
    (Rule::Gloss, "restates the figure before"),
    (Rule::JoinedBounds, "two bounds joined"),
    (Rule::Region, "currency decided by region"),
    (Rule::CoMention, "currency decided by others in the text"),
    (Rule::Absolute, "date"),
    (Rule::Relative, "date counted from the reference day"),
    (Rule::Fiscal, "fiscal period"),
    (Rule::Basis, "growth basis"),
    (Rule::Clock, "time of day"),
];

impl Rules {
    pub(super) fn add(&mut self, rule: Rule) {
        self.0 |= 1 << (rule as u8);
    }

    pub(super) fn has(self, rule: Rule) -> bool {
        self.0 & (1 << (rule as u8)) != 0
    }

    pub(super) fn join(&mut self, other: Rules) {
        self.0 |= other.0;
    }

    pub(super) fn names(self) -> Vec<&'static str> {
        NAMES
            .iter()
            .filter(|(rule, _)| self.has(*rule))
            .map(|(_, name)| *name)
            .collect()
    }
}
