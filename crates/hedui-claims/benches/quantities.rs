//! How fast quantities are read, beside jieba's cut and a bare Aho-Corasick scan over the same words.
//!
//! `cargo bench -p hedui-claims --bench quantities`. Prints MB of folded text per CPU second, the best of several rounds;
//! folding is timed apart. The texts are the news articles of `tests/corpus/claims`, which have more figures than most news, and
//! the cases of `tests/corpus/quantities`, which have little else; a file of news of your own goes into `HEDUI_BENCH_ZH` and
//! `HEDUI_BENCH_EN`. Words behind `--` choose rows by their names, and then only reading is timed.

#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs)]

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use hedui_claims::quantity::{QuantityReader, ReadContext};
use hedui_model::{Lang, Region};
use hedui_text::{FoldedText, Folder, Lexicon};

const ROUNDS: usize = 5;
const BYTES_MIN: usize = 8_000_000;
const BYTES: usize = 2_000_000;

fn main() {
    let wanted: Vec<String> = std::env::args()
        .skip(1)
        .filter(|word| !word.starts_with('-'))
        .collect();
    let lexicon = Lexicon::builtin();
    let reader = QuantityReader::new(lexicon.clone());
    let jieba = jieba_rs::Jieba::new();
    let words: Vec<String> = lexicon
        .quantities
        .forms()
        .filter(|form| !form.is_empty())
        .map(str::to_owned)
        .collect();
    let automaton = aho_corasick::AhoCorasick::builder()
        .match_kind(aho_corasick::MatchKind::LeftmostLongest)
        .build(&words)
        .unwrap();
    println!(
        "{:<26} {:>9} {:>9} {:>9} {:>9} {:>11}",
        "MB per CPU second", "read", "fold", "jieba", "aho", "read/jieba"
    );
    let (zh, en) = (
        (Lang::Zh, Region::CN, "HEDUI_BENCH_ZH"),
        (Lang::En, Region::US, "HEDUI_BENCH_EN"),
    );
    for (name, (lang, region, variable), source) in [
        ("Chinese news", zh, news as fn(Lang) -> String),
        ("English news", en, news),
        ("Chinese cases", zh, cases),
        ("English cases", en, cases),
    ] {
        let originals = documents(&text(lang, variable, source));
        let folded: Vec<FoldedText> = originals
            .iter()
            .map(|text| Folder::builtin().fold(text))
            .collect();
        let bytes = folded.iter().map(|folded| folded.text.len()).sum();
        let context = ReadContext {
            region: Some(region),
            lang,
            reference: Some(jiff::civil::date(2026, 2, 3)),
            hours: true,
            time: None,
        };
        let rate = |run: &dyn Fn() -> usize| megabytes(bytes, run);
        let each = |run: &dyn Fn(&FoldedText) -> usize| rate(&|| folded.iter().map(run).sum());
        let read = || each(&|folded| reader.read(&folded.text, &folded.map, &context).len());
        if !wanted.is_empty() {
            if wanted.iter().any(|word| name.contains(word.as_str())) {
                println!("{name:<26} {:>9.1}", read());
            }
            continue;
        }
        let read = read();
        let fold = rate(&|| {
            originals
                .iter()
                .map(|text| Folder::builtin().fold(text).text.len())
                .sum()
        });
        let cut = each(&|folded| jieba.cut(&folded.text, false).len());
        let bare = each(&|folded| automaton.find_iter(&folded.text).count());
        let share = read / cut;
        println!("{name:<26} {read:>9.1} {fold:>9.1} {cut:>9.1} {bare:>9.1} {share:>11.2}");
    }
    for (name, unit) in [
        ("digits", "7"),
        ("brackets", "("),
        ("units", "GW 亿元"),
        ("numerals", "一百万"),
        ("hyphens", "1-2-"),
    ] {
        if !wanted.is_empty() && !wanted.iter().any(|word| name.contains(word.as_str())) {
            continue;
        }
        let context = ReadContext::default();
        let rates: Vec<String> = [1_000, 100_000, 10_000_000]
            .iter()
            .map(|&bytes| {
                let folded = Folder::builtin().fold(&unit.repeat(bytes / unit.len()));
                let run = || reader.read(&folded.text, &folded.map, &context).len();
                let rate = megabytes(folded.text.len(), &run);
                format!("{rate:>9.1}")
            })
            .collect();
        println!(
            "{:<26} {}   (1 KB, 100 KB, 10 MB)",
            format!("runs of {name}"),
            rates.join(" ")
        );
    }
}

/// The best of several rounds, each long enough for the clock of CPU time, which ticks.
#[allow(clippy::cast_precision_loss)]
fn megabytes(bytes: usize, run: &dyn Fn() -> usize) -> f64 {
    let times = (BYTES_MIN / bytes).max(1);
    let best = (0..ROUNDS)
        .map(|_| {
            let (wall, before) = (Instant::now(), on_core());
            for _ in 0..times {
                black_box(run());
            }
            match (before, on_core()) {
                (Some(before), Some(after)) if after > before => after - before,
                _ => wall.elapsed(),
            }
        })
        .min()
        .unwrap();
    (bytes * times) as f64 / best.as_secs_f64() / 1e6
}

/// The time that this thread has had a core, where the system tells: other programs do not count.
fn on_core() -> Option<Duration> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(Duration::from_nanos(text.split(' ').next()?.parse().ok()?))
}

/// Text of about `BYTES` bytes: a file of the caller's, or a corpus, over and over.
fn text(lang: Lang, variable: &str, corpus: fn(Lang) -> String) -> String {
    let source = match std::env::var(variable) {
        Ok(path) => std::fs::read_to_string(path).unwrap(),
        Err(_) => corpus(lang),
    };
    let mut text = String::new();
    while text.len() < BYTES {
        text.push_str(&source);
        text.push('\n');
    }
    text
}

/// Documents of the size of an article, about 4 KB, cut between lines.
fn documents(text: &str) -> Vec<String> {
    let mut documents = vec![String::new()];
    for line in text.lines() {
        if documents.last().is_some_and(|last| last.len() > 4_000) {
            documents.push(String::new());
        }
        if let Some(last) = documents.last_mut() {
            last.push_str(line);
            last.push('\n');
        }
    }
    documents
}

fn corpora() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/corpus")
}

fn news(lang: Lang) -> String {
    let mut text = String::new();
    for entry in std::fs::read_dir(corpora().join("claims")).unwrap() {
        let Ok(lines) = std::fs::read_to_string(entry.unwrap().path().join("articles.jsonl"))
        else {
            continue;
        };
        for line in lines.lines() {
            let article: serde_json::Value = serde_json::from_str(line).unwrap();
            let zh = article["lang"].as_str().unwrap().starts_with("zh");
            if zh == (lang == Lang::Zh) {
                text.push_str(article["text"].as_str().unwrap());
                text.push('\n');
            }
        }
    }
    text
}

fn cases(lang: Lang) -> String {
    let root = corpora().join("quantities");
    let mut text = String::new();
    for entry in std::fs::read_dir(root).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "toml") {
            continue;
        }
        let table: toml::Table = std::fs::read_to_string(path).unwrap().parse().unwrap();
        for case in table["case"].as_array().unwrap() {
            let zh = case["lang"].as_str().unwrap().starts_with("zh");
            if zh == (lang == Lang::Zh) {
                text.push_str(case["text"].as_str().unwrap());
                text.push('\n');
            }
        }
    }
    text
}
