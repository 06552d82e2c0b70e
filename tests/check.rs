//! `hedui check`: drafts against an archive, against themselves, and every way of asking.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::support::{Archive, Run, hedui, run, run_with};

fn article(id: &str, source: &str, text: &str) -> Value {
    json!({
        "id": id,
        "source": source,
        "published": "2025-03-04",
        "url": format!("https://{source}.example/{id}"),
        "text": text,
    })
}

/// An archive in which three sources have the total of a plan, and one the grant for it.
fn plan() -> Archive {
    let archive = Archive::new();
    archive.ingest(&[
        article("a", "one", "TSMC said on Tuesday that its total investment in the United States would reach $165 billion. Work on the third plant began in April."),
        article("b", "two", "The chipmaker TSMC raises its total investment in the United States to $165 billion, its chairman said at the White House on Monday."),
        article("c", "three", "台积电宣布，其在美国的总投资将达到1650亿美元。该公司董事长周一在白宫公布了这一计划。"),
        article("d", "four", "TSMC Arizona was awarded a grant of $6.6 billion under the CHIPS Act, the Commerce Department said."),
    ]);
    archive
}

const WRONG: &str = "# 台积电\n\n台积电在美国的总投资将达到165亿美元。\n";
const DATED: [&str; 3] = ["check", "--published", "2025-03-05"];

fn check(archive: &Archive, more: &[&str]) -> Run {
    archive.run(&[&DATED[..], more].concat())
}

fn write(archive: &Archive, name: &str, content: &str) {
    std::fs::write(archive.folder().join(name), content).unwrap();
}

#[test]
fn a_slip_is_told_with_place_evidence_and_what_to_write() {
    let archive = plan();
    write(&archive, "draft.md", WRONG);
    let found = check(&archive, &["--format", "jsonl", "draft.md"])
        .exits(1)
        .lines();
    assert_eq!(found.len(), 1, "{found:?}");
    let figure = &found[0];
    let place = |name: &str| figure[name].as_u64().unwrap();
    assert_eq!(
        (place("line"), place("column"), place("end_column")),
        (3, 14, 20)
    );
    assert_eq!((place("start"), place("end")), (20, 26));
    let slice: String = WRONG.chars().skip(20).take(6).collect();
    assert_eq!(figure["mention"], slice.as_str());
    assert_eq!(
        (
            figure["verdict"].as_str(),
            figure["level"].as_str(),
            figure["cause"].as_str()
        ),
        (Some("conflict"), Some("error"), Some("scale_error"))
    );
    assert_eq!(figure["suggestion"], "1650亿美元");
    let side = &figure["sides"][0];
    assert_eq!(
        (side["stand"].as_str(), side["independent_sources"].as_u64()),
        (Some("contradicts"), Some(3))
    );
    let sources: BTreeSet<&str> = side["claims"]
        .as_array()
        .unwrap()
        .iter()
        .map(|claim| claim["source"].as_str().unwrap())
        .collect();
    assert_eq!(sources, ["one", "three", "two"].into());
    assert!(
        side["claims"][0]["url"]
            .as_str()
            .unwrap()
            .starts_with("https://")
    );
    assert!(figure["why"].as_str().unwrap().contains("10 times apart"));

    let table = check(&archive, &["draft.md"]).exits(1).out;
    assert!(
        table.starts_with("draft.md:3:14: conflict: 165亿美元 → 1650亿美元"),
        "{table}"
    );
    assert!(
        table.contains("3 independent sources")
            && table.ends_with("1 conflict among 1 figure in 1 file\n"),
        "{table}"
    );
}

#[test]
fn what_agrees_and_what_nothing_is_known_of_is_shown_on_demand() {
    let archive = plan();
    write(
        &archive,
        "draft.txt",
        "TSMC's total investment in the United States will reach $165 billion. Its new canteen cost NT$34 million.",
    );
    assert_eq!(
        check(&archive, &["draft.txt"]).exits(0).out,
        "no conflict among 2 figures in 1 file\n"
    );
    let found = check(&archive, &["--all", "--format", "jsonl", "draft.txt"])
        .exits(0)
        .lines();
    let verdicts: Vec<&str> = found
        .iter()
        .map(|figure| figure["verdict"].as_str().unwrap())
        .collect();
    assert_eq!(verdicts, ["agree", "unknown"]);
    assert_eq!(found[0]["sides"][0]["independent_sources"], 3);
}

#[test]
fn checking_writes_nothing_into_the_archive() {
    let archive = plan();
    let before = archive.run(&["stats", "--format", "json"]).exits(0).out;
    write(&archive, "draft.md", WRONG);
    check(&archive, &["draft.md"]).exits(1);
    let after = archive.run(&["stats", "--format", "json"]).exits(0).out;
    let counted = |text: &str| -> Value {
        let mut stats: Value = serde_json::from_str(text).unwrap();
        for item in stats.as_array_mut().into_iter().flatten() {
            item.as_object_mut().unwrap().remove("bytes");
        }
        stats
    };
    assert_eq!(counted(&before)["articles"], counted(&after)["articles"]);
    archive
        .run(&["search", "165亿美元", "--format", "jsonl"])
        .exits(1);
}

#[test]
fn a_draft_is_set_against_itself_where_there_is_no_archive() {
    let archive = Archive::new();
    let draft = "總投資5000億美元（約新台幣1.6兆元）。";
    write(&archive, "draft.txt", draft);
    let alone = |folder: &[&str]| {
        let mut command = hedui();
        command
            .current_dir(archive.folder())
            .args(DATED)
            .args(["--format", "jsonl", "draft.txt"])
            .args(folder);
        run(&mut command).exits(1)
    };
    std::fs::create_dir(archive.dir()).unwrap();
    for run in [
        alone(&["--archive", "archive"]),
        alone(&["--no-archive"]),
        alone(&[]),
    ] {
        let found = run.lines();
        assert_eq!(
            (found.len(), found[0]["cause"].as_str()),
            (1, Some("gloss")),
            "{found:?}"
        );
        assert_eq!(found[0]["mention"], "新台幣1.6兆元");
        assert_eq!(found[0]["within"][0]["mention"], "5000億美元");
        let suggestion = found[0]["suggestion"].as_str().unwrap();
        assert!(
            suggestion.starts_with("新台幣16") && suggestion.ends_with("兆元"),
            "{suggestion}"
        );
    }
    assert!(alone(&[]).err.contains("there is no archive"));
    assert!(!alone(&["--no-archive"]).err.contains("archive"));
    // One that was named and is not there is a mistake.
    let mut command = hedui();
    command
        .current_dir(archive.folder())
        .args(["--archive", "nowhere", "check", "draft.txt"]);
    assert!(run(&mut command).exits(2).err.contains("nowhere"));
    // One without articles says so.
    run_with(&mut archive.command(&["ingest", "-"]), "").exits(0);
    assert!(
        check(&archive, &["draft.txt"])
            .exits(1)
            .err
            .contains("the archive is empty")
    );
}

#[test]
fn standard_input_is_read_by_whoever_was_asked_also_while_a_writer_has_the_archive() {
    let archive = plan();
    write(&archive, "draft.md", WRONG);
    let mut writer = archive
        .command(&["ingest", "-"])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    // The answer to a line says that the writer has the archive.
    let mut lines = std::io::BufReader::new(writer.stdout.take().unwrap());
    let mut stdin = writer.stdin.take().unwrap();
    std::io::Write::write_all(
        &mut stdin,
        format!("{}\n", article("e", "five", "x")).as_bytes(),
    )
    .unwrap();
    std::io::BufRead::read_line(&mut lines, &mut String::new()).unwrap();

    let asked = |more: &[&str], input: &str| {
        run_with(
            &mut archive.command(&[&DATED[..], &["--format", "jsonl"], more].concat()),
            input,
        )
    };
    let of_file = asked(&["draft.md"], "").exits(1).lines();
    let of_stdin = asked(&["--stdin-filename", "draft.md", "-"], WRONG)
        .exits(1)
        .lines();
    assert_eq!(of_file, of_stdin);
    assert_eq!(of_file[0]["suggestion"], "1650亿美元");
    // Files are read by the process that was asked: the one that has the archive may not be able to see them.
    let elsewhere = tempfile::tempdir().unwrap();
    std::fs::write(elsewhere.path().join("own.md"), WRONG).unwrap();
    let mut command = archive.command(&[&DATED[..], &["own.md"]].concat());
    assert!(
        run(command.current_dir(elsewhere.path()))
            .exits(1)
            .out
            .starts_with("own.md:3:14")
    );
    drop(stdin);
    assert!(writer.wait().unwrap().success());
    assert_eq!(
        asked(&["--stdin-filename", "draft.md", "-"], WRONG)
            .exits(1)
            .lines(),
        of_file
    );
}

#[test]
fn the_outlet_s_own_articles_are_left_aside() {
    let archive = plan();
    write(&archive, "draft.md", WRONG);
    let own = ["--source", "one", "--source", "two", "--source", "three"];
    let found = check(
        &archive,
        &[&own[..], &["--all", "--format", "jsonl", "draft.md"]].concat(),
    )
    .exits(0)
    .lines();
    assert_eq!(found[0]["verdict"], "unknown");
    assert_eq!(found[0]["sides"], json!([]));
}

#[test]
fn what_fails_can_be_chosen() {
    let archive = plan();
    write(&archive, "draft.md", WRONG);
    check(&archive, &["--fail-on", "never", "draft.md"]).exits(0);
    let table = check(&archive, &["--confidence", "1", "draft.md"])
        .exits(0)
        .out;
    assert!(table.contains("possible conflict: 165亿美元"), "{table}");
    check(
        &archive,
        &["--confidence", "1", "--fail-on", "possible", "draft.md"],
    )
    .exits(1);
    check(&archive, &["--confidence", "2", "draft.md"]).exits(2);
}

#[test]
fn comments_and_a_baseline_pass_over_findings() {
    let archive = plan();
    write(
        &archive,
        "draft.md",
        &WRONG.replace("。", "。<!-- hedui-ignore: as agreed -->"),
    );
    assert_eq!(
        check(&archive, &["draft.md"]).exits(0).out,
        "no conflict among 1 figure in 1 file (1 passed over)\n"
    );
    let sarif: Value = serde_json::from_str(
        &check(&archive, &["--all", "--format", "sarif", "draft.md"])
            .exits(0)
            .out,
    )
    .unwrap();
    assert_eq!(
        sarif["runs"][0]["results"][0]["suppressions"][0]["kind"],
        "inSource"
    );

    for format in ["jsonl", "json", "sarif"] {
        write(&archive, "draft.md", WRONG);
        let old = check(&archive, &["--format", format, "draft.md"])
            .exits(1)
            .out;
        write(&archive, "old", &old);
        // What is known stays known where lines are added; what is new is told.
        write(
            &archive,
            "draft.md",
            &WRONG.replace("# 台积电\n", "# 台积电\n\n要闻一则。\n"),
        );
        check(&archive, &["--baseline", "old", "draft.md"]).exits(0);
        write(&archive, "draft.md", &WRONG.replace("将达到", "升至"));
        check(&archive, &["--baseline", "old", "draft.md"]).exits(1);
    }
    write(&archive, "old", "nonsense");
    assert!(
        check(&archive, &["--baseline", "old", "draft.md"])
            .exits(2)
            .err
            .contains("line 1")
    );
}

#[test]
fn sarif_has_places_rules_evidence_fixes_and_stable_fingerprints() {
    let archive = plan();
    write(&archive, "a draft.md", WRONG);
    let text = check(&archive, &["--format", "sarif", "a draft.md"])
        .exits(1)
        .out;
    assert_eq!(
        text,
        check(&archive, &["--format", "sarif", "a draft.md"])
            .exits(1)
            .out
    );
    let log: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    assert_eq!(run["invocations"][0]["executionSuccessful"], true);
    let result = &run["results"][0];
    let rule = &run["tool"]["driver"]["rules"][result["ruleIndex"].as_u64().unwrap() as usize];
    assert_eq!(
        (result["ruleId"].as_str(), rule["id"].as_str()),
        (Some("scale_error"), Some("scale_error"))
    );
    assert!(rule["help"]["text"].as_str().unwrap().len() > 20);
    assert_eq!(
        (result["level"].as_str(), result["kind"].as_str()),
        (Some("error"), Some("fail"))
    );
    let location = &result["locations"][0]["physicalLocation"];
    assert_eq!(location["artifactLocation"]["uri"], "a%20draft.md");
    let region = json!({"startLine": 3, "startColumn": 14, "endLine": 3, "endColumn": 20});
    for name in ["startLine", "startColumn", "endLine", "endColumn"] {
        assert_eq!(location["region"][name], region[name]);
    }
    let replacement = &result["fixes"][0]["artifactChanges"][0]["replacements"][0];
    assert_eq!(replacement["deletedRegion"], region);
    assert_eq!(replacement["insertedContent"]["text"], "1650亿美元");
    let related = result["relatedLocations"].as_array().unwrap();
    assert_eq!(related.len(), 3);
    assert!(related.iter().all(|location| {
        location["physicalLocation"]["artifactLocation"]["uri"]
            .as_str()
            .unwrap()
            .starts_with("https://")
    }));
    let fingerprint = result["partialFingerprints"]
        .as_object()
        .unwrap()
        .values()
        .next()
        .unwrap();
    assert_eq!(fingerprint.as_str().unwrap().len(), 32);
    archive.run(&["claims", "--format", "sarif"]).exits(2);
}

#[test]
fn files_that_cannot_be_read_are_named_and_the_rest_is_checked() {
    let archive = plan();
    write(&archive, "draft.md", WRONG);
    write(&archive, "broken.docx", "no zip");
    std::fs::write(archive.folder().join("image.txt"), b"\x89PNG\0\0").unwrap();
    let run = check(
        &archive,
        &["--format", "sarif", "broken.docx", "image.txt", "draft.md"],
    )
    .exits(3);
    assert!(
        run.err.contains("broken.docx: not a docx") && run.err.contains("image.txt: not text"),
        "{}",
        run.err
    );
    let log: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(log["runs"][0]["results"].as_array().unwrap().len(), 1);
    assert_eq!(
        log["runs"][0]["invocations"][0]["toolExecutionNotifications"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
    assert!(
        check(&archive, &["missing.md"])
            .exits(2)
            .err
            .contains("missing.md")
    );
    archive.run(&["check"]).exits(2);
}

#[test]
fn folders_are_searched_for_drafts() {
    let archive = plan();
    std::fs::create_dir_all(archive.folder().join("drafts/deep/.git")).unwrap();
    for name in [
        "drafts/b.md",
        "drafts/deep/a.txt",
        "drafts/deep/.git/c.md",
        "drafts/table.csv",
    ] {
        write(&archive, name, WRONG);
    }
    let found = check(&archive, &["--format", "jsonl", "drafts"])
        .exits(1)
        .lines();
    let files: Vec<&str> = found
        .iter()
        .map(|figure| figure["file"].as_str().unwrap())
        .collect();
    assert_eq!(files, ["drafts/b.md", "drafts/deep/a.txt"]);
}

#[test]
fn a_plan_that_was_raised_is_an_update_and_no_conflict() {
    let archive = Archive::new();
    let told = |id: &str, source: &str, day: &str, text: &str| {
        let mut article = article(id, source, text);
        article["published"] = json!(day);
        article
    };
    archive.ingest(&[
        told("a", "one", "2025-02-24", "Apple will invest $500 billion in the United States, the company said on Monday. A factory for servers is to open in Houston."),
        told("b", "two", "2025-02-25", "The maker of the iPhone makes a promise to the White House. Apple plans an investment of $500 billion in the United States, Tim Cook said."),
        told("c", "one", "2025-08-06", "Apple raised its planned investment in the United States to $600 billion, the company said on Wednesday after talks in Washington."),
        told("d", "two", "2025-08-07", "More money for American suppliers: Apple now plans an investment of $600 billion in the United States. It was raised on Wednesday from $500 billion."),
    ]);
    let draft = "Apple plans an investment of $500 billion in the United States.";
    let found = run_with(
        &mut archive.command(&[
            "check",
            "--published",
            "2025-08-20",
            "--format",
            "jsonl",
            "-",
        ]),
        draft,
    )
    .exits(0)
    .lines();
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(
        (found[0]["verdict"].as_str(), found[0]["cause"].as_str()),
        (Some("update"), Some("outdated"))
    );
    assert_eq!(found[0]["suggestion"], "$600 billion");
    assert_eq!(found[0]["sides"][0]["stand"], "later");
}

#[test]
fn what_does_not_add_up_inside_a_draft_is_told() {
    let archive = Archive::new();
    let told = |draft: &str| -> Vec<(String, String, String)> {
        let arguments = ["--no-archive", "--as", "markdown", "--format", "jsonl", "-"];
        let run = run_with(
            &mut archive.command(&[&DATED[..], &arguments].concat()),
            draft,
        );
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let lines = run.lines();
        lines
            .iter()
            .map(|figure| {
                (
                    text(&figure["mention"]),
                    text(&figure["cause"]),
                    text(&figure["suggestion"]),
                )
            })
            .collect()
    };
    let one = |mention: &str, cause: &str, suggestion: &str| {
        vec![(mention.to_owned(), cause.to_owned(), suggestion.to_owned())]
    };
    let growth = "台积电营收由255.2亿美元增长28.5%至302.4亿美元。";
    assert_eq!(told(growth), one("28.5%", "percentage", "18.5%"));
    assert_eq!(told(&growth.replace("28.5%", "18.5%")), []);
    let parts =
        "美国政府向英特尔投资8.9亿美元，其中57亿美元来自芯片法案补贴，32亿美元来自安全飞地项目。";
    assert_eq!(told(parts), one("8.9亿美元", "sum", ""));
    assert_eq!(told(&parts.replace("8.9亿", "89亿")), []);
    let title = "# 台積電在美國總投資額達165億美元\n\n台積電宣布，在美國的總投資額將達1,650億美元，將興建三座晶圓廠。\n";
    assert_eq!(told(title), one("165億美元", "scale_error", "1,650億美元"));
    assert_eq!(told(&title.replace("165億", "1,650億")), []);
}
