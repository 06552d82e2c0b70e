//! What is shown of a match: the source's own letters, cut where a reader would.

use hedui_model::Place;
use hedui_store::index::{Hit, SearchIndex, SearchRequest};

use crate::fixture::{article, articles, empty, search};

/// Prints a hit with its highlights in brackets.
fn shown(hit: &Hit) -> String {
    let mut lines = vec![marked(&hit.title, &hit.title_highlights)];
    for snippet in &hit.snippets {
        let before = if snippet.is_cut_before { "…" } else { "" };
        let after = if snippet.is_cut_after { "…" } else { "" };
        lines.push(format!(
            "{before}{}{after}",
            marked(&snippet.text, &snippet.highlights)
        ));
    }
    lines.join("\n")
}

fn marked(text: &str, highlights: &[std::ops::Range<usize>]) -> String {
    let mut marked = String::new();
    for (index, character) in text.chars().enumerate() {
        if highlights.iter().any(|range| range.start == index) {
            marked.push('[');
        }
        marked.push(character);
        if highlights.iter().any(|range| range.end == index + 1) {
            marked.push(']');
        }
    }
    marked
}

fn snapshot(query: &str, id: &str, expected: &str) {
    let answer = search(query);
    let hit = answer.hits.iter().find(|hit| hit.article.as_str() == id);
    let hit = hit.unwrap_or_else(|| panic!("{query} does not find {id}"));
    assert_eq!(shown(hit), expected, "{query}");
}

#[test]
fn matches_are_marked_in_the_articles_own_script() {
    snapshot(
        "英伟达",
        "hant-fab",
        "台積電加碼亞利桑那　總額達1,650億美元\n[輝達]、超微與蘋果都是客戶；[Nvidia]的AI晶片由其代工。",
    );
    snapshot(
        "\"总额达1,650亿\"",
        "hant-fab",
        "台積電加碼亞利桑那　[總額達1,650億]美元\n台積電宣布，將在亞利桑那州再投資1,000億美元，連同先前的650億美元，[總額達１，６５０億]美元。",
    );
    snapshot(
        "輝達",
        "en-fab",
        "TSMC raises its Arizona investment to $165 billion\n[Nvidia], AMD and Apple are customers. \"It's the largest single foreign investment,\" a spokesman said—after weeks of talks.",
    );
}

#[test]
fn inflections_patterns_and_slips_are_marked() {
    snapshot(
        "investments",
        "en-chips",
        "Nvidia's new export license rule could cost it $5.5bn\nInvestors were [investing] elsewhere; the [investments] in R&D go on.",
    );
    snapshot(
        "exp* nvidai~",
        "en-chips",
        "[Nvidia]'s new [export] license rule could cost it $5.5bn\n[Nvidia] said it [expects] charges of up to $5.5bn linked to its H20 chips. Investors were investing elsewhere; the investments in R&D go on.",
    );
}

#[test]
fn what_is_excluded_is_not_marked_and_no_match_shows_the_beginning() {
    snapshot(
        "source:Notes -爱",
        "en-short",
        "A share\nİstanbul\u{3000}Ａ股 ＧＰＵ  x",
    );
    snapshot(
        "ＧＰＵ",
        "en-short",
        "A share\nİstanbul\u{3000}Ａ股 [ＧＰＵ]  x",
    );
    snapshot(
        "\"i̇stan\"",
        "en-short",
        "A share\n[İstan]bul\u{3000}Ａ股 ＧＰＵ  x",
    );
}

#[test]
fn the_sentence_in_which_most_of_the_query_meets_is_shown() {
    snapshot(
        "Oracle Microsoft Nvidia",
        "en-stargate",
        "Stargate: $500 billion for AI over four years\nThe venture of OpenAI, SoftBank and [Oracle] intends to invest $500 billion over the next four years, $100 billion of it at once.\n[Microsoft], [Nvidia] and Arm are technology partners.",
    );
}

#[test]
fn every_snippet_is_a_piece_of_its_article() {
    for query in ["，", "the", "美元", "*", "value:>0", "e", "\" \""] {
        for hit in search(query).hits {
            let article = articles()
                .iter()
                .find(|article| article.meta.key == hit.article)
                .unwrap();
            assert_eq!(hit.title, article.title.text);
            for snippet in hit.snippets {
                assert_eq!(snippet.place, Place::Body);
                let there: String = article
                    .body
                    .text
                    .chars()
                    .skip(snippet.start)
                    .take(snippet.text.chars().count())
                    .collect();
                assert_eq!(there, snippet.text);
                let length = snippet.text.chars().count();
                let mut end = 0;
                for range in &snippet.highlights {
                    assert!(range.start >= end && range.start < range.end && range.end <= length);
                    end = range.end;
                }
            }
        }
    }
}

#[test]
fn a_long_sentence_is_cut_around_its_match_between_words() {
    let before = "many words stand before it and ".repeat(20);
    let after = " and yet more stand behind".repeat(20);
    let han = "很多字在前面".repeat(60);
    let mut index = empty();
    index
        .add(
            &article(
                "en",
                "s",
                "2025-01-01",
                "t",
                &format!("{before}quantum{after}"),
            ),
            &[],
            None,
        )
        .unwrap();
    index
        .add(
            &article("zh", "s", "2025-01-01", "t", &format!("{han}量子計算{han}")),
            &[],
            None,
        )
        .unwrap();
    index.commit(b"1").unwrap();
    let shown_of = |query: &str| {
        shown(
            &index
                .reader()
                .search(&SearchRequest::new(query))
                .unwrap()
                .hits[0],
        )
    };
    let english = shown_of("quantum");
    assert!(
        english.contains("before it and [quantum] and yet"),
        "{english}"
    );
    assert!(
        english.starts_with("t\n…") && english.ends_with('…'),
        "{english}"
    );
    let text = english.trim_start_matches("t\n…").trim_end_matches('…');
    assert!(
        text.split(' ')
            .all(|word| before.contains(word) || after.contains(word) || word == "[quantum]"),
        "{text}"
    );
    let chinese = shown_of("量子计算");
    assert!(chinese.contains("[量子計算]"), "{chinese}");
    assert!(chinese.chars().count() < 140, "{chinese}");
}
