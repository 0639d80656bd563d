//! What came to the bounce mailbox: notices of non-delivery (RFC 3464), reports of spam (RFC 5965), and what is neither.
//! Pure; no database here.
//!
//! Nothing in a notice is believed but what its return path proves; the rest is quoted. Automatic answers, our own mails
//! coming round and notices about notices are nobody's word about a mail of ours (`what_is_no_notice_is_ignored`).

use kernel::{MessageId, OrganizationId};
use mail_parser::{Message, MessageParser, MimeHeaders as _, PartType};

use super::return_path::ReturnPath;

/// How much of a notice's own words is kept.
const QUOTED: usize = 400;
/// Where mail servers write which address a mail was delivered for; the envelope itself is gone by then.
const DELIVERED_FOR: [&str; 5] = ["Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "To"];

/// What a mail in the bounce mailbox says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// It was not delivered and will not be.
    Failed(Why),
    /// It has not been delivered yet.
    Delayed,
    /// Its reader reported it as spam.
    Complaint,
}

/// Why a mail was not delivered, by its enhanced status code (RFC 3463).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Why {
    /// There is no such mailbox or domain: 5.1.0 to 5.1.3, 5.1.6, 5.1.10, 5.2.1.
    NoSuchAddress,
    /// The mailbox is full: 5.2.2.
    Full,
    /// Anything else: policy, size, content, the way there.
    Other,
}

/// A notice about one of our mails.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Notice {
    pub(crate) town: OrganizationId,
    pub(crate) message: MessageId,
    pub(crate) kind: Kind,
    /// The receiving side's own words.
    pub(crate) words: String,
}

/// Why a mail in the bounce mailbox is no notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ignored {
    /// It cannot be read as a mail.
    Unreadable,
    /// An answer of a program, or of a person: for people to read, if for anybody.
    Answer,
    /// A notice that proves to be about none of our mails: forged, or about another server's.
    NotOurs,
    /// A notice about a mail that went well.
    GoodNews,
}

/// Reads a mail from the bounce mailbox.
pub(crate) fn read(bytes: &[u8], return_path: &ReturnPath) -> Result<Notice, Ignored> {
    let mail = MessageParser::default().parse(bytes).ok_or(Ignored::Unreadable)?;
    let report = Report::of(&mail).ok_or(Ignored::Answer)?;
    let (town, message) = proven(&mail, &report, return_path).ok_or(Ignored::NotOurs)?;
    let kind = report.kind().ok_or(Ignored::GoodNews)?;
    Ok(Notice { town, message, kind, words: report.words() })
}

/// The machine-readable part of a report: fields in blocks.
struct Report {
    is_feedback: bool,
    blocks: Vec<Vec<(String, String)>>,
    /// The return path that the mail reported on was sent with, as its copy says.
    copied_from: Option<String>,
}

impl Report {
    fn of(mail: &Message<'_>) -> Option<Self> {
        let kind = |part: &mail_parser::MessagePart<'_>| {
            let kind = part.content_type()?;
            Some(format!("{}/{}", kind.ctype(), kind.subtype().unwrap_or_default()).to_ascii_lowercase())
        };
        let part = mail.parts.iter().find_map(|part| match kind(part)?.as_str() {
            "message/delivery-status" | "message/global-delivery-status" => Some((false, part)),
            "message/feedback-report" => Some((true, part)),
            _ => None,
        });
        let (is_feedback, part) = part?;
        let copied_from = mail.parts.iter().find_map(|part| match &part.body {
            PartType::Message(copy) => text_of(copy, "Return-Path"),
            _ => None,
        });
        Some(Self { is_feedback, blocks: blocks(&String::from_utf8_lossy(part.contents())), copied_from })
    }

    fn field(&self, name: &str) -> Option<&str> {
        let all = self.blocks.iter().flatten();
        all.filter(|(field, _)| field.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str()).next()
    }

    /// `None`: it went well. The worst recipient counts; ours have one.
    fn kind(&self) -> Option<Kind> {
        if self.is_feedback {
            let says = self.field("Feedback-Type").unwrap_or_default();
            return says.eq_ignore_ascii_case("abuse").then_some(Kind::Complaint);
        }
        let action = self.field("Action").unwrap_or_default().to_ascii_lowercase();
        match action.as_str() {
            "failed" => Some(Kind::Failed(why(self.field("Status").unwrap_or_default()))),
            "delayed" => Some(Kind::Delayed),
            _ => None,
        }
    }

    fn words(&self) -> String {
        let said = [self.field("Status"), self.field("Diagnostic-Code"), self.field("Remote-MTA")];
        let said = if self.is_feedback {
            [self.field("Feedback-Type"), self.field("User-Agent"), None]
        } else {
            said
        };
        let text = said.into_iter().flatten().collect::<Vec<_>>().join(" · ");
        crate::compose::visible(&text).chars().take(QUOTED).collect()
    }
}

fn why(status: &str) -> Why {
    let code = status.split_whitespace().next().unwrap_or_default();
    match code {
        "5.1.0" | "5.1.1" | "5.1.2" | "5.1.3" | "5.1.6" | "5.1.10" | "5.2.1" => Why::NoSuchAddress,
        "5.2.2" | "4.2.2" => Why::Full,
        _ => Why::Other,
    }
}

/// The fields of a report, block by block; folded lines are joined (RFC 3464 section 2.1).
fn blocks(text: &str) -> Vec<Vec<(String, String)>> {
    let mut blocks: Vec<Vec<(String, String)>> = vec![Vec::new()];
    for line in text.lines() {
        if line.trim().is_empty() {
            blocks.push(Vec::new());
            continue;
        }
        let Some(block) = blocks.last_mut() else { continue };
        if line.starts_with([' ', '\t']) {
            if let Some((_, value)) = block.last_mut() {
                value.push(' ');
                value.push_str(line.trim());
            }
        } else if let Some((name, value)) = line.split_once(':') {
            block.push((name.trim().to_owned(), value.trim().to_owned()));
        }
    }
    blocks
}

/// The message that a return path proves: where the notice was delivered to, what it says the mail came from, or what the
/// copy in it was sent with.
fn proven(mail: &Message<'_>, report: &Report, own: &ReturnPath) -> Option<(OrganizationId, MessageId)> {
    let delivered = DELIVERED_FOR.iter().filter_map(|name| text_of(mail, name));
    let said = report.field("Original-Mail-From").map(str::to_owned);
    let addresses = delivered.chain(said).chain(report.copied_from.clone());
    addresses.flat_map(|text| candidates(&text)).find_map(|address| own.read(&address))
}

/// The words of a header that may be addresses, bounded: a header can be long.
fn candidates(text: &str) -> Vec<String> {
    let words = text.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '<' | '>' | '"'));
    words.filter(|word| word.contains('@')).take(20).map(str::to_owned).collect()
}

fn text_of(mail: &Message<'_>, name: &str) -> Option<String> {
    let values: Vec<&str> = mail
        .headers_raw()
        .filter(|(found, _)| found.eq_ignore_ascii_case(name))
        .map(|(_, value)| value)
        .collect();
    (!values.is_empty()).then(|| values.join(" "))
}

/// Whether a program wrote it: an automatic answer, a list, a loop (RFC 3834).
pub(crate) fn is_automatic(bytes: &[u8]) -> bool {
    let Some(mail) = MessageParser::default().parse(bytes) else { return false };
    let says = |name: &str| text_of(&mail, name).map(|value| value.trim().to_ascii_lowercase());
    let answers = says("Auto-Submitted").is_some_and(|value| !value.starts_with("no"));
    let bulk = says("Precedence")
        .is_some_and(|value| matches!(value.as_str(), "bulk" | "junk" | "list" | "auto_reply"));
    let nobody = says("Return-Path").is_some_and(|value| value == "<>");
    answers || bulk || nobody || ["X-Autoreply", "List-Id"].iter().any(|name| says(name).is_some())
}
