//! A notice as its reader sees it. No database here.

use chrono::{DateTime, Utc};
use kernel::MessageId;
use schemars::JsonSchema;
use serde::Serialize;

use crate::messages::Category;

/// One thing somebody was told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Notice {
    /// The mail it is.
    pub id: MessageId,
    /// What it is about, in one line.
    pub subject: String,
    /// Which sort of mail it is.
    pub category: Category,
    /// Whether its reader has read it.
    pub is_read: bool,
    /// When it was written.
    pub at: DateTime<Utc>,
}

/// One thing with all that was said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NoticeText {
    /// The line about it.
    pub notice: Notice,
    /// The text, as it was mailed.
    pub text: String,
    /// The addresses in it, in order.
    pub links: Vec<String>,
}

/// How much somebody has not read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Unread {
    /// So many.
    pub count: i64,
    /// There may be more: nobody counts further than 99.
    pub more: bool,
}
