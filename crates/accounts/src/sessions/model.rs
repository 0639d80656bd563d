//! What a session is and how long it lasts. No database here.

use chrono::{DateTime, TimeDelta, Utc};
use kernel::{PersonId, SessionId};

use crate::{OrgSecret, Person};

/// How long a session lasts (ASVS 7.3.1 and 7.3.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionLimits {
    /// Without a request for this long, it is over.
    pub idle: TimeDelta,
    /// After this long it is over in any case.
    pub absolute: TimeDelta,
    /// How exactly "last seen" is kept; each finer step is a write per request.
    pub touch: TimeDelta,
}

impl Default for SessionLimits {
    fn default() -> Self {
        Self { idle: TimeDelta::hours(12), absolute: TimeDelta::days(14), touch: TimeDelta::minutes(1) }
    }
}

/// A session just opened. The secret is known here and in the browser's cookie and nowhere else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSession {
    /// What the cookie holds.
    pub secret: OrgSecret,
    /// Its id.
    pub session: SessionId,
    /// Whose it is.
    pub person: PersonId,
    /// When it ends at the latest.
    pub expires_at: DateTime<Utc>,
    /// Whether the owner will be told that an unknown kind of browser signed in.
    pub new_device: bool,
}

/// Who a request comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// By which session.
    pub session: SessionId,
    /// When its password was entered: what asks for a fresh one compares with this.
    pub signed_in_at: DateTime<Utc>,
    /// Who.
    pub person: Person,
}

/// A browser's name of itself, fit to be stored and shown: one line of at most 200 characters.
pub(super) fn clean_user_agent(user_agent: &str) -> String {
    let visible = user_agent.chars().filter(|character| !character.is_control());
    visible.take(200).collect::<String>().trim().to_owned()
}

/// Whether this kind of browser is among those seen before; versions do not count, because they change monthly.
pub(super) fn is_known_browser(user_agent: &str, seen: &[String]) -> bool {
    let kind = without_versions(user_agent);
    seen.iter().any(|other| without_versions(other) == kind)
}

fn without_versions(user_agent: &str) -> String {
    user_agent
        .chars()
        .filter(|character| !character.is_ascii_digit() && !matches!(character, '.' | '_'))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_version_is_no_new_device() {
        let firefox =
            |version: u32| format!("Mozilla/5.0 (X11; Linux x86_64; rv:{version}.0) Firefox/{version}.0");
        assert!(is_known_browser(&firefox(131), &[firefox(130)]));
        let phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Safari/604.1";
        assert!(!is_known_browser(phone, &[firefox(130)]));
    }

    #[test]
    fn what_a_browser_calls_itself_is_stored_as_one_short_line() {
        assert_eq!(clean_user_agent(" Firefox\r\nSet-Cookie: x\0 "), "FirefoxSet-Cookie: x");
        assert_eq!(clean_user_agent(&"あ".repeat(300)).chars().count(), 200);
    }
}
