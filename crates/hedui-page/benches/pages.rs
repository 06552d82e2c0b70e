//! Pages per second: all fields by this crate, beside `dom_smoothie` alone and the parsing of `scraper` alone.
//!
//! `cargo bench -p hedui-page`. The inputs are the pages of `tests/corpus/pages`, once as they are and once with the
//! boilerplate of a large site around them, since real pages are mostly that.

#![allow(clippy::disallowed_methods)] // it reads files

use divan::counter::ItemsCount;
use divan::{Bencher, black_box};

fn main() {
    divan::main();
}

/// Pages as written, and as large as those of news sites.
const SIZES: [&str; 2] = ["small", "large"];

fn pages(size: &str) -> Vec<String> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/corpus/pages");
    let mut pages = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let Ok(text) = std::fs::read_to_string(entry.path()) else {
            continue;
        };
        let Ok(table) = text.parse::<toml::Table>() else {
            continue;
        };
        let Some(html) = table.get("html").and_then(toml::Value::as_str) else {
            continue;
        };
        pages.push(if size == "large" {
            with_boilerplate(html)
        } else {
            html.to_owned()
        });
    }
    pages
}

fn with_boilerplate(html: &str) -> String {
    let item = "<li class=\"nav-item menu-item-depth-1\"><a class=\"nav-link\" href=\"/section/page?id=1\"><span>Section and news</span></a></li>";
    let script = format!(
        "<script>var data = \"{}\";</script>",
        "0123456789".repeat(2000)
    );
    let menu = format!(
        "<nav class=\"main-menu\"><ul>{}</ul></nav>{script}",
        item.repeat(300)
    );
    let cards = format!(
        "<div class=\"related-cards\">{}</div>",
        item.replace("li", "div").repeat(300)
    );
    let start = html
        .find("<body")
        .and_then(|at| html.get(at..)?.find('>').map(|end| at + end + 1))
        .unwrap_or(0);
    let (head, body) = html.split_at(start);
    format!("{head}{menu}{body}{cards}{script}")
}

fn measure<T>(bencher: Bencher<'_, '_>, size: &str, work: impl Fn(&str) -> T + Sync) {
    let pages = pages(size);
    bencher.counter(ItemsCount::new(pages.len())).bench(|| {
        for page in &pages {
            black_box(work(black_box(page)));
        }
    });
}

#[divan::bench(args = SIZES)]
fn all_fields(bencher: Bencher<'_, '_>, size: &str) {
    measure(bencher, size, |html| {
        hedui_page::read_page(html, Some("https://example.com/a"))
    });
}

#[divan::bench(args = SIZES)]
fn dom_smoothie(bencher: Bencher<'_, '_>, size: &str) {
    measure(bencher, size, |html| {
        let mut reader = dom_smoothie::Readability::new(html, None, None).ok()?;
        reader
            .parse()
            .ok()
            .map(|article| article.text_content.len())
    });
}

#[divan::bench(args = SIZES)]
fn scraper_parsing(bencher: Bencher<'_, '_>, size: &str) {
    measure(bencher, size, scraper::Html::parse_document);
}
