//! The course of conflicts: what was grouped anew is held against what was there, so that a conflict keeps its history and
//! its ids, and one that ended is not simply gone.

use std::collections::BTreeSet;

use hedui_model::{Conflict, ConflictId, ConflictState, Ending, Fact};
use hedui_reconcile::{Assembled, KnownSide, Reconciler, is_same_contradiction};
use jiff::Timestamp;

use super::ledger::Ledger;
use super::turns;

/// What is known while the facts of one component are grouped anew.
pub(super) struct Course<'a> {
    pub(super) reconciler: &'a Reconciler,
    pub(super) ledger: &'a Ledger,
    /// The conflicts about the facts that the claims belonged to.
    pub(super) before: &'a [Conflict],
    /// Whether somebody may have seen them: not before the first run is over.
    pub(super) was_seen: bool,
    pub(super) now: Timestamp,
}

/// A fact with its conflict, and what that was before.
pub(super) struct Step<'a> {
    pub(super) fact: Fact,
    pub(super) conflict: Option<Conflict>,
    pub(super) was: Option<&'a Conflict>,
}

impl<'a> Course<'a> {
    /// Gives each conflict its history. A conflict that is no longer there stays as closed, unless it goes on under another
    /// id.
    pub(super) fn of(&self, assembled: Vec<Assembled>) -> Vec<Step<'a>> {
        let here: BTreeSet<ConflictId> = assembled
            .iter()
            .filter_map(|made| Some(made.conflict.as_ref()?.id.clone()))
            .collect();
        let mut gone_on: BTreeSet<&ConflictId> = BTreeSet::new();
        let mut steps: Vec<Step<'a>> = Vec::new();
        for Assembled { fact, conflict } in assembled {
            let was = conflict.as_ref().and_then(|conflict| self.was(conflict));
            gone_on.extend(was.map(|was| &was.id));
            let conflict = conflict.map(|conflict| self.continued(conflict, was, &here));
            steps.push(Step {
                fact,
                conflict,
                was,
            });
        }
        for step in &mut steps {
            if step.conflict.is_none() {
                step.conflict = self.ended(&step.fact, &gone_on);
            }
        }
        steps
    }

    /// Finds what a conflict was before: by its ids, or because two sides of it stood against each other.
    fn was(&self, conflict: &Conflict) -> Option<&'a Conflict> {
        let mut ids = std::iter::once(&conflict.id).chain(&conflict.aliases);
        let by_id = ids.find_map(|id| self.before.iter().find(|known| known.id == *id));
        by_id.or_else(|| {
            self.before.iter().find(|known| {
                let sides: Vec<KnownSide> = known.sides.iter().map(KnownSide::of).collect();
                is_same_contradiction(&sides, conflict)
            })
        })
    }

    fn continued(
        &self,
        mut conflict: Conflict,
        was: Option<&Conflict>,
        here: &BTreeSet<ConflictId>,
    ) -> Conflict {
        conflict.turns = turns::after(was, &conflict, self.now);
        if let Some(was) = was {
            let ids = std::iter::once(&was.id).chain(&was.aliases);
            let old = ids.filter(|id| !here.contains(*id)).cloned();
            let aliases: BTreeSet<ConflictId> = conflict.aliases.drain(..).chain(old).collect();
            conflict.aliases = aliases.into_iter().collect();
        }
        conflict
    }

    /// What was in conflict about a fact and is no longer: that is worth keeping, as closed.
    fn ended(&self, fact: &Fact, gone_on: &BTreeSet<&ConflictId>) -> Option<Conflict> {
        let ids = std::iter::once(&fact.id).chain(&fact.aliases);
        let mut ids = ids.map(ConflictId::of_fact);
        let was = ids.find_map(|id| self.before.iter().find(|known| known.id == id))?;
        let is_known = self.was_seen || self.ledger.lines_on(was).next().is_some();
        if gone_on.contains(&was.id) || !is_known {
            return None;
        }
        let mut conflict = was.clone();
        if !matches!(conflict.state, ConflictState::Closed { .. }) {
            let by = if self.ledger.has_separated(&conflict) {
                Ending::Separated
            } else {
                Ending::Withdrawn
            };
            conflict.state = ConflictState::Closed { by };
            conflict.state_why = self.reconciler.ending(by, &[]);
            conflict.turns = turns::closed(&conflict, self.now);
        }
        let aliases = fact.aliases.iter().map(ConflictId::of_fact);
        let old = std::iter::once(&was.id).chain(&was.aliases).cloned();
        conflict.id = ConflictId::of_fact(&fact.id);
        conflict.fact = fact.id.clone();
        let aliases: BTreeSet<ConflictId> =
            aliases.chain(old).filter(|id| *id != conflict.id).collect();
        conflict.aliases = aliases.into_iter().collect();
        Some(conflict)
    }
}
