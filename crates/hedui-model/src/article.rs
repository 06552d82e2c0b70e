//! A page that was read as a text: language, script, folding, sentences, tokens.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{ArticleKey, ContentHash, Folded, OffsetMap, Original, Published, SourceId, Span};

/// A language that hedui tells apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Lang {
    /// English.
    #[serde(rename = "en")]
    En,
    /// Chinese, whichever script.
    #[serde(rename = "zh")]
    Zh,
    /// Japanese.
    #[serde(rename = "ja")]
    Ja,
    /// Korean.
    #[serde(rename = "ko")]
    Ko,
    /// Another language, or none.
    #[serde(rename = "und")]
    Other,
}

/// A Chinese script.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Script {
    /// Simplified.
    Hans,
    /// Traditional.
    Hant,
}

/// A country or territory by its ISO 3166-1 code: whose dollar, whose 兆.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Region([u8; 2]);

impl Region {
    /// Mainland China.
    pub const CN: Region = Region(*b"CN");
    /// Taiwan.
    pub const TW: Region = Region(*b"TW");
    /// Hong Kong.
    pub const HK: Region = Region(*b"HK");
    /// The United States.
    pub const US: Region = Region(*b"US");

    /// Returns the two capital letters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("")
    }
}

impl FromStr for Region {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.as_bytes() {
            &[first, second] if first.is_ascii_alphabetic() && second.is_ascii_alphabetic() => {
                Ok(Region([
                    first.to_ascii_uppercase(),
                    second.to_ascii_uppercase(),
                ]))
            }
            _ => Err(format!(
                "not a region of two letters: `{}`",
                text.chars().take(20).collect::<String>()
            )),
        }
    }
}

impl TryFrom<String> for Region {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Region> for String {
    fn from(region: Region) -> String {
        region.as_str().to_owned()
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Which text of an article a span points into.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// The title.
    Title,
    /// The body.
    Body,
}

/// A sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sentence {
    /// Where it stands, without white space at the ends.
    pub span: Span<Original>,
    /// Which paragraph (line) of the text it stands in, from 0.
    pub paragraph: u32,
}

/// A word, as segmentation cut it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    /// Where it stands in the folded text.
    pub span: Span<Folded>,
    /// What a dictionary says of it.
    pub class: WordClass,
}

/// What a dictionary says of a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WordClass {
    /// A proper name.
    Name,
    /// A noun.
    Noun,
    /// A verb.
    Verb,
    /// A word of the grammar: an adverb, a preposition, a conjunction, a particle, a pronoun.
    Grammar,
    /// Anything else that the dictionary holds.
    Other,
    /// A Chinese word that it does not hold.
    Strange,
    /// A word in another script, of which it says nothing.
    Foreign,
}

/// A title or a body, with what reading it found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passage {
    /// The text as the source wrote it, to the letter.
    pub text: String,
    /// The text folded character by character, for machines.
    pub folded: String,
    /// The way between the two.
    pub map: OffsetMap,
    /// Sentences, in order.
    pub sentences: Vec<Sentence>,
    /// Words of the folded text, in order; white space and punctuation are no words.
    pub tokens: Vec<Token>,
}

impl Passage {
    /// Returns the index of the sentence in which `span` begins.
    #[must_use]
    pub fn sentence_at(&self, span: Span<Original>) -> Option<usize> {
        let after = self
            .sentences
            .partition_point(|sentence| sentence.span.start() <= span.start());
        let index = after.checked_sub(1)?;
        (self.sentences.get(index)?.span.end() > span.start()).then_some(index)
    }
}

/// A near-duplicate signature: bottom-k sketch of hashed shingles of folded text, sorted.
///
/// Two texts that share most of their wording share most of these numbers, across scripts too.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature(pub Vec<u64>);

/// What is known of an article besides its text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArticleMeta {
    /// What the article is known by.
    pub key: ArticleKey,
    /// Where it was read, or what was given with it.
    pub url: Option<String>,
    /// Whose it is.
    pub source: SourceId,
    /// The language of most of the body.
    pub lang: Lang,
    /// The script, for Chinese, where it can be told.
    pub script: Option<Script>,
    /// The region whose usage decides ambiguous currencies and magnitudes.
    pub region: Option<Region>,
    /// When it says that it was published.
    pub published: Option<Published>,
    /// When it was taken in.
    pub seen: Timestamp,
    /// Who wrote it.
    pub author: Option<String>,
}

impl ArticleMeta {
    /// Returns the language tag shown outside: `en`, `zh-Hans`, `zh-Hant`, `zh`, `ja`, `ko`, `und`.
    #[must_use]
    pub fn lang_tag(&self) -> &'static str {
        match (self.lang, self.script) {
            (Lang::En, _) => "en",
            (Lang::Zh, Some(Script::Hans)) => "zh-Hans",
            (Lang::Zh, Some(Script::Hant)) => "zh-Hant",
            (Lang::Zh, None) => "zh",
            (Lang::Ja, _) => "ja",
            (Lang::Ko, _) => "ko",
            (Lang::Other, _) => "und",
        }
    }

    /// Returns the instant that places the article in time: published, else seen.
    #[must_use]
    pub fn instant(&self) -> Timestamp {
        self.published.map_or(self.seen, Published::instant)
    }
}

/// A page read as a text: one revision of an article.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Article {
    /// What is known of it.
    pub meta: ArticleMeta,
    /// Which revision this is, from 1.
    pub revision: u32,
    /// The hash of title and body.
    pub hash: ContentHash,
    /// The title.
    pub title: Passage,
    /// The body.
    pub body: Passage,
    /// For telling near duplicates.
    pub signature: Signature,
}

impl Article {
    /// Returns the title or the body.
    #[must_use]
    pub fn passage(&self, place: Place) -> &Passage {
        match place {
            Place::Title => &self.title,
            Place::Body => &self.body,
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_region_is_two_letters_in_capitals() {
        assert_eq!("tw".parse::<Region>().unwrap(), Region::TW);
        assert!("TWN".parse::<Region>().is_err());
        assert!("台".parse::<Region>().is_err());
    }

    #[test]
    fn a_span_between_sentences_is_in_none() {
        let sentence = |start, end| Sentence {
            span: Span::new(start, end),
            paragraph: 0,
        };
        let passage = Passage {
            sentences: vec![sentence(0, 5), sentence(7, 9)],
            ..Passage::default()
        };
        assert_eq!(passage.sentence_at(Span::new(4, 6)), Some(0));
        assert_eq!(passage.sentence_at(Span::new(5, 6)), None);
        assert_eq!(passage.sentence_at(Span::new(8, 9)), Some(1));
    }
}
