//! Decisions by command: `hedui ack`, `snooze`, `mute`, `resolve`, `reopen`, `separate`, `join`, and the list of them.
//!
//! A command says what is decided; [`At`] keeps it, with the evidence by which it is found again whatever becomes of ids.
//! The commands run in the process that holds the archive, which may be another than the one that was called.

mod list;
mod mark;
mod mute;
mod pair;
mod resolve;

pub(crate) use list::{DecisionJson, Decisions, about_named};
pub(crate) use mark::{Ack, Reopen, Snooze};
pub(crate) use mute::Mute;
pub(crate) use pair::{Join, Separate};
pub(crate) use resolve::Resolve;

use anyhow::Result;
use clap::Args;
use hedui_model::{ClaimId, Conflict, ConflictState};
use hedui_store::journal::{Action, Anchor, Decision, SideThen};
use jiff::Timestamp;

use super::ids;
use super::select::{When, parse_when};
use super::{Command, Format};
use crate::exit::{Exit, Failure};
use crate::io::{Io, Safe};
use crate::list::ListWriter;
use crate::pipeline::words;
use crate::store::View;

/// The longest note. Characters.
const NOTE_CHARS_MAX: usize = 2_000;

/// A command that decides.
pub(crate) trait Decide {
    /// Decides.
    fn run(&self, at: &mut At<'_>, io: &mut Io<'_>) -> Result<Exit>;
}

/// Returns the command as one that decides, if it is one.
pub(crate) fn of(command: &Command) -> Option<&dyn Decide> {
    match command {
        Command::Ack(command) => Some(command),
        Command::Snooze(command) => Some(command),
        Command::Mute(command) if !command.lists() => Some(command),
        Command::Resolve(command) => Some(command),
        Command::Reopen(command) => Some(command),
        Command::Separate(command) => Some(command),
        Command::Join(command) => Some(command),
        _ => None,
    }
}

/// Runs a command that decides, on behalf of a user.
///
/// # Errors
/// A [`Failure`] where an id names nothing, and where the journal or the state cannot be written.
pub(crate) fn run(
    command: &dyn Decide,
    view: &View,
    user: &str,
    format: Option<Format>,
    io: &mut Io<'_>,
) -> Result<Exit> {
    if !view.may_decide() {
        let message = "the archive is held by a process that only reads";
        return Err(Failure::archive(message)
            .hint("give the same command again")
            .into());
    }
    let format = format.unwrap_or(Format::Table);
    let mut at = At {
        view,
        user,
        format,
        list: ListWriter::new(format),
    };
    let exit = command.run(&mut at, io)?;
    if format != Format::Table {
        at.list.finish(io)?;
    }
    Ok(exit)
}

/// Returns who decides: the variable `HEDUI_USER`, else what the configuration says, else `local`.
pub(crate) fn user(config: &crate::config::Config) -> String {
    let named = std::env::var("HEDUI_USER").ok();
    let mut names = [named.as_deref(), Some(config.user.as_str())]
        .into_iter()
        .flatten();
    let name = names.find_map(|name| {
        let name = name.trim();
        (!name.is_empty()).then(|| name.chars().filter(|c| !c.is_control()).take(100).collect())
    });
    name.unwrap_or_else(|| "local".to_owned())
}

/// Why it was decided.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct Note {
    /// Why, in your words; kept with the decision
    #[arg(long, value_name = "TEXT", value_parser = parse_note)]
    note: Option<String>,
}

fn parse_note(text: &str) -> Result<String, String> {
    let text = text.trim();
    if text.is_empty() {
        return Err("a note has some text".to_owned());
    }
    if text.chars().count() > NOTE_CHARS_MAX {
        return Err(format!("a note has at most {NOTE_CHARS_MAX} characters"));
    }
    Ok(text.to_owned())
}

/// How long a decision holds.
#[derive(Clone, Copy, Debug, Default, Args)]
pub(crate) struct Limit {
    /// Until this day or time: 2026-12-24, or 2026-12-24T08:00:00Z
    #[arg(long, value_name = "TIME", value_parser = parse_until, conflicts_with = "span")]
    until: Option<When>,
    /// For so long: 36h, 7d, 2w
    #[arg(long = "for", id = "span", value_name = "SPAN", value_parser = parse_span)]
    span: Option<i64>,
}

fn parse_until(text: &str) -> Result<When, String> {
    match parse_when(text) {
        Ok(When::Ago(_)) => Err("a day or a time; a span goes with `--for`".to_owned()),
        Ok(when) => Ok(when),
        Err(_) => Err("a day (2026-12-24) or a time with zone (2026-12-24T08:00:00Z)".to_owned()),
    }
}

fn parse_span(text: &str) -> Result<i64, String> {
    match parse_when(text) {
        Ok(When::Ago(seconds)) if seconds > 0 => Ok(seconds),
        _ => Err("a span: 36h, 7d, 2w".to_owned()),
    }
}

impl Limit {
    /// Returns the end, if there is one.
    fn end(self, now: Timestamp) -> Result<Option<Timestamp>, Failure> {
        let end = match (self.until, self.span) {
            (Some(until), _) => until.start(now),
            (None, Some(seconds)) => {
                let end = now.as_second().checked_add(seconds);
                let end = end.and_then(|end| Timestamp::from_second(end).ok());
                end.ok_or_else(|| Failure::usage("that is too long"))?
            }
            (None, None) => return Ok(None),
        };
        if end <= now {
            let message = format!("`--until`: {} is over", crate::pipeline::minute(end));
            return Err(Failure::usage(message).hint("`hedui reopen` opens a conflict at once"));
        }
        Ok(Some(end))
    }
}

/// What a decision comes to where it meets one conflict.
enum Outcome {
    /// It is kept.
    Decide(Action),
    /// It would change nothing, and why.
    Nothing(String),
}

/// Where a command decides, and for whom.
pub(crate) struct At<'v> {
    view: &'v View,
    user: &'v str,
    format: Format,
    list: ListWriter,
}

impl At<'_> {
    /// Finds the conflicts that ids name, each once. All of them are looked for before anything is decided.
    fn conflicts(&self, ids: &[String]) -> Result<Vec<Conflict>> {
        let mut found: Vec<Conflict> = Vec::new();
        for text in ids {
            let named = ids::find(self.view, text)?;
            let conflict = named.conflict(self.view)?.ok_or_else(|| Failure {
                exit: Exit::No,
                message: format!("there is no conflict about `{}`", named.as_str()),
                hint: Some("`hedui mute` can mute a fact before there is one".to_owned()),
            })?;
            if found.iter().all(|known| known.id != conflict.id) {
                found.push(conflict);
            }
        }
        Ok(found)
    }

    /// Decides about each of some conflicts.
    fn on_each(
        &mut self,
        conflicts: &[Conflict],
        note: &Note,
        io: &mut Io<'_>,
        outcome: impl Fn(&Conflict) -> Result<Outcome>,
    ) -> Result<Exit> {
        let outcomes: Vec<Outcome> = conflicts.iter().map(outcome).collect::<Result<_>>()?;
        for (conflict, outcome) in conflicts.iter().zip(outcomes) {
            match outcome {
                Outcome::Decide(action) => {
                    let decision = self.about(conflict, action, note)?;
                    self.keep(decision, io)?;
                }
                Outcome::Nothing(why) => {
                    writeln!(io.err, "`{}` {}: nothing changed", conflict.id, Safe(&why))?;
                }
            }
        }
        Ok(Exit::Done)
    }

    /// Makes a decision about a conflict, with the evidence that it stands on.
    fn about(&self, conflict: &Conflict, action: Action, note: &Note) -> Result<Decision> {
        let sides: Vec<SideThen> = conflict.sides.iter().map(SideThen::of).collect();
        // What the evidence alone says is kept; `conflict` is as people left it.
        let kept = hedui_store::State::conflict(self.view.state(), &conflict.id)?;
        let ended = match kept.map(|kept| kept.state) {
            Some(ConflictState::Closed { by }) => Some(by),
            _ => None,
        };
        Ok(Decision {
            conflict: Some(conflict.id.clone()),
            evidence: self.anchors(sides.iter().flat_map(|side| &side.claims))?,
            ended,
            sides,
            ..self.plain(action, note)
        })
    }

    /// Makes a decision that stands by itself.
    fn plain(&self, action: Action, note: &Note) -> Decision {
        Decision {
            at: self.view.now,
            user: self.user.to_owned(),
            note: note.note.clone(),
            action,
            conflict: None,
            evidence: Vec::new(),
            ended: None,
            sides: Vec::new(),
        }
    }

    /// Takes the evidence of claims; one that is gone meanwhile has none.
    fn anchors<'c>(&self, claims: impl Iterator<Item = &'c ClaimId>) -> Result<Vec<Anchor>> {
        let mut anchors = Vec::new();
        for claim in claims {
            let found = self.view.appearance(claim)?;
            anchors.extend(found.map(|appearance| Anchor::of(&appearance.claim)));
        }
        Ok(anchors)
    }

    /// Keeps a decision, and says so.
    fn keep(&mut self, decision: Decision, io: &mut Io<'_>) -> Result<()> {
        let seq = self.view.decide(decision.clone())?;
        let line = DecisionJson::new(seq, &decision, self.view)?;
        if self.format != Format::Table {
            self.list.item(io, &line)?;
            return Ok(());
        }
        let what = words::action(&decision.action);
        let until = line.until.as_deref().and_then(|until| until.get(..16));
        let until = until.map_or_else(String::new, |until| format!(" until {until}Z"));
        writeln!(io.out, "{what}{until}  {}", Safe(&line.about))?;
        Ok(())
    }
}
