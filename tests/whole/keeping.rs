//! What coordination keeps of people on their way, over the pages: what is next for them, an interview and who hears of it, and
//! work that somebody is not asked to do.

use chrono::Days;
use diesel::RunQueryDsl as _;
use diesel::sql_types::{BigInt, Text};
use serde_json::{Value, json};

use super::rules::{between, offered_job, read};
use super::world::{Person, World};

#[derive(diesel::QueryableByName)]
struct Id {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

/// A day some weeks ahead, or behind.
fn day(ahead: i64) -> String {
    let today = kernel::date_in_japan(kernel::clock::machine_time());
    let days = Days::new(ahead.unsigned_abs());
    if ahead < 0 { today - days } else { today + days }.to_string()
}

/// Asks the API as whoever has the token; the answer has to be good.
fn ask(person: &Person, token: &str, method: &str, path: &str, body: &Value) -> Value {
    let answer = person.json(method, path, Some(token), &body.to_string());
    assert!(answer.status < 300, "{method} {path}: {} {}", answer.status, answer.body);
    answer.read()
}

#[test]
fn nobody_is_said_to_be_mailed_about_an_interview_who_is_not_and_the_head_leads_to_what_is_next() {
    let world = World::shared();
    let coordinator = world.signed_in("coordinator");
    let token = world.token(&world.sign_in("coordinator").email, &["--write"]);
    let enter = |who: Value| ask(&coordinator, &token, "POST", "/api/v1/workers", &who)["id"].clone();
    let workers = ask(&coordinator, &token, "GET", "/api/v1/workers?limit=1", &Value::Null);
    let lead = workers["items"][0]["person_id"].to_string();
    let planned = |worker: &Value, day: &str| {
        let page = format!("/workers/{worker}/interview");
        let fields = [
            ("day", day),
            ("time", "10:00"),
            ("way", "online"),
            ("interviewer_id", &*lead),
            ("join_at", "https://meet.example/yui-1201"),
        ];
        let at = coordinator.submit(&page, &format!("/workers/{worker}/interviews"), &fields);
        read(&coordinator, &at)
    };
    let silent = enter(json!({ "family_name": "野口", "given_name": "文", "entry": "applied" }));
    let told = planned(&silent, &day(20));
    assert!(told.contains("メールがないので、電話で知らせてください"), "{told}");
    assert!(told.contains("href=\"https://meet.example/yui-1201\""), "where it is joined: {told}");
    let mailed = json!({ "family_name": "野口", "given_name": "静", "entry": "applied",
        "email": "noguchi@demo.example", "invite": "yes", "language": "ja" });
    let mailed = enter(mailed);
    let admin = world.signed_in("admin");
    world.mailed_link(&admin, "noguchi@demo.example", "/join/");
    let list = admin.get("/sandbox").body;
    let row = list.split("href=\"/sandbox/").skip(1).find(|row| row.contains("noguchi@demo.example"));
    let mail = read(&admin, &format!("/sandbox/{}", row.unwrap().split('"').next().unwrap()));
    assert!(mail.contains("「参加を希望する方」として") && !mail.contains("「ワーカー」"), "{mail}");
    let told = planned(&mailed, &day(20));
    assert!(told.contains("面談の日を決めました。本人にメールで知らせます"), "{told}");
    let past = enter(json!({ "family_name": "野口", "given_name": "了", "entry": "applied",
        "email": "noguchi2@demo.example" }));
    let told = planned(&past, &day(-3));
    assert!(told.contains("面談の日を書きとめました") && !told.contains("メールで知らせます"), "{told}");

    // Who said no is promised nothing.
    let page = format!("/workers/{past}/interview");
    let ends = told.split("/outcome\"").next().unwrap().rsplit("action=\"").next().unwrap();
    coordinator.submit(&page, &format!("{ends}/outcome"), &[("version", "1"), ("outcome", "not_now")]);
    let shown = read(&coordinator, &format!("/workers/{past}"));
    assert!(!shown.contains("もう一度声をかける約束") && !shown.contains("id=\"next\""), "{shown}");

    let csrf = coordinator.get("/workers/new").csrf();
    let wrong = [
        ("csrf", &*csrf),
        ("entry", "registered"),
        ("family_name", ""),
        ("email", "x"),
        ("phone", "x"),
        ("happened_on", "2999-01-01"),
    ];
    let refused = coordinator.post("/workers", &wrong).body;
    for field in ["family_name", "email", "phone", "happened_on"] {
        assert!(refused.contains(&format!("href=\"#f-{field}\"")), "{field} at once: {refused}");
    }

    let counts = read(&coordinator, "/workers");
    assert!(counts.contains("登録 延べ") && counts.contains("退会 延べ"), "each counts events: {counts}");

    let registered = enter(json!({ "family_name": "野口", "given_name": "始", "entry": "registered" }));
    let head = |worker: &Value| {
        let page = read(&coordinator, &format!("/workers/{worker}"));
        page.split("id=\"next\"").next().unwrap().to_owned()
    };
    assert!(head(&registered).contains("面談の日を決める"), "{}", head(&registered));
    assert!(!head(&registered).contains("活動を始める"), "the talk comes first");
}

#[test]
fn what_somebody_is_not_asked_to_do_is_said_kindly_to_them_and_plainly_to_coordination() {
    let world = World::shared();
    let (coordinator, worker) = (world.signed_in("coordinator"), world.signed_in("worker2"));
    let id = diesel::sql_query(
        "SELECT w.id FROM workers w JOIN persons p ON p.organization_id = w.organization_id AND p.id = w.person_id \
         WHERE p.email::text = $1",
    )
    .bind::<Text, _>(&*world.sign_in("worker2").email)
    .get_result::<Id>(&mut world.owner())
    .unwrap()
    .id;
    let job = offered_job(&coordinator);
    let offer = read(&worker, &format!("/offers/{job}"));
    let reasons = between(&offer, "あなたに届いた理由", "</ul>");
    assert!(reasons.contains("<li") && !reasons.contains("今週"), "a week's hours are no reason: {reasons}");
    let page = format!("/workers/{id}/exclusions");
    assert!(read(&coordinator, &format!("/workers/{id}")).contains(&page), "the page is to be found");
    let csrf = coordinator.get(&page).csrf();
    let refused = coordinator.post(&page, &[("csrf", &csrf), ("job_id", &job), ("extent", "job")]);
    assert!(refused.status == 422 && refused.body.contains("f-reason"), "{}", refused.body);
    let fields = [("job_id", &*job), ("extent", "job"), ("reason", "close_person")];
    let at = coordinator.submit(&page, &page, &fields);
    let shown = read(&coordinator, &at);
    assert!(shown.contains("近い人が、そのお客様で働いている") && shown.contains("取り消すまで"), "{shown}");
    let twice = coordinator.post(&page, &[&[("csrf", &*csrf)], &fields[..]].concat());
    assert_eq!(twice.status, 409, "{}", twice.body);

    let why = read(&worker, &format!("/offers/{job}/why"));
    assert!(why.contains("この仕事は、いまお願いしていません"), "{why}");
    assert!(!why.contains("近い人"), "never why: {why}");
    let refused = worker.get(&format!("/offers/{job}")).body;
    assert!(!refused.contains(&format!("/offers/{job}/claim")), "{refused}");
    assert!(refused.contains("いまお願いしていません") && !refused.contains("取り下げ"), "{refused}");

    let lift = shown.split("/lift\"").next().unwrap().rsplit("action=\"").next().unwrap();
    coordinator.submit(&page, &format!("{lift}/lift"), &[]);
    let why = read(&worker, &format!("/offers/{job}/why"));
    assert!(!why.contains("いまお願いしていません"), "{why}");
}
