//! Names of organisations that the lexicon does not hold, as the text writes them.
//!
//! A name is told by its last word (Digital, 科技) and what stands before that:
//! words with capitals, or Han words that mean nothing by themselves. A word of
//! a concept, a metric or the grammar ends the name, so that *chip company* and
//! 半导体公司 are none.

use hedui_model::Span;
use hedui_text::Lexicon;
use hedui_text::lexicon::{Cue, CueHit};

use crate::scene::Scene;

/// How many words a name may have before its last one.
const WORDS_MAX: usize = 3;
/// How many characters of Han may stand before the last word.
const HAN_MAX: usize = 6;

/// A name that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Surface {
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// As the source writes it.
    pub(crate) name: String,
}

/// Returns the unknown names of a passage, in order.
pub(crate) fn surfaces(lexicon: &Lexicon, scene: &Scene<'_>) -> Vec<Surface> {
    let mut found: Vec<Surface> = Vec::new();
    for hit in scene.cues.iter().filter(|hit| *hit.cue == Cue::NameSuffix) {
        let (start, end) = (hit.span.start(), hit.span.end());
        let word = scene.between(start, end);
        if let Some(last) = found.last_mut().filter(|last| last.end == start) {
            // One last word after the other: 科技 and 公司.
            let span = scene.passage.map.to_original(Span::new(last.start, end));
            if let Some(name) = span.of(&scene.passage.text) {
                last.end = end;
                name.clone_into(&mut last.name);
            }
            continue;
        }
        let from = if word.is_ascii() {
            capitals_before(scene, hit)
        } else {
            han_before(lexicon, scene, hit)
        };
        let Some(from) = from.filter(|&from| !is_taken(scene, from, end)) else {
            continue;
        };
        if is_concept(lexicon, scene.between(from, end), word.len()) {
            continue;
        }
        let span = scene.passage.map.to_original(Span::new(from, end));
        let Some(name) = span.of(&scene.passage.text) else {
            continue;
        };
        if found.last().is_none_or(|last| last.end <= from) {
            found.push(Surface {
                start: from,
                end,
                name: name.to_owned(),
            });
        }
    }
    found
}

/// Returns where the words with capitals begin that stand before a last word, itself with a capital.
fn capitals_before(scene: &Scene<'_>, hit: &CueHit<'_>) -> Option<usize> {
    let is_capital = |word: &str| word.chars().next().is_some_and(char::is_uppercase);
    if !is_capital(scene.between(hit.span.start(), hit.span.end())) {
        return None;
    }
    let mut from = None;
    let mut at = hit.span.start();
    for _ in 0..WORDS_MAX {
        let Some(before) = scene.between(0, at).strip_suffix(' ') else {
            break;
        };
        let word = before
            .rsplit(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '&'))
            .next()
            .unwrap_or_default();
        let start = before.len() - word.len();
        if word.is_empty() || !is_capital(word) || is_grammar(scene, start, before.len()) {
            break;
        }
        from = Some(start);
        at = start;
    }
    from
}

/// Returns where the Han words begin that stand before a last word without a gap and mean nothing by themselves.
fn han_before(lexicon: &Lexicon, scene: &Scene<'_>, hit: &CueHit<'_>) -> Option<usize> {
    let tokens = &scene.passage.tokens;
    // A token may run into the last word: segmentation does not know the name either.
    let mut index = tokens.partition_point(|token| token.span.start() < hit.span.start());
    let mut from = None;
    let mut at = hit.span.start();
    let mut length = 0;
    for _ in 0..WORDS_MAX {
        let Some(token) = index.checked_sub(1).and_then(|before| tokens.get(before)) else {
            break;
        };
        index -= 1;
        let (start, end) = (token.span.start(), token.span.end().min(at));
        let word = scene.between(start, end);
        length += word.chars().count();
        let whole = Span::new(0, word.len());
        let means = lexicon
            .concepts
            .find(word)
            .iter()
            .any(|hit| hit.span == whole)
            || is_grammar(scene, start, end);
        if end != at || means || length > HAN_MAX || word.is_ascii() {
            break;
        }
        from = Some(start);
        at = start;
    }
    from.filter(|&from| scene.between(from, hit.span.start()).chars().count() >= 2)
}

/// Tells whether the last word of a name, `last` bytes long, is part of a longer word with a meaning: renewable energy.
fn is_concept(lexicon: &Lexicon, name: &str, last: usize) -> bool {
    let start = name.len().saturating_sub(last);
    lexicon
        .concepts
        .find(name)
        .iter()
        .any(|hit| hit.span.end() == name.len() && hit.span.start() < start)
}

/// Tells whether a word is one of the grammar: it counts, says, compares, hedges or has no meaning of its own.
fn is_grammar(scene: &Scene<'_>, start: usize, end: usize) -> bool {
    let cue = scene
        .cues_in(&(start..end))
        .iter()
        .any(|hit| *hit.cue != Cue::NameSuffix);
    let trigger = scene
        .triggers
        .iter()
        .skip(
            scene
                .triggers
                .partition_point(|hit| hit.span.start() < start),
        )
        .take_while(|hit| hit.span.start() < end)
        .any(|hit| hit.span.end() <= end);
    cue || trigger
}

/// Tells whether a known name or a figure stands there.
fn is_taken(scene: &Scene<'_>, start: usize, end: usize) -> bool {
    let at = scene.names.partition_point(|name| name.end <= start);
    let name = scene.names.get(at).is_some_and(|name| name.start < end);
    let at = scene.figures.partition_point(|figure| figure.end <= start);
    name || scene
        .figures
        .get(at)
        .is_some_and(|figure| figure.start < end)
}
