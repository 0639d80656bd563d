//! Giving many units back in two taps, over the pages and the API, and the same again of work whose units were rows.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::rules::{claimed, offered_job, read};
use super::world::{Person, World, a_moment};

/// A worker promises three units of a job at once.
fn claims_three(worker: &Person, job: &str) {
    let page = worker.get(&format!("/offers/{job}?count=3"));
    let [key, sha256, language] = ["form_key", "terms_sha256", "language"].map(|name| page.value_of(name));
    let fields = [
        ("form_key", &*key),
        ("terms_count", "3"),
        ("terms_sha256", &*sha256),
        ("language", &*language),
        ("count", "3"),
        ("accept", "yes"),
    ];
    worker.submit(&format!("/offers/{job}"), &format!("/offers/{job}/claim"), &fields);
}

#[test]
fn all_of_a_job_that_nothing_was_handed_in_of_goes_back_in_two_taps() {
    let world = World::start("handing-back");
    let [coordinator, worker] = ["coordinator", "worker5"].map(|part| world.signed_in(part));
    let job = offered_job(&coordinator);
    let token = world.token(&world.sign_in("worker5").email, &["--write"]);
    let held = || -> Vec<i64> {
        let mine = worker.json("GET", "/api/v1/my-units?limit=100", Some(&token), "").read();
        let wanted: i64 = job.parse().unwrap();
        let of_job = mine["items"].as_array().unwrap().iter().filter(|one| one["job"] == wanted);
        of_job.map(|one| one["unit"].as_i64().unwrap()).collect()
    };
    assert!(!read(&worker, &format!("/offers/{job}")).contains("もう 1件引き受けています"));
    claimed(&worker, &job);
    let offer = read(&worker, &format!("/offers/{job}"));
    assert!(
        offer.contains("この仕事は、もう 1件引き受けています"),
        "another press takes another one: {offer}"
    );
    let first = format!("/my-units/{}/hand-back", held()[0]);
    worker.submit(&first, &first, &[]);

    claims_three(&worker, &job);
    assert_eq!(held().len(), 3);
    let page = format!("/my-units/{}/hand-back", held()[0]);
    let asked = read(&worker, &page);
    assert!(asked.contains("3件を全部返す") && !asked.contains("もう始めています"), "{asked}");
    worker.submit(&page, &page, &[("all", "yes")]);
    assert_eq!(held(), [0; 0], "all three went back with the second tap");

    claims_three(&worker, &job);
    let [first, second] = [held()[0], held()[1]];
    worker.submit(&format!("/my-units/{second}"), &format!("/my-units/{second}/start"), &[]);
    let asked = read(&worker, &format!("/my-units/{first}/hand-back"));
    assert!(asked.contains("ほかの作業のうち 1件は、もう始めています"), "{asked}");
    let path = format!("/api/v1/my-units/{first}/hand-back");
    let back = worker.json("POST", &path, Some(&token), r#"{ "all": "yes" }"#).read();
    assert_eq!(back["state"], "offered", "{back}");
    assert_eq!(held(), [0; 0]);
    let history = read(&coordinator, &format!("/units/{second}"));
    let history = history.split("id=\"history\"").nth(1).unwrap();
    assert_eq!(history.matches("返却").count(), 2, "it was given back twice: {history}");

    worker.submit("/my-hours", "/my-hours/off-today", &[]);
    let offers = read(&worker, "/offers");
    assert!(offers.contains("今日はお休みなので、新しいお知らせはしません"), "{offers}");
    world.stop();
}

/// The order that repeats another, entered over the API, as soon as it is there.
fn again(coordinator: &Person, token: &str, order: &str, on: &str) -> i64 {
    let input = json!({ "deliver_on": on }).to_string();
    let path = format!("/api/v1/orders/{order}/again");
    let deal = coordinator.json("POST", &path, Some(token), &input).read()["id"].clone();
    let until = Instant::now() + Duration::from_secs(20);
    loop {
        let orders = coordinator.json("GET", "/api/v1/orders?limit=100", Some(token), "").read();
        let opened = orders["items"].as_array().unwrap().iter().find(|one| one["deal_id"] == deal);
        if let Some(id) = opened.and_then(|one| one["id"].as_i64()) {
            return id;
        }
        assert!(Instant::now() < until, "no order was opened for deal {deal}");
        a_moment();
    }
}

fn jobs_of(coordinator: &Person, token: &str, order: i64) -> Vec<Value> {
    let path = format!("/api/v1/orders/{order}/jobs");
    coordinator.json("GET", &path, Some(token), "").read()["items"].as_array().unwrap().clone()
}

#[test]
fn the_same_again_of_rows_is_offered_once_it_has_rows() {
    let world = World::start("again-of-rows");
    let coordinator = world.signed_in("coordinator");
    let token = world.token(&world.sign_in("coordinator").email, &["--write"]);
    let counted: i64 = offered_job(&coordinator).parse().unwrap();
    let job = coordinator.json("GET", &format!("/api/v1/jobs/{counted}"), Some(&token), "").read();
    let before = job["order_id"].to_string();
    let due = job["work_due_on"].as_str().unwrap();
    let rows = json!({
        "title": "行の試験", "rules": "見本のとおり", "unit_minutes": 10, "unit_pay": 200, "work_due_on": due,
        "csv": "甲,1\n乙,2\n", "more_than_ordered": "yes"
    });
    let path = format!("/api/v1/orders/{before}/jobs");
    let made = coordinator.json("POST", &path, Some(&token), &rows.to_string());
    assert_eq!(made.status, 201, "{}", made.body);

    let order = again(&coordinator, &token, &before, due);
    // Whatever the order before was: re-entrusted work asks for more before it is offered.
    let own = format!("/api/v1/orders/{order}/re-entrusted");
    assert_eq!(coordinator.json("PUT", &own, Some(&token), r#"{"re_entrusted":""}"#).status, 200);
    let named = |jobs: &[Value]| {
        let found = jobs
            .iter()
            .find(|one| one["job"]["title"] == "行の試験" && one["progress"]["draft"].as_i64().unwrap() > 0);
        found.unwrap()["job"].clone()
    };
    let empty = named(&jobs_of(&coordinator, &token, order));
    assert_eq!(empty["lacks_material"], true, "{empty}");
    let here = format!("/jobs/{}", empty["id"]);
    let page = read(&coordinator, &here);
    assert!(page.contains("素材がまだありません") && page.contains("素材を入れる"), "{page}");
    let page = coordinator.get(&here);
    let refused = coordinator.post(&format!("{here}/offer"), &[("csrf", &page.csrf())]);
    assert_eq!(refused.status, 409, "{}", refused.body);
    assert!(refused.body.contains("単位作業の素材がまだありません"), "{}", refused.body);
    assert!(read(&coordinator, &format!("/orders/{order}")).contains("in_place_of"), "the order leads there");

    let form = format!("/orders/{order}/jobs/new?in_place_of={}", empty["id"]);
    let page = coordinator.get(&form);
    assert!(page.body.contains("の代わりになる業務です"), "{}", page.body);
    let kept = ["csrf", "form_key", "title", "unit_minutes", "unit_pay", "work_due_on", "in_place_of"];
    let values = kept.map(|name| page.value_of(name));
    assert_eq!((values[2].as_str(), values[3].as_str()), ("行の試験", "10"), "what was known is there");
    let mut fields: Vec<(&str, &str)> = kept.into_iter().zip(values.iter().map(String::as_str)).collect();
    fields.extend([("rules", "見本のとおり"), ("csv", "丙,3\n丁,4\n戊,5\n"), ("offer_rule", "first_come")]);
    let shown = coordinator.post(&format!("/orders/{order}/jobs"), &fields);
    assert!(shown.body.contains("丁") && shown.body.contains("in_place_of"), "{}", shown.body);
    fields.push(("step", "split"));
    let made = coordinator.post(&format!("/orders/{order}/jobs"), &fields);
    assert_eq!(made.status, 303, "{}", made.body);
    let given = named(&jobs_of(&coordinator, &token, order));
    assert_eq!((&given["lacks_material"], given["id"] == empty["id"]), (&json!(false), false), "{given}");
    coordinator.submit(&made.location, &format!("{}/offer", made.location), &[]);
    assert!(read(&coordinator, &here).contains("この業務は取り消されました"), "the other job is called off");
    world.stop();
}
