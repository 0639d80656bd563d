//! API tokens against a real database.

use chrono::TimeDelta;
use diesel::prelude::*;
use kernel::Scope;

use super::*;
use crate::schema::api_tokens as table;
use crate::testing::Town;
use crate::{Role, persons};

fn input(access: &str, days: &str) -> TokenInput {
    TokenInput { name: "会計ソフト".into(), access: access.into(), days: days.into() }
}

fn signed_in(town: &Town, secret: &OrgSecret) -> Option<SignedInToken> {
    town.run(|tx| authenticate(tx, secret)).unwrap()
}

#[test]
fn a_token_acts_for_its_person_with_their_roles_of_now() {
    let town = Town::new();
    let tanaka = town.person("tanaka", &["sales"]);
    let (token, secret) = town.run(|tx| create(tx, tanaka, &input("read", "30"))).unwrap();
    assert_eq!(token.expires_at, town.now() + TimeDelta::days(30));
    let found = signed_in(&town, &secret).unwrap();
    assert_eq!((found.token, found.access, found.person.id), (token.id, Access::Read, tanaka));
    assert!(found.person.is(Role::Sales));
    town.run(|tx| persons::set_roles(tx, tanaka, &[].into())).unwrap();
    assert!(signed_in(&town, &secret).unwrap().person.roles.is_empty());
}

#[test]
fn only_a_digest_is_stored() {
    let town = Town::new();
    let tanaka = town.person("tanaka", &[]);
    let (_, secret) = town.run(|tx| create(tx, tanaka, &input("write", "1"))).unwrap();
    let stored: Vec<u8> = table::table.select(table::secret_hash).first(&mut town.db.owner()).unwrap();
    assert_eq!(stored, secret.hash());
}

#[test]
fn expired_revoked_and_foreign_tokens_let_nobody_in() {
    let town = Town::new();
    let (tanaka, sato) = (town.person("tanaka", &[]), town.person("sato", &[]));
    let (short, short_secret) = town.run(|tx| create(tx, tanaka, &input("read", "1"))).unwrap();
    let (long, long_secret) = town.run(|tx| create(tx, tanaka, &input("read", "365"))).unwrap();
    let elsewhere = Scope::system(town.db.town("shiojiri"));
    assert_eq!(town.db.app.run_blocking(elsewhere, |tx| authenticate(tx, &long_secret)).unwrap(), None);
    town.pass(TimeDelta::days(1));
    assert_eq!(signed_in(&town, &short_secret), None);
    let not_theirs = town.run(|tx| revoke(tx, sato, long.id)).unwrap_err();
    assert_eq!(not_theirs.code(), Code::NotFound);
    assert!(signed_in(&town, &long_secret).is_some());
    town.run(|tx| revoke(tx, tanaka, long.id)).unwrap();
    assert_eq!(signed_in(&town, &long_secret), None);
    assert!(town.run(|tx| revoke(tx, tanaka, long.id)).is_err());
    let listed = town.run(|tx| list(tx, tanaka)).unwrap();
    assert_eq!(listed.iter().map(|token| token.id).collect::<Vec<_>>(), [long.id, short.id]);
    assert_eq!(listed[0].revoked_at, Some(town.now()));
}

#[test]
fn being_used_is_written_at_most_once_a_minute() {
    let town = Town::new();
    let tanaka = town.person("tanaka", &[]);
    let (_, secret) = town.run(|tx| create(tx, tanaka, &input("read", "30"))).unwrap();
    let used_at = || town.run(|tx| list(tx, tanaka)).unwrap()[0].used_at;
    assert_eq!(used_at(), None);
    signed_in(&town, &secret).unwrap();
    let first = used_at().unwrap();
    town.pass(TimeDelta::seconds(59));
    signed_in(&town, &secret).unwrap();
    assert_eq!(used_at(), Some(first));
    town.pass(TimeDelta::seconds(1));
    signed_in(&town, &secret).unwrap();
    assert_eq!(used_at(), Some(first + TimeDelta::minutes(1)));
}

#[test]
fn nobody_makes_tokens_for_who_is_disabled_or_elsewhere() {
    let town = Town::new();
    let gone = town.person("gone", &[]);
    town.run(|tx| persons::disable(tx, gone)).unwrap();
    let stranger = town.db.invited(town.db.town("shiojiri"), "stranger", &[]);
    let code = |person| town.run(|tx| create(tx, person, &input("read", "30"))).unwrap_err().code();
    assert_eq!([code(gone), code(stranger)], [Code::Conflict, Code::NotFound]);
}
