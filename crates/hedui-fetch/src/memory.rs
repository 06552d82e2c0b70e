//! A budget for the memory of large responses.
//!
//! Small responses are free: slots bound their number. One that grows beyond a mebibyte reserves what the largest
//! response may take, waits where the budget has no room for that, and gives back what it did not need once it is
//! decoded. Its share is freed when whoever took the response drops it.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, SemaphorePermit};

/// What the budget counts in.
const UNIT_BYTES: u64 = 1 << 20;
/// The whole budget, in units, unless the largest response needs more.
const UNITS: u32 = 128;
/// How many responses are decoded at once without a share reserved.
const DECODERS_MAX: usize = 2;

/// How much room is made at once; whatever the limits are, no more is taken before it is needed.
pub(crate) const ROOM_BYTES_MAX: usize = 64 << 20;

/// Below this a response is free.
pub(crate) const FREE_BYTES: usize = 1 << 20;

/// A large response's share of the memory budget; dropping it makes room for others.
#[derive(Debug, Default)]
pub struct Held(Option<OwnedSemaphorePermit>);

#[derive(Debug)]
pub(crate) struct Budget {
    units: Arc<Semaphore>,
    decoders: Semaphore,
    /// What the largest response takes.
    largest: u32,
}

impl Budget {
    pub(crate) fn new(body_bytes_max: u64, decoded_bytes_max: u64) -> Budget {
        let largest = units(body_bytes_max.saturating_add(decoded_bytes_max)).min(UNITS * 8);
        let all = usize::try_from(UNITS.max(largest)).unwrap_or(Semaphore::MAX_PERMITS);
        Budget {
            units: Arc::new(Semaphore::new(all)),
            decoders: Semaphore::new(DECODERS_MAX),
            largest,
        }
    }

    /// Waits until there is room for the largest response.
    pub(crate) async fn reserve(&self) -> Held {
        self.acquire(self.largest).await
    }

    /// Waits for a turn to decode; who has reserved a share needs none, and must not wait for one that waits for shares.
    pub(crate) async fn decoder(&self, held: &Held) -> Option<SemaphorePermit<'_>> {
        if held.0.is_some() {
            return None;
        }
        // The semaphore is never closed.
        self.decoders.acquire().await.ok()
    }

    /// Makes the share what a response of this size takes.
    pub(crate) async fn settle(&self, held: Held, bytes: usize) -> Held {
        if bytes <= FREE_BYTES {
            return Held::default();
        }
        let needed = units(bytes as u64).min(self.largest);
        let Some(mut permit) = held.0 else {
            return self.acquire(needed).await;
        };
        let surplus = permit
            .num_permits()
            .saturating_sub(usize::try_from(needed).unwrap_or(usize::MAX));
        drop(permit.split(surplus));
        Held(Some(permit))
    }

    async fn acquire(&self, units: u32) -> Held {
        // The semaphore is never closed.
        Held(Arc::clone(&self.units).acquire_many_owned(units).await.ok())
    }
}

fn units(bytes: u64) -> u32 {
    u32::try_from(bytes.div_ceil(UNIT_BYTES))
        .unwrap_or(u32::MAX)
        .max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_response_gives_back_what_it_does_not_need() {
        let budget = Budget::new(10 << 20, 30 << 20);
        let held = budget.reserve().await;
        assert_eq!(budget.units.available_permits(), 88);
        let held = budget.settle(held, 5 << 20).await;
        assert_eq!(budget.units.available_permits(), 123);
        assert!(budget.decoder(&held).await.is_none());
        drop(held);
        assert_eq!(budget.units.available_permits(), 128);
        let small = budget.settle(Held::default(), 1000).await;
        assert!(small.0.is_none() && budget.decoder(&small).await.is_some());
        let grown = budget.settle(Held::default(), 20 << 20).await;
        assert_eq!(budget.units.available_permits(), 108);
        drop(grown);
    }

    #[tokio::test]
    async fn the_largest_response_always_fits() {
        for limit in [0, 1 << 30, u64::MAX] {
            let budget = Budget::new(limit, limit);
            let held = budget.reserve().await;
            drop(budget.settle(held, usize::MAX).await);
        }
    }
}
