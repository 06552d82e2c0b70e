//! Are two claims about the same thing? A sum of named terms, in thousandths of a logit, and what it means as a chance.
//!
//! The value is no evidence, but for the one that a slip gives: equal digits a
//! power of ten or a currency apart.

use hedui_model::Status;

use crate::compat::Slip;
use crate::evidence::{Evidence, MetricTie, Owner, PartTie};
use crate::judge::Term;
use crate::periods::{Apart, PeriodTie};
use crate::phrase::words;

/// What two claims of one block have before anything else is known.
const PRIOR: i32 = -1_900;

/// Adds up what speaks for one fact and what against it.
pub(crate) fn terms_of(evidence: &Evidence, slip: Option<Slip>, same_digits: bool) -> Vec<Term> {
    let mut terms = Terms::default();
    terms.add("prior", PRIOR, String::new());
    owner(&mut terms, &evidence.owner);
    terms.add(
        "rivals",
        -600 * i32::from(evidence.have_rivals),
        String::new(),
    );
    metric(&mut terms, &evidence.metric);
    let words_shared = i32::try_from(evidence.terms_thousandths.min(700)).unwrap_or(700);
    terms.add(
        "words",
        words_shared * 2 - 300,
        evidence.terms_shared.to_string(),
    );
    part(&mut terms, &evidence.part);
    period(&mut terms, evidence);
    status(&mut terms, evidence);
    let beside = i32::try_from(evidence.figures_beside.min(3)).unwrap_or(3);
    terms.add(
        "figures_beside",
        beside * 450,
        evidence.figures_beside.to_string(),
    );
    let shared = i32::try_from(evidence.figures_shared.min(5)).unwrap_or(5);
    terms.add(
        "figures_of_articles",
        shared * 120,
        evidence.figures_shared.to_string(),
    );
    let story = i32::try_from(evidence.story.min(1_000)).unwrap_or(1_000);
    terms.add("story", story * 7 / 10 - 350, evidence.story.to_string());
    terms.add(
        "days_apart",
        nearness(evidence.days),
        evidence.days.to_string(),
    );
    if let Some(slip) = slip {
        let worth = match slip.digits {
            0 | 1 => 300,
            2 => 800,
            _ => 1_200,
        };
        terms.add("power_of_ten", worth, slip.power.to_string());
    } else if same_digits {
        terms.add("same_digits", 600, String::new());
    }
    terms.0
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

#[derive(Default)]
struct Terms(Vec<Term>);

impl Terms {
    fn add(&mut self, name: &'static str, value_thousandths: i32, note: String) {
        if value_thousandths != 0 {
            self.0.push(Term {
                name,
                value_thousandths,
                note,
            });
        }
    }
}

fn owner(terms: &mut Terms, owner: &Owner) {
    let (value, note) = match owner {
        Owner::Same(name) => (1_000, name.clone()),
        Owner::Crossed(name) => (500, name.clone()),
        Owner::Shared(name) => (0, name.clone()),
        Owner::Open => (-200, String::new()),
        Owner::None => (-3_000, String::new()),
    };
    terms.add("subject", value, note);
}

fn metric(terms: &mut Terms, metric: &MetricTie) {
    let (value, note) = match metric {
        MetricTie::Same(id) => (1_200, words(id)),
        MetricTie::Family(id) => (900, words(id)),
        MetricTie::Kin(a, b) => (-100, format!("{}, {}", words(a), words(b))),
        MetricTie::Change(a, b) => (200, format!("{}, {}", words(a), words(b))),
        MetricTie::OneKnown(id) => (-300, words(id)),
        MetricTie::NoneKnown => (-300, String::new()),
        MetricTie::Other(a, b) => (-1_300, format!("{}, {}", words(a), words(b))),
    };
    terms.add("metric", value, note);
}

fn part(terms: &mut Terms, part: &PartTie) {
    let (value, note) = match part {
        PartTie::Same(id) => (600, words(id)),
        PartTie::Alike(id) => (300, words(id)),
        PartTie::NoneKnown => (100, String::new()),
        PartTie::WholeAndOpen => (0, String::new()),
        PartTie::Limit => (-100, String::new()),
        PartTie::PartAndOpen(id) => (-600, words(id)),
        PartTie::Other(a, b) => (-3_000, format!("{}, {}", words(a), words(b))),
    };
    terms.add("part", value, note);
}

fn period(terms: &mut Terms, evidence: &Evidence) {
    let is_series = evidence.tempo.is_series;
    let (value, note) = match &evidence.period {
        PeriodTie::Same(name) => (500, name.clone()),
        PeriodTie::NoneKnown => (0, String::new()),
        PeriodTie::OneKnown => (if is_series { -300 } else { -50 }, String::new()),
        PeriodTie::Overlap { .. } => (if is_series { -500 } else { -50 }, String::new()),
        PeriodTie::Disjoint { a, b, apart } => {
            let value = if *apart == Apart::Days { -400 } else { -700 };
            (value, format!("{a}, {b}"))
        }
    };
    terms.add("period", value, note);
    let bases =
        i32::from(evidence.growth_bases.is_some()) + i32::from(evidence.time_bases.is_some());
    terms.add("base", -300 * bases, String::new());
}

fn status(terms: &mut Terms, evidence: &Evidence) {
    let value = match evidence.statuses {
        (a, b) if a == b => 150,
        (Status::Conditional, _) | (_, Status::Conditional) => -400,
        (Status::Forecast, Status::Actual) | (Status::Actual, Status::Forecast) => -300,
        (Status::Forecast, _) | (_, Status::Forecast) => -150,
        _ => 0,
    };
    terms.add("status", value, String::new());
    if let Some(speaker) = &evidence.stranger {
        terms.add("expectation", -900, speaker.clone());
    }
}

fn nearness(days: i64) -> i32 {
    match days {
        ..=3 => 300,
        4..=14 => 150,
        15..=45 => 0,
        46..=120 => -200,
        121..=366 => -500,
        _ => -1_000,
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
