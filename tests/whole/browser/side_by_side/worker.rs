//! What the worker does with a phone, ten hours a week and one hand.

use chrono::{Datelike as _, NaiveDate};

use super::super::axe;
use super::super::day;
use super::super::hand::Hand;
use super::{CALLS, JOB, ORDER, SKILL, Town, WORKER};

const HALF: &str = "一枚目。明治四十年、";
const WHOLE: &str = "一枚目。明治四十年、三月。■の橋を直す。";

/// The worker, with a phone.
pub(super) struct Phone<'a> {
    hand: Hand<'a>,
    town: &'a Town<'a>,
}

/// A unit as its worker's pages call it.
fn unit(number: i64) -> String {
    format!("{JOB} – 台帳{number}")
}

impl<'a> Phone<'a> {
    pub(super) fn new(hand: Hand<'a>, town: &'a Town<'a>) -> Self {
        hand.sign_in(&town.sign_in);
        Self { hand, town }
    }

    /// Opens one of the own units from the list of what is to be done.
    fn opens_unit(&self, number: i64) {
        let hand = &self.hand;
        hand.goes_to("/my-units", &unit(number));
        hand.enter(&unit(number));
        hand.see("使うもの");
        hand.past_the_menus();
    }

    /// Before anything is known of them, the page says so and what comes next.
    pub(super) fn opens(&self) {
        let hand = &self.hand;
        hand.see("いま、することはありません");
        hand.see("できることが、まだ登録されていません");
        axe::finds_nothing(hand);
    }

    /// Four: the result of the trial, with its reasons.
    pub(super) fn reads_the_trial(&self) {
        let hand = &self.hand;
        hand.goes_to("/my-learning", "いま使えるスキルは 1つです");
        for fact in [SKILL, "レベル1：5件のうち4件よくできました", "かすれた字も、ていねいに読めています"]
        {
            hand.see(fact);
        }
        axe::finds_nothing(hand);
    }

    /// One: hours and limits, and never why.
    pub(super) fn sets_hours_and_limits(&self) {
        let hand = &self.hand;
        hand.goes_to("/my-hours", "理由は聞きません");
        axe::finds_nothing(hand);
        hand.key_choice("weekly_minutes", "4時間");
        hand.enter("この時間にする");
        hand.see("1週間の時間を変えました");
        hand.past_the_menus();
        hand.key_in("tuesday", "9-11");
        hand.key_in("thursday", "9-11");
        hand.enter("週を決める");
        hand.see("予定と働き方を変えました");
        hand.see("これから7日間：4時間働けます");
        hand.past_the_menus();
        hand.key_tick("conditions[]", "電話はしない");
        hand.key_tick("conditions[]", "ビデオ会議には出ない");
        hand.enter("働き方を決める");
        hand.see("予定と働き方を変えました");
        axe::finds_nothing(hand);
    }

    /// Two: only what fits, with pay, usual minutes and the last day.
    pub(super) fn sees_what_fits(&self) {
        let hand = &self.hand;
        hand.goes_to("/offers", "1つの仕事があります");
        for fact in [
            JOB,
            "600円",
            "1件 だいたい 30分。1時間だと 1,200円",
            "あなたの分 4件",
            "返事のしめきり",
            "今週のあいている時間で 4件できます",
        ] {
            hand.see(fact);
        }
        let offered = hand.text_of("//main//div[@data-list-keys]");
        assert!(!offered.contains(CALLS), "no telephone: {offered}");
        axe::finds_nothing(hand);
    }

    /// Why another piece of work did not come.
    pub(super) fn sees_why_another_does_not(&self) {
        let hand = &self.hand;
        hand.enter(&format!("「{CALLS}」が届かなかった理由"));
        hand.see(
            "いま、この仕事があなたに届かない理由：あなたの働き方（電話やしめきりなど）に合わない仕事です。",
        );
        axe::finds_nothing(hand);
    }

    /// Three: reads what is agreed, and says yes to four units.
    pub(super) fn says_yes(&self) {
        let hand = &self.hand;
        hand.goes_to("/offers", JOB);
        hand.enter("くわしく見る");
        hand.see("取引条件");
        axe::finds_nothing(hand);
        hand.past_the_menus();
        hand.key_in("count", "4");
        hand.enter("この件数の条件を見る");
        hand.see("4件で 2,400円。時間は だいたい 2時間です。");
        // What, pay and its day, last day, place, costs, rights: the six things that a call for work has to say.
        for item in [
            "3. 業務の内容",
            "4. 報酬の額、支払期日及び支払方法",
            "5. 諸経費",
            "6. 納期",
            "7. 納品の場所及び方法",
            "11. 知的財産権",
        ] {
            hand.see(item);
        }
        axe::finds_nothing(hand);
        hand.past_the_menus();
        hand.enter("4件を引き受ける");
        hand.see("引き受けるには、「同意します」に印を付けてください");
        axe::finds_nothing(hand);
        hand.past_the_menus();
        hand.key_tick("accept", "上の取引条件を読みました。同意します");
        hand.enter("4件を引き受ける");
        hand.see("引き受けました。条件をメールで送ります");
        hand.see("4件を表示");
        axe::finds_nothing(hand);
    }

    /// The terms stay as they were accepted, by mail and to be printed.
    pub(super) fn keeps_the_terms(&self) {
        let hand = &self.hand;
        self.opens_unit(1);
        hand.enter_in_menu("取引条件");
        hand.see("4件を引き受けたときの約束です");
        hand.see("この画面は、印刷できます。");
        hand.see("合計　2,400円");
        let digest = hand.text_of("//main//code");
        assert!(digest.len() == 64 && digest.chars().all(|one| one.is_ascii_hexdigit()), "{digest}");
        axe::finds_nothing(hand);
        self.town.has_mailed(&format!("取引条件の明示（保管してください）：{JOB}"));
    }

    /// Five: begins, and keeps what is written half-way.
    pub(super) fn works_half_way(&self) {
        let hand = &self.hand;
        self.opens_unit(1);
        hand.see("一枚目");
        hand.see("よい例.csv");
        hand.enter("はじめる");
        hand.see("はじめました");
        hand.past_the_menus();
        hand.key_in("result_text", HALF);
        hand.enter("下書きを保存する");
        hand.see("下書きを保存しました");
        axe::finds_nothing(hand);
    }

    /// Asks in the thread that everybody on the job reads.
    pub(super) fn asks(&self) {
        let hand = &self.hand;
        self.opens_unit(1);
        hand.enter("やり方の質問と答えを見る");
        hand.see("まだ質問はありません");
        axe::finds_nothing(hand);
        hand.past_the_menus();
        hand.key_in("text", "かすれて読めない字は、どうしますか");
        hand.enter("質問する");
        hand.see("質問しました。答えが来たら、メールで知らせます");
        hand.see("までに答えます");
        axe::finds_nothing(hand);
    }

    /// The new rule is marked until it is read; what was written is still there.
    pub(super) fn reads_the_rule(&self) {
        let hand = &self.hand;
        hand.goes_to("/my-units", "きまりが変わりました");
        axe::finds_nothing(hand);
        self.opens_unit(1);
        hand.see("やり方が 新しくなりました");
        hand.see("読めない字は「■」と打ってください。");
        axe::finds_nothing(hand);
        hand.enter("わかりました");
        hand.see("ありがとうございます。読んだことを記録しました");
        let draft = hand.run("return document.querySelector('[name=result_text]').value");
        assert_eq!(draft, HALF, "nothing that was written is lost");
        hand.past_the_menus();
        hand.enter("やり方の質問と答えを見る");
        hand.see("町の答え");
        hand.see("やり方に入りました");
        let thread = hand.text_of("//section[h2[@id='questions']]");
        assert!(!thread.contains(WORKER), "nobody reads who asked: {thread}");
        axe::finds_nothing(hand);
    }

    /// Hands the first unit in, and says how long it took.
    pub(super) fn hands_in(&self) {
        let hand = &self.hand;
        self.opens_unit(1);
        hand.key_in("result_text", WHOLE);
        hand.key_in("minutes", "35");
        hand.enter("提出する");
        hand.see("提出しました。別の人が確かめます");
        hand.goes_to("/my-units?part=waiting", &unit(1));
        hand.enter(&unit(1));
        hand.see("かかった時間 35分");
        axe::finds_nothing(hand);
    }

    /// Seven: this week's hours, and the year's money beside the amount that somebody watches.
    pub(super) fn sees_hours_and_money(&self) {
        let hand = &self.hand;
        hand.goes_to("/", "した作業と、引き受けている作業");
        hand.see("2時間 / 4時間");
        hand.see("あと 2時間あいています");
        axe::finds_nothing(hand);
        hand.goes_to("/my-pay", "これから支払われるお金");
        hand.see("600円");
        axe::finds_nothing(hand);
        hand.goes_to("/my-year", "1年でこえたくない金額");
        hand.key_in("yearly_limit", "1000000");
        hand.enter("保存する");
        // What is handed in in December is paid next year.
        let is_december = day(0).contains("-12-");
        let (earned, left) = if is_december { ("0円", "1,000,000円") } else { ("600円", "999,400円") };
        hand.see(&format!("に支払われる分は、いま {earned} に決まっています（税別）"));
        hand.see(&format!("あなたが決めた 1,000,000円 まで、あと {left} です"));
        axe::finds_nothing(hand);
    }

    /// Six: a day off in one tap, and two units back in two taps each, with no mark.
    pub(super) fn is_not_well(&self) {
        let hand = &self.hand;
        hand.goes_to("/", "今日の調子");
        hand.enter("今日はお休みにする");
        hand.see("今日はお休みにしました");
        hand.see("いま持っている作業は、そのままです");
        axe::finds_nothing(hand);
        self.gives_back(3);
        self.gives_back(4);
        hand.see("1件を表示");
    }

    fn gives_back(&self, number: i64) {
        let hand = &self.hand;
        self.opens_unit(number);
        hand.enter("返す");
        hand.see("あなたは不利になりません。理由も聞きません。");
        axe::finds_nothing(hand);
        hand.past_the_menus();
        hand.enter("返す");
        hand.see("返しました。不利にはなりません");
        axe::finds_nothing(hand);
    }

    /// A later day because of care; why it is needed has no field.
    pub(super) fn asks_for_a_later_day(&self) {
        let hand = &self.hand;
        hand.goes_to("/care-requests", "お願いを書く");
        axe::finds_nothing(hand);
        hand.enter("お願いを書く");
        hand.see("理由は書かなくてかまいません");
        axe::finds_nothing(hand);
        hand.past_the_menus();
        hand.key_radio("kind", "日にち（しめきり・曜日）");
        hand.key_in("work", ORDER);
        hand.key_in("wish", "しめきりを5日のばしてほしい");
        hand.enter("お願いする");
        hand.see("お願いを送りました");
        hand.see("返事待ち");
        axe::finds_nothing(hand);
    }

    /// The answer with its reason, and the later day under new terms; then the last unit goes back, for there is a job.
    pub(super) fn reads_the_answer_and_agrees(&self) {
        let hand = &self.hand;
        hand.goes_to("/care-requests", "一部だけ");
        axe::finds_nothing(hand);
        hand.enter("日にち");
        hand.see("3日のばします。5日だと、お客さまの納期に間に合いません。");
        axe::finds_nothing(hand);
        self.opens_unit(2);
        hand.see(&format!("しめきりを {} まで延ばせます", in_full(13)));
        axe::finds_nothing(hand);
        hand.enter("新しい条件を読む");
        hand.see("ご家庭の予定に合わせます");
        axe::finds_nothing(hand);
        hand.past_the_menus();
        hand.enter("新しい条件に同意する");
        hand.see("しめきりが延びました。新しい条件をメールで送ります");
        axe::finds_nothing(hand);
        self.gives_back(2);
        hand.see("いま、することはありません");
    }

    /// Nothing is offered during a rest, and the page says why.
    pub(super) fn rests(&self) {
        let hand = &self.hand;
        hand.goes_to("/offers", "いまは、お休み中です");
        axe::finds_nothing(hand);
    }
}

/// A day from today on, as pages say it to whoever wants to know exactly: `2026年12月10日(木)`.
fn in_full(from_today: i64) -> String {
    let date: NaiveDate = day(from_today).parse().unwrap();
    let weekday = usize::try_from(date.weekday().num_days_from_monday()).unwrap();
    let weekday = "月火水木金土日".chars().nth(weekday).unwrap();
    format!("{}年{}月{}日({weekday})", date.year(), date.month(), date.day())
}
