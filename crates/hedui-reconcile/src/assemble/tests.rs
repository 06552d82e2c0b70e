#![allow(clippy::unwrap_used)]

use hedui_model::{Appearance, Cause, ConflictState, Ending, Judged, Relation, Status};
use hedui_text::Lexicon;
use proptest::prelude::*;

use super::*;
use crate::fixture::{Draft, claim};
use crate::tests::any_claims;

fn reconciler() -> Reconciler {
    Reconciler::new(Lexicon::builtin())
}

fn total(source: &str, day: &str, mention: &str, value: &str) -> Draft {
    let sentence = format!("{source}：台积电在美国的总投资额将达到{mention}。");
    claim(source, day, &sentence, mention, value, "USD")
        .metric("investment")
        .part("total")
        .status(Status::Planned)
        .terms(&["total", "invest", "america"])
        .beside("66e8", "USD")
        .beside("4.5e4", "count:job")
}

fn judged(claims: &[Appearance]) -> Vec<Judged> {
    let reconciler = reconciler();
    let mut verdicts = Vec::new();
    for (index, a) in claims.iter().enumerate() {
        for b in &claims[index + 1..] {
            verdicts.push(reconciler.judge(a, b).judged);
        }
    }
    verdicts
}

fn assemble(claims: &[Appearance], decisions: &Decisions, previous: &[Fact]) -> Vec<Assembled> {
    let circumstances = Circumstances {
        decisions,
        previous,
        newest: None,
    };
    reconciler().assemble(claims, &judged(claims), &circumstances)
}

fn newsroom() -> Vec<Appearance> {
    [
        total("a", "2025-03-04", "1650亿美元", "1650e8"),
        total("b", "2025-03-05", "1,650億美元", "1650e8"),
        total("c", "2025-03-05", "165亿美元", "165e8"),
        total("d", "2025-03-06", "$165 billion", "165e9"),
    ]
    .into_iter()
    .map(Draft::made)
    .collect()
}

#[test]
fn one_fact_has_one_conflict_with_the_best_supported_side_first() {
    let facts = assemble(&newsroom(), &Decisions::default(), &[]);
    assert_eq!(facts.len(), 1);
    let conflict = facts[0].conflict.as_ref().unwrap();
    assert_eq!(conflict.cause, Cause::ScaleError);
    assert_eq!(conflict.state, ConflictState::Open);
    assert_eq!(conflict.sides.len(), 2);
    assert_eq!(conflict.sides[0].independent_sources, 3);
    assert_eq!(conflict.sides[1].text, "165亿美元");
    assert_eq!(facts[0].fact.entities, ["TSMC"]);
    assert!(conflict.severity > 50, "{}", conflict.severity);
}

#[test]
fn copies_count_once_whatever_their_script() {
    let mut drafts = vec![
        total("a", "2025-03-04", "1650亿美元", "1650e8"),
        total("b", "2025-03-05", "1,650億美元", "1650e8"),
        total("c", "2025-03-05", "165亿美元", "165e8"),
    ];
    for draft in &mut drafts[..2] {
        draft.signature = (1..60).collect();
    }
    let claims: Vec<Appearance> = drafts.into_iter().map(Draft::made).collect();
    let facts = assemble(&claims, &Decisions::default(), &[]);
    let conflict = facts[0].conflict.as_ref().unwrap();
    assert!(
        conflict
            .sides
            .iter()
            .all(|side| side.independent_sources == 1)
    );
    assert_eq!(
        conflict.sides[0].claims.len(),
        2,
        "of two sides with one source the one with more claims goes first"
    );
}

#[test]
fn what_the_user_separates_stays_apart() {
    let claims = newsroom();
    let mut decisions = Decisions::default();
    for other in [0, 1, 3] {
        decisions.separate(&claims[2].claim.id, &claims[other].claim.id);
    }
    let facts = assemble(&claims, &decisions, &[]);
    assert_eq!(facts.len(), 2);
    assert!(facts.iter().all(|made| made.conflict.is_none()));
    decisions.join(&claims[2].claim.id, &claims[0].claim.id);
    assert_eq!(
        assemble(&claims, &decisions, &[]).len(),
        2,
        "two separations are left"
    );
}

#[test]
fn what_the_user_joins_is_one_fact_and_the_figures_say_whether_it_is_a_conflict() {
    let claims = vec![
        total("a", "2025-03-04", "1650亿美元", "1650e8").made(),
        total("b", "2025-03-05", "1800亿美元", "1800e8")
            .of(&["Intel"])
            .made(),
    ];
    assert_eq!(assemble(&claims, &Decisions::default(), &[]).len(), 2);
    let mut decisions = Decisions::default();
    decisions.join(&claims[1].claim.id, &claims[0].claim.id);
    let facts = assemble(&claims, &decisions, &[]);
    assert_eq!(facts.len(), 1);
    assert!(facts[0].conflict.is_some());
}

#[test]
fn ids_survive_older_claims_and_mergers() {
    let claims = newsroom();
    let first = assemble(&claims[2..], &Decisions::default(), &[]);
    let second = assemble(&claims[..2], &Decisions::default(), &[]);
    let previous: Vec<Fact> = first
        .iter()
        .chain(&second)
        .map(|made| made.fact.clone())
        .collect();
    let merged = assemble(&claims, &Decisions::default(), &previous);
    assert_eq!(merged.len(), 1);
    assert_eq!(
        merged[0].fact.id, second[0].fact.id,
        "that of the fact seen first"
    );
    assert_eq!(merged[0].fact.aliases, vec![first[0].fact.id.clone()]);
    let again = assemble(&claims, &Decisions::default(), &[merged[0].fact.clone()]);
    assert_eq!(again, merged);
}

#[test]
fn a_conflict_that_updates_ended_is_closed() {
    let mut claims = newsroom();
    claims[2] = total("c", "2025-03-05", "1800亿美元", "1800e8").made();
    let mut verdicts = judged(&claims);
    let facts = |verdicts: &[Judged]| {
        let circumstances = Circumstances {
            decisions: &Decisions::default(),
            previous: &[],
            newest: None,
        };
        reconciler().assemble(&claims, verdicts, &circumstances)
    };
    assert_eq!(
        facts(&verdicts)[0].conflict.as_ref().unwrap().state,
        ConflictState::Open
    );
    // The one who was wrong is said to be replaced by two of the others.
    let wrong = &claims[2].claim.id;
    for verdict in &mut verdicts {
        let pair = [verdict.a.clone(), verdict.b.clone()];
        let later = [&claims[1], &claims[3]]
            .into_iter()
            .find(|later| pair.contains(&later.claim.id));
        if let Some(later) = later.filter(|_| pair.contains(wrong)) {
            (verdict.a, verdict.b) = (wrong.clone(), later.claim.id.clone());
            verdict.verdict.relation = Relation::Update;
            verdict.verdict.cause = None;
        }
    }
    let made = facts(&verdicts);
    assert_eq!(
        made[0].conflict.as_ref().unwrap().state,
        ConflictState::Closed { by: Ending::Update }
    );
    let told = &made[0].conflict.as_ref().unwrap().state_why;
    assert!(told.contains("1800亿美元"), "{told}");
}

/// Two articles that say one thing, and one that said another and then changed it: claims and verdicts, that of the edit last.
fn corrected(newsrooms: &[(&str, &str)]) -> (Vec<Appearance>, Vec<Judged>) {
    let mut claims: Vec<Appearance> = newsrooms
        .iter()
        .map(|(source, value)| {
            total(
                source,
                "2025-03-04",
                &format!("{value}億美元"),
                &format!("{value}e8"),
            )
            .made()
        })
        .collect();
    let old = total("c", "2025-03-05", "165億美元", "165e8").made();
    let mut verdicts = judged(&[claims.clone(), vec![old.clone()]].concat());
    let mut new = total("c", "2025-03-05", "1650億美元", "1650e8").made();
    let mut article = (*new.article).clone();
    article.revision = 2;
    new.article = std::sync::Arc::new(article);
    for claim in &claims {
        verdicts.push(reconciler().judge(claim, &new).judged);
    }
    verdicts.extend(reconciler().revision(std::slice::from_ref(&old), std::slice::from_ref(&new)));
    claims.extend([old, new]);
    (claims, verdicts)
}

#[test]
fn a_conflict_that_its_source_corrected_is_closed_and_says_so() {
    let fresh = |claims: &[Appearance], verdicts: &[Judged]| {
        let circumstances = Circumstances {
            decisions: &Decisions::default(),
            previous: &[],
            newest: None,
        };
        let made = reconciler().assemble(claims, verdicts, &circumstances);
        made.into_iter().find_map(|made| made.conflict).unwrap()
    };
    let (claims, verdicts) = corrected(&[("a", "1650"), ("b", "1650")]);
    let closed = fresh(&claims, &verdicts);
    assert_eq!(
        closed.state,
        ConflictState::Closed {
            by: Ending::Correction
        }
    );
    assert!(
        closed.state_why.contains("165億美元") && closed.state_why.contains("1650億美元"),
        "{}",
        closed.state_why
    );
    // Another newsroom still says what was corrected: then it goes on, without the one that no longer says so.
    let (claims, verdicts) = corrected(&[("a", "1650"), ("b", "1650"), ("d", "165")]);
    let open = fresh(&claims, &verdicts);
    assert_eq!(
        (&open.state, open.cause),
        (&ConflictState::Open, Cause::ScaleError)
    );
    assert_eq!(open.sides[0].independent_sources, 3);
    assert_eq!(open.sides[1].sources, ["d".parse().unwrap()]);
    // Without anyone to contradict, the change is what there is to tell.
    let (claims, verdicts) = corrected(&[]);
    let told = fresh(&claims, &verdicts);
    assert_eq!(
        (&told.state, told.cause),
        (&ConflictState::Open, Cause::Revision)
    );
}

#[test]
fn a_wrong_restatement_is_a_conflict_of_its_own_beside_the_figures_fact() {
    let sentence = "星际之门的总投资额为5000亿美元（约新台币1.6兆元）。";
    let main = claim("a", "2025-09-25", sentence, "5000亿美元", "5000e8", "USD");
    let gloss = claim(
        "a",
        "2025-09-25",
        sentence,
        "新台币1.6兆元",
        "1.6e12",
        "TWD",
    )
    .gloss_of(&main);
    let claims = vec![main.made(), gloss.made()];
    let circumstances = Circumstances {
        decisions: &Decisions::default(),
        previous: &[],
        newest: None,
    };
    let verdicts = reconciler().within(&claims);
    let made = reconciler().assemble(&claims, &verdicts, &circumstances);
    assert_eq!(made.len(), 2);
    assert!(made[0].conflict.is_none());
    assert_eq!(made[1].conflict.as_ref().unwrap().cause, Cause::Gloss);
    assert_ne!(made[0].fact.id, made[1].fact.id);
    let previous: Vec<Fact> = made.iter().map(|made| made.fact.clone()).collect();
    let again = reconciler().assemble(
        &claims,
        &verdicts,
        &Circumstances {
            previous: &previous,
            ..circumstances
        },
    );
    assert_eq!(again, made);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_arrival_changes_nothing(claims in any_claims(9), seed in any::<u64>()) {
        let verdicts = judged(&claims);
        let mut shuffled: Vec<(u64, Appearance)> = claims
            .iter()
            .enumerate()
            .map(|(index, claim)| ((index as u64 + 1).wrapping_mul(seed | 1), claim.clone()))
            .collect();
        shuffled.sort_by_key(|(key, _)| *key);
        let shuffled: Vec<Appearance> = shuffled.into_iter().map(|(_, claim)| claim).collect();
        let mut turned = verdicts.clone();
        turned.reverse();
        let decisions = Decisions::default();
        let circumstances = Circumstances { decisions: &decisions, previous: &[], newest: None };
        let there = reconciler().assemble(&claims, &verdicts, &circumstances);
        let back = reconciler().assemble(&shuffled, &turned, &circumstances);
        prop_assert_eq!(&there, &back);
        let held: usize = there.iter().map(|made| made.fact.claims.len()).sum();
        prop_assert_eq!(held, claims.len());
    }

    #[test]
    fn what_is_separated_is_in_no_fact_together(
        claims in any_claims(9),
        pairs in prop::collection::vec((0_usize..9, 0_usize..9), 0..6),
    ) {
        let mut decisions = Decisions::default();
        let id = |place: usize| claims.get(place).map(|claim| &claim.claim.id);
        let pairs: Vec<(&ClaimId, &ClaimId)> = pairs
            .into_iter()
            .filter_map(|(a, b)| id(a).zip(id(b)))
            .filter(|(a, b)| a != b)
            .collect();
        for (a, b) in &pairs {
            decisions.separate(a, b);
        }
        for made in assemble(&claims, &decisions, &[]) {
            for (a, b) in &pairs {
                prop_assert!(!(made.fact.claims.contains(a) && made.fact.claims.contains(b)));
            }
        }
    }

    #[test]
    fn what_is_joined_is_in_one_fact(claims in any_claims(7), a in 0_usize..7, b in 0_usize..7) {
        let id = |place: usize| claims.get(place).map(|claim| claim.claim.id.clone());
        if let Some((a, b)) = id(a).zip(id(b)).filter(|(a, b)| a != b) {
            let mut decisions = Decisions::default();
            decisions.join(&a, &b);
            let made = assemble(&claims, &decisions, &[]);
            let together = |made: &Assembled| made.fact.claims.contains(&a) && made.fact.claims.contains(&b);
            prop_assert!(made.iter().any(together));
            // Nothing is decided twice: the same again makes the same.
            prop_assert_eq!(&made, &assemble(&claims, &decisions, &[]));
        }
    }

    #[test]
    fn ids_follow_from_the_claims_alone(claims in any_claims(8), cut in 1_usize..8) {
        let decisions = Decisions::default();
        let whole = assemble(&claims, &decisions, &[]);
        let (early, _) = claims.split_at(cut.min(claims.len()));
        let before: Vec<Fact> = assemble(early, &decisions, &[])
            .into_iter()
            .map(|made| made.fact)
            .collect();
        let grown = assemble(&claims, &decisions, &before);
        for (one, other) in whole.iter().zip(&grown) {
            prop_assert_eq!(&one.fact.id, &other.fact.id);
            prop_assert_eq!(&one.fact.claims, &other.fact.claims);
        }
        // Every id that there was leads to a fact that there is, unless its claims went to several.
        for fact in &before {
            let homes = grown.iter().filter(|made| {
                made.fact.claims.iter().any(|claim| fact.claims.contains(claim))
            });
            let homes: Vec<&Assembled> = homes.collect();
            if let [home] = homes.as_slice() {
                prop_assert!(home.fact.id == fact.id || home.fact.aliases.contains(&fact.id));
            }
        }
    }

    #[test]
    fn an_unrelated_article_changes_nothing(claims in any_claims(7)) {
        let decisions = Decisions::default();
        let before = assemble(&claims, &decisions, &[]);
        let mut more = claims.clone();
        more.push(total("z", "2025-03-05", "12人", "12").of(&["Nvidia"]).metric("headcount").made());
        let after = assemble(&more, &decisions, &[]);
        prop_assert_eq!(before.len() + 1, after.len());
        prop_assert!(before.iter().all(|made| after.contains(made)));
    }
}
