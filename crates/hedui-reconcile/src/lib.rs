//! From claims to facts to conflicts: which figures are about the same thing, and which of them cannot both be true.
//!
//! Two questions, in this order and never mixed: *are these about the same
//! fact?* ([`Reconciler::judge`] scores what the claims say besides their values)
//! and only then *can both be true?* ([`compat`]). The value is no evidence for
//! the first, with one exception: equal digits a power of ten, a currency or a
//! unit apart, which is what a slip looks like.
//!
//! What always holds: a verdict is symmetric but for the direction of an update,
//! does not depend on the order of arrival, and does not change when an
//! unrelated article is added. All arithmetic is exact or in thousandths.
//! Everything here is a pure function of its arguments and the lexicon.
//!
//! The pipeline loads candidates by [`Reconciler::blocks`], keeps the verdicts,
//! and has [`Reconciler::assemble`] group each connected component anew.

pub mod compat;
pub mod learn;
pub mod rates;

mod arithmetic;
mod assemble;
mod blocks;
mod cause;
mod copies;
mod evidence;
mod footing;
mod gates;
mod judge;
mod likeness;
mod partners;
mod periods;
mod phrase;
mod reconciler;
mod restate;
mod revision;
mod score;
mod tier;
mod update;
mod why;
mod within;

pub use arithmetic::{Mismatch, MismatchKind, PREVIOUS};
pub use assemble::{
    Assembled, Circumstances, Decided, Decisions, KnownSide, MuteRule, News, Reopening, Standing,
    Step, Stretch, StretchKind, faded_severity, is_same_contradiction, news, standing, timeline,
};
pub use blocks::BLOCKS_MAX;
pub use copies::independent_sources;
pub use judge::{Judgement, Term};
pub use rates::{Rates, RatesError};
pub use reconciler::{ALERT_CONFIDENCE, LIST_CONFIDENCE, Reconciler};
pub use restate::Restated;

#[cfg(test)]
mod fixture;
#[cfg(test)]
mod tests;
