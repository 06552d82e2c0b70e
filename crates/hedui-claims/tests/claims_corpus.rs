//! The claim reader against `tests/corpus/metrics` and `tests/corpus/attach`: every field that a case names must be read so.

#![allow(clippy::unwrap_used)]

use std::path::{Path, PathBuf};
use std::sync::Arc;

use hedui_claims::ClaimReader;
use hedui_model::{Article, Basis, Claim, Interval, Place, Status};
use hedui_text::{Analyzer, ArticleInput, Lexicon};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    text: String,
    lang: String,
    #[serde(default)]
    title: String,
    published: Option<String>,
    /// The claims of the body, each with what is asked of it.
    expect: Vec<Expected>,
    /// Pieces of the text that no claim may touch.
    #[serde(default)]
    absent: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    mention: String,
    metric: Option<String>,
    /// Who may own it: the first entity is one of these; nobody, where the list is empty.
    owners: Option<Vec<String>>,
    /// The name, unknown to the lexicon, that comes first.
    surface: Option<String>,
    /// Whether there must be no further entity.
    #[serde(default)]
    only: bool,
    /// Who is named as well.
    #[serde(default)]
    also: Vec<String>,
    low: Option<String>,
    part: Option<String>,
    time_base: Option<String>,
    session: Option<String>,
    basis: Option<Basis>,
    /// The first day of the period, and the last; empty where there is none.
    from: Option<String>,
    to: Option<String>,
    to_year: Option<i16>,
    status: Option<Status>,
    speaker: Option<String>,
    gloss_of: Option<String>,
    /// Terms that govern the figure: they come before those of other clauses.
    #[serde(default)]
    near: Vec<String>,
    /// Terms of other clauses.
    #[serde(default)]
    far: Vec<String>,
}

#[test]
fn metrics_that_are_easily_confused_are_kept_apart() {
    check("metrics");
}

#[test]
fn figures_are_attached_to_whose_and_when_they_are() {
    check("attach");
}

fn check(theme: &str) {
    let lexicon = Lexicon::builtin();
    let analyzer = Analyzer::new(Arc::clone(&lexicon));
    let reader = ClaimReader::new(Arc::clone(&lexicon));
    let mut wrong = Vec::new();
    let mut cases = 0;
    for path in files(theme) {
        let file: File = toml::from_str(&std::fs::read_to_string(&path).unwrap())
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        for case in file.case {
            cases += 1;
            let article = article(&analyzer, &case);
            let claims = reader.read(&article);
            let found = faults(&case, &claims, &lexicon);
            wrong.extend(
                found
                    .into_iter()
                    .map(|fault| format!("{}: {fault}", case.name)),
            );
        }
    }
    assert!(cases > 20, "the corpus of {theme} is missing");
    assert!(
        wrong.is_empty(),
        "{} faults:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

fn files(theme: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../tests/corpus")
        .join(theme);
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "toml")
        })
        .collect();
    files.sort();
    files
}

fn article(analyzer: &Analyzer, case: &Case) -> Article {
    analyzer.article(ArticleInput {
        key: "case".parse().unwrap(),
        source: "sample".parse().unwrap(),
        url: None,
        lang: Some(case.lang.clone()),
        region: None,
        published: case.published.as_deref().map(|day| day.parse().unwrap()),
        seen: jiff::Timestamp::UNIX_EPOCH,
        title: case.title.clone(),
        body: case.text.clone(),
        author: None,
    })
}

/// Says what is read otherwise than the case has it.
fn faults(case: &Case, claims: &[Claim], lexicon: &Lexicon) -> Vec<String> {
    let body: Vec<&Claim> = claims
        .iter()
        .filter(|claim| claim.place == Place::Body)
        .collect();
    let mut faults = Vec::new();
    let mut from = 0;
    for expected in &case.expect {
        let at = case.text[from..]
            .find(&expected.mention)
            .map_or(from, |at| at + from);
        let end = at + expected.mention.len();
        from = end;
        let claim = body
            .iter()
            .find(|claim| claim.quantity.span.start() < end && at < claim.quantity.span.end());
        match claim {
            None => faults.push(format!("`{}` is not read", expected.mention)),
            Some(claim) => compare(expected, claim, claims, lexicon, &mut faults),
        }
    }
    for piece in &case.absent {
        let at = case.text.find(piece).unwrap_or_default();
        let touched = body.iter().find(|claim| {
            claim.quantity.span.start() < at + piece.len() && at < claim.quantity.span.end()
        });
        if let Some(claim) = touched {
            faults.push(format!("`{}` is no claim", claim.mention()));
        }
    }
    faults
}

fn compare(
    expected: &Expected,
    claim: &Claim,
    claims: &[Claim],
    lexicon: &Lexicon,
    faults: &mut Vec<String>,
) {
    let mut differs = |what: &str, wanted: &Option<String>, read: Option<String>| {
        if wanted.is_some() && *wanted != read {
            faults.push(format!(
                "`{}`: {what} is {}, not {}",
                expected.mention,
                read.as_deref().unwrap_or("unknown"),
                wanted.as_deref().unwrap_or("unknown")
            ));
        }
    };
    differs(
        "metric",
        &expected.metric,
        claim.metric.as_ref().map(|metric| metric.id.clone()),
    );
    let (low, _) = ends(claim.quantity.interval());
    differs("low", &expected.low, low);
    differs("part", &expected.part, claim.scope.part.clone());
    differs(
        "time base",
        &expected.time_base,
        claim.scope.time_base.clone(),
    );
    differs("session", &expected.session, claim.scope.session.clone());
    let period = claim.period.clone().unwrap_or_default();
    let day =
        |day: Option<jiff::civil::Date>| Some(day.map_or(String::new(), |day| day.to_string()));
    differs("period's start", &expected.from, day(period.from));
    differs("period's end", &expected.to, day(period.to));
    let year = expected.to_year.map(|year| year.to_string());
    differs(
        "period's last year",
        &year,
        period.to.map(|day| day.year().to_string()),
    );
    let print = |basis: Option<Basis>| basis.map(|basis| format!("{basis:?}"));
    differs("basis", &print(expected.basis), print(period.basis));
    let status = expected.status.map(|status| format!("{status:?}"));
    differs("status", &status, Some(format!("{:?}", claim.status)));
    let speaker = claim.attribution.as_ref().map(|said| said.speaker.clone());
    differs("speaker", &expected.speaker, speaker);
    let main = claim.gloss_of.as_ref().and_then(|id| {
        let main = claims.iter().find(|other| other.id == *id)?;
        Some(main.mention().to_owned())
    });
    differs("restated claim", &expected.gloss_of, main);
    let names: Vec<&str> = claim
        .entities
        .iter()
        .map(|entity| entity.name.as_str())
        .collect();
    let unknown = claim.entities.first().filter(|entity| !entity.known);
    differs(
        "unknown name",
        &expected.surface,
        unknown.map(|entity| entity.name.clone()),
    );
    if let Some(owners) = &expected.owners {
        for owner in owners {
            assert!(
                lexicon.entities.named(owner).is_some(),
                "no entity is called `{owner}`"
            );
        }
        let first = names.first().copied();
        let right = match first {
            None => owners.is_empty(),
            Some(first) => owners.iter().any(|owner| owner == first),
        };
        if !right || expected.only && names.len() > 1 {
            faults.push(format!("`{}`: entities are {names:?}", expected.mention));
        }
    }
    let place = |term: &String| claim.terms.iter().position(|other| other == term);
    let last = expected.near.iter().map(place).max().flatten();
    for term in expected.near.iter().chain(&expected.far) {
        if place(term).is_none() {
            faults.push(format!(
                "`{}`: the term `{term}` is missing from {:?}",
                expected.mention, claim.terms
            ));
        }
    }
    if expected.far.iter().any(|term| place(term) < last) {
        faults.push(format!(
            "`{}`: the terms {:?} do not come last in {:?}",
            expected.mention, expected.far, claim.terms
        ));
    }
    for name in &expected.also {
        if !names.contains(&name.as_str()) {
            faults.push(format!(
                "`{}`: `{name}` is missing from {names:?}",
                expected.mention
            ));
        }
    }
}

fn ends(interval: Interval) -> (Option<String>, Option<String>) {
    match interval {
        Interval::Number { low, high } => (
            low.map(|value| value.to_string()),
            high.map(|value| value.to_string()),
        ),
        Interval::Date { .. } | Interval::Time { .. } => {
            let (low, high) = interval.days().unwrap_or_default();
            (
                low.map(|day| day.to_string()),
                high.map(|day| day.to_string()),
            )
        }
    }
}
