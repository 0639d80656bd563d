//! Splitting and inviting, over the pages: more than was ordered is asked about, and nobody is invited while the written terms
//! would lack an item.

use serde_json::{Value, json};

use super::languages::rare_moments_of_a_worker;
use super::rules::read;
use super::world::{Answer, Person, World};

/// The first order that is under way.
fn running_order(coordinator: &Person) -> String {
    let orders = read(coordinator, "/orders");
    let listed = orders.split("href=\"/orders/").skip(1).filter_map(|rest| rest.split('"').next());
    listed.into_iter().find(|id| id.parse::<i64>().is_ok()).unwrap().to_owned()
}

fn split(coordinator: &Person, order: &str, more: &[(&str, &str)]) -> Answer {
    let page = coordinator.get(&format!("/orders/{order}/jobs/new"));
    let [csrf, due, key] = ["csrf", "work_due_on", "form_key"].map(|name| page.value_of(name));
    let fields = [
        ("csrf", csrf.as_str()),
        ("form_key", &key),
        ("title", "募集の試験"),
        ("rules", "見本のとおりに入力する。"),
        ("unit_minutes", "10"),
        ("unit_pay", "200"),
        ("work_due_on", &due),
        ("offer_rule", "first_come"),
        // More than any order of the demo town has.
        ("count", "2000"),
    ];
    coordinator.post(&format!("/orders/{order}/jobs"), &[&fields[..], more].concat())
}

/// Who was told of a first-come job and why the others were not, to coordination and to a worker.
fn first_come_says_how_it_is_given_out(world: &World, coordinator: &Person, job: &str) {
    let rounds = read(coordinator, &format!("{job}/rounds"));
    for said in [
        "先着の業務です",
        "合う人が早い順に引き受けられます",
        "1回目：みんなに開く",
        "だれでも引き受けられると知らせた",
    ] {
        assert!(rounds.contains(said), "{said}: {rounds}");
    }
    assert!(!rounds.contains("まだ、だれにも声をかけていません"), "{rounds}");
    let id = job.rsplit('/').next().unwrap();
    let worker = world.signed_in("worker");
    let why = read(&worker, &format!("/offers/{id}/why"));
    assert!(why.contains("早い人から引き受ける仕事です") && why.contains("これまでのこと"), "{why}");
    let token = world.token(&world.sign_in("worker").email, &[]);
    let reasons = worker.json("GET", &format!("/api/v1/offers/{id}/why"), Some(&token), "").read();
    assert_eq!(reasons["rule"], "first_come", "{reasons}");
    assert!(reasons["open_to_all_since"].is_string(), "{reasons}");
    assert_eq!(reasons["rounds"][0]["round"]["kind"], "pool", "{reasons}");
}

#[test]
fn more_than_ordered_is_asked_about_and_nobody_is_invited_under_terms_that_lack_something() {
    let world = World::start("inviting");
    let [coordinator, admin] = ["coordinator", "admin"].map(|part| world.signed_in(part));
    let order = running_order(&coordinator);
    let asked = split(&coordinator, &order, &[]);
    assert_eq!(asked.status, 422, "{}", asked.body);
    assert!(
        asked.body.contains("name=\"more_than_ordered\"") && asked.body.contains("注文の残りは"),
        "{}",
        asked.body
    );
    let page = coordinator.get(&format!("/orders/{order}/jobs/new"));
    let [csrf, due] = ["csrf", "work_due_on"].map(|name| page.value_of(name));
    let wrong =
        [("csrf", &*csrf), ("work_due_on", &*due), ("title", ""), ("unit_pay", "-5"), ("count", "2000")];
    let all = coordinator.post(&format!("/orders/{order}/jobs"), &wrong);
    assert_eq!(all.status, 422, "{}", all.body);
    for said in ["注文の残りは", "href=\"#f-title\"", "href=\"#f-unit_pay\""] {
        assert!(all.body.contains(said), "{said} is said at once: {}", all.body);
    }
    let made = split(&coordinator, &order, &[("more_than_ordered", "yes")]);
    assert_eq!(made.status, 303, "{}", made.body);
    let job = made.location;

    let token = world.token(&world.sign_in("admin").email, &["--write"]);
    let town = admin.json("GET", "/api/v1/town", Some(&token), "").read();
    let change = |town: &Value, address: &str| {
        let mut input = json!({});
        for name in ["name", "legal_name", "language", "contact_email", "contact_phone"] {
            input[name] = town[name].clone();
        }
        input["postal_address"] = json!(address);
        let (bearer, version) = (format!("Bearer {token}"), format!("\"{}\"", town["version"]));
        let headers =
            [("authorization", &*bearer), ("if-match", &*version), ("content-type", "application/json")];
        world.guest().send("PUT", "/api/v1/town", &headers, &input.to_string()).read()
    };
    let town = change(&town, "");
    assert!(
        read(&admin, &job).contains("href=\"/town#f-postal_address\""),
        "it says so before anybody presses"
    );
    let page = coordinator.get(&job);
    let refused = coordinator.post(&format!("{job}/offer"), &[("csrf", &page.csrf())]);
    assert_eq!(refused.status, 422, "{}", refused.body);
    assert!(
        refused.body.contains("発注者の住所") && refused.body.contains("管理者に頼んで"),
        "{}",
        refused.body
    );
    change(&town, "長野県北佐久郡立科町");
    coordinator.submit(&job, &format!("{job}/offer"), &[]);
    assert!(!read(&coordinator, &job).contains("発注者の住所"));
    first_come_says_how_it_is_given_out(&world, &coordinator, &job);

    let unknown = read(&coordinator, "/orders?state=late");
    assert!(unknown.contains("条件「state=late」はありません"), "{unknown}");
    rare_moments_of_a_worker(&world);
    world.stop();
}
