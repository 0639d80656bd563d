//! What an entry says: which address, for which sort of mail, why, and until when. No database here.

use chrono::{DateTime, TimeDelta, Utc};
use kernel::{Checks, Code, EmailAddress, FieldProblem, Invalid, MessageId, Typed, id, text_enum};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::messages::Category;

id!(
    /// An address that is left alone.
    SuppressionId
);

text_enum!(
    /// Why an address is left alone.
    SuppressionReason {
        /// A relay said at once that there is no such address.
        Refused = "refused",
        /// A notice of non-delivery said so later.
        Bounced = "bounced",
        /// A notice of non-delivery said that the mailbox is full; tried again after a week.
        Full = "full",
        /// Its reader reported a mail as spam.
        Complained = "complained",
        /// Somebody decided so.
        Manual = "manual",
    }
);

impl SuppressionReason {
    /// Whether the address itself does not work.
    pub const fn is_dead(self) -> bool {
        matches!(self, Self::Refused | Self::Bounced)
    }
}

/// Which mails an entry stops. What is owed is never stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    /// All that are not owed.
    Everything,
    /// One sort.
    Only(Category),
}

impl Scope {
    pub(crate) fn category(self) -> Option<Category> {
        match self {
            Self::Everything => None,
            Self::Only(category) => Some(category),
        }
    }
}

/// Why, for what and until when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Grounds {
    pub(crate) reason: SuppressionReason,
    pub(crate) scope: Scope,
    /// The mail that showed it; `None` where a person decided.
    pub(crate) message: Option<MessageId>,
    pub(crate) expires_at: Option<DateTime<Utc>>,
    /// What that person said.
    pub(crate) note: Option<String>,
}

/// How long a full mailbox is left alone.
pub(crate) const FULL_DAYS: i64 = 7;
/// The longest time somebody can name in days.
const MOST_DAYS: i64 = 3650;

/// An address on the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Suppression {
    /// The entry.
    pub id: SuppressionId,
    /// The address in lower case, as it is looked up.
    pub address: String,
    /// The one sort of mail that is meant; null: every sort that is not owed.
    pub category: Option<Category>,
    /// Why.
    pub reason: SuppressionReason,
    /// The mail that showed it; null where a person decided.
    pub message: Option<MessageId>,
    /// What that person said.
    pub note: Option<String>,
    /// Who put it there: `system` or `person:42`.
    pub added_by: String,
    /// Since when.
    pub since: DateTime<Utc>,
    /// Until when; null: until somebody lifts it.
    pub expires_at: Option<DateTime<Utc>>,
}

/// An address to be left alone, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{
    "address": "keiri@example.jp", "category": "commercial", "days": "90", "note": "しばらく案内を控えてほしいと電話があった"
}]))]
pub struct SuppressionInput {
    /// The address; required.
    pub address: Typed,
    /// `work`, `digest` or `commercial`; empty: all of them. What is owed to somebody is always sent.
    pub category: Typed,
    /// For how many days; empty: until somebody lifts it.
    pub days: Typed,
    /// Why, in words, at most 400 characters; required.
    pub note: Typed,
}

/// What may be entered.
pub(super) struct Asked {
    pub(super) address: EmailAddress,
    pub(super) grounds: Grounds,
}

impl SuppressionInput {
    /// The sorts of mail that can be stopped.
    pub const CATEGORIES: [Category; 3] = [Category::Work, Category::Digest, Category::Commercial];

    pub(super) fn checked(&self, now: DateTime<Utc>) -> Result<Asked, Invalid> {
        let mut checks = Checks::new();
        let address = checks.email("address", &self.address);
        let scope = self.scope(&mut checks);
        let days = checks.optional_number("days", &self.days, 1..=MOST_DAYS);
        let note = checks.required_line("note", &self.note, 400);
        let grounds = Grounds {
            reason: SuppressionReason::Manual,
            scope,
            message: None,
            expires_at: days.map(|days| now + TimeDelta::days(days)),
            note: Some(note),
        };
        let address = checks.done(address)?;
        let address = address.ok_or_else(|| Invalid(vec![FieldProblem::new("address", Code::Required)]))?;
        Ok(Asked { address, grounds })
    }

    fn scope(&self, checks: &mut Checks) -> Scope {
        if self.category.as_str().trim().is_empty() {
            return Scope::Everything;
        }
        match checks.choice("category", &self.category) {
            Some(category) if Self::CATEGORIES.contains(&category) => Scope::Only(category),
            Some(_owed) => {
                checks.problem("category", Code::UnknownChoice);
                Scope::Everything
            }
            None => Scope::Everything,
        }
    }
}
