//! The chain walked by programs: four people's tokens, every verb once with its own example, every answer judged.

use std::time::Instant;

use serde_json::{Value, json};
use web::ROUTES;

use super::super::browser::register;
use super::super::world::{PATIENCE, World};
use super::client::{Client, Fitting, WALKED};
use super::{days, imports, money, notices, partners, programme, quality, steering, views, webhooks};

/// What no walk of programs can end well: none of the demo's tasks die, an order is closed short, a fix decided and a wish for the same again written only
/// after its client has answered with the mailed code, a client is reminded a day after the delivery at the soonest, and
/// no mail of the demo waits, because the sandbox mailbox takes each at once. What comes back of a job that goes round goes to
/// the next in line at once, so nothing is left to be put before a substitute by name. A seed comes after more good units than
/// one walk makes; its pages are walked in `whole::sampling`. Files of transfers are made on their page alone, and those of the demo are
/// paid, so that none can be voided.
const NOT_WALKED: [&str; 15] = [
    "POST /api/v1/transfer-files/{id}/void",
    "GET /api/v1/sampling-seeds/{id}/draws",
    "POST /api/v1/tasks/{id}/retry",
    "POST /api/v1/tasks/{id}/discard",
    "POST /api/v1/tasks/{id}/cancel",
    "POST /api/v1/orders/{id}/close",
    "POST /api/v1/repeat-wishes/{id}/confirm",
    "POST /api/v1/repeat-wishes/{id}/decline",
    "POST /api/v1/units/{id}/fix",
    "POST /api/v1/jobs/{id}/substitutes",
    "POST /api/v1/deliveries/{id}/remind",
    "POST /api/v1/client-questions/{id}/answer",
    "POST /api/v1/messages/{id}/release",
    "POST /api/v1/messages/{id}/hold",
    "POST /api/v1/messages/{id}/cancel",
];

#[test]
fn every_verb_takes_its_example_and_every_answer_fits_its_published_schema() {
    let world = World::start("api");
    let [admin, sales, coordinator, checker, worker] =
        ["admin", "sales", "coordinator", "checker", "worker5"].map(|name| Client::of(&world, name));
    let company = companies(&sales);
    registered(&world, &sales);
    leads(&sales);
    let deal = deals(&sales, company);
    days::walk(&sales, company);
    pipelines(&admin, &sales, company);
    let order = ordered(&sales, deal);
    moved(&coordinator, order);
    entered(&coordinator, &sales, company, order);
    people(&admin, &coordinator);
    let known = admin.get("/api/v1/costs", &[]).body["items"][0]["version"].as_i64().unwrap_or(0);
    admin.post("/api/v1/costs", &[], set("based_on", known));
    let job = split(&coordinator, order);
    let units = claimed(&worker, job);
    how(&worker, &coordinator, job);
    extended(&worker, &coordinator, job, units[0]);
    work(&worker, &coordinator, &checker, units);
    ending(&worker, &coordinator);
    promised(&coordinator, order);
    delivered(&coordinator, order, job);
    troubles(&worker, &coordinator, &checker, order);
    steered_tasks(&admin);
    lists(&admin, &sales, &coordinator);
    mails(&admin, &coordinator);
    imports::walk(&sales);
    views::walk(&sales, open_deal(&sales, company));
    steering::walk(&sales, open_deal(&sales, company));
    wishes(&sales, company);
    programme::walk(&admin, &coordinator, &worker);
    webhooks::walk(&admin);
    notices::walk(&coordinator);
    partners::walk(&world);
    words(&admin);
    all_walked();
    world.stop();
}

/// Every operation has been seen to end well, so that nothing stands in the description untried.
fn all_walked() {
    let walked = WALKED.lock().unwrap();
    let missing: Vec<String> = ROUTES
        .iter()
        .filter(|route| route.path.starts_with("/api/v1/"))
        .map(|route| format!("{} {}", route.method, route.path))
        .filter(|name| !walked.contains(name) && !NOT_WALKED.contains(&name.as_str()))
        .collect();
    assert!(missing.is_empty(), "never walked: {missing:#?}");
}

fn set(field: &'static str, value: impl Into<Value>) -> impl Fn(&mut Value) {
    let value = value.into();
    move |body| body[field] = value.clone()
}

fn as_it_is(_: &mut Value) {}

fn companies(sales: &Client) -> i64 {
    let company = sales.post("/api/v1/companies", &[], as_it_is);
    let id = company.id();
    let path = "/api/v1/companies/{id}";
    assert_eq!(sales.get(path, &[id]).etag, company.etag, "what was made and what is read are one version");
    let corrected = sales.write(("PUT", path), &[id], Some(&company.tag()), set("note", "試験"));
    assert_ne!(corrected.etag, company.etag);
    let headers = [("content-type", "application/json"), ("if-match", &company.tag())];
    let late = sales.send(("PUT", path), &[id], &headers, r#"{"name": "遅い"}"#);
    assert_eq!(late.status, 412, "somebody was faster");
    let refused = sales.send(("POST", "/api/v1/companies"), &[], &headers[..1], "{}");
    assert_eq!((refused.status, &refused.body["errors"][0]["field"]), (422, &json!("name")));
    let found = sales.get("/api/v1/companies?q=%E7%B1%B3%E5%AD%90", &[]);
    assert!(found.body["items"].as_array().unwrap().iter().any(|one| one["id"] == id));
    let contact = sales.post("/api/v1/companies/{id}/contacts", &[id], as_it_is);
    sales.get("/api/v1/companies/{id}/contacts", &[id]);
    sales.get("/api/v1/contacts/{id}", &[contact.id()]);
    let path = ("PUT", "/api/v1/contacts/{id}");
    sales.write(path, &[contact.id()], Some(&contact.tag()), set("title", "課長"));
    look_alikes(sales, id);
    called(sales, contact.id());
    tagged(sales, id);
    merged(sales, id, contact.id());
    let terms = sales.post("/api/v1/companies/{id}/terms", &[id], as_it_is);
    let versions = sales.get("/api/v1/companies/{id}/terms", &[id]);
    assert_eq!(versions.body["items"], json!([terms.body]));
    id
}

/// A tag is made, given, renamed and merged into another; the company has the other one then.
fn tagged(sales: &Client, company: i64) {
    let [trip, bus] =
        ["立科WORK TRIP", "乗合バス"].map(|name| sales.post("/api/v1/tags", &[], set("name", name)));
    let of_company = "/api/v1/companies/{id}/tags";
    sales.write(("PUT", of_company), &[company], None, set("tags", json!([trip.id()])));
    let path = ("PUT", "/api/v1/tags/{id}");
    let renamed = sales.write(path, &[trip.id()], Some(&trip.tag()), set("name", "WORK TRIP"));
    let path = ("POST", "/api/v1/tags/{id}/merge");
    sales.write(path, &[trip.id()], Some(&renamed.tag()), set("into", bus.id()));
    assert_eq!(sales.get(of_company, &[company]).body["items"][0]["id"], bus.id());
    let uses = sales.get("/api/v1/tags", &[]);
    assert!(uses.body["items"].as_array().unwrap().iter().all(|one| one["id"] != trip.id()));
}

/// A twin and its contact are merged into the company and its contact, looked up by their old ids, and parted again.
fn merged(sales: &Client, company: i64, contact: i64) {
    let twin = sales.post("/api/v1/companies", &[], move |body| {
        *body = json!({ "name": "米子建設工業", "apart_from": [company] });
    });
    let person = sales.post("/api/v1/companies/{id}/contacts", &[company], move |body| {
        *body = json!({ "family_name": "佐藤直", "apart_from": [contact] });
    });
    for (kind, kept, other) in [("companies", company, &twin), ("contacts", contact, &person)] {
        let path = |tail: &str| format!("/api/v1/{kind}/{{id}}{tail}");
        let preview = sales.get(&path("/merge/{other}"), &[kept, other.id()]);
        assert_eq!(preview.body["merged"]["id"], other.id());
        let version = other.body["version"].clone();
        let tag = sales.get(&path(""), &[kept]).tag();
        let id = other.id();
        let merge = sales.write(("POST", &path("/merge")), &[kept], Some(&tag), move |body| {
            *body = json!({ "other": id, "other_version": version });
        });
        assert_eq!(sales.get(&path(""), &[id]).body["id"], kept, "the old id leads to the one kept");
        assert_eq!(sales.get(&path("/merges"), &[kept]).body["items"][0], merge.body);
        sales.get("/api/v1/merges/{id}", &[merge.id()]);
        let undone = sales.act("/api/v1/merges/{id}/undo", &[merge.id()]);
        assert!(undone.body["undone_at"].is_string());
        assert_eq!(sales.get(&path(""), &[id]).body["id"], id);
    }
}

/// What looks like something that is there is found beforehand, and refused until it is named as known.
fn look_alikes(sales: &Client, company: i64) {
    let alike = sales.get("/api/v1/companies/look-alikes?phone=%2B81-859-00-0000", &[]);
    assert_eq!(alike.body["items"][0]["company"]["id"], company);
    assert_eq!(alike.body["items"][0]["by"], json!(["phone"]));
    let headers = [("content-type", "application/json")];
    let twin = r#"{"name": "㈱米子建設"}"#;
    let refused = sales.send(("POST", "/api/v1/companies"), &[], &headers, twin);
    assert_eq!((refused.status, &refused.body["code"]), (409, &json!("looks-alike")));
    let alike = sales.get("/api/v1/contacts/look-alikes?email=SATO%40example.jp", &[]);
    assert_eq!(alike.body["items"][0]["by"], json!(["email"]));
    let known = json!([company]);
    sales.post("/api/v1/companies", &[], move |body| {
        body["name"] = "㈱米子建設".into();
        body["apart_from"] = known.clone();
    });
}

/// Who refuses to be called leaves the call list and stays a contact.
fn called(sales: &Client, contact: i64) {
    let listed = |path: &str| {
        let list = sales.get(path, &[]).body;
        list["items"].as_array().unwrap().iter().any(|one| one["id"] == contact)
    };
    let refused = sales.post("/api/v1/contacts/{id}/call-wishes", &[contact], as_it_is);
    assert_eq!(refused.body["may_be_called"], false);
    let record = sales.get("/api/v1/contacts/{id}/call-wishes", &[contact]);
    assert_eq!(record.body["items"][0]["wish"], "refused");
    assert!(
        listed("/api/v1/contacts?q=%E4%BD%90%E8%97%A4")
            && !listed("/api/v1/contacts?q=%E4%BD%90%E8%97%A4&callable=yes")
    );
}

fn registered(world: &World, sales: &Client) {
    const NAME: &str = "株式会社接続試験";
    register::publish(world, &[NAME]);
    let found = sales.get("/api/v1/registry?q=%E6%8E%A5%E7%B6%9A%E8%A9%A6%E9%A8%93", &[]);
    assert_eq!(found.body["items"][0]["name"], NAME);
    let number = found.body["items"][0]["corporate_number"].as_str().unwrap().parse().unwrap();
    sales.get("/api/v1/registry/{number}", &[number]);
    assert_eq!(sales.post("/api/v1/registry/{number}/adopt", &[number], as_it_is).body["name"], NAME);
}

fn leads(sales: &Client) {
    let lead = sales.post("/api/v1/leads", &[], as_it_is);
    let path = ("PUT", "/api/v1/leads/{id}");
    // Of a company and a person whom nobody here knows: what looks like somebody known is refused.
    let lead = sales.write(path, &[lead.id()], Some(&lead.tag()), |body| {
        body["need"] = "名簿の入力".into();
        body["company_name"] = "岩井製版所".into();
        body["email"] = "tanaka@iwai-seihan.example".into();
    });
    let path = ("POST", "/api/v1/leads/{id}/contact");
    let spoken = sales.write(path, &[lead.id()], Some(&lead.tag()), as_it_is);
    sales.get("/api/v1/leads/{id}", &[lead.id()]);
    sales.write(("POST", "/api/v1/leads/{id}/convert"), &[lead.id()], Some(&spoken.tag()), as_it_is);
    let other = sales.post("/api/v1/leads", &[], set("company_name", "岩美商店"));
    let path = ("POST", "/api/v1/leads/{id}/disqualify");
    sales.write(path, &[other.id()], Some(&other.tag()), as_it_is);
}

fn deals(sales: &Client, company: i64) -> i64 {
    let contact = sales.get("/api/v1/companies/{id}/contacts", &[company]).body["items"][0]["id"].clone();
    let open = |title: &'static str| {
        let contact = contact.clone();
        sales.post("/api/v1/deals", &[], move |body| {
            body["company_id"] = company.into();
            body["contact_id"] = contact.clone();
            body["title"] = title.into();
        })
    };
    let deal = open("名簿の入力（API）");
    let id = deal.id();
    let change = |body: &mut Value| {
        body["company_id"] = company.into();
        body["contact_id"] = contact.clone();
        body["expected_close_on"] = body["next_action_on"].clone();
    };
    let deal = sales.write(("PUT", "/api/v1/deals/{id}"), &[id], Some(&deal.tag()), change);
    sales.post("/api/v1/deals/{id}/activities", &[id], set("version", deal.body["version"].clone()));
    sales.get("/api/v1/deals/{id}/activities", &[id]);
    let lined = sales.get("/api/v1/deals/{id}", &[id]);
    sales.write(("PUT", "/api/v1/deals/{id}/lines"), &[id], Some(&lined.tag()), as_it_is);
    assert_eq!(sales.get("/api/v1/deals/{id}/lines", &[id]).body["total"], 30_000);
    let quote = sales.post("/api/v1/deals/{id}/quotes", &[id], as_it_is);
    sales.get("/api/v1/deals/{id}/quotes", &[id]);
    sales.get("/api/v1/quotes/{id}", &[quote.id()]);
    sales.post("/api/v1/quotes/{id}/send", &[quote.id()], set("contact_id", contact.clone()));
    let sendings = sales.get("/api/v1/quotes/{id}/sendings", &[quote.id()]);
    assert_eq!(sendings.body["items"][0]["contact_id"], contact);
    sales.act("/api/v1/quotes/{id}/withdraw", &[quote.id()]);
    let events = sales.get("/api/v1/deals/{id}/quote-events", &[id]);
    let kinds: Vec<&Value> =
        events.body["items"].as_array().unwrap().iter().map(|one| &one["kind"]).collect();
    assert_eq!(kinds, ["withdrawn", "sent"]);
    let next = next_stage(sales, &deal);
    let deal = sales.get("/api/v1/deals/{id}", &[id]);
    let path = ("POST", "/api/v1/deals/{id}/advance");
    let deal = sales.write(path, &[id], Some(&deal.tag()), set("to_stage", next));
    let path = ("POST", "/api/v1/deals/{id}/reorder");
    let deal = sales.write(path, &[id], Some(&deal.tag()), as_it_is);
    sales.get("/api/v1/board/{stage}", &[next]);
    sales.get("/api/v1/board", &[]);
    sales.act_on("/api/v1/deals/{id}/win", &[id], &deal.tag());
    sales.get("/api/v1/deals/{id}/events", &[id]);
    let version = sales.get("/api/v1/deals/{id}", &[id]).tag();
    take_back(sales, id, &version);
    sales.get("/api/v1/deals/{id}/stays", &[id]);
    let again = sales.post("/api/v1/deals/{id}/again", &[id], as_it_is);
    assert_eq!(again.body["repeats"], id);
    let other = open("失注する商談");
    let asleep = sales.act_on("/api/v1/deals/{id}/sleep", &[other.id()], &other.tag());
    let path = ("POST", "/api/v1/deals/{id}/reopen");
    let awake = sales.write(path, &[other.id()], Some(&asleep.tag()), as_it_is);
    let path = ("POST", "/api/v1/deals/{id}/lose");
    sales.write(path, &[other.id()], Some(&awake.tag()), as_it_is);
    id
}

/// Opens a won deal again before anybody began its order, wins it once more, and lets the walk go on with that.
fn take_back(sales: &Client, id: i64, version: &str) {
    let path = ("POST", "/api/v1/deals/{id}/reopen");
    let unsaid =
        sales.send(path, &[id], &[("content-type", "application/json"), ("if-match", version)], "{}");
    assert_eq!((unsaid.status, &unsaid.body["errors"][0]["field"]), (422, &json!("reason")));
    let open = sales.write(path, &[id], Some(version), set("reason", "件数を数え直す"));
    assert_eq!((&open.body["state"], &open.body["amount_basis"]), (&json!("open"), &json!("quote")));
    heard(sales, id);
    let open = sales.get("/api/v1/deals/{id}", &[id]);
    sales.act_on("/api/v1/deals/{id}/win", &[id], &open.tag());
}

/// What the client said of the work.
fn heard(sales: &Client, deal: i64) {
    let sheet = sales.post("/api/v1/deals/{id}/hearings", &[deal], as_it_is);
    let path = ("PUT", "/api/v1/hearings/{id}");
    sales.write(path, &[sheet.id()], Some(&sheet.tag()), set("deadline", "毎月末"));
    let now = sales.get("/api/v1/hearings/{id}", &[sheet.id()]);
    assert_eq!((&now.body["deadline"], &now.body["personal_data"]), (&json!("毎月末"), &json!("yes")));
    let all = sales.get("/api/v1/deals/{id}/hearings", &[deal]);
    assert_eq!(all.body["items"][0]["id"], sheet.id());
}

/// A pipeline of its own for one deal, which goes there and is lost; then it is out of use again, so that other tests
/// find the town as it was.
fn pipelines(admin: &Client, sales: &Client, company: i64) {
    let name = format!("年間契約 {}", std::process::id());
    let pipeline = admin.post("/api/v1/pipelines", &[], set("name", name.as_str()));
    let id = pipeline.id();
    let renamed = format!("年間の契約 {}", std::process::id());
    let path = ("PUT", "/api/v1/pipelines/{id}");
    let pipeline = admin.write(path, &[id], Some(&pipeline.tag()), set("name", renamed.as_str()));
    let stage = admin.post("/api/v1/pipelines/{id}/stages", &[id], as_it_is);
    let path = ("PUT", "/api/v1/stages/{id}");
    let changed = admin.write(path, &[stage.id()], Some(&stage.tag()), set("idle_days", 9));
    let path = ("POST", "/api/v1/stages/{id}/shift");
    let shifted = admin.write(path, &[stage.id()], Some(&changed.tag()), as_it_is);
    let path = ("POST", "/api/v1/stages/{id}/remove");
    admin.write(path, &[stage.id()], Some(&shifted.tag()), set("into", Value::Null));
    let deal = sales.post("/api/v1/deals", &[], set("company_id", company));
    let first =
        sales.get(&format!("/api/v1/board?pipeline={id}"), &[]).body["columns"][0]["stage"]["id"].clone();
    let path = ("POST", "/api/v1/deals/{id}/transfer");
    let moved =
        sales.write(path, &[deal.id()], Some(&deal.tag()), move |body| *body = json!({ "to_stage": first }));
    sales.write(("POST", "/api/v1/deals/{id}/lose"), &[deal.id()], Some(&moved.tag()), as_it_is);
    let archived = admin.act_on("/api/v1/pipelines/{id}/archive", &[id], &pipeline.tag());
    let restored = admin.act_on("/api/v1/pipelines/{id}/restore", &[id], &archived.tag());
    admin.act_on("/api/v1/pipelines/{id}/archive", &[id], &restored.tag());
    sales.get("/api/v1/pipelines", &[]);
}

/// A deal that is open.
fn open_deal(sales: &Client, company: i64) -> i64 {
    sales.post("/api/v1/deals", &[], set("company_id", company)).id()
}

/// The next open stage of the board.
fn next_stage(sales: &Client, deal: &Fitting) -> i64 {
    let stages = sales.get("/api/v1/stages", &[]);
    let open = stages.body["items"].as_array().unwrap().iter().filter(|stage| stage["kind"] == "open");
    let mut others = open.filter(|stage| stage["id"] != deal.body["stage_id"]);
    others.next().unwrap()["id"].as_i64().unwrap()
}

/// The order that the won deal opens, as soon as its task has run.
fn ordered(sales: &Client, deal: i64) -> i64 {
    let until = Instant::now() + PATIENCE;
    loop {
        let mut next = String::new();
        loop {
            let page = sales.get(&format!("/api/v1/orders?limit=100&after={next}"), &[]);
            let orders = page.body["items"].as_array().unwrap();
            if let Some(order) =
                orders.iter().find(|order| order["deal_id"] == deal && order["withdrawn_because"].is_null())
            {
                return order["id"].as_i64().unwrap();
            }
            match page.body["next"].as_str() {
                Some(key) => key.clone_into(&mut next),
                None => break,
            }
        }
        assert!(Instant::now() < until, "no order was opened for deal {deal}");
    }
}

/// An order that came by phone and is re-entrusted, and the same again of another.
fn entered(coordinator: &Client, sales: &Client, company: i64, order: i64) {
    let called = coordinator.post("/api/v1/orders", &[], set("company_id", company));
    assert_eq!((&called.body["state"], &called.body["direct"]), (&json!("won"), &json!("phone")));
    let opened = ordered(sales, called.id());
    let path = ("PUT", "/api/v1/orders/{id}/re-entrusted");
    let said = coordinator.write(path, &[opened], None, as_it_is);
    assert!(said.body["re_entrusted"]["original_pay_on"].is_string(), "{}", said.body);
    let again = sales.post("/api/v1/orders/{id}/again", &[order], as_it_is);
    assert_eq!((&again.body["direct"], &again.body["state"]), (&json!("repeat"), &json!("won")));
    assert!(coordinator.get("/api/v1/repeat-wishes", &[]).body["items"].is_array());
}

fn people(admin: &Client, coordinator: &Client) {
    let unique = format!("api-{}@example.jp", std::process::id());
    let member = admin.post("/api/v1/members", &[], set("email", unique.as_str()));
    let id = [member.id()];
    admin.act("/api/v1/members/{id}/invite", &id);
    let read = admin.get("/api/v1/members/{id}", &id);
    let correct = ("PUT", "/api/v1/members/{id}");
    let corrected = admin.write(correct, &id, Some(&read.tag()), set("email", unique.as_str()));
    let roles = ("PUT", "/api/v1/members/{id}/roles");
    admin.write(roles, &id, Some(&corrected.tag()), as_it_is);
    assert_eq!(admin.act("/api/v1/members/{id}/disable", &id).body["state"], "disabled");
    assert_eq!(admin.act("/api/v1/members/{id}/enable", &id).body["state"], "active");
    let town = admin.get("/api/v1/town", &[]);
    let keep = |body: &mut Value| {
        for (name, field) in body.as_object_mut().unwrap() {
            *field = town.body[name].clone();
        }
        for name in ["legal_name", "postal_address", "contact_phone"] {
            body[name] = town.body[name].clone();
        }
    };
    admin.write(("PUT", "/api/v1/town"), &[], Some(&town.tag()), keep);

    let email = format!("api-worker-{}@example.jp", std::process::id());
    let worker = coordinator.post("/api/v1/workers", &[], set("email", email.as_str()));
    let id = worker.id();
    let timed =
        coordinator.write(("PUT", "/api/v1/workers/{id}/hours"), &[id], Some(&worker.tag()), as_it_is);
    coordinator.write(("PUT", "/api/v1/workers/{id}/phone"), &[id], Some(&timed.tag()), as_it_is);
    let name = format!("表計算 {}", std::process::id());
    let skill = coordinator.post("/api/v1/skills", &[], set("name", name.as_str())).id();
    let renamed = format!("表計算（中級） {}", std::process::id());
    coordinator.write(("PUT", "/api/v1/skills/{id}"), &[skill], None, set("name", renamed.as_str()));
    coordinator.post("/api/v1/workers/{id}/skills/{skill}", &[id, skill], as_it_is);
    interviewed(coordinator, id);
    coordinator.get("/api/v1/workers/{id}/availability", &[id]);
    trained(coordinator, id, skill);
    coordinator.get("/api/v1/skills/expiring", &[]);
    coordinator.act("/api/v1/workers/{id}/offers", &[id]);
    coordinator.get("/api/v1/workers/{id}", &[id]);
    let path = ("DELETE", "/api/v1/workers/{id}/skills/{skill}");
    assert_eq!(coordinator.send(path, &[id, skill], &[], "").status, 204);
    coordinator.post("/api/v1/workers/{id}/steps", &[id], set("happened_on", ""));
}

/// An interview that is moved and called off, and one that was held.
fn interviewed(coordinator: &Client, worker: i64) {
    let lead = coordinator.get("/api/v1/workers/{id}", &[worker]).body["person_id"].clone();
    let today = kernel::date_in_japan(kernel::clock::machine_time());
    let day = |days: i64| (today + chrono::TimeDelta::days(days)).to_string();
    let on = |days: i64| {
        let (day, lead) = (day(days), lead.clone());
        move |body: &mut Value| {
            body["day"] = json!(day);
            body["interviewer_id"] = lead.clone();
        }
    };
    let place = ("PUT", "/api/v1/interviews/{id}");
    let planned = coordinator.post("/api/v1/workers/{id}/interviews", &[worker], on(5));
    let moved = coordinator.write(place, &[planned.id()], Some(&planned.tag()), on(6));
    coordinator.act_on("/api/v1/interviews/{id}/tell-again", &[planned.id()], &moved.tag());
    let off = coordinator.act_on("/api/v1/interviews/{id}/call-off", &[planned.id()], &moved.tag());
    assert_eq!(off.body["state"], "called_off");
    let held = coordinator.post("/api/v1/workers/{id}/interviews", &[worker], on(-3));
    let tag = coordinator.get("/api/v1/interviews/{id}", &[held.id()]).tag();
    let outcome = ("POST", "/api/v1/interviews/{id}/outcome");
    let held = coordinator.write(outcome, &[held.id()], Some(&tag), as_it_is);
    assert_eq!(held.body["outcome"], "go_on");
    let all = coordinator.get("/api/v1/workers/{id}/interviews", &[worker]).body["items"].clone();
    assert_eq!(all.as_array().map(Vec::len), Some(2));
    let waiting = coordinator.get("/api/v1/waiting-workers?state=registered&limit=100", &[]);
    assert!(waiting.body["items"].as_array().unwrap().iter().any(|one| one["id"] == worker));
}

/// A training somebody has a seat in, which is called off; and a trial that was passed.
fn trained(coordinator: &Client, worker: i64, skill: i64) {
    let trial = coordinator.post("/api/v1/workers/{id}/trials", &[worker], set("skill_id", skill));
    assert_eq!(trial.body["outcome"], "passed");
    coordinator.get("/api/v1/workers/{id}/trials", &[worker]);
    let course = coordinator.post("/api/v1/courses", &[], set("skill_id", skill));
    let id = course.id();
    let read = coordinator.get("/api/v1/courses/{id}", &[id]);
    coordinator.write(("PUT", "/api/v1/courses/{id}"), &[id], Some(&read.tag()), set("seats", 9));
    let taken = coordinator.post("/api/v1/courses/{id}/enrolments", &[id], set("worker_id", worker));
    assert_eq!((&taken.body["taken"], &taken.body["seats"]), (&json!(1), &json!(9)));
    let seats = coordinator.get("/api/v1/courses/{id}/enrolments", &[id]).body["items"].clone();
    let seat = seats[0]["id"].as_i64().unwrap();
    coordinator.post("/api/v1/enrolments/{id}/outcome", &[seat], set("state", "left"));
    coordinator.act_on("/api/v1/courses/{id}/call-off", &[id], &taken.tag());
    coordinator.post("/api/v1/courses", &[], as_it_is);
    assert!(coordinator.get("/api/v1/courses", &[]).body["items"].as_array().unwrap().len() > 1);
}

/// A worker takes a seat and gives it back.
fn learned(worker: &Client) {
    let coming = worker.get("/api/v1/my-courses", &[]).body["items"].clone();
    let course = coming[0]["id"].as_i64().unwrap_or_else(|| panic!("no course in {coming}"));
    worker.act("/api/v1/my-courses/{id}/enrol", &[course]);
    worker.get("/api/v1/my-courses/mine", &[]);
    worker.act("/api/v1/my-courses/{id}/leave", &[course]);
}

/// A worker says what they offer, and takes it back: what follows does not depend on it.
fn offered(worker: &Client) {
    let path = |end: &'static str| ("PUT", end);
    worker.write(path("/api/v1/my-availability/week"), &[], None, as_it_is);
    worker.write(path("/api/v1/my-availability/week"), &[], None, |body| *body = json!({}));
    worker.write(path("/api/v1/my-availability/day"), &[], None, as_it_is);
    worker.post("/api/v1/my-availability/clear-day", &[], as_it_is);
    worker.write(path("/api/v1/my-availability/conditions"), &[], None, as_it_is);
    worker.write(path("/api/v1/my-availability/conditions"), &[], None, |body| *body = json!({}));
    let off = worker.act("/api/v1/my-availability/off-today", &[]).body["days"].clone();
    assert!(off.as_object().unwrap().values().any(|day| day["told_today"] == true), "{off}");
    worker.act("/api/v1/my-availability/back-today", &[]);
    let plan = worker.get("/api/v1/my-availability", &[]).body;
    assert_eq!((&plan["conditions"], &plan["days"]), (&json!([]), &json!({})), "{plan}");
}

/// Everybody active is told that their work ends, without the reason; one of the notices is the worker's, who asks.
fn ending(worker: &Client, coordinator: &Client) {
    let active = coordinator.get("/api/v1/workers?state=active", &[]).body["items"].clone();
    let told = active.as_array().unwrap().iter().map(|one| {
        let id = one["id"].as_i64().unwrap();
        let path = "/api/v1/workers/{id}/endings";
        let notice = coordinator.post(path, &[id], |body| {
            body["tells_reason"] = json!("");
            body["exception"] = json!("disaster");
        });
        assert_eq!(coordinator.get(path, &[id]).body["items"][0]["id"], notice.id());
        notice.id()
    });
    let own = ("GET", "/api/v1/my-endings/{id}");
    let notice = told.filter(|notice| worker.send(own, &[*notice], &[], "").status == 200).last().unwrap();
    assert_eq!(worker.get(own.1, &[notice]).body["reason"], Value::Null);
    let asked = worker.act("/api/v1/my-endings/{id}/ask", &[notice]);
    assert_eq!(asked.body["reason"], worker.get(own.1, &[notice]).body["reason"]);
    assert_ne!(asked.body["reason"], Value::Null);
}

fn split(coordinator: &Client, order: i64) -> i64 {
    let place = [order];
    // What the worker does with it shall not depend on whose turn it is.
    let job = coordinator.post("/api/v1/orders/{id}/jobs", &place, |body| {
        body["count"] = json!(8);
        body["offer_rule"] = json!("first_come");
    });
    let job = job.id();
    coordinator.act("/api/v1/orders/{id}/start", &place);
    coordinator.get("/api/v1/orders/{id}", &place);
    coordinator.get("/api/v1/orders/{id}/jobs", &place);
    coordinator.get("/api/v1/orders/{id}/lines", &place);
    coordinator.get("/api/v1/orders/{id}/progress", &place);
    coordinator.get("/api/v1/jobs/{id}", &[job]);
    let offered = coordinator.act("/api/v1/jobs/{id}/offer", &[job]);
    assert!(offered.body["eligible"].as_i64().unwrap() > 0);
    changed(coordinator, order);
    job
}

/// A second job that is corrected, offered, taken back, and called off.
fn changed(coordinator: &Client, order: i64) {
    let mistaken = coordinator.post("/api/v1/orders/{id}/jobs", &[order], set("count", 2)).id();
    let tag = coordinator.get("/api/v1/jobs/{id}", &[mistaken]).tag();
    coordinator.write(("PUT", "/api/v1/jobs/{id}"), &[mistaken], Some(&tag), as_it_is);
    coordinator.act("/api/v1/jobs/{id}/offer", &[mistaken]);
    let rounds = coordinator.get("/api/v1/jobs/{id}/rounds", &[mistaken]).body["items"].clone();
    assert_eq!((&rounds[0]["number"], &rounds[0]["waiting_units"]), (&json!(1), &json!(2)));
    let decided =
        coordinator.get("/api/v1/jobs/{id}/round-decisions?round=1", &[mistaken]).body["items"].clone();
    assert!(decided.as_array().unwrap().iter().any(|one| one["outcome"] == "asked"), "{decided}");
    let substitutes = coordinator.get("/api/v1/jobs/{id}/substitutes", &[mistaken]).body;
    assert_eq!(substitutes["units"], 0, "all of it lies before somebody");
    assert_eq!(coordinator.act("/api/v1/jobs/{id}/withdraw", &[mistaken]).body["state"], "draft");
    assert_eq!(coordinator.act("/api/v1/jobs/{id}/call-off", &[mistaken]).body["state"], "closed");
}

/// A sample, a question that becomes a rule, and a wording of coordination's own, which the worker reads.
fn how(worker: &Client, coordinator: &Client, job: i64) {
    let of_job = |what: &str| format!("/api/v1/jobs/{{id}}/{what}");
    let mine = |what: &str| format!("/api/v1/my-jobs/{{job}}/{what}");
    let file = coordinator.upload("見本.csv", "番号,名前\n1,見本\n").id();
    let sample = coordinator.post(&of_job("samples"), &[job], set("file_id", file)).id();
    assert_eq!(coordinator.get(&of_job("samples"), &[job]).body["items"][0]["id"], sample);
    assert_eq!(worker.get(&mine("samples"), &[job]).body["items"][0]["file_id"], file);
    worker.get("/api/v1/files/{id}/bytes", &[file]);
    assert_eq!(coordinator.send(("DELETE", "/api/v1/samples/{id}"), &[sample], &[], "").status, 204);
    assert_eq!(worker.send(("GET", "/api/v1/files/{id}"), &[file], &[], "").status, 404);
    let asked = worker.post(&mine("questions"), &[job], as_it_is).id();
    let open = coordinator.get("/api/v1/questions", &[]).body["items"].clone();
    assert!(open.as_array().unwrap().iter().any(|one| one["id"] == asked), "{open}");
    let answered = coordinator.post("/api/v1/questions/{id}/answers", &[asked], as_it_is);
    assert_eq!(answered.body["rules_number"], 2);
    let own = coordinator.post(&of_job("questions"), &[job], as_it_is).id();
    coordinator.post("/api/v1/questions/{id}/answers", &[own], set("becomes_rule", false));
    assert_eq!(coordinator.act("/api/v1/questions/{id}/rule", &[own]).body["rules_number"], 3);
    assert_eq!(coordinator.get(&of_job("questions"), &[job]).body["items"][0]["id"], own);
    let shown = worker.get(&mine("questions"), &[job]).body["items"].clone();
    assert_eq!((&shown[0]["is_own"], &shown[1]["is_own"]), (&json!(false), &json!(true)));
    coordinator.post(&of_job("rules"), &[job], set("based_on", 3));
    assert_eq!(coordinator.get(&of_job("rules"), &[job]).body["items"][0]["number"], 4);
    let stands = worker.get(&mine("rules"), &[job]).body;
    assert_eq!((&stands["agreed_number"], &stands["newest"]["number"]), (&json!(1), &json!(4)));
    let read = worker.post(&mine("rules-read"), &[job], set("number", 4));
    assert_eq!(read.body["known"]["number"], 4);
}

/// The deadline moves, and its holder accepts it.
/// An order's day is moved by a day, as agreed with its client.
fn moved(coordinator: &Client, order: i64) {
    let due = coordinator.get("/api/v1/orders/{id}", &[order]).body["due_on"].as_str().unwrap().to_owned();
    let later = due.parse::<chrono::NaiveDate>().unwrap() + chrono::Days::new(1);
    coordinator.post("/api/v1/orders/{id}/due", &[order], set("due_on", later.to_string()));
    assert_eq!(coordinator.get("/api/v1/orders/{id}/due-moves", &[order]).body["items"][0]["from_day"], due);
}

/// Promises are reckoned anew, and the order has its first day as soon as the task has run.
fn promised(coordinator: &Client, order: i64) {
    coordinator.act("/api/v1/capacity/reckon", &[]);
    let until = Instant::now() + PATIENCE;
    while coordinator.send(("GET", "/api/v1/orders/{id}/outlook"), &[order], &[], "").status == 404 {
        assert!(Instant::now() < until, "the order got no outlook");
    }
    let outlook = coordinator.get("/api/v1/orders/{id}/outlook", &[order]).body;
    let promises = coordinator.get("/api/v1/orders/{id}/promises", &[order]).body;
    assert_eq!(promises["items"][0]["promised_on"], outlook["days"]["promised_on"]);
    assert_eq!(promises["items"].as_array().unwrap().last().unwrap()["cause"], "first");
    assert_eq!(coordinator.get("/api/v1/capacity", &[]).body["weeks"].as_array().unwrap().len(), 13);
    coordinator.get("/api/v1/capacity/at-risk", &[]);
}

fn extended(worker: &Client, coordinator: &Client, job: i64, unit: i64) {
    let due = coordinator.get("/api/v1/jobs/{id}", &[job]).body["work_due_on"].as_str().unwrap().to_owned();
    let later = due.parse::<chrono::NaiveDate>().unwrap() + chrono::Days::new(1);
    coordinator.post("/api/v1/jobs/{id}/extend", &[job], set("work_due_on", later.to_string()));
    assert_eq!(coordinator.get("/api/v1/jobs/{id}/extensions", &[job]).body["items"][0]["from_day"], due);
    let terms = worker.get("/api/v1/my-units/{unit}/deadline", &[unit]).body["terms"].clone();
    worker.post("/api/v1/my-units/{unit}/deadline", &[unit], |body| {
        *body = json!({ "terms_sha256": terms["sha256"], "language": terms["language"] });
    });
    assert_eq!(worker.get("/api/v1/my-units/{unit}", &[unit]).body["work_due_on"], later.to_string());
}

fn claimed(worker: &Client, job: i64) -> Vec<i64> {
    let hours = worker.get("/api/v1/my-hours", &[]).body["weekly_minutes"].clone();
    worker.write(("PUT", "/api/v1/my-hours"), &[], None, set("weekly_minutes", hours));
    worker.get("/api/v1/offers", &[]);
    worker.get("/api/v1/my-skills", &[]);
    worker.get("/api/v1/my-trials", &[]);
    learned(worker);
    offered(worker);
    worker.get("/api/v1/offers/{job}/why", &[job]);
    let offer = worker.get("/api/v1/offers/{job}", &[job]).body["offer"].clone();
    worker.act("/api/v1/offers/{job}/decline", &[job]);
    worker.post("/api/v1/offers/reconsider", &[], set("offer", offer));
    let terms = worker.get("/api/v1/offers/{job}?count=5", &[job]).body["terms"].clone();
    let claim = worker.post("/api/v1/offers/{job}/claim", &[job], |body| {
        *body = json!({ "count": 5, "terms_sha256": terms["sha256"], "language": terms["language"] });
    });
    claim.body["units"].as_array().unwrap().iter().map(|unit| unit.as_i64().unwrap()).collect()
}

/// One unit all the way with a return; another refused and offered again; the rest goes back.
fn work(worker: &Client, coordinator: &Client, checker: &Client, units: Vec<i64>) {
    let [first, second, third, fourth, fifth] = units[..] else { panic!("claimed {units:?}") };
    worker.get("/api/v1/my-units", &[]);
    worker.get("/api/v1/my-pay", &[]);
    worker.get("/api/v1/my-year", &[]);
    let watched = worker.write(("PUT", "/api/v1/my-year/limit"), &[], None, as_it_is);
    assert_eq!(watched.body["limit"], 1_000_000);
    worker.write(("PUT", "/api/v1/my-year/limit"), &[], None, set("yearly_limit", ""));
    worker.act("/api/v1/my-units/{unit}/start", &[first]);
    worker.act("/api/v1/my-units/{unit}/pause", &[first]);
    worker.act("/api/v1/my-units/{unit}/resume", &[first]);
    worker.act("/api/v1/my-units/{unit}/keep", &[first]);
    let draft = ("PUT", "/api/v1/my-units/{unit}/draft");
    worker.write(draft, &[first], None, as_it_is);
    let drafted = worker.get("/api/v1/my-units/{unit}/draft", &[first]).body;
    assert_eq!((&drafted["version"], &drafted["unit_id"]), (&json!(1), &json!(first)));
    submit(worker, first);
    worker.act("/api/v1/my-units/{unit}/retract", &[first]);
    quality::arranged(coordinator, first);
    let submission = submit(worker, first);
    checker.get("/api/v1/reviews", &[]);
    checker.act("/api/v1/reviews/{submission}/begin", &[submission]);
    checker.act("/api/v1/reviews/{submission}/release", &[submission]);
    checker.act("/api/v1/reviews/{submission}/begin", &[submission]);
    checker.post("/api/v1/reviews/{submission}", &[submission], as_it_is);
    worker.act("/api/v1/my-units/{unit}/start", &[first]);
    let again = submit(worker, first);
    checker.post("/api/v1/reviews/{submission}", &[again], as_it_is);
    quality::coached(coordinator, first);
    worker.act("/api/v1/my-units/{unit}/start", &[first]);
    let again = submit(worker, first);
    checker.post("/api/v1/reviews/{submission}", &[again], |body| *body = json!({ "verdict": "pass" }));
    quality::looked_at_twice(coordinator, again);
    quality::sampled(coordinator, first);
    worker.get("/api/v1/my-units/{unit}", &[first]);
    worker.get("/api/v1/my-units/{unit}/terms", &[first]);
    coordinator.get("/api/v1/units/{id}", &[first]);
    coordinator.get("/api/v1/units/{id}/events", &[first]);
    coordinator.get("/api/v1/units/{id}/versions", &[first]);
    coordinator.get("/api/v1/units/{id}/fixes", &[first]);
    coordinator.get("/api/v1/fixes", &[]);

    worker.act("/api/v1/my-units/{unit}/start", &[second]);
    let submission = submit(worker, second);
    checker.post("/api/v1/reviews/{submission}", &[submission], set("verdict", "reject"));
    quality::appealed(coordinator, worker, second);
    coordinator.act("/api/v1/units/{id}/reoffer", &[second]);
    worker.act("/api/v1/my-units/{unit}/hand-back", &[third]);
    let part = worker.post("/api/v1/my-units/{unit}/hand-over", &[fifth], as_it_is).id();
    let waiting = coordinator.get("/api/v1/hand-overs", &[]).body["items"].clone();
    assert!(waiting.as_array().unwrap().iter().any(|one| one["id"] == part), "{waiting}");
    coordinator.post("/api/v1/hand-overs/{id}", &[part], as_it_is);
    assert_eq!(
        coordinator.get("/api/v1/units/{id}/hand-overs", &[fifth]).body["items"][0]["decided_tenths"],
        6
    );
    coordinator.post("/api/v1/units/{id}/take-back", &[fourth], as_it_is);
    coordinator.post("/api/v1/units/{id}/cancel", &[fourth], as_it_is);
    money::closed_and_paid(coordinator, checker, worker, first);
    money::asked_for(coordinator);
    money::paid_from(coordinator);
}

fn submit(worker: &Client, unit: i64) -> i64 {
    let file = worker.upload("名簿.csv", "番号,名前\n1,𠮷野\n");
    worker.get("/api/v1/files/{id}", &[file.id()]);
    worker.get("/api/v1/files/{id}/bytes", &[file.id()]);
    worker.post("/api/v1/my-units/{unit}/submit", &[unit], set("file_ids", json!([file.id()]))).id()
}

fn delivered(coordinator: &Client, order: i64, job: i64) {
    let passed = coordinator.get("/api/v1/jobs/{id}/units?state=passed", &[job]);
    let units: Vec<Value> =
        passed.body["items"].as_array().unwrap().iter().map(|unit| unit["id"].clone()).collect();
    let path = "/api/v1/orders/{id}/deliveries";
    let delivery = coordinator.post(path, &[order], set("unit_ids", units));
    coordinator.get(path, &[order]);
    coordinator.get("/api/v1/deliveries/{id}", &[delivery.id()]);
    let asked = coordinator.get("/api/v1/deliveries/{id}/questions", &[delivery.id()]);
    assert_eq!(asked.body["items"], coordinator.get("/api/v1/client-questions", &[]).body["items"]);
    coordinator.act("/api/v1/deliveries/{id}/send-again", &[delivery.id()]);
    coordinator.act("/api/v1/deliveries/{id}/withdraw-link", &[delivery.id()]);
}

/// What is refused is told as published, too.
fn troubles(worker: &Client, coordinator: &Client, checker: &Client, order: i64) {
    let json = [("content-type", "application/json")];
    let wrong = [
        (checker.send(("POST", "/api/v1/reviews/{submission}"), &[1], &json, "[]"), 400),
        (coordinator.send(("POST", "/api/v1/orders/{id}/start"), &[order], &json, "{}"), 409),
        (coordinator.send(("POST", "/api/v1/orders/{id}/start"), &[order], &json, r#"{"x": 1}"#), 400),
        (coordinator.send(("GET", "/api/v1/files/{id}"), &[999_999_999], &[], ""), 404),
        (worker.send(("GET", "/api/v1/members"), &[], &[], ""), 403),
    ];
    for (answer, status) in wrong {
        assert_eq!(answer.status, status, "{:#}", answer.body);
    }
    coordinator.post("/api/v1/orders/{id}/cancel", &[order], as_it_is);
}

/// Nothing of the kind is stuck: there is nothing to drive.
fn steered_tasks(admin: &Client) {
    let is_paused = || {
        let kinds = admin.get("/api/v1/tasks/kinds", &[]);
        let all = kinds.body["items"].as_array().unwrap().clone();
        all.iter().find(|one| one["kind"] == "webhooks.deliver").unwrap()["paused"] == true
    };
    assert!(!is_paused());
    admin.post("/api/v1/tasks/pause", &[], as_it_is);
    assert!(is_paused());
    let cleared = admin.post("/api/v1/tasks/clear", &[], as_it_is);
    assert!(cleared.body["tasks"].is_u64(), "{:#}", cleared.body);
    admin.post("/api/v1/tasks/resume", &[], as_it_is);
    assert!(!is_paused());
    assert_eq!(admin.post("/api/v1/tasks/redrive", &[], as_it_is).body["tasks"], 0);
    let unknown = r#"{"kind":"of.nobody/ever"}"#;
    let headers = [("content-type", "application/json"), ("idempotency-key", "unknown-kind")];
    assert_eq!(admin.send(("POST", "/api/v1/tasks/pause"), &[], &headers, unknown).status, 404);
}

fn lists(admin: &Client, sales: &Client, coordinator: &Client) {
    for path in [
        "/api/v1/members",
        "/api/v1/tasks",
        "/api/v1/tasks/dead",
        "/api/v1/figures",
        "/api/v1/figures/fairness",
    ] {
        admin.get(path, &[]);
    }
    for path in [
        "/api/v1/companies?limit=2",
        "/api/v1/leads",
        "/api/v1/deals?state=won",
        "/api/v1/deals/totals?state=won",
    ] {
        sales.get(path, &[]);
    }
    for path in ["/api/v1/orders/running", "/api/v1/workers?state=active", "/api/v1/skills"] {
        coordinator.get(path, &[]);
    }
}

/// The terms of the claimed units came back: they are sent once more, and the worker is called.
fn mails(admin: &Client, coordinator: &Client) {
    let until = Instant::now() + PATIENCE;
    let mail = loop {
        let mails = admin.get("/api/v1/messages?state=accepted&q=%E5%8F%96%E5%BC%95%E6%9D%A1%E4%BB%B6", &[]);
        let legal = mails.body["items"].as_array().unwrap().iter().find(|mail| mail["category"] == "legal");
        if let Some(mail) = legal {
            break mail["id"].as_i64().unwrap();
        }
        assert!(Instant::now() < until, "no terms were mailed");
    };
    admin.get("/api/v1/messages/{id}", &[mail]);
    let bounced = coordinator.post("/api/v1/messages/{id}/bounce", &[mail], as_it_is);
    assert_eq!(
        (&bounced.body["state"], &bounced.body["events"][0]["kind"]),
        (&json!("bounced"), &json!("bounced"))
    );
    let again = coordinator.post("/api/v1/messages/{id}/resend", &[mail], as_it_is);
    assert_eq!(again.body["resend_of"], mail);
    admin.get("/api/v1/messages/stuck", &[]);
    let redriven = admin.post("/api/v1/messages/stuck/redrive", &[], as_it_is);
    assert_eq!(
        (&redriven.body["sent"], &redriven.body["left"]),
        (&json!(0), &json!(0)),
        "none expired of that"
    );
    assert_eq!(admin.post("/api/v1/messages/stuck/seen", &[], as_it_is).body["seen"], 0);
    let seen = coordinator.act("/api/v1/messages/{id}/seen", &[mail]);
    let events = seen.body["events"].as_array().unwrap();
    assert!(events.iter().any(|one| one["kind"] == "seen"), "{:#}", seen.body);
    let calls = coordinator.get("/api/v1/calls?limit=100", &[]);
    let call = calls.body["items"].as_array().unwrap().iter().find(|call| call["message"] == mail);
    let call = call.unwrap_or_else(|| panic!("no call for {:#}: {:#}", bounced.body, calls.body));
    let call = call["id"].as_i64().unwrap();
    coordinator.post("/api/v1/calls/{id}/lift", &[call], as_it_is);
    let closed = coordinator.post("/api/v1/calls/{id}/close", &[call], as_it_is);
    assert!(closed.body["done_at"].is_string(), "{:#}", closed.body);
    let alone = coordinator.post("/api/v1/suppressions", &[], as_it_is);
    let listed = admin.get("/api/v1/suppressions", &[]);
    assert_eq!(listed.body["items"], json!([alone.body]));
    coordinator.post("/api/v1/suppressions/{id}/lift", &[alone.id()], as_it_is);
    assert_eq!(admin.get("/api/v1/suppressions", &[]).body["items"], json!([]));
}

/// What somebody wants mailed: a person of the town, and a contact who agrees to advertising.
fn wishes(sales: &Client, company: i64) {
    let path = "/api/v1/me/mail";
    let now = sales.get(path, &[]);
    let changed = sales.write(("PUT", path), &[], Some(&now.tag()), as_it_is);
    assert_eq!(changed.body["offers"], "daily");
    let contact =
        sales.get("/api/v1/companies/{id}/contacts", &[company]).body["items"][0]["id"].as_i64().unwrap();
    let news = r#"{"heading": "名簿の入力を承ります", "text": "100件から承ります。"}"#;
    let headers = [("content-type", "application/json")];
    let refused = sales.send(("POST", "/api/v1/contacts/{id}/news"), &[contact], &headers, news);
    assert_eq!((refused.status, &refused.body["code"]), (409, &json!("news-unwanted")), "nobody agreed yet");
    sales.post("/api/v1/contacts/{id}/consents", &[contact], as_it_is);
    sales.get("/api/v1/contacts/{id}/consents", &[contact]);
    let sent = sales.post("/api/v1/contacts/{id}/news", &[contact], set("heading", "名簿の入力を承ります"));
    assert!(sent.body["message"].is_i64(), "{:#}", sent.body);
}

/// The town's own words for a mail: shown, tried, kept, taken back.
fn words(admin: &Client) {
    const PATH: &str = "/api/v1/mail-texts/{name}/{language}";
    let kinds = admin.get("/api/v1/mail-texts", &[]);
    assert!(kinds.body["items"].as_array().unwrap().len() > 10);
    let shipped = admin.get(PATH, &[]).body["words"].clone();
    let shown = admin.post(&format!("{PATH}/preview"), &[], as_it_is);
    assert!(shown.body["subject"].as_str().unwrap().starts_with("お仕事："));
    admin.post(&format!("{PATH}/test"), &[], as_it_is);
    let kept = admin.post(PATH, &[], as_it_is);
    assert_eq!(kept.body["versions"].as_array().unwrap().len(), 1);
    let back = admin.act(&format!("{PATH}/reset"), &[]);
    assert_eq!(back.body["words"], shipped);
}
