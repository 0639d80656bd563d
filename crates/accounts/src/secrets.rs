//! Secrets that let somebody in: sessions, one-time links, API tokens. 256 bits each, so a digest without salt is
//! enough, and finding a row by that digest is a comparison whose time tells nothing about the secret.
//!
//! Invariant: a secret is never printed by `Debug` and has no `Display`: whoever wants its text has to ask for it.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit, Mac};
use kernel::OrganizationId;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// 256 bits that nobody can guess.
#[derive(Clone)]
pub struct Secret([u8; 32]);

impl Secret {
    /// A new one from the operating system's random numbers.
    pub fn generate() -> Self {
        Self(random_bytes())
    }

    /// The one that belongs to a link: whoever holds `key` can make it again from the link's row, so that neither
    /// the row nor the event about it has to carry the secret itself.
    ///
    /// `issued_at` is part of it because ids come again when a backup is restored, and a link mailed before must
    /// not fit a row made after.
    pub fn derived(
        key: &LinkKey,
        organization: OrganizationId,
        purpose: &str,
        id: i64,
        issued_at: DateTime<Utc>,
    ) -> Self {
        let micros = issued_at.timestamp_micros();
        Self(key.digest(&format!("yui-link\n{purpose}\n{organization}\n{id}\n{micros}")))
    }

    /// 43 characters of base64url.
    pub fn text(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// Reads what [`Secret::text`] wrote; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok().map(Self)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for Secret {}

/// A secret with the town it belongs to, so that it can be looked up inside that town's scope:
/// `ORGANIZATION.SECRET`.
#[derive(Clone, PartialEq, Eq)]
pub struct OrgSecret {
    organization: OrganizationId,
    secret: Secret,
}

impl OrgSecret {
    /// A new one for `organization`.
    pub fn generate(organization: OrganizationId) -> Self {
        Self { organization, secret: Secret::generate() }
    }

    /// The one of a link; see [`Secret::derived`].
    pub fn derived(
        key: &LinkKey,
        organization: OrganizationId,
        purpose: &str,
        id: i64,
        issued_at: DateTime<Utc>,
    ) -> Self {
        Self { organization, secret: Secret::derived(key, organization, purpose, id, issued_at) }
    }

    /// The town in whose scope it has to be looked up.
    pub fn organization(&self) -> OrganizationId {
        self.organization
    }

    /// The form a cookie, a link or an `Authorization` header carries.
    pub fn text(&self) -> String {
        format!("{}.{}", self.organization, self.secret.text())
    }

    /// Reads what [`OrgSecret::text`] wrote; `None` for anything else, however close.
    pub fn parse(text: &str) -> Option<Self> {
        let (organization, secret) = text.split_once('.')?;
        let organization: OrganizationId =
            organization.parse().ok().filter(|id: &OrganizationId| id.0 > 0)?;
        let read = Self { organization, secret: Secret::parse(secret)? };
        (read.text() == text).then_some(read)
    }

    /// What the database keeps: SHA-256 of the text.
    pub fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.text()).into()
    }
}

impl fmt::Debug for OrgSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OrgSecret({}.…)", self.organization)
    }
}

/// The server's own key to its links, 32 bytes. Lives in the data directory, never in the database: a copy of the
/// database alone opens no link.
#[derive(Clone)]
pub struct LinkKey(Secret);

impl LinkKey {
    /// A new one. Changing the key withdraws every link that has not been used yet.
    pub fn generate() -> Self {
        Self(Secret::generate())
    }

    /// The form kept in the key file.
    pub fn text(&self) -> String {
        self.0.text()
    }

    /// Reads what [`LinkKey::text`] wrote, white space around it ignored; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        Secret::parse(text.trim()).map(Self)
    }

    #[expect(clippy::expect_used, reason = "HMAC takes keys of every length (RFC 2104 section 3)")]
    fn digest(&self, message: &str) -> [u8; 32] {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0.0).expect("a key of any length fits");
        mac.update(message.as_bytes());
        mac.finalize().into_bytes().into()
    }
}

impl fmt::Debug for LinkKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LinkKey(…)")
    }
}

#[expect(clippy::expect_used, reason = "without random numbers nobody may be let in at all")]
fn random_bytes() -> [u8; 32] {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).expect("the operating system gives random numbers");
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(micros: i64) -> DateTime<Utc> {
        DateTime::from_timestamp_micros(micros).unwrap()
    }

    #[test]
    fn a_secret_reads_back_and_no_two_are_alike() {
        let secret = OrgSecret::generate(OrganizationId(7));
        let text = secret.text();
        assert!(text.starts_with("7.") && text.len() == 2 + 43);
        assert_eq!(OrgSecret::parse(&text), Some(secret.clone()));
        assert_ne!(OrgSecret::generate(OrganizationId(7)), secret);
        assert_ne!(OrgSecret::parse(&format!("8{}", &text[1..])).unwrap().hash(), secret.hash());
    }

    #[test]
    fn debug_never_shows_a_secret() {
        let secret = OrgSecret::generate(OrganizationId(7));
        let shown = format!("{secret:?} {:?} {:?}", Secret::generate(), LinkKey::generate());
        assert_eq!(shown, "OrgSecret(7.…) Secret(…) LinkKey(…)");
    }

    #[test]
    fn what_is_only_close_to_a_secret_is_none() {
        let text = OrgSecret::generate(OrganizationId(7)).text();
        let secret = &text[2..];
        for close in [
            String::new(),
            ".".to_owned(),
            secret.to_owned(),
            format!(".{secret}"),
            format!("+7.{secret}"),
            format!("07.{secret}"),
            format!("-7.{secret}"),
            format!("0.{secret}"),
            format!("7.{secret}="),
            format!("7.{secret}A"),
            format!(" 7.{secret}"),
            format!("7.{}", &secret[..42]),
            format!("7.{}", "あ".repeat(20)),
        ] {
            assert_eq!(OrgSecret::parse(&close), None, "{close}");
        }
    }

    #[test]
    fn a_link_is_made_again_from_its_row_and_only_with_the_key() {
        let key = LinkKey::generate();
        let link = |key: &LinkKey, town, purpose, id, micros| {
            OrgSecret::derived(key, OrganizationId(town), purpose, id, at(micros)).text()
        };
        let first = link(&key, 1, "invitation", 5, 1_000);
        assert_eq!(
            first,
            link(&LinkKey::parse(&format!("{}\n", key.text())).unwrap(), 1, "invitation", 5, 1_000)
        );
        for other in [
            link(&LinkKey::generate(), 1, "invitation", 5, 1_000),
            link(&key, 2, "invitation", 5, 1_000),
            link(&key, 1, "password_reset", 5, 1_000),
            link(&key, 1, "invitation", 6, 1_000),
            link(&key, 1, "invitation", 5, 1_001),
        ] {
            assert_ne!(other, first);
        }
        assert!(LinkKey::parse("too short").is_none());
    }
}
