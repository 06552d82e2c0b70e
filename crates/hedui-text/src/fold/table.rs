//! What each character folds to: a direct table for the basic plane, a sorted list for the rest.

use serde::Deserialize;
use unicode_normalization::char::{compose, decompose_canonical, decompose_compatible};

use crate::convert::Converter;
use crate::lexicon::LexiconError;
use crate::lexicon::table::{File, Row};

/// What becomes of a character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    Same,
    Becomes(char),
    Dropped,
    /// A combining mark: composed with the letter before it where Unicode has such a letter, else kept.
    Mark,
}

// Values of the table that no character has: surrogates.
const DROPPED: u16 = 0xD800;
const MARK: u16 = 0xD801;
/// The folded character is outside of the basic plane: see the list.
const LISTED: u16 = 0xD802;

/// Folding of every character there is.
#[derive(Debug)]
pub(super) struct FoldTable {
    /// Indexed by character: what it becomes, itself for most.
    basic: Vec<u16>,
    /// Sorted by character: those that the table has no room for.
    listed: Vec<(char, Class)>,
}

/// Characters that fold to one character, or to none.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FoldRow {
    /// One character; empty drops.
    to: String,
    /// Characters, each a string of its own, so that invisible ones can be escaped.
    from: Vec<String>,
    /// Why, and whose rule it is.
    #[serde(rename = "source")]
    _source: String,
}

/// A range of characters that are dropped or fold as Unicode says.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct BlockRow {
    first: String,
    last: String,
    by: By,
    /// Characters of the range that stay as they are.
    #[serde(default)]
    keep: Vec<String>,
    #[serde(rename = "source")]
    _source: String,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum By {
    /// The canonical decomposition, where it is one character.
    Canonical,
    /// The compatibility decomposition, where it is one character.
    Compatible,
    /// Left out.
    Drop,
    /// Composed with the letter before.
    Mark,
}

impl FoldTable {
    pub(super) fn new(
        name: &str,
        toml: &str,
        converter: Option<&dyn Converter>,
    ) -> Result<Self, LexiconError> {
        let file = File::parse(name, toml)?;
        let mut table = FoldTable {
            basic: (0..=u16::MAX).collect(),
            listed: Vec::new(),
        };
        if let Some(converter) = converter {
            table.add_converter(converter);
        }
        for row in file.rows::<BlockRow>("block")? {
            table.add_block(&row)?;
        }
        for row in file.rows::<FoldRow>("fold")? {
            table.add_row(&row)?;
        }
        file.finish()?;
        table.close();
        Ok(table)
    }

    #[inline]
    pub(super) fn class(&self, character: char) -> Class {
        let code = u32::from(character);
        let Some(&folded) = usize::try_from(code)
            .ok()
            .and_then(|index| self.basic.get(index))
        else {
            return self.listed_class(character);
        };
        if u32::from(folded) == code {
            return Class::Same;
        }
        match char::from_u32(u32::from(folded)) {
            Some(folded) => Class::Becomes(folded),
            None if folded == DROPPED => Class::Dropped,
            None if folded == MARK => Class::Mark,
            None => self.listed_class(character),
        }
    }

    fn listed_class(&self, character: char) -> Class {
        match self
            .listed
            .binary_search_by_key(&character, |entry| entry.0)
        {
            Ok(index) => self.listed.get(index).map_or(Class::Same, |entry| entry.1),
            Err(_) => Class::Same,
        }
    }

    /// Composes a letter and a mark, where both have a common form that folds to itself.
    pub(super) fn compose(&self, letter: char, mark: char) -> Option<char> {
        let composed = letter
            .is_alphabetic()
            .then(|| compose(letter, mark))
            .flatten()?;
        (self.class(composed) == Class::Same).then_some(composed)
    }

    fn set(&mut self, character: char, class: Class) {
        let in_table = match class {
            Class::Same => u16::try_from(u32::from(character)).ok(),
            Class::Becomes(folded) => u16::try_from(u32::from(folded)).ok(),
            Class::Dropped => Some(DROPPED),
            Class::Mark => Some(MARK),
        };
        let slot = usize::try_from(u32::from(character))
            .ok()
            .and_then(|index| self.basic.get_mut(index));
        match (slot, in_table) {
            (Some(slot), Some(value)) => *slot = value,
            (slot, _) => {
                if let Some(slot) = slot {
                    *slot = LISTED;
                }
                match self
                    .listed
                    .binary_search_by_key(&character, |entry| entry.0)
                {
                    Ok(index) => {
                        if let Some(entry) = self.listed.get_mut(index) {
                            entry.1 = class;
                        }
                    }
                    Err(index) => self.listed.insert(index, (character, class)),
                }
            }
        }
    }

    /// Takes over the converter's Traditional to Simplified map of single characters.
    fn add_converter(&mut self, converter: &dyn Converter) {
        // Extension A, the unified ideographs, and planes 2 and 3 as far as characters are assigned.
        let blocks = [0x3400..=0x4DBF, 0x4E00..=0x9FFF, 0x2_0000..=0x3_23AF];
        let characters: Vec<char> = blocks
            .into_iter()
            .flatten()
            .filter_map(char::from_u32)
            .collect();
        // One by line, so that no phrase is made of neighbours.
        let mut lines = String::with_capacity(characters.len() * 5);
        for character in &characters {
            lines.push(*character);
            lines.push('\n');
        }
        let converted = converter.t2s(&lines);
        for (character, line) in characters.into_iter().zip(converted.lines()) {
            if let Some(folded) = only_char(line).filter(|folded| *folded != character) {
                self.set(character, Class::Becomes(folded));
            }
        }
    }

    fn add_block(&mut self, row: &Row<BlockRow>) -> Result<(), LexiconError> {
        let block = &row.value;
        let first = code_point(row, "first", &block.first)?;
        let last = code_point(row, "last", &block.last)?;
        let keep = chars_of(row, "keep", &block.keep)?;
        for character in first..=last {
            if keep.contains(&character) {
                continue;
            }
            let class = match block.by {
                By::Drop => Some(Class::Dropped),
                By::Mark => Some(Class::Mark),
                By::Canonical => single(|push| decompose_canonical(character, push)),
                By::Compatible => single(|push| decompose_compatible(character, push)),
            };
            if let Some(class) = class.filter(|class| *class != Class::Becomes(character)) {
                self.set(character, class);
            }
        }
        Ok(())
    }

    fn add_row(&mut self, row: &Row<FoldRow>) -> Result<(), LexiconError> {
        let class = match (only_char(&row.value.to), row.value.to.is_empty()) {
            (Some(folded), _) => Class::Becomes(folded),
            (None, true) => Class::Dropped,
            (None, false) => {
                return Err(row.error("to", "more than one character; give one, or none to drop"));
            }
        };
        for character in chars_of(row, "from", &row.value.from)? {
            self.set(character, class);
        }
        Ok(())
    }

    /// Follows chains to their end, so that folding twice changes nothing.
    fn close(&mut self) {
        let mut changed: Vec<(char, Class)> = Vec::new();
        let characters = (0..=0xFFFF)
            .filter_map(char::from_u32)
            .chain(self.listed.iter().map(|entry| entry.0));
        for character in characters {
            let end = self.end_of(character);
            if end != self.class(character) {
                changed.push((character, end));
            }
        }
        for (character, class) in changed {
            self.set(character, class);
        }
    }

    fn end_of(&self, character: char) -> Class {
        let mut last = character;
        // Chains are two or three long; the bound is against rows that go in a circle.
        for _ in 0..8 {
            match self.class(last) {
                Class::Becomes(next) => last = next,
                Class::Same => break,
                end => return end,
            }
        }
        if last == character {
            Class::Same
        } else {
            Class::Becomes(last)
        }
    }
}

/// Returns the class of a character that decomposes to exactly one.
fn single(decompose: impl FnOnce(&mut dyn FnMut(char))) -> Option<Class> {
    let mut found = String::new();
    decompose(&mut |character| found.push(character));
    only_char(&found).map(Class::Becomes)
}

fn only_char(text: &str) -> Option<char> {
    let mut chars = text.chars();
    chars.next().filter(|_| chars.next().is_none())
}

fn chars_of<T>(row: &Row<T>, field: &str, texts: &[String]) -> Result<Vec<char>, LexiconError> {
    texts
        .iter()
        .map(|text| {
            only_char(text).ok_or_else(|| row.error(field, format!("not one character: `{text}`")))
        })
        .collect()
}

/// Reads `U+FF01`.
fn code_point<T>(row: &Row<T>, field: &str, text: &str) -> Result<char, LexiconError> {
    text.strip_prefix("U+")
        .and_then(|hex| u32::from_str_radix(hex, 16).ok())
        .and_then(char::from_u32)
        .ok_or_else(|| {
            row.error(
                field,
                format!("not a code point such as `U+FF01`: `{text}`"),
            )
        })
}
