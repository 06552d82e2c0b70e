//! `hedui relations`: the verdict on every pair of claims across articles that blocking brought together.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Args;
use hedui_model::{Appearance, ClaimId, Place, Relation};
use serde::Deserialize;

use super::Format;
use crate::exit::{Exit, Failure};
use crate::io::{Io, Safe};
use crate::list::ListWriter;
use crate::store::{ArticleView, View};
use crate::wire::{self, PairEnd, RelationJson, TermJson};

/// List the verdicts on pairs of claims across articles
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  hedui relations --format jsonl             pairs that agree, conflict, or update one another
  hedui relations --all --format jsonl       and those that were compared and found different
  hedui relations --pairs pairs.jsonl        just the pairs of a file: {\"a\":{\"article\",\"start\",\"end\"},\"b\":{…}}")]
pub(crate) struct Relations {
    /// Also pairs that were compared and found different
    #[arg(long)]
    all: bool,
    /// Add the terms of each score: what was found, at which level, with which weight
    #[arg(long)]
    terms: bool,
    /// Judge just the pairs of this file of JSON Lines
    #[arg(long, value_name = "FILE", conflicts_with = "all")]
    pairs: Option<PathBuf>,
}

#[derive(Deserialize)]
struct PairLine {
    a: PairEnd,
    b: PairEnd,
}

/// A claim with its ends in characters.
struct Placed {
    appearance: Appearance,
    start: usize,
    end: usize,
}

impl Placed {
    fn end(&self) -> PairEnd {
        PairEnd {
            article: self.appearance.claim.article.to_string(),
            place: self.appearance.claim.place,
            start: self.start,
            end: self.end,
        }
    }
}

impl Relations {
    /// Prints the verdicts.
    pub(crate) fn run(&self, view: &View, format: Option<Format>, io: &mut Io<'_>) -> Result<Exit> {
        match &self.pairs {
            Some(file) => self.of_file(&view.path(file), view, io),
            None => self.of_archive(view, format.unwrap_or(Format::Jsonl), io),
        }
    }

    fn of_archive(&self, view: &View, format: Format, io: &mut Io<'_>) -> Result<Exit> {
        let reconciler = view.reconciler()?;
        let mut claims: BTreeMap<ClaimId, Placed> = BTreeMap::new();
        let mut blocks: HashMap<String, Vec<ClaimId>> = HashMap::new();
        for article in view.articles() {
            for placed in placed(&article?) {
                let id = placed.appearance.claim.id.clone();
                for block in reconciler.blocks(&placed.appearance) {
                    blocks.entry(block).or_default().push(id.clone());
                }
                claims.insert(id, placed);
            }
        }
        let mut judged = Vec::new();
        let mut terms = Vec::new();
        for (id, first) in &claims {
            let mut partners: Vec<&ClaimId> = reconciler
                .blocks(&first.appearance)
                .iter()
                .filter_map(|block| blocks.get(block))
                .flatten()
                .filter(|other| *other > id)
                .collect();
            partners.sort();
            partners.dedup();
            for second in partners
                .into_iter()
                .filter_map(|partner| claims.get(partner))
            {
                if second.appearance.claim.article != first.appearance.claim.article {
                    let judgement = reconciler.judge(&first.appearance, &second.appearance);
                    judged.push(judgement.judged);
                    terms.push(judgement.terms);
                }
            }
        }
        // A pair may be overruled by a better partner in the same article: it is different then, as in the facts.
        let all: Vec<Appearance> = claims
            .values()
            .map(|placed| placed.appearance.clone())
            .collect();
        let settled = reconciler.settle(&all, &judged);
        let standing: HashSet<(&ClaimId, &ClaimId)> = settled
            .iter()
            .map(|judged| (&judged.a, &judged.b))
            .collect();
        let mut list = ListWriter::new(format);
        for (verdict, terms) in judged.iter().zip(&terms) {
            let mut verdict = verdict.clone();
            if !standing.contains(&(&verdict.a, &verdict.b)) {
                verdict.verdict.relation = Relation::Different;
                verdict.verdict.cause = None;
            }
            if verdict.verdict.relation == Relation::Different && !self.all {
                continue;
            }
            let (Some(a), Some(b)) = (claims.get(&verdict.a), claims.get(&verdict.b)) else {
                continue;
            };
            let mut line = RelationJson::new(a.end(), b.end(), Some(&verdict));
            if self.terms {
                line.terms = terms.iter().map(TermJson::from).collect();
            }
            list.item(io, &line)?;
        }
        list.finish(io)?;
        Ok(Exit::Done)
    }

    fn of_file(&self, file: &std::path::Path, view: &View, io: &mut Io<'_>) -> Result<Exit> {
        let text = std::fs::read_to_string(file).map_err(|error| {
            Failure::usage(format!("cannot read `{}`: {error}", file.display()))
        })?;
        let mut exit = Exit::Done;
        let reconciler = view.reconciler()?;
        for (index, line) in text
            .lines()
            .enumerate()
            .filter(|(_, line)| !line.trim().is_empty())
        {
            let pair: PairLine = match serde_json::from_str(line) {
                Ok(pair) => pair,
                Err(error) => {
                    writeln!(
                        io.err,
                        "{}:{}: {}",
                        file.display(),
                        index + 1,
                        Safe(&error.to_string())
                    )?;
                    exit = Exit::Partial;
                    continue;
                }
            };
            let (a, b) = (find(view, &pair.a)?, find(view, &pair.b)?);
            let judged = a
                .zip(b)
                .map(|(a, b)| reconciler.judge(&a.appearance, &b.appearance).judged);
            let line = RelationJson::new(pair.a, pair.b, judged.as_ref());
            writeln!(
                io.out,
                "{}",
                serde_json::to_string(&line).context("a relation")?
            )?;
        }
        Ok(exit)
    }
}

fn placed(article: &ArticleView) -> Vec<Placed> {
    let lines = wire::claims_of(article);
    article
        .appearances()
        .zip(lines)
        .map(|(appearance, line)| Placed {
            appearance,
            start: line.start,
            end: line.end,
        })
        .collect()
}

/// Finds the claim that overlaps the end of a pair the most.
fn find(view: &View, end: &PairEnd) -> Result<Option<Placed>> {
    let Ok(key) = end.article.parse() else {
        return Ok(None);
    };
    let Some(article) = view.article(&key)? else {
        return Ok(None);
    };
    let place: Place = end.place;
    let overlap = |placed: &Placed| {
        placed
            .end
            .min(end.end)
            .saturating_sub(placed.start.max(end.start))
    };
    let candidates = placed(&article)
        .into_iter()
        .filter(|placed| placed.appearance.claim.place == place);
    Ok(candidates
        .filter(|placed| overlap(placed) > 0)
        .max_by_key(|placed| overlap(placed)))
}
