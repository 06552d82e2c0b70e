//! `hedui resolve`: a person says which side is right, or that there is nothing to decide.

use anyhow::Result;
use clap::Args;
use hedui_model::{Conflict, ConflictState, Side};
use hedui_store::journal::Action;

use super::mark::standing;
use super::{At, Decide, Note, Outcome};
use crate::exit::{Exit, Failure};
use crate::io::Io;
use crate::store::View;

/// Settle a conflict: say which value is right, or why there is nothing to decide
#[derive(Debug, Args)]
#[command(after_help = "\
A settled conflict opens again when a source comes to a side that is not the right one, or a side comes with another value.
Without --value or --side a note says why it is no conflict.

Examples:
  hedui resolve k-2e56 --side 1
  hedui resolve k-2e56 --value '6 gigawatts' --note 'the filing says so'
  hedui resolve k-2e56 --note 'two different agreements'")]
pub(crate) struct Resolve {
    /// The conflict (k-…), or a fact (f-…) or claim (c-…) that it is about; the first digits will do
    #[arg(value_name = "ID")]
    id: String,
    /// The value that is right; a side that states it is the right one
    #[arg(
        long,
        visible_alias = "as",
        value_name = "VALUE",
        conflicts_with = "side"
    )]
    value: Option<String>,
    /// The side that is right, from 1, in the order in which `hedui show` lists them
    #[arg(long, value_name = "N")]
    side: Option<u32>,
    #[command(flatten)]
    note: Note,
}

impl Decide for Resolve {
    fn run(&self, at: &mut At<'_>, io: &mut Io<'_>) -> Result<Exit> {
        if self.value.is_none() && self.side.is_none() && self.note.note.is_none() {
            let failure = Failure::usage("nothing is said that settles it");
            return Err(failure
                .hint("say `--side N`, `--value VALUE`, or why with `--note TEXT`")
                .into());
        }
        let conflicts = at.conflicts(std::slice::from_ref(&self.id))?;
        let view = at.view;
        let settled = |conflict: &Conflict| self.settled(view, conflict);
        for conflict in &conflicts {
            let (value, side) = settled(conflict)?;
            if let Some(value) = value.filter(|_| side.is_none()) {
                let value = crate::io::Safe(&value).to_string();
                writeln!(
                    io.err,
                    "no side of `{}` says {value}: it is kept as your own value",
                    conflict.id
                )?;
            }
        }
        at.on_each(&conflicts, &self.note, io, |conflict| {
            let (value, side) = settled(conflict)?;
            let is_same = self.note.note.is_none()
                && matches!(&conflict.state, ConflictState::Resolved { value: known } if *known == value);
            Ok(if is_same {
                Outcome::Nothing(standing(conflict))
            } else {
                Outcome::Decide(Action::Resolve { value, side })
            })
        })
    }
}

impl Resolve {
    /// Returns the value that is right, and which side says so.
    fn settled(&self, view: &View, conflict: &Conflict) -> Result<(Option<String>, Option<u32>)> {
        if let Some(number) = self.side {
            let place = usize::try_from(number).unwrap_or(usize::MAX);
            let side = place
                .checked_sub(1)
                .and_then(|place| conflict.sides.get(place));
            let side = side.ok_or_else(|| {
                let count = conflict.sides.len();
                let failure = Failure::usage(format!(
                    "`--side`: `{}` has sides 1 to {count}",
                    conflict.id
                ));
                failure.hint(format!("`hedui show {}` lists them", conflict.id))
            })?;
            return Ok((Some(side.text.clone()), Some(number)));
        }
        let Some(value) = self
            .value
            .as_deref()
            .map(str::trim)
            .filter(|value| !value.is_empty())
        else {
            return Ok((None, None));
        };
        let states = |side: &Side| states(view, side, value);
        let mut place = None;
        for (index, side) in conflict.sides.iter().enumerate() {
            if place.is_none() && states(side)? {
                place = u32::try_from(index + 1).ok();
            }
        }
        Ok((Some(value.to_owned()), place))
    }
}

/// Tells whether a side states a value: to the letter, or as a figure.
fn states(view: &View, side: &Side, value: &str) -> Result<bool> {
    if side.text == value {
        return Ok(true);
    }
    if side.low.is_none() && side.high.is_none() {
        return Ok(false);
    }
    let vocabulary = crate::names::vocabulary(&view.engine()?.lexicon);
    Ok(vocabulary.numbers.figure(value).is_some_and(|figure| {
        (figure.low, figure.high) == (side.low, side.high)
            && (figure.units.is_empty() || figure.units.contains(&side.unit))
    }))
}
