//! Bytes per second of folding, segmentation and the whole analysis of an article.
//!
//! `cargo bench -p hedui-text`. Inputs are two wire stories of our own, in the scripts and languages that the program reads.

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use hedui_text::{
    Analyzer, ArticleInput, Converter, FerrousOpenCc, Folder, Lexicon, signature, similarity,
};

fn main() {
    divan::main();
}

const INPUTS: [&str; 3] = ["zh_hans", "zh_hant", "en"];

fn input(name: &str) -> String {
    let hans = include_str!("inputs/zh_hans_wire.txt");
    match name {
        "zh_hans" => hans.to_owned(),
        "zh_hant" => FerrousOpenCc::builtin().s2t(hans),
        _ => include_str!("inputs/en_wire.txt").to_owned(),
    }
}

fn measure<T>(bencher: Bencher<'_, '_>, name: &str, work: impl Fn(&str) -> T + Sync) {
    let text = input(name);
    bencher
        .counter(BytesCount::of_str(&text))
        .bench(|| work(black_box(&text)));
}

#[divan::bench(args = INPUTS)]
fn fold(bencher: Bencher<'_, '_>, name: &str) {
    measure(bencher, name, |text| Folder::builtin().fold(text));
}

#[divan::bench(args = INPUTS)]
fn t2s(bencher: Bencher<'_, '_>, name: &str) {
    measure(bencher, name, |text| FerrousOpenCc::builtin().t2s(text));
}

#[divan::bench(args = INPUTS)]
fn words(bencher: Bencher<'_, '_>, name: &str) {
    let analyzer = Analyzer::builtin();
    measure(bencher, name, |text| analyzer.words(text));
}

#[divan::bench(args = INPUTS)]
fn sign(bencher: Bencher<'_, '_>, name: &str) {
    measure(bencher, name, |text| signature([text]));
}

#[divan::bench]
fn compare(bencher: Bencher<'_, '_>) {
    let (hans, hant) = (input("zh_hans"), input("zh_hant"));
    let sign = |text: &str| signature([Folder::builtin().fold(text).text.as_str()]);
    let (a, b) = (sign(&hans), sign(&hant));
    bencher.bench(|| similarity(black_box(&a), black_box(&b)));
}

/// What a start of the program pays once: jieba's dictionary, the scripts' characters.
#[divan::bench(sample_count = 5, sample_size = 1)]
fn start(bencher: Bencher<'_, '_>) {
    let lexicon = Lexicon::builtin();
    bencher.bench(|| Analyzer::new(lexicon.clone()));
}

#[divan::bench(args = INPUTS)]
fn article(bencher: Bencher<'_, '_>, name: &str) {
    let analyzer = Analyzer::builtin();
    let (Ok(key), Ok(source)) = ("a-1".parse(), "bench".parse()) else {
        return;
    };
    let article = ArticleInput {
        key,
        source,
        url: None,
        lang: None,
        region: None,
        published: None,
        seen: jiff::Timestamp::UNIX_EPOCH,
        title: String::new(),
        body: String::new(),
        author: None,
    };
    measure(bencher, name, |text| {
        analyzer.article(ArticleInput {
            body: text.to_owned(),
            ..article.clone()
        })
    });
}
