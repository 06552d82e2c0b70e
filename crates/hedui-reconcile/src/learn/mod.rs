//! Learning from agreement: figures align languages by themselves.
//!
//! Two sentences of different languages that share an exact figure of several digits
//! and an entity most likely tell the same thing. Words that stand on both sides again and again, more often than
//! chance would have it (Dunning's log-likelihood ratio, 1993), are proposed as rows of the lexicon, each with its
//! evidence, for a person to accept. Nothing is learned by itself: what agrees by accident would otherwise teach
//! the next accident.
//!
//! Pure: the caller gives the claims and the segmentation.

mod events;
mod propose;
mod words;

use hedui_model::{Appearance, ClaimId};
use hedui_text::Lexicon;

pub use propose::Proposal;

/// How much is asked of a suggestion.
#[derive(Clone, Copy, Debug)]
pub struct Demands {
    /// In how many events two words have to stand together; an event is one figure, however many outlets tell it.
    pub events_min: usize,
    /// How far from chance, as a log-likelihood ratio: 10.8 is one in a thousand.
    pub ratio_min: f64,
}

impl Default for Demands {
    fn default() -> Self {
        Demands {
            events_min: 3,
            ratio_min: 10.8,
        }
    }
}

/// A row that agreement proposes, with what speaks for it.
#[derive(Clone, Debug, PartialEq)]
pub struct Suggestion {
    /// What row it is.
    pub proposal: Proposal,
    /// In how many events the two words stand together.
    pub events: usize,
    /// How far from chance that is.
    pub ratio: f64,
    /// Some of the pairs of claims, at most three.
    pub evidence: Vec<(ClaimId, ClaimId)>,
}

/// Finds rows that the lexicon lacks.
///
/// `words` is the segmentation of the index. Suggestions come with the surest first; the order of `claims` does not matter.
#[must_use]
pub fn suggest(
    lexicon: &Lexicon,
    words: &dyn Fn(&str) -> Vec<String>,
    claims: &[Appearance],
    demands: Demands,
) -> Vec<Suggestion> {
    let events = events::aligned(claims);
    let mut found = propose::names(lexicon, &events, demands);
    found.extend(propose::words(lexicon, words, &events, demands));
    found.sort_by(|a, b| {
        b.ratio
            .total_cmp(&a.ratio)
            .then_with(|| a.proposal.cmp(&b.proposal))
    });
    found
}

#[cfg(test)]
mod tests;
