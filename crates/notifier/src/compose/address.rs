//! From an address as people type it to the one that goes over the wire.

use kernel::EmailAddress;

use crate::smtp::{AddressError, EnvelopeAddress};

/// The domain in its ASCII form (RFC 5891), the local part as it is: quoting the carriers' old ones is the driver's.
pub(crate) fn smtp_address(address: &EmailAddress) -> Result<EnvelopeAddress, AddressError> {
    let (local, domain) = address.as_str().rsplit_once('@').ok_or(AddressError::Incomplete)?;
    let domain = idna::domain_to_ascii(domain).map_err(|_not_a_name| AddressError::Domain)?;
    EnvelopeAddress::parse(&format!("{local}@{domain}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// T5: what people have for addresses, and what goes over the wire.
    #[test]
    fn t05_every_address_people_have_gets_a_lawful_form() {
        for (typed, wire) in [
            ("tanaka@example.jp", "tanaka@example.jp"),
            ("tanaka+yui@Example.JP", "tanaka+yui@example.jp"),
            ("ｔａｎａｋａ＠ｅｘａｍｐｌｅ．ｊｐ", "tanaka@example.jp"),
            ("tanaka@日本語.jp", "tanaka@xn--wgv71a119e.jp"),
            ("a..b.@docomo.ne.jp", "\"a..b.\"@docomo.ne.jp"),
        ] {
            let address = EmailAddress::parse(typed).unwrap();
            assert_eq!(smtp_address(&address).unwrap().to_string(), wire, "{typed}");
        }
    }
}
