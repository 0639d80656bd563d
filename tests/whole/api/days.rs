//! A salesperson's day walked by a program: todos, activities beside deals, notes on leads, the calendar's address.

use serde_json::{Value, json};

use super::client::Client;

fn as_it_is(_: &mut Value) {}

pub(super) fn walk(sales: &Client, company: i64) {
    let before = sales.get("/api/v1/my-day/counts", &[]).body;
    let todo = sales.post("/api/v1/todos", &[], |body| body["due_on"] = "2020-01-06".into());
    let after = sales.get("/api/v1/my-day/counts", &[]).body;
    for count in ["due", "overdue"] {
        assert_eq!(after[count].as_i64(), before[count].as_i64().map(|count| count + 1), "{count}");
    }
    let id = todo.id();
    let first = &sales.get("/api/v1/my-day?limit=1", &[]).body["items"][0];
    assert_eq!(
        (&first["kind"], &first["id"]),
        (&json!("todo"), &json!(id)),
        "the longest overdue stands first"
    );
    assert_eq!(sales.get("/api/v1/todos?limit=1", &[]).body["items"][0]["id"], id);
    let about = move |body: &mut Value| body["company_id"] = company.into();
    let changed = sales.write(("PUT", "/api/v1/todos/{id}"), &[id], Some(&todo.tag()), about);
    assert_eq!(changed.body["company_id"], company);
    let later = sales.write(("POST", "/api/v1/todos/{id}/postpone"), &[id], Some(&changed.tag()), as_it_is);
    let done = sales.write(("POST", "/api/v1/todos/{id}/finish"), &[id], Some(&later.tag()), as_it_is);
    assert_eq!(done.body["state"], "done");
    sales.act_on("/api/v1/todos/{id}/reopen", &[id], &done.tag());
    assert_eq!(sales.get("/api/v1/todos/{id}", &[id]).body["state"], "open");
    let path = "/api/v1/companies/{id}/activities";
    let said = sales.post(path, &[company], as_it_is);
    assert_eq!(sales.get(path, &[company]).body["items"][0], said.body);
    let lead = sales.post("/api/v1/leads", &[], as_it_is).id();
    let noted = sales.post("/api/v1/leads/{id}/notes", &[lead], as_it_is);
    assert_eq!(sales.get("/api/v1/leads/{id}/notes", &[lead]).body["items"][0], noted.body);
    meet(sales);
    team(sales);
    sales.act("/api/v1/me/calendar/end", &[]);
    assert_eq!(sales.get("/api/v1/me/calendar", &[]).body["feed"], Value::Null);
}

/// A meeting is called, decides, and is closed with what it looked at.
fn meet(sales: &Client) {
    let planned = sales.post("/api/v1/meetings", &[], as_it_is);
    let (path, tag) = (("POST", "/api/v1/meetings/{id}/close"), planned.tag());
    let early = sales.send(path, &[planned.id()], &[("if-match", &*tag)], "");
    assert_eq!(early.body["errors"][0]["code"], "too-late", "before its day: {}", early.body);
    let meeting = sales.post("/api/v1/meetings", &[], |body| body["held_on"] = "2026-01-15".into());
    let id = meeting.id();
    let path = ("PUT", "/api/v1/meetings/{id}");
    let minuted = sales.write(path, &[id], Some(&meeting.tag()), |body| {
        body["held_on"] = "2026-01-15".into();
        body["minutes"] = "見直した".into();
    });
    assert!(sales.get("/api/v1/meetings/{id}/agenda", &[id]).body["due"]["count"].is_i64());
    sales.post("/api/v1/meetings/{id}/decisions", &[id], as_it_is);
    sales.post("/api/v1/meetings/{id}/decisions", &[id], |body| {
        *body = json!({ "kind": "finding", "title": "見積が遅い" });
    });
    let decided = sales.get("/api/v1/meetings/{id}/decisions", &[id]).body;
    let finding = decided["items"][1]["decided"]["finding"].clone();
    let found = sales.get("/api/v1/findings", &[]).body;
    assert_eq!(found["items"][0], finding, "{found}");
    let tag = format!("\"{}\"", finding["version"]);
    sales.act_on("/api/v1/findings/{id}/settle", &[finding["id"].as_i64().unwrap()], &tag);
    sales.post("/api/v1/findings", &[], as_it_is);
    let closed = sales.act_on("/api/v1/meetings/{id}/close", &[id], &minuted.tag());
    assert_eq!(sales.get("/api/v1/meetings/{id}", &[id]).body["agenda"], closed.body["agenda"]);
    assert!(sales.get("/api/v1/meetings", &[]).body["items"].as_array().unwrap().len() > 1);
}

fn team(sales: &Client) {
    let team = sales.get("/api/v1/team", &[]).body;
    let tag = format!("\"{}\"", team["policy"]["version"].as_i64().unwrap_or(0));
    let policy = sales.write(("POST", "/api/v1/team/policies"), &[], Some(&tag), as_it_is);
    assert_eq!(sales.get("/api/v1/team/policies", &[]).body["items"][0], policy.body);
    let place = &team["places"][0];
    let (person, tag) = (place["person_id"].as_i64().unwrap(), format!("\"{}\"", place["version"]));
    let placed = sales.write(("PUT", "/api/v1/team/people/{id}"), &[person], Some(&tag), as_it_is);
    assert_eq!(placed.body["weekly_minutes"], 450);
}
