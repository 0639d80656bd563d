//! What the coordinator does at the desk.

use std::path::PathBuf;

use serde_json::Value;

use super::super::axe;
use super::super::day;
use super::super::hand::Hand;
use super::{CALLS, JOB, ORDER, OTHERS, SKILL, SUBSTITUTE, Town, WORKER};

/// The coordinator, at a desk.
pub(super) struct Desk<'a> {
    hand: Hand<'a>,
    town: &'a Town<'a>,
    papers: tempfile::TempDir,
}

impl<'a> Desk<'a> {
    pub(super) fn new(hand: Hand<'a>, town: &'a Town<'a>) -> Self {
        hand.sign_in(town.world.sign_in("coordinator"));
        Self { hand, town, papers: tempfile::tempdir().unwrap() }
    }

    fn order(&self) -> String {
        format!("/orders/{}", self.town.order)
    }

    fn worker(&self) -> String {
        format!("/workers/{}", self.town.worker)
    }

    /// What a tile of the first screen counts; nothing where there is no such tile.
    fn tile(&self, label: &str) -> i64 {
        let script = format!(
            "const one = [...document.querySelectorAll('.tile__label')].find((p) => p.textContent === '{label}');
             return Number((one?.nextElementSibling.textContent ?? '0').replace(/\\D/g, ''))"
        );
        self.hand.run(&script).as_i64().unwrap()
    }

    /// The words of each element of a CSS selector.
    fn words(&self, selector: &str) -> Vec<String> {
        let script = format!(
            "return [...document.querySelectorAll('{selector}')].map((one) => one.textContent.trim().replace(/\\s+/g, ' '))"
        );
        let found = self.hand.run(&script);
        found.as_array().unwrap().iter().filter_map(Value::as_str).map(str::to_owned).collect()
    }

    /// The row of a table that begins with a link of these words says all of `facts`.
    fn row_says(&self, begins: &str, facts: &[&str]) {
        let row = self.hand.text_of(&format!("//main//tr[th//a[.='{begins}']]"));
        for fact in facts {
            assert!(row.contains(fact), "{fact:?} is not in the row of {begins}: {row}");
        }
    }

    /// One: the first screen answers the seven questions for every running order, red first, and says what is to be split.
    pub(super) fn opens(&self) {
        let hand = &self.hand;
        hand.see("これから分ける受注");
        assert_eq!(
            self.words("main thead th"),
            ["受注", "予定", "残りの作業", "だれが何件", "割当と完了", "検品待ち", "遅れ", "次にすること"],
            "the seven questions beside each order"
        );
        let schedules = self.words("main tbody tr td:nth-of-type(1)");
        let redness = |said: &String| match said {
            said if said.starts_with("遅れそう") => 1,
            said if said.starts_with("遅れ") => 0,
            _ => 2,
        };
        let shown: Vec<i32> = schedules.iter().map(redness).collect();
        assert!(!shown.is_empty() && shown.is_sorted(), "red first: {schedules:?}");
        let late = i64::try_from(shown.iter().filter(|one| **one == 0).count()).unwrap();
        assert_eq!(late, self.tile("遅れている受注"), "the tile counts what is late");
        assert!(self.tile("これから分ける受注") >= 1);
        axe::finds_nothing(hand);
        hand.past_the_menus();
        hand.follow("/orders?state=draft");
        hand.see(ORDER);
        axe::finds_nothing(hand);
    }

    /// A trial was done at the centre: its result with reasons goes to the worker, and the skill with it.
    pub(super) fn notes_the_trial(&self) {
        let hand = &self.hand;
        hand.goes_to(&format!("{}/trials", self.worker()), "結果を記録");
        axe::finds_nothing(hand);
        hand.key_choice("skill_id", SKILL);
        hand.key_in("units", "5");
        hand.key_in("good", "4");
        hand.key_radio("outcome", "できる（スキルを付ける）");
        hand.key_in("findings", "かすれた字も、ていねいに読めています");
        hand.enter("記録する");
        hand.see("試しの作業の結果を記録しました");
        hand.see("レベル1：5件のうち4件よくできました");
        axe::finds_nothing(hand);
    }

    /// Two: the order becomes units by a file, with rules, minutes and pay. Returns the job's path.
    pub(super) fn splits(&self) -> String {
        let hand = &self.hand;
        hand.goes_to("/orders?state=draft", ORDER);
        hand.follow(&format!("{}/jobs/new", self.order()));
        hand.see("受注 4件のうち、まだ分けていないもの 4件");
        axe::finds_nothing(hand);
        hand.past_the_menus();
        hand.key_in("title", JOB);
        hand.key_in("rules", "写真の文字を、そのまま打ってください。");
        hand.key_in("unit_minutes", "30");
        hand.key_in("unit_pay", "600");
        hand.key_choice("skill_id", SKILL);
        hand.key_in("work_due_on", &day(10));
        hand.key_file("csv_file", &self.paper("台帳.csv", &rows()));
        hand.key_tick("csv_header", "1行目は見出し");
        hand.enter("この内容で分ける");
        hand.see("まだ何も作られていません");
        hand.see("できる単位 4件");
        hand.see("写真: 三枚目");
        axe::finds_nothing(hand);
        hand.past_the_menus();
        hand.enter("この内容で分ける");
        hand.see("業務に分けました");
        hand.see("1時間あたり約1,200円");
        hand.see("まだ募集していないものが 4件あります");
        axe::finds_nothing(hand);
        hand.path()
    }

    /// A sample shows how it is meant.
    pub(super) fn shows_how(&self, job: &str) {
        let hand = &self.hand;
        hand.goes_to(job, "まだ見本はありません");
        hand.enter("まだ見本はありません");
        hand.see("見本を加える");
        axe::finds_nothing(hand);
        hand.past_the_menus();
        hand.key_radio("kind", "よい例");
        hand.key_file("file", &self.paper("よい例.csv", "明治四十年,三月\r\n"));
        hand.key_in("note", "年と月は、漢数字のままです");
        hand.enter("加える");
        hand.see("見本を加えました");
        hand.see("見本 1件");
        axe::finds_nothing(hand);
    }

    /// Three: an open call in turn, which says whom it reached and why not the others.
    pub(super) fn calls_openly(&self, job: &str) {
        let hand = &self.hand;
        hand.goes_to(job, "募集する");
        hand.enter("募集する");
        hand.see("募集しました");
        hand.goes_to(job, "だれに声をかけたか");
        hand.enter("だれに声をかけたか");
        hand.see("順番のきまり");
        hand.see("順番に声をかけています（3めぐりのうち1めぐり目）");
        self.row_says(WORKER, &["声をかけた", "4件の返事を待っている", "4時間"]);
        axe::finds_nothing(hand);
        hand.past_the_menus();
        hand.enter("次を表示");
        hand.see(SUBSTITUTE);
        self.row_says(SUBSTITUTE, &["その日はお休み"]);
    }

    /// Five: the answer to a question becomes a rule for all.
    pub(super) fn answers_and_makes_it_a_rule(&self) {
        let hand = &self.hand;
        hand.goes_to("/orders", ORDER);
        let all_arranged =
            ["割当 4 / 4", "完了 0 / 4", "あと2時間", "結城 歩 4件", "質問 1件", "質問に答える"];
        self.row_says(ORDER, &all_arranged);
        axe::finds_nothing(hand);
        hand.goes_to("/", "答えを待つ質問");
        let waiting = self.tile("答えを待つ質問");
        hand.follow("/questions");
        hand.see(&format!("答えを待っている質問 {waiting}件"));
        axe::finds_nothing(hand);
        hand.past_the_menus();
        hand.enter("かすれて読めない字は、どうしますか");
        hand.see("この業務にかかわる全員が読みます");
        axe::finds_nothing(hand);
        hand.past_the_menus();
        hand.key_in("answer", "読めない字は「■」と打ってください。");
        hand.enter("答えて、きまりにも加える");
        hand.see("答えを、作業のきまりに加えました");
        hand.see("きまりになりました（第2版）");
        axe::finds_nothing(hand);
        hand.open("/");
        hand.see("検品待ち");
        assert_eq!(self.tile("答えを待つ質問"), waiting - 1);
    }

    /// Somebody else than its maker looks at it, and it passes.
    pub(super) fn checks(&self) {
        let hand = &self.hand;
        hand.goes_to("/orders", ORDER);
        let one_waits = ["割当 4 / 4", "完了 0 / 4", "結城 歩 3件", "1件", "検品へ"];
        self.row_says(ORDER, &one_waits);
        hand.goes_to("/review", JOB);
        hand.enter(&format!("{JOB} – 台帳1"));
        hand.see("判定");
        hand.see("本人の申告 35分");
        axe::finds_nothing(hand);
        hand.past_the_menus();
        hand.enter("合格");
        hand.see("合格にしました");
        hand.goes_to("/orders", ORDER);
        self.row_says(ORDER, &["完了 1 / 4", "あと1.5時間"]);
    }

    /// Six: who has a bad day is left alone, what came back is put before another by name, and nobody has a mark.
    pub(super) fn gives_the_rest_to_another(&self, job: &str) {
        let hand = &self.hand;
        hand.goes_to("/", "今日はお休みの人");
        hand.see(WORKER);
        axe::finds_nothing(hand);
        hand.until("what came back is not open to all", || {
            hand.open(&format!("{job}/rounds"));
            hand.text().contains("みんなに開く").then_some(())
        });
        self.town.has_others_back();
        hand.goes_to(job, JOB);
        hand.enter_in_menu("代わりの人を探す");
        hand.see("だれにも声がかかっていない2件を、この人に頼めます");
        let proposed = OTHERS.map(|(family, given, _hours)| format!("{family} {given}"));
        assert_eq!(self.words("main .card h2"), proposed, "who has been checked and who has most time first");
        assert_eq!(
            self.words("main .card dd"),
            [
                "9.5時間",
                "1件のうち1件が一度で合格",
                "5時間",
                "まだ検品した作業がありません",
                "1時間",
                "まだ検品した作業がありません"
            ],
            "what is left of this week's hours, the done ones counted, and past quality"
        );
        axe::finds_nothing(hand);
        hand.past_the_menus();
        hand.enter("2件をこの人に頼む");
        hand.see("頼みました。本人にメールが届きます");
        hand.goes_to(&format!("{job}/rounds"), "名指しで頼む");
        self.row_says(SUBSTITUTE, &["声をかけた", "2件の返事を待っている"]);
        axe::finds_nothing(hand);
        let number = job.rsplit('/').next().unwrap().parse().unwrap();
        assert_eq!(self.town.substitute_takes(number, 2).len(), 2);
        self.sees_who_has_what();
        self.sees_no_mark();
    }

    fn sees_who_has_what(&self) {
        let hand = &self.hand;
        hand.goes_to(&self.order(), "だれが何件");
        let share = |name: &str| hand.text_of(&format!("//main//tr[th[.='{name}']]"));
        let figures =
            |row: &str| -> Vec<i64> { row.split_whitespace().filter_map(|part| part.parse().ok()).collect() };
        assert_eq!(figures(&share(WORKER)), [1, 0, 1], "to do, waiting for a check, finished");
        assert_eq!(figures(&share(SUBSTITUTE)), [2, 0, 0]);
        axe::finds_nothing(hand);
    }

    /// What the town keeps of the worker says nothing of what came back.
    fn sees_no_mark(&self) {
        let hand = &self.hand;
        hand.goes_to(&self.worker(), "これまで");
        hand.see("電話はしない");
        let kept = self.words("section[aria-labelledby=history] li");
        assert!(kept.iter().any(|one| one.contains("活動開始")), "{kept:?}");
        assert!(!hand.text().contains("返した"), "{}", hand.text());
        axe::finds_nothing(hand);
    }

    /// A wish is answered with what is done about it and the reason, and the work's day moves.
    pub(super) fn answers_the_wish(&self, job: &str) {
        let hand = &self.hand;
        hand.goes_to("/", "配慮のお願い");
        assert!(self.tile("配慮のお願い") >= 1);
        hand.goes_to("/care-requests", WORKER);
        axe::finds_nothing(hand);
        hand.enter(&format!("{WORKER} · 日にち"));
        hand.see("しめきりを5日のばしてほしい");
        axe::finds_nothing(hand);
        hand.past_the_menus();
        hand.key_radio("decision", "一部だけ応じる");
        hand.key_in("answer", "3日のばします。5日だと、お客さまの納期に間に合いません。");
        hand.enter("返事を送る");
        hand.see("返事を送りました");
        axe::finds_nothing(hand);
        hand.goes_to(job, JOB);
        hand.enter_in_menu("期限を延ばす");
        hand.see("いま 2人が作業を引き受けています");
        axe::finds_nothing(hand);
        hand.past_the_menus();
        hand.key_in("work_due_on", &day(13));
        hand.key_in("note", "ご家庭の予定に合わせます");
        hand.enter("この日まで延ばす");
        hand.see("期限を延ばしました");
        hand.see("新しい期限の返事待ち 2人");
        axe::finds_nothing(hand);
    }

    /// A rest: no offers, no mark.
    pub(super) fn gives_a_rest(&self) {
        let hand = &self.hand;
        hand.goes_to(&self.worker(), "状態を変える");
        hand.key_radio("kind", "お休みにする");
        hand.enter("記録する");
        hand.see("お休み中です。募集は届きません");
        axe::finds_nothing(hand);
    }

    /// Who leaves for a job leaves with that reason, and is told when what is kept of them goes.
    pub(super) fn says_goodbye(&self) {
        let hand = &self.hand;
        hand.goes_to(&self.worker(), "いま持っている作業はありません");
        hand.key_radio("kind", "退会にする");
        hand.enter("記録する");
        hand.see("＊選んでください");
        axe::finds_nothing(hand);
        hand.past_the_menus();
        hand.key_radio("kind", "退会にする");
        hand.key_choice("reason", "就職");
        hand.enter("記録する");
        hand.see("退会しました。もう一度登録できます");
        hand.see("就職");
        hand.see("電話番号・口座・面談・働き方・配慮のお願いの記録は");
        axe::finds_nothing(hand);
        hand.goes_to("/workers?state=withdrawn", WORKER);
        assert!(!hand.text().contains(CALLS), "a list of people says nothing of work");
        axe::finds_nothing(hand);
    }

    fn paper(&self, name: &str, text: &str) -> PathBuf {
        let path = self.papers.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    }
}

/// A row for each unit below a row of headings.
fn rows() -> String {
    let units = ["一", "二", "三", "四"].iter().zip(1..);
    let rows = units.map(|(word, number)| format!("台帳{number},{word}枚目\r\n"));
    std::iter::once("番号,写真\r\n".to_owned()).chain(rows).collect()
}
