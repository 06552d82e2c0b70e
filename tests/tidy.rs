//! What the compiler does not hold: who may import whom, where words may stand, which folders there are.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The crates that each crate may import, as ARCHITECTURE.md has it.
const IMPORTS: &[(&str, &[&str])] = &[
    ("hedui-model", &[]),
    ("hedui-page", &["hedui-model"]),
    ("hedui-text", &["hedui-model"]),
    ("hedui-claims", &["hedui-model", "hedui-text"]),
    ("hedui-reconcile", &["hedui-model", "hedui-text"]),
    ("hedui-fetch", &["hedui-model", "hedui-page"]),
    ("hedui-store", &["hedui-model", "hedui-text"]),
];

/// The crates that may not see a clock, a disk, a network or the environment.
const PURE: &[&str] = &[
    "hedui-model",
    "hedui-page",
    "hedui-text",
    "hedui-claims",
    "hedui-reconcile",
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|end| end == "rs") {
            found.push(path);
        }
    }
}

fn sources_of(krate: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    sources(&root().join("crates").join(krate).join("src"), &mut found);
    assert!(!found.is_empty(), "{krate} has no source");
    found
}

/// Returns the lines of code: without comments, and without tests, which stand last in a file or in a file of their own.
fn code(path: &Path) -> Vec<(usize, String)> {
    if path
        .file_name()
        .is_some_and(|name| name == "tests.rs" || name == "fixture.rs")
        || path.components().any(|part| part.as_os_str() == "tests")
    {
        return Vec::new();
    }
    let text = read(path);
    let mut lines = Vec::new();
    for (index, line) in text.lines().enumerate() {
        if line.starts_with("#[cfg(test)]") {
            break;
        }
        let line = line.split_once("//").map_or(line, |(code, _)| code);
        lines.push((index + 1, line.to_owned()));
    }
    lines
}

#[test]
fn imports_go_one_way() {
    for (krate, allowed) in IMPORTS {
        let manifest: toml::Table = read(&root().join("crates").join(krate).join("Cargo.toml"))
            .parse()
            .unwrap();
        let dependencies = manifest
            .get("dependencies")
            .and_then(toml::Value::as_table)
            .unwrap();
        let ours: BTreeSet<&str> = dependencies
            .keys()
            .map(String::as_str)
            .filter(|name| name.starts_with("hedui"))
            .collect();
        for name in ours {
            assert!(allowed.contains(&name), "{krate} may not import {name}");
        }
    }
}

#[test]
fn the_engine_holds_no_han_character() {
    let mut found = Vec::new();
    let crates = IMPORTS.iter().map(|(krate, _)| *krate).chain(["hedui"]);
    for path in crates.flat_map(sources_of) {
        // Examples in the help are for people; no stage reads them.
        if path.ends_with("cli")
            || path
                .parent()
                .is_some_and(|folder| folder.ends_with("hedui/src/cli"))
        {
            continue;
        }
        for (line, code) in code(&path) {
            if code.chars().any(|c| matches!(c, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')) {
                found.push(format!("{}:{line}: {}", path.display(), code.trim()));
            }
        }
    }
    assert!(
        found.is_empty(),
        "words belong under config/lexicon:\n{}",
        found.join("\n")
    );
}

#[test]
fn pure_crates_see_no_clock_disk_network_or_environment() {
    const EDGES: &[&str] = &[
        "std::fs",
        "std::net",
        "std::env::",
        "std::process",
        "std::thread",
        "SystemTime",
        "Instant::now",
        "Timestamp::now",
        "Zoned::now",
        "tokio",
        "async fn",
        "println!",
    ];
    for krate in PURE {
        for path in sources_of(krate) {
            for (line, code) in code(&path) {
                for edge in EDGES {
                    assert!(
                        !code.contains(edge),
                        "{}:{line}: `{edge}` in a pure crate",
                        path.display()
                    );
                }
            }
        }
    }
}

#[test]
fn the_top_level_is_as_agreed() {
    let mut folders: Vec<String> = Vec::new();
    for entry in std::fs::read_dir(root()).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        if entry.path().is_dir() && !name.starts_with('.') && name != "target" {
            folders.push(name);
        }
    }
    folders.sort();
    assert_eq!(
        folders,
        ["config", "crates", "feeds", "index", "seeds", "tests"]
    );
}

/// Returns the names of a corpus of claims: ids of its articles and claims, names of its events.
fn names_of(folder: &Path, found: &mut BTreeSet<String>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() {
            names_of(&path, found);
            continue;
        }
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name != "articles.jsonl" && name != "claims.jsonl" {
            continue;
        }
        for line in read(&path).lines() {
            let row: serde_json::Value = serde_json::from_str(line).unwrap();
            let fields = ["id", "event", "article"];
            found.extend(
                fields
                    .iter()
                    .filter_map(|field| Some(row[field].as_str()?.to_owned())),
            );
        }
    }
}

/// Returns the words of a text, each with what holds it together: letters, digits, `_`, `-`, `.` and `:`.
fn names_in(text: &str) -> BTreeSet<&str> {
    let is_part = |c: char| c.is_alphanumeric() || "_-.:".contains(c);
    let words = text.split(move |c: char| !is_part(c));
    words
        .map(|word| word.trim_matches(|c| "-.:".contains(c)))
        .collect()
}

#[test]
fn no_case_of_a_corpus_is_named() {
    let mut names = BTreeSet::new();
    names_of(&root().join("tests/corpus/claims"), &mut names);
    assert!(names.len() > 600, "{}", names.len());
    let shared = root().join("../shared/eval/claims");
    if shared.exists() {
        names_of(&shared, &mut names);
    } else {
        eprintln!("SKIPPED in part: there is no {}", shared.display());
    }
    // A name that is a word is no name of a case.
    names.retain(|name| name.contains(|c: char| !c.is_alphabetic()));
    let mut files: Vec<PathBuf> = Vec::new();
    let crates = IMPORTS.iter().map(|(krate, _)| *krate).chain(["hedui"]);
    files.extend(crates.flat_map(sources_of));
    for folder in ["config", "config/lexicon"] {
        let entries = std::fs::read_dir(root().join(folder)).unwrap();
        files.extend(
            entries
                .map(|entry| entry.unwrap().path())
                .filter(|path| path.is_file()),
        );
    }
    let mut found = Vec::new();
    for path in files {
        let text = read(&path);
        for name in names_in(&text) {
            if names.contains(name) {
                found.push(format!("{}: `{name}`", path.display()));
            }
        }
    }
    assert!(
        found.is_empty(),
        "rules are about language, not about cases:\n{}",
        found.join("\n")
    );
}
