//! A message under way: its envelope, and which addresses and parameters may stand in it.

use super::answer::Answer;
use super::command::Path;
use super::mailbox::ReceivedMail;
use super::settings::{Offer, SinkConfig};

/// From MAIL to the answer after the dot, or to RSET.
#[derive(Debug, Clone, Default)]
pub(super) struct Transaction {
    pub(super) from: Option<String>,
    pub(super) recipients: Vec<String>,
    mail_parameters: Vec<String>,
    recipient_parameters: Vec<String>,
}

impl Transaction {
    /// MAIL.
    pub(super) fn begin(path: &Path<'_>, config: &SinkConfig) -> Result<Self, Answer> {
        for parameter in &path.parameters {
            check_mail_parameter(parameter, config)?;
        }
        let transaction = Self {
            from: Some(path.address.to_owned()).filter(|address| !address.is_empty()),
            mail_parameters: owned(&path.parameters),
            ..Self::default()
        };
        if let Some(from) = &transaction.from {
            check_address(from, transaction.is_utf8())?;
        }
        Ok(transaction)
    }

    /// RCPT.
    pub(super) fn add_recipient(&mut self, path: &Path<'_>, config: &SinkConfig) -> Result<(), Answer> {
        if self.recipients.len() >= config.limits.recipients {
            return Err(Answer::new(452, "4.5.3 too many recipients"));
        }
        for parameter in &path.parameters {
            check_recipient_parameter(parameter, config)?;
        }
        if !path.address.eq_ignore_ascii_case("postmaster") {
            check_address(path.address, self.is_utf8())?;
        }
        self.recipients.push(path.address.to_owned());
        self.recipient_parameters.extend(owned(&path.parameters));
        Ok(())
    }

    /// The same for one of its recipients.
    pub(super) fn for_one(&self, recipient: String) -> Self {
        Self { recipients: vec![recipient], ..self.clone() }
    }

    /// The mail, without what only the conversation knows.
    pub(super) fn into_mail(self, message: Vec<u8>) -> ReceivedMail {
        ReceivedMail {
            hello: String::new(),
            user: None,
            from: self.from,
            recipients: self.recipients,
            mail_parameters: self.mail_parameters,
            recipient_parameters: self.recipient_parameters,
            message,
            waits: 0,
            connection: 0,
        }
    }

    fn is_utf8(&self) -> bool {
        self.mail_parameters.iter().any(|word| word.eq_ignore_ascii_case("SMTPUTF8"))
    }
}

fn owned(words: &[&str]) -> Vec<String> {
    words.iter().map(ToString::to_string).collect()
}

/// Only what was offered is understood (RFC 5321 section 4.1.1.11).
fn check_mail_parameter(word: &str, config: &SinkConfig) -> Result<(), Answer> {
    let (keyword, value) = word.split_once('=').unwrap_or((word, ""));
    match keyword.to_ascii_uppercase().as_str() {
        "SIZE" if config.offers(Offer::Size) => match value.parse::<usize>() {
            Ok(octets) if octets <= config.limits.message_octets => Ok(()),
            Ok(_) => Err(Answer::new(552, "5.3.4 message is too large")),
            Err(_) => Err(Answer::new(501, "5.5.4 SIZE is not a number")),
        },
        "BODY" if config.offers(Offer::EightBitMime) && matches!(value, "7BIT" | "8BITMIME") => Ok(()),
        "SMTPUTF8" if config.offers(Offer::SmtpUtf8) && value.is_empty() => Ok(()),
        "RET" | "ENVID" if config.offers(Offer::Dsn) => Ok(()),
        _ => Err(Answer::new(555, "5.5.4 unknown parameter")),
    }
}

fn check_recipient_parameter(word: &str, config: &SinkConfig) -> Result<(), Answer> {
    let keyword = word.split('=').next().unwrap_or_default().to_ascii_uppercase();
    if config.offers(Offer::Dsn) && matches!(keyword.as_str(), "NOTIFY" | "ORCPT") {
        Ok(())
    } else {
        Err(Answer::new(555, "5.5.4 unknown parameter"))
    }
}

fn check_address(address: &str, utf8: bool) -> Result<(), Answer> {
    let whole =
        address.rsplit_once('@').is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty());
    if !whole || address.chars().any(char::is_control) {
        return Err(Answer::new(553, "5.1.3 not an address"));
    }
    if !utf8 && !address.is_ascii() {
        return Err(Answer::new(553, "5.6.7 the address needs SMTPUTF8"));
    }
    Ok(())
}
