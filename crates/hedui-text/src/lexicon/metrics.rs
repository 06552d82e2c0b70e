//! What figures measure: rows of `metrics.toml` and the words that give them away.

use std::collections::{BTreeMap, BTreeSet};

use hedui_model::{Folded, Span};
use serde::Deserialize;

use super::phrases::{Endings, Phrases, PhrasesBuilder};
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
    /// The units that it is stated in: `money`, `sum`, `unit_price`, `percent`, `duration`, `date`, `number`, `count`, or
    /// units by id.
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
    /// The metric that a percentage of this one is.
    #[serde(default)]
    pub part: Option<String>,
    /// The metric that a percentage beside its words is, whatever it is a percentage of.
    #[serde(default)]
    pub rate: Option<String>,
    /// The units of which it is meant where no word tells.
    #[serde(default)]
    pub default: Vec<String>,
    /// Whether it counts only where no other metric does.
    #[serde(default)]
    pub generic: bool,
    /// Whether it is told day by day, as prices of markets are.
    #[serde(default)]
    pub daily: bool,
    /// Whether countries own such figures, as firms own others.
    #[serde(default)]
    pub places: bool,
    /// Whether states give or demand it, so that it is the figure of those who get or pay it.
    #[serde(default)]
    pub given: bool,
    /// Whether laws set it.
    #[serde(default)]
    pub laws: bool,
    /// Whether it is a change by itself, below zero where it is a fall.
    #[serde(default)]
    pub signed: bool,
    /// Whether such figures are parts of names (a 3-nanometer process) and assert nothing.
    #[serde(default)]
    pub names: bool,
    /// English words.
    #[serde(default)]
    pub en: Vec<String>,
    /// Chinese words, in either script.
    #[serde(default)]
    pub zh: Vec<String>,
}

/// A word that stands for a metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MetricHit {
    /// Where it stands in the folded text.
    pub span: Span<Folded>,
    /// Which metric, for [`Metrics::get`].
    pub metric: u32,
    /// Whether it counts only where nothing better stands.
    pub weak: bool,
    /// Whether it counts only behind its figure, in one phrase with it: a $20 billion plant.
    pub behind: bool,
}

/// All metrics, and the automaton that finds their words.
#[derive(Debug, Default)]
pub struct Metrics {
    rows: Vec<Row<MetricRow>>,
    by_id: BTreeMap<String, u32>,
    generic_counts: BTreeSet<String>,
    defaults: BTreeMap<String, u32>,
    not_metrics: Vec<String>,
    endings: Endings,
    more: Vec<Row<MetricWordsRow>>,
    phrases: Phrases,
}

#[derive(Debug, Deserialize)]
struct GenericCountRow {
    units: Vec<String>,
}

/// More words of a metric that another row has.
#[derive(Debug, Deserialize)]
struct MetricWordsRow {
    id: String,
    #[serde(default)]
    en: Vec<String>,
    #[serde(default)]
    zh: Vec<String>,
}

/// Words that hold a metric's word and are none: an investor is no investment.
#[derive(Debug, Deserialize)]
struct NotMetricRow {
    #[serde(default)]
    en: Vec<String>,
    #[serde(default)]
    zh: Vec<String>,
}

/// How many values a metric has in the automaton: one for each set of marks on a word.
const MARKS: u32 = 4;
/// The mark of a word that counts only where nothing better stands.
const WEAK: u32 = 1;
/// The mark of a word that counts only behind its figure.
const BEHIND: u32 = 2;

/// How long such a word may be, with room to spare.
const WORD_BYTES_MAX: usize = 100;

/// What the automaton gives for the words of [`NotMetricRow`].
const NO_METRIC: u32 = u32::MAX;

impl Metrics {
    /// Returns the words in a folded text that stand for metrics, also those inside longer ones: which of them counts
    /// depends on the figure.
    #[must_use]
    pub fn find(&self, folded: &str) -> Vec<MetricHit> {
        let hits = self.phrases.all(folded);
        let barred: Vec<Span<Folded>> = hits
            .iter()
            .filter(|hit| hit.value == NO_METRIC)
            .map(|hit| hit.span)
            .collect();
        let is_barred = |span: Span<Folded>| {
            let from = barred.partition_point(|word| word.start() + WORD_BYTES_MAX < span.start());
            barred
                .get(from..)
                .unwrap_or_default()
                .iter()
                .take_while(|word| word.start() < span.end())
                .any(|word| word.end() > span.start() && !(span.contains(*word) && span != *word))
        };
        hits.into_iter()
            .filter(|hit| hit.value != NO_METRIC && !is_barred(hit.span))
            .map(|hit| MetricHit {
                span: hit.span,
                metric: hit.value / MARKS,
                weak: hit.value & WEAK != 0,
                behind: hit.value & BEHIND != 0,
            })
            .collect()
    }

    /// Returns the metric of a hit.
    #[must_use]
    pub fn get(&self, value: u32) -> Option<&MetricRow> {
        self.rows.get(value as usize).map(|row| &row.value)
    }

    /// Returns the metric with this id.
    #[must_use]
    pub fn by_id(&self, id: &str) -> Option<&MetricRow> {
        self.by_id.get(id).and_then(|&value| self.get(value))
    }

    /// Returns the metric that is meant by a unit where no word tells.
    #[must_use]
    pub fn default_of(&self, unit: &str) -> Option<&MetricRow> {
        self.defaults.get(unit).and_then(|&value| self.get(value))
    }

    /// Tells whether a unit counts things of whatever kind: the metric tells which.
    #[must_use]
    pub fn counts_anything(&self, unit: &str) -> bool {
        self.generic_counts.contains(unit)
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
        for row in file.rows::<GenericCountRow>("generic_count")? {
            self.generic_counts.extend(row.value.units);
        }
        for row in file.rows::<NotMetricRow>("not_metric")? {
            self.not_metrics.extend(row.value.en);
            self.not_metrics.extend(row.value.zh);
        }
        for row in file.rows::<MetricRow>("metric")? {
            self.enter(row)?;
        }
        self.more.extend(file.rows("metric_words")?);
        Ok(())
    }

    fn finish(&mut self) -> Result<(), LexiconError> {
        for more in std::mem::take(&mut self.more) {
            let place = self.by_id.get(&more.value.id);
            let Some(row) = place.and_then(|&value| self.rows.get_mut(value as usize)) else {
                return Err(more.error("id", format!("no metric is called `{}`", more.value.id)));
            };
            row.value.en.extend(more.value.en);
            row.value.zh.extend(more.value.zh);
        }
        let mut builder = PhrasesBuilder::default();
        for form in &self.not_metrics {
            for inflected in self.endings.expand(form) {
                builder.add(&inflected, NO_METRIC, false);
            }
        }
        for (value, row) in (0_u32..).zip(&self.rows) {
            for (field, id) in [
                ("change", &row.value.change),
                ("part", &row.value.part),
                ("rate", &row.value.rate),
            ] {
                if let Some(id) = id
                    && !self.by_id.contains_key(id)
                {
                    return Err(row.error(field, format!("no metric is called `{id}`")));
                }
            }
            for unit in &row.value.default {
                if let Some(&other) = self.defaults.get(unit)
                    && other != value
                {
                    let problem = format!("`{unit}` means another metric already");
                    return Err(row.error("default", problem));
                }
                self.defaults.insert(unit.clone(), value);
            }
            for form in row.value.en.iter().chain(&row.value.zh) {
                let (form, mark) = match (form.strip_suffix('?'), form.strip_suffix('>')) {
                    (Some(form), _) => (form, WEAK),
                    (None, Some(form)) => (form, BEHIND),
                    (None, None) => (form.as_str(), 0),
                };
                for inflected in self.endings.expand(form) {
                    builder.add(&inflected, value * MARKS + mark, false);
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
            .map(|hit| lexicon.metrics.get(hit.metric).unwrap().id.clone())
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
    fn a_word_that_only_holds_a_metrics_word_is_none() {
        assert!(ids("投资").contains(&"investment".to_owned()));
        assert!(ids("order").contains(&"contract_value".to_owned()));
        for text in ["投资者", "機構投資人", "an executive order"] {
            assert!(ids(text).is_empty(), "{text}: {:?}", ids(text));
        }
    }

    #[test]
    fn every_metric_has_words_in_both_languages() {
        for row in Lexicon::builtin().metrics.iter() {
            assert!(row.en.len() >= 6 && row.zh.len() >= 6, "{}", row.id);
        }
        assert!(Lexicon::builtin().metrics.iter().count() >= 260);
    }
}
