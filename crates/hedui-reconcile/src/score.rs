//! Are two claims about the same thing? A sum of named terms, in thousandths of a logit, and what it means as a chance.
//!
//! Each term is a finding at one of its levels; what a level weighs stands in the lexicon's
//! `weights.toml`, which a program fits. The value is evidence twice: equal digits a power of ten or a currency
//! apart are what a slip looks like, and an equal figure of many digits is seldom another's by chance. The second is kept
//! apart, for what agrees by its value alone must not draw other claims together.

use std::borrow::Cow;

use hedui_model::Status;
use hedui_text::lexicon::Weights;

use crate::compat::Fit;
use crate::evidence::{Evidence, MetricTie, Owner, PartTie};
use crate::gates::Doubt;
use crate::judge::{Stand, Term};
use crate::periods::{Apart, PeriodTie};
use crate::phrase::words;

/// The term of an equal figure.
pub(crate) const VALUE: &str = "value";

/// Adds up what speaks for one fact and what against it.
pub(crate) fn terms_of(
    weights: &Weights,
    evidence: &Evidence,
    stand: &Stand,
    doubts: &[Doubt],
) -> Vec<Term> {
    let mut terms = Terms {
        weights,
        is_apart: !matches!(stand, Stand::Fits(_) | Stand::Converts { .. }),
        terms: Vec::new(),
    };
    terms.add("prior", "all", String::new());
    owner(&mut terms, &evidence.owner);
    terms.add_if(evidence.have_rivals, "rivals", "both");
    terms.add("absent", absent(evidence.absent), String::new());
    metric(&mut terms, &evidence.metric);
    terms.add(
        "words",
        share(evidence.terms_thousandths),
        evidence.terms_shared.to_string(),
    );
    part(&mut terms, &evidence.part);
    period(&mut terms, evidence);
    status(&mut terms, evidence);
    terms.add(
        "figures_beside",
        number(evidence.figures_beside),
        evidence.figures_beside.to_string(),
    );
    terms.add(
        "figures_of_articles",
        number(evidence.figures_shared),
        evidence.figures_shared.to_string(),
    );
    terms.add("story", share(evidence.story), evidence.story.to_string());
    terms.add(
        "days_apart",
        nearness(evidence.days),
        evidence.days.to_string(),
    );
    terms.add_if(
        evidence.elsewhere != (false, false),
        "elsewhere",
        elsewhere(evidence),
    );
    terms.add_if(evidence.is_unit_loose, "unit", "loose");
    terms.add("alternatives", alternatives(evidence), String::new());
    terms.add("lead", leads(evidence.leads), String::new());
    terms.add("names", share(evidence.names), evidence.names.to_string());
    for doubt in doubts {
        terms.add("doubt", doubt.level, String::new());
    }
    value(&mut terms, evidence, stand);
    terms.terms
}

/// Returns the chance that stands for a sum of terms, in thousandths: the logistic function, by its values at quarters.
pub(crate) fn chance(sum: i32) -> u16 {
    const QUARTERS: [u16; 21] = [
        500, 562, 622, 679, 731, 777, 818, 852, 881, 905, 924, 940, 953, 963, 971, 977, 982, 986,
        989, 991, 993,
    ];
    let size = sum.unsigned_abs();
    let index = usize::try_from(size / 250).unwrap_or(usize::MAX);
    let at = |index: usize| u32::from(QUARTERS.get(index).copied().unwrap_or(993));
    let (low, high) = (at(index), at(index.saturating_add(1)));
    let value = low + (high - low) * (size % 250) / 250;
    let value = u16::try_from(value).unwrap_or(993);
    if sum < 0 { 1_000 - value } else { value }
}

struct Terms<'a> {
    weights: &'a Weights,
    is_apart: bool,
    terms: Vec<Term>,
}

impl Terms<'_> {
    /// Adds a finding, with or without weight: a fit has to see it.
    fn add(&mut self, name: &'static str, level: &'static str, note: String) {
        self.terms.push(Term {
            name,
            level: Cow::Borrowed(level),
            value_thousandths: self.weights.of(name, level, self.is_apart),
            note,
        });
    }

    fn add_if(&mut self, holds: bool, name: &'static str, level: &'static str) {
        if holds {
            self.add(name, level, String::new());
        }
    }
}

fn owner(terms: &mut Terms<'_>, owner: &Owner) {
    let (level, note) = match owner {
        Owner::Same(name) => ("same", name.clone()),
        Owner::Crossed(name) => ("crossed", name.clone()),
        Owner::Kin(name) => ("kin", name.clone()),
        Owner::Shared(name) => ("shared", name.clone()),
        Owner::Open => ("open", String::new()),
        Owner::None => ("none", String::new()),
    };
    terms.add("subject", level, note);
}

fn metric(terms: &mut Terms<'_>, metric: &MetricTie) {
    let both = |a: &str, b: &str| format!("{}, {}", words(a), words(b));
    let (level, note) = match metric {
        MetricTie::Same(id) => ("same", words(id)),
        MetricTie::Family(id) => ("family", words(id)),
        MetricTie::Kin(a, b) => ("kin", both(a, b)),
        MetricTie::Change(a, b) => ("change", both(a, b)),
        MetricTie::OneKnown(id) => ("one_known", words(id)),
        MetricTie::NoneKnown => ("none_known", String::new()),
        MetricTie::Other(a, b) => ("other", both(a, b)),
    };
    terms.add("metric", level, note);
}

fn part(terms: &mut Terms<'_>, part: &PartTie) {
    let (level, note) = match part {
        PartTie::Same(id) => ("same", words(id)),
        PartTie::Alike(id) => ("alike", words(id)),
        PartTie::NoneKnown => ("none_known", String::new()),
        PartTie::WholeAndOpen => ("whole_and_open", String::new()),
        PartTie::Limit => ("limit", String::new()),
        PartTie::PartAndOpen(id) => ("part_and_open", words(id)),
        PartTie::Other(a, b) => ("other", format!("{}, {}", words(a), words(b))),
    };
    terms.add("part", level, note);
}

fn period(terms: &mut Terms<'_>, evidence: &Evidence) {
    let is_series = evidence.tempo.is_series;
    let (level, note) = match &evidence.period {
        PeriodTie::Same(name) => ("same", name.clone()),
        PeriodTie::NoneKnown => ("none_known", String::new()),
        PeriodTie::OneKnown if is_series => ("one_known_of_series", String::new()),
        PeriodTie::OneKnown => ("one_known", String::new()),
        PeriodTie::Overlap { .. } if is_series => ("overlap_of_series", String::new()),
        PeriodTie::Overlap { .. } => ("overlap", String::new()),
        PeriodTie::Shifted { a, b } => ("shifted", format!("{a}, {b}")),
        PeriodTie::Disjoint { a, b, apart } => {
            let level = if *apart == Apart::Days {
                "days_apart"
            } else {
                "apart"
            };
            (level, format!("{a}, {b}"))
        }
    };
    terms.add("period", level, note);
    terms.add_if(evidence.growth_bases.is_some(), "base", "growth");
    terms.add_if(evidence.time_bases.is_some(), "base", "time");
}

fn status(terms: &mut Terms<'_>, evidence: &Evidence) {
    let level = match evidence.statuses {
        (a, b) if a == b => "same",
        (Status::Conditional, _) | (_, Status::Conditional) => "conditional",
        (Status::Forecast, Status::Actual) | (Status::Actual, Status::Forecast) => {
            "forecast_and_actual"
        }
        (Status::Forecast, _) | (_, Status::Forecast) => "forecast",
        _ => "other",
    };
    terms.add("status", level, String::new());
    if let Some(speaker) = &evidence.stranger {
        terms.add("expectation", "of_another", speaker.clone());
    }
}

fn value(terms: &mut Terms<'_>, evidence: &Evidence, stand: &Stand) {
    let (name, level, note) = match stand {
        Stand::Slip { slip } => {
            let level = match slip.digits {
                0 | 1 => "one_digit",
                2 => "two_digits",
                _ => "three_digits",
            };
            ("power_of_ten", level, slip.power.to_string())
        }
        Stand::Units => ("same_digits", "units", String::new()),
        Stand::Currency => ("same_digits", "currency", String::new()),
        Stand::TimeBase => ("same_digits", "base", String::new()),
        Stand::GrowthBase => ("same_digits", "growth_base", String::new()),
        Stand::Fits(Fit::Equal) => {
            let level = match evidence.digits {
                0 | 1 => "one_digit",
                2 => "two_digits",
                _ => "three_digits",
            };
            (VALUE, level, evidence.digits.to_string())
        }
        Stand::Fits(Fit::Rounded | Fit::About) | Stand::Converts { .. } => {
            (VALUE, "close", String::new())
        }
        Stand::Fits(_) => (VALUE, "bound", String::new()),
        Stand::Loose { .. } | Stand::Apart { .. } | Stand::Mute => return,
    };
    terms.add(name, level, note);
}

/// Each figure that the other article states too is most likely about what it is about there, unless both claims say what they
/// are about: the same part, the same base of growth, the same period of a series.
fn elsewhere(evidence: &Evidence) -> &'static str {
    let is_said = matches!(evidence.part, PartTie::Same(_))
        || evidence.growth_is_said
        || (evidence.tempo.is_series && matches!(evidence.period, PeriodTie::Same(_)));
    match evidence.elsewhere {
        (true, true) => "both",
        _ if is_said => "explained",
        _ => "one",
    }
}

fn alternatives(evidence: &Evidence) -> &'static str {
    match evidence.alternatives {
        (0, 0) => "none",
        (0, 1) | (1, 0) => "one_on_one_side",
        (0, _) | (_, 0) => "many_on_one_side",
        (1, 1) => "one_on_both",
        _ => "many_on_both",
    }
}

fn absent(absent: (bool, bool)) -> &'static str {
    match absent {
        (false, false) => "none",
        (true, true) => "both",
        _ => "one",
    }
}

fn leads(count: u32) -> &'static str {
    match count {
        0 => "none",
        1 => "one",
        _ => "both",
    }
}

fn share(thousandths: u32) -> &'static str {
    match thousandths {
        0 => "none",
        1..=199 => "few",
        200..=399 => "some",
        400..=599 => "many",
        _ => "most",
    }
}

fn number(count: u32) -> &'static str {
    match count {
        0 => "none",
        1 => "one",
        2 => "two",
        3 | 4 => "some",
        _ => "many",
    }
}

fn nearness(days: i64) -> &'static str {
    match days {
        ..=3 => "to_3",
        4..=14 => "to_14",
        15..=45 => "to_45",
        46..=120 => "to_120",
        121..=366 => "to_366",
        _ => "more",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_chance_rises_and_is_symmetric() {
        assert_eq!(chance(0), 500);
        assert_eq!(chance(250), 562);
        assert_eq!(chance(125), 531);
        assert!((-9_000..9_000).all(|sum| chance(sum) <= chance(sum + 1)));
        assert!((0..9_000).all(|sum| chance(sum) + chance(-sum) == 1_000));
        assert_eq!(chance(i32::MAX), 993);
        assert_eq!(chance(i32::MIN), 7);
    }
}
