//! Signing in against a real database, by people and by those who guess.

use std::collections::HashSet;

use chrono::TimeDelta;

use super::*;
use crate::passwords::computed_by;
use crate::persons;
use crate::testing::{Town, hash};

const PASSWORD: &str = "kumo to yama to";
const HERE: &str = "192.0.2.1";
const FIREFOX: Browser<'_> = Browser { user_agent: "Firefox", previous: None };

fn prove(town: &Town, email: &str, password: &str, address: &str) -> Result<Proof, SignInError> {
    town.run(|tx| begin(tx, email, address))?.answer(password)
}

fn sign_in(town: &Town, email: &str, password: &str, address: &str) -> Result<NewSession, SignInError> {
    let proof = prove(town, email, password, address)?;
    town.run(|tx| finish(tx, proof, FIREFOX, &SessionLimits::default()))
}

fn alive(town: &Town, secret: &OrgSecret) -> bool {
    town.run(|tx| sessions::authenticate(tx, secret, &SessionLimits::default())).unwrap().is_some()
}

#[test]
fn mail_address_in_any_spelling_and_password_open_a_session() {
    let town = Town::new();
    let tanaka = town.member("tanaka", PASSWORD);
    for email in ["tanaka@example.jp", " TANAKA@Example.JP ", "ｔａｎａｋａ＠example.jp"] {
        let session = sign_in(&town, email, PASSWORD, HERE).unwrap();
        assert_eq!(session.person, tanaka);
        assert!(alive(&town, &session.secret));
    }
}

#[test]
fn each_sign_in_has_its_own_secret() {
    let town = Town::new();
    town.member("tanaka", PASSWORD);
    let planted = OrgSecret::generate(town.id);
    let first = {
        let proof = prove(&town, "tanaka@example.jp", PASSWORD, HERE).unwrap();
        let browser = Browser { user_agent: "Firefox", previous: Some(&planted) };
        town.run(|tx| finish(tx, proof, browser, &SessionLimits::default())).unwrap()
    };
    assert!(!alive(&town, &planted), "a secret the browser brought along is never taken over");
    let proof = prove(&town, "tanaka@example.jp", PASSWORD, HERE).unwrap();
    let browser = Browser { user_agent: "Firefox", previous: Some(&first.secret) };
    let second = town.run(|tx| finish(tx, proof, browser, &SessionLimits::default())).unwrap();
    assert_ne!(first.secret, second.secret);
    assert!(!alive(&town, &first.secret) && alive(&town, &second.secret));
}

#[test]
fn nobody_learns_which_accounts_exist() {
    let town = Town::new();
    town.member("known", PASSWORD);
    let disabled = town.member("disabled", PASSWORD);
    town.run(|tx| persons::disable(tx, disabled)).unwrap();
    town.person("invited", &["sales"]);
    let answers = |email: &str| -> Vec<String> {
        (0..6)
            .map(|_| {
                let (answer, hashes) = computed_by(|| prove(&town, email, "not the password", email));
                let error = answer.unwrap_err();
                format!("{} {error:?} after {hashes}", error.code())
            })
            .collect()
    };
    let wrong = answers("known@example.jp");
    assert_eq!(wrong[0], "bad-credentials BadCredentials { retry_after: 0ns } after 1");
    assert_eq!(wrong[3], "bad-credentials BadCredentials { retry_after: 1s } after 1");
    assert_eq!(wrong[4], "too-many-tries TooManyTries { retry_after: 1s } after 0");
    for email in ["disabled@example.jp", "invited@example.jp", "unknown@example.jp", "no address", ""] {
        assert_eq!(answers(email), wrong, "{email}");
    }
}

#[test]
fn the_right_password_of_a_disabled_person_opens_nothing() {
    let town = Town::new();
    let tanaka = town.member("tanaka", PASSWORD);
    let proof = prove(&town, "tanaka@example.jp", PASSWORD, HERE).unwrap();
    town.run(|tx| persons::disable(tx, tanaka)).unwrap();
    let late = town.run(|tx| finish(tx, proof, FIREFOX, &SessionLimits::default())).unwrap_err();
    assert_eq!(late.code(), Code::BadCredentials);
    assert_eq!(sign_in(&town, "tanaka@example.jp", PASSWORD, HERE).unwrap_err().code(), Code::BadCredentials);
}

#[test]
fn a_password_replaced_in_between_opens_nothing() {
    let town = Town::new();
    let tanaka = town.member("tanaka", PASSWORD);
    let proof = prove(&town, "tanaka@example.jp", PASSWORD, HERE).unwrap();
    town.run(|tx| persons::set_password(tx, tanaka, &hash("umi to sora to"))).unwrap();
    let late = town.run(|tx| finish(tx, proof, FIREFOX, &SessionLimits::default())).unwrap_err();
    assert_eq!(late.code(), Code::BadCredentials);
}

#[test]
fn failures_count_even_if_the_caller_never_comes_back() {
    let town = Town::new();
    town.member("tanaka", PASSWORD);
    for _abandoned in 0..4 {
        drop(town.run(|tx| begin(tx, "tanaka@example.jp", HERE)).unwrap());
    }
    let early = sign_in(&town, "tanaka@example.jp", PASSWORD, HERE).unwrap_err();
    assert_eq!(early.code(), Code::TooManyTries);
}

#[test]
fn the_owner_gets_in_after_the_wait_and_the_count_starts_anew() {
    let town = Town::new();
    town.member("tanaka", PASSWORD);
    let mut waited = TimeDelta::zero();
    for _guess in 0..14 {
        loop {
            match prove(&town, "tanaka@example.jp", "a wrong guess", "198.51.100.7") {
                Err(SignInError::TooManyTries { retry_after }) => {
                    assert!(retry_after.as_secs() <= 900);
                    waited += TimeDelta::from_std(retry_after).unwrap();
                    town.pass(TimeDelta::from_std(retry_after).unwrap());
                }
                other => break drop(other.unwrap_err()),
            }
        }
    }
    assert_eq!(waited.num_seconds(), 1023, "1 + 2 + … + 512 s for fourteen guesses");
    assert_eq!(sign_in(&town, "tanaka@example.jp", PASSWORD, HERE).unwrap_err().code(), Code::TooManyTries);
    town.pass(TimeDelta::minutes(15));
    sign_in(&town, "tanaka@example.jp", PASSWORD, HERE).unwrap();
    for _free in 0..3 {
        let wrong = sign_in(&town, "tanaka@example.jp", "a wrong guess", HERE).unwrap_err();
        assert_eq!(wrong.code(), Code::BadCredentials);
    }
    sign_in(&town, "tanaka@example.jp", PASSWORD, HERE).unwrap();
}

#[test]
fn spraying_many_accounts_from_one_address_is_slowed_and_others_are_not() {
    let town = Town::new();
    town.member("tanaka", PASSWORD);
    let mut codes = Vec::new();
    for account in 0..25 {
        let error =
            prove(&town, &format!("p{account}@example.jp"), "a wrong guess", "198.51.100.7").unwrap_err();
        codes.push(error.code());
    }
    assert_eq!(codes.iter().filter(|code| **code == Code::TooManyTries).count(), 4);
    assert_eq!(
        sign_in(&town, "tanaka@example.jp", PASSWORD, "198.51.100.7").unwrap_err().code(),
        Code::TooManyTries
    );
    sign_in(&town, "tanaka@example.jp", PASSWORD, HERE).unwrap();
}

#[test]
fn an_office_behind_one_address_signs_in_all_morning() {
    let town = Town::new();
    town.member("tanaka", PASSWORD);
    for _person in 0..60 {
        sign_in(&town, "tanaka@example.jp", PASSWORD, HERE).unwrap();
    }
}

#[test]
fn a_person_of_another_town_is_unknown_here() {
    let town = Town::new();
    town.member("tanaka", PASSWORD);
    let other = town.db.town("shiojiri");
    let challenge = town
        .db
        .app
        .run_blocking(kernel::Scope::system(other), |tx| begin(tx, "tanaka@example.jp", HERE))
        .unwrap();
    assert_eq!(challenge.answer(PASSWORD).unwrap_err().code(), Code::BadCredentials);
}

#[test]
fn a_changed_password_ends_every_other_session_and_is_a_fact() {
    let town = Town::new();
    let tanaka = town.member("tanaka", PASSWORD);
    let here = sign_in(&town, "tanaka@example.jp", PASSWORD, HERE).unwrap();
    let there = sign_in(&town, "tanaka@example.jp", PASSWORD, HERE).unwrap();
    let wrong = town.run(|tx| begin_again(tx, tanaka, HERE)).unwrap().answer("a wrong guess").unwrap_err();
    assert_eq!(wrong.code(), Code::BadCredentials);
    let proof = town.run(|tx| begin_again(tx, tanaka, HERE)).unwrap().answer(PASSWORD).unwrap();
    assert_eq!(proof.person(), tanaka);
    let new = hash("umi to sora to");
    town.run(|tx| change_password(tx, proof, &new, here.session, TokensThen::Keep)).unwrap();
    assert!(alive(&town, &here.secret) && !alive(&town, &there.secret));
    sign_in(&town, "tanaka@example.jp", PASSWORD, HERE).unwrap_err();
    sign_in(&town, "tanaka@example.jp", "umi to sora to", HERE).unwrap();
    let facts: Vec<PasswordChanged> = town.heard();
    assert_eq!(facts.iter().map(|fact| fact.person).collect::<Vec<_>>(), [tanaka]);
}

#[test]
fn api_tokens_end_with_the_old_password_unless_they_are_kept() {
    let town = Town::new();
    let tanaka = town.member("tanaka", PASSWORD);
    let here = sign_in(&town, "tanaka@example.jp", PASSWORD, HERE).unwrap();
    let input = api_tokens::TokenInput { name: "x".into(), access: "write".into(), days: "30".into() };
    let (_, token) = town.run(|tx| api_tokens::create(tx, tanaka, &input)).unwrap();
    let works = || town.run(|tx| api_tokens::authenticate(tx, &token)).unwrap().is_some();
    let changed = |from: &str, to: &str, tokens| {
        let proof = town.run(|tx| begin_again(tx, tanaka, HERE)).unwrap().answer(from).unwrap();
        town.run(|tx| change_password(tx, proof, &hash(to), here.session, tokens)).unwrap()
    };
    assert_eq!(changed(PASSWORD, "umi to sora to", TokensThen::Keep), 0);
    assert!(works());
    assert_eq!(changed("umi to sora to", PASSWORD, TokensThen::Revoke), 1);
    assert!(!works());
}

#[test]
fn neither_debug_nor_errors_show_what_was_kept_or_typed() {
    let town = Town::new();
    town.member("tanaka", PASSWORD);
    let challenge = town.run(|tx| begin(tx, "tanaka@example.jp", HERE)).unwrap();
    let shown = format!("{challenge:?}");
    let error = challenge.answer("typed-by-mistake").unwrap_err();
    let shown: HashSet<&str> = ["argon2id$", "typed", "tanaka"]
        .into_iter()
        .filter(|text| format!("{shown}{error:?}{error}").contains(text))
        .collect();
    assert!(shown.is_empty(), "{shown:?}");
}
