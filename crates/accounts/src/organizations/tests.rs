//! Opening towns and changing their settings against a real database.

use db::testing::TestDb;
use kernel::{Language, PersonId, RequestId, Scope};

use super::*;
use crate::invitations::{self, Purpose};
use crate::persons::{self, PersonInput};
use crate::testing::hash;
use crate::{LinkKey, Role, sign_in};

fn town(slug: &str, name: &str) -> NewTown {
    NewTown { slug: slug.into(), name: name.into(), ..NewTown::default() }
}

fn opened(db: &TestDb, kind: TownKind, input: &NewTown) -> Result<OrganizationId, OrganizationError> {
    db.app.lobby_blocking(|lobby| open(lobby, kind, input))
}

#[test]
fn a_real_town_by_the_name_of_the_demo_s_neighbour_is_led_to_as_any_other() {
    let db = TestDb::new();
    for (kind, slug) in
        [(TownKind::Demo, "demo"), (TownKind::Demo, DEMO_NEIGHBOUR), (TownKind::Real, "tateshina")]
    {
        opened(&db, kind, &town(slug, "町")).unwrap();
    }
    let led_to = |db: &TestDb| -> Vec<String> {
        let towns = db.app.lobby_blocking(directory).unwrap();
        towns.into_iter().filter(|town| !town.is_next_door()).map(|town| town.slug).collect()
    };
    assert_eq!(led_to(&db), ["tateshina", "demo"]);
    let other = TestDb::new();
    opened(&other, TownKind::Real, &town(DEMO_NEIGHBOUR, "本当の町")).unwrap();
    assert_eq!(led_to(&other), [DEMO_NEIGHBOUR]);
}

#[test]
fn the_directory_names_real_towns_first() {
    let db = TestDb::new();
    assert_eq!(db.app.lobby_blocking(directory).unwrap(), []);
    opened(&db, TownKind::Demo, &town("demo", "見本の町")).unwrap();
    let input =
        NewTown { municipal_code: "203246".into(), language: "en".into(), ..town("tateshina", "立科町") };
    let id = opened(&db, TownKind::Real, &input).unwrap();
    let towns = db.app.lobby_blocking(directory).unwrap();
    assert_eq!(towns.iter().map(|town| town.slug.as_str()).collect::<Vec<_>>(), ["tateshina", "demo"]);
    assert_eq!((towns[0].id, towns[0].kind, towns[0].language), (id, TownKind::Real, Language::En));
    let settings = db.acting(id, PersonId(1), find).unwrap();
    assert_eq!(settings.municipal_code.unwrap().as_str(), "203246");
    assert_eq!(settings.legal_name, "立科町");
}

#[test]
fn one_slug_belongs_to_one_town() {
    let db = TestDb::new();
    opened(&db, TownKind::Real, &town("tateshina", "立科町")).unwrap();
    let taken = opened(&db, TownKind::Real, &town("Tateshina", "別の町")).unwrap_err();
    assert_eq!((taken.fields()[0].field.as_str(), taken.fields()[0].code), ("slug", Code::Taken));
    assert_eq!(db.app.lobby_blocking(directory).unwrap().len(), 1);
}

#[test]
fn settings_change_for_the_own_town_only_and_only_from_the_version_read() {
    let db = TestDb::new();
    let (ours, theirs) = (db.town("tateshina"), db.town("shiojiri"));
    let input = SettingsInput {
        name: "立科町".into(),
        population: "6600".into(),
        population_as_of: "2026-10-01".into(),
        contact_email: "yui@example.jp".into(),
        ..SettingsInput::default()
    };
    let changed = db.acting(ours, PersonId(1), |tx| change_settings(tx, 1, &input)).unwrap();
    assert_eq!((changed.name.as_str(), changed.population, changed.version), ("立科町", Some(6600), 2));
    assert_eq!(changed.slug, "tateshina");
    let stale = db.acting(ours, PersonId(1), |tx| change_settings(tx, 1, &input)).unwrap_err();
    assert_eq!(stale.code(), Code::Stale);
    assert_eq!(db.acting(theirs, PersonId(1), find).unwrap().name, "shiojiri");
}

fn admin(family_name: &str, email: &str) -> PersonInput {
    PersonInput { family_name: family_name.into(), email: email.into(), ..PersonInput::default() }
}

fn begun(
    db: &TestDb,
    town: &NewTown,
    admin: &PersonInput,
    key: FirstKey<'_>,
) -> Result<Opened, OpeningError> {
    db.app.lobby_blocking(|lobby| open_with_admin(lobby, RequestId(7), town, admin, key))
}

#[test]
fn a_town_is_there_with_its_administrator_or_not_at_all() {
    let db = TestDb::new();
    let password = hash("kumo to yama to");
    let key = FirstKey::Password(&password);
    let input = town("tateshina", "立科町");
    for (family_name, email) in [("", "a@example.jp"), ("田中", "nobody"), ("田中", "")] {
        begun(&db, &input, &admin(family_name, email), key).unwrap_err();
        assert_eq!(db.app.lobby_blocking(directory).unwrap(), [], "{family_name} {email}");
    }
    let opened = begun(&db, &input, &admin("田中", "a@example.jp"), key).unwrap();
    let person = db.acting(opened.organization, opened.admin, |tx| persons::find(tx, opened.admin)).unwrap();
    assert_eq!((person.roles, person.has_password), ([Role::Admin].into(), true));
    assert!(opened.invitation.is_none());
    let challenge = db
        .app
        .run_blocking(Scope::system(opened.organization), |tx| sign_in::begin(tx, "a@example.jp", "here"))
        .unwrap();
    assert_eq!(challenge.answer("kumo to yama to").unwrap().person(), opened.admin);
}

#[test]
fn what_fails_after_the_town_was_opened_takes_it_back() {
    let db = TestDb::new();
    let password = hash("kumo to yama to");
    let late: Result<(), OpeningError> = db.app.lobby_blocking(|lobby| {
        let (input, admin) = (town("tateshina", "立科町"), admin("田中", "a@example.jp"));
        let opened = open_with_admin(lobby, RequestId(7), &input, &admin, FirstKey::Password(&password))?;
        lobby.enter(Scope::system(opened.organization), |_tx| Err(OrganizationError::Stale.into()))
    });
    assert_eq!(late.unwrap_err().code(), Code::Stale);
    assert_eq!(db.app.lobby_blocking(directory).unwrap(), []);
}

#[test]
fn an_invited_administrator_gets_a_link_that_works() {
    let (db, key) = (TestDb::new(), LinkKey::generate());
    let (input, person) = (town("tateshina", "立科町"), admin("田中", "a@example.jp"));
    let opened = begun(&db, &input, &person, FirstKey::Invitation(&key)).unwrap();
    let secret = opened.invitation.unwrap();
    let pending = db
        .app
        .run_blocking(Scope::system(opened.organization), |tx| {
            invitations::peek(tx, &secret, Purpose::Invitation)
        })
        .unwrap();
    assert_eq!(pending.person.id, opened.admin);
}

#[test]
fn every_problem_of_a_town_and_its_administrator_is_reported_at_once() {
    let problems = check_opening(&town("", ""), &admin("", "nobody")).unwrap_err();
    let fields: Vec<&str> = problems.0.iter().map(|problem| problem.field.as_str()).collect();
    assert_eq!(fields, ["slug", "name", "family_name", "email"]);
    assert!(check_opening(&town("tateshina", "立科町"), &admin("田中", "a@example.jp")).is_ok());
}
