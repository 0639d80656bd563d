//! The verbs against a real database: what lies there, who hears of it, and a key that is replaced.

use std::sync::{Arc, Mutex};

use diesel::prelude::*;
use diesel::sql_types::Text;
use kernel::PersonId;

use super::*;
use crate::testing::Centre;
use crate::workers::RegisterInput;

/// Keys whose text the test changes.
fn keys() -> (SealingKeys, Arc<Mutex<String>>) {
    let text = Arc::new(Mutex::new(SealingKeys::new_line().unwrap()));
    let read = Arc::clone(&text);
    (SealingKeys::from_source(move || Ok(read.lock().unwrap().clone())), text)
}

fn account() -> BankAccountInput {
    BankAccountInput {
        bank: "0143".into(),
        branch: "205".into(),
        kind: "ordinary".into(),
        number: "7654321".into(),
        holder: "ヤマダ ハナコ".into(),
    }
}

fn registered(centre: &Centre, person: PersonId) -> WorkerId {
    centre.as_coordinator(|tx| workers::register(tx, person, RegisterInput::default())).unwrap().id
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

#[test]
fn nothing_of_an_account_is_in_the_database_in_clear() {
    let (centre, (keys, _)) = (Centre::new(), keys());
    let worker = registered(&centre, centre.worker);
    let kept = centre.as_worker(|tx| put(tx, &keys, &Banks::default(), &account())).unwrap();
    assert_eq!((kept.last_digits.as_str(), kept.holder.as_str(), kept.version), ("321", "ﾔﾏﾀﾞ ﾊﾅｺ", 1));
    let other = BankAccountInput { number: "1112223".into(), ..account() };
    centre.as_worker(|tx| put(tx, &keys, &Banks::default(), &other)).unwrap();
    let everything = "SELECT a::text AS line FROM bank_accounts a UNION ALL SELECT e::text FROM audit_entries e \
         UNION ALL SELECT v::text FROM events v";
    let lines: Vec<Line> = diesel::sql_query(everything).load(&mut centre.db.owner()).unwrap();
    assert!(lines.iter().any(|one| one.line.contains("bank_accounts")), "the change is audited");
    for secret in ["7654321", "1112223", "ﾔﾏﾀﾞ", "0143", "ヤマダ"] {
        let found = lines.iter().find(|one| one.line.contains(secret));
        assert!(found.is_none(), "{secret} stands in clear: {:?}", found.map(|one| &one.line));
    }
    let clear = centre.as_coordinator(|tx| in_clear(tx, &keys, &[worker])).unwrap();
    let clear = &clear[&worker];
    assert_eq!((clear.number.as_str(), clear.kind), ("1112223", AccountKind::Ordinary));
}

#[test]
fn each_change_is_told_and_says_nothing_of_the_account() {
    let (centre, (keys, _)) = (Centre::new(), keys());
    let worker = registered(&centre, centre.worker);
    centre.as_worker(|tx| put(tx, &keys, &Banks::default(), &account())).unwrap();
    centre.as_worker(remove).unwrap();
    centre.as_worker(remove).unwrap();
    let told = centre.told::<BankAccountChanged>();
    assert_eq!(
        told,
        vec![BankAccountChanged { worker, person: centre.worker }; 2],
        "nothing to take away is no change"
    );
    let none = centre.as_worker(|tx| find_masked(tx, &keys, &Banks::default(), worker)).unwrap();
    assert_eq!(none, None);
    assert!(centre.as_coordinator(|tx| in_clear(tx, &keys, &[worker])).unwrap().is_empty());
}

#[test]
fn who_is_no_worker_has_no_account() {
    let (centre, (keys, _)) = (Centre::new(), keys());
    let refused = centre.as_worker(|tx| put(tx, &keys, &Banks::default(), &account())).unwrap_err();
    assert_eq!(refused.code(), Code::NotFound);
}

#[test]
fn a_replaced_key_opens_nothing_any_more_once_all_is_sealed_anew() {
    let (centre, (keys, text)) = (Centre::new(), keys());
    let worker = registered(&centre, centre.worker);
    centre.as_worker(|tx| put(tx, &keys, &Banks::default(), &account())).unwrap();
    let old = text.lock().unwrap().clone();
    let new = SealingKeys::new_line().unwrap();
    *text.lock().unwrap() = format!("{new}{old}");
    assert_eq!(centre.as_coordinator(|tx| reseal(tx, &keys)).unwrap(), 1);
    assert_eq!(centre.as_coordinator(|tx| reseal(tx, &keys)).unwrap(), 0);
    *text.lock().unwrap() = new;
    let masked = centre.as_worker(|tx| find_masked(tx, &keys, &Banks::default(), worker)).unwrap().unwrap();
    assert_eq!(
        (masked.last_digits.as_str(), masked.version),
        ("321", 1),
        "a new key is no change of the account"
    );
    *text.lock().unwrap() = old;
    let lost = centre.as_worker(|tx| find_masked(tx, &keys, &Banks::default(), worker)).unwrap_err();
    assert!(matches!(lost, BankAccountError::Sealing(SealingError::UnknownKey(_))), "{lost}");
}

#[test]
fn a_row_copied_to_somebody_else_does_not_open() {
    let (centre, (keys, _)) = (Centre::new(), keys());
    registered(&centre, centre.worker);
    let other = registered(&centre, centre.other);
    centre.as_worker(|tx| put(tx, &keys, &Banks::default(), &account())).unwrap();
    diesel::sql_query(
        "INSERT INTO bank_accounts (organization_id, worker_id, key_id, sealed, changed_at) \
         SELECT organization_id, $1, key_id, sealed, changed_at FROM bank_accounts",
    )
    .bind::<diesel::sql_types::BigInt, _>(other.0)
    .execute(&mut centre.db.owner())
    .unwrap();
    let seen = centre.as_coordinator(|tx| entered(tx, &[other])).unwrap();
    assert_eq!(seen.len(), 1, "that there is one is seen without opening it");
    let stolen = centre.as_other(|tx| in_clear(tx, &keys, &[other])).unwrap_err();
    assert!(matches!(stolen, BankAccountError::Sealing(SealingError::Damaged)), "{stolen}");
}
