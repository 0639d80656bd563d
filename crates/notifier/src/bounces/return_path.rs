//! The envelope sender of each mail (VERP): an address of its own, so that a notice about it says which mail it was, and
//! proves that whoever sent the notice has seen that mail.
//!
//! Invariant: a return path fits one message of one town alone, and nobody can make one without the server's key
//! (`a_return_path_fits_its_message_alone`).

use accounts::secrets::{LinkKey, Secret};
use chrono::DateTime;
use kernel::{EmailAddress, MessageId, OrganizationId};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use crate::compose::{hex, smtp_address};
use crate::smtp::EnvelopeAddress;

/// Hexadecimal digits of proof: 80 bits, in letters that survive servers which fold the case of local parts.
const PROOF: usize = 20;
/// Octets of a local part (RFC 5321 section 4.5.3.1.1).
const LOCAL_LIMIT: usize = 64;
/// What follows the configured local part: `+`, a town of up to 9 digits, a message of up to 15, two dots, the proof.
const LONGEST_TAG: usize = 1 + 9 + 1 + 15 + 1 + PROOF;

/// The configured address cannot carry a tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReturnPathError {
    /// Not an address, or one whose local part holds a `+` already.
    #[error("must be an address such as b@example.jp, without a +")]
    Unusable,
    /// A tag would not fit.
    #[error("the part before the @ must be short: at most {most} characters")]
    TooLong {
        /// So long it may be.
        most: usize,
    },
}

/// Makes and reads return paths.
#[derive(Debug, Clone)]
pub struct ReturnPath {
    local: String,
    domain: String,
    key: LinkKey,
}

impl ReturnPath {
    /// `address` is the bounce mailbox, whose server delivers `b+anything@example.jp` to `b@example.jp` (RFC 5233).
    pub fn new(address: &EmailAddress, key: LinkKey) -> Result<Self, ReturnPathError> {
        let address = smtp_address(address).map_err(|_not_one| ReturnPathError::Unusable)?;
        let (local, domain) = (address.local().to_owned(), address.domain().to_owned());
        if local.contains('+') || address.is_irregular() {
            return Err(ReturnPathError::Unusable);
        }
        let most = LOCAL_LIMIT - LONGEST_TAG;
        if local.len() > most {
            return Err(ReturnPathError::TooLong { most });
        }
        Ok(Self { local, domain, key })
    }

    /// Where notices about one message go: `b+1.42.0f…@example.jp`. `None` for numbers longer than any
    /// installation comes to.
    pub(crate) fn of(&self, town: OrganizationId, message: MessageId) -> Option<EnvelopeAddress> {
        let text = format!("{}+{town}.{message}.{}@{}", self.local, self.proof(town, message), self.domain);
        EnvelopeAddress::parse(&text).ok()
    }

    /// Which message an address is the return path of; `None` for every other address, compared in constant time.
    pub(crate) fn read(&self, address: &str) -> Option<(OrganizationId, MessageId)> {
        let address = address.trim().trim_matches(['<', '>']).to_ascii_lowercase();
        let (local, domain) = address.rsplit_once('@')?;
        let tag = local.strip_prefix(&self.local.to_ascii_lowercase())?.strip_prefix('+')?;
        let mut pieces = tag.split('.');
        let (town, message) = (pieces.next()?.parse().ok()?, pieces.next()?.parse().ok()?);
        let proof = pieces.next().filter(|_| pieces.next().is_none())?;
        let fits: bool = self.proof(town, message).as_bytes().ct_eq(proof.as_bytes()).into();
        (fits && domain == self.domain).then_some((town, message))
    }

    /// The domain that notices come to.
    pub(crate) fn domain(&self) -> &str {
        &self.domain
    }

    /// Whether that is the mailbox's own address, which proves nothing: whoever reports spam has to be given one.
    pub(crate) fn is_of(&self, address: &str) -> bool {
        address.trim().eq_ignore_ascii_case(&format!("{}@{}", self.local, self.domain))
    }

    fn proof(&self, town: OrganizationId, message: MessageId) -> String {
        let secret = Secret::derived(&self.key, town, "return-path", message.0, DateTime::UNIX_EPOCH);
        let mut text = hex(&Sha256::digest(secret.text()));
        text.truncate(PROOF);
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(address: &str, key: &LinkKey) -> Result<ReturnPath, ReturnPathError> {
        ReturnPath::new(&EmailAddress::parse(address).unwrap(), key.clone())
    }

    #[test]
    fn a_return_path_fits_its_message_alone() {
        let (key, other) = (LinkKey::generate(), LinkKey::generate());
        let own = path("Bounces@town.example", &key).unwrap();
        let (town, message) = (OrganizationId(7), MessageId(42));
        let text = own.of(town, message).unwrap().to_string();
        assert_eq!(own.read(&text), Some((town, message)));
        assert_eq!(
            own.read(&format!("<{}>", text.to_uppercase())),
            Some((town, message)),
            "servers fold cases"
        );
        assert_eq!(path("Bounces@town.example", &other).unwrap().read(&text), None);
        for forged in [
            text.replace("+7.", "+8."),
            text.replace(".42.", ".43."),
            text.replace("town.example", "evil.example"),
            text.replace('@', "0@"),
            text.replace('@', ".0@"),
            "bounces@town.example".to_owned(),
            "bounces+7.42.@town.example".to_owned(),
            String::new(),
        ] {
            assert_eq!(own.read(&forged), None, "{forged}");
        }
    }

    #[test]
    fn the_longest_numbers_fit_or_the_address_is_refused() {
        let key = LinkKey::generate();
        let longest = path("seventeen.letters@town.example", &key).unwrap();
        let (town, message) = (OrganizationId(999_999_999), MessageId(999_999_999_999_999));
        let text = longest.of(town, message).unwrap().to_string();
        assert_eq!(longest.read(&text), Some((town, message)));
        assert_eq!(longest.of(OrganizationId(i64::MAX), MessageId(i64::MAX)), None);
        let refused = path("eighteen.letters.x@town.example", &key).unwrap_err();
        assert_eq!(refused, ReturnPathError::TooLong { most: 17 });
        assert_eq!(path("b+x@town.example", &key).unwrap_err(), ReturnPathError::Unusable);
    }
}
