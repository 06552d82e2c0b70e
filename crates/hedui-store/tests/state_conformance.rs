//! What every state has to do, whichever it is.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::path::Path;

use hedui_model::{
    Alert, AlertEvent, ArticleDigest, ArticleKey, ArticleMeta, Bound, Cause, Claim, ClaimId,
    Confidence, Conflict, ConflictId, ConflictState, ContentHash, Decimal, Fact, FactId, Interval,
    Judged, Kind, Lang, Place, Quantity, Region, Relation, Scope, Script, Side, Signature, Span,
    Status, Unit, Verdict,
};
use hedui_store::archive::{PayloadDigest, RecordRef};
use hedui_store::journal::{Action, Decision};
use hedui_store::state::{
    BlockEntry, Change, FetchState, IdKind, OutboxItem, SledOptions, SourceState, StoredArticle,
};
use hedui_store::{Batch, Mark, MemoryState, SledState, State, StateError};
use jiff::Timestamp;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_700_000_000 + second).unwrap()
}

fn key(name: &str) -> ArticleKey {
    name.parse().unwrap()
}

fn claim_id(number: u64) -> ClaimId {
    format!("c-{number:016x}").parse().unwrap()
}

fn fact_id(number: u64) -> FactId {
    format!("f-{number:016x}").parse().unwrap()
}

fn conflict_id(number: u64) -> ConflictId {
    format!("k-{number:016x}").parse().unwrap()
}

fn claim(number: u64, article: &ArticleKey, revision: u32) -> Claim {
    let sentence = "总投资约165亿美元。";
    let mut quantity = Quantity::new(
        Span::new(12, 18),
        Kind::Money,
        Unit::new("USD"),
        Interval::point("16500000000".parse().unwrap()),
        Interval::point("165".parse().unwrap()),
    )
    .unwrap();
    quantity.bound = Bound::About;
    quantity.precision = 3;
    Claim {
        id: claim_id(number),
        article: article.clone(),
        revision,
        place: Place::Body,
        quantity,
        sentence: Span::new(0, sentence.len()),
        sentence_text: sentence.to_owned(),
        entities: vec![],
        metric: None,
        terms: vec!["总投资".to_owned()],
        period: None,
        scope: Scope::default(),
        status: Status::Planned,
        attribution: None,
        gloss_of: None,
        confidence: Confidence::from_thousandths(900),
    }
}

fn article(name: &str, revision: u32, second: i64, claims: &[u64]) -> StoredArticle {
    let key = key(name);
    StoredArticle {
        digest: ArticleDigest {
            meta: ArticleMeta {
                key: key.clone(),
                url: Some(format!("https://a.example/{name}")),
                source: "sample-wire".parse().unwrap(),
                lang: Lang::Zh,
                script: Some(Script::Hant),
                region: Some(Region::TW),
                published: None,
                seen: at(second),
                author: None,
            },
            revision,
            title: format!("第{revision}版"),
            entities: vec!["Nvidia".into()],
            figures: vec![],
            signature: Signature(vec![3, 5, 8]),
        },
        hash: ContentHash::of(name, &revision.to_string()),
        record: RecordRef {
            segment: 1,
            offset: 4_096,
        },
        claims: claims
            .iter()
            .map(|&number| claim(number, &key, revision))
            .collect(),
        origin: None,
    }
}

fn put_article(article: StoredArticle) -> Change {
    let body = format!("{}的正文。", article.key()).repeat(30);
    Change::PutArticle {
        article: Box::new(article),
        body,
    }
}

fn judged(a: u64, b: u64) -> Judged {
    Judged {
        a: claim_id(a),
        b: claim_id(b),
        verdict: Verdict {
            relation: Relation::Conflict,
            cause: Some(Cause::ScaleError),
            confidence: Confidence::from_thousandths(970),
            why: format!("{a} against {b}"),
        },
    }
}

fn fact(number: u64, claims: &[u64], aliases: &[u64]) -> Fact {
    Fact {
        id: fact_id(number),
        aliases: aliases.iter().map(|&alias| fact_id(alias)).collect(),
        entities: vec!["Nvidia".into()],
        metric: None,
        unit: Unit::quotient("USD", "share"),
        claims: claims.iter().map(|&claim| claim_id(claim)).collect(),
        first_seen: at(1),
        last_seen: at(2),
    }
}

fn conflict(number: u64, aliases: &[u64], state: ConflictState) -> Conflict {
    let value: Decimal = "16500000000".parse().unwrap();
    Conflict {
        id: conflict_id(number),
        aliases: aliases.iter().map(|&alias| conflict_id(alias)).collect(),
        fact: fact_id(number),
        entities: vec![],
        metric: None,
        unit: Unit::new("USD"),
        cause: Cause::Currency,
        severity: 70,
        confidence: Confidence::from_thousandths(950),
        state,
        first_seen: at(1),
        last_seen: at(2),
        sides: vec![Side {
            low: Some(value),
            high: None,
            unit: Unit::new("USD"),
            text: "逾165亿美元".into(),
            independent_sources: 2,
            sources: vec!["cna".parse().unwrap()],
            cause: None,
            claims: vec![claim_id(1)],
        }],
        state_why: String::new(),
        why: "same figure, other currency".into(),
        turns: vec![],
    }
}

fn outbox_item(sink: &str, message: &str) -> OutboxItem {
    OutboxItem {
        sink: sink.into(),
        alert: Alert {
            idempotency_key: message.into(),
            event: AlertEvent::Opened,
            conflicts: vec![conflict(1, &[], ConflictState::Open)],
        },
        created: at(1),
        attempts: 0,
        not_before: None,
        last_error: None,
    }
}

fn decision(action: Action, conflict: Option<ConflictId>) -> Box<Decision> {
    Box::new(Decision {
        at: at(1),
        user: "li".into(),
        note: Some("看过".into()),
        action,
        conflict,
        evidence: vec![],
        ended: None,
        sides: vec![],
    })
}

fn apply(state: &dyn State, changes: impl IntoIterator<Item = Change>) {
    let mut batch = Batch::new();
    batch.extend(changes);
    state.apply(&batch).unwrap();
}

fn all<T>(stream: hedui_store::state::Stream<'_, T>) -> Vec<T> {
    stream.collect::<Result<_, StateError>>().unwrap()
}

fn an_article_is_found_by_key_address_and_time(state: &dyn State) {
    let (a, b) = (article("a", 1, 10, &[1, 2]), article("b", 1, 5, &[3]));
    apply(
        state,
        [
            put_article(a.clone()),
            put_article(b.clone()),
            Change::PutUrl {
                url: "https://a.example/old".into(),
                article: key("a"),
            },
        ],
    );
    assert_eq!(state.article(&key("a")).unwrap(), Some(a.clone()));
    assert_eq!(state.article(&key("c")).unwrap(), None);
    assert_eq!(
        state.body(&key("a"), 1).unwrap().unwrap(),
        "a的正文。".repeat(30)
    );
    assert_eq!(state.body(&key("a"), 2).unwrap(), None);
    assert_eq!(
        state.article_of_url("https://a.example/old").unwrap(),
        Some(key("a"))
    );
    // An article is found at the address by which it is known, without an entry.
    assert_eq!(state.article_of_url("b").unwrap(), Some(key("b")));
    apply(state, [Change::RemoveUrl("https://a.example/old".into())]);
    assert_eq!(state.article_of_url("https://a.example/old").unwrap(), None);

    assert_eq!(all(state.articles(None)), [a.clone(), b.clone()]);
    assert_eq!(all(state.articles(Some(&key("a")))), [b]);
    let by_time = |since, until, newest| all(state.articles_by_time(since, until, newest));
    assert_eq!(
        by_time(None, None, false),
        [(at(5), key("b")), (at(10), key("a"))]
    );
    assert_eq!(
        by_time(None, None, true),
        [(at(10), key("a")), (at(5), key("b"))]
    );
    assert_eq!(by_time(Some(at(6)), None, false), [(at(10), key("a"))]);
    assert_eq!(by_time(Some(at(5)), Some(at(5)), true), [(at(5), key("b"))]);
    assert_eq!(by_time(Some(at(11)), Some(at(4)), true), []);
    let counts = state.counts().unwrap();
    assert_eq!(
        (counts.articles, counts.revisions, counts.claims),
        (2, 2, 3)
    );
}

fn one_article_does_not_hide_in_another(state: &dyn State) {
    // Keys of which one begins with the other.
    let names = ["a", "a1", "a\u{a1}", "a b"];
    apply(
        state,
        names.map(|name| put_article(article(name, 1, 1, &[]))),
    );
    apply(state, [put_article(article("a", 2, 1, &[]))]);
    apply(state, [Change::RemoveArticle(key("a"))]);
    let mut left: Vec<String> = all(state.articles(None))
        .iter()
        .map(|article| article.key().to_string())
        .collect();
    left.sort();
    assert_eq!(left, ["a b", "a1", "a\u{a1}"]);
    assert_eq!(all(state.articles_by_time(None, None, false)).len(), 3);
}

fn claims_of_an_earlier_revision_are_still_found(state: &dyn State) {
    apply(state, [put_article(article("a", 1, 10, &[1, 2]))]);
    apply(state, [put_article(article("a", 2, 20, &[2, 3]))]);
    let found = |number| state.claim(&claim_id(number)).unwrap();
    let gone = found(1).unwrap();
    assert_eq!(
        (gone.article.revision(), gone.index, gone.is_current),
        (1, 0, false)
    );
    assert_eq!(gone.claim().unwrap().id, claim_id(1));
    let kept = found(2).unwrap();
    assert_eq!(
        (kept.article.revision(), kept.index, kept.is_current),
        (2, 0, true)
    );
    assert_eq!(found(3).unwrap().index, 1);
    assert_eq!(found(4), None);
    assert_eq!(state.article(&key("a")).unwrap().unwrap().revision(), 2);
    assert_eq!(state.revision(&key("a"), 1).unwrap().unwrap().revision(), 1);
    assert_eq!(state.revision(&key("a"), 2).unwrap().unwrap().revision(), 2);
    assert_eq!(state.revision(&key("a"), 3).unwrap(), None);
    assert!(state.body(&key("a"), 1).unwrap().is_some());
    assert_eq!(
        all(state.articles_by_time(None, None, false)),
        [(at(20), key("a"))]
    );
    let counts = state.counts().unwrap();
    assert_eq!(
        (counts.articles, counts.revisions, counts.claims),
        (1, 2, 3)
    );
}

fn a_revision_that_is_put_again_replaces_itself(state: &dyn State) {
    apply(state, [put_article(article("a", 1, 10, &[1, 2]))]);
    let mut again = article("a", 1, 10, &[2, 3]);
    again.origin = Some(key("z"));
    apply(state, [Change::UpdateArticle(Box::new(again.clone()))]);
    assert_eq!(state.article(&key("a")).unwrap(), Some(again));
    assert!(state.body(&key("a"), 1).unwrap().is_some());
    assert_eq!(state.claim(&claim_id(1)).unwrap(), None);
    assert_eq!(state.claim(&claim_id(2)).unwrap().unwrap().index, 0);
    let counts = state.counts().unwrap();
    assert_eq!(
        (counts.articles, counts.revisions, counts.claims),
        (1, 1, 2)
    );
}

/// The order of a replay need not be that of the revisions.
fn an_earlier_revision_that_comes_later_stays_earlier(state: &dyn State) {
    apply(state, [put_article(article("a", 2, 20, &[2, 3]))]);
    apply(state, [put_article(article("a", 1, 10, &[1, 2]))]);
    assert_eq!(state.article(&key("a")).unwrap().unwrap().revision(), 2);
    assert_eq!(
        state
            .claim(&claim_id(2))
            .unwrap()
            .unwrap()
            .article
            .revision(),
        2
    );
    assert_eq!(
        state
            .claim(&claim_id(1))
            .unwrap()
            .unwrap()
            .article
            .revision(),
        1
    );
    assert_eq!(
        all(state.articles_by_time(None, None, false)),
        [(at(20), key("a"))]
    );
    let counts = state.counts().unwrap();
    assert_eq!((counts.revisions, counts.claims), (2, 3));
}

fn a_removed_article_leaves_nothing_behind(state: &dyn State) {
    let own = "https://a.example/a";
    apply(
        state,
        [
            put_article(article("a", 1, 10, &[1, 2])),
            put_article(article("a", 2, 20, &[2, 3])),
            put_article(article("b", 1, 10, &[4])),
            Change::PutUrl {
                url: own.into(),
                article: key("a"),
            },
            Change::PutSketch {
                value: 5,
                article: key("a"),
            },
            Change::PutSketch {
                value: 5,
                article: key("b"),
            },
            Change::PutJudged(Box::new(judged(1, 4))),
            Change::PutJudged(Box::new(judged(4, 3))),
        ],
    );
    assert_eq!(all(state.articles_by_sketch(5)), [key("a"), key("b")]);
    assert_eq!(state.counts().unwrap().judged, 2);
    apply(state, [Change::RemoveArticle(key("a"))]);
    assert_eq!(state.article(&key("a")).unwrap(), None);
    assert_eq!(state.revision(&key("a"), 1).unwrap(), None);
    for revision in [1, 2] {
        assert_eq!(state.body(&key("a"), revision).unwrap(), None);
    }
    for number in [1, 2, 3] {
        assert_eq!(state.claim(&claim_id(number)).unwrap(), None);
    }
    assert_eq!(state.article_of_url(own).unwrap(), None);
    assert_eq!(all(state.articles_by_sketch(5)), [key("b")]);
    assert_eq!(all(state.judged(&claim_id(4))), []);
    let counts = state.counts().unwrap();
    assert_eq!(
        (
            counts.articles,
            counts.revisions,
            counts.claims,
            counts.judged
        ),
        (1, 1, 1, 0)
    );
    apply(state, [Change::RemoveArticle(key("a"))]);
    assert_eq!(state.counts().unwrap(), counts);
}

fn a_block_gives_its_claims_and_its_distinct_readings(state: &dyn State) {
    let put = |block: &str, reading: &str, number| Change::PutBlock {
        block: block.into(),
        reading: reading.into(),
        claim: claim_id(number),
    };
    apply(
        state,
        [
            put("nvidia|usd", "5e9", 2),
            put("nvidia|usd", "5e9", 1),
            put("nvidia|usd", "5e90", 3),
            put("nvidia|usd", "", 4),
            put("nvidia|usd|more", "5e9", 5),
            put("英伟达", "总", 6),
        ],
    );
    let entry = |reading: &str, number| BlockEntry {
        reading: reading.into(),
        claim: claim_id(number),
    };
    assert_eq!(
        all(state.block("nvidia|usd")),
        [
            entry("", 4),
            entry("5e9", 1),
            entry("5e9", 2),
            entry("5e90", 3)
        ]
    );
    assert_eq!(
        all(state.block_readings("nvidia|usd")),
        [entry("", 4), entry("5e9", 1), entry("5e90", 3)]
    );
    assert_eq!(
        all(state.block_claims("nvidia|usd", "5e9")),
        [claim_id(1), claim_id(2)]
    );
    assert_eq!(all(state.block("英伟达")), [entry("总", 6)]);
    assert_eq!(all(state.block("nvidia")), []);
    apply(
        state,
        [Change::RemoveBlock {
            block: "nvidia|usd".into(),
            reading: "5e9".into(),
            claim: claim_id(1),
        }],
    );
    assert_eq!(
        all(state.block_readings("nvidia|usd")),
        [entry("", 4), entry("5e9", 2), entry("5e90", 3)]
    );
}

fn verdicts_are_found_from_both_claims(state: &dyn State) {
    // With an update, the older claim comes first, whatever its id.
    let mut update = judged(7, 2);
    update.verdict.relation = Relation::Update;
    update.verdict.cause = None;
    apply(
        state,
        [
            Change::PutJudged(Box::new(judged(2, 3))),
            Change::PutJudged(Box::new(update.clone())),
        ],
    );
    assert_eq!(
        state.judged_pair(&claim_id(2), &claim_id(7)).unwrap(),
        Some(update.clone())
    );
    assert_eq!(
        state.judged_pair(&claim_id(7), &claim_id(2)).unwrap(),
        Some(update.clone())
    );
    assert_eq!(
        all(state.judged(&claim_id(2))),
        [judged(2, 3), update.clone()]
    );
    assert_eq!(all(state.judged(&claim_id(3))), [judged(2, 3)]);
    assert_eq!(all(state.judged(&claim_id(7))), [update.clone()]);
    assert_eq!(all(state.all_judged()), [judged(2, 3), update]);
    apply(
        state,
        [Change::RemoveJudged {
            a: claim_id(2),
            b: claim_id(7),
        }],
    );
    assert_eq!(all(state.judged(&claim_id(7))), []);
    assert_eq!(state.counts().unwrap().judged, 1);
}

fn a_merged_fact_is_found_by_both_ids(state: &dyn State) {
    apply(
        state,
        [
            Change::PutFact(Box::new(fact(1, &[1, 2], &[]))),
            Change::PutFact(Box::new(fact(2, &[3], &[]))),
        ],
    );
    assert_eq!(state.fact_of_claim(&claim_id(3)).unwrap(), Some(fact_id(2)));
    // Whichever comes first, the merger or the removal.
    for removed_first in [true, false] {
        let merged = Change::PutFact(Box::new(fact(1, &[1, 2, 3], &[2])));
        let removed = Change::RemoveFact(fact_id(2));
        let changes = if removed_first {
            [removed, merged]
        } else {
            [merged, removed]
        };
        apply(state, changes);
        let found = state.fact(&fact_id(2)).unwrap().unwrap();
        assert_eq!(found, fact(1, &[1, 2, 3], &[2]));
        for number in [1, 2, 3] {
            assert_eq!(
                state.fact_of_claim(&claim_id(number)).unwrap(),
                Some(fact_id(1))
            );
        }
        assert_eq!(all(state.facts()).len(), 1);
        assert_eq!(state.counts().unwrap().facts, 1);
        apply(state, [Change::PutFact(Box::new(fact(2, &[3], &[])))]);
    }
    apply(state, [Change::PutFact(Box::new(fact(1, &[1], &[])))]);
    assert_eq!(state.fact_of_claim(&claim_id(2)).unwrap(), None);
    apply(state, [Change::RemoveFact(fact_id(1))]);
    assert_eq!(state.fact_of_claim(&claim_id(1)).unwrap(), None);
}

fn a_merged_conflict_is_found_by_both_ids(state: &dyn State) {
    let snoozed = ConflictState::Snoozed { until: at(9) };
    apply(
        state,
        [
            Change::PutConflict(Box::new(conflict(1, &[], ConflictState::Open))),
            Change::PutConflict(Box::new(conflict(2, &[], ConflictState::Open))),
            Change::RemoveConflict(conflict_id(2)),
            Change::PutConflict(Box::new(conflict(1, &[2], snoozed.clone()))),
        ],
    );
    let found = state.conflict(&conflict_id(2)).unwrap().unwrap();
    assert_eq!(found, conflict(1, &[2], snoozed));
    assert_eq!(all(state.conflicts()), [found]);
    apply(state, [Change::RemoveConflict(conflict_id(1))]);
    assert_eq!(state.conflict(&conflict_id(2)).unwrap(), None);
    assert_eq!(state.counts().unwrap().conflicts, 0);
}

fn decisions_come_back_in_the_order_of_their_numbers(state: &dyn State) {
    let (a, b) = (claim_id(9), claim_id(2));
    let ack = decision(Action::Ack, Some(conflict_id(1)));
    let actions = [
        (300, ack.clone()),
        (2, decision(Action::Separate { a, b }, None)),
        (
            7,
            decision(Action::Mute { until: None }, Some(conflict_id(2))),
        ),
    ];
    apply(
        state,
        actions.map(|(seq, decision)| Change::PutDecision { seq, decision }),
    );
    let found = all(state.decisions());
    let numbers: Vec<u64> = found.iter().map(|one| one.seq).collect();
    assert_eq!(numbers, [2, 7, 300]);
    assert_eq!(&found[2].decision, ack.as_ref());
}

fn ids_are_found_by_how_they_begin(state: &dyn State) {
    apply(
        state,
        [
            Change::PutFact(Box::new(fact(0x1200, &[1], &[0x1201]))),
            Change::PutFact(Box::new(fact(0x1300, &[2], &[]))),
            Change::PutConflict(Box::new(conflict(0x1200, &[], ConflictState::Open))),
        ],
    );
    let ids = |kind, low, high| all(state.ids(kind, low, high));
    let names = [fact_id(0x1200).to_string(), fact_id(0x1201).to_string()];
    assert_eq!(ids(IdKind::Fact, 0x1200, 0x12ff), names);
    assert_eq!(ids(IdKind::Fact, 0, u64::MAX).len(), 3);
    assert_eq!(
        ids(IdKind::Conflict, 0x1200, 0x1200),
        [conflict_id(0x1200).to_string()]
    );
    assert!(ids(IdKind::Claim, 0, u64::MAX).is_empty());
}

fn a_message_is_in_the_outbox_until_it_is_delivered_and_never_again(state: &dyn State) {
    let put = |sink, message| Change::PutOutbox(Box::new(outbox_item(sink, message)));
    apply(
        state,
        [
            put("desk", "k1"),
            put("desk", "k2"),
            put("mail", "k1"),
            put("mail", "k1"),
        ],
    );
    assert_eq!(state.counts().unwrap().outbox, 3);
    assert_eq!(all(state.outbox())[0], outbox_item("desk", "k1"));
    apply(
        state,
        [Change::PutDelivered {
            sink: "desk".into(),
            key: "k1".into(),
            at: at(3),
        }],
    );
    assert_eq!(state.delivered("desk", "k1").unwrap(), Some(at(3)));
    assert_eq!(state.delivered("mail", "k1").unwrap(), None);
    apply(state, [put("desk", "k1")]);
    apply(
        state,
        [Change::RemoveOutbox {
            sink: "desk".into(),
            key: "k2".into(),
        }],
    );
    assert_eq!(all(state.outbox()), [outbox_item("mail", "k1")]);
    assert_eq!(state.counts().unwrap().outbox, 1);
}

fn bookkeeping_comes_back(state: &dyn State) {
    let long = format!("https://a.example/{}", "x".repeat(3_000));
    let mut fetch = FetchState::new(long.clone(), at(1));
    fetch.etag = Some("\"1\"".into());
    fetch.payload = Some(PayloadDigest::of(b"x"));
    fetch.article = Some(key("a"));
    let other = FetchState::new(format!("{long}y"), at(2));
    let source = SourceState {
        first_crawl: Some(at(1)),
        fetched: 7,
        ..SourceState::default()
    };
    let id: hedui_model::SourceId = "样本".parse().unwrap();
    apply(
        state,
        [
            Change::PutFetch(Box::new(fetch.clone())),
            Change::PutFetch(Box::new(other.clone())),
            Change::PutSource {
                id: id.clone(),
                source: Box::new(source.clone()),
            },
            Change::SetMeta {
                name: "lexicon".into(),
                value: Some("一".into()),
            },
        ],
    );
    assert_eq!(state.fetch(&long).unwrap(), Some(fetch));
    assert_eq!(state.fetch(&other.url).unwrap(), Some(other.clone()));
    assert_eq!(all(state.fetches()).len(), 2);
    apply(state, [Change::RemoveFetch(long.clone())]);
    assert_eq!(all(state.fetches()), [other]);
    assert_eq!(state.source(&id).unwrap(), Some(source.clone()));
    assert_eq!(all(state.sources()), [(id, source)]);
    assert_eq!(state.meta("lexicon").unwrap().as_deref(), Some("一"));
    apply(
        state,
        [Change::SetMeta {
            name: "lexicon".into(),
            value: None,
        }],
    );
    assert_eq!(state.meta("lexicon").unwrap(), None);
}

fn a_batch_moves_the_position_with_its_changes(state: &dyn State) {
    assert_eq!(state.mark().unwrap(), Mark::default());
    let mark = Mark {
        segment: 2,
        offset: 77,
        journal: 5,
    };
    let mut batch = Batch::at(mark);
    batch.push(put_article(article("a", 1, 1, &[1])));
    state.apply(&batch).unwrap();
    assert_eq!(state.mark().unwrap(), mark);
    apply(state, [Change::RemoveUrl("none".into())]);
    assert_eq!(state.mark().unwrap(), mark);
    state.flush().unwrap();
}

/// A batch that cannot be applied as a whole changes nothing.
fn a_batch_is_applied_wholly_or_not_at_all(state: &dyn State) {
    let mut broken = article("b", 1, 1, &[]);
    let mut claim = claim(1, &key("b"), 1);
    // No constructor makes such an id; a damaged value may.
    claim.id = serde_json::from_str("\"c-short\"").unwrap();
    broken.claims = vec![claim];
    let mut batch = Batch::at(Mark {
        segment: 9,
        ..Mark::default()
    });
    batch.extend([put_article(article("a", 1, 1, &[7])), put_article(broken)]);
    assert!(matches!(state.apply(&batch), Err(StateError::Encode(_))));
    assert_eq!(state.article(&key("a")).unwrap(), None);
    assert_eq!(state.claim(&claim_id(7)).unwrap(), None);
    assert_eq!(state.mark().unwrap(), Mark::default());
    assert_eq!(
        state.counts().unwrap(),
        hedui_store::state::Counts::default()
    );
}

/// Readers see a batch as a whole, too: an article is never there without its claims.
fn threads_read_while_one_applies(state: &dyn State) {
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for number in 0..60_u64 {
                apply(
                    state,
                    [put_article(article(
                        &format!("n{number:03}"),
                        1,
                        number as i64,
                        &[number],
                    ))],
                );
            }
        });
        scope.spawn(|| {
            for _ in 0..20 {
                for article in all(state.articles(None)) {
                    let claim = &article.claims[0].id;
                    assert!(state.claim(claim).unwrap().is_some());
                }
            }
        });
    });
    assert_eq!(state.counts().unwrap().articles, 60);
}

macro_rules! conformance {
    ($($case:ident)*) => {
        mod memory {
            $(
                #[test]
                fn $case() {
                    super::$case(&super::MemoryState::new());
                }
            )*
        }
        mod sled {
            $(
                #[test]
                fn $case() {
                    let dir = tempfile::tempdir().unwrap();
                    let state = super::open(&dir.path().join("state"));
                    super::$case(&state);
                }
            )*
        }
    };
}

conformance! {
    an_article_is_found_by_key_address_and_time
    one_article_does_not_hide_in_another
    claims_of_an_earlier_revision_are_still_found
    a_revision_that_is_put_again_replaces_itself
    an_earlier_revision_that_comes_later_stays_earlier
    a_removed_article_leaves_nothing_behind
    a_block_gives_its_claims_and_its_distinct_readings
    verdicts_are_found_from_both_claims
    a_merged_fact_is_found_by_both_ids
    a_merged_conflict_is_found_by_both_ids
    decisions_come_back_in_the_order_of_their_numbers
    ids_are_found_by_how_they_begin
    a_message_is_in_the_outbox_until_it_is_delivered_and_never_again
    bookkeeping_comes_back
    a_batch_moves_the_position_with_its_changes
    a_batch_is_applied_wholly_or_not_at_all
    threads_read_while_one_applies
}

fn open(dir: &Path) -> SledState {
    SledState::open(dir, &small()).unwrap()
}

fn small() -> SledOptions {
    SledOptions {
        cache_bytes: 4 << 20,
        boot_id: Some("this boot".into()),
        ..SledOptions::default()
    }
}

fn contents(state: &dyn State) -> BTreeMap<String, StoredArticle> {
    all(state.articles(None))
        .into_iter()
        .map(|article| (article.key().to_string(), article))
        .collect()
}

mod sled_alone {
    use std::fs;

    use hedui_store::error::Rebuild;

    use super::*;

    fn fill(state: &dyn State, count: u64) {
        for number in 0..count {
            let mut batch = Batch::at(Mark {
                segment: 1,
                offset: number + 1,
                journal: 0,
            });
            batch.push(put_article(article(&format!("n{number}"), 1, 1, &[number])));
            state.apply(&batch).unwrap();
        }
    }

    fn reason(opened: Result<SledState, StateError>) -> Rebuild {
        match opened {
            Err(StateError::Rebuild { reason }) => reason,
            other => panic!("expected a state to be rebuilt, got {other:?}"),
        }
    }

    #[test]
    fn what_was_applied_is_there_when_it_is_opened_again() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("state");
        let state = open(&path);
        fill(&state, 50);
        let before = contents(&state);
        state.close().unwrap();
        assert!(!dir.path().join("state.open").exists());
        // After a clean close the boot does not matter.
        let options = SledOptions {
            boot_id: Some("another boot".into()),
            ..small()
        };
        let state = SledState::open(&path, &options).unwrap();
        assert_eq!(contents(&state), before);
        assert_eq!(state.mark().unwrap().offset, 50);
    }

    #[test]
    fn a_state_left_open_is_trusted_only_under_the_same_boot() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("state");
        let state = open(&path);
        fill(&state, 5);
        drop(state);
        assert_eq!(open(&path).counts().unwrap().articles, 5);
        for boot_id in [Some("another boot".to_owned()), None] {
            let options = SledOptions { boot_id, ..small() };
            assert_eq!(reason(SledState::open(&path, &options)), Rebuild::Unclean);
        }
        let target = SledState::set_aside(&path, "state.damaged-1").unwrap();
        assert!(target.is_dir() && !path.exists());
        let options = SledOptions {
            boot_id: None,
            ..small()
        };
        let state = SledState::open(&path, &options).unwrap();
        assert_eq!(state.mark().unwrap(), Mark::default());
    }

    #[test]
    fn damaged_files_are_refused_or_read_but_never_panic() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("state");
        let state = open(&path);
        fill(&state, 200);
        let before = contents(&state);
        state.close().unwrap();
        let db = fs::read(path.join("db")).unwrap();
        let damages: Vec<Vec<u8>> = vec![
            Vec::new(),
            db[..db.len() / 2].to_vec(),
            db[..db.len() - 1].to_vec(),
            vec![0; db.len()],
            db.iter().map(|byte| !byte).collect(),
            db.iter()
                .enumerate()
                .map(|(index, byte)| if index % 4_096 < 64 { 0xff } else { *byte })
                .collect(),
            db.iter()
                .enumerate()
                .map(|(index, byte)| if index % 50_000 == 7 { byte ^ 1 } else { *byte })
                .collect(),
        ];
        let mut refused = 0;
        for (number, damage) in damages.into_iter().enumerate() {
            fs::write(path.join("db"), damage).unwrap();
            match SledState::open(&path, &small()) {
                Ok(state) => {
                    // sled's own checksums drop what is damaged; what is left is read, or refused by name.
                    let read: Result<Vec<_>, _> = state.articles(None).collect();
                    match read {
                        Ok(articles) => assert!(
                            articles
                                .iter()
                                .all(|one| before.get(one.key().as_str()) == Some(one))
                        ),
                        Err(error) => {
                            assert!(matches!(error, StateError::Rebuild { .. }), "{error}")
                        }
                    }
                }
                Err(StateError::Rebuild { .. }) => refused += 1,
                Err(other) => panic!("damage {number}: {other}"),
            }
            let aside = SledState::set_aside(&path, &format!("state.damaged-{number}")).unwrap();
            // A new state works at once.
            let state = open(&path);
            fill(&state, 3);
            assert_eq!(state.counts().unwrap().articles, 3);
            state.close().unwrap();
            fs::remove_dir_all(&path).unwrap();
            fs::rename(aside, &path).unwrap();
            let _ = fs::remove_dir_all(path.join("blobs"));
        }
        assert!(refused > 0);
    }

    #[test]
    fn a_state_of_another_version_is_rebuilt() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("state");
        let state = open(&path);
        fill(&state, 1);
        state.close().unwrap();
        let db = ::sled::open(&path).unwrap();
        db.insert(b"V", b"0").unwrap();
        drop(db);
        let found = reason(SledState::open(&path, &small()));
        assert_eq!(
            found.to_string(),
            format!(
                "the state has version 0, this program has {}",
                hedui_store::state::STATE_VERSION
            )
        );
    }

    #[test]
    fn a_value_that_cannot_be_read_is_told() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("state");
        open(&path).close().unwrap();
        let db = ::sled::open(&path).unwrap();
        db.insert(b"aodd", b"\xff\xff\xff").unwrap();
        drop(db);
        let state = open(&path);
        let error = state.article(&key("odd")).unwrap_err();
        assert!(
            matches!(
                error,
                StateError::Rebuild {
                    reason: Rebuild::Undecodable(_)
                }
            ),
            "{error}"
        );
    }

    #[test]
    fn a_state_that_is_open_elsewhere_is_busy() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("state");
        let _state = open(&path);
        assert!(matches!(
            SledState::open(&path, &small()),
            Err(StateError::Busy { .. })
        ));
    }

    #[test]
    fn a_state_is_set_aside_only_under_a_plain_name() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("state");
        open(&path).close().unwrap();
        for name in ["", ".", "..", "a/b", "/a", "../a"] {
            assert!(
                matches!(SledState::set_aside(&path, name), Err(StateError::Name(_))),
                "{name}"
            );
        }
        assert!(path.exists());
        fs::create_dir(dir.path().join("taken")).unwrap();
        assert!(matches!(
            SledState::set_aside(&path, "taken"),
            Err(StateError::Io { .. })
        ));
    }
}
