//! Merging across all crates: whatever a company or a contact has, taking the merge back leaves every row as it was.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};

use clients::companies::{self, CompanyInput};
use clients::contacts::ContactInput;
use clients::merges::Hindrance;
use db::testing::TestDb;
use diesel::RunQueryDsl as _;
use diesel::sql_types::{BigInt, Text};
use kernel::{Coded as _, OrganizationId, PersonId, Typed};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::*;

/// Every table that a merge may touch.
const TABLES: [&str; 12] = [
    "companies",
    "contacts",
    "company_tags",
    "client_terms",
    "call_wishes",
    "mail_consents",
    "leads",
    "deals",
    "orders",
    "exclusions",
    "deliveries",
    "messages",
];

#[derive(diesel::QueryableByName)]
struct Id {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

#[derive(diesel::QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    row: String,
}

/// A town with two companies; what they have is written straight into the tables.
struct Town<'d> {
    db: &'d TestDb,
    id: OrganizationId,
    sales: PersonId,
    stage: i64,
    companies: [i64; 2],
}

impl<'d> Town<'d> {
    fn new(db: &'d TestDb) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("town{}", NEXT.fetch_add(1, Ordering::Relaxed));
        let id = db.town(&name);
        let sales = db.person(id, &name, &["sales"]);
        let mut town = Self { db, id, sales, stage: 0, companies: [0, 0] };
        let pipeline =
            town.insert("pipelines (organization_id, name, position, created_at)", "'p', 1, now()");
        let columns = "stages (organization_id, pipeline_id, name, position, kind, probability)";
        town.stage = town.insert(columns, &format!("{pipeline}, 'a', 1, 'open', 10"));
        town.companies = [1, 2].map(|n| {
            town.insert("companies (organization_id, name, phone)", &format!("'{n}', '0859-00-000{n}'"))
        });
        town
    }

    /// Inserts a row of this town and gives its id back.
    fn insert(&self, into: &str, values: &str) -> i64 {
        let sql = format!("INSERT INTO {into} VALUES ({}, {values}) RETURNING id", self.id);
        let id: Id = diesel::sql_query(&sql)
            .get_result(&mut self.db.owner())
            .unwrap_or_else(|error| panic!("{sql}: {error}"));
        id.id
    }

    /// A contact, and what they said of calls (`c`) and advertising (`m`): `-` nothing, `+` yes, `x` no.
    fn contact(&self, company: i64, said: (char, char), email: &str) -> i64 {
        let may = said.0 != 'x';
        let columns = "contacts (organization_id, company_id, family_name, email, may_be_called)";
        let id = self.insert(columns, &format!("{company}, 'n', NULLIF('{email}', ''), {may}"));
        let line = |table: &str, column: &str, word: &str| {
            let columns =
                format!("{table} (organization_id, contact_id, {column}, note, recorded_at, recorded_by)");
            self.insert(&columns, &format!("{id}, '{word}', 'n', now(), 'person:1'"));
        };
        match said.0 {
            'x' => line("call_wishes", "wish", "refused"),
            '+' => line("call_wishes", "wish", "welcome"),
            _ => {}
        }
        match said.1 {
            'x' => line("mail_consents", "basis", "refused"),
            '+' => line("mail_consents", "basis", "asked_for"),
            _ => {}
        }
        id
    }

    /// A deal with an order, a delivery and a mail about it.
    fn business(&self, company: i64, contact: i64) -> i64 {
        let sales = self.sales;
        let columns = "deals (organization_id, title, company_id, contact_id, stage_id, owner_id, next_action, \
                       next_action_on, moved_at, rank)";
        let values =
            format!("'t', {company}, {contact}, {}, {sales}, 'a', '2026-12-01', now(), 'V'", self.stage);
        let deal = self.insert(columns, &values);
        let columns =
            "orders (organization_id, deal_id, company_id, contact_id, title, amount, due_on, created_at)";
        let order =
            self.insert(columns, &format!("{deal}, {company}, {contact}, 't', 1, '2026-12-01', now()"));
        let columns =
            "deliveries (organization_id, order_id, contact_id, number, inspect_until, sent_at, sent_by)";
        self.insert(columns, &format!("{order}, {contact}, 1, '2026-12-01', now(), {sales}"));
        self.mail(contact, "work");
        deal
    }

    /// Advertising that waits for somebody.
    fn news(&self, contact: i64) {
        self.mail(contact, "commercial");
    }

    fn mail(&self, contact: i64, category: &str) {
        self.insert(
            "messages (organization_id, category, template, language, contact_id, to_name, to_address, from_address, \
             subject, not_before, expires_at, message_id, asked_by, created_at)",
            &format!(
                "'{category}', 't', 'ja', {contact}, 'n', 'a@example.jp', 'b@example.jp', 's', now(), now(), \
                 gen_random_uuid()::text, 'system', now()"
            ),
        );
    }

    /// How much advertising would be sent.
    fn news_waiting(&self) -> i64 {
        let sql = format!(
            "SELECT count(*) AS id FROM messages WHERE organization_id = {} AND category = 'commercial' \
             AND state = 'queued'",
            self.id
        );
        diesel::sql_query(sql).get_result::<Id>(&mut self.db.owner()).unwrap().id
    }

    fn lead(&self, company: i64) {
        self.insert(
            "leads (organization_id, company_name, source, company_id)",
            &format!("'n', 'web', {company}"),
        );
    }

    fn act<T, E: From<DbError>>(&self, work: impl FnOnce(&mut Tx<'_>) -> Result<T, E>) -> Result<T, E> {
        self.db.acting(self.id, self.sales, work)
    }

    /// Every row of this town but for versions, which only count up, and for when boards were told last.
    fn rows(&self) -> BTreeMap<&'static str, Vec<String>> {
        let of = |table: &'static str| {
            let sql = format!(
                "SELECT (to_jsonb(t) - 'version' - 'changed_at')::text AS row FROM {table} t WHERE organization_id = {} ORDER BY 1",
                self.id
            );
            let rows: Vec<Row> = diesel::sql_query(sql).load(&mut self.db.owner()).unwrap();
            (table, rows.into_iter().map(|row| row.row).collect())
        };
        TABLES.into_iter().map(of).collect()
    }

    fn merge_companies(&self) -> Result<Merge, MergeError> {
        let [kept, merged] = self.companies.map(CompanyId);
        self.act(|tx| {
            let versions = (companies::find(tx, kept)?.version, companies::find(tx, merged)?.version);
            let input = CompanyMergeInput {
                other: merged.to_string().into(),
                other_version: versions.1.to_string().into(),
                ..CompanyMergeInput::default()
            };
            merge_companies(tx, kept, versions.0, &input)
        })
    }

    fn merge_contacts(&self, kept: i64, merged: i64, email: &str) -> Result<Merge, MergeError> {
        let (kept, merged) = (ContactId(kept), ContactId(merged));
        self.act(|tx| {
            let versions = (contacts::find(tx, kept)?.version, contacts::find(tx, merged)?.version);
            let input = ContactMergeInput {
                other: merged.to_string().into(),
                other_version: versions.1.to_string().into(),
                email: Typed(email.to_owned()),
                ..ContactMergeInput::default()
            };
            merge_contacts(tx, kept, versions.0, &input)
        })
    }
}

fn said() -> impl Strategy<Value = (char, char)> {
    let word = || prop::sample::select(vec!['-', '+', 'x']);
    (word(), word())
}

/// What somebody said of calls and of advertising, and how many deals they have.
type Person = ((char, char), u8);

/// What one company has: its people with what they said, how many deals each of them has, and its leads.
fn belongings() -> impl Strategy<Value = (Vec<Person>, u8)> {
    (prop::collection::vec((said(), 0..3u8), 0..3), 0..3u8)
}

#[test]
fn a_merge_taken_back_leaves_every_row_as_it_was() {
    let db = TestDb::new();
    let mut runner = TestRunner::new(Config { cases: 24, failure_persistence: None, ..Config::default() });
    runner
        .run(&(belongings(), belongings(), any::<[bool; 2]>()), |(kept, merged, terms)| {
            let town = Town::new(&db);
            for ((company, (people, leads)), has_terms) in town.companies.into_iter().zip([kept, merged]).zip(terms) {
                for (said, deals) in people {
                    let contact = town.contact(company, said, "");
                    for _ in 0..deals {
                        town.business(company, contact);
                    }
                }
                for _ in 0..leads {
                    town.lead(company);
                }
                let tag = town.insert("tags (organization_id, name, created_at)", &format!("'{company}', now()"));
                diesel::sql_query(format!("INSERT INTO company_tags VALUES ({}, {company}, {tag})", town.id))
                    .execute(&mut db.owner())
                    .unwrap();
                if has_terms {
                    let columns = "client_terms (organization_id, company_id, version, remarks, recorded_at, recorded_by)";
                    let sql = format!("INSERT INTO {columns} VALUES ({}, {company}, 1, '', now(), 'person:1')", town.id);
                    diesel::sql_query(sql).execute(&mut db.owner()).unwrap();
                }
            }
            let before = town.rows();
            let merge = town.merge_companies().unwrap();
            let now = town.rows();
            prop_assert_ne!(&now, &before);
            let pointing = format!("\"company_id\": {},", town.companies[1]);
            for table in ["contacts", "leads", "deals", "orders"] {
                prop_assert!(!now[table].iter().any(|row| row.contains(&pointing)), "{table} moved whole");
            }
            town.act(|tx| undo(tx, merge.id)).unwrap();
            prop_assert_eq!(town.rows(), before);
            Ok(())
        })
        .unwrap();
}

#[test]
fn two_people_made_one_and_parted_are_as_they_were_and_the_stricter_wish_counted_between() {
    let db = TestDb::new();
    let mut runner = TestRunner::new(Config { cases: 24, failure_persistence: None, ..Config::default() });
    let strategy = (said(), said(), 0..3u8, 0..3u8, prop::sample::select(vec!["", "kept", "merged"]));
    runner
        .run(&strategy, |(first, second, own, theirs, email)| {
            let town = Town::new(&db);
            let company = town.companies[0];
            let (kept, merged) =
                (town.contact(company, first, "a@example.jp"), town.contact(company, second, "b@example.jp"));
            for _ in 0..own {
                town.business(company, kept);
            }
            for _ in 0..theirs {
                town.business(company, merged);
            }
            for (contact, said) in [(kept, first), (merged, second)] {
                if said.1 == '+' {
                    town.news(contact);
                }
            }
            let waiting = town.news_waiting();
            let before = town.rows();
            let merge = town.merge_contacts(kept, merged, email).unwrap();
            let id = ContactId(kept);
            let called = town.act(|tx| contacts::find(tx, id)).unwrap().may_be_called;
            prop_assert_eq!(called, first.0 != 'x' && second.0 != 'x');
            let mailed = town.act(|tx| consents::is_allowed(tx, id)).unwrap();
            prop_assert_eq!(mailed, first.1 == '+' && second.1 != 'x', "a consent is never gained");
            prop_assert_eq!(town.news_waiting(), if mailed { waiting } else { 0 });
            town.act(|tx| undo(tx, merge.id)).unwrap();
            prop_assert_eq!(town.rows(), before);
            Ok(())
        })
        .unwrap();
}

#[test]
fn what_was_added_since_stays_and_what_got_entangled_forbids_parting() {
    let db = TestDb::new();
    let town = Town::new(&db);
    let [kept, merged] = town.companies;
    let person = town.contact(merged, ('-', '-'), "");
    let merge = town.merge_companies().unwrap();
    let deal = town.business(merged, person);
    let stands = town.act(|tx| undo(tx, merge.id)).unwrap_err();
    assert!(matches!(stands, MergeError::Stands(Hindrance::Entangled, _)), "{stands:?}");
    assert_eq!(stands.code(), kernel::Code::MergeStands);
    for table in ["deals", "orders"] {
        let sql = format!("UPDATE {table} SET contact_id = NULL WHERE organization_id = {}", town.id);
        diesel::sql_query(sql).execute(&mut db.owner()).unwrap();
    }
    town.act(|tx| undo(tx, merge.id)).unwrap();
    let found = town.act(|tx| sales::deals::find(tx, kernel::DealId(deal))).unwrap();
    assert_eq!(found.company_id, CompanyId(kept), "what came after the merge stays with the one kept");
}

#[test]
fn advertising_that_a_merge_put_aside_is_not_sent_by_hand_and_does_not_outlive_a_refusal() {
    let db = TestDb::new();
    let town = Town::new(&db);
    let company = town.companies[0];
    let (kept, merged) = (town.contact(company, ('-', '-'), ""), town.contact(company, ('-', '+'), ""));
    town.news(merged);
    let merge = town.merge_contacts(kept, merged, "").unwrap();
    assert_eq!(merge.counts.get(HELD), Some(&1));
    let held = kernel::MessageId(merge.moved().of(HELD)[0]);
    let sql = "UPDATE messages SET expires_at = now() + interval '1 day'";
    diesel::sql_query(sql).execute(&mut db.owner()).unwrap();
    let by_hand = town.act(|tx| messages::release(tx, held)).unwrap_err();
    assert!(matches!(by_hand, notifier::MessageError::Unwanted), "{by_hand:?}");
    let refused = consents::ConsentInput { basis: "refused".into(), note: "電話で".into() };
    town.act(|tx| consents::record(tx, ContactId(merged), &refused)).unwrap();
    town.act(|tx| undo(tx, merge.id)).unwrap();
    assert_eq!(town.news_waiting(), 0, "it was refused while they were one");
}

#[test]
fn what_an_import_made_stays_once_a_merge_has_moved_it_and_the_merge_can_be_taken_back() {
    let db = TestDb::new();
    let town = Town::new(&db);
    let [_, merged] = town.companies;
    let person = town.contact(merged, ('-', '-'), "");
    let deal = kernel::DealId(town.business(merged, person));
    let merge = town.merge_companies().unwrap();
    let version = town.act(|tx| sales::deals::find(tx, deal)).unwrap().version;
    assert_eq!(version, 2, "whoever has it open, and whoever takes an import back, finds it changed");
    assert_eq!(town.act(|tx| contacts::find(tx, ContactId(person))).unwrap().version, 2);
    town.act(|tx| undo(tx, merge.id)).unwrap();
    assert_eq!(town.act(|tx| sales::deals::find(tx, deal)).unwrap().company_id, CompanyId(merged));
}

#[test]
fn a_preview_counts_what_moves() {
    let db = TestDb::new();
    let town = Town::new(&db);
    let [kept, merged] = town.companies.map(CompanyId);
    let people = [0, 1].map(|_| town.contact(merged.0, ('-', '-'), ""));
    town.business(merged.0, people[0]);
    town.lead(merged.0);
    town.merge_contacts(people[0], people[1], "").unwrap();
    let preview = town.act(|tx| preview::CompanyMergePreview::of(tx, kept, merged)).unwrap();
    let counted: BTreeMap<String, usize> = preview
        .counts
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .map(|(table, count)| (table.to_owned(), usize::try_from(count).unwrap()))
        .collect();
    assert_eq!(counted, town.merge_companies().unwrap().counts);
    let gone = town.act(|tx| preview::CompanyMergePreview::of(tx, kept, merged)).unwrap_err();
    assert_eq!(gone.code(), kernel::Code::AlreadyMerged);
    let itself = town.act(|tx| preview::CompanyMergePreview::of(tx, kept, kept)).unwrap_err();
    assert_eq!(itself.fields()[0].code, kernel::Code::SameOne);
}

#[test]
fn a_refusal_by_an_old_link_counts_for_whoever_they_were_merged_into() {
    let db = TestDb::new();
    let town = Town::new(&db);
    let company = town.companies[0];
    let (kept, merged) = (town.contact(company, ('-', '+'), ""), town.contact(company, ('-', '-'), ""));
    town.merge_contacts(kept, merged, "").unwrap();
    let refused = consents::ConsentInput { basis: "refused".into(), note: "電話で".into() };
    town.act(|tx| consents::record(tx, ContactId(merged), &refused)).unwrap();
    assert!(!town.act(|tx| consents::is_allowed(tx, ContactId(kept))).unwrap());
}

#[test]
fn no_quote_goes_to_whoever_somebody_was_merged_into_and_who_refuses() {
    let db = TestDb::new();
    let town = Town::new(&db);
    let company = town.companies[0];
    let (kept, merged) = (
        town.contact(company, ('-', 'x'), "kept@example.jp"),
        town.contact(company, ('-', '-'), "merged@example.jp"),
    );
    let deal = kernel::DealId(town.business(company, merged));
    let line = sales::quotes::QuoteLineInput {
        description: "入力".into(),
        quantity: "10".into(),
        unit_price: "100".into(),
        unit_minutes: "5".into(),
        tax_rate: "10".into(),
    };
    let quote = sales::quotes::QuoteInput {
        valid_until: "2099-12-31".into(),
        deliver_on: "2099-12-31".into(),
        lines: vec![line],
        ..sales::quotes::QuoteInput::default()
    };
    let quote = town.act(|tx| sales::quotes::issue(tx, deal, quote)).unwrap();
    town.merge_contacts(kept, merged, "kept").unwrap();
    let to = sales::sendings::SendInput {
        contact_id: merged.to_string().into(),
        ..sales::sendings::SendInput::default()
    };
    let key = accounts::LinkKey::generate();
    let sent = town.act(|tx| crate::quotes::sending::send(tx, &key, quote.id, &to)).unwrap_err();
    assert_eq!(sent.fields[0].code, kernel::Code::ContactRefuses);
}

#[test]
fn a_company_entered_through_the_usual_form_can_be_merged_with_its_twin() {
    let db = TestDb::new();
    let town = Town::new(&db);
    let twin = CompanyInput {
        name: "1".into(),
        apart_from: vec![town.companies[0].to_string().into()],
        ..CompanyInput::default()
    };
    let twin = town.act(|tx| companies::enter(tx, twin)).unwrap();
    let person = ContactInput { family_name: "佐藤".into(), ..ContactInput::default() };
    let person = town.act(|tx| contacts::add(tx, twin.id, person)).unwrap();
    let town = Town { companies: [town.companies[0], twin.id.0], ..town };
    town.merge_companies().unwrap();
    assert_eq!(
        town.act(|tx| contacts::find(tx, person.id)).unwrap().company_id,
        CompanyId(town.companies[0])
    );
}
