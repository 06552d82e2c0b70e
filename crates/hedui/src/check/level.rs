//! What a finding counts as in one run.

use hedui_model::Confidence;

use super::{Figure, Verdict};

/// What a finding counts as; the names are SARIF's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Level {
    /// Nothing to tell.
    None,
    /// An update.
    Note,
    /// A conflict that is possible.
    Warning,
    /// A conflict.
    Error,
}

impl Level {
    /// Says what a figure counts as where a conflict has to be as sure as `sure`.
    pub(crate) fn of(figure: &Figure, sure: Confidence) -> Level {
        match figure.finding.verdict {
            _ if figure.is_ignored || figure.is_known => Level::None,
            Verdict::Conflict if figure.finding.confidence >= sure => Level::Error,
            Verdict::Conflict => Level::Warning,
            Verdict::Update => Level::Note,
            Verdict::Agree | Verdict::Unknown => Level::None,
        }
    }

    /// Returns the word used outside.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Level::Error => "error",
            Level::Warning => "warning",
            Level::Note => "note",
            Level::None => "none",
        }
    }
}
