//! What somebody was told, read by a program of theirs.

use serde_json::json;

use super::client::Client;

pub(super) fn walk(reader: &Client) {
    let told = reader.get("/api/v1/notices", &[]).body["items"].as_array().unwrap().clone();
    assert!(told.len() > 2, "the demo tells its coordinators what happens: {told:#?}");
    let [newest, next] = [0, 1].map(|place| told[place]["id"].as_i64().unwrap());
    let is_read = |place: usize| reader.get("/api/v1/notices", &[]).body["items"][place]["is_read"] == true;
    reader.act("/api/v1/notices/{id}/read", &[newest]);
    assert!(is_read(0) && !is_read(1));
    reader.post("/api/v1/notices/read", &[], |body| body["up_to"] = json!(next));
    assert!(is_read(1) && is_read(2));
    assert!(reader.get("/api/v1/notices/unread", &[]).body["count"].is_number());
}
