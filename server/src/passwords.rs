//! Administrators' passwords: argon2id, two at a time so that memory stays bounded.

use argon2::{
    Algorithm, Argon2, Params, PasswordHash, PasswordHasher as _, PasswordVerifier as _, Version,
};
use tokio::sync::Semaphore;

use crate::{clock::Entropy, error::Error};

/// OWASP's second choice for argon2id: 19 MiB, 2 passes, 1 lane.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;

/// Hashes and checks passwords away from the request's threads.
pub struct Passwords {
    turns: Semaphore,
    params: Params,
    /// Checked when there is no such administrator, so that both answers take the same time. Made
    /// with the first try: a start does not wait for a hash.
    nobody: tokio::sync::OnceCell<String>,
}

impl Passwords {
    /// `memory_kib`: None for the real cost; tests take less.
    pub fn new(memory_kib: Option<u32>) -> Result<Self, Error> {
        let params = Params::new(memory_kib.unwrap_or(MEMORY_KIB), PASSES, 1, None)
            .map_err(|error| Error::Internal(format!("argon2: {error}")))?;
        Ok(Self {
            turns: Semaphore::new(2),
            params,
            nobody: tokio::sync::OnceCell::new(),
        })
    }

    /// The PHC string of a password.
    pub async fn hash(&self, password: String, entropy: &Entropy) -> Result<String, Error> {
        let (params, salt) = (self.params.clone(), entropy.bytes());
        self.in_turn(move || hash_with(&params, &password, salt))
            .await?
    }

    /// Whether the password is the stored one. With none stored it takes as long to say no.
    pub async fn verify(&self, password: String, stored: Option<String>) -> Result<bool, Error> {
        let known = stored.is_some();
        // Also for a known one: the first try must not tell by its time either.
        let nobody = self.nobody.get_or_try_init(|| self.of_nobody()).await?;
        let stored = stored.unwrap_or_else(|| nobody.clone());
        self.in_turn(move || {
            let parsed = PasswordHash::new(&stored)
                .map_err(|error| Error::Internal(format!("a stored password: {error}")))?;
            let fits = Argon2::default()
                .verify_password(password.as_bytes(), &parsed)
                .is_ok();
            Ok(fits && known)
        })
        .await?
    }

    async fn of_nobody(&self) -> Result<String, Error> {
        let params = self.params.clone();
        self.in_turn(move || hash_with(&params, "nobody has this password", [0; 16]))
            .await?
    }

    async fn in_turn<T: Send + 'static>(
        &self,
        act: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Error> {
        let _turn = self
            .turns
            .acquire()
            .await
            .map_err(|error| Error::Internal(error.to_string()))?;
        tokio::task::spawn_blocking(act)
            .await
            .map_err(|error| Error::Internal(error.to_string()))
    }
}

fn hash_with(params: &Params, password: &str, salt: [u8; 16]) -> Result<String, Error> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone())
        .hash_password_with_salt(password.as_bytes(), &salt)
        .map(|hash| hash.to_string())
        .map_err(|error| Error::Internal(format!("argon2: {error}")))
}
