//! Reads the rows and makes the tables of them. Units and codes wait until all files are read, for their prefixes.

use std::collections::BTreeMap;

use hedui_model::{Decimal, Region};

use super::super::table::{File, Row, remedy};
use super::super::{LexiconError, Section};
use super::calendar;
use super::role::{Role, Roles};
use super::rows::{
    RawBlock, RawBound, RawComparison, RawCurrency, RawNode, RawNoun, RawPrefix, RawScale, RawUnit,
    RawVague, RawWord,
};
use super::trie::{Place, TrieBuilder, WordId};
use super::{
    BOUND_NAMES, ComparisonRow, CurrencyRow, NounRow, Quantities, UnitKind, UnitRow, VagueRow,
    Word, to_i64,
};
use crate::Folder;

/// Roles of times of day: 点半 is half past only behind a numeral, else 试点|半年.
const CLOCKS: Roles = Roles::of(&[Role::ClockMark, Role::TimeOfDay]);

/// Roles of names that a numeral before them breaks up: 万一, 五一.
const NAMES: Roles = Roles::of(&[Role::Block, Role::Holiday, Role::Doubtful]);

/// What is collected while files are read.
#[derive(Debug, Default)]
pub(super) struct Building {
    pub(super) trie: Option<TrieBuilder>,
    pub(super) words: Vec<Row<RawWord>>,
    pub(super) prefixes: BTreeMap<String, RawPrefix>,
    pub(super) units: Vec<Row<RawUnit>>,
    pub(super) codes: Vec<Code>,
}

/// A currency code that takes prefixes.
#[derive(Debug)]
pub(super) struct Code {
    pub(super) id: String,
    pub(super) prefixes: Vec<String>,
    pub(super) sense: (Role, i64),
    pub(super) place: String,
}

impl Quantities {
    /// Adds a sense to a form.
    pub(super) fn add(
        &mut self,
        form: &str,
        cased: bool,
        sense: (Role, i64),
        place: &str,
    ) -> &mut Word {
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
            word.roles.insert(sense.0);
            word.sense = word.sense.or(Some(sense));
            word.senses.push(sense);
            word.places.push(place.to_owned());
        }
        word
    }

    /// Tells whether two unit rows are one and the same size: a row may spell out what a prefix makes.
    pub(super) fn same_unit(&self, one: i64, other: i64) -> bool {
        match (self.unit(one), self.unit(other)) {
            (Some(one), Some(other)) => one.base == other.base && one.factor == other.factor,
            _ => false,
        }
    }

    /// Adds the names of holidays and seasons; a weak one is doubtful.
    pub(super) fn add_named(&mut self, named: &calendar::Named) {
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

    pub(super) fn add_all(
        &mut self,
        forms: &[String],
        cased: bool,
        sense: (Role, i64),
        place: &str,
    ) {
        for form in forms {
            self.add(form, cased, sense, place);
        }
    }

    /// Adds English nouns with their plurals.
    pub(super) fn add_names(&mut self, names: &[String], sense: (Role, i64), place: &str) {
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
                    like: raw.like.clone(),
                    numbered: raw.numbered,
                    placed: raw.placed,
                });
                self.nouns.len() - 1
            }
        };
        let place = row.place();
        self.add_names(&raw.forms, (Role::Noun, to_i64(index)), &place);
        let singular = raw
            .forms
            .iter()
            .filter(|form| form.ends_with(|last: char| last.is_ascii_alphabetic()));
        for form in singular {
            self.add(form, false, (Role::OneNoun, to_i64(index)), &place);
        }
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
        let number = bound_number(row, &raw.bound)?;
        let place = row.place();
        self.add_all(&raw.before, false, (Role::BoundBefore, number), &place);
        self.add_all(&raw.after, false, (Role::BoundAfter, number), &place);
        Ok(())
    }

    fn read_comparison(&mut self, row: &Row<RawComparison>) -> Result<(), LexiconError> {
        let bound = bound_number(row, &row.value.bound)?;
        let fold = |forms: &[String]| {
            let folded = forms.iter().map(|form| Folder::builtin().fold(form).text);
            folded.collect()
        };
        let raw = &row.value;
        self.comparisons.push(ComparisonRow {
            bound,
            before: fold(&raw.before),
            after: fold(&raw.after),
            not_behind: fold(&raw.not_behind),
            not_before: fold(&raw.not_before),
        });
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
                        word.roles.insert(sense.0);
                        word.senses.push(sense);
                    }
                }
                word.places.extend(from.places);
            }
        }
    }

    fn mark_time_units(&mut self) {
        let is_time = |unit: &UnitRow| {
            unit.kind == UnitKind::Duration || unit.period.is_some() || unit.seconds.is_some()
        };
        for word in &mut self.words {
            let unit = word
                .value(Role::Unit)
                .and_then(|unit| self.units.get(usize::try_from(unit).ok()?));
            if unit.is_some_and(is_time) {
                word.roles.insert(Role::TimeUnit);
            }
        }
    }

    /// Marks the words that a digit behind them breaks up, and tells of each where it is not meant: a numeral before it breaks
    /// up 万一 in 三万一千.
    fn mark_numeral_starts(&mut self) -> Vec<Option<Place>> {
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
        let roles = |form: &str| {
            let trie = self.building.trie.as_ref()?;
            let id = trie.get(form, false)?;
            Some(self.words.get(id as usize)?.roles)
        };
        let link = Roles::of(&[Role::Point, Role::Denominator]);
        let numeral = Roles::of(&[Role::Digit, Role::Place]);
        let numeral_starts: Vec<bool> = self
            .words
            .iter()
            .map(|word| {
                if !word.roles.has(Role::Block) {
                    return false;
                }
                let mut characters = word.form.char_indices();
                let (Some(_), Some((second, _)), None) =
                    (characters.next(), characters.next(), characters.next())
                else {
                    return false;
                };
                let (first, last) = word.form.split_at(second);
                !first.is_ascii()
                    && roles(first).is_some_and(|roles| roles.any(numeral))
                    && roles(last).is_some_and(|roles| roles.any(link))
            })
            .collect();
        for (word, is_start) in self.words.iter_mut().zip(numeral_starts) {
            word.is_numeral_start = is_start;
        }
        let shunned = |word: &Word| {
            let first = word.form.chars().next()?;
            if !starts.contains(&first) {
                None
            } else if word.roles.within(NAMES) {
                Some(Place::BehindNumeral)
            } else {
                word.roles.within(CLOCKS).then_some(Place::Elsewhere)
            }
        };
        self.words.iter().map(shunned).collect()
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
        for row in file.rows::<RawComparison>("comparison")? {
            self.read_comparison(&row)?;
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
        self.share_parts();
        self.finish_codes();
        if let (Err(problem), Some(row)) = (self.check_claims(), units.last()) {
            return Err(row.error("forms", problem));
        }
        self.share_spellings();
        self.mark_time_units();
        let shunned = self.mark_numeral_starts();
        let shuns = |word: WordId| shunned.get(word as usize).copied().flatten();
        self.trie = self.building.trie.take().unwrap_or_default().build(shuns);
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

/// The place of a bound in [`BOUND_NAMES`].
fn bound_number<T>(row: &Row<T>, name: &str) -> Result<i64, LexiconError> {
    let place = BOUND_NAMES.iter().position(|known| *known == name);
    place
        .map(to_i64)
        .ok_or_else(|| row.error("bound", remedy(name, BOUND_NAMES)))
}

pub(super) fn decimal<T>(row: &Row<T>, field: &str, text: &str) -> Result<Decimal, LexiconError> {
    text.parse()
        .map_err(|error: hedui_model::DecimalError| row.error(field, error.to_string()))
}
