//! Whose figure it is: names by the way from them to the figure, the most specific first.
//!
//! Organisations, projects and programmes own figures; places, laws and
//! products do where none of those stands in the clause; persons and observers
//! only say them. A clause without an owner has that of the clauses before it,
//! a sentence without one that of the sentence before, and last the title's.

use std::ops::Range;

use hedui_model::Entity;
use hedui_text::Lexicon;
use hedui_text::lexicon::{Cue, EntityKind, EntityRow, ReferenceKind, SpeakerSide};

use crate::scene::{Figure, Name, Scene, width};

/// How many names a claim carries at most.
const NAMES_MAX: usize = 6;
/// How many of them come from further away than the sentence.
const LENT_MAX: usize = 3;

/// What the sentences before leave to the next.
#[derive(Clone, Debug, Default)]
pub(crate) struct Subjects<'a> {
    /// Owners of the last sentence that had one, the subject first.
    pub(crate) last: Vec<&'a EntityRow>,
    /// The project, programme or product named last.
    pub(crate) project: Option<&'a EntityRow>,
    /// The law named last.
    pub(crate) law: Option<&'a EntityRow>,
    /// Owners in the title.
    pub(crate) title: Vec<&'a EntityRow>,
}

impl<'a> Subjects<'a> {
    /// Takes note of the names in a sentence that has been read.
    ///
    /// One who only speaks becomes no subject where the sentence refers back to the one before.
    pub(crate) fn pass(&mut self, scene: &Scene<'a>, range: &Range<usize>) {
        for name in scene.names_in(range) {
            match name.entity.kind {
                EntityKind::Project | EntityKind::Programme | EntityKind::Product => {
                    self.project = Some(name.entity);
                }
                EntityKind::Law => self.law = Some(name.entity),
                _ => {}
            }
        }
        let refers = refers_in(scene, range, ReferenceKind::Organisation);
        let mut owners: Vec<&EntityRow> = Vec::new();
        for name in scene.names_in(range) {
            let silent = !(refers && speaks(scene, name));
            if is_owner(name.entity.kind)
                && silent
                && !owners.iter().any(|known| known.name == name.entity.name)
            {
                owners.push(name.entity);
            }
        }
        if refers && let Some(first) = self.last.first().copied() {
            // The subject that the sentence refers to stays the subject.
            owners.retain(|row| row.name != first.name);
            owners.insert(0, first);
        }
        let only_sectors = owners.iter().all(|row| row.kind == EntityKind::Sector);
        if only_sectors && !self.last.is_empty() {
            // A market that is mentioned is no new subject.
            owners.retain(|row| !self.last.iter().any(|known| known.name == row.name));
            self.last.append(&mut owners);
        } else if !owners.is_empty() {
            self.last = owners;
        }
    }
}

/// Tells whether a word of speech follows a name at once.
fn speaks(scene: &Scene<'_>, name: &Name<'_>) -> bool {
    let at = scene
        .cues
        .partition_point(|hit| hit.span.start() < name.end);
    scene
        .cues
        .get(at..)
        .unwrap_or_default()
        .iter()
        .take_while(|hit| width(scene.between(name.end, hit.span.start())) <= 3)
        .any(|hit| *hit.cue == Cue::Speech(SpeakerSide::Before))
}

/// Returns the owners named in a range, in order, each once.
pub(crate) fn owners_in<'a>(scene: &Scene<'a>, range: &Range<usize>) -> Vec<&'a EntityRow> {
    let mut owners: Vec<&EntityRow> = Vec::new();
    for name in scene.names_in(range) {
        if is_owner(name.entity.kind) && !owners.iter().any(|known| known.name == name.entity.name)
        {
            owners.push(name.entity);
        }
    }
    owners
}

/// What was found, and from how far.
#[derive(Clone, Debug)]
pub(crate) struct Owners {
    /// The names, most specific first.
    pub(crate) entities: Vec<Entity>,
    /// Where the first of them comes from.
    pub(crate) from: Origin,
}

/// Where an owner was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    Clause,
    Sentence,
    Before,
    Title,
    Nowhere,
}

/// Returns whose figure it is.
pub(crate) fn owners_of<'a>(
    lexicon: &'a Lexicon,
    scene: &Scene<'a>,
    figure: &Figure,
    subjects: &Subjects<'a>,
) -> Owners {
    let Some(unit) = scene.unit_of(figure) else {
        return Owners {
            entities: Vec::new(),
            from: Origin::Nowhere,
        };
    };
    let mut list = List::default();
    let before = unit.range.start..figure.start;
    let named_before = !owners_in(scene, &before).is_empty();
    for row in referred(scene, &before, subjects, named_before) {
        list.note(row, Origin::Before);
    }
    let in_clause = clause_owners(scene, figure);
    let only_speak = in_clause
        .iter()
        .all(|(row, speaks)| *speaks || !is_owner(row.kind));
    for (row, _) in &in_clause {
        list.note(row, Origin::Clause);
    }
    for row in sentence_owners(scene, figure, &before) {
        list.note(row, Origin::Sentence);
    }
    if !list.has_owner() {
        for row in organisations_of_persons(lexicon, scene, &unit.range) {
            list.note(row, Origin::Sentence);
        }
    }
    if !list.has_owner() || (only_speak && list.from != Origin::Before) {
        for row in subjects.last.iter().copied().take(LENT_MAX) {
            list.note(row, Origin::Before);
        }
    }
    if !list.has_owner() {
        for row in owners_in(scene, &(figure.end..unit.range.end)) {
            list.note(row, Origin::Sentence);
        }
    }
    if !list.has_owner() {
        for row in subjects.title.iter().copied().take(LENT_MAX) {
            list.note(row, Origin::Title);
        }
    }
    for row in company(scene, figure, &unit.range) {
        list.note(row, Origin::Sentence);
    }
    for row in parents(lexicon, &list.rows) {
        list.note(row, Origin::Sentence);
    }
    for row in topics(subjects) {
        list.note(row, Origin::Title);
    }
    list.into_owners()
}

/// Names in order, each once.
#[derive(Debug)]
struct List<'a> {
    rows: Vec<&'a EntityRow>,
    from: Origin,
}

impl Default for List<'_> {
    fn default() -> Self {
        List {
            rows: Vec::new(),
            from: Origin::Nowhere,
        }
    }
}

impl<'a> List<'a> {
    fn note(&mut self, row: &'a EntityRow, origin: Origin) {
        if self.rows.len() < NAMES_MAX && !self.rows.iter().any(|known| known.name == row.name) {
            if self.rows.is_empty() {
                self.from = origin;
            }
            self.rows.push(row);
        }
    }

    fn has_owner(&self) -> bool {
        self.rows.iter().any(|row| is_owner(row.kind))
    }

    fn into_owners(self) -> Owners {
        Owners {
            entities: self
                .rows
                .into_iter()
                .map(|row| Entity {
                    name: row.name.clone(),
                    known: true,
                })
                .collect(),
            from: self.from,
        }
    }
}

/// Returns what words between the sentence's start and the figure refer back to.
fn referred<'a>(
    scene: &Scene<'a>,
    before: &Range<usize>,
    subjects: &Subjects<'a>,
    named_before: bool,
) -> Vec<&'a EntityRow> {
    let mut rows = Vec::new();
    if refers_in(scene, before, ReferenceKind::Project) {
        rows.extend(subjects.project);
    }
    if refers_in(scene, before, ReferenceKind::Law) {
        rows.extend(subjects.law);
    }
    if !named_before && refers_in(scene, before, ReferenceKind::Organisation) {
        rows.extend(subjects.last.iter().copied().take(LENT_MAX));
    }
    rows
}

/// Tells whether a word in a range stands for a name of this kind.
fn refers_in(scene: &Scene<'_>, range: &Range<usize>, kind: ReferenceKind) -> bool {
    scene
        .cues_in(range)
        .iter()
        .any(|hit| *hit.cue == Cue::Reference(kind))
}

/// Returns the companies behind the programmes, projects and products of a list.
fn parents<'a>(lexicon: &'a Lexicon, rows: &[&'a EntityRow]) -> Vec<&'a EntityRow> {
    rows.iter()
        .filter(|row| {
            matches!(
                row.kind,
                EntityKind::Programme | EntityKind::Project | EntityKind::Product
            )
        })
        .flat_map(|row| &row.parents)
        .filter_map(|parent| lexicon.entities.named(parent))
        .filter(|row| row.kind == EntityKind::Company)
        .collect()
}

/// Returns the projects and programmes that the title is about.
fn topics<'a>(subjects: &Subjects<'a>) -> Vec<&'a EntityRow> {
    subjects
        .title
        .iter()
        .copied()
        .filter(|row| matches!(row.kind, EntityKind::Project | EntityKind::Programme))
        .collect()
}

/// Tells whether names of this kind own figures wherever they stand.
fn is_owner(kind: EntityKind) -> bool {
    matches!(
        kind,
        EntityKind::Company
            | EntityKind::Agency
            | EntityKind::Body
            | EntityKind::Project
            | EntityKind::Programme
            | EntityKind::Sector
    )
}

/// Returns what a kind costs as an owner inside the clause; nothing for those that only say or place figures.
fn reluctance(kind: EntityKind) -> Option<usize> {
    match kind {
        EntityKind::Company | EntityKind::Project | EntityKind::Programme => Some(0),
        EntityKind::Body | EntityKind::Product => Some(10),
        EntityKind::Agency => Some(14),
        EntityKind::Law => Some(20),
        // A market is the owner of its own figures, not of those of a firm that is named beside it.
        EntityKind::Sector => Some(45),
        EntityKind::Observer => Some(60),
        EntityKind::Person | EntityKind::Place => None,
    }
}

/// Returns the owners in the figure's clause, the nearest first, and whether they speak; a name before the figure is
/// nearer than one after it.
fn clause_owners<'a>(scene: &Scene<'a>, figure: &Figure) -> Vec<(&'a EntityRow, bool)> {
    let Some(clause) = scene.clause_of(figure) else {
        return Vec::new();
    };
    let mut found: Vec<(usize, &EntityRow, bool)> = scene
        .names_in(&clause.range)
        .iter()
        .filter_map(|name| {
            let cost = reluctance(name.entity.kind)? + way(scene, figure, name);
            Some((cost, name.entity, speaks(scene, name)))
        })
        .collect();
    found.sort_by_key(|(cost, _, _)| *cost);
    found
        .into_iter()
        .map(|(_, row, speaks)| (row, speaks))
        .collect()
}

fn way(scene: &Scene<'_>, figure: &Figure, name: &Name<'_>) -> usize {
    if name.end <= figure.start {
        width(scene.between(name.end, figure.start))
    } else {
        let gap = width(scene.between(figure.end, name.start));
        10 + gap + gap / 3
    }
}

/// Returns the owners in the clauses before the figure's, the nearest clause first and in it the subject first.
fn sentence_owners<'a>(
    scene: &Scene<'a>,
    figure: &Figure,
    before: &Range<usize>,
) -> Vec<&'a EntityRow> {
    let mut owners = Vec::new();
    let Some(unit) = scene.unit_of(figure) else {
        return owners;
    };
    let Some(own) = unit.clauses.get(figure.clause) else {
        return owners;
    };
    if own.restarts {
        return owners;
    }
    for clause in unit.clauses.iter().take(figure.clause).rev() {
        let range = clause.range.start.max(before.start)..clause.range.end.min(before.end);
        owners.extend(owners_in(scene, &range));
        if clause.restarts {
            break;
        }
    }
    owners
}

/// Returns whom the persons of the sentence stand for: a company in any case, a part of a state where they act.
fn organisations_of_persons<'a>(
    lexicon: &'a Lexicon,
    scene: &Scene<'a>,
    range: &Range<usize>,
) -> Vec<&'a EntityRow> {
    scene
        .names_in(range)
        .iter()
        .filter(|name| name.entity.kind == EntityKind::Person)
        .flat_map(|name| name.entity.parents.iter().map(move |parent| (name, parent)))
        .filter_map(|(name, parent)| Some((name, lexicon.entities.named(parent)?)))
        .filter(|(name, parent)| match parent.kind {
            EntityKind::Company => true,
            EntityKind::Agency => !speaks(scene, name),
            _ => false,
        })
        .map(|(_, parent)| parent)
        .collect()
}

/// Returns what else the sentence names: products, laws and places, those of the clause first.
fn company<'a>(scene: &Scene<'a>, figure: &Figure, sentence: &Range<usize>) -> Vec<&'a EntityRow> {
    let clause = scene
        .clause_of(figure)
        .map_or(sentence.clone(), |clause| clause.range.clone());
    [clause, sentence.clone()]
        .iter()
        .flat_map(|range| scene.names_in(range))
        .map(|name| name.entity)
        .filter(|row| {
            matches!(
                row.kind,
                EntityKind::Product | EntityKind::Law | EntityKind::Place
            )
        })
        .collect()
}
