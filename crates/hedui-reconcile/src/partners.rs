//! A claim that has a better partner in the other article is not in conflict with the rest of it.

use std::collections::HashMap;

use hedui_model::{Appearance, ArticleKey, Cause, ClaimId, Judged, Relation, SourceId};

use crate::Reconciler;

/// How much surer, in thousandths, a conflict may be than an agreement and still give way to it.
const GIVES_WAY: u16 = 0;

/// An article as it was at one time: what it said before an edit is no partner beside what it says now.
type ArticleId<'a> = (&'a SourceId, &'a ArticleKey, u32);

impl Reconciler {
    /// Drops conflicts and updates of claims that agree with, or are nearer to, another claim of the same article.
    ///
    /// Looks at each pair of articles by itself, so that other articles change nothing. What an article says of itself and what
    /// a source changed stays. The order is that of `judged`.
    #[must_use]
    pub fn settle(&self, appearances: &[Appearance], judged: &[Judged]) -> Vec<Judged> {
        // By number: a large component is settled anew with each of its articles, and comparing names would cost most of it.
        let mut numbers: HashMap<ArticleId<'_>, usize> = HashMap::new();
        let mut article_of: HashMap<&ClaimId, (usize, usize)> = HashMap::new();
        for (claim, appearance) in appearances.iter().enumerate() {
            let digest = &appearance.article;
            let article = (
                &digest.meta.source,
                &appearance.claim.article,
                digest.revision,
            );
            let next = numbers.len();
            let article = *numbers.entry(article).or_insert(next);
            article_of.insert(&appearance.claim.id, (claim, article));
        }
        // For each verdict, each claim with the other's article; what belongs to no appearance is left aside.
        let ends = |verdict: &Judged| -> [Option<(usize, usize)>; 2] {
            let (a, b) = (article_of.get(&verdict.a), article_of.get(&verdict.b));
            let end = |own: Option<&(usize, usize)>, other: Option<&(usize, usize)>| {
                own.zip(other).map(|(own, other)| (own.0, other.1))
            };
            [end(a, b), end(b, a)]
        };
        // What each claim has at best in each other article: an agreement, and something else.
        let mut best: HashMap<(usize, usize), Best> = HashMap::new();
        for verdict in judged {
            for end in ends(verdict).into_iter().flatten() {
                best.entry(end).or_default().take(verdict);
            }
        }
        let stays = |verdict: &&Judged| {
            let is_settled = verdict.verdict.relation == Relation::Different
                || matches!(verdict.verdict.cause, Some(Cause::Gloss | Cause::Revision));
            is_settled
                || ends(verdict)
                    .into_iter()
                    .flatten()
                    .all(|end| best.get(&end).is_none_or(|best| best.admits(verdict)))
        };
        judged.iter().filter(stays).cloned().collect()
    }
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
