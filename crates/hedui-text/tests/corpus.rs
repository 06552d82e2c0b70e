//! Runs `tests/corpus/text/*.toml` through the public interface.

#![allow(clippy::unwrap_used)]

use hedui_model::Lang;
use hedui_text::{Analyzer, Converter, FerrousOpenCc, Folder, Languages, Lexicon, Segmenter};
use serde::Deserialize;
use serde::de::DeserializeOwned;

#[derive(Deserialize)]
struct Corpus<T> {
    case: Vec<T>,
}

fn cases<T: DeserializeOwned>(file: &str) -> Vec<T> {
    let path = format!(
        "{}/../../tests/corpus/text/{file}",
        env!("CARGO_MANIFEST_DIR")
    );
    let text = std::fs::read_to_string(&path).unwrap();
    let corpus: Corpus<T> = toml::from_str(&text).unwrap_or_else(|error| panic!("{file}: {error}"));
    assert!(!corpus.case.is_empty());
    corpus.case
}

#[derive(Deserialize)]
struct Conversion {
    hant: String,
    hans: String,
}

#[test]
fn conversion_goes_by_phrase() {
    for case in cases::<Conversion>("conversion.toml") {
        assert_eq!(
            FerrousOpenCc::builtin().t2s(&case.hant),
            case.hans,
            "{}",
            case.hant
        );
        assert_eq!(
            FerrousOpenCc::builtin().t2s(&case.hans),
            case.hans,
            "Simplified stays: {}",
            case.hans
        );
        assert_eq!(case.hant.chars().count(), case.hans.chars().count());
    }
}

#[cfg(feature = "opencc-native")]
#[test]
fn both_converters_agree() {
    let native = hedui_text::NativeOpenCc::new().unwrap();
    let ours = FerrousOpenCc::builtin();
    let mut texts: Vec<String> = cases::<Conversion>("conversion.toml")
        .into_iter()
        .flat_map(|case| [case.hant, case.hans])
        .collect();
    texts.extend(
        cases::<Fold>("folding.toml")
            .into_iter()
            .map(|case| case.text),
    );
    texts.extend(
        cases::<Sentences>("sentences.toml")
            .into_iter()
            .map(|case| case.text),
    );
    for text in texts {
        assert_eq!(ours.t2s(&text), native.t2s(&text), "t2s of {text}");
        assert_eq!(ours.s2t(&text), native.s2t(&text), "s2t of {text}");
    }
}

#[derive(Deserialize)]
struct Fold {
    name: String,
    text: String,
    folded: String,
}

#[test]
fn folding_goes_by_character() {
    for case in cases::<Fold>("folding.toml") {
        let folded = Folder::builtin().fold(&case.text);
        assert_eq!(folded.text, case.folded, "{}", case.name);
        assert_eq!(
            Folder::builtin().fold(&folded.text).text,
            folded.text,
            "twice: {}",
            case.name
        );
    }
}

#[derive(Deserialize)]
struct Sentences {
    name: String,
    text: String,
    sentences: Vec<String>,
}

#[test]
fn sentences_end_where_they_should() {
    let analyzer = Analyzer::builtin();
    for case in cases::<Sentences>("sentences.toml") {
        let passage = analyzer.passage(&case.text);
        let found: Vec<&str> = passage
            .sentences
            .iter()
            .filter_map(|sentence| sentence.span.of(&case.text))
            .collect();
        assert_eq!(found, case.sentences, "{}", case.name);
    }
}

#[derive(Deserialize)]
struct Language {
    text: String,
    declared: Option<String>,
    lang: Lang,
    script: Option<String>,
}

#[test]
fn languages_are_told() {
    let analyzer = Analyzer::builtin();
    let languages = Languages::new(Lexicon::builtin());
    for case in cases::<Language>("languages.toml") {
        let lang = languages.of(&case.text, case.declared.as_deref());
        assert_eq!(lang, case.lang, "{}", case.text);
        if let (Some(script), None) = (case.script, case.declared) {
            let paragraphs = analyzer.paragraphs(&case.text);
            let found = paragraphs.first().and_then(|paragraph| paragraph.script);
            assert_eq!(
                format!("{found:?}"),
                format!("Some({})", capitalised(&script)),
                "{}",
                case.text
            );
        }
    }
}

fn capitalised(script: &str) -> &str {
    if script == "hans" { "Hans" } else { "Hant" }
}

#[derive(Deserialize)]
struct Words {
    #[serde(default)]
    names: Vec<String>,
    text: String,
    words: String,
}

#[test]
fn texts_are_cut_into_words() {
    for case in cases::<Words>("words.toml") {
        let segmenter = Segmenter::new(case.names);
        assert_eq!(segmenter.words(&case.text).join(" "), case.words);
    }
}
