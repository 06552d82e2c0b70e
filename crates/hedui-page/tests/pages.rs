//! The pages of `tests/corpus/pages`, from bytes to page.

#![allow(clippy::disallowed_methods, clippy::print_stderr)] // it reads files, and says what it skips

use std::collections::BTreeMap;
use std::path::Path;

use encoding_rs::Encoding;
use hedui_page::charset::{Form, decode};
use hedui_page::read_page;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    url: String,
    charset: String,
    content_type: Option<String>,
    html: String,
    expect: Expected,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    title: Option<String>,
    date: Option<String>,
    author: Option<String>,
    lang: Option<String>,
    site: Option<String>,
    canonical: Option<String>,
    charset: Option<String>,
    body: Option<String>,
    #[serde(default)]
    body_has: Vec<String>,
    #[serde(default)]
    body_lacks: Vec<String>,
}

/// Everything that is not as expected, in one list, so that one run shows all of it.
fn faults(name: &str, case: &Case) -> Vec<String> {
    let encoding = Encoding::for_label(case.charset.as_bytes()).expect("a known charset");
    let (bytes, _, unmapped) = encoding.encode(&case.html);
    let decoded = decode(&bytes, case.content_type.as_deref(), Form::Html);
    let (page, _) = read_page(&decoded.text, Some(&case.url));
    let mut faults = Vec::new();
    let mut check = |field: &str, expected: &Option<String>, found: Option<String>| {
        if expected.is_some() && *expected != found {
            faults.push(format!(
                "{name}: {field}\n  expected {expected:?}\n  found    {found:?}"
            ));
        }
    };
    check("title", &case.expect.title, Some(page.title));
    check(
        "date",
        &case.expect.date,
        page.published.map(|at| at.day().to_string()),
    );
    check("author", &case.expect.author, page.author);
    check("lang", &case.expect.lang, page.declared_lang);
    check("site", &case.expect.site, page.site);
    check("canonical", &case.expect.canonical, page.canonical);
    check(
        "charset",
        &case.expect.charset,
        Some(decoded.encoding.to_owned()),
    );
    check("body", &case.expect.body, Some(page.body.clone()));
    for part in case
        .expect
        .body_has
        .iter()
        .filter(|part| !page.body.contains(part.as_str()))
    {
        faults.push(format!("{name}: body lacks `{part}`:\n{}", page.body));
    }
    for part in case
        .expect
        .body_lacks
        .iter()
        .filter(|part| page.body.contains(part.as_str()))
    {
        faults.push(format!("{name}: body has `{part}`:\n{}", page.body));
    }
    if unmapped || decoded.replaced > 0 {
        faults.push(format!("{name}: {} characters replaced", decoded.replaced));
    }
    faults
}

#[test]
fn pages_are_read_as_expected() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/corpus/pages");
    let mut cases = BTreeMap::new();
    for entry in std::fs::read_dir(folder).expect("the corpus") {
        let path = entry.expect("an entry").path();
        if path
            .extension()
            .is_some_and(|extension| extension == "toml")
        {
            let name = path
                .file_stem()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            let text = std::fs::read_to_string(&path).expect("a file");
            cases.insert(name, toml::from_str::<Case>(&text).expect("a case"));
        }
    }
    assert!(cases.len() >= 12, "only {} cases", cases.len());
    let faults: Vec<String> = cases
        .iter()
        .flat_map(|(name, case)| faults(name, case))
        .collect();
    assert!(
        faults.is_empty(),
        "{} faults\n{}",
        faults.len(),
        faults.join("\n")
    );
}

/// The sample pages that lie beside the project, where they do: articles all of them.
#[test]
fn no_page_of_the_sample_is_taken_for_a_wall() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/eval/pages");
    let Ok(cases) = std::fs::read_to_string(folder.join("cases.jsonl")) else {
        eprintln!("skipped: there are no sample pages beside the project");
        return;
    };
    let mut count = 0;
    let mut wrong = Vec::new();
    for line in cases.lines() {
        let case: serde_json::Value = serde_json::from_str(line).expect("a case");
        let file = case["html"].as_str().expect("a file");
        let packed = std::fs::read(folder.join(file)).expect("the file");
        let bytes = hedui_page::sitemap::gunzip(&packed, 64 << 20, &mut Vec::new());
        let decoded = decode(&bytes, case["charset"].as_str(), Form::Html);
        let block = hedui_page::block::recognise(&decoded.text, case["url"].as_str());
        wrong.extend(block.map(|block| format!("{file}: {block:?}")));
        count += 1;
    }
    assert!(count > 100, "only {count} pages");
    assert!(wrong.is_empty(), "{wrong:#?}");
}
