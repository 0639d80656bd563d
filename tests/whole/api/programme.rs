//! What people of the programme have beside work, walked by programs: the centre, visits, pay, requests, voices, the desk.

use serde_json::{Value, json};

use super::client::Client;

fn as_it_is(_: &mut Value) {}

pub(super) fn walk(admin: &Client, coordinator: &Client, worker: &Client) {
    let place = centre(coordinator, worker);
    visits(coordinator, place);
    pay(worker);
    care(coordinator, worker);
    voices(coordinator, worker);
    desk(admin, worker);
}

/// A place that is open every day is entered, booked, closed and given up; who is in it nobody else is told.
fn centre(coordinator: &Client, worker: &Client) -> i64 {
    let name = format!("試験の個室 {}", std::process::id());
    let every_day = move |body: &mut Value| {
        body["name"] = name.as_str().into();
        body["weekdays"] = json!(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]);
    };
    let place = coordinator.post("/api/v1/centre/places", &[], every_day.clone());
    let id = place.id();
    coordinator.write(("PUT", "/api/v1/centre/places/{id}"), &[id], Some(&place.tag()), every_day);
    worker.get("/api/v1/centre/places", &[]);
    let booked = worker.post("/api/v1/centre/bookings", &[], move |body| body["place_id"] = id.into());
    let day = booked.body["begins_at"].as_str().unwrap()[..10].to_owned();
    let own = worker.get("/api/v1/centre/bookings", &[]);
    assert!(own.body["items"].as_array().unwrap().iter().any(|one| one["id"] == booked.id()));
    let days = coordinator.get(&format!("/api/v1/centre/places/{{id}}/days?from={day}&count=1"), &[id]);
    let taken = &days.body["items"][0]["taken"][0];
    assert_eq!((&taken["from"], &taken["is_own"]), (&json!("09:00:00"), &json!(false)));
    assert!(!days.body.to_string().contains("person_id"), "{}", days.body);
    let path = format!("/api/v1/centre/places/{{id}}/instead?day={day}&from=09:00&to=11:00");
    let instead = worker.get(&path, &[id]);
    let here = instead.body["items"].as_array().unwrap().iter().find(|one| one["place_id"] == id);
    assert_eq!(here.unwrap()["from"], "11:30:00");
    let headers = [("content-type", "application/json")];
    let body = json!({ "place_id": id, "day": day, "from": "10:00", "to": "12:00" }).to_string();
    let late = coordinator.send(("POST", "/api/v1/centre/bookings"), &[], &headers, &body);
    assert_eq!((late.status, &late.body["code"]), (409, &json!("slot-taken")));
    worker.act("/api/v1/centre/bookings/{id}/cancel", &[booked.id()]);
    let closed = coordinator.post("/api/v1/centre/closings", &[], move |body| body["place_id"] = id.into());
    coordinator
        .act("/api/v1/centre/bookings/{id}/cancel", &[closed.body["items"][0]["id"].as_i64().unwrap()]);
    let now = coordinator.get("/api/v1/centre/places/{id}", &[id]);
    let retired = coordinator.act_on("/api/v1/centre/places/{id}/retire", &[id], &now.tag());
    coordinator.act_on("/api/v1/centre/places/{id}/reopen", &[id], &retired.tag());
    id
}

fn visits(coordinator: &Client, place: i64) {
    let asked = coordinator.post("/api/v1/visits", &[], as_it_is);
    let path = "/api/v1/visits/{id}";
    let changed = coordinator.write(("PUT", path), &[asked.id()], Some(&asked.tag()), as_it_is);
    let guide = changed.body["person_id"].clone();
    let accepted = coordinator.write(
        ("POST", "/api/v1/visits/{id}/answer"),
        &[asked.id()],
        Some(&changed.tag()),
        move |body| {
            *body = json!({ "decision": "accepted", "guide_id": guide, "place_id": place });
        },
    );
    assert_eq!(coordinator.get(path, &[asked.id()]).body["place_id"], place);
    coordinator.act_on("/api/v1/visits/{id}/cancel", &[asked.id()], &accepted.tag());
    assert_eq!(coordinator.get("/api/v1/visits?all=yes&limit=1", &[]).status, 200);
}

/// An account is kept and never shown in clear; an answer about invoices stands first.
fn pay(worker: &Client) {
    let kept = worker.write(("PUT", "/api/v1/my-bank"), &[], None, as_it_is);
    assert_eq!(kept.body["last_digits"], "567");
    let shown = worker.get("/api/v1/my-bank", &[]);
    assert!(shown.body == kept.body && !shown.body.to_string().contains("1234567"), "{}", shown.body);
    assert_eq!(worker.send(("DELETE", "/api/v1/my-bank"), &[], &[], "").status, 204);
    assert_eq!(worker.send(("GET", "/api/v1/my-bank"), &[], &[], "").status, 404);
    let said = worker.post("/api/v1/my-invoice", &[], as_it_is);
    assert_eq!(worker.get("/api/v1/my-invoice", &[]).body["items"][0], said.body);
}

fn care(coordinator: &Client, worker: &Client) {
    let asked = worker.post("/api/v1/care-requests", &[], as_it_is);
    let path = ("POST", "/api/v1/care-requests/{id}/answer");
    let answered = coordinator.write(path, &[asked.id()], Some(&asked.tag()), as_it_is);
    assert_eq!(worker.get("/api/v1/care-requests/{id}", &[asked.id()]).body, answered.body);
    let other = worker.post("/api/v1/care-requests", &[], as_it_is);
    worker.act_on("/api/v1/care-requests/{id}/withdraw", &[other.id()], &other.tag());
    assert_eq!(worker.get("/api/v1/care-requests?limit=1", &[]).body["items"][0]["state"], "withdrawn");
}

fn voices(coordinator: &Client, worker: &Client) {
    let voice = worker.post("/api/v1/voices", &[], as_it_is);
    let shown = coordinator.act_on("/api/v1/voices/{id}/show", &[voice.id()], &voice.tag());
    let hidden = coordinator.act_on("/api/v1/voices/{id}/hide", &[voice.id()], &shown.tag());
    assert!(hidden.body["shown_at"].is_null());
    worker.act("/api/v1/voices/{id}/withdraw", &[voice.id()]);
    assert!(worker.get("/api/v1/voices?limit=1", &[]).body["items"][0]["withdrawn_at"].is_string());
}

/// The administrator names themselves and an outside office; a worker reports to them without a name.
fn desk(admin: &Client, worker: &Client) {
    let own = admin.get("/api/v1/members?limit=100", &[]);
    let people = own.body["items"].as_array().unwrap().clone();
    let me = people.iter().find(|one| one["email"].as_str().is_some_and(|email| email.starts_with("admin@")));
    let me = me.unwrap()["id"].clone();
    let outside = admin.post("/api/v1/harassment/contacts", &[], as_it_is);
    let named = me.clone();
    admin.post("/api/v1/harassment/contacts", &[], move |body| *body = json!({ "person_id": named }));
    assert!(worker.get("/api/v1/harassment/contacts", &[]).body["items"].as_array().unwrap().len() >= 2);
    let report = worker.post("/api/v1/harassment/reports", &[], move |body| body["readers"] = json!([me]));
    let read = admin.get("/api/v1/harassment/reports/{id}", &[report.id()]);
    assert_eq!((&read.body["reporter_id"], &read.body["state"]), (&Value::Null, &json!("sent")));
    admin.post("/api/v1/harassment/reports/{id}/messages", &[report.id()], as_it_is);
    let said = worker.get("/api/v1/harassment/reports/{id}/messages", &[report.id()]);
    assert_eq!(said.body["items"].as_array().unwrap().len(), 2);
    assert_eq!(worker.get("/api/v1/harassment/reports?limit=1", &[]).body["items"][0]["state"], "handled");
    let path = ("DELETE", "/api/v1/harassment/contacts/{id}");
    assert_eq!(admin.send(path, &[outside.id()], &[], "").status, 204);
}
