//! Names in Han characters without a telling last word: words that the dictionary holds for names, or does not hold,
//! where a subject stands.

use hedui_model::{Token, WordClass};
use hedui_text::Lexicon;
use hedui_text::lexicon::{Cue, EntityKind, Role};

use super::{Candidate, is_concept, is_grammar, is_taken};
use crate::scene::Scene;

/// How many characters a name may have, and how few.
const CHARS: std::ops::RangeInclusive<usize> = 2..=8;

/// Returns the names that stand where a subject stands, in order.
pub(super) fn names(lexicon: &Lexicon, scene: &Scene<'_>) -> Vec<Candidate> {
    let tokens = &scene.passage.tokens;
    let mut found = Vec::new();
    let mut index = 0;
    while let Some(token) = tokens.get(index) {
        let run: Vec<&Token> = tokens
            .get(index..)
            .unwrap_or_default()
            .iter()
            .scan(token.span.start(), |end, token| {
                let touches = token.span.start() == *end;
                *end = token.span.end();
                touches.then_some(token)
            })
            .take_while(|token| may_name(lexicon, scene, token))
            .collect();
        index += run.len().max(1);
        let Some((first, last)) = run.first().zip(run.last()) else {
            continue;
        };
        let (start, end) = (first.span.start(), last.span.end());
        if !CHARS.contains(&scene.between(start, end).chars().count())
            || !begins(scene, start)
            || !acts(scene, end)
            || is_taken(scene, start, end)
        {
            continue;
        }
        found.push(Candidate {
            start,
            end,
            kind: kind_of(scene, start, end),
            certain: run.iter().all(|token| token.class == WordClass::Name),
        });
    }
    found
}

/// Tells whether a word may be part of a name.
fn may_name(lexicon: &Lexicon, scene: &Scene<'_>, token: &Token) -> bool {
    let (start, end) = (token.span.start(), token.span.end());
    matches!(token.class, WordClass::Name | WordClass::Strange)
        && !is_grammar(scene, start, end)
        && !is_concept(lexicon, scene.between(start, end))
        && scene.name_ending(end).is_none()
        && scene.cues_in(&(start..end)).iter().all(|hit| {
            !matches!(
                hit.cue,
                Cue::NoName | Cue::Trade { .. } | Cue::Group(_) | Cue::Unnamed(_) | Cue::Title
            )
        })
}

/// Tells whether a subject may begin at a place: a clause begins there, or a word that joins or compares ends there.
fn begins(scene: &Scene<'_>, start: usize) -> bool {
    let before = scene.between(0, start).trim_end_matches(' ');
    let opens = before
        .chars()
        .next_back()
        .is_none_or(|letter| !letter.is_alphanumeric());
    opens
        || scene
            .roles_ending(start)
            .any(|role| matches!(role, Role::Joins | Role::Compared))
}

/// Tells whether a word follows by which one acts: says, expects, rises; dates apart.
fn acts(scene: &Scene<'_>, end: usize) -> bool {
    let end = scene.after_dates(end);
    scene.cues_starting(end).any(|hit| {
        matches!(
            hit.cue,
            Cue::Speech(_) | Cue::Deed | Cue::Discourse(Role::Up | Role::Down)
        )
    })
}

/// Returns what sort of thing such a name is: a person where a title stands beside it anywhere.
fn kind_of(scene: &Scene<'_>, start: usize, end: usize) -> EntityKind {
    let name = scene.between(start, end);
    let titled = scene
        .text
        .match_indices(name)
        .take(PLACES_MAX)
        .any(|(start, _)| scene.cues_ending(start).any(|hit| *hit.cue == Cue::Title));
    if titled {
        EntityKind::Person
    } else {
        EntityKind::Company
    }
}

/// How many places of a name are looked at for a title.
const PLACES_MAX: usize = 8;
