//! Two towns that share an order by programs: asked, agreed, offered, taken, declined, asked back, ended.

use std::time::Instant;

use serde_json::{Value, json};

use super::super::towns::Opened;
use super::super::world::{PATIENCE, World};
use super::client::Client;

fn as_it_is(_: &mut Value) {}

/// What crosses between towns is on its way for a moment.
fn until(client: &Client, path: &str, places: &[i64], holds: impl Fn(&Value) -> bool) -> Value {
    let end = Instant::now() + PATIENCE;
    loop {
        let said = client.get(path, places).body;
        if holds(&said) {
            return said;
        }
        assert!(Instant::now() < end, "{path} {places:?} stays as it is: {said:#}");
        super::super::world::a_moment();
    }
}

fn newest(said: &Value) -> i64 {
    said["items"][0]["id"].as_i64().unwrap()
}

fn ordered(here: &Client) -> i64 {
    let company =
        here.post("/api/v1/companies", &[], |body| *body = json!({ "name": "分ける株式会社" })).id();
    here.post("/api/v1/orders", &[], |body| body["company_id"] = company.into());
    newest(&until(here, "/api/v1/orders", &[], |said| said["items"][0]["id"].is_i64()))
}

pub(super) fn walk(world: &World) {
    let [here, there] = [("tateshina", "立科町"), ("shiojiri", "塩尻市")]
        .map(|(slug, name)| Client::with(world, &Opened::town(world, slug, name).token, "partner"));
    let partners = "/api/v1/partners";
    here.post(partners, &[], as_it_is);
    let asked = newest(&until(&there, partners, &[], |said| said["items"][0]["standing"] == "asked_by"));
    there.act("/api/v1/partners/{id}/agree", &[asked]);
    let known = until(&here, partners, &[], |said| said["items"][0]["standing"] == "agreed");
    let order = ordered(&here);
    let (offers, shares, one) = ("/api/v1/orders/{id}/shares", "/api/v1/shares", "/api/v1/shares/{id}");
    let offer =
        || here.post(offers, &[order], |body| body["partner_id"] = known["items"][0]["id"].clone()).id();
    let comes = |count: usize| {
        newest(&until(&there, shares, &[], |said| said["items"].as_array().unwrap().len() == count))
    };
    let first = offer();
    let came = comes(1);
    there.act("/api/v1/shares/{id}/accept", &[came]);
    let taken = until(&there, one, &[came], |said| said["order_id"].is_i64());
    let until_state = |id: i64, state: &str| until(&here, one, &[id], |said| said["state"] == state);
    let seen = until_state(first, "accepted");
    assert_eq!(seen["document"], taken["document"], "both read the same");
    let second = offer();
    there.post("/api/v1/shares/{id}/decline", &[comes(2)], as_it_is);
    assert!(!until_state(second, "declined")["reason"].as_str().unwrap().is_empty());
    let third = offer();
    comes(3);
    here.act("/api/v1/shares/{id}/withdraw", &[third]);
    until_state(third, "withdrawn");
    assert_eq!(here.get(offers, &[order]).body["items"].as_array().unwrap().len(), 3);
    let amounts = here.get("/api/v1/partners/amounts", &[]).body["partners"][0].clone();
    assert_eq!(amounts["agreed_out"], 150, "one piece of what was taken: {amounts:#}");
    let today = kernel::date_in_japan(kernel::clock::machine_time()).to_string();
    let paid = here.post("/api/v1/shares/{id}/payments", &[first], |body| {
        body["paid_on"] = today.clone().into();
    });
    assert_eq!(
        (&paid.body["paid"], &paid.body["open"]),
        (&json!(165), &json!(0)),
        "with tax: {:#}",
        paid.body
    );
    there.act("/api/v1/partners/{id}/end", &[asked]);
    until(&here, partners, &[], |said| said["items"][0]["standing"] == "ended");
}
