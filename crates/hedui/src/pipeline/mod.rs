//! One article going through all stages: from a record of the archive to facts and conflicts in the state.
//!
//! New records and replayed ones take the same way, so that what a replay makes
//! is what was there before. The archive is written and synced first; only then
//! do state and index follow, as one batch per record with the position that it
//! brings them to.

pub(crate) mod compare;
mod course;
mod desk;
pub(crate) mod document;
mod engine;
pub(crate) mod given;
mod group;
mod ledger;
mod lens;
mod pending;
mod regroup;
mod tell;
mod timing;
mod turns;
pub(crate) mod words;
mod writer;

pub(crate) use desk::Desk;
pub(crate) use engine::{Engine, load_lexicon as lexicon};
pub(crate) use ledger::{Ledger, Line, Tie};
pub(crate) use lens::{Lens, minute};
pub(crate) use tell::{ALL_SINKS, TellWhen};
pub(crate) use timing::{Stage, Timings};
pub(crate) use writer::{ASKED, Analysed, Answer, Writer, purpose};
