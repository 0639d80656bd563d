//! Requests that come twice (`Idempotency-Key`) and edits of what somebody else changed first (`If-Match`).

use std::sync::Barrier;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use super::world::{Answer, World};

/// How many companies of this name really stand in the table.
fn companies_named(name: &str) -> i64 {
    #[derive(QueryableByName)]
    struct Count {
        #[diesel(sql_type = BigInt)]
        count: i64,
    }
    let count: Count = diesel::sql_query("SELECT count(*) AS count FROM companies WHERE name = $1")
        .bind::<Text, _>(name)
        .get_result(&mut World::shared().owner())
        .unwrap();
    count.count
}

fn enter(token: &str, key: &str, name: &str) -> Answer {
    let bearer = format!("Bearer {token}");
    let headers =
        [("content-type", "application/json"), ("authorization", &*bearer), ("idempotency-key", key)];
    let body = serde_json::json!({ "name": name }).to_string();
    World::shared().guest().send("POST", "/api/v1/companies", &headers, &body)
}

fn token_of(part: &str) -> String {
    let world = World::shared();
    world.token(&world.sign_in(part).email, &["--write"])
}

#[test]
fn a_repeated_request_gets_the_first_answer_and_does_nothing() {
    let token = token_of("sales");
    let first = enter(&token, "repeat-1", "有限会社くりかえし");
    assert_eq!(first.status, 201, "{}", first.body);
    let again = enter(&token, "repeat-1", "有限会社くりかえし");
    assert_eq!((again.status, &again.body), (201, &first.body));
    assert_eq!(companies_named("有限会社くりかえし"), 1);
    let other = enter(&token, "repeat-1", "有限会社べつのもの");
    assert_eq!((other.status, other.code().as_str()), (422, "idempotency-key-reused"));
    assert_eq!(companies_named("有限会社べつのもの"), 0);
}

#[test]
fn a_key_belongs_to_the_person_who_sent_it() {
    let (first, second) = (token_of("sales"), token_of("admin"));
    let ours = enter(&first, "same-key", "合同会社こちら");
    let theirs = enter(&second, "same-key", "合同会社あちら");
    assert_eq!((ours.status, theirs.status), (201, 201), "{}", theirs.body);
    assert_eq!(enter(&second, "same-key", "合同会社あちら").body, theirs.body);
    assert_eq!((companies_named("合同会社こちら"), companies_named("合同会社あちら")), (1, 1));
}

#[test]
fn two_at_once_are_one() {
    let token = token_of("sales");
    let start = Barrier::new(2);
    let send = || {
        start.wait();
        enter(&token, "at-once", "株式会社どうじ")
    };
    let (one, other) = std::thread::scope(|scope| {
        let first = scope.spawn(send);
        let second = scope.spawn(send);
        (first.join().unwrap(), second.join().unwrap())
    });
    assert_eq!((one.status, other.status), (201, 201), "{} {}", one.body, other.body);
    assert_eq!(one.body, other.body);
    assert_eq!(companies_named("株式会社どうじ"), 1);
}

#[test]
fn an_upload_repeated_in_another_form_is_the_same_file() {
    let (guest, token) = (World::shared().guest(), token_of("worker"));
    let first = guest.upload(&token, "upload-1", "edge-one", "本文\n");
    assert_eq!(first.status, 201, "{}", first.body);
    let again = guest.upload(&token, "upload-1", "edge-two", "本文\n");
    assert_eq!((again.status, &again.body), (201, &first.body));
    let other = guest.upload(&token, "upload-1", "edge-one", "別の本文\n");
    assert_eq!((other.status, other.code().as_str()), (422, "idempotency-key-reused"));
    let unkeyed = guest.upload(&token, "upload-2", "edge-one", "本文\n");
    assert_ne!(unkeyed.id(), first.id());
}

#[test]
fn an_edit_names_the_version_it_was_based_on() {
    let (guest, token) = (World::shared().guest(), token_of("sales"));
    let made = enter(&token, "edit-1", "株式会社ばんごう");
    let path = format!("/api/v1/companies/{}", made.id());
    let bearer = format!("Bearer {token}");
    let edit = |tag: Option<&str>| {
        let mut headers = vec![("content-type", "application/json"), ("authorization", &*bearer)];
        headers.extend(tag.map(|tag| ("if-match", tag)));
        guest.send("PUT", &path, &headers, r#"{ "name": "株式会社ばんごう", "note": "変更" }"#)
    };
    let missing = edit(None);
    assert_eq!((missing.status, missing.code().as_str()), (428, "version-missing"));
    let read = guest.json("GET", &path, Some(&token), "");
    let tag = read.headers["etag"].to_str().unwrap().to_owned();
    let changed = edit(Some(&tag));
    assert_eq!(changed.status, 200, "{}", changed.body);
    let stale = edit(Some(&tag));
    assert_eq!((stale.status, stale.code().as_str()), (412, "stale"));
    let fresh = changed.headers["etag"].to_str().unwrap();
    assert_ne!(fresh, tag);
    assert_eq!(edit(Some(fresh)).status, 200);
}

#[test]
fn a_form_pressed_twice_makes_one_thing_and_another_content_another() {
    let sales = World::shared().signed_in("sales");
    let page = sales.get("/companies/new");
    let (csrf, key) = (page.csrf(), page.value_of("form_key"));
    let press = |name: &str| {
        let fields = [("csrf", csrf.as_str()), ("form_key", key.as_str()), ("name", name)];
        let answer = sales.post("/companies", &fields);
        assert_eq!(answer.status, 303, "{}", answer.body);
        answer.location
    };
    let first = press("有限会社ふたたび");
    assert_eq!(press("有限会社ふたたび"), first, "the second press leads to what the first one made");
    assert_eq!(companies_named("有限会社ふたたび"), 1);
    assert_ne!(
        press("有限会社もどって"),
        first,
        "who goes back and types another name enters another company"
    );
    let next = sales.get("/companies/new").value_of("form_key");
    assert_ne!(next, key, "each showing of a form has a key of its own");
}
