#![allow(clippy::unwrap_used)]

use hedui_model::{Appearance, Bound, Cause, Relation, Status};
use hedui_text::Lexicon;
use proptest::prelude::*;

use crate::fixture::{Draft, claim};
use crate::{ALERT_CONFIDENCE, BLOCKS_MAX, Reconciler};

fn reconciler() -> Reconciler {
    Reconciler::new(Lexicon::builtin())
}

fn total(source: &str, day: &str, mention: &str, value: &str) -> Draft {
    let sentence = format!("台积电在美国的总投资额将达到{mention}。");
    claim(source, day, &sentence, mention, value, "USD")
        .metric("investment")
        .part("total")
        .status(Status::Planned)
        .terms(&["total", "invest", "america"])
        .beside("66e8", "USD")
        .beside("4e4", "count:job")
}

fn verdict(a: &Draft, b: &Draft) -> (Relation, Option<Cause>, u16) {
    let (a, b) = (a.clone().made(), b.clone().made());
    let judged = reconciler().judge(&a, &b).judged;
    let back = reconciler().judge(&b, &a).judged;
    assert_eq!(judged, back, "the verdict depends on the order");
    let verdict = judged.verdict;
    (
        verdict.relation,
        verdict.cause,
        verdict.confidence.thousandths(),
    )
}

#[test]
fn equal_totals_agree_across_scripts_and_precision() {
    let a = total("a", "2025-03-04", "1650亿美元", "1650e8");
    for mention in ["1,650億美元", "$165 billion"] {
        let b = total("b", "2025-03-05", mention, "165e9");
        assert_eq!(verdict(&a, &b).0, Relation::Agree);
    }
}

#[test]
fn a_power_of_ten_is_a_conflict_that_may_be_told() {
    let a = total("a", "2025-03-04", "1650亿美元", "1650e8");
    let b = total("b", "2025-03-05", "165亿美元", "165e8");
    let (relation, cause, confidence) = verdict(&a, &b);
    assert_eq!(
        (relation, cause),
        (Relation::Conflict, Some(Cause::ScaleError))
    );
    assert!(confidence >= ALERT_CONFIDENCE, "{confidence}");
}

#[test]
fn the_same_digits_in_another_currency_are_a_conflict() {
    let a = total("a", "2025-03-04", "1650亿美元", "1650e8");
    let mut b = total("b", "2025-03-05", "1650亿元", "1650e8");
    b.claim.quantity.unit = hedui_model::Unit::new("CNY");
    let (relation, cause, confidence) = verdict(&a, &b);
    assert_eq!(
        (relation, cause),
        (Relation::Conflict, Some(Cause::Currency))
    );
    assert!(confidence >= ALERT_CONFIDENCE, "{confidence}");
}

#[test]
fn an_amount_that_converts_agrees_and_one_that_does_not_is_silent() {
    let a = total("a", "2025-09-24", "5000亿美元", "5000e8");
    let in_yuan = |value: &str| {
        let mut b = total("b", "2025-09-25", "3.56万亿元", value);
        b.claim.quantity.unit = hedui_model::Unit::new("CNY");
        b
    };
    assert_eq!(verdict(&a, &in_yuan("3.56e12")).0, Relation::Agree);
    assert_eq!(verdict(&a, &in_yuan("4.7e12")).0, Relation::Different);
}

#[test]
fn parts_are_not_wholes() {
    let a = total("a", "2025-03-04", "1650亿美元", "1650e8");
    let mut b = total("b", "2025-03-05", "1000亿美元", "1000e8");
    assert_eq!(verdict(&a, &b).0, Relation::Conflict);
    b = b.part("additional");
    assert_eq!(verdict(&a, &b).0, Relation::Different);
}

#[test]
fn another_subject_metric_or_session_is_another_fact() {
    let a = total("a", "2025-03-04", "1650亿美元", "1650e8");
    let wrong = total("b", "2025-03-05", "165亿美元", "165e8");
    assert_eq!(
        verdict(&a, &wrong.clone().of(&["Intel"])).0,
        Relation::Different
    );
    assert_eq!(
        verdict(&a, &wrong.clone().metric("revenue")).0,
        Relation::Different
    );
    let session = |draft: Draft, session: &str| draft.metric("share_price_change").session(session);
    let (closed, early) = (session(a, "close"), session(wrong, "premarket"));
    assert_eq!(verdict(&closed, &early).0, Relation::Different);
}

#[test]
fn one_figure_on_two_time_bases_is_a_conflict_or_its_correction() {
    let fee = |source: &str, day: &str, sentence: &str, base: &str| {
        claim(source, day, sentence, "10万美元", "1e5", "USD")
            .of(&["H-1B"])
            .metric("fee")
            .terms(&["fee", "visa", "company"])
            .time_base(base)
            .beside("8.5e4", "count:visa")
    };
    let yearly = fee("a", "2025-09-20", "每份签证每年缴纳10万美元费用", "year");
    let once = fee(
        "b",
        "2025-09-22",
        "白宫说签证的10万美元费用只在申请时缴纳",
        "one_time",
    );
    let clarified = fee(
        "c",
        "2025-09-22",
        "白宫澄清签证的10万美元费用只缴一次",
        "one_time",
    );
    let late = fee("d", "2025-09-26", "每份签证每年缴纳10万美元费用", "year");
    assert_eq!(verdict(&yearly, &clarified).0, Relation::Update);
    assert_eq!(verdict(&late, &clarified).0, Relation::Conflict);
    assert_eq!(verdict(&late, &clarified).1, Some(Cause::Period));
    assert_eq!(verdict(&yearly, &once).0, Relation::Conflict);
    assert_eq!(verdict(&yearly, &late).0, Relation::Agree);
}

#[test]
fn a_plan_that_was_raised_is_an_update() {
    let before = total("a", "2025-02-25", "5000亿美元", "5000e8");
    let mut after = total("b", "2025-08-07", "6000亿美元", "6000e8");
    after.claim.sentence_text = "台积电把在美国的总投资额提高到6000亿美元。".to_owned();
    let (a, b) = (after.made(), before.made());
    let judged = reconciler().judge(&a, &b).judged;
    assert_eq!(judged.verdict.relation, Relation::Update);
    assert_eq!(judged.a, b.claim.id, "the older goes first");
}

#[test]
fn what_a_stranger_expects_is_not_what_the_owner_plans() {
    let plan = total("a", "2025-12-10", "1650亿美元", "1650e8");
    let guess = total("b", "2025-12-12", "2000亿美元", "2000e8")
        .status(Status::Forecast)
        .speaker("analysts");
    let (relation, _, confidence) = verdict(&plan, &guess);
    assert!(
        relation == Relation::Different || confidence < 600,
        "{relation:?} {confidence}"
    );
}

#[test]
fn a_bound_is_kept_within_a_factor() {
    let a = total("a", "2025-09-24", "逾4000亿美元", "4000e8").bound(Bound::MoreThan);
    assert_eq!(
        verdict(&a, &total("b", "2025-09-24", "4500亿美元", "4500e8")).0,
        Relation::Agree
    );
    assert_ne!(
        verdict(&a, &total("b", "2025-09-24", "44000亿美元", "44000e8")).0,
        Relation::Agree
    );
}

#[test]
fn the_reason_can_be_checked() {
    let a = total("a", "2025-03-04", "1650亿美元", "1650e8").made();
    let b = total("b", "2025-03-06", "165亿美元", "165e8").made();
    let why = reconciler().judge(&a, &b).judged.verdict.why;
    for piece in [
        "TSMC",
        "investment",
        "total",
        "1650亿美元",
        "165亿美元",
        "10 times",
        "2 days apart",
    ] {
        assert!(why.contains(piece), "{piece} is missing in: {why}");
    }
}

#[test]
fn a_claim_has_few_blocks_and_shares_one_with_its_like() {
    let a = total("a", "2025-03-04", "1650亿美元", "1650e8").made();
    let b = claim(
        "b",
        "2025-03-06",
        "It will spend $16.5 billion.",
        "$16.5 billion",
        "16.5e9",
        "USD",
    )
    .made();
    let (first, second) = (reconciler().blocks(&a), reconciler().blocks(&b));
    assert!(!first.is_empty() && first.len() <= BLOCKS_MAX);
    assert!(
        first.iter().any(|key| second.contains(key)),
        "{first:?} {second:?}"
    );
}

/// Restatements.
mod gloss {
    use super::*;

    fn pair(main: (&str, &str, &str), gloss: (&str, &str, &str)) -> Vec<hedui_model::Judged> {
        let sentence = format!("星际之门的总投资额为{}（约{}）。", main.0, gloss.0);
        let first = claim("a", "2025-09-25", &sentence, main.0, main.1, main.2);
        let second =
            claim("a", "2025-09-25", &sentence, gloss.0, gloss.1, gloss.2).gloss_of(&first);
        reconciler().within(&[first.made(), second.made()])
    }

    #[test]
    fn a_restatement_that_converts_agrees() {
        for gloss in [
            ("3.56万亿元人民币", "3.56e12", "CNY"),
            ("新台币15.2兆元", "15.2e12", "TWD"),
        ] {
            let judged = pair(("5000亿美元", "5000e8", "USD"), gloss);
            assert_eq!(judged.len(), 1);
            assert_eq!(judged[0].verdict.relation, Relation::Agree, "{gloss:?}");
        }
    }

    #[test]
    fn a_restatement_that_does_not_convert_is_a_conflict_of_the_article_with_itself() {
        let judged = pair(
            ("5000亿美元", "5000e8", "USD"),
            ("新台币1.6兆元", "1.6e12", "TWD"),
        );
        assert_eq!(judged[0].verdict.cause, Some(Cause::Gloss));
        assert!(judged[0].verdict.confidence.thousandths() >= ALERT_CONFIDENCE);
        assert!(
            judged[0].verdict.why.contains("TWD"),
            "{}",
            judged[0].verdict.why
        );
        let judged = pair(("10吉瓦", "10e9", "W"), ("10亿瓦", "10e8", "W"));
        assert_eq!(judged[0].verdict.cause, Some(Cause::Gloss));
    }

    #[test]
    fn what_another_days_rate_explains_is_no_conflict() {
        let judged = pair(
            ("5000亿美元", "5000e8", "USD"),
            ("3.25万亿元人民币", "3.25e12", "CNY"),
        );
        assert_eq!(judged[0].verdict.relation, Relation::Agree);
    }
}

/// Revisions.
#[test]
fn a_figure_that_its_source_changed_is_found_by_its_sentence() {
    let old = claim(
        "a",
        "2025-08-25",
        "The state pays $21.47 for each share.",
        "$21.47",
        "21.47",
        "USD",
    )
    .made();
    let kept = claim(
        "a",
        "2025-08-25",
        "It gets 433.3 million shares.",
        "433.3 million",
        "433.3e6",
        "count:share",
    )
    .made();
    let new = claim(
        "a",
        "2025-08-25",
        "The state pays $20.47 for each share.",
        "$20.47",
        "20.47",
        "USD",
    )
    .made();
    let judged = reconciler().revision(&[old.clone(), kept.clone()], &[kept.clone(), new.clone()]);
    assert_eq!(judged.len(), 1);
    assert_eq!(judged[0].verdict.cause, Some(Cause::Revision));
    assert!(
        reconciler()
            .revision(&[old.clone(), kept.clone()], &[kept, old])
            .is_empty()
    );
}

fn any_draft() -> impl Strategy<Value = Draft> {
    let values = prop_oneof![
        Just("165e8"),
        Just("1650e8"),
        Just("1000e8"),
        Just("650e8"),
        Just("166e9")
    ];
    let metrics = prop_oneof![
        Just(None),
        Just(Some("investment")),
        Just(Some("revenue")),
        Just(Some("spending"))
    ];
    let parts = prop_oneof![Just(None), Just(Some("total")), Just(Some("additional"))];
    let names = prop_oneof![
        Just(vec!["TSMC"]),
        Just(vec!["Intel"]),
        Just(vec!["TSMC", "Intel"])
    ];
    let units = prop_oneof![Just("USD"), Just("CNY"), Just("TWD")];
    let days = prop_oneof![Just("2025-03-04"), Just("2025-03-05"), Just("2025-08-05")];
    let sources = prop_oneof![Just("a"), Just("b"), Just("c"), Just("d"), Just("e")];
    (values, metrics, parts, names, units, days, sources).prop_map(
        |(value, metric, part, names, unit, day, source)| {
            let mut draft = total(source, day, value, value).of(&names);
            draft.claim.quantity.unit = hedui_model::Unit::new(unit);
            draft.claim.scope.part = part.map(str::to_owned);
            draft.claim.metric = None;
            match metric {
                Some(metric) => draft.metric(metric),
                None => draft,
            }
        },
    )
}

pub(crate) fn any_claims(most: usize) -> impl Strategy<Value = Vec<Appearance>> {
    proptest::collection::vec(any_draft(), 1..most).prop_map(|drafts| {
        let mut claims: Vec<Appearance> = drafts.into_iter().map(Draft::made).collect();
        claims.sort_by(|a, b| a.claim.id.cmp(&b.claim.id));
        claims.dedup_by(|a, b| a.claim.id == b.claim.id);
        claims
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn every_verdict_is_symmetric(a in any_draft(), b in any_draft()) {
        let (a, b) = (a.made(), b.made());
        let reconciler = reconciler();
        prop_assert_eq!(reconciler.judge(&a, &b), reconciler.judge(&b, &a));
        prop_assert!(reconciler.blocks(&a).len() <= BLOCKS_MAX);
    }
}

#[test]
fn a_figure_that_is_told_twice_is_no_rival_of_itself() {
    let of_b = |mention: &str, value: &str| total("b", "2025-03-05", mention, value);
    let a = total("a", "2025-03-04", "1650亿美元", "1650e8").made();
    let surest = of_b("165亿美元", "165e8").made();
    let told_again = of_b("165.0亿美元", "165e8").terms(&[]).made();
    let another = of_b("700亿美元", "700e8").made();
    let all = [a, surest, told_again, another];
    let reconciler = reconciler();
    let judged: Vec<_> = all[1..]
        .iter()
        .map(|other| reconciler.judge(&all[0], other).judged)
        .collect();
    let confidence = |at: usize| judged[at].verdict.confidence;
    assert!(
        judged
            .iter()
            .all(|one| one.verdict.relation == Relation::Conflict)
    );
    assert!(confidence(0) > confidence(1) && confidence(0) > confidence(2));
    assert_eq!(reconciler.settle(&all, &judged), judged[..2]);
}
