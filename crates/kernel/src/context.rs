//! Who does something, for which town, when, and under which request: set by the door to the database, read by
//! every verb.

use std::fmt;

use chrono::{DateTime, Utc};

use crate::{OrganizationId, PersonId};

/// Who acts. Recorded by the audit trigger with every write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Actor {
    /// A signed-in person of the town.
    Person(PersonId),
    /// A background task, the command line or a start-up routine.
    System,
    /// Someone outside who holds a link (a client contact) or a public form.
    Outside,
}

impl Actor {
    /// The acting person, where there is one.
    pub const fn person(self) -> Option<PersonId> {
        match self {
            Self::Person(id) => Some(id),
            Self::System | Self::Outside => None,
        }
    }
}

impl fmt::Display for Actor {
    /// The form written to `audit_entries.actor`: `person:42`, `system`, `outside`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Person(id) => write!(f, "person:{id}"),
            Self::System => f.write_str("system"),
            Self::Outside => f.write_str("outside"),
        }
    }
}

/// The person that a stored [`Actor`] names, such as `person:42`; `None` for the system, for somebody outside, and for what
/// is no actor.
pub fn person_in(actor: &str) -> Option<PersonId> {
    actor.strip_prefix("person:")?.parse().ok()
}

/// Ties log lines, audit entries and an error page together. Shown to people as 16 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RequestId(pub u64);

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

/// What a caller brings to the door: everything of a [`Ctx`] but the time, which the database gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scope {
    /// The only town whose rows are visible and writable.
    pub organization: OrganizationId,
    /// Who acts.
    pub actor: Actor,
    /// Under which request.
    pub request: RequestId,
}

impl Scope {
    /// A scope for background work in `organization`.
    pub const fn system(organization: OrganizationId) -> Self {
        Self { organization, actor: Actor::System, request: RequestId(0) }
    }
}

/// The context of one transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ctx {
    /// The only town whose rows are visible and writable.
    pub organization: OrganizationId,
    /// Who acts.
    pub actor: Actor,
    /// Under which request.
    pub request: RequestId,
    /// The transaction's time by the database's clock (tests inject it).
    pub now: DateTime<Utc>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_stored_is_read_again() {
        assert_eq!(person_in(&Actor::Person(PersonId(42)).to_string()), Some(PersonId(42)));
        for nobody in [Actor::System.to_string(), Actor::Outside.to_string(), "person:".into(), "42".into()] {
            assert_eq!(person_in(&nobody), None, "{nobody}");
        }
    }
}
