//! How the program ends: the exit codes that scripts rely on.

use std::process::ExitCode;

/// The outcome of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Done.
    Done,
    /// Done, and the answer is no: no match, or some conflict with `--fail`.
    No,
    /// Wrong usage or configuration.
    Usage,
    /// Some of the work failed; what, was named on standard error.
    Partial,
    /// The archive is held by another writer or damaged beyond repair.
    Archive,
    /// Interrupted.
    Interrupted,
}

impl Exit {
    /// Returns the number that the shell sees.
    pub(crate) fn code(self) -> u8 {
        match self {
            Exit::Done => 0,
            Exit::No => 1,
            Exit::Usage => 2,
            Exit::Partial => 3,
            Exit::Archive => 4,
            Exit::Interrupted => 130,
        }
    }

    /// Returns the outcome with this number; an unknown one counts as trouble.
    pub(crate) fn of_code(code: u8) -> Exit {
        let all = [
            Exit::Done,
            Exit::No,
            Exit::Usage,
            Exit::Partial,
            Exit::Archive,
            Exit::Interrupted,
        ];
        all.into_iter()
            .find(|exit| exit.code() == code)
            .unwrap_or(Exit::Partial)
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit.code())
    }
}

/// An error that decides the exit code: wrong usage, or trouble with the archive. Others end with 3.
#[derive(Debug, thiserror::Error)]
#[error("{message}{}", hint.as_ref().map(|hint| format!("\nhint: {hint}")).unwrap_or_default())]
pub(crate) struct Failure {
    /// The exit code.
    pub(crate) exit: Exit,
    /// What is wrong: lower case, no full stop.
    pub(crate) message: String,
    /// What to do, if that is known.
    pub(crate) hint: Option<String>,
}

impl Failure {
    /// Makes an error of wrong usage or configuration.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Failure {
            exit: Exit::Usage,
            message: message.into(),
            hint: None,
        }
    }

    /// Makes an error about the archive.
    pub(crate) fn archive(message: impl Into<String>) -> Self {
        Failure {
            exit: Exit::Archive,
            message: message.into(),
            hint: None,
        }
    }

    /// Adds what to do.
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}
