//! HTML: what a reader of the page sees, tokenised as the WHATWG standard has it.
//!
//! The tokenizer is html5ever's. It does not tell where in the source its tokens stand, so it is fed character by
//! character: what it hands over meanwhile ends where the source was. Unlike `hedui page` nothing is guessed about what
//! the main content is: of a draft all is read but navigation, footers, code and what is deleted or hidden.

use std::cell::RefCell;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};

use super::Passages;
use super::ignore::Switch;
use super::markdown::{BETWEEN_CELLS, joins};
use super::placed::{Builder, Cursor, Point, START};

/// Elements that are left out with all that is in them.
const HIDDEN: &[&str] = &[
    "script", "style", "template", "noscript", "svg", "math", "nav", "footer", "code", "pre",
    "kbd", "samp", "del", "s", "strike", "select", "button", "textarea", "iframe", "noframes",
    "object", "audio", "video", "canvas", "rt", "rp",
];
/// Those of them that flow within a line: where one is never closed, it ends with its block.
const HIDDEN_INLINE: &[&str] = &[
    "code", "kbd", "samp", "del", "s", "strike", "rt", "rp", "button",
];
/// Elements that stand on lines of their own.
const BLOCKS: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "caption",
    "center",
    "dd",
    "details",
    "dialog",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hgroup",
    "hr",
    "html",
    "legend",
    "li",
    "main",
    "ol",
    "p",
    "section",
    "summary",
    "table",
    "tbody",
    "tfoot",
    "thead",
    "title",
    "tr",
    "ul",
];

pub(super) fn read(source: &str) -> Passages {
    let sink = Sink {
        writer: RefCell::default(),
    };
    let tokenizer = Tokenizer::new(sink, TokenizerOpts::default());
    let input = BufferQueue::default();
    let mut cursor = Cursor::new(source);
    let mut before = None;
    for (at, character) in source.char_indices() {
        let start = cursor.point(at);
        let end = cursor.point(at + character.len_utf8());
        // Of the two characters of a line end the tokenizer hands over one, with the first.
        if before != Some('\r') || character != '\n' {
            let fed = Fed {
                character,
                start,
                end,
            };
            tokenizer.sink.writer.borrow_mut().pending.push(fed);
        }
        before = Some(character);
        input.push_back(StrTendril::from_char(character));
        let _ = tokenizer.feed(&input);
        tokenizer.sink.writer.borrow_mut().write();
    }
    tokenizer.end();
    tokenizer.sink.writer.take().finish()
}

/// A character of the source that the tokenizer was fed.
#[derive(Clone, Copy, Debug)]
struct Fed {
    character: char,
    start: Point,
    end: Point,
}

struct Sink {
    writer: RefCell<Writer>,
}

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut writer = self.writer.borrow_mut();
        match token {
            Token::CharacterTokens(text) => writer.handed.extend(text.chars()),
            // It stands for nothing, and may come in the middle of something.
            Token::ParseError(_) => {}
            Token::CommentToken(comment) => writer.comment(&comment),
            Token::TagToken(tag) => {
                writer.tag(&tag);
                if tag.kind == TagKind::StartTag {
                    return raw_text(&tag.name);
                }
            }
            _ => writer.skip(),
        }
        TokenSinkResult::Continue
    }
}

/// What the tokenizer has to be told of elements in which there is no markup.
fn raw_text(name: &str) -> TokenSinkResult<()> {
    match name {
        "script" => TokenSinkResult::RawData(RawKind::ScriptData),
        "style" | "iframe" | "noframes" | "noembed" | "xmp" => {
            TokenSinkResult::RawData(RawKind::Rawtext)
        }
        "title" | "textarea" => TokenSinkResult::RawData(RawKind::Rcdata),
        _ => TokenSinkResult::Continue,
    }
}

/// Which text is being written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Into {
    #[default]
    Body,
    /// The title of the page, which is that of the draft where there is no heading.
    PageTitle,
    /// The first heading of the first level.
    Heading,
}

#[derive(Debug, Default)]
struct Writer {
    page_title: Builder,
    heading: Builder,
    body: Builder,
    into: Into,
    /// The open element that is left out, and how many of its name are open.
    hidden: Option<(String, usize)>,
    /// White space that is still to be written, from where to where.
    gap: Option<(Point, Point)>,
    in_superscript: bool,
    line_start: usize,
    switch: Switch,
    /// Characters of the source that nothing was handed over for yet.
    pending: Vec<Fed>,
    /// Characters that were handed over for them.
    handed: Vec<char>,
}

impl Writer {
    /// Says that everything up to here was no text.
    fn skip(&mut self) {
        self.write();
        self.pending.clear();
    }

    /// Writes what was handed over. The last characters are one each of the source, the first may be a reference.
    fn write(&mut self) {
        if self.handed.is_empty() {
            return;
        }
        let (fed, handed) = (
            std::mem::take(&mut self.pending),
            std::mem::take(&mut self.handed),
        );
        let reference = (fed.len() + 1).saturating_sub(handed.len()).max(1);
        let mut rest = fed.as_slice();
        for (index, character) in handed.into_iter().enumerate() {
            let count = if index == 0 { reference } else { 1 };
            let (own, others) = rest.split_at(count.min(rest.len()));
            // More characters than the source has: a reference that stands for two.
            let own = if own.is_empty() { fed.as_slice() } else { own };
            rest = others;
            if let (Some(first), Some(last)) = (own.first(), own.last()) {
                let is_plain = own.len() == 1 && first.character == character;
                self.character(character, first.start, last.end, is_plain);
            }
        }
    }

    fn character(&mut self, character: char, start: Point, end: Point, is_plain: bool) {
        if self.hidden.is_some() {
            return;
        }
        if character.is_whitespace() {
            let from = self.gap.map_or(start, |gap| gap.0);
            self.gap = Some((from, end));
            return;
        }
        let written = if self.in_superscript {
            match raised(self.current().text(), character) {
                Some(raised) => raised,
                None => return,
            }
        } else {
            character
        };
        self.write_gap(character);
        let mut buffer = [0; 4];
        let text: &str = written.encode_utf8(&mut buffer);
        let builder = self.current();
        if is_plain && written == character {
            builder.exact(text, start);
        } else {
            builder.instead(text, start, end);
        }
    }

    fn write_gap(&mut self, next: char) {
        let Some((start, end)) = self.gap.take() else {
            return;
        };
        let has_line_end = end.line > start.line;
        let builder = self.current();
        let mut buffer = [0; 4];
        if builder.is_at_line_start()
            || (has_line_end && joins(builder.text(), next.encode_utf8(&mut buffer)))
        {
            return;
        }
        // One blank that is one in the source too leaves what stands around it in one piece.
        if end.offset == start.offset + 1 && !has_line_end {
            builder.exact(" ", start);
        } else {
            builder.instead(" ", start, end);
        }
    }

    fn current(&mut self) -> &mut Builder {
        match self.into {
            Into::Body => &mut self.body,
            Into::PageTitle => &mut self.page_title,
            Into::Heading => &mut self.heading,
        }
    }

    fn comment(&mut self, comment: &str) {
        self.write();
        self.switch.comment(comment, &mut self.body);
        self.skip();
    }

    fn tag(&mut self, tag: &Tag) {
        self.write();
        let name: &str = &tag.name;
        let is_block = BLOCKS.contains(&name);
        if let Some((hidden, depth)) = &mut self.hidden {
            let ends_with_block = is_block && HIDDEN_INLINE.contains(&hidden.as_str());
            match tag.kind {
                _ if ends_with_block => self.hidden = None,
                TagKind::StartTag if name == hidden && !tag.self_closing => *depth += 1,
                TagKind::EndTag if name == hidden => {
                    *depth -= 1;
                    if *depth == 0 {
                        self.hidden = None;
                        return self.skip();
                    }
                }
                _ => {}
            }
        }
        if self.hidden.is_none() {
            match tag.kind {
                TagKind::StartTag => self.start(tag, is_block),
                TagKind::EndTag => self.end(name, is_block),
            }
        }
        self.skip();
    }

    fn start(&mut self, tag: &Tag, is_block: bool) {
        let name: &str = &tag.name;
        if is_block || name == "br" {
            self.end_line();
        }
        let is_void = matches!(
            name,
            "input" | "img" | "br" | "hr" | "meta" | "link" | "wbr" | "col"
        );
        let is_hidden = HIDDEN.contains(&name)
            || tag
                .attrs
                .iter()
                .any(|attribute| &*attribute.name.local == "hidden");
        if is_hidden && !is_void && !tag.self_closing {
            self.hidden = Some((name.to_owned(), 1));
            return;
        }
        match name {
            "title" => self.into = Into::PageTitle,
            "h1" if self.heading.text().is_empty() => self.into = Into::Heading,
            "sup" => self.in_superscript = true,
            "td" | "th" if !self.body.is_at_line_start() => {
                self.gap = None;
                self.body.glue(BETWEEN_CELLS);
            }
            _ => {}
        }
    }

    fn end(&mut self, name: &str, is_block: bool) {
        if name == "sup" {
            self.in_superscript = false;
        }
        if matches!(
            (name, self.into),
            ("title", Into::PageTitle) | ("h1", Into::Heading)
        ) {
            self.gap = None;
            self.into = Into::Body;
            if name == "h1" {
                self.switch.end_title(&mut self.heading);
            }
        } else if is_block {
            self.end_line();
        }
    }

    fn end_line(&mut self) {
        self.gap = None;
        self.in_superscript = false;
        self.into = match self.into {
            // A line end in a heading is a blank.
            Into::Heading => Into::Heading,
            _ => Into::Body,
        };
        if self.into == Into::Heading {
            let at = self.pending.last().map_or(START, |fed| fed.end);
            self.gap = Some((at, at));
            return;
        }
        self.body.end_line();
        self.switch.end_line(self.line_start, &mut self.body);
        self.line_start = self.body.text().len();
    }

    fn finish(mut self) -> Passages {
        self.into = Into::Body;
        self.end_line();
        self.switch.finish(&mut self.body);
        let title = if self.heading.text().is_empty() {
            self.page_title
        } else {
            self.heading
        };
        Passages {
            title: title.finish(),
            body: self.body.finish(),
        }
    }
}

/// Returns the raised form of a digit behind a short number, where it is an exponent; nothing for the mark of a footnote.
fn raised(before: &str, character: char) -> Option<char> {
    let tail: Vec<char> = before
        .chars()
        .rev()
        .take_while(|c| {
            c.is_ascii_digit() || matches!(c, '⁰' | '¹' | '²' | '³' | '⁴'..='⁹' | '⁺' | '⁻')
        })
        .collect();
    let digits = tail.iter().filter(|c| c.is_ascii_digit()).count();
    if !(1..=3).contains(&digits) {
        return None;
    }
    match character {
        '0' => Some('⁰'),
        '1' => Some('¹'),
        '2' => Some('²'),
        '3' => Some('³'),
        '4'..='9' => char::from_u32(0x2070 + u32::from(character) - 0x30),
        '+' => Some('⁺'),
        '-' | '−' | '–' => Some('⁻'),
        _ => None,
    }
}
