//! How real a figure is: the word of the highest rank that reaches it.

use std::cmp::Reverse;
use std::ops::Range;

use hedui_model::Status;
use hedui_text::lexicon::{Cue, Reach, Role};

use crate::scene::{Clause, Figure, Scene, Unit, width};

/// How near a word that only reaches the next figure must stand before it.
const NEAR: usize = 12;

/// Returns the status of a figure, where a word tells.
///
/// The words of the figure's clause decide, and with them the one who expects what another clause says: `工信部预计，…`,
/// `…, analysts expect`. What comes after something (`after it laid off 15%`) happened before. Where nothing tells, the
/// clauses before it in the sentence do.
pub(crate) fn status_of(scene: &Scene<'_>, figure: &Figure) -> Option<Status> {
    let (unit, clause) = scene.unit_of(figure).zip(scene.clause_of(figure))?;
    let own = strongest(scene, figure, &clause.range, &unit.range);
    if let Some((_, Status::Actual)) = own {
        return Some(Status::Actual);
    }
    let told = own.into_iter().chain(governing(scene, figure, unit));
    if let Some((_, status)) = told.max_by_key(|(rank, _)| *rank) {
        return Some(status);
    }
    if looks_back(scene, clause) {
        return Some(Status::Actual);
    }
    for (index, before) in unit.clauses.iter().enumerate().take(figure.clause).rev() {
        if restarts(unit, index + 1) {
            break;
        }
        let status = strongest(scene, figure, &before.range, &(0..0));
        if let Some((_, status)) = status {
            return Some(status);
        }
    }
    None
}

fn restarts(unit: &Unit, clause: usize) -> bool {
    unit.clauses.get(clause).is_some_and(|next| next.restarts)
}

/// Returns what the clauses before say that end in a word of expectation, or the one after: it governs the figure's clause.
fn governing(scene: &Scene<'_>, figure: &Figure, unit: &Unit) -> Option<(u8, Status)> {
    let own = figure.clause;
    let from = (0..=own)
        .rev()
        .find(|index| restarts(unit, *index))
        .unwrap_or(0);
    let before = (from..own).rev();
    let after = (own + 1..own + 2).filter(|next| !restarts(unit, *next));
    before.chain(after).find_map(|index| {
        let clause = unit.clauses.get(index)?;
        let text = scene.between(clause.range.start, clause.range.end);
        // Behind its object the word stands in Latin script alone.
        if index > own && (!text.is_ascii() || !is_bare(scene, figure, &clause.range)) {
            return None;
        }
        scene
            .cues_in(&clause.range)
            .iter()
            .rev()
            .find_map(|hit| match hit.cue {
                Cue::Status {
                    status: status @ (Status::Forecast | Status::Reported),
                    rank,
                    ..
                } => is_end(scene, hit.span.end(), clause.range.end).then_some((*rank, *status)),
                _ => None,
            })
    })
}

/// Tells whether no figure stands in a clause of the figure's sentence.
fn is_bare(scene: &Scene<'_>, figure: &Figure, clause: &Range<usize>) -> bool {
    scene
        .figures_beside(figure)
        .iter()
        .all(|other| other.end <= clause.start || clause.end <= other.start)
}

/// Tells whether nothing but marks stands between two places.
fn is_end(scene: &Scene<'_>, from: usize, to: usize) -> bool {
    !scene.between(from, to).chars().any(char::is_alphanumeric)
}

/// Tells whether a clause opens with a word that looks back; in Latin script, where such words stand in front.
fn looks_back(scene: &Scene<'_>, clause: &Clause) -> bool {
    scene.cues_in(&clause.range).iter().any(|hit| {
        *hit.cue == Cue::Discourse(Role::Lookback)
            && scene.between(hit.span.start(), hit.span.end()).is_ascii()
            && is_end(scene, clause.range.start, hit.span.start())
    })
}

/// Returns the status of the highest rank among the words of a clause, and those of the sentence that reach so far.
fn strongest(
    scene: &Scene<'_>,
    figure: &Figure,
    clause: &Range<usize>,
    sentence: &Range<usize>,
) -> Option<(u8, Status)> {
    let mut best: Option<(u8, usize, Status)> = None;
    let range = if sentence.is_empty() {
        clause
    } else {
        sentence
    };
    for hit in scene.cues_in(range) {
        let Cue::Status {
            status,
            rank,
            reach,
        } = hit.cue
        else {
            continue;
        };
        let (start, end) = (hit.span.start(), hit.span.end());
        let in_clause = clause.start <= start && end <= clause.end;
        let reaches = match reach {
            Reach::Near => {
                in_clause
                    && end <= figure.hedged.start
                    && width(scene.between(end, figure.hedged.start)) <= NEAR
            }
            Reach::Clause => in_clause,
            Reach::Sentence => true,
        };
        if !reaches {
            continue;
        }
        let far = start.abs_diff(figure.start);
        if best.is_none_or(|(high, near, _)| (*rank, Reverse(far)) > (high, Reverse(near))) {
            best = Some((*rank, far, *status));
        }
    }
    best.map(|(rank, _, status)| (rank, status))
}
