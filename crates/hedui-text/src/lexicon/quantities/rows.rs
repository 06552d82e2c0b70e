//! The rows of the quantity tables as they stand in the files.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::role::Role;

/// A word of the grammar.
#[derive(Debug, Deserialize)]
pub(super) struct RawWord {
    pub(super) role: Role,
    #[serde(default)]
    pub(super) value: i64,
    #[serde(default)]
    pub(super) forms: Vec<String>,
    /// Forms that must be written just so.
    #[serde(default)]
    pub(super) cased: Vec<String>,
}

/// A prefix of units.
#[derive(Debug, Deserialize)]
pub(super) struct RawPrefix {
    pub(super) id: String,
    pub(super) power: i32,
    #[serde(default)]
    pub(super) symbols: Vec<String>,
    #[serde(default)]
    pub(super) han: Vec<String>,
}

/// A unit.
#[derive(Debug, Deserialize)]
pub(super) struct RawUnit {
    /// The unit as written, in the singular.
    pub(super) id: String,
    /// The base unit; left out where the unit is its own.
    pub(super) base: Option<String>,
    /// How many of the base unit one is; one if left out.
    pub(super) factor: Option<String>,
    #[serde(default)]
    pub(super) kind: RawKind,
    /// Forms in either case.
    #[serde(default)]
    pub(super) forms: Vec<String>,
    /// English names whose plural takes an s.
    #[serde(default)]
    pub(super) names: Vec<String>,
    /// Case-sensitive symbols.
    #[serde(default)]
    pub(super) symbols: Vec<String>,
    /// Han names that take prefixes.
    #[serde(default)]
    pub(super) han: Vec<String>,
    /// Ids of the prefixes that symbols, names and Han names take.
    #[serde(default)]
    pub(super) prefixes: Vec<String>,
    /// Symbols that count as units only right behind digits.
    #[serde(default)]
    pub(super) glued: Vec<String>,
    /// The smaller units that may stand behind it (5 hours 30 minutes), and how many make one.
    #[serde(default)]
    pub(super) parts: Vec<RawParts>,
    /// What it measures, where units of other bases measure the same (an acre and square metres: area).
    pub(super) measures: Option<String>,
    /// Units of which one has to stand near for the forms to be this one (K beside °C).
    #[serde(default)]
    pub(super) near: Vec<String>,
    /// For a rate: what it is per, as claims name it.
    pub(super) per: Option<String>,
    /// For what is done: the unit of so many each second.
    pub(super) rate: Option<String>,
    /// Whether the unit is never written without a prefix (B for bytes).
    #[serde(default)]
    pub(super) only_prefixed: bool,
    /// The calendar period that the unit is: see `Role::Period`.
    pub(super) period: Option<i64>,
    /// For a length that clocks tell (hour, minute): its seconds.
    pub(super) seconds: Option<i64>,
}

/// A smaller unit.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawParts {
    pub(super) id: String,
    pub(super) count: i64,
}

/// What kind of quantity a unit makes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum RawKind {
    /// A number with a unit.
    #[default]
    Dimension,
    /// A share.
    Percent,
    /// A length of time.
    Duration,
}

/// A currency, a part of one, or a word that several share.
#[derive(Debug, Deserialize)]
pub(super) struct RawCurrency {
    /// The ISO code, or the name of an ambiguous word or of a part.
    pub(super) id: String,
    /// For a part (cent): the id of the whole.
    pub(super) of: Option<String>,
    /// For a part: how many make one whole; 100 if left out.
    pub(super) parts: Option<i64>,
    /// For an ambiguous word: the code by region.
    #[serde(default)]
    pub(super) by_region: BTreeMap<String, String>,
    /// For an ambiguous word: the code in a region that is not listed.
    pub(super) elsewhere: Option<String>,
    /// For an ambiguous word: what it may be, the likelier first.
    #[serde(default)]
    pub(super) candidates: Vec<String>,
    #[serde(default)]
    pub(super) forms: Vec<String>,
    /// English names whose plural takes an s.
    #[serde(default)]
    pub(super) names: Vec<String>,
    #[serde(default)]
    pub(super) cased: Vec<String>,
    /// Forms that are money only behind a scale word (*billion pounds*) or in one of these regions.
    #[serde(default)]
    pub(super) scaled: Vec<String>,
    /// Forms that stand only behind a number.
    #[serde(default)]
    pub(super) behind: Vec<String>,
    /// For a part: forms that are money only behind the larger coin or in front of a denominator.
    #[serde(default)]
    pub(super) small: Vec<String>,
    /// Ids of the prefixes that the code takes (MEUR).
    #[serde(default)]
    pub(super) prefixes: Vec<String>,
}

/// Something that is counted.
#[derive(Debug, Deserialize)]
pub(super) struct RawNoun {
    /// The English noun in the singular.
    pub(super) id: String,
    /// A wider noun that this one may be told for.
    #[serde(default)]
    pub(super) like: Option<String>,
    /// Nouns; English ones take an s for the plural.
    #[serde(default)]
    pub(super) forms: Vec<String>,
    /// Forms without a regular plural.
    #[serde(default)]
    pub(super) exact: Vec<String>,
    /// Classifiers that count it where no noun tells better.
    #[serde(default)]
    pub(super) classifiers: Vec<String>,
    /// Whether a number between a name and the noun is the model's.
    #[serde(default)]
    pub(super) numbered: bool,
    /// Whether it is what many names end in.
    #[serde(default)]
    pub(super) placed: bool,
}

/// A bound.
#[derive(Debug, Deserialize)]
pub(super) struct RawBound {
    pub(super) bound: String,
    #[serde(default)]
    pub(super) before: Vec<String>,
    #[serde(default)]
    pub(super) after: Vec<String>,
}

/// Words on both sides of a figure that something is compared with.
#[derive(Debug, Deserialize)]
pub(super) struct RawComparison {
    pub(super) bound: String,
    pub(super) before: Vec<String>,
    pub(super) after: Vec<String>,
    /// What makes the word in front another one: 占|比.
    #[serde(default)]
    pub(super) not_behind: Vec<String>,
    /// What makes the word behind another one: 高|于.
    #[serde(default)]
    pub(super) not_before: Vec<String>,
}

/// A fixed phrase for a magnitude.
#[derive(Debug, Deserialize)]
pub(super) struct RawVague {
    pub(super) low: String,
    pub(super) high: Option<String>,
    pub(super) forms: Vec<String>,
}

/// Words that are no quantity.
#[derive(Debug, Deserialize)]
pub(super) struct RawBlock {
    /// Why they are none: shown by the explanation of a reading.
    pub(super) why: String,
    #[serde(default)]
    pub(super) forms: Vec<String>,
    #[serde(default)]
    pub(super) cased: Vec<String>,
}

/// What a power of ten is called in front of a denominator.
#[derive(Debug, Deserialize)]
pub(super) struct RawScale {
    pub(super) power: u8,
    pub(super) name: String,
}

/// Sizes in a unit that name a generation of manufacturing, not a length.
#[derive(Debug, Deserialize)]
pub(super) struct RawNode {
    pub(super) unit: String,
    pub(super) sizes: Vec<String>,
}
