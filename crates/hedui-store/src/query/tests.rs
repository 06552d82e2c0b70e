//! Trees, positions of errors, hostile input, and printing.

#![allow(clippy::unwrap_used)]

use proptest::prelude::*;

use super::*;

/// Prints how a query was understood.
fn read(query: &str) -> String {
    match Query::parse(query) {
        Ok(query) => query.to_string(),
        Err(error) => format!("{}..{} {}", error.at.start, error.at.end, error.kind),
    }
}

fn check(cases: &[(&str, &str)]) {
    for (query, understood) in cases {
        assert_eq!(&read(query), understood, "{query}");
    }
}

#[test]
fn words_are_joined_by_and_which_binds_stronger_than_or() {
    check(&[
        ("", "*"),
        ("　", "*"),
        ("*", "*"),
        ("a b", "a b"),
        ("a AND b", "a b"),
        ("a b OR c", "(a b) OR c"),
        ("a (b OR c)", "a (b OR c)"),
        ("a NOT b", "a -b"),
        ("a AND NOT b", "a -b"),
        ("-a", "-a"),
        ("-(a b)", "-(a b)"),
        ("NOT NOT a", "--a"),
        ("((a))", "a"),
        ("and or not", "and or not"),
        ("ANDES ORB", "ANDES ORB"),
        ("GPT-4 a-b", "GPT-4 a-b"),
        ("a - b", "a - b"),
    ]);
}

#[test]
fn fields_hold_for_a_word_a_phrase_or_a_group() {
    check(&[
        ("title:輝達", "title:輝達"),
        ("title:(a OR \"b c\")", "title:a OR title:\"b c\""),
        ("title:(a body:b)", "title:a body:b"),
        ("name:輝達", "name:\"輝達\""),
        ("entity:\"Advanced Micro\"", "entity:\"Advanced Micro\""),
        ("entity:/", "entity:/"),
        ("source:(reut* OR 自由)", "source:reut* OR source:自由"),
        ("currency:USD", "unit:USD"),
        ("TITLE:a", "title:a"),
        ("https://a.example/x", "https://a.example/x"),
        ("9:30", "9:30"),
        ("tsm* nvidai~ nvidai~2", "tsm* nvidai~1 nvidai~2"),
        ("near(輝達, 億美元, 10)", "near(\"輝達\", \"億美元\", 10)"),
        (
            "title:near(\"a, b\", c d, 3)",
            "title:near(\"a, b\", \"c d\", 3)",
        ),
    ]);
}

#[test]
fn full_width_syntax_is_read_like_plain() {
    check(&[
        ("title：輝達　台積電", "title:輝達 台積電"),
        ("（輝達 OR 台積電）", "輝達 OR 台積電"),
        ("“台積電”「晶片」", "\"台積電\" \"晶片\""),
        (
            "date：［２０２５ TO ２０２６］",
            "date:[2025-01-01 TO 2026-12-31]",
        ),
        (
            "near（輝達，億美元，１０）",
            "near(\"輝達\", \"億美元\", 10)",
        ),
    ]);
}

#[test]
fn a_phrase_is_kept_to_the_letter() {
    let phrase = |query: &str| match Query::parse(query).unwrap().root.kind {
        NodeKind::Leaf(Leaf::Text {
            text: Text::Phrase(text),
            ..
        }) => text,
        other => panic!("{other:?}"),
    };
    assert_eq!(phrase(r#"" a\"b\\c\d ""#), r#" a"b\c\d "#);
    assert_eq!(phrase("「a\"b」"), "a\"b");
    assert_eq!(phrase("\"a\n(b\""), "a\n(b");
}

#[test]
fn dates_are_parts_of_the_calendar_or_ranges() {
    check(&[
        ("date:2025-02", "date:[2025-02-01 TO 2025-02-28]"),
        (
            "date:[2025-01-01 TO 2025-02-01]",
            "date:[2025-01-01 TO 2025-02-01]",
        ),
        ("date:[* TO 2025]", "date:[* TO 2025-12-31]"),
        ("date:>=2025-03", "date:[2025-03-01 TO *]"),
        ("date:>2025-03", "date:[2025-04-01 TO *]"),
        ("date:<2025", "date:[* TO 2024-12-31]"),
        (
            "date:soon",
            "5..9 `soon` is not a date: write `2025`, `2025-03`, `2025-03-04` or `[2025-01-01 TO 2025-02-01]`",
        ),
        (
            "date:[2025 TO 2024]",
            "6..18 this is not a range: write `[a TO b]`, with the smaller end first and `*` for an open one",
        ),
    ]);
}

#[test]
fn figures_stay_as_written() {
    check(&[
        ("value:1650亿", "value:\"1650亿\""),
        ("value:165bn±1%", "value:\"165bn±1%\""),
        ("value:1650亿 ±1% unit:USD", "value:\"1650亿±1%\" unit:USD"),
        ("value:165+-0.5 x", "value:\"165±0.5\" x"),
        ("value:\"165 billion\"", "value:\"165 billion\""),
        (
            "value:[100億 TO 200億] unit:USD",
            "value:[100億 TO 200億] unit:USD",
        ),
        ("value:{1 TO 2]", "value:{1 TO 2]"),
        ("value:>5亿", "value:{5亿 TO *]"),
        ("value:≤5", "value:[* TO 5]"),
        (
            "value:5±",
            "8..8 `` is not a tolerance: write `±1%` or `±` and a figure",
        ),
        (
            "value:5±200%",
            "8..12 `200%` is not a tolerance: write `±1%` or `±` and a figure",
        ),
        (
            "value:[1 2]",
            "7..10 this is not a range: write `[a TO b]`, with the smaller end first and `*` for an open one",
        ),
    ]);
}

#[test]
fn errors_point_at_the_place() {
    check(&[
        (
            "a AND",
            "2..5 `AND` needs something on each side that it joins",
        ),
        (
            "OR a",
            "0..2 `OR` needs something on each side that it joins",
        ),
        (
            "a (OR b)",
            "3..5 `OR` needs something on each side that it joins",
        ),
        (
            "a OR OR b",
            "2..4 `OR` needs something on each side that it joins",
        ),
        ("輝達 (a", "3..4 this bracket is not closed"),
        ("輝達 a)", "4..5 this bracket was not opened"),
        ("輝達 ()", "3..5 there is nothing to search for here"),
        ("輝達 \"a", "3..4 this quotation mark is not closed"),
        ("\"\"", "0..2 there is nothing to search for here"),
        (
            "輝達 titel:a",
            "3..8 `titel` is not a field; did you mean `title`?; put the text in quotation marks to search for it",
        ),
        (
            "zzzzzz:a",
            "0..6 `zzzzzz` is not a field; put the text in quotation marks to search for it",
        ),
        ("title: a", "6..7 there is nothing to search for here"),
        ("title:", "6..6 there is nothing to search for here"),
        (
            "a*b*c*d*e*",
            "0..10 `*` works in Latin words, with at least two letters beside it and at most four `*`",
        ),
        (
            "t*",
            "0..2 `*` works in Latin words, with at least two letters beside it and at most four `*`",
        ),
        (
            "a~3",
            "0..3 `~` works behind Latin words of three letters or more, as `~`, `~1` or `~2`",
        ),
        (
            "near(a, b)",
            "0..9 write `near(a, b, 10)`: two words or phrases and a number up to 1000",
        ),
        (
            "near(a, b, x)",
            "0..13 write `near(a, b, 10)`: two words or phrases and a number up to 1000",
        ),
        ("[1 TO", "[1 TO"),
        ("date:[1 TO", "5..6 this bracket is not closed"),
    ]);
}

#[test]
fn the_message_counts_characters_from_one() {
    let error = Query::parse("輝達 (a").unwrap_err();
    assert_eq!(
        error.to_string(),
        "this bracket is not closed, at character 4"
    );
}

#[test]
fn hostile_queries_are_refused() {
    let deep = "(".repeat(4_000);
    assert_eq!(
        Query::parse(&deep).unwrap_err().kind,
        QueryErrorKind::TooDeep
    );
    let brackets = "(".repeat(10_000);
    assert_eq!(
        Query::parse(&brackets).unwrap_err().kind,
        QueryErrorKind::TooLong
    );
    let minus = "-".repeat(4_000) + "a";
    assert_eq!(
        Query::parse(&minus).unwrap_err().kind,
        QueryErrorKind::TooDeep
    );
    let not = "NOT ".repeat(1_000) + "a";
    assert_eq!(
        Query::parse(&not).unwrap_err().kind,
        QueryErrorKind::TooDeep
    );
    let fields = "title:(".repeat(500);
    assert_eq!(
        Query::parse(&fields).unwrap_err().kind,
        QueryErrorKind::TooDeep
    );
    let megabyte = "億".repeat(1 << 20);
    assert_eq!(
        Query::parse(&megabyte).unwrap_err().kind,
        QueryErrorKind::TooLong
    );
    let many = "a ".repeat(2_000);
    assert_eq!(
        Query::parse(&many).unwrap_err().kind,
        QueryErrorKind::TooMany
    );
}

fn word() -> impl Strategy<Value = String> {
    "[a-z輝達億][a-z0-9輝達億_.-]{0,6}".prop_filter("no keyword", |word| {
        !matches!(word.as_str(), "near") && !word.contains('~')
    })
}

fn figure() -> impl Strategy<Value = FigureText> {
    "[0-9]{1,4}(億|bn|\\.5)?".prop_map(|text| FigureText {
        text,
        at: At::default(),
    })
}

fn value() -> impl Strategy<Value = ValueRange> {
    let tolerance = prop_oneof![
        Just(None),
        (0_i64..100).prop_map(|number| Some(Tolerance::Percent(number.into()))),
        figure().prop_map(|figure| Some(Tolerance::Figure(figure))),
    ];
    let edge = || {
        proptest::option::of(
            (figure(), any::<bool>()).prop_map(|(figure, inclusive)| Edge { figure, inclusive }),
        )
    };
    prop_oneof![
        (figure(), tolerance)
            .prop_map(|(figure, tolerance)| ValueRange::Exactly { figure, tolerance }),
        (edge(), edge()).prop_map(|(low, high)| ValueRange::Between { low, high }),
    ]
}

fn leaf() -> impl Strategy<Value = NodeKind> {
    let within = prop_oneof![
        Just(Within::Anywhere),
        Just(Within::Title),
        Just(Within::Body)
    ];
    let text = prop_oneof![
        word().prop_map(Text::Word),
        ".{1,8}".prop_map(Text::Phrase),
        word().prop_map(|word| Text::Pattern(format!("ab{word}*"))),
        (word(), 1_u8..=2).prop_map(|(word, edits)| Text::Fuzzy {
            word: format!("abc{word}"),
            edits
        }),
        (".{1,4}", ".{1,4}", 0_u32..1_000).prop_map(|(first, second, between_max)| Text::Near {
            first,
            second,
            between_max
        }),
    ];
    let day = |days: i64| jiff::civil::date(2020, 1, 1) + jiff::Span::new().days(days);
    let fields = prop_oneof![
        Just(TermField::Entity),
        Just(TermField::Metric),
        Just(TermField::Unit),
        Just(TermField::Source)
    ];
    prop_oneof![
        (within, text).prop_map(|(within, text)| Leaf::Text { within, text }),
        ".{1,8}".prop_map(|text| Leaf::Text {
            within: Within::Anywhere,
            text: Text::Name(text)
        }),
        (fields, ".{1,8}").prop_map(|(field, text)| Leaf::Term {
            field,
            text,
            prefix: false
        }),
        (0_i64..2_000, 0_i64..2_000).prop_map(move |(start, days)| Leaf::Date(DateRange {
            from: Some(day(start)),
            to: Some(day(start + days)),
        })),
        value().prop_map(Leaf::Value),
    ]
    .prop_map(NodeKind::Leaf)
}

fn node(kind: NodeKind) -> Node {
    Node {
        at: At::default(),
        kind,
    }
}

fn tree() -> impl Strategy<Value = Node> {
    leaf().prop_map(node).prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 2..4)
                .prop_map(|nodes| node(NodeKind::And(nodes))),
            proptest::collection::vec(inner.clone(), 2..4)
                .prop_map(|nodes| node(NodeKind::Or(nodes))),
            inner.prop_map(|inner| node(NodeKind::Not(Box::new(inner)))),
        ]
    })
}

proptest! {
    #[test]
    fn a_printed_query_parses_to_the_same_tree(root in tree()) {
        let query = Query { root };
        let printed = query.to_string();
        let read = Query::parse(&printed).map_err(|error| TestCaseError::fail(format!("{printed}: {error}")))?;
        prop_assert_eq!(read.without_positions(), query, "{}", printed);
    }

    #[test]
    fn no_query_panics_and_errors_lie_inside(text in "[ ()\"“”:：*~±\\[\\]{}a-c輝,，0-9TORAND-]{0,40}|.{0,40}|(title|value|date|near\\(|\\[1 TO|NOT|OR|\\(| ){0,12}") {
        let length = text.chars().count();
        match Query::parse(&text) {
            Ok(query) => {
                let printed = query.to_string();
                let again = Query::parse(&printed).map_err(|error| TestCaseError::fail(format!("{printed}: {error}")))?;
                prop_assert_eq!(again.without_positions(), query.without_positions(), "{}", printed);
            }
            Err(error) => prop_assert!(error.at.start <= error.at.end && error.at.end <= length, "{error:?}"),
        }
    }
}
