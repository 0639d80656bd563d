//! How work is checked, walked by programs: what is looked at, kinds of defect, coaching, an appeal.

use serde_json::{Value, json};

use super::client::Client;

fn as_it_is(_: &mut Value) {}

/// The town's values, its kinds of defect, and a job whose units go back once at most.
pub(super) fn arranged(coordinator: &Client, unit: i64) {
    let values = coordinator.get("/api/v1/quality", &[]).body;
    assert_eq!(
        values,
        json!({ "lease_minutes": 30, "rework_cap": 2, "appeal_days": 5, "second_look_percent": 20 })
    );
    // All verdicts are given twice, so that there is one to walk.
    coordinator.write(("PUT", "/api/v1/quality"), &[], None, |body| body["second_look_percent"] = json!(100));
    let kind = coordinator.post("/api/v1/defect-kinds", &[], as_it_is).id();
    let kinds = coordinator.get("/api/v1/defect-kinds", &[]).body["items"].clone();
    assert!(kinds.as_array().unwrap().len() >= 9, "the usual ones and this: {kinds}");
    let graver = |body: &mut Value| body["severity"] = "critical".into();
    coordinator.write(("PUT", "/api/v1/defect-kinds/{id}"), &[kind], None, graver);
    coordinator.act("/api/v1/defect-kinds/{id}/retire", &[kind]);
    coordinator.act("/api/v1/defect-kinds/{id}/restore", &[kind]);
    let job = coordinator.get("/api/v1/units/{id}", &[unit]).body["job_id"].as_i64().unwrap();
    let path = "/api/v1/jobs/{id}/checks";
    let written = coordinator.post(path, &[job], as_it_is);
    assert_eq!(written.body["items"].as_array().unwrap().len(), 2);
    let nothing = |body: &mut Value| *body = json!({ "based_on": 1, "items": "", "rework_cap": 1 });
    coordinator.post(path, &[job], nothing);
    assert_eq!(coordinator.get(path, &[job]).body["items"][0]["number"], 2);
    let path = "/api/v1/jobs/{id}/sampling";
    coordinator.post(path, &[job], as_it_is);
    assert_eq!(coordinator.get(path, &[job]).body["items"][0]["rule"], "flow");
    coordinator.act("/api/v1/units/{id}/critical", &[unit]);
    coordinator.act("/api/v1/units/{id}/ordinary", &[unit]);
}

/// What the checker judged is judged once more by coordination.
pub(super) fn looked_at_twice(coordinator: &Client, version: i64) {
    let open = coordinator.get("/api/v1/second-looks", &[]).body["items"].clone();
    let own = open.as_array().unwrap().iter().find(|one| one["submission_id"] == version).unwrap();
    assert!(!own.to_string().contains("verdict"), "the first verdict is not told: {own}");
    coordinator.post("/api/v1/second-looks/{id}", &[own["id"].as_i64().unwrap()], as_it_is);
    let known = coordinator.get("/api/v1/second-looks/agreement", &[]).body;
    assert_eq!(known["counts"]["both_good"], 1, "{known}");
}

/// How its maker stands after what was found; nobody is drawn before fifteen good units.
pub(super) fn sampled(coordinator: &Client, unit: i64) {
    assert_eq!(coordinator.get("/api/v1/units/{id}/draws", &[unit]).body["items"], json!([]));
    let maker = coordinator.get("/api/v1/units/{id}", &[unit]).body["holder_id"].clone();
    let workers = coordinator.get("/api/v1/workers?limit=100", &[]).body["items"].clone();
    let worker = workers.as_array().unwrap().iter().find(|one| one["person_id"] == maker).unwrap();
    let standings = coordinator.get("/api/v1/workers/{id}/sampling", &[worker["id"].as_i64().unwrap()]).body
        ["items"]
        .clone();
    let standing = &standings[0];
    assert_eq!((&standing["phase"], &standing["person_id"]), (&json!("all"), &maker));
    assert_eq!(standing["reliability"]["defects"], 1, "the first version went back: {standing}");
    kept_from(coordinator, worker["id"].as_i64().unwrap(), unit);
    let stream = standing["id"].as_i64().unwrap();
    for part in ["switches", "seeds"] {
        let path = format!("/api/v1/sampling-streams/{{id}}/{part}");
        assert_eq!(coordinator.get(&path, &[stream]).body["items"], json!([]));
    }
}

/// What somebody is not asked to do, and that it is taken back.
fn kept_from(coordinator: &Client, worker: i64, unit: i64) {
    let job = coordinator.get("/api/v1/units/{id}", &[unit]).body["job_id"].clone();
    let path = "/api/v1/workers/{id}/exclusions";
    let kept = coordinator.post(path, &[worker], |body| body["job_id"] = job.clone()).id();
    let all = coordinator.get(path, &[worker]).body["items"].clone();
    assert_eq!((&all[0]["id"], &all[0]["lifted_at"]), (&json!(kept), &Value::Null));
    let lifted = coordinator.act("/api/v1/exclusions/{id}/lift", &[kept]).body;
    assert!(lifted["lifted_at"].is_string(), "{lifted}");
}

/// The second return is a coaching step, which somebody else holds.
pub(super) fn coached(coordinator: &Client, unit: i64) {
    let open = coordinator.get("/api/v1/coachings", &[]).body["items"].clone();
    let own = open.as_array().unwrap().iter().find(|one| one["unit_id"] == unit);
    let id = own.unwrap()["id"].as_i64().unwrap();
    let today = json!("");
    coordinator.post("/api/v1/coachings/{id}", &[id], |body| body["held_on"] = today.clone());
}

/// What was refused is asked about once more; another than whoever refused it decides.
pub(super) fn appealed(coordinator: &Client, worker: &Client, unit: i64) {
    let path = "/api/v1/my-units/{unit}/appeal";
    assert_eq!(worker.get(path, &[unit]).body["appeal"], Value::Null);
    worker.post(path, &[unit], as_it_is);
    let open = coordinator.get("/api/v1/appeals", &[]).body["items"].clone();
    let own = open.as_array().unwrap().iter().find(|one| one["unit_id"] == unit);
    let id = own.unwrap()["id"].as_i64().unwrap();
    coordinator.get("/api/v1/appeals/{id}", &[id]);
    coordinator.post("/api/v1/appeals/{id}", &[id], as_it_is);
    let mine = worker.get(path, &[unit]).body["appeal"].clone();
    assert_eq!(mine["outcome"], "paid");
    assert!(!mine.to_string().contains("decided_by"), "nobody is named: {mine}");
}
