//! `hedui alert`: telling the sinks what is new, once each.

use anyhow::Result;
use clap::{Args, Subcommand};
use hedui_model::{AlertEvent, ConflictState};
use hedui_store::State;
use hedui_store::journal::{Delivery, Event};
use hedui_store::state::OutboxItem;
use serde::Serialize;

use super::Format;
use crate::alert::{self, Payload};
use crate::config::{AlertSettings, Sink};
use crate::exit::{Exit, Failure};
use crate::io::{Io, Safe, table};
use crate::list::ListWriter;
use crate::pipeline::{ALL_SINKS, Lens, Writer};
use crate::store::View;

/// Tell the configured sinks of new conflicts, once each
#[derive(Debug, Args)]
#[command(after_help = "\
Sinks stand under [[alert.sink]] in hedui.toml: webhooks and commands. What the first crawl of an archive finds is
told as one digest. A delivery that fails is kept, and tried again by the next `send`. What was acknowledged, put off, muted,
settled or has ended is not told; what is open again, by news or because a snooze is over, is.

Examples:
  hedui crawl && hedui alert send       from cron
  hedui alert list
  hedui alert test desk")]
pub(crate) struct Alert {
    #[command(subcommand)]
    pub(crate) action: AlertAction,
}

/// What can be done with alerts.
#[derive(Debug, Subcommand)]
pub(crate) enum AlertAction {
    /// Deliver what is waiting to all sinks
    Send,
    /// List what is waiting
    List,
    /// Try again what has failed too often
    Retry,
    /// Send a sample to one sink
    Test {
        /// The id of the sink
        sink: String,
    },
}

#[derive(Serialize)]
struct Waiting {
    key: String,
    event: AlertEvent,
    conflicts: usize,
    text: String,
    created: String,
    attempts: u32,
    last_error: Option<String>,
}

/// Lists what is waiting.
pub(crate) fn list(view: &View, format: Option<Format>, io: &mut Io<'_>) -> Result<Exit> {
    let mut waiting = Vec::new();
    for item in view.state().outbox() {
        let item = item?;
        let payload = Payload::new(&item.alert, |id| view.appearance(id).ok().flatten());
        waiting.push(Waiting {
            key: item.alert.idempotency_key.clone(),
            event: item.alert.event,
            conflicts: item.alert.conflicts.len(),
            text: payload.text,
            created: item.created.to_string(),
            attempts: item.attempts,
            last_error: item.last_error,
        });
    }
    match format {
        None | Some(Format::Table) => {
            let row = |waiting: &Waiting| {
                vec![
                    waiting.created.get(..16).unwrap_or_default().to_owned(),
                    waiting.text.lines().nth(1).unwrap_or_default().to_owned(),
                    waiting.conflicts.to_string(),
                    waiting.attempts.to_string(),
                    waiting.last_error.clone().unwrap_or_default(),
                ]
            };
            let rows: Vec<Vec<String>> = waiting.iter().map(row).collect();
            if rows.is_empty() {
                writeln!(io.err, "nothing is waiting")?;
            } else {
                write!(
                    io.out,
                    "{}",
                    table(
                        io.style,
                        &["since", "alert", "conflicts", "tries", "last error"],
                        &rows
                    )
                )?;
            }
        }
        Some(format) => {
            let mut list = ListWriter::new(format);
            for waiting in &waiting {
                list.item(io, waiting)?;
            }
            list.finish(io)?;
        }
    }
    Ok(Exit::Done)
}

/// Delivers what is waiting; with `retry`, also what has failed too often.
pub(crate) fn send(
    writer: &mut Writer,
    settings: &AlertSettings,
    retry: bool,
    io: &mut Io<'_>,
) -> Result<Exit> {
    if settings.sinks.is_empty() {
        return Err(Failure::usage("no sink is configured")
            .hint("add an `[[alert.sink]]` to hedui.toml; `hedui init` shows how")
            .into());
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let now = jiff::Timestamp::now();
    writer.desk.wake(now)?;
    let lens = writer.desk.lens(now)?;
    let waiting: Vec<OutboxItem> = writer.state.outbox().collect::<Result<_, _>>()?;
    let (mut delivered, mut failed) = (0_u64, 0_u64);
    for item in waiting {
        // What was acknowledged, put off, muted, settled or ended meanwhile is no news.
        let Some(item) = still_news(writer, &lens, item)? else {
            continue;
        };
        if item.attempts >= settings.attempts_max && !retry {
            failed += 1;
            continue;
        }
        let state = std::sync::Arc::clone(&writer.state);
        let payload = Payload::new(&item.alert, |id| {
            state
                .claim(id)
                .ok()
                .flatten()
                .and_then(|found| found.appearance())
        });
        let mut errors = Vec::new();
        for sink in &settings.sinks {
            let id = sink.id.get_ref();
            if writer
                .state
                .delivered(id, &payload.idempotency_key)?
                .is_some()
            {
                continue;
            }
            match runtime.block_on(alert::deliver(sink, &payload)) {
                Ok(()) => {
                    delivered += 1;
                    let delivery = Delivery {
                        sink: id.clone(),
                        key: payload.idempotency_key.clone(),
                    };
                    writer.record(jiff::Timestamp::now(), Event::Delivered(delivery))?;
                }
                Err(error) => {
                    writeln!(io.err, "sink `{}`: {}", Safe(id), Safe(&error.to_string()))?;
                    errors.push(format!("{id}: {error}"));
                }
            }
        }
        if errors.is_empty() {
            let delivery = Delivery {
                sink: ALL_SINKS.to_owned(),
                key: payload.idempotency_key.clone(),
            };
            writer.record(jiff::Timestamp::now(), Event::Delivered(delivery))?;
        } else {
            failed += 1;
            writer.put_off(item, errors.join("; "))?;
        }
    }
    writeln!(io.err, "{delivered} delivered, {failed} still waiting")?;
    Ok(if failed > 0 {
        Exit::Partial
    } else {
        Exit::Done
    })
}

/// Takes out of an alert the conflicts that are no longer open, and the alert out of the outbox where none is left.
fn still_news(writer: &mut Writer, lens: &Lens, item: OutboxItem) -> Result<Option<OutboxItem>> {
    let mut open = Vec::new();
    for told in &item.alert.conflicts {
        // One that is gone was merged away or withdrawn with its articles.
        let found = writer.state.conflict(&told.id)?;
        let seen = found.map(|found| lens.conflict(found));
        open.extend(seen.filter(|seen| seen.state == ConflictState::Open));
    }
    if open.is_empty() {
        // Kept as delivered to all, so that no later opening brings it back.
        let delivery = Delivery {
            sink: ALL_SINKS.to_owned(),
            key: item.alert.idempotency_key.clone(),
        };
        writer.record(jiff::Timestamp::now(), Event::Delivered(delivery))?;
        return Ok(None);
    }
    let mut item = item;
    item.alert.conflicts = open;
    Ok(Some(item))
}

/// Sends a sample to one sink.
pub(crate) fn test(settings: &AlertSettings, id: &str, io: &mut Io<'_>) -> Result<Exit> {
    let sink: &Sink = settings
        .sinks
        .iter()
        .find(|sink| sink.id.get_ref() == id)
        .ok_or_else(|| {
            let failure = Failure::usage(format!("there is no sink `{id}`"));
            let names: Vec<&str> = settings
                .sinks
                .iter()
                .map(|sink| sink.id.get_ref().as_str())
                .collect();
            if names.is_empty() {
                failure.hint("add an `[[alert.sink]]` to hedui.toml")
            } else {
                failure.hint(format!("there are: {}", names.join(", ")))
            }
        })?;
    let payload = Payload::sample();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    match runtime.block_on(alert::deliver(sink, &payload)) {
        Ok(()) => {
            writeln!(io.err, "sink `{}` took a sample", Safe(id))?;
            Ok(Exit::Done)
        }
        Err(error) => {
            writeln!(io.err, "sink `{}`: {}", Safe(id), Safe(&error.to_string()))?;
            Ok(Exit::Partial)
        }
    }
}
