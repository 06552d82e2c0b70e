//! Progress of long work, on standard error, and only where that is a terminal.

use std::io::IsTerminal;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::io::Style;

/// A bar that is gone when the work is done.
#[derive(Debug)]
pub(crate) struct Progress(ProgressBar);

impl Progress {
    /// Starts a bar over a number of bytes.
    pub(crate) fn bytes(total: u64, what: &str, style: Style) -> Progress {
        Progress::start(
            total,
            what,
            "{msg} {wide_bar} {bytes}/{total_bytes} {eta}",
            style,
        )
    }

    /// Starts a bar over a number of things.
    pub(crate) fn items(total: u64, what: &str, style: Style) -> Progress {
        Progress::start(total, what, "{msg} {wide_bar} {pos}/{len} {eta}", style)
    }

    /// Starts a line that counts, where the total is not known.
    pub(crate) fn count(what: &str, style: Style) -> Progress {
        let progress = Progress::start(0, what, "{spinner} {msg} {pos} ({per_sec})", style);
        progress
            .0
            .enable_steady_tick(std::time::Duration::from_millis(200));
        progress
    }

    fn start(total: u64, what: &str, template: &str, style: Style) -> Progress {
        let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr());
        if !std::io::stderr().is_terminal() || quiet(style) {
            bar.set_draw_target(ProgressDrawTarget::hidden());
        }
        if let Ok(template) = ProgressStyle::with_template(template) {
            bar.set_style(template);
        }
        bar.set_message(what.to_owned());
        Progress(bar)
    }

    /// Says how far the work is.
    pub(crate) fn set(&self, done: u64) {
        self.0.set_position(done);
    }

    /// Says what is under way.
    pub(crate) fn message(&self, text: &str) {
        self.0.set_message(text.to_owned());
    }

    /// Says that more is done.
    pub(crate) fn add(&self, more: u64) {
        self.0.inc(more);
    }
}

fn quiet(style: Style) -> bool {
    style.width == 0
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
