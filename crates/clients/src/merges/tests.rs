//! Merging, what follows from it, and the way back, against a real database. What other crates move is tested where they
//! are joined (`web/src/merges/tests.rs`).

use std::sync::Barrier;

use db::testing::TestDb;
use kernel::{Code, CompanyId, ContactId, OrganizationId, Paging, PersonId};

use super::*;
use crate::call_wishes::{self, CallWishInput};
use crate::companies::{self, Company, CompanyFilter, CompanyInput};
use crate::contacts::{self, Contact, ContactFilter, ContactInput};
use crate::tags::{self, CompanyTagsInput, TagInput};
use crate::terms::{self, ClientTermsInput};

const SALES: PersonId = PersonId(1);

struct Town {
    db: TestDb,
    id: OrganizationId,
}

impl Town {
    fn new() -> Self {
        let db = TestDb::new();
        let id = db.town("tateshina");
        Self { db, id }
    }

    fn act<T, E: From<DbError>>(&self, work: impl FnOnce(&mut Tx<'_>) -> Result<T, E>) -> Result<T, E> {
        self.db.acting(self.id, SALES, work)
    }

    fn company(&self, name: &str) -> Company {
        let input = CompanyInput { name: name.into(), ..CompanyInput::default() };
        self.act(|tx| companies::enter_knowingly(tx, input)).unwrap()
    }

    fn contact(&self, company: CompanyId, family_name: &str) -> Contact {
        let input = ContactInput {
            family_name: family_name.into(),
            phone: "090-0000-0000".into(),
            ..ContactInput::default()
        };
        self.act(|tx| contacts::add_knowingly(tx, company, input)).unwrap()
    }

    fn again(&self, company: &Company) -> Company {
        self.act(|tx| companies::find(tx, company.id)).unwrap()
    }

    fn merge(&self, kept: &Company, merged: &Company, input: CompanyMergeInput) -> Result<Merge, MergeError> {
        let input = CompanyMergeInput {
            other: merged.id.to_string().into(),
            other_version: merged.version.to_string().into(),
            ..input
        };
        self.act(|tx| merge_companies(tx, kept.id, kept.version, &input, nothing_else))
    }

    fn merge_people(&self, kept: &Contact, merged: &Contact) -> Result<Merge, MergeError> {
        let input = ContactMergeInput {
            other: merged.id.to_string().into(),
            other_version: merged.version.to_string().into(),
            ..ContactMergeInput::default()
        };
        self.act(|tx| merge_contacts(tx, kept.id, kept.version, &input, |_, _, _| Ok(Moved::default())))
    }

    fn undo(&self, merge: &Merge) -> Result<Merge, MergeError> {
        self.act(|tx| undo(tx, merge.id, |_, _| Ok(Moved::default())))
    }

    fn stands(&self, merge: &Merge) -> Hindrance {
        match self.undo(merge) {
            Err(MergeError::Stands(why, _)) => why,
            other => panic!("expected a hindrance, got {other:?}"),
        }
    }

    fn refuses_calls(&self, contact: ContactId) {
        let input = CallWishInput { wish: "refused".into(), note: "電話で".into() };
        self.act(|tx| call_wishes::record(tx, contact, &input)).unwrap();
    }
}

#[expect(clippy::unnecessary_wraps, reason = "what a crate without a part in it hands over")]
fn nothing_else(_: &mut Tx<'_>, _: CompanyId, _: CompanyId) -> Result<Moved, DbError> {
    Ok(Moved::default())
}

#[test]
fn the_one_merged_away_is_shown_nowhere_and_leads_to_the_one_kept() {
    let town = Town::new();
    let (kept, merged) = (town.company("米子建設"), town.company("米子建設株式会社"));
    let person = town.contact(merged.id, "佐藤");
    let merge = town.merge(&kept, &merged, CompanyMergeInput::default()).unwrap();
    assert_eq!((merge.merged_name.as_str(), merge.counts.get("contacts")), ("米子建設株式会社", Some(&1)));
    assert_eq!(town.again(&merged).id, kept.id);
    let listed = town.act(|tx| companies::list(tx, CompanyFilter::default(), &Paging::first(10))).unwrap();
    assert_eq!(listed.items.iter().map(|one| one.id).collect::<Vec<_>>(), [kept.id]);
    let found = town.act(|tx| companies::search(tx, "米子", 10)).unwrap();
    assert_eq!(found.iter().map(|one| one.id).collect::<Vec<_>>(), [kept.id]);
    let twin = CompanyInput { name: "㈱米子建設".into(), ..CompanyInput::default() };
    let alike = town.act(|tx| companies::look_alikes(tx, &twin, None)).unwrap();
    assert_eq!(alike.iter().map(|one| one.company.id).collect::<Vec<_>>(), [kept.id]);
    let people = town.act(|tx| contacts::of_company(tx, kept.id)).unwrap();
    assert_eq!(people.iter().map(|one| one.id).collect::<Vec<_>>(), [person.id]);
    let history = town.act(|tx| of_company(tx, kept.id)).unwrap();
    assert_eq!(history, [merge]);
}

#[test]
fn what_names_the_one_merged_away_afterwards_names_the_one_kept() {
    let town = Town::new();
    let (kept, merged) = (town.company("甲"), town.company("乙"));
    town.merge(&kept, &merged, CompanyMergeInput::default()).unwrap();
    assert_eq!(town.contact(merged.id, "佐藤").company_id, kept.id);
    let agreed = town.act(|tx| terms::agree(tx, merged.id, 0, &ClientTermsInput::default())).unwrap();
    assert_eq!(town.act(|tx| terms::standing(tx, kept.id)).unwrap(), Some(agreed));
    let stale = CompanyInput { name: "丙".into(), ..CompanyInput::default() };
    let kept_now = town.again(&kept);
    let refused =
        town.act(|tx| companies::correct(tx, merged.id, kept_now.version, stale.clone())).unwrap_err();
    assert_eq!(refused.code(), Code::Stale, "a form of the one merged away does not write over the other");
    let import = |tx: &mut Tx<'_>| companies::correct_knowingly(tx, merged.id, kept_now.version, &stale);
    assert_eq!(town.act(import).unwrap_err().code(), Code::Stale, "nor does an import");
}

#[test]
fn an_import_does_not_write_over_whom_somebody_was_merged_into() {
    let town = Town::new();
    let company = town.company("甲");
    let (kept, merged) = (town.contact(company.id, "佐藤"), town.contact(company.id, "鈴木"));
    town.merge_people(&kept, &merged).unwrap();
    let version = town.act(|tx| contacts::find(tx, kept.id)).unwrap().version;
    let input = ContactInput { family_name: "鈴木".into(), ..ContactInput::default() };
    let refused = town.act(|tx| contacts::correct_knowingly(tx, merged.id, version, &input)).unwrap_err();
    assert_eq!(refused.code(), Code::Stale);
}

#[test]
fn a_number_that_is_taken_while_a_merge_is_taken_back_keeps_it() {
    let town = Town::new();
    let numbered = |name: &str, number: &str| {
        let input =
            CompanyInput { name: name.into(), corporate_number: number.into(), ..CompanyInput::default() };
        move |tx: &mut Tx<'_>| companies::enter_knowingly(tx, input)
    };
    let kept = town.act(numbered("甲", "7123456789012")).unwrap();
    let merged = town.act(numbered("乙", "8000012010038")).unwrap();
    let decided = CompanyMergeInput { corporate_number: "kept".into(), ..CompanyMergeInput::default() };
    let merge = town.merge(&kept, &merged, decided).unwrap();
    let why = std::thread::scope(|threads| {
        let running = town
            .act(|tx| -> Result<_, companies::CompanyError> {
                numbered("丙", "8000012010038")(tx)?;
                Ok(town.db.meanwhile(threads, || town.stands(&merge)))
            })
            .unwrap();
        running.join().unwrap()
    });
    assert_eq!(why, Hindrance::NumberTaken);
}

#[test]
fn a_merge_with_itself_of_one_gone_or_of_another_town_is_refused() {
    let town = Town::new();
    let (kept, merged, third) = (town.company("甲"), town.company("乙"), town.company("丙"));
    let refused = town.merge(&kept, &kept, CompanyMergeInput::default()).unwrap_err();
    assert_eq!(refused.fields()[0].code, Code::SameOne);
    let elsewhere = town.db.town("shiojiri");
    let input = CompanyInput { name: "甲".into(), ..CompanyInput::default() };
    let theirs = town.db.acting(elsewhere, SALES, |tx| companies::enter(tx, input)).unwrap();
    for (one, other) in [(&kept, &theirs), (&theirs, &kept)] {
        let refused = town.merge(one, other, CompanyMergeInput::default()).unwrap_err();
        assert_eq!(refused.code(), Code::NotFound);
    }
    town.merge(&kept, &merged, CompanyMergeInput::default()).unwrap();
    let late = town.merge(&kept, &third, CompanyMergeInput::default()).unwrap_err();
    assert_eq!(late.code(), Code::Stale, "the merge has changed it");
    for (one, other) in [(&third, &merged), (&merged, &third)] {
        let refused = town.merge(one, other, CompanyMergeInput::default()).unwrap_err();
        assert_eq!(refused.code(), Code::AlreadyMerged);
    }
    let nothing = town.act(|tx| merge_companies(tx, kept.id, 1, &CompanyMergeInput::default(), nothing_else));
    let fields: Vec<String> = nothing.unwrap_err().fields().iter().map(|one| one.field.clone()).collect();
    assert_eq!(fields, ["other", "other_version"]);
}

#[test]
fn the_number_given_up_is_free_and_must_still_be_when_the_merge_is_taken_back() {
    let town = Town::new();
    let numbered = |name: &str, number: &str| {
        let input =
            CompanyInput { name: name.into(), corporate_number: number.into(), ..CompanyInput::default() };
        town.act(|tx| companies::enter_knowingly(tx, input)).unwrap()
    };
    let (kept, merged) = (numbered("甲", "7123456789012"), numbered("乙", "8000012010038"));
    let undecided = town.merge(&kept, &merged, CompanyMergeInput::default()).unwrap_err();
    assert_eq!(undecided.fields()[0].field, "corporate_number");
    let decided = CompanyMergeInput { corporate_number: "merged".into(), ..CompanyMergeInput::default() };
    let merge = town.merge(&kept, &merged, decided).unwrap();
    assert_eq!(town.again(&kept).corporate_number, merged.corporate_number);
    let third = numbered("丙", "7123456789012");
    assert_eq!(town.stands(&merge), Hindrance::NumberTaken);
    let without = CompanyInput { name: "丙".into(), ..CompanyInput::default() };
    town.act(|tx| companies::correct(tx, third.id, third.version, without)).unwrap();
    town.undo(&merge).unwrap();
    assert_eq!(town.again(&kept).corporate_number, kept.corporate_number);
    assert_eq!(town.again(&merged).corporate_number, merged.corporate_number);
}

#[test]
fn of_two_merges_at_once_one_wins() {
    let town = Town::new();
    let (one, other) = (town.company("甲"), town.company("乙"));
    let start = Barrier::new(2);
    let race = |kept: &Company, merged: &Company| {
        start.wait();
        town.merge(kept, merged, CompanyMergeInput::default()).map(|_merge| ()).map_err(|error| error.code())
    };
    let results = std::thread::scope(|threads| {
        let first = threads.spawn(|| race(&one, &other));
        let second = threads.spawn(|| race(&other, &one));
        [first.join().unwrap(), second.join().unwrap()]
    });
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1);
    assert!(results.contains(&Err(Code::AlreadyMerged)), "{results:?}");
}

#[test]
fn tags_are_joined_and_terms_are_taken_over_where_there_are_none() {
    let town = Town::new();
    let (kept, merged) = (town.company("甲"), town.company("乙"));
    let tag = |name: &str| town.act(|tx| tags::create(tx, &TagInput { name: name.into() })).unwrap().id;
    let (both, only) = (tag("WORK TRIP"), tag("乗合バス"));
    let give = |company: CompanyId, ids: &[tags::TagId]| {
        let input = CompanyTagsInput { tags: ids.iter().map(|id| id.to_string().into()).collect() };
        town.act(|tx| tags::give(tx, company, &input)).unwrap()
    };
    give(kept.id, &[both]);
    give(merged.id, &[both, only]);
    let agreed = ClientTermsInput { inspection_days: "7".into(), ..ClientTermsInput::default() };
    town.act(|tx| terms::agree(tx, merged.id, 0, &agreed)).unwrap();
    let merge = town.merge(&kept, &merged, CompanyMergeInput::default()).unwrap();
    let given = || town.act(|tx| tags::of_companies(tx, &[kept.id])).unwrap().remove(&kept.id).unwrap().len();
    let standing = || town.act(|tx| terms::standing(tx, kept.id)).unwrap();
    assert_eq!((given(), standing().unwrap().inspection_days), (2, Some(7)));
    let uses = town.act(tags::list).unwrap();
    assert!(uses.iter().all(|one| one.companies == 1), "the one merged away is not counted: {uses:?}");
    town.act(|tx| terms::agree(tx, kept.id, 1, &agreed)).unwrap();
    assert_eq!(town.stands(&merge), Hindrance::TermsAgreed);
}

#[test]
fn a_merge_stands_where_what_happened_since_contradicts_it() {
    let town = Town::new();
    let kept = town.company("甲");
    let with_phone =
        CompanyInput { name: "乙".into(), phone: "0859-00-0000".into(), ..CompanyInput::default() };
    let merged = town.act(|tx| companies::enter(tx, with_phone)).unwrap();
    let merge = town.merge(&kept, &merged, CompanyMergeInput::default()).unwrap();
    let now = town.again(&kept);
    assert_eq!(now.phone, "0859-00-0000");
    let edit = |version: i32, phone: &str, note: &str| {
        let input = CompanyInput { phone: phone.into(), note: note.into(), ..CompanyInput::from(&kept) };
        town.act(|tx| companies::correct(tx, kept.id, version, input)).unwrap().version
    };
    let version = edit(now.version, "0859-11-1111", "");
    assert_eq!(town.stands(&merge), Hindrance::FieldChanged);
    edit(version, "0859-00-0000", "後から書いた");
    let third = town.company("丙");
    let over = town.merge(&third, &town.again(&kept), CompanyMergeInput::default()).unwrap();
    assert_eq!(town.stands(&merge), Hindrance::KeptMerged);
    town.undo(&over).unwrap();
    let undone = town.undo(&merge).unwrap();
    assert_eq!(undone.undone_by.as_deref(), Some("person:1"));
    assert_eq!(town.again(&kept).note, "後から書いた", "what was written since stays");
    assert_eq!(town.again(&kept).phone, "");
    assert_eq!(town.stands(&merge), Hindrance::Undone);
}

#[test]
fn companies_whose_people_became_one_are_not_parted() {
    let town = Town::new();
    let (one, other) = (town.company("甲"), town.company("乙"));
    let (here, there) = (town.contact(one.id, "佐藤"), town.contact(other.id, "佐藤"));
    assert!(matches!(town.merge_people(&here, &there), Err(MergeError::TwoCompanies)));
    let companies = town.merge(&one, &other, CompanyMergeInput::default()).unwrap();
    let old = town.merge_people(&here, &there).unwrap_err();
    assert_eq!(old.code(), Code::Stale, "they have moved since");
    let there = town.act(|tx| contacts::find(tx, there.id)).unwrap();
    let people = town.merge_people(&here, &there).unwrap();
    assert_eq!(town.stands(&companies), Hindrance::PeopleMerged);
    town.undo(&people).unwrap();
    town.undo(&companies).unwrap();
    assert_eq!(town.act(|tx| contacts::find(tx, there.id)).unwrap().company_id, other.id);
}

#[test]
fn who_refused_calls_stays_off_the_call_list() {
    let town = Town::new();
    let company = town.company("甲");
    let (kept, merged) = (town.contact(company.id, "佐藤"), town.contact(company.id, "佐藤直子"));
    town.refuses_calls(merged.id);
    let merged = town.act(|tx| contacts::find(tx, merged.id)).unwrap();
    let merge = town.merge_people(&kept, &merged).unwrap();
    let called = || {
        let list = town.act(|tx| contacts::list(tx, ContactFilter::ToBeCalled, &Paging::first(10))).unwrap();
        list.items.into_iter().map(|one| one.contact.id).collect::<Vec<_>>()
    };
    assert_eq!(called(), []);
    let record = town.act(|tx| call_wishes::history(tx, kept.id)).unwrap();
    assert_eq!(record[0].note, "電話で", "in the words it was noted in");
    let found = town.act(|tx| contacts::search(tx, "佐藤", 10)).unwrap();
    assert_eq!(found.iter().map(|one| one.id).collect::<Vec<_>>(), [kept.id]);
    town.undo(&merge).unwrap();
    assert!(town.act(|tx| contacts::find(tx, kept.id)).unwrap().may_be_called);
    assert_eq!(called(), [], "the other has the same number, and refused there");
    assert_eq!(town.act(|tx| call_wishes::history(tx, kept.id)).unwrap(), []);
    assert!(!town.act(|tx| contacts::find(tx, merged.id)).unwrap().may_be_called);
}

#[test]
fn what_somebody_said_is_not_deleted() {
    let town = Town::new();
    let company = town.company("甲");
    let person = town.contact(company.id, "佐藤");
    town.refuses_calls(person.id);
    let gone = town
        .act(|tx| -> Result<usize, DbError> {
            Ok(diesel::RunQueryDsl::execute(diesel::delete(crate::schema::call_wishes::table), tx.conn())?)
        })
        .unwrap();
    assert_eq!(gone, 0);
}
