//! `hedui explain`: why two claims were, or were not, put together.

use anyhow::Result;
use clap::Args;
use hedui_model::Appearance;
use serde::Serialize;

use super::Format;
use super::ids::{self, Named};
use crate::exit::{Exit, Failure};
use crate::io::{Color, Io, Safe, table};
use crate::pipeline::{Line, Tie, minute};
use crate::store::View;
use crate::wire::TermJson;

/// Explain why two claims were (not) put together: the score, term by term
#[derive(Debug, Args)]
#[command(after_help = "\
The ids of claims stand in `hedui claims`, `hedui show` and on the sides of `hedui conflicts`.

Example:
  hedui explain c-0123456789abcdef c-fedcba9876543210")]
pub(crate) struct Explain {
    /// One claim
    a: String,
    /// The other
    b: String,
}

#[derive(Serialize)]
struct Explanation {
    a: String,
    b: String,
    shared_blocks: Vec<String>,
    relation: hedui_model::Relation,
    cause: Option<hedui_model::Cause>,
    confidence: f64,
    why: String,
    /// What a person decided about the two, which goes before all this.
    decided: Option<String>,
    terms: Vec<TermJson>,
}

impl Explain {
    /// Judges the pair anew and prints the terms.
    pub(crate) fn run(&self, view: &View, format: Option<Format>, io: &mut Io<'_>) -> Result<Exit> {
        let (a, b) = (find(view, &self.a)?, find(view, &self.b)?);
        let reconciler = view.reconciler()?;
        let judgement = reconciler.judge(&a, &b);
        let theirs = reconciler.blocks(&b);
        let shared_blocks: Vec<String> = reconciler
            .blocks(&a)
            .into_iter()
            .filter(|block| theirs.contains(block))
            .collect();
        let verdict = &judgement.judged.verdict;
        let explanation = Explanation {
            a: judgement.judged.a.to_string(),
            b: judgement.judged.b.to_string(),
            shared_blocks,
            relation: verdict.relation,
            cause: verdict.cause,
            confidence: f64::from(verdict.confidence.thousandths()) / 1_000.0,
            why: verdict.why.clone(),
            decided: decided(view, &a, &b)?,
            terms: judgement.terms.iter().map(TermJson::from).collect(),
        };
        match format {
            None | Some(Format::Table) => print(&explanation, &a, &b, io)?,
            Some(Format::Json) => {
                writeln!(io.out, "{}", serde_json::to_string_pretty(&explanation)?)?
            }
            Some(_) => writeln!(io.out, "{}", serde_json::to_string(&explanation)?)?,
        }
        Ok(Exit::Done)
    }
}

/// Says what a person decided about two claims: the last word on them.
fn decided(view: &View, a: &Appearance, b: &Appearance) -> Result<Option<String>> {
    let (a, b) = (&a.claim.id, &b.claim.id);
    let lens = view.lens()?;
    let ledger = lens.ledger();
    let Some(tie) = ledger.tie_of(a, b) else {
        return Ok(None);
    };
    let own = [a.clone()].into();
    let about = ledger.ties_among(&own);
    let line = about
        .filter(|line: &&Line| line.claims().any(|claim| claim == b))
        .last();
    let by = line.map(|line| format!(" by {} on {}", line.decision.user, minute(line.decision.at)));
    let said = match tie {
        Tie::Separate => "said not to be about one thing",
        Tie::Join => "said to be about one thing",
    };
    Ok(Some(format!("{said}{}", by.unwrap_or_default())))
}

fn find(view: &View, text: &str) -> Result<Appearance> {
    let id = match ids::find(view, text)? {
        Named::Claim(id) => id,
        other => {
            let failure = Failure::usage(format!("not a claim: `{}`", other.as_str()));
            return Err(failure
                .hint(format!("`hedui show {}` lists its claims", other.as_str()))
                .into());
        }
    };
    view.appearance(&id)?.ok_or_else(|| {
        Failure {
            exit: Exit::No,
            message: format!("there is no claim `{id}`"),
            hint: Some("`hedui claims` lists them".into()),
        }
        .into()
    })
}

fn print(explanation: &Explanation, a: &Appearance, b: &Appearance, io: &mut Io<'_>) -> Result<()> {
    for (name, side) in [("a", a), ("b", b)] {
        let figure = io.paint(Color::Mark, &Safe(side.claim.mention()).to_string());
        writeln!(
            io.out,
            "{name}: {figure}  {}",
            Safe(side.article.meta.source.as_str())
        )?;
        writeln!(io.out, "   {}", Safe(&side.claim.sentence_text))?;
    }
    let relation = serde_json::to_value(explanation.relation)?;
    let cause = explanation
        .cause
        .map(|cause| format!(" ({})", crate::card::cause_words(cause)))
        .unwrap_or_default();
    let head = format!(
        "{}{cause}, confidence {:.3}",
        relation.as_str().unwrap_or_default(),
        explanation.confidence
    );
    writeln!(io.out, "\n{}", io.paint(Color::Bold, &head))?;
    writeln!(io.out, "{}", Safe(&explanation.why))?;
    if let Some(decided) = &explanation.decided {
        writeln!(io.out, "whatever the score: {}", Safe(decided))?;
    }
    if explanation.shared_blocks.is_empty() {
        writeln!(
            io.out,
            "no block is shared: the pair would not have been compared"
        )?;
    } else {
        writeln!(
            io.out,
            "compared because of: {}",
            Safe(&explanation.shared_blocks.join(", "))
        )?;
    }
    let rows: Vec<Vec<String>> = explanation
        .terms
        .iter()
        .map(|term| {
            vec![
                format!("{}: {}", term.name, term.level),
                format!("{:+.3}", term.value),
                term.note.clone(),
            ]
        })
        .collect();
    if !rows.is_empty() {
        write!(
            io.out,
            "\n{}",
            table(io.style, &["term", "score", "note"], &rows)
        )?;
    }
    Ok(())
}
