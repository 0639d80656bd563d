//! A salesperson's day (営業チームの一日): a mother of two with ninety minutes and a phone. She has a keyboard alone, once with
//! scripts and once without any; every page she passes is one that axe finds nothing on.

use std::path::PathBuf;

use serde_json::{Value, json};

use super::driver::{Driver, Screen, Scripts};
use super::hand::Hand;
use super::{axe, day, register};
use crate::whole::world::{SignIn, World};

/// What is won: 300 pieces at 120 yen.
const PRICE: i64 = 36_000;

#[test]
fn a_salespersons_day_is_walked_by_keyboard_with_scripts() {
    walk(Scripts::On);
}

#[test]
fn a_salespersons_day_is_walked_by_keyboard_without_scripts() {
    walk(Scripts::Off);
}

fn walk(scripts: Scripts) {
    let driver = Driver::start(scripts);
    let world = World::start(if scripts == Scripts::On { "salesday" } else { "salesday-still" });
    let who = world.newcomer("sales");
    let before = Morning::prepare(&world, &who);
    let day = Day {
        hand: driver.window("salesday", &world.base, Screen::Phone),
        papers: tempfile::tempdir().unwrap(),
        before,
    };
    day.hand.sign_in(&who);
    day.opens();
    day.looks_at_the_prospect();
    day.notes_the_call();
    day.hears();
    day.estimates();
    day.wins();
    day.takes_it_back_and_wins_again();
    day.loses_the_other();
    day.meets();
    drop(day);
    world.stop();
}

/// What the salesperson finds: two deals with something due today, and a todo.
struct Morning {
    /// A company that the register says is closed; its contact does not want calls.
    closed: i64,
    closed_number: String,
    lost: i64,
    won: i64,
}

impl Morning {
    fn prepare(world: &World, who: &SignIn) -> Self {
        let closed_number = register::publish_closed(world, "株式会社結日歩閉鎖商会");
        let token = world.token(&who.email, &["--write"]);
        let guest = world.guest();
        let post = |path: &str, body: Value| {
            let answer = guest.json("POST", path, Some(&token), &body.to_string());
            assert!(answer.status < 300, "POST {path}: {} {}", answer.status, answer.body);
            answer.id()
        };
        let closed = post(
            "/api/v1/companies",
            json!({ "name": "株式会社結日歩閉鎖商会", "corporate_number": closed_number }),
        );
        let contact = post(
            &format!("/api/v1/companies/{closed}/contacts"),
            json!({ "family_name": "多忙", "phone": "0859-00-0001" }),
        );
        post(
            &format!("/api/v1/contacts/{contact}/call-wishes"),
            json!({ "wish": "refused", "note": "先週の電話で" }),
        );
        let tag = post("/api/v1/tags", json!({ "name": "日歩ワーケーション" }));
        let tagged = guest.json(
            "PUT",
            &format!("/api/v1/companies/{closed}/tags"),
            Some(&token),
            &json!({ "tags": [tag] }).to_string(),
        );
        assert!(tagged.status < 300, "{}", tagged.body);
        let buyer = post("/api/v1/companies", json!({ "name": "有限会社日歩の里" }));
        let today = day(0);
        let deal = |company: i64, title: &str, next: &str| {
            let body = json!({ "title": title, "company_id": company, "next_action": next, "next_action_on": today });
            post("/api/v1/deals", body)
        };
        let lost = deal(closed, "閉鎖商会の名簿", "様子をたずねる");
        let won = deal(buyer, "里の台帳の入力", "量をきく電話");
        post("/api/v1/todos", json!({ "title": "地図を印刷する", "due_on": today }));
        Self { closed, closed_number, lost, won }
    }
}

struct Day<'a> {
    hand: Hand<'a>,
    papers: tempfile::TempDir,
    before: Morning,
}

impl Day<'_> {
    fn deal(&self, id: i64) -> String {
        format!("/deals/{id}")
    }

    /// One: three next actions due, and somebody who has not been answered.
    fn opens(&self) {
        let hand = &self.hand;
        hand.see("今日までにすること 3件");
        axe::finds_nothing(hand);
        hand.past_the_menus();
        hand.enter("今日のページを開く");
        hand.see("最初の返事を待っている見込み");
        for what in
            ["様子をたずねる", "量をきく電話", "地図を印刷する", "森林調査の写真1,200枚に名前を付けたい"]
        {
            hand.see(what);
        }
        axe::finds_nothing(hand);
    }

    /// Two: before a call, what is known of them.
    fn looks_at_the_prospect(&self) {
        let hand = &self.hand;
        hand.past_the_menus();
        hand.follow(&self.deal(self.before.lost));
        hand.see("この会社は登記上、閉鎖されています");
        axe::finds_nothing(hand);
        hand.past_the_menus();
        hand.follow(&format!("/companies/{}", self.before.closed));
        for fact in [
            &*self.before.closed_number,
            "登記上、閉鎖されています",
            "最後の連絡",
            "まだありません",
            "電話お断り",
            "日歩ワーケーション",
        ] {
            hand.see(fact);
        }
        axe::finds_nothing(hand);
    }

    /// Three: what came of the call, the next day and a line of memo. A deal does not stay without a next action.
    fn notes_the_call(&self) {
        let hand = &self.hand;
        hand.goes_to("/my-day", "量をきく電話");
        hand.follow(&format!("/my-day?open=deal-{0}#deal-{0}", self.before.won));
        hand.see("メモ");
        axe::finds_nothing(hand);
        hand.key_radio("outcome", "関心あり");
        hand.key_in("next_action_on", &day(7));
        hand.key_in("note", "毎月300枚。見積がほしい");
        hand.enter("記録する");
        hand.until("it is still due", || (!hand.text().contains("量をきく電話")).then_some(()));
        axe::finds_nothing(hand);
        hand.goes_to(&self.deal(self.before.won), "毎月300枚。見積がほしい");
        hand.see("関心あり");
    }

    /// Four: the same five questions for every kind of work, with a sample.
    fn hears(&self) {
        let hand = &self.hand;
        hand.enter("ヒアリングを書く");
        hand.see("仕事の種類");
        axe::finds_nothing(hand);
        hand.past_the_menus();
        hand.key_in("volume", "毎月300枚");
        hand.key_in("deadline", "毎月25日まで");
        hand.key_radio("personal_data", "個人情報あり");
        hand.key_file("samples", &self.paper());
        hand.enter("保存する");
        hand.see("まだ聞いていないこと：道具");
        hand.see("台帳の見本.csv");
        axe::finds_nothing(hand);
        hand.past_the_menus();
        hand.enter("ヒアリングを直す");
        hand.see("預かっている見本");
        axe::finds_nothing(hand);
        hand.past_the_menus();
        hand.key_in("tools", "表計算");
        hand.enter("保存する");
        hand.see("5つとも聞きました");
    }

    /// Five: minutes for one × how many × checks and mends: cost, floor, margin.
    fn estimates(&self) {
        let hand = &self.hand;
        hand.goes_to(&self.deal(self.before.won), "見積を作る");
        hand.enter("見積を作る");
        hand.see("1件にかかる時間");
        axe::finds_nothing(hand);
        hand.past_the_menus();
        hand.key_in("lines[0].description", "台帳1枚の入力");
        hand.key_in("lines[0].quantity", "300");
        hand.key_in("lines[0].unit_price", "120");
        hand.key_in("lines[0].unit_minutes", "3");
        hand.key_in("valid_until", &day(20));
        hand.key_in("deliver_on", &day(30));
        hand.enter("内容を確かめる");
        for figure in ["見込む作業時間", "原価", "下限価格", "粗利"] {
            hand.see(figure);
        }
        axe::finds_nothing(hand);
        hand.past_the_menus();
        hand.enter("見積書を発行する");
        hand.see("見積書を発行しました");
        axe::finds_nothing(hand);
    }

    /// Six: the client says yes, and the order is there.
    fn wins(&self) {
        let hand = &self.hand;
        let before = self.won();
        hand.goes_to(&self.deal(self.before.won), "受注にする");
        hand.enter("受注にする…");
        hand.see("受注にすると");
        axe::finds_nothing(hand);
        hand.past_the_menus();
        hand.enter("受注にする");
        hand.see("受注しました");
        assert_eq!(self.won() - before, PRICE, "the tile goes up by what was won");
        self.order_is_there();
        axe::finds_nothing(hand);
    }

    /// What the year's tile says was won, in yen before tax.
    fn won(&self) -> i64 {
        self.hand.open("/figures");
        self.hand.see("今年度の金額");
        let tile = self.hand.text_of("//*[p[.='受注']]/div");
        let digits: String = tile.chars().filter(char::is_ascii_digit).collect();
        digits.parse().unwrap()
    }

    fn order_is_there(&self) {
        let hand = &self.hand;
        hand.until("the order is not opened", || {
            hand.open(&self.deal(self.before.won));
            hand.text().contains("受注を見る").then_some(())
        });
    }

    /// It was the wrong moment after all: nobody has begun, so the order goes and the deal is as it was.
    fn takes_it_back_and_wins_again(&self) {
        let hand = &self.hand;
        let before = self.won();
        hand.goes_to(&self.deal(self.before.won), "受注を見る");
        hand.enter_in_menu("受注を取り下げて商談に戻す…");
        hand.see("取り下げる理由");
        axe::finds_nothing(hand);
        hand.past_the_menus();
        hand.enter("受注を取り下げて商談に戻す");
        hand.see("入力してください");
        axe::finds_nothing(hand);
        hand.past_the_menus();
        hand.key_in("reason", "件数を数え直すため");
        hand.key_in("next_action", "件数をきく");
        hand.key_in("next_action_on", &day(1));
        hand.enter("受注を取り下げて商談に戻す");
        hand.see("商談を再開しました");
        hand.see("件数を数え直すため");
        axe::finds_nothing(hand);
        assert_eq!(before - self.won(), PRICE, "the tile goes back by as much");
        hand.goes_to(&self.deal(self.before.won), "受注にする…");
        hand.enter("受注にする…");
        hand.see("受注にすると");
        hand.past_the_menus();
        hand.enter("受注にする");
        hand.see("受注しました");
        self.order_is_there();
    }

    /// Seven: another is lost, for a reason from the list and in words.
    fn loses_the_other(&self) {
        let hand = &self.hand;
        hand.goes_to(&self.deal(self.before.lost), "閉鎖商会の名簿");
        hand.enter_in_menu("失注にする…");
        hand.see("理由");
        axe::finds_nothing(hand);
        hand.past_the_menus();
        hand.key_choice("reason", "その他");
        hand.key_in("note", "会社が閉じられていた");
        hand.enter("失注にする");
        hand.see("失注にしました");
        hand.see("会社が閉じられていた");
        axe::finds_nothing(hand);
    }

    /// The sales meeting opens the same board: what was won, and what was lost.
    fn meets(&self) {
        let hand = &self.hand;
        hand.goes_to("/meetings/new", "会議を開く");
        axe::finds_nothing(hand);
        hand.enter("会議を開く");
        hand.see("議題");
        hand.see("前回からの受注");
        for title in ["里の台帳の入力", "閉鎖商会の名簿"] {
            hand.see(title);
        }
        axe::finds_nothing(hand);
    }

    fn paper(&self) -> PathBuf {
        let path = self.papers.path().join("台帳の見本.csv");
        std::fs::write(&path, "番号,氏名\r\n1,見本 花子\r\n").unwrap();
        path
    }
}
