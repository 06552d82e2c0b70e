//! The desk: each figure of a draft set against the archive, and against the rest of the draft.
//!
//! A draft is read as one more article and judged as one ([`crate::pipeline::compare`]); it never enters the archive.
//! What this folder adds is what an editor needs to know of a figure: the verdict, who says what, and what might stand in
//! its place; and the forms in which that is printed.

mod arithmetic;
mod digits;
mod finding;
mod json;
mod level;
mod pen;
mod print;
mod sarif;
mod sides;
mod suggest;
mod ways;
mod weigh;

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, Result};
use hedui_model::{
    Appearance, ArticleDigest, ArticleKey, ClaimId, ContentHash, Place, Published, SourceId,
};
use hedui_store::State;
use hedui_text::ArticleInput;
use jiff::Timestamp;

pub(crate) use finding::{Finding, Rule, Side, Stand, Verdict};
pub(crate) use json::{FigureJson, fingerprints_of};
pub(crate) use level::Level;
pub(crate) use print::{Tally, print};
pub(crate) use sarif::{Told, log as sarif_log};

use crate::draft::{Draft, Region};
use crate::pipeline::{Engine, Timings, compare};
use suggest::Adviser;
use weigh::Scales;

/// What a draft is known by while it is checked; no source of an archive is likely to have this name.
const SOURCE: &str = "the draft";

/// What is said about drafts that cannot say it themselves.
#[derive(Clone, Debug)]
pub(crate) struct About {
    /// The day on which they will be published.
    pub(crate) published: Published,
    /// The present.
    pub(crate) now: Timestamp,
    /// Whose usage they follow.
    pub(crate) region: Option<hedui_model::Region>,
    /// The language that they are written in.
    pub(crate) lang: Option<String>,
    /// Sources of the archive that are left aside: the outlet's own.
    pub(crate) left_out: BTreeSet<SourceId>,
    /// Fingerprints of what an earlier run found.
    pub(crate) known: BTreeSet<String>,
}

/// A figure of a draft, with what was found of it.
#[derive(Clone, Debug)]
pub(crate) struct Figure {
    /// The figure as a claim.
    pub(crate) claim: Appearance,
    /// Where it stands in the file.
    pub(crate) region: Region,
    /// Whether a comment in the draft says that it is not to be told of.
    pub(crate) is_ignored: bool,
    /// Whether an earlier run found the same, and that is to be passed over.
    pub(crate) is_known: bool,
    /// What was found.
    pub(crate) finding: Finding,
    /// Names the finding in this run and the next, whatever lines are added before it.
    pub(crate) fingerprint: String,
}

/// A draft that was checked.
#[derive(Clone, Debug)]
pub(crate) struct Checked {
    /// The draft.
    pub(crate) draft: Draft,
    /// Its figures, in the order of the text.
    pub(crate) figures: Vec<Figure>,
    places: BTreeMap<ClaimId, Region>,
}

impl Checked {
    /// Returns where a figure of the draft stands in the file.
    pub(crate) fn place_of(&self, claim: &ClaimId) -> Option<Region> {
        self.places.get(claim).copied()
    }
}

/// Checks a draft.
pub(crate) fn check(
    draft: Draft,
    about: &About,
    engine: &Engine,
    state: &dyn State,
) -> Result<Checked> {
    let input = input(&draft, about)?;
    let (article, claims) = engine.read(input, 1, &Timings::start());
    let components = compare::compare(state, engine, &article, &claims, &about.left_out)?;
    let own: BTreeSet<ClaimId> = claims.iter().map(|claim| claim.id.clone()).collect();
    let adviser = Adviser::new(&engine.reconciler, &engine.lexicon, &draft.body.text);
    let mut found: BTreeMap<ClaimId, Finding> = BTreeMap::new();
    for component in &components {
        let scales = Scales::new(component, &own);
        for (id, claim) in component.claims.iter().filter(|(id, _)| own.contains(*id)) {
            let mut finding = scales.weigh(claim);
            finding.suggestion = adviser.suggest(claim, &finding);
            found.insert(id.clone(), finding);
        }
    }
    let digest = ArticleDigest::new(&article, &claims);
    let appearances = Appearance::all(digest, &claims);
    let mismatches = engine.reconciler.mismatches(&appearances);
    arithmetic::lay_over(&mismatches, &appearances, &adviser, &mut found);
    let mut figures = Vec::new();
    let mut places = BTreeMap::new();
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for claim in appearances {
        let passage = match claim.claim.place {
            Place::Title => &draft.title,
            Place::Body => &draft.body,
        };
        let span = claim.claim.quantity.span;
        let region = passage.region(span.range());
        let finding = found
            .remove(&claim.claim.id)
            .unwrap_or_else(Finding::unknown);
        places.insert(claim.claim.id.clone(), region);
        let fingerprint = fingerprint(&claim, &finding, &mut seen);
        figures.push(Figure {
            region,
            is_ignored: passage.is_ignored(span.start()),
            is_known: about.known.contains(&fingerprint),
            fingerprint,
            finding,
            claim,
        });
    }
    Ok(Checked {
        draft,
        figures,
        places,
    })
}

fn input(draft: &Draft, about: &About) -> Result<ArticleInput> {
    let (title, body) = (&draft.title.text, &draft.body.text);
    let key: ArticleKey = format!("{SOURCE} {}", ContentHash::of(title, body))
        .parse()
        .context("the key of a draft")?;
    Ok(ArticleInput {
        key,
        source: SOURCE.parse().context("the source of a draft")?,
        url: None,
        lang: about.lang.clone(),
        region: about.region,
        published: Some(about.published),
        seen: about.now,
        title: title.clone(),
        body: body.clone(),
        author: None,
    })
}

/// Names a finding by what stands in the draft and what is wrong with it: the same next time, whatever stands around it.
fn fingerprint(
    claim: &Appearance,
    finding: &Finding,
    seen: &mut BTreeMap<String, usize>,
) -> String {
    let rule = finding.rule.map_or("", Rule::id);
    let sentence: String = claim.claim.sentence_text.split_whitespace().collect();
    let content = format!("{rule}\n{sentence}\n{}", claim.claim.mention());
    let occurrence = seen.entry(content.clone()).or_default();
    let hash = ContentHash::of(&content, &occurrence.to_string());
    *occurrence += 1;
    hash.as_str().get(..32).unwrap_or(hash.as_str()).to_owned()
}
