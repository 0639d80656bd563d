//! What workers are paid, walked by programs: kinds of work, closing, a deduction by two people, an answer, the payment.

use serde_json::{Value, json};

use super::client::Client;

fn as_it_is(_: &mut Value) {}

/// Everything that was earned today is closed, looked at by whoever is paid, reduced for the fault that was recorded, and paid.
pub(super) fn closed_and_paid(coordinator: &Client, checker: &Client, worker: &Client, unit: i64) {
    let job = coordinator.get("/api/v1/units/{id}", &[unit]).body["job_id"].as_i64().unwrap();
    let kind = "/api/v1/jobs/{id}/withholding";
    let undecided = coordinator.get("/api/v1/statements/undecided-jobs", &[]).body["items"].clone();
    for one in undecided.as_array().unwrap() {
        coordinator.post(kind, &[one["id"].as_i64().unwrap()], as_it_is);
    }
    coordinator.post(kind, &[job], as_it_is);
    assert_eq!(coordinator.get(kind, &[job]).body["items"][0]["withheld"], false);
    assert!(!coordinator.get("/api/v1/statements/waiting", &[]).body["items"].as_array().unwrap().is_empty());
    let today = kernel::date_in_japan(kernel::clock::machine_time()).to_string();
    let closed = |body: &mut Value| body["closed_on"] = json!(today);
    coordinator.post("/api/v1/statements/closings", &[], closed);
    coordinator.get("/api/v1/statements/closings", &[]);
    coordinator.get("/api/v1/statements", &[]);
    let own = worker.get("/api/v1/my-statements", &[]).body["items"][0].clone();
    let id = own["id"].as_i64().unwrap();
    let whole = worker.get("/api/v1/my-statements/{id}", &[id]).body;
    assert_eq!(whole["paper"]["payable"], own["payable"]);
    let version = whole["version"].as_i64().unwrap();
    worker.post("/api/v1/my-statements/{id}/answer", &[id], |body| body["version"] = json!(version));
    let faults = coordinator.get("/api/v1/statements/{id}/faults", &[id]).body["items"].clone();
    let review = faults[0]["review_id"].clone();
    let asked = |body: &mut Value| {
        *body = json!({
            "review_id": review, "amount": 1, "reason": "見本と違うままの提出", "ground": "value_lost",
            "basis": "お客様の値引き1円", "agreed_on": today
        });
    };
    let deduction = coordinator.post("/api/v1/statements/{id}/deductions", &[id], asked).id();
    checker.post("/api/v1/deductions/{id}", &[deduction], as_it_is);
    let known = coordinator.get("/api/v1/statements/{id}/deductions", &[id]).body;
    assert_eq!(known["items"][0]["is_approved"], true);
    coordinator.post("/api/v1/statements/{id}/correct", &[id], as_it_is);
    let reduced = coordinator.get("/api/v1/statements/{id}", &[id]).body;
    assert_eq!((&reduced["version"], &reduced["answer"]), (&json!(version + 2), &Value::Null));
    let paid = |body: &mut Value| *body = json!({ "version": version + 2, "paid_on": today });
    coordinator.post("/api/v1/statements/{id}/paid", &[id], paid);
    let mistaken = coordinator.post("/api/v1/statements/{id}/undo", &[id], as_it_is).body;
    assert_eq!((&mistaken["paid_on"], &mistaken["undone"]), (&Value::Null, &json!(1)));
    assert_eq!(worker.get("/api/v1/my-statements/{id}", &[id]).body["undone_payments"][0]["number"], 1);
    coordinator.get("/api/v1/statements/unchecked-days", &[]);
    let day = coordinator.get("/api/v1/statements/unpaid-days", &[]).body["items"][0].clone();
    coordinator.post("/api/v1/statements/paid", &[], |body| {
        *body = json!({
            "pay_on": day["pay_on"], "transfer_file_id": day["transfer_file_id"], "statements": day["statements"],
            "payable": day["payable"], "paid_on": today
        });
    });
}

/// The account that the town pays from is read and changed. Which files were made is a list; the files come another way.
pub(super) fn paid_from(coordinator: &Client) {
    let path = "/api/v1/payer";
    let stands = coordinator.get(path, &[]);
    let changed = coordinator.write(("PUT", path), &[], Some(&stands.tag()), as_it_is);
    assert_eq!(changed.body["version"], stands.body["version"].as_i64().unwrap() + 1);
    assert_eq!(changed.body["name"], "ﾐﾎﾝﾁﾖｳ ﾃﾚﾜ-ｸ");
    let tag = stands.tag();
    let headers = [("content-type", "application/json"), ("if-match", tag.as_str())];
    let late = coordinator.send(("PUT", path), &[], &headers, &as_it_stood(&stands.body).to_string());
    assert_eq!(late.status, 412, "somebody was faster");
    coordinator.get("/api/v1/transfer-files", &[]);
}

/// An account as it is sent.
fn as_it_stood(stands: &Value) -> Value {
    let fields = ["originator_code", "name", "bank", "branch", "kind", "number"];
    fields.into_iter().map(|field| (field.to_owned(), stands[field].clone())).collect()
}

/// What a client accepted is asked for, a part of it comes in, and each month says what it brings.
pub(super) fn asked_for(coordinator: &Client) {
    let waiting = coordinator.get("/api/v1/invoices/unbilled", &[]).body["items"].clone();
    let company = waiting[0]["company_id"].clone();
    let today = kernel::date_in_japan(kernel::clock::machine_time()).to_string();
    let all = |body: &mut Value| *body = json!({ "company_id": company, "closed_on": today });
    let asked = coordinator.post("/api/v1/invoices", &[], all).id();
    let came = coordinator.post("/api/v1/invoices/{id}/payments", &[asked], |body| {
        *body = json!({ "amount": 1, "received_on": today });
    });
    assert_eq!(came.body["received"], 1);
    let whole = coordinator.get("/api/v1/invoices/{id}", &[asked]).body;
    assert_eq!(whole["payments"].as_array().unwrap().len(), 1);
    assert!(!coordinator.get("/api/v1/invoices", &[]).body["items"].as_array().unwrap().is_empty());
    coordinator.get("/api/v1/invoices/overdue", &[]);
    sent_and_returned(coordinator, asked, whole["contact_id"].clone());
    assert!(!coordinator.get("/api/v1/invoices/cash", &[]).body["items"].as_array().unwrap().is_empty());
}

/// An invoice is mailed, a part of it is returned, that is mailed as well, and then nobody opens either any more.
fn sent_and_returned(coordinator: &Client, invoice: i64, contact: Value) {
    let to_them = |body: &mut Value| *body = json!({ "contact_id": contact, "message": "ご確認ください。" });
    coordinator.post("/api/v1/invoices/{id}/sendings", &[invoice], to_them);
    let credit = coordinator.post("/api/v1/invoices/{id}/credits", &[invoice], |body| {
        *body = json!({ "reason": "端数の値引き", "lines": [{ "position": 1, "amount": 1 }] });
    });
    assert_eq!((&credit.body["amount"], &credit.body["lines"][0]["position"]), (&json!(1), &json!(1)));
    let credit = credit.id();
    coordinator.post("/api/v1/credits/{id}/sendings", &[credit], to_them);
    assert_eq!(coordinator.get("/api/v1/credits/{id}", &[credit]).body["invoice_id"], invoice);
    assert!(!coordinator.get("/api/v1/credits", &[]).body["items"].as_array().unwrap().is_empty());
    let whole = coordinator.get("/api/v1/invoices/{id}", &[invoice]).body;
    assert_eq!(whole["credited_before_tax"], 1);
    coordinator.act("/api/v1/invoices/{id}/withdraw", &[invoice]);
    let sent = coordinator.get("/api/v1/invoices/{id}/sendings", &[invoice]).body["items"].clone();
    let is_gone = |one: &Value| one["withdrawn_at"].is_string() && one["first_opened_at"].is_null();
    assert!(sent.as_array().unwrap().len() == 2 && sent.as_array().unwrap().iter().all(is_gone), "{sent}");
}
