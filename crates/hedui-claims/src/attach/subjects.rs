//! What the sentences before leave to the next: who acted, and what words that refer back stand for.

use hedui_model::Region;
use hedui_text::Lexicon;
use hedui_text::lexicon::{EntityKind, EntityRow, ReferenceKind};

use crate::mention::{Mention, Part, Who};
use crate::scene::Scene;

/// How many of those who were named last are kept.
const RECENT_MAX: usize = 12;

/// A mention, and whom it means.
#[derive(Clone, Debug)]
pub(crate) struct Meant<'a> {
    pub(crate) mention: Mention<'a>,
    /// Empty where it means firms without names, or nobody that is known.
    pub(crate) rows: Vec<&'a EntityRow>,
}

/// What the sentences before leave to the next.
#[derive(Clone, Debug, Default)]
pub(crate) struct Subjects<'a> {
    /// Owners of the last sentence that had one, the subject first.
    pub(crate) last: Vec<&'a EntityRow>,
    /// Who was named, the last one first, subjects of a sentence before its others.
    pub(crate) recent: Vec<&'a EntityRow>,
    /// The project, programme or product named last.
    project: Option<&'a EntityRow>,
    /// The person named last.
    person: Option<&'a EntityRow>,
    /// The law named last.
    pub(crate) law: Option<&'a EntityRow>,
    /// The country that the article is written in.
    pub(crate) home: Option<&'a EntityRow>,
    /// Owners in the title.
    pub(crate) title: Vec<&'a EntityRow>,
}

impl<'a> Subjects<'a> {
    /// Begins an article that is written in a region.
    pub(crate) fn at_home(lexicon: &'a Lexicon, region: Option<Region>) -> Self {
        let home = region.and_then(|region| lexicon.entities.country(region.as_str()));
        Subjects {
            home,
            ..Subjects::default()
        }
    }

    /// Tells whom each mention of a sentence means.
    pub(crate) fn resolve(
        &self,
        lexicon: &'a Lexicon,
        scene: &Scene<'a>,
        sentence: usize,
    ) -> Vec<Meant<'a>> {
        let mut meant: Vec<Meant<'a>> = Vec::new();
        for mention in scene.mentions_of(sentence) {
            let rows = match mention.who {
                Who::Row(row) => vec![acting(lexicon, mention, row)],
                Who::Before(kind) => self.named_before(kind, &meant),
                Who::Trade(trade) => self.of_trade(lexicon, scene, trade, &meant),
                Who::Group(..) => Vec::new(),
            };
            meant.push(Meant {
                mention: *mention,
                rows,
            });
        }
        meant
    }

    /// Takes note of a sentence that has been read.
    pub(crate) fn pass(&mut self, lexicon: &Lexicon, meant: &[Meant<'a>]) {
        for row in meant.iter().filter_map(|one| one.mention.row()) {
            match row.kind {
                EntityKind::Project | EntityKind::Programme | EntityKind::Product => {
                    self.project = Some(row);
                }
                EntityKind::Law => self.law = Some(row),
                EntityKind::Person => self.person = Some(row),
                _ => {}
            }
        }
        let mut owners = owners_by_part(lexicon, meant);
        for row in owners.iter().rev() {
            self.recent.retain(|known| known.name != row.name);
            self.recent.insert(0, row);
        }
        self.recent.truncate(RECENT_MAX);
        let beside = |one: &Meant<'a>| one.mention.part != Part::Subject;
        let only_sectors = owners.iter().all(|row| row.kind == EntityKind::Sector)
            && meant
                .iter()
                .filter(|one| one.rows.iter().any(|row| row.kind == EntityKind::Sector))
                .all(beside);
        if (only_sectors || self.goes_on(meant)) && !self.last.is_empty() {
            // A market that is mentioned is no new subject, nor are others where the subject of the article was told of.
            owners.retain(|row| !self.last.iter().any(|known| known.name == row.name));
            self.last.append(&mut owners);
        } else if !owners.is_empty() {
            self.last = owners;
        }
    }

    /// Tells whether the one that the article is about, who acted before, remains the subject where nobody acts.
    fn goes_on(&self, meant: &[Meant<'a>]) -> bool {
        let acts = |one: &Meant<'a>| {
            matches!(one.mention.part, Part::Subject | Part::Holder | Part::Agent)
                && !one.rows.is_empty()
        };
        let about = |row: &&EntityRow| {
            is_firm(row) && self.title.iter().any(|about| about.name == row.name)
        };
        self.last.first().copied().as_ref().is_some_and(about) && !meant.iter().any(acts)
    }

    fn named_before(&self, kind: ReferenceKind, meant: &[Meant<'a>]) -> Vec<&'a EntityRow> {
        let one = |row: Option<&'a EntityRow>| row.into_iter().collect();
        match kind {
            ReferenceKind::Actor => one(self.actor(meant)),
            ReferenceKind::Company => one(self.firm(meant)),
            ReferenceKind::Agency => one(self.last_of(meant, is_agency)),
            ReferenceKind::Country => one(self.last_of(meant, is_country)),
            ReferenceKind::Home => one(self.home),
            ReferenceKind::Sector => one(self.last_of(meant, is_sector)),
            ReferenceKind::Project => one(meant
                .iter()
                .rev()
                .flat_map(|one| one.mention.row())
                .find(|row| is_scheme(row))
                .or(self.project)),
            ReferenceKind::Law => one(self
                .last_of(meant, |row| row.kind == EntityKind::Law)
                .or(self.law)),
            ReferenceKind::Both => self.two(meant),
            ReferenceKind::Former => self.two(meant).into_iter().take(1).collect(),
            ReferenceKind::Latter => self.two(meant).into_iter().skip(1).take(1).collect(),
            ReferenceKind::Person => one(meant
                .iter()
                .rev()
                .flat_map(|one| one.mention.row())
                .find(|row| row.kind == EntityKind::Person)
                .or(self.person)),
        }
    }

    /// Returns who acts in this sentence so far, else in the one before.
    fn actor(&self, meant: &[Meant<'a>]) -> Option<&'a EntityRow> {
        let acts = |row: &EntityRow| can_own(row) && !is_sector(row) || is_country(row);
        acting_in(meant, acts).or_else(|| self.last.first().copied())
    }

    /// Returns the firm that a word such as `the company` stands for: who acts in the sentence, else the last one.
    fn firm(&self, meant: &[Meant<'a>]) -> Option<&'a EntityRow> {
        let here = || {
            meant
                .iter()
                .rev()
                .flat_map(|one| one.rows.iter().copied())
                .find(|row| is_firm(row))
        };
        // Of several, the one that the article is about.
        let last = || {
            let firms = || self.last.iter().copied().filter(|row| is_firm(row));
            firms()
                .find(|row| self.title.iter().any(|about| about.name == row.name))
                .or_else(|| firms().next())
        };
        acting_in(meant, is_firm)
            .or_else(here)
            .or_else(last)
            .or_else(|| self.last_of(meant, is_firm))
    }

    /// Returns the one of a kind that was named last, in this sentence or before.
    fn last_of(
        &self,
        meant: &[Meant<'a>],
        suits: impl Fn(&EntityRow) -> bool,
    ) -> Option<&'a EntityRow> {
        self.candidates(meant).into_iter().find(|row| suits(row))
    }

    /// Returns those whom a word may refer to, the nearest first.
    fn candidates(&self, meant: &[Meant<'a>]) -> Vec<&'a EntityRow> {
        let here = meant
            .iter()
            .rev()
            .filter(|one| !matches!(one.mention.part, Part::Compared))
            .flat_map(|one| one.rows.iter().copied());
        let title = self.title.iter().copied();
        here.chain(self.recent.iter().copied())
            .chain(title)
            .collect()
    }

    /// Returns the firm of a trade that was named last: one whose name or an apposition tells the trade, else the last
    /// one of whom nothing tells another.
    fn of_trade(
        &self,
        lexicon: &Lexicon,
        scene: &Scene<'a>,
        trade: &str,
        meant: &[Meant<'a>],
    ) -> Vec<&'a EntityRow> {
        let firms: Vec<&EntityRow> = self
            .candidates(meant)
            .into_iter()
            .filter(|row| is_firm(row))
            .collect();
        let of = |row: &EntityRow| scene.trade_of(lexicon, row);
        let told = firms.iter().find(|row| of(row) == Some(trade));
        let Some(row) = lexicon.cues.trade(trade) else {
            return Vec::new();
        };
        if row.many.is_empty() && row.parts.is_empty() {
            // Any trade will do.
            return self.firm(meant).into_iter().collect();
        }
        let open = || {
            firms
                .iter()
                .find(|firm| of(firm).is_none() && !row.many.is_empty())
        };
        told.or_else(open).copied().into_iter().collect()
    }

    /// Returns the last two of one kind, in the order of the text: of this sentence, else of the one before.
    fn two(&self, meant: &[Meant<'a>]) -> Vec<&'a EntityRow> {
        let suits = |row: &&EntityRow| can_own(row) || is_country(row);
        let mut here: Vec<&EntityRow> = Vec::new();
        for row in meant.iter().rev().flat_map(|one| one.rows.iter().copied()) {
            if suits(&row) && !here.iter().any(|known| known.name == row.name) {
                here.insert(0, row);
            }
        }
        let pair = |rows: &[&'a EntityRow]| {
            let (first, rest) = rows.split_first()?;
            let second = rest
                .iter()
                .find(|row| row.kind == first.kind || can_own(row) && can_own(first))?;
            Some(vec![*first, *second])
        };
        let last_two = here.get(here.len().saturating_sub(2)..).unwrap_or_default();
        pair(last_two)
            .or_else(|| pair(&self.last))
            .unwrap_or_default()
    }
}

/// Returns the first who acts in the last clause in which one does.
fn acting_in<'a>(meant: &[Meant<'a>], suits: impl Fn(&EntityRow) -> bool) -> Option<&'a EntityRow> {
    let acts = |one: &&Meant<'a>| {
        matches!(
            one.mention.part,
            Part::Subject | Part::Holder | Part::Speaks | Part::Agent
        )
    };
    let mut found: Option<(usize, &EntityRow)> = None;
    for one in meant.iter().filter(acts) {
        let clause = one.mention.clause;
        let Some(row) = one.rows.iter().find(|row| suits(row)) else {
            continue;
        };
        if found.is_none_or(|(before, _)| before < clause) {
            found = Some((clause, row));
        }
    }
    found.map(|(_, row)| row)
}

/// Returns who acts where a name does: a capital stands for its country, and so does an officer of a part of the state.
fn acting<'a>(lexicon: &'a Lexicon, mention: &Mention<'_>, row: &'a EntityRow) -> &'a EntityRow {
    let acts = matches!(mention.part, Part::Subject | Part::Holder | Part::Agent);
    if acts && mention.office && row.kind == EntityKind::Agency {
        return lexicon.entities.country(&row.home).unwrap_or(row);
    }
    row.seat
        .as_ref()
        .filter(|_| acts)
        .and_then(|country| lexicon.entities.named(country))
        .unwrap_or(row)
}

/// Returns the owners of a sentence: who acts first, who only speaks or stands beside last.
fn owners_by_part<'a>(lexicon: &Lexicon, meant: &[Meant<'a>]) -> Vec<&'a EntityRow> {
    let mut found: Vec<(usize, &EntityRow)> = meant
        .iter()
        .flat_map(|one| {
            let part = one.mention.part;
            one.rows.iter().filter_map(move |row| {
                let acts = matches!(part, Part::Subject | Part::Holder | Part::Agent);
                let owns = can_own(row) || acts && is_nation(row);
                owns.then_some((rank(lexicon, part, row), *row))
            })
        })
        .collect();
    found.sort_by_key(|(rank, _)| *rank);
    let mut owners: Vec<&EntityRow> = Vec::new();
    for (_, row) in found {
        if !owners.iter().any(|known| known.name == row.name) {
            owners.push(row);
        }
    }
    owners
}

fn rank(lexicon: &Lexicon, part: Part, row: &EntityRow) -> usize {
    let last = row.kind == EntityKind::Sector || is_state(lexicon, row);
    let rank = match part {
        Part::Subject | Part::Holder => 0,
        Part::Agent | Part::Object => 1,
        Part::Speaks => 2,
        Part::Topic | Part::Modifier | Part::Compared | Part::Beside => 3,
    };
    rank + 4 * usize::from(last)
}

/// Tells whether names of this kind own figures wherever they stand.
pub(crate) fn can_own(row: &EntityRow) -> bool {
    matches!(
        row.kind,
        EntityKind::Company
            | EntityKind::Agency
            | EntityKind::Body
            | EntityKind::Project
            | EntityKind::Programme
            | EntityKind::Sector
    )
}

/// Tells whether a name is that of a part of a state: an agency, or a place that stands for one.
pub(crate) fn is_state(lexicon: &Lexicon, row: &EntityRow) -> bool {
    row.kind == EntityKind::Agency
        || row.kind == EntityKind::Place
            && row
                .parents
                .iter()
                .filter_map(|parent| lexicon.entities.named(parent))
                .any(|parent| parent.kind == EntityKind::Agency)
}

fn is_firm(row: &EntityRow) -> bool {
    row.kind == EntityKind::Company
}

fn is_agency(row: &EntityRow) -> bool {
    matches!(row.kind, EntityKind::Agency | EntityKind::Body)
}

fn is_country(row: &EntityRow) -> bool {
    row.kind == EntityKind::Place
}

/// Tells whether a name is that of a whole country.
pub(crate) fn is_nation(row: &EntityRow) -> bool {
    row.kind == EntityKind::Place && row.parents.is_empty()
}

fn is_sector(row: &EntityRow) -> bool {
    row.kind == EntityKind::Sector
}

fn is_scheme(row: &EntityRow) -> bool {
    matches!(
        row.kind,
        EntityKind::Project | EntityKind::Programme | EntityKind::Product
    )
}
