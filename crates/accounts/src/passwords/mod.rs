//! Passwords: which ones are accepted, how they are kept, how one is compared.
//!
//! Kept with argon2id at the parameters OWASP's Password Storage Cheat Sheet names first (19 MiB, two passes, one
//! lane). Hashing takes tens of milliseconds and 19 MiB: callers do it outside any transaction and few at a time.
//! Texts are folded to NFKC first (NIST SP 800-63B section 3.1.1.2), so that a phone and a Mac agree on one password.

mod rules;

use std::fmt;

use argon2::password_hash::phc;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use kernel::{Invalid, Typed};
use unicode_normalization::UnicodeNormalization;

pub use rules::{LONGEST, SHORTEST};

/// A new password that passed the rules. Its text is never shown again.
pub struct NewPassword(String);

impl NewPassword {
    /// Reads the two entries of the form, fields `password` and `password_again`. `known` are the texts that
    /// everybody knows about the account, which no password may be: its mail address, the town's slug.
    pub fn parse(typed: &Typed, again: &Typed, known: &[&str]) -> Result<Self, Invalid> {
        rules::check(typed.as_str(), again.as_str(), known)?;
        Ok(Self(typed.as_str().to_owned()))
    }

    /// The form that is kept. Slow on purpose.
    ///
    /// # Panics
    /// Without random numbers or 19 MiB of memory.
    #[expect(
        clippy::expect_used,
        reason = "fails only without random numbers or memory; then nobody may be let in"
    )]
    pub fn hash(&self) -> PasswordHash {
        let hash: phc::PasswordHash =
            compute().hash_password(folded(&self.0).as_bytes()).expect("argon2 hashes every password");
        PasswordHash(hash.to_string())
    }
}

impl fmt::Debug for NewPassword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NewPassword(…)")
    }
}

/// A password as it is kept: `$argon2id$…` (PHC string format).
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(String);

impl PasswordHash {
    pub(crate) fn stored(text: String) -> Self {
        Self(text)
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash(…)")
    }
}

/// Whether `password` is the one that was kept as `hash`. Slow on purpose.
pub fn verify(password: &str, hash: &PasswordHash) -> bool {
    if password.chars().count() > LONGEST {
        verify_nobody(password);
        return false;
    }
    compute().verify_password(folded(password).as_bytes(), hash.as_str()).is_ok()
}

/// Takes as long as [`verify`] for an account that has no password or does not exist.
pub fn verify_nobody(password: &str) {
    let start: String = password.chars().take(LONGEST).collect();
    let spent: Result<phc::PasswordHash, _> =
        compute().hash_password_with_salt(folded(&start).as_bytes(), b"nobody's own salt");
    // Only the time counts.
    drop(spent);
}

fn folded(password: &str) -> String {
    password.nfkc().collect()
}

/// What a hash costs: memory in KiB and passes over it.
type Price = (u32, u32);

const OWASP: Price = (19 * 1024, 2);

/// This crate's own tests are about the rules, not about the price.
const PRICE: Price = if cfg!(test) { (64, 1) } else { OWASP };

/// What computes the one hash it is asked for; the tests count how often that is.
fn compute() -> Argon2<'static> {
    #[cfg(test)]
    COMPUTED.set(COMPUTED.get() + 1);
    argon2_at(PRICE)
}

#[cfg(test)]
thread_local! {
    static COMPUTED: std::cell::Cell<u32> = const { std::cell::Cell::new(0) };
}

/// How many hashes `work` computes on this thread: its share of the time that somebody outside can measure.
#[cfg(test)]
pub(crate) fn computed_by<T>(work: impl FnOnce() -> T) -> (T, u32) {
    let before = COMPUTED.get();
    let outcome = work();
    (outcome, COMPUTED.get() - before)
}

#[expect(clippy::expect_used, reason = "argon2 accepts both prices, which a test tries")]
fn argon2_at((memory_kib, passes): Price) -> Argon2<'static> {
    let params = Params::new(memory_kib, passes, 1, None).expect("argon2 accepts its own parameters");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn password(text: &str) -> NewPassword {
        NewPassword::parse(&text.into(), &text.into(), &[]).unwrap()
    }

    #[test]
    fn only_the_same_password_fits_its_hash() {
        let hash = password("霧ヶ峰の朝は寒い 2026").hash();
        assert!(hash.as_str().starts_with("$argon2id$v=19$"));
        assert!(verify("霧ヶ峰の朝は寒い 2026", &hash));
        for wrong in ["", "霧ヶ峰の朝は寒い 2025", "霧ヶ峰の朝は寒い 2026 "] {
            assert!(!verify(wrong, &hash), "{wrong}");
        }
        assert_ne!(password("霧ヶ峰の朝は寒い 2026").hash(), hash, "each has its own salt");
    }

    #[test]
    fn what_is_kept_outside_tests_has_the_full_price_and_can_be_read_here() {
        let kept: phc::PasswordHash = argon2_at(OWASP).hash_password(b"kumo to yama").unwrap();
        assert!(kept.to_string().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(verify("kumo to yama", &PasswordHash::stored(kept.to_string())));
    }

    #[test]
    fn one_password_typed_on_two_keyboards_is_the_same() {
        let hash = password("がっこうへ いくみち 12").hash();
        assert!(verify("か\u{3099}っこうへ いくみち １２", &hash));
    }

    #[test]
    fn a_password_of_a_megabyte_or_a_broken_hash_is_just_wrong() {
        let hash = password("correct horse battery").hash();
        assert!(!verify(&"a".repeat(1_000_000), &hash));
        assert!(!verify("correct horse battery", &PasswordHash::stored("no hash".to_owned())));
        verify_nobody(&"a".repeat(1_000_000));
    }

    #[test]
    fn debug_shows_neither_password_nor_hash() {
        let password = password("correct horse battery");
        assert_eq!(format!("{password:?} {:?}", password.hash()), "NewPassword(…) PasswordHash(…)");
    }
}
