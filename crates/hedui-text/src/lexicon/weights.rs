//! How much each finding says for or against two claims being about one thing: rows of `weights.toml`.
//!
//! The rows are fitted by a program (`tests/fit/weights.py`) to labelled articles; a user's row overrides one of the same term.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::table::File;
use super::{LexiconError, Section};

/// The largest weight that a row may give, in thousandths of a logit.
const WEIGHT_MAX: i32 = 10_000;

/// The weights of the score, by term and level.
#[derive(Debug, Default)]
pub struct Weights {
    terms: BTreeMap<String, Levels>,
}

/// What the levels of a term weigh, and how much more where the two figures cannot both be true.
#[derive(Debug)]
struct Levels {
    always: BTreeMap<String, i32>,
    apart: BTreeMap<String, i32>,
}

#[derive(Debug, Deserialize)]
struct WeightsRow {
    term: String,
    thousandths: BTreeMap<String, i32>,
    #[serde(default)]
    apart: BTreeMap<String, i32>,
}

impl Weights {
    /// Returns what a term weighs at one of its levels, in thousandths of a logit; 0 where no row says.
    ///
    /// `is_apart` says that the two figures cannot both be true: some findings weigh another amount then.
    #[must_use]
    pub fn of(&self, term: &str, level: &str, is_apart: bool) -> i32 {
        let Some(levels) = self.terms.get(term) else {
            return 0;
        };
        let of = |weights: &BTreeMap<String, i32>| weights.get(level).copied().unwrap_or(0);
        let more = if is_apart { of(&levels.apart) } else { 0 };
        of(&levels.always).saturating_add(more)
    }
}

impl Section for Weights {
    fn read(&mut self, file: &File) -> Result<(), LexiconError> {
        for row in file.rows::<WeightsRow>("term_weight")? {
            for (field, weights) in [
                ("thousandths", &row.value.thousandths),
                ("apart", &row.value.apart),
            ] {
                let wild = weights.iter().find(|(_, weight)| weight.abs() > WEIGHT_MAX);
                if let Some((level, _)) = wild {
                    return Err(row.error(field, format!("has `{level}` beyond {WEIGHT_MAX}")));
                }
            }
            let levels = Levels {
                always: row.value.thousandths,
                apart: row.value.apart,
            };
            self.terms.insert(row.value.term, levels);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::lexicon::Lexicon;

    #[test]
    fn a_users_row_overrides_and_a_wild_one_is_refused() {
        let row = |weight: i32| {
            let text = format!(
                "[[term_weight]]\nterm = \"subject\"\nthousandths = {{ same = {weight} }}\n"
            );
            Lexicon::with_user(&[("own.toml".to_owned(), text)])
        };
        assert_eq!(
            row(7).expect("a row").weights.of("subject", "same", true),
            7
        );
        let error = row(10_001).expect_err("too much").to_string();
        assert!(
            error.contains("own.toml") && error.contains("same"),
            "{error}"
        );
    }
}
