//! What the server says: a code and a text.

use std::borrow::Cow;

/// One reply of one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    code: u16,
    text: Cow<'static, str>,
}

impl Answer {
    /// `text` begins with the enhanced code where one applies (RFC 2034).
    pub fn new(code: u16, text: impl Into<Cow<'static, str>>) -> Self {
        Self { code, text: text.into() }
    }

    /// The three-digit code.
    pub fn code(&self) -> u16 {
        self.code
    }

    /// The line as sent. A line end inside the text would be a second reply, so it becomes a space.
    pub fn to_wire(&self) -> Vec<u8> {
        let text = self.text.replace(['\r', '\n'], " ");
        format!("{} {text}\r\n", self.code).into_bytes()
    }
}

/// Why a mailbox does not take a mail: the answer the client gets instead of 250.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal(Answer);

impl Refusal {
    /// For now: the client keeps the mail and tries again (451 4.3.0).
    pub fn try_later(text: &str) -> Self {
        Self(Answer::new(451, format!("4.3.0 {text}")))
    }

    /// For good: the client gives up (554 5.3.0).
    pub fn never(text: &str) -> Self {
        Self(Answer::new(554, format!("5.3.0 {text}")))
    }

    /// For good: there is no such mailbox (550 5.1.1).
    pub fn no_such_mailbox() -> Self {
        Self(Answer::new(550, "5.1.1 no such mailbox"))
    }

    pub(super) fn answer(&self) -> &Answer {
        &self.0
    }
}
