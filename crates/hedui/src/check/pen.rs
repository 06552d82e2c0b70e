//! Writes a figure as another is written: its digits, its scale words, its unit, in its language and script.
//!
//! No word stands here: words come from the lexicon's rows, and which of them do is tried out. Every figure that is
//! written is read again by the reader of quantities, and dropped where it would not be read as what is meant.

use std::ops::Range;

use hedui_claims::quantity::{QuantityReader, ReadContext};
use hedui_model::{Decimal, Quantity, Script};
use hedui_text::lexicon::quantities::{Quantities, Role, Word};
use hedui_text::{Converter, FerrousOpenCc, Folder, Lexicon};

/// A number with so many digits before the point is easy to read behind a Chinese scale word, and behind an English one
/// or a unit with a prefix.
const HAN_EASY: i64 = 10_000;
const LATIN_EASY: i64 = 1_000;
/// The largest number that is easy to read without a scale word.
const BARE_EASY: i64 = 10_000_000;
/// From so many digits on, digits are grouped by thousands where nothing says otherwise.
const GROUPED_DIGITS: usize = 5;

/// What writes figures for one draft.
#[derive(Debug)]
pub(super) struct Pen<'a> {
    lexicon: &'a Lexicon,
    reader: &'a QuantityReader,
    context: ReadContext,
    script: Option<Script>,
    /// Whether the draft parts thousands by commas.
    groups: bool,
}

/// The digits of a figure as written.
#[derive(Clone, Debug)]
struct Digits {
    range: Range<usize>,
    value: Decimal,
    /// Whether thousands are parted, as far as these digits and the draft show.
    is_grouped: bool,
    is_wide: bool,
}

/// The words behind the digits that multiply them.
#[derive(Clone, Debug)]
struct Scale {
    range: Range<usize>,
    /// The power of ten.
    power: i32,
    role: Option<Role>,
}

/// A way to write a figure, and how far it is from the way the draft writes.
#[derive(Clone, Debug)]
struct Draft {
    cost: u32,
    text: String,
}

impl<'a> Pen<'a> {
    pub(super) fn new(
        lexicon: &'a Lexicon,
        reader: &'a QuantityReader,
        context: ReadContext,
        script: Option<Script>,
        groups: bool,
    ) -> Self {
        Pen {
            lexicon,
            reader,
            context,
            script,
            groups,
        }
    }

    fn words(&self) -> &'a Quantities {
        &self.lexicon.quantities
    }

    /// Reads a text that is one figure and nothing else.
    fn read(&self, text: &str) -> Option<Quantity> {
        let folded = Folder::builtin().fold(text);
        let mut found = self.reader.read(&folded.text, &folded.map, &self.context);
        let quantity = found.pop().filter(|_| found.is_empty())?;
        (quantity.span.range() == (0..text.len())).then_some(quantity)
    }

    /// Writes a figure with `times` the value of `mention`.
    ///
    /// Where `times` is not exact, `digits` says how many are worth writing.
    pub(super) fn rewrite(
        &self,
        mention: &str,
        times: Decimal,
        digits: Option<u32>,
    ) -> Option<String> {
        let before = self.read(mention)?;
        let value = before
            .interval()
            .stated()
            .filter(|value| !value.is_zero())?;
        let wanted = value.checked_mul(times).ok()?;
        let wanted = digits
            .map_or(wanted.rounded(20), |digits| wanted.rounded(digits))
            .normalized();
        let own = digits_of(mention, self.groups)?;
        let scale = self.scale_of(mention, own.range.end);
        let each = value.checked_div(own.value).ok()?;
        let mut drafts = self.with_other_scales(mention, &own, &scale, each, wanted);
        drafts.extend(self.with_other_units(mention, &own, &scale, &before, wanted));
        drafts.sort_by_key(|draft| draft.cost);
        let is_right = |draft: &&Draft| {
            self.read(&draft.text).is_some_and(|after| {
                after.unit == before.unit && after.interval().stated() == Some(wanted)
            })
        };
        drafts.iter().find(is_right).map(|draft| draft.text.clone())
    }

    /// Writes a figure with the digits of `mention` in another unit; forms that occur in `models` go first.
    pub(super) fn in_unit(&self, mention: &str, unit: &str, models: &[&str]) -> Option<String> {
        let before = self.read(mention)?;
        let value = before.written().stated()?;
        let own = digits_of(mention, self.groups)?;
        let scale = self.scale_of(mention, own.range.end);
        let number = mention.get(own.range.start..scale.range.end)?;
        let old = format!(
            "{}{}",
            mention.get(..own.range.start)?,
            mention.get(scale.range.end..)?
        );
        let is_latin = old.is_ascii();
        let mut forms: Vec<String> = self
            .forms()
            .filter(|word| word.form.is_ascii() == is_latin && self.may_mean(word, unit))
            .map(|word| self.in_script(&word.form))
            .collect();
        forms.sort_by_key(|form| !models.iter().any(|model| model.contains(form.as_str())));
        let spellings = forms.iter().flat_map(|form| {
            let is_sign = form
                .chars()
                .next_back()
                .is_some_and(|last| !last.is_alphanumeric());
            let gap = if is_latin && !is_sign { " " } else { "" };
            let (before, behind) = (format!("{form}{number}"), format!("{number}{gap}{form}"));
            let goes_before = if is_latin {
                is_sign
            } else {
                own.range.start > 0
            };
            if goes_before {
                [before, behind]
            } else {
                [behind, before]
            }
        });
        spellings.into_iter().find(|text| {
            self.read(text).is_some_and(|after| {
                after.unit.id == unit && after.written().stated() == Some(value)
            })
        })
    }

    fn forms(&self) -> impl Iterator<Item = &'a Word> {
        let words = self.words();
        (0_u32..).map_while(|id| words.word(id))
    }

    /// Tells whether a word can be the name of a unit or currency.
    fn may_mean(&self, word: &Word, unit: &str) -> bool {
        let words = self.words();
        let row = |role| word.value(role);
        let is_unit = row(Role::Unit)
            .and_then(|row| words.unit(row))
            .is_some_and(|row| row.id == unit || row.base == unit);
        let is_currency = row(Role::Currency)
            .and_then(|row| words.currency(row))
            .is_some_and(|row| row.id == unit || row.elsewhere.as_deref() == Some(unit));
        is_unit || is_currency
    }

    /// Finds the scale words that begin at `at`, behind a blank or not.
    fn scale_of(&self, mention: &str, at: usize) -> Scale {
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
    fn with_other_scales(
        &self,
        mention: &str,
        own: &Digits,
        scale: &Scale,
        each: Decimal,
        wanted: Decimal,
    ) -> Vec<Draft> {
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
            Some(Draft {
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
    fn with_other_units(
        &self,
        mention: &str,
        own: &Digits,
        scale: &Scale,
        before: &Quantity,
        wanted: Decimal,
    ) -> Vec<Draft> {
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
            Some(Draft {
                cost: cost(number, own, LATIN_EASY, true) + far(&form, unit),
                text: format!("{}{blank}{form}", written(number, own)),
            })
        });
        drafts.collect()
    }

    /// Returns a form of the lexicon, which has them in Simplified characters, in the script of the draft.
    fn in_script(&self, form: &str) -> String {
        if self.script == Some(Script::Hant) && !form.is_ascii() {
            FerrousOpenCc::builtin().s2t(form)
        } else {
            form.to_owned()
        }
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

/// Finds the digits of a figure, where there is one run of them.
fn digits_of(mention: &str, groups: bool) -> Option<Digits> {
    let is_digit = |c: char| c.is_ascii_digit() || ('０'..='９').contains(&c);
    let start = mention.find(is_digit)?;
    let rest = mention.get(start..)?;
    let mut end = 0;
    let mut plain = String::new();
    let mut is_grouped = false;
    let mut characters = rest.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        let next_is_digit = characters.peek().is_some_and(|(_, next)| is_digit(*next));
        match character {
            c if is_digit(c) => plain.push(narrow(c)),
            ',' | '，' if next_is_digit => is_grouped = true,
            '.' | '．' if next_is_digit && !plain.contains('.') => plain.push('.'),
            _ => break,
        }
        end = at + character.len_utf8();
    }
    let after = rest.get(end..)?;
    // Digits that go on behind a blank or another word are no single number to replace.
    if after.contains(is_digit) {
        return None;
    }
    let shows_it = plain.split('.').next().unwrap_or_default().len() > 3;
    Some(Digits {
        range: start..start + end,
        value: plain.parse().ok()?,
        is_grouped: is_grouped || (groups && !shows_it),
        is_wide: rest.starts_with(|c: char| ('０'..='９').contains(&c)),
    })
}

fn narrow(digit: char) -> char {
    let ascii = u32::from(digit)
        .checked_sub(u32::from('０'))
        .and_then(|value| char::from_digit(value, 10));
    ascii.unwrap_or(digit)
}

/// Tells whether a text parts thousands by commas.
pub(super) fn groups_thousands(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.windows(5).any(|window| {
        let is_digit = |index: usize| window.get(index).is_some_and(u8::is_ascii_digit);
        window.get(1) == Some(&b',') && [0, 2, 3, 4].into_iter().all(is_digit)
    })
}

/// Writes a number as the digits of a figure are written: grouped or not, in wide characters or not.
fn written(number: Decimal, own: &Digits) -> String {
    let plain = number.to_string();
    let whole = plain.split('.').next().unwrap_or_default().len();
    let own_whole = own
        .value
        .to_string()
        .split('.')
        .next()
        .unwrap_or_default()
        .len();
    let is_new = own_whole < 4 && whole >= GROUPED_DIGITS;
    let text = if own.is_grouped || is_new {
        crate::wire::grouped(&plain)
    } else {
        plain
    };
    if !own.is_wide {
        return text;
    }
    let wide = |c: char| match c {
        '0'..='9' => char::from_u32(u32::from(c) - u32::from('0') + u32::from('０')).unwrap_or(c),
        ',' => '，',
        '.' => '．',
        other => other,
    };
    text.chars().map(wide).collect()
}
