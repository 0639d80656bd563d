//! Views and changes to many things, walked by a program.

use serde_json::{Value, json};

use super::client::Client;

fn as_it_is(_: &mut Value) {}

/// A view is kept, read, changed, copied and removed; what it lists is what it counts.
pub(super) fn walk(sales: &Client, deal: i64) {
    let view = sales.post("/api/v1/views", &[], as_it_is);
    let id = view.id();
    let path = ("PUT", "/api/v1/views/{id}");
    let view = sales.write(path, &[id], Some(&view.tag()), |body| body["rows"] = json!([]));
    assert_eq!(sales.get("/api/v1/views/{id}", &[id]).body["rows"], json!([]));
    let totals = sales.get("/api/v1/views/{id}/totals", &[id]);
    let (mut listed, mut after) = (0, String::new());
    loop {
        let page = sales.get(&format!("/api/v1/views/{{id}}/items?limit=100&after={after}"), &[id]);
        listed += page.body["items"].as_array().unwrap().len();
        match page.body["next"].as_str() {
            Some(next) => next.clone_into(&mut after),
            None => break,
        }
    }
    assert_eq!(totals.body["count"], listed, "a total equals its list");
    let copy = sales.act("/api/v1/views/{id}/copy", &[id]);
    let of_deals = sales.get("/api/v1/views?kind=deals", &[]);
    assert!(of_deals.body["items"].as_array().unwrap().iter().any(|one| one["id"] == copy.body["id"]));
    for (one, tag) in [(id, view.tag()), (copy.id(), copy.tag())] {
        let gone = sales.send(("DELETE", "/api/v1/views/{id}"), &[one], &[("if-match", &tag)], "");
        assert_eq!(gone.status, 204);
    }
    edits(sales, deal);
}

/// A change is looked at, done and taken back; another is stopped.
fn edits(sales: &Client, deal: i64) {
    let of = move |body: &mut Value| {
        body["ids"] = json!([deal]);
        body["value"] = "2099-02-01".into();
    };
    let edit = sales.post("/api/v1/bulk-edits", &[], of);
    let id = edit.id();
    assert_eq!(edit.body["state"], "checked", "what is little is looked at at once");
    sales.get("/api/v1/bulk-edits/{id}/rows?verdict=change", &[id]);
    let applied = sales.act("/api/v1/bulk-edits/{id}/apply", &[id]);
    assert_eq!((&applied.body["state"], &applied.body["rows_changed"]), (&json!("applied"), &json!(1)));
    let undone = sales.act("/api/v1/bulk-edits/{id}/undo", &[id]);
    assert_eq!((&undone.body["state"], &undone.body["rows_undone"]), (&json!("undone"), &json!(1)));
    let other = sales.post("/api/v1/bulk-edits", &[], of).id();
    assert_eq!(sales.act("/api/v1/bulk-edits/{id}/cancel", &[other]).body["state"], "cancelled");
    assert_eq!(sales.get("/api/v1/bulk-edits/{id}", &[other]).body["state"], "cancelled");
    assert_eq!(sales.get("/api/v1/bulk-edits", &[]).body["items"][0]["id"], other);
}
