//! Whoever leaves with work in hand, and requests that say too little: over the API, which says what is missing.

use serde_json::{Value, json};

use super::world::World;

/// The fields an answer refuses.
fn refused(answer: &Value) -> Vec<&str> {
    let errors = answer["errors"].as_array().map(Vec::as_slice).unwrap_or_default();
    errors.iter().filter_map(|one| one["field"].as_str()).collect()
}

#[test]
fn nobody_leaves_with_work_that_is_forgotten_and_no_order_grows_unasked() {
    let world = World::start("leaving");
    let token = world.token(&world.sign_in("coordinator").email, &["--write"]);
    let coordinator = world.guest();
    let get = |path: &str| coordinator.json("GET", path, Some(&token), "").read();
    let post = |path: &str, body: &Value| coordinator.json("POST", path, Some(&token), &body.to_string());

    let at_risk = |running: &Value| -> i64 {
        running["items"].as_array().unwrap().iter().map(|one| one["held_by_absent"].as_i64().unwrap()).sum()
    };
    let running = get("/api/v1/orders/running?limit=100");
    let before = at_risk(&running);
    let in_hand =
        running["items"].as_array().unwrap().iter().flat_map(|one| one["in_hand"].as_array().unwrap());
    let holders: Vec<i64> = in_hand.map(|one| one["person"].as_i64().unwrap()).collect();
    let workers = get("/api/v1/workers?state=active&limit=100");
    let busy = |one: &&Value| holders.contains(&one["person_id"].as_i64().unwrap());
    let busy: Vec<i64> = workers["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter(busy)
        .filter_map(|one| one["id"].as_i64())
        .collect();
    assert!(busy.len() > 1, "somebody works in the demo town");
    let leave = |worker: i64, more: Value| {
        let mut input = json!({ "kind": "withdrawn", "reason": "other" });
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        post(&format!("/api/v1/workers/{worker}/steps"), &input)
    };
    let silent = leave(busy[0], json!({}));
    assert_eq!((silent.status, refused(&silent.read())), (422, vec!["open_units"]));
    assert_eq!(leave(busy[0], json!({ "open_units": "give_back" })).status, 200);
    let after = at_risk(&get("/api/v1/orders/running?limit=100"));
    assert_eq!(after, before, "all of it went back");
    let left = get(&format!("/api/v1/workers/{}", busy[0]));
    assert_eq!((&left["state"], left["withdrawn_on"].is_string()), (&json!("withdrawn"), true));
    assert_eq!(leave(busy[1], json!({ "open_units": "finish" })).status, 200);
    assert!(at_risk(&get("/api/v1/orders/running?limit=100")) > before, "theirs to finish, and said so");

    let asks = |entry: &str| {
        let input = json!({ "family_name": "佐久", "given_name": "陽子", "entry": entry });
        post("/api/v1/workers", &input)
    };
    let unknown = asks("maybe");
    assert_eq!((unknown.status, refused(&unknown.read())), (422, vec!["entry"]));
    assert_eq!(asks("applied").read()["state"], "applicant", "an interview comes first");
    assert_eq!(asks("").read()["state"], "registered");

    // By due day: the last is the furthest ahead.
    let order = &running["items"].as_array().unwrap().last().unwrap()["order"];
    let of_deal = get(&format!("/api/v1/orders?deal={}", order["deal_id"]));
    assert_eq!((of_deal["items"].as_array().unwrap().len(), &of_deal["items"][0]["id"]), (1, &order["id"]));
    let job = |more: Value| {
        let mut input = json!({
            "title": "募集の試験", "rules": "見本のとおりに入力する。", "unit_minutes": 10, "unit_pay": 200,
            "work_due_on": order["due_on"], "pay_day": 25, "count": 2000,
        });
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        post(&format!("/api/v1/orders/{}/jobs", order["id"]), &input)
    };
    let unasked = job(json!({}));
    assert_eq!(
        (unasked.status, refused(&unasked.read())),
        (422, vec!["more_than_ordered"]),
        "{}",
        unasked.body
    );
    let asked = job(json!({ "more_than_ordered": "yes" }));
    assert_eq!(asked.status, 201, "{}", asked.body);
    world.stop();
}
