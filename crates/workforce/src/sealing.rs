//! Sealing what must not be read out of the database: XChaCha20-Poly1305 under a key that lies outside of it.
//!
//! The keys are lines of one text, `ID KEY`, the first of which seals; all of them open. The text is asked for each time,
//! so that a new key counts at once and no key lies about in memory. A sealed row is bound to its place (`whose`): copied
//! to another worker or town it does not open (`what_is_sealed_opens_in_its_place_alone`).

use std::fmt;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};

const NONCE_BYTES: usize = 24;

/// Why something could not be sealed or opened. It names no content.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SealingError {
    /// The keys cannot be read; what to do about it.
    #[error("the sealing keys cannot be read: {0}")]
    NoKeys(String),
    /// It was sealed under a key that is not among ours.
    #[error("sealed under the key {0}, which is not in the data directory; restore it from a backup")]
    UnknownKey(String),
    /// It was changed, cut, or sealed for another place.
    #[error("what was sealed is damaged or another's")]
    Damaged,
}

/// Something sealed.
#[derive(Clone, PartialEq, Eq)]
pub struct Sealed {
    /// The key that opens it.
    pub key_id: String,
    /// The nonce and what was sealed.
    pub bytes: Vec<u8>,
}

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sealed({}, …)", self.key_id)
    }
}

/// Where the text with the keys comes from.
type Source = dyn Fn() -> Result<String, String> + Send + Sync;

/// The keys, by way of whoever keeps them.
#[derive(Clone)]
pub struct SealingKeys(Arc<Source>);

impl fmt::Debug for SealingKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SealingKeys(…)")
    }
}

impl SealingKeys {
    /// Keys whose text `source` gives, or why it cannot.
    pub fn from_source(source: impl Fn() -> Result<String, String> + Send + Sync + 'static) -> Self {
        Self(Arc::new(source))
    }

    /// A line with a new key, as the text holds them.
    pub fn new_line() -> Result<String, SealingError> {
        let (id, key): ([u8; 4], [u8; 32]) = (random()?, random()?);
        Ok(format!("{:08x} {}\n", u32::from_be_bytes(id), URL_SAFE_NO_PAD.encode(key)))
    }

    /// The id of the key that seals now.
    pub fn current(&self) -> Result<String, SealingError> {
        Ok(self.first()?.0)
    }

    /// Seals `content` for `whose`.
    pub fn seal(&self, whose: &str, content: &[u8]) -> Result<Sealed, SealingError> {
        let (key_id, key) = self.first()?;
        let nonce: [u8; NONCE_BYTES] = random()?;
        let cipher = XChaCha20Poly1305::new(&Key::from(key));
        let payload = Payload { msg: content, aad: whose.as_bytes() };
        let sealed =
            cipher.encrypt(&XNonce::from(nonce), payload).map_err(|_opaque| SealingError::Damaged)?;
        Ok(Sealed { key_id, bytes: [nonce.as_slice(), &sealed].concat() })
    }

    /// What was sealed for `whose`.
    pub fn open(&self, whose: &str, sealed: &Sealed) -> Result<Vec<u8>, SealingError> {
        let keys = self.keys()?;
        let key = keys.iter().find(|(id, _)| *id == sealed.key_id).map(|(_, key)| *key);
        let key = key.ok_or_else(|| SealingError::UnknownKey(sealed.key_id.clone()))?;
        let (nonce, content) = sealed.bytes.split_at_checked(NONCE_BYTES).ok_or(SealingError::Damaged)?;
        let nonce: [u8; NONCE_BYTES] = nonce.try_into().map_err(|_length| SealingError::Damaged)?;
        let payload = Payload { msg: content, aad: whose.as_bytes() };
        XChaCha20Poly1305::new(&Key::from(key))
            .decrypt(&XNonce::from(nonce), payload)
            .map_err(|_opaque| SealingError::Damaged)
    }

    fn first(&self) -> Result<(String, [u8; 32]), SealingError> {
        self.keys()?.into_iter().next().ok_or_else(|| SealingError::NoKeys("there is none".to_owned()))
    }

    fn keys(&self) -> Result<Vec<(String, [u8; 32])>, SealingError> {
        let text = (self.0)().map_err(SealingError::NoKeys)?;
        let damaged = || SealingError::NoKeys("a line is damaged; restore them from a backup".to_owned());
        let lines = text.lines().filter(|line| !line.trim().is_empty());
        lines.map(|line| read_line(line).ok_or_else(damaged)).collect()
    }
}

fn read_line(line: &str) -> Option<(String, [u8; 32])> {
    let (id, key) = line.trim().split_once(' ')?;
    let is_id = id.len() == 8 && id.bytes().all(|byte| byte.is_ascii_hexdigit());
    let key = URL_SAFE_NO_PAD.decode(key.trim()).ok()?.try_into().ok()?;
    is_id.then(|| (id.to_owned(), key))
}

fn random<const N: usize>() -> Result<[u8; N], SealingError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)
        .map_err(|error| SealingError::NoKeys(format!("no random numbers: {error}")))?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(lines: &[&str]) -> SealingKeys {
        let text = lines.concat();
        SealingKeys::from_source(move || Ok(text.clone()))
    }

    #[test]
    fn what_is_sealed_opens_in_its_place_alone() {
        let line = SealingKeys::new_line().unwrap();
        let ours = keys(&[&line]);
        let sealed = ours.seal("town 1 worker 2", "1234567".as_bytes()).unwrap();
        assert_eq!(ours.open("town 1 worker 2", &sealed).unwrap(), b"1234567");
        assert_eq!(ours.open("town 1 worker 3", &sealed), Err(SealingError::Damaged));
        for at in 0..sealed.bytes.len() {
            let mut changed = sealed.clone();
            changed.bytes[at] ^= 1;
            assert_eq!(ours.open("town 1 worker 2", &changed), Err(SealingError::Damaged), "byte {at}");
            changed.bytes.truncate(at);
            assert_eq!(ours.open("town 1 worker 2", &changed), Err(SealingError::Damaged), "cut at {at}");
        }
        let again = ours.seal("town 1 worker 2", b"1234567").unwrap();
        assert_ne!(again.bytes, sealed.bytes, "the same twice looks different");
        assert!(!format!("{sealed:?} {ours:?}").contains(line.trim_end().split(' ').nth(1).unwrap()));
    }

    #[test]
    fn a_new_key_seals_and_the_old_one_still_opens_until_it_goes() {
        let (old, new) = (SealingKeys::new_line().unwrap(), SealingKeys::new_line().unwrap());
        let before = keys(&[&old]);
        let sealed = before.seal("x", b"abc").unwrap();
        let both = keys(&[&new, &old]);
        assert_eq!(both.open("x", &sealed).unwrap(), b"abc");
        let anew = both.seal("x", b"abc").unwrap();
        assert_eq!(anew.key_id, both.current().unwrap());
        assert_ne!(anew.key_id, sealed.key_id);
        assert_eq!(before.open("x", &anew), Err(SealingError::UnknownKey(anew.key_id.clone())));
    }

    #[test]
    fn keys_that_cannot_be_read_say_so() {
        assert!(matches!(keys(&[]).seal("x", b"a"), Err(SealingError::NoKeys(_))));
        assert!(matches!(keys(&["0123 abc\n"]).current(), Err(SealingError::NoKeys(_))));
        let away = SealingKeys::from_source(|| Err("no such file".to_owned()));
        assert_eq!(away.current(), Err(SealingError::NoKeys("no such file".to_owned())));
    }
}
