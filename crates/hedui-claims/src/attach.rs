//! Which figure is whose: what a claim's parts are read from, one part a module.
//!
//! Everything is looked for in the figure's clause first, then in its sentence,
//! then in what the sentences before and the title leave behind. Where nothing
//! stands, the part is unknown: nothing is guessed.

pub(crate) mod claimed;
pub(crate) mod direction;
pub(crate) mod metric;
pub(crate) mod owner;
pub(crate) mod period;
pub(crate) mod scope;
pub(crate) mod speaker;
pub(crate) mod status;
pub(crate) mod subjects;
pub(crate) mod terms;
