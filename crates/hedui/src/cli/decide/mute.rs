//! `hedui mute`: what is not to be told, by conflict, fact, source, entity, metric or cause.

use anyhow::Result;
use clap::Args;
use hedui_model::{Cause, Conflict, ConflictId, ConflictState, Fact, SourceId};
use hedui_store::State;
use hedui_store::journal::{Action, Decision, MuteRule, SideThen};
use jiff::Timestamp;

use super::list::ids_of;
use super::mark::standing;
use super::{At, Decide, DecisionJson, Limit, Note, Outcome};
use crate::cli::conflicts::parse_cause;
use crate::cli::{Format, ids};
use crate::config::suggestion;
use crate::exit::{Exit, Failure};
use crate::io::{Io, table};
use crate::list::ListWriter;
use crate::pipeline::{minute, words};
use crate::store::View;

/// Mute conflicts, facts, sources, entities, metrics or causes: not told, whatever comes
#[derive(Debug, Args)]
#[command(after_help = "\
By id: a conflict, or a fact that may come to have one. By what conflicts are about: every condition given must hold. One
--source mutes conflicts that would be none without it; two mute conflicts between just these. A mute holds for good unless
--for or --until say otherwise; `--undo` with the same conditions takes it back.

Examples:
  hedui mute k-2e56
  hedui mute --source rumour-daily --for 30d
  hedui mute --source cna --source xinhua
  hedui mute --entity TSMC --metric share_price
  hedui mute --list
  hedui mute --undo --source rumour-daily")]
pub(crate) struct Mute {
    /// Conflicts (k-…), facts (f-…), or claims (c-…) of them; the first digits will do
    #[arg(value_name = "ID", conflicts_with_all = ["source", "entity", "metric", "cause"])]
    ids: Vec<String>,
    /// Conflicts that would be none without this source; given twice, conflicts between just these two
    #[arg(long, value_name = "ID")]
    source: Vec<SourceId>,
    /// Conflicts about this entity, by any of its names
    #[arg(long, value_name = "NAME")]
    entity: Option<String>,
    /// Conflicts about this metric, by its id
    #[arg(long, value_name = "ID")]
    metric: Option<String>,
    /// Conflicts of this cause
    #[arg(long, value_name = "CAUSE", value_parser = parse_cause)]
    cause: Option<Cause>,
    #[command(flatten)]
    limit: Limit,
    #[command(flatten)]
    note: Note,
    /// Take a mute back
    #[arg(long, conflicts_with_all = ["until", "span"])]
    undo: bool,
    /// List what is muted
    #[arg(long, conflicts_with_all = ["ids", "source", "entity", "metric", "cause", "until", "span", "note", "undo"])]
    list: bool,
}

impl Decide for Mute {
    fn run(&self, at: &mut At<'_>, io: &mut Io<'_>) -> Result<Exit> {
        let has_rule = !self.source.is_empty()
            || self.entity.is_some()
            || self.metric.is_some()
            || self.cause.is_some();
        if has_rule {
            return self.by_rule(at, io);
        }
        if self.ids.is_empty() {
            let failure = Failure::usage("nothing is named");
            let hint =
                "name a conflict or a fact, or say `--source`, `--entity`, `--metric` or `--cause`";
            return Err(failure.hint(hint).into());
        }
        self.by_id(at, io)
    }
}

impl Mute {
    /// Tells whether it only lists, and decides nothing.
    pub(crate) fn lists(&self) -> bool {
        self.list
    }

    fn by_id(&self, at: &mut At<'_>, io: &mut Io<'_>) -> Result<Exit> {
        let until = self.limit.end(at.view.now)?;
        let mut conflicts: Vec<Conflict> = Vec::new();
        let mut facts: Vec<Fact> = Vec::new();
        for text in &self.ids {
            let named = ids::find(at.view, text)?;
            match named.conflict(at.view)? {
                Some(conflict) if conflicts.iter().all(|known| known.id != conflict.id) => {
                    conflicts.push(conflict);
                }
                Some(_) => {}
                None => facts.extend(named.fact(at.view)?.filter(|fact| !facts.contains(fact))),
            }
        }
        let exit = at.on_each(&conflicts, &self.note, io, |conflict| {
            let is_muted = matches!(&conflict.state, ConflictState::Muted { .. });
            let is_same =
                matches!(&conflict.state, ConflictState::Muted { until: known } if *known == until);
            Ok(match (self.undo, is_muted) {
                (true, true) => Outcome::Decide(Action::Reopen),
                (false, _) if !is_same => Outcome::Decide(Action::Mute { until }),
                _ => Outcome::Nothing(standing(conflict)),
            })
        })?;
        for fact in facts {
            let known = muted_until(at.view, &ids_of(&fact))?;
            let action = match (self.undo, known) {
                (true, Some(_)) => Action::Reopen,
                (false, known) if known != Some(until) => Action::Mute { until },
                _ => {
                    let is = if known.is_some() { "is" } else { "is not" };
                    writeln!(io.err, "`{}` {is} muted: nothing changed", fact.id)?;
                    continue;
                }
            };
            let decision = about_fact(at, &fact, action, &self.note)?;
            at.keep(decision, io)?;
        }
        Ok(exit)
    }

    fn by_rule(&self, at: &mut At<'_>, io: &mut Io<'_>) -> Result<Exit> {
        let rule = self.rule(at.view)?;
        let until = self.limit.end(at.view.now)?;
        let lens = at.view.lens()?;
        let in_force =
            lens.ledger()
                .rules(at.view.now)
                .find_map(|line| match &line.decision.action {
                    Action::MuteWhere { rule: known, until } if *known == rule => Some(*until),
                    _ => None,
                });
        let what = words::of_rule(&rule);
        if self.undo && in_force.is_none() {
            return Err(Failure {
                exit: Exit::No,
                message: format!("no rule mutes {what}"),
                hint: Some("`hedui mute --list` lists the rules".to_owned()),
            }
            .into());
        }
        if !self.undo && in_force == Some(until) && self.note.note.is_none() {
            let what = crate::io::Safe(&what).to_string();
            writeln!(io.err, "{what} is muted already: nothing changed")?;
            return Ok(Exit::Done);
        }
        let action = if self.undo {
            Action::UnmuteWhere { rule }
        } else {
            Action::MuteWhere { rule, until }
        };
        let decision = at.plain(action, &self.note);
        at.keep(decision, io).map(|()| Exit::Done)
    }

    /// Makes the rule, its names checked against what there is.
    fn rule(&self, view: &View) -> Result<MuteRule> {
        let mut sources = self.source.clone();
        sources.sort();
        sources.dedup();
        if sources.len() > 2 {
            return Err(Failure::usage("`--source` goes once or twice").into());
        }
        for source in &sources {
            check_source(view, source)?;
        }
        if let Some(metric) = &self.metric {
            check_metric(view, metric)?;
        }
        let entity = self.entity.as_deref().map(|name| view.canonical_name(name));
        Ok(MuteRule {
            sources,
            entity: entity.transpose()?,
            metric: self.metric.clone(),
            cause: self.cause,
        })
    }
}

/// Returns until when a fact without a conflict is muted, if it is; a mute without an end has none.
fn muted_until(view: &View, ids: &[ConflictId]) -> Result<Option<Option<Timestamp>>> {
    let lens = view.lens()?;
    let last = lens.ledger().lines_naming(ids).last();
    Ok(last.and_then(|line| match line.decision.action {
        Action::Mute { until } if until.is_none_or(|until| view.now < until) => Some(until),
        _ => None,
    }))
}

/// Makes a decision about a fact that has no conflict: it holds for one that comes.
fn about_fact(at: &At<'_>, fact: &Fact, action: Action, note: &Note) -> Result<Decision> {
    let claims = fact.claims.iter().take(SideThen::CLAIMS_MAX);
    Ok(Decision {
        conflict: Some(ConflictId::of_fact(&fact.id)),
        evidence: at.anchors(claims)?,
        ..at.plain(action, note)
    })
}

fn unknown(what: &str, name: &str, near: Option<&str>, list: &str) -> Failure {
    Failure {
        exit: Exit::No,
        message: format!("there is no {what} `{name}`"),
        hint: Some(match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => list.to_owned(),
        }),
    }
}

/// Refuses a source that neither the archive nor the configuration has: it is more likely mistyped than to come.
fn check_source(view: &View, source: &SourceId) -> Result<()> {
    let mut known: Vec<String> = Vec::new();
    for found in view.state().sources() {
        known.push(found?.0.to_string());
    }
    known.extend(
        view.config()
            .sources
            .iter()
            .map(|source| source.id.to_string()),
    );
    if known.iter().any(|id| id == source.as_str()) {
        return Ok(());
    }
    let near = suggestion(source.as_str(), known.iter().map(String::as_str));
    Err(unknown(
        "source",
        source.as_str(),
        near,
        "`hedui stats --sources` lists them",
    )
    .into())
}

fn check_metric(view: &View, metric: &str) -> Result<()> {
    let metrics = &view.engine()?.lexicon.metrics;
    let names = || {
        metrics
            .iter()
            .flat_map(|row| [row.id.as_str(), row.family.as_str()])
    };
    if names().any(|name| name == metric) {
        return Ok(());
    }
    let near = suggestion(metric, names());
    Err(unknown("metric", metric, near, "`hedui claims` shows those in use").into())
}

/// Lists what is muted: rules first, then conflicts.
pub(super) fn list(view: &View, format: Option<Format>, io: &mut Io<'_>) -> Result<Exit> {
    let lens = view.lens()?;
    let ledger = lens.ledger();
    let mut lines = Vec::new();
    for line in ledger.rules(view.now) {
        lines.push(DecisionJson::new(line.seq, &line.decision, view)?);
    }
    for conflict in view.state().conflicts() {
        let conflict = conflict?;
        let (standing, line, rule) = ledger.standing(&conflict, view.now);
        let is_muted = matches!(standing.state, ConflictState::Muted { .. });
        if let Some(line) = line.filter(|_| is_muted && rule.is_none()) {
            lines.push(DecisionJson::new(line.seq, &line.decision, view)?);
        }
    }
    // Facts that have no conflict, or not yet.
    let mut named: Vec<&ConflictId> = ledger.named().collect();
    named.sort();
    for id in named {
        let ids = std::slice::from_ref(id);
        let last = ledger.lines_naming(ids).last();
        if let Some(line) = last
            && view.state().conflict(id)?.is_none()
            && muted_until(view, ids)?.is_some()
        {
            lines.push(DecisionJson::new(line.seq, &line.decision, view)?);
        }
    }
    match format {
        None | Some(Format::Table) => {
            let cells: Vec<Vec<String>> = lines
                .iter()
                .map(|line| {
                    let until = line.until.as_deref().and_then(|until| until.parse().ok());
                    vec![
                        line.about.clone(),
                        until.map_or_else(|| "for good".to_owned(), minute),
                        line.user.clone(),
                        line.at.get(..16).unwrap_or_default().to_owned(),
                        line.note.clone().unwrap_or_default(),
                    ]
                })
                .collect();
            if !cells.is_empty() {
                let header = ["muted", "until", "by", "since", "note"];
                write!(io.out, "{}", table(io.style, &header, &cells))?;
            }
        }
        Some(format) => {
            let mut list = ListWriter::new(format);
            for line in &lines {
                list.item(io, line)?;
            }
            list.finish(io)?;
        }
    }
    if lines.is_empty() {
        writeln!(io.err, "nothing is muted")?;
    }
    Ok(Exit::Done)
}
