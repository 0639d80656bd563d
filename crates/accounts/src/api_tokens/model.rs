//! What a token is and what may be asked for. No database here.

use chrono::{DateTime, TimeDelta, Utc};
use kernel::{Checks, Invalid, PersonId, Typed, text_enum};
use serde::{Deserialize, Serialize};

use crate::Person;

kernel::id!(
    /// An API token's row.
    ApiTokenId
);

text_enum!(
    /// How far a token reaches within its person's roles.
    Access {
        /// Looking only.
        Read = "read",
        /// Everything the person may do.
        Write = "write",
    }
);

/// How exactly "last used" is kept; each finer step is a write per request.
pub(super) const TOUCH: TimeDelta = TimeDelta::minutes(1);

/// A token as lists show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ApiToken {
    /// Its id.
    pub id: ApiTokenId,
    /// For whom it acts.
    pub person: PersonId,
    /// What it is for.
    pub name: String,
    /// How far it reaches.
    pub access: Access,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Until when it works.
    pub expires_at: DateTime<Utc>,
    /// When it was last used, to the minute.
    pub used_at: Option<DateTime<Utc>>,
    /// When it was ended before its time.
    pub revoked_at: Option<DateTime<Utc>>,
}

/// Who a request with a token comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedInToken {
    /// By which token.
    pub token: ApiTokenId,
    /// How far it reaches.
    pub access: Access,
    /// For whom it acts.
    pub person: Person,
}

/// A token as asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TokenInput {
    /// What it is for; required.
    pub name: Typed,
    /// `read` or `write`; required.
    pub access: Typed,
    /// How many days it works, 1 to 365; required.
    pub days: Typed,
}

/// Input that passed every rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TokenFields {
    pub(super) name: String,
    pub(super) access: Access,
    pub(super) lifetime: TimeDelta,
}

impl TokenInput {
    /// Checks every field and reports all problems at once.
    pub(super) fn checked(&self) -> Result<TokenFields, Invalid> {
        let mut checks = Checks::new();
        let fields = TokenFields {
            name: checks.required_line("name", &self.name, 100),
            access: checks.choice("access", &self.access).unwrap_or(Access::Read),
            lifetime: TimeDelta::days(checks.number("days", &self.days, 1..=365)),
        };
        checks.done(fields)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::Code;

    #[test]
    fn a_token_is_named_and_limited() {
        let input = TokenInput { days: "0".into(), access: "admin".into(), ..TokenInput::default() };
        let codes: Vec<Code> = input.checked().unwrap_err().0.iter().map(|problem| problem.code).collect();
        assert_eq!(codes, [Code::Required, Code::UnknownChoice, Code::OutOfRange]);
    }
}
