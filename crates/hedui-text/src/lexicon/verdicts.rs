//! What the comparison of claims needs to know of the world: rows of `verdicts.toml`.
//!
//! Which metrics are near one another and how much they matter, parts and wholes,
//! words that say that a figure was changed, units without a common base,
//! tolerances of exchange rates, and the words of the reason of a verdict.

use std::collections::{BTreeMap, BTreeSet};

use hedui_model::Decimal;
use serde::Deserialize;

use super::phrases::{Phrases, PhrasesBuilder};
use super::table::{File, Row};
use super::{LexiconError, Section};

/// The weight of a metric that no row weighs.
const WEIGHT_DEFAULT: u8 = 8;

/// What a scope's part is to other parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartRole {
    /// The whole.
    Whole,
    /// A part of it.
    Part,
    /// A bound that may be put to either.
    Limit,
    /// Another way of counting.
    Cut,
}

/// Whether an exchange rate is that of the month, of the year, or of the nearest time at hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Granularity {
    /// The mean of the month.
    Month,
    /// The mean of the year.
    Year,
    /// The nearest month or year that is known.
    Nearest,
}

/// What a word of change says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// The figure moved on.
    Change,
    /// The figure was put right.
    Correction,
}

/// The rows of `verdicts.toml`.
#[derive(Debug, Default)]
pub struct Verdicts {
    noun_kin: Vec<Vec<String>>,
    kin: Vec<Vec<String>>,
    fleeting: BTreeSet<String>,
    loose_time_bases: BTreeSet<String>,
    time_bases: BTreeSet<String>,
    fixed_sessions: BTreeSet<String>,
    strangers: BTreeSet<String>,
    weights: BTreeMap<String, u8>,
    parts: BTreeMap<String, PartRole>,
    changes: BTreeMap<Change, PhrasesBuilder>,
    change_phrases: BTreeMap<Change, Phrases>,
    sums: PhrasesBuilder,
    sum_phrases: Option<Phrases>,
    shares: BTreeSet<String>,
    conversions: BTreeMap<String, (String, Decimal)>,
    tolerances: BTreeMap<Granularity, u32>,
    shared_signs: Vec<SharedSignRow>,
    phrases: BTreeMap<String, String>,
}

#[derive(Debug, Deserialize)]
struct KinRow {
    families: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct FixedSessionRow {
    sessions: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct TimeBaseRow {
    bases: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct NounKinRow {
    nouns: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct StrangerRow {
    speakers: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct WeightRow {
    families: Vec<String>,
    weight: u8,
}

#[derive(Debug, Deserialize)]
struct PartRow {
    role: PartRole,
    parts: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct ChangeRow {
    id: Change,
    #[serde(default)]
    en: Vec<String>,
    #[serde(default)]
    zh: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct SumRow {
    #[serde(default)]
    en: Vec<String>,
    #[serde(default)]
    zh: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct ShareRow {
    metrics: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct ConversionRow {
    unit: String,
    to: String,
    factor: Decimal,
}

#[derive(Debug, Deserialize)]
struct ToleranceRow {
    granularity: Granularity,
    thousandths: u32,
}

#[derive(Debug, Deserialize)]
struct SharedSignRow {
    sign: String,
    currency: String,
}

#[derive(Debug, Deserialize)]
struct PhraseRow {
    id: String,
    en: String,
}

impl Verdicts {
    /// Tells whether claims of two different metric families may be about one thing.
    #[must_use]
    pub fn are_kin(&self, a: &str, b: &str) -> bool {
        let holds = |families: &[String], family: &str| families.iter().any(|own| own == family);
        self.kin
            .iter()
            .any(|families| holds(families, a) && holds(families, b))
    }

    /// Tells whether two counted nouns are told for one another.
    #[must_use]
    pub fn are_nouns_kin(&self, a: &str, b: &str) -> bool {
        let holds = |nouns: &[String], noun: &str| nouns.iter().any(|own| own == noun);
        self.noun_kin
            .iter()
            .any(|nouns| holds(nouns, a) && holds(nouns, b))
    }

    /// Tells whether figures of a metric family move by the minute.
    #[must_use]
    pub fn is_fleeting(&self, family: &str) -> bool {
        self.fleeting.contains(family)
    }

    /// Tells whether a session of a market has one figure for all.
    #[must_use]
    pub fn is_fixed(&self, session: &str) -> bool {
        self.fixed_sessions.contains(session)
    }

    /// Tells whether a text may leave a time base out without meaning another.
    #[must_use]
    pub fn is_loose(&self, time_base: &str) -> bool {
        self.loose_time_bases.contains(time_base)
    }

    /// Tells whether a denominator is a length of time, by which a figure counts.
    #[must_use]
    pub fn is_time_base(&self, denominator: &str) -> bool {
        self.time_bases.contains(denominator)
    }

    /// Tells whether a speaker without a name is a third party to the figures that it expects.
    #[must_use]
    pub fn is_stranger(&self, speaker: &str) -> bool {
        self.strangers.contains(speaker)
    }

    /// Returns how central a metric family is, from 0 to 20.
    #[must_use]
    pub fn weight(&self, family: Option<&str>) -> u8 {
        family
            .and_then(|family| self.weights.get(family))
            .copied()
            .unwrap_or(WEIGHT_DEFAULT)
    }

    /// Returns what a scope's part is to others, where a row says so.
    #[must_use]
    pub fn part_role(&self, part: &str) -> Option<PartRole> {
        self.parts.get(part).copied()
    }

    /// Tells whether a folded text says that a figure was changed, or put right.
    #[must_use]
    pub fn says(&self, change: Change, folded: &str) -> bool {
        self.change_phrases
            .get(&change)
            .is_some_and(|phrases| !phrases.all(folded).is_empty())
    }

    /// Tells whether a folded text says that the figures before it are added up.
    #[must_use]
    pub fn says_sum(&self, folded: &str) -> bool {
        let phrases = self.sum_phrases.as_ref();
        phrases.is_some_and(|phrases| !phrases.all(folded).is_empty())
    }

    /// Tells whether a metric is the share that a part has of a whole.
    #[must_use]
    pub fn is_share_of_whole(&self, metric: &str) -> bool {
        self.shares.contains(metric)
    }

    /// Returns the unit that another is converted to, and how many of it one is.
    #[must_use]
    pub fn conversion(&self, unit: &str) -> Option<(&str, Decimal)> {
        self.conversions
            .get(unit)
            .map(|(to, factor)| (to.as_str(), *factor))
    }

    /// Returns a currency that a figure's sign may mean besides the one that its region gives it.
    ///
    /// `mention` is the figure as written. A sign with letters before it, `HK$` for instance, is not shared.
    #[must_use]
    pub fn shared_sign(&self, mention: &str) -> Option<&str> {
        let stands_bare = |row: &&SharedSignRow| {
            mention.match_indices(row.sign.as_str()).any(|(at, _)| {
                let before = mention.get(..at).and_then(|text| text.chars().next_back());
                !before.is_some_and(char::is_alphabetic)
            })
        };
        let row = self.shared_signs.iter().find(stands_bare)?;
        Some(&row.currency)
    }

    /// Returns how far, in thousandths, a conversion may be from a rate of this granularity.
    #[must_use]
    pub fn tolerance(&self, granularity: Granularity) -> u32 {
        self.tolerances.get(&granularity).copied().unwrap_or(0)
    }

    /// Returns a piece of the reason of a verdict, with its places in braces; the id itself where no row has it.
    #[must_use]
    pub fn phrase<'a>(&'a self, id: &'a str) -> &'a str {
        self.phrases.get(id).map_or(id, String::as_str)
    }

    /// Tells whether a row has this piece.
    #[must_use]
    pub fn has_phrase(&self, id: &str) -> bool {
        self.phrases.contains_key(id)
    }

    fn enter_conversion(&mut self, row: Row<ConversionRow>) -> Result<(), LexiconError> {
        if row.value.factor <= Decimal::ZERO {
            return Err(row.error("factor", "is not above zero"));
        }
        let ConversionRow { unit, to, factor } = row.value;
        self.conversions.insert(unit, (to, factor));
        Ok(())
    }
}

impl Section for Verdicts {
    fn read(&mut self, file: &File) -> Result<(), LexiconError> {
        for row in file.rows::<KinRow>("metric_kin")? {
            self.kin.push(row.value.families);
        }
        for row in file.rows::<KinRow>("metric_fleeting")? {
            self.fleeting.extend(row.value.families);
        }
        for row in file.rows::<FixedSessionRow>("fixed_session")? {
            self.fixed_sessions.extend(row.value.sessions);
        }
        for row in file.rows::<TimeBaseRow>("loose_time_base")? {
            self.loose_time_bases.extend(row.value.bases);
        }
        for row in file.rows::<TimeBaseRow>("time_base_unit")? {
            self.time_bases.extend(row.value.bases);
        }
        for row in file.rows::<NounKinRow>("noun_kin")? {
            self.noun_kin.push(row.value.nouns);
        }
        for row in file.rows::<StrangerRow>("stranger")? {
            self.strangers.extend(row.value.speakers);
        }
        for row in file.rows::<WeightRow>("metric_weight")? {
            if row.value.weight > 20 {
                return Err(row.error("weight", "is above 20"));
            }
            let weight = row.value.weight;
            self.weights.extend(
                row.value
                    .families
                    .into_iter()
                    .map(|family| (family, weight)),
            );
        }
        for row in file.rows::<PartRow>("part_role")? {
            let role = row.value.role;
            self.parts
                .extend(row.value.parts.into_iter().map(|part| (part, role)));
        }
        for row in file.rows::<ChangeRow>("change_word")? {
            let builder = self.changes.entry(row.value.id).or_default();
            for form in row.value.en.iter().chain(&row.value.zh) {
                builder.add(form, 0, false);
            }
        }
        for row in file.rows::<SumRow>("sum_word")? {
            for form in row.value.en.iter().chain(&row.value.zh) {
                self.sums.add(form, 0, false);
            }
        }
        for row in file.rows::<ShareRow>("share_of_whole")? {
            self.shares.extend(row.value.metrics);
        }
        for row in file.rows::<ConversionRow>("unit_conversion")? {
            self.enter_conversion(row)?;
        }
        for row in file.rows::<ToleranceRow>("fx_tolerance")? {
            self.tolerances
                .insert(row.value.granularity, row.value.thousandths);
        }
        for row in file.rows::<SharedSignRow>("shared_sign")? {
            self.shared_signs.push(row.value);
        }
        for row in file.rows::<PhraseRow>("verdict_phrase")? {
            self.phrases.insert(row.value.id, row.value.en);
        }
        Ok(())
    }

    fn finish(&mut self) -> Result<(), LexiconError> {
        for (change, builder) in std::mem::take(&mut self.changes) {
            let phrases = built(builder, "change_word")?;
            self.change_phrases.insert(change, phrases);
        }
        self.sum_phrases = Some(built(std::mem::take(&mut self.sums), "sum_word")?);
        Ok(())
    }
}

/// Makes phrases of the forms of one table.
fn built(builder: PhrasesBuilder, table: &str) -> Result<Phrases, LexiconError> {
    builder.build().map_err(|problem| LexiconError::Field {
        file: "verdicts.toml".to_owned(),
        line: 1,
        table: table.to_owned(),
        field: "en".to_owned(),
        problem,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fold::Folder;
    use crate::lexicon::Lexicon;

    #[test]
    fn every_family_that_a_row_names_exists() {
        let lexicon = Lexicon::builtin();
        let families: Vec<&str> = lexicon
            .metrics
            .iter()
            .map(|row| row.family.as_str())
            .collect();
        let named = lexicon.verdicts.kin.iter().flatten();
        let named = named
            .chain(lexicon.verdicts.weights.keys())
            .chain(&lexicon.verdicts.fleeting);
        for family in named {
            assert!(
                families.contains(&family.as_str()),
                "no metric is of family `{family}`"
            );
        }
    }

    #[test]
    fn a_bare_sign_is_shared() {
        let lexicon = Lexicon::builtin();
        assert_eq!(lexicon.verdicts.shared_sign("$5 billion"), Some("USD"));
        assert_eq!(lexicon.verdicts.shared_sign("HK$5 billion"), None);
        assert_eq!(lexicon.verdicts.shared_sign("5億元"), None);
    }

    #[test]
    fn words_of_change_are_found_in_either_script() {
        let lexicon = Lexicon::builtin();
        let says = |change, text: &str| {
            lexicon
                .verdicts
                .says(change, &Folder::builtin().fold(text).text)
        };
        assert!(says(Change::Change, "總投資額提高到6,000億美元"));
        assert!(says(Change::Change, "Apple raises its plan"));
        assert!(says(Change::Correction, "白宮澄清"));
        assert!(!says(Change::Change, "the total investment is $5 billion"));
    }

    #[test]
    fn words_of_adding_up_are_found_in_either_script() {
        let lexicon = Lexicon::builtin();
        let says = |text: &str| {
            lexicon
                .verdicts
                .says_sum(&Folder::builtin().fold(text).text)
        };
        assert!(says("，合計") && says("，合计约") && says(", a total of "));
        assert!(!says("，总投资额达") && !says(", bringing its total to "));
    }
}
