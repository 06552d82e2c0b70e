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
    /// Tells whether a conflict, as it is seen, is certain and severe enough, and open.
    pub(crate) fn admits(self, conflict: &Conflict) -> bool {
        conflict.state == ConflictState::Open && self.matters(conflict)
    }

    fn matters(self, conflict: &Conflict) -> bool {
        conflict.confidence >= self.confidence_min && conflict.severity >= self.severity_min
    }

    /// Makes the outbox item for a change, if that is to be told: a conflict that is there, or matters, for the first time,
    /// or that is open again after it had ended or something was decided about it. Both are as they are seen.
    pub(super) fn news(
        self,
        before: Option<&Conflict>,
        conflict: &Conflict,
        now: Timestamp,
    ) -> Option<OutboxItem> {
        if !self.admits(conflict) {
            return None;
        }
        match before {
            Some(before) if before.state != ConflictState::Open => {
                let key = format!("{}:reopened:{}", conflict.id, sides_id(conflict));
                Some(single(key, AlertEvent::Reopened, conflict, now))
            }
            Some(before) if self.matters(before) => None,
            _ => {
                let key = format!("{}:opened", conflict.id);
                Some(single(key, AlertEvent::Opened, conflict, now))
            }
        }
    }
}

/// Makes the outbox item for a conflict that is open again because the time of a decision ran out.
pub(super) fn woken(conflict: &Conflict, over: Timestamp, now: Timestamp) -> OutboxItem {
    let key = format!("{}:over:{}", conflict.id, over.as_second());
    single(key, AlertEvent::Reopened, conflict, now)
}

fn single(key: String, event: AlertEvent, conflict: &Conflict, now: Timestamp) -> OutboxItem {
    let alert = Alert {
        idempotency_key: key,
        event,
        conflicts: vec![conflict.clone()],
    };
    item(alert, now)
}

/// Returns an id for what the sides of a conflict say, and who says it.
fn sides_id(conflict: &Conflict) -> String {
    let mut sides: Vec<String> = conflict
        .sides
        .iter()
        .map(|side| {
            let sources = side.sources.iter().map(|source| source.as_str());
            let mut sources: Vec<&str> = sources.collect();
            sources.sort_unstable();
            format!("{} {}", side.text, sources.join(" "))
        })
        .collect();
    sides.sort_unstable();
    let hash = ContentHash::of("sides", &sides.join("\n"));
    hash.as_str().get(..16).unwrap_or_default().to_owned()
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
