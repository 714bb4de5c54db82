//! Where ids, secrets, codes and tokens come from: a generator that repeats itself when its seed does.

use std::fmt::Write as _;

use aws_lc_rs::digest::{self, SHA256};

use crate::config::Seed;

const ALPHANUMERIC: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// SHA-256 over seed and counter. Unpredictable when the seed is.
pub(crate) struct Chance {
    seed: [u8; 32],
    counter: u64,
}

impl Chance {
    pub(crate) fn new(seed: &Seed) -> Self {
        let seed = match seed {
            Seed::Fixed(number) => hash(&[b"practice okta", &number.to_be_bytes()]),
            Seed::Random(bytes) => *bytes,
        };
        Self { seed, counter: 0 }
    }

    fn block(&mut self) -> [u8; 32] {
        self.counter += 1;
        hash(&[&self.seed, &self.counter.to_be_bytes()])
    }

    fn text(&mut self, length: usize) -> String {
        let mut text = String::with_capacity(length);
        while text.len() < length {
            for byte in self.block() {
                // 248 is the largest multiple of 62 in a byte: every character is equally likely.
                if byte < 248 && text.len() < length {
                    text.push(char::from(ALPHANUMERIC[usize::from(byte % 62)]));
                }
            }
        }
        text
    }

    fn digits(&mut self, length: usize) -> String {
        self.block()
            .iter()
            .cycle()
            .take(length)
            .map(|byte| char::from(b'1' + byte % 9))
            .collect()
    }

    /// Twenty characters with the prefix that tells Okta's kinds apart: `0oa` an app, `00u` a person, `aus` a server.
    pub(crate) fn okta_id(&mut self, prefix: &str) -> String {
        format!("{prefix}{}", self.text(20 - prefix.len()))
    }

    pub(crate) fn secret(&mut self) -> String {
        self.text(64)
    }

    /// A code, token, cookie or key id.
    pub(crate) fn token(&mut self) -> String {
        self.text(43)
    }

    pub(crate) fn uuid(&mut self) -> String {
        let block = self.block();
        let mut text = String::with_capacity(36);
        for (index, byte) in block.iter().take(16).enumerate() {
            if matches!(index, 4 | 6 | 8 | 10) {
                text.push('-');
            }
            let byte = match index {
                6 => (byte & 0x0f) | 0x40,
                8 => (byte & 0x3f) | 0x80,
                _ => *byte,
            };
            write!(text, "{byte:02x}").expect("a String takes every write");
        }
        text
    }

    pub(crate) fn google_subject(&mut self) -> String {
        self.digits(21)
    }

    pub(crate) fn google_client_id(&mut self) -> String {
        format!(
            "{}-{}.apps.googleusercontent.com",
            self.digits(12),
            self.text(32).to_lowercase()
        )
    }
}

fn hash(parts: &[&[u8]]) -> [u8; 32] {
    let mut context = digest::Context::new(&SHA256);
    for part in parts {
        context.update(part);
    }
    let mut bytes = [0; 32];
    bytes.copy_from_slice(context.finish().as_ref());
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_repeats_itself_and_another_seed_does_not() {
        let draw = |seed| {
            let mut chance = Chance::new(&Seed::Fixed(seed));
            (chance.okta_id("0oa"), chance.secret(), chance.uuid())
        };
        assert_eq!(draw(1), draw(1));
        assert_ne!(draw(1).0, draw(2).0);
        assert_eq!(draw(1).0.len(), 20);
        assert_eq!(draw(1).1.len(), 64);
    }
}
