//! Alerts on their way out: a payload, and the sinks that take it.
//!
//! A sink is a module with a pure `render` and a line in [`deliver`]. Delivery
//! is at least once: every payload carries a key by which a receiver can drop
//! what it has.

mod command;
mod webhook;

use hedui_model::{Alert, AlertEvent, Appearance, ClaimId, Conflict};
use serde::Serialize;

use crate::config::{Sink, SinkKind};
use crate::wire::ConflictJson;

/// The evidence for one side of a conflict.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Evidence {
    claim: String,
    mention: String,
    sentence: String,
    source: String,
    published: Option<String>,
    url: Option<String>,
}

impl Evidence {
    fn of(appearance: &Appearance) -> Evidence {
        let (claim, meta) = (&appearance.claim, &appearance.article.meta);
        Evidence {
            claim: claim.id.to_string(),
            mention: claim.mention().to_owned(),
            sentence: claim.sentence_text.clone(),
            source: meta.source.to_string(),
            published: meta.published.map(|published| published.to_string()),
            url: meta.url.clone(),
        }
    }
}

#[derive(Clone, Debug, Serialize)]
struct ConflictWithEvidence {
    #[serde(flatten)]
    conflict: ConflictJson,
    evidence: Vec<Evidence>,
}

/// What every sink gets.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Payload {
    version: u8,
    /// Equal for equal news.
    pub(crate) idempotency_key: String,
    event: AlertEvent,
    /// A few lines for a person.
    pub(crate) text: String,
    conflicts: Vec<ConflictWithEvidence>,
}

impl Payload {
    /// Makes the payload; `lookup` finds the claims on the conflicts' sides.
    pub(crate) fn new(
        alert: &Alert,
        mut lookup: impl FnMut(&ClaimId) -> Option<Appearance>,
    ) -> Payload {
        let conflicts = alert.conflicts.iter().map(|conflict| ConflictWithEvidence {
            conflict: ConflictJson::from(conflict),
            // One claim speaks for a side; the rest can be looked up by id.
            evidence: conflict
                .sides
                .iter()
                .filter_map(|side| side.claims.first().and_then(&mut lookup))
                .map(|appearance| Evidence::of(&appearance))
                .collect(),
        });
        Payload {
            version: 1,
            idempotency_key: alert.idempotency_key.clone(),
            event: alert.event,
            text: text(alert),
            conflicts: conflicts.collect(),
        }
    }

    /// Makes the payload of a test: no conflict, and a text that says so.
    pub(crate) fn sample() -> Payload {
        Payload {
            version: 1,
            idempotency_key: "test".to_owned(),
            event: AlertEvent::Digest,
            text: "a test: alerts of new conflicts arrive here".to_owned(),
            conflicts: Vec::new(),
        }
    }

    /// Returns the payload as JSON, one line.
    pub(crate) fn to_json(&self) -> String {
        // The payload has only strings, numbers and lists: nothing in it can fail to serialise.
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// Says in one line what a conflict is about.
pub(crate) fn headline(conflict: &Conflict) -> String {
    let sides: Vec<&str> = conflict
        .sides
        .iter()
        .map(|side| side.text.as_str())
        .collect();
    let metric = conflict
        .metric
        .as_ref()
        .map_or("figure", |metric| metric.id.as_str())
        .replace('_', " ");
    let subject = if conflict.entities.is_empty() {
        String::new()
    } else {
        format!("{}, ", conflict.entities.join(", "))
    };
    format!("{subject}{metric}: {}", sides.join(" ≠ "))
}

fn text(alert: &Alert) -> String {
    let what = match alert.event {
        AlertEvent::Opened => "new conflict",
        AlertEvent::Updated => "conflict changed",
        AlertEvent::Closed => "conflict closed",
        AlertEvent::Reopened => "conflict open again",
        AlertEvent::Digest => "conflicts found by the first crawl",
    };
    let count = alert.conflicts.len();
    let mut lines = vec![if alert.event == AlertEvent::Digest {
        format!("{count} {what}")
    } else {
        what.to_owned()
    }];
    for conflict in alert.conflicts.iter().take(20) {
        lines.push(format!("{} [{}]", headline(conflict), conflict.id));
        if alert.event != AlertEvent::Digest {
            lines.push(conflict.why.clone());
            lines.extend(Some(conflict.state_why.clone()).filter(|why| !why.is_empty()));
        }
    }
    if count > 20 {
        lines.push(format!("and {} more", count - 20));
    }
    lines.join("\n")
}

/// Why a delivery failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DeliveryError {
    /// The receiver could not be reached.
    #[error("cannot reach it: {0}")]
    Unreachable(String),
    /// The receiver answered with something else than success.
    #[error("it answered with status {0}")]
    Refused(u16),
    /// The command could not be started, or failed.
    #[error("the command failed: {0}")]
    Command(String),
    /// The sink's settings do not do.
    #[error("{0}")]
    Settings(String),
}

/// Hands a payload to a sink.
///
/// # Errors
/// Where the sink did not take it; it is tried again at the next round.
pub(crate) async fn deliver(sink: &Sink, payload: &Payload) -> Result<(), DeliveryError> {
    match sink.kind {
        SinkKind::Webhook => webhook::deliver(sink, payload).await,
        SinkKind::Command => command::deliver(sink, payload).await,
    }
}
