//! Versions of rules against a real database.

use chrono::Duration;
use diesel::Connection as _;
use diesel::connection::SimpleConnection as _;
use kernel::{Code, Coded, JobId, Paging};

use super::*;
use crate::claims;
use crate::events::RulesChanged;
use crate::jobs::JobEditInput;
use crate::submissions;
use crate::terms;
use crate::testing::Town;

fn words(based_on: i32, text: &str) -> RulesInput {
    RulesInput {
        based_on: based_on.to_string().into(),
        rules: text.into(),
        note: "質問が多かったため".into(),
    }
}

fn seen(number: i32) -> SeenInput {
    SeenInput { number: number.to_string().into() }
}

fn all(town: &Town, job: JobId) -> Vec<(i32, String)> {
    let page = town.act(town.director, |tx| of_job(tx, job, &Paging::first(10)));
    page.items.into_iter().map(|version| (version.number, version.text)).collect()
}

#[test]
fn every_wording_stays_with_who_wrote_it_when_and_why() {
    let town = Town::new();
    let job = town.job(town.order(100_000).id, 2);
    town.wait(Duration::hours(1));
    let second = town.act(town.checker, |tx| change(tx, job.id, &words(1, "空らんは空らんのまま。")));
    assert_eq!((second.number, second.changed_by), (2, Some(town.checker)));
    assert_eq!(second.note, "質問が多かったため");
    let first = town.act(town.director, |tx| find(tx, job.id, 1));
    assert_eq!((first.text.as_str(), first.changed_by), ("見本のとおりに入力する。", Some(town.director)));
    assert_eq!(second.changed_at - first.changed_at, Duration::hours(1));
    let numbers: Vec<i32> = all(&town, job.id).into_iter().map(|(number, _)| number).collect();
    assert_eq!(numbers, [2, 1], "the newest first");
    let in_force = town.act(town.director, |tx| jobs::find(tx, job.id));
    assert_eq!((in_force.rules, in_force.rules_number), (second.text, 2));
    let mut app = diesel::PgConnection::establish(&town.db.url(db::private_postgres::Role::App)).unwrap();
    let scope = format!("SELECT set_config('yui.org', '{}', false)", town.id);
    app.batch_execute(&scope).unwrap();
    let refused = app.batch_execute("UPDATE work_rules SET text = 'x'").unwrap_err().to_string();
    assert!(refused.contains("permission denied"), "{refused}");
}

#[test]
fn nobody_writes_over_a_wording_they_have_not_read() {
    let town = Town::new();
    let job = town.job(town.order(100_000).id, 2);
    town.act(town.director, |tx| change(tx, job.id, &words(1, "二つめ")));
    let late = town.attempt(town.checker, |tx| change(tx, job.id, &words(1, "三つめ"))).unwrap_err();
    assert_eq!(late.code(), Code::Stale);
    let same = town.act(town.checker, |tx| change(tx, job.id, &words(2, "二つめ")));
    assert_eq!(same.number, 2, "the same wording again is no new version");
    let empty = town.attempt(town.director, |tx| change(tx, job.id, &words(2, " "))).unwrap_err();
    assert_eq!((empty.code(), empty.fields()[0].field.as_str()), (Code::Invalid, "rules"));
    assert_eq!(all(&town, job.id).len(), 2);
}

#[test]
fn a_corrected_job_keeps_its_first_wording_too() {
    let town = Town::new();
    let job = town.job(town.order(100_000).id, 2);
    let other = |rules: &str| JobEditInput { rules: rules.into(), ..JobEditInput::of(&job) };
    let corrected = town.act(town.director, |tx| jobs::edit(tx, job.id, job.version, other("別のきまり")));
    assert_eq!(corrected.rules_number, 2);
    assert_eq!(all(&town, job.id)[1].1, "見本のとおりに入力する。");
    let paid = JobEditInput { unit_pay: "500".into(), ..other("別のきまり") };
    let paid = town.act(town.director, |tx| jobs::edit(tx, job.id, corrected.version, paid));
    assert_eq!(paid.rules_number, 2, "other conditions are no other wording");
}

#[test]
fn a_change_while_work_is_out_tells_its_holders_and_nobody_else() {
    let town = Town::new();
    let ((aoki, _), (baba, _), (chiba, _)) = (town.worker("Aoki"), town.worker("Baba"), town.worker("Chiba"));
    let job = town.job(town.order(100_000).id, 6);
    town.claims(aoki, job.id, 1);
    let handed_in = town.claims(baba, job.id, 1);
    town.hands_in(baba, handed_in.units[0]);
    town.finishes(chiba, job.id, 1);
    town.act(town.director, |tx| change(tx, job.id, &words(1, "二つめ")));
    let told: Vec<RulesChanged> = town.facts();
    assert_eq!(told[0].people, [aoki, baba], "whose work is finished has nothing to do with it any more");
    assert_eq!((told[0].number, told[0].note.as_str()), (2, "質問が多かったため"));
}

#[test]
fn a_worker_sees_what_changed_since_they_agreed_or_last_looked() {
    let town = Town::new();
    let (aoki, _) = town.worker("Aoki");
    let job = town.job(town.order(100_000).id, 3);
    let (stranger, _) = town.worker("Stranger");
    let stands = || town.act(aoki, |tx| mine(tx, job.id));
    assert_eq!((stands().known, stands().agreed_number), (None, None), "offered, and not looked at yet");
    let claimed = town.claims(aoki, job.id, 1);
    assert_eq!((stands().unread(), stands().agreed_number), (None, Some(1)));
    town.act(town.director, |tx| change(tx, job.id, &words(1, "二つめ")));
    town.act(town.director, |tx| change(tx, job.id, &words(2, "三つめ")));
    let marked = || town.act(aoki, |tx| claims::find_mine(tx, claimed.units[0])).rules_changed;
    assert!(marked(), "the list says so too");
    let unread = stands();
    let (known, newest) = unread.unread().unwrap();
    assert_eq!((known.number, newest.number), (1, 3), "both changes at once");
    town.act(aoki, |tx| read(tx, job.id, &seen(3)));
    town.act(aoki, |tx| read(tx, job.id, &seen(2)));
    assert_eq!(stands().unread(), None, "an older page takes nothing back");
    assert!(!marked(), "whoever has looked is not told again");
    assert_eq!(stands().agreed_number, Some(1), "reading is not agreeing");
    let none = town.attempt(aoki, |tx| read(tx, job.id, &seen(4))).unwrap_err();
    assert_eq!(none.fields()[0].code, Code::OutOfRange);
    let submission = town.hands_in(aoki, claimed.units[0]);
    assert_eq!(submission.rules_number, Some(3), "made by the wording its maker had read");
    let foreign = town.attempt(stranger, |tx| mine(tx, job.id)).unwrap_err();
    assert_eq!(foreign.code(), Code::NotFound);
}

#[test]
fn terms_name_the_version_they_hold_and_a_change_asks_for_a_new_look() {
    let town = Town::new();
    let (aoki, worker) = town.worker("Aoki");
    let job = town.job(town.order(100_000).id, 3);
    let read_before = town.informed(aoki, job.id, 1);
    town.act(town.director, |tx| change(tx, job.id, &words(1, "空らんは空らんのまま。")));
    let refused = town.attempt(aoki, |tx| claims::claim(tx, job.id, read_before)).unwrap_err();
    assert_eq!(refused.code(), Code::TermsNotAccepted);
    let claimed = town.claims(aoki, job.id, 1);
    let notice = town.act(town.director, |tx| terms::find(tx, claimed.terms_notice));
    assert_eq!((notice.rules_number, notice.worker_id), (2, worker));
    assert!(notice.body.contains("作業のきまり（第2版）：\n空らんは空らんのまま。"));
    let version = town.hands_in(aoki, claimed.units[0]);
    let stored = town.act(town.director, |tx| submissions::find(tx, version.id));
    assert_eq!(stored.rules_number, Some(2));
}

#[test]
fn what_is_over_keeps_its_rules() {
    let town = Town::new();
    let order = town.order(100_000);
    let job = town.job(order.id, 1);
    town.act(town.director, |tx| jobs::call_off(tx, job.id));
    let closed = town.attempt(town.director, |tx| change(tx, job.id, &words(1, "二つめ"))).unwrap_err();
    assert_eq!(closed.code(), Code::NotOpen);
}
