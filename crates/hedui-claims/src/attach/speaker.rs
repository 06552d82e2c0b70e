//! Who says so: the name or the unnamed group beside a word of speech.

use std::ops::Range;

use hedui_model::Attribution;
use hedui_text::lexicon::{Cue, EntityKind, SpeakerSide};

use crate::scene::{Figure, Scene, Unit, width};

/// How far a speaker may stand from the word of speech.
const BESIDE: usize = 16;

/// Returns who says the figure, where the sentence tells.
pub(crate) fn speaker_of(scene: &Scene<'_>, figure: &Figure) -> Option<Attribution> {
    let unit = scene.unit_of(figure)?;
    let mut best: Option<(usize, String)> = None;
    for hit in scene.cues_in(&unit.range) {
        let Cue::Speech(side) = hit.cue else { continue };
        let Some(speaker) = beside(scene, unit, hit.span.range(), *side) else {
            continue;
        };
        let far = hit.span.start().abs_diff(figure.start);
        if best.as_ref().is_none_or(|(least, _)| far < *least) {
            best = Some((far, speaker));
        }
    }
    let quoted = is_quoted(scene, figure);
    match best {
        Some((_, speaker)) => Some(Attribution { speaker, quoted }),
        None => unnamed(scene, figure).map(|speaker| Attribution { speaker, quoted }),
    }
}

/// Returns the name, or else the unnamed speaker, on the side of a word of speech where its speaker stands.
fn beside(scene: &Scene<'_>, unit: &Unit, word: Range<usize>, side: SpeakerSide) -> Option<String> {
    let (start, end) = (word.start, word.end);
    let near = |from: usize, to: usize| from <= to && width(scene.between(from, to)) <= BESIDE;
    let holds = |s: usize, e: usize| match side {
        SpeakerSide::Before => e <= start && near(e, start) && !has_figure(scene, e, start),
        SpeakerSide::After => s >= end && near(end, s) && !has_figure(scene, end, s),
    };
    let far = |s: usize, e: usize| match side {
        SpeakerSide::Before => start.saturating_sub(e),
        SpeakerSide::After => s.saturating_sub(end),
    };
    let named = scene
        .names_in(&unit.range)
        .iter()
        .filter(|name| can_speak(name.entity.kind) && holds(name.start, name.end))
        .map(|name| (far(name.start, name.end), name.entity.name.clone()));
    let unnamed = scene
        .cues_in(&unit.range)
        .iter()
        .filter_map(|hit| match hit.cue {
            Cue::Unnamed(id) if holds(hit.span.start(), hit.span.end()) => {
                Some((far(hit.span.start(), hit.span.end()), id.clone()))
            }
            _ => None,
        });
    named
        .chain(unnamed)
        .min_by_key(|(far, _)| *far)
        .map(|(_, speaker)| speaker)
}

fn can_speak(kind: EntityKind) -> bool {
    matches!(
        kind,
        EntityKind::Person
            | EntityKind::Observer
            | EntityKind::Company
            | EntityKind::Agency
            | EntityKind::Body
            | EntityKind::Place
    )
}

fn has_figure(scene: &Scene<'_>, from: usize, to: usize) -> bool {
    let at = scene.figures.partition_point(|figure| figure.start < from);
    scene.figures.get(at).is_some_and(|figure| figure.end <= to)
}

/// Returns an unnamed speaker who stands in the sentence before the figure.
fn unnamed(scene: &Scene<'_>, figure: &Figure) -> Option<String> {
    let unit = scene.unit_of(figure)?;
    let before = unit.range.start..figure.start;
    scene
        .cues_in(&before)
        .iter()
        .rev()
        .find_map(|hit| match hit.cue {
            Cue::Unnamed(id) => Some(id.clone()),
            _ => None,
        })
}

/// Tells whether the figure stands between quotation marks of its sentence.
fn is_quoted(scene: &Scene<'_>, figure: &Figure) -> bool {
    let Some(unit) = scene.unit_of(figure) else {
        return false;
    };
    let before = scene.between(unit.range.start, figure.start);
    let after = scene.between(figure.end, unit.range.end);
    let opened = before.rfind(['“', '「', '『']).is_some_and(|at| {
        before
            .get(at..)
            .is_some_and(|rest| !rest.contains(['”', '」', '』']))
    });
    let straight = before.matches('"').count() % 2 == 1 && after.contains('"');
    opened || straight
}
