//! Names that only the article knows: those that no row holds, and other names that it gives to those it does.
//!
//! Both texts of an article are read together, so that what the body introduces
//! is known in the title. What always holds: a name that was found stands in the
//! text as it is written here, overlaps no figure, and is no longer name of the
//! lexicon's.

mod alias;
mod capitals;
mod han;
mod suffix;

use std::collections::{BTreeMap, HashMap};

use hedui_model::Span;
use hedui_text::Lexicon;
use hedui_text::lexicon::{Cue, EntityKind, EntityRow, Role};

use crate::scene::{Name, Scene};

/// How many names an article may introduce.
const NAMES_MAX: usize = 64;

/// How many places of a text are looked at for names, of each sort.
const CANDIDATES_MAX: usize = 256;

/// Whom a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Named {
    /// One that the lexicon holds, by its place in [`Strangers::known`].
    Known(usize),
    /// One that it does not, by its place in [`Strangers::rows`].
    New(usize),
}

/// A name where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stranger {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) who: Named,
}

/// A name that may be one, where it was found.
#[derive(Clone, Debug)]
struct Candidate {
    start: usize,
    end: usize,
    kind: EntityKind,
    /// Whether the place alone tells that it is a name; else it has to recur.
    certain: bool,
}

/// The names of an article that the lexicon does not hold.
#[derive(Debug, Default)]
pub(crate) struct Strangers<'a> {
    rows: Vec<EntityRow>,
    known: Vec<&'a EntityRow>,
    /// Forms as they stand in folded text.
    forms: BTreeMap<String, Named>,
}

impl<'a> Strangers<'a> {
    /// Reads both texts of an article.
    pub(crate) fn new(lexicon: &'a Lexicon, scenes: &[Scene<'a>; 2]) -> Self {
        let mut strangers = Strangers::default();
        // The body first: there a name stands in full, and in sentences.
        for scene in scenes.iter().rev() {
            for candidate in suffix::names(lexicon, scene).iter().take(CANDIDATES_MAX) {
                if !strangers.enter_known(lexicon, scene, candidate) {
                    strangers.enter(scene, candidate);
                }
            }
        }
        strangers.shorten(lexicon, scenes);
        for scene in scenes {
            strangers.learn_first_words(lexicon, scene);
        }
        for scene in scenes.iter().rev() {
            let mut found = capitals::names(lexicon, scene);
            found.extend(han::names(lexicon, scene));
            for candidate in found.iter().take(CANDIDATES_MAX) {
                if !strangers.enter_many(lexicon, scene, candidate) {
                    strangers.enter(scene, candidate);
                }
            }
        }
        for scene in scenes.iter().rev() {
            alias::learn(lexicon, scene, &mut strangers);
        }
        for scene in scenes {
            strangers.learn_letters(scene);
        }
        strangers.shorten(lexicon, scenes);
        strangers
    }

    /// Returns the places where the names stand in a text, in order, none within another.
    pub(crate) fn places(&self, scene: &Scene<'_>) -> Vec<Stranger> {
        let mut found: Vec<Stranger> = Vec::new();
        for (form, who) in &self.forms {
            for (start, _) in scene.text.match_indices(form.as_str()) {
                let end = start + form.len();
                if stands_alone(scene, start, end) && !is_taken(scene, start, end) {
                    found.push(Stranger {
                        start,
                        end,
                        who: *who,
                    });
                }
            }
        }
        found.sort_by_key(|place| (place.start, std::cmp::Reverse(place.end)));
        let mut end = 0;
        found.retain(|place| {
            let free = place.start >= end;
            if free {
                end = place.end;
            }
            free
        });
        found
    }

    /// Returns the name that stands at a place.
    pub(crate) fn name<'s>(&'s self, place: &Stranger) -> Option<Name<'s>>
    where
        'a: 's,
    {
        let (entity, known) = match place.who {
            Named::New(index) => (self.rows.get(index)?, false),
            Named::Known(index) => (*self.known.get(index)?, true),
        };
        Some(Name {
            start: place.start,
            end: place.end,
            entity,
            known,
        })
    }

    fn enter(&mut self, scene: &Scene<'_>, candidate: &Candidate) {
        let form = scene.between(candidate.start, candidate.end);
        if self.forms.contains_key(form) || self.rows.len() >= NAMES_MAX {
            return;
        }
        let recurs = || scene.text.match_indices(form).nth(1).is_some();
        if !candidate.certain && !recurs() {
            return;
        }
        let span = Span::new(candidate.start, candidate.end);
        let original = scene.passage.map.to_original(span);
        let name = original.of(&scene.passage.text).unwrap_or(form).to_owned();
        self.forms
            .insert(form.to_owned(), Named::New(self.rows.len()));
        self.rows.push(row(name, candidate.kind));
    }

    /// Enters a name that is one of the lexicon's and the word for a legal form: Rapidus Corp.
    fn enter_known(
        &mut self,
        lexicon: &'a Lexicon,
        scene: &Scene<'a>,
        candidate: &Candidate,
    ) -> bool {
        let form = scene.between(candidate.start, candidate.end);
        let core = scene
            .names_in(&(candidate.start..candidate.end))
            .iter()
            .find(|name| name.start == candidate.start)
            .map(|name| scene.between(name.start, name.end))
            .filter(|core| {
                let rest = form.get(core.len()..).unwrap_or_default();
                lexicon.cues.is_legal_form(rest.trim())
            });
        core.is_some_and(|core| self.enter_as(lexicon, form, core))
    }

    /// Enters a name that is one of the lexicon's in the plural: Teslas.
    fn enter_many(
        &mut self,
        lexicon: &'a Lexicon,
        scene: &Scene<'a>,
        candidate: &Candidate,
    ) -> bool {
        let form = scene.between(candidate.start, candidate.end);
        let one = form.strip_suffix('s');
        one.is_some_and(|one| self.enter_as(lexicon, form, one))
    }

    /// Enters a form as that of the firm that the lexicon knows by another; tells whether it knows one.
    fn enter_as(&mut self, lexicon: &'a Lexicon, form: &str, other: &str) -> bool {
        let hits = lexicon.entities.find(other);
        let whole = hits
            .iter()
            .find(|hit| hit.span == Span::new(0, other.len()))
            .and_then(|hit| lexicon.entities.get(hit.value));
        let Some(row) = whole.filter(|row| row.kind == EntityKind::Company) else {
            return false;
        };
        let who = self.learn_known(row);
        self.forms.entry(form.to_owned()).or_insert(who);
        true
    }

    /// Lets a firm be called by the first word of its name where that is an abbreviation: MP for MP Materials.
    fn learn_first_words(&mut self, lexicon: &Lexicon, scene: &Scene<'a>) {
        for name in scene
            .names
            .iter()
            .filter(|name| name.entity.kind == EntityKind::Company)
        {
            let text = scene.between(name.start, name.end);
            let Some((first, _)) = text.split_once(' ') else {
                continue;
            };
            let is_abbreviation = first.len() > 1
                && first.bytes().all(|letter| letter.is_ascii_uppercase())
                && lexicon.entities.find(first).is_empty()
                && !is_concept(lexicon, first);
            if is_abbreviation {
                let who = self.learn_known(name.entity);
                self.forms.entry(first.to_owned()).or_insert(who);
            }
        }
    }

    /// Gives one a further name; a name in Latin letters is the one it is called by outside.
    fn call(&mut self, who: Named, form: &str, name: &str) {
        if self.forms.len() >= 2 * NAMES_MAX || self.forms.contains_key(form) {
            return;
        }
        self.forms.insert(form.to_owned(), who);
        if let Named::New(index) = who
            && let Some(row) = self.rows.get_mut(index)
            && !row.name.is_ascii()
            && name.is_ascii()
        {
            name.clone_into(&mut row.name);
        }
    }

    fn learn_known(&mut self, row: &'a EntityRow) -> Named {
        let at = self.known.iter().position(|known| known.name == row.name);
        Named::Known(at.unwrap_or_else(|| {
            self.known.push(row);
            self.known.len() - 1
        }))
    }

    /// Lets a name that is a single letter (platform X, X平台) stand alone in the article that introduces it so.
    fn learn_letters(&mut self, scene: &Scene<'a>) {
        for name in &scene.names {
            let text = scene.between(name.start, name.end);
            let letter = text
                .split(|letter: char| !letter.is_ascii_alphanumeric())
                .find(|word| word.len() == 1 && word.bytes().all(|byte| byte.is_ascii_uppercase()));
            if let Some(letter) = letter.filter(|letter| letter.len() < text.len()) {
                let who = self.learn_known(name.entity);
                self.forms.entry(letter.to_owned()).or_insert(who);
            }
        }
    }

    /// Lets a name stand for itself without the word that tells its kind: Honda for Honda Motor, 安世 for 安世半导体.
    fn shorten(&mut self, lexicon: &'a Lexicon, scenes: &[Scene<'a>; 2]) {
        let mut short: HashMap<String, Option<Named>> = HashMap::new();
        for (form, who) in &self.forms {
            if let Some(core) = suffix::core(lexicon, form) {
                let place = short.entry(core.to_owned()).or_insert(Some(*who));
                if *place != Some(*who) {
                    // The first word of two names stands for neither.
                    *place = None;
                }
            }
        }
        for (core, who) in short {
            let is_name = scenes.iter().any(|scene| suffix::stands(scene, &core));
            if let Some(who) = who.filter(|_| is_name) {
                self.forms.entry(core).or_insert(who);
            }
        }
    }
}

/// Makes the row of a name.
fn row(name: String, kind: EntityKind) -> EntityRow {
    EntityRow {
        name,
        kind,
        home: NOWHERE.to_owned(),
        en: Vec::new(),
        cn: Vec::new(),
        tw: Vec::new(),
        hk: Vec::new(),
        tickers: Vec::new(),
        parents: Vec::new(),
        not: Vec::new(),
        seat: None,
        case: true,
    }
}

/// The home of one of whom none is known.
const NOWHERE: &str = "ZZ";

/// Tells whether no letter of the same script touches a name that begins or ends with a Latin one.
fn stands_alone(scene: &Scene<'_>, start: usize, end: usize) -> bool {
    let inner = scene.between(start, end);
    let latin = |letter: Option<char>| letter.is_some_and(|letter| letter.is_ascii_alphanumeric());
    let before = scene.between(0, start).chars().next_back();
    let after = scene.between(end, scene.text.len()).chars().next();
    let touched = latin(inner.chars().next()) && latin(before)
        || latin(inner.chars().next_back()) && latin(after);
    !touched
}

/// Tells whether a figure stands there, or a name of the lexicon that is not a part of what stands there.
fn is_taken(scene: &Scene<'_>, start: usize, end: usize) -> bool {
    let at = scene.names.partition_point(|name| name.end <= start);
    let name = scene
        .names
        .get(at..)
        .unwrap_or_default()
        .iter()
        .take_while(|name| name.start < end)
        .any(|name| {
            name.start < start || end < name.end || (name.start == start && name.end == end)
        });
    let at = scene.figures.partition_point(|figure| figure.end <= start);
    name || scene
        .figures
        .get(at)
        .is_some_and(|figure| figure.start < end)
}

/// Tells whether a name is that of a part of a firm: Samsung's Device Solutions, the Device Solutions division.
fn is_part(scene: &Scene<'_>, start: usize, end: usize) -> bool {
    let of_firm = scene
        .cues_ending(start)
        .filter(|hit| *hit.cue == Cue::Discourse(Role::Holder))
        .filter_map(|hit| scene.name_ending(hit.span.start()))
        .any(|row| row.kind == EntityKind::Company);
    of_firm || scene.roles_starting(end).any(|role| role == Role::Section)
}

/// Tells whether a word is one of the grammar: it counts, says, compares, hedges, is a title or has no meaning of its own.
fn is_grammar(scene: &Scene<'_>, start: usize, end: usize) -> bool {
    let cue = scene
        .cues_in(&(start..end))
        .iter()
        .filter(|hit| hit.span.range() == (start..end))
        .any(|hit| !matches!(hit.cue, Cue::NameSuffix(_)));
    let from = scene
        .triggers
        .partition_point(|hit| hit.span.start() < start);
    let trigger = scene
        .triggers
        .iter()
        .skip(from)
        .take_while(|hit| hit.span.start() == start)
        .any(|hit| hit.span.end() == end && !hit.weak);
    cue || trigger
}

/// Tells whether a word as a whole belongs to a concept.
fn is_concept(lexicon: &Lexicon, word: &str) -> bool {
    let whole = Span::new(0, word.len());
    lexicon
        .concepts
        .find(word)
        .iter()
        .any(|hit| hit.span == whole)
}
