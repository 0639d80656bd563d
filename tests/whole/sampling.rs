//! Sampling over the pages: a job says so, somebody proves themselves, the lot decides, and one defect ends it.

use super::checking::{hands_in, version};
use super::pages;
use super::rules::{between, claimed, offered_job, read};
use super::world::{Person, World};

/// The numbers that stand behind `prefix` in a page's links.
pub(super) fn linked(page: &str, prefix: &str) -> Vec<String> {
    let from = format!("href=\"{prefix}");
    let rest = page.split(from.as_str()).skip(1).filter_map(|rest| rest.split('"').next());
    rest.filter(|id| id.parse::<i64>().is_ok()).map(str::to_owned).collect()
}

/// A job of three units where some are looked at after three good ones.
fn sampled_job(coordinator: &Person) -> String {
    let job = offered_job(coordinator);
    let here = format!("/jobs/{job}/sampling");
    assert!(read(coordinator, &here).contains("すべて検品します。"));
    let plan = [("based_on", "0"), ("rule", "flow"), ("clean", "3"), ("one_in", "2")];
    coordinator.submit(&here, &here, &plan);
    job
}

#[test]
fn a_verdict_is_given_once_more_by_somebody_who_does_not_know_it() {
    let world = World::start("second-looks");
    let [coordinator, checker, worker] =
        ["coordinator", "checker", "worker5"].map(|part| world.signed_in(part));
    let page = read(&coordinator, "/second-looks");
    assert!(page.contains("二人目の判断がついたものは、まだありません。"), "{page}");
    let all =
        [("lease_minutes", "30"), ("rework_cap", "2"), ("appeal_days", "5"), ("second_look_percent", "100")];
    coordinator.submit("/quality", "/quality", &all);
    let unit = claimed(&worker, &offered_job(&coordinator));
    hands_in(&worker, &unit);
    let review = version(&checker, &unit);
    checker.submit(&review, &review, &[("verdict", "pass"), ("comment", "よくできました")]);
    // The newest stands last; the demo town has others.
    let newest = linked(&read(&coordinator, "/second-looks"), "/second-looks/").pop().unwrap();
    let theirs = linked(&read(&checker, "/second-looks"), "/second-looks/");
    assert!(!theirs.contains(&newest), "not by whoever judged it");
    let look = format!("/second-looks/{newest}");
    let shown = read(&coordinator, &look);
    assert!(
        shown.contains("二行目") && !shown.contains("よくできました"),
        "the first word is not told: {shown}"
    );
    for language in ["en", "ja"] {
        coordinator.submit("/me", "/me/preferences", &[("lang", language), ("back", "/")]);
        for page in [&*look, "/second-looks"] {
            pages::check(&coordinator.get(page), page, language);
        }
    }
    let csrf = coordinator.get(&look).csrf();
    let bare = coordinator.post(&look, &[("csrf", &*csrf), ("verdict", "fail")]);
    assert!(bare.status == 422 && bare.body.contains("f-comment"), "{}", bare.body);
    coordinator.submit(&look, &look, &[("verdict", "fail"), ("comment", "空らんがあります")]);
    let told = read(&coordinator, "/second-looks");
    assert!(told.contains("1件のうち、0件で同じ判断でした") && told.contains("κ"), "{told}");
    world.stop();
}

#[test]
fn whoever_proves_themselves_is_looked_at_by_lot_and_a_defect_ends_it() {
    let world = World::start("sampling");
    let [coordinator, checker, worker] =
        ["coordinator", "checker", "worker5"].map(|part| world.signed_in(part));
    let first = sampled_job(&coordinator);
    let here = format!("/jobs/{first}/sampling");
    let csrf = coordinator.get(&here).csrf();
    let wrong = [("csrf", &*csrf), ("based_on", "1"), ("rule", "flow"), ("clean", "2"), ("one_in", "7")];
    let refused = coordinator.post(&here, &wrong);
    assert_eq!(refused.status, 422);
    assert!(refused.body.contains("value=\"7\"") && refused.body.contains("f-clean"), "what was typed stays");
    for _ in 0..3 {
        let unit = claimed(&worker, &first);
        hands_in(&worker, &unit);
        let review = version(&checker, &unit);
        checker.submit(&review, &review, &[("verdict", "pass")]);
    }
    let shown = read(&coordinator, &here);
    assert!(shown.contains("続けて3件よかった人は、その後は2件に1件だけ検品します。"));
    assert!(shown.contains("一部（くじ）") && shown.contains("よい状態が続いたので"), "{shown}");
    assert!(shown.contains("検品した3件のうち、不具合0件。"), "an interval and what it comes from: {shown}");
    let stream = format!("/sampling/{}", linked(&shown, "/sampling/")[0]);
    assert!(read(&coordinator, &stream).contains("使っている間は見せません"));

    let (mut unseen, mut drawn) = (None, None);
    while unseen.is_none() || drawn.is_none() {
        let job = sampled_job(&coordinator);
        for _ in 0..3 {
            let unit = claimed(&worker, &job);
            hands_in(&worker, &unit);
            let page = format!("/units/{}", unit.trim_start_matches("/my-units/"));
            if read(&coordinator, &page).contains("くじで検品を省きました（2件に1件を検品")
            {
                unseen = Some(page);
                continue;
            }
            let review = version(&checker, &unit);
            if unseen.is_some() {
                drawn = Some(review);
                break;
            }
            checker.submit(&review, &review, &[("verdict", "pass")]);
        }
    }
    let (unseen, drawn) = (unseen.unwrap(), drawn.unwrap());
    coordinator.submit(&unseen, &format!("{unseen}/critical"), &[]);
    assert!(read(&coordinator, &unseen).contains("重要（いつも検品）"));
    coordinator.submit(&unseen, &format!("{unseen}/ordinary"), &[]);
    assert!(!read(&coordinator, &unseen).contains("重要（いつも検品）"));

    let back = [
        ("verdict", "return"),
        ("reason", "typo"),
        ("fault", "worker"),
        ("comment", "2行目を見てください。"),
    ];
    checker.submit(&drawn, &drawn, &back);
    let ended = read(&coordinator, &stream);
    assert!(ended.contains("検品で不具合が見つかったので") && !ended.contains("使っている間は"), "{ended}");
    let seed = between(&ended, "種: <code>", "</code>");
    assert!(seed.len() == 64 && seed.chars().all(|digit| digit.is_ascii_hexdigit()), "{seed}");
    let workers = linked(&read(&coordinator, "/workers?state=active"), "/workers/");
    let known = workers.iter().map(|id| format!("/workers/{id}/sampling"));
    let known: Vec<String> = known.filter(|page| read(&coordinator, page).contains("不具合")).collect();
    assert!(!known.is_empty(), "whoever was looked at has a page that says so");
    for language in ["en", "ja"] {
        coordinator.submit("/me", "/me/preferences", &[("lang", language), ("back", "/")]);
        for page in [&here, &stream, &known[0], &unseen] {
            pages::check(&coordinator.get(page), page, language);
        }
    }
    world.stop();
}
