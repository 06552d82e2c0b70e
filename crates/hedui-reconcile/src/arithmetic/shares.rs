//! A share beside the part and the whole that it relates.

use hedui_model::{Claim, Confidence, Decimal, Kind};

use super::{Mismatch, MismatchKind, OF_WHICH, PERCENT, Rounded};
use crate::Reconciler;
use crate::phrase::Reason;

/// How sure it is that a share does not fit: the part may be of another whole.
const SHARE: u16 = 800;

impl Reconciler {
    /// Sets a share of a sentence against its part and its whole: the one figure that is said to be of the one before it, or
    /// two figures of one metric with the share between them, where there are no others.
    pub(super) fn share(&self, sentence: &[&Claim]) -> Option<Mismatch> {
        let is_share = |claim: &Claim| {
            let metric = claim.metric.as_ref();
            claim.quantity.unit.id == PERCENT
                && metric.is_some_and(|metric| self.verdicts().is_share_of_whole(&metric.id))
        };
        let is_percent = |claim: &&&Claim| claim.quantity.kind == Kind::Percent;
        if sentence.iter().filter(is_percent).count() != 1 {
            return None;
        }
        let place = sentence.iter().position(|claim| is_share(claim))?;
        let share = sentence.get(place)?;
        let (part, whole) = of_which(sentence).or_else(|| around(sentence, place))?;
        let (of_part, of_whole, stated) =
            (Rounded::of(part)?, Rounded::of(whole)?, Rounded::of(share)?);
        if part.quantity.unit != whole.quantity.unit || of_part.low() > of_whole.high() {
            return None;
        }
        let per_cent = |part: Decimal, whole: Decimal| part.scaled(2).ok()?.checked_div(whole).ok();
        let low = per_cent(of_part.low(), of_whole.high())?;
        let high = per_cent(of_part.high(), of_whole.low())?;
        // Whoever computed it may have rounded once more than is shown.
        let is_apart = high < stated.low().checked_sub(stated.half).ok()?
            || low > stated.high().checked_add(stated.half).ok()?;
        is_apart.then_some(())?;
        let expected = per_cent(of_part.value, of_whole.value)?
            .rounded(u32::from(share.quantity.precision.max(1)));
        let mut reason = Reason::new(self.verdicts());
        reason.say(
            "share_fails",
            &[
                ("a", part.mention()),
                ("b", whole.mention()),
                ("c", share.mention()),
                ("value", &crate::within::plain(expected)),
            ],
        );
        Some(Mismatch {
            kind: MismatchKind::Share,
            claims: [share, part, whole]
                .iter()
                .map(|claim| claim.id.clone())
                .collect(),
            expected: Some(expected),
            confidence: Confidence::from_thousandths(SHARE),
            why: reason.into_text(),
        })
    }
}

/// Returns the one part of a sentence and the one figure of its unit before it.
fn of_which<'a>(sentence: &[&'a Claim]) -> Option<(&'a Claim, &'a Claim)> {
    let mut parts = sentence
        .iter()
        .copied()
        .enumerate()
        .filter(|(_, claim)| claim.scope.part.as_deref() == Some(OF_WHICH));
    let (place, part) = parts.next()?;
    let is_amount =
        |claim: &&&Claim| claim.quantity.unit == part.quantity.unit && claim.gloss_of.is_none();
    let before: Vec<&&Claim> = sentence.get(..place)?.iter().filter(is_amount).collect();
    let after = sentence.get(place + 1..)?.iter().filter(is_amount).count();
    match before.as_slice() {
        [whole] if after == 0 && parts.next().is_none() => Some((part, **whole)),
        _ => None,
    }
}

/// Returns the figures on either side of a share, where the sentence has no others.
fn around<'a>(sentence: &[&'a Claim], place: usize) -> Option<(&'a Claim, &'a Claim)> {
    let &[part, _, whole] = sentence else {
        return None;
    };
    // The part may be that of another, a market or a branch.
    let are_alike = part.metric.is_some()
        && part.metric == whole.metric
        && part.period == whole.period
        && part.status == whole.status
        && part.scope.time_base == whole.scope.time_base;
    (place == 1 && are_alike).then_some((part, whole))
}
