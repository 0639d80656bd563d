//! Reading a mail's bytes back as a mail program would: for the sandbox mailbox and for a message's own page.

use chrono::{DateTime, Utc};
use mail_parser::{Address, Message, MessageParser, MimeHeaders as _, PartType};
use serde::Serialize;

/// A mail as its reader sees it. The HTML is as it came: show it in a sandboxed frame or escaped, never as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct MailView {
    /// Names and addresses it says it comes from.
    pub from: String,
    /// Names and addresses it says it goes to.
    pub to: String,
    /// The subject; empty where there is none.
    pub subject: String,
    /// The Date header, where it can be read.
    pub date: Option<DateTime<Utc>>,
    /// The text part, or the HTML turned into text where there is none.
    pub text: String,
    /// The HTML part, where there is one.
    pub html: Option<String>,
    /// Every header line as it came, folded lines joined, in order.
    pub headers: Vec<(String, String)>,
    /// The web addresses in the text, in order, each once.
    pub links: Vec<String>,
    /// The files in it, in order.
    pub attachments: Vec<Attachment>,
}

/// A file in a mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Attachment {
    /// Its name; empty where it has none.
    pub name: String,
    /// How large it is.
    pub octets: usize,
}

/// The bytes of the file at `place` (0 is the first) of [`MailView::attachments`].
pub fn attachment(bytes: &[u8], place: usize) -> Option<(Attachment, Vec<u8>)> {
    let message = MessageParser::default().parse(bytes)?;
    let part = message.attachments().nth(place)?;
    Some((named(part), part.contents().to_vec()))
}

fn named(part: &mail_parser::MessagePart<'_>) -> Attachment {
    Attachment { name: part.attachment_name().unwrap_or_default().to_owned(), octets: part.contents().len() }
}

/// Reads a mail; what cannot be read stays empty.
pub fn read(bytes: &[u8]) -> MailView {
    let Some(message) = MessageParser::default().parse(bytes) else {
        return MailView::default();
    };
    let text = message.body_text(0).unwrap_or_default().into_owned();
    MailView {
        from: addresses(message.from()),
        to: addresses(message.to()),
        subject: message.subject().unwrap_or_default().to_owned(),
        date: message.date().and_then(|date| DateTime::from_timestamp(date.to_timestamp(), 0)),
        links: links(&text),
        html: html_part(&message),
        attachments: attachments(&message),
        headers: message.headers_raw().map(|(name, value)| (name.to_owned(), unfolded(value))).collect(),
        text,
    }
}

/// The HTML part itself; the parser would make one of a text.
fn html_part(message: &Message<'_>) -> Option<String> {
    message.html_bodies().find_map(|part| match &part.body {
        PartType::Html(html) => Some(html.to_string()),
        _ => None,
    })
}

fn attachments(message: &Message<'_>) -> Vec<Attachment> {
    message.attachments().map(named).collect()
}

fn addresses(header: Option<&Address<'_>>) -> String {
    let one = |address: &mail_parser::Addr<'_>| match (address.name(), address.address()) {
        (Some(name), Some(address)) => format!("{name} <{address}>"),
        (None, Some(address)) => address.to_owned(),
        (name, None) => name.unwrap_or_default().to_owned(),
    };
    header.map(|header| header.iter().map(one).collect::<Vec<_>>().join(", ")).unwrap_or_default()
}

fn unfolded(value: &str) -> String {
    value.lines().map(str::trim).collect::<Vec<_>>().join(" ").trim().to_owned()
}

fn links(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for word in text.split(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '「' | '」')) {
        let is_link = word.starts_with("https://") || word.starts_with("http://");
        if is_link && !found.iter().any(|seen| seen == word) {
            found.push(word.to_owned());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_mail_reads_as_nothing_and_does_not_fail() {
        assert_eq!(read(b""), MailView::default());
        assert_eq!(read(b"\0\xff\xfe").subject, "");
    }

    #[test]
    fn links_are_found_once_in_the_text() {
        let view = read(
            b"Subject: x\r\n\r\nsee https://a.example/1\r\nand <https://a.example/1> https://a.example/2",
        );
        assert_eq!(view.links, ["https://a.example/1", "https://a.example/2"]);
        assert_eq!(view.headers, [("Subject".to_owned(), "x".to_owned())]);
        assert_eq!((view.html, view.attachments), (None, vec![]));
    }

    #[test]
    fn files_are_named_and_measured() {
        let bytes =
            b"Subject: x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\ntext\r\n--b\r\n\
              Content-Type: application/pdf\r\nContent-Disposition: attachment; filename=a.pdf\r\n\
              Content-Transfer-Encoding: base64\r\n\r\nAAECAw==\r\n--b--\r\n";
        let file = Attachment { name: "a.pdf".to_owned(), octets: 4 };
        assert_eq!(read(bytes).attachments, std::slice::from_ref(&file));
        assert_eq!(attachment(bytes, 0), Some((file, vec![0, 1, 2, 3])));
        assert_eq!(attachment(bytes, 1), None);
    }
}
