//! Whose figure it is: names by the way from them to the figure, the most specific first.
//!
//! Organisations, projects and programmes own figures; places, laws and
//! products do where none of those stands in the clause; persons and observers
//! only say them. A clause without an owner has that of the clauses before it,
//! a sentence without one that of the sentence before, and last the title's.

use std::ops::Range;

use hedui_model::Entity;
use hedui_text::Lexicon;
use hedui_text::lexicon::{
    Cue, EntityKind, EntityRow, MetricKind, MetricRow, ReferenceKind, SpeakerSide,
};

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
            self.last = agencies_last(owners);
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

/// Returns whose figure it is. Countries own what the metric says they own.
pub(crate) fn owners_of<'a>(
    lexicon: &'a Lexicon,
    scene: &Scene<'a>,
    figure: &Figure,
    metric: Option<&MetricRow>,
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
    for row in referred(scene, &before, subjects) {
        list.note(row, Origin::Before);
    }
    let places = metric.is_some_and(|row| row.places);
    let in_clause = clause_owners(scene, figure, places);
    let only_speak = in_clause.iter().all(|(_, speaks)| *speaks);
    for (row, _) in &in_clause {
        list.note(row, Origin::Clause);
    }
    if in_clause.is_empty() {
        list.note_surfaces(unknown_in(scene, figure), Origin::Clause);
    }
    for row in ventures_first(sentence_owners(scene, figure, &before), metric) {
        list.note(row, Origin::Sentence);
    }
    if !list.has_owner() {
        for row in of_persons(lexicon, scene, &unit.range, EntityKind::Company) {
            list.note(row, Origin::Sentence);
        }
    }
    if !list.has_owner() {
        for row in things_in(scene, figure) {
            list.note(row, Origin::Clause);
        }
    }
    if !list.has_owner() || (only_speak && list.from != Origin::Before) {
        let last = ventures_first(subjects.last.clone(), metric);
        for row in last.into_iter().take(LENT_MAX) {
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
    for row in of_persons(lexicon, scene, &unit.range, EntityKind::Agency) {
        list.note(row, Origin::Sentence);
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
    /// Names that the lexicon does not hold come first: where there are any, the clause has no other.
    unknown: Vec<String>,
    rows: Vec<&'a EntityRow>,
    from: Origin,
}

impl Default for List<'_> {
    fn default() -> Self {
        List {
            unknown: Vec::new(),
            rows: Vec::new(),
            from: Origin::Nowhere,
        }
    }
}

impl<'a> List<'a> {
    fn note(&mut self, row: &'a EntityRow, origin: Origin) {
        let full = self.rows.len() + self.unknown.len() >= NAMES_MAX;
        if !full && !self.rows.iter().any(|known| known.name == row.name) {
            if self.rows.is_empty() && self.unknown.is_empty() {
                self.from = origin;
            }
            self.rows.push(row);
        }
    }

    fn note_surfaces(&mut self, names: Vec<String>, origin: Origin) {
        if !names.is_empty() && self.rows.is_empty() {
            self.from = origin;
        }
        self.unknown = names;
    }

    fn has_owner(&self) -> bool {
        !self.unknown.is_empty() || self.rows.iter().any(|row| is_owner(row.kind))
    }

    fn into_owners(self) -> Owners {
        let unknown = self
            .unknown
            .into_iter()
            .map(|name| Entity { name, known: false });
        let known = self.rows.into_iter().map(|row| Entity {
            name: row.name.clone(),
            known: true,
        });
        Owners {
            entities: unknown.chain(known).collect(),
            from: self.from,
        }
    }
}

/// Returns the last name before the figure in its clause that the lexicon does not hold.
fn unknown_in(scene: &Scene<'_>, figure: &Figure) -> Vec<String> {
    let Some(clause) = scene.clause_of(figure) else {
        return Vec::new();
    };
    let at = scene
        .surfaces
        .partition_point(|surface| surface.end <= figure.start);
    at.checked_sub(1)
        .and_then(|last| scene.surfaces.get(last))
        .filter(|surface| surface.start >= clause.range.start)
        .map(|surface| vec![surface.name.clone()])
        .unwrap_or_default()
}

/// Returns what words between the sentence's start and the figure refer back to: a name of that kind before the word in
/// the sentence itself, else the one named last.
fn referred<'a>(
    scene: &Scene<'a>,
    before: &Range<usize>,
    subjects: &Subjects<'a>,
) -> Vec<&'a EntityRow> {
    let mut rows = Vec::new();
    let named = |kinds: &[EntityKind], end: usize| {
        scene
            .names_in(&(before.start..end))
            .iter()
            .rev()
            .find(|name| kinds.contains(&name.entity.kind))
            .map(|name| name.entity)
    };
    for hit in scene.cues_in(before) {
        let Cue::Reference(kind) = hit.cue else {
            continue;
        };
        let at = hit.span.start();
        match kind {
            ReferenceKind::Project => {
                rows.extend(named(&PROJECTS, at).or(subjects.project));
            }
            ReferenceKind::Law => rows.extend(named(&[EntityKind::Law], at).or(subjects.law)),
            ReferenceKind::Organisation if named(&ORGANISATIONS, before.end).is_none() => {
                rows.extend(subjects.last.iter().copied().take(LENT_MAX));
            }
            ReferenceKind::Organisation | ReferenceKind::Person => {}
        }
    }
    rows
}

/// What a word for a project may stand for.
const PROJECTS: [EntityKind; 3] = [
    EntityKind::Project,
    EntityKind::Programme,
    EntityKind::Product,
];
/// What makes a word for an organisation refer to the sentence itself.
const ORGANISATIONS: [EntityKind; 5] = [
    EntityKind::Company,
    EntityKind::Agency,
    EntityKind::Body,
    EntityKind::Project,
    EntityKind::Programme,
];

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

/// Returns what a kind costs as an owner inside the clause; nothing for those that only say, place or are figures.
fn reluctance(kind: EntityKind, places: bool) -> Option<usize> {
    match kind {
        EntityKind::Company | EntityKind::Project | EntityKind::Programme => Some(0),
        EntityKind::Body => Some(10),
        EntityKind::Agency => Some(14),
        EntityKind::Law => Some(20),
        // A market is the owner of its own figures, not of those of a firm that is named beside it.
        EntityKind::Sector => Some(45),
        EntityKind::Observer => Some(60),
        EntityKind::Place if places => Some(0),
        EntityKind::Product | EntityKind::Person | EntityKind::Place => None,
    }
}

/// Returns the owners in the figure's clause, the nearest first, and whether they speak; a name before the figure is
/// nearer than one after it.
fn clause_owners<'a>(
    scene: &Scene<'a>,
    figure: &Figure,
    places: bool,
) -> Vec<(&'a EntityRow, bool)> {
    let Some(clause) = scene.clause_of(figure) else {
        return Vec::new();
    };
    let mut found: Vec<(usize, &EntityRow, bool)> = scene
        .names_in(&clause.range)
        .iter()
        .filter_map(|name| {
            let cost = reluctance(name.entity.kind, places)? + way(scene, figure, name);
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
        owners.extend(agencies_last(owners_in(scene, &range)));
        if clause.restarts {
            break;
        }
    }
    owners
}

/// Puts a venture before those who announce it, where the figure is of what ventures have: sums put up, capacity, jobs.
fn ventures_first<'a>(
    mut rows: Vec<&'a EntityRow>,
    metric: Option<&MetricRow>,
) -> Vec<&'a EntityRow> {
    if metric.is_some_and(|row| row.kind == MetricKind::Stock && !row.series && !row.daily) {
        rows.sort_by_key(|row| !matches!(row.kind, EntityKind::Project | EntityKind::Programme));
    }
    rows
}

/// Puts those behind the others who give, rule and permit rather than do.
fn agencies_last(mut rows: Vec<&EntityRow>) -> Vec<&EntityRow> {
    rows.sort_by_key(|row| matches!(row.kind, EntityKind::Agency | EntityKind::Sector));
    rows
}

/// Returns the products in the figure's clause, the nearest first: they own figures where no organisation does.
fn things_in<'a>(scene: &Scene<'a>, figure: &Figure) -> Vec<&'a EntityRow> {
    let Some(clause) = scene.clause_of(figure) else {
        return Vec::new();
    };
    let mut found: Vec<(usize, &EntityRow)> = scene
        .names_in(&clause.range)
        .iter()
        .filter(|name| name.entity.kind == EntityKind::Product)
        .map(|name| (way(scene, figure, name), name.entity))
        .collect();
    found.sort_by_key(|(cost, _)| *cost);
    found.into_iter().map(|(_, row)| row).collect()
}

/// Returns whom the persons of the sentence stand for, of one kind; a part of a state only where they act and not speak.
fn of_persons<'a>(
    lexicon: &'a Lexicon,
    scene: &Scene<'a>,
    range: &Range<usize>,
    kind: EntityKind,
) -> Vec<&'a EntityRow> {
    scene
        .names_in(range)
        .iter()
        .filter(|name| name.entity.kind == EntityKind::Person)
        .filter(|name| kind == EntityKind::Company || !speaks(scene, name))
        .flat_map(|name| &name.entity.parents)
        .filter_map(|parent| lexicon.entities.named(parent))
        .filter(|parent| parent.kind == kind)
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
