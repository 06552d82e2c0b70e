//! Latin words: their stems, and the patterns and slips by which they are looked for.

use frostem::{Algorithm, Stemmer};

use super::chars::is_latin;

/// Longer words are cut: no one looks for them, and the engine refuses terms without end.
const WORD_CHARS_MAX: usize = 100;

/// Longer words in capitals are words all the same.
const ABBREVIATION_CHARS_MAX: usize = 5;

/// Returns a word as the index keeps it: in small letters, short enough, without a single letter behind an apostrophe.
pub(super) fn index_form(word: &str) -> String {
    let lower = word.to_lowercase();
    let cut = lower
        .rsplit_once(['\'', '’'])
        .filter(|(head, tail)| !head.is_empty() && tail.chars().count() == 1)
        .map_or(lower.as_str(), |(head, _)| head);
    cut.chars().take(WORD_CHARS_MAX).collect()
}

/// Tells whether a word is an abbreviation in capitals, which in small letters may be another word: `US`, `IT`, `AMD`.
pub(super) fn is_abbreviation(word: &str) -> bool {
    let is_capital = |letter: char| letter.is_ascii_uppercase() || letter.is_ascii_digit();
    (2..=ABBREVIATION_CHARS_MAX).contains(&word.len())
        && word.chars().all(is_capital)
        && word.chars().any(|letter| letter.is_ascii_uppercase())
}

/// Returns the stem of an English word, or nothing for what has none: figures, names with digits, other scripts.
pub(super) fn stem(word: &str) -> Option<String> {
    let is_word = !word.is_empty()
        && word
            .chars()
            .all(|letter| (letter.is_alphabetic() && is_latin(letter)) || letter == '\'');
    is_word.then(|| Stemmer::new(Algorithm::English).stem(word).into_owned())
}

/// Tells whether `word` fits a pattern in which `*` stands for any characters.
pub(super) fn fits(pattern: &str, word: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|head| word.strip_prefix(head)) else {
        return false;
    };
    let mut parts = parts.peekable();
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        let Some((_, after)) = rest.split_once(part) else {
            return false;
        };
        rest = after;
    }
    rest.is_empty()
}

/// Returns the pattern as a regular expression of the engine.
pub(super) fn regex_of(pattern: &str) -> String {
    let mut regex = String::new();
    for character in pattern.chars() {
        match character {
            '*' => regex.push_str(".*"),
            _ if character.is_alphanumeric() => regex.push(character),
            _ => {
                regex.push('\\');
                regex.push(character);
            }
        }
    }
    regex
}

/// Tells whether two words are at most `edits` slips apart: a letter more, less or other, or two swapped.
pub(super) fn is_near(left: &str, right: &str, edits: usize) -> bool {
    let left: Vec<char> = left.chars().collect();
    let right: Vec<char> = right.chars().collect();
    if left.len().abs_diff(right.len()) > edits {
        return false;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (index, &letter) in left.iter().enumerate() {
        let mut next = vec![index + 1];
        for (column, &other) in right.iter().enumerate() {
            let above = cell(&row, column + 1) + 1;
            let beside = cell(&next, column) + 1;
            let diagonal = cell(&row, column) + usize::from(letter != other);
            let is_swap = index > 0
                && column > 0
                && left.get(index - 1) == Some(&other)
                && right.get(column - 1) == Some(&letter);
            let swapped = if is_swap {
                cell(&before, column - 1) + 1
            } else {
                usize::MAX
            };
            next.push(above.min(beside).min(diagonal).min(swapped));
        }
        before = std::mem::replace(&mut row, next);
    }
    row.last().is_some_and(|&slips| slips <= edits)
}

fn cell(row: &[usize], column: usize) -> usize {
    row.get(column).copied().unwrap_or(usize::MAX / 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_lose_a_single_letter_behind_an_apostrophe() {
        for (word, form) in [
            ("Nvidia's", "nvidia"),
            ("Nvidia’s", "nvidia"),
            ("L'Oréal", "l'oréal"),
            ("'s", "'s"),
        ] {
            assert_eq!(index_form(word), form);
        }
    }

    #[test]
    fn inflections_share_a_stem() {
        assert_eq!(stem("investments"), stem("investing"));
        assert_eq!(stem("h100"), None);
        assert_eq!(stem("晶片"), None);
    }

    #[test]
    fn patterns_fit_whole_words() {
        for (pattern, word, expected) in [
            ("tsm*", "tsmc", true),
            ("tsm*", "tsm", true),
            ("*mc", "tsmc", true),
            ("t*mc", "tsmc", true),
            ("t*m*c", "tsmc", true),
            ("tsm*", "atsmc", false),
            ("*sm", "tsmc", false),
            ("ab*ba", "aba", false),
        ] {
            assert_eq!(fits(pattern, word), expected, "{pattern} {word}");
        }
    }

    #[test]
    fn slips_are_counted() {
        for (left, right, edits, expected) in [
            ("nvidia", "nvidai", 1, true),
            ("nvidia", "nvdia", 1, true),
            ("nvidia", "nvida", 1, true),
            ("nvidia", "avidiaa", 1, false),
            ("nvidia", "avidiaa", 2, true),
            ("nvidia", "amd", 2, false),
        ] {
            assert_eq!(is_near(left, right, edits), expected, "{left} {right}");
        }
    }
}
