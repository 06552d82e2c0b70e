//! What comes first, what is folded together, what is counted.

use hedui_store::index::{Facet, SearchAnswer, SearchIndex, SearchRequest, Sort, TantivyIndex};

use crate::fixture::{article, articles, claims, empty, ids, key, reader};

fn order(answer: &SearchAnswer) -> Vec<&str> {
    answer.hits.iter().map(|hit| hit.article.as_str()).collect()
}

fn index_of(articles: &[(&str, &str, &str, &str)], origins: &[(&str, &str)]) -> TantivyIndex {
    let mut index = empty();
    for (id, day, title, body) in articles {
        let origin = origins
            .iter()
            .find(|(copy, _)| copy == id)
            .map(|(_, origin)| key(origin));
        index
            .add(&article(id, "s", day, title, body), &[], origin.as_ref())
            .unwrap();
    }
    index.commit(b"1").unwrap();
    index
}

fn ask(index: &TantivyIndex, request: &SearchRequest) -> SearchAnswer {
    index.reader().search(request).unwrap()
}

#[test]
fn a_word_in_the_title_and_a_word_said_often_come_first() {
    let filler = "plain words about nothing much at all";
    let index = index_of(
        &[
            ("once", "2025-01-01", "a title", &format!("chips {filler}")),
            (
                "often",
                "2025-01-01",
                "a title",
                &format!("chips chips chips {filler}"),
            ),
            (
                "title",
                "2025-01-01",
                "a title of chips",
                &format!("chips {filler}"),
            ),
        ],
        &[],
    );
    assert_eq!(
        order(&ask(&index, &SearchRequest::new("chip"))),
        ["title", "often", "once"]
    );
}

#[test]
fn a_fresher_article_comes_first_where_texts_are_alike() {
    let index = index_of(
        &[
            ("old", "2020-01-01", "chips", "chips"),
            ("new", "2025-01-01", "chips", "chips"),
            ("middle", "2024-12-01", "chips", "chips"),
        ],
        &[],
    );
    let request = SearchRequest {
        now: Some("2025-01-02T00:00:00Z".parse().unwrap()),
        ..SearchRequest::new("chips")
    };
    assert_eq!(order(&ask(&index, &request)), ["new", "middle", "old"]);
    for (sort, expected) in [
        (Sort::Newest, ["new", "middle", "old"]),
        (Sort::Oldest, ["old", "middle", "new"]),
    ] {
        let request = SearchRequest {
            sort,
            ..request.clone()
        };
        assert_eq!(order(&ask(&index, &request)), expected);
    }
}

#[test]
fn copies_are_one_story_shown_by_its_origin() {
    let index = index_of(
        &[
            ("origin", "2025-01-02", "chips", "chips for all"),
            ("copy-1", "2025-01-03", "chips", "chips for all"),
            ("copy-2", "2025-01-04", "chips", "chips for all, and pears"),
            ("other", "2025-01-01", "fish", "fish and chips for others"),
        ],
        &[("copy-1", "origin"), ("copy-2", "origin")],
    );
    let request = SearchRequest::new("chips");
    let answer = ask(&index, &request);
    assert_eq!((answer.articles, answer.stories), (4, 2));
    assert_eq!(order(&answer), ["origin", "other"]);
    let copies: Vec<u32> = answer.hits.iter().map(|hit| hit.copies).collect();
    assert_eq!(copies, [2, 0]);

    // A copy stands for the story where the origin does not match, and by time the last one does.
    assert_eq!(
        order(&ask(&index, &SearchRequest::new("pears"))),
        ["copy-2"]
    );
    let newest = SearchRequest {
        sort: Sort::Newest,
        ..request
    };
    assert_eq!(order(&ask(&index, &newest)), ["copy-2", "other"]);
}

#[test]
fn pages_follow_each_other_without_gap_or_overlap() {
    for sort in [Sort::Relevance, Sort::Newest, Sort::Oldest] {
        let whole = SearchRequest {
            limit: 100,
            sort,
            ..SearchRequest::new("，")
        };
        let whole = reader().search(&whole).unwrap();
        let mut paged = Vec::new();
        for offset in (0..whole.hits.len() + 3).step_by(3) {
            let page = SearchRequest {
                limit: 3,
                offset,
                sort,
                ..SearchRequest::new("，")
            };
            paged.extend(reader().search(&page).unwrap().hits);
        }
        assert_eq!(paged, whole.hits);
    }
    let none = SearchRequest {
        limit: 0,
        ..SearchRequest::new("*")
    };
    let none = reader().search(&none).unwrap();
    assert_eq!((none.hits.len(), none.articles), (0, 12));
}

#[test]
fn facets_count_articles() {
    let request = SearchRequest {
        facets: vec![Facet::Lang, Facet::Month, Facet::Source, Facet::Entity],
        ..SearchRequest::new("date:2025")
    };
    let answer = reader().search(&request).unwrap();
    let counts: Vec<String> = answer
        .facets
        .iter()
        .map(|facet| {
            let counts = facet
                .counts
                .iter()
                .map(|count| format!("{} {}", count.value, count.articles));
            format!(
                "{:?}: {}",
                facet.facet,
                counts.collect::<Vec<_>>().join(", ")
            )
        })
        .collect();
    assert_eq!(
        counts,
        [
            "Lang: en 4, zh-Hant 3, zh-Hans 2",
            "Month: 2025-01 2, 2025-03 3, 2025-04 1, 2025-05 1, 2025-06 1, 2025-07 1",
            "Source: Pacific Wire 2, 島嶼科技報 2, Harbor Post 1, Notes 1, 北方财讯 1, 南湾日报 1, 港角新聞 1",
            "Entity: TSMC 3, Stargate 2, China 1, Nvidia 1",
        ]
    );
}

#[test]
fn a_request_narrows_its_query() {
    let narrowed = |request: SearchRequest| ids(&reader().search(&request).unwrap()).join(" ");
    let tsmc = || SearchRequest::new("TSMC");
    let cases = [
        (
            SearchRequest {
                lang: Some("zh".to_owned()),
                ..tsmc()
            },
            "hans-fab hant-fab",
        ),
        (
            SearchRequest {
                sources: vec!["Pacific Wire".to_owned(), "北方财讯".to_owned()],
                ..tsmc()
            },
            "en-fab hans-fab",
        ),
        (
            SearchRequest {
                since: Some("2025-03-04".parse().unwrap()),
                ..tsmc()
            },
            "hans-fab hant-fab",
        ),
        (
            SearchRequest {
                until: Some("2025-03-03".parse().unwrap()),
                ..tsmc()
            },
            "en-fab",
        ),
        (
            SearchRequest {
                lang: Some("zh".to_owned()),
                ..SearchRequest::new("TSMC OR Apple")
            },
            "hans-fab hant-fab",
        ),
    ];
    for (request, expected) in cases {
        assert_eq!(narrowed(request), expected);
    }
}

#[test]
fn an_article_without_a_date_has_the_day_it_was_seen() {
    let mut index = empty();
    let mut undated = articles()[0].clone();
    undated.meta.published = None;
    index.add(&undated, &claims(&undated), None).unwrap();
    index.commit(b"1").unwrap();
    assert_eq!(
        ids(&ask(&index, &SearchRequest::new("date:2025-08-01"))),
        ["hant-fab"]
    );
}
