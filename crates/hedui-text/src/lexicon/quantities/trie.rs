//! A trie over the forms of the quantity lexicon, walked along folded text.
//!
//! Lookup is leftmost-longest and ends on word boundaries: a form that ends in an ASCII letter does not match inside a
//! longer run of letters. Latin letters match in either case unless the form is marked as cased, and then the cased
//! form wins over an uncased one of the same spelling. A space in a form matches one space or hyphen of the text;
//! between two Han characters of a form the text may hold up to two spaces, as spaced-out Chinese does.
//! Nothing here knows what a form means: it hands over word numbers.

mod build;
mod codes;

pub(super) use build::TrieBuilder;
use codes::Codes;

/// A number that stands for a word of the lexicon.
pub type WordId = u32;

/// How many spaces the text may put between two Han characters of one form.
const SPACES_MAX: usize = 2;

/// The base of a node without children: no code leads from it into the table.
const LEAF: u32 = u32::MAX / 2;
/// Marks an ending that is one word in any spelling.
const WORD: u32 = 1 << 31;
/// Where such an ending tells the places at which the word is not meant.
const SHUNS_SHIFT: u32 = 29;

/// A node of the trie, in a table where a child stands at the base of its parent plus the code of its character.
///
/// No two nodes share a base, so the code alone tells whose child stands at a place.
#[derive(Clone, Copy, Debug)]
struct Node {
    base: u32,
    /// What ends here: 0 for nothing, a word by itself with [`WORD`] and where it is not meant, or one more than a place in
    /// `Trie::endings`.
    ending: u32,
    /// The code of the character that leads here; 0 where no node is.
    code: u16,
}

/// What the root's children are found by.
const ROOT: Node = Node {
    base: 0,
    ending: 0,
    code: 0,
};

const NO_NODE: Node = Node {
    base: LEAF,
    ending: 0,
    code: 0,
};

/// A word, and where it is not meant.
#[derive(Clone, Copy, Debug)]
struct Entry {
    word: WordId,
    /// Bits of [`Place`].
    shuns: u8,
}

/// What stands in front of a word, as far as it matters: a numeral may break the word up, or be what it needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Place {
    /// Right behind a numeral.
    BehindNumeral = 1,
    /// Anywhere else.
    Elsewhere = 2,
}

/// The words that end at a node: those that must be spelled just so, as a range of `Trie::cased`, and the other.
#[derive(Clone, Copy, Debug)]
struct Ending {
    any: Option<Entry>,
    cased: (u32, u32),
}

/// A form that was found in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Match {
    /// The byte after the form.
    pub end: usize,
    /// The word.
    pub word: WordId,
}

/// The forms of a lexicon, ready to be looked up.
#[derive(Clone, Debug, Default)]
pub struct Trie {
    codes: Codes,
    nodes: Vec<Node>,
    endings: Vec<Ending>,
    cased: Vec<(Box<str>, Entry)>,
}

impl Trie {
    #[inline(always)]
    fn child(&self, node: Node, code: u16) -> Option<Node> {
        let child = *self.nodes.get(node.base as usize + usize::from(code))?;
        (child.code == code && code != 0).then_some(child)
    }

    /// The word that ends at a node, where its spelling fits.
    #[inline(always)]
    fn entry_at(&self, node: Node, text: &str, start: usize, end: usize) -> Option<Entry> {
        if node.ending & WORD != 0 {
            return Some(Entry {
                word: node.ending & ((1 << SHUNS_SHIFT) - 1),
                shuns: u8::try_from(node.ending >> SHUNS_SHIFT & 3).unwrap_or(0),
            });
        }
        let ending = self.endings.get((node.ending as usize).wrapping_sub(1))?;
        if ending.cased.0 == ending.cased.1 {
            return ending.any;
        }
        let spellings = self
            .cased
            .get(ending.cased.0 as usize..ending.cased.1 as usize)?;
        let written = text.get(start..end)?;
        spellings
            .iter()
            .find(|(form, _)| **form == *written)
            .map(|(_, entry)| *entry)
            .or(ending.any)
    }

    /// Finds the longest form at `start` of `text` that `accept` takes.
    ///
    /// `start` is a character boundary; the caller has seen to it that a word starts there. `accept` is asked for each
    /// form on the way, shortest first.
    #[must_use]
    pub fn longest(
        &self,
        text: &str,
        start: usize,
        mut accept: impl FnMut(Match) -> bool,
    ) -> Option<Match> {
        self.walk(text, start, |end, entry| {
            accept(Match {
                end,
                word: entry.word,
            })
        })
    }

    /// Finds the longest form at `start` of `text` whose word is meant at a place of its kind.
    #[inline]
    #[must_use]
    pub fn longest_meant(&self, text: &str, start: usize, place: Place) -> Option<Match> {
        self.walk(text, start, |_, entry| entry.shuns != place as u8)
    }

    #[inline(always)]
    fn walk(
        &self,
        text: &str,
        start: usize,
        mut accept: impl FnMut(usize, Entry) -> bool,
    ) -> Option<Match> {
        let bytes = text.as_bytes();
        let (mut previous, mut end, code) = self.character(bytes, start)?;
        let mut node = self.child(ROOT, code)?;
        let mut best = None;
        loop {
            if node.ending != 0
                && is_boundary(bytes, previous, end)
                && let Some(entry) = self.entry_at(node, text, start, end)
                && accept(end, entry)
            {
                best = Some(Match {
                    end,
                    word: entry.word,
                });
            }
            if node.base == LEAF {
                return best;
            }
            let Some((character, next, code)) = self.character(bytes, end) else {
                return best;
            };
            if let Some(child) = self.child(node, code) {
                (node, end, previous) = (child, next, character);
                continue;
            }
            // What a form may leave unsaid.
            let further = match character {
                '-' => self
                    .child(node, self.codes.of(' '))
                    .map(|child| (child, next, ' ')),
                ' ' if !previous.is_ascii() => self.behind_spaces(bytes, node, next),
                _ => None,
            };
            match further {
                Some(found) => (node, end, previous) = found,
                None => return best,
            }
        }
    }

    /// Decodes the character at an offset: the offset behind it, and its code.
    #[inline(always)]
    fn character(&self, bytes: &[u8], at: usize) -> Option<(char, usize, u16)> {
        let first = *bytes.get(at)?;
        if first.is_ascii() {
            return Some((char::from(first), at + 1, self.codes.of_ascii(first)));
        }
        let (character, next) = decode(bytes, at)?;
        Some((character, next, self.codes.of(character)))
    }

    /// Follows one character that is not ASCII behind one or two spaces, of which `next` is the end of the first.
    fn behind_spaces(&self, bytes: &[u8], node: Node, next: usize) -> Option<(Node, usize, char)> {
        let mut at = next;
        for _ in 0..SPACES_MAX {
            let (han, after) = decode(bytes, at)?;
            if han != ' ' {
                if han.is_ascii() {
                    return None;
                }
                let child = self.child(node, self.codes.of(han))?;
                return Some((child, after, han));
            }
            at = after;
        }
        None
    }
}

/// Decodes the character at an offset, and the offset behind it.
#[inline(always)]
fn decode(bytes: &[u8], at: usize) -> Option<(char, usize)> {
    let first = *bytes.get(at)?;
    if first < 0x80 {
        return Some((char::from(first), at + 1));
    }
    let rest = |index: usize| bytes.get(at + index).map(|byte| u32::from(byte & 0x3F));
    let (code, length) = match first {
        0xC0..=0xDF => (u32::from(first & 0x1F) << 6 | rest(1)?, 2),
        0xE0..=0xEF => (u32::from(first & 0x0F) << 12 | rest(1)? << 6 | rest(2)?, 3),
        _ => (
            u32::from(first & 0x07) << 18 | rest(1)? << 12 | rest(2)? << 6 | rest(3)?,
            4,
        ),
    };
    Some((char::from_u32(code)?, at + length))
}

/// Tells whether a form whose last character is `last` may end at `end`.
#[inline]
fn is_boundary(bytes: &[u8], last: char, end: usize) -> bool {
    !last.is_ascii_alphabetic() || !bytes.get(end).is_some_and(u8::is_ascii_alphabetic)
}

fn to_u32(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn trie(forms: &[(&str, bool)]) -> Trie {
        let mut builder = TrieBuilder::new();
        for (id, &(form, cased)) in forms.iter().enumerate() {
            builder.insert(form, cased, u32::try_from(id).unwrap());
        }
        builder.build(|_| None)
    }

    fn find(trie: &Trie, text: &str) -> Option<(usize, u32)> {
        trie.longest(text, 0, |_| true)
            .map(|found| (found.end, found.word))
    }

    #[test]
    fn the_longest_form_wins() {
        let trie = trie(&[("百", false), ("百分", false), ("百分之", false)]);
        assert_eq!(find(&trie, "百分之五"), Some((9, 2)));
        assert_eq!(find(&trie, "百五"), Some((3, 0)));
    }

    #[test]
    fn letters_match_whole_words_in_either_case() {
        let trie = trie(&[("to", false), ("percentage point", false)]);
        assert_eq!(find(&trie, "TO 5"), Some((2, 0)));
        assert_eq!(find(&trie, "ton"), None);
        assert_eq!(find(&trie, "percentage-point"), Some((16, 1)));
    }

    #[test]
    fn a_cased_form_wins_over_an_uncased_one() {
        let trie = trie(&[("mw", false), ("MW", true)]);
        assert_eq!(find(&trie, "MW"), Some((2, 1)));
        assert_eq!(find(&trie, "mW"), Some((2, 0)));
    }

    #[test]
    fn spaced_out_han_still_matches() {
        let trie = trie(&[("个百分点", false)]);
        assert_eq!(find(&trie, "个 百分  点"), Some((15, 0)));
        assert_eq!(find(&trie, "个   百分点"), None);
    }
}
