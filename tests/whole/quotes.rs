//! A quote on its way: mailed by a salesperson; looked at, ordered on, asked about and declined by a client who has no
//! account; and everything that must not come of it.

use std::time::Instant;

use serde_json::{Value, json};

use super::mail_pages::scan;
use super::pages::check;
use super::world::{Answer, PATIENCE, Person, World};

/// A quote of the demo's salesperson to a client of its own.
struct Quoted {
    sales: Person,
    token: String,
    contact: i64,
    email: String,
    deal: i64,
    quote: i64,
}

impl Quoted {
    /// `mailbox` tells its contact's address from those of the others.
    fn new(name: &str, mailbox: &str, language: &str) -> Self {
        let world = World::shared();
        let token = world.token(&world.sign_in("sales").email, &["--write"]);
        let mut quoted = Self {
            sales: world.signed_in("sales"),
            token,
            contact: 0,
            email: format!("quote-{mailbox}@client.example"),
            deal: 0,
            quote: 0,
        };
        let company = quoted.make("/api/v1/companies", &json!({ "name": format!("見積試験{name}株式会社") }));
        let contact =
            json!({ "family_name": "見積", "given_name": name, "email": quoted.email, "language": language });
        quoted.contact = quoted.make(&format!("/api/v1/companies/{company}/contacts"), &contact);
        let deal = json!({
            "title": format!("名刺の入力 {name}"), "company_id": company, "contact_id": quoted.contact,
            "next_action": "見積を送る", "next_action_on": "2099-01-10",
        });
        quoted.deal = quoted.make("/api/v1/deals", &deal);
        quoted.quote = quoted.issue(50);
        quoted
    }

    fn call(&self, method: &str, path: &str, body: &Value) -> Answer {
        World::shared().guest().json(method, path, Some(&self.token), &body.to_string())
    }

    fn make(&self, path: &str, body: &Value) -> i64 {
        let answer = self.call("POST", path, body);
        assert!(answer.status < 300, "POST {path}: {} {}", answer.status, answer.body);
        answer.id()
    }

    fn issue(&self, unit_price: i64) -> i64 {
        let line = json!({
            "description": "名刺1枚の入力", "quantity": 100, "unit_price": unit_price, "unit_minutes": 7,
        });
        let quote = json!({
            "valid_until": "2099-02-01", "deliver_on": "2099-03-01", "lines": [line],
            "excluded": "郵送料は含みません", "trial_quantity": 10, "trial_unit_price": 40,
            "trial_until": "2099-01-31", "based_on": self.quote, "floor_reason": "はじめてのお客さまのため",
        });
        self.make(&format!("/api/v1/deals/{}/quotes", self.deal), &quote)
    }

    fn send(&self, message: &str) -> Answer {
        let page = format!("/quotes/{}/send", self.quote);
        let form = self.sales.get(&page);
        check(&form, &page, "ja");
        let contact = self.contact.to_string();
        let fields = [
            ("csrf", &*form.csrf()),
            ("form_key", &*form.value_of("form_key")),
            ("contact_id", &*contact),
            ("message", message),
        ];
        self.sales.post(&page, &fields)
    }

    /// Sends it and waits for the link in the client's mail.
    fn link(&self) -> String {
        let sent = self.send("ご確認をお願いします。");
        assert_eq!(sent.status, 303, "{}", sent.body);
        let world = World::shared();
        world.mailed_link(&world.signed_in("admin"), &self.email, "/q/")
    }

    fn state(&self) -> Value {
        self.call("GET", &format!("/api/v1/deals/{}", self.deal), &Value::Null).read()
    }

    /// What stands on the deal's page in the end.
    fn timeline(&self) -> String {
        self.sales.get(&format!("/deals/{}", self.deal)).body
    }
}

/// A client's browser with the link's page before it.
fn opened(link: &str) -> (Person, Answer) {
    let client = World::shared().guest();
    let entered = client.get(link);
    assert_eq!((entered.status, entered.location.as_str()), (303, "/quote"));
    assert_eq!(entered.headers["referrer-policy"], "no-referrer");
    assert_eq!(entered.headers["cache-control"], "no-store");
    let page = client.get("/quote");
    (client, page)
}

fn mail_says(email: &str, words: &str) {
    let (admin, end) = (World::shared().signed_in("admin"), Instant::now() + PATIENCE);
    loop {
        let list = admin.get(&format!("/sandbox?to={email}")).body;
        if list.contains(words) {
            return;
        }
        assert!(Instant::now() < end, "no mail to {email} says {words}:\n{list}");
        crate::whole::world::a_moment();
    }
}

#[test]
fn a_quote_that_was_issued_is_promised_a_day() {
    let quoted = Quoted::new("納期", "promise", "ja");
    let (page, end) = (format!("/quotes/{}", quoted.quote), Instant::now() + PATIENCE);
    loop {
        let shown = quoted.sales.get(&page);
        check(&shown, &page, "ja");
        if !shown.body.contains("いま計算しています") {
            let days = shown.body.split("約束できる日（85%）").nth(1).unwrap();
            assert!(days.contains("年") && days.contains("納期に遅れる見込み"), "{days}");
            return;
        }
        assert!(Instant::now() < end, "no day was promised");
        crate::whole::world::a_moment();
    }
}

#[test]
fn a_scanner_orders_nothing_and_a_client_orders_in_two_steps_and_once() {
    let quoted = Quoted::new("注文", "order", "ja");
    let link = quoted.link();
    scan(World::shared(), &link);
    assert_eq!(quoted.state()["state"], "open", "scanners open every link and send every form as it stands");
    let (client, page) = opened(&link);
    check(&page, "/quote", "ja");
    for said in ["5,500円", "郵送料は含みません", "10件", "ご確認をお願いします。"] {
        assert!(page.body.contains(said), "{said} is not in {}", page.body);
    }
    for own in ["見込む作業時間", "原価", "約束できる日", "11.7時間", "11.6時間", "700分"]
    {
        assert!(!page.body.contains(own), "{own} is the town's own: {}", page.body);
    }
    assert!(page.body.contains("見積 注文 様"), "{}", page.body);
    assert_eq!(client.get("/language/en?back=/quote").status, 303);
    let english = client.get("/quote").body;
    assert!(english.contains("見積 注文") && !english.contains('様'), "{english}");
    assert_eq!(client.get("/language/ja?back=/quote").status, 303);
    let (csrf, quote) = (page.csrf(), quoted.quote.to_string());
    let mut fields =
        vec![("csrf", &*csrf), ("quote", &*quote), ("name", "見積 花子"), ("order_number", "PO-9")];
    let refused = client.post("/quote/check", &fields);
    assert_eq!(refused.status, 422);
    assert!(refused.body.contains("PO-9") && refused.body.contains("見積 花子"), "{}", refused.body);
    fields.push(("may_order", "yes"));
    let once_more = client.post("/quote/check", &fields);
    assert_eq!(once_more.status, 200);
    assert!(once_more.body.contains("まだ注文は決まっていません"), "{}", once_more.body);
    assert_eq!(client.post("/quote/order", &fields).status, 200, "without the second page it is shown first");
    assert_eq!(quoted.state()["state"], "open", "nothing is ordered yet");
    fields.push(("confirmed", "yes"));
    let ordered = client.post("/quote/order", &fields);
    assert_eq!((ordered.status, ordered.location.as_str()), (303, "/quote"), "{}", ordered.body);
    assert_eq!(client.post("/quote/order", &fields).status, 303, "pressed twice, it is one order");
    let record = client.get("/quote");
    check(&record, "/quote", "ja");
    assert!(record.body.contains("PO-9") && record.body.contains("ご注文を承りました"), "{}", record.body);
    assert_eq!(quoted.state()["state"], "won");
    let end = Instant::now() + PATIENCE;
    while !quoted.timeline().contains("受注を見る") {
        assert!(Instant::now() < end, "no order is opened: {}", quoted.timeline());
        crate::whole::world::a_moment();
    }
    let orders = quoted.call("GET", "/api/v1/orders?limit=100", &Value::Null).read();
    let ours = orders["items"].as_array().unwrap().iter().filter(|order| order["deal_id"] == quoted.deal);
    assert_eq!(ours.count(), 1);
    assert!(quoted.timeline().contains("見積から注文：見積 花子"), "{}", quoted.timeline());
    mail_says(&quoted.email, "ご注文の控え：名刺の入力 注文");
    mail_says(&World::shared().sign_in("sales").email, "見積試験注文株式会社");
}

#[test]
fn a_question_and_a_refusal_reach_the_salesperson_and_lose_nothing() {
    let quoted = Quoted::new("asks", "asks", "en");
    let (client, page) = opened(&quoted.link());
    check(&page, "/quote", "en");
    let (csrf, quote) = (page.csrf(), quoted.quote.to_string());
    let page_key = page.value_of("form_key");
    let own = [("csrf", &*csrf), ("quote", &*quote), ("form_key", &*page_key)];
    let empty = client.post("/quote/ask", &[&own[..], &[("asked_by", "Ann")]].concat());
    assert_eq!(empty.status, 422);
    assert!(empty.body.contains("Ann"), "{}", empty.body);
    let asked = [&own[..], &[("asked_by", "Ann"), ("question", "Could you start earlier?")]].concat();
    for _twice in 0..2 {
        assert_eq!(client.post("/quote/ask", &asked).status, 303);
    }
    assert_eq!(quoted.timeline().matches("Could you start earlier?").count(), 1, "asked once");
    let next = quoted.state()["next_action"].as_str().unwrap().to_owned();
    assert!(next.contains("質問に答える") && next.contains("見積を送る"), "{next}");
    mail_says(&World::shared().sign_in("sales").email, "見積への質問：見積試験asks株式会社");
    let form = quoted.sales.get(&format!("/quotes/{quote}/send")).body;
    assert!(form.contains("Could you start earlier?"), "the question stands where it is answered: {form}");
    let page = || quoted.sales.get(&format!("/quotes/{quote}")).body;
    assert!(page().contains("お客さまから質問が届いています"), "{}", page());
    assert_eq!(quoted.send("月初から始められます。").status, 303);
    assert!(!page().contains("お客さまから質問が届いています"), "{}", page());
    assert_eq!(quoted.state()["next_action"], "見積を送る", "what was planned is next again");
    let declined = [&own[..], &[("declined_by", "Ann"), ("reason", "No budget")]].concat();
    assert_eq!(client.post("/quote/decline", &declined).status, 303);
    assert_eq!(quoted.state()["state"], "open", "the salesperson decides");
    mail_says(&World::shared().sign_in("sales").email, "見積が見送られました：見積試験asks株式会社");
}

#[test]
fn what_is_replaced_or_taken_back_says_so_and_shows_nothing() {
    let mut quoted = Quoted::new("差替", "replaced", "ja");
    let link = quoted.link();
    let (client, _page) = opened(&link);
    let old = quoted.quote.to_string();
    quoted.quote = quoted.issue(60);
    let replaced = client.get("/quote");
    check(&replaced, "/quote", "ja");
    assert!(replaced.body.contains("新しい版のお見積りに差し替えました"), "{}", replaced.body);
    assert!(!replaced.body.contains("5,500円"), "what no longer counts is not shown: {}", replaced.body);
    let fields = [
        ("csrf", &*replaced_csrf(&client)),
        ("quote", &*old),
        ("name", "見積"),
        ("may_order", "yes"),
        ("confirmed", "yes"),
    ];
    let late = client.post("/quote/order", &fields);
    assert_eq!(late.status, 409, "{}", late.body);
    assert_eq!(quoted.state()["state"], "open");
    let page = format!("/quotes/{}", quoted.quote);
    let sent = quoted.send("");
    assert_eq!(sent.status, 303);
    quoted.sales.submit(&page, &format!("{page}/withdraw"), &[]);
    let shown = quoted.sales.get(&page);
    assert!(shown.body.contains("見積を取り下げた"), "{}", shown.body);
    let offers_to_win =
        |page: &str| page.replace("&#x2f;", "/").contains(&format!("/deals/{}/win", quoted.deal));
    assert!(shown.body.contains("取下げ済み") && !offers_to_win(&shown.body), "{}", shown.body);
    assert!(quoted.timeline().contains("取下げ済み"), "nor is it valid on the deal's page");
    assert_eq!(quoted.send("").status, 303);
    let again = quoted.sales.get(&page);
    assert!(!again.body.contains("取下げ済み") && offers_to_win(&again.body), "{}", again.body);
    let gone = World::shared().guest().get("/quote");
    assert_eq!(gone.status, 404, "a browser without a link");
    assert!(gone.body.contains("このリンクは使えません"), "{}", gone.body);
}

/// The token of a form elsewhere on this browser's pages: a closed quote has none.
fn replaced_csrf(client: &Person) -> String {
    client.get("/t/demo/inquiry").csrf()
}

#[test]
fn a_version_issued_meanwhile_is_shown_before_it_is_replaced() {
    let quoted = Quoted::new("同時", "meanwhile", "ja");
    let page = format!("/deals/{}/quotes/new", quoted.deal);
    let form = quoted.sales.get(&page);
    let read = form.value_of("based_on");
    assert_eq!(read, quoted.quote.to_string());
    let (csrf, key) = (form.csrf(), form.value_of("form_key"));
    let typed = |based_on: &str, step: &str| {
        quoted.sales.post(
            &page,
            &[
                ("csrf", &csrf),
                ("form_key", &key),
                ("based_on", based_on),
                ("step", step),
                ("valid_until", "2099-02-01"),
                ("deliver_on", "2099-03-01"),
                ("lines[0].description", "封筒1枚の入力"),
                ("lines[0].quantity", "10"),
                ("lines[0].unit_price", "70"),
                ("floor_reason", "はじめてのお客さまのため"),
                ("lines[0].unit_minutes", "7"),
                ("lines[0].tax_rate", "10"),
            ],
        )
    };
    let checked = typed(&read, "check");
    assert_eq!((checked.status, checked.value_of("based_on")), (200, read.clone()));
    let theirs = quoted.issue(60).to_string();
    for step in ["check", "issue"] {
        let late = typed(&read, step);
        assert_eq!(late.status, 409, "{}", late.body);
        assert!(
            late.body.contains("別の版が発行されました") && late.body.contains("6,600円"),
            "{}",
            late.body
        );
        assert!(late.body.contains("封筒1枚の入力"), "what was typed is kept: {}", late.body);
        assert_eq!(late.value_of("based_on"), theirs);
    }
    assert_eq!(typed(&theirs, "issue").status, 303, "who has read it may replace it");
}

#[test]
fn a_price_with_a_digit_too_many_is_asked_about_before_it_is_issued() {
    let quoted = Quoted::new("けた", "digits", "ja");
    let page = format!("/deals/{}/quotes/new", quoted.deal);
    let form = quoted.sales.get(&page);
    let (csrf, key, based_on) = (form.csrf(), form.value_of("form_key"), form.value_of("based_on"));
    let typed = |step: &str, price: &str, meant: &str| {
        let fields = [
            ("csrf", &*csrf),
            ("form_key", &key),
            ("based_on", &based_on),
            ("step", step),
            ("price_meant", meant),
            ("valid_until", "2099-02-01"),
            ("deliver_on", "2099-03-01"),
            ("lines[0].description", "封筒1枚の入力"),
            ("lines[0].quantity", "10"),
            ("lines[0].unit_price", price),
            ("floor_reason", "はじめてのお客さまのため"),
            ("lines[0].unit_minutes", "7"),
            ("lines[0].tax_rate", "10"),
        ];
        quoted.sales.post(&page, &fields)
    };
    let question = "値段が、原価と大きくかけ離れています";
    let sane = typed("check", "700", "");
    assert!(sane.status == 200 && !sane.body.contains(question), "{}", sane.body);
    let checked = typed("check", "70000000", "");
    assert!(checked.status == 200 && checked.body.contains(question), "{}", checked.body);
    let asked = typed("issue", "70000000", "");
    assert!(asked.status == 422 && asked.body.contains("チェックを入れてください"), "{}", asked.body);
    assert_eq!(quoted.sales.get(&page).value_of("based_on"), based_on, "nothing was issued");
    assert_eq!(typed("issue", "70000000", "yes").status, 303);
}

#[test]
fn a_reason_for_selling_below_the_floor_survives_going_back() {
    let quoted = Quoted::new("理由", "reason", "ja");
    let page = format!("/deals/{}/quotes/new", quoted.deal);
    let form = quoted.sales.get(&page);
    let reason = "はじめてのお客さまのため";
    for (step, status) in [("edit", 200), ("issue", 422)] {
        let fields = [
            ("csrf", &*form.csrf()),
            ("form_key", &*form.value_of("form_key")),
            ("based_on", &*form.value_of("based_on")),
            ("floor_reason", reason),
            ("step", step),
            ("lines[0].description", "封筒1枚の入力"),
        ];
        let again = quoted.sales.post(&page, &fields);
        assert_eq!((again.status, again.value_of("floor_reason").as_str()), (status, reason));
    }
}

#[test]
fn a_contact_who_refuses_is_not_mailed_a_quote_until_they_ask_for_one() {
    let quoted = Quoted::new("拒否", "refuses", "ja");
    let consents = format!("/api/v1/contacts/{}/consents", quoted.contact);
    let wish = |basis: &str| json!({ "basis": basis, "note": "電話で" });
    assert_eq!(quoted.call("POST", &consents, &wish("refused")).status, 201);
    let form = quoted.sales.get(&format!("/quotes/{}/send", quoted.quote));
    assert!(form.body.contains("ご案内のメールを断っています"), "{}", form.body);
    let by_program = json!({ "contact_id": quoted.contact });
    let path = format!("/api/v1/quotes/{}/send", quoted.quote);
    let refused = quoted.call("POST", &path, &by_program).read();
    assert_eq!(refused["errors"][0]["code"], "contact-refuses", "{refused}");
    assert_eq!(quoted.call("POST", &consents, &wish("asked_for")).status, 201);
    assert_eq!(quoted.call("POST", &path, &by_program).status, 201);
}

#[test]
fn whoever_refuses_calls_is_marked_where_somebody_would_call_them() {
    let quoted = Quoted::new("電話断り", "nocalls", "ja");
    let wish = json!({ "wish": "refused", "note": "本人から" });
    let told = quoted.call("POST", &format!("/api/v1/contacts/{}/call-wishes", quoted.contact), &wish);
    assert!(told.status < 300, "{}", told.body);
    assert_eq!(
        quoted.timeline().matches("電話お断り").count(),
        2,
        "in the deal's head and beside the number"
    );
    let day = quoted.sales.get(&format!("/my-day?open=deal-{}", quoted.deal)).body;
    assert!(day.contains("電話お断り"), "{day}");
}

#[test]
fn winning_has_one_form_wherever_it_begins_and_what_is_won_is_reopened_with_a_reason() {
    let quoted = Quoted::new("段階", "stages", "ja");
    let stages = quoted.call("GET", "/api/v1/stages", &Value::Null).read();
    let deal = quoted.state();
    let here = stages["items"].as_array().unwrap().iter().find(|one| one["id"] == deal["stage_id"]).unwrap();
    let won = stages["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["kind"] == "won" && one["pipeline_id"] == here["pipeline_id"]);
    let won = won.unwrap()["id"].to_string();
    let (page, version) = (format!("/deals/{}", quoted.deal), deal["version"].to_string());
    let fields = [("version", &*version), ("stage", &*won)];
    let moved = quoted.sales.submit(&page, &format!("{page}/move"), &fields);
    assert_eq!(moved, format!("{page}/win"), "the board opens the form");
    let tagged = |verb: &str, version: &str, body: &Value| {
        let (bearer, tag) = (format!("Bearer {}", quoted.token), format!("\"{version}\""));
        let headers =
            [("content-type", "application/json"), ("authorization", &*bearer), ("if-match", &*tag)];
        let path = format!("/api/v1/deals/{}/{verb}", quoted.deal);
        World::shared().guest().send("POST", &path, &headers, &body.to_string())
    };
    let advanced = tagged("advance", &version, &json!({ "to_stage": won }));
    assert_eq!((advanced.status, advanced.code().as_str()), (409, "closing-stage"));
    assert_eq!(tagged("win", &version, &json!({})).status, 200);
    let (version, stage) = (quoted.state()["version"].to_string(), here["id"].to_string());
    let fields = [("version", &*version), ("stage", &*stage)];
    let moved = quoted.sales.submit(&page, &format!("{page}/move"), &fields);
    assert_eq!(moved, format!("{page}/reopen"), "a card that is won asks why it is opened again");
    let version = quoted.state()["version"].to_string();
    let next = json!({ "next_action": "電話", "next_action_on": "2099-01-10" });
    let unsaid = tagged("reopen", &version, &next);
    assert_eq!((unsaid.status, unsaid.code().as_str()), (422, "invalid"));
    assert_eq!(quoted.state()["version"].to_string(), version, "nothing was written");
    assert!(quoted.sales.get(&page).body.contains(&format!("{page}/reopen")), "its order is not begun");
    let form = quoted.sales.get(&format!("{page}/reopen"));
    assert!(form.status == 200 && form.body.contains("name=\"reason\""), "{}", form.body);
    let said = json!({ "next_action": "電話", "next_action_on": "2099-01-10", "reason": "件数を数え直す" });
    let reopened = tagged("reopen", &version, &said);
    assert_eq!((reopened.status, &quoted.state()["state"]), (200, &json!("open")), "{}", reopened.body);
}

#[test]
fn after_an_order_is_taken_back_the_next_version_begins_with_the_last() {
    let quoted = Quoted::new("取下", "anew", "ja");
    let (client, page) = opened(&quoted.link());
    let (csrf, quote) = (page.csrf(), quoted.quote.to_string());
    let fields = [
        ("csrf", &*csrf),
        ("quote", &*quote),
        ("name", "見積 花子"),
        ("may_order", "yes"),
        ("confirmed", "yes"),
    ];
    assert_eq!(client.post("/quote/order", &fields).status, 303);
    let end = Instant::now() + PATIENCE;
    let deal = format!("/deals/{}", quoted.deal);
    while !quoted.timeline().replace("&#x2f;", "/").contains(&format!("{deal}/reopen")) {
        assert!(Instant::now() < end, "no order is opened: {}", quoted.timeline());
        crate::whole::world::a_moment();
    }
    let version = quoted.state()["version"].to_string();
    let fields = [
        ("version", &*version),
        ("next_action", "電話"),
        ("next_action_on", "2099-01-10"),
        ("reason", "件数を数え直す"),
    ];
    quoted.sales.submit(&format!("{deal}/reopen"), &format!("{deal}/reopen"), &fields);
    let anew = quoted.sales.get(&format!("{deal}/quotes/new"));
    let typed =
        ["based_on", "lines[0].quantity", "lines[0].unit_price", "lines[0].unit_minutes", "trial_quantity"];
    assert_eq!(typed.map(|field| anew.value_of(field)), ["0", "100", "50", "7", "10"], "{}", anew.body);
}

#[test]
fn an_order_that_has_begun_is_not_offered_to_be_taken_back() {
    let world = World::shared();
    let coordinator = world.signed_in("coordinator");
    let running = coordinator.get("/api/v1/orders?state=running&limit=1").read();
    let deal = format!("/deals/{}", running["items"][0]["deal_id"]);
    let page = world.signed_in("sales").get(&deal);
    assert_eq!(page.status, 200, "{deal}");
    assert!(!page.body.contains(&format!("{deal}/reopen")), "it would only lead to a refusal");
}

#[test]
fn a_question_that_was_open_when_its_client_ordered_stands_on_the_quote_until_it_is_answered() {
    let quoted = Quoted::new("asksthen", "asksthen", "ja");
    let (client, page) = opened(&quoted.link());
    let (csrf, quote, key) = (page.csrf(), quoted.quote.to_string(), page.value_of("form_key"));
    let own = [("csrf", &*csrf), ("quote", &*quote)];
    let asked = [("form_key", &*key), ("asked_by", "見積 花子"), ("question", "請求書は紙でもらえますか")];
    assert_eq!(client.post("/quote/ask", &[&own[..], &asked].concat()).status, 303);
    let order = [("name", "見積 花子"), ("may_order", "yes"), ("confirmed", "yes")];
    assert_eq!(client.post("/quote/order", &[&own[..], &order].concat()).status, 303);
    assert_eq!(quoted.state()["state"], "won");
    let path = format!("/quotes/{quote}");
    let shown = quoted.sales.get(&path);
    check(&shown, &path, "ja");
    let body = shown.body.replace("&#x2f;", "/");
    assert!(body.contains("まだ答えていません") && body.contains("請求書は紙でもらえますか"), "{body}");
    let ids = body.split("href=\"/todos/").skip(1).filter_map(|rest| rest.split('"').next());
    let ids: Vec<i64> = ids.filter_map(|id| id.parse().ok()).collect();
    let todo = format!("/todos/{}", ids[0]);
    let waiting = quoted.sales.get(&todo);
    assert!(waiting.body.contains("見積への質問に答える：請求書は紙でもらえますか"), "{}", waiting.body);
    let version = waiting.value_of("version");
    let done = [("version", &*version), ("note", "電話で答えた")];
    quoted.sales.submit(&todo, &format!("{todo}/finish"), &done);
    assert!(!quoted.sales.get(&path).body.contains("まだ答えていません"), "it is answered");
}
