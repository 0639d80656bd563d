//! A program that is told what happens, walked by another one.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::time::Instant;

use serde_json::{Value, json};

use super::super::world::PATIENCE;
use super::client::Client;

fn as_it_is(_: &mut Value) {}

pub(super) fn walk(admin: &Client) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    // Answers whatever comes.
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            assert!(stream.read(&mut [0; 4096]).unwrap() > 0, "something is posted");
            stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").unwrap();
            // Until whoever asked has gone.
            drop(stream.read_to_end(&mut Vec::new()));
        }
    });
    let told = admin.post("/api/v1/webhooks", &[], |body| body["url"] = json!(url));
    let id = told.id();
    assert_eq!(admin.get("/api/v1/webhooks", &[]).body["items"], json!([told.body]));
    let one = admin.get("/api/v1/webhooks/{id}", &[id]);
    let tag = one.tag();
    let named = |body: &mut Value| {
        body["url"] = json!(url);
        body["note"] = json!("試験");
    };
    let changed = admin.write(("PUT", "/api/v1/webhooks/{id}"), &[id], Some(&tag), named);
    assert_eq!(changed.body["note"], "試験");
    let keyed = admin.write(("PUT", "/api/v1/webhooks/{id}/key"), &[id], None, as_it_is);
    assert!(keyed.body["secret"].as_str().unwrap().starts_with("whsec_"), "{:#}", keyed.body);
    assert_eq!(admin.act("/api/v1/webhooks/{id}/pause", &[id]).body["state"], "paused");
    assert_eq!(admin.act("/api/v1/webhooks/{id}/resume", &[id]).body["state"], "active");
    let pinged = admin.act("/api/v1/webhooks/{id}/ping", &[id]);
    let until = Instant::now() + PATIENCE;
    loop {
        let deliveries = admin.get("/api/v1/webhooks/{id}/deliveries", &[id]);
        if deliveries.body["items"][0]["state"] == "delivered" {
            break;
        }
        assert!(Instant::now() < until, "nothing arrived: {:#}", deliveries.body);
    }
    let again = admin.act("/api/v1/webhooks/deliveries/{id}/replay", &[pinged.id()]);
    assert_eq!(again.body["message"], pinged.body["message"]);
    assert_eq!(admin.send(("DELETE", "/api/v1/webhooks/{id}"), &[id], &[], "").status, 204);
    assert_eq!(admin.get("/api/v1/webhooks", &[]).body["items"], json!([]));
}
