//! The content words of a sentence: concepts as ids, other words as they are folded.

use std::collections::BTreeSet;
use std::ops::Range;

use hedui_text::Lexicon;
use hedui_text::lexicon::Cue;

use crate::scene::Scene;

/// Returns the content words of a sentence, sorted, each once; names, figures and small words are none.
pub(crate) fn terms_of(lexicon: &Lexicon, scene: &Scene<'_>, sentence: usize) -> Vec<String> {
    let Some(unit) = scene.units.get(sentence) else {
        return Vec::new();
    };
    let range = &unit.range;
    let text = scene.between(range.start, range.end);
    let mut terms = BTreeSet::new();
    let mut taken: Vec<Range<usize>> = Vec::new();
    for hit in lexicon.concepts.find(text) {
        if let Some(id) = lexicon.concepts.id(hit.value) {
            terms.insert(id.to_owned());
        }
        taken.push(hit.span.start() + range.start..hit.span.end() + range.start);
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
    taken.sort_by_key(|range| range.start);
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
            terms.insert(word.to_lowercase());
        }
    }
    terms.into_iter().collect()
}

/// Tells whether a token may carry meaning: letters, and more than one of them.
fn is_word(word: &str) -> bool {
    word.chars().count() > 1 && word.chars().all(char::is_alphabetic)
}
