//! What a pure stage has to say about bad content.

use serde::{Deserialize, Serialize};

/// Something that a stage could not read, and went on without.
///
/// Bad content is no error: the stage yields what could be read, and diagnostics. The edge counts and logs them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    /// What it is about, from a bounded set, fit for a metric's label: `charset`, `date`, `nodes`.
    pub code: String,
    /// What was found, for a person; never long text of an article.
    pub message: String,
}

impl Diagnostic {
    /// Makes a diagnostic.
    pub fn new(code: &str, message: impl Into<String>) -> Self {
        Diagnostic {
            code: code.to_owned(),
            message: message.into(),
        }
    }
}
