//! The stage as a filter: articles in, verdicts on pairs of their claims or conflicts out, both as JSON Lines.
//!
//! ```text
//! cargo run --release -p hedui-reconcile --example relations_filter -- [--all] [--conflicts] [--explain] < articles.jsonl
//! ```
//!
//! An article is `{"id","source","lang"?,"region"?,"url"?,"published"?,"title"?,"text"}`. `--all` prints `different` too, of the pairs that
//! share a block; `--conflicts` prints what [`Reconciler::assemble`] makes of them instead; `--explain` adds the terms
//! of the score. Claims of one article are set against each other as well; those pairs go into conflicts only. An `id` that comes
//! again is a revision: figures that it changed go into conflicts too.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::io::{BufRead, Write};
use std::sync::Arc;

use hedui_claims::ClaimReader;
use hedui_model::{
    Appearance, ArticleDigest, ArticleKey, ClaimId, Conflict, Judged, Place, Relation,
};
use hedui_reconcile::{Circumstances, Decisions, Judgement, Reconciler};
use hedui_text::{Analyzer, ArticleInput, Lexicon};
use serde_json::{Value, json};

fn main() -> Result<(), Box<dyn Error>> {
    let flags: BTreeSet<String> = std::env::args().skip(1).collect();
    let desk = Desk::read(std::io::stdin().lock())?;
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let judgements = desk.judgements();
    if flags.contains("--conflicts") {
        for conflict in desk.conflicts(&judgements) {
            writeln!(out, "{}", desk.conflict_json(&conflict))?;
        }
        return Ok(out.flush()?);
    }
    let verdicts: Vec<Judged> = judgements
        .iter()
        .map(|judgement| judgement.judged.clone())
        .collect();
    let settled = desk.reconciler.settle(&desk.claims, &verdicts);
    let stays: BTreeSet<(&ClaimId, &ClaimId)> = settled
        .iter()
        .map(|judged| (&judged.a, &judged.b))
        .collect();
    for judgement in &judgements {
        let judged = &judgement.judged;
        let relation = if stays.contains(&(&judged.a, &judged.b)) {
            judged.verdict.relation
        } else {
            Relation::Different
        };
        if relation != Relation::Different || flags.contains("--all") {
            writeln!(
                out,
                "{}",
                desk.relation_json(judgement, relation, flags.contains("--explain"))
            )?;
        }
    }
    Ok(out.flush()?)
}

/// All claims of all articles.
struct Desk {
    reconciler: Reconciler,
    claims: Vec<Appearance>,
    /// Offsets count from the text of the title or body: these are needed to count characters.
    texts: BTreeMap<ClaimId, (String, String)>,
    /// Claims that a later revision changed, and the verdicts on that.
    retired: Vec<Appearance>,
    revised: Vec<Judged>,
    index: BTreeMap<ClaimId, usize>,
}

impl Desk {
    fn read(input: impl BufRead) -> Result<Self, Box<dyn Error>> {
        let lexicon = Lexicon::builtin();
        let analyzer = Analyzer::new(Arc::clone(&lexicon));
        let reader = ClaimReader::new(Arc::clone(&lexicon));
        let mut desk = Desk {
            reconciler: Reconciler::new(lexicon),
            claims: Vec::new(),
            texts: BTreeMap::new(),
            retired: Vec::new(),
            revised: Vec::new(),
            index: BTreeMap::new(),
        };
        for line in input.lines() {
            let article = analyzer.article(article_input(&serde_json::from_str(&line?)?)?);
            let claims = reader.read(&article);
            let digest = Arc::new(ArticleDigest::new(&article, &claims));
            let claims: Vec<Appearance> = claims
                .into_iter()
                .map(|claim| Appearance {
                    claim: Arc::new(claim),
                    article: Arc::clone(&digest),
                })
                .collect();
            for claim in &claims {
                let text = article.passage(claim.claim.place).text.clone();
                desk.texts
                    .insert(claim.claim.id.clone(), (article.meta.key.to_string(), text));
            }
            desk.take(&article.meta.key, claims);
        }
        for (index, claim) in desk.claims.iter().chain(&desk.retired).enumerate() {
            desk.index.insert(claim.claim.id.clone(), index);
        }
        Ok(desk)
    }

    /// Takes the claims of an article in, in place of those of an earlier revision.
    fn take(&mut self, key: &ArticleKey, claims: Vec<Appearance>) {
        let (before, others): (Vec<Appearance>, Vec<Appearance>) = std::mem::take(&mut self.claims)
            .into_iter()
            .partition(|claim| &claim.claim.article == key);
        let revised = self.reconciler.revision(&before, &claims);
        let is_retired = |claim: &Appearance| {
            revised
                .iter()
                .any(|judged| [&judged.a, &judged.b].contains(&&claim.claim.id))
        };
        self.retired.extend(before.into_iter().filter(is_retired));
        self.revised.extend(revised);
        self.claims = others.into_iter().chain(claims).collect();
    }

    /// Judges every pair of claims of two articles that share a block.
    fn judgements(&self) -> Vec<Judgement> {
        let mut blocks: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (index, claim) in self.claims.iter().enumerate() {
            for key in self.reconciler.blocks(claim) {
                blocks.entry(key).or_default().push(index);
            }
        }
        let mut pairs = BTreeSet::new();
        for members in blocks.values() {
            for (place, a) in members.iter().enumerate() {
                pairs.extend(members.iter().skip(place + 1).map(|b| (*a, *b)));
            }
        }
        pairs
            .into_iter()
            .filter_map(|(a, b)| Some((self.claims.get(a)?, self.claims.get(b)?)))
            .filter(|(a, b)| a.claim.article != b.claim.article)
            .map(|(a, b)| self.reconciler.judge(a, b))
            .collect()
    }

    fn conflicts(&self, judgements: &[Judgement]) -> Vec<Conflict> {
        let mut verdicts: Vec<Judged> = judgements
            .iter()
            .map(|judgement| judgement.judged.clone())
            .filter(|judged| judged.verdict.relation != Relation::Different)
            .collect();
        let mut articles: BTreeMap<&str, Vec<Appearance>> = BTreeMap::new();
        for claim in &self.claims {
            articles
                .entry(claim.claim.article.as_str())
                .or_default()
                .push(claim.clone());
        }
        for claims in articles.values() {
            verdicts.extend(self.reconciler.within(claims));
        }
        let decisions = Decisions::default();
        let circumstances = Circumstances {
            decisions: &decisions,
            previous: &[],
            newest: self.claims.iter().map(Appearance::instant).max(),
        };
        verdicts.extend(self.revised.iter().cloned());
        let component: Vec<Appearance> = self.claims.iter().chain(&self.retired).cloned().collect();
        let assembled = self
            .reconciler
            .assemble(&component, &verdicts, &circumstances);
        assembled
            .into_iter()
            .filter_map(|made| made.conflict)
            .collect()
    }

    fn relation_json(&self, judgement: &Judgement, relation: Relation, explain: bool) -> Value {
        let verdict = &judgement.judged.verdict;
        let mut line = json!({
            "a": self.place_json(&judgement.judged.a),
            "b": self.place_json(&judgement.judged.b),
            "relation": relation,
            "cause": (relation == Relation::Conflict).then_some(verdict.cause),
            "confidence": verdict.confidence.to_string(),
            "why": verdict.why,
        });
        if explain {
            let terms: Vec<Value> = judgement
                .terms
                .iter()
                .map(|term| json!([term.name, term.value_thousandths, term.note]))
                .collect();
            line["terms"] = json!(terms);
            line["before_partners"] = json!(verdict.relation);
        }
        line
    }

    fn conflict_json(&self, conflict: &Conflict) -> Value {
        let sides: Vec<Value> = conflict
            .sides
            .iter()
            .map(|side| {
                let claims: Vec<Value> = side.claims.iter().map(|claim| self.place_json(claim)).collect();
                json!({"text": side.text, "independent_sources": side.independent_sources, "claims": claims})
            })
            .collect();
        json!({
            "id": conflict.id, "cause": conflict.cause, "entities": conflict.entities,
            "metric": conflict.metric.as_ref().map(|metric| &metric.id), "severity": conflict.severity,
            "confidence": conflict.confidence.to_string(), "state": conflict.state.as_str(), "sides": sides, "why": conflict.why,
        })
    }

    fn place_json(&self, id: &ClaimId) -> Value {
        let claim = self
            .index
            .get(id)
            .and_then(|index| self.claims.iter().chain(&self.retired).nth(*index));
        let Some((claim, (article, text))) = claim.zip(self.texts.get(id)) else {
            return Value::Null;
        };
        let claim = &claim.claim;
        let characters =
            |bytes: usize| text.get(..bytes).map_or(0, |before| before.chars().count());
        json!({
            "article": article,
            "in": if claim.place == Place::Title { "title" } else { "body" },
            "start": characters(claim.quantity.span.start()),
            "end": characters(claim.quantity.span.end()),
            "mention": claim.mention(),
            "sentence": claim.sentence_text,
        })
    }
}

fn article_input(line: &Value) -> Result<ArticleInput, Box<dyn Error>> {
    let text = |field: &str| line.get(field).and_then(Value::as_str).map(str::to_owned);
    Ok(ArticleInput {
        key: text("id").ok_or("an article without `id`")?.parse()?,
        source: text("source")
            .unwrap_or_else(|| "unknown".to_owned())
            .parse()?,
        url: text("url"),
        lang: text("lang"),
        region: text("region").map(|region| region.parse()).transpose()?,
        published: text("published")
            .map(|published| published.parse())
            .transpose()?,
        seen: jiff::Timestamp::UNIX_EPOCH,
        title: text("title").unwrap_or_default(),
        body: text("text").unwrap_or_default(),
        author: text("author"),
    })
}
