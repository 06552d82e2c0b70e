//! A trie over the forms of the quantity lexicon, walked along folded text.
//!
//! Lookup is leftmost-longest and ends on word boundaries: a form that ends in an ASCII letter does not match inside a
//! longer run of letters. Latin letters match in either case unless the form is marked as cased, and then the cased
//! form wins over an uncased one of the same spelling. A space in a form matches one space or hyphen of the text;
//! between two Han characters of a form the text may hold up to two spaces, as spaced-out Chinese does.
//! Nothing here knows what a form means: it hands over word numbers.

use std::collections::BTreeMap;

/// A number that stands for a word of the lexicon.
pub type WordId = u32;

/// How many spaces the text may put between two Han characters of one form.
const SPACES_MAX: usize = 2;

#[derive(Clone, Debug, Default)]
struct Node {
    /// Children in order of character, as a range of `Trie::edges`.
    edges: (u32, u32),
    /// Words that end here, as a range of `Trie::ends`.
    ends: (u32, u32),
}

/// What ends at a node: the exact spelling where the form is cased, and the word.
#[derive(Clone, Debug)]
struct End {
    cased: Option<Box<str>>,
    word: WordId,
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
    nodes: Vec<Node>,
    edges: Vec<(char, u32)>,
    ends: Vec<End>,
    /// The root's children by the code of their character, in pages of 256; page 0 is empty.
    first_pages: Vec<u16>,
    first: Vec<u32>,
}

/// Collects forms for a [`Trie`].
#[derive(Debug, Default)]
pub(super) struct TrieBuilder {
    nodes: Vec<BuilderNode>,
}

#[derive(Debug, Default)]
struct BuilderNode {
    edges: BTreeMap<char, usize>,
    ends: Vec<End>,
}

impl TrieBuilder {
    /// Starts without forms.
    #[must_use]
    pub(super) fn new() -> Self {
        TrieBuilder {
            nodes: vec![BuilderNode::default()],
        }
    }

    /// Returns the word that already has exactly this form, if any.
    #[must_use]
    pub(super) fn get(&self, form: &str, cased: bool) -> Option<WordId> {
        let mut at = 0;
        for character in form.chars() {
            let key = character.to_ascii_lowercase();
            at = *self.nodes.get(at)?.edges.get(&key)?;
        }
        let wanted = cased.then_some(form);
        let ends = &self.nodes.get(at)?.ends;
        ends.iter()
            .find(|end| end.cased.as_deref() == wanted)
            .map(|end| end.word)
    }

    /// Adds a folded form; a form that is there already keeps its word.
    pub(super) fn insert(&mut self, form: &str, cased: bool, word: WordId) {
        let mut at = 0;
        for character in form.chars() {
            let key = character.to_ascii_lowercase();
            let next = self.nodes.len();
            let Some(node) = self.nodes.get_mut(at) else {
                return;
            };
            at = *node.edges.entry(key).or_insert(next);
            if at == next {
                self.nodes.push(BuilderNode::default());
            }
        }
        let cased = cased.then(|| Box::from(form));
        if let Some(node) = self.nodes.get_mut(at)
            && !node.ends.iter().any(|end| end.cased == cased)
        {
            node.ends.push(End { cased, word });
            // Cased spellings are asked first.
            node.ends.sort_by_key(|end| end.cased.is_none());
        }
    }

    /// Makes the trie.
    #[must_use]
    pub(super) fn build(self) -> Trie {
        let mut trie = Trie {
            first_pages: vec![0; 0x1100],
            first: vec![0; 256],
            ..Trie::default()
        };
        for node in &self.nodes {
            let edges_from = trie.edges.len();
            for (&character, &child) in &node.edges {
                trie.edges.push((character, to_u32(child)));
            }
            let ends_from = trie.ends.len();
            trie.ends.extend(node.ends.iter().cloned());
            trie.nodes.push(Node {
                edges: (to_u32(edges_from), to_u32(trie.edges.len())),
                ends: (to_u32(ends_from), to_u32(trie.ends.len())),
            });
        }
        if let Some(root) = self.nodes.first() {
            for (&character, &child) in &root.edges {
                trie.set_first(character, to_u32(child));
                if character.is_ascii_lowercase() {
                    trie.set_first(character.to_ascii_uppercase(), to_u32(child));
                }
            }
        }
        trie
    }
}

impl Trie {
    fn set_first(&mut self, character: char, child: u32) {
        let code = character as usize;
        let Some(page) = self.first_pages.get(code >> 8).copied() else {
            return;
        };
        let page = if page == 0 {
            let fresh = u16::try_from(self.first.len() >> 8).unwrap_or(0);
            self.first.resize(self.first.len() + 256, 0);
            if let Some(slot) = self.first_pages.get_mut(code >> 8) {
                *slot = fresh;
            }
            fresh
        } else {
            page
        };
        if let Some(slot) = self.first.get_mut((page as usize) << 8 | code & 0xFF) {
            *slot = child;
        }
    }

    /// Returns the node that `character` leads to from the root, 0 for none.
    #[inline]
    #[must_use]
    pub fn first(&self, character: char) -> u32 {
        let code = character as usize;
        let page = self.first_pages.get(code >> 8).copied().unwrap_or(0);
        self.first
            .get((page as usize) << 8 | code & 0xFF)
            .copied()
            .unwrap_or(0)
    }

    #[inline]
    fn child(&self, node: u32, character: char) -> Option<u32> {
        let node = self.nodes.get(node as usize)?;
        let edges = self
            .edges
            .get(node.edges.0 as usize..node.edges.1 as usize)?;
        if edges.len() <= 8 {
            return edges
                .iter()
                .find(|edge| edge.0 == character)
                .map(|edge| edge.1);
        }
        let index = edges.binary_search_by_key(&character, |edge| edge.0).ok()?;
        edges.get(index).map(|edge| edge.1)
    }

    /// The word that ends at a node, where its spelling fits.
    #[inline]
    fn word_at(&self, node: u32, text: &str, start: usize, end: usize) -> Option<WordId> {
        let node = self.nodes.get(node as usize)?;
        if node.ends.0 == node.ends.1 {
            return None;
        }
        let ends = self.ends.get(node.ends.0 as usize..node.ends.1 as usize)?;
        ends.iter()
            .find(|found| match &found.cased {
                None => true,
                Some(cased) => text.get(start..end) == Some(&**cased),
            })
            .map(|found| found.word)
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
        let bytes = text.as_bytes();
        let (mut previous, mut end) = decode(bytes, start)?;
        let mut node = self.first(previous);
        if node == 0 {
            return None;
        }
        let mut best = None;
        loop {
            if let Some(word) = self.word_at(node, text, start, end)
                && is_boundary(bytes, previous, end)
                && accept(Match { end, word })
            {
                best = Some(Match { end, word });
            }
            let Some((next_node, next_end, last)) = self.step(bytes, node, previous, end) else {
                return best;
            };
            (node, end, previous) = (next_node, next_end, last);
        }
    }

    /// Follows one character of the text, with what a form may leave unsaid.
    #[inline]
    fn step(
        &self,
        bytes: &[u8],
        node: u32,
        previous: char,
        end: usize,
    ) -> Option<(u32, usize, char)> {
        let edges = self.nodes.get(node as usize)?.edges;
        if edges.0 == edges.1 {
            return None;
        }
        let (character, next) = decode(bytes, end)?;
        let key = character.to_ascii_lowercase();
        if let Some(child) = self.child(node, key) {
            return Some((child, next, character));
        }
        if key == '-' {
            return self.child(node, ' ').map(|child| (child, next, ' '));
        }
        if key != ' ' || previous.is_ascii() {
            return None;
        }
        let mut at = next;
        for _ in 0..SPACES_MAX {
            let (han, after) = decode(bytes, at)?;
            if han != ' ' {
                if han.is_ascii() {
                    return None;
                }
                return self.child(node, han).map(|child| (child, after, han));
            }
            at = after;
        }
        None
    }
}

/// Decodes the character at an offset, and the offset behind it.
#[inline]
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
        builder.build()
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
