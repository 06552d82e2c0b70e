//! Cuts a text into runs of one kind of letter, which is where words of different languages meet.

use std::ops::Range;

/// What a run is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RunKind {
    /// Han characters, unsegmented.
    Han,
    /// One word or figure of letters and digits, as far as it goes: `TSMC`, `H100`, `1,234.5`, `R&D`, `U.S`.
    Word,
    /// Hiragana and katakana, unsegmented.
    Kana,
    /// Hangul syllables.
    Hangul,
}

/// A run and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Run {
    pub(crate) kind: RunKind,
    pub(crate) range: Range<usize>,
}

/// Returns the runs of `text` in order; white space and punctuation belong to none.
pub(crate) fn runs(text: &str) -> impl Iterator<Item = Run> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let rest = text.get(at..)?;
            let first = rest.chars().next()?;
            let Some(kind) = kind_of(first) else {
                at += first.len_utf8();
                continue;
            };
            let start = at;
            at += match kind {
                RunKind::Word => word_length(rest),
                _ => rest
                    .char_indices()
                    .find(|(_, character)| kind_of(*character) != Some(kind))
                    .map_or(rest.len(), |(index, _)| index),
            };
            return Some(Run {
                kind,
                range: start..at,
            });
        }
    })
}

/// Returns what kind of run a character belongs to.
pub(crate) fn kind_of(character: char) -> Option<RunKind> {
    match u32::from(character) {
        0x00..0x80 => character.is_ascii_alphanumeric().then_some(RunKind::Word),
        0x3005
        | 0x3007
        | 0x3400..=0x4DBF
        | 0x4E00..=0x9FFF
        | 0xF900..=0xFAFF
        | 0x2_0000..=0x3_FFFF => Some(RunKind::Han),
        0x3041..=0x3096
        | 0x309D..=0x309F
        | 0x30A1..=0x30FA
        | 0x30FC..=0x30FF
        | 0x31F0..=0x31FF
        | 0xFF66..=0xFF9D => Some(RunKind::Kana),
        0x1100..=0x11FF | 0x3131..=0x318E | 0xAC00..=0xD7A3 => Some(RunKind::Hangul),
        _ => character.is_alphanumeric().then_some(RunKind::Word),
    }
}

/// Returns how far the word goes that starts at the beginning of `rest`.
fn word_length(rest: &str) -> usize {
    let mut length = 0;
    let mut before: Option<char> = None;
    let mut part_length = 0_usize;
    let mut chars = rest.chars();
    while let Some(character) = chars.next() {
        let in_word =
            kind_of(character) == Some(RunKind::Word) || matches!(character, '\u{300}'..='\u{36F}'); // marks that found no letter to compose with
        if in_word {
            part_length += 1;
        } else if joins(character, before, part_length, chars.as_str()) {
            part_length = 0;
        } else {
            break;
        }
        before = Some(character);
        length += character.len_utf8();
    }
    length
}

/// Tells whether a sign inside a word holds it together: `1,234.5`, `don't`, `R&D`, `U.S`.
fn joins(sign: char, before: Option<char>, part_length: usize, after: &str) -> bool {
    let Some(before) = before else {
        return false;
    };
    let mut following = after.chars();
    let Some(next) = following.next() else {
        return false;
    };
    let digits = before.is_ascii_digit() && next.is_ascii_digit();
    let letters =
        before.is_alphabetic() && next.is_alphabetic() && kind_of(next) == Some(RunKind::Word);
    match sign {
        '.' if digits => true,
        '.' => letters && part_length == 1 && !following.next().is_some_and(char::is_alphanumeric),
        // A separator of thousands has three digits behind it and no fourth.
        ',' => digits && after.bytes().take_while(u8::is_ascii_digit).take(4).count() == 3,
        '\'' | '’' | '&' => letters,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_end_where_the_kind_of_letter_changes() {
        for (text, expected) in [
            ("ASML光刻机涨3.5%", "ASML 光刻机涨 3.5"),
            ("1,234.5 and 2023,2024", "1,234.5 and 2023 2024"),
            (
                "the U.S. and R&D at openai.com",
                "the U.S and R&D at openai com",
            ),
            ("don't don’t 'quoted' rock'n'", "don't don’t quoted rock'n"),
            ("GPT-4o H100 5G", "GPT 4o H100 5G"),
            ("トヨタ自動車の売上", "トヨタ 自動車 の 売上"),
            ("삼성전자 caf\u{e9}", "삼성전자 caf\u{e9}"),
            ("，。 \n", ""),
        ] {
            let found: Vec<&str> = runs(text).filter_map(|run| text.get(run.range)).collect();
            assert_eq!(found.join(" "), expected, "{text}");
        }
    }
}
