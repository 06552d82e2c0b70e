//! Where a command writes: data to one side, talk to the other.
//!
//! Commands never touch the process's own streams, so that a command may as
//! well run in the process that holds the archive, on behalf of another.
//! Text from outside passes [`Safe`] before it reaches a terminal.

use std::fmt;
use std::io::{IsTerminal, Write};

use comfy_table::{Cell, ColumnConstraint, ContentArrangement, Table, presets};

/// What the reader of standard output is like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) struct Style {
    /// Whether it is a terminal.
    pub(crate) terminal: bool,
    /// Whether colours are wanted.
    pub(crate) color: bool,
    /// Its width in columns.
    pub(crate) width: u16,
}

impl Style {
    /// Looks at the process's own standard output.
    pub(crate) fn of_process() -> Style {
        let terminal = std::io::stdout().is_terminal();
        let color = terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        let width = std::env::var("COLUMNS")
            .ok()
            .and_then(|columns| columns.parse().ok());
        let width = width
            .or_else(|| terminal.then(console_width).flatten())
            .unwrap_or(100);
        Style {
            terminal,
            color,
            width: width.max(40),
        }
    }

    /// The style of work that shows no progress.
    pub(crate) fn silent() -> Style {
        Style {
            terminal: false,
            color: false,
            width: 0,
        }
    }
}

fn console_width() -> Option<u16> {
    terminal_size::terminal_size_of(std::io::stdout()).map(|(width, _)| width.0)
}

/// The two streams of a command.
pub(crate) struct Io<'a> {
    /// Data.
    pub(crate) out: &'a mut dyn Write,
    /// Talk.
    pub(crate) err: &'a mut dyn Write,
    /// What the reader of the data is like.
    pub(crate) style: Style,
}

impl fmt::Debug for Io<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Io")
            .field("style", &self.style)
            .finish_non_exhaustive()
    }
}

impl Io<'_> {
    /// Wraps `text` in a colour, where colours are wanted.
    pub(crate) fn paint(&self, color: Color, text: &str) -> String {
        if self.style.color {
            format!("\u{1b}[{}m{text}\u{1b}[0m", color.code())
        } else {
            text.to_owned()
        }
    }
}

/// The few colours in use; none of them carries meaning by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Color {
    /// Headings.
    Bold,
    /// What matters less.
    Dim,
    /// A figure or match.
    Mark,
    /// A conflict.
    Warn,
}

impl Color {
    fn code(self) -> &'static str {
        match self {
            Color::Bold => "1",
            Color::Dim => "2",
            Color::Mark => "1;36",
            Color::Warn => "1;33",
        }
    }
}

/// Shows text from outside without what could move a cursor, hide or reorder text.
///
/// Control characters, bidirectional overrides and isolates are replaced; line ends become spaces.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Safe<'a>(pub(crate) &'a str);

impl fmt::Display for Safe<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.0.chars() {
            match c {
                '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}' => f.write_str(" ")?,
                c if c.is_control() || is_hidden(c) => write!(f, "\u{fffd}")?,
                c => write!(f, "{c}")?,
            }
        }
        Ok(())
    }
}

/// Tells whether a character reorders or hides others.
fn is_hidden(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{feff}')
}

/// Cuts text to a number of columns, counting Han characters as two, with an ellipsis where something is cut.
pub(crate) fn clip(text: &str, columns: usize) -> String {
    use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};
    if text.width() <= columns {
        return text.to_owned();
    }
    let mut used = 0;
    let mut kept = String::new();
    for c in text.chars() {
        let width = c.width().unwrap_or(0);
        if used + width + 1 > columns {
            break;
        }
        used += width;
        kept.push(c);
    }
    kept.push('…');
    kept
}

/// The widest column that is never broken.
const UNBROKEN_COLUMNS_MAX: usize = 20;

/// Lays rows out in columns of the terminal's width; cells come from outside and are made safe here.
pub(crate) fn table(style: Style, header: &[&str], rows: &[Vec<String>]) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(style.width);
    table.set_header(header.iter().map(Cell::new));
    for row in rows {
        table.add_row(row.iter().map(|cell| Cell::new(Safe(cell).to_string())));
    }
    // Ids, days and values are copied by hand: they are never broken. Longer columns share what is left.
    for (index, column) in table.column_iter_mut().enumerate() {
        use unicode_width::UnicodeWidthStr;
        let cells = rows.iter().filter_map(|row| row.get(index));
        if cells.map(|cell| cell.width()).max().unwrap_or(0) <= UNBROKEN_COLUMNS_MAX {
            column.set_constraint(ColumnConstraint::ContentWidth);
        }
    }
    let text = table.to_string();
    let mut lines: String = text
        .lines()
        .map(|line| format!("{}\n", line.trim_end()))
        .collect();
    if lines.is_empty() {
        lines.push('\n');
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escape_sequences_and_overrides_do_not_reach_the_terminal() {
        let shown = Safe("a\u{1b}[31mred\u{202e}x\r\nb\u{7}").to_string();
        assert_eq!(shown, "a\u{fffd}[31mred\u{fffd}x  b\u{fffd}");
    }

    #[test]
    fn han_characters_take_two_columns() {
        assert_eq!(clip("台積電投資", 10), "台積電投資");
        assert_eq!(clip("台積電投資", 9), "台積電投…");
        assert_eq!(clip("台積電投資", 8), "台積電…");
    }
}
