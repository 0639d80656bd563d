//! 文面: a town's own wording of the mails, with a preview before anything is kept.

pub(crate) mod api;
pub(crate) mod pages;

use std::borrow::Cow;
use std::str::FromStr;

use notifier::mails::{KINDS, Kind};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

/// The name of a mail, such as `work_offered`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct MailName(&'static Kind);

impl MailName {
    /// The mail of that name.
    pub(crate) fn kind(self) -> &'static Kind {
        self.0
    }
}

impl FromStr for MailName {
    type Err = UnknownMail;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Kind::named(name).map(Self).ok_or(UnknownMail)
    }
}

/// There is no mail of that name.
#[derive(Debug, thiserror::Error)]
#[error("there is no mail of that name")]
pub(crate) struct UnknownMail;

impl JsonSchema for MailName {
    fn schema_name() -> Cow<'static, str> {
        "MailName".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let names: Vec<&str> = KINDS.iter().map(|kind| kind.name).collect();
        json_schema!({ "type": "string", "description": "The name of a mail.", "enum": names })
    }
}
