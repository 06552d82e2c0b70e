//! The command line: help, usage errors, empty archives, formats.

use crate::support::{Archive, hedui, run, run_with};

#[test]
fn every_command_has_help_with_an_example() {
    let help = run(hedui().arg("--help")).exits(0).out;
    let commands: Vec<&str> = help
        .lines()
        .skip_while(|line| !line.starts_with("Commands:"))
        .skip(1)
        .take_while(|line| line.starts_with("  "))
        .filter(|line| !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help" && name.chars().all(|c| c.is_ascii_lowercase()))
        .collect();
    for expected in [
        "demo",
        "init",
        "crawl",
        "ingest",
        "search",
        "claims",
        "facts",
        "conflicts",
        "show",
        "ack",
        "snooze",
        "mute",
        "resolve",
        "reopen",
        "separate",
        "join",
        "decisions",
        "explain",
        "relations",
        "check",
        "export",
        "alert",
        "stats",
        "doctor",
        "reindex",
        "quantities",
        "page",
        "feed",
        "robots",
        "completions",
        "man",
    ] {
        assert!(
            commands.contains(&expected),
            "{expected} is missing from the help"
        );
    }
    for command in commands {
        let help = run(hedui().args([command, "--help"])).exits(0).out;
        assert!(
            help.contains("Example"),
            "`hedui {command} --help` shows no example"
        );
    }
}

#[test]
fn wrong_usage_exits_with_2_and_says_what_to_do() {
    run(hedui().arg("--nonsense")).exits(2);
    run(hedui().arg("conflict")).exits(2);
    let archive = Archive::new();
    let run = archive.run(&["search", "x"]).exits(2);
    assert!(
        run.err.contains("there is no archive") && run.err.contains("hint:"),
        "{}",
        run.err
    );
    assert!(!archive.dir().exists(), "a reader makes no archive");
    let run = archive.run(&["crawl"]).exits(2);
    assert!(run.err.contains("contact"), "{}", run.err);
    let run = archive.run(&["alert", "test", "x"]).exits(2);
    assert!(run.err.contains("no sink `x`"), "{}", run.err);
}

#[test]
fn an_empty_archive_answers_no() {
    let archive = Archive::new();
    run_with(&mut archive.command(&["ingest", "-"]), "").exits(0);
    archive.run(&["claims"]).exits(1);
    archive.run(&["facts"]).exits(1);
    archive.run(&["search", "x"]).exits(1);
    archive.run(&["conflicts", "--fail"]).exits(0);
    archive.run(&["show", "k-0123456789abcdef"]).exits(1);
    archive
        .run(&["explain", "c-0123456789abcdef", "c-0123456789abcdee"])
        .exits(1);
    archive.run(&["explain", "x", "y"]).exits(2);
    assert_eq!(
        archive.run(&["conflicts", "--format", "json"]).exits(0).out,
        "[]\n"
    );
    archive.run(&["stats"]).exits(0);
    archive.run(&["reindex"]).exits(0);
}

#[test]
fn a_wrong_query_is_answered_with_its_place() {
    let archive = Archive::new();
    archive.ingest(&[
        serde_json::json!({"id": "a", "source": "s", "text": "TSMC will invest $5 billion."}),
    ]);
    let run = archive.run(&["search", "(TSMC AND"]).exits(2);
    assert!(run.err.contains("hint:"), "{}", run.err);
    archive.run(&["search", &"(".repeat(20_000)]).exits(2);
}

#[test]
fn init_writes_what_doctor_finds_valid() {
    let archive = Archive::new();
    run(hedui().current_dir(archive.folder()).args([
        "init",
        "watch",
        "--contact",
        "desk@example.org",
    ]))
    .exits(0);
    let watch = archive.folder().join("watch");
    assert!(watch.join("feeds/taiwan.opml").exists());
    run(hedui()
        .current_dir(archive.folder())
        .args(["init", "watch"]))
    .exits(2);
    run_with(
        hedui().current_dir(&watch).args(["ingest", "-"]),
        "{\"source\":\"s\",\"text\":\"x\"}\n",
    )
    .exits(0);
    let doctor = run(hedui().current_dir(&watch).arg("doctor")).exits(0);
    assert!(doctor.out.contains("desk@example.org"), "{}", doctor.out);
    let deep = run(hedui()
        .current_dir(&watch)
        .args(["doctor", "--deep", "--format", "jsonl"]))
    .exits(0)
    .lines();
    assert!(deep.iter().all(|check| check["ok"] == true));
    std::fs::write(watch.join("hedui.toml"), "[fetch]\ncontct = \"x\"\n").unwrap();
    let run = run(hedui().current_dir(&watch).arg("doctor")).exits(2);
    assert!(
        run.err.contains("hedui.toml:2") && run.err.contains("`contact`"),
        "{}",
        run.err
    );
}

#[test]
fn filters_answer_line_by_line() {
    let run = run_with(hedui().arg("quantities"), "{\"id\":1,\"text\":\"总投资约1650亿美元\",\"region\":\"CN\"}\nnonsense\n{\"id\":3,\"text\":\"\"}\n").exits(3);
    let lines = run.lines();
    let found = &lines[0]["found"][0];
    assert_eq!(
        (
            found["value"].as_str(),
            found["unit"].as_str(),
            found["bound"].as_str()
        ),
        (Some("165000000000"), Some("USD"), Some("about"))
    );
    assert!(lines[1]["error"].is_string());
    assert_eq!(lines[2]["id"], 3);
    let robots = run_with(hedui().arg("robots"), "{\"id\":1,\"robots\":\"user-agent: *\\ndisallow: /x\",\"user_agent\":\"hedui\",\"url\":\"https://a.example/x/y\"}\n").exits(0);
    assert_eq!(robots.lines()[0]["allowed"], false);
    let page = run_with(hedui().arg("page"), "{\"id\":1,\"html\":\"/nowhere\"}\n").exits(3);
    assert!(
        page.lines()[0]["error"]
            .as_str()
            .unwrap()
            .contains("/nowhere")
    );
}

#[test]
fn completions_and_man_pages_are_printed() {
    for shell in ["bash", "zsh", "fish"] {
        assert!(
            run(hedui().args(["completions", shell]))
                .exits(0)
                .out
                .contains("hedui")
        );
    }
    assert!(run(hedui().arg("man")).exits(0).out.contains(".TH hedui"));
    assert!(
        run(hedui().args(["man", "crawl"]))
            .exits(0)
            .out
            .contains("crawl")
    );
    assert!(
        run(hedui().args(["man", "crwl"]))
            .exits(2)
            .err
            .contains("did you mean `crawl`")
    );
}

#[test]
fn a_closed_pipe_is_no_error() {
    let archive = Archive::new();
    archive.ingest(&[serde_json::json!({"id": "a", "source": "s", "text": "TSMC will invest $5 billion. ".repeat(2_000)})]);
    let mut child = archive
        .command(&["export", "claims"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert!(
        output.status.success() && output.stderr.is_empty(),
        "{output:?}"
    );
}
