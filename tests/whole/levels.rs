//! Two looks, one after the other, and what came back and should not have: over the pages, for those who check and for whoever made
//! it.

use super::checking::{hands_in, version};
use super::pages;
use super::rules::{between, claimed, offered_job, offered_job_of, read};
use super::sampling::linked;
use super::world::{Person, World};

/// Every page in both languages, as the tour looks at them.
fn in_both_languages(person: &Person, paths: &[&str]) {
    for language in ["en", "ja"] {
        person.submit("/me", "/me/preferences", &[("lang", language), ("back", "/")]);
        for path in paths {
            pages::check(&person.get(path), path, language);
        }
    }
}

#[test]
fn what_one_person_passed_waits_for_a_second_where_the_job_says_so() {
    let world = World::start("levels");
    let [coordinator, checker, worker] =
        ["coordinator", "checker", "worker5"].map(|part| world.signed_in(part));
    let job = offered_job_of(&coordinator, &[("review_levels", "2")]);
    for page in [format!("/jobs/{job}"), format!("/jobs/{job}/rules")] {
        assert!(read(&coordinator, &page).contains("2人が順に"), "{page}");
    }
    assert!(read(&worker, &format!("/my-jobs/{job}")).contains("2人が順に確認します"));
    let unit = claimed(&worker, &job);
    hands_in(&worker, &unit);
    let review = version(&checker, &unit);
    checker.submit(&review, &review, &[("verdict", "pass")]);

    let mine = read(&worker, &unit);
    assert!(mine.contains("2人目が確認しています") && mine.contains("2回目の検品中"), "{mine}");
    assert!(!mine.contains("/retract"), "somebody has looked at it");
    let own = read(&checker, &review);
    assert!(own.contains("2回目は別の人が見ます") && !own.contains("name=\"verdict\""), "{own}");
    assert!(!read(&checker, "/review").contains(&review), "not by whoever looked first");
    assert!(read(&coordinator, "/").contains("うち2回目の検品中 3件"), "two of them the demo town's own");
    let queue = read(&coordinator, "/review");
    assert!(queue.contains(&review) && queue.contains("2回目の検品中"), "{queue}");
    let page = read(&coordinator, &review);
    assert!(page.contains("2回目の検品です") && page.contains("1回目の検品に合格"), "{page}");
    let order = format!("/orders/{}", between(&page, "href=\"/orders/", "\""));
    let sent = coordinator.get(&format!("{order}/deliver"));
    assert!(!sent.body.contains("質問の試験"), "nothing goes out before: {}", sent.body);
    in_both_languages(&coordinator, &[&review, "/review", "/"]);
    in_both_languages(&worker, &[&unit, "/my-units?part=waiting"]);
    coordinator.submit(&review, &review, &[("verdict", "pass")]);
    assert!(read(&worker, &unit).contains("合格しました"));
    let number = unit.trim_start_matches("/my-units/");
    let kept = read(&coordinator, &format!("/units/{number}"));
    assert!(kept.contains("1回目の検品に合格") && kept.contains("2回目の検品"), "{kept}");
    world.stop();
}

/// A unit of a job of its own that came back, and where its maker asks for another look.
fn sent_back(people: [&Person; 3]) -> (String, String) {
    let [coordinator, checker, worker] = people;
    let unit = claimed(worker, &offered_job(coordinator));
    hands_in(worker, &unit);
    let review = version(checker, &unit);
    let back = [
        ("verdict", "return"),
        ("reason", "rule_broken"),
        ("fault", "worker"),
        ("comment", "二行目を消してください。"),
    ];
    checker.submit(&review, &review, &back);
    let appeal = format!("{unit}/appeal");
    assert!(read(worker, &unit).contains(&appeal), "they are told that they may ask");
    (unit, appeal)
}

/// The newest appeal that waits, as its address: the last, beside the demo town's own.
fn newest(coordinator: &Person) -> String {
    let waiting = read(coordinator, "/appeals");
    assert!(waiting.contains("差戻しへの異議"), "{waiting}");
    format!("/appeals/{}", linked(&waiting, "/appeals/").pop().unwrap())
}

#[test]
fn a_return_that_somebody_thinks_wrong_is_looked_at_by_another_and_its_clock_stands() {
    let world = World::start("returns");
    let [coordinator, checker, worker] =
        ["coordinator", "checker", "worker5"].map(|part| world.signed_in(part));
    let people = [&coordinator, &checker, &worker];

    let (unit, appeal) = sent_back(people);
    let form = read(&worker, &appeal);
    assert!(form.contains("直しのしめきりは進みません"), "{form}");
    worker.submit(&appeal, &appeal, &[("text", "見本にも二行目があります")]);
    let held = read(&worker, &unit);
    assert!(held.contains("別の人がもう一度見ています") && !held.contains("なおしはじめる"), "{held}");
    let csrf = worker.get(&unit).csrf();
    let begun = worker.post(&format!("{unit}/start"), &[("csrf", &csrf)]);
    assert_eq!(begun.status, 409, "nothing is done again meanwhile: {}", begun.body);
    let decision = newest(&coordinator);
    let own = read(&checker, &decision);
    assert!(own.contains("差し戻した人と作った人は決められません"), "{own}");
    in_both_languages(&coordinator, &[&decision, "/appeals"]);
    in_both_languages(&worker, &[&appeal, &unit, "/my-units"]);
    let csrf = coordinator.get(&decision).csrf();
    let free = [("csrf", &*csrf), ("outcome", "changed"), ("comment", "見本が変わりました")];
    let unpaid = coordinator.post(&decision, &free);
    assert!(unpaid.status == 422 && unpaid.body.contains("f-extra_pay"), "{}", unpaid.body);
    assert!(unpaid.body.contains("見本が変わりました"), "what was typed stays");
    let changed = [("outcome", "changed"), ("extra_pay", "150"), ("comment", "見本が変わりました")];
    coordinator.submit(&decision, &decision, &changed);
    let heard = read(&worker, &appeal);
    assert!(heard.contains("直す分の報酬を、別にお支払いします"), "{heard}");
    let again = read(&worker, &unit);
    assert!(again.contains("なおしはじめる") && again.contains("150円"), "{again}");

    let (unit, appeal) = sent_back(people);
    worker.submit(&appeal, &appeal, &[("text", "見本のとおりです")]);
    let decision = newest(&coordinator);
    coordinator.submit(
        &decision,
        &decision,
        &[("outcome", "upheld"), ("comment", "見本をもう一度見てください")],
    );
    let heard = read(&worker, &appeal);
    assert!(heard.contains("直しが必要です") && heard.contains("新しいしめきりは"), "{heard}");
    worker.submit(&unit, &format!("{unit}/start"), &[]);

    let (unit, appeal) = sent_back(people);
    worker.submit(&appeal, &appeal, &[("text", "見本のとおりです")]);
    let decision = newest(&coordinator);
    coordinator.submit(&decision, &decision, &[("outcome", "passed"), ("comment", "見本のとおりでした")]);
    assert!(read(&worker, &unit).contains("合格しました"));
    world.stop();
}
