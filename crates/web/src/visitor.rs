//! Who sends a request: found by a session's cookie or an API token, with their town.

use accounts::secrets::OrgSecret;
use accounts::sessions::{self, SessionLimits};
use accounts::{Person, Role, api_tokens, organizations};
use db::{DbError, Tx};
use kernel::{OrganizationId, SessionId};
use notifier::feed::{self, Unread};

/// A person who is signed in, or the program acting for one.
#[derive(Debug, Clone)]
pub(crate) struct Visitor {
    pub(crate) organization: OrganizationId,
    pub(crate) town_name: String,
    /// Whether the town is a demonstration.
    pub(crate) in_demo: bool,
    pub(crate) person: Person,
    /// The session; a token has none.
    pub(crate) session: Option<SessionId>,
    /// What they may do here: a person's roles.
    pub(crate) roles: Vec<Role>,
    /// How much they were told and have not read; programs are not shown it.
    pub(crate) unread: Unread,
}

impl Visitor {
    fn of(tx: &mut Tx<'_>, person: Person, session: Option<SessionId>) -> Result<Self, DbError> {
        let town = organizations::find(tx)?;
        let roles = person.roles.iter().copied().collect();
        let in_demo = town.kind == organizations::TownKind::Demo;
        let unread = if session.is_some() { feed::unread(tx, person.id)? } else { Unread::default() };
        let (organization, town_name) = (tx.organization(), town.name);
        Ok(Self { organization, town_name, in_demo, person, session, roles, unread })
    }

    /// Whether they hold `role`.
    pub(crate) fn is(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }

    /// Whether they are a worker and nothing else here.
    pub(crate) fn only_works(&self) -> bool {
        !self.roles.is_empty() && self.roles.iter().all(|role| *role == Role::Worker)
    }
}

/// Whoever holds this session's secret.
pub(crate) fn by_session(tx: &mut Tx<'_>, secret: &OrgSecret) -> Result<Option<Visitor>, DbError> {
    match sessions::authenticate(tx, secret, &SessionLimits::default())? {
        Some(found) => Visitor::of(tx, found.person, Some(found.session)).map(Some),
        None => Ok(None),
    }
}

/// Whoever made this API token, and what it may do for them.
pub(crate) fn by_token(
    tx: &mut Tx<'_>,
    secret: &OrgSecret,
) -> Result<Option<(Visitor, api_tokens::Access)>, DbError> {
    match api_tokens::authenticate(tx, secret)? {
        Some(found) => Ok(Some((Visitor::of(tx, found.person, None)?, found.access))),
        None => Ok(None),
    }
}
