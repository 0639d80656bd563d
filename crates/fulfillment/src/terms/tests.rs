//! The written terms: every required item in both languages, and the frozen text.

use chrono::NaiveDate;
use kernel::{Code, Coded, Paging, Yen};

use super::*;
use crate::orders::{ReEntrustInput, ReEntrusted};
use crate::testing::{Town, called_off};

fn facts() -> TermsFacts {
    let day = |text: &str| text.parse::<NaiveDate>().unwrap();
    TermsFacts {
        orderer_name: "立科町".to_owned(),
        orderer_address: "長野県北佐久郡立科町大字芦田2532".to_owned(),
        orderer_email: "telework@example.jp".to_owned(),
        orderer_phone: "0267-00-0000".to_owned(),
        worker_name: "𠮷田 花子".to_owned(),
        ordered_on: day("2026-05-01"),
        job_title: "回答の入力".to_owned(),
        rules: "見本のとおりに入力する。".to_owned(),
        rules_number: 2,
        units: 30,
        unit_minutes: 20,
        unit_pay: Yen(400),
        total: Yen(12_000),
        work_due_on: day("2026-05-15"),
        inspect_days: 5,
        review_levels: 1,
        inspected_by: day("2026-05-22"),
        pay_day: 25,
        pay_on: day("2026-06-25"),
        keep_days: 7,
        replaces: None,
        re_entrusted: None,
        fixed_pay_on: None,
    }
}

#[test]
fn both_texts_name_every_item_the_law_and_the_guideline_ask_for() {
    let (ja, en) = (japanese(&facts()), english(&facts()));
    let one = english(&TermsFacts { units: 1, unit_minutes: 1, ..facts() });
    assert!(
        one.contains(", 1 unit (about 1 minute each)") && en.contains(", 30 units (about 20 minutes each)")
    );
    // Freelance Act art. 3 with the JFTC rule art. 1; MHLW guideline, the twelve items (domain.md 3.1 and 3.2).
    for item in [
        "立科町",
        "芦田2532",
        "telework@example.jp",
        "0267-00-0000",
        "𠮷田 花子",
        "発注日",
        "2026年5月1日",
        "回答の入力",
        "見本のとおりに入力する。",
        "作業のきまり（第2版）",
        "30件",
        "2026年5月15日まで",
        "納品の場所",
        "提出した日の翌日から数えて5営業日以内",
        "7日間ないときは",
        "2026年5月22日まで",
        "400円",
        "12,000円",
        "提出した日の翌月25日",
        "その直前の営業日",
        "2026年6月25日",
        "振込手数料は発注者",
        "諸経費",
        "内容の変更",
        "不備",
        "納期に遅れた",
        "知的財産権",
        "個人情報及び秘密",
        "問い合わせ先",
        "紙で",
    ] {
        assert!(ja.contains(item), "{item}");
    }
    for item in [
        "立科町",
        "telework@example.jp",
        "𠮷田 花子",
        "1 May 2026",
        "回答の入力",
        "Rules of the work (version 2)",
        "30 units",
        "until 15 May 2026",
        "Place and way of delivery",
        "within 5 business days after the day of submission",
        "22 May 2026",
        "400 yen",
        "12,000 yen",
        "day 25 of the month after the submission",
        "the last day before on which they are open",
        "25 June 2026",
        "transfer fee",
        "Expenses",
        "Changes",
        "Defects and delay",
        "Intellectual property",
        "Personal data and secrets",
        "on paper",
    ] {
        assert!(en.contains(item), "{item}");
    }
    let by_two = TermsFacts { review_levels: 2, ..facts() };
    assert!(!ja.contains("2人が順に") && japanese(&by_two).contains("まで）\n2人が順に検品します。"));
    assert!(!en.contains("Two people") && english(&by_two).contains("\nTwo people look at it"));
    for number in 1..=12 {
        assert!(ja.contains(&format!("\n{number}. ")) && en.contains(&format!("\n{number}. ")), "{number}");
    }
}

/// Read on a phone and by a screen reader: a line ends where a sentence or an item does.
#[test]
fn no_line_breaks_off_in_the_middle_of_a_sentence() {
    let (ja, en) = (japanese(&facts()), english(&facts()));
    let broken = |text: &str, ends: &[char]| -> Vec<String> {
        let lines: Vec<&str> = text.lines().collect();
        let goes_on =
            |pair: &[&str]| pair[0].chars().count() > 60 && !pair[1].is_empty() && !pair[0].ends_with(ends);
        lines.windows(2).filter(|pair| goes_on(pair)).map(|pair| pair[0].to_owned()).collect()
    };
    assert_eq!(broken(&ja, &['。', '）', '：']), Vec::<String>::new());
    assert_eq!(broken(&en, &['.', ')', ':']), Vec::<String>::new());
}

#[test]
fn terms_that_move_a_deadline_say_which_they_change() {
    let moved = TermsFacts { replaces: Some("2026-05-01".parse().unwrap()), ..facts() };
    assert!(japanese(&moved).contains("2026年5月1日に明示した取引条件の納期を改める"));
    assert!(english(&moved).contains("moves the deadline of the terms of 1 May 2026"));
    assert!(!japanese(&facts()).contains("改めるもの") && !english(&facts()).contains("moves the deadline"));
}

/// Freelance Act art. 4 para. 3 with the JFTC rule; domain.md 3.1: without any of the three the sixty days count.
#[test]
fn re_entrusted_work_says_three_things_more_and_lacks_none_of_them() {
    let known = |client: &str, pays: Option<&str>| TermsFacts {
        re_entrusted: Some(ReEntrusted {
            original_client: client.to_owned(),
            original_pay_on: pays.map(|pays| pays.parse().unwrap()),
        }),
        fixed_pay_on: pays.map(|_| "2026-07-24".parse().unwrap()),
        ..facts()
    };
    let whole = known("株式会社みほん", Some("2026-06-30"));
    assert_eq!(whole.missing(), []);
    let (ja, en) = (japanese(&whole), english(&whole));
    for item in [
        "再委託です",
        "元委託者　株式会社みほん",
        "元委託業務の対価の支払期日　2026年6月30日",
        "支払期日　2026年7月24日。",
    ] {
        assert!(ja.contains(item), "{item}: {ja}");
    }
    for item in [
        "Re-entrusted: this work",
        "Original client: 株式会社みほん",
        "Due date of the original client's payment: 30 June 2026",
        "Due on 24 July 2026; for work submitted on 24 July 2026 or later, on day 25",
    ] {
        assert!(en.contains(item), "{item}: {en}");
    }
    for number in 1..=12 {
        assert!(
            ja.contains(&format!("\n\n{number}. ")) && en.contains(&format!("\n\n{number}. ")),
            "{number}"
        );
    }
    assert_eq!(known("", None).missing(), [TermsItem::OriginalClient, TermsItem::OriginalPayOn]);
    assert!(!japanese(&facts()).contains("再委託") && !english(&facts()).contains("Re-entrusted"));
}

#[test]
fn each_empty_item_is_named() {
    let empty = TermsFacts {
        orderer_address: String::new(),
        orderer_email: String::new(),
        orderer_phone: String::new(),
        ..facts()
    };
    assert_eq!(empty.missing(), [TermsItem::OrdererAddress, TermsItem::OrdererContact]);
    let by_phone = TermsFacts { orderer_email: String::new(), ..facts() };
    assert_eq!(by_phone.missing(), []);
}

#[test]
fn a_town_without_an_address_can_assign_nothing() {
    let town = Town::new();
    let (person, worker) = town.worker("Aoki");
    let job = town.job(town.order(1000).id, 3);
    town.act(town.director, |tx| {
        let input = organizations::SettingsInput { name: "立科町".into(), ..Default::default() };
        organizations::change_settings(tx, 2, &input)
    });
    let refused = town.attempt(person, |tx| preview(tx, job.id, worker, 1, Language::Ja)).unwrap_err();
    let fields: Vec<_> = refused.fields().iter().map(|problem| problem.field.as_str()).collect();
    assert_eq!((refused.code(), fields), (Code::TermsIncomplete, vec!["orderer_address", "orderer_contact"]));
}

#[test]
fn nobody_is_invited_while_the_terms_would_lack_an_item() {
    let town = Town::new();
    let (_, worker) = town.worker("Aoki");
    let order = town.order(1000).id;
    let settings = |version: i32, address: &str, phone: &str| {
        let input = organizations::SettingsInput {
            name: "立科町".into(),
            postal_address: address.into(),
            contact_phone: phone.into(),
            ..Default::default()
        };
        town.act(town.director, |tx| organizations::change_settings(tx, version, &input));
    };
    for rule in ["first_come", "fair"] {
        let input = jobs::JobInput { offer_rule: rule.into(), ..town.job_input(3) };
        let job = town.act(town.director, |tx| jobs::split(tx, order, input)).id;
        let version = town.act(town.director, organizations::find).version;
        settings(version, "", "0267-56-2311");
        let refused = town.attempt(town.director, |tx| jobs::offer(tx, job)).unwrap_err();
        let fields: Vec<_> = refused.fields().iter().map(|problem| problem.field.as_str()).collect();
        assert_eq!((refused.code(), fields), (Code::TermsIncomplete, vec!["orderer_address"]), "{rule}");
        assert_eq!(town.act(town.director, |tx| lacking(tx, order)), [TermsItem::OrdererAddress]);
        let cards = |town: &Town| town.act(town.director, |tx| crate::offers::told(tx, job)).len();
        assert_eq!(
            (cards(&town), town.facts::<crate::events::JobOffered>().len()),
            (0, usize::from(rule == "fair"))
        );
        settings(version + 1, "長野県北佐久郡立科町", "0267-56-2311");
        town.act(town.director, |tx| jobs::offer(tx, job));
        assert_eq!(cards(&town), 1, "{worker}");
    }
}

#[test]
fn a_round_that_would_go_on_waits_while_the_terms_lack_an_item() {
    let town = Town::new();
    town.worker("Aoki");
    let order = town.order(1000).id;
    let input = jobs::JobInput { offer_rule: "fair".into(), ..town.job_input(3) };
    let job = town.act(town.director, |tx| jobs::split(tx, order, input)).id;
    town.act(town.director, |tx| jobs::offer(tx, job));
    town.worker("Baba");
    let input = ReEntrustInput { re_entrusted: "yes".into(), ..Default::default() };
    town.act(town.director, |tx| orders::re_entrust(tx, order, &input));
    town.wait(chrono::Duration::days(2));
    town.act(town.director, crate::rounds::tend);
    let asked = |town: &Town| town.facts::<crate::events::JobOffered>().len();
    assert_eq!(asked(&town), 1, "nobody else is asked");
}

#[test]
fn what_was_accepted_is_kept_byte_for_byte() {
    let town = Town::new();
    let (person, worker) = town.worker("Aoki");
    let job = town.job(town.order(1000).id, 3);
    let seen = town.act(person, |tx| preview(tx, job.id, worker, 2, Language::Ja));
    let claimed = town.claims(person, job.id, 2);
    let notice = town.act(person, |tx| find(tx, claimed.terms_notice));
    assert_eq!((&notice.body, notice.sha256, notice.units), (&seen.body, seen.sha256, 2));
    assert_eq!(TermsDigest::of(&notice.body), notice.sha256);
    let page = town.act(person, |tx| of_worker(tx, worker, &Paging::first(10)));
    assert_eq!((page.items.len(), page.items[0].id), (1, notice.id));
    let tampered = town.attempt(person, |tx| {
        let sql = format!("UPDATE terms_notices SET body = 'x' WHERE id = {}", notice.id);
        diesel::RunQueryDsl::execute(diesel::sql_query(sql), tx.conn()).map_err(DbError::from)
    });
    assert!(tampered.is_err(), "the application may not change a notice");
}

#[test]
fn what_was_agreed_stays_its_workers_to_read_whatever_becomes_of_the_unit() {
    let town = Town::new();
    let (aoki, _) = town.worker("Aoki");
    let (baba, _) = town.worker("Baba");
    let job = town.job(town.order(100_000).id, 1).id;
    let read = |person, unit| town.attempt(person, |tx| accepted(tx, unit)).map(|notice| notice.id).ok();
    let first = town.claims(aoki, job, 1);
    let unit = first.units[0];
    assert_eq!((read(aoki, unit), read(baba, unit)), (Some(first.terms_notice), None));
    town.act(aoki, |tx| crate::claims::hand_back(tx, unit));
    assert_eq!(read(aoki, unit), Some(first.terms_notice), "handed back");
    let second = town.claims(baba, job, 1);
    assert_eq!((read(aoki, unit), read(baba, unit)), (Some(first.terms_notice), Some(second.terms_notice)));
    town.act(baba, |tx| crate::claims::hand_back(tx, unit));
    let third = town.claims(aoki, job, 1);
    assert_eq!(read(aoki, unit), Some(third.terms_notice), "the newest they accepted");
    town.act(town.director, |tx| crate::units::cancel(tx, unit, called_off("client", "50")));
    assert_eq!(read(aoki, unit), Some(third.terms_notice), "called off");
}
