//! What the query language asks of those who know names and figures.

use std::fmt;
use std::sync::Arc;

use hedui_model::{Decimal, Unit};

/// Knows which names mean the same.
pub trait AliasResolver: Send + Sync {
    /// Returns every entity that `name` is a name of, each with all its names; nothing where it is none.
    ///
    /// `name` is as the user typed it, in any script, width and case.
    fn entities(&self, name: &str) -> Vec<Names>;

    /// Returns the ids of the metrics, or families of metrics, that `word` is a word for.
    fn metrics(&self, word: &str) -> Vec<String> {
        let _ = word;
        Vec::new()
    }
}

/// An entity with its names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Names {
    /// The canonical English name, as claims carry it.
    pub canonical: String,
    /// All names in all languages, the canonical one among them.
    pub names: Vec<String>,
}

/// Reads figures as a user types them.
pub trait NumberReader: Send + Sync {
    /// Reads the whole of `text` as a figure: `1650亿`, `165bn`, `$16.5B`, `5%`.
    fn figure(&self, text: &str) -> Option<Figure>;

    /// Returns what `text` may mean as a unit; nothing where it is none that is known.
    fn unit(&self, text: &str) -> Vec<UnitScale>;
}

/// A figure that was read, in base units where it has a unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    /// The lower end; equal to the upper for a plain figure.
    pub low: Option<Decimal>,
    /// The upper end.
    pub high: Option<Decimal>,
    /// What its unit may be; empty where it has none.
    pub units: Vec<Unit>,
}

/// A unit as typed: a base unit, and how many of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitScale {
    /// The base unit.
    pub unit: Unit,
    /// One of the unit as typed, in base units.
    pub factor: Decimal,
}

/// What a search knows besides the index.
#[derive(Clone)]
pub struct Vocabulary {
    /// Names.
    pub aliases: Arc<dyn AliasResolver>,
    /// Figures.
    pub numbers: Arc<dyn NumberReader>,
}

impl Default for Vocabulary {
    /// Knows no names and reads plain decimals.
    fn default() -> Self {
        Vocabulary {
            aliases: Arc::new(NoAliases),
            numbers: Arc::new(PlainNumbers),
        }
    }
}

impl fmt::Debug for Vocabulary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Vocabulary").finish_non_exhaustive()
    }
}

/// Knows no names.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoAliases;

impl AliasResolver for NoAliases {
    fn entities(&self, _name: &str) -> Vec<Names> {
        Vec::new()
    }
}

/// Reads plain decimals without a unit, and takes every unit for a base unit.
#[derive(Clone, Copy, Debug, Default)]
pub struct PlainNumbers;

impl NumberReader for PlainNumbers {
    fn figure(&self, text: &str) -> Option<Figure> {
        let value: Decimal = text.replace(',', "").parse().ok()?;
        Some(Figure {
            low: Some(value),
            high: Some(value),
            units: Vec::new(),
        })
    }

    fn unit(&self, text: &str) -> Vec<UnitScale> {
        let unit = match text.split_once('/') {
            Some((id, per)) => Unit::quotient(id, per),
            None => Unit::new(text),
        };
        vec![UnitScale {
            unit,
            factor: Decimal::ONE,
        }]
    }
}
