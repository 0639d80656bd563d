//! The written terms in Japanese. The headings follow the twelve items of the MHLW guideline for self-employed
//! telework (自営型テレワークの適正な実施のためのガイドライン); art. 3 of the Freelance Act asks for a subset.

use chrono::{Datelike, NaiveDate};

use super::model::TermsFacts;

/// The text, complete and final: what is shown is what is frozen.
pub fn japanese(facts: &TermsFacts) -> String {
    let TermsFacts { orderer_name, orderer_address, worker_name, job_title, rules, units, .. } = facts;
    let (contact, ordered_on) = (contact(facts), day(facts.ordered_on));
    let (work_due_on, inspected_by) = (day(facts.work_due_on), day(facts.inspected_by));
    let unit_minutes = facts.unit_minutes;
    let (inspect_days, keep_days) = (facts.inspect_days, facts.keep_days);
    let rules_number = facts.rules_number;
    let replaces = facts.replaces.map(replaces).unwrap_or_default();
    let (unit_pay, total) = (facts.unit_pay, facts.total);
    let (pay_term, re_entrusted, by_two) = (pay_term(facts), re_entrusted(facts), by_two(facts));
    format!(
        "\
取引条件明示書

（特定受託事業者に係る取引の適正化等に関する法律第3条）
{replaces}
1. 当事者
発注者　{orderer_name}
所在地　{orderer_address}
連絡先　{contact}
受注者　{worker_name}

2. 発注日
{ordered_on}

3. 業務の内容
{job_title}　{units}件（1件の目安　{unit_minutes}分）
作業のきまり（第{rules_number}版）：
{rules}
各件の素材は、引受け後に本システムの作業画面に表示します。

4. 報酬の額、支払期日及び支払方法
1件　{unit_pay}円　合計　{total}円（消費税等を含まない額。消費税等相当額は法令に従い加えて支払います。）
支払期日　{pay_term}
受注者が届け出た口座への振込みにより支払います。振込手数料は発注者が負担します。
{re_entrusted}
5. 諸経費
作業に使う機器と通信の費用は受注者の負担とします。それ以外の費用が要るときは、\
あらかじめ協議し、発注者の負担とします。

6. 納期
{ordered_on}から{work_due_on}までに提出してください。

7. 納品の場所及び方法
本システムの作業画面から提出してください。提出が記録された時に発注者が受領したものとします。

8. 検品（検査）を完了する日
提出した日の翌日から数えて{inspect_days}営業日以内（納期の日に提出したときは{inspected_by}まで）{by_two}

9. 内容の変更
発注者は、受注者の同意なく、業務の内容、納期又は報酬を変更しません。仕様の変更により作業が増えるときは、\
追加の報酬を定めて改めて明示します。

10. 成果物に不備があったとき又は納期に遅れたとき
作業のきまりに合わない不備が受注者の責めによるときは、受注者は理由を示した差戻しに応じて無償で直します。
納期に間に合わないとき又は続けられないときは、いつでも引受けを返すことができ、これを理由に\
不利益な取扱いをしません。受注者の責めによらない理由で報酬を減らしません。
続けているしるし（開始、再開、下書きの保存、提出など）が{keep_days}日間ないときは、発注者は、続けるかどうかを受注者に二度尋ねたうえで、\
まだ提出されていない件を他の人に頼むことができます。このときも不利益な取扱いをせず、\
他の人が引き受ける前に提出されたものは受領します。

11. 知的財産権
成果物の著作権（著作権法第27条及び第28条の権利を含みます。）は、報酬を支払った時に発注者に移ります。

12. 個人情報及び秘密の取扱い
業務で知った個人情報と秘密は、この業務のためにだけ使い、他に漏らさず、業務が終わったら消去してください。

問い合わせ先　{contact}
この書面は紙で受け取ることもできます。上の問い合わせ先にお申し出ください。
"
    )
}

/// That two people inspect it, where they do.
fn by_two(facts: &TermsFacts) -> &'static str {
    if facts.review_levels > 1 {
        "\n2人が順に検品します。2人目の検品も、この期間に終えます。"
    } else {
        ""
    }
}

/// When it is paid.
fn pay_term(facts: &TermsFacts) -> String {
    let (pay_day, pay_on) = (facts.pay_day, day(facts.pay_on));
    let by_month = format!("提出した日の翌月{pay_day}日。金融機関が休みの日にあたるときは、その直前の営業日");
    match facts.fixed_pay_on {
        None => format!("{by_month}（納期の日に提出したときは{pay_on}）"),
        Some(fixed) => {
            let fixed = day(fixed);
            format!("{fixed}。{fixed}以後に提出したものは、{by_month}（納期の日に提出したときは{pay_on}）")
        }
    }
}

/// The three items of re-entrusted work (Freelance Act art. 4 para. 3).
fn re_entrusted(facts: &TermsFacts) -> String {
    let Some(known) = &facts.re_entrusted else { return String::new() };
    let pays = known.original_pay_on.map(day).unwrap_or_default();
    format!(
        "再委託　この業務は、発注者が他の者から受けた業務の再委託です。報酬は、元委託業務の対価の支払期日から起算して\
30日以内に支払います。\n元委託者　{}\n元委託業務の対価の支払期日　{pays}\n",
        known.original_client
    )
}

/// What these terms change, and of which.
fn replaces(before: NaiveDate) -> String {
    format!(
        "\nこの書面は、{}に明示した取引条件の納期を改めるものです。同意するまでは、前の取引条件のままです。\n",
        day(before)
    )
}

fn contact(facts: &TermsFacts) -> String {
    let known = [facts.orderer_email.as_str(), facts.orderer_phone.as_str()];
    known.into_iter().filter(|way| !way.is_empty()).collect::<Vec<_>>().join("、")
}

fn day(date: NaiveDate) -> String {
    format!("{}年{}月{}日", date.year(), date.month(), date.day())
}
