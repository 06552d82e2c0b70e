//! How a conflict is seen: where it stands with people, in words, and how severe it is by now.

use std::sync::Arc;

use hedui_model::{Conflict, ConflictState};
use hedui_reconcile::{News, Reopening, Standing, faded_severity};
use hedui_store::journal::Decision;
use jiff::Timestamp;

use super::ledger::{Ledger, Line};

/// Lays over kept conflicts what people decided, and lets severity fade.
#[derive(Clone, Debug)]
pub(crate) struct Lens {
    ledger: Arc<Ledger>,
    newest: Option<Timestamp>,
    now: Timestamp,
}

impl Lens {
    /// Sees at `now` what the ledger has; `newest` places the newest article of the archive in time.
    pub(super) fn new(ledger: Arc<Ledger>, newest: Option<Timestamp>, now: Timestamp) -> Lens {
        Lens {
            ledger,
            // A page that says it is from the future makes nothing old.
            newest: newest.map(|newest| newest.min(now)),
            now,
        }
    }

    /// Returns the decisions.
    pub(crate) fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// Returns a kept conflict as it is seen.
    pub(crate) fn conflict(&self, kept: Conflict) -> Conflict {
        self.with_end(kept).0
    }

    /// Returns a kept conflict as it is seen and, where it is open because the time of a decision ran out, that time.
    pub(crate) fn with_end(&self, mut kept: Conflict) -> (Conflict, Option<Timestamp>) {
        let (standing, line, rule) = self.ledger.standing(&kept, self.now);
        kept.severity = faded_severity(kept.severity, kept.last_seen, self.newest);
        if let Some(why) = why(&standing, line, rule) {
            kept.state_why = why;
        }
        kept.state = standing.state;
        let over = match standing.reopened {
            Some(Reopening::Over(at)) if kept.state == ConflictState::Open => Some(at),
            _ => None,
        };
        (kept, over)
    }
}

/// Says who decided what, or what opened a conflict again; nothing where it stands as the evidence has it.
fn why(standing: &Standing, line: Option<&Line>, rule: Option<&Line>) -> Option<String> {
    let signed = |line: &Line| signature(&line.decision);
    let until = |until: &Option<Timestamp>| match until {
        Some(until) => format!("until {}", minute(*until)),
        None => "for good".to_owned(),
    };
    if let (ConflictState::Muted { until: end }, Some(rule)) = (&standing.state, rule) {
        let what = super::words::rule(&rule.decision.action);
        return Some(format!(
            "{what} is muted {} by {}",
            until(end),
            signed(rule)
        ));
    }
    let line = line?;
    let by = signed(line);
    Some(match (&standing.state, &standing.reopened) {
        (ConflictState::Acked, _) => format!("acknowledged by {by}"),
        (ConflictState::Snoozed { until }, _) => {
            format!("put off until {} by {by}", minute(*until))
        }
        (ConflictState::Muted { until: end }, _) => format!("muted {} by {by}", until(end)),
        (ConflictState::Resolved { value: Some(value) }, _) => {
            format!("settled as {value} by {by}")
        }
        (ConflictState::Resolved { value: None }, _) => format!("settled by {by}"),
        (_, Some(Reopening::Asked)) => format!("opened again by {by}"),
        (_, Some(Reopening::Over(at))) => {
            let what = super::words::action(&line.decision.action);
            format!("open again: the {what} of {by} ran out at {}", minute(*at))
        }
        (_, Some(Reopening::News(news))) => {
            let what = super::words::action(&line.decision.action);
            format!("open again: {}, after the {what} of {by}", told(news))
        }
        _ => return None,
    })
}

fn told(news: &News) -> String {
    match news {
        News::Value { text } => format!("{text} is a new value"),
        News::Source { text, source } => format!("{source} says {text} too"),
    }
}

/// Returns who decided, when, and the note.
fn signature(decision: &Decision) -> String {
    let note = decision.note.as_deref().map(|note| format!(": {note}"));
    format!(
        "{} on {}{}",
        decision.user,
        minute(decision.at),
        note.unwrap_or_default()
    )
}

/// Prints a time to the minute, in UTC.
pub(crate) fn minute(at: Timestamp) -> String {
    let text = at.to_string();
    match text.get(..16) {
        Some(minute) => format!("{minute}Z"),
        None => text,
    }
}
