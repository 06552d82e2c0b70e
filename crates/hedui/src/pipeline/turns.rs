//! What happens to a conflict while the archive grows: one turn for each change that a person may want to know of.

use hedui_model::{Conflict, ConflictState, Side, Turn, TurnKind};
use hedui_reconcile::{KnownSide, News, news};
use jiff::Timestamp;

/// How many turns are kept; of more, the first and the latest.
const TURNS_MAX: usize = 100;

/// Returns the turns of a conflict that was `previous` before.
pub(super) fn after(previous: Option<&Conflict>, conflict: &Conflict, at: Timestamp) -> Vec<Turn> {
    let turn = |kind, evidence| Turn { at, kind, evidence };
    let mut turns = previous
        .map(|previous| previous.turns.clone())
        .unwrap_or_default();
    let is_closed = |conflict: &Conflict| matches!(conflict.state, ConflictState::Closed { .. });
    let close = is_closed(conflict).then(|| turn(TurnKind::Closed, conflict.state_why.clone()));
    let Some(previous) = previous else {
        turns.push(turn(TurnKind::Opened, sides(conflict)));
        turns.extend(close);
        return turns;
    };
    let known: Vec<KnownSide> = previous.sides.iter().map(KnownSide::of).collect();
    let news = news(&known, conflict, None);
    match (is_closed(previous), is_closed(conflict)) {
        (false, true) => turns.extend(close),
        (true, false) => {
            let evidence = news.map_or_else(|| sides(conflict), |news| told(&news));
            turns.push(turn(TurnKind::Reopened, evidence));
        }
        (false, false) => turns.extend(news.map(|news| {
            let kind = match news {
                News::Value { .. } => TurnKind::NewValue,
                News::Source { .. } => TurnKind::NewSource,
            };
            turn(kind, told(&news))
        })),
        (true, true) => {}
    }
    shortened(turns)
}

/// Returns the turns of a conflict that has just been closed.
pub(super) fn closed(conflict: &Conflict, at: Timestamp) -> Vec<Turn> {
    let mut turns = conflict.turns.clone();
    turns.push(Turn {
        at,
        kind: TurnKind::Closed,
        evidence: conflict.state_why.clone(),
    });
    shortened(turns)
}

fn shortened(mut turns: Vec<Turn>) -> Vec<Turn> {
    if turns.len() > TURNS_MAX {
        turns.drain(1..=turns.len() - TURNS_MAX);
    }
    turns
}

fn told(news: &News) -> String {
    match news {
        News::Value { text } => text.clone(),
        News::Source { text, source } => format!("{text} ({source})"),
    }
}

fn sides(conflict: &Conflict) -> String {
    let side = |side: &Side| {
        let sources: Vec<&str> = side
            .sources
            .iter()
            .take(3)
            .map(|source| source.as_str())
            .collect();
        let more = if side.sources.len() > 3 { ", …" } else { "" };
        format!("{} ({}{more})", side.text, sources.join(", "))
    };
    let sides: Vec<String> = conflict.sides.iter().take(4).map(side).collect();
    sides.join(" ≠ ")
}
