//! Names told by their last word: Digital, 科技.
//!
//! What stands before that word are words with capitals, or Han words that mean
//! nothing by themselves. A word of a concept, a metric or the grammar ends the
//! name, so that *chip company* and 半导体公司 are none.

use hedui_model::WordClass;
use hedui_text::Lexicon;
use hedui_text::lexicon::{Cue, CueHit, EntityKind};

use super::{Candidate, is_concept, is_grammar, is_part, is_taken};
use crate::scene::Scene;

/// How many words a name may have before its last one.
const WORDS_MAX: usize = 3;
/// How many characters of Han may stand before the last word.
const HAN_MAX: usize = 6;

/// Returns the names of a text that end with such a word, in order.
pub(super) fn names(lexicon: &Lexicon, scene: &Scene<'_>) -> Vec<Candidate> {
    let mut found: Vec<Candidate> = Vec::new();
    for hit in &scene.cues {
        let Cue::NameSuffix(kind) = hit.cue else {
            continue;
        };
        let (start, end) = (hit.span.start(), hit.span.end());
        let gap = |last: &Candidate| scene.between(last.end, start);
        if let Some(last) = found
            .last_mut()
            .filter(|last| last.end <= start && gap(last).trim().is_empty())
        {
            // One last word after the other: 科技 and 公司.
            last.end = end;
            continue;
        }
        let word = scene.between(start, end);
        let from = if word.is_ascii() {
            capitals_before(scene, hit)
        } else {
            han_before(lexicon, scene, hit)
        };
        let Some(from) = from.filter(|&from| !is_taken(scene, from, end)) else {
            continue;
        };
        if is_part(scene, from, end)
            || is_grammar(scene, from, end)
            || is_part_of_concept(lexicon, scene.between(from, end), word.len())
            || found.last().is_some_and(|last| last.end > from)
        {
            continue;
        }
        found.push(Candidate {
            start: from,
            end,
            kind: *kind,
            certain: word.is_ascii() || has_name(scene, from, start),
        });
    }
    found
}

/// Returns what is left of a name in Latin letters or Han without the words that tell its kind.
pub(super) fn core<'f>(lexicon: &Lexicon, form: &'f str) -> Option<&'f str> {
    let mut rest = form;
    for hit in lexicon.cues.find(form).iter().rev() {
        if matches!(hit.cue, Cue::NameSuffix(_)) && hit.span.end() == rest.len() {
            rest = form.get(..hit.span.start())?.trim_end();
        }
    }
    let long = if rest.is_ascii() {
        rest.len() > 3
    } else {
        rest.chars().count() >= 2
    };
    (rest.len() < form.len() && long).then_some(rest)
}

/// Tells whether what is left of a name stands somewhere by itself as a name would.
pub(super) fn stands(scene: &Scene<'_>, core: &str) -> bool {
    scene
        .text
        .match_indices(core)
        .take(TRIES_MAX)
        .any(|(start, _)| {
            let end = start + core.len();
            if is_taken(scene, start, end) || is_grammar(scene, start, end) {
                return false;
            }
            if core.is_ascii() {
                return true;
            }
            let tokens = scene.tokens_in(&(start..end));
            let whole = scene.token_at(start).is_some();
            whole
                && tokens
                    .iter()
                    .all(|token| matches!(token.class, WordClass::Name | WordClass::Strange))
        })
}

/// How many places are looked at for a short name.
const TRIES_MAX: usize = 16;

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
            .rsplit(|letter: char| !(letter.is_ascii_alphanumeric() || "&-.".contains(letter)))
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
    let mut place = false;
    for _ in 0..WORDS_MAX {
        let Some(token) = index.checked_sub(1).and_then(|before| tokens.get(before)) else {
            break;
        };
        index -= 1;
        let (start, end) = (token.span.start(), token.span.end().min(at));
        let word = scene.between(start, end);
        length += word.chars().count();
        let country = scene
            .name_ending(end)
            .is_some_and(|row| row.kind == EntityKind::Place);
        let means = !country
            && (is_concept(lexicon, word)
                || is_grammar(scene, start, end)
                || matches!(token.class, WordClass::Verb | WordClass::Grammar));
        if end != at || means || length > HAN_MAX || word.is_ascii() || place {
            break;
        }
        place = country;
        from = Some(start);
        at = start;
    }
    let from = from.filter(|&from| scene.between(from, hit.span.start()).chars().count() >= 2)?;
    // A country and a kind of firm are no name: 韩国公司.
    let country = scene.names.partition_point(|name| name.start < from);
    let is_country = scene
        .names
        .get(country)
        .is_some_and(|name| name.start == from && name.end >= hit.span.start());
    (!is_country).then_some(from)
}

/// Tells whether one of the Han words in a range is a name, or one that the dictionary does not hold.
fn has_name(scene: &Scene<'_>, start: usize, end: usize) -> bool {
    let from = scene
        .passage
        .tokens
        .partition_point(|token| token.span.end() <= start);
    scene
        .passage
        .tokens
        .iter()
        .skip(from)
        .take_while(|token| token.span.start() < end)
        .any(|token| matches!(token.class, WordClass::Name | WordClass::Strange))
}

/// Tells whether the last word of a name, `last` bytes long, is part of a longer word with a meaning: renewable energy.
fn is_part_of_concept(lexicon: &Lexicon, name: &str, last: usize) -> bool {
    let start = name.len().saturating_sub(last);
    lexicon
        .concepts
        .find(name)
        .iter()
        .any(|hit| hit.span.end() == name.len() && hit.span.start() < start)
}
