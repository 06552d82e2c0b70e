//! Which way a date lies that is not said in full: words that point ahead, and what a report has to be about without them.

use hedui_text::lexicon::quantities::Role;

use super::super::token::Tokens;
use super::point::Mode;

/// Which way a date lies whose year or month is not said.
pub(super) fn mode(tokens: &Tokens<'_>, first: usize, next: usize) -> Mode {
    let (start, end) = (tokens.start(first), tokens.end(next.saturating_sub(1)));
    // A few words around it, *at*, *during the*, say nothing of its direction either.
    if tokens.trimmed <= end - start + 12 {
        return Mode::Near;
    }
    if (first.saturating_sub(6)..first).any(|index| ahead(tokens, index, start))
        || tokens.is(next, Role::Ahead) && tokens.joined(next)
    {
        return Mode::Ahead;
    }
    Mode::Past
}

/// Tells whether a word before a place points ahead, near it and in its sentence.
pub(super) fn ahead(tokens: &Tokens<'_>, index: usize, start: usize) -> bool {
    let gap = tokens
        .text
        .get(tokens.end(index)..start)
        .unwrap_or_default();
    tokens.is(index, Role::Ahead) && gap.len() < 60 && !gap.contains(['.', '\n', ';', '\u{3002}'])
}
