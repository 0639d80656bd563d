//! Where what comes back comes to.

use std::net::SocketAddr;
use std::path::PathBuf;

use notifier::bounces::Counter;

use super::{ConfigError, Source, problem};

/// The mailbox for notices of non-delivery.
#[derive(Debug, Clone)]
pub struct Bounces {
    /// Its address.
    pub address: kernel::EmailAddress,
    /// The maildir it is delivered into; `None`: somebody else reads it.
    pub maildir: Option<PathBuf>,
    /// Where a mail server hands its mail in; `None`: nowhere.
    pub lmtp: Option<Counter>,
}

pub(super) fn read(source: &Source<'_>) -> Result<Option<Bounces>, ConfigError> {
    let maildir = source.text("YUI_BOUNCE_MAILDIR")?.map(PathBuf::from);
    let lmtp = source.text("YUI_BOUNCE_LMTP")?.map(|text| counter(&text)).transpose()?;
    match source.text("YUI_BOUNCE_ADDRESS")? {
        None if maildir.is_some() => {
            Err(problem("YUI_BOUNCE_ADDRESS", "is needed beside YUI_BOUNCE_MAILDIR".to_owned()))
        }
        None if lmtp.is_some() => {
            Err(problem("YUI_BOUNCE_ADDRESS", "is needed beside YUI_BOUNCE_LMTP".to_owned()))
        }
        None => Ok(None),
        Some(text) => {
            let address = kernel::EmailAddress::parse(&text)
                .map_err(|error| problem("YUI_BOUNCE_ADDRESS", error.to_string()))?;
            Ok(Some(Bounces { address, maildir, lmtp }))
        }
    }
}

/// An address of this machine, or a path: nobody signs in there.
fn counter(text: &str) -> Result<Counter, ConfigError> {
    let refused = |why: &str| problem("YUI_BOUNCE_LMTP", why.to_owned());
    match text.parse::<SocketAddr>() {
        Ok(address) if address.ip().is_loopback() => Ok(Counter::Address(address)),
        Ok(_) => Err(refused("must be a loopback address, since nobody signs in there")),
        Err(_) if text.starts_with('/') => Ok(Counter::Socket(PathBuf::from(text))),
        Err(_) => {
            Err(refused("must be an address and port such as 127.0.0.1:2424, or a path that begins with /"))
        }
    }
}
