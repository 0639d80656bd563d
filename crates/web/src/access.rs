//! Who may use a route. The table of routes says it in data; this file enforces it before any handler runs.

use accounts::Role;

/// A set of roles, cheap to compare and to write down as a constant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Roles(u8);

impl Roles {
    /// Administrators: the town's own settings and people.
    pub const ADMIN: Self = Self::of(Role::Admin);
    /// The resident sales team.
    pub const SALES: Self = Self::of(Role::Sales);
    /// Coordinators and directors.
    pub const COORDINATOR: Self = Self::of(Role::Coordinator);
    /// Resident workers.
    pub const WORKER: Self = Self::of(Role::Worker);
    /// Town officers.
    pub const OFFICER: Self = Self::of(Role::Officer);
    /// Advisers.
    pub const ADVISER: Self = Self::of(Role::Adviser);
    /// No role at all.
    pub const NOBODY: Self = Self(0);
    /// Everyone who is signed in.
    pub const ANYONE: Self = Self(0b11_1111);

    /// The set of one role.
    pub const fn of(role: Role) -> Self {
        Self(match role {
            Role::Admin => 1,
            Role::Sales => 1 << 1,
            Role::Coordinator => 1 << 2,
            Role::Worker => 1 << 3,
            Role::Officer => 1 << 4,
            Role::Adviser => 1 << 5,
        })
    }

    /// Both sets together.
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether `held` has at least one of these roles.
    pub fn any_of(self, held: impl IntoIterator<Item = Role>) -> bool {
        held.into_iter().any(|role| self.0 & Self::of(role).0 != 0)
    }
}

/// What a route asks of its caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Nobody has to be signed in, and nothing private is shown.
    Public,
    /// Whoever holds the link's secret, which the handler checks; no account.
    Link,
    /// Whoever holds the address, which is its own proof: no cookie is read and no form token wanted, because mail
    /// programs post here by themselves (RFC 8058).
    OneClick,
    /// A monitoring program that holds the installation's own token, which the handler checks; it belongs to no town.
    Monitoring,
    /// Signed in with at least one of these roles.
    Signed(Roles),
}
