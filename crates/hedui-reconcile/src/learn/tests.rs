use hedui_text::Lexicon;

use super::*;
use crate::fixture::claim;

/// Two outlets of each language tell five stories with one figure each, and five others.
fn told(zh: &str, en: &str) -> Vec<Appearance> {
    let mut claims = stories(["165.3", "27.41", "918", "3.306", "44.8"], zh, en);
    let others = ["71.2", "6.55", "38.94", "50.7", "812.5"];
    claims.extend(stories(others, "工人 减少 #", "fewer workers # left"));
    claims
}

fn stories(figures: [&str; 5], zh: &str, en: &str) -> Vec<Appearance> {
    let mut claims = Vec::new();
    for (story, figure) in figures.iter().enumerate() {
        for (outlet, sentence) in [("one", zh), ("two", zh), ("three", en), ("four", en)] {
            let fillers = if sentence == en {
                ["spring", "summer", "autumn", "winter", "monsoon"]
            } else {
                ["甲乙", "丙丁", "戊己", "庚辛", "壬癸"]
            };
            let filler = fillers[story];
            let text = format!("{} {filler}", sentence.replace('#', figure));
            let draft = claim(
                outlet,
                &format!("2026-03-0{}", story + 1),
                &text,
                figure,
                figure,
                "percent",
            );
            claims.push(draft.made());
        }
    }
    claims
}

fn segment(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_lowercase).collect()
}

#[test]
fn a_wording_that_the_lexicon_lacks_is_proposed_with_its_evidence() {
    let claims = told("公司 圈走一块 #", "its market share is #");
    let found = suggest(&Lexicon::builtin(), &segment, &claims, Demands::default());
    let row = found.iter().find(
        |found| matches!(&found.proposal, Proposal::MetricWord { form, .. } if form == "圈走一块"),
    );
    let row = row.unwrap_or_else(|| panic!("{found:?}"));
    assert_eq!(row.evidence.len(), 3);
    assert!(row.proposal.row().contains("id = \"market_share\""));
}

#[test]
fn the_order_of_claims_does_not_matter_and_known_words_are_not_proposed() {
    let mut claims = told("公司 市占率 #", "its market share is #");
    let found = suggest(&Lexicon::builtin(), &segment, &claims, Demands::default());
    claims.reverse();
    assert_eq!(
        found,
        suggest(&Lexicon::builtin(), &segment, &claims, Demands::default())
    );
    let is_known = |found: &Suggestion| found.proposal.row().contains("市占率");
    assert!(!found.iter().any(is_known), "{found:?}");
}

#[test]
fn rows_are_valid_whatever_is_in_a_word() {
    let proposal = Proposal::Concept {
        id: "a\"b\\".to_owned(),
        en: "x\u{7}".to_owned(),
        zh: "词".to_owned(),
    };
    let files = [("own.toml".to_owned(), proposal.row())];
    assert!(Lexicon::with_user(&files).is_ok(), "{}", proposal.row());
}
