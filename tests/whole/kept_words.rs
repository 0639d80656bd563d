//! What a worker has written is not lost, whatever became of the unit while they wrote, and without any script.

use super::rules::{claimed, offered_job, read};
use super::world::{Answer, Person, World};

const TEXT: &str = "半分まで書きました";
const MEMO: &str = "三件目が読めません";

/// The fields of a unit's form with something written into them.
fn written(csrf: &str) -> [(&str, &str); 3] {
    [("csrf", csrf), ("result_text", TEXT), ("memo", MEMO)]
}

fn begins(worker: &Person, unit: &str) {
    worker.submit(unit, &format!("{unit}/start"), &[]);
}

#[test]
fn what_is_sent_for_a_unit_that_is_no_longer_theirs_stands_on_the_page_that_says_so() {
    let world = World::start("kept-words");
    let [coordinator, worker, other] =
        ["coordinator", "worker5", "worker2"].map(|part| world.signed_in(part));
    let job = offered_job(&coordinator);
    let unit = claimed(&worker, &job);
    let csrf = worker.get(&unit).csrf();
    let taken = unit.replace("/my-units/", "/units/");
    coordinator.submit(&format!("{taken}/take-back"), &format!("{taken}/take-back"), &[]);
    for verb in ["submit", "draft", "pause", "hand-over"] {
        let page = worker.post(&format!("{unit}/{verb}"), &written(&csrf));
        assert_eq!(page.status, 409, "{verb}: {}", page.body);
        assert!(page.body.contains(TEXT) && page.body.contains(MEMO), "{verb}: {}", page.body);
        assert!(page.body.contains("町が、この作業の担当を変えました"), "{verb}: {}", page.body);
    }
    let file = ("files", "結果.csv", "番号,名前\n1,山田\n");
    let page = worker.post_with_file(&format!("{unit}/submit"), &written(&csrf), file);
    assert_eq!(page.status, 409, "{}", page.body);
    assert!(page.body.contains(TEXT) && page.body.contains("もう一度選んでください"), "{}", page.body);
    let headers = [("content-type", "application/x-www-form-urlencoded"), ("accept", "application/json")];
    let body = format!("csrf={csrf}&result_text=abc");
    let script = worker.send("POST", &format!("{unit}/draft"), &headers, &body);
    assert_eq!(script.status, 410, "{}", script.body);
    assert!(script.read()["gone"].as_str().unwrap().contains("保存できません"), "{}", script.body);

    let csrf = other.get("/my-units").csrf();
    for verb in ["submit", "draft", "pause", "hand-over"] {
        let page = other.post(&format!("{unit}/{verb}"), &written(&csrf));
        assert_eq!(page.status, 404, "{verb}: it never was theirs: {}", page.body);
    }

    let unit = claimed(&worker, &job);
    let csrf = worker.get(&unit).csrf();
    worker.submit(&unit, &format!("{unit}/hand-back"), &[]);
    let page = worker.post(&format!("{unit}/submit"), &written(&csrf));
    assert_eq!(page.status, 409, "{}", page.body);
    assert!(page.body.contains(TEXT) && page.body.contains("この作業は、返されています"), "{}", page.body);
    world.stop();
}

#[test]
fn a_rest_keeps_what_is_written_and_what_rests_is_handed_in_with_one_press() {
    let world = World::start("kept-rest");
    let [coordinator, worker] = ["coordinator", "worker5"].map(|part| world.signed_in(part));
    let job = offered_job(&coordinator);
    let unit = claimed(&worker, &job);
    begins(&worker, &unit);
    let page = worker.get(&unit);
    let inner = page.body.replace("&#x2f;", "/");
    assert!(inner.contains(&format!("formaction=\"{unit}/pause\"")), "a button of the form itself: {inner}");
    let csrf = page.csrf();
    let rests = worker.post(&format!("{unit}/pause"), &written(&csrf));
    assert_eq!(rests.status, 303, "{}", rests.body);
    let page = read(&worker, &unit);
    assert!(page.contains(&format!("{unit}/resume")), "it rests: {page}");
    assert!(page.contains(TEXT) && page.contains(MEMO), "and nothing is lost: {page}");

    // Sent from a page that was opened before the rest.
    let version = worker.get(&unit).value_of("draft_version");
    let mut fields = written(&csrf).to_vec();
    fields.push(("draft_version", version.as_str()));
    let handed_in = worker.post(&format!("{unit}/submit"), &fields);
    assert_eq!(handed_in.status, 303, "{}", handed_in.body);
    assert!(read(&worker, &unit).contains("提出済み"), "it is handed in");

    let unit = claimed(&worker, &job);
    begins(&worker, &unit);
    worker.submit(&unit, &format!("{unit}/pause"), &[]);
    let page = read(&worker, &unit);
    assert!(!page.contains("下書きを保存しました（"), "a rest with nothing written makes no draft: {page}");
    world.stop();
}

#[test]
fn what_a_second_tab_sends_after_the_first_handed_in_can_be_copied() {
    let world = World::start("kept-second");
    let [coordinator, worker] = ["coordinator", "worker5"].map(|part| world.signed_in(part));
    let job = offered_job(&coordinator);
    let unit = claimed(&worker, &job);
    begins(&worker, &unit);
    let [first, second] = [worker.get(&unit), worker.get(&unit)];
    let sends = |tab: &Answer, text: &str, memo: &str| {
        let (csrf, key, version) = (tab.csrf(), tab.value_of("form_key"), tab.value_of("draft_version"));
        let fields = [
            ("csrf", csrf.as_str()),
            ("form_key", key.as_str()),
            ("draft_version", version.as_str()),
            ("result_text", text),
            ("memo", memo),
        ];
        worker.post(&format!("{unit}/submit"), &fields)
    };
    assert_eq!(sends(&first, "一つ目の画面の文", "").status, 303);
    let page = sends(&second, TEXT, MEMO);
    assert_eq!(page.status, 409, "{}", page.body);
    for said in
        [TEXT, MEMO, "いま送ったものは、受け取っていません", "書いた文は、この下に残してあります", "提出済み"]
    {
        assert!(page.body.contains(said), "{said}: {}", page.body);
    }
    let now = read(&worker, &unit);
    assert!(now.contains("一つ目の画面の文") && !now.contains(TEXT), "what came first stays: {now}");
    world.stop();
}
