//! A note of how far the archive was synced, in `<archive>/synced`.
//!
//! It is written after each sync and never synced itself, so it may be old, but what it says was true: everything
//! before that position was on the disk. Opening an archive therefore checks only what stands behind it, and can tell
//! when something acknowledged is missing. Without it everything is checked.

use std::path::Path;
use std::sync::Arc;

use super::files::{Files, Handle, Mode};
use super::line::sum;
use super::mark::Mark;

const NAME: &str = "synced";
const BYTES: usize = 128;

/// Reads the note; none where there is none, or where it was torn.
pub(super) fn read(files: &dyn Files, dir: &Path) -> Option<Mark> {
    let handle = files.open(&dir.join(NAME), Mode::Read).ok()?;
    let mut buffer = [0; BYTES];
    let count = handle.read_up_to(0, &mut buffer).ok()?;
    let text = std::str::from_utf8(buffer.get(..count)?).ok()?;
    let (fields, given) = text.strip_suffix('\n')?.rsplit_once(' ')?;
    if sum(fields.as_bytes()) != given {
        return None;
    }
    let mut fields = fields.strip_prefix("hedui-synced 1 ")?.split(' ');
    Some(Mark {
        segment: fields.next()?.parse().ok()?,
        offset: fields.next()?.parse().ok()?,
        journal: fields.next()?.parse().ok()?,
    })
}

/// Opens the note for writing; none where the disk refuses, which costs only time at the next opening.
pub(super) fn open(files: &dyn Files, dir: &Path) -> Option<Arc<dyn Handle>> {
    files.open(&dir.join(NAME), Mode::Write).ok()
}

/// Writes the note, always at the same length, so that it needs no new space.
pub(super) fn write(handle: &dyn Handle, mark: Mark) {
    let fields = format!(
        "hedui-synced 1 {:010} {:020} {:020}",
        mark.segment, mark.offset, mark.journal
    );
    let text = format!("{fields} {}\n", sum(fields.as_bytes()));
    // The note is a help, not a need.
    let _ = handle.write_at(0, text.as_bytes());
}
