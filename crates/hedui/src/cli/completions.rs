//! `hedui completions` and `hedui man`: made from the same definitions as the help.

use anyhow::Result;
use clap::{Args, CommandFactory};
use clap_complete::Shell;

use super::Cli;
use crate::exit::Exit;
use crate::io::Io;

/// Print a completion script for a shell
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  hedui completions bash > ~/.local/share/bash-completion/completions/hedui
  hedui completions zsh > \"${fpath[1]}/_hedui\"
  hedui completions fish > ~/.config/fish/completions/hedui.fish")]
pub(crate) struct Completions {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

impl Completions {
    /// Prints the script.
    pub(crate) fn run(&self, io: &mut Io<'_>) -> Result<Exit> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::command(), "hedui", &mut script);
        io.out.write_all(&script)?;
        Ok(Exit::Done)
    }
}

/// Print the manual page, or that of one command
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  hedui man | man -l -
  hedui man crawl > hedui-crawl.1")]
pub(crate) struct Man {
    /// The command
    command: Option<String>,
}

impl Man {
    /// Prints the page as roff.
    pub(crate) fn run(&self, io: &mut Io<'_>) -> Result<Exit> {
        let mut command = Cli::command();
        command.build();
        let page = match &self.command {
            None => command,
            Some(name) => {
                let found = command
                    .get_subcommands()
                    .find(|sub| sub.get_name() == name)
                    .cloned();
                let names = command
                    .get_subcommands()
                    .map(|sub| sub.get_name().to_owned())
                    .collect::<Vec<_>>();
                found.ok_or_else(|| {
                    let failure =
                        crate::exit::Failure::usage(format!("there is no command `{name}`"));
                    match crate::config::suggestion(name, names.iter().map(String::as_str)) {
                        Some(near) => failure.hint(format!("did you mean `{near}`?")),
                        None => failure.hint("`hedui --help` lists the commands"),
                    }
                })?
            }
        };
        let mut roff = Vec::new();
        clap_mangen::Man::new(page).render(&mut roff)?;
        io.out.write_all(&roff)?;
        Ok(Exit::Done)
    }
}
