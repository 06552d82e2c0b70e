//! Any query is answered as a scan of all articles would answer it.

use hedui_model::Article;
use hedui_store::query::Query;
use hedui_text::Folder;
use proptest::prelude::*;

use crate::fixture::{articles, found, quoted};

#[derive(Clone, Debug)]
enum Tree {
    Leaf(Leaf),
    And(Vec<Tree>),
    Or(Vec<Tree>),
    Not(Box<Tree>),
}

#[derive(Clone, Debug)]
enum Leaf {
    Phrase(&'static str),
    InTitle(&'static str),
    Source(&'static str),
    Since(&'static str),
}

impl Tree {
    fn text(&self) -> String {
        match self {
            Tree::Leaf(Leaf::Phrase(phrase)) => quoted(phrase),
            Tree::Leaf(Leaf::InTitle(phrase)) => format!("title:{}", quoted(phrase)),
            Tree::Leaf(Leaf::Source(source)) => format!("source:{}", quoted(source)),
            Tree::Leaf(Leaf::Since(day)) => format!("date:>={day}"),
            Tree::And(parts) => format!("({})", joined(parts, " ")),
            Tree::Or(parts) => format!("({})", joined(parts, " OR ")),
            Tree::Not(part) => format!("NOT {}", part.text()),
        }
    }

    fn answers(&self, article: &Article) -> bool {
        let has = |text: &str, phrase: &str| fold(text).contains(&fold(phrase));
        match self {
            Tree::Leaf(Leaf::Phrase(phrase)) => {
                has(&article.title.text, phrase) || has(&article.body.text, phrase)
            }
            Tree::Leaf(Leaf::InTitle(phrase)) => has(&article.title.text, phrase),
            Tree::Leaf(Leaf::Source(source)) => article.meta.source.as_str() == *source,
            Tree::Leaf(Leaf::Since(day)) => {
                article.meta.published.unwrap().day() >= day.parse().unwrap()
            }
            Tree::And(parts) => parts.iter().all(|part| part.answers(article)),
            Tree::Or(parts) => parts.iter().any(|part| part.answers(article)),
            Tree::Not(part) => !part.answers(article),
        }
    }
}

fn joined(parts: &[Tree], between: &str) -> String {
    parts
        .iter()
        .map(Tree::text)
        .collect::<Vec<_>>()
        .join(between)
}

fn fold(text: &str) -> String {
    Folder::builtin().fold(text).text.to_lowercase()
}

fn leaf() -> impl Strategy<Value = Tree> {
    let phrase = || {
        prop::sample::select(vec![
            "億美元",
            "nvidia",
            "美国",
            "的",
            "，",
            "140",
            "invest",
            "AI",
            "x",
            "不存在",
            "電動車",
        ])
    };
    prop_oneof![
        4 => phrase().prop_map(Leaf::Phrase),
        1 => phrase().prop_map(Leaf::InTitle),
        1 => prop::sample::select(vec!["Pacific Wire", "北方财讯", "nobody"]).prop_map(Leaf::Source),
        1 => prop::sample::select(vec!["2024-12-03", "2025-03-04", "2026-01-01"]).prop_map(Leaf::Since),
    ]
    .prop_map(Tree::Leaf)
}

fn tree() -> impl Strategy<Value = Tree> {
    leaf().prop_recursive(4, 16, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 2..4).prop_map(Tree::And),
            proptest::collection::vec(inner.clone(), 2..4).prop_map(Tree::Or),
            inner.prop_map(|part| Tree::Not(Box::new(part))),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn and_or_and_not_agree_with_a_scan(tree in tree()) {
        let mut expected: Vec<String> = articles()
            .iter()
            .filter(|article| tree.answers(article))
            .map(|article| article.meta.key.to_string())
            .collect();
        expected.sort();
        let query = tree.text();
        prop_assert_eq!(found(&query), expected.clone(), "{}", query);
        // And so does what is printed of it.
        let printed = Query::parse(&query).unwrap().to_string();
        prop_assert_eq!(found(&printed), expected, "{}", printed);
    }
}

#[test]
fn no_query_breaks_the_index() {
    let mut runner = proptest::test_runner::TestRunner::default();
    runner
        .run(
            &"[ ()\"“：:*~±\\[\\]{}a-c輝達0-9TOR,-]{0,30}|.{0,20}",
            |query| {
                // An error is an answer; a panic is not.
                let _ = crate::fixture::reader()
                    .search(&hedui_store::index::SearchRequest::new(&query));
                Ok(())
            },
        )
        .unwrap();
}
