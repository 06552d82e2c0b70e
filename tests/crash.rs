//! `kill -9` at any moment: nothing that was answered is missing, nothing is double.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::support::Archive;

/// Makes an article that is like no other: its own names, words and figures.
fn article(number: usize) -> Value {
    const SYLLABLES: [&str; 12] = [
        "ba", "ce", "di", "fo", "gu", "ka", "le", "mi", "no", "pu", "ra", "se",
    ];
    let word = |seed: usize| -> String {
        let mut state = (seed as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5bd1_e995;
        let mut word = String::new();
        for _ in 0..3 {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            word.push_str(SYLLABLES[(state >> 33) as usize % SYLLABLES.len()]);
        }
        word
    };
    let words: Vec<String> = (0..40).map(|place| word(number * 100 + place)).collect();
    let company = ["Nvidia", "Intel", "AMD", "Apple", "TSMC"]
        .get(number % 30)
        .map_or_else(|| format!("{}corp", words[0]), |name| (*name).to_owned());
    let text = format!(
        "{company} plans to invest ${}.{} billion in {}. {}.",
        number + 1,
        number % 10,
        words[1],
        words[2..].join(" ")
    );
    json!({"id": format!("n{number}"), "source": "desk", "published": "2025-03-04", "title": words[3..8].join(" "), "text": text})
}

fn keys(archive: &Archive) -> Vec<String> {
    let lines = archive.run(&["export", "articles"]).exits(0).lines();
    lines
        .iter()
        .map(|line| line["article"].as_str().unwrap().to_owned())
        .collect()
}

/// Ingests until `answers` lines were read, then kills; returns the ids that were acknowledged.
fn ingest_and_kill(archive: &Archive, answers: usize) -> BTreeSet<String> {
    let mut child = archive
        .command(&["ingest", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let writer = std::thread::spawn(move || {
        for number in 0..300 {
            if writeln!(input, "{}", article(number)).is_err() {
                return;
            }
        }
    });
    let mut acknowledged = BTreeSet::new();
    for line in BufReader::new(child.stdout.take().unwrap())
        .lines()
        .take(answers)
    {
        let answer: Value = serde_json::from_str(&line.unwrap()).unwrap();
        acknowledged.insert(answer["id"].as_str().unwrap().to_owned());
    }
    child.kill().unwrap();
    child.wait().unwrap();
    writer.join().unwrap();
    acknowledged
}

#[test]
fn what_was_answered_survives_a_kill_and_nothing_is_double() {
    let archive = Archive::new();
    let mut acknowledged = BTreeSet::new();
    for answers in [1, 70, 150] {
        acknowledged.extend(ingest_and_kill(&archive, answers));
        let found = keys(&archive);
        let distinct: BTreeSet<String> = found.iter().cloned().collect();
        assert_eq!(found.len(), distinct.len(), "an article is there twice");
        let missing: Vec<_> = acknowledged.difference(&distinct).collect();
        assert!(missing.is_empty(), "answered and gone: {missing:?}");
    }
    let all: Vec<Value> = (0..300).map(article).collect();
    archive.ingest(&all);
    assert_eq!(keys(&archive).len(), 300);
    let claims = archive.run(&["export", "claims"]).exits(0).out;
    let conflicts = archive.run(&["export", "conflicts"]).exits(0).out;
    let ids: Vec<&str> = claims.lines().map(|line| line.get(..30).unwrap()).collect();
    assert_eq!(
        ids.iter().collect::<BTreeSet<_>>().len(),
        ids.len(),
        "a claim is there twice"
    );
    // The same articles, taken in without a kill, make the same claims and conflicts.
    let calm = Archive::new();
    calm.ingest(&all);
    assert_eq!(calm.run(&["export", "claims"]).exits(0).out, claims);
    assert_eq!(calm.run(&["export", "conflicts"]).exits(0).out, conflicts);
    assert_eq!(
        calm.run(&["search", "Nvidia", "--limit", "1000", "--format", "jsonl"])
            .exits(0)
            .lines()
            .len(),
        archive
            .run(&["search", "Nvidia", "--limit", "1000", "--format", "jsonl"])
            .exits(0)
            .lines()
            .len()
    );
}

#[test]
fn lost_or_damaged_state_and_index_come_back() {
    let archive = Archive::new();
    archive.ingest(&(0..20).map(article).collect::<Vec<_>>());
    let before = archive.run(&["export", "claims"]).exits(0).out;
    std::fs::remove_dir_all(archive.dir().join("state")).unwrap();
    assert_eq!(archive.run(&["export", "claims"]).exits(0).out, before);
    for entry in std::fs::read_dir(archive.dir().join("state")).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            std::fs::write(path, b"not what it was").unwrap();
        }
    }
    assert_eq!(archive.run(&["export", "claims"]).exits(0).out, before);
    std::fs::remove_dir_all(archive.dir().join("index")).unwrap();
    assert_eq!(
        archive
            .run(&["search", "Nvidia", "--limit", "100", "--format", "jsonl"])
            .exits(0)
            .lines()
            .len(),
        1
    );
}

#[test]
fn a_second_writer_is_told_and_readers_are_answered_meanwhile() {
    let archive = Archive::new();
    archive.ingest(&[article(1)]);
    let mut writer = archive
        .command(&["ingest", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut input = writer.stdin.take().unwrap();
    writeln!(input, "{}", article(2)).unwrap();
    let mut answers = BufReader::new(writer.stdout.take().unwrap()).lines();
    assert!(answers.next().unwrap().unwrap().contains("\"new\""));
    let second = archive
        .run(&[
            "ingest",
            archive.folder().to_str().unwrap(),
            "--source",
            "x",
        ])
        .exits(4);
    assert!(
        second.err.contains(&writer.id().to_string()),
        "{}",
        second.err
    );
    // Readers are answered by the writer, over its socket; what it answered is there to read.
    let claims = archive
        .run(&["claims", "--format", "jsonl"])
        .exits(0)
        .lines();
    assert!(claims.iter().any(|claim| claim["article"] == "n1"));
    let parallel: Vec<Command> = (0..4)
        .map(|_| archive.command(&["stats", "--format", "jsonl"]))
        .collect();
    let children: Vec<_> = parallel
        .into_iter()
        .map(|mut command| command.stdout(Stdio::piped()).spawn().unwrap())
        .collect();
    for child in children {
        assert!(child.wait_with_output().unwrap().status.success());
    }
    drop(input);
    assert!(writer.wait().unwrap().success());
    assert_eq!(keys(&archive).len(), 2);
}

#[test]
fn a_clean_end_closes_the_state() {
    let archive = Archive::new();
    archive.ingest(&[article(1)]);
    assert!(archive.dir().join("state").is_dir());
    assert!(!archive.dir().join("state.open").exists(), "after a writer");
    archive.run(&["stats"]).exits(0);
    assert!(!archive.dir().join("state.open").exists(), "after a reader");
}

#[test]
fn an_archive_brought_back_from_earlier_is_read_as_it_is() {
    let archive = Archive::new();
    archive.ingest(&[article(1)]);
    let kept = archive.folder().join("kept");
    let copy = |from: &std::path::Path, to: &std::path::Path| {
        let done = std::process::Command::new("cp")
            .arg("-r")
            .arg(from)
            .arg(to)
            .status()
            .unwrap();
        assert!(done.success());
    };
    copy(&archive.dir(), &kept);
    archive.ingest(&[article(2)]);
    // Records and journal as they were, state and index as they are.
    for name in ["warc", "journal", "synced"] {
        let path = archive.dir().join(name);
        if path.is_dir() {
            std::fs::remove_dir_all(&path).unwrap();
        } else {
            std::fs::remove_file(&path).unwrap();
        }
        copy(&kept.join(name), &path);
    }
    assert_eq!(keys(&archive), ["n1"]);
    archive.run(&["search", "plans"]).exits(0);
    archive.ingest(&[article(3)]);
    assert_eq!(keys(&archive), ["n1", "n3"]);
    assert_eq!(
        archive
            .run(&["doctor", "--format", "jsonl"])
            .lines()
            .iter()
            .filter(|check| check["check"] == "index")
            .filter(|check| check["ok"] == true)
            .count(),
        1
    );
}
