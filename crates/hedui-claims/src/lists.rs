//! Parallels: the k-th name has the k-th figure.
//!
//! `A、B 和 C 分別為 3%、5% 和 8%`, `A, B and C hold 3, 5 and 8 percent, respectively`.

use hedui_model::Entity;
use hedui_text::lexicon::{Cue, EntityKind, Role};

use crate::attach::owner::{Origin, Owners};
use crate::mention::joins;
use crate::scene::{Name, Scene, width};

/// How far apart two members of a list may stand.
const APART: usize = 12;

/// Returns the owner of the figure at `index` where its sentence lists as many names as figures.
pub(crate) fn owners_of<'a>(scene: &Scene<'a>, index: usize) -> Option<Owners<'a>> {
    let figure = scene.figures.get(index)?;
    let unit = scene.unit_of(figure)?;
    let marks = scene
        .cues_in(&unit.range)
        .iter()
        .any(|hit| *hit.cue == Cue::Discourse(Role::Respectively));
    if !marks {
        return None;
    }
    let (first, count) = run_of_figures(scene, index)?;
    let start = scene.figures.get(first)?.start;
    if count < 2 {
        return None;
    }
    let names = joined_names(scene, unit.range.start, start, count)
        .unwrap_or_else(|| run_of_names(scene, unit.range.start, start));
    if names.len() != count {
        return None;
    }
    let name = names.get(index.checked_sub(first)?)?;
    Some(Owners {
        entities: vec![Entity {
            name: name.entity.name.clone(),
            known: true,
        }],
        from: Origin::Clause,
        acting: None,
    })
}

/// Returns the first figure of the run of equal units that `index` stands in, and how long it is.
fn run_of_figures(scene: &Scene<'_>, index: usize) -> Option<(usize, usize)> {
    let figure = scene.figures.get(index)?;
    let joins = |a: usize, b: usize| {
        let pair = scene.figures.get(a).zip(scene.figures.get(b));
        pair.is_some_and(|(left, right)| {
            left.sentence == right.sentence
                && left.quantity.unit == figure.quantity.unit
                && right.quantity.unit == figure.quantity.unit
                && width(scene.between(left.end, right.start)) <= APART
        })
    };
    let mut first = index;
    while let Some(before) = first.checked_sub(1) {
        if !joins(before, first) {
            break;
        }
        first = before;
    }
    let mut last = index;
    while joins(last, last + 1) {
        last += 1;
    }
    Some((first, last - first + 1))
}

/// Returns the last names before a place, so many, of which nothing but words and marks that join parts one from the next.
fn joined_names<'s, 'a>(
    scene: &'s Scene<'a>,
    from: usize,
    to: usize,
    count: usize,
) -> Option<Vec<&'s Name<'a>>> {
    let names = scene.names_in(&(from..to));
    let mut last = names.len();
    while let Some(first) = last.checked_sub(count) {
        let run = names.get(first..last)?;
        let pairs = || {
            run.windows(2)
                .filter_map(|pair| Some((pair.first()?, pair.get(1)?)))
        };
        let longer = first
            .checked_sub(1)
            .and_then(|before| names.get(before))
            .zip(run.first())
            .is_some_and(|(left, right)| joins(scene, left.end, right.start));
        let all = pairs().all(|(left, right)| joins(scene, left.end, right.start));
        if all && !longer {
            return Some(run.iter().collect());
        }
        last -= 1;
    }
    None
}

/// Returns the last run of names before a place that stand close to one another.
fn run_of_names<'s, 'a>(scene: &'s Scene<'a>, from: usize, to: usize) -> Vec<&'s Name<'a>> {
    let range = from..to;
    let mut run: Vec<&Name<'_>> = Vec::new();
    for name in scene.names_in(&range).iter().rev() {
        if matches!(name.entity.kind, EntityKind::Person | EntityKind::Observer) {
            continue;
        }
        let apart = run
            .last()
            .is_some_and(|next| width(scene.between(name.end, next.start)) > APART);
        if apart {
            break;
        }
        if !run
            .iter()
            .any(|known| known.entity.name == name.entity.name)
        {
            run.push(name);
        }
    }
    run.reverse();
    run
}
