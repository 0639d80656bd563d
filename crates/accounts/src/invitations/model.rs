//! What a one-time link is for and how long it works. No database here.

use chrono::{DateTime, TimeDelta, Utc};
use kernel::{EmailAddress, OrganizationId, text_enum};
use queue::{Priority, Task};
use serde::{Deserialize, Serialize};

use crate::{LinkKey, OrgSecret, Person};

kernel::id!(
    /// A one-time link's row.
    OneTimeTokenId
);

text_enum!(
    /// What a one-time link is for.
    Purpose {
        /// Choosing the first password.
        Invitation = "invitation",
        /// Choosing another one.
        PasswordReset = "password_reset",
    }
);

impl Purpose {
    /// Seven days for an invitation, an hour for a reset.
    pub const fn lifetime(self) -> TimeDelta {
        match self {
            Self::Invitation => TimeDelta::days(7),
            Self::PasswordReset => TimeDelta::hours(1),
        }
    }

    /// The secret of the link whose row this is.
    pub(crate) fn secret(
        self,
        key: &LinkKey,
        organization: OrganizationId,
        token: OneTimeTokenId,
        issued_at: DateTime<Utc>,
    ) -> OrgSecret {
        OrgSecret::derived(key, organization, self.as_str(), token.0, issued_at)
    }
}

/// A link that waits to be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    /// What it is for.
    pub purpose: Purpose,
    /// Whose password it sets.
    pub person: Person,
    /// Until when it works.
    pub expires_at: DateTime<Utc>,
}

/// The task behind "I forgot my password": looks the account up where nobody can watch the time it takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResetAsked {
    /// The address that was typed, whether or not anybody has it.
    pub email: EmailAddress,
}

impl Task for ResetAsked {
    const KIND: &'static str = "accounts.reset-asked";
    const PRIORITY: Priority = Priority::Urgent;
}
