//! Groups judged claims into facts, and says which facts are conflicts.
//!
//! A fact is made of *values*: claims that agree with one another. Values are
//! joined by updates and conflicts. A join needs more than the one pair that
//! proposes it: of the pairs between the two groups, a good share must be judged to be
//! about one thing, so that chains of lucky pairs do not run through the archive.
//! The result does not depend on the order of the arguments.

mod groups;
mod ids;
mod life;
mod severity;
mod sides;
mod standing;
mod timeline;

use std::collections::BTreeSet;

use hedui_model::{Appearance, ClaimId, Conflict, Fact, FactId, Judged};
use jiff::Timestamp;

use crate::Reconciler;
use groups::{Graph, Groups};
pub use severity::faded_severity;
pub use standing::{
    Decided, KnownSide, MuteRule, News, Reopening, Standing, Step, is_same_contradiction, news,
    standing,
};
pub use timeline::{Stretch, StretchKind, timeline};

/// What the user decided about pairs of claims; each pair in either order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decisions {
    separate: BTreeSet<(ClaimId, ClaimId)>,
    join: BTreeSet<(ClaimId, ClaimId)>,
}

impl Decisions {
    /// Notes that two claims are not about one thing; the last word counts.
    pub fn separate(&mut self, a: &ClaimId, b: &ClaimId) {
        let pair = ordered(a, b);
        self.join.remove(&pair);
        self.separate.insert(pair);
    }

    /// Notes that two claims are about one thing; the last word counts.
    pub fn join(&mut self, a: &ClaimId, b: &ClaimId) {
        let pair = ordered(a, b);
        self.separate.remove(&pair);
        self.join.insert(pair);
    }

    fn are_separate(&self, a: &ClaimId, b: &ClaimId) -> bool {
        self.separate.contains(&ordered(a, b))
    }
}

fn ordered(a: &ClaimId, b: &ClaimId) -> (ClaimId, ClaimId) {
    (a.min(b).clone(), a.max(b).clone())
}

/// What grouping needs to know besides the claims.
#[derive(Clone, Copy, Debug)]
pub struct Circumstances<'a> {
    /// What the user decided.
    pub decisions: &'a Decisions,
    /// Facts that held some of these claims before: their ids survive.
    pub previous: &'a [Fact],
    /// When the newest claim of the whole archive was published: severity looks at how recent a conflict is. Without it
    /// every conflict counts as fresh, and [`faded_severity`] lets it fade when it is read.
    pub newest: Option<Timestamp>,
}

/// A fact, and the conflict about it, if there is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assembled {
    /// The fact.
    pub fact: Fact,
    /// Its conflict. Its state is `Open` or, where updates or corrections ended it, `Closed`; [`standing`] lays over it what
    /// people decided.
    pub conflict: Option<Conflict>,
}

impl Reconciler {
    /// Groups the claims of a connected component into facts, each with its conflict, if there is one.
    ///
    /// `judged` are the verdicts on pairs of these claims, across articles ([`Reconciler::judge`]), inside one
    /// ([`Reconciler::within`]) and between revisions ([`Reconciler::revision`]); pairs of other claims are left aside, and so
    /// may `different` be. Every claim is in one fact; one that restates another wrongly is in a fact with that other, which is in
    /// its own fact besides. Facts come in the order of their first claims.
    #[must_use]
    pub fn assemble(
        &self,
        component: &[Appearance],
        judged: &[Judged],
        circumstances: &Circumstances<'_>,
    ) -> Vec<Assembled> {
        let graph = Graph::new(self, component, judged, circumstances.decisions);
        let groups = Groups::new(self, &graph);
        let facts = groups.facts();
        let edges = graph.edges_by(&facts);
        // The fact of a wrong restatement holds the figure too, and is another one than the figure's.
        let glosses = graph.wrong_glosses();
        let of_glosses: BTreeSet<FactId> = glosses
            .iter()
            .filter_map(|(_, gloss)| graph.claims.get(*gloss))
            .map(|gloss| FactId::of_origin(&gloss.claim.id))
            .collect();
        let is_own = |fact: &&Fact| !of_glosses.contains(&fact.id);
        let previous: Vec<Fact> = circumstances
            .previous
            .iter()
            .filter(is_own)
            .cloned()
            .collect();
        let of_facts = Circumstances {
            previous: &previous,
            ..*circumstances
        };
        let mut given = ids::Given::new(component.iter().map(|claim| &claim.claim.id));
        let mut assembled: Vec<Assembled> = Vec::new();
        for (fact, edges) in facts.iter().zip(&edges) {
            assembled.extend(sides::assembled(
                self, &graph, fact, edges, &of_facts, &mut given,
            ));
        }
        for (main, gloss) in glosses {
            assembled.extend(sides::of_gloss(
                self,
                &graph,
                main,
                gloss,
                circumstances,
                &mut given,
            ));
        }
        assembled
    }
}

#[cfg(test)]
mod tests;
