//! The index and its query language, asked from outside as the program asks them.

#![allow(clippy::unwrap_used)]

mod aliases;
mod boolean;
mod conformance;
mod damage;
mod fixture;
mod numbers;
mod phrases;
mod ranking;
mod snippets;
