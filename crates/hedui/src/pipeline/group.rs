//! From the claims of one article to the facts that they touch: what is loaded, judged and grouped anew.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use anyhow::Result;
use hedui_model::{Appearance, Claim, ClaimId, Fact, FactId, Judged, Relation};
use hedui_reconcile::{Decisions, Reconciler};
use hedui_store::State;

use super::ledger::{Ledger, Tie};

/// How many claims of one block and one reading are compared with a new one; they say the same.
const CLAIMS_PER_READING_MAX: usize = 12;

/// How many claims a new one is compared with at most.
const CANDIDATES_MAX: usize = 2_000;

/// The form under which claims that state the same stand together in a block.
pub(super) fn reading_key(claim: &Claim) -> String {
    let quantity = &claim.quantity;
    let (low, high) = crate::wire::ends(quantity.interval());
    let end = |end: Option<String>| end.unwrap_or_else(|| "-".to_owned());
    format!(
        "{} {} {}/{}",
        end(low),
        end(high),
        quantity.unit.id,
        quantity.unit.per.as_deref().unwrap_or_default()
    )
}

/// Looks up what a claim may be about the same fact as: claims of other articles in its blocks.
pub(super) fn candidates(
    state: &dyn State,
    cache: &mut Cache,
    blocks: &[String],
    claim: &Appearance,
) -> Result<Vec<Appearance>> {
    let mut ids: BTreeSet<ClaimId> = BTreeSet::new();
    for block in blocks {
        for entry in state.block_readings(block) {
            let entry = entry?;
            for id in state
                .block_claims(block, &entry.reading)
                .take(CLAIMS_PER_READING_MAX)
            {
                ids.insert(id?);
            }
            if ids.len() >= CANDIDATES_MAX {
                break;
            }
        }
    }
    let mut found = Vec::new();
    for id in ids {
        if let Some(appearance) = cache
            .appearance(state, &id)?
            .filter(|other| other.claim.article != claim.claim.article)
        {
            found.push(appearance);
        }
    }
    Ok(found)
}

/// Claims that were loaded for one article's sake, with one digest for all claims of an article.
#[derive(Debug, Default)]
pub(super) struct Cache {
    appearances: BTreeMap<ClaimId, Option<Appearance>>,
}

impl Cache {
    /// Enters what is known already: the claims of the article under way.
    pub(super) fn insert(&mut self, appearance: Appearance) {
        self.appearances
            .insert(appearance.claim.id.clone(), Some(appearance));
    }

    /// Says that a claim is no longer there.
    pub(super) fn remove(&mut self, id: &ClaimId) {
        self.appearances.insert(id.clone(), None);
    }

    /// Loads a claim, and with it those of its article; of one that stands only in an earlier revision, just that.
    pub(super) fn appearance(
        &mut self,
        state: &dyn State,
        id: &ClaimId,
    ) -> Result<Option<Appearance>> {
        if let Some(known) = self.appearances.get(id) {
            return Ok(known.clone());
        }
        let Some(found) = state.claim(id)? else {
            self.appearances.insert(id.clone(), None);
            return Ok(None);
        };
        let digest = Arc::new(found.article.digest);
        let alone = (!found.is_current).then_some(id);
        for claim in found.article.claims {
            if alone.is_some_and(|alone| claim.id != *alone) {
                continue;
            }
            let appearance = Appearance {
                claim: Arc::new(claim),
                article: Arc::clone(&digest),
            };
            self.appearances
                .entry(appearance.claim.id.clone())
                .or_insert(Some(appearance));
        }
        Ok(self.appearances.get(id).cloned().flatten())
    }
}

/// A set of claims that hang together by their verdicts, with all that grouping them needs.
#[derive(Debug, Default)]
pub(super) struct Component {
    pub(super) claims: Vec<Appearance>,
    pub(super) judged: Vec<Judged>,
    pub(super) decisions: Decisions,
    /// The facts that the claims belonged to.
    pub(super) facts: Vec<Fact>,
}

/// Verdicts as they will be: those of the state, less what falls away, plus what is new.
#[derive(Debug, Default)]
pub(super) struct Verdicts {
    pub(super) added: Vec<Judged>,
    pub(super) removed: BTreeSet<ClaimId>,
}

impl Verdicts {
    fn of(&self, state: &dyn State, id: &ClaimId) -> Result<Vec<Judged>> {
        let mut verdicts: Vec<Judged> = Vec::new();
        if !self.removed.contains(id) {
            for judged in state.judged(id) {
                let judged = judged?;
                if !self.removed.contains(&judged.a) && !self.removed.contains(&judged.b) {
                    verdicts.push(judged);
                }
            }
        }
        for judged in self
            .added
            .iter()
            .filter(|judged| judged.a == *id || judged.b == *id)
        {
            verdicts.retain(|old| {
                (&old.a, &old.b) != (&judged.a, &judged.b)
                    && (&old.b, &old.a) != (&judged.a, &judged.b)
            });
            verdicts.push(judged.clone());
        }
        Ok(verdicts)
    }
}

/// Follows the verdicts from `start` and returns the components, in the order of their first claims.
pub(super) fn components(
    state: &dyn State,
    ledger: &Ledger,
    cache: &mut Cache,
    verdicts: &Verdicts,
    start: &BTreeSet<ClaimId>,
) -> Result<Vec<Component>> {
    let mut seen: BTreeSet<ClaimId> = BTreeSet::new();
    let mut components = Vec::new();
    for first in start {
        if !seen.insert(first.clone()) {
            continue;
        }
        let mut component = Component::default();
        let mut judged: BTreeMap<(ClaimId, ClaimId), Judged> = BTreeMap::new();
        let mut facts: BTreeMap<FactId, Fact> = BTreeMap::new();
        let mut queue = VecDeque::from([first.clone()]);
        while let Some(id) = queue.pop_front() {
            if let Some(fact) = state
                .fact_of_claim(&id)?
                .map(|fact| state.fact(&fact))
                .transpose()?
                .flatten()
            {
                // Claims that fall out of a fact are grouped anew as well.
                for member in &fact.claims {
                    if seen.insert(member.clone()) {
                        queue.push_back(member.clone());
                    }
                }
                facts.insert(fact.id.clone(), fact);
            }
            let Some(appearance) = cache.appearance(state, &id)? else {
                continue;
            };
            component.claims.push(appearance);
            for verdict in verdicts.of(state, &id)? {
                if verdict.verdict.relation == Relation::Different {
                    continue;
                }
                for end in [&verdict.a, &verdict.b] {
                    if seen.insert(end.clone()) {
                        queue.push_back(end.clone());
                    }
                }
                judged.insert((verdict.a.clone(), verdict.b.clone()), verdict);
            }
            for (other, tie) in ledger.ties_of(&id) {
                match tie {
                    Tie::Separate => component.decisions.separate(&id, other),
                    Tie::Join => {
                        component.decisions.join(&id, other);
                        if seen.insert(other.clone()) {
                            queue.push_back(other.clone());
                        }
                    }
                }
            }
        }
        component.judged = judged.into_values().collect();
        component.facts = facts.into_values().collect();
        components.push(component);
    }
    Ok(components)
}

/// Judges a new claim against its candidates; what is different is left out.
pub(super) fn judge_all(
    reconciler: &Reconciler,
    claim: &Appearance,
    candidates: &[Appearance],
) -> Vec<Judged> {
    candidates
        .iter()
        .map(|other| reconciler.judge(claim, other).judged)
        .filter(|judged| judged.verdict.relation != Relation::Different)
        .collect()
}
