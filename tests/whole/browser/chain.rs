//! The main job, walked as seven people walk it: from a company found in the public register to the accepted delivery,
//! with a mail over real SMTP wherever a mail belongs. Once with scripts, once without any.

use std::path::PathBuf;

use super::driver::{Driver, Screen, Scripts};
use super::hand::Hand;
use super::{axe, day, register};
use crate::whole::homes::tiles;
use crate::whole::world::{Person, World};

/// What is ordered: three units for 12,000 yen without tax.
const UNITS: i64 = 3;
const PRICE: i64 = 4_000;
/// What only the town reads.
const MEMO: &str = "子どもが熱を出したため、おそくなりました。";

#[test]
fn the_chain_is_walked_with_scripts() {
    walk(Scripts::On, "worker6");
}

#[test]
fn the_chain_is_walked_without_scripts() {
    walk(Scripts::Off, "worker4");
}

fn walk(scripts: Scripts, worker: &str) {
    // It counts by how much the town's figures move: nobody else may be there.
    let world = World::start(&format!("chain {worker}"));
    let driver = Driver::start(scripts);
    walk_in(&Town::gather(&world, &driver, scripts, worker), &driver);
    world.stop();
}

fn walk_in<'a>(town: &Town<'a>, driver: &'a Driver) {
    let before = town.figures();
    let contact = town.adopt();
    town.convert_a_lead(&contact);
    town.move_log_and_quote();
    let order = town.sell(driver, &contact);
    let sold = town.figures();
    assert_eq!(sold.won - before.won, UNITS * PRICE, "won, at its amount, as soon as it is");
    assert_eq!(sold.accepted, before.accepted, "nothing is accepted yet");
    town.split_and_offer(&order);
    town.claim();
    for label in town.labels() {
        town.submit(&label, "できました。");
    }
    town.return_one_and_pass_the_rest();
    town.submit(&town.labels()[0], "直しました。");
    town.pass(&town.labels()[0]);
    town.deliver(&order);
    let client = town.open_the_mail(driver, &contact);
    town.answer_with_one_fix(&client, &contact);
    town.decide_the_fix();
    town.submit(&town.labels()[1], "ご指摘の所を直しました。");
    town.pass(&town.labels()[1]);
    let half = town.figures();
    assert_eq!(half.accepted - before.accepted, 2 * PRICE, "two of three units accepted");
    assert_eq!(half.won, sold.won, "what is accepted is not won once more");
    town.deliver(&order);
    let client = town.open_the_mail(driver, &contact);
    town.accept_the_rest(&client, &contact);
    town.coordinator.open(&order);
    town.coordinator.see("検収済み");
    let after = town.figures();
    assert_eq!(after.won, sold.won, "what is accepted is not won once more");
    assert_eq!(after.accepted - before.accepted, UNITS * PRICE, "accepted, at its amount");
    town.order_the_same_again(&client, &order);
}

/// The yen on the tile of somebody's home whose name begins so.
fn tile_of(person: &Person, name: &str) -> i64 {
    let home = person.get("/");
    let tile = tiles(&home).into_iter().find(|tile| tile.label.starts_with(name));
    let tile = tile.unwrap_or_else(|| panic!("no tile {name} in:\n{}", home.body));
    tile.value.chars().filter(char::is_ascii_digit).collect::<String>().parse().unwrap()
}

/// The town's own figures, in yen without tax.
struct Figures {
    won: i64,
    accepted: i64,
}

/// Everybody who takes part, each in a window of their own.
struct Town<'a> {
    world: &'a World,
    tag: &'static str,
    sales: Hand<'a>,
    coordinator: Hand<'a>,
    checker: Hand<'a>,
    worker: Hand<'a>,
    admin: Hand<'a>,
    /// Who reads the homes of sales and coordination meanwhile.
    at_home: [Person; 2],
    papers: tempfile::TempDir,
}

impl<'a> Town<'a> {
    fn gather(world: &'a World, driver: &'a Driver, scripts: Scripts, worker: &str) -> Self {
        let window = |part: &str, screen| {
            let hand = driver.window(part, &world.base, screen);
            hand.sign_in(world.sign_in(part));
            axe::finds_nothing(&hand);
            hand
        };
        Self {
            world,
            tag: if scripts == Scripts::On { "動" } else { "静" },
            sales: window("sales", Screen::Desk),
            coordinator: window("coordinator", Screen::Desk),
            checker: window("checker", Screen::Desk),
            worker: window(worker, Screen::Phone),
            admin: window("admin", Screen::Desk),
            at_home: ["sales", "coordinator"].map(|part| world.signed_in(part)),
            papers: tempfile::tempdir().unwrap(),
        }
    }

    fn company(&self) -> String {
        format!("株式会社結試験{}商会", self.tag)
    }

    fn title(&self) -> String {
        format!("商品説明の文字起こし（{}）", self.tag)
    }

    fn labels(&self) -> [String; 3] {
        ["桐箱", "𠮷野葛", "紙袋"].map(|name| format!("{name}{}", self.tag))
    }

    fn figures(&self) -> Figures {
        self.sales.open("/figures");
        self.sales.see("今年度の金額");
        let yen = |label: &str| {
            let tile = format!("//*[p[.='{label}']]/div");
            let digits: String = self.sales.text_of(&tile).chars().filter(char::is_ascii_digit).collect();
            digits.parse::<i64>().unwrap()
        };
        let figures = Figures { won: yen("受注"), accepted: yen("検収済み") };
        let [sales, coordinator] = &self.at_home;
        let homes = (tile_of(sales, "受注額"), tile_of(coordinator, "検収された金額"));
        assert_eq!(homes, (figures.won, figures.accepted), "the homes say what the page of figures says");
        figures
    }

    /// Two characters find the company in the register; one press makes it a client. Returns the contact's address.
    fn adopt(&self) -> String {
        let sales = &self.sales;
        register::publish(self.world, &[&self.company()]);
        sales.open("/registry");
        let list = "//form[.//*[@id='search-list']]";
        sales.fill(&format!("{list} > q"), &format!("{}商", self.tag));
        sales.press_in(list, "検索");
        sales.see(&self.company());
        axe::finds_nothing(sales);
        sales.press(&format!("企業に登録する {}", self.company()));
        sales.see("法人番号のデータから企業を登録しました");
        axe::finds_nothing(sales);
        sales.press("担当者を加える");
        sales.see("連絡に使う言語");
        let email = format!("client-{}@client.example", if self.tag == "動" { "on" } else { "off" });
        sales.fill("family_name", "試験");
        sales.fill("email", &email);
        sales.press("保存する");
        sales.see("担当者を加えました");
        email
    }

    fn convert_a_lead(&self, email: &str) {
        let sales = &self.sales;
        sales.open("/leads/new");
        axe::finds_nothing(sales);
        sales.press("保存する");
        sales.see("入力してください");
        axe::finds_nothing(sales);
        sales.fill("company_name", &self.company());
        sales.choose("source", "法人番号検索");
        sales.fill("need", "説明文を三点");
        sales.fill("email", email);
        sales.press("保存する");
        sales.see("見込みを登録しました");
        axe::finds_nothing(sales);
        sales.press("商談にする");
        sales.see("見込みを商談にする");
        // The company is known, and chosen already.
        let chosen = "input[name='company_id']:checked, select[name='company_id'] option:checked";
        let known = sales.attribute(chosen, "value");
        assert!(known.is_some_and(|id| !id.is_empty()), "{}", sales.text());
        sales.fill("title", &self.title());
        sales.fill("next_action", "見積を出す");
        sales.fill("next_action_on", &day(3));
        axe::finds_nothing(sales);
        sales.press("商談にする");
        sales.see("商談にしました");
        axe::finds_nothing(sales);
    }

    fn move_log_and_quote(&self) {
        let sales = &self.sales;
        let deal = sales.path();
        sales.open("/board");
        axe::finds_nothing(sales);
        let card = format!("//li[.//a[@href='{deal}']]");
        sales.press_in(&card, "移動");
        sales.choose(&format!("{card} > stage"), "提案");
        sales.press_in(&card, "移動する");
        sales.see("を移動しました");
        sales.open(&deal);
        sales.choose("kind", "電話");
        sales.choose("outcome", "関心あり");
        sales.fill("note", "三点、今月中に。");
        sales.fill("next_action", "見積を送る");
        sales.fill("next_action_on", &day(2));
        sales.press("記録する");
        sales.see("記録しました");
        sales.press("見積を作る");
        sales.see("明細");
        sales.fill("lines[0].description", &self.title());
        sales.fill("lines[0].quantity", "３");
        sales.fill("lines[0].unit_price", "4,000");
        sales.fill("lines[0].unit_minutes", "40");
        sales.fill("valid_until", &day(20));
        sales.fill("deliver_on", &day(24));
        axe::finds_nothing(sales);
        sales.press("内容を確かめる");
        sales.see("見込む作業時間");
        axe::finds_nothing(sales);
        sales.press("見積書を発行する");
        sales.see("見積書を発行しました");
        axe::finds_nothing(sales);
    }

    /// Mails the quote; its client orders on a phone, in two steps. The order is there a moment later. Returns its path.
    fn sell(&self, driver: &'a Driver, email: &str) -> String {
        let sales = &self.sales;
        sales.press("お客さまに送る");
        sales.see("送る相手");
        axe::finds_nothing(sales);
        sales.fill("message", "先日のお打合せの内容です。");
        sales.press("見積を送る");
        sales.see("見積を送りました");
        axe::finds_nothing(sales);
        self.order_by_page(driver, email);
        sales.press(&self.title());
        sales.see("見積から注文");
        let deal = sales.path();
        sales.until("the order is not opened", || {
            sales.open(&deal);
            sales.text().contains("受注を見る").then_some(())
        });
        self.mail_in_list(&self.world.sign_in("sales").email, "ご注文がありました");
        sales.press("受注を見る");
        sales.see("業務");
        sales.path()
    }

    fn order_by_page(&self, driver: &'a Driver, email: &str) {
        let (_text, links) = self.mail(email, "お見積り");
        axe::finds_nothing(&self.admin);
        let link = links.iter().find(|link| link.contains("/q/")).unwrap();
        let client = driver.window("client", &self.world.base, Screen::Phone);
        client.open(link);
        client.see(&self.title());
        assert!(!client.text().contains("作業時間"), "how long it takes is the town's own");
        axe::finds_nothing(&client);
        client.fill("name", "試験 花子");
        client.press("確認へ進む");
        client.see("印を付けて");
        axe::finds_nothing(&client);
        client.press_in("//form[@action='/quote/check']", "注文する権限があります");
        client.fill("order_number", "PO-12");
        client.press("確認へ進む");
        client.see("まだ注文は決まっていません");
        axe::finds_nothing(&client);
        client.press("この内容で注文する");
        client.see("ご注文を承りました");
        client.see("PO-12");
        axe::finds_nothing(&client);
        self.mail_in_list(email, "ご注文の控え");
    }

    /// Waits until the sandbox mailbox has a mail to `email` about this company's or this work's `subject`.
    fn mail_in_list(&self, email: &str, subject: &str) {
        self.admin.until(&format!("no mail to {email} is about {subject}"), || {
            self.admin.open(&format!("/sandbox?to={email}"));
            let text = self.admin.text();
            text.lines()
                .any(|line| {
                    line.contains(subject) && (line.contains(&self.title()) || line.contains(&self.company()))
                })
                .then_some(())
        });
    }

    fn split_and_offer(&self, order: &str) {
        let coordinator = &self.coordinator;
        coordinator.open(order);
        coordinator.see(&self.title());
        axe::finds_nothing(coordinator);
        coordinator.press("業務に分ける");
        coordinator.see("件数");
        coordinator.fill("title", &self.title());
        coordinator.fill("rules", "商品の写真を見て、百字で説明を書いてください。");
        coordinator.fill("unit_minutes", "40");
        coordinator.fill("unit_pay", "900");
        coordinator.fill("work_due_on", &day(10));
        coordinator.fill("pay_day", "25");
        coordinator.press_in("//form", "早い者順");
        let rows = self.labels().map(|label| format!("{label},{label}の説明\r\n"));
        coordinator.attach("csv_file", &self.paper("units.csv", &rows.concat()));
        axe::finds_nothing(coordinator);
        coordinator.press("この内容で分ける");
        coordinator.see("できる単位");
        axe::finds_nothing(coordinator);
        coordinator.press("この内容で分ける");
        coordinator.see("業務に分けました");
        axe::finds_nothing(coordinator);
        coordinator.press("募集する");
        coordinator.see("募集しました");
    }

    fn claim(&self) {
        let worker = &self.worker;
        worker.open("/offers");
        axe::finds_nothing(worker);
        worker.press(&self.title());
        worker.see("取引条件");
        worker.fill("count", "3");
        worker.press("この件数の条件を見る");
        worker.see("3件を引き受ける");
        axe::finds_nothing(worker);
        worker.press("3件を引き受ける");
        worker.see("入力を確認してください");
        worker.press_in("//form", "同意します");
        worker.press("3件を引き受ける");
        worker.see("引き受けました");
        axe::finds_nothing(worker);
    }

    fn submit(&self, label: &str, note: &str) {
        let worker = &self.worker;
        worker.open("/my-units");
        worker.press(label);
        worker.until("the unit does not open", || worker.attribute("[name=result_text]", "id"));
        if worker.may_press("はじめる") {
            worker.press("はじめる");
            worker.see("はじめました");
        } else if worker.may_press("なおしはじめる") {
            worker.press("なおしはじめる");
            worker.until("still not begun", || (!worker.may_press("なおしはじめる")).then_some(()));
            worker.press_in("//form", &format!("{label}.txt"));
        }
        worker.fill("result_text", note);
        worker.fill("memo", MEMO);
        worker.attach("files", &self.paper(&format!("{label}.txt"), &format!("{label}：{note}")));
        axe::finds_nothing(worker);
        worker.press("提出する");
        worker.see("提出しました");
    }

    fn return_one_and_pass_the_rest(&self) {
        let checker = &self.checker;
        let [first, others @ ..] = self.labels();
        self.review(&first);
        checker.press("差し戻す");
        checker.see("理由");
        checker.choose("reason", "抜けがある");
        checker.press_in("//form", "ワーカー");
        checker.fill("comment", "寸法を足してください。");
        axe::finds_nothing(checker);
        checker.press("差し戻す");
        checker.see("差し戻しました");
        for label in &others {
            self.pass(label);
        }
    }

    fn review(&self, label: &str) {
        self.checker.open("/review");
        axe::finds_nothing(&self.checker);
        self.checker.press(label);
        self.checker.see("判定");
        self.checker.see(MEMO);
    }

    fn pass(&self, label: &str) {
        self.review(label);
        self.checker.press("合格");
        self.checker.see("合格にしました");
    }

    fn deliver(&self, order: &str) {
        let coordinator = &self.coordinator;
        coordinator.open(order);
        coordinator.press("納品する");
        coordinator.see("納品してメールを送る");
        coordinator.choose("contact_id", "試験");
        axe::finds_nothing(coordinator);
        coordinator.press("納品してメールを送る");
        coordinator.see("納品しました。担当者にメールが届きます");
        axe::finds_nothing(coordinator);
    }

    /// Reads the newest mail to `email` in the sandbox mailbox once it says `words`, and returns what it links to.
    fn mail(&self, email: &str, words: &str) -> (String, Vec<String>) {
        let admin = &self.admin;
        admin.until(&format!("no mail to {email} says {words}"), || {
            admin.open(&format!("/sandbox?to={email}"));
            if !admin.text().contains(email) {
                return None;
            }
            admin.press_in(&format!("(//main//tr[contains(., '{email}')])[1]"), "");
            admin.until("the mail does not open", || admin.path().starts_with("/sandbox/").then_some(()));
            admin.text().contains(words).then(|| (admin.text(), admin.links()))
        })
    }

    fn open_the_mail(&self, driver: &'a Driver, email: &str) -> Hand<'a> {
        let (_text, links) = self.mail(email, "納品");
        axe::finds_nothing(&self.admin);
        let link = links.iter().find(|link| link.contains("/c/")).unwrap();
        let client = driver.window("client", &self.world.base, Screen::Phone);
        client.open(link);
        client.see(&self.title());
        assert!(!client.text().contains(MEMO), "the memo is the checker's");
        axe::finds_nothing(&client);
        client
    }

    /// The mail with the code may come after one that only speaks of a code.
    fn code(&self, email: &str) -> String {
        self.admin.until("no code comes", || {
            let (text, _links) = self.mail(email, "確認コード");
            text.split(|c: char| !c.is_ascii_digit()).find(|digits| digits.len() == 6).map(str::to_owned)
        })
    }

    fn confirm(&self, client: &Hand<'a>, email: &str) {
        client.fill("name", "試験 花子");
        client.press("確認コードを受け取る");
        client.see("確認コード");
        client.fill("code", &self.code(email));
        axe::finds_nothing(client);
        client.press("回答を送る");
        client.see("回答を受け取りました");
        axe::finds_nothing(client);
    }

    fn answer_with_one_fix(&self, client: &Hand<'a>, email: &str) {
        let [first, fix, last] = self.labels();
        client.press(&format!("{first}.txt"));
        let file = client.downloaded(&format!("{first}.txt"));
        assert_eq!(String::from_utf8(file).unwrap(), format!("{first}：直しました。"));
        let card =
            |label: &str| format!("//section[h3[contains(., '{label}')] or div/h3[contains(., '{label}')]]");
        client.press_in(&card(&first), "受け取る");
        client.press_in(&card(&last), "受け取る");
        client.press_in(&card(&fix), "直しを頼む");
        client.fill_text(&card(&fix), "産地も書いてください。");
        self.confirm(client, email);
    }

    /// Nobody works on the fix before coordination has said whose fault it is, what it pays and until when.
    fn decide_the_fix(&self) {
        let [_, fix, _] = self.labels();
        let (coordinator, worker) = (&self.coordinator, &self.worker);
        worker.open("/my-units");
        assert!(!worker.text().contains(&fix), "nobody has decided yet");
        coordinator.open("/fixes");
        axe::finds_nothing(coordinator);
        coordinator.press(&fix);
        coordinator.see("産地も書いてください。");
        coordinator.press("この内容で決める");
        coordinator.see("入力してください");
        axe::finds_nothing(coordinator);
        coordinator.press_in("//form", "仕様の変更・説明不足");
        coordinator.fill("extra_pay", "300");
        coordinator.fill("due_on", &day(6));
        coordinator.fill("comment", "産地を一行で足してください。");
        coordinator.press("この内容で決める");
        coordinator.see("決めました。ワーカーにメールが届きます");
        worker.open("/my-units");
        worker.press(&fix);
        worker.see("産地を一行で足してください。");
        worker.see("なおしの支払は 300円です");
        axe::finds_nothing(worker);
    }

    fn accept_the_rest(&self, client: &Hand<'a>, email: &str) {
        client.press("すべて受け取る");
        self.confirm(client, email);
    }

    /// The client would like the same once more, which orders nothing; one press of ours does, and the next order begins with
    /// the same jobs.
    fn order_the_same_again(&self, client: &Hand<'a>, order: &str) {
        let coordinator = &self.coordinator;
        client.press("希望を送る");
        client.see("入力してください");
        client.fill("name", "試験 花子");
        client.fill("wished_on", &day(40));
        client.press("希望を送る");
        client.see("再注文のご希望を受け付けました");
        axe::finds_nothing(client);
        self.mail_in_list("coordinator@demo.example", "再注文のご希望");
        coordinator.open(order);
        coordinator.see("まだ受注ではありません");
        axe::finds_nothing(coordinator);
        coordinator.press("この内容で受注する");
        coordinator.see("受注を記録しました");
        coordinator.see("前回と同じ内容の再注文");
        axe::finds_nothing(coordinator);
        let deal = coordinator.path();
        coordinator.until("the order is not opened", || {
            coordinator.open(&deal);
            coordinator.text().contains("受注を見る").then_some(())
        });
        coordinator.press("受注を見る");
        coordinator.see("と同じ業務を用意しました");
        axe::finds_nothing(coordinator);
        assert_ne!(coordinator.path(), order, "an order of its own");
    }

    fn paper(&self, name: &str, text: &str) -> PathBuf {
        let path = self.papers.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    }
}
