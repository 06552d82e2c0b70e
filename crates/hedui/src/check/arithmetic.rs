//! What does not add up inside a draft, and which of its figures is to be told of.

use std::collections::BTreeMap;

use hedui_model::{Appearance, ClaimId};
use hedui_reconcile::{Mismatch, MismatchKind};

use super::finding::{Finding, Rule, Stand, Verdict};
use super::suggest::Adviser;

/// Lays what does not add up over what was found before.
///
/// Of the figures the one is told of that the archive bears out least, else the first. Where one of them is known to be
/// wrong already, that explains the rest.
pub(super) fn lay_over(
    mismatches: &[Mismatch],
    claims: &[Appearance],
    adviser: &Adviser<'_>,
    found: &mut BTreeMap<ClaimId, Finding>,
) {
    for mismatch in mismatches {
        let finding = |id: &ClaimId| found.get(id);
        let is_told =
            |id: &ClaimId| finding(id).is_some_and(|one| one.verdict == Verdict::Conflict);
        if mismatch.claims.iter().any(is_told) {
            continue;
        }
        let support = |id: &&ClaimId| {
            let sides = finding(id).map_or(&[][..], |one| &one.sides);
            let agreeing = sides.iter().filter(|side| side.stand == Stand::Agrees);
            agreeing
                .map(|side| side.independent_sources)
                .max()
                .unwrap_or(0)
        };
        // Of two that nobody bears out, what the archive has otherwise.
        let is_opposed = |id: &ClaimId| {
            let sides = finding(id).map_or(&[][..], |one| &one.sides);
            sides.iter().any(|side| side.stand == Stand::Contradicts)
        };
        let blame = |id: &&ClaimId| (support(id), !is_opposed(id));
        let Some(told) = mismatch.claims.iter().min_by_key(blame).cloned() else {
            continue;
        };
        let of = |id: &ClaimId| claims.iter().find(|claim| claim.claim.id == *id);
        let others = mismatch.claims.iter().filter(|id| **id != told);
        // What a figure would have to be is known for the first of them.
        let expected = mismatch
            .expected
            .filter(|_| mismatch.claims.first() == Some(&told));
        let suggestion = of(&told)
            .zip(expected)
            .and_then(|(claim, value)| adviser.written_with(claim, value));
        let sides = found
            .remove(&told)
            .map(|before| before.sides)
            .unwrap_or_default();
        let laid = Finding {
            verdict: Verdict::Conflict,
            rule: Some(match mismatch.kind {
                MismatchKind::Parts => Rule::Sum,
                _ => Rule::Percentage,
            }),
            confidence: mismatch.confidence,
            why: mismatch.why.clone(),
            sides,
            within: others.filter_map(of).cloned().collect(),
            suggestion,
        };
        found.insert(told, laid);
    }
}
