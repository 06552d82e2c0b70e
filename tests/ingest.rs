//! Taking articles in: answers, identity, bad input, and what other commands then see.

use serde_json::{Value, json};

use crate::support::{Archive, run_with};

fn article(id: &str, text: &str) -> Value {
    json!({"id": id, "source": "desk", "published": "2025-03-04", "title": "Chip plan", "text": text})
}

const PLAN: &str = "TSMC said on Tuesday that its total investment in the United States would reach $165 billion. \
    The chipmaker had announced plans for three plants in Arizona before. Work on the third began in April, and the company \
    expects to hire thousands of engineers there over the next years, according to people who know the plan.";

#[test]
fn the_answers_tell_new_revision_unchanged_and_duplicate() {
    let archive = Archive::new();
    let results = |articles: &[Value]| -> Vec<String> {
        archive
            .ingest(articles)
            .iter()
            .map(|answer| answer["result"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(results(&[article("a", PLAN)]), ["new"]);
    assert_eq!(results(&[article("a", PLAN)]), ["unchanged"]);
    assert_eq!(
        results(&[article("a", &PLAN.replace("165", "156"))]),
        ["revision"]
    );
    let mut copy = article("b", PLAN);
    copy["source"] = json!("paper");
    let answer = archive.ingest(&[copy]).remove(0);
    assert_eq!(
        (answer["result"].as_str(), answer["of"].as_str()),
        (Some("duplicate_of"), Some("a"))
    );
    let claims = archive
        .run(&[
            "claims", "--source", "desk", "--unit", "USD", "--format", "jsonl",
        ])
        .exits(0)
        .lines();
    let values: Vec<&str> = claims
        .iter()
        .filter_map(|claim| claim["low"].as_str())
        .collect();
    assert_eq!(
        values,
        ["156000000000"],
        "only the newest revision is listed"
    );
}

#[test]
fn one_batch_may_hold_two_revisions_of_one_article() {
    let archive = Archive::new();
    let answers = archive.ingest(&[
        article("a", PLAN),
        article("b", "Other text."),
        article("a", &PLAN.replace("165", "156")),
        article("a", &PLAN.replace("165", "156")),
    ]);
    let results: Vec<&str> = answers
        .iter()
        .map(|answer| answer["result"].as_str().unwrap())
        .collect();
    assert_eq!(results, ["new", "new", "revision", "unchanged"]);
}

#[test]
fn equal_ids_of_two_sources_are_two_articles() {
    let archive = Archive::new();
    let mut other = article(
        "1",
        "AMD will deliver chips for 6 gigawatts of capacity to OpenAI, the two companies said.",
    );
    other["source"] = json!("paper");
    archive.ingest(&[article("1", PLAN)]);
    assert_eq!(archive.ingest(&[other.clone()])[0]["result"], "new");
    assert_eq!(archive.ingest(&[other])[0]["result"], "unchanged");
    assert_eq!(
        archive.run(&["export", "articles"]).exits(0).lines().len(),
        2
    );
}

#[test]
fn bad_lines_get_an_error_each_and_the_rest_goes_on() {
    let archive = Archive::new();
    let input = format!(
        "{{\"id\":\"x\"\n\n{}\n{}\n{}\n",
        json!({"id": "y", "source": "desk"}),
        json!({"id": "z", "source": "desk", "text": "x", "published": "soon"}),
        article("good", PLAN)
    );
    let run = run_with(&mut archive.command(&["ingest", "-"]), &input).exits(3);
    let lines = run.lines();
    assert_eq!(lines.len(), 4);
    assert!(
        lines[0]["error"]
            .as_str()
            .unwrap()
            .contains("not a JSON object")
    );
    assert_eq!(
        (lines[1]["id"].as_str(), lines[1]["error"].as_str()),
        (Some("y"), Some("`text` is missing"))
    );
    assert!(lines[2]["error"].as_str().unwrap().contains("`published`"));
    assert_eq!(lines[3]["result"], "new");
}

#[test]
fn bytes_that_are_no_text_do_no_harm() {
    let archive = Archive::new();
    std::fs::write(archive.folder().join("bad.jsonl"), b"\xff\xfe\x00{\"a\n\x1b[31m\n{\"source\":\"d\",\"text\":\"\\u0000\\u202e \xe5\x8f\xb0\xe7\xa9\x8d 165\xe5\x84\x84\xe7\xbe\x8e\xe5\x85\x83\"}\n").unwrap();
    let run = archive.run(&["ingest", "bad.jsonl"]).exits(3);
    assert_eq!(
        run.lines()
            .iter()
            .filter(|line| line["result"] == "new")
            .count(),
        1
    );
    assert!(!run.err.contains('\u{1b}'), "{:?}", run.err);
}

#[test]
fn files_and_folders_are_taken_in() {
    let archive = Archive::new();
    let folder = archive.folder().join("clippings/deep");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("plan.txt"), PLAN).unwrap();
    std::fs::write(folder.join("page.html"), "<html><head><title>Stake</title></head><body><article><h1>Stake</h1><p>The US government will pay $8.9 billion for 9.9% of Intel, the company said on Friday in a statement.</p></article></body></html>").unwrap();
    std::fs::write(folder.join("image.png"), b"\x89PNG\0\0").unwrap();
    let run = archive
        .run(&[
            "ingest",
            "--source",
            "desk",
            "--published",
            "2025-08-22",
            "clippings",
        ])
        .exits(0);
    assert_eq!(
        run.lines().len(),
        2,
        "the picture is passed over: {}",
        run.out
    );
    let claims = archive
        .run(&["claims", "--unit", "USD", "--format", "jsonl"])
        .exits(0)
        .lines();
    assert_eq!(claims.len(), 2);
    assert!(
        claims
            .iter()
            .all(|claim| claim["published"] == "2025-08-22")
    );
    archive.run(&["ingest", "nowhere.txt"]).exits(2);
    archive.run(&["ingest", "clippings/deep/plan.txt"]).exits(3);
}

#[test]
fn offsets_count_characters_of_the_text_as_given() {
    let archive = Archive::new();
    let body = "  \r\n台積電表示，在美國的總投資額將達１６５０億美元。\r\n";
    archive.ingest(&[json!({"id": "a", "source": "desk", "region": "TW", "published": "2025-03-04", "text": body})]);
    let claims = archive
        .run(&["claims", "--unit", "USD", "--format", "jsonl"])
        .exits(0)
        .lines();
    let claim = claims.first().unwrap();
    let (start, end) = (
        claim["start"].as_u64().unwrap() as usize,
        claim["end"].as_u64().unwrap() as usize,
    );
    let slice: String = body.chars().skip(start).take(end - start).collect();
    assert_eq!(
        (slice.as_str(), claim["low"].as_str()),
        ("１６５０億美元", Some("165000000000"))
    );
    assert_eq!(claim["mention"], "１６５０億美元");
}

#[test]
fn a_user_s_lexicon_adds_names() {
    let archive = Archive::new();
    std::fs::write(
        archive.folder().join("my.toml"),
        "[[entity]]\nname = \"Acme Fab\"\nkind = \"company\"\nhome = \"US\"\ntw = [\"頂點晶圓\"]\n",
    )
    .unwrap();
    std::fs::write(
        archive.folder().join("hedui.toml"),
        "[lexicon]\nfiles = [\"my.toml\"]\n",
    )
    .unwrap();
    archive.ingest(&[
        json!({"id": "a", "source": "desk", "region": "TW", "text": "頂點晶圓宣布投資30億美元。"}),
    ]);
    let claims = archive
        .run(&["claims", "--entity", "頂點晶圓", "--format", "jsonl"])
        .exits(0)
        .lines();
    assert_eq!(claims[0]["entities"][0], "Acme Fab");
    std::fs::write(
        archive.folder().join("my.toml"),
        "\n[[entity]]\nnam = \"Acme Fab\"\n",
    )
    .unwrap();
    let run = archive.run(&["claims", "--entity", "x"]).exits(2);
    assert!(
        run.err.contains("my.toml:") && run.err.contains("nam"),
        "{}",
        run.err
    );
}
