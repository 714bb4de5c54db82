//! How a practice Okta is set up before it starts. Knows nothing of HTTP.

use std::net::SocketAddr;

use crate::clock::Clock;
use crate::reading::Reader;

/// Where ids, secrets and codes come from.
#[derive(Clone, Debug)]
pub enum Seed {
    /// The same seed and the same calls give the same ids, secrets and codes, on every machine.
    Fixed(u64),
    /// Bytes from the system's randomness, drawn by the caller: nobody can guess what follows.
    Random([u8; 32]),
}

/// What a practice Okta starts with. [`Config::seeded`] is what tests want.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    pub seed: Seed,
    /// Milliseconds since 1970; see [`Clock`].
    pub clock: Clock,
    /// The organization's name, as its pages show it.
    pub organization: String,
    /// The organization's own host under `okta.localhost`. Every other name there is the parked organization.
    pub host: String,
    /// False: the organization has not bought API Access Management, and every custom authorization server answers 401 `E0000015`.
    pub api_access_management: bool,
    /// False: the `default` authorization server has no access policy, as on Okta's Integrator Free Plan.
    pub default_policy: bool,
    /// False: every authorization request shows the sign-in page, even to a browser that just signed in.
    pub remember_sign_in: bool,
    /// How many requests [`crate::PracticeOkta::requests`] remembers; 0 remembers none.
    pub remembered_requests: usize,
    /// The one tenant that the practice Microsoft has.
    pub microsoft_tenant: String,
    /// The domain that the practice Google calls `hd`.
    pub google_domain: String,
    /// Tells the reading room what the console says to each mistake.
    pub reader: Option<Reader>,
}

impl Config {
    /// Loopback, a free port, the system's clock, and ids that depend on the seed alone.
    pub fn seeded(seed: u64) -> Self {
        Self::new(Seed::Fixed(seed))
    }

    /// As [`Config::seeded`], with ids that nobody can guess: `bytes` come from the system's randomness.
    pub fn random(bytes: [u8; 32]) -> Self {
        Self::new(Seed::Random(bytes))
    }

    fn new(seed: Seed) -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            seed,
            clock: Clock::system(),
            organization: "Northwind".to_owned(),
            host: "northwind.okta.localhost".to_owned(),
            api_access_management: true,
            default_policy: true,
            remember_sign_in: true,
            remembered_requests: 20_000,
            microsoft_tenant: "5f1c5b2e-6a0d-4c5e-9a53-0d5b6c9a7e11".to_owned(),
            google_domain: "northwind.example".to_owned(),
            reader: None,
        }
    }

    /// Listens on this address instead of a free loopback port.
    #[must_use]
    pub fn listen(mut self, address: SocketAddr) -> Self {
        self.listen = address;
        self
    }

    /// What the console says, for the reading room.
    #[must_use]
    pub fn reader(mut self, reader: Reader) -> Self {
        self.reader = Some(reader);
        self
    }

    #[must_use]
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }
}
