//! What people decide about conflicts: kept, respected ever after, and found again whatever becomes of ids.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::Stdio;

use hedui_store::archive::ArchiveOptions;
use hedui_store::journal::{Action, Decision, Event, JournalEntry};
use hedui_store::{Archive as _, DiskArchive};
use serde_json::{Value, json};

use crate::support::{Archive, Run};

/// An article about one investment; no two of them are near duplicates.
fn article(id: &str, source: &str, day: &str, text: &str) -> Value {
    json!({"id": id, "source": source, "published": day, "title": id, "text": text})
}

fn harbour() -> Value {
    article(
        "a1",
        "harbour",
        "2025-03-04",
        "TSMC will raise its total investment in the United States to $165 billion, the chipmaker said on Monday. \
         Two packaging plants and a research centre are part of the plan, which the White House welcomed.",
    )
}

fn taibei() -> Value {
    article(
        "b1",
        "taibei",
        "2025-03-05",
        "台積電宣布，在美國的總投資金額將提高至1,650億美元。董事長魏哲家在華府說明，客戶需求強勁是擴大布局的主因。",
    )
}

/// Says a tenth of what the others say.
fn xinwen() -> Value {
    article(
        "c1",
        "xinwen",
        "2025-03-06",
        "据报道，台积电在美国的总投资金额将提高至165亿美元。分析人士认为，成本上升将给毛利率带来压力。",
    )
}

/// Says so too.
fn ribao() -> Value {
    article(
        "d1",
        "ribao",
        "2025-03-08",
        "本报讯（记者王海）凤凰城的工地上塔吊林立。据当地商会介绍，首座工厂去年底已经量产，第二座正在安装设备，第三座也破土动工，\
         带动了沿线的住房和餐饮。按照公司的新计划，台积电在美国的总投资将增至165亿美元。居民担心的是用水：沙漠城市的水价连年上涨，\
         而一座晶圆厂每天要用掉数万户人家的水。市政府说，厂里的废水九成以上会回收。",
    )
}

/// Agrees with the first two.
fn courier() -> Value {
    article(
        "e1",
        "courier",
        "2025-03-07",
        "Chip giant TSMC plans a total investment in the United States of $165 billion, far more than the sum that \
         was named four years ago, and hopes to avoid new tariffs by it.",
    )
}

/// Says something else again.
fn kurier() -> Value {
    article(
        "f1",
        "kurier",
        "2025-03-08",
        "TSMC will raise its total investment in the United States to $16.5 trillion, according to a newsletter that \
         is read by investors.",
    )
}

fn newsroom() -> Archive {
    let archive = Archive::new();
    archive.ingest(&[harbour(), taibei(), xinwen()]);
    archive
}

fn conflicts(archive: &Archive, states: &str) -> Vec<Value> {
    let mut arguments = vec!["conflicts", "--format", "jsonl"];
    if !states.is_empty() {
        arguments.extend(["--state", states]);
    }
    archive.run(&arguments).exits(0).lines()
}

const ALL: &str = "open,acked,snoozed,muted,resolved,closed";

/// Returns the one conflict that there is, in whichever state.
#[track_caller]
fn only(archive: &Archive) -> Value {
    let mut found = conflicts(archive, ALL);
    assert_eq!(found.len(), 1, "{found:#?}");
    found.remove(0)
}

#[track_caller]
fn id(archive: &Archive) -> String {
    text(&only(archive), "id").to_owned()
}

fn text<'v>(value: &'v Value, field: &str) -> &'v str {
    value[field].as_str().unwrap_or_default()
}

#[track_caller]
fn stands(archive: &Archive, state: &str) -> Value {
    let conflict = only(archive);
    assert_eq!(conflict["state"], state, "{conflict:#}");
    conflict
}

/// Checks a state now, after state and index were made anew, and after the state was lost.
#[track_caller]
fn stands_for_good(archive: &Archive, state: &str) {
    let before = stands(archive, state);
    archive.run(&["reindex"]).exits(0);
    assert_eq!(stands(archive, state), before, "after reindexing");
    std::fs::remove_dir_all(archive.dir().join("state")).unwrap();
    assert_eq!(stands(archive, state), before, "after the state was lost");
}

fn claim(archive: &Archive, article: &str, mention: &str) -> String {
    let claims = archive
        .run(&["claims", "--format", "jsonl"])
        .exits(0)
        .lines();
    let found = claims
        .iter()
        .find(|claim| claim["article"] == article && text(claim, "mention").contains(mention))
        .unwrap_or_else(|| panic!("{article} has no {mention}"));
    text(found, "id").to_owned()
}

fn fact_of(archive: &Archive, claim: &str) -> Value {
    let facts = archive
        .run(&["facts", "--min-claims", "1", "--format", "jsonl"])
        .exits(0)
        .lines();
    let holds = |fact: &&Value| {
        fact["claims"]
            .as_array()
            .unwrap()
            .iter()
            .any(|id| id == claim)
    };
    facts.iter().find(holds).unwrap().clone()
}

/// Writes a line into the journal, as a process does that is killed before anything follows from it.
fn append(archive: &Archive, event: Event) {
    let (disk, _) = DiskArchive::open(&archive.dir(), ArchiveOptions::default()).unwrap();
    disk.append_journal(&JournalEntry {
        at: jiff::Timestamp::now(),
        event,
    })
    .unwrap();
    disk.sync().unwrap();
}

/// The last decision of the journal, as `hedui` wrote it.
fn last_decision(archive: &Archive) -> Decision {
    let (disk, _) = DiskArchive::open(&archive.dir(), ArchiveOptions::default()).unwrap();
    let entries = disk.replay(hedui_store::Mark::default()).unwrap();
    let decisions = entries.filter_map(|entry| match entry.unwrap().1 {
        hedui_store::archive::Entry::Journal { entry, .. } => match entry.event {
            Event::Decision(decision) => Some(decision),
            _ => None,
        },
        hedui_store::archive::Entry::Record { .. } => None,
    });
    decisions.last().unwrap()
}

#[test]
fn what_is_acknowledged_stays_so_with_who_when_and_why() {
    let archive = newsroom();
    let id = id(&archive);
    let run = archive
        .command(&["ack", &id, "--note", "问过台北"])
        .env("HEDUI_USER", "li")
        .output()
        .unwrap();
    assert!(run.status.success());
    assert!(String::from_utf8_lossy(&run.stdout).contains(&id));
    let conflict = stands(&archive, "acked");
    let why = text(&conflict, "state_why");
    assert!(why.contains("li") && why.contains("问过台北"), "{why}");
    stands_for_good(&archive, "acked");

    let listed = archive
        .run(&["decisions", "--format", "jsonl"])
        .exits(0)
        .lines();
    assert_eq!(listed.len(), 1);
    assert_eq!(
        [
            &listed[0]["action"],
            &listed[0]["user"],
            &listed[0]["note"],
            &listed[0]["conflict"]
        ],
        ["ack", "li", "问过台北", id.as_str()]
    );
    assert_eq!(listed[0]["adrift"], false);
    assert_eq!(listed[0]["evidence"].as_array().unwrap().len(), 3);
    archive.run(&["decisions", "--user", "wang"]).exits(1);
    let shown = archive
        .run(&["show", &id, "--format", "jsonl"])
        .exits(0)
        .lines();
    let events: Vec<&str> = shown[0]["history"]
        .as_array()
        .unwrap()
        .iter()
        .map(|happening| text(happening, "event"))
        .collect();
    assert_eq!(events, ["opened", "ack"]);
    assert!(
        archive
            .run(&["show", &id])
            .exits(0)
            .out
            .contains("by li (问过台北)")
    );

    // Again: nothing changes, and nothing is kept.
    let again = archive.run(&["ack", &id]).exits(0);
    assert!(
        again.err.contains("nothing changed") && again.out.is_empty(),
        "{}",
        again.err
    );
    assert_eq!(
        archive
            .run(&["decisions", "--format", "jsonl"])
            .lines()
            .len(),
        1
    );
}

#[test]
fn who_decides_comes_from_the_configuration_too() {
    let archive = newsroom();
    let id = id(&archive);
    archive.run(&["ack", &id]).exits(0);
    std::fs::write(
        archive.folder().join("hedui.toml"),
        "[decisions]\nuser = \"desk\"\n",
    )
    .unwrap();
    archive.run(&["reopen", &id]).exits(0);
    let users: Vec<String> = archive
        .run(&["decisions", "--format", "jsonl"])
        .lines()
        .iter()
        .map(|line| text(line, "user").to_owned())
        .collect();
    assert_eq!(users, ["local", "desk"]);
}

#[test]
fn an_id_that_is_not_there_is_answered_with_what_may_have_been_meant() {
    let archive = newsroom();
    let id = id(&archive);
    for command in ["ack", "reopen", "resolve", "mute", "snooze", "separate"] {
        let run = |name: &str| -> Run {
            let mut arguments = vec![command, name];
            match command {
                "snooze" => arguments.extend(["--for", "7d"]),
                "resolve" => arguments.extend(["--note", "x"]),
                _ => {}
            }
            archive.run(&arguments)
        };
        let mut wrong = id.clone();
        let last = wrong.pop().unwrap();
        wrong.push(if last == '0' { '1' } else { '0' });
        let near = run(&wrong).exits(1);
        assert!(
            near.err.contains(&format!("did you mean `{id}`?")),
            "{}",
            near.err
        );
        let far = run("k-ffffffffffffffff").exits(1);
        assert!(far.err.contains("`hedui conflicts`"), "{}", far.err);
        let none = run("k-01").exits(2);
        assert!(none.err.contains("not an id"), "{}", none.err);
    }
    // The beginning of an id does for it.
    archive.run(&["ack", &id[..8]]).exits(0);
    stands(&archive, "acked");
    let plain = article(
        "p1",
        "plain",
        "2025-01-01",
        "Company Zeta hired 381 engineers in Tainan.",
    );
    archive.ingest(&[plain]);
    let fact = text(&fact_of(&archive, &claim(&archive, "p1", "381")), "id").to_owned();
    let none = archive.run(&["ack", &fact]).exits(1);
    assert!(none.err.contains("no conflict about"), "{}", none.err);
    // Where one of several ids is wrong nothing is decided about the others.
    archive.run(&["reopen", &id, "k-ffffffffffffffff"]).exits(1);
    stands(&archive, "acked");
}

#[test]
fn the_beginning_of_several_ids_is_answered_with_them() {
    let archive = Archive::new();
    let text = |number: usize| {
        format!(
            "Firm Q{number} hired {} engineers in town {number}.",
            number * 7 + 3
        )
    };
    let articles: Vec<Value> = (0..600)
        .map(|number| {
            article(
                &format!("m{number}"),
                &format!("s{number}"),
                "2024-01-01",
                &text(number),
            )
        })
        .collect();
    archive.ingest(&articles);
    let claims = archive
        .run(&["claims", "--format", "jsonl"])
        .exits(0)
        .lines();
    // Of a thousand claims two begin with the same four digits all but surely.
    let mut beginnings: BTreeSet<&str> = BTreeSet::new();
    let mut ids = claims
        .iter()
        .map(|claim| &claim["id"].as_str().unwrap()[..6]);
    let double = ids.find(|beginning| !beginnings.insert(beginning)).unwrap();
    let several = archive.run(&["show", double]).exits(2);
    assert!(
        several.err.contains("several ids begin with"),
        "{}",
        several.err
    );
    assert!(several.err.matches(double).count() >= 3, "{}", several.err);
}

#[test]
fn news_opens_what_was_acknowledged_and_more_of_the_same_does_not() {
    let archive = newsroom();
    archive.run(&["ack", &id(&archive)]).exits(0);
    archive.ingest(&[courier()]);
    stands(&archive, "acked");
    // The same text under another name is no further source.
    let mut copy = xinwen();
    copy["id"] = json!("c2");
    copy["source"] = json!("mirror");
    archive.ingest(&[copy]);
    stands(&archive, "acked");
    archive.ingest(&[ribao()]);
    let opened = stands(&archive, "open");
    assert!(
        text(&opened, "state_why").contains("ribao says 165亿美元 too"),
        "{opened:#}"
    );
    stands_for_good(&archive, "open");
    archive.run(&["ack", &id(&archive)]).exits(0);
    stands(&archive, "acked");
    archive.ingest(&[kurier()]);
    let opened = stands(&archive, "open");
    assert!(
        text(&opened, "state_why").contains("new value"),
        "{opened:#}"
    );
}

#[test]
fn a_snooze_ends_with_its_time() {
    let archive = newsroom();
    let id = id(&archive);
    archive.run(&["snooze", &id]).exits(2);
    archive
        .run(&["snooze", &id, "--for", "7d", "--until", "2999-01-01"])
        .exits(2);
    let past = archive
        .run(&["snooze", &id, "--until", "2020-01-01"])
        .exits(2);
    assert!(past.err.contains("is over"), "{}", past.err);
    archive
        .run(&["snooze", &id, "--until", "2999-01-01"])
        .exits(0);
    let snoozed = stands(&archive, "snoozed");
    assert_eq!(snoozed["until"], "2999-01-01T00:00:00Z");
    stands_for_good(&archive, "snoozed");
    // The same with a time that has come meanwhile.
    let mut over = last_decision(&archive);
    over.action = Action::Snooze {
        until: "2025-03-09T00:00:00Z".parse().unwrap(),
    };
    append(&archive, Event::Decision(over));
    let opened = stands(&archive, "open");
    assert!(text(&opened, "state_why").contains("ran out"), "{opened:#}");
    archive.run(&["snooze", &id, "--for", "2w"]).exits(0);
    stands(&archive, "snoozed");
    archive.ingest(&[ribao()]);
    stands(&archive, "open");
}

#[test]
fn a_mute_holds_whatever_comes_until_it_is_taken_back() {
    let archive = newsroom();
    let id = id(&archive);
    archive
        .run(&["mute", &id, "--note", "a bet among colleagues"])
        .exits(0);
    archive.ingest(&[ribao(), kurier()]);
    stands_for_good(&archive, "muted");
    let listed = archive.run(&["mute", "--list"]).exits(0);
    assert!(
        listed.out.contains(&id) && listed.out.contains("for good"),
        "{}",
        listed.out
    );
    archive.run(&["ack", &id]).exits(0);
    stands(&archive, "muted");
    archive.run(&["mute", "--undo", &id]).exits(0);
    stands(&archive, "open");
    assert!(archive.run(&["mute", "--list"]).exits(0).out.is_empty());
    archive.run(&["mute", "--undo", &id]).exits(0);
    archive.run(&["mute", &id, "--for", "30d"]).exits(0);
    assert!(stands(&archive, "muted")["until"].is_string());
}

#[test]
fn a_fact_is_muted_before_it_has_a_conflict() {
    let archive = Archive::new();
    archive.ingest(&[harbour(), taibei()]);
    assert!(conflicts(&archive, ALL).is_empty());
    let fact = fact_of(&archive, &claim(&archive, "a1", "165 billion"));
    let id = text(&fact, "id");
    archive.run(&["mute", id]).exits(0);
    assert!(
        archive
            .run(&["mute", id])
            .exits(0)
            .err
            .contains("nothing changed")
    );
    let listed = archive
        .run(&["mute", "--list", "--format", "jsonl"])
        .exits(0)
        .lines();
    assert_eq!(listed.len(), 1);
    let shown = archive
        .run(&["show", id, "--format", "jsonl"])
        .exits(0)
        .lines();
    assert_eq!(shown[0]["history"][0]["event"], "mute");
    archive.run(&["mute", "--undo", id]).exits(0);
    assert!(archive.run(&["mute", "--list"]).exits(0).out.is_empty());
    assert!(
        archive
            .run(&["mute", "--undo", id])
            .exits(0)
            .err
            .contains("nothing changed")
    );
    archive.run(&["mute", id]).exits(0);
    archive.ingest(&[xinwen()]);
    stands_for_good(&archive, "muted");
}

#[test]
fn sources_entities_metrics_and_causes_are_muted_by_rule() {
    let archive = newsroom();
    for (rule, covers) in [
        (vec!["--source", "xinwen"], true),
        (vec!["--source", "harbour"], false),
        (vec!["--source", "xinwen", "--source", "harbour"], false),
        (vec!["--entity", "台积电"], true),
        (vec!["--entity", "TSMC", "--metric", "revenue"], false),
        (vec!["--entity", "TSMC", "--metric", "investment"], true),
        (vec!["--cause", "currency"], false),
        (vec!["--cause", "scale_error", "--for", "30d"], true),
    ] {
        let mut arguments = vec!["mute", "--note", "noise"];
        arguments.extend(&rule);
        archive.run(&arguments).exits(0);
        stands(&archive, if covers { "muted" } else { "open" });
        let listed = archive
            .run(&["mute", "--list", "--format", "jsonl"])
            .exits(0)
            .lines();
        assert_eq!(listed.len(), 1, "{rule:?}");
        assert_eq!(listed[0]["note"], "noise");
        let mut undo: Vec<&str> = vec!["mute", "--undo"];
        undo.extend(
            rule.iter()
                .filter(|part| **part != "--for" && **part != "30d"),
        );
        archive.run(&undo).exits(0);
        stands(&archive, "open");
        archive.run(&undo).exits(1);
    }
    archive.run(&["mute"]).exits(2);
    let typo = archive.run(&["mute", "--source", "xinven"]).exits(1);
    assert!(typo.err.contains("did you mean `xinwen`?"), "{}", typo.err);
    let typo = archive.run(&["mute", "--metric", "investmnt"]).exits(1);
    assert!(
        typo.err.contains("did you mean `investment`?"),
        "{}",
        typo.err
    );
    archive.run(&["mute", "--source", "xinwen"]).exits(0);
    stands_for_good(&archive, "muted");
    // A person who opens just this one has the last word.
    archive.run(&["reopen", &id(&archive)]).exits(0);
    stands_for_good(&archive, "open");
}

#[test]
fn a_person_says_which_side_is_right() {
    let archive = newsroom();
    let id = id(&archive);
    archive.run(&["resolve", &id]).exits(2);
    let wrong = archive.run(&["resolve", &id, "--side", "3"]).exits(2);
    assert!(wrong.err.contains("sides 1 to 2"), "{}", wrong.err);
    archive
        .run(&["resolve", &id, "--side", "1", "--note", "公告"])
        .exits(0);
    let resolved = stands(&archive, "resolved");
    assert_eq!(resolved["resolved_as"], resolved["sides"][0]["text"]);
    stands_for_good(&archive, "resolved");
    // Sources that come to the right side change nothing; one that says the wrong thing anew does.
    archive.ingest(&[courier()]);
    stands(&archive, "resolved");
    archive.ingest(&[ribao()]);
    stands(&archive, "open");
    // The value may be written otherwise than the side does.
    archive
        .run(&["resolve", &id, "--value", "1650亿美元"])
        .exits(0);
    let decided = archive
        .run(&["decisions", &id, "--format", "jsonl"])
        .exits(0)
        .lines();
    assert_eq!(
        (&decided[1]["value"], &decided[1]["side"]),
        (&json!("1650亿美元"), &json!(1))
    );
    let same = archive
        .run(&["resolve", &id, "--as", "1650亿美元"])
        .exits(0);
    assert!(same.err.contains("nothing changed"), "{}", same.err);
    let own = archive
        .run(&["resolve", &id, "--value", "$100 billion"])
        .exits(0);
    assert!(own.err.contains("your own value"), "{}", own.err);
    archive
        .run(&["resolve", &id, "--note", "no conflict at all"])
        .exits(0);
    assert_eq!(stands(&archive, "resolved")["resolved_as"], Value::Null);
    archive.run(&["reopen", &id]).exits(0);
    stands_for_good(&archive, "open");
    let open = archive.run(&["reopen", &id]).exits(0);
    assert!(open.err.contains("nothing changed"), "{}", open.err);
}

#[test]
fn what_is_separated_is_never_grouped_again() {
    let archive = newsroom();
    let id = id(&archive);
    archive
        .run(&["separate", &id, "--note", "two plans"])
        .exits(0);
    let closed = stands(&archive, "closed");
    assert_eq!(
        (text(&closed, "id"), text(&closed, "ended_by")),
        (id.as_str(), "separated")
    );
    stands_for_good(&archive, "closed");
    let (right, wrong) = (
        claim(&archive, "a1", "165 billion"),
        claim(&archive, "c1", "165亿"),
    );
    let apart = || {
        let (one, other) = (fact_of(&archive, &right), fact_of(&archive, &wrong));
        one["id"] != other["id"]
    };
    assert!(apart());
    // Whatever comes, and whatever it says.
    archive.ingest(&[courier(), ribao()]);
    assert!(apart());
    let why = archive.run(&["explain", &right, &wrong]).exits(0).out;
    assert!(
        why.contains("said not to be about one thing by local"),
        "{why}"
    );
    let again = archive.run(&["separate", &right, &wrong]).exits(0);
    assert!(again.err.contains("nothing changed"), "{}", again.err);
    archive.run(&["separate", &right, &right]).exits(2);
    archive
        .run(&["separate", "--undo", &right, &wrong])
        .exits(0);
    archive.run(&["separate", "--undo", &id]).exits(0);
    assert!(!apart());
    archive.run(&["separate", "--undo", &id]).exits(1);
}

#[test]
fn two_claims_or_a_claim_and_its_fact_are_separated() {
    let archive = newsroom();
    let (a, b, c) = (
        claim(&archive, "a1", "165 billion"),
        claim(&archive, "b1", "1,650"),
        claim(&archive, "c1", "165亿"),
    );
    archive.run(&["separate", &c]).exits(0);
    stands_for_good(&archive, "closed");
    assert_eq!(fact_of(&archive, &a)["id"], fact_of(&archive, &b)["id"]);
    // Of figures that agree too.
    archive.run(&["separate", &a, &b]).exits(0);
    archive.run(&["reindex"]).exits(0);
    let facts: BTreeSet<String> = [&a, &b, &c]
        .iter()
        .map(|claim| text(&fact_of(&archive, claim), "id").to_owned())
        .collect();
    assert_eq!(facts.len(), 3);
}

#[test]
fn a_separation_survives_an_edit_of_its_sentence() {
    let archive = newsroom();
    let id = id(&archive);
    archive.run(&["separate", &id]).exits(0);
    let mut edited = xinwen();
    edited["text"] = json!(
        "据报道，台积电在美国的总投资金额将提高至165亿美元，此前的数字是120亿。分析人士认为，成本上升将给毛利率带来压力。"
    );
    archive.ingest(&[edited]);
    stands_for_good(&archive, "closed");
}

#[test]
fn what_is_joined_is_one_fact() {
    let archive = Archive::new();
    let rival = article(
        "i1",
        "foundry",
        "2025-03-09",
        "Intel employs 12,500 people at its site in Leixlip, the county's largest.",
    );
    let other = article(
        "i2",
        "dublin",
        "2025-03-10",
        "At the plant near Dublin some 14,100 have work, the union says.",
    );
    archive.ingest(&[rival, other]);
    let (one, two) = (
        claim(&archive, "i1", "12,500"),
        claim(&archive, "i2", "14,100"),
    );
    let facts = [&one, &two].map(|claim| text(&fact_of(&archive, claim), "id").to_owned());
    assert_ne!(facts[0], facts[1]);
    archive
        .run(&["join", &facts[0], &facts[1], "--note", "the same site"])
        .exits(0);
    let joined = fact_of(&archive, &two);
    assert_eq!(joined["id"], facts[0].as_str());
    assert_eq!(joined["aliases"], json!([facts[1]]));
    archive.run(&["reindex"]).exits(0);
    assert_eq!(fact_of(&archive, &two), joined);
    // The figures say whether that is a conflict.
    stands(&archive, "open");
    let again = archive.run(&["join", &one, &two]).exits(0);
    assert!(again.err.contains("nothing changed"), "{}", again.err);
    archive.run(&["join", &one, &one]).exits(2);
    // The last word counts.
    archive.run(&["separate", &one, &two]).exits(0);
    assert_ne!(fact_of(&archive, &one)["id"], fact_of(&archive, &two)["id"]);
    archive.run(&["join", &one, &two]).exits(0);
    archive.run(&["join", "--undo", &one, &two]).exits(0);
    assert_ne!(fact_of(&archive, &one)["id"], fact_of(&archive, &two)["id"]);
    stands(&archive, "closed");
}

/// Sets up a sink that appends what it is told to a file.
fn with_sink(archive: &Archive) {
    let settings = "[[alert.sink]]\nid = \"desk\"\nkind = \"command\"\ncommand = [\"sh\", \"-c\", \"cat >> told.jsonl\"]\n";
    std::fs::write(archive.folder().join("hedui.toml"), settings).unwrap();
}

/// Sends, and returns the events that were told since the last time.
#[track_caller]
fn told(archive: &Archive) -> Vec<String> {
    archive.run(&["alert", "send"]).exits(0);
    let file = archive.folder().join("told.jsonl");
    let text = std::fs::read_to_string(&file).unwrap_or_default();
    let _ = std::fs::remove_file(&file);
    let event = |line: &str| {
        let line: Value = serde_json::from_str(line).unwrap();
        line["event"].as_str().unwrap().to_owned()
    };
    text.lines().map(event).collect()
}

#[test]
fn alerts_respect_what_was_decided() {
    // A first run, so that what follows is told one by one.
    let archive = Archive::new();
    with_sink(&archive);
    archive.ingest(&[harbour(), taibei()]);
    assert!(told(&archive).is_empty());
    archive.ingest(&[xinwen()]);
    let id = id(&archive);
    archive.run(&["ack", &id]).exits(0);
    assert!(told(&archive).is_empty(), "acknowledged before it was told");
    archive.ingest(&[ribao()]);
    assert_eq!(told(&archive), ["reopened"]);
    assert!(told(&archive).is_empty(), "once");
    archive.run(&["mute", &id]).exits(0);
    archive.ingest(&[kurier()]);
    assert!(told(&archive).is_empty(), "muted");
    archive.run(&["reopen", &id]).exits(0);
    assert!(told(&archive).is_empty(), "who opens it knows");
    archive.run(&["reindex"]).exits(0);
    assert!(told(&archive).is_empty(), "reindexing is no news");
}

#[test]
fn a_snooze_that_ran_out_is_told_once() {
    let archive = Archive::new();
    with_sink(&archive);
    archive.ingest(&[harbour(), taibei()]);
    archive.ingest(&[xinwen()]);
    assert_eq!(told(&archive), ["opened"]);
    archive
        .run(&["snooze", &id(&archive), "--for", "7d"])
        .exits(0);
    assert!(told(&archive).is_empty());
    let mut over = last_decision(&archive);
    over.action = Action::Snooze {
        until: "2025-03-09T00:00:00Z".parse().unwrap(),
    };
    append(&archive, Event::Decision(over));
    assert_eq!(told(&archive), ["reopened"]);
    assert!(told(&archive).is_empty(), "once");
    archive.run(&["reindex"]).exits(0);
    assert!(told(&archive).is_empty(), "reindexing is no news");
}

#[test]
fn a_rule_keeps_alerts_back() {
    let archive = Archive::new();
    with_sink(&archive);
    archive.ingest(&[harbour(), taibei()]);
    archive.run(&["mute", "--entity", "TSMC"]).exits(0);
    archive.ingest(&[xinwen()]);
    assert!(told(&archive).is_empty());
    archive
        .run(&["mute", "--undo", "--entity", "TSMC"])
        .exits(0);
    // What comes after that is told.
    archive.ingest(&[ribao(), kurier()]);
    stands(&archive, "open");
}

fn copy(from: &Path, to: &Path) {
    let done = std::process::Command::new("cp")
        .arg("-r")
        .arg(from)
        .arg(to)
        .status()
        .unwrap();
    assert!(done.success());
}

#[test]
fn a_decision_that_was_killed_before_the_state_had_it_is_there() {
    let archive = newsroom();
    let id = id(&archive);
    for (command, state) in [
        (["ack", id.as_str()], "acked"),
        (["separate", id.as_str()], "closed"),
    ] {
        let kept = archive.folder().join(command[0]);
        copy(&archive.dir().join("state"), &kept);
        archive.run(&command).exits(0);
        let after = stands(&archive, state);
        // The journal has it, and the state is as before: what `kill -9` between the two leaves behind.
        std::fs::remove_dir_all(archive.dir().join("state")).unwrap();
        copy(&kept, &archive.dir().join("state"));
        assert_eq!(stands(&archive, state), after);
    }
    assert_eq!(
        archive
            .run(&["decisions", "--format", "jsonl"])
            .lines()
            .len(),
        2
    );
}

#[test]
fn the_order_of_arrival_makes_no_difference() {
    let orders: [&[fn() -> Value]; 3] = [
        &[harbour, taibei, xinwen, courier, ribao],
        &[ribao, courier, xinwen, taibei, harbour],
        &[xinwen, harbour, ribao, courier, taibei],
    ];
    let mut seen: Vec<(Vec<Value>, String)> = Vec::new();
    for order in orders {
        let archive = Archive::new();
        for article in order {
            archive.ingest(&[article()]);
        }
        let mut found = conflicts(&archive, ALL);
        for conflict in &mut found {
            // Ids that it had on the way are history.
            conflict.as_object_mut().unwrap().remove("aliases");
        }
        let facts = archive
            .run(&["facts", "--format", "jsonl"])
            .exits(0)
            .lines();
        let ids: Vec<&str> = facts.iter().map(|fact| text(fact, "id")).collect();
        seen.push((found, ids.join(" ")));
    }
    assert_eq!(seen[0], seen[1]);
    assert_eq!(seen[0], seen[2]);
}

#[test]
fn a_decision_holds_when_an_older_article_comes_late_and_changes_the_id() {
    let archive = Archive::new();
    archive.ingest(&[taibei(), xinwen()]);
    let before = id(&archive);
    archive.run(&["resolve", &before, "--side", "1"]).exits(0);
    let right = text(&only(&archive), "resolved_as").to_owned();
    assert!(
        right.contains("1,650") || right.contains("165亿"),
        "{right}"
    );
    archive.ingest(&[harbour()]);
    let after = only(&archive);
    assert_ne!(text(&after, "id"), before);
    assert_eq!(after["aliases"], json!([before]));
    let shown = archive
        .run(&["show", &before, "--format", "jsonl"])
        .exits(0)
        .lines();
    assert_eq!(shown[0]["id"], after["id"]);
    let by_old = archive
        .run(&["decisions", &before, "--format", "jsonl"])
        .exits(0)
        .lines();
    assert_eq!(by_old[0]["conflict"], after["id"]);
    let state = text(&after, "state").to_owned();
    stands_for_good(&archive, &state);
    // And again by its old id.
    archive.run(&["mute", &before]).exits(0);
    stands_for_good(&archive, "muted");
}

#[test]
fn decisions_go_through_whoever_takes_articles_in() {
    let archive = newsroom();
    let id = id(&archive);
    let mut writer = archive
        .command(&["ingest", "-"])
        .env("HEDUI_USER", "the crawler")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut input = writer.stdin.take().unwrap();
    let mut answers = BufReader::new(writer.stdout.take().unwrap()).lines();
    writeln!(input, "{}", courier()).unwrap();
    assert!(answers.next().unwrap().unwrap().contains("\"new\""));
    let acked = archive
        .command(&["ack", &id, "--format", "jsonl"])
        .env("HEDUI_USER", "li")
        .output()
        .unwrap();
    assert!(
        acked.status.success(),
        "{}",
        String::from_utf8_lossy(&acked.stderr)
    );
    let line: Value = serde_json::from_slice(&acked.stdout).unwrap();
    assert_eq!((text(&line, "user"), text(&line, "action")), ("li", "ack"));
    stands(&archive, "acked");
    archive.run(&["ack", "k-ffffffffffffffff"]).exits(1);
    // A separation groups anew while articles come in.
    archive.run(&["separate", &id]).exits(0);
    writeln!(input, "{}", ribao()).unwrap();
    assert!(answers.next().unwrap().unwrap().contains("\"new\""));
    stands(&archive, "closed");
    // Other writers are told who holds it.
    let second = archive.run(&["alert", "send"]);
    assert_ne!(second.code, 0);
    drop(input);
    assert!(writer.wait().unwrap().success());
    stands_for_good(&archive, "closed");
}

#[test]
fn a_holder_that_does_not_answer_is_named() {
    let archive = newsroom();
    let id = id(&archive);
    let now = jiff::Timestamp::now();
    let lock = hedui_store::ArchiveLock::acquire(&archive.dir(), hedui_store::Role::Writer, now);
    let held = archive.run(&["ack", &id]).exits(4);
    let pid = std::process::id().to_string();
    assert!(
        held.err.contains(&pid) && held.err.contains("hint:"),
        "{}",
        held.err
    );
    drop(lock);
    archive.run(&["ack", &id]).exits(0);
}

#[test]
fn many_who_decide_at_once_wait_for_one_another() {
    let archive = newsroom();
    let id = id(&archive);
    let children: Vec<_> = (0..6)
        .map(|number| {
            archive
                .command(&["ack", &id, "--note", &format!("note {number}")])
                .stdout(Stdio::null())
                .stderr(Stdio::piped())
                .spawn()
                .unwrap()
        })
        .collect();
    for child in children {
        let output = child.wait_with_output().unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    assert_eq!(
        archive
            .run(&["decisions", "--format", "jsonl"])
            .lines()
            .len(),
        6
    );
    stands_for_good(&archive, "acked");
}

/// `c1` corrected: it now says what the others say.
fn corrected() -> Value {
    let mut article = xinwen();
    let text = article["text"].as_str().unwrap().replace("165亿", "1650亿");
    article["text"] = json!(text);
    article
}

#[test]
fn a_correction_closes_a_conflict_and_new_evidence_opens_it() {
    let archive = newsroom();
    let before = id(&archive);
    archive.ingest(&[corrected()]);
    let closed = stands(&archive, "closed");
    assert_eq!(
        (text(&closed, "id"), text(&closed, "ended_by")),
        (before.as_str(), "correction")
    );
    let why = text(&closed, "state_why");
    assert!(
        why.contains("xinwen") && why.contains("165亿") && why.contains("1650亿"),
        "{why}"
    );
    assert!(
        conflicts(&archive, "").is_empty(),
        "what ended is not listed unasked"
    );
    stands_for_good(&archive, "closed");

    let fact = fact_of(&archive, &claim(&archive, "a1", "165 billion"));
    assert_eq!(
        (text(&fact, "conflict"), text(&fact, "state")),
        (before.as_str(), "closed")
    );
    let timeline: Vec<(&str, &str, bool)> = fact["timeline"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| {
            (
                text(line, "source"),
                text(line, "change"),
                line["corrected_by"].is_string(),
            )
        })
        .collect();
    assert_eq!(
        timeline,
        [
            ("harbour", "first", false),
            ("taibei", "first", false),
            ("xinwen", "first", true),
            ("xinwen", "correction", false),
        ]
    );
    let table = archive
        .run(&["facts", "--timeline", "--state", "closed"])
        .exits(0)
        .out;
    assert!(
        table.contains("correction") && table.contains(&before),
        "{table}"
    );

    archive.ingest(&[ribao()]);
    let opened = stands(&archive, "open");
    assert_eq!(text(&opened, "id"), before);
    assert_eq!(
        opened["sides"][1]["sources"],
        json!(["ribao"]),
        "{opened:#}"
    );
    stands_for_good(&archive, "open");
    let shown = archive
        .run(&["show", &before, "--format", "jsonl"])
        .exits(0)
        .lines();
    let events: Vec<&str> = shown[0]["history"]
        .as_array()
        .unwrap()
        .iter()
        .map(|happening| text(happening, "event"))
        .collect();
    assert_eq!(events, ["opened", "closed", "reopened"]);
}

#[test]
fn a_person_opens_what_a_correction_closed_until_more_ends_it() {
    let archive = newsroom();
    let id = id(&archive);
    archive.run(&["ack", &id]).exits(0);
    archive.ingest(&[corrected()]);
    stands(&archive, "closed");
    let nothing = archive.run(&["ack", &id]).exits(0);
    assert!(nothing.err.contains("is closed"), "{}", nothing.err);
    archive
        .run(&["reopen", &id, "--note", "they still print it"])
        .exits(0);
    stands_for_good(&archive, "open");
}

#[test]
fn a_figure_that_is_withdrawn_closes_its_conflict() {
    let archive = newsroom();
    let mut withdrawn = xinwen();
    withdrawn["text"] =
        json!("据报道，台积电将扩大在美国的投资。分析人士认为，成本上升将给毛利率带来压力。");
    archive.ingest(&[withdrawn]);
    assert_eq!(stands(&archive, "closed")["ended_by"], "withdrawn");
    stands_for_good(&archive, "closed");
    archive.ingest(&[xinwen()]);
    stands(&archive, "open");
}

#[test]
fn evidence_that_is_gone_is_said_to_be() {
    let archive = newsroom();
    let gone = Decision {
        evidence: last_after_ack(&archive).evidence,
        ..last_decision(&archive)
    };
    let mut gone = gone;
    for anchor in &mut gone.evidence {
        anchor.article = "elsewhere".parse().unwrap();
        anchor.claim = "c-00000000000000aa".parse().unwrap();
    }
    append(&archive, Event::Decision(gone));
    let adrift = archive
        .run(&["decisions", "--adrift", "--format", "jsonl"])
        .exits(0)
        .lines();
    assert_eq!(adrift.len(), 1);
    assert!(archive.run(&["decisions"]).exits(0).out.contains("adrift"));
}

fn last_after_ack(archive: &Archive) -> Decision {
    archive.run(&["ack", &id(archive)]).exits(0);
    last_decision(archive)
}
