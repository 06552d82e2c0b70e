//! Claims about one and the same thing, and where they cannot all be true.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{ClaimId, Confidence, ConflictId, Decimal, FactId, Metric, SourceId, Unit};

/// How two claims stand to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// About the same fact, and both can be true.
    Agree,
    /// About the same fact, and they cannot both be true.
    Conflict,
    /// About the same fact, and the later legitimately replaces the earlier.
    Update,
    /// Not comparable.
    Different,
}

/// Why two claims about one fact do not agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// A power of ten: 億 for billion, MW for GW, per cent for percentage points.
    ScaleError,
    /// The same digits in another currency.
    Currency,
    /// A part told as the whole, or another whole.
    Scope,
    /// Another time, or another time base.
    Period,
    /// Rounded too loosely.
    Rounding,
    /// The source changed its own figure.
    Revision,
    /// An article's restatement in another unit does not convert.
    Gloss,
    /// None of these.
    Other,
}

/// The verdict on two claims.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// How they stand to each other.
    pub relation: Relation,
    /// Why they do not agree; only with [`Relation::Conflict`].
    pub cause: Option<Cause>,
    /// How sure it is.
    pub confidence: Confidence,
    /// A sentence that a person can check.
    pub why: String,
}

/// Claims judged to be about one and the same thing, over time and sources.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// Stable across restarts and reindexing.
    pub id: FactId,
    /// Ids of facts that were merged into this one.
    pub aliases: Vec<FactId>,
    /// Canonical names of what it is about.
    pub entities: Vec<String>,
    /// What is measured.
    pub metric: Option<Metric>,
    /// The unit of most claims.
    pub unit: Unit,
    /// The claims, in the order of publication.
    pub claims: Vec<ClaimId>,
    /// When its first and last claims were published.
    pub first_seen: Timestamp,
    /// When its last claim was published.
    pub last_seen: Timestamp,
}

/// One value that some of a conflict's claims state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Side {
    /// The lower end, in base units.
    pub low: Option<Decimal>,
    /// The upper end, in base units.
    pub high: Option<Decimal>,
    /// The unit of this side.
    pub unit: Unit,
    /// The figure as the side's first claim writes it.
    pub text: String,
    /// How many sources say so, copies of one story counted once.
    pub independent_sources: u32,
    /// The sources that say so, in the order of their first claims; those that copy others are among them.
    pub sources: Vec<SourceId>,
    /// The claims, in the order of publication.
    pub claims: Vec<ClaimId>,
    /// Why this side does not agree with the first; nothing for the first itself, and where they were not compared.
    pub cause: Option<Cause>,
}

/// What ended a conflict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// Later statements replaced what one side said.
    Update,
    /// The sources of one side corrected their figure.
    Correction,
    /// No article states both figures any more, or they are no longer judged to be about one thing.
    Withdrawn,
    /// A person said that the figures are not about one thing.
    Separated,
}

impl Ending {
    /// Returns the word used outside.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Ending::Update => "update",
            Ending::Correction => "correction",
            Ending::Withdrawn => "withdrawn",
            Ending::Separated => "separated",
        }
    }
}

/// Where the user and the program stand with a conflict.
///
/// The evidence alone makes it open or closed; the others are what a person decided, laid over that.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConflictState {
    /// It is there, and nobody has to be asked again.
    Open,
    /// Looked at.
    Acked,
    /// Put off until then.
    Snoozed {
        /// When it opens again.
        until: Timestamp,
    },
    /// Not to be told of.
    Muted {
        /// When that ends; never, where there is none.
        until: Option<Timestamp>,
    },
    /// Settled by a person.
    Resolved {
        /// The value that is right, as the person wrote it.
        value: Option<String>,
    },
    /// Ended by the evidence.
    Closed {
        /// By what.
        by: Ending,
    },
}

impl ConflictState {
    /// Returns the word used outside.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            ConflictState::Open => "open",
            ConflictState::Acked => "acked",
            ConflictState::Snoozed { .. } => "snoozed",
            ConflictState::Muted { .. } => "muted",
            ConflictState::Resolved { .. } => "resolved",
            ConflictState::Closed { .. } => "closed",
        }
    }
}

/// What happened to a conflict while the archive grew.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TurnKind {
    /// It was found.
    Opened,
    /// A side came with another value.
    NewValue,
    /// A source came to a side.
    NewSource,
    /// It ended.
    Closed,
    /// It had ended, and new evidence brought it back.
    Reopened,
}

impl TurnKind {
    /// Returns the word used outside.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            TurnKind::Opened => "opened",
            TurnKind::NewValue => "new_value",
            TurnKind::NewSource => "new_source",
            TurnKind::Closed => "closed",
            TurnKind::Reopened => "reopened",
        }
    }
}

/// One turn in the life of a conflict.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turn {
    /// When the article was taken in, or the decision made, that brought it about.
    pub at: Timestamp,
    /// What happened.
    pub kind: TurnKind,
    /// The evidence in a few words: values and sources.
    pub evidence: String,
}

/// A fact whose claims cannot all be true.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conflict {
    /// Stable across restarts and reindexing.
    pub id: ConflictId,
    /// Ids of conflicts whose facts were merged into this one's.
    pub aliases: Vec<ConflictId>,
    /// The fact.
    pub fact: FactId,
    /// Canonical names of what it is about.
    pub entities: Vec<String>,
    /// What is measured.
    pub metric: Option<Metric>,
    /// The unit of most claims.
    pub unit: Unit,
    /// The likely cause.
    pub cause: Cause,
    /// 0 to 100: how far apart, how well supported, how central, how recent. Of a conflict that is kept, recency counts in
    /// full: it fades when the conflict is read.
    pub severity: u8,
    /// How sure it is.
    pub confidence: Confidence,
    /// Where it stands.
    pub state: ConflictState,
    /// Why it stands there, where that is not by itself clear: what ended it, what opened it again.
    pub state_why: String,
    /// When the fact's first claim was published.
    pub first_seen: Timestamp,
    /// When the last claim on any side was published.
    pub last_seen: Timestamp,
    /// The values, the best supported first; at least two.
    pub sides: Vec<Side>,
    /// A sentence that a person can check.
    pub why: String,
    /// What happened to it so far, the first first. Whoever keeps conflicts keeps this; grouping leaves it empty.
    pub turns: Vec<Turn>,
}
