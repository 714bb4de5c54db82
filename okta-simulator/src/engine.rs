//! One practice Okta: its configuration, its clock, and the lock around its organization.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::config::Config;
use crate::log::Seen;
use crate::org::World;

pub(crate) struct Engine {
    pub(crate) config: Config,
    /// Milliseconds by which the clock was moved.
    offset: AtomicI64,
    world: Mutex<World>,
}

impl Engine {
    pub(crate) fn new(config: Config) -> Self {
        let world = Mutex::new(World::new(&config));
        Self {
            config,
            offset: AtomicI64::new(0),
            world,
        }
    }

    /// Held for moments only: nothing waits, signs or writes while it is held.
    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Milliseconds.
    pub(crate) fn now(&self) -> i64 {
        self.config.clock.now() + self.offset.load(Ordering::SeqCst)
    }

    pub(crate) fn move_clock(&self, milliseconds: i64) {
        self.offset.fetch_add(milliseconds, Ordering::SeqCst);
    }

    pub(crate) fn set_clock_offset(&self, milliseconds: i64) {
        self.offset.store(milliseconds, Ordering::SeqCst);
    }

    pub(crate) fn remember(&self, seen: Seen) {
        let limit = self.config.remembered_requests;
        if limit == 0 {
            return;
        }
        let mut world = self.world();
        if world.log.len() >= limit {
            world.log.pop_front();
        }
        world.log.push_back(seen);
    }
}
