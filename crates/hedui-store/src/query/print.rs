//! Prints a query so that it parses to the same tree.

use std::fmt::{self, Display, Formatter};

use super::parser::{FIELDS, Field, ends_word};
use super::{
    DateRange, Edge, FigureText, Leaf, Node, NodeKind, Query, TermField, Text, Tolerance,
    ValueRange, Within,
};

impl Display for Query {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.root.kind {
            NodeKind::All => f.write_str("*"),
            _ => self.root.fmt(f),
        }
    }
}

impl Display for Node {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.kind {
            NodeKind::All => f.write_str("*"),
            NodeKind::And(nodes) => joined(f, nodes, " "),
            NodeKind::Or(nodes) => joined(f, nodes, " OR "),
            NodeKind::Not(node) => {
                f.write_str("-")?;
                operand(f, node)
            }
            NodeKind::Leaf(leaf) => leaf.fmt(f),
        }
    }
}

fn joined(f: &mut Formatter<'_>, nodes: &[Node], between: &str) -> fmt::Result {
    for (index, node) in nodes.iter().enumerate() {
        if index > 0 {
            f.write_str(between)?;
        }
        operand(f, node)?;
    }
    Ok(())
}

fn operand(f: &mut Formatter<'_>, node: &Node) -> fmt::Result {
    match node.kind {
        NodeKind::And(_) | NodeKind::Or(_) => write!(f, "({node})"),
        _ => node.fmt(f),
    }
}

impl Display for Leaf {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Leaf::Text { within, text } => {
                if *within != Within::Anywhere {
                    field(f, Field::Within(*within))?;
                }
                text.fmt(f)
            }
            Leaf::Term {
                field: name,
                text,
                prefix,
            } => {
                field(f, Field::Term(*name))?;
                let is_bare =
                    !text.ends_with('*') && !text.chars().any(ends_word) && !text.is_empty();
                match (prefix, is_bare) {
                    (true, _) => write!(f, "{text}*"),
                    (false, true) => f.write_str(text),
                    (false, false) => quoted(f, text),
                }
            }
            Leaf::Date(range) => {
                field(f, Field::Date)?;
                range.fmt(f)
            }
            Leaf::Value(range) => {
                field(f, Field::Value)?;
                range.fmt(f)
            }
        }
    }
}

impl Display for Text {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Text::Word(text) | Text::Pattern(text) => f.write_str(text),
            Text::Phrase(text) => quoted(f, text),
            Text::Name(text) => {
                field(f, Field::Name)?;
                quoted(f, text)
            }
            Text::Fuzzy { word, edits } => write!(f, "{word}~{edits}"),
            Text::Near {
                first,
                second,
                between_max,
            } => {
                f.write_str("near(")?;
                quoted(f, first)?;
                f.write_str(", ")?;
                quoted(f, second)?;
                write!(f, ", {between_max})")
            }
        }
    }
}

impl Display for DateRange {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let end =
            |day: Option<jiff::civil::Date>| day.map_or("*".to_owned(), |day| day.to_string());
        write!(f, "[{} TO {}]", end(self.from), end(self.to))
    }
}

impl Display for ValueRange {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            ValueRange::Exactly { figure, tolerance } => {
                let tolerance = match tolerance {
                    None => String::new(),
                    Some(Tolerance::Percent(number)) => format!("±{number}%"),
                    Some(Tolerance::Figure(FigureText { text, .. })) => format!("±{text}"),
                };
                quoted(f, &format!("{}{tolerance}", figure.text))
            }
            ValueRange::Between { low, high } => {
                let is_open = |edge: &Option<Edge>| edge.as_ref().is_none_or(|edge| edge.inclusive);
                let text = |edge: &Option<Edge>| {
                    edge.as_ref()
                        .map_or("*".to_owned(), |edge| edge.figure.text.clone())
                };
                f.write_str(if is_open(low) { "[" } else { "{" })?;
                write!(f, "{} TO {}", text(low), text(high))?;
                f.write_str(if is_open(high) { "]" } else { "}" })
            }
        }
    }
}

fn field(f: &mut Formatter<'_>, field: Field) -> fmt::Result {
    let name = FIELDS.iter().find(|(_, known)| *known == field);
    write!(f, "{}:", name.map_or("", |(name, _)| name))
}

fn quoted(f: &mut Formatter<'_>, text: &str) -> fmt::Result {
    f.write_str("\"")?;
    for character in text.chars() {
        if let '"' | '\\' = character {
            f.write_str("\\")?;
        }
        write!(f, "{character}")?;
    }
    f.write_str("\"")
}

impl TermField {
    /// Returns the name of the field in queries.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        let field = FIELDS.iter().find(|(_, field)| *field == Field::Term(self));
        field.map_or("", |(name, _)| name)
    }
}
