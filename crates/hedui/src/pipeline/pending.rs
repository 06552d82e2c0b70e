//! Changes of the state while they gather.

use std::collections::BTreeMap;

use hedui_model::SourceId;
use hedui_store::archive::Mark;
use hedui_store::state::{Change, SourceState};

/// Changes of the state that follow from one entry of the archive.
#[derive(Debug)]
pub(super) struct Pending {
    pub(super) mark: Mark,
    pub(super) changes: Vec<Change>,
    pub(super) sources: BTreeMap<SourceId, SourceState>,
}

impl Pending {
    /// Begins with the position that the entry brings the state to.
    pub(super) fn at(mark: Mark) -> Pending {
        Pending {
            mark,
            changes: Vec::new(),
            sources: BTreeMap::new(),
        }
    }

    /// Adds a change.
    pub(super) fn push(&mut self, change: Change) {
        self.changes.push(change);
    }
}
