//! What the program answers does not depend on the order in which articles came, on being computed anew, or on what other
//! articles there are.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::support::{Archive, project, run_with};

/// Everything that is told of an archive, by command, without when it was read and without ids that it had before.
type Told = BTreeMap<&'static str, Vec<Value>>;

fn told(archive: &Archive) -> Told {
    let lists = [
        ("claims", vec!["claims"]),
        ("relations", vec!["relations", "--all"]),
        ("facts", vec!["facts"]),
        (
            "conflicts",
            vec![
                "conflicts",
                "--state",
                "open,acked,snoozed,muted,resolved,closed",
            ],
        ),
    ];
    lists
        .into_iter()
        .map(|(name, command)| {
            let mut lines = archive
                .run(&[&command[..], &["--format", "jsonl"]].concat())
                .lines();
            for line in &mut lines {
                strip(line);
            }
            lines.sort_by_key(Value::to_string);
            (name, lines)
        })
        .collect()
}

/// Takes away what says when something was read, and what an archive with another past calls otherwise.
fn strip(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for name in ["first_seen", "last_seen", "aliases"] {
                fields.remove(name);
            }
            fields.values_mut().for_each(strip);
        }
        Value::Array(items) => items.iter_mut().for_each(strip),
        _ => {}
    }
}

fn archive_of(articles: &[String]) -> Archive {
    let archive = Archive::new();
    ingest(&archive, articles);
    archive
}

fn ingest(archive: &Archive, articles: &[String]) {
    run_with(&mut archive.command(&["ingest", "-"]), &articles.join("\n")).exits(0);
}

/// The articles of an event of the corpus, as lines.
fn event(name: &str) -> Vec<String> {
    let path = project("tests/corpus/claims")
        .join(name)
        .join("articles.jsonl");
    let lines = std::fs::read_to_string(path).unwrap();
    lines.lines().map(str::to_owned).collect()
}

/// Many sources with one figure, more than are compared with a new one, and some with another.
fn many() -> Vec<String> {
    let wordings = [
        "Intel will invest $# billion in a chip plant in Ohio, the company said on Monday.",
        "Intel said on Monday that its investment in the Ohio chip plant would come to $# billion.",
        "Intel plans to spend $# billion on its chip plant in Ohio, its chief executive told reporters.",
    ];
    (0..30_usize)
        .map(|number| {
            let value = if number % 10 == 7 { "2.8" } else { "28" };
            let day = 1 + number % 20;
            let article = json!({
                "id": format!("many-{number}"),
                "source": format!("outlet-{number}.example"),
                "published": format!("2025-03-{day:02}"),
                "text": wordings[number % 3].replace('#', value),
            });
            article.to_string()
        })
        .collect()
}

/// Puts articles into an order that follows from a number.
fn shuffled(articles: &[String], step: usize) -> Vec<String> {
    let count = articles.len();
    assert!(!count.is_multiple_of(step), "the step has to reach all");
    (0..count)
        .map(|place| articles[place * step % count].clone())
        .collect()
}

#[track_caller]
fn assert_same(one: &Told, other: &Told) {
    for (name, lines) in one {
        let missing: Vec<&Value> = lines
            .iter()
            .filter(|line| !other[name].contains(line))
            .collect();
        assert!(missing.is_empty(), "{name}: {missing:#?}");
        assert_eq!(lines.len(), other[name].len(), "{name}");
    }
}

#[test]
fn neither_order_nor_reindexing_changes_what_is_told() {
    let mut articles = event("korea_us");
    articles.extend(many());
    articles.push(json!({"id": "last", "source": "last.example", "text": "x"}).to_string());
    let archive = archive_of(&articles);
    let before = told(&archive);
    assert!(before["conflicts"].len() >= 3 && before["facts"].len() >= 10);
    assert_same(&before, &told(&archive_of(&shuffled(&articles, 7))));
    articles.reverse();
    assert_same(&before, &told(&archive_of(&articles)));
    archive.run(&["reindex"]).exits(0);
    assert_same(&before, &told(&archive));
}

#[test]
fn articles_about_something_else_change_nothing() {
    let archive = archive_of(&event("korea_us"));
    let before = told(&archive);
    let mut others = many();
    others.push(
        json!({
            "id": "fair",
            "source": "vale-gazette.example",
            "published": "2025-10-01",
            "text": "The Ottery Vale Cheesemongers sold 4,317 wheels of cheese at the fair and paid £612 for the tent.",
        })
        .to_string(),
    );
    ingest(&archive, &others);
    let after = told(&archive);
    for (name, lines) in before {
        for line in &lines {
            assert!(after[name].contains(line), "{name}: {line:#}");
        }
    }
}
