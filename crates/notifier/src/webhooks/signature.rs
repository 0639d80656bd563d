//! Signatures as "Standard Webhooks" wants them: HMAC-SHA256 over `id.timestamp.body`, so that a receiver knows that it was
//! us, that nothing was changed, and that it is not an old one sent once more by somebody else.

use accounts::secrets::{LinkKey, Secret};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit as _, Mac as _};
use kernel::OrganizationId;
use sha2::Sha256;

use super::model::EndpointId;

/// What an endpoint's messages are signed with. It is derived from the server's own key and never stored.
pub(crate) struct SigningKey(Vec<u8>);

impl SigningKey {
    /// The `version`th of an endpoint.
    pub(crate) fn of(
        key: &LinkKey,
        town: OrganizationId,
        endpoint: EndpointId,
        version: i32,
        made_at: DateTime<Utc>,
    ) -> Self {
        let secret = Secret::derived(key, town, &format!("webhook-{version}"), endpoint.0, made_at);
        Self(URL_SAFE_NO_PAD.decode(secret.text()).unwrap_or_default())
    }

    /// As receivers' libraries want it: `whsec_` and base64.
    pub(crate) fn text(&self) -> String {
        format!("whsec_{}", STANDARD.encode(&self.0))
    }

    /// `v1,` and the signature in base64.
    #[expect(clippy::expect_used, reason = "HMAC takes keys of every length (RFC 2104 section 3)")]
    pub(crate) fn sign(&self, id: &str, timestamp: i64, body: &str) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("a key of any length fits");
        mac.update(format!("{id}.{timestamp}.{body}").as_bytes());
        format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the specification.
    #[test]
    fn a_signature_is_the_specifications() {
        let key = SigningKey(STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap());
        let signed = key.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, "{\"test\": 2432232314}");
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
        assert_eq!(key.text(), "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    }

    #[test]
    fn each_endpoint_and_version_has_a_key_of_its_own() {
        let (key, at) = (LinkKey::generate(), DateTime::UNIX_EPOCH);
        let of = |town, endpoint, version| {
            SigningKey::of(&key, OrganizationId(town), EndpointId(endpoint), version, at).text()
        };
        assert_eq!(of(1, 2, 1), of(1, 2, 1));
        assert!(of(1, 2, 1) != of(1, 3, 1) && of(1, 2, 1) != of(2, 2, 1) && of(1, 2, 1) != of(1, 2, 2));
        assert_eq!(of(1, 2, 1).len(), "whsec_".len() + 44);
    }
}
