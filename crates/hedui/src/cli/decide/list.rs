//! `hedui decisions`: who decided what, when and why.

use anyhow::Result;
use clap::Args;
use hedui_model::{ClaimId, ConflictId, Fact};
use hedui_store::journal::{Action, Decision};
use serde::Serialize;

use super::mute;
use crate::cli::select::TimeFilter;
use crate::cli::{Format, ids};
use crate::exit::Exit;
use crate::io::{Io, table};
use crate::list::ListWriter;
use crate::pipeline::{Line, words};
use crate::store::View;

/// List what people decided, with who, when and why
#[derive(Debug, Args)]
#[command(after_help = "\
Decisions hang on their evidence (article, sentence, figure), so that they hold whatever becomes of ids. One whose evidence is
nowhere to be found any more is marked as adrift. They are kept under the name in HEDUI_USER, else in `user` under
[decisions] of the configuration, else `local`.

Examples:
  hedui decisions
  hedui decisions --since 7d --user li
  hedui decisions k-2e56
  hedui decisions --format jsonl")]
pub(crate) struct Decisions {
    /// Only those about this conflict (k-…), fact (f-…) or claim (c-…)
    #[arg(value_name = "ID")]
    id: Option<String>,
    /// Only those of this user
    #[arg(long, value_name = "NAME")]
    user: Option<String>,
    /// Only these: ack, snooze, mute, unmute, resolve, reopen, separate, join, release
    #[arg(long, value_delimiter = ',', value_name = "ACTION", value_parser = ["ack", "snooze", "mute", "unmute", "resolve", "reopen", "separate", "join", "release"])]
    action: Vec<String>,
    /// Only those whose evidence is nowhere to be found any more
    #[arg(long)]
    adrift: bool,
    #[command(flatten)]
    time: TimeFilter,
}

/// A line of `hedui decisions --format jsonl`.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct DecisionJson {
    /// The number of its line in the journal.
    pub(crate) seq: u64,
    pub(crate) at: String,
    pub(crate) user: String,
    pub(crate) action: &'static str,
    pub(crate) note: Option<String>,
    /// What it is about, for people.
    pub(crate) about: String,
    /// The conflict, by the id that it has now, or had.
    pub(crate) conflict: Option<String>,
    pub(crate) until: Option<String>,
    pub(crate) value: Option<String>,
    pub(crate) side: Option<u32>,
    pub(crate) sources: Vec<String>,
    pub(crate) entity: Option<String>,
    pub(crate) metric: Option<String>,
    pub(crate) cause: Option<&'static str>,
    /// The claims that were set apart or joined, by group; those of the sides of a conflict.
    pub(crate) groups: Vec<Vec<String>>,
    pub(crate) evidence: Vec<AnchorJson>,
}

/// A claim as it was when it was decided about.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct AnchorJson {
    claim: String,
    article: String,
    mention: String,
}

impl DecisionJson {
    /// Makes the line of a decision.
    pub(crate) fn new(seq: u64, decision: &Decision, view: &View) -> Result<DecisionJson> {
        let found = decision.conflict.as_ref().map(|id| view.conflict(id));
        let found = found.transpose()?.flatten();
        let conflict = match (&found, &decision.conflict) {
            (Some(conflict), _) => Some(conflict.id.to_string()),
            (None, id) => id.as_ref().map(ToString::to_string),
        };
        let mut line = DecisionJson {
            seq,
            at: decision.at.to_string(),
            user: decision.user.clone(),
            action: words::action(&decision.action),
            note: decision.note.clone(),
            about: String::new(),
            conflict,
            until: None,
            value: None,
            side: None,
            sources: Vec::new(),
            entity: None,
            metric: None,
            cause: None,
            groups: decision
                .sides
                .iter()
                .map(|side| side.claims.iter().map(ToString::to_string).collect())
                .collect(),
            evidence: decision
                .evidence
                .iter()
                .map(|anchor| AnchorJson {
                    claim: anchor.claim.to_string(),
                    article: anchor.article.to_string(),
                    mention: anchor.mention.clone(),
                })
                .collect(),
        };
        line.take(&decision.action);
        line.about = match (&found, &line.conflict) {
            (Some(conflict), Some(id)) => format!("{id}  {}", crate::card::subject(conflict)),
            (None, Some(id)) => match about(decision) {
                about if about.is_empty() => id.clone(),
                about => format!("{id}  {about}"),
            },
            (_, None) => about(decision),
        };
        Ok(line)
    }

    fn take(&mut self, action: &Action) {
        match action {
            Action::Snooze { until } => self.until = Some(until.to_string()),
            Action::Mute { until } => self.until = until.map(|until| until.to_string()),
            Action::Resolve { value, side } => {
                self.value.clone_from(value);
                self.side = *side;
            }
            Action::MuteWhere { rule, .. } | Action::UnmuteWhere { rule } => {
                if let Action::MuteWhere { until, .. } = action {
                    self.until = until.map(|until| until.to_string());
                }
                self.sources = rule.sources.iter().map(ToString::to_string).collect();
                self.entity.clone_from(&rule.entity);
                self.metric.clone_from(&rule.metric);
                self.cause = rule.cause.map(crate::card::cause_id);
            }
            _ => {}
        }
    }
}

/// Says what a decision without a conflict is about: a rule, or claims by their figures.
fn about(decision: &Decision) -> String {
    let rule = words::rule(&decision.action);
    if !rule.is_empty() {
        return rule;
    }
    let of_claim = |claim: &ClaimId| {
        let mut anchors = decision.evidence.iter();
        anchors.find(|anchor| anchor.claim == *claim)
    };
    let group = |claims: &[ClaimId]| {
        let first = claims.first()?;
        let mention = of_claim(first).map_or("", |anchor| anchor.mention.as_str());
        let more = match claims.len() {
            0 | 1 => String::new(),
            count => format!(" and {} more", count - 1),
        };
        Some(format!("{first} {mention}{more}"))
    };
    let groups: Vec<String> = if decision.sides.is_empty() {
        let anchors = decision.evidence.iter();
        anchors
            .map(|anchor| format!("{} {}", anchor.claim, anchor.mention))
            .collect()
    } else {
        decision
            .sides
            .iter()
            .filter_map(|side| group(&side.claims))
            .collect()
    };
    groups.join(" | ")
}

/// A line of the list, with what the ledger knows of it.
#[derive(Serialize)]
struct Listed {
    #[serde(flatten)]
    decision: DecisionJson,
    /// Whether its evidence is nowhere to be found, so that it bears on nothing.
    adrift: bool,
}

impl Decisions {
    /// Lists the decisions.
    pub(crate) fn run(&self, view: &View, format: Option<Format>, io: &mut Io<'_>) -> Result<Exit> {
        let lens = view.lens()?;
        let ledger = lens.ledger();
        let about: Option<Vec<u64>> = match &self.id {
            None => None,
            Some(id) => {
                let named = ids::find(view, id)?;
                let lines = about_named(view, &named)?;
                Some(lines.iter().map(|line| line.seq).collect())
            }
        };
        let wanted = |line: &&Line| {
            about.as_ref().is_none_or(|about| about.contains(&line.seq))
                && self
                    .user
                    .as_ref()
                    .is_none_or(|user| *user == line.decision.user)
                && (self.action.is_empty()
                    || self
                        .action
                        .iter()
                        .any(|word| word == words::action(&line.decision.action)))
                && (!self.adrift || line.is_adrift())
                && self.time.admits(line.decision.at, view.now)
        };
        let mut lines: Vec<Listed> = Vec::new();
        for line in ledger.lines().iter().filter(wanted) {
            lines.push(Listed {
                decision: DecisionJson::new(line.seq, &line.decision, view)?,
                adrift: line.is_adrift(),
            });
        }
        print(&lines, format, io)?;
        if lines.is_empty() {
            writeln!(io.err, "no decision matches")?;
            return Ok(Exit::No);
        }
        Ok(Exit::Done)
    }
}

/// Returns the decisions about what an id names, in order.
pub(crate) fn about_named(view: &View, named: &ids::Named) -> Result<Vec<Line>> {
    let lens = view.lens()?;
    let ledger = lens.ledger();
    let mut lines: Vec<Line> = Vec::new();
    let fact = named.fact(view)?;
    match (named.conflict(view)?, &fact) {
        (Some(conflict), _) => lines.extend(ledger.lines_on(&conflict).cloned()),
        (None, Some(fact)) => lines.extend(ledger.lines_naming(&ids_of(fact)).cloned()),
        (None, None) => {}
    }
    let claims = match named {
        ids::Named::Claim(claim) => [claim.clone()].into(),
        _ => fact
            .map(|fact| fact.claims.into_iter().collect())
            .unwrap_or_default(),
    };
    lines.extend(ledger.ties_among(&claims).cloned());
    lines.sort_by_key(|line| line.seq);
    lines.dedup_by_key(|line| line.seq);
    Ok(lines)
}

/// Returns the ids that the conflict about a fact has or had, whether there is one or not.
pub(super) fn ids_of(fact: &Fact) -> Vec<ConflictId> {
    let ids = std::iter::once(&fact.id).chain(&fact.aliases);
    ids.map(ConflictId::of_fact).collect()
}

fn print(lines: &[Listed], format: Option<Format>, io: &mut Io<'_>) -> Result<()> {
    if let Some(format) = format.filter(|format| *format != Format::Table) {
        let mut list = ListWriter::new(format);
        for line in lines {
            list.item(io, line)?;
        }
        list.finish(io)?;
        return Ok(());
    }
    let row = |line: &Listed| {
        let decision = &line.decision;
        let until = decision.until.as_deref().and_then(|until| until.get(..16));
        let what = match (until, &decision.value) {
            (Some(until), _) => format!("{} until {until}Z", decision.action),
            (None, Some(value)) => format!("{} as {value}", decision.action),
            (None, None) => decision.action.to_owned(),
        };
        let adrift = if line.adrift { " (adrift)" } else { "" };
        vec![
            decision.at.get(..16).unwrap_or_default().to_owned(),
            decision.user.clone(),
            what,
            format!("{}{adrift}", decision.about),
            decision.note.clone().unwrap_or_default(),
        ]
    };
    let rows: Vec<Vec<String>> = lines.iter().map(row).collect();
    if !rows.is_empty() {
        let header = ["when", "who", "decided", "about", "note"];
        write!(io.out, "{}", table(io.style, &header, &rows))?;
    }
    Ok(())
}

impl mute::Mute {
    /// Lists what is muted.
    pub(crate) fn list(
        &self,
        view: &View,
        format: Option<Format>,
        io: &mut Io<'_>,
    ) -> Result<Exit> {
        mute::list(view, format, io)
    }
}
