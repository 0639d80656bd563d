//! What came to the bounce mailbox: notices of non-delivery (RFC 3464), reports of spam (RFC 5965), and what is neither.
//! Pure; no database here.
//!
//! Nothing in a notice is believed but what its return path proves; the rest is quoted. Automatic answers, our own mails
//! coming round and notices about notices are nobody's word about a mail of ours (`what_is_no_notice_is_ignored`).

use kernel::{MessageId, OrganizationId};
use mail_parser::{Message, MessageParser, MimeHeaders as _, PartType};

use super::return_path::ReturnPath;
use crate::smtp::says_no_such_address;

/// Who writes a notice that has no report in it.
const DAEMONS: [&str; 2] = ["mailer-daemon", "postmaster"];
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

/// Why a mail was not delivered.
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
    /// A program's answer: absence, a list, a loop (RFC 3834).
    Automatic,
    /// Perhaps a person's answer, for people to read.
    Answer,
    /// A notice that proves to be about none of our mails: forged, or about another server's.
    NotOurs,
    /// A notice about a mail that went well.
    GoodNews,
}

/// Reads a mail from the bounce mailbox.
pub(crate) fn read(bytes: &[u8], return_path: &ReturnPath) -> Result<Notice, Ignored> {
    let mail = MessageParser::default().parse(bytes).ok_or(Ignored::Unreadable)?;
    let Some(report) = Report::of(&mail).or_else(|| Report::in_words(&mail)) else {
        return Err(if is_automatic(&mail) { Ignored::Automatic } else { Ignored::Answer });
    };
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
        let copied_from = mail.parts.iter().find_map(|part| match (&part.body, kind(part)?.as_str()) {
            (PartType::Message(copy), _) => text_of(copy, "Return-Path"),
            (_, "text/rfc822-headers" | "message/global-headers") => {
                let headers = blocks(&String::from_utf8_lossy(part.contents()));
                let headers = headers.into_iter().flatten();
                headers
                    .into_iter()
                    .find(|(name, _)| name.eq_ignore_ascii_case("Return-Path"))
                    .map(|(_, path)| path)
            }
            _ => None,
        });
        let blocks = blocks(&String::from_utf8_lossy(part.contents()));
        Some(Self { is_feedback, blocks, copied_from })
    }

    /// What a mail server says in words alone, as servers did before RFC 3464 and some do still: from nobody, by its mail
    /// daemon, with a code for good. Taken as if it had been written into the fields.
    fn in_words(mail: &Message<'_>) -> Option<Self> {
        let from_nobody = text_of(mail, "Return-Path")?.trim() == "<>";
        let from = text_of(mail, "From")?.to_ascii_lowercase();
        if !from_nobody || !DAEMONS.iter().any(|daemon| from.contains(daemon)) {
            return None;
        }
        let text = mail.body_text(0)?;
        let (line, code) = text.lines().find_map(|line| Some((line.trim(), final_code(line)?)))?;
        let fields = [("Action", "failed"), ("Status", code), ("Diagnostic-Code", line)];
        let block = fields.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
        Some(Self { is_feedback: false, blocks: vec![block], copied_from: None })
    }

    fn field(&self, name: &str) -> Option<&str> {
        self.blocks.iter().find_map(|block| value_in(block, name))
    }

    /// The block of the recipient who fared worst, and how.
    fn worst(&self) -> Option<(&[(String, String)], Kind)> {
        let standing =
            |block: &Vec<(String, String)>| match value_in(block, "Action")?.to_ascii_lowercase().as_str() {
                "failed" => Some(Kind::Failed(why(block))),
                "delayed" => Some(Kind::Delayed),
                _ => None,
            };
        let mut told = self.blocks.iter().filter_map(|block| Some((block.as_slice(), standing(block)?)));
        let first = told.next()?;
        Some(told.fold(first, |worst, one| if worst.1 == Kind::Delayed { one } else { worst }))
    }

    /// `None`: it went well.
    fn kind(&self) -> Option<Kind> {
        if self.is_feedback {
            let says = self.field("Feedback-Type").unwrap_or_default();
            return says.eq_ignore_ascii_case("abuse").then_some(Kind::Complaint);
        }
        self.worst().map(|(_, kind)| kind)
    }

    fn words(&self) -> String {
        let said = if self.is_feedback {
            [self.field("Feedback-Type"), self.field("User-Agent"), None]
        } else {
            let block = self.worst().map_or(&[] as &[_], |(block, _)| block);
            ["Status", "Diagnostic-Code", "Remote-MTA"].map(|name| value_in(block, name))
        };
        let text = said.into_iter().flatten().collect::<Vec<_>>().join(" · ");
        crate::compose::visible(&text).chars().take(QUOTED).collect()
    }
}

fn value_in<'b>(block: &'b [(String, String)], name: &str) -> Option<&'b str> {
    block.iter().find(|(field, _)| field.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
}

/// The first word of a line that says "never": an enhanced code (RFC 3463) that begins with 5, or a reply
/// code about mailboxes (RFC 5321 section 4.2.1: 55z).
fn final_code(line: &str) -> Option<&str> {
    let words = line.split(|c: char| !c.is_ascii_digit() && c != '.').map(|word| word.trim_end_matches('.'));
    words.into_iter().find(|word| {
        let parts: Vec<&str> = word.split('.').collect();
        let digits = |part: &&str| (1..=3).contains(&part.len());
        match parts.as_slice() {
            [reply] => reply.len() == 3 && reply.starts_with("55"),
            ["5", rest @ ..] => rest.len() == 2 && rest.iter().all(digits),
            _ => false,
        }
    })
}

/// By its enhanced code; where that says nothing of the address, by the server's own words, as carriers send them through
/// a relay that knows no better code than 5.0.0.
fn why(block: &[(String, String)]) -> Why {
    let code =
        value_in(block, "Status").and_then(|status| status.split_whitespace().next()).unwrap_or_default();
    let words = value_in(block, "Diagnostic-Code").unwrap_or_default();
    match code {
        "5.1.0" | "5.1.1" | "5.1.2" | "5.1.3" | "5.1.6" | "5.1.10" | "5.2.1" => Why::NoSuchAddress,
        "5.2.2" | "4.2.2" => Why::Full,
        _ if says_nothing_of_the_address(code) && says_no_such_address(words) => Why::NoSuchAddress,
        _ => Why::Other,
    }
}

/// No enhanced code, or one without a subject, or one that blames the conversation (RFC 3463 sections 3.1 and 3.6).
fn says_nothing_of_the_address(code: &str) -> bool {
    !code.contains('.') || code.starts_with("5.0.") || code.starts_with("5.5.")
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
fn is_automatic(mail: &Message<'_>) -> bool {
    let says = |name: &str| text_of(mail, name).map(|value| value.trim().to_ascii_lowercase());
    let answers = says("Auto-Submitted").is_some_and(|value| !value.starts_with("no"));
    let bulk = says("Precedence")
        .is_some_and(|value| matches!(value.as_str(), "bulk" | "junk" | "list" | "auto_reply"));
    let nobody = says("Return-Path").is_some_and(|value| value == "<>");
    answers || bulk || nobody || ["X-Autoreply", "List-Id"].iter().any(|name| says(name).is_some())
}
