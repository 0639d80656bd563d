//! What happened to people's accounts: the facts that mails and security notices are made of.
//!
//! No event carries a secret. Those about a link carry what [`OrgSecret::derived`] needs beside the server's key.

use chrono::{DateTime, Utc};
use kernel::{Language, OrganizationId, PersonId, SessionId};
use queue::Event;
use serde::{Deserialize, Serialize};

use crate::awaited::Awaited;
use crate::invitations::{OneTimeTokenId, Purpose};
use crate::{LinkKey, OrgSecret};

/// Somebody was asked to join: mail them the link on which they choose their password.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonInvited {
    /// The town.
    pub organization: OrganizationId,
    /// Who was invited.
    pub person: PersonId,
    /// Their language.
    pub language: Language,
    /// The link's token; ask [`crate::invitations::is_live`] before mailing it late.
    pub token: OneTimeTokenId,
    /// When the token was made.
    pub issued_at: DateTime<Utc>,
    /// Until when the link works.
    pub expires_at: DateTime<Utc>,
}

impl PersonInvited {
    /// The link's secret.
    pub fn secret(&self, key: &LinkKey) -> OrgSecret {
        Purpose::Invitation.secret(key, self.organization, self.token, self.issued_at)
    }
}

impl Event for PersonInvited {
    const KIND: &'static str = "person.invited";
}

impl Awaited for PersonInvited {
    const MAIL_TASK: &'static str = "person.invited/mail";
}

/// Somebody who could not sign in asked for a new password: mail them the link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasswordResetRequested {
    /// The town.
    pub organization: OrganizationId,
    /// Whose password.
    pub person: PersonId,
    /// Their language.
    pub language: Language,
    /// The link's token; ask [`crate::invitations::is_live`] before mailing it late.
    pub token: OneTimeTokenId,
    /// When the token was made.
    pub issued_at: DateTime<Utc>,
    /// Until when the link works.
    pub expires_at: DateTime<Utc>,
}

impl PasswordResetRequested {
    /// The link's secret.
    pub fn secret(&self, key: &LinkKey) -> OrgSecret {
        Purpose::PasswordReset.secret(key, self.organization, self.token, self.issued_at)
    }
}

impl Event for PasswordResetRequested {
    const KIND: &'static str = "person.password_reset_requested";
}

impl Awaited for PasswordResetRequested {
    const MAIL_TASK: &'static str = "person.password_reset_requested/mail";
}

/// A password was replaced by another one (not: chosen for the first time).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasswordChanged {
    /// The town.
    pub organization: OrganizationId,
    /// Whose password.
    pub person: PersonId,
    /// Their language.
    pub language: Language,
}

impl Event for PasswordChanged {
    const KIND: &'static str = "person.password_changed";
}

impl Awaited for PasswordChanged {
    const MAIL_TASK: &'static str = "person.password_changed/mail";
}

/// Somebody signed in with a kind of browser they had not used before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewDeviceSignedIn {
    /// The town.
    pub organization: OrganizationId,
    /// Who.
    pub person: PersonId,
    /// Their language.
    pub language: Language,
    /// The session, so that the notice can lead to ending it.
    pub session: SessionId,
    /// What the browser calls itself.
    pub user_agent: String,
}

impl Event for NewDeviceSignedIn {
    const KIND: &'static str = "session.opened_on_new_device";
}

impl Awaited for NewDeviceSignedIn {
    const MAIL_TASK: &'static str = "session.opened_on_new_device/mail";
}
