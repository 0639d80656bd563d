//! A program that is told, from its page to its own door.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::sync::mpsc::{Receiver, channel};
use std::time::Instant;

use diesel::connection::SimpleConnection as _;

use super::mail_contract::wait_until;
use super::pages::check;
use super::world::{PATIENCE, World, free_port};

/// Answers whatever comes, and tells the heads of what came.
fn receiver() -> (String, Receiver<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    let (tell, told) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut lines = BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok);
            let head: Vec<String> = lines.by_ref().take_while(|line| !line.is_empty()).collect();
            stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").unwrap();
            // Until whoever asked has gone.
            lines.for_each(drop);
            if tell.send(head).is_err() {
                return;
            }
        }
    });
    (url, told)
}

#[test]
fn a_program_is_entered_shown_its_key_once_tried_out_paused_and_deleted() {
    let world = World::start("hooks");
    let admin = world.enters(&world.newcomer("admin"));
    let page = admin.get("/webhooks");
    check(&page, "/webhooks", "ja");
    let csrf = page.csrf();
    let (url, told) = receiver();
    let add = |url: &str, kinds: &[&str]| {
        let mut fields = vec![("csrf", csrf.as_str()), ("url", url), ("note", "会計ソフト")];
        fields.extend(kinds.iter().map(|kind| ("kinds[]", *kind)));
        admin.post("/webhooks", &fields)
    };
    // This server may reach its own machine, and nothing else inside.
    let refused = add("https://192.168.1.1/", &["deal.won"]);
    assert!(refused.status == 422 && refused.body.contains("内部のもの"), "{}", refused.body);
    let refused = add("http://192.168.1.1.example/x y", &[]);
    assert_eq!(refused.status, 422);
    assert!(refused.body.contains("会計ソフト"), "kept as typed");
    assert!(refused.body.contains("ポートが443か8443のアドレスを"), "what is taken: {}", refused.body);
    for field in ["f-url-error", "f-kinds--error"] {
        assert!(refused.body.contains(&format!("id=\"{field}\"")), "{field}: {}", refused.body);
    }
    let added = add(&url, &["deal.won", "order.accepted"]);
    assert_eq!(added.status, 200);
    check(&added, "/webhooks", "ja");
    assert!(added.body.contains("<code>whsec_"), "{}", added.body);
    assert_eq!(add(&url, &["deal.won"]).status, 422, "sent again it makes no second one");
    let list = admin.get("/webhooks");
    let path = list.body.split('"').find(|word| word.starts_with("/webhooks/")).unwrap().to_owned();
    let page = admin.get(&path);
    check(&page, &path, "ja");
    assert!(!page.body.contains("whsec_"), "once");
    let act = |verb: &str, more: &[(&str, &str)]| {
        admin.post(&format!("{path}/{verb}"), &[&[("csrf", csrf.as_str())], more].concat())
    };
    assert_eq!(act("ping", &[]).status, 303);
    let head = told.recv_timeout(PATIENCE).unwrap();
    assert_eq!(head[0], "POST /hook HTTP/1.1");
    assert!(head.iter().any(|line| line.starts_with("webhook-signature: v1,")), "{head:?}");
    let until = Instant::now() + PATIENCE;
    while !admin.get(&path).body.contains("/replay") {
        assert!(Instant::now() < until, "it did not arrive");
    }
    let failing = "UPDATE webhook_endpoints SET failing_since = now() - interval '1 hour'; \
        UPDATE webhook_deliveries SET state = 'failed', problem = 'no connection: x'";
    let list = admin.get("/webhooks").body;
    assert!(list.contains("知らせています") && !list.contains("届いていません"), "{list}");
    world.owner().batch_execute(failing).unwrap();
    let list = admin.get("/webhooks");
    check(&list, "/webhooks", "ja");
    for said in ["届いていません", "から届いていません", "届かなかった知らせ 1件"] {
        assert!(list.body.contains(said), "{said}: {}", list.body);
    }
    assert!(!list.body.contains("知らせています"), "whoever hears nothing is not shown as told");
    let page = admin.get(&path).body;
    assert!(
        page.contains("届いていません") && !page.contains("知らせています"),
        "nor on its own page: {page}"
    );
    let change = |version: &str, url: &str| {
        let fields = [("csrf", csrf.as_str()), ("version", version), ("url", url), ("kinds[]", "deal.won")];
        assert_eq!(admin.post(&path, &fields).status, 303);
    };
    change("1", &format!("http://127.0.0.1:{}/hook", free_port()));
    assert_eq!(act("ping", &[]).status, 303);
    wait_until("it says when it is tried next", || {
        admin.get(&path).body.contains("に試します（2回目、14回まで）")
    });
    change("2", &url);
    check(&admin.get(&path), &path, "ja");
    told.recv_timeout(PATIENCE).expect("what failed at the old address is tried at once at the new one");
    let rotated = act("rotate", &[("version", "1")]);
    assert!(rotated.status == 200 && rotated.body.contains("<code>whsec_"));
    assert_eq!(act("rotate", &[("version", "1")]).status, 412, "a form sent twice makes one key");
    assert_eq!((act("pause", &[]).status, act("ping", &[]).status), (303, 409));
    admin.submit("/me", "/me/preferences", &[("lang", "en"), ("back", "/")]);
    let page = admin.get(&path);
    check(&page, &path, "en");
    assert_eq!(act("remove", &[]).status, 303);
    assert_eq!(admin.get(&path).status, 404);
    world.stop();
}
