//! Sessions against a real database.

use diesel::prelude::*;
use kernel::Scope;

use super::*;
use crate::schema::sessions as table;
use crate::{Role, testing};

struct Town {
    town: testing::Town,
    person: PersonId,
}

impl std::ops::Deref for Town {
    type Target = testing::Town;
    fn deref(&self) -> &testing::Town {
        &self.town
    }
}

impl Town {
    fn new() -> Self {
        let town = testing::Town::new();
        let person = town.person("tanaka", &["sales"]);
        Self { town, person }
    }

    fn open(&self, user_agent: &str) -> NewSession {
        self.run(|tx| open(tx, self.person, user_agent, &SessionLimits::default())).unwrap()
    }

    fn signed_in(&self, secret: &OrgSecret) -> Option<SignedIn> {
        self.run(|tx| authenticate(tx, secret, &SessionLimits::default())).unwrap()
    }

    fn list(&self) -> Vec<SessionEntry> {
        self.run(|tx| list(tx, self.person, &SessionLimits::default())).unwrap()
    }
}

#[test]
fn a_secret_is_recognised_with_its_person_and_their_roles_of_now() {
    let town = Town::new();
    let session = town.open("Firefox");
    let signed_in = town.signed_in(&session.secret).unwrap();
    assert_eq!((signed_in.session, signed_in.person.id), (session.session, town.person));
    assert!(signed_in.person.is(Role::Sales));
    let roles = [Role::Worker].into();
    town.run(|tx| persons::set_roles(tx, town.person, &roles)).unwrap();
    assert_eq!(town.signed_in(&session.secret).unwrap().person.roles, roles);
    assert_eq!(town.signed_in(&OrgSecret::generate(town.id)), None);
}

#[test]
fn only_a_digest_is_stored() {
    let town = Town::new();
    let session = town.open("Firefox");
    let stored: Vec<u8> = table::table.select(table::secret_hash).first(&mut town.db.owner()).unwrap();
    assert_eq!(stored, session.secret.hash());
    assert!(!session.secret.text().as_bytes().windows(32).any(|part| part == stored));
}

#[test]
fn another_towns_session_lets_nobody_in() {
    let town = Town::new();
    let session = town.open("Firefox");
    let other = town.db.town("shiojiri");
    let found = town.db.app.run_blocking(Scope::system(other), |tx| {
        authenticate(tx, &session.secret, &SessionLimits::default())
    });
    assert_eq!(found.unwrap(), None);
}

#[test]
fn an_idle_session_ends_and_a_used_one_lives_to_its_last_day() {
    let town = Town::new();
    let idle = town.open("Firefox");
    let used = town.open("Firefox");
    for _half_day in 0..28 {
        assert!(town.signed_in(&used.secret).is_some());
        town.pass(TimeDelta::hours(12) - TimeDelta::seconds(1));
    }
    assert!(town.signed_in(&used.secret).is_some(), "28 s before the end");
    assert!(town.signed_in(&idle.secret).is_none());
    assert_eq!(town.list().len(), 1);
    town.pass(TimeDelta::seconds(28));
    assert!(town.signed_in(&used.secret).is_none());
    assert!(town.list().is_empty());
}

#[test]
fn being_seen_is_written_at_most_once_a_minute() {
    let town = Town::new();
    let session = town.open("Firefox");
    let opened_at = town.list()[0].seen_at;
    town.pass(TimeDelta::seconds(59));
    town.signed_in(&session.secret).unwrap();
    assert_eq!(town.list()[0].seen_at, opened_at);
    town.pass(TimeDelta::seconds(1));
    town.signed_in(&session.secret).unwrap();
    assert_eq!(town.list()[0].seen_at, opened_at + TimeDelta::minutes(1));
}

#[test]
fn a_signed_out_secret_is_worth_nothing() {
    let town = Town::new();
    let (here, there) = (town.open("Firefox"), town.open("Firefox"));
    town.run(|tx| sign_out(tx, &here.secret)).unwrap();
    assert!(town.signed_in(&here.secret).is_none());
    assert!(town.signed_in(&there.secret).is_some());
    town.run(|tx| sign_out(tx, &here.secret)).unwrap();
}

#[test]
fn people_end_their_own_sessions_and_nobody_elses() {
    let town = Town::new();
    let sessions: Vec<_> = (0..4).map(|_| town.open("Firefox")).collect();
    let stranger = town.db.invited(town.id, "stranger", &["admin"]);
    let refused = town.run(|tx| revoke(tx, stranger, sessions[0].session));
    assert!(matches!(refused, Err(DbError::NotFound)));
    town.run(|tx| revoke(tx, town.person, sessions[0].session)).unwrap();
    assert!(town.run(|tx| revoke(tx, town.person, sessions[0].session)).is_err(), "it is over already");
    assert_eq!(town.run(|tx| revoke_others(tx, town.person, sessions[3].session)).unwrap(), 2);
    assert_eq!(town.list().iter().map(|entry| entry.id).collect::<Vec<_>>(), [sessions[3].session]);
}

#[test]
fn an_unknown_kind_of_browser_is_a_fact_and_the_first_one_is_not() {
    let town = Town::new();
    assert!(!town.open("Firefox/130").new_device);
    assert!(!town.open("Firefox/131").new_device);
    let phone = town.open("Safari/18 (iPhone)");
    assert!(phone.new_device);
    town.run(|tx| sign_out(tx, &phone.secret)).unwrap();
    assert!(!town.open("Safari/19 (iPhone)").new_device, "remembered after signing out");
    let facts: Vec<NewDeviceSignedIn> = town.heard();
    assert_eq!(facts.len(), 1);
    assert_eq!((facts[0].session, facts[0].user_agent.as_str()), (phone.session, "Safari/18 (iPhone)"));
}

#[test]
fn sessions_are_forgotten_three_months_after_their_end() {
    let town = Town::new();
    town.open("Firefox");
    town.pass(TimeDelta::days(14 + 90));
    assert_eq!(town.run(sweep).unwrap(), 0);
    town.pass(TimeDelta::seconds(1));
    assert_eq!(town.run(sweep).unwrap(), 1);
}
