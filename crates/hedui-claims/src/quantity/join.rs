//! What several figures make together: ranges, lists with a shared unit, joined bounds, restatements.

mod each;
mod gloss;
mod list;
mod range;

use super::bounds;
use super::figure::{self, FigureUnit, FoundFigure};
use super::reading::Reading;
use super::token::Tokens;
use each::each_before;
use gloss::glosses;
use list::{joined_bounds, lists};
use range::{range, score};

/// Reads the figure at a token with all that belongs to it: range, bounds, denominator in front.
pub(super) fn read(tokens: &Tokens<'_>, at: usize) -> Option<FoundFigure> {
    let mut figure = match figure::read(tokens, at)? {
        FoundFigure::Figure(figure) => figure,
        skip => return Some(skip),
    };
    // The second half of a code: 表3-1, 16055099号-94.
    let bare =
        figure.unit == FigureUnit::None && !figure.worded && tokens.numeral(figure.first).is_some();
    if bare
        && tokens.byte_before(figure.start) == b'-'
        && figure.start == tokens.start(figure.first)
    {
        return Some(FoundFigure::Skip(figure.next));
    }
    if let Some(range) = range(tokens, &figure) {
        figure = range;
    } else if let Some(next) = score(tokens, &figure) {
        return Some(FoundFigure::Skip(next));
    }
    bounds::around(tokens, &mut figure);
    each_before(tokens, &mut figure);
    Some(FoundFigure::Figure(figure))
}

/// Joins what stands side by side in the list of readings.
pub(super) fn join(tokens: &Tokens<'_>, readings: &mut Vec<Reading>) {
    lists(tokens, readings);
    joined_bounds(tokens, readings);
    glosses(tokens, readings);
}
