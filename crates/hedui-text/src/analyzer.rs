//! From what a page says to an article: everything that reading the text finds, in one pass.

use std::sync::{Arc, LazyLock};

use hedui_model::{
    Article, ArticleKey, ArticleMeta, ContentHash, Lang, Original, Passage, Published, Region,
    Script, SourceId, Span,
};
use jiff::Timestamp;

use crate::convert::FerrousOpenCc;
use crate::fold::Folder;
use crate::language::Languages;
use crate::lexicon::{Lexicon, RegionClues, host_of};
use crate::script::Scripts;
use crate::segment::Segmenter;
use crate::sentence::sentences;
use crate::signature::signature;

/// A text that is to become an article, with what is known of it.
#[derive(Clone, Debug)]
pub struct ArticleInput {
    /// What the article is known by.
    pub key: ArticleKey,
    /// Whose it is.
    pub source: SourceId,
    /// Where it was read.
    pub url: Option<String>,
    /// The language that it declares, as written (`zh-TW`): a hint, which decides only where the text is too short.
    pub lang: Option<String>,
    /// The region that was given with it or with its source.
    pub region: Option<Region>,
    /// When it says that it was published.
    pub published: Option<Published>,
    /// When it was taken in.
    pub seen: Timestamp,
    /// The title, to the letter.
    pub title: String,
    /// The body, to the letter: every span counts in it.
    pub body: String,
    /// Who wrote it.
    pub author: Option<String>,
}

/// The language and script of one line of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParagraphLanguage {
    /// Where the line stands, without its end.
    pub span: Span<Original>,
    /// Its language.
    pub lang: Lang,
    /// Its script, for Chinese, where it can be told.
    pub script: Option<Script>,
}

/// Reads texts. Made once and shared: it holds the dictionaries.
#[derive(Debug)]
pub struct Analyzer {
    lexicon: Arc<Lexicon>,
    segmenter: Segmenter,
    languages: Languages,
    scripts: Scripts,
}

impl Analyzer {
    /// Makes an analyzer that knows the words of `lexicon`.
    ///
    /// This takes some tenths of a second and some ten megabytes: jieba's dictionary is loaded.
    #[must_use]
    pub fn new(lexicon: Arc<Lexicon>) -> Self {
        Analyzer {
            segmenter: Segmenter::new(lexicon.names.iter().cloned()),
            languages: Languages::new(Arc::clone(&lexicon)),
            scripts: Scripts::new(FerrousOpenCc::builtin(), &lexicon.languages),
            lexicon,
        }
    }

    /// Returns the analyzer of the built-in lexicon, which all who ask share.
    #[must_use]
    pub fn builtin() -> Arc<Analyzer> {
        static BUILTIN: LazyLock<Arc<Analyzer>> =
            LazyLock::new(|| Arc::new(Analyzer::new(Lexicon::builtin())));
        Arc::clone(&BUILTIN)
    }

    /// Returns the words that it knows.
    #[must_use]
    pub fn lexicon(&self) -> &Arc<Lexicon> {
        &self.lexicon
    }

    /// Reads an article: its first revision, as far as the text tells.
    #[must_use]
    pub fn article(&self, input: ArticleInput) -> Article {
        let hash = ContentHash::of(&input.title, &input.body);
        let title = self.passage(&input.title);
        let body = self.passage(&input.body);
        let (lang, script) = self.language_of(&title.text, &body.text, input.lang.as_deref());
        let region = input.region.or_else(|| {
            self.lexicon.regions.of(&RegionClues {
                // Many name a source by its host.
                host: match &input.url {
                    Some(url) => host_of(url),
                    None => Some(input.source.as_str()),
                },
                lang,
                script,
                folded: &body.folded,
            })
        });
        // A title alone is an article too, but beside a body it is what copies change first.
        let signed = if body.tokens.is_empty() {
            &title
        } else {
            &body
        };
        let signature = signature([signed.folded.as_str()]);
        Article {
            meta: ArticleMeta {
                key: input.key,
                url: input.url,
                source: input.source,
                lang,
                script,
                region,
                published: input.published,
                seen: input.seen,
                author: input.author,
            },
            revision: 1,
            hash,
            title,
            body,
            signature,
        }
    }

    /// Reads one text: folding, sentences, words.
    #[must_use]
    pub fn passage(&self, text: &str) -> Passage {
        let folded = Folder::builtin().fold(text);
        Passage {
            sentences: sentences(&folded.text, &folded.map, &self.lexicon.sentences),
            tokens: self.segmenter.tokens(text, &folded.text),
            text: text.to_owned(),
            folded: folded.text,
            map: folded.map,
        }
    }

    /// Returns the words of a text, folded by phrase and in small letters, for an index and its queries.
    #[must_use]
    pub fn words(&self, text: &str) -> Vec<String> {
        self.segmenter.words(text)
    }

    /// Returns the language and script of each line that is not blank, for texts in which they mix.
    #[must_use]
    pub fn paragraphs(&self, text: &str) -> Vec<ParagraphLanguage> {
        let mut start = 0;
        let mut found = Vec::new();
        for line in text.split('\n') {
            let span = Span::new(start, start + line.len());
            start += line.len() + 1;
            if line.chars().any(char::is_alphanumeric) {
                let lang = self.languages.of(line, None);
                let script = self.script_of(lang, line);
                found.push(ParagraphLanguage { span, lang, script });
            }
        }
        found
    }

    fn language_of(
        &self,
        title: &str,
        body: &str,
        declared: Option<&str>,
    ) -> (Lang, Option<Script>) {
        let has_body = body.chars().any(char::is_alphabetic);
        let text = if has_body { body } else { title };
        let lang = self.languages.of(text, declared);
        let script = self
            .script_of(lang, text)
            .or_else(|| self.script_of(lang, title));
        (lang, script.or_else(|| declared_script(lang, declared)))
    }

    fn script_of(&self, lang: Lang, text: &str) -> Option<Script> {
        (lang == Lang::Zh).then(|| self.scripts.of(text)).flatten()
    }
}

/// Returns the script that a tag such as `zh-TW` or `zh-Hans` declares, for a Chinese text that does not show its own.
fn declared_script(lang: Lang, declared: Option<&str>) -> Option<Script> {
    let tag = declared.filter(|_| lang == Lang::Zh)?.to_ascii_lowercase();
    tag.split(['-', '_']).find_map(|part| match part {
        "hant" | "tw" | "hk" | "mo" => Some(Script::Hant),
        "hans" | "cn" | "sg" | "my" => Some(Script::Hans),
        _ => None,
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
