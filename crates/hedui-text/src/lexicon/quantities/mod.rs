//! The words of figures: numerals, units, currencies, counted nouns, bounds, dates, and what is no quantity.
//!
//! The rows say what each form can be ([`Role`]); the grammar in `hedui-claims` says what follows from it. All forms
//! are folded by [`Folder`], so a row may be written in either script. What always holds: an index that a role carries
//! points at a row that exists; no two units or currencies claim one form without saying when each holds.

mod calendar;
mod role;
mod rows;
mod trie;

use std::collections::BTreeMap;

use hedui_model::{Decimal, Region};

use super::table::{File, Row};
use super::{LexiconError, Section};
use crate::Folder;

pub use calendar::{Calendar, FiscalStart, HolidayRow, HolidayRule, SeasonRow};
pub use role::{Role, Roles};
use rows::{
    RawBlock, RawBound, RawCurrency, RawKind, RawNode, RawNoun, RawPrefix, RawScale, RawUnit,
    RawVague, RawWord,
};
use trie::TrieBuilder;
pub use trie::{Match, Trie, WordId};

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
    /// Whether a number between a name and the noun is the model's (征程6芯片).
    pub numbered: bool,
}

/// A fixed phrase for a magnitude.
#[derive(Clone, Copy, Debug)]
pub struct VagueRow {
    /// The lower end.
    pub low: Decimal,
    /// The upper end, if there is one.
    pub high: Option<Decimal>,
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
    /// Whether it starts with a numeral, so that a numeral before it breaks it up.
    pub starts_numeral: bool,
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
    currencies: Vec<CurrencyRow>,
    nouns: Vec<NounRow>,
    vague: Vec<VagueRow>,
    scales: BTreeMap<u8, String>,
    nodes: Vec<(String, Decimal)>,
    calendar: Calendar,
    building: Building,
}

/// What is collected while files are read.
#[derive(Debug, Default)]
struct Building {
    trie: Option<TrieBuilder>,
    words: Vec<Row<RawWord>>,
    prefixes: BTreeMap<String, RawPrefix>,
    units: Vec<Row<RawUnit>>,
    codes: Vec<Code>,
}

/// A currency code that takes prefixes.
#[derive(Debug)]
struct Code {
    id: String,
    prefixes: Vec<String>,
    sense: (Role, i64),
    place: String,
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
        self.units.iter().position(|row| row.id == id).map(to_i64)
    }

    /// Returns the smaller units that may stand behind a unit, and how many make one.
    #[must_use]
    pub fn unit_parts(&self, id: &str) -> &[(String, i64)] {
        self.units
            .iter()
            .find(|row| row.id == id && !row.parts.is_empty())
            .map_or(&[], |row| &row.parts)
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

    /// Returns the row that a `Role::Vague` points at.
    #[must_use]
    pub fn vague(&self, index: i64) -> Option<&VagueRow> {
        self.vague.get(usize::try_from(index).ok()?)
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

    /// Adds a sense to a form.
    fn add(&mut self, form: &str, cased: bool, sense: (Role, i64), place: &str) -> &mut Word {
        let folded = Folder::builtin().fold(form).text;
        let trie = self.building.trie.get_or_insert_with(TrieBuilder::new);
        let id = trie.get(&folded, cased).unwrap_or_else(|| {
            let id = u32::try_from(self.words.len()).unwrap_or(u32::MAX);
            trie.insert(&folded, cased, id);
            self.words.push(Word {
                form: folded.clone(),
                ..Word::default()
            });
            id
        });
        let index = (id as usize).min(self.words.len().saturating_sub(1));
        let said = self.words[index].value(sense.0);
        let again = sense.0 == Role::Unit && said.is_some_and(|said| self.same_unit(said, sense.1));
        let word = &mut self.words[index];
        if !again && !word.senses.contains(&sense) {
            word.roles.0 |= sense.0.bit();
            word.senses.push(sense);
            word.places.push(place.to_owned());
        }
        word
    }

    /// Tells whether two unit rows are one and the same size: a row may spell out what a prefix makes.
    fn same_unit(&self, one: i64, other: i64) -> bool {
        match (self.unit(one), self.unit(other)) {
            (Some(one), Some(other)) => one.base == other.base && one.factor == other.factor,
            _ => false,
        }
    }

    /// Adds the names of holidays and seasons; a weak one is doubtful.
    fn add_named(&mut self, named: &calendar::Named) {
        let role = if named.season {
            Role::Season
        } else {
            Role::Holiday
        };
        let sense = (role, named.index);
        self.add_all(&named.forms, false, sense, &named.place);
        self.add_all(&named.weak, false, sense, &named.place);
        self.add_all(&named.weak, false, (Role::Doubtful, 0), &named.place);
    }

    fn add_all(&mut self, forms: &[String], cased: bool, sense: (Role, i64), place: &str) {
        for form in forms {
            self.add(form, cased, sense, place);
        }
    }

    /// Adds English nouns with their plurals.
    fn add_names(&mut self, names: &[String], sense: (Role, i64), place: &str) {
        for name in names {
            self.add(name, false, sense, place);
            if name.ends_with(|last: char| last.is_ascii_alphabetic()) {
                self.add(&plural(name), false, sense, place);
            }
        }
    }

    fn read_currency(&mut self, row: &Row<RawCurrency>) -> Result<(), LexiconError> {
        let raw = &row.value;
        let mut by_region = BTreeMap::new();
        for (region, code) in &raw.by_region {
            let region: Region = region
                .parse()
                .map_err(|problem: String| row.error("by_region", problem))?;
            by_region.insert(region, code.clone());
        }
        let index = match self.currencies.iter().position(|known| known.id == raw.id) {
            Some(index) => index,
            None => {
                self.currencies.push(CurrencyRow {
                    id: raw.id.clone(),
                    part_of: raw
                        .of
                        .clone()
                        .map(|whole| (whole, raw.parts.unwrap_or(100))),
                    by_region,
                    elsewhere: raw.elsewhere.clone(),
                    candidates: raw.candidates.clone(),
                });
                self.currencies.len() - 1
            }
        };
        let sense = (Role::Currency, to_i64(index));
        let place = row.place();
        self.add_all(&raw.forms, false, sense, &place);
        self.add_names(&raw.names, sense, &place);
        self.add_all(&raw.cased, true, sense, &place);
        for form in &raw.scaled {
            self.add(form, false, sense, &place).scaled_money = true;
        }
        for form in &raw.behind {
            self.add(form, false, sense, &place).money_behind = true;
        }
        for form in &raw.small {
            let word = self.add(form, true, sense, &place);
            word.money_behind = true;
            word.money_small = true;
        }
        if !raw.prefixes.is_empty() {
            self.building.codes.push(Code {
                id: raw.id.clone(),
                prefixes: raw.prefixes.clone(),
                sense,
                place,
            });
        }
        Ok(())
    }

    fn read_noun(&mut self, row: &Row<RawNoun>) {
        let raw = &row.value;
        let index = match self.nouns.iter().position(|known| known.id == raw.id) {
            Some(index) => index,
            None => {
                self.nouns.push(NounRow {
                    id: raw.id.clone(),
                    numbered: raw.numbered,
                });
                self.nouns.len() - 1
            }
        };
        let place = row.place();
        self.add_names(&raw.forms, (Role::Noun, to_i64(index)), &place);
        self.add_all(&raw.exact, false, (Role::Noun, to_i64(index)), &place);
        self.add_all(
            &raw.classifiers,
            false,
            (Role::Classifier, to_i64(index)),
            &place,
        );
    }

    fn read_bound(&mut self, row: &Row<RawBound>) -> Result<(), LexiconError> {
        let raw = &row.value;
        let number = BOUND_NAMES
            .iter()
            .position(|name| *name == raw.bound)
            .ok_or_else(|| row.error("bound", super::table::remedy(&raw.bound, BOUND_NAMES)))?;
        let place = row.place();
        self.add_all(
            &raw.before,
            false,
            (Role::BoundBefore, to_i64(number)),
            &place,
        );
        self.add_all(
            &raw.after,
            false,
            (Role::BoundAfter, to_i64(number)),
            &place,
        );
        Ok(())
    }

    fn read_vague(&mut self, row: &Row<RawVague>) -> Result<(), LexiconError> {
        let raw = &row.value;
        let low = decimal(row, "low", &raw.low)?;
        let high = raw
            .high
            .as_deref()
            .map(|text| decimal(row, "high", text))
            .transpose()?;
        self.vague.push(VagueRow { low, high });
        let sense = (Role::Vague, to_i64(self.vague.len() - 1));
        self.add_all(&raw.forms, false, sense, &row.place());
        Ok(())
    }

    /// Adds a unit in its own size and with each of its prefixes.
    fn finish_unit(&mut self, row: &Row<RawUnit>) -> Result<(), LexiconError> {
        let raw = &row.value;
        let factor = match &raw.factor {
            Some(text) => decimal(row, "factor", text)?,
            None => Decimal::ONE,
        };
        let base = raw.base.clone().unwrap_or_else(|| raw.id.clone());
        let place = row.place();
        let symbol = raw.symbols.first().cloned();
        let sense = self.unit_sense(raw, raw.id.clone(), &base, factor, symbol);
        if let Some(unit) = self.units.last_mut() {
            unit.parts = raw
                .parts
                .iter()
                .map(|part| (part.id.clone(), part.count))
                .collect();
            unit.prefixed = false;
        }
        self.add_all(&raw.forms, false, sense, &place);
        self.add_names(&raw.names, sense, &place);
        if !raw.only_prefixed {
            self.add_all(&raw.symbols, true, sense, &place);
        }
        self.add_all(&raw.han, false, sense, &place);
        for form in &raw.glued {
            self.add(form, true, sense, &place).glued = true;
        }
        for id in &raw.prefixes {
            let Some(prefix) = self.building.prefixes.get(id) else {
                let known: Vec<&str> = self.building.prefixes.keys().map(String::as_str).collect();
                return Err(row.error("prefixes", super::table::remedy(id, &known)));
            };
            let factor = factor
                .scaled(prefix.power)
                .map_err(|error| row.error("factor", error.to_string()))?;
            let join = |heads: &[String], tails: &[String]| -> Vec<String> {
                heads
                    .iter()
                    .flat_map(|head| tails.iter().map(move |tail| format!("{head}{tail}")))
                    .collect()
            };
            let symbols = join(&prefix.symbols, &raw.symbols);
            let names = join(std::slice::from_ref(id), &raw.names);
            let han = join(&prefix.han, &raw.han);
            let sense = self.unit_sense(
                raw,
                format!("{id}{}", raw.id),
                &base,
                factor,
                symbols.first().cloned(),
            );
            self.add_all(&symbols, true, sense, &place);
            self.add_names(&names, sense, &place);
            self.add_all(&han, false, sense, &place);
        }
        Ok(())
    }

    fn unit_sense(
        &mut self,
        raw: &RawUnit,
        id: String,
        base: &str,
        factor: Decimal,
        symbol: Option<String>,
    ) -> (Role, i64) {
        let as_denominator = match (symbol, raw.kind) {
            (Some(symbol), RawKind::Dimension) => symbol,
            _ => id.replace(' ', "_"),
        };
        self.units.push(UnitRow {
            id,
            base: base.to_owned(),
            factor,
            kind: match raw.kind {
                RawKind::Dimension => UnitKind::Dimension,
                RawKind::Percent => UnitKind::Percent,
                RawKind::Duration => UnitKind::Duration,
            },
            period: raw.period,
            seconds: raw.seconds,
            parts: Vec::new(),
            measures: raw.measures.clone(),
            near: raw.near.clone(),
            prefixed: true,
            per: raw.per.clone(),
            rate: raw.rate.clone(),
            as_denominator,
        });
        (Role::Unit, to_i64(self.units.len() - 1))
    }

    /// Adds the codes of currencies with their prefixes: MEUR is a million euros.
    fn finish_codes(&mut self) {
        for code in std::mem::take(&mut self.building.codes) {
            for id in &code.prefixes {
                let Some(prefix) = self.building.prefixes.get(id) else {
                    continue;
                };
                let (power, symbols) = (prefix.power, prefix.symbols.clone());
                for symbol in symbols {
                    let form = format!("{symbol}{}", code.id);
                    self.add(&form, true, code.sense, &code.place).money_power = power;
                }
            }
        }
    }

    /// Gives a form that must be written just so what the same letters mean in any case: `s` is a second and more.
    fn share_spellings(&mut self) {
        let Some(trie) = self.building.trie.as_ref() else {
            return;
        };
        let mut shared = Vec::new();
        for word in &self.words {
            let cased = trie.get(&word.form, true);
            let any = trie.get(&word.form, false);
            if let (Some(cased), Some(any)) = (cased, any) {
                shared.push((cased as usize, any as usize));
            }
        }
        for (cased, any) in shared {
            let Some(from) = self.words.get(any).cloned() else {
                continue;
            };
            if let Some(word) = self.words.get_mut(cased) {
                for sense in from.senses {
                    if word.senses.iter().all(|known| known.0 != sense.0) {
                        word.roles.0 |= sense.0.bit();
                        word.senses.push(sense);
                    }
                }
                word.places.extend(from.places);
            }
        }
    }

    /// Marks the words that a numeral before them breaks up: 万一 in 三万一千.
    fn mark_numeral_starts(&mut self) {
        const NUMERAL: Roles = Roles::of(&[
            Role::Digit,
            Role::Place,
            Role::Myriad,
            Role::Point,
            Role::Half,
            Role::VagueDigit,
            Role::VagueMore,
        ]);
        let starts: std::collections::BTreeSet<char> = self
            .words
            .iter()
            .filter(|word| word.roles.any(NUMERAL) && !word.form.is_ascii())
            .filter_map(|word| {
                let mut characters = word.form.chars();
                characters.next().filter(|_| characters.next().is_none())
            })
            .collect();
        for word in &mut self.words {
            word.starts_numeral = word
                .form
                .chars()
                .next()
                .is_some_and(|first| starts.contains(&first));
        }
    }

    /// Refuses units that claim one form without telling themselves apart.
    fn check_claims(&self) -> Result<(), String> {
        let mut twice = Vec::new();
        for word in &self.words {
            for role in [Role::Unit, Role::Currency] {
                let count = word.senses.iter().filter(|sense| sense.0 == role).count();
                if count > 1 {
                    twice.push(format!(
                        "`{}` stands under {}",
                        word.form,
                        word.places.join(", ")
                    ));
                }
            }
        }
        if twice.is_empty() {
            Ok(())
        } else {
            Err(twice.join("; "))
        }
    }
}

impl Section for Quantities {
    fn read(&mut self, file: &File) -> Result<(), LexiconError> {
        for row in file.rows::<RawPrefix>("unit_prefix")? {
            self.building
                .prefixes
                .insert(row.value.id.clone(), row.value);
        }
        // Units wait for all prefixes.
        let mut units = file.rows("unit")?;
        self.building.units.append(&mut units);
        let mut words: Vec<Row<RawWord>> = file.rows("figure_word")?;
        self.building.words.append(&mut words);
        for row in file.rows::<RawCurrency>("currency")? {
            self.read_currency(&row)?;
        }
        for row in file.rows::<RawNoun>("counted")? {
            self.read_noun(&row);
        }
        for row in file.rows::<RawBound>("bound")? {
            self.read_bound(&row)?;
        }
        for row in file.rows::<RawVague>("vague")? {
            self.read_vague(&row)?;
        }
        for row in file.rows::<RawScale>("scale_name")? {
            self.scales.insert(row.value.power, row.value.name);
        }
        for row in file.rows::<RawNode>("node")? {
            for size in &row.value.sizes {
                let size = decimal(&row, "sizes", size)?;
                self.nodes.push((row.value.unit.clone(), size));
            }
        }
        for named in self.calendar.read(file)? {
            self.add_named(&named);
        }
        for row in file.rows::<RawBlock>("not_quantity")? {
            let place = format!("{} ({})", row.place(), row.value.why);
            self.add_all(&row.value.forms, false, (Role::Block, 0), &place);
            self.add_all(&row.value.cased, true, (Role::Block, 0), &place);
        }
        Ok(())
    }

    fn finish(&mut self) -> Result<(), LexiconError> {
        for row in std::mem::take(&mut self.building.words) {
            let sense = (row.value.role, row.value.value);
            let place = row.place();
            self.add_all(&row.value.forms, false, sense, &place);
            self.add_all(&row.value.cased, true, sense, &place);
        }
        let units = std::mem::take(&mut self.building.units);
        for row in &units {
            self.finish_unit(row)?;
        }
        self.finish_codes();
        if let (Err(problem), Some(row)) = (self.check_claims(), units.last()) {
            return Err(row.error("forms", problem));
        }
        self.share_spellings();
        self.mark_numeral_starts();
        self.trie = self.building.trie.take().unwrap_or_default().build();
        Ok(())
    }
}

/// Returns the regular English plural of a noun or a phrase that ends in one.
fn plural(noun: &str) -> String {
    const SIBILANTS: &[&str] = &["s", "x", "z", "ch", "sh"];
    if SIBILANTS.iter().any(|ending| noun.ends_with(ending)) {
        return format!("{noun}es");
    }
    let mut letters = noun.chars().rev();
    let (last, before) = (letters.next(), letters.next());
    match noun.strip_suffix('y') {
        Some(stem)
            if last == Some('y') && !before.is_some_and(|letter| "aeiou".contains(letter)) =>
        {
            format!("{stem}ies")
        }
        _ => format!("{noun}s"),
    }
}

fn decimal<T>(row: &Row<T>, field: &str, text: &str) -> Result<Decimal, LexiconError> {
    text.parse()
        .map_err(|error: hedui_model::DecimalError| row.error(field, error.to_string()))
}

fn to_i64(value: usize) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}
