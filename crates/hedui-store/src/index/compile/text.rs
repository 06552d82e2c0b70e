//! Words, phrases, names and patterns in titles and bodies.

use std::sync::Arc;

use hedui_model::Place;
use tantivy::Term;
use tantivy::query::{EmptyQuery, FuzzyTermQuery, PhraseQuery, RegexQuery, TermQuery};
use tantivy::schema::{Field, IndexRecordOption};

use super::fields::exact_query;
use super::{
    Compiled, Compiler, all_of, any_of, bare_word, boosted, filter, ranked, scored, text_term,
};
use crate::index::chars::{is_cjk, is_latin, pairs_of};
use crate::index::document::fold_key;
use crate::index::error::SearchError;
use crate::index::highlight::Pattern;
use crate::index::latin;
use crate::index::near::{NearQuery, Nearness};
use crate::index::schema::TextFields;
use crate::index::script::spellings;
use crate::query::{At, Names, Node, QueryError, QueryErrorKind, Text, Within};

/// The longest phrase that is looked for.
const PHRASE_CHARS_MAX: usize = 512;

/// Bare words of so many Han characters or fewer are looked for as they are, not cut into words.
const WHOLE_CHARS_MAX: usize = 3;

/// Bare words in a row that may be one name.
const NAME_WORDS_MAX: usize = 6;

/// What ends a sentence or part of one says nothing at the end of a bare word.
const SENTENCE_MARKS: &[char] = &[
    '.', ',', ';', ':', '!', '?', '。', '，', '；', '：', '！', '？', '、', '…',
];

impl Compiler<'_> {
    pub(super) fn text(
        &mut self,
        within: Within,
        text: &Text,
        at: At,
    ) -> Result<Compiled, SearchError> {
        let is_long = |text: &str| text.chars().count() > PHRASE_CHARS_MAX;
        if let Text::Word(text) | Text::Name(text) | Text::Phrase(text) = text
            && is_long(text)
        {
            return Err(QueryError::new(at, QueryErrorKind::PhraseLong(PHRASE_CHARS_MAX)).into());
        }
        match text {
            Text::Word(word) => self.word(within, word),
            Text::Name(name) => Ok(self.name(within, name)),
            Text::Phrase(phrase) => Ok(self.phrase(within, phrase)),
            Text::Pattern(pattern) => self.pattern(within, pattern, at),
            Text::Fuzzy { word, edits } => self.fuzzy(within, word, *edits, at),
            Text::Near {
                first,
                second,
                between_max,
            } => Ok(self.near(within, [first, second], *between_max)),
        }
    }

    /// Finds characters in this order.
    fn phrase(&mut self, within: Within, text: &str) -> Compiled {
        let spellings = spellings(text);
        let deciding = self.phrases(within, &spellings);
        for chars in spellings {
            self.mark(within, Pattern::Phrase(chars));
        }
        let ranking = self.rank_words(within, &self.words.words(text));
        ranked(deciding, ranking)
    }

    /// Finds a bare word, with its inflections or its other names.
    fn word(&mut self, within: Within, word: &str) -> Result<Compiled, SearchError> {
        let trimmed = word.trim_matches(SENTENCE_MARKS);
        let plain = if trimmed.is_empty() { word } else { trimmed };
        // A full stop may belong to a name: `U.S.`.
        for form in [word, plain] {
            let names = self.vocabulary.aliases.entities(form);
            if !names.is_empty() {
                let mut found = self.names_of(within, &names);
                if is_small_abbreviation(form, &names) {
                    // In small letters it may be the name or a word: `who`, `us`.
                    found.push(self.plain_word(within, form));
                } else if !is_among(form, &names) {
                    found.push(self.name(within, form));
                }
                return Ok(any_of(found));
            }
        }
        let word = plain;
        let is_short = word.chars().nth(WHOLE_CHARS_MAX).is_none();
        if !word.chars().any(is_cjk) || (is_short && word.chars().all(is_cjk)) {
            return Ok(self.plain_word(within, word));
        }
        // A longer Han text without spaces: all its words, wherever they stand.
        let mut parts = Vec::new();
        for part in self.parts(word) {
            let names = self.vocabulary.aliases.entities(&part);
            let mut found = self.names_of(within, &names);
            if !is_among(&part, &names) {
                found.push(self.name(within, &part));
            }
            parts.push(any_of(found));
        }
        Ok(all_of(parts))
    }

    /// Finds a word that is not to be taken apart.
    fn plain_word(&mut self, within: Within, word: &str) -> Compiled {
        let words = self.words.words(word);
        if word.chars().any(is_cjk) || words.is_empty() {
            return self.phrase(within, word);
        }
        let [only] = words.as_slice() else {
            return self.name(within, word);
        };
        let form = latin::index_form(only);
        let Some(stem) = latin::stem(&form) else {
            return self.name(within, word);
        };
        self.mark(within, Pattern::Stem(stem.clone()));
        let found = any_of(
            self.texts(within)
                .into_iter()
                .map(|(fields, boost)| boosted(ranking_term(fields.stems, &stem), boost))
                .collect(),
        );
        // Signs that are no part of the word (`C++`, `$TSM`) have to be there too.
        if fold_key(word) == *only {
            return found;
        }
        all_of(vec![found, self.phrase(within, word)])
    }

    /// Finds one name and no other: whole words of it where it is Latin.
    fn name(&mut self, within: Within, name: &str) -> Compiled {
        let words: Vec<String> = self
            .words
            .words(name)
            .iter()
            .map(|word| latin::index_form(word))
            .collect();
        if name.chars().any(is_cjk) || words.is_empty() {
            return self.phrase(within, name);
        }
        self.mark_name(within, name);
        let whole = self.texts(within).into_iter().map(|(fields, boost)| {
            let words = words.iter().enumerate();
            let terms = words.map(|(offset, word)| (offset, text_term(fields.words, word)));
            boosted(
                term_phrase(terms.collect(), IndexRecordOption::WithFreqs),
                boost,
            )
        });
        let whole = any_of(whole.collect());
        if words.len() == 1 && words.first() == Some(&fold_key(name)) {
            return whole;
        }
        let as_written = self.phrases(within, &spellings(name));
        all_of(vec![whole, filter(as_written)])
    }

    /// Finds an abbreviation in its capitals: `US` is not `us`.
    fn abbreviation(&mut self, within: Within, name: &str) -> Compiled {
        self.mark(within, Pattern::Capitals(name.to_owned()));
        let found = self
            .texts(within)
            .into_iter()
            .map(|(fields, boost)| boosted(ranking_term(fields.words, name), boost));
        any_of(found.collect())
    }

    fn names_of(&mut self, within: Within, entities: &[Names]) -> Vec<Compiled> {
        let mut found = Vec::new();
        for entity in entities {
            for name in &entity.names {
                found.push(if latin::is_abbreviation(name) {
                    self.abbreviation(within, name)
                } else {
                    self.name(within, name)
                });
            }
            if within == Within::Anywhere {
                let canonical = exact_query(self.fields.entity, &fold_key(&entity.canonical));
                found.push(scored(canonical, 1.0));
            }
        }
        found
    }

    /// Finds any name of these entities, one condition of the query.
    pub(super) fn names(
        &mut self,
        within: Within,
        entities: &[Names],
    ) -> Result<Compiled, SearchError> {
        self.condition += 1;
        Ok(any_of(self.names_of(within, entities)))
    }

    /// Looks for a name made of this bare word and the next ones, the longest first; tells how many of the next it has.
    pub(super) fn long_name(&self, node: &Node, after: &[Node]) -> Option<(Vec<Names>, usize)> {
        let mut end = node.at.end;
        let mut words = vec![bare_word(node)?];
        for next in after.iter().take(NAME_WORDS_MAX - 1) {
            let Some(word) = bare_word(next).filter(|_| next.at.start == end + 1) else {
                break;
            };
            words.push(word);
            end = next.at.end;
        }
        (2..=words.len()).rev().find_map(|count| {
            let name = words.get(..count)?.join(" ");
            let names = self.vocabulary.aliases.entities(&name);
            (!names.is_empty()).then_some((names, count - 1))
        })
    }

    /// Cuts a bare word with Han characters into what has to be found.
    ///
    /// Names stay whole even where segmentation does not know them, and figures stay with what they count.
    fn parts(&self, word: &str) -> Vec<String> {
        let cuts = placed(&fold_key(word), self.words.words(word));
        let mut parts = Vec::new();
        let mut rest = cuts.as_slice();
        while let Some((first, after)) = rest.split_first() {
            let used = self.name_at(rest).unwrap_or_else(|| match after.first() {
                Some(next) if first.is_figure() && first.end == Some(next.start) => 2,
                _ => 1,
            });
            let (part, after) = rest.split_at_checked(used).unwrap_or((rest, &[]));
            parts.push(part.iter().map(|cut| cut.word.as_str()).collect());
            rest = after;
        }
        if parts.is_empty() {
            parts.push(word.to_owned());
        }
        parts
    }

    /// Counts the cuts at the start that make one name, the longest that there is.
    fn name_at(&self, cuts: &[Cut]) -> Option<usize> {
        let joined = 1 + cuts
            .windows(2)
            .take(NAME_WORDS_MAX - 1)
            .take_while(|pair| matches!(pair, [left, right] if left.end == Some(right.start)))
            .count();
        (2..=joined).rev().find(|&count| {
            let name: String = cuts
                .iter()
                .take(count)
                .map(|cut| cut.word.as_str())
                .collect();
            !self.vocabulary.aliases.entities(&name).is_empty()
        })
    }

    fn pattern(&mut self, within: Within, pattern: &str, at: At) -> Result<Compiled, SearchError> {
        let error = || SearchError::from(QueryError::new(at, QueryErrorKind::Pattern));
        let pattern = fold_key(pattern);
        let letters = pattern.trim_matches('*');
        if pattern.chars().any(is_cjk) {
            // Characters are found anywhere, so a star at either end changes nothing.
            if letters.contains('*') {
                return Err(error());
            }
            return Ok(self.phrase(within, letters));
        }
        if !pattern.chars().all(|next| next == '*' || is_latin(next)) {
            return Err(error());
        }
        self.mark(within, Pattern::Glob(pattern.clone()));
        let regex = latin::regex_of(&pattern);
        let mut found = Vec::new();
        for (fields, boost) in self.texts(within) {
            let query = RegexQuery::from_pattern(&regex, fields.words).map_err(|_| error())?;
            found.push(scored(Box::new(query), boost));
        }
        Ok(any_of(found))
    }

    fn fuzzy(
        &mut self,
        within: Within,
        word: &str,
        edits: u8,
        at: At,
    ) -> Result<Compiled, SearchError> {
        let word = fold_key(word);
        if !word.chars().all(is_latin) {
            return Err(QueryError::new(at, QueryErrorKind::Fuzzy).into());
        }
        self.mark(within, Pattern::Fuzzy(word.clone(), usize::from(edits)));
        let found = self.texts(within).into_iter().map(|(fields, boost)| {
            let query = FuzzyTermQuery::new(text_term(fields.words, &word), edits, true);
            scored(Box::new(query), boost)
        });
        Ok(any_of(found.collect()))
    }

    fn near(&mut self, within: Within, sides: [&str; 2], between_max: u32) -> Compiled {
        let [first, second] = sides.map(|side| {
            let entities = self.vocabulary.aliases.entities(side);
            let names = entities
                .iter()
                .flat_map(|names| names.names.iter().map(String::as_str));
            let mut spelled: Vec<Vec<char>> = names.chain([side]).flat_map(spellings).collect();
            spelled.sort();
            spelled.dedup();
            spelled
        });
        for chars in first.iter().chain(&second) {
            self.mark(within, Pattern::Word(chars.clone()));
        }
        let places = match within {
            Within::Anywhere => vec![(Within::Title, Place::Title), (Within::Body, Place::Body)],
            Within::Title => vec![(Within::Title, Place::Title)],
            Within::Body => vec![(Within::Body, Place::Body)],
        };
        let both = places.iter().map(|(place, _)| {
            all_of(vec![
                self.phrases(*place, &first),
                self.phrases(*place, &second),
            ])
        });
        let inner = any_of(both.collect());
        let nearness = Nearness {
            first,
            second,
            between_max: usize::try_from(between_max).unwrap_or(usize::MAX),
            places: places.into_iter().map(|(_, place)| place).collect(),
        };
        scored(
            Box::new(NearQuery {
                inner,
                nearness: Arc::new(nearness),
                fields: *self.fields,
            }),
            1.0,
        )
    }

    /// Finds any of the phrases.
    fn phrases(&self, within: Within, phrases: &[Vec<char>]) -> Compiled {
        let found = self
            .texts(within)
            .into_iter()
            .flat_map(|(fields, _)| phrases.iter().map(move |chars| char_phrase(&fields, chars)));
        filter(any_of(found.collect()))
    }

    /// Ranks by words.
    fn rank_words(&self, within: Within, words: &[String]) -> Vec<Compiled> {
        let words: Vec<String> = words.iter().map(|word| latin::index_form(word)).collect();
        self.texts(within)
            .into_iter()
            .flat_map(|(fields, boost)| {
                words
                    .iter()
                    .map(move |word| boosted(ranking_term(fields.words, word), boost))
            })
            .collect()
    }
}

/// Tells whether the entities' names have this one, in whatever script, width and case.
fn is_among(name: &str, entities: &[Names]) -> bool {
    let key = fold_key(name);
    let mut names = entities.iter().flat_map(|entity| &entity.names);
    names.any(|known| fold_key(known) == key)
}

/// Tells whether the word is an abbreviation of the entities' that is typed in small letters.
fn is_small_abbreviation(word: &str, entities: &[Names]) -> bool {
    let capitals = word.to_uppercase();
    let mut names = entities.iter().flat_map(|entity| &entity.names);
    capitals != word && names.any(|name| *name == capitals && latin::is_abbreviation(name))
}

/// A word of a longer one.
struct Cut {
    word: String,
    start: usize,
    /// Where it ends; nothing where it could not be placed.
    end: Option<usize>,
}

impl Cut {
    fn is_figure(&self) -> bool {
        self.word.starts_with(|first: char| first.is_ascii_digit())
    }
}

/// Returns the words with their places in `folded`.
fn placed(folded: &str, words: Vec<String>) -> Vec<Cut> {
    let mut from = 0;
    let mut cuts = Vec::new();
    for word in words {
        let rest = folded.get(from..).unwrap_or_default();
        let start = rest.find(&word).map(|at| from + at);
        let end = start.map(|start| start + word.len());
        from = end.unwrap_or(from);
        cuts.push(Cut {
            word,
            start: start.unwrap_or(from),
            end,
        });
    }
    cuts
}

fn ranking_term(field: Field, word: &str) -> Compiled {
    Box::new(TermQuery::new(
        text_term(field, word),
        IndexRecordOption::WithFreqs,
    ))
}

/// Finds characters one behind the other.
fn char_phrase(fields: &TextFields, chars: &[char]) -> Compiled {
    if let [only] = chars {
        return exact_query(fields.singles, only.encode_utf8(&mut [0; 4]));
    }
    let pairs = pairs_of(chars).into_iter();
    let terms = pairs.map(|(offset, pair)| (offset, text_term(fields.pairs, &pair)));
    term_phrase(terms.collect(), IndexRecordOption::Basic)
}

/// Finds terms at these distances from each other.
fn term_phrase(mut terms: Vec<(usize, Term)>, single: IndexRecordOption) -> Compiled {
    if terms.len() > 1 {
        return Box::new(PhraseQuery::new_with_offset(terms));
    }
    match terms.pop() {
        Some((_, term)) => Box::new(TermQuery::new(term, single)),
        None => Box::new(EmptyQuery),
    }
}
