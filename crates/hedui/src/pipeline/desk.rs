//! Where decisions are taken: beside whoever reads articles into the archive, and one at a time with it.
//!
//! A decision goes into the journal and is synced before anything follows from it; then it is laid over the state. Who
//! reads articles has the turn from the first record that it appends to the last that it applies, so that the state's
//! position never passes what was not applied.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use anyhow::Result;
use hedui_model::Conflict;
use hedui_store::archive::Mark;
use hedui_store::journal::{Event, FirstCrawl, JournalEntry};
use hedui_store::state::{Batch, Change};
use hedui_store::{Archive, DiskArchive, SledState, State};
use jiff::Timestamp;

use super::engine::Engine;
use super::ledger::Ledger;
use super::lens::Lens;
use super::pending::Pending;
use super::regroup::{self, Touched};
use super::tell::{self, TellWhen};

/// The archive, its state, and what people decided about it.
#[derive(Debug)]
pub(crate) struct Desk {
    pub(super) archive: Arc<DiskArchive>,
    pub(super) state: Arc<SledState>,
    pub(super) tell: TellWhen,
    ledger: RwLock<Arc<Ledger>>,
    /// Held from the first append to the last apply. Guards no data: the order of positions.
    turn: Mutex<()>,
}

impl Desk {
    /// Opens the desk with the decisions that the state has; a replay brings the others.
    pub(crate) fn open(
        archive: Arc<DiskArchive>,
        state: Arc<SledState>,
        tell: TellWhen,
    ) -> Result<Desk> {
        let ledger = Ledger::load(&*state)?;
        Ok(Desk {
            archive,
            state,
            tell,
            ledger: RwLock::new(Arc::new(ledger)),
            turn: Mutex::new(()),
        })
    }

    /// Waits until nobody else appends or applies.
    pub(crate) fn turn(&self) -> MutexGuard<'_, ()> {
        self.turn.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the decisions as they are now.
    pub(crate) fn ledger(&self) -> Arc<Ledger> {
        let ledger = self.ledger.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&ledger)
    }

    pub(super) fn change<T>(&self, change: impl FnOnce(&mut Ledger) -> T) -> T {
        let mut ledger = self.ledger.write().unwrap_or_else(PoisonError::into_inner);
        change(Arc::make_mut(&mut ledger))
    }

    /// Returns how conflicts are seen at a time.
    pub(crate) fn lens(&self, now: Timestamp) -> Result<Lens> {
        let newest = self
            .state
            .articles_by_time(None, None, true)
            .next()
            .transpose()?;
        Ok(Lens::new(self.ledger(), newest.map(|(at, _)| at), now))
    }

    /// Keeps an event in the journal, syncs it, and applies it; returns the number of its line.
    ///
    /// `engine` is asked for only where claims have to be grouped anew.
    pub(crate) fn record(
        &self,
        at: Timestamp,
        event: Event,
        engine: impl FnOnce() -> Result<Arc<Engine>>,
    ) -> Result<u64> {
        let _turn = self.turn();
        let entry = JournalEntry { at, event };
        let mark = self.archive.append_journal(&entry)?;
        self.archive.sync()?;
        self.apply(mark, mark.journal, entry, engine)?;
        Ok(mark.journal)
    }

    /// Brings the state up to a line of the journal.
    pub(super) fn apply(
        &self,
        mark: Mark,
        seq: u64,
        entry: JournalEntry,
        engine: impl FnOnce() -> Result<Arc<Engine>>,
    ) -> Result<()> {
        let mut pending = Pending::at(mark);
        match entry.event {
            Event::Decision(decision) => {
                let at = decision.at;
                pending.push(Change::PutDecision {
                    seq,
                    decision: Box::new(decision.clone()),
                });
                let start = self.change(|ledger| ledger.push(seq, decision, &*self.state))?;
                if !start.is_empty() {
                    let engine = engine()?;
                    let touched = Touched::by_decision(start);
                    regroup::regroup(self, &engine.reconciler, touched, at, &mut pending)?;
                }
            }
            Event::Delivered(delivery) => pending.push(Change::PutDelivered {
                sink: delivery.sink,
                key: delivery.key,
                at: entry.at,
            }),
            Event::FirstCrawl(FirstCrawl {
                source: None,
                conflicts,
            }) => {
                pending.push(Change::SetMeta {
                    name: tell::FIRST_RUN.to_owned(),
                    value: Some(entry.at.to_string()),
                });
                let lens = self.lens(entry.at)?;
                let mut found: Vec<Conflict> = Vec::new();
                for id in &conflicts {
                    found.extend(self.state.conflict(id)?.map(|found| lens.conflict(found)));
                }
                let item = tell::digest(found, entry.at);
                pending
                    .changes
                    .extend(item.map(|item| Change::PutOutbox(Box::new(item))));
            }
            // Of other programs' and later versions' lines nothing follows here.
            _ => {}
        }
        let mut batch = Batch::at(mark);
        batch.extend(pending.changes);
        Ok(self.state.apply(&batch)?)
    }

    /// Puts into the outbox what is open again because its time has come.
    pub(crate) fn wake(&self, now: Timestamp) -> Result<()> {
        if !self.ledger().has_limits() || self.state.meta(tell::FIRST_RUN)?.is_none() {
            return Ok(());
        }
        let lens = self.lens(now)?;
        let mut batch = Batch::new();
        for conflict in self.state.conflicts() {
            let (conflict, over) = lens.with_end(conflict?);
            if let Some(over) = over.filter(|_| self.tell.admits(&conflict)) {
                let item = tell::woken(&conflict, over, now);
                batch.push(Change::PutOutbox(Box::new(item)));
            }
        }
        Ok(self.state.apply(&batch)?)
    }

    /// Returns the ids of all conflicts that are to be told.
    pub(super) fn to_tell(&self, now: Timestamp) -> Result<Vec<hedui_model::ConflictId>> {
        let lens = self.lens(now)?;
        let mut ids = Vec::new();
        for conflict in self.state.conflicts() {
            let conflict = lens.conflict(conflict?);
            if self.tell.admits(&conflict) {
                ids.push(conflict.id);
            }
        }
        Ok(ids)
    }
}
