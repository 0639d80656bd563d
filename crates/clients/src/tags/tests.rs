//! Making, giving, renaming and merging tags, against a real database.

use db::testing::TestDb;
use kernel::{OrganizationId, Paging, PersonId};

use super::*;
use crate::companies::{CompanyFilter, CompanyInput};

const SALES: PersonId = PersonId(1);

fn tag(db: &TestDb, town: OrganizationId, name: &str) -> Tag {
    let input = TagInput { name: name.into() };
    db.acting(town, SALES, |tx| create(tx, &input)).unwrap()
}

fn company(db: &TestDb, town: OrganizationId, name: &str, tags: &[TagId]) -> CompanyId {
    let input = CompanyInput { name: name.into(), ..CompanyInput::default() };
    let id = db.acting(town, SALES, |tx| companies::enter(tx, input)).unwrap().id;
    given(db, town, id, tags).unwrap();
    id
}

fn given(
    db: &TestDb,
    town: OrganizationId,
    company: CompanyId,
    tags: &[TagId],
) -> Result<Vec<Tag>, TagError> {
    let input = CompanyTagsInput { tags: tags.iter().map(|id| id.to_string().into()).collect() };
    db.acting(town, SALES, |tx| give(tx, company, &input))
}

/// Names of the companies with a tag, as the list filtered by it shows them.
fn tagged(db: &TestDb, town: OrganizationId, tag: TagId) -> Vec<String> {
    let filter = CompanyFilter { tag: Some(tag) };
    let page = db.acting(town, SALES, |tx| companies::list(tx, filter, &Paging::first(50))).unwrap();
    page.items.into_iter().map(|row| row.name).collect()
}

#[test]
fn companies_are_found_by_the_town_project_they_came_from() {
    let db = TestDb::new();
    let town = db.town("tateshina");
    let (trip, bus) = (tag(&db, town, "立科WORK TRIP"), tag(&db, town, "乗合バス"));
    let first = company(&db, town, "あ社", &[trip.id]);
    company(&db, town, "い社", &[trip.id, bus.id]);
    company(&db, town, "う社", &[]);
    assert_eq!(tagged(&db, town, trip.id), ["あ社", "い社"]);
    assert_eq!(tagged(&db, town, bus.id), ["い社"]);
    let uses: Vec<_> = db.acting(town, SALES, list).unwrap().into_iter().map(|one| one.companies).collect();
    assert_eq!(uses, [1, 2], "乗 stands before 立");
    assert_eq!(given(&db, town, first, &[bus.id]).unwrap()[0], bus);
    assert_eq!(tagged(&db, town, trip.id), ["い社"], "what is not named is taken away");
    let nothing = given(&db, town, first, &[TagId(999_999)]).unwrap_err();
    assert_eq!(nothing.fields()[0].code, Code::UnknownChoice);
}

#[test]
fn two_tags_of_one_town_never_read_alike() {
    let db = TestDb::new();
    let (town, elsewhere) = (db.town("tateshina"), db.town("shiojiri"));
    let trip = tag(&db, town, "WORK TRIP");
    let bus = tag(&db, town, "バス");
    tag(&db, elsewhere, "WORK TRIP");
    let alike = TagInput { name: "ｗｏｒｋ　ｔｒｉｐ".into() };
    let second = db.acting(town, SALES, |tx| create(tx, &alike)).unwrap_err();
    assert_eq!((second.fields()[0].field.as_str(), second.fields()[0].code), ("name", Code::Taken));
    let renamed = db.acting(town, SALES, |tx| rename(tx, bus.id, 1, &alike)).unwrap_err();
    assert_eq!(renamed.fields()[0].code, Code::Taken);
    let own = db.acting(town, SALES, |tx| rename(tx, trip.id, 1, &alike)).unwrap();
    assert_eq!((own.name.as_str(), own.version), ("ｗｏｒｋ　ｔｒｉｐ", 2), "its own name in another width");
    let stale = db.acting(town, SALES, |tx| rename(tx, trip.id, 1, &alike)).unwrap_err();
    assert_eq!(stale.code(), Code::Stale);
}

#[test]
fn merging_two_tags_keeps_every_company_once() {
    let db = TestDb::new();
    let (town, elsewhere) = (db.town("tateshina"), db.town("shiojiri"));
    let (old, new) = (tag(&db, town, "ワーケーション"), tag(&db, town, "WORK TRIP"));
    let theirs = tag(&db, elsewhere, "WORK TRIP");
    company(&db, town, "あ社", &[old.id]);
    company(&db, town, "い社", &[old.id, new.id]);
    company(&db, town, "う社", &[new.id]);
    let into = |id: TagId| MergeInput { into: id.to_string().into() };
    for (wrong, code) in [(old.id, Code::Conflict), (theirs.id, Code::UnknownChoice)] {
        let refused = db.acting(town, SALES, |tx| merge(tx, old.id, 1, &into(wrong))).unwrap_err();
        assert_eq!(refused.fields()[0].code, code);
    }
    let survivor = db.acting(town, SALES, |tx| merge(tx, old.id, 1, &into(new.id))).unwrap();
    assert_eq!(survivor, new);
    assert_eq!(tagged(&db, town, new.id), ["あ社", "い社", "う社"]);
    let gone = db.acting(town, SALES, |tx| find(tx, old.id).map_err(TagError::from)).unwrap_err();
    assert_eq!(gone.code(), Code::NotFound);
}
