//! What an article's claims, or a decision, stir: claims are judged against their candidates, and the facts that they touch
//! are grouped anew.

use std::collections::BTreeSet;

use anyhow::Result;
use hedui_model::{Appearance, ArticleDigest, Claim, ClaimId, Conflict, ConflictId};
use hedui_reconcile::{Circumstances, Reconciler};
use hedui_store::state::{Change, StoredArticle};
use hedui_store::{SledState, State};
use jiff::Timestamp;

use super::course::Course;
use super::desk::Desk;
use super::engine::Engine;
use super::group::{self, Cache, Component, Verdicts};
use super::pending::Pending;
use super::tell;

/// What has to be grouped anew.
#[derive(Debug, Default)]
pub(super) struct Touched {
    verdicts: Verdicts,
    start: BTreeSet<ClaimId>,
    cache: Cache,
}

impl Touched {
    /// What a decision stirs: the claims that it is about.
    pub(super) fn by_decision(start: BTreeSet<ClaimId>) -> Self {
        Touched {
            start,
            ..Touched::default()
        }
    }
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
        retire(state, reconciler, old, &appearances, &mut touched, pending)?;
    }
    touched
        .verdicts
        .added
        .extend(reconciler.within(&appearances));
    for appearance in &appearances {
        come_back(state, &appearance.claim.id, old, &mut touched, pending)?;
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
    for judged in &touched.verdicts.added {
        pending.push(Change::PutJudged(Box::new(judged.clone())));
    }
    Ok(touched)
}

/// Takes the claims of an article's earlier revision out of sight. One that the article changed into another stays, as one
/// side of its own correction, with what it was to the claims of others: that is how a conflict ends by a correction.
fn retire(
    state: &SledState,
    reconciler: &Reconciler,
    old: &StoredArticle,
    appearances: &[Appearance],
    touched: &mut Touched,
    pending: &mut Pending,
) -> Result<()> {
    let before = Appearance::all(old.digest.clone(), &old.claims);
    let changes = reconciler.revision(&before, appearances);
    let still: BTreeSet<&ClaimId> = appearances.iter().map(|new| &new.claim.id).collect();
    let own: BTreeSet<&ClaimId> = before.iter().map(|old| &old.claim.id).collect();
    let changed: BTreeSet<&ClaimId> = changes
        .iter()
        .flat_map(|judged| [&judged.a, &judged.b])
        .filter(|id| own.contains(*id) && !still.contains(*id))
        .collect();
    for appearance in &before {
        let id = &appearance.claim.id;
        let is_changed = changed.contains(id);
        touched.start.insert(id.clone());
        for block in reconciler.blocks(appearance) {
            pending.push(Change::RemoveBlock {
                block,
                reading: group::reading_key(&appearance.claim),
                claim: id.clone(),
            });
        }
        for judged in state.judged(id) {
            let judged = judged?;
            touched.start.extend([judged.a.clone(), judged.b.clone()]);
            let other = if judged.a == *id {
                &judged.b
            } else {
                &judged.a
            };
            if !is_changed || (own.contains(other) && !changed.contains(other)) {
                pending.push(Change::RemoveJudged {
                    a: judged.a,
                    b: judged.b,
                });
            }
        }
        if is_changed {
            touched.cache.insert(appearance.clone());
        } else {
            touched.verdicts.removed.insert(id.clone());
            if !still.contains(id) {
                touched.cache.remove(id);
            }
        }
    }
    touched.verdicts.added.extend(changes);
    Ok(())
}

/// Forgets what a claim was to others when it last stood in its article, if the article changed it meanwhile.
fn come_back(
    state: &SledState,
    id: &ClaimId,
    old: Option<&StoredArticle>,
    touched: &mut Touched,
    pending: &mut Pending,
) -> Result<()> {
    let Some(old) = old else {
        return Ok(());
    };
    if old.claims.iter().any(|claim| claim.id == *id) {
        return Ok(());
    }
    for judged in state.judged(id) {
        let judged = judged?;
        touched.start.extend([judged.a.clone(), judged.b.clone()]);
        pending.push(Change::RemoveJudged {
            a: judged.a,
            b: judged.b,
        });
    }
    touched.verdicts.removed.insert(id.clone());
    Ok(())
}

/// Groups what hangs together with the touched claims into facts and conflicts.
pub(super) fn regroup(
    desk: &Desk,
    reconciler: &Reconciler,
    mut touched: Touched,
    now: Timestamp,
    pending: &mut Pending,
) -> Result<()> {
    let ledger = desk.ledger();
    let state = &*desk.state;
    let (cache, verdicts) = (&mut touched.cache, &touched.verdicts);
    // Before the first run is over, nothing is told one by one.
    let is_told = state.meta(tell::FIRST_RUN)?.is_some();
    let lens = is_told.then(|| desk.lens(now)).transpose()?;
    for component in group::components(state, &ledger, cache, verdicts, &touched.start)? {
        let Component {
            claims,
            judged,
            decisions,
            facts,
        } = component;
        let circumstances = Circumstances {
            decisions: &decisions,
            previous: &facts,
            newest: None,
        };
        let assembled = reconciler.assemble(&claims, &judged, &circumstances);
        let mut before: Vec<Conflict> = Vec::new();
        for fact in &facts {
            let conflict = ConflictId::of_fact(&fact.id);
            // An id may lead to the conflict of another fact.
            before.extend(
                state
                    .conflict(&conflict)?
                    .filter(|known| known.id == conflict),
            );
            pending.push(Change::RemoveFact(fact.id.clone()));
            pending.push(Change::RemoveConflict(conflict));
        }
        let course = Course {
            reconciler,
            ledger: &ledger,
            before: &before,
            was_seen: is_told,
            now,
        };
        for step in course.of(assembled) {
            if let (Some(lens), Some(conflict)) = (&lens, &step.conflict) {
                let was = step.was.map(|was| lens.conflict(was.clone()));
                let seen = lens.conflict(conflict.clone());
                let news = desk.tell.news(was.as_ref(), &seen, now);
                let news = news.map(|item| Change::PutOutbox(Box::new(item)));
                pending.changes.extend(news);
            }
            if let Some(conflict) = step.conflict {
                pending.push(Change::PutConflict(Box::new(conflict)));
            }
            pending.push(Change::PutFact(Box::new(step.fact)));
        }
    }
    Ok(())
}
