//! Decisions in words, for people and for programs.

use hedui_store::journal::{Action, MuteRule};

/// Returns the word for what was decided.
pub(crate) fn action(action: &Action) -> &'static str {
    match action {
        Action::Ack => "ack",
        Action::Snooze { .. } => "snooze",
        Action::Mute { .. } | Action::MuteWhere { .. } => "mute",
        Action::UnmuteWhere { .. } => "unmute",
        Action::Resolve { .. } => "resolve",
        Action::Reopen => "reopen",
        Action::Separate { .. } => "separate",
        Action::Join { .. } => "join",
        Action::Release { .. } => "release",
        // A line of a later version.
        _ => "other",
    }
}

/// Returns what a rule mutes.
pub(crate) fn rule(action: &Action) -> String {
    match action {
        Action::MuteWhere { rule, .. } | Action::UnmuteWhere { rule } => of_rule(rule),
        _ => String::new(),
    }
}

/// Returns what a rule is about: `TSMC, metric investment`.
pub(crate) fn of_rule(rule: &MuteRule) -> String {
    let mut parts: Vec<String> = Vec::new();
    match rule.sources.as_slice() {
        [] => {}
        [one] => parts.push(format!("source {one}")),
        several => {
            let names: Vec<&str> = several.iter().map(|source| source.as_str()).collect();
            parts.push(names.join(" against "));
        }
    }
    parts.extend(rule.entity.clone());
    parts.extend(
        rule.metric
            .as_ref()
            .map(|metric| format!("metric {metric}")),
    );
    parts.extend(
        rule.cause
            .map(|cause| format!("cause {}", crate::card::cause_id(cause))),
    );
    parts.join(", ")
}
