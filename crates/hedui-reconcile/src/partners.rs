//! A claim that has a better partner in the other article is not in conflict with the rest of it.

use std::collections::BTreeMap;

use hedui_model::{Appearance, ArticleKey, Cause, ClaimId, Judged, Relation, SourceId};

use crate::Reconciler;

/// How much surer, in thousandths, a conflict may be than an agreement and still give way to it.
const GIVES_WAY: u16 = 100;

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
        // What each claim has at best in each other article: an agreement, and something else.
        let mut best: BTreeMap<(&ClaimId, ArticleId<'_>), Best> = BTreeMap::new();
        for verdict in judged {
            for (own, other) in both_ways(verdict) {
                if let Some(article) = article_of.get(other) {
                    best.entry((own, *article)).or_default().take(verdict);
                }
            }
        }
        let stays = |verdict: &&Judged| {
            let is_settled = verdict.verdict.relation == Relation::Different
                || matches!(verdict.verdict.cause, Some(Cause::Gloss | Cause::Revision));
            is_settled
                || both_ways(verdict).into_iter().all(|(own, other)| {
                    let article = article_of.get(other);
                    let best = article.and_then(|article| best.get(&(own, *article)));
                    best.is_none_or(|best| best.admits(verdict))
                })
        };
        judged.iter().filter(stays).cloned().collect()
    }
}

fn both_ways(verdict: &Judged) -> [(&ClaimId, &ClaimId); 2] {
    [(&verdict.a, &verdict.b), (&verdict.b, &verdict.a)]
}

/// The best that a claim has in an article.
#[derive(Clone, Copy, Debug, Default)]
struct Best {
    agreement: u16,
    other: u16,
}

impl Best {
    fn take(&mut self, verdict: &Judged) {
        let confidence = verdict.verdict.confidence.thousandths();
        match verdict.verdict.relation {
            Relation::Agree => self.agreement = self.agreement.max(confidence + GIVES_WAY),
            Relation::Update | Relation::Conflict => self.other = self.other.max(confidence),
            Relation::Different => {}
        }
    }

    /// Agreements may be many, for an article tells a figure more than once; conflicts and updates only one.
    fn admits(self, verdict: &Judged) -> bool {
        let confidence = verdict.verdict.confidence.thousandths();
        match verdict.verdict.relation {
            Relation::Agree => confidence + GIVES_WAY >= self.other,
            _ => confidence >= self.other.max(self.agreement),
        }
    }
}
