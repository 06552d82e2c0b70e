//! The digits of a figure as written: where they stand, how they are parted, and how others are written so.

use std::ops::Range;

use hedui_model::Decimal;

/// From so many digits on, digits are grouped by thousands where nothing says otherwise.
const GROUPED_DIGITS: usize = 5;

/// The digits of a figure as written.
#[derive(Clone, Debug)]
pub(super) struct Digits {
    pub(super) range: Range<usize>,
    pub(super) value: Decimal,
    /// Whether thousands are parted, as far as these digits and the draft show.
    is_grouped: bool,
    is_wide: bool,
}

/// Finds the digits of a figure, where there is one run of them.
pub(super) fn digits_of(mention: &str, groups: bool) -> Option<Digits> {
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
pub(super) fn written(number: Decimal, own: &Digits) -> String {
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
