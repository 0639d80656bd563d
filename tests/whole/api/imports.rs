//! A file walked in and out again by a program.

use std::time::Instant;

use serde_json::json;

use super::super::world::PATIENCE;
use super::client::{Client, Fitting};

/// A file is read, looked at, taken over and taken back; another is stopped; a list is written out.
pub(super) fn walk(sales: &Client) {
    let id = begun(sales, "会社名,電話番号\n取込商店,0857-00-0000\n,\nだめ商店,x\n");
    let columns = ("PUT", "/api/v1/imports/{id}/columns");
    let read = until(sales, id, "columns");
    assert_eq!(read.body["columns"], json!(["name", "phone"]), "guessed");
    sales.write(columns, &[id], None, |_| {});
    let checked = until(sales, id, "checked");
    assert_eq!((&checked.body["rows_new"], &checked.body["rows_bad"]), (&json!(1), &json!(1)));
    let bad = sales.get("/api/v1/imports/{id}/rows?verdict=bad", &[id]);
    assert_eq!(bad.body["items"][0]["problems"][0]["code"], "not-a-phone");
    assert_eq!(bad.body["items"][0]["line"], 4);
    sales.act("/api/v1/imports/{id}/apply", &[id]);
    let applied = until(sales, id, "applied");
    assert_eq!(applied.body["rows_created"], 1);
    sales.get("/api/v1/imports/{id}/file", &[id]);
    sales.get("/api/v1/exports/{kind}", &[]);
    sales.act("/api/v1/imports/{id}/undo", &[id]);
    assert_eq!(until(sales, id, "undone").body["rows_undone"], 1);
    let other = begun(sales, "会社名\n取込商店\n");
    until(sales, other, "columns");
    assert_eq!(sales.act("/api/v1/imports/{id}/cancel", &[other]).body["state"], "cancelled");
    let listed = sales.get("/api/v1/imports", &[]);
    assert_eq!(listed.body["items"][0]["id"], other);
}

fn begun(sales: &Client, text: &str) -> i64 {
    sales.upload_to("/api/v1/imports?kind=companies", "企業.csv", text).id()
}

/// The import as soon as it is in that state.
fn until(sales: &Client, id: i64, state: &str) -> Fitting {
    let end = Instant::now() + PATIENCE;
    loop {
        let import = sales.get("/api/v1/imports/{id}", &[id]);
        if import.body["state"] == state {
            return import;
        }
        assert!(Instant::now() < end, "import {id} never came to {state}: {:#}", import.body);
        crate::whole::world::a_moment();
    }
}
