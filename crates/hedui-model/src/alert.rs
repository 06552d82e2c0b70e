//! What is told to the user, once.

use serde::{Deserialize, Serialize};

use crate::Conflict;

/// What happened to a conflict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AlertEvent {
    /// It is new.
    Opened,
    /// It has a new side or new sources.
    Updated,
    /// It ended.
    Closed,
    /// It was over and is back.
    Reopened,
    /// Many at once, told as one: the first crawl of an archive.
    Digest,
}

/// A message in the outbox, delivered at least once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alert {
    /// Equal for equal news, so that a receiver can drop what it has: conflict, event and what the sides say.
    pub idempotency_key: String,
    /// What happened.
    pub event: AlertEvent,
    /// The conflict, or all those of a digest; never empty.
    pub conflicts: Vec<Conflict>,
}
