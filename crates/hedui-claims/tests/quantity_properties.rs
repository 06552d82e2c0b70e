//! What always holds of the quantity reader, whatever the text.

#![allow(clippy::unwrap_used)]

use std::sync::LazyLock;

use hedui_claims::quantity::{QuantityReader, ReadContext};
use hedui_model::{Lang, Quantity, Region};
use hedui_text::{Folder, Lexicon};
use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;

static READER: LazyLock<QuantityReader> = LazyLock::new(|| QuantityReader::new(Lexicon::builtin()));

fn read(text: &str) -> Vec<Quantity> {
    let folded = Folder::builtin().fold(text);
    let context = ReadContext {
        region: Some(Region::TW),
        lang: Lang::Zh,
        reference: Some(jiff::civil::date(2025, 11, 24)),
        hours: true,
        time: Some(jiff::civil::time(9, 30, 0, 0)),
    };
    READER.read(&folded.text, &folded.map, &context)
}

/// What a quantity says, without where it stands.
fn said(text: &str) -> Vec<String> {
    read(text)
        .iter()
        .map(|quantity| {
            let (kind, bound) = (quantity.kind, quantity.bound);
            format!(
                "{kind:?} {bound:?} {:?} {:?} {:?}",
                quantity.interval(),
                quantity.unit,
                quantity.gloss_of
            )
        })
        .collect()
}

/// Pieces that figures are made of, and some that they are not; Traditional and Simplified side by side.
const PIECES: &[(&str, &str)] = &[
    ("165", "165"),
    ("1,650", "1,650"),
    ("3.5", "3.5"),
    ("07", "07"),
    ("2025", "2025"),
    ("10²⁵", "10²⁵"),
    ("½", "½"),
    ("三", "三"),
    ("兩", "两"),
    ("十", "十"),
    ("百", "百"),
    ("千", "千"),
    ("萬", "万"),
    ("億", "亿"),
    ("兆", "兆"),
    ("零", "零"),
    ("點", "点"),
    ("多", "多"),
    ("餘", "余"),
    ("幾", "几"),
    ("數", "数"),
    ("半", "半"),
    ("成", "成"),
    ("百分之", "百分之"),
    ("分之", "分之"),
    ("美元", "美元"),
    ("新臺幣", "新台币"),
    ("元", "元"),
    ("US$", "US$"),
    ("NT$", "NT$"),
    ("%", "%"),
    ("個百分點", "个百分点"),
    ("倍", "倍"),
    ("翻", "翻"),
    ("番", "番"),
    ("增長", "增长"),
    ("GW", "GW"),
    ("百萬瓩", "百万瓩"),
    ("兆瓦", "兆瓦"),
    ("奈米", "奈米"),
    ("度", "度"),
    ("座", "座"),
    ("顆", "颗"),
    ("年", "年"),
    ("月", "月"),
    ("日", "日"),
    ("季", "季"),
    ("年底", "年底"),
    ("今年", "今年"),
    ("去年", "去年"),
    ("民國", "民国"),
    ("第", "第"),
    ("週", "周"),
    ("前", "前"),
    ("後", "后"),
    ("約", "约"),
    ("超過", "超过"),
    ("至少", "至少"),
    ("以上", "以上"),
    ("至", "至"),
    ("到", "到"),
    ("-", "-"),
    ("–", "–"),
    ("~", "~"),
    ("、", "、"),
    ("，", "，"),
    ("(", "("),
    (")", ")"),
    ("（", "（"),
    ("）", "）"),
    ("/", "/"),
    (" ", " "),
    ("\n", "\n"),
    (".", "."),
    ("。", "。"),
    ("每", "每"),
    ("股", "股"),
    ("billion", "billion"),
    ("million", "million"),
    ("bn", "bn"),
    ("twenty", "twenty"),
    ("-five", "-five"),
    ("and", "and"),
    ("half", "half"),
    ("a", "a"),
    ("of", "of"),
    ("third", "third"),
    ("quarter", "quarter"),
    ("March", "March"),
    ("4th", "4th"),
    ("last", "last"),
    ("years", "years"),
    ("ago", "ago"),
    ("per", "per"),
    ("between", "between"),
    ("from", "from"),
    ("more than", "more than"),
    ("H100", "H100"),
    ("GPT-4", "GPT-4"),
    ("電話", "电话"),
    ("Q3", "Q3"),
    ("FY2026", "FY2026"),
    ("\u{200b}", "\u{200b}"),
    ("é", "é"),
    ("e\u{301}", "é"),
    ("😀", "😀"),
    ("Å", "Å"),
    ("e25", "e25"),
    ("^", "^"),
    ("−", "−"),
];

fn pieces() -> impl Strategy<Value = Vec<usize>> {
    prop::collection::vec(0..PIECES.len(), 0..24)
}

fn join(pieces: &[usize], traditional: bool) -> String {
    pieces
        .iter()
        .filter_map(|index| PIECES.get(*index))
        .map(|piece| if traditional { piece.0 } else { piece.1 })
        .collect()
}

/// ASCII digits, letters and signs in full width.
fn widened(text: &str) -> String {
    let wide = |character: char| match character {
        '!'..='~' => char::from_u32(character as u32 + 0xFEE0).unwrap(),
        other => other,
    };
    text.chars().map(wide).collect()
}

/// Digits and letters in full width, signs as they are: how Taiwan's press sets Latin words and figures.
fn widened_words(text: &str) -> String {
    let wide = |character: char| match character {
        '0'..='9' | 'a'..='z' | 'A'..='Z' | '%' | '$' => {
            char::from_u32(character as u32 + 0xFEE0).unwrap()
        }
        other => other,
    };
    text.chars().map(wide).collect()
}

/// Sentences with letters that Unicode writes in two ways: one character, or a letter and its mark.
const ACCENTED: &[&str] = &[
    "Élysée pledges €{} billion for São Paulo",
    "Nestlé and Citroën invest {} million Swiss francs",
    "Škoda's naïve forecast: {}% in Zürich",
    "ポケモン投資{}億円、ガンダムは{}%",
    "삼성전자 {}조원, 현대차 {}억 달러",
    "Ångström {} nm, Peña Nieto {} GW",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn full_width_digits_and_letters_say_the_same(pieces in pieces()) {
        let text = join(&pieces, false);
        prop_assert_eq!(said(&widened_words(&text)), said(&text), "{}", text);
    }

    #[test]
    fn composed_and_decomposed_say_the_same(
        sentence in 0..ACCENTED.len(), value in "[1-9][0-9]{0,3}(\\.[0-9])?", pieces in pieces(),
    ) {
        let text = ACCENTED[sentence].replace("{}", &value) + &join(&pieces, true);
        let composed: String = text.nfc().collect();
        let decomposed: String = text.nfd().collect();
        prop_assert_eq!(said(&composed), said(&decomposed), "{}", text);
        for quantity in read(&decomposed) {
            prop_assert!(quantity.span.of(&decomposed).is_some_and(|text| !text.is_empty()));
        }
    }

    #[test]
    fn spans_lie_on_characters_of_the_original_and_in_order(pieces in pieces()) {
        let text = join(&pieces, true);
        let found = read(&text);
        let mut before = 0;
        for (index, quantity) in found.iter().enumerate() {
            prop_assert!(quantity.span.of(&text).is_some_and(|text| !text.is_empty()), "{text:?}");
            prop_assert!(quantity.hedged_span.of(&text).is_some());
            prop_assert!(quantity.hedged_span.contains(quantity.span));
            prop_assert!(quantity.span.start() >= before, "{text:?}");
            prop_assert!(quantity.gloss_of.is_none_or(|target| (target as usize) < index));
            before = quantity.span.start();
        }
    }

    #[test]
    fn any_text_is_read(text in "\\PC{0,60}") {
        read(&text);
    }

    #[test]
    fn full_width_says_the_same(pieces in pieces()) {
        let text = join(&pieces, false);
        prop_assert_eq!(said(&widened(&text)), said(&widened(&widened(&text))));
        let folded = Folder::builtin().fold(&widened(&text)).text;
        if folded == Folder::builtin().fold(&text).text {
            prop_assert_eq!(said(&widened(&text)), said(&text), "{}", text);
        }
    }

    #[test]
    fn both_scripts_say_the_same(pieces in pieces()) {
        let (traditional, simplified) = (join(&pieces, true), join(&pieces, false));
        prop_assert_eq!(said(&traditional), said(&simplified), "{}", traditional);
    }

    #[test]
    fn an_explained_reading_is_the_same_reading(pieces in pieces()) {
        let text = join(&pieces, true);
        let folded = Folder::builtin().fold(&text);
        let context = ReadContext::default();
        let plain = READER.read(&folded.text, &folded.map, &context);
        let explained = READER.read_explained(&folded.text, &folded.map, &context);
        prop_assert_eq!(plain.len(), explained.len());
        for (quantity, (other, why)) in plain.iter().zip(&explained) {
            prop_assert_eq!(quantity, other);
            prop_assert!(!why.rules.is_empty());
        }
    }
}

/// Hostile runs of one kind: the reader comes back, which it would not if its time grew with the square.
#[test]
fn long_runs_are_read_in_linear_time() {
    for unit in [
        "7",
        "1,",
        "(",
        "GW",
        "一",
        "百",
        "一百万",
        "1-",
        "$",
        "of ",
        "2025",
        "/1",
        "¹",
        "第",
        "翻",
        "上",
        "每",
        "1、",
        "a ",
        "and a half ",
        "one in ",
        "one over ",
        "1 over ",
        "一又",
        "三分二",
        "一点",
        "1\"",
        "3 km, ",
        "one hundred and ",
        "每百万",
        "rose from 5 to ",
        "12/15/",
    ] {
        read(&unit.repeat(400_000 / unit.len()));
    }
}
