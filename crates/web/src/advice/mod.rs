//! Advice (助言): an adviser's sessions, planned, held and reported, what is found in them, and what is due after them.

pub(crate) mod api;
pub(crate) mod pages;
pub(crate) mod show;

use accounts::Role;
use chrono::{DateTime, Utc};
use sales::advice::{Session, SessionId};

use crate::call::Call;
use crate::format::Due;

/// The page of all sessions.
pub(crate) const HERE: &str = "/advice";

/// The address of a session.
pub(crate) fn path(id: SessionId) -> String {
    format!("{HERE}/{id}")
}

/// What is due next of a session, for pages that name it among other things: what it is, by when, and whether that is past.
pub(crate) fn due_next(call: &Call, now: DateTime<Utc>, session: &Session) -> Option<(String, Due)> {
    pages::clock(call, now, session).map(|clock| (clock.what, clock.due))
}

/// Whether the reader may write sessions and findings down: whoever steers, and the advisers whose they are.
pub(crate) fn may_advise(call: &Call) -> bool {
    call.who.as_ref().is_some_and(|who| {
        [Role::Admin, Role::Officer, Role::Sales, Role::Adviser].into_iter().any(|role| who.is(role))
    })
}
