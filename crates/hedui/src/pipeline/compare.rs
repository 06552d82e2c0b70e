//! A text that is set against the archive without entering it: it goes the way of an article, and nothing is written.
//!
//! Blocks, verdicts and grouping are those of an article that is taken in, done by the same code: what is told here is
//! what the archive would say had it been ingested.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use hedui_model::{Appearance, ArticleDigest, Claim, ClaimId, Conflict, Fact, Judged, SourceId};
use hedui_reconcile::Circumstances;
use hedui_store::State;

use super::engine::Engine;
use super::group::{self, Cache, Verdicts};
use super::ledger::Ledger;

/// What hangs together with some of the text's claims.
#[derive(Debug)]
pub(crate) struct Component {
    /// The claims by id, those of the text among them.
    pub(crate) claims: BTreeMap<ClaimId, Appearance>,
    /// The verdicts that stand, on pairs of these claims.
    pub(crate) judged: Vec<Judged>,
    /// The conflicts that there would be.
    pub(crate) conflicts: Vec<Conflict>,
    /// The facts that there would be.
    facts: Vec<Fact>,
}

impl Component {
    /// Tells whether two claims are taken to be about one and the same thing.
    pub(crate) fn are_one_fact(&self, a: &ClaimId, b: &ClaimId) -> bool {
        let has = |fact: &Fact| fact.claims.contains(a) && fact.claims.contains(b);
        self.facts.iter().any(has)
    }
}

/// Judges the claims of a text against the archive and against each other.
///
/// Returns one component for each set of the text's claims that hang together, in the order of their ids. Articles of the
/// sources in `left_out` are as if they were not there.
pub(crate) fn compare(
    state: &dyn State,
    engine: &Engine,
    digest: &ArticleDigest,
    claims: &[Claim],
    left_out: &BTreeSet<SourceId>,
) -> Result<Vec<Component>> {
    let appearances = Appearance::all(digest.clone(), claims);
    let reconciler = &engine.reconciler;
    let is_in = |other: &Appearance| !left_out.contains(&other.article.meta.source);
    let mut cache = Cache::default();
    let mut verdicts = Verdicts::default();
    verdicts.added.extend(reconciler.within(&appearances));
    for appearance in &appearances {
        cache.insert(appearance.clone());
    }
    for appearance in &appearances {
        let blocks = reconciler.blocks(appearance);
        let mut candidates = group::candidates(state, &mut cache, &blocks, appearance)?;
        candidates.retain(is_in);
        let judged = group::judge_all(reconciler, appearance, &candidates);
        verdicts.added.extend(judged);
    }
    let start: BTreeSet<ClaimId> = appearances
        .iter()
        .map(|appearance| appearance.claim.id.clone())
        .collect();
    let mut components = Vec::new();
    let ledger = Ledger::load(state)?;
    for component in group::components(state, &ledger, &mut cache, &verdicts, &start)? {
        let claims: Vec<Appearance> = component.claims.into_iter().filter(is_in).collect();
        let circumstances = Circumstances {
            decisions: &component.decisions,
            previous: &component.facts,
            newest: None,
        };
        let assembled = reconciler.assemble(&claims, &component.judged, &circumstances);
        let (facts, conflicts): (Vec<Fact>, Vec<Option<Conflict>>) = assembled
            .into_iter()
            .map(|one| (one.fact, one.conflict))
            .unzip();
        components.push(Component {
            judged: reconciler.settle(&claims, &component.judged),
            conflicts: conflicts.into_iter().flatten().collect(),
            facts,
            claims: claims
                .into_iter()
                .map(|claim| (claim.claim.id.clone(), claim))
                .collect(),
        });
    }
    Ok(components)
}
