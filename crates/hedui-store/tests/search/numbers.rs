//! Figures are found by value, in one claim with their unit and metric.

use hedui_store::index::{SearchError, SearchRequest};
use hedui_store::query::QueryErrorKind;

use crate::fixture::{check, reader, search};

#[test]
fn one_value_written_differently_finds_the_same_claims() {
    for query in [
        "value:1650亿",
        "value:1650億",
        "value:165bn",
        "value:\"165 billion\"",
        "value:0.165万亿",
        "value:165,000,000,000",
        "value:165bn unit:USD",
        "value:165bn currency:美元",
        "value:1650億美元",
        "value:$165bn",
        "value:[165bn TO 165bn]",
        "value:165.0bn±0%",
    ] {
        let found = crate::fixture::found(query).join(" ");
        assert_eq!(found, "en-fab hans-fab hant-fab", "{query}");
    }
}

#[test]
fn ranges_tolerances_and_comparisons_are_exact() {
    check(&[
        ("value:164bn", ""),
        ("value:164bn±1%", "en-fab hans-fab hant-fab"),
        ("value:164bn ±0.6%", ""),
        ("value:164bn±1bn", "en-fab hans-fab hant-fab"),
        ("value:{165bn TO 200bn]", ""),
        ("value:[165bn TO 200bn]", "en-fab hans-fab hant-fab"),
        ("value:>1万亿", "hans-fab"),
        ("value:<6bn unit:USD", "en-chips"),
        ("value:[5bn TO 6bn]", "en-chips"),
        ("value:58% ", "hans-fab"),
        ("value:58", "hans-fab"),
        ("value:10 unit:GW", "hant-stargate"),
        ("value:10GW", "hant-stargate"),
        ("value:1000亿 unit:USD", "en-fab hant-fab hant-stargate"),
    ]);
}

#[test]
fn value_unit_and_metric_meet_in_one_claim() {
    check(&[
        // The article has yuan and 165 billion, but not in one claim.
        ("value:165bn unit:CNY", ""),
        ("value:1.2万亿 unit:CNY", "hans-fab"),
        ("value:1.2万亿 (unit:CNY OR unit:USD)", "hans-fab"),
        ("value:100bn metric:total_investment", "hant-stargate"),
        (
            "value:100bn metric:additional_investment",
            "en-fab hant-fab",
        ),
        (
            "value:100bn metric:investment unit:USD",
            "en-fab hant-fab hant-stargate",
        ),
        ("unit:percent metric:investment", ""),
        ("unit:percent metric:margin", "hans-fab"),
        ("unit:percent", "hans-fab"),
        ("value:165bn value:1.2万亿", "hans-fab"),
        ("value:165bn -unit:CNY", "en-fab hant-fab"),
        (
            "unit:USD -value:165bn",
            "en-chips en-stargate hant-stargate",
        ),
        ("value:$165bn unit:CNY", ""),
    ]);
}

#[test]
fn a_range_is_found_by_what_lies_inside_unless_it_says_nothing() {
    check(&[
        // 400 to 500 billion.
        ("value:450bn", "en-stargate"),
        ("value:[450bn TO 460bn]", "en-stargate"),
        ("value:[450bn TO 510bn]", "en-stargate hant-stargate"),
        ("value:390bn", ""),
        // 100 to 500 billion is an order of magnitude, found by its ends only.
        ("value:300bn", ""),
        ("value:500bn", "en-stargate hant-stargate"),
    ]);
}

#[test]
fn the_figure_is_highlighted_as_written() {
    let answer = search("value:165bn lang:zh-Hant");
    let snippet = &answer.hits[0].snippets[0];
    let marked: Vec<String> = snippet
        .highlights
        .iter()
        .map(|range| {
            snippet
                .text
                .chars()
                .skip(range.start)
                .take(range.len())
                .collect()
        })
        .collect();
    assert_eq!(marked, ["１，６５０億美元"]);
}

#[test]
fn what_is_no_figure_is_pointed_at() {
    for (query, start, end) in [
        ("value:lots", 6, 10),
        ("輝達 value:[1 TO many]", 15, 19),
        ("value:5±some", 6, 7),
        ("value:[5 TO 1]", 0, 14),
    ] {
        let error = reader().search(&SearchRequest::new(query)).unwrap_err();
        let SearchError::Query(error) = error else {
            panic!("{error}");
        };
        assert_eq!(
            (error.at.start, error.at.end),
            (start, end),
            "{query}: {error}"
        );
        assert!(matches!(
            error.kind,
            QueryErrorKind::Figure(_) | QueryErrorKind::Range
        ));
    }
}
