//! `hedui reindex`: state and index made anew from the archive.

use clap::Args;

/// Make state and index anew from the archive: articles, claims, facts and conflicts
#[derive(Debug, Args)]
#[command(after_help = "\
Nothing is lost: decisions and deliveries are in the archive, and no alert is told again.
Needed after the lexicon changed, so that old articles are read with the new words.

Example:
  hedui reindex --verbose")]
pub(crate) struct Reindex {}
