//! How work is checked, over the pages: a reviewer takes a version, says what was found, and whoever was refused is heard by
//! somebody else.

use super::languages::of_a_member_in_both_languages;
use super::rules::{between, claimed, offered_job, read};
use super::sampling::linked;
use super::world::{Person, World};

/// Hands a version in, as its page does.
pub(super) fn hands_in(worker: &Person, unit: &str) {
    let page = worker.get(unit);
    let csrf = page.csrf();
    let fields = [("csrf", csrf.as_str()), ("result_text", "一行目\n二行目"), ("memo", "できました")];
    let file = ("files", "結果.csv", "番号,名前\n1,山田\n");
    let answer = worker.post_with_file(&format!("{unit}/submit"), &fields, file);
    assert_eq!(answer.status, 303, "{}", answer.body);
}

/// The page of the newest version of a unit, as its address in the queue.
pub(super) fn version(checker: &Person, unit: &str) -> String {
    let number = unit.trim_start_matches("/my-units/");
    let page = read(checker, &format!("/units/{number}"));
    format!("/review/{}", between(&page, "href=\"/review/", "\""))
}

#[test]
fn what_is_taken_is_checked_by_its_list_and_a_refusal_is_heard_by_somebody_else() {
    let world = World::start("checking");
    let [coordinator, checker, worker] =
        ["coordinator", "checker", "worker5"].map(|part| world.signed_in(part));
    let job = offered_job(&coordinator);
    let checks = format!("/jobs/{job}/checks");
    assert!(read(&coordinator, &checks).contains("まだ決めていません"));
    let items = [("based_on", "0"), ("items", "見出しが見本と同じ\n空らんがない"), ("rework_cap", "1")];
    coordinator.submit(&checks, &checks, &items);
    assert!(read(&coordinator, &checks).contains("確認項目 2件"));
    let unit = claimed(&worker, &job);
    hands_in(&worker, &unit);

    let review = version(&checker, &unit);
    assert!(read(&checker, &review).contains("まだだれも検品していません"));
    checker.submit(&review, &format!("{review}/take"), &[]);
    assert!(read(&checker, &review).contains("あなたが検品中"));
    let taken = read(&coordinator, &review);
    assert!(taken.contains("さんが検品中です") && !taken.contains("name=\"verdict\""), "{taken}");
    assert!(read(&coordinator, "/review").contains("ほかの人が検品中"));

    let csrf = checker.get(&review).csrf();
    let unanswered = checker.post(&review, &[("csrf", &csrf), ("checks", "1"), ("verdict", "pass")]);
    assert_eq!(unanswered.status, 422, "{}", unanswered.body);
    assert!(unanswered.body.contains("f-answers-0"), "each item has its error: {}", unanswered.body);
    let back = [
        ("checks", "1"),
        ("answers[0].position", "1"),
        ("answers[0].answer", "yes"),
        ("answers[1].position", "2"),
        ("answers[1].answer", "no"),
        ("remarks[0].line", "2"),
        ("remarks[0].text", "空らんが残っています"),
        ("reason", "missing"),
        ("fault", "worker"),
        ("comment", "二行目を見てください。"),
        ("verdict", "return"),
    ];
    checker.submit(&review, &review, &back);
    let page = read(&worker, &unit);
    for said in ["空らんがない", "文 2行目", "空らんが残っています", "二行目を見てください。"]
    {
        assert!(page.contains(said), "{said}: {page}");
    }

    worker.submit(&unit, &format!("{unit}/start"), &[]);
    hands_in(&worker, &unit);
    let review = version(&checker, &unit);
    assert!(read(&checker, &review).contains("決めた回数に達しています"));
    checker.submit(&review, &review, &back);
    assert!(read(&worker, &unit).contains("担当者がいっしょに見直します"));
    let waiting = read(&coordinator, "/coachings");
    let coaching = format!("/coachings/{}", between(&waiting, "href=\"/coachings/", "\""));
    of_a_member_in_both_languages(&coordinator, &coaching);
    coordinator.submit(&coaching, &coaching, &[("held_on", ""), ("note", "見本を並べて直しました")]);
    assert!(read(&worker, &unit).contains("見本を並べて直しました"));

    worker.submit(&unit, &format!("{unit}/start"), &[]);
    hands_in(&worker, &unit);
    let review = version(&checker, &unit);
    let mut reject = back;
    reject[reject.len() - 1] = ("verdict", "reject");
    checker.submit(&review, &review, &reject);
    let appeal = format!("{unit}/appeal");
    assert!(read(&worker, &unit).contains(&appeal));
    worker.submit(&appeal, &appeal, &[("text", "見本のとおりにしました")]);
    assert!(read(&worker, &appeal).contains("別の人が見ています"));
    // The newest stands last; the demo town has another.
    let decision = format!("/appeals/{}", linked(&read(&checker, "/appeals"), "/appeals/").pop().unwrap());
    let own = read(&checker, &decision);
    assert!(own.contains("ほかの人が決めます") && !own.contains("name=\"outcome\""), "{own}");
    let passes = [("outcome", "passed"), ("comment", "見本のとおりでした")];
    coordinator.submit(&decision, &decision, &passes);
    let heard = read(&worker, &appeal);
    assert!(heard.contains("合格になりました") && heard.contains("見本のとおりでした"), "{heard}");
    let number = unit.trim_start_matches("/my-units/");
    assert!(read(&coordinator, &format!("/units/{number}")).contains("合格"));
    world.stop();
}
