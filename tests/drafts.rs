//! Drafts with planted slips: what `hedui check` catches of them, what it tells besides, and what it would write instead.

use std::path::PathBuf;

use serde::Deserialize;
use serde_json::Value;

use crate::support::{Archive, hedui, project, run, run_with};

/// The drafts, as `tests/corpus/check/drafts.toml` lists them.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Drafts {
    draft: Vec<Draft>,
}

/// A draft, and what has to come of it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Draft {
    file: String,
    /// What it is set against: `sample`, `claims` or `shared`.
    archive: String,
    published: String,
    /// How many slips were planted.
    slips: usize,
    /// At least so many of them are told.
    told: usize,
    /// At least so many of them are told as sure.
    surely: usize,
    /// For at least so many the suggestion is what stood there before.
    mended: usize,
    /// At least so many good figures are borne out.
    agreeing: usize,
    /// At most so many good figures are told.
    wrong: usize,
}

#[test]
fn drafts_about_the_sample_site() {
    let folder = tempfile::tempdir().unwrap();
    let sample = folder.path().join("sample");
    run(hedui().args(["demo", "--quiet", "--keep"]).arg(&sample)).exits(0);
    check_all("sample", &sample);
}

#[test]
fn drafts_about_the_events_of_our_corpus() {
    let archive = Archive::new();
    for event in std::fs::read_dir(project("tests/corpus/claims")).unwrap() {
        let articles = event.unwrap().path().join("articles.jsonl");
        if articles.exists() {
            ingest(&archive, &articles);
        }
    }
    check_all("claims", &archive.dir());
}

#[test]
fn drafts_about_the_events_of_the_shared_corpus() {
    let articles = project("../shared/eval/claims/articles.jsonl");
    if !articles.exists() {
        eprintln!("SKIPPED: there is no {}", articles.display());
        return;
    }
    let archive = Archive::new();
    ingest(&archive, &articles);
    check_all("shared", &archive.dir());
}

fn ingest(archive: &Archive, articles: &PathBuf) {
    let input = std::fs::read_to_string(articles).unwrap();
    run_with(&mut archive.command(&["ingest", "-"]), &input).exits(0);
}

/// Checks the drafts that are meant for an archive, and holds each to its numbers.
fn check_all(name: &str, archive: &PathBuf) {
    let folder = project("tests/corpus/check");
    let list = std::fs::read_to_string(folder.join("drafts.toml")).unwrap();
    let drafts: Drafts = toml::from_str(&list).unwrap();
    let mut faults = Vec::new();
    for draft in drafts.draft.iter().filter(|draft| draft.archive == name) {
        let source = std::fs::read_to_string(folder.join(&draft.file)).unwrap();
        let (text, marks) = marked(&source);
        let score = score(draft, archive, &text, &marks);
        eprintln!("{}: {score}", draft.file);
        if !score.suffices(draft) {
            faults.push(format!("{}: {score}", draft.file));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// A figure of a draft: where it stands, what it should be, and whether it is a slip.
struct Marked {
    start: u64,
    end: u64,
    right: String,
    written: String,
}

impl Marked {
    fn is_slip(&self) -> bool {
        self.right != self.written
    }

    fn has(&self, figure: &Value) -> bool {
        let at = |name: &str| figure[name].as_u64().unwrap();
        self.start < at("end") && at("start") < self.end
    }
}

/// Takes the marks out of a draft: `[[right]]` and `[[right => written]]`. Marks in a comment explain them, and are none.
fn marked(source: &str) -> (String, Vec<Marked>) {
    let (mut text, mut marks) = (String::new(), Vec::new());
    let mut rest = source;
    while let Some((before, after)) = rest.split_once("[[") {
        let (mark, after) = after.split_once("]]").unwrap();
        text.push_str(before);
        let (right, written) = mark.split_once(" => ").unwrap_or((mark, mark));
        let is_comment = text.matches("<!--").count() > text.matches("-->").count();
        let start = text.chars().count() as u64;
        text.push_str(written);
        if !is_comment {
            marks.push(Marked {
                start,
                end: text.chars().count() as u64,
                right: right.to_owned(),
                written: written.to_owned(),
            });
        }
        rest = after;
    }
    text.push_str(rest);
    (text, marks)
}

/// What came of a draft.
#[derive(Default)]
struct Score {
    slips: usize,
    good: usize,
    told: usize,
    surely: usize,
    mended: usize,
    agreeing: usize,
    missed: Vec<String>,
    wrong: Vec<String>,
}

impl Score {
    fn suffices(&self, draft: &Draft) -> bool {
        self.slips == draft.slips
            && self.told >= draft.told
            && self.surely >= draft.surely
            && self.mended >= draft.mended
            && self.agreeing >= draft.agreeing
            && self.wrong.len() <= draft.wrong
    }
}

impl std::fmt::Display for Score {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            out,
            "of {} slips {} told, {} surely, {} mended; of {} good figures {} agree, {} told; missed {:?}; wrong {:?}",
            self.slips,
            self.told,
            self.surely,
            self.mended,
            self.good,
            self.agreeing,
            self.wrong.len(),
            self.missed,
            self.wrong,
        )
    }
}

fn score(draft: &Draft, archive: &PathBuf, text: &str, marks: &[Marked]) -> Score {
    let arguments = [
        "--published",
        &draft.published,
        "--all",
        "--format",
        "jsonl",
    ];
    let mut command = hedui();
    command
        .arg("--archive")
        .arg(archive)
        .arg("check")
        .args(arguments)
        .args(["--stdin-filename", &draft.file, "-"]);
    let figures = run_with(&mut command, text).exits(1).lines();
    let level = |figure: &Value| figure["level"].as_str().unwrap_or_default().to_owned();
    let is_told = |figure: &Value| matches!(level(figure).as_str(), "error" | "warning");
    let (slips, good): (Vec<&Marked>, Vec<&Marked>) = marks.iter().partition(|mark| mark.is_slip());
    let mut score = Score {
        slips: slips.len(),
        good: good.len(),
        ..Score::default()
    };
    // Figures that do not fit together are told of one of them, with the others named.
    let names = |figure: &Value, slip: &Marked| {
        let within = figure["within"].as_array();
        within.is_some_and(|within| {
            within
                .iter()
                .any(|other| other["mention"] == slip.written.as_str())
        })
    };
    for slip in &slips {
        let at = || {
            figures
                .iter()
                .filter(|figure| slip.has(figure) || (is_told(figure) && names(figure, slip)))
        };
        score.told += usize::from(at().any(is_told));
        score.surely += usize::from(at().any(|figure| level(figure) == "error"));
        score.mended += usize::from(at().any(|figure| figure["suggestion"] == slip.right.as_str()));
        if !at().any(is_told) {
            score.missed.push(slip.written.clone());
        }
    }
    for figure in &figures {
        if slips
            .iter()
            .any(|slip| slip.has(figure) || names(figure, slip))
        {
            continue;
        }
        score.agreeing += usize::from(figure["verdict"] == "agree");
        if is_told(figure) {
            score
                .wrong
                .push(format!("{} {}", figure["mention"], figure["why"]));
        }
    }
    score
}
