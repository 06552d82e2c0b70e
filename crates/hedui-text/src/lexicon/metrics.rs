//! What figures measure: rows of `metrics.toml` and the words that give them away.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::phrases::{Endings, Hit, Phrases, PhrasesBuilder};
use super::table::{File, Row};
use super::{LexiconError, Section};

/// How a metric behaves over time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MetricKind {
    /// It stands at a point in time.
    Stock,
    /// It runs over a period.
    Flow,
    /// It is a part of something, or a rate.
    Ratio,
    /// It is what one of something costs.
    Price,
}

/// One metric.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct MetricRow {
    /// Its id.
    pub id: String,
    /// What may stand for one another.
    pub family: String,
    /// The units that it is stated in: `money`, `percent`, `duration`, `date`, `number`, `count`, or units by id.
    pub takes: Vec<String>,
    /// How it behaves over time.
    pub kind: MetricKind,
    /// Whether it is published period by period.
    #[serde(default)]
    pub series: bool,
    /// The part that is meant where the text names none.
    #[serde(default)]
    pub scope: Option<String>,
    /// The time base that is meant where the text names none.
    #[serde(default)]
    pub time_base: Option<String>,
    /// The metric that a change of this one is.
    #[serde(default)]
    pub change: Option<String>,
    /// English words.
    #[serde(default)]
    pub en: Vec<String>,
    /// Chinese words, in either script.
    #[serde(default)]
    pub zh: Vec<String>,
}

/// All metrics, and the automaton that finds their words.
#[derive(Debug, Default)]
pub struct Metrics {
    rows: Vec<Row<MetricRow>>,
    by_id: BTreeMap<String, u32>,
    endings: Endings,
    phrases: Phrases,
}

impl Metrics {
    /// Returns the words in a folded text that stand for metrics; of one span several, where a word serves several.
    #[must_use]
    pub fn find(&self, folded: &str) -> Vec<Hit> {
        self.phrases.longest(folded)
    }

    /// Returns the metric that a hit's value stands for.
    #[must_use]
    pub fn get(&self, value: u32) -> Option<&MetricRow> {
        self.rows.get(value as usize).map(|row| &row.value)
    }

    /// Returns the metric with this id.
    #[must_use]
    pub fn by_id(&self, id: &str) -> Option<&MetricRow> {
        self.by_id.get(id).and_then(|&value| self.get(value))
    }

    /// Goes through all metrics.
    pub fn iter(&self) -> impl Iterator<Item = &MetricRow> {
        self.rows.iter().map(|row| &row.value)
    }

    fn enter(&mut self, row: Row<MetricRow>) -> Result<(), LexiconError> {
        if row.value.takes.is_empty() {
            return Err(row.error("takes", "is empty: say at least one unit"));
        }
        match self.by_id.get(&row.value.id) {
            None => {
                let value = u32::try_from(self.rows.len()).unwrap_or(u32::MAX);
                self.by_id.insert(row.value.id.clone(), value);
                self.rows.push(row);
            }
            Some(&value) => {
                let Some(place) = self.rows.get_mut(value as usize) else {
                    return Ok(());
                };
                if row.builtin == place.builtin {
                    let problem = format!("stands already at {}", place.place());
                    return Err(row.error("id", problem));
                }
                *place = row;
            }
        }
        Ok(())
    }
}

impl Section for Metrics {
    fn read(&mut self, file: &File) -> Result<(), LexiconError> {
        self.endings.read(file)?;
        for row in file.rows::<MetricRow>("metric")? {
            self.enter(row)?;
        }
        Ok(())
    }

    fn finish(&mut self) -> Result<(), LexiconError> {
        let mut builder = PhrasesBuilder::default();
        for (value, row) in (0_u32..).zip(&self.rows) {
            if let Some(change) = &row.value.change
                && !self.by_id.contains_key(change)
            {
                return Err(row.error("change", format!("no metric is called `{change}`")));
            }
            for form in row.value.en.iter().chain(&row.value.zh) {
                for inflected in self.endings.expand(form) {
                    builder.add(&inflected, value, false);
                }
            }
        }
        self.phrases = builder.build().map_err(|problem| LexiconError::Field {
            file: "metrics.toml".to_owned(),
            line: 1,
            table: "metric".to_owned(),
            field: "en".to_owned(),
            problem,
        })?;
        Ok(())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use crate::fold::Folder;
    use crate::lexicon::Lexicon;

    fn ids(text: &str) -> Vec<String> {
        let lexicon = Lexicon::builtin();
        let folded = Folder::builtin().fold(text).text;
        let mut ids: Vec<String> = lexicon
            .metrics
            .find(&folded)
            .iter()
            .map(|hit| lexicon.metrics.get(hit.value).unwrap().id.clone())
            .collect();
        ids.sort();
        ids
    }

    #[test]
    fn one_metric_has_words_in_all_scripts() {
        for text in ["market share", "市占率", "市場份額", "市场占有率"] {
            assert!(
                ids(text).contains(&"market_share".to_owned()),
                "{text}: {:?}",
                ids(text)
            );
        }
    }

    #[test]
    fn every_metric_has_words_in_both_languages() {
        for row in Lexicon::builtin().metrics.iter() {
            assert!(row.en.len() >= 6 && row.zh.len() >= 6, "{}", row.id);
        }
        assert!(Lexicon::builtin().metrics.iter().count() >= 150);
    }
}
