//! A source that changed a figure of its own: claims of two revisions of one article, paired by their sentences.

use std::collections::BTreeSet;

use hedui_model::{Appearance, Cause, Confidence, Judged, Relation, Verdict};

use crate::Reconciler;
use crate::judge::Stand;
use crate::likeness::{SAME_SENTENCE, likeness};
use crate::phrase::Reason;

/// How sure a changed figure is.
const REVISED: u16 = 950;

impl Reconciler {
    /// Finds figures that a source changed between two revisions of one article.
    ///
    /// A claim whose evidence stands in both revisions was not changed. Of the others each is paired with the one whose sentence,
    /// the figure apart, is most like its own; where the figures cannot both be true the source has changed its figure.
    /// In the answers `a < b` by id.
    #[must_use]
    pub fn revision(&self, old: &[Appearance], new: &[Appearance]) -> Vec<Judged> {
        let gone = without(old, new);
        let come = without(new, old);
        let likeness: Vec<Vec<usize>> = gone
            .iter()
            .map(|before| come.iter().map(|after| self.alike(before, after)).collect())
            .collect();
        let mut verdicts = Vec::new();
        for (row, before) in gone.iter().enumerate() {
            for (column, after) in come.iter().enumerate() {
                let at = |row: usize, column: usize| {
                    likeness
                        .get(row)
                        .and_then(|own| own.get(column))
                        .copied()
                        .unwrap_or(0)
                };
                let own = at(row, column);
                let is_best = (0..come.len()).all(|other| at(row, other) <= own)
                    && (0..gone.len()).all(|other| at(other, column) <= own);
                if own >= SAME_SENTENCE && is_best {
                    verdicts.extend(self.changed(before, after));
                }
            }
        }
        verdicts
    }

    fn alike(&self, before: &Appearance, after: &Appearance) -> usize {
        if before.claim.place != after.claim.place
            || before.claim.quantity.kind != after.claim.quantity.kind
        {
            return 0;
        }
        likeness(&before.claim, &after.claim)
    }

    fn changed(&self, before: &Appearance, after: &Appearance) -> Option<Judged> {
        if matches!(
            self.stand_of(before, after),
            Stand::Fits(_) | Stand::Converts { .. }
        ) {
            return None;
        }
        let mut reason = Reason::new(self.verdicts());
        reason.say(
            "edited",
            &[("a", before.claim.mention()), ("b", after.claim.mention())],
        );
        let (a, b) = (&before.claim.id, &after.claim.id);
        Some(Judged {
            a: a.min(b).clone(),
            b: a.max(b).clone(),
            verdict: Verdict {
                relation: Relation::Conflict,
                cause: Some(Cause::Revision),
                confidence: Confidence::from_thousandths(REVISED),
                why: reason.into_text(),
            },
        })
    }
}

fn without<'a>(appearances: &'a [Appearance], others: &[Appearance]) -> Vec<&'a Appearance> {
    let known: BTreeSet<_> = others.iter().map(|other| &other.claim.id).collect();
    appearances
        .iter()
        .filter(|own| !known.contains(&own.claim.id))
        .collect()
}
