//! `hedui init`: a commented configuration to begin with.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::Args;

use crate::config::{COMMENTED, FILE_NAME};
use crate::exit::{Exit, Failure};
use crate::io::Io;

/// Write a commented hedui.toml, a feeds folder and the archive folder
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  hedui init                 in the working folder
  hedui init ~/watch         somewhere else
  hedui init --contact desk@example.org ~/watch")]
pub(crate) struct Init {
    /// The folder; it is made if need be
    #[arg(default_value = ".")]
    dir: PathBuf,
    /// The mail or web address at which a site's owner reaches you
    #[arg(long, value_name = "ADDRESS")]
    contact: Option<String>,
}

/// The feed lists that come along: name and text.
pub(crate) const LISTS: [(&str, &str); 4] = [
    (
        "english.opml",
        include_str!("../../../../feeds/english.opml"),
    ),
    (
        "mainland.opml",
        include_str!("../../../../feeds/mainland.opml"),
    ),
    ("taiwan.opml", include_str!("../../../../feeds/taiwan.opml")),
    (
        "hongkong.opml",
        include_str!("../../../../feeds/hongkong.opml"),
    ),
];

impl Init {
    /// Writes what is not there yet; never overwrites.
    pub(crate) fn run(&self, io: &mut Io<'_>) -> Result<Exit> {
        let file = self.dir.join(FILE_NAME);
        if file.exists() {
            return Err(Failure::usage(format!("`{}` exists", file.display()))
                .hint("remove it first, or name another folder: `hedui init DIR`")
                .into());
        }
        std::fs::create_dir_all(self.dir.join("feeds"))
            .and_then(|()| std::fs::create_dir_all(self.dir.join("index")))
            .with_context(|| format!("cannot make folders in `{}`", self.dir.display()))?;
        let mut text = COMMENTED.replace(
            "opml = []",
            "opml = [\"feeds/english.opml\", \"feeds/mainland.opml\", \"feeds/taiwan.opml\", \"feeds/hongkong.opml\"]",
        );
        if let Some(contact) = &self.contact {
            // A TOML basic string escapes as JSON does, but for the delete character.
            let quoted = serde_json::Value::from(contact.replace('\u{7f}', "")).to_string();
            text = text.replace("contact = \"\"", &format!("contact = {quoted}"));
        }
        for (name, list) in LISTS {
            let path = self.dir.join("feeds").join(name);
            if !path.exists() {
                write(&path, list)?;
            }
        }
        write(&file, &text)?;
        writeln!(io.out, "{}", file.display())?;
        writeln!(
            io.err,
            "wrote `{}` with {} feed lists",
            file.display(),
            LISTS.len()
        )?;
        if self.contact.is_none() {
            writeln!(
                io.err,
                "hint: set `contact` in it, remove the feeds you do not want, then `hedui crawl`"
            )?;
        }
        Ok(Exit::Done)
    }
}

fn write(path: &Path, text: &str) -> Result<()> {
    std::fs::write(path, text).with_context(|| format!("cannot write `{}`", path.display()))
}
