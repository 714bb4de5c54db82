//! Signatures of Standard Webhooks 1.0: HMAC-SHA256 over `id.timestamp.body`.

use aws_lc_rs::hmac;
use base64::{Engine as _, engine::general_purpose::STANDARD};

use crate::clock::Entropy;

/// What a sealed signing secret belongs to.
pub(crate) const PLACE: &str = "webhook";

const PREFIX: &str = "whsec_";

/// 32 random bytes: the scheme takes 24 to 64.
pub(super) fn new_secret(entropy: &Entropy) -> String {
    format!("{PREFIX}{}", STANDARD.encode(entropy.bytes::<32>()))
}

/// The value of `webhook-signature`: one signature for each secret, a blank between them.
pub(super) fn signatures(secrets: &[String], id: &str, seconds: i64, body: &str) -> String {
    let signed = format!("{id}.{seconds}.{body}");
    let all: Vec<String> = secrets
        .iter()
        .filter_map(|secret| {
            let key = STANDARD.decode(secret.strip_prefix(PREFIX)?).ok()?;
            let key = hmac::Key::new(hmac::HMAC_SHA256, &key);
            let tag = hmac::sign(&key, signed.as_bytes());
            Some(format!("v1,{}", STANDARD.encode(tag.as_ref())))
        })
        .collect();
    all.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the scheme's own libraries.
    #[test]
    fn a_signature_is_the_one_that_receivers_compute() {
        let signed = signatures(
            &["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".into()],
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1_614_265_330,
            r#"{"test": 2432232314}"#,
        );
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn a_secret_is_random_and_two_secrets_sign_both() {
        let secret = new_secret(&Entropy::new(|bytes| bytes.fill(7)));
        let signed = signatures(&[secret.clone(), secret], "id", 1, "{}");
        assert_eq!(signed.split(' ').count(), 2);
    }
}
