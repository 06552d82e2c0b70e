//! `hedui demo`: the whole way on the sample site.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use super::Global;
use crate::exit::Exit;
use crate::io::Io;

/// Show the whole way on a bundled sample site: crawl it over HTTP on loopback, and print the conflicts found
#[derive(Debug, Args)]
#[command(after_help = "\
Needs no network and no configuration. The outlets are invented; the planted errors are of the kinds that happen.

Examples:
  hedui demo
  hedui demo --keep /tmp/demo && hedui --archive /tmp/demo search 輝達")]
pub(crate) struct Demo {
    /// Keep the archive in this folder, rather than in a temporary one
    #[arg(long, value_name = "DIR")]
    keep: Option<PathBuf>,
}

impl Demo {
    /// Runs the demonstration.
    pub(crate) fn run(&self, global: &Global, io: &mut Io<'_>) -> Result<Exit> {
        crate::demo::run(self.keep.as_deref(), global, io)
    }
}
