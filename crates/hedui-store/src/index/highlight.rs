//! Finds in a text what a query asked for, so that it can be shown.

use std::ops::Range;

use hedui_model::{Original, Place, Span};
use hedui_text::Folder;

use super::chars::{CharToken, char_tokens, is_cjk, is_latin};
use super::document::Shown;
use super::figures::FigureRange;
use super::latin;
use super::script::readings;
use crate::query::Within;

/// Texts are searched so many characters far.
const TOKENS_MAX: usize = 200_000;

/// Matches of one text that are kept.
const MATCHES_MAX: usize = 2_000;

/// Something to be highlighted.
#[derive(Clone, Debug)]
pub(super) struct Mark {
    /// Which text.
    pub(super) within: Within,
    /// What.
    pub(super) pattern: Pattern,
    /// Which condition of the query it belongs to: a place where several meet is a better one.
    pub(super) condition: usize,
}

/// What is looked for in a text.
#[derive(Clone, Debug)]
pub(super) enum Pattern {
    /// These characters.
    Phrase(Vec<char>),
    /// These characters, not as part of a longer Latin word.
    Word(Vec<char>),
    /// An abbreviation, in these capitals.
    Capitals(String),
    /// A Latin word with this stem.
    Stem(String),
    /// A Latin word that fits.
    Glob(String),
    /// A Latin word with so many slips.
    Fuzzy(String, usize),
    /// A figure of a claim.
    Figure(FigureTest),
}

/// Which figures of claims are meant: any of these units with its bounds, and any of these metrics.
#[derive(Clone, Debug)]
pub(super) struct FigureTest {
    /// Units with bounds in them; no unit stands for any.
    pub(super) ranges: Vec<(Option<String>, FigureRange)>,
    /// Metrics; none stand for any.
    pub(super) metrics: Vec<String>,
}

/// A place that matches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Match {
    pub(super) span: Span<Original>,
    pub(super) condition: usize,
}

/// Returns the places of the title or body that match, in order.
pub(super) fn matches(marks: &[Mark], shown: &Shown, place: Place) -> Vec<Match> {
    let within = match place {
        Place::Title => Within::Title,
        Place::Body => Within::Body,
    };
    let wanted = marks
        .iter()
        .filter(|mark| mark.within == Within::Anywhere || mark.within == within);
    let mut text = None;
    let mut found = Vec::new();
    for mark in wanted {
        let spans = match &mark.pattern {
            Pattern::Figure(test) => test.spans(shown, place),
            pattern => text
                .get_or_insert_with(|| CutText::new(shown.text(place)))
                .spans(pattern),
        };
        found.extend(spans.into_iter().map(|span| Match {
            span,
            condition: mark.condition,
        }));
    }
    found.sort_by_key(|found| (found.span.start(), found.span.end(), found.condition));
    found.dedup();
    found.truncate(MATCHES_MAX);
    found
}

impl FigureTest {
    fn spans(&self, shown: &Shown, place: Place) -> Vec<Span<Original>> {
        let figures = shown.figures.iter().filter(|figure| figure.place == place);
        let figures = figures.filter(|figure| {
            let has_metric = self.metrics.is_empty()
                || self
                    .metrics
                    .iter()
                    .any(|metric| figure.metrics.contains(metric));
            let has_value = self.ranges.iter().any(|(unit, range)| {
                unit.as_ref().is_none_or(|unit| figure.units.contains(unit))
                    && range.answers(figure.low, figure.high)
            });
            has_metric && has_value
        });
        figures.map(|figure| Span::from(figure.span)).collect()
    }
}

/// A text cut into characters, with the way back.
pub(super) struct CutText {
    folded: hedui_text::FoldedText,
    tokens: Vec<CharToken>,
    /// The characters as written, and in the other readings that have as many.
    readings: Vec<Vec<char>>,
    latin: Vec<Range<usize>>,
}

impl CutText {
    pub(super) fn new(text: &str) -> Self {
        let mut cut = CutText::as_written(text);
        for reading in readings(text, &cut.folded.text) {
            let chars = char_tokens(&reading).take(TOKENS_MAX);
            let chars: Vec<char> = chars.map(|token| token.character).collect();
            if chars.len() == cut.tokens.len() {
                cut.readings.push(chars);
            }
        }
        cut
    }

    /// Cuts a text that is not to be found by how the other script would have it.
    pub(super) fn as_written(text: &str) -> Self {
        let folded = Folder::builtin().fold(text);
        let tokens: Vec<CharToken> = char_tokens(&folded.text).take(TOKENS_MAX).collect();
        let chars = tokens.iter().map(|token| token.character).collect();
        CutText {
            latin: latin_runs(&tokens),
            readings: vec![chars],
            folded,
            tokens,
        }
    }

    fn spans(&self, pattern: &Pattern) -> Vec<Span<Original>> {
        let ranges = match pattern {
            Pattern::Phrase(chars) => self.phrases(chars, false),
            Pattern::Word(chars) => self.phrases(chars, true),
            Pattern::Capitals(name) => {
                let small: Vec<char> = name.to_lowercase().chars().collect();
                let mut ranges = self.phrases(&small, true);
                ranges.retain(|range| self.folded_at(range) == Some(name.as_str()));
                ranges
            }
            Pattern::Stem(stem) => self
                .latin_words(|word| latin::stem(&latin::index_form(word)).as_ref() == Some(stem)),
            Pattern::Glob(pattern) => self.latin_words(|word| latin::fits(pattern, word)),
            Pattern::Fuzzy(other, edits) => {
                self.latin_words(|word| latin::is_near(other, word, *edits))
            }
            Pattern::Figure(_) => Vec::new(),
        };
        ranges
            .into_iter()
            .filter_map(|range| self.span_of(&range))
            .collect()
    }

    fn span_of(&self, range: &Range<usize>) -> Option<Span<Original>> {
        let (start, end) = self.bytes_of(range)?;
        Some(self.folded.unfold(Span::new(start, end)))
    }

    /// Returns the folded text at these tokens, in its own case.
    fn folded_at(&self, range: &Range<usize>) -> Option<&str> {
        let (start, end) = self.bytes_of(range)?;
        self.folded.text.get(start..end)
    }

    fn bytes_of(&self, range: &Range<usize>) -> Option<(usize, usize)> {
        let first = self.tokens.get(range.start)?;
        let last = self.tokens.get(range.end.checked_sub(1)?)?;
        Some((first.start, last.end))
    }

    /// Returns the tokens of each occurrence of `chars`; with `is_word`, of those that no Latin letter goes on from.
    pub(super) fn phrases(&self, chars: &[char], is_word: bool) -> Vec<Range<usize>> {
        let Some((first, last)) = chars.first().zip(chars.last()) else {
            return Vec::new();
        };
        let is_at = |start: usize| {
            let mut readings = self.readings.iter();
            readings.any(|reading| reading.get(start..start + chars.len()) == Some(chars))
        };
        let goes_on = |edge: char, index: Option<usize>| {
            let next = index.and_then(|index| self.tokens.get(index));
            is_latin(edge) && next.is_some_and(|token| is_latin(token.character))
        };
        (0..self.tokens.len().saturating_sub(chars.len() - 1))
            .filter(|&start| is_at(start))
            .filter(|&start| {
                !is_word
                    || !(goes_on(*first, start.checked_sub(1))
                        || goes_on(*last, Some(start + chars.len())))
            })
            .map(|start| start..start + chars.len())
            .take(MATCHES_MAX)
            .collect()
    }

    fn latin_words(&self, is_wanted: impl Fn(&str) -> bool) -> Vec<Range<usize>> {
        let mut word = String::new();
        let mut found = Vec::new();
        for range in &self.latin {
            word.clear();
            let tokens = self.tokens.get(range.clone()).unwrap_or_default();
            word.extend(tokens.iter().map(|token| token.character));
            if is_wanted(&word) {
                found.push(range.clone());
            }
        }
        found
    }

    /// Counts the words and Han characters between two tokens.
    pub(super) fn between(&self, from: usize, to: usize) -> usize {
        let tokens = self.tokens.get(from..to).unwrap_or_default();
        let han = tokens
            .iter()
            .filter(|token| is_cjk(token.character))
            .count();
        let after = self.latin.partition_point(|range| range.start < from);
        let rest = self.latin.get(after..).unwrap_or_default();
        han + rest.iter().take_while(|range| range.end <= to).count()
    }
}

/// Returns the runs of Latin letters and digits.
fn latin_runs(tokens: &[CharToken]) -> Vec<Range<usize>> {
    let mut runs = Vec::new();
    let mut start = None;
    for (index, token) in tokens.iter().enumerate() {
        match (start, is_latin(token.character)) {
            (None, true) => start = Some(index),
            (Some(from), false) => {
                runs.push(from..index);
                start = None;
            }
            _ => {}
        }
    }
    runs.extend(start.map(|from| from..tokens.len()));
    runs
}
