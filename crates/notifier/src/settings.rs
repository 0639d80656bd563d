//! What every mail of an installation shares: the address it comes from, and where its links lead.

use accounts::secrets::LinkKey;
use kernel::EmailAddress;

use crate::compose::smtp_address;
use crate::mails::{Link, TemplateError, Templates};
use crate::smtp::EnvelopeAddress;

/// Why mail settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// Not an address mail can come from.
    #[error("the sender is not a mail address: {0}")]
    Sender(String),
    /// Not an address pages can be linked under.
    #[error("the base URL must begin with http:// or https:// and hold no space, quote or fragment")]
    BaseUrl,
    /// An embedded template does not compile: a broken build.
    #[error(transparent)]
    Template(#[from] TemplateError),
}

/// The installation's sender and public address.
#[derive(Debug, Clone)]
pub struct MailSettings {
    from: EnvelopeAddress,
    base_url: String,
}

impl MailSettings {
    /// `from` is the address in From and in the envelope; `base_url` is where people reach the pages, for example
    /// `https://yui.example.jp`.
    pub fn new(from: &str, base_url: &str) -> Result<Self, SettingsError> {
        let sender = EmailAddress::parse(from).map_err(|error| SettingsError::Sender(error.to_string()))?;
        let from = smtp_address(&sender).map_err(|error| SettingsError::Sender(error.to_string()))?;
        let base_url = base_url.trim_end_matches('/').to_owned();
        if !is_base_url(&base_url) {
            return Err(SettingsError::BaseUrl);
        }
        Ok(Self { from, base_url })
    }

    /// Whom mails come from, and where bounces go.
    pub fn from(&self) -> &EnvelopeAddress {
        &self.from
    }

    /// A link to a page of this installation. Whatever `path` holds, the link leads nowhere else.
    pub fn link(&self, path: &str) -> Link {
        Link::under(&self.base_url, path)
    }
}

fn is_base_url(url: &str) -> bool {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let plain = |byte: u8| {
        byte.is_ascii_alphanumeric()
            || matches!(byte, b'.' | b'-' | b'_' | b':' | b'/' | b'[' | b']' | b'~' | b'%')
    };
    rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/') && rest.bytes().all(plain))
}

/// Whether mails that can wait keep to their readers' hours.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum KeepsHours {
    /// They do.
    #[default]
    Always,
    /// They do not: the mails go to the sandbox mailbox, where nobody sleeps.
    Never,
}

/// Everything [`queue`](crate::queue) needs besides the transaction: made once at start-up and captured by handlers.
#[derive(Debug)]
pub struct Outbox {
    settings: MailSettings,
    templates: Templates,
    key: LinkKey,
    hours: KeepsHours,
}

impl Outbox {
    /// Compiles the embedded templates. `key` is what links that end a sort of mail are proven by.
    pub fn new(settings: MailSettings, key: LinkKey, hours: KeepsHours) -> Result<Self, SettingsError> {
        Ok(Self { settings, templates: Templates::load()?, key, hours })
    }

    pub(crate) fn keeps_hours(&self) -> KeepsHours {
        self.hours
    }

    pub(crate) fn key(&self) -> &LinkKey {
        &self.key
    }

    /// The installation's sender and public address.
    pub fn settings(&self) -> &MailSettings {
        &self.settings
    }

    /// A link to a page of this installation, for a mail's fields.
    pub fn link(&self, path: &str) -> Link {
        self.settings.link(path)
    }

    pub(crate) fn templates(&self) -> &Templates {
        &self.templates
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_real_sender_and_a_real_address_are_taken() {
        assert!(MailSettings::new("yui@town.example", "https://yui.example/").is_ok());
        assert!(MailSettings::new("yui@町.example", "http://127.0.0.1:8080").is_ok());
        for (from, base_url) in [
            ("yui", "https://yui.example"),
            ("yui@town.example\r\nBcc: x@y.jp", "https://yui.example"),
            ("yui@town.example", "javascript:alert(1)"),
            ("yui@town.example", "https://"),
            ("yui@town.example", "https://yui.example/\" onclick=\""),
        ] {
            assert!(MailSettings::new(from, base_url).is_err(), "{from} {base_url}");
        }
    }

    #[test]
    fn a_link_stays_at_home_whatever_the_path_says() {
        let settings = MailSettings::new("yui@town.example", "https://yui.example/").unwrap();
        for (path, link) in [
            ("/offers/3", "https://yui.example/offers/3"),
            ("offers?x=1&y=2", "https://yui.example/offers?x=1&y=2"),
            ("//evil.example/x", "https://yui.example/evil.example/x"),
            ("@evil.example", "https://yui.example/@evil.example"),
            ("/a b\"><script>\r\n", "https://yui.example/a%20b%22%3E%3Cscript%3E%0D%0A"),
        ] {
            assert_eq!(settings.link(path).as_str(), link);
        }
    }
}
