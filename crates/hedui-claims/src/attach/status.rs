//! How real a figure is: the word of the highest rank that reaches it.

use std::cmp::Reverse;
use std::ops::Range;

use hedui_model::Status;
use hedui_text::lexicon::{Cue, Reach};

use crate::scene::{Figure, Scene, width};

/// How near a word that only reaches the next figure must stand before it.
const NEAR: usize = 12;

/// Returns the status of a figure, where a word tells.
///
/// The words of the figure's clause decide; where there is none, those of the clauses before it in the sentence do.
pub(crate) fn status_of(scene: &Scene<'_>, figure: &Figure) -> Option<Status> {
    let (unit, clause) = scene.unit_of(figure).zip(scene.clause_of(figure))?;
    let own = strongest(scene, figure, &clause.range, &unit.range);
    if own.is_some() {
        return own;
    }
    for (index, before) in unit.clauses.iter().enumerate().take(figure.clause).rev() {
        let restarts = unit
            .clauses
            .get(index + 1)
            .is_some_and(|next| next.restarts);
        if restarts {
            break;
        }
        let status = strongest(scene, figure, &before.range, &(0..0));
        if status.is_some() {
            return status;
        }
    }
    None
}

/// Returns the status of the highest rank among the words of a clause, and those of the sentence that reach so far.
fn strongest(
    scene: &Scene<'_>,
    figure: &Figure,
    clause: &Range<usize>,
    sentence: &Range<usize>,
) -> Option<Status> {
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
    best.map(|(_, _, status)| status)
}
