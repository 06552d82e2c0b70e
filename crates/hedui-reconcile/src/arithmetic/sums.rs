//! Figures of a sentence beside what they are said to add up to.

use hedui_model::{Claim, Confidence, Decimal};
use hedui_text::Folder;

use super::{Mismatch, MismatchKind, Rounded};
use crate::Reconciler;
use crate::phrase::Reason;

/// How sure it is that figures add up to more than is said.
const MORE: u16 = 800;
/// The same for less: there may be others, in the sentence before.
const LESS: u16 = 600;

impl Reconciler {
    /// Sets the figures of a sentence against the one after them that a word of adding up stands before.
    ///
    /// All are of one metric, and none is said to be a part of anything, but that the last may be said to be the whole.
    pub(super) fn sum(&self, sentence: &[&Claim]) -> Option<Mismatch> {
        let place = (2..sentence.len()).find(|place| self.is_sum(sentence, *place))?;
        let (total, before) = (sentence.get(place)?, sentence.get(..place)?);
        let is_alike = |claim: &&&Claim| claim.quantity.unit == total.quantity.unit;
        let parts: Vec<&&Claim> = before
            .iter()
            .filter(is_alike)
            .filter(|claim| claim.gloss_of.is_none())
            .collect();
        let are_one = |claim: &&&Claim| {
            claim.metric.is_some()
                && claim.metric == total.metric
                && claim.scope.part.is_none()
                && claim.scope.time_base == total.scope.time_base
        };
        let more = sentence.get(place + 1..)?.iter().filter(is_alike).count();
        if parts.len() < 2 || more > 0 || !parts.iter().all(are_one) {
            return None;
        }
        let stated = Rounded::of(total)?;
        let (mut least, mut most, mut sum) = (Decimal::ZERO, Decimal::ZERO, Decimal::ZERO);
        for part in &parts {
            let part = Rounded::of(part)?;
            least = least.checked_add(part.low()).ok()?;
            most = most.checked_add(part.high()).ok()?;
            sum = sum.checked_add(part.value).ok()?;
        }
        let confidence = match () {
            () if least > stated.high() => MORE,
            () if most < stated.low() => LESS,
            () => return None,
        };
        let listed: Vec<&str> = parts.iter().map(|part| part.mention()).collect();
        let mut reason = Reason::new(self.verdicts());
        reason.say(
            "sum_fails",
            &[
                ("list", &listed.join(", ")),
                ("a", total.mention()),
                ("value", &crate::within::plain(sum)),
            ],
        );
        let ids = parts.iter().map(|part| part.id.clone());
        Some(Mismatch {
            kind: MismatchKind::Parts,
            claims: std::iter::once(total.id.clone()).chain(ids).collect(),
            expected: Some(sum.normalized()),
            confidence: Confidence::from_thousandths(confidence),
            why: reason.into_text(),
        })
    }

    /// Tells whether a word of adding up stands between a figure and the one before it.
    fn is_sum(&self, sentence: &[&Claim], place: usize) -> bool {
        let between = || -> Option<&str> {
            let (before, own) = (sentence.get(place.checked_sub(1)?)?, sentence.get(place)?);
            let begin = own.sentence.start();
            let from = before.quantity.span.end().checked_sub(begin)?;
            let to = own.quantity.span.start().checked_sub(begin)?;
            own.sentence_text.get(from..to)
        };
        let says = |text: &str| self.verdicts().says_sum(&Folder::builtin().fold(text).text);
        between().is_some_and(says)
    }
}
