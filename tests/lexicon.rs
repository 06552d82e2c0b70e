//! `hedui lexicon`: rows that agreement across languages proposes, and what becomes of an accepted one.

use serde_json::{Value, json};

use crate::support::Archive;

/// Text of no meaning that is like no other, so that no article is a copy of another.
fn filler(seed: usize, zh: bool) -> String {
    let mut state = seed as u64;
    let mut letter = |place: usize| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let number = u32::try_from(state >> 33).unwrap();
        match (zh, place % 6) {
            (true, _) => char::from_u32(0x4E00 + number % 2_000).unwrap(),
            (false, 5) => ' ',
            (false, _) => char::from_u32(u32::from('a') + number % 26).unwrap(),
        }
    };
    (0..200).map(&mut letter).collect()
}

/// Two outlets of each language tell of five figures with a word that the lexicon lacks, and of five others without it.
fn told() -> Vec<Value> {
    let mut articles = Vec::new();
    for (day, (share, staff)) in [
        ("41.3", "7120"),
        ("27.4", "6550"),
        ("38.9", "3894"),
        ("50.7", "5070"),
        ("44.8", "8125"),
    ]
    .into_iter()
    .enumerate()
    {
        for (source, zh) in [
            ("zhe-bao", true),
            ("min-bao", true),
            ("post", false),
            ("times", false),
        ] {
            let (first, second) = if zh {
                (
                    format!("英伟达在当地的盘子为{}亿美元。", share.replace('.', "")),
                    format!("英伟达当地员工为{staff}人。"),
                )
            } else {
                (
                    format!("Nvidia has a backlog of ${share} billion there."),
                    format!("Nvidia employs {staff} people there."),
                )
            };
            for (which, text) in [("share", first), ("staff", second)] {
                articles.push(json!({
                    "id": format!("{source}-{which}-{day}"), "source": source,
                    "published": format!("2026-03-0{}", day + 1),
                    "text": format!("{text}\n{}", filler(articles.len() + 1, zh)),
                }));
            }
        }
    }
    articles
}

#[test]
fn a_word_that_the_lexicon_lacks_is_proposed_accepted_and_then_known() {
    let archive = Archive::new();
    archive.ingest(&told());
    let found = archive
        .run(&["lexicon", "suggest", "--format", "jsonl"])
        .exits(0)
        .lines();
    let row = found
        .iter()
        .find(|line| line["row"].as_str().is_some_and(|row| row.contains("盘子")))
        .unwrap_or_else(|| panic!("{found:#?}"));
    assert_eq!(row["events"], 5);
    assert!(
        row["evidence"][0]["zh"]["text"]
            .as_str()
            .is_some_and(|text| text.contains("盘子"))
    );
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("own.toml");
    let (id, file) = (row["id"].as_str().unwrap(), file.to_str().unwrap());
    let accepted = archive
        .run(&["lexicon", "accept", id, "--into", file])
        .exits(0);
    assert!(accepted.err.contains("hedui reindex"), "{}", accepted.err);
    let text = std::fs::read_to_string(file).unwrap();
    assert_eq!(text, row["row"].as_str().unwrap());
    let unknown = archive
        .run(&["lexicon", "accept", "w-0", "--into", file])
        .exits(2);
    assert!(
        unknown.err.contains("no suggestion `w-0`"),
        "{}",
        unknown.err
    );
    assert_eq!(std::fs::read_to_string(file).unwrap(), text);
}

#[test]
fn an_archive_of_one_language_proposes_nothing() {
    let archive = Archive::new();
    archive.ingest(&[json!({"id": "a", "source": "desk", "published": "2026-03-01", "text": "Nvidia has a backlog of $41.3 billion."})]);
    let run = archive.run(&["lexicon", "suggest"]).exits(1);
    assert!(run.err.contains("nothing is proposed"), "{}", run.err);
}
