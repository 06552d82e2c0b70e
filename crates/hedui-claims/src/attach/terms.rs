//! The content words around a figure: concepts as ids, other words as they are folded.
//!
//! Those that govern the figure come first: the words of its own clause, the nearest before the others, then those of
//! the rest of the sentence.

use std::cmp::Reverse;
use std::collections::HashSet;
use std::ops::Range;

use hedui_text::Lexicon;
use hedui_text::lexicon::Cue;

use crate::scene::{Figure, Scene};

/// A content word at its place.
#[derive(Clone, Debug)]
pub(crate) struct Term {
    range: Range<usize>,
    word: String,
}

/// Returns the content words of a sentence; names, figures and small words are none.
pub(crate) fn terms_in(lexicon: &Lexicon, scene: &Scene<'_>, sentence: usize) -> Vec<Term> {
    let Some(unit) = scene.units.get(sentence) else {
        return Vec::new();
    };
    let range = &unit.range;
    let text = scene.between(range.start, range.end);
    let mut terms = Vec::new();
    let mut taken: Vec<Range<usize>> = Vec::new();
    for hit in lexicon.concepts.find(text) {
        let place = hit.span.start() + range.start..hit.span.end() + range.start;
        if let Some(id) = lexicon.concepts.id(hit.value) {
            terms.push(Term {
                range: place.clone(),
                word: id.to_owned(),
            });
        }
        taken.push(place);
    }
    // A name that only this article knows is a word for all others.
    let known = scene.names_in(range).iter().filter(|name| name.known);
    taken.extend(known.map(|name| name.start..name.end));
    let (_, figures) = scene.figures_of(sentence);
    taken.extend(figures.iter().map(|figure| figure.hedged.clone()));
    taken.extend(
        scene
            .cues_in(range)
            .iter()
            .filter(|hit| matches!(hit.cue, Cue::Function | Cue::Status { .. }))
            .map(|hit| hit.span.range()),
    );
    let from = scene
        .passage
        .tokens
        .partition_point(|token| token.span.start() < range.start);
    for token in scene.passage.tokens.get(from..).unwrap_or_default() {
        let span = token.span.range();
        if span.start >= range.end {
            break;
        }
        let overlaps = taken
            .iter()
            .any(|other| other.start < span.end && span.start < other.end);
        let word = scene.between(span.start, span.end);
        if !overlaps && is_word(word) {
            terms.push(Term {
                word: word.to_lowercase(),
                range: span,
            });
        }
    }
    terms
}

/// Returns the words of a figure's sentence, those that govern it first, each once.
pub(crate) fn terms_of(scene: &Scene<'_>, figure: &Figure, terms: &[Term]) -> Vec<String> {
    let clause = scene.clause_of(figure).map(|clause| clause.range.clone());
    let mut placed: Vec<(Reverse<bool>, usize, &str)> = terms
        .iter()
        .map(|term| {
            let inside = clause.as_ref().is_some_and(|clause| {
                clause.start <= term.range.start && term.range.end <= clause.end
            });
            let far = if term.range.end <= figure.start {
                figure.start - term.range.end
            } else {
                term.range.start.saturating_sub(figure.end)
            };
            (Reverse(inside), far, term.word.as_str())
        })
        .collect();
    placed.sort_unstable();
    let mut seen = HashSet::new();
    placed
        .into_iter()
        .filter(|(_, _, word)| seen.insert(*word))
        .map(|(_, _, word)| word.to_owned())
        .collect()
}

/// Tells whether a token may carry meaning: letters, and more than one of them.
fn is_word(word: &str) -> bool {
    word.chars().count() > 1 && word.chars().all(char::is_alphabetic)
}
