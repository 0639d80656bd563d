//! What operators read while no relay takes mail, on a phone.

use super::driver::{Driver, Scripts};
use super::phone::{looked_at, phone};
use crate::whole::mail_contract::wait_until;
use crate::whole::pages::check;
use crate::whole::world::{World, free_port};

/// What each page says, in both languages.
const SAYS: [(&str, [&str; 2]); 3] = [
    ("/", ["送信先のサーバーが受け付けていません。", "The mail relay accepts nothing. "]),
    ("/tasks", ["送信先のサーバーが受け付けていません。", "The mail relay accepts nothing. "]),
    ("/messages", ["送信先のサーバーが受け付けていません。", "The mail relay accepts nothing. "]),
];

#[test]
fn while_no_relay_takes_mail_operators_read_so_on_a_phone() {
    let port = free_port().to_string();
    let world = World::start_with(
        "relay away",
        &[
            ("YUI_SMTP_HOST", "127.0.0.1"),
            ("YUI_SMTP_PORT", &port),
            ("YUI_SMTP_SECURITY", "plain"),
            ("YUI_MAIL_FROM", "yui@town.example"),
        ],
    );
    let admin = world.signed_in("admin");
    admin.submit("/me", "/me/preferences", &[("lang", "ja"), ("back", "/")]);
    for email in ["first@demo.example", "second@demo.example"] {
        let fields = [("family_name", "新任"), ("email", email), ("language", "ja"), ("roles", "sales")];
        admin.submit("/members/new", "/members", &fields);
    }
    wait_until("the mails wait for the relay", || {
        let page = admin.get("/tasks").body;
        page.contains("メールが出ていません") && !page.contains("待ち0通") && !page.contains("待ち1通")
    });
    let ready = || world.guest().get("/readyz");
    wait_until("readiness says that mail waits", || ready().read()["mail"] == "relay away, mail waits");
    let status = ready().status;
    assert_eq!(status, 200, "people can work without a relay: {}", ready().body);
    let driver = Driver::start(Scripts::On);
    let hand = phone(&driver, "relay", &world);
    hand.sign_in_unseen(world.sign_in("admin"));
    let mut wrong = Vec::new();
    for (place, language) in ["ja", "en"].into_iter().enumerate() {
        admin.submit("/me", "/me/preferences", &[("lang", language), ("back", "/")]);
        for (path, says) in SAYS {
            let page = admin.get(path);
            check(&page, path, language);
            assert!(page.body.contains(says[place]), "{path} in {language}: {}", page.body);
            hand.open(path);
            wrong.extend(looked_at(&hand, path, language));
        }
        let tasks = admin.get("/tasks").body;
        let fine = ["止まっている処理はありません", "No task is stuck"][place];
        assert!(!tasks.contains(&format!("data-totals>{fine}")), "trouble comes first: {tasks}");
        let list = admin.get("/messages").body;
        let mail = list.split('"').find(|word| is_mail(word)).unwrap();
        let says = ["受け付けていないため、待っています", "Waiting, because the mail relay"][place];
        wait_until("the mail says what it waits for", || admin.get(mail).body.contains(says));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    world.stop();
}

/// `/messages/17`
fn is_mail(word: &str) -> bool {
    word.strip_prefix("/messages/").is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()))
}
