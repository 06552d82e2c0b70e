//! How fast articles are taken into the index and how fast it answers, by kind of query.
//!
//! `cargo bench -p hedui-store --bench search -- 20000` makes so many articles of about 2 KB (2,000 without a number),
//! and prints one line for each measurement. Not a micro-benchmark: what matters is how times grow with the number.

#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout)]

mod corpus;

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use hedui_store::index::{Facet, SearchIndex, SearchReader, SearchRequest, Sort, TantivyIndex};
use hedui_store::query::Vocabulary;
use hedui_text::Analyzer;

use corpus::Corpus;

/// Articles between two commits.
const BATCH: usize = 1_000;

/// Times that each query is asked.
const ROUNDS: usize = 30;

fn main() {
    let count = std::env::args()
        .skip(1)
        .find_map(|arg| arg.parse().ok())
        .unwrap_or(2_000);
    let analyzer = Analyzer::builtin();
    let mut corpus = Corpus::new(Arc::clone(&analyzer));
    let vocabulary = Vocabulary {
        aliases: Arc::new(corpus::Aliases),
        ..Vocabulary::default()
    };
    let folder = tempfile::tempdir().unwrap();
    let mut index = TantivyIndex::open(folder.path(), analyzer, vocabulary.clone()).unwrap();

    let (mut text, mut adding, mut committing) = (0, Duration::ZERO, Duration::ZERO);
    for start in (0..count).step_by(BATCH) {
        let batch: Vec<_> = (start..count.min(start + BATCH))
            .map(|number| corpus.article(number))
            .collect();
        let begun = Instant::now();
        for (article, claims) in &batch {
            text += article.body.text.len() + article.title.text.len();
            index.add(article, claims, None).unwrap();
        }
        adding += begun.elapsed();
        let begun = Instant::now();
        index.commit(b"mark").unwrap();
        committing += begun.elapsed();
    }
    println!(
        "articles {count}  text {} KB  add {:.0}/s  with commits {:.0}/s",
        text >> 10,
        count as f64 / adding.as_secs_f64(),
        count as f64 / (adding + committing).as_secs_f64(),
    );
    drop(index);
    let bytes = folder_bytes(folder.path());
    println!(
        "index {} KB, {:.2} of the text",
        bytes >> 10,
        bytes as f64 / text as f64
    );
    let begun = Instant::now();
    let index = TantivyIndex::open(folder.path(), Analyzer::builtin(), vocabulary).unwrap();
    println!("open {:.0} ms", begun.elapsed().as_secs_f64() * 1e3);
    ask(index.reader().as_ref());
}

fn ask(reader: &dyn SearchReader) {
    let plain = SearchRequest::new;
    let requests = [
        ("one Han character", plain("的")),
        ("two Han characters", plain("投資")),
        ("Han words", plain("半导体设备投资")),
        ("commonest name, all aliases", plain("英伟达")),
        ("rare name", plain("name:超微")),
        ("English word", plain("investment")),
        ("three English words", plain("company investment chips")),
        ("Han phrase of four", plain("\"人工智能\"")),
        (
            "Han phrase of twelve",
            plain("\"台积电计划在美国新建晶圆厂\""),
        ),
        ("Latin phrase", plain("\"semiconductor equipment\"")),
        ("four letters inside a word", plain("\"vidi\"")),
        ("mixed phrase", plain("\"5亿美元\"")),
        ("pattern", plain("invest*")),
        ("fuzzy", plain("nvidai~")),
        ("near", plain("near(Nvidia, billion, 8)")),
        ("value", plain("value:165000000000")),
        (
            "value range with unit",
            plain("value:[100000000000 TO 200000000000] unit:USD"),
        ),
        (
            "name without others, in a month",
            plain("Nvidia -TSMC date:2025-03"),
        ),
        (
            "everything, newest first",
            SearchRequest {
                sort: Sort::Newest,
                ..plain("*")
            },
        ),
        (
            "commonest name with facets",
            SearchRequest {
                facets: vec![Facet::Source, Facet::Lang, Facet::Month, Facet::Entity],
                ..plain("Nvidia")
            },
        ),
    ];
    for (kind, request) in requests {
        let mut times = Vec::new();
        let mut found = 0;
        for _ in 0..ROUNDS {
            let begun = Instant::now();
            found = reader.search(&request).unwrap().articles;
            times.push(begun.elapsed());
        }
        times.sort();
        let at = |share: f64| times[(times.len() as f64 * share) as usize].as_secs_f64() * 1e3;
        println!(
            "{kind:34} {found:7} found  p50 {:8.2} ms  p95 {:8.2} ms",
            at(0.5),
            at(0.95)
        );
    }
}

fn folder_bytes(folder: &Path) -> u64 {
    let files = std::fs::read_dir(folder).unwrap();
    files
        .map(|file| file.unwrap().metadata().unwrap().len())
        .sum()
}
