//! The visible lines of a page, as a reader sees them.
//!
//! A line ends where a block begins or ends, at `<br>`, and at a line end in preformatted text. White space is
//! collapsed, and a line end between two Han characters is none (CSS Text 3, section 4.1.3). Exponents stay exponents
//! (10²⁵), marks of footnotes go.

use super::dom::{Dom, Kind, Tag};
use super::roles::Roles;
use crate::words::ClassRole;

/// A line of a page.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub(super) text: String,
    /// The block that the line stands in.
    pub(super) block: usize,
    /// The first text of the line, which says where in the page it stands.
    pub(super) at: usize,
    /// How much there is to read: characters, Han characters counting three.
    pub(super) weight: usize,
    /// How much of that is in links.
    pub(super) link_weight: usize,
}

impl Line {
    /// How much of main content the line is likely to be: its weight where it reads like a sentence, else nothing.
    pub(super) fn good(&self) -> usize {
        let own = self.weight.saturating_sub(self.link_weight);
        let is_sentence = own >= 40 && ends_sentence(&self.text);
        let is_good = (own >= 75 || is_sentence) && (own * 2 >= self.weight);
        if is_good { own } else { 0 }
    }
}

/// Divides, and nothing is nothing.
pub(super) fn share(part: usize, whole: usize) -> f32 {
    if whole == 0 {
        0.0
    } else {
        part as f32 / whole as f32
    }
}

/// Tells whether a text ends as sentences do.
pub(super) fn ends_sentence(text: &str) -> bool {
    let text = text.trim_end_matches(['"', '\'', '”', '’', '」', '』', ')', '）', ']', ' ']);
    text.ends_with([
        '.', '!', '?', '。', '！', '？', '…', ':', '：', ';', '；', '．',
    ])
}

/// How much a character is to read.
pub(super) fn weight(character: char) -> usize {
    match character {
        _ if character.is_whitespace() => 0,
        '\u{2E80}'..='\u{9FFF}'
        | '\u{AC00}'..='\u{D7AF}'
        | '\u{F900}'..='\u{FAFF}'
        | '\u{FF00}'..='\u{FFEF}'
        | '\u{20000}'..='\u{3FFFF}' => 3,
        _ => 1,
    }
}

/// Reads all lines of a page.
///
/// Captions stand on lines of their own, whatever element they are in.
pub(super) fn read(
    dom: &Dom<'_>,
    roles: &[Roles],
    exponent_units: &dyn Fn(&str) -> bool,
) -> Vec<Line> {
    let mut writer = Writer {
        lines: Vec::with_capacity(512),
        line: String::new(),
        at: 0,
        block: 0,
        weight: 0,
        link_weight: 0,
        gap: Gap::None,
    };
    // Open elements that matter: their end, the block around them, whether they are links or preformatted.
    let mut open: Vec<Open> = vec![Open {
        end: usize::MAX,
        block: 0,
        is_block: true,
        in_link: false,
        is_raw: false,
    }];
    let mut at = 0;
    while let Some(node) = dom.get(at) {
        while let Some(top) = open.last().copied().filter(|top| at >= top.end) {
            open.pop();
            if top.is_block {
                writer.flush();
                writer.block = open.last().map_or(0, |outer| outer.block);
            }
        }
        let Some(around) = open.last().copied() else {
            break;
        };
        match node.kind {
            Kind::Element(_, Tag::Skip | Tag::Script | Tag::Title) => {
                at = node.end;
                continue;
            }
            Kind::Element(_, Tag::Break) => writer.flush(),
            Kind::Element(_, Tag::Superscript) => {
                superscript(dom, at, around, &mut writer, exponent_units);
                at = node.end;
                continue;
            }
            Kind::Element(_, tag) => {
                let is_caption = roles
                    .get(at)
                    .is_some_and(|roles| roles.has(ClassRole::Caption));
                let is_block = tag.is_block() || (is_caption && tag == Tag::Inline);
                let is_link = tag == Tag::Link;
                if is_block {
                    writer.flush();
                    writer.block = at;
                }
                if is_block || is_link || tag == Tag::Preformatted {
                    open.push(Open {
                        end: node.end,
                        block: if is_block { at } else { around.block },
                        is_block,
                        in_link: around.in_link || is_link,
                        is_raw: around.is_raw || tag == Tag::Preformatted,
                    });
                }
            }
            Kind::Text(text) => writer.text(text, at, around),
        }
        at += 1;
    }
    writer.flush();
    writer.lines
}

#[derive(Clone, Copy)]
struct Open {
    end: usize,
    block: usize,
    is_block: bool,
    in_link: bool,
    is_raw: bool,
}

/// White space that is still to be written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Gap {
    None,
    Space,
    LineEnd,
}

struct Writer {
    lines: Vec<Line>,
    line: String,
    at: usize,
    block: usize,
    weight: usize,
    link_weight: usize,
    gap: Gap,
}

impl Writer {
    fn text(&mut self, text: &str, at: usize, around: Open) {
        for character in text.chars() {
            if character.is_whitespace() || character == '\u{200B}' || character == '\u{FEFF}' {
                if character == '\n' && around.is_raw {
                    self.flush();
                } else if self.gap != Gap::LineEnd {
                    self.gap = if character == '\n' {
                        Gap::LineEnd
                    } else {
                        Gap::Space
                    };
                } else if character == '\u{3000}' || character == '\u{A0}' {
                    self.gap = Gap::Space;
                }
                continue;
            }
            if character.is_control() || is_invisible(character) {
                continue;
            }
            self.put(character, at, around.in_link);
        }
    }

    fn put(&mut self, character: char, at: usize, in_link: bool) {
        if self.line.is_empty() {
            self.at = at;
        } else {
            let between_han = self.gap == Gap::LineEnd
                && weight(character) == 3
                && self
                    .line
                    .chars()
                    .next_back()
                    .is_some_and(|before| weight(before) == 3);
            if self.gap != Gap::None && !between_han {
                self.line.push(' ');
            }
        }
        self.gap = Gap::None;
        self.line.push(character);
        let weight = weight(character);
        self.weight += weight;
        if in_link {
            self.link_weight += weight;
        }
    }

    fn flush(&mut self) {
        self.gap = Gap::None;
        if self.line.is_empty() {
            return;
        }
        self.lines.push(Line {
            text: std::mem::take(&mut self.line),
            block: self.block,
            at: self.at,
            weight: std::mem::take(&mut self.weight),
            link_weight: std::mem::take(&mut self.link_weight),
        });
    }

    /// The last word of the line, if the line does not end in white space.
    fn last_word(&self) -> &str {
        if self.gap != Gap::None {
            return "";
        }
        let start = self
            .line
            .char_indices()
            .rev()
            .take(24)
            .take_while(|(_, c)| c.is_alphanumeric() || *c == '.')
            .last()
            .map_or(self.line.len(), |(at, _)| at);
        self.line.get(start..).unwrap_or("")
    }
}

/// Marks of direction and joining, and private ones: they are not to be read.
fn is_invisible(character: char) -> bool {
    matches!(character, '\u{200C}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2064}' | '\u{00AD}' | '\u{E000}'..='\u{F8FF}')
}

/// Writes what a `<sup>` means: an exponent, plain text, or, as a mark of a footnote, nothing.
fn superscript(
    dom: &Dom<'_>,
    at: usize,
    around: Open,
    writer: &mut Writer,
    is_unit: &dyn Fn(&str) -> bool,
) {
    let raw = dom.text(at, 40);
    let raw = raw.trim();
    let is_number = !raw.is_empty()
        && raw
            .chars()
            .all(|c| c.is_ascii_digit() || "+-−–".contains(c));
    if !is_number {
        let is_mark = raw.is_empty()
            || raw.starts_with(['[', '*', '†', '‡', '〔', '［'])
            || raw
                .chars()
                .all(|c| c.is_ascii_punctuation() || c.is_ascii_digit());
        if !is_mark {
            writer.text(raw, at, around);
        }
        return;
    }
    let has_link = dom.range(at).any(|inner| dom.tag(inner) == Some(Tag::Link));
    let before = writer.last_word();
    let digits = before.chars().filter(char::is_ascii_digit).count();
    let is_power =
        before.chars().all(|c| c.is_ascii_digit() || c == '.') && (1..=3).contains(&digits);
    let letters: String = before.chars().filter(|c| c.is_alphabetic()).collect();
    let is_unit = is_unit(&letters.to_lowercase()) && !letters.is_empty();
    if has_link || !(is_power || is_unit) {
        return;
    }
    for character in raw.chars() {
        let raised = match character {
            '0' => '⁰',
            '1' => '¹',
            '2' => '²',
            '3' => '³',
            '4'..='9' => char::from_u32(0x2070 + u32::from(character) - 0x30).unwrap_or(character),
            '+' => '⁺',
            _ => '⁻',
        };
        writer.put(raised, at, around.in_link);
    }
}

#[cfg(test)]
mod tests {
    use scraper::Html;

    use super::*;

    fn lines(html: &str) -> Vec<String> {
        let html = Html::parse_document(html);
        let dom = Dom::new(&html);
        let units = |unit: &str| ["m", "km"].contains(&unit);
        read(&dom, &[], &units)
            .into_iter()
            .map(|line| line.text)
            .collect()
    }

    #[test]
    fn lines_end_at_blocks_and_breaks() {
        assert_eq!(
            lines("<p>a <b>b</b>\n c</p>d<br>e<div>f<p>g</div>h"),
            ["a b c", "d", "e", "f", "g", "h"]
        );
        assert_eq!(lines("<pre>a\nb</pre>"), ["a", "b"]);
        assert_eq!(lines("<p>中文\n 中文 abc\ndef"), ["中文中文 abc def"]);
        assert_eq!(lines("<p>a<script>x</script><!-- y -->b"), ["ab"]);
    }

    #[test]
    fn exponents_stay_and_footnotes_go() {
        let cases = [
            ("10<sup>25</sup> FLOP", "10²⁵ FLOP"),
            ("10<sup>-9</sup> m", "10⁻⁹ m"),
            ("50 km<sup>2</sup>", "50 km²"),
            ("in 2024<sup>3</sup> it", "in 2024 it"),
            ("grew<sup>12</sup>.", "grew."),
            ("5%<sup><a href='#1'>[1]</a></sup>", "5%"),
            ("the 19<sup>th</sup> year", "the 19th year"),
            ("CO<sub>2</sub>", "CO2"),
        ];
        for (html, text) in cases {
            assert_eq!(lines(html), [text], "{html}");
        }
    }
}
