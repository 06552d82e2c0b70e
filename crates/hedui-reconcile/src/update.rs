//! Does the later statement legitimately replace the earlier one?
//!
//! Points for time between the two, for words that say that a figure moved on, for
//! the old figure standing in the newer article, for a forecast that was booked;
//! against a statement of the same day and against a power of ten.

use hedui_model::{Appearance, Status};
use hedui_text::Folder;
use hedui_text::lexicon::Change;

use crate::Reconciler;
use crate::compat::Slip;
use crate::evidence::{Evidence, stands_in};
use crate::periods::PeriodTie;

/// From so many tenths of a point on, the later statement replaces the earlier.
const ENOUGH: i32 = 16;

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
    /// Tells whether two figures that cannot both be true are an earlier and a later state.
    pub(crate) fn is_update(
        &self,
        pair: InTime<'_>,
        evidence: &Evidence,
        slip: Option<Slip>,
    ) -> bool {
        if evidence.days < 1 || slip.is_some() {
            return false;
        }
        let (older, newer) = (&pair.older.claim, &pair.newer.claim);
        let is_booked = matches!(
            (older.status, newer.status),
            (
                Status::Forecast | Status::Planned | Status::Conditional,
                Status::Actual
            )
        );
        // Each term of a series has a value of its own. A plan for one may be changed, and gives way to what is booked; what two
        // sources say of a closed one is no matter of time.
        let is_dated = matches!(evidence.period, PeriodTie::Same(_));
        let are_facts = [older.status, newer.status]
            .iter()
            .all(|status| matches!(status, Status::Actual | Status::Reported));
        let is_one_source = pair.older.article.meta.source == pair.newer.article.meta.source;
        if evidence.tempo.is_series && !is_booked && !(is_dated && (is_one_source || !are_facts)) {
            return false;
        }
        let newer_text = Folder::builtin().fold(&newer.sentence_text).text;
        let has_changed = self.verdicts().says(Change::Change, &newer_text)
            || self.verdicts().says(Change::Correction, &newer_text);
        let old_is_told = stands_in(pair.older, pair.newer);
        let points = 10 * i32::from(evidence.days >= 3)
            + 10 * i32::from(evidence.days >= 45)
            + 10 * i32::from(has_changed)
            + 10 * i32::from(old_is_told)
            + 10 * i32::from(is_booked);
        points >= ENOUGH
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
