//! Pay, over the pages: what was received is closed, its worker reads the statement and says that it is right, it is corrected,
//! read again and paid; and nobody reads anybody else's. The payments of a day become one file for the bank.

use serde_json::json;

use super::api::Published;
use super::rules::{between, claimed, offered_job, read};
use super::world::World;

#[test]
fn what_was_closed_is_read_confirmed_corrected_and_paid() {
    let world = World::start("paying");
    let [coordinator, checker, worker, other] =
        ["coordinator", "checker", "worker5", "worker6"].map(|part| world.signed_in(part));
    let job = offered_job(&coordinator);
    let unit = claimed(&worker, &job);
    super::checking::hands_in(&worker, &unit);
    let review = super::checking::version(&checker, &unit);
    checker.submit(&review, &format!("{review}/take"), &[]);
    checker.submit(&review, &review, &[("checks", "0"), ("verdict", "pass")]);

    let closing = "/statements/closing";
    let today = kernel::date_in_japan(kernel::clock::machine_time()).to_string();
    let kind = format!("/jobs/{job}/withholding");
    assert!(read(&coordinator, closing).contains(&kind), "nothing is closed before its kind is known");
    let csrf = coordinator.get(closing).csrf();
    let without = coordinator.post(closing, &[("csrf", &csrf), ("closed_on", &today)]);
    assert!([303, 409].contains(&without.status), "what else there is may be closed: {}", without.body);
    assert!(read(&coordinator, closing).contains(&kind), "this job is left");
    coordinator.submit(&kind, &kind, &[("kind", "data_entry"), ("withheld", ""), ("reason", "")]);
    assert!(read(&coordinator, &kind).contains("データ入力 – 源泉徴収しない"));
    coordinator.submit(closing, closing, &[("closed_on", &today)]);

    let home = read(&worker, "/");
    assert!(home.contains("href=\"/my-statements\""), "what waits for a word is on the home: {home}");
    assert!(read(&coordinator, "/").contains("これから支払う額（税込・源泉徴収後）"));
    let list = read(&worker, "/my-statements");
    let own = format!("/my-statements/{}", between(&list, "href=\"/my-statements/", "\""));
    let paper = read(&worker, &own);
    for said in ["支払通知書", "消費税等(10%)", "支払額", "あっています"] {
        assert!(paper.contains(said), "{said}: {paper}");
    }
    assert_eq!(other.get(&own).status, 404, "nobody reads anybody else's");
    let version = between(&paper, "name=\"version\" value=\"", "\"").to_owned();
    let yes = [("version", version.as_str()), ("answer", "confirmed")];
    worker.submit(&own, &format!("{own}/answer"), &yes);
    assert!(read(&worker, &own).contains("「あっています」と答えました"));

    let statement = own.replace("/my-statements", "/statements");
    assert!(read(&coordinator, &statement).contains("確認済み"));
    coordinator.submit(&statement, &format!("{statement}/correct"), &[("reason", "氏名の表記を直すため")]);
    let csrf = worker.get(&own).csrf();
    let stale = worker.post(&format!("{own}/answer"), &[("csrf", &csrf), yes[0], yes[1]]);
    assert_eq!(stale.status, 412, "what was read is not what holds: {}", stale.body);
    assert!(read(&worker, &own).contains("氏名の表記を直すため"));
    let deductions = read(&coordinator, &format!("{statement}/deductions"));
    assert!(deductions.contains("減額できる不備の記録はありません"), "{deductions}");
    coordinator.submit(&statement, &format!("{statement}/paid"), &[("version", "2"), ("paid_on", "")]);
    let paid = read(&worker, &own);
    assert!(paid.contains("支払い済み") && paid.contains("お金はもう払いました"), "{paid}");
    let days = read(&worker, "/my-pay");
    assert!(days.contains("に払いました") && days.contains("ふりこむ額（支払通知書）"), "{days}");
    let told = read(&coordinator, &statement);
    assert!(told.contains("を支払いました") && !told.contains("を支払います"), "{told}");
    let undo = format!("{statement}/undo");
    coordinator.submit(&statement, &undo, &[("payment", "1"), ("reason", "別の人の振込でした")]);
    let again = read(&worker, &own);
    assert!(again.contains("別の人の振込でした") && again.contains("まちがいでした"), "{again}");
    let kept = read(&coordinator, &statement);
    assert!(kept.contains("取り消した支払いの記録") && kept.contains("支払い済みにする"), "{kept}");
    coordinator.submit(&statement, &format!("{statement}/paid"), &[("version", "2"), ("paid_on", "")]);
    assert!(read(&worker, &own).contains("支払い済み"));
    world.stop();
}

/// A file of transfers, read by the layout alone (domain.md 3.12).
struct Transfers {
    /// Month and day.
    on: String,
    /// Whose account, and how much.
    payments: Vec<(String, i64)>,
    counted: i64,
    summed: i64,
}

fn transfers(bytes: &[u8]) -> Transfers {
    let of_jis = |byte: &u8| match *byte {
        ascii if ascii < 0x80 => char::from(ascii),
        kana => char::from_u32(u32::from(kana) - 0xA1 + 0xFF61).unwrap(),
    };
    let lines: Vec<Vec<char>> = bytes
        .chunks(122)
        .map(|line| {
            assert_eq!((line.len(), &line[120..]), (122, &b"\r\n"[..]), "a record has 120 bytes");
            line[..120].iter().map(of_jis).collect()
        })
        .collect();
    let part = |line: &[char], from: usize, width: usize| line[from..from + width].iter().collect::<String>();
    let number =
        |line: &[char], from: usize, width: usize| -> i64 { part(line, from, width).parse().unwrap() };
    let kinds: String = lines.iter().map(|line| line[0]).collect();
    assert_eq!(kinds, format!("1{}89", "2".repeat(lines.len() - 3)));
    let (header, trailer) = (&lines[0], &lines[lines.len() - 2]);
    assert_eq!(part(header, 0, 4), "1210");
    let data = &lines[1..lines.len() - 2];
    let payment = |line: &Vec<char>| (part(line, 50, 30).trim_end().to_owned(), number(line, 80, 10));
    Transfers {
        on: part(header, 54, 4),
        payments: data.iter().map(payment).collect(),
        counted: number(trailer, 1, 6),
        summed: number(trailer, 7, 12),
    }
}

#[test]
fn the_file_of_a_pay_day_pays_what_its_page_says_and_is_on_record() {
    let world = World::start("transfer");
    let [coordinator, worker] = ["coordinator", "worker5"].map(|part| world.signed_in(part));
    let action = "/statements/transfer";
    let list = read(&coordinator, "/statements");
    let page = format!("{action}?day={}", between(&list, &format!("{action}?day="), "\""));
    let shown = coordinator.get(&page);
    assert!(shown.body.contains("口座を開き") && shown.body.contains("記録に残ります"), "{}", shown.body);
    let names = ["csrf", "pay_on", "payer_version", "payments", "total", "transfer_on", "newest_file"];
    let values = names.map(|name| shown.value_of(name));
    let mut fields: Vec<(&str, &str)> = names.into_iter().zip(values.iter().map(String::as_str)).collect();
    let left_out = if shown.body.contains("name=\"leave_out\"") {
        let silent = coordinator.post(action, &fields);
        assert!(silent.status == 422 && silent.body.contains("振込先がない人が"), "{}", silent.body);
        shown.value_of("leave_out")
    } else {
        String::new()
    };
    fields.push(("leave_out", left_out.as_str()));
    let (status, headers, bytes) = coordinator.downloads(action, &fields);
    let [_, pay_on, _, payments, total, on, _] = &values;
    assert_eq!(status, 200);
    let name = format!("attachment; filename=\"furikomi-{}.txt\"", on.replace('-', ""));
    assert_eq!(headers["content-disposition"].to_str().unwrap(), name);
    assert!(headers["content-type"].to_str().unwrap().starts_with("text/plain"));
    let file = transfers(&bytes);
    assert_eq!(file.on, on[5..].replace('-', ""));
    let sum: i64 = file.payments.iter().map(|(_, amount)| amount).sum();
    assert_eq!((file.counted.to_string(), file.summed), (payments.clone(), sum));
    assert_eq!((file.payments.len().to_string(), sum.to_string()), (payments.clone(), total.clone()));
    for (holder, amount) in &file.payments {
        assert!(holder.starts_with("ﾜ-ｶ- ") && *amount > 0, "{holder} {amount}");
    }
    assert!(read(&coordinator, &page).contains("この支払日に作った振込データ"));
    let listed = coordinator.get("/api/v1/transfer-files");
    Published::shared().fits("GET", "/api/v1/transfer-files", &listed);
    let record = listed.read()["items"][0].clone();
    assert_eq!((&record["pay_on"], &record["total"]), (&json!(pay_on), &json!(sum)));
    let again = coordinator.post(action, &fields);
    assert!(again.status == 409 && again.body.contains("すでに作られています"), "{}", again.body);
    let list = read(&coordinator, "/statements");
    assert!(
        list.contains(&page) && list.contains("に作った振込データの分"),
        "it is paid when somebody says so"
    );
    for day in ["-5000-01-01", "262142-12-31", "x"] {
        assert_eq!(coordinator.get(&format!("{action}?day={day}")).status, 200, "{day} is no pay day");
    }
    let voids = format!("{action}/{}/void", record["id"]);
    assert!(again.body.contains(&voids), "{}", again.body);
    coordinator.submit(&page, &voids, &[]);
    assert!(read(&coordinator, &page).contains("取り消し済み"));
    assert!(!read(&coordinator, "/statements").contains("に作った振込データの分"));
    fields.retain(|(name, _)| *name != "total");
    fields.push(("total", "1"));
    let changed = coordinator.post(action, &fields);
    assert!(changed.status == 409 && changed.body.contains("内容が変わりました"), "{}", changed.body);
    assert_eq!(worker.get(&page).status, 403);
    let csrf = worker.get("/me").csrf();
    assert_eq!(worker.post(action, &[("csrf", csrf.as_str())]).status, 403);
    world.stop();
}

#[test]
fn the_paying_account_is_changed_with_everything_kept_and_never_unseen() {
    let world = World::shared();
    let coordinator = world.signed_in("coordinator");
    let page = "/statements/payer";
    let form = coordinator.get(page);
    let (csrf, version) = (form.csrf(), form.value_of("version"));
    let sends = |code: &str, number: &str| {
        let fields = [
            ("csrf", csrf.as_str()),
            ("version", version.as_str()),
            ("originator_code", code),
            ("name", "ミホンチョウ"),
            ("bank", "0143"),
            ("branch", "205"),
            ("kind", "current"),
            ("number", number),
        ];
        coordinator.post(page, &fields)
    };
    let refused = sends("12", "7");
    assert_eq!(refused.status, 422, "{}", refused.body);
    assert!(refused.body.contains("ミホンチョウ") && refused.value_of("originator_code") == "12");
    assert_eq!(sends("0000012345", "7").status, 303);
    let late = sends("0000012345", "8");
    assert!(late.status == 409 && late.body.contains("id=\"overtaken\""), "{}", late.body);
    assert!(late.value_of("version") != version && late.value_of("number") == "8");
    assert!(read(&coordinator, "/statements/transfer").contains("0000012345"));
}
