//! A fact over time, source by source, and what became of a conflict: as programs and people read them.

use anyhow::Result;
use hedui_model::{Appearance, Conflict, Fact, Status};
use hedui_reconcile::{Stretch, timeline};
use hedui_store::State;
use jiff::Timestamp;
use serde::Serialize;

use super::decide::{DecisionJson, about_named};
use super::ids::Named;
use super::select::status_word;
use crate::io::{Color, Io, Safe, table};
use crate::pipeline::Line;
use crate::store::View;
use crate::wire;

/// One value that one source stood by for a while.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct StretchJson {
    source: String,
    /// The figure as its first claim writes it.
    text: String,
    low: Option<String>,
    high: Option<String>,
    unit: String,
    per: Option<String>,
    status: Status,
    /// When the first and the last claim that say so were published.
    published: String,
    last_published: String,
    /// When the source was first and last seen to say so.
    first_seen: String,
    last_seen: String,
    /// `first`; `update` or `correction` of the claim `of`; `other` where it is none of these.
    change: &'static str,
    of: Option<String>,
    /// The claim by which the source corrected it.
    corrected_by: Option<String>,
    claims: Vec<String>,
}

/// Returns a fact over time; `claims` are its claims.
pub(crate) fn of_fact(view: &View, claims: &[Appearance]) -> Result<Vec<StretchJson>> {
    let mut judged = Vec::new();
    for claim in claims {
        for verdict in view.state().judged(&claim.claim.id) {
            judged.push(verdict?);
        }
    }
    timeline(claims, &judged)
        .iter()
        .map(|stretch| line(view, stretch, claims))
        .collect()
}

fn line(view: &View, stretch: &Stretch, claims: &[Appearance]) -> Result<StretchJson> {
    let own = |claim: &&Appearance| stretch.claims.contains(&claim.claim.id);
    let mut own = claims.iter().filter(own).peekable();
    let interval = own.peek().map(|claim| claim.claim.quantity.interval());
    let (low, high) = interval.map(wire::ends).unwrap_or_default();
    let (mut first_seen, mut last_seen): (Option<Timestamp>, Option<Timestamp>) = (None, None);
    for claim in own {
        let (first, last) = seen(view, claim)?;
        first_seen = Some(first_seen.map_or(first, |known| known.min(first)));
        last_seen = Some(last_seen.map_or(last, |known| known.max(last)));
    }
    Ok(StretchJson {
        source: stretch.source.to_string(),
        text: stretch.text.clone(),
        low,
        high,
        unit: stretch.unit.id.clone(),
        per: stretch.unit.per.clone(),
        status: stretch.status,
        published: stretch.first.to_string(),
        last_published: stretch.last.to_string(),
        first_seen: first_seen.unwrap_or(stretch.first).to_string(),
        last_seen: last_seen.unwrap_or(stretch.last).to_string(),
        change: stretch.kind.as_str(),
        of: stretch.kind.of().map(ToString::to_string),
        corrected_by: stretch.corrected_by.as_ref().map(ToString::to_string),
        claims: stretch.claims.iter().map(ToString::to_string).collect(),
    })
}

/// Returns when a claim was first and last seen to stand in its article.
fn seen(view: &View, claim: &Appearance) -> Result<(Timestamp, Timestamp)> {
    let state = view.state();
    let (key, id) = (&claim.claim.article, &claim.claim.id);
    let mut first = claim.article.meta.seen;
    let mut last = first;
    for revision in 1..claim.article.revision {
        let earlier = state.revision(key, revision)?;
        let has_it = |article: &hedui_store::state::StoredArticle| {
            article.claims.iter().any(|claim| claim.id == *id)
        };
        if let Some(earlier) = earlier.filter(has_it) {
            first = first.min(earlier.digest.meta.seen);
            break;
        }
    }
    let is_current = state.claim(id)?.is_some_and(|found| found.is_current);
    if let Some(url) = claim.article.meta.url.as_deref().filter(|_| is_current)
        && let Some(fetch) = state.fetch(url)?.filter(|fetch| fetch.failures == 0)
    {
        last = last.max(fetch.at);
    }
    Ok((first, last))
}

/// Prints a fact over time.
pub(crate) fn print(io: &mut Io<'_>, lines: &[StretchJson]) -> Result<()> {
    let day = |at: &str| at.get(..10).unwrap_or_default().to_owned();
    let span = |from: &str, to: &str| {
        let (from, to) = (day(from), day(to));
        if from == to {
            from
        } else {
            format!("{from} to {to}")
        }
    };
    let row = |line: &StretchJson| {
        let mut change = line.change.to_owned();
        if line.corrected_by.is_some() {
            change.push_str(", corrected");
        }
        if line.claims.len() > 1 {
            change.push_str(&format!(", {} claims", line.claims.len()));
        }
        vec![
            span(&line.published, &line.last_published),
            line.source.clone(),
            line.text.clone(),
            value(line),
            status_word(line.status).to_owned(),
            span(&line.first_seen, &line.last_seen),
            change,
        ]
    };
    let rows: Vec<Vec<String>> = lines.iter().map(row).collect();
    if !rows.is_empty() {
        let header = [
            "published",
            "source",
            "figure",
            "value",
            "status",
            "seen",
            "change",
        ];
        write!(io.out, "{}", table(io.style, &header, &rows))?;
    }
    Ok(())
}

fn value(line: &StretchJson) -> String {
    let group = |end: &Option<String>| end.as_deref().map(wire::grouped);
    let value = match (group(&line.low), group(&line.high)) {
        (Some(low), Some(high)) if low == high => low,
        (Some(low), Some(high)) => format!("{low} to {high}"),
        (Some(low), None) => format!("≥ {low}"),
        (None, Some(high)) => format!("≤ {high}"),
        (None, None) => String::new(),
    };
    match &line.per {
        Some(per) => format!("{value} {}/{per}", line.unit),
        None => format!("{value} {}", line.unit),
    }
}

/// One thing that happened to a conflict, by the evidence or by a person.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct HappeningJson {
    at: String,
    /// `opened`, `new_value`, `new_source`, `closed`, `reopened`; or what a person decided.
    event: &'static str,
    /// The evidence in a few words.
    evidence: Option<String>,
    /// What a person decided.
    decision: Option<DecisionJson>,
}

/// Returns what happened to a conflict, in the order of time.
pub(crate) fn of_conflict(view: &View, conflict: &Conflict) -> Result<Vec<HappeningJson>> {
    let mut happenings: Vec<(Timestamp, HappeningJson)> = Vec::new();
    for turn in &conflict.turns {
        let happening = HappeningJson {
            at: turn.at.to_string(),
            event: turn.kind.as_str(),
            evidence: Some(turn.evidence.clone()),
            decision: None,
        };
        happenings.push((turn.at, happening));
    }
    for line in about_named(view, &Named::Conflict(conflict.id.clone()))? {
        happenings.push((line.decision.at, decided(view, &line)?));
    }
    happenings.sort_by_key(|(at, _)| *at);
    Ok(happenings
        .into_iter()
        .map(|(_, happening)| happening)
        .collect())
}

/// Returns what people decided about the claims of a fact.
pub(crate) fn decided_about(view: &View, fact: &Fact) -> Result<Vec<HappeningJson>> {
    about_named(view, &Named::Fact(fact.id.clone()))?
        .iter()
        .map(|line| decided(view, line))
        .collect()
}

fn decided(view: &View, line: &Line) -> Result<HappeningJson> {
    let decision = DecisionJson::new(line.seq, &line.decision, view)?;
    Ok(HappeningJson {
        at: decision.at.clone(),
        event: decision.action,
        evidence: None,
        decision: Some(decision),
    })
}

/// Prints what happened.
pub(crate) fn print_happenings(io: &mut Io<'_>, happenings: &[HappeningJson]) -> Result<()> {
    for happening in happenings {
        let at = happening.at.get(..16).unwrap_or_default();
        let event = happening.event.replace('_', " ");
        let told = match (&happening.decision, &happening.evidence) {
            (Some(decision), _) => decided_words(decision),
            (None, Some(evidence)) => evidence.clone(),
            (None, None) => String::new(),
        };
        let line = format!("{at}Z  {event:<10}  {}", Safe(&told));
        writeln!(io.out, "  {}", io.paint(Color::Dim, line.trim_end()))?;
    }
    Ok(())
}

fn decided_words(decision: &DecisionJson) -> String {
    let mut words = vec![format!("by {}", decision.user)];
    let until = decision.until.as_deref().and_then(|until| until.get(..16));
    words.extend(until.map(|until| format!("until {until}Z")));
    words.extend(decision.value.as_ref().map(|value| format!("as {value}")));
    words.extend(decision.note.as_ref().map(|note| format!("({note})")));
    words.join(" ")
}
