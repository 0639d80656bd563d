//! What a team steers by, walked by a program: a version of targets, the forecast and what people think of it, how likely a
//! deal is.

use serde_json::{Value, json};

use super::client::Client;

fn as_it_is(_: &mut Value) {}

pub(super) fn walk(sales: &Client, deal: i64) {
    let plan = sales.post("/api/v1/target-plans", &[], as_it_is);
    let (id, year) = (plan.id(), plan.body["fiscal_year"].clone());
    let path = "/api/v1/target-plans/{id}/targets";
    let set = sales.post(path, &[id], as_it_is).body;
    let calls = sales.post(path, &[id], |body| {
        *body = json!({ "metric": "calls", "scope": "team", "period": "m8", "value": "４０", "reason": "去年と同じ" });
    });
    let gone = sales.send(("DELETE", "/api/v1/targets/{id}"), &[calls.id()], &[], "");
    assert_eq!(gone.status, 204);
    let version = sales.get("/api/v1/target-plans/{id}", &[id]).body;
    assert!(version["targets"].as_array().unwrap().contains(&set), "{version}");
    sales.act("/api/v1/target-plans/{id}/close", &[id]);
    let headers = [("content-type", "application/json")];
    let late = sales.send(
        ("POST", path),
        &[id],
        &headers,
        &json!({ "metric": "calls", "scope": "town",
        "period": "year", "value": 1, "reason": "遅い" })
        .to_string(),
    );
    assert_eq!((late.status, &late.body["code"]), (409, &json!("targets-closed")));
    let standing = sales.get(&format!("/api/v1/targets?year={year}"), &[]).body;
    assert_eq!(standing["plan"]["id"], id, "what was closed last holds");
    let held = standing["targets"].as_array().unwrap().iter().find(|one| one["target"] == set).unwrap();
    assert_eq!(held["gap"].as_i64().unwrap(), 19_100_000 - held["actual"].as_i64().unwrap());
    assert_eq!(sales.get("/api/v1/target-plans", &[]).body["items"][0]["id"], id);
    let said = sales.post("/api/v1/forecast/adjustments", &[], as_it_is).body;
    let query = "?year=2026&period=q3";
    let lines = sales.get(&format!("/api/v1/forecast/adjustments{query}"), &[]).body;
    assert_eq!(lines["items"][0], said);
    let forecast = sales.get(&format!("/api/v1/forecast{query}"), &[]).body;
    let yen = |value: &Value| value.as_i64().unwrap();
    let parts = ["owners", "managers"].map(|side| yen(&forecast["adjusted"][side]));
    assert_eq!(
        yen(&forecast["adjusted"]["total"]),
        yen(&forecast["outlook"]["weighted"]) + parts[0] + parts[1]
    );
    let snapshots = sales.get("/api/v1/forecast/snapshots", &[]).body;
    let since = sales.get("/api/v1/forecast/changes", &[]).body;
    assert_eq!(since["snapshot"], snapshots["items"][0]);
    frozen(sales, since["snapshot"]["id"].as_i64().unwrap(), &since["changed"]);
    let more: i64 = since["changed"]["changes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|change| yen(&change["now"]) - yen(&change["before"]))
        .sum();
    assert_eq!(yen(&since["changed"]["before"]) + more, yen(&since["changed"]["now"]));
    assert_eq!(sales.get("/api/v1/deals/{id}/chance", &[deal]).body["deal"], deal);
    let seen = sales.get("/api/v1/analyses?year=2026&period=h2", &[]).body;
    assert!(yen(&seen["funnels"][0]["entered"]) > 0, "{seen}");
    roadmap(sales);
    advice(sales);
}

/// The deals of a snapshot come page by page, each once, and with what the changes since then say they were worth.
fn frozen(sales: &Client, snapshot: i64, changed: &Value) {
    let path = "/api/v1/forecast/snapshots/{id}/deals";
    let (mut deals, mut after) = (Vec::new(), String::new());
    loop {
        let page = sales.get(&format!("{path}?limit=3&after={after}"), &[snapshot]).body;
        deals.extend(page["items"].as_array().unwrap().clone());
        match page["next"].as_str() {
            Some(next) => next.clone_into(&mut after),
            None => break,
        }
    }
    let ids: Vec<i64> = deals.iter().map(|deal| deal["deal_id"].as_i64().unwrap()).collect();
    assert!(!ids.is_empty() && ids.windows(2).all(|pair| pair[0] < pair[1]), "{ids:?}");
    for change in changed["changes"].as_array().unwrap().iter().filter(|one| one["before"] != 0) {
        assert!(ids.contains(&change["deal"].as_i64().unwrap()), "{change}");
    }
    assert_eq!(sales.get(&format!("{path}?limit=100"), &[snapshot]).body["items"][0], deals[0]);
}

/// A milestone is entered, moved with a reason, reached, planned again and dropped.
fn roadmap(sales: &Client) {
    let one = sales.post("/api/v1/milestones", &[], as_it_is);
    let (id, path) = (one.id(), "/api/v1/milestones/{id}");
    let moved = sales.write(("PUT", path), &[id], Some(&one.tag()), |body| {
        body["due_on"] = "2027-01-29".into();
        body["reason"] = "決裁が年明けになる".into();
    });
    let listed = sales.get("/api/v1/milestones?year=2026", &[]).body;
    let standing =
        listed["items"].as_array().unwrap().iter().find(|one| one["milestone"]["id"] == id).unwrap();
    assert_eq!(standing["moves"].as_array().unwrap().len(), 1);
    assert!(standing["reading"]["reached"].is_i64(), "{standing}");
    assert_eq!(&sales.get("/api/v1/milestones/{id}/standing", &[id]).body, standing);
    let done = sales.act_on("/api/v1/milestones/{id}/finish", &[id], &moved.tag());
    assert_eq!(done.body["state"], "done");
    let again = sales.act_on("/api/v1/milestones/{id}/reopen", &[id], &done.tag());
    sales.act_on("/api/v1/milestones/{id}/abandon", &[id], &again.tag());
    assert_eq!(sales.get(path, &[id]).body["state"], "dropped");
}

/// An adviser's session is planned, corrected, held, reported and asked about; what was found in it is decided and settled.
fn advice(sales: &Client) {
    let path = "/api/v1/advice-sessions";
    let planned = |sales: &Client| sales.post(path, &[], |body| body["held_on"] = "2026-01-15".into());
    let one = planned(sales);
    let id = one.id();
    let off = planned(sales);
    sales.act_on("/api/v1/advice-sessions/{id}/cancel", &[off.id()], &off.tag());
    let moved = sales.write(("PUT", "/api/v1/advice-sessions/{id}"), &[id], Some(&one.tag()), |body| {
        body["held_on"] = "2026-01-16".into();
    });
    let step = |verb, tag: &str| sales.write(("POST", verb), &[id], Some(tag), as_it_is);
    let held =
        sales.write(("POST", "/api/v1/advice-sessions/{id}/hold"), &[id], Some(&moved.tag()), |body| {
            body["held_on"] = "".into();
        });
    assert_eq!(held.body["report_due_on"], "2026-01-23");
    assert_eq!(held.body["questionnaire_from"], "2026-04-01");
    let reported = step("/api/v1/advice-sessions/{id}/report", &held.tag());
    let done = sales.act_on("/api/v1/advice-sessions/{id}/answer", &[id], &reported.tag());
    assert_eq!(done.body["state"], "answered");
    assert_eq!(sales.get("/api/v1/advice-sessions/{id}", &[id]).body["state"], "answered");
    assert!(sales.get(path, &[]).body["items"].as_array().unwrap().len() > 1);
    let found = sales.post("/api/v1/findings", &[], |body| body["session_id"] = id.into());
    let (finding, path) = (found.id(), "/api/v1/findings/{id}");
    let dated = sales.write(("PUT", path), &[finding], Some(&found.tag()), as_it_is);
    let decide = ("POST", "/api/v1/findings/{id}/decide");
    let decided = sales.write(decide, &[finding], Some(&dated.tag()), as_it_is);
    let again = sales.act_on("/api/v1/findings/{id}/reopen", &[finding], &decided.tag());
    sales.act_on("/api/v1/findings/{id}/settle", &[finding], &again.tag());
    assert_eq!(sales.get(path, &[finding]).body["state"], "settled");
}
