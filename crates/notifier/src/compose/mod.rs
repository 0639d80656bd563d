//! From a rendered mail to the bytes that go over the wire, once and for all.
//!
//! Invariant: what is frozen can be sent. Every line is at most 998 octets and ends with CRLF, every octet is ASCII
//! (texts are base64, RFC 2045; names and subjects RFC 2047), and no field of ours can hold a second header
//! (`tests`: T1, T2, T3, T6).

mod address;
mod header;

use chrono::{DateTime, Utc};
use kernel::{Language, OrganizationId};
use lettre::message::header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue};
use lettre::message::{MessageBuilder, MultiPart, SinglePart};

pub(crate) use address::smtp_address;
pub(crate) use header::visible;

use crate::mails::{Link, Rendered};
use crate::smtp::{Content, EnvelopeAddress, Unsendable};

/// The header that tells the sandbox mailbox whose mail it is.
pub(crate) const ORGANIZATION_HEADER: &str = "X-Yui-Organization";

/// Why a mail could not be put together: a defect of ours, not of what people typed.
#[derive(Debug, thiserror::Error)]
pub enum ComposeError {
    /// lettre refused it.
    #[error("cannot compose the mail: {0}")]
    Builder(#[from] lettre::error::Error),
    /// The bytes break a rule of SMTP.
    #[error("the composed mail cannot be sent: {0}")]
    Unsendable(#[from] Unsendable),
    /// Stored bytes are not a mail of ours.
    #[error("the stored mail has no Message-ID or no Date")]
    Foreign,
}

/// Everything that goes into a mail.
pub(crate) struct Letter<'a> {
    /// Makes Message-ID and boundary unique.
    pub(crate) token: &'a str,
    pub(crate) organization: OrganizationId,
    pub(crate) from: (&'a str, &'a EnvelopeAddress),
    /// Where answers go, if this is an address.
    pub(crate) reply_to: &'a str,
    pub(crate) to: (&'a str, &'a EnvelopeAddress),
    pub(crate) date: DateTime<Utc>,
    pub(crate) language: Language,
    pub(crate) rendered: &'a Rendered,
    /// Where the reader ends such mails in one step (RFC 8058).
    pub(crate) unsubscribe: Option<&'a Link>,
    /// The Message-ID of the first mail about the same thing, with its angle brackets (RFC 5322 section 3.6.4).
    pub(crate) thread: Option<&'a str>,
}

/// A mail ready to be stored and sent as it is.
pub(crate) struct Frozen {
    /// With its angle brackets.
    pub(crate) message_id: String,
    pub(crate) bytes: Vec<u8>,
}

/// 128 bits from the operating system: two installations with one sender's domain, or one restored from a backup,
/// never use a Message-ID twice, and nobody can guess one.
#[expect(
    clippy::expect_used,
    reason = "without random numbers no secret of this process is safe: it must stop"
)]
pub(crate) fn token() -> String {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes).expect("the operating system gives random numbers");
    hex(&bytes)
}

/// Hexadecimal, lower case.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .filter_map(|digit| char::from_digit(digit.into(), 16))
        .collect()
}

/// Puts the mail together: multipart/alternative, text and HTML, both base64.
pub(crate) fn freeze(letter: &Letter<'_>) -> Result<Frozen, ComposeError> {
    let message_id = format!("<{}.{}@{}>", letter.token, letter.organization, letter.from.1.domain());
    let body = MultiPart::alternative()
        .boundary(format!("yui_{}", letter.token))
        .singlepart(base64_part(ContentType::TEXT_PLAIN, &letter.rendered.text))
        .singlepart(base64_part(ContentType::TEXT_HTML, &letter.rendered.html));
    let message = headers(letter, &message_id).multipart(body)?;
    let bytes = message.formatted();
    Content::new(&bytes)?;
    Ok(Frozen { message_id, bytes })
}

fn headers(letter: &Letter<'_>, message_id: &str) -> MessageBuilder {
    let mailbox = |name: HeaderName, (person, address): (&str, &EnvelopeAddress)| {
        HeaderValue::dangerous_new_pre_encoded(name, address.to_string(), header::mailbox(person, address))
    };
    let subject = &letter.rendered.subject;
    let mut builder = lettre::Message::builder()
        // Never read: the envelope is the driver's. Without one lettre would take it from To, whose old carrier
        // addresses it refuses.
        .envelope(null_envelope())
        .date(letter.date.into())
        .raw_header(mailbox(HeaderName::new_from_ascii_str("From"), letter.from))
        .raw_header(mailbox(HeaderName::new_from_ascii_str("To"), letter.to));
    if let Some(address) = header::answer_address(letter.reply_to) {
        builder = builder
            .raw_header(mailbox(HeaderName::new_from_ascii_str("Reply-To"), (letter.from.0, &address)));
    }
    if let Some(link) = letter.unsubscribe {
        // Folded by us: the address is one word of ours without spaces, and both headers stand under one signature.
        builder = builder
            .raw_header(HeaderValue::dangerous_new_pre_encoded(
                HeaderName::new_from_ascii_str("List-Unsubscribe"),
                link.as_str().to_owned(),
                format!("<{}>", link.as_str()),
            ))
            .raw_header(plain("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".to_owned()));
    }
    if let Some(first) = letter.thread {
        builder = builder.in_reply_to(first.to_owned()).references(first.to_owned());
    }
    builder
        .raw_header(HeaderValue::dangerous_new_pre_encoded(
            HeaderName::new_from_ascii_str("Subject"),
            subject.clone(),
            header::unstructured(subject),
        ))
        .message_id(Some(message_id.to_owned()))
        .raw_header(plain("Auto-Submitted", "auto-generated".to_owned()))
        .raw_header(plain("Content-Language", letter.language.to_string()))
        .raw_header(plain(ORGANIZATION_HEADER, letter.organization.to_string()))
}

/// A header whose name and value are ours.
fn plain(name: &'static str, value: String) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value)
}

#[expect(clippy::expect_used, reason = "constants")]
fn null_envelope() -> lettre::address::Envelope {
    let nobody = lettre::Address::new("nobody", "invalid.example").expect("an address");
    lettre::address::Envelope::new(None, vec![nobody]).expect("an envelope")
}

fn base64_part(content_type: ContentType, text: &str) -> SinglePart {
    // Every line end as SMTP wants it: some programs show a lone CR as nothing.
    let text = text.replace("\r\n", "\n").replace('\r', "\n").replace('\n', "\r\n");
    SinglePart::builder().header(content_type).header(ContentTransferEncoding::Base64).body(text)
}

/// The fields of a head, each with its folded lines.
fn fields(head: &str) -> Vec<String> {
    let mut fields: Vec<String> = Vec::new();
    for line in head.split("\r\n") {
        match fields.last_mut().filter(|_| line.starts_with(' ')) {
            Some(field) => {
                field.push_str("\r\n");
                field.push_str(line);
            }
            None => fields.push(line.to_owned()),
        }
    }
    fields
}

/// The same mail with a new Message-ID and a new Date, for sending an ended message once more; to another address of its
/// reader where `to` names one.
pub(crate) fn renew(
    old: &[u8],
    token: &str,
    date: DateTime<Utc>,
    to: Option<(&str, &EnvelopeAddress)>,
) -> Result<Frozen, ComposeError> {
    let end = old.windows(4).position(|four| four == b"\r\n\r\n").ok_or(ComposeError::Foreign)?;
    let (head, rest) = old.split_at(end);
    let head = std::str::from_utf8(head).map_err(|_not_ours| ComposeError::Foreign)?;
    let mut message_id = None;
    let mut dated = false;
    let mut kept: Vec<String> = Vec::new();
    for field in fields(head) {
        let (name, value) = field.split_once(": ").unwrap_or((&field, ""));
        kept.push(match (name, to) {
            ("Message-ID", _) => {
                let (_, after) = value.split_once('.').ok_or(ComposeError::Foreign)?;
                let id = format!("<{token}.{after}");
                message_id = Some(id.clone());
                format!("Message-ID: {id}")
            }
            ("Date", _) => {
                dated = true;
                format!("Date: {}", date.format("%a, %d %b %Y %H:%M:%S +0000"))
            }
            ("To", Some((person, address))) => format!("To: {}", header::mailbox(person, address)),
            _ => field,
        });
    }
    let message_id = message_id.filter(|_| dated).ok_or(ComposeError::Foreign)?;
    let mut bytes = kept.join("\r\n").into_bytes();
    bytes.extend_from_slice(rest);
    Content::new(&bytes)?;
    Ok(Frozen { message_id, bytes })
}

#[cfg(test)]
mod tests;
