//! How alike two sentences are in their letters, the figures apart: across scripts, for both are folded.

use std::collections::BTreeSet;

use hedui_model::Claim;
use hedui_text::Folder;

/// Shared pairs of characters, in thousandths, from which on two sentences are one, edited.
pub(crate) const SAME_SENTENCE: usize = 700;

/// Returns how many pairs of neighbouring characters two claims' sentences share around their figures, in thousandths.
pub(crate) fn likeness(a: &Claim, b: &Claim) -> usize {
    let (first, second) = (pairs_around(a), pairs_around(b));
    let shared = first.intersection(&second).count();
    (2_000 * shared)
        .checked_div(first.len() + second.len())
        .unwrap_or(0)
}

fn pairs_around(claim: &Claim) -> BTreeSet<(char, char)> {
    let start = claim.sentence.start();
    let span = claim.quantity.span;
    let text = &claim.sentence_text;
    let before = text
        .get(..span.start().saturating_sub(start))
        .unwrap_or_default();
    let after = text
        .get(span.end().saturating_sub(start)..)
        .unwrap_or_default();
    let rest = Folder::builtin().fold(&format!("{before} {after}")).text;
    rest.chars().zip(rest.chars().skip(1)).collect()
}
