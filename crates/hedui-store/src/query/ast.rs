//! The tree of a query. Every node knows which characters of the query it was read from.

use hedui_model::Decimal;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A half-open range of characters of the query as typed.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
pub struct At {
    /// The first character, from 0.
    pub start: usize,
    /// The character after the last.
    pub end: usize,
}

impl At {
    /// Makes the range `start..end`.
    #[must_use]
    pub fn new(start: usize, end: usize) -> Self {
        At { start, end }
    }
}

/// A query that was parsed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Query {
    /// The tree.
    pub root: Node,
}

/// A part of a query.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Node {
    /// Where it was read.
    pub at: At,
    /// What it asks for.
    pub kind: NodeKind,
}

/// What a part of a query asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum NodeKind {
    /// Every article.
    All,
    /// All of two or more parts.
    And(Vec<Node>),
    /// Any of two or more parts.
    Or(Vec<Node>),
    /// Everything but this.
    Not(Box<Node>),
    /// A single condition.
    Leaf(Leaf),
}

/// A single condition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Leaf {
    /// Something in the text.
    Text {
        /// Which text.
        within: Within,
        /// What is looked for.
        text: Text,
    },
    /// Something that the article or one of its claims has.
    Term {
        /// Which field.
        field: TermField,
        /// Its value, as typed.
        text: String,
        /// Whether the value may go on (`source:reut*`).
        prefix: bool,
    },
    /// When the article was published.
    Date(DateRange),
    /// A figure that one of its claims states.
    Value(ValueRange),
}

/// Which text is searched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Within {
    /// Title and body, each for itself.
    Anywhere,
    /// The title.
    Title,
    /// The body.
    Body,
}

/// What is looked for in a text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Text {
    /// A bare word: its inflections and, for a name, the other names too.
    Word(String),
    /// This word alone.
    Name(String),
    /// These characters in this order.
    Phrase(String),
    /// A pattern of a Latin word; `*` stands for any characters.
    Pattern(String),
    /// A Latin word with slips.
    Fuzzy {
        /// The word.
        word: String,
        /// How many letters may differ: 1 or 2.
        edits: u8,
    },
    /// Two phrases close to each other, in any order.
    Near {
        /// One phrase.
        first: String,
        /// The other.
        second: String,
        /// How many words or Han characters may stand between them.
        between_max: u32,
    },
}

/// A field with values that are compared as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum TermField {
    /// An entity of one of the claims.
    Entity,
    /// What one of the claims measures: a metric or its family.
    Metric,
    /// The source.
    Source,
    /// The language: `zh` finds every Chinese, `zh-Hant` Traditional.
    Lang,
    /// The region whose usage the article follows.
    Region,
    /// The unit of one of the claims.
    Unit,
}

/// Days, both ends inclusive; `None` is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct DateRange {
    /// The first day.
    pub from: Option<Date>,
    /// The last day.
    pub to: Option<Date>,
}

/// Which figures are looked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ValueRange {
    /// One figure, or what is close to it.
    Exactly {
        /// The figure.
        figure: FigureText,
        /// How far from it is close enough.
        tolerance: Option<Tolerance>,
    },
    /// Everything between two figures.
    Between {
        /// The lower end; `None` is open.
        low: Option<Edge>,
        /// The upper end; `None` is open.
        high: Option<Edge>,
    },
}

/// A figure as typed, not yet read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FigureText {
    /// The text.
    pub text: String,
    /// Where it stands.
    pub at: At,
}

/// An end of a range of figures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edge {
    /// The figure.
    pub figure: FigureText,
    /// Whether it belongs to the range.
    pub inclusive: bool,
}

/// How far from a figure is close enough.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Tolerance {
    /// So many per cent of the figure.
    Percent(Decimal),
    /// So much, in the unit of the figure.
    Figure(FigureText),
}

impl Query {
    /// Makes the query that every article answers.
    #[must_use]
    pub fn all() -> Self {
        Query {
            root: Node {
                at: At::default(),
                kind: NodeKind::All,
            },
        }
    }

    /// Returns the query without positions, fit for comparing.
    #[must_use]
    pub fn without_positions(mut self) -> Self {
        self.root.forget_positions();
        self
    }
}

impl Node {
    fn forget_positions(&mut self) {
        self.at = At::default();
        match &mut self.kind {
            NodeKind::All => {}
            NodeKind::And(nodes) | NodeKind::Or(nodes) => {
                nodes.iter_mut().for_each(Node::forget_positions);
            }
            NodeKind::Not(node) => node.forget_positions(),
            NodeKind::Leaf(Leaf::Value(range)) => range.forget_positions(),
            NodeKind::Leaf(_) => {}
        }
    }
}

impl ValueRange {
    fn forget_positions(&mut self) {
        match self {
            ValueRange::Exactly { figure, tolerance } => {
                figure.at = At::default();
                if let Some(Tolerance::Figure(figure)) = tolerance {
                    figure.at = At::default();
                }
            }
            ValueRange::Between { low, high } => {
                for edge in [low, high].into_iter().flatten() {
                    edge.figure.at = At::default();
                }
            }
        }
    }
}
