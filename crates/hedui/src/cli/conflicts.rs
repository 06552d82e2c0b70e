//! `hedui conflicts`: the list that all of this is for.

use std::cmp::Reverse;

use anyhow::Result;
use clap::{Args, ValueEnum};
use hedui_model::{Cause, Confidence, Conflict};

use super::Format;
use super::select::TimeFilter;
use crate::exit::Exit;
use crate::io::Io;
use crate::list::ListWriter;
use crate::store::View;
use crate::wire::ConflictJson;

/// The states that are listed where none is named.
const LISTED: &[&str] = &["open", "acked"];

/// List conflicts: facts whose figures cannot all be true
#[derive(Debug, Args)]
#[command(after_help = "\
Each conflict shows its sides, a sentence for each, how many independent sources stand on it, and why.
Without --state, open and acknowledged ones are listed. `hedui ack`, `snooze`, `mute` and `resolve` say what is to become of
one; updates and corrections close them.

Severity, 0 to 100: up to 40 for how far the sides are apart, 4 for each doubling of what rounding explains; 10, 18 or 25 for
one, two or more independent sources on the weaker side; up to 20 for how central the metric is; up to 15 for how recent.

Examples:
  hedui conflicts
  hedui conflicts --cause scale_error,currency --min-confidence 0.9
  hedui conflicts --since 1d --fail     exit code 1 when any is listed: fit for cron
  hedui conflicts --format jsonl")]
pub(crate) struct Conflicts {
    /// Only conflicts about this entity, by any of its names
    #[arg(long, value_name = "NAME")]
    entity: Option<String>,
    /// Only conflicts about this metric, by its id
    #[arg(long, value_name = "ID")]
    metric: Option<String>,
    #[command(flatten)]
    filter: ConflictFilter,
    #[command(flatten)]
    time: TimeFilter,
    /// The order
    #[arg(long, value_enum, default_value_t = Order::Severity)]
    sort: Order,
    /// Exit with 1 when any conflict is listed
    #[arg(long)]
    fail: bool,
}

/// Which conflicts are meant, by what they are like.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct ConflictFilter {
    /// Only conflicts of these causes
    #[arg(long, value_delimiter = ',', value_name = "CAUSE", value_parser = parse_cause)]
    cause: Vec<Cause>,
    /// Only conflicts in these states: open, acked, snoozed, muted, resolved, closed
    #[arg(long, value_delimiter = ',', value_name = "STATE", value_parser = ["open", "acked", "snoozed", "muted", "resolved", "closed"])]
    state: Vec<String>,
    /// Only conflicts of at least this severity, 0 to 100
    #[arg(long, default_value_t = 0, value_name = "N")]
    min_severity: u8,
    /// Only conflicts of at least this confidence, 0 to 1
    #[arg(long, value_name = "P", value_parser = parse_confidence)]
    min_confidence: Option<Confidence>,
}

impl ConflictFilter {
    /// Tells whether nothing is asked for.
    pub(crate) fn is_empty(&self) -> bool {
        self.cause.is_empty()
            && self.state.is_empty()
            && self.min_severity == 0
            && self.min_confidence.is_none()
    }

    /// Tells whether a conflict is meant; where no state is asked for, only one of `states` is.
    pub(crate) fn admits(&self, conflict: &Conflict, states: Option<&[&str]>) -> bool {
        let state = conflict.state.as_str();
        let is_listed = if self.state.is_empty() {
            states.is_none_or(|states| states.contains(&state))
        } else {
            self.state.iter().any(|wanted| wanted == state)
        };
        is_listed
            && (self.cause.is_empty() || self.cause.contains(&conflict.cause))
            && conflict.severity >= self.min_severity
            && self
                .min_confidence
                .is_none_or(|min| conflict.confidence >= min)
    }
}

/// The order of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Order {
    /// The most severe first
    Severity,
    /// The most certain first
    Confidence,
    /// The latest evidence first
    Newest,
}

pub(crate) fn parse_confidence(text: &str) -> Result<Confidence, String> {
    crate::config::parse_confidence(text)
        .ok_or_else(|| "a number from 0 to 1, such as 0.9".to_owned())
}

pub(crate) fn parse_cause(text: &str) -> Result<Cause, String> {
    serde_json::from_value(serde_json::Value::String(text.to_owned())).map_err(|_| {
        "one of scale_error, currency, scope, period, rounding, revision, gloss, other".to_owned()
    })
}

impl Conflicts {
    /// Lists the conflicts.
    pub(crate) fn run(&self, view: &View, format: Option<Format>, io: &mut Io<'_>) -> Result<Exit> {
        let entity = self
            .entity
            .as_deref()
            .map(|name| view.canonical_name(name))
            .transpose()?;
        let mut found: Vec<Conflict> = Vec::new();
        for conflict in view.conflicts()? {
            let conflict = conflict?;
            if self.admits(&conflict, entity.as_deref(), view) {
                found.push(conflict);
            }
        }
        let weight = |conflict: &Conflict| weight_of(conflict, view);
        match self.sort {
            Order::Severity => found.sort_by_cached_key(|conflict| {
                Reverse((conflict.severity, weight(conflict), conflict.confidence))
            }),
            Order::Confidence => found.sort_by_cached_key(|conflict| {
                Reverse((conflict.confidence, conflict.severity, weight(conflict)))
            }),
            Order::Newest => found.sort_by_key(|conflict| Reverse(conflict.last_seen)),
        }
        match format {
            None | Some(Format::Table) => {
                let lookup = |id: &_| view.appearance(id).ok().flatten();
                for conflict in &found {
                    crate::card::print(io, conflict, &lookup)?;
                }
            }
            Some(format) => {
                let mut list = ListWriter::new(format);
                for conflict in &found {
                    list.item(io, &ConflictJson::from(conflict))?;
                }
                list.finish(io)?;
            }
        }
        if found.is_empty() {
            writeln!(io.err, "no conflict matches")?;
        }
        let no = if self.fail { !found.is_empty() } else { false };
        Ok(if no { Exit::No } else { Exit::Done })
    }

    fn admits(&self, conflict: &Conflict, entity: Option<&str>, view: &View) -> bool {
        self.filter.admits(conflict, Some(LISTED))
            && entity.is_none_or(|name| {
                conflict
                    .entities
                    .iter()
                    .any(|entity| entity.eq_ignore_ascii_case(name))
            })
            && self.metric.as_deref().is_none_or(|id| {
                conflict
                    .metric
                    .as_ref()
                    .is_some_and(|metric| metric.id == id || metric.family == id)
            })
            && self.time.admits(conflict.last_seen, view.now)
    }
}

/// Returns the weight of the lighter side: that of its weightiest source.
fn weight_of(conflict: &Conflict, view: &View) -> u8 {
    let of_claim = |id: &hedui_model::ClaimId| {
        let appearance = view.appearance(id).ok().flatten()?;
        let sources = &view.config().sources;
        sources
            .iter()
            .find(|source| source.id == appearance.article.meta.source)
            .map(|source| source.weight)
    };
    let of_side = |side: &hedui_model::Side| {
        side.claims
            .iter()
            .filter_map(of_claim)
            .max()
            .unwrap_or_default()
    };
    conflict.sides.iter().map(of_side).min().unwrap_or_default()
}
