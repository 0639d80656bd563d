//! A company nobody knows writes to the town: one lead with a clock, a receipt, and no way to do harm.

use std::cell::RefCell;
use std::time::Instant;

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::mail_contract::wait_until;
use super::pages::check;
use super::world::{PATIENCE, Person, World};

const FORM: &str = "/t/demo/inquiry";

fn filled<'f>(csrf: &'f str, key: &'f str, company: &'f str, email: &'f str) -> Vec<(&'f str, &'f str)> {
    vec![
        ("csrf", csrf),
        ("form_key", key),
        ("company_name", company),
        ("contact_name", "発注 一郎"),
        ("email", email),
        ("phone", ""),
        ("need", "名刺1,000枚の入力をお願いしたいです。"),
        ("fax", ""),
        ("consent", "yes"),
    ]
}

/// How often the list of unanswered leads names a company.
fn listed(sales: &Person, company: &str) -> usize {
    sales.get("/leads?state=new").body.matches(&format!("{company}</a>")).count()
}

/// Waits for the mail to `email` and gives its page.
fn mail_to(admin: &Person, email: &str) -> String {
    let end = Instant::now() + PATIENCE;
    loop {
        let list = admin.get("/sandbox").body;
        let row = list.split("href=\"/sandbox/").skip(1).find(|row| row.contains(email));
        if let Some(number) = row.and_then(|row| row.split('"').next()) {
            return admin.get(&format!("/sandbox/{number}")).body;
        }
        assert!(Instant::now() < end, "no mail to {email}");
        crate::whole::world::a_moment();
    }
}

#[test]
fn an_inquiry_sent_twice_is_one_lead_and_its_writer_is_told_until_when() {
    let world = World::shared();
    let (guest, sales, admin) = (world.guest(), world.signed_in("sales"), world.signed_in("admin"));
    let page = guest.get(FORM);
    check(&page, FORM, "ja");
    let (csrf, key) = (page.csrf(), page.value_of("form_key"));
    let company = "有限会社はじめての相談";
    let first = guest.post(FORM, &filled(&csrf, &key, company, "hajimete@client.example"));
    assert_eq!(first.status, 303, "{}", first.body);
    let again = guest.post(FORM, &filled(&csrf, &key, company, "hajimete@client.example"));
    assert_eq!((again.status, &again.location), (303, &first.location));
    assert_eq!(listed(&sales, company), 1, "sent twice, it is one lead");
    let received = guest.get(&first.location);
    check(&received, &first.location, "ja");
    let number = first.location.split("number=").nth(1).and_then(|rest| rest.split('&').next()).unwrap();
    assert!(
        received.body.contains(number) && received.body.contains("までにお返事します"),
        "{}",
        received.body
    );
    let mail = mail_to(&admin, "hajimete@client.example");
    assert!(mail.contains(&format!("受付番号 {number}")) && mail.contains("までに"), "{mail}");
    let lead = sales.get(&format!("/leads/{number}"));
    assert!(lead.body.contains("返事の期限"), "{}", lead.body);
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

fn number(owner: &RefCell<PgConnection>, sql: &str) -> i64 {
    diesel::sql_query(sql).get_result::<Number>(&mut *owner.borrow_mut()).unwrap().number
}

/// How many wait for what a connection holds, or for one of those.
fn waiting_for(pid: i64) -> String {
    format!(
        "WITH RECURSIVE held AS (SELECT {pid}::int AS pid \
             UNION SELECT a.pid FROM held h JOIN pg_stat_activity a ON h.pid = ANY (pg_blocking_pids(a.pid))) \
         SELECT count(*) - 1 AS number FROM held"
    )
}

/// Both have looked whether the form came before, and both are let in before either is taken.
#[test]
fn a_form_sent_twice_at_once_is_one_lead_and_counts_once_at_its_mailbox() {
    let world = World::shared();
    let guest = world.guest();
    let page = guest.get(FORM);
    let (csrf, key, email) = (page.csrf(), page.value_of("form_key"), "nidooshi@client.example");
    let before = guest.post(FORM, &filled(&csrf, &key, "前の相談株式会社", email));
    assert_eq!(before.status, 303, "{}", before.body);
    let bucket = format!(
        "rate_buckets WHERE key = sha256(convert_to('inquiry-mail' || chr(10) || '{email}', 'UTF8'))"
    );
    let counted = format!("SELECT COALESCE(sum(failures), 0)::bigint AS number FROM {bucket}");
    let owner = RefCell::new(world.owner());
    assert_eq!(number(&owner, &counted), 1);
    let company = "二度押しの相談株式会社";
    let door = RefCell::new(world.owner());
    let waiting = waiting_for(number(&door, "SELECT pg_backend_pid()::bigint AS number"));
    door.borrow_mut().batch_execute(&format!("BEGIN; SELECT 1 FROM {bucket} FOR UPDATE")).unwrap();
    let answers = std::thread::scope(|scope| {
        let send = || guest.post(FORM, &filled(&csrf, &key, company, email));
        let both = [scope.spawn(send), scope.spawn(send)];
        wait_until("both wait to be let in", || number(&owner, &waiting) == 2);
        door.borrow_mut().batch_execute("COMMIT").unwrap();
        both.map(|one| one.join().unwrap())
    });
    let told: Vec<_> = answers.iter().map(|answer| (answer.status, answer.location.as_str())).collect();
    assert_eq!(told, [(303, answers[0].location.as_str()); 2], "{}", answers[0].body);
    assert_eq!(listed(&world.signed_in("sales"), company), 1);
    assert_eq!(number(&owner, &counted), 2, "what was written twice is two, what was pressed twice is one");
}

#[test]
fn a_sample_comes_with_an_inquiry_and_only_those_who_sell_read_it() {
    let world = World::shared();
    let guest = world.guest();
    let page = guest.get(FORM);
    let (csrf, key) = (page.csrf(), page.value_of("form_key"));
    let company = "見本つきの相談株式会社";
    let fields = filled(&csrf, &key, company, "mihon@client.example");
    let refused = guest.post_with_file(FORM, &fields, ("sample", "見本.exe", "MZ"));
    assert_eq!(refused.status, 415, "{}", refused.body);
    assert!(refused.body.contains("見本.exe") && refused.body.contains(company), "{}", refused.body);
    let sample = "番号,住所\n1,立科町\n";
    let sent = guest.post_with_file(FORM, &fields, ("sample", "見本.csv", sample));
    assert_eq!(sent.status, 303, "{}", sent.body);
    let again = guest.post_with_file(FORM, &fields, ("sample", "見本.csv", sample));
    assert_eq!((again.status, &again.location), (303, &sent.location), "sent twice, it is one lead");
    let number = sent.location.split("number=").nth(1).and_then(|rest| rest.split('&').next()).unwrap();
    let sales = world.signed_in("sales");
    let lead = sales.get(&format!("/leads/{number}"));
    let file = lead.body.split("href=\"/files/").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let file = format!("/files/{file}");
    assert_eq!(sales.get(&file).body, sample);
    for (who, status) in [("officer", 404), ("worker", 404), ("coordinator", 200)] {
        assert_eq!(world.signed_in(who).get(&file).status, status, "{who}");
    }
    assert_ne!(guest.get(&file).status, 200);
}

#[test]
fn a_form_with_too_large_a_file_comes_back_with_what_was_typed() {
    let world = World::shared();
    let guest = world.guest();
    let page = guest.get(FORM);
    let (csrf, key) = (page.csrf(), page.value_of("form_key"));
    let company = "大きな見本の相談株式会社";
    let fields = filled(&csrf, &key, company, "ookii@client.example");
    // More than the form takes, and more than its beginning and its end together keep.
    let large = "番号,住所\n".repeat(700_000);
    let refused = guest.post_with_file(FORM, &fields, ("sample", "大きな見本.csv", &large));
    assert_eq!(refused.status, 413, "{}", refused.body);
    for kept in [company, "ookii@client.example", "大きな見本.csv", "合わせて5MBまで"] {
        assert!(refused.body.contains(kept), "{kept}: {}", refused.body);
    }
    let empty = guest.post_with_file(FORM, &fields, ("sample", "空.csv", ""));
    assert!(empty.status == 422 && empty.body.contains("空.csv は中身がありません"), "{}", empty.body);
    assert_eq!(listed(&world.signed_in("sales"), company), 0, "nothing came of either");
    let sent = guest.post_with_file(FORM, &fields, ("sample", "小さな見本.csv", "番号,住所\n"));
    assert_eq!(sent.status, 303, "{}", sent.body);
}

#[test]
fn looking_changes_nothing_and_the_form_speaks_english() {
    let world = World::shared();
    let guest = world.guest();
    let before = world.signed_in("sales").get("/leads?state=all").body.matches("id=\"lead-").count();
    let head = guest.send("HEAD", FORM, &[], "");
    assert_eq!((head.status, head.body.as_str()), (200, ""));
    let english = guest.send("GET", FORM, &[("accept-language", "en")], "");
    check(&english, FORM, "en");
    let after = world.signed_in("sales").get("/leads?state=all").body.matches("id=\"lead-").count();
    assert!(after >= before, "other tests may add, none may take away");
    for nowhere in ["/t/nowhere/inquiry", "/t/demo/inquiry/received", "/t/demo/inquiry/received?number=x"] {
        assert_eq!(guest.get(nowhere).status, 404, "{nowhere}");
    }
    let unsealed = guest.get("/t/demo/inquiry/received?number=12&answer-by=2099-01-01");
    assert_eq!(unsealed.status, 404, "no day that anybody writes into an address is the town's word");
}

#[test]
fn what_is_missing_comes_back_with_what_was_typed_and_a_program_gives_itself_away() {
    let world = World::shared();
    let guest = world.guest();
    let page = guest.get(FORM);
    let (csrf, key) = (page.csrf(), page.value_of("form_key"));
    let company = "株式会社まだ足りない";
    let mut fields = filled(&csrf, &key, company, "nobody");
    fields.retain(|(name, _)| *name != "consent");
    let refused = guest.post(FORM, &fields);
    assert_eq!(refused.status, 422);
    assert!(refused.body.contains(company) && refused.body.contains("名刺1,000枚"), "{}", refused.body);
    let mut fields = filled(&csrf, &key, company, "program@client.example");
    fields.retain(|(name, _)| *name != "fax");
    fields.push(("fax", "0267-00-0000"));
    let caught = guest.post(FORM, &fields);
    assert_eq!(caught.status, 422);
    assert!(caught.body.contains("この欄は空のままにしてください"), "{}", caught.body);
    assert_eq!(listed(&world.signed_in("sales"), company), 0);
}
