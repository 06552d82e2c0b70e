//! `hedui ack`, `hedui snooze`, `hedui reopen`: where a conflict stands.

use anyhow::Result;
use clap::{ArgGroup, Args};
use hedui_model::{Conflict, ConflictState};
use hedui_store::journal::Action;

use super::{At, Decide, Limit, Note, Outcome};
use crate::exit::Exit;
use crate::io::Io;
use crate::pipeline::minute;

/// Acknowledge conflicts: looked at, and nothing more is wanted for now
#[derive(Debug, Args)]
#[command(after_help = "\
An acknowledged conflict is no longer told. It opens again with news: a side with another value, or a further independent
source on a side that is not the better supported.

Examples:
  hedui ack k-2e5600f23789c751
  hedui ack k-2e56 k-97a1 --note 'asked the desk in Taipei'")]
pub(crate) struct Ack {
    /// Conflicts (k-…), or facts (f-…) or claims (c-…) that they are about; the first digits will do
    #[arg(required = true, value_name = "ID")]
    ids: Vec<String>,
    #[command(flatten)]
    note: Note,
}

impl Decide for Ack {
    fn run(&self, at: &mut At<'_>, io: &mut Io<'_>) -> Result<Exit> {
        let conflicts = at.conflicts(&self.ids)?;
        at.on_each(&conflicts, &self.note, io, |conflict| {
            Ok(match &conflict.state {
                ConflictState::Acked if self.note.note.is_some() => Outcome::Decide(Action::Ack),
                ConflictState::Open | ConflictState::Snoozed { .. } => Outcome::Decide(Action::Ack),
                _ => Outcome::Nothing(standing(conflict)),
            })
        })
    }
}

/// Put conflicts off: told again after a time
#[derive(Debug, Args)]
#[command(group(ArgGroup::new("end").required(true).args(["until", "span"])))]
#[command(after_help = "\
When the time is over the conflict is open again, and told again. News open it before that, as for `hedui ack`.

Examples:
  hedui snooze k-2e56 --for 7d
  hedui snooze k-2e56 --until 2026-12-24 --note 'they promised a correction'")]
pub(crate) struct Snooze {
    /// Conflicts (k-…), or facts (f-…) or claims (c-…) that they are about; the first digits will do
    #[arg(required = true, value_name = "ID")]
    ids: Vec<String>,
    #[command(flatten)]
    limit: Limit,
    #[command(flatten)]
    note: Note,
}

impl Decide for Snooze {
    fn run(&self, at: &mut At<'_>, io: &mut Io<'_>) -> Result<Exit> {
        let Some(until) = self.limit.end(at.view.now)? else {
            return Ok(Exit::Usage);
        };
        let conflicts = at.conflicts(&self.ids)?;
        at.on_each(&conflicts, &self.note, io, |conflict| {
            Ok(match &conflict.state {
                ConflictState::Snoozed { until: known } if *known == until => {
                    Outcome::Nothing(standing(conflict))
                }
                ConflictState::Open | ConflictState::Acked | ConflictState::Snoozed { .. } => {
                    Outcome::Decide(Action::Snooze { until })
                }
                _ => Outcome::Nothing(standing(conflict)),
            })
        })
    }
}

/// Open conflicts again, whatever was decided about them
#[derive(Debug, Args)]
#[command(after_help = "\
Ends an acknowledgement, a snooze, a mute or a settlement. A conflict that the evidence closed is opened too, until more
evidence ends it.

Example:
  hedui reopen k-2e56 --note 'the correction was withdrawn'")]
pub(crate) struct Reopen {
    /// Conflicts (k-…), or facts (f-…) or claims (c-…) that they are about; the first digits will do
    #[arg(required = true, value_name = "ID")]
    ids: Vec<String>,
    #[command(flatten)]
    note: Note,
}

impl Decide for Reopen {
    fn run(&self, at: &mut At<'_>, io: &mut Io<'_>) -> Result<Exit> {
        let conflicts = at.conflicts(&self.ids)?;
        at.on_each(&conflicts, &self.note, io, |conflict| {
            Ok(match &conflict.state {
                ConflictState::Open => Outcome::Nothing(standing(conflict)),
                _ => Outcome::Decide(Action::Reopen),
            })
        })
    }
}

/// Says where a conflict stands: `is muted until 2026-12-24T00:00Z (muted by li …)`.
pub(super) fn standing(conflict: &Conflict) -> String {
    let state = match &conflict.state {
        ConflictState::Open => "is open".to_owned(),
        ConflictState::Acked => "is acknowledged".to_owned(),
        ConflictState::Snoozed { until } => format!("is put off until {}", minute(*until)),
        ConflictState::Muted { .. } => "is muted".to_owned(),
        ConflictState::Resolved { .. } => "is settled".to_owned(),
        ConflictState::Closed { .. } => "is closed".to_owned(),
    };
    if conflict.state_why.is_empty() {
        state
    } else {
        format!("{state} ({})", conflict.state_why)
    }
}
