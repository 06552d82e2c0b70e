//! Names in Latin letters: words that are written with a capital where a common word would not be.
//!
//! At the start of a sentence every word has a capital. There a single word is a
//! name only where more tells so: it stands with a capital elsewhere, or it is no
//! plural and a verb in the singular or past follows.

use std::collections::HashSet;

use hedui_text::Lexicon;
use hedui_text::lexicon::{Cue, EntityKind, Role};

use super::{Candidate, is_concept, is_grammar, is_part, is_taken};
use crate::scene::Scene;

/// How many words a name may have.
const WORDS_MAX: usize = 5;
/// How long an abbreviation in capitals is that may be a word of the trade as well.
const ABBREVIATION_MAX: usize = 5;

/// A run of words with capitals.
#[derive(Clone, Copy, Debug)]
struct Run {
    start: usize,
    end: usize,
    words: usize,
    /// Whether it opens a sentence, a quotation or a line.
    opens: bool,
}

/// Returns the runs of words with capitals that may be names, in order.
pub(super) fn names(lexicon: &Lexicon, scene: &Scene<'_>) -> Vec<Candidate> {
    if is_headline(scene) {
        return Vec::new();
    }
    let inside = inside(scene);
    let mut found = Vec::new();
    for run in runs(scene) {
        let run = without_grammar(lexicon, scene, run);
        if run.words == 0
            || is_taken(scene, run.start, run.end)
            || is_grammar(scene, run.start, run.end)
            || is_part(scene, run.start, run.end)
        {
            continue;
        }
        let text = scene.between(run.start, run.end);
        let is_abbreviation =
            text.len() <= ABBREVIATION_MAX && text.bytes().all(|byte| !byte.is_ascii_lowercase());
        let certain = match run.words {
            1 if is_abbreviation => says(scene, run.end),
            1 if run.opens => inside.contains(text) || is_subject(scene, &run),
            _ => true,
        };
        if run.words == 1 && run.opens && !certain || is_abbreviation && !certain {
            continue;
        }
        found.push(Candidate {
            start: run.start,
            end: run.end,
            kind: kind_of(scene, &run),
            certain,
        });
    }
    found
}

/// Tells whether most words have a capital, as in headlines: there none tells anything.
fn is_headline(scene: &Scene<'_>) -> bool {
    let (mut capitals, mut others) = (0_usize, 0_usize);
    for token in &scene.passage.tokens {
        let word = scene.between(token.span.start(), token.span.end());
        match word.chars().next() {
            Some(letter) if letter.is_ascii_uppercase() => capitals += 1,
            Some(letter) if letter.is_ascii_lowercase() && word.len() > 3 => others += 1,
            _ => {}
        }
    }
    capitals > others
}

/// Returns the runs of words that begin with a capital.
fn runs(scene: &Scene<'_>) -> Vec<Run> {
    let mut found: Vec<Run> = Vec::new();
    for (start, end) in words(scene.text) {
        let word = scene.between(start, end);
        let adjective = word
            .rsplit_once('-')
            .is_some_and(|(_, last)| last.starts_with(|letter: char| letter.is_ascii_lowercase()));
        let follows = |run: &&Run| scene.between(run.end, start) == " ";
        // A given name may end in small letters (Kim Yong-beom), a name that stands alone does not (Shanghai-listed).
        if !word.starts_with(|letter: char| letter.is_ascii_uppercase())
            || adjective && found.last().filter(follows).is_none()
        {
            continue;
        }
        let follows = found.last().is_some_and(|run| {
            run.words < WORDS_MAX && matches!(scene.between(run.end, start), " " | " & ")
        });
        match found.last_mut().filter(|_| follows) {
            Some(run) => {
                run.end = end;
                run.words += 1;
            }
            None => found.push(Run {
                start,
                end,
                words: 1,
                opens: opens(scene, start),
            }),
        }
    }
    found
}

/// Returns where words in Latin letters begin and end; hyphens, and digits after letters, are part of them.
fn words(text: &str) -> impl Iterator<Item = (usize, usize)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = text.get(at..)?;
        let start = at + rest.find(|letter: char| letter.is_ascii_alphanumeric())?;
        let tail = text.get(start..)?;
        let length = tail
            .find(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '-'))
            .unwrap_or(tail.len());
        let word = tail.get(..length)?.trim_end_matches('-');
        at = start + length;
        Some((start, start + word.len()))
    })
}

/// Tells whether a word opens a sentence, a line or a quotation.
fn opens(scene: &Scene<'_>, start: usize) -> bool {
    let before = scene.between(0, start).trim_end_matches(' ');
    let sentence = scene
        .units
        .partition_point(|unit| unit.range.start <= start)
        .checked_sub(1)
        .and_then(|index| scene.units.get(index))
        .is_some_and(|unit| unit.range.start == start);
    sentence
        || before
            .chars()
            .next_back()
            .is_none_or(|letter| "\n.!?:“\"‘『「(—•·*".contains(letter))
}

/// Cuts words of the grammar, titles and names of the lexicon off both ends of a run; a country may stand at its start.
fn without_grammar(lexicon: &Lexicon, scene: &Scene<'_>, mut run: Run) -> Run {
    let mut parts: Vec<(usize, usize)> = words(scene.between(run.start, run.end))
        .map(|(start, end)| (run.start + start, run.start + end))
        .collect();
    let (from, opens) = (run.start, run.opens);
    let common = |&(start, end): &(usize, usize)| {
        let word = scene.between(start, end);
        is_grammar(scene, start, end)
            || (opens && start == from && is_concept(lexicon, word))
            || scene
                .names
                .get(scene.names.partition_point(|name| name.end <= start))
                .is_some_and(|name| name.start < end && name.entity.kind != EntityKind::Place)
    };
    while parts.first().is_some_and(common) {
        parts.remove(0);
        run.opens = false;
    }
    if let Some(at) = parts.iter().position(common) {
        parts.truncate(at);
    }
    let only_place = |&(start, end): &(usize, usize)| {
        scene
            .names
            .get(scene.names.partition_point(|name| name.end <= start))
            .is_some_and(|name| name.start <= start && end <= name.end)
    };
    if parts.iter().all(only_place) {
        parts.clear();
    }
    run.words = parts.len();
    if let (Some(first), Some(last)) = (parts.first(), parts.last()) {
        run.start = first.0;
        run.end = last.1;
    }
    run
}

/// Tells whether a word of speech or deed follows.
fn says(scene: &Scene<'_>, end: usize) -> bool {
    scene
        .cues_starting(end)
        .any(|hit| matches!(hit.cue, Cue::Speech(_) | Cue::Deed))
}

/// Returns the words that have a capital where a sentence goes on.
fn inside<'s>(scene: &'s Scene<'_>) -> HashSet<&'s str> {
    words(scene.text)
        .filter(|&(start, _)| !opens(scene, start))
        .map(|(start, end)| scene.between(start, end))
        .filter(|word| word.starts_with(|letter: char| letter.is_ascii_uppercase()))
        .collect()
}

/// Tells whether a word at the start of a sentence is its subject, and no common noun in the plural.
fn is_subject(scene: &Scene<'_>, run: &Run) -> bool {
    let word = scene.between(run.start, run.end);
    let holds = scene
        .cues_starting(run.end)
        .any(|hit| matches!(hit.cue, Cue::Discourse(Role::Holder)));
    let acts = scene
        .cues_starting(run.end)
        .any(|hit| matches!(hit.cue, Cue::Speech(_) | Cue::Deed | Cue::Status { .. }));
    let aside = scene.between(run.end, scene.text.len()).starts_with(", ")
        && scene
            .cues_starting(run.end + 1)
            .any(|hit| *hit.cue == Cue::Discourse(Role::Break));
    word.len() > 3 && !word.ends_with('s') && (acts || holds || aside)
}

/// Returns what sort of thing a name without a telling last word is: a person where one has a title, or speaks under two
/// names.
fn kind_of(scene: &Scene<'_>, run: &Run) -> EntityKind {
    let name = scene.between(run.start, run.end);
    let titled = scene
        .text
        .match_indices(name)
        .take(PLACES_MAX)
        .any(|(start, _)| is_titled(scene, start, start + name.len()));
    let speaks = run.words == 2 && {
        let hits = || scene.cues_starting(run.end);
        hits().any(|hit| matches!(hit.cue, Cue::Speech(_)))
            && hits().all(|hit| *hit.cue != Cue::Deed)
    };
    if titled || speaks {
        EntityKind::Person
    } else {
        EntityKind::Company
    }
}

/// How many places of a name are looked at for a title.
const PLACES_MAX: usize = 8;
/// How far behind a name a title may stand: `Kim, the president's policy chief`.
const TITLE: usize = 48;

/// Tells whether a title stands before a name, or behind it between commas.
fn is_titled(scene: &Scene<'_>, start: usize, end: usize) -> bool {
    if scene.cues_ending(start).any(|hit| *hit.cue == Cue::Title) {
        return true;
    }
    let rest = scene.between(end, scene.text.len());
    // The industry minister, Ken Saito, said.
    let before = scene.between(0, start);
    let apart = before.strip_suffix(", ").is_some_and(|before| {
        scene
            .cues_ending(before.len())
            .any(|hit| *hit.cue == Cue::Title)
    });
    if apart && rest.starts_with(',') {
        return true;
    }
    let Some(aside) = rest.strip_prefix(", ") else {
        return false;
    };
    let length = aside.find([',', '.', ';', '\n']).unwrap_or(aside.len());
    let aside = end + 2..end + 2 + length;
    length <= TITLE
        && scene
            .cues_in(&aside)
            .iter()
            .any(|hit| *hit.cue == Cue::Title && hit.span.end() == aside.end)
}
