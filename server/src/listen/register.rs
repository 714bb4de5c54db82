//! Which connections are open, who holds them and what each one waits for. Decides which one is closed when there are
//! too many, so that one client does not keep the others out.
//!
//! It must know neither sockets nor HTTP.

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering},
    },
};

use tokio::sync::Notify;

/// How many connections there may be.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// In all; more wait in the kernel's queue.
    pub all: usize,
    /// Of one client address. Never applied to a trusted proxy, behind which everyone has one address.
    pub of_client: usize,
    /// Of one client address, by what they wait for. Requests that are worked on have no limit of their own.
    pub idle: usize,
    pub heads: usize,
    pub bodies: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            all: 4096,
            of_client: 512,
            idle: 256,
            heads: 128,
            bodies: 128,
        }
    }
}

/// What a connection waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// For the first byte of a request.
    Idle,
    /// For the rest of a request's head.
    Head,
    /// For the rest of a request's body.
    Body,
    /// For this server's answer.
    Working,
    /// For the client to take the answer.
    Sending,
}

impl State {
    /// In the order in which connections are given up. One that is worked on is not.
    const GIVEN_UP: [Self; 4] = [Self::Idle, Self::Head, Self::Body, Self::Sending];

    fn number(self) -> u8 {
        match self {
            Self::Idle => 0,
            Self::Head => 1,
            Self::Body => 2,
            Self::Working => 3,
            Self::Sending => 4,
        }
    }

    fn of(number: u8) -> Self {
        match number {
            0 => Self::Idle,
            1 => Self::Head,
            2 => Self::Body,
            3 => Self::Working,
            _ => Self::Sending,
        }
    }
}

/// The open connections of one listener.
pub(super) struct Register {
    limits: Limits,
    /// Counts every change of a state: the smaller a number, the older.
    clock: AtomicU64,
    open: Mutex<Open>,
    /// Said when a connection ends.
    pub(super) ended: Notify,
}

#[derive(Default)]
struct Open {
    count: usize,
    /// None: of trusted proxies, all of them.
    clients: HashMap<Option<IpAddr>, Client>,
}

/// The connections of one client address.
#[derive(Default)]
struct Client {
    entries: HashMap<u64, Arc<Entry>>,
    /// How many wait for what, by [`State::number`].
    counts: [usize; 5],
}

/// One open connection.
pub(super) struct Entry {
    id: u64,
    client: Option<IpAddr>,
    state: AtomicU8,
    since: AtomicU64,
    failed: AtomicBool,
    wake: Notify,
    /// Whether bytes of an answer of the router may still be on their way to the socket.
    pub(super) answering: AtomicBool,
    /// Whether the head that came last has both a length and a transfer coding.
    pub(super) framed_twice: AtomicBool,
    register: Arc<Register>,
}

/// What becomes of a new connection.
pub(super) enum Admission {
    Admitted(Place),
    /// This client has as many as it may, and this server works on each of them.
    Refused,
    /// There is no place until another connection ends.
    Full,
}

/// The place of a connection among the others, given back when it is dropped.
pub(super) struct Place(pub(super) Arc<Entry>);

impl Drop for Place {
    fn drop(&mut self) {
        let entry = &self.0;
        entry.register.lock().remove(entry);
        entry.register.ended.notify_one();
    }
}

impl Register {
    pub(super) fn new(limits: Limits) -> Arc<Self> {
        Arc::new(Self {
            limits,
            clock: AtomicU64::new(0),
            open: Mutex::default(),
            ended: Notify::new(),
        })
    }

    fn lock(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tick(&self) -> u64 {
        self.clock.fetch_add(1, Ordering::Relaxed)
    }

    /// A place for a connection of this client, None for a trusted proxy. Where there is none, the connection that is
    /// needed least is given up: first the client's own, then the oldest idle one, then one of the client with the most.
    pub(super) fn admit(self: &Arc<Self>, client: Option<IpAddr>) -> Admission {
        let client = client.map(network);
        let mut open = self.lock();
        if client.is_some() && open.held(client) >= self.limits.of_client {
            let Some(least) = open.least_needed(client) else {
                return Admission::Refused;
            };
            open.give_up(&least);
        }
        if open.count >= self.limits.all {
            let Some(least) = open.oldest_idle().or_else(|| {
                let busiest = open.busiest()?;
                open.least_needed(Some(busiest))
            }) else {
                return Admission::Full;
            };
            open.give_up(&least);
        }
        let id = self.tick();
        let entry = Arc::new(Entry {
            id,
            client,
            state: AtomicU8::new(State::Idle.number()),
            since: AtomicU64::new(id),
            failed: AtomicBool::new(false),
            wake: Notify::new(),
            answering: AtomicBool::new(false),
            framed_twice: AtomicBool::new(false),
            register: self.clone(),
        });
        open.add(&entry);
        self.shed(&mut open, &entry, State::Idle);
        Admission::Admitted(Place(entry))
    }

    /// Gives up the oldest idle connection of any client: the process has no file for another one.
    pub(super) fn make_room(&self) {
        let mut open = self.lock();
        if let Some(oldest) = open.oldest_idle() {
            open.give_up(&oldest);
        }
    }

    /// Holds the client of `entry`, which is in this state now, to the limit of the state.
    fn shed(&self, open: &mut Open, entry: &Arc<Entry>, state: State) {
        let limit = match state {
            State::Idle => self.limits.idle,
            State::Head => self.limits.heads,
            State::Body => self.limits.bodies,
            State::Working | State::Sending => return,
        };
        let Some(client) = open.clients.get(&entry.client) else {
            return;
        };
        if entry.client.is_some()
            && client.counts[usize::from(state.number())] > limit
            && let Some(oldest) = client.oldest(state, Some(entry.id))
        {
            open.give_up(&oldest);
        }
    }
}

impl Open {
    fn held(&self, client: Option<IpAddr>) -> usize {
        self.clients.get(&client).map_or(0, |it| it.entries.len())
    }

    fn add(&mut self, entry: &Arc<Entry>) {
        let client = self.clients.entry(entry.client).or_default();
        client.counts[usize::from(entry.state().number())] += 1;
        client.entries.insert(entry.id, entry.clone());
        self.count += 1;
    }

    fn remove(&mut self, entry: &Entry) {
        let Some(client) = self.clients.get_mut(&entry.client) else {
            return;
        };
        if client.entries.remove(&entry.id).is_some() {
            client.counts[usize::from(entry.state().number())] -= 1;
            self.count -= 1;
        }
        if client.entries.is_empty() {
            self.clients.remove(&entry.client);
        }
    }

    /// Its place is free at once; its task hears of it and ends the connection.
    fn give_up(&mut self, entry: &Arc<Entry>) {
        self.remove(entry);
        entry.failed.store(true, Ordering::Release);
        entry.wake.notify_one();
    }

    fn oldest_idle(&self) -> Option<Arc<Entry>> {
        self.clients
            .values()
            .filter_map(|client| client.oldest(State::Idle, None))
            .min_by_key(|entry| entry.since())
    }

    /// The address with the most connections, trusted proxies aside.
    fn busiest(&self) -> Option<IpAddr> {
        self.clients
            .iter()
            .filter_map(|(address, client)| Some(((*address)?, client.entries.len())))
            .max_by_key(|(_, held)| *held)
            .map(|(address, _)| address)
    }

    /// Of this client: the oldest of the first state in [`State::GIVEN_UP`] that it has.
    fn least_needed(&self, client: Option<IpAddr>) -> Option<Arc<Entry>> {
        let client = self.clients.get(&client)?;
        State::GIVEN_UP
            .into_iter()
            .find_map(|state| client.oldest(state, None))
    }
}

impl Client {
    fn oldest(&self, state: State, but: Option<u64>) -> Option<Arc<Entry>> {
        if self.counts[usize::from(state.number())] == 0 {
            return None;
        }
        self.entries
            .values()
            .filter(|entry| entry.state() == state && Some(entry.id) != but)
            .min_by_key(|entry| entry.since())
            .cloned()
    }
}

impl Entry {
    pub(super) fn state(&self) -> State {
        State::of(self.state.load(Ordering::Acquire))
    }

    fn since(&self) -> u64 {
        self.since.load(Ordering::Relaxed)
    }

    /// The connection waits for something else now.
    pub(super) fn enter(self: &Arc<Self>, state: State) {
        let mut open = self.register.lock();
        let before = self.state.swap(state.number(), Ordering::AcqRel);
        self.since.store(self.register.tick(), Ordering::Relaxed);
        // One that was given up is counted no more.
        if let Some(client) = open.clients.get_mut(&self.client)
            && client.entries.contains_key(&self.id)
        {
            client.counts[usize::from(before)] -= 1;
            client.counts[usize::from(state.number())] += 1;
            self.register.shed(&mut open, self, state);
        }
    }

    /// Whether it has to end for the sake of another.
    pub(super) fn is_given_up(&self) -> bool {
        self.failed.load(Ordering::Acquire)
    }

    /// Waits until it has to end for the sake of another. One waiter.
    pub(super) async fn failed(&self) {
        self.wake.notified().await;
    }
}

/// Who counts as one client: an IPv4 address; with IPv6 a /64, which is the least that a customer has.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(v4) => IpAddr::V4(v4),
        IpAddr::V6(v6) => {
            let s = v6.segments();
            IpAddr::V6(Ipv6Addr::new(s[0], s[1], s[2], s[3], 0, 0, 0, 0))
        }
    }
}

#[cfg(test)]
mod tests;
