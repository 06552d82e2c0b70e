//! What is told of conflicts: which news goes into the outbox, and under which key.
//!
//! The outbox keeps an alert under the sink `*` until every configured sink has
//! it. Before the first run of an archive is over nothing is told one by one:
//! then one digest tells it all.

use hedui_model::{Alert, AlertEvent, Confidence, Conflict, ConflictState, ContentHash};
use hedui_store::state::OutboxItem;
use jiff::Timestamp;

/// The sink under which an alert waits for all sinks.
pub(crate) const ALL_SINKS: &str = "*";

/// The name under which the state keeps that the first run is over.
pub(super) const FIRST_RUN: &str = "first_run";

/// Which conflicts are told at all.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TellWhen {
    /// The least confidence.
    pub(crate) confidence_min: Confidence,
    /// The least severity.
    pub(crate) severity_min: u8,
}

impl TellWhen {
    /// Tells whether a conflict is certain and severe enough, and open.
    pub(crate) fn admits(self, conflict: &Conflict) -> bool {
        conflict.state == ConflictState::Open
            && conflict.confidence >= self.confidence_min
            && conflict.severity >= self.severity_min
    }
}

/// Makes the outbox item for one conflict.
pub(super) fn opened(conflict: &Conflict, now: Timestamp) -> OutboxItem {
    let key = format!("{}:opened", conflict.id);
    item(
        Alert {
            idempotency_key: key,
            event: AlertEvent::Opened,
            conflicts: vec![conflict.clone()],
        },
        now,
    )
}

/// Makes the outbox item for what the first run found; nothing where that is nothing.
pub(super) fn digest(mut conflicts: Vec<Conflict>, now: Timestamp) -> Option<OutboxItem> {
    if conflicts.is_empty() {
        return None;
    }
    conflicts.sort_by(|a, b| (b.severity, &a.id).cmp(&(a.severity, &b.id)));
    let ids: Vec<&str> = conflicts
        .iter()
        .map(|conflict| conflict.id.as_str())
        .collect();
    let hash = ContentHash::of("digest", &ids.join(" "));
    let key = format!("digest:{}", hash.as_str().get(..16).unwrap_or_default());
    Some(item(
        Alert {
            idempotency_key: key,
            event: AlertEvent::Digest,
            conflicts,
        },
        now,
    ))
}

fn item(alert: Alert, now: Timestamp) -> OutboxItem {
    OutboxItem {
        sink: ALL_SINKS.to_owned(),
        alert,
        created: now,
        attempts: 0,
        not_before: None,
        last_error: None,
    }
}
