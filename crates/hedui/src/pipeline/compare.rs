//! A text that is set against the archive without entering it: it goes the way of an article, and nothing is written.
//!
//! Blocks, verdicts and grouping are those of an article that is taken in, done by the same code: what is told here is
//! what the archive would say had it been ingested.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use hedui_model::{
    Appearance, Article, ArticleDigest, ArticleKey, Claim, ClaimId, Conflict, Decimal, Fact,
    Judged, Place, Relation, Signature, SourceId,
};
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
    article: &Article,
    claims: &[Claim],
    left_out: &BTreeSet<SourceId>,
) -> Result<Vec<Component>> {
    let appearances = Appearance::all(ArticleDigest::new(article, claims), claims);
    let reconciler = &engine.reconciler;
    let is_in = |other: &Appearance| !left_out.contains(&other.article.meta.source);
    let mut cache = Cache::default();
    let mut verdicts = Verdicts::default();
    verdicts.added.extend(reconciler.within(&appearances));
    let title = title_against_body(engine, article, claims);
    verdicts.added.extend(title);
    for appearance in &appearances {
        cache.insert(appearance.clone());
    }
    for appearance in &appearances {
        let blocks = reconciler.blocks(appearance);
        let mut candidates = group::candidates(state, &mut cache, &blocks, appearance)?;
        candidates.retain(is_in);
        let mut judged = group::judge_all(reconciler, appearance, &candidates);
        for slip in slips(engine, appearance, &candidates) {
            let is_it = |known: &Judged| {
                let ends = [&known.a, &known.b];
                ends.contains(&&slip.a) && ends.contains(&&slip.b)
            };
            match judged.iter_mut().find(|known| is_it(known)) {
                Some(known) if known.verdict.relation == Relation::Agree => {}
                Some(known) => *known = slip,
                None => judged.push(slip),
            }
        }
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

/// Judges a figure of the text against earlier ones with its digits, as if all had been told on one day.
///
/// A text looks back: that months have gone by explains why a figure has moved on, but not why it has the digits of the old
/// one at another power of ten, in another currency or changed about. Returns the conflicts only.
fn slips(engine: &Engine, claim: &Appearance, candidates: &[Appearance]) -> Vec<Judged> {
    let digits = digits_of(claim);
    let is_earlier = |other: &&Appearance| {
        other.instant() < claim.instant() && digits.is_some() && digits_of(other) == digits
    };
    candidates
        .iter()
        .filter(is_earlier)
        .map(|other| {
            let of_that_day = at_the_time_of(claim, other);
            engine.reconciler.judge(&of_that_day, other).judged
        })
        .filter(|judged| judged.verdict.relation == Relation::Conflict)
        .collect()
}

/// Returns the digits of a plain figure in ascending order; nothing for zero.
fn digits_of(claim: &Appearance) -> Option<Vec<u8>> {
    let value = claim.claim.quantity.interval();
    let value = value.low().or(value.high())?.abs().normalized();
    let mut digits = value.mantissa().to_string().into_bytes();
    digits.sort_unstable();
    (value != Decimal::ZERO).then_some(digits)
}

/// Returns a claim as if its article had been published with another's.
fn at_the_time_of(claim: &Appearance, other: &Appearance) -> Appearance {
    let mut digest = (*claim.article).clone();
    digest.meta.published = other.article.meta.published;
    digest.meta.seen = other.article.meta.seen;
    Appearance {
        claim: std::sync::Arc::clone(&claim.claim),
        article: std::sync::Arc::new(digest),
    }
}

/// Judges the figures of a title against those of the body, as if they were two articles.
///
/// A title tells again what the body says; within one text two figures are most often two things. Returns the surest
/// conflict of each figure of the title that the body does not bear out.
fn title_against_body(engine: &Engine, article: &Article, claims: &[Claim]) -> Vec<Judged> {
    let (title, body) = halves(article, claims);
    let mut found = Vec::new();
    for claim in &title {
        let judged = || {
            body.iter()
                .map(|other| engine.reconciler.judge(claim, other).judged)
        };
        if judged().any(|judged| judged.verdict.relation == Relation::Agree) {
            continue;
        }
        let conflicts = judged().filter(|judged| judged.verdict.relation == Relation::Conflict);
        found.extend(conflicts.max_by_key(|judged| judged.verdict.confidence));
    }
    found
}

/// Makes two articles of one: of its title and of its body, each with the figures and names of its own claims.
fn halves(article: &Article, claims: &[Claim]) -> (Vec<Appearance>, Vec<Appearance>) {
    let half = |place: Place| {
        let own: Vec<Claim> = claims
            .iter()
            .filter(|claim| claim.place == place)
            .cloned()
            .collect();
        (ArticleDigest::new(article, &own), own)
    };
    let (mut digest, mut title) = half(Place::Title);
    if let Ok(key) = format!("{} title", digest.meta.key).parse::<ArticleKey>() {
        for claim in &mut title {
            claim.article = key.clone();
        }
        digest.meta.key = key;
    }
    // Two copies of one story would be held together sentence by sentence.
    digest.signature = Signature::default();
    let title = Appearance::all(digest, &title);
    let (digest, body) = half(Place::Body);
    (title, Appearance::all(digest, &body))
}
