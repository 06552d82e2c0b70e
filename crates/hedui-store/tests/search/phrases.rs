//! Any substring of any article finds it, in either script; and nothing else is found.

use std::collections::BTreeSet;

use hedui_model::Article;
use hedui_text::{Converter, FerrousOpenCc, Folder};

use crate::fixture::{articles, check, found, quoted, search};

/// Returns every substring of so many characters, each once.
fn substrings(text: &str, length: usize) -> BTreeSet<String> {
    let chars: Vec<char> = text.chars().collect();
    chars
        .windows(length)
        .map(|window| window.iter().collect())
        .collect()
}

fn texts(article: &Article) -> [&str; 2] {
    [&article.title.text, &article.body.text]
}

/// Folds as the index does: small letters, white space as one.
fn plain(text: &str) -> String {
    let folded = Folder::builtin().fold(text).text.to_lowercase();
    let mut plain = String::new();
    for character in folded.chars() {
        match character.is_whitespace() {
            true if plain.ends_with(' ') => {}
            true => plain.push(' '),
            false => plain.push(character),
        }
    }
    plain
}

/// Returns a text as written and in either script.
fn readings(text: &str) -> Vec<String> {
    let converter = FerrousOpenCc::builtin();
    let mut readings = vec![
        plain(text),
        plain(&converter.t2s(text)),
        plain(&converter.s2t(text)),
    ];
    readings.dedup();
    readings
}

#[test]
fn every_substring_finds_its_article_and_only_articles_that_have_it() {
    let read: Vec<(String, Vec<String>)> = articles()
        .iter()
        .map(|article| {
            (
                article.meta.key.to_string(),
                texts(article).into_iter().flat_map(readings).collect(),
            )
        })
        .collect();
    let having = |wanted: &[String]| -> Vec<String> {
        let having = read.iter().filter(|(_, texts)| {
            wanted
                .iter()
                .any(|wanted| texts.iter().any(|text| text.contains(wanted)))
        });
        let mut ids: Vec<String> = having.map(|(id, _)| id.clone()).collect();
        ids.sort();
        ids
    };
    let mut asked = 0;
    for length in [1, 2, 3, 4, 6] {
        let texts = articles().iter().flat_map(texts);
        let all: BTreeSet<String> = texts.flat_map(|text| substrings(text, length)).collect();
        for substring in all {
            let found = found(&quoted(&substring));
            assert_eq!(found, having(&readings(&substring)), "{substring:?}");
            asked += 1;
        }
    }
    assert!(asked > 4_000, "only {asked} substrings");
}

#[test]
fn every_substring_finds_its_article_in_the_other_script() {
    let converter = FerrousOpenCc::builtin();
    let mut missed = Vec::new();
    for article in articles() {
        for text in texts(article) {
            for (converted, name) in [(converter.s2t(text), "Hant"), (converter.t2s(text), "Hans")]
            {
                for substring in substrings(&converted, 4) {
                    if !found(&quoted(&substring)).contains(&article.meta.key.to_string()) {
                        missed.push(format!("{name} {} {substring}", article.meta.key));
                    }
                }
            }
        }
    }
    assert!(missed.is_empty(), "{missed:#?}");
}

#[test]
fn a_phrase_finds_what_script_width_case_and_spaces_hide() {
    check(&[
        ("\"1650億美元\"", "hans-fab"),
        ("\"1,650億美元\"", "hant-fab"),
        ("\"AI芯片\"", "hans-fab"),
        ("\"ai晶片\"", "hant-fab"),
        ("\"ＡＩ晶片\"", "hant-fab"),
        ("\"5亿美元\"", ""),
        ("\"50億美元\"", "hans-fab hant-fab"),
        ("\"vidi\"", "en-chips en-fab en-stargate hant-fab"),
        ("\"A股 GPU x\"", "en-short"),
        ("\"答复\"", "hans-fab hant-fab"),
        ("\"答覆\"", "hans-fab hant-fab"),
        ("\"乾淨\"", "hans-fab"),
        ("title:\"vidi\"", "en-chips"),
        ("body:\"總額達\"", "hant-fab"),
        ("title:\"總額達\"", "hant-fab"),
        ("\"10²⁵\"", "en-chips"),
        ("\"1025\"", ""),
        ("\"c++\"", "en-chips"),
        ("\"İ\"", "en-short"),
    ]);
}

#[test]
fn one_and_two_characters_of_han_are_exact() {
    check(&[
        ("欧", ""),
        ("里", "hans-ev hant-ev"),
        ("裡", "hans-ev hant-ev"),
        ("积电", "hans-fab hant-fab"),
        ("積電", "hans-fab hant-fab"),
        ("电亚", ""),
        ("A股", "en-short"),
    ]);
}

#[test]
fn the_answer_counts_every_article() {
    let answer = search("\"，\"");
    assert_eq!(answer.articles, answer.hits.len() as u64);
    assert_eq!(answer.stories, answer.articles);
}
