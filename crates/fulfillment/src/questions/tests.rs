//! Questions against a real database.

use chrono::Duration;
use kernel::{Code, Coded, JobId, Paging, PersonId};

use super::*;
use crate::events::{QuestionAnswered, QuestionAsked, QuestionWaits, RulesChanged};
use crate::jobs::JobInput;
use crate::orders;
use crate::testing::Town;

fn asks(town: &Town, person: PersonId, job: JobId, text: &str) -> QuestionId {
    town.act(person, |tx| ask_as_worker(tx, job, &AskInput { text: text.into() })).id
}

fn words(answer: &str) -> AnswerInput {
    AnswerInput { answer: answer.into(), ..AnswerInput::default() }
}

fn seen_by(town: &Town, person: PersonId, job: JobId) -> Vec<MyQuestion> {
    town.act(person, |tx| mine(tx, job, &Paging::first(10))).items
}

#[test]
fn everybody_on_the_job_reads_question_and_answer_and_nobodys_name() {
    let town = Town::new();
    let ((aoki, _), (baba, _)) = (town.worker("Aoki"), town.worker("Baba"));
    let job = town.job(town.order(100_000).id, 3).id;
    let (stranger, _) = town.worker("Stranger");
    let question = asks(&town, aoki, job, "空らんはどうしますか？");
    town.act(town.director, |tx| answer(tx, question, &words("空らんのままにしてください。")));
    let own = seen_by(&town, aoki, job).remove(0);
    let others = seen_by(&town, baba, job).remove(0);
    assert_eq!((own.is_own, others.is_own), (true, false));
    assert_eq!(others.answers[0].text, "空らんのままにしてください。");
    let shown = serde_json::to_string(&others).unwrap();
    assert!(!shown.contains("asked_by") && !shown.contains("answered_by"), "{shown}");
    let known = town.act(town.director, |tx| of_job(tx, job, &Paging::first(10))).items.remove(0);
    assert_eq!((known.asked_by, known.answers[0].answered_by), (aoki, town.director));
    let refused = town.attempt(stranger, |tx| mine(tx, job, &Paging::first(10))).unwrap_err();
    assert_eq!(refused.code(), Code::NotFound, "it was never put before them");
    let not_theirs = AskInput { text: "見せてください".into() };
    let refused = town.attempt(stranger, |tx| ask_as_worker(tx, job, &not_theirs)).unwrap_err();
    assert_eq!(refused.code(), Code::NotFound);
}

#[test]
fn coordination_hears_of_a_question_and_the_workers_of_its_answer() {
    let town = Town::new();
    let ((aoki, _), (baba, _), (chiba, _)) = (town.worker("Aoki"), town.worker("Baba"), town.worker("Chiba"));
    let job = town.job(town.order(100_000).id, 3).id;
    town.claims(baba, job, 1);
    let question = asks(&town, aoki, job, "空らんはどうしますか？");
    let asked = town.facts::<QuestionAsked>().remove(0);
    assert_eq!((asked.asker, asked.text.as_str()), (aoki, "空らんはどうしますか？"));
    town.act(town.director, |tx| answer(tx, question, &words("空らんのまま。")));
    let told = town.facts::<QuestionAnswered>().remove(0);
    assert_eq!((told.asker, told.people, told.is_rule), (aoki, vec![baba], false));
    assert!(!seen_by(&town, chiba, job).is_empty(), "who was only offered it finds it on the page");
    let second = town.act(town.checker, |tx| answer(tx, question, &words("0とは書かないでください。")));
    assert_eq!(second.answers.len(), 2, "more may be said, and nothing is taken back");
    let first = second.answers[0].answered_at;
    assert_eq!(second.answered_at, Some(first));
}

#[test]
fn an_answer_becomes_a_rule_in_one_step_and_says_where_it_came_from() {
    let town = Town::new();
    let ((aoki, _), (baba, _)) = (town.worker("Aoki"), town.worker("Baba"));
    let job = town.job(town.order(100_000).id, 3).id;
    town.claims(aoki, job, 1);
    town.claims(baba, job, 1);
    let question = asks(&town, aoki, job, "空らんはどうしますか？");
    let input =
        AnswerInput { becomes_rule: "true".into(), ..words("空らんは空らんのままにする。") };
    let answered = town.act(town.director, |tx| answer(tx, question, &input));
    assert_eq!(answered.rules_number, Some(2));
    let newest = town.act(town.director, |tx| rules::newest(tx, job));
    assert_eq!(newest.text, "見本のとおりに入力する。\n\n空らんは空らんのままにする。");
    assert_eq!((newest.question_id, newest.note.as_str()), (Some(question), "空らんはどうしますか？"));
    let (changed, told) =
        (town.facts::<RulesChanged>().remove(0), town.facts::<QuestionAnswered>().remove(0));
    assert_eq!(changed.people, [baba], "whoever asked hears of it with the answer");
    assert_eq!((told.asker, told.people, told.is_rule), (aoki, vec![], true), "nobody is mailed twice");
    let again = town.act(town.director, |tx| make_rule(tx, question));
    assert_eq!(again.rules_number, Some(2), "once");
    let later = asks(&town, aoki, job, "日付は？");
    let early = town.attempt(town.director, |tx| make_rule(tx, later)).unwrap_err();
    assert_eq!(early.code(), Code::Conflict, "there is nothing to make a rule of");
    town.act(town.director, |tx| answer(tx, later, &words("西暦で書く。")));
    let ruled = town.act(town.checker, |tx| make_rule(tx, later));
    assert_eq!(ruled.rules_number, Some(3));
}

#[test]
fn a_rule_that_would_be_too_long_is_refused_with_its_answer() {
    let town = Town::new();
    let (aoki, _) = town.worker("Aoki");
    let order = town.order(100_000).id;
    let long = JobInput { rules: "き".repeat(9_990).into(), ..town.job_input(1) };
    let job = town.act(town.director, |tx| {
        let job = jobs::split(tx, order, long)?;
        jobs::offer(tx, job.id).map(|offered| offered.job.id)
    });
    let question = asks(&town, aoki, job, "？");
    let input = AnswerInput { becomes_rule: "true".into(), ..words("それは長いので書けません") };
    let refused = town.attempt(town.director, |tx| answer(tx, question, &input)).unwrap_err();
    assert_eq!((refused.fields()[0].field.as_str(), refused.fields()[0].code), ("answer", Code::TooLong));
    let still = town.act(town.director, |tx| find(tx, question));
    assert!(still.answers.is_empty(), "half of it is not done");
}

#[test]
fn a_question_that_waits_too_long_is_told_once() {
    let town = Town::new();
    let (aoki, _) = town.worker("Aoki");
    let order = town.order(100_000).id;
    let job = town.job(order, 3).id;
    // 9:00 in Japan; twelve hours by day alone end at 9:00 tomorrow.
    let question = asks(&town, aoki, job, "空らんはどうしますか？");
    let waits = || town.act(town.director, count_open);
    let tends = || {
        let scope = kernel::Scope {
            organization: town.id,
            actor: kernel::Actor::System,
            request: kernel::RequestId(1),
        };
        town.db.app.run_blocking(scope, tend).unwrap();
        town.facts::<QuestionWaits>().len()
    };
    let by = town.act(town.director, |tx| find(tx, question)).answer_by;
    assert_eq!(by.to_rfc3339(), "2026-05-02T00:00:00+00:00");
    town.wait(Duration::hours(23));
    assert_eq!((waits(), tends()), (Waiting { open: 1, late: 0 }, 0));
    town.wait(Duration::hours(1));
    assert_eq!((waits(), tends(), tends()), (Waiting { open: 1, late: 1 }, 1, 1));
    let status = town.act(town.director, orders::all_running).remove(0);
    assert_eq!(status.questions, 1, "what waits about an order");
    let open = town.act(town.director, |tx| open(tx, &Paging::first(10))).items;
    assert_eq!((open[0].question.id, open[0].order), (question, order));
    town.act(town.director, |tx| answer(tx, question, &words("空らんのまま。")));
    assert_eq!(waits(), Waiting::default());
    asks(&town, aoki, job, "日付は？");
    town.act(town.director, |tx| jobs::call_off(tx, job));
    assert_eq!(waits(), Waiting::default(), "nobody needs an answer about what is over");
    let over = AskInput { text: "まだ聞けますか".into() };
    let refused = town.attempt(town.director, |tx| ask(tx, job, &over)).unwrap_err();
    assert_eq!(refused.code(), Code::NotOpen);
}

#[test]
fn open_questions_page_by_the_time_they_are_due() {
    let town = Town::new();
    let (aoki, _) = town.worker("Aoki");
    let job = town.job(town.order(100_000).id, 3).id;
    let asked: Vec<QuestionId> = (0..3)
        .map(|number| {
            town.wait(Duration::minutes(number));
            asks(&town, aoki, job, &format!("{number}番は？"))
        })
        .collect();
    let mut paging = Paging::first(2);
    let first = town.act(town.director, |tx| open(tx, &paging));
    paging.after = first.next;
    let second = town.act(town.director, |tx| open(tx, &paging));
    let seen: Vec<_> = first.items.iter().chain(&second.items).map(|one| one.question.id).collect();
    assert_eq!((seen, second.next), (asked, None));
}
