//! What programs ask and mistype: they are told so in their own format, and never get another list than they asked for.

use serde_json::Value;

use web::ROUTES;

use super::super::matrix::filled;
use super::super::world::World;

#[test]
fn what_no_list_knows_is_refused_by_name() {
    let world = World::shared();
    let token = world.token(&world.sign_in("coordinator").email, &[]);
    let guest = world.guest();
    let asks = |query: &str| guest.json("GET", &format!("/api/v1/orders?{query}"), Some(&token), "");
    for query in ["", "limit=100", "state=running", "state=", "state=draft&limit=1&after="] {
        assert_eq!(asks(query).status, 200, "{query}: {}", asks(query).body);
    }
    for (query, field, named) in [
        ("limit=-1", "limit", "100"),
        ("limit=abc", "limit", "100"),
        ("limit=101", "limit", "100"),
        ("state=late", "state", "running"),
        ("stat=running", "stat", "state"),
        ("page=2", "page", "after"),
    ] {
        let answer = asks(query);
        assert_eq!((answer.status, answer.code().as_str()), (400, "bad-query"), "{query}: {}", answer.body);
        let problem: Value = serde_json::from_str(&answer.body).unwrap();
        let error = &problem["errors"][0];
        assert_eq!(error["field"], field, "{query}");
        assert!(error["detail"].as_str().unwrap().contains(named), "{query}: {}", answer.body);
    }
}

#[test]
fn an_address_that_is_none_is_answered_as_a_problem() {
    let world = World::shared();
    let guest = world.guest();
    for path in ["/api/v1/nowhere", "/api/v1/orders/1/nowhere", "/api/v9/orders"] {
        let answer = guest.json("GET", path, None, "");
        let told = (answer.status, answer.code());
        assert_eq!(told, (404, "not-found".to_owned()), "{path}: {}", answer.body);
    }
    assert!(guest.get("/nowhere").body.contains("<!doctype html>"), "people get a page");
}

#[test]
fn a_change_by_cookie_without_a_token_is_refused_in_words_for_programs() {
    let person = World::shared().signed_in("sales");
    let headers = [("content-type", "application/json"), ("accept-language", "en")];
    let answer = person.send("POST", "/api/v1/todos", &headers, "{}");
    assert_eq!((answer.status, answer.code().as_str()), (403, "bad-form-token"), "{}", answer.body);
    assert!(answer.body.contains("Bearer") && !answer.body.contains("前の画面"), "{}", answer.body);
}

#[test]
fn a_cursor_that_no_list_wrote_is_refused() {
    let world = World::shared();
    let token = world.token(&world.sign_in("sales").email, &[]);
    let guest = world.guest();
    // Not base64, base64 of no JSON, another list's key, and one that holds a NUL.
    for after in ["!!", "zzz", "MQ", "WyJcdTAwMDAiLDBd"] {
        for path in ["companies", "contacts", "registry", "board/1"] {
            let answer = guest.json("GET", &format!("/api/v1/{path}?after={after}"), Some(&token), "");
            let told = (answer.status, answer.code());
            assert_eq!(told, (400, "bad-query".to_owned()), "{path} {after}: {}", answer.body);
            assert_eq!(answer.read()["errors"][0]["field"], "after", "{path}");
        }
    }
}

/// PostgreSQL takes no NUL, so that one in an address, a query, a form or a body must never come to it.
#[test]
fn a_nul_is_nowhere_our_fault() {
    let world = World::shared();
    let (guest, sales, admin) = (world.guest(), world.signed_in("sales"), world.signed_in("admin"));
    let typed = "q=a%00b&name=%00&email=%00&phone=%00&state=%00&since=%00&after=WyJcdTAwMDAiLDBd";
    for route in ROUTES.iter().filter(|route| route.method == "GET") {
        let path = format!("{}?{typed}", filled(route.path));
        for person in [&sales, &admin] {
            let answer = person.get(&path);
            assert!(answer.status < 500, "{path}: {} {}", answer.status, answer.body);
        }
    }
    for path in ["/search?q=%00", "/companies?q=%00", "/contacts?q=a%00b", "/registry?q=%00"] {
        assert_eq!(sales.get(path).status, 200, "{path}");
    }
    let token = world.token(&world.sign_in("sales").email, &["--write"]);
    for path in ["companies?q=%00", "contacts?q=%00", "registry?q=%00", "companies/look-alikes?name=%00"] {
        let answer = guest.json("GET", &format!("/api/v1/{path}"), Some(&token), "");
        assert_eq!((answer.status, answer.code().as_str()), (400, "bad-query"), "{path}: {}", answer.body);
    }
    let refused = guest.json("POST", "/api/v1/companies", Some(&token), r#"{"name": "a\u0000b"}"#);
    assert_eq!(
        (refused.status, &refused.read()["errors"][0]["field"]),
        (422, &"name".into()),
        "{}",
        refused.body
    );
    for door in ["/t/demo/sign-in", "/t/demo/forgot"] {
        let csrf = guest.get(door).csrf();
        let answer =
            guest.post(door, &[("csrf", &*csrf), ("email", "a\0b@example.jp"), ("password", "x\0y")]);
        assert_eq!(answer.status / 100, 4, "{door}: {} {}", answer.status, answer.body);
    }
}
