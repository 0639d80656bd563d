//! Texts (文面): a town's own wording of the mails, version by version, on top of the ones Yui ships.
//!
//! A wording is one text; the HTML part is made from it, and the footer with the sender's name stays ours. Invariant: no
//! wording is kept that does not render with sample data, or that leaves out what the mail is for
//! (`t26_a_wording_that_cannot_be_sent_is_not_kept`); each message says which version it was written with.

mod model;
mod store;
#[cfg(test)]
mod tests;

use accounts::persons;
use db::{DbError, Tx};
use kernel::{Code, Coded, FieldProblem, Invalid, Language, MessageId};

pub use model::{TextInput, TextVersion};
pub use store::{changed, current, history};

use crate::compose::{self, Letter, smtp_address};
use crate::mails::{Kind, OwnWords, Rendered, TemplateError, Town, WordingFault};
use crate::messages::{self, MessageError, Party, Recipient};
use crate::settings::Outbox;

/// Why a wording was not kept or shown.
#[derive(Debug, thiserror::Error)]
pub enum TextError {
    /// Fields that cannot be accepted; nothing was written.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// It does not render.
    #[error(transparent)]
    Wording(#[from] WordingFault),
    /// It leaves out a field without which the mail is of no use, or unlawful.
    #[error("the text must say {{{{ mail.{0} }}}}")]
    LeavesOut(&'static str),
    /// Whoever tries it out has no mail address.
    #[error("you have no mail address to send it to")]
    NoAddress,
    /// The message was not queued.
    #[error(transparent)]
    Message(#[from] MessageError),
    /// The database failed, or there is no such mail.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Coded for TextError {
    fn code(&self) -> Code {
        match self {
            Self::Invalid(invalid) => invalid.code(),
            Self::Wording(_) | Self::LeavesOut(_) => Code::Invalid,
            Self::NoAddress => Code::Conflict,
            Self::Message(error) => error.code(),
            Self::Db(error) => error.code(),
        }
    }

    fn fields(&self) -> &[FieldProblem] {
        match self {
            Self::Invalid(invalid) => invalid.fields(),
            _ => &[],
        }
    }
}

fn told(error: TemplateError) -> TextError {
    match error {
        TemplateError::Wording(fault) => fault.into(),
        ours => MessageError::from(ours).into(),
    }
}

/// A mail with sample data in the given words, as this town would send it. Writes nothing.
pub fn preview(
    tx: &mut Tx<'_>,
    outbox: &Outbox,
    kind: &Kind,
    language: Language,
    input: &TextInput,
) -> Result<Rendered, TextError> {
    render(tx, outbox, kind, language, &input.checked()?)
}

fn render(
    tx: &mut Tx<'_>,
    outbox: &Outbox,
    kind: &Kind,
    language: Language,
    words: &OwnWords,
) -> Result<Rendered, TextError> {
    let town = Town::of(&accounts::organizations::find(tx)?);
    let rendered = kind.preview_of(outbox, &town, language, Some(words)).map_err(told)?;
    match kind.left_out(&rendered, language) {
        Some(field) => Err(TextError::LeavesOut(field)),
        None => Ok(rendered),
    }
}

/// Keeps a new version, from the next mail on.
pub fn write(
    tx: &mut Tx<'_>,
    outbox: &Outbox,
    kind: &Kind,
    language: Language,
    input: &TextInput,
) -> Result<i32, TextError> {
    let words = input.checked()?;
    render(tx, outbox, kind, language, &words)?;
    Ok(store::insert(tx, kind.name, language, Some(&words))?)
}

/// Goes back to Yui's own wording, as a version of its own.
pub fn reset(tx: &mut Tx<'_>, kind: &Kind, language: Language) -> Result<i32, TextError> {
    Ok(store::insert(tx, kind.name, language, None)?)
}

/// Sends a mail with sample data in the given words to the acting person, and to nobody else.
pub fn send_to_me(
    tx: &mut Tx<'_>,
    outbox: &Outbox,
    kind: &Kind,
    language: Language,
    input: &TextInput,
) -> Result<MessageId, TextError> {
    let mut rendered = preview(tx, outbox, kind, language, input)?;
    let prefix = match language {
        Language::Ja => "【試し送り】",
        Language::En => "[Test] ",
    };
    rendered.subject = format!("{prefix}{}", rendered.subject);
    let own = persons::find(tx, tx.actor().person().ok_or(DbError::NotFound)?)?;
    let address = own.email.clone().ok_or(TextError::NoAddress)?;
    let recipient =
        Recipient { party: Party::Person(own.id), name: own.name.name_in(language), address, language };
    let town = accounts::organizations::find(tx)?;
    let to = smtp_address(&recipient.address).map_err(MessageError::from)?;
    let letter = Letter {
        token: &compose::token(),
        organization: tx.organization(),
        from: (&town.name, outbox.settings().from()),
        reply_to: &town.contact_email,
        to: (&recipient.name, &to),
        date: tx.now(),
        language,
        rendered: &rendered,
        unsubscribe: None,
        thread: None,
    };
    let frozen = compose::freeze(&letter).map_err(MessageError::from)?;
    Ok(messages::queue_frozen(tx, outbox, kind.name, &recipient, &rendered.subject, &frozen)?)
}
