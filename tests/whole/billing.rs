//! An invoice on its way, over the pages: issued, mailed once however often the button is pressed, read by a client without an account,
//! put right by a credit note that is mailed as well, and issued anew.

use serde_json::{Value, json};

use super::languages::in_both_languages;
use super::mail_pages::scan;
use super::pages::check;
use super::rules::read;
use super::world::{PATIENCE, Person, World};

/// An invoice that is still to be paid, with a contact whom mail reaches.
fn open_invoice(world: &World, token: &str) -> (Value, String) {
    let of = |path: &str| world.guest().json("GET", path, Some(token), "").read();
    let listed = of("/api/v1/invoices?show=open")["items"].clone();
    let found = listed.as_array().unwrap().iter().find_map(|one| {
        let contact = one["contact_id"].as_i64()?;
        let email = of(&format!("/api/v1/contacts/{contact}"))["email"].as_str()?.to_owned();
        Some((one.clone(), email))
    });
    found.unwrap_or_else(|| panic!("the demo has an invoice to be paid: {listed}"))
}

/// The button is pressed twice, and one mail goes.
fn is_sent_once(coordinator: &Person, page: &str, contact: &str) {
    let send = format!("{page}/send");
    let form = coordinator.get(&send);
    check(&form, &send, "ja");
    let fields = [
        ("csrf", &*form.csrf()),
        ("form_key", &*form.value_of("form_key")),
        ("contact_id", contact),
        ("message", "ご確認をお願いします。"),
    ];
    for _press in 0..2 {
        assert_eq!(coordinator.post(&send, &fields).location, page);
    }
    let after = read(coordinator, page);
    assert_eq!(after.matches("へ送りました").count(), 1, "two presses are one mail: {after}");
    assert!(after.contains("まだ開かれていません"), "{after}");
}

/// Nothing has come in for it yet.
fn less_than_can_be_is_said(coordinator: &Person, page: &str) {
    for amount in ["-1", "−1", "0"] {
        let csrf = coordinator.get(page).csrf();
        let fields = [("csrf", csrf.as_str()), ("amount", amount), ("note", "まちがい")];
        let refused = coordinator.post(&format!("{page}/payments"), &fields);
        assert_eq!(refused.status, 422, "{amount}: {}", refused.body);
        assert!(refused.body.contains("入金した額を1円以上で"), "{amount}: {}", refused.body);
    }
}

#[test]
fn an_invoice_is_mailed_read_returned_and_issued_anew() {
    let world = World::start("billing");
    let (admin, coordinator) = (world.signed_in("admin"), world.signed_in("coordinator"));
    let token = world.token(&world.sign_in("coordinator").email, &["--write"]);
    let town_token = world.token(&world.sign_in("admin").email, &[]);
    let (invoice, email) = open_invoice(&world, &token);
    let (id, number) = (invoice["id"].as_i64().unwrap(), invoice["number"].as_i64().unwrap());
    let page = format!("/invoices/{id}");
    assert!(read(&coordinator, &page).contains("まだ送っていません"));

    let contact = invoice["contact_id"].to_string();
    is_sent_once(&coordinator, &page, &contact);

    let link = world.mailed_link(&admin, &email, "/b/");
    scan(&world, &link);
    let client = world.guest();
    let entered = client.get(&link);
    assert_eq!((entered.status, entered.location.as_str()), (303, "/bill"));
    assert_eq!(entered.headers["referrer-policy"], "no-referrer");
    assert_eq!(entered.headers["cache-control"], "no-store");
    let bill = client.get("/bill");
    check(&bill, "/bill", "ja");
    let said = |path: &str| world.guest().json("GET", path, Some(&town_token), "").read().to_string();
    let company = format!("/api/v1/companies/{}", invoice["company_id"]);
    let data = ["/api/v1/town", &*company, &*format!("/api/v1{page}"), "/api/v1/credits"].map(said).concat();
    in_both_languages(&client, "/bill", &format!("{data}ご確認をお願いします"));
    assert!(bill.body.contains("noindex"));
    // Whoever is asked to write or to call reads where.
    let bill_text = bill.body.replace("&#x2f;", "/");
    assert!(bill_text.contains("href=\"mailto:") && bill_text.contains("?subject="), "{bill_text}");
    assert!(bill_text.contains("href=\"tel:"), "{bill_text}");
    let title = format!("ご請求書 第{number}号");
    for said in
        [&*title, "登録番号", "取引の期間", "消費税等", "10%対象", "お支払期限", "ご確認をお願いします。"]
    {
        assert!(bill.body.contains(said), "{said}: {}", bill.body);
    }
    assert!(read(&coordinator, &page).contains("最後に開かれたのは"));

    less_than_can_be_is_said(&coordinator, &page);
    let new = format!("{page}/credits/new");
    check(&coordinator.get(&new), &new, "ja");
    let csrf = coordinator.get(&new).csrf();
    let credits = format!("{page}/credits");
    let nothing =
        coordinator.post(&credits, &[("csrf", &csrf), ("reason", "宛名のまちがい"), ("line_1", "0")]);
    assert_eq!(nothing.status, 422);
    assert!(nothing.body.contains("宛名のまちがい"), "what was typed is kept: {}", nothing.body);
    let credit = coordinator.submit(&new, &credits, &[("reason", "宛名のまちがい"), ("whole", "yes")]);
    assert!(credit.starts_with("/credits/"), "{credit}");
    check(&coordinator.get(&credit), &credit, "ja");
    let returned = read(&coordinator, &page);
    assert!(returned.contains("全額返還") && returned.contains("請求書の控えを送る"), "{returned}");
    let copy = read(&coordinator, &format!("{page}/send"));
    assert!(copy.contains("控えとして送ります"), "{copy}");
    let sending = format!("{credit}/send");
    coordinator.submit(&sending, &sending, &[("contact_id", &contact), ("message", "")]);
    let of_credit = newer_link(&world, &admin, &email, &link);
    let reader = world.guest();
    assert_eq!(reader.get(&of_credit).location, "/bill");
    let both = reader.get("/bill");
    check(&both, "/bill", "ja");
    for said in [&*title, "返還請求書 第", "宛名のまちがい", "お支払いいただく残りはありません"]
    {
        assert!(both.body.contains(said), "{said}: {}", both.body);
    }

    let anew = json!({ "company_id": invoice["company_id"], "closed_on": invoice["closed_on"] }).to_string();
    let bills = || world.guest().json("POST", "/api/v1/invoices", Some(&token), &anew);
    let again = bills().read();
    assert!(again["number"].as_i64().unwrap() > number, "{again}");
    assert_eq!((&again["amount"], &again["total"]), (&invoice["amount"], &invoice["total"]));
    assert_eq!(bills().status, 409, "nothing is asked for twice");

    coordinator.submit(&page, &format!("{page}/withdraw"), &[]);
    let gone = client.get("/bill");
    assert_eq!(gone.status, 404);
    assert!(gone.body.contains("このリンクは使えません"), "{}", gone.body);
    world.stop();
}

/// The link of a later mail to the same address.
fn newer_link(world: &World, admin: &Person, email: &str, older: &str) -> String {
    let end = std::time::Instant::now() + PATIENCE;
    loop {
        let link = world.mailed_link(admin, email, "/b/");
        if link != older {
            return link;
        }
        assert!(std::time::Instant::now() < end, "no second mail to {email}");
    }
}
