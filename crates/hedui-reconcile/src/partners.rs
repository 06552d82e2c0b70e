//! A claim that has a better partner in the other article is not in conflict with the rest of it.

use std::collections::HashMap;

use hedui_model::{Appearance, ArticleKey, Cause, ClaimId, Judged, Relation, SourceId, Verdict};

use crate::Reconciler;

/// An article as it was at one time: what it said before an edit is no partner beside what it says now.
type ArticleId<'a> = (&'a SourceId, &'a ArticleKey, u32);

impl Reconciler {
    /// Drops conflicts and updates of claims that agree with, or are nearer to, another claim of the same article.
    ///
    /// A figure that an article tells twice, in its title and its text, is no rival of itself. Looks at each pair of articles by
    /// itself, so that other articles change nothing. What an article says of itself and what a source changed stays. The order
    /// is that of `judged`.
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
        // For each verdict, each claim with the other's article, and the other; what belongs to no appearance is left aside.
        let ends = |verdict: &Judged| -> [Option<End>; 2] {
            let (a, b) = (article_of.get(&verdict.a), article_of.get(&verdict.b));
            let end = |own: Option<&(usize, usize)>, other: Option<&(usize, usize)>| {
                own.zip(other)
                    .map(|(own, other)| ((own.0, other.1), other.0))
            };
            [end(a, b), end(b, a)]
        };
        let are_equal = |one: usize, other: usize| {
            let pair = appearances.get(one).zip(appearances.get(other));
            pair.is_some_and(|(one, other)| is_same_figure(one, other))
        };
        // What each claim has at best in each other article: an agreement, and something else.
        let mut best: HashMap<(usize, usize), Best> = HashMap::new();
        for verdict in judged {
            for end in ends(verdict).into_iter().flatten() {
                best.entry(end.0).or_default().take(&verdict.verdict, end.1);
            }
        }
        let stays = |verdict: &&Judged| {
            let is_settled = verdict.verdict.relation == Relation::Different
                || matches!(verdict.verdict.cause, Some(Cause::Gloss | Cause::Revision));
            let is_admitted = |end: End| {
                best.get(&end.0).is_none_or(|best| {
                    best.admits(&verdict.verdict)
                        || best.tells_again(&verdict.verdict, |other| are_equal(other, end.1))
                })
            };
            is_settled || ends(verdict).into_iter().flatten().all(is_admitted)
        };
        judged.iter().filter(stays).cloned().collect()
    }
}

/// A claim with another article, and the claim of that article.
type End = ((usize, usize), usize);

/// Tells whether two claims state the same figure in the same unit.
fn is_same_figure(a: &Appearance, b: &Appearance) -> bool {
    let (a, b) = (&a.claim.quantity, &b.claim.quantity);
    a.unit == b.unit && a.interval() == b.interval()
}

/// The best that a claim has in an article.
#[derive(Clone, Debug, Default)]
struct Best {
    agreement: u16,
    other: u16,
    /// The claims that it is at odds with as surely as with any.
    odds: Vec<usize>,
}

impl Best {
    fn take(&mut self, verdict: &Verdict, partner: usize) {
        let confidence = verdict.confidence.thousandths();
        match verdict.relation {
            Relation::Agree => self.agreement = self.agreement.max(confidence),
            Relation::Update | Relation::Conflict => {
                if confidence > self.other {
                    self.odds.clear();
                }
                if confidence >= self.other {
                    self.other = confidence;
                    self.odds.push(partner);
                }
            }
            Relation::Different => {}
        }
    }

    /// Agreements may be many, for an article tells a figure more than once; conflicts and updates only one.
    fn admits(&self, verdict: &Verdict) -> bool {
        let confidence = verdict.confidence.thousandths();
        match verdict.relation {
            Relation::Agree => confidence >= self.other,
            _ => confidence >= self.other.max(self.agreement),
        }
    }

    /// Tells whether the partner states once more the figure that the claim is most surely at odds with.
    fn tells_again(&self, verdict: &Verdict, is_equal: impl Fn(usize) -> bool) -> bool {
        let is_at_odds = matches!(verdict.relation, Relation::Update | Relation::Conflict);
        is_at_odds && self.other >= self.agreement && self.odds.iter().copied().any(is_equal)
    }
}
