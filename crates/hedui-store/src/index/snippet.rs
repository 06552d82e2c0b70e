//! Cuts the places that match best out of an article, to the letter.

use std::ops::Range;

use hedui_model::{Original, Place, Span};

use super::document::Shown;
use super::highlight::Match;
use super::request::Snippet;

/// How many snippets a hit has.
const SNIPPETS_MAX: usize = 2;

/// How wide a snippet is: a Han character counts two.
const SNIPPET_WIDTH_MAX: usize = 240;

/// How much of that stands before the first match where a sentence is cut.
const LEAD_WIDTH: usize = 60;

/// Returns the best places of the body; its beginning where nothing in it matches.
pub(super) fn snippets(shown: &Shown, matches: &[Match]) -> Vec<Snippet> {
    let body = shown.body.as_str();
    let sentences = sentences(shown);
    let mut ranked: Vec<(usize, usize)> = Vec::new();
    for (index, sentence) in sentences.iter().enumerate() {
        let conditions = conditions_in(matches, sentence);
        if conditions > 0 {
            ranked.push((index, conditions));
        }
    }
    ranked.sort_by(|left, right| right.1.cmp(&left.1).then(left.0.cmp(&right.0)));
    ranked.truncate(SNIPPETS_MAX);
    ranked.sort();
    if ranked.is_empty() {
        ranked.push((0, 0));
    }

    let mut found: Vec<Snippet> = Vec::new();
    let mut end = 0;
    for (index, _) in ranked {
        let Some(cut) = Cut::new(body, &sentences, index, matches) else {
            continue;
        };
        // What the snippet before has reached already is not shown again.
        if found.is_empty() || cut.range.start >= end {
            end = cut.range.end;
            found.push(cut.snippet(body, matches));
        }
    }
    found
}

/// Returns the matches as ranges of characters of `text`, merged, where `text` starts at byte `start`.
pub(super) fn highlights(text: &str, start: usize, matches: &[Match]) -> Vec<Range<usize>> {
    let end = start + text.len();
    let mut merged: Vec<Range<usize>> = Vec::new();
    for found in matches {
        let (from, to) = (found.span.start(), found.span.end());
        if from < start || to > end || from == to {
            continue;
        }
        match merged.last_mut() {
            Some(last) if from <= last.end => last.end = last.end.max(to),
            _ => merged.push(from..to),
        }
    }
    let mut at = 0;
    let mut count = 0;
    let mut chars_to = |byte: usize| {
        count += text.get(at..byte).unwrap_or_default().chars().count();
        at = byte.max(at);
        count
    };
    merged
        .into_iter()
        .map(|range| {
            let from = chars_to(range.start - start);
            from..chars_to(range.end - start)
        })
        .collect()
}

/// Returns the sentences of the body; the whole of it where none were found.
fn sentences(shown: &Shown) -> Vec<Span<Original>> {
    let sentences: Vec<Span<Original>> = shown
        .sentences
        .iter()
        .map(|&bytes| Span::from(bytes))
        .filter(|span: &Span<Original>| span.of(&shown.body).is_some_and(|text| !text.is_empty()))
        .collect();
    if sentences.is_empty() && !shown.body.is_empty() {
        return vec![Span::new(0, shown.body.len())];
    }
    sentences
}

fn conditions_in(matches: &[Match], sentence: &Span<Original>) -> usize {
    let mut conditions: Vec<usize> = matches
        .iter()
        .filter(|found| found.span.overlaps(*sentence))
        .map(|found| found.condition)
        .collect();
    conditions.sort_unstable();
    conditions.dedup();
    conditions.len()
}

/// A piece of a body that is to be shown.
struct Cut {
    range: Range<usize>,
    is_cut_before: bool,
    is_cut_after: bool,
}

impl Cut {
    fn new(
        body: &str,
        sentences: &[Span<Original>],
        index: usize,
        matches: &[Match],
    ) -> Option<Self> {
        let sentence = sentences.get(index)?;
        let text = sentence.of(body)?;
        let first = matches
            .iter()
            .find(|found| found.span.overlaps(*sentence))
            .map_or(sentence.start(), |found| {
                found.span.start().max(sentence.start())
            });
        if width(text) <= SNIPPET_WIDTH_MAX {
            let end = with_following(body, sentences, index);
            return Some(Cut {
                range: sentence.start()..end,
                is_cut_before: false,
                is_cut_after: false,
            });
        }
        let lead = body.get(sentence.start()..first).unwrap_or_default();
        let start = first - tail_of_width(lead, LEAD_WIDTH).len();
        let rest = body.get(start..sentence.end())?;
        let end = start + head_of_width(rest, SNIPPET_WIDTH_MAX).len();
        Some(Cut {
            range: start..end,
            is_cut_before: start > sentence.start(),
            is_cut_after: end < sentence.end(),
        })
    }

    fn snippet(self, body: &str, matches: &[Match]) -> Snippet {
        let text = body.get(self.range.clone()).unwrap_or_default();
        Snippet {
            place: Place::Body,
            start: body
                .get(..self.range.start)
                .unwrap_or_default()
                .chars()
                .count(),
            text: text.to_owned(),
            highlights: highlights(text, self.range.start, matches),
            is_cut_before: self.is_cut_before,
            is_cut_after: self.is_cut_after,
        }
    }
}

/// Returns where the last of the sentences ends that fit behind the one at `index`, in the same paragraph.
fn with_following(body: &str, sentences: &[Span<Original>], index: usize) -> usize {
    let Some((first, rest)) = sentences.get(index..).and_then(<[_]>::split_first) else {
        return 0;
    };
    let mut end = first.end();
    for sentence in rest {
        let between = body.get(end..sentence.start()).unwrap_or("\n");
        let so_far = body.get(first.start()..sentence.end());
        let fits = so_far.is_some_and(|text| width(text) <= SNIPPET_WIDTH_MAX);
        if between.contains('\n') || !fits {
            break;
        }
        end = sentence.end();
    }
    end
}

fn width_of(character: char) -> usize {
    if character.is_ascii() { 1 } else { 2 }
}

fn width(text: &str) -> usize {
    text.chars().map(width_of).sum()
}

/// Returns the beginning of `text` that is at most so wide, without a part of a word at its end.
fn head_of_width(text: &str, most: usize) -> &str {
    let mut used = 0;
    let mut end = text.len();
    for (index, character) in text.char_indices() {
        used += width_of(character);
        if used > most {
            end = index;
            break;
        }
    }
    let (head, tail) = text.split_at_checked(end).unwrap_or((text, ""));
    let goes_on = tail.starts_with(super::chars::is_latin);
    let whole = head.trim_end_matches(super::chars::is_latin);
    if goes_on && !whole.is_empty() && head.len() - whole.len() < LEAD_WIDTH {
        return whole.trim_end();
    }
    head
}

/// Returns the end of `text` that is at most so wide, without a part of a word at its beginning.
fn tail_of_width(text: &str, most: usize) -> &str {
    let mut used = 0;
    let mut start = 0;
    for (index, character) in text.char_indices().rev() {
        used += width_of(character);
        if used > most {
            start = index + character.len_utf8();
            break;
        }
    }
    let (head, tail) = text.split_at_checked(start).unwrap_or(("", text));
    if head.ends_with(super::chars::is_latin) {
        return tail.trim_start_matches(super::chars::is_latin).trim_start();
    }
    tail.trim_start()
}
