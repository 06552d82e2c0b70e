//! `hedui`: the program. Flags and glue; the work is in the other crates.

mod alert;
mod card;
mod check;
mod cli;
mod config;
mod crawl;
mod demo;
mod draft;
mod exit;
mod interrupt;
mod io;
mod list;
mod log;
mod names;
mod opml;
mod outside;
mod pdf;
mod pipeline;
mod progress;
mod run;
mod socket;
mod store;
mod tls;
mod warc;
mod wire;

use std::process::ExitCode;

fn main() -> ExitCode {
    run::main().into()
}
