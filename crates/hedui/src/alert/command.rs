//! The command sink: a program of the user's gets the payload on standard input.

use std::process::Stdio;
use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::process::Command;

use super::{DeliveryError, Payload};
use crate::config::Sink;

/// How long a command may take.
const TIMEOUT: Duration = Duration::from_secs(60);

/// Runs the sink's command; it has taken the alert when it exits with 0.
pub(super) async fn deliver(sink: &Sink, payload: &Payload) -> Result<(), DeliveryError> {
    let failed = |error: std::io::Error| DeliveryError::Command(error.to_string());
    let (program, arguments) = sink
        .command
        .split_first()
        .ok_or_else(|| DeliveryError::Settings("it has no `command`".to_owned()))?;
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .map_err(failed)?;
    let mut input = child.stdin.take();
    let line = format!("{}\n", payload.to_json());
    let run = async {
        if let Some(input) = &mut input {
            // A command need not read its input: a closed pipe is no failure, its exit code decides.
            let _ = input.write_all(line.as_bytes()).await;
        }
        drop(input.take());
        child.wait().await
    };
    match tokio::time::timeout(TIMEOUT, run).await {
        Err(_) => Err(DeliveryError::Command(format!(
            "no end after {} s",
            TIMEOUT.as_secs()
        ))),
        Ok(Err(error)) => Err(failed(error)),
        Ok(Ok(status)) if status.success() => Ok(()),
        Ok(Ok(status)) => Err(DeliveryError::Command(status.to_string())),
    }
}
