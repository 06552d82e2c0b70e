#![allow(clippy::unwrap_used)]

use proptest::prelude::*;

use super::*;

fn fold(text: &str) -> String {
    Folder::builtin().fold(text).text
}

#[test]
fn the_builtin_rows_are_valid() {
    let text = include_str!("../../../../config/lexicon/folding.toml");
    Folder::new("folding.toml", text, FerrousOpenCc::builtin()).unwrap();
}

#[test]
fn one_character_folds_by_itself_and_not_by_its_phrase() {
    // 答覆 is 答复 by phrase; by character 覆 stays, as in 覆盖.
    assert_eq!(fold("答覆覆蓋"), "答覆覆盖");
}

#[test]
fn a_dropped_character_folds_to_nothing() {
    assert_eq!(Folder::builtin().fold_char('\u{200B}'), None);
    assert_eq!(Folder::builtin().fold_char('億'), Some('亿'));
    assert_eq!(Folder::builtin().fold_char('a'), Some('a'));
}

#[test]
fn marks_compose_with_the_letter_before_them_wherever_it_came_from() {
    for (text, folded) in [
        ("caf\u{65}\u{301}s", "caf\u{e9}s"),
        ("\u{FF45}\u{301}", "\u{e9}"),        // full-width e
        ("e\u{200B}\u{301}", "\u{e9}"),       // a zero-width space between
        ("\u{e2}\u{301}", "\u{1EA5}"),        // two marks, one composed already
        ("か\u{3099}", "が"),                 // kana
        ("e\u{200B}x\u{301}", "ex\u{301}"),   // no letter for x with acute
        ("\u{301}e", "\u{301}e"),             // nothing before it
        ("e\u{20}\u{301}", "e\u{20}\u{301}"), // a space is no letter
    ] {
        assert_eq!(fold(text), folded, "{text:?}");
    }
}

#[test]
fn spans_around_what_changed_lead_back() {
    let text = "總額（約）\u{200B}５０％ cafe\u{301}。";
    let folded = Folder::builtin().fold(text);
    assert_eq!(folded.text, "总额(约)50% caf\u{e9}。");
    for (part, original) in [
        ("总额", "總額"),
        ("(约)", "（約）"),
        ("50%", "５０％"),
        ("caf\u{e9}", "cafe\u{301}"),
        ("。", "。"),
    ] {
        let start = folded.text.find(part).unwrap();
        let span = folded.unfold(Span::new(start, start + part.len()));
        assert_eq!(span.of(text), Some(original), "{part}");
        assert_eq!(folded.fold(span).of(&folded.text), Some(part));
    }
}

#[test]
fn a_row_with_two_characters_is_refused() {
    let toml = "[[fold]]\nto = 'ab'\nfrom = ['c']\nsource = ''\n";
    let error = Folder::new("f.toml", toml, FerrousOpenCc::builtin()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "f.toml:1: field `to` of `[[fold]]`: more than one character; give one, or none to drop"
    );
}

/// Texts full of what folding changes.
fn hard_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        3 => "[ -~]{1,4}",
        3 => "[\u{4E00}-\u{9FFF}]{1,4}",
        1 => "[\u{FF01}-\u{FFE6}]",
        1 => "[\u{300}-\u{345}]{1,2}",
        1 => "[\u{200B}-\u{200F}\u{FEFF}\u{AD}]{1,2}",
        1 => "[a-zA-Z\u{3B1}-\u{3C9}か-ほ][\u{300}-\u{323}\u{3099}]",
        1 => "[\u{F900}-\u{FAFF}\u{2E80}-\u{2FD5}\u{2000}-\u{206F}\u{2100}-\u{214F}]",
        1 => "[\u{20000}-\u{2FA1D}\u{1D400}-\u{1D7FF}]",
        1 => any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn folding_twice_changes_nothing(text in hard_text()) {
        let once = fold(&text);
        prop_assert_eq!(fold(&once), once);
    }

    #[test]
    fn every_span_of_the_folded_text_is_one_of_the_original_and_comes_back(text in hard_text()) {
        let folded = Folder::builtin().fold(&text);
        let boundaries: Vec<usize> = folded
            .text
            .char_indices()
            .map(|(index, _)| index)
            .chain([folded.text.len()])
            .collect();
        for (from, start) in boundaries.iter().enumerate() {
            for end in boundaries.iter().skip(from + 1) {
                let span = Span::new(*start, *end);
                let original = folded.unfold(span);
                prop_assert!(original.of(&text).is_some(), "{:?} {:?}", span, original);
                prop_assert_eq!(folded.fold(original), span);
                prop_assert_eq!(folded.unfold(folded.fold(original)), original);
                // What stands there folds to what was found.
                prop_assert_eq!(fold(original.of(&text).unwrap()), span.of(&folded.text).unwrap());
            }
        }
    }

    #[test]
    fn a_fold_of_joined_texts_is_the_joined_folds_unless_a_mark_comes_next(a in hard_text(), b in "[a-z\u{4E00}-\u{9FFF}０-９]{1,8}") {
        prop_assert_eq!(fold(&format!("{a}{b}")), fold(&a) + &fold(&b));
    }
}
