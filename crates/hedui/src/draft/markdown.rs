//! Markdown: CommonMark with tables, footnotes and front matter, read by pulldown-cmark with its offsets.

use std::ops::Range;

use pulldown_cmark::{Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd};

use super::Passages;
use super::ignore::Switch;
use super::placed::{Builder, Cursor};

/// Stands between the cells of a row, so that their figures do not run together.
pub(super) const BETWEEN_CELLS: &str = " | ";

pub(super) fn read(source: &str) -> Passages {
    // Not math: two amounts in dollars in one paragraph would be a formula.
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS
        | Options::ENABLE_PLUSES_DELIMITED_METADATA_BLOCKS;
    let mut writer = Writer::new(source);
    for (event, range) in Parser::new_ext(source, options).into_offset_iter() {
        writer.event(event, range);
    }
    writer.finish()
}

struct Writer<'s> {
    cursor: Cursor<'s>,
    title: Builder,
    body: Builder,
    in_title: bool,
    /// Elements that are open and left out.
    hidden: usize,
    /// Of each open link, whether its text is but its address.
    links: Vec<bool>,
    /// A line end of the source that is still to be written.
    soft_break: Option<Range<usize>>,
    line_start: usize,
    switch: Switch,
}

impl<'s> Writer<'s> {
    fn new(source: &'s str) -> Self {
        Writer {
            cursor: Cursor::new(source),
            title: Builder::default(),
            body: Builder::default(),
            in_title: false,
            hidden: 0,
            links: Vec::new(),
            soft_break: None,
            line_start: 0,
            switch: Switch::default(),
        }
    }

    fn event(&mut self, event: Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(tag) => self.start(&tag),
            Event::End(tag) => self.end(tag),
            Event::Html(html) | Event::InlineHtml(html) => self.html(&html),
            _ if self.hidden > 0 => {}
            Event::Text(text) => self.text(&text, range),
            Event::SoftBreak => self.soft_break = Some(range),
            Event::HardBreak => self.end_line(),
            Event::Code(_) => self.soft_break = Some(range),
            Event::Rule => self.end_line(),
            _ => {}
        }
    }

    fn start(&mut self, tag: &Tag<'_>) {
        if is_hidden(tag) {
            self.hidden += 1;
        }
        match tag {
            Tag::Link { link_type, .. } => {
                let is_address = matches!(link_type, LinkType::Autolink | LinkType::Email);
                self.links.push(is_address);
                self.hidden += usize::from(is_address);
            }
            Tag::Heading {
                level: HeadingLevel::H1,
                ..
            } if self.title.text().is_empty() => {
                self.end_line();
                self.in_title = true;
            }
            Tag::TableCell if !self.body.is_at_line_start() => self.body.glue(BETWEEN_CELLS),
            Tag::Paragraph
            | Tag::Heading { .. }
            | Tag::BlockQuote(_)
            | Tag::CodeBlock(_)
            | Tag::HtmlBlock
            | Tag::List(_)
            | Tag::Item
            | Tag::FootnoteDefinition(_)
            | Tag::Table(_)
            | Tag::TableHead
            | Tag::TableRow => self.end_line(),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::CodeBlock
            | TagEnd::MetadataBlock(_)
            | TagEnd::Image
            | TagEnd::Strikethrough => self.hidden = self.hidden.saturating_sub(1),
            TagEnd::Link => {
                let is_address = self.links.pop().unwrap_or(false);
                self.hidden = self.hidden.saturating_sub(usize::from(is_address));
            }
            _ => {}
        }
        if self.in_title && matches!(tag, TagEnd::Heading(_)) {
            self.in_title = false;
            self.soft_break = None;
            self.switch.end_title(&mut self.title);
            return;
        }
        if matches!(
            tag,
            TagEnd::Paragraph
                | TagEnd::Heading(_)
                | TagEnd::Item
                | TagEnd::FootnoteDefinition
                | TagEnd::TableHead
                | TagEnd::TableRow
                | TagEnd::Table
        ) {
            self.end_line();
        }
    }

    fn html(&mut self, html: &str) {
        if html.trim_start().starts_with("<!--") {
            self.switch.comment(html, &mut self.body);
        } else if html
            .trim_start()
            .get(..3)
            .is_some_and(|tag| tag.eq_ignore_ascii_case("<br"))
        {
            self.end_line();
        }
    }

    fn text(&mut self, text: &str, range: Range<usize>) {
        let gap = self.soft_break.take();
        let builder = if self.in_title {
            &mut self.title
        } else {
            &mut self.body
        };
        if let Some(gap) = gap
            && !builder.text().ends_with(char::is_whitespace)
            && !builder.text().is_empty()
            && !text.starts_with(char::is_whitespace)
            && !joins(builder.text(), text)
        {
            let (start, end) = (self.cursor.point(gap.start), self.cursor.point(gap.end));
            builder.instead(" ", start, end);
        }
        if self.cursor.source.get(range.clone()) == Some(text) {
            builder.verbatim(&mut self.cursor, range);
        } else {
            let (start, end) = (self.cursor.point(range.start), self.cursor.point(range.end));
            builder.instead(text, start, end);
        }
    }

    fn end_line(&mut self) {
        self.soft_break = None;
        if self.in_title {
            return;
        }
        self.body.end_line();
        self.switch.end_line(self.line_start, &mut self.body);
        self.line_start = self.body.text().len();
    }

    fn finish(mut self) -> Passages {
        self.end_line();
        self.switch.finish(&mut self.body);
        Passages {
            title: self.title.finish(),
            body: self.body.finish(),
        }
    }
}

/// Tells whether what is in the element is no text of the draft.
fn is_hidden(tag: &Tag<'_>) -> bool {
    matches!(
        tag,
        Tag::CodeBlock(_) | Tag::MetadataBlock(_) | Tag::Image { .. } | Tag::Strikethrough
    )
}

/// Tells whether a line end between two texts is none: between two Han characters (CSS Text 3, section 4.1.3).
pub(super) fn joins(before: &str, after: &str) -> bool {
    let is_wide = |character: char| matches!(character, '\u{2E80}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{FF00}'..='\u{FFEF}' | '\u{20000}'..='\u{3FFFF}');
    before.chars().next_back().is_some_and(is_wide) && after.chars().next().is_some_and(is_wide)
}
