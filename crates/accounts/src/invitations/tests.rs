//! One-time links against a real database.

use std::sync::{Arc, Mutex};

use diesel::prelude::*;
use kernel::Scope;
use queue::{Registry, Runner};

use super::*;
use crate::persons::PersonInput;
use crate::schema::one_time_tokens as table;
use crate::sessions::SessionLimits;
use crate::sign_in::{Browser, SignInError};
use crate::testing::{Town, hash};

const OLD: &str = "kumo to yama to";
const NEW: &str = "umi to sora to";
const FIREFOX: Browser<'_> = Browser { user_agent: "Firefox", previous: None };

fn email(name: &str) -> EmailAddress {
    EmailAddress::parse(&format!("{name}@example.jp")).unwrap()
}

fn knows(town: &Town, name: &str, password: &str) -> bool {
    let challenge = town.run(|tx| sign_in::begin(tx, email(name).as_str(), "192.0.2.1")).unwrap();
    challenge.answer(password).is_ok()
}

fn live(town: &Town, secret: &OrgSecret, purpose: Purpose) -> bool {
    town.run(|tx| peek(tx, secret, purpose)).is_ok()
}

fn reset(town: &Town, key: &LinkKey, name: &str) -> OrgSecret {
    town.run(|tx| request_reset(tx, key, &email(name))).unwrap().unwrap().1
}

#[test]
fn an_invited_person_chooses_a_password_and_signs_in() {
    let (town, key) = (Town::new(), LinkKey::generate());
    let tanaka = town.person("tanaka", &["worker"]);
    let secret = town.run(|tx| invite(tx, &key, tanaka)).unwrap();
    let pending = town.run(|tx| peek(tx, &secret, Purpose::Invitation)).unwrap();
    assert_eq!((pending.person.id, pending.expires_at), (tanaka, town.now() + TimeDelta::days(7)));
    assert!(!pending.person.has_joined(), "whoever is only invited has said yes to nothing");
    assert_eq!(town.run(|tx| redeem(tx, &secret, Purpose::Invitation, &hash(NEW))).unwrap(), tanaka);
    assert!(knows(&town, "tanaka", NEW));
    assert!(town.run(|tx| persons::find(tx, tanaka)).unwrap().has_joined());
    assert!(town.heard::<crate::events::PasswordChanged>().is_empty(), "the first password replaces none");
}

#[test]
fn the_mailed_link_is_made_again_from_the_event_with_the_servers_key_alone() {
    let (town, key) = (Town::new(), LinkKey::generate());
    let (tanaka, sato) = (town.person("tanaka", &[]), town.member("sato", OLD));
    let invited = town.run(|tx| invite(tx, &key, tanaka)).unwrap();
    let forgotten = reset(&town, &key, "sato");
    let invitation = town.heard::<PersonInvited>().remove(0);
    assert_eq!((invitation.person, invitation.secret(&key)), (tanaka, invited.clone()));
    assert_ne!(invitation.secret(&LinkKey::generate()), invited);
    let json = serde_json::to_string(&invitation).unwrap();
    assert!(!json.contains(invited.text().split_once('.').unwrap().1), "{json}");

    town.pass(TimeDelta::minutes(3));
    let again = reset(&town, &key, "sato");
    let requested = town.heard::<PasswordResetRequested>();
    assert_eq!((requested[0].person, requested[0].secret(&key)), (sato, again));
    assert!(!live(&town, &forgotten, Purpose::PasswordReset), "only the newest link works");
    assert!(town.run(|tx| is_live(tx, requested[0].token)).unwrap());
}

#[test]
fn only_a_digest_is_stored() {
    let (town, key) = (Town::new(), LinkKey::generate());
    let tanaka = town.person("tanaka", &[]);
    let secret = town.run(|tx| invite(tx, &key, tanaka)).unwrap();
    let stored: Vec<Vec<u8>> = table::table.select(table::secret_hash).load(&mut town.db.owner()).unwrap();
    assert_eq!(stored, [secret.hash().to_vec()]);
}

#[test]
fn a_link_works_once() {
    let (town, key) = (Town::new(), LinkKey::generate());
    town.member("tanaka", OLD);
    let secret = reset(&town, &key, "tanaka");
    let used: usize = std::thread::scope(|threads| {
        let both: Vec<_> = (0..2)
            .map(|_| {
                threads
                    .spawn(|| town.run(|tx| redeem(tx, &secret, Purpose::PasswordReset, &hash(NEW))).is_ok())
            })
            .collect();
        both.into_iter().map(|thread| usize::from(thread.join().unwrap())).sum()
    });
    assert_eq!(used, 1);
    let again = town.run(|tx| redeem(tx, &secret, Purpose::PasswordReset, &hash(OLD))).unwrap_err();
    assert_eq!(again.code(), Code::LinkGone);
    assert!(knows(&town, "tanaka", NEW));
}

#[test]
fn opening_a_link_a_hundred_times_changes_nothing() {
    let (town, key) = (Town::new(), LinkKey::generate());
    town.member("tanaka", OLD);
    let secret = reset(&town, &key, "tanaka");
    for _scanner in 0..100 {
        assert!(live(&town, &secret, Purpose::PasswordReset));
    }
    assert!(knows(&town, "tanaka", OLD));
}

#[test]
fn links_end_with_their_time_their_purpose_and_their_town() {
    let (town, key) = (Town::new(), LinkKey::generate());
    let tanaka = town.person("tanaka", &[]);
    town.member("sato", OLD);
    let (invitation, forgotten) =
        (town.run(|tx| invite(tx, &key, tanaka)).unwrap(), reset(&town, &key, "sato"));
    assert!(
        !live(&town, &invitation, Purpose::PasswordReset) && !live(&town, &forgotten, Purpose::Invitation)
    );
    let other = Scope::system(town.db.town("shiojiri"));
    let elsewhere = town.db.app.run_blocking(other, |tx| peek(tx, &invitation, Purpose::Invitation));
    assert_eq!(elsewhere.unwrap_err().code(), Code::LinkGone);
    town.pass(TimeDelta::minutes(60));
    assert!(
        !live(&town, &forgotten, Purpose::PasswordReset) && live(&town, &invitation, Purpose::Invitation)
    );
    town.pass(TimeDelta::days(7) - TimeDelta::minutes(60));
    let late = town.run(|tx| redeem(tx, &invitation, Purpose::Invitation, &hash(NEW))).unwrap_err();
    assert_eq!(late.code(), Code::LinkGone);
    town.pass(TimeDelta::days(30) + TimeDelta::seconds(1));
    assert_eq!(town.run(sweep).unwrap(), 2);
}

#[test]
fn a_reset_shuts_out_whoever_knew_the_old_password() {
    let (town, key) = (Town::new(), LinkKey::generate());
    let tanaka = town.member("tanaka", OLD);
    let thief =
        town.run(|tx| sign_in::begin(tx, "tanaka@example.jp", "198.51.100.7")).unwrap().answer(OLD).unwrap();
    let session = town.run(|tx| sessions::open(tx, tanaka, "Firefox", &SessionLimits::default())).unwrap();
    let input = api_tokens::TokenInput { name: "theirs".into(), access: "write".into(), days: "30".into() };
    let (_, token) = town.run(|tx| api_tokens::create(tx, tanaka, &input)).unwrap();
    let secret = reset(&town, &key, "tanaka");
    for _guess in 0..4 {
        let guessed = town.run(|tx| sign_in::begin(tx, "tanaka@example.jp", "198.51.100.7"));
        drop(guessed.and_then(|challenge| challenge.answer("a wrong guess")));
    }
    town.run(|tx| redeem(tx, &secret, Purpose::PasswordReset, &hash(NEW))).unwrap();
    let signed_in = town.run(|tx| sessions::authenticate(tx, &session.secret, &SessionLimits::default()));
    assert_eq!(signed_in.unwrap(), None);
    assert!(town.run(|tx| api_tokens::authenticate(tx, &token)).unwrap().is_none());
    let late: Result<_, SignInError> =
        town.run(|tx| sign_in::finish(tx, thief, FIREFOX, &SessionLimits::default()));
    assert_eq!(late.unwrap_err().code(), Code::BadCredentials);
    assert!(!knows(&town, "tanaka", OLD) && knows(&town, "tanaka", NEW), "and nobody has to wait");
    assert_eq!(town.heard::<crate::events::PasswordChanged>().len(), 1);
}

#[test]
fn who_cannot_be_invited_is_said_why() {
    let (town, key) = (Town::new(), LinkKey::generate());
    let code = |person| town.run(|tx| invite(tx, &key, person)).unwrap_err().code();
    let input = PersonInput { family_name: "田中".into(), ..PersonInput::default() };
    let nowhere = town.run(|tx| persons::add(tx, &input)).unwrap().id;
    let gone = town.person("gone", &[]);
    town.run(|tx| persons::disable(tx, gone)).unwrap();
    let there = town.member("there", OLD);
    assert_eq!([code(nowhere), code(gone), code(there)], [Code::Invalid, Code::Conflict, Code::Conflict]);
    assert_eq!(code(PersonId(999_999)), Code::NotFound);
}

#[test]
fn disabling_and_a_new_mail_address_void_the_links_on_their_way() {
    let (town, key) = (Town::new(), LinkKey::generate());
    let (tanaka, sato) = (town.person("tanaka", &[]), town.person("sato", &[]));
    let links = [tanaka, sato].map(|person| town.run(|tx| invite(tx, &key, person)).unwrap());
    town.run(|tx| persons::disable(tx, tanaka)).unwrap();
    let moved = PersonInput {
        family_name: "佐藤".into(),
        email: "sato@example.com".into(),
        ..PersonInput::default()
    };
    town.run(|tx| persons::correct(tx, sato, 1, &moved)).unwrap();
    assert!(links.iter().all(|link| !live(&town, link, Purpose::Invitation)));
}

#[test]
fn asking_for_a_reset_looks_the_same_for_everybody_and_only_members_get_mail() {
    let (town, key) = (Town::new(), LinkKey::generate());
    let tanaka = town.member("tanaka", OLD);
    for name in ["tanaka", "unknown", "tanaka"] {
        town.run(|tx| ask_reset(tx, &email(name), "192.0.2.1")).unwrap();
    }
    let made: Arc<Mutex<Vec<PersonId>>> = Arc::default();
    let mut registry = Registry::new();
    let (ear, handler_key) = (made.clone(), key.clone());
    registry.in_transaction(move |tx: &mut Tx<'_>, _attempt, task: ResetAsked| {
        ear.lock().unwrap().extend(request_reset(tx, &handler_key, &task.email)?.map(|(person, _)| person));
        Ok(())
    });
    Runner::new(town.db.app.clone(), town.db.queue.clone(), registry).run_all().unwrap();
    assert_eq!(*made.lock().unwrap(), [tanaka], "twice within two minutes is once");
}

#[test]
fn asking_for_resets_from_one_address_is_slowed() {
    let town = Town::new();
    let asked = |name: &str| town.run(|tx| ask_reset(tx, &email(name), "198.51.100.7"));
    for number in 0..21 {
        asked(&format!("p{number}")).unwrap();
    }
    assert_eq!(asked("p21").unwrap_err().code(), Code::TooManyTries);
}
