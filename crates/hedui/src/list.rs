//! Printing lists of objects in the format that was asked for.

use std::io;

use serde::Serialize;

use crate::cli::Format;
use crate::io::Io;

/// Prints objects as JSON, JSON Lines or CSV, one after the other.
///
/// CSV has the fields of the first object as header; lists are joined by `; `, and a cell that a spreadsheet would
/// take for a formula gets an apostrophe before it.
pub(crate) struct ListWriter {
    format: Format,
    count: usize,
    header: Vec<String>,
}

impl ListWriter {
    /// Starts a list. `Format::Table` and `Format::Sarif` are the caller's own affair and print as JSON Lines here.
    pub(crate) fn new(format: Format) -> ListWriter {
        ListWriter {
            format,
            count: 0,
            header: Vec::new(),
        }
    }

    /// Prints one object.
    pub(crate) fn item(&mut self, io: &mut Io<'_>, item: &impl Serialize) -> io::Result<()> {
        match self.format {
            Format::Json => {
                let text = serde_json::to_string_pretty(item)?;
                write!(
                    io.out,
                    "{}{text}",
                    if self.count == 0 { "[\n" } else { ",\n" }
                )?;
            }
            Format::Csv => {
                let value = serde_json::to_value(item)?;
                let mut row = Vec::new();
                if let Some(object) = value.as_object() {
                    if self.count == 0 {
                        self.header = object.keys().cloned().collect();
                        write_row(io, &self.header)?;
                    }
                    row = self
                        .header
                        .iter()
                        .map(|name| object.get(name).map(cell).unwrap_or_default())
                        .collect();
                }
                write_row(io, &row)?;
            }
            Format::Jsonl | Format::Table | Format::Sarif => {
                writeln!(io.out, "{}", serde_json::to_string(item)?)?
            }
        }
        self.count += 1;
        Ok(())
    }

    /// Ends the list.
    pub(crate) fn finish(self, io: &mut Io<'_>) -> io::Result<()> {
        match (self.format, self.count) {
            (Format::Json, 0) => writeln!(io.out, "[]"),
            (Format::Json, _) => writeln!(io.out, "\n]"),
            _ => Ok(()),
        }
    }
}

fn write_row(io: &mut Io<'_>, row: &[String]) -> io::Result<()> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    writer.write_record(row).map_err(io::Error::other)?;
    let bytes = writer
        .into_inner()
        .map_err(|error| io::Error::other(error.to_string()))?;
    io.out.write_all(&bytes)
}

fn cell(value: &serde_json::Value) -> String {
    let text = match value {
        serde_json::Value::Null => String::new(),
        serde_json::Value::String(text) => text.clone(),
        serde_json::Value::Array(items) if items.iter().all(serde_json::Value::is_string) => items
            .iter()
            .filter_map(serde_json::Value::as_str)
            .collect::<Vec<_>>()
            .join("; "),
        other => other.to_string(),
    };
    harmless(text)
}

/// Keeps a spreadsheet from taking a cell for a formula; plain numbers stay as they are.
fn harmless(text: String) -> String {
    let risky = text.starts_with(['=', '+', '-', '@', '\t', '\r'])
        && text.parse::<hedui_model::Decimal>().is_err();
    if risky { format!("'{text}") } else { text }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::io::Style;

    fn printed(format: Format, items: &[serde_json::Value]) -> String {
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let style = Style {
            terminal: false,
            color: false,
            width: 80,
        };
        let mut io = Io {
            out: &mut out,
            err: &mut err,
            style,
        };
        let mut list = ListWriter::new(format);
        for item in items {
            list.item(&mut io, item).unwrap();
        }
        list.finish(&mut io).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn an_empty_list_is_valid_in_each_format() {
        assert_eq!(printed(Format::Json, &[]), "[]\n");
        assert_eq!(printed(Format::Jsonl, &[]), "");
    }

    #[test]
    fn a_cell_is_no_formula() {
        let item =
            serde_json::json!({"a": "=HYPERLINK(1)", "b": "-3.5", "c": ["x", "y"], "d": null});
        assert_eq!(
            printed(Format::Csv, &[item]),
            "a,b,c,d\r\n'=HYPERLINK(1),-3.5,x; y,\r\n"
        );
    }

    #[test]
    fn json_is_one_array() {
        let text = printed(Format::Json, &[serde_json::json!(1), serde_json::json!(2)]);
        assert_eq!(serde_json::from_str::<Vec<u8>>(&text).unwrap(), [1, 2]);
    }
}
