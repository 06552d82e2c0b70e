//! Other ways to write one value: with another scale word, with another size of its unit.
//!
//! Each way has a cost: how far it is from the way the draft writes, and how hard it is to read.

use std::ops::Range;

use hedui_model::{Decimal, Quantity, Script};
use hedui_text::Folder;
use hedui_text::lexicon::quantities::{Role, Word};

use super::digits::{Digits, written};
use super::pen::Pen;

/// A number with so many digits before the point is easy to read behind a Chinese scale word, and behind an English one
/// or a unit with a prefix.
const HAN_EASY: i64 = 10_000;
const LATIN_EASY: i64 = 1_000;
/// The largest number that is easy to read without a scale word.
const BARE_EASY: i64 = 10_000_000;
/// The words behind the digits that multiply them.
#[derive(Clone, Debug)]
pub(super) struct Scale {
    pub(super) range: Range<usize>,
    /// The power of ten.
    power: i32,
    role: Option<Role>,
}

/// A way to write a figure, and how far it is from the way the draft writes.
#[derive(Clone, Debug)]
pub(super) struct Way {
    pub(super) cost: u32,
    pub(super) text: String,
}

impl<'a> Pen<'a> {
    /// Finds the scale words that begin at `at`, behind a blank or not.
    pub(super) fn scale_of(&self, mention: &str, at: usize) -> Scale {
        let none = Scale {
            range: at..at,
            power: 0,
            role: None,
        };
        let Some(rest) = mention.get(at..) else {
            return none;
        };
        let blank = rest.len() - rest.trim_start_matches(' ').len();
        let folded = Folder::builtin().fold(rest.get(blank..).unwrap_or_default());
        let mut scale = Scale {
            range: at..at,
            power: 0,
            role: None,
        };
        let mut end = 0;
        loop {
            let words = self.words();
            let power_of = |id| {
                let word = words.word(id)?;
                let roles = [
                    Role::Myriad,
                    Role::Scale,
                    Role::PluralScale,
                    Role::ShortScale,
                    Role::Place,
                ];
                roles
                    .into_iter()
                    .find_map(|role| Some((role, word.value(role)?)))
            };
            let found = words
                .trie()
                .longest(&folded.text, end, |found| power_of(found.word).is_some());
            let Some((found, (role, power))) =
                found.and_then(|found| Some((found, power_of(found.word)?)))
            else {
                break;
            };
            scale.power += i32::try_from(power).unwrap_or(0);
            scale.role = Some(role);
            end = found.end;
            if end >= folded.text.len() {
                break;
            }
        }
        if scale.role.is_none() {
            return none;
        }
        let in_rest = folded.map.to_original(hedui_model::Span::new(0, end));
        scale.range = at..at + blank + in_rest.end();
        scale
    }

    /// Writes the figure with each scale word of the same kind, its own first.
    pub(super) fn with_other_scales(
        &self,
        mention: &str,
        own: &Digits,
        scale: &Scale,
        each: Decimal,
        wanted: Decimal,
    ) -> Vec<Way> {
        let (Some(head), Some(blank), Some(tail)) = (
            mention.get(..own.range.start),
            self.blank_before(mention, own, scale),
            mention.get(scale.range.end..),
        ) else {
            return Vec::new();
        };
        let own_words = mention
            .get(own.range.end + blank.len()..scale.range.end)
            .unwrap_or_default();
        let is_han = scale.role == Some(Role::Myriad) || scale.role == Some(Role::Place);
        let mut ways = vec![(own_words.to_owned(), scale.power)];
        ways.extend(self.scale_words(scale, own_words));
        let easy = match scale.role {
            Some(_) if is_han => HAN_EASY,
            Some(_) => LATIN_EASY,
            None => BARE_EASY,
        };
        let drafts = ways.into_iter().filter_map(|(words, power)| {
            let each = each.scaled(power - scale.power).ok()?;
            let number = wanted.checked_div(each).ok()?.rounded(20).normalized();
            let easy = if words.is_empty() { BARE_EASY } else { easy };
            let gap = if words.is_empty() { "" } else { blank };
            let text = format!("{head}{}{gap}{words}{tail}", written(number, own));
            Some(Way {
                cost: cost(number, own, easy, words != own_words),
                text,
            })
        });
        drafts.collect()
    }

    fn blank_before<'m>(&self, mention: &'m str, own: &Digits, scale: &Scale) -> Option<&'m str> {
        let between = mention.get(own.range.end..scale.range.end)?;
        between.get(..between.len() - between.trim_start_matches(' ').len())
    }

    /// Returns scale words that may stand for those of a figure, with their powers, and none at all.
    fn scale_words(&self, scale: &Scale, own: &str) -> Vec<(String, i32)> {
        let Some(role) = scale.role else {
            return Vec::new();
        };
        let role = if role == Role::Place {
            Role::Myriad
        } else {
            role
        };
        let mut found: Vec<(String, i32)> = Vec::new();
        let mut singles: Vec<(&'a Word, i32)> = self
            .forms()
            .filter(|word| word.form.is_ascii() == own.is_ascii())
            .filter_map(|word| Some((word, i32::try_from(word.value(role)?).ok()?)))
            .filter(|(_, power)| !own.is_ascii() || power % 3 == 0)
            .collect();
        // Of several words for one power the one that is most like the draft's own: *bn* becomes *tn*, not *trillion*.
        singles.sort_by_key(|(word, power)| (*power, word.form.len().abs_diff(own.len())));
        for (word, power) in &singles {
            found.push((self.in_script(&like(&word.form, own)), *power));
        }
        if role == Role::Myriad {
            for (first, power) in &singles {
                for (second, more) in &singles {
                    if power < more {
                        let text = format!("{}{}", first.form, second.form);
                        found.push((self.in_script(&text), power + more));
                    }
                }
            }
            // Where one word and two mean the same, Simplified has the two.
            let is_hans = self.script != Some(Script::Hant);
            found.sort_by_key(|(text, _)| (text.chars().count() > 1) != is_hans);
        }
        found.push((String::new(), 0));
        found
    }

    /// Writes the figure with each unit that is another size of its own.
    pub(super) fn with_other_units(
        &self,
        mention: &str,
        own: &Digits,
        scale: &Scale,
        before: &Quantity,
        wanted: Decimal,
    ) -> Vec<Way> {
        let (Some(head), Some(tail)) =
            (mention.get(..own.range.start), mention.get(own.range.end..))
        else {
            return Vec::new();
        };
        // Only where the unit stands right behind the digits, or what looks like a scale is its prefix.
        if !head.is_empty() || (scale.role.is_some() && tail.is_ascii()) {
            return Vec::new();
        }
        let blank = tail
            .get(..tail.len() - tail.trim_start_matches(' ').len())
            .unwrap_or_default();
        let unit = tail.trim_start_matches(' ');
        let words = self.words();
        let drafts = self.forms().filter_map(|word| {
            let row = words.unit(word.value(Role::Unit)?)?;
            if row.base != before.unit.id || word.form.is_ascii() != unit.is_ascii() {
                return None;
            }
            let number = wanted
                .checked_div(row.factor)
                .ok()?
                .rounded(20)
                .normalized();
            let form = self.in_script(&like(&word.form, unit));
            Some(Way {
                cost: cost(number, own, LATIN_EASY, true) + far(&form, unit),
                text: format!("{}{blank}{form}", written(number, own)),
            })
        });
        drafts.collect()
    }
}

/// Says how far a way to write a figure is from the draft's own: hard to read, other words, more digits.
fn cost(number: Decimal, own: &Digits, easy: i64, has_other_words: bool) -> u32 {
    let whole = number.abs();
    let is_easy = whole >= Decimal::ONE && whole < Decimal::from(easy);
    let has_same_digits = number == own.value.normalized();
    let more = number
        .normalized()
        .digits()
        .saturating_sub(own.value.normalized().digits());
    let mut cost = more * 20;
    cost += if is_easy { 0 } else { 1_000 };
    cost += match (has_other_words, has_same_digits) {
        (false, true) => 0,
        (true, true) => 3,
        (false, false) => 20,
        (true, false) => 100,
    };
    cost
}

/// Says how unlike two names of units of one kind are: those of one style end alike.
fn far(form: &str, own: &str) -> u32 {
    let ends_alike = form.chars().next_back() == own.chars().next_back();
    let longer = form.chars().count().saturating_sub(own.chars().count());
    u32::from(!ends_alike) * 8 + u32::try_from(longer.min(8)).unwrap_or(8)
}

/// Returns a form in the letters of another: capitals where that has them.
fn like(form: &str, own: &str) -> String {
    let has_capitals = own.chars().any(|c| c.is_ascii_uppercase());
    let has_small = own.chars().any(|c| c.is_ascii_lowercase());
    if has_capitals && !has_small {
        return form.to_ascii_uppercase();
    }
    form.to_owned()
}
