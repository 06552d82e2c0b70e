use super::*;

fn segmenter() -> Segmenter {
    Segmenter::new(["英伟达", "黃仁勳", "Nvidia"].map(str::to_owned))
}

fn cut(text: &str) -> String {
    let folded = Folder::builtin().fold(text);
    let words: Vec<&str> = segmenter()
        .tokens(text, &folded.text)
        .into_iter()
        .map(|token| token.span.of(&folded.text).unwrap())
        .collect();
    words.join(" ")
}

#[test]
fn names_stay_whole_in_either_script() {
    assert_eq!(cut("英伟达发布芯片"), "英伟达 发布 芯片");
    assert_eq!(cut("黃仁勳說"), "黄仁勋 说");
    assert_eq!(cut("黄仁勋说"), "黄仁勋 说");
}

#[test]
fn words_are_found_by_phrase_and_stand_in_the_text_folded_by_character() {
    // By phrase 答覆 is 答复, a word of jieba's; by character it stays 答覆.
    assert_eq!(cut("公司答覆。"), "公司 答覆");
    assert_eq!(segmenter().words("公司答覆。"), ["公司", "答复"]);
}

#[test]
fn figures_and_latin_words_are_words() {
    assert_eq!(
        cut("投資１,６５０億元（$16.5B），Nvidia’s H100"),
        "投资 1,650 亿元 16.5B Nvidia’s H100"
    );
}

#[test]
fn lines_do_not_shift_what_follows() {
    assert_eq!(
        cut("第一\r\n\n　ｅ\u{301}第二\u{200B}行"),
        "第一 \u{e9} 第二行"
    );
}

#[test]
fn words_are_in_small_letters() {
    assert_eq!(segmenter().words("NVIDIA 輝達"), ["nvidia", "辉达"]);
}

#[test]
fn a_long_run_without_punctuation_is_cut_in_pieces() {
    let text = "半导体".repeat(5_000);
    let tokens = segmenter().tokens(&text, &text);
    let covered: usize = tokens.iter().map(|token| token.span.len()).sum();
    assert_eq!(covered, text.len());
}

#[test]
fn the_names_of_the_lexicon_are_kept_whole() {
    let lexicon = crate::Lexicon::builtin();
    let segmenter = Segmenter::new(lexicon.names.iter().cloned());
    assert!(
        segmenter
            .words("輝達與英伟达")
            .join(" ")
            .contains("辉达 与 英伟达")
    );
}

#[test]
fn a_long_name_is_cut_into_its_words() {
    let segmenter = Segmenter::new(["台湾积体电路制造".to_owned()]);
    assert!(segmenter.words("台灣積體電路製造").len() > 1);
}

#[test]
fn a_name_made_of_another_and_a_word_is_cut_between_them() {
    let segmenter = Segmenter::new(["华为", "华为海思", "海思"].map(str::to_owned));
    assert_eq!(segmenter.words("华为海思"), ["华为", "海思"]);
}
