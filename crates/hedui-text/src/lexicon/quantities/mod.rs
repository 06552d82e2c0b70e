//! The words of figures: numerals, units, currencies, counted nouns, bounds, dates, and what is no quantity.
//!
//! The rows say what each form can be ([`Role`]); the grammar in `hedui-claims` says what follows from it. All forms
//! are folded by [`Folder`](crate::Folder), so a row may be written in either script. What always holds: an index that a role carries
//! points at a row that exists; no two units or currencies claim one form without saying when each holds.

mod build;
mod calendar;
mod role;
mod rows;
mod trie;
mod units;

use std::collections::BTreeMap;

use hedui_model::{Decimal, Region};

use build::Building;
pub use calendar::{Calendar, FiscalStart, HolidayRow, HolidayRule, SeasonRow};
pub use role::{Role, Roles};
pub use trie::{Match, Place, Trie, WordId};

/// The bounds by the numbers that `Role::BoundBefore` and `Role::BoundAfter` carry.
pub const BOUND_NAMES: &[&str] = &[
    "exact",
    "about",
    "more_than",
    "at_least",
    "less_than",
    "at_most",
    "up_to",
];

/// What kind of quantity a unit makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnitKind {
    /// A number with a unit.
    Dimension,
    /// A share.
    Percent,
    /// A length of time.
    Duration,
}

/// A unit.
#[derive(Clone, Debug)]
pub struct UnitRow {
    /// As written, in the singular: `gigawatt`.
    pub id: String,
    /// The base unit: `W`.
    pub base: String,
    /// How many of the base unit one is.
    pub factor: Decimal,
    /// What kind of quantity it makes.
    pub kind: UnitKind,
    /// The calendar period that it is, as `Role::Period` numbers them.
    pub period: Option<i64>,
    /// Its seconds, where clocks tell it.
    pub seconds: Option<i64>,
    /// The ids of the smaller units that may stand behind it, and how many make one.
    pub parts: Vec<(String, i64)>,
    /// What it measures, where units of other bases measure the same.
    pub measures: Option<String>,
    /// Units of which one has to stand near.
    pub near: Vec<String>,
    /// Whether a prefix made it (gigawatt).
    pub prefixed: bool,
    /// For a rate: what it is per.
    pub per: Option<String>,
    /// For what is done: the unit of so many each second.
    pub rate: Option<String>,
    /// What it is called as a denominator: the symbol where there is one (`kWh`), else the id.
    pub as_denominator: String,
}

/// A currency, a part of one, or a word that several share.
#[derive(Clone, Debug)]
pub struct CurrencyRow {
    /// The ISO code, or the name of an ambiguous word (`dollar`) or of a part (`cent`).
    pub id: String,
    /// For a part: the id of the whole and how many parts make one.
    pub part_of: Option<(String, i64)>,
    /// For an ambiguous word: the code by region.
    pub by_region: BTreeMap<Region, String>,
    /// For an ambiguous word: the code in any other region.
    pub elsewhere: Option<String>,
    /// For an ambiguous word: what it may be, the likelier first. Empty for a currency.
    pub candidates: Vec<String>,
}

/// Something that is counted.
#[derive(Clone, Debug)]
pub struct NounRow {
    /// The English noun in the singular.
    pub id: String,
    /// A wider noun that this one may be told for (`visa`: `application`).
    pub like: Option<String>,
    /// Whether a number between a name and the noun is the model's (征程6芯片).
    pub numbered: bool,
    /// Whether it is what many names end in, so that a classifier of something else counts it only right behind.
    pub placed: bool,
}

/// A fixed phrase for a magnitude.
#[derive(Clone, Copy, Debug)]
pub struct VagueRow {
    /// The lower end.
    pub low: Decimal,
    /// The upper end, if there is one.
    pub high: Option<Decimal>,
}

/// Words on both sides of a figure that something is compared with: 比170低.
#[derive(Clone, Debug)]
pub struct ComparisonRow {
    /// The bound that they make of the figure, by its place in [`BOUND_NAMES`].
    pub bound: i64,
    before: Vec<String>,
    after: Vec<String>,
    not_behind: Vec<String>,
    not_before: Vec<String>,
}

impl ComparisonRow {
    /// Finds the lengths of the words at the end of what stands before a figure and at the start of what stands behind.
    #[must_use]
    pub fn find(&self, before: &str, behind: &str) -> Option<(usize, usize)> {
        let front = self.before.iter().find(|form| before.ends_with(&***form))?;
        let rest = before.strip_suffix(&**front)?;
        let back = self
            .after
            .iter()
            .find(|form| behind.starts_with(&***form))?;
        let next = behind.strip_prefix(&**back)?;
        let other = rest.ends_with(|last: char| last.is_ascii_digit())
            || self.not_behind.iter().any(|form| rest.ends_with(&**form))
            || self.not_before.iter().any(|form| next.starts_with(&**form));
        (!other).then_some((front.len(), back.len()))
    }
}

/// A form of the lexicon: all that it can be.
#[derive(Clone, Debug, Default)]
pub struct Word {
    /// The form, folded.
    pub form: String,
    /// Its roles.
    pub roles: Roles,
    /// Where its rows stand: `units.toml:12`.
    pub places: Vec<String>,
    /// Whether it is a currency only behind a scale word.
    pub scaled_money: bool,
    /// Whether it is a currency only behind a number.
    pub money_behind: bool,
    /// Whether it is a currency only behind the larger coin or in front of a denominator.
    pub money_small: bool,
    /// The power of ten that a prefix of the currency's code stands for.
    pub money_power: i32,
    /// Whether it is a unit only right behind digits.
    pub glued: bool,
    /// Whether it is a numeral with a point or the like behind (一点, 十分), so that a digit behind it breaks it up.
    pub is_numeral_start: bool,
    /// The first of its senses, which is mostly the only one.
    sense: Option<(Role, i64)>,
    senses: Vec<(Role, i64)>,
}

impl Word {
    /// Returns the value that the word carries in a role, if it has the role.
    #[inline]
    #[must_use]
    pub fn value(&self, role: Role) -> Option<i64> {
        if !self.roles.has(role) {
            return None;
        }
        if let Some((_, value)) = self.sense.filter(|sense| sense.0 == role) {
            return Some(value);
        }
        self.senses
            .iter()
            .find(|sense| sense.0 == role)
            .map(|sense| sense.1)
    }

    /// Tells whether the word has the role.
    #[inline]
    #[must_use]
    pub fn is(&self, role: Role) -> bool {
        self.roles.has(role)
    }
}

/// The tables, compiled.
#[derive(Debug, Default)]
pub struct Quantities {
    trie: Trie,
    words: Vec<Word>,
    units: Vec<UnitRow>,
    unit_ids: BTreeMap<String, i64>,
    currencies: Vec<CurrencyRow>,
    nouns: Vec<NounRow>,
    vague: Vec<VagueRow>,
    scales: BTreeMap<u8, String>,
    nodes: Vec<(String, Decimal)>,
    comparisons: Vec<ComparisonRow>,
    calendar: Calendar,
    building: Building,
}

impl Quantities {
    /// Returns the forms, to be looked up in folded text.
    #[inline]
    #[must_use]
    pub fn trie(&self) -> &Trie {
        &self.trie
    }

    /// Returns a word by the number that the trie gives.
    #[inline]
    #[must_use]
    pub fn word(&self, id: WordId) -> Option<&Word> {
        self.words.get(id as usize)
    }

    /// Tells whether a folded text is made of numerals, scales, currencies and units, and of nothing else: 亿美元, billion. Nouns
    /// that are counted are words of their own.
    #[must_use]
    pub fn is_figure_word(&self, folded: &str) -> bool {
        let is_noun = |found: Match| {
            self.word(found.word)
                .is_some_and(|word| word.is(Role::Noun))
        };
        let mut start = 0;
        while start < folded.len() {
            match self.trie.longest(folded, start, |_| true) {
                Some(found) if found.end > start && !is_noun(found) => start = found.end,
                _ => return false,
            }
        }
        true
    }

    /// Returns every form, folded.
    pub fn forms(&self) -> impl Iterator<Item = &str> {
        self.words.iter().map(|word| word.form.as_str())
    }

    /// Returns the unit row that a `Role::Unit` points at.
    #[inline]
    #[must_use]
    pub fn unit(&self, index: i64) -> Option<&UnitRow> {
        self.units.get(usize::try_from(index).ok()?)
    }

    /// Returns the number of the unit row with an id, as `Role::Unit` carries it.
    #[must_use]
    pub fn unit_index(&self, id: &str) -> Option<i64> {
        self.unit_ids.get(id).copied()
    }

    /// Returns the number of the unit that is a calendar period, as `Role::Period` numbers them.
    #[must_use]
    pub fn unit_of_period(&self, period: i64) -> Option<i64> {
        self.units
            .iter()
            .position(|row| row.period == Some(period))
            .map(to_i64)
    }

    /// Returns what a power of ten is called in front of a denominator: *million* token.
    #[must_use]
    pub fn scale_name(&self, power: u8) -> Option<&str> {
        self.scales.get(&power).map(String::as_str)
    }

    /// Returns the number of the coin of which so many make one of a currency.
    #[must_use]
    pub fn coin(&self, whole: &str, parts: i64) -> Option<i64> {
        let is = |(of, count): &(String, i64)| of == whole && *count == parts;
        self.currencies
            .iter()
            .position(|row| row.part_of.as_ref().is_some_and(is))
            .map(to_i64)
    }

    /// Returns the currency row that a `Role::Currency` points at.
    #[must_use]
    pub fn currency(&self, index: i64) -> Option<&CurrencyRow> {
        self.currencies.get(usize::try_from(index).ok()?)
    }

    /// Returns the currency row with an id.
    #[must_use]
    pub fn currency_by_id(&self, id: &str) -> Option<&CurrencyRow> {
        self.currencies.iter().find(|row| row.id == id)
    }

    /// Returns the noun row that a `Role::Noun` or `Role::Classifier` points at.
    #[must_use]
    pub fn noun(&self, index: i64) -> Option<&NounRow> {
        self.nouns.get(usize::try_from(index).ok()?)
    }

    /// Returns the noun that a counted noun may be told for, the noun itself where there is none: `application` for `visa`.
    #[must_use]
    pub fn wider_noun<'a>(&'a self, noun: &'a str) -> &'a str {
        let row = self.nouns.iter().find(|row| row.id == noun);
        row.and_then(|row| row.like.as_deref()).unwrap_or(noun)
    }

    /// Returns the row that a `Role::Vague` points at.
    #[must_use]
    pub fn vague(&self, index: i64) -> Option<&VagueRow> {
        self.vague.get(usize::try_from(index).ok()?)
    }

    /// Returns the words of comparison that stand on both sides of a figure.
    #[must_use]
    pub fn comparisons(&self) -> &[ComparisonRow] {
        &self.comparisons
    }

    /// Returns the tables of the calendar.
    #[inline]
    #[must_use]
    pub fn calendar(&self) -> &Calendar {
        &self.calendar
    }

    /// Tells whether so many of a unit are the name of a generation of chips: 3 nm.
    #[must_use]
    pub fn is_node(&self, unit: &str, size: Decimal) -> bool {
        self.nodes
            .iter()
            .any(|(node, known)| node == unit && *known == size)
    }
}

fn to_i64(value: usize) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}
