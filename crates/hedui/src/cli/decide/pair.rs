//! `hedui separate` and `hedui join`: which claims are about one thing, as a person knows it.

use std::collections::BTreeSet;

use anyhow::Result;
use clap::Args;
use hedui_model::ClaimId;
use hedui_store::journal::{Action, Decision, SideThen};

use super::{At, Decide, Note};
use crate::cli::ids::{self, Named};
use crate::exit::{Exit, Failure};
use crate::io::Io;
use crate::pipeline::{Ledger, Tie};

/// How many claims of a group are set apart from those of another, or joined; what hangs together with them follows.
const GROUP_MAX: usize = 100;

/// Say that claims are not about the same fact: never grouped again
#[derive(Debug, Args)]
#[command(after_help = "\
Of two ids, the claims of one are set apart from those of the other: a claim from a claim, from the rest of a fact, or a fact
from a fact. Of one id, the sides of that conflict are set apart, or that claim from the rest of its fact. A conflict between
what is set apart is closed.

Examples:
  hedui separate c-0123456789abcdef c-fedcba9876543210
  hedui separate k-2e56 --note 'revenue of two different years'
  hedui separate --undo k-2e56")]
pub(crate) struct Separate {
    /// Two claims (c-…) or facts (f-…), or one conflict (k-…) or claim; the first digits will do
    #[arg(required = true, num_args = 1..=2, value_name = "ID")]
    ids: Vec<String>,
    #[command(flatten)]
    note: Note,
    /// Leave it to the program again
    #[arg(long)]
    undo: bool,
}

/// Say that claims, or facts, are about the same thing
#[derive(Debug, Args)]
#[command(after_help = "\
They are one fact from then on. Whether their figures agree still follows from the figures: where they do not, there is a
conflict.

Examples:
  hedui join c-0123456789abcdef c-fedcba9876543210
  hedui join f-0123456789abcdef f-fedcba9876543210
  hedui join --undo c-0123 c-fedc")]
pub(crate) struct Join {
    /// Two claims (c-…), facts (f-…) or conflicts (k-…); the first digits will do
    #[arg(required = true, num_args = 2, value_name = "ID")]
    ids: Vec<String>,
    #[command(flatten)]
    note: Note,
    /// Leave it to the program again
    #[arg(long)]
    undo: bool,
}

impl Decide for Separate {
    fn run(&self, at: &mut At<'_>, io: &mut Io<'_>) -> Result<Exit> {
        let groups = groups(at, &self.ids)?;
        let lens = at.view.lens()?;
        let ledger = lens.ledger();
        if self.undo {
            return release(at, &groups, ledger, Tie::Separate, &self.note, io);
        }
        let is_known = pairs(&groups).all(|(a, b)| ledger.tie_of(a, b) == Some(Tie::Separate));
        if is_known && self.note.note.is_none() {
            writeln!(io.err, "they are set apart already: nothing changed")?;
            return Ok(Exit::Done);
        }
        decide(
            at,
            &groups,
            |a, b| Action::Separate { a, b },
            &self.note,
            io,
        )
    }
}

impl Decide for Join {
    fn run(&self, at: &mut At<'_>, io: &mut Io<'_>) -> Result<Exit> {
        let groups = groups(at, &self.ids)?;
        let lens = at.view.lens()?;
        let ledger = lens.ledger();
        if self.undo {
            return release(at, &groups, ledger, Tie::Join, &self.note, io);
        }
        let mut ties = pairs(&groups).map(|(a, b)| ledger.tie_of(a, b));
        if ties.any(|tie| tie == Some(Tie::Join)) && self.note.note.is_none() {
            writeln!(io.err, "they are joined already: nothing changed")?;
            return Ok(Exit::Done);
        }
        decide(at, &groups, |a, b| Action::Join { a, b }, &self.note, io)
    }
}

/// Takes back what was decided about claims of two groups.
fn release(
    at: &mut At<'_>,
    groups: &[Vec<ClaimId>],
    ledger: &Ledger,
    tie: Tie,
    note: &Note,
    io: &mut Io<'_>,
) -> Result<Exit> {
    if !pairs(groups).any(|(a, b)| ledger.tie_of(a, b) == Some(tie)) {
        let done = match tie {
            Tie::Separate => "set apart",
            Tie::Join => "joined",
        };
        return Err(Failure {
            exit: Exit::No,
            message: format!("no decision has {done} these"),
            hint: Some("`hedui decisions` lists them all".to_owned()),
        }
        .into());
    }
    decide(at, groups, |a, b| Action::Release { a, b }, note, io)
}

fn pairs(groups: &[Vec<ClaimId>]) -> impl Iterator<Item = (&ClaimId, &ClaimId)> {
    groups.iter().enumerate().flat_map(move |(index, group)| {
        let others = groups.iter().skip(index + 1).flatten();
        others.flat_map(move |other| group.iter().map(move |own| (own, other)))
    })
}

fn decide(
    at: &mut At<'_>,
    groups: &[Vec<ClaimId>],
    action: impl Fn(ClaimId, ClaimId) -> Action,
    note: &Note,
    io: &mut Io<'_>,
) -> Result<Exit> {
    let mut first = groups.iter().filter_map(|group| group.first()).cloned();
    let (Some(a), Some(b)) = (first.next(), first.next()) else {
        return Err(Failure::usage("there is only one claim").into());
    };
    let sides = groups.iter().map(|claims| SideThen {
        claims: claims.clone(),
        ..SideThen::default()
    });
    let decision = Decision {
        evidence: at.anchors(groups.iter().flatten())?,
        sides: sides.collect(),
        ..at.plain(action(a, b), note)
    };
    at.keep(decision, io)?;
    Ok(Exit::Done)
}

/// Returns the groups of claims that ids name: two or more, none of them empty, no claim in two of them.
fn groups(at: &At<'_>, ids: &[String]) -> Result<Vec<Vec<ClaimId>>> {
    let named: Vec<Named> = ids
        .iter()
        .map(|id| ids::find(at.view, id))
        .collect::<Result<_>>()?;
    let groups = match named.as_slice() {
        [one] => of_one(at, one)?,
        several => of_several(at, several)?,
    };
    let mut seen: BTreeSet<ClaimId> = BTreeSet::new();
    let mut distinct = Vec::new();
    for group in groups {
        let group = group.into_iter().filter(|claim| seen.insert(claim.clone()));
        let group: Vec<ClaimId> = group.take(GROUP_MAX).collect();
        if !group.is_empty() {
            distinct.push(group);
        }
    }
    if distinct.len() < 2 {
        let names: Vec<&str> = named.iter().map(Named::as_str).collect();
        let failure = Failure::usage(format!(
            "`{}` is one claim, or one group of claims",
            names.join("` and `")
        ));
        return Err(failure.hint("name two that are not the same").into());
    }
    Ok(distinct)
}

/// The sides of a conflict, or a claim and the rest of its fact.
fn of_one(at: &At<'_>, named: &Named) -> Result<Vec<Vec<ClaimId>>> {
    if let Named::Claim(claim) = named {
        let fact = named.fact(at.view)?;
        let rest = fact.map(|fact| fact.claims).unwrap_or_default();
        return Ok(vec![vec![claim.clone()], rest]);
    }
    let conflict = named.conflict(at.view)?.ok_or_else(|| Failure {
        exit: Exit::No,
        message: format!(
            "there is no conflict about `{}`, and no side to set apart",
            named.as_str()
        ),
        hint: Some("name the two claims, or a claim and the fact".to_owned()),
    })?;
    Ok(conflict.sides.into_iter().map(|side| side.claims).collect())
}

/// What each id stands for; the claims of a fact that are named by themselves are no part of it.
fn of_several(at: &At<'_>, named: &[Named]) -> Result<Vec<Vec<ClaimId>>> {
    let alone: BTreeSet<&ClaimId> = named
        .iter()
        .filter_map(|named| match named {
            Named::Claim(claim) => Some(claim),
            _ => None,
        })
        .collect();
    named
        .iter()
        .map(|named| match named {
            Named::Claim(claim) => Ok(vec![claim.clone()]),
            other => {
                let fact = other.fact(at.view)?;
                let claims = fact.map(|fact| fact.claims).unwrap_or_default();
                Ok(claims
                    .into_iter()
                    .filter(|claim| !alone.contains(claim))
                    .collect())
            }
        })
        .collect()
}
