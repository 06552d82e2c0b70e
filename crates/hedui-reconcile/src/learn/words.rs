//! Words of a sentence that may stand for a meaning, and how often two of them meet.

use std::collections::{BTreeMap, BTreeSet};

/// Words of a sentence that are looked at, and runs of two of them.
const WORDS_MAX: usize = 60;

/// Returns the words of a sentence, and each two that stand side by side, each once; without those that `is_empty` calls so.
pub(super) fn of_sentence(
    segment: &dyn Fn(&str) -> Vec<String>,
    is_empty: &dyn Fn(&str) -> bool,
    sentence: &str,
) -> BTreeSet<String> {
    let words: Vec<String> = segment(sentence).into_iter().take(WORDS_MAX).collect();
    let tells: Vec<bool> = words
        .iter()
        .map(|word| tells(word) && !is_empty(word))
        .collect();
    let told = || words.iter().zip(&tells);
    let mut found: BTreeSet<String> = told()
        .filter(|(_, tells)| **tells)
        .map(|(word, _)| word.clone())
        .collect();
    for ((first, tells), (second, also)) in told().zip(told().skip(1)) {
        if *tells && *also && first.is_ascii() == second.is_ascii() {
            let space = if first.is_ascii() { " " } else { "" };
            found.insert(format!("{first}{space}{second}"));
        }
    }
    found
}

/// Tells whether a word may have a meaning of its own: letters only, three of an alphabet or two of Han.
fn tells(word: &str) -> bool {
    let count = word.chars().count();
    let is_latin = word.is_ascii();
    word.chars()
        .all(|letter| letter.is_alphabetic() || letter == '-')
        && count >= if is_latin { 3 } else { 2 }
        && count <= 24
}

/// Returns the words that at least half of some sentences have.
pub(super) fn common(sentences: &[BTreeSet<String>]) -> BTreeSet<String> {
    let mut counts: BTreeMap<&String, usize> = BTreeMap::new();
    for word in sentences.iter().flatten() {
        *counts.entry(word).or_default() += 1;
    }
    counts
        .into_iter()
        .filter(|(_, count)| count * 2 >= sentences.len())
        .map(|(word, _)| word.clone())
        .collect()
}

/// How often words meet in events.
#[derive(Debug, Default)]
pub(super) struct Meetings {
    pub(super) total: usize,
    pub(super) left: BTreeMap<String, usize>,
    pub(super) right: BTreeMap<String, usize>,
    pub(super) both: BTreeMap<(String, String), Vec<usize>>,
}

impl Meetings {
    /// Enters an event.
    pub(super) fn enter(
        &mut self,
        event: usize,
        left: &BTreeSet<String>,
        right: &BTreeSet<String>,
    ) {
        self.total += 1;
        for word in left {
            *self.left.entry(word.clone()).or_default() += 1;
        }
        for word in right {
            *self.right.entry(word.clone()).or_default() += 1;
        }
        for word in left {
            for other in right {
                self.both
                    .entry((word.clone(), other.clone()))
                    .or_default()
                    .push(event);
            }
        }
    }

    /// Returns how far two words' meetings are from chance.
    pub(super) fn ratio(&self, left: &str, right: &str, together: usize) -> f64 {
        let of_left = self.left.get(left).copied().unwrap_or(0);
        let of_right = self.right.get(right).copied().unwrap_or(0);
        log_likelihood(together, of_left, of_right, self.total)
    }
}

/// Dunning's log-likelihood ratio of two events that were seen `together` times, each `a` and `b` times, in `total` trials; 0
/// where they meet less often than chance would have it.
#[allow(clippy::cast_precision_loss)]
pub(super) fn log_likelihood(together: usize, a: usize, b: usize, total: usize) -> f64 {
    let (together, a, b, total) = (together as f64, a as f64, b as f64, total as f64);
    if total <= 0.0 || together * total <= a * b {
        return 0.0;
    }
    let cell = |seen: f64, row: f64, column: f64| {
        let expected = row * column / total;
        if seen > 0.0 && expected > 0.0 {
            seen * (seen / expected).ln()
        } else {
            0.0
        }
    };
    let sum = cell(together, a, b)
        + cell(a - together, a, total - b)
        + cell(b - together, total - a, b)
        + cell(total - a - b + together, total - a, total - b);
    2.0 * sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_always_meets_is_far_from_chance_and_what_is_everywhere_is_not() {
        assert!(log_likelihood(10, 10, 10, 100) > 60.0);
        assert!(log_likelihood(10, 100, 10, 100).abs() < 1e-9);
        assert!(log_likelihood(1, 50, 10, 100).abs() < 1e-9);
        assert!(log_likelihood(0, 0, 0, 0).abs() < 1e-9);
    }

    #[test]
    fn words_are_letters_and_their_pairs() {
        let segment = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<String>>();
        let words = of_sentence(
            &segment,
            &|word| word == "of",
            "market share of 12 市占 比率 a",
        );
        let expected = [
            "market",
            "market share",
            "share",
            "市占",
            "市占比率",
            "比率",
        ];
        assert_eq!(words.into_iter().collect::<Vec<_>>(), expected);
    }
}
