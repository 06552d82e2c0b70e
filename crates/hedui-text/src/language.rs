//! Tells the language of a text: by its letters first, then by function words, then by lingua.
//!
//! Letters go first because statistics of letters mislead where languages mix:
//! lingua alone takes `ASML光刻机` for English, and Japanese without kana for Chinese.

use std::fmt;
use std::sync::Arc;

use hedui_model::Lang;
use lingua::{Language, LanguageDetector, LanguageDetectorBuilder};

use crate::lexicon::Lexicon;
use crate::runs::{RunKind, kind_of, runs};

/// How many characters of a text are looked at where words count; letters count in all of it.
const SAMPLE_CHARS_MAX: usize = 6_000;
/// Below this weight a text is too short to contradict what was declared.
const SHORT_WEIGHT: usize = 60;

/// Tells languages apart. Made once and shared: lingua's models are part of the program and loaded on first use.
pub struct Languages {
    lexicon: Arc<Lexicon>,
    detector: LanguageDetector,
}

/// Letters of a text by kind.
#[derive(Clone, Copy, Debug, Default)]
struct Letters {
    han: usize,
    /// Han characters that only Japanese has.
    japanese_han: usize,
    kana: usize,
    /// The kana that grammar is written with; the others write brands too.
    hiragana: usize,
    hangul: usize,
    latin: usize,
    /// Latin letters that English does not have.
    accented: usize,
    other: usize,
}

/// Words of a text's sample by whose function words they are.
#[derive(Clone, Copy, Debug, Default)]
struct Words {
    all: usize,
    english: usize,
    other: usize,
}

impl Languages {
    /// Makes a detector.
    #[must_use]
    pub fn new(lexicon: Arc<Lexicon>) -> Self {
        let languages = [
            Language::Chinese,
            Language::English,
            Language::Japanese,
            Language::Korean,
        ];
        Languages {
            lexicon,
            detector: LanguageDetectorBuilder::from_languages(&languages).build(),
        }
    }

    /// Returns the language of most of `text`.
    ///
    /// `declared` is a tag such as `zh-TW`: it decides where the text has too few letters to tell, and only for a
    /// language that can be written in the letters found.
    #[must_use]
    pub fn of(&self, text: &str, declared: Option<&str>) -> Lang {
        let letters = self.count_letters(text);
        let declared = declared.and_then(language_of_tag);
        if letters.weight() < SHORT_WEIGHT
            && let Some(declared) = declared
            && letters.could_be(declared)
        {
            return declared;
        }
        let east = letters.eastern_weight();
        if letters.other > letters.latin && letters.other > east {
            return Lang::Other;
        }
        if east == 0 && letters.latin == 0 {
            return Lang::Other;
        }
        // A Chinese text may be half of English names, an English one has a Chinese name or two in brackets.
        if east >= letters.latin {
            return letters.eastern_language();
        }
        if east.saturating_mul(5) < letters.latin {
            return self.latin_language(text, &letters);
        }
        if self.count_words(text).english > 0 {
            return Lang::En;
        }
        match self.detector.detect_language_of(sample(text)) {
            Some(Language::English) if east.saturating_mul(2) < letters.latin => Lang::En,
            _ => letters.eastern_language(),
        }
    }

    fn count_letters(&self, text: &str) -> Letters {
        let mut letters = Letters::default();
        for character in text.chars() {
            match kind_of(character) {
                Some(RunKind::Han) => {
                    letters.han += 1;
                    let owner = self.lexicon.languages.language_of_character(character);
                    letters.japanese_han += usize::from(owner == Some(Lang::Ja));
                }
                Some(RunKind::Kana) => {
                    letters.kana += 1;
                    letters.hiragana +=
                        usize::from(matches!(u32::from(character), 0x3041..=0x309F));
                }
                Some(RunKind::Hangul) => letters.hangul += 1,
                Some(RunKind::Word) if character.is_ascii_alphabetic() => letters.latin += 1,
                Some(RunKind::Word) if is_latin(character) => {
                    letters.latin += 1;
                    letters.accented += 1;
                }
                Some(RunKind::Word) if character.is_alphabetic() => letters.other += 1,
                Some(RunKind::Word) | None => {}
            }
        }
        letters
    }

    /// Tells English from other languages in Latin letters.
    fn latin_language(&self, text: &str, letters: &Letters) -> Lang {
        let words = self.count_words(text);
        if words.other > words.english && words.other >= 2 {
            return Lang::Other;
        }
        // A language whose function words are in no row still has its own letters.
        let accents = letters.accented.saturating_mul(50) >= letters.latin && letters.accented > 2;
        if accents && words.english.saturating_mul(7) < words.all {
            return Lang::Other;
        }
        if words.english > 0 {
            return Lang::En;
        }
        match self.detector.detect_language_of(sample(text)) {
            Some(Language::English) => Lang::En,
            _ => Lang::Other,
        }
    }

    fn count_words(&self, text: &str) -> Words {
        let sample = sample(text);
        let mut words = Words::default();
        for run in runs(sample).filter(|run| run.kind == RunKind::Word) {
            let Some(word) = sample.get(run.range) else {
                continue;
            };
            words.all += 1;
            match self
                .lexicon
                .languages
                .language_of_word(&word.to_lowercase())
            {
                Some(Lang::En) => words.english += 1,
                Some(_) => words.other += 1,
                None => {}
            }
        }
        words
    }
}

impl fmt::Debug for Languages {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Languages")
    }
}

impl Letters {
    /// Weighs Han, kana and hangul in Latin letters: a word takes two of them, or five.
    fn eastern_weight(self) -> usize {
        (self.han + self.kana + self.hangul).saturating_mul(5) / 2
    }

    fn weight(self) -> usize {
        self.eastern_weight() + self.latin + self.other
    }

    fn eastern_language(self) -> Lang {
        if self.hangul > self.han.max(self.kana) {
            return Lang::Ko;
        }
        // A Japanese brand in a Chinese text has some katakana, a Japanese headline has few kana.
        let share = if self.hiragana > 0 { 16 } else { 5 };
        let kana = self.kana > 0 && self.kana.saturating_mul(share) >= self.han;
        let own_characters =
            self.japanese_han > 1 && self.japanese_han.saturating_mul(16) >= self.han;
        if kana || own_characters {
            Lang::Ja
        } else {
            Lang::Zh
        }
    }

    fn could_be(self, lang: Lang) -> bool {
        let east = self.han + self.kana + self.hangul;
        match lang {
            Lang::Zh => self.han > 0 && self.kana == 0 && self.hangul == 0,
            Lang::Ja => self.han + self.kana > 0 && self.hangul == 0,
            Lang::Ko => self.hangul > 0,
            Lang::En => self.latin > 0 && east == 0 && self.other == 0,
            Lang::Other => self.latin + self.other > 0 && east == 0,
        }
    }
}

/// Returns the language that a tag such as `zh-TW`, `en_US` or `ja` names; nothing for a tag that is not one.
fn language_of_tag(tag: &str) -> Option<Lang> {
    let primary = tag.trim().split(['-', '_']).next()?.to_ascii_lowercase();
    match primary.as_str() {
        "en" | "eng" => Some(Lang::En),
        "zh" | "zho" | "chi" | "cmn" | "yue" => Some(Lang::Zh),
        "ja" | "jpn" => Some(Lang::Ja),
        "ko" | "kor" => Some(Lang::Ko),
        "" | "und" | "mul" | "x" => None,
        _ => (primary.len() <= 3 && primary.bytes().all(|byte| byte.is_ascii_alphabetic()))
            .then_some(Lang::Other),
    }
}

fn is_latin(character: char) -> bool {
    matches!(u32::from(character), 0xC0..=0x24F | 0x1E00..=0x1EFF) && character.is_alphabetic()
}

fn sample(text: &str) -> &str {
    let end = text.char_indices().nth(SAMPLE_CHARS_MAX);
    end.and_then(|(index, _)| text.get(..index)).unwrap_or(text)
}
