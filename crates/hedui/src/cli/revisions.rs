//! What became of an article since it was first read: its revisions figure by figure, corrections, and whether it is gone.

use std::collections::BTreeSet;

use anyhow::Result;
use hedui_model::{Appearance, ClaimId};
use hedui_page::notice;
use hedui_store::State;
use hedui_store::state::StoredArticle;
use serde::Serialize;

use crate::io::{Color, Io, Safe};
use crate::store::{ArticleView, View};

/// What became of an article.
#[derive(Debug, Serialize)]
pub(crate) struct Course {
    /// The notice of correction in its newest revision.
    #[serde(skip_serializing_if = "Option::is_none")]
    correction: Option<String>,
    /// Set where the page was gone when it was last asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    gone: Option<Gone>,
    /// What each revision but the first changed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    revisions: Vec<RevisionJson>,
}

#[derive(Debug, Serialize)]
struct Gone {
    status: u16,
    /// When it was last asked for.
    at: String,
}

#[derive(Debug, Serialize)]
struct RevisionJson {
    revision: u32,
    seen: String,
    /// Figures that stand in the place of others.
    changed: Vec<Change>,
    /// Figures that stand there no more, and that were not there before: as the text has them.
    dropped: Vec<String>,
    added: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Change {
    from: String,
    to: String,
    sentence: String,
}

impl Course {
    /// Finds out what became of an article.
    pub(crate) fn of(view: &View, article: &ArticleView) -> Result<Course> {
        let meta = article.meta();
        let fetch = match &meta.url {
            Some(url) => view.state().fetch(url)?,
            None => None,
        };
        let gone = fetch
            .filter(|fetch| matches!(fetch.status, 404 | 410))
            .map(|fetch| Gone {
                status: fetch.status,
                at: fetch.at.to_string(),
            });
        let mut revisions = Vec::new();
        let mut before: Option<StoredArticle> = None;
        for number in 1..=article.revision() {
            let now = view.state().revision(&meta.key, number)?;
            if let Some((old, new)) = before.as_ref().zip(now.as_ref()) {
                revisions.push(of_revision(view, number, old, new)?);
            }
            before = now;
        }
        Ok(Course {
            correction: notice::correction(article.body()).map(str::to_owned),
            gone,
            revisions,
        })
    }

    /// Shows it to a person.
    pub(crate) fn print(&self, io: &mut Io<'_>) -> Result<()> {
        if let Some(gone) = &self.gone {
            let line = format!("gone: status {} on {}", gone.status, gone.at);
            writeln!(io.out, "{}", io.paint(Color::Warn, &line))?;
        }
        if let Some(correction) = &self.correction {
            let line = format!("corrected: {}", Safe(correction));
            writeln!(io.out, "{}", io.paint(Color::Warn, &line))?;
        }
        for revision in &self.revisions {
            let is_same = revision.changed.is_empty()
                && revision.dropped.is_empty()
                && revision.added.is_empty();
            let same = if is_same { ", the same figures" } else { "" };
            writeln!(
                io.out,
                "revision {} seen {}{same}",
                revision.revision, revision.seen
            )?;
            for change in &revision.changed {
                writeln!(
                    io.out,
                    "  {} → {}  {}",
                    io.paint(Color::Mark, &Safe(&change.from).to_string()),
                    io.paint(Color::Mark, &Safe(&change.to).to_string()),
                    Safe(&change.sentence)
                )?;
            }
            for (word, figures) in [("dropped", &revision.dropped), ("added", &revision.added)] {
                if !figures.is_empty() {
                    writeln!(io.out, "  {word}: {}", Safe(&figures.join(", ")))?;
                }
            }
        }
        Ok(())
    }
}

/// Compares a revision with the one before it.
fn of_revision(
    view: &View,
    revision: u32,
    old: &StoredArticle,
    new: &StoredArticle,
) -> Result<RevisionJson> {
    let seen = new.digest.meta.seen.to_string();
    let old = Appearance::all(old.digest.clone(), &old.claims);
    let new = Appearance::all(new.digest.clone(), &new.claims);
    let judged = view.engine()?.reconciler.revision(&old, &new);
    let find = |side: &[Appearance], ids: [&ClaimId; 2]| {
        let found = side.iter().find(|one| ids.contains(&&one.claim.id));
        found.cloned()
    };
    let mut paired: BTreeSet<ClaimId> = BTreeSet::new();
    let mut changed = Vec::new();
    for pair in &judged {
        let ids = [&pair.a, &pair.b];
        if let (Some(from), Some(to)) = (find(&old, ids), find(&new, ids)) {
            changed.push(Change {
                from: from.claim.mention().to_owned(),
                to: to.claim.mention().to_owned(),
                sentence: to.claim.sentence_text.clone(),
            });
            paired.extend([pair.a.clone(), pair.b.clone()]);
        }
    }
    let without = |side: &[Appearance], other: &[Appearance]| -> Vec<String> {
        let is_kept = |one: &Appearance| {
            paired.contains(&one.claim.id)
                || other.iter().any(|other| other.claim.id == one.claim.id)
        };
        let left = side.iter().filter(|one| !is_kept(one));
        left.map(|one| one.claim.mention().to_owned()).collect()
    };
    Ok(RevisionJson {
        revision,
        seen,
        changed,
        dropped: without(&old, &new),
        added: without(&new, &old),
    })
}
