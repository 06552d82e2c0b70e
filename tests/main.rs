//! Whole-program tests: the program as its users meet it, and the workspace as its readers do.

#![allow(clippy::unwrap_used, clippy::print_stderr, missing_docs)]

mod check;
mod cli;
mod crash;
mod crawl;
mod decide;
mod demo;
mod documents;
mod drafts;
mod fetch;
mod ingest;
mod inside;
mod lexicon;
mod order;
mod readme;
mod support;
mod tidy;
