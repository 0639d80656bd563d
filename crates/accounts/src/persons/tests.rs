//! Adding, correcting, shutting out and finding people against a real database.

use db::testing::TestDb;
use kernel::{EmailAddress, Language, OrganizationId, Paging};

use super::*;
use crate::passwords::NewPassword;
use crate::sessions::{self, SessionLimits};

fn input(family: &str, kana: &str, email: &str) -> PersonInput {
    PersonInput {
        family_name: family.into(),
        family_kana: kana.into(),
        email: email.into(),
        ..PersonInput::default()
    }
}

fn roles(roles: &[Role]) -> BTreeSet<Role> {
    roles.iter().copied().collect()
}

struct Town {
    db: TestDb,
    id: OrganizationId,
    admin: PersonId,
}

impl Town {
    fn new() -> Self {
        let db = TestDb::new();
        let id = db.town("tateshina");
        let admin = db.invited(id, "admin", &["admin"]);
        Self { db, id, admin }
    }

    fn run<T, E: From<DbError>>(&self, work: impl FnOnce(&mut Tx<'_>) -> Result<T, E>) -> Result<T, E> {
        self.db.acting(self.id, self.admin, work)
    }
}

#[test]
fn a_person_reads_back_byte_for_byte() {
    let town = Town::new();
    for name in ["𠮷野", "宮﨑", "葛\u{e0100}城", "一", "😀"] {
        let added = town.run(|tx| add(tx, &input(name, "よしの", ""))).unwrap();
        let read = town.run(|tx| find(tx, added.id)).unwrap();
        assert_eq!((read.name.family.as_str(), read.name.family_kana.as_str()), (name, "ヨシノ"));
        assert_eq!(read, added);
    }
}

#[test]
fn one_mail_address_belongs_to_one_person_of_a_town() {
    let town = Town::new();
    let first = town.run(|tx| add(tx, &input("甲", "", "Taro@Example.jp"))).unwrap();
    let taken = |error: PersonError| (error.fields()[0].field.clone(), error.fields()[0].code);
    let again = town.run(|tx| add(tx, &input("乙", "", "taro@example.jp"))).unwrap_err();
    assert_eq!(taken(again), ("email".to_owned(), Code::Taken));
    let second = town.run(|tx| add(tx, &input("乙", "", ""))).unwrap();
    let moved = town.run(|tx| correct(tx, second.id, 1, &input("乙", "", "taro@example.jp"))).unwrap_err();
    assert_eq!(taken(moved), ("email".to_owned(), Code::Taken));
    let found =
        town.run(|tx| find_by_email(tx, &EmailAddress::parse("TARO@example.jp").unwrap())).unwrap().unwrap();
    assert_eq!((found.id, found.email.unwrap().as_str()), (first.id, "Taro@example.jp"));
    let elsewhere = town.db.town("shiojiri");
    town.db.acting(elsewhere, town.admin, |tx| add(tx, &input("丙", "", "taro@example.jp"))).unwrap();
}

#[test]
fn an_edit_based_on_an_old_version_changes_nothing() {
    let town = Town::new();
    let person = town.run(|tx| add(tx, &input("甲", "", ""))).unwrap();
    town.run(|tx| correct(tx, person.id, 1, &input("乙", "", ""))).unwrap();
    let stale = town.run(|tx| correct(tx, person.id, 1, &input("丙", "", ""))).unwrap_err();
    assert_eq!(stale.code(), Code::Stale);
    assert_eq!(town.run(|tx| find(tx, person.id)).unwrap().name.family, "乙");
}

#[test]
fn who_signs_in_with_an_address_keeps_one() {
    let town = Town::new();
    let person = town.run(|tx| add(tx, &input("甲", "", "a@example.jp"))).unwrap();
    let hash = NewPassword::parse(&"kumo to yama".into(), &"kumo to yama".into(), &[]).unwrap().hash();
    town.run(|tx| set_password(tx, person.id, &hash)).unwrap();
    let refused = town.run(|tx| correct(tx, person.id, 2, &input("甲", "", ""))).unwrap_err();
    assert_eq!(refused.fields()[0].code, Code::Required);
    let nameless = town.run(|tx| add(tx, &input("乙", "", ""))).unwrap();
    let refused = town.run(|tx| set_password(tx, nameless.id, &hash)).unwrap_err();
    assert_eq!(refused.fields()[0].field, "email");
}

#[test]
fn roles_are_a_set() {
    let town = Town::new();
    let person = town.run(|tx| add(tx, &input("甲", "", ""))).unwrap();
    assert!(person.roles.is_empty());
    for set in [&[Role::Sales, Role::Worker][..], &[Role::Worker, Role::Adviser], &[]] {
        town.run(|tx| set_roles(tx, person.id, &roles(set))).unwrap();
        assert_eq!(town.run(|tx| find(tx, person.id)).unwrap().roles, roles(set));
    }
}

#[test]
fn roles_chosen_on_an_old_page_undo_nobody_elses_choice() {
    let town = Town::new();
    let person = town.run(|tx| add(tx, &input("甲", "", ""))).unwrap();
    let first = town.run(|tx| change_roles(tx, person.id, person.version, &roles(&[Role::Sales]))).unwrap();
    assert_eq!(first, town.run(|tx| find(tx, person.id)).unwrap());
    let late = town.run(|tx| change_roles(tx, person.id, person.version, &roles(&[Role::Worker])));
    assert_eq!(late.unwrap_err().code(), Code::Stale);
    let renamed = town.run(|tx| correct(tx, person.id, person.version, &input("乙", "", "")));
    assert_eq!(renamed.unwrap_err().code(), Code::Stale, "an edit from before the roles is as old");
    town.run(|tx| set_roles(tx, person.id, &roles(&[Role::Officer]))).unwrap();
    let late = town.run(|tx| change_roles(tx, person.id, first.version, &roles(&[])));
    assert_eq!(late.unwrap_err().code(), Code::Stale);
    assert_eq!(town.run(|tx| find(tx, person.id)).unwrap().roles, roles(&[Role::Officer]));
}

#[test]
fn the_last_administrator_stays() {
    let town = Town::new();
    let refused = town.run(|tx| set_roles(tx, town.admin, &roles(&[Role::Sales]))).unwrap_err();
    assert_eq!(refused.code(), Code::LastAdmin);
    assert_eq!(town.run(|tx| disable(tx, town.admin)).unwrap_err().code(), Code::LastAdmin);
    let second = town.db.invited(town.id, "second", &["admin"]);
    town.run(|tx| disable(tx, second)).unwrap();
    let refused = town.run(|tx| disable(tx, town.admin)).unwrap_err();
    assert_eq!(refused.code(), Code::LastAdmin, "a disabled administrator does not count");
    town.run(|tx| set_roles(tx, second, &roles(&[]))).unwrap();
    town.run(|tx| set_roles(tx, town.admin, &roles(&[Role::Admin, Role::Sales]))).unwrap();
}

#[test]
fn two_administrators_cannot_both_leave_at_once() {
    let town = Town::new();
    let second = town.db.invited(town.id, "second", &["admin"]);
    let left: usize = std::thread::scope(|threads| {
        let leaving = [town.admin, second].map(|id| {
            let town = &town;
            threads.spawn(move || town.db.acting(town.id, id, |tx| disable(tx, id)).is_ok())
        });
        leaving.into_iter().map(|thread| usize::from(thread.join().unwrap())).sum()
    });
    assert_eq!(left, 1);
}

#[test]
fn a_disabled_person_is_out_at_once() {
    let town = Town::new();
    let person = town.db.invited(town.id, "tanaka", &["sales"]);
    let limits = SessionLimits::default();
    let session = town.run(|tx| sessions::open(tx, person, "Firefox", &limits)).unwrap();
    let token_input = api_tokens::TokenInput { name: "x".into(), access: "read".into(), days: "30".into() };
    let (_, token) = town.run(|tx| api_tokens::create(tx, person, &token_input)).unwrap();
    let signed_in =
        |town: &Town| town.run(|tx| sessions::authenticate(tx, &session.secret, &limits)).unwrap();
    assert!(signed_in(&town).is_some());
    town.run(|tx| disable(tx, person)).unwrap();
    assert!(signed_in(&town).is_none());
    assert!(town.run(|tx| api_tokens::authenticate(tx, &token)).unwrap().is_none());
    let enabled = town.run(|tx| enable(tx, person)).unwrap();
    assert_eq!(enabled.state, PersonState::Active);
    assert!(signed_in(&town).is_none(), "an old session does not come back");
    assert!(town.run(|tx| api_tokens::authenticate(tx, &token)).unwrap().is_none());
}

#[test]
fn preferences_are_the_acting_persons_own() {
    let town = Town::new();
    let person = town.db.invited(town.id, "tanaka", &["worker"]);
    let chosen = PreferencesInput {
        language: "en".into(),
        text_size: "larger".into(),
        face: "readable".into(),
        theme: "dark".into(),
    };
    let changed = town.db.acting(town.id, person, |tx| prefer(tx, &chosen)).unwrap().preferences;
    assert_eq!(
        (changed.language, changed.text_size, changed.face, changed.theme),
        (Language::En, TextSize::Larger, Face::Readable, Theme::Dark)
    );
    assert_eq!(town.run(|tx| find(tx, town.admin)).unwrap().preferences.language, Language::Ja);
    let outside = town.db.app.run_blocking(kernel::Scope::system(town.id), |tx| prefer(tx, &chosen));
    assert_eq!(outside.unwrap_err().code(), Code::NotFound);
}

#[test]
fn the_list_is_in_gojuon_order_and_pages_without_gaps() {
    let town = Town::new();
    for (name, kana) in [("丙", "ハ"), ("甲", "あ"), ("乙", "ｶ"), ("丁", "が")] {
        let person = town.run(|tx| add(tx, &input(name, kana, ""))).unwrap();
        town.run(|tx| set_roles(tx, person.id, &roles(&[Role::Worker]))).unwrap();
    }
    let filter = PersonFilter {
        role: Some(Role::Worker),
        state: Some(PersonState::Active),
        ..PersonFilter::default()
    };
    let mut paging = Paging::first(3);
    let mut names = Vec::new();
    loop {
        let page = town.run(|tx| list(tx, filter, &paging)).unwrap();
        names.extend(page.items.into_iter().map(|person| person.name.family));
        match page.next {
            Some(key) => paging.after = Some(key),
            None => break,
        }
    }
    assert_eq!(names, ["甲", "乙", "丁", "丙"]);
    let everybody = town.run(|tx| list(tx, PersonFilter::default(), &Paging::first(100))).unwrap();
    assert_eq!(everybody.items.len(), 5);
}

#[test]
fn pickers_and_mails_get_active_people_only() {
    let town = Town::new();
    let gone = town.db.invited(town.id, "gone", &["coordinator"]);
    let here = town.db.invited(town.id, "here", &["coordinator", "sales"]);
    town.run(|tx| disable(tx, gone)).unwrap();
    let found = town.run(|tx| with_role(tx, Role::Coordinator)).unwrap();
    assert_eq!(found.iter().map(|person| person.id).collect::<Vec<_>>(), [here]);
    assert!(found[0].is(Role::Sales) && found[0].is_active());
    let many = town.run(|tx| find_many(tx, &[gone, here, PersonId(999_999)])).unwrap();
    assert_eq!(many.keys().copied().collect::<Vec<_>>(), [gone, here]);
}

#[test]
fn another_towns_person_is_not_there() {
    let town = Town::new();
    let theirs = town.db.invited(town.db.town("shiojiri"), "stranger", &["admin"]);
    let codes = [
        town.run(|tx| find(tx, theirs).map_err(PersonError::from)).unwrap_err().code(),
        town.run(|tx| correct(tx, theirs, 1, &input("甲", "", ""))).unwrap_err().code(),
        town.run(|tx| set_roles(tx, theirs, &roles(&[Role::Worker]))).unwrap_err().code(),
        town.run(|tx| disable(tx, theirs)).unwrap_err().code(),
        town.run(|tx| enable(tx, theirs)).unwrap_err().code(),
    ];
    assert_eq!(codes, [Code::NotFound; 5]);
    assert!(town.run(|tx| find_many(tx, &[theirs])).unwrap().is_empty());
}

#[test]
fn two_characters_of_a_name_find_a_person_of_this_town_alone() {
    let town = Town::new();
    let other = town.db.town("shiojiri");
    let stranger = town.db.invited(other, "admin", &["admin"]);
    town.db.acting(other, stranger, |tx| add(tx, &input("宮﨑", "ミヤザキ", "a@example.jp"))).unwrap();
    for (family, kana) in [("𠮷野", "ヨシノ"), ("宮﨑", "ミヤザキ")] {
        town.run(|tx| add(tx, &input(family, kana, ""))).unwrap();
    }
    let found = |query: &str| -> Vec<String> {
        let people = town.run(|tx| search(tx, query, 20)).unwrap();
        people.into_iter().map(|person| person.name.family).collect()
    };
    assert_eq!(found("宮﨑"), ["宮﨑"]);
    assert_eq!(found("𠮷"), ["𠮷野"]);
    assert_eq!(found("ﾖｼ"), ["𠮷野"]);
    assert_eq!(found("宮崎"), ["宮﨑"], "nobody remembers how somebody writes 﨑");
    assert_eq!(found("宮田"), [] as [String; 0]);
}
