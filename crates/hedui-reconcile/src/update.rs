//! Does the later statement legitimately replace the earlier one?
//!
//! A score of its own, beside the one that asks whether two claims are about one thing: what speaks for a
//! figure that moved on (words of change, the old figure told in the newer article, a plan that became a fact, time
//! between the two) speaks against two figures of one time.

use std::borrow::Cow;

use hedui_model::{Appearance, Basis, Status};
use hedui_text::Folder;
use hedui_text::lexicon::{Change, Weights};

use crate::Reconciler;
use crate::evidence::{Evidence, MetricTie, Owner, PartTie, stands_in};
use crate::judge::{Stand, Term};
use crate::periods::PeriodTie;

/// The older and the newer of two appearances.
#[derive(Clone, Copy, Debug)]
pub(crate) struct InTime<'a> {
    pub(crate) older: &'a Appearance,
    pub(crate) newer: &'a Appearance,
}

impl<'a> InTime<'a> {
    pub(crate) fn of(a: &'a Appearance, b: &'a Appearance) -> Self {
        if (a.instant(), &a.claim.id) <= (b.instant(), &b.claim.id) {
            InTime { older: a, newer: b }
        } else {
            InTime { older: b, newer: a }
        }
    }
}

impl Reconciler {
    /// Adds up what speaks for the newer of two figures that cannot both be true replacing the older, and what against it.
    ///
    /// Nothing for articles of one day, and none where the figures say nothing to each other.
    pub(crate) fn update_terms(
        &self,
        pair: InTime<'_>,
        evidence: &Evidence,
        stand: &Stand,
    ) -> Vec<Term> {
        if evidence.days < 1 || *stand == Stand::Mute {
            return Vec::new();
        }
        let mut terms = UpdateTerms {
            weights: &self.lexicon.weights,
            terms: Vec::new(),
        };
        let (older, newer) = (&pair.older.claim, &pair.newer.claim);
        terms.add("update.prior", "all");
        terms.add("update.stand", stand_level(stand));
        terms.add("update.subject", owner_level(&evidence.owner));
        terms.add("update.metric", metric_level(&evidence.metric));
        terms.add("update.part", part_level(&evidence.part));
        let is_series = evidence.tempo.is_series;
        terms.add("update.period", period_level(&evidence.period, is_series));
        terms.add("update.days", days_level(evidence.days));
        terms.add("update.status", status_level(older.status, newer.status));
        let says = |change, text: &str| {
            self.verdicts()
                .says(change, &Folder::builtin().fold(text).text)
        };
        let texts = [
            newer.sentence_text.as_str(),
            pair.newer.article.title.as_str(),
        ];
        let level = match () {
            () if texts.iter().any(|text| says(Change::Correction, text)) => "correction",
            () if says(Change::Change, &newer.sentence_text) => "change",
            () if says(Change::Change, &pair.newer.article.title) => "change_in_title",
            () => "none",
        };
        terms.add("update.words", level);
        let told = match (
            stands_in(pair.older, pair.newer),
            stands_in(pair.newer, pair.older),
        ) {
            (true, false) => "old_in_newer",
            (false, true) => "new_in_older",
            (true, true) => "both",
            (false, false) => "none",
        };
        terms.add("update.told", told);
        let source = pair.older.article.meta.source == pair.newer.article.meta.source;
        terms.add("update.source", if source { "one" } else { "two" });
        let has_base = |period: Option<&hedui_model::Period>| {
            period
                .and_then(|period| period.basis)
                .is_some_and(|basis| !matches!(basis, Basis::Calendar | Basis::Fiscal))
        };
        if has_base(older.period.as_ref()) || has_base(newer.period.as_ref()) {
            terms.add("update.growth", "is");
        }
        terms.terms
    }

    /// Tells whether the newer of two claims with one figure on two time bases corrects the older.
    pub(crate) fn is_corrected(&self, pair: InTime<'_>) -> bool {
        let text = Folder::builtin().fold(&pair.newer.claim.sentence_text).text;
        let title = Folder::builtin().fold(&pair.newer.article.title).text;
        pair.older.instant() < pair.newer.instant()
            && [text, title]
                .iter()
                .any(|text| self.verdicts().says(Change::Correction, text))
    }
}

struct UpdateTerms<'a> {
    weights: &'a Weights,
    terms: Vec<Term>,
}

impl UpdateTerms<'_> {
    fn add(&mut self, name: &'static str, level: &'static str) {
        self.terms.push(Term {
            name,
            level: Cow::Borrowed(level),
            value_thousandths: self.weights.of(name, level, false),
            note: String::new(),
        });
    }
}

fn stand_level(stand: &Stand) -> &'static str {
    match stand {
        Stand::Slip { .. } | Stand::Units | Stand::Currency => "same_digits",
        Stand::TimeBase | Stand::GrowthBase => "base",
        Stand::Fits(_) | Stand::Converts { .. } => "fits",
        Stand::Loose { .. } | Stand::Apart { .. } | Stand::Mute => "apart",
    }
}

fn owner_level(owner: &Owner) -> &'static str {
    match owner {
        Owner::Same(_) => "same",
        Owner::Crossed(_) | Owner::Kin(_) => "crossed",
        Owner::Shared(_) | Owner::Open | Owner::None => "shared",
    }
}

fn metric_level(metric: &MetricTie) -> &'static str {
    match metric {
        MetricTie::Same(_) | MetricTie::Family(_) => "same",
        MetricTie::Kin(..) => "kin",
        MetricTie::OneKnown(_) | MetricTie::NoneKnown => "unknown",
        MetricTie::Change(..) | MetricTie::Other(..) => "other",
    }
}

fn part_level(part: &PartTie) -> &'static str {
    match part {
        PartTie::Same(_) => "same",
        PartTie::NoneKnown => "none_known",
        PartTie::WholeAndOpen | PartTie::Limit => "whole_or_limit",
        PartTie::PartAndOpen(_) | PartTie::Alike(_) | PartTie::Other(..) => "part",
    }
}

fn period_level(period: &PeriodTie, is_series: bool) -> &'static str {
    match period {
        PeriodTie::Same(_) => "same",
        _ if is_series => "open_of_series",
        PeriodTie::NoneKnown | PeriodTie::OneKnown => "open",
        PeriodTie::Overlap { .. } => "overlap",
        PeriodTie::Shifted { .. } | PeriodTie::Disjoint { .. } => "apart",
    }
}

fn days_level(days: i64) -> &'static str {
    match days {
        ..=2 => "to_2",
        3..=14 => "to_14",
        15..=60 => "to_60",
        61..=200 => "to_200",
        _ => "more",
    }
}

fn status_level(older: Status, newer: Status) -> &'static str {
    let is_plan = |status| {
        matches!(
            status,
            Status::Planned | Status::Forecast | Status::Conditional | Status::Reported
        )
    };
    match (older, newer) {
        (_, Status::Denied) | (Status::Denied, _) => "denied",
        (older, Status::Actual) if is_plan(older) => "plan_to_fact",
        (Status::Actual, newer) if is_plan(newer) => "fact_to_plan",
        (Status::Actual, _) => "facts",
        _ => "plans",
    }
}
