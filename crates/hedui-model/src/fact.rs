//! Claims about one and the same thing, and where they cannot all be true.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{ClaimId, Confidence, ConflictId, Decimal, FactId, Metric, Unit};

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
    /// The claims, in the order of publication.
    pub claims: Vec<ClaimId>,
    /// Why this side does not agree with the first; nothing for the first itself, and where they were not compared.
    pub cause: Option<Cause>,
}

/// Where the user and the program stand with a conflict.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConflictState {
    /// New, and not looked at.
    Open,
    /// Looked at.
    Acked,
    /// Put off until then.
    Snoozed {
        /// When it opens again.
        until: Timestamp,
    },
    /// Never to be told of again.
    Muted,
    /// Settled by the user.
    Resolved {
        /// The value that is right, as the user wrote it.
        value: Option<String>,
    },
    /// Ended by an update, a correction or a removed article.
    Closed,
}

impl ConflictState {
    /// Returns the word used outside.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            ConflictState::Open => "open",
            ConflictState::Acked => "acked",
            ConflictState::Snoozed { .. } => "snoozed",
            ConflictState::Muted => "muted",
            ConflictState::Resolved { .. } => "resolved",
            ConflictState::Closed => "closed",
        }
    }
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
    /// 0 to 100: how far apart, how well supported, how central, how recent.
    pub severity: u8,
    /// How sure it is.
    pub confidence: Confidence,
    /// Where it stands.
    pub state: ConflictState,
    /// When the fact's first claim was published.
    pub first_seen: Timestamp,
    /// When the last claim on any side was published.
    pub last_seen: Timestamp,
    /// The values, the best supported first; at least two.
    pub sides: Vec<Side>,
    /// A sentence that a person can check.
    pub why: String,
}
