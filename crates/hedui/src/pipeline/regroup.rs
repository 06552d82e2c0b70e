//! What an article's claims stir: they are judged against their candidates, and the facts that they touch are grouped anew.

use std::collections::BTreeSet;

use anyhow::Result;
use hedui_model::{Appearance, ArticleDigest, Claim, ClaimId, Conflict, ConflictState};
use hedui_reconcile::{Circumstances, Reconciler};
use hedui_store::state::{Change, StoredArticle};
use hedui_store::{SledState, State};
use jiff::Timestamp;

use super::engine::Engine;
use super::group::{self, Cache, Component, Verdicts};
use super::pending::Pending;
use super::tell::{self, TellWhen};

/// What an article's claims stirred.
#[derive(Debug, Default)]
pub(super) struct Touched {
    verdicts: Verdicts,
    start: BTreeSet<ClaimId>,
    cache: Cache,
}

/// Judges an article's claims and enters them in their blocks; returns what has to be grouped anew.
pub(super) fn judge_article(
    state: &SledState,
    engine: &Engine,
    digest: &ArticleDigest,
    claims: &[Claim],
    old: Option<&StoredArticle>,
    pending: &mut Pending,
) -> Result<Touched> {
    let appearances = Appearance::all(digest.clone(), claims);
    let reconciler = &engine.reconciler;
    let mut touched = Touched::default();
    if let Some(old) = old {
        let before = Appearance::all(old.digest.clone(), &old.claims);
        for appearance in &before {
            touched.start.insert(appearance.claim.id.clone());
            touched.verdicts.removed.insert(appearance.claim.id.clone());
            for block in reconciler.blocks(appearance) {
                pending.push(Change::RemoveBlock {
                    block,
                    reading: group::reading_key(&appearance.claim),
                    claim: appearance.claim.id.clone(),
                });
            }
            for judged in state.judged(&appearance.claim.id) {
                let judged = judged?;
                touched.start.extend([judged.a.clone(), judged.b.clone()]);
                pending.push(Change::RemoveJudged {
                    a: judged.a,
                    b: judged.b,
                });
            }
            // A claim of the old revision stays in sight only as one side of its own correction.
            touched.cache.insert(appearance.clone());
        }
        touched
            .verdicts
            .added
            .extend(reconciler.revision(&before, &appearances));
    }
    touched
        .verdicts
        .added
        .extend(reconciler.within(&appearances));
    for appearance in &appearances {
        touched.cache.insert(appearance.clone());
        touched.start.insert(appearance.claim.id.clone());
        let blocks = reconciler.blocks(appearance);
        let candidates = group::candidates(state, &mut touched.cache, &blocks, appearance)?;
        touched
            .verdicts
            .added
            .extend(group::judge_all(reconciler, appearance, &candidates));
        for block in blocks {
            pending.push(Change::PutBlock {
                block,
                reading: group::reading_key(&appearance.claim),
                claim: appearance.claim.id.clone(),
            });
        }
    }
    if let Some(old) = old {
        let still: BTreeSet<&ClaimId> = claims.iter().map(|claim| &claim.id).collect();
        let corrected: BTreeSet<&ClaimId> = touched
            .verdicts
            .added
            .iter()
            .flat_map(|judged| [&judged.a, &judged.b])
            .collect();
        for claim in &old.claims {
            if !still.contains(&claim.id) && !corrected.contains(&claim.id) {
                touched.cache.remove(&claim.id);
            }
        }
    }
    for judged in &touched.verdicts.added {
        pending.push(Change::PutJudged(Box::new(judged.clone())));
    }
    Ok(touched)
}

/// Groups what hangs together with the touched claims into facts and conflicts.
pub(super) fn regroup(
    state: &SledState,
    reconciler: &Reconciler,
    tell: TellWhen,
    mut touched: Touched,
    now: Timestamp,
    pending: &mut Pending,
) -> Result<()> {
    let components =
        group::components(state, &mut touched.cache, &touched.verdicts, &touched.start)?;
    let newest = state
        .articles_by_time(None, None, true)
        .next()
        .transpose()?
        .map(|(at, _)| at);
    for Component {
        claims,
        judged,
        decisions,
        facts,
    } in components
    {
        let circumstances = Circumstances {
            decisions: &decisions,
            previous: &facts,
            newest,
        };
        let assembled = reconciler.assemble(&claims, &judged, &circumstances);
        for fact in &facts {
            let conflict = hedui_model::ConflictId::of_fact(&fact.id);
            pending.push(Change::RemoveFact(fact.id.clone()));
            pending.push(Change::RemoveConflict(conflict));
        }
        for group in assembled {
            let known = |id| state.conflict(id);
            if let Some(mut conflict) = group.conflict {
                let previous = known(&conflict.id)?;
                if let Some(previous) = &previous {
                    keep_state(previous, &mut conflict);
                }
                if previous.is_none()
                    && tell.admits(&conflict)
                    && state.meta(tell::FIRST_RUN)?.is_some()
                {
                    pending.push(Change::PutOutbox(Box::new(tell::opened(&conflict, now))));
                }
                pending.push(Change::PutConflict(Box::new(conflict)));
            } else if let Some(mut previous) =
                known(&hedui_model::ConflictId::of_fact(&group.fact.id))?
            {
                // What was in conflict is no longer: that is worth keeping, as closed.
                previous.state = ConflictState::Closed;
                pending.push(Change::PutConflict(Box::new(previous)));
            }
            pending.push(Change::PutFact(Box::new(group.fact)));
        }
    }
    Ok(())
}

/// Lets a conflict that is computed anew stand where the user left it; one that had ended is open again.
fn keep_state(previous: &Conflict, conflict: &mut Conflict) {
    if conflict.state == ConflictState::Open && previous.state != ConflictState::Closed {
        conflict.state = previous.state.clone();
    }
}
