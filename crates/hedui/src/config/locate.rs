//! Complaints that name file and line, and guess what was meant.

use std::ops::Range;
use std::path::Path;

use crate::exit::Failure;

/// The file that is being read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'a> {
    /// Its name, as the user gave it.
    pub(crate) file: &'a Path,
    /// Its text.
    pub(crate) text: &'a str,
}

impl Place<'_> {
    /// Makes the failure for what stands at `span`.
    pub(crate) fn failure(&self, span: Range<usize>, message: &str) -> Failure {
        let before = self
            .text
            .get(..span.start.min(self.text.len()))
            .unwrap_or_default();
        let line = before.bytes().filter(|&byte| byte == b'\n').count() + 1;
        Failure::usage(format!("{}:{line}: {message}", self.file.display()))
    }
}

/// Returns the name of `names` that `name` was probably meant to be.
///
/// At most a third of the letters may differ; transposed words (`min_delay_ms` for `delay_ms_min`) count as near.
pub(crate) fn suggestion<'n>(
    name: &str,
    names: impl IntoIterator<Item = &'n str>,
) -> Option<&'n str> {
    let words = |text: &str| {
        let mut words: Vec<String> = text.split(['_', '-']).map(str::to_lowercase).collect();
        words.sort();
        words
    };
    names
        .into_iter()
        .map(|candidate| {
            let distance = if words(candidate) == words(name) {
                0
            } else {
                edits(name, candidate)
            };
            (distance, candidate)
        })
        .filter(|(distance, candidate)| *distance * 3 <= candidate.chars().count().max(3))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Counts the insertions, deletions and substitutions between two names.
fn edits(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().take(64).collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (index, from) in left.chars().take(64).enumerate() {
        let mut next = vec![index + 1];
        for (column, to) in right.iter().enumerate() {
            let cost =
                |cells: &[usize], at: usize| cells.get(at).copied().unwrap_or(usize::MAX - 1);
            let substituted = cost(&row, column) + usize::from(from != *to);
            next.push(
                substituted
                    .min(cost(&row, column + 1) + 1)
                    .min(cost(&next, column) + 1),
            );
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_are_suggested_and_far_ones_not() {
        let names = ["delay_ms_min", "contact", "feeds"];
        assert_eq!(suggestion("min_delay_ms", names), Some("delay_ms_min"));
        assert_eq!(suggestion("contct", names), Some("contact"));
        assert_eq!(suggestion("feed", names), Some("feeds"));
        assert_eq!(suggestion("colour", names), None);
    }
}
