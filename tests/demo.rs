//! The demonstration, held against what a careful reader finds in the sample site.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde::Deserialize;
use serde_json::Value;

use crate::support::{Archive, Run, hedui, project, run};

#[derive(Debug, Deserialize)]
struct Expected {
    article: Vec<Article>,
    disagreement: Vec<Disagreement>,
    pair: Vec<Pair>,
    forbidden: Vec<Forbidden>,
    syndicated: Vec<Syndicated>,
    revision: Vec<Revision>,
    boilerplate: Vec<Boilerplate>,
}

#[derive(Debug, Deserialize)]
struct Article {
    url: String,
    title: String,
    published: String,
    lang: String,
}

#[derive(Debug, Deserialize)]
struct Disagreement {
    id: String,
    cause: String,
    side: Vec<Side>,
}

#[derive(Debug, Deserialize)]
struct Side {
    claims: Vec<Claim>,
}

#[derive(Clone, Debug, Deserialize)]
struct Claim {
    article: String,
    mention: String,
    sentence: String,
    version: Option<u32>,
}

#[derive(Debug, Deserialize)]
struct Pair {
    relation: String,
    a: Claim,
    b: Claim,
}

#[derive(Debug, Deserialize)]
struct Forbidden {
    url: String,
}

#[derive(Debug, Deserialize)]
struct Syndicated {
    origin: String,
    copies: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Revision {
    article: String,
    old: String,
    new: String,
}

#[derive(Debug, Deserialize)]
struct Boilerplate {
    host: String,
    figures: Vec<String>,
}

/// One run of the demonstration, shared by all tests here.
struct Demo {
    archive: Archive,
    run: Run,
    claims: Vec<Value>,
    conflicts: Vec<Value>,
    /// Those that a source ended by correcting itself.
    corrected: Vec<Value>,
    expected: Expected,
}

static DEMO: LazyLock<Demo> = LazyLock::new(|| {
    let archive = Archive::new();
    let run = run(hedui()
        .current_dir(archive.folder())
        .args(["demo", "--keep"])
        .arg(archive.dir()))
    .exits(0);
    let claims = archive
        .run(&["claims", "--format", "jsonl"])
        .exits(0)
        .lines();
    let conflicts = archive
        .run(&["conflicts", "--format", "jsonl"])
        .exits(0)
        .lines();
    let mut corrected = archive
        .run(&["conflicts", "--state", "closed", "--format", "jsonl"])
        .exits(0)
        .lines();
    corrected.retain(|conflict| conflict["ended_by"] == "correction");
    let expected = std::fs::read_to_string(project("seeds/expected.toml")).unwrap();
    Demo {
        corrected,
        archive,
        run,
        claims,
        conflicts,
        expected: toml::from_str(&expected).unwrap(),
    }
});

fn text<'v>(value: &'v Value, field: &str) -> &'v str {
    value.get(field).and_then(Value::as_str).unwrap_or_default()
}

impl Demo {
    /// Finds the ids of the claim that stands in a stretch of text; the figure's unit may be read longer or shorter.
    fn ids(&self, claim: &Claim) -> Vec<&str> {
        let folded = |text: &str| text.split_whitespace().collect::<String>();
        let (mention, stretch) = (folded(&claim.mention), folded(&claim.sentence));
        let here = |found: &&Value| {
            let (found_mention, sentence) = (
                folded(text(found, "mention")),
                folded(text(found, "sentence")),
            );
            text(found, "article") == claim.article
                && sentence.contains(&stretch)
                && (found_mention.contains(&mention)
                    || mention.contains(&found_mention) && stretch.contains(&found_mention))
        };
        self.claims
            .iter()
            .filter(here)
            .map(|found| text(found, "id"))
            .collect()
    }

    /// Returns, for a conflict, on which side each claim stands.
    fn sides(conflict: &Value) -> BTreeMap<&str, usize> {
        let sides = conflict.get("sides").and_then(Value::as_array).unwrap();
        let mut places = BTreeMap::new();
        for (index, side) in sides.iter().enumerate() {
            for id in side.get("claims").and_then(Value::as_array).unwrap() {
                places.insert(id.as_str().unwrap(), index);
            }
        }
        places
    }

    /// Tells whether a conflict has one of `a` and one of `b` on different sides.
    fn opposed(conflict: &Value, a: &[&str], b: &[&str]) -> bool {
        let sides = Demo::sides(conflict);
        a.iter().any(|a| {
            b.iter()
                .any(|b| sides.get(a).zip(sides.get(b)).is_some_and(|(a, b)| a != b))
        })
    }

    fn ids_of_side(&self, side: &Side) -> Vec<&str> {
        side.claims
            .iter()
            .filter(|claim| claim.version != Some(1))
            .flat_map(|claim| self.ids(claim))
            .collect()
    }
}

#[test]
fn every_disagreement_is_reported_with_its_cause() {
    let mut missing = Vec::new();
    for disagreement in &DEMO.expected.disagreement {
        if disagreement.cause == "revision" {
            continue; // its old side is in the article's first version: a test of its own
        }
        let [a, b, ..] = disagreement.side.as_slice() else {
            panic!("{} has two sides", disagreement.id)
        };
        let (a, b) = (DEMO.ids_of_side(a), DEMO.ids_of_side(b));
        let found: Vec<&Value> = DEMO
            .conflicts
            .iter()
            .filter(|conflict| Demo::opposed(conflict, &a, &b))
            .collect();
        let causes: Vec<String> = found.iter().flat_map(|conflict| causes(conflict)).collect();
        if !causes.contains(&disagreement.cause) {
            missing.push(format!(
                "{} ({}): claims {} against {}, reported as {causes:?}",
                disagreement.id,
                disagreement.cause,
                a.len(),
                b.len()
            ));
        }
    }
    assert!(
        missing.is_empty(),
        "{} of {} missing:\n{}",
        missing.len(),
        DEMO.expected.disagreement.len(),
        missing.join("\n")
    );
}

/// Returns the cause of a conflict, and those of its sides.
fn causes(conflict: &Value) -> Vec<String> {
    let sides = conflict.get("sides").and_then(Value::as_array).unwrap();
    let of_sides = sides
        .iter()
        .filter_map(|side| side.get("cause").and_then(Value::as_str));
    std::iter::once(text(conflict, "cause"))
        .chain(of_sides)
        .map(str::to_owned)
        .collect()
}

#[test]
fn nothing_else_is_reported() {
    let wanted: Vec<(Vec<&str>, Vec<&str>)> = DEMO
        .expected
        .disagreement
        .iter()
        .map(|disagreement| {
            (
                DEMO.ids_of_side(&disagreement.side[0]),
                DEMO.ids_of_side(&disagreement.side[1]),
            )
        })
        .collect();
    let mut spurious = Vec::new();
    for conflict in &DEMO.conflicts {
        if text(conflict, "cause") != "revision"
            && !wanted.iter().any(|(a, b)| Demo::opposed(conflict, a, b))
        {
            spurious.push(format!(
                "{}: {}",
                text(conflict, "id"),
                text(conflict, "why")
            ));
        }
    }
    assert!(
        spurious.is_empty(),
        "{} reported, but no reader would:\n{}",
        spurious.len(),
        spurious.join("\n")
    );
}

#[test]
fn pairs_that_are_no_conflict_are_never_on_two_sides() {
    let mut wrong = Vec::new();
    for pair in DEMO
        .expected
        .pair
        .iter()
        .filter(|pair| pair.relation != "conflict")
    {
        let (a, b) = (DEMO.ids(&pair.a), DEMO.ids(&pair.b));
        if let Some(conflict) = DEMO
            .conflicts
            .iter()
            .find(|conflict| Demo::opposed(conflict, &a, &b))
        {
            wrong.push(format!(
                "{}: {} / {} ({})",
                pair.relation,
                pair.a.mention,
                pair.b.mention,
                text(conflict, "why")
            ));
        }
    }
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn figures_that_agree_across_scripts_and_units_are_one_fact() {
    let facts = DEMO
        .archive
        .run(&["facts", "--format", "jsonl"])
        .exits(0)
        .lines();
    let fact_of: BTreeMap<&str, &str> = facts
        .iter()
        .flat_map(|fact| {
            fact["claims"]
                .as_array()
                .unwrap()
                .iter()
                .map(|claim| (claim.as_str().unwrap(), text(fact, "id")))
        })
        .collect();
    let agreeing: Vec<&Pair> = DEMO
        .expected
        .pair
        .iter()
        .filter(|pair| pair.relation == "agree")
        .collect();
    let together = |pair: &&&Pair| {
        let facts = |claim| {
            DEMO.ids(claim)
                .into_iter()
                .filter_map(|id| fact_of.get(id).copied())
                .collect::<BTreeSet<_>>()
        };
        !facts(&pair.a).is_disjoint(&facts(&pair.b))
    };
    let found = agreeing.iter().filter(together).count();
    let apart: Vec<String> = agreeing
        .iter()
        .filter(|pair| !together(pair))
        .map(|pair| format!("{} / {}", pair.a.mention, pair.b.mention))
        .collect();
    assert!(
        found * 100 >= agreeing.len() * 80,
        "{found} of {} together; apart:\n{}",
        agreeing.len(),
        apart.join("\n")
    );
}

#[test]
fn robots_are_respected_and_requests_conditional() {
    for forbidden in &DEMO.expected.forbidden {
        let shown = DEMO
            .archive
            .run(&["show", &forbidden.url, "--format", "jsonl"]);
        assert_eq!(shown.code, 1, "{} must not have been read", forbidden.url);
    }
    let first = DEMO
        .run
        .err
        .lines()
        .find(|line| line.starts_with("first pass"))
        .unwrap();
    assert!(!first.contains("; 0 refused by robots.txt"), "{first}");
    let second = DEMO
        .run
        .err
        .lines()
        .find(|line| line.starts_with("second pass"))
        .unwrap();
    assert!(
        !second.contains(" 0 of them conditional") && !second.contains(" 0 answered with 304"),
        "{second}"
    );
    assert!(second.contains("0 new articles, 1 revised"), "{second}");
}

#[test]
fn every_article_is_read_with_title_date_and_language() {
    let articles = DEMO.archive.run(&["export", "articles"]).exits(0).lines();
    let by_url: BTreeMap<&str, &Value> = articles
        .iter()
        .map(|article| (text(article, "article"), article))
        .collect();
    let mut wrong = Vec::new();
    for expected in &DEMO.expected.article {
        if DEMO
            .expected
            .forbidden
            .iter()
            .any(|forbidden| forbidden.url == expected.url)
        {
            continue;
        }
        let Some(found) = by_url.get(expected.url.as_str()) else {
            wrong.push(format!("{} is missing", expected.url));
            continue;
        };
        let day = text(found, "published").get(..10).unwrap_or_default();
        for (what, is, should) in [
            ("title", text(found, "title"), expected.title.as_str()),
            ("date", day, expected.published.as_str()),
            ("language", text(found, "lang"), expected.lang.as_str()),
        ] {
            // Kinds of white space are the page's own affair.
            if is.split_whitespace().ne(should.split_whitespace()) {
                wrong.push(format!("{}: {what} `{is}`, not `{should}`", expected.url));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(
        articles.len() + forbidden_articles(),
        DEMO.expected.article.len()
    );
}

fn forbidden_articles() -> usize {
    let forbidden = |article: &&Article| {
        DEMO.expected
            .forbidden
            .iter()
            .any(|forbidden| forbidden.url == article.url)
    };
    DEMO.expected.article.iter().filter(forbidden).count()
}

#[test]
fn an_edited_article_is_a_revision_with_its_changed_figure() {
    for revision in &DEMO.expected.revision {
        let shown = DEMO
            .archive
            .run(&["show", &revision.article, "--format", "jsonl"])
            .exits(0)
            .lines();
        let article = shown.first().unwrap();
        assert_eq!(article["revision"], 2);
        assert!(text(article, "body").contains(&revision.new));
        let mut told = DEMO.conflicts.iter().chain(&DEMO.corrected);
        let revised = told.find(|conflict| {
            causes(conflict).iter().any(|cause| cause == "revision")
                && conflict["sides"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .any(|side| text(side, "text").contains(&revision.old))
        });
        assert!(
            revised.is_some(),
            "{} for {} is reported as a revision",
            revision.new,
            revision.old
        );
    }
}

#[test]
fn copies_of_an_agency_story_count_once() {
    for story in &DEMO.expected.syndicated {
        let shown = |url: &str| {
            DEMO.archive
                .run(&["show", url, "--format", "jsonl"])
                .exits(0)
                .lines()
                .remove(0)
        };
        let family: BTreeSet<String> = story
            .copies
            .iter()
            .chain([&story.origin])
            .map(|url| {
                let article = shown(url);
                article["origin"].as_str().unwrap_or(url).to_owned()
            })
            .collect();
        assert_eq!(family.len(), 1, "one story, one origin: {family:?}");
    }
}

#[test]
fn figures_around_the_text_are_no_figures_of_an_article() {
    for around in &DEMO.expected.boilerplate {
        for claim in DEMO
            .claims
            .iter()
            .filter(|claim| text(claim, "article").contains(&around.host))
        {
            for figure in &around.figures {
                assert!(
                    !text(claim, "sentence").contains(figure.as_str()),
                    "{}: {figure}",
                    around.host
                );
            }
        }
    }
}

#[test]
fn names_in_any_script_find_the_same_articles() {
    let found = |query: &str| -> BTreeSet<String> {
        let hits = DEMO
            .archive
            .run(&["search", query, "--limit", "1000", "--format", "jsonl"])
            .exits(0)
            .lines();
        hits.iter()
            .map(|hit| text(hit, "article").to_owned())
            .collect()
    };
    let nvidia = found("Nvidia");
    assert!(nvidia.len() >= 8, "{nvidia:?}");
    for name in ["輝達", "英伟达", "英偉達"] {
        assert_eq!(found(name), nvidia, "{name}");
    }
}

#[test]
fn any_four_characters_of_an_article_find_it_as_a_phrase() {
    let articles = DEMO.archive.run(&["export", "articles"]).exits(0).lines();
    let mut missed = Vec::new();
    // Every article, at places spread over it; all places of all articles are for the index's own tests.
    for article in &articles {
        let key = text(article, "article");
        let body = DEMO
            .archive
            .run(&["show", key, "--format", "jsonl"])
            .exits(0)
            .lines()
            .remove(0);
        let chars: Vec<char> = text(&body, "body").chars().collect();
        for start in [chars.len() / 7, chars.len() / 2] {
            let phrase: String = chars[start..start + 4].iter().collect();
            if phrase.contains(['"', '\\', '\n']) || phrase.trim() != phrase {
                continue;
            }
            let hits = DEMO
                .archive
                .run(&[
                    "search",
                    &format!("\"{phrase}\""),
                    "--limit",
                    "1000",
                    "--format",
                    "jsonl",
                ])
                .lines();
            let direct = hits.iter().any(|hit| text(hit, "article") == key);
            // Copies of one story are one hit.
            let as_copy = hits
                .iter()
                .any(|hit| hit["copies"].as_u64().unwrap_or(0) > 0);
            if !direct && !as_copy {
                missed.push(format!("{key}: {phrase}"));
            }
        }
    }
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

#[test]
fn reindexing_changes_nothing() {
    let copy = Archive::new();
    let again = run(hedui()
        .current_dir(copy.folder())
        .args(["demo", "--quiet", "--keep"])
        .arg(copy.dir()))
    .exits(0);
    assert!(again.err.is_empty(), "--quiet: {}", again.err);
    let all = |copy: &Archive| {
        ["claims", "facts", "conflicts", "articles"]
            .map(|what| copy.run(&["export", what]).exits(0).out)
    };
    let before = all(&copy);
    copy.run(&["reindex"]).exits(0);
    let after = all(&copy);
    for (before, after) in before.iter().zip(&after) {
        assert!(before == after, "{}", first_difference(before, after));
    }
}

fn first_difference(before: &str, after: &str) -> String {
    let pair = before
        .lines()
        .zip(after.lines())
        .find(|(before, after)| before != after);
    pair.map_or_else(
        || "one is longer".to_owned(),
        |(before, after)| format!("before: {before}\nafter:  {after}"),
    )
}
