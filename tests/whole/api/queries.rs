//! What programs ask and mistype: they are told so in their own format, and never get another list than they asked for.

use serde_json::Value;

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
