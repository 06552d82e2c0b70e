//! How sure a conflict may be: what it must pass to be told without being asked for, and to be listed at all.
//!
//! The chance that two claims are about one thing says little where the metric
//! is unknown, the owner doubtful or the period open. Each such doubt puts a
//! lid on the confidence; without any, it is the chance itself. A conflict whose
//! lid is below [`crate::LIST_CONFIDENCE`] is not listed.

use hedui_model::{Appearance, Decimal, Kind};

use crate::evidence::{Evidence, MetricTie, Owner, PartTie};
use crate::judge::{Case, Stand};
use crate::periods::PeriodTie;

/// Nothing of it is listed.
const UNLISTED: u16 = 450;
/// Listed, as doubtful as can be.
const DOUBTFUL: u16 = 550;
/// Listed.
const POSSIBLE: u16 = 650;
/// Listed, and likely.
const LIKELY: u16 = 750;
/// Listed, and short of being told by one doubt.
const NEARLY: u16 = 850;

/// Articles that are further apart, in days, belong to other news.
const SAME_NEWS_DAYS: i64 = 14;
/// Figures that are further apart, in days, have often moved on.
const SAME_STATE_DAYS: i64 = 45;
/// Shared entities of two articles, in thousandths, below which they tell different stories.
const SAME_STORY: u32 = 350;

impl Case<'_> {
    /// Returns the highest confidence that a conflict between the two may have.
    pub(crate) fn lid(&self) -> u16 {
        let evidence = &self.evidence;
        let of_figures = if self.has_same_digits() {
            self.lid_of_slip()
        } else {
            self.lid_of_other_figures()
        };
        [
            lid_of_owner(evidence),
            lid_of_metric(evidence),
            lid_of_scope(evidence),
            lid_of_time(evidence),
            lid_of_speakers(evidence),
            of_figures,
        ]
        .into_iter()
        .min()
        .unwrap_or(UNLISTED)
    }

    fn lid_of_slip(&self) -> u16 {
        let evidence = &self.evidence;
        let is_elsewhere = evidence.elsewhere != (false, false);
        let is_weak = self.slip().is_some_and(|slip| slip.digits < 2);
        let is_vague = !matches!(evidence.owner, Owner::Same(_)) && evidence.days > SAME_NEWS_DAYS;
        match () {
            () if is_vague || self.are_everyday() => UNLISTED,
            () if is_weak && is_elsewhere => POSSIBLE,
            () if is_elsewhere => NEARLY,
            () if matches!(self.stand, Stand::GrowthBase) => 800,
            () => 1_000,
        }
    }

    fn lid_of_other_figures(&self) -> u16 {
        let evidence = &self.evidence;
        let is_vague = !matches!(evidence.owner, Owner::Same(_)) && evidence.figures_beside == 0;
        let is_wordless = evidence.figures_beside == 0 && evidence.terms_thousandths < 250;
        if is_vague || is_wordless || self.are_everyday() || self.is_magnitude() {
            return UNLISTED;
        }
        let is_elsewhere = evidence.elsewhere != (false, false);
        // Growth against the same base, both said: what stands elsewhere is growth against another.
        let is_explained = evidence.growth_is_said;
        let of_distance = match () {
            () if is_explained => 1_000,
            // A part is a good deal smaller than its whole.
            () if matches!(evidence.part, PartTie::Same(_)) && !self.is_far(10) => 1_000,
            () if self.is_far(5) => DOUBTFUL,
            () if self.is_far(2) => LIKELY,
            () => 1_000,
        };
        let of_place = match () {
            () if !is_elsewhere => 1_000,
            () if is_explained => 900,
            // A part told as the whole: both say that it is the whole.
            () if matches!(evidence.part, PartTie::Same(_)) => 800,
            () => LIKELY,
        };
        let of_rounding = if matches!(self.stand, Stand::Loose { .. }) {
            DOUBTFUL
        } else {
            1_000
        };
        let of_words = if evidence.figures_beside == 0 && evidence.terms_thousandths < 500 {
            NEARLY
        } else {
            1_000
        };
        let is_dated = matches!(evidence.period, PeriodTie::Same(_));
        let of_parts = match () {
            () if matches!(evidence.part, PartTie::Alike(_)) => DOUBTFUL,
            () if evidence.tempo.is_series && !is_dated && evidence.figures_beside == 0 => DOUBTFUL,
            () => 1_000,
        };
        of_distance
            .min(of_place)
            .min(of_rounding)
            .min(of_words)
            .min(of_parts)
    }

    /// Tells whether one of the figures is a vague magnitude, beside which any figure is wrong or right.
    fn is_magnitude(&self) -> bool {
        match &self.stand {
            Stand::Apart { a, b } | Stand::Loose { a, b } => a.is_vague() || b.is_vague(),
            _ => false,
        }
    }

    /// Tells whether the larger figure is more than so many times the smaller.
    fn is_far(&self, times: i64) -> bool {
        let (Stand::Apart { a, b } | Stand::Loose { a, b }) = &self.stand else {
            return false;
        };
        let Some((x, y)) = a.main().zip(b.main()) else {
            return true;
        };
        let limit = Decimal::from(times).checked_mul(x.min(y));
        limit.map_or(true, |limit| x.max(y) > limit)
    }

    /// Tells whether the figures are of a kind of which every text is full: lengths of time and small counts.
    fn are_everyday(&self) -> bool {
        let is_everyday = |appearance: &Appearance| {
            let quantity = &appearance.claim.quantity;
            let is_count = quantity.unit.id.is_empty() || quantity.unit.count_noun().is_some();
            let stated = quantity.low().or(quantity.high());
            let is_small = stated.is_none_or(|value| value < Decimal::from(20));
            quantity.kind == Kind::Duration || (is_count && is_small)
        };
        is_everyday(self.a) || is_everyday(self.b)
    }
}

fn lid_of_owner(evidence: &Evidence) -> u16 {
    match &evidence.owner {
        _ if evidence.have_rivals => POSSIBLE,
        Owner::Same(_) => 1_000,
        Owner::Crossed(_) | Owner::Kin(_) => NEARLY,
        Owner::Shared(_) => POSSIBLE,
        Owner::Open => DOUBTFUL,
        Owner::None => UNLISTED,
    }
}

fn lid_of_metric(evidence: &Evidence) -> u16 {
    match &evidence.metric {
        MetricTie::Same(_) | MetricTie::Family(_) => 1_000,
        MetricTie::Kin(..) | MetricTie::Change(..) | MetricTie::OneKnown(_) => LIKELY,
        MetricTie::NoneKnown => DOUBTFUL,
        MetricTie::Other(..) => UNLISTED,
    }
}

fn lid_of_scope(evidence: &Evidence) -> u16 {
    match &evidence.part {
        PartTie::PartAndOpen(_) => POSSIBLE,
        _ if evidence.open_time_base => LIKELY,
        _ => 1_000,
    }
}

fn lid_of_time(evidence: &Evidence) -> u16 {
    let is_dated = matches!(evidence.period, PeriodTie::Same(_));
    match () {
        () if evidence.story < SAME_STORY => POSSIBLE,
        () if evidence.tempo.is_series && !is_dated => NEARLY,
        () if evidence.days > SAME_STATE_DAYS => NEARLY,
        () => 1_000,
    }
}

fn lid_of_speakers(evidence: &Evidence) -> u16 {
    if evidence.statuses.0 != evidence.statuses.1 && evidence.days > SAME_NEWS_DAYS {
        NEARLY
    } else {
        1_000
    }
}
