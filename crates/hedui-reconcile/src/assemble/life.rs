//! Which claims of a conflict still stand: the others were replaced by later statements, or corrected by their own sources.
//!
//! A conflict is over when none of its contradictions is left between claims that stand. A slip, a wrong restatement
//! and a figure that its source changed are not undone by what others say later; a slip that its own source corrected
//! is.

use std::collections::{BTreeMap, BTreeSet};

use hedui_model::{Cause, Ending, Relation};

use super::groups::{Edge, Graph};
use crate::Reconciler;
use crate::phrase::filled;

/// What is left of a conflict.
pub(super) struct Life<'e> {
    /// Claims that no longer stand.
    pub(super) gone: BTreeSet<usize>,
    /// The contradictions that are left; all of them, where none is.
    pub(super) edges: Vec<&'e Edge>,
    /// What ended the conflict, where none is left.
    pub(super) ended: Option<Ended>,
}

/// What ended a conflict: the last statement that took another's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ended {
    pub(super) by: Ending,
    pub(super) earlier: usize,
    pub(super) later: usize,
}

impl<'e> Life<'e> {
    /// Looks at the verdicts between the values of a fact.
    pub(super) fn of(graph: &Graph<'_>, between: &[&'e Edge]) -> Self {
        let opposed: Vec<&Edge> = between
            .iter()
            .copied()
            .filter(|edge| edge.relation == Relation::Conflict)
            .collect();
        let mut gone: BTreeMap<usize, Ended> = BTreeMap::new();
        if !is_lasting(&opposed) {
            gone.extend(replaced(between));
        }
        // A source that merely changed its own figure is the conflict; one that ended a contradiction with others by it, its end.
        if opposed
            .iter()
            .any(|edge| edge.cause != Some(Cause::Revision))
        {
            gone.extend(corrected(graph, &opposed));
        }
        let stands = |claim: usize| !gone.contains_key(&claim);
        let left: Vec<&Edge> = opposed
            .iter()
            .copied()
            .filter(|edge| stands(edge.a) && stands(edge.b))
            .collect();
        let is_over = left.is_empty();
        Life {
            ended: gone
                .values()
                .max_by_key(|ended| ended.later)
                .filter(|_| is_over)
                .copied(),
            edges: if is_over { opposed } else { left },
            gone: gone.into_keys().collect(),
        }
    }
}

/// Finds the claims that were replaced: more claims of other values replace them than contradict them.
fn replaced(between: &[&Edge]) -> BTreeMap<usize, Ended> {
    let mut points: BTreeMap<usize, i32> = BTreeMap::new();
    let mut by: BTreeMap<usize, usize> = BTreeMap::new();
    for edge in between {
        match edge.relation {
            Relation::Update => {
                let (older, newer) = if edge.a_is_older {
                    (edge.a, edge.b)
                } else {
                    (edge.b, edge.a)
                };
                *points.entry(older).or_default() += 1;
                let last = by.entry(older).or_insert(newer);
                *last = (*last).max(newer);
            }
            Relation::Conflict => {
                *points.entry(edge.a).or_default() -= 1;
                *points.entry(edge.b).or_default() -= 1;
            }
            Relation::Agree | Relation::Different => {}
        }
    }
    points.retain(|_, points| *points > 0);
    let ended = |(earlier, _): (usize, i32)| {
        let later = by.get(&earlier).copied()?;
        let by = Ending::Update;
        Some((earlier, Ended { by, earlier, later }))
    };
    points.into_iter().filter_map(ended).collect()
}

/// Finds the claims that their own articles changed: of an edited figure, the one of the earlier revision.
fn corrected(graph: &Graph<'_>, opposed: &[&Edge]) -> BTreeMap<usize, Ended> {
    let revision = |claim: usize| graph.claims.get(claim).map(|claim| claim.article.revision);
    let edited = opposed
        .iter()
        .filter(|edge| edge.cause == Some(Cause::Revision));
    let ended = |edge: &&Edge| {
        let (earlier, later) = match revision(edge.a)?.cmp(&revision(edge.b)?) {
            std::cmp::Ordering::Less => (edge.a, edge.b),
            std::cmp::Ordering::Greater => (edge.b, edge.a),
            std::cmp::Ordering::Equal => return None,
        };
        let by = Ending::Correction;
        Some((earlier, Ended { by, earlier, later }))
    };
    edited.filter_map(ended).collect()
}

/// Tells whether a conflict lasts whatever others say later: a slip, a wrong restatement, a figure that its source changed.
fn is_lasting(opposed: &[&Edge]) -> bool {
    opposed.iter().any(|edge| {
        matches!(
            edge.cause,
            Some(Cause::Revision | Cause::Gloss | Cause::ScaleError | Cause::Currency)
        )
    })
}

impl Reconciler {
    /// Says in a sentence what ended a conflict; `places` fills in the figures `a`, `b` and the `source`.
    #[must_use]
    pub fn ending(&self, by: Ending, places: &[(&str, &str)]) -> String {
        let piece = match by {
            Ending::Update => "ended_update",
            Ending::Correction => "ended_correction",
            Ending::Withdrawn => "ended_withdrawn",
            Ending::Separated => "ended_separated",
        };
        filled(self.verdicts(), piece, places)
    }
}
