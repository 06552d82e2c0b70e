//! From an article to what it claims: figures first, then whose, which, when and how real.
//!
//! [`quantity`] reads every figure of a text; [`ClaimReader`] tells which of them
//! are asserted and attaches to each its entities, metric, period, scope, status
//! and speaker. Everything here is a pure function of the article and the
//! lexicon, which holds all words.

pub mod quantity;

mod attach;
mod lists;
mod mention;
mod naming;
mod reader;
mod region;
mod scene;

pub use reader::ClaimReader;
