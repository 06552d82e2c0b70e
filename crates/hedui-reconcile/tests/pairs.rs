//! The corpus of pairs: articles through analysis and reading of claims to verdicts.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use hedui_claims::ClaimReader;
use hedui_model::{Appearance, ArticleDigest, Judged, Relation};
use hedui_reconcile::Reconciler;
use hedui_text::{Analyzer, ArticleInput, Lexicon};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    article: Vec<Article>,
    #[serde(default)]
    pair: Vec<Pair>,
    #[serde(default)]
    inner: Vec<Inner>,
    #[serde(default)]
    revision: Vec<Revision>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Article {
    id: String,
    source: String,
    published: String,
    text: String,
    #[serde(default)]
    title: String,
    region: Option<String>,
    lang: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Pair {
    #[serde(default)]
    name: String,
    a: String,
    a_mention: String,
    b: String,
    b_mention: String,
    relation: String,
    cause: Option<String>,
    /// The wrong answer that is still given.
    today: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Inner {
    article: String,
    a_mention: String,
    b_mention: String,
    relation: String,
    cause: Option<String>,
    today: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Revision {
    old: String,
    new: String,
    changed: Vec<(String, String)>,
}

struct Desk {
    reconciler: Reconciler,
    analyzer: Arc<Analyzer>,
    reader: ClaimReader,
}

impl Desk {
    fn new() -> Self {
        Desk {
            reconciler: Reconciler::new(Lexicon::builtin()),
            analyzer: Analyzer::builtin(),
            reader: ClaimReader::new(Lexicon::builtin()),
        }
    }

    fn claims(&self, article: &Article) -> Vec<Appearance> {
        let read = self.analyzer.article(ArticleInput {
            key: article.id.parse().unwrap(),
            source: article.source.parse().unwrap(),
            url: None,
            lang: article.lang.clone(),
            region: article
                .region
                .as_ref()
                .map(|region| region.parse().unwrap()),
            published: Some(article.published.parse().unwrap()),
            seen: jiff::Timestamp::UNIX_EPOCH,
            title: article.title.clone(),
            body: article.text.clone(),
            author: None,
        });
        let claims = self.reader.read(&read);
        let digest = Arc::new(ArticleDigest::new(&read, &claims));
        claims
            .into_iter()
            .map(|claim| Appearance {
                claim: Arc::new(claim),
                article: Arc::clone(&digest),
            })
            .collect()
    }
}

/// Finds the claim whose figure is `mention`, or lies in it.
fn claim<'a>(claims: &'a [Appearance], mention: &str) -> Option<&'a Appearance> {
    let is = |claim: &&Appearance| claim.claim.mention() == mention;
    let overlaps = |claim: &&Appearance| {
        let own = claim.claim.mention();
        !own.is_empty() && (mention.contains(own) || own.contains(mention))
    };
    claims
        .iter()
        .find(is)
        .or_else(|| claims.iter().find(overlaps))
}

fn answer(judged: Option<&Judged>) -> String {
    let Some(judged) = judged else {
        return "none".to_owned();
    };
    let word = |value: serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let relation = word(serde_json::to_value(judged.verdict.relation).unwrap());
    match judged.verdict.cause {
        Some(cause) => format!("{relation} {}", word(serde_json::to_value(cause).unwrap())),
        None => relation,
    }
}

fn expected(relation: &str, cause: Option<&String>) -> String {
    cause.map_or_else(
        || relation.to_owned(),
        |cause| format!("{relation} {cause}"),
    )
}

/// Compares and notes what is not as it should be; `today` is a wrong answer that is known.
///
/// A right answer passes in spite of `today`: reading claims better, which is another crate's matter, must not fail this test.
fn check(
    faults: &mut Vec<String>,
    what: &str,
    expected: &str,
    today: Option<&String>,
    got: &str,
    why: &str,
) {
    if got != expected && today.is_none_or(|today| got != today) {
        faults.push(format!("{what}: {got}, not {expected}\n    {why}"));
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/corpus/pairs")
}

fn files() -> Vec<(String, File)> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "toml")
        })
        .collect();
    paths.sort();
    paths
        .into_iter()
        .map(|path| {
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            let file = toml::from_str(&std::fs::read_to_string(&path).unwrap());
            (
                name.clone(),
                file.unwrap_or_else(|error| panic!("{name}: {error}")),
            )
        })
        .collect()
}

#[test]
fn every_pair_is_judged_as_the_corpus_says() {
    let desk = Desk::new();
    let mut faults = Vec::new();
    for (name, file) in files() {
        let articles: BTreeMap<&str, Vec<Appearance>> = file
            .article
            .iter()
            .map(|article| (article.id.as_str(), desk.claims(article)))
            .collect();
        let claims = |id: &str| {
            articles
                .get(id)
                .unwrap_or_else(|| panic!("{name}: no article `{id}`"))
        };
        for pair in &file.pair {
            let what = format!(
                "{name}: {} {} and {} {} {}",
                pair.a, pair.a_mention, pair.b, pair.b_mention, pair.name
            );
            let (first, second) = (claims(&pair.a), claims(&pair.b));
            let (a, b) = (
                claim(first, &pair.a_mention),
                claim(second, &pair.b_mention),
            );
            let verdicts: Vec<Judged> = first
                .iter()
                .flat_map(|a| second.iter().map(move |b| (a, b)))
                .map(|(a, b)| desk.reconciler.judge(a, b).judged)
                .collect();
            let all: Vec<Appearance> = first.iter().chain(second).cloned().collect();
            let settled = desk.reconciler.settle(&all, &verdicts);
            let is_it = |judged: &&Judged| {
                a.zip(b).is_some_and(|(a, b)| {
                    [&judged.a, &judged.b].contains(&&a.claim.id)
                        && [&judged.a, &judged.b].contains(&&b.claim.id)
                })
            };
            let raw = verdicts.iter().find(is_it);
            let mut got = answer(settled.iter().find(is_it));
            if got == "none" && raw.is_some() {
                got = "different".to_owned();
            }
            let why = raw.map_or("a figure is no claim", |judged| judged.verdict.why.as_str());
            let wanted = expected(&pair.relation, pair.cause.as_ref());
            check(&mut faults, &what, &wanted, pair.today.as_ref(), &got, why);
        }
        for inner in &file.inner {
            let what = format!(
                "{name}: {} {} and {}",
                inner.article, inner.a_mention, inner.b_mention
            );
            let own = claims(&inner.article);
            let (a, b) = (claim(own, &inner.a_mention), claim(own, &inner.b_mention));
            let verdicts = desk.reconciler.within(own);
            let found = verdicts.iter().find(|judged| {
                a.zip(b).is_some_and(|(a, b)| {
                    [&judged.a, &judged.b].contains(&&a.claim.id)
                        && [&judged.a, &judged.b].contains(&&b.claim.id)
                })
            });
            let why = found.map_or("no verdict", |judged| judged.verdict.why.as_str());
            let wanted = expected(&inner.relation, inner.cause.as_ref());
            check(
                &mut faults,
                &what,
                &wanted,
                inner.today.as_ref(),
                &answer(found),
                why,
            );
        }
        for revision in &file.revision {
            let (old, new) = (claims(&revision.old), claims(&revision.new));
            let mention = |id: &hedui_model::ClaimId| {
                let all = old.iter().chain(new);
                all.map(|claim| &claim.claim)
                    .find(|claim| &claim.id == id)
                    .map(|claim| claim.mention().to_owned())
                    .unwrap()
            };
            let is_old = |id: &hedui_model::ClaimId| old.iter().any(|claim| &claim.claim.id == id);
            let changed: Vec<(String, String)> = desk
                .reconciler
                .revision(old, new)
                .iter()
                .map(|judged| {
                    assert_eq!(judged.verdict.relation, Relation::Conflict);
                    let (before, after) = if is_old(&judged.a) {
                        (&judged.a, &judged.b)
                    } else {
                        (&judged.b, &judged.a)
                    };
                    (mention(before), mention(after))
                })
                .collect();
            if changed != revision.changed {
                faults.push(format!(
                    "{name}: {} and {}: {changed:?}, not {:?}",
                    revision.old, revision.new, revision.changed
                ));
            }
        }
    }
    assert!(
        faults.is_empty(),
        "{} faults\n{}",
        faults.len(),
        faults.join("\n")
    );
}

#[test]
fn the_corpus_is_large_enough_and_has_all_scripts() {
    let files = files();
    let cases: usize = files
        .iter()
        .map(|(_, file)| file.pair.len() + file.inner.len() + file.revision.len())
        .sum();
    assert!(cases >= 60, "{cases}");
    let known: usize = files
        .iter()
        .flat_map(|(_, file)| &file.pair)
        .filter(|pair| pair.today.is_some())
        .count();
    assert!(
        known * 5 <= cases,
        "{known} of {cases} cases are known to be wrong"
    );
}
