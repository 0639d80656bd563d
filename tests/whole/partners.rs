//! Two towns share an order over their pages, from the question to what came and went; a third town sees none of it.

use std::time::Instant;

use diesel::RunQueryDsl;
use serde_json::{Value, json};

use super::languages::of_a_member_in_both_languages;
use super::rules::read;
use super::towns::Opened;
use super::world::{PATIENCE, World, a_moment, command};

/// What crosses between towns is on its way for a moment.
fn until(town: &Opened, path: &str, holds: impl Fn(&Value) -> bool) -> Value {
    let end = Instant::now() + PATIENCE;
    loop {
        let said = town.reads(path);
        if holds(&said) {
            return said;
        }
        assert!(Instant::now() < end, "{path} stays as it is: {said:#}");
        a_moment();
    }
}

/// Says where the town is and how it is reached, which written terms have to name.
fn names_itself(town: &Opened) {
    let known = town.reads("/api/v1/town");
    let mut input = json!({
        "postal_address": "長野県", "contact_email": "telework@town.example", "contact_phone": "0267-56-2311",
    });
    for name in ["name", "legal_name", "language"] {
        input[name] = known[name].clone();
    }
    let changed = town.call("PUT", "/api/v1/town", known["version"].as_i64().unwrap(), &input);
    assert_eq!(changed.status, 200, "{}", changed.body);
}

/// An order of ten pieces that a client gave directly.
fn ordered(town: &Opened, due: &str) -> i64 {
    let company = town.call("POST", "/api/v1/companies", 1, &json!({ "name": "秘密の株式会社" })).id();
    let order = json!({
        "company_id": company, "title": "名簿の入力", "source": "phone", "deliver_on": due,
        "lines": [{ "description": "名簿の入力", "quantity": 10, "unit_price": 98_713, "unit_minutes": 20, "tax_rate": 10 }],
    });
    let entered = town.call("POST", "/api/v1/orders", 1, &order);
    assert_eq!(entered.status, 201, "{}", entered.body);
    until(town, "/api/v1/orders", |said| said["items"][0]["id"].is_i64())["items"][0]["id"].as_i64().unwrap()
}

fn day(days: u64) -> String {
    let today = kernel::date_in_japan(kernel::clock::machine_time());
    (today + chrono::Days::new(days)).to_string()
}

/// One asks on its page, and the other agrees on its own.
fn agreed(here: &Opened, there: &Opened) {
    let page = here.admin.get("/partners");
    assert!(page.body.contains("提携自治体はありません"), "{}", page.body);
    let unknown = "この名前の自治体は、ここにはありません";
    for (slug, said) in [("tateshina", "これは同じものです"), ("nowhere", unknown), ("demo", unknown)]
    {
        let refused = here.admin.post("/partners", &[("csrf", &page.csrf()), ("town", slug)]);
        assert_eq!(refused.status, 422, "{slug}: {}", refused.body);
        assert!(refused.body.contains(said), "{slug}: {}", refused.body);
        assert!(refused.body.contains(&format!("value=\"{slug}\"")), "what was typed is kept");
    }
    here.admin.submit("/partners", "/partners", &[("town", "shiojiri")]);
    let asked = until(there, "/api/v1/partners", |said| said["items"][0]["standing"] == "asked_by");
    let id = asked["items"][0]["id"].as_i64().unwrap();
    assert!(read(&there.admin, "/partners").contains("申し込みあり"));
    there.admin.submit("/partners", &format!("/partners/{id}/agree"), &[]);
    until(here, "/api/v1/partners", |said| said["items"][0]["standing"] == "agreed");
    let twice = there.call("POST", &format!("/api/v1/partners/{id}/agree"), 1, &json!({}));
    assert_eq!(twice.status, 409, "{}", twice.body);
}

/// Four of the ten pieces are offered; more than ten are not.
fn offered(here: &Opened, order: i64) -> String {
    let partner = here.reads("/api/v1/partners")["items"][0]["id"].to_string();
    let path = format!("/orders/{order}/share");
    let page = here.admin.get(&path);
    let [csrf, key] = ["csrf", "form_key"].map(|name| page.value_of(name));
    let send = |quantity: &str| {
        let fields = [
            ("csrf", csrf.as_str()),
            ("form_key", &key),
            ("partner_id", &partner),
            ("title", "名簿の入力（後半）"),
            ("work", "紙の名簿を見本のとおりに入力"),
            ("quantity", quantity),
            ("unit_price", "80"),
            ("unit_minutes", "20"),
            ("due_on", &day(30)),
            ("pay_on", &day(50)),
            ("message", "よろしくお願いします"),
        ];
        here.admin.post(&path, &fields)
    };
    let refused = send("11");
    assert_eq!(refused.status, 422, "{}", refused.body);
    assert!(refused.body.contains("10以下") && refused.body.contains("紙の名簿を"), "{}", refused.body);
    let shared = send("4");
    assert_eq!(shared.status, 303, "{}", shared.body);
    shared.location
}

/// A worker of the town, who may take work; gives the token.
fn works(world: &World, town: &Opened, slug: &str) -> String {
    let email = format!("worker@{slug}.example");
    let worker = json!({ "family_name": "働手", "email": email, "invite": "yes", "language": "ja",
        "weekly_minutes": "2400", "happened_on": "2026-01-10" });
    let worker = town.call("POST", "/api/v1/workers", 1, &worker).id();
    let step = json!({ "kind": "activated", "happened_on": "2026-01-10" });
    let active = town.call("POST", &format!("/api/v1/workers/{worker}/steps"), 1, &step);
    assert!(active.status < 300, "{}", active.body);
    command(world.data(), &["token", slug, &email])
}

/// What the worker is shown before they take a unit of the order.
fn terms(world: &World, town: &Opened, slug: &str, order: i64) -> String {
    let token = works(world, town, slug);
    let job = json!({
        "title": "後半の入力", "rules": "見本のとおりに入力する。", "unit_minutes": "20", "unit_pay": "60",
        "work_due_on": day(14), "pay_day": "25", "offer_rule": "first_come", "count": "4",
    });
    assert!(town.call("POST", &format!("/api/v1/orders/{order}/start"), 1, &json!({})).status < 300);
    let job = town.call("POST", &format!("/api/v1/orders/{order}/jobs"), 1, &job);
    assert!(job.status < 300, "{}", job.body);
    let job = job.id();
    let offered = town.call("POST", &format!("/api/v1/jobs/{job}/offer"), 1, &json!({}));
    assert!(offered.status < 300, "{}", offered.body);
    world.guest().json("GET", &format!("/api/v1/offers/{job}"), Some(&token), "").body
}

#[test]
fn two_towns_share_an_order_and_a_third_sees_nothing() {
    let world = World::start("partners");
    let here = Opened::town(&world, "tateshina", "立科町");
    let there = Opened::town(&world, "shiojiri", "塩尻市");
    let elsewhere = Opened::town(&world, "komagane", "駒ヶ根市");
    names_itself(&here);
    names_itself(&there);
    agreed(&here, &there);
    let order = ordered(&here, &day(40));
    let out = offered(&here, order);
    assert!(read(&here.admin, &out).contains("塩尻市の返事を待っています"));
    let came = until(&there, "/api/v1/shares", |said| said["items"][0]["id"].is_i64());
    let share = came["items"][0]["id"].as_i64().unwrap();
    let page = format!("/shares/{share}");
    let shown = read(&there.admin, &page);
    for said in ["紙の名簿を見本のとおりに入力", "立科町", "320円", "伝えていません", "よろしくお願いします"]
    {
        assert!(shown.contains(said), "{said}: {shown}");
    }
    for secret in ["秘密の株式会社", "98713", "98,713", "987130", "987,130"] {
        assert!(!shown.contains(secret) && !came.to_string().contains(secret), "{secret} crossed");
    }
    let csrf = there.admin.get(&page).csrf();
    let silent = there.admin.post(&format!("{page}/decline"), &[("csrf", &csrf), ("reason", "")]);
    assert_eq!(silent.status, 422, "{}", silent.body);
    there.admin.submit(&page, &format!("{page}/accept"), &[]);
    let twice = there.call("POST", &format!("/api/v1/shares/{share}/accept"), 1, &json!({}));
    assert_eq!((twice.status, twice.code().as_str()), (409, "already-answered"), "{}", twice.body);
    let taken = until(&there, &format!("/api/v1/shares/{share}"), |said| said["order_id"].is_i64());
    let theirs = taken["order_id"].as_i64().unwrap();
    let became = there.reads(&format!("/api/v1/orders/{theirs}"));
    assert_eq!(became["re_entrusted"]["original_client"], "立科町", "{became:#}");
    assert_eq!(
        (&became["re_entrusted"]["original_pay_on"], &became["amount"]),
        (&json!(day(50)), &json!(320))
    );
    let known = format!("/api/v1/orders/{order}/shares");
    until(&here, &known, |said| said["items"][0]["state"] == "accepted");
    let late = here.call("POST", &format!("/api/v1{out}/withdraw"), 1, &json!({}));
    assert_eq!((late.status, late.code().as_str()), (409, "already-answered"), "{}", late.body);
    let terms = terms(&world, &there, "shiojiri", theirs);
    for item in ["再委託", "立科町", "元委託業務の対価の支払期日"] {
        assert!(terms.contains(item), "{item}: {terms}");
    }
    amounts(&here, &there);
    pays(&here, &there, &out, &page);
    bundles(&world, &here, order, &out);
    for path in ["/api/v1/shares?side=in", "/api/v1/shares?side=out", "/api/v1/partners"] {
        assert_eq!(elsewhere.reads(path)["items"], json!([]), "{path}");
    }
    for path in [format!("/api/v1/shares/{share}"), format!("/api/v1{out}")] {
        assert_eq!(elsewhere.call("GET", &path, 1, &Value::Null).status, 404, "{path}");
    }
    let partner = here.reads("/api/v1/partners")["items"][0]["id"].as_i64().unwrap();
    here.admin.submit("/partners", &format!("/partners/{partner}/end"), &[]);
    until(&there, "/api/v1/partners", |said| said["items"][0]["standing"] == "ended");
    world.stop();
}

/// What was accepted from a partner leads on: on the share, on its order, and where that would be closed short.
fn bundles(world: &World, here: &Opened, order: i64, out: &str) {
    let page = format!("/orders/{order}");
    let shown = read(&here.admin, &page);
    assert!(shown.contains("名簿の入力（後半）") && shown.contains("検収 0 / 4件"), "{shown}");
    assert!(shown.contains(&format!("href=\"{out}\"")) && !shown.contains("取りまとめ"), "{shown}");
    let came = "UPDATE shares SET delivered = 4, accepted = 3 WHERE side = 'out'";
    diesel::sql_query(came).execute(&mut world.owner()).unwrap();
    for path in [out, page.as_str(), format!("{page}/close").as_str()] {
        let shown = read(&here.admin, path);
        assert!(shown.contains("提携先から3件を検収しました"), "{path}: {shown}");
        assert!(shown.contains(&format!("href=\"{page}/jobs/new\"")), "{path}: {shown}");
    }
    of_a_member_in_both_languages(&here.admin, &format!("{page}/close"));
    let job = json!({
        "title": "前半の入力", "rules": "見本のとおりに入力する。", "unit_minutes": "20", "unit_pay": "60",
        "work_due_on": day(14), "pay_day": "25", "offer_rule": "first_come", "count": "9",
    });
    let split = here.call("POST", &format!("/api/v1/orders/{order}/jobs"), 1, &job);
    assert!(split.status < 300, "{}", split.body);
    let form = read(&here.admin, &format!("{page}/share"));
    assert!(form.contains("共有できる件数は残っていません") && !form.contains("name=\"quantity\""), "{form}");
    assert!(!read(&here.admin, out).contains("取りまとめ"), "all of it is in units");
}

/// What was paid is written down once however often the button is pressed, no more than is left, and is taken back with why.
fn pays(here: &Opened, there: &Opened, out: &str, theirs: &str) {
    assert!(read(&here.admin, "/cash").contains("提携先へまだ支払っていない分が352円"), "320 yen and tax");
    let list = "/shares?side=out";
    assert!(read(&here.admin, list).contains("未払い 352円"), "the list says of which");
    let page = here.admin.get(out);
    let (csrf, key) = (page.csrf(), page.value_of("form_key"));
    let send = |amount: &str, note: &str, key: &str| {
        let fields = [("csrf", csrf.as_str()), ("form_key", key), ("amount", amount), ("note", note)];
        here.admin.post(&format!("{out}/payments"), &fields)
    };
    for (amount, said) in [("353", "残りは352円です"), ("-1", "まだ支払いの記録がない")] {
        let refused = send(amount, "まちがい", "");
        assert_eq!(refused.status, 422, "{amount}: {}", refused.body);
        assert!(
            refused.body.contains(said) && refused.body.contains("まちがい"),
            "{amount}: {}",
            refused.body
        );
    }
    for _press in 0..2 {
        assert_eq!(send("300", "振込", &key).location, out);
    }
    let shown = read(&here.admin, out);
    for said in ["352円", "300円", "52円", "振込"] {
        assert!(shown.contains(said), "{said}: {shown}");
    }
    assert_eq!(send("-300", "", "").status, 422, "nothing is taken back without why");
    assert_eq!(send("-300", "別の支払いでした", "").location, out);
    let known = here.reads(&format!("/api/v1{out}"));
    assert_eq!((&known["owed"], &known["paid"], &known["open"]), (&json!(352), &json!(0), &json!(352)));
    assert_eq!(known["payments"].as_array().unwrap().len(), 2, "both entries stay: {known:#}");
    let whole = here.call("POST", &format!("/api/v1{out}/payments"), 1, &json!({ "amount": 352 }));
    assert_eq!(whole.status, 201, "{}", whole.body);
    assert_eq!(here.reads("/api/v1/partners/amounts")["partners"][0]["paid_out"], 352);
    assert!(send("1", "", "").body.contains("すべて支払い済みです"));
    assert!(!read(&here.admin, "/cash").contains("提携先へ"), "nothing is left");
    assert!(!read(&here.admin, list).contains("未払い"));
    let other = there.call("POST", &format!("/api/v1{theirs}/payments"), 1, &json!({ "amount": 1 }));
    assert_eq!(other.status, 404, "{}", other.body);
    assert!(!read(&there.admin, theirs).contains("相手への支払い"));
}

/// What went out here came in there.
fn amounts(here: &Opened, there: &Opened) {
    let [ours, theirs] =
        [here, there].map(|town| town.reads("/api/v1/partners/amounts")["partners"][0].clone());
    assert_eq!((&ours["agreed_out"], &ours["agreed_in"]), (&json!(320), &json!(0)), "{ours:#}");
    assert_eq!((&theirs["agreed_in"], &theirs["agreed_out"]), (&json!(320), &json!(0)), "{theirs:#}");
    let page = read(&here.admin, "/partners");
    assert!(page.contains("320円") && page.contains("塩尻市"), "{page}");
}
