//! Web addresses in mails.

use serde::Serialize;

use crate::compose::hex;

/// The address of a page of this installation; made by [`Outbox::link`](crate::Outbox::link) only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Link(String);

impl Link {
    /// The page at `path` under `base_url`; octets that do not belong in a path or query are percent-encoded.
    pub(crate) fn under(base_url: &str, path: &str) -> Self {
        let mut link = format!("{base_url}/");
        for byte in path.trim_start_matches('/').bytes() {
            if byte.is_ascii_alphanumeric() || b"-._~/?&=%:@!$*+,;#".contains(&byte) {
                link.push(char::from(byte));
            } else {
                link.push('%');
                link.push_str(&hex(&[byte]).to_ascii_uppercase());
            }
        }
        Self(link)
    }

    /// The whole address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A page of an installation that does not exist, for samples.
    pub(super) fn sample(path: &str) -> Self {
        Self::under("https://yui.example", path)
    }
}
