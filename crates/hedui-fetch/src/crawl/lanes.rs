//! How many hosts are read from at the same moment.
//!
//! A request takes a slot and keeps it until what came back is handed over, which bounds memory. A host that answers
//! slowly, or not at all, goes over to a lane of its own after [`SLOW_AFTER`], and begins there the next time, so that
//! hosts that stall, be there ever so many, do not hold up the others.

use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use tokio::sync::{Semaphore, SemaphorePermit};
use tokio_util::sync::CancellationToken;

/// After this an exchange counts as slow.
pub(crate) const SLOW_AFTER: Duration = Duration::from_secs(2);
/// How many times as many slow exchanges as others there may be.
const SLOW_FACTOR: usize = 8;

/// What may be sent now, and holds its place while it is read and handed over.
pub(crate) type Slot<'l> = SemaphorePermit<'l>;

/// The lanes of one run.
#[derive(Debug)]
pub(crate) struct Lanes {
    slots: Semaphore,
    slow: Semaphore,
}

impl Lanes {
    pub(crate) fn new(hosts_at_once: u32) -> Lanes {
        let slots = usize::try_from(hosts_at_once)
            .unwrap_or(usize::MAX)
            .clamp(1, Semaphore::MAX_PERMITS / SLOW_FACTOR);
        Lanes {
            slots: Semaphore::new(slots),
            slow: Semaphore::new(slots * SLOW_FACTOR),
        }
    }

    /// Waits for a slot, in the slow lane where there is room and the host is known for it; `None` where the run ends meanwhile.
    pub(crate) async fn enter(&self, slow: bool, cancel: &CancellationToken) -> Option<Slot<'_>> {
        if let Some(slot) = self.slow.try_acquire().ok().filter(|_| slow) {
            return Some(slot);
        }
        tokio::select! {
            // The semaphore is never closed.
            slot = self.slots.acquire() => slot.ok(),
            () = cancel.cancelled() => None,
        }
    }

    /// Waits for an exchange, and changes its lane where it is slow; `None` where the run ends meanwhile.
    pub(crate) async fn watch<'l, T>(
        &'l self,
        exchange: impl Future<Output = T>,
        slot: &mut Slot<'l>,
        cancel: &CancellationToken,
    ) -> Option<T> {
        let mut exchange = pin!(exchange);
        tokio::select! {
            result = &mut exchange => return Some(result),
            () = cancel.cancelled() => return None,
            () = tokio::time::sleep(SLOW_AFTER) => {}
        }
        // Where that lane is full too, the slot is kept.
        if let Ok(slow) = self.slow.try_acquire() {
            *slot = slow;
        }
        tokio::select! {
            result = &mut exchange => Some(result),
            () = cancel.cancelled() => None,
        }
    }
}
