//! How work is done, over the pages: a worker asks, coordination answers and makes a rule of it, and everybody who has the
//! work sees what changed.

use super::world::{Person, World};

const RULES: &str = "見本のとおりに入力する。";
const QUESTION: &str = "空らんは、どうしますか？";
const ANSWER: &str = "空らんは、空らんのままにする。";

/// A page's text with its addresses as they are.
pub(super) fn read(person: &Person, path: &str) -> String {
    let page = person.get(path);
    assert_eq!(page.status, 200, "{path}: {}", page.body);
    page.body.replace("&#x2f;", "/")
}

/// What stands between `from` and the next `to`.
pub(super) fn between<'a>(page: &'a str, from: &str, to: &str) -> &'a str {
    page.split_once(from).and_then(|(_, rest)| rest.split_once(to)).map_or("", |(found, _)| found)
}

/// A job of an order that is under way, before everybody it fits.
pub(super) fn offered_job(coordinator: &Person) -> String {
    offered_job_of(coordinator, &[])
}

/// The same with more fields of its form.
pub(super) fn offered_job_of(coordinator: &Person, more: &[(&str, &str)]) -> String {
    let orders = read(coordinator, "/orders");
    // The first of them is where an order is entered.
    let listed = orders.split("href=\"/orders/").skip(1).filter_map(|rest| rest.split('"').next());
    let order = listed.into_iter().find(|id| id.parse::<i64>().is_ok()).unwrap().to_owned();
    let form = format!("/orders/{order}/jobs/new");
    let page = coordinator.get(&form);
    let [due, key] = ["work_due_on", "form_key"].map(|name| page.value_of(name));
    let fields = [
        ("form_key", &*key),
        ("title", "質問の試験"),
        ("rules", RULES),
        ("unit_minutes", "10"),
        ("unit_pay", "200"),
        ("work_due_on", &*due),
        ("offer_rule", "first_come"),
        ("count", "3"),
        // All of the order is split already.
        ("more_than_ordered", "yes"),
    ];
    let fields = [&fields[..], more].concat();
    let job = coordinator.submit(&form, &format!("/orders/{order}/jobs"), &fields);
    coordinator.submit(&job, &format!("{job}/offer"), &[]);
    job.trim_start_matches("/jobs/").to_owned()
}

/// The page of the one unit that a worker claims.
pub(super) fn claimed(worker: &Person, job: &str) -> String {
    let page = worker.get(&format!("/offers/{job}"));
    let [key, sha256, language] = ["form_key", "terms_sha256", "language"].map(|name| page.value_of(name));
    let fields = [
        ("form_key", &*key),
        ("terms_count", "1"),
        ("terms_sha256", &*sha256),
        ("language", &*language),
        ("count", "1"),
        ("accept", "yes"),
    ];
    worker.submit(&format!("/offers/{job}"), &format!("/offers/{job}/claim"), &fields)
}

#[test]
fn what_a_worker_asks_becomes_a_rule_that_everybody_who_has_the_work_sees() {
    let world = World::start("rules");
    let [coordinator, asker, other] = ["coordinator", "worker5", "worker2"].map(|part| world.signed_in(part));
    let job = offered_job(&coordinator);
    let here = format!("/my-jobs/{job}");
    let unit = claimed(&asker, &job);
    assert!(!read(&asker, &unit).contains("やり方が 新しくなりました"));

    asker.submit(&here, &format!("{here}/questions"), &[("text", QUESTION)]);
    let waiting = read(&coordinator, "/questions");
    let question = waiting.split("<li").find(|item| item.contains(QUESTION)).unwrap();
    let question = format!("/questions/{}", between(question, "href=\"/questions/", "\""));
    let name =
        between(&read(&coordinator, &format!("/jobs/{job}/questions")), "<p class=\"small\">", " が質問")
            .to_owned();
    assert!(!name.is_empty(), "coordination sees who asked");

    let answer = [("answer", ANSWER), ("becomes_rule", "true")];
    let thread = coordinator.submit(&question, &format!("{question}/answers"), &answer);
    assert!(read(&coordinator, &thread).contains("きまりになりました（第2版）"));
    let versions = read(&coordinator, &format!("/jobs/{job}/rules"));
    assert!(versions.contains("第2版") && versions.contains("第1版") && versions.contains(QUESTION));

    assert!(read(&asker, "/my-units").contains("きまりが変わりました"), "the list marks it");
    let page = read(&asker, &unit);
    assert!(page.contains("やり方が 新しくなりました"), "{page}");
    let put = between(&page, "<ins>", "</ins>");
    assert!(put.contains(ANSWER), "what changed is marked: {put}");
    let number = unit.trim_start_matches("/my-units/");
    let read_it = [("number", "2"), ("unit", number)];
    let back = asker.submit(&unit, &format!("{here}/rules-read"), &read_it);
    assert_eq!(back, unit, "back to where it was pressed");
    let page = read(&asker, &unit);
    assert!(!page.contains("やり方が 新しくなりました") && page.contains(ANSWER), "{page}");

    let thread = read(&other, &here);
    assert!(thread.contains(QUESTION) && thread.contains(ANSWER), "whoever it is offered to reads both");
    assert!(!thread.contains(&name), "and nobody's name");
    // Numbers in terms are kept on one line.
    let terms = read(&asker, &format!("{unit}/terms"));
    let terms = terms.replace("<span class=\"nowrap\">", "").replace("</span>", "");
    assert!(terms.contains("第1版") && !terms.contains(ANSWER), "what was agreed to stays as it was");
    let foreign = world.signed_in("worker").get("/my-jobs/999999999");
    assert_eq!(foreign.status, 404);
    world.stop();
}
