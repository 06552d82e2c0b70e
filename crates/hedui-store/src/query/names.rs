//! The lexicon's names and words for metrics, as queries look them up.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use hedui_text::{Folder, Lexicon};

use super::{AliasResolver, Names};

/// Looks names up in a lexicon, whatever their script, width and case.
///
/// Texts are stricter: there, an abbreviation counts in capitals only. A user who types `nvda` means the company.
pub struct LexiconNames {
    lexicon: Arc<Lexicon>,
    /// Which entities, by their place in `entities`, have a form.
    by_form: HashMap<String, Vec<usize>>,
    entities: Vec<Names>,
}

impl LexiconNames {
    /// Gathers all names of the lexicon; tickers are looked up too, but are no names that texts are searched for.
    #[must_use]
    pub fn new(lexicon: Arc<Lexicon>) -> Self {
        let mut by_form: HashMap<String, Vec<usize>> = HashMap::new();
        let mut entities = Vec::new();
        for (place, row) in lexicon.entities.iter().enumerate() {
            let names: Vec<String> = row.forms().map(str::to_owned).collect();
            let tickers = row.tickers.iter().map(String::as_str);
            for form in names
                .iter()
                .map(String::as_str)
                .chain(tickers)
                .chain([row.name.as_str()])
            {
                let places = by_form.entry(form_key(form)).or_default();
                if !places.contains(&place) {
                    places.push(place);
                }
            }
            entities.push(Names {
                canonical: row.name.clone(),
                names,
            });
        }
        LexiconNames {
            lexicon,
            by_form,
            entities,
        }
    }
}

impl AliasResolver for LexiconNames {
    fn entities(&self, name: &str) -> Vec<Names> {
        let places = self.by_form.get(&form_key(name)).into_iter().flatten();
        places
            .filter_map(|&place| self.entities.get(place).cloned())
            .collect()
    }

    fn metrics(&self, word: &str) -> Vec<String> {
        let folded = Folder::builtin().fold(word.trim()).text;
        let hits = self.lexicon.metrics.find(&folded).into_iter();
        let mut metrics: Vec<String> = hits
            .filter(|hit| hit.span.start() == 0 && hit.span.end() == folded.len() && !hit.behind)
            .filter_map(|hit| self.lexicon.metrics.get(hit.metric))
            .map(|metric| metric.id.clone())
            .collect();
        metrics.sort();
        metrics.dedup();
        metrics
    }
}

impl fmt::Debug for LexiconNames {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LexiconNames")
            .field("entities", &self.entities.len())
            .finish_non_exhaustive()
    }
}

fn form_key(form: &str) -> String {
    Folder::builtin().fold(form.trim()).text.to_lowercase()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_an_entity_leads_to_all_its_names() {
        let names = LexiconNames::new(Lexicon::builtin());
        assert!(!names.entities.is_empty());
        for entity in &names.entities {
            for form in &entity.names {
                let found = names.entities(form);
                assert!(found.contains(entity), "{form}: {found:?}");
            }
        }
        let nvidia = names.entities("輝達");
        assert_eq!(nvidia.len(), 1, "{nvidia:?}");
        assert_eq!(names.entities("英伟达"), nvidia);
        assert_eq!(names.entities("NVIDIA"), nvidia);
        assert!(names.entities("nobody at all").is_empty());
    }

    #[test]
    fn words_for_metrics_lead_to_their_ids() {
        let names = LexiconNames::new(Lexicon::builtin());
        let metric = names
            .lexicon
            .metrics
            .iter()
            .find(|row| !row.zh.is_empty())
            .unwrap();
        let word = &metric.zh[0];
        assert!(names.metrics(word).contains(&metric.id), "{word}");
    }
}
