//! Comments that tell the check to pass over figures: `<!-- hedui-off -->` … `<!-- hedui-on -->` for a stretch,
//! `<!-- hedui-ignore -->` for the line of text that it stands in, or alone on a line for the next one.

use super::placed::Builder;

/// What a comment says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Says {
    Off,
    On,
    Ignore,
}

/// What comments said so far, while a text is put together.
#[derive(Debug, Default)]
pub(super) struct Switch {
    /// Where the text was when checking was turned off.
    off_since: Option<usize>,
    /// Whether the next line of text is passed over.
    next: bool,
    /// Whether the present line is.
    line: bool,
}

impl Switch {
    /// Takes in a comment, with or without its delimiters.
    pub(super) fn comment(&mut self, comment: &str, text: &mut Builder) {
        let at = text.text().len();
        match says(comment) {
            Some(Says::Off) => self.off_since = self.off_since.or(Some(at)),
            Some(Says::On) => self.turn_on(text),
            Some(Says::Ignore) if text.is_at_line_start() => self.next = true,
            Some(Says::Ignore) => self.line = true,
            None => {}
        }
    }

    /// Says that a line of text, which began at `start`, has ended.
    pub(super) fn end_line(&mut self, start: usize, text: &mut Builder) {
        let end = text.text().len();
        if self.line || (self.next && start < end) {
            text.ignore(start..end);
            self.next = false;
        }
        self.line = false;
    }

    /// Says that the title has ended: a text of its own, all of one line.
    pub(super) fn end_title(&mut self, title: &mut Builder) {
        if self.off_since.is_some() || self.line || self.next {
            let end = title.text().len();
            title.ignore(0..end);
        }
        (self.line, self.next) = (false, false);
    }

    /// Says that the text has ended.
    pub(super) fn finish(&mut self, text: &mut Builder) {
        self.turn_on(text);
    }

    fn turn_on(&mut self, text: &mut Builder) {
        if let Some(since) = self.off_since.take() {
            let end = text.text().len();
            text.ignore(since..end);
        }
    }
}

fn says(comment: &str) -> Option<Says> {
    let inner = comment.trim();
    let inner = inner.strip_prefix("<!--").unwrap_or(inner);
    let inner = inner.strip_suffix("-->").unwrap_or(inner);
    // What follows a colon or a space is a reason.
    match inner.trim().split([' ', ':', '\n', '\t']).next() {
        Some("hedui-off") => Some(Says::Off),
        Some("hedui-on") => Some(Says::On),
        Some("hedui-ignore") => Some(Says::Ignore),
        _ => None,
    }
}
