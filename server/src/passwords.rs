//! Administrators' passwords: argon2id, two at a time in two working memories that are kept, and a short queue before
//! them.

use std::sync::{Arc, Mutex};

use argon2::{
    Algorithm, Argon2, Block, Params, PasswordHash, Version,
    password_hash::phc::{Output, ParamsString, Salt},
};
use subtle::ConstantTimeEq as _;
use tokio::sync::Semaphore;

use crate::{clock::Entropy, error::Error};

/// OWASP's second choice for argon2id: 19 MiB, 2 passes, 1 lane.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
/// Bytes.
const OUTPUT: usize = 32;
/// Verified at once.
const AT_ONCE: usize = 2;
/// Tries that may wait for their turn, which is well under a second; further ones are sent away.
const QUEUE: usize = 32;

/// Hashes and checks passwords away from the request's threads.
pub struct Passwords {
    /// Those that are verified or wait.
    places: Arc<Semaphore>,
    turns: Arc<Semaphore>,
    /// Working memory that is not in use; never more of them than turns.
    free: Arc<Mutex<Vec<Vec<Block>>>>,
    params: Params,
    /// Compared with when there is no such administrator, so that both answers take the same time.
    nobody: String,
}

impl Passwords {
    /// `memory_kib`, `queue`: None for the real ones; tests take less.
    pub fn new(memory_kib: Option<u32>, queue: Option<usize>) -> Result<Self, Error> {
        let params =
            Params::new(memory_kib.unwrap_or(MEMORY_KIB), PASSES, 1, None).map_err(failed)?;
        let nobody = phc(&params, &[0; 16], &[0; OUTPUT])?;
        Ok(Self {
            places: Arc::new(Semaphore::new(AT_ONCE + queue.unwrap_or(QUEUE))),
            turns: Arc::new(Semaphore::new(AT_ONCE)),
            free: Arc::default(),
            params,
            nobody,
        })
    }

    /// The PHC string of a password. It waits for its turn however many are before it: only the set-up link leads here.
    pub async fn hash(&self, password: String, entropy: &Entropy) -> Result<String, Error> {
        let (params, salt) = (self.params.clone(), entropy.bytes::<16>());
        self.in_turn(move |memory| {
            let mut output = [0; OUTPUT];
            let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone());
            compute(&argon2, &password, &salt, &mut output, memory)?;
            phc(&params, &salt, &output)
        })
        .await?
    }

    /// Whether the password is the stored one. With none stored it takes as long to say no. Fails with
    /// [`Error::Busy`] while too many wait.
    pub async fn verify(&self, password: String, stored: Option<String>) -> Result<bool, Error> {
        let Ok(place) = self.places.clone().try_acquire_owned() else {
            metrics::counter!("sso_limited_total", "limit" => "password_queue").increment(1);
            return Err(Error::Busy(1));
        };
        let known = stored.is_some();
        let stored = stored.unwrap_or_else(|| self.nobody.clone());
        self.in_turn(move |memory| {
            let _place = place;
            Ok(is_of(&stored, &password, memory)? && known)
        })
        .await?
    }

    /// Turn and memory belong to the work and not to the request, which may go away meanwhile.
    async fn in_turn<T: Send + 'static>(
        &self,
        act: impl FnOnce(&mut Vec<Block>) -> T + Send + 'static,
    ) -> Result<T, Error> {
        let turn = self.turns.clone().acquire_owned().await;
        let turn = turn.map_err(|error| Error::Internal(error.to_string()))?;
        let free = self.free.clone();
        tokio::task::spawn_blocking(move || {
            let kept = free.lock().ok().and_then(|mut free| free.pop());
            let mut memory = kept.unwrap_or_default();
            let done = act(&mut memory);
            if let Ok(mut free) = free.lock() {
                free.push(memory);
            }
            drop(turn);
            done
        })
        .await
        .map_err(|error| Error::Internal(error.to_string()))
    }
}

fn is_of(stored: &str, password: &str, memory: &mut Vec<Block>) -> Result<bool, Error> {
    let wrong =
        |error: &dyn std::fmt::Display| Error::Internal(format!("a stored password: {error}"));
    let parsed = PasswordHash::new(stored).map_err(|error| wrong(&error))?;
    let algorithm =
        Algorithm::try_from(parsed.algorithm.as_str()).map_err(|error| wrong(&error))?;
    let version = parsed.version.map_or(Ok(Version::V0x13), Version::try_from);
    let version = version.map_err(|error| wrong(&error))?;
    let params = Params::try_from(&parsed).map_err(|error| wrong(&error))?;
    let (Some(salt), Some(expected)) = (parsed.salt, parsed.hash) else {
        return Err(wrong(&"salt or hash is missing"));
    };
    let mut output = vec![0; expected.len()];
    let argon2 = Argon2::new(algorithm, version, params);
    compute(&argon2, password, &salt, &mut output, memory)?;
    Ok(output.ct_eq(expected.as_bytes()).into())
}

/// In memory that grows to what the hash needs, once.
fn compute(
    argon2: &Argon2<'_>,
    password: &str,
    salt: &[u8],
    output: &mut [u8],
    memory: &mut Vec<Block>,
) -> Result<(), Error> {
    let blocks = argon2.params().block_count();
    if memory.len() < blocks {
        memory.reserve_exact(blocks - memory.len());
        memory.resize(blocks, Block::new());
    }
    argon2
        .hash_password_into_with_memory(password.as_bytes(), salt, output, &mut memory[..blocks])
        .map_err(failed)
}

fn phc(params: &Params, salt: &[u8], output: &[u8]) -> Result<String, Error> {
    let hash = PasswordHash {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(params).map_err(failed)?,
        salt: Some(Salt::new(salt).map_err(failed)?),
        hash: Some(Output::new(output).map_err(failed)?),
    };
    Ok(hash.to_string())
}

fn failed(error: impl std::fmt::Display) -> Error {
    Error::Internal(format!("argon2: {error}"))
}

#[cfg(test)]
mod tests {
    use argon2::{PasswordHasher as _, PasswordVerifier as _};
    use futures_util::FutureExt as _;

    use super::*;

    fn passwords(queue: usize) -> Passwords {
        Passwords::new(Some(64), Some(queue)).expect("parameters")
    }

    #[tokio::test]
    async fn verify_accepts_hashes_of_this_library_and_its_own() {
        let passwords = passwords(8);
        let entropy = Entropy::new(|bytes| bytes.fill(3));
        let own = passwords
            .hash("a secret".into(), &entropy)
            .await
            .expect("a hash");
        let library = Argon2::default();
        assert!(library.verify_password(b"a secret", own.as_str()).is_ok());
        // With other parameters than ours, as of an earlier release, and a longer output.
        let params = Params::new(128, 3, 1, Some(48)).expect("parameters");
        let other = Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_with_salt(b"a secret", &[7; 16])
            .expect("a hash")
            .to_string();
        for stored in [own, other] {
            for (word, fits) in [("a secret", true), ("a secreT", false), ("", false)] {
                let verified = passwords.verify(word.into(), Some(stored.clone())).await;
                assert_eq!(verified.expect("verified"), fits, "{stored} {word:?}");
            }
        }
        assert!(
            !passwords
                .verify("a secret".into(), None)
                .await
                .expect("verified")
        );
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    async fn working_memories_are_two_and_kept() {
        let passwords = Arc::new(passwords(100));
        for _ in 0..3 {
            let tries: Vec<_> = (0..40)
                .map(|_| {
                    let passwords = passwords.clone();
                    tokio::spawn(async move { passwords.verify("x".into(), None).await })
                })
                .collect();
            for one in tries {
                assert!(!one.await.expect("it ends").expect("verified"));
            }
            let free = passwords.free.lock().expect("a lock");
            assert!((1..=AT_ONCE).contains(&free.len()), "{}", free.len());
            assert!(free.iter().all(|it| it.len() == 64 && it.capacity() == 64));
        }
    }

    #[tokio::test]
    async fn full_queue_sends_away_at_once() {
        let passwords = passwords(1);
        let turns = passwords
            .turns
            .clone()
            .acquire_many_owned(2)
            .await
            .expect("turns");
        let places = passwords
            .places
            .clone()
            .acquire_many_owned(2)
            .await
            .expect("places");
        // One may wait, the next is sent away.
        let mut waiting = Box::pin(passwords.verify("x".into(), None));
        assert!((&mut waiting).now_or_never().is_none());
        let refused = passwords.verify("x".into(), None).await;
        assert!(matches!(refused, Err(Error::Busy(1..))), "{refused:?}");
        drop((turns, places));
        assert!(!waiting.await.expect("verified"));
        assert!(!passwords.verify("x".into(), None).await.expect("verified"));
    }
}
