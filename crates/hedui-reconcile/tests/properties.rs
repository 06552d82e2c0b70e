//! What holds of verdicts and facts whatever the articles are: on articles made up by rule, and on the events of the corpus.
//!
//! A verdict is the same from either side; neither the order of arrival nor an article about something else changes a fact;
//! and what is grouped again, with or without what was known before, is grouped as it was.

#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::OnceLock;

use hedui_claims::ClaimReader;
use hedui_model::{Appearance, ArticleDigest, Fact, FactId, Judged, Relation};
use hedui_reconcile::{Assembled, Circumstances, Decisions, Reconciler};
use hedui_text::{Analyzer, ArticleInput, Lexicon};
use proptest::prelude::*;
use serde_json::Value;

/// The claims of one article.
type Article = Vec<Appearance>;

fn reconciler() -> &'static Reconciler {
    static RECONCILER: OnceLock<Reconciler> = OnceLock::new();
    RECONCILER.get_or_init(|| Reconciler::new(Lexicon::builtin()))
}

fn read(key: &str, source: &str, published: &str, title: &str, text: &str) -> Article {
    static READER: OnceLock<ClaimReader> = OnceLock::new();
    let article = Analyzer::builtin().article(ArticleInput {
        key: key.parse().unwrap(),
        source: source.parse().unwrap(),
        url: None,
        lang: None,
        region: None,
        published: Some(published.parse().unwrap()),
        seen: jiff::Timestamp::UNIX_EPOCH,
        title: title.to_owned(),
        body: text.to_owned(),
        author: None,
    });
    let claims = READER
        .get_or_init(|| ClaimReader::new(Lexicon::builtin()))
        .read(&article);
    Appearance::all(ArticleDigest::new(&article, &claims), &claims)
}

/// The articles of the events under `tests/corpus/claims`, by event.
fn events() -> &'static BTreeMap<String, Vec<Article>> {
    static EVENTS: OnceLock<BTreeMap<String, Vec<Article>>> = OnceLock::new();
    EVENTS.get_or_init(|| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/corpus/claims");
        let mut events = BTreeMap::new();
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let Ok(lines) = std::fs::read_to_string(path.join("articles.jsonl")) else {
                continue;
            };
            let articles = lines.lines().map(|line| {
                let article: Value = serde_json::from_str(line).unwrap();
                let field = |name: &str| article[name].as_str().unwrap().to_owned();
                read(
                    &field("id"),
                    &field("source"),
                    &field("published"),
                    &field("title"),
                    &field("text"),
                )
            });
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            events.insert(name, articles.collect());
        }
        assert!(!events.is_empty());
        events
    })
}

/// Judges as the pipeline does: each article against itself, and each pair of claims that share a block.
fn judged(articles: &[&Article]) -> Vec<Judged> {
    let mut verdicts: Vec<Judged> = Vec::new();
    let mut blocks: BTreeMap<String, Vec<(usize, &Appearance)>> = BTreeMap::new();
    for (index, article) in articles.iter().enumerate() {
        verdicts.extend(reconciler().within(article));
        for claim in article.iter() {
            let keys = reconciler().blocks(claim);
            let candidates: BTreeMap<_, &Appearance> = keys
                .iter()
                .filter_map(|key| blocks.get(key))
                .flatten()
                .filter(|(other, _)| *other != index)
                .map(|(_, candidate)| (&candidate.claim.id, *candidate))
                .collect();
            let judge = |candidate: &Appearance| reconciler().judge(claim, candidate).judged;
            verdicts.extend(candidates.into_values().map(judge));
            for key in keys {
                blocks.entry(key).or_default().push((index, claim));
            }
        }
    }
    verdicts.retain(|judged| judged.verdict.relation != Relation::Different);
    verdicts
}

fn assemble(articles: &[&Article], verdicts: &[Judged], previous: &[Fact]) -> Vec<Assembled> {
    let claims: Vec<Appearance> = articles.iter().copied().flatten().cloned().collect();
    let circumstances = Circumstances {
        decisions: &Decisions::default(),
        previous,
        newest: None,
    };
    reconciler().assemble(&claims, verdicts, &circumstances)
}

fn facts_of(assembled: &[Assembled]) -> Vec<Fact> {
    assembled.iter().map(|made| made.fact.clone()).collect()
}

/// Puts things into an order that follows from a number.
fn shuffled<T: Clone>(things: &[T], seed: u64) -> Vec<T> {
    let mut state = seed | 1;
    let mut keyed: Vec<(u64, T)> = things
        .iter()
        .map(|thing| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 33, thing.clone())
        })
        .collect();
    keyed.sort_by_key(|(key, _)| *key);
    keyed.into_iter().map(|(_, thing)| thing).collect()
}

/// Holds articles to what has to hold of any, read in an order that follows from `seed`.
fn hold(articles: &[&Article], stranger: &Article, seed: u64) {
    let verdicts = judged(articles);
    let there = assemble(articles, &verdicts, &[]);
    // The order of arrival: of the articles, of the verdicts, and of the two sides of each.
    let turned = shuffled(articles, seed);
    let back = assemble(&turned, &shuffled(&judged(&turned), seed), &[]);
    assert_eq!(there, back, "the order of arrival changes something");
    // The same again, knowing what was found before.
    let again = assemble(articles, &verdicts, &facts_of(&there));
    assert_eq!(there, again, "grouping again changes something");
    // Each claim is in one fact, a wrong restatement's fact beside it excepted.
    let ids: BTreeSet<&FactId> = there.iter().map(|made| &made.fact.id).collect();
    assert_eq!(ids.len(), there.len(), "two facts have one id");
    let held: BTreeSet<_> = there.iter().flat_map(|made| &made.fact.claims).collect();
    assert_eq!(
        held.len(),
        articles.iter().map(|article| article.len()).sum::<usize>()
    );
    // An article about something else.
    let more: Vec<&Article> = articles.iter().copied().chain([stranger]).collect();
    let more_verdicts = judged(&more);
    assert_eq!(
        judged(&[stranger]).len() + verdicts.len(),
        more_verdicts.len(),
        "somebody has to do with the stranger"
    );
    let grown = assemble(&more, &more_verdicts, &[]);
    for made in &there {
        assert!(
            grown.contains(made),
            "an unrelated article changes {made:?}"
        );
    }
}

/// An article that has to do with nothing else: its names and its business stand in no table.
fn stranger() -> &'static Article {
    static STRANGER: OnceLock<Article> = OnceLock::new();
    STRANGER.get_or_init(|| {
        let text = "The Ottery Vale Cheesemongers sold 4,317 wheels of cheese at the fair, their treasurer Wilhelmina Grubb \
                    said. The Cheesemongers paid £612 for the tent.";
        let article = read("stranger", "vale-gazette.example", "2025-10-01", "Cheese at the fair", text);
        assert!(!article.is_empty());
        article
    })
}

/// How a source tells of a figure; `@` stands for it.
const ENGLISH: [&str; 4] = [
    "# plans to invest @ in a chip plant in Ohio, the company said on Monday.",
    "The total investment of # in its chip plant in Ohio comes to @.",
    "# raised its planned investment in the Ohio chip plant to @.",
    "Of the investment, @ was spent by # last year.",
];
const CHINESE: [&str; 4] = [
    "#宣布，将在俄亥俄州的芯片工厂投资@。",
    "#表示，對俄亥俄州晶片廠的總投資金額為@。",
    "#把俄亥俄州芯片工厂的投资提高到@。",
    "其中，#去年投入了@。",
];
const FIGURES: [(&str, &str); 6] = [
    ("$28 billion", "280亿美元"),
    ("$2.8 billion", "28億美元"),
    ("$82 billion", "820亿美元"),
    ("28 billion yuan", "280亿元人民币"),
    ("about $30 billion", "约300亿美元"),
    ("more than $20 billion", "逾200億美元"),
];
const NAMES: [(&str, &str); 3] = [
    ("Intel", "英特尔"),
    ("Quorvex", "Quorvex"),
    ("TSMC", "台積電"),
];
const DAYS: [&str; 4] = ["2025-03-04", "2025-03-05", "2025-03-20", "2025-09-01"];

/// One or two sentences, in one language or the other.
fn any_article(number: usize) -> impl Strategy<Value = Article> {
    let sentence = (0_usize..4, 0..FIGURES.len(), 0..NAMES.len());
    let sentences = proptest::collection::vec(sentence, 1..3);
    (sentences, 0..DAYS.len(), any::<bool>()).prop_map(move |(sentences, day, is_chinese)| {
        let text: Vec<String> = sentences
            .into_iter()
            .map(|(form, figure, name)| {
                let (figure, name) = (FIGURES[figure], NAMES[name]);
                if is_chinese {
                    CHINESE[form].replace('#', name.1).replace('@', figure.1)
                } else {
                    ENGLISH[form].replace('#', name.0).replace('@', figure.0)
                }
            })
            .collect();
        let key = format!("made-{number}");
        read(
            &key,
            &format!("outlet-{number}.example"),
            DAYS[day],
            "",
            &text.join(" "),
        )
    })
}

fn any_articles() -> impl Strategy<Value = Vec<Article>> {
    (1_usize..7).prop_flat_map(|count| (0..count).map(any_article).collect::<Vec<_>>())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn made_up_articles_keep_what_holds(articles in any_articles(), seed in any::<u64>()) {
        let articles: Vec<&Article> = articles.iter().collect();
        hold(&articles, stranger(), seed);
    }

    #[test]
    fn made_up_claims_are_judged_the_same_from_either_side(articles in any_articles()) {
        for (a, b) in pairs(&articles.iter().collect::<Vec<_>>()) {
            prop_assert_eq!(reconciler().judge(a, b), reconciler().judge(b, a));
        }
    }
}

fn pairs<'a>(articles: &[&'a Article]) -> Vec<(&'a Appearance, &'a Appearance)> {
    let mut pairs = Vec::new();
    for (index, article) in articles.iter().enumerate() {
        for other in articles.iter().skip(index + 1) {
            pairs.extend(
                article
                    .iter()
                    .flat_map(|a| other.iter().map(move |b| (a, b))),
            );
        }
    }
    pairs
}

#[test]
fn the_claims_of_the_corpus_are_judged_the_same_from_either_side() {
    for articles in events().values() {
        for (a, b) in pairs(&articles.iter().collect::<Vec<_>>()) {
            let there = reconciler().judge(a, b);
            assert_eq!(there, reconciler().judge(b, a));
        }
    }
}

#[test]
fn the_events_of_the_corpus_keep_what_holds() {
    for (place, articles) in events().values().enumerate() {
        let articles: Vec<&Article> = articles.iter().collect();
        hold(&articles, stranger(), 7 + place as u64);
        // Some of the articles, then the rest: what had an id keeps it, or passes it on.
        let (early, _) = articles.split_at(articles.len() / 2);
        let before = facts_of(&assemble(early, &judged(early), &[]));
        let verdicts = judged(&articles);
        let whole = assemble(&articles, &verdicts, &[]);
        let grown = assemble(&articles, &verdicts, &before);
        for (one, other) in whole.iter().zip(&grown) {
            assert_eq!(one.fact.id, other.fact.id);
            assert_eq!(one.fact.claims, other.fact.claims);
            assert_eq!(
                one.conflict
                    .as_ref()
                    .map(|conflict| (&conflict.id, &conflict.sides)),
                other
                    .conflict
                    .as_ref()
                    .map(|conflict| (&conflict.id, &conflict.sides)),
            );
        }
    }
}

#[test]
fn other_events_change_no_verdict_and_no_fact_of_one() {
    // Articles of one event, with those of all others, none of which shares a verdict with it.
    let everything: Vec<&Article> = events().values().flatten().collect();
    let verdicts = judged(&everything);
    let together = assemble(&everything, &verdicts, &[]);
    for articles in events().values() {
        let articles: Vec<&Article> = articles.iter().collect();
        let own: BTreeSet<_> = articles
            .iter()
            .flat_map(|article| article.iter().map(|claim| &claim.claim.id))
            .collect();
        let is_own = |judged: &&Judged| own.contains(&judged.a) && own.contains(&judged.b);
        let alone = judged(&articles);
        let mut of_all: Vec<&Judged> = verdicts.iter().filter(is_own).collect();
        let mut of_one: Vec<&Judged> = alone.iter().collect();
        of_all.sort_by_key(|judged| (&judged.a, &judged.b));
        of_one.sort_by_key(|judged| (&judged.a, &judged.b));
        assert_eq!(of_all, of_one);
        // A claim that has to do with another event may be in a fact with it; every other fact is as it was.
        let crosses = |fact: &Fact| {
            verdicts.iter().any(|judged| {
                (fact.claims.contains(&judged.a) && !own.contains(&judged.b))
                    || (fact.claims.contains(&judged.b) && !own.contains(&judged.a))
            })
        };
        for made in assemble(&articles, &alone, &[]) {
            assert!(crosses(&made.fact) || together.contains(&made), "{made:?}");
        }
    }
}
