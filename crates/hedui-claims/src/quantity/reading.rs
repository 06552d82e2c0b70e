//! What the grammar found at one place, before it becomes a quantity.

use hedui_model::Bound;
use jiff::civil::{Date, DateTime};

use super::figure::Figure;
use super::rules::Rules;

/// A reading of one stretch of text.
#[derive(Clone, Debug)]
pub(super) struct Reading {
    pub(super) what: What,
    /// The index, in the same list, of the reading that this one restates.
    pub(super) gloss_of: Option<usize>,
}

/// A figure or a period.
#[derive(Clone, Copy, Debug)]
pub(super) enum What {
    Figure(Figure),
    Period(PeriodReading),
}

/// How finely a period is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Grain {
    Day,
    Week,
    Month,
    Quarter,
    Half,
    Year,
    Decade,
    Century,
}

impl Grain {
    pub(super) fn name(self) -> &'static str {
        match self {
            Grain::Day => "day",
            Grain::Week => "week",
            Grain::Month => "month",
            Grain::Quarter => "quarter",
            Grain::Half => "half_year",
            Grain::Year => "year",
            Grain::Decade => "decade",
            Grain::Century => "century",
        }
    }
}

/// The times that a period begins and ends at, half open; an open end is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Times {
    pub(super) low: Option<DateTime>,
    pub(super) high: Option<DateTime>,
}

/// A period; both ends are inclusive days, an open end is none.
#[derive(Clone, Copy, Debug)]
pub(super) struct PeriodReading {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) hedge_start: usize,
    pub(super) hedge_end: usize,
    pub(super) next: usize,
    pub(super) low: Option<Date>,
    pub(super) high: Option<Date>,
    /// Its times, where hours are told.
    pub(super) times: Option<Times>,
    pub(super) bound: Bound,
    pub(super) grain: Grain,
    pub(super) fiscal: bool,
    pub(super) rules: Rules,
}

impl Reading {
    pub(super) fn figure(&self) -> Option<&Figure> {
        match &self.what {
            What::Figure(figure) => Some(figure),
            What::Period(_) => None,
        }
    }

    pub(super) fn figure_mut(&mut self) -> Option<&mut Figure> {
        match &mut self.what {
            What::Figure(figure) => Some(figure),
            What::Period(_) => None,
        }
    }
}
