//! A claim that has a better partner in the other article is not in conflict with the rest of it.

use std::collections::BTreeMap;

use hedui_model::{Appearance, ArticleKey, Cause, ClaimId, Judged, Relation, SourceId};

use crate::Reconciler;

/// How much surer, in thousandths, a conflict may be than an agreement and still give way to it.
const GIVES_WAY: u16 = 250;

type ArticleId<'a> = (&'a SourceId, &'a ArticleKey);

impl Reconciler {
    /// Drops conflicts and updates of claims that agree with, or are nearer to, another claim of the same article.
    ///
    /// Looks at each pair of articles by itself, so that other articles change nothing. What an article says of itself and what
    /// a source changed stays. The order is that of `judged`.
    #[must_use]
    pub fn settle(&self, appearances: &[Appearance], judged: &[Judged]) -> Vec<Judged> {
        let article_of: BTreeMap<&ClaimId, ArticleId<'_>> = appearances
            .iter()
            .map(|appearance| {
                (
                    &appearance.claim.id,
                    (&appearance.article.meta.source, &appearance.claim.article),
                )
            })
            .collect();
        let mut best: BTreeMap<(&ClaimId, ArticleId<'_>), u16> = BTreeMap::new();
        for verdict in judged {
            for (own, other) in [(&verdict.a, &verdict.b), (&verdict.b, &verdict.a)] {
                if let Some(article) = article_of.get(other) {
                    let place = best.entry((own, *article)).or_default();
                    *place = (*place).max(claim_of(verdict));
                }
            }
        }
        let stays = |verdict: &&Judged| {
            let is_settled = match verdict.verdict.relation {
                Relation::Agree | Relation::Different => true,
                _ => matches!(verdict.verdict.cause, Some(Cause::Gloss | Cause::Revision)),
            };
            is_settled
                || [(&verdict.a, &verdict.b), (&verdict.b, &verdict.a)]
                    .into_iter()
                    .all(|(own, other)| {
                        let article = article_of.get(other);
                        let best = article.and_then(|article| best.get(&(own, *article)));
                        best.is_none_or(|best| claim_of(verdict) >= *best)
                    })
        };
        judged.iter().filter(stays).cloned().collect()
    }
}

/// How strong a verdict's claim on the two is.
fn claim_of(verdict: &Judged) -> u16 {
    let confidence = verdict.verdict.confidence.thousandths();
    match verdict.verdict.relation {
        Relation::Agree => confidence.saturating_add(GIVES_WAY),
        Relation::Update | Relation::Conflict => confidence,
        Relation::Different => 0,
    }
}
