//! A claim together with what its article lends it: what two claims are compared by.

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Article, ArticleMeta, Claim, ClaimId, Interval, Signature, Unit, Verdict};

/// One figure with what it is about, without its surroundings.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Reading {
    /// The base unit.
    pub unit: Unit,
    /// What is stated, in base units.
    pub interval: Interval,
    /// The family of the metric that it measures, where that is known.
    pub family: Option<String>,
    /// The names of what it is about, most specific first.
    pub entities: Vec<String>,
}

/// What is kept of an article for comparing its claims with others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArticleDigest {
    /// Key, source, language, times.
    pub meta: ArticleMeta,
    /// The revision whose claims these are.
    pub revision: u32,
    /// The title as the source wrote it.
    pub title: String,
    /// Names of all entities that its claims are about, sorted, each once.
    pub entities: Vec<String>,
    /// All figures that it states, in order; each once for all that it is about.
    pub figures: Vec<Reading>,
    /// For telling near duplicates.
    pub signature: Signature,
}

impl ArticleDigest {
    /// Takes the digest of an article and its claims.
    #[must_use]
    pub fn new(article: &Article, claims: &[Claim]) -> Self {
        let mut entities: Vec<String> = claims
            .iter()
            .flat_map(|claim| &claim.entities)
            .map(|entity| entity.name.clone())
            .collect();
        entities.sort();
        entities.dedup();
        let mut figures: Vec<Reading> = Vec::new();
        for claim in claims {
            let reading = Reading {
                unit: claim.quantity.unit.clone(),
                interval: claim.quantity.interval(),
                family: claim.metric.as_ref().map(|metric| metric.family.clone()),
                entities: claim
                    .entities
                    .iter()
                    .map(|entity| entity.name.clone())
                    .collect(),
            };
            if !figures.contains(&reading) {
                figures.push(reading);
            }
        }
        ArticleDigest {
            meta: article.meta.clone(),
            revision: article.revision,
            title: article.title.text.clone(),
            entities,
            figures,
            signature: article.signature.clone(),
        }
    }
}

/// A claim at the place where it occurs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appearance {
    /// The claim.
    pub claim: Arc<Claim>,
    /// Its article.
    pub article: Arc<ArticleDigest>,
}

impl Appearance {
    /// Makes the appearances of an article's claims, in their order.
    #[must_use]
    pub fn all(article: ArticleDigest, claims: &[Claim]) -> Vec<Appearance> {
        let article = Arc::new(article);
        let appearance = |claim: &Claim| Appearance {
            claim: Arc::new(claim.clone()),
            article: Arc::clone(&article),
        };
        claims.iter().map(appearance).collect()
    }

    /// Returns the instant that places the claim in time: its article's publication, else when that was seen.
    #[must_use]
    pub fn instant(&self) -> Timestamp {
        self.article.meta.instant()
    }
}

/// The verdict on one pair of claims.
///
/// With [`crate::Relation::Update`], `a` is the older; otherwise `a < b` by id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judged {
    /// One claim.
    pub a: ClaimId,
    /// The other.
    pub b: ClaimId,
    /// How they stand to each other.
    pub verdict: Verdict,
}
