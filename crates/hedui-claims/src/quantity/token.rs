//! The hits that the scan hands to the grammar, and the questions the grammar asks of them.

use hedui_model::Decimal;
use hedui_text::lexicon::quantities::{Quantities, Role, Roles, Word};
use jiff::civil::Date;

/// A hit in the folded text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    pub(super) start: u32,
    pub(super) end: u32,
    pub(super) kind: TokenKind,
    /// The roles of a word, copied here because every rule asks for them; none for what is no word.
    pub(super) roles: Roles,
}

/// What was hit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// A word of the lexicon.
    Word(u32),
    /// A numeral in ASCII digits: its place in the list of numerals.
    Number(u32),
    /// Two whole numbers with a slash between.
    Slash(u32, u32),
    /// A date in digits.
    Day(Date),
    /// A date in digits with a year of the Republic of China.
    RocDay(Date),
    /// A month in digits: `2025-03`.
    Month(i16, i8),
    /// A month in digits with its year behind it: `03-2025`.
    MonthYear(i16, i8),
    /// Hours, minutes and seconds with colons: `9:30`, `24:00`. Or a ratio: only a day beside it tells.
    Clock(u8, u8, u8),
}

/// A numeral in ASCII digits.
#[derive(Clone, Copy, Debug)]
pub(super) struct Numeral {
    pub(super) value: Decimal,
    /// Digits that are grouped: no year.
    pub(super) grouped: bool,
    /// Whether it has a decimal point or a power of ten.
    pub(super) fractional: bool,
    /// Whether it starts with a needless zero.
    pub(super) padded: bool,
    /// How many digits stand before the point.
    pub(super) whole_digits: u8,
}

/// What lies between a token and the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gap {
    /// Nothing.
    None,
    /// One or two spaces.
    Space,
    /// Something else.
    Other,
}

/// The tokens of a text, with the text.
#[derive(Clone, Copy)]
pub(super) struct Tokens<'a> {
    pub(super) text: &'a str,
    pub(super) tokens: &'a [Token],
    pub(super) numerals: &'a [Numeral],
    pub(super) lexicon: &'a Quantities,
    /// How long the text is without white space at its ends.
    pub(super) trimmed: usize,
}

impl<'a> Tokens<'a> {
    #[inline]
    pub(super) fn get(&self, index: usize) -> Option<Token> {
        self.tokens.get(index).copied()
    }

    #[inline]
    pub(super) fn word(&self, index: usize) -> Option<&'a Word> {
        match self.tokens.get(index)?.kind {
            TokenKind::Word(id) => self.lexicon.word(id),
            _ => None,
        }
    }

    #[inline]
    pub(super) fn is(&self, index: usize, role: Role) -> bool {
        self.tokens
            .get(index)
            .is_some_and(|token| token.roles.has(role))
    }

    #[inline]
    pub(super) fn any(&self, index: usize, roles: Roles) -> bool {
        self.tokens
            .get(index)
            .is_some_and(|token| token.roles.any(roles))
    }

    #[inline]
    pub(super) fn value(&self, index: usize, role: Role) -> Option<i64> {
        if !self.is(index, role) {
            return None;
        }
        self.word(index)?.value(role)
    }

    #[inline]
    pub(super) fn numeral(&self, index: usize) -> Option<&'a Numeral> {
        match self.tokens.get(index)?.kind {
            TokenKind::Number(at) => self.numerals.get(at as usize),
            _ => None,
        }
    }

    /// The calendar period that a unit of time is: see `Role::Period`.
    #[inline]
    pub(super) fn period_kind(&self, index: usize) -> Option<i64> {
        let unit = self.value(index, Role::Unit)?;
        self.lexicon.unit(unit)?.period
    }

    /// Two whole numbers with a slash between.
    pub(super) fn slash(&self, index: usize) -> Option<(u32, u32)> {
        match self.tokens.get(index)?.kind {
            TokenKind::Slash(first, second) => Some((first, second)),
            _ => None,
        }
    }

    /// A numeral without point, grouping or needless zero, as an integer.
    pub(super) fn plain_integer(&self, index: usize) -> Option<i64> {
        let numeral = self.numeral(index)?;
        if numeral.fractional || numeral.grouped {
            return None;
        }
        i64::try_from(numeral.value.mantissa()).ok()
    }

    #[inline]
    pub(super) fn start(&self, index: usize) -> usize {
        self.tokens
            .get(index)
            .map_or(self.text.len(), |token| token.start as usize)
    }

    #[inline]
    pub(super) fn end(&self, index: usize) -> usize {
        self.tokens
            .get(index)
            .map_or(self.text.len(), |token| token.end as usize)
    }

    pub(super) fn form(&self, index: usize) -> &'a str {
        self.text
            .get(self.start(index)..self.end(index))
            .unwrap_or_default()
    }

    /// What lies between token `index` and the one before it.
    #[inline]
    pub(super) fn gap(&self, index: usize) -> Gap {
        let (Some(before), Some(token)) = (
            index.checked_sub(1).and_then(|before| self.get(before)),
            self.get(index),
        ) else {
            return Gap::Other;
        };
        if before.end == token.start {
            return Gap::None;
        }
        self.gap_between(before.end as usize, token.start as usize)
    }

    fn gap_between(&self, from: usize, to: usize) -> Gap {
        match self.text.as_bytes().get(from..to) {
            Some([]) => Gap::None,
            Some(gap) if gap.len() <= 3 && gap.iter().all(|byte| *byte == b' ') => Gap::Space,
            _ => Gap::Other,
        }
    }

    /// Tells whether token `index` follows the one before it with at most spaces between.
    #[inline]
    pub(super) fn joined(&self, index: usize) -> bool {
        self.gap(index) != Gap::Other
    }

    /// Tells whether token `index` is written in ASCII.
    #[inline]
    pub(super) fn is_ascii(&self, index: usize) -> bool {
        self.text
            .as_bytes()
            .get(self.start(index))
            .is_some_and(u8::is_ascii)
    }

    pub(super) fn is_hyphen(&self, index: usize) -> bool {
        self.form(index) == "-"
    }

    /// Tells whether the text ends at an offset, or punctuation stands there.
    pub(super) fn ends_clause(&self, offset: usize) -> bool {
        let next = self.text.get(offset..).and_then(|text| text.chars().next());
        next.is_none_or(|next| {
            matches!(next, '.' | ',' | ';' | ':' | '?' | '!' | ')' | '\n' | '\u{2010}'..='\u{2027}' | '\u{3000}'..='\u{303F}' | '\u{FF00}'..='\u{FFEF}')
        })
    }

    /// The byte before an offset; 0 at the start.
    #[inline]
    pub(super) fn byte_before(&self, offset: usize) -> u8 {
        offset
            .checked_sub(1)
            .and_then(|at| self.text.as_bytes().get(at).copied())
            .unwrap_or(0)
    }

    /// Tells whether an apostrophe stands at an offset, straight or curved.
    pub(super) fn apostrophe_at(&self, offset: usize) -> bool {
        let rest = self.text.get(offset..).unwrap_or_default();
        rest.starts_with(['\'', '\u{2019}'])
    }

    /// Tells whether an apostrophe stands before an offset, straight, curved, or one that opens.
    pub(super) fn apostrophe_before(&self, offset: usize) -> bool {
        let before = self.text.get(..offset).unwrap_or_default();
        before.ends_with(['\'', '\u{2018}', '\u{2019}'])
    }

    /// The byte at an offset; 0 at the end.
    #[inline]
    pub(super) fn byte_at(&self, offset: usize) -> u8 {
        self.text.as_bytes().get(offset).copied().unwrap_or(0)
    }
}
