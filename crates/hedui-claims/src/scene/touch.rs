//! What stands right beside a place of the text, white space apart.

use std::ops::Range;

use hedui_model::{Token, WordClass};
use hedui_text::lexicon::{Cue, CueHit, EntityRow, Role};

use super::{Figure, Scene};

/// How many words back one is looked for that ends at a place: many of them may begin close to one another.
const LOOK_BACK: usize = 32;

/// How long a bracket behind a name may be.
const BRACKET_MAX: usize = 90;

impl<'a> Scene<'a> {
    /// Returns the cues that end at `at`.
    pub(crate) fn cues_ending(&self, at: usize) -> impl Iterator<Item = &CueHit<'a>> {
        let end = self.between(0, at).trim_end_matches(' ').len();
        let from = self.cues.partition_point(|hit| hit.span.start() < end);
        self.cues
            .get(..from)
            .unwrap_or_default()
            .iter()
            .rev()
            .take(LOOK_BACK)
            .filter(move |hit| hit.span.end() == end)
    }

    /// Returns the cues that begin at `at`.
    pub(crate) fn cues_starting(&self, at: usize) -> impl Iterator<Item = &CueHit<'a>> {
        let start = self.skip_space(at);
        let from = self.cues.partition_point(|hit| hit.span.start() < start);
        self.cues
            .get(from..)
            .unwrap_or_default()
            .iter()
            .take_while(move |hit| hit.span.start() == start)
    }

    /// Returns what the words do that end at `at`.
    pub(crate) fn roles_ending(&self, at: usize) -> impl Iterator<Item = Role> {
        self.cues_ending(at).filter_map(role)
    }

    /// Returns what the words do that begin at `at`.
    pub(crate) fn roles_starting(&self, at: usize) -> impl Iterator<Item = Role> {
        self.cues_starting(at).filter_map(role)
    }

    /// Returns where a determiner begins that ends at `at`; `at` itself where none does.
    pub(crate) fn before_determiner(&self, at: usize) -> usize {
        self.cues_ending(at)
            .find(|hit| *hit.cue == Cue::Discourse(Role::Determiner))
            .map_or(at, |hit| hit.span.start())
    }

    /// Returns the end of the dates that follow a place at once.
    pub(crate) fn after_dates(&self, at: usize) -> usize {
        let start = self.skip_space(at);
        let index = self.figures.partition_point(|figure| figure.start < start);
        self.figures
            .get(index)
            .filter(|figure| {
                figure.start == start
                    && matches!(
                        figure.quantity.kind,
                        hedui_model::Kind::Date | hedui_model::Kind::DateRange
                    )
            })
            .map_or(at, |figure| figure.end)
    }

    /// Returns whose name begins at a place.
    pub(crate) fn name_at(&self, at: usize) -> Option<&'a EntityRow> {
        let start = self.skip_space(at);
        let index = self.names.partition_point(|name| name.start < start);
        self.names
            .get(index)
            .filter(|name| name.start == start)
            .map(|name| name.entity)
    }

    /// Returns whose name ends at a place.
    pub(crate) fn name_ending(&self, at: usize) -> Option<&'a EntityRow> {
        let end = self.between(0, at).trim_end_matches(' ').len();
        let index = self.names.partition_point(|name| name.end < end);
        self.names
            .get(index)
            .filter(|name| name.end == end)
            .map(|name| name.entity)
    }

    /// Tells whether a word of a metric begins at a place.
    pub(crate) fn trigger_at(&self, at: usize) -> bool {
        let start = self.skip_space(at);
        let index = self
            .triggers
            .partition_point(|hit| hit.span.start() < start);
        self.triggers
            .get(index)
            .is_some_and(|hit| hit.span.start() == start && !hit.weak)
    }

    /// Tells whether a word of a metric ends where a preposition before a place begins: investment in it.
    pub(crate) fn completes_metric(&self, at: usize) -> bool {
        let start = self.before_determiner(at);
        let Some(preposition) = self
            .cues_ending(start)
            .find(|hit| matches!(hit.cue, Cue::Discourse(Role::Beside | Role::PartOf)))
        else {
            return false;
        };
        let end = self
            .between(0, preposition.span.start())
            .trim_end_matches(' ')
            .len();
        let from = self.triggers.partition_point(|hit| hit.span.start() < end);
        self.triggers
            .get(..from)
            .unwrap_or_default()
            .iter()
            .rev()
            .take(LOOK_BACK)
            .any(|hit| hit.span.end() == end && !hit.weak)
    }

    /// Returns the word that begins at a place.
    pub(crate) fn token_at(&self, at: usize) -> Option<&Token> {
        let tokens = &self.passage.tokens;
        let index = tokens.partition_point(|token| token.span.start() < at);
        tokens.get(index).filter(|token| token.span.start() == at)
    }

    /// Returns the word that ends at a place.
    pub(crate) fn token_ending(&self, at: usize) -> Option<&Token> {
        let tokens = &self.passage.tokens;
        let index = tokens.partition_point(|token| token.span.end() < at);
        tokens.get(index).filter(|token| token.span.end() == at)
    }

    /// Returns the words that lie in a range.
    pub(crate) fn tokens_in(&self, range: &Range<usize>) -> &[Token] {
        let tokens = &self.passage.tokens;
        let from = tokens.partition_point(|token| token.span.start() < range.start);
        let to = tokens.partition_point(|token| token.span.end() <= range.end);
        tokens.get(from..to.max(from)).unwrap_or_default()
    }

    /// Tells whether segmentation cuts at both ends of a range.
    pub(crate) fn is_word(&self, start: usize, end: usize) -> bool {
        self.token_at(start).is_some() && self.token_ending(end).is_some()
    }

    /// Tells whether a cue is no part of a longer word of the dictionary; only single Han characters are asked.
    pub(crate) fn is_whole(&self, hit: &CueHit<'_>) -> bool {
        let (start, end) = (hit.span.start(), hit.span.end());
        let word = self.between(start, end);
        if word.chars().count() > 1 || word.is_ascii() {
            return true;
        }
        let tokens = &self.passage.tokens;
        let index = tokens.partition_point(|token| token.span.end() <= start);
        tokens.get(index).is_none_or(|token| {
            token.class == WordClass::Strange || token.span.range() == (start..end)
        })
    }

    /// Returns the end of a bracket that follows a place at once, the place itself where none does.
    pub(crate) fn after_bracket(&self, at: usize) -> usize {
        let start = self.skip_space(at);
        let rest = self.between(start, self.text.len());
        let close = rest
            .strip_prefix('(')
            .and_then(|inner| inner.find([')', '\n']))
            .filter(|close| *close <= BRACKET_MAX && rest.as_bytes().get(close + 1) == Some(&b')'));
        close.map_or(at, |close| start + close + 2)
    }

    /// Tells whether a range holds a word of a metric.
    pub(crate) fn has_trigger_in(&self, range: &Range<usize>) -> bool {
        let from = self
            .triggers
            .partition_point(|hit| hit.span.start() < range.start);
        self.triggers
            .iter()
            .skip(from)
            .take_while(|hit| hit.span.start() < range.end)
            .any(|hit| hit.span.end() <= range.end && !hit.weak)
    }

    /// Tells whether a figure begins at a place.
    pub(crate) fn figure_at(&self, at: usize) -> bool {
        let start = self.skip_space(at);
        let index = self
            .figures
            .partition_point(|figure| figure.hedged.start < start);
        self.figures
            .get(index)
            .is_some_and(|figure| figure.hedged.start == start)
    }

    /// Returns the word that a place cuts in two.
    pub(crate) fn token_over(&self, at: usize) -> Option<&Token> {
        let tokens = &self.passage.tokens;
        let index = tokens.partition_point(|token| token.span.end() <= at);
        tokens.get(index).filter(|token| token.span.start() < at)
    }

    /// Returns the figures that lie in a range.
    pub(crate) fn figures_in(&self, range: &Range<usize>) -> &[Figure] {
        let from = self
            .figures
            .partition_point(|figure| figure.start < range.start);
        let to = self
            .figures
            .partition_point(|figure| figure.end <= range.end);
        self.figures.get(from..to.max(from)).unwrap_or_default()
    }

    /// Returns where the name begins that ends at a place; the place itself where none does.
    pub(crate) fn name_start(&self, at: usize) -> usize {
        let end = self.between(0, at).trim_end_matches(' ').len();
        let index = self.names.partition_point(|name| name.end < end);
        self.names
            .get(index)
            .filter(|name| name.end == end)
            .map_or(at, |name| name.start)
    }

    /// Returns where the name ends that begins at a place.
    pub(crate) fn name_end(&self, at: usize) -> Option<usize> {
        let start = self.skip_space(at);
        let index = self.names.partition_point(|name| name.start < start);
        self.names
            .get(index)
            .filter(|name| name.start == start)
            .map(|name| name.end)
    }

    fn skip_space(&self, at: usize) -> usize {
        let rest = self.text.get(at..).unwrap_or_default();
        at + (rest.len() - rest.trim_start_matches(' ').len())
    }
}

fn role(hit: &CueHit<'_>) -> Option<Role> {
    match hit.cue {
        Cue::Discourse(role) => Some(*role),
        _ => None,
    }
}
