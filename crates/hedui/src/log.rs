//! The log, on standard error.

use tracing_subscriber::EnvFilter;

use crate::cli::{Global, LogFormat};

/// Starts the log: warnings by default, less with `--quiet`, more with `--verbose`, anything with HEDUI_LOG.
pub(crate) fn start(global: &Global) {
    let level = match (global.quiet, global.verbose) {
        (true, _) => "error",
        (false, true) => "hedui=debug,hedui_fetch=info,hedui_store=info,warn",
        (false, false) => "warn",
    };
    let filter = std::env::var("HEDUI_LOG")
        .ok()
        .and_then(|text| EnvFilter::try_new(text).ok());
    let filter = filter.unwrap_or_else(|| EnvFilter::new(level));
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    // A second start in one process, as in tests, changes nothing.
    let _ = match global.log_format {
        LogFormat::Text => builder.with_target(false).with_ansi(false).try_init(),
        LogFormat::Json => builder.json().try_init(),
    };
}
