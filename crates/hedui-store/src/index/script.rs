//! Texts as the other Chinese script has them.
//!
//! Folding by character leaves apart what one script writes with one character
//! and the other with several, by the word they stand in: 答覆 and 答复, 計畫
//! and 计划. So where a text reads otherwise after conversion by phrase, those
//! lines are indexed as they read then too, and phrases are looked for in each
//! of their own readings.

use hedui_text::{Converter, FerrousOpenCc, Folder};

use super::chars::{is_cjk, phrase_of};

/// Characters around a line that are indexed with it, so that phrases may go beyond its ends.
const CONTEXT_CHARS: usize = 16;

/// Returns a phrase in each of its readings, folded into characters; the reading as written first.
pub(super) fn spellings(text: &str) -> Vec<Vec<char>> {
    let mut spellings = vec![phrase_of(text)];
    for reading in converted(text) {
        let reading = phrase_of(&reading);
        if !spellings.contains(&reading) {
            spellings.push(reading);
        }
    }
    spellings.retain(|chars| !chars.is_empty());
    spellings
}

/// Returns the other readings of a text, folded; `folded` is the text folded as it is written.
pub(super) fn readings(text: &str, folded: &str) -> Vec<String> {
    let mut readings: Vec<String> = converted(text)
        .into_iter()
        .map(|reading| Folder::builtin().fold(&reading).text)
        .filter(|reading| reading != folded)
        .collect();
    readings.dedup();
    readings
}

/// Returns the parts of a text's other readings that differ from it, whole lines with some characters around them.
pub(super) fn differing_parts(text: &str, folded: &str) -> Vec<String> {
    let lines: Vec<&str> = folded.split_inclusive('\n').collect();
    let mut parts = Vec::new();
    for reading in readings(text, folded) {
        let converted: Vec<&str> = reading.split_inclusive('\n').collect();
        if converted.len() != lines.len() {
            parts.push(reading);
            continue;
        }
        // Neighbouring lines that differ are one part.
        let mut from = None;
        let mut at = 0;
        let mut end = 0;
        for (line, other) in lines.iter().zip(&converted) {
            if line != other {
                from.get_or_insert(at);
                end = at + other.len();
            } else if let Some(start) = from.take() {
                parts.push(with_context(&reading, start, end).to_owned());
            }
            at += other.len();
        }
        parts.extend(from.map(|start| with_context(&reading, start, end).to_owned()));
    }
    parts
}

fn with_context(text: &str, start: usize, end: usize) -> &str {
    let before = text.get(..start).unwrap_or_default().char_indices().rev();
    let after = text.get(end..).unwrap_or_default().char_indices();
    let from = before
        .take(CONTEXT_CHARS)
        .last()
        .map_or(start, |(at, _)| at);
    let to = after
        .take(CONTEXT_CHARS)
        .last()
        .map_or(end, |(at, character)| end + at + character.len_utf8());
    text.get(from..to).unwrap_or(text)
}

/// Returns the text converted into either script.
fn converted(text: &str) -> Vec<String> {
    if !text.chars().any(is_cjk) {
        return Vec::new();
    }
    let converter = FerrousOpenCc::builtin();
    vec![converter.t2s(text), converter.s2t(text)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_lines_that_read_otherwise_are_parts() {
        let text = "第一行\n公司答覆\n第三行";
        let folded = Folder::builtin().fold(text).text;
        assert_eq!(folded, text);
        assert_eq!(differing_parts(text, &folded), ["第一行\n公司答复\n第三行"]);
        assert!(differing_parts("plain", "plain").is_empty());
    }
}
