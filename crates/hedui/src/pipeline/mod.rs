//! One article going through all stages: from a record of the archive to facts and conflicts in the state.
//!
//! New records and replayed ones take the same way, so that what a replay makes
//! is what was there before. The archive is written and synced first; only then
//! do state and index follow, as one batch per record with the position that it
//! brings them to.

pub(crate) mod compare;
pub(crate) mod document;
mod engine;
pub(crate) mod given;
mod group;
mod pending;
mod regroup;
mod tell;
mod timing;
mod writer;

pub(crate) use engine::{Engine, load_lexicon as lexicon};
pub(crate) use tell::{ALL_SINKS, TellWhen};
pub(crate) use timing::{Stage, Timings};
pub(crate) use writer::{ASKED, Analysed, Answer, Writer, purpose};
