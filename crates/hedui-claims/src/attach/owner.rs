//! Whose figure it is: who acts or has in the figure's clause, else who did before.
//!
//! Who acts in a clause owns its figures, before one who stands nearer but is only
//! acted upon or stands behind a preposition; who only says them owns none, unless
//! it is a firm and nobody else is there. A clause without an owner has that of the
//! clauses before it, a sentence without one that of the sentence before, and last
//! the title's. Firms without names own figures too, and nobody's are then read for
//! them.

use hedui_model::{Entity, Kind};
use hedui_text::Lexicon;
use hedui_text::lexicon::{EntityKind, EntityRow, MetricKind, MetricRow};

use crate::attach::subjects::{Meant, Subjects, can_own, is_nation, is_state};
use crate::mention::{Part, Who};
use crate::scene::{Figure, Name, Scene, width};

/// How many names a claim carries at most.
const NAMES_MAX: usize = 6;
/// How many of them come from further away than the sentence.
const LENT_MAX: usize = 3;
/// How far away one who acts in the clause counts at most.
const SUBJECT_WAY_MAX: usize = 24;

/// What those do who own a figure of their clause only where nobody acted before.
const PASSIVE: [Part; 5] = [
    Part::Object,
    Part::Beside,
    Part::Compared,
    Part::Modifier,
    Part::Speaks,
];
/// How close behind its owner a word of a metric stands.
const NEAR: usize = 6;
/// What it costs that another subject stands between one who acts and the figure.
const PASSED: usize = 20;

/// The rank of a firm that only speaks in an earlier clause.
const SPEAKS: usize = 3;
/// The first rank of those of an earlier clause who do not act there.
const WEAK: usize = 8;

/// What was found, and from how far.
#[derive(Clone, Debug)]
pub(crate) struct Owners<'a> {
    /// The names, most specific first.
    pub(crate) entities: Vec<Entity>,
    /// Where the first of them comes from.
    pub(crate) from: Origin,
    /// The first, where the figure's own clause names it, or a figure's before.
    pub(crate) acting: Option<&'a EntityRow>,
}

/// What the text has told before a figure's sentence, and in it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Before<'r, 'a> {
    pub(crate) subjects: &'r Subjects<'a>,
    /// Whose the figure before it in its sentence is, where its clause told.
    pub(crate) figure: Option<&'a EntityRow>,
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

/// Returns the owners named in a passage, in order, each once.
pub(crate) fn owners_in<'a>(scene: &Scene<'a>) -> Vec<&'a EntityRow> {
    let mut owners: Vec<&EntityRow> = Vec::new();
    for mention in &scene.mentions {
        let Some(row) = mention.row() else { continue };
        let acts = matches!(mention.part, Part::Subject | Part::Holder);
        let owns = can_own(row) || row.kind == EntityKind::Place && acts;
        if owns && !owners.iter().any(|known| known.name == row.name) {
            owners.push(row);
        }
    }
    owners
}

/// Returns whose figure it is; `meant` are those mentioned in its sentence.
pub(crate) fn owners_of<'a>(
    lexicon: &'a Lexicon,
    scene: &Scene<'a>,
    figure: &Figure,
    metric: Option<&MetricRow>,
    before: Before<'_, 'a>,
    meant: &[Meant<'a>],
) -> Owners<'a> {
    let reading = Reading {
        lexicon,
        scene,
        figure,
        metric,
        subjects: before.subjects,
        before: before.figure,
        meant,
    };
    reading.owners()
}

/// All that tells whose a figure is.
struct Reading<'r, 'a> {
    lexicon: &'a Lexicon,
    scene: &'r Scene<'a>,
    figure: &'r Figure,
    metric: Option<&'r MetricRow>,
    subjects: &'r Subjects<'a>,
    /// Whose the figure before it in the sentence is.
    before: Option<&'a EntityRow>,
    meant: &'r [Meant<'a>],
}

impl<'r, 'a> Reading<'r, 'a> {
    fn owners(&self) -> Owners<'a> {
        let mut list = List::default();
        let mut group = None;
        for one in self.in_clause() {
            match one {
                One::Row(row) => list.note(row, Origin::Clause),
                One::Group(name, true) => list.note_group(name),
                One::Group(name, false) => group = group.or(Some(name)),
            }
        }
        let (strong, weak) = self.in_clauses_before();
        if let Some(venture) = self.venture_of(&list.rows, &strong) {
            list.put_first(venture);
        }
        if let Some(taker) = self.taker(&list.rows, &strong, &weak) {
            list.put_first(taker);
        }
        if let Some(law) = self.law_that_sets(&list.rows) {
            list.put_first(law);
        }
        let strong = strong.into_iter().map(|(row, _)| row).collect();
        list.note_all(self.ventures_first(strong), Origin::Sentence);
        if !list.has_owner() {
            list.note_all(self.of_persons(EntityKind::Company), Origin::Sentence);
        }
        if !list.has_owner() {
            list.note_all(self.things(), Origin::Clause);
        }
        if !list.has_owner() {
            list.note_all(self.topic(), Origin::Clause);
            list.note_all(self.law(), Origin::Clause);
        }
        let (taking, others): (Vec<_>, Vec<_>) = weak.into_iter().partition(|row| takes(row));
        list.note_all(self.passive(&[Part::Object]), Origin::Clause);
        if !list.has_owner() {
            list.note_all(self.before, Origin::Sentence);
            list.note_all(self.inherited(), Origin::Before);
        }
        if let Some(name) = group.filter(|_| !list.has_owner()) {
            list.note_group(name);
        }
        list.note_all(self.passive(&PASSIVE), Origin::Clause);
        list.note_all(taking, Origin::Sentence);
        list.note_all(others, Origin::Sentence);
        if !list.has_owner() {
            list.note_all(self.behind(), Origin::Sentence);
        }
        if !list.has_owner() {
            list.note_all(self.observers(), Origin::Clause);
        }
        if !list.has_owner() {
            let title = self.subjects.title.iter().copied();
            list.note_all(title.take(LENT_MAX), Origin::Title);
        }
        list.note_all(self.of_persons(EntityKind::Agency), Origin::Sentence);
        let parents = self.parents(&list.rows);
        list.note_all(parents, Origin::Sentence);
        self.put_parent_first(&mut list.rows);
        list.note_all(self.company(), Origin::Sentence);
        if list.from != Origin::Clause {
            list.note_all(self.topics(), Origin::Title);
        }
        list.into_owners(self.lexicon)
    }

    /// Returns who owns figures in the figure's clause, the cheapest first.
    fn in_clause(&self) -> Vec<One<'a>> {
        let mut found: Vec<(usize, One<'a>)> = Vec::new();
        for one in self.of_clause(self.figure.clause) {
            let part = one.mention.part;
            let way = self.way(one);
            if let Who::Group(id, country) = one.mention.who
                && matches!(part, Part::Subject | Part::Holder | Part::Agent)
            {
                let name = self
                    .lexicon
                    .cues
                    .group_name(id, country.map(|row| row.name.as_str()));
                let told = country.is_some() || self.is_trade(id);
                found.push((way, One::Group(name, told)));
                continue;
            }
            for row in &one.rows {
                for owner in self.stands_for(row) {
                    if let Some(cost) = self.cost(owner, one) {
                        found.push((cost + way, One::Row(owner)));
                    }
                }
            }
        }
        found.sort_by_key(|(cost, _)| *cost);
        found.into_iter().map(|(_, one)| one).collect()
    }

    /// Tells whether firms of one trade are called so.
    fn is_trade(&self, group: &str) -> bool {
        let mut trades = self.lexicon.cues.trades();
        trades.any(|trade| trade.many.first().is_some_and(|many| many == group))
    }

    fn of_clause(&self, clause: usize) -> impl Iterator<Item = &'r Meant<'a>> {
        self.meant
            .iter()
            .filter(move |one| one.mention.clause == clause)
    }

    /// Returns the row itself, or those whom a person stands for; a part of a state stands for its country where countries
    /// own such figures.
    fn stands_for(&self, row: &'a EntityRow) -> Vec<&'a EntityRow> {
        if row.kind != EntityKind::Person {
            return vec![self.country_of(row)];
        }
        row.parents
            .iter()
            .filter_map(|parent| self.lexicon.entities.named(parent))
            .map(|row| self.country_of(row))
            .collect()
    }

    fn country_of(&self, row: &'a EntityRow) -> &'a EntityRow {
        let stands = row.kind == EntityKind::Agency && self.is_of_places();
        let country = || self.lexicon.entities.country(&row.home);
        Some(row)
            .filter(|_| stands)
            .and_then(|_| country())
            .unwrap_or(row)
    }

    fn is_of_places(&self) -> bool {
        self.metric.is_some_and(|row| row.places)
    }

    /// Tells whether the figure is what states give or demand.
    fn is_given(&self) -> bool {
        self.metric.is_some_and(|row| row.given)
    }

    /// Tells whether one gives, permits or demands such figures, rather than getting them.
    fn gives(&self, row: &EntityRow) -> bool {
        is_state(self.lexicon, row) || self.is_given() && is_nation(row)
    }

    /// Returns who gets or pays what only a state is told to give or demand: one of the sentence, else of those before.
    fn taker(
        &self,
        here: &[&'a EntityRow],
        strong: &[(&'a EntityRow, usize)],
        weak: &[&'a EntityRow],
    ) -> Option<&'a EntityRow> {
        let owned = |row: &&EntityRow| takes(row) || row.kind == EntityKind::Law;
        if !self.is_given() || here.iter().any(owned) {
            return None;
        }
        let sentence = strong
            .iter()
            .map(|(row, _)| *row)
            .chain(weak.iter().copied());
        let clause = self.passive(&PASSIVE).into_iter();
        // Of several told of before, the one that the article is about.
        let title = &self.subjects.title;
        let mut before = self.inherited();
        before.sort_by_key(|row| !title.iter().any(|about| about.name == row.name));
        let recent = self.subjects.recent.iter().copied();
        clause
            .chain(sentence)
            .chain(before)
            .chain(recent)
            .chain(title.iter().copied())
            .find(|row| takes(row))
    }

    /// Returns the law that sets such figures, where the clause names nobody whose it is.
    fn law_that_sets(&self, here: &[&EntityRow]) -> Option<&'a EntityRow> {
        if !self.metric.is_some_and(|row| row.laws) || here.iter().any(|row| takes(row)) {
            return None;
        }
        let is_law = |row: &&EntityRow| row.kind == EntityKind::Law;
        let here = self
            .meant
            .iter()
            .flat_map(|one| one.rows.iter().copied())
            .find(is_law);
        here.or(self.subjects.law)
    }

    /// Returns what it costs to take one for the owner in the clause; nothing for those who are none there.
    fn cost(&self, row: &EntityRow, one: &Meant<'a>) -> Option<usize> {
        let part = one.mention.part;
        let referred = one.mention.row().is_none();
        let places = self.is_of_places();
        let acts = matches!(part, Part::Subject | Part::Holder | Part::Agent);
        let kind = match row.kind {
            EntityKind::Company | EntityKind::Project | EntityKind::Programme => 0,
            EntityKind::Body => 10,
            EntityKind::Agency => 14,
            EntityKind::Law if acts && self.is_rate() => 2,
            EntityKind::Law if acts => 20,
            // A market is the owner of its own figures, not of those of a firm that is named beside it.
            EntityKind::Sector if places => return None,
            EntityKind::Sector if one.mention.first || part == Part::Subject => 45,
            EntityKind::Law if self.adjoins(one) => 12,
            EntityKind::Law if self.is_rate() && self.is_ruled(self.figure.clause) => 4,
            EntityKind::Place if acts && one.mention.office => 14,
            EntityKind::Place if is_state(self.lexicon, row) => 14,
            EntityKind::Place if acts && is_nation(row) && !self.is_given() => 4,
            EntityKind::Place if acts && is_nation(row) => 50,
            // A town acts where a word says so; else it is where a thing stands.
            EntityKind::Place if acts && one.mention.acts => 12,
            EntityKind::Place if places && part != Part::Beside => 4,
            EntityKind::Place if places => 16,
            EntityKind::Product if referred => 0,
            _ => return None,
        };
        let part = match part {
            Part::Subject | Part::Holder | Part::Agent => 0,
            // Who gives, rules and permits leaves the figure to whom it concerns.
            Part::Object | Part::Beside
                if self.is_ruled(self.figure.clause) && self.concerns(row) =>
            {
                4
            }
            Part::Object | Part::Beside if row.kind == EntityKind::Law => 0,
            // Investment in a venture is the venture's.
            Part::Beside if is_venture(row) && self.scene.completes_metric(one.mention.start) => 4,
            Part::Object if self.has_metric(one.mention.end) => 4,
            Part::Object if !one.mention.governed || one.mention.start >= self.figure.end => 12,
            Part::Compared if one.mention.end <= self.figure.start => 0,
            Part::Speaks if row.kind == EntityKind::Company => 30,
            Part::Beside | Part::Modifier | Part::Topic if places => 12,
            _ => return None,
        };
        Some(kind + part)
    }

    /// Tells whether a part of a state acts in a clause, or in the last one before it in which somebody does.
    fn is_ruled(&self, clause: usize) -> bool {
        (0..=clause)
            .rev()
            .find_map(|clause| self.ruled(clause))
            .unwrap_or(false)
    }

    /// Tells whether a part of a state acts in a clause; nothing where nobody does.
    fn ruled(&self, clause: usize) -> Option<bool> {
        let acts = |one: &&Meant<'a>| matches!(one.mention.part, Part::Subject | Part::Speaks);
        let mut found = None;
        for one in self.of_clause(clause).filter(acts) {
            let named = one.rows.iter().copied();
            for row in named.flat_map(|row| [vec![row], self.stands_for(row)].concat()) {
                let state = one.mention.office || self.gives(row);
                found = Some(found.unwrap_or(false) || state);
            }
        }
        found
    }

    /// Tells whether what a part of a state does can concern one: a firm, a venture, and where countries own such figures
    /// a country.
    fn concerns(&self, row: &EntityRow) -> bool {
        takes(row)
            || self.is_of_places() && row.kind == EntityKind::Place
            || self.is_rate() && row.kind == EntityKind::Law
    }

    /// Tells whether a word of a metric stands close behind a name and before the figure, and none of a verb between.
    fn has_metric(&self, end: usize) -> bool {
        let triggers = &self.scene.triggers;
        let from = triggers.partition_point(|hit| hit.span.start() < end);
        triggers
            .get(from..)
            .unwrap_or_default()
            .iter()
            .take_while(|hit| hit.span.end() <= self.figure.start)
            .take_while(|hit| width(self.scene.between(end, hit.span.start())) <= NEAR)
            .any(|hit| !hit.weak)
    }

    /// Tells whether a law follows the figure at once, and nothing that is of the law: the $52 billion CHIPS Act.
    fn adjoins(&self, one: &Meant<'a>) -> bool {
        let mention = &one.mention;
        mention.start >= self.figure.end
            && width(self.scene.between(self.figure.end, mention.start)) <= 1
            && !self.scene.trigger_at(mention.end)
    }

    /// Returns how far one stands from the figure; before it is nearer than after it, and those who act are near.
    fn way(&self, one: &Meant<'a>) -> usize {
        let mention = &one.mention;
        let plain = way(self.scene, self.figure, mention.start, mention.end);
        if mention.start > self.figure.start {
            return plain + if self.has_own(mention.end) { PASSED } else { 0 };
        }
        if mention.part != Part::Subject {
            return plain;
        }
        let behind = |other: &&Meant<'a>| {
            other.mention.start > mention.start && other.mention.end <= self.figure.start
        };
        let mut way = plain;
        let mut passed = false;
        for other in self.of_clause(mention.clause).filter(behind) {
            match other.mention.part {
                // Those who act together are equally near.
                Part::Subject if !self.has_figure(mention.end, other.mention.start) => {
                    way = way.min(self.plain_way(other));
                }
                Part::Subject | Part::Holder => passed = true,
                _ => {}
            }
        }
        way.min(SUBJECT_WAY_MAX) + if passed { PASSED } else { 0 }
    }

    /// Tells whether one behind the figure has a figure of its own in the clause.
    fn has_own(&self, end: usize) -> bool {
        self.scene
            .figures_beside(self.figure)
            .iter()
            .any(|other| other.clause == self.figure.clause && other.start >= end)
    }

    fn plain_way(&self, one: &Meant<'a>) -> usize {
        way(self.scene, self.figure, one.mention.start, one.mention.end)
    }

    fn has_figure(&self, from: usize, to: usize) -> bool {
        self.scene
            .figures_beside(self.figure)
            .iter()
            .any(|other| from <= other.start && other.end <= to)
    }

    /// Returns the owners in the clauses before the figure's, the nearest clause first: those who act, and the others.
    fn in_clauses_before(&self) -> (Vec<(&'a EntityRow, usize)>, Vec<&'a EntityRow>) {
        let mut found: Vec<(usize, usize, &EntityRow)> = Vec::new();
        for clause in self.clauses_before() {
            let ruled = self.is_ruled(clause);
            for one in self.of_clause(clause) {
                for row in one.rows.iter().flat_map(|row| self.stands_for(row)) {
                    if let Some(rank) = self.rank(one, row, ruled) {
                        found.push((self.figure.clause - clause, rank, row));
                    }
                }
            }
        }
        found.sort_by_key(|(distance, rank, _)| (*distance, *rank));
        let (strong, weak): (Vec<_>, Vec<_>) =
            found.into_iter().partition(|(_, rank, _)| *rank < WEAK);
        (
            strong
                .into_iter()
                .map(|(_, rank, row)| (row, rank))
                .collect(),
            weak.into_iter().map(|(.., row)| row).collect(),
        )
    }

    /// Returns the clauses before the figure's, back to where subjects start anew.
    fn clauses_before(&self) -> Vec<usize> {
        let Some(unit) = self.scene.unit_of(self.figure) else {
            return Vec::new();
        };
        let restarts = |clause: usize| unit.clauses.get(clause).is_none_or(|own| own.restarts);
        let mut clauses = Vec::new();
        let mut clause = self.figure.clause;
        while let Some(before) = clause.checked_sub(1) {
            let acts = |clause: &usize| self.ruled(*clause).is_some();
            if restarts(clause) && (self.ruled(clause).is_some() || clauses.iter().any(acts)) {
                break;
            }
            clauses.push(before);
            clause = before;
        }
        clauses
    }

    /// Tells whether one only speaks in the figure's clause.
    fn only_speaks(&self, row: &EntityRow) -> bool {
        self.of_clause(self.figure.clause)
            .filter(|one| one.rows.iter().any(|known| known.name == row.name))
            .all(|one| one.mention.part == Part::Speaks)
    }

    /// Returns in which order those of an earlier clause own what follows; nothing for those who do not.
    fn rank(&self, one: &Meant<'a>, row: &EntityRow, ruled: bool) -> Option<usize> {
        let part = one.mention.part;
        let acts = matches!(part, Part::Subject | Part::Agent)
            || part == Part::Holder && one.mention.first;
        let owns = can_own(row)
            || acts
                && (row.kind == EntityKind::Law || is_nation(row) || is_state(self.lexicon, row));
        let late = usize::from(row.kind == EntityKind::Sector || is_state(self.lexicon, row));
        let rank = match part {
            _ if !owns => return None,
            _ if acts => 2 * late,
            Part::Speaks if row.kind == EntityKind::Company => SPEAKS,
            Part::Speaks => return None,
            Part::Object | Part::Beside | Part::Holder if ruled && takes(row) => 1,
            Part::Object | Part::Holder => WEAK + 2 * late,
            _ => WEAK + 1 + 2 * late,
        };
        Some(rank)
    }

    /// Returns the organisations of the clause that do one of these, the nearest first; of those who only speak, firms.
    fn passive(&self, parts: &[Part]) -> Vec<&'a EntityRow> {
        let mut found: Vec<(usize, &EntityRow)> = self
            .of_clause(self.figure.clause)
            .filter(|one| parts.contains(&one.mention.part))
            .flat_map(|one| one.rows.iter().map(move |row| (one, *row)))
            .filter(|(one, row)| {
                can_own(row)
                    && (one.mention.part != Part::Speaks || row.kind == EntityKind::Company)
            })
            .map(|(one, row)| (self.way(one), row))
            .collect();
        found.sort_by_key(|(way, _)| *way);
        found.into_iter().map(|(_, row)| row).collect()
    }

    /// Returns the houses that act in the clause rather than speak: a bank has figures of its own.
    fn observers(&self) -> Vec<&'a EntityRow> {
        self.of_clause(self.figure.clause)
            .filter(|one| matches!(one.mention.part, Part::Subject | Part::Holder))
            .flat_map(|one| one.rows.iter().copied())
            .filter(|row| row.kind == EntityKind::Observer)
            .collect()
    }

    /// Tells whether the figure is of the kind that laws set: a rate or a term.
    fn is_rate(&self) -> bool {
        matches!(self.figure.quantity.kind, Kind::Percent | Kind::Duration)
    }

    /// Returns the law under which the clause tells a rate or a term; sums are told of those who owe them.
    fn law(&self) -> Option<&'a EntityRow> {
        self.meant
            .iter()
            .filter(|_| self.is_rate())
            .filter(|one| one.mention.end <= self.figure.start)
            .filter_map(|one| one.rows.first().copied())
            .find(|row| row.kind == EntityKind::Law)
    }

    /// Returns the country of whose things the clause tells.
    fn topic(&self) -> Option<&'a EntityRow> {
        self.of_clause(self.figure.clause)
            .find(|one| one.mention.part == Part::Topic && one.mention.end <= self.figure.start)
            .and_then(|one| one.rows.first().copied())
    }

    /// Returns the owners named behind the figure in its sentence.
    fn behind(&self) -> Vec<&'a EntityRow> {
        self.meant
            .iter()
            .filter(|one| one.mention.start >= self.figure.end)
            .flat_map(|one| one.rows.iter().copied())
            .filter(|row| can_own(row))
            .collect()
    }

    /// Puts a venture before those who announce it, where the figure is of what ventures have: sums put up, capacity, jobs.
    fn ventures_first(&self, mut rows: Vec<&'a EntityRow>) -> Vec<&'a EntityRow> {
        if self.is_of_ventures() {
            rows.sort_by_key(|row| !is_venture(row));
        }
        rows
    }

    /// Returns the venture that the sentence names, where those who act or speak are its partners; or that the title does,
    /// where they only speak: what they say of it is the venture's.
    fn venture_of(
        &self,
        here: &[&'a EntityRow],
        before: &[(&'a EntityRow, usize)],
    ) -> Option<&'a EntityRow> {
        let acting = || {
            here.iter()
                .copied()
                .chain(before.iter().map(|(row, _)| *row))
        };
        let speak = here.is_empty() && before.iter().all(|(_, rank)| *rank == SPEAKS);
        let only = here.iter().all(|row| self.only_speaks(row));
        if !(self.is_of_ventures() && only && acting().next().is_some()) {
            return None;
        }
        let named = self.meant.iter().flat_map(|one| one.rows.iter().copied());
        let about = self.subjects.title.iter().copied().filter(|_| speak);
        named
            .chain(about)
            .filter(|row| row.kind == EntityKind::Project && row.parents.len() > 1)
            .find(|row| acting().all(|other| row.parents.contains(&other.name)))
    }

    fn is_of_ventures(&self) -> bool {
        self.metric
            .is_some_and(|row| row.kind == MetricKind::Stock && !row.series && !row.daily)
    }

    /// Returns the owners of the sentences before; a venture or a scheme that the title is about comes first where the
    /// figure is of the kind that it has.
    fn inherited(&self) -> Vec<&'a EntityRow> {
        let mut rows = self.ventures_first(self.subjects.last.clone());
        if self.is_of_places() {
            rows.retain(|row| row.kind != EntityKind::Sector);
            rows = rows.into_iter().map(|row| self.country_of(row)).collect();
        } else {
            // Whose else it may be comes before a country.
            rows.sort_by_key(|row| !takes(row) && is_nation(row));
        }
        if self.metric.is_some_and(|row| row.daily) {
            // Only who is listed has a share price.
            rows.sort_by_key(|row| row.tickers.is_empty());
        }
        rows.truncate(LENT_MAX);
        let topic = self
            .topics()
            .into_iter()
            .find(|topic| self.has_such(topic, &rows));
        if let Some(topic) = topic {
            rows.retain(|row| row.name != topic.name);
            rows.insert(0, topic);
        }
        rows
    }

    /// Tells whether the figure may be one of a venture's of which `rows` have been told: they are its partners, or it is
    /// a scheme under which others pay.
    fn has_such(&self, topic: &EntityRow, rows: &[&EntityRow]) -> bool {
        let partners = rows.iter().all(|row| {
            topic.name == row.name || topic.parents.contains(&row.name) || is_venture(row)
        });
        let price = self
            .metric
            .is_some_and(|row| row.kind == MetricKind::Price && !row.daily);
        self.is_of_ventures() && partners || price && topic.kind == EntityKind::Programme
    }

    /// Puts the one firm that a scheme belongs to before it, where the firm is told as well: a fund of its own is its.
    fn put_parent_first(&self, rows: &mut [&'a EntityRow]) {
        let Some([parent]) = rows
            .first()
            .filter(|first| first.kind == EntityKind::Programme)
            .map(|first| first.parents.as_slice())
        else {
            return;
        };
        let at = rows
            .iter()
            .position(|row| row.name == *parent && row.kind == EntityKind::Company);
        if let Some(before) = at.and_then(|at| rows.get_mut(..=at)) {
            before.rotate_right(1);
        }
    }

    /// Returns the products in the figure's clause, the nearest first: they own figures where no organisation does.
    fn things(&self) -> Vec<&'a EntityRow> {
        let Some(clause) = self.scene.clause_of(self.figure) else {
            return Vec::new();
        };
        let mut found: Vec<(usize, &EntityRow)> = self
            .scene
            .names_in(&clause.range)
            .iter()
            .filter(|name| name.entity.kind == EntityKind::Product && self.has_figure_of(name))
            .map(|name| {
                (
                    way(self.scene, self.figure, name.start, name.end),
                    name.entity,
                )
            })
            .collect();
        found.sort_by_key(|(cost, _)| *cost);
        found.into_iter().map(|(_, row)| row).collect()
    }

    /// Tells whether a product may own the figure: what countries own it does not, and of sums put up, capacity and jobs
    /// it only has those behind it.
    fn has_figure_of(&self, name: &Name<'_>) -> bool {
        !self.is_of_places() && (name.end <= self.figure.start || !self.is_of_ventures())
    }

    /// Returns whom the persons of the sentence stand for, of one kind; a part of a state only where they act and not
    /// speak.
    fn of_persons(&self, kind: EntityKind) -> Vec<&'a EntityRow> {
        self.meant
            .iter()
            .filter(|one| kind == EntityKind::Company || one.mention.part != Part::Speaks)
            .filter_map(|one| one.mention.row())
            .filter(|row| row.kind == EntityKind::Person)
            .flat_map(|row| self.stands_for(row))
            .filter(|parent| parent.kind == kind)
            .collect()
    }

    /// Returns what else the sentence names: products, laws and places, those of the clause first.
    fn company(&self) -> Vec<&'a EntityRow> {
        let Some(unit) = self.scene.unit_of(self.figure) else {
            return Vec::new();
        };
        let clause = self
            .scene
            .clause_of(self.figure)
            .map_or(unit.range.clone(), |clause| clause.range.clone());
        [clause, unit.range.clone()]
            .iter()
            .flat_map(|range| self.scene.names_in(range))
            .map(|name: &Name<'a>| name.entity)
            .filter(|row| {
                matches!(
                    row.kind,
                    EntityKind::Product | EntityKind::Law | EntityKind::Place
                )
            })
            .collect()
    }

    /// Returns the companies behind the programmes, projects and products of a list.
    fn parents(&self, rows: &[&'a EntityRow]) -> Vec<&'a EntityRow> {
        rows.iter()
            .filter(|row| is_venture(row) || row.kind == EntityKind::Product)
            .filter(|row| row.parents.len() == 1)
            .flat_map(|row| &row.parents)
            .filter_map(|parent| self.lexicon.entities.named(parent))
            .filter(|row| row.kind == EntityKind::Company)
            .collect()
    }

    /// Returns the projects and programmes that the title is about.
    fn topics(&self) -> Vec<&'a EntityRow> {
        self.subjects
            .title
            .iter()
            .copied()
            .filter(|row| is_venture(row))
            .collect()
    }
}

/// Who may own a figure.
enum One<'a> {
    Row(&'a EntityRow),
    /// Firms without names, and whether their country or their trade is told.
    Group(String, bool),
}

/// Names in order, each once.
#[derive(Debug)]
struct List<'a> {
    /// Firms without names come first where they are the nearest.
    group: Option<String>,
    rows: Vec<&'a EntityRow>,
    from: Origin,
}

impl Default for List<'_> {
    fn default() -> Self {
        List {
            group: None,
            rows: Vec::new(),
            from: Origin::Nowhere,
        }
    }
}

impl<'a> List<'a> {
    fn note(&mut self, row: &'a EntityRow, origin: Origin) {
        let full = self.rows.len() + usize::from(self.group.is_some()) >= NAMES_MAX;
        if !full && !self.rows.iter().any(|known| known.name == row.name) {
            self.begin(origin);
            self.rows.push(row);
        }
    }

    fn put_first(&mut self, row: &'a EntityRow) {
        self.begin(Origin::Sentence);
        self.rows.retain(|known| known.name != row.name);
        self.rows.insert(0, row);
    }

    fn note_all(&mut self, rows: impl IntoIterator<Item = &'a EntityRow>, origin: Origin) {
        for row in rows {
            self.note(row, origin);
        }
    }

    fn note_group(&mut self, name: String) {
        if self.rows.is_empty() && self.group.is_none() {
            self.begin(Origin::Clause);
            self.group = Some(name);
        }
    }

    fn begin(&mut self, origin: Origin) {
        if self.rows.is_empty() && self.group.is_none() {
            self.from = origin;
        }
    }

    fn is_told(&self) -> bool {
        matches!(self.from, Origin::Clause | Origin::Sentence)
    }

    fn has_owner(&self) -> bool {
        self.group.is_some() || self.rows.iter().any(|row| can_own(row))
    }

    fn into_owners(self, lexicon: &Lexicon) -> Owners<'a> {
        let acting = self
            .rows
            .first()
            .copied()
            .filter(|row| self.group.is_none() && self.is_told() && can_own_or_acts(row));
        let group = self.group.map(|name| Entity { name, known: false });
        let rows = self.rows.into_iter().map(|row| Entity {
            name: row.name.clone(),
            known: lexicon.entities.named(&row.name).is_some(),
        });
        Owners {
            entities: group.into_iter().chain(rows).collect(),
            from: self.from,
            acting,
        }
    }
}

fn way(scene: &Scene<'_>, figure: &Figure, start: usize, end: usize) -> usize {
    if end <= figure.start {
        width(scene.between(end, figure.start))
    } else {
        let gap = width(scene.between(figure.end, start));
        10 + gap + gap / 3
    }
}

/// Tells whether names of this kind take what parts of a state give, permit or demand.
fn takes(row: &EntityRow) -> bool {
    matches!(
        row.kind,
        EntityKind::Company | EntityKind::Project | EntityKind::Programme
    )
}

/// Tells whether names of this kind may be whose a figure is.
fn can_own_or_acts(row: &EntityRow) -> bool {
    can_own(row) || row.kind == EntityKind::Place
}

fn is_venture(row: &EntityRow) -> bool {
    matches!(row.kind, EntityKind::Project | EntityKind::Programme)
}
