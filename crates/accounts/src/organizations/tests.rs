//! Opening towns and changing their settings against a real database.

use db::testing::TestDb;
use kernel::{Language, PersonId};

use super::*;

fn town(slug: &str, name: &str) -> NewTown {
    NewTown { slug: slug.into(), name: name.into(), ..NewTown::default() }
}

fn opened(db: &TestDb, kind: TownKind, input: &NewTown) -> Result<OrganizationId, OrganizationError> {
    db.app.lobby_blocking(|lobby| open(lobby, kind, input))
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
