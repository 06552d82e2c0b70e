use proptest::prelude::*;

use super::*;

fn input(url: Option<&str>, lang: Option<&str>, title: &str, body: &str) -> ArticleInput {
    ArticleInput {
        key: "a-1".parse().unwrap(),
        source: "wire".parse().unwrap(),
        url: url.map(str::to_owned),
        lang: lang.map(str::to_owned),
        region: None,
        published: "2025-03-04".parse().ok(),
        seen: Timestamp::UNIX_EPOCH,
        title: title.to_owned(),
        body: body.to_owned(),
        author: None,
    }
}

fn read(url: Option<&str>, lang: Option<&str>, title: &str, body: &str) -> Article {
    Analyzer::builtin().article(input(url, lang, title, body))
}

#[test]
fn an_article_keeps_its_text_to_the_letter() {
    let body = "  第一段，投資５億元。\r\n\r\n第二段\u{200B}。 ";
    let article = read(None, None, "標題", body);
    assert_eq!(article.body.text, body);
    let sentences: Vec<&str> = article
        .body
        .sentences
        .iter()
        .filter_map(|sentence| sentence.span.of(body))
        .collect();
    assert_eq!(sentences, ["第一段，投資５億元。", "第二段\u{200B}。"]);
    assert_eq!(article.body.sentences[1].paragraph, 2);
    assert_eq!(article.revision, 1);
}

#[test]
fn detection_decides_unless_the_text_is_too_short() {
    let english = "The ministry said on Monday that it will spend 5 billion on chips, and more may follow later this year.";
    assert_eq!(read(None, Some("zh-TW"), "", english).meta.lang, Lang::En);
    let short = read(None, Some("zh-HK"), "", "台股");
    assert_eq!(
        (short.meta.lang, short.meta.script),
        (Lang::Zh, Some(Script::Hant))
    );
    assert_eq!(read(None, Some("en"), "", "台股").meta.lang, Lang::Zh);
}

#[test]
fn a_region_that_was_given_goes_before_the_host() {
    let mut given = input(
        Some("https://www.example.tw/1"),
        None,
        "",
        "營收五億元，較去年成長",
    );
    assert_eq!(
        Analyzer::builtin().article(given.clone()).meta.region,
        Some(Region::TW)
    );
    given.region = Some(Region::HK);
    assert_eq!(
        Analyzer::builtin().article(given).meta.region,
        Some(Region::HK)
    );
}

#[test]
fn an_article_may_be_empty() {
    let article = read(None, None, "", "");
    assert_eq!(article.meta.lang, Lang::Other);
    assert!(article.body.sentences.is_empty() && article.body.tokens.is_empty());
    assert!(article.signature.0.is_empty());
}

#[test]
fn paragraphs_have_languages_of_their_own() {
    let text = "台積電公布營收。\n\nThe company said revenue rose.\n台积电公布营收。";
    let found: Vec<(Lang, Option<Script>)> = Analyzer::builtin()
        .paragraphs(text)
        .into_iter()
        .map(|paragraph| (paragraph.lang, paragraph.script))
        .collect();
    assert_eq!(
        found,
        [
            (Lang::Zh, Some(Script::Hant)),
            (Lang::En, None),
            (Lang::Zh, Some(Script::Hans)),
        ]
    );
}

#[test]
fn tokens_lie_on_the_folded_text_in_order() {
    let body =
        "輝達（Nvidia）執行長黃仁勳說，答覆\u{FE0F}已於３月１日送出。\nPre\u{301}cis of U.S. rules";
    let passage = Analyzer::builtin().passage(body);
    let mut end = 0;
    for token in &passage.tokens {
        assert!(token.span.start() >= end && token.span.of(&passage.folded).is_some());
        assert!(passage.map.to_original(token.span).of(body).is_some());
        end = token.span.end();
    }
    assert!(passage.tokens.len() > 12);
}

fn hostile_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("e\u{301}\u{200B}".to_owned()),
        Just("“答覆。”".to_owned()),
        Just("U.S. Inc. 3.5 \"No.\" ".to_owned()),
        Just("\r\n".to_owned()),
        "[。！？!?；.'\"”」 ]{1,5}",
        "[\u{4E00}-\u{9FFF}]{1,6}",
        "[\u{20000}-\u{2A6DF}\u{F900}-\u{FAFF}]",
        "[ -~]{1,8}",
        "[あ-ん가-힣]{1,4}",
        any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..30).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn sentences_and_words_lie_in_order_on_characters(text in hostile_text()) {
        let passage = Analyzer::builtin().passage(&text);
        let mut end = 0;
        for sentence in &passage.sentences {
            let piece = sentence.span.of(&text);
            prop_assert!(sentence.span.start() >= end && piece.is_some());
            prop_assert_eq!(piece.map(str::trim), piece);
            let before = text.get(..sentence.span.start()).unwrap();
            prop_assert_eq!(before.matches('\n').count(), sentence.paragraph as usize);
            end = sentence.span.end();
        }
        let mut end = 0;
        for token in &passage.tokens {
            prop_assert!(token.span.start() >= end && !token.span.is_empty());
            prop_assert!(token.span.of(&passage.folded).is_some());
            prop_assert!(passage.map.to_original(token.span).of(&text).is_some());
            end = token.span.end();
        }
        prop_assert_eq!(Analyzer::builtin().words(&text).len(), passage.tokens.len());
    }

    #[test]
    fn every_letter_lies_in_a_sentence(text in hostile_text()) {
        let passage = Analyzer::builtin().passage(&text);
        for token in &passage.tokens {
            let span = passage.map.to_original(token.span);
            prop_assert!(passage.sentence_at(span).is_some(), "{:?} in {:?}", span, text);
        }
    }
}
