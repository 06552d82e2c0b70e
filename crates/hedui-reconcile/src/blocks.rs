//! Keys under which claims that may be about one thing are stored: whose figure, of which dimension, and one thing more.

use std::collections::BTreeSet;

use hedui_model::{Appearance, Kind};

use crate::Reconciler;

/// How many keys a claim has at most.
pub const BLOCKS_MAX: usize = 28;

/// How many names a claim is blocked by.
const NAMES_MAX: usize = 3;
/// How many governing words a claim is blocked by.
const WORDS_MAX: usize = 4;
/// How many leading digits are compared.
const DIGITS: usize = 2;

impl Reconciler {
    /// Returns the keys of a claim: two claims are candidates where they share one.
    ///
    /// A key names an entity, a dimension, and the metric's family, a governing word, or the leading digits. At most
    /// [`BLOCKS_MAX`]; none for a claim without any entity in its article.
    #[must_use]
    pub fn blocks(&self, appearance: &Appearance) -> Vec<String> {
        let claim = &appearance.claim;
        let dimension = dimension(appearance);
        let mut thirds: Vec<String> = Vec::new();
        thirds.extend(
            claim
                .metric
                .as_ref()
                .map(|metric| format!("m:{}", metric.family)),
        );
        thirds.extend(leading_digits(appearance).map(|digits| format!("d:{digits}")));
        thirds.extend(
            self.head_words(appearance)
                .into_iter()
                .map(|word| format!("w:{word}")),
        );
        let mut keys = BTreeSet::new();
        for name in self.block_names(appearance) {
            for third in &thirds {
                keys.insert(format!("{name}|{dimension}|{third}"));
            }
        }
        keys.into_iter().take(BLOCKS_MAX).collect()
    }

    /// Returns the names a claim is blocked by: its owners, whom the first belongs to, the article's where the claim names none.
    fn block_names<'a>(&'a self, appearance: &'a Appearance) -> Vec<&'a str> {
        let mut names = self.owners(&appearance.claim);
        if names.is_empty() {
            let of_article = appearance.article.entities.iter().map(String::as_str);
            names = of_article.filter(|name| self.is_owner(name)).collect();
        }
        names.truncate(NAMES_MAX);
        let parent = names.first().and_then(|first| self.parents(first).next());
        names.extend(parent);
        names
    }

    /// Returns words to block by, concepts before others, long before short; only for claims whose metric is unknown.
    fn head_words<'a>(&self, appearance: &'a Appearance) -> Vec<&'a str> {
        let mut words: Vec<&str> = appearance.claim.terms.iter().map(String::as_str).collect();
        words.sort_by_key(|word| {
            (
                std::cmp::Reverse(word.is_ascii()),
                std::cmp::Reverse(word.len()),
                *word,
            )
        });
        words.truncate(WORDS_MAX);
        words
    }
}

fn dimension(appearance: &Appearance) -> &str {
    let quantity = &appearance.claim.quantity;
    match quantity.kind {
        Kind::Money => "money",
        Kind::Percent => "percent",
        Kind::Date | Kind::DateRange => "date",
        Kind::Duration => "duration",
        Kind::Number | Kind::NumberRange => "count",
        Kind::Dimension if quantity.unit.count_noun().is_some() => "count",
        Kind::Dimension => quantity.unit.id.as_str(),
    }
}

fn leading_digits(appearance: &Appearance) -> Option<String> {
    let interval = appearance.claim.quantity.interval();
    let stated = interval.low().or(interval.high())?.abs().normalized();
    let digits: String = stated.mantissa().to_string().chars().take(DIGITS).collect();
    Some(digits)
}
